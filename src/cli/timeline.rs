//! `conductwatch timeline`: what is known to have happened to a person or body, and how they stand by it.

use super::ask::{self, AskArgs};
use super::output::{CliError, plain, printable, wrap};
use super::tell::Teller;
use crate::domain::PartialDate;
use crate::pipeline::Question;
use crate::stages::digest::when;
use crate::stages::extract::who::known_body_named;
use crate::stages::render::particulars;
use serde_json::Value;

/// Sources shown of one development; the JSON has all.
const SOURCES: usize = 6;

/// Arguments of `timeline`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name, alias or id of a person or body of the watchlist; or the name of anybody else, as articles have it.
    name: String,
    #[command(flatten)]
    ask: AskArgs,
}

/// Runs `timeline`.
///
/// # Errors
/// When nothing is known of that name and nobody of it is watched (65), or the store cannot be asked.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let config = super::load_config(&args.ask.config)?;
    let watchlist = &config.watchlist;
    let watched = super::watch::find_watched(watchlist, &args.name).ok();
    let (ids, name) = match &watched {
        Some(id) => (watchlist.all_ids(id), watchlist.name_of(id).unwrap_or(id).to_owned()),
        None => match known_body_named(&args.name) {
            Some((id, name)) => (vec![id.to_owned()], name.to_owned()),
            None => (vec![args.name.clone()], args.name.clone()),
        },
    };
    let question = Question::Timeline { ids, rulings: watchlist.rulings.clone() };
    let value = super::small_runtime()?.block_on(ask::ask_config(&config, &question))?;
    // Of somebody watched, nothing is an answer; any other name may be spelt otherwise.
    if watched.is_none() && rows(&value).is_empty() {
        if watchlist.keywords.iter().any(|k| k.id == args.name || k.name == args.name) {
            return Err(CliError::data(format!(
                "{:?} is a keyword: a timeline is of a person or body; `conductwatch alerts` lists what it raised",
                args.name
            )));
        }
        return Err(CliError::data(format!(
            "nothing is known of {:?}: no development that concerns it is stored; `conductwatch watch list` shows who is watched",
            args.name
        )));
    }
    ask::print(&args.ask, &config, &value, |teller, value| tell(teller, &name, value));
    Ok(())
}

/// The developments of a timeline.
fn rows(value: &Value) -> &[Value] {
    value["developments"].as_array().map_or(&[], Vec::as_slice)
}

fn tell(teller: &Teller<'_>, name: &str, value: &Value) -> String {
    if rows(value).is_empty() {
        return wrap(&format!("{name}: no development that concerns them is stored"), 2, teller.width);
    }
    let text = |value: &Value, key: &str| printable(value[key].as_str().unwrap_or(""));
    let standing = match plain(value["standing"].as_str().unwrap_or("")).as_str() {
        "" => "nothing sure is known of their standing".to_owned(),
        standing => format!("last known standing: {standing}"),
    };
    let mut out = wrap(&format!("{name}: {standing}"), 2, teller.width);
    let hung = |indent: usize, line: &str| {
        format!("\n{}", wrap(&format!("{}{line}", " ".repeat(indent)), indent + 2, teller.width))
    };
    for row in rows(value) {
        let date: Option<PartialDate> = serde_json::from_value(row["date"].clone()).ok();
        let detail = match particulars(row["detail"].as_str().unwrap_or(""), date) {
            detail if detail.is_empty() => detail,
            detail => format!(": {detail}"),
        };
        let date = date.map_or_else(|| "no date".to_owned(), when::date);
        let stage = match row["stage"].as_str() {
            Some("done") | None => String::new(),
            Some(stage) => format!(" ({stage})"),
        };
        let sure = if row["sure"] == Value::Bool(true) { "" } else { ", not sure" };
        out += &format!("\n{}", hung(0, &format!("{date}  {}{stage}{sure}{detail}", text(row, "label"))));
        match row["ruled"].as_str() {
            Some("not_them") => out += &hung(2, "You said that this is somebody else."),
            Some("not_happened") => out += &hung(2, "You said that this did not happen."),
            _ => {}
        }
        let sources = row["sources"].as_array().map_or(&[][..], Vec::as_slice);
        for source in sources.iter().take(SOURCES) {
            let outlet = source["outlet"].as_str().map_or_else(|| "an outlet without a name".to_owned(), printable);
            out += &hung(2, &format!("{outlet}, {}: {}", teller.moment(&source["at"]), text(source, "url")));
        }
        if sources.len() > SOURCES {
            out += &hung(2, &format!("and {} more", sources.len() - SOURCES));
        }
        let alert = &row["alert"];
        let told = match (alert["id"].as_str(), alert["sent"]["at"].is_null()) {
            (None, _) => "no alert was raised".to_owned(),
            (Some(id), true) => format!("alert {id}, not sent yet"),
            (Some(id), false) => format!("alert {id}, sent {}", teller.moment(&alert["sent"]["at"])),
        };
        out += &hung(2, &format!("development {}; {told}", text(row, "development")));
    }
    out
}
