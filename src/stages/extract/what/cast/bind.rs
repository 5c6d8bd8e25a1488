//! Whom the descriptions at the head of an article turn out to name: "A sergeant has been arrested … Sgt Ellery, 38, was".

use super::super::clauses::{Clause, Link};
use super::*;

/// A description and where it stands.
pub(super) struct Lead {
    /// Sentence.
    pub(super) s: usize,
    /// Phrase.
    pub(super) p: usize,
    pub(super) unnamed: Unnamed,
}

/// Sentences after a description in which its names are looked for.
const SEARCHED: usize = 2;
/// The same for several persons, each of whom may have a sentence.
const SEARCHED_FOR_ALL: usize = 4;

impl Cast {
    /// Puts `people` in the place of the description that stands as phrase `p` of sentence `s`, for later passes too.
    fn bind(&mut self, s: usize, p: usize, people: Vec<usize>) {
        if let Some(slot) = self.parties.get_mut(s).and_then(|r| r.get_mut(p)) {
            slot.people.clone_from(&people);
            slot.unnamed = None;
        }
        self.bound.insert((s, p), people);
    }

    /// "Two officers have appeared in court … PCs Orr and Hale": the lead's officers are those named together next, or
    /// one after the other.
    pub(super) fn bind_groups(&mut self, groups: &[Lead], parsed: &[Parsed]) {
        for Lead { s, p, unnamed } in groups {
            let Some(count) = unnamed.descriptor.count.map(|n| n as usize).filter(|n| *n > 1) else { continue };
            // "Two serving officers and one former officer": three in all.
            let rest = parsed[*s].phrases.iter().enumerate().skip(p + 1).take_while(|(_, np)| np.joined);
            let beside: Vec<usize> = rest
                .map(|(q, _)| q)
                .filter(|&q| self.party(*s, q).unnamed.is_some_and(|u| u.police && !u.definite))
                .collect();
            let more = beside.iter().filter_map(|&q| self.party(*s, q).unnamed.and_then(|u| u.descriptor.count));
            let count = count + more.map(|n| n as usize).sum::<usize>();
            let ranked = |cast: &Self, w: usize| {
                let ranks = &cast.people[w].ranks;
                unnamed.rank.is_none_or(|r| ranks.is_empty() || ranks.contains(r))
            };
            let far = if unnamed.police { SEARCHED_FOR_ALL } else { 1 };
            let mut told: Vec<usize> = Vec::new();
            let mut found = None;
            'search: for (next, sentence) in parsed.iter().enumerate().take(s + 1 + far).skip(s + 1) {
                for clause in sentence.clauses.iter().filter(|c| !c.inherited && c.verb.is_some() && !speaks(c)) {
                    let lists = [&clause.subject, &clause.object];
                    for list in lists.into_iter().take(if unnamed.police { 2 } else { 1 }) {
                        let mut people: Vec<usize> = list.iter().flat_map(|&q| self.party(next, q).people).collect();
                        people.dedup();
                        people.retain(|&w| {
                            let person = &self.people[w];
                            person.first == next
                                && person.police == unnamed.police
                                && !person.official
                                && (unnamed.police || !COURT.iter().any(|w| person.words.contains(*w)))
                                && ranked(self, w)
                        });
                        if people.len() == count {
                            found = Some(people);
                            break 'search;
                        }
                        // One after the other only officers are told: whom else the next sentences name may be anybody.
                        let next = people.into_iter().filter(|w| unnamed.police && !told.contains(w));
                        told.extend(next.collect::<Vec<_>>());
                    }
                }
                if told.len() >= count {
                    found = Some(told).filter(|told| told.len() == count);
                    break;
                }
            }
            if let Some(people) = found {
                for q in beside {
                    self.bind(*s, q, people.clone());
                }
                self.bind(*s, *p, people);
            }
        }
    }

    /// "A sergeant has been arrested … Sgt Ellery, 38, was detained": the lead's someone is the one named next.
    pub(super) fn bind_leads(&mut self, leads: &[Lead], parsed: &[Parsed], standing: &Standing) {
        for lead in leads {
            let Some(who) = self.named_next(lead, parsed, standing) else { continue };
            let unnamed = &lead.unnamed;
            let words: Vec<&str> = unnamed.descriptor.text.split(' ').collect();
            let person = &mut self.people[who];
            person.police |= unnamed.police;
            person.official |= standing.official(&words);
            person.ranks.extend(unnamed.rank);
            person.words.extend(words.iter().map(|w| (*w).to_owned()));
            if person.sex.is_none() {
                person.sex = unnamed.descriptor.sex.as_ref().and_then(|s| s.chars().next());
            }
            self.bind(lead.s, lead.p, vec![who]);
        }
    }

    /// The person whom the sentences after `lead` name in its place.
    fn named_next(&self, lead: &Lead, parsed: &[Parsed], standing: &Standing) -> Option<usize> {
        let lead_dies = parsed[lead.s].clauses.iter().any(|c| c.subject.first() == Some(&lead.p) && dies(c));
        for (next, sentence) in parsed.iter().enumerate().take(lead.s + 1 + SEARCHED).skip(lead.s) {
            // In its own sentence what stands behind a semicolon: "a constable wept as he was cleared; Jo Orr had".
            let from = if next == lead.s {
                let at = sentence.phrases[lead.p].last;
                let Some(semicolon) = (at..sentence.words.len()).find(|&k| sentence.words[k].lower == ";") else {
                    continue;
                };
                semicolon
            } else {
                0
            };
            let told = |c: &&Clause| !c.inherited && c.verb.is_some() && c.first >= from && c.link != Link::Relative;
            for clause in sentence.clauses.iter().filter(told) {
                let Some(&first) = clause.subject.first() else { continue };
                let party = self.party(next, first);
                // Of several no one is the one.
                let joined = clause
                    .subject
                    .iter()
                    .skip(1)
                    .any(|&p| sentence.phrases[p].joined && !self.party(next, p).people.is_empty());
                if joined {
                    return None;
                }
                if let [who] = party.people[..] {
                    let person = &self.people[who];
                    // Who sits over the case, and who only tells of it, is not whom it befell.
                    let source = speaks(clause) && !aged(&parsed[next], clause);
                    if source || COURT.iter().any(|w| person.words.contains(*w)) {
                        continue;
                    }
                    // "A constable has been cleared … Sinclair was pulled over by two officers", "An officer has been charged … Lyle,
                    // 46, died": nor whom the police met.
                    if lead.unnamed.police
                        && !person.police
                        && (handled(clause, standing) || wronged(sentence, clause) || dies(clause) && !lead_dies)
                    {
                        continue;
                    }
                    return self.is_lead(lead, who, next, clause, parsed, standing).then_some(who);
                }
                if party.unnamed.is_some() {
                    return None;
                }
            }
            if next == lead.s {
                continue;
            }
            // "The decision to charge Sergeant Jo Orr", "allegations against Chief Constable Jo Orr"
            let against = sentence.clauses.iter().flat_map(|c| c.after.iter().chain(&c.before)).filter(|&&p| {
                let led = sentence.phrases[p].prep.map_or("", |k| sentence.words[k].lower.as_str());
                matches!(led, "against" | "into")
            });
            let objects = sentence.clauses.iter().flat_map(|c| c.object.first());
            let named = objects.chain(against).find_map(|&p| {
                let [who] = self.party(next, p).people[..] else { return None };
                let person = &self.people[who];
                let rank = lead.unnamed.rank.is_none_or(|r| person.ranks.contains(r));
                (person.first == next && person.police && lead.unnamed.police && rank).then_some(who)
            });
            if named.is_some() {
                return named;
            }
        }
        None
    }

    /// Whether `who`, the subject of `clause` in sentence `next`, fits what `lead` says.
    fn is_lead(
        &self,
        lead: &Lead,
        who: usize,
        next: usize,
        clause: &Clause,
        parsed: &[Parsed],
        standing: &Standing,
    ) -> bool {
        let Lead { s, p, unnamed } = lead;
        let person = &self.people[who];
        let words: Vec<&str> = unnamed.descriptor.text.split(' ').collect();
        // Somebody who stood beside the subject is named with age or rank.
        let subject = parsed[*s].clauses.iter().any(|c| c.subject.first() == Some(p));
        let listed = clause.subject.first().is_some_and(|&first| in_capitals(&parsed[next], first));
        if !(subject || *s == 0 || aged(&parsed[next], clause) && !listed || person.police) {
            return false;
        }
        let same_rank = unnamed.rank.is_none_or(|r| person.ranks.is_empty() || person.ranks.contains(r))
            && !(words.contains(&"detective") && !person.ranks.is_empty() && !person.ranks.contains("detective"));
        let kind = unnamed.police || !person.police && (!person.official || standing.official(&words));
        let sex = person.sex.is_none()
            || unnamed.descriptor.sex.as_deref().is_none_or(|x| x.starts_with(person.sex.unwrap_or('?')));
        person.first == next && same_rank && kind && sex
    }
}

