//! Whose standing: which words tell of the police, of watchdogs and courts, and of other worlds.

use super::phrases::{Marked, Phrases};
use crate::stages::extract::sieve::WordSet;
use foldhash::HashMap;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    ranks: String,
    ranks_long: String,
    not_police: String,
    officials: String,
    force: String,
    force_names: String,
    not_force: String,
    watchdog: String,
    inspectorate: String,
    court: String,
    prosecutor: String,
    union: String,
    conduct: String,
    contact: String,
    deadly: String,
    wrongs: String,
    watched: String,
    causes: String,
    headline_conduct: String,
    offences: String,
    fiction: String,
    awards: String,
    praise: String,
    public: String,
    sport: String,
    harms: String,
    harm: String,
    occasions: String,
    encounters: String,
    forces_of_ranks: HashMap<String, String>,
    suffers: String,
    injury: String,
    misdeeds: String,
    death: String,
    death_ruled: String,
    death_caused: String,
    prison: String,
    another_matter: String,
    acts_for_others: String,
}

/// What kind of body a name tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyKind {
    /// A police force.
    Force,
    /// Who oversees the police.
    Watchdog,
    /// HMICFRS and its like.
    Inspectorate,
    /// Courts and tribunals.
    Court,
    /// CPS and its like.
    Prosecutor,
    /// Staff associations.
    Union,
    /// Anything else.
    Other,
}

/// The lists of `config/standing.toml`.
#[derive(Debug)]
pub(super) struct Standing {
    ranks: WordSet,
    ranks_long: Phrases,
    not_police: WordSet,
    officials: Phrases,
    force: WordSet,
    force_names: Vec<String>,
    not_force: WordSet,
    watchdog: Vec<String>,
    inspectorate: Vec<String>,
    court: Vec<String>,
    prosecutor: Vec<String>,
    union: Vec<String>,
    pub(super) conduct: Phrases,
    /// Phrases of contact with the police in which people come to harm.
    pub(super) contact: Phrases,
    /// Ways in which people die at the hands of the police.
    pub(super) deadly: Phrases,
    /// What the police do to people that is complained of and made good.
    pub(super) wrongs: Phrases,
    /// What campaigns and marches on policing are about.
    pub(super) watched: Phrases,
    /// What other marches are about.
    pub(super) causes: Phrases,
    /// What tells of it in a headline.
    pub(super) headline_conduct: Phrases,
    /// Offences, as a headline names them.
    pub(super) offences: Phrases,
    pub(super) fiction: Phrases,
    pub(super) awards: Phrases,
    pub(super) praise: Phrases,
    public: WordSet,
    sport: WordSet,
    harms: WordSet,
    harm: WordSet,
    occasions: WordSet,
    encounters: WordSet,
    forces_of_ranks: HashMap<String, String>,
    suffers: WordSet,
    injury: WordSet,
    misdeeds: WordSet,
    death: WordSet,
    death_ruled: WordSet,
    death_caused: WordSet,
    prison: WordSet,
    another_matter: WordSet,
    acts_for_others: WordSet,
}

/// Whether any of `list` stands in `words`.
pub(super) fn any<S: Marked>(words: &[S], list: &Phrases) -> bool {
    list.any_in(words)
}

