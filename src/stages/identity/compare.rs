//! Do two reports of different articles tell one event? Slots conflict, support or are silent.
//!
//! The verdict depends on the two reports alone, and is the same both ways: so the developments that grow from it do
//! not depend on the order in which articles arrive.

use super::rules::{Repeat, Rules};
use super::view::{Name, View, overlap, share};
use crate::domain::{PartialDate, Status};

/// Days that a report may be off by: "on Monday", the day of the hearing or of the paper.
const NEAR_DAYS: i32 = 2;

/// Days within which papers still tell an event as new without its day.
pub(super) const PUBLISHED_LATE_DAYS: i32 = 10;

/// What comparing two reports found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    /// They tell one event: how strongly, and why.
    Same { score: f64, grounds: Vec<String> },
    /// They cannot tell one event.
    Different { conflict: String },
    /// Nothing speaks against it, and too little for it: how much is there, and how much is lacking; what they share.
    Open { score: f64, lacks: f64, anchor: usize, grounds: Vec<String> },
}

/// How the articles of two reports stand to each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Articles {
    /// Share of text in common; 1 for versions of one article.
    pub(super) containment: f64,
}

/// Compares two reports of one type.
pub(super) fn compare(a: &View, b: &View, articles: Articles, rules: &Rules) -> Verdict {
    if let Some(conflict) = conflict(a, b) {
        return Verdict::Different { conflict };
    }
    let (own, other) = (a.words(), b.words());
    let weight = &rules.weight;
    let mut grounds = Vec::new();
    let mut score = 0.0;
    let anchor = anchor(a, b, &mut grounds);
    if let (Some(x), Some(y)) = (a.date, b.date) {
        let days = matches!((x, y), (PartialDate::Day(_), PartialDate::Day(_)));
        let year = matches!(x, PartialDate::Year(_)) || matches!(y, PartialDate::Year(_));
        let (points, name) = match x.days_apart(y) {
            0 if days => (weight.same_day, "same day"),
            0 if year => (weight.same_year, "same year"),
            0 => (weight.same_month, "same month"),
            days if days > NEAR_DAYS => (0.0, "some days apart"),
            _ => (weight.near_day, "days close together"),
        };
        score += points;
        grounds.push(format!("{name}: {x}, {y}"));
        // Whoever gives a day that is not just the paper's means the event of that day, unless a day can hold many.
        let stated = |v: &View| v.status == Status::Background || v.date != Some(PartialDate::Day(v.day));
        if a.repeat == Repeat::Once && days && x == y && stated(a) && stated(b) {
            score += weight.stated_day;
        }
    }
    let words = overlap(&own.telling, &other.telling, 3);
    if words > 0.0 {
        score += weight.words * words;
        let shared: Vec<&str> = own.telling.intersection(&other.telling).take(6).map(String::as_str).collect();
        grounds.push(format!("shared words: {}", shared.join(", ")));
    }
    // Of what seldom happens to one person, one telling word is enough.
    let least = if a.repeat == Repeat::Often { 2 } else { 1 };
    score += weight.detail * overlap(&own.detail, &other.detail, least);
    if a.of_body && share(a.who(), b.who()) {
        score += weight.author;
        grounds.push("same author".to_owned());
    }
    if a.repeat == Repeat::Seldom && share(a.about(), b.about()) && share(&a.forces, &b.forces) {
        score += weight.both_ends;
        grounds.push("same force, for the same one".to_owned());
    }
    if let Some(figure) = own.figures.intersection(&other.figures).next() {
        score += weight.figure;
        grounds.push(format!("same figure: {figure}"));
    }
    let rare: Vec<&str> = own.rare.intersection(&other.rare).take(2).map(String::as_str).collect();
    if !rare.is_empty() {
        score += weight.rare * rare.len() as f64;
        grounds.push(format!("shared names: {}", rare.join(", ")));
    }
    if overlap(&own.sentence, &other.sentence, 6) > 0.75 {
        score += weight.sentence;
        grounds.push("same sentence".to_owned());
    }
    if articles.containment >= super::copies::COPY {
        score += weight.copy;
        grounds.push("near copies".to_owned());
    }
    let lacks = rules.need(a.repeat, anchor) - score;
    // Who is shared weighs most when one of several events must be chosen.
    let score = score + 2.0 * anchor as f64;
    if lacks > 0.0 { Verdict::Open { score, lacks, anchor, grounds } } else { Verdict::Same { score, grounds } }
}

