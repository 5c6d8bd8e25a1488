//! Who: every watched person and body, in every form, and nobody else.
//!
//! view (classes, atoms) → matcher (known forms and their guards) → chunks (runs of capitals taken apart) →
//! people (short forms bound to full names) → watched (is it he?) → bodies and places → nominal.

mod bodies;
mod chunks;
mod examine;
mod gazetteer;
mod lexicon;
mod lives;
mod matcher;
mod nominal;
mod patients;
mod people;
mod titles;
mod view;
mod watched;

use super::{Named, doc::Doc};
use crate::domain::{Article, Entity, EntityKind, Mention, Span, Watchlist};
use chunks::{Found, PersonName, What};
pub use examine::Examined;
use foldhash::HashSet;
pub use gazetteer::{guarded_form, known_body_forms, known_body_ids, known_body_named};
pub(super) use lexicon::word_is_male;
pub use lexicon::{given_variants, ordinary_word};
pub use matcher::is_name_of_body;
use matcher::{Hit, KnownBody, Matcher};
use people::{Person, Registry};
use std::collections::BTreeMap;
use view::View;
use watched::{Life, Scene, WatchIndex};

/// Finds mentions and binds them to entities.
#[derive(Debug)]
pub struct Recogniser {
    matcher: Matcher,
    watched: WatchIndex,
}

/// What a short form of a watched given name must weigh: rank or body beside the bare possibility.
const SURE_OF_VARIANT: i32 = 4;

/// How many sentences open an article.
const OPENING: usize = 4;

/// What a found name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Referent {
    /// Index into the persons.
    Person(usize),
    /// Index into the watched persons: one whom the article does not name.
    Watched(usize),
    /// Key of a body.
    Body(String),
    /// Key of a place.
    Place(String),
}

/// The names of a text, bound, before it is decided which persons are watched ones.
struct Bound<'a> {
    persons: Vec<Person>,
    /// For each found name, its person.
    bound: Vec<Option<usize>>,
    scene: Scene<'a>,
    bodies: bodies::Bodies,
}

impl Recogniser {
    /// The recogniser for `watchlist` and the built-in gazetteer of bodies.
    pub fn new(watchlist: &Watchlist) -> Self {
        Self { matcher: Matcher::new(watchlist), watched: WatchIndex::new(watchlist) }
    }

