//! When digests are due.

use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan as _};

/// At which times of the day digests are due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DigestTimes {
    /// As soon as there is something to say.
    Immediate,
    /// At these local times, the earliest first; never empty.
    At(Vec<Time>),
}

/// When digests are due, in local time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestSchedule {
    /// The times of the day.
    pub times: DigestTimes,
    /// The days on which they count, Monday first; never empty. Without meaning for [`DigestTimes::Immediate`].
    pub days: Vec<Weekday>,
    /// IANA name of the zone in which times and days are meant; also the zone in which digests show times.
    pub zone: String,
}

impl DigestSchedule {
    /// Every day of the week, Monday first.
    pub const ALL_DAYS: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// The first due time after `after`; `None` for immediate digests, for a zone that is not known, or beyond the calendar.
    ///
    /// A local time that the clocks skip in spring is due at the moment of the skip; one that they repeat in autumn is due
    /// once, the first time round.
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        self.around(after).into_iter().find(|due| *due > after)
    }

    /// The last due time at or before `now`; `None` as for [`DigestSchedule::next_after`].
    pub fn last_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.around(now).into_iter().rfind(|due| *due <= now)
    }

    /// All due times from nine days before `at` to nine days after, in order: every weekday is among them on both sides.
    fn around(&self, at: Timestamp) -> Vec<Timestamp> {
        let (DigestTimes::At(times), Ok(zone)) = (&self.times, TimeZone::get(&self.zone)) else {
            return Vec::new();
        };
        let today = zone.to_datetime(at).date();
        let mut due: Vec<Timestamp> = (-9..=9)
            .filter_map(|n: i64| today.checked_add(n.days()).ok())
            .filter(|day| self.days.contains(&day.weekday()))
            .flat_map(|day| times.iter().map(move |time| day.to_datetime(*time)))
            .filter_map(|local| instant(&zone, local))
            .collect();
        due.sort_unstable();
        due.dedup();
        due
    }
}

/// The moment of a local time; `None` beyond the calendar.
fn instant(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let is_skipped = matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. });
    let at = ambiguous.compatible().ok()?;
    if !is_skipped {
        return Some(at);
    }
    // Of a time that is skipped `at` is as far behind the skip as `local` is behind its start.
    let skip = zone.preceding(at.checked_add(1.nanosecond()).ok()?).next();
    Some(skip.map_or(at, |skip| skip.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(times: &[&str], days: &[Weekday]) -> DigestSchedule {
        DigestSchedule {
            times: DigestTimes::At(times.iter().map(|t| t.parse().unwrap()).collect()),
            days: days.to_vec(),
            zone: "Europe/London".to_owned(),
        }
    }

    #[test]
    fn due_times_follow_local_time() {
        let all = DigestSchedule::ALL_DAYS;
        let weekdays = &all[..5];
        // (times, days, asked at, last due, next due); 29 March and 25 October 2026 are the changes of the clocks.
        for (times, days, at, last, next) in [
            (&["07:30", "17:00"][..], &all[..], "2026-01-05T12:00Z", "2026-01-05T07:30Z", "2026-01-05T17:00Z"),
            (&["07:30", "17:00"], &all, "2026-07-05T18:00Z", "2026-07-05T16:00Z", "2026-07-06T06:30Z"),
            (&["07:30"], &all, "2026-03-28T08:00Z", "2026-03-28T07:30Z", "2026-03-29T06:30Z"),
            (&["01:30"], &all, "2026-03-28T12:00Z", "2026-03-28T01:30Z", "2026-03-29T01:00Z"),
            (&["01:15", "01:45"], &all, "2026-03-29T01:00Z", "2026-03-29T01:00Z", "2026-03-30T00:15Z"),
            (&["02:00"], &all, "2026-03-28T12:00Z", "2026-03-28T02:00Z", "2026-03-29T01:00Z"),
            (&["01:30"], &all, "2026-10-25T00:30Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z"),
            (&["07:30"], weekdays, "2026-01-02T07:30Z", "2026-01-02T07:30Z", "2026-01-05T07:30Z"),
            (&["07:30"], &all[6..], "2026-01-04T07:29:59Z", "2025-12-28T07:30Z", "2026-01-04T07:30Z"),
        ] {
            let (s, at): (_, Timestamp) = (schedule(times, days), at.parse().unwrap());
            assert_eq!(s.last_until(at), Some(last.parse().unwrap()), "last of {times:?} at {at}");
            assert_eq!(s.next_after(at), Some(next.parse().unwrap()), "next of {times:?} at {at}");
        }
    }

    #[test]
    fn immediate_digests_have_no_due_time() {
        let s = DigestSchedule { times: DigestTimes::Immediate, ..schedule(&[], &DigestSchedule::ALL_DAYS) };
        assert_eq!(s.next_after("2026-01-05T12:00Z".parse().unwrap()), None);
    }
}
