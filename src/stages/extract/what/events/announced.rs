//! Days that another clause tells of an event: when it was announced or approved, how long ago it was, on what day its report
//! appeared.

use super::super::when::{TimeExpr, When, small_number};
use super::*;

/// The day on which the report that the sentence names appeared: "a report made public on Tuesday".
pub(super) fn appeared(scene: &Scene<'_>, s: usize) -> Option<PartialDate> {
    let parsed = &scene.parsed[s];
    let base = scene.doc.sentences[s].first;
    parsed.clauses.iter().enumerate().find_map(|(id, clause)| {
        let verb = clause.verb.as_ref()?;
        let appears = verb.passive
            && !verb.neg
            && clause.link == Link::Participle
            && (matches!(verb.lemma.as_ref(), "publish" | "release" | "issue" | "unveil")
                || verb.lemma.as_ref() == "make" && parsed.words.get(verb.last).is_some_and(|w| w.lower == "public"));
        let of_report = || {
            clause.antecedent.is_some_and(|p| {
                let np = &parsed.phrases[p];
                parsed.words[np.first..np.last].iter().any(|w| {
                    matches!(w.lower.as_str(), "report" | "findings" | "review" | "letter" | "inspection" | "study")
                })
            })
        };
        let owned = |t: &&TimeExpr| {
            !t.bound && owner_of(parsed, t.first.saturating_sub(base)) == Some(id) && t.first - base >= verb.last
        };
        let time = parsed.times.iter().find(owned).filter(|_| appears && scene.dated && of_report())?;
        time.when.resolve(scene.day, false, None).filter(|d| d.last_day() <= scene.day)
    })
}

/// "No action was taken, the watchdog said on Monday": the day of the announcement, where the event has none.
pub(super) fn announced(scene: &Scene<'_>, s: usize, id: usize, future: bool) -> Option<(PartialDate, bool)> {
    let parsed = &scene.parsed[s];
    let clause = &parsed.clauses[id];
    let base = scene.doc.sentences[s].first;
    let told = clause.verb.as_ref().is_some_and(|v| !v.pluperfect);
    if clause.link != Link::Main || !told || clause.quote.is_some() {
        return None;
    }
    let (_, source) = parsed.clauses.iter().enumerate().skip(id + 1).find(|(_, c)| {
        // "found that he had lied, and said that he had retired in March": no day of the finding.
        c.link == Link::Main
            && !c.inherited
            && c.quote.is_none()
            && c.verb.as_ref().is_some_and(|v| {
                (matches!(
                    v.lemma.as_ref(),
                    "say" | "announce" | "confirm" | "rule" | "reveal" | "disclose" | "concede"
                ) || future && matches!(v.lemma.as_ref(), "emerge" | "tell"))
                    && v.past
                    && !v.pluperfect
            })
    })?;
    let time = parsed.times.iter().find(|t| t.first - base >= source.first && !t.bound)?;
    time.when.resolve(scene.day, false, None).map(|d| (d, time.fresh))
}

/// "is to be the next chief constable after councillors approved her on Monday": the day of the decision.
pub(super) fn approved(scene: &Scene<'_>, s: usize, id: usize) -> Option<(PartialDate, bool)> {
    let parsed = &scene.parsed[s];
    let decides = |c: &Clause| {
        c.parent == Some(id)
            && matches!(&c.link, Link::Adverbial(word) if word == "after")
            && c.verb.as_ref().is_some_and(|v| {
                !v.neg
                    && matches!(
                        v.lemma.as_ref(),
                        "approve" | "endorse" | "confirm" | "vote" | "agree" | "accept" | "back" | "decide"
                    )
            })
    };
    let decision = parsed.clauses.iter().position(decides)?;
    let recent =
        |d: &(PartialDate, bool)| d.0.last_day() <= scene.day && d.0.days_apart(PartialDate::Day(scene.day)) <= 14;
    date_of(scene, s, decision, false, None).filter(recent)
}

