//! Votes for new or background, from tense, place and what a clause hangs on.

use super::*;

/// Votes for new where no date tells.
pub(super) fn vote(scene: &Scene<'_>, s: usize, id: usize, fact: Fact, kind: DevelopmentType) -> i32 {
    let parsed = &scene.parsed[s];
    let clause = &parsed.clauses[id];
    let Some(verb) = clause.verb.as_ref() else { return 0 };
    // "had his sentence cut", "has had her vetting withdrawn": the helper tells when.
    let causing = clause
        .parent
        .filter(|_| clause.link == Link::Participle && clause.antecedent.is_some())
        .map(|up| &parsed.clauses[up])
        .filter(|up| up.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "have" && !v.passive))
        .filter(|up| up.object.iter().chain(&up.after).any(|p| Some(*p) == clause.antecedent));
    // "has begun to re-vet its officers": when it was begun.
    const BEGINS: &[&str] = &["begin", "start", "continue", "proceed", "agree", "choose", "opt", "decline", "refuse"];
    let begun =
        clause.parent.filter(|_| clause.link == Link::To).map(|up| &parsed.clauses[up]).filter(|up| {
            up.verb.as_ref().is_some_and(|v| BEGINS.contains(&v.lemma.as_ref()) && v.last == clause.first)
        });
    let (clause, verb) = match causing.or(begun).and_then(|c| c.verb.as_ref().map(|v| (c, v))) {
        Some(helper) => helper,
        None => (clause, verb),
    };
    // "an officer who has left the force", "was warned and has since retired": what became of them, told in passing.
    let leaves = matches!(kind, DevelopmentType::Resignation | DevelopmentType::Dismissal);
    let paragraph = scene.doc.sentences[s].block;
    let paragraphs = scene.doc.blocks.len().max(1);
    let mut vote = 0;
    if paragraph == 0 {
        vote += 3;
    } else if paragraph <= 2 {
        vote += 1;
    }
    if verb.perfect && !verb.pluperfect {
        vote += 3;
    }
    // "It emerged today that …": news, however old.
    if clause.link == Link::That
        && let Some(up) = clause.parent
        && parsed.clauses[up]
            .verb
            .as_ref()
            .is_some_and(|v| matches!(v.lemma.as_ref(), "emerge" | "reveal" | "disclose") && !v.pluperfect)
    {
        vote += 6;
    }
    // "The coroner finds that neglect contributed": told as it happens.
    let rules = matches!(
        kind,
        DevelopmentType::Inquest | DevelopmentType::MisconductFinding | DevelopmentType::MisconductCleared
    );
    if rules
        && clause.link == Link::Main
        && !verb.past
        && !verb.perfect
        && !verb.progressive
        && verb.modal.is_none()
        && matches!(verb.lemma.as_ref(), "find" | "rule" | "conclude" | "decide" | "record" | "return" | "determine")
    {
        vote += 3;
    }
    let oversight = matches!(kind, DevelopmentType::ReportPublished | DevelopmentType::Recommendation);
    let recalled = paragraph > 3 && verb.past && !verb.perfect;
    if oversight && matches!(clause.link, Link::Main | Link::That) && !verb.pluperfect && !recalled {
        vote += 2;
    }
    // "Kent Police confirmed it had referred the case": what is told as news stands one tense back.
    let reported = clause.link == Link::That
        && paragraph <= 3
        && clause.parent.and_then(|p| parsed.clauses[p].verb.as_ref()).is_some_and(|v| {
            matches!(v.lemma.as_ref(), "confirm" | "announce" | "say" | "reveal") && v.past && !v.pluperfect
        });
    // "The watchdog told Mr Ash on Tuesday that it had closed its inquiry": the news is that he was told.
    let told = clause.link == Link::That
        && verb.pluperfect
        && clause.parent.is_some_and(|up| {
            let base = scene.doc.sentences[s].first;
            let recent = |t: &super::super::when::TimeExpr| {
                let date = t.when.resolve(scene.day, false, None);
                let near = date.is_some_and(|d| {
                    d.last_day() <= scene.day && d.days_apart(crate::domain::PartialDate::Day(scene.day)) <= 7
                });
                near && owner_of(parsed, t.first.saturating_sub(base)) == Some(up)
            };
            parsed.clauses[up].verb.as_ref().is_some_and(|v| {
                matches!(v.lemma.as_ref(), "tell" | "inform" | "notify" | "write") && v.past && !v.pluperfect
            }) && parsed.times.iter().any(recent)
        });
    // "said that he had been charged and would go before magistrates": what is to come of it makes it news.
    let to_come = verb.pluperfect
        && clause.link == Link::That
        && parsed.clauses.iter().any(|c| {
            c.link == Link::That
                && c.parent == clause.parent
                && c.subject.first() == clause.subject.first()
                && c.verb.as_ref().is_some_and(|v| v.modal.as_deref() == Some("would") && !v.perfect && !v.neg)
        });
    if to_come || told {
        vote = vote.max(0) + 4;
    } else if verb.pluperfect && reported {
        vote += 1;
    } else if verb.pluperfect {
        vote -= 3;
    }
    if !verb.past && verb.kind == super::super::words::VerbKind::Finite && !verb.perfect || fact == Fact::Planned {
        // "takes temporary command", "is in charge for now": from today on.
        let for_now = matches!(kind, DevelopmentType::Appointment)
            && clause.link == Link::Main
            && parsed
                .words
                .get(verb.last..)
                .unwrap_or(&[])
                .iter()
                .take(4)
                .any(|w| matches!(w.lower.as_str(), "temporary" | "interim" | "acting" | "temporarily"));
        vote += if verb.progressive || for_now { 3 } else { 1 };
    }
    // "confirmed it was investigating": what is reported goes on.
    let reported = clause.link == Link::That
        && verb.past
        && verb.progressive
        && clause.parent.and_then(|p| parsed.clauses[p].verb.as_ref()).is_some_and(|v| {
            matches!(v.lemma.as_ref(), "say" | "confirm" | "announce" | "add" | "reveal" | "tell") && !v.pluperfect
        });
    if reported {
        vote += 3;
    } else if verb.past && !verb.perfect && paragraph > 0 {
        vote -= 1;
    }
    if scene.doc.blocks.len() > 1 && matches!(kind, DevelopmentType::Apology) && !verb.pluperfect {
        // An answer is given now unless the words say otherwise.
        let later = parsed.words.get(clause.first..verb.main).unwrap_or(&[]).iter().any(|w| w.lower == "later");
        vote += if later { -3 } else { 3 };
    }
    // "People are dying in plain sight," she says: nobody brings a death as news so.
    if clause.quote.is_some() && kind == DevelopmentType::DeathAfterContact {
        vote = vote.min(-1);
    }
    let since = (verb.first..verb.main).any(|k| parsed.words[k].lower == "since");
    // "One has been promoted since."
    let ever_since = verb.perfect
        && parsed.words.iter().enumerate().any(|(k, w)| {
            w.lower == "since"
                && k >= verb.last
                && parsed.words.get(k + 1).is_none_or(|n| matches!(n.lower.as_str(), "." | "," | ";"))
        });
    if ever_since {
        vote = vote.min(-2);
    }
    if verb.perfect && since && (leaves || clause.link == Link::Relative) {
        vote = vote.min(-2);
    }
    match &clause.link {
        // "Accused of fraud are Orr and Hale": how things stand.
        Link::Participle if clause.first < 2 && inverted(parsed, clause) => vote += 2,
        Link::Participle if clause.first < 2 && clause.parent.is_some_and(|p| parsed.clauses[p].verb.is_none()) => {}
        // "the watchdog, which has begun an inquiry": news on the side.
        Link::Relative
            if leaves
                && verb.perfect
                && !verb.pluperfect
                && parsed.words[clause.first.min(verb.first)..verb.first].iter().any(|w| w.lower == "who") =>
        {
            vote = vote.min(-2);
        }
        Link::Relative if verb.perfect && !verb.pluperfect => vote -= 1,
        // "Reinstated on Friday, she said": the news stands in front.
        Link::Participle if clause.first < 3 && verb.passive => vote -= 1,
        // "will appear before magistrates accused of stalking": what he answers there is the news.
        Link::Participle
            if kind == DevelopmentType::Charge
                && clause
                    .parent
                    .and_then(|up| parsed.clauses[up].verb.as_ref())
                    .is_some_and(|v| v.lemma.as_ref() == "appear" && (!v.past || v.perfect) && !v.pluperfect) =>
        {
            vote += 2;
        }
        Link::Relative | Link::Participle => vote -= 4,
        // "the inquest into how he died": known before.
        Link::Adverbial(word) if matches!(word.as_str(), "since" | "how" | "why" | "whether") => vote -= 5,
        // "has been charged after a pedestrian was hit": what the news follows.
        Link::Adverbial(word) if word == "after" && kind == DevelopmentType::Incident => {
            vote -= 5;
        }
        // "will not face any proceedings because there was no case to answer": what is decided now.
        Link::Adverbial(word)
            if word == "because"
                && kind == DevelopmentType::MisconductCleared
                && parsed.clauses.iter().any(|c| {
                    c.link == Link::Main && c.verb.as_ref().is_some_and(|v| v.neg && v.modal.as_deref() == Some("will"))
                }) =>
        {
            vote += 3;
        }
        Link::Adverbial(word) if matches!(word.as_str(), "after" | "because" | "as") => vote -= 2,
        Link::Ing(_) => vote -= 2,
        _ => {}
    }
    if paragraph * 10 > paragraphs * 6 {
        vote -= 1;
    }
    let past = ["previously", "earlier", "once", "former", "separate", "unrelated", "follows", "years"];
    if parsed.words.iter().any(|w| past.contains(&w.lower.as_str())) {
        vote -= 1;
    }
    vote
}

/// Whether the subject of a participle at the head of the sentence follows a form of "be" in the present.
fn inverted(parsed: &Parsed, clause: &Clause) -> bool {
    parsed.clauses.iter().any(|c| {
        c.first > clause.first
            && c.link == Link::Main
            && c.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "be" && !v.past && v.modal.is_none())
            && c.object.first().is_some_and(|p| clause.subject.first() == Some(p))
    })
}
