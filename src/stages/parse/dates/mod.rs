//! Dates as feeds write them.
//!
//! Sources: RFC 822/2822/5322 section 3.3, RFC 3339, the W3C note on date and time formats, C's `asctime`, and what else is
//! met: names in other languages, zone names, AM and PM, numbers with slashes and dots, seconds since 1970.

use crate::stages::parse::rules::{RULES, Zone};
use crate::stages::parse::text::plain;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, ISOWeekDate, Time, Weekday};
use jiff::tz::{Offset, TimeZone};

/// Longest text that can be a date, in bytes.
const MAX_LENGTH: usize = 120;

/// The instant that `text` means, to the second; `None` when it is no date.
///
/// A time without a zone is read as UTC, a date without a time as its midnight, a month or a year as its first day. The
/// name of the weekday is not checked: where it contradicts the date, the date is right more often.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LENGTH {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return digits(text);
    }
    // What nearly every feed writes, and what the repair step writes.
    if let Some(at) = standard(text) {
        return Some(at);
    }
    if let Some((seconds, fraction)) = text.split_once('.')
        && matches!(seconds.len(), 9 | 10)
        && seconds.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
    {
        return digits(seconds);
    }
    if let Some(day) = week_date(text) {
        return TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok();
    }
    if text.contains('<') {
        return Reader::default().read(&simplified(&plain(text)));
    }
    Reader::default().read(&simplified(text))
}

/// A day by its week: `2024-W01-2` (ISO 8601).
fn week_date(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once("-W").or_else(|| text.split_once("-w"))?;
    let (week, day) = rest.split_once('-').unwrap_or((rest, "1"));
    let weekday = Weekday::from_monday_one_offset(day.parse().ok()?).ok()?;
    let year = year.parse::<i16>().ok().filter(|y| (1000..=9999).contains(y))?;
    Some(ISOWeekDate::new(year, week.parse().ok()?, weekday).ok()?.date())
}

/// A digit of another script as one of ours.
fn our_digit(c: char) -> Option<char> {
    // Arabic-Indic, Persian, Devanagari, Bengali, full width.
    let zero = [0x660, 0x6f0, 0x966, 0x9e6, 0xff10].into_iter().find(|z| (*z..*z + 10).contains(&u32::from(c)))?;
    char::from_digit(u32::from(c) - zero, 10)
}

/// RFC 3339 in UTC, or RFC 5322 with its zone in figures or as GMT: the library's own readers are faster than ours. They
/// would take a zone by name that they do not know for UTC.
fn standard(text: &str) -> Option<Timestamp> {
    let at = if text.len() == 20 && text.ends_with('Z') {
        text.parse::<Timestamp>().ok()?
    } else if text.ends_with(" GMT") || text.get(text.len().checked_sub(6)?..)?.starts_with([' ']) {
        let zone = text.rsplit(' ').next()?;
        let figures = zone.starts_with(['+', '-']) && zone.len() == 5;
        let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
        (figures || zone == "GMT").then(|| parser.parse_timestamp(text).ok())??
    } else {
        return None;
    };
    Timestamp::from_second(at.as_second()).ok().filter(|at| at.as_second() >= YEAR_1000)
}

/// `at` as the repair step writes it for [`reread`]: the quickest way through the reader of feeds.
pub(super) fn written(at: Timestamp) -> String {
    format!("{MARK}{}", at.as_second())
}

/// What begins a date that [`written`] wrote; none of a document's own dates does.
const MARK: char = '@';

/// The instant of a date that the repair step wrote, or of any other.
pub(super) fn reread(text: &str) -> Option<Timestamp> {
    match text.strip_prefix(MARK) {
        Some(seconds) => Timestamp::from_second(seconds.parse().ok()?).ok(),
        None => parse(text),
    }
}

/// The first second of the year 1000: dates before are slips.
const YEAR_1000: i64 = -30_610_224_000;

/// `text` in lower case, with East Asian marks of years, hours and so on as dashes and colons, brackets and commas as blanks.
fn simplified(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut out = String::with_capacity(lower.len());
    let mut rest = lower.chars().peekable();
    while let Some(c) = rest.next() {
        let c = our_digit(c).unwrap_or(c);
        // "上午9:00": the half of the day is a word of its own.
        if c.is_ascii_digit() && out.chars().next_back().is_some_and(|b| !b.is_ascii() && b.is_alphabetic()) {
            out.push(' ');
        }
        match c {
            '年' | '月' | '년' | '월' => {
                out.push('-');
                while rest.next_if(|c| c.is_whitespace()).is_some() {}
            }
            '日' | '일' | '秒' | '초' | '(' | ')' | '[' | ']' | '\u{a0}' => out.push(' '),
            '時' | '시' | '分' | '분' => out.push(':'),
            // ISO 8601 allows a comma before a fraction of a second.
            ',' if out.contains(':') && rest.peek().is_some_and(char::is_ascii_digit) => out.push('.'),
            ',' => out.push(' '),
            '\u{2212}' | '\u{2013}' => out.push('-'),
            c => out.push(c),
        }
    }
    out
}

