//! Dates as news pages print them.

use super::furniture::FURNITURE;
use jiff::civil::{Date, Time, Weekday};
use jiff::{Timestamp, tz};
use regex::Regex;
use std::sync::LazyLock;

/// When an article says it was published and changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Dates {
    /// Published.
    pub(super) published: Option<Timestamp>,
    /// Last changed.
    pub(super) modified: Option<Timestamp>,
}

/// A line that holds a date or a time and few other words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DateLine {
    /// What it dates.
    pub(super) dates: Dates,
    /// What stands in it besides, with its separators.
    pub(super) rest: String,
    /// Whether it holds a time of day and no date (a live page's stamp).
    pub(super) time_only: bool,
}

impl DateLine {
    /// Whether it dates something that happened ("Date of hearing: 3 May 2024"), not the page.
    pub(super) fn is_of_event(&self) -> bool {
        let words = self.rest.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        words.into_iter().any(|w| FURNITURE.events.contains(&w))
    }
}

/// The label of a line of a notice ("Allegation: …"): at most five words before a colon.
pub(super) fn label(line: &str) -> Option<&str> {
    let (label, rest) = line.split_once(": ")?;
    let own = !rest.trim().is_empty() && (1..=5).contains(&label.split_whitespace().count());
    (own && label.starts_with(char::is_alphabetic) && !label.contains(char::is_numeric)).then_some(label)
}

/// Whether a date under `label` is the page's own ("Published", "Date").
pub(super) fn names_page_date(label: &str) -> bool {
    read(&format!("{label} 1 May 2024")).is_some_and(|line| !line.rest.contains(char::is_alphanumeric))
}

