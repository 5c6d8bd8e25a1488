//! The storm guard: a feed that brings its archive again, under other ids or dates, brings no news.
//!
//! One entry that comes back is read like any other: what it tells is known, so it raises nothing. Many at once would be
//! fetched all, and their "on Monday" would mean another Monday. So where most of what looks new was there before, or is
//! older than the last poll by weeks, those entries are kept as seen, and the feed gets one warning.

use jiff::{SignedDuration, Timestamp};

/// How old an entry must be when it first appears, counted from the last poll before, to be part of an archive. News is
/// put into a feed late at times, but not by weeks.
pub const OLD: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Fewest entries brought again, or old, that make a storm; and they must be half of those that look new.
const REPUBLISHED: usize = 5;
/// Fewest known entries with a new date alone that make a storm; and they must be three quarters of the document. An
/// outlet that edits some of its stories is no storm.
const REDATED: usize = 10;

/// How one entry of a document looks against what the feed held before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Nothing like it was seen.
    Fresh,
    /// Its id is new, but the same address, or the same title and summary, came from this feed before.
    Again,
    /// Its id is new, but its date is long before the last poll.
    Old,
    /// It is known, and but for its dates the same.
    Redated,
    /// It is known, and not to be read again or changed in its title.
    Known,
}

/// What was made of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Storm {
    /// Whether what looks [`Look::Again`] and [`Look::Old`] is to be kept as seen.
    pub republished: bool,
    /// Whether what looks [`Look::Redated`] is not to be read again.
    pub redated: bool,
    /// How many entries that are.
    pub entries: u32,
    /// The warning, for people.
    pub message: String,
}

/// Whether an entry of that date is old when it first appears in a feed that was last read at `last`.
pub fn is_old(published: Option<Timestamp>, last: Option<Timestamp>) -> bool {
    matches!((published, last), (Some(published), Some(last)) if last.duration_since(published) > OLD)
}

/// Whether the entries of one document, by their looks, are a storm.
pub fn judge(looks: &[Look]) -> Option<Storm> {
    let count = |wanted: Look| looks.iter().filter(|l| **l == wanted).count();
    let (again, old, redated, fresh) = (count(Look::Again), count(Look::Old), count(Look::Redated), count(Look::Fresh));
    let republished = again + old >= REPUBLISHED && again + old >= fresh;
    let all_redated = redated >= REDATED && redated * 4 >= looks.len() * 3;
    if !republished && !all_redated {
        return None;
    }
    let mut parts = Vec::new();
    if republished && again > 0 {
        parts.push(format!("{again} entries that it had before under other ids"));
    }
    if republished && old > 0 {
        parts.push(format!("{old} entries that are weeks old"));
    }
    if all_redated {
        parts.push(format!("{redated} known entries with new dates"));
    }
    let counted = if republished { again + old } else { 0 } + if all_redated { redated } else { 0 };
    Some(Storm {
        republished,
        redated: all_redated,
        entries: u32::try_from(counted).unwrap_or(u32::MAX),
        message: format!("brought {} in one poll: kept as seen, nothing of it is alerted", parts.join(" and ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_large_part_of_a_feed_is_a_storm() {
        use Look as L;
        // (looks with how often, republished, redated)
        for (looks, republished, redated) in [
            (vec![(L::Fresh, 20)], false, false),
            (vec![(L::Again, 4)], false, false),
            (vec![(L::Again, 5)], true, false),
            (vec![(L::Again, 3), (L::Old, 3), (L::Known, 100)], true, false),
            (vec![(L::Again, 6), (L::Fresh, 7)], false, false),
            (vec![(L::Again, 6), (L::Fresh, 6)], true, false),
            (vec![(L::Redated, 9)], false, false),
            (vec![(L::Redated, 12), (L::Known, 5)], false, false),
            (vec![(L::Redated, 15), (L::Known, 5)], false, true),
            (vec![(L::Redated, 40), (L::Old, 7)], true, true),
            (vec![], false, false),
        ] {
            let all: Vec<Look> = looks.iter().flat_map(|(look, n)| std::iter::repeat_n(*look, *n)).collect();
            let storm = judge(&all).unwrap_or_default();
            assert_eq!((storm.republished, storm.redated), (republished, redated), "{looks:?}");
            assert_eq!(storm.message.is_empty(), !(republished || redated), "{looks:?}");
        }
    }

    #[test]
    fn old_is_counted_from_the_last_poll() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let last = at("2026-03-10T08:00:00Z");
        for (published, last, expected) in [
            (at("2026-02-01T08:00:00Z"), last, true),
            (at("2026-03-01T08:00:00Z"), last, false),
            (None, last, false),
            (at("2020-01-01T08:00:00Z"), None, false),
        ] {
            assert_eq!(is_old(published, last), expected);
        }
    }
}
