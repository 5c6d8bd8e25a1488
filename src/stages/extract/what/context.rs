//! What the sentences around an event add: the day of the hearing, the act behind an outcome, a correction.

use super::clauses::Link;
use super::events::{self, Finding};
use super::fact::Fact;
use super::gates::{Scene, lowers};
use super::phrases::phrases;
use super::standing::{self, BodyKind};
use super::when::When;
use crate::domain::{DevelopmentType as T, EventStage, PartialDate};

/// Outcomes of one hearing by a panel.
fn discipline(kind: T) -> bool {
    matches!(kind, T::MisconductFinding | T::MisconductCleared | T::Dismissal)
}

/// Outcomes of one hearing in court.
fn court(kind: T) -> bool {
    matches!(kind, T::Plea | T::Conviction | T::Acquittal | T::Sentence | T::Appeal)
}

/// Gives outcomes without a date of their own the day of the hearing that the text sets them in.
pub(super) fn hearing_dates(scene: &Scene<'_>, findings: &mut [Finding]) {
    let list = list_date(scene);
    let today = PartialDate::Day(scene.day);
    let panels: Vec<(usize, Vec<usize>, PartialDate)> = findings
        .iter()
        .filter(|f| discipline(f.kind) && f.fact == Fact::Asserted && f.main)
        .filter_map(|f| Some((f.sentence, f.who.clone(), f.date?)))
        .filter(|(.., d)| matches!(d, PartialDate::Day(_)) && d.days_apart(today) <= 14)
        .collect();
    // An article whose lead tells of a panel brings its outcomes, though it gives no day.
    let lead: Vec<&str> = scene.parsed.iter().take(2).flat_map(lowers).collect();
    let panel_lead =
        lead.iter().any(|w| matches!(*w, "misconduct" | "panel" | "sacked" | "dismissed" | "barred" | "disciplinary"));
    let near = |f: &Finding| f.date.is_some_and(|d| d.days_apart(today) <= 14);
    let dated = findings.iter().any(|f| discipline(f.kind) && f.main && near(f));
    if panel_lead && !dated {
        for f in findings.iter_mut().filter(|f| discipline(f.kind) && f.main && !f.pluperfect && !f.quoted) {
            f.vote = f.vote.max(1);
        }
    }
    // A trial that is yet to come has nothing that is denied throughout it.
    let trial = findings.iter().any(|f| {
        f.kind == T::Trial
            && f.fact == Fact::Asserted
            && f.vote > 0
            && f.stage != EventStage::Announced
            && f.date.is_none_or(|d| d.first_day() <= scene.day)
    });
    let after_death = findings.iter().any(|f| {
        matches!(
            f.kind,
            T::Inquest
                | T::Trial
                | T::Conviction
                | T::Acquittal
                | T::Settlement
                | T::MisconductFinding
                | T::Dismissal
                | T::Charge
                | T::InvestigationClosed
                | T::MisconductHearing
                | T::LegalAction
                | T::ReportPublished
        ) && f.fact == Fact::Asserted
            && f.vote > 0
            && (f.kind != T::Inquest || f.phase == 2)
    });
    for f in findings.iter_mut() {
        // What is denied throughout a trial, and a death whose aftermath is the news, are recalled.
        let recalled = f.kind == T::Plea && f.rule == "frame.plea.deny" && trial
            || f.kind == T::DeathAfterContact && after_death && f.date.is_none();
        if recalled {
            f.vote = f.vote.min(-2);
        }
    }
    for i in 0..findings.len() {
        // "The constable arrested with him": on the day he was.
        if findings[i].kind == T::Arrest && findings[i].date.is_none() {
            let with = co_arrested(scene, &findings[i]);
            let date = findings
                .iter()
                .find(|o| o.kind == T::Arrest && o.date.is_some() && o.who.iter().any(|w| with.contains(w)))
                .and_then(|o| o.date);
            findings[i].date = date;
        }
        // "Has appeared in court charged with theft. … appeared before magistrates on Thursday": on that day.
        if findings[i].kind == T::Charge
            && findings[i].date.is_none()
            && findings[i].rule.starts_with("frame.charge.appear")
        {
            findings[i].date = appearance(scene, &findings[i], today);
        }
        if let (Some(list), Some(date)) = (list, findings[i].date)
            && findings[i].main
            && date.last_day() >= list.first_day()
        {
            findings[i].listed = true;
        }
        let f = &findings[i];
        let outcome = discipline(f.kind) || court(f.kind);
        if outcome
            && let Some(day) = list
            && f.main
            && f.date.is_some_and(|d| d.last_day() < day.first_day())
        {
            findings[i].date = Some(day);
            continue;
        }
        if f.date.is_some() || f.fact != Fact::Asserted || !f.main || f.pluperfect || f.recalled {
            continue;
        }
        // "received a warning at an earlier meeting": not at this one.
        if discipline(f.kind)
            && standing::any(
                &lowers(&scene.parsed[f.sentence]),
                phrases!(
                    "an earlier meeting|an earlier hearing|a previous hearing|a previous meeting|a separate hearing|a separate meeting|an earlier misconduct"
                ),
            )
        {
            findings[i].vote = findings[i].vote.min(-2);
            continue;
        }
        // "Both deny the charge": what stands throughout a trial has no day.
        if f.kind == T::Plea && f.rule == "frame.plea.deny" && trial {
            continue;
        }
        let block = scene.doc.sentences[f.sentence].block;
        let colon = scene.parsed[f.sentence].words.iter().any(|w| w.lower == ":");
        let before = findings[..i].iter().rev().take(50).find(|o| {
            o.sentence == f.sentence
                && !colon
                && o.main
                && o.date.is_some()
                && o.fact == Fact::Asserted
                && !o.pluperfect
        });
        let mut date =
            before.and_then(|o| o.date).filter(|_| outcome || matches!(f.kind, T::InvestigationClosed | T::Suspension));
        if date.is_none() && outcome {
            date = sitting(scene, block, f.sentence);
        }
        if date.is_none() && outcome {
            date = findings[..i]
                .iter()
                .rev()
                .take(50)
                .find(|o| {
                    let near = scene.doc.sentences[o.sentence].block;
                    (discipline(o.kind) || court(o.kind) || matches!(o.kind, T::LegalAction))
                        && o.main
                        && o.date.is_some()
                        && o.fact == Fact::Asserted
                        && (near == block
                            || near + 1 == block && o.who == f.who && discipline(f.kind)
                            || near + 1 == block && f.kind == T::Appeal)
                        && (discipline(o.kind) == discipline(f.kind))
                        && o.kind != T::Plea
                })
                .and_then(|o| o.date);
        }
        if date.is_none() && discipline(f.kind) {
            // What a later paragraph tells of somebody else's hearing dates nothing of this one's.
            let this = |(s, who, _): &&(usize, Vec<usize>, PartialDate)| {
                let near = scene.doc.sentences[*s].block <= block + 2;
                let open = near && (who.is_empty() || f.who.is_empty());
                *s <= f.sentence || open || who.iter().any(|w| f.who.contains(w))
            };
            date = panels.iter().find(this).map(|(.., d)| *d);
        }
        if date.is_none() && outcome {
            date = list;
        }
        // "When the foreman stood up on Thursday it was to convict …": the day of which the first paragraphs speak.
        let arrest = f.kind == T::Arrest && f.vote > -3 && block <= 6;
        if date.is_none() && ((outcome || f.kind == T::Suspension) && f.vote > 0 && block <= 4 || arrest) {
            date = news_day(scene).filter(|_| f.kind != T::Suspension || f.vote > 1);
        }
        if let Some(date) = date {
            findings[i].date = Some(date);
            findings[i].listed |= list.is_some_and(|l| date.last_day() >= l.first_day());
        }
    }
}