    /// Mentions and entities of `doc`.
    pub fn recognise(&self, doc: &Doc, article: &Article) -> Named {
        let view = View::new(doc);
        let hits = self.matcher.hits(&view);
        let found = chunks::scan(&view, &hits, &self.matcher);
        let Bound { persons, bound, scene, bodies } = self.bind(&view, &hits, &found);
        let referents: Vec<Option<Referent>> = found
            .iter()
            .enumerate()
            .map(|(n, _)| match bound.get(n).copied().flatten() {
                Some(person) => Some(Referent::Person(person)),
                None => bodies.referents.get(n).cloned().flatten(),
            })
            .collect();
        let mut lives: Vec<Life> = persons.iter().map(|p| lives::life(&view, &found, &p.mentions, &bodies)).collect();
        let people = self.identify(persons, &lives, &scene, &found);
        self.complete(&people, &mut lives, &view, &found, &referents, &bodies);
        let mut builder = Builder {
            matcher: &self.matcher,
            watched: &self.watched,
            keys: keys(&people, &self.watched),
            people: &people,
            lives: &lives,
            named: Named::default(),
            seen: HashSet::default(),
        };
        let mut mentions: Vec<(Span, Referent, &'static str, bool)> =
            found.iter().zip(&referents).filter_map(|(f, r)| r.clone().map(|r| (f.span, r, f.rule, false))).collect();
        // A name inside a description is the mention; the description around it is none.
        let named: Vec<Span> = mentions.iter().map(|(span, ..)| *span).collect();
        let free = |span: &Span| {
            let next = named.partition_point(|n| n.end <= span.start);
            named.get(next).is_none_or(|n| n.start >= span.end)
        };
        let posts = self.watched.posts(article.at(), &scene);
        let nominal = nominal::find(&view, &found, &referents, &people, &lives, &bodies, &posts);
        mentions.extend(nominal.into_iter().filter(|(span, ..)| free(span)));
        mentions.sort_by_key(|(span, _, _, nominal)| (span.start, *nominal, std::cmp::Reverse(span.end)));
        let mut end = 0;
        for (span, referent, rule, nominal) in mentions {
            if span.start < end || span.end <= span.start {
                continue;
            }
            end = span.end;
            builder.push(span, &referent, rule, nominal);
        }
        builder.named
    }

    /// Binds what was `found` in `view`: short forms to the persons named in full, names to bodies.
    fn bind<'a>(&'a self, view: &'a View<'a>, hits: &[Hit], found: &'a [Found]) -> Bound<'a> {
        let (head, head_bodies) = self.headline_names(view.doc, found);
        let registry = Registry::bind(view, &self.watched, found, &head);
        let scene = Scene::new(view, hits, &self.matcher.bodies, found);
        let mut bodies = bodies::bind(view, found, &registry.bound, &self.matcher, scene.is_sport());
        for (kind, key) in head_bodies {
            bodies.note_headline(&kind, key);
        }
        Bound { persons: registry.persons, bound: registry.bound, scene, bodies }
    }

    /// Full names in the headline and standfirst whose surname the text uses; and the inquiries named there, with their kind.
    #[expect(clippy::type_complexity, reason = "two lists of pairs, taken apart where they are made")]
    fn headline_names(&self, doc: &Doc, found: &[Found]) -> (Vec<(PersonName, String)>, Vec<(String, String)>) {
        let short: HashSet<&str> = found
            .iter()
            .filter_map(|f| match &f.what {
                What::Person(n) | What::Bare(n) if !n.full => n.words.last().map(String::as_str),
                _ => None,
            })
            .collect();
        let head = Doc::of_text(&format!("{}\u{2029} {}", doc.headline, doc.standfirst));
        let view = View::new(&head);
        let hits = self.matcher.hits(&view);
        let (mut persons, mut inquiries) = (Vec::new(), Vec::new());
        for f in chunks::scan(&view, &hits, &self.matcher) {
            match f.what {
                What::Person(n) if n.full && n.words.last().is_some_and(|w| short.contains(w.as_str())) => {
                    let text = view.text(n.name_first, f.last);
                    persons.push((n, text));
                }
                What::Body { kind: "inquiry" } => inquiries.push(("inquiry".to_owned(), view.text(f.first, f.last))),
                What::Known(known) => {
                    let known = self.matcher.bodies.get(known).filter(|b| b.kind == "inquiry");
                    inquiries.extend(known.map(|b| (b.kind.clone(), b.id.clone())));
                }
                _ => {}
            }
        }
        (persons, inquiries)
    }

    /// Gives officers whose force no phrase tells the force that the article is about, or the one the user knows of.
    fn complete(
        &self,
        people: &[Person],
        lives: &mut [Life],
        view: &View<'_>,
        found: &[Found],
        referents: &[Option<Referent>],
        bodies: &bodies::Bodies,
    ) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (item, referent) in found.iter().zip(referents) {
            let former = view.before(item.first) == "former";
            if let Some(Referent::Body(key)) = referent
                && bodies.kind(key) == "force"
                && !former
            {
                *counts.entry(key).or_default() += 1;
            }
        }
        let most = counts.values().max().copied().unwrap_or(0);
        let mut leading = counts.iter().filter(|(_, n)| **n == most).map(|(key, _)| *key);
        let second = counts.values().filter(|n| **n != most).max().copied().unwrap_or(0);
        // One passing mention makes no article about a force, unless it opens it.
        let opens = |key: &str| {
            let first = referents.iter().position(|r| matches!(r, Some(Referent::Body(k)) if k == key));
            first.and_then(|n| found.get(n)).and_then(|f| view.sentence.get(f.first)).is_some_and(|s| *s < OPENING)
        };
        let main = match (leading.next(), leading.next()) {
            (Some(key), None) if (second == 0 || most > 2 * second) && (most > 1 || opens(key)) => Some(key),
            _ => None,
        };
        // "Two constables, X and Y": what is said of the first in the plural holds for the next.
        for pair in found.iter().zip(referents).collect::<Vec<_>>().windows(2) {
            let [(left, Some(Referent::Person(a))), (right, Some(Referent::Person(b)))] = pair else { continue };
            let joined = left.last + 1 == right.first && matches!(view.lower(left.last), "and" | ",");
            let Some(said) = lives.get(*a).filter(|l| joined && l.role.ends_with('s') && !l.role.ends_with("ss"))
            else {
                continue;
            };
            let (role, bodies, force) = (said.role.clone(), said.bodies.clone(), said.force);
            if let Some(life) = lives.get_mut(*b).filter(|l| l.role.is_empty() && l.bodies.is_empty()) {
                *life = Life { bodies, force, role };
            }
        }
        for (person, life) in people.iter().zip(lives) {
            if !life.bodies.is_empty() {
                continue;
            }
            let own = person
                .watch
                .and_then(|w| counts.keys().find(|key| self.watched.belongs(w, key, &self.matcher)).copied());
            let level = titles::rank_level(&person.rank).or_else(|| titles::rank_level(&life.role));
            // A commissioner of crime or of an inspectorate is no officer of the force.
            let commissioner = level == Some(titles::COMMISSIONER)
                && main.and_then(|key| self.matcher.body(key)).is_some_and(|b| !b.commissioner);
            let officer = level.is_some() && !commissioner || life.role.split(' ').any(is_officer);
            if let Some(key) = own.or(main.filter(|_| officer)) {
                life.bodies.push(key.to_owned());
            }
        }
    }

