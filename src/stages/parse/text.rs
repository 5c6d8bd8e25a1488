//! From HTML to plain text, for titles and summaries.

use super::markup::{Entities, Token, Tokens, unescape};
use super::rules::RULES;
use ::base64::Engine as _;
use ::base64::alphabet;
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Longest summary kept, in bytes.
pub(super) const MAX_SUMMARY: usize = 16 * 1024;

/// `text` with every run of white space as one blank, none at the ends.
pub(super) fn collapse(text: &str) -> String {
    if is_collapsed(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Whether `text` surely has no white space but single blanks between its words.
fn is_collapsed(text: &str) -> bool {
    let mut blank = true;
    for b in text.bytes() {
        // The white space beyond ASCII begins with one of the last four.
        if b < b' ' || matches!(b, 0x7f | 0xc2 | 0xe1 | 0xe2 | 0xe3) || (blank && b == b' ') {
            return false;
        }
        blank = b == b' ';
    }
    !blank || text.is_empty()
}

/// `html` as plain text in one line: tags dropped, references resolved, scripts and styles left out.
///
/// A "<" that begins no tag of HTML is text: people write "a < b" and "<name>" in titles.
pub(super) fn plain(html: &str) -> String {
    if !html.bytes().any(|b| matches!(b, b'<' | b'&')) {
        return collapse(html);
    }
    let none = Entities::default();
    if !html.contains('<') {
        return collapse(&unescape(html, &none));
    }
    let mut out = String::with_capacity(html.len());
    let mut hidden: Option<String> = None;
    let mut tokens = Tokens::new(html);
    let mut start = 0;
    while let Some(token) = tokens.next() {
        let end = tokens.position();
        match token {
            Token::Text(text) | Token::CData(text) => {
                if hidden.is_none() {
                    out.push_str(&unescape(text, &none));
                }
            }
            Token::Start { name, empty, .. } => {
                let name = name.to_ascii_lowercase();
                if hidden.is_some() {
                } else if !RULES.elements.contains(&name) {
                    out.push_str(&unescape(tokens.slice(start, end), &none));
                } else if RULES.hidden.contains(&name) && !empty {
                    hidden = Some(name);
                } else if RULES.blocks.contains(&name) {
                    out.push(' ');
                }
            }
            Token::End { name } => {
                let name = name.to_ascii_lowercase();
                if hidden.as_ref() == Some(&name) {
                    hidden = None;
                } else if hidden.is_none() && RULES.blocks.contains(&name) {
                    out.push(' ');
                }
            }
            // The text was cut off by whoever made the excerpt: a piece of a tag is no text, any other "<" is.
            Token::Cut { .. } => {
                let piece = tokens.slice(start, end);
                let name = piece.trim_start_matches(['<', '/']).split(|c: char| !c.is_ascii_alphanumeric()).next();
                let tag = name.is_some_and(|n| RULES.elements.contains(&n.to_ascii_lowercase()));
                if hidden.is_none() && !tag && !piece.starts_with("<!") {
                    out.push_str(&unescape(piece, &none));
                }
            }
            Token::Doctype(_) | Token::Other => {}
        }
        start = end;
    }
    collapse(&out)
}

/// The bytes behind base64 of either alphabet (RFC 4648 sections 4 and 5); what is no letter of it is passed over, and what
/// follows its padding.
pub(super) fn from_base64(text: &str) -> Vec<u8> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let mut letters: Vec<u8> = text
        .bytes()
        .take_while(|b| *b != b'=')
        .filter_map(|b| match b {
            b'-' => Some(b'+'),
            b'_' => Some(b'/'),
            b'+' | b'/' => Some(b),
            b if b.is_ascii_alphanumeric() => Some(b),
            _ => None,
        })
        .collect();
    // A single letter left over is six bits of a byte that was cut off.
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    LENIENT.decode(letters).unwrap_or_default()
}

/// Whether `html` has a letter or a digit outside its tags.
pub(super) fn has_words(html: &str) -> bool {
    let mut inside = false;
    html.chars().any(|c| {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ => {}
        }
        !inside && c.is_alphanumeric()
    })
}

/// The first `limit` bytes of `text`, cut before a word.
pub(super) fn shorten(mut text: String, limit: usize) -> String {
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text.get(..end).and_then(|head| head.rfind(' ')).unwrap_or(end);
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use super::{collapse, from_base64, has_words, plain, shorten};

    #[test]
    fn html_becomes_text() {
        for (html, expected) in [
            ("Officer <b>dis</b>missed", "Officer dismissed"),
            ("<p>One.</p><p>Two &amp; three.</p>", "One. Two & three."),
            ("a < b and c<d", "a < b and c<d"),
            ("how to use <username> here", "how to use <username> here"),
            ("x<script>alert('<b>')</script>y<style>p{}</style>z", "xyz"),
            ("A&nbsp;B &eacute; &hellip;", "A B é …"),
            ("cut in a <a href=\"http://", "cut in a"),
            ("line<br>break", "line break"),
            ("<!-- note -->text", "text"),
        ] {
            assert_eq!(plain(html), expected, "{html}");
        }
    }

    #[test]
    fn white_space_of_every_kind_is_one_blank() {
        for (text, expected) in [
            ("one two", "one two"),
            (" one", "one"),
            ("one ", "one"),
            ("one  two", "one two"),
            ("one\ntwo\tthree", "one two three"),
            ("one\u{a0}two\u{2003}three\u{3000}four\u{1680}five\u{85}six", "one two three four five six"),
            ("caf\u{e9} \u{a3}5 \u{2013} x", "caf\u{e9} \u{a3}5 \u{2013} x"),
            ("", ""),
            (" ", ""),
        ] {
            assert_eq!(collapse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn base64_of_either_alphabet_is_read_as_far_as_it_goes() {
        for (text, expected) in [
            ("T25l", &b"One"[..]),
            (" T2\n5l ", b"One"),
            ("VHdv", b"Two"),
            ("-_8", &[0xfb, 0xff]),
            ("+/8=trailing", &[0xfb, 0xff]),
            ("T25lV", b"One"),
            ("", b""),
        ] {
            assert_eq!(from_base64(text), expected, "{text:?}");
        }
    }

    #[test]
    fn words_are_what_stands_outside_tags() {
        for (html, expected) in [("<p>One</p>", true), ("<img src=\"a1\">", false), (" <br/>&", false), ("é", true)] {
            assert_eq!(has_words(html), expected, "{html}");
        }
    }

    #[test]
    fn summaries_end_with_a_whole_word() {
        assert_eq!(shorten("été hiver printemps".to_owned(), 12), "été hiver");
        assert_eq!(shorten("ééééé".to_owned(), 3), "é");
    }
}
