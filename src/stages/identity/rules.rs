//! The rules of identity that are data: `config/identity.toml`.

use super::view::View;
use crate::domain::{DevelopmentType, Status};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The rules, read once.
#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
static RULES: LazyLock<Rules> =
    LazyLock::new(|| Rules::parse(include_str!("../../../config/identity.toml")).expect("config/identity.toml"));

/// The rules of `config/identity.toml`.
pub(super) fn rules() -> &'static Rules {
    &RULES
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub(super) titles: BTreeSet<String>,
    pub(super) stopwords: BTreeSet<String>,
    pub(super) forces: Vec<String>,
    pub(super) again: Vec<String>,
    pub(super) ranks: Vec<String>,
    /// Words for 0, 1, 2 …
    pub(super) numbers: Vec<String>,
    need: Need,
    pub(super) weight: Weight,
    types: BTreeMap<DevelopmentType, TypeRule>,
    pub(super) one_event: Vec<OneEvent>,
}

/// Evidence needed, by what a pair shares: nothing, a body, a person in another role, the one it happens to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Need {
    once: [f64; 4],
    seldom: [f64; 4],
    often: [f64; 4],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Weight {
    pub(super) same_day: f64,
    pub(super) near_day: f64,
    pub(super) stated_day: f64,
    pub(super) same_month: f64,
    pub(super) same_year: f64,
    pub(super) words: f64,
    pub(super) detail: f64,
    pub(super) figure: f64,
    pub(super) rare: f64,
    pub(super) author: f64,
    pub(super) both_ends: f64,
    pub(super) sentence: f64,
    pub(super) copy: f64,
    pub(super) companion: f64,
}

/// How often a type repeats for the one it happens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Repeat {
    Once,
    Seldom,
    Often,
}

/// Whom a type happens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Subject {
    #[default]
    Who,
    Any,
    Body,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TypeRule {
    pub(super) repeat: Repeat,
    #[serde(default)]
    pub(super) subject: Subject,
    #[serde(default = "two_days")]
    pub(super) slack_days: i32,
    #[serde(default)]
    pub(super) one_a_sentence: bool,
    /// The noun by which an article comes back to it: "the 61-page report says".
    pub(super) noun: Option<String>,
    #[serde(default)]
    pub(super) steps: BTreeMap<String, Vec<String>>,
}

fn two_days() -> i32 {
    2
}

/// A row of the taxonomy's *One event, several types*.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OneEvent {
    pub(super) first: Vec<DevelopmentType>,
    pub(super) second: DevelopmentType,
    pub(super) shared: Shared,
    #[serde(default)]
    pub(super) days: i32,
    #[serde(default)]
    pub(super) same_date: bool,
    #[serde(default)]
    pub(super) words: Vec<String>,
    pub(super) status: StatusPair,
    /// Whether the second, told as new without the first, is an event of its own.
    #[serde(default)]
    pub(super) alone_is_own: bool,
}

/// What two reports of one event under two types have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shared {
    Who,
    Person,
    Body,
    Author,
    Party,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StatusPair {
    Same,
    Recalled,
    Any,
}

impl Rules {
    fn parse(text: &str) -> Result<Self, String> {
        let rules: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        match DevelopmentType::ALL.iter().find(|t| !rules.types.contains_key(t)) {
            Some(kind) => Err(format!("no [types.{kind}]")),
            None => Ok(rules),
        }
    }

    /// The rule of `kind`.
    pub(super) fn of(&self, kind: DevelopmentType) -> &TypeRule {
        // `parse` found every type.
        &self.types[&kind]
    }

    /// Evidence that a pair of reports of `repeat` needs; `anchor` is 0 for nothing shared, 1 a body, 2 a person in
    /// another role, 3 the one it happens to.
    pub(super) fn need(&self, repeat: Repeat, anchor: usize) -> f64 {
        let row = match repeat {
            Repeat::Once => &self.need.once,
            Repeat::Seldom => &self.need.seldom,
            Repeat::Often => &self.need.often,
        };
        row[anchor.min(3)]
    }

    /// The types with which a report of `kind` must stand, or else is an event of its own if told as new.
    pub(super) fn partners(&self, kind: DevelopmentType) -> impl Iterator<Item = DevelopmentType> + '_ {
        self.one_event
            .iter()
            .filter(move |row| row.second == kind && row.alone_is_own)
            .flat_map(|row| row.first.iter().copied())
    }

    /// The type of `first` where `second` is what a report of it recalls: the plea behind a trial.
    pub(super) fn recalls(&self, first: &View, second: &View) -> Option<DevelopmentType> {
        let recalled = first.status == Status::New && second.status == Status::Background;
        let row = |row: &OneEvent| {
            row.status == StatusPair::Recalled && row.second == second.kind && row.first.contains(&first.kind)
        };
        (recalled && self.one_event.iter().any(row)).then_some(first.kind)
    }

    /// The first type of the row by which an event told as `kinds` is named.
    pub(super) fn head(&self, kinds: &BTreeSet<DevelopmentType>) -> Option<DevelopmentType> {
        let rank = |kind: &DevelopmentType| {
            // A type is outranked by every type of a row in which it comes second, and within `first` by those before it.
            let rows = self.one_event.iter().filter(|row| row.second == *kind);
            let above = rows.flat_map(|row| &row.first).filter(|first| kinds.contains(first)).count();
            let beside = self.one_event.iter().filter_map(|row| row.first.iter().position(|f| f == kind)).max();
            (above, beside.unwrap_or(0))
        };
        kinds.iter().copied().min_by_key(rank)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole() {
        assert!(rules().stopwords.contains("said"));
        assert_eq!(rules().of(DevelopmentType::Statement).repeat, Repeat::Often);
    }

    #[test]
    fn an_event_is_named_by_the_first_type_of_its_row() {
        use DevelopmentType::*;
        for (kinds, head) in [
            (&[MisconductFinding, Dismissal][..], Dismissal),
            (&[Statement, Recommendation, ReportPublished], ReportPublished),
            (&[ReportPublished, SpecialMeasures, Statement], SpecialMeasures),
            (&[Inquiry, SpecialMeasures], SpecialMeasures),
            (&[Statement, Appointment], Appointment),
            (&[Plea, Trial], Trial),
            (&[Charge], Charge),
        ] {
            assert_eq!(rules().head(&kinds.iter().copied().collect()), Some(head), "{kinds:?}");
        }
    }
}
