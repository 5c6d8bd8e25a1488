//! `conductwatch watch`: entries of the watchlist: added, tried on what is stored, listed.

use super::ask::{AskArgs, Source};
use super::output::{self, CliError, Paint, count, paint, wrap};
use super::write_back::{self, Edit};
use crate::config::edit::{self, Field};
use crate::config::{self, Config};
use crate::domain::{Article, ArticleId, EntityKind, WatchedBody, WatchedPerson, Watchlist};
use crate::pipeline::Question;
use crate::stages::aliases::{self, Ground, Proposal};
use crate::stages::extract::who::{known_body_forms, known_body_named};
use crate::stages::rehearse::{AskedForm, FormHits, NearMiss, Rehearsal, Rehearser, Sample};
use serde_json::{Value, json};
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

/// Articles asked for at once.
const PAGE: usize = 100;
/// Others of one surname that are named in a warning.
const NAMED: usize = 4;

/// Arguments of `watch`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Add a person or body: proposes aliases, shows how they hit in what is stored, and writes the entry.
    #[command(
        after_help = "Examples:\n  conductwatch watch add \"Orla Brackenridge\" --role \"chief superintendent\" --body metropolitan-police\n  conductwatch watch add \"Wexmoor Police Federation\" --dry-run"
    )]
    Add(AddArgs),
    /// Try a person or body of the watchlist on what is stored: hits, what could not be told, near misses.
    #[command(after_help = "Example:\n  conductwatch watch test \"Orla Brackenridge\"")]
    Test(TestArgs),
    /// List who is watched, with the number of alerts and what happened last.
    #[command(after_help = "Example:\n  conductwatch watch list")]
    List(AskArgs),
}

/// Arguments of `watch add`.
#[derive(Debug, clap::Args)]
struct AddArgs {
    /// Full name of the person or body.
    name: String,
    /// A person's post or rank; may be given several times.
    #[arg(long)]
    role: Vec<String>,
    /// A body that the person belongs or belonged to, by id or name; may be given several times.
    #[arg(long)]
    body: Vec<String>,
    /// A further form of the name, written whatever is found; may be given several times.
    #[arg(long)]
    alias: Vec<String>,
    /// A word that tells of a namesake; may be given several times.
    #[arg(long)]
    exclude: Vec<String>,
    /// What it is, where the name does not tell.
    #[arg(long, value_parser = ["person", "body"])]
    kind: Option<String>,
    /// Its id; by default made of the name.
    #[arg(long)]
    id: Option<String>,
    /// Propose no aliases.
    #[arg(long)]
    no_aliases: bool,
    /// The file of the configuration to write to; by default the one where the watchlist is.
    #[arg(long)]
    file: Option<PathBuf>,
    /// Write without asking.
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Show what would be written, and write nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `watch test`.
#[derive(Debug, clap::Args)]
struct TestArgs {
    /// Name, alias or id of a person or body of the watchlist.
    name: String,
    #[command(flatten)]
    ask: AskArgs,
}

/// Runs `watch`.
///
/// # Errors
/// When the configuration is wrong (78), nobody of that name is watched or somebody is already (65), the store cannot be
/// asked (66, 69, 74, 75), or the file cannot be written (74).
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    match &args.command {
        Command::Add(args) => add(args),
        Command::Test(args) => test(args),
        Command::List(args) => list(args),
    }
}

/// The person or body that `name` means: its id, its name or one of its aliases, capitals aside.
///
/// # Errors
/// When nobody is meant, or several are (65).
pub(super) fn find_watched(watchlist: &Watchlist, name: &str) -> Result<String, CliError> {
    let wanted = name.trim().to_lowercase();
    let persons = watchlist.persons.iter().map(|p| (&p.id, &p.name, &p.aliases));
    let bodies = watchlist.bodies.iter().map(|b| (&b.id, &b.name, &b.aliases));
    let all: Vec<_> = persons.chain(bodies).collect();
    if let Some((id, ..)) = all.iter().find(|(id, ..)| id.to_lowercase() == wanted) {
        return Ok((*id).clone());
    }
    let named = |(_, name, aliases): &&(&String, &String, &Vec<String>)| {
        name.to_lowercase() == wanted || aliases.iter().any(|a| a.to_lowercase() == wanted)
    };
    let found: Vec<&String> = all.iter().filter(named).map(|(id, ..)| *id).collect();
    match found.as_slice() {
        [id] => Ok((*id).clone()),
        [] => {
            let near = all
                .iter()
                .map(|(id, name, _)| (strsim::osa_distance(&name.to_lowercase(), &wanted), *id, *name))
                .min()
                .filter(|(distance, ..)| *distance <= 1.max(wanted.chars().count() / 3));
            let hint = near.map_or_else(
                || "`conductwatch watch list` shows who is".to_owned(),
                |(_, id, name)| format!("did you mean {name} (`{id}`)?"),
            );
            Err(CliError::data(format!("nobody watched is called {name:?}: {hint}")))
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|id| id.as_str()).collect();
            Err(CliError::data(format!("{name:?} may be {}: give the id", ids.join(" or "))))
        }
    }
}

