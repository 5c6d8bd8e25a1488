//! Who is who: persons with rank, force and sex as the article tells them, and what each noun phrase stands for.

use super::clauses::Parsed;
use super::grammar::class;
use super::standing::{BodyKind, Standing};
use crate::domain::{Article, Descriptor, EntityKind, Quote};
use crate::stages::extract::who::{known_body_forms, known_body_ids};
use crate::stages::extract::{
    Named,
    doc::{Doc, Shape},
};
use std::collections::{BTreeMap, BTreeSet};

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
    pub(super) sex: Option<char>,
    /// Sex by the given name, where nothing else tells it.
    given: Option<char>,
    /// The words that describe him or her.
    pub(super) words: BTreeSet<String>,
    /// Sentence of the first mention.
    pub(super) first: usize,
    /// Died or was hurt in the matter told.
    pub(super) victim: bool,
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
    bound: BTreeMap<(usize, usize), usize>,
    /// The force the article is about.
    pub(super) main_force: Option<String>,
    /// The body that speaks as "we".
    pub(super) publisher: Option<String>,
}

/// One spelling for each rank.
pub(super) fn rank(word: &str) -> Option<&'static str> {
    Some(match word {
        "constable" | "constables" | "pc" | "wpc" | "dc" | "wdc" | "patrolman" | "patrolmen" => "constable",
        "sergeant" | "sergeants" | "sgt" | "ds" => "sergeant",
        "inspector" | "inspectors" | "insp" | "di" | "dci" | "ci" => "inspector",
        "superintendent" | "supt" => "superintendent",
        "commander" => "commander",
        "commissioner" | "dac" | "ac" => "commissioner",
        "dcc" | "acc" => "chief",
        "pcso" | "pcsos" => "pcso",
        _ => return None,
    })
}

fn ranks_of<S: AsRef<str>>(words: &[S]) -> BTreeSet<&'static str> {
    let mut out = BTreeSet::new();
    for (i, word) in words.iter().enumerate() {
        if let Some(r) = rank(word.as_ref()) {
            let before = i.checked_sub(1).and_then(|k| words.get(k)).map_or("", AsRef::as_ref);
            out.insert(if r == "constable" && before == "chief" { "chief" } else { r });
        }
        if matches!(word.as_ref(), "detective" | "det" | "detectives" | "dc" | "dcs" | "wdc" | "ds" | "di" | "dci") {
            out.insert("detective");
        }
    }
    out
}

/// Words of those who act in a case for the court.
const COURT: &[&str] =
    &["judge", "justice", "sheriff", "coroner", "recorder", "kc", "qc", "prosecutor", "barrister", "lord"];

const MALE: &[&str] = &[
    "mr",
    "sir",
    "lord",
    "man",
    "boy",
    "father",
    "husband",
    "brother",
    "son",
    "policeman",
    "widower",
    "uncle",
    "nephew",
    "grandfather",
    "cllr-m",
];
const FEMALE: &[&str] = &[
    "mrs",
    "ms",
    "miss",
    "dame",
    "lady",
    "woman",
    "girl",
    "mother",
    "wife",
    "sister",
    "daughter",
    "policewoman",
    "widow",
    "aunt",
    "niece",
    "grandmother",
    "mum",
    "mum-of-three",
    "mum-of-two",
];

fn sex_of(words: &[&str]) -> Option<char> {
    let m = words.iter().any(|w| MALE.contains(w));
    let f = words.iter().any(|w| FEMALE.contains(w));
    match (m, f) {
        (true, false) => Some('m'),
        (false, true) => Some('f'),
        _ => None,
    }
}

