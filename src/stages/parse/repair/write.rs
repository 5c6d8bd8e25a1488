//! Writing a repaired document: RSS 2.0 or Atom 1.0 with nothing in it but what feed-rs reads.

use super::Flavour;
use crate::stages::parse::dates;
use crate::stages::parse::markup::escape_into;
use crate::stages::parse::text::has_words;
use jiff::Timestamp;
use url::Url;

/// A text and whether it is HTML.
#[derive(Debug, Clone, Default)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) html: bool,
}

/// Ranks of links from here on lead near the article, not to it: where its content stands, or its own document.
pub(super) const NEAR: u8 = 7;

#[derive(Default)]
pub(super) struct Item {
    pub(super) id: Option<(u8, String)>,
    pub(super) permalink: Option<Url>,
    pub(super) about: Option<String>,
    pub(super) link: Option<(u8, Url)>,
    pub(super) title: Option<(u8, Text)>,
    pub(super) summary: Option<(u8, Text)>,
    pub(super) content: Option<(u8, Text)>,
    pub(super) published: Option<(u8, Timestamp)>,
    pub(super) updated: Option<(u8, Timestamp)>,
    /// Author as written, and whether it is a bare name.
    pub(super) authors: Vec<(String, bool)>,
}

impl Item {
    /// Appends the item to `out`.
    pub(super) fn write(self, flavour: Flavour, out: &mut String) {
        let about_link = || self.about.as_ref().filter(|a| a.starts_with("http")).and_then(|a| Url::parse(a).ok());
        // An address that is only near the article comes behind every other.
        let (link, near) = match self.link {
            Some((rank, url)) if rank >= NEAR => (None, Some(url)),
            link => (link.map(|(_, url)| url), None),
        };
        let link = link.or(self.permalink).or_else(about_link).or(near);
        let id = self.id.map(|(_, id)| id).or(self.about);
        let atom = flavour == Flavour::Atom;
        out.push_str(if atom { "<entry>" } else { "<item>" });
        if let Some(id) = id {
            element(out, if atom { "id" } else { "guid" }, &id);
        }
        if let Some(link) = link {
            if atom {
                out.push_str("<link href=\"");
                escape_into(out, &link.as_str().replace('"', "%22"));
                out.push_str("\"/>");
            } else {
                element(out, "link", link.as_str());
            }
        }
        // feed-rs would read the content only for it to be thrown away.
        let summarised = self.summary.as_ref().is_some_and(|(_, summary)| has_words(&summary.text));
        let content = self.content.filter(|_| !summarised);
        for (name, text) in [
            ("title", self.title),
            (if atom { "summary" } else { "description" }, self.summary),
            (if atom { "content" } else { "content:encoded" }, content),
        ] {
            if let Some((_, text)) = text {
                if atom && text.html {
                    typed(out, name, &text.text);
                } else {
                    element(out, name, &text.text);
                }
            }
        }
        if let Some((_, at)) = self.published {
            element(out, if atom { "published" } else { "pubDate" }, &dates::written(at));
        }
        if let Some((_, at)) = self.updated {
            element(out, if atom { "updated" } else { "atom:updated" }, &dates::written(at));
        }
        for (author, bare) in self.authors {
            if atom {
                out.push_str("<author>");
                element(out, "name", &author);
                out.push_str("</author>");
            } else {
                element(out, if bare { "dc:creator" } else { "author" }, &author);
            }
        }
        out.push_str(if atom { "</entry>" } else { "</item>" });
    }
}

/// The whole document around the items of `body`.
pub(super) fn document(flavour: Flavour, title: &Text, body: &str) -> String {
    let mut out = String::with_capacity(body.len() + title.text.len() + 512);
    if flavour == Flavour::Atom {
        out.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\">");
        if title.html {
            typed(&mut out, "title", &title.text);
        } else if !title.text.is_empty() {
            element(&mut out, "title", &title.text);
        }
        out.push_str(body);
        out.push_str("</feed>");
    } else {
        out.push_str(
            "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
             xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>",
        );
        element(&mut out, "title", &title.text);
        out.push_str(body);
        out.push_str("</channel></rss>");
    }
    out
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    text_into(out, text);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn typed(out: &mut String, name: &str, html: &str) {
    out.push('<');
    out.push_str(name);
    out.push_str(" type=\"html\">");
    text_into(out, html);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// Appends text as a section where it would need escaping: feed-rs takes one in one piece, but every reference apart.
fn text_into(out: &mut String, text: &str) {
    if !text.bytes().any(|b| matches!(b, b'<' | b'&' | b'>')) {
        out.push_str(text);
        return;
    }
    out.push_str("<![CDATA[");
    for (n, part) in text.split("]]>").enumerate() {
        if n > 0 {
            out.push_str("]]]]><![CDATA[>");
        }
        out.push_str(part);
    }
    out.push_str("]]>");
}
