//! People's rights: `forget`, and the log of acts that must be accounted for, `audit`.

use super::ask::{AskArgs, Source};
use super::output::{self, CliError};
use super::tell::Teller;
use crate::adapters::clock::SystemClock;
use crate::config::Config;
use crate::domain::{Act, ActKind, AuditLog};
use crate::pipeline::{Change, Forget, Question};
use crate::ports::{Clock as _, StoreRights as _};
use serde_json::{Value, json};
use std::io::{IsTerminal as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

/// How long the daemon may take to forget: everything stored is gone through and written anew.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Arguments of `forget`.
#[derive(Debug, clap::Args)]
pub(super) struct ForgetArgs {
    /// A person's whole name, the id of one on the watchlist, or the address of an article.
    #[arg(value_name = "PERSON|URL")]
    what: String,
    /// Another form of the name. May be given several times.
    #[arg(long, value_name = "NAME")]
    alias: Vec<String>,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Do it without asking.
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `audit`.
#[derive(Debug, clap::Args)]
pub(super) struct AuditArgs {
    /// Only check the chain.
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// Runs `forget`.
///
/// # Errors
/// When it is not told to go on (64), nobody can be meant (65), or the store cannot be asked or fails.
pub(super) fn forget(args: &ForgetArgs) -> Result<(), CliError> {
    let config = super::load_config(&args.ask.config)?;
    let asks = !args.yes && !args.dry_run;
    if asks && (args.ask.json || !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal()) {
        let message = "nothing was forgotten: give --yes to do it, or --dry-run to see what would go";
        return Err(CliError::usage(message));
    }
    super::small_runtime()?.block_on(async {
        let mut source = Source::new(&config);
        let change = |dry_run: bool| {
            let forget = Forget { what: args.what.clone(), aliases: args.alias.clone(), dry_run };
            Change::Forget { forget, by: format!("forget, {}", user()) }
        };
        if !args.yes {
            let plan = source.change_within(&change(true), PATIENCE).await?;
            show(&plan, args);
            if args.dry_run {
                return Ok(());
            }
            if !confirm("\nForget this for good? It cannot be undone.")? {
                output::line("Nothing was forgotten.");
                return Ok(());
            }
        }
        let bar = output::Progress::new();
        bar.busy("forgetting: going through everything stored, and writing it anew");
        let done = source.change_within(&change(false), PATIENCE).await;
        bar.finish();
        show(&done?, args);
        Ok(())
    })
}

/// Who runs this program.
fn user() -> String {
    std::fs::metadata("/proc/self").map_or_else(|_| "an unknown user".to_owned(), |m| format!("user {}", m.uid()))
}

/// A question whose answer, without one, is no.
fn confirm(question: &str) -> Result<bool, CliError> {
    let mut out = std::io::stdout();
    let fault = |e: std::io::Error| CliError::io(format!("cannot ask: {e}"));
    write!(out, "{question} [y/N] ").and_then(|()| out.flush()).map_err(fault)?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(fault)?;
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn show(value: &Value, args: &ForgetArgs) {
    if args.ask.json {
        output::json(value);
    } else {
        output::line(&told(value, output::width()));
    }
}

/// What went, for people.
fn told(value: &Value, width: Option<usize>) -> String {
    let dry = value["dry_run"] == true;
    let person = value["kind"] == "person";
    let mut out = match (dry, person) {
        (true, true) => "Would be forgotten: the person, in everything stored.".to_owned(),
        (true, false) => "Would be forgotten: what stands at the address, with everything that rests on it.".to_owned(),
        (false, true) => "Forgotten: the person. The name will not be stored again.".to_owned(),
        (false, false) => "Forgotten: what stood at the address. It will not be stored again.".to_owned(),
    };
    let mut found = false;
    for (key, label) in [
        ("removed", "removed"),
        ("blacked_out", "name blacked out, or a part removed"),
        ("erased", "erased in the archive (the chain of its headers still holds)"),
    ] {
        let counts = value[key].as_object().filter(|c| !c.is_empty());
        for (kind, n) in counts.into_iter().flatten() {
            found = true;
            out += &format!("\n  {:>6}  {kind}: {label}", n.as_u64().unwrap_or(0));
        }
    }
    if !found {
        out += "\n  nothing of it is stored";
    }
    let files = value["digests_replaced"].as_u64().unwrap_or(0);
    if files > 0 {
        out += &format!("\n  {files:>6}  delivered digests put right in their channels");
    }
    let beyond: Vec<&str> =
        value["beyond_reach"].as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_str).collect();
    if !beyond.is_empty() {
        out += "\nOut of this program's reach:";
        for line in beyond {
            out += &format!("\n{}", output::wrap(&format!("  - {}", output::plain(line)), 4, width));
        }
    }
    out
}

/// Runs `audit`.
///
/// # Errors
/// When the log does not hold (65), or the store cannot be asked or fails.
pub(super) fn audit(args: &AuditArgs) -> Result<(), CliError> {
    let config = super::load_config(&args.ask.config)?;
    let value = super::small_runtime()?.block_on(async { Source::new(&config).ask(&Question::Audit).await })?;
    let log: AuditLog = serde_json::from_value(value.clone())
        .map_err(|e| CliError::unavailable(format!("the daemon's answer is of another version: {e}")))?;
    if args.ask.json {
        let shown =
            json!({ "lines": log.lines.len(), "blacked_out": log.blacked_out, "faults": log.faults, "last": log.last });
        output::json(if args.verify { &shown } else { &value });
    } else {
        output::line(&audit_told(&log, args.verify, &Teller { config: &config, width: output::width() }));
    }
    if log.faults.is_empty() {
        return Ok(());
    }
    Err(CliError::data(format!(
        "the audit log was tampered with or is damaged: {}; keep a copy of the file `audit` in the store's folder, and find out who did it",
        log.faults.join("; ")
    )))
}

fn audit_told(log: &AuditLog, verify: bool, teller: &Teller<'_>) -> String {
    let mut out = String::new();
    for line in log.lines.iter().filter(|_| !verify) {
        let lead = format!("{:>5}  {}  ", line.n, teller.moment(&json!(line.at)));
        let by = match output::plain(&line.act.by) {
            by if by == crate::pipeline::SEEN_BY_SERVICE => by,
            by => format!("by {by}"),
        };
        let text = format!("{lead}{} ({by})", line.act.act.label());
        out += &format!("{}\n", output::wrap(&text, lead.chars().count(), teller.width));
        for detail in details(&line.act.detail) {
            let under = " ".repeat(lead.chars().count());
            out += &format!("{}\n", output::wrap(&format!("{under}{detail}"), under.len() + 2, teller.width));
        }
    }
    let lines = output::count(log.lines.len() as u64, "line");
    let black =
        if log.blacked_out > 0 { format!("; {} with a name blacked out", log.blacked_out) } else { String::new() };
    let verdict = if log.faults.is_empty() { "the chain holds" } else { "THE CHAIN DOES NOT HOLD" };
    out += &format!("{lines}{black}: {verdict}");
    if let Some(last) = &log.last {
        out += &format!("\nlast  {last}");
    }
    out
}

/// A detail as lines for people.
fn details(detail: &Value) -> Vec<String> {
    let Some(fields) = detail.as_object() else { return Vec::new() };
    let mut out = Vec::new();
    for (key, value) in fields {
        let text = match value {
            Value::Null => continue,
            Value::Array(items) if items.is_empty() => continue,
            Value::Array(items) => items
                .iter()
                .map(|i| i.as_str().map_or_else(|| i.to_string(), str::to_owned))
                .collect::<Vec<_>>()
                .join("; "),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        out.push(format!("{}: {}", key.replace('_', " "), output::plain(&text)));
    }
    out
}

/// Notes in the audit log that `by` changed the watchlist file. Where there is no store yet, or it cannot be had, the service
/// notes the difference when it sees it.
pub(super) fn note_watchlist(config: &Config, by: &str) {
    let change = Change::Watchlist {
        by: format!("{by}, {}", user()),
        watchlist: Box::new(config.watchlist.clone()),
        anonymity: config.anonymity.clone(),
    };
    let noted = std::thread::scope(|scope| {
        // A thread of its own: the caller may be within a runtime already.
        let work = scope.spawn(|| {
            super::small_runtime()?.block_on(async {
                let mut source = Source::new(config);
                if source.is_there() { source.change(&change).await.map(drop) } else { Ok(()) }
            })
        });
        work.join().unwrap_or(Ok(()))
    });
    if let Err(error) = noted {
        tracing::debug!("the audit log will note the change of the watchlist at the next start: {error}");
    }
}

/// Notes in the audit log that the store was made anew by `by`, and forgets again what came back with it. Says whether anything
/// that was forgotten had come back.
///
/// # Errors
/// When that could not be done: the words are in the store until the service starts.
pub(in crate::cli) fn after_replacing(config: &Config, by: &str, detail: Value) -> Result<bool, CliError> {
    super::small_runtime()?.block_on(async {
        let mut source = Source::new(config);
        let act = Act { act: ActKind::Restored, by: format!("{by}, {}", user()), detail };
        let noted = match source.open() {
            Ok(store) => store.audit(act, SystemClock.now()).await.map_err(|e| super::ask::store_error(&e)),
            Err(error) => Err(error),
        };
        if let Err(error) = noted {
            tracing::warn!("the audit log could not take note of it: {error}");
        }
        source.finish_forgetting().await.map_err(|error| CliError {
            message: format!(
                "the store is in its place, but holds again what was forgotten, and that could not be taken out: {error}; \
                 `conductwatch run` does it at its start, before anything else"
            ),
            ..error
        })
    })
}

/// Says what became of what had been forgotten.
pub(in crate::cli) fn tell_forgotten(again: bool, known_since: Option<jiff::Timestamp>) {
    if again {
        return output::line(
            "what was forgotten since then had come back with it, and was forgotten again (`conductwatch audit`)",
        );
    }
    if let Some(made) = known_since {
        output::say(&format!(
            "whoever was forgotten after {} in a store of another folder is in this one again: forget them once more \
             (`conductwatch audit` of that store says when something was)",
            made.strftime("%-d %B %Y, %H:%M:%S UTC")
        ));
    }
}
