//! Whether two tellings are of one event.

use super::*;

/// Whether two findings may tell the same event.
pub(super) fn same(scene: &Scene<'_>, a: &Finding, b: &Finding) -> bool {
    if a.kind != b.kind || a_further_term(scene, a, b) {
        return false;
    }
    if a.phase != b.phase && a.phase != 0 && b.phase != 0 {
        return false;
    }
    // Each item of a round-up has a matter of its own; what stands before the first sums them up.
    let block = |f: &Finding| scene.doc.sentences[f.sentence].block;
    let item = |f: &Finding| scene.cast.items.item(block(f)).filter(|item| *item > 0);
    if item(a).zip(item(b)).is_some_and(|(a, b)| a != b) {
        return false;
    }
    // "A special constable has been arrested. … Mr Ash was wrongly arrested by his force": nobody of the police.
    let other = |x: &Finding, y: &Finding| {
        x.who.is_empty()
            && x.unnamed.first().is_some_and(|u| u.police)
            && !y.who.is_empty()
            && y.who.iter().all(|&w| !scene.police(w) && !scene.cast.people[w].official)
    };
    if matches!(a.kind, T::Arrest | T::Charge | T::Acquittal | T::Appeal) && (other(a, b) || other(b, a)) {
        return false;
    }
    // "has widened its inquiry, which began in May": two steps.
    let wider =
        |x: &Finding| x.words.starts_with("widen") || x.words.starts_with("expand") || x.words.starts_with("reopen");
    let before = |x: &Finding, y: &Finding| wider(x) && !wider(y) && y.date.is_some();
    if a.kind == T::InvestigationOpened && a.sentence == b.sentence && (before(a, b) || before(b, a)) {
        return false;
    }
    // "has deteriorated since it was inspected in 2021, when it was graded as good": that was another report.
    let older = |x: &Finding, y: &Finding| {
        let long = |d: PartialDate| d.last_day() < scene.day && d.days_apart(PartialDate::Day(scene.day)) > 100;
        x.aside && !x.main && scene.dated && x.date.is_some_and(long) && y.main && y.date.is_none() && y.vote > 0
    };
    if a.kind == T::ReportPublished && (older(a, b) || older(b, a)) {
        return false;
    }
    // "opened on 12 July and will resume on 4 September"
    let goes_on = matches!(a.kind, T::MisconductHearing | T::Trial)
        && a.who == b.who
        && a.sentence.abs_diff(b.sentence) <= 1
        && ((a.fact == Fact::Planned) != (b.fact == Fact::Planned) || a.sentence == b.sentence);
    if goes_on && !a.who.is_empty() {
        return true;
    }
    // "Three officers were sacked … A, B and C were dismissed".
    let counted = |x: &Finding, y: &Finding| {
        x.who.is_empty()
            && x.unnamed
                .first()
                .is_some_and(|u| u.plural && u.police && u.descriptor.count.is_some_and(|n| n as usize == y.who.len()))
            && y.who.len() > 1
            && y.sentence.abs_diff(x.sentence) <= 6
    };
    // "deaths including that of Lamb, who died in a cell; a man who drowned": two, told side by side.
    let apart = a.kind == T::DeathAfterContact
        && a.sentence == b.sentence
        && a.clause != b.clause
        && [(a, b), (b, a)]
            .iter()
            .any(|(x, y)| !x.who.is_empty() && y.who.is_empty() && y.unnamed.iter().any(|u| !u.definite && !u.plural));
    if apart {
        return false;
    }
    // "set the finding aside and ordered that she be reinstated": one event told twice in a breath.
    let breath = a.sentence == b.sentence
        && a.kind != T::Statement
        && a.kind != T::Incident
        && (!a.who.is_empty() && a.who == b.who
            || a.kind == T::InvestigationClosed && [a, b].iter().any(|f| f.who.is_empty() && f.unnamed.is_empty()))
        && (a.date == b.date || a.date.is_none() || b.date.is_none())
        && a.fact == b.fact;
    if breath {
        return true;
    }
    // "left the force in March, having handed in her resignation the month before": one goes once.
    let leaves = a.kind == T::Resignation
        && !a.who.is_empty()
        && a.who == b.who
        && (a.sentence == b.sentence || a.date.is_none() || b.date.is_none())
        && a.date.zip(b.date).is_none_or(|(x, y)| x.days_apart(y) <= 200);
    if leaves {
        return true;
    }
    // "Has been sacked … was dismissed at a hearing on 12 May": one is sacked once, though it became known weeks later.
    let once = a.kind == T::Dismissal
        && a.fact == b.fact
        && (!a.who.is_empty() && a.who == b.who || confirmed(scene, a, b) || confirmed(scene, b, a))
        && told_late(scene, a.date, b.date);
    if once {
        return true;
    }
    let plural_lead = counted(a, b) || counted(b, a);
    let dates = match (a.date, b.date) {
        (Some(x), Some(y)) => {
            let loose = matches!((x, y), (PartialDate::Month(..), PartialDate::Month(..))) && (a.aside || b.aside);
            x.compatible(y) || near(x, y) || loose && x.days_apart(y) <= 31 && a.kind == T::Settlement
        }
        (Some(d), None) => undated_fits(scene, d, b),
        (None, Some(d)) => undated_fits(scene, d, a),
        (None, None) => true,
    };
    if !dates {
        return false;
    }
    let shares = |x: &[usize], y: &[usize]| x.iter().any(|p| y.contains(p));
    match a.kind {
        T::SpecialMeasures
        | T::ReportPublished
        | T::Recommendation
        | T::PolicyChange
        | T::Protest
        | T::Inquiry
        | T::Launch => {
            let force = |f: &Finding| {
                f.body
                    .iter()
                    .filter(|b| scene.cast.kind(b) == super::super::standing::BodyKind::Force)
                    .cloned()
                    .collect::<Vec<_>>()
            };
            let (x, y) = (force(a), force(b));
            x.is_empty() || y.is_empty() || x.iter().any(|k| y.contains(k))
        }
        T::Statement => {
            a.who == b.who
                && a.body.first() == b.body.first()
                && (shares(&a.about, &b.about) || a.about.is_empty() || b.about.is_empty())
        }
        _ => {
            if plural_lead {
                return true;
            }
            if !a.who.is_empty() && !b.who.is_empty() {
                let all = |x: &[usize], y: &[usize]| x.iter().all(|p| y.contains(p));
                return all(&a.who, &b.who) || all(&b.who, &a.who);
            }
            if a.who.is_empty() && b.who.is_empty() {
                // "another man was killed in Halifax": not the man of the lead.
                let another = |f: &Finding| {
                    f.unnamed.first().is_some_and(|u| {
                        let mut words = u.descriptor.text.split(' ');
                        words.any(|w| matches!(w, "another" | "second" | "third" | "other" | "different"))
                    })
                };
                if another(a) != another(b) {
                    return false;
                }
                let ranks = |f: &Finding| f.unnamed.first().and_then(|u| u.rank);
                let counts = |f: &Finding| f.unnamed.first().and_then(|u| u.descriptor.count);
                return (ranks(a) == ranks(b) || ranks(a).is_none() || ranks(b).is_none())
                    && (counts(a) == counts(b) || counts(a).is_none() || counts(b).is_none());
            }
            // "Mulholland has been dismissed … the force confirmed that a 34-year-old officer had been": the only one there is.
            let (named, unnamed) = if a.who.is_empty() { (b, a) } else { (a, b) };
            if confirmed(scene, named, unnamed) {
                return true;
            }
            // Somebody unnamed and somebody named: one only where the type has no doer of its own.
            matches!(
                a.kind,
                T::Referral
                    | T::InvestigationOpened
                    | T::Inquest
                    | T::Settlement
                    | T::LegalAction
                    | T::Complaint
                    | T::DeathAfterContact
            ) && a.unnamed.iter().all(|u| !u.police)
                && b.unnamed.iter().all(|u| !u.police)
        }
    }
}

