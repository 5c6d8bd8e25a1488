//! The bodies and places of one article: names, acronyms introduced in brackets, short forms, counties that act.

use super::chunks::{Found, PersonName, What};
use super::lexicon::{Class, lexicon};
use super::matcher::Matcher;
use super::view::{View, normal};
use super::{Kinds, Referent};
use foldhash::{HashMap, HashSet};
use std::collections::BTreeMap;

/// The bodies of an article.
pub(super) struct Bodies {
    /// For each found name that is no person, what it stands for.
    pub(super) referents: Vec<Option<Referent>>,
    kinds: Kinds,
    /// For each body, by key, the words by which the article names it, and the nouns that stand for it.
    nouns: HashMap<String, HashSet<String>>,
    /// Kind and key of the bodies that the headline names.
    headline: Vec<(String, String)>,
}

impl Bodies {
    /// A body of one of `kinds` that the headline names.
    pub(super) fn in_headline(&self, kinds: &[&str]) -> Option<String> {
        self.headline.iter().find(|(kind, _)| kinds.contains(&kind.as_str())).map(|(_, key)| key.clone())
    }

    /// Notes a body that the headline names.
    pub(super) fn note_headline(&mut self, kind: &str, key: String) {
        self.headline.push((kind.to_owned(), key));
    }

    /// Whether `noun` is a word of the body's name, or stands for it ("the board" for a policing board).
    pub(super) fn is_called(&self, key: &str, noun: &str) -> bool {
        self.nouns.get(key).is_some_and(|words| words.contains(noun))
    }

    /// The kind of the body `key`.
    pub(super) fn kind(&self, key: &str) -> &str {
        self.kinds.get(key).map_or("other", String::as_str)
    }

    /// The key of the body that found name `index` stands for, and whether it is a force.
    pub(super) fn named(&self, index: usize) -> Option<(&str, bool)> {
        match self.referents.get(index)? {
            Some(Referent::Body(key)) => Some((key, self.kind(key) == "force")),
            _ => None,
        }
    }
}

/// Binds the found names that are no persons.
pub(super) fn bind(
    view: &View<'_>,
    found: &[Found],
    persons: &[Option<usize>],
    matcher: &Matcher,
    sport: bool,
) -> Bodies {
    let mut kinds = Kinds::new();
    let mut referents: Vec<Option<Referent>> = vec![None; found.len()];
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut short: HashMap<String, String> = HashMap::default();
    let mut places: HashMap<String, String> = HashMap::default();
    let mut forces: HashSet<usize> = HashSet::default();
    let mut longer = Longer::default();
    let mut nouns: HashMap<String, HashSet<String>> = HashMap::default();
    for (n, item) in found.iter().enumerate() {
        if persons.get(n).copied().flatten().is_some() {
            continue;
        }
        match &item.what {
            What::Known(index) => {
                let Some(body) = matcher.bodies.get(*index) else { continue };
                kinds.insert(body.id.clone(), body.kind.clone());
                forces.insert(*index);
                let form = normal(&view.text(item.first, item.last));
                longer.note(&form, &body.id);
                let words = nouns.entry(body.id.clone()).or_default();
                words.extend(form.split_whitespace().map(str::to_owned).chain(body.nouns.iter().cloned()));
                introduce(view, item, &body.id, &mut short);
                if let Some(slot) = referents.get_mut(n) {
                    *slot = Some(Referent::Body(body.id.clone()));
                }
            }
            What::Body { kind } => {
                let text = view.text(item.first, item.last);
                let form = normal(&text);
                // "the Police and Crime Panel" of the area named before.
                let fuller = (*kind == "panel" && view.before(item.first) == "the")
                    .then(|| names.iter().find(|(n, _)| n.ends_with(&form)).map(|(_, key)| key.clone()))
                    .flatten();
                let key = fuller.unwrap_or_else(|| names.entry(form).or_insert_with(|| text.clone()).clone());
                // "the charity Hearth", then "Hearth".
                short.entry(normal(&text)).or_insert_with(|| key.clone());
                kinds.insert(key.clone(), (*kind).to_owned());
                let form = normal(&text);
                longer.note(&form, &key);
                nouns.entry(key.clone()).or_default().extend(form.split_whitespace().map(str::to_owned));
                introduce(view, item, &key, &mut short);
                if let Some(slot) = referents.get_mut(n) {
                    *slot = Some(Referent::Body(key));
                }
            }
            What::Place => {
                let text = view.text(item.first, item.last);
                let form = normal(&text);
                let key = places.entry(form.clone()).or_insert(text).clone();
                if let Some(stem) = form.strip_suffix("police station ").or_else(|| form.strip_suffix("station ")) {
                    places.entry(stem.to_owned()).or_insert_with(|| key.clone());
                }
                if let Some(slot) = referents.get_mut(n) {
                    *slot = Some(Referent::Place(key));
                }
            }
            _ => {}
        }
    }
    // Stations named in full after their short form, and known places with a longer name.
    for (n, item) in found.iter().enumerate() {
        if matches!(item.what, What::Place) {
            let text = view.text(item.first, item.last);
            if let (Some(slot), Some(key)) = (referents.get_mut(n), places.get(&normal(&text))) {
                *slot = Some(Referent::Place(key.clone()));
            }
        }
    }
    for (n, item) in found.iter().enumerate() {
        if persons.get(n).copied().flatten().is_some() {
            continue;
        }
        let referent = match &item.what {
            What::Area(index) => {
                let text = view.text(item.first, item.last);
                // "between Cheshire and Merseyside Police".
                let paired = view.lower(item.last) == "and"
                    && !matches!(view.before(item.first), "in" | "across" | "," | "and")
                    && found.get(n + 1).is_some_and(|next| {
                        next.first == item.last + 1
                            && matches!(next.what, What::Known(k) if matcher.bodies.get(k).is_some_and(|b| b.kind == "force"))
                    });
                let deed = if paired { Deed::Some } else { acts(view, item) };
                let acting = deed != Deed::None;
                match matcher.bodies.get(*index) {
                    Some(body) if !sport && (acting && forces.contains(index) || deed == Deed::Sure) => {
                        Some(Referent::Body(body.id.clone()))
                    }
                    Some(_) if sport && acting => {
                        kinds.insert(text.clone(), "other".to_owned());
                        Some(Referent::Body(text))
                    }
                    _ => Some(Referent::Place(places.entry(normal(&text)).or_insert(text).clone())),
                }
            }
            What::Bare(name) => bare(view, item, name, &short, &longer, matcher, &mut places),
            _ => continue,
        };
        if let Some(slot) = referents.get_mut(n) {
            *slot = referent;
        }
    }
    Bodies { referents, kinds, nouns, headline: Vec::new() }
}

