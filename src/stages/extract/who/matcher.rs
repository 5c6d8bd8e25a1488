//! One automaton over the forms of all watched persons and bodies and of the gazetteer.

use super::gazetteer::{GazetteerBody, Guarded, POLICE, bodies, guard_form};
use super::lexicon::{Class, lexicon};
use super::view::{View, normal};
use crate::domain::{Span, Watchlist};
use aho_corasick::{AhoCorasick, MatchKind};
use foldhash::HashMap;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

/// A body that can be matched: the gazetteer's, the user's, or both.
#[derive(Debug, Clone)]
pub(super) struct KnownBody {
    /// Watchlist id, else gazetteer id.
    pub(super) id: String,
    /// Name for people.
    pub(super) name: String,
    /// What nominal phrases may stand for it.
    pub(super) kind: String,
    /// Whether it is watched.
    pub(super) watched: bool,
    /// Gazetteer id, where it is the gazetteer's.
    pub(super) gazetteer: Option<String>,
    /// Whether its head is a commissioner.
    pub(super) commissioner: bool,
    /// Nouns that stand for it beside those of its kind.
    pub(super) nouns: Vec<String>,
    abroad: Vec<String>,
    /// Words of the user's guards, in matching form: in an article with one of them the name is another's.
    guards: Vec<String>,
}

/// Whose form it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Index into [`Matcher::bodies`].
    Body(usize),
    /// Index into the watchlist's persons.
    Person(usize),
}

#[derive(Debug, Clone)]
struct Form {
    owner: Owner,
    /// The letters exactly as written.
    exact: Option<String>,
    guard: Option<Guarded>,
    /// The name of a county or region.
    area: bool,
}

/// A form found in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// Where.
    pub(super) span: Span,
    /// First token.
    pub(super) first: usize,
    /// One past the last token.
    pub(super) last: usize,
    /// Whose.
    pub(super) owner: Owner,
    /// Whether it is only the county or region of a force.
    pub(super) area: bool,
}

/// All forms, ready to match.
#[derive(Debug)]
pub(super) struct Matcher {
    automaton: Option<AhoCorasick>,
    forms: Vec<Vec<Form>>,
    by_id: HashMap<String, usize>,
    /// The bodies that have a form.
    body_forms: HashMap<String, Vec<usize>>,
    /// The bodies that may be matched.
    pub(super) bodies: Vec<KnownBody>,
}

/// How many tokens either side count as the same sentence: one of thousands is no sentence.
const NEAR: usize = 60;

/// Words that may be written small inside a name.
const SMALL: &[&str] = &[
    "of",
    "and",
    "for",
    "the",
    "in",
    "on",
    "to",
    "'s",
    "police",
    "constabulary",
    "force",
    "inquiry",
    "review",
    "report",
    "service",
    "agency",
    "news",
    "court",
    "newspaper",
    "charity",
    "party",
];

