//! Scores of what was found in labelled articles: mentions, developments, quotes, alerts.

use super::align::{Carrier, overlap, runs, words};
use super::cases::{Case, CaseSet, Reading, list, strings};
use super::resolve::{Resolver, is_title};
use conductwatch::domain::{Alert, DevelopmentType, EntityKind, EntityRef, PartialDate, Report, Status};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What was right, what was said, what there was.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) hit: usize,
    pub(crate) said: usize,
    pub(crate) there: usize,
}

/// `part / whole`; 1 of nothing where nothing was to be had.
pub(crate) fn share(part: usize, whole: usize, empty: f64) -> f64 {
    if whole == 0 { empty } else { part as f64 / whole as f64 }
}

/// The harmonic mean.
pub(crate) fn harmonic(p: f64, r: f64) -> f64 {
    if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
}

impl Tally {
    pub(crate) fn f1(self) -> f64 {
        let p = share(self.hit, self.said, if self.there == 0 { 1.0 } else { 0.0 });
        let r = share(self.hit, self.there, if self.said == 0 { 1.0 } else { 0.0 });
        harmonic(p, r)
    }
}

/// All tallies of one set.
#[derive(Debug, Default)]
pub(crate) struct Scores {
    pub(crate) named_core: Tally,
    pub(crate) nominal: Tally,
    pub(crate) events: Tally,
    pub(crate) statements: Tally,
    pub(crate) quotes: Tally,
    /// Matched developments, of them with the right status, of them with a compatible date.
    pub(crate) matched: usize,
    pub(crate) status_right: usize,
    pub(crate) date_right: usize,
    /// Sentences that forbid a development, and of them those that raised it all the same.
    pub(crate) traps: usize,
    pub(crate) traps_hit: usize,
}

/// The scores of `readings`, one for each case of `set`.
pub(crate) fn score(set: &CaseSet, readings: &[Reading]) -> Scores {
    let mut out = Scores::default();
    for (case, reading) in set.cases.iter().zip(readings) {
        let own = std::iter::once(&case.gold["entities"]);
        let resolver = Resolver::new(own.chain(set.cases.iter().map(|c| &c.gold["entities"])));
        mentions(case, reading, &resolver, &mut out);
        developments(&case.gold, &reading.found.reports, &resolver, &mut out);
        quotes(&case.gold, reading, &resolver, &mut out);
    }
    out
}

/// Byte offset of each code point of `text`, and its length.
fn byte_offsets(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}

/// `start..end` of `text` without leading titles, ranks and "the", and without a possessive.
fn core(text: &str, mut start: usize, mut end: usize) -> (usize, usize) {
    loop {
        let rest = &text[start..end];
        let Some((word, after)) = rest.split_once(char::is_whitespace) else { break };
        if word.is_empty() || !(is_title(word) || word.eq_ignore_ascii_case("the")) {
            break;
        }
        start = end - after.trim_start().len();
    }
    if let Some(owner) = ["\u{2019}s", "'s"].iter().find_map(|s| text[start..end].strip_suffix(s)) {
        end = start + owner.len();
    }
    (start, end)
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Named,
    Nominal,
    Place,
}

fn mentions(case: &Case, reading: &Reading, resolver: &Resolver, out: &mut Scores) {
    let text = case.gold["clean_text"].as_str().unwrap();
    let at = byte_offsets(text);
    let carrier = Carrier::new(&reading.text, text);
    type Key = (usize, usize, String);
    let mut labelled: BTreeMap<Key, Class> = BTreeMap::new();
    for mention in list(&case.gold["mentions"]) {
        let class = match (mention["nominal"] == true, mention["kind"].as_str()) {
            (true, _) => Class::Nominal,
            (_, Some("place")) => Class::Place,
            _ => Class::Named,
        };
        let offset = |key: &str| at[usize::try_from(mention[key].as_u64().unwrap()).unwrap()];
        let entity = mention["entity"].as_str().unwrap().to_owned();
        labelled.insert((offset("start"), offset("end"), entity), class);
    }
    let of_span: BTreeMap<(usize, usize), Class> = labelled.iter().map(|((s, e, _), c)| ((*s, *e), *c)).collect();
    let named = labelled.iter().filter(|(_, c)| **c == Class::Named);
    let cores: BTreeSet<Key> =
        named.map(|((s, e, id), _)| (core(text, *s, *e), id.clone())).map(|((s, e), id)| (s, e, id)).collect();
    let (mut seen, mut seen_cores) = (BTreeSet::new(), BTreeSet::new());
    for mention in &reading.found.mentions {
        let entity = resolver.one(&mention.entity);
        let span = carrier.carry(mention.span.start, mention.span.end);
        let key = span.map(|(s, e)| (s, e, entity.clone()));
        let class = key.as_ref().and_then(|k| labelled.get(k)).or_else(|| of_span.get(&span?)).copied();
        let class = class.unwrap_or(match mention.kind {
            _ if mention.nominal => Class::Nominal,
            EntityKind::Place => Class::Place,
            EntityKind::Person | EntityKind::Body => Class::Named,
        });
        let right = key.clone().is_some_and(|k| labelled.contains_key(&k) && seen.insert(k));
        if class == Class::Nominal {
            out.nominal.said += 1;
            out.nominal.hit += usize::from(right);
        }
        if class == Class::Named {
            out.named_core.said += 1;
            let key = span.map(|(s, e)| core(text, s, e)).map(|(s, e)| (s, e, entity));
            out.named_core.hit += usize::from(key.is_some_and(|k| cores.contains(&k) && seen_cores.insert(k)));
        }
    }
    out.nominal.there += labelled.values().filter(|c| **c == Class::Nominal).count();
    out.named_core.there += labelled.values().filter(|c| **c == Class::Named).count();
}

