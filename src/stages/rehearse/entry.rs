//! A rehearsal of one entry of the watchlist on articles that are stored: where it hits, by which form and rule, and what
//! it nearly hits.

use super::needles::{Needles, body_forms};
use crate::domain::{Article, EntityKind, Extraction, Span, Watchlist};
use crate::stages::extract::Extractor;
use crate::stages::extract::doc::Doc;
use serde::Serialize;
use std::collections::BTreeMap;

/// Sentences shown for each form.
const SAMPLES: usize = 3;
/// Near misses of one kind that are kept.
const MOST_NEAR: usize = 40;
/// From this many letters on a name may be two letters off, below only one.
const LONG_NAME: usize = 9;

/// A sentence of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The sentence.
    pub sentence: String,
    /// The article's headline.
    pub headline: String,
    /// Where the article is.
    pub url: Option<String>,
}

/// A form of the name in the articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormHits {
    /// The form, as written.
    pub form: String,
    /// The rule that took it.
    pub rule: String,
    /// How often it stands.
    pub times: usize,
    /// In how many articles.
    pub articles: usize,
    /// A few sentences.
    pub samples: Vec<Sample>,
}

/// Something that looks like the name and was not taken for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NearMiss {
    /// What stands there.
    pub form: String,
    /// What it is: `other_given_name`, `spelled_nearly_so`, `namesake`, `in_another_name`, `not_taken`.
    pub kind: String,
    /// Why it was not taken, for people.
    pub why: String,
    /// In how many articles.
    pub articles: usize,
    /// A few sentences.
    pub samples: Vec<Sample>,
}

/// How a form that was asked about stands in the articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedForm {
    /// The form.
    pub form: String,
    /// In how many articles it stands, whoever is meant.
    pub articles: usize,
    /// In how many of those it was taken for the entry.
    pub taken: usize,
    /// How often its letters stand written small.
    pub small: usize,
    /// A few sentences.
    pub samples: Vec<Sample>,
}

/// What a rehearsal found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rehearsal {
    /// Articles looked at.
    pub articles: usize,
    /// Articles that name the entry.
    pub hit: usize,
    /// By form and rule, the most frequent first.
    pub hits: Vec<FormHits>,
    /// Forms that may mean the entry, where the article does not tell.
    pub unresolved: Vec<FormHits>,
    /// What was nearly taken.
    pub near: Vec<NearMiss>,
    /// The forms asked about, in their order.
    pub forms: Vec<AskedForm>,
    /// Persons of the same surname with another given name, and in how many articles each is named.
    pub same_surname: Vec<(String, usize)>,
}

/// Rehearses one entry, article by article.
#[derive(Debug)]
pub struct Rehearser {
    id: String,
    extractor: Extractor,
    /// Full names, each as its words in small letters.
    names: Vec<Vec<String>>,
    surname: String,
    person: bool,
    /// For a body: every form it has.
    body_forms: Vec<String>,
    /// What stands in an article that may name the entry.
    needles: Needles,
    articles: usize,
    hit: usize,
    hits: BTreeMap<(String, String), FormHits>,
    unresolved: BTreeMap<(String, String), FormHits>,
    near: BTreeMap<(String, String), NearMiss>,
    forms: Vec<AskedForm>,
    same_surname: BTreeMap<String, usize>,
}

impl Rehearser {
    /// The rehearsal of the entry `id` of `watchlist`; `forms` are looked for by their letters too. `None` when the
    /// watchlist has no such person or body.
    pub fn new(watchlist: &Watchlist, id: &str, forms: &[String]) -> Option<Self> {
        let person = watchlist.persons.iter().find(|p| p.id == id).map(|p| (&p.name, &p.aliases));
        let body = watchlist.bodies.iter().find(|b| b.id == id).map(|b| (&b.name, &b.aliases));
        let (name, aliases) = person.or(body)?;
        let all: Vec<&String> = std::iter::once(name).chain(aliases).collect();
        let words = |form: &str| -> Vec<String> { form.split_whitespace().map(str::to_lowercase).collect() };
        let only = Watchlist {
            persons: watchlist.persons.iter().filter(|p| p.id == id).cloned().collect(),
            bodies: watchlist.bodies.iter().filter(|b| b.id == id).cloned().collect(),
            ..Watchlist::default()
        };
        let body_forms: Vec<String> = only.bodies.iter().flat_map(body_forms).collect();
        let surname = words(name).last().cloned().unwrap_or_default();
        let standing =
            |form: &String| AskedForm { form: form.clone(), articles: 0, taken: 0, small: 0, samples: Vec::new() };
        Some(Self {
            id: id.to_owned(),
            extractor: Extractor::new(watchlist),
            names: all.iter().map(|f| words(f)).filter(|w| w.len() > 1).collect(),
            surname,
            person: person.is_some(),
            body_forms,
            needles: Needles::of(&only).with(forms),
            articles: 0,
            hit: 0,
            hits: BTreeMap::new(),
            unresolved: BTreeMap::new(),
            near: BTreeMap::new(),
            forms: forms.iter().map(standing).collect(),
            same_surname: BTreeMap::new(),
        })
    }

