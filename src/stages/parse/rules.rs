//! The tables of `config/reading.toml` and `config/html_entities.toml`, ready for looking up.

use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What an XML namespace is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ns {
    /// No namespace, one of RSS's, or that of the document's root.
    Core,
    Atom,
    Rdf,
    Dc,
    DcTerms,
    Content,
    Syndication,
    Media,
    Itunes,
    Xhtml,
    Other,
}

/// A time zone as feeds name it.
#[derive(Debug, Clone)]
pub(super) enum Zone {
    /// Seconds east of Greenwich.
    Fixed(i32),
    /// A rule with summer and winter.
    Rule(TimeZone),
}

/// Addresses that only lead on to an article's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wrapper {
    /// Names of hosts, each with every host under it; `.*` at the end stands for any country's ending.
    pub(super) hosts: Vec<String>,
    /// What their paths begin with; without any, every path.
    #[serde(default)]
    pub(super) paths: Vec<String>,
    /// Parameters that hold the address, the first that does.
    #[serde(default)]
    pub(super) parameters: Vec<String>,
    /// Whether the rest of the path is the address, over https where what is before it ends in `/s/`.
    #[serde(default)]
    pub(super) in_path: bool,
    /// Whether the last part of the path may hold it in a message in base64.
    #[serde(default)]
    pub(super) coded: bool,
}

/// Everything looked up while reading.
pub(super) struct Rules {
    pub(super) namespaces: BTreeMap<String, Ns>,
    pub(super) prefixes: BTreeMap<String, Ns>,
    pub(super) months: BTreeMap<String, u8>,
    pub(super) filler: BTreeSet<String>,
    pub(super) morning: BTreeSet<String>,
    pub(super) afternoon: BTreeSet<String>,
    pub(super) zones: BTreeMap<String, Zone>,
    pub(super) tracking_parameters: Vec<String>,
    pub(super) tracking_fragments: Vec<String>,
    pub(super) wrappers: Vec<Wrapper>,
    pub(super) elements: BTreeSet<String>,
    pub(super) blocks: BTreeSet<String>,
    pub(super) hidden: BTreeSet<String>,
    pub(super) void: BTreeSet<String>,
    /// Patterns of sentences that say a list is empty.
    pub(super) nothing_to_list: Vec<String>,
    /// Texts of links that say only that they are links.
    pub(super) generic_links: BTreeSet<String>,
    /// Words in classes, ids and roles of what belongs to a page, not to its list.
    pub(super) chrome: BTreeSet<String>,
    /// Words of which one stands in every notice about police conduct.
    pub(super) notice_words: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    namespaces: BTreeMap<String, Vec<String>>,
    prefixes: BTreeMap<String, Vec<String>>,
    months: BTreeMap<String, Vec<String>>,
    words: BTreeMap<String, Vec<String>>,
    zones: BTreeMap<String, ZoneText>,
    tracking: BTreeMap<String, Vec<String>>,
    wrapper: Vec<Wrapper>,
    html: BTreeMap<String, String>,
    list_pages: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ZoneText {
    Minutes(i32),
    Rule(String),
}

fn namespace(name: &str) -> Ns {
    match name {
        "rss" => Ns::Core,
        "atom" => Ns::Atom,
        "rdf" => Ns::Rdf,
        "dc" => Ns::Dc,
        "dcterms" => Ns::DcTerms,
        "content" => Ns::Content,
        "syndication" => Ns::Syndication,
        "media" => Ns::Media,
        "itunes" => Ns::Itunes,
        "xhtml" => Ns::Xhtml,
        _ => Ns::Other,
    }
}

/// The embedded tables.
#[expect(clippy::expect_used, reason = "the file is embedded; a unit test reads it")]
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut file: File = toml::from_str(include_str!("../../../config/reading.toml")).expect("config/reading.toml");
    let by_name = |lists: &BTreeMap<String, Vec<String>>| {
        lists.iter().flat_map(|(ns, names)| names.iter().map(|n| (n.clone(), namespace(ns)))).collect()
    };
    let mut words = |name: &str| file.words.remove(name).unwrap_or_default().into_iter().collect();
    let (filler, morning, afternoon) = (words("filler"), words("morning"), words("afternoon"));
    let mut tracking = |name: &str| file.tracking.remove(name).unwrap_or_default();
    let (tracking_parameters, tracking_fragments) = (tracking("parameters"), tracking("fragments"));
    let html = |name: &str| {
        file.html.get(name).map(|list| list.split_whitespace().map(str::to_owned).collect()).unwrap_or_default()
    };
    let (elements, blocks, hidden, void) = (html("elements"), html("blocks"), html("hidden"), html("void"));
    let mut listed = |name: &str| file.list_pages.remove(name).unwrap_or_default();
    let (nothing_to_list, notice_words) = (listed("nothing_to_list"), listed("notice_words"));
    let generic_links = listed("generic_links").into_iter().collect();
    let chrome = listed("chrome").into_iter().collect();
    Rules {
        namespaces: by_name(&file.namespaces),
        prefixes: by_name(&file.prefixes),
        months: file
            .months
            .iter()
            .filter_map(|(number, names)| Some((number.parse::<u8>().ok()?, names)))
            .flat_map(|(number, names)| names.iter().map(move |n| (n.clone(), number)))
            .collect(),
        filler,
        morning,
        afternoon,
        zones: file
            .zones
            .into_iter()
            .filter_map(|(name, zone)| {
                Some((
                    name,
                    match zone {
                        ZoneText::Minutes(minutes) => Zone::Fixed(minutes * 60),
                        ZoneText::Rule(rule) => Zone::Rule(TimeZone::posix(&rule).ok()?),
                    },
                ))
            })
            .collect(),
        tracking_parameters,
        tracking_fragments,
        wrappers: file.wrapper,
        elements,
        blocks,
        hidden,
        void,
        nothing_to_list,
        generic_links,
        chrome,
        notice_words,
    }
});

