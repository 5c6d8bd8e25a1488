//! The article as the extractor sees it: blocks, sentences and tokens, built once.

use crate::domain::{Article, Block, BlockKind, Span};

/// Text with its structure. All spans are bytes of `text`, which is [`Article::text`].
#[derive(Debug, Clone, Default)]
pub struct Doc {
    /// The article's text.
    pub text: String,
    /// Headline, apart from the text.
    pub headline: String,
    /// Standfirst, apart from the text.
    pub standfirst: String,
    /// The article's blocks.
    pub blocks: Vec<DocBlock>,
    /// Sentences in order; none crosses a block.
    pub sentences: Vec<Sentence>,
    /// Tokens in order; none crosses a sentence.
    pub tokens: Vec<Token>,
}

/// A block of the text.
#[derive(Debug, Clone, Copy)]
pub struct DocBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Where it is.
    pub span: Span,
}

/// A sentence of the text.
#[derive(Debug, Clone, Copy)]
pub struct Sentence {
    /// Where it is, without surrounding white space.
    pub span: Span,
    /// Index of its block in [`Doc::blocks`].
    pub block: usize,
    /// Index of its first token in [`Doc::tokens`].
    pub first: usize,
    /// One past the index of its last token.
    pub last: usize,
}

/// A word, number or mark of punctuation.
#[derive(Debug, Clone)]
pub struct Token {
    /// Where it is.
    pub span: Span,
    /// Its text in lower case, apostrophes straightened, soft hyphens dropped.
    pub lower: String,
    /// What its letters look like.
    pub shape: Shape,
}

/// What the letters of a token look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `word`
    Lower,
    /// `Word` or `McDonald`
    Capitalised,
    /// `IOPC`, also a single capital letter
    Capitals,
    /// `12`, `£1,200`, `10.30am`
    Number,
    /// `,` `“` `–`
    Punctuation,
}

impl Doc {
    /// Builds the structure of `article`.
    pub fn new(article: &Article) -> Self {
        let text = article.text();
        let mut doc = Self {
            headline: article.headline.clone().unwrap_or_default(),
            standfirst: article.standfirst.clone().unwrap_or_default(),
            ..Self::default()
        };
        let mut start = 0;
        for block in &article.blocks {
            let span = Span::new(start, start + block.text.len());
            let index = doc.blocks.len();
            doc.blocks.push(DocBlock { kind: block.kind, span });
            for sentence in sentences(&text, span) {
                let first = doc.tokens.len();
                tokens(&text, sentence, &mut doc.tokens);
                doc.sentences.push(Sentence { span: sentence, block: index, first, last: doc.tokens.len() });
            }
            start = span.end + 2;
        }
        doc.text = text;
        doc
    }

    /// The structure of a line of text that belongs to no article.
    pub fn of_text(text: &str) -> Self {
        let block = Block { kind: BlockKind::Paragraph, text: text.to_owned() };
        Self::new(&Article { blocks: vec![block], ..Article::default() })
    }

    /// The tokens of a name or phrase that belongs to no article.
    pub fn tokens_of(text: &str) -> Vec<Token> {
        let mut out = Vec::new();
        tokens(text, Span::new(0, text.len()), &mut out);
        out
    }

    /// The tokens of sentence `index`.
    pub fn sentence_tokens(&self, index: usize) -> &[Token] {
        self.sentences.get(index).and_then(|s| self.tokens.get(s.first..s.last)).unwrap_or(&[])
    }

    /// The text under `span`.
    pub fn slice(&self, span: Span) -> &str {
        span.of(&self.text)
    }

    /// Index of the sentence that holds byte `at`.
    pub fn sentence_at(&self, at: usize) -> Option<usize> {
        let index = self.sentences.partition_point(|s| s.span.end <= at);
        self.sentences.get(index).filter(|s| s.span.start <= at).map(|_| index)
    }
}

/// Words that end in a full stop without ending a sentence.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "rev", "st", "sgt", "insp", "supt", "ch", "det", "cllr", "hon", "lt", "col",
    "capt", "no", "nos", "vs", "v", "jr", "sr", "inc", "ltd", "co", "dept", "approx", "jan", "feb", "aug", "sept",
    "oct", "nov", "dec", "e.g", "i.e", "p.m", "a.m", "u.s", "u.k", "d.c",
];

