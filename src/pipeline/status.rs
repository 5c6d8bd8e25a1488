//! Is it well? What the store tells of that, and what of it needs a look.

use super::AskError;
use crate::domain::{Delivery, DeliveryState, FeedId, FeedState, RoomAlarms};
use crate::ports::{Store, StoreSizes};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// A feed that was not read for so long needs a look; one poll that fails does not.
const UNREAD: SignedDuration = SignedDuration::from_hours(24);
/// Pages counted among those that wait.
const MOST_PAGES: usize = 1_000;
/// Feeds named in one line of what needs a look.
const NAMED: usize = 3;

/// What the configuration and the clock add to what the store holds.
#[derive(Debug, Clone)]
pub struct Polled {
    /// Feeds that are polled. What is stored of others is of former times.
    pub feeds: Vec<FeedId>,
    /// The time.
    pub now: Timestamp,
    /// When the store and its disk need a look.
    pub room: RoomAlarms,
}

/// How everything stands that the store knows of. `needs` says, for people, what needs a look; it is well without any. Without
/// `polled`, every feed that is stored counts as polled, and nothing is judged by the time that has passed.
///
/// # Errors
/// When the store fails.
pub async fn status(store: &dyn Store, polled: Option<&Polled>) -> Result<Value, AskError> {
    let counts = store.counts().await?;
    let states = store.feed_states().await?;
    let known: Vec<&FeedState> = states.iter().filter(|s| polled.is_none_or(|p| p.feeds.contains(&s.id))).collect();
    let tried: Vec<&FeedState> = known.iter().copied().filter(|s| s.last_attempt.is_some()).collect();
    let failing: Vec<&FeedState> = tried.iter().copied().filter(|s| s.last_failure.is_some()).collect();
    let silent: Vec<&FeedState> =
        tried.iter().copied().filter(|s| s.silent_since.is_some() && s.last_failure.is_none()).collect();
    let outbox = store.outbox().await?;
    let last = match store.digests().await?.into_iter().next() {
        Some((id, subject)) => {
            let made = store.digest(&id).await?.map(|d| d.to);
            json!({ "id": id, "subject": subject, "made": made })
        }
        None => Value::Null,
    };
    let pages = match polled {
        Some(polled) => store.due_entries(polled.now, MOST_PAGES).await?.len(),
        None => 0,
    };
    let sizes = store.sizes().await?;
    let room = room_needs(&sizes, polled.map(|p| p.room).unwrap_or_default());
    let needs = needs(room, &tried, &failing, &silent, &outbox, polled.map(|p| p.now));
    Ok(json!({
        "well": needs.is_empty(),
        "needs": needs,
        "counts": counts,
        "store": sizes,
        "kept": store.last_purge().await?,
        "past": store.watch_memory().await?.past,
        "feeds": {
            "known": known.len(),
            "polled": polled.map_or(known.len(), |p| p.feeds.len()),
            "healthy": tried.len() - failing.len(),
            "new": polled.map_or(known.len(), |p| p.feeds.len()) - tried.len(),
            "last_success": tried.iter().filter_map(|s| s.last_success).max(),
            "gaps": known.iter().map(|s| u64::from(s.gaps)).sum::<u64>(),
            "failing": failing.iter().map(|f| failure(f)).collect::<Vec<_>>(),
            "silent": silent.iter().map(|f| json!({ "feed": f.id, "since": f.silent_since, "last_new": f.last_new })).collect::<Vec<_>>(),
            "storms": known.iter().filter_map(|f| f.storm.as_ref().map(|s| json!({ "feed": f.id, "storm": s }))).collect::<Vec<_>>(),
        },
        "pages_due": pages,
        "deliveries": outbox.iter().filter_map(delivery).collect::<Vec<_>>(),
        "digests_made_until": store.covered_until().await?,
        "last_digest": last,
        "next_recheck": store.next_recheck_due().await?,
    }))
}

