//! What has the form of a name and names no one: Acts of Parliament and makes; and names that are dedications.

use super::super::lexicon::{Class, lexicon};
use super::{Scanner, What};

/// Words that may be written small inside the name of an Act.
const LINKS: &[&str] = &["and", "of", "at", "for", "in", "to", "on", "with", "the", "(", ")", ",", "&", "by"];

/// Tokens before its last word over which the name of an Act may reach.
const LONGEST_NAME: usize = 14;

/// Words before "of" in a dedication ("Our Lady of Lourdes", "Princess of Wales").
const DEDICATED: &[&str] =
    &["lady", "prince", "princess", "duke", "duchess", "queen", "king", "sisters", "heart", "earl", "lord", "society"];

impl Scanner<'_> {
    /// "the Health and Safety at Work Act": neither person, place nor body, and none of the words before it either.
    pub(super) fn law(&mut self, run: &[usize]) -> bool {
        let view = self.view;
        let Some(at) = run.iter().position(|i| matches!(view.lower(*i), "act" | "bill")) else { return false };
        let Some(last) = run.get(at).copied() else { return false };
        let before = at.checked_sub(1).and_then(|b| run.get(b)).copied();
        let person = before.is_some_and(|b| view.class(b).has(Class::RANK.or(Class::TITLE).or(Class::GIVEN)));
        let floor = last.saturating_sub(LONGEST_NAME);
        let mut start = last;
        while start > floor
            && view.same_sentence(start - 1, last)
            && (view.capital(start - 1) || LINKS.contains(&view.lower(start - 1)))
            && (view.lower(start - 1) != "the" || view.capital(start - 1))
        {
            start -= 1;
        }
        let the = start > 0 && view.before(start) == "the" || view.lower(start) == "the";
        if !the || last == start || person && view.lower(last) == "bill" {
            return false;
        }
        while self.out.last().is_some_and(|f| f.first >= start && f.last <= last + 1) {
            self.out.pop();
        }
        self.resume = self.resume.max(last + 1);
        if let Some(rest) = run.get(at + 1..).filter(|r| !r.is_empty()) {
            self.parse(rest);
        }
        true
    }

    /// "a red Massey Ferguson".
    pub(super) fn make(&mut self, run: &[usize]) -> bool {
        let view = self.view;
        let [first, second, rest @ ..] = run else { return false };
        let titled = *first > 0 && view.class(*first - 1).has(Class::TITLE.or(Class::RANK).or(Class::GIVEN));
        if titled || !lexicon().is_make(view.lower(*first), view.lower(*second)) {
            return false;
        }
        self.resume = self.resume.max(second + 1);
        self.parse(rest);
        true
    }

    /// "Our Lady of Lourdes Hospital", "Prince of Wales School".
    pub(super) fn dedicated(&mut self, run: &[usize]) -> bool {
        let view = self.view;
        let (Some(first), Some(last)) = (run.first().copied(), run.last().copied()) else { return false };
        if !DEDICATED.contains(&view.lower(last))
            || view.after(last) != "of"
            || !view.same_sentence(last, last + 2)
            || !view.capital(last + 2)
        {
            return false;
        }
        let (more, _) = self.run(last + 2);
        let head = more.iter().position(|i| view.class(*i).has(Class::PLACE_HEAD.or(Class::HEAD)));
        let Some(head) = head.filter(|h| *h > 0 && *h < 5) else { return false };
        let Some(end) = more.get(head).map(|i| i + 1) else { return false };
        let class = view.class(end - 1);
        let what = if class.has(Class::PLACE_HEAD) {
            What::Place
        } else {
            What::Body { kind: lexicon().head_kind(view.lower(end - 1)) }
        };
        self.push(first, end, what, "dedication");
        if let Some(rest) = more.get(head + 1..).filter(|r| !r.is_empty()) {
            self.parse(rest);
        }
        true
    }

    /// "HMP Wandsworth".
    pub(super) fn prison(&mut self, run: &[usize]) -> bool {
        let [first, second, rest @ ..] = run else { return false };
        if !matches!(self.view.lower(*first), "hmp" | "hmyoi" | "yoi") || self.view.class(*second).has(Class::HEAD) {
            return false;
        }
        self.push(*first, second + 1, What::Place, "prison");
        if !rest.is_empty() {
            self.parse(rest);
        }
        true
    }

    /// "known only as Kasim", "named locally as Ali".
    pub(super) fn is_called(&self, first: usize) -> bool {
        let view = self.view;
        let class = view.class(first);
        let told = || {
            (first.saturating_sub(5)..first.saturating_sub(1)).any(|i| {
                matches!(view.lower(i), "named" | "identified") || view.lower(i) == "known" && view.after(i) == "only"
            })
        };
        view.before(first) == "as" && !view.all_capitals(first) && !class.has(Class::COMMON.or(Class::PLACE)) && told()
    }
}