/// Tries the entry `id` of `watchlist` on every stored article.
async fn rehearse(
    source: &mut Source<'_>,
    watchlist: &Watchlist,
    id: &str,
    forms: &[String],
) -> Result<Rehearsal, CliError> {
    let nobody = || CliError::data(format!("nobody watched has the id {id:?}"));
    let mut rehearser = Rehearser::new(watchlist, id, forms).ok_or_else(nobody)?;
    let bar = output::Progress::new();
    let mut after: Option<ArticleId> = None;
    let mut read = 0;
    loop {
        let page = source.ask(&Question::Articles { after: after.take(), limit: PAGE }).await?;
        for article in page["articles"].as_array().map_or(&[][..], Vec::as_slice) {
            let article: Article = serde_json::from_value(article.clone())
                .map_err(|e| CliError::data(format!("an article of another version: {e}")))?;
            rehearser.read(&article);
            read += 1;
        }
        bar.share(0.0, &format!("{} read", count(read, "article")));
        match serde_json::from_value(page["last"].clone()) {
            Ok(Some(last)) => after = Some(last),
            _ => break,
        }
    }
    bar.finish();
    Ok(rehearser.finish())
}

fn test(args: &TestArgs) -> Result<(), CliError> {
    let config = super::load_config(&args.ask.config)?;
    let id = find_watched(&config.watchlist, &args.name)?;
    let found = super::small_runtime()?.block_on(async {
        let mut source = Source::new(&config);
        rehearse(&mut source, &config.watchlist, &id, &[]).await
    })?;
    if args.ask.json {
        output::json(&json!({ "id": id, "name": config.watchlist.name_of(&id), "rehearsal": found }));
        return Ok(());
    }
    let name = config.watchlist.name_of(&id).unwrap_or(&id);
    Shown { paint: Paint::stdout(), width: output::width() }.rehearsal(name, &found);
    Ok(())
}

/// Prints what a rehearsal found.
struct Shown {
    paint: Paint,
    width: Option<usize>,
}

impl Shown {
    fn rehearsal(&self, name: &str, found: &Rehearsal) {
        let articles = count(found.articles as u64, "article");
        self.say(0, &format!("{name}: named in {} of {articles} stored", found.hit));
        for (title, rows) in [("Hits, by form and rule", &found.hits), ("Could not be told whose", &found.unresolved)] {
            if !rows.is_empty() {
                self.title(title);
            }
            for row in rows {
                self.form(row);
            }
        }
        let kinds = [
            ("namesake", "The name, but taken for somebody else"),
            ("other_given_name", "The same surname, another given name"),
            ("spelled_nearly_so", "Spelled nearly so"),
            ("in_another_name", "Inside another name"),
            ("not_taken", "The form stands there, but was not taken"),
        ];
        for (kind, title) in kinds {
            let rows: Vec<&NearMiss> = found.near.iter().filter(|n| n.kind == kind).collect();
            if !rows.is_empty() {
                self.title(title);
            }
            for row in rows {
                let articles = count(row.articles as u64, "article");
                self.say(
                    2,
                    &format!(
                        "{}: {articles}; {}",
                        self.paint.text(paint::BOLD, &row.form),
                        output::printable(&row.why)
                    ),
                );
                self.samples(&row.samples);
            }
        }
        if found.hit == 0 && found.near.is_empty() && found.unresolved.is_empty() {
            self.say(0, "Nothing that is stored names it, or nearly.");
        }
    }

    fn form(&self, row: &FormHits) {
        let (times, articles) = (count(row.times as u64, "time"), count(row.articles as u64, "article"));
        let rule = row.rule.replace('_', " ");
        self.say(2, &format!("{}: {times} in {articles}, by {rule}", self.paint.text(paint::BOLD, &row.form)));
        self.samples(&row.samples);
    }

