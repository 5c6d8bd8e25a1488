//! Reprocessing: which developments other rules find otherwise in articles that were read before.

use crate::domain::{
    ArticleId, Development, DevelopmentId, DevelopmentReport, DevelopmentType, EventStage, PartialDate, Watchlist,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How a development differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It is not found any more.
    Gone,
    /// It was not found before.
    New,
    /// It is found in both, as another type, of another date or stage, of others, or as news where it was recalled.
    Changed,
}

/// One difference between what is stored and what other rules find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// How it differs.
    pub how: How,
    /// The stored development; of a new one the id that it would have.
    pub development: DevelopmentId,
    /// Its type, by the new rules where they find it.
    #[serde(rename = "type")]
    pub kind: DevelopmentType,
    /// Names of all it concerns.
    pub about: Vec<String>,
    /// Whether one of those is watched, by either rules.
    pub watched: bool,
    /// What differs, for people; empty where all of it is new or gone.
    pub what: Vec<String>,
    /// The sentence that tells it.
    pub evidence: String,
    /// Publication and address of the article that holds the sentence.
    pub outlet: Option<String>,
    /// See `outlet`.
    pub url: Option<String>,
}

/// How many developments stayed, and what differs: gone, new and changed ones, those of each in order of id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// Found in both, and the same.
    pub same: usize,
    /// What differs.
    pub list: Vec<Difference>,
}

/// How the developments `after`, found anew in all articles of `read`, differ from those stored `before`.
///
/// Two are one where they share reports: of the same article and type, or with the same sentence; the pair that shares most
/// first. What its user merged, split or pinned is as the user wants it, and no difference; nor is what rests on other
/// articles than those read.
pub fn differences(
    before: &[Development],
    after: &[&Development],
    read: &BTreeSet<ArticleId>,
    watchlist: &Watchlist,
) -> Differences {
    let before: Vec<&Development> =
        before.iter().filter(|d| d.reports.iter().all(|r| read.contains(&r.article))).collect();
    let (old_of, new_of, by_hand) = matched(&before, after);
    let mut out = Differences::default();
    for (_, old) in before.iter().enumerate().filter(|(n, old)| !old_of.contains_key(n) && old.by_hand.is_empty()) {
        out.list.push(difference(How::Gone, old, old, Vec::new(), watchlist));
    }
    for (n, new) in after.iter().enumerate() {
        match new_of.get(&n).and_then(|old| before.get(*old)) {
            Some(old) => match changes(old, new) {
                what if what.is_empty() || !old.by_hand.is_empty() => out.same += 1,
                what => out.list.push(difference(How::Changed, old, new, what, watchlist)),
            },
            None if by_hand.contains(&n) => out.same += 1,
            None => out.list.push(difference(How::New, new, new, Vec::new(), watchlist)),
        }
    }
    out.list.sort_by(|a, b| (a.how, &a.development).cmp(&(b.how, &b.development)));
    out
}

/// The partners of `before` in `after` and the other way round, by place; and those of `after` that share a report with what
/// was changed by hand.
type Matched = (BTreeMap<usize, usize>, BTreeMap<usize, usize>, BTreeSet<usize>);

fn matched(before: &[&Development], after: &[&Development]) -> Matched {
    let mut by_article: BTreeMap<&ArticleId, BTreeSet<usize>> = BTreeMap::new();
    for (n, old) in before.iter().enumerate() {
        for report in &old.reports {
            by_article.entry(&report.article).or_default().insert(n);
        }
    }
    let mut shared: Vec<(usize, usize, usize)> = Vec::new();
    let mut by_hand = BTreeSet::new();
    for (new, development) in after.iter().enumerate() {
        let near: BTreeSet<usize> =
            development.reports.iter().filter_map(|r| by_article.get(&r.article)).flatten().copied().collect();
        for old in near {
            let Some(stored) = before.get(old) else { continue };
            let points: usize = development
                .reports
                .iter()
                .map(|r| stored.reports.iter().map(|s| points(s, r)).max().unwrap_or(0))
                .sum();
            if points > 0 {
                shared.push((points, old, new));
                if !stored.by_hand.is_empty() {
                    by_hand.insert(new);
                }
            }
        }
    }
    shared.sort_by(|a, b| (b.0, a.1, a.2).cmp(&(a.0, b.1, b.2)));
    let (mut old_of, mut new_of) = (BTreeMap::new(), BTreeMap::new());
    for (_, old, new) in shared {
        if !old_of.contains_key(&old) && !new_of.contains_key(&new) {
            old_of.insert(old, new);
            new_of.insert(new, old);
        }
    }
    (old_of, new_of, by_hand)
}