/// Whether `clause` tells what the police do to those they meet: its subject was stopped, searched or hurt.
fn handled(clause: &Clause, standing: &Standing) -> bool {
    const MEETS: &[&str] = &["stop", "search", "pull", "follow", "approach", "handcuff", "frisk"];
    let verb = clause.verb.as_ref().filter(|v| v.passive);
    verb.is_some_and(|v| MEETS.contains(&v.lemma.as_ref()) || standing.harms(&v.lemma))
}

/// Whether `clause` tells what its subject wrongly suffered: "was wrongly arrested".
fn wronged(parsed: &Parsed, clause: &Clause) -> bool {
    clause.verb.as_ref().filter(|v| v.passive).is_some_and(|v| {
        let inside = parsed.words.get(v.first..v.main).unwrap_or(&[]);
        inside.iter().any(|w| matches!(w.lower.as_str(), "wrongly" | "unlawfully" | "wrongfully" | "mistakenly"))
    })
}

/// Whether `clause` tells of the death of its subject, or of how the police held him.
fn dies(clause: &Clause) -> bool {
    clause.verb.as_ref().is_some_and(|v| {
        matches!(v.lemma.as_ref(), "die" | "collapse" | "drown" | "fall")
            || v.passive && matches!(v.lemma.as_ref(), "restrain" | "detain" | "find" | "pronounce")
    })
}

/// Whether `clause` tells what its subject says.
pub(super) fn speaks(clause: &Clause) -> bool {
    clause.verb.as_ref().is_some_and(|v| {
        !v.passive && matches!(v.lemma.as_ref(), "say" | "add" | "tell" | "describe" | "explain" | "insist" | "comment")
    })
}

/// Whether the subject of `clause` is named with an age: "Ellery, 38,".
fn aged(parsed: &Parsed, clause: &Clause) -> bool {
    clause.subject.get(1).is_some_and(|&n| {
        let np = &parsed.phrases[n];
        np.fresh && np.last == np.first + 1 && parsed.words[np.first].shape == Shape::Number
    })
}

/// Whether phrase `p` is a name in capitals, as the entries of a court list open with.
fn in_capitals(parsed: &Parsed, p: usize) -> bool {
    let words = parsed.phrases.get(p).and_then(|np| parsed.words.get(np.first..np.last)).unwrap_or(&[]);
    words.last().is_some_and(|w| w.shape == Shape::Capitals && w.lower.len() > 2) && words.len() > 1
}
