//! The shared test feeds, cut and spoilt: reading them may fail, but only by saying so.

use base64::Engine as _;
use conductwatch::stages::parse::{ParseError, parse_feed};
use std::path::{Path, PathBuf};
use url::Url;

fn check(file: &Path, bytes: &[u8]) {
    let url = Url::parse("https://force.example/feed.xml").unwrap();
    if let Err(ParseError::NothingReadable { reason, .. }) = parse_feed(bytes, &url, Some("text/xml; charset=utf-8")) {
        assert!(!reason.contains("gave up"), "{}: the reader panicked on {} bytes of it", file.display(), bytes.len());
    }
}

/// The shared test feeds; `None`, with a line said, where they are absent. On CI their absence is a failure.
fn shared_feeds() -> Option<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/feeds");
    let mut files: Vec<PathBuf> = ["feedparser", "feed-rs", "gofeed", "miniflux", "self"]
        .iter()
        .filter_map(|group| std::fs::read_dir(root.join(group)).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    if files.is_empty() {
        assert!(std::env::var_os("CI").is_none(), "no test feeds in {}", root.display());
        println!("skipped: no test feeds in {}", root.display());
        return None;
    }
    Some(files)
}

#[test]
fn cut_and_spoilt_test_feeds_never_panic() {
    let Some(files) = shared_feeds() else { return };
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let steps = if bytes.len() < 4096 { 12 } else { 3 };
        for step in 0..steps {
            // A position that differs from file to file but not from run to run.
            let at = bytes.len() * step / steps + (step * 7) % (bytes.len() / steps).max(1);
            check(&file, &bytes[..at]);
            let mut spoilt = bytes.clone();
            for (offset, byte) in [(0, b'<'), (3, 0xff), (7, b'&'), (11, b'"'), (13, b'>')] {
                if let Some(b) = spoilt.get_mut(at + offset) {
                    *b = byte;
                }
            }
            check(&file, &spoilt);
        }
    }
}

/// A line of `tests/fixtures/odd_feeds.jsonl`: a document and what is read of it.
#[derive(serde::Deserialize)]
struct Odd {
    /// What is odd about it.
    name: String,
    text: Option<String>,
    /// In base64, where it is no UTF-8 or begins with a mark.
    bytes: Option<String>,
    content_type: Option<String>,
    /// Whether it must be refused, with a reason.
    #[serde(default)]
    refused: bool,
    /// Id, link, title and publication time of each entry.
    #[serde(default)]
    entries: Vec<[Option<String>; 4]>,
}

impl Odd {
    fn document(&self) -> Vec<u8> {
        match (&self.text, &self.bytes) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(bytes)) => base64::engine::general_purpose::STANDARD.decode(bytes).unwrap(),
            (None, None) => panic!("{}: no document", self.name),
        }
    }
}

#[test]
fn odd_documents_are_read_as_they_were_meant() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/odd_feeds.jsonl");
    let lines = std::fs::read_to_string(path).unwrap();
    let cases: Vec<Odd> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(cases.len() >= 200, "only {} documents", cases.len());
    let url = Url::parse("https://force.example/news/feed.xml").unwrap();
    let mut faults = Vec::new();
    for case in &cases {
        match parse_feed(&case.document(), &url, case.content_type.as_deref()) {
            Ok(_) if case.refused => faults.push(format!("{}: read, and not refused", case.name)),
            Ok(feed) => {
                let read: Vec<[Option<String>; 4]> = feed
                    .entries
                    .into_iter()
                    .map(|e| {
                        let link = e.link.map(String::from);
                        [e.document_id, link, e.title, e.published.map(|at| at.to_string())]
                    })
                    .collect();
                if read != case.entries {
                    faults.push(format!("{}:\n  read {read:?}\n  not  {:?}", case.name, case.entries));
                }
            }
            Err(_) if case.refused => {}
            Err(error) => faults.push(format!("{}: {error}", case.name)),
        }
    }
    println!("{} of {} odd documents are read right", cases.len() - faults.len(), cases.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
