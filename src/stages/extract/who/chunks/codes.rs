//! Codes that stand for persons ("AZ12"): a letter or three with a number, where the text says whose they are.

use super::super::lexicon::Class;
use super::super::view::View;
use super::{CIPHER_BEARERS, Found, PersonName, Scanner, What};
use foldhash::HashSet;

/// Tokens before a code in which the text says that it stands for somebody ("who can be identified only as AZ12").
const INTRODUCED_WITHIN: usize = 7;

/// The codes that the text gives to persons.
pub(super) fn codes<'a>(view: &View<'a>) -> HashSet<&'a str> {
    let mut out = HashSet::default();
    for i in 0..view.doc.tokens.len() {
        if is_code(view, i) && (introduced(view, i) || joined(view, i, &out)) {
            out.insert(view.lower(i));
        }
    }
    out
}

/// Whether token `i` is one to three capitals and a number of one to four digits.
fn is_code(view: &View<'_>, i: usize) -> bool {
    let Some(token) = view.token(i) else { return false };
    let text = view.doc.slice(token.span);
    let letters = text.chars().take_while(char::is_ascii_uppercase).count();
    let digits = text.chars().skip(letters).take_while(char::is_ascii_digit).count();
    (1..=3).contains(&letters) && (1..=4).contains(&digits) && letters + digits == text.len()
}

/// "known as AZ12", "the marksman, AZ12,", "officer AZ12".
fn introduced(view: &View<'_>, i: usize) -> bool {
    let mut back = (i.saturating_sub(INTRODUCED_WITHIN)..i).rev().filter(|k| view.same_sentence(*k, i));
    let bearer = |k: usize| {
        view.class(k).has(Class::POLICE_ROLE)
            || CIPHER_BEARERS.contains(&view.lower(k))
            || matches!(
                view.lower(k),
                "marksman" | "markswoman" | "sniper" | "shooter" | "agent" | "operative" | "informant"
            )
    };
    let mut before = back.next();
    while before.is_some_and(|k| matches!(view.lower(k), "“" | "‘" | "\"" | "'" | "(")) {
        before = back.next();
    }
    match before {
        Some(k) if view.lower(k) == "as" => back.any(|k| {
            matches!(
                view.lower(k),
                "known"
                    | "identified"
                    | "referred"
                    | "named"
                    | "called"
                    | "described"
                    | "designated"
                    | "only"
                    | "codenamed"
            )
        }),
        Some(k) if view.lower(k) == "," => back.next().is_some_and(bearer) && matches!(view.after(i), "," | "." | ")"),
        Some(k) => matches!(view.lower(k), "codenamed" | "cipher" | "pseudonym") || bearer(k) && !view.capital(k),
        None => false,
    }
}

/// "AZ12 and BX7": the second of a pair of which the first is known.
fn joined(view: &View<'_>, i: usize, known: &HashSet<&str>) -> bool {
    i > 1 && matches!(view.before(i), "and" | ",") && known.contains(view.lower(i - 2)) && view.same_sentence(i - 2, i)
}

impl Scanner<'_> {
    /// A code that stands for somebody, alone.
    pub(super) fn coded(&mut self, run: &[usize]) -> bool {
        let Some(first) = run.first().copied().filter(|i| self.codes.contains(self.view.lower(*i))) else {
            return false;
        };
        let name =
            PersonName { words: vec![self.view.lower(first).to_owned()], name_first: first, ..PersonName::default() };
        let span = self.view.span(first, first + 1);
        self.out.push(Found { span, first, last: first + 1, what: What::Person(name), rule: "code" });
        self.resume = self.resume.max(first + 1);
        if let Some(rest) = run.get(1..).filter(|r| !r.is_empty()) {
            self.parse(rest);
        }
        true
    }
}