/// What of the room needs a look, as [`status`] says it.
pub fn room_needs(sizes: &StoreSizes, alarms: RoomAlarms) -> Vec<String> {
    let mut needs = Vec::new();
    if let Some(free) = sizes.free_bytes.filter(|free| *free < alarms.least_free) {
        needs.push(format!("{} MB of room left on the disk", free / 1_000_000));
    }
    let used = sizes.sled_bytes.saturating_add(sizes.archive_bytes);
    if used > alarms.most_used {
        needs.push(format!("the store takes {} MB", used / 1_000_000));
    }
    needs
}

/// What needs a look, the worst first, in words that can stand behind "Needs a look: ".
fn needs(
    room: Vec<String>,
    tried: &[&FeedState],
    failing: &[&FeedState],
    silent: &[&FeedState],
    outbox: &[Delivery],
    now: Option<Timestamp>,
) -> Vec<String> {
    let mut needs = Vec::new();
    let dead = outbox.iter().filter(|d| matches!(d.state, DeliveryState::Dead { .. })).count();
    let retried =
        outbox.iter().filter(|d| d.last_failure.is_some() && matches!(d.state, DeliveryState::Pending { .. }));
    for (n, what) in [(dead, "given up"), (retried.count(), "waiting after a failure")] {
        if n > 0 {
            needs.push(format!("{n} {} {what}", if n == 1 { "delivery" } else { "deliveries" }));
        }
    }
    needs.extend(room);
    // One poll that fails is tried again by itself; all at once is a fault of the network or of ours.
    let unread = |f: &&FeedState| match (now, f.last_success) {
        (Some(now), Some(last)) => now.duration_since(last) >= UNREAD,
        (Some(_), None) | (None, _) => f.failures >= 3,
    };
    if !failing.is_empty() && failing.len() == tried.len() {
        needs.push(if failing.len() == 1 { "the only source fails".to_owned() } else { "all sources fail".to_owned() });
    } else {
        let unread: Vec<&FeedState> = failing.iter().copied().filter(unread).collect();
        needs.extend(named(&unread, "source fails", "sources fail"));
    }
    needs.extend(named(silent, "source is silent", "sources are silent"));
    needs
}

/// `2 sources fail (a, b)`, or nothing.
fn named(feeds: &[&FeedState], one: &str, many: &str) -> Option<String> {
    let ids: Vec<&str> = feeds.iter().take(NAMED).map(|f| f.id.as_str()).collect();
    let more = if feeds.len() > NAMED { ", …" } else { "" };
    let what = if feeds.len() == 1 { one } else { many };
    (!feeds.is_empty()).then(|| format!("{} {what} ({}{more})", feeds.len(), ids.join(", ")))
}

fn failure(feed: &FeedState) -> Value {
    let message = feed.last_failure.as_ref().map(|f| &f.message);
    json!({
        "feed": feed.id, "failures": feed.failures, "since_success": feed.last_success, "message": message,
        "next_due": feed.next_due,
    })
}

