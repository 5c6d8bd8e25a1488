//! HTML pages, with and without rules for their site.

#![no_main]

use conductwatch_fuzz::check_cleaned;
use conductwatch_fuzz::domain::Page;
use conductwatch_fuzz::stages::clean::clean;
use libfuzzer_sys::fuzz_target;

/// Addresses whose sites have rules of their own, and one that has none.
const ADDRESSES: [&str; 4] = [
    "https://echo.example/news/1",
    "https://www.gov.uk/government/news/1",
    "https://www.theguardian.com/uk-news/1",
    "https://news.sky.com/story/1",
];
const TYPES: [Option<&str>; 4] =
    [None, Some("text/html; charset=utf-8"), Some("text/html; charset=utf-16le"), Some("text/html; charset=shift_jis")];

// The first byte chooses address and header, the rest is the page.
fuzz_target!(|data: &[u8]| {
    let Some((choice, rest)) = data.split_first() else { return };
    let choice = usize::from(*choice);
    let page = Page {
        url: ADDRESSES[choice % ADDRESSES.len()].parse().ok(),
        content_type: TYPES[choice / ADDRESSES.len() % TYPES.len()].map(str::to_owned),
        body: [b"<!doctype html>", rest].concat(),
    };
    check_cleaned(&clean(&page));
});