    fn title(&self, text: &str) {
        output::line("");
        self.paint.line(paint::BOLD, text);
    }

    fn samples(&self, samples: &[Sample]) {
        for sample in samples {
            self.say(6, &format!("“{}”", output::printable(&sample.sentence)));
            let place = sample.url.as_deref().unwrap_or(&sample.headline);
            self.say(8, &self.paint.text(paint::DIM, place));
        }
    }

    /// Text that was made printable, wrapped behind `indent` blanks.
    fn say(&self, indent: usize, text: &str) {
        output::raw_line(&wrap(&format!("{}{text}", " ".repeat(indent)), indent + 2, self.width));
    }
}

/// An alias that is proposed, with what is known of it.
struct Candidate {
    proposal: Proposal,
    /// How it stands in what is stored, where anything is.
    standing: Option<AskedForm>,
    /// What speaks against it.
    warnings: Vec<String>,
    /// Whether it is written, unless the user says otherwise.
    chosen: bool,
}

impl Candidate {
    fn new(proposal: Proposal, found: Option<&Rehearsal>) -> Self {
        let form = proposal.form.as_str();
        let standing = found.and_then(|f| f.forms.iter().find(|s| s.form == form)).cloned();
        let mut warnings: Vec<String> = aliases::risk(form).into_iter().collect();
        if let Some(found) = found.filter(|_| {
            aliases::leaves_given_name_open(proposal.ground) || proposal.form.split_whitespace().count() == 1
        }) {
            let initial = form.chars().next().filter(|_| proposal.ground == Ground::Initials);
            let others: Vec<String> = found
                .same_surname
                .iter()
                .filter(|(name, _)| initial.is_none_or(|i| name.starts_with(i)))
                .map(|(name, n)| format!("{name} ({n})"))
                .collect();
            if !others.is_empty() {
                let more = others.len().saturating_sub(NAMED);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let named: Vec<String> = others.into_iter().take(NAMED).collect();
                warnings.push(format!("it may mean others who are stored: {}{more}", named.join(", ")));
            }
        }
        if let Some(standing) = standing.as_ref().filter(|s| s.small > 0 && !s.form.contains(' ')) {
            warnings
                .push(format!("it stands {} written small, as an ordinary word", count(standing.small as u64, "time")));
        }
        let hits = standing.as_ref().is_some_and(|s| s.taken > 0);
        let useful = matches!(proposal.ground, Ground::Rank | Ground::Acronym) || hits;
        let chosen = proposal.ground == Ground::Asked || warnings.is_empty() && useful;
        Self { proposal, standing, warnings, chosen }
    }

    fn json(&self) -> Value {
        json!({
            "form": self.proposal.form, "ground": self.proposal.ground, "chosen": self.chosen,
            "warnings": self.warnings,
            "articles": self.standing.as_ref().map(|s| s.articles), "taken": self.standing.as_ref().map(|s| s.taken),
            "samples": self.standing.as_ref().map_or(&[][..], |s| s.samples.as_slice()),
        })
    }
}

/// An entry in the making.
struct Entry {
    id: String,
    name: String,
    kind: EntityKind,
    roles: Vec<String>,
    bodies: Vec<String>,
    excludes: Vec<String>,
}

