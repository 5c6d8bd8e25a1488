//! Time expressions: found in a sentence, resolved against the day of publication.
//!
//! A date is never made more precise than the words are. "On Wednesday" with a future verb is the next one, with a
//! past verb the last one.

mod find;
mod resolve;

pub(super) use find::{find, small_number};
use jiff::civil::Weekday;

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
    /// "Easter Monday": days from Easter Sunday, and a year if given.
    Easter(i32, Option<i16>),
    /// "August bank holiday Monday", and a year if given.
    AugustHoliday(Option<i16>),
    /// "20 years ago tomorrow": years and days from publication.
    Anniversary(i16, i32),
    /// "on the 3rd": a day of the month of publication, or the one before.
    DayOf(i8),
    /// "the following Tuesday": the first after the event before.
    NextWeekday(Weekday),
}

impl When {
    /// `n` of a `unit` after the event before; before it, where `n` is negative: "two years earlier".
    pub(super) fn after(n: i32, unit: &str) -> Option<Self> {
        Some(match unit.trim_end_matches('s') {
            "day" | "night" | "evening" | "afternoon" => Self::DaysFrom(n),
            "week" | "weekend" => Self::WeeksFrom(n),
            "fortnight" => Self::WeeksFrom(n.saturating_mul(2)),
            "month" => Self::MonthsFrom(n),
            "year" => Self::YearsFrom(i16::try_from(n).ok()?),
            _ => return None,
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Article, Block, BlockKind, PartialDate};
    use crate::stages::extract::doc::Doc;
    use jiff::civil::Date;

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
            ("He was held on Easter Monday.", false, Some("2023-04-10")),
            ("It will open on Good Friday.", true, Some("2024-03-29")),
            ("She died on Boxing Day.", false, Some("2021-12-26")),
            ("She died on New Year's Eve.", false, Some("2021-12-31")),
            ("He fell on Hogmanay 2019.", false, Some("2019-12-31")),
            ("He died on Good Friday 2021.", false, Some("2021-04-02")),
            ("He died on August Bank Holiday Monday 2019.", false, Some("2019-08-26")),
            ("He died 20 years ago tomorrow.", false, Some("2003-07-11")),
            ("He was arrested on the 3rd.", false, Some("2023-07-03")),
            ("He was arrested on the 23rd, at home.", false, Some("2023-06-23")),
            ("He was arrested on the 5th of May.", false, Some("2023-05-05")),
            ("She was charged the following Friday.", false, Some("2021-12-17")),
            ("She apologised in spring 2019.", false, Some("2019")),
            ("They met eighteen months ago.", false, Some("2022-01")),
        ] {
            check(text, future, expected);
        }
    }
}
