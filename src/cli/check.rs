//! `conductwatch check`: everything that is wrong with a configuration, and what it comes to.

use super::output::{self, CliError};
use crate::adapters::clock::SystemClock;
use crate::app::wiring;
use crate::config::{ChannelKind, Config, Outside, Problem, duration_text};
use crate::domain::{DigestSchedule, DigestTimes};
use crate::ports::Clock as _;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::path::Path;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Configuration file.
    #[arg(long, short, value_name = "FILE", env = "CONDUCTWATCH_CONFIG", default_value = super::DEFAULT_CONFIG)]
    config: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs `check`. Nothing is started and nothing is written.
///
/// # Errors
/// Every problem of the configuration (78).
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let checked = check(Path::new(&args.config), &Outside::real());
    if args.json {
        output::json(&as_json(&checked));
    }
    match checked {
        Ok(_) if args.json => Ok(()),
        Ok((config, warnings)) => {
            for warning in &warnings {
                output::line(&format!("warning: {warning}"));
            }
            for line in summary(&config, SystemClock.now()) {
                output::line(&line);
            }
            Ok(())
        }
        // With --json the problems stand on standard output; the last line tells people how many there are.
        Err(problems) if args.json => Err(CliError::config(count(problems.len(), "problem"))),
        Err(problems) => Err(super::config_error(&problems)),
    }
}

/// The configuration with all warnings, or all problems, those with secrets included.
fn check(path: &Path, outside: &Outside<'_>) -> Result<(Config, Vec<Problem>), Vec<Problem>> {
    let (config, mut warnings) = wiring::load_checked(path, outside)?;
    let runtime = super::small_runtime().ok();
    warnings.extend(runtime.map(|r| r.block_on(super::former::warnings(&config))).unwrap_or_default());
    Ok((config, warnings))
}

fn count(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

/// What a configuration comes to, in a few lines.
fn summary(config: &Config, now: Timestamp) -> Vec<String> {
    let watch = &config.watchlist;
    let polled = config.feeds.iter().filter(|f| f.enabled).count();
    let mut lines = vec![
        format!(
            "{}, {polled} of them polled, every {} where nothing else is said",
            count(config.feeds.len(), "feed"),
            duration_text(config.poll.interval)
        ),
        format!(
            "watched: {}, {}, {}",
            count(watch.persons.len(), "person"),
            match watch.bodies.len() {
                1 => "1 body".to_owned(),
                n => format!("{n} bodies"),
            },
            count(watch.keywords.len(), "keyword")
        ),
        format!("digests: {}", schedule(&config.digest.schedule, now)),
    ];
    for channel in &config.channels {
        let gets = match (config.digest.channels.contains(&channel.id), config.gets_digests(&channel.id)) {
            (true, _) if config.routes.is_empty() => "",
            (true, _) => " (gets what no route takes)",
            (false, true) => " (gets what its routes take)",
            (false, false) => " (gets no digests)",
        };
        let place = match &channel.kind {
            ChannelKind::File { path } => format!("files in {}", path.display()),
            ChannelKind::Email(email) => {
                let to: Vec<String> = email.to.iter().map(ToString::to_string).collect();
                format!("mail to {} by {}:{}", to.join(", "), email.host, email.port)
            }
            ChannelKind::Webhook(webhook) => {
                let signed = if webhook.secret.is_some() { "signed" } else { "not signed" };
                format!("JSON to {}, {signed}", webhook.peer.address.shown())
            }
            ChannelKind::Slack(peer) => format!("chat messages to {}", peer.address.shown()),
            ChannelKind::Atom(atom) => format!("a feed of alerts in {}", atom.path.display()),
        };
        lines.push(format!("channel {}: {place}{gets}", channel.id));
    }
    if let Some(heartbeat) = &config.heartbeat {
        let every = duration_text(heartbeat.every);
        lines.push(format!("heartbeat: every {every} to {}", heartbeat.address.shown()));
    }
    lines.push(format!("store: {}", config.store.path.display()));
    lines.push(format!("control socket: {}", config.control.socket.display()));
    lines.push(format!("{}: no problem found", count(config.files.len(), "file")));
    lines
}

/// When digests are due, for people.
fn schedule(schedule: &DigestSchedule, now: Timestamp) -> String {
    let DigestTimes::At(times) = &schedule.times else {
        return format!("at once, times shown in {}", schedule.zone);
    };
    let times: Vec<String> = times.iter().map(|t| t.strftime("%H:%M").to_string()).collect();
    let days = if schedule.days.len() == 7 {
        String::new()
    } else {
        let names: Vec<String> = schedule.days.iter().map(|d| format!("{d:?}")).collect();
        format!(" on {}", names.join(", "))
    };
    let next = schedule.next_after(now).and_then(|due| due.in_tz(&schedule.zone).ok());
    let next = next.map(|due| due.strftime(", the next on %A %-d %B at %H:%M").to_string()).unwrap_or_default();
    format!("at {}{days} ({}){next}", times.join(", "), schedule.zone)
}

fn as_json(checked: &Result<(Config, Vec<Problem>), Vec<Problem>>) -> Value {
    let list = |problems: &[Problem]| -> Vec<Value> {
        problems.iter().map(|p| json!({ "file": p.file, "line": p.line, "key": p.key, "message": p.message })).collect()
    };
    match checked {
        Err(problems) => json!({ "ok": false, "problems": list(problems) }),
        Ok((config, warnings)) => json!({
            "ok": true,
            "warnings": list(warnings),
            "files": config.files,
            "feeds": config.feeds.len(),
            "persons": config.watchlist.persons.len(),
            "bodies": config.watchlist.bodies.len(),
            "keywords": config.watchlist.keywords.len(),
            "channels": config.channels.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(),
            "next_digest": config.digest.schedule.next_after(SystemClock.now()),
            "store": config.store.path,
            "socket": config.control.socket,
        }),
    }
}
