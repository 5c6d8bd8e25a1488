//! What must stand in a text for it to name somebody: a quick look before the long one.

use crate::domain::{Article, WatchedBody, Watchlist};
use crate::stages::extract::who::{known_body_forms, known_body_named};

/// In small letters the surnames of persons and the forms of bodies, without one of which an article names none of them.
#[derive(Debug, Clone)]
pub struct Needles(Vec<String>);

impl Needles {
    /// Those of everybody on `watchlist`.
    pub fn of(watchlist: &Watchlist) -> Self {
        let names = watchlist.persons.iter().flat_map(|p| std::iter::once(&p.name).chain(&p.aliases));
        let bodies = watchlist.bodies.iter().flat_map(body_forms).map(|form| form.to_lowercase());
        let mut all: Vec<String> = names.filter_map(|name| last_word(name)).chain(bodies).collect();
        all.sort();
        all.dedup();
        Self(all)
    }

    /// These and the last words of `forms`.
    pub fn with(mut self, forms: &[String]) -> Self {
        self.0.extend(forms.iter().filter_map(|form| last_word(form)));
        self
    }

    /// Whether `article` may name one of them.
    pub fn may_be_in(&self, article: &Article) -> bool {
        let headline = article.headline.as_deref().unwrap_or("").to_lowercase();
        self.may_be_in_small(&headline) || self.may_be_in_small(&article.text().to_lowercase())
    }

    /// The same of a text in small letters.
    pub(super) fn may_be_in_small(&self, text: &str) -> bool {
        self.0.iter().any(|needle| text.contains(needle.as_str()))
    }
}

fn last_word(name: &str) -> Option<String> {
    name.split_whitespace().last().map(str::to_lowercase)
}

/// Every form that a body has: its own, and those of the built-in list.
pub(super) fn body_forms(body: &WatchedBody) -> Vec<String> {
    let built_in = known_body_named(&body.name).map_or(body.id.as_str(), |(known, _)| known);
    let inherited = known_body_forms(&body.id).chain(known_body_forms(built_in)).map(str::to_owned);
    std::iter::once(&body.name).chain(&body.aliases).cloned().chain(inherited).collect()
}