/// "Was sacked after a panel found gross misconduct": the finding is as new as what the same hearing brought.
pub(super) fn findings_of_hearings(scene: &Scene<'_>, findings: &mut [Finding]) {
    for i in 0..findings.len() {
        let f = &findings[i];
        let parsed = &scene.parsed[f.sentence];
        let clause = &parsed.clauses[f.clause];
        // "at a hearing chaired by Jo Orr, who found that he had lied"
        let by_chair =
            clause.link == Link::That && clause.parent.is_some_and(|up| parsed.clauses[up].link == Link::Relative);
        if !matches!(f.kind, T::MisconductFinding | T::MisconductCleared)
            || f.date.is_some()
            || f.pluperfect && !by_chair
        {
            continue;
        }
        if !matches!(&clause.link, Link::Adverbial(word) if matches!(word.as_str(), "after" | "when" | "as"))
            && !f.aside
            && !by_chair
        {
            continue;
        }
        let outcome = findings.iter().find(|o| {
            o.kind == T::Dismissal && o.sentence == f.sentence && o.fact == Fact::Asserted && o.who == f.who && o.main
        });
        if let Some((date, vote)) = outcome.map(|o| (o.date, o.vote)) {
            findings[i].date = date;
            findings[i].vote = findings[i].vote.max(vote);
            findings[i].aside = false;
        }
    }
}

