//! Events that nouns tell: "his dismissal", "the murder of …", "the launch of …".

use super::*;
use crate::stages::extract::what::frames;

/// Events that nouns tell: "the murder of …", "the launch of …".
pub(in crate::stages::extract::what) fn of_nouns(
    scene: &Scene<'_>,
    frames: &Frames,
    s: usize,
    before: Option<PartialDate>,
) -> Vec<Finding> {
    let parsed = &scene.parsed[s];
    let mut out: Vec<Finding> = Vec::new();
    if scene.elsewhere {
        return out;
    }
    let lowers: Vec<&str> = parsed.words.iter().map(|w| w.lower.as_str()).collect();
    let base = scene.doc.sentences[s].first;
    for (p, np) in parsed.phrases.iter().enumerate() {
        let Some(head) = lowers.get(np.last.saturating_sub(1)) else { continue };
        let told = frames.told_by(head);
        for frame in told.clone().filter(|f| f.owned) {
            out.extend(owned(scene, frame, s, p, &lowers, before));
        }
        // "after a mandatory referral from the force", "following a complaint by his mother"
        for frame in told.filter(|f| f.of == "from") {
            let followed = parsed.clauses.iter().any(|c| {
                c.object.contains(&p) && c.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "follow" && !v.neg)
            });
            let led = followed || np.prep.is_some_and(|k| matches!(lowers[k], "after" | "following"));
            let from = parsed
                .phrases
                .get(p + 1)
                .filter(|of| of.prep == Some(np.last) && matches!(lowers.get(np.last), Some(&("from" | "by"))));
            if !led || from.is_none() || np.neg {
                continue;
            }
            let mut f = Finding::blank(frame.kind, s, owner_of(parsed, np.first).unwrap_or(0));
            let party = scene.cast.party(s, p + 1);
            f.body = party.bodies;
            if frame.kind == DevelopmentType::Complaint {
                f.who = party.people;
                // "a complaint from the boy's mother, Yvonne Ash": she is named beside it.
                let beside = parsed.phrases.get(p + 2).filter(|next| next.prep.is_none() && next.fresh && !next.joined);
                if f.who.is_empty() && beside.is_some() {
                    f.who = scene.cast.party(s, p + 2).people;
                }
                let somebody = !f.who.is_empty() || party.unnamed.is_some_and(|u| !u.police);
                let officer = f.who.iter().any(|&w| scene.police(w));
                if !scene.conduct || !somebody || officer {
                    continue;
                }
            } else {
                // "It follows a report from the Police Ombudsman and an apology from Jo Orr, the chief constable".
                let who = party.people.into_iter().filter(|&w| scene.police(w) || scene.cast.people[w].official);
                let who: Vec<usize> = who.collect();
                // "after a mandatory referral from the commissioner": for the force of the matter.
                let source = from.and_then(|of| lowers.get(of.first..of.last)).unwrap_or(&[]);
                let authority = !who.is_empty()
                    || source
                        .iter()
                        .any(|w| matches!(*w, "pcc" | "commissioner" | "commissioner's" | "mayor" | "authority"));
                if frame.kind == DevelopmentType::Referral && authority && f.body.is_empty() {
                    f.body.extend(scene.cast.force_of_matter(scene.doc, s));
                }
                f.who = if frame.kind == DevelopmentType::Apology { who } else { Vec::new() };
                let gives = |b: &String| match frame.kind {
                    DevelopmentType::ReportPublished => {
                        matches!(scene.cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate)
                    }
                    _ => scene.cast.kind(b) == BodyKind::Force,
                };
                if !scene.conduct || f.who.is_empty() && !f.body.iter().any(gives) {
                    continue;
                }
            }
            f.vote = -5;
            f.aside = true;
            f.main = false;
            f.rule = format!("noun.{}", frame.kind);
            f.words = lowers[np.first..np.last].join(" ");
            // "after a referral by the force last week"
            let next = parsed.phrases.get(p + 2).map_or(parsed.words.len(), |n| n.first);
            let time = parsed.times.iter().find(|t| !t.bound && (np.last..next).contains(&(t.first - base)));
            // "It follows, both in February, a report from the ombudsman and an apology from the chief constable"
            let both = || parsed.times.iter().find(|t| lowers.contains(&"both") && parsed.times.len() == 1 && !t.bound);
            f.date = time
                .or_else(both)
                .filter(|_| scene.dated)
                .and_then(|t| t.when.resolve(scene.day, false, before))
                .or_else(|| length_before(scene, s, f.clause, np.prep?, &lowers));
            gates::bodies(scene, &mut f, s);
            out.push(f);
        }
    }
    if !scene.conduct {
        return out;
    }
    for (p, np) in parsed.phrases.iter().enumerate() {
        let Some(head) = lowers.get(np.last.saturating_sub(1)) else { continue };
        for frame in frames.told_by(head).filter(|f| !f.owned && f.of != "from") {
            let Some(of) = parsed.phrases.get(p + 1) else { continue };
            if of.prep != Some(np.last) || lowers.get(np.last) != Some(&"of") {
                continue;
            }
            if !frame.has.is_empty() && !standing::any(&lowers, &frame.has) {
                continue;
            }
            // An offence named in a charge, plea or inquiry is its detail, not an act told.
            let lead = lowers.get(np.first.saturating_sub(4)..np.first).unwrap_or(&[]);
            let named = [
                "suspicion",
                "charged",
                "accused",
                "guilty",
                "convicted",
                "charge",
                "charges",
                "investigation",
                "investigating",
                "inquiry",
                "trial",
                "jailed",
                "denied",
                "denies",
                "alleged",
                "count",
                "acquitted",
                "cleared",
            ];
            if frame.kind == DevelopmentType::Incident && lead.iter().any(|w| named.contains(w)) {
                continue;
            }
            let mut party = scene.cast.party(s, p + 1);
            for q in p + 2..parsed.phrases.len() {
                let next = &parsed.phrases[q];
                if next.prep.is_some_and(|k| Some(k) != of.prep) || !next.joined {
                    break;
                }
                party.join(scene.cast.party(s, q));
            }
            let clause = owner_of(parsed, np.first).unwrap_or(0);
            let mut f = Finding::blank(frame.kind, s, clause);
            let stop = parsed.phrases.get(p + 2).map_or(parsed.words.len(), |n| n.first + 6);
            let time = parsed
                .times
                .iter()
                .find(|t| t.first - base >= of.last && t.first - base <= stop.min(of.last + 10) && !t.bound);
            let future = lead.contains(&"ahead") || lead.contains(&"before");
            f.date = time.and_then(|t| t.when.resolve(scene.day, future, before)).filter(|_| scene.dated);
            f.vote = if future { 4 } else { -5 };
            f.aside = true;
            f.main = false;
            f.rule = format!("noun.{}", frame.kind);
            f.words = lowers[np.first..of.last].join(" ");
            match frame.of.as_str() {
                "victim" => {
                    f.who = party.people.into_iter().filter(|&w| !scene.cast.people[w].police).collect();
                    if f.who.is_empty() {
                        continue;
                    }
                    // "the murder of Ivy Lomas by a serving officer, Lee Hale": the doer, where he is of the police.
                    let by = (p + 2..parsed.phrases.len().min(p + 5)).find(|&q| {
                        parsed.phrases[q].prep.is_some_and(|k| lowers[k] == "by") && parsed.phrases[q].first < stop
                    });
                    let doers: Vec<usize> = by
                        .map(|q| scene.cast.party(s, q).people)
                        .unwrap_or_default()
                        .into_iter()
                        .filter(|&w| scene.cast.people[w].police)
                        .collect();
                    if !doers.is_empty() {
                        f.about = std::mem::replace(&mut f.who, doers);
                    }
                }
                _ => {
                    f.body = party.bodies;
                    if f.body.is_empty() {
                        continue;
                    }
                }
            }
            if frame.kind == DevelopmentType::SpecialMeasures
                && !f.body.iter().any(|b| scene.cast.kind(b) == BodyKind::Force)
            {
                continue;
            }
            if frame.kind != DevelopmentType::Launch {
                gates::bodies(scene, &mut f, s);
            }
            // "the strip-search of Child Q": the police alone do it.
            let theirs = matches!(*head, "strip-search" | "restraint" | "tasering" | "search");
            if frame.kind == DevelopmentType::Incident && theirs && f.body.is_empty() {
                f.body.extend(crate::stages::extract::what::matter::force_at(scene, s));
            }
            out.push(f);
        }
    }
    out
}