    /// Decides which persons are watched ones.
    fn identify(&self, mut persons: Vec<Person>, lives: &[Life], scene: &Scene<'_>, found: &[Found]) -> Vec<Person> {
        let empty = Life::default();
        for (n, person) in persons.iter_mut().enumerate() {
            let life = lives.get(n).unwrap_or(&empty);
            let mut options = person.candidates.clone();
            if person.full {
                options.extend_from_slice(self.watched.by_name(&person.words));
            }
            options.sort_unstable();
            options.dedup();
            let weigh = |w: &usize| self.watched.weigh(*w, person, life, scene);
            let mut fitting: Vec<(usize, i32)> =
                options.iter().map(|w| (*w, weigh(w))).filter(|(_, s)| *s > 0).collect();
            // "Nicholas" for a watched Nick: only where rank or body tells as well.
            if options.is_empty() && person.full {
                let variants = self.watched.by_variant(&person.words);
                fitting = variants.iter().map(|w| (*w, weigh(w))).filter(|(_, s)| *s >= SURE_OF_VARIANT).collect();
            }
            // By a surname alone nobody is taken, unless the user gave that form as an alias.
            let known = person.full
                || person.mentions.iter().filter_map(|m| found.get(*m)).any(|f| match &f.what {
                    What::Person(name) | What::Bare(name) => {
                        fitting.iter().any(|(w, _)| self.watched.is_alias(&name.title, &name.words, *w))
                    }
                    _ => false,
                });
            // "Sir Mark" of a force that the article names is as good as a full name.
            let known = known
                || person.titles.iter().any(|t| t.split(' ').any(|w| matches!(w, "sir" | "dame")))
                    && fitting.len() == 1
                    && fitting
                        .iter()
                        .all(|(w, _)| self.watched.is_police(*w) && scene.names_body_of(&self.watched, *w));
            let best = fitting.iter().map(|(_, s)| *s).max().unwrap_or(0);
            let winners: Vec<usize> = fitting.iter().filter(|(_, s)| *s == best).map(|(w, _)| *w).collect();
            match winners.as_slice() {
                [only] if known => {
                    person.watch = Some(*only);
                    person.police_watched = self.watched.is_police(*only);
                    person.candidates.clear();
                }
                _ => person.candidates = fitting.iter().map(|(w, _)| *w).collect(),
            }
        }
        persons
    }
}

/// The key of each person: the watchlist's id, else the name; two of one name are told apart by a number.
fn keys(people: &[Person], watched: &WatchIndex) -> Vec<String> {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    people
        .iter()
        .map(|p| match p.watch.and_then(|w| watched.persons.get(w)) {
            Some(w) => w.id.clone(),
            None => {
                let name = display(&p.text);
                let count = taken.entry(name.clone()).or_default();
                *count += 1;
                if *count > 1 { format!("{name} ({count})") } else { name }
            }
        })
        .collect()
}

/// Whether a word of a role means a police officer.
fn is_officer(word: &str) -> bool {
    lexicon::lexicon().class(word).has(lexicon::Class::POLICE_ROLE) && word != "commissioner" && word != "commander"
}

