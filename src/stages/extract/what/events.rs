//! Events: frames matched on clauses, their participants, date and factuality.

mod announced;
mod dates;
mod finding;
mod fragments;
mod nouns;
mod slots;
mod sources;
mod vote;

use super::cast::{Cast, Party, Unnamed};
use super::clauses::{Clause, Link, Parsed};
use super::fact::{self, Fact};
use super::frames::{Frames, NounFrame, Planned};
use super::gates::{self, Scene};
use super::headline::{self, LeftOut};
use super::phrases::{Phrases, Sought, phrases};
use super::standing::{self, BodyKind};
use crate::domain::{DevelopmentType, EventStage, PartialDate, Span};
use crate::stages::extract::doc::Doc;
use std::borrow::Cow;
use std::cell::OnceCell;

pub(super) use dates::{counted, date_of};
pub(super) use finding::Finding;
use finding::{befalls, phase};
pub(super) use fragments::of_fragment;
pub(super) use nouns::of_nouns;
use slots::Filler;
pub(super) use sources::of_sources;
use vote::vote;

/// Whether clause `id` hangs, at any depth, on `root`.
pub(super) fn descends(parsed: &Parsed, id: usize, root: usize) -> bool {
    let mut at = id;
    while let Some(up) = parsed.clauses[at].parent {
        if up == root {
            return true;
        }
        at = up;
    }
    false
}

/// One past the last word that belongs to clause `id` and what hangs on it.
pub(super) fn tail(parsed: &Parsed, id: usize) -> usize {
    let clause = &parsed.clauses[id];
    let from = clause.verb.as_ref().map_or(clause.first, |v| v.last);
    let mut end = parsed.words.len();
    for (other, c) in parsed.clauses.iter().enumerate().skip(id + 1) {
        if c.first >= from && c.first < end && c.verb.is_some() && !descends(parsed, other, id) {
            end = c.first;
            break;
        }
    }
    // A quotation of clauses is another's voice.
    end
}

/// The clause that owns word `i`.
pub(super) fn owner_of(parsed: &Parsed, i: usize) -> Option<usize> {
    parsed.clauses.iter().enumerate().rev().find(|(_, c)| c.first <= i && i < c.last.max(c.first + 1)).map(|(k, _)| k)
}

/// The words of a sentence as frames name them.
pub(super) fn frame_words(parsed: &Parsed) -> Vec<Sought<'_>> {
    // "at the end of March": a month is no march.
    let month = |w: &super::words::Word| w.time && matches!(w.lower.as_str(), "march" | "may");
    // "a two-year relationship" is no "a year", which says how often.
    let spanned = |k: usize| parsed.words.get(k + 1).is_some_and(|w| span(&w.lower) != w.lower);
    let article = |k: usize, w: &super::words::Word| matches!(w.lower.as_str(), "a" | "an") && spanned(k);
    let told = parsed.words.iter().enumerate();
    told.map(|(k, w)| Sought::new(if month(w) || article(k, w) { "" } else { span(&w.lower) })).collect()
}