/// A person's own words in the article: before the name, inside it, and in apposition.
fn evidence(cast: &mut Cast, doc: &Doc, named: &Named, standing: &Standing, mention_of: &[Option<usize>]) {
    for (m, mention) in named.mentions.iter().enumerate() {
        if mention.kind != EntityKind::Person {
            continue;
        }
        if mention.nominal {
            // "A former Kent Police sergeant" stands for somebody: he or she is one.
            if let Some(&who) = cast.by_key.get(&mention.entity) {
                let words: Vec<String> = doc
                    .tokens
                    .iter()
                    .skip(doc.tokens.partition_point(|t| t.span.end <= mention.span.start))
                    .take_while(|t| t.span.start < mention.span.end)
                    .map(|t| t.lower.clone())
                    .collect();
                let borrowed: Vec<&str> = words.iter().map(String::as_str).collect();
                let (police, official, ranks, sex) =
                    (standing.officer(&words), standing.official(&words), ranks_of(&words), sex_of(&borrowed));
                // A force named inside the description is no mention of its own.
                let text = format!(" {} ", words.join(" "));
                if police
                    && ["police", "constabulary", "met", "psni", "gmp", "btp"]
                        .iter()
                        .any(|w| words.iter().any(|x| x == w))
                {
                    let inside = known_body_ids().find(|id| {
                        known_body_forms(id).any(|form| {
                            let form = form.to_lowercase();
                            form.len() > 2 && text.contains(&format!(" {form} "))
                        })
                    });
                    let inside = inside
                        .map(str::to_owned)
                        .or_else(|| text.contains(" met ").then(|| "metropolitan-police".to_owned()));
                    if let Some(id) = inside {
                        let kind = standing.body(&id, &id.replace('-', " "));
                        if kind == BodyKind::Force {
                            cast.kinds.entry(id.clone()).or_insert(kind);
                            if !cast.people[who].own.contains(&id) {
                                cast.people[who].own.push(id);
                            }
                        }
                    }
                }
                let person = &mut cast.people[who];
                person.police |= police && !official;
                person.official |= official;
                person.ranks.extend(ranks);
                person.sex = person.sex.or(sex);
                person.words.extend(words);
            }
            continue;
        }
        let Some(&who) = cast.by_key.get(&mention.entity) else { continue };
        let Some(sentence) = doc.sentence_at(mention.span.start) else { continue };
        let range = doc.sentences[sentence].first..doc.sentences[sentence].last;
        let Some(start) = range.clone().find(|&i| mention_of[i] == Some(m)) else { continue };
        let end = range.clone().rev().find(|&i| mention_of[i] == Some(m)).map_or(start + 1, |i| i + 1);
        let word = |i: usize| doc.tokens[i].lower.as_str();
        let mut words: Vec<&str> = (start..end).map(word).collect();
        let mut own: Vec<String> = Vec::new();
        let force_at = |i: usize| {
            mention_of[i]
                .and_then(|k| named.mentions.get(k))
                .filter(|k| k.kind == EntityKind::Body)
                .map(|k| k.entity.clone())
        };
        // Before the name: "Greater Manchester Police sergeant", "former Met constable".
        let mut i = start;
        while i > range.start && start - i < 9 {
            let prev = &doc.tokens[i - 1];
            if prev.shape == Shape::Punctuation && !matches!(prev.lower.as_str(), "'") {
                break;
            }
            let lower = prev.lower.as_str();
            if matches!(
                lower,
                "by" | "to"
                    | "with"
                    | "that"
                    | "and"
                    | "said"
                    | "told"
                    | "for"
                    | "from"
                    | "against"
                    | "in"
                    | "at"
                    | "on"
                    | "when"
                    | "after"
                    | "as"
                    | "was"
                    | "is"
            ) {
                break;
            }
            if mention_of[i - 1]
                .and_then(|k| named.mentions.get(k))
                .is_some_and(|k| k.kind == EntityKind::Person && k.entity != mention.entity)
            {
                break;
            }
            if let Some(body) = force_at(i - 1) {
                own.push(body);
            }
            words.push(lower);
            i -= 1;
        }
        // "the chief constable, Anthea Broughton," and "The force's chief, X,": apposition before the name.
        if i == start && start > range.start + 1 && word(start - 1) == "," {
            let mut j = start - 1;
            let mut back = Vec::new();
            while j > range.start && start - j < 10 {
                let lower = word(j - 1);
                if matches!(
                    lower,
                    "," | "."
                        | ":"
                        | ";"
                        | "“"
                        | "by"
                        | "to"
                        | "with"
                        | "that"
                        | "and"
                        | "said"
                        | "told"
                        | "after"
                        | "before"
                        | "from"
                ) || mention_of[j - 1]
                    .and_then(|k| named.mentions.get(k))
                    .is_some_and(|k| k.kind == EntityKind::Person)
                {
                    break;
                }
                back.push(j - 1);
                j -= 1;
            }
            let text: Vec<&str> = back.iter().rev().map(|&k| word(k)).collect();
            let starts =
                text.first().is_some_and(|w| matches!(*w, "the" | "its" | "their" | "a" | "his" | "her" | "an"));
            let verbless = !text.iter().any(|w| matches!(*w, "was" | "is" | "had" | "has" | "said" | "were" | "will"));
            if starts && verbless && text.len() < 9 {
                words.extend(&text);
                own.extend(back.iter().filter_map(|&k| force_at(k)));
            }
        }
        if end < range.end && matches!(word(end), "kc" | "qc") {
            words.push(word(end));
        }
        // After the name: ", 38, of Kent Police,", ", a constable with Kent Police,", ", who serves with Kent Police,".
        let mut j = end;
        if j < range.end && word(j) == "'s" {
            j = range.end;
        }
        if j < range.end && word(j) == "," {
            let mut segments = 0;
            let mut k = j + 1;
            while k < range.end && segments < 4 {
                let stop = (k..range.end.min(k + 22))
                    .find(|&x| matches!(word(x), "," | "." | ":" | ";" | "“" | "\"" | "–"))
                    .unwrap_or(range.end.min(k + 22));
                let segment: Vec<&str> = (k..stop).map(word).collect();
                let other = (k..stop).any(|x| {
                    mention_of[x]
                        .and_then(|n| named.mentions.get(n))
                        .is_some_and(|n| n.kind == EntityKind::Person && n.entity != mention.entity)
                });
                let first = segment.first().copied().unwrap_or("");
                let number = segment.len() <= 2
                    && segment.iter().all(|w| w.chars().all(|c| c.is_ascii_digit()) || *w == "now" || *w == "then");
                let opens = matches!(
                    first,
                    "of" | "also"
                        | "a"
                        | "an"
                        | "the"
                        | "once"
                        | "now"
                        | "formerly"
                        | "head"
                        | "chair"
                        | "president"
                        | "who"
                        | "based"
                        | "from"
                        | "its"
                        | "then"
                        | "deputy"
                        | "assistant"
                        | "chief"
                        | "for"
                        | "one"
                ) || standing.rank(first)
                    || (k..stop).next().is_some_and(|x| force_at(x).is_some());
                if number {
                    k = stop + 1;
                    segments += 1;
                    continue;
                }
                if segment.contains(&"tipped") || !opens || other && first != "the" {
                    break;
                }
                let relative = first == "who";
                let became = relative
                    && segment.get(1).is_some_and(|w| matches!(*w, "became" | "is" | "was" | "becomes"))
                    && standing.officer(segment.get(2..segment.len().min(7)).unwrap_or(&[]))
                    && !segment.contains(&"by");
                if relative
                    && !became
                    && !segment.iter().any(|w| {
                        matches!(
                            *w,
                            "serves"
                                | "serve"
                                | "served"
                                | "joined"
                                | "leads"
                                | "runs"
                                | "works"
                                | "worked"
                                | "heads"
                                | "chairs"
                        )
                    })
                {
                    break;
                }
                if !other {
                    let upto = segment
                        .iter()
                        .position(|w| matches!(*w, "said" | "told" | "was" | "has" | "had" | "is" | "will" | "accused"))
                        .unwrap_or(segment.len());
                    if first != "for" {
                        words.extend(segment.iter().take(upto));
                    }
                    own.extend((k..k + upto).filter_map(force_at));
                }
                k = stop + 1;
                segments += 1;
            }
        }
        // "PCs Ann Orr and Lee Hale": the rank holds for both.
        if i == start
            && start >= range.start + 2
            && matches!(word(start - 1), "and" | ",")
            && let Some(before) = mention_of[start - 2]
        {
            let first = (range.start..start - 1).find(|&k| mention_of[k] == Some(before)).unwrap_or(start - 2);
            let lead = first.checked_sub(1).filter(|&k| k >= range.start).map_or("", |k| word(k));
            let inside = word(first);
            for plural in [lead, inside] {
                if matches!(
                    plural,
                    "pcs" | "constables" | "sergeants" | "sgts" | "officers" | "dcs" | "detectives" | "inspectors"
                ) {
                    words.push(plural);
                }
            }
        }
        // "Colin Marsh of Kent Police", "Jo Orr, of the Met,": of the force.
        let of = (end..range.end.min(end + 5))
            .find(|&k| word(k) == "of")
            .filter(|&k| (end..k).all(|x| matches!(word(x), "," | "also") || doc.tokens[x].shape == Shape::Number));
        let of_force = of.and_then(|k| (k + 1..range.end.min(k + 3)).find_map(force_at));
        own.extend(of_force.clone());
        let police = standing.officer(&words) || of_force.is_some_and(|b| cast.kind(&b) == BodyKind::Force);
        let official = standing.official(&words);
        let ranks = ranks_of(&words);
        let sex = sex_of(&words);
        let kinds: Vec<(String, BodyKind)> = own.iter().map(|b| (b.clone(), cast.kind(b))).collect();
        let person = &mut cast.people[who];
        person.police |= police && !(official && ranks.iter().all(|r| *r == "commissioner" || *r == "inspector"));
        person.official |= official;
        person.ranks.extend(ranks);
        person.sex = person.sex.or(sex);
        person.words.extend(words.iter().map(|w| (*w).to_owned()));
        if person.given.is_none() && end - start >= 2 {
            person.given = (start..end).map(word).find_map(|w| standing.sex(w));
        }
        for (body, kind) in kinds {
            let fits = match kind {
                BodyKind::Force => true,
                BodyKind::Watchdog | BodyKind::Inspectorate | BodyKind::Union | BodyKind::Prosecutor => true,
                BodyKind::Court | BodyKind::Other => false,
            };
            if fits && !person.own.contains(&body) {
                if kind != BodyKind::Force {
                    person.official |= kind != BodyKind::Prosecutor;
                }
                person.own.push(body);
            }
        }
    }
}

