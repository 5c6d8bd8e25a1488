//! Addresses as people paste them: with or without tracking parameters, http or https, `www.`, a slash at the end.
//!
//! Stored addresses are found by host and path; their parameters are compared when looking up. So a longer list of
//! tracking parameters finds what was stored under a shorter one.

use std::collections::BTreeSet;
use url::Url;

/// Parameters that say where a reader came from, not what the page is; `*` stands for any end.
const TRACKING: &[&str] = &[
    "utm_*", "at_*", "ns_*", "mc_cid", "mc_eid", "fbclid", "gclid", "dclid", "msclkid", "igshid", "yclid", "xtor",
    "cmpid", "ocid", "ito", "ref", "ref_src", "ref_url", "rss", "smid", "_ga", "_gl", "mkt_tok", "source",
];

/// An address taken apart for comparing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plain {
    /// Host without `www.`, port if it is not the scheme's, path without a slash at the end.
    pub(super) place: String,
    /// Parameters that may matter, each as written.
    pub(super) parameters: BTreeSet<String>,
}

impl Plain {
    pub(super) fn of(url: &Url) -> Option<Self> {
        let host = url.host_str()?.trim_end_matches('.');
        let host = host.strip_prefix("www.").unwrap_or(host);
        let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
        let place = format!("{host}{port}{}", url.path().trim_end_matches('/'));
        let parameters = url
            .query()
            .unwrap_or("")
            .split('&')
            .filter(|pair| !pair.is_empty() && !is_tracking(pair.split('=').next().unwrap_or("")))
            .map(str::to_owned)
            .collect();
        Some(Self { place, parameters })
    }

    /// All of it as one text: equal for equal addresses.
    pub(super) fn text(&self) -> String {
        let parameters: Vec<&str> = self.parameters.iter().map(String::as_str).collect();
        format!("{}?{}", self.place, parameters.join("&"))
    }

    /// Reads what a person typed; `None` when it is no address.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('<').trim_end_matches('>');
        let lower = text.to_ascii_lowercase();
        if lower.starts_with("http://") || lower.starts_with("https://") {
            return Self::of(&Url::parse(text).ok()?);
        }
        // Without a scheme: something with a dot before its first slash, and no white space.
        let host = text.split('/').next().unwrap_or("");
        let looks_like_one = text.contains('/') || lower.starts_with("www.");
        if !looks_like_one || !host.contains('.') || text.contains(char::is_whitespace) {
            return None;
        }
        Self::of(&Url::parse(&format!("https://{text}")).ok()?)
    }

    /// Whether both may be the same page: one has all the parameters of the other.
    pub(super) fn may_be(&self, stored: &BTreeSet<String>) -> bool {
        self.parameters.is_subset(stored) || stored.is_subset(&self.parameters)
    }
}

fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING.iter().any(|t| match t.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *t,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_equal() {
        let plain = Plain::parse("https://news.example/police/officer-charged").unwrap();
        for text in [
            "http://news.example/police/officer-charged",
            "HTTPS://WWW.News.Example/police/officer-charged/",
            " <https://news.example/police/officer-charged?utm_source=rss&utm_medium=feed> ",
            "news.example/police/officer-charged#comments",
            "https://news.example:443/police/officer-charged?fbclid=1",
        ] {
            assert_eq!(Plain::parse(text).as_ref(), Some(&plain), "{text}");
        }
    }

    #[test]
    fn other_pages_and_other_texts_are_not() {
        let plain = Plain::parse("https://news.example/story?id=7").unwrap();
        for text in
            ["https://news.example/story?id=8", "https://news.example/Story?id=7", "https://a.news.example/story?id=7"]
        {
            let other = Plain::parse(text).unwrap();
            assert!(other.place != plain.place || !plain.may_be(&other.parameters), "{text}");
        }
        for text in ["", "3f2a9c", "1.5", "the chief constable", "a.b said/so today", "ftp://news.example/x", "http://"]
        {
            assert_eq!(Plain::parse(text), None, "{text}");
        }
    }
}
