//! Days that other sentences tell: of the hearing at which something was said, and of when somebody was told what happened.

use super::clauses::Link;
use super::events::{Finding, date_of, owner_of};
use super::fact::Fact;
use super::gates::{Scene, lowers};
use super::phrases::phrases;
use super::standing;
use crate::domain::{DevelopmentType as T, PartialDate};

/// Days back to which a next sentence may date what the one before it brings.
const RECENT: i32 = 14;

/// Gives what is said at a hearing or meeting, or right after it, the day of which the first paragraphs speak: "said outside
/// court", "told the panel", "she said afterwards".
pub(super) fn said_there(scene: &Scene<'_>, findings: &mut [Finding], day: Option<PartialDate>) {
    let Some(day) = day.filter(|d| d.last_day() < scene.day) else { return };
    let there = phrases!(
        "outside court|outside the court|outside the hearing|outside the building|on the steps|after the hearing|after the verdict|after the verdicts|after the sentencing|after the sentence|after the ruling|after the inquest|after the meeting|after the judgment|after the vote|following the hearing|following the verdict|told the meeting|told the panel|told the hearing|told the court|told the inquiry|told the jury|told the judge|told the inquest|told members|told councillors|told the tribunal|told the committee|said afterwards|afterwards|the same day|told it that|told him in court|the public gallery|in a statement read"
    );
    for f in findings.iter_mut() {
        let open = f.date.is_none()
            && matches!(f.kind, T::Statement | T::Apology)
            && f.fact == Fact::Asserted
            && !f.pluperfect;
        let timed = |s: usize| scene.parsed[s].times.iter().any(|t| !t.bound);
        if !open || timed(f.sentence) {
            continue;
        }
        let block = scene.doc.sentences[f.sentence].block;
        let told = (0..=f.sentence)
            .rev()
            .take_while(|&s| scene.doc.sentences[s].block == block)
            .any(|s| standing::any(&lowers(&scene.parsed[s]), there));
        if told {
            f.date = Some(day);
        }
    }
}

/// Gives what has just happened the day on which the next sentences say that somebody was told of it or that it came: "PC Orr
/// will not be charged. She was told on Monday."
pub(super) fn told_next(scene: &Scene<'_>, findings: &mut [Finding]) {
    if !scene.dated {
        return;
    }
    for i in 0..findings.len() {
        let f = &findings[i];
        let block = scene.doc.sentences[f.sentence].block;
        // "the reporter whose records it took in 2013": a time on the side is none of the event.
        let base = scene.doc.sentences[f.sentence].first;
        let timed = scene.parsed[f.sentence].times.iter().any(|t| {
            let owner = owner_of(&scene.parsed[f.sentence], t.first.saturating_sub(base));
            let side =
                owner.is_some_and(|k| k != f.clause && scene.parsed[f.sentence].clauses[k].link == Link::Relative);
            !t.bound && !side
        });
        let open = f.date.is_none()
            && matches!(f.fact, Fact::Asserted | Fact::Planned)
            && f.main
            && !f.aside
            && f.vote > 0
            && !f.quoted
            && !f.pluperfect;
        if !open || timed || matches!(f.kind, T::Statement | T::Incident | T::DeathAfterContact | T::PolicyChange) {
            continue;
        }
        let near = |next: usize| {
            let sentence = scene.doc.sentences.get(next).filter(|_| next > f.sentence)?;
            let follows =
                sentence.block == block || sentence.block == block + 1 && (block <= 1 || scene.alone(f.sentence));
            let taken = findings.iter().any(|o| {
                let other = !o.who.is_empty() && !f.who.is_empty() && !o.who.iter().any(|w| f.who.contains(w));
                o.sentence == next && o.date.is_some() && o.kind == f.kind && !other
            });
            (follows && !taken).then_some(next)
        };
        let date = near(f.sentence + 1)
            .and_then(|next| (0..scene.parsed[next].clauses.len()).find_map(|id| tells(scene, f, next, id)))
            .or_else(|| {
                // The next paragraphs name it again: "The settlement, signed on Wednesday, ends a claim".
                let last = f.sentence + 4;
                (f.sentence + 1..=last)
                    .take_while(|&s| scene.doc.sentences.get(s).is_some_and(|x| x.block <= block + 2))
                    .find_map(|s| (0..scene.parsed[s].clauses.len()).find_map(|id| names_again(scene, f, s, id)))
            });
        if let Some(date) = date {
            findings[i].date = Some(date);
        }
    }
}

