//! From bytes to text: compression left on, byte order marks, declared and undeclared encodings, stray bytes, characters
//! that no document may hold.

use crate::domain::Warning;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;
use std::io::Read as _;

/// Most bytes that a document which came compressed may unfold to. Real feeds reach 26 MB.
const MAX_UNFOLDED: u64 = 32 * 1024 * 1024;

/// Decodes `bytes`, which came with `content_type`.
///
/// A byte order mark wins over the HTTP charset, that over the document's own declaration (RFC 7303 section 3), and
/// bytes that are valid UTF-8 with more than ASCII in them win over a one-byte encoding: text of another encoding is hardly ever
/// valid UTF-8 by chance. Bytes that fit nowhere are read as Windows-1252, each alone.
pub(super) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>, warnings: &mut Vec<Warning>) -> Cow<'a, str> {
    let bytes = unfold(bytes, warnings);
    match bytes {
        Cow::Borrowed(bytes) => text(bytes, content_type, warnings),
        Cow::Owned(bytes) => Cow::Owned(text(&bytes, content_type, warnings).into_owned()),
    }
}

pub(super) fn warn(warnings: &mut Vec<Warning>, rule: &str, message: impl Into<String>) {
    if !warnings.iter().any(|w| w.rule == rule) {
        warnings.push(Warning { rule: rule.to_owned(), message: message.into() });
    }
}

/// Unfolds a body that is gzip without a header having said so.
fn unfold<'a>(bytes: &'a [u8], warnings: &mut Vec<Warning>) -> Cow<'a, [u8]> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::new();
    let result = flate2::read::MultiGzDecoder::new(bytes).take(MAX_UNFOLDED).read_to_end(&mut out);
    if out.is_empty() {
        return Cow::Borrowed(bytes);
    }
    warn(warnings, "gzip_body", "the document is gzip although its headers do not say so");
    if let Err(error) = result {
        warn(warnings, "gzip_broken", format!("its gzip stream is broken: {error}"));
    } else if out.len() as u64 == MAX_UNFOLDED {
        warn(warnings, "gzip_capped", format!("it unfolds to over {MAX_UNFOLDED} bytes; the rest was left out"));
    }
    Cow::Owned(out)
}

fn text<'a>(bytes: &'a [u8], content_type: Option<&str>, warnings: &mut Vec<Warning>) -> Cow<'a, str> {
    if let Some(text) = utf_32(bytes) {
        return clean(Cow::Owned(text), warnings);
    }
    let decoded = match marked(bytes) {
        Some((encoding, start)) if encoding != UTF_8 => {
            Cow::Owned(encoding.decode_without_bom_handling(bytes.get(start..).unwrap_or(&[])).0.into_owned())
        }
        Some((_, start)) => utf_8(bytes.get(start..).unwrap_or(&[]), warnings),
        None => {
            let http = content_type.and_then(charset).and_then(|label| usable(&label));
            let declared = declaration(bytes).and_then(|label| usable(&label));
            match http.or(declared) {
                None => utf_8(bytes, warnings),
                Some(encoding) if encoding == UTF_8 => utf_8(bytes, warnings),
                Some(encoding) => match std::str::from_utf8(bytes) {
                    Ok(text) if text.is_ascii() && encoding.is_ascii_compatible() => Cow::Borrowed(text),
                    Ok(text) if encoding.is_single_byte() => {
                        warn(
                            warnings,
                            "encoding_utf8_after_all",
                            format!("declared {}, but it is valid UTF-8", encoding.name()),
                        );
                        Cow::Borrowed(text)
                    }
                    _ => {
                        let (text, broken) = encoding.decode_without_bom_handling(bytes);
                        if broken {
                            warn(warnings, "encoding_broken", format!("some bytes are not {}", encoding.name()));
                        }
                        Cow::Owned(text.into_owned())
                    }
                },
            }
        }
    };
    clean(decoded, warnings)
}

/// The encoding that a byte order mark, or a zero byte beside the first "<" or "{", tells, and where the text starts.
fn marked(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return Some((encoding, length));
    }
    match bytes {
        [b'<' | b'{' | b'\n' | b' ', 0, c, 0, ..] if *c != 0 => Some((UTF_16LE, 0)),
        [0, b'<' | b'{' | b'\n' | b' ', 0, c, ..] if *c != 0 => Some((UTF_16BE, 0)),
        _ => None,
    }
}

/// UTF-32, which the web's encodings do not have, by its mark or by the zero bytes beside the first "<".
fn utf_32(bytes: &[u8]) -> Option<String> {
    let big = match bytes {
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => true,
        [0xff, 0xfe, 0, 0, ..] | [b'<', 0, 0, 0, ..] => false,
        _ => return None,
    };
    Some(
        bytes
            .chunks_exact(4)
            .filter_map(|c| <[u8; 4]>::try_from(c).ok())
            .map(|c| if big { u32::from_be_bytes(c) } else { u32::from_le_bytes(c) })
            .map(|point| char::from_u32(point).unwrap_or('\u{fffd}'))
            .collect(),
    )
}

