//! Who is who: persons with rank, force and sex as the article tells them, and what each noun phrase stands for.

mod bind;
mod evidence;
mod phrase;
mod predicates;
mod state;

use super::clauses::Parsed;
use super::grammar::class;
use super::items::Items;
use super::standing::{BodyKind, Standing};
use crate::domain::{Article, Descriptor, EntityKind, Quote};
use crate::stages::extract::who::{known_body_forms, known_body_ids, word_is_male};
use crate::stages::extract::{
    Named,
    doc::{Doc, Shape},
};
use std::collections::{BTreeMap, BTreeSet};

use bind::Lead;
use evidence::{COURT, evidence, ranks_of, sex_of};
use state::State;

/// A person of the article.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) key: String,
    pub(super) watched: bool,
    /// Is or was of the police.
    pub(super) police: bool,
    /// An official of the police world.
    pub(super) official: bool,
    /// Ranks the text gives, in one spelling.
    pub(super) ranks: BTreeSet<&'static str>,
    /// Own forces or bodies.
    pub(super) own: Vec<String>,
    /// Other bodies for which he or she speaks: a charity, a party.
    pub(super) sides: Vec<String>,
    pub(super) sex: Option<char>,
    /// Sex by the given name, where nothing else tells it.
    given: Option<char>,
    /// The words that describe him or her.
    pub(super) words: BTreeSet<String>,
    /// Sentence of the first mention.
    pub(super) first: usize,
}

/// An unnamed participant.
#[derive(Debug, Clone, Default)]
pub(super) struct Unnamed {
    pub(super) descriptor: Descriptor,
    pub(super) police: bool,
    pub(super) definite: bool,
    pub(super) plural: bool,
    pub(super) rank: Option<&'static str>,
}

/// What a noun phrase stands for.
#[derive(Debug, Clone, Default)]
pub(super) struct Party {
    /// Indices of persons.
    pub(super) people: Vec<usize>,
    /// Keys of bodies.
    pub(super) bodies: Vec<String>,
    pub(super) unnamed: Option<Unnamed>,
}

impl Party {
    pub(super) fn is_empty(&self) -> bool {
        self.people.is_empty() && self.bodies.is_empty() && self.unnamed.is_none()
    }

    pub(super) fn join(&mut self, other: Self) {
        for p in other.people {
            if !self.people.contains(&p) {
                self.people.push(p);
            }
        }
        for b in other.bodies {
            if !self.bodies.contains(&b) {
                self.bodies.push(b);
            }
        }
        if self.unnamed.is_none() {
            self.unnamed = other.unnamed;
        }
    }
}

/// Everyone in the article, and what stands for whom.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub(super) people: Vec<Person>,
    by_key: BTreeMap<String, usize>,
    kinds: BTreeMap<String, BodyKind>,
    /// What each phrase stands for, by sentence and phrase.
    parties: Vec<Vec<Party>>,
    /// The owner in a phrase ("her complaint").
    owners: Vec<Vec<Party>>,
    /// Phrases of the lead and the persons they turn out to mean.
    bound: BTreeMap<(usize, usize), Vec<usize>>,
    /// The force that a rank tells, where no other is named.
    by_rank: Option<String>,
    /// The force the article is about.
    pub(super) main_force: Option<String>,
    /// The body that speaks as "we".
    pub(super) publisher: Option<String>,
    /// The items of a round-up.
    pub(super) items: Items,
}

