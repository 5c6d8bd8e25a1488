//! Runs of capitalised words, taken apart into names of persons, bodies and places.

mod bodies;
mod codes;
mod laws;
mod persons;
mod places;

use super::lexicon::Class;
use super::matcher::{Hit, Matcher, Owner};
use super::view::{View, fold};
use crate::domain::Span;
use foldhash::HashSet;

/// A name as it stands in the text.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Where.
    pub(super) span: Span,
    /// First token.
    pub(super) first: usize,
    /// One past the last token.
    pub(super) last: usize,
    /// What it names.
    pub(super) what: What,
    /// The rule that found it.
    pub(super) rule: &'static str,
}

/// What a name may name.
#[derive(Debug, Clone)]
pub(super) enum What {
    /// A body that the matcher knows.
    Known(usize),
    /// The county or region of a force.
    Area(usize),
    /// A body that only this article tells of.
    Body {
        /// What its head noun makes it.
        kind: &'static str,
    },
    /// A person.
    Person(PersonName),
    /// A place.
    Place,
    /// Capitalised words that only the rest of the article can explain.
    Bare(PersonName),
}

/// A person's name in one place of the text.
#[derive(Debug, Clone, Default)]
pub(super) struct PersonName {
    /// Title or rank before it, in small letters.
    pub(super) title: String,
    /// The name's words, folded.
    pub(super) words: Vec<String>,
    /// First token of the name without its title.
    pub(super) name_first: usize,
    /// Watched persons that have this very name or alias.
    pub(super) watch: Vec<usize>,
    /// Given name and surname.
    pub(super) full: bool,
    /// Whether a word before it says that a place follows.
    pub(super) placed: bool,
}

/// Words before the letter or number that stands for a name.
const CIPHER_BEARERS: &[&str] = &[
    "child",
    "officer",
    "witness",
    "boy",
    "girl",
    "victim",
    "person",
    "soldier",
    "complainant",
    "woman",
    "man",
    "mother",
    "family",
];

/// Parts of a body.
const PARTS: &[&str] = &["division", "unit", "command", "directorate", "team", "department", "branch", "squad"];

/// A run of more capitalised words is cut: no name is so long.
const LONGEST_RUN: usize = 24;

/// Prepositions before places.
const PLACE_CUES: &[&str] = &[
    "in",
    "at",
    "near",
    "from",
    "outside",
    "across",
    "around",
    "towards",
    "into",
    "through",
    "off",
    "to",
    "between",
    "throughout",
    "on",
    "beyond",
];

/// Finds the names in `view`.
pub(super) fn scan(view: &View<'_>, hits: &[Hit], matcher: &Matcher) -> Vec<Found> {
    let mut scanner = Scanner {
        view,
        hits,
        matcher,
        at_token: vec![None; view.doc.tokens.len()],
        titled: following(view, Class::TITLE.or(Class::RANK)),
        surnames: following(view, Class::GIVEN),
        alone: alone(view),
        codes: codes::codes(view),
        out: Vec::new(),
        resume: 0,
    };
    for (number, hit) in hits.iter().enumerate() {
        for token in hit.first..hit.last {
            if let Some(slot) = scanner.at_token.get_mut(token) {
                *slot = Some(number);
            }
        }
    }
    let mut index = 0;
    while index < view.doc.tokens.len() {
        index = scanner.step(index).max(index + 1);
    }
    scanner.out.sort_by_key(|f| (f.span.start, std::cmp::Reverse(f.span.end)));
    let mut end = 0;
    scanner.out.retain(|f| {
        let keep = f.span.start >= end && f.span.end > f.span.start;
        if keep {
            end = f.span.end;
        }
        keep
    });
    scanner.out
}

/// Capitalised words that stand after one of `classes` somewhere in the text.
fn following<'a>(view: &View<'a>, classes: Class) -> HashSet<&'a str> {
    (0..view.doc.tokens.len())
        .filter(|i| {
            view.class(*i).has(classes) && view.capital(*i) && view.capital(i + 1) && view.same_sentence(*i, i + 1)
        })
        .map(|i| view.lower(i + 1))
        .collect()
}

