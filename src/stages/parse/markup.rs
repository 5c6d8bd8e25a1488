//! A tokeniser for XML as it is met, which never fails: what is no markup is text.

use super::decode::mended;
use super::rules::html_entity;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Most entities taken from a document's own DTD, and the longest text of one.
const MAX_ENTITIES: usize = 256;
const MAX_ENTITY_LENGTH: usize = 512;
/// Most bytes that a document's own entities may add to one text.
const MAX_EXPANSION: usize = 64 * 1024;

/// A piece of markup, or the text between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Start {
        name: &'a str,
        attributes: &'a str,
        empty: bool,
    },
    End {
        name: &'a str,
    },
    Text(&'a str),
    CData(&'a str),
    Doctype(&'a str),
    /// A comment or a processing instruction.
    Other,
    /// The document ends within a piece of markup: an end tag, or something else.
    Cut {
        end_tag: bool,
    },
}

/// The tokens of a document.
pub(super) struct Tokens<'a> {
    source: &'a str,
    position: usize,
    /// Ends of markup that are known not to come any more: looking for them again and again would take the square of the
    /// length of a hostile document.
    no_comment_end: bool,
    no_instruction_end: bool,
    no_doctype_end: bool,
    /// Where the next section ends, once looked for: `None` where none does.
    section_end: Option<Option<usize>>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            position: 0,
            no_comment_end: false,
            no_instruction_end: false,
            no_doctype_end: false,
            section_end: None,
        }
    }

    /// How far it has read, in bytes.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// The source text from `start` to `end`, in bytes.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.source.get(start..end).unwrap_or("")
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.position..).unwrap_or("")
    }

    /// Moves on by `length` and gives `token`.
    fn take(&mut self, length: usize, token: Token<'a>) -> Option<Token<'a>> {
        self.position += length;
        Some(token)
    }

    fn cut(&mut self, end_tag: bool) -> Option<Token<'a>> {
        self.position = self.source.len();
        Some(Token::Cut { end_tag })
    }

    fn cdata(&mut self, rest: &'a str) -> Option<Token<'a>> {
        const OPEN: usize = "<![CDATA[".len();
        let body = rest.get(OPEN..).unwrap_or("");
        let start = self.position + OPEN;
        let end = match self.section_end {
            Some(None) => None,
            Some(Some(at)) if at >= start => Some(at - start),
            _ => {
                let found = find_after(body, ']', "]>");
                self.section_end = Some(found.map(|at| start + at));
                found
            }
        };
        // A section that opens again before it closes was never closed.
        let unclosed = match end {
            Some(end) => body.get(..end).is_some_and(|inside| find_after(inside, '<', "![CDATA[").is_some()),
            None => true,
        };
        match (unclosed, end) {
            (false, Some(end)) => self.take(OPEN + end + 3, Token::CData(body.get(..end).unwrap_or(""))),
            _ => match body.find("</") {
                Some(end) => self.take(OPEN + end, Token::CData(body.get(..end).unwrap_or(""))),
                None => self.cut(false),
            },
        }
    }

    /// A document type declaration with its internal subset.
    fn doctype(&mut self, rest: &'a str) -> Option<Token<'a>> {
        let mut depth = 0usize;
        let mut quote = None;
        let scanned = if self.no_doctype_end { "" } else { rest };
        for (at, c) in scanned.char_indices() {
            match (quote, c) {
                (Some(q), c) if q == c => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '[') => depth += 1,
                (None, ']') => depth = depth.saturating_sub(1),
                (None, '>') if depth == 0 => return self.take(at + 1, Token::Doctype(rest.get(..at).unwrap_or(""))),
                _ => {}
            }
        }
        self.no_doctype_end = true;
        // An unclosed quote or bracket: end at the first angle, as if there were no subset.
        match rest.find('>') {
            Some(end) => self.take(end + 1, Token::Other),
            None => self.cut(false),
        }
    }

    fn tag(&mut self, rest: &'a str) -> Option<Token<'a>> {
        let bytes = rest.as_bytes();
        let name_end =
            bytes.iter().skip(1).position(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'/' | b'>' | b'<'));
        let Some(name_end) = name_end.map(|n| n + 1) else { return self.cut(false) };
        let mut quote = None;
        let mut end = None;
        for (at, b) in bytes.iter().enumerate().skip(name_end) {
            match (quote, b) {
                (Some(q), b) if q == *b => quote = None,
                (Some(_), _) => {}
                // Only an attribute's value is quoted: an apostrophe elsewhere is a slip.
                (None, b'"' | b'\'') if rest.get(name_end..at).is_some_and(|r| r.trim_end().ends_with('=')) => {
                    quote = Some(*b);
                }
                (None, b'>') => {
                    end = Some(at);
                    break;
                }
                // No tag: "a <b and c</p>".
                (None, b'<') => return self.take(1, Token::Text(rest.get(..1).unwrap_or(""))),
                _ => {}
            }
        }
        // A quote that never closes swallowed the end.
        let end = match (end, quote) {
            (Some(end), _) => end,
            (None, Some(_)) => match rest.find('>') {
                Some(end) => end,
                None => return self.cut(false),
            },
            (None, None) => return self.cut(false),
        };
        let inside = rest.get(name_end.min(end)..end).unwrap_or("");
        let empty = inside.ends_with('/');
        let attributes = inside.strip_suffix('/').unwrap_or(inside);
        self.take(end + 1, Token::Start { name: rest.get(1..name_end).unwrap_or(""), attributes, empty })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        match bytes {
            [] => None,
            [b'<', b'/', ..] => {
                let inside = rest.get(2..).unwrap_or("");
                let Some(end) = inside.find(['<', '>']) else { return self.cut(true) };
                // Where its own angle is missing the next tag begins.
                let own = inside.as_bytes().get(end) == Some(&b'>');
                let name = inside.get(..end).unwrap_or("").trim();
                self.take(2 + end + usize::from(own), Token::End { name })
            }
            [b'<', b'!', ..] => {
                if rest.starts_with("<!--") {
                    let end = if self.no_comment_end { None } else { rest.find("-->") };
                    self.no_comment_end = end.is_none();
                    // A comment that never closes hides nothing but its own mark.
                    return self.take(end.map_or(4, |end| end + 3), Token::Other);
                }
                if bytes.get(2..9).is_some_and(|b| b.eq_ignore_ascii_case(b"[CDATA[")) {
                    return self.cdata(rest);
                }
                if bytes.get(2..9).is_some_and(|b| b.eq_ignore_ascii_case(b"doctype")) {
                    return self.doctype(rest);
                }
                match rest.find('>') {
                    Some(end) => self.take(end + 1, Token::Other),
                    None => self.cut(false),
                }
            }
            [b'<', b'?', ..] => {
                let end = if self.no_instruction_end { None } else { rest.find("?>").map(|e| e + 2) };
                self.no_instruction_end = end.is_none();
                match end.or_else(|| rest.find('>').map(|e| e + 1)) {
                    Some(length) => self.take(length, Token::Other),
                    None => self.cut(false),
                }
            }
            [b'<', c, ..] if c.is_ascii_alphabetic() || *c == b'_' || *c >= 0x80 => self.tag(rest),
            [b'<'] => self.cut(false),
            [b'<', ..] => {
                let end = rest.get(1..).and_then(|r| r.find('<')).map_or(rest.len(), |at| at + 1);
                self.take(end, Token::Text(rest.get(..end).unwrap_or("")))
            }
            _ => {
                let end = rest.find('<').unwrap_or(rest.len());
                self.take(end, Token::Text(rest.get(..end).unwrap_or("")))
            }
        }
    }
}

