//! Gates: whose standing an event changes, and in which world it happens.

mod deaths;
mod investigations;
pub(super) mod matters;
mod oversight;
mod persons;
mod posts;
mod redress;
mod worlds;

use super::cast::{Cast, Party};
use super::clauses::{Clause, Link, Parsed};
use super::events::Finding;
use super::frames::{Frame, Gates};
use super::headline;
use super::phrases::phrases;
use super::standing::{self, BodyKind, Standing};
use crate::domain::{Article, DevelopmentType as T, EntityKind, Quote};
use crate::stages::extract::{Named, doc::Doc};
use jiff::civil::Date;

pub(super) use matters::bodies;
use matters::{contact, incident, previous_officers};

/// Everything about the article that its events are judged by.
pub(super) struct Scene<'a> {
    pub(super) doc: &'a Doc,
    pub(super) article: &'a Article,
    pub(super) named: &'a Named,
    pub(super) quotes: &'a [Quote],
    pub(super) parsed: &'a [Parsed],
    pub(super) cast: &'a Cast,
    pub(super) standing: &'a Standing,
    /// Day against which relative dates count.
    pub(super) day: Date,
    /// Whether the article tells its day.
    pub(super) dated: bool,
    /// The person of the police the article is most about.
    pub(super) protagonist: Option<usize>,
    /// The dead or hurt persons of the matter.
    pub(super) victims: Vec<usize>,
    /// The persons outside the police whom they hurt, dead or not.
    pub(super) hurt: Vec<usize>,
    /// Persons of the police to whom the article says something happened, or of whom it says they are accused.
    pub(super) accused: Vec<usize>,
    /// Those of the police whom the article tells to be before a criminal court.
    pub(super) tried: Vec<usize>,
    /// Members of the public whom the police arrested, held, stopped or restrained.
    pub(super) handled: Vec<usize>,
    /// Whether the article tells of a public inquiry.
    pub(super) public_inquiry: bool,
    /// Whether the article is on police conduct at all.
    pub(super) conduct: bool,
    /// Who sues, complains of or is paid by the police.
    pub(super) wronged: Vec<usize>,
    /// Whether the article tells of another world: drama, awards, history.
    pub(super) elsewhere: bool,
}

/// The clause that tells a finding.
#[derive(Clone, Copy)]
struct At<'a> {
    scene: &'a Scene<'a>,
    gates: Gates,
    parsed: &'a Parsed,
    clause: &'a Clause,
    /// The words of its sentence.
    words: &'a [&'a str],
    /// Its sentence.
    s: usize,
}

/// Words of sentence `s`.
pub(super) fn lowers(parsed: &Parsed) -> Vec<&str> {
    parsed.words.iter().map(|w| w.lower.as_str()).collect()
}

fn has_any(words: &[&str], list: &[&str]) -> bool {
    words.iter().any(|w| list.contains(w))
}

/// Whether a panel or its like finds the unreal: "would have been dismissed, the panel found".
pub(super) fn found_so(scene: &Scene<'_>, s: usize, id: usize) -> bool {
    let parsed = &scene.parsed[s];
    let words = lowers(parsed);
    let panel =
        has_any(&words, &["panel", "chair", "hearing", "tribunal", "commissioner", "constable", "force", "misconduct"]);
    let finds = parsed.clauses.iter().any(|c| {
        c.verb.as_ref().is_some_and(|v| {
            matches!(v.lemma.as_ref(), "find" | "determine" | "decide" | "rule" | "hear" | "conclude" | "say" | "tell")
        })
    });
    let still = standing::any(
        &words,
        phrases!(
            "had he not|had she not|had they not|if he had|if she had|if they had|had he still|had she still|had he been|had she been|already|still serving|still been|remained|were he still",
        ),
    );
    let entry = parsed.clauses[id]
        .verb
        .as_ref()
        .and_then(|v| v.first.checked_sub(1))
        .is_some_and(|k| parsed.words[k].lower == ":");
    let bare = parsed.clauses[id].subject.is_empty() && scene.listed(s).is_some();
    if entry || bare {
        // "Former DC Anita Rai: would have been dismissed." in a list of outcomes.
        return true;
    }
    let quoted = parsed.clauses[id].quote.is_some();
    // "would have been dismissed had he not retired": only a finding says so.
    let but_for = standing::any(
        &words,
        phrases!(
            "had he not|had she not|had they not|if he had not|if she had not|had he still|had she still|still been serving|still been an officer|still been employed|still a serving",
        ),
    );
    if !quoted && but_for {
        return true;
    }
    !quoted && (panel && finds || still && (panel || finds))
}

