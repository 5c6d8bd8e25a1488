//! Runs of capitalised words, taken apart into names of persons, bodies and places.

use super::lexicon::{Class, lexicon};
use super::matcher::{Hit, Matcher, Owner};
use super::view::{View, fold};
use crate::domain::Span;
use std::collections::HashSet;

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
        titled: titled(view),
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

/// Words that stand after a title somewhere in the text.
fn titled<'a>(view: &View<'a>) -> HashSet<&'a str> {
    let titles = Class::TITLE.or(Class::RANK);
    (0..view.doc.tokens.len())
        .filter(|i| {
            view.class(*i).has(titles) && view.capital(*i) && view.capital(i + 1) && view.same_sentence(*i, i + 1)
        })
        .map(|i| view.lower(i + 1))
        .collect()
}

struct Scanner<'a> {
    view: &'a View<'a>,
    hits: &'a [Hit],
    matcher: &'a Matcher,
    at_token: Vec<Option<usize>>,
    titled: HashSet<&'a str>,
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

    /// A known body, or a longer body whose name begins with it.
    fn body(&mut self, hit: Hit) -> usize {
        let view = self.view;
        let Owner::Body(known) = hit.owner else { return hit.last };
        if view.after(hit.last - 1) == "and" && view.lower(hit.last + 1) == "crime"
            || view.after(hit.last - 1) == ","
                && view.lower(hit.last + 1) == "fire"
                && view.lower(hit.last + 2) == "and"
        {
            return hit.last + 3;
        }
        let (run, end) = self.run(hit.last);
        // An office that has the name of its body ("Police Ombudsman Ann Orr").
        let office = matches!(view.lower(hit.last - 1), "ombudsman" | "commissioner");
        if office && run.len() > 1 && run.first().is_some_and(|i| view.class(*i).has(Class::GIVEN)) {
            return hit.last;
        }
        let head = run.iter().rposition(|i| view.class(*i).has(Class::HEAD));
        let stop = run.iter().position(|i| {
            view.class(*i).has(Class::RANK.or(Class::TITLE).or(Class::GIVEN).or(Class::OFFICE).or(Class::RANK_PART))
                && !view.class(*i).has(Class::HEAD)
                || *i > hit.last
                    && view.class(*i).has(Class::COMMON)
                    && !view.class(*i).has(Class::POLICE.or(Class::HEAD))
        });
        // A part of it ("CPS Special Crime Division") is no other body.
        if let Some(unit) = run.iter().position(|i| PARTS.contains(&view.lower(*i))).filter(|u| *u > 0 && *u < 5)
            && !run.iter().take(unit).any(|i| view.class(*i).has(Class::GIVEN))
        {
            self.out.push(Found {
                span: hit.span,
                first: hit.first,
                last: hit.last,
                what: What::Known(known),
                rule: "known form",
            });
            return run.get(unit).map_or(end, |t| t + 1);
        }
        if let Some(head) = head.filter(|h| *h < 4 && stop.is_none_or(|s| s > *h)) {
            let last = run.get(head).map_or(end, |t| t + 1);
            let kind = lexicon().head_kind(view.lower(last - 1));
            self.push(hit.first, last, What::Body { kind }, "longer body");
            return last;
        }
        // "GMP Police Federation".
        if let Some(next) = self.body_hit(hit.last).copied()
            && next.first == hit.last
            && view.same_sentence(hit.first, next.first)
            && let Owner::Body(other) = next.owner
            && self.matcher.bodies.get(other).is_some_and(|b| b.kind == "association")
            && self.matcher.bodies.get(known).is_some_and(|b| b.kind == "force")
        {
            self.push(hit.first, next.last, What::Body { kind: "association" }, "longer body");
            return next.last;
        }
        // A geographic word before it makes it another's ("Las Vegas Metropolitan Police").
        if hit.first > 0 && view.same_sentence(hit.first - 1, hit.first) && view.capital(hit.first - 1) {
            let before = view.class(hit.first - 1);
            let kind = self.matcher.bodies.get(known).map_or("other", |b| b.kind.as_str());
            let geographic = before.has(Class::MODIFIER) || kind == "court" && before.has(Class::PLACE);
            if geographic && matches!(kind, "force" | "court") && !view.begins(hit.first - 1) {
                let kind = if kind == "court" { "court" } else { "force" };
                self.push(hit.first - 1, hit.last, What::Body { kind }, "longer body");
                return hit.last;
            }
        }
        // Headquarters as a place ("marched to New Scotland Yard").
        if view.lower(hit.last - 1) == "yard"
            && matches!(view.before(hit.first), "to" | "outside" | "near" | "towards" | "opposite")
        {
            self.push(hit.first, hit.last, What::Place, "headquarters");
            return hit.last;
        }
        // A programme of a broadcaster ("BBC Woman's Hour").
        let media = self.matcher.bodies.get(known).is_some_and(|b| b.kind == "media");
        if media && !run.is_empty() && stop.is_none() {
            let mut last = run.last().map_or(hit.last, |t| t + 1);
            if view.lower(last) == "'s" && view.capital(last + 1) && view.same_sentence(last, last + 1) {
                last += 2;
            }
            self.push(hit.first, last, What::Known(known), "programme");
            return last;
        }
        let found =
            Found { span: hit.span, first: hit.first, last: hit.last, what: What::Known(known), rule: "known form" };
        self.out.push(found);
        hit.last
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
            if view.capital(i) {
                run.push(i);
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
                || class.has(Class::RANK_PART) && next_rank && rest.len() > 1;
            let given = class.has(Class::GIVEN) && named_next;
            let drop = class.has(Class::CALENDAR) && !given
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

    /// A watched person's name inside the run.
    fn watched_person(&mut self, run: &[usize]) -> bool {
        let hit = run.iter().enumerate().find_map(|(n, i)| {
            let hit = self.at_token.get(*i).copied().flatten().and_then(|h| self.hits.get(h))?;
            matches!(hit.owner, Owner::Person(_)).then_some((n, *hit))
        });
        let Some((n, hit)) = hit else { return false };
        let Owner::Person(person) = hit.owner else { return false };
        let view = self.view;
        let end = run.iter().position(|i| *i >= hit.last).unwrap_or(run.len());
        let after = run.get(end..).unwrap_or(&[]);
        let head_after = after.last().is_some_and(|i| view.class(*i).has(Class::HEAD.or(Class::PLACE_HEAD)));
        let longer_before = n > 0
            && run.get(n - 1).is_some_and(|i| {
                view.class(*i).has(Class::GIVEN) && !view.class(*i).has(Class::TITLE.or(Class::RANK).or(Class::OFFICE))
            });
        let longer_after = after.first().is_some_and(|i| {
            let class = view.class(*i);
            !class.has(Class::HONOUR.or(Class::COMMON).or(Class::THING))
                && view.token(*i).is_some_and(|t| t.lower != "'")
        });
        if head_after || longer_before || longer_after {
            return false;
        }
        let title_from = self.title_start(run, n);
        let words: Vec<String> = (hit.first..hit.last).map(|i| fold(view.lower(i))).filter(|w| w != ".").collect();
        let name = PersonName {
            title: self.title(run, title_from, n),
            full: words.len() > 1 || hit.last - hit.first > 1,
            words,
            name_first: hit.first,
            watch: vec![person],
            placed: false,
        };
        let first = run.get(title_from).copied().unwrap_or(hit.first);
        let span = Span::new(view.span(first, first + 1).start.min(hit.span.start), hit.span.end);
        if title_from > 0 {
            self.leftover(run.get(..title_from).unwrap_or(&[]));
        }
        self.out.push(Found { span, first, last: hit.last, what: What::Person(name), rule: "watched name" });
        if !after.is_empty() {
            self.parse(after);
        }
        true
    }

    /// A person whose name is withheld ("Child Q", "Officer W80"), or a numbered road.
    fn cipher(&mut self, run: &[usize]) -> bool {
        let view = self.view;
        let (Some(first), Some(last)) = (run.first().copied(), run.last().copied()) else { return false };
        let code = view.doc.slice(view.span(last, last + 1));
        let letters = code.chars().take_while(char::is_ascii_uppercase).count();
        let digits = code.chars().skip(letters).take_while(char::is_ascii_digit).count();
        let coded = letters > 0 && letters <= 3 && digits <= 4 && letters + digits == code.len();
        if !coded {
            return false;
        }
        if run.len() == 1 && digits > 0 && letters == 1 && matches!(code.chars().next(), Some('A' | 'B' | 'M')) {
            self.push(first, last + 1, What::Place, "road number");
            return true;
        }
        let bearer = run.len() == 2
            && (letters == 1 || digits > 0)
            && (CIPHER_BEARERS.contains(&view.lower(first))
                || view.class(first).has(Class::RANK) && digits + letters <= 4 && view.lower(last) != "i");
        if bearer {
            let name = PersonName {
                full: true,
                words: run.iter().map(|i| fold(view.lower(*i))).collect(),
                name_first: first,
                ..PersonName::default()
            };
            self.push(first, last + 1, What::Person(name), "cipher");
        }
        bearer
    }

    /// Places among the words before a person's name ("London Mayor Sadiq Khan").
    fn leftover(&mut self, run: &[usize]) {
        let mut i = 0;
        while i < run.len() {
            let rest = run.get(i..).unwrap_or(&[]);
            match self.place_length(rest) {
                0 => i += 1,
                n => {
                    self.push_place(rest.get(..n).unwrap_or(&[]), "known place");
                    i += n;
                }
            }
        }
    }

    fn push_place(&mut self, run: &[usize], rule: &'static str) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let area = self.at_token.get(*first).copied().flatten().and_then(|n| self.hits.get(n)).copied();
        let what = match area {
            Some(Hit { owner: Owner::Body(index), area: true, first: a, last: z, .. })
                if a == *first && z == last + 1 =>
            {
                What::Area(index)
            }
            _ => What::Place,
        };
        self.push(*first, last + 1, what, rule);
    }

    /// Where the titles and ranks right before word `n` of the run begin.
    fn title_start(&self, run: &[usize], n: usize) -> usize {
        let view = self.view;
        let mut from = n;
        let mut core = false;
        let mut at = n;
        while at > 0 {
            let Some(token) = run.get(at - 1) else { break };
            let class = view.class(*token);
            if class.has(Class::TITLE.or(Class::RANK))
                && !(class.has(Class::OFFICE)
                    && at > 1
                    && run.get(at - 2).is_some_and(|b| matches!(view.lower(*b), "crime" | "hm" | "regional")))
            {
                core = true;
                at -= 1;
                from = at;
            } else if class.has(Class::RANK_PART) && core && !view.begins(*token)
                || class.has(Class::RANK_PART) && core && view.lower(*token) != "special"
            {
                at -= 1;
                from = at;
            } else {
                break;
            }
        }
        from
    }

    /// The title in words `from..to` of the run.
    fn title(&self, run: &[usize], from: usize, to: usize) -> String {
        run.get(from..to).unwrap_or(&[]).iter().map(|i| self.view.lower(*i)).collect::<Vec<_>>().join(" ")
    }

    /// A body by its head noun.
    fn organisation(&mut self, run: &[usize]) -> bool {
        let view = self.view;
        let Some(head) = run.iter().rposition(|i| view.class(*i).has(Class::HEAD)) else { return false };
        let Some(head_token) = run.get(head).copied() else { return false };
        let mut last = head_token + 1;
        let class = view.class(head_token);
        let before = run.get(..head).unwrap_or(&[]);
        let person_title = before.iter().any(|i| {
            view.class(*i).has(Class::TITLE.or(Class::RANK))
                && !view.class(*i).has(Class::GENITIVE.or(Class::HEAD))
                && !(view.lower(*i) == "major"
                    && matches!(view.lower(i + 1), "crime" | "incident" | "investigation" | "investigations"))
        });
        let given_first = before.first().is_some_and(|i| view.class(*i).has(Class::GIVEN)) && before.len() == 1;
        let last_class = run.last().map_or_else(Class::default, |i| view.class(*i));
        let place = last_class.has(Class::PLACE_HEAD) && !last_class.has(Class::HEAD) && head + 1 < run.len();
        let station = view.after(head_token) == "station";
        if person_title || place || station || given_first && class.has(Class::SURNAME_HEAD) && run.len() == 2 {
            return false;
        }
        // "University of Kent", "Alliance for Police Accountability".
        let link = view.after(head_token);
        let mut rest_from = head + 1;
        if head + 1 == run.len()
            && matches!(link, "of" | "for")
            && view.same_sentence(head_token, head_token + 2)
            && view.capital(head_token + 2)
        {
            let (more, _) = self.run(head_token + 2);
            let takes = more
                .iter()
                .take_while(|i| !view.class(**i).has(Class::TITLE.or(Class::RANK).or(Class::CALENDAR)))
                .count();
            if takes > 0 && (before.is_empty() || link == "for" || !view.class(head_token).has(Class::PLACE_HEAD)) {
                last = more.get(takes - 1).map_or(last, |i| i + 1);
                rest_from = run.len();
                // "Ministry of Housing and Local Government" and its like.
                if view.after(last - 1) == "and"
                    && view.capital(last + 1)
                    && view.class(head_token).has(Class::HEAD)
                    && matches!(view.lower(head_token), "ministry" | "department")
                {
                    let (tail, _) = self.run(last + 1);
                    last = tail.last().map_or(last, |i| i + 1);
                }
            }
        } else if head == 0 {
            return false;
        }
        let mut first = run.first().copied().unwrap_or(head_token);
        if first + 1 == last {
            return false;
        }
        // "Redcar and Cleveland Council": two places share one council.
        if first >= 2 && view.before(first) == "and" && view.same_sentence(first - 2, first) {
            let earlier = first - 2;
            let twin =
                self.out.last().is_some_and(|f| f.last == earlier + 1 && matches!(f.what, What::Place | What::Area(_)));
            if twin && !matches!(view.before(earlier), "between" | "in" | "of") {
                first = self.out.last().map_or(first, |f| f.first);
            }
        }
        // "the Parliamentary and Diplomatic Protection Command".
        if first >= 3
            && view.before(first) == "and"
            && self.out.last().is_some_and(|f| f.first + 2 == first && matches!(&f.what, What::Bare(_)))
            && matches!(view.before(first - 2), "the" | "'s")
        {
            first -= 2;
        }
        // A part of a body named before it ("the force's Roads Policing Unit") is no other body.
        let part = view.before(first) == "'s"
            && PARTS.contains(&view.lower(head_token))
            && self
                .out
                .last()
                .is_some_and(|f| f.last + 1 == first && matches!(f.what, What::Known(_) | What::Body { .. }));
        // "the Directorate of Professional Standards" is a part of a force unless it has a place or letters of its own.
        let own = (first..last)
            .any(|i| view.class(i).has(Class::PLACE) || self.at_token.get(i).copied().flatten().is_some())
            || matches!(view.lower(last), "(" | "[")
            || view.class(first).has(Class::NATIONALITY);
        let part = part || PARTS.contains(&view.lower(head_token)) && !own;
        // "City of Westminster Magistrates' Court".
        if view.before(first) == "of"
            && first >= 2
            && matches!(view.lower(first - 2), "city" | "borough")
            && view.capital(first - 2)
        {
            first -= 2;
        }
        let kind = lexicon().head_kind(view.lower(head_token));
        if part {
            self.resume = self.resume.max(last);
        } else {
            self.push(first, last, What::Body { kind }, "head noun");
        }
        let rest = run.get(rest_from..).unwrap_or(&[]);
        if !rest.is_empty() {
            self.parse(rest);
        }
        true
    }

    /// How many words at the beginning of `run` name a known place.
    fn place_length(&self, run: &[usize]) -> usize {
        let view = self.view;
        let words: Vec<&str> = run.iter().take(4).map(|i| view.lower(*i)).collect();
        for n in (2..=words.len()).rev() {
            let phrase = words.get(..n).unwrap_or(&[]).join(" ");
            if lexicon().place_phrases().contains(&phrase) {
                return n;
            }
        }
        let class = |n: usize| run.get(n).map_or_else(Class::default, |i| view.class(*i));
        if class(0).has(Class::MODIFIER) && class(1).has(Class::PLACE) {
            return 2;
        }
        let compass =
            run.get(1).is_some_and(|i| matches!(view.lower(*i), "north" | "south" | "east" | "west" | "central"));
        match class(0).has(Class::PLACE) {
            true if compass && class(2).has(Class::HONOUR) => 2,
            known => usize::from(known),
        }
    }

    /// A place by its head noun, or a known one.
    fn place(&mut self, run: &[usize]) -> bool {
        let view = self.view;
        let (Some(first), Some(last)) = (run.first().copied(), run.last().copied()) else { return false };
        let class = view.class(first);
        let last_class = view.class(last);
        let cue = PLACE_CUES.contains(&view.before(first));
        // "Southwark crown court", as some papers write it.
        let court = match (view.after(last), view.lower(last + 2), view.lower(last + 3)) {
            ("crown" | "county" | "sheriff" | "magistrates" | "high", "court", _) => 2,
            ("magistrates" | "magistrate" | "coroner" | "coroners", "'s" | "'", "court") => 3,
            _ => 0,
        };
        if court > 0 && view.same_sentence(last, last + court) && !class.has(Class::COMMON) {
            self.push(first, last + 1 + court, What::Body { kind: "court" }, "court");
            return true;
        }
        // "Charing Cross police station", "Reading station".
        let station = match (view.after(last), view.lower(last + 2)) {
            ("police", "station") => 2,
            ("station", _) | ("prison", _) | ("airport", _) => 1,
            ("railway" | "tube" | "underground" | "train", "station") => 2,
            _ => 0,
        };
        if station > 0 && !class.has(Class::TITLE.or(Class::RANK)) {
            let from = run.iter().position(|i| !view.class(*i).has(Class::COMMON)).unwrap_or(0);
            let first = run.get(from).copied().unwrap_or(first);
            self.push(first, last + 1 + station, What::Place, "station");
            return true;
        }
        // "the Brent MP".
        if run.len() == 2
            && last_class.has(Class::HONOUR)
            && class.has(Class::PLACE)
            && matches!(view.lower(last), "mp" | "msp" | "ms" | "mla")
        {
            self.push_place(run.get(..1).unwrap_or(&[]), "constituency");
            return true;
        }
        let titled = class.has(Class::TITLE.or(Class::RANK)) && !class.has(Class::GIVEN);
        if run.len() > 1 && last_class.has(Class::PLACE_HEAD) && !titled {
            let person = class.has(Class::GIVEN) && last_class.has(Class::SURNAME_HEAD) && !cue;
            if !person {
                self.push_place(run, "place head");
                return true;
            }
        }
        let known = self.place_length(run);
        if known == run.len() {
            // A surname like "Preston" or a woman called Chelsea: the registry decides.
            let named = self.titled.contains(view.lower(last)) || class.has(Class::GIVEN);
            if known == 1 && named && !cue {
                return false;
            }
            // "north-west London", "south London" without its compass.
            let compass = matches!(
                view.before(first),
                "north-west" | "north-east" | "south-west" | "south-east" | "north" | "south" | "east" | "west"
            ) && !view.class(first).has(Class::MODIFIER);
            if compass {
                self.push(first - 1, last + 1, What::Place, "compass place");
            } else {
                self.push_place(run, "known place");
            }
            return true;
        }
        if known > 0 && known < run.len() {
            let rest = run.get(known..).unwrap_or(&[]);
            let next = rest.first().map_or_else(Class::default, |i| view.class(*i));
            let surnamed = rest.len() == 2 && rest.last().is_some_and(|i| view.class(*i).has(Class::SURNAME));
            if (surnamed
                || next.has(
                    Class::GIVEN
                        .or(Class::OFFICE)
                        .or(Class::TITLE)
                        .or(Class::RANK)
                        .or(Class::NATIONALITY)
                        .or(Class::RANK_PART),
                ))
                && rest.len() > 1
                && !class.has(Class::GIVEN)
            {
                self.push_place(run.get(..known).unwrap_or(&[]), "known place");
                self.parse(rest);
                return true;
            }
        }
        false
    }

    /// A person by title, rank or given name.
    fn person(&mut self, run: &[usize]) -> bool {
        let view = self.view;
        let mut run = run;
        // Letters after the name.
        while run.len() > 1 && run.last().is_some_and(|i| view.class(*i).has(Class::HONOUR)) {
            run = run.get(..run.len() - 1).unwrap_or(&[]);
        }
        // An acronym inside a run in mixed case ends it.
        let mixed = run.iter().any(|i| !view.all_capitals(*i));
        if mixed
            && let Some(cut) = run.iter().position(|i| {
                view.all_capitals(*i)
                    && !view.class(*i).has(
                        Class::RANK
                            .or(Class::TITLE)
                            .or(Class::OFFICE)
                            .or(Class::RANK_PART)
                            .or(Class::GIVEN)
                            .or(Class::HONOUR),
                    )
            })
        {
            let (left, right) = run.split_at(cut);
            if !left.is_empty() {
                self.parse(left);
            }
            if let Some(right) = right.get(1..).filter(|r| !r.is_empty()) {
                self.parse(right);
            }
            return true;
        }
        let office = Class::TITLE.or(Class::RANK).or(Class::OFFICE).or(Class::RANK_PART);
        let mut start = 0;
        for (n, i) in run.iter().enumerate() {
            let class = view.class(*i);
            let last = n + 1 == run.len();
            let given_before = n > 0
                && run.get(n - 1).is_some_and(|b| view.class(*b).has(Class::GIVEN) && !view.class(*b).has(office));
            if class.has(office)
                && !last
                && !given_before
                && !(class.has(Class::GIVEN) && n > 0 && !class.has(Class::TITLE.or(Class::RANK)))
            {
                start = n + 1;
            }
        }
        // What stands before a given name at the beginning of a sentence is no part of the name.
        let words = run.get(start..).unwrap_or(&[]);
        if start == 0
            && words.len() == 2
            && words
                .first()
                .is_some_and(|i| view.class(*i).has(Class::NATIONALITY) && !view.class(*i).has(Class::GIVEN))
        {
            self.parse(words.get(1..).unwrap_or(&[]));
            return true;
        }
        if start == 0 && words.len() > 2 {
            let first = words.first().copied().unwrap_or(0);
            let class = view.class(first);
            let second = words.get(1).map_or_else(Class::default, |i| view.class(*i));
            if !class.has(Class::GIVEN)
                && second.has(Class::GIVEN)
                && (view.begins(first)
                    || class.has(Class::COMMON.or(Class::NATIONALITY).or(Class::PLACE).or(Class::HEAD)))
            {
                start = 1;
            }
        }
        let from = self.title_start(run, start);
        let title = self.title(run, from, start);
        let words = run.get(start..).unwrap_or(&[]);
        let (Some(first), Some(last)) = (words.first().copied(), words.last().copied()) else { return false };
        let class = view.class(first);
        let titled = !title.is_empty();
        if words.len() == 1
            && (class.has(Class::TITLE.or(Class::RANK).or(Class::RANK_PART))
                && !class.has(Class::GIVEN)
                && !class.has(Class::SURNAME))
        {
            return false;
        }
        if words.len() == 1
            && class.has(Class::HEAD.or(Class::OFFICE).or(Class::ROLE).or(Class::POLICE_ROLE))
            && !class.has(Class::SURNAME)
        {
            return false;
        }
        let office_before = !titled && start > 0;
        let lexical: Vec<String> = words.iter().map(|i| fold(view.lower(*i))).filter(|w| w != "'").collect();
        let name = PersonName {
            title,
            full: lexical.len() > 1,
            words: lexical.clone(),
            name_first: first,
            watch: Vec::new(),
            placed: PLACE_CUES.contains(&view.before(first)),
        };
        let begin = run.get(from).copied().unwrap_or(first);
        if name.full {
            let nameless = lexical.iter().all(|w| lexicon().class(w).has(office.or(Class::COMMON).or(Class::HEAD)));
            let nameless = nameless || view.class(last).has(Class::OFFICE) && !view.class(last).has(Class::SURNAME);
            if nameless {
                return false;
            }
            let sure = titled || class.has(Class::GIVEN) || office_before || self.person_score(first, last) >= 2;
            if !sure {
                return false;
            }
            if from > 0 {
                self.leftover(run.get(..from).unwrap_or(&[]));
            }
            self.push(begin, last + 1, What::Person(name), "name");
            return true;
        }
        if titled || office_before && !class.has(Class::COMMON.or(Class::PLACE)) {
            let all_caps_word = view.all_capitals(first) && !titled;
            if !all_caps_word {
                if from > 0 {
                    self.leftover(run.get(..from).unwrap_or(&[]));
                }
                self.push(begin, last + 1, What::Person(name), "title and name");
                return true;
            }
        }
        false
    }

    /// How far the words around tokens `first..=last` tell that they name a person.
    fn person_score(&self, first: usize, last: usize) -> i32 {
        let view = self.view;
        let mut score = 0;
        let next = view.after(last);
        let second = if view.same_sentence(last, last + 2) { view.lower(last + 2) } else { "" };
        let third = if view.same_sentence(last, last + 3) { view.lower(last + 3) } else { "" };
        let age = |word: &str| word.len() == 2 && word.chars().all(|c| c.is_ascii_digit());
        if next == "," && age(second) && matches!(third, "," | "." | "and" | "who" | "from" | "of" | ":" | "" | ";")
            || next == "(" && age(second)
        {
            score += 3;
        }
        let before =
            if first > 0 && view.same_sentence(first - 1, first) { view.class(first - 1) } else { Class::default() };
        if before.has(Class::ROLE.or(Class::POLICE_ROLE).or(Class::KIN)) {
            score += 2;
        }
        if view.before(first) == ","
            && first > 1
            && view.same_sentence(first - 2, first)
            && view.class(first - 2).has(Class::ROLE.or(Class::KIN))
            && next == ","
        {
            score += 2;
        }
        if matches!(next, "who" | "whose") || next == "," && matches!(second, "who" | "whose") {
            score += 2;
        }
        if next == ","
            && matches!(
                second,
                "the" | "a" | "an" | "his" | "her" | "its" | "their" | "head" | "chair" | "director" | "leader"
            )
        {
            let (_, end) = view.sentence_range(last);
            if (last + 3..(last + 9).min(end))
                .any(|i| view.class(i).has(Class::ROLE.or(Class::POLICE_ROLE).or(Class::KIN)))
            {
                score += 2;
            }
        }
        if self.titled.contains(view.lower(last)) {
            score += 3;
        }
        let after = if next.is_empty() { Class::default() } else { view.class(last + 1) };
        if after.has(Class::SPEECH) || before.has(Class::SPEECH) {
            score += 1;
        }
        if after.has(Class::PERSON_VERB) {
            score += 1;
        }
        if before == Class::default()
            && first > 1
            && view.before(first) == "of"
            && matches!(
                view.lower(first.saturating_sub(2)),
                "murder" | "death" | "killing" | "shooting" | "murders" | "family" | "case"
            )
        {
            score += 2;
        }
        if view.class(last).has(Class::SURNAME)
            && last > first
            && !view.class(first).has(Class::HEAD.or(Class::MODIFIER))
        {
            score += 2;
        }
        // "Ann Orr, from the CPS", and in a list of persons.
        if next == "," && matches!(second, "from" | "of" | "for") {
            score += 1;
        }
        let listed = matches!(view.before(first), "and" | ",")
            && first > 1
            && self.out.last().is_some_and(|f| f.last + 1 == first && matches!(&f.what, What::Person(n) if n.full));
        if listed && last > first {
            score += 1;
        }
        let words: Vec<Class> = (first..=last).map(|i| view.class(i)).collect();
        if !words
            .iter()
            .any(|c| c.has(Class::COMMON.or(Class::PLACE).or(Class::HEAD).or(Class::PLACE_HEAD).or(Class::NATIONALITY)))
        {
            score += 1;
        }
        if words.iter().any(|c| c.has(Class::COMMON)) {
            score -= 2;
        }
        if PLACE_CUES.contains(&view.before(first)) {
            score -= 2;
        }
        if view.before(first) == "the" {
            score -= 3;
        }
        if before.has(Class::BODY_NOUN) && !before.has(Class::ROLE) {
            score -= 3;
        }
        score
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
        let told = run.len() == 2 && matches!(before, "told" | "tells") && self.person_score(first, last) < 3;
        if apposed || told {
            self.push(first, last + 1, What::Body { kind: if told { "media" } else { "campaign" } }, "apposition");
            return;
        }
        // "told the Mercury": a paper.
        if before == "the" && run.len() <= 2 && first > 1 && matches!(view.lower(first - 2), "told" | "tells") {
            self.push(first, last + 1, What::Body { kind: "media" }, "told the paper");
            return;
        }
        let words: Vec<String> = run.iter().map(|i| fold(view.lower(*i))).collect();
        let age = self.person_score(first, last) >= 3 && run.len() == 1 && view.class(first).has(Class::GIVEN);
        let kin = first > 0
            && view.same_sentence(first - 1, first)
            && view.class(first - 1).has(Class::KIN)
            && view.class(first).has(Class::GIVEN);
        let chained = before == ","
            && self.out.last().is_some_and(|f| matches!(f.what, What::Place | What::Area(_)) && f.last + 1 == first);
        let address = before == "of" && first > 1 && view.before(first - 1) == ",";
        let name = PersonName {
            full: false,
            name_first: first,
            words,
            placed: PLACE_CUES.contains(&before) || chained || address,
            ..PersonName::default()
        };
        let what = if (age || kin) && run.len() == 1 { What::Person(name) } else { What::Bare(name) };
        self.push(first, last + 1, what, "capitals");
    }
}