impl Cast {
    /// The cast of an article, from its entities, mentions and words.
    pub(super) fn new(
        doc: &Doc,
        article: &Article,
        named: &Named,
        standing: &Standing,
        mention_of: &[Option<usize>],
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
        evidence(&mut cast, doc, named, standing, mention_of);
        for person in &mut cast.people {
            person.sex = person.sex.or(person.given);
        }
        // The force named most often, the earlier one where two are level.
        let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for mention in &named.mentions {
            if mention.kind == EntityKind::Body && cast.kind(&mention.entity) == BodyKind::Force {
                let entry = counts.entry(mention.entity.as_str()).or_insert((0, mention.span.start));
                entry.0 += 1;
            }
        }
        cast.main_force =
            counts.iter().max_by_key(|(_, (n, at))| (*n, std::cmp::Reverse(*at))).map(|(k, _)| (*k).to_owned());
        cast.publisher = article.outlet.as_ref().and_then(|outlet| {
            let outlet = outlet.to_lowercase();
            named
                .entities
                .iter()
                .find(|e| e.kind == EntityKind::Body && outlet.contains(&e.name.to_lowercase()))
                .map(|e| e.key.clone())
        });
        cast
    }

    /// What kind of body `key` is.
    pub(super) fn kind(&self, key: &str) -> BodyKind {
        self.kinds.get(key).copied().unwrap_or(BodyKind::Other)
    }

