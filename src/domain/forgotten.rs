//! What was forgotten, and must never be kept again.

use super::names::{self, NameFinder, NameForm};
use super::{ArticleId, DigestId, EntryId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Tombstones: keyed hashes by which what was forgotten is known again, and nothing in clear.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// The key of all hashes, in hexadecimal digits. It is made at random in each store.
    pub key: String,
    /// Of each person the forms of the name.
    pub names: BTreeSet<Vec<NameForm>>,
    /// Addresses.
    pub addresses: BTreeSet<String>,
    /// Articles that went whole.
    pub articles: BTreeSet<ArticleId>,
    /// Entries that led to them, or to an address.
    pub entries: BTreeSet<EntryId>,
    /// Forgetting that is not finished; it goes on at the next start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<ForgetJob>,
}

/// Forgetting under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgetJob {
    /// When it began.
    pub since: Timestamp,
    /// Whether it is a person, else an address.
    pub person: bool,
    /// Articles that name the person and stay: in what rests on them the family name alone is his or hers.
    pub touched: BTreeSet<ArticleId>,
    /// Digests that were changed.
    pub digests: BTreeSet<DigestId>,
    /// What went so far.
    pub gone: Gone,
}

/// What went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Things removed whole, by kind.
    pub removed: BTreeMap<String, u64>,
    /// Things that stay, with the name blacked out or a part of them gone, by kind.
    pub blacked_out: BTreeMap<String, u64>,
    /// Payloads of the archive erased, by kind; their headers stay.
    pub erased: BTreeMap<String, u64>,
}

impl Gone {
    /// Whether nothing was found.
    pub fn is_nothing(&self) -> bool {
        self.removed.is_empty() && self.blacked_out.is_empty() && self.erased.is_empty()
    }

    /// Adds what another went through.
    pub fn add(&mut self, other: &Self) {
        for (into, from) in [
            (&mut self.removed, &other.removed),
            (&mut self.blacked_out, &other.blacked_out),
            (&mut self.erased, &other.erased),
        ] {
            for (kind, n) in from {
                *into.entry(kind.clone()).or_default() += n;
            }
        }
    }
}

/// Who or what is to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "forget")]
pub enum Forgettable {
    /// Somebody, by name.
    Person {
        /// The whole name.
        name: String,
        /// Other forms of it.
        aliases: Vec<String>,
    },
    /// What stands at an address.
    Address {
        /// The address.
        url: String,
    },
}

impl Forgotten {
    /// The key as bytes; zeros for a damaged one.
    pub fn key_bytes(&self) -> [u8; 32] {
        let mut out = [0; 32];
        for (n, byte) in out.iter_mut().enumerate() {
            *byte = self.key.get(2 * n..2 * n + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
        }
        out
    }

    /// Finds those whose names were forgotten.
    pub fn finder(&self) -> NameFinder {
        NameFinder::new(self.key_bytes(), self.names.iter().cloned())
    }

    /// The tombstone of an address in its plain form.
    pub fn address(&self, plain: &str) -> String {
        names::keyed_hash(&self.key_bytes(), plain)
    }

    /// Whether nothing was ever forgotten.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.addresses.is_empty()
    }
}
