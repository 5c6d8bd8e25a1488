//! Comparing words: the longest runs that two lists have in common, after Ratcliff and Obershelp.

use regex::Regex;
use std::sync::LazyLock;

/// A run that both lists have: where it begins in each, and how long it is.
pub(crate) type Run = (usize, usize, usize);

/// The longest run of `a[..]` and `b[..]` within the given windows; the earliest of equals.
fn longest<T: PartialEq>(a: &[T], b: &[T]) -> Run {
    let mut best = (0, 0, 0);
    let mut ending_here = vec![0usize; b.len() + 1];
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let length = if x == y { diagonal + 1 } else { 0 };
            diagonal = std::mem::replace(&mut ending_here[j + 1], length);
            if length > best.2 {
                best = (i + 1 - length, j + 1 - length, length);
            }
        }
    }
    best
}

/// All common runs of `a` and `b`: the longest, then those left and right of it.
pub(crate) fn runs<T: PartialEq>(a: &[T], b: &[T]) -> Vec<Run> {
    let mut out = Vec::new();
    let mut todo = vec![(0, a.len(), 0, b.len())];
    while let Some((a0, a1, b0, b1)) = todo.pop() {
        let (i, j, length) = longest(&a[a0..a1], &b[b0..b1]);
        if length > 0 {
            out.push((a0 + i, b0 + j, length));
            todo.push((a0, a0 + i, b0, b0 + j));
            todo.push((a0 + i + length, a1, b0 + j + length, b1));
        }
    }
    out.sort_unstable();
    out
}

/// The lower-case letters and digits of `text` as words.
pub(crate) fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['\'', '\u{2019}'], "");
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// [`words`], joined.
pub(crate) fn norm(text: &str) -> String {
    words(text).join(" ")
}

/// The share of words that `a` and `b` have in common, 0 to 1; 0 where either has none.
pub(crate) fn overlap(a: &str, b: &str) -> f64 {
    let (a, b) = (words(a), words(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let shared: usize = runs(&a, &b).iter().map(|r| r.2).sum();
    2.0 * shared as f64 / (a.len() + b.len()) as f64
}

static TOKEN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\w+|[^\w\s]").unwrap());

/// Carries spans of one text over to another that is nearly the same. All spans are bytes.
pub(crate) struct Carrier {
    from: Vec<(usize, usize)>,
    to: Vec<(usize, usize)>,
    pairs: Vec<Option<usize>>,
    same: bool,
}

impl Carrier {
    pub(crate) fn new(from: &str, to: &str) -> Self {
        let same = from == to;
        let tokens = |text: &str| TOKEN.find_iter(text).map(|m| (m.start(), m.end())).collect::<Vec<_>>();
        let (from_spans, to_spans) = (tokens(from), tokens(to));
        let mut pairs = vec![None; from_spans.len()];
        if !same {
            let a: Vec<&str> = from_spans.iter().map(|(s, e)| &from[*s..*e]).collect();
            let b: Vec<&str> = to_spans.iter().map(|(s, e)| &to[*s..*e]).collect();
            for (i, j, n) in runs(&a, &b) {
                for k in 0..n {
                    pairs[i + k] = Some(j + k);
                }
            }
        }
        Self { from: from_spans, to: to_spans, pairs, same }
    }

    /// The span of the other text that `start..end` became, if its first and last words are there.
    pub(crate) fn carry(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        if self.same {
            return Some((start, end));
        }
        let mut inside = (0..self.from.len()).filter(|k| self.from[*k].0 < end && self.from[*k].1 > start);
        let first = inside.next()?;
        let last = inside.next_back().unwrap_or(first);
        Some((self.to[self.pairs[first]?].0, self.to[self.pairs[last]?].1))
    }
}

#[test]
fn runs_are_those_of_the_public_algorithm() {
    let letters = |text: &str| text.chars().collect::<Vec<_>>();
    assert_eq!(runs(&letters("abxcd"), &letters("abcd")), [(0, 0, 2), (3, 2, 2)]);
    assert_eq!(runs(&letters(" abcd"), &letters("abcd abcd")), [(0, 4, 5)]);
    assert!((overlap("The officer’s plea", "the officers plea, today") - 6.0 / 7.0).abs() < 1e-9);
    let moved = Carrier::new("Some furniture. PC Orr left.", "PC Orr left.");
    assert_eq!(moved.carry(16, 22), Some((0, 6)));
    assert_eq!(moved.carry(0, 4), None);
}