/// Builds the output.
struct Builder<'a> {
    matcher: &'a Matcher,
    watched: &'a WatchIndex,
    people: &'a [Person],
    keys: Vec<String>,
    lives: &'a [Life],
    named: Named,
    seen: HashSet<String>,
}

impl Builder<'_> {
    fn push(&mut self, span: Span, referent: &Referent, rule: &'static str, nominal: bool) {
        let (kind, key) = match referent {
            Referent::Person(p) => (EntityKind::Person, self.person_key(*p)),
            Referent::Watched(w) => {
                (EntityKind::Person, self.watched.persons.get(*w).map_or_else(String::new, |w| w.id.clone()))
            }
            Referent::Body(key) => (EntityKind::Body, key.clone()),
            Referent::Place(key) => (EntityKind::Place, key.clone()),
        };
        if !self.seen.contains(&key) {
            self.seen.insert(key.clone());
            let entity = self.entity(referent, &key);
            self.named.entities.push(entity);
        }
        self.named.mentions.push(Mention { span, kind, entity: key, nominal, rule: rule.to_owned() });
    }

    fn person_key(&self, person: usize) -> String {
        self.keys.get(person).cloned().unwrap_or_default()
    }

    fn entity(&self, referent: &Referent, key: &str) -> Entity {
        let mut entity = Entity {
            key: key.to_owned(),
            name: key.to_owned(),
            kind: EntityKind::Place,
            watched: false,
            role: None,
            bodies: Vec::new(),
            candidates: Vec::new(),
        };
        match referent {
            Referent::Person(p) => {
                entity.kind = EntityKind::Person;
                if let Some(person) = self.people.get(*p) {
                    let watch = person.watch.and_then(|w| self.watched.persons.get(w));
                    entity.watched = watch.is_some();
                    entity.name = watch.map_or_else(|| display(&person.text), |w| w.name.clone());
                    entity.candidates = person
                        .candidates
                        .iter()
                        .filter_map(|c| self.watched.persons.get(*c))
                        .map(|w| w.id.clone())
                        .collect();
                }
                if let Some(life) = self.lives.get(*p) {
                    entity.role = (!life.role.is_empty()).then(|| life.role.clone());
                    entity.bodies.clone_from(&life.bodies);
                }
            }
            Referent::Watched(w) => {
                entity.kind = EntityKind::Person;
                entity.watched = true;
                if let Some(watched) = self.watched.persons.get(*w) {
                    entity.name.clone_from(&watched.name);
                }
            }
            Referent::Body(_) => {
                entity.kind = EntityKind::Body;
                if let Some(known) = self.known(key) {
                    entity.name.clone_from(&known.name);
                    entity.watched = known.watched;
                }
            }
            Referent::Place(_) => {}
        }
        entity
    }

    fn known(&self, key: &str) -> Option<&KnownBody> {
        self.matcher.body(key)
    }
}

/// A name for people: one in capitals made ordinary.
fn display(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    // "COLM McATEER" is in capitals too.
    let scottish = |w: &str| {
        ["Mc", "Mac"].iter().any(|p| w.strip_prefix(p).is_some_and(|rest| !rest.is_empty() && is_upper(rest)))
    };
    if letters < 4 || !text.split(' ').all(|w| is_upper(w) || scottish(w)) || !text.split(' ').any(is_upper) {
        return text.to_owned();
    }
    if let Some(at) = text.find("Mc").or_else(|| text.find("Mac")) {
        let (before, name) = text.split_at(at);
        let length = if name.starts_with("Mac") { 3 } else { 2 };
        let (prefix, rest) = name.split_at(length);
        return format!("{}{prefix}{}", capitalised(before), capitalised(rest));
    }
    capitalised(text)
}

/// Whether no letter of `word` is small.
fn is_upper(word: &str) -> bool {
    !word.chars().any(char::is_lowercase)
}

/// Words with their first letters alone in capitals.
fn capitalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fresh = true;
    for c in text.chars() {
        if fresh {
            out.push(c)
        } else {
            out.extend(c.to_lowercase())
        }
        fresh = !c.is_alphabetic();
    }
    out
}

/// Kinds of the bodies named in an article, by key.
pub(super) type Kinds = BTreeMap<String, String>;

#[cfg(test)]
mod press_tests;
#[cfg(test)]
mod tests;
