//! What clauses say of persons and bodies: posts held, taken and left.

use super::*;

impl Cast {
    /// What clauses say of persons: "who serves with Kent Police", "was promoted", "became a sergeant".
    pub(super) fn predicates(&mut self, standing: &Standing, parsed: &[Parsed]) {
        for (s, sentence) in parsed.iter().enumerate() {
            for clause in &sentence.clauses {
                let Some(verb) = clause.verb.as_ref() else { continue };
                // "The hearing was chaired by Chief Constable Jo Orr"
                if matches!(verb.lemma.as_ref(), "chair" | "lead" | "conduct" | "hear") && verb.passive {
                    let hearing = clause.subject.first().is_some_and(|&p| {
                        let np = &sentence.phrases[p];
                        sentence.words[np.first..np.last]
                            .iter()
                            .any(|w| matches!(w.lower.as_str(), "hearing" | "meeting" | "panel" | "proceedings" | "it"))
                    });
                    let by = clause
                        .after
                        .iter()
                        .filter(|&&p| sentence.phrases[p].prep.is_some_and(|k| sentence.words[k].lower == "by"));
                    let chairs: Vec<usize> = by.flat_map(|&p| self.party(s, p).people).collect();
                    for who in chairs.into_iter().filter(|_| hearing) {
                        self.people[who].words.insert("chair".to_owned());
                    }
                }
                let people = clause
                    .subject
                    .iter()
                    .take(2)
                    .map(|&p| self.party(s, p).people)
                    .find(|people| !people.is_empty())
                    .unwrap_or_default();
                let [who] = people[..] else { continue };
                if verb.neg {
                    continue;
                }
                let force = |cast: &Self| {
                    clause
                        .object
                        .iter()
                        .chain(&clause.after)
                        .flat_map(|&p| cast.party(s, p).bodies)
                        .find(|b| cast.kind(b) == BodyKind::Force)
                };
                let lemma = verb.lemma.as_ref();
                let dies =
                    matches!(lemma, "die") || verb.passive && matches!(lemma, "kill" | "murder" | "shoot" | "stab");
                if dies && verb.modal.is_none() {
                    self.people[who].words.insert("dead".to_owned());
                }
                // "Chief Constable Jo Orr chaired the hearing": who sits over a case is not whom it befalls.
                if matches!(lemma, "chair" | "preside") && !verb.passive {
                    self.people[who].words.insert("chair".to_owned());
                }
                // "retired as a commander", "was sworn in as acting chief constable"
                let named_as = |cast: &Self| {
                    let from = verb.last.min(sentence.words.len());
                    let words: Vec<&str> = sentence.words[from..sentence.words.len().min(from + 8)]
                        .iter()
                        .map(|w| w.lower.as_str())
                        .take_while(|w| !matches!(*w, "," | "by" | "after" | "and" | "when" | "to"))
                        .collect();
                    let at = words.iter().position(|w| *w == "as");
                    at.is_some_and(|k| {
                        standing.officer(&words[k..])
                            || words[k..].contains(&"chief")
                                && cast.main_force.is_some()
                                && !words.contains(&"executive")
                    }) && !cast.people[who].official
                };
                if matches!(
                    lemma,
                    "retire"
                        | "resign"
                        | "appoint"
                        | "name"
                        | "swear"
                        | "install"
                        | "serve"
                        | "work"
                        | "unveil"
                        | "confirm"
                        | "succeed"
                        | "replace"
                ) && clause.quote.is_none()
                    && named_as(self)
                {
                    self.people[who].police = true;
                }
                // "appointed following the resignation of Phil Gormley", "she succeeds Martin Hesk": of the same post.
                let post = matches!(lemma, "appoint" | "name" | "promote") && verb.passive || lemma == "become";
                let before = clause.after.iter().filter(|&&p| post && succession(sentence, p));
                let before = before.chain(
                    clause.object.iter().take(1).filter(|_| matches!(lemma, "succeed" | "replace") && !verb.passive),
                );
                if self.people[who].police || post && made(standing, sentence, verb.last) {
                    for other in before.flat_map(|&p| self.party(s, p).people).collect::<Vec<_>>() {
                        let own = self.people[who].own.clone();
                        let other = &mut self.people[other];
                        if !other.police && !other.official {
                            other.police = true;
                            other.own.extend(own);
                        }
                    }
                }
                // "Roy Hale, who succeeded Ann Orr": he holds her post.
                let done = verb.kind == super::super::words::VerbKind::Finite && verb.modal.is_none();
                if matches!(lemma, "succeed" | "replace") && done && !verb.passive && !self.people[who].official {
                    let before = clause.object.first().map(|&p| self.party(s, p).people).unwrap_or_default();
                    if let [other] = before[..]
                        && self.people[other].police
                        && self.people[other].ranks.contains("chief")
                    {
                        let own = self.people[other].own.clone();
                        let person = &mut self.people[who];
                        person.police = true;
                        person.own.extend(own.into_iter().filter(|b| !person.own.contains(b)).collect::<Vec<_>>());
                    }
                }
                // "resigned on Thursday as director general of the watchdog": an official of that body.
                if matches!(
                    lemma,
                    "resign" | "quit" | "retire" | "step" | "stand" | "serve" | "start" | "join" | "leave"
                ) && !self.people[who].police
                    && let Some(k) = (verb.last..clause.last).find(|&k| sentence.words[k].lower == "as")
                {
                    let post: Vec<&str> =
                        sentence.words[k..clause.last].iter().take(8).map(|w| w.lower.as_str()).collect();
                    let of = clause.after.iter().flat_map(|&p| self.party(s, p).bodies).find(|b| {
                        matches!(self.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate | BodyKind::Union)
                    });
                    self.people[who].official |= standing.official(&post);
                    let own = &mut self.people[who].own;
                    own.extend(of.filter(|b| standing.official(&post) && !own.contains(b)));
                }
                match lemma {
                    "serve" | "join" | "resign" | "retire" | "leave" if !verb.passive => {
                        if let Some(force) = force(self) {
                            let person = &mut self.people[who];
                            person.police = true;
                            if !person.own.contains(&force) {
                                person.own.push(force);
                            }
                        }
                    }
                    "lead" | "head" | "run" | "command" if !verb.passive => {
                        let object = clause.object.first().map(|&p| self.party(s, p).bodies).unwrap_or_default();
                        if let Some(force) = object.into_iter().find(|b| self.kind(b) == BodyKind::Force) {
                            let person = &mut self.people[who];
                            person.police = true;
                            if !person.own.contains(&force) {
                                person.own.push(force);
                            }
                        }
                    }
                    // "was employed by Cheshire Police"
                    "employ" | "base" if verb.passive => {
                        if let Some(force) = force(self) {
                            let person = &mut self.people[who];
                            person.police = true;
                            if !person.own.contains(&force) {
                                person.own.push(force);
                            }
                        }
                    }
                    // "promoted to sergeant", "promoted in the force": not from the academy to the first team.
                    "promote" | "demote" if verb.passive => {
                        let rest: Vec<&str> = sentence.words.iter().map(|w| w.lower.as_str()).collect();
                        let ranked =
                            standing.officer(&rest) || rest.iter().any(|w| matches!(*w, "rank" | "ranks" | "force"));
                        self.people[who].police |= ranked;
                    }
                    "appoint" | "name" if verb.passive && made(standing, sentence, verb.last) => {
                        self.people[who].police = true;
                    }
                    // "claimed to be an officer" is another matter.
                    "be" | "become"
                        if verb.modal.is_none()
                            && clause.quote.is_none()
                            && verb.kind == super::super::words::VerbKind::Finite =>
                    {
                        let Some(&object) = clause.object.first() else { continue };
                        let np = &sentence.phrases[object];
                        let words: Vec<&str> =
                            sentence.words[np.first..np.last].iter().map(|w| w.lower.as_str()).collect();
                        if standing.officer(&words) && !words.contains(&"not") && !self.people[who].official {
                            let person = &mut self.people[who];
                            person.police = true;
                            person.ranks.extend(ranks_of(&words));
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Whether phrase `p` names another force than the article's, and only as one where somebody serves or served: "who has led Police
    /// Scotland since May", "was deputy chief of Essex Police before she came".
    pub(super) fn of_a_career(&self, sentence: &Parsed, p: usize, party: &Party) -> bool {
        let [body] = &party.bodies[..] else { return false };
        if self.kind(body) != BodyKind::Force || self.main_force.as_ref() == Some(body) {
            return false;
        }
        let governs = sentence.clauses.iter().enumerate().find(|(_, c)| c.object.contains(&p) || c.after.contains(&p));
        let Some((id, clause)) = governs else { return false };
        let Some(verb) = clause.verb.as_ref().filter(|v| !v.passive) else { return false };
        let led = clause.link == super::super::clauses::Link::Relative
            && (verb.past || verb.perfect)
            && matches!(verb.lemma.as_ref(), "lead" | "head" | "run" | "join" | "leave" | "move" | "come" | "serve");
        let before = sentence.clauses.iter().any(|c| {
            c.parent == Some(id)
                && matches!(&c.link, super::super::clauses::Link::Adverbial(w) if matches!(w.as_str(), "before" | "until"))
        });
        let was = verb.past && before && matches!(verb.lemma.as_ref(), "be" | "serve" | "work" | "lead" | "join");
        led || was
    }
}

/// Whether the words after `from` name a post of the police: "was appointed chief constable of".
fn made(standing: &Standing, parsed: &Parsed, from: usize) -> bool {
    let words: Vec<&str> = parsed.words.iter().skip(from).take(4).map(|w| w.lower.as_str()).collect();
    standing.officer(&words) && !standing.official(&words)
}

/// Whether phrase `p` names who left the post before: "the resignation of Phil Gormley", "in succession to Derek Loftus".
fn succession(parsed: &Parsed, p: usize) -> bool {
    let lead = parsed.phrases[p].prep.and_then(|k| k.checked_sub(1)).and_then(|k| parsed.words.get(k));
    lead.is_some_and(|w| {
        matches!(w.lower.as_str(), "resignation" | "retirement" | "departure" | "dismissal" | "succession")
    })
}