/// What speaks against one event.
pub(super) fn conflict(a: &View, b: &View) -> Option<String> {
    if a.of_body {
        let alone = |x: &[Name], y: &[Name]| x.iter().any(|n| !share(std::slice::from_ref(n), y));
        let other_forces = !a.forces.is_empty() && !b.forces.is_empty() && !share(&a.forces, &b.forces);
        let same_force = share(&a.forces, &b.forces);
        if other_forces || !same_force && alone(a.subject(), b.subject()) && alone(b.subject(), a.subject()) {
            return Some("other bodies".to_owned());
        }
    } else if !a.subject().is_empty() && !b.subject().is_empty() {
        if !share(a.subject(), b.subject()) {
            return Some("other persons".to_owned());
        }
        // One name, of officers of two forces on two days: namesakes.
        let other_forces = !a.forces.is_empty() && !b.forces.is_empty() && !share(&a.forces, &b.forces);
        if other_forces && a.date.is_some() && b.date.is_some() && a.date != b.date {
            return Some("other forces, and another date".to_owned());
        }
    }
    if let (Some(x), Some(y)) = (a.date, b.date) {
        let days = x.days_apart(y);
        let known = share(a.subject(), b.subject()) || share(a.about(), b.about());
        let slack = if known { slack(a, b) } else { a.slack_days };
        // Two months, or two years, are as they stand; only a day may be a little off.
        let exact = !matches!(x, PartialDate::Day(_)) && !matches!(y, PartialDate::Day(_));
        if days > slack || exact && days > 0 {
            return Some(format!("{days} days apart: {x}, {y}"));
        }
    }
    // A report without a date, told as past, cannot be of what had not happened when its article appeared.
    for (undated, dated) in [(a, b), (b, a)] {
        if let (None, Some(date)) = (undated.date, dated.date)
            && undated.status == Status::Background
            && PartialDate::Day(undated.day).days_apart(date) > a.slack_days
            && date.first_day() > undated.day
        {
            return Some(format!("told on {} before it happened: {date}", undated.day));
        }
    }
    let (own, other) = (a.words(), b.words());
    if own.ages.len() == 1 && other.ages.len() == 1 && own.ages != other.ages {
        return Some("other ages".to_owned());
    }
    if let ([x], [y]) = (own.ranks.as_slice(), other.ranks.as_slice())
        && x != y
    {
        return Some(format!("other ranks: {x}, {y}"));
    }
    if let (Some(x), Some(y)) = (&own.step, &other.step)
        && x != y
    {
        return Some(format!("other steps: {x}, {y}"));
    }
    if own.again != other.again && a.date.is_none_or(|x| b.date.is_none_or(|y| x != y)) {
        return Some("another one of its kind".to_owned());
    }
    None
}

/// By how many days the two may differ.
///
/// A new event whose text gives no day bears its article's: it may have happened some days before. Where it can happen
/// only once to a person, or seldom and for the same other one (an apology), that is no conflict.
pub(super) fn slack(a: &View, b: &View) -> i32 {
    let by_publication = |x: &View, y: &View| {
        x.status == Status::New
            && x.date == Some(PartialDate::Day(x.day))
            && y.date.is_some_and(|date| date.first_day() <= x.day)
    };
    let other = a.repeat == Repeat::Seldom && share(a.about(), b.about());
    let rare = a.repeat == Repeat::Once || other;
    let late = rare && !a.of_body && (by_publication(a, b) || by_publication(b, a));
    if late { a.slack_days.max(PUBLISHED_LATE_DAYS) } else { a.slack_days }
}

/// 3 where they share the one it happens to, 2 a person in another role, 1 a body, 0 nothing.
fn anchor(a: &View, b: &View, grounds: &mut Vec<String>) -> usize {
    let (anchor, ground) = if share(a.subject(), b.subject()) {
        (3, "same subject")
    } else if share(&a.persons, &b.persons) {
        (2, "shared person")
    } else if share(&a.bodies, &b.bodies) {
        (1, "shared body")
    } else {
        return 0;
    };
    grounds.push(ground.to_owned());
    anchor
}
