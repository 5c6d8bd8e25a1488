//! The flood breaker: more alerts than a set number an hour become one summary, with the rest behind it.
//!
//! It comes last, after everything that decides whether someone should know: an alert that it holds is raised, stored and
//! never raised again; only its telling is a line in a summary. What a first poll brings, and somebody's past, is
//! one digest by itself and is not counted. A correction is never held: whoever was sent the first must be sent the second.

use crate::domain::{Alert, Flood};
use jiff::SignedDuration;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The time over which alerts are counted. The breaker opens again by itself once fewer than the limit were raised in it.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// Whether the breaker counts `alert`.
pub const fn counts(alert: &Alert) -> bool {
    !alert.catch_up && alert.past_of.is_empty() && !alert.is_correction() && alert.corrects.is_empty()
}

/// Marks those of `raised` that are over `limit`, where `before` alerts that count were raised within the last hour. A
/// limit of 0 holds nothing. Returns how many are held.
pub fn hold(raised: &mut [Alert], before: usize, limit: u32) -> usize {
    let (mut count, mut held) = (before, 0);
    for alert in raised.iter_mut().filter(|a| counts(a)) {
        if limit > 0 && count >= limit as usize {
            alert.held = true;
            held += 1;
        }
        count += 1;
    }
    held
}

/// What a digest says of the alerts that are held; `None` where none is.
pub fn summary(held: &[Alert]) -> Option<Flood> {
    let (from, to) = (held.iter().map(|a| a.raised).min()?, held.iter().map(|a| a.raised).max()?);
    let source = |a: &Alert| a.outlet.clone().unwrap_or_else(|| "source not given".to_owned());
    Some(Flood {
        alerts: held.iter().map(|a| a.id.clone()).collect(),
        from,
        to,
        by_source: tally(held.iter().map(source)),
        by_type: tally(held.iter().map(|a| a.label().to_owned())),
    })
}

fn tally(names: impl Iterator<Item = String>) -> Vec<(String, u32)> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut out: Vec<(String, u32)> = counts.into_iter().collect();
    out.sort_by_key(|(_, n)| Reverse(*n));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AlertKind, DevelopmentType};
    use crate::stages::digest::sample::Case;

    fn alerts(n: u32) -> Vec<Alert> {
        (0..n)
            .map(|n| {
                let event = Some(if n % 3 == 0 { DevelopmentType::Arrest } else { DevelopmentType::Charge });
                Case { n, event, tracked: &["ellery"], headline: "", detail: "", date: "", evidence: "[x]" }.alert()
            })
            .collect()
    }

    #[test]
    fn what_is_over_the_limit_is_held_and_nothing_else() {
        // (limit, raised before, raised, held)
        for (limit, before, raised, expected) in
            [(40, 0, 40, 0), (40, 0, 41, 1), (40, 39, 2, 1), (40, 100, 3, 3), (0, 1000, 5, 0), (1, 0, 2, 1)]
        {
            let mut alerts = alerts(raised);
            assert_eq!(hold(&mut alerts, before, limit), expected, "{limit} {before} {raised}");
            assert_eq!(alerts.iter().filter(|a| a.held).count(), expected);
            assert!(alerts.iter().rev().take(expected).all(|a| a.held), "the last ones");
        }
    }

    #[test]
    fn corrections_and_catch_up_are_let_through() {
        let mut alerts = alerts(3);
        alerts[0].catch_up = true;
        alerts[1].content = AlertKind::Correction { changes: Vec::new() };
        assert_eq!(hold(&mut alerts, 50, 40), 1);
        assert!(!alerts[0].held && !alerts[1].held && alerts[2].held);
    }

    #[test]
    fn the_summary_counts_sources_and_types() {
        assert_eq!(summary(&[]), None);
        let mut held = alerts(7);
        held[0].outlet = Some("Aldmoor Star".into());
        held[1].outlet = None;
        let flood = summary(&held).unwrap();
        assert_eq!(flood.alerts.len(), 7);
        let by = |list: &[(String, u32)]| list.iter().map(|(n, c)| format!("{n} {c}")).collect::<Vec<_>>().join(", ");
        assert_eq!(by(&flood.by_source), "Larchester Echo 5, Aldmoor Star 1, source not given 1");
        assert_eq!(by(&flood.by_type), "Charge 4, Arrest 3");
    }
}
