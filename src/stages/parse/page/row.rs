//! From a row of a list page to an entry.

use super::{Scene, selector, words};
use crate::domain::{PageSelectors, ParsedEntry};
use crate::stages::clean::moment_in;
use crate::stages::parse::{dates, text as plain};
use jiff::Timestamp;
use scraper::{ElementRef, Node, Selector};
use url::Url;

/// One row of a list: an element, or a heading with what follows it up to the next.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    pub(super) parts: Vec<ElementRef<'a>>,
}

impl<'a> Row<'a> {
    pub(super) fn of(element: ElementRef<'a>) -> Self {
        Self { parts: vec![element] }
    }

    pub(super) fn select<'s>(&self, css: &'s Selector) -> impl Iterator<Item = ElementRef<'a>> + use<'a, 's> {
        self.parts.clone().into_iter().flat_map(move |part| {
            let own = css.matches(&part).then_some(part);
            own.into_iter().chain(part.select(css))
        })
    }

    fn first(&self, css: &str) -> Option<ElementRef<'a>> {
        selector(css).and_then(|s| self.select(&s).next())
    }

    /// Its text in paragraphs.
    pub(super) fn paragraphs(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut line = String::new();
        for part in &self.parts {
            gather(*part, &mut line, &mut out);
            close(&mut line, &mut out);
        }
        out
    }

    fn html(&self) -> String {
        self.parts.iter().map(ElementRef::html).collect()
    }
}

/// The text of `element` in one line.
pub(super) fn text(element: ElementRef<'_>) -> String {
    Row::of(element).paragraphs().join(" ")
}

const BLOCKS: [&str; 31] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
];

fn gather(element: ElementRef<'_>, line: &mut String, out: &mut Vec<String>) {
    let name = element.value().name();
    if matches!(name, "template" | "head" | "button" | "select" | "textarea" | "object")
        || element.value().attr("hidden").is_some()
        || element.value().attr("aria-hidden") == Some("true")
    {
        return;
    }
    let block = BLOCKS.contains(&name);
    if block {
        close(line, out);
    }
    for child in element.children() {
        match child.value() {
            Node::Text(text) => line.push_str(text),
            Node::Element(_) => {
                if let Some(child) = ElementRef::wrap(child) {
                    gather(child, line, out);
                }
            }
            _ => {}
        }
    }
    if block {
        close(line, out);
    } else if matches!(name, "td" | "th") {
        line.push(' ');
    }
}

fn close(line: &mut String, out: &mut Vec<String>) {
    let text = plain::collapse(line);
    if !text.is_empty() {
        out.push(text);
    }
    line.clear();
}

/// Where a row leads: the user's selector, else a heading's link, else the row's own, else its first with a text.
pub(super) fn link<'a>(scene: &Scene<'a>, row: &Row<'a>, given: Option<&str>) -> Option<(ElementRef<'a>, Url)> {
    let to = |a: ElementRef<'a>| scene.resolve(a.value().attr("href")?).map(|url| (a, url));
    let away = |a: ElementRef<'a>| to(a).filter(|(_, url)| !scene.is_here(url));
    if let Some(given) = given {
        let css = selector(given)?;
        let anchors = selector("a[href]")?;
        // The selector may name the link itself, or what holds it.
        return row.select(&css).find_map(|e| away(e).or_else(|| e.select(&anchors).find_map(away)));
    }
    let of = |css: &str| selector(css).and_then(|s| row.select(&s).find_map(away));
    of("h1 a[href], h2 a[href], h3 a[href], h4 a[href], h5 a[href], h6 a[href]").or_else(|| {
        let anchors = selector("a[href]")?;
        let named = row.select(&anchors).filter(|a| !words::is_generic(&text(*a))).find_map(away);
        named.or_else(|| row.select(&anchors).find_map(away))
    })
}

/// When a row says that it was published.
fn date(row: &Row<'_>, given: Option<&str>) -> Option<Timestamp> {
    let read = |element: ElementRef<'_>| {
        let value = element.value();
        value.attr("datetime").or_else(|| value.attr("content")).and_then(moment).or_else(|| moment(&text(element)))
    };
    if let Some(given) = given {
        return selector(given).and_then(|css| row.select(&css).find_map(read));
    }
    let marked = selector("time, [datetime], [itemprop=datePublished]").and_then(|css| row.select(&css).find_map(read));
    marked
        .or_else(|| {
            let css = selector("[class*=date], [class*=Date], [class*=published], [class*=time], [class*=meta]")?;
            row.select(&css).find_map(read)
        })
        .or_else(|| row.paragraphs().iter().filter(|p| p.len() <= 60).find_map(|p| moment(p)))
}

fn moment(text: &str) -> Option<Timestamp> {
    moment_in(text).or_else(|| dates::parse(text))
}

/// Longest title, in bytes.
const MAX_TITLE: usize = 300;

/// The entry that `row` tells; `None` when it has neither title nor text.
pub(super) fn entry(scene: &Scene<'_>, row: &Row<'_>, selectors: &PageSelectors) -> Option<ParsedEntry> {
    let link = link(scene, row, selectors.link.as_deref());
    let heading = || row.first("h1, h2, h3, h4, h5, h6, summary, dt, caption, legend").map(text);
    let titled = match &selectors.title {
        Some(css) => row.first(css).map(text),
        None => heading().filter(|t| !words::is_generic(t)),
    };
    let of_link = || {
        let (a, _) = link.as_ref()?;
        let labels = [
            Some(text(*a)),
            a.value().attr("aria-label").map(plain::collapse),
            a.value().attr("title").map(plain::collapse),
        ];
        labels.into_iter().flatten().find(|t| !words::is_generic(t))
    };
    let paragraphs = row.paragraphs();
    let title = titled
        .filter(|t| !t.is_empty())
        .or_else(of_link)
        .or_else(|| paragraphs.iter().find(|p| !words::is_generic(p)).cloned())?;
    let title = plain::shorten(title, MAX_TITLE);
    let published = date(row, selectors.date.as_deref());
    let rest: Vec<&String> = paragraphs
        .iter()
        .filter(|p| **p != title && !words::is_generic(p) && (p.split(' ').count() > 4 || moment(p).is_none()))
        .collect();
    let summary = |separator: &str| {
        let all = rest.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(separator);
        Some(plain::shorten(all, plain::MAX_SUMMARY)).filter(|s| !s.is_empty())
    };
    match link {
        Some((_, url)) => Some(ParsedEntry {
            link: Some(url),
            title: Some(title),
            summary: summary(" "),
            published,
            ..ParsedEntry::default()
        }),
        None => Some(ParsedEntry {
            // The text is all there is to tell one notice from another; that of the day it appeared on changes nothing.
            document_id: None,
            key: String::new(),
            title: Some(title),
            summary: summary("\n\n"),
            published,
            notice: Some(row.html()),
            ..ParsedEntry::default()
        }),
    }
}
