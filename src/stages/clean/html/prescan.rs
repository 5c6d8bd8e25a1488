//! Makes a page safe to parse: bounded in depth, elements and size, without what no rule reads.
//!
//! html5ever takes quadratic time over open formatting elements and its trees are walked by recursion elsewhere; so the bounds are
//! kept before it sees the page.

/// Deepest nesting that reaches the parser; what lies deeper stays as text.
const MAX_DEPTH: usize = 120;
/// Most elements that reach the parser: several times a large news page.
const MAX_ELEMENTS: usize = 16_000;
/// Longest tag that reaches the parser, in bytes.
const MAX_TAG: usize = 64 << 10;
/// Most bytes that reach the parser.
const MAX_BYTES: usize = 3 << 19;

/// A page made safe.
pub(super) struct Prescan {
    /// What the parser gets.
    pub(super) html: String,
    /// Whether a part of the page was left out.
    pub(super) cut: bool,
}

/// Longest name of an element that is told from others.
const LONGEST_NAME: usize = 32;

/// Whether an element's content is dropped with it.
fn is_dropped(name: &str) -> bool {
    matches!(name, "script" | "style" | "svg" | "noscript" | "iframe" | "math")
}

/// Whether an element holds nothing.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "keygen"
            | "frame"
    )
}

/// Whether the parser closes an element by itself.
fn is_closed_by_parser(name: &str) -> bool {
    matches!(
        name,
        "p" | "li"
            | "dt"
            | "dd"
            | "td"
            | "th"
            | "tr"
            | "option"
            | "optgroup"
            | "tbody"
            | "thead"
            | "tfoot"
            | "rp"
            | "rt"
    )
}

/// The name at the beginning of `rest` in lower case, written to `letters`; one that is not ASCII's is none of ours.
fn name_of<'a>(rest: &str, letters: &'a mut [u8; LONGEST_NAME]) -> &'a str {
    let own = rest.bytes().take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'/'));
    let mut length = 0;
    for (letter, byte) in letters.iter_mut().zip(own) {
        *letter = byte.to_ascii_lowercase();
        length += 1;
    }
    let name = letters.get(..length).unwrap_or_default();
    let name = name.get(..name.iter().take_while(|b| b.is_ascii()).count()).unwrap_or_default();
    std::str::from_utf8(name).unwrap_or("")
}

/// Copies `html` without comments, scripts (but for JSON-LD), styles, drawings and frames, within the bounds.
pub(super) fn prescan(html: &str) -> Prescan {
    let mut out = String::with_capacity(html.len().min(MAX_BYTES) / 2);
    let (mut at, mut depth, mut elements, mut cut) = (0usize, 0usize, 0usize, false);
    // Open tags that were left out for their depth, so that their end tags are left out as well.
    let mut skipped = 0usize;
    while let Some(offset) = html.get(at..).and_then(|rest| rest.find('<')) {
        let open = at + offset;
        let text = html.get(at..open).unwrap_or("");
        push(&mut out, text, &mut cut);
        if out.len() > MAX_BYTES || elements > MAX_ELEMENTS {
            cut = true;
            at = html.len();
            break;
        }
        let rest = html.get(open..).unwrap_or("");
        if rest.starts_with("<!--") {
            at = open + rest.get(4..).and_then(|r| r.find("-->")).map_or(rest.len(), |end| end + 7);
            continue;
        }
        let closing = rest.starts_with("</");
        let mut letters = [0u8; LONGEST_NAME];
        let name = name_of(rest.get(if closing { 2 } else { 1 }..).unwrap_or(""), &mut letters);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            if rest.starts_with("<!") || rest.starts_with("<?") || closing {
                let end = rest.find('>').map_or(rest.len(), |e| e + 1);
                if rest.get(..9).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype")) {
                    out.push_str(rest.get(..end).unwrap_or(""));
                }
                at = open + end;
            } else {
                out.push_str("&lt;");
                elements += 1;
                at = open + 1;
            }
            continue;
        }
        let end = open + tag_end(rest);
        let tag = html.get(open..end).unwrap_or("");
        at = end;
        if tag.len() > MAX_TAG {
            cut = true;
            continue;
        }
        let stands_alone = is_void(name) || is_closed_by_parser(name);
        if closing {
            if stands_alone {
                out.push_str(tag);
            } else if skipped > 0 {
                skipped -= 1;
            } else {
                depth = depth.saturating_sub(1);
                out.push_str(tag);
            }
            continue;
        }
        if is_dropped(name) && !tag.ends_with("/>") {
            let body = html.get(end..).unwrap_or("");
            let stop = end_of(body, name);
            if name == "script" && is_data(tag) {
                out.push_str(tag);
                out.push_str(body.get(..stop).unwrap_or(""));
                out.push_str("</script>");
                elements += 1;
            } else {
                out.push(' ');
            }
            let after = body.get(stop..).unwrap_or("");
            at = end + stop + after.find('>').map_or(after.len(), |e| e + 1);
            continue;
        }
        if stands_alone {
            elements += 1;
            out.push_str(tag);
        } else if depth >= MAX_DEPTH {
            skipped += 1;
            cut = true;
        } else {
            depth += 1;
            elements += 1;
            out.push_str(tag);
        }
    }
    push(&mut out, html.get(at..).unwrap_or(""), &mut cut);
    Prescan { html: out, cut }
}

