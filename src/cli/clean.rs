//! `conductwatch clean`: find the article in pages or plain texts.

use super::output::{self, CliError};
use crate::domain::Page;
use crate::stages::clean::clean;
use serde_json::json;
use url::Url;

/// Arguments of `clean`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print one JSON object a file.
    #[arg(long)]
    json: bool,
    /// Address the page came from.
    #[arg(long)]
    url: Option<Url>,
    /// HTML pages or plain texts, `-` for standard input.
    #[arg(required = true)]
    files: Vec<String>,
}

/// Runs `clean`.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn run(args: Args) -> Result<(), CliError> {
    for file in &args.files {
        let page = Page { url: args.url.clone(), content_type: None, body: output::read_file(file)? };
        let cleaned = clean(&page);
        let a = &cleaned.article;
        output::json(&json!({
            "file": file, "title": a.headline, "standfirst": a.standfirst, "byline": a.byline, "agency": a.agency,
            "published": a.published, "modified": a.modified, "outlet": a.outlet, "text": a.text(), "flags": a.flags,
            "captions": a.captions, "related": a.related, "dropped": cleaned.dropped,
        }));
    }
    Ok(())
}
