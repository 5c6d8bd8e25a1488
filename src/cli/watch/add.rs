//! `conductwatch watch add`: an entry of the watchlist, with aliases tried on what is stored.

use super::super::ask::{AskArgs, Source};
use super::super::output::{self, CliError, Paint, count, paint, plain};
use super::super::write_back::{self, Edit};
use super::super::{known_bodies, load_config, small_runtime, stored};
use super::{Shown, find_watched, rehearse};
use crate::config::edit::{self, Field};
use crate::config::{self, Config};
use crate::domain::{Alert, Backfill, EntityKind, WatchedBody, WatchedPerson, Watchlist};
use crate::ports::Clock as _;
use crate::stages::aliases::{self, Ground, Proposal};
use crate::stages::extract::who::{known_body_forms, known_body_named};
use crate::stages::rehearse::{self as stage, AskedForm, Rehearsal, Replay, Stored};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

/// Others of one surname that are named in a warning.
const NAMED: usize = 4;

/// Arguments of `watch add`.
#[derive(Debug, clap::Args)]
pub(super) struct AddArgs {
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
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Do it without asking.
    #[arg(long, short, conflicts_with = "dry_run")]
    yes: bool,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    ask: AskArgs,
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
    let known = || known_bodies().into_iter();
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

/// Runs `watch add`.
///
/// # Errors
/// As [`super::run`].
pub(super) fn add(args: &AddArgs) -> Result<(), CliError> {
    let config = load_config(&args.ask.config)?;
    let entry = Entry::new(args, &config.watchlist)?;
    let proposals = entry.proposals(args);
    let forms: Vec<String> = proposals.iter().map(|p| p.form.clone()).collect();
    let mut source = Source::new(&config);
    let runtime = small_runtime()?;
    let (found, named, told) = runtime.block_on(async {
        if !source.is_there() {
            return Ok((None, Vec::new(), Vec::new()));
        }
        let all = entry.in_watchlist(&config.watchlist, forms.clone());
        let (found, named) = rehearse(&mut source, &all, &entry.id, &forms).await?;
        Ok::<_, CliError>((Some(found), named, stored::alerts(&mut source).await?))
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
    let past =
        Past::of(&entry, entry.in_watchlist(&config.watchlist, aliases.clone()), named, &told, config.digest.past);
    let edit = Edit::of(&path, |text| edit::add(text, entry.table(), &entry.fields(&aliases)))?;
    edit.check(&args.ask.config)?;
    if !quiet {
        past.show(&entry);
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
            "hit": found.as_ref().map(|f| f.hit), "past": past.json(), "diff": edit.diff().join("\n"),
        }));
    } else if write {
        output::line(&format!("\nwrote {}", path.display()));
        output::say(write_back::WHEN_IT_COUNTS);
    } else {
        output::line("\nNothing was written.");
    }
    Ok(())
}

/// What stored articles tell of an entry that is not watched yet, and nobody was told.
struct Past {
    /// How far back it comes by itself; `None` for not at all.
    since: Option<Timestamp>,
    /// The alerts of that time, in the order raised.
    within: Vec<Alert>,
    /// How many there are before.
    before: usize,
}

impl Past {
    /// The past of `entry` of `watchlist` in `named`, articles that name it; `told` are the alerts that were raised.
    fn of(entry: &Entry, watchlist: Watchlist, named: Vec<Stored>, told: &[Alert], past: Backfill) -> Self {
        let mut replay = Replay::new(&watchlist);
        named.into_iter().for_each(|article| replay.read(article));
        let replayed = replay.settle(&mut |_, _| {});
        let found = stage::compare(&replayed, told, &watchlist, Timestamp::MIN);
        let own = found.new.into_iter().map(|w| w.alert).filter(|a| a.tracked.contains(&entry.id));
        let now = crate::adapters::clock::SystemClock.now();
        let since = match past {
            Backfill::None => None,
            Backfill::All => Some(Timestamp::MIN),
            Backfill::Within(span) => Some(now.saturating_sub(span).unwrap_or(Timestamp::MIN)),
        };
        let (within, before): (Vec<Alert>, Vec<Alert>) = own.partition(|a| since.is_some_and(|s| a.raised >= s));
        Self { since, within, before: before.len() }
    }

    fn show(&self, entry: &Entry) {
        let shown = Shown { paint: Paint::stdout(), width: output::width() };
        let name = output::shell_word(&entry.name);
        let older = |n: usize| count(n as u64, "development");
        if !self.within.is_empty() {
            shown.title("Its past");
            let told = older(self.within.len());
            shown.say(0, &format!("{told} in what is stored, told as one digest once the service runs with it:"));
            for alert in &self.within {
                shown.say(2, &format!("{}: “{}”", alert.label(), plain(&alert.evidence.text)));
            }
        }
        if self.before > 0 {
            let how = format!("`conductwatch digest past {name} --since 3650d`");
            let when = if self.since.is_some() { "further back than `[digest] past`" } else { "in what is stored" };
            shown
                .say(0, &format!("{} {when}: once it is watched, {how} sends them as one digest.", older(self.before)));
        }
    }

    fn json(&self) -> Value {
        json!({ "since": self.since, "alerts": self.within, "further_back": self.before })
    }
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
    shown.say(0, &format!("{}: a {}, id `{}`", plain(&entry.name), entry.table(), entry.id));
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