impl Cast {
    /// The cast of an article, from its entities, mentions and words.
    pub(super) fn new(
        doc: &Doc,
        article: &Article,
        named: &Named,
        standing: &Standing,
        mention_of: &[Option<usize>],
        parsed: &[Parsed],
    ) -> Self {
        let mut cast = Self::default();
        for entity in &named.entities {
            match entity.kind {
                EntityKind::Person => {
                    let role: Vec<String> = entity
                        .role
                        .iter()
                        .flat_map(|r| {
                            r.to_lowercase()
                                .split_whitespace()
                                .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
                                .collect::<Vec<_>>()
                        })
                        .collect();
                    cast.by_key.insert(entity.key.clone(), cast.people.len());
                    cast.people.push(Person {
                        key: entity.key.clone(),
                        watched: entity.watched,
                        police: standing.officer(&role),
                        official: standing.official(&role),
                        ranks: ranks_of(&role),
                        own: entity.bodies.clone(),
                        words: role.into_iter().collect(),
                        first: usize::MAX,
                        ..Person::default()
                    });
                }
                EntityKind::Body => {
                    cast.kinds.insert(entity.key.clone(), standing.body(&entity.key, &entity.name));
                }
                EntityKind::Place => {}
            }
        }
        for mention in named.mentions.iter().filter(|m| !m.nominal) {
            if let (Some(&who), Some(sentence)) =
                (cast.by_key.get(&mention.entity), doc.sentence_at(mention.span.start))
            {
                let first = &mut cast.people[who].first;
                *first = (*first).min(sentence);
            }
        }
        evidence(&mut cast, doc, named, standing, mention_of, parsed);
        cast.forces_of_ranks(doc, standing);
        for person in &mut cast.people {
            person.sex = person.sex.or(person.given);
            // Who oversees the police is none of them.
            if ["ombudsman", "coroner", "judge", "recorder"].iter().any(|w| person.words.contains(*w))
                && person.ranks.is_empty()
            {
                person.police = false;
            }
        }
        // The force named most often, the earlier one where two are level.
        let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for mention in &named.mentions {
            if mention.kind == EntityKind::Body && cast.kind(&mention.entity) == BodyKind::Force {
                let entry = counts.entry(mention.entity.as_str()).or_insert((0, mention.span.start));
                entry.0 += 1;
            }
        }
        // "Ackroyd to go as Lincolnshire's chief constable": the headline tells whose article it is.
        let head = format!("{} {}", doc.headline, doc.standfirst).to_lowercase();
        for (force, (n, _)) in &mut counts {
            // "police-scotland": the area is not always what comes first.
            let area = force.split('-').find(|w| *w != "police").unwrap_or("");
            let told = |w: &str| w == area && area.len() > 3 || w == "met" && *force == "metropolitan-police";
            if head.split(|c: char| !c.is_alphanumeric()).any(told) {
                *n += 2;
            }
        }
        cast.main_force = counts
            .iter()
            .max_by_key(|(_, (n, at))| (*n, std::cmp::Reverse(*at)))
            .map(|(k, _)| (*k).to_owned())
            .or_else(|| cast.by_rank.clone());
        cast.publisher = article.outlet.as_ref().and_then(|outlet| {
            let outlet = outlet.to_lowercase();
            named
                .entities
                .iter()
                .find(|e| e.kind == EntityKind::Body && outlet.contains(&e.name.to_lowercase()))
                .map(|e| e.key.clone())
        });
        cast.items = Items::of(doc, named, &|key| cast.kind(key));
        cast
    }

    /// The force of whose matter the text speaks at sentence `s`, which need not name it: that of the item in a round-up, else the
    /// one that the article is about.
    pub(super) fn force_of_matter(&self, doc: &Doc, s: usize) -> Option<String> {
        let sentence = &doc.sentences[s];
        match self.items.item(sentence.block) {
            Some(_) => self.items.force(sentence.block, sentence.span.end).map(str::to_owned),
            None => self.main_force.clone(),
        }
    }

    /// "Garda Jo Orr": some ranks tell the force, also where no word names it.
    fn forces_of_ranks(&mut self, doc: &Doc, standing: &Standing) {
        for person in &mut self.people {
            let force = person.words.iter().find_map(|w| standing.force_of_rank(w));
            if let Some(force) = force.filter(|_| person.own.is_empty()) {
                self.kinds.entry(force.to_owned()).or_insert(BodyKind::Force);
                person.own.push(force.to_owned());
            }
        }
        let told = doc.tokens.iter().find_map(|t| standing.force_of_rank(&t.lower));
        if let Some(force) = told {
            self.kinds.entry(force.to_owned()).or_insert(BodyKind::Force);
            self.by_rank = Some(force.to_owned());
        }
    }

    /// What kind of body `key` is.
    pub(super) fn kind(&self, key: &str) -> BodyKind {
        self.kinds.get(key).copied().unwrap_or(BodyKind::Other)
    }

