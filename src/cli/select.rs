//! `conductwatch select`: which entries' pages would be fetched.

use super::extract::read_watchlist;
use super::output::{self, CliError};
use crate::domain::SelectMode;
use crate::stages::select::Selector;
use serde::Deserialize;
use serde_json::json;
use url::Url;

/// Arguments of `select`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON, one object an entry.
    #[arg(long)]
    json: bool,
    /// Watchlist file.
    #[arg(long, value_name = "FILE")]
    watchlist: String,
    /// Which entries are selected.
    #[arg(long, value_enum, default_value_t)]
    mode: Mode,
    /// Entries, one JSON object a line: id, title, summary, url. `-` for standard input.
    entries: String,
}

/// [`SelectMode`] on the command line.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Mode {
    /// Every entry.
    All,
    /// Entries with a policing word, a watched name or a watched keyword.
    #[default]
    Topic,
    /// Entries with a watched name or keyword.
    Names,
}

impl From<Mode> for SelectMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::All => Self::All,
            Mode::Topic => Self::Topic,
            Mode::Names => Self::Names,
        }
    }
}

/// One line of the entries; what is missing is empty.
#[derive(Debug, Deserialize)]
struct Line {
    id: serde_json::Value,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

/// Runs `select`.
///
/// # Errors
/// When a file cannot be read, the watchlist has a problem, or a line is no entry; the other lines are answered first.
pub(super) fn run(args: Args) -> Result<(), CliError> {
    let selector = Selector::new(&read_watchlist(&args.watchlist)?);
    let bytes = super::files::read(&args.entries)?;
    let (mut passed, mut passed_over, mut wrong) = (0u64, 0u64, Vec::new());
    for (number, line) in bytes.split(|b| *b == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let line: Line = match serde_json::from_slice(line) {
            Ok(line) => line,
            Err(e) => {
                wrong.push(format!("{}:{}: not an entry: {e}", args.entries, number + 1));
                continue;
            }
        };
        let title = line.title.unwrap_or_default();
        // An address that is none has no words.
        let url = line.url.and_then(|u| Url::parse(&u).ok());
        let summary = line.summary.unwrap_or_default();
        let selection = selector.select(args.mode.into(), &title, &summary, url.as_ref(), None);
        if selection.selected {
            passed += 1;
        } else {
            passed_over += 1;
        }
        if args.json {
            output::json(&json!({
                "id": line.id, "selected": selection.selected, "reason": selection.reason, "evidence": selection.evidence,
            }));
        } else {
            let mark = if selection.selected { "read" } else { "pass" };
            let why = match selection.evidence.as_str() {
                "" => selection.reason,
                evidence => format!("{} ({evidence})", selection.reason),
            };
            output::line(&format!("{mark}  {title}\n      {why}"));
        }
    }
    if !args.json {
        output::line(&format!("{passed} to read, {passed_over} passed over"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(CliError::data(wrong.join("\n"))) }
}
