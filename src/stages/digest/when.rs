//! Times and dates as a reader of digests sees them.

use crate::domain::PartialDate;
use jiff::{Timestamp, ZonedDateTime, civil::Date, tz::TimeZone};

/// The zone of that IANA name. Configuration refuses names that are not known; should one get here all the same, times
/// are shown in UTC and say so.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn local(at: Timestamp, name: &str) -> ZonedDateTime {
    at.to_zoned_datetime(zone(name))
}

/// `Tuesday 14 May 2024, 07:30`; with ` UTC` behind it where `zone` is not known.
pub fn moment(at: Timestamp, zone: &str) -> String {
    let unknown = TimeZone::get(zone).is_err();
    format!("{}{}", local(at, zone).strftime("%A %-d %B %Y, %H:%M"), if unknown { " UTC" } else { "" })
}

/// `14 May 18:02`, as said at `said`; with the year where that is another.
pub fn short_moment(at: Timestamp, said: Timestamp, zone: &str) -> String {
    let (at, said) = (local(at, zone), local(said, zone));
    at.strftime(if at.year() == said.year() { "%-d %b %H:%M" } else { "%-d %b %Y %H:%M" }).to_string()
}

/// `07:30`.
pub fn clock(at: Timestamp, zone: &str) -> String {
    local(at, zone).strftime("%H:%M").to_string()
}

/// Whether both lie on one local day.
pub fn same_day(a: Timestamp, b: Timestamp, zone: &str) -> bool {
    local_day(a, zone) == local_day(b, zone)
}

/// The day of `at` in `zone`.
pub fn local_day(at: Timestamp, zone: &str) -> Date {
    local(at, zone).date()
}

/// The time a digest covers: the date stands once where both ends lie on one day.
pub fn range(from: Timestamp, to: Timestamp, zone: &str) -> String {
    let end = if same_day(from, to, zone) { clock(to, zone) } else { moment(to, zone) };
    format!("{} to {end}", moment(from, zone))
}

/// `14 May 2024`, `May 2024` or `2024`.
pub fn date(date: PartialDate) -> String {
    match date {
        PartialDate::Year(year) => format!("{year:04}"),
        PartialDate::Month(..) => date.first_day().strftime("%B %Y").to_string(),
        PartialDate::Day(day) => day.strftime("%-d %B %Y").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local_and_dates_as_precise_as_they_are() {
        let at = "2026-07-01T23:30Z".parse().unwrap();
        assert_eq!(moment(at, "Europe/London"), "Thursday 2 July 2026, 00:30");
        assert_eq!(moment(at, "Mars/Olympus"), "Wednesday 1 July 2026, 23:30 UTC");
        let later = "2026-07-02T06:30Z".parse().unwrap();
        assert_eq!(short_moment(at, later, "Europe/London"), "2 Jul 00:30");
        let next_year = "2027-01-02T06:30Z".parse().unwrap();
        assert_eq!(short_moment(at, next_year, "Europe/London"), "2 Jul 2026 00:30");
        assert_eq!(range(at, later, "Europe/London"), "Thursday 2 July 2026, 00:30 to 07:30");
        for (text, expected) in [("2022", "2022"), ("2022-02", "February 2022"), ("2022-02-03", "3 February 2022")] {
            assert_eq!(date(text.parse().unwrap()), expected);
        }
    }
}