/// Longest line that is read, in bytes.
const LONGEST: usize = 8_000;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// What a date or a time of day may be, as alternatives of one pattern.
const MOMENTS: &str = r"
    (?P<iso>\b\d{4}-\d{2}-\d{2}(?:[T\ ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?)
    |(?P<dmy>\b(?P<d1>\d{1,2})(?:st|nd|rd|th)?[\ -](?:of\s+)?(?P<m1>MONTH)\b\.?(?:,?[\ -]+(?P<y1>\d{4})\b)?)
    |(?P<mdy>\b(?P<m2>MONTH)\b\.?\ +(?P<d2>\d{1,2})(?:st|nd|rd|th)?\b(?:,?\ +(?P<y2>\d{4})\b)?)
    |(?P<num>\b(?P<d3>\d{1,2})[/.](?P<m3>\d{1,2})[/.](?P<y3>\d{4}|\d{2})\b)
    |(?P<my>\b(?P<m4>MONTH)\b\.?,?\ +(?P<y4>\d{4})\b)
    |(?P<ampm>\b(?P<h1>\d{1,2})(?:[:.](?P<n1>\d{2}))?(?::\d{2})?\ ?(?P<half>am|pm|a\.m\.?|p\.m\.?)(?:\b|\s|$))
    |(?P<clock>\b(?P<h2>\d{1,2})[:.](?P<n2>\d{2})(?::\d{2})?\b(?:hrs|h)?)";

/// What stands beside them.
const BESIDE: &str = r"
    |(?P<zone>\b(?:gmt|bst|utc|est|edt|et|pst|pdt|pt|cst|cdt|cet)\b)
    |(?P<changed>\b(?:last\s+)?(?:updated|modified|amended|changed|edited|revised)\b|\blast\s+(?:entry|update|post)\b)
    |(?P<given>\b(?:first\s+)?(?:published|posted|created|issued|released|uploaded|date)\b)
    |(?P<week>\b(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b)
    |(?P<glue>\b(?:on|at|online|issue|a\.m|p\.m)\b)";

/// `pattern` compiled; its boundaries and figures are ASCII's, which are quick to match.
fn compiled(pattern: &str) -> Regex {
    const MONTH: &str = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
    let pattern = pattern.replace("MONTH", MONTH).replace(r"\b", r"(?-u:\b)").replace(r"\d", "[0-9]");
    #[expect(clippy::expect_used, reason = "literals, compiled by every test of this file")]
    Regex::new(&format!("(?ix){pattern}")).expect("sound")
}

static TOKEN: LazyLock<Regex> = LazyLock::new(|| compiled(&format!("{MOMENTS}{BESIDE}")));
/// Whether there is a date or a time at all: asked first, since most lines with a figure have none.
static MOMENT: LazyLock<Regex> = LazyLock::new(|| compiled(&MOMENTS.replace("?P<", "?P<_")));

#[derive(Clone, Copy)]
struct Stamp {
    changed: bool,
    date: Date,
    time: Option<Time>,
    zone: Option<i8>,
    exact: Option<Timestamp>,
}

impl Stamp {
    fn at(&self) -> Option<Timestamp> {
        if self.exact.is_some() {
            return self.exact;
        }
        let moment = self.date.to_datetime(self.time.unwrap_or_default());
        match self.zone {
            Some(hours) => tz::offset(hours).to_timestamp(moment).ok(),
            None => moment.in_tz("Europe/London").ok().map(|z| z.timestamp()),
        }
    }
}

fn month(text: &str) -> Option<i8> {
    let lower = text.to_ascii_lowercase();
    let head = lower.get(..3)?;
    MONTHS.iter().position(|m| *m == head).and_then(|p| i8::try_from(p + 1).ok())
}

/// The weekday that `text` begins like.
fn weekday_of(text: &str) -> Option<Weekday> {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let lower = text.to_ascii_lowercase();
    let at = names.iter().position(|name| lower.starts_with(name))?;
    Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
}

fn number<T: std::str::FromStr>(text: Option<regex::Match<'_>>) -> Option<T> {
    text?.as_str().parse().ok()
}

fn offset(zone: &str) -> Option<i8> {
    match zone.to_ascii_lowercase().as_str() {
        "gmt" | "utc" => Some(0),
        "bst" | "cet" => Some(1),
        "est" | "cdt" => Some(-5),
        "edt" => Some(-4),
        "cst" => Some(-6),
        "pst" => Some(-8),
        "pdt" => Some(-7),
        _ => None,
    }
}

/// Reads `line` as a date line; `None` when it holds neither date nor time.
///
/// Dates without a zone are London's. A date without a year or a day dates nothing. Of several, the first `published` and the
/// last `modified` count; "Updated 5.45pm" takes the day from the date before it.
pub(super) fn read(line: &str) -> Option<DateLine> {
    // No date or time is without a figure of ours.
    if line.len() > LONGEST || !line.contains(|c: char| c.is_ascii_digit()) || !MOMENT.is_match(line) {
        return None;
    }
    let mut stamps: Vec<Stamp> = Vec::new();
    let mut rest = String::new();
    let mut end = 0;
    let (mut changed, mut pending): (bool, Option<Time>) = (false, None);
    let (mut dated, mut timed) = (false, false);
    let mut weekday = None;
    for found in TOKEN.captures_iter(line) {
        let whole = found.get(0)?;
        rest.push_str(line.get(end..whole.start())?);
        rest.push(' ');
        end = whole.end();
        let mut date = None;
        if found.name("changed").is_some() {
            changed = true;
        } else if found.name("given").is_some() {
            changed = false;
        } else if let Some(iso) = found.name("iso") {
            dated = true;
            date = iso.as_str().get(..10).and_then(|d| d.parse::<Date>().ok());
            if let Some(date) = date.take() {
                let exact = moment(iso.as_str());
                stamps.push(Stamp { changed, date, time: None, zone: None, exact });
            }
        } else if found.name("dmy").is_some() {
            dated = true;
            date = civil(
                number(found.name("y1")),
                found.name("m1").and_then(|m| month(m.as_str())),
                number(found.name("d1")),
            );
        } else if found.name("mdy").is_some() {
            dated = true;
            date = civil(
                number(found.name("y2")),
                found.name("m2").and_then(|m| month(m.as_str())),
                number(found.name("d2")),
            );
        } else if found.name("num").is_some() {
            dated = true;
            let year = number::<i16>(found.name("y3")).map(|y| if y < 100 { y + 2000 } else { y });
            let (day, month) = (number::<i8>(found.name("d3")), number::<i8>(found.name("m3")));
            let (ours, americas) = (civil(year, month, day), civil(year, day, month));
            // The day comes first, unless it cannot, or the weekday says otherwise.
            let swapped = weekday
                .is_some_and(|w| ours.is_some_and(|d| d.weekday() != w) && americas.is_some_and(|d| d.weekday() == w));
            date = if swapped { americas } else { ours.or(americas) };
        } else if let Some(day) = found.name("week") {
            weekday = weekday_of(day.as_str());
        } else if found.name("my").is_some() {
            dated = true;
        } else if found.name("ampm").is_some() || found.name("clock").is_some() {
            let time = clock(&found);
            timed |= time.is_some();
            match stamps.last_mut() {
                Some(last) if last.time.is_none() && last.changed == changed && last.exact.is_none() => {
                    last.time = time
                }
                Some(last) if changed && !last.changed => {
                    let stamp = Stamp { changed, time, exact: None, ..*last };
                    pending = time;
                    stamps.push(stamp);
                }
                _ => pending = time,
            }
        } else if let Some(zone) = found.name("zone")
            && let Some(last) = stamps.last_mut()
        {
            last.zone = offset(zone.as_str());
        }
        if let Some(date) = date {
            // "Updated 12:40, 20 MAR 2024": the time came first and was tried on the day before.
            if changed && pending.is_some() && stamps.last().is_some_and(|l| l.changed && l.time == pending) {
                stamps.pop();
            }
            stamps.push(Stamp { changed, date, time: pending.take(), zone: None, exact: None });
        }
    }
    rest.push_str(line.get(end..)?);
    if !dated && !timed {
        return None;
    }
    let dates = Dates {
        published: stamps.iter().find(|s| !s.changed).and_then(Stamp::at),
        modified: stamps.iter().rfind(|s| s.changed).and_then(Stamp::at),
    };
    Some(DateLine { dates, rest, time_only: timed && !dated })
}

fn civil(year: Option<i16>, month: Option<i8>, day: Option<i8>) -> Option<Date> {
    let year = year.filter(|y| (1900..=2100).contains(y))?;
    Date::new(year, month?, day?).ok()
}

fn clock(found: &regex::Captures<'_>) -> Option<Time> {
    if found.name("clock").is_some() {
        return Time::new(number(found.name("h2"))?, number(found.name("n2"))?, 0, 0).ok();
    }
    let hour: i8 = number(found.name("h1"))?;
    let half = found.name("half")?.as_str();
    let hour = match (hour, half.starts_with(['p', 'P'])) {
        (12, false) => 0,
        (1..=11, true) => hour + 12,
        (0..=12, _) => hour,
        _ => return None,
    };
    Time::new(hour, number(found.name("n1")).unwrap_or(0), 0, 0).ok()
}

/// The first day named in `text`, its midnight in London; a day without a year is one of `year`.
pub(super) fn first_day(text: &str, year: i16) -> Option<Timestamp> {
    let found = TOKEN.captures_iter(text).find(|c| c.name("dmy").is_some() || c.name("mdy").is_some())?;
    let (day, name, own) = if found.name("dmy").is_some() { ("d1", "m1", "y1") } else { ("d2", "m2", "y2") };
    let date = civil(
        number(found.name(own)).or(Some(year)),
        found.name(name).and_then(|m| month(m.as_str())),
        number(found.name(day)),
    )?;
    date.in_tz("Europe/London").ok().map(|z| z.timestamp())
}

/// A moment as machines write it, else as a date line has it.
pub(super) fn any(text: &str) -> Option<Timestamp> {
    moment(text).or_else(|| {
        let found = read(text.get(..200).unwrap_or(text))?;
        found.dates.published.or(found.dates.modified)
    })
}

/// A moment as machines write it: RFC 3339, ISO 8601 with a loose zone, or a bare date (its midnight in London).
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if let Ok(at) = jiff::fmt::rfc2822::parse(text) {
        return Some(at.timestamp());
    }
    // "+0100" and "+01" for "+01:00", a space for "T".
    static LOOSE: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::expect_used, reason = "a literal, compiled by every test of this file")]
        Regex::new(
            r"^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$",
        )
        .expect("sound")
    });
    if let Some(found) = LOOSE.captures(text) {
        let civil: jiff::civil::DateTime =
            format!("{}T{}", found.get(1)?.as_str(), found.get(2)?.as_str()).parse().ok()?;
        return match found.get(3).map(|z| z.as_str()) {
            None => civil.in_tz("Europe/London").ok().map(|z| z.timestamp()),
            Some("Z" | "UTC" | "GMT") => tz::offset(0).to_timestamp(civil).ok(),
            Some(zone) => {
                let hours: i32 = zone.get(1..3)?.parse().ok()?;
                let minutes: i32 = zone
                    .get(3..)
                    .map(|m| m.trim_start_matches(':'))
                    .filter(|m| !m.is_empty())
                    .map_or(Some(0), |m| m.parse().ok())?;
                let sign = if zone.starts_with('-') { -1 } else { 1 };
                tz::Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?.to_timestamp(civil).ok()
            }
        };
    }
    text.get(..10)
        .filter(|_| text.len() == 10)
        .and_then(|d| d.parse::<Date>().ok())
        .and_then(|d| d.in_tz("Europe/London").ok())
        .map(|z| z.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_lines_of_every_shape() {
        for (line, published, modified, rest) in [
            ("Tuesday 15 February 2022 11:46 GMT", "2022-02-15T11:46:00Z", "", ""),
            ("Published on: 13 October 2022", "2022-10-12T23:00:00Z", "", ":"),
            ("09 January 2023, 10.20am", "2023-01-09T10:20:00Z", "", ","),
            ("16:05, 14 FEB 2024", "2024-02-14T16:05:00Z", "", ","),
            ("Published: 10:00 02/08/2023", "2023-08-02T09:00:00Z", "", ":"),
            ("Thu 29 Feb 2024 at 5:30pm", "2024-02-29T17:30:00Z", "", ""),
            ("19 June 2023 1pm", "2023-06-19T12:00:00Z", "", ""),
            ("Mon 24 Jun 2024 20.40 BST", "2024-06-24T19:40:00Z", "", ""),
            (
                "1 February 2022, 20:29 | Updated: 2 February 2022, 08:30",
                "2022-02-01T20:29:00Z",
                "2022-02-02T08:30:00Z",
                ", | : ,",
            ),
            ("Wednesday June 18 2025, 12.30pm. Updated 5.45pm", "2025-06-18T11:30:00Z", "2025-06-18T16:45:00Z", ", ."),
            ("08:15, 20 MAR 2024 Updated 12:40, 20 MAR 2024", "2024-03-20T08:15:00Z", "2024-03-20T12:40:00Z", ", ,"),
            ("24/4/23", "2023-04-23T23:00:00Z", "", ""),
            ("Thu, 03/07/2024 - 09:41", "2024-03-07T09:41:00Z", "", ", -"),
            ("Wed, 03/07/2024", "2024-07-02T23:00:00Z", "", ","),
            ("February 23, 2024", "2024-02-23T00:00:00Z", "", ""),
            ("Last updated: Tuesday 17 September 2024, 17:05", "", "2024-09-17T16:05:00Z", ": ,"),
            ("January 9", "", "", ""),
            ("July 2023", "", "", ""),
            ("2023-07-18T09:00:00+01:00", "2023-07-18T08:00:00Z", "", ""),
        ] {
            let got = read(line).expect(line);
            let show = |t: Option<Timestamp>| t.map_or(String::new(), |t| t.to_string());
            assert_eq!(
                (show(got.dates.published).as_str(), show(got.dates.modified).as_str()),
                (published, modified),
                "{line}"
            );
            assert_eq!(got.rest.split_whitespace().collect::<Vec<_>>().join(" "), rest, "{line}");
        }
        assert!(read("Ann Orr, crime reporter").is_none());
        assert!(read("16:31").is_some_and(|d| d.time_only));
    }

    #[test]
    fn machine_dates_with_loose_zones() {
        for (text, expected) in [
            ("2019-11-05T10:00:00Z", "2019-11-05T10:00:00Z"),
            ("2019-11-05T10:00:00+0100", "2019-11-05T09:00:00Z"),
            ("2019-07-05 10:00:00", "2019-07-05T09:00:00Z"),
            ("2019-11-05T10:00:00-05", "2019-11-05T15:00:00Z"),
            ("2019-07-05", "2019-07-04T23:00:00Z"),
            ("Tue, 05 Nov 2019 10:00:00 GMT", "2019-11-05T10:00:00Z"),
        ] {
            assert_eq!(moment(text).map(|t| t.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "yesterday", "2019-13-05", "99999999999999999999"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
