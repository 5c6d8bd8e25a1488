//! When which feed is polled, and why then.

mod manners;
mod sites;

pub use manners::{
    Answer, Asked, LONGEST_RETRY_AFTER, MOVES_FOR_PROOF, Manners, address, asked, manners, note_move, take_validators,
    validators,
};
pub use sites::{Rest, rests, site};

use super::coverage;
use crate::domain::{FeedId, FeedSpec, FeedState};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use url::Url;

/// The user's bounds for the wait between two polls of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollPolicy {
    /// Never sooner than this.
    pub min: SignedDuration,
    /// Never later than this, unless the server asked for it with `Retry-After`.
    pub max: SignedDuration,
}

/// How a poll ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollOutcome<'a> {
    /// A feed was read, or stands unchanged.
    Read {
        /// What the answer's headers ask for.
        manners: &'a Manners,
        /// How far apart the feed's entries are as a rule, by [`rhythm`]; `None` when that is not known.
        rhythm: Option<SignedDuration>,
    },
    /// No answer, a refusal, or no feed.
    Failed {
        /// What the answer's headers ask for, if there was one.
        manners: Option<&'a Manners>,
    },
    /// The server said that the feed is gone for good.
    Gone,
}

/// When a feed is polled again, and the name of the rule that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextPoll {
    /// When; `None`: never, its history stays.
    pub due: Option<Timestamp>,
    /// The rule: `interval`, `rhythm`, `coverage` (sooner, as items may have been missed), `feed_asks` (`ttl`, `sy:*`), `max_age`, `user_minimum`, `user_maximum`, `skip_hours`,
    /// `skip_days`, `back_off`, `throttled` (a back-off because the server complains of too many requests), `retry_after` or `gone`.
    pub reason: &'static str,
}

/// Reason of a wait that the server asked for; it holds for every feed of the site.
const RETRY_AFTER: &str = "retry_after";
/// Reason of a back-off because the server complained of too many requests; it holds for every feed of the site.
const THROTTLED: &str = "throttled";
/// Reason of a wait after a failure.
const BACK_OFF: &str = "back_off";

/// The feeds that are due at `now`: the longest overdue first, then by id.
///
/// A feed that was never polled is due at once; one that is off or gone never is. While a site rests, none of its feeds is
/// due; of a site that refuses one feed after the other, only one at a time: see [`rests`]. A feed that was last polled at a
/// time that lies ahead was so under a clock that has been put back since: it is due, or it would rest until then.
pub fn due(feeds: &[(FeedSpec, FeedState)], now: Timestamp) -> Vec<FeedId> {
    let rests = rests(feeds, now);
    let rest = |spec: &FeedSpec| rests.get(&site(&spec.url));
    let mut found: Vec<(Option<Timestamp>, &FeedId, &FeedSpec)> = feeds
        .iter()
        .filter(|(spec, state)| {
            let never_polled = state.last_attempt.is_none();
            spec.enabled
                && state.next_due.map_or(never_polled, |due| due <= now || put_back(state, now))
                && rest(spec).is_none_or(|rest| rest.until <= now)
        })
        .map(|(spec, state)| (state.next_due, &state.id, spec))
        .collect();
    found.sort_by_key(|(due, id, _)| (*due, *id));
    // Of a site that refuses, the first asks whether it answers again.
    let mut probed = BTreeSet::new();
    found.retain(|(_, _, spec)| rest(spec).is_none_or(|r| !r.refuses) || probed.insert(site(&spec.url)));
    found.into_iter().map(|(_, id, _)| id.clone()).collect()
}

/// Whether a feed was last polled under a clock that has been put back since.
fn put_back(state: &FeedState, now: Timestamp) -> bool {
    state.last_attempt.is_some_and(|at| at.duration_since(now) > PUT_BACK)
}

/// A clock that is put back by less is kept right by its machine, and waited for.
const PUT_BACK: SignedDuration = SignedDuration::from_hours(1);
/// Feeds that are overdue by more were not asked for a while: the machine slept, or its clock was put forward.
const STOOD_STILL: SignedDuration = SignedDuration::from_hours(1);

/// From when on the feeds that are `due` are to be spread: from `since`, the last such moment, or from `now`, where they are due
/// after a standstill as they are after a start.
pub fn spread_from(feeds: &[(FeedSpec, FeedState)], due: &[FeedId], since: Timestamp, now: Timestamp) -> Timestamp {
    let overdue = |state: &FeedState| {
        due.contains(&state.id)
            && state
                .next_due
                .is_some_and(|at| now.duration_since(at) > STOOD_STILL || at.duration_since(now) > PUT_BACK)
    };
    let most = feeds.iter().filter(|(_, state)| overdue(state)).count() > FEW;
    if most && now.duration_since(since).abs() > LONGEST_SPREAD { now } else { since }
}