/// The bodies of an article by the first and the last word of their names.
#[derive(Default)]
struct Longer {
    first: BTreeMap<String, String>,
    last: HashMap<String, String>,
}

impl Longer {
    fn note(&mut self, form: &str, key: &str) {
        let mut words = form.split_whitespace();
        if let Some(first) = words.next() {
            self.first.entry(first.to_owned()).or_insert_with(|| key.to_owned());
        }
        if let Some(last) = words.next_back() {
            self.last.entry(last.to_owned()).or_insert_with(|| key.to_owned());
        }
    }

    /// A body whose first word begins with `word` and is longer ("Met" of an opera).
    fn beginning_with(&self, word: &str) -> Option<&String> {
        let mut from = self.first.range(word.to_owned()..).filter(|(first, _)| first.len() > word.len());
        from.next().filter(|(first, _)| first.starts_with(word)).map(|(_, key)| key)
    }
}

/// Notes an acronym or short form given in brackets after the name.
fn introduce(view: &View<'_>, item: &Found, key: &str, short: &mut HashMap<String, String>) {
    let open = item.last;
    if !view.same_sentence(open.saturating_sub(1), open) || !matches!(view.lower(open), "(" | "[") {
        return;
    }
    let close = (open + 1..open + 5).find(|i| matches!(view.lower(*i), ")" | "]"));
    let Some(close) = close else { return };
    let from = if view.lower(open + 1) == "the" { open + 2 } else { open + 1 };
    if from < close && view.capital(from) {
        short.entry(normal(&view.text(from, close))).or_insert_with(|| key.to_owned());
    }
}

