//! Places: by head noun, known, and by what stands before them.

use super::super::lexicon::{Class, lexicon};
use super::super::matcher::{Hit, Owner};
use super::{PLACE_CUES, Scanner, What};

/// Those who sit for a place, or come from it ("coroner for Louth", "MP for").
const SEATED: &[&str] = &[
    "coroner",
    "mp",
    "mps",
    "msp",
    "td",
    "tds",
    "mla",
    "ms",
    "mep",
    "councillor",
    "commissioner",
    "candidate",
    "member",
    "sits",
    "stands",
    "stood",
    "represents",
    "bishop",
    "sheriff",
    "cllr",
];

/// Nouns before which a name between them and their article is that of a place ("a Melksham man", "the Fintona area").
const INHABITANTS: &[&str] = &[
    "man",
    "woman",
    "boy",
    "girl",
    "teenager",
    "teen",
    "dad",
    "mum",
    "mother",
    "father",
    "pensioner",
    "grandmother",
    "grandfather",
    "couple",
    "resident",
    "residents",
    "branch",
    "td",
    "mp",
    "mla",
    "msp",
    "solicitor",
    "publican",
    "shopkeeper",
    "schoolboy",
    "schoolgirl",
    "youth",
    "bobby",
];

/// Nouns that make a place of the name before them ("the Red Lion pub").
const PLACED_NOUNS: &[&str] = &[
    "area",
    "district",
    "estate",
    "suburb",
    "road",
    "pub",
    "nightclub",
    "bar",
    "junction",
    "roundabout",
    "quarter",
    "interchange",
];

impl Scanner<'_> {
    /// Whether the words around tokens `first..=last` tell that they name a place.
    pub(super) fn is_placed(&self, first: usize, last: usize) -> bool {
        let view = self.view;
        let before = view.before(first);
        let after = view.after(last);
        let placed = |what: &What| match what {
            What::Place | What::Area(_) => true,
            What::Bare(name) => name.placed,
            _ => false,
        };
        let beside = self.out.last().filter(|f| f.last + 1 == first && placed(&f.what));
        // "Wellingborough and Daventry", "Didcot, Oxfordshire".
        let acts = view.class(last + 1).has(Class::SPEECH.or(Class::PERSON_VERB)) && !after.is_empty();
        let twin = beside.is_some_and(|f| PLACE_CUES.contains(&view.before(f.first)));
        let chained = beside.is_some() && (before == "," || before == "and" && twin && !acts);
        let address = before == "of" && first > 1 && view.before(first - 1) == ",";
        let seat = first > 1
            && (before == "for" && SEATED.contains(&view.lower(first - 2)) && view.same_sentence(first - 2, first)
                || before == "represents");
        let article = |i: usize| {
            matches!(view.before(i), "a" | "an" | "the") || view.class(i.saturating_sub(1)).has(Class::PLACE)
        };
        let article =
            article(first) || view.begins(first) || first > 1 && article(first - 1) && !view.capital(first - 1);
        let short = last == first || last == first + 1 && PLACED_NOUNS.contains(&after);
        let inhabited = article
            && short
            && (INHABITANTS.contains(&after) || PLACED_NOUNS.contains(&after))
            && !view.all_capitals(first);
        let visited = matches!(before, "visited" | "toured") && !view.class(first).has(Class::GIVEN.or(Class::SURNAME));
        // "COLM McATEER (55), publican, Bessbrook:".
        let listed = before == ","
            && after == ":"
            && first > 2
            && view.class(first - 2).has(Class::ROLE.or(Class::CIVIL))
            && view.before(first - 2) == ",";
        chained || address || seat || inhabited || listed || visited
    }

    /// Places among the words before a person's name ("London Mayor Sadiq Khan").
    pub(super) fn leftover(&mut self, run: &[usize]) {
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

    pub(super) fn push_place(&mut self, run: &[usize], rule: &'static str) {
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

    /// How many words at the beginning of `run` name a known place.
    pub(super) fn place_length(&self, run: &[usize]) -> usize {
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
    pub(super) fn place(&mut self, run: &[usize]) -> bool {
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
            ("police" | "garda", "station") => 2,
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
        // "St Helens".
        if run.len() == 2 && matches!(view.lower(first), "st" | "saint") && !last_class.has(Class::HEAD) {
            self.push_place(run, "saint");
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
            let surname = self.titled.contains(view.lower(last)) || self.surnames.contains(view.lower(last));
            let named = surname || class.has(Class::GIVEN);
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
}
