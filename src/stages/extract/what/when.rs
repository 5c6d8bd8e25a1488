//! Time expressions: found in a sentence, resolved against the day of publication.
//!
//! A date is never made more precise than the words are. "On Wednesday" with a future verb is the next one, with a
//! past verb the last one.

use crate::domain::PartialDate;
use crate::stages::extract::doc::{Shape, Token};
use jiff::{ToSpan, civil::Date, civil::Weekday};

/// What a time expression says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Days from publication: yesterday is -1.
    Offset(i32),
    /// A day of a month, and a year if given.
    DayMonth(i8, i8, Option<i16>),
    /// A month, and a year if given.
    Month(i8, Option<i16>),
    /// "last June".
    LastNamed(i8),
    /// "last autumn": a season, which gives the year only.
    LastSeason(i8),
    /// "the autumn".
    Season(i8),
    /// A day or month of last year.
    LastYearMonth(i8, Option<i8>),
    /// A year.
    Year(i16),
    /// Years from publication.
    YearOffset(i16),
    /// Months from publication.
    MonthOffset(i32),
    /// Weeks from publication.
    WeekOffset(i32),
    /// A day of the week.
    Weekday(Weekday),
    /// "last Thursday": before publication, never the same day.
    LastWeekday(Weekday),
    /// A day of the week, weeks from publication's week.
    WeekdayOf(Weekday, i32),
    /// "at the same time", "the same day".
    Same,
    /// "that month": the month of the event before.
    SameMonth,
    /// "the next day": a day after the event before.
    NextDay,
    /// "the following month".
    NextMonth,
    /// "that June": in the year of the event before.
    ThatMonth(i8),
    /// Days from the event before: "a day later".
    DaysFrom(i32),
    /// Weeks from the event before, which give the month only.
    WeeksFrom(i32),
    /// Months from the event before.
    MonthsFrom(i32),
    /// Years from the event before: "two years earlier".
    YearsFrom(i16),
    /// "at the weekend": its month.
    Weekend,
}

