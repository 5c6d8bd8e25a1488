//! HTML pages: stripped of what is furniture by its mark-up, the main text found, and what is furniture by its words taken out.

mod blocks;
mod boxes;
mod finish;
mod flags;
mod mass;
mod meta;
mod named;
mod page;
mod pictures;
mod prescan;
mod sites;
mod stories;
mod strip;
mod teasers;

pub(super) use sites::SITES;
pub use sites::Sites;

use super::Cleaned;
use crate::domain::{Dropped, Page};
use blocks::Piece;
use dom_query::Document;
use dom_smoothie::{CandidateSelectMode, Config, Readability, TextMode};

/// `text` without what no rule reads, within the bounds of depth, elements and size.
pub(super) fn safe(text: &str) -> super::SafeHtml {
    let prescan::Prescan { html, cut } = prescan::prescan(text);
    super::SafeHtml { html, cut }
}

/// Cleans an HTML page; `text` is its body, decoded.
pub(super) fn clean(page: &Page, text: &str, sites: &Sites) -> Cleaned {
    let safe = prescan::prescan(text);
    let doc = Document::from(safe.html.as_str());
    let mut meta = meta::read(&doc, page.url.as_ref());
    let visible = doc.body().map(|b| page::text(&b)).unwrap_or_default();
    let site = sites::apply(sites, page.url.as_ref(), &doc);
    meta.title = site.title;
    meta.published = site.published.or(meta.published);
    if !site.byline.is_empty() {
        meta.byline = site.byline;
    }
    let names = named::Names::default();
    let mut stripped = strip::strip(&doc, page.url.as_ref(), &meta, &names);
    stripped.dropped.extend(site.dropped);
    let (marked, share) = if meta.live { (strip::whole_text(&doc), 0.0) } else { strip::marked_body(&doc, &names) };
    // Where what the page marks as its text is nearly all that is left of it, nothing need be looked for.
    let found = if share >= SURE_SHARE { Vec::new() } else { main_text(doc) };
    // The finder sometimes takes a caption or a comment for the text; what the page marks as its text is then right.
    let enough = share < SURE_SHARE
        && if meta.live { words(&found) >= words(&marked) } else { words(&found) * 2 >= words(&marked) };
    let pieces = if words(&site.keep) >= 25 {
        site.keep
    } else if enough {
        found
    } else {
        marked
    };
    let mut cleaned = finish::finish(meta, stripped, pieces, &visible, page.url.as_ref());
    if safe.cut {
        cleaned.dropped.push(Dropped {
            rule: "page-too-large".to_owned(),
            text: "the page is deeper or longer than is read".to_owned(),
        });
    }
    cleaned
}

/// What the page marks as its text is its text where it holds this share of what is left of the page.
const SURE_SHARE: f64 = 0.9;

/// The blocks of the main text.
fn main_text(doc: Document) -> Vec<Piece> {
    let config = Config {
        keep_classes: true,
        disable_json_ld: true,
        char_threshold: 250,
        candidate_select_mode: CandidateSelectMode::DomSmoothie,
        text_mode: TextMode::Raw,
        ..Config::default()
    };
    let Ok(mut reader) = Readability::with_document(doc, None, Some(config)) else { return Vec::new() };
    if reader.parse().is_err() {
        return Vec::new();
    }
    let content = reader.doc.select("#readability-page-1");
    content.nodes().first().map(blocks::pieces).unwrap_or_default()
}

fn words(pieces: &[Piece]) -> usize {
    pieces.iter().map(|p| super::prose::words(&p.text)).sum()
}
