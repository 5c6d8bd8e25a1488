//! Feeds: decoded, repaired and parsed.

#![no_main]

use conductwatch_fuzz::stages::parse::parse_feed;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use url::Url;

static ADDRESS: LazyLock<Option<Url>> = LazyLock::new(|| Url::parse("https://echo.example/feed.xml").ok());

const TYPES: [Option<&str>; 3] = [None, Some("application/rss+xml; charset=iso-8859-1"), Some("application/feed+json")];

// The first byte chooses the header, the rest is the document.
fuzz_target!(|data: &[u8]| {
    let (Some((choice, rest)), Some(address)) = (data.split_first(), &*ADDRESS) else { return };
    let Ok(feed) = parse_feed(rest, address, TYPES[usize::from(*choice) % TYPES.len()]) else { return };
    for entry in &feed.entries {
        assert!(!entry.key.is_empty(), "{entry:?}");
    }
});
