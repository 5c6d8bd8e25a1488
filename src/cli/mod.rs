//! The command line: one file for each group of commands.

mod ask;
mod check;
mod clean;
mod config;
mod demo;
mod digest;
mod documents;
mod extract;
mod feed;
mod files;
mod former;
mod ingest;
mod init;
mod mute;
mod notify;
mod output;
mod past;
mod rehearse;
mod reload;
mod reprocess;
mod rights;
mod ruling;
mod run;
mod select;
mod settle;
mod status;
mod store;
mod stored;
mod table;
mod tell;
mod timeline;
mod watch;
mod write_back;

pub use output::CliError;

use crate::config::{Config, Problem, load_file};
use clap::{Parser, Subcommand};
use std::path::Path;

/// Exit code of wrong usage, by sysexits.
pub const USAGE: u8 = 64;

/// The configuration that is used when none is named.
const DEFAULT_CONFIG: &str = "/etc/conductwatch/conductwatch.toml";

/// Watches the news about police conduct and tells, once, what is new about the people and bodies you follow.
#[derive(Debug, Parser)]
#[command(
    name = "conductwatch",
    version,
    about,
    after_help = "First steps:\n  conductwatch demo                    see it at work\n  conductwatch init ~/conductwatch     write a first configuration\n\nExit codes, by sysexits: 0 done, 64 wrong usage, 65 wrong data, 66 no input, 69 something is unavailable, 70 a fault of ours, 73 cannot make a file, 74 a fault of the disk, 75 try again later, 78 wrong configuration. What a command's own help says of them comes on top."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to use colours; `auto`: at a terminal, unless NO_COLOR is set.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = output::Color::Auto)]
    color: output::Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a commented first configuration into a folder.
    #[command(
        after_help = "Example:\n  conductwatch init ~/conductwatch\n\nExit codes: 73 where a configuration is there already."
    )]
    Init(init::Args),
    /// Name every problem of a configuration, without starting anything.
    #[command(
        after_help = "Example:\n  conductwatch check --config ~/conductwatch/conductwatch.toml\n\nExit codes: 0 no problem, 78 problems."
    )]
    Check(check::Args),
    /// Run the service: poll, read, decide, send digests.
    #[command(
        after_help = "Examples:\n  conductwatch run --config ~/conductwatch/conductwatch.toml\n  conductwatch run --once --config ~/conductwatch/conductwatch.toml\n\nExit codes: 0 ended as asked, 75 where another runs, 78 wrong configuration."
    )]
    Run(run::Args),
    /// See everything at work on an invented newsroom, without network or set-up.
    #[command(after_help = "Examples:\n  conductwatch demo\n  conductwatch demo --dir /tmp/demo")]
    Demo(demo::Args),
    /// Is it well? The verdict first, then sources, queues, digests, deliveries and the service itself.
    #[command(
        after_help = "Examples:\n  conductwatch status\n  conductwatch status --json | jq -r '.needs[]'\n\nExit codes: 0 well, 1 something needs a look, 69 the service does not run."
    )]
    Status(ask::AskArgs),
    /// Make the running service take its changed configuration.
    #[command(
        after_help = "Example:\n  conductwatch reload\n\nA configuration with problems is not taken: all are named, and the one before stays in use.\n\nExit codes: 69 where no service runs, 78 where the configuration has problems."
    )]
    Reload(ask::AskArgs),
    /// Print the configuration as it is understood, with every default and without secrets.
    #[command(after_help = "Example:\n  conductwatch config dump")]
    Config(config::Args),
    /// Why was there an alert, or none: the trail of decisions.
    #[command(
        after_help = "Examples:\n  conductwatch why 6782424549f75b39\n  conductwatch why https://news.example/2026/03/officer-charged\n\nExit codes: 65 where nothing is stored about it."
    )]
    Why(ask::WhyArgs),
    /// Who is watched: add a name and see how it hits, try it on what is stored, list all.
    #[command(after_help = "Example:\n  conductwatch watch list")]
    Watch(watch::Args),
    /// What happened to a person or body, in order, with sources, and how they stand by it.
    #[command(
        after_help = "Examples:\n  conductwatch timeline \"Orla Brackenridge\"\n  conductwatch timeline metropolitan-police --json | jq .standing\n\nExit codes: 65 where nobody of that name is watched or stored."
    )]
    Timeline(timeline::Args),
    /// List all alerts.
    #[command(
        after_help = "Examples:\n  conductwatch alerts\n  conductwatch alerts --held\n  conductwatch alerts --json | jq '.alerts[] | select(.level == \"major\") | .url'"
    )]
    Alerts(ask::AlertsArgs),
    /// Say that an alert is wrong, so that its like is not told again.
    #[command(after_help = "Example:\n  conductwatch alert wrong 6782424549f75b39 --not-new")]
    Alert(ruling::AlertArgs),
    /// Say which reports tell one event: merge and split developments by hand.
    #[command(after_help = "Example:\n  conductwatch development merge 23114e48014b42bb 7cc3330b9a7c2e78")]
    Development(ruling::DevelopmentArgs),
    /// Tell nothing of a name or story until a date.
    #[command(
        after_help = "Examples:\n  conductwatch mute \"Orla Brackenridge\" --until 2026-12-31\n  conductwatch mute 6782424549f75b39 --until 2026-12-31\n\nThe second mutes the story of that alert.\n\nExit codes: 65 where nobody and nothing of that name is known."
    )]
    Mute(mute::MuteArgs),
    /// Tell again what was muted.
    #[command(
        after_help = "Example:\n  conductwatch unmute \"Orla Brackenridge\"\n\nExit codes: 65 where it is not muted."
    )]
    Unmute(mute::UnmuteArgs),
    /// Forget a person, or what stands at an address: everywhere, for good.
    #[command(
        after_help = "Examples:\n  conductwatch forget \"Orla Brackenridge\" --alias \"Orla Hale\" --dry-run\n  conductwatch forget https://news.example/2026/03/officer-charged --yes\n\nExit codes: 64 without --yes where nobody can be asked, 65 where nobody can be meant."
    )]
    Forget(rights::ForgetArgs),
    /// Show and check the log of acts: what was forgotten, masked, watched, merged, restored, sent again.
    #[command(
        after_help = "Examples:\n  conductwatch audit\n  conductwatch audit --verify\n  conductwatch audit --json | jq '.lines[] | select(.act == \"watchlist\")'\n\nExit codes: 65 where the chain does not hold."
    )]
    Audit(rights::AuditArgs),
    /// Take a backup, also while the service runs.
    #[command(
        after_help = "Examples:\n  conductwatch backup /mnt/backups\n  conductwatch backup /mnt/backups --keep 14\n\nIt holds the store, not the configuration and no secrets. It is read back before it counts.\n\nExit codes: 65 where it was not whole when read back, 73 where the folder cannot be written."
    )]
    Backup(store::BackupArgs),
    /// Make the store what a backup holds.
    #[command(
        after_help = "Examples:\n  conductwatch restore /mnt/backups/conductwatch-20260301T070000Z\n  conductwatch restore --replace /mnt/backups/conductwatch-20260301T070000Z\n\nThe backup is checked before anything is touched. The service must not be running.\n\nExit codes: 65 where the backup is not whole, of a newer version, or a store is there; 75 while the service runs."
    )]
    Restore(store::RestoreArgs),
    /// Write everything, or the alerts, for other programs.
    #[command(
        after_help = "Examples:\n  conductwatch export --output store.ndjson\n  conductwatch export alerts --csv --output alerts.csv\n  conductwatch export | jq -c 'select(.kind == \"alert\").id'"
    )]
    Export(store::ExportArgs),
    /// Make a store of what `export` wrote.
    #[command(
        after_help = "Example:\n  conductwatch import store.ndjson\n\nThe service must not be running.\n\nExit codes: 65 where the file is not whole, of a newer version, or a store is there; 75 while the service runs."
    )]
    Import(store::ImportArgs),
    /// Read everything that is stored, and name what is wrong.
    #[command(
        after_help = "Examples:\n  conductwatch verify\n  conductwatch verify /mnt/backups/conductwatch-20260301T070000Z\n\nExit codes: 65 where something is wrong."
    )]
    Verify(store::VerifyArgs),
    /// Make a damaged store anew from what can be read of it and the archive.
    #[command(
        after_help = "Example:\n  conductwatch rebuild\n\nThe service must not be running. The old one is moved aside.\n\nExit codes: 66 where there is no store, 75 while the service runs."
    )]
    Rebuild(store::RebuildArgs),
    /// Give room back to the disk, also while the service runs.
    #[command(after_help = "Example:\n  conductwatch compact")]
    Compact(store::CompactArgs),
    /// List digests, show one, or send one again.
    #[command(after_help = "Example:\n  conductwatch digest show")]
    Digest(digest::Args),
    /// Try a channel.
    #[command(after_help = "Example:\n  conductwatch notify test desk")]
    Notify(notify::Args),
    /// List what selection passed over.
    #[command(after_help = "Example:\n  conductwatch passed-over --limit 20")]
    PassedOver(ask::PassedOverArgs),
    /// Show how each feed stands, or read feed files.
    #[command(after_help = "Example:\n  conductwatch feed list")]
    Feed(feed::Args),
    /// Show which entries' pages would be fetched.
    #[command(
        after_help = "Example:\n  conductwatch select --watchlist watchlist.toml entries.jsonl\n\nA line of entries.jsonl:\n  {\"id\": 1, \"title\": \"Sergeant charged\", \"url\": \"https://news.example/1\"}"
    )]
    Select(select::Args),
    /// Find the article in pages or plain texts.
    #[command(
        after_help = "Examples:\n  conductwatch clean page.html\n  curl -s https://news.example/1 | conductwatch clean -"
    )]
    Clean(clean::Args),
    /// Find who is named and what is reported in pages or plain texts.
    #[command(
        after_help = "Examples:\n  conductwatch extract --watchlist watchlist.toml page.html\n  conductwatch extract --watchlist watchlist.toml --published 2026-03-10 a.txt"
    )]
    Extract(extract::Args),
    /// Settle labelled reports: which tell the same event, and which are alerted.
    #[command(after_help = "Example:\n  conductwatch settle --watchlist watchlist.toml articles.jsonl")]
    Settle(settle::Args),
    /// What other rules would have told of what is stored, and in how many mails. Sends and stores nothing.
    #[command(
        after_help = "Examples:\n  conductwatch rehearse --watchlist new.toml --since 90d\n  conductwatch rehearse --since 30d\n  conductwatch rehearse --json | jq '.mails.would_be | length'\n\nWithout --watchlist the configuration is tried as it is, before the service takes it."
    )]
    Rehearse(rehearse::Args),
    /// After an upgrade: what the rules find otherwise in the articles that are stored. Never alerts.
    #[command(
        after_help = "Examples:\n  conductwatch reprocess --since 90d\n  conductwatch reprocess --json | jq 'select(.totals)'"
    )]
    Reprocess(reprocess::Args),
    /// Read files into a store as the service would, and print the alerts.
    #[command(
        after_help = "Example:\n  conductwatch ingest --store /tmp/s --watchlist w.toml --manifest files.jsonl\n\nA line of files.jsonl:\n  {\"file\": \"1.html\", \"published\": \"2026-03-10T08:00:00Z\", \"outlet\": \"Echo\"}",
        override_usage = "conductwatch ingest [OPTIONS] --store <DIR>\n           --watchlist <FILE> --manifest <FILE>"
    )]
    Ingest(ingest::Args),
    /// Write what a package ships beside the program: man pages, completions of shells, the first configuration.
    #[command(hide = true, after_help = "Example:\n  conductwatch documents target/documents")]
    Documents(documents::Args),
}