/// Appends `text`, as much of it as there is room for.
fn push(out: &mut String, text: &str, cut: &mut bool) {
    let mut room = MAX_BYTES.saturating_sub(out.len()).min(text.len());
    *cut |= room < text.len();
    while !text.is_char_boundary(room) {
        room -= 1;
    }
    out.push_str(text.get(..room).unwrap_or(""));
}

/// Length of the tag at the beginning of `rest`, with regard to quoted attribute values.
fn tag_end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut i, mut quote, mut value) = (1, None, false);
    while let Some(b) = bytes.get(i) {
        match (quote, b) {
            (Some(q), _) if *b == q => (quote, value) = (None, false),
            (Some(_), _) => {}
            (None, b'>') => return i + 1,
            (None, b'=') => value = true,
            (None, b'"' | b'\'') if value => quote = Some(*b),
            (None, b' ' | b'\t' | b'\n' | b'\r') => {}
            (None, _) => value = false,
        }
        i += 1;
    }
    bytes.len()
}

/// Where the end tag `</name` begins in `body`.
fn end_of(body: &str, name: &str) -> usize {
    let bytes = body.as_bytes();
    let mut from = 0;
    while let Some(offset) = body.get(from..).and_then(|r| r.find("</")) {
        let at = from + offset;
        let tail = bytes.get(at + 2..at + 2 + name.len());
        if tail.is_some_and(|t| t.eq_ignore_ascii_case(name.as_bytes())) {
            return at;
        }
        from = at + 2;
    }
    body.len()
}

fn is_data(tag: &str) -> bool {
    let lower = tag.to_ascii_lowercase();
    lower.contains("ld+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_rule_reads_is_left_out() {
        for (html, expected) in [
            ("<p>a<!-- b -->c</p>", "<p>ac</p>"),
            ("<script>if (a < b) '</p>'</script><p>x", " <p>x"),
            ("<script type=\"application/ld+json\">{}</script>", "<script type=\"application/ld+json\">{}</script>"),
            ("<a title=\"a > b\">x</a>", "<a title=\"a > b\">x</a>"),
            ("1 < 2", "1 &lt; 2"),
            ("<STYLE>p{}</Style>x", " x"),
            ("<p>unclosed <b", "<p>unclosed <b"),
            ("<script>never closed", " "),
        ] {
            assert_eq!(prescan(html).html, expected, "{html}");
        }
    }

    #[test]
    fn depth_is_bounded_and_text_kept() {
        let deep = format!("{}x{}", "<div>".repeat(50_000), "</div>".repeat(50_000));
        let safe = prescan(&deep);
        assert!(safe.cut && safe.html.contains('x'));
        assert_eq!(safe.html.matches("<div>").count(), MAX_DEPTH);
        assert_eq!(safe.html.matches("</div>").count(), MAX_DEPTH);
    }
}
