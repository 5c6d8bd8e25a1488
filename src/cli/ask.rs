//! Commands that ask the store: `why`, `status`, `alerts`, `digest`, `passed-over`, `feed list`.
//!
//! A running daemon owns the store, so it is asked over its socket; without one the store is opened here.

use super::output::{self, CliError};
use crate::adapters::control::{self, CallError, Request};
use crate::adapters::store::{SledStore, StoreOptions};
use crate::config::Config;
use crate::pipeline::{AskError, Question, answer};
use crate::ports::StoreError;
use serde_json::Value;
use std::time::Duration;

/// How long the daemon may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Arguments of every command that asks.
#[derive(Debug, clap::Args)]
pub struct AskArgs {
    /// Configuration file.
    #[arg(long, short, env = "CONDUCTWATCH_CONFIG", default_value = super::DEFAULT_CONFIG)]
    config: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Arguments of `why`.
#[derive(Debug, clap::Args)]
pub struct WhyArgs {
    /// Address of an article or entry, or the id (or its beginning) of an alert, development, article or digest.
    what: String,
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `digest`.
#[derive(Debug, clap::Args)]
pub struct DigestArgs {
    #[command(subcommand)]
    command: DigestCommand,
}

#[derive(Debug, clap::Subcommand)]
enum DigestCommand {
    /// All digests, and the deliveries that wait or were given up.
    List(AskArgs),
    /// One digest as text, or as HTML.
    Show {
        /// Its id, or `latest`.
        #[arg(default_value = "latest")]
        id: String,
        /// Print HTML.
        #[arg(long)]
        html: bool,
        #[command(flatten)]
        ask: AskArgs,
    },
}

/// Arguments of `passed-over`.
#[derive(Debug, clap::Args)]
pub struct PassedOverArgs {
    /// At most so many, the newest first.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    ask: AskArgs,
}

/// Runs `why`.
///
/// # Errors
/// When nothing of that name is stored, or the store cannot be asked.
pub fn why(args: &WhyArgs) -> Result<(), CliError> {
    let value = ask(&args.ask, &Question::Why { what: args.what.clone() })?;
    show(&args.ask, &value, why_text)
}

/// Runs `status`.
///
/// # Errors
/// When the store cannot be asked.
pub fn status(args: &AskArgs) -> Result<(), CliError> {
    let value = ask(args, &Question::Status)?;
    show(args, &value, status_text)
}

/// Runs `alerts`.
///
/// # Errors
/// When the store cannot be asked.
pub fn alerts(args: &AskArgs) -> Result<(), CliError> {
    let value = ask(args, &Question::Alerts)?;
    show(args, &value, |value| {
        let rows = list(value, "alerts");
        if rows.is_empty() {
            return "no alert was raised yet".to_owned();
        }
        let line = |a: &Value| {
            let tracked: Vec<&str> = list(a, "tracked_names").iter().filter_map(Value::as_str).collect();
            format!(
                "{}  {}  {:<20}  {}\n                  {}",
                text(a, "id"),
                text(a, "raised").get(..10).unwrap_or(""),
                a["type"].as_str().unwrap_or("keyword"),
                tracked.join(", "),
                text(a, "headline")
            )
        };
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}

/// Runs `digest`.
///
/// # Errors
/// When there is no such digest, or the store cannot be asked.
pub fn digest(args: &DigestArgs) -> Result<(), CliError> {
    match &args.command {
        DigestCommand::List(args) => {
            let value = ask(args, &Question::Digests)?;
            show(args, &value, digests_text)
        }
        DigestCommand::Show { id, html, ask: args } => {
            let value = ask(args, &Question::Digest { id: id.clone() })?;
            show(args, &value, |value| text(value, if *html { "html" } else { "text" }).to_owned())
        }
    }
}

/// Runs `passed-over`.
///
/// # Errors
/// When the store cannot be asked.
pub fn passed_over(args: &PassedOverArgs) -> Result<(), CliError> {
    let value = ask(&args.ask, &Question::PassedOver { limit: args.limit })?;
    show(&args.ask, &value, |value| {
        let rows = list(value, "passed_over");
        let mut out = format!("{} entries were passed over in all; the newest {}:", value["total"], rows.len());
        for row in rows {
            out += &format!(
                "\n  {:<16} {}\n                   {}",
                text(row, "reason"),
                text(row, "headline"),
                text(row, "address")
            );
        }
        out
    })
}

/// Runs `feed list`.
///
/// # Errors
/// When the store cannot be asked.
pub fn feeds(args: &AskArgs) -> Result<(), CliError> {
    let value = ask(args, &Question::Feeds)?;
    show(args, &value, |value| {
        let rows = list(value, "feeds");
        if rows.is_empty() {
            return "no feed was polled yet".to_owned();
        }
        let mut out = format!(
            "{:<24} {:<8} {:<20} {:<20} {:>7} {:>7}",
            "FEED", "STATE", "LAST SUCCESS", "NEXT CHECK", "SEEN", "PASSED"
        );
        for row in rows {
            let failing = row["last_failure"].is_object();
            let moment = |key| text(row, key).get(..16).unwrap_or("never").replace('T', " ");
            out += &format!(
                "\n{:<24} {:<8} {:<20} {:<20} {:>7} {:>7}",
                text(row, "id"),
                if failing { "failing" } else { "well" },
                moment("last_success"),
                moment("next_due"),
                row["entries_seen"],
                row["passed_over"]
            );
            let mut note = text(row, "due_reason").to_owned();
            if failing {
                note = format!(
                    "{} failures in a row: {}; next check: {note}",
                    row["failures"],
                    text(&row["last_failure"], "message")
                );
            }
            out += &format!("\n    {note}");
        }
        out
    })
}

/// Asks the daemon, or the store itself where no daemon runs.
fn ask(args: &AskArgs, question: &Question) -> Result<Value, CliError> {
    let config = super::load_config(&args.config)?;
    let runtime = super::small_runtime()?;
    runtime.block_on(ask_config(&config, question))
}

async fn ask_config(config: &Config, question: &Question) -> Result<Value, CliError> {
    let args = serde_json::to_value(question).map_err(|e| CliError::io(e.to_string()))?;
    let request = Request { command: "ask".to_owned(), args };
    match control::call(&config.control.socket, &request, PATIENCE).await {
        Ok(response) => response.into_result().map_err(|failure| match failure.code.as_str() {
            "unknown" => CliError::data(failure.message),
            "store" => CliError::io(failure.message),
            _ => CliError::unavailable(failure.message),
        }),
        Err(CallError::NoDaemon(_)) => {
            if !config.store.path.exists() {
                let path = config.store.path.display();
                return Err(CliError::no_input(format!("{path}: no store yet: `conductwatch run` makes it")));
            }
            let store = SledStore::open(&config.store.path, StoreOptions::default()).map_err(|e| store_error(&e))?;
            answer(&store, question).await.map_err(|e| ask_error(&e))
        }
        Err(error) => Err(CliError::unavailable(error.to_string())),
    }
}

/// The exit code and message for a store's fault.
pub(super) fn store_error(error: &StoreError) -> CliError {
    match error {
        StoreError::Locked { .. } => CliError::locked(error.to_string()),
        StoreError::Newer { .. } | StoreError::Corrupt(_) => CliError::data(error.to_string()),
        StoreError::Full(_) | StoreError::Io(_) => CliError::io(error.to_string()),
    }
}

/// The exit code and message for a question without an answer.
pub(super) fn ask_error(error: &AskError) -> CliError {
    match error {
        AskError::Unknown(message) => CliError::data(message.clone()),
        AskError::Store(error) => store_error(error),
    }
}

fn show(args: &AskArgs, value: &Value, text: impl Fn(&Value) -> String) -> Result<(), CliError> {
    if args.json {
        output::json(value)
    } else {
        output::line(&text(value))
    }
    Ok(())
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The trail for people.
pub(super) fn why_text(value: &Value) -> String {
    let mut out = format!("why: {}", text(value, "about"));
    for step in list(value, "trail") {
        let kind = text(&step["subject"], "kind");
        let id = step["subject"]["id"].as_str().unwrap_or("");
        out += &format!("\n\n{} {id}", kind.to_uppercase());
        if !text(step, "title").is_empty() {
            out += &format!("\n  {}", text(step, "title"));
        }
        let decisions = list(step, "decisions");
        if decisions.is_empty() {
            out += "\n  (no decision is recorded)";
        }
        for decision in decisions {
            let mark = match text(decision, "outcome") {
                "passed" => "yes",
                "stopped" => "no",
                _ => "later",
            };
            out += &format!(
                "\n  {}  {:<8} {:<5} {}: {}",
                text(decision, "at").get(..16).unwrap_or("").replace('T', " "),
                text(decision, "stage"),
                mark,
                text(decision, "rule"),
                text(decision, "evidence")
            );
        }
    }
    out
}

fn status_text(value: &Value) -> String {
    let counts = &value["counts"];
    let feeds = &value["feeds"];
    let verdict = if value["well"] == Value::Bool(true) { "all is well" } else { "NOT WELL: see below" };
    let mut out = format!(
        "{verdict}\n\nfeeds        {} of {} healthy\nentries      {} ({} passed over)\narticles     {} ({} wait to be settled)\n\
         developments {}\nalerts       {} ({} wait for a digest)\ndigests      {} (made until {})\ndeliveries   {} waiting, {} given up\nstore        {} KiB",
        feeds["healthy"],
        feeds["known"],
        counts["entries"],
        counts["passed_over"],
        counts["articles"],
        counts["unsettled"],
        counts["developments"],
        counts["alerts"],
        counts["alerts_waiting"],
        counts["digests"],
        value["digests_made_until"].as_str().unwrap_or("never"),
        counts["deliveries_waiting"],
        counts["deliveries_dead"],
        counts["bytes"].as_u64().unwrap_or(0) / 1024
    );
    if let Some(since) = value["since_start"].as_object() {
        out += "\n\nsince the start:";
        for (name, count) in since {
            out += &format!("\n  {name:<20} {count}");
        }
    }
    for feed in list(feeds, "failing") {
        out += &format!(
            "\n\nfeed {}: {} failures in a row\n  {}",
            text(feed, "feed"),
            feed["failures"],
            text(feed, "message")
        );
    }
    for delivery in list(value, "deliveries") {
        out += &format!(
            "\n\ndigest {} to {}: {}, {} attempts\n  {}",
            text(delivery, "digest"),
            text(delivery, "channel"),
            text(delivery, "state"),
            delivery["attempts"],
            delivery["last_failure"].as_str().unwrap_or_else(|| text(delivery, "detail"))
        );
    }
    out
}

fn digests_text(value: &Value) -> String {
    let rows = list(value, "digests");
    let mut out = if rows.is_empty() {
        "no digest was made yet".to_owned()
    } else {
        let line = |row: &Value| format!("{}  {}", text(row, "id"), text(row, "subject"));
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    for delivery in list(value, "outbox") {
        if delivery["state"] != "sent" {
            out += &format!(
                "\nnot delivered: {} to {}, {} attempts: {}",
                text(delivery, "digest"),
                text(delivery, "channel"),
                delivery["attempts"],
                text(delivery, "last_failure")
            );
        }
    }
    out
}
