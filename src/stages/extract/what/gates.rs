//! Gates: whose standing an event changes, and in which world it happens.

pub(super) mod matters;
mod worlds;

use super::cast::{Cast, Party};
use super::clauses::{Clause, Link, Parsed};
use super::events::Finding;
use super::frames::Frame;
use super::headline;
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
        &super::frames::phrases(
            "had he not|had she not|had they not|if he had|if she had|if they had|had he still|had she still|had he been|had she been|already|still serving|still been|remained|were he still",
        ),
    );
    let entry = parsed.clauses[id]
        .verb
        .as_ref()
        .and_then(|v| v.first.checked_sub(1))
        .is_some_and(|k| parsed.words[k].lower == ":");
    if entry {
        // "Former DC Anita Rai: would have been dismissed." in a list of outcomes.
        return true;
    }
    let quoted = parsed.clauses[id].quote.is_some();
    // "would have been dismissed had he not retired": only a finding says so.
    let but_for = standing::any(
        &words,
        &super::frames::phrases(
            "had he not|had she not|had they not|if he had not|if she had not|had he still|had she still|still been serving|still been an officer|still been employed|still a serving",
        ),
    );
    if !quoted && but_for {
        return true;
    }
    !quoted && (panel && finds || still && (panel || finds))
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

/// Whether a force itself stands trial in `clause`: "Kent Police was fined", "the force pleaded guilty".
fn defendant(scene: &Scene<'_>, kind: T, s: usize, clause: &Clause) -> bool {
    let criminal = matches!(kind, T::Charge | T::Plea | T::Trial | T::Conviction | T::Acquittal | T::Sentence);
    let suffers = clause.verb.as_ref().is_some_and(|v| v.passive || kind == T::Plea);
    criminal
        && suffers
        && clause.subject.iter().take(1).any(|&p| {
            let party = scene.cast.party(s, p);
            party.people.is_empty()
                && party.unnamed.is_none()
                && party.bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Force)
        })
}

/// Whether who acts in `clause` oversees the police: a watchdog, or its investigators.
fn overseer(scene: &Scene<'_>, s: usize, clause: &Clause) -> bool {
    let words = lowers(&scene.parsed[s]);
    clause.subject.iter().take(2).any(|&p| {
        let np = &scene.parsed[s].phrases[p];
        let mut bodies = scene.cast.party(s, p).bodies;
        bodies.extend(scene.cast.owner(s, p).bodies);
        bodies.iter().any(|b| matches!(scene.cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate))
            || has_any(&words[np.first..np.last], &["watchdog", "watchdogs", "iopc", "pirc", "ombudsman"])
    })
}

/// Whether the words tell of a look by a force at its own people.
fn inner(scene: &Scene<'_>, words: &[&str]) -> bool {
    scene.standing.officer(words)
        && (has_any(words, &["internal", "misconduct"])
            || standing::any(
                words,
                &super::frames::phrases(
                    "the conduct of|the actions of|the behaviour of|professional standards|officer's conduct|officers' conduct|officer’s conduct|officers’ conduct",
                ),
            ))
}

