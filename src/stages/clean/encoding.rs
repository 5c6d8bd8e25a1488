//! Bytes as text: byte order mark, header, declaration, or what the bytes look like.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of a page is searched for a declaration (the HTML standard asks for 1,024 bytes; many pages declare later).
const DECLARATION_REACH: usize = 8 * 1024;

/// `bytes` as text, null characters dropped.
///
/// A byte order mark wins (as in the HTML standard), then the `Content-Type` header, then `<meta charset>`. A declaration that the
/// bytes disprove (they are sound UTF-8 with letters beyond ASCII, or no UTF-8 at all) does not count; where nothing is declared,
/// what is no UTF-8 is Windows-1252.
pub(super) fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    let text = if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        encoding.decode(bytes).0
    } else {
        choose(bytes, content_type).decode_without_bom_handling(bytes).0
    };
    if text.contains('\0') { text.replace('\0', "") } else { text.into_owned() }
}

fn choose(bytes: &[u8], content_type: Option<&str>) -> &'static Encoding {
    if let Some(wide) = wide(bytes) {
        return wide;
    }
    let declared = content_type.and_then(charset).or_else(|| {
        let head = bytes.get(..DECLARATION_REACH.min(bytes.len())).unwrap_or(bytes);
        declaration(&String::from_utf8_lossy(head))
    });
    match std::str::from_utf8(bytes) {
        // Sound UTF-8 beyond ASCII is no accident, except in the encodings that switch by escapes.
        Ok(_) => declared.filter(|e| !e.is_ascii_compatible()).unwrap_or(UTF_8),
        Err(_) => match declared {
            Some(e) if e != UTF_8 && e != UTF_16BE && e != UTF_16LE => e,
            _ => {
                if mostly_utf8(bytes) {
                    UTF_8
                } else {
                    WINDOWS_1252
                }
            }
        },
    }
}

/// UTF-16 without a byte order mark: every other byte of the beginning is null.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..64.min(bytes.len()))?;
    let nulls = |odd: usize| head.iter().enumerate().filter(|(i, b)| i % 2 == odd && **b == 0).count();
    let half = head.len() / 2;
    if half < 4 {
        return None;
    }
    match (nulls(0) * 10 >= half * 8, nulls(1) * 10 >= half * 8) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

fn charset(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let at = lower.find("charset=")?;
    label(lower.get(at + 8..)?)
}

fn declaration(head: &str) -> Option<&'static Encoding> {
    let lower = head.to_ascii_lowercase();
    if let Some(xml) = lower.strip_prefix("<?xml")
        && let Some(at) = xml.find("encoding=").filter(|at| xml.find("?>").is_none_or(|end| *at < end))
    {
        return label(xml.get(at + 9..)?);
    }
    lower.match_indices("charset").find_map(|(at, _)| {
        let rest = lower.get(at + 7..)?.trim_start().strip_prefix('=')?;
        label(rest)
    })
}

fn label(text: &str) -> Option<&'static Encoding> {
    let name: String = text
        .trim_start_matches([' ', '"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))
        .take(40)
        .collect();
    // A page that could be searched for its declaration is no UTF-16 (HTML standard, "prescan a byte stream").
    Encoding::for_label(name.as_bytes()).map(|e| if e == UTF_16BE || e == UTF_16LE { UTF_8 } else { e })
}

/// Whether the sequences beyond ASCII are UTF-8 more often than not: a page cut or glued in the middle.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_sniffed_and_wrong() {
        let check = |bytes: &[u8], header: Option<&str>, expected: &str| {
            assert_eq!(decode(bytes, header), expected, "{bytes:?} {header:?}");
        };
        check("Café".as_bytes(), None, "Café");
        check("Café".as_bytes(), Some("text/html; charset=iso-8859-1"), "Café");
        check(b"Caf\xe9", None, "Café");
        check(b"Caf\xe9", Some("text/html; charset=utf-8"), "Café");
        check(b"<meta charset=windows-1251>\xcc\xe8\xf0", None, "<meta charset=windows-1251>Мир");
        check(b"\xff\xfeH\0i\0", None, "Hi");
        check(b"<\0h\0t\0m\0l\0>\0H\0i\0", None, "<html>Hi");
        check(b"\xef\xbb\xbfHi", Some("text/html; charset=windows-1252"), "Hi");
        check(b"a\0b", None, "ab");
        check(b"", None, "");
    }
}