impl Standing {
    /// The built-in lists.
    pub(super) fn new() -> Self {
        #[expect(clippy::expect_used, reason = "the file is embedded; a test reads it")]
        let file: File = toml::from_str(include_str!("../../../../config/standing.toml"))
            .expect("config/standing.toml is well formed");
        let bars = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        Self {
            ranks: WordSet::parse(&file.ranks),
            ranks_long: Phrases::parse(&file.ranks_long),
            not_police: WordSet::parse(&file.not_police),
            officials: Phrases::parse(&file.officials),
            force: WordSet::parse(&file.force),
            force_names: bars(&file.force_names),
            not_force: WordSet::parse(&file.not_force),
            watchdog: bars(&file.watchdog),
            inspectorate: bars(&file.inspectorate),
            court: bars(&file.court),
            prosecutor: bars(&file.prosecutor),
            union: bars(&file.union),
            conduct: Phrases::parse(&file.conduct),
            contact: Phrases::parse(&file.contact),
            deadly: Phrases::parse(&file.deadly),
            wrongs: Phrases::parse(&file.wrongs),
            watched: Phrases::parse(&file.watched),
            causes: Phrases::parse(&file.causes),
            headline_conduct: Phrases::parse(&file.headline_conduct),
            offences: Phrases::parse(&file.offences),
            fiction: Phrases::parse(&file.fiction),
            awards: Phrases::parse(&file.awards),
            praise: Phrases::parse(&file.praise),
            public: WordSet::parse(&file.public),
            sport: WordSet::parse(&file.sport),
            harms: WordSet::parse(&file.harms),
            harm: WordSet::parse(&file.harm),
            occasions: WordSet::parse(&file.occasions),
            encounters: WordSet::parse(&file.encounters),
            forces_of_ranks: file.forces_of_ranks,
            suffers: WordSet::parse(&file.suffers),
            injury: WordSet::parse(&file.injury),
            misdeeds: WordSet::parse(&file.misdeeds),
            death: WordSet::parse(&file.death),
            death_ruled: WordSet::parse(&file.death_ruled),
            death_caused: WordSet::parse(&file.death_caused),
            prison: WordSet::parse(&file.prison),
            another_matter: WordSet::parse(&file.another_matter),
            acts_for_others: WordSet::parse(&file.acts_for_others),
        }
    }

    /// Whether `words` describe a police officer or member of police staff.
    pub(super) fn officer<S: Marked>(&self, words: &[S]) -> bool {
        let mut before = "";
        for (i, word) in words.iter().enumerate() {
            // "t/dc", "a/sgt": temporary, acting.
            let word = word.as_ref();
            let word = if word.bytes().any(|b| b == b'/') {
                word.rsplit_once('/').map_or(word, |(_, rank)| rank)
            } else {
                word
            };
            let word = word.strip_prefix("ex-").unwrap_or(word);
            if self.ranks.contains(word) && !self.not_police.contains(before) {
                let next = words.get(i + 1).map_or("", AsRef::as_ref);
                // "a former inspector with East Yorkshire buses", "a sergeant with the Marines": of another trade.
                let rest = words.get(i + 1..).unwrap_or(&[]);
                let elsewhere = matches!(next, "with" | "for") && rest.len() > 1 && !self.is_force_like(rest);
                if !(word == "inspector" && next == "of" || word == "commissioner" && before == "crime" || elsewhere) {
                    return true;
                }
            }
            before = word;
        }
        any(words, &self.ranks_long)
    }

    /// Whether `words` may name a force: one of the words of forces' names stands among them.
    fn is_force_like<S: AsRef<str>>(&self, words: &[S]) -> bool {
        words.iter().any(|w| self.force.contains(w.as_ref()) || matches!(w.as_ref(), "force" | "yard"))
            || words.iter().any(|w| self.force_names.iter().any(|n| n == w.as_ref()))
    }

    /// Whether `word` is a rank or the like.
    pub(super) fn rank(&self, word: &str) -> bool {
        self.ranks.contains(word)
    }

    /// Whether `words` describe an official of the police world.
    pub(super) fn official<S: Marked>(&self, words: &[S]) -> bool {
        any(words, &self.officials)
    }

    /// Whether `words` tell of a game.
    pub(super) fn game(&self, words: &[&str]) -> bool {
        words.iter().any(|w| self.sport.contains(w))
    }

    /// Whether the verb `lemma` hurts its object.
    pub(super) fn harms(&self, lemma: &str) -> bool {
        self.harms.contains(lemma)
    }

    /// The force that the rank `word` belongs to alone: "garda".
    pub(super) fn force_of_rank(&self, word: &str) -> Option<&str> {
        self.forces_of_ranks.get(word).map(String::as_str)
    }

    /// Whether `word` names what an investigation or a case follows ("after the crash").
    pub(super) fn occasion(&self, word: &str) -> bool {
        self.occasions.contains(word)
    }

    /// Whether `word` names what passes between the police and those they meet ("over the search of a girl").
    pub(super) fn encounter(&self, word: &str) -> bool {
        self.encounters.contains(word)
    }

