//! Reports told only as where something was found: "a culture revealed in a watchdog's report yesterday".

use super::Finding;
use crate::domain::{DevelopmentType, PartialDate};
use crate::stages::extract::what::gates::{self, Scene};
use crate::stages::extract::what::standing::BodyKind;
use crate::stages::extract::what::when::TimeExpr;

/// What reports do to what they are about.
const DISCLOSED: &[&str] = &[
    "revealed",
    "exposed",
    "uncovered",
    "detailed",
    "disclosed",
    "documented",
    "outlined",
    "described",
    "identified",
    "highlighted",
    "found",
    "bare",
    "unearthed",
    "set",
    "out",
    "contained",
    "criticised",
];

/// Documents that publish findings.
const DOCUMENTS: &[&str] = &["report", "review", "inspection", "findings", "paper", "audit", "study", "dossier"];

/// Reports of watchdogs and inspectorates that sentence `s` names as a source.
pub(in crate::stages::extract::what) fn of_sources(
    scene: &Scene<'_>,
    s: usize,
    before: Option<PartialDate>,
) -> Vec<Finding> {
    let parsed = &scene.parsed[s];
    let mut out: Vec<Finding> = Vec::new();
    if scene.elsewhere || !scene.conduct {
        return out;
    }
    let lowers: Vec<&str> = parsed.words.iter().map(|w| w.lower.as_str()).collect();
    let base = scene.doc.sentences[s].first;
    for (p, np) in parsed.phrases.iter().enumerate() {
        let Some(prep) = np.prep.filter(|i| lowers.get(*i).is_some_and(|w| matches!(*w, "in" | "by" | "to"))) else {
            continue;
        };
        let before_prep = prep.checked_sub(1).and_then(|i| lowers.get(i)).copied().unwrap_or_default();
        // "according to a report by …" tells of it as "revealed in" does.
        let disclosed =
            if lowers[prep] == "to" { before_prep == "according" } else { DISCLOSED.contains(&before_prep) };
        let document = lowers.get(np.last.saturating_sub(1)).is_some_and(|w| DOCUMENTS.contains(w));
        if !disclosed || !document {
            continue;
        }
        let mut party = scene.cast.party(s, p);
        // "an IOPC report": the name stands inside the phrase.
        let inside = parsed.words.get(np.first..np.last).unwrap_or(&[]).iter().filter_map(|w| w.mention);
        let named = inside.filter_map(|m| scene.named.mentions.get(m)).map(|m| m.entity.clone());
        party.bodies.extend(named);
        party.bodies.extend(scene.cast.owner(s, p).bodies);
        // "a report by the watchdog"
        if party.bodies.is_empty()
            && let Some(next) = parsed.phrases.get(p + 1)
            && next.prep == Some(np.last)
            && lowers.get(np.last).is_some_and(|w| matches!(*w, "by" | "from"))
        {
            party = scene.cast.party(s, p + 1);
        }
        party.bodies.retain(|b| matches!(scene.cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate));
        if party.bodies.is_empty() {
            continue;
        }
        let mut f = Finding::blank(DevelopmentType::ReportPublished, s, super::owner_of(parsed, np.first).unwrap_or(0));
        let near = |t: &&TimeExpr| {
            let first = t.first.saturating_sub(base);
            first >= np.first && first <= np.last + 2
        };
        let time = parsed.times.iter().find(near);
        f.date = time.and_then(|t| t.when.resolve(scene.day, false, before)).filter(|_| scene.dated);
        f.vote = if lowers[np.first..np.last].contains(&"new") { 4 } else { -2 };
        f.aside = true;
        f.main = false;
        f.body = party.bodies;
        f.rule = "source.report".to_owned();
        f.words = lowers[prep - 1..np.last].join(" ");
        gates::bodies(scene, &mut f, s);
        out.push(f);
    }
    out
}
