//! When a digest is due, and what time it covers.

use crate::domain::{DigestSchedule, DigestTimes};
use jiff::{SignedDuration, Timestamp};

/// How late a digest may be made before it counts as missed: a busy minute is nothing to tell the reader of.
pub const GRACE: SignedDuration = SignedDuration::from_mins(15);

/// One digest that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// When it was due.
    pub at: Timestamp,
    /// Start of the time it covers: the end of the one before.
    pub from: Timestamp,
    /// End of the time it covers, and the start of the next one's. `at`, or the time now where `at` was missed.
    pub to: Timestamp,
    /// Whether the service was down when it was due, so that it goes out late, once, and says so.
    pub missed: bool,
}

/// The digest that is due at `now`, if any, where digests were made until `covered_until`.
///
/// - Local times: the last due time at or before `now` counts, unless it is covered; of several that were missed only the
///   last does, and its digest covers them all.
/// - Immediate: one is due at any time after `covered_until`; whether there is something to say is for
///   [`compose`](super::compose) to tell.
/// - A `covered_until` that lies ahead of `now` by more than an hour was written under a clock that was ahead and has been put
///   right: one is due at once, of what waits and of no time, so that digests go on from here. Alerts that were told do not wait.
/// - Before the first digest (`covered_until` is `None`) one is due at once, so that what the first polls found need not
///   wait for the hour; it covers one whole period and is never called missed.
pub fn due(schedule: &DigestSchedule, covered_until: Option<Timestamp>, now: Timestamp) -> Option<Slot> {
    let at_once = |from| Slot { at: now, from, to: now, missed: false };
    if covered_until.is_some_and(|covered| is_ahead(covered, now)) {
        return Some(at_once(now));
    }
    if schedule.times == DigestTimes::Immediate {
        let from = covered_until.unwrap_or_else(|| before(now, DAY));
        return (from < now).then(|| at_once(from));
    }
    let at = schedule.last_until(now)?;
    let Some(covered) = covered_until else {
        let a_moment = SignedDuration::from_nanos(1);
        return Some(at_once(schedule.last_until(before(now, a_moment)).unwrap_or(at)));
    };
    if covered >= at {
        return None;
    }
    let missed = now.duration_since(at) > GRACE;
    Some(Slot { at, from: covered, to: if missed { now } else { at }, missed })
}

/// Whether `at`, a time of something that was done, lies so far ahead of `now` that the clock must have been put back since.
pub fn is_ahead(at: Timestamp, now: Timestamp) -> bool {
    at.duration_since(now) > PUT_BACK
}

/// A clock that is put back by less is kept right by its machine, and waited for.
const PUT_BACK: SignedDuration = SignedDuration::from_hours(1);

/// The first due time after `now`; `None` for immediate digests.
pub fn next_slot(schedule: &DigestSchedule, now: Timestamp) -> Option<Timestamp> {
    schedule.next_after(now)
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn before(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.saturating_sub(span).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(times: &[&str]) -> DigestSchedule {
        DigestSchedule {
            times: DigestTimes::At(times.iter().map(|t| t.parse().unwrap()).collect()),
            days: DigestSchedule::ALL_DAYS.to_vec(),
            zone: "Europe/London".to_owned(),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_that_was_put_back_makes_one_due_at_once_and_then_goes_on() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-03-09T09:00:00Z");
        for s in
            [schedule(&["07:30", "17:00"]), DigestSchedule { times: DigestTimes::Immediate, ..schedule(&["07:30"]) }]
        {
            let slot = due(&s, Some(at("2026-03-14T07:30:00Z")), now).unwrap();
            assert_eq!((slot.at, slot.to, slot.missed), (now, now, false));
            // A step of minutes is the machine keeping its clock right: nothing is told out of turn.
            assert_eq!(due(&s, Some(at("2026-03-09T09:30:00Z")), now), None);
        }
        assert_eq!(due(&schedule(&["07:30", "17:00"]), Some(now), now), None);
    }

    #[test]
    fn a_digest_is_due_once_for_each_slot_and_a_missed_one_says_so() {
        // (times, covered until, now) -> (at, from, to, missed)
        type Expected<'a> = Option<(&'a str, &'a str, &'a str, bool)>;
        let check = |times: &[&str], covered: Option<&str>, now: &str, expected: Expected| {
            let slot = due(&schedule(times), covered.map(at), at(now));
            let expected = expected.map(|(a, f, t, missed)| Slot { at: at(a), from: at(f), to: at(t), missed });
            assert_eq!(slot, expected, "{times:?} {covered:?} {now}");
        };
        let day = &["07:30"][..];
        let d3 = "2026-01-03T07:30Z";
        let d4 = "2026-01-04T07:30Z";
        check(day, Some(d3), "2026-01-04T07:29:59Z", None);
        check(day, Some(d3), d4, Some((d4, d3, d4, false)));
        check(day, Some(d3), "2026-01-04T07:30:20Z", Some((d4, d3, d4, false)));
        check(day, Some(d4), "2026-01-04T07:30:20Z", None);
        let late = "2026-01-04T09:12Z";
        check(day, Some(d3), late, Some((d4, d3, late, true)));
        check(day, Some(late), "2026-01-04T09:13Z", None);
        check(day, Some(late), "2026-01-05T07:30Z", Some(("2026-01-05T07:30Z", late, "2026-01-05T07:30Z", false)));
        // Down for a month: one digest, for all of it.
        check(day, Some("2025-12-01T07:30Z"), late, Some((d4, "2025-12-01T07:30Z", late, true)));
        // Twice a day, down over both: the last counts.
        let twice = &["17:00", "07:30"][..];
        let evening = "2026-01-04T20:00Z";
        check(twice, Some(d3), evening, Some(("2026-01-04T17:00Z", d3, evening, true)));
        // The clock was set back: what waits is told, and no time is covered again.
        check(day, Some("2026-02-01T07:30Z"), late, Some((late, late, late, false)));
        // Before the first digest.
        check(day, None, late, Some((late, d4, late, false)));
        check(day, None, d4, Some((d4, d3, d4, false)));
        check(&[], None, late, None);
    }

    #[test]
    fn immediate_digests_are_due_whenever_time_has_passed() {
        let immediate = DigestSchedule { times: DigestTimes::Immediate, ..schedule(&[]) };
        let now = at("2026-01-04T09:12Z");
        let from = at("2026-01-04T09:00Z");
        assert_eq!(due(&immediate, Some(from), now), Some(Slot { at: now, from, to: now, missed: false }));
        assert_eq!(due(&immediate, Some(now), now), None);
        assert_eq!(due(&immediate, None, now).map(|s| s.from), Some(at("2026-01-03T09:12Z")));
        assert_eq!(next_slot(&immediate, now), None);
    }
}
