//! `conductwatch extract`: find who is named and what is reported in pages or plain texts.

use super::output::{self, CliError};
use crate::config::watchlist::parse_watchlist;
use crate::domain::{Extraction, Page, Span, Watchlist};
use crate::stages::{clean::clean, extract::Extractor};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Arguments of `extract`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print one JSON object a file.
    #[arg(long)]
    json: bool,
    /// Watchlist file.
    #[arg(long)]
    watchlist: String,
    /// Publication time, RFC 3339 or a bare date, where the file does not tell.
    #[arg(long, value_parser = parse_time)]
    published: Option<Timestamp>,
    /// Time of the last change.
    #[arg(long, value_parser = parse_time)]
    modified: Option<Timestamp>,
    /// HTML pages or plain texts, `-` for standard input.
    #[arg(required = true)]
    files: Vec<String>,
}

/// A time given on the command line: RFC 3339, or a bare date (its midnight in London).
pub(super) fn parse_time(text: &str) -> Result<Timestamp, String> {
    text.parse::<Timestamp>().or_else(|_| {
        text.parse::<jiff::civil::Date>()
            .and_then(|d| d.in_tz("Europe/London"))
            .map(|z| z.timestamp())
            .map_err(|_| format!("not an RFC 3339 time or a date like 2022-02-10: {text:?}"))
    })
}

/// Reads the watchlist file at `path`.
///
/// # Errors
/// When it cannot be read, or has a problem; every problem is named.
pub(super) fn read_watchlist(path: &str) -> Result<Watchlist, CliError> {
    let bytes = output::read_file(path)?;
    let text = String::from_utf8(bytes).map_err(|_| CliError::config(format!("{path}: not UTF-8")))?;
    parse_watchlist(path, &text).map_err(CliError::config)
}

/// Runs `extract`.
///
/// # Errors
/// When a file cannot be read or the watchlist has a problem.
pub(super) fn run(args: Args) -> Result<(), CliError> {
    let extractor = Extractor::new(&read_watchlist(&args.watchlist)?);
    for file in &args.files {
        let page = Page { url: None, content_type: None, body: output::read_file(file)? };
        let mut article = clean(&page).article;
        article.published = args.published.or(article.published);
        article.modified = args.modified.or(article.modified);
        let found = extractor.extract(&article);
        let mut value = extraction_json(&article.text(), &found);
        value["file"] = json!(file);
        output::json(&value);
    }
    Ok(())
}

/// The extraction as JSON, its offsets as code points of `text`.
pub(super) fn extraction_json(text: &str, found: &Extraction) -> Value {
    let points = CodePoints::new(text);
    let ids = |refs: &[crate::domain::EntityRef]| refs.iter().map(|r| r.id.clone()).collect::<Vec<_>>();
    json!({
        "clean_text": text,
        "skipped": found.skipped,
        "mentions": found.mentions.iter().map(|m| {
            let (start, end) = points.of(m.span);
            json!({ "start": start, "end": end, "text": m.span.of(text), "kind": m.kind, "entity": m.entity, "nominal": m.nominal, "rule": m.rule })
        }).collect::<Vec<_>>(),
        "entities": found.entities,
        "quotes": found.quotes.iter().map(|q| {
            let (start, end) = points.of(q.span);
            json!({ "text": q.text, "start": start, "end": end, "speaker": q.speaker, "group": q.group, "partial": q.partial, "rule": q.rule })
        }).collect::<Vec<_>>(),
        "keywords": found.keyword_hits.iter().map(|h| json!({ "keyword": h.keyword, "sentence": h.sentence })).collect::<Vec<_>>(),
        "developments": found.reports.iter().map(|r| json!({
            "type": r.kind, "who": ids(&r.who), "body": ids(&r.body), "about": ids(&r.about), "unnamed": r.unnamed,
            "date": r.date, "status": r.status, "stage": r.stage, "detail": r.detail, "evidence": r.evidence.text,
            "certainty": r.certainty, "trace": r.trace,
        })).collect::<Vec<_>>(),
        "doubts": found.doubts,
    })
}

/// Byte offsets of a text as code-point offsets.
struct CodePoints<'a> {
    text: &'a str,
}

impl<'a> CodePoints<'a> {
    fn new(text: &'a str) -> Self {
        Self { text }
    }

    fn of(&self, span: Span) -> (usize, usize) {
        let count = |end: usize| self.text.get(..end).map_or(0, |t| t.chars().count());
        (count(span.start), count(span.end))
    }
}
