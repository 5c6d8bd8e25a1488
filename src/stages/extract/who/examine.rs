//! Why somebody in an article was, or was not, taken for a watched person: the weights behind the decision, rule by rule.

use super::view::View;
use super::{Bound, Doc, Recogniser, chunks, lives};
use crate::domain::Span;

/// A person of an article who bears a watched person's name, or may be meant by a short form of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// The fullest form in the article.
    pub name: String,
    /// Where it stands first.
    pub first: Span,
    /// Whether a given name is known.
    pub full: bool,
    /// What the rules weigh together: above zero for the watched person.
    pub score: i32,
    /// Each rule that took part, with its weight.
    pub rules: Vec<(i32, &'static str)>,
}

impl Recogniser {
    /// Everybody in `doc` who has a name or short form of the watched person `id`.
    pub fn examine(&self, doc: &Doc, id: &str) -> Vec<Examined> {
        let Some(wanted) = self.watched.persons.iter().position(|p| p.id == id) else { return Vec::new() };
        let view = View::new(doc);
        let hits = self.matcher.hits(&view);
        let found = chunks::scan(&view, &hits, &self.matcher);
        let Bound { persons, scene, bodies, .. } = self.bind(&view, &hits, &found);
        let mut out = Vec::new();
        for person in &persons {
            let mut options = person.candidates.clone();
            if person.full {
                options.extend_from_slice(self.watched.by_name(&person.words));
            }
            if options.is_empty() && person.full {
                options = self.watched.by_variant(&person.words);
            }
            let first = person.mentions.iter().filter_map(|m| found.get(*m)).map(|f| f.span).min();
            let Some(first) = first.filter(|_| options.contains(&wanted)) else { continue };
            let life = lives::life(&view, &found, &person.mentions, &bodies);
            let mut rules = Vec::new();
            self.watched.weigh_by(wanted, person, &life, &scene, &mut |points, rule| rules.push((points, rule)));
            let score = rules.iter().map(|(points, _)| points).sum();
            out.push(Examined { name: person.text.clone(), first, full: person.full, score, rules });
        }
        out
    }
}