/// The recent day on which clause `id` of sentence `s` says that `f` came or was told, if it does.
fn tells(scene: &Scene<'_>, f: &Finding, s: usize, id: usize) -> Option<PartialDate> {
    const ITSELF: &[&str] = &[
        "it",
        "decision",
        "decisions",
        "apology",
        "announcement",
        "referral",
        "move",
        "ruling",
        "verdict",
        "conclusion",
        "outcome",
        "resignation",
        "news",
        "appointment",
        "judgment",
    ];
    const KIN: &[&str] =
        &["family", "families", "mother", "father", "parents", "widow", "relatives", "sister", "brother"];
    let parsed = &scene.parsed[s];
    let clause = &parsed.clauses[id];
    let verb = clause.verb.as_ref()?;
    let plain = clause.quote.is_none()
        && !verb.neg
        && verb.modal.is_none()
        && !verb.pluperfect
        && verb.past
        && matches!(clause.link, Link::Main);
    let subject = clause.subject.first().filter(|_| plain)?;
    let party = scene.cast.party(s, *subject);
    let np = &parsed.phrases[*subject];
    let words: Vec<&str> = parsed.words[np.first..np.last].iter().map(|w| w.lower.as_str()).collect();
    let same = party.people.iter().any(|w| f.who.contains(w))
        || f.who.is_empty() && party.unnamed.as_ref().is_some_and(|u| u.police);
    let itself = words.last().is_some_and(|w| ITSELF.contains(w));
    // "has been directed to bring proceedings. The force was told on Tuesday."
    let same_body = party.bodies.iter().any(|b| f.body.contains(b));
    let told = match verb.lemma.as_ref() {
        "tell" | "inform" | "notify" => verb.passive && (same || same_body || words.iter().any(|w| KIN.contains(w))),
        "learn" => same,
        "serve" => {
            let whom = clause.object.iter().chain(&clause.after).flat_map(|&p| scene.cast.party(s, p).people);
            same && verb.passive || whom.into_iter().any(|w| f.who.contains(&w))
        }
        "come" | "happen" | "follow" => itself,
        "announce" | "confirm" | "make" | "reveal" | "publish" if verb.passive => itself,
        // "The Crown Office announced the decision on Wednesday."
        "announce" | "confirm" | "reveal" | "publish" => clause.object.first().is_some_and(|&p| {
            let np = &parsed.phrases[p];
            let words: Vec<&str> = parsed.words[np.first..np.last].iter().map(|w| w.lower.as_str()).collect();
            matches!(words[..], ["the" | "its" | "their", head] if ITSELF.contains(&head)) || words == ["it"]
        }),
        _ => false,
    };
    let date = date_of(scene, s, id, false, None).map(|d| d.0).filter(|_| told)?;
    let near = date.last_day() <= scene.day && date.days_apart(PartialDate::Day(scene.day)) <= RECENT;
    (matches!(date, PartialDate::Day(_)) && near).then_some(date)
}

/// What an event of `kind` is called when it is named again.
fn called(kind: T) -> &'static [&'static str] {
    match kind {
        T::Settlement => &["settlement", "deal", "payment", "agreement", "payout"],
        T::Complaint => &["complaint"],
        T::LegalAction => &["claim", "action", "papers", "proceedings", "lawsuit", "case", "writ"],
        T::ReportPublished => &["report", "findings", "review"],
        T::SpecialMeasures => &["decision", "move", "letter"],
        T::Apology => &["apology", "letter"],
        T::Referral => &["referral"],
        T::Appointment => &["appointment"],
        T::Resignation => &["resignation", "departure", "retirement"],
        _ => &[],
    }
}

