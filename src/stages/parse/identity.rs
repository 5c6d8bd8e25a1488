//! Identity keys of entries: what tells an entry from every other of its feed, and stays the same from poll to poll.

use super::links::normal_form;
use super::text::shorten;
use crate::domain::ParsedEntry;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Most bytes of a summary in a key.
const MAX_KEY_TEXT: usize = 400;

/// Gives every entry its key.
///
/// The document's own id (its scheme as https where it is an address), else the link in its normal form, else title and
/// date, else the summary, else whatever else it has; what has nothing at all is "empty". A link that leads to the site or the feed itself names no entry. Where several entries of one document
/// have the same, the oldest keeps it and the others' keys say what sets them apart: link, else title, else date. So an
/// entry that was alone with its id before another took the same id keeps its key. Entries without any difference are
/// one entry given twice, and share their key.
pub(super) fn assign_keys(entries: &mut [ParsedEntry], feed: &Url, home: Option<&Url>) {
    let unspecific: BTreeSet<String> = std::iter::once(feed).chain(home).map(normal_form).collect();
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        groups.entry(base_key(entry, &unspecific)).or_default().push(index);
    }
    for (key, mut members) in groups {
        if let [only] = members.as_slice() {
            if let Some(entry) = entries.get_mut(*only) {
                entry.key = key;
            }
            continue;
        }
        // The oldest first: by date where both have one, else the last of the document, as feeds put the newest on top.
        members.sort_by_key(|index| {
            let published = entries.get(*index).and_then(|e| e.published);
            (published.is_none(), published, std::cmp::Reverse(*index))
        });
        let Some(first) = members.first().and_then(|i| entries.get(*i)).cloned() else { continue };
        let first_link = first.link.as_ref().map(normal_form);
        for index in members {
            let Some(entry) = entries.get_mut(index) else { continue };
            let link = entry.link.as_ref().map(normal_form);
            entry.key = if link != first_link {
                format!("{key} {}", link.as_deref().unwrap_or("-"))
            } else if entry.title != first.title {
                format!("{key} {}", entry.title.as_deref().unwrap_or("-"))
            } else if entry.published != first.published {
                format!("{key} {}", entry.published.map_or_else(|| "-".to_owned(), |p| p.to_string()))
            } else {
                key.clone()
            };
        }
    }
}

fn base_key(entry: &ParsedEntry, unspecific: &BTreeSet<String>) -> String {
    if entry.notice.is_some() {
        return notice_key(entry);
    }
    if let Some(id) = &entry.document_id {
        return match id.strip_prefix("http://") {
            Some(rest) => format!("https://{rest}"),
            None => id.clone(),
        };
    }
    let link = entry.link.as_ref().map(normal_form);
    if let Some(link) = link.as_ref().filter(|link| !unspecific.contains(*link)) {
        return link.clone();
    }
    let date = entry.published.map(|p| p.to_string());
    match (&entry.title, date, &entry.summary) {
        (Some(title), Some(date), _) => format!("{title} {date}"),
        (Some(title), None, _) => title.clone(),
        (None, date, Some(summary)) => {
            format!("{} {}", date.as_deref().unwrap_or(""), shorten(summary.clone(), MAX_KEY_TEXT))
                .trim_start()
                .to_owned()
        }
        (None, Some(date), None) => date,
        (None, None, None) => {
            link.unwrap_or_else(|| if entry.authors.is_empty() { "empty".to_owned() } else { entry.authors.join(", ") })
        }
    }
}

/// A notice is told from the others by its words alone: all of them, as notices of one list begin alike.
fn notice_key(entry: &ParsedEntry) -> String {
    let whole = [entry.title.as_deref(), entry.summary.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let words: Vec<&str> = whole.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let hash = Sha256::digest(words.join(" ").to_lowercase());
    let hash: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("notice {hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: Option<&str>, link: Option<&str>, title: &str, day: Option<&str>) -> ParsedEntry {
        ParsedEntry {
            document_id: id.map(str::to_owned),
            link: link.map(|l| Url::parse(l).unwrap()),
            title: Some(title.to_owned()),
            published: day.map(|d| format!("{d}T00:00:00Z").parse().unwrap()),
            ..ParsedEntry::default()
        }
    }

    #[test]
    fn no_key_is_empty_whatever_is_missing() {
        let home = Some("https://force.example/");
        for (link, authors, expected) in
            [(None, vec![], "empty"), (None, vec!["A. Orr".to_owned()], "A. Orr"), (home, vec![], "force.example/")]
        {
            let bare = ParsedEntry { authors, title: None, ..entry(None, link, "", None) };
            let got = keys(vec![bare]);
            assert!(got[0].ends_with(expected) && !got[0].is_empty(), "{got:?}");
        }
    }

    fn keys(mut entries: Vec<ParsedEntry>) -> Vec<String> {
        let feed = Url::parse("https://force.example/news.xml").unwrap();
        let home = Url::parse("http://force.example/").unwrap();
        assign_keys(&mut entries, &feed, Some(&home));
        entries.into_iter().map(|e| e.key).collect()
    }

    #[test]
    fn a_key_survives_edits_and_tracking() {
        let before = keys(vec![entry(None, Some("http://force.example/1?utm_source=rss"), "One", None)]);
        let after = keys(vec![entry(None, Some("https://force.example/1/"), "One, corrected", Some("2024-02-01"))]);
        assert_eq!(before, after);
        assert_eq!(
            keys(vec![entry(Some("http://force.example/?p=1"), None, "One", None)]),
            keys(vec![entry(Some("https://force.example/?p=1"), None, "One", None)])
        );
    }

    #[test]
    fn one_id_or_link_for_many_entries_keeps_them_apart() {
        let old = entry(Some("news"), Some("https://force.example/1"), "One", Some("2024-02-01"));
        let new = entry(Some("news"), Some("https://force.example/2"), "Two", Some("2024-02-02"));
        let alone = keys(vec![old.clone()]);
        let both = keys(vec![new, old]);
        assert_eq!(both[1], alone[0], "the older entry's key changed");
        assert_ne!(both[0], both[1]);
        let same_link = keys(vec![
            entry(None, Some("https://force.example/notices"), "Hearing B", None),
            entry(None, Some("https://force.example/notices"), "Hearing A", None),
        ]);
        assert_ne!(same_link[0], same_link[1]);
    }

    #[test]
    fn the_home_page_is_no_identity() {
        let found = keys(vec![entry(None, Some("https://force.example/"), "Hearing A", Some("2024-02-01"))]);
        assert_eq!(found, ["Hearing A 2024-02-01T00:00:00Z"]);
    }

    #[test]
    fn an_entry_given_twice_is_one() {
        let twice = entry(Some("g1"), Some("https://force.example/1"), "One", Some("2024-02-01"));
        let found = keys(vec![twice.clone(), twice]);
        assert_eq!(found[0], found[1]);
    }
}
