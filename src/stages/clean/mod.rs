//! Cleaning: the article, the whole article, and nothing but the article.
//!
//! What is no article is known once, in `config/furniture.toml`, and asked by the rules for pages and for plain texts alike.

mod byline;
mod dates;
mod encoding;
mod entry;
mod furniture;
mod html;
mod plain;
mod prose;
mod unended;

pub use entry::of_entry;
pub use html::Sites;

use crate::domain::{Article, Dropped, Page};

/// A cleaned page.
#[derive(Debug, Clone, Default)]
pub struct Cleaned {
    /// The article.
    pub article: Article,
    /// What was dropped, and by which rule.
    pub dropped: Vec<Dropped>,
}

/// Cleans `page`: HTML if it begins like HTML, else plain text as copied or archived.
pub fn clean(page: &Page) -> Cleaned {
    clean_with(page, &html::SITES)
}

/// As [`clean`], with other rules for single sites than the embedded ones.
pub fn clean_with(page: &Page, sites: &Sites) -> Cleaned {
    let text = encoding::decode(&page.body, page.content_type.as_deref());
    let mut cleaned = if looks_like_html(&text) { html::clean(page, &text, sites) } else { plain::clean(&text) };
    cleaned.article.url = page.url.clone();
    shorten_blocks(&mut cleaned);
    if cleaned.article.language.is_none() {
        cleaned.article.language = language(&cleaned.article.text());
    }
    cleaned
}

/// Most bytes of one block that are read on: many times the longest article. Reading takes more than its share of time in
/// a paragraph without an end.
const MAX_BLOCK: usize = 200_000;

/// Cuts blocks that no newsroom writes, and says so.
fn shorten_blocks(cleaned: &mut Cleaned) {
    for block in &mut cleaned.article.blocks {
        if block.text.len() > MAX_BLOCK {
            block.text.truncate(block.text.floor_char_boundary(MAX_BLOCK));
            let text = format!("only the first {MAX_BLOCK} bytes of a paragraph are read");
            cleaned.dropped.push(Dropped { rule: "paragraph-too-long".to_owned(), text });
        }
    }
}

/// A page as text that is safe to parse as HTML, for stages that read other things than articles.
pub(in crate::stages) struct SafeHtml {
    /// Bounded in depth, elements and size, without scripts and styles.
    pub(in crate::stages) html: String,
    /// Whether a part of the page was left out.
    pub(in crate::stages) cut: bool,
}

/// `bytes` made safe to parse; `None` when they are no HTML.
pub(in crate::stages) fn safe_html(bytes: &[u8], content_type: Option<&str>) -> Option<SafeHtml> {
    let text = encoding::decode(bytes, content_type);
    looks_like_html(&text).then(|| html::safe(&text))
}

/// The moment that `text` names, as machines write it or as a date line has it; dates without a zone are London's.
pub(in crate::stages) fn moment_in(text: &str) -> Option<jiff::Timestamp> {
    dates::any(text)
}

/// The language of `text` as an ISO 639-1 code, where there is enough of it to tell.
fn language(text: &str) -> Option<String> {
    let code = match super::language::detect(text)? {
        whatlang::Lang::Eng => "en",
        whatlang::Lang::Fra => "fr",
        whatlang::Lang::Deu => "de",
        whatlang::Lang::Spa => "es",
        whatlang::Lang::Por => "pt",
        whatlang::Lang::Ita => "it",
        whatlang::Lang::Nld => "nl",
        whatlang::Lang::Pol => "pl",
        whatlang::Lang::Rus => "ru",
        whatlang::Lang::Ukr => "uk",
        whatlang::Lang::Ara => "ar",
        whatlang::Lang::Heb => "he",
        whatlang::Lang::Tur => "tr",
        whatlang::Lang::Swe => "sv",
        whatlang::Lang::Dan => "da",
        whatlang::Lang::Ron => "ro",
        whatlang::Lang::Ces => "cs",
        whatlang::Lang::Hun => "hu",
        whatlang::Lang::Ell => "el",
        whatlang::Lang::Hin => "hi",
        whatlang::Lang::Urd => "ur",
        whatlang::Lang::Ben => "bn",
        whatlang::Lang::Pan => "pa",
        whatlang::Lang::Cmn => "zh",
        whatlang::Lang::Jpn => "ja",
        whatlang::Lang::Kor => "ko",
        _ => return None,
    };
    Some(code.to_owned())
}

