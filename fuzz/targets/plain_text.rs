//! Plain texts: cleaned, and read for who is named.

#![no_main]

use conductwatch_fuzz::domain::Page;
use conductwatch_fuzz::stages::clean::clean;
use conductwatch_fuzz::stages::extract::doc::Doc;
use conductwatch_fuzz::stages::extract::who::Recogniser;
use conductwatch_fuzz::{WATCHLIST, check_cleaned, check_named};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static RECOGNISER: LazyLock<Recogniser> = LazyLock::new(|| Recogniser::new(&WATCHLIST));

fuzz_target!(|data: &[u8]| {
    // A text that begins like HTML is the target `pages`'s.
    let body = [b"Police\n", data].concat();
    let cleaned = clean(&Page { url: None, content_type: None, body });
    check_cleaned(&cleaned);
    let doc = Doc::new(&cleaned.article);
    check_named(&doc.text, &RECOGNISER.recognise(&doc, &cleaned.article));
});