/// Nothing but digits: a compact date, or seconds or milliseconds since 1970.
fn digits(text: &str) -> Option<Timestamp> {
    let number = |from: usize, to: usize| text.get(from..to).and_then(|t| t.parse::<i64>().ok());
    match text.len() {
        4 => at(number(0, 4)?, 1, 1, Time::midnight(), 0),
        // A day number only where it can be one; it reads as seconds in 1970 otherwise, which no feed means.
        8 => at(number(0, 4)?, number(4, 6)?, number(6, 8)?, Time::midnight(), 0),
        12 | 14 if text.starts_with("19") || text.starts_with("20") => {
            let second = if text.len() == 14 { number(12, 14)? } else { 0 };
            at(number(0, 4)?, number(4, 6)?, number(6, 8)?, clock(number(8, 10)?, number(10, 12)?, second)?, 0)
        }
        9 | 10 => Timestamp::from_second(number(0, text.len())?).ok(),
        12 | 13 => Timestamp::from_second(number(0, text.len())? / 1000).ok(),
        15 | 16 => Timestamp::from_second(number(0, text.len())? / 1_000_000).ok(),
        _ => None,
    }
}

fn clock(hour: i64, minute: i64, second: i64) -> Option<Time> {
    // A leap second has no place in the arithmetic: it is the second before.
    let second = if second == 60 { 59 } else { second };
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, 0).ok()
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|y| (1000..=9999).contains(y))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn at(year: i64, month: i64, day: i64, time: Time, offset: i32) -> Option<Timestamp> {
    Offset::from_seconds(offset).ok()?.to_timestamp(DateTime::from_parts(date(year, month, day)?, time)).ok()
}

/// What has been understood of a date so far.
#[derive(Default)]
struct Reader {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    /// Hour, minute, second.
    time: Option<(i64, i64, i64)>,
    afternoon: Option<bool>,
    zone: Option<Zone>,
    /// An unsure "month/day" or "day/month".
    pair: Option<(i64, i64)>,
}

impl Reader {
    fn read(mut self, text: &str) -> Option<Timestamp> {
        let mut words = text.split_whitespace().enumerate().peekable();
        while let Some((position, word)) = words.next() {
            let next = words.peek().map(|(_, w)| *w);
            if !self.word(word, position, next) {
                return None;
            }
        }
        self.finish()
    }

    fn finish(self) -> Option<Timestamp> {
        let (month, day) = match (self.month, self.day, self.pair) {
            (None, None, Some((a, b))) => {
                // Americans, who put the month first, also write AM and PM; everybody else the day.
                let month_first = b > 12 || (a <= 12 && self.afternoon.is_some());
                if month_first { (a, b) } else { (b, a) }
            }
            (Some(month), day, None) => (month, day.unwrap_or(1)),
            (None, None, None) if self.time.is_none() => (1, 1),
            _ => return None,
        };
        // "10:00, 3 May" has no year, and a month with a time but no day is a fault, not a first day.
        if self.time.is_some() && self.day.is_none() && self.pair.is_none() {
            return None;
        }
        let date = date(self.year?, month, day)?;
        let (mut hour, minute, second) = self.time.unwrap_or((0, 0, 0));
        match self.afternoon {
            Some(true) if hour < 12 => hour += 12,
            Some(false) if hour == 12 => hour = 0,
            _ => {}
        }
        // 24:00 is the end of the day (ISO 8601), so the next one's midnight.
        let (date, time) = if (hour, minute, second) == (24, 0, 0) {
            (date.tomorrow().ok()?, Time::midnight())
        } else {
            (date, clock(hour, minute, second)?)
        };
        let local = DateTime::from_parts(date, time);
        match self.zone {
            None => TimeZone::UTC.to_timestamp(local).ok(),
            Some(Zone::Fixed(seconds)) => Offset::from_seconds(seconds).ok()?.to_timestamp(local).ok(),
            Some(Zone::Rule(zone)) => zone.to_timestamp(local).ok(),
        }
    }