/// Words that open a sentence and are no surnames: what stands before them is no initial but ends its sentence ("Constable
/// F. He denies it").
const OPENERS: &[&str] = &[
    "a", "an", "the", "he", "she", "it", "they", "we", "you", "his", "her", "its", "their", "this", "that", "these",
    "those", "there", "then", "but", "and", "or", "so", "yet", "nor", "in", "on", "at", "by", "for", "from", "to",
    "with", "of", "as", "after", "before", "when", "while", "where", "since", "until", "if", "although", "though",
    "however", "both", "neither", "no", "not", "none", "nobody", "one", "two", "who", "what", "mr", "mrs", "ms",
    "miss", "dr", "police", "asked", "under",
];

/// The character that begins at byte `at`.
#[inline]
fn char_at(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        Some(_) => text.get(at..).and_then(|rest| rest.chars().next()),
        None => None,
    }
}

/// Sentences of the block at `block`.
fn sentences(text: &str, block: Span) -> Vec<Span> {
    let body = block.of(text);
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '…');
    let closes = |c: char| ends(c) || matches!(c, '"' | '\'' | '”' | '’' | ')' | ']');
    // Where what follows `at` and has all of it begins.
    let past = |at: usize, has: &dyn Fn(char) -> bool| {
        let rest = body.get(at..).unwrap_or("");
        body.len() - rest.trim_start_matches(has).len()
    };
    let mut out = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some(i) = body.get(from..).and_then(|rest| rest.find(ends)).map(|found| from + found) {
        let Some(c) = char_at(body, i) else { break };
        let end = past(i + c.len_utf8(), &closes);
        let alone = end == i + c.len_utf8();
        let next = past(end, &char::is_whitespace);
        let first = char_at(body, next);
        let starts_anew = first.is_none_or(|n| {
            n.is_uppercase()
                || n.is_numeric()
                || matches!(n, '“' | '‘' | '"' | '\'' | '(' | '[' | '£' | '–' | '—' | '•')
        });
        from = end;
        if next < body.len() && (next == end || !starts_anew) {
            continue;
        }
        let word = short_word_before(body.get(..i).unwrap_or(""));
        let opener = || {
            let rest = body.get(next..).unwrap_or("").chars();
            let word: String = rest.take_while(|c| c.is_alphabetic()).take(SHORT).collect::<String>().to_lowercase();
            OPENERS.contains(&word.as_str())
        };
        let initial = alone
            && !(word.chars().nth(1).is_none() && opener())
            && word.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
        // "No. 10" is a number, "said no." is an answer.
        let number = !matches!(word.as_str(), "no" | "nos") || first.is_some_and(char::is_numeric);
        let abbreviation = c == '.' && alone && (initial || ABBREVIATIONS.contains(&word.as_str()) && number);
        if !abbreviation || next >= body.len() {
            push_trimmed(body, start, end, block.start, &mut out);
            start = next;
            from = next;
        }
    }
    push_trimmed(body, start, body.len(), block.start, &mut out);
    out
}

/// Longest word that is looked at as an abbreviation, in characters.
const SHORT: usize = 24;

/// The word at the end of `before`, in lower case, without marks that open it; empty where it is a long one. What has no gaps
/// is not searched back to its beginning at each of its full stops.
fn short_word_before(before: &str) -> String {
    let mut start = 0;
    for (length, (at, c)) in before.char_indices().rev().enumerate() {
        if length == SHORT {
            return String::new();
        }
        if c.is_whitespace() {
            start = at + c.len_utf8();
            break;
        }
    }
    before.get(start..).unwrap_or("").trim_start_matches(['(', '“', '‘', '"', '\'']).to_lowercase()
}

fn push_trimmed(body: &str, start: usize, end: usize, base: usize, out: &mut Vec<Span>) {
    let Some(piece) = body.get(start..end) else { return };
    let trimmed = piece.trim();
    if !trimmed.is_empty() {
        let lead = piece.len() - piece.trim_start().len();
        out.push(Span::new(base + start + lead, base + start + lead + trimmed.len()));
    }
}

