//! The digest: which alerts it tells, where, and under which subject; and when one is due.
//!
//! Told where it belongs: each development once, in full, under the first watched person or body that it concerns, in the
//! order of the watchlist; the others are named beside it.

mod slot;
mod subject;
pub mod when;

pub use slot::{GRACE, Slot, due, next_slot};
pub use subject::MAX_SUBJECT;

use crate::domain::{
    Alert, AlertKind, Development, DevelopmentType, Digest, DigestId, DigestItem, DigestSection, Doubt, EventStage,
    Level, PartialDate, SourcesSummary, Standing, Watchlist,
};
use jiff::Timestamp;

/// Most lines of what was known before, the latest kept.
const MAX_KNOWN_BEFORE: usize = 5;

/// One alert, and what is known around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The alert.
    pub alert: Alert,
    /// How many articles tell it so far.
    pub articles: u32,
    /// How many of them are independent of each other.
    pub independent_sources: u32,
    /// What was known before about whom it is told under: see [`known_before`].
    pub known_before: Vec<Standing>,
    /// Watched ids to whom it has happened, for sure: only of these may the subject say “X arrested”.
    pub happened_to: Vec<String>,
}

impl Told {
    /// `alert` with what its development, if it has one, knows of sources and of whom it happened to.
    pub fn new(alert: Alert, development: Option<&Development>, known_before: Vec<Standing>) -> Self {
        let mut articles: Vec<&str> = Vec::new();
        let mut happened_to: Vec<String> = Vec::new();
        for report in development.iter().flat_map(|d| &d.reports) {
            articles.push(report.article.as_str());
            let told = &report.report;
            if told.stage == EventStage::Done && told.certainty.is_sure() && Some(told.kind) == event(&alert) {
                happened_to.extend(told.who.iter().filter(|w| w.watched).map(|w| w.id.clone()));
            }
        }
        articles.sort_unstable();
        articles.dedup();
        happened_to.sort_unstable();
        happened_to.dedup();
        let count = |n: usize| u32::try_from(n.max(1)).unwrap_or(u32::MAX);
        Self {
            alert,
            articles: count(articles.len()),
            independent_sources: count(development.map_or(1, Development::independent_sources)),
            known_before,
            happened_to,
        }
    }
}

fn event(alert: &Alert) -> Option<DevelopmentType> {
    match &alert.content {
        AlertKind::Development { event, .. } => Some(*event),
        AlertKind::Keyword { .. } => None,
    }
}

/// What a digest is made of.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// When it was due and what time it covers.
    pub slot: Slot,
    /// IANA zone in which its times are shown.
    pub zone: &'a str,
    /// Who and what is watched.
    pub watchlist: &'a Watchlist,
    /// Alerts that no digest has told yet, in any order.
    pub told: Vec<Told>,
    /// What could not be told in the articles read since the last digest that was sent, each with the article's headline.
    pub doubts: Vec<(String, Doubt)>,
    /// Articles read in the time it covers.
    pub articles_read: u64,
    /// The state of the sources.
    pub sources: SourcesSummary,
    /// What else the reader should know first.
    pub notices: Vec<String>,
}

/// The watched id under which `alert` is told: the first in the watchlist's order (persons, then bodies) of those it
/// concerns; the first it names where the watchlist has none of them any more; the keyword of a keyword's alert.
pub fn told_under<'a>(alert: &'a Alert, watchlist: &Watchlist) -> Option<&'a str> {
    match &alert.content {
        AlertKind::Keyword { keyword } => Some(keyword),
        AlertKind::Development { .. } => alert.tracked.iter().min_by_key(|id| place(id, watchlist)).map(String::as_str),
    }
}

/// Position in the watchlist: persons, then bodies; what is not watched any more comes last.
fn place(id: &str, watchlist: &Watchlist) -> usize {
    let mut ids = watchlist.persons.iter().map(|p| &p.id).chain(watchlist.bodies.iter().map(|b| &b.id));
    ids.position(|i| i == id).unwrap_or(usize::MAX)
}

fn name_of(id: &str, watchlist: &Watchlist) -> Option<String> {
    let persons = watchlist.persons.iter().map(|p| (&p.id, &p.name));
    let bodies = watchlist.bodies.iter().map(|b| (&b.id, &b.name));
    persons.chain(bodies).find(|(i, _)| *i == id).map(|(_, name)| name.clone())
}