/// A delivery that is not done.
fn delivery(delivery: &Delivery) -> Option<Value> {
    let (state, detail) = match &delivery.state {
        DeliveryState::Sent { .. } => return None,
        DeliveryState::Pending { due } => ("waiting", due.to_string()),
        DeliveryState::Dead { message, .. } => ("given up", message.clone()),
    };
    Some(json!({
        "digest": delivery.digest, "channel": delivery.channel, "state": state, "attempts": delivery.attempts,
        "last_failure": delivery.last_failure, "detail": detail,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ChannelId, DigestId, FeedFailure};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn feed(id: &str, read: Option<&str>, failures: u32, silent: bool) -> FeedState {
        let failure = FeedFailure {
            at: at("2026-03-02T08:00:00Z"),
            status: None,
            kind: "timeout".into(),
            message: "no answer".into(),
        };
        FeedState {
            last_attempt: Some(at("2026-03-02T08:00:00Z")),
            last_success: read.map(at),
            failures,
            last_failure: (failures > 0).then_some(failure),
            silent_since: silent.then(|| at("2026-03-01T08:00:00Z")),
            ..FeedState::new(FeedId::parse(id).unwrap())
        }
    }

    fn due(attempts: u32, dead: bool) -> Delivery {
        let now = at("2026-03-02T08:00:00Z");
        let (digest, channel) = (DigestId::parse("20260302-0800-aa").unwrap(), ChannelId::parse("desk").unwrap());
        Delivery {
            attempts,
            last_failure: (attempts > 0).then(|| "451".to_owned()),
            state: if dead {
                DeliveryState::Dead { message: "550".into(), at: now }
            } else {
                DeliveryState::Pending { due: now }
            },
            ..Delivery::new(digest, channel, now)
        }
    }

    fn sizes(free: u64, used: u64) -> StoreSizes {
        StoreSizes {
            free_bytes: Some(free),
            sled_bytes: used / 2,
            archive_bytes: used - used / 2,
            ..StoreSizes::default()
        }
    }

    #[test]
    fn little_room_and_a_large_store_need_a_look_from_the_configured_sizes_on() {
        let alarms = RoomAlarms { least_free: 5_000_000, most_used: 9_000_000 };
        for (free, used, expected) in [
            (5_000_000, 9_000_000, &[][..]),
            (4_000_000, 9_000_000, &["4 MB of room left on the disk"]),
            (5_000_000, 10_000_000, &["the store takes 10 MB"]),
        ] {
            assert_eq!(room_needs(&sizes(free, used), alarms), expected);
        }
        assert!(room_needs(&StoreSizes::default(), alarms).is_empty(), "a file system that cannot tell");
    }

    #[test]
    fn what_mends_itself_needs_no_look_and_what_does_not_is_named() {
        let (fresh, old) = (Some("2026-03-02T07:00:00Z"), Some("2026-03-01T07:00:00Z"));
        let well = || feed("echo", fresh, 0, false);
        for (feeds, outbox, room, expected) in [
            (vec![well()], vec![], u64::MAX, &[][..]),
            // A feed that failed since its last read of an hour ago is tried again; one of yesterday is named.
            (vec![well(), feed("mail", fresh, 9, false)], vec![], u64::MAX, &[]),
            (vec![well(), feed("mail", old, 2, false)], vec![], u64::MAX, &["1 source fails (mail)"]),
            (vec![well(), feed("mail", None, 1, false)], vec![], u64::MAX, &[]),
            (vec![well(), feed("mail", None, 3, false)], vec![], u64::MAX, &["1 source fails (mail)"]),
            (vec![feed("a", fresh, 1, false), feed("b", fresh, 1, false)], vec![], u64::MAX, &["all sources fail"]),
            (vec![feed("a", fresh, 1, false)], vec![], u64::MAX, &["the only source fails"]),
            (vec![well(), feed("b", fresh, 0, true)], vec![], u64::MAX, &["1 source is silent (b)"]),
            (vec![well()], vec![due(0, false)], u64::MAX, &[]),
            (vec![well()], vec![due(1, false)], u64::MAX, &["1 delivery waiting after a failure"]),
            (
                vec![well()],
                vec![due(20, true), due(20, true)],
                5_000_000,
                &["2 deliveries given up", "5 MB of room left on the disk"],
            ),
        ] {
            let failing: Vec<&FeedState> = feeds.iter().filter(|f| f.last_failure.is_some()).collect();
            let silent: Vec<&FeedState> = feeds.iter().filter(|f| f.silent_since.is_some()).collect();
            let all: Vec<&FeedState> = feeds.iter().collect();
            let room = room_needs(&sizes(room, 0), RoomAlarms::default());
            assert_eq!(needs(room, &all, &failing, &silent, &outbox, Some(at("2026-03-02T08:00:00Z"))), expected);
        }
        let many: Vec<FeedState> = ["a", "b", "c", "d"].iter().map(|id| feed(id, fresh, 0, true)).collect();
        let many: Vec<&FeedState> = many.iter().collect();
        assert_eq!(named(&many, "x", "sources are silent").unwrap(), "4 sources are silent (a, b, c, …)");
    }
}
