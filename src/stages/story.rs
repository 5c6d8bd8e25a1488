//! Stories: which developments belong to one matter.
//!
//! A digest tells the developments of a person or body story by story. Developments are one story where they share a person, or
//! the body and rare words of place or case; what they share counts less the longer they lie apart. For display only:
//! nothing in here decides an alert. Settling names a story by what it has at hand; here all that is known is looked at. The rules are data: `config/story.toml`.

use super::identity;
use crate::domain::{Development, DevelopmentId, DevelopmentType, EntityRef, StoryId};
use jiff::{civil::Date, tz::TimeZone};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Most developments of one person or body that are looked at, the latest kept.
const MOST: usize = 600;

/// Developments of one matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The story that its oldest development was given when it was settled: by this id it is muted.
    pub id: StoryId,
    /// Its developments, the oldest first.
    pub members: Vec<DevelopmentId>,
    /// The person it is mostly about, where that is not the one whose stories were asked for.
    pub name: Option<String>,
}

/// The stories that `developments`, all of which concern `home` (an entity's id), make up: each development is in one.
///
/// Developments join in order of their first report, each the story of the one that it belongs to most. So a new development
/// never rearranges older ones, and the order of `developments` does not matter.
pub fn stories(developments: &[Development], home: &str) -> Vec<Story> {
    let rules = &*RULES;
    let mut order: Vec<&Development> = developments.iter().collect();
    order.sort_by(|a, b| (a.first_seen, &a.id).cmp(&(b.first_seen, &b.id)));
    order.drain(..order.len().saturating_sub(MOST));
    let bodies: BTreeSet<&str> =
        order.iter().flat_map(|d| &d.reports).flat_map(|r| &r.report.body).map(|e| e.id.as_str()).collect();
    let mut traits: Vec<Traits> = order.iter().map(|d| Traits::new(d, &bodies, rules)).collect();
    drop_common_words(&mut traits, rules);
    let mut out: Vec<Vec<usize>> = Vec::new();
    for (n, own) in traits.iter().enumerate() {
        let best = out
            .iter()
            .enumerate()
            .map(|(place, members)| {
                let links = members.iter().map(|m| own.link(&traits[*m], rules));
                (links.fold(0.0, f64::max), place)
            })
            // Of equals the story that was told last.
            .max_by(|(a, x), (b, y)| a.total_cmp(b).then(x.cmp(y)));
        match best.filter(|(link, _)| *link >= rules.link.needed) {
            Some((_, place)) => out[place].push(n),
            None => out.push(vec![n]),
        }
    }
    out.into_iter()
        .map(|members| Story {
            id: order[members[0]].story.clone().unwrap_or_else(|| StoryId::derive(&[order[members[0]].id.as_str()])),
            name: name(members.iter().map(|m| order[*m]), home, &bodies, rules),
            members: members.iter().map(|m| order[*m].id.clone()).collect(),
        })
        .collect()
}

/// Whether `later` and `earlier`, which concern one body, are steps of one matter although no named person says so: an officer
/// without a name was charged, and is cleared.
///
/// Another person, or another age, speaks against it. One article that tells both, or two rare words of place or case, speak for
/// it; of a shared age one word is enough.
pub fn one_matter(later: &Development, earlier: &Development) -> bool {
    let rules = &*RULES;
    let bodies = |d: &Development| -> BTreeSet<String> {
        d.reports.iter().flat_map(|r| &r.report.body).map(|e| e.id.clone()).collect()
    };
    let (mine, theirs) = (bodies(later), bodies(earlier));
    let all: BTreeSet<&str> = mine.union(&theirs).map(String::as_str).collect();
    let traits = [later, earlier].map(|d| Traits::new(d, &all, rules));
    let [persons, others] = traits.each_ref().map(|t| t.subjects.union(&t.objects).cloned().collect::<BTreeSet<_>>());
    let [ages, other_ages] = [later, earlier]
        .map(|d| -> BTreeSet<u8> { d.reports.iter().flat_map(|r| &r.report.unnamed).filter_map(|u| u.age).collect() });
    let apart = |empty: bool, disjoint: bool| !empty && disjoint;
    if mine.is_disjoint(&theirs)
        || apart(persons.is_empty() || others.is_empty(), persons.is_disjoint(&others))
        || apart(ages.is_empty() || other_ages.is_empty(), ages.is_disjoint(&other_ages))
    {
        return false;
    }
    let together = traits[0].articles.keys().any(|a| traits[1].articles.contains_key(a));
    let words = traits[0].words.intersection(&traits[1].words).count();
    together || words >= 2 || words == 1 && !ages.is_disjoint(&other_ages)
}

/// The place of `kind` in the proceeding that it is a part of: the proceeding's number, and its rank there.
///
/// Developments of one proceeding and day are told as one item, named by the one with the lowest rank.
pub fn proceeding(kind: DevelopmentType) -> Option<(usize, usize)> {
    let all = RULES.proceeding.iter().enumerate();
    all.filter_map(|(n, p)| p.types.iter().position(|t| *t == kind).map(|rank| (n, rank))).next()
}

