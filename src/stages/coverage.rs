//! Coverage: whether polling misses items, and whether a source has fallen silent.

use crate::domain::{CoverageGap, EntryId, FeedState, SilenceNote};
use jiff::{SignedDuration, Timestamp};

/// How many of the newest entries a read is held against at the next one: several, as publishers take entries away.
const HELD: usize = 5;
/// Fewest dates that make a rhythm.
const LEAST_DATES: usize = 5;
/// Most times that gaps halve the wait between two polls.
pub const MOST_TIGHTENED: u8 = 4;
/// How long after the last gap the wait is doubled again.
const LOOSEN_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a gap is kept among the recent ones, and how many of them.
const RECENT: SignedDuration = SignedDuration::from_hours(8 * 24);
const MOST_RECENT: usize = 500;
/// A source is silent after this many of its usual gaps …
const SILENT_GAPS: i32 = 8;
/// … and never before this time: every office has its weekends.
const LEAST_SILENCE: SignedDuration = SignedDuration::from_hours(3 * 24);

/// What a look at a feed brought to light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// No entry of the last read is left: items may have come and gone in between.
    Gap(CoverageGap),
    /// Nothing new for far longer than usual.
    Silent {
        /// When it last had something new.
        since: Timestamp,
    },
    /// Something new, after it had been silent.
    Back {
        /// When it fell silent.
        since: Timestamp,
    },
}

/// Holds a read against the one before it and takes it over into `state`.
///
/// `entries` are those of the document with their dates, in document order; `new` is how many of them were never seen.
/// The reads overlap when one of the newest entries of the last is still there, or nothing is new: an older entry may be
/// pinned to the top for months and proves nothing. Without overlap "may have missed items" is noted with the time
/// between the two reads, and the schedule tightens: see [`tightened`].
pub fn note_read(
    state: &mut FeedState,
    entries: &[(EntryId, Option<Timestamp>)],
    new: usize,
    now: Timestamp,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let overlap = entries.iter().any(|(id, _)| state.newest.contains(id));
    if let Some(from) = state.last_success
        && !state.newest.is_empty()
        && new > 0
        && !overlap
    {
        let gap = CoverageGap { from, to: now };
        state.gaps = state.gaps.saturating_add(1);
        state.last_gap = Some(gap);
        state.recent_gaps.retain(|old| now.duration_since(old.to) < RECENT);
        if state.recent_gaps.len() < MOST_RECENT {
            state.recent_gaps.push(gap);
        }
        state.tightened = state.tightened.saturating_add(1).min(MOST_TIGHTENED);
        findings.push(Finding::Gap(gap));
    }
    if !entries.is_empty() {
        state.newest = newest(entries);
    }
    let dates: Vec<Timestamp> = entries.iter().filter_map(|(_, at)| *at).filter(|at| *at <= now).collect();
    state.usual_gap_secs = usual_gap(&dates).or(state.usual_gap_secs);
    if new > 0 {
        let latest = dates.iter().max().copied().filter(|_| state.last_new.is_none());
        state.last_new = Some(latest.unwrap_or(now));
        if let Some(since) = state.silent_since.take() {
            if let Some(silence) = &mut state.silence {
                silence.back = Some(now);
            }
            findings.push(Finding::Back { since });
        }
    }
    findings
}

/// What every successful poll says of a feed, also one that brought nothing: whether it has fallen silent, told once,
/// and whether the wait may grow again after a time without gaps.
pub fn note_time(state: &mut FeedState, now: Timestamp) -> Option<Finding> {
    let calm = state.last_gap.is_none_or(|gap| now.duration_since(gap.to) >= LOOSEN_AFTER);
    if state.tightened > 0 && calm {
        state.tightened -= 1;
        // The next step is a whole such time away.
        state.last_gap = state.last_gap.map(|gap| CoverageGap { to: now, ..gap });
    }
    let usual = SignedDuration::from_secs(i64::try_from(state.usual_gap_secs?).unwrap_or(i64::MAX));
    let since = state.last_new?;
    let patience = usual.saturating_mul(SILENT_GAPS).max(LEAST_SILENCE);
    if state.silent_since.is_some() || now.duration_since(since) <= patience {
        return None;
    }
    state.silent_since = Some(since);
    state.silence = Some(SilenceNote { since, noticed: now, back: None });
    Some(Finding::Silent { since })
}

/// `wait`, halved once for each time that a gap has tightened the schedule.
pub fn tightened(state: &FeedState, wait: SignedDuration) -> SignedDuration {
    wait / (1 << state.tightened.min(MOST_TIGHTENED))
}

/// The newest entries: by date where all have one, else the first of the document.
fn newest(entries: &[(EntryId, Option<Timestamp>)]) -> Vec<EntryId> {
    let mut sorted: Vec<&(EntryId, Option<Timestamp>)> = entries.iter().collect();
    if entries.iter().all(|(_, at)| at.is_some()) {
        sorted.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
    }
    sorted.into_iter().take(HELD).map(|(id, _)| id.clone()).collect()
}