/// Whether the finding stands; narrows its persons to those of standing and adds their bodies.
pub(super) fn pass(scene: &Scene<'_>, frame: &Frame, f: &mut Finding, s: usize, id: usize) -> bool {
    let cast = scene.cast;
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
    if personal(f.kind) {
        if f.kind == T::MisconductFinding
            && f.who.is_empty()
            && f.unnamed.is_empty()
            && !words.iter().any(|w| scene.standing.rank(w))
            && standing::any(&words, &super::frames::phrases("panel|hearing|chair|tribunal"))
        {
            f.who = scene.topic(s).people;
        }
        if f.kind == T::MisconductFinding && f.who.is_empty() && f.unnamed.is_empty() && !f.body.is_empty() {
            // "found a case to answer": against somebody unnamed.
            let around = words.iter().any(|w| scene.standing.rank(w));
            if !around {
                return false;
            }
        } else {
            let official_types = matches!(
                f.kind,
                T::Resignation
                    | T::Appointment
                    | T::Suspension
                    | T::Dismissal
                    | T::MisconductHearing
                    | T::MisconductFinding
                    | T::MisconductCleared
            );
            // Who is made a chief constable is of the police from then on.
            let tail: Vec<&str> = clause.verb.as_ref().and_then(|v| words.get(v.last..)).unwrap_or(&[]).to_vec();
            let made = f.kind == T::Appointment && (scene.standing.officer(&tail) || scene.standing.official(&tail));
            let kept: Vec<usize> = f
                .who
                .iter()
                .copied()
                .filter(|&w| made || scene.police(w) || official_types && cast.people[w].official)
                .collect();
            let unnamed: Vec<_> = f.unnamed.iter().filter(|u| u.police && kept.is_empty()).cloned().collect();
            // A force may appeal; the wronged may be arrested and clear their names.
            let by_force = (f.kind == T::Appeal || defendant(scene, f.kind, s, clause))
                && f.body.iter().any(|b| cast.kind(b) == BodyKind::Force);
            let wronged: Vec<usize> = f
                .who
                .iter()
                .copied()
                .filter(|w| scene.wronged.contains(w) && matches!(f.kind, T::Arrest | T::Appeal | T::Acquittal))
                .collect();
            if kept.is_empty() && unnamed.is_empty() && (by_force || !wronged.is_empty()) {
                // "has apologised after she was wrongly arrested": recalled.
                if f.kind == T::Arrest && matches!(&clause.link, Link::Adverbial(_)) {
                    f.vote = f.vote.min(-2);
                }
                f.who = wronged;
                f.unnamed.clear();
                bodies(scene, f, s);
                if !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force) {
                    f.body.extend(cast.main_force.clone());
                }
                return true;
            }
            if kept.is_empty() && unnamed.is_empty() {
                return false;
            }
            // Recruits are sworn in by the dozen.
            if f.kind == T::Appointment && kept.is_empty() && unnamed.iter().any(|u| u.plural) {
                return false;
            }
            f.who = kept;
            f.unnamed = unnamed;
        }
    }
    if f.kind == T::Inquiry && standing::any(&words, &super::frames::phrases("fatal accident")) {
        f.kind = T::Inquest;
        f.who = scene.victims.iter().copied().take(1).collect();
    }
    match f.kind {
        T::Suspension
            if clause.link == Link::Participle
                && clause
                    .parent
                    .and_then(|p| parsed.clauses[p].verb.as_ref())
                    .is_some_and(|v| matches!(v.lemma.as_ref(), "remain" | "stay" | "keep")) =>
        {
            return false;
        }
        T::Suspension
            if clause.link == Link::Participle
                && has_any(&words, &["sentence", "prison", "weeks", "jailed", "imprisonment", "jail", "custody"]) =>
        {
            // "two years in prison, suspended for 18 months"
            return false;
        }
        T::Suspension if gates.duty => {
            let sport = has_any(&words, &["games", "matches", "game", "match", "goalkeeper", "season"]);
            if sport {
                return false;
            }
        }
        T::Appointment if gates.post => {
            let post = scene.standing.officer(&words)
                || scene.standing.official(&words)
                || has_any(
                    &words,
                    &[
                        "chief",
                        "deputy",
                        "head",
                        "commissioner",
                        "director",
                        "acting",
                        "interim",
                        "constable",
                        "minister",
                    ],
                );
            let known = f.who.iter().any(|&w| {
                cast.people[w].ranks.contains("chief")
                    || cast.people[w].ranks.contains("commissioner")
                    || cast.people[w].official
            });
            if !(post || known) {
                return false;
            }
        }
        T::Resignation => {
            // A dog may retire, a jury retires to consider.
            if has_any(&words, &["pd", "consider"]) && f.who.is_empty() {
                return false;
            }
            if clause.subject.first().is_some_and(|&p| parsed.words[parsed.phrases[p].first].lower == "nobody") {
                return false;
            }
        }
        T::InvestigationOpened | T::InvestigationClosed => {
            let prosecutes = scene.kind_in(s, BodyKind::Prosecutor)
                || has_any(&words, &["cps", "prosecutors", "pps", "fiscal", "copfs"])
                || standing::any(&words, &super::frames::phrases("crown counsel|crown office"));
            let watchdog = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate));
            let said_watchdog = has_any(
                &words,
                &["watchdog", "watchdogs", "iopc", "ombudsman", "pirc", "independent", "standards", "misconduct"],
            );
            let police_who = f.who.iter().any(|&w| scene.police(w)) || f.unnamed.iter().any(|u| u.police);
            let named_nobody = f.who.is_empty() && f.unnamed.is_empty();
            f.who.retain(|&w| scene.police(w) || scene.victims.contains(&w));
            if gates.progressive {
                // "investigated" alone: only by a watchdog, or of officers as an outcome.
                let verb = clause.verb.as_ref();
                let passive = verb.is_some_and(|v| v.passive);
                let coming = verb.is_some_and(|v| matches!(v.modal.as_deref(), Some("will" | "to" | "would")));
                let live = verb.is_some_and(|v| v.progressive || v.perfect) || coming && !passive;
                let officers = passive && police_who && scene.conduct;
                let told = watchdog || has_any(&words, &["watchdog", "watchdogs"]);
                let overseen = if passive { told } else { overseer(scene, s, clause) };
                // A force examines what its own officers did.
                let own = !passive && scene.conduct && inner(scene, &words);
                if !((overseen || officers || own) && live) {
                    return false;
                }
            }
            let public = has_any(&words, &["inquiry"])
                && !has_any(&words, &["investigation", "probe", "iopc", "watchdog"])
                && scene.public_inquiry;
            if f.kind == T::InvestigationOpened
                && (public && !watchdog || standing::any(&words, &super::frames::phrases("fatal accident")))
            {
                return false;
            }
            // The dead or hurt are whom it is about, not whom it is into.
            if f.kind == T::InvestigationOpened {
                let harmed = f.who.iter().copied().filter(|&w| !scene.police(w));
                f.about.extend(harmed.collect::<Vec<_>>());
                f.who.retain(|&w| scene.police(w));
            }
            if f.kind == T::InvestigationOpened
                && gates.watchdog
                && !(watchdog
                    || (said_watchdog && scene.conduct)
                    || scene.conduct && inner(scene, &words)
                    || police_who && scene.conduct && !has_any(&words, &["murder", "robbery", "burglary"]))
            {
                return false;
            }
            if f.kind == T::InvestigationClosed {
                if gates.cps {
                    // "has not been charged" leaves it open; "will not be charged" ends it.
                    let verb = clause.verb.as_ref();
                    if verb.is_some_and(|v| v.lemma.as_ref() != "prosecute" && v.modal.is_none()) {
                        return false;
                    }
                    if !(scene.conduct
                        && (police_who
                            || has_any(&words, &["cps", "officer", "officers", "prosecutors", "fiscal", "pps"])
                            || scene.parsed.get(s.wrapping_sub(1)).is_some_and(|p| scene.standing.officer(&lowers(p)))))
                        && !previous_officers(scene, s)
                    {
                        return false;
                    }
                } else if prosecutes
                    && scene.conduct
                    && (scene.standing.officer(&words)
                        || s > 0 && scene.standing.officer(&lowers(&scene.parsed[s - 1]))
                        || named_nobody && (!scene.accused.is_empty() || previous_officers(scene, s)))
                {
                    f.unnamed.retain(|u| u.police);
                } else if !(police_who || watchdog && scene.conduct) {
                    return false;
                }
                if !police_who && f.who.is_empty() && f.unnamed.iter().any(|u| !u.police) {
                    return false;
                }
            }
        }
        T::ReportPublished | T::Recommendation => {
            // "The Investigations and Review Commissioner said": the name is no review.
            let named_so = clause.subject.first().is_some_and(|&p| {
                parsed.phrases[p].last.checked_sub(1).is_some_and(|k| parsed.words[k].lower == "commissioner")
            });
            if f.kind == T::ReportPublished
                && named_so
                && !has_any(&words, &["report", "findings", "inspection", "reviews", "published"])
            {
                return false;
            }
            let said = has_any(
                &words,
                &["watchdog", "iopc", "hmicfrs", "inspectorate", "inspectors", "ombudsman", "inquiry", "department"],
            );
            if f.body.is_empty()
                && f.kind == T::ReportPublished
                && let Some(up) = clause.parent
            {
                // "In a report published today, it graded …": the author is the subject beside it.
                let author = parsed.clauses[up].subject.iter().flat_map(|&p| cast.party(s, p).bodies).next();
                f.body.extend(author);
            }
            // "Three recommendations are made": by the watchdog whose release it is.
            if f.body.iter().all(|b| cast.kind(b) == BodyKind::Force)
                && let Some(own) = cast
                    .publisher
                    .clone()
                    .filter(|b| matches!(cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate))
            {
                f.body.push(own);
            }
            let oversight = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate));
            let about_force = f.body.iter().any(|b| cast.kind(b) == BodyKind::Force);
            let told = f.kind == T::Recommendation && scene.conduct;
            // What a speaker says of an inspection publishes none.
            if f.kind == T::ReportPublished && f.quoted && !oversight {
                return false;
            }
            // What an inquiry reports is its own event.
            if f.kind == T::ReportPublished
                && !oversight
                && scene.public_inquiry
                && has_any(&words, &["inquiry", "chaired"])
            {
                return false;
            }
            if gates.oversight
                && !(oversight
                    || told
                    || said && scene.conduct
                    || about_force && scene.conduct && !has_any(&words, &["figures", "statistics"]))
            {
                return false;
            }
            if has_any(&words, &["trust", "hospital", "figures"]) && !oversight {
                return false;
            }
        }
        T::Inquest | T::DeathAfterContact => {
            if gates.by_police {
                let doer = f.who.iter().any(|&w| cast.people[w].police) || f.unnamed.iter().any(|u| u.police);
                let unnamed = clause
                    .object
                    .iter()
                    .take(1)
                    .any(|&p| cast.party(s, p).unnamed.is_some_and(|u| !u.police) && !scene.standing.game(&words));
                let victim = f.about.iter().any(|&w| !cast.people[w].police) || unnamed;
                if !(doer && victim && scene.conduct) {
                    return false;
                }
            }
            let handled = f.who.iter().any(|w| scene.handled.contains(w));
            if gates.contact && !contact(scene, s) && !handled {
                return false;
            }
            if f.kind == T::Inquest {
                // A jury in a criminal court finds guilt.
                let inquest =
                    has_any(&words, &["inquest", "coroner", "coroner's", "coroner’s", "determination", "fatal"]);
                if !inquest && has_any(&words, &["guilty", "proven", "trial", "crown", "justiciary", "sentence"]) {
                    return false;
                }
                let matter = scene.conduct
                    && (!scene.victims.is_empty()
                        || has_any(&words, &["restraint", "police", "custody", "officers", "officer"])
                        || (0..scene.parsed.len()).any(|k| contact(scene, k)));
                // "The inquest has already opened" of a lost match: somebody must have died.
                const DEATH: &[&str] = &[
                    "death",
                    "deaths",
                    "died",
                    "dies",
                    "dead",
                    "die",
                    "dying",
                    "fatal",
                    "fatally",
                    "killed",
                    "killing",
                    "coroner",
                    "coroner's",
                    "coroner’s",
                    "shot",
                    "body",
                    "drowned",
                    "suicide",
                    "murder",
                    "murdered",
                ];
                let died = (0..scene.parsed.len()).any(|k| has_any(&lowers(&scene.parsed[k]), DEATH));
                if !matter || !died || has_any(&words, &["expected"]) {
                    return false;
                }
                if f.who.is_empty() || f.who.iter().all(|&w| cast.people[w].police || cast.people[w].official) {
                    f.who = scene.victims.iter().copied().take(1).collect();
                }
            }
        }
        T::Inquiry => {
            let about_police = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Force | BodyKind::Watchdog))
                || scene.conduct && cast.main_force.is_some();
            // A watchdog's "independent inquiry" is its investigation.
            let watchdogs =
                f.body.iter().any(|b| cast.kind(b) == BodyKind::Watchdog) && !has_any(&words, &["public", "statutory"]);
            if gates.public && (!about_police || watchdogs) {
                return false;
            }
            // What a force or a watchdog begins is an investigation, whatever it is called.
            let own = clause.subject.iter().take(1).flat_map(|&p| cast.party(s, p).bodies);
            let own = own.chain(f.body.iter().filter(|_| clause.verb.as_ref().is_some_and(|v| v.passive)).cloned());
            let investigates = own.into_iter().any(|b| matches!(cast.kind(&b), BodyKind::Watchdog | BodyKind::Force));
            let begins = clause.verb.as_ref().is_some_and(|v| {
                !matches!(v.lemma.as_ref(), "commission" | "order" | "announce" | "establish" | "appoint" | "ask")
            });
            if investigates && begins && !has_any(&words, &["public", "statutory", "judge-led", "judge", "chaired"]) {
                return false;
            }
        }
        T::Complaint => {
            let named = scene.kind_in(s, BodyKind::Watchdog) || scene.kind_in(s, BodyKind::Force);
            let police_target = named
                || f.body
                    .iter()
                    .any(|b| matches!(cast.kind(b), BodyKind::Force | BodyKind::Watchdog | BodyKind::Inspectorate));
            let told = has_any(&words, &["super-complaint", "police", "officers", "forces", "force"]);
            let by_body = !f.body.is_empty() && told;
            if !(scene.conduct
                && (police_target
                    || by_body
                    || (!f.who.is_empty() || !f.unnamed.is_empty()) && cast.main_force.is_some()))
            {
                return false;
            }
            if f.who.is_empty() && f.unnamed.is_empty() && !police_target && !by_body {
                return false;
            }
        }
        // "came to take him to court": only a force can be taken there.
        T::LegalAction
            if clause.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "take" && !v.passive)
                && standing::any(&words, &super::frames::phrases("to court"))
                && !clause
                    .object
                    .iter()
                    .any(|&p| cast.party(s, p).bodies.iter().any(|b| cast.kind(b) == BodyKind::Force)) =>
        {
            return false;
        }
        // "ruled that the force had acted unlawfully": the ruling tells it.
        T::LegalAction
            if clause.link == Link::That
                && clause.verb.as_ref().is_some_and(|v| {
                    matches!(
                        v.lemma.as_ref(),
                        "break" | "act" | "breach" | "infringe" | "exceed" | "violate" | "discriminate"
                    )
                }) =>
        {
            return false;
        }
        // Damages that the force itself gives settle the claim.
        T::LegalAction
            if clause.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "award" && v.passive)
                && f.body.iter().any(|b| cast.kind(b) == BodyKind::Force)
                && !has_any(&words, &["court", "judge", "jury", "tribunal"]) =>
        {
            return false;
        }
        T::LegalAction | T::Settlement => {
            let force = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Force | BodyKind::Watchdog));
            let force = force || scene.conduct && f.kind == T::LegalAction && scene.kind_in(s, BodyKind::Force);
            if !(force
                || (scene.conduct || f.who.iter().any(|&w| cast.people[w].police))
                    && cast.main_force.is_some()
                    && (!f.who.is_empty() || !f.unnamed.is_empty() || f.kind == T::Settlement && !gates.payer))
            {
                return false;
            }
            if gates.payer
                && !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force)
                && clause.verb.as_ref().is_some_and(|v| v.passive)
                && scene.conduct
                && f.who.iter().all(|&w| !scene.police(w))
                && scene.doc.tokens.iter().any(|t| {
                    matches!(t.lower.as_str(), "claim" | "damages" | "compensation" | "settlement" | "sued" | "settled")
                })
            {
                f.body.extend(cast.main_force.clone());
            }
            if gates.payer && !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force) {
                return false;
            }
        }
        // The vetting of a person is no rule.
        T::PolicyChange
            if clause.verb.as_ref().is_some_and(|v| {
                matches!(
                    v.lemma.as_ref(),
                    "withdraw" | "remove" | "revoke" | "end" | "drop" | "suspend" | "begin" | "start"
                )
            }) && standing::any(
                &words,
                &super::frames::phrases(
                    "his vetting|her vetting|their vetting|vetting of|vetting clearance|whose vetting",
                ),
            ) =>
        {
            return false;
        }
        T::PolicyChange => {
            // "his vetting was withdrawn": one person's, not a rule.
            let own = clause.subject.iter().chain(&clause.object).chain(clause.antecedent.iter());
            if has_any(&words, &["vetting", "clearance"])
                && own.into_iter().any(|&p| !cast.owner(s, p).people.is_empty())
            {
                return false;
            }
            f.who.retain(|&w| cast.people[w].official && !cast.people[w].police);
            let equips = clause.subject.first().is_some_and(|&p| cast.party(s, p).unnamed.is_some_and(|u| u.police));
            if f.body.is_empty() && f.who.is_empty() {
                if equips {
                    f.body.extend(cast.main_force.clone());
                } else {
                    // The minister whom the next sentence names brings the rule.
                    let here = parsed.clauses.iter().flat_map(|c| &c.subject).flat_map(|&p| cast.party(s, p).people);
                    let next = scene.parsed.get(s + 1).into_iter().flat_map(|p| &p.clauses).find(|c| c.verb.is_some());
                    let next = next.into_iter().flat_map(|c| &c.subject).flat_map(|&p| cast.party(s + 1, p).people);
                    let named = here.chain(next);
                    f.who = named.filter(|&w| cast.people[w].official && !cast.people[w].police).take(1).collect();
                }
            }
            let police = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Force) || b.contains("policing"))
                || scene.standing.officer(&words)
                || has_any(&words, &["police", "policing", "officers", "forces"]);
            if !police || has_any(&words, &["levy", "stalkers"]) {
                return false;
            }
        }
        T::Conviction
            if words.contains(&"misconduct")
                && !standing::any(
                    &words,
                    &super::frames::phrases("misconduct in public office|misconduct in a public office"),
                ) =>
        {
            return false;
        }
        T::Referral => {
            f.who.retain(|&w| scene.police(w));
            let to_watchdog = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Watchdog))
                || scene.kind_in(s, BodyKind::Watchdog)
                || scene.conduct
                    && scene
                        .named
                        .entities
                        .iter()
                        .any(|e| e.kind == EntityKind::Body && cast.kind(&e.key) == BodyKind::Watchdog)
                    && has_any(&words, &["mandatory", "referral"]);
            if !to_watchdog && !has_any(&words, &["watchdog", "iopc", "itself", "ombudsman", "pirc"]) {
                return false;
            }
        }
        T::SpecialMeasures => {
            if !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force) {
                match cast.main_force.clone() {
                    Some(force) => f.body.push(force),
                    _ => return false,
                }
            }
            f.who.clear();
            f.unnamed.clear();
        }
        T::Apology => {
            let police_speaker = f.who.iter().any(|&w| scene.police(w) || cast.people[w].official)
                || f.body
                    .iter()
                    .any(|b| matches!(cast.kind(b), BodyKind::Force | BodyKind::Watchdog | BodyKind::Prosecutor));
            if !(police_speaker && scene.conduct) {
                return false;
            }
        }
        T::Launch | T::Protest if gates.conduct => {
            let force_near = cast.main_force.is_some() && scene.conduct;
            let crime =
                has_any(&words, &["search", "operation", "recruit", "fraud", "thieves", "kit", "display", "bypass"]);
            if !force_near || crime {
                return false;
            }
        }
        _ => {}
    }
    if f.kind == T::Incident && !incident(scene, f, s, id) {
        return false;
    }
    bodies(scene, f, s);
    true
}