/// The encoding behind a label; none for UTF-16, which a document whose label could be read as ASCII is not.
fn usable(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'']);
    let encoding = Encoding::for_label(label.as_bytes())
        .or_else(|| Encoding::for_label(label.replace(['_', ' '], "-").as_bytes()))
        .or_else(|| Encoding::for_label(label.split([',', ' ']).next().unwrap_or("").as_bytes()))?;
    (encoding != UTF_16LE && encoding != UTF_16BE && encoding != encoding_rs::REPLACEMENT).then_some(encoding)
}

/// The `charset` of a `Content-Type`.
fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().to_owned())
    })
}

/// The `encoding` of the XML declaration, which is looked for in the first kilobyte: junk may stand before it.
fn declaration(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(1024))?);
    let start = head.find("<?xml")?;
    let rest = head.get(start..)?;
    let rest = rest.get(..rest.find("?>")?)?;
    let value = rest.get(rest.find("encoding")? + "encoding".len()..)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    value.get(1..)?.split(quote).next().map(str::to_owned)
}

/// UTF-8 in which each stray byte is Windows-1252.
fn utf_8<'a>(bytes: &'a [u8], warnings: &mut Vec<Warning>) -> Cow<'a, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut strays = 0usize;
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        strays += chunk.invalid().len();
        out.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    warn(warnings, "encoding_stray_bytes", format!("{strays} bytes are not UTF-8; read as Windows-1252"));
    Cow::Owned(out)
}

/// Whether XML forbids the character, or it is a C1 control, which stands for Windows-1252's character of that number.
fn odd(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Windows-1252's character for a C1 control; nothing for other odd characters.
pub(super) fn mended(c: char) -> Option<char> {
    if !odd(c) {
        return Some(c);
    }
    let byte = u8::try_from(u32::from(c)).ok().filter(|b| (0x80..=0x9f).contains(b))?;
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
    text.chars().next().filter(|c| !odd(*c))
}

/// `text` without characters that no document may hold.
fn clean<'a>(text: Cow<'a, str>, warnings: &mut Vec<Warning>) -> Cow<'a, str> {
    let suspicious = |b: u8| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) | matches!(b, 0x7f | 0xc2 | 0xef);
    // Whole chunks without a way out, so that they are looked at many bytes at a time.
    let clear = |chunk: &[u8]| !chunk.iter().fold(false, |found, b| found | suspicious(*b));
    if text.as_bytes().chunks(256).all(clear) || !text.contains(odd) {
        return text;
    }
    if text.contains(|c| odd(c) && c != '\u{feff}') {
        warn(warnings, "forbidden_characters", "control characters were left out");
    }
    Cow::Owned(text.chars().filter_map(mended).collect())
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn check(bytes: &[u8], content_type: Option<&str>, expected: &str) {
        assert_eq!(decode(bytes, content_type, &mut Vec::new()), expected, "{bytes:?} {content_type:?}");
    }

    #[test]
    fn marks_and_zero_bytes_tell_the_encoding() {
        check(b"\xef\xbb\xbf\xef\xbb\xbf<a>", None, "<a>");
        check(b"\xff\xfe<\0a\0>\0", None, "<a>");
        check(b"\xfe\xff\0<\0a\0>", Some("text/xml; charset=utf-8"), "<a>");
        check(b"<\0a\0>\0", None, "<a>");
        check(b"\0\0\0<\0\0\0a\0\0\0>", None, "<a>");
        check(b"\xff\xfe\0\0<\0\0\0a\0\0\0", None, "<a");
    }

    #[test]
    fn headers_and_declarations_tell_the_encoding() {
        check(b"\xe9t\xe9", Some("text/xml; charset=\"iso-8859-1\""), "été");
        check(
            b"<?xml version='1.0' encoding='koi8-r'?>\xcd\xc9\xd2",
            None,
            "<?xml version='1.0' encoding='koi8-r'?>мир",
        );
        check(b"<?xml encoding=\"utf-16\"?>\xc3\xa9", None, "<?xml encoding=\"utf-16\"?>é");
        check(b"<?xml encoding=\"latin1\"?>\xc3\xa9", None, "<?xml encoding=\"latin1\"?>é");
        check(b"<?xml encoding=\"no-such-thing\"?>\xe9", None, "<?xml encoding=\"no-such-thing\"?>é");
    }

    #[test]
    fn stray_bytes_and_controls_do_not_spoil_the_rest() {
        check(b"caf\xc3\xa9 \x93quoted\x94", None, "café “quoted”");
        check("a\u{1b}b\u{0}c\u{fffe}d".as_bytes(), None, "abcd");
        check("don\u{92}t".as_bytes(), None, "don’t");
    }

    #[test]
    fn a_gzip_body_is_unfolded() {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"<rss/>").unwrap();
        let mut packed = encoder.finish().unwrap();
        check(&packed, None, "<rss/>");
        packed.truncate(packed.len() - 4);
        check(&packed, None, "<rss/>");
    }
}
