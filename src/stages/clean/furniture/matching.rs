//! How the rules are matched: patterns as sets over plain lower-case text, and the one pass that tells which rules to ask.

use regex::{Regex, RegexSet, RegexSetBuilder};
use regex_syntax::hir::{Hir, HirKind};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Where a pattern must stand.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum At {
    Whole,
    Start,
    Sentence,
    Any,
}

/// The patterns as one set over lower-case text.
///
/// Word boundaries, digits and white space are ASCII's: with Unicode's the matcher leaves its fast path at the first curly quote.
pub(super) fn set(at: At, patterns: &[String]) -> Result<RegexSet, String> {
    // A bounded gap costs a state for each of its places; one that ends with the sentence costs one and says the same.
    let wrapped = patterns.iter().map(|p| {
        let p = bounded(p);
        let p = match at {
            At::Whole => format!(r"^\W*(?:{p})\W*$"),
            At::Start => format!(r"^\W{{0,3}}(?:{p})"),
            At::Sentence => format!(r"(?:^|[.!?…|•:]\W{{0,2}}\s)\W{{0,2}}(?:{p})"),
            At::Any => p,
        };
        ascii(&p)
    });
    RegexSetBuilder::new(wrapped).size_limit(64 << 20).build().map_err(|e| e.to_string())
}

/// `pattern` with gaps that end with the sentence. A bounded gap costs a state for each of its places; this one costs one and
/// says the same.
fn bounded(pattern: &str) -> String {
    static GAP: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::expect_used, reason = "a literal, compiled by every test of this file")]
        Regex::new(r"\.\{0,\d+\}(?P<after>\$?)").expect("sound")
    });
    let gap = |c: &regex::Captures<'_>| match c.name("after").map(|m| m.as_str()) {
        Some("$") => c[0].to_owned(),
        _ => "[^.!?]*".to_owned(),
    };
    GAP.replace_all(pattern, gap).into_owned()
}

/// What must stand in a text for the patterns of each rule to match it: only a rule of which one such piece is there is asked,
/// and one pass over the text tells which. Most sentences of an article hold none.
pub(super) struct Needed {
    automaton: aho_corasick::AhoCorasick,
    /// For each piece, the bits of its rules.
    bits: Vec<u64>,
    /// Bits of the rules that are always asked: a pattern of theirs needs next to nothing.
    always: u64,
}

/// Shortest piece that is looked for, in bytes: shorter ones stand in every text, unless they are marks.
const SHORTEST: usize = 3;
/// Bytes of a piece that are looked for.
const LONGEST: usize = 8;
/// Most pieces of which a pattern may need one.
const MOST_PIECES: usize = 120;

impl Needed {
    /// What the patterns of rules need, each with its bit.
    pub(super) fn parse<'a>(rules: impl IntoIterator<Item = (u64, &'a [String])>) -> Result<Self, String> {
        Self::build(rules, false)
    }

    /// As [`Self::parse`], for texts as they come: in any case, with any marks.
    pub(super) fn of_raw<'a>(rules: impl IntoIterator<Item = (u64, &'a [String])>) -> Result<Self, String> {
        Self::build(rules, true)
    }

    fn build<'a>(rules: impl IntoIterator<Item = (u64, &'a [String])>, raw: bool) -> Result<Self, String> {
        let mut by_text: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        let mut always = 0;
        for (bit, patterns) in rules {
            for pattern in patterns {
                let parsed = regex_syntax::parse(&ascii(&bounded(pattern))).map_err(|e| e.to_string())?;
                match needed(&parsed) {
                    // The beginning of a piece is needed as well, and many pieces begin alike.
                    Some(pieces) => pieces.into_iter().for_each(|mut piece| {
                        piece.truncate(LONGEST);
                        if raw {
                            piece.truncate(piece.iter().take_while(|b| b.is_ascii()).count());
                        }
                        *by_text.entry(piece).or_default() |= bit;
                    }),
                    None => always |= bit,
                }
            }
        }
        let automaton = aho_corasick::AhoCorasick::builder()
            .kind(Some(aho_corasick::AhoCorasickKind::DFA))
            .ascii_case_insensitive(raw)
            .build(by_text.keys())
            .map_err(|e| e.to_string())?;
        Ok(Self { automaton, bits: by_text.into_values().collect(), always })
    }

    /// The bits of the rules that may match `text`.
    pub(super) fn of(&self, text: &str) -> u64 {
        let found = self.automaton.find_overlapping_iter(text);
        found.filter_map(|m| self.bits.get(m.pattern().as_usize())).fold(self.always, |all, bits| all | bits)
    }
}

