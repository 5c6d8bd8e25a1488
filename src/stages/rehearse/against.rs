//! What a replay would have told against what was told, and the mails that either makes.

use super::{Replayed, Would};
use crate::domain::{Alert, AlertKind, DigestSchedule, DigestTimes, Watchlist};
use crate::stages::alerting::flood;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// An alert that would be told otherwise than it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Otherwise {
    /// As it would be.
    pub would: Would,
    /// As it was.
    pub was: Alert,
    /// What differs, for people.
    pub what: Vec<String>,
}

/// A replay against what was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Told in both, and the same.
    pub same: usize,
    /// Would be told, and was not.
    pub new: Vec<Would>,
    /// Was told, and would not be.
    pub gone: Vec<Alert>,
    /// Told in both, of other names or as another type.
    pub otherwise: Vec<Otherwise>,
}

/// What `replayed` would have told from `from` on against what `was` told. Corrections and silent edits rest on looks at pages
/// that are not replayed: they are left out.
pub fn compare(replayed: &Replayed, was: &[Alert], watchlist: &Watchlist, from: Timestamp) -> Comparison {
    let mut open: Vec<&Alert> = was.iter().filter(|a| !a.is_correction()).collect();
    let mut pairs: Vec<(&Would, Option<&Alert>)> = replayed.alerts.iter().map(|w| (w, None)).collect();
    // The surest first: an article that tells the development under the same name, then the same sentence.
    let same_event = |w: &Would, a: &Alert| {
        w.alert.id == a.id
            || replayed.same_copies(a, &w.alert.id)
            || w.alert.type_name() == a.type_name() && w.told_in.contains(&a.article)
    };
    let same_words = |w: &Would, a: &Alert| {
        let of_development = |alert: &Alert| matches!(alert.content, AlertKind::Development { .. });
        of_development(&w.alert)
            && of_development(a)
            && w.told_in.contains(&a.article)
            && w.alert.evidence.text == a.evidence.text
    };
    for fits in [&same_event as &dyn Fn(&Would, &Alert) -> bool, &same_words] {
        for (would, met) in pairs.iter_mut().filter(|(_, met)| met.is_none()) {
            *met = open.iter().position(|a| fits(would, a)).map(|place| open.remove(place));
        }
    }
    let mut out = Comparison::default();
    for (would, was) in pairs {
        let counts = would.alert.raised >= from || was.is_some_and(|a| a.raised >= from);
        match was.filter(|_| counts) {
            Some(was) => match difference(&would.alert, was, watchlist) {
                what if what.is_empty() => out.same += 1,
                what => out.otherwise.push(Otherwise { would: would.clone(), was: was.clone(), what }),
            },
            None if counts => out.new.push(would.clone()),
            None => {}
        }
    }
    out.gone = open.into_iter().filter(|a| a.raised >= from).cloned().collect();
    out
}

fn difference(would: &Alert, was: &Alert, watchlist: &Watchlist) -> Vec<String> {
    let mut out = Vec::new();
    if would.type_name() != was.type_name() {
        out.push(format!("as {}, was {}", would.label(), was.label()));
    }
    let ids =
        |alert: &Alert| alert.tracked.iter().map(|id| watchlist.current_id(id).to_owned()).collect::<BTreeSet<_>>();
    if ids(would) != ids(was) {
        let names = |alert: &Alert| alert.tracked_names.join(", ");
        out.push(format!("of {}, was of {}", names(would), names(was)));
    }
    if would.level != was.level {
        out.push(format!("{:?}, was {:?}", would.level, was.level).to_lowercase());
    }
    out
}

/// A mail: when it is due, and how many alerts it tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// When.
    pub at: Timestamp,
    /// How many.
    pub alerts: usize,
}

/// The mails that `alerts` make under `schedule`, in order of time: one for each hour at which something waits, one for what
/// first polls brought on one day (UTC). Where digests are immediate, alerts of one minute are one mail.
pub fn mails<'a>(alerts: impl Iterator<Item = &'a Alert>, schedule: &DigestSchedule) -> Vec<Mail> {
    let mut out: BTreeMap<(Timestamp, bool), usize> = BTreeMap::new();
    for alert in alerts {
        let utc = TimeZone::UTC.to_datetime(alert.raised);
        let minute = || Timestamp::from_second(alert.raised.as_second() / 60 * 60).unwrap_or(alert.raised);
        let at = if alert.catch_up {
            TimeZone::UTC.to_timestamp(utc.date().at(0, 0, 0, 0)).unwrap_or(alert.raised)
        } else if schedule.times == DigestTimes::Immediate {
            minute()
        } else {
            schedule.next_after(alert.raised).unwrap_or(alert.raised)
        };
        *out.entry((at, alert.catch_up)).or_default() += 1;
    }
    out.into_iter().map(|((at, _), alerts)| Mail { at, alerts }).collect()
}

/// How many of `alerts`, which are in the order raised, the flood breaker would hold back at `limit` an hour; 0 for no limit.
pub fn held<'a>(alerts: impl Iterator<Item = &'a Alert>, limit: u32) -> usize {
    let times: Vec<Timestamp> = alerts.filter(|a| flood::counts(a)).map(|a| a.raised).collect();
    let over = |(n, at): (usize, &Timestamp)| {
        let since = at.saturating_sub(flood::WINDOW).unwrap_or(Timestamp::MIN);
        let before = times.get(..n).map_or(0, |t| n - t.partition_point(|t| *t <= since));
        limit > 0 && before >= limit as usize
    };
    times.iter().enumerate().filter(|at| over(*at)).count()
}
