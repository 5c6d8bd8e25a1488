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
    /// Tombstones under the keys of other stores: a backup of one store was put in the place of another, and both had some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign: Vec<Tombstones>,
    /// Forgetting that is not finished; it goes on at the next start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<ForgetJob>,
}

/// Tombstones under one key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstones {
    /// The key, as [`Forgotten::key`].
    pub key: String,
    /// As [`Forgotten::names`].
    pub names: BTreeSet<Vec<NameForm>>,
    /// As [`Forgotten::addresses`].
    pub addresses: BTreeSet<String>,
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

/// A key as bytes; zeros for a damaged one.
fn bytes_of(key: &str) -> [u8; 32] {
    let mut out = [0; 32];
    for (n, byte) in out.iter_mut().enumerate() {
        *byte = key.get(2 * n..2 * n + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
    }
    out
}

impl Forgotten {
    /// The key as bytes; zeros for a damaged one.
    pub fn key_bytes(&self) -> [u8; 32] {
        bytes_of(&self.key)
    }

    /// Finds those whose names were forgotten.
    pub fn finder(&self) -> NameFinder {
        let own = NameFinder::new(self.key_bytes(), self.names.iter().cloned());
        let foreign = self.foreign.iter().filter(|t| !t.names.is_empty());
        foreign.fold(own, |all, t| all.with(NameFinder::new(bytes_of(&t.key), t.names.iter().cloned())))
    }

    /// The tombstone of an address in its plain form.
    pub fn address(&self, plain: &str) -> String {
        names::keyed_hash(&self.key_bytes(), plain)
    }

    /// Whether an address, in its plain form, was forgotten.
    pub fn has_address(&self, plain: &str) -> bool {
        let has = |key: &str, all: &BTreeSet<String>| {
            !all.is_empty() && all.contains(&names::keyed_hash(&bytes_of(key), plain))
        };
        has(&self.key, &self.addresses) || self.foreign.iter().any(|t| has(&t.key, &t.addresses))
    }

    /// Whether nothing was ever forgotten.
    pub fn is_empty(&self) -> bool {
        self.has_no_names() && self.addresses.is_empty() && self.foreign.iter().all(|t| t.addresses.is_empty())
    }

    /// Whether nobody was ever forgotten by name.
    pub fn has_no_names(&self) -> bool {
        self.names.is_empty() && self.foreign.iter().all(|t| t.names.is_empty())
    }

    /// Takes on the tombstones of `other`. False: it had no more than this.
    pub fn take_on(&mut self, other: Self) -> bool {
        let Self { key, names, addresses, articles, entries, foreign, job: _ } = other;
        let mut more = false;
        for stones in std::iter::once(Tombstones { key, names, addresses }).chain(foreign) {
            more |= self.take_on_stones(stones);
        }
        self.articles.extend(articles);
        self.entries.extend(entries);
        more
    }

    fn take_on_stones(&mut self, mut stones: Tombstones) -> bool {
        if stones.names.is_empty() && stones.addresses.is_empty() {
            return false;
        }
        if self.key.is_empty() {
            self.key.clone_from(&stones.key);
        }
        let (names, addresses) = if self.key == stones.key {
            (&mut self.names, &mut self.addresses)
        } else if let Some(known) = self.foreign.iter_mut().find(|t| t.key == stones.key) {
            (&mut known.names, &mut known.addresses)
        } else {
            self.foreign.push(stones);
            return true;
        };
        let before = names.len() + addresses.len();
        names.append(&mut stones.names);
        addresses.append(&mut stones.addresses);
        names.len() + addresses.len() > before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(key: u8, name: &str, address: &str) -> Forgotten {
        let mut out = Forgotten { key: format!("{key:02x}").repeat(32), ..Forgotten::default() };
        out.names.insert(names::forms(&out.key_bytes(), name, &[]));
        out.addresses.insert(out.address(address));
        out
    }

    #[test]
    fn tombstones_of_two_stores_hold_beside_each_other() {
        let (mut ours, theirs) = (of(1, "Wren Hollis", "echo.example/a"), of(2, "Orla Brackenridge", "echo.example/b"));
        assert!(ours.take_on(theirs.clone()));
        assert!(!ours.take_on(theirs.clone()), "taken on once");
        let text = "Orla Brackenridge met Wren Hollis and Ada Marrick.";
        let found: Vec<&str> =
            ours.finder().find(text, false).iter().map(|f| text.get(f.span.start..f.span.end).unwrap()).collect();
        assert_eq!(found, ["Orla Brackenridge", "Wren Hollis"]);
        for (address, there) in [("echo.example/a", true), ("echo.example/b", true), ("echo.example/c", false)] {
            assert_eq!(ours.has_address(address), there, "{address}");
        }
        // What was taken on passes on, and under the key that it was made with.
        let mut third = Forgotten::default();
        assert!(third.take_on(ours.clone()) && !third.take_on(theirs) && !third.take_on(ours));
    }
}
