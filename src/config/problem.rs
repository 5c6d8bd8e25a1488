//! What is wrong with a configuration, and where.

use std::fmt;

/// One thing that is wrong, or that deserves a warning: file, line, key, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as it was named.
    pub file: String,
    /// Line in the file, counted from 1; 0 for the file as a whole.
    pub line: usize,
    /// The key (`poll.interval`, `feed[3].url`; tables of a list count from 1 in their file); empty where none is meant.
    pub key: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Where something stands: for messages about it that can only be made later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// Line in the file, counted from 1.
    pub line: usize,
    /// The key.
    pub key: String,
}

impl Place {
    /// A problem at this place.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { file: self.file.clone(), line: self.line, key: self.key.clone(), message: message.into() }
    }
}

/// The known word nearest to `word`: at most a third of its letters off, and more than nothing.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |k: &str| strsim::damerau_levenshtein(&word.to_lowercase(), k);
    known
        .into_iter()
        .map(|k| (distance(k), k))
        .filter(|(d, k)| *d <= 1.max(word.chars().count().max(k.chars().count()) / 3))
        .min()
        .map(|(_, k)| k)
}

/// ": did you mean `…`?" for the nearest known word, else the known words.
pub(super) fn suggestion(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_word_is_near() {
        let known = ["interval", "min_interval", "backfill", "url"];
        for (word, expected) in [
            ("intervall", Some("interval")),
            ("Interval", Some("interval")),
            ("mininterval", Some("min_interval")),
            ("back_fill", Some("backfill")),
            ("uri", Some("url")),
            ("colour", None),
        ] {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }
}