/// Whether one date is the other, or its month or year.
fn compatible(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.starts_with(b) || b.starts_with(a),
        _ => false,
    }
}

fn developments(gold: &Value, reports: &[Report], resolver: &Resolver, out: &mut Scores) {
    let labels = list(&gold["developments"]);
    let wanted: Vec<BTreeSet<String>> = labels
        .iter()
        .map(|d| ["who", "body", "about"].iter().flat_map(|k| resolver.labelled(&d[*k])).collect())
        .collect();
    let said: Vec<BTreeSet<String>> =
        reports.iter().map(|r| r.entities().map(|e: &EntityRef| resolver.one(&e.id)).collect()).collect();
    let dates: Vec<Option<String>> = reports.iter().map(|r| r.date.map(|d: PartialDate| d.to_string())).collect();
    let status = |report: &Report| if report.status == Status::New { "new" } else { "background" };
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, report) in reports.iter().enumerate() {
        for (j, label) in labels.iter().enumerate() {
            let shared = said[i].intersection(&wanted[j]).count();
            let nobody = said[i].is_empty() && wanted[j].is_empty();
            if report.kind.as_str() != label["type"] || shared == 0 && !nobody {
                continue;
            }
            let all = said[i].union(&wanted[j]).count();
            let (a, b) = (words(&report.evidence.text), words(label["evidence"].as_str().unwrap_or("")));
            let common: usize = runs(&a, &b).iter().map(|r| r.2).sum();
            let evidence = if a.len() + b.len() == 0 { 1.0 } else { 2.0 * common as f64 / (a.len() + b.len()) as f64 };
            let dated = compatible(dates[i].as_deref(), label["date"].as_str());
            let standing = f64::from(u8::from(label["status"] == status(report)));
            let likeness =
                share(shared, all, 1.0) + 0.2 * f64::from(u8::from(dated)) + 0.1 * standing + 0.05 * evidence;
            pairs.push((likeness, i, j));
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut told, mut found): (BTreeMap<usize, usize>, BTreeSet<usize>) = (BTreeMap::new(), BTreeSet::new());
    for (_, i, j) in pairs {
        if told.contains_key(&i) || !found.insert(j) {
            continue;
        }
        told.insert(i, j);
        out.matched += 1;
        out.status_right += usize::from(labels[j]["status"] == status(&reports[i]));
        out.date_right += usize::from(compatible(dates[i].as_deref(), labels[j]["date"].as_str()));
        let tally = if labels[j]["type"] == "statement" { &mut out.statements } else { &mut out.events };
        tally.hit += 1;
    }
    let mut count = |statement: bool, said: usize, there: usize| {
        let tally = if statement { &mut out.statements } else { &mut out.events };
        tally.said += said;
        tally.there += there;
    };
    for report in reports {
        count(report.kind == DevelopmentType::Statement, 1, 0);
    }
    for label in labels {
        count(label["type"] == "statement", 0, 1);
    }
    let traps = list(&gold["traps"]);
    out.traps += traps.len();
    let mut sprung = BTreeSet::new();
    for (i, report) in reports.iter().enumerate() {
        let matched = told.get(&i);
        // "A was charged, B was not", told as both charged, is a trap too.
        let wrong: BTreeSet<String> =
            matched.map_or_else(|| said[i].clone(), |j| said[i].difference(&wanted[*j]).cloned().collect());
        let of = |trap: &Value| {
            trap["type"] == report.kind.as_str() && strings(&trap["who"]).iter().any(|w| wrong.contains(w))
        };
        let hit: Vec<usize> = (0..traps.len()).filter(|k| !sprung.contains(k) && of(&traps[*k])).collect();
        sprung.extend(hit.into_iter().take(if matched.is_some() { usize::MAX } else { 1 }));
    }
    out.traps_hit += sprung.len();
}