    /// Takes one word; false when it makes the text no date.
    fn word(&mut self, word: &str, position: usize, next: Option<&str>) -> bool {
        let first = word.chars().next().unwrap_or(' ');
        if first.is_ascii_digit() {
            return self.starts_with_digit(word);
        }
        if (first == '+' || first == '-') && self.time.is_some() {
            return self.offset(word);
        }
        let bare = word.trim_end_matches(['.', ';', ':']);
        if bare.is_empty() || bare == "-" || bare == "|" {
            return true;
        }
        if self.time.is_some() && self.afternoon.is_none() {
            if RULES.morning.contains(bare) {
                self.afternoon = Some(false);
                return true;
            }
            if RULES.afternoon.contains(bare) {
                self.afternoon = Some(true);
                return true;
            }
        }
        // East Asian dates have the half of the day before the time.
        if self.time.is_none() && !bare.is_ascii() {
            if RULES.morning.contains(bare) {
                self.afternoon = Some(false);
                return true;
            }
            if RULES.afternoon.contains(bare) {
                self.afternoon = Some(true);
                return true;
            }
        }
        // "mar." opens a French Tuesday as well as a March: a month that another one follows is a weekday.
        let weekday = position == 0 && !first.is_ascii_digit();
        if let Some(month) = RULES.months.get(bare) {
            let before_day = next.is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()));
            if self.month.is_none() {
                self.month = Some(i64::from(*month));
                if weekday && !before_day {
                    self.month = None;
                }
                return true;
            }
            if self.day.is_some() && self.year.is_none() {
                self.month = Some(i64::from(*month));
                return true;
            }
        }
        if let Some(zone) = RULES.zones.get(bare) {
            if self.time.is_some() && self.zone.is_none() {
                self.zone = Some(zone.clone());
            }
            return self.time.is_some();
        }
        if self.time.is_some() {
            if let Some(done) = self.named_offset(bare) {
                return done;
            }
            // A zone nobody knows: read as UTC, which is wrong by half a day at most.
            if self.zone.is_some()
                || bare.contains('/')
                || (bare.len() <= 5 && bare.chars().all(|c| c.is_ascii_alphabetic()))
            {
                return true;
            }
        }
        if RULES.filler.contains(bare) {
            return true;
        }
        if weekday && bare.chars().next().is_some_and(char::is_alphabetic) {
            // "wed,01" and "26-jun" glued to their name were split off by the comma; what is left is a weekday's name.
            return self.glued(bare);
        }
        false
    }

    /// A first word with letters: a weekday, or a month with figures glued to it ("jun-01-2022").
    fn glued(&mut self, word: &str) -> bool {
        if let Some(at) = word.find(['-', '/', '.'])
            && let (Some(name), Some(rest)) = (word.get(..at), word.get(at + 1..))
            && let Some(month) = RULES.months.get(name)
        {
            self.month = Some(i64::from(*month));
            return rest.split(['-', '/', '.']).all(|part| self.number(part));
        }
        !word.contains(|c: char| c.is_ascii_digit())
    }

    fn starts_with_digit(&mut self, word: &str) -> bool {
        // The date and the time of ISO 8601 are joined by a T.
        if let Some(at) = word.rfind('t')
            && at >= 4
            && let (Some(date), Some(time)) = (word.get(..at), word.get(at + 1..))
            && date.ends_with(|c: char| c.is_ascii_digit())
            && (time.is_empty() || time.starts_with(|c: char| c.is_ascii_digit()))
        {
            return self.date_figures(date) && (time.is_empty() || self.time_figures(time));
        }
        // Dates of XML Schema may have a zone and no time.
        if let (Some(date), Some(zone @ ("z" | "+" | "-"))) = (word.get(..10), word.get(10..11))
            && date.bytes().filter(|b| *b == b'-').count() == 2
            && date.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        {
            let rest = word.get(10..).unwrap_or("");
            if zone == "z" {
                self.zone = Some(Zone::Fixed(0));
            }
            return self.date_figures(date) && if zone == "z" { rest == "z" } else { self.offset(rest) };
        }
        if word.contains(':') && !word.starts_with("000") {
            // "2022-06-01:10:00:00" and "01/jun/2022:10:00:00" join them by a colon.
            let colon = word.find(':').unwrap_or(0);
            let (head, tail) = (word.get(..colon).unwrap_or(""), word.get(colon + 1..).unwrap_or(""));
            if head.contains(['-', '/']) {
                return self.date_figures(head) && self.time_figures(tail);
            }
            return self.time_figures(word);
        }
        // "9.00am" is a time whatever is known.
        if let Some(clock) = word.strip_suffix("am").or_else(|| word.strip_suffix("pm"))
            && let Some((hour, minute)) = clock.split_once('.')
            && [hour, minute].iter().all(|f| (1..=2).contains(&f.len()) && f.bytes().all(|b| b.is_ascii_digit()))
        {
            return self.time_figures(&word.replace('.', ":"));
        }
        // Once the date is known, figures with dots are a time ("kl. 15.04").
        if (self.day.is_some() || self.pair.is_some())
            && self.year.is_some()
            && word.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && word.contains('.')
        {
            return self.time_figures(word.trim_end_matches('.').replace('.', ":").as_str());
        }
        if word.contains(['-', '/']) || word.matches('.').count() >= 2 {
            return self.date_figures(word);
        }
        let clock_mark = ["h", "z", "am", "pm"]
            .iter()
            .filter_map(|mark| word.strip_suffix(mark))
            .any(|figures| figures.bytes().all(|b| b.is_ascii_digit()));
        let hours = word
            .split_once('h')
            .is_some_and(|(h, m)| h.len() <= 2 && m.len() == 2 && m.bytes().all(|b| b.is_ascii_digit()));
        if clock_mark || hours {
            return self.time_figures(word);
        }
        let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
        let (figures, rest) = (word.get(..end).unwrap_or(""), word.get(end..).unwrap_or(""));
        match rest {
            "" | "." | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª" | "o" => self.number(figures),
            // "1jun2022"
            _ => match rest.find(|c: char| c.is_ascii_digit()) {
                Some(at) => {
                    let (name, year) = (rest.get(..at).unwrap_or(""), rest.get(at..).unwrap_or(""));
                    self.number(figures) && self.month_name(name) && self.number(year)
                }
                None => self.number(figures) && self.month_name(rest),
            },
        }
    }

    fn month_name(&mut self, name: &str) -> bool {
        match RULES.months.get(name.trim_end_matches('.')) {
            Some(month) if self.month.is_none() => {
                self.month = Some(i64::from(*month));
                true
            }
            _ => false,
        }
    }

    /// A number that stands alone: a day or a year.
    fn number(&mut self, figures: &str) -> bool {
        let Ok(value) = figures.parse::<i64>() else { return false };
        match figures.len() {
            1 | 2 if self.day.is_none() && self.pair.is_none() => self.day = Some(value),
            2 if self.year.is_none() && self.day.is_some() => self.year = Some(short_year(value)),
            4 if self.year.is_none() => self.year = Some(value),
            8 if self.year.is_none() && self.day.is_none() => return self.compact(figures),
            _ => return false,
        }
        true
    }

    fn compact(&mut self, figures: &str) -> bool {
        let part = |from: usize, to: usize| figures.get(from..to).and_then(|t| t.parse::<i64>().ok());
        (self.year, self.month, self.day) = (part(0, 4), part(4, 6), part(6, 8));
        true
    }

    /// Figures joined by dashes, slashes or dots, the month perhaps by name.
    fn date_figures(&mut self, word: &str) -> bool {
        if self.year.is_some() || self.day.is_some() {
            return false;
        }
        if word.bytes().all(|b| b.is_ascii_digit()) {
            return match word.len() {
                8 => self.compact(word),
                4 => self.number(word),
                _ => false,
            };
        }
        let parts: Vec<&str> = word.split(['-', '/', '.']).filter(|p| !p.is_empty()).collect();
        if word.starts_with('-') {
            return false;
        }
        let number = |part: &&str| part.parse::<i64>().ok().filter(|_| part.len() <= 4);
        match parts.as_slice() {
            // The day of the year (ISO 8601).
            [year, day] if year.len() == 4 && day.len() == 3 && day.bytes().all(|b| b.is_ascii_digit()) => {
                let of_year = number(day).and_then(|d| i16::try_from(d).ok());
                let date = number(year)
                    .and_then(|y| date(y, 1, 1))
                    .and_then(|first| first.with().day_of_year(of_year?).build().ok());
                self.year = number(year);
                self.month = date.map(|d| i64::from(d.month()));
                self.day = date.map(|d| i64::from(d.day()));
                date.is_some()
            }
            [year, month] if year.len() == 4 => {
                (self.year, self.month) = (number(year), number(month));
                self.month.is_some()
            }
            [year, month, day] if year.len() == 4 => {
                self.year = number(year);
                self.day = number(day);
                match number(month) {
                    Some(month) => self.month = Some(month),
                    None => return self.month_name(month) && self.day.is_some(),
                }
                self.year.is_some() && self.day.is_some()
            }
            [a, b, year] if year.len() == 4 || year.len() == 2 => {
                let Some(value) = number(year) else { return false };
                self.year = Some(if year.len() == 2 { short_year(value) } else { value });
                match (number(a), number(b)) {
                    (Some(a), Some(b)) => self.pair = Some((a, b)),
                    (Some(day), None) => {
                        self.day = Some(day);
                        return self.month_name(b);
                    }
                    _ => return false,
                }
                true
            }
            // "1-jun" with the year elsewhere.
            [day, month] => {
                self.day = number(day);
                self.day.is_some() && self.month_name(month)
            }
            _ => false,
        }
    }

    /// A time of day, with what is glued to it: a fraction, AM or PM, an offset.
    fn time_figures(&mut self, word: &str) -> bool {
        if self.time.is_some() {
            return false;
        }
        let end = word.find(|c: char| !(c.is_ascii_digit() || c == ':')).unwrap_or(word.len());
        let (clock, mut rest) = (word.get(..end).unwrap_or(""), word.get(end..).unwrap_or(""));
        let compact = !clock.contains(':') && clock.len() >= 4;
        let parts: Vec<i64> = if compact {
            clock.as_bytes().chunks(2).filter_map(|c| std::str::from_utf8(c).ok()?.parse().ok()).collect()
        } else {
            clock.trim_end_matches(':').split(':').filter_map(|p| p.parse().ok().filter(|_| p.len() <= 2)).collect()
        };
        let expected = if compact { clock.len().div_ceil(2) } else { clock.trim_end_matches(':').split(':').count() };
        self.time = match parts.as_slice() {
            _ if parts.len() != expected => return false,
            [hour] => Some((*hour, 0, 0)),
            [hour, minute] => Some((*hour, *minute, 0)),
            // Some write hundredths after a third colon.
            [hour, minute, second] | [hour, minute, second, _] => Some((*hour, *minute, *second)),
            _ => return false,
        };
        if rest.starts_with(['.', ',']) {
            let tail = rest.get(1..).unwrap_or("");
            rest = tail.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        if let Some(tail) = rest.strip_prefix('h') {
            // "14h30"
            let minutes = tail.parse::<i64>().ok().filter(|_| tail.len() == 2);
            return match (self.time, minutes, tail.is_empty()) {
                (Some(_), None, true) => true,
                (Some((hour, 0, 0)), Some(minute), _) => {
                    self.time = Some((hour, minute, 0));
                    true
                }
                _ => false,
            };
        }
        for (mark, afternoon) in [("am", false), ("pm", true), ("a.m", false), ("p.m", true)] {
            if let Some(tail) = rest.strip_prefix(mark) {
                self.afternoon = Some(afternoon);
                rest = tail.trim_start_matches('.');
            }
        }
        match rest.chars().next() {
            None => true,
            Some('+' | '-') => self.offset(rest),
            Some(_) => match RULES.zones.get(rest) {
                Some(zone) => {
                    self.zone = Some(zone.clone());
                    true
                }
                None => self.named_offset(rest).unwrap_or(false),
            },
        }
    }

    /// An offset in figures: `+0200`, `+02:00`, `+2`. One out of range makes the text no date.
    fn offset(&mut self, word: &str) -> bool {
        let negative = word.starts_with('-');
        let figures: String = word.chars().skip(1).filter(|c| *c != ':' && *c != '.').collect();
        if figures.is_empty() || figures.len() > 6 || !figures.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        let number = |from: usize, to: usize| figures.get(from..to).and_then(|t| t.parse::<i32>().ok()).unwrap_or(0);
        let (hours, minutes) = match figures.len() {
            1 | 2 => (number(0, figures.len()), 0),
            3 => (number(0, 1), number(1, 3)),
            _ => (number(0, 2), number(2, 4)),
        };
        if hours > 15 || minutes > 59 {
            return false;
        }
        let seconds = (hours * 60 + minutes) * 60;
        // A name that stands beside an offset ("+0100 (BST)") only repeats it, and "GMT" before one says nothing.
        self.zone = Some(Zone::Fixed(if negative { -seconds } else { seconds }));
        true
    }

    /// `gmt+2`, `utc-05:00`: a name with an offset, east positive as people mean it.
    fn named_offset(&mut self, word: &str) -> Option<bool> {
        let at = word.find(['+', '-'])?;
        let (name, offset) = (word.get(..at)?, word.get(at..)?);
        (RULES.zones.contains_key(name) || name == "gmt" || name == "utc").then(|| self.offset(offset))
    }
}

/// A year of two figures (RFC 5322 section 4.3 moves the turn to 50; feeds began in 1999, so 69 is safe).
fn short_year(value: i64) -> i64 {
    if value < 69 { 2000 + value } else { 1900 + value }
}

#[cfg(test)]
mod tests;
