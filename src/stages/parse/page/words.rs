//! What list pages say, by the table `[list_pages]` of `config/reading.toml`.

use crate::stages::parse::rules::RULES;
use regex::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// Longest text that is searched for a sentence that says there is nothing to list.
const REACH: usize = 64 * 1024;

/// Whether a page of this text says in so many words that there is nothing to list ("There are no hearings scheduled").
pub(super) fn says_nothing_to_list(text: &str) -> bool {
    static EMPTY: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let build = |pattern: &String| RegexBuilder::new(pattern).case_insensitive(true).build().ok();
        RULES.nothing_to_list.iter().filter_map(build).collect()
    });
    let end = (0..=REACH.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let text = text.get(..end).unwrap_or(text);
    EMPTY.iter().any(|pattern| pattern.is_match(text))
}

/// Whether the text of a link says only that it is one ("Read more"), or nothing.
pub(super) fn is_generic(text: &str) -> bool {
    let text = text.to_lowercase();
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    text.is_empty() || RULES.generic_links.contains(text)
}

/// Whether an element with this class, id or role belongs to the page, not to its list.
pub(super) fn is_chrome(names: &str) -> bool {
    names
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| !word.is_empty() && RULES.chrome.contains(&word.to_ascii_lowercase()))
}

/// Whether a text is about a matter of police conduct, so that even a single block of it is a notice.
pub(super) fn is_notice(text: &str) -> bool {
    let lower = text.to_lowercase();
    RULES.notice_words.iter().any(|w| lower.contains(w.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_the_table_compiles() {
        for pattern in &RULES.nothing_to_list {
            assert!(Regex::new(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn empty_lists_say_so() {
        for (text, expected) in [
            ("There are currently no misconduct hearings scheduled.", true),
            ("No upcoming hearings", true),
            ("We have no hearings listed at this time", true),
            ("No results found", true),
            ("There is no place in policing for officers who lie, hearings were told", false),
            ("Hearings: PC Orla Venn, 3 March", false),
        ] {
            assert_eq!(says_nothing_to_list(text), expected, "{text}");
        }
    }

    #[test]
    fn generic_link_texts() {
        for (text, expected) in [("Read more", true), ("Read more >", true), ("", true), ("Panel dismisses PC", false)]
        {
            assert_eq!(is_generic(text), expected, "{text}");
        }
    }
}