/// The recent day on which clause `id` of sentence `s` says that `f`, named again, came: "handed in her complaint on Monday",
/// "told the force of its decision on Friday", "was unveiled on Tuesday".
fn names_again(scene: &Scene<'_>, f: &Finding, s: usize, id: usize) -> Option<PartialDate> {
    let parsed = &scene.parsed[s];
    let clause = &parsed.clauses[id];
    let verb = clause.verb.as_ref()?;
    let plain = clause.quote.is_none() && !verb.neg && verb.modal.is_none() && !verb.pluperfect;
    let named = |&p: &usize| {
        let np = &parsed.phrases[p];
        let led = matches!(
            parsed.words[np.first].lower.as_str(),
            "the" | "her" | "his" | "its" | "their" | "papers" | "proceedings"
        );
        let head = np.last.checked_sub(1).map_or("", |k| parsed.words[k].lower.as_str());
        led && called(f.kind).contains(&head)
    };
    let sent = matches!(
        verb.lemma.as_ref(),
        "hand" | "lodge" | "file" | "submit" | "issue" | "send" | "sign" | "make" | "tender"
    );
    let tells = match &clause.link {
        Link::Main if verb.past => {
            clause.subject.first().is_some_and(named) && (verb.passive || matches!(verb.lemma.as_ref(), "come" | "appear"))
                // "handed in her complaint": the particle reads as a preposition.
                || sent && clause.object.iter().chain(&clause.after).any(named)
                || matches!(verb.lemma.as_ref(), "tell" | "notify" | "inform") && clause.after.iter().any(named)
                || f.kind == T::Appointment
                    && verb.passive
                    && matches!(verb.lemma.as_ref(), "unveil" | "present" | "introduce")
                    && clause.subject.iter().any(|&p| scene.cast.party(s, p).people.iter().any(|w| f.who.contains(w)))
                // "In a letter dated 28 December the deputy chief told him"
                || f.kind == T::Apology
                    && matches!(verb.lemma.as_ref(), "tell" | "write")
                    && clause.subject.iter().any(|&p| {
                        let people = scene.cast.party(s, p).people;
                        people.iter().any(|&w| scene.cast.people[w].own.iter().any(|b| f.body.contains(b)))
                    })
        }
        Link::Participle => {
            clause.antecedent.as_ref().is_some_and(named)
                && matches!(
                    verb.lemma.as_ref(),
                    "sign"
                        | "publish"
                        | "release"
                        | "agree"
                        | "reach"
                        | "announce"
                        | "lodge"
                        | "issue"
                        | "file"
                        | "send"
                )
        }
        _ => false,
    };
    let date = date_of(scene, s, id, false, None).map(|d| d.0).filter(|_| plain && tells)?;
    let near = date.last_day() <= scene.day && date.days_apart(PartialDate::Day(scene.day)) <= RECENT;
    (matches!(date, PartialDate::Day(_)) && near).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn days_told_by_the_sentence_after() {
        check(&[
            (
                "PC Ann Orr, of Kent Police, will not be prosecuted, the CPS has decided. She was told by letter on Monday.",
                &["investigation_closed Ann Orr 2024-06-03 new"],
            ),
            (
                "Kent Police has apologised to the family of Leo Ash, who died in a cell. The apology came at a meeting on Tuesday.",
                &["apology - 2024-06-04 new", "death_after_contact Leo Ash - old"],
            ),
            // The day of something else.
            (
                "Kent Police has apologised to the family of Leo Ash. A vigil was held on Monday outside the police station.",
                &["apology - 2024-06-06 new", "protest - 2024-06-03 new"],
            ),
        ]);
    }

    #[test]
    fn what_is_said_at_a_hearing_has_its_day() {
        check(&[(
            "Sgt Lee Hale, of Kent Police, was jailed for two years at Luton Crown Court on Tuesday. | Chief Constable Ann Orr apologised to his victims outside court.",
            &["sentence Lee Hale 2024-06-04 new", "apology Ann Orr 2024-06-04 new"],
        )]);
    }
}