impl Entry {
    /// # Errors
    /// When it is watched already, or a body is not known (65).
    fn new(args: &AddArgs, watchlist: &Watchlist) -> Result<Self, CliError> {
        let name = args.name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(CliError::usage("give a name"));
        }
        let known = known_body_named(&name);
        let kind = match args.kind.as_deref() {
            Some("body") => EntityKind::Body,
            Some(_) => EntityKind::Person,
            None if !args.role.is_empty() || !args.body.is_empty() || !args.exclude.is_empty() => EntityKind::Person,
            None if known.is_some() || crate::stages::extract::who::is_name_of_body(&name) => EntityKind::Body,
            None => EntityKind::Person,
        };
        if kind == EntityKind::Body && !(args.role.is_empty() && args.body.is_empty() && args.exclude.is_empty()) {
            return Err(CliError::usage("a body has no --role, --body or --exclude"));
        }
        // A body of the built-in list keeps its id, under which persons name it and its forms are known.
        let own = known.filter(|_| kind == EntityKind::Body).map(|(id, _)| id.to_owned());
        let id = args.id.clone().or(own).unwrap_or_else(|| config::slug(&name));
        // With an id of its own it may be a namesake of one who is watched.
        let by_name = || find_watched(watchlist, &name).ok().filter(|_| args.id.is_none());
        if let Some(taken) = find_watched(watchlist, &id).ok().or_else(by_name) {
            let name = watchlist.name_of(&taken).unwrap_or(&taken);
            return Err(CliError::data(format!(
                "{name} is watched already, as `{taken}`: try it with `conductwatch watch test {taken}`; to add a namesake, \
                 give --id"
            )));
        }
        let bodies = args.body.iter().map(|body| body_id(body, watchlist)).collect::<Result<_, _>>()?;
        Ok(Self { id, name, kind, roles: args.role.clone(), bodies, excludes: args.exclude.clone() })
    }

    /// The watchlist with the entry, under `aliases`.
    fn in_watchlist(&self, watchlist: &Watchlist, aliases: Vec<String>) -> Watchlist {
        let (id, name, mut out) = (self.id.clone(), self.name.clone(), watchlist.clone());
        if self.kind == EntityKind::Person {
            out.persons.push(WatchedPerson {
                id,
                name,
                aliases,
                bodies: self.bodies.clone(),
                roles: self.roles.clone(),
                excludes: self.excludes.clone(),
                ..WatchedPerson::default()
            });
        } else {
            out.bodies.push(WatchedBody { id, name, aliases, ..WatchedBody::default() });
        }
        out
    }

    fn proposals(&self, args: &AddArgs) -> Vec<Proposal> {
        let asked = args.alias.iter().map(|form| Proposal { form: form.clone(), ground: Ground::Asked });
        let mut out: Vec<Proposal> = asked.collect();
        if !args.no_aliases {
            let found = if self.kind == EntityKind::Person {
                aliases::of_person(&self.name, &self.roles)
            } else {
                aliases::of_body(&self.name)
            };
            out.extend(found.into_iter().filter(|p| !args.alias.contains(&p.form)));
        }
        out
    }

    const fn table(&self) -> &'static str {
        if matches!(self.kind, EntityKind::Person) { "person" } else { "body" }
    }

    fn fields(&self, aliases: &[String]) -> Vec<(&'static str, Field)> {
        vec![
            ("id", Field::text(&self.id)),
            ("name", Field::text(&self.name)),
            ("aliases", Field::list(aliases)),
            ("bodies", Field::list(&self.bodies)),
            ("roles", Field::list(&self.roles)),
            ("excludes", Field::list(&self.excludes)),
        ]
    }
}

/// The id of the body that `text` names: a watched one's id, name or alias, or one of the built-in list.
fn body_id(text: &str, watchlist: &Watchlist) -> Result<String, CliError> {
    let known = || super::known_bodies().into_iter();
    let watched = watchlist.bodies.iter().find(|b| {
        let is = |form: &String| form.eq_ignore_ascii_case(text);
        b.id == text || is(&b.name) || b.aliases.iter().any(is)
    });
    if let Some(body) = watched {
        return Ok(body.id.clone());
    }
    if let Some(id) = known().find(|id| *id == text).or_else(|| known_body_named(text).map(|(id, _)| id)) {
        return Ok(id.to_owned());
    }
    let slug = config::slug(text);
    let near = known().map(|id| (strsim::osa_distance(id, &slug), id)).min().filter(|(d, _)| *d <= slug.len() / 3);
    let hint = near.map_or_else(
        || "add it first, with `conductwatch watch add NAME --kind body`".to_owned(),
        |(_, id)| format!("did you mean `{id}`? Else add it first, with `conductwatch watch add NAME --kind body`"),
    );
    Err(CliError::data(format!("no body is known by the id or name {text:?}: {hint}")))
}