/// Pieces of text of which one stands in whatever `pattern` matches; the longest there are.
fn needed(pattern: &Hir) -> Option<Vec<Vec<u8>>> {
    let least = |pieces: &Vec<Vec<u8>>| {
        let least = pieces.iter().map(|piece| worth(piece)).min().unwrap_or(0);
        (pieces.len() <= MOST_PIECES && least > 0).then_some((least, usize::MAX - pieces.len()))
    };
    let opening = |part: &Hir| -> Option<Vec<Vec<u8>>> {
        let found = regex_syntax::hir::literal::Extractor::new().extract(part);
        Some(found.literals()?.iter().map(|l| l.as_bytes().to_vec()).collect())
    };
    let inside = match pattern.kind() {
        HirKind::Capture(group) => needed(&group.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => needed(&repeated.sub),
        HirKind::Alternation(ways) => {
            ways.iter().map(needed).collect::<Option<Vec<_>>>().map(|found| found.into_iter().flatten().collect())
        }
        HirKind::Concat(parts) => {
            let from = (1..parts.len()).filter_map(|at| opening(&Hir::concat(parts.get(at..)?.to_vec())));
            from.chain(parts.iter().filter_map(needed)).filter(|p| least(p).is_some()).max_by_key(least)
        }
        _ => None,
    };
    [opening(pattern), inside].into_iter().flatten().filter(|p| least(p).is_some()).max_by_key(least)
}

/// How few texts have `piece`: longer ones fewer, and marks fewer than figures; nothing for what stands in every text.
fn worth(piece: &[u8]) -> usize {
    let marks = ['©', '@', '#', '>', '=', '/', '+', '|', '£', '€', '•', '·', '(', '['];
    match piece.len() {
        short if short < SHORTEST => {
            let marked = std::str::from_utf8(piece).is_ok_and(|p| p.contains(marks));
            if marked { SHORTEST } else { usize::from(piece.iter().any(u8::is_ascii_digit)) }
        }
        length => length,
    }
}

/// `pattern` with the classes that are quick to match. Text has no runs of white space, so a blank is one blank.
pub(super) fn ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut chars = pattern.chars();
    let mut class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next().unwrap_or('\\');
                match (next, class) {
                    ('b', false) => out.push_str(r"(?-u:\b)"),
                    ('d', false) => out.push_str("[0-9]"),
                    ('d', true) => out.push_str("0-9"),
                    ('s', _) => out.push(' '),
                    ('w', false) => out.push_str(r"[0-9a-z_\u{df}-\u{24f}]"),
                    ('w', true) => out.push_str(r"0-9a-z_\u{df}-\u{24f}"),
                    ('W', false) => out.push_str("[^0-9a-z_]"),
                    ('S', false) => out.push_str("[^ ]"),
                    _ => {
                        out.push('\\');
                        out.push(next);
                    }
                }
            }
            '[' if !class => {
                class = true;
                out.push(c);
            }
            ']' if class => {
                class = false;
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// `text` in lower case with one kind of apostrophe and one kind of double quotation mark, as the patterns expect it.
pub(super) fn plain_marks(text: &str) -> String {
    let plain = |c: char| match c {
        '\'' | '‘' | 'ʼ' => '’',
        '“' | '”' | '„' => '"',
        '\u{a0}' | '\u{202f}' => ' ',
        c => c,
    };
    let mut out = String::with_capacity(text.len() + 8);
    // What is plain already is taken over at once.
    for run in text.split_inclusive(|c: char| !c.is_ascii() || c == '\'') {
        let Some(last) = run.chars().next_back() else { continue };
        let odd = if last.is_ascii() && last != '\'' { 0 } else { last.len_utf8() };
        let start = out.len();
        out.push_str(run.get(..run.len() - odd).unwrap_or(""));
        if let Some(own) = out.get_mut(start..) {
            own.make_ascii_lowercase();
        }
        if odd > 0 {
            out.extend(last.to_lowercase().map(plain));
        }
    }
    out
}

/// The first sentence of `text`, roughly.
pub(super) fn first_sentence(text: &str) -> &str {
    let end = text
        .match_indices(['.', '!', '?'])
        .find(|(at, _)| text.get(at + 1..).is_some_and(|r| r.starts_with(char::is_whitespace)));
    end.and_then(|(at, _)| text.get(..=at)).unwrap_or(text)
}

/// Whether `text` opens with a quotation mark (a name in marks at the start of a headline counts as well).
pub(in super::super) fn opens_with_quote(text: &str) -> bool {
    matches!(text.trim_start().chars().next(), Some('"' | '“' | '‘' | '’' | '\'' | '«' | '„'))
}

/// Whether `text` quotes someone: a quotation mark and a word of saying.
pub(super) fn reports_speech(text: &str) -> bool {
    static SAYING: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::expect_used, reason = "a literal, compiled by every test of this file")]
        Regex::new(r"(?-u:\b)(said|says|saying|told|tells|added|adds|wrote|writes|replied|asked|explained|insisted|claimed|warned|posted|tweeted|continued)(?-u:\b)")
            .expect("sound")
    });
    (text.contains('"') || text.contains('“') || text.contains(" ’") || text.contains(" ‘")) && SAYING.is_match(text)
}

pub(super) fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let after = text.get(end..).and_then(|t| t.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_needs_what_stands_in_whatever_it_matches() {
        let pieces = |pattern: &str| {
            let parsed = regex_syntax::parse(&ascii(&bounded(pattern))).expect("sound");
            needed(&parsed).map(|all| all.into_iter().map(|p| String::from_utf8(p).expect("text")).collect::<Vec<_>>())
        };
        for (pattern, expected) in [
            (r"sign up (to|for)\b", Some(vec!["sign up to", "sign up for"])),
            (r".{0,60}\bspam (folder|box)\b", Some(vec!["spam folder", "spam box"])),
            (r"(\w+ ){0,3}handout image$", Some(vec!["handout image"])),
            (r"(a )?(b )?favour to ask", Some(vec!["favour to ask"])),
            (r"\S+@\S+", Some(vec!["@"])),
            (r"(ad|advert)s?", None),
            (r"(cookies)?", None),
            (r"\w+", None),
        ] {
            let found = pieces(pattern);
            let found = found.as_ref().map(|f| f.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(found, expected, "{pattern}");
        }
    }

    #[test]
    fn marks_are_made_plain() {
        assert_eq!(plain_marks("It’s ‘ÉTÉ’ \u{201c}NOW\u{201d} O'Neill\u{a0}x"), "it’s ’été’ \"now\" o’neill x");
    }
}
