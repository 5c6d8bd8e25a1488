//! Text from outside, made safe to show: no control or direction characters, no line breaks, cut to a length.

use crate::domain::Span;
use unicode_normalization::char::is_combining_mark;

/// Most combining marks kept on one letter: more of them only paint over neighbouring lines.
const MAX_COMBINING: usize = 3;

/// Whether `c` shows nothing and can change how what follows is shown, read or found: control characters, marks and
/// overrides of writing direction, and characters without width that are not needed to write any language.
///
/// Source: Unicode 16, properties `Bidi_Control` and `Default_Ignorable_Code_Point`. The two joiners (U+200C, U+200D) and
/// the variation selectors stay: Persian, Indic scripts and emoji need them.
pub fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` as one line: runs of white space and line breaks become one space, treacherous characters go.
pub fn line(text: &str) -> String {
    let text = flat(text);
    text.trim().to_owned()
}

/// As [`line`], but a space at either end stays: for parts of a sentence.
fn flat(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4096));
    let mut combining = 0;
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_combining_mark(c) {
            combining += 1;
            if combining <= MAX_COMBINING {
                out.push(c);
            }
            continue;
        } else if !is_treacherous(c) {
            out.push(c);
        }
        combining = 0;
    }
    out
}

/// `text` as one line of at most `most` characters, cut at a word's end where one is near.
pub fn cut(text: &str, most: usize) -> String {
    let text = line(text);
    if text.chars().count() <= most {
        return text;
    }
    let mut kept: String = text.chars().take(most.saturating_sub(1)).collect();
    if let Some((at, _)) = kept.char_indices().rfind(|(_, c)| *c == ' ')
        && kept.len() - at <= 24
    {
        kept.truncate(at);
    }
    format!("{}…", kept.trim_end_matches([' ', ',', ';', ':']))
}

/// `json` with every treacherous character, but line breaks between values, as a `\\u` escape: the same value, which may be
/// shown anywhere.
pub fn json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_treacherous(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The words, safe to show.
    pub(super) text: String,
    /// Whether they are a mention of the watched.
    pub(super) marked: bool,
}

/// `text` cut into marked and other pieces, at most `most` characters in all. Marks that overlap count as one; those
/// that do not lie on characters of `text` are passed over.
pub(super) fn pieces(text: &str, marks: &[Span], most: usize) -> Vec<Piece> {
    let mut marks: Vec<Span> =
        marks.iter().copied().filter(|m| m.start < m.end && text.get(m.start..m.end).is_some()).collect();
    marks.sort_unstable();
    let mut raw: Vec<(&str, bool)> = Vec::new();
    let mut at = 0;
    for mark in marks {
        let start = mark.start.max(at);
        if start >= mark.end {
            continue;
        }
        raw.push((text.get(at..start).unwrap_or(""), false));
        raw.push((text.get(start..mark.end).unwrap_or(""), true));
        at = mark.end;
    }
    raw.push((text.get(at..).unwrap_or(""), false));
    let mut out: Vec<Piece> = Vec::new();
    let mut room = most;
    for (words, marked) in raw {
        let mut words = flat(words);
        let follows_space = out.last().is_none_or(|p| p.text.ends_with(' '));
        if follows_space {
            words = words.trim_start().to_owned();
        }
        let length = words.chars().count();
        let is_cut = length > room;
        if is_cut {
            words = format!("{}…", words.chars().take(room.saturating_sub(1)).collect::<String>().trim_end());
        }
        room = room.saturating_sub(length);
        if !words.is_empty() {
            out.push(Piece { text: words, marked });
        }
        if is_cut {
            break;
        }
    }
    if let Some(last) = out.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    out.retain(|p| !p.text.is_empty());
    out
}

/// `address` as a link that may be shown: `http` or `https`, without name and password, at most 2,000 bytes.
pub(super) fn link(address: &str) -> Option<String> {
    let url = url::Url::parse(address.trim()).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let text = url.as_str();
    let visible = !text.chars().any(|c| is_treacherous(c) || c.is_whitespace());
    (plain && visible && text.len() <= 2000 && url.has_host()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_nothing_that_could_disturb_the_reader() {
        for (text, expected) in [
            ("  Officer\r\n charged\t today ", "Officer charged today"),
            ("a\u{202e}b\u{2066}c\u{200f}d\u{61c}e", "abcde"),
            ("red \u{1b}[31malert\u{7}", "red [31malert"),
            ("para\u{2029}graph\u{85}\u{feff}x\u{e0041}", "para graph x"),
            ("Z\u{301}\u{301}\u{301}\u{301}\u{301}algo", "Z\u{301}\u{301}\u{301}algo"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ] {
            assert_eq!(line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn long_text_is_cut_at_a_word() {
        assert_eq!(cut("Officer charged with misconduct", 20), "Officer charged…");
        assert_eq!(cut(&"x".repeat(10_000), 10), format!("{}…", "x".repeat(9)));
        assert_eq!(cut("short", 20), "short");
    }

    #[test]
    fn marks_are_kept_whatever_they_are() {
        let check = |text: &str, marks: &[(usize, usize)], most: usize, expected: &str| {
            let marks: Vec<Span> = marks.iter().map(|(a, b)| Span::new(*a, *b)).collect();
            let shown: String = pieces(text, &marks, most)
                .iter()
                .map(|p| if p.marked { format!("[{}]", p.text) } else { p.text.clone() })
                .collect();
            assert_eq!(shown, expected, "{text:?} {marks:?}");
        };
        check("PC Ada Bell was charged.", &[(3, 11)], 99, "PC [Ada Bell] was charged.");
        check("Bell and Bell", &[(9, 13), (0, 4)], 99, "[Bell] and [Bell]");
        check("Ada Bell", &[(0, 8), (4, 8)], 99, "[Ada Bell]");
        check("Zoë", &[(0, 3), (2, 40), (3, 3), (3, 1)], 99, "Zoë");
        check("PC\n\u{202e}Ada\nBell was", &[(6, 14)], 99, "PC [Ada Bell] was");
        check("Ada Bell was charged", &[(0, 3)], 10, "[Ada] Bell…");
        check("", &[(0, 0)], 10, "");
    }

    #[test]
    fn only_plain_web_addresses_become_links() {
        for (address, expected) in [
            ("https://echo.example/a?b=c&d", Some("https://echo.example/a?b=c&d")),
            (" http://echo.example ", Some("http://echo.example/")),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("file:///etc/passwd", None),
            ("https://bank.example@evil.example/", None),
            ("//echo.example", None),
            ("https://echo.example/\"><script>", Some("https://echo.example/%22%3E%3Cscript%3E")),
        ] {
            assert_eq!(link(address).as_deref(), expected, "{address:?}");
        }
    }
}
