//! Pages as fetched, and articles as cleaned.

use super::ArticleId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// A page as it came from the network or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Address it was asked for.
    pub url: Option<Url>,
    /// `Content-Type` header, if any.
    pub content_type: Option<String>,
    /// Bytes after decompression.
    pub body: Vec<u8>,
}

/// What a block of an article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A paragraph of running text.
    Paragraph,
    /// A heading inside the article.
    Subheading,
    /// A block quotation.
    Quotation,
    /// An item of a list.
    ListItem,
    /// An embedded post of a social network.
    EmbeddedPost,
    /// The publisher's note that it amended or corrected the article.
    CorrectionNote,
}

/// One block of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text, white space collapsed, without line breaks.
    pub text: String,
}

/// What an article was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The article's page.
    #[default]
    Page,
    /// Title and summary of its entry, because the page could not be had.
    HeadlineOnly,
    /// Its entry, which holds the whole notice and links to no page.
    Entry,
}

/// What is special about a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Only a teaser is visible.
    Paywalled,
    /// The page asks for consent instead of showing the article.
    ConsentWall,
    /// A live page, newest first.
    LiveBlog,
    /// A section front, a list, a player: no article.
    NotAnArticle,
    /// A "not found" or fault page served as if it were fine.
    ErrorPage,
}

/// A link to another story that stood on the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedLink {
    /// Its text.
    pub text: String,
    /// Where it leads, when known.
    pub url: Option<String>,
}

/// Something on the page that is not the article, and the rule that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Stable name of the rule.
    pub rule: String,
    /// The text that was dropped, at most 300 characters of it.
    pub text: String,
}

/// A cleaned article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Its identifier; `None` until it is stored.
    pub id: Option<ArticleId>,
    /// Address it was fetched from.
    pub url: Option<Url>,
    /// Address the page calls its own.
    pub canonical: Option<Url>,
    /// Headline.
    pub headline: Option<String>,
    /// Standfirst: the line under the headline.
    pub standfirst: Option<String>,
    /// Names of its writers.
    pub byline: Vec<String>,
    /// News agency that supplied it ("PA"), apart from its writers.
    pub agency: Option<String>,
    /// Publication that carries it.
    pub outlet: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// IANA name of the source's time zone; `Europe/London` where nothing says otherwise.
    pub zone: Option<String>,
    /// ISO 639-1 code of its language.
    pub language: Option<String>,
    /// Body, in order.
    pub blocks: Vec<Block>,
    /// Captions and credits of pictures: kept apart, they never assert anything.
    pub captions: Vec<String>,
    /// Links to other stories.
    pub related: Vec<RelatedLink>,
    /// What is special about the page.
    pub flags: Vec<Flag>,
    /// What it was read from.
    pub basis: Basis,
}

impl Article {
    /// The text in which all spans of the article count: its blocks, joined by one blank line.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.blocks.iter().map(|b| b.text.len() + 2).sum());
        for block in &self.blocks {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&block.text);
        }
        text
    }

    /// The moment against which its relative dates count, and by which it is ordered: `modified`, else `published`.
    pub fn at(&self) -> Option<Timestamp> {
        self.modified.or(self.published)
    }
}
