//! The digest: which alerts it tells, where, and under which subject; and when one is due.
//!
//! Told where it belongs: each development once, in full, under the first watched person or body that it concerns, in the
//! order of the watchlist; the others are named beside it. There, story by story; what one hearing brought is one item.

mod background;
mod sections;
mod slot;
mod subject;
mod trial;
pub mod when;

pub use slot::{GRACE, Slot, due, is_ahead, next_slot};
pub use subject::MAX_SUBJECT;
pub use trial::trial;

use crate::domain::{
    Alert, AlertId, AlertKind, ArticleId, Development, DevelopmentId, DevelopmentReport, DevelopmentType, Digest,
    DigestId, DigestItem, DigestLink, DigestSection, EntityRef, EventStage, Flood, ReadingDoubt, SourcesSummary,
    Status, Watchlist,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Most articles that are named beside the one that an item quotes.
const MAX_ELSEWHERE: usize = 3;

/// One alert, and what is known around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The alert.
    pub alert: Alert,
    /// Its development, as it is known: the alert may name one that was merged into it.
    pub development: Option<DevelopmentId>,
    /// The articles that tell it so far: as new, where any does. Who recalls it is no source of it.
    pub told_in: Vec<ArticleId>,
    /// How many they are, at least one.
    pub articles: u32,
    /// How many of them are independent of each other.
    pub independent_sources: u32,
    /// Some of the others: independent ones, or one copy where there is none.
    pub elsewhere: Vec<DigestLink>,
    /// Whether a later version of its article is told beside it.
    pub amended_since: bool,
    /// To whom it has happened, for sure: only of these may the subject say “X arrested”.
    pub happened_to: Vec<EntityRef>,
}

impl Told {
    /// `alert` with what its development, if it has one, knows of sources and of whom it happened to.
    pub fn new(alert: Alert, development: Option<&Development>) -> Self {
        let mut told_in: Vec<ArticleId> = Vec::new();
        let mut happened_to: Vec<EntityRef> = Vec::new();
        let sources: Vec<&DevelopmentReport> = development.map(sources).unwrap_or_default();
        for report in &sources {
            told_in.push(report.article.clone());
            let told = &report.report;
            if told.stage == EventStage::Done && told.certainty.is_sure() && Some(told.kind) == event(&alert) {
                happened_to.extend(told.who.iter().cloned());
            }
        }
        told_in.sort_unstable();
        told_in.dedup();
        happened_to.sort_unstable();
        happened_to.dedup_by(|b, a| a.id == b.id);
        let count = |n: usize| u32::try_from(n.max(1)).unwrap_or(u32::MAX);
        Self {
            articles: count(told_in.len()),
            independent_sources: count(sources.iter().map(|r| &r.copies_of).collect::<BTreeSet<_>>().len()),
            elsewhere: elsewhere(&alert, &sources),
            development: development.map(|d| d.id.clone()),
            amended_since: false,
            alert,
            told_in,
            happened_to,
        }
    }
}

/// The reports that bring `development` as new; all where none does.
fn sources(development: &Development) -> Vec<&DevelopmentReport> {
    let new = |r: &&DevelopmentReport| !development.told_as_new() || r.report.status == Status::New;
    development.reports.iter().filter(new).collect()
}

/// Other articles among `sources`: of each cluster of copies but the alert's own the first. Without such, one copy.
fn elsewhere(alert: &Alert, sources: &[&DevelopmentReport]) -> Vec<DigestLink> {
    let mut reports: Vec<_> = sources.iter().filter(|r| r.article != alert.article).collect();
    reports.sort_by(|a, b| (a.at, &a.article).cmp(&(b.at, &b.article)));
    let own = sources.iter().find(|r| r.article == alert.article).map(|r| &r.copies_of);
    let mut clusters: BTreeSet<&ArticleId> = own.into_iter().collect();
    let (independent, copies): (Vec<_>, Vec<_>) = reports.into_iter().partition(|r| clusters.insert(&r.copies_of));
    let links = |list: Vec<&&DevelopmentReport>, most: usize| {
        let mut out: Vec<DigestLink> = Vec::new();
        for (report, url) in list.into_iter().filter_map(|r| Some((r, r.url.as_ref()?))) {
            let listed = |l: &DigestLink| l.url == *url || l.outlet.is_some() && l.outlet == report.outlet;
            if alert.url.as_ref() != Some(url) && !out.iter().any(listed) {
                out.push(DigestLink { outlet: report.outlet.clone(), url: url.clone() });
            }
        }
        out.truncate(most);
        out
    };
    let out = links(independent, MAX_ELSEWHERE);
    if out.is_empty() { links(copies, 1) } else { out }
}