/// "An inquest was opened in December. The full hearing will begin in May": of the inquest that the sentence before tells.
pub(super) fn inquest_hearings(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let mut out: Vec<Finding> = Vec::new();
    for opened in findings.iter().filter(|f| f.kind == T::Inquest) {
        let s = opened.sentence + 1;
        let block = |s: usize| scene.doc.sentences.get(s).map(|s| s.block);
        let Some(parsed) = scene.parsed.get(s).filter(|_| block(s) == block(opened.sentence)) else { continue };
        let other = phrases!("misconduct|disciplinary|panel|accelerated|gross|standards|trial|tribunal");
        if standing::any(&lowers(parsed), other) || out.iter().any(|o| o.sentence == s) {
            continue;
        }
        for (id, clause) in parsed.clauses.iter().enumerate() {
            let Some(verb) = clause.verb.as_ref().filter(|v| !v.neg) else { continue };
            let hearing =
                clause.subject.first().is_some_and(|&p| parsed.words[parsed.phrases[p].last - 1].lower == "hearing");
            let sits =
                matches!(verb.lemma.as_ref(), "begin" | "start" | "open" | "hold" | "take" | "list" | "set" | "resume");
            let date = events::date_of(scene, s, id, true, None).map(|d| d.0).filter(|_| hearing && sits);
            let Some(date) = date else { continue };
            let mut f = Finding::blank(T::Inquest, s, id);
            (f.who, f.body, f.date) = (opened.who.clone(), opened.body.clone(), Some(date));
            f.stage = EventStage::Announced;
            f.fact = if date.first_day() > scene.day { Fact::Planned } else { Fact::Asserted };
            "inquest.hearing".clone_into(&mut f.rule);
            out.push(f);
        }
    }
    findings.retain(|f| {
        f.kind != T::MisconductHearing || !out.iter().any(|o| (o.sentence, o.clause) == (f.sentence, f.clause))
    });
    findings.extend(out);
}