/// Where `first` stands with `rest` right behind it. Looking for one byte is several times as fast as looking for a word, and
/// marks of markup are rare in a text.
fn find_after(text: &str, first: char, rest: &str) -> Option<usize> {
    text.match_indices(first)
        .map(|(at, _)| at)
        .find(|at| text.get(at + first.len_utf8()..).is_some_and(|after| after.starts_with(rest)))
}

/// The attributes of a tag as name and raw value; values without quotes and names without values are met too.
pub(super) struct Attributes<'a>(pub(super) &'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/' || c == '"' || c == '\'');
        let name_end = rest.find(|c: char| c == '=' || c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (name, rest) = rest.split_at_checked(name_end)?;
        if name.is_empty() && rest.is_empty() {
            return None;
        }
        let after = rest.trim_start();
        let Some(value) = after.strip_prefix('=') else {
            self.0 = rest;
            return Some((name, ""));
        };
        let value = value.trim_start();
        let (value, rest) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let body = value.get(1..)?;
                match body.find(quote) {
                    Some(end) => (body.get(..end)?, body.get(end + 1..)?),
                    None => (body, ""),
                }
            }
            _ => value.split_at_checked(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))?,
        };
        self.0 = rest;
        Some((name, value))
    }
}

/// What `name` is in `attributes`, a prefix counting; without regard to case.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    if attributes.is_empty() {
        return None;
    }
    Attributes(attributes).find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The entities that a document declares in its own DTD. One whose text has a reference is left out: that is how