/// Time that each feed adds to the spread after a start.
const SPREAD_PER_FEED: SignedDuration = SignedDuration::from_secs(2);
/// So few feeds need no spread.
const FEW: usize = 20;
/// Longest spread after a start.
const LONGEST_SPREAD: SignedDuration = SignedDuration::from_mins(10);

/// Of the feeds that are `due` at `now`, those that have their turn, and when the next of the others has: after a start at
/// `started`, when all of them are due at once, they are spread over two seconds for each, ten minutes at most, each
/// always at its own place. Few feeds have no need of it.
pub fn spread(due: Vec<FeedId>, started: Timestamp, now: Timestamp) -> (Vec<FeedId>, Option<Timestamp>) {
    let count = i32::try_from(due.len()).unwrap_or(i32::MAX);
    let whole = SPREAD_PER_FEED.saturating_mul(count).min(LONGEST_SPREAD);
    if due.len() <= FEW || now.duration_since(started) > whole {
        return (due, None);
    }
    let turn = |id: &FeedId| started.saturating_add(share(id, whole)).unwrap_or(started);
    let (now_due, later): (Vec<FeedId>, Vec<FeedId>) = due.into_iter().partition(|id| turn(id) <= now);
    (now_due, later.iter().map(turn).min())
}

/// `feeds` by host, each host's in their order: what is asked of one host is asked one after the other.
pub fn by_host(feeds: Vec<FeedSpec>) -> Vec<Vec<FeedSpec>> {
    let mut hosts: Vec<(String, Vec<FeedSpec>)> = Vec::new();
    for feed in feeds {
        let key = host_key(&feed.url);
        match hosts.iter_mut().find(|(host, _)| *host == key) {
            Some((_, of_host)) => of_host.push(feed),
            None => hosts.push((key, vec![feed])),
        }
    }
    hosts.into_iter().map(|(_, feeds)| feeds).collect()
}

/// Scheme, host and port: what robots.txt and politeness count by.
pub fn host_key(url: &Url) -> String {
    format!("{}://{}:{}", url.scheme(), url.host_str().unwrap_or(""), url.port_or_known_default().unwrap_or(0))
}

/// When `spec`'s feed is due again after a poll at `now`. `state` is what stands after that poll: its failures are counted,
/// its hints taken over.
///
/// After a success the wait is the longest of the interval (which follows the feed's rhythm, from a quarter to four times
/// what is configured), the feed's own hints and the answer's freshness; after `n` failures in a row the interval
/// doubles `n` times. A tenth at most is added, always the same for a feed, so that feeds drift apart. All of that is held within
/// the policy; then hours and days that the feed wants to be spared are passed over, unless the policy's maximum
/// forbids it. A `Retry-After` is never shortened.
///
/// Source: RFC 9110 section 10.2.3 (Retry-After); RFC 9111 section 5.2 (max-age); RSS 2.0 `ttl`, `skipHours`, `skipDays`;
/// RSS 1.0 syndication module.
pub fn next_due(
    spec: &FeedSpec,
    state: &FeedState,
    outcome: PollOutcome<'_>,
    policy: PollPolicy,
    now: Timestamp,
) -> NextPoll {
    let (mut wait, mut reason, manners) = match outcome {
        PollOutcome::Gone => return NextPoll { due: None, reason: "gone" },
        PollOutcome::Read { manners, rhythm } => {
            let (wait, reason) = after_success(spec, state, manners, rhythm);
            (wait, reason, Some(manners))
        }
        PollOutcome::Failed { manners } => {
            // A server that complains of too many requests is spared once more.
            let throttled = manners.is_some_and(|m| m.answer == Answer::Throttled);
            let doublings = state.failures.max(1).saturating_add(u32::from(throttled)).min(16);
            (spec.interval.saturating_mul(1 << doublings), if throttled { THROTTLED } else { BACK_OFF }, manners)
        }
    };
    wait = wait.saturating_add(share(&spec.id, wait / 10));
    if wait < policy.min {
        (wait, reason) = (policy.min, "user_minimum");
    } else if wait > policy.max {
        (wait, reason) = (policy.max, if matches!(reason, BACK_OFF | THROTTLED) { reason } else { "user_maximum" });
    }
    let mut due = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
    let last = now.saturating_add(policy.max).unwrap_or(Timestamp::MAX).max(due);
    if let Some((later, rule)) = spared(state, due) {
        due = later.min(last);
        reason = rule;
    }
    match manners.and_then(|m| m.retry_after) {
        Some(until) if until > due => NextPoll { due: Some(until), reason: RETRY_AFTER },
        _ => NextPoll { due: Some(due), reason },
    }
}