    /// Reads one article, and says whether it names the entry.
    pub fn read(&mut self, article: &Article) -> bool {
        let hit = self.hit;
        self.articles += 1;
        let doc = Doc::new(article);
        let small = doc.text.to_lowercase();
        let may_name = self.needles.may_be_in_small(&small);
        let mut taken: Vec<Span> = Vec::new();
        if may_name {
            let found = self.extractor.extract(article);
            self.mentions(article, &doc, &found, &mut taken);
            if self.person {
                self.namesakes(article, &doc, &found);
            } else {
                self.forms_not_taken(article, &doc, &found, &taken);
            }
        }
        self.nearly_spelled(article, &doc);
        for form in &mut self.forms {
            let places = places_of(&doc.text, &form.form);
            let lower = form.form.to_lowercase();
            if lower != form.form {
                form.small += places_of(&doc.text, &lower).len();
            }
            if let Some(first) = places.first() {
                form.articles += 1;
                form.taken += usize::from(places.iter().any(|p| taken.iter().any(|t| t.overlaps(p))));
                if form.samples.len() < SAMPLES {
                    form.samples.push(sample(article, &doc, *first));
                }
            }
        }
        self.hit > hit
    }

    /// What was found over all articles.
    pub fn finish(self) -> Rehearsal {
        fn sorted(map: BTreeMap<(String, String), FormHits>) -> Vec<FormHits> {
            let mut all: Vec<FormHits> = map.into_values().collect();
            all.sort_by(|a, b| (b.articles, b.times, &a.form).cmp(&(a.articles, a.times, &b.form)));
            all
        }
        let mut near: Vec<NearMiss> = self.near.into_values().collect();
        near.sort_by(|a, b| (&a.kind, b.articles, &a.form).cmp(&(&b.kind, a.articles, &b.form)));
        let mut kept: BTreeMap<String, usize> = BTreeMap::new();
        near.retain(|n| {
            let seen = kept.entry(n.kind.clone()).or_default();
            *seen += 1;
            *seen <= MOST_NEAR
        });
        let mut same_surname: Vec<(String, usize)> = self.same_surname.into_iter().collect();
        same_surname.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
        Rehearsal {
            articles: self.articles,
            hit: self.hit,
            hits: sorted(self.hits),
            unresolved: sorted(self.unresolved),
            near,
            forms: self.forms,
            same_surname,
        }
    }

    fn mentions(&mut self, article: &Article, doc: &Doc, found: &Extraction, taken: &mut Vec<Span>) {
        let mut hit_forms: Vec<(String, String)> = Vec::new();
        let mut open_forms: Vec<(String, String)> = Vec::new();
        for mention in found.mentions.iter().filter(|m| !m.nominal) {
            let form = mention.span.of(&doc.text).to_owned();
            let open = found.entity(&mention.entity).is_some_and(|e| e.candidates.contains(&self.id));
            let (map, seen) = if mention.entity == self.id {
                taken.push(mention.span);
                (&mut self.hits, &mut hit_forms)
            } else if open {
                (&mut self.unresolved, &mut open_forms)
            } else {
                continue;
            };
            let key = (form.clone(), mention.rule.clone());
            let row = map.entry(key.clone()).or_insert_with(|| FormHits {
                form,
                rule: mention.rule.clone(),
                times: 0,
                articles: 0,
                samples: Vec::new(),
            });
            row.times += 1;
            if !seen.contains(&key) {
                row.articles += 1;
                if row.samples.len() < SAMPLES {
                    row.samples.push(sample(article, doc, mention.span));
                }
                seen.push(key);
            }
        }
        self.hit += usize::from(!taken.is_empty());
    }

