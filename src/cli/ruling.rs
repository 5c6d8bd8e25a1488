//! What the user decides against the program: `alert wrong`, `development merge` and `split`, `mute` and `unmute`.
//!
//! Guards, merges and mutes are tables of the watchlist file; what they change in the store is done at once.

use super::ask::{AskArgs, Source};
use super::output::{self, CliError};
use super::watch::find_watched;
use super::write_back::{self, Edit};
use crate::config::Config;
use crate::config::edit::{self, Field};
use crate::domain::{Alert, AlertId, AlertKind, ArticleId, Development, DevelopmentId};
use crate::pipeline::{Change, Question, Wrong};
use crate::stages::render::safe;
use crate::stages::timeline::Line;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Most characters of a headline in a note.
const NOTE: usize = 80;

/// What stands beside a ruling, for people who read the file: nothing in it can disturb an editor.
fn note(event: &str, headline: &str) -> String {
    safe::cut(&format!("{event}: {headline}"), NOTE)
}

/// Arguments of `alert`.
#[derive(Debug, clap::Args)]
pub(super) struct AlertArgs {
    #[command(subcommand)]
    command: AlertCommand,
}

#[derive(Debug, clap::Subcommand)]
enum AlertCommand {
    /// Say that an alert is wrong: writes a guard, a merge or a mute into the watchlist file.
    #[command(
        after_help = "Examples:\n  conductwatch alert wrong 6782424549f75b39 --not-them --words novelist\n  conductwatch alert wrong 6782424549f75b39 --not-new\n  conductwatch alert wrong 6782424549f75b39 --undo\n\nExit codes: 65 where there is no such alert, or it is not of that kind.",
        override_usage = "conductwatch alert wrong [OPTIONS] <ID> --not-them | --not-new\n                                                 | --not-happened | --undo"
    )]
    Wrong(WrongArgs),
}