/// A runtime for commands: one thread, so that simulated time is deterministic.
///
/// # Errors
/// When the system has no room for it.
fn small_runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| CliError::io(format!("cannot start the runtime: {e}")))
}

/// Runs the command that `cli` names.
///
/// # Errors
/// With the message for the user and the exit code.
pub fn run(cli: Cli) -> Result<(), CliError> {
    output::use_color(cli.color);
    match cli.command {
        Command::Init(args) => init::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Status(args) => status::run(&args),
        Command::Reload(args) => reload::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Documents(args) => documents::run(&args),
        Command::Why(args) => ask::why(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Timeline(args) => timeline::run(&args),
        Command::Alert(args) => ruling::alert(&args),
        Command::Development(args) => ruling::development_command(&args),
        Command::Mute(args) => mute::mute(&args),
        Command::Unmute(args) => mute::unmute(&args),
        Command::Alerts(args) => ask::alerts(&args),
        Command::Forget(args) => rights::forget(&args),
        Command::Audit(args) => rights::audit(&args),
        Command::Backup(args) => store::backup(&args),
        Command::Restore(args) => store::restore(&args),
        Command::Export(args) => store::export(&args),
        Command::Import(args) => store::import(&args),
        Command::Verify(args) => store::verify(&args),
        Command::Rebuild(args) => store::rebuild(&args),
        Command::Compact(args) => store::compact(&args),
        Command::Digest(args) => digest::run(&args),
        Command::Notify(args) => notify::run(&args),
        Command::PassedOver(args) => ask::passed_over(&args),
        Command::Feed(args) => feed::run(args),
        Command::Select(args) => select::run(args),
        Command::Clean(args) => clean::run(args),
        Command::Extract(args) => extract::run(args),
        Command::Settle(args) => settle::run(args),
        Command::Rehearse(args) => rehearse::run(&args),
        Command::Reprocess(args) => reprocess::run(&args),
        Command::Ingest(args) => ingest::run(&args),
    }
}

/// Loads the configuration at `path`.
///
/// # Errors
/// Every problem of it (78).
pub fn load_config(path: &str) -> Result<Config, CliError> {
    let config = load_file(Path::new(path), &known_bodies()).map_err(|problems| config_error(&problems))?;
    output::mask(&config.anonymity);
    Ok(config)
}

/// The ids of the built-in bodies.
fn known_bodies() -> Vec<&'static str> {
    crate::stages::extract::who::known_body_ids().collect()
}

/// All `problems` as one message, each on a line of its own.
fn config_error(problems: &[Problem]) -> CliError {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    CliError::config(format!("wrong configuration:\n{}", lines.join("\n")))
}

/// Prints `error` to standard error; nothing where the answer itself has said all.
pub fn complain(error: &CliError) {
    use std::io::Write as _;
    if error.message.is_empty() {
        return;
    }
    let message = format!("conductwatch: {}", output::printable(&output::masked(&error.message)));
    let width = output::error_width();
    let lines: Vec<String> = message.lines().map(|line| output::wrap(line, 2, width)).collect();
    // Nothing is left to tell when standard error itself is closed.
    drop(writeln!(std::io::stderr(), "{}", lines.join("\n")));
}
