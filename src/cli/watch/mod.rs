//! `conductwatch watch`: entries of the watchlist: added, tried on what is stored, listed.

mod add;
mod shown;

use super::ask::{AskArgs, Source};
use super::output::{self, CliError, Paint};
use super::stored;
use super::table::{Column, Table};
use crate::domain::Watchlist;
use crate::pipeline::Question;
use crate::stages::rehearse::{Rehearsal, Rehearser, Stored};
use add::{AddArgs, add};
use serde_json::{Value, json};
use shown::Shown;

/// Columns of a terminal from which on `watch list` shows what each is.
const WIDE: usize = 100;

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
        after_help = "Examples:\n  conductwatch watch add \"Orla Brackenridge\" --body metropolitan-police\n  conductwatch watch add \"Wexmoor Police Federation\" --dry-run"
    )]
    Add(AddArgs),
    /// Try a person or body of the watchlist on what is stored: hits, what could not be told, near misses.
    #[command(after_help = "Example:\n  conductwatch watch test \"Orla Brackenridge\"")]
    Test(TestArgs),
    /// List who is watched, with the number of alerts and what happened last.
    #[command(after_help = "Example:\n  conductwatch watch list")]
    List(AskArgs),
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

/// Tries the entry `id` of `watchlist` on every stored article; gives the articles that name it, too.
async fn rehearse(
    source: &mut Source<'_>,
    watchlist: &Watchlist,
    id: &str,
    forms: &[String],
) -> Result<(Rehearsal, Vec<Stored>), CliError> {
    let nobody = || CliError::data(format!("nobody watched has the id {id:?}"));
    let mut rehearser = Rehearser::new(watchlist, id, forms).ok_or_else(nobody)?;
    let bar = output::Progress::new();
    let mut named = Vec::new();
    stored::articles(source, &bar, "trying", |record| {
        if rehearser.read(&record.article) {
            named.push(stored::for_replay(record));
        }
    })
    .await?;
    bar.finish();
    Ok((rehearser.finish(), named))
}

fn test(args: &TestArgs) -> Result<(), CliError> {
    let config = super::load_config(&args.ask.config)?;
    let id = find_watched(&config.watchlist, &args.name)?;
    let (found, _) = super::small_runtime()?.block_on(async {
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
    // The id is what other commands take; at a narrow terminal the kind goes before it is cut.
    let narrow = output::width().is_some_and(|columns| columns < WIDE);
    let mut columns = vec![Column::Whole("ID"), Column::Cut("NAME")];
    if !narrow {
        columns.push(Column::Whole("KIND"));
    }
    columns.extend([Column::Number("ALERTS"), Column::Rest("LAST DEVELOPMENT")]);
    let mut table = Table::new(columns);
    for (n, (id, name, kind)) in rows.iter().enumerate() {
        let told = told(n);
        let last = &told["last_development"];
        let last = match (last["label"].as_str(), last["date"].as_str()) {
            (None, _) => "-".to_owned(),
            (Some(label), None) => label.to_owned(),
            (Some(label), Some(date)) => format!("{date} {label}"),
        };
        let alerts = told["alerts"].as_u64().unwrap_or(0);
        let mut row = vec![id.as_str().into(), name.as_str().into()];
        if !narrow {
            row.push((*kind).into());
        }
        row.extend([alerts.into(), last.into()]);
        table.row(row);
    }
    table.lines(output::width(), Paint::none()).iter().for_each(|line| output::line(line));
    Ok(())
}
