//! A calendar date as precise as a text makes it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// `2022`, `2022-02` or `2022-02-10`: never more precise than the words were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PartialDate {
    /// A year.
    Year(i16),
    /// A month of a year.
    Month(i16, i8),
    /// A day.
    Day(Date),
}

/// The text is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD` of a date that exists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the form YYYY, YYYY-MM or YYYY-MM-DD: {0:?}")]
pub struct PartialDateError(String);

impl PartialDate {
    /// The earliest day it may mean.
    pub fn first_day(self) -> Date {
        match self {
            Self::Year(y) => Date::new(y, 1, 1).unwrap_or(Date::MIN),
            Self::Month(y, m) => Date::new(y, m, 1).unwrap_or(Date::MIN),
            Self::Day(d) => d,
        }
    }

    /// The latest day it may mean.
    pub fn last_day(self) -> Date {
        match self {
            Self::Year(y) => Date::new(y, 12, 31).unwrap_or(Date::MAX),
            Self::Month(y, m) => Date::new(y, m, 1).map_or(Date::MAX, Date::last_of_month),
            Self::Day(d) => d,
        }
    }

    /// Whether both may mean the same day.
    pub fn compatible(self, other: Self) -> bool {
        self.first_day() <= other.last_day() && other.first_day() <= self.last_day()
    }

    /// Days between the nearest days of the two; 0 where they may be the same.
    pub fn days_apart(self, other: Self) -> i32 {
        let gap = |a: Date, b: Date| a.until(b).map_or(i32::MAX, |s| s.get_days());
        gap(self.last_day(), other.first_day()).max(gap(other.last_day(), self.first_day())).max(0)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(y) => write!(f, "{y:04}"),
            Self::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            Self::Day(d) => write!(f, "{d}"),
        }
    }
}

impl FromStr for PartialDate {
    type Err = PartialDateError;
    fn from_str(text: &str) -> Result<Self, PartialDateError> {
        let error = || PartialDateError(text.to_owned());
        let mut parts = text.split('-');
        let year: i16 = parts.next().filter(|y| y.len() == 4).and_then(|y| y.parse().ok()).ok_or_else(error)?;
        let mut two = || parts.next().map(|p| p.parse::<i8>().ok().filter(|_| p.len() == 2).ok_or_else(error));
        match (two().transpose()?, two().transpose()?) {
            (None, _) => Ok(Self::Year(year)),
            (Some(m), None) => Date::new(year, m, 1).map(|_| Self::Month(year, m)).map_err(|_| error()),
            (Some(m), Some(d)) => Date::new(year, m, d).map(Self::Day).map_err(|_| error()),
        }
    }
}

impl TryFrom<String> for PartialDate {
    type Error = PartialDateError;
    fn try_from(text: String) -> Result<Self, PartialDateError> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> String {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_round_trip_and_bad_ones_are_refused() {
        for text in ["2022", "2022-02", "2022-02-10"] {
            assert_eq!(text.parse::<PartialDate>().map(|d| d.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "22", "2022-13", "2022-02-30", "2022-2", "10 May"] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn distance_counts_between_the_nearest_days() {
        let apart = |a: &str, b: &str| a.parse::<PartialDate>().unwrap().days_apart(b.parse().unwrap());
        for (a, b, days) in [
            ("2022", "2022-05-01", 0),
            ("2022-02", "2022-03-01", 1),
            ("2022-03-01", "2022-02", 1),
            ("2022-02-10", "2022-02-13", 3),
        ] {
            assert_eq!(apart(a, b), days, "{a} {b}");
        }
    }
}
