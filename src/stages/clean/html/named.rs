//! What the names of an element's parts say of it: each name is looked up word by word, and read once on a page.

use super::super::furniture::FURNITURE;
use super::page::{kebab, naming};
use dom_query::NodeRef;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A list of names in `config/furniture.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Keep,
    Caption,
    Standfirst,
    Byline,
    Date,
    Body,
    /// Furniture, with its place in the list.
    Drop(u16),
}

impl List {
    fn bit(self) -> u8 {
        match self {
            Self::Keep => 1,
            Self::Caption => 2,
            Self::Standfirst => 4,
            Self::Byline => 8,
            Self::Date => 16,
            Self::Body => 32,
            Self::Drop(_) => 64,
        }
    }
}

/// What a name of several words goes on with after its first, and its list.
type Ways = Vec<(&'static str, List)>;

/// The lists by the first word of each of their names.
static BY_FIRST: LazyLock<HashMap<&'static str, Ways>> = LazyLock::new(|| {
    let page = &FURNITURE.page;
    let lists = [
        (&page.keep_names, List::Keep),
        (&page.caption_names, List::Caption),
        (&page.standfirst_names, List::Standfirst),
        (&page.byline_names, List::Byline),
        (&page.date_names, List::Date),
        (&page.body_names, List::Body),
    ];
    let marks = lists.into_iter().flat_map(|(names, list)| names.iter().map(move |name| (name, list)));
    let drops = page.drop_names.iter().zip(0..).map(|(name, at)| (name, List::Drop(at)));
    let mut out: HashMap<&'static str, Ways> = HashMap::new();
    for (name, list) in marks.chain(drops) {
        let (first, rest) = name.split_once('-').unwrap_or((name, ""));
        out.entry(first).or_default().push((rest, list));
    }
    out
});

/// What the names of an element say.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    lists: u8,
    /// Its names of furniture, by their place in the list.
    pub(super) drops: Vec<u16>,
}

impl Told {
    /// Whether one of the names is in `list`.
    pub(super) fn is(&self, list: List) -> bool {
        self.lists & list.bit() != 0
    }

    /// The first name of furniture that is none of `void`.
    pub(super) fn furniture(&self, void: &[u16]) -> Option<&'static str> {
        let first = self.drops.iter().filter(|at| !void.contains(at)).min()?;
        FURNITURE.page.drop_names.get(usize::from(*first)).map(String::as_str)
    }

    fn add(&mut self, other: &Self) {
        self.lists |= other.lists;
        self.drops.extend_from_slice(&other.drops);
    }
}

/// The names read so far on a page.
#[derive(Debug, Default)]
pub(super) struct Names {
    read: RefCell<HashMap<String, Told>>,
}

impl Names {
    /// What the names of `node` say.
    pub(super) fn of(&self, node: &NodeRef<'_>) -> Told {
        let mut told = Told::default();
        let Some(element) = node.element_ref() else { return told };
        let mut read = self.read.borrow_mut();
        for value in naming(&element) {
            if let Some(known) = read.get(value) {
                told.add(known);
            } else {
                let new = look_up(value);
                told.add(&new);
                read.insert(value.to_owned(), new);
            }
        }
        told
    }
}

/// What the names in the attribute `value` say.
fn look_up(value: &str) -> Told {
    let mut told = Told::default();
    for name in value.split_whitespace().take(24).map(kebab) {
        let name = name.trim_matches('-');
        for (start, _) in std::iter::once((0, "")).chain(name.match_indices('-').map(|(at, dash)| (at + 1, dash))) {
            let from = name.get(start..).unwrap_or("");
            let (first, rest) = from.split_once('-').unwrap_or((from, ""));
            for (way, list) in BY_FIRST.get(first).into_iter().flatten() {
                let met = rest.strip_prefix(way).is_some_and(|r| way.is_empty() || r.is_empty() || r.starts_with('-'));
                if met {
                    told.lists |= list.bit();
                    if let List::Drop(at) = list {
                        told.drops.push(*at);
                    }
                }
            }
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        for (name, list, expected) in [
            ("relatedLinks", List::Drop(0), true),
            ("c-related__item", List::Drop(0), true),
            ("correlated", List::Drop(0), false),
            ("read_more", List::Drop(0), true),
            ("ReadMore", List::Drop(0), true),
            ("x-article-body", List::Keep, true),
            ("article-bodywork", List::Keep, false),
            ("x-byline--large", List::Byline, true),
            ("-", List::Drop(0), false),
            ("", List::Drop(0), false),
        ] {
            assert_eq!(look_up(name).is(list), expected, "{name}");
        }
    }

    #[test]
    fn a_void_name_is_passed_over() {
        let told = look_up("widget related");
        let widget = look_up("widget").drops;
        assert_eq!(told.furniture(&widget), Some("related"));
        assert_eq!(look_up("widget").furniture(&widget), None);
    }
}
