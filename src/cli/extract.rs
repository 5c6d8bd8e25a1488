//! `conductwatch extract`: find who is named and what is reported in pages or plain texts.

use super::output::paint::{BOLD, CYAN, DIM, GREEN, MAGENTA, YELLOW};
use super::output::{self, CliError, Paint};
use crate::config::watchlist::parse_watchlist;
use crate::domain::{Article, EntityKind, EntityRef, Extraction, Page, Span, Watchlist};
use crate::stages::{clean::clean, extract::Extractor};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Arguments of `extract`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON, one object a file.
    #[arg(long)]
    json: bool,
    /// Watchlist file.
    #[arg(long, value_name = "FILE")]
    watchlist: String,
    /// Publication time, RFC 3339 or a bare date, where the file does not tell.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    published: Option<Timestamp>,
    /// Time of the last change.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
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
    let bytes = super::files::read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| CliError::config(format!("{path}: not UTF-8 text")))?;
    parse_watchlist(path, &text).map_err(CliError::config)
}

/// Runs `extract`.
///
/// # Errors
/// When a file cannot be read or the watchlist has a problem.
pub(super) fn run(args: Args) -> Result<(), CliError> {
    let extractor = Extractor::new(&read_watchlist(&args.watchlist)?);
    for (at, file) in args.files.iter().enumerate() {
        let page = Page { url: None, content_type: None, body: super::files::read_page(file)? };
        let mut article = clean(&page).article;
        article.published = args.published.or(article.published);
        article.modified = args.modified.or(article.modified);
        let found = extractor.extract(&article);
        if args.json {
            let mut value = extraction_json(&article.text(), &found);
            value["file"] = json!(file);
            output::json(&value);
        } else {
            if at > 0 {
                output::line("");
            }
            if args.files.len() > 1 {
                output::line(&format!("== {file}"));
            }
            show(&article, &found, Paint::stdout());
        }
    }
    Ok(())
}

/// The article marked up, then what was found in it.
fn show(article: &Article, found: &Extraction, paint: Paint) {
    let text = article.text();
    paint.line(BOLD, article.headline.as_deref().unwrap_or("(no headline)"));
    if let Some(why) = &found.skipped {
        output::line(&format!("not read: {why}"));
    }
    output::line("");
    for line in marked(&text, found, paint).lines() {
        output::raw_line(&output::wrap(line, 0, output::width()));
    }
    let legend = |code, words: &str| paint.text(code, words);
    let kinds = if paint.is_on() {
        format!(
            "{}, {}, {}, {}",
            legend(GREEN, "watched"),
            legend(CYAN, "person or body"),
            legend(DIM, "place"),
            legend(YELLOW, "stands for one")
        )
    } else {
        "[name = entity]; a star before a watched one, a tilde before a description that stands for one".to_owned()
    };
    output::line("");
    output::raw_line(&format!("Marks: {kinds}"));
    let names = |refs: &[EntityRef]| refs.iter().map(|r| r.name.clone()).collect::<Vec<_>>().join(", ");
    heading(paint, "Developments", found.reports.len());
    for report in &found.reports {
        let mut facts = vec![format!("{:?}", report.status).to_lowercase()];
        facts.extend(report.date.map(|d| d.to_string()));
        let roles = [("who", &report.who), ("body", &report.body), ("about", &report.about)];
        facts.extend(roles.iter().filter(|(_, r)| !r.is_empty()).map(|(label, r)| format!("{label}: {}", names(r))));
        facts.extend(report.certainty.unsure_of().map(|what| format!("not sure {what}")));
        facts.extend(report.unnamed.iter().map(|u| format!("unnamed: {}", u.text)));
        paint.line(MAGENTA, &format!("{}: {}", report.kind.label(), facts.join("; ")));
        hang(&format!("    {}", report.evidence.text));
        let rules: Vec<&str> = report.trace.iter().map(|t| t.rule.as_str()).collect();
        paint.line(DIM, &format!("    rules: {}", rules.join(", ")));
    }
    heading(paint, "Quotes", found.quotes.iter().filter(|q| !q.partial).count());
    for quote in found.quotes.iter().filter(|q| !q.partial) {
        let speaker = quote.speaker.as_deref().map(|key| found.entity(key).map_or(key, |e| e.name.as_str()));
        hang(&format!("{}: “{}”", speaker.unwrap_or("(nobody)"), quote.text));
    }
    if !found.keyword_hits.is_empty() {
        heading(paint, "Keywords", found.keyword_hits.len());
        for hit in &found.keyword_hits {
            hang(&format!("{}: {}", hit.keyword, hit.sentence));
        }
    }
    if !found.doubts.is_empty() {
        heading(paint, "Could not tell", found.doubts.len());
        for doubt in &found.doubts {
            let kind = doubt.kind.map_or("something", |k| k.label());
            hang(&format!("{kind}: {} ({})", doubt.evidence, doubt.reason));
        }
    }
}

