//! What a digest says around its news: what was known before, and what is due next.

use super::event;
use crate::domain::{
    Alert, AlertKind, Development, DevelopmentId, DevelopmentType, EventStage, PartialDate, Report, Standing,
};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Most lines of what was known before, the latest kept.
const MAX_KNOWN_BEFORE: usize = 5;
/// Most lines of what is due next, the next kept.
const MAX_DUE_NEXT: usize = 3;

/// One matter of one watched person or body, as a digest asks of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matter<'a> {
    /// The watched person's or body's id.
    pub(super) home: &'a str,
    /// Whether everything that happened to the watched person belongs to it.
    pub(super) of_person: bool,
    /// The developments of its story.
    pub(super) members: &'a BTreeSet<DevelopmentId>,
    /// The developments that the digest tells anywhere.
    pub(super) told: &'a BTreeSet<DevelopmentId>,
}

impl Matter<'_> {
    fn holds(&self, development: &Development) -> bool {
        let happened = |r: &Report| r.who.iter().any(|e| e.id == self.home);
        self.members.contains(&development.id)
            || self.of_person && development.reports.iter().any(|r| happened(&r.report))
    }

    /// The development as one line, told by a sure report that concerns the watched.
    fn standing(&self, d: &Development) -> Option<Standing> {
        let sure = |r: &Report| r.certainty.is_sure() && r.entities().any(|e| e.id == self.home);
        let report = d.reports.iter().map(|r| &r.report).find(|r| r.kind == d.kind && sure(r));
        let report = report.or_else(|| d.reports.iter().map(|r| &r.report).find(|r| sure(r)))?;
        // "Incident", of no day: that tells the reader nothing.
        let bare = d.date.is_none() && report.detail.is_empty();
        let standing =
            Standing { development: d.id.clone(), kind: d.kind, date: d.date, detail: report.detail.clone() };
        (!bare).then_some(standing)
    }
}

/// What was known of `matter` before `news`: those of `developments` that were seen, or are dated, before them, are sure,
/// have happened and are no statements or corrections; the latest five in order of date.
pub(super) fn known_before(matter: Matter<'_>, news: &[&Alert], developments: &[Development]) -> Vec<Standing> {
    let dates = || news.iter().filter_map(|a| date(a));
    let first = dates().map(PartialDate::first_day).min();
    let last = dates().map(PartialDate::last_day).max();
    let raised = news.iter().map(|a| a.raised).min();
    let mut known: Vec<Standing> = developments
        .iter()
        .filter(|d| matter.holds(d) && !matter.told.contains(&d.id))
        .filter(|d| !matches!(d.kind, DevelopmentType::Statement | DevelopmentType::Correction))
        .filter(|d| matches!(d.stage, EventStage::Done | EventStage::Begun))
        .filter(|d| {
            // Seen earlier, or recalled from earlier; never what lies ahead.
            let earlier = d.date.is_some_and(|date| first.is_some_and(|first| date.last_day() < first));
            let ahead = d.date.is_some_and(|date| last.is_some_and(|last| date.first_day() > last));
            // What the same article brings is no knowledge from before, unless it recalls it.
            let elsewhere = d.reports.first().is_some_and(|r| news.iter().all(|a| a.article != r.article));
            let seen_before = elsewhere && raised.is_some_and(|raised| d.first_seen < raised);
            (seen_before || earlier) && !ahead
        })
        .filter_map(|d| matter.standing(d))
        .collect();
    in_order(&mut known);
    known.drain(..known.len().saturating_sub(MAX_KNOWN_BEFORE));
    known
}

/// What is fixed in `matter` for `today` or a day to come, by sure reports, and has not begun: the next three.
pub(super) fn due_next(matter: Matter<'_>, developments: &[Development], today: Date) -> Vec<Standing> {
    let mut due: Vec<Standing> = developments
        .iter()
        .filter(|d| matter.holds(d) && !matter.told.contains(&d.id) && d.stage == EventStage::Announced)
        .filter(|d| match d.date {
            Some(PartialDate::Day(day)) => day >= today,
            Some(month @ PartialDate::Month(..)) => month.first_day() > today,
            Some(PartialDate::Year(_)) | None => false,
        })
        .filter_map(|d| matter.standing(d))
        .collect();
    in_order(&mut due);
    due.dedup_by(|b, a| (a.kind, a.date) == (b.kind, b.date));
    due.truncate(MAX_DUE_NEXT);
    due
}

fn in_order(list: &mut [Standing]) {
    list.sort_by(|a, b| {
        (a.date.map(PartialDate::first_day), a.kind, &a.development).cmp(&(
            b.date.map(PartialDate::first_day),
            b.kind,
            &b.development,
        ))
    });
}

/// When what `alert` tells happened.
pub(super) fn date(alert: &Alert) -> Option<PartialDate> {
    match &alert.content {
        AlertKind::Development { date, .. } if event(alert).is_some() => *date,
        _ => None,
    }
}
