//! Watched keywords in a text.
//!
//! A phrase matches whole words in any capitals, its spaces any run of blanks, its apostrophes and hyphens in every
//! form; `*` at a word's end stands for any ending. `any`, `all` and `none` look at the whole article: headline,
//! standfirst and text.

use super::doc::Doc;
use crate::domain::{FeedId, Keyword, KeywordHit, Span};
use regex::{Regex, RegexBuilder};

/// Bytes that one compiled pattern may take. Patterns come from the user's file: a slip must not eat the memory.
const PATTERN_BYTES: usize = 1 << 20;

/// What stands between headline, standfirst and text. No pattern of words crosses a line break.
const GAP: &str = "\n\n";

/// All keywords, ready to match.
#[derive(Debug)]
pub struct KeywordMatcher {
    keywords: Vec<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    id: String,
    feeds: Vec<String>,
    any: Vec<Regex>,
    all: Vec<Regex>,
    none: Vec<Regex>,
}

/// Whether `keyword` can be matched as it is written.
///
/// # Errors
/// With what is wrong and how to mend it: nothing to look for, an empty phrase, `*` that does not end a word, a
/// regular expression that cannot be compiled or is too large.
pub fn check(keyword: &Keyword) -> Result<(), String> {
    if keyword.any.is_empty() && keyword.all.is_empty() && keyword.regex.is_empty() {
        return Err("has nothing to look for: give words in `any`, `all` or `regex`".to_owned());
    }
    for (key, phrases) in [("any", &keyword.any), ("all", &keyword.all), ("none", &keyword.none)] {
        for phrase in phrases {
            check_phrase(phrase).map_err(|e| format!("{key}: {phrase:?} {e}"))?;
            compile_phrase(phrase, keyword).map_err(|e| format!("{key}: {phrase:?} {e}"))?;
        }
    }
    for pattern in &keyword.regex {
        compile(pattern, keyword).map_err(|e| format!("regex: {pattern:?} {e}"))?;
    }
    Ok(())
}

fn check_phrase(phrase: &str) -> Result<(), String> {
    if !phrase.chars().any(char::is_alphanumeric) {
        return Err("has no letter or digit".to_owned());
    }
    let stray = phrase
        .split_whitespace()
        .any(|word| word.trim_end_matches('*').contains('*') || word.starts_with('*') || word.ends_with("**"));
    if stray {
        return Err("has a `*` that does not end a word; only `word*` is known".to_owned());
    }
    Ok(())
}

fn compile(pattern: &str, keyword: &Keyword) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .case_insensitive(!keyword.case_sensitive)
        .size_limit(PATTERN_BYTES)
        .dfa_size_limit(PATTERN_BYTES)
        .build()
        .map_err(|e| match e {
            regex::Error::CompiledTooBig(_) => "is too large a pattern".to_owned(),
            // The message draws the pattern over several lines; its last line says what is wrong.
            e => {
                let text = e.to_string();
                let reason = text.lines().last().unwrap_or_default();
                format!("is no regular expression ({})", reason.trim_start_matches("error: "))
            }
        })
}

fn compile_phrase(phrase: &str, keyword: &Keyword) -> Result<Regex, String> {
    let mut pattern = String::new();
    if !keyword.inside_words {
        pattern.push_str(r"\b{start-half}");
    }
    for (n, word) in phrase.split_whitespace().enumerate() {
        if n > 0 {
            pattern.push_str(r"[^\S\n]+");
        }
        let stem = word.trim_end_matches('*');
        for c in stem.chars() {
            match c {
                '\'' | '’' | '‘' | 'ʼ' => pattern.push_str("['’‘ʼ]"),
                '-' | '‐' | '‑' => pattern.push_str("[-‐‑]"),
                c => pattern.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
            }
        }
        if stem.len() < word.len() {
            pattern.push_str(r"\w*");
        }
    }
    if !keyword.inside_words {
        pattern.push_str(r"\b{end-half}");
    }
    compile(&pattern, keyword)
}

impl KeywordMatcher {
    /// The matcher for `keywords`. Patterns that [`check`] refuses are left out.
    pub fn new(keywords: &[Keyword]) -> Self {
        let keywords = keywords
            .iter()
            .map(|k| {
                let phrases = |list: &[String]| -> Vec<Regex> {
                    list.iter().filter(|p| check_phrase(p).is_ok()).filter_map(|p| compile_phrase(p, k).ok()).collect()
                };
                let mut any = phrases(&k.any);
                any.extend(k.regex.iter().filter_map(|p| compile(p, k).ok()));
                Compiled { id: k.id.clone(), feeds: k.feeds.clone(), any, all: phrases(&k.all), none: phrases(&k.none) }
            })
            .filter(|k| !k.any.is_empty() || !k.all.is_empty())
            .collect();
        Self { keywords }
    }