/// Words for what the bodies are that the subject of `clause` names or takes up: "it".
fn kinds_of_subject(scene: &Scene<'_>, s: usize, clause: &Clause) -> Vec<Sought<'static>> {
    let parsed = &scene.parsed[s];
    let Some(&first) = clause.subject.first() else { return Vec::new() };
    let np = &parsed.phrases[first];
    let word = &parsed.words[np.first];
    let named = (np.first..np.last).any(|k| parsed.words[k].mention.is_some() && !parsed.words[k].person);
    if !(named || np.last == np.first + 1 && matches!(word.lower.as_str(), "it" | "they" | "which")) {
        return Vec::new();
    }
    let kinds = scene.cast.party(s, first).bodies.into_iter().filter_map(|b| match scene.cast.kind(&b) {
        BodyKind::Force => Some("force"),
        BodyKind::Watchdog => Some("watchdog"),
        BodyKind::Inspectorate => Some("inspectorate"),
        BodyKind::Prosecutor => Some("prosecutors"),
        BodyKind::Court | BodyKind::Union | BodyKind::Other => None,
    });
    kinds.map(Sought::new).collect()
}

/// Matches the frames of the verb of clause `id`; `lowers` are the [`frame_words`] of its sentence.
pub(super) fn of_clause(
    scene: &Scene<'_>,
    frames: &Frames,
    s: usize,
    id: usize,
    before: Option<PartialDate>,
    lowers: &[Sought<'_>],
) -> Vec<Finding> {
    let parsed = &scene.parsed[s];
    let clause = &parsed.clauses[id];
    let mut out: Vec<Finding> = Vec::new();
    let Some(verb) = clause.verb.as_ref().filter(|_| !scene.elsewhere) else { return out };
    let mut told_by = frames.of(&verb.lemma).peekable();
    if told_by.peek().is_none() {
        return out;
    }
    let end = tail(parsed, id);
    // "into the “Engage” phase": the marks part no phrase.
    let unmarked = |from: usize, to: usize| {
        let words = lowers.get(from..to.max(from)).unwrap_or(&[]);
        let mark = |w: &Sought<'_>| matches!(w.word, "“" | "”" | "‘" | "’" | "\"");
        if words.iter().any(mark) {
            Cow::Owned(words.iter().copied().filter(|w| !mark(w)).collect::<Vec<_>>())
        } else {
            Cow::Borrowed(words)
        }
    };
    let after = &unmarked(verb.main, end)[..];
    let whole = &unmarked(clause.first.min(verb.first), end.max(verb.main))[..];
    // "was lawfully killed", "will no longer be allowed": what stands inside the group says how.
    let inside: Vec<_> = (verb.first..verb.main)
        .filter(|&k| parsed.words[k].class & super::grammar::class::ADV != 0)
        .map(|k| lowers[k])
        .collect();
    // "It urged the force", "Fiosrú found": what the body that acts is, where its name or pronoun does not say.
    let acting = OnceCell::new();
    // What it says or may do is told by other words.
    let plain = !matches!(
        verb.lemma.as_ref(),
        "say" | "tell" | "add" | "consider" | "look" | "criticise" | "condemn" | "blame" | "describe" | "accuse"
    );
    let acts_as = |phrases: &Phrases| {
        if !plain {
            return false;
        }
        let kinds = acting.get_or_init(|| kinds_of_subject(scene, s, clause));
        kinds.iter().any(|kind| standing::any(std::slice::from_ref(kind), phrases))
    };
    for (frame, forms) in told_by {
        if frame.passive.is_some_and(|p| p != verb.passive) || frame.quoted && clause.quote.is_none() {
            continue;
        }
        if !forms.iter().any(|particles| {
            particles.iter().enumerate().all(|(k, p)| lowers.get(verb.last + k).is_some_and(|w| w.word == p))
        }) {
            continue;
        }
        let in_phrases = |list: &[usize], phrases: &Phrases| {
            list.iter().any(|&p| {
                let np = &parsed.phrases[p];
                // "None of the allegations", "two of the counts": what they are of.
                let of = parsed.phrases.get(p + 1).filter(|of| {
                    of.prep == Some(np.last)
                        && lowers.get(np.last).is_some_and(|w| w.word == "of")
                        && np.last <= np.first + 2
                });
                standing::any(&lowers[np.first..np.last], phrases)
                    || of.is_some_and(|of| standing::any(&lowers[of.first..of.last], phrases))
            })
        };
        if !frame.subj.is_empty()
            && !fact::settled(parsed, clause)
            && !in_phrases(&clause.subject, &frame.subj)
            && !antecedent_has(parsed, clause, lowers, &frame.subj)
            && !acts_as(&frame.subj)
        {
            continue;
        }
        // "the force he left", not "a police constable who left".
        let whom = clause.antecedent.is_some() && clause.subject.first() != clause.antecedent.as_ref();
        let left = |phrases: &Phrases| whom && antecedent_has(parsed, clause, lowers, phrases);
        if !frame.obj.is_empty()
            && !in_phrases(&clause.object, &frame.obj)
            && !left(&frame.obj)
            && !standing::any(near(lowers, verb.last, end), &frame.obj)
        {
            continue;
        }
        if !frame.subjobj.is_empty()
            && !in_phrases(&clause.subject, &frame.subjobj)
            && !in_phrases(&clause.object, &frame.subjobj)
            && !antecedent_has(parsed, clause, lowers, &frame.subjobj)
            && !near_has(clause, lowers, verb.last, end, &frame.subjobj)
        {
            continue;
        }
        if !frame.has.is_empty()
            && !standing::any(after, &frame.has)
            && !standing::any(&inside, &frame.has)
            && (!frame.gates.act || !standing::any(whole, &frame.has))
        {
            continue;
        }
        if standing::any(whole, &frame.not) {
            continue;
        }
        let stands = |phrases: &Phrases| phrases.is_empty() || standing::any(lowers, phrases);
        if !stands(&frame.sentence) || !stands(&frame.also) || standing::any(lowers, &frame.unless) {
            continue;
        }
        let mut fact = fact::fold(parsed, id, &frames.fact);
        if frame.negative {
            fact = match fact {
                Fact::Denied => Fact::Asserted,
                Fact::Asserted => Fact::Denied,
                other => other,
            };
        }
        // "will face no hearing", "made no arrests"
        if !frame.negative
            && !frame.notneg
            && befalls(frame.kind)
            && !verb.neg
            && none_of_it(parsed, clause, &frame.obj)
        {
            fact = match fact {
                Fact::Asserted | Fact::Planned => Fact::Denied,
                other => other,
            };
        }
        if frame.must && fact == Fact::Open && verb.modal.as_deref() == Some("must") {
            fact = Fact::Asserted;
        }
        if frame.notneg && fact == Fact::Planned {
            fact = Fact::Asserted;
        }
        // "must carry out 150 hours of unpaid work, magistrates ordered": what a court orders is so.
        if fact == Fact::Open && frame.kind == DevelopmentType::Sentence && verb.modal.as_deref() == Some("must") {
            let ordered = parsed.clauses.iter().any(|c| {
                let orders = c.verb.as_ref().is_some_and(|v| {
                    matches!(v.lemma.as_ref(), "order" | "rule" | "direct" | "decide" | "tell") && v.modal.is_none()
                });
                orders && in_phrases(&c.subject, phrases!("magistrates|magistrate|judge|sheriff|recorder|court|bench"))
            });
            if ordered {
                fact = Fact::Asserted;
            }
        }
        if fact == Fact::Asserted && headline::governed(parsed, clause) {
            fact = Fact::Open;
        }
        if matches!(fact, Fact::Asserted | Fact::Planned) && headline::claimed(parsed, verb.main) {
            fact = Fact::Claimed;
        }
        // "A sergeant punched a boy in the face, a court heard": said there, not found.
        if fact == Fact::Asserted && frame.kind == DevelopmentType::Incident && fact::heard(parsed, id) {
            fact = Fact::Claimed;
        }
        // "who can rule that he would have been dismissed": may, not did.
        let may = clause.parent.and_then(|up| parsed.clauses[up].verb.as_ref()).is_some_and(|v| v.modal.is_some());
        let would = frame.would && !may && fact == Fact::Unreal && gates::found_so(scene, s, id);
        if would {
            // "would not have been dismissed had she stayed" finds the contrary.
            fact = if verb.neg { Fact::Denied } else { Fact::Asserted };
        }
        let filler = Filler { scene, s, id, clause, parsed };
        let mut who = Party::default();
        let mut body: Vec<String> = Vec::new();
        let mut about = Party::default();
        let mut unnamed: Vec<Unnamed> = Vec::new();
        for slot in &frame.who {
            // "else" stands in only where the others name nobody of the police.
            let officer = !who.people.is_empty() || unnamed.iter().any(|u| u.police);
            if officer && matches!(slot.as_str(), "topic" | "else") {
                continue;
            }
            let party = filler.slot(slot);
            unnamed.extend(party.unnamed.clone());
            who.join(party);
        }
        for slot in &frame.body {
            let mut party = filler.slot(slot);
            // "the commissioner, Laura Paton, made five recommendations": her body did.
            if matches!(
                frame.kind,
                DevelopmentType::ReportPublished
                    | DevelopmentType::Recommendation
                    | DevelopmentType::InvestigationOpened
                    | DevelopmentType::InvestigationClosed
            ) {
                let own = party.people.iter().flat_map(|&w| &scene.cast.people[w].own);
                let oversees = |b: &&String| {
                    matches!(scene.cast.kind(b), standing::BodyKind::Watchdog | standing::BodyKind::Inspectorate)
                };
                party.bodies.extend(own.filter(oversees).cloned());
            }
            for b in party.bodies {
                if !body.contains(&b) {
                    body.push(b);
                }
            }
        }
        for slot in &frame.about {
            about.join(filler.slot(slot));
        }
        for b in &who.bodies {
            if !body.contains(b) {
                body.push(b.clone());
            }
        }
        unnamed.dedup_by(|a, b| a.descriptor.text == b.descriptor.text);
        unnamed.truncate(2);
        // "is investigating the death of a man on 13 July": the day is not that of what goes on.
        let goes_on = frame.kind == DevelopmentType::InvestigationOpened && verb.progressive && !verb.past;
        // "was filmed on Friday kicking a man": the day of the film.
        let shown = clause.link == Link::Participle
            && clause.parent.and_then(|p| parsed.clauses[p].verb.as_ref()).is_some_and(|v| {
                matches!(v.lemma.as_ref(), "film" | "show" | "capture" | "record" | "catch" | "see" | "video")
            });
        let at = clause.parent.filter(|_| shown).unwrap_or(id);
        let time = date_of(scene, s, id, fact == Fact::Planned, before)
            .or_else(|| date_of(scene, s, at, false, before).filter(|_| shown))
            .filter(|(date, fresh)| !goes_on || *fresh || date.last_day() >= scene.day);
        // "In a report published on Thursday, it said the search in 2021 was unlawful": the day it appeared.
        let time = match frame.kind {
            DevelopmentType::ReportPublished | DevelopmentType::Recommendation => {
                announced::appeared(scene, s).map(|d| (d, false)).or(time)
            }
            _ => time,
        };
        // "has been in a process called Engage, which many dread, since last Thursday": so long it stands.
        let time = time.or_else(|| {
            let stands = frame.kind == DevelopmentType::SpecialMeasures && verb.perfect && verb.lemma.as_ref() == "be";
            dates::since(scene, s).filter(|_| stands).map(|d| (d, false))
        });
        // "announced he is to retire this summer": of that season or year, so it is dated by the announcement.
        let leaves = matches!(frame.kind, DevelopmentType::Resignation | DevelopmentType::Appointment);
        let time = time.filter(|(date, _)| {
            !(leaves && fact == Fact::Planned && matches!(date, PartialDate::Year(_)) && date.last_day() >= scene.day)
        });
        let quoted = clause.quote.is_some();
        let mut finding = Finding {
            kind: frame.kind,
            who: who.people,
            unnamed,
            body,
            about: about.people,
            about_bodies: about.bodies,
            sentence: s,
            date: time.map(|t| t.0),
            fresh: time.is_some_and(|t| t.1),
            fact,
            stage: if fact == Fact::Planned { EventStage::Announced } else { frame.stage },
            detail: String::new(),
            rule: frame.name.clone(),
            words: after.iter().take(6).map(|w| w.word).collect::<Vec<_>>().join(" "),
            vote: vote(scene, s, at, fact, frame.kind),
            quoted,
            clause: id,
            main: matches!(clause.link, Link::Main | Link::That)
                || clause.link == Link::Participle && clause.subject.is_empty(),
            pluperfect: verb.pluperfect && !announced::reported(scene, s, id),
            listed: announced::emerged(parsed, clause),
            phase: phase(frame.kind, &verb.lemma, after),
            recalled: false,
            aside: !matches!(clause.link, Link::Main | Link::That | Link::To),
            object_subject: verb.passive
                && clause.subject.first().is_some_and(|&p| {
                    scene.cast.party(s, p).is_empty()
                        && parsed.words[parsed.phrases[p].first].class & super::grammar::class::PRONOUN == 0
                })
                && verb.lemma.as_ref() == "find",
        };
        // "has been on paid leave since the letter": so it stands.
        let lasts = verb.perfect && matches!(verb.lemma.as_ref(), "be" | "remain" | "stay");
        if frame.kind == DevelopmentType::Suspension && lasts && after.iter().any(|w| w.word == "since") {
            finding.recalled = true;
        }
        // A patrol car that ran a boy over, told first of all, is the news.
        if frame.kind == DevelopmentType::Incident
            && frame.gates.by_police
            && !verb.passive
            && clause.link == Link::Main
        {
            finding.vote = finding.vote.max(2);
        }
        if fact == Fact::Planned {
            let keep = match frame.planned {
                Planned::Keep => true,
                Planned::Dated => finding.date.is_some(),
                Planned::Drop => false,
            };
            // "Watchdog to investigate": a headline announces what is fixed.
            let keep = keep || parsed.words.get(verb.first).is_some_and(|w| w.left_out == Some(LeftOut::Will));
            if !keep {
                finding.fact = Fact::Open;
            }
        }
        if !gates::pass(scene, frame, &mut finding, s, id) {
            continue;
        }
        finding.detail = detail(scene.doc, s, parsed, verb.main, end);
        // "Lorna was murdered in 2018, Amrit in 2019": the verb is left out.
        if verb.passive && !finding.who.is_empty() {
            for copy in gapped(&filler, &finding, before) {
                out.push(copy);
            }
        }
        // Two frames of one verb tell one event, though one of them finds nobody it happens to.
        let nobody = |f: &Finding| f.who.is_empty() && f.unnamed.is_empty();
        if let Some(told) = out.iter_mut().find(|f| {
            f.kind == finding.kind && (f.who == finding.who && f.body == finding.body || nobody(f) || nobody(&finding))
        }) {
            // What one frame keeps, though it is to come, is kept.
            let stands = |f: &Finding| matches!(f.fact, Fact::Asserted | Fact::Planned);
            if stands(&finding) && !stands(told) {
                (told.fact, told.stage, told.date) = (finding.fact, finding.stage, finding.date);
            }
            if nobody(told) {
                told.who = finding.who;
                told.unnamed = finding.unnamed;
            }
            for b in finding.body {
                if !told.body.contains(&b) {
                    told.body.push(b);
                }
            }
            if told.about.is_empty() && told.about_bodies.is_empty() {
                (told.about, told.about_bodies) = (finding.about, finding.about_bodies);
            }
            continue;
        }
        out.push(finding);
    }
    // "An inquiry into the death is to begin": what is an inquest, or a public inquiry, is no investigation besides.
    let told = |kind| out.iter().any(|f: &Finding| f.kind == kind);
    let (inquest, inquiry) = (told(DevelopmentType::Inquest), told(DevelopmentType::Inquiry));
    // "His colleague was cleared": by whom the story has just spoken of, a panel or a court.
    let cleared = told(DevelopmentType::MisconductCleared) && told(DevelopmentType::Acquittal);
    let panel = cleared && scene.before_a_panel(s);
    // "The owner of the vault is cleared of bribing him": no panel clears a member of the public.
    let before_panel = standing::any(
        lowers,
        phrases!("misconduct|panel|disciplinary|hearing|tribunal|case to answer|watchdog|iopc|pirc"),
    );
    let public = |f: &Finding| !f.who.is_empty() && f.who.iter().all(|&w| !scene.police(w));
    out.retain(|f| match f.kind {
        DevelopmentType::Acquittal => !(cleared && panel) || public(f),
        DevelopmentType::MisconductCleared => (panel || !cleared) && (before_panel || !public(f)),
        DevelopmentType::InvestigationOpened => !(inquest || inquiry),
        DevelopmentType::Inquiry => !inquest,
        _ => true,
    });
    out
}

/// "year" of "nine-year", so that a frame names a length of time once, however long it is.
fn span(word: &str) -> &str {
    let joined = |unit: &&&str| word.strip_suffix(**unit).is_some_and(|length| length.ends_with('-'));
    ["year", "month", "week", "day", "hour"].iter().find(joined).unwrap_or(&word)
}

/// Whether the first object is a "no …" that holds one of `phrases`, or any where none are asked for.
fn none_of_it(parsed: &Parsed, clause: &Clause, phrases: &Phrases) -> bool {
    clause.object.first().and_then(|&p| parsed.phrases.get(p)).is_some_and(|np| {
        let words = parsed.words.get(np.first..np.last).unwrap_or(&[]);
        let lowers: Vec<&str> = words.iter().map(|w| w.lower.as_str()).collect();
        // "referred none of the officers": what is none of them stands in the next phrase.
        np.neg
            && (lowers.first() == Some(&"no") && (phrases.is_empty() || standing::any(&lowers, phrases))
                || lowers == ["none"])
    })
}

/// Whether the words after the verb, where it has an object, hold one of `phrases`.
fn near_has(clause: &Clause, lowers: &[Sought<'_>], from: usize, end: usize, phrases: &Phrases) -> bool {
    (!clause.object.is_empty() || !clause.after.is_empty()) && standing::any(near(lowers, from, end), phrases)
}

fn near<'a>(lowers: &'a [Sought<'a>], from: usize, end: usize) -> &'a [Sought<'a>] {
    lowers.get(from..end.min(from + 8).max(from)).unwrap_or(&[])
}

fn antecedent_has(parsed: &Parsed, clause: &Clause, lowers: &[Sought<'_>], phrases: &Phrases) -> bool {
    clause.antecedent.is_some_and(|p| {
        let np = &parsed.phrases[p];
        standing::any(&lowers[np.first..np.last], phrases)
    })
}

/// The words of the clause after its verb, without what other clauses say: the event's particulars.
fn detail(doc: &Doc, s: usize, parsed: &Parsed, main: usize, end: usize) -> String {
    let stop = parsed
        .clauses
        .iter()
        .filter(|c| {
            c.first > main && c.first < end && matches!(c.link, Link::Relative | Link::Main | Link::Adverbial(_))
        })
        .map(|c| c.first)
        .min()
        .unwrap_or(end);
    // Words are the sentence's tokens, one for one.
    let stop = stop.min(main + 24).min(parsed.words.len());
    let tokens = doc.sentence_tokens(s).get(main..stop).unwrap_or(&[]);
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return String::new() };
    let told = doc.slice(Span::new(first.span.start, last.span.end));
    told.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '–' | '—' | '“' | '‘' | '"')
    })
    .to_owned()
}

/// Copies of an event for persons named after it without a verb of their own.
fn gapped(filler: &Filler<'_>, model: &Finding, before: Option<PartialDate>) -> Vec<Finding> {
    let mut out = Vec::new();
    let objects = &filler.clause.object;
    for &p in objects {
        let np = &filler.parsed.phrases[p];
        if !np.fresh {
            continue;
        }
        let party = filler.scene.cast.party(filler.s, p);
        let [who] = party.people[..] else { continue };
        if model.who.contains(&who) {
            continue;
        }
        let next = objects
            .iter()
            .map(|&q| filler.parsed.phrases[q].first)
            .filter(|&f| {
                f > np.first
                    && filler
                        .parsed
                        .phrases
                        .iter()
                        .any(|x| x.first == f && filler.parsed.words[x.first].mention.is_some())
            })
            .min()
            .unwrap_or(usize::MAX);
        let base = filler.scene.doc.sentences[filler.s].first;
        let time = filler.parsed.times.iter().find(|t| t.first - base > np.first && t.first - base < next && !t.bound);
        let Some(time) = time else { continue };
        let date = time.when.resolve(filler.scene.day, false, before);
        out.push(Finding { who: vec![who], date, ..model.clone() });
    }
    out
}