/// Whether `text` begins like HTML, after a byte order mark, white space, comments and an XML declaration. A doctype
/// answers by the root it names, so that a feed's (`<!DOCTYPE rss`) is none; one that names nothing is HTML.
pub fn looks_like_html(text: &str) -> bool {
    let mut rest = text.trim_start_matches(['\u{feff}', '\0']).trim_start();
    loop {
        let (inner, end) = if let Some(comment) = rest.strip_prefix("<!--") {
            (comment, "-->")
        } else if let Some(instruction) = rest.strip_prefix("<?") {
            (instruction, "?>")
        } else {
            break;
        };
        let Some((_, after)) = inner.split_once(end) else { return true };
        rest = after.trim_start();
    }
    if let Some((doctype, named)) = rest.split_at_checked(9)
        && doctype.eq_ignore_ascii_case("<!doctype")
    {
        let root = named.trim_start().to_ascii_lowercase();
        return !["rss", "rdf", "feed"].iter().any(|feed| root.starts_with(feed));
    }
    let Some(tag) = rest.strip_prefix('<') else { return false };
    let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase();
    matches!(
        name.as_str(),
        "html"
            | "head"
            | "body"
            | "title"
            | "meta"
            | "link"
            | "script"
            | "style"
            | "div"
            | "p"
            | "article"
            | "main"
            | "section"
            | "header"
            | "span"
            | "table"
            | "h1"
            | "h2"
            | "a"
            | "base"
            | "noscript"
            | "ul"
            | "ol"
            | "nav"
            | "img"
            | "br"
            | "blockquote"
            | "iframe"
            | "center"
            | "font"
            | "b"
            | "svg"
            | "form"
            | "amp"
            | "aside"
            | "footer"
    )
}

#[cfg(test)]
mod tests {
    use super::{MAX_BLOCK, clean, looks_like_html};
    use crate::domain::Page;

    #[test]
    fn a_paragraph_without_an_end_is_cut_and_said_to_be() {
        let endless = "Police said é. ".repeat(MAX_BLOCK / 10);
        for body in [format!("Police say so\n\n{endless}"), format!("<html><body><h1>Police say so</h1><p>{endless}")] {
            let cleaned = clean(&Page { url: None, content_type: None, body: body.into_bytes() });
            assert!(cleaned.article.blocks.iter().all(|b| b.text.len() <= MAX_BLOCK));
            assert!(cleaned.dropped.iter().any(|d| d.rule == "paragraph-too-long"));
        }
    }

    #[test]
    fn html_is_known_by_its_beginning() {
        for (text, expected) in [
            ("<!DOCTYPE html><html>", true),
            ("\u{feff}  <!-- saved --> <html lang=en>", true),
            ("<div>x</div>", true),
            ("<p class=x>", true),
            ("A headline <b>here</b>", false),
            ("", false),
            ("<3 this", false),
            ("<unknown@example.invalid> wrote", false),
            ("<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\"><html>", true),
            ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", true),
            ("<?xml version='1.0'?><rss version='2.0'>", false),
            ("<?xml version='1.0'?><?xml-stylesheet href='a.xsl'?><!-- made --><feed>", false),
            ("<?xml version='1.0'?><rdf:RDF>", false),
            ("<?xml version='1.0'?><!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN'><rss>", false),
            ("<rss version='2.0'>", false),
        ] {
            assert_eq!(looks_like_html(text), expected, "{text}");
        }
    }
}
