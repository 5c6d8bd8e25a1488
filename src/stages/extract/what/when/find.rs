//! Where a sentence tells a time, and what it says.

use super::{TimeExpr, When};
use crate::stages::extract::doc::{Shape, Token};
use crate::stages::extract::sieve::WordSet;
use jiff::civil::Weekday;
use std::sync::LazyLock;

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
    // Hardly a word is one.
    if !word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-')) {
        return None;
    }
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if digits.len() != word.len() && !["st", "nd", "rd", "th"].iter().any(|s| word.ends_with(s)) {
        return None;
    }
    digits.parse::<i8>().ok().filter(|d| (1..=31).contains(d))
}

/// A number up to a hundred, in words or digits.
pub(in super::super) fn small_number(word: &str) -> Option<i32> {
    Some(match word {
        "zero" => 0,
        "a" | "an" | "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        _ if word.starts_with(|c: char| c.is_alphabetic()) => return None,
        _ => return word.parse().ok().filter(|n| (1..100).contains(n)),
    })
}

/// What opens the expressions that [`at`] knows, but for numbers in digits: nearly all words open none.
static OPENERS: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::parse(
        "that within hour hours minutes moments earlier later this a an the last next new today tonight yesterday overnight \
         tomorrow christmas easter good boxing hogmanay halloween zero one two three four five six seven eight nine ten eleven twelve \
         thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty \
         january february march april may june july august september october november december \
         jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn winter monday tuesday wednesday thursday friday saturday sunday",
    )
});

fn may_open(token: &Token) -> bool {
    !token.lower.starts_with(|c: char| c.is_alphabetic()) || OPENERS.contains(&token.lower)
}