impl Matcher {
    /// The matcher for `watchlist` and the gazetteer.
    pub(super) fn new(watchlist: &Watchlist) -> Self {
        let mut patterns: BTreeMap<String, Vec<Form>> = BTreeMap::new();
        let mut known: Vec<KnownBody> = Vec::new();
        let mut owner_of: BTreeMap<String, usize> = BTreeMap::new();
        for body in bodies() {
            let index = known.len();
            known.push(KnownBody {
                id: body.id.clone(),
                name: body.name.clone(),
                kind: body.kind.clone(),
                watched: false,
                gazetteer: Some(body.id.clone()),
                commissioner: body.chief.as_deref() == Some("commissioner"),
                nouns: body.nouns.clone(),
                abroad: body.abroad.clone(),
                guards: Vec::new(),
            });
            add_gazetteer_forms(body, index, &mut patterns, &mut owner_of);
        }
        for body in &watchlist.bodies {
            let names: Vec<&String> = std::iter::once(&body.name).chain(&body.aliases).collect();
            let inherited = known
                .iter()
                .position(|k| k.gazetteer.as_deref() == Some(body.id.as_str()))
                .or_else(|| names.iter().find_map(|n| owner_of.get(&strip_the(&normal(n))).copied()));
            let index = match inherited {
                Some(index) => {
                    if let Some(entry) = known.get_mut(index) {
                        entry.id.clone_from(&body.id);
                        entry.name.clone_from(&body.name);
                        entry.watched = true;
                    }
                    index
                }
                None => {
                    known.push(KnownBody {
                        id: body.id.clone(),
                        name: body.name.clone(),
                        kind: kind_of_name(&body.name).to_owned(),
                        watched: true,
                        gazetteer: None,
                        commissioner: false,
                        nouns: Vec::new(),
                        abroad: Vec::new(),
                        guards: Vec::new(),
                    });
                    known.len() - 1
                }
            };
            for name in names {
                let form = strip_the(&normal(name));
                let taken = patterns.get(&form).is_some_and(|f| f.iter().any(|f| f.owner == Owner::Body(index)));
                if form.trim().is_empty() || taken {
                    continue;
                }
                let exact = is_acronym(name).then(|| name.trim().to_owned());
                patterns.entry(form).or_default().push(Form {
                    owner: Owner::Body(index),
                    exact,
                    guard: None,
                    area: false,
                });
            }
        }
        for guard in &watchlist.rulings.guards {
            if let Some(body) = known.iter_mut().find(|k| k.id == guard.entity && k.watched) {
                body.guards.extend(guard.words.iter().map(|words| guard_form(words)));
            }
        }
        for (index, person) in watchlist.persons.iter().enumerate() {
            for name in std::iter::once(&person.name).chain(&person.aliases) {
                let form = bare_name(&normal(name));
                if form.split_whitespace().count() < 2 && !is_unique_single(name) {
                    continue;
                }
                let owner = Owner::Person(index);
                let entry = patterns.entry(form).or_default();
                if !entry.iter().any(|f| f.owner == owner) {
                    entry.push(Form { owner, exact: None, guard: None, area: false });
                }
            }
        }
        patterns.retain(|form, _| form.len() > 2);
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns.keys()).ok();
        let by_id = known.iter().enumerate().map(|(n, b)| (b.id.clone(), n)).collect();
        let mut body_forms: HashMap<String, Vec<usize>> = HashMap::default();
        for (form, owners) in &patterns {
            for owner in owners {
                if let Owner::Body(body) = owner.owner {
                    body_forms.entry(form.clone()).or_default().push(body);
                }
            }
        }
        Self { automaton, forms: patterns.into_values().collect(), by_id, body_forms, bodies: known }
    }

    /// Whether `form` is one of the forms of the body `key`.
    pub(super) fn has_form(&self, form: &str, key: &str) -> bool {
        self.body_forms
            .get(form)
            .is_some_and(|owners| owners.iter().any(|o| self.bodies.get(*o).is_some_and(|b| b.id == key)))
    }

    /// The known body with this key.
    pub(super) fn body(&self, key: &str) -> Option<&KnownBody> {
        self.by_id.get(key).and_then(|b| self.bodies.get(*b))
    }

    /// Forms found in `view` whose guards hold; leftmost, then longest; none overlaps another.
    pub(super) fn hits(&self, view: &View<'_>) -> Vec<Hit> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut found: Vec<(usize, usize, usize)> = automaton
            .find_overlapping_iter(&view.norm)
            .filter_map(|m| {
                // A pattern has a space at each end, so it begins and ends with whole atoms.
                let first = view.atoms.partition_point(|a| a.at < m.start());
                let last = view.atoms.partition_point(|a| a.at < m.end());
                (first < last).then_some((first, last, m.pattern().as_usize()))
            })
            .collect();
        found.sort_unstable_by_key(|(first, last, pattern)| (*first, std::cmp::Reverse(*last), *pattern));
        let facts = Facts::new(view);
        let mut out: Vec<Hit> = Vec::new();
        let mut free = 0;
        for (first, last, pattern) in found {
            if first < free {
                continue;
            }
            let Some(hit) = self.check(view, &facts, first, last, pattern) else { continue };
            free = last;
            out.push(hit);
        }
        out
    }

    /// The first owner of `pattern` whose conditions hold for the atoms `first..last`.
    fn check(&self, view: &View<'_>, facts: &Facts<'_>, first: usize, last: usize, pattern: usize) -> Option<Hit> {
        let (a, z) = (view.atoms.get(first)?, view.atoms.get(last.checked_sub(1)?)?);
        let span = Span::new(a.span.start, z.span.end);
        let (from, to) = (a.token, z.token + 1);
        for form in self.forms.get(pattern)? {
            let raw = view.doc.slice(span);
            // "the court of appeal", as some papers write it.
            let small = matches!(form.owner, Owner::Body(i) if self.bodies.get(i).is_some_and(|b| b.kind == "court"))
                && to > from + 1
                && view.before(from) == "the";
            let cased = small
                || match &form.exact {
                    Some(exact) => raw == exact,
                    None => view.atoms.get(first..last)?.iter().enumerate().all(|(n, atom)| {
                        let text = atom.span.of(&view.doc.text);
                        let begins = text.chars().next();
                        begins.is_some_and(|c| !c.is_lowercase())
                            || (n > 0 && SMALL.contains(&text.to_lowercase().as_str()))
                    }),
                };
            if !cased {
                continue;
            }
            // Part of a longer hyphenated name ("Smith" in "Smith-Jones").
            if let Owner::Person(_) = form.owner {
                let joined = |token: usize, inside: Span| {
                    view.token(token).is_some_and(|t| {
                        let before = view.doc.text.get(t.span.start..inside.start).unwrap_or("");
                        let after = view.doc.text.get(inside.end..t.span.end).unwrap_or("");
                        before.chars().any(char::is_uppercase) || after.chars().any(char::is_uppercase)
                    })
                };
                if joined(a.token, Span::new(a.span.start, view.token(a.token)?.span.end.max(a.span.start)))
                    || joined(z.token, Span::new(view.token(z.token)?.span.start.min(z.span.end), z.span.end))
                {
                    continue;
                }
            }
            let holds = form.guard.as_ref().is_none_or(|g| facts.holds(g, from, to));
            if !holds || self.abroad(form.owner, view, facts, to) {
                continue;
            }
            return Some(Hit { span, first: from, last: to, owner: form.owner, area: form.area });
        }
        None
    }

    /// Whether the words around say that it is the namesake abroad, or a guard of the user says so of the article.
    fn abroad(&self, owner: Owner, view: &View<'_>, facts: &Facts<'_>, next: usize) -> bool {
        let Owner::Body(index) = owner else { return false };
        let Some(body) = self.bodies.get(index) else { return false };
        if body.guards.iter().any(|w| facts.anywhere(w)) {
            return true;
        }
        if body.abroad.is_empty() {
            return false;
        }
        let beside = (next..next + 4).take_while(|i| view.same_sentence(next.saturating_sub(1), *i));
        let close = spaced(beside.map(|i| view.lower(i)));
        let directly = close.starts_with(" ,") || close.starts_with(" in ") || close.starts_with(" of ");
        directly && body.abroad.iter().any(|w| close.contains(&format!(" {w} ")))
            || !facts.british() && body.abroad.iter().any(|w| facts.anywhere(&guard_form(w)))
    }
}