fn quotes(gold: &Value, reading: &Reading, resolver: &Resolver, out: &mut Scores) {
    let labels = list(&gold["quotes"]);
    let text = |j: usize| labels[j]["text"].as_str().unwrap_or("");
    let fragment = |j: usize| labels[j]["partial"] == true || labels[j]["nested"] == true;
    let mut groups: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (j, label) in labels.iter().enumerate().filter(|(_, l)| l["partial"] != true) {
        if let Some(group) = label["group"].as_u64() {
            groups.entry(group).or_default().push(j);
        }
    }
    groups.retain(|_, members| members.len() > 1);
    let at = reading.text.char_indices().map(|(b, _)| b).collect::<Vec<_>>();
    let said: Vec<Option<String>> =
        reading.found.quotes.iter().map(|q| q.speaker.as_deref().map(|s| resolver.one(s))).collect();
    let mut pairs: Vec<(f64, usize, Vec<usize>)> = Vec::new();
    for (i, quote) in reading.found.quotes.iter().enumerate() {
        let start = at.partition_point(|b| *b < quote.span.start) as u64;
        for (j, label) in labels.iter().enumerate() {
            let like = overlap(&quote.text, text(j));
            if like >= 0.8 {
                let same = f64::from(u8::from(said[i].as_deref() == label["speaker"].as_str()));
                let near = f64::from(u8::from(label["start"].as_u64() == Some(start)));
                pairs.push((like + 0.01 * same + 0.001 * near, i, vec![j]));
            }
        }
        for members in groups.values() {
            let whole = members.iter().map(|j| text(*j)).collect::<Vec<_>>().join(" ");
            let like = overlap(&quote.text, &whole);
            if like >= 0.8 {
                pairs.push((like + 0.02, i, members.clone()));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut told, mut found) = (BTreeSet::new(), BTreeSet::new());
    for (_, i, members) in pairs {
        if told.contains(&i) || members.iter().any(|j| found.contains(j)) {
            continue;
        }
        told.insert(i);
        for j in members {
            found.insert(j);
            if !fragment(j) {
                out.quotes.said += 1;
                out.quotes.hit += usize::from(said[i].as_deref() == labels[j]["speaker"].as_str());
            }
        }
    }
    for (i, quote) in reading.found.quotes.iter().enumerate() {
        if !told.contains(&i) && quote.speaker.is_some() && !quote.partial && words(&quote.text).len() >= 4 {
            out.quotes.said += 1;
        }
    }
    out.quotes.there += (0..labels.len()).filter(|j| !fragment(*j)).count();
}

fn is_major(kind: &str) -> bool {
    !matches!(kind, "statement" | "correction")
}

/// The tally of major alerts: same article, same type, a shared tracked id, once for each expected one.
pub(crate) fn major_alerts(set: &CaseSet, alerts: &[(String, Alert)]) -> Tally {
    let maps = std::iter::once(&set.expected["tracked"]).chain(set.cases.iter().map(|c| &c.gold["entities"]));
    let resolver = Resolver::new(maps);
    let expected = list(&set.expected["expected_alerts"]);
    let raised: Vec<(&str, &str, BTreeSet<String>)> = alerts
        .iter()
        .map(|(article, a)| (article.as_str(), a.type_name(), a.tracked.iter().map(|t| resolver.one(t)).collect()))
        .collect();
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, (article, kind, tracked)) in raised.iter().enumerate() {
        for (j, label) in expected.iter().enumerate() {
            let types = strings(&label["types"]);
            let fits = if types.is_empty() { label["type"] == *kind } else { types.iter().any(|t| t == kind) };
            let wanted: BTreeSet<String> = strings(&label["tracked"]).into_iter().collect();
            let shared = tracked.intersection(&wanted).count();
            if label["article"] == *article && fits && shared > 0 {
                let same = f64::from(u8::from(label["type"] == *kind));
                pairs.push((share(shared, tracked.union(&wanted).count(), 1.0) + same, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut told, mut found) = (BTreeSet::new(), BTreeSet::new());
    for (_, i, j) in pairs {
        if !told.contains(&i) && !found.contains(&j) {
            told.insert(i);
            found.insert(j);
        }
    }
    let major = |j: &usize| expected[*j]["level"] == "major";
    Tally {
        hit: found.iter().filter(|j| major(j)).count(),
        said: raised.iter().filter(|(_, kind, _)| is_major(kind)).count(),
        there: (0..expected.len()).filter(major).count(),
    }
}
