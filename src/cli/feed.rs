//! `conductwatch feed`: read feed files, or try a feed.

use super::output::{self, CliError};
use crate::stages::parse::parse_feed;
use serde_json::json;
use url::Url;

/// Arguments of `feed`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print what is read out of feed files.
    Parse(ParseArgs),
}

/// Arguments of `feed parse`.
#[derive(Debug, clap::Args)]
struct ParseArgs {
    /// Print one JSON object a file.
    #[arg(long)]
    json: bool,
    /// Address the file came from; relative links are resolved against it.
    #[arg(long, default_value = "http://feed.invalid/")]
    url: Url,
    /// `Content-Type` header it came with.
    #[arg(long)]
    content_type: Option<String>,
    /// Feed files, `-` for standard input.
    #[arg(required = true)]
    files: Vec<String>,
}

/// Runs `feed`.
///
/// # Errors
/// When a file cannot be read, or is no feed.
pub(super) fn run(args: Args) -> Result<(), CliError> {
    let Command::Parse(args) = args.command;
    for file in &args.files {
        let bytes = output::read_file(file)?;
        match parse_feed(&bytes, &args.url, args.content_type.as_deref()) {
            Err(e) => output::json(&json!({ "file": file, "error": e.to_string() })),
            Ok(feed) => {
                let entries: Vec<_> = feed
                    .entries
                    .iter()
                    .map(|e| json!({ "id": e.document_id, "key": e.key, "link": e.link, "title": e.title, "published": e.published.or(e.updated) }))
                    .collect();
                output::json(&json!({ "file": file, "title": feed.title, "entries": entries }));
            }
        }
    }
    Ok(())
}
