//! From HTML to plain text, for titles and summaries.

use super::markup::{Entities, Token, Tokens, unescape};
use super::rules::RULES;

/// Longest summary kept, in bytes.
pub(super) const MAX_SUMMARY: usize = 16 * 1024;

/// `text` with every run of white space as one blank, none at the ends.
pub(super) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// `html` as plain text in one line: tags dropped, references resolved, scripts and styles left out.
///
/// A "<" that begins no tag of HTML is text: people write "a < b" and "<name>" in titles.
pub(super) fn plain(html: &str) -> String {
    if !html.contains(['<', '&']) {
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
    use super::{has_words, plain, shorten};

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
