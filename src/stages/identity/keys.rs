//! What developments and articles are found by.

use super::rules::{Rules, rules};
use super::view::Name;
use super::{Telling, copies};
use crate::domain::{BlockingKey, Development, Report};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// Months before its article within which a report without a date is looked for among those of one body.
const UNDATED_MONTHS: i32 = 6;

/// Months between the articles of two reports without a date.
const BOTH_UNDATED_MONTHS: i32 = 3;

/// Hashes of the article's sketch by which a development is found that names neither person nor body.
const NAMELESS_HASHES: usize = 8;

/// Keys that the article itself is to be found by: its sketch.
pub fn article_keys(sketch: &[u64]) -> Vec<BlockingKey> {
    sketch.iter().map(|hash| BlockingKey::Sketch(*hash)).collect()
}

/// Keys of everything that `article` may tell again, or be a copy of.
pub fn search_keys(article: &Telling) -> Vec<BlockingKey> {
    let rules = rules();
    let day = article.at.to_zoned_datetime(TimeZone::UTC).date();
    let mut out: BTreeSet<BlockingKey> = article_keys(&copies::sketch(article.text)).into_iter().collect();
    for report in article.reports {
        persons(report, rules, &mut out);
        // What a search finds, and what it is found by, are made for each other: a pair of reports is found from
        // either side, so that the order of arrival does not matter.
        match report.date {
            Some(date) => {
                let (first, last) = (month(date.first_day()), month(date.last_day()));
                bodies(report, DATED, first - 1..=last + 1, &mut out);
                bodies(report, UNDATED, first..=last + UNDATED_MONTHS, &mut out);
            }
            None => {
                let own = month(day);
                bodies(report, DATED, own - UNDATED_MONTHS..=own, &mut out);
                bodies(report, UNDATED, own - BOTH_UNDATED_MONTHS..=own + BOTH_UNDATED_MONTHS, &mut out);
            }
        }
    }
    out.into_iter().collect()
}

/// Keys that `development` is to be found by; `sketch` is that of the article that changed it.
pub(super) fn development_keys(
    development: &Development,
    sketch: impl FnOnce() -> Vec<u64>,
    rules: &Rules,
) -> Vec<BlockingKey> {
    let mut out = BTreeSet::new();
    for told in &development.reports {
        persons(&told.report, rules, &mut out);
        match told.report.date {
            Some(date) => bodies(&told.report, DATED, month(date.first_day())..=month(date.last_day()), &mut out),
            None => {
                let own = month(told.at.to_zoned_datetime(TimeZone::UTC).date());
                bodies(&told.report, UNDATED, own..=own, &mut out);
            }
        }
    }
    if out.is_empty() {
        out.extend(article_keys(&sketch()).into_iter().take(NAMELESS_HASHES));
    }
    out.into_iter().collect()
}

fn persons(report: &Report, rules: &Rules, out: &mut BTreeSet<BlockingKey>) {
    for entity in report.who.iter().chain(&report.about) {
        let name = Name::new(entity, rules);
        let family = report.kind.as_str();
        out.insert(BlockingKey::Person(family.to_owned(), entity.id.clone()));
        out.insert(BlockingKey::Person(family.to_owned(), name.surname().to_owned()));
    }
}

/// What stands after the family in the key of a report with a date; its month is the event's.
const DATED: &str = "";

/// The same without a date; its month is the article's.
const UNDATED: &str = " undated";

fn bodies(report: &Report, kind: &str, months: RangeInclusive<i32>, out: &mut BTreeSet<BlockingKey>) {
    let family = format!("{}{kind}", report.kind.as_str());
    for entity in &report.body {
        for month in months.clone() {
            out.insert(BlockingKey::Body(family.clone(), entity.id.clone(), Some(month)));
        }
    }
}

/// Months since the year 0.
fn month(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}
