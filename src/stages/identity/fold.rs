//! One event told under several types in one article (the taxonomy's *One event, several types*).

use super::compare::conflict;
use super::rules::{OneEvent, Repeat, Rules, Shared, StatusPair};
use super::view::{Name, View, share};
use crate::domain::{DevelopmentType, PartialDate, Status};

/// Text between two sentences that are told in one breath.
const NEAR_BYTES: usize = 400;

/// Groups of positions in `views` (the reports of one article) that tell one event; every position is in one group.
pub(super) fn fold(views: &[View], rules: &Rules) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..views.len()).collect();
    for row in &rules.one_event {
        for (second, view) in views.iter().enumerate().filter(|(_, v)| v.kind == row.second) {
            // The nearest in time of those it may belong to; of equals the first told.
            let first = views
                .iter()
                .enumerate()
                .filter(|(_, v)| row.first.contains(&v.kind) && fits(row, v, view))
                .min_by_key(|(position, v)| (apart(v, view), position.abs_diff(second), *position))
                .map(|(position, _)| position);
            if let Some(first) = first {
                let (from, to) = (group[second], group[first]);
                for g in group.iter_mut().filter(|g| **g == from) {
                    *g = to;
                }
            }
        }
    }
    // An article may tell one event twice. Statements are told apart by what they say.
    for (second, view) in views.iter().enumerate() {
        let same = |first: &View| {
            first.kind == view.kind
                && (share(first.who(), view.who()) || view.of_body && view.repeat == Repeat::Once)
                && (conflict(first, view).is_none() || view.one_a_sentence && first.span == view.span)
                || first.kind == view.kind && (comes_back(first, view, rules) || is_named_later(first, view))
        };
        if view.kind != DevelopmentType::Statement
            && let Some(first) = views[..second].iter().position(same)
        {
            let (from, to) = (group[second], group[first]);
            for g in group.iter_mut().filter(|g| **g == from) {
                *g = to;
            }
        }
    }
    let mut out: Vec<Vec<usize>> = Vec::new();
    for (position, g) in group.iter().enumerate() {
        match out.iter_mut().find(|members| members.first().is_some_and(|m| group[*m] == *g)) {
            Some(members) => members.push(position),
            None => out.push(vec![position]),
        }
    }
    out
}

/// Whether `later` comes back to what `first` told: "the report", "the 61-page report", at the start of a later sentence.
fn comes_back(first: &View, later: &View, rules: &Rules) -> bool {
    let Some(noun) = &rules.of(later.kind).noun else { return false };
    if first.span.start >= later.span.start || first.status != later.status || !same_day(first, later) {
        return false;
    }
    let mut words = later.words().text.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|w| !w.is_empty());
    words.next() == Some("the") && words.take(2).any(|w| w == noun)
}

/// Whether `later` says who it was of whom `first` told without a name: "a constable was convicted", and then her name.
///
/// Told the other way round they are two: one is named, and another is not. An apology is one either way: that of the chief is
/// that of the force.
fn is_named_later(first: &View, later: &View) -> bool {
    let ordered = first.who().is_empty() && !later.who().is_empty() && first.span.start < later.span.start;
    let apology = first.kind == DevelopmentType::Apology && first.who().is_empty() != later.who().is_empty();
    let day = |v: &View| matches!(v.date, Some(PartialDate::Day(_)));
    (ordered || apology)
        && !first.of_body
        && day(first)
        && first.date == later.date
        && first.status == later.status
        && (share(&first.bodies, &later.bodies) || later.forces.is_empty())
        && conflict(first, later).is_none()
}

fn apart(a: &View, b: &View) -> i32 {
    match (a.date, b.date) {
        (Some(x), Some(y)) => x.days_apart(y),
        _ => 0,
    }
}

fn fits(row: &OneEvent, first: &View, second: &View) -> bool {
    let status = match row.status {
        StatusPair::Same => first.status == second.status,
        StatusPair::Recalled => first.status == Status::New && second.status == Status::Background,
        StatusPair::Any => true,
    };
    if !status || apart(first, second) > row.days || row.same_date && first.date != second.date {
        return false;
    }
    // A year holds many events.
    let year = |v: &View| matches!(v.date, Some(PartialDate::Year(_)));
    if year(first) && year(second) && !near(first, second) {
        return false;
    }
    if !row.words.is_empty() && !row.words.iter().any(|w| second.words().text.contains(w.as_str())) {
        return false;
    }
    let covers = |many: &[Name], few: &[Name]| few.iter().all(|n| share(std::slice::from_ref(n), many));
    match row.shared {
        Shared::Who => {
            share(first.who(), second.who())
                || first.who().is_empty()
                    && second.who().is_empty()
                    && first.date.is_some()
                    && share(&first.bodies, &second.bodies)
        }
        Shared::Person => {
            share(&first.persons, &second.persons)
                || (first.persons.is_empty() || second.persons.is_empty()) && share(&first.bodies, &second.bodies)
        }
        Shared::Body => {
            covers(&first.bodies, &second.bodies) && !second.bodies.is_empty()
                || covers(&second.bodies, &first.bodies) && !first.bodies.is_empty()
                || share(&first.persons, second.who())
                // What an inquiry finds and what it asks of another body, for the same people.
                || same_day(first, second) && share(&first.persons, second.about())
        }
        Shared::Author => {
            // The head of an inquiry stands among those it is about.
            let authors = if first.kind == DevelopmentType::Inquiry { first.persons.as_slice() } else { first.who() };
            // Of whom they speak may stand beside those who speak: "HMICFRS said of the force".
            let spoken_of = |n: &Name| {
                share(std::slice::from_ref(n), &second.bodies) || share(std::slice::from_ref(n), second.about())
            };
            let author = |n: &&Name| !share(std::slice::from_ref(*n), &first.forces);
            let speaks = first.bodies.iter().filter(author).any(|n| share(std::slice::from_ref(n), &second.bodies));
            let bodies = first.bodies.len() > 1 && (speaks || covers(&second.bodies, &first.bodies));
            same_day(first, second)
                && (share(second.who(), authors) || authors.is_empty() && bodies && first.bodies.iter().all(spoken_of))
        }
        Shared::Party => {
            share(second.who(), first.who())
                || covers(first.who(), second.about()) && !second.about().is_empty() && near(first, second)
        }
    }
}

/// Whether the two are told in one breath: the same sentence or one close by.
fn near(a: &View, b: &View) -> bool {
    let gap = a.span.start.saturating_sub(b.span.end).max(b.span.start.saturating_sub(a.span.end));
    gap < NEAR_BYTES
}

/// Whether both may be of one day; where only months are given, of one month.
fn same_day(a: &View, b: &View) -> bool {
    match (a.date, b.date) {
        (Some(PartialDate::Day(x)), Some(PartialDate::Day(y))) => x == y,
        (Some(x), Some(y)) => x.compatible(y),
        (None, None) => true,
        _ => false,
    }
}
