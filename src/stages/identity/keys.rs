//! What developments and articles are found by.

use super::rules::{Rules, rules};
use super::view::Name;
use super::{Telling, copies};
use crate::domain::{BlockingKey, Development, PartialDate, Report};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// Months before its article in which a report without a date is looked for among those of one body.
const UNDATED_MONTHS: i32 = 2;

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
        let months = match report.date {
            Some(date) => month(date.first_day()) - 1..=month(date.last_day()) + 1,
            None => month(day) - UNDATED_MONTHS..=month(day),
        };
        let months: Vec<Option<i32>> = months.map(Some).chain([None]).collect();
        bodies(report, &months, &mut out);
    }
    out.into_iter().collect()
}

/// Keys that `development` is to be found by; `article` is the one that changed it.
pub(super) fn development_keys(development: &Development, article: &Telling, rules: &Rules) -> Vec<BlockingKey> {
    let mut out = BTreeSet::new();
    for told in &development.reports {
        persons(&told.report, rules, &mut out);
        let month = match told.report.date {
            Some(PartialDate::Day(day)) => Some(month(day)),
            Some(date @ PartialDate::Month(..)) => Some(month(date.first_day())),
            _ => None,
        };
        bodies(&told.report, &[month], &mut out);
    }
    if out.is_empty() {
        out.extend(article_keys(&copies::sketch(article.text)).into_iter().take(NAMELESS_HASHES));
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

fn bodies(report: &Report, months: &[Option<i32>], out: &mut BTreeSet<BlockingKey>) {
    for entity in &report.body {
        for month in months {
            out.insert(BlockingKey::Body(report.kind.as_str().to_owned(), entity.id.clone(), *month));
        }
    }
}

/// Months since the year 0.
fn month(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}
