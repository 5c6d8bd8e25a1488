//! Who fills the slots of a frame: agent, patient, owner, and what follows a preposition.

use super::*;

/// Fills the slots of a frame.
pub(super) struct Filler<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) s: usize,
    pub(super) id: usize,
    pub(super) clause: &'a Clause,
    pub(super) parsed: &'a Parsed,
}

impl Filler<'_> {
    pub(super) fn cast(&self) -> &Cast {
        self.scene.cast
    }

    /// A list of phrases as one party: the first, those joined to it, and its appositions.
    pub(super) fn list(&self, phrases: &[usize]) -> Party {
        let mut party = Party::default();
        let Some((&first, rest)) = phrases.split_first() else { return party };
        party.join(self.cast().party(self.s, first));
        let named = !party.people.is_empty() || !party.bodies.is_empty();
        let rest: Vec<usize> = rest.iter().copied().filter(|&p| !self.beside_preposition(p)).collect();
        for &p in &rest {
            let np = &self.parsed.phrases[p];
            let other = self.cast().party(self.s, p);
            if np.joined
                || (np.prep.is_none() && !named && !other.people.is_empty())
                || (!named && party.people.len() > 1)
                || np.fresh && !party.people.is_empty() && self.in_list(phrases)
            {
                if !other.people.is_empty() && party.unnamed.is_some() && !np.joined {
                    party.unnamed = None;
                }
                party.join(other);
            }
        }
        if party.people.len() > 1 && party.unnamed.as_ref().is_some_and(|u| u.plural) {
            party.unnamed = None;
        }
        if party.is_empty() {
            for &p in &rest {
                party.join(self.cast().party(self.s, p));
            }
        }
        party
    }

    /// Whether phrase `p` tells more of the person before it, whom a preposition leads: "dismissed an appeal by Jo Orr, a constable".
    fn beside_preposition(&self, p: usize) -> bool {
        let np = &self.parsed.phrases[p];
        let Some(before) = p.checked_sub(1).map(|k| &self.parsed.phrases[k]) else { return false };
        let word = |k: usize| self.parsed.words.get(k).map_or("", |w| w.lower.as_str());
        np.fresh
            && !np.joined
            && np.prep.is_none()
            && before.prep.is_some()
            && before.last + 1 == np.first
            && word(before.last) == ","
            && matches!(word(np.first), "a" | "an" | "one" | "the")
            && !self.cast().party(self.s, p - 1).people.is_empty()
    }

    /// Whether the phrases are a list of persons ("A, B and C").
    pub(super) fn in_list(&self, phrases: &[usize]) -> bool {
        phrases.iter().any(|&p| self.parsed.phrases[p].joined)
    }

    pub(super) fn subject(&self) -> Party {
        let mut subject = self.clause.subject.clone();
        // "who" after a phrase with preposition: the nearest person before it.
        if let (Link::Relative, Some(a)) = (&self.clause.link, self.clause.antecedent)
            && subject == [a]
        {
            let who = self.parsed.words.get(self.clause.first).is_some_and(|w| w.lower == "who");
            let party = self.cast().party(self.s, a);
            if who && party.people.is_empty() && party.unnamed.is_none() {
                let back = (0..a).rev().find(|&p| {
                    let party = self.cast().party(self.s, p);
                    !party.people.is_empty() || party.unnamed.is_some()
                });
                if let Some(p) = back {
                    subject = vec![p];
                }
            }
            // "A and B, who were jailed": the whole list is meant.
            if self.clause.verb.as_ref().is_some_and(|v| {
                matches!(self.parsed.words.get(v.first).map(|w| w.lower.as_str()), Some("were" | "are" | "have"))
            }) {
                let mut list = Vec::new();
                let mut k = a;
                loop {
                    list.push(k);
                    if k == 0 || !(self.parsed.phrases[k].joined || self.parsed.phrases[k].fresh && list.len() > 1) {
                        break;
                    }
                    k -= 1;
                }
                list.reverse();
                let mut party = Party::default();
                for p in list {
                    party.join(self.cast().party(self.s, p));
                }
                if party.people.len() > 1 {
                    return party;
                }
            }
        }
        // "Banned for 17 months, fined £660." after an entry of a list: the entry's person.
        if subject.is_empty()
            && matches!(self.clause.link, Link::Participle | Link::Main)
            && self.clause.antecedent.is_none()
            && self.parsed.clauses.iter().take(self.id).all(|c| c.verb.is_none() && c.subject.is_empty())
        {
            return Party { people: self.scene.entry(self.s).into_iter().collect(), ..Party::default() };
        }
        let mut party = self.list(&subject);
        // "Her lawyers had asked the court": she did.
        if party.people.is_empty()
            && party.bodies.is_empty()
            && let Some(&first) = subject.first()
        {
            let np = &self.parsed.phrases[first];
            let head = self.parsed.words.get(np.last.saturating_sub(1)).map_or("", |w| w.lower.as_str());
            if matches!(head, "lawyers" | "lawyer" | "solicitors" | "solicitor" | "family" | "barrister" | "team") {
                party.people.extend(self.cast().owner(self.s, first).people);
                // "Lawyers for Leo Ash", "the family of Leo Ash"
                let next = self.parsed.phrases.get(first + 1).filter(|next| {
                    next.prep == Some(np.last)
                        && matches!(self.parsed.words[np.last].lower.as_str(), "for" | "of" | "representing")
                });
                if next.is_some() && party.people.is_empty() {
                    party.people.extend(self.cast().party(self.s, first + 1).people);
                }
            }
        }
        // "One of its patrolmen", "a number of officers".
        if party.is_empty()
            && let Some(&first) = subject.first()
            && let Some(next) = self.parsed.phrases.get(first + 1)
            && next.prep.is_some_and(|k| self.parsed.words[k].lower == "of")
        {
            party = self.cast().party(self.s, first + 1);
            let owner = self.cast().owner(self.s, first + 1);
            party.bodies.extend(owner.bodies);
        } else if party.unnamed.is_some()
            && let Some(&first) = subject.first()
        {
            party.bodies.extend(self.cast().owner(self.s, first).bodies);
            party.bodies.extend(self.force_after(first));
        }
        party
    }

    /// "a constable with Kent Police", "an officer from the Met": the force that follows the phrase.
    pub(super) fn force_after(&self, phrase: usize) -> Vec<String> {
        let Some(next) = self.parsed.phrases.get(phrase + 1) else { return Vec::new() };
        let Some(prep) = next.prep else { return Vec::new() };
        if prep != self.parsed.phrases[phrase].last
            || !matches!(self.parsed.words[prep].lower.as_str(), "with" | "from" | "of" | "at" | "in")
        {
            return Vec::new();
        }
        let party = self.cast().party(self.s, phrase + 1);
        party.bodies.into_iter().filter(|b| self.cast().kind(b) == BodyKind::Force).collect()
    }

    pub(super) fn object(&self) -> Party {
        // "the force, which he is suing", "a detective whom it sacked": what the relative clause hangs on.
        if let (Link::Relative, true, Some(a)) =
            (&self.clause.link, self.clause.object.is_empty(), self.clause.antecedent)
            && !self.clause.subject.is_empty()
            && !self.clause.subject.contains(&a)
        {
            return self.cast().party(self.s, a);
        }
        let mut party = self.list(&self.clause.object);
        if party.unnamed.is_some()
            && let Some(&first) = self.clause.object.first()
        {
            party.bodies.extend(self.cast().owner(self.s, first).bodies);
            party.bodies.extend(self.force_after(first));
        }
        party
    }

    pub(super) fn preposition(&self, word: &str) -> Party {
        let mut party = Party::default();
        let mut taken: Option<usize> = None;
        for &p in self.clause.after.iter().chain(&self.clause.before) {
            let np = &self.parsed.phrases[p];
            if np.prep.is_some_and(|k| self.parsed.words[k].lower == word) {
                party.join(self.cast().party(self.s, p));
                party.join(Party { bodies: self.cast().owner(self.s, p).bodies, ..Party::default() });
                taken = Some(p);
            }
        }
        // "Jo Orr, to whom the force paid £20,000"
        if let Some(antecedent) =
            self.clause.antecedent.filter(|_| taken.is_none() && self.clause.link == Link::Relative)
            && let Some(lead) = self.clause.first.checked_sub(1)
            && matches!(self.parsed.words[self.clause.first].lower.as_str(), "whom" | "which")
            && self.parsed.words[lead].lower == word
        {
            party.join(self.cast().party(self.s, antecedent));
            return party;
        }
        // "Proceedings against Sgt Orr opened but were adjourned", "its inquiry into Sgt Orr, which began in May": what follows
        // the subject that is taken over.
        let relative =
            self.clause.link == Link::Relative && self.clause.subject.first() == self.clause.antecedent.as_ref();
        if taken.is_none()
            && (self.clause.inherited || relative)
            && let Some(&first) = self.clause.subject.first()
        {
            for p in first + 1..self.parsed.phrases.len() {
                let np = &self.parsed.phrases[p];
                let Some(prep) = np.prep.filter(|&k| k == self.parsed.phrases[p - 1].last) else { break };
                if self.parsed.words[prep].lower == word {
                    party.join(self.cast().party(self.s, p));
                    taken = Some(p);
                }
            }
        }
        // "decided to take no action against a sergeant": what the infinitive tells.
        if taken.is_none() {
            let below = self.parsed.clauses.iter().filter(|c| c.parent == Some(self.id) && c.link == Link::To);
            for &p in below.flat_map(|c| &c.after) {
                if self.parsed.phrases[p].prep.is_some_and(|k| self.parsed.words[k].lower == word && word == "against")
                {
                    party.join(self.cast().party(self.s, p));
                    taken = Some(p);
                }
            }
        }
        // "for a fifth person, Sergeant Jo Orr,": the name in apposition.
        if let Some(p) = taken
            && party.people.is_empty()
            && let Some(next) = self.parsed.phrases.get(p + 1)
            && next.prep.is_none()
            && next.fresh
            && !next.joined
            && next.first <= self.parsed.phrases[p].last + 1
        {
            let named = self.cast().party(self.s, p + 1);
            if let [_] = named.people[..] {
                party.unnamed = None;
                party.join(named);
            }
        }
        // What follows the phrase in its list: "to A, B and C".
        if let Some(p) = taken {
            for q in p + 1..self.parsed.phrases.len() {
                let np = &self.parsed.phrases[q];
                if np.prep.is_some() || !np.joined {
                    break;
                }
                party.join(self.cast().party(self.s, q));
            }
        }
        party
    }

    pub(super) fn owner(&self) -> Party {
        let mut party = Party::default();
        for &p in self.clause.object.iter().chain(&self.clause.subject).chain(self.clause.antecedent.iter()) {
            party.join(self.cast().owner(self.s, p));
        }
        // "a sergeant whose vetting was withdrawn"
        if let (Link::Relative, Some(a)) = (&self.clause.link, self.clause.antecedent)
            && self.parsed.words.get(self.clause.first).is_some_and(|w| w.lower == "whose")
            && party.people.is_empty()
        {
            party.join(self.cast().party(self.s, a));
        }
        party
    }

    /// What `take` reads from the first clause of those that hang on this one, at any depth, of which `like` holds.
    fn beneath(&self, like: impl Fn(&Clause) -> bool, take: impl Fn(&Filler<'_>) -> Party) -> Party {
        let of = |(id, clause)| take(&Filler { scene: self.scene, s: self.s, id, clause, parsed: self.parsed });
        let clauses = self.parsed.clauses.iter().enumerate();
        clauses
            .filter(|(k, c)| c.verb.is_some() && like(c) && descends(self.parsed, *k, self.id))
            .map(of)
            .find(|party| !party.is_empty())
            .unwrap_or_default()
    }

    /// Who lodged what the clause tells the end of: "a complaint lodged by Leo Ash was dismissed".
    fn lodger(&self) -> Party {
        let own = |c: &&Clause| {
            c.link == Link::Participle
                && c.antecedent.is_some_and(|a| self.clause.subject.contains(&a) || self.clause.object.contains(&a))
        };
        let mut lodged = self.parsed.clauses.iter().enumerate().filter(|(_, c)| own(c));
        lodged
            .find(|(_, c)| {
                c.verb.as_ref().is_some_and(|v| {
                    matches!(v.lemma.as_ref(), "lodge" | "make" | "bring" | "file" | "submit" | "raise" | "send")
                })
            })
            .map(|(id, clause)| {
                Filler { scene: self.scene, s: self.s, id, clause, parsed: self.parsed }.preposition("by")
            })
            .unwrap_or_default()
    }

    /// Whom the sentence says the matter concerns: "a hearing concerning a constable", "in respect of PC Orr".
    fn concerned(&self) -> Option<Party> {
        let word = |k: Option<usize>| k.and_then(|k| self.parsed.words.get(k)).map_or("", |w| w.lower.as_str());
        let led = |np: &super::super::words::NounPhrase| {
            let before = np.prep.and_then(|k| k.checked_sub(1));
            matches!(word(np.prep), "concerning" | "involving" | "regarding")
                || word(np.prep) == "of" && word(before) == "respect"
                || word(np.prep) == "to" && word(before) == "relation"
        };
        let found = self.parsed.phrases.iter().enumerate().find(|(_, np)| led(np)).map(|(p, _)| p)?;
        let party = self.cast().party(self.s, found);
        let police = party.people.iter().any(|&w| self.cast().people[w].police)
            || party.unnamed.as_ref().is_some_and(|u| u.police);
        police.then_some(party)
    }

    pub(super) fn slot(&self, slot: &str) -> Party {
        let passive = self.clause.verb.as_ref().is_some_and(|v| v.passive);
        match slot {
            "agent" if passive => self.preposition("by"),
            "agent" | "subject" => self.subject(),
            "receiver"
                if passive
                    || self.clause.verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "receive" | "get")) =>
            {
                self.subject()
            }
            "receiver" => Party::default(),
            "patient" if passive => self.subject(),
            "patient" | "object" => self.object(),
            "owner" => self.owner(),
            "topic" | "else" => self.concerned().unwrap_or_else(|| self.scene.topic(self.s)),
            "wronged" => Party { people: self.scene.wronged.clone(), ..Party::default() },
            "that" => self
                .parsed
                .clauses
                .iter()
                .enumerate()
                .find(|(_, c)| c.parent == Some(self.id) && c.link == Link::That && c.verb.is_some())
                .map(|(k, c)| {
                    // "found that her failure to ask was misconduct": hers.
                    let that = Filler { scene: self.scene, s: self.s, id: k, clause: c, parsed: self.parsed };
                    let subject = that.subject();
                    let owner = c.subject.first().filter(|_| subject.is_empty()).map(|&p| self.cast().owner(self.s, p));
                    owner.unwrap_or(subject)
                })
                .unwrap_or_default(),
            // "a hearing into claims that Sgt Orr lied": who does what a noun of the clause says was done.
            "content" => self.beneath(
                |c| {
                    c.link == Link::Relative
                        && self.parsed.words.get(c.first).is_some_and(|w| w.lower == "that")
                        && c.subject.first().is_some_and(|&p| Some(p) != c.antecedent)
                },
                |f| f.subject(),
            ),
            // "failed to agree whether he had lied": the subject of the question, however deep it stands.
            "whether" => self.beneath(
                |c| {
                    matches!(&c.link, Link::That)
                        || matches!(&c.link, Link::Adverbial(word) if matches!(word.as_str(), "whether" | "if"))
                },
                |f| f.subject(),
            ),
            // "ordered the jury to acquit her": the object of what is ordered.
            "below" => self.beneath(
                |c| matches!(&c.link, Link::To | Link::That | Link::Ing(_)),
                |f| {
                    let object = f.object();
                    if object.is_empty() { f.subject() } else { object }
                },
            ),
            "up" => match (&self.clause.link, self.clause.parent) {
                // "she was informed that it would go no further"
                (Link::That, Some(up))
                    if self.parsed.clauses[up]
                        .verb
                        .as_ref()
                        .is_some_and(|v| v.passive && matches!(v.lemma.as_ref(), "tell" | "inform" | "notify")) =>
                {
                    self.parsed.clauses[up]
                        .subject
                        .first()
                        .map_or_else(Party::default, |&p| self.cast().party(self.s, p))
                }
                (Link::Adverbial(_), Some(up)) => {
                    let up = match (&self.parsed.clauses[up].link, self.parsed.clauses[up].parent) {
                        (Link::Ing(_), Some(higher)) => higher,
                        _ => up,
                    };
                    let clause = &self.parsed.clauses[up];
                    let party = Filler { scene: self.scene, s: self.s, id: up, clause, parsed: self.parsed }.subject();
                    Party { people: party.people, ..Party::default() }
                }
                _ => Party::default(),
            },
            "author" => {
                // "a code, drawn up by the College, comes into force"
                let mut party = Party::default();
                for (k, c) in self.parsed.clauses.iter().enumerate() {
                    if c.link == Link::Participle && descends(self.parsed, k, self.id) {
                        let author = Filler { scene: self.scene, s: self.s, id: k, clause: c, parsed: self.parsed };
                        party.bodies.extend(author.preposition("by").bodies);
                    }
                }
                party
            }
            "complainant" => {
                let lemma = self.clause.verb.as_ref().map_or("", |v| v.lemma.as_ref());
                let owner = self.owner();
                let own = Party { people: owner.people, ..Party::default() };
                if !own.people.is_empty() {
                    own
                } else if matches!(lemma, "lodge" | "make" | "submit" | "file" | "bring" | "withdraw") {
                    self.slot("agent")
                } else {
                    let from = self.preposition("from");
                    if from.is_empty() { self.lodger() } else { from }
                }
            }
            "announcer" => {
                let spoken = self.parsed.clauses.iter().enumerate().find(|(k, c)| {
                    *k != self.id
                        && c.link == Link::Main
                        && c.verb.as_ref().is_some_and(|v| {
                            matches!(v.lemma.as_ref(), "announce" | "say" | "confirm" | "reveal" | "tell")
                        })
                });
                spoken
                    .map(|(k, c)| {
                        Filler { scene: self.scene, s: self.s, id: k, clause: c, parsed: self.parsed }.subject()
                    })
                    .unwrap_or_default()
            }
            // "ruled that no reasonable panel could have found that PC Orr lied": whom the rest of the sentence names.
            "named" => {
                let from = self.clause.verb.as_ref().map_or(0, |v| v.last);
                let after = (0..self.parsed.phrases.len()).filter(|&p| self.parsed.phrases[p].first >= from);
                let people = after.flat_map(|p| self.cast().party(self.s, p).people);
                let police: Vec<usize> = people.filter(|&w| self.cast().people[w].police).take(1).collect();
                let of = |p| self.cast().party(self.s, p).unnamed.filter(|u| u.police);
                let after = (0..self.parsed.phrases.len()).filter(|&p| self.parsed.phrases[p].first >= from);
                let unnamed = after.filter(|_| police.is_empty()).find_map(of);
                Party { people: police, unnamed, ..Party::default() }
            }
            // "demanded justice for Leo Ash", "neglect led to the death of Leo Ash": whom the rest tells of, if no officer.
            "mourned" => {
                let from = self.clause.verb.as_ref().map_or(0, |v| v.first);
                let led = |p: &usize| {
                    let np = &self.parsed.phrases[*p];
                    np.prep.is_some_and(|k| {
                        matches!(
                            self.parsed.words[k].lower.as_str(),
                            "for" | "of" | "into" | "on" | "over" | "to" | "about"
                        )
                    })
                };
                let mut people = (0..self.parsed.phrases.len())
                    .filter(|&p| self.clause.before.contains(&p) || self.parsed.phrases[p].first >= from)
                    .filter(led)
                    .flat_map(|p| {
                        let mut people = self.cast().party(self.s, p).people;
                        people.extend(self.cast().owner(self.s, p).people);
                        people
                    })
                    .filter(|&w| !self.cast().people[w].police && !self.cast().people[w].official);
                Party { people: people.next().into_iter().collect(), ..Party::default() }
            }
            // "the friends of Leo Ash, shot dead by police": the nearest before it, if no officer.
            "nearest" => {
                let upto = self.clause.verb.as_ref().map_or(0, |v| v.first);
                let before = (0..self.parsed.phrases.len()).rev().filter(|&p| self.parsed.phrases[p].last <= upto);
                let mut people = before.flat_map(|p| self.cast().party(self.s, p).people);
                let nearest = people.next().filter(|&w| !self.cast().people[w].police);
                Party { people: nearest.into_iter().collect(), ..Party::default() }
            }
            "victim" => Party::default(),
            "chair" => Party::default(),
            word => self.preposition(word),
        }
    }
}