/// A time expression in a sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeExpr {
    /// First token.
    pub(super) first: usize,
    /// One past the last token.
    pub(super) last: usize,
    /// What it says.
    pub(super) when: When,
    /// Whether it is a bound ("by Christmas", "until 9 December"), not the time of the event.
    pub(super) bound: bool,
    /// Whether it says that the article brings the event: today, this morning, yesterday.
    pub(super) fresh: bool,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn month(token: &Token) -> Option<i8> {
    if token.shape != Shape::Capitalised && token.shape != Shape::Capitals {
        return None;
    }
    let word = token.lower.as_str();
    let full = MONTHS.iter().position(|m| *m == word);
    let short = ["jan", "feb", "mar", "apr", "", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let at = full.or_else(|| short.iter().position(|m| *m == word)).or((word == "sept").then_some(8))?;
    i8::try_from(at + 1).ok()
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// The season, as the month in its middle.
fn season(word: &str) -> Option<i8> {
    Some(match word {
        "spring" => 4,
        "summer" => 7,
        "autumn" => 10,
        "winter" => 1,
        _ => return None,
    })
}

fn year(word: &str) -> Option<i16> {
    (word.len() == 4).then(|| word.parse::<i16>().ok()).flatten().filter(|y| (1900..2100).contains(y))
}

fn day_number(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if digits.len() != word.len() && !["st", "nd", "rd", "th"].iter().any(|s| word.ends_with(s)) {
        return None;
    }
    digits.parse::<i8>().ok().filter(|d| (1..=31).contains(d))
}

/// A number up to a hundred, in words or digits.
pub(super) fn small_number(word: &str) -> Option<i32> {
    const WORDS: [&str; 13] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS
        .iter()
        .position(|w| *w == word)
        .and_then(|n| i32::try_from(n).ok())
        .or(matches!(word, "a" | "an").then_some(1))
        .or_else(|| word.parse().ok().filter(|n| (1..100).contains(n)))
}

/// The time expressions among `tokens`, whose indices are counted from `base`.
pub(super) fn find(tokens: &[Token], base: usize, is_name: &dyn Fn(usize) -> bool) -> Vec<TimeExpr> {
    let mut out: Vec<TimeExpr> = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if is_name(base + i) {
            i += 1;
            continue;
        }
        if let Some((length, when, fresh)) = at(tokens, i) {
            let word = |back: usize| i.checked_sub(back).and_then(|k| tokens.get(k)).map_or("", |t| t.lower.as_str());
            let (before, earlier) = (word(1), word(2));
            let bound = matches!(before, "until" | "till" | "by" | "before" | "within" | "between" | "than" | "ahead")
                || (before == "of" && matches!(earlier, "end" | "middle" | "start" | "ahead") && word(3) != "at")
                || before == "the" && matches!(earlier, "until" | "by" | "before");
            out.push(TimeExpr { first: base + i, last: base + i + length, when, bound, fresh });
            i += length;
        } else {
            i += 1;
        }
    }
    // "between March and June", "from 2016 to 2018": spans of a practice, not the day of an event.
    for k in 1..out.len() {
        let gap = out[k].first.saturating_sub(out[k - 1].last);
        let joint = tokens.get(out[k].first.saturating_sub(base + 1)).map_or("", |t| t.lower.as_str());
        if out[k - 1].bound && gap == 1 && matches!(joint, "and" | "to") {
            out[k].bound = true;
        }
    }
    out
}

/// The expression that starts at `i`: its length in tokens, its meaning, and whether it says "just now".
fn at(tokens: &[Token], i: usize) -> Option<(usize, When, bool)> {
    let word = |k: usize| tokens.get(i + k).map_or("", |t| t.lower.as_str());
    let prev = |k: usize| i.checked_sub(k).and_then(|j| tokens.get(j)).map_or("", |t| t.lower.as_str());
    let token = tokens.get(i)?;
    // Days and months.
    if let (Some(day), Some(m)) = (day_number(word(0)), tokens.get(i + 1).and_then(month)) {
        return Some(with_year(tokens, i + 2, day, m, 2));
    }
    if let Some(day) = day_number(word(0))
        && matches!(word(1), "and" | "to" | "-" | "–")
        && day_number(word(2)).is_some()
        && let Some(m) = tokens.get(i + 3).and_then(month)
    {
        let _ = day;
        return Some(match year(word(4)) {
            Some(y) => (5, When::Month(m, Some(y)), false),
            None => (4, When::Month(m, None), false),
        });
    }
    if let Some(found) = from_before(tokens, i) {
        return Some(found);
    }
    // "last June", "last Thursday".
    if matches!(word(0), "last" | "next") {
        let last = word(0) == "last";
        if let Some(m) = tokens.get(i + 1).and_then(month) {
            return Some((2, if last { When::LastNamed(m) } else { When::Month(m, None) }, false));
        }
        if let Some(d) = weekday(word(1)) {
            let length = 2 + usize::from(matches!(word(2), "morning" | "evening" | "night" | "afternoon"));
            return Some((length, if last { When::LastWeekday(d) } else { When::Weekday(d) }, false));
        }
    }
    if let Some(m) = month(token) {
        let known = token.lower != "may" && token.lower != "march"
            || matches!(
                prev(1),
                "in" | "last"
                    | "of"
                    | "since"
                    | "by"
                    | "until"
                    | "early"
                    | "late"
                    | "from"
                    | "next"
                    | "this"
                    | "and"
                    | "between"
                    | "to"
            )
            || day_number(word(1)).is_some()
            || year(word(1)).is_some();
        if !known {
            return None;
        }
        if let Some(day) = day_number(word(1)).filter(|_| tokens.get(i + 1).is_some_and(|t| t.shape == Shape::Number)) {
            return Some(with_year(tokens, i + 2, day, m, 2));
        }
        if let Some(y) = year(word(1)) {
            return Some((2, When::Month(m, Some(y)), false));
        }
        if word(1) == "last" && word(2) == "year" {
            return Some((3, When::LastYearMonth(m, None), false));
        }
        if word(1) == "this" && word(2) == "year" {
            return Some((3, When::Month(m, None), false));
        }
        return Some((1, When::Month(m, None), false));
    }
    // Days of the week.
    if let Some(d) = weekday(word(0)) {
        let mut length = 1;
        if matches!(word(1), "morning" | "evening" | "night" | "afternoon" | "lunchtime") {
            length += 1;
        }
        if let (Some(day), Some(m)) = (day_number(word(length)), tokens.get(i + length + 1).and_then(month)) {
            let (n, when, fresh) = with_year(tokens, i + length + 2, day, m, 2);
            return Some((length + n, when, fresh));
        }
        let comma = usize::from(word(length) == ",");
        if let Some(m) = tokens.get(i + length + comma).and_then(month)
            && let Some(day) = day_number(word(length + comma + 1))
        {
            let (n, when, fresh) = with_year(tokens, i + length + comma + 2, day, m, 2);
            return Some((length + comma + n, when, fresh));
        }
        if word(length) == "last" && word(length + 1) == "week" {
            return Some((length + 2, When::WeekdayOf(d, -1), false));
        }
        if word(length) == "next" && word(length + 1) == "week" {
            return Some((length + 2, When::WeekdayOf(d, 1), false));
        }
        return Some((length, When::Weekday(d), false));
    }
    let two = (word(0), word(1));
    let when = match two {
        ("today" | "tonight", _) => (1, When::Offset(0), true),
        ("yesterday", "morning" | "afternoon" | "evening") => (2, When::Offset(-1), true),
        ("yesterday", _) | ("overnight", _) => (1, When::Offset(-1), true),
        ("tomorrow", _) => (1, When::Offset(1), true),
        ("this", "morning" | "afternoon" | "evening" | "lunchtime") => (2, When::Offset(0), true),
        ("last", "night") => (2, When::Offset(-1), true),
        ("this", "week") => (2, When::WeekOffset(0), false),
        ("last", "week") => (2, When::WeekOffset(-1), false),
        ("next", "week") => (2, When::WeekOffset(1), false),
        ("this", "month") => (2, When::MonthOffset(0), false),
        ("last", "month") => (2, When::MonthOffset(-1), false),
        ("next", "month") => (2, When::MonthOffset(1), false),
        ("this" | "the", "year") if two.0 == "this" || prev(1) == "in" && prev(2) == "earlier" => {
            (2, When::YearOffset(0), false)
        }
        ("last", "year") => (2, When::YearOffset(-1), false),
        ("next", "year") => (2, When::YearOffset(1), false),
        ("new", "year") if prev(1) == "the" => (2, When::YearOffset(1), false),
        ("last" | "next" | "this", s) if season(s).is_some() => {
            let s = season(s)?;
            (2, if two.0 == "last" { When::LastSeason(s) } else { When::Season(s) }, false)
        }
        ("the", s)
            if season(s).is_some() && matches!(prev(1), "in" | "during" | "by" | "until" | "before" | "over") =>
        {
            (2, When::Season(season(s)?), false)
        }
        ("the", "same") if matches!(word(2), "time" | "day" | "evening" | "night" | "morning") => {
            (3, When::Same, false)
        }
        ("that", "night" | "day" | "evening" | "morning" | "afternoon") => (2, When::Same, false),
        ("that", "month") => (2, When::SameMonth, false),
        ("the", "next" | "following") if matches!(word(2), "day" | "morning" | "night") => (3, When::NextDay, false),
        ("the", "next" | "following") if word(2) == "month" => (3, When::NextMonth, false),
        ("the", "last") if word(2) == "few" && matches!(word(3), "minutes" | "hours") => (4, When::Offset(0), true),
        _ => {
            let n = if matches!(word(0), "a" | "an") { Some(1) } else { small_number(word(0)) };
            if let Some(n) = n.filter(|_| word(2) == "ago") {
                let when = match word(1).trim_end_matches('s') {
                    "day" => When::Offset(-n),
                    "week" => When::WeekOffset(-n),
                    "fortnight" => When::WeekOffset(n.saturating_mul(-2)),
                    "month" => When::MonthOffset(-n),
                    "year" => When::YearOffset(i16::try_from(-n).ok()?),
                    _ => return None,
                };
                return Some((3, when, false));
            }
            let y = year(word(0)).filter(|_| token.shape == Shape::Number)?;
            let leads = matches!(
                prev(1),
                "in" | "since"
                    | "during"
                    | "of"
                    | "late"
                    | "early"
                    | "mid"
                    | "until"
                    | "by"
                    | "from"
                    | "between"
                    | "and"
                    | "to"
                    | "before"
                    | "after"
                    | "("
            );
            return leads.then_some((1, When::Year(y), false));
        }
    };
    Some(when)
}

/// What counts from the event before: "two years earlier", "a day later", "that June", "the previous month".
fn from_before(tokens: &[Token], i: usize) -> Option<(usize, When, bool)> {
    let word = |k: usize| tokens.get(i + k).map_or("", |t| t.lower.as_str());
    let unit = |word: &str, n: i32| -> Option<When> {
        Some(match word.trim_end_matches('s') {
            "day" | "night" | "evening" | "afternoon" => When::DaysFrom(n),
            "week" | "weekend" => When::WeeksFrom(n),
            "fortnight" => When::WeeksFrom(n.saturating_mul(2)),
            "month" => When::MonthsFrom(n),
            "year" => When::YearsFrom(i16::try_from(n).ok()?),
            _ => return None,
        })
    };
    if word(0) == "that"
        && let Some(m) = tokens.get(i + 1).and_then(month)
    {
        return Some((2, When::ThatMonth(m), false));
    }
    // "within an hour", "hours later", "earlier in the day": on the day of the event before.
    let hours = |k: usize| matches!(word(k), "hour" | "hours" | "minutes" | "moments");
    let after = |k: usize| matches!(word(k), "later" | "afterwards" | "earlier");
    if word(0) == "within" && (hours(1) || hours(2)) {
        let length = if hours(1) { 2 } else { 3 };
        // "within hours of the death" counts from the death, whenever that was.
        let of_news = matches!(word(length + 2), "verdict" | "verdicts" | "sentence" | "announcement" | "hearing");
        return (word(length) != "of" || of_news).then_some((length, When::Same, false));
    }
    if hours(0) && after(1) || hours(1) && after(2) && small_number(word(0)).is_some() {
        return Some((if after(1) { 2 } else { 3 }, When::Same, false));
    }
    if matches!(word(0), "earlier" | "later") {
        let length = match (word(1), word(2)) {
            ("in", "the") => 3,
            ("that" | "the", _) => 2,
            _ => 0,
        };
        if length > 0 && word(length) == "day" || word(1) == "the" && word(2) == "same" && word(3) == "day" {
            return Some((if word(2) == "same" { 4 } else { length + 1 }, When::Same, false));
        }
    }
    let same = usize::from(word(0) == "that" && word(1) == "same");
    if same == 1 && matches!(word(2), "day" | "night" | "evening" | "morning" | "afternoon") {
        return Some((3, When::Same, false));
    }
    if same == 1
        && let Some(when) = unit(word(2), 0)
    {
        return Some((3, when, false));
    }
    // "this July"
    if word(0) == "this"
        && let Some(m) = tokens.get(i + 1).and_then(month)
    {
        return Some((2, When::Month(m, None), false));
    }
    let number = match word(0) {
        "a" | "an" => Some(1),
        w => small_number(w),
    };
    if let Some(n) = number
        && matches!(word(2), "earlier" | "later" | "before" | "on")
        && (word(2) != "on" || matches!(word(3), "," | ".") || word(0) == "a")
        && (word(2) != "before" || matches!(word(3), "," | "." | ";" | "and" | "after" | "for"))
        && let Some(when) = unit(word(1), if matches!(word(2), "earlier" | "before") { -n } else { n })
    {
        return Some((3, when, false));
    }
    match (word(0), word(1), word(2)) {
        ("the", "previous", u) => unit(u, -1).map(|w| (3, w, false)),
        ("the", u @ ("day" | "night" | "week" | "month" | "year"), "before" | "after")
            if matches!(word(3), "," | "." | ";" | "and" | "") && word(2) == "before"
                || matches!(word(3), "," | "." | "") =>
        {
            unit(u, if word(2) == "before" { -1 } else { 1 }).map(|w| (3, w, false))
        }
        ("the", "following" | "next", u @ ("week" | "year")) => unit(u, 1).map(|w| (3, w, false)),
        ("the", "following" | "next", u)
            if tokens.get(i + 2).and_then(month).is_some()
                || matches!(u, "spring" | "summer" | "autumn" | "winter") =>
        {
            tokens.get(i + 2).and_then(month).map(|m| (3, When::ThatMonth(m), false))
        }
        ("that", "year" | "summer" | "autumn" | "spring" | "winter", _) => Some((2, When::YearsFrom(0), false)),
        ("that", "week", _) => Some((2, When::WeeksFrom(0), false)),
        ("the", "same", "month") => Some((3, When::MonthsFrom(0), false)),
        ("the", "same", "year") => Some((3, When::YearsFrom(0), false)),
        ("the", "same", "week" | "weekend") => Some((3, When::WeeksFrom(0), false)),
        ("the", "weekend", _) | ("last", "weekend", _) => Some((2, When::Weekend, false)),
        _ => None,
    }
}

fn with_year(tokens: &[Token], next: usize, day: i8, m: i8, length: usize) -> (usize, When, bool) {
    let word = |k: usize| tokens.get(next + k).map_or("", |t| t.lower.as_str());
    if let Some(y) = year(word(0)) {
        return (length + 1, When::DayMonth(day, m, Some(y)), false);
    }
    if word(0) == "," && year(word(1)).is_some() {
        return (length + 2, When::DayMonth(day, m, year(word(1))), false);
    }
    if word(0) == "last" && word(1) == "year" {
        return (length + 2, When::LastYearMonth(m, Some(day)), false);
    }
    (length, When::DayMonth(day, m, None), false)
}

impl When {
    /// The date, counted from `day`. `future` is whether the verb is; `before` is the date of the event told before.
    pub(super) fn resolve(self, day: Date, future: bool, before: Option<PartialDate>) -> Option<PartialDate> {
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
            Self::DayMonth(d, m, None) => date(near(m, Some(d)), m, d),
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
            Self::Same => before.filter(|d| matches!(d, PartialDate::Day(_))),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Article, Block, BlockKind};
    use crate::stages::extract::doc::Doc;

    fn check(text: &str, future: bool, expected: Option<&str>) {
        let block = Block { kind: BlockKind::Paragraph, text: text.to_owned() };
        let doc = Doc::new(&Article { blocks: vec![block], ..Article::default() });
        let found = find(&doc.tokens, 0, &|_| false);
        let before = Some(PartialDate::Day(Date::constant(2021, 12, 14)));
        let got = found
            .iter()
            .find(|t| !t.bound)
            .and_then(|t| t.when.resolve(Date::constant(2023, 7, 10), future, before))
            .map(|d| d.to_string());
        assert_eq!(got.as_deref(), expected, "{text}");
    }

    #[test]
    fn expressions_resolve_against_a_monday_in_july() {
        for (text, future, expected) in [
            ("He left on Monday.", false, Some("2023-07-10")),
            ("He left on Friday night.", false, Some("2023-07-07")),
            ("He will speak on Wednesday.", true, Some("2023-07-12")),
            ("He was jailed last June.", false, Some("2022-06")),
            ("He was jailed in December last year.", false, Some("2022-12")),
            ("It fell on 22 July last year.", false, Some("2022-07-22")),
            ("She left in August.", false, Some("2022-08")),
            ("She leaves in August.", true, Some("2023-08")),
            ("She left last week.", false, Some("2023-07")),
            ("She left on Wednesday last week.", false, Some("2023-07-05")),
            ("It will open on 4 September.", true, Some("2023-09-04")),
            ("It opened on March 3, 2020.", false, Some("2020-03-03")),
            ("It was heard from 3 to 7 July.", false, Some("2023-07")),
            ("It may be heard.", false, None),
            ("He was bailed until December 9.", false, None),
            ("It began that month.", false, Some("2021-12")),
            ("It began the following month.", false, Some("2022-01")),
            ("It was sent the next morning.", false, Some("2021-12-15")),
            ("They met three years ago.", false, Some("2020")),
            ("They met a month ago.", false, Some("2023-06")),
            ("She complained eleven days later.", false, Some("2021-12-25")),
            ("He had given notice a fortnight before.", false, Some("2021-11")),
            ("He resigned the day before.", false, Some("2021-12-13")),
            ("He resigned the day before the hearing.", false, None),
            ("He was held the previous evening.", false, Some("2021-12-13")),
            ("He was suspended within an hour.", false, Some("2021-12-14")),
            ("Hours later he resigned.", false, Some("2021-12-14")),
            ("Earlier in the day they had met.", false, Some("2021-12-14")),
            ("They were charged that same month.", false, Some("2021-12")),
            ("It was referred the same weekend.", false, Some("2021-12")),
            ("They ruled so this July.", false, Some("2023-07")),
            ("It was withdrawn over the summer.", false, Some("2023")),
            ("It began two years earlier.", false, Some("2019")),
            ("It began a day later.", false, Some("2021-12-15")),
            ("It began three months later.", false, Some("2022-03")),
            ("He was charged that March.", false, Some("2022-03")),
            ("He left the following year.", false, Some("2022")),
            ("He left the previous month.", false, Some("2021-11")),
            ("On 31 February nothing happened.", false, None),
        ] {
            check(text, future, expected);
        }
    }
}