/// Whether people gather where a force has its seat.
fn at_police(scene: &Scene<'_>, s: usize, words: &[&str]) -> bool {
    has_any(words, &["headquarters", "station", "hq"]) && scene.kind_in(s, BodyKind::Force)
}

/// Types that happen to a person.
fn personal(kind: T) -> bool {
    matches!(
        kind,
        T::Arrest
            | T::Charge
            | T::Plea
            | T::Trial
            | T::Conviction
            | T::Acquittal
            | T::Sentence
            | T::Appeal
            | T::Suspension
            | T::MisconductHearing
            | T::MisconductFinding
            | T::MisconductCleared
            | T::Dismissal
            | T::Resignation
            | T::Appointment
    )
}

/// Whether the finding stands; narrows its persons to those of standing and adds their bodies.
pub(super) fn pass(scene: &Scene<'_>, frame: &Frame, f: &mut Finding, s: usize, id: usize) -> bool {
    let parsed = &scene.parsed[s];
    let clause = &parsed.clauses[id];
    let gates = frame.gates;
    let words = lowers(parsed);
    if scene.elsewhere {
        return false;
    }
    // A joke or a fancy in the first person.
    if f.quoted && personal(f.kind) && f.kind != T::Resignation {
        let first_person = clause.subject.first().is_some_and(|&p| {
            let np = &parsed.phrases[p];
            matches!(parsed.words[np.first].lower.as_str(), "i" | "we" | "you" | "they" | "anybody" | "my")
        });
        if first_person {
            return false;
        }
    }
    // "She has been sentenced as well," said of one who was hurt: a figure of speech, unless it tells to what.
    if f.quoted
        && f.kind == T::Sentence
        && f.date.is_none()
        && !words.iter().any(|w| w.chars().any(|c| c.is_ascii_digit()))
    {
        let told = has_any(&words, &["prison", "jail", "years", "months", "life", "court", "judge", "fined", "order"]);
        if !told {
            return false;
        }
    }
    if gates.needs_court && !scene.court(s) {
        return false;
    }
    if gates.criminal && !scene.court(s) && !headline::names_offence(parsed, &scene.standing.offences) {
        return false;
    }
    if gates.discipline && !scene.discipline(s) {
        return false;
    }
    if personal(f.kind) && scene.standing.game(&words) {
        return false;
    }
    // Who is of standing?
    if f.kind == T::MisconductHearing
        && clause.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "face" && v.past && v.modal.is_none())
        && f.date.is_none()
    {
        return false;
    }
    // "ruled that he had no case to answer and ordered the jury to acquit him": a criminal court clears too.
    // "the sergeant who stood trial with him was told that she has no case to answer": not the trial that is recalled.
    let told: Vec<&str> = (0..words.len())
        .filter(|&k| !parsed.clauses.iter().any(|c| c.link == Link::Relative && c.first <= k && k < c.last))
        .map(|k| words[k])
        .collect();
    if f.kind == T::MisconductCleared
        && has_any(&told, &["jury", "jurors", "trial", "dock", "judge", "sheriff", "magistrates", "recorder"])
        && !has_any(&words, &["misconduct", "panel", "disciplinary"])
    {
        f.kind = T::Acquittal;
    }
    // What a panel was told, said by another, brings no hearing.
    let heard = clause.verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "tell" | "hear"));
    if f.kind == T::MisconductHearing && f.quoted && heard {
        return false;
    }
    let at = At { scene, gates, parsed, clause, words: &words, s };
    if personal(f.kind)
        && let Some(stands) = persons::keep(&at, f)
    {
        return stands;
    }
    if f.kind == T::Inquiry && standing::any(&words, phrases!("fatal accident")) {
        f.kind = T::Inquest;
        f.who = scene.victims.iter().copied().take(1).collect();
    }
    let stands = match f.kind {
        T::Suspension => posts::suspension(&at),
        T::Appointment if posts::local(at.words) => false,
        T::Appointment if gates.post => posts::appointment(&at, f),
        T::Resignation => posts::resignation(&at, f),
        T::InvestigationOpened | T::InvestigationClosed => investigations::investigation(&at, f),
        T::ReportPublished | T::Recommendation => oversight::report(&at, f),
        T::Inquest | T::DeathAfterContact => deaths::death(&at, f),
        T::Inquiry => investigations::inquiry(&at, f),
        T::Complaint => redress::complaint(&at, f),
        T::LegalAction => redress::legal_action(&at, f),
        T::Settlement => redress::claim(&at, f),
        T::PolicyChange => oversight::policy_change(&at, f),
        // "a misconduct hearing for PC Orr, recently convicted of theft": what she is convicted of stands behind the verb.
        T::Conviction => {
            let own = clause.verb.as_ref().map_or(0, |v| v.first);
            !words.get(own..super::events::tail(parsed, id)).unwrap_or(&words).contains(&"misconduct")
                || standing::any(&words, phrases!("misconduct in public office|misconduct in a public office"))
        }
        T::Referral => investigations::referral(&at, f),
        // "officers who fail vetting": whoever does.
        T::Vetting => {
            let ever = clause.link == Link::Relative
                && clause.verb.as_ref().is_some_and(|v| !v.past && !v.perfect && !v.passive && v.modal.is_none());
            // "let an applicant who had failed vetting join": nobody of the police.
            let applicant = clause.link == Link::Relative
                && clause.subject.first().is_some_and(|&p| {
                    let head = parsed.phrases[p].last.checked_sub(1).and_then(|k| words.get(k));
                    head.is_some_and(|w| {
                        matches!(*w, "applicant" | "applicants" | "candidate" | "candidates" | "recruit")
                    }) && scene.cast.party(s, p).people.is_empty()
                });
            !(ever || applicant)
        }
        T::SpecialMeasures => oversight::special_measures(&at, f),
        T::Apology => redress::apology(&at, f),
        T::Launch | T::Protest if gates.conduct => {
            let force_near = scene.cast.main_force.is_some() && scene.conduct;
            let crime =
                has_any(&words, &["search", "operation", "recruit", "fraud", "thieves", "kit", "display", "bypass"]);
            // What those outside the police start or march for is told by its own words.
            let by_force = clause.subject.iter().take(1).any(|&p| {
                let party = scene.cast.party(s, p);
                party.bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Force)
                    || f.kind == T::Protest
                        && (party.unnamed.is_some_and(|u| u.police) || party.people.iter().any(|&w| scene.police(w)))
            });
            // A staff association, a watchdog, a campaign that the gazetteer knows: what it launches is of its world.
            let known = f.kind == T::Launch
                && f.body.iter().any(|b| {
                    let id = b.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit());
                    id && !matches!(scene.cast.kind(b), BodyKind::Force | BodyKind::Court | BodyKind::Prosecutor)
                });
            let subject = !by_force
                && (known
                    || standing::any(&words, &scene.standing.watched)
                    || f.kind == T::Protest && (contact(scene, s) || at_police(scene, s, &words)));
            let other = f.kind == T::Protest
                && standing::any(&words, &scene.standing.causes)
                && !standing::any(&words, &scene.standing.watched);
            (subject || force_near && !crime) && !other
        }
        _ => true,
    };
    // "An officer arrested at a station on suspicion of theft": whom the police wrong is no officer.
    let officer = f.who.iter().any(|&w| scene.police(w)) || f.unnamed.iter().any(|u| u.police);
    if f.kind == T::Incident && f.rule == "frame.incident.stop" && officer {
        return false;
    }
    if !stands || f.kind == T::Incident && !incident(scene, f, s, id, gates.by_police) {
        return false;
    }
    bodies(scene, f, s);
    true
}