fn add_gazetteer_forms(
    body: &GazetteerBody,
    index: usize,
    patterns: &mut BTreeMap<String, Vec<Form>>,
    owner_of: &mut BTreeMap<String, usize>,
) {
    let owner = Owner::Body(index);
    let mut add = |text: &str, exact: bool, guard: Option<Guarded>, area: bool| {
        let form = strip_the(&normal(text));
        owner_of.entry(form.clone()).or_insert(index);
        let exact = exact.then(|| text.to_owned());
        patterns.entry(form).or_default().push(Form { owner, exact, guard, area });
    };
    if !body.name_is_guarded {
        add(&body.name, is_acronym(&body.name), None, false);
    }
    for form in &body.forms {
        add(form, false, None, false);
    }
    for acronym in &body.acronyms {
        add(acronym, true, None, false);
    }
    for guarded in &body.guarded {
        add(&guarded.form, guarded.exact, Some(guarded.clone()), false);
    }
    if let Some(area) = &body.area {
        add(area, false, None, true);
    }
}

/// Whether `name` is one word of capitals and digits.
fn is_acronym(name: &str) -> bool {
    let name = name.trim();
    name.chars().count() > 1
        && name.chars().all(|c| c.is_uppercase() || c.is_numeric() || c == '&')
        && name.chars().any(char::is_uppercase)
}

/// A form without a leading "the".
fn strip_the(form: &str) -> String {
    form.strip_prefix(" the ").map_or_else(|| form.to_owned(), |rest| format!(" {rest}"))
}

/// The kind of body that a name's words make it.
pub(super) fn kind_of_name(name: &str) -> &'static str {
    let words = normal(name);
    let mut kind = "other";
    for word in words.split_whitespace() {
        if lexicon().class(word).has(Class::HEAD) {
            kind = lexicon().head_kind(word);
        }
    }
    kind
}

/// Whether the words of `name` make it a body's ("Wexmoor Police Federation").
pub fn is_name_of_body(name: &str) -> bool {
    kind_of_name(name) != "other"
}