    /// Keywords that stand in `doc`, each once, with the sentence (or headline) that shows most of it. A keyword limited to feeds is
    /// looked for only if `feed` is one of them, or is not known.
    pub fn hits(&self, doc: &Doc, feed: Option<&FeedId>) -> Vec<KeywordHit> {
        let mut keywords = self.keywords.iter().filter(|k| k.applies_to(feed)).peekable();
        if keywords.peek().is_none() {
            return Vec::new();
        }
        let (text, units) = units(doc);
        keywords.filter_map(|k| k.hit(&text, &units)).collect()
    }

    /// The first keyword that `text` (an entry's headline and summary) speaks for, with the words found: "id: words".
    ///
    /// Wider than [`Self::hits`]: of `all`, one is enough, since the rest may stand in the page.
    pub fn selects(&self, text: &str) -> Option<String> {
        self.selects_in(text, None)
    }

    /// [`Self::selects`] for an entry of `feed`.
    pub fn selects_in(&self, text: &str, feed: Option<&FeedId>) -> Option<String> {
        self.keywords.iter().filter(|k| k.applies_to(feed)).find_map(|k| {
            if k.none.iter().any(|r| r.is_match(text)) {
                return None;
            }
            let wanted = if k.any.is_empty() { &k.all } else { &k.any };
            wanted.iter().find_map(|r| r.find(text)).map(|m| format!("{}: {}", k.id, m.as_str()))
        })
    }
}

/// Headline, standfirst and text as one string, and the spans of headline, standfirst and each sentence in it.
fn units(doc: &Doc) -> (String, Vec<Span>) {
    let mut text = String::new();
    let mut units = Vec::with_capacity(doc.sentences.len() + 2);
    for part in [&doc.headline, &doc.standfirst] {
        units.push(Span::new(text.len(), text.len() + part.len()));
        text.push_str(part);
        text.push_str(GAP);
    }
    let base = text.len();
    text.push_str(&doc.text);
    units.extend(doc.sentences.iter().map(|s| Span::new(base + s.span.start, base + s.span.end)));
    (text, units)
}

impl Compiled {
    fn applies_to(&self, feed: Option<&FeedId>) -> bool {
        self.feeds.is_empty() || feed.is_none_or(|f| self.feeds.iter().any(|id| id == f.as_str()))
    }

    fn hit(&self, text: &str, units: &[Span]) -> Option<KeywordHit> {
        if self.none.iter().any(|r| r.is_match(text)) || !self.all.iter().all(|r| r.is_match(text)) {
            return None;
        }
        if !self.any.is_empty() && !self.any.iter().any(|r| r.is_match(text)) {
            return None;
        }
        // For each unit: how many patterns it shows, and where.
        let mut shown: Vec<(usize, Vec<Span>)> = vec![(0, Vec::new()); units.len()];
        for pattern in self.any.iter().chain(&self.all) {
            let mut last = None;
            for found in pattern.find_iter(text).filter(|m| !m.is_empty()) {
                let unit = units.partition_point(|u| u.end <= found.start());
                let Some(span) = units.get(unit).filter(|u| u.start <= found.start()) else { continue };
                let end = found.end().min(span.end);
                shown[unit].1.push(Span::new(found.start() - span.start, end - span.start));
                if last != Some(unit) {
                    shown[unit].0 += 1;
                    last = Some(unit);
                }
            }
        }
        let most = shown.iter().map(|(n, _)| *n).max().unwrap_or(0);
        let best = shown.iter().position(|(n, _)| *n == most && most > 0)?;
        let mut marks = std::mem::take(&mut shown[best].1);
        marks.sort_unstable();
        marks.dedup_by(|next, kept| {
            let overlap = next.start < kept.end;
            if overlap {
                kept.end = kept.end.max(next.end);
            }
            overlap
        });
        Some(KeywordHit { keyword: self.id.clone(), sentence: units[best].of(text).to_owned(), marks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Article, Block, BlockKind};

    fn doc(headline: &str, paragraphs: &[&str]) -> Doc {
        let block = |text: &&str| Block { kind: BlockKind::Paragraph, text: (*text).to_owned() };
        Doc::new(&Article {
            headline: Some(headline.to_owned()),
            blocks: paragraphs.iter().map(block).collect(),
            ..Article::default()
        })
    }

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|w| (*w).to_owned()).collect()
    }

    fn keyword(any: &[&str], all: &[&str], none: &[&str]) -> Keyword {
        Keyword { id: "k".to_owned(), any: words(any), all: words(all), none: words(none), ..Keyword::default() }
    }

