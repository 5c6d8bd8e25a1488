//! The date that an expression means, counted from the day of publication.

use super::When;
use crate::domain::PartialDate;
use jiff::{ToSpan, civil::Date, civil::Weekday};

/// Easter Sunday of `year`, by the anonymous Gregorian computus (Meeus, *Astronomical Algorithms*, chapter 8).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

/// The year in which a day that is `this` in the year of `day` was last, or will be next.
fn nearest(day: Date, future: bool, this: Date) -> Option<i16> {
    match future {
        true if this < day => day.year().checked_add(1),
        false if this > day => day.year().checked_sub(1),
        _ => Some(day.year()),
    }
}

impl When {
    /// The date, counted from `day`. `future` is whether the verb is; `before` is the date of the event told before.
    pub(in super::super) fn resolve(self, day: Date, future: bool, before: Option<PartialDate>) -> Option<PartialDate> {
        let (this_year, this_month) = (day.year(), day.month());
        let date = |y: i16, m: i8, d: i8| Date::new(y, m, d).ok().map(PartialDate::Day);
        let near = |m: i8, d: Option<i8>| -> i16 {
            let at = (m, d.unwrap_or(1));
            let now = (this_month, if d.is_some() { day.day() } else { 1 });
            if future {
                if at < now { this_year.saturating_add(1) } else { this_year }
            } else if at > now {
                this_year.saturating_sub(1)
            } else {
                this_year
            }
        };
        let shift = |days: i32| day.checked_add(i64::from(days).days()).ok();
        let months = |from: Date, n: i32| from.checked_add(i64::from(n).months()).ok();
        match self {
            Self::Offset(n) => shift(n).map(PartialDate::Day),
            Self::DayMonth(d, m, Some(y)) => date(y, m, d),
            // "was held on 13 August 2023 … He died on 16 August": in the year that was told, where it follows closely.
            Self::DayMonth(d, m, None) => {
                let told = match before {
                    Some(PartialDate::Day(b)) if !future && b.year() > 1900 => date(b.year(), m, d).filter(|c| {
                        let after = c.first_day().since(b).map_or(-1, |s| s.get_days());
                        let long_ago = day.since(b).map_or(0, |s| s.get_days()) > 200;
                        (0..=21).contains(&after) && long_ago
                    }),
                    _ => None,
                };
                told.or_else(|| date(near(m, Some(d)), m, d))
            }
            Self::Month(m, Some(y)) => Some(PartialDate::Month(y, m)),
            Self::Month(m, None) => Some(PartialDate::Month(near(m, None), m)),
            Self::LastNamed(m) => {
                let y = if this_month - m >= 6 { this_year } else { this_year.saturating_sub(1) };
                Some(PartialDate::Month(y, m))
            }
            Self::LastSeason(m) => {
                let y = if this_month > m.saturating_add(2) { this_year } else { this_year.saturating_sub(1) };
                Some(PartialDate::Year(y))
            }
            Self::Season(m) => Some(PartialDate::Year(near(m, None))),
            Self::LastYearMonth(m, Some(d)) => date(this_year.saturating_sub(1), m, d),
            Self::LastYearMonth(m, None) => Some(PartialDate::Month(this_year.saturating_sub(1), m)),
            Self::Year(y) => Some(PartialDate::Year(y)),
            Self::YearOffset(n) => Some(PartialDate::Year(this_year.saturating_add(n))),
            Self::MonthOffset(n) => months(day, n).map(|d| PartialDate::Month(d.year(), d.month())),
            Self::WeekOffset(n) => shift(n.saturating_mul(7)).map(|d| PartialDate::Month(d.year(), d.month())),
            Self::Weekday(w) => {
                let back = day.weekday().since(w);
                let ahead = w.since(day.weekday());
                let n = if future { if ahead == 0 { 7 } else { i32::from(ahead) } } else { -i32::from(back) };
                shift(n).map(PartialDate::Day)
            }
            Self::LastWeekday(w) => {
                let back = i32::from(day.weekday().since(w));
                shift(-(if back == 0 { 7 } else { back })).map(PartialDate::Day)
            }
            Self::WeekdayOf(w, weeks) => {
                let monday = i32::from(day.weekday().to_monday_zero_offset());
                shift(weeks.saturating_mul(7) - monday + i32::from(w.to_monday_zero_offset())).map(PartialDate::Day)
            }
            Self::Same => before.filter(|d| !matches!(d, PartialDate::Year(_))),
            Self::SameMonth => before
                .map(|d| PartialDate::Month(d.first_day().year(), d.first_day().month()))
                .filter(|_| !matches!(before, Some(PartialDate::Year(_)))),
            Self::NextDay => match before? {
                PartialDate::Day(d) => d.tomorrow().ok().map(PartialDate::Day),
                other => Some(other),
            },
            Self::ThatMonth(m) => {
                let d = before?.last_day();
                // "arrested in October 2022 and charged that March" cannot be: the month comes round after it.
                let y = if m < before?.first_day().month() && !matches!(before, Some(PartialDate::Year(_))) {
                    d.year().saturating_add(1)
                } else {
                    d.year()
                };
                Some(PartialDate::Month(y, m))
            }
            Self::DaysFrom(n) => match before? {
                PartialDate::Day(d) => d.checked_add(i64::from(n).days()).ok().map(PartialDate::Day),
                // A day counted from a year has none.
                PartialDate::Year(_) => None,
                other => Some(other),
            },
            Self::WeeksFrom(n) => match before? {
                PartialDate::Day(d) => d
                    .checked_add(i64::from(n).saturating_mul(7).days())
                    .ok()
                    .map(|d| PartialDate::Month(d.year(), d.month())),
                other => Some(other),
            },
            Self::MonthsFrom(n) => match before? {
                PartialDate::Year(_) => None,
                other => months(other.first_day(), n).map(|d| PartialDate::Month(d.year(), d.month())),
            },
            Self::YearsFrom(n) => Some(PartialDate::Year(before?.first_day().year().saturating_add(n))),
            Self::Easter(n, year) => {
                let of = |year: i16| easter(year)?.checked_add(i64::from(n).days()).ok();
                let year = year.or_else(|| nearest(day, future, of(this_year)?));
                of(year?).map(PartialDate::Day)
            }
            Self::AugustHoliday(year) => {
                let of = |year: i16| {
                    let last = Date::new(year, 8, 31).ok()?;
                    last.checked_sub(i64::from(last.weekday().since(Weekday::Monday)).days()).ok()
                };
                let year = year.or_else(|| nearest(day, future, of(this_year)?));
                of(year?).map(PartialDate::Day)
            }
            Self::Anniversary(years, days) => {
                shift(days).and_then(|d| d.checked_add(i64::from(years).years()).ok()).map(PartialDate::Day)
            }
            Self::DayOf(d) => {
                let late = !future && d > day.day();
                let from = if late { months(day, -1)? } else { day };
                let from = if future && d < day.day() { months(day, 1)? } else { from };
                date(from.year(), from.month(), d)
            }
            Self::NextWeekday(w) => match before? {
                PartialDate::Day(d) => {
                    let ahead = i64::from(w.since(d.weekday()));
                    d.checked_add((if ahead == 0 { 7 } else { ahead }).days()).ok().map(PartialDate::Day)
                }
                other => Some(other),
            },
            Self::Weekend => {
                let back = i32::from(day.weekday().since(Weekday::Saturday));
                shift(-back).map(|d| PartialDate::Month(d.year(), d.month()))
            }
            Self::NextMonth => match before? {
                PartialDate::Year(_) => None,
                other => months(other.first_day(), 1).map(|d| PartialDate::Month(d.year(), d.month())),
            },
        }
    }
}