/// A person's name in matching form without leading titles and ranks.
pub(super) fn bare_name(form: &str) -> String {
    let mut words: Vec<&str> = form.split_whitespace().filter(|w| *w != ".").collect();
    while words.len() > 1 {
        let class = lexicon().class(words.first().copied().unwrap_or(""));
        let titled = class.has(Class::TITLE) || class.has(Class::RANK) || class.has(Class::RANK_PART);
        if !titled || class.has(Class::GIVEN) && words.len() == 2 {
            break;
        }
        words.remove(0);
    }
    if words.is_empty() { String::new() } else { format!(" {} ", words.join(" ")) }
}

/// Whether a one-word alias is a name by itself: hyphenated, or no ordinary word; never behind a title.
fn is_unique_single(alias: &str) -> bool {
    let words = normal(alias);
    words.split_whitespace().count() == 1 && alias.chars().next().is_some_and(char::is_uppercase)
}

/// `words`, each after one space, with a space at the end.
fn spaced<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for word in words {
        out.push(' ');
        out.push_str(word);
    }
    out.push(' ');
    out
}

/// What guards ask about the document.
struct Facts<'a> {
    view: &'a View<'a>,
    british: OnceCell<bool>,
    /// Answers already given, so that a long text is searched once for each phrase.
    known: RefCell<HashMap<String, bool>>,
}

impl<'a> Facts<'a> {
    fn new(view: &'a View<'a>) -> Self {
        Self { view, british: OnceCell::new(), known: RefCell::default() }
    }

    /// Whether `form` (a phrase in matching form, or `@police`) stands in the text or its headline.
    fn anywhere(&self, form: &str) -> bool {
        if let Some(known) = self.known.borrow().get(form) {
            return *known;
        }
        let found = if form == POLICE {
            self.view.class.iter().any(|c| c.has(Class::POLICE))
        } else {
            self.view.norm.contains(form) || self.view.head.contains(form)
        };
        self.known.borrow_mut().insert(form.to_owned(), found);
        found
    }

    /// Whether any of `forms` stands in the sentence of token `at`.
    fn in_sentence(&self, forms: &[String], at: usize) -> bool {
        if forms.is_empty() {
            return false;
        }
        let (first, last) = self.view.sentence_range(at);
        let (first, last) = (first.max(at.saturating_sub(NEAR)), last.min(at + NEAR));
        let text = spaced((first..last).map(|i| self.view.lower(i)));
        forms.iter().any(|form| {
            if form == POLICE {
                (first..last).any(|i| self.view.class(i).has(Class::POLICE))
            } else {
                text.contains(form)
            }
        })
    }

    /// Whether the document speaks of Britain.
    fn british(&self) -> bool {
        *self.british.get_or_init(|| {
            [
                " uk ",
                " britain ",
                " england ",
                " scotland ",
                " wales ",
                " northern ireland ",
                " chief constable ",
                " iopc ",
                " crown court ",
                " constabulary ",
                " london ",
                " teesside ",
                " middlesbrough ",
                " home office ",
            ]
            .iter()
            .any(|w| self.anywhere(w))
        })
    }

    fn holds(&self, guard: &Guarded, first: usize, last: usize) -> bool {
        let view = self.view;
        let prev = view.before(first);
        let next = if last > 0 { view.after(last - 1) } else { "" };
        let listed = |list: &[String], word: &str| list.iter().any(|w| w == word);
        if !guard.prev.is_empty() && !listed(&guard.prev, prev) || listed(&guard.not_prev, prev) {
            return false;
        }
        if !guard.next.is_empty() && !listed(&guard.next, next) || listed(&guard.not_next, next) {
            return false;
        }
        let follows = |phrase: &String| {
            phrase.split(' ').zip(last..).all(|(word, i)| view.same_sentence(first, i) && view.lower(i) == word)
        };
        if !guard.follow.is_empty() && !guard.follow.iter().any(follows) {
            return false;
        }
        if guard.mid && (view.begins(first) || view.all_capitals(first)) {
            return false;
        }
        if guard.verb && view.begins(first) {
            let class = lexicon().class(next);
            let noun = class.has(Class::POLICE)
                || class.has(Class::POLICE_ROLE)
                || class.has(Class::RANK)
                || matches!(
                    next,
                    "chiefs"
                        | "boss"
                        | "bosses"
                        | "chief"
                        | "staff"
                        | "has"
                        | "is"
                        | "was"
                        | "said"
                        | "spokesman"
                        | "statement"
                );
            if !noun {
                return false;
            }
        }
        (guard.near.is_empty() || self.in_sentence(&guard.near, first))
            && (guard.doc.is_empty() || guard.doc.iter().any(|w| self.anywhere(w)))
            && !self.in_sentence(&guard.not_near, first)
            && !guard.not_doc.iter().any(|w| self.anywhere(w))
    }
}