/// "13 months after it was graded": counted back from publication.
pub(super) fn ago(scene: &Scene<'_>, parsed: &Parsed, clause: &Clause, s: usize) -> Option<(PartialDate, bool)> {
    if !matches!(&clause.link, Link::Adverbial(word) if word == "after" || word == "since") || !scene.dated {
        return None;
    }
    // "a year to the day since he died"
    let lower =
        |back: usize| clause.first.checked_sub(back).and_then(|k| parsed.words.get(k)).map_or("", |w| w.lower.as_str());
    if (lower(3), lower(2), lower(1)) == ("to", "the", "day") && lower(4).starts_with("year") {
        let years = i16::try_from(small_number(lower(5))?).ok()?;
        let date = When::Anniversary(-years, 0).resolve(scene.day, false, None);
        return date.map(|d| (d, false));
    }
    // "It is eighteen months since a jury decided"
    if matches!(&clause.link, Link::Adverbial(word) if word == "since") {
        let it_is = clause.parent.map(|up| &parsed.clauses[up]).is_some_and(|up| {
            up.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "be" && !v.past)
                && up.subject.first().is_some_and(|&p| parsed.words[parsed.phrases[p].first].lower == "it")
        });
        let n = small_number(lower(2)).filter(|_| it_is)?;
        let when = match lower(1) {
            "month" | "months" => When::MonthOffset(-n),
            "year" | "years" => When::YearOffset(i16::try_from(-n).ok()?),
            "week" | "weeks" => When::WeekOffset(-n),
            _ => return None,
        };
        return when.resolve(scene.day, false, None).map(|d| (d, false));
    }
    let unit = parsed.words.get(clause.first.checked_sub(1)?)?.lower.clone();
    let number = clause.first.checked_sub(2).and_then(|k| parsed.words.get(k)).map_or("", |w| w.lower.as_str());
    let vague = matches!(unit.as_str(), "hours" | "minutes" | "moments");
    let n = match number {
        "a" | "an" | "the" => 1,
        _ if vague => 0,
        number => small_number(number)?,
    };
    // "hours after two of his officers were charged", "a day after he was sacked": back from what it stands beside.
    if let Some(up) = clause.parent.filter(|&up| parsed.clauses[up].verb.is_some()) {
        // "was charged in January with stealing a watch, two months after he was arrested": from the charge.
        let mut from = up;
        let mut base = date_of(scene, s, from, false, None).map(|d| d.0);
        while base.is_none()
            && matches!(parsed.clauses[from].link, Link::Ing(_) | Link::To | Link::Participle)
            && let Some(higher) = parsed.clauses[from].parent
        {
            from = higher;
            base = date_of(scene, s, from, false, None).map(|d| d.0);
        }
        let days = match unit.as_str() {
            "hours" | "hour" | "minutes" | "moments" => Some(0),
            "days" | "day" => Some(n),
            _ => None,
        };
        if let (Some(PartialDate::Day(day)), Some(days)) = (base, days) {
            return When::Offset(-days).resolve(day, false, None).map(|d| (d, days == 0));
        }
        // "lodged the claim in August 2023, four months after she resigned"
        if let Some(base) = base {
            let back = When::after(-n, &unit).filter(|w| !matches!(w, When::DaysFrom(_)))?;
            return back.resolve(scene.day, false, Some(base)).map(|d| (d, false));
        }
    }
    // "It comes a week after the watchdog published": back from the article's day.
    let now = clause.parent.and_then(|up| parsed.clauses[up].verb.as_ref()).is_some_and(|v| !v.past && !v.pluperfect);
    let when = match unit.as_str() {
        "days" | "day" if now => When::Offset(-n),
        "weeks" | "week" if now => When::Offset(n.saturating_mul(-7)),
        "months" | "month" => When::MonthOffset(-n),
        "years" | "year" => When::YearOffset(i16::try_from(-n).ok()?),
        _ => return None,
    };
    when.resolve(scene.day, false, None).map(|d| (d, false))
}

/// "The force said the constable had been suspended": what it says is what has just happened.
pub(super) fn reported(scene: &Scene<'_>, s: usize, id: usize) -> bool {
    let parsed = &scene.parsed[s];
    let clause = &parsed.clauses[id];
    let Some(up) = clause.parent.filter(|_| clause.link == Link::That).map(|up| &parsed.clauses[up]) else {
        return false;
    };
    let timed = parsed.times.iter().any(|t| !t.bound);
    let says = up.verb.as_ref().is_some_and(|v| {
        matches!(v.lemma.as_ref(), "say" | "confirm" | "announce" | "reveal") && v.past && !v.pluperfect && !v.neg
    });
    let body = up.subject.first().is_some_and(|&p| !scene.cast.party(s, p).bodies.is_empty());
    clause.verb.as_ref().is_some_and(|v| v.pluperfect) && says && body && up.link == Link::Main && !timed
}

/// Whether the words say that it only now became known: "It emerged during the hearing that he had been dismissed in May".
pub(super) fn emerged(parsed: &Parsed, clause: &Clause) -> bool {
    clause.link == Link::That
        && clause.parent.map(|up| &parsed.clauses[up]).is_some_and(|up| {
            up.link == Link::Main
                && up.quote.is_none()
                && up
                    .verb
                    .as_ref()
                    .is_some_and(|v| v.lemma.as_ref() == "emerge" && !v.pluperfect && !v.neg && v.modal.is_none())
        })
}