/// The time expressions among `tokens`, whose indices are counted from `base`.
pub(in super::super) fn find(tokens: &[Token], base: usize, is_name: &dyn Fn(usize) -> bool) -> Vec<TimeExpr> {
    let mut out: Vec<TimeExpr> = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if is_name(base + i) {
            i += 1;
            continue;
        }
        if !may_open(&tokens[i]) {
            debug_assert_eq!(at(tokens, i), None, "OPENERS lacks {:?}", tokens[i].lower);
            i += 1;
        } else if let Some((length, when, fresh)) = at(tokens, i) {
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
    // "the 5th of May"
    if let Some(day) = day_number(word(0)).filter(|_| word(1) == "of")
        && let Some(m) = tokens.get(i + 2).and_then(month)
    {
        return Some(with_year(tokens, i + 3, day, m, 3));
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
    if let Some((length, when)) = holiday(tokens, i) {
        return Some((length, when, false));
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
        // "in June of this year", "in May of last year"
        if word(1) == "of" && word(3) == "year" && matches!(word(2), "this" | "last") {
            let last = word(2) == "last";
            return Some((4, if last { When::LastYearMonth(m, None) } else { When::Month(m, None) }, false));
        }
        return Some((1, When::Month(m, None), false));
    }
    // Days of the week.
    // "on a Friday night in December" is no Friday of late.
    if let Some(d) = weekday(word(0)).filter(|_| !matches!(prev(1), "a" | "one" | "every" | "each" | "some")) {
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
        // "on Saturday week, 19 July"
        let week = usize::from(word(length) == "week");
        if word(length + week) == ","
            && let (Some(day), Some(m)) =
                (day_number(word(length + week + 1)), tokens.get(i + length + week + 2).and_then(month))
        {
            let (n, when, fresh) = with_year(tokens, i + length + week + 3, day, m, 2);
            return Some((length + week + 1 + n, when, fresh));
        }
        if week == 1 {
            return Some((length + 1, When::WeekdayOf(d, 1), false));
        }
        if word(length) == "last" && word(length + 1) == "week" {
            return Some((length + 2, When::WeekdayOf(d, -1), false));
        }
        if word(length) == "next" && word(length + 1) == "week" {
            return Some((length + 2, When::WeekdayOf(d, 1), false));
        }
        // "on Thursday of last week"
        let week = (word(length) == "of" && word(length + 2) == "week").then(|| word(length + 1));
        if let Some(offset) = week.and_then(|w| ["last", "this", "next"].iter().position(|x| *x == w)) {
            return Some((length + 3, When::WeekdayOf(d, i32::try_from(offset).unwrap_or(1) - 1), false));
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
        // "the autumn of 2022", "the spring of last year"
        ("the", s) if season(s).is_some() && word(2) == "of" && year(word(3)).is_some() => {
            (4, When::Year(year(word(3))?), false)
        }
        ("the", s) if season(s).is_some() && word(2) == "of" && word(3) == "last" && word(4) == "year" => {
            (5, When::YearOffset(-1), false)
        }
        ("the", s)
            if season(s).is_some() && matches!(prev(1), "in" | "during" | "by" | "until" | "before" | "over") =>
        {
            (2, When::Season(season(s)?), false)
        }
        // "in spring 2019", "since spring"
        (s, y) if season(s).is_some() && year(y).is_some() => (2, When::Year(year(y)?), false),
        (s, _) if season(s).is_some() && matches!(prev(1), "in" | "since" | "last" | "early" | "late") => {
            (1, When::Season(season(s)?), false)
        }
        ("the", "same") if matches!(word(2), "time" | "day" | "evening" | "night" | "morning" | "afternoon") => {
            (3, When::Same, false)
        }
        ("that", "night" | "day" | "evening" | "morning" | "afternoon") => (2, When::Same, false),
        ("christmas", _) if matches!(prev(1), "at" | "over" | "last" | "since" | "this" | "by" | "until") => {
            let year = year(word(1));
            let named = if prev(1) == "last" { When::LastNamed(12) } else { When::Month(12, year) };
            (1 + usize::from(year.is_some()), named, false)
        }
        ("that", "month") => (2, When::SameMonth, false),
        ("the", "next" | "following")
            if matches!(word(2), "day" | "morning" | "night" | "afternoon" | "evening" | "lunchtime") =>
        {
            (3, When::NextDay, false)
        }
        ("the", "next" | "following") if weekday(word(2)).is_some() => (3, When::NextWeekday(weekday(word(2))?), false),
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
                    // "20 years ago tomorrow"
                    "year" => {
                        let years = i16::try_from(-n).ok()?;
                        let days = ["yesterday", "today", "tomorrow"].iter().position(|w| *w == word(3));
                        if let Some(days) = days.and_then(|k| i32::try_from(k).ok()) {
                            return Some((4, When::Anniversary(years, days - 1), false));
                        }
                        When::YearOffset(years)
                    }
                    _ => return None,
                };
                return Some((3, when, false));
            }
            // "on the 3rd": of the month at hand.
            let ordinal = ["st", "nd", "rd", "th"].iter().any(|s| word(0).ends_with(s));
            if ordinal
                && prev(1) == "the"
                && prev(2) == "on"
                && let Some(day) = day_number(word(0))
                && tokens.get(i + 1).is_none_or(|t| {
                    t.shape == Shape::Punctuation || matches!(t.lower.as_str(), "on" | "and" | "by" | "at")
                })
            {
                return Some((1, When::DayOf(day), false));
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

/// Days that have a name: "Easter Monday", "Boxing Day", "Hogmanay 2022".
fn holiday(tokens: &[Token], i: usize) -> Option<(usize, When)> {
    let word = |k: usize| tokens.get(i + k).map_or("", |t| t.lower.as_str());
    if tokens.get(i).is_none_or(|t| t.shape == Shape::Lower) {
        return None;
    }
    let (length, day, month) = match (word(0), word(1), word(2), word(3)) {
        ("easter", day @ ("monday" | "sunday" | "saturday"), ..) | ("good", day @ "friday", ..) => {
            let days = match day {
                "monday" => 1,
                "saturday" => -1,
                "friday" => -2,
                _ => 0,
            };
            let named = year(word(2));
            return Some((2 + usize::from(named.is_some()), When::Easter(days, named)));
        }
        // The last Monday in August, in England, Wales and Northern Ireland.
        ("august", "bank", "holiday", ..) => {
            let length = 3 + usize::from(word(3) == "monday");
            let named = year(word(length));
            return Some((length + usize::from(named.is_some()), When::AugustHoliday(named)));
        }
        ("boxing", "day", ..) => (2, 26, 12),
        ("christmas", "day", ..) => (2, 25, 12),
        ("christmas", "eve", ..) => (2, 24, 12),
        ("new", "year", "'s", "eve") => (4, 31, 12),
        ("new", "year", "'s", "day") => (4, 1, 1),
        ("hogmanay", ..) => (1, 31, 12),
        ("halloween", ..) => (1, 31, 10),
        _ => return None,
    };
    let year = year(word(length));
    Some((length + usize::from(year.is_some()), When::DayMonth(day, month, year)))
}

/// What counts from the event before: "two years earlier", "a day later", "that June", "the previous month".
fn from_before(tokens: &[Token], i: usize) -> Option<(usize, When, bool)> {
    let word = |k: usize| tokens.get(i + k).map_or("", |t| t.lower.as_str());
    if word(0) == "that"
        && let Some(m) = tokens.get(i + 1).and_then(month)
    {
        return Some((2, When::ThatMonth(m), false));
    }
    // "In June that year", "in June of the same year"
    if let Some(m) = tokens.get(i).and_then(month) {
        let of = 1 + usize::from(word(1) == "of");
        if word(of) == "that" && word(of + 1) == "year" {
            return Some((of + 2, When::ThatMonth(m), false));
        }
        if word(of) == "the" && word(of + 1) == "same" && word(of + 2) == "year" {
            return Some((of + 3, When::ThatMonth(m), false));
        }
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
    // "was suspended within days"
    if word(0) == "within" && matches!(word(1), "days" | "weeks") && word(2) != "of" {
        return Some((2, When::WeeksFrom(0), false));
    }
    // "on the morning of the death", "the day after the stabbing"
    let occasion = |k: usize| {
        matches!(word(k), "the" | "his" | "her" | "that")
            && matches!(
                word(k + 1),
                "death" | "shooting" | "stabbing" | "crash" | "collision" | "search" | "stop" | "incident" | "killing" | "attack"
            )
            // "on the day of the crash in May 2018": its own day is told.
            && !matches!(word(k + 2), "in" | "on" | "of" | "last")
    };
    if word(0) == "the" && matches!(word(1), "day" | "morning" | "night" | "evening" | "afternoon") && occasion(3) {
        match word(2) {
            "of" => return Some((5, When::DaysFrom(0), false)),
            "after" => return Some((5, When::DaysFrom(1), false)),
            "before" => return Some((5, When::DaysFrom(-1), false)),
            _ => {}
        }
    }
    // "two months after that"
    if word(2) == "after"
        && word(3) == "that"
        && !tokens.get(i + 4).is_some_and(|t| t.shape == Shape::Lower && t.lower.ends_with('s'))
        && let Some(n) = small_number(word(0))
        && let Some(when) = When::after(n, word(1))
    {
        return Some((4, when, false));
    }
    // "was suspended in the March"
    if word(0) == "the"
        && i.checked_sub(1).and_then(|k| tokens.get(k)).is_some_and(|t| t.lower == "in")
        && let Some(m) = tokens.get(i + 1).and_then(month)
        && !tokens.get(i + 2).is_some_and(|t| {
            t.shape == Shape::Capitalised
                || t.shape == Shape::Lower && !matches!(t.lower.as_str(), "and" | "but" | "after" | "when" | "for")
        })
    {
        return Some((2, When::ThatMonth(m), false));
    }
    // "opened an investigation within the month"
    if word(0) == "within"
        && matches!(word(1), "the" | "that")
        && matches!(word(2), "week" | "month" | "year" | "fortnight")
        && word(3) != "of"
    {
        return When::after(0, word(2)).map(|when| (3, when, false));
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
        && let Some(when) = When::after(0, word(2))
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
        && let Some(when) = When::after(if matches!(word(2), "earlier" | "before") { -n } else { n }, word(1))
    {
        return Some((3, when, false));
    }
    match (word(0), word(1), word(2)) {
        ("the", "previous", u) => When::after(-1, u).map(|w| (3, w, false)),
        ("the", u @ ("day" | "night" | "evening" | "week" | "month" | "year"), "before" | "after")
            if matches!(word(3), "," | "." | ";" | "and" | "for" | "on" | "in" | "at" | "") && word(2) == "before"
                || matches!(word(3), "," | "." | "") =>
        {
            When::after(if word(2) == "before" { -1 } else { 1 }, u).map(|w| (3, w, false))
        }
        ("the", "following" | "next", u @ ("week" | "year")) => When::after(1, u).map(|w| (3, w, false)),
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
