//! `conductwatch config dump`: the configuration as it is understood.

use super::output::{self, CliError};
use crate::config::dump::dump;

/// Arguments of `config`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Every key with its value, defaults and paths filled in; of secrets only where they come from.
    #[command(after_help = "Examples:\n  conductwatch config dump\n  conductwatch config dump --json | jq .poll")]
    Dump(super::ask::AskArgs),
}

/// Runs `config`.
///
/// # Errors
/// Every problem of the configuration (78).
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let Command::Dump(args) = &args.command;
    let config = super::load_config(&args.config)?;
    let value = dump(&config);
    if args.json {
        output::json(&value);
        return Ok(());
    }
    for file in &config.files {
        output::line(&format!("# {}", file.display()));
    }
    let text = toml::to_string(&value).map_err(|e| CliError::io(format!("cannot print the configuration: {e}")))?;
    output::line(text.trim_end());
    Ok(())
}