/// What was known of whom `alert` is told under before it: `developments` of that person or body that were seen, or are
/// dated, before it, are sure, have happened and are no statements or corrections; the latest five in order of date.
///
/// A body has many matters at once, so only those of the alert's own story count there.
pub fn known_before(alert: &Alert, developments: &[Development], watchlist: &Watchlist) -> Vec<Standing> {
    let (Some(home), AlertKind::Development { development: own, date: own_date, .. }) =
        (told_under(alert, watchlist), &alert.content)
    else {
        return Vec::new();
    };
    let is_person = watchlist.persons.iter().any(|p| p.id == home);
    let mut known: Vec<Standing> = developments
        .iter()
        .filter(|d| d.id != *own && (is_person || (d.story.is_some() && d.story == alert.story)))
        .filter(|d| !matches!(d.kind, DevelopmentType::Statement | DevelopmentType::Correction))
        .filter(|d| matches!(d.stage, EventStage::Done | EventStage::Begun))
        .filter(|d| {
            // Seen earlier, or recalled from earlier; never what lies ahead.
            let earlier = |date: PartialDate| own_date.is_some_and(|own| date.last_day() < own.first_day());
            let ahead = |date: PartialDate| own_date.is_some_and(|own| date.first_day() > own.last_day());
            // What the same article brings is no knowledge from before, unless it recalls it.
            let elsewhere = d.reports.first().is_some_and(|r| r.article != alert.article);
            let seen_before = elsewhere && d.first_seen < alert.raised;
            (seen_before || d.date.is_some_and(earlier)) && !d.date.is_some_and(ahead)
        })
        .filter_map(|d| {
            let sure = |r: &&crate::domain::DevelopmentReport| {
                r.report.certainty.is_sure() && r.report.entities().any(|e| e.id == home)
            };
            let report = d.reports.iter().find(sure)?;
            let detail = report.report.detail.clone();
            Some(Standing { development: d.id.clone(), kind: d.kind, date: d.date, detail })
        })
        .collect();
    known.sort_by(|a, b| {
        (a.date.map(|d| d.first_day()), &a.development).cmp(&(b.date.map(|d| d.first_day()), &b.development))
    });
    known.drain(..known.len().saturating_sub(MAX_KNOWN_BEFORE));
    known
}

/// The identifier of the digest that was due at `at`: its local time, so that a folder of digests is in order, and a
/// fingerprint that keeps the two hours of an autumn night apart.
pub fn digest_id(at: Timestamp, zone: &str) -> DigestId {
    let derived = DigestId::derive(&["digest", &at.to_string()]);
    let local = at.to_zoned_datetime(when::zone(zone)).strftime("%Y%m%d-%H%M").to_string();
    let tail: String = derived.as_str().chars().take(6).collect();
    DigestId::parse(&format!("{local}-{tail}")).unwrap_or(derived)
}

/// The digest that `input` makes; `None` when there is no alert to tell.
pub fn compose(input: Input<'_>) -> Option<Digest> {
    let Input { slot, zone, watchlist, told, doubts, articles_read, sources, notices } = input;
    if told.is_empty() {
        return None;
    }
    let catch_up = told.iter().filter(|t| t.alert.catch_up).count();
    let all_catch_up = catch_up == told.len();
    // What is told for sure in this digest is in doubt no more.
    let resolved = |doubt: &Doubt| {
        doubt.kind.is_some()
            && !doubt.concerns.is_empty()
            && told
                .iter()
                .any(|t| event(&t.alert) == doubt.kind && doubt.concerns.iter().all(|id| t.alert.tracked.contains(id)))
    };
    let mut seen: Vec<(String, Doubt)> = Vec::new();
    for doubt in doubts {
        let again = seen.iter().any(|(_, d)| d.evidence == doubt.1.evidence && d.reason == doubt.1.reason);
        if !again && !resolved(&doubt.1) {
            seen.push(doubt);
        }
    }
    let sections = sections(told, watchlist);
    let subject = subject::subject(&sections, watchlist, all_catch_up);
    let mut all_notices = own_notices(&slot, zone, catch_up, all_catch_up);
    all_notices.extend(notices);
    Some(Digest {
        id: digest_id(slot.at, zone),
        subject,
        from: slot.from,
        to: slot.to,
        zone: zone.to_owned(),
        notices: all_notices,
        sections: sections
            .into_iter()
            .map(|(title, id, told)| DigestSection {
                keyword: told.iter().any(|t| event(&t.alert).is_none()),
                items: told.into_iter().map(|t| item(t, &id, watchlist)).collect(),
                id,
                title,
            })
            .collect(),
        doubts: seen,
        articles_read,
        sources,
    })
}