/// Arguments of `alert wrong`.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["not_them", "not_new", "not_happened", "undo"]))]
struct WrongArgs {
    /// The alert's id, or a unique beginning of it.
    id: String,
    /// It is about somebody else: writes a guard.
    #[arg(long)]
    not_them: bool,
    /// It was known before: writes a merge with the earlier development.
    #[arg(long)]
    not_new: bool,
    /// It did not happen: writes a mute of the development.
    #[arg(long)]
    not_happened: bool,
    /// Take back what was said: removes what was written.
    #[arg(long)]
    undo: bool,
    /// Who is not meant, where the alert is about several: name or id.
    #[arg(long, requires = "not_them")]
    who: Option<String>,
    /// A word that tells the other person or body apart: in articles with it the name is never theirs. May be given
    /// several times.
    #[arg(long, requires = "not_them")]
    words: Vec<String>,
    /// The development, or its alert, that told it before.
    #[arg(long, requires = "not_new")]
    same_as: Option<String>,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `development`.
#[derive(Debug, clap::Args)]
pub(super) struct DevelopmentArgs {
    #[command(subcommand)]
    command: DevelopmentCommand,
}

#[derive(Debug, clap::Subcommand)]
enum DevelopmentCommand {
    /// Two developments are one event.
    #[command(after_help = "Example:\n  conductwatch development merge 23114e48014b42bb 7cc3330b9a7c2e78")]
    Merge {
        /// One of the two, or its alert.
        a: String,
        /// The other, or its alert.
        b: String,
        /// They are two: takes an earlier `merge` back.
        #[arg(long)]
        undo: bool,
        #[command(flatten)]
        ask: AskArgs,
    },
    /// Some of the articles of a development tell another event. `merge` takes it back.
    #[command(after_help = "Example:\n  conductwatch development split 23114e48014b42bb https://news.example/1")]
    Split {
        /// The development, or its alert.
        id: String,
        /// Addresses or ids of the articles that tell the other event.
        #[arg(required = true)]
        reports: Vec<String>,
        #[command(flatten)]
        ask: AskArgs,
    },
}

/// Runs `alert`.
///
/// # Errors
/// When there is no such alert or it cannot be said of it (65), the store cannot be asked, or the file not be written.
pub(super) fn alert(args: &AlertArgs) -> Result<(), CliError> {
    let AlertCommand::Wrong(args) = &args.command;
    let config = super::load_config(&args.ask.config)?;
    super::small_runtime()?.block_on(wrong(args, &config))
}

async fn wrong(args: &WrongArgs, config: &Config) -> Result<(), CliError> {
    let mut source = Source::new(config);
    let shown = source.ask(&Question::Show { what: args.id.clone() }).await?;
    let alert: Alert = serde_json::from_value(shown["alert"].clone())
        .map_err(|_| CliError::data(format!("{:?} is no alert: `conductwatch alerts` lists all", args.id)))?;
    if args.undo {
        return undo(args, config, &mut source, &alert).await;
    }
    let AlertKind::Development { development, event, .. } = &alert.content else {
        return Err(CliError::data(
            "this is a keyword's alert: narrow the keyword in the watchlist (`none`, `all`), or mute it with `conductwatch mute`",
        ));
    };
    // It may have been merged into another since.
    let stored: Option<Development> = serde_json::from_value(shown["development"].clone()).ok().flatten();
    let development = stored.map_or_else(|| development.clone(), |d| d.id);
    let note = note(event.label(), &alert.headline);
    let said = ("alert", Field::text(alert.id.as_str()));
    let mut who = String::new();
    let (what, kind, mut fields) = if args.not_them {
        let entity = not_meant(args, config, &alert)?;
        config.watchlist.name_of(&entity).unwrap_or(&entity).clone_into(&mut who);
        let developments = ("developments", Field::list([&development]));
        let words = ("words", Field::list(&args.words));
        (Wrong::NotThem, "guard", vec![("entity", Field::text(entity)), developments, words])
    } else if args.not_new {
        let earlier = told_before(args, config, &mut source, &alert, &development).await?;
        (Wrong::NotNew, "merge", vec![("developments", Field::list([&earlier, &development]))])
    } else {
        (Wrong::NotHappened, "mute", vec![("development", Field::text(development.as_str()))])
    };
    fields.extend([said, ("note", Field::text(note))]);
    let path = write_back::watchlist_file(config)?;
    let edit = Edit::of(&path, |text| {
        // Said again, it replaces what was said before.
        let (text, _) = without_alert(text, &alert.id)?;
        edit::add(&text, kind, &fields)
    })?;
    let config_then = edit.check(&args.ask.config)?;
    if args.dry_run {
        return shown_only(&[edit], args.ask.json);
    }
    if edit.before == edit.after {
        said_already(&json!({ "alert": alert.id }), args.ask.json);
        return Ok(());
    }
    edit.write(&args.ask.config, "alert wrong")?;
    let because = edit::table(kind, &fields).lines().skip(1).collect::<Vec<_>>().join(", ");
    let change = Change::Wrong { alert: alert.id.clone(), what, who, because };
    let done = source.change(&change).await.map_err(|e| half(&path, e))?;
    let merges = config_then.watchlist.rulings.merges.clone();
    source.change(&Change::Rule { merges }).await.map_err(|e| half(&path, e))?;
    if args.ask.json {
        output::json(&json!({ "alert": alert.id, "written": true, "file": path, "kind": kind, "done": done }));
        return Ok(());
    }
    edit.show();
    output::line(&format!("\nwrote {}", path.display()));
    match done["told_in"].as_str() {
        Some(digest) => output::say(&format!(
            "The alert was told in digest {digest}: the next one corrects it for everybody who was sent that."
        )),
        None => output::line("No digest has told the alert yet, and none will."),
    }
    if args.not_them && args.words.is_empty() {
        output::say(
            "The guard holds for this development alone. A word that tells the other apart holds for all articles: --words WORD",
        );
    }
    output::say(write_back::WHEN_IT_COUNTS);
    output::line(&format!("Take it back with: conductwatch alert wrong {} --undo", alert.id));
    Ok(())
}

/// Says that the configuration has it already.
pub(super) fn said_already(what: &Value, as_json: bool) {
    if as_json {
        let mut value = what.clone();
        value["written"] = json!(false);
        output::json(&value);
    } else {
        output::line("The configuration says so already. Nothing was written.");
    }
}

/// The file is written, but the store did not follow.
fn half(path: &std::path::Path, error: CliError) -> CliError {
    let message = format!(
        "{} was written, and counts once the service has taken it (`conductwatch reload`, or its next start); but now: {error}",
        path.display()
    );
    CliError { message, ..error }
}

/// Whom the user says is not meant.
fn not_meant(args: &WrongArgs, config: &Config, alert: &Alert) -> Result<String, CliError> {
    let list = &config.watchlist;
    let current: Vec<String> = alert.tracked.iter().map(|id| list.current_id(id).to_owned()).collect();
    if let Some(who) = &args.who {
        let id = find_watched(list, who)?;
        if !current.contains(&id) {
            return Err(CliError::data(format!(
                "the alert is not about {who}: it is about {}",
                alert.tracked_names.join(", ")
            )));
        }
        return Ok(id);
    }
    let watched = |id: &&String| list.name_of(id).is_some();
    let persons: Vec<&String> = current.iter().filter(|id| list.persons.iter().any(|p| p.id == **id)).collect();
    let all: Vec<&String> = current.iter().filter(watched).collect();
    match (persons.as_slice(), all.as_slice()) {
        ([only], _) | ([], [only]) => Ok((*only).clone()),
        ([], []) => Err(CliError::data("nobody whom the alert is about is watched any more")),
        _ => Err(CliError::usage(format!("who is not meant, of {}? Give --who NAME", alert.tracked_names.join(", ")))),
    }
}

/// The development that told it before: the one the user names, else the only one of its type and people.
async fn told_before(
    args: &WrongArgs,
    config: &Config,
    source: &mut Source<'_>,
    alert: &Alert,
    own: &DevelopmentId,
) -> Result<DevelopmentId, CliError> {
    if let Some(named) = &args.same_as {
        let earlier = development(source, named).await?.id;
        if earlier == *own {
            return Err(CliError::data(format!("{named} is the alert's own development")));
        }
        return Ok(earlier);
    }
    let ids: Vec<String> = alert.tracked.iter().flat_map(|id| config.watchlist.all_ids(id)).collect();
    let question = Question::Timeline { ids, rulings: config.watchlist.rulings.clone() };
    let known = source.ask(&question).await?;
    let lines: Vec<Line> = known["developments"]
        .as_array()
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .filter_map(|row| {
            let mut row = row.clone();
            row["alert"] = row["alert"]["id"].clone();
            serde_json::from_value(row).ok()
        })
        .collect();
    let own_line = lines.iter().find(|l| l.development == *own);
    let alike: Vec<&Line> = lines
        .iter()
        .filter(|l| l.development != *own && own_line.is_some_and(|o| o.kind == l.kind && l.first_seen <= o.first_seen))
        .collect();
    match alike.as_slice() {
        [only] => Ok(only.development.clone()),
        [] => Err(CliError::data(
            "nothing that is stored of those it is about is of its kind and earlier: name the development, or its alert, \
             with --same-as (`conductwatch timeline NAME` shows them)",
        )),
        several => {
            let rows: Vec<String> = several
                .iter()
                .map(|l| {
                    let date = l.date.map_or_else(|| "no date".to_owned(), |d| d.to_string());
                    format!("  {}  {date}  {}: {}", l.development, l.kind.label(), output::plain(&l.detail))
                })
                .collect();
            Err(CliError::usage(format!("which one told it before? Give one with --same-as:\n{}", rows.join("\n"))))
        }
    }
}

/// `text` without the tables that came of the alert, and how many those were.
fn without_alert(text: &str, alert: &AlertId) -> Result<(String, usize), edit::EditError> {
    let (mut text, mut total) = (text.to_owned(), 0);
    for kind in ["guard", "merge", "mute"] {
        let (left, n) = edit::remove(&text, kind, |get| get("alert").as_deref() == Some(alert.as_str()))?;
        text = left;
        total += n;
    }
    Ok((text, total))
}

/// The edits of all files of `config` by `change`, without those that change nothing.
pub(super) fn edits(
    config: &Config,
    change: impl Fn(&str) -> Result<(String, usize), edit::EditError>,
) -> Result<Vec<Edit>, CliError> {
    let all = config.files.iter().map(|path| Edit::of(path, |text| change(text).map(|(text, _)| text)));
    let all: Vec<Edit> = all.collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|e| e.before != e.after).collect())
}

