//! Reprocessing: what other rules find in an article that was read before.

use crate::domain::{Extraction, Report};
use serde::Serialize;

/// How one telling of an event differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It was not found before.
    Found,
    /// It is not found any more.
    Lost,
    /// It is found in both, with another date, other participants, or another status.
    Changed,
}

/// One difference between what two sets of rules find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// How it differs.
    pub how: How,
    /// The type of the event.
    #[serde(rename = "type")]
    pub kind: crate::domain::DevelopmentType,
    /// Names of those it happens to.
    pub who: Vec<String>,
    /// What differs, for people; empty where all of it is found or lost.
    pub what: String,
    /// The sentence that tells it.
    pub evidence: String,
}

/// What `after` finds otherwise than `before`, in the order of the text. A report is the same where type and sentence are.
pub fn differences(before: &Extraction, after: &Extraction) -> Vec<Difference> {
    let same = |a: &Report, b: &Report| a.kind == b.kind && a.evidence.text == b.evidence.text;
    let one = |how, report: &Report, what: String| Difference {
        how,
        kind: report.kind,
        who: report.who.iter().map(|w| w.name.clone()).collect(),
        what,
        evidence: report.evidence.text.clone(),
    };
    let mut out: Vec<(usize, Difference)> = Vec::new();
    for old in &before.reports {
        match after.reports.iter().find(|new| same(old, new)) {
            None => out.push((old.evidence.span.start, one(How::Lost, old, String::new()))),
            Some(new) => {
                let what = changes(old, new);
                if !what.is_empty() {
                    out.push((new.evidence.span.start, one(How::Changed, new, what.join("; "))));
                }
            }
        }
    }
    for new in after.reports.iter().filter(|new| !before.reports.iter().any(|old| same(old, new))) {
        out.push((new.evidence.span.start, one(How::Found, new, String::new())));
    }
    out.sort_by(|(a, x), (b, y)| (a, x.how, x.kind).cmp(&(b, y.how, y.kind)));
    out.into_iter().map(|(_, difference)| difference).collect()
}

fn changes(old: &Report, new: &Report) -> Vec<String> {
    let mut out = Vec::new();
    let date = |r: &Report| r.date.map_or_else(|| "none".to_owned(), |d| d.to_string());
    if old.date != new.date {
        out.push(format!("date {}, was {}", date(new), date(old)));
    }
    let names = |r: &Report| {
        let names: Vec<&str> = r.entities().map(|e| e.name.as_str()).collect();
        if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
    };
    let ids = |r: &Report| {
        let mut ids: Vec<String> = r.entities().map(|e| e.id.clone()).collect();
        ids.sort();
        ids
    };
    if ids(old) != ids(new) {
        out.push(format!("about {}, was about {}", names(new), names(old)));
    }
    if old.status != new.status {
        out.push(format!("{:?}, was {:?}", new.status, old.status).to_lowercase());
    }
    if old.certainty.is_sure() != new.certainty.is_sure() {
        out.push(if new.certainty.is_sure() { "sure, was not" } else { "not sure, was sure" }.to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Article, Block, BlockKind, WatchedPerson, Watchlist};
    use crate::stages::extract::Extractor;

    #[test]
    fn what_is_found_lost_and_changed_is_told_apart() {
        let person = WatchedPerson { id: "a".into(), name: "Ada Marrick".into(), ..WatchedPerson::default() };
        let watchlist = Watchlist { persons: vec![person], ..Watchlist::default() };
        let text = "Sergeant Ada Marrick was charged with fraud on 9 March 2026. She was suspended on 10 March 2026.";
        let block = Block { kind: BlockKind::Paragraph, text: text.to_owned() };
        let article = Article { blocks: vec![block], ..Article::default() };
        let whole = Extractor::new(&watchlist).extract(&article);
        assert!(whole.reports.len() >= 2, "{:#?}", whole.reports);
        assert_eq!(differences(&whole, &whole), []);
        let (mut less, mut other) = (whole.clone(), whole.clone());
        let lost = less.reports.remove(0);
        let hows = |a, b| differences(a, b).iter().map(|d| (d.how, d.kind)).collect::<Vec<_>>();
        assert_eq!(hows(&whole, &less), [(How::Lost, lost.kind)]);
        assert_eq!(hows(&less, &whole), [(How::Found, lost.kind)]);
        other.reports[0].date = None;
        let found = differences(&whole, &other);
        assert_eq!((found.len(), found[0].how), (1, How::Changed));
        assert!(found[0].what.starts_with("date none, was "), "{found:?}");
    }
}