fn own_notices(slot: &Slot, zone: &str, catch_up: usize, all_catch_up: bool) -> Vec<String> {
    let mut out = Vec::new();
    if slot.missed {
        let made = match when::same_day(slot.at, slot.to, zone) {
            true => when::clock(slot.to, zone),
            false => when::moment(slot.to, zone),
        };
        out.push(format!(
            "Due on {}, made at {made}: the service was not running when it was due. It covers everything since the last one.",
            when::moment(slot.at, zone)
        ));
    }
    if all_catch_up {
        out.push(
            "Catch-up: this is what feeds held when they were read for the first time, not only what is new today."
                .to_owned(),
        );
    } else if catch_up > 0 {
        let (are, they) = if catch_up == 1 { ("1 item comes", "It") } else { ("items come", "They") };
        let count = if catch_up == 1 { String::new() } else { format!("{catch_up} ") };
        out.push(format!(
            "Catch-up: {count}{are} from feeds that were read for the first time. {they} may be some days old."
        ));
    }
    out
}

/// Name, id and contents of each section: persons and bodies in the watchlist's order, what is not watched any more, then
/// keywords; in each, major before minor, then by date.
fn sections(told: Vec<Told>, watchlist: &Watchlist) -> Vec<(String, String, Vec<Told>)> {
    let mut keyed: Vec<_> = told
        .into_iter()
        .map(|t| {
            let home = told_under(&t.alert, watchlist).unwrap_or("").to_owned();
            let keyword = event(&t.alert).is_none();
            let position = if keyword {
                watchlist.keywords.iter().position(|k| k.id == home).unwrap_or(usize::MAX)
            } else {
                place(&home, watchlist)
            };
            ((keyword, position, home), t)
        })
        .collect();
    keyed.sort_by(|(a, s), (b, t)| a.cmp(b).then_with(|| order(&s.alert).cmp(&order(&t.alert))));
    let mut out: Vec<(String, String, Vec<Told>)> = Vec::new();
    for ((keyword, _, home), told) in keyed {
        let same = |(_, id, items): &&mut (String, String, Vec<Told>)| {
            *id == home && items.first().is_some_and(|t| event(&t.alert).is_none() == keyword)
        };
        if let Some((.., items)) = out.last_mut().filter(same) {
            items.push(told);
            continue;
        }
        let title = if keyword {
            watchlist.keywords.iter().find(|k| k.id == home && !k.name.is_empty()).map(|k| k.name.clone())
        } else {
            name_of(&home, watchlist).or_else(|| tracked_name(&told.alert, &home))
        };
        out.push((title.unwrap_or_else(|| home.clone()), home, vec![told]));
    }
    out
}

/// What an alert's order within a section goes by.
type Order<'a> = (Level, Option<jiff::civil::Date>, Option<Timestamp>, Option<DevelopmentType>, &'a str);

fn order(alert: &Alert) -> Order<'_> {
    let told = alert.published.map(|at| jiff::tz::Offset::UTC.to_datetime(at).date());
    let date = match &alert.content {
        AlertKind::Development { date, .. } => date.map(|d| d.first_day()).or(told),
        AlertKind::Keyword { .. } => None,
    };
    // The taxonomy's order, an arrest before a charge, is the likeliest for what one article tells of one day.
    (alert.level, date, alert.published, event(alert), alert.id.as_str())
}

fn tracked_name(alert: &Alert, id: &str) -> Option<String> {
    alert.tracked.iter().position(|t| t == id).and_then(|i| alert.tracked_names.get(i)).cloned()
}

fn item(told: Told, home: &str, watchlist: &Watchlist) -> DigestItem {
    let mut others: Vec<&String> = told.alert.tracked.iter().filter(|id| *id != home).collect();
    others.sort_by_key(|id| (place(id, watchlist), id.as_str()));
    others.dedup();
    let also_about = others
        .into_iter()
        .map(|id| name_of(id, watchlist).or_else(|| tracked_name(&told.alert, id)).unwrap_or_else(|| id.clone()))
        .collect();
    DigestItem {
        articles: told.articles,
        independent_sources: told.independent_sources,
        known_before: told.known_before,
        also_about,
        alert: told.alert,
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
