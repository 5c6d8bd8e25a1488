//! Addresses as they may be shown: in logs, in messages, in what is printed of a configuration.

use url::Url;

/// Least length of what looks like a token by its letters and digits alone.
const LONG: usize = 20;

/// Names of parameters whose values give access; compared in lower case, as the end of the name.
const SECRET_NAMES: [&str; 14] = [
    "key",
    "token",
    "secret",
    "password",
    "passwd",
    "pass",
    "pwd",
    "auth",
    "sig",
    "signature",
    "hash",
    "code",
    "session",
    "credential",
];

/// `url` without what may give access to it: user and password, values of parameters named like a key or that look random, and
/// parts of the path that look random. What is left out is told as `…`.
pub fn shown_address(url: &Url) -> String {
    let mut shown = format!("{}://", url.scheme());
    shown.push_str(url.host_str().unwrap_or(""));
    if let Some(port) = url.port() {
        shown.push_str(&format!(":{port}"));
    }
    let part = |part: &str| if looks_random(part) { "…".to_owned() } else { part.to_owned() };
    shown.push_str(&url.path().split('/').map(part).collect::<Vec<_>>().join("/"));
    if let Some(query) = url.query() {
        let parameter = |pair: &str| match pair.split_once('=') {
            Some((name, value)) if is_secret(name) || looks_random(value) => format!("{name}=…"),
            Some(_) => pair.to_owned(),
            None => part(pair),
        };
        shown.push('?');
        shown.push_str(&query.split('&').map(parameter).collect::<Vec<_>>().join("&"));
    }
    shown
}

/// Whether a parameter of that name gives access.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|secret| name.ends_with(secret))
}

/// Whether `part` is no word that anybody wrote: long, in one piece, letters and digits mixed.
fn looks_random(part: &str) -> bool {
    let runs = part.split(|c: char| !c.is_ascii_alphanumeric());
    runs.filter(|run| run.len() >= LONG).any(|run| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        digits >= 3 && digits < run.len()
    })
}

#[cfg(test)]
mod tests {
    use super::shown_address;

    #[test]
    fn what_gives_access_is_left_out_and_the_rest_can_be_recognised() {
        for (address, expected) in [
            ("https://news.example/police.rss", "https://news.example/police.rss"),
            ("https://news.example:8443/a?format=rss&page=2", "https://news.example:8443/a?format=rss&page=2"),
            ("https://user:pw@news.example/feed#top", "https://news.example/feed"),
            ("https://news.example/feed?api_key=abc&x=1", "https://news.example/feed?api_key=…&x=1"),
            ("https://news.example/feed?accessToken=abc", "https://news.example/feed?accessToken=…"),
            ("https://news.example/feed?u=9f8e7d6c5b4a39281706f5e4", "https://news.example/feed?u=…"),
            ("https://chat.example/hooks/T024BE7LD/9f8e7d6c5b4a39281706f5e4", "https://chat.example/hooks/T024BE7LD/…"),
            ("https://news.example/?9f8e7d6c5b4a39281706f5e4", "https://news.example/?…"),
            // What somebody wrote stays: words with hyphens, and plain numbers.
            (
                "https://news.example/2026/03/officer-charged-with-misconduct-123456789",
                "https://news.example/2026/03/officer-charged-with-misconduct-123456789",
            ),
            (
                "https://alerts.example/feeds/01234567890123456789/1",
                "https://alerts.example/feeds/01234567890123456789/1",
            ),
        ] {
            assert_eq!(shown_address(&address.parse().unwrap()), expected);
        }
    }
}
