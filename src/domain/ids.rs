//! Identifiers: each derives from the first identity key of its thing, never from content that changes.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing but white space.
    #[error("an id must not be empty")]
    Empty,
    /// A control character or a slash, which would break a store key or a file name.
    #[error("an id must not contain {0:?}")]
    Character(char),
    /// Longer than 200 bytes.
    #[error("an id must not be longer than 200 bytes")]
    TooLong,
}

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes `text` as the identifier.
            ///
            /// # Errors
            /// When it is empty, over 200 bytes long, or has a control character or a slash.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let text = text.trim();
                if text.is_empty() {
                    return Err(IdError::Empty);
                }
                if text.len() > 200 {
                    return Err(IdError::TooLong);
                }
                match text.chars().find(|c| c.is_control() || *c == '/') {
                    Some(c) => Err(IdError::Character(c)),
                    None => Ok(Self(text.to_owned())),
                }
            }

            /// The identifier of the thing whose identity key has these `parts`: 16 hexadecimal digits of SHA-256.
            pub fn derive(parts: &[&str]) -> Self {
                Self(fingerprint(stringify!($name), parts))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    )+};
}

text_ids! {
    /// A feed, by the `id` its user gave it, or one derived from its address.
    FeedId,
    /// An entry of one feed, derived from the feed and the entry's own key.
    EntryId,
    /// An article, derived from its address (or its entry, where it has none).
    ArticleId,
    /// A development, derived from its first report.
    DevelopmentId,
    /// Developments of one matter, derived from the first of them.
    StoryId,
    /// An alert, derived from its development, or from its keyword and cluster of copies.
    AlertId,
    /// A digest, derived from its due time and watchlist.
    DigestId,
    /// A channel, by the name its user gave it.
    ChannelId,
}

fn fingerprint(kind: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    for part in parts {
        // The length in front keeps ["ab", "c"] and ["a", "bc"] apart.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_keep_parts_and_kinds_apart() {
        assert_ne!(EntryId::derive(&["ab", "c"]), EntryId::derive(&["a", "bc"]));
        assert_ne!(EntryId::derive(&["a"]).as_str(), ArticleId::derive(&["a"]).as_str());
        assert_eq!(EntryId::derive(&["a"]).as_str().len(), 16);
    }

    #[test]
    fn ids_that_would_break_a_key_are_refused() {
        for (text, error) in
            [("  ", IdError::Empty), ("a/b", IdError::Character('/')), ("a\u{0}b", IdError::Character('\u{0}'))]
        {
            assert_eq!(FeedId::parse(text), Err(error), "{text:?}");
        }
        assert_eq!(FeedId::parse(&"x".repeat(201)), Err(IdError::TooLong));
    }
}