/// The median gap between dates, in seconds.
fn usual_gap(dates: &[Timestamp]) -> Option<u64> {
    let mut dates = dates.to_vec();
    dates.sort_unstable();
    if dates.len() < LEAST_DATES {
        return None;
    }
    let mut gaps: Vec<i64> =
        dates.windows(2).filter_map(|pair| Some(pair.last()?.as_second() - pair.first()?.as_second())).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).and_then(|gap| u64::try_from(*gap).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FeedId;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + hour * 3600).unwrap()
    }

    /// Entry `n`, published in hour `n`.
    fn entries(numbers: &[i64]) -> Vec<(EntryId, Option<Timestamp>)> {
        numbers.iter().map(|n| (EntryId::derive(&[&n.to_string()]), Some(at(*n)))).collect()
    }

    fn read(state: &mut FeedState, numbers: &[i64], new: usize, hour: i64) -> Vec<Finding> {
        let found = note_read(state, &entries(numbers), new, at(hour));
        state.last_success = Some(at(hour));
        found
    }

    fn state() -> FeedState {
        FeedState::new(FeedId::parse("echo").unwrap())
    }

    #[test]
    fn reads_overlap_or_something_may_be_missed() {
        for (first, second, new, gap) in [
            (&[3, 2, 1][..], &[4, 3, 2][..], 1, false),
            (&[3, 2, 1], &[9, 8, 7], 3, true),
            // An old entry pinned to the top proves nothing: only the newest of the last read do.
            (&[9, 8, 7, 6, 5, 4, 1], &[1, 20, 19], 2, true),
            // The newest was taken away; the next newest is still there.
            (&[3, 2, 1], &[4, 2, 1], 1, false),
            // Nothing new: nothing missed. An emptied feed: nothing new either.
            (&[3, 2, 1], &[1], 0, false),
            (&[3, 2, 1], &[], 0, false),
            // The first read has nothing before it.
            (&[], &[3, 2], 2, false),
        ] {
            let mut state = state();
            drop(read(&mut state, first, first.len(), 10));
            let found = read(&mut state, second, new, 20);
            let expected = gap.then_some(Finding::Gap(CoverageGap { from: at(10), to: at(20) }));
            assert_eq!(found.first().copied(), expected, "{first:?} then {second:?}");
            assert_eq!((state.gaps > 0, state.tightened > 0), (gap, gap), "{first:?} then {second:?}");
        }
    }

    #[test]
    fn an_empty_document_forgets_nothing() {
        let mut state = state();
        drop(read(&mut state, &[3, 2, 1], 3, 10));
        drop(read(&mut state, &[], 0, 11));
        assert!(matches!(read(&mut state, &[9, 8], 2, 12)[..], [Finding::Gap(_)]));
    }

    #[test]
    fn gaps_tighten_and_calm_weeks_loosen() {
        let mut state = state();
        drop(read(&mut state, &[1], 1, 1));
        for n in 1..8 {
            drop(read(&mut state, &[n * 10], 1, n * 10));
        }
        assert_eq!((state.tightened, state.recent_gaps.len()), (MOST_TIGHTENED, 7));
        assert_eq!(tightened(&state, SignedDuration::from_mins(32)), SignedDuration::from_mins(2));
        let mut loosened = Vec::new();
        for day in 1..=40 {
            note_time(&mut state, at(70 + day * 24));
            loosened.push(state.tightened);
        }
        assert_eq!(loosened.iter().filter(|t| **t == 4).count(), 6, "{loosened:?}");
        assert_eq!(state.tightened, 0, "{loosened:?}");
    }

    #[test]
    fn silence_against_its_own_rhythm_is_told_once_and_so_is_the_return() {
        let mut state = state();
        let daily: Vec<i64> = (0..6).map(|d| d * 24).collect();
        drop(read(&mut state, &daily, 6, 121));
        let told: Vec<i64> = (1..30).filter(|day| note_time(&mut state, at(120 + day * 24)).is_some()).collect();
        assert_eq!(told, [9], "a day's rhythm is silence after eight days");
        let back = read(&mut state, &[120 + 31 * 24, 120], 1, 120 + 31 * 24);
        assert_eq!(back, [Finding::Back { since: at(120) }]);
        assert_eq!(state.silent_since, None);
        let silence = SilenceNote { since: at(120), noticed: at(120 + 9 * 24), back: Some(at(120 + 31 * 24)) };
        assert_eq!(state.silence, Some(silence));
        // A source of many items an hour has its weekends; one without dates has no rhythm.
        let mut busy = super::tests::state();
        drop(read(&mut busy, &[1, 2, 3, 4, 5, 6], 6, 7));
        assert_eq!(note_time(&mut busy, at(7 + 60)), None);
        assert!(note_time(&mut busy, at(7 + 80)).is_some());
    }
}