/// The characters that HTML's `name` stands for.
pub(super) fn html_entity(name: &str) -> Option<&'static str> {
    #[expect(clippy::expect_used, reason = "the file is embedded; a unit test reads it")]
    static TABLE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let file: BTreeMap<String, String> =
            toml::from_str(include_str!("../../../config/html_entities.toml")).expect("config/html_entities.toml");
        file.into_iter()
            .map(|(name, points)| {
                let text = points
                    .split(' ')
                    .filter_map(|p| u32::from_str_radix(p, 16).ok().and_then(char::from_u32))
                    .collect();
                (name, text)
            })
            .collect()
    });
    match name {
        "amp" => Some("&"),
        "lt" => Some("<"),
        "gt" => Some(">"),
        "quot" => Some("\""),
        "apos" => Some("'"),
        "nbsp" => Some("\u{a0}"),
        _ => TABLE.get(name).map(String::as_str),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_there() {
        let rules = &*RULES;
        assert!(rules.namespaces.values().all(|ns| *ns != Ns::Other), "a namespace group without a meaning");
        assert!(rules.prefixes.values().all(|ns| *ns != Ns::Other), "a prefix group without a meaning");
        let months: BTreeSet<u8> = rules.months.values().copied().collect();
        assert_eq!(months, (1..=12).collect());
        assert!(rules.zones.values().filter(|z| matches!(z, Zone::Rule(_))).count() > 10, "zone rules were dropped");
        for (name, size) in [
            ("filler", rules.filler.len()),
            ("morning", rules.morning.len()),
            ("afternoon", rules.afternoon.len()),
            ("parameters", rules.tracking_parameters.len()),
            ("fragments", rules.tracking_fragments.len()),
            ("wrappers", rules.wrappers.len()),
            ("elements", rules.elements.len()),
            ("blocks", rules.blocks.len()),
            ("hidden", rules.hidden.len()),
            ("void", rules.void.len()),
            ("nothing_to_list", rules.nothing_to_list.len()),
            ("generic_links", rules.generic_links.len()),
            ("chrome", rules.chrome.len()),
            ("notice_words", rules.notice_words.len()),
        ] {
            assert!(size > 0, "{name} is empty");
        }
    }

    #[test]
    fn html_names_stand_for_their_characters() {
        for (name, expected) in [
            ("eacute", Some("é")),
            ("hellip", Some("…")),
            ("amp", Some("&")),
            ("nosuchname", None),
            ("NotEqualTilde", Some("≂̸")),
        ] {
            assert_eq!(html_entity(name), expected, "{name}");
        }
    }
}
