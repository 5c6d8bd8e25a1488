//! The command line: one file for each group of commands.

mod clean;
mod extract;
mod feed;
mod output;
mod select;
mod settle;

pub use output::CliError;

use clap::{Parser, Subcommand};

/// Watches the news about police conduct and tells, once, what is new about the people and bodies you follow.
#[derive(Debug, Parser)]
#[command(name = "conductwatch", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read feed files, or try a feed.
    Feed(feed::Args),
    /// Show which entries' pages would be fetched.
    Select(select::Args),
    /// Find the article in pages or plain texts.
    Clean(clean::Args),
    /// Find who is named and what is reported in pages or plain texts.
    Extract(extract::Args),
    /// Settle labelled reports: which tell the same event, and which are alerted.
    Settle(settle::Args),
}

/// Runs the command that `cli` names.
///
/// # Errors
/// With the message for the user and the exit code.
pub fn run(cli: Cli) -> Result<(), CliError> {
    match cli.command {
        Command::Feed(args) => feed::run(args),
        Command::Select(args) => select::run(args),
        Command::Clean(args) => clean::run(args),
        Command::Extract(args) => extract::run(args),
        Command::Settle(args) => settle::run(args),
    }
}

/// Prints `error` to standard error.
pub fn complain(error: &CliError) {
    use std::io::Write as _;
    // Nothing is left to tell when standard error itself is closed.
    drop(writeln!(std::io::stderr(), "conductwatch: {}", output::printable(&error.message)));
}
