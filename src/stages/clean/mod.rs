//! Cleaning: the article, the whole article, and nothing but the article.

use crate::domain::{Article, Block, BlockKind, Dropped, Page};

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
    let text = String::from_utf8_lossy(&page.body);
    let blocks = text
        .split("\n\n")
        .map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|p| !p.is_empty())
        .map(|text| Block { kind: BlockKind::Paragraph, text })
        .collect();
    Cleaned { article: Article { blocks, url: page.url.clone(), ..Article::default() }, dropped: Vec::new() }
}