fn event(alert: &Alert) -> Option<DevelopmentType> {
    match &alert.content {
        AlertKind::Development { event, .. } => Some(*event),
        AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => None,
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
    /// For each watched person and body under which something is told, the developments that concern it.
    pub developments: BTreeMap<String, Vec<Development>>,
    /// What could not be told in the articles read since the last digest that was sent.
    pub doubts: Vec<ReadingDoubt>,
    /// What could not be told in the articles of the days before: it is not said again.
    pub known_doubts: Vec<ReadingDoubt>,
    /// Articles read in the time it covers.
    pub articles_read: u64,
    /// The state of the sources.
    pub sources: SourcesSummary,
    /// What else the reader should know first.
    pub notices: Vec<String>,
    /// What the flood breaker held back.
    pub flood: Option<Flood>,
}

/// The watched id under which `alert` is told: the first in the watchlist's order (persons, then bodies) of those it
/// concerns; the first it names where the watchlist has none of them any more; the keyword of a keyword's alert.
pub fn told_under<'a>(alert: &'a Alert, watchlist: &Watchlist) -> Option<&'a str> {
    match &alert.content {
        AlertKind::Keyword { keyword } => Some(keyword),
        AlertKind::Development { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => {
            // Somebody's past stands under the name that is new.
            let ids = if alert.past_of.is_empty() { &alert.tracked } else { &alert.past_of };
            ids.iter().min_by_key(|id| place(id, watchlist)).map(String::as_str)
        }
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

/// The identifier of the digest that was due at `at`: its local time, so that a folder of digests is in order, and a
/// fingerprint that keeps the two hours of an autumn night apart.
pub fn digest_id(at: Timestamp, zone: &str) -> DigestId {
    let derived = DigestId::derive(&["digest", &at.to_string()]);
    let local = at.to_zoned_datetime(when::zone(zone)).strftime("%Y%m%d-%H%M").to_string();
    let tail: String = derived.as_str().chars().take(6).collect();
    DigestId::parse(&format!("{local}-{tail}")).unwrap_or(derived)
}

/// The identifier of the digest of somebody's past that was made at `at`, beside the one of the schedule.
fn past_id(at: Timestamp, zone: &str) -> DigestId {
    let own = digest_id(at, zone);
    DigestId::parse(&format!("{own}-past")).unwrap_or(own)
}

/// Names of those whose past `told` is, in the watchlist's order; none unless all of it is.
fn names_of_past(told: &[Told], watchlist: &Watchlist) -> Vec<String> {
    if told.iter().any(|t| t.alert.past_of.is_empty()) {
        return Vec::new();
    }
    let ids: BTreeSet<&String> = told.iter().flat_map(|t| &t.alert.past_of).collect();
    let mut ids: Vec<&String> = ids.into_iter().collect();
    ids.sort_by_key(|id| place(id, watchlist));
    ids.into_iter().map(|id| name_of(id, watchlist).unwrap_or_else(|| id.clone())).collect()
}

/// The digest that `input` makes; `None` when there is no alert to tell.
pub fn compose(input: Input<'_>) -> Option<Digest> {
    let Input {
        slot,
        zone,
        watchlist,
        mut told,
        developments,
        doubts,
        known_doubts,
        articles_read,
        sources,
        notices,
        flood,
    } = input;
    if told.is_empty() && flood.is_none() {
        return None;
    }
    mark_amended(&mut told);
    let past = names_of_past(&told, watchlist);
    let catch_up = told.iter().filter(|t| t.alert.catch_up).count();
    let all_catch_up = !told.is_empty() && catch_up == told.len();
    let ids: BTreeSet<DevelopmentId> = told.iter().filter_map(|t| t.development.clone()).collect();
    let evidence: BTreeSet<String> = told.iter().map(|t| plain(&t.alert.evidence.text)).collect();
    let (mut corrections, told): (Vec<Told>, Vec<Told>) = told.into_iter().partition(|t| puts_right(&t.alert));
    corrections.sort_by(|Told { alert: a, .. }, Told { alert: b, .. }| {
        (a.level, sections::order(a)).cmp(&(b.level, sections::order(b)))
    });
    let sections = sections::sections(told, watchlist, &developments);
    let prefix = match (past.is_empty(), all_catch_up) {
        (false, _) => "Past: ",
        (true, true) => "Catch-up: ",
        (true, false) => "",
    };
    let headline = subject::subject(&sections, &corrections, flood.as_ref(), watchlist, prefix);
    let mut all_notices = own_notices(&slot, zone, catch_up, all_catch_up);
    if !past.is_empty() {
        all_notices.push(format!(
            "The past of {}, watched since lately: what articles that were stored before tell. None of it is new today, and \
             what you were told already is left out.",
            past.join(", ")
        ));
    }
    all_notices.extend(notices);
    let today = when::local_day(slot.to, zone);
    Some(Digest {
        id: if past.is_empty() { digest_id(slot.at, zone) } else { past_id(slot.at, zone) },
        subject: headline.line,
        from: slot.from,
        to: slot.to,
        zone: zone.to_owned(),
        notices: all_notices,
        overview: headline.overview,
        corrections: corrections.into_iter().filter_map(|t| sections::item(vec![t], "", watchlist)).collect(),
        flood,
        sections: said_once(
            sections
                .into_iter()
                .map(|section| {
                    let known = developments.get(&section.id).map_or(&[][..], Vec::as_slice);
                    sections::finish(section, watchlist, known, &ids, today)
                })
                .collect(),
        ),
        doubts: open_doubts(doubts, &known_doubts, &evidence),
        articles_read,
        sources,
    })
}

/// `sections` without what was known before, or is due next, where an earlier one says it: the force's section need not repeat
/// what stands in its officer's.
fn said_once(mut sections: Vec<DigestSection>) -> Vec<DigestSection> {
    let (mut known, mut due) = (BTreeSet::new(), BTreeSet::new());
    for story in sections.iter_mut().flat_map(|section| &mut section.stories) {
        story.known_before.retain(|s| known.insert(s.development.clone()));
        story.due_next.retain(|s| due.insert(s.development.clone()));
    }
    sections
}

/// The part of `digest` that corrects what was told before, as a digest of its own: for readers who were sent that and get
/// nothing else any more. `number` keeps those of several readers apart; `alerts` are the ones meant for them.
pub fn corrections_alone(digest: &Digest, number: usize, alerts: &[AlertId]) -> Option<Digest> {
    let meant = |alert: &&Alert| alerts.contains(&alert.id);
    let items: Vec<DigestItem> = digest
        .items()
        .filter_map(|item| {
            let mut meant = item.alerts().filter(meant).cloned();
            Some(DigestItem { alert: meant.next()?, with: meant.collect(), ..item.clone() })
        })
        .collect();
    let first = items.first()?;
    Some(Digest {
        id: DigestId::parse(&format!("{}-corrections-{number}", digest.id)).ok()?,
        subject: subject::of_corrections(&first.alert, items.len()),
        notices: vec!["You get this because you were sent what it corrects or follows up.".to_owned()],
        overview: Vec::new(),
        corrections: items,
        flood: None,
        sections: Vec::new(),
        doubts: Vec::new(),
        articles_read: 0,
        sources: SourcesSummary::default(),
        ..digest.clone()
    })
}

/// Marks what an earlier version of an article told that another alert has a later one of.
fn mark_amended(told: &mut [Told]) {
    let versions: Vec<(Option<String>, Option<Timestamp>)> =
        told.iter().map(|t| (t.alert.url.clone(), t.alert.published)).collect();
    for one in told {
        let own = &one.alert;
        let later = |(url, at): &(Option<String>, Option<Timestamp>)| {
            url.is_some() && *url == own.url && own.published.is_some() && *at > own.published
        };
        one.amended_since = versions.iter().any(later);
    }
}

/// Those of `doubts` that neither an earlier digest nor a copy has brought, and whose sentence is not told anyway.
fn open_doubts(doubts: Vec<ReadingDoubt>, known: &[ReadingDoubt], told: &BTreeSet<String>) -> Vec<ReadingDoubt> {
    let key = |d: &ReadingDoubt| (d.doubt.kind, plain(&d.doubt.evidence));
    let mut seen: BTreeSet<(Option<DevelopmentType>, String)> = known.iter().map(key).collect();
    doubts.into_iter().filter(|d| !told.contains(&plain(&d.doubt.evidence)) && seen.insert(key(d))).collect()
}

/// `text` as copies of it are compared: letters and digits alone.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether `alert` puts right what the reader may have been told: an article that was changed, a correction that a
/// publisher tells, or how a matter ended that an earlier alert told.
fn puts_right(alert: &Alert) -> bool {
    alert.is_correction() || !alert.corrects.is_empty() || event(alert) == Some(DevelopmentType::Correction)
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

fn tracked_name(alert: &Alert, id: &str) -> Option<String> {
    alert.tracked.iter().position(|t| t == id).and_then(|i| alert.tracked_names.get(i)).cloned()
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
