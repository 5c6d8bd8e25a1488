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

/// What documents do where they are named after what they say.
const SAYS: &[&str] = &[
    "says",
    "said",
    "finds",
    "found",
    "warns",
    "warned",
    "concludes",
    "concluded",
    "reveals",
    "revealed",
    "shows",
    "showed",
    "suggests",
    "suggested",
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
        let word = |k: Option<usize>| k.and_then(|k| lowers.get(k)).copied().unwrap_or_default();
        let prep = np.prep.filter(|i| matches!(lowers.get(*i), Some(&("in" | "by" | "to"))));
        let lead = prep.unwrap_or(np.first);
        let disclosed = match prep {
            // "according to a report by …" tells of it as "revealed in" does.
            Some(k) if lowers[k] == "to" => word(k.checked_sub(1)) == "according",
            Some(k) => DISCLOSED.contains(&word(k.checked_sub(1))),
            // "…, says a report by the IOPC"
            None => {
                SAYS.contains(&word(np.first.checked_sub(1)))
                    && matches!(word(np.first.checked_sub(2)), "," | "”" | "’" | "\"")
            }
        };
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
            && let Some(from) = next.prep.filter(|&k| k >= np.last && k < np.last + 5)
            && matches!(lowers[from], "by" | "from")
            // "findings released on Tuesday by", "an inspection out today from"
            && (np.last..from).all(|k| {
                parsed.words[k].time
                    || matches!(lowers[k], "out" | "published" | "released" | "issued" | "on" | "drawn" | "up" | "made" | "public")
            })
        {
            party = scene.cast.party(s, p + 1);
        }
        party.bodies.retain(|b| matches!(scene.cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate));
        party.bodies.dedup();
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
        f.vote = match prep {
            // What it says is the news.
            None => 3,
            Some(_) if lowers[np.first..np.last].contains(&"new") => 4,
            Some(_) => -2,
        };
        f.aside = true;
        f.main = false;
        f.body = party.bodies;
        f.rule = "source.report".to_owned();
        f.words = lowers[lead.saturating_sub(1)..np.last].join(" ");
        gates::bodies(scene, &mut f, s);
        out.push(f);
    }
    out
}
