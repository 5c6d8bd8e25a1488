//! Cleaning pages, side by side with dom_smoothie alone: `cargo bench --bench pages`.
//!
//! Aim: 0.7 of dom_smoothie's speed.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod support;

use conductwatch::domain::Page;
use conductwatch::stages::clean::clean;
use dom_smoothie::{Config, Readability, TextMode};
use std::hint::black_box;
use std::io::Read as _;
use std::path::Path;
use support::{gather, page, ratio, row, side_by_side};

const ROUNDS: u32 = 5;

/// The pages of the public benchmark where they lie beside the repository, else those of the tests.
fn pages() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    gather(&root.join("../shared/data/articles/html"), "gz", &mut paths);
    if paths.is_empty() {
        gather(&root.join("tests/fixtures/pages"), "html", &mut paths);
    }
    paths.sort();
    paths.iter().map(|path| page(read(path))).collect()
}

/// The bytes of a page, unpacked where it is packed.
fn read(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    if path.extension().is_none_or(|e| e != "gz") {
        return bytes;
    }
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked).unwrap();
    unpacked
}

fn main() {
    let pages = pages();
    let texts: Vec<String> = pages.iter().map(|p| String::from_utf8_lossy(&p.body).into_owned()).collect();
    let (ours, bare) = side_by_side(
        ROUNDS,
        || pages.iter().for_each(|p| drop(black_box(clean(p)))),
        || {
            for text in &texts {
                let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
                // A page in which it finds no article is one in which it looked for one.
                drop(black_box(Readability::new(text.as_str(), None, Some(config)).and_then(|mut r| r.parse())));
            }
        },
    );
    row("pages", &pages.len().to_string());
    row("pages a second", &format!("{:.0}", pages.len() as f64 / ours.as_secs_f64()));
    ratio("clean a page: against dom_smoothie", ours, bare, 0.7);
}