/// How much two reports have in common: 0 for nothing.
fn points(a: &DevelopmentReport, b: &DevelopmentReport) -> usize {
    if a.article != b.article {
        return 0;
    }
    let kind = usize::from(a.report.kind == b.report.kind);
    let sentence = usize::from(a.report.evidence.text == b.report.evidence.text);
    match kind + 2 * sentence {
        // Of one type, in one article, of nobody in common: two events of a round-up.
        1 if !share_someone(a, b) => 0,
        points => points,
    }
}

fn share_someone(a: &DevelopmentReport, b: &DevelopmentReport) -> bool {
    let ids = |r: &DevelopmentReport| r.report.entities().map(|e| e.id.clone()).collect::<BTreeSet<_>>();
    let (a, b) = (ids(a), ids(b));
    a.is_empty() && b.is_empty() || !a.is_disjoint(&b)
}

fn difference(
    how: How,
    stored: &Development,
    found: &Development,
    what: Vec<String>,
    watchlist: &Watchlist,
) -> Difference {
    let told = found.reports.iter().find(|r| r.report.kind == found.kind).or_else(|| found.reports.first());
    let watched = [stored, found]
        .into_iter()
        .flat_map(|d| about(d).into_keys())
        .any(|id| watchlist.name_of(watchlist.current_id(&id)).is_some());
    Difference {
        how,
        development: stored.id.clone(),
        kind: found.kind,
        about: about(found).into_values().collect(),
        watched,
        what,
        evidence: told.map_or_else(String::new, |r| r.report.evidence.text.clone()),
        outlet: told.and_then(|r| r.outlet.clone()),
        url: told.and_then(|r| r.url.clone()),
    }
}

/// Ids and names of all whom a development concerns.
fn about(development: &Development) -> BTreeMap<String, String> {
    let all = development.reports.iter().flat_map(|r| r.report.entities());
    all.map(|e| (e.id.clone(), e.name.clone())).collect()
}

