//! Entries without a verb, as court lists and live pages have them: "Eight months, suspended for two years.", "Not guilty
//! by unanimous verdict."

use super::Finding;
use crate::domain::DevelopmentType as T;
use crate::stages::extract::what::clauses::{Link, Parsed};
use crate::stages::extract::what::gates::{self, Scene, lowers};
use crate::stages::extract::what::phrases::phrases;
use crate::stages::extract::what::standing;
use crate::stages::extract::what::when::small_number;
use crate::stages::extract::what::words::VerbKind;
use jiff::ToSpan as _;

/// Words that make a length of time a sentence, not a wait.
const TERMS: &[&str] = &[
    "suspended",
    "prison",
    "jail",
    "custody",
    "imprisonment",
    "behind",
    "unpaid",
    "community",
    "restraining",
    "detention",
    "inside",
    "concurrent",
    "consecutive",
];

/// The verdict, plea or sentence that sentence `s` tells without a verb, if it does.
pub(in crate::stages::extract::what) fn of_fragment(scene: &Scene<'_>, s: usize) -> Option<Finding> {
    let parsed = &scene.parsed[s];
    if scene.elsewhere {
        return None;
    }
    let words = lowers(parsed);
    let letters = |w: &str| w.chars().any(char::is_alphanumeric);
    // A live page's time stamp goes before its entry.
    let start = words
        .iter()
        .position(|w| letters(w) && !w.contains(':') && w.parse::<u32>().is_err() || small_number(w).is_some())?;
    let words = words.get(start..)?;
    if let Some(hearing) = hearing(scene, s, words) {
        return Some(hearing);
    }
    if let Some(standing) = standing_so(scene, s, words) {
        return Some(standing);
    }
    if let Some(outcome) = outcome(scene, s) {
        return Some(outcome);
    }
    let kind = match words {
        ["not", "guilty", ..] if spoken(parsed, start) || words.contains(&"plea") || words.contains(&"pleas") => {
            T::Plea
        }
        ["not", "guilty", ..] if verbless(parsed) => T::Acquittal,
        ["guilty", ":", ..] => T::Conviction,
        ["guilty", next, ..] if headless(parsed) && *next != "plea" && *next != "pleas" => T::Conviction,
        // "'Nine years'" alone between paragraphs is a heading.
        _ if term(words) && sentenced(parsed, start) && !(quoted(scene, s) && scene.alone(s)) => T::Sentence,
        _ => return None,
    };
    // "Guilty: Sgt Orr, who …" is a court's word.
    let cried = words.first() == Some(&"guilty") && words.get(1) == Some(&":");
    if kind != T::Plea && !cried && !scene.court(s) && !words.iter().any(|w| TERMS.contains(w)) {
        return None;
    }
    // "Eight months for Orr", else whose entry it is.
    let named = parsed.phrases.iter().enumerate().find_map(|(p, np)| {
        let led = np.prep.is_some_and(|k| parsed.words[k].lower == "for");
        let people = scene.cast.party(s, p).people;
        (led && !people.is_empty()).then_some(people)
    });
    // "Guilty: Sgt Orr, who …"
    let first = (0..parsed.phrases.len()).map(|p| scene.cast.party(s, p).people).find(|people| !people.is_empty());
    let named = named.or_else(|| first.filter(|_| kind == T::Conviction));
    let tried = |w: &usize| scene.tried.contains(w);
    let who = named.unwrap_or_else(|| match scene.entry(s).filter(|w| scene.tried.is_empty() || tried(w)) {
        Some(who) => vec![who],
        None => {
            // On a live page the next to last entry may be about whoever answers for the force.
            let topic = scene.topic(s).people;
            if scene.tried.is_empty() || topic.iter().any(tried) { topic } else { scene.tried.clone() }
        }
    });
    let mut f = Finding::blank(kind, s, 0);
    f.who = who.into_iter().filter(|&w| scene.cast.people[w].police || scene.cast.people[w].watched).take(1).collect();
    if f.who.is_empty() {
        return None;
    }
    f.date = parsed
        .times
        .iter()
        .find(|t| !t.bound)
        .and_then(|t| t.when.resolve(scene.day, false, None))
        .or_else(|| sat(scene, s))
        .filter(|_| scene.dated);
    Some(told(scene, f, words))
}