/// Tokens of the sentence at `span`.
fn tokens(text: &str, span: Span, out: &mut Vec<Token>) {
    let body = span.of(text);
    let char_at = |at: usize| char_at(body, at);
    let inner = |c: char| matches!(c, '\'' | '’' | '-' | '‐' | '‑' | '.' | ',' | '&' | '/' | '\u{ad}');
    let mut at = 0;
    while let Some(c) = char_at(at) {
        let mut end = at + c.len_utf8();
        if c.is_whitespace() {
            at = end;
            continue;
        }
        let word = c.is_alphanumeric() || (matches!(c, '£' | '$' | '€') && char_at(end).is_some_and(char::is_numeric));
        if word {
            let (mut before, mut length) = (c, 1);
            while let Some(n) = char_at(end) {
                let after = if n.is_alphanumeric() { None } else { char_at(end + n.len_utf8()) };
                let joins = match n {
                    '/' if before.is_uppercase() => length <= 3 && after.is_some_and(char::is_uppercase),
                    '.' | ',' | '/' => before.is_numeric() && after.is_some_and(char::is_numeric),
                    '&' => before.is_uppercase() && after.is_some_and(char::is_uppercase),
                    _ if inner(n) => after.is_some_and(char::is_alphanumeric),
                    _ => n.is_alphanumeric() || n == '%',
                };
                if !joins {
                    break;
                }
                end += n.len_utf8();
                before = n;
                length += 1;
            }
        }
        push_word(body.get(at..end).unwrap_or(""), span.start + at, out);
        // Of marks that look alike on both sides, one after a blank opens: "'" is left for what ends a word, "the officers' van".
        let after_blank =
            body.get(..at).and_then(|b| b.chars().next_back()).is_none_or(|c| c.is_whitespace() || c == '(');
        let opens = after_blank && char_at(end).is_some_and(|n| !n.is_whitespace());
        let mark = match c {
            '\'' | '‘' if opens => Some("‘"),
            '"' if opens => Some("“"),
            '"' if !after_blank => Some("”"),
            _ => None,
        };
        if let Some((mark, token)) = mark.zip(out.last_mut()) {
            token.lower.replace_range(.., mark);
        }
        at = end;
    }
}

/// What may be joined to a name by a hyphen without being part of it ("Leeds-based").
const JOINED: &[&str] =
    &["based", "led", "born", "bred", "run", "style", "wide", "era", "owned", "backed", "funded", "trained", "area"];

/// What stands for a verb behind a pronoun, in either apostrophe: "they're", "I’ve".
const SHORT_VERBS: &[&str] = &["'re", "’re", "'ve", "’ve", "'ll", "’ll", "'d", "’d", "'m", "’m"];
/// Pronouns that such a verb is joined to.
const PRONOUNS: &[&str] = &["i", "you", "he", "she", "it", "we", "they", "who", "that", "there"];

/// Pushes a word, its possessive "'s" apart, the short verb behind a pronoun apart ("they", "'re"), and apart what a hyphen joins
/// to a name ("Leeds", "-based").
fn push_word(raw: &str, at: usize, out: &mut Vec<Token>) {
    let parts = if raw.bytes().any(|b| b == b'-') { raw.rsplit_once('-') } else { None };
    if let Some((name, tail)) =
        parts.filter(|(name, tail)| JOINED.contains(tail) && name.chars().next().is_some_and(char::is_uppercase))
    {
        push_token(name, at, out);
        push_token(raw.get(name.len()..).unwrap_or(tail), at + name.len(), out);
        return;
    }
    let marks: &[&str] = if raw.ends_with(['s', 'S']) { &["'s", "’s", "'S", "’S"] } else { &[] };
    for mark in marks {
        if let Some(stem) = raw.strip_suffix(mark).filter(|s| !s.is_empty()) {
            push_token(stem, at, out);
            push_token(mark, at + stem.len(), out);
            return;
        }
    }
    if raw.len() < 10 && raw.bytes().any(|b| b == b'\'' || b == 0xE2) {
        let parted = SHORT_VERBS.iter().find_map(|mark| Some((raw.strip_suffix(mark)?, *mark)));
        if let Some((stem, mark)) = parted.filter(|(s, _)| PRONOUNS.contains(&s.to_lowercase().as_str())) {
            push_token(stem, at, out);
            push_token(mark, at + stem.len(), out);
            return;
        }
    }
    push_token(raw, at, out);
}