    /// Persons of the same name who were not taken, and those of the same surname with another given name.
    fn namesakes(&mut self, article: &Article, doc: &Doc, found: &Extraction) {
        for examined in self.extractor.examine(article, &self.id) {
            let open = found.entities.iter().any(|e| e.name == examined.name && e.candidates.contains(&self.id));
            let taken = found.mentions.iter().any(|m| m.entity == self.id && m.span == examined.first);
            if taken || open || examined.score > 0 && !examined.full {
                continue;
            }
            let against: Vec<String> = examined
                .rules
                .iter()
                .filter(|(points, rule)| *points < 0 || *rule == "unknown")
                .map(|(points, rule)| format!("{} ({points})", rule.replace('_', " ")))
                .collect();
            let why = match (examined.full, against.is_empty()) {
                (true, false) => format!("a namesake, by {}", against.join(", ")),
                (true, true) => "another watched person of the same name fits better, or none fits".to_owned(),
                (false, false) => format!("a short form that does not fit, by {}", against.join(", ")),
                (false, true) => "a surname alone, and nothing tells whose".to_owned(),
            };
            self.note("namesake", &examined.name, why, sample(article, doc, examined.first));
        }
        for entity in &found.entities {
            let words: Vec<String> = entity.name.split_whitespace().map(str::to_lowercase).collect();
            let other = entity.kind == EntityKind::Person
                && entity.key != self.id
                && words.len() > 1
                && words.last() == Some(&self.surname)
                && !entity.candidates.contains(&self.id)
                && !self.names.iter().any(|n| n.first() == words.first() && n.last() == words.last());
            if !other {
                continue;
            }
            *self.same_surname.entry(entity.name.clone()).or_default() += 1;
            if let Some(mention) = found.mentions.iter().find(|m| m.entity == entity.key) {
                let why = "the same surname, another given name".to_owned();
                self.note("other_given_name", &entity.name, why, sample(article, doc, mention.span));
            }
        }
    }

    /// Places where a form of a body stands and was not taken for it.
    fn forms_not_taken(&mut self, article: &Article, doc: &Doc, found: &Extraction, taken: &[Span]) {
        let mut told: Vec<Span> = Vec::new();
        let mut forms = self.body_forms.clone();
        forms.sort_by_key(|f| std::cmp::Reverse(f.len()));
        forms.dedup();
        for form in forms {
            for place in places_of(&doc.text, &form) {
                if taken.iter().chain(&told).any(|t| t.overlaps(&place)) {
                    continue;
                }
                told.push(place);
                let inside = found.mentions.iter().find(|m| m.span.overlaps(&place) && !m.nominal);
                let (kind, why) = match inside {
                    Some(other) => {
                        let name = found.entity(&other.entity).map_or(other.entity.as_str(), |e| e.name.as_str());
                        ("in_another_name", format!("part of the name of {name}"))
                    }
                    None => ("not_taken", "the conditions of this form do not hold there".to_owned()),
                };
                self.note(kind, &form, why, sample(article, doc, place));
            }
        }
    }

    /// Names that are a letter or two off.
    fn nearly_spelled(&mut self, article: &Article, doc: &Doc) {
        let mut found: Vec<(String, Span)> = Vec::new();
        for name in &self.names {
            let wanted = name.join(" ");
            let letters = wanted.chars().count();
            let most = if letters < LONG_NAME { 1 } else { 2 };
            for window in doc.tokens.windows(name.len()) {
                let (Some(first), Some(last)) = (window.first(), window.last()) else { continue };
                let span = Span::new(first.span.start, last.span.end);
                let large = |t: &crate::stages::extract::doc::Token| {
                    t.span.of(&doc.text).chars().next().is_some_and(char::is_uppercase)
                };
                if !large(first) || !large(last) || span.end - span.start > wanted.len() + 8 {
                    continue;
                }
                let here = span.of(&doc.text).to_lowercase();
                let far = here.chars().count().abs_diff(letters) > most;
                let known = |n: &Vec<String>| n.join(" ") == here;
                if far || here == wanted || self.names.iter().any(known) || found.iter().any(|(_, s)| *s == span) {
                    continue;
                }
                if (1..=most).contains(&strsim::osa_distance(&here, &wanted)) {
                    found.push((wanted.clone(), span));
                }
            }
        }
        for (wanted, span) in found {
            let form = span.of(&doc.text).to_owned();
            let off = strsim::osa_distance(&form.to_lowercase(), &wanted);
            let why = format!("{off} letter{} off: a slip, or somebody else", if off == 1 { "" } else { "s" });
            self.note("spelled_nearly_so", &form, why, sample(article, doc, span));
        }
    }