async fn undo(args: &WrongArgs, config: &Config, source: &mut Source<'_>, alert: &Alert) -> Result<(), CliError> {
    let edits = edits(config, |text| without_alert(text, &alert.id))?;
    if edits.is_empty() {
        let id = &alert.id;
        return Err(CliError::data(format!(
            "nothing in the configuration came of alert {id}: there is nothing to take back"
        )));
    }
    if args.dry_run {
        return shown_only(&edits, args.ask.json);
    }
    let mut then = config.clone();
    for edit in &edits {
        then = edit.write(&args.ask.config, "alert wrong --undo")?;
    }
    let path = edits.first().map(|e| e.path.clone()).unwrap_or_default();
    source.change(&Change::Right { alert: alert.id.clone() }).await.map_err(|e| half(&path, e))?;
    let merges = then.watchlist.rulings.merges.clone();
    source.change(&Change::Rule { merges }).await.map_err(|e| half(&path, e))?;
    written(&edits, args.ask.json, &json!({ "alert": alert.id, "undone": true }));
    Ok(())
}

pub(super) fn shown_only(edits: &[Edit], as_json: bool) -> Result<(), CliError> {
    if as_json {
        let diffs: Vec<String> = edits.iter().map(|e| e.diff().join("\n")).collect();
        output::json(&json!({ "written": false, "diff": diffs.join("\n") }));
    } else {
        edits.iter().for_each(Edit::show);
        output::line("\nNothing was written.");
    }
    Ok(())
}