fn after_success(
    spec: &FeedSpec,
    state: &FeedState,
    manners: &Manners,
    rhythm: Option<SignedDuration>,
) -> (SignedDuration, &'static str) {
    let mut longest = match rhythm {
        Some(rhythm) => {
            let wait = (rhythm / 2).clamp(spec.interval / 4, spec.interval.saturating_mul(4));
            (wait, if wait == spec.interval { "interval" } else { "rhythm" })
        }
        None => (spec.interval, "interval"),
    };
    if state.tightened > 0 {
        longest = (coverage::tightened(state, longest.0), "coverage");
    }
    let asked = state.min_wait_secs.map(|s| SignedDuration::from_secs(i64::try_from(s).unwrap_or(i64::MAX)));
    for (hint, reason) in [(asked, "feed_asks"), (manners.fresh_for, "max_age")] {
        if let Some(hint) = hint.filter(|h| *h > longest.0) {
            longest = (hint, reason);
        }
    }
    longest
}

/// How far apart entries are as a rule: the median gap between the newest of `published`, with the time since the last one
/// where that is longer. `None` with fewer than four dates.
pub fn rhythm(published: &[Timestamp], now: Timestamp) -> Option<SignedDuration> {
    let mut times: Vec<Timestamp> = published.iter().copied().filter(|t| *t <= now).collect();
    times.sort_unstable();
    let newest = times.get(times.len().saturating_sub(20)..)?;
    if newest.len() < 4 {
        return None;
    }
    let mut gaps: Vec<SignedDuration> =
        newest.windows(2).filter_map(|pair| Some(pair.last()?.duration_since(*pair.first()?))).collect();
    gaps.sort_unstable();
    let median = *gaps.get(gaps.len() / 2)?;
    // A feed that has gone quiet is asked less often, but a new burst is noticed within the bounds.
    let quiet = now.duration_since(*newest.last()?) / 4;
    Some(median.max(quiet))
}

/// The next time from `at` on that is in no hour and on no day which the feed wants to be spared, if `at` is in one.
/// Hours and days that leave no time at all are a slip.
fn spared(state: &FeedState, at: Timestamp) -> Option<(Timestamp, &'static str)> {
    let utc = TimeZone::UTC.to_datetime(at);
    let all_hours = (0..24).all(|h| state.skip_hours.contains(&h));
    let all_days = (0..7).all(|d| state.skip_days.contains(&d));
    let mut rule = None;
    let mut moved = utc;
    // A week and a day of hours reaches every combination.
    for _ in 0..(8 * 24) {
        let hour = u8::try_from(moved.hour()).unwrap_or(0);
        if !all_days && state.skip_days.contains(&monday_based(moved.weekday())) {
            rule = Some("skip_days");
        } else if !all_hours && state.skip_hours.contains(&hour) {
            rule = rule.or(Some("skip_hours"));
        } else {
            break;
        }
        moved = moved.date().at(moved.hour(), 0, 0, 0).checked_add(SignedDuration::from_hours(1)).ok()?;
    }
    let rule = rule?;
    // At the hour's first second everybody comes: the minute of the original time is kept.
    let moved = moved.date().at(moved.hour(), utc.minute(), utc.second(), 0);
    Some((TimeZone::UTC.to_timestamp(moved).ok()?, rule))
}

fn monday_based(day: Weekday) -> u8 {
    u8::try_from(day.to_monday_zero_offset()).unwrap_or(0)
}

/// The part of `whole` that belongs to the feed: from nothing to all of it, always the same for one id.
fn share(id: &FeedId, whole: SignedDuration) -> SignedDuration {
    let hash = Sha256::digest(id.as_str().as_bytes());
    let thousandths = hash.iter().take(4).fold(0i64, |n, b| (n << 8) | i64::from(*b)) % 1000;
    let millis = i64::try_from(whole.as_millis()).unwrap_or(i64::MAX);
    SignedDuration::from_millis(millis / 1000 * thousandths)
}

#[cfg(test)]
mod tests;