fn hang(text: &str) {
    output::line(&output::wrap(text, 4, output::width()));
}

fn heading(paint: Paint, title: &str, count: usize) {
    output::line("");
    paint.line(BOLD, &format!("{title}: {count}"));
}

/// The text with every mention marked: by colour at a terminal, in brackets elsewhere.
fn marked(text: &str, found: &Extraction, paint: Paint) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for mention in &found.mentions {
        let (Some(before), Some(words)) =
            (text.get(at..mention.span.start), text.get(mention.span.start..mention.span.end))
        else {
            continue;
        };
        let entity = found.entity(&mention.entity);
        let watched = entity.is_some_and(|e| e.watched);
        out.push_str(&output::printable(before));
        if paint.is_on() {
            let code = match mention.kind {
                _ if mention.nominal => YELLOW,
                _ if watched => GREEN,
                EntityKind::Place => DIM,
                EntityKind::Person | EntityKind::Body => CYAN,
            };
            out.push_str(&paint.text(code, words));
        } else if mention.kind == EntityKind::Place {
            out.push_str(&output::printable(words));
        } else {
            let (nominal, star) = (if mention.nominal { "~" } else { "" }, if watched { "*" } else { "" });
            let name = entity.map_or(mention.entity.as_str(), |e| e.key.as_str());
            out.push_str(&output::printable(&format!("[{nominal}{star}{words} = {name}]")));
        }
        at = mention.span.end;
    }
    out.push_str(&output::printable(text.get(at..).unwrap_or("")));
    out
}

/// The extraction as JSON, its offsets as code points of `text`.
pub(super) fn extraction_json(text: &str, found: &Extraction) -> Value {
    let points = CodePoints::new(text);
    let ids = |refs: &[EntityRef]| refs.iter().map(|r| r.id.clone()).collect::<Vec<_>>();
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
    bytes: &'a [u8],
    /// Code points that begin before each multiple of [`CodePoints::STEP`] bytes.
    steps: Vec<usize>,
}

impl<'a> CodePoints<'a> {
    const STEP: usize = 512;

    fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut steps = vec![0];
        let mut before = 0;
        for piece in bytes.chunks(Self::STEP) {
            before += starts(piece);
            steps.push(before);
        }
        Self { bytes, steps }
    }

    fn of(&self, span: Span) -> (usize, usize) {
        (self.before(span.start), self.before(span.end))
    }

    fn before(&self, at: usize) -> usize {
        let step = at / Self::STEP;
        let rest = self.bytes.get(step * Self::STEP..at.min(self.bytes.len())).map_or(0, starts);
        self.steps.get(step).copied().unwrap_or(0) + rest
    }
}

/// How many code points begin in `bytes`: every byte that does not go on with one.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| (**b & 0xc0) != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_code_points_wherever_they_lie() {
        let text = "“é” 𝔘 plain ".repeat(200);
        let points = CodePoints::new(&text);
        for (count, (at, _)) in text.char_indices().enumerate() {
            assert_eq!(points.of(Span::new(at, text.len())), (count, text.chars().count()));
        }
    }
}