    fn note(&mut self, kind: &str, form: &str, why: String, sample: Sample) {
        // A name that differs by its given name alone is one kind of near miss, not two.
        let key = (form.to_owned(), why.clone());
        let fresh = NearMiss { form: form.to_owned(), kind: kind.to_owned(), why, articles: 0, samples: Vec::new() };
        let row = self.near.entry(key).or_insert(fresh);
        let again = row.samples.last().is_some_and(|s| s.url == sample.url && s.headline == sample.headline);
        row.articles += usize::from(!again);
        if !again && row.samples.len() < SAMPLES {
            row.samples.push(sample);
        }
    }
}

/// Where `form` stands in `text` with these very letters, as whole words.
fn places_of(text: &str, form: &str) -> Vec<Span> {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(form)
        .filter(|_| !form.is_empty())
        .map(|(start, _)| Span::new(start, start + form.len()))
        .filter(|s| {
            let before = text.get(..s.start).and_then(|t| t.chars().next_back());
            let after = text.get(s.end..).and_then(|t| t.chars().next());
            !word(before) && !word(after)
        })
        .collect()
}

fn sample(article: &Article, doc: &Doc, span: Span) -> Sample {
    let sentence = doc.sentence_at(span.start).and_then(|n| doc.sentences.get(n)).map_or(span, |s| s.span);
    Sample {
        sentence: sentence.of(&doc.text).to_owned(),
        headline: article.headline.clone().unwrap_or_default(),
        url: article.url.as_ref().map(ToString::to_string),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Block, BlockKind, WatchedBody, WatchedPerson};

    fn article(text: &str) -> Article {
        let blocks = text.split("\n\n").map(|t| Block { kind: BlockKind::Paragraph, text: t.to_owned() }).collect();
        Article { headline: Some(format!("About {text:.12}")), blocks, ..Article::default() }
    }

    fn rehearse(id: &str, forms: &[&str], texts: &[&str]) -> Rehearsal {
        let person = WatchedPerson {
            id: "nick".into(),
            name: "Nick Sallis".into(),
            bodies: vec!["kent-police".into()],
            excludes: vec!["goalkeeper".into()],
            ..WatchedPerson::default()
        };
        let body = WatchedBody { id: "wex".into(), name: "Wexmoor Office".into(), ..WatchedBody::default() };
        let watchlist = Watchlist { persons: vec![person], bodies: vec![body], ..Watchlist::default() };
        let forms: Vec<String> = forms.iter().map(|f| (*f).to_owned()).collect();
        let mut rehearser = Rehearser::new(&watchlist, id, &forms).unwrap();
        for text in texts {
            rehearser.read(&article(text));
        }
        rehearser.finish()
    }

    #[test]
    fn a_person_is_hit_by_form_and_nearly_hit_for_reasons() {
        let found = rehearse(
            "nick",
            &["Sgt Sallis"],
            &[
                "Sergeant Nick Sallis of Kent Police was charged on Monday. Sgt Sallis denies it.",
                "The goalkeeper Nick Sallis saved twice, and Nick Sallis was cheered.",
                "Mary Sallis, a teacher, was fined.",
                "Nick Salliss of Kent Police spoke.",
                "Nothing here.",
            ],
        );
        assert_eq!((found.articles, found.hit), (5, 1));
        assert!(found.hits.iter().any(|h| h.form.contains("Nick Sallis") && h.articles == 1), "{found:#?}");
        let kinds: Vec<(&str, &str)> = found.near.iter().map(|n| (n.kind.as_str(), n.form.as_str())).collect();
        assert!(kinds.contains(&("namesake", "Nick Sallis")), "{kinds:?}");
        assert!(kinds.contains(&("other_given_name", "Mary Sallis")), "{kinds:?}");
        assert!(kinds.contains(&("spelled_nearly_so", "Nick Salliss")), "{kinds:?}");
        let namesake = found.near.iter().find(|n| n.kind == "namesake").unwrap();
        assert!(namesake.why.contains("exclude near"), "{namesake:?}");
        assert_eq!(found.same_surname, [("Mary Sallis".to_owned(), 1)]);
        assert_eq!((found.forms[0].articles, found.forms[0].taken), (1, 1), "{:?}", found.forms);
    }

    #[test]
    fn a_body_is_hit_and_its_forms_elsewhere_are_told() {
        let found = rehearse(
            "wex",
            &[],
            &[
                "The Wexmoor Office began an investigation.",
                "She reads the Wexmoor Office Gazette.",
                "The Wexmor Office said so.",
            ],
        );
        assert!(found.hit >= 1, "{found:#?}");
        assert!(found.near.iter().any(|n| n.kind == "spelled_nearly_so" && n.form == "Wexmor Office"), "{found:#?}");
    }
}
