//! The rules of revision that are data: `config/corrections.toml`.

use crate::domain::DevelopmentType;
use regex::RegexSet;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The rules, read once.
#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
static RULES: LazyLock<Rules> =
    LazyLock::new(|| Rules::parse(include_str!("../../../config/corrections.toml")).expect("config/corrections.toml"));

/// The rules of `config/corrections.toml`.
pub(super) fn rules() -> &'static Rules {
    &RULES
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    look_again_hours: Vec<i64>,
    ask_again_minutes: i64,
    failures: u32,
    gone: u32,
    churn: Vec<String>,
    headline_churn: Vec<String>,
    withdrawal: Vec<String>,
    turning: BTreeSet<String>,
    progress: Vec<Vec<DevelopmentType>>,
    outcome: Vec<Outcome>,
}

/// Which later event corrects which earlier ones.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outcome {
    pub(super) later: DevelopmentType,
    pub(super) earlier: Vec<DevelopmentType>,
    /// Words of which one must stand in the sentence that tells the later; empty for none.
    #[serde(default)]
    pub(super) has: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Rules {
    pub(super) look_again_hours: Vec<i64>,
    pub(super) ask_again_minutes: i64,
    pub(super) failures: u32,
    pub(super) gone: u32,
    churn: RegexSet,
    headline_churn: Vec<regex::Regex>,
    withdrawal: RegexSet,
    pub(super) turning: BTreeSet<String>,
    progress: Vec<Vec<DevelopmentType>>,
    pub(super) outcomes: Vec<Outcome>,
}

impl Rules {
    fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let set = |patterns: &[String]| RegexSet::new(patterns).map_err(|e| e.to_string());
        Ok(Self {
            churn: set(&file.churn)?,
            headline_churn: file
                .headline_churn
                .iter()
                .map(|p| regex::Regex::new(&format!("(?i){p}")).map_err(|e| e.to_string()))
                .collect::<Result<_, _>>()?,
            withdrawal: set(&file.withdrawal)?,
            look_again_hours: file.look_again_hours,
            ask_again_minutes: file.ask_again_minutes,
            failures: file.failures,
            gone: file.gone,
            turning: file.turning,
            progress: file.progress,
            outcomes: file.outcome,
        })
    }

    /// Whether `sentence` may come and go without meaning anything.
    pub(super) fn is_churn(&self, sentence: &str) -> bool {
        self.churn.is_match(sentence.trim().to_lowercase().trim_end_matches(['.', ':', '…']))
    }

    /// `headline` without labels before it and the outlet's name behind it.
    pub(super) fn bare_headline(&self, headline: &str) -> String {
        let mut bare = headline.trim().to_owned();
        for pattern in &self.headline_churn {
            let without = pattern.replace(&bare, "").trim().to_owned();
            if !without.is_empty() {
                bare = without;
            }
        }
        bare
    }

    /// Whether `sentence` says that the article was taken back.
    pub(super) fn is_withdrawal(&self, sentence: &str) -> bool {
        self.withdrawal.is_match(&sentence.to_lowercase())
    }

    /// Whether `later` follows on `earlier` in the ordinary course.
    pub(super) fn follows(&self, earlier: DevelopmentType, later: DevelopmentType) -> bool {
        self.progress.iter().any(|row| {
            let place = |kind| row.iter().position(|k| *k == kind);
            matches!((place(earlier), place(later)), (Some(e), Some(l)) if e < l)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_change_by_themselves_is_churn_and_news_is_not() {
        for (text, expected) in [
            ("Last updated at 14:02 on 3 March 2026", true),
            ("Read more: Ten walks for a wet weekend", true),
            ("1,204 comments", true),
            ("12 shares", true),
            ("Share", true),
            ("3 hours ago", true),
            ("Tuesday 3 March 2026, 14:02", true),
            ("5 min read", true),
            ("Be the first to comment", true),
            ("Sergeant Ada Marrick was charged with fraud.", false),
            ("Read more widely, the coroner told the force.", false),
            (
                "Updated guidance was adopted by the force in March after the death of a man in its custody suite.",
                false,
            ),
            ("12 officers were suspended.", false),
        ] {
            assert_eq!(rules().is_churn(text), expected, "{text}");
        }
    }

    #[test]
    fn notices_in_place_of_an_article_are_known() {
        for (text, expected) in [
            ("This article has been removed.", true),
            ("This story, first published on 3 March, has been withdrawn.", true),
            ("We have taken down this article while we look into a complaint.", true),
            ("This page is unavailable: removed for legal reasons.", true),
            ("The charge against her was withdrawn.", false),
            ("The report recommends that two officers be removed.", false),
        ] {
            assert_eq!(rules().is_withdrawal(text), expected, "{text}");
        }
    }

    #[test]
    fn headlines_are_compared_without_labels() {
        for (text, expected) in [
            ("BREAKING: Sergeant charged", "Sergeant charged"),
            ("Live - Sergeant charged | Westmarch Echo", "Sergeant charged"),
            ("Sergeant charged - live", "Sergeant charged"),
            ("Watch", "Watch"),
        ] {
            assert_eq!(rules().bare_headline(text), expected);
        }
    }

    #[test]
    fn the_ordinary_course_has_a_direction() {
        use DevelopmentType as T;
        assert!(rules().follows(T::Arrest, T::Charge) && !rules().follows(T::Charge, T::Arrest));
        assert!(!rules().follows(T::Charge, T::Charge) && !rules().follows(T::Charge, T::Resignation));
        assert!(rules().outcomes.iter().all(|o| !o.earlier.is_empty()));
    }
}