/// Whether sentence `s` stands whole in quotation marks.
fn quoted(scene: &Scene<'_>, s: usize) -> bool {
    let text = scene.doc.slice(scene.doc.sentences[s].span);
    text.starts_with(['\'', '‘', '“', '"'])
}

/// What a headline says of its subject with the "is" left out: "Constable in court over images".
fn standing_so(scene: &Scene<'_>, s: usize, words: &[&str]) -> Option<Finding> {
    let parsed = &scene.parsed[s];
    let headless = parsed.clauses.first().is_some_and(|c| c.verb.is_none());
    if !super::headline::of(parsed) || !headless {
        return None;
    }
    let says = |list| standing::any(words, list);
    let kind = if says(phrases!("out of special measures|in special measures|back in special measures")) {
        T::SpecialMeasures
    } else if says(phrases!("in court over|in court accused|in court charged|in the dock over|in the dock accused")) {
        T::Charge
    } else if says(phrases!("on trial for|on trial over|on trial accused")) {
        T::Trial
    } else if says(phrases!("guilty of gross misconduct|guilty of misconduct"))
        && !says(phrases!("public office|not guilty"))
    {
        T::MisconductFinding
    } else if says(phrases!("not guilty of")) {
        T::Acquittal
    } else if says(phrases!("guilty of")) {
        T::Conviction
    } else if says(phrases!("under investigation|under criminal investigation")) {
        T::InvestigationOpened
    } else {
        return None;
    };
    let party = scene.cast.party(s, *parsed.clauses.first()?.subject.first()?);
    let mut f = Finding::blank(kind, s, 0);
    f.who =
        party.people.iter().copied().filter(|&w| scene.cast.people[w].police || scene.cast.people[w].watched).collect();
    f.unnamed = party.unnamed.into_iter().filter(|u| u.police && f.who.is_empty()).collect();
    f.body = party.bodies;
    let force = f.body.iter().any(|b| scene.cast.kind(b) == super::standing::BodyKind::Force);
    let told_of = if kind == T::SpecialMeasures { force } else { !f.who.is_empty() || !f.unnamed.is_empty() };
    told_of.then(|| told(scene, f, words))
}

/// The outcome that an entry of a list of hearings gives without a verb: "DC Jo Orr: final written warning, three years."
fn outcome(scene: &Scene<'_>, s: usize) -> Option<Finding> {
    let who = scene.listed(s)?;
    let parsed = &scene.parsed[s];
    let words = lowers(parsed);
    if !scene.doc.tokens.iter().any(|t| matches!(t.lower.as_str(), "misconduct" | "disciplinary")) {
        return None;
    }
    let kind = if standing::any(
        &words,
        phrases!("not proven|not proved|case dismissed|no case to answer|not upheld|no misconduct"),
    ) {
        T::MisconductCleared
    } else if standing::any(
        &words,
        phrases!("dismissal without notice|dismissal with immediate|outcome dismissal|dismissed without notice"),
    ) {
        T::Dismissal
    } else if standing::any(
        &words,
        phrases!(
            "final written warning|written warning|reduction in rank|misconduct proven|misconduct proved|misconduct found|allegations proven|allegations proved"
        ),
    ) {
        T::MisconductFinding
    } else {
        return None;
    };
    // What a tensed verb with a subject tells is read from its clause.
    let by_clause = parsed.clauses.iter().any(|c| {
        c.verb.as_ref().is_some_and(|v| v.kind == VerbKind::Finite && !c.subject.is_empty())
            && c.link == Link::Main
            && !words.contains(&"case")
    });
    if by_clause {
        return None;
    }
    let mut f = Finding::blank(kind, s, 0);
    f.who = vec![who];
    Some(told(scene, f, &words))
}

/// `f` as the words of its entry tell it: new, with them as its particulars, and the bodies that it concerns.
fn told(scene: &Scene<'_>, mut f: Finding, words: &[&str]) -> Finding {
    f.vote = 2;
    f.rule = format!("fragment.{}", f.kind);
    f.words = words.iter().take(8).copied().collect::<Vec<_>>().join(" ");
    f.detail.clone_from(&f.words);
    let s = f.sentence;
    gates::bodies(scene, &mut f, s);
    f
}