    /// The person with `key`.
    pub(super) fn person(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// The own force of a person of the police, else the article's.
    pub(super) fn own_force(&self, who: usize) -> Option<String> {
        let person = &self.people[who];
        person
            .own
            .iter()
            .find(|b| self.kind(b) == BodyKind::Force)
            .or_else(|| self.main_force.as_ref().filter(|_| person.police))
            .cloned()
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

    /// What clauses say of persons: "who serves with Kent Police", "was promoted", "became a sergeant".
    fn predicates(&mut self, standing: &Standing, parsed: &[Parsed]) {
        for (s, sentence) in parsed.iter().enumerate() {
            for clause in &sentence.clauses {
                let Some(verb) = clause.verb.as_ref() else { continue };
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
                ) && clause.quote.is_none()
                    && named_as(self)
                {
                    self.people[who].police = true;
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
                    "promote" | "demote" if verb.passive => self.people[who].police = true,
                    "be" | "become" if verb.modal.is_none() && clause.quote.is_none() => {
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

    fn pass(&mut self, doc: &Doc, named: &Named, quotes: &[Quote], standing: &Standing, parsed: &[Parsed]) {
        let mut state = State::default();
        let mut leads: Vec<(usize, usize, Unnamed)> = Vec::new();
        let mut told: Vec<(usize, Unnamed)> = Vec::new();
        for (s, sentence) in parsed.iter().enumerate() {
            let subjects: BTreeSet<usize> = sentence
                .clauses
                .iter()
                .filter(|c| c.verb.is_some() && !c.inherited)
                .flat_map(|c| c.subject.first().copied())
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
            let appositions: BTreeMap<usize, usize> = sentence
                .clauses
                .iter()
                .filter(|c| c.verb.is_some() && !c.inherited)
                .flat_map(|c| [c.subject.get(..2), c.object.get(..2)])
                .flatten()
                .filter_map(|pair| match pair {
                    [a, b] if sentence.phrases[*b].fresh && !sentence.phrases[*b].joined && *b == *a + 1 => {
                        Some((*a, *b))
                    }
                    _ => None,
                })
                .collect();
            let mut row = Vec::with_capacity(sentence.phrases.len());
            let mut owners = Vec::with_capacity(sentence.phrases.len());
            for p in 0..sentence.phrases.len() {
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
                    && let Some(before) = p.checked_sub(1)
                    && let [who] = row.get(before).map(|b: &Party| b.people.clone()).unwrap_or_default()[..]
                    && sentence.words.get(sentence.phrases[before].last).is_some_and(|w| w.lower == ",")
                    && np.first <= sentence.phrases[before].last + 2
                    && matches!(sentence.words[np.first].lower.as_str(), "a" | "an")
                    && sentence.words[sentence.phrases[before].last - 1].mention.is_some()
                {
                    party.people = vec![who];
                    if let Some(unnamed) = party.unnamed.take() {
                        told.push((who, unnamed));
                    }
                }
                if let Some(&who) = self.bound.get(&(s, p)) {
                    party.people = vec![who];
                    party.unnamed = None;
                }
                let court = party.unnamed.as_ref().is_some_and(|u| {
                    ["judge", "coroner", "minister", "jury", "prosecutor"]
                        .iter()
                        .any(|w| u.descriptor.text.ends_with(w))
                });
                let officer = party.unnamed.as_ref().is_some_and(|u| u.police);
                if !court
                    && (subjects.contains(&p) || officer)
                    && let Some(unnamed) = party.unnamed.as_ref().filter(|u| !u.definite && !u.plural)
                    && (s < 6 || officer)
                {
                    leads.push((s, p, unnamed.clone()));
                }
                // Who is only named as the source, at the end, is not the one the next sentence speaks of.
                let source = sources.contains(&p);
                state.note(&party, subjects.contains(&p) && !source, s, self);
                row.push(party);
                owners.push(owner);
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
    }

    /// "A sergeant has been arrested … Sgt Ellery, 38, was detained": the lead's someone is the one named next.
    fn bind_leads(&mut self, leads: &[(usize, usize, Unnamed)], parsed: &[Parsed], standing: &Standing) {
        for (s, p, unnamed) in leads {
            let words: Vec<&str> = unnamed.descriptor.text.split(' ').collect();
            let mut found = None;
            'search: for next in s + 1..parsed.len().min(s + 3) {
                for clause in &parsed[next].clauses {
                    if clause.inherited || clause.verb.is_none() {
                        continue;
                    }
                    let Some(&first) = clause.subject.first() else { continue };
                    let party = self.party(next, first);
                    if let [who] = party.people[..] {
                        let person = &self.people[who];
                        if COURT.iter().any(|w| person.words.contains(*w)) {
                            continue;
                        }
                        // Somebody who stood beside the subject is named with age or rank.
                        let subject = parsed[*s].clauses.iter().any(|c| c.subject.first() == Some(p));
                        let aged = clause.subject.get(1).is_some_and(|&n| {
                            let np = &parsed[next].phrases[n];
                            np.fresh && np.last == np.first + 1 && parsed[next].words[np.first].shape == Shape::Number
                        });
                        if !(subject || *s == 0 || aged || person.police) {
                            break 'search;
                        }
                        let known_before = person.first < next;
                        let same_rank =
                            unnamed.rank.is_none_or(|r| person.ranks.is_empty() || person.ranks.contains(r))
                                && !(words.contains(&"detective")
                                    && !person.ranks.is_empty()
                                    && !person.ranks.contains("detective"));
                        let kind = unnamed.police || !person.police && !(person.official && !standing.official(&words));
                        let sex = person.sex.is_none()
                            || unnamed
                                .descriptor
                                .sex
                                .as_deref()
                                .is_none_or(|x| x.starts_with(person.sex.unwrap_or('?')));
                        if !known_before && same_rank && kind && sex {
                            found = Some(who);
                        }
                        break 'search;
                    }
                    if party.unnamed.is_some() {
                        break 'search;
                    }
                }
                // "The decision to charge Sergeant Jo Orr": named as the object.
                let named = parsed[next].clauses.iter().flat_map(|c| c.object.first()).find_map(|&p| {
                    let [who] = self.party(next, p).people[..] else { return None };
                    let person = &self.people[who];
                    let rank = unnamed.rank.is_none_or(|r| person.ranks.contains(r));
                    (person.first == next && person.police && unnamed.police && rank).then_some(who)
                });
                if named.is_some() {
                    found = named;
                    break 'search;
                }
            }
            if let Some(who) = found {
                let person = &mut self.people[who];
                person.police |= unnamed.police;
                person.official |= standing.official(&words);
                if let Some(rank) = unnamed.rank {
                    person.ranks.insert(rank);
                }
                person.words.extend(words.iter().map(|w| (*w).to_owned()));
                if person.sex.is_none() {
                    person.sex = unnamed.descriptor.sex.as_ref().and_then(|s| s.chars().next());
                }
                self.bound.insert((*s, *p), who);
                if let Some(slot) = self.parties.get_mut(*s).and_then(|r| r.get_mut(*p)) {
                    slot.people = vec![who];
                    slot.unnamed = None;
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the pass over the text hands in what it knows")]
    fn phrase(
        &self,
        doc: &Doc,
        named: &Named,
        quotes: &[Quote],
        standing: &Standing,
        sentence: &Parsed,
        s: usize,
        p: usize,
        state: &State,
        subject: bool,
    ) -> (Party, Party) {
        let np = &sentence.phrases[p];
        let words = &sentence.words[np.first..np.last];
        let mut party = Party::default();
        let mut owner = Party::default();
        let speaker = words.first().and_then(|w| w.quote).and_then(|q| quotes.get(q)).and_then(|q| q.speaker.clone());
        let speaker_person = speaker.as_ref().and_then(|k| self.person(k));
        let speaker_body = speaker.filter(|k| self.kinds.contains_key(k));
        // Mentions: the last one not followed by "'s" heads the phrase; those before it tell of it or own it.
        let mut k = 0;
        let mut last_owner_end = 0;
        while k < words.len() {
            let Some(m) = words[k].mention else {
                k += 1;
                continue;
            };
            let mut end = k + 1;
            while end < words.len() && words[end].mention == Some(m) {
                end += 1;
            }
            let Some(mention) = named.mentions.get(m) else {
                k = end;
                continue;
            };
            let mut one = Party::default();
            match mention.kind {
                EntityKind::Person => one.people.extend(self.person(&mention.entity)),
                EntityKind::Body => one.bodies.push(mention.entity.clone()),
                EntityKind::Place => {}
            }
            let owns = words.get(end).is_some_and(|w| matches!(w.lower.as_str(), "'s" | "'"))
                || words.get(end - 1).is_some_and(|w| w.lower == "'s" && end < words.len());
            if owns
                && end + 1 <= words.len()
                && words.len() > end + usize::from(words.get(end).is_some_and(|w| w.lower == "'s"))
            {
                owner.join(one);
                last_owner_end = end;
            } else if end == words.len() || mention.kind == EntityKind::Person {
                party.join(one);
            } else if mention.kind == EntityKind::Body {
                owner.join(one);
            }
            k = end;
        }
        let lowers: Vec<&str> = words.iter().map(|w| w.lower.as_str()).collect();
        if let Some(body) = speaker_body.as_ref()
            && matches!(lowers[..], ["we" | "us" | "our"])
        {
            party.bodies.push(body.clone());
            return (party, owner);
        }
        let first = lowers.first().copied().unwrap_or("");
        // A possessive pronoun owns.
        if owner.is_empty() && (words.first().is_some_and(|w| w.class & class::POSSESSIVE != 0)) && lowers.len() > 1 {
            // "since her suspension": she may be the subject herself.
            let word = if first == "her" { "hers" } else { first };
            owner = self.pronoun(word, state, speaker_person, subject, s);
        }
        if !party.people.is_empty() {
            // "Kent Police constable Jo Orr": the force tells of the person, it does not act.
            return (party, owner);
        }
        if !party.bodies.is_empty() {
            return (party, owner);
        }
        // "Two were dismissed": of those spoken of.
        let number = lowers.len() == 1
            && words[0].mention.is_none()
            && matches!(first, "two" | "three" | "four" | "five" | "six" | "several" | "some" | "many");
        if number && let Some(group) = state.group.as_ref().or(state.any_group.as_ref()) {
            party.unnamed = Some(Unnamed {
                plural: true,
                descriptor: Descriptor {
                    text: first.to_owned(),
                    count: super::when::small_number(first).and_then(|n| u32::try_from(n).ok()),
                    ..Descriptor::default()
                },
                ..group.clone()
            });
            return (party, owner);
        }
        if lowers == ["the", "other"] || lowers == ["the", "others"] {
            return (self.pronoun("another", state, speaker_person, subject, s), owner);
        }
        if lowers.len() == 1 && words[0].class & (class::PRONOUN | class::NEG_SUBJECT | class::DET) != 0 {
            return (self.pronoun(first, state, speaker_person, subject, s), owner);
        }
        let head = lowers.last().copied().unwrap_or("");
        let own_words = &lowers[last_owner_end.min(lowers.len())..];
        // Bodies without their name.
        let definite = matches!(
            first,
            "the" | "its" | "his" | "her" | "their" | "our" | "this" | "that" | "both" | "these" | "those"
        ) || last_owner_end > 0;
        if definite || first == "police" || head == "police" || lowers == ["inspectors"] {
            match head {
                "force" | "constabulary" | "service" | "police" if !lowers.contains(&"task") && first != "a" => {
                    if let Some(body) = state.body(self, &[BodyKind::Force]).or_else(|| self.main_force.clone()) {
                        party.bodies.push(body);
                        return (party, owner);
                    }
                }
                "department" if state.body(self, &[BodyKind::Force]).is_some() => {
                    party.bodies.extend(state.body(self, &[BodyKind::Force]));
                    return (party, owner);
                }
                "watchdog" | "regulator" | "ombudsman" => {
                    if let Some(body) = state.body(self, &[BodyKind::Watchdog, BodyKind::Inspectorate]) {
                        party.bodies.push(body);
                        return (party, owner);
                    }
                }
                "inspectorate" | "inspectors" => {
                    if let Some(body) = state.body(self, &[BodyKind::Inspectorate]) {
                        party.bodies.push(body);
                        return (party, owner);
                    }
                }
                "tribunal" | "court" => {
                    if let Some(body) = state.body(self, &[BodyKind::Court]) {
                        party.bodies.push(body);
                        return (party, owner);
                    }
                }
                "pair" | "two" | "duo" | "both" => {
                    party.people = state.pair.clone();
                    return (party, owner);
                }
                _ => {}
            }
        }
        let police = standing.officer(own_words) || matches!(head, "special" | "specials") && lowers.len() > 1;
        let public = own_words.iter().any(|w| standing.public(w.trim_end_matches('s')) || standing.public(w));
        let relation = matches!(
            head,
            "mother"
                | "father"
                | "sister"
                | "brother"
                | "family"
                | "parents"
                | "widow"
                | "partner"
                | "son"
                | "daughter"
                | "husband"
                | "wife"
                | "successor"
                | "predecessor"
                | "minister"
                | "worker"
                | "colleague"
                | "commissioner"
                | "tsar"
                | "chief"
                | "boss"
                | "person"
                | "people"
                | "mum-of-three"
                | "dad-of-two"
                | "dad"
                | "teenager"
                | "leader"
                | "mp"
                | "mayor"
                | "judge"
                | "coroner"
                | "commander"
                | "accused"
                | "defendant"
        );
        if matches!(lowers[..], ["the", "accused" | "defendant"]) {
            let found = state.recent.iter().rev().map(|(w, _)| *w).find(|&w| self.people[w].police);
            party.people.extend(found);
            return (party, owner);
        }
        if !police && !public && !relation {
            return (party, owner);
        }
        let plural = head.ends_with('s') && !matches!(head, "boss" | "police")
            || lowers.iter().any(|w| {
                matches!(
                    *w,
                    "two"
                        | "three"
                        | "four"
                        | "five"
                        | "six"
                        | "seven"
                        | "several"
                        | "men"
                        | "women"
                        | "people"
                        | "policemen"
                )
            });
        let ranks = ranks_of(own_words);
        let rank = ranks.iter().find(|r| **r != "detective").copied();
        let sex = sex_of(own_words);
        if definite && !plural && last_owner_end == 0 && matches!(first, "the" | "this" | "that") {
            let generic = rank.is_none() && !ranks.contains("detective");
            let fits = |who: usize| {
                let person = &self.people[who];
                let by_rank = if police {
                    person.police
                        && (generic
                            || rank.is_some_and(|r| person.ranks.contains(r))
                            || ranks.contains("detective") && person.ranks.contains("detective") && rank.is_none())
                } else {
                    own_words.iter().skip(1).any(|w| w.len() > 3 && person.words.contains(*w))
                        || standing.official(own_words) && person.official
                };
                by_rank && (sex.is_none() || person.sex.is_none() || sex == person.sex)
            };
            if let Some(who) = state.recent.iter().rev().map(|(w, _)| *w).find(|w| fits(*w)) {
                party.people.push(who);
                return (party, owner);
            }
            if head.starts_with("mum") || head.starts_with("dad") || head.ends_with("-year-old") {
                // "the mum-of-three": the one the article is about.
                let whom =
                    state.first.filter(|&w| sex.is_none() || self.people[w].sex.is_none() || sex == self.people[w].sex);
                if let Some(who) = whom {
                    party.people.push(who);
                    return (party, owner);
                }
            }
        }
        let descriptor = describe(doc, sentence, np.first, np.last, &lowers, s);
        if police && owner.bodies.is_empty() {
            // "one of its officers", "a Kent Police constable": the force is the owner or stands inside.
        }
        party.unnamed = Some(Unnamed {
            descriptor: Descriptor { rank: rank.map(str::to_owned), sex: sex.map(|c| c.to_string()), ..descriptor },
            police,
            definite,
            plural,
            rank,
        });
        (party, owner)
    }

    fn pronoun(&self, word: &str, state: &State, speaker: Option<usize>, subject: bool, s: usize) -> Party {
        let mut party = Party::default();
        let sex = match word {
            "he" | "him" | "his" | "himself" => Some('m'),
            "she" | "her" | "herself" | "hers" => Some('f'),
            _ => None,
        };
        match word {
            "i" | "me" | "my" | "myself" => party.people.extend(speaker),
            "we" | "us" | "our" => match speaker {
                Some(who) => party.bodies.extend(self.people[who].own.first().cloned()),
                None => party.bodies.extend(
                    self.publisher
                        .clone()
                        .or_else(|| state.body(self, &[BodyKind::Watchdog, BodyKind::Inspectorate]))
                        .or_else(|| self.kinds.iter().find(|(_, k)| **k == BodyKind::Watchdog).map(|(b, _)| b.clone())),
                ),
            },
            "it" | "its" | "itself" => party.bodies.extend(state.bodies.last().cloned()),
            "they" | "them" | "their" | "both" | "neither" | "none" => match state.group.as_ref() {
                Some(group) => party.unnamed = Some(group.clone()),
                None => party.people = state.pair.clone(),
            },
            "one" | "another" | "others" => {
                party.unnamed = state.group.as_ref().map(|g| Unnamed {
                    plural: word == "others",
                    descriptor: Descriptor {
                        text: g.descriptor.text.clone(),
                        rank: g.descriptor.rank.clone(),
                        count: (word != "others").then_some(1),
                        ..Descriptor::default()
                    },
                    ..g.clone()
                });
            }
            _ => {
                let Some(sex) = sex else { return party };
                let fits = |who: usize| {
                    let person = &self.people[who];
                    person.sex.is_none_or(|x| x == sex) && Some(who) != speaker
                };
                let object = !subject && matches!(word, "him" | "her");
                // Judges and counsel act in a case; it is seldom they of whom the next sentence speaks.
                let aside = |who: usize| COURT.iter().any(|w| self.people[who].words.contains(*w));
                let doer = state
                    .subjects
                    .last()
                    .filter(|(w, at)| *at == s && object && state.recent.last().is_some_and(|(r, _)| r == w))
                    .map(|(w, _)| *w);
                let fits = |who: usize| fits(who) && Some(who) != doer;
                let mut candidates = state.recent.iter().rev().filter(|(w, at)| fits(*w) && s.saturating_sub(*at) <= 6);
                if let Some((unnamed, at)) = state.someone.as_ref()
                    && s.saturating_sub(*at) <= 1
                    && unnamed.descriptor.sex.as_deref().is_none_or(|x| x.starts_with(sex))
                    && !object
                {
                    party.unnamed = Some(unnamed.clone());
                    return party;
                }
                let found = state
                    .subjects
                    .iter()
                    .rev()
                    .filter(|(w, at)| fits(*w) && !aside(*w) && s.saturating_sub(*at) <= 2)
                    .map(|(w, _)| *w)
                    .next()
                    .or_else(|| {
                        state
                            .recent
                            .iter()
                            .rev()
                            .find(|(w, at)| fits(*w) && !aside(*w) && s.saturating_sub(*at) <= 6)
                            .map(|(w, _)| *w)
                    })
                    .or_else(|| candidates.next().map(|(w, _)| *w));
                party.people.extend(found);
            }
        }
        party
    }
}

fn describe(doc: &Doc, sentence: &Parsed, first: usize, last: usize, lowers: &[&str], _s: usize) -> Descriptor {
    let _ = doc;
    let count = lowers.iter().find_map(|w| match *w {
        "two" | "both" => Some(2),
        "three" => Some(3),
        "four" => Some(4),
        "five" => Some(5),
        "six" => Some(6),
        "a" | "an" | "one" => Some(1),
        w => w.parse::<u32>().ok().filter(|n| *n < 1000),
    });
    let mut age = lowers.iter().find_map(|w| w.strip_suffix("-year-old").and_then(|n| n.parse::<u8>().ok()));
    if age.is_none() && sentence.words.get(last).is_some_and(|w| w.lower == ",") {
        age = sentence.words.get(last + 1).and_then(|w| w.lower.parse::<u8>().ok()).filter(|n| (10..100).contains(n));
    }
    let _ = first;
    let text = lowers.join(" ");
    Descriptor { text, age, count, ..Descriptor::default() }
}

/// Who was spoken of last.
#[derive(Debug, Default)]
struct State {
    recent: Vec<(usize, usize)>,
    subjects: Vec<(usize, usize)>,
    bodies: Vec<String>,
    pair: Vec<usize>,
    /// The first person of the police, or watched, who was the subject of a sentence.
    first: Option<usize>,
    /// Several unnamed persons spoken of last: "two constables".
    group: Option<Unnamed>,
    /// The officers, not named, of whom the article spoke last.
    any_group: Option<Unnamed>,
    /// An unnamed subject after whom nobody else was.
    someone: Option<(Unnamed, usize)>,
}

impl State {
    fn note(&mut self, party: &Party, subject: bool, s: usize, cast: &Cast) {
        if let Some(unnamed) = party.unnamed.as_ref() {
            if unnamed.plural && unnamed.police {
                self.group = Some(unnamed.clone());
                self.any_group = Some(unnamed.clone());
                self.pair.clear();
            } else if subject
                && !unnamed.plural
                && !unnamed.definite
                && !["coroner", "judge", "spokesman", "spokeswoman", "source", "prosecutor", "minister", "commissioner"]
                    .iter()
                    .any(|w| unnamed.descriptor.text.ends_with(w))
            {
                self.someone = Some((unnamed.clone(), s));
            }
        } else if subject && !party.people.is_empty() {
            self.someone = None;
        }
        for &who in &party.people {
            self.recent.push((who, s));
            if self.first.is_none() && (cast.people[who].police || cast.people[who].watched) {
                self.first = Some(who);
            }
            if subject {
                self.subjects.push((who, s));
            }
        }
        if self.recent.len() > 400 {
            self.recent.drain(..200);
        }
        if self.subjects.len() > 400 {
            self.subjects.drain(..200);
        }
        for body in &party.bodies {
            self.bodies.push(body.clone());
        }
        if self.bodies.len() > 400 {
            self.bodies.drain(..200);
        }
        if party.people.len() > 1 {
            self.group = None;
            self.pair = party.people.clone();
        } else if let [who] = party.people[..]
            && subject
        {
            // Two persons named one after another are the pair that "both" means.
            if self.pair.last() != Some(&who) && self.group.is_none() {
                let before = self.pair.last().copied();
                self.pair = before.into_iter().chain([who]).collect();
            }
        }
    }

    fn body(&self, cast: &Cast, kinds: &[BodyKind]) -> Option<String> {
        self.bodies.iter().rev().find(|b| kinds.contains(&cast.kind(b))).cloned()
    }
}