/// Capitalised words of no known kind that stand alone before a possessive or a verb of what persons do.
fn alone<'a>(view: &View<'a>) -> HashSet<&'a str> {
    (0..view.doc.tokens.len())
        .filter(|&i| {
            view.capital(i)
                && view.class(i) == Class::default()
                && (view.begins(i) || !view.capital(i - 1) && view.before(i) != "the")
                && view.same_sentence(i, i + 1)
                && (view.lower(i + 1) == "'s" || view.class(i + 1).has(Class::SPEECH.or(Class::PERSON_VERB)))
        })
        .map(|i| view.lower(i))
        .collect()
}

struct Scanner<'a> {
    view: &'a View<'a>,
    hits: &'a [Hit],
    matcher: &'a Matcher,
    at_token: Vec<Option<usize>>,
    titled: HashSet<&'a str>,
    /// Words that stand after a given name somewhere in the text.
    surnames: HashSet<&'a str>,
    /// Words that act or own somewhere in the text with no name before them: "Orr said", "Orr's".
    alone: HashSet<&'a str>,
    /// Codes that the text gives to persons ("AZ12").
    codes: HashSet<&'a str>,
    out: Vec<Found>,
    /// Tokens before this one are taken.
    resume: usize,
}

impl Scanner<'_> {
    /// The body hit that covers token `index`.
    fn body_hit(&self, index: usize) -> Option<&Hit> {
        let hit = self.at_token.get(index).copied().flatten().and_then(|n| self.hits.get(n))?;
        (matches!(hit.owner, Owner::Body(_)) && !hit.area).then_some(hit)
    }

    /// Handles what begins at token `index`; gives the token to go on with.
    fn step(&mut self, index: usize) -> usize {
        if let Some(hit) = self.body_hit(index).copied() {
            return self.body(hit);
        }
        if !self.view.capital(index) {
            return index + 1;
        }
        // "the Police and Crime Panel".
        if self.view.lower(index) == "police"
            && let Some((end, "panel")) = self.crime_office(index + 1)
        {
            self.push(index, end, What::Body { kind: "panel" }, "crime panel");
            return end;
        }
        if let Some(hit) = self.at_token.get(index).copied().flatten().and_then(|n| self.hits.get(n)).copied()
            && hit.area
            && hit.first == index
            && (hit.first..hit.last).any(|i| self.view.lower(i) == "and")
            && !(self.view.same_sentence(index, hit.last) && self.view.capital(hit.last))
            && let Owner::Body(body) = hit.owner
        {
            self.push(hit.first, hit.last, What::Area(body), "known place");
            return hit.last;
        }
        let (run, end) = self.run(index);
        self.parse(&run);
        end.max(self.resume)
    }

    /// The run of capitalised words from token `start`, without full stops of abbreviations, and the token after it.
    fn run(&self, start: usize) -> (Vec<usize>, usize) {
        let view = self.view;
        let mut run = Vec::new();
        let mut i = start;
        while i < view.doc.tokens.len() && run.len() < LONGEST_RUN && (i == start || view.same_sentence(start, i)) {
            if start > 0 && i == start && !view.same_sentence(start - 1, start) && !view.capital(start) {
                break;
            }
            if self.body_hit(i).is_some() {
                break;
            }
            let next_capital = view.same_sentence(i, i + 1) && view.capital(i + 1) && self.body_hit(i + 1).is_none();
            if view.capital(i) || !run.is_empty() && self.prefixed(i) {
                run.push(i);
            } else if !run.is_empty()
                && view.class(i).has(Class::PARTICLE)
                && view.class(i + 1).has(Class::PARTICLE)
                && view.capital(i + 2)
                && view.same_sentence(i, i + 2)
            {
                // "van der Meer".
                run.extend([i, i + 1]);
                i += 1;
            } else if run.is_empty() || !next_capital {
                break;
            } else {
                let before = view.lower(i - 1);
                let class = view.class(i - 1);
                match view.lower(i) {
                    "." if before.chars().count() == 1
                        || class.has(Class::RANK.or(Class::TITLE))
                        || before == "st"
                        || before == "ch" => {}
                    "'" if view.class(i + 1).has(Class::HEAD.or(Class::PLACE_HEAD)) => run.push(i),
                    "'s" if (class.has(Class::GENITIVE)
                        || i > 1 && matches!(view.lower(i - 2), "st" | "saint") && view.capital(i - 2))
                        && (view.class(i + 1).has(Class::HEAD.or(Class::PLACE_HEAD))
                            || view.capital(i + 2) && view.class(i + 2).has(Class::HEAD.or(Class::PLACE_HEAD))) =>
                    {
                        run.push(i);
                    }
                    _ if view.class(i).has(Class::PARTICLE) => run.push(i),
                    // Leroy 'Junior' Medford, Edir (Edson) da Costa.
                    "‘" | "'" | "“" | "\"" | "("
                        if class.has(Class::GIVEN)
                            && matches!(view.lower(i + 2), "’" | "'" | "”" | "\"" | ")")
                            && view.same_sentence(i, i + 3)
                            && (view.capital(i + 3) || view.class(i + 3).has(Class::PARTICLE)) =>
                    {
                        run.push(i + 1);
                        i += 2;
                    }
                    _ => break,
                }
            }
            i += 1;
        }
        (run, i.max(start))
    }

    /// Whether a small prefix is joined to a name in token `i` ("al-Rashid").
    fn prefixed(&self, i: usize) -> bool {
        let text = self.view.token(i).map_or("", |t| self.view.doc.slice(t.span));
        let tail = text
            .split_once('-')
            .filter(|(prefix, _)| matches!(*prefix, "al" | "el" | "ad" | "an" | "ar" | "as" | "ul"));
        tail.is_some_and(|(_, name)| name.starts_with(char::is_uppercase))
    }

    fn push(&mut self, first: usize, last: usize, what: What, rule: &'static str) {
        let span = self.view.span(first, last);
        while self.out.last().is_some_and(|f| f.span.overlaps(&span)) {
            self.out.pop();
        }
        self.resume = self.resume.max(last);
        self.out.push(Found { span, first, last, what, rule });
    }

    /// Takes a run apart.
    fn parse(&mut self, run: &[usize]) {
        let view = self.view;
        let mut run = run;
        if self.dedicated(run) || self.law(run) || self.make(run) || self.prison(run) {
            return;
        }
        // Leave out what is capitalised only because it begins a sentence, and months and days.
        while let [first, rest @ ..] = run {
            if self.cipher(run) {
                return;
            }
            let class = view.class(*first);
            let named_next = rest.first().is_some_and(|n| {
                !view.class(*n).has(Class::COMMON.or(Class::CALENDAR)) || view.class(*n).has(Class::GIVEN)
            });
            let next_rank = rest.first().is_some_and(|n| view.class(*n).has(Class::RANK.or(Class::RANK_PART)));
            let titled = class.has(Class::TITLE.or(Class::RANK)) && !rest.is_empty()
                || class.has(Class::RANK_PART) && next_rank && rest.len() > 1
                || self.grade(*first) && rest.len() > 1;
            let letter = |i: usize| view.lower(i).chars().nth(1).is_none();
            let initials = rest.len() > 1 && letter(*first) && rest.first().is_some_and(|i| letter(*i));
            // "House said" after "Stephen House".
            let surname = self.surnames.contains(view.lower(*first))
                && (view.class(*first + 1).has(Class::SPEECH.or(Class::PERSON_VERB))
                    || matches!(view.after(*first), "'s" | ","))
                && view.small(view.lower(*first)) < 3;
            // "In May Dean Orr was fined": the month, where a whole name follows it.
            let month = class.has(Class::CALENDAR)
                && matches!(
                    view.before(*first),
                    "in" | "since" | "last" | "until" | "by" | "from" | "during" | "this" | "next" | "early" | "late"
                )
                && rest.len() > 1
                && rest.first().is_some_and(|n| view.class(*n).has(Class::GIVEN));
            let given = class.has(Class::GIVEN) && named_next && !month || initials || surname;
            let drop = matches!(view.lower(*first), "'" | "'s")
                || view.lower(*first) == "i" && rest.is_empty()
                || class.has(Class::CALENDAR) && !given
                || class.has(Class::COMMON)
                    && !titled
                    && !given
                    && (view.begins(*first) || matches!(view.lower(*first), "the" | "former" | "a" | "an" | "ex"))
                || view.begins(*first) && view.small(view.lower(*first)) > 0 && !titled && !given && rest.is_empty()
                || class.has(Class::THING) && !class.has(Class::GIVEN);
            if !drop {
                break;
            }
            run = rest;
        }
        if run.is_empty() {
            return;
        }
        // Months, days and products end a name.
        if let Some(cut) = run.iter().skip(1).position(|i| {
            let class = view.class(*i);
            if class.has(Class::SURNAME) && *i > 0 && view.class(*i - 1).has(Class::GIVEN.or(Class::TITLE)) {
                return false;
            }
            class.has(Class::CALENDAR) && !class.has(Class::GIVEN)
                || class.has(Class::THING) && !class.has(Class::GIVEN.or(Class::HONOUR))
        }) {
            let (left, right) = run.split_at(cut + 1);
            self.parse(left);
            self.parse(right.get(1..).unwrap_or(&[]));
            return;
        }
        if self.watched_person(run) || self.organisation(run) || self.place(run) || self.person(run) {
            return;
        }
        self.unknown(run);
    }

    /// Words that only the rest of the article can explain.
    fn unknown(&mut self, run: &[usize]) {
        let view = self.view;
        let (Some(first), Some(last)) = (run.first().copied(), run.last().copied()) else { return };
        let before = view.before(first);
        let noun = first > 0 && view.same_sentence(first - 1, first) && view.class(first - 1).has(Class::BODY_NOUN);
        if noun && !(view.all_capitals(first) && run.len() == 1 && view.lower(first).len() > 6) {
            self.push(first, last + 1, What::Body { kind: "other" }, "body noun");
            return;
        }
        // "her campaign, Faces Off,", "told Capital Talk".
        let apposed = before == ","
            && first > 1
            && view.class(first - 2).has(Class::BODY_NOUN)
            && matches!(view.after(last), "," | "." | "’" | "'")
            && !view.class(first - 2).has(Class::ROLE);
        let common = run.iter().all(|i| view.class(*i).has(Class::COMMON));
        let told = run.len() == 2 && matches!(before, "told" | "tells") && self.person_score(first, last) < 3;
        if apposed || told {
            self.push(first, last + 1, What::Body { kind: if told { "media" } else { "campaign" } }, "apposition");
            return;
        }
        // "Stop Hate UK".
        if run.len() > 1 && view.lower(last) == "uk" {
            self.push(first, last + 1, What::Body { kind: "campaign" }, "national body");
            return;
        }
        // "told the Mercury": a paper.
        if before == "the"
            && !common
            && run.len() <= 2
            && first > 1
            && matches!(view.lower(first - 2), "told" | "tells")
        {
            self.push(first, last + 1, What::Body { kind: "media" }, "told the paper");
            return;
        }
        let words: Vec<String> = run.iter().map(|i| fold(view.lower(*i))).collect();
        let age = self.person_score(first, last) >= 3 && run.len() == 1 && view.class(first).has(Class::GIVEN);
        let kin = first > 0
            && view.same_sentence(first - 1, first)
            && view.class(first - 1).has(Class::KIN)
            && view.class(first).has(Class::GIVEN);
        let name = PersonName {
            full: false,
            name_first: first,
            words,
            placed: PLACE_CUES.contains(&before) || self.is_placed(first, last),
            ..PersonName::default()
        };
        let called = run.len() == 1 && self.is_called(first);
        let what = if (age || kin || called) && run.len() == 1 { What::Person(name) } else { What::Bare(name) };
        self.push(first, last + 1, what, "capitals");
    }
}
