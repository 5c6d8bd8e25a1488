//! Bodies: known ones and longer ones that begin with them, and others by their head nouns.

use super::super::lexicon::{Class, lexicon};
use super::super::matcher::{Hit, Owner};
use super::{Found, PARTS, Scanner, What};

impl Scanner<'_> {
    /// A known body, or a longer body whose name begins with it.
    pub(super) fn body(&mut self, hit: Hit) -> usize {
        let view = self.view;
        let Owner::Body(known) = hit.owner else { return hit.last };
        if let Some((end, what)) = self.crime_office(hit.last) {
            if what == "panel" {
                self.push(hit.first, end, What::Body { kind: "panel" }, "crime panel");
            }
            return end;
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

    /// What follows "Police" in the name of an office of crime (", Fire and Crime Panel"), from token `from`: one past
    /// its end, and its last word.
    pub(super) fn crime_office(&self, from: usize) -> Option<(usize, &'static str)> {
        let view = self.view;
        let fire = matches!(view.lower(from), "," | "and") && view.lower(from + 1) == "fire";
        let mut at = if fire { from + 2 } else { from };
        // "Police, Fire and Crime", "Police, Fire, and Crime", "Police, Fire & Crime".
        if fire && view.lower(at) == "," {
            at += 1;
        }
        if from == 0
            || !matches!(view.lower(at), "and" | "&")
            || view.lower(at + 1) != "crime"
            || !view.same_sentence(from - 1, at + 1)
        {
            return None;
        }
        match view.after(at + 1) {
            "panel" => Some((at + 3, "panel")),
            "commissioner" => Some((at + 3, "commissioner")),
            _ => Some((at + 2, "")),
        }
    }

    /// A body by its head noun.
    pub(super) fn organisation(&mut self, run: &[usize]) -> bool {
        let view = self.view;
        if let (Some(first), Some(last)) = (run.first().copied(), run.last().copied()) {
            // "Answers for Mary": a campaign, where it does not merely stand in a row of capitals.
            if view.class(last).has(Class::CAUSE)
                && run.len() == 1
                && view.after(last) == "for"
                && view.capital(last + 2)
                && view.same_sentence(last, last + 2)
                && (!view.begins(first) || view.class(last + 2).has(Class::GIVEN))
            {
                let (more, end) = self.run(last + 2);
                let end = more.last().map_or(end, |i| i + 1);
                self.push(first, end, What::Body { kind: "campaign" }, "cause");
                return true;
            }
            // "Forfar Justice of the Peace Court".
            let peace = ["of", "the", "peace", "court"].iter().zip(last + 1..).all(|(word, i)| view.lower(i) == *word);
            if view.lower(last) == "justice" && peace && view.same_sentence(last, last + 4) {
                self.push(first, last + 5, What::Body { kind: "court" }, "court");
                return true;
            }
            // A police and crime panel of an area that no force is known by.
            if view.lower(last) == "police"
                && let Some((end, what)) = self.crime_office(last + 1)
                && (run.len() > 1 || what == "panel")
            {
                if what == "panel" {
                    self.push(first, end, What::Body { kind: "panel" }, "crime panel");
                }
                self.resume = self.resume.max(end);
                return true;
            }
        }
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
        // "Association of Garda Sergeants and Inspectors".
        if rest_from == run.len()
            && last > head_token + 1
            && matches!(
                view.lower(head_token),
                "association" | "federation" | "society" | "union" | "institute" | "board"
            )
            && view.after(last - 1) == "and"
            && view.same_sentence(last - 1, last + 1)
            && view.capital(last + 1)
            && view.lower(last + 1).ends_with('s')
            && view.lower(last - 1).ends_with('s')
            && !(view.same_sentence(last + 1, last + 2) && view.capital(last + 2))
        {
            last += 2;
        }
        // "University College London".
        if let [city] = run.get(rest_from..).unwrap_or(&[])
            && view.class(*city).has(Class::PLACE)
            && matches!(view.lower(head_token), "college" | "university")
        {
            last = city + 1;
            rest_from = run.len();
        }
        // "elected Crown Court trial" names no court.
        let generic = before.iter().all(|i| {
            matches!(
                view.lower(*i),
                "crown" | "magistrates" | "coroner" | "coroners" | "county" | "sheriff" | "'" | "'s"
            )
        });
        if generic && last == head_token + 1 && lexicon().head_kind(view.lower(head_token)) == "court" {
            self.resume = self.resume.max(last);
            return true;
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
}