/// entity bombs are made.
#[derive(Debug, Default)]
pub(super) struct Entities(BTreeMap<String, String>);

impl Entities {
    pub(super) fn of_doctype(doctype: &str) -> Self {
        let mut found = BTreeMap::new();
        for declaration in doctype.split("<!ENTITY").skip(1).take(MAX_ENTITIES) {
            let declaration = declaration.trim_start();
            let Some((name, value)) = declaration.split_once(|c: char| c.is_ascii_whitespace()) else { continue };
            let value = value.trim_start();
            let Some(quote) = value.chars().next().filter(|c| *c == '"' || *c == '\'') else { continue };
            let Some(text) = value.get(1..).and_then(|v| v.split(quote).next()) else { continue };
            let numeric_only = text.split('&').skip(1).all(|reference| reference.starts_with('#'));
            if name != "%" && text.len() <= MAX_ENTITY_LENGTH && numeric_only {
                found.insert(name.to_owned(), unescape(text, &Entities::default()).into_owned());
            }
        }
        Self(found)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// `text` with its references resolved: numbers (Windows-1252's for C1 controls, pairs of surrogates joined, forbidden
/// ones left out), HTML's names, those of `entities`. An ampersand that begins no reference is itself.
pub(super) fn unescape<'a>(text: &'a str, entities: &Entities) -> Cow<'a, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut added = 0;
    let mut high: Option<u32> = None;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        if !before.is_empty() {
            high = None;
        }
        let body = from.get(1..).unwrap_or("");
        let reference = body
            .bytes()
            .take(40)
            .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'#' | b'_' | b'-' | b'.')))
            .filter(|end| body.as_bytes().get(*end) == Some(&b';'))
            .and_then(|end| body.get(..end));
        let Some(name) = reference else {
            match unended(body) {
                Some((name, value)) => {
                    out.push_str(value);
                    rest = body.get(name.len()..).unwrap_or("");
                }
                None => {
                    out.push('&');
                    rest = body;
                }
            }
            continue;
        };
        let after = body.get(name.len() + 1..).unwrap_or("");
        if let Some(number) = name.strip_prefix('#') {
            let point = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse::<u32>().ok(),
            };
            match (point, high) {
                (Some(low @ 0xdc00..=0xdfff), Some(first)) => {
                    out.extend(char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00)));
                    high = None;
                }
                (Some(first @ 0xd800..=0xdbff), _) => high = Some(first),
                (Some(point), _) => {
                    out.extend(char::from_u32(point).and_then(mended));
                    high = None;
                }
                (None, _) => {
                    out.push('&');
                    rest = body;
                    continue;
                }
            }
            rest = after;
            continue;
        }
        match entities.get(name) {
            Some(value) if added + value.len() <= MAX_EXPANSION => {
                added += value.len();
                out.push_str(value);
                rest = after;
            }
            _ => match html_entity(name) {
                Some(value) => {
                    out.push_str(value);
                    rest = after;
                }
                None => {
                    out.push('&');
                    rest = body;
                }
            },
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The name at the beginning of `body` that browsers read without a semicolon, and its text.
///
/// In an address `&copy=1` is a parameter: a name before an equals sign, a letter or a figure is none (HTML, section 13.2.5.73).
fn unended(body: &str) -> Option<(&str, &'static str)> {
    const NAMES: [&str; 12] =
        ["amp", "lt", "gt", "quot", "nbsp", "copy", "reg", "pound", "eacute", "egrave", "laquo", "raquo"];
    let name = NAMES.into_iter().find(|name| body.starts_with(name))?;
    let after = body.get(name.len()..)?.chars().next();
    // At the end of a text the rest of the name may have been cut off.
    let ends = after.is_some_and(|c| !c.is_alphanumeric() && c != '=' && c != ';');
    Some((body.get(..name.len())?, html_entity(name)?)).filter(|_| ends)
}

/// Appends `text` with the three characters escaped that XML text must not hold.
pub(super) fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        out.push_str(match from.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            _ => "&gt;",
        });
        rest = from.get(1..).unwrap_or("");
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        Tokens::new(text).collect()
    }

    #[test]
    fn what_is_no_markup_is_text() {
        assert_eq!(
            tokens("<a>1 < 2 <3</a>"),
            [
                Token::Start { name: "a", attributes: "", empty: false },
                Token::Text("1 "),
                Token::Text("< 2 "),
                Token::Text("<3"),
                Token::End { name: "a" }
            ]
        );
        assert_eq!(
            tokens("x <b and</t>"),
            [Token::Text("x "), Token::Text("<"), Token::Text("b and"), Token::End { name: "t" }]
        );
    }

    #[test]
    fn sections_comments_and_declarations() {
        assert_eq!(tokens("<![CDATA[<b>]]>"), [Token::CData("<b>")]);
        assert_eq!(tokens("<![cdata[a]]]]>"), [Token::CData("a]]")]);
        assert_eq!(
            tokens("<![CDATA[one</t><t><![CDATA[two]]></t>"),
            [
                Token::CData("one"),
                Token::End { name: "t" },
                Token::Start { name: "t", attributes: "", empty: false },
                Token::CData("two"),
                Token::End { name: "t" }
            ]
        );
        assert_eq!(tokens("<!-- a > b --><?p x?>"), [Token::Other, Token::Other]);
        assert_eq!(tokens("<!-- a"), [Token::Other, Token::Text(" a")]);
        assert_eq!(tokens("<!DOCTYPE a [<!ENTITY b \">\">]>"), [Token::Doctype("<!DOCTYPE a [<!ENTITY b \">\">]")]);
        assert_eq!(
            tokens("<a></b<c/>").get(1..),
            Some(&[Token::End { name: "b" }, Token::Start { name: "c", attributes: "", empty: true }][..])
        );
    }

    #[test]
    fn attributes_in_every_dress() {
        let all: Vec<_> = Attributes(" a=\"1 2\" b = '3' c=4 d e=\"5").collect();
        assert_eq!(all, [("a", "1 2"), ("b", "3"), ("c", "4"), ("d", ""), ("e", "5")]);
    }

    #[test]
    fn references() {
        let own = Entities::of_doctype("<!DOCTYPE r [<!ENTITY me \"M &#233;\"><!ENTITY bomb \"&me;&me;\">]");
        for (text, expected) in [
            ("Fish &amp Chips, &pound5, ?a=1&copy=2", "Fish & Chips, &pound5, ?a=1&copy=2"),
            ("Fish &amp; chips &amp", "Fish & chips &amp"),
            ("?a=1&b=2&c", "?a=1&b=2&c"),
            ("&#X41;&#65;&#146;&#x1f;", "AA’"),
            ("&#55357;&#56832;", "😀"),
            ("&#55357; &#56832;", " "),
            ("&eacute;&nosuch;&me;&bomb;", "é&nosuch;M é&bomb;"),
            ("&#99999999999;", "&#99999999999;"),
        ] {
            assert_eq!(unescape(text, &own), expected, "{text}");
        }
    }
}
