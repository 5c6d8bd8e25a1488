//! The digest in the forms that channels send: text, HTML, JSON, Slack's blocks and entries of a feed, all from one value.
//!
//! Every text in a digest may come from outside and is made safe here, at the way out: see `safe`.

mod entries;
mod html;
mod json;
pub mod safe;
mod slack;
mod text;
mod words;

pub use entries::entries;
pub use html::html;
pub use json::{VERSION, json};
pub use slack::{BLOCK, slack};
pub use text::{WIDTH, text};
pub use words::particulars;

use crate::domain::{AlertEntry, Digest, DigestId};
use jiff::Timestamp;

/// A digest in all its forms: the parts of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The digest.
    pub digest: DigestId,
    /// Subject line: one line, without control or direction characters.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// One HTML file, nothing remote.
    pub html: String,
    /// JSON.
    pub json: String,
    /// Blocks in the marks of Slack.
    pub blocks: Vec<String>,
    /// Its alerts as entries of a feed.
    pub entries: Vec<AlertEntry>,
    /// The date of the message: the end of the time that the digest covers.
    pub at: Timestamp,
}

/// `digest` in all its forms.
pub fn message(digest: &Digest) -> Parts {
    Parts {
        digest: digest.id.clone(),
        subject: words::subject(digest),
        text: text(digest),
        html: html(digest),
        json: json(digest),
        blocks: slack(digest),
        entries: entries(digest),
        at: digest.to,
    }
}

#[cfg(test)]
mod tests;
