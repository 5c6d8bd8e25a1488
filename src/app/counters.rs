//! What the service counted since its start.

use std::sync::atomic::{AtomicU64, Ordering};

/// What was counted since the start.
#[derive(Debug, Default)]
pub struct Counters {
    /// Polls that succeeded.
    pub polls: AtomicU64,
    /// Polls that failed.
    pub polls_failed: AtomicU64,
    /// Articles read from their pages or entries.
    pub articles: AtomicU64,
    /// Pages that could not be had.
    pub pages_failed: AtomicU64,
    /// Articles behind alerts that were looked at again.
    pub rechecks: AtomicU64,
    /// Alerts raised.
    pub alerts: AtomicU64,
    /// Digests made.
    pub digests: AtomicU64,
    /// Deliveries that were taken.
    pub delivered: AtomicU64,
    /// Deliveries that failed.
    pub deliveries_failed: AtomicU64,
    /// Items given up because of a fault of ours.
    pub faults: AtomicU64,
}

impl Counters {
    pub(super) fn add(counter: &AtomicU64, n: usize) {
        counter.fetch_add(n as u64, Ordering::Relaxed);
    }

    /// The counts in words.
    pub fn in_words(&self) -> String {
        in_words(&self.snapshot())
    }

    /// The counts by name.
    pub fn snapshot(&self) -> Vec<(&'static str, u64)> {
        let get = |c: &AtomicU64| c.load(Ordering::Relaxed);
        vec![
            ("polls", get(&self.polls)),
            ("polls_failed", get(&self.polls_failed)),
            ("articles_read", get(&self.articles)),
            ("pages_failed", get(&self.pages_failed)),
            ("articles_rechecked", get(&self.rechecks)),
            ("alerts_raised", get(&self.alerts)),
            ("digests_made", get(&self.digests)),
            ("delivered", get(&self.delivered)),
            ("deliveries_failed", get(&self.deliveries_failed)),
            ("faults", get(&self.faults)),
        ]
    }
}

/// `1 feed`, `2 feeds`.
pub(super) fn count(n: u64, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

/// What the service counted, for people; what was counted zero times is left out.
pub fn in_words(snapshot: &[(&str, u64)]) -> String {
    let one = |(name, n): &(&str, u64)| match *name {
        "polls" => count(*n, "poll"),
        "polls_failed" => count(*n, "failed poll"),
        "articles_read" => format!("{} read", count(*n, "article")),
        "pages_failed" => format!("{} not to be had", count(*n, "page")),
        "articles_rechecked" => format!("{} looked at again", count(*n, "article")),
        "alerts_raised" => format!("{} raised", count(*n, "alert")),
        "digests_made" => format!("{} made", count(*n, "digest")),
        "delivered" => format!("{n} deliver{}", if *n == 1 { "y" } else { "ies" }),
        "deliveries_failed" => format!("{n} failed deliver{}", if *n == 1 { "y" } else { "ies" }),
        "faults" => format!("{} of ours", count(*n, "fault")),
        other => format!("{n} {}", other.replace('_', " ")),
    };
    let parts: Vec<String> = snapshot.iter().filter(|(_, n)| *n > 0).map(one).collect();
    if parts.is_empty() { "nothing done yet".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn counts_read_as_words_and_leave_zeroes_out() {
        for (snapshot, expected) in [
            (&[("polls", 1), ("polls_failed", 2), ("faults", 0)][..], "1 poll, 2 failed polls"),
            (&[("delivered", 1), ("deliveries_failed", 2)][..], "1 delivery, 2 failed deliveries"),
            (&[("polls", 0)][..], "nothing done yet"),
        ] {
            assert_eq!(in_words(snapshot), expected);
        }
    }
}
