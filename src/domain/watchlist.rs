//! Who, which bodies and which keywords are watched.

use super::Rulings;
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
    /// What the user decided by hand.
    #[serde(default)]
    pub rulings: Rulings,
}

impl Watchlist {
    /// The id that `id` has today: its own, or that of the person or body whose former id it is.
    pub fn current_id<'a>(&'a self, id: &'a str) -> &'a str {
        let persons = self.persons.iter().map(|p| (&p.id, &p.former_ids));
        let bodies = self.bodies.iter().map(|b| (&b.id, &b.former_ids));
        persons.chain(bodies).find(|(_, former)| former.iter().any(|f| f == id)).map_or(id, |(now, _)| now)
    }

    /// `id` and the ids that it had before: everything that its developments may be stored under.
    pub fn all_ids(&self, id: &str) -> Vec<String> {
        let persons = self.persons.iter().map(|p| (&p.id, &p.former_ids));
        let bodies = self.bodies.iter().map(|b| (&b.id, &b.former_ids));
        let former = persons.chain(bodies).filter(|(now, _)| *now == id).flat_map(|(_, former)| former.iter().cloned());
        std::iter::once(id.to_owned()).chain(former).collect()
    }

    /// Whether any person or body has an id of former times.
    pub fn has_former_ids(&self) -> bool {
        self.persons.iter().any(|p| !p.former_ids.is_empty()) || self.bodies.iter().any(|b| !b.former_ids.is_empty())
    }

    /// The name of the person, body or keyword with `id`.
    pub fn name_of(&self, id: &str) -> Option<&str> {
        let persons = self.persons.iter().map(|p| (&p.id, &p.name));
        let bodies = self.bodies.iter().map(|b| (&b.id, &b.name));
        let keywords = self.keywords.iter().map(|k| (&k.id, &k.name));
        persons.chain(bodies).chain(keywords).find(|(i, _)| *i == id).map(|(_, name)| name.as_str())
    }
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
    /// Ids that he or she had before; what is stored under them is his or hers.
    #[serde(default)]
    pub former_ids: Vec<String>,
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
    /// Ids that it had before; what is stored under them is its own.
    #[serde(default)]
    pub former_ids: Vec<String>,
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