/// A hearing of a list of those to come: "Accelerated hearing, Thursday 18 December, 10am: former DC Jo Orr."
fn hearing(scene: &Scene<'_>, s: usize, words: &[&str]) -> Option<Finding> {
    let parsed = &scene.parsed[s];
    let head = words.get(..words.len().min(5)).unwrap_or(&[]);
    let hearing = head.contains(&"hearing") && head.iter().any(|w| matches!(*w, "misconduct" | "accelerated"));
    if !hearing || !verbless(parsed) || !scene.dated {
        return None;
    }
    let time = parsed.times.iter().find(|t| !t.bound)?;
    let date = time.when.resolve(scene.day, true, None).filter(|d| d.last_day() >= scene.day)?;
    let mut f = Finding::blank(T::MisconductHearing, s, 0);
    for p in 0..parsed.phrases.len() {
        let party = scene.cast.party(s, p);
        f.who.extend(party.people.into_iter().filter(|&w| scene.cast.people[w].police));
        f.unnamed.extend(party.unnamed.filter(|u| u.police && f.who.is_empty()));
    }
    f.unnamed.truncate(1);
    if f.who.is_empty() && f.unnamed.is_empty() {
        return None;
    }
    f.date = Some(date);
    f.fact = super::Fact::Planned;
    f.vote = 3;
    "fragment.hearing".clone_into(&mut f.rule);
    f.words = head.join(" ");
    f.detail.clone_from(&f.words);
    gates::bodies(scene, &mut f, s);
    Some(f)
}

/// The day of the last week that the paragraph of sentence `s`, or a heading above it, names: "Crown Court, Wednesday."
fn sat(scene: &Scene<'_>, s: usize) -> Option<crate::domain::PartialDate> {
    let block = scene.doc.sentences[s].block;
    let first = scene.day.checked_sub(7.days()).ok()?;
    let heading = |k: usize| scene.parsed[k].words.len() <= 16 && verbless(&scene.parsed[k]);
    let back = (s.saturating_sub(24)..s).rev();
    back.filter(|&k| scene.doc.sentences[k].block == block && verbless(&scene.parsed[k]) || heading(k)).find_map(|k| {
        let time = scene.parsed[k].times.iter().find(|t| !t.bound)?;
        let date = time.when.resolve(scene.day, false, None)?;
        (date.first_day() >= first && date.last_day() <= scene.day).then_some(date)
    })
}

/// Whether no main clause has a verb: "Guilty: the sergeant who drugged a colleague".
fn headless(parsed: &Parsed) -> bool {
    parsed.clauses.iter().all(|c| c.verb.is_none() || matches!(c.link, Link::Relative | Link::Participle))
}

fn verbless(parsed: &Parsed) -> bool {
    parsed.clauses.iter().all(|c| c.verb.is_none())
}

/// Whether the words are said and who says them stands beside: “Not guilty,” he replied.
fn spoken(parsed: &Parsed, start: usize) -> bool {
    parsed.words.get(start).is_some_and(|w| w.quote.is_some())
        && parsed.clauses.iter().any(|c| {
            c.quote.is_none()
                && c.verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "reply" | "say" | "answer" | "tell"))
        })
}

/// Whether the words open with a length of time: "eight months", "three and a half years".
fn term(words: &[&str]) -> bool {
    let number =
        |w: &str| small_number(w).is_some() || w.split('-').all(|p| TENS.contains(&p) || small_number(p).is_some());
    let Some(first) = words.first().filter(|w| number(w)) else { return false };
    let unit = words.iter().take(5).position(|w| matches!(*w, "years" | "year" | "months" | "month" | "weeks"));
    let between = unit.map_or(&[][..], |u| words.get(1..u).unwrap_or(&[]));
    !first.is_empty() && unit.is_some() && between.iter().all(|w| matches!(*w, "and" | "a" | "half") || number(w))
}

const TENS: &[&str] =
    &["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty"];

/// Whether the length of time heads the sentence and no verb but the term's own follows.
fn sentenced(parsed: &Parsed, start: usize) -> bool {
    let own = |lemma: &str| matches!(lemma, "suspend" | "order" | "impose" | "run" | "serve");
    parsed.clauses.iter().all(|c| match c.verb.as_ref() {
        None => true,
        Some(v) => own(&v.lemma) && c.subject.first().is_none_or(|&p| parsed.phrases[p].first <= start + 1),
    })
}