/// "Hale used his rank to spare his friends, a misconduct panel ruled yesterday": the panel found that he did.
pub(super) fn found_by_panel(scene: &Scene<'_>, findings: &[Finding]) -> Vec<Finding> {
    let mut out = Vec::new();
    for (s, parsed) in scene.parsed.iter().enumerate() {
        let words = lowers(parsed);
        if scene.elsewhere || !words.iter().any(|w| matches!(*w, "misconduct" | "disciplinary" | "panel")) {
            continue;
        }
        let tag = parsed.clauses.iter().enumerate().skip(1).find(|(_, c)| {
            let finds = c.verb.as_ref().is_some_and(|v| {
                matches!(v.lemma.as_ref(), "find" | "rule" | "decide" | "conclude" | "determine")
                    && !(v.passive || v.neg)
                    && v.modal.is_none()
            });
            let panel = c.subject.first().is_some_and(|&p| {
                let np = &parsed.phrases[p];
                words[np.first..np.last].iter().any(|w| matches!(*w, "panel" | "hearing" | "tribunal"))
            });
            let last = c.link == Link::Main && c.object.is_empty();
            finds && panel && last && c.first.checked_sub(1).is_some_and(|k| words[k] == ",")
        });
        let Some((k, _)) = tag else { continue };
        let clause = &parsed.clauses[0];
        let acts = clause.verb.as_ref().is_some_and(|v| v.past && !v.passive && !v.neg && v.modal.is_none());
        let told = findings.iter().any(|f| f.sentence == s && (discipline(f.kind) || f.kind == T::InvestigationClosed));
        let Some(&subject) = clause.subject.first().filter(|_| acts && !told && clause.link == Link::Main) else {
            continue;
        };
        let party = scene.cast.party(s, subject);
        let who: Vec<usize> = party.people.into_iter().filter(|&w| scene.police(w)).collect();
        let unnamed: Vec<_> = party.unnamed.into_iter().filter(|u| u.police && who.is_empty()).collect();
        if who.is_empty() && unnamed.is_empty() {
            continue;
        }
        let mut f = Finding::blank(T::MisconductFinding, s, k);
        (f.who, f.unnamed, f.vote) = (who, unnamed, 2);
        f.date = events::date_of(scene, s, k, false, None).map(|d| d.0);
        "panel.found".clone_into(&mut f.rule);
        super::gates::bodies(scene, &mut f, s);
        out.push(f);
    }
    out
}

/// What prosecutors decide beside a charge that is news is as new, where no day is told: "The CPS decided that there was not enough
/// evidence to prosecute the inspector."
pub(super) fn decisions(scene: &Scene<'_>, findings: &mut [Finding]) {
    let today = PartialDate::Day(scene.day);
    let news = |f: &Finding| f.vote > 0 && f.date.is_none_or(|d| d.days_apart(today) <= 1);
    let charged =
        findings.iter().any(|f| f.kind == T::Charge && matches!(f.fact, Fact::Asserted | Fact::Planned) && news(f));
    if !charged {
        return;
    }
    for f in findings.iter_mut().filter(|f| f.kind == T::InvestigationClosed && f.date.is_none() && f.vote <= 0) {
        let clause = &scene.parsed[f.sentence].clauses[f.clause];
        let timed = scene.parsed[f.sentence].times.iter().any(|t| !t.bound && t.when != When::Same);
        let prosecutors = f.body.iter().any(|b| scene.cast.kind(b) == BodyKind::Prosecutor)
            || scene.kind_in(f.sentence, BodyKind::Prosecutor);
        let plain = clause.verb.as_ref().is_some_and(|v| !v.pluperfect);
        if prosecutors && plain && !timed && matches!(clause.link, Link::Main | Link::That) && !f.quoted {
            f.vote = 1;
        }
    }
}

/// That there is no case to answer clears an officer; that no proceedings follow is the same said once more.
pub(super) fn cleared(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let cleared: Vec<(usize, Vec<usize>)> = findings
        .iter()
        .filter(|f| f.kind == T::MisconductCleared && f.fact == Fact::Asserted)
        .map(|f| (f.sentence, f.who.clone()))
        .collect();
    findings.retain(|f| {
        let told = f.kind == T::InvestigationClosed
            && standing::any(&lowers(&scene.parsed[f.sentence]), phrases!("no case"))
            && cleared.iter().any(|(s, who)| *s == f.sentence && *who == f.who);
        !told
    });
}

/// A referral told in one breath with the investigation it led to is as new as that: also where only that has a day, of the last
/// week.
pub(super) fn referrals(scene: &Scene<'_>, findings: &mut [Finding]) {
    let today = PartialDate::Day(scene.day);
    let near = |d: PartialDate| matches!(d, PartialDate::Day(_)) && d.days_apart(today) <= 7;
    for i in 0..findings.len() {
        if findings[i].kind != T::Referral || findings[i].date.is_some() || findings[i].pluperfect {
            continue;
        }
        let vote = findings
            .iter()
            .filter(|o| o.kind == T::InvestigationOpened && o.sentence == findings[i].sentence)
            .filter(|o| o.fact == Fact::Asserted && o.date.is_none_or(|d| scene.dated && near(d)))
            .map(|o| if o.date.is_some() { 1 } else { o.vote })
            .max();
        if let Some(vote) = vote {
            findings[i].vote = findings[i].vote.max(vote);
        }
    }
}