    /// The person with `key`.
    pub(super) fn person(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// The own force of a person, if the article tells it.
    pub(super) fn own_force(&self, who: usize) -> Option<String> {
        self.people[who].own.iter().find(|b| self.kind(b) == BodyKind::Force).cloned()
    }

    /// What phrase `phrase` of sentence `sentence` stands for.
    pub(super) fn party(&self, sentence: usize, phrase: usize) -> Party {
        self.parties.get(sentence).and_then(|s| s.get(phrase)).cloned().unwrap_or_default()
    }

    /// The owner named in the phrase.
    pub(super) fn owner(&self, sentence: usize, phrase: usize) -> Party {
        self.owners.get(sentence).and_then(|s| s.get(phrase)).cloned().unwrap_or_default()
    }

    /// Works out what every phrase stands for, in the order of the text.
    pub(super) fn resolve(
        &mut self,
        doc: &Doc,
        named: &Named,
        quotes: &[Quote],
        standing: &Standing,
        parsed: &[Parsed],
    ) {
        // Twice: the second pass knows whom the lead's "a sergeant" names, so that "he" after it is he.
        for _ in 0..2 {
            self.parties.clear();
            self.owners.clear();
            self.pass(doc, named, quotes, standing, parsed);
            self.predicates(standing, parsed);
        }
    }

    /// Reads the article once from its head: what each phrase stands for, given who was spoken of before.
    fn pass(&mut self, doc: &Doc, named: &Named, quotes: &[Quote], standing: &Standing, parsed: &[Parsed]) {
        let mut state = State::default();
        let mut leads: Vec<Lead> = Vec::new();
        let mut groups: Vec<Lead> = Vec::new();
        let mut told: Vec<(usize, Unnamed)> = Vec::new();
        for (s, sentence) in parsed.iter().enumerate() {
            let block = doc.sentences[s].block;
            if self.items.begins(block) && s.checked_sub(1).is_some_and(|last| doc.sentences[last].block != block) {
                state = State::default();
            }
            let subjects: BTreeSet<usize> = sentence
                .clauses
                .iter()
                .filter(|c| c.verb.is_some() && !c.inherited)
                .flat_map(|c| c.subject.first().copied())
                .collect();
            // "He warned Leo Ash, who owned the vault": the story goes on with him who warned.
            let told_of: BTreeSet<usize> = sentence
                .clauses
                .iter()
                .filter(|c| c.link == super::clauses::Link::Relative && c.subject.first() == c.antecedent.as_ref())
                .filter_map(|c| c.antecedent)
                .filter(|p| sentence.clauses.iter().any(|c| c.object.contains(p) || c.after.contains(p)))
                .collect();
            let sources: BTreeSet<usize> = sentence
                .clauses
                .iter()
                .enumerate()
                .filter(|(k, c)| {
                    *k > 0
                        && c.link == super::clauses::Link::Main
                        && c.first > 0
                        && c.verb
                            .as_ref()
                            .is_some_and(|v| !v.passive && matches!(v.lemma.as_ref(), "say" | "add" | "tell"))
                        && sentence.clauses[0].verb.is_some()
                        && c.quote.is_none()
                        && sentence.clauses[0].quote.is_none()
                })
                .filter_map(|(_, c)| c.subject.first().copied())
                .collect();
            let heard: BTreeSet<usize> = sentence
                .clauses
                .iter()
                .filter(|c| bind::speaks(c))
                .filter_map(|c| c.subject.first().copied())
                .collect();
            let appositions: BTreeMap<usize, usize> = sentence
                .clauses
                .iter()
                .filter(|c| c.verb.is_some() && !c.inherited)
                .flat_map(|c| [c.subject.get(..2), c.object.get(..2)])
                .flatten()
                .filter_map(|pair| match pair {
                    // "Another constable with the force, Jo Orr": past what tells more of the first.
                    [a, b]
                        if sentence.phrases[*b].fresh
                            && !sentence.phrases[*b].joined
                            && (*a + 1..*b)
                                .all(|n| sentence.phrases[n].prep.is_some() && !sentence.phrases[n].fresh) =>
                    {
                        Some((*a, *b))
                    }
                    _ => None,
                })
                .collect();
            let mut row = Vec::with_capacity(sentence.phrases.len());
            let mut owners = Vec::with_capacity(sentence.phrases.len());
            for p in 0..sentence.phrases.len() {
                state.says = heard.contains(&p);
                let governs = sentence.clauses.iter().find(|c| c.object.contains(&p) || c.after.contains(&p));
                state.apart = governs.is_some_and(|c| {
                    c.subject.first().and_then(|&s| row.get(s)).is_some_and(|party: &Party| party.people.is_empty())
                });
                state.taken = state.apart
                    && governs.and_then(|c| c.verb.as_ref()).is_some_and(|v| {
                        matches!(
                            v.lemma.as_ref(),
                            "arrest" | "charge" | "detain" | "hold" | "rearrest" | "jail" | "bail"
                        )
                    });
                let (mut party, owner) =
                    self.phrase(doc, named, quotes, standing, sentence, s, p, &state, subjects.contains(&p));
                // "A second officer, PC Orr, resigned": the name in apposition.
                if party.people.is_empty()
                    && party.unnamed.as_ref().is_some_and(|u| !u.plural)
                    && let Some(&next) = appositions.get(&p)
                {
                    let (named_party, _) = self.phrase(doc, named, quotes, standing, sentence, s, next, &state, false);
                    if let [who] = named_party.people[..] {
                        party.people = vec![who];
                        if let Some(unnamed) = party.unnamed.take() {
                            told.push((who, unnamed));
                        }
                    }
                }
                // "Marta Dobson, a call handler who": the description of the one just named.
                let np = &sentence.phrases[p];
                if party.people.is_empty()
                    && party.unnamed.as_ref().is_some_and(|u| !u.plural)
                    && np.prep.is_none()
                    && np.fresh
                    && !np.joined
                    && let Some(before) = (0..p).rev().find(|&b| !numeral(sentence, b))
                    && let [who] = row.get(before).map(|b: &Party| b.people.clone()).unwrap_or_default()[..]
                    && sentence.words.get(sentence.phrases[before].last).is_some_and(|w| w.lower == ",")
                    && np.first <= sentence.phrases[before].last + 2 + 2 * (p - before - 1)
                    && matches!(sentence.words[np.first].lower.as_str(), "a" | "an")
                    && sentence.words[sentence.phrases[before].last - 1].mention.is_some()
                {
                    party.people = vec![who];
                    if let Some(unnamed) = party.unnamed.take() {
                        told.push((who, unnamed));
                    }
                }
                if let Some(who) = self.bound.get(&(s, p)) {
                    party.people.clone_from(who);
                    party.unnamed = None;
                }
                let court = party.unnamed.as_ref().is_some_and(|u| {
                    let all = ["every ", "each ", "any ", "no ", "another ", "some "];
                    all.iter().any(|w| u.descriptor.text.starts_with(w))
                        || ["judge", "coroner", "minister", "jury", "prosecutor"]
                            .iter()
                            .any(|w| u.descriptor.text.ends_with(w))
                });
                // "retired as a commander", "was a detective": what somebody was, not somebody else.
                let was = sentence.phrases[p].first.checked_sub(1).is_some_and(|k| sentence.words[k].lower == "as")
                    || sentence.clauses.iter().any(|c| {
                        c.object.contains(&p)
                            && c.verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "be" | "become"))
                    });
                let officer = !was && party.unnamed.as_ref().is_some_and(|u| u.police);
                let plain = !court && !was && (subjects.contains(&p) || officer);
                if let Some(unnamed) = party.unnamed.as_ref().filter(|u| !u.plural && plain) {
                    // "Kent Police's chief constable has been sacked": nobody named before is meant.
                    let opens = unnamed.definite && unnamed.police && s == 0 && subjects.contains(&p);
                    if opens || !unnamed.definite && (s < 6 || officer) {
                        leads.push(Lead { s, p, unnamed: unnamed.clone() });
                    }
                }
                let few = |u: &Unnamed| u.descriptor.count.is_some_and(|n| (2..=4).contains(&n));
                if let Some(unnamed) = party.unnamed.as_ref().filter(|u| u.plural && (u.police || s == 0 && few(u)))
                    && (s < 6 || self.items.item(block).is_some())
                    && (subjects.contains(&p) || s == 0)
                {
                    groups.push(Lead { s, p, unnamed: unnamed.clone() });
                }
                // Where somebody was before is not the force of which the story goes on to speak.
                if party.people.is_empty() && self.of_a_career(sentence, p, &party) {
                    row.push(party);
                    owners.push(owner);
                    continue;
                }
                // "PC Orr's actions were gross misconduct and he was sacked": he is the owner, where nobody else is spoken of.
                if let [who] = owner.people[..]
                    && party.is_empty()
                    && subjects.contains(&p)
                    && sentence.words[np.first..np.last].iter().any(|w| w.person)
                {
                    state.recent.push((who, s));
                }
                // Who is only named as the source, at the end, is not the one the next sentence speaks of.
                let source = sources.contains(&p);
                state.note(&party, subjects.contains(&p) && !source, s, self);
                row.push(party);
                owners.push(owner);
            }
            let main: Vec<usize> = subjects
                .iter()
                .filter(|p| !told_of.contains(p))
                .filter_map(|&p| row.get(p))
                .flat_map(|party: &Party| party.people.iter().copied())
                .collect();
            if !main.is_empty() && !told_of.is_empty() {
                // In the next sentence he is meant who does, not who is only told of.
                let from = state.subjects.iter().position(|(_, at)| *at == s).unwrap_or(state.subjects.len());
                state.subjects[from..].sort_by_key(|(w, _)| main.contains(w));
                if state.someone.as_ref().is_some_and(|(_, at)| *at == s) {
                    let unnamed = |p: &usize| row.get(*p).is_some_and(|party: &Party| party.unnamed.is_some());
                    if told_of.iter().any(unnamed) && !subjects.iter().any(|p| !told_of.contains(p) && unnamed(p)) {
                        state.someone = None;
                    }
                }
            }
            // "Three years after he was thrown out, Sgt Orr said": who comes after.
            let lead = sentence.clauses.first().filter(|c| c.verb.is_some()).and_then(|c| c.subject.first().copied());
            if let Some(lead) = lead
                && let [who] = row.get(lead).map(|party| party.people.clone()).unwrap_or_default()[..]
                && sentence.words[sentence.phrases[lead].first..sentence.phrases[lead].last].iter().any(|w| w.person)
            {
                for (np, party) in sentence.phrases.iter().zip(row.iter_mut()).take(lead) {
                    let pronoun = np.last == np.first + 1
                        && matches!(sentence.words[np.first].lower.as_str(), "he" | "she" | "him" | "her");
                    if pronoun && party.is_empty() {
                        party.people.push(who);
                    }
                }
            }
            // "PC Orr, PC Hale and a former constable, Lee Dray, will appear": "they" are all of them.
            for clause in sentence.clauses.iter().filter(|c| c.verb.is_some() && !c.inherited) {
                let list = clause.subject.iter().skip(1).any(|&p| sentence.phrases[p].joined);
                let mut members: Vec<usize> =
                    clause.subject.iter().filter_map(|&p| row.get(p)).flat_map(|p| p.people.iter().copied()).collect();
                members.dedup();
                if list && members.len() > 1 {
                    state.pair = members;
                    state.group = None;
                }
            }
            // "Two officers, A and B, were sacked": "they" are A and B.
            for clause in sentence.clauses.iter().filter(|c| c.verb.is_some() && !c.inherited && c.subject.len() > 2) {
                let Some((first, rest)) = clause.subject.split_first() else { continue };
                let group = row.get(*first).is_some_and(|p: &Party| p.unnamed.as_ref().is_some_and(|u| u.plural));
                let members: Vec<usize> =
                    rest.iter().filter_map(|&p| row.get(p)).flat_map(|p| p.people.iter().copied()).collect();
                if group && members.len() > 1 {
                    state.pair = members;
                    state.group = None;
                }
            }
            self.parties.push(row);
            self.owners.push(owners);
        }
        for (who, unnamed) in told {
            let person = &mut self.people[who];
            person.police |= unnamed.police;
            person.ranks.extend(unnamed.rank);
        }
        self.bind_leads(&leads, parsed, standing);
        self.bind_groups(&groups, parsed);
    }
}

/// Whether phrase `p` is no more than a number: the age between a name and its description.
fn numeral(parsed: &Parsed, p: usize) -> bool {
    let words = parsed.phrases.get(p).and_then(|np| parsed.words.get(np.first..np.last)).unwrap_or(&[]);
    !words.is_empty() && words.iter().all(|w| w.shape == Shape::Number)
}
