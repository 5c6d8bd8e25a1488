//! The shared test feeds, cut and spoilt: reading them may fail, but only by saying so.

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