fn changes(old: &Development, new: &Development) -> Vec<String> {
    let mut out = Vec::new();
    if old.kind != new.kind {
        out.push(format!("{}, was {}", new.kind.label(), old.kind.label()));
    }
    if old.date != new.date {
        let date = |d: Option<PartialDate>| d.map_or_else(|| "none".to_owned(), |d| d.to_string());
        out.push(format!("date {}, was {}", date(new.date), date(old.date)));
    }
    if old.told_as_new() != new.told_as_new() {
        out.push(if new.told_as_new() { "told as new, was recalled" } else { "recalled, was told as new" }.to_owned());
    }
    if old.stage != new.stage {
        let word = |stage: EventStage| format!("{stage:?}").to_lowercase();
        out.push(format!("{}, was {}", word(new.stage), word(old.stage)));
    }
    let (whom, before) = (about(new), about(old));
    if !whom.keys().eq(before.keys()) {
        let names = |all: BTreeMap<String, String>| {
            if all.is_empty() { "nobody".to_owned() } else { all.into_values().collect::<Vec<_>>().join(", ") }
        };
        out.push(format!("about {}, was about {}", names(whom), names(before)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Certainty, EntityRef, Status, WatchedPerson};
    use crate::stages::digest::sample::{development, report};
    use DevelopmentType as T;

    fn told(n: &str, kind: T, day: &str, who: &[&str], article: &str) -> Development {
        let mut told = report(kind, who, Certainty::SURE);
        told.who =
            who.iter().map(|id| EntityRef { id: (*id).into(), name: format!("Name {id}"), watched: false }).collect();
        told.evidence.text = format!("A sentence of {article}, {}.", kind.as_str());
        development(n, day, EventStage::Done, &[(article, article, told)])
    }

    #[test]
    fn developments_are_gone_new_and_changed() {
        let ada = WatchedPerson { id: "ada".into(), name: "Ada Marrick".into(), ..WatchedPerson::default() };
        let watchlist = Watchlist { persons: vec![ada], ..Watchlist::default() };
        let charge = told("1", T::Charge, "2026-03-09", &["ada"], "a");
        let arrest = told("2", T::Arrest, "2026-03-09", &["bob"], "b");
        let read = |names: &[&str]| names.iter().map(|n| charge_article(n)).collect::<BTreeSet<_>>();
        fn charge_article(name: &str) -> ArticleId {
            told("x", T::Charge, "2026-03-09", &[], name).reports[0].article.clone()
        }
        let found = |before: &[&Development], after: &[&Development]| {
            let before: Vec<Development> = before.iter().map(|d| (*d).clone()).collect();
            let found = differences(&before, after, &read(&["a", "b"]), &watchlist);
            let list: Vec<_> = found.list.into_iter().map(|d| (d.how, d.kind, d.watched, d.what.join("; "))).collect();
            (found.same, list)
        };
        assert_eq!(found(&[&charge, &arrest], &[&charge, &arrest]), (2, Vec::new()));
        let (same, list) = found(&[&charge, &arrest], &[&charge]);
        assert_eq!((same, list), (1, vec![(How::Gone, T::Arrest, false, String::new())]));
        let (same, list) = found(&[&arrest], &[&charge, &arrest]);
        assert_eq!((same, list), (1, vec![(How::New, T::Charge, true, String::new())]));
        // Another date, another type by the same sentence, recalled where it was news, another person.
        let mut other = told("1", T::Charge, "2026-03-10", &["ada"], "a");
        other.id = charge.id.clone();
        assert_eq!(found(&[&charge], &[&other]).1[0].3, "date 2026-03-10, was 2026-03-09");
        let mut other = charge.clone();
        (other.kind, other.reports[0].report.kind) = (T::Plea, T::Plea);
        assert_eq!(found(&[&charge], &[&other]).1, [(How::Changed, T::Plea, true, "Plea, was Charge".to_owned())]);
        let mut other = charge.clone();
        other.reports[0].report.status = Status::Background;
        assert_eq!(found(&[&charge], &[&other]).1[0].3, "recalled, was told as new");
        let mut other = charge.clone();
        other.reports[0].report.who = arrest.reports[0].report.who.clone();
        assert_eq!(found(&[&charge], &[&other]).1[0].3, "about Name bob, was about Name ada");
    }

    #[test]
    fn what_its_user_decided_and_what_was_not_read_is_no_difference() {
        let one = told("1", T::Charge, "2026-03-09", &["ada"], "a");
        let two = told("2", T::Charge, "2026-05-09", &["ada"], "b");
        let mut merged = one.clone();
        merged.reports.extend(two.reports.clone());
        merged.by_hand.apart.push(DevelopmentId::derive(&["other"]));
        let all: BTreeSet<ArticleId> = merged.reports.iter().map(|r| r.article.clone()).collect();
        let found = differences(&[merged.clone()], &[&one, &two], &all, &Watchlist::default());
        assert_eq!((found.same, found.list), (2, Vec::new()));
        let some = BTreeSet::from([one.reports[0].article.clone()]);
        let found = differences(&[two], &[&one], &some, &Watchlist::default());
        assert_eq!(found.list.iter().map(|d| d.how).collect::<Vec<_>>(), [How::New]);
    }
}