/// What bare capitals stand for.
fn bare(
    view: &View<'_>,
    item: &Found,
    name: &PersonName,
    short: &HashMap<String, String>,
    names: &Longer,
    matcher: &Matcher,
    places: &mut HashMap<String, String>,
) -> Option<Referent> {
    let text = view.text(item.first, item.last);
    let form = normal(&text);
    if let Some(key) = short.get(&form) {
        return Some(Referent::Body(key.clone()));
    }
    // "the Trust", "the Federation", "Rovers", "the Met" of an opera: part of a longer name.
    let word = form.trim();
    let definite = view.before(item.first) == "the";
    let shouted = view.all_capitals(item.first) && view.small(view.lower(item.first)) > 0
        || view.all_capitals(item.first) && lexicon().class(word).has(Class::COMMON.or(Class::HEAD).or(Class::ROLE));
    if shouted {
        return None;
    }
    if !word.contains(' ') && !word.is_empty() {
        let loose = definite || word.len() > 4 && view.before(item.first) != "of";
        let tail = if matches!(word, "police" | "court" | "council" | "constabulary") || !loose {
            None
        } else {
            names.last.get(word)
        };
        let longer = tail.or_else(|| if definite && word.len() >= 3 { names.beginning_with(word) } else { None });
        // Where a guard has said no, the form is not that body's.
        if let Some(key) = longer.filter(|key| !matcher.has_form(&form, key)) {
            return Some(Referent::Body(key.clone()));
        }
    }
    if let Some(place) = places.get(&form) {
        return Some(Referent::Place(place.clone()));
    }
    let known = name.words.iter().all(|w| lexicon().class(w).has(Class::PLACE));
    let odd = name
        .words
        .iter()
        .any(|w| lexicon().class(w).has(Class::NATIONALITY.or(Class::THING).or(Class::CALENDAR).or(Class::OFFICE)));
    if known || name.placed && !odd && !view.all_capitals(item.first) && view.after(item.last.saturating_sub(1)) != "'s"
    {
        places.insert(form, text.clone());
        return Some(Referent::Place(text));
    }
    None
}

/// What only a force has.
const ACTS: &[&str] = &[
    "handling",
    "response",
    "failure",
    "failures",
    "conduct",
    "decision",
    "chief",
    "performance",
    "record",
    "force",
    "plan",
    "investigation",
    "leadership",
    "move",
    "officers",
    "engage",
];

/// What a county or region does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    /// Nothing: it is a place.
    None,
    /// What its force or team may do.
    Some,
    /// What only its force can do, even where the article does not name the force.
    Sure,
}

/// Whether a county or region does something that only its force or team can do.
fn acts(view: &View<'_>, item: &Found) -> Deed {
    let before = view.before(item.first);
    let next = view.after(item.last.saturating_sub(1));
    let second = view.lower(item.last + 1);
    let third = view.lower(item.last + 2);
    let officer = next == "'s"
        && (matches!((second, third), ("chief", "constable"))
            || matches!(second, "deputy" | "assistant") && third == "chief"
            || second == "police" && matches!(third, "chief" | "commissioner"));
    // "detectives from Hampshire"
    let sent = before == "from"
        && item.first >= 2
        && matches!(view.lower(item.first - 2), "detectives" | "officers" | "constables" | "investigators");
    if officer || sent {
        return Deed::Sure;
    }
    let handling = next == "'s" && ACTS.contains(&second);
    // Nobody works "at" a county: it is its force.
    if before == "at" {
        return Deed::Some;
    }
    // "the West Midlands force", "Essex officers".
    let staffed = matches!(next, "force" | "officers" | "constable" | "sergeant" | "detectives") && before != "in";
    if handling || staffed {
        return Deed::Some;
    }
    if matches!(
        before,
        "in" | "of"
            | "across"
            | "near"
            | "from"
            | "around"
            | "throughout"
            | "for"
            | "outside"
            | "through"
            | "and"
            | ","
            | "into"
            | "to"
    ) {
        return Deed::None;
    }
    let verb = matches!(
        next,
        "has"
            | "have"
            | "is"
            | "was"
            | "were"
            | "had"
            | "will"
            | "would"
            | "must"
            | "should"
            | "could"
            | "may"
            | "might"
            | "cannot"
            | "did"
            | "does"
    ) || view.class(item.last).has(Class::SPEECH.or(Class::PERSON_VERB))
        && view.token(item.last).is_some_and(|t| t.shape == crate::stages::extract::doc::Shape::Lower)
        || next.len() > 4 && next.ends_with("ed");
    let possessive =
        next == "'s" && view.class(item.last + 1).has(Class::POLICE.or(Class::POLICE_ROLE).or(Class::SPORT));
    let object = matches!(
        before,
        "told"
            | "lend"
            | "accused"
            | "criticised"
            | "praised"
            | "ordered"
            | "asked"
            | "urged"
            | "warned"
            | "sued"
            | "put"
            | "make"
            | "made"
            | "blamed"
    );
    if verb || possessive || object { Deed::Some } else { Deed::None }
}
