//! `conductwatch digest`: what was sent where, and sending it again.

use super::ask::{AskArgs, Source, answer_with};
use super::output::{self, CliError};
use crate::domain::ChannelId;
use crate::pipeline::{Change, Question};
use serde_json::Value;

/// Arguments of `digest`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// All digests, and how the delivery of each to each channel stands.
    #[command(
        after_help = "Examples:\n  conductwatch digest list\n  conductwatch digest list --json | jq '.outbox[] | select(.state == \"dead\")'"
    )]
    List(AskArgs),
    /// One digest as text, or as HTML.
    #[command(
        after_help = "Examples:\n  conductwatch digest show\n  conductwatch digest show 20260301-0730-1a2b3c --html > digest.html"
    )]
    Show {
        /// Its id, or `latest`; of an id the beginning is enough.
        #[arg(default_value = "latest")]
        id: String,
        /// Print HTML.
        #[arg(long)]
        html: bool,
        #[command(flatten)]
        ask: AskArgs,
    },
    /// Send what is stored of somebody's past, and nobody was told, as one digest.
    #[command(
        after_help = "Example:\n  conductwatch digest past \"Orla Brackenridge\" --since 365d\n\nSomebody who is new in the watchlist gets this by itself, as far back as `[digest] past` says."
    )]
    Past(super::past::Args),
    /// Send a digest again to the channels that did not take it, or to one of your choice.
    ///
    /// What was given up goes out under its old key, so that who has it after all can tell. What a channel took is sent once more
    /// only where --channel names it, and under a new key. Without a running service it goes out at the next start.
    #[command(
        after_help = "Examples:\n  conductwatch digest resend 20260301-0730-1a2b3c\n  conductwatch digest resend latest --channel desk"
    )]
    Resend {
        /// Its id, or `latest`; of an id the beginning is enough.
        id: String,
        /// Only to this channel, also where it took the digest.
        #[arg(long)]
        channel: Option<String>,
        #[command(flatten)]
        ask: AskArgs,
    },
}

/// Runs `digest`.
///
/// # Errors
/// When there is no such digest or nothing to send again (65), or the store cannot be asked.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    match &args.command {
        Command::List(args) => answer_with(args, &Question::Digests, |teller, value| teller.digests(value)),
        Command::Show { id, html, ask: args } => {
            let key = if *html { "html" } else { "text" };
            let question = Question::Digest { id: id.clone() };
            answer_with(args, &question, |_, value| value[key].as_str().unwrap_or("").trim_end().to_owned())
        }
        Command::Past(args) => super::past::run(args),
        Command::Resend { id, channel, ask } => resend(id, channel.as_deref(), ask),
    }
}

fn resend(id: &str, channel: Option<&str>, args: &AskArgs) -> Result<(), CliError> {
    let config = super::load_config(&args.config)?;
    let channel = channel.map(ChannelId::parse).transpose().map_err(|e| CliError::data(format!("--channel: {e}")))?;
    let change = Change::Resend { digest: id.to_owned(), channel };
    let value = super::small_runtime()?.block_on(Source::new(&config).change(&change))?;
    if args.json {
        output::json(&value);
        return Ok(());
    }
    let digest = value["digest"].as_str().unwrap_or(id);
    for one in value["resent"].as_array().map_or(&[][..], Vec::as_slice) {
        let text = |key: &str| one[key].as_str().unwrap_or("").to_owned();
        let was = match one["was"].as_str() {
            Some("sent") => "which has it already: under a new key".to_owned(),
            Some("given_up") => "where it was given up: under its old key".to_owned(),
            _ => "where it waits for another attempt".to_owned(),
        };
        output::say(&format!("digest {digest} goes to {} again, {was}", text("channel")));
    }
    output::line("how it went: conductwatch digest list");
    Ok(())
}

/// How deliveries stand, in words: for one, `desk: given up after 3 attempts`.
pub(super) fn standing(delivery: &Value) -> String {
    let text = |key: &str| delivery[key].as_str().unwrap_or("");
    let attempts = delivery["attempts"].as_u64().unwrap_or(0);
    let tried = output::count(attempts, "attempt");
    match text("state") {
        "sent" => format!("{}: delivered", text("channel")),
        "dead" => format!("{}: given up after {tried}", text("channel")),
        _ if attempts == 0 => format!("{}: waits", text("channel")),
        _ => format!("{}: waits after {tried}", text("channel")),
    }
}
