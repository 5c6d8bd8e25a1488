//! Addresses that only lead on to an article's own: those of aggregators, alert mails and caches (`config/reading.toml`).

use super::rules::{RULES, Wrapper};
use super::text::from_base64;
use url::{Host, Url};

/// Most wrappers around one address.
const MAX_LAYERS: usize = 3;

/// The address behind `url` where it holds one that is wrapped; else `url` itself.
pub(super) fn unwrapped(mut url: Url) -> Url {
    for _ in 0..MAX_LAYERS {
        match RULES.wrappers.iter().filter(|w| is_at(w, &url)).find_map(|w| inside(w, &url)) {
            Some(own) => url = own,
            None => break,
        }
    }
    url
}

/// Whether `url` leads on to an article and does not say where that is: its page is never the article.
///
/// Google News has given such addresses since 2024; what stands there is a page of scripts, or one that asks for consent.
pub fn leads_on(url: &Url) -> bool {
    RULES.wrappers.iter().any(|w| is_at(w, url) && inside(w, url).is_none())
}

/// Whether `url` stands on a host and under a path of `wrapper`.
fn is_at(wrapper: &Wrapper, url: &Url) -> bool {
    let Some(Host::Domain(host)) = url.host() else { return false };
    let under = |name: &str| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let on_host = wrapper.hosts.iter().any(|pattern| match pattern.strip_suffix(".*") {
        // Any country's: one label of two or three letters, or two such.
        Some(name) => {
            let labels: Vec<&str> = host.rsplit('.').take_while(|label| (2..=3).contains(&label.len())).collect();
            (1..=labels.len().min(2)).any(|kept| {
                let end: usize = labels.iter().take(kept).map(|label| label.len() + 1).sum();
                host.get(..host.len().saturating_sub(end)).is_some_and(|rest| {
                    rest.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
                })
            })
        }
        None => under(pattern),
    });
    on_host && (wrapper.paths.is_empty() || wrapper.paths.iter().any(|path| url.path().starts_with(path.as_str())))
}

/// The address that `url` holds in the way of `wrapper`.
fn inside(wrapper: &Wrapper, url: &Url) -> Option<Url> {
    let web = |text: &str| Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    let parameter = || {
        let named = |name: &String| url.query_pairs().find(|(n, _)| n == name.as_str()).and_then(|(_, v)| web(&v));
        wrapper.parameters.iter().find_map(named)
    };
    let path = || {
        let (path, rest) =
            wrapper.paths.iter().find_map(|path| Some((path, url.path().strip_prefix(path.as_str())?)))?;
        let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
        let scheme = if path.ends_with("/s/") { "https" } else { "http" };
        // A host has a dot; what has none is a page of the wrapper's own.
        let host = rest.split('/').next().unwrap_or("");
        (host.contains('.')).then(|| web(&format!("{scheme}://{rest}{query}"))).flatten()
    };
    let coded = || web(&length_prefixed(&from_base64(url.path().rsplit('/').next()?))?);
    parameter().or_else(|| wrapper.in_path.then(path).flatten()).or_else(|| wrapper.coded.then(coded).flatten())
}