fn add(args: &AddArgs) -> Result<(), CliError> {
    let config = super::load_config(&args.ask.config)?;
    let entry = Entry::new(args, &config.watchlist)?;
    let proposals = entry.proposals(args);
    let forms: Vec<String> = proposals.iter().map(|p| p.form.clone()).collect();
    let found = super::small_runtime()?.block_on(async {
        let mut source = Source::new(&config);
        if !source.is_there() {
            return Ok(None);
        }
        let all = entry.in_watchlist(&config.watchlist, forms.clone());
        rehearse(&mut source, &all, &entry.id, &forms).await.map(Some)
    })?;
    let mut candidates: Vec<Candidate> =
        proposals.into_iter().map(|proposal| Candidate::new(proposal, found.as_ref())).collect();
    let path = match &args.file {
        Some(file) => own_file(&config, file)?,
        None => write_back::watchlist_file(&config)?,
    };
    let quiet = args.ask.json;
    if !quiet {
        show_entry(&entry, &candidates, found.as_ref());
    }
    let asks = !args.yes && !args.dry_run && !quiet;
    if asks && !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        return Err(CliError::usage("nothing was written: give --yes to write it, or --dry-run to see the change"));
    }
    if asks && !candidates.is_empty() {
        choose(&mut candidates)?;
    }
    let aliases: Vec<String> = candidates.iter().filter(|c| c.chosen).map(|c| c.proposal.form.clone()).collect();
    let edit = Edit::of(&path, |text| edit::add(text, entry.table(), &entry.fields(&aliases)))?;
    edit.check(&args.ask.config)?;
    if !quiet {
        output::line("");
        edit.show();
    }
    let write = args.yes || asks && confirm("Write this?")?;
    if write {
        edit.write(&args.ask.config, "watch add")?;
    }
    if quiet {
        output::json(&json!({
            "id": entry.id, "name": entry.name, "kind": entry.table(), "file": path, "written": write,
            "aliases": aliases, "proposals": candidates.iter().map(Candidate::json).collect::<Vec<_>>(),
            "inherited": inherited(&entry), "articles": found.as_ref().map(|f| f.articles),
            "hit": found.as_ref().map(|f| f.hit), "diff": edit.diff().join("\n"),
        }));
    } else if write {
        output::line(&format!("\nwrote {}", path.display()));
        output::line(write_back::WHEN_IT_COUNTS);
    } else {
        output::line("\nNothing was written.");
    }
    Ok(())
}

/// The file of the configuration that the user means.
fn own_file(config: &Config, wanted: &std::path::Path) -> Result<PathBuf, CliError> {
    let real = |path: &std::path::Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    config.files.iter().find(|f| real(f) == real(wanted)).cloned().ok_or_else(|| {
        let files: Vec<String> = config.files.iter().map(|f| f.display().to_string()).collect();
        CliError::usage(format!("{} is no file of this configuration: {}", wanted.display(), files.join(", ")))
    })
}

/// The forms that a body has from the built-in list.
fn inherited(entry: &Entry) -> Vec<&'static str> {
    if entry.kind == EntityKind::Person {
        return Vec::new();
    }
    let id = known_body_named(&entry.name).map(|(id, _)| id);
    let mut forms: Vec<&str> = id.into_iter().flat_map(known_body_forms).filter(|f| *f != entry.name).collect();
    forms.dedup();
    forms
}

fn show_entry(entry: &Entry, candidates: &[Candidate], found: Option<&Rehearsal>) {
    let shown = Shown { paint: Paint::stdout(), width: output::width() };
    shown.say(0, &format!("{}: a {}, id `{}`", output::printable(&entry.name), entry.table(), entry.id));
    let forms = inherited(entry);
    if !forms.is_empty() {
        let list = forms.join(", ");
        shown.say(2, &format!("has these forms from the built-in list, so they are not written: {list}"));
    }
    match found {
        None => shown.say(0, "There is no store yet to try it on: `conductwatch run` makes it."),
        Some(found) => {
            let articles = count(found.articles as u64, "stored article");
            shown.say(0, &format!("With all that is proposed it is named in {} of {articles}.", found.hit));
        }
    }
    if candidates.is_empty() {
        return;
    }
    shown.title("Aliases (* will be written)");
    for (number, candidate) in candidates.iter().enumerate() {
        let mark = if candidate.chosen { "*" } else { " " };
        let form = shown.paint.text(paint::BOLD, &candidate.proposal.form);
        let ground = candidate.proposal.ground.label();
        let stands = match &candidate.standing {
            None => String::new(),
            Some(s) if s.articles == 0 => "; stands nowhere yet".to_owned(),
            Some(s) => format!("; stands in {}, {} taken", count(s.articles as u64, "article"), s.taken),
        };
        shown.say(0, &format!("{mark}{:>2}. {form}: {ground}{stands}", number + 1));
        for warning in &candidate.warnings {
            shown.say(6, &shown.paint.text(paint::YELLOW, &format!("! {warning}")));
        }
        shown.samples(candidate.standing.as_ref().map_or(&[], |s| s.samples.as_slice()));
    }
}

