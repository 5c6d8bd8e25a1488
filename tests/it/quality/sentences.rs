//! Single sentences with their labels: how much of what reporters write is read at all.

use super::baseline::Figures;
use super::cases::root;
use super::scores::share;
use conductwatch::domain::{Article, Basis, Block, BlockKind, EntityRef, Report, Status, Watchlist};
use conductwatch::stages::extract::Extractor;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A sentence, or two where the second needs the first.
#[derive(Deserialize)]
struct Sentence {
    published: String,
    headline: bool,
    text: String,
    events: Vec<Event>,
}

/// What it tells.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    who: Vec<String>,
    date: Option<String>,
    status: String,
}

/// The files of labelled sentences.
pub(super) fn files() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(root().join("tests/quality/sentences")).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "jsonl"));
    files.sort();
    files
}

fn read(sentence: &Sentence, extractor: &Extractor) -> Vec<Report> {
    let block = Block { kind: BlockKind::Paragraph, text: sentence.text.clone() };
    let published = format!("{}T09:00:00Z", sentence.published).parse().ok();
    let basis = if sentence.headline { Basis::HeadlineOnly } else { Basis::Page };
    extractor.extract(&Article { blocks: vec![block], published, basis, ..Article::default() }).reports
}

/// Whether `found` are the persons of `names`, of whom a text may give a shorter form.
fn same(found: &[EntityRef], names: &[String]) -> bool {
    let lower = |s: &str| s.to_lowercase().replace('’', "'");
    let alike = |a: &str, b: &str| a == b || a.ends_with(&format!(" {b}")) || b.ends_with(&format!(" {a}"));
    found.iter().all(|f| names.iter().any(|n| alike(&lower(&f.name), &lower(n))))
        && names.iter().all(|n| found.iter().any(|f| alike(&lower(&f.name), &lower(n))))
}

/// The measures of one file: an event is found where its type and its persons are.
pub(super) fn measure(path: &Path) -> Figures {
    let extractor = Extractor::new(&Watchlist::default());
    let lines = std::fs::read_to_string(path).unwrap();
    let sentences: Vec<Sentence> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"))).collect();
    let (mut found, mut told, mut labelled, mut status, mut dates) = (0, 0, 0, 0, 0);
    let (mut whole, mut quiet, mut kept) = (0, 0, 0);
    for sentence in &sentences {
        let mut reports = read(sentence, &extractor);
        told += reports.len();
        labelled += sentence.events.len();
        let (all, mut right) = (reports.len(), 0);
        for event in &sentence.events {
            let hit = |r: &Report| r.kind.to_string() == event.kind && same(&r.who, &event.who);
            let Some(at) = reports.iter().position(hit) else { continue };
            let report = reports.remove(at);
            let new = (report.status == Status::New) == (event.status == "new");
            let date = report.date.map(|d| d.to_string()) == event.date;
            found += 1;
            status += usize::from(new);
            dates += usize::from(date);
            right += usize::from(new && date);
        }
        whole += usize::from(right == sentence.events.len() && right == all);
        quiet += usize::from(sentence.events.is_empty());
        kept += usize::from(sentence.events.is_empty() && all == 0);
    }
    let figures = [
        ("events f1", share(2 * found, told + labelled, 1.0)),
        ("events precision", share(found, told, 1.0)),
        ("status accuracy", share(status, found, 1.0)),
        ("dates right", share(dates, found, 1.0)),
        ("sentences wholly right", share(whole, sentences.len(), 1.0)),
        ("quiet sentences kept quiet", share(kept, quiet, 1.0)),
    ];
    figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