/// "was asked to lead the inquiry last July, five months after a report": so long before the day of clause `id`, where word `after`
/// leads the noun.
fn length_before(scene: &Scene<'_>, s: usize, id: usize, after: usize, lowers: &[&str]) -> Option<PartialDate> {
    use crate::stages::extract::what::when::{When, small_number};
    let n = small_number(lowers.get(after.checked_sub(2)?)?)?;
    let when = When::after(-n, lowers.get(after - 1)?)?;
    let base = date_of(scene, s, id, false, None).filter(|_| lowers[after] == "after" && scene.dated)?;
    when.resolve(scene.day, false, Some(base.0))
}

/// An event told by a noun with its person as owner or after "of": "his dismissal", "the suspension of the chief".
fn owned(
    scene: &Scene<'_>,
    frame: &NounFrame,
    s: usize,
    p: usize,
    lowers: &[&str],
    before: Option<PartialDate>,
) -> Option<Finding> {
    let parsed = &scene.parsed[s];
    let np = &parsed.phrases[p];
    let base = scene.doc.sentences[s].first;
    let cast = scene.cast;
    if parsed.words.get(np.first).is_some_and(|w| w.quote.is_some()) || np.neg {
        return None;
    }
    // Called for, feared, possible: no event. "since her dismissal", "follows the arrest of": one that happened.
    let lead = lowers.get(np.first.saturating_sub(4)..np.last).unwrap_or(&[]);
    if standing::any(lead, &frame.not) {
        return None;
    }
    // "his suspension was lifted": over, and a detail of what it follows.
    let over = frame.kind == DevelopmentType::Suspension
        && parsed.clauses.iter().any(|c| {
            c.subject.contains(&p)
                && c.verb.as_ref().is_some_and(|v| v.passive && matches!(v.lemma.as_ref(), "lift" | "end" | "revoke"))
        });
    if over {
        return None;
    }
    let clause = owner_of(parsed, np.first).unwrap_or(0);
    let governed = parsed.clauses[clause].verb.as_ref();
    if governed.is_some_and(|v| v.modal.is_some() || v.neg || standing::any(&[v.lemma.as_ref()], &frame.barred))
        || fact::question(parsed)
    {
        return None;
    }
    // Promotions and retirements are told of everyone; what is denied or feared did not happen.
    let career = matches!(frame.kind, DevelopmentType::Appointment | DevelopmentType::Resignation);
    let unsure = parsed.clauses[clause].link == Link::That
        && parsed.clauses[clause].parent.and_then(|k| parsed.clauses[k].verb.as_ref()).is_some_and(|v| {
            matches!(v.lemma.as_ref(), "deny" | "doubt" | "dispute" | "hope" | "expect" | "fear" | "predict" | "warn")
        });
    if career && !scene.conduct || unsure {
        return None;
    }
    if frame.hurt && !(scene.conduct && gates::matters::contact(scene, s)) {
        return None;
    }
    let mut party = cast.owner(s, p);
    // "Gemma Tull, an officer with Kent Police, whose sacking": the nearest person before it.
    if lowers.get(np.first) == Some(&"whose") && party.people.is_empty() {
        let back = (0..p).rev().map(|q| cast.party(s, q));
        let found =
            back.take(5).find(|party| !party.people.is_empty() || party.unnamed.as_ref().is_some_and(|u| u.police));
        party.join(found.map(|f| Party { bodies: Vec::new(), ..f }).unwrap_or_default());
    }
    let mut end = np.last;
    // "the withdrawal of his vetting": the owner of what is withdrawn.
    if frame.kind == DevelopmentType::Vetting {
        let of = parsed.phrases.get(p + 1).filter(|of| of.prep == Some(np.last))?;
        let vetting = lowers.get(of.first..of.last)?.iter().any(|w| matches!(*w, "vetting" | "clearance"));
        party = cast.owner(s, p + 1);
        if !vetting || party.people.is_empty() {
            return None;
        }
        end = of.last;
    }
    // "the death in Exeter on Thursday of a man": past where and when it was.
    let place = |q: usize| {
        parsed
            .phrases
            .get(q)
            .is_some_and(|np| np.prep.is_some_and(|k| matches!(lowers[k], "in" | "at" | "near" | "on")))
    };
    let at = if frame.hurt && place(p + 1) { p + 2 } else { p + 1 };
    let of = parsed.phrases.get(at).filter(|of| {
        // "the conviction in 2018 of Sgt Orr"
        let prep = of.prep.unwrap_or_default();
        let dated = || parsed.words.get(np.last + 1..prep).is_some_and(|w| !w.is_empty() && w.iter().all(|w| w.time));
        (of.prep == Some(np.last) || lowers.get(prep) == Some(&"of") && (dated() || at > p + 1))
            && matches!(lowers.get(prep), Some(&("of" | "for")))
    });
    if let Some(of) = of
        && party.people.is_empty()
        && of.prep.is_some_and(|k| lowers.get(k) == Some(&"of"))
    {
        end = of.last;
        party = cast.party(s, at);
        // "the suspension of the chief constable, Ingrid Sayle,"
        if party.people.is_empty()
            && let Some(next) = parsed.phrases.get(p + 2)
            && next.prep.is_none()
            && next.fresh
            && !next.joined
        {
            let named = cast.party(s, p + 2);
            if let [_] = named.people[..] {
                end = next.last;
                party = named;
            }
        }
    }
    let counts = |w: &usize| {
        let person = &cast.people[*w];
        person.police || person.watched && !scene.victims.contains(w) || person.official && frame.official
    };
    let hurt = |w: &usize| !cast.people[*w].police && !cast.people[*w].official;
    let mut f = Finding::blank(frame.kind, s, clause);
    f.who = party.people.iter().copied().filter(|w| if frame.hurt { hurt(w) } else { counts(w) }).collect();
    // "sorry for their wrongful arrest": nobody of the police is wrongly arrested by saying so.
    let wronged = frame.kind == DevelopmentType::Arrest
        && standing::any(
            lowers.get(np.first..np.last).unwrap_or(&[]),
            phrases!("wrongful|unlawful|mistaken|false|illegal"),
        );
    if wronged {
        f.who.retain(|w| scene.wronged.contains(w));
        if f.who.is_empty() {
            return None;
        }
    }
    if f.who.is_empty() && frame.hurt && !party.people.is_empty() {
        return None;
    }
    if f.who.is_empty() && frame.hurt {
        f.who = scene.victims.iter().copied().take(1).collect();
    }
    f.unnamed = party.unnamed.into_iter().filter(|u| u.police != frame.hurt && f.who.is_empty() && !u.plural).collect();
    if f.who.is_empty() && f.unnamed.is_empty() {
        return None;
    }
    // The time that follows, up to the next verb.
    let stop = parsed
        .clauses
        .iter()
        .filter_map(|c| c.verb.as_ref().map(|v| v.first))
        .filter(|&v| v >= end)
        .min()
        .unwrap_or(parsed.words.len());
    let time = parsed.times.iter().find(|t| {
        let at = t.first.saturating_sub(base);
        at >= np.last && at <= stop && at <= end + 8 && !t.bound
    });
    // "his 2021 conviction"
    let year = lowers.get(np.first..np.last).unwrap_or(&[]).iter().find_map(|w| {
        let year = w.parse::<i16>().ok().filter(|y| (1900..=scene.day.year()).contains(y))?;
        (w.len() == 4).then_some(PartialDate::Year(year))
    });
    let day = PartialDate::Day(scene.day);
    // "lodged an appeal against her conviction on Monday": the day of the appeal.
    let appealed = matches!(frame.kind, DevelopmentType::Conviction | DevelopmentType::Dismissal)
        && lowers
            .iter()
            .any(|w| matches!(*w, "appeal" | "appeals" | "appealed" | "quashed" | "overturned" | "challenge"));
    f.date = time
        .filter(|_| scene.dated)
        .and_then(|t| t.when.resolve(scene.day, false, before))
        .filter(|d| !(appealed && d.days_apart(day) <= 31))
        .filter(|_| !(appealed && time.is_some_and(|t| dates::counted(scene, t.when) && t.first - base <= end + 1)))
        .or(year);
    f.vote = -5;
    // "whose sacking was decided on Monday", "her plea, entered in January": the day of the verb that tells it.
    let told = parsed.clauses.iter().enumerate().find(|(_, c)| {
        let beside = c.link == Link::Participle && c.first >= np.last && c.first <= np.last + 1;
        let of_it = c.subject.first() == Some(&p) || c.antecedent == Some(p) || beside;
        of_it && c.verb.as_ref().is_some_and(|v| !v.neg && v.modal.is_none() && frames::tells(&v.lemma))
    });
    if let Some((id, _)) = told.filter(|_| f.date.is_none() && scene.dated) {
        f.date = date_of(scene, s, id, false, before).map(|d| d.0);
        if matches!(f.date, Some(crate::domain::PartialDate::Day(_))) {
            f.vote = -1;
        }
    }
    // "The watchdog is investigating the death of a man": the lead brings the death as well.
    let lead = scene.doc.sentences[s].block <= 1
        && frame.hurt
        && governed.is_some_and(|v| matches!(v.lemma.as_ref(), "investigate" | "launch" | "begin" | "open" | "start"))
        && !standing::any(lowers, phrases!("inquest|inquiry|trial|court|jury"));
    let looked_into = frame.hurt
        && governed
            .is_some_and(|v| matches!(v.lemma.as_ref(), "investigate" | "look" | "probe" | "examine") && v.progressive)
        && f.date.is_some_and(|d| d.days_apart(day) <= 7);
    if lead && governed.is_some_and(|v| v.progressive || v.perfect) || looked_into {
        f.vote = 2;
    }
    f.aside = true;
    f.main = false;
    f.rule = format!("noun.{}", frame.kind);
    f.words = lowers.get(np.first..end).unwrap_or(&[]).join(" ");
    f.detail.clone_from(&f.words);
    gates::bodies(scene, &mut f, s);
    Some(f)
}
