//! Addresses: resolving them, and the form that two spellings of one share.

use super::rules::RULES;
use super::text::collapse;
use std::borrow::Cow;
use url::Url;

/// The absolute address of `text` seen from `base`; `None` when it is none, or leads to no page (`javascript:`, `mailto:` …).
pub(super) fn resolve(text: &str, base: &Url) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() || text.len() > 8192 {
        return None;
    }
    let mut text = Cow::Borrowed(text);
    // White space inside comes from wrapped lines.
    if text.contains(['\n', '\r', '\t']) {
        text = Cow::Owned(collapse(&text).replace(' ', ""));
    }
    // An address in a section is often escaped as well.
    if text.contains("&amp;") {
        text = Cow::Owned(text.replace("&amp;", "&"));
    }
    // A host without its scheme is no path.
    if text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) {
        text = Cow::Owned(format!("{}://{text}", base.scheme()));
    }
    let url = base.join(&text).ok()?;
    (!url.cannot_be_a_base()
        && !matches!(url.scheme(), "javascript" | "data" | "mailto" | "file" | "about" | "vbscript"))
    .then_some(url)
}

fn matches(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    })
}

/// The form of `url` that its spellings share: https, no default port, no tracking parameters or fragment, no slash at
/// the end. Other fragments stay: some feeds have one page with an anchor for each entry.
pub fn normal_form(url: &Url) -> String {
    let mut url = url.clone();
    if url.scheme() == "http" {
        let default_port = url.port().is_none();
        // Both schemes are special, so the change is allowed; a port that was said stays.
        if url.set_scheme("https").is_ok() && default_port && url.set_port(None).is_err() {
            return url.into();
        }
    }
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| {
                let name = pair.split('=').next().unwrap_or("").to_ascii_lowercase();
                !pair.is_empty() && !matches(&RULES.tracking_parameters, &name)
            })
            .collect();
        let kept = kept.join("&");
        url.set_query(Some(kept.as_str()).filter(|q| !q.is_empty()));
    }
    if url.fragment().is_some_and(|f| f.is_empty() || matches(&RULES.tracking_fragments, &f.to_ascii_lowercase())) {
        url.set_fragment(None);
    }
    if url.path().len() > 1 && url.path().ends_with('/') && url.query().is_none() && url.fragment().is_none() {
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_has_one_normal_form() {
        for (spelling, expected) in [
            ("http://News.example/a/", "https://news.example/a"),
            ("https://news.example/a?utm_source=rss&id=7&utm_medium=feed", "https://news.example/a?id=7"),
            ("http://news.example:80/a#xtor=RSS-3", "https://news.example/a"),
            ("http://news.example:8080/a#part-2", "https://news.example:8080/a#part-2"),
            ("https://news.example", "https://news.example/"),
        ] {
            let form = normal_form(&Url::parse(spelling).unwrap());
            assert_eq!(form, expected, "{spelling}");
            assert_eq!(normal_form(&Url::parse(&form).unwrap()), form, "not stable: {form}");
        }
    }

    #[test]
    fn links_are_resolved_and_dead_ends_dropped() {
        let base = Url::parse("https://news.example/feeds/all.xml").unwrap();
        for (text, expected) in [
            (" ../story/1 ", Some("https://news.example/story/1")),
            ("//other.example/2", Some("https://other.example/2")),
            ("https://news.example/a\n  b", Some("https://news.example/ab")),
            ("https://news.example/?a=1&amp;b=2", Some("https://news.example/?a=1&b=2")),
            ("www.news.example/3", Some("https://www.news.example/3")),
            ("javascript:alert(1)", None),
            ("mailto:desk@news.example", None),
            ("", None),
            ("http://", None),
        ] {
            assert_eq!(resolve(text, &base).map(String::from).as_deref(), expected, "{text:?}");
        }
    }
}
