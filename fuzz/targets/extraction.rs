//! The whole extraction, on texts that cleaning has not smoothed.

#![no_main]

use conductwatch_fuzz::stages::extract::Extractor;
use conductwatch_fuzz::{WATCHLIST, article_of_lines, check_extraction};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(&WATCHLIST));

fuzz_target!(|data: &[u8]| {
    let article = article_of_lines(&String::from_utf8_lossy(data));
    check_extraction(&article.text(), &EXTRACTOR.extract(&article));
});
