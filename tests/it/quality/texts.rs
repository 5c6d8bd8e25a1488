//! Scores of cleaned text against the true text: shared runs of four words.

use super::scores::{harmonic, share};
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\w+").unwrap());

/// The overlapping runs of four words in `text`, and how often each stands there; one run where there are fewer words.
fn shingles(text: &str) -> BTreeMap<Vec<&str>, usize> {
    let words: Vec<&str> = WORD.find_iter(text).map(|m| m.as_str()).collect();
    let mut out = BTreeMap::new();
    for run in words.windows(4.min(words.len()).max(1)) {
        *out.entry(run.to_vec()).or_insert(0) += 1;
    }
    out
}

/// F1 of `(got, truth)` texts: the harmonic mean of the mean precision and the mean recall.
pub(crate) fn f1<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> f64 {
    let (mut precisions, mut recalls) = (Vec::new(), Vec::new());
    for (got, truth) in pairs {
        let (got, truth) = (shingles(got), shingles(truth));
        let count = |of: &BTreeMap<Vec<&str>, usize>| of.values().sum::<usize>();
        let both = got.iter().map(|(run, n)| (*n).min(truth.get(run).copied().unwrap_or(0))).sum::<usize>();
        if count(&got) > 0 {
            precisions.push(share(both, count(&got), 0.0));
        }
        if count(&truth) > 0 {
            recalls.push(share(both, count(&truth), 0.0));
        }
    }
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len().max(1) as f64;
    harmonic(mean(&precisions), mean(&recalls))
}

#[test]
fn runs_of_four_words_are_compared() {
    let truth = "one two three four five";
    assert!((f1([(truth, truth)].into_iter()) - 1.0).abs() < 1e-9);
    assert!((f1([("one two three four", truth)].into_iter()) - 2.0 / 3.0).abs() < 1e-9);
    assert!((f1([("two", "two"), ("", "")].into_iter()) - 1.0).abs() < 1e-9);
    assert!(f1([("", truth)].into_iter()).abs() < 1e-9);
}
