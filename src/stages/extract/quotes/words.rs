//! The words by which speakers are found: `config/quotes.toml`.

use foldhash::HashSet;
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
    pub(super) say: HashSet<String>,
    pub(super) tell: HashSet<String>,
    pub(super) hold: HashSet<String>,
    pub(super) between: HashSet<String>,
    pub(super) prepositions: HashSet<String>,
    pub(super) conjunctions: HashSet<String>,
    pub(super) documents: HashSet<String>,
    pub(super) spokespeople: HashSet<String>,
    pub(super) posts_male: HashSet<String>,
    pub(super) posts_female: HashSet<String>,
    pub(super) people: HashSet<String>,
    pub(super) posts: HashSet<String>,
    pub(super) utterances: HashSet<String>,
    pub(super) own: HashSet<String>,
    pub(super) nobody: HashSet<String>,
    pub(super) elisions: HashSet<String>,
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
        let set = |list: &str| list.split_whitespace().map(str::to_owned).collect();
        Ok(Self {
            say: set(&file.say),
            tell: set(&file.tell),
            hold: set(&file.hold),
            between: set(&file.between),
            prepositions: set(&file.prepositions),
            conjunctions: set(&file.conjunctions),
            documents: set(&file.documents),
            spokespeople: set(&file.spokespeople),
            posts_male: set(&file.posts_male),
            posts_female: set(&file.posts_female),
            people: set(&file.people),
            posts: set(&file.posts),
            utterances: set(&file.utterances),
            own: set(&file.own),
            nobody: set(&file.nobody),
            elisions: set(&file.elisions),
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
