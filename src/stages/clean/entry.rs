//! The article that title and summary of an entry make, where its page is not at hand.

use crate::domain::{Article, Basis, Block, BlockKind, Entry};
use url::Url;

/// The article of `entry`, which `outlet` carries and which is found at `url`.
///
/// A date to come is that of what is announced, or a slip: nothing was published after it was seen.
pub fn of_entry(entry: &Entry, outlet: Option<&str>, url: Option<&Url>, basis: Basis) -> Article {
    let parsed = &entry.parsed;
    let published = parsed.published.map_or(entry.first_seen, |p| p.min(entry.first_seen));
    let blocks = parsed
        .title
        .iter()
        .cloned()
        .chain(parsed.summary.iter().flat_map(|s| s.split("\n\n").map(str::to_owned)))
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|text| !text.is_empty())
        .map(|text| Block { kind: BlockKind::Paragraph, text })
        .collect();
    Article {
        url: url.cloned(),
        headline: parsed.title.clone(),
        byline: parsed.authors.clone(),
        outlet: outlet.map(str::to_owned),
        published: Some(published),
        modified: parsed.updated.filter(|m| *m > published),
        blocks,
        basis,
        ..Article::default()
    }
}