pub(super) fn written(edits: &[Edit], as_json: bool, more: &Value) {
    let files: Vec<&PathBuf> = edits.iter().map(|e| &e.path).collect();
    if as_json {
        let mut value = more.clone();
        value["written"] = json!(true);
        value["files"] = json!(files);
        output::json(&value);
        return;
    }
    for edit in edits {
        edit.show();
        output::line(&format!("\nwrote {}", edit.path.display()));
    }
    output::say(write_back::WHEN_IT_COUNTS);
}

/// The development that `what` means: its id or that of its alert.
pub(super) async fn development(source: &mut Source<'_>, what: &str) -> Result<Development, CliError> {
    let shown = source.ask(&Question::Show { what: what.to_owned() }).await?;
    serde_json::from_value(shown["development"].clone())
        .map_err(|_| CliError::data(format!("{what:?} is neither a development nor an alert of one")))
}

/// Runs `development`.
///
/// # Errors
/// When there is no such development, or the store cannot be asked.
pub(super) fn development_command(args: &DevelopmentArgs) -> Result<(), CliError> {
    let ask = match &args.command {
        DevelopmentCommand::Merge { ask, .. } | DevelopmentCommand::Split { ask, .. } => ask,
    };
    let config = super::load_config(&ask.config)?;
    let (done, said) = super::small_runtime()?.block_on(async {
        let mut source = Source::new(&config);
        match &args.command {
            DevelopmentCommand::Merge { a, b, undo: true, .. } => part(&mut source, a, b).await,
            DevelopmentCommand::Merge { a, b, .. } => {
                let (a, b) = (development(&mut source, a).await?.id, development(&mut source, b).await?.id);
                let done = source.change(&Change::Merge { developments: [a.clone(), b] }).await?;
                let said = match done["merged"].as_str() {
                    None => format!("they are one development already: {a}"),
                    Some(merged) => format!(
                        "{merged} is part of {} now; take it back with: conductwatch development merge {} {merged} --undo",
                        text(&done, "development"),
                        text(&done, "development")
                    ),
                };
                Ok((done, said))
            }
            DevelopmentCommand::Split { id, reports, .. } => {
                let development = development(&mut source, id).await?;
                let articles = reports.iter().map(|r| article_of(&development, r)).collect::<Result<Vec<_>, _>>()?;
                let change = Change::Split { development: development.id.clone(), articles };
                let done = source.change(&change).await?;
                let (old, new) = (text(&done, "development"), text(&done, "split"));
                let said = format!(
                    "{new} is a development of its own now; take it back with: conductwatch development merge {old} {new}"
                );
                Ok((done, said))
            }
        }
    })?;
    if ask.json {
        output::json(&done);
    } else {
        output::line(&said);
    }
    Ok(())
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or("").to_owned()
}

/// Takes back that two developments were merged by hand: either may be the one that went.
async fn part(source: &mut Source<'_>, a: &str, b: &str) -> Result<(Value, String), CliError> {
    let mut fault = CliError::usage("give the ids of the two developments, or of their alerts");
    for what in [b, a] {
        // An alert keeps the development that it was raised for, also where that is a part of another by now.
        let shown = source.ask(&Question::Show { what: what.to_owned() }).await.unwrap_or_default();
        let Ok(id) = DevelopmentId::parse(shown["alert"]["development"].as_str().unwrap_or(what)) else { continue };
        match source.change(&Change::Part { development: id }).await {
            Ok(done) => {
                let said = format!("{} is a development of its own again", text(&done, "parted"));
                return Ok((done, said));
            }
            Err(error) if error.code == 65 => fault = error,
            Err(error) => return Err(error),
        }
    }
    Err(fault)
}

/// The article of `development` that `what` means: its address, or its id or the beginning of it.
fn article_of(development: &Development, what: &str) -> Result<ArticleId, CliError> {
    let is = |r: &&crate::domain::DevelopmentReport| {
        r.url.as_deref() == Some(what) || what.len() >= 4 && r.article.as_str().starts_with(what)
    };
    development.reports.iter().find(is).map(|r| r.article.clone()).ok_or_else(|| {
        let rows: Vec<String> = development
            .reports
            .iter()
            .map(|r| format!("  {}  {}", r.article, r.url.as_deref().unwrap_or("")))
            .collect();
        CliError::data(format!("{what} does not tell {}: these do:\n{}", development.id, rows.join("\n")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_short_line_of_harmless_characters() {
        assert_eq!(
            note("Charge", "Officer\n\u{202e}dekcas\u{202c} \u{7}\u{1b}[31m at last"),
            "Charge: Officer dekcas [31m at last"
        );
        assert!(note("Charge", &"very long ".repeat(1000)).chars().count() <= NOTE);
    }
}
