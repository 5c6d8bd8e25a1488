//! `conductwatch digest past`: what stored articles tell of somebody watched, and nobody was told, as one digest.

use super::ask::{AskArgs, Source};
use super::output::{self, CliError};
use super::watch::find_watched;
use crate::config::parse_duration;
use crate::pipeline::{Change, Question};
use crate::ports::Clock as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// Arguments of `digest past`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name, alias or id of a person or body of the watchlist.
    name: String,
    /// How far back: 90d, 12h.
    #[arg(long, value_name = "AGE", default_value = "90d", value_parser = parse_duration)]
    since: SignedDuration,
    #[command(flatten)]
    ask: AskArgs,
}

/// Runs `digest past`.
///
/// # Errors
/// When nobody of that name is watched (65), the configuration is wrong (78), or the store cannot be asked (66, 69, 74, 75).
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let config = super::load_config(&args.ask.config)?;
    let id = find_watched(&config.watchlist, &args.name)?;
    let name = config.watchlist.name_of(&id).unwrap_or(&id);
    let now = crate::adapters::clock::SystemClock.now();
    let from = now.checked_sub(args.since).unwrap_or(Timestamp::MIN);
    let (done, runs) = super::small_runtime()?.block_on(async {
        let mut source = Source::new(&config);
        let done = source.change(&Change::Past { of: id.clone(), from }).await?;
        let runs = source.ask(&Question::Status).await?["since_start"].is_object();
        Ok::<_, CliError>((done, runs))
    })?;
    if args.ask.json {
        output::json(&json!({ "done": done, "service_runs": runs }));
        return Ok(());
    }
    let day = from.in_tz(&config.digest.schedule.zone).map_or_else(|_| from.to_string(), |at| at.date().to_string());
    let when = if runs { "now" } else { "once the service runs" };
    output::say(&format!(
        "What is stored since {day} is read again for {name} {when}. What it tells of them, and nobody was told, comes as one \
         digest; without such, none."
    ));
    Ok(())
}
