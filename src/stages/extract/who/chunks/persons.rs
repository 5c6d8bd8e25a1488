//! Persons: watched names, ciphers, names with titles and given names, and what tells that a name is a person's.

use super::super::lexicon::{Class, lexicon};
use super::super::matcher::Owner;
use super::super::view::fold;
use super::{CIPHER_BEARERS, Found, PLACE_CUES, PersonName, Scanner, What};
use crate::domain::Span;

/// Numbers that stand for a name ("Officer Two").
const NUMBERS: &[&str] =
    &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "1", "2", "3", "4"];

impl Scanner<'_> {
    /// A watched person's name inside the run.
    pub(super) fn watched_person(&mut self, run: &[usize]) -> bool {
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
    pub(super) fn cipher(&mut self, run: &[usize]) -> bool {
        let view = self.view;
        if self.coded(run) {
            return true;
        }
        let (Some(first), Some(last)) = (run.first().copied(), run.last().copied()) else { return false };
        let code = view.doc.slice(view.span(last, last + 1));
        let letters = code.chars().take_while(char::is_ascii_uppercase).count();
        let digits = code.chars().skip(letters).take_while(char::is_ascii_digit).count();
        let counted = run.len() == 2 && NUMBERS.contains(&view.lower(last));
        let coded = counted || letters > 0 && letters <= 3 && digits <= 4 && letters + digits == code.len();
        if !coded {
            return false;
        }
        if run.len() == 1 && digits > 0 && letters == 1 && matches!(code.chars().next(), Some('A' | 'B' | 'M')) {
            self.push(first, last + 1, What::Place, "road number");
            return true;
        }
        let bearer = run.len() == 2
            && (letters == 1 || digits > 0 || counted)
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

    /// Where the titles and ranks right before word `n` of the run begin.
    pub(super) fn title_start(&self, run: &[usize], n: usize) -> usize {
        let view = self.view;
        let mut from = n;
        let mut core = false;
        let mut at = n;
        while at > 0 {
            let Some(token) = run.get(at - 1) else { break };
            let class = view.class(*token);
            if self.officer(*token)
                || class.has(Class::TITLE.or(Class::RANK))
                    && !(class.has(Class::OFFICE) && matches!(view.before(*token), "crime" | "hm" | "regional"))
            {
                core = true;
                at -= 1;
                from = at;
            } else if core
                && (class.has(Class::RANK_PART) && (!view.begins(*token) || view.lower(*token) != "special")
                    || self.grade(*token))
            {
                at -= 1;
                from = at;
            } else {
                break;
            }
        }
        from
    }

    /// Whether token `index` tells the grade of the rank that follows ("Staff Sergeant", "Special Constable").
    pub(super) fn grade(&self, index: usize) -> bool {
        let rank = matches!(
            self.view.after(index),
            "sergeant"
                | "sgt"
                | "constable"
                | "sergeant-major"
                | "inspector"
                | "superintendent"
                | "officer"
                | "corporal"
        );
        rank && self.view.capital(index + 1)
            && matches!(
                self.view.lower(index),
                "staff" | "colour" | "warrant" | "petty" | "special" | "regimental" | "squadron"
            )
    }

    /// Whether token `index` is the last word of "Warrant Officer" or "Petty Officer".
    fn officer(&self, index: usize) -> bool {
        self.view.lower(index) == "officer" && matches!(self.view.before(index), "warrant" | "petty")
    }

    /// The title in words `from..to` of the run.
    pub(super) fn title(&self, run: &[usize], from: usize, to: usize) -> String {
        run.get(from..to).unwrap_or(&[]).iter().map(|i| self.view.lower(*i)).collect::<Vec<_>>().join(" ")
    }

    /// A person by title, rank or given name.
    pub(super) fn person(&mut self, run: &[usize]) -> bool {
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
        // "In May Sgt Orr was": the month is no name of his.
        if let [month, title, _, ..] = run
            && view.class(*month).has(Class::CALENDAR)
            && matches!(
                view.before(*month),
                "in" | "since" | "last" | "until" | "by" | "from" | "this" | "early" | "late"
            )
            && view.class(*title).has(Class::TITLE.or(Class::RANK))
        {
            return self.person(run.get(1..).unwrap_or(&[]));
        }
        let office = Class::TITLE.or(Class::RANK).or(Class::OFFICE).or(Class::RANK_PART);
        let mut start = 0;
        for (n, i) in run.iter().enumerate() {
            let class = view.class(*i);
            let last = n + 1 == run.len();
            let given_before = n > 0
                && run.get(n - 1).is_some_and(|b| view.class(*b).has(Class::GIVEN) && !view.class(*b).has(office));
            let name = class.has(Class::GIVEN) && n > 0 && !class.has(Class::TITLE.or(Class::RANK))
                || start > 0 && n > start && run.get(start).is_some_and(|s| !view.class(*s).has(office));
            if (class.has(office) && !name || self.officer(*i)) && !last && !given_before {
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
        // "Mr de Menezes" is a surname; so is what stands after initials a full name.
        let particle = titled && class.has(Class::PARTICLE) && lexical.len() == 2;
        let single = |w: &String| w.chars().nth(1).is_none();
        let initials = lexical.len() > 1 && lexical.first().is_some_and(single) && !lexical.last().is_some_and(single);
        let name = PersonName {
            title,
            full: lexical.len() > 1 && !particle,
            words: lexical.clone(),
            name_first: first,
            watch: Vec::new(),
            placed: PLACE_CUES.contains(&view.before(first)),
        };
        let begin = run.get(from).copied().unwrap_or(first);
        if name.full {
            let nameless = lexical.iter().all(|w| lexicon().class(w).has(office.or(Class::COMMON).or(Class::HEAD)));
            let nameless = nameless || view.class(last).has(Class::OFFICE) && !view.class(last).has(Class::SURNAME);
            if nameless || lexical.iter().all(|w| w.chars().nth(1).is_none()) {
                return false;
            }
            let sure =
                titled || initials || class.has(Class::GIVEN) || office_before || self.person_score(first, last) >= 2;
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
    pub(super) fn person_score(&self, first: usize, last: usize) -> i32 {
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
            let told = last + 3..(last + 14).min(end);
            if told.clone().take(6).any(|i| view.class(i).has(Class::ROLE.or(Class::POLICE_ROLE).or(Class::KIN))) {
                score += 2;
            }
            // "Olly Orr, the prop, retired", not "Orr Lowe, the maker of vans, said".
            let close = told.clone().find(|i| view.lower(*i) == ",");
            let acts = close.is_some_and(|c| view.class(c + 1).has(Class::SPEECH.or(Class::PERSON_VERB)));
            if acts && !told.take_while(|i| Some(*i) != close).any(|i| view.class(i).has(Class::BODY_NOUN)) {
                score += 1;
            }
        }
        if last > first && self.alone.contains(view.lower(last)) {
            score += 1;
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
}