/// The address in Google News' message of before 2024: a number in field 1, then the address in field 4.
///
/// Source: the encoding of protocol buffers, <https://protobuf.dev/programming-guides/encoding/>.
fn length_prefixed(message: &[u8]) -> Option<String> {
    let rest = message.strip_prefix(&[0x08, 0x13, 0x22])?;
    let (length, rest) = match *rest {
        [low, high, ..] if low >= 0x80 => (usize::from(low & 0x7f) | usize::from(high) << 7, rest.get(2..)?),
        [length, ..] => (usize::from(length), rest.get(1..)?),
        [] => return None,
    };
    String::from_utf8(rest.get(..length)?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::Engine as _;
    use ::base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn news(host: &str, path: &str, address: &str) -> String {
        let length = address.len();
        let mut message = vec![0x08, 0x13, 0x22];
        if length >= 0x80 {
            message.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        }
        message.push(u8::try_from(if length >= 0x80 { length >> 7 } else { length }).unwrap());
        message.extend(address.as_bytes());
        message.extend([0xd2, 0x01, 0x00]);
        format!("https://{host}{path}{}?oc=5", URL_SAFE_NO_PAD.encode(message))
    }

    #[test]
    fn addresses_are_taken_out_of_what_leads_on_to_them() {
        let own = "https://www.force.example/news/hearing?id=7&part=2";
        let long = format!("https://www.force.example/{}", "a-long-story/".repeat(20));
        let escaped = "https%3A%2F%2Fwww.force.example%2Fnews%2Fhearing%3Fid%3D7%26part%3D2";
        for (wrapped, expected) in [
            (format!("https://www.google.com/url?rct=j&sa=t&url={escaped}&ct=ga&cd=CAE&usg=AOv"), own),
            (format!("https://www.google.co.uk/url?q={escaped}&sa=U"), own),
            (format!("https://google.com.au/url?sa=t&q={escaped}"), own),
            (format!("https://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url={escaped}&c=1"), own),
            (format!("https://l.facebook.com/l.php?u={escaped}&h=AT0"), own),
            (format!("https://eur02.safelinks.protection.outlook.com/?url={escaped}&data=05"), own),
            ("https://www.google.co.uk/amp/s/www.force.example/news/hearing?id=7&part=2".to_owned(), own),
            ("https://cdn.ampproject.org/c/s/www.force.example/news/hearing?id=7&part=2".to_owned(), own),
            (
                "https://www-force-example.cdn.ampproject.org/v/s/www.force.example/news/hearing?id=7&part=2"
                    .to_owned(),
                own,
            ),
            (news("news.google.com", "/rss/articles/", own), own),
            (news("news.google.com", "/__i/rss/rd/articles/", &long), &long),
            // One in the other.
            (
                "https://www.google.com/url?q=https%3A%2F%2Fwww.google.com%2Famp%2Fs%2Fwww.force.example%2Fnews%2Fhearing%3Fid%3D7%26part%3D2"
                    .to_owned(),
                own,
            ),
            (own.to_owned(), own),
        ] {
            let url = unwrapped(Url::parse(&wrapped).unwrap());
            assert_eq!(url.as_str(), expected, "{wrapped}");
            assert!(!leads_on(&url), "{url}");
        }
    }

    #[test]
    fn what_does_not_say_where_it_leads_is_left_and_known() {
        for (url, expected) in [
            ("https://news.google.com/rss/articles/CBMiWkFVX3lxTE5vdEFuQWRkcmVzcw?oc=5", true),
            ("https://news.google.com/read/CBMiWkFVX3lxTE5vdEFuQWRkcmVzcw", true),
            ("https://consent.google.com/m?continue=https://news.google.com/rss/articles/CBMi", true),
            ("https://www.google.com/url?sa=t&url=javascript:alert(1)", true),
            ("https://www.google.com/search?q=misconduct", false),
            ("https://www.google.com/amp/stories", false),
            ("https://google.force.example/url?q=1", false),
            ("https://notgoogle.com/url?q=https%3A%2F%2Fwww.force.example%2F", false),
            ("https://www.force.example/url?url=https%3A%2F%2Felsewhere.example%2F", false),
            ("http://127.0.0.1/url?url=x", false),
            ("http://f.co/url?url=x", false),
            ("http://com/url?url=x", false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(leads_on(&url), expected, "{url}");
            assert_eq!(unwrapped(url.clone()), url);
        }
    }

    #[test]
    fn a_message_that_is_cut_or_of_another_kind_is_no_address() {
        for message in [&[][..], &[0x08], &[0x08, 0x13, 0x22], &[0x08, 0x13, 0x22, 0xff], &[0x08, 0x13, 0x22, 9, b'h']]
        {
            assert_eq!(length_prefixed(message), None, "{message:?}");
        }
    }
}
