//! `conductwatch notify test`: tries a channel.

use super::ask::Source;
use super::output::{self, CliError};
use crate::adapters::clock::SystemClock;
use crate::app::wiring;
use crate::config::{ChannelConfig, Config, Outside, nearest};
use crate::domain::ChannelId;
use crate::pipeline::{Change, told_of_trial, try_channel};
use crate::ports::Clock as _;
use crate::stages::digest::trial;
use serde_json::Value;
use std::time::Duration;

/// How long the daemon may take: a mail server may well take two minutes.
const PATIENCE: Duration = Duration::from_secs(180);

/// Arguments of `notify`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Send an invented digest of real size through a channel, and tell what its peer says.
    #[command(
        after_help = "Examples:\n  conductwatch notify test desk\n  conductwatch notify test desk --json | jq -r .fault\n\nExit codes: 0 taken, 69 not taken, 78 the configuration or a login is wrong."
    )]
    Test {
        /// The channel's id.
        channel: String,
        /// Configuration file.
        #[arg(long, short, value_name = "FILE", env = "CONDUCTWATCH_CONFIG", default_value = super::DEFAULT_CONFIG)]
        config: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs `notify`.
///
/// # Errors
/// When the channel did not take the digest (69), or is not configured, or wrongly (78).
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let Command::Test { channel, config, json } = &args.command;
    let config = super::load_config(config)?;
    let own = find(&config, channel)?;
    let told = super::small_runtime()?.block_on(test(&config, own))?;
    if *json {
        output::json(&told);
    }
    let text = |key: &str| told[key].as_str().unwrap_or("");
    if told["taken"] == true {
        if !json {
            output::line(&format!("{channel}: taken: {}", text("answer")));
        }
        return Ok(());
    }
    let message = format!("{channel}: not taken ({}): {}", text("fault"), text("error"));
    // A wrong login, a folder that is not there or an address that may not be spoken to: the configuration is to be mended.
    let wrong = matches!(text("fault"), "auth" | "local");
    Err(if wrong { CliError::config(message) } else { CliError::unavailable(message) })
}

fn find<'a>(config: &'a Config, channel: &str) -> Result<&'a ChannelConfig, CliError> {
    config.channels.iter().find(|c| c.id.as_str() == channel).ok_or_else(|| {
        let ids: Vec<&str> = config.channels.iter().map(|c| c.id.as_str()).collect();
        let hint = match nearest(channel, ids.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", ids.join(", ")),
        };
        CliError::config(format!("no channel has the id `{channel}`: {hint}"))
    })
}

/// Tries the channel as the configuration has it; by the running service where only that can read the channel's secrets.
async fn test(config: &Config, own: &ChannelConfig) -> Result<Value, CliError> {
    let outside = Outside::real();
    let secrets = match config.secrets(Some(&own.id), &outside) {
        Ok(secrets) => secrets,
        Err(problems) => {
            let inside = config.channel_secrets_of(&own.id).any(|source| source.only_inside_service(&outside));
            return match if inside { by_service(config, &own.id).await? } else { None } {
                Some(told) => Ok(told),
                None => Err(super::config_error(&problems)),
            };
        }
    };
    let channel = wiring::channel(config, own, &secrets).map_err(CliError::config)?;
    let now = SystemClock.now();
    let digest = trial(now, &config.digest.schedule.zone);
    Ok(told_of_trial(&own.id, &try_channel(channel.as_ref(), &digest, now).await))
}

async fn by_service(config: &Config, channel: &ChannelId) -> Result<Option<Value>, CliError> {
    Source::new(config).change_by_daemon(&Change::Try { channel: channel.clone() }, PATIENCE).await
}