fn push_token(raw: &str, at: usize, out: &mut Vec<Token>) {
    let (lower, shape) = if raw.is_ascii() { plain_word(raw) } else { any_word(raw) };
    out.push(Token { span: Span::new(at, at + raw.len()), lower, shape });
}

/// A word of ASCII alone, as nearly all are: in lower case, and its shape.
fn plain_word(raw: &str) -> (String, Shape) {
    let bytes = raw.as_bytes();
    let first = bytes.first();
    let shape = if !first.is_some_and(u8::is_ascii_alphabetic) && bytes.iter().any(u8::is_ascii_digit) {
        Shape::Number
    } else if !bytes.iter().any(u8::is_ascii_alphanumeric) {
        Shape::Punctuation
    } else if !first.is_some_and(u8::is_ascii_uppercase) {
        Shape::Lower
    } else if bytes.iter().any(u8::is_ascii_lowercase) {
        Shape::Capitalised
    } else {
        Shape::Capitals
    };
    (raw.to_ascii_lowercase(), shape)
}

/// A word in lower case, and its shape.
fn any_word(raw: &str) -> (String, Shape) {
    let lower: String = raw
        .chars()
        .filter(|c| *c != '\u{ad}')
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '’' | '‘' | 'ʼ' => '\'',
            '‐' | '‑' => '-',
            c => c,
        })
        .collect();
    let first = raw.chars().next();
    let shape = if raw.chars().any(char::is_numeric) && !first.is_some_and(char::is_alphabetic) {
        Shape::Number
    } else if !raw.chars().any(char::is_alphanumeric) {
        Shape::Punctuation
    } else if first.is_some_and(char::is_uppercase) {
        if raw.chars().any(char::is_lowercase) { Shape::Capitalised } else { Shape::Capitals }
    } else {
        Shape::Lower
    };
    (lower, shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(text: &str) -> Doc {
        Doc::of_text(text)
    }

    #[test]
    fn sentences_survive_titles_initials_and_quotation_marks() {
        for (text, expected) in [
            ("Det. Sgt. Ann Orr left. She won.", vec!["Det. Sgt. Ann Orr left.", "She won."]),
            ("J.R. Hall of Bath spoke. He sat.", vec!["J.R. Hall of Bath spoke.", "He sat."]),
            ("J. R. Hall spoke. “No.” He sat.", vec!["J. R. Hall spoke.", "“No.”", "He sat."]),
            ("It cost 1.5m. 12 came!", vec!["It cost 1.5m.", "12 came!"]),
            ("No end", vec!["No end"]),
            ("He said no. It is No. 10.", vec!["He said no.", "It is No. 10."]),
        ] {
            let doc = doc(text);
            let got: Vec<&str> = doc.sentences.iter().map(|s| doc.slice(s.span)).collect();
            assert_eq!(got, expected, "{text}");
        }
    }

    #[test]
    fn only_short_words_before_a_stop_are_looked_at() {
        for (text, expected) in [("said (Det", "det"), ("J.R", "j.r"), ("", ""), ("one two ", "")] {
            assert_eq!(short_word_before(text), expected, "{text}");
        }
        assert_eq!(short_word_before(&format!("said A{}", "-a.b".repeat(10))), "");
        assert_eq!(doc(&format!("A{} left. She won.", "-a.b".repeat(10))).sentences.len(), 2);
    }

    #[test]
    fn what_is_joined_to_a_name_stands_apart() {
        let doc = doc("Leeds-based well-led Smith-Jones");
        let got: Vec<&str> = doc.tokens.iter().map(|t| doc.slice(t.span)).collect();
        assert_eq!(got, ["Leeds", "-based", "well-led", "Smith-Jones"]);
    }

    #[test]
    fn tokens_keep_names_whole_and_possessives_apart() {
        let doc = doc("O’Neil’s 29-year-old friend paid T/Supt Orr £1,200 (A&S).");
        let got: Vec<&str> = doc.tokens.iter().map(|t| doc.slice(t.span)).collect();
        let expected =
            ["O’Neil", "’s", "29-year-old", "friend", "paid", "T/Supt", "Orr", "£1,200", "(", "A&S", ")", "."];
        assert_eq!(got, expected);
    }
}
