//! `conductwatch clean`: find the article in pages or plain texts.

use super::output::paint::{BOLD, CYAN, DIM, ITALIC, YELLOW};
use super::output::{self, CliError, Paint};
use crate::domain::{Article, BlockKind, Page};
use crate::stages::clean::{Cleaned, Sites, clean_with};
use jiff::Timestamp;
use serde_json::json;
use url::Url;

/// Arguments of `clean`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON, one object a file.
    #[arg(long)]
    json: bool,
    /// Address the page came from: links are resolved against it, and the rules for its site apply.
    #[arg(long, value_parser = super::files::address)]
    url: Option<Url>,
    /// File with rules for single sites, in the form of config/sites.toml, read after the built-in ones.
    #[arg(long, value_name = "FILE")]
    sites: Option<String>,
    /// HTML pages or plain texts, `-` for standard input.
    #[arg(required = true)]
    files: Vec<String>,
}

/// Runs `clean`.
///
/// # Errors
/// When a file cannot be read and no JSON was asked for (with `--json` its line says so, and the rest is read).
pub(super) fn run(args: Args) -> Result<(), CliError> {
    let paint = Paint::stdout();
    let sites = match &args.sites {
        None => Sites::embedded(),
        Some(path) => {
            let text = String::from_utf8(super::files::read(path)?)
                .map_err(|_| CliError::config(format!("{path}: not UTF-8 text")))?;
            Sites::embedded().and(Sites::parse(path, &text).map_err(CliError::config)?)
        }
    };
    for (at, file) in args.files.iter().enumerate() {
        let body = match super::files::read_page(file) {
            Ok(body) => body,
            Err(error) if args.json => {
                output::json(&json!({ "file": file, "error": error.message }));
                continue;
            }
            Err(error) => return Err(error),
        };
        let cleaned = clean_with(&Page { url: args.url.clone(), content_type: None, body }, &sites);
        if args.json {
            output::json(&as_json(file, &cleaned));
        } else {
            if at > 0 {
                output::line("");
            }
            if args.files.len() > 1 {
                output::line(&format!("== {file}"));
            }
            show(&cleaned, paint);
        }
    }
    Ok(())
}

fn as_json(file: &str, cleaned: &Cleaned) -> serde_json::Value {
    let a = &cleaned.article;
    json!({
        "file": file, "title": a.headline, "standfirst": a.standfirst, "byline": a.byline, "agency": a.agency,
        "published": a.published, "modified": a.modified, "outlet": a.outlet, "canonical": a.canonical, "language": a.language,
        "text": a.text(), "blocks": a.blocks, "flags": a.flags, "captions": a.captions, "related": a.related,
        "dropped": cleaned.dropped,
    })
}

fn show(cleaned: &Cleaned, paint: Paint) {
    let a = &cleaned.article;
    paint.line(BOLD, a.headline.as_deref().unwrap_or("(no headline)"));
    if let Some(standfirst) = &a.standfirst {
        paint.line(ITALIC, standfirst);
    }
    let facts = facts(a);
    if !facts.is_empty() {
        paint.line(CYAN, &facts.join(" | "));
    }
    for block in &a.blocks {
        output::line("");
        match block.kind {
            BlockKind::Paragraph => output::line(&output::wrap(&block.text, 0, output::width())),
            BlockKind::Subheading => paint.line(BOLD, &block.text),
            BlockKind::Quotation => output::say(&format!("> {}", block.text)),
            BlockKind::ListItem => output::say(&format!("- {}", block.text.trim_start_matches(['•', '-', '*', ' ']))),
            BlockKind::EmbeddedPost => output::say(&format!("[post] {}", block.text)),
            BlockKind::CorrectionNote => paint.line(YELLOW, &format!("[correction] {}", block.text)),
        }
    }
    if !cleaned.dropped.is_empty() {
        output::line("");
        paint.line(DIM, "Dropped:");
        for dropped in &cleaned.dropped {
            paint.line(DIM, &format!("  {}: {}", dropped.rule, dropped.text));
        }
    }
}

/// Writers, dates and flags, each with its name.
fn facts(a: &Article) -> Vec<String> {
    let london = |t: Timestamp| {
        t.in_tz("Europe/London").map_or_else(|_| t.to_string(), |z| z.strftime("%-d %B %Y, %H:%M %Z").to_string())
    };
    let flag = |f| serde_json::to_value(f).ok().and_then(|v| v.as_str().map(|s| s.replace('_', " ")));
    let mut facts = Vec::new();
    if !a.byline.is_empty() {
        facts.push(format!("by {}", a.byline.join(", ")));
    }
    facts.extend(a.agency.iter().map(|agency| format!("agency {agency}")));
    facts.extend(a.outlet.clone());
    facts.extend(a.published.map(|t| format!("published {}", london(t))));
    facts.extend(a.modified.map(|t| format!("changed {}", london(t))));
    if !a.flags.is_empty() {
        facts.push(format!("flags: {}", a.flags.iter().filter_map(flag).collect::<Vec<_>>().join(", ")));
    }
    facts
}