/// The day of the last week on which the next sentences say that the person of `f` appeared in court.
fn appearance(scene: &Scene<'_>, f: &Finding, today: PartialDate) -> Option<PartialDate> {
    (f.sentence..scene.parsed.len().min(f.sentence + 4)).find_map(|s| {
        scene.parsed[s].clauses.iter().enumerate().find_map(|(id, clause)| {
            let appears = clause.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "appear" && v.modal.is_none());
            let same = clause.subject.first().is_some_and(|&p| {
                let people = scene.cast.party(s, p).people;
                f.who.is_empty() || people.iter().any(|w| f.who.contains(w))
            });
            let date = events::date_of(scene, s, id, false, None).map(|d| d.0).filter(|_| appears && same)?;
            (matches!(date, PartialDate::Day(_)) && date.last_day() <= scene.day && date.days_apart(today) <= 7)
                .then_some(date)
        })
    })
}

/// The persons with whom the arrest of `f` says he or she was arrested.
fn co_arrested(scene: &Scene<'_>, f: &Finding) -> Vec<usize> {
    let parsed = &scene.parsed[f.sentence];
    let clause = &parsed.clauses[f.clause];
    clause
        .after
        .iter()
        .filter(|&&p| {
            parsed.phrases[p].prep.is_some_and(|k| matches!(parsed.words[k].lower.as_str(), "with" | "alongside"))
        })
        .flat_map(|&p| scene.cast.party(f.sentence, p).people)
        .collect()
}

/// The one day of the last week that the main clauses of the first sentences name.
pub(super) fn news_day(scene: &Scene<'_>) -> Option<PartialDate> {
    if !scene.dated {
        return None;
    }
    let today = PartialDate::Day(scene.day);
    scene.parsed.iter().enumerate().filter(|(s, _)| scene.doc.sentences[*s].block <= 3).find_map(|(_, parsed)| {
        parsed.times.iter().filter(|t| !t.bound).find_map(|t| {
            let date = t.when.resolve(scene.day, false, None)?;
            let near =
                matches!(date, PartialDate::Day(_)) && date.last_day() <= scene.day && date.days_apart(today) <= 6;
            let quoted = parsed.words.iter().any(|w| w.quote.is_some());
            let to_come = parsed.clauses.iter().any(|c| {
                c.verb.as_ref().is_some_and(|v| v.modal.is_some() || matches!(v.lemma.as_ref(), "due" | "set"))
            });
            (near && !quoted && !to_come).then_some(date)
        })
    })
}

/// The day on which all that a list tells was heard: "These cases were heard on Monday".
fn list_date(scene: &Scene<'_>) -> Option<PartialDate> {
    let parsed = scene.parsed.first()?;
    let words = lowers(parsed);
    let lists = words.iter().any(|w| matches!(*w, "cases" | "hearings" | "outcomes"));
    let time = parsed.times.iter().find(|t| !t.bound)?;
    if !lists || !scene.dated {
        return None;
    }
    time.when.resolve(scene.day, false, None)
}

/// The day on which the paragraph says that somebody appeared or was heard.
fn sitting(scene: &Scene<'_>, block: usize, upto: usize) -> Option<PartialDate> {
    let mut found = None;
    for s in (0..=upto).rev().take_while(|&s| scene.doc.sentences[s].block == block) {
        for (id, clause) in scene.parsed[s].clauses.iter().enumerate() {
            let Some(verb) = clause.verb.as_ref() else { continue };
            if matches!(verb.lemma.as_ref(), "appear" | "attend" | "hear" | "sit" | "face")
                && verb.modal.is_none()
                && !verb.progressive
            {
                found = found.or_else(|| events::date_of(scene, s, id, false, None).map(|d| d.0));
            }
        }
    }
    found
}