    /// The hit's sentence with its marks in brackets.
    fn shown(keyword: Keyword, doc: &Doc) -> Option<String> {
        KeywordMatcher::new(&[keyword]).hits(doc, None).pop().map(|hit| {
            let mut out = String::new();
            let mut at = 0;
            for mark in &hit.marks {
                out.push_str(Span::new(at, mark.start).of(&hit.sentence));
                out.push_str(&format!("[{}]", mark.of(&hit.sentence)));
                at = mark.end;
            }
            out.push_str(Span::new(at, hit.sentence.len()).of(&hit.sentence));
            out
        })
    }

    #[test]
    fn phrases_match_whole_words_in_any_form() {
        let doc =
            doc("Taser use up", &["Stop-and-search rose. The officer’s  spit hood was new.", "Strip-searches fell."]);
        for (any, expected) in [
            ("taser", Some("[Taser] use up")),
            ("stop‑and‑search", Some("[Stop-and-search] rose.")),
            ("officer's spit hood", Some("The [officer’s  spit hood] was new.")),
            ("strip-search*", Some("[Strip-searches] fell.")),
            ("strip-search", None),
            ("spit hoods", None),
            ("rose the", None),
            ("new strip-searches", None),
        ] {
            assert_eq!(shown(keyword(&[any], &[], &[]), &doc).as_deref(), expected, "{any}");
        }
    }

    #[test]
    fn any_all_and_none_look_at_the_whole_article_and_the_fullest_sentence_is_shown() {
        let doc = doc("Drones over town", &["Police flew a camera.", "A drone with a camera crashed."]);
        for (any, all, none, expected) in [
            (&["drone", "drones"][..], &["camera"][..], &[][..], Some("A [drone] with a [camera] crashed.")),
            (&[], &["camera", "police"], &[], Some("[Police] flew a [camera].")),
            (&["drone"], &[], &["town"], None),
            (&["drone"], &["helicopter"], &[], None),
            (&["kite"], &["camera"], &[], None),
        ] {
            assert_eq!(shown(keyword(any, all, none), &doc).as_deref(), expected, "{any:?} {all:?} {none:?}");
        }
    }

    #[test]
    fn capitals_insides_and_regular_expressions_on_request() {
        let doc = doc("", &["SARC opened; unPACEd. Case 12/345 ended."]);
        let cased = Keyword { case_sensitive: true, ..keyword(&["sarc"], &[], &[]) };
        let inside = Keyword { inside_words: true, ..keyword(&["pace"], &[], &[]) };
        let regex = Keyword { regex: words(&[r"\d+/\d+"]), ..keyword(&[], &[], &[]) };
        assert_eq!(shown(cased, &doc), None);
        assert_eq!(shown(keyword(&["pace"], &[], &[]), &doc), None);
        assert_eq!(shown(inside, &doc).as_deref(), Some("SARC opened; un[PACE]d."));
        assert_eq!(shown(regex, &doc).as_deref(), Some("Case [12/345] ended."));
    }

    #[test]
    fn a_keyword_limited_to_feeds_stays_silent_elsewhere() {
        let doc = doc("Taser", &[]);
        let matcher = KeywordMatcher::new(&[Keyword { feeds: words(&["local"]), ..keyword(&["taser"], &[], &[]) }]);
        for (feed, hits) in [(None, 1), (Some("local"), 1), (Some("other"), 0)] {
            let feed = feed.map(|f| FeedId::parse(f).unwrap());
            assert_eq!(matcher.hits(&doc, feed.as_ref()).len(), hits, "{feed:?}");
        }
    }

    #[test]
    fn selection_is_wider_than_matching() {
        let matcher = KeywordMatcher::new(&[keyword(&[], &["spit hood", "custody"], &["football"])]);
        for (text, expected) in
            [("Man in Spit Hood dies", Some("k: Spit Hood")), ("Football fan in custody", None), ("Nothing here", None)]
        {
            assert_eq!(matcher.selects(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_matched_is_named_and_left_out() {
        let regex = |r: &str| Keyword { regex: words(&[r]), ..Keyword::default() };
        for (keyword, part) in [
            (keyword(&[], &[], &["x"]), "nothing to look for"),
            (keyword(&["*ing"], &[], &[]), "does not end a word"),
            (keyword(&["–"], &[], &[]), "no letter"),
            (regex("(a"), "no regular expression (unclosed group)"),
            (regex(r"(\w{500}){500}"), "too large"),
        ] {
            let error = check(&keyword).unwrap_err();
            assert!(error.contains(part), "{error}");
            assert!(KeywordMatcher::new(&[keyword]).hits(&doc("x ing a", &["x ing"]), None).is_empty());
        }
        assert_eq!(check(&keyword(&["stop and search*"], &[], &[])), Ok(()));
    }
}