    /// Whether `word` is a noun for the hurt done to somebody ("an assault on").
    pub(super) fn harm(&self, word: &str) -> bool {
        self.harm.contains(word)
    }

    /// Whether the verb `lemma` tells what its subject suffered, if a word of injury follows.
    pub(super) fn suffers(&self, lemma: &str) -> bool {
        self.suffers.contains(lemma)
    }

    /// Whether the verb `lemma` is a wrong by its own name: "leaked", "falsified".
    pub(super) fn misdeed(&self, lemma: &str) -> bool {
        self.misdeeds.contains(lemma)
    }

    /// Whether `word` is one of injury.
    pub(super) fn injury(&self, word: &str) -> bool {
        self.injury.contains(word)
    }

    /// Whether `word` tells a death or how one was ruled.
    pub(super) fn death(&self, word: &str) -> bool {
        self.death.contains(word) || self.death_ruled.contains(word)
    }

    /// Whether `word` tells a death or what causes one.
    pub(super) fn somebody_died(&self, word: &str) -> bool {
        self.death.contains(word) || self.death_caused.contains(word)
    }

    /// Whether `word` tells of a prison.
    pub(super) fn prison(&self, word: &str) -> bool {
        self.prison.contains(word)
    }

    /// Whether `word` opens a passage on another matter.
    pub(super) fn another_matter(&self, word: &str) -> bool {
        self.another_matter.contains(word)
    }

    /// Whether `word` describes somebody who speaks for others in a matter, or sits over it.
    pub(super) fn acts_for_others(&self, word: &str) -> bool {
        self.acts_for_others.contains(word)
    }

    /// Whether `word` is a noun for a member of the public.
    pub(super) fn public(&self, word: &str) -> bool {
        self.public.contains(word)
    }

    /// What the names `key` and `name` tell of.
    pub(super) fn body(&self, key: &str, name: &str) -> BodyKind {
        let name = name.to_lowercase();
        let key = key.to_lowercase().replace('-', " ");
        let words: Vec<&str> =
            name.split(|c: char| !c.is_alphanumeric()).chain(key.split(' ')).filter(|w| !w.is_empty()).collect();
        let has = |list: &[String]| {
            list.iter().any(|p| {
                if p.contains(' ') {
                    name.contains(p.as_str()) || key.contains(p.as_str())
                } else {
                    words.contains(&p.as_str())
                }
            })
        };
        if has(&self.inspectorate) {
            BodyKind::Inspectorate
        } else if has(&self.court) {
            BodyKind::Court
        } else if has(&self.prosecutor) {
            BodyKind::Prosecutor
        } else if has(&self.union) {
            BodyKind::Union
        } else if has(&self.watchdog) {
            BodyKind::Watchdog
        } else if (words.iter().any(|w| self.force.contains(w)) || self.force_names.contains(&name))
            && !words.iter().any(|w| self.not_force.contains(w))
        {
            BodyKind::Force
        } else {
            BodyKind::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_told_apart_by_name() {
        let standing = Standing::new();
        for (name, kind) in [
            ("Essex Police", BodyKind::Force),
            ("Metropolitan Police Service", BodyKind::Force),
            ("Police Federation of England and Wales", BodyKind::Union),
            ("Police Appeals Tribunal", BodyKind::Court),
            ("Independent Office for Police Conduct", BodyKind::Watchdog),
            ("Police Ombudsman for Northern Ireland", BodyKind::Watchdog),
            ("HMICFRS", BodyKind::Inspectorate),
            ("Crown Prosecution Service", BodyKind::Prosecutor),
            ("College of Policing", BodyKind::Other),
            ("Northern Ireland Policing Board", BodyKind::Other),
            ("Metropolitan Opera", BodyKind::Other),
        ] {
            assert_eq!(standing.body("", name), kind, "{name}");
        }
    }

    #[test]
    fn officers_are_told_by_rank() {
        let standing = Standing::new();
        for (text, yes) in [
            ("a detective sergeant", true),
            ("a probation officer", false),
            ("the chief constable", true),
            ("hm inspector of constabulary", false),
            ("a bus driver", false),
        ] {
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!(standing.officer(&words), yes, "{text}");
        }
    }
}
