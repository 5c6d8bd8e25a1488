//! What the user decided by hand against what the program found: guards, merges and mutes of the watchlist.

use super::{AlertId, DevelopmentId, StoryId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// All rulings, in order of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rulings {
    /// Who is not meant where.
    pub guards: Vec<Guard>,
    /// Which developments are one event.
    pub merges: Vec<Merge>,
    /// What is not told.
    pub mutes: Vec<Mute>,
}

/// "That is not them": where a name is somebody else's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// Watchlist id of the person or body that is not meant.
    pub entity: String,
    /// Developments that do not concern them.
    pub developments: Vec<DevelopmentId>,
    /// In an article with one of these words the name is somebody else's.
    pub words: Vec<String>,
    /// The alert that was said to be wrong, if the ruling came of one.
    pub alert: Option<AlertId>,
}

/// "That is not new": developments that are one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// Two or more of them.
    pub developments: Vec<DevelopmentId>,
    /// The alert that was said to be wrong, if the ruling came of one.
    pub alert: Option<AlertId>,
}

/// What raises no alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what", content = "id")]
pub enum Muted {
    /// A person, body or keyword of the watchlist.
    Name(String),
    /// The developments of one matter.
    Story(StoryId),
    /// One development: it did not happen.
    Development(DevelopmentId),
}

/// "Tell me nothing of it."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mute {
    /// Of what.
    pub of: Muted,
    /// The last day on which nothing is told, in UTC; `None`: for good.
    pub until: Option<Date>,
    /// The alert that was said to be wrong, if the ruling came of one.
    pub alert: Option<AlertId>,
}

impl Mute {
    /// Whether it is in force on `day`.
    pub fn holds_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}

impl Rulings {
    /// Whether nothing was decided by hand.
    pub fn is_empty(&self) -> bool {
        self.guards.is_empty() && self.merges.is_empty() && self.mutes.is_empty()
    }

    /// The guard that says that `entity` is not meant in `development`.
    pub fn guard(&self, entity: &str, development: &DevelopmentId) -> Option<&Guard> {
        self.guards.iter().find(|g| g.entity == entity && g.developments.contains(development))
    }

    /// Whether the user said that `development` did not happen.
    pub fn is_denied(&self, development: &DevelopmentId) -> bool {
        self.mutes.iter().any(|m| m.of == Muted::Development(development.clone()) && m.until.is_none())
    }

    /// What the user said of an alert: the words of the ruling that came of it.
    pub fn said_of(&self, alert: &AlertId) -> Option<&'static str> {
        let of = |said: &Option<AlertId>| said.as_ref() == Some(alert);
        if self.guards.iter().any(|g| of(&g.alert)) {
            return Some("is about somebody else");
        }
        if self.merges.iter().any(|m| of(&m.alert)) {
            return Some("was known before");
        }
        self.mutes.iter().any(|m| of(&m.alert)).then_some("did not happen")
    }

    /// The mute in force on `day` for the name `id` (of a person, body or keyword).
    pub fn mute_of_name(&self, id: &str, day: Date) -> Option<&Mute> {
        self.mutes.iter().find(|m| matches!(&m.of, Muted::Name(n) if n == id) && m.holds_on(day))
    }

    /// The mute in force on `day` for a development or its story.
    pub fn mute_of(&self, development: &DevelopmentId, story: Option<&StoryId>, day: Date) -> Option<&Mute> {
        let meant = |m: &&Mute| match &m.of {
            Muted::Name(_) => false,
            Muted::Story(id) => story == Some(id),
            Muted::Development(id) => id == development,
        };
        self.mutes.iter().filter(meant).find(|m| m.holds_on(day))
    }
}
