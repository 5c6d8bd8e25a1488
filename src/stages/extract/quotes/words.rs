//! The words by which speakers are found: `config/quotes.toml`.

use crate::stages::extract::sieve::WordSet;
use serde::Deserialize;
use std::sync::LazyLock;

#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::parse(include_str!("../../../../config/quotes.toml")).expect("config/quotes.toml"));

/// The words of `config/quotes.toml`.
pub(super) fn words() -> &'static Words {
    &WORDS
}

/// Each list as a set; their meaning stands in the file.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) say: WordSet,
    pub(super) tell: WordSet,
    pub(super) hold: WordSet,
    pub(super) between: WordSet,
    pub(super) prepositions: WordSet,
    pub(super) conjunctions: WordSet,
    pub(super) documents: WordSet,
    pub(super) spokespeople: WordSet,
    pub(super) posts_male: WordSet,
    pub(super) posts_female: WordSet,
    pub(super) people: WordSet,
    pub(super) posts: WordSet,
    pub(super) utterances: WordSet,
    pub(super) own: WordSet,
    pub(super) nobody: WordSet,
    pub(super) elisions: WordSet,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    say: String,
    tell: String,
    hold: String,
    between: String,
    prepositions: String,
    conjunctions: String,
    documents: String,
    spokespeople: String,
    posts_male: String,
    posts_female: String,
    people: String,
    posts: String,
    utterances: String,
    own: String,
    nobody: String,
    elisions: String,
}

impl Words {
    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(text)?;
        Ok(Self {
            say: WordSet::parse(&file.say),
            tell: WordSet::parse(&file.tell),
            hold: WordSet::parse(&file.hold),
            between: WordSet::parse(&file.between),
            prepositions: WordSet::parse(&file.prepositions),
            conjunctions: WordSet::parse(&file.conjunctions),
            documents: WordSet::parse(&file.documents),
            spokespeople: WordSet::parse(&file.spokespeople),
            posts_male: WordSet::parse(&file.posts_male),
            posts_female: WordSet::parse(&file.posts_female),
            people: WordSet::parse(&file.people),
            posts: WordSet::parse(&file.posts),
            utterances: WordSet::parse(&file.utterances),
            own: WordSet::parse(&file.own),
            nobody: WordSet::parse(&file.nobody),
            elisions: WordSet::parse(&file.elisions),
        })
    }

    /// Whether `lower` is a post, a profession or a relative.
    pub(super) fn post(&self, lower: &str) -> bool {
        [&self.posts, &self.posts_male, &self.posts_female].iter().any(|list| list.contains(lower))
    }

    /// Whether `lower` is any verb that carries a quotation.
    pub(super) fn verb(&self, lower: &str) -> bool {
        self.say.contains(lower) || self.tell.contains(lower) || self.hold.contains(lower)
    }
}