/// The person whom most of `members` concern, by whom a story of a body is known.
fn name<'a>(
    members: impl Iterator<Item = &'a Development>,
    home: &str,
    bodies: &BTreeSet<&str>,
    rules: &Rules,
) -> Option<String> {
    let mut counts: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for development in members {
        let mut of_one: BTreeMap<&str, &str> = BTreeMap::new();
        for report in &development.reports {
            let spoken = rules.speech.contains(&report.report.kind);
            let who = report.report.who.iter().filter(|_| !spoken);
            for entity in who.chain(&report.report.about).filter(|e| is_other_person(e, home, bodies)) {
                of_one.entry(&entity.id).or_insert(&entity.name);
            }
        }
        for (id, name) in of_one {
            counts.entry(id).or_insert((0, name)).0 += 1;
        }
    }
    // Of equals the first by id: `max_by_key` would give the last.
    counts.into_iter().rev().max_by_key(|(_, (count, _))| *count).map(|(_, (_, name))| name.to_owned())
}

fn is_other_person(entity: &EntityRef, home: &str, bodies: &BTreeSet<&str>) -> bool {
    entity.id != home && !bodies.contains(entity.id.as_str())
}

/// A development as it is compared.
#[derive(Debug)]
struct Traits {
    /// Persons to whom it happens.
    subjects: BTreeSet<String>,
    /// Persons whom it concerns otherwise.
    objects: BTreeSet<String>,
    /// Rare words of place or case, in lower case.
    words: BTreeSet<String>,
    /// Articles that tell it, and whether they tell it as new.
    articles: BTreeMap<String, bool>,
    day: Date,
}

impl Traits {
    fn new(development: &Development, bodies: &BTreeSet<&str>, rules: &Rules) -> Self {
        let mut out = Self {
            subjects: BTreeSet::new(),
            objects: BTreeSet::new(),
            words: BTreeSet::new(),
            articles: BTreeMap::new(),
            day: development
                .date
                .map_or_else(|| development.first_seen.to_zoned_datetime(TimeZone::UTC).date(), |d| d.last_day()),
        };
        let mut names: BTreeSet<String> = BTreeSet::new();
        for told in &development.reports {
            let report = &told.report;
            let person = |e: &&EntityRef| !bodies.contains(e.id.as_str());
            let ids = |list: &[EntityRef]| list.iter().filter(person).map(|e| e.id.clone()).collect::<Vec<_>>();
            if rules.speech.contains(&report.kind) {
                // Who speaks often speaks of many matters.
                out.objects.extend(ids(&report.about));
            } else {
                out.subjects.extend(ids(&report.who));
                out.objects.extend(ids(&report.about));
            }
            *out.articles.entry(told.article.as_str().to_owned()).or_default() |=
                report.status == crate::domain::Status::New;
            names.extend(report.entities().flat_map(|e| plain(&e.name)));
            out.words.extend(told.rare_words.iter().flat_map(|w| plain(w)));
        }
        out.words.retain(|w| {
            w.chars().count() > 2
                && w.chars().any(char::is_alphabetic)
                && !names.contains(w)
                && !rules.common_words.contains(w)
                && !identity::is_common_word(w)
        });
        out
    }

    /// How strongly the two belong together.
    fn link(&self, other: &Self, rules: &Rules) -> f64 {
        let link = &rules.link;
        let share = |a: &BTreeSet<String>, b: &BTreeSet<String>| !a.is_disjoint(b);
        let persons = |t: &Self| t.subjects.union(&t.objects).cloned().collect::<BTreeSet<_>>();
        let together = self.articles.keys().any(|a| other.articles.contains_key(a));
        let days = match together {
            true => 0.0,
            false => self.day.until(other.day).map_or(f64::MAX, |s| f64::from(s.get_days()).abs()),
        };
        let fade = |half_life: u32| 0.5_f64.powf(days / f64::from(half_life.max(1)));
        if share(&self.subjects, &other.subjects) {
            return link.subject * fade(link.person_half_life_days);
        }
        let (mine, theirs) = (persons(self), persons(other));
        if share(&mine, &theirs) {
            return link.object * fade(link.person_half_life_days);
        }
        // Words and articles say nothing of two persons who have nothing to do with each other.
        if !mine.is_empty() && !theirs.is_empty() {
            return 0.0;
        }
        let words = self.words.intersection(&other.words).count();
        let new = |t: &Self, a: &str| t.articles.get(a).copied().unwrap_or(false);
        let article = self.articles.keys().any(|a| new(self, a) && new(other, a));
        let words = link.word * f64::from(u32::try_from(words).unwrap_or(u32::MAX)) * fade(link.word_half_life_days);
        words + if article { link.article } else { 0.0 }
    }
}

/// The words of `text` in lower case, without a possessive.
fn plain(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’')));
    words
        .map(|w| w.to_lowercase().replace('’', "'"))
        .map(|w| w.strip_suffix("'s").unwrap_or(&w).trim_matches(['-', '\'']).to_owned())
        .filter(|w| !w.is_empty())
        .collect()
}

fn drop_common_words(traits: &mut [Traits], rules: &Rules) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in traits.iter().flat_map(|t| &t.words) {
        *counts.entry(word.clone()).or_default() += 1;
    }
    let most = rules.link.rare_in.max(traits.len() / 4);
    for one in traits {
        one.words.retain(|w| counts.get(w).is_some_and(|n| *n <= most));
    }
}

#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
static RULES: LazyLock<Rules> =
    LazyLock::new(|| toml::from_str(include_str!("../../config/story.toml")).expect("config/story.toml"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    link: Link,
    speech: BTreeSet<DevelopmentType>,
    common_words: BTreeSet<String>,
    proceeding: Vec<Proceeding>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    needed: f64,
    subject: f64,
    object: f64,
    word: f64,
    article: f64,
    rare_in: usize,
    person_half_life_days: u32,
    word_half_life_days: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Proceeding {
    types: Vec<DevelopmentType>,
}

#[cfg(test)]
mod tests;