/// Whether `unnamed` is what a body confirms of the one officer whose case the article tells, without the name.
fn confirmed(scene: &Scene<'_>, named: &Finding, unnamed: &Finding) -> bool {
    if !unnamed.who.is_empty() {
        return false;
    }
    let [who] = named.who[..] else { return false };
    let Some(officer) = unnamed.unnamed.first().filter(|u| u.police && !u.plural) else { return false };
    let clause = &scene.parsed[unnamed.sentence].clauses[unnamed.clause];
    let says = clause.parent.map(|up| &scene.parsed[unnamed.sentence].clauses[up]).is_some_and(|up| {
        up.verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "say" | "confirm" | "announce" | "tell"))
            && up.subject.first().is_some_and(|&p| {
                let party = scene.cast.party(unnamed.sentence, p);
                party.people.is_empty()
            })
    });
    let person = &scene.cast.people[who];
    let sex = officer.descriptor.sex.as_deref().zip(person.sex).is_none_or(|(x, y)| x.starts_with(y));
    let rank = officer.rank.is_none_or(|r| person.ranks.is_empty() || person.ranks.contains(r));
    let another = officer.descriptor.text.split(' ').any(|w| matches!(w, "another" | "second" | "third" | "other"));
    says && scene.accused[..] == [who] && unnamed.sentence > named.sentence && sex && rank && !another
}

/// "Already serving life, he was handed a further four years": two terms.
fn a_further_term(scene: &Scene<'_>, a: &Finding, b: &Finding) -> bool {
    let serves = |f: &Finding| f.words.starts_with("serv");
    a.kind == T::Sentence
        && serves(a) != serves(b)
        && super::super::gates::lowers(&scene.parsed[a.sentence])
            .iter()
            .any(|w| matches!(*w, "already" | "further" | "extra"))
}

/// Whether one date is missing and the other at most a season before publication.
pub(super) fn told_late(scene: &Scene<'_>, a: Option<PartialDate>, b: Option<PartialDate>) -> bool {
    let season = |d: PartialDate| d.last_day() <= scene.day && d.days_apart(PartialDate::Day(scene.day)) <= 120;
    scene.dated && matches!((a, b), (Some(d), None) | (None, Some(d)) if matches!(d, PartialDate::Day(_)) && season(d))
}

/// Dates of one telling may differ by a day: the night of an arrest, the day it became known.
fn near(a: PartialDate, b: PartialDate) -> bool {
    matches!((a, b), (PartialDate::Day(_), PartialDate::Day(_))) && a.days_apart(b) <= 1
}

/// Whether a telling without date may be of the event dated `date`: the lead tells what is new, not what is long past.
fn undated_fits(scene: &Scene<'_>, date: PartialDate, undated: &Finding) -> bool {
    let recent = recent(scene, date);
    if undated.vote > 0 { recent || undated.vote < 3 } else { true }
}

fn recent(scene: &Scene<'_>, date: PartialDate) -> bool {
    let day = PartialDate::Day(scene.day);
    date.last_day() >= scene.day || date.days_apart(day) <= 14
}