/// Lets the user choose which of the aliases are written.
fn choose(candidates: &mut [Candidate]) -> Result<(), CliError> {
    loop {
        let said = prompt("Aliases to write: Enter for those marked *, numbers (1 3), all, or none: ")?;
        let said = said.trim();
        let numbers: Result<Vec<usize>, _> =
            said.split([' ', ',']).filter(|w| !w.is_empty()).map(str::parse::<usize>).collect();
        match (said, numbers) {
            ("", _) => return Ok(()),
            ("all", _) => candidates.iter_mut().for_each(|c| c.chosen = true),
            ("none", _) => candidates.iter_mut().for_each(|c| c.chosen = false),
            (_, Ok(numbers)) if numbers.iter().all(|n| (1..=candidates.len()).contains(n)) => {
                candidates.iter_mut().enumerate().for_each(|(n, c)| c.chosen = numbers.contains(&(n + 1)));
            }
            _ => {
                output::line(&format!("give numbers from 1 to {}, all, or none", candidates.len()));
                continue;
            }
        }
        return Ok(());
    }
}

fn confirm(question: &str) -> Result<bool, CliError> {
    let said = prompt(&format!("{question} [Y/n] "))?;
    Ok(matches!(said.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

/// A line from the terminal; its end counts as "no".
fn prompt(text: &str) -> Result<String, CliError> {
    let mut out = std::io::stdout();
    let fault = |e: std::io::Error| CliError::io(format!("cannot ask: {e}"));
    write!(out, "{text}").and_then(|()| out.flush()).map_err(fault)?;
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line).map_err(fault)?;
    Ok(if read == 0 { "no".to_owned() } else { line })
}

fn list(args: &AskArgs) -> Result<(), CliError> {
    let config = super::load_config(&args.config)?;
    let list = &config.watchlist;
    let persons = list.persons.iter().map(|p| (&p.id, &p.name, "person"));
    let bodies = list.bodies.iter().map(|b| (&b.id, &b.name, "body"));
    let keywords = list.keywords.iter().map(|k| (&k.id, &k.name, "keyword"));
    let rows: Vec<(&String, &String, &str)> = persons.chain(bodies).chain(keywords).collect();
    let entries = rows.iter().map(|(id, ..)| list.all_ids(id)).collect();
    let answer = super::small_runtime()?.block_on(async {
        let mut source = Source::new(&config);
        if source.is_there() { source.ask(&Question::Watched { entries }).await } else { Ok(json!({ "watched": [] })) }
    })?;
    let empty = Value::Null;
    let told = |n: usize| answer["watched"].get(n).unwrap_or(&empty);
    if args.json {
        let rows: Vec<Value> = rows
            .iter()
            .enumerate()
            .map(|(n, (id, name, kind))| {
                let told = told(n);
                json!({
                    "id": id, "name": name, "kind": kind, "alerts": told["alerts"].as_u64().unwrap_or(0),
                    "last_alert": told["last_alert"], "developments": told["developments"].as_u64().unwrap_or(0),
                    "last_development": told["last_development"],
                })
            })
            .collect();
        output::json(&json!({ "watched": rows }));
        return Ok(());
    }
    if rows.is_empty() {
        output::line("nobody and nothing is watched: `conductwatch watch add NAME` adds somebody");
        return Ok(());
    }
    let wide =
        |text: &dyn Fn(&(&String, &String, &str)) -> usize| rows.iter().map(text).max().unwrap_or(0).clamp(4, 36);
    let (ids, names) = (wide(&|r| r.0.chars().count()), wide(&|r| r.1.chars().count()));
    output::line(&format!("{:<ids$}  {:<names$}  {:<7}  {:>6}  LAST DEVELOPMENT", "ID", "NAME", "KIND", "ALERTS"));
    for (n, (id, name, kind)) in rows.iter().enumerate() {
        let told = told(n);
        let last = &told["last_development"];
        let last = match (last["label"].as_str(), last["date"].as_str()) {
            (None, _) => "-".to_owned(),
            (Some(label), None) => label.to_owned(),
            (Some(label), Some(date)) => format!("{date} {label}"),
        };
        output::line(&format!(
            "{id:<ids$}  {name:<names$}  {kind:<7}  {:>6}  {last}",
            told["alerts"].as_u64().unwrap_or(0)
        ));
    }
    Ok(())
}
