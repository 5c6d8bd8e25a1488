//! Who, which bodies and which keywords are watched.

use serde::{Deserialize, Serialize};

/// Everything that is watched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watchlist {
    /// Watched persons.
    pub persons: Vec<WatchedPerson>,
    /// Watched bodies.
    pub bodies: Vec<WatchedBody>,
    /// Watched keywords.
    pub keywords: Vec<Keyword>,
}

/// A watched person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedPerson {
    /// Unique among persons and bodies.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Other forms of the name.
    pub aliases: Vec<String>,
    /// Ids of watched or gazetteer bodies that he or she belongs or belonged to.
    pub bodies: Vec<String>,
    /// Posts and ranks held ("constable", "Commissioner of the Metropolitan Police").
    pub roles: Vec<String>,
    /// Words that tell of a namesake.
    pub excludes: Vec<String>,
}

/// A watched body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedBody {
    /// Unique among persons and bodies.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Other forms of the name.
    pub aliases: Vec<String>,
}

/// A watched keyword: words and phrases, `*` at a word's end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyword {
    /// Unique among keywords.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// At least one of these must stand in the text.
    pub any: Vec<String>,
    /// All of these must stand in the text.
    pub all: Vec<String>,
    /// None of these may stand in the text.
    pub none: Vec<String>,
    /// Regular expressions, of which at least one must match (counted among `any`).
    pub regex: Vec<String>,
    /// Whether capitals matter.
    pub case_sensitive: bool,
    /// Whether a word may match inside a longer one.
    pub inside_words: bool,
    /// Ids of the feeds it is limited to; empty for all.
    pub feeds: Vec<String>,
    /// Whether a hit raises an alert; `false` makes it a selector only.
    pub alert: bool,
}
