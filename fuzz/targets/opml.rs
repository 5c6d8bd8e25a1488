//! Lists of feeds and list pages: OPML and HTML that strangers write.

#![no_main]

use conductwatch_fuzz::domain::PageSelectors;
use conductwatch_fuzz::stages::parse::{discover, parse_opml, parse_page, write_opml};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use url::Url;

static ADDRESS: LazyLock<Option<Url>> = LazyLock::new(|| Url::parse("https://force.example/hearings").ok());

fuzz_target!(|data: &[u8]| {
    let Some(address) = &*ADDRESS else { return };
    if let Ok(list) = parse_opml(data) {
        // What is read can be written and read again, the same feeds in the same number.
        let text = write_opml("Feeds", &list.feeds).expect("sound XML");
        let again = parse_opml(text.as_bytes());
        assert!(list.feeds.is_empty() || again.is_ok_and(|a| a.feeds.len() == list.feeds.len()), "{text}");
    }
    if let Ok(page) = parse_page(data, address, None, &PageSelectors::default()) {
        assert!(page.entries.iter().all(|e| !e.key.is_empty()));
    }
    drop(discover(data, address, None));
});
