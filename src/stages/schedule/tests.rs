//! Tables of the schedule.

use super::*;
use crate::domain::{Backfill, SelectMode};

const POLICY: PollPolicy = PollPolicy { min: SignedDuration::from_mins(5), max: SignedDuration::from_hours(24) };

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A Friday.
fn now() -> Timestamp {
    at("2024-03-01T12:00:00Z")
}

pub(super) fn spec(id: &str, url: &str) -> FeedSpec {
    FeedSpec {
        id: FeedId::parse(id).unwrap(),
        name: id.to_owned(),
        url: Url::parse(url).unwrap(),
        folder: None,
        kind: crate::domain::FeedKind::Feed,
        select: SelectMode::All,
        interval: SignedDuration::from_mins(32),
        backfill: Backfill::All,
        enabled: true,
    }
}

fn state(id: &str) -> FeedState {
    FeedState::new(FeedId::parse(id).unwrap())
}

fn headers(status: u16, headers: &[(&str, &str)]) -> Manners {
    let headers: Vec<(String, String)> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    manners(status, &headers, now())
}

/// The wait in minutes, its jitter of up to a tenth taken off by rounding down to what was expected.
fn check(state: &FeedState, outcome: PollOutcome<'_>, minutes: i64, reason: &str) {
    let spec = spec("f", "https://force.example/rss");
    let next = next_due(&spec, state, outcome, POLICY, now());
    let wait = next.due.unwrap().duration_since(now());
    let expected = SignedDuration::from_mins(minutes);
    assert!(wait >= expected && wait <= expected + expected / 10, "{wait:?} is not {minutes} min ({})", next.reason);
    assert_eq!(next.reason, reason);
    assert_eq!(next, next_due(&spec, state, outcome, POLICY, now()), "not the same twice");
}

#[test]
fn after_a_success() {
    fn read(manners: &Manners, rhythm: Option<i64>) -> PollOutcome<'_> {
        PollOutcome::Read { manners, rhythm: rhythm.map(SignedDuration::from_mins) }
    }
    let plain = headers(200, &[]);
    check(&state("f"), read(&plain, None), 32, "interval");
    check(&state("f"), read(&headers(304, &[("cache-control", "max-age=7200")]), None), 120, "max_age");
    check(&state("f"), read(&headers(200, &[("cache-control", "max-age=60")]), None), 32, "interval");
    check(&state("f"), read(&headers(200, &[("cache-control", "max-age=31536000")]), None), 24 * 60, "user_maximum");
    check(&state("f"), read(&plain, Some(2)), 8, "rhythm");
    check(&state("f"), read(&plain, Some(64)), 32, "interval");
    check(&state("f"), read(&plain, Some(10_000)), 128, "rhythm");
    let asking = FeedState { min_wait_secs: Some(5400), ..state("f") };
    check(&asking, read(&plain, None), 90, "feed_asks");
    check(&asking, read(&headers(200, &[("cache-control", "max-age=7200")]), None), 120, "max_age");
}

#[test]
fn after_failures() {
    for (failures, minutes) in [(1, 64), (2, 128), (3, 256), (10, 24 * 60), (u32::MAX, 24 * 60)] {
        check(&FeedState { failures, ..state("f") }, PollOutcome::Failed { manners: None }, minutes, "back_off");
    }
    let busy = headers(429, &[]);
    check(&FeedState { failures: 1, ..state("f") }, PollOutcome::Failed { manners: Some(&busy) }, 128, "throttled");
}

#[test]
fn a_retry_after_is_never_shortened() {
    let failed = FeedState { failures: 1, ..state("f") };
    for (value, due) in [
        ("172800", "2024-03-03T12:00:00Z"),
        ("Sun, 03 Mar 2024 12:00:00 GMT", "2024-03-03T12:00:00Z"),
        ("31536000", "2024-03-08T12:00:00Z"),
    ] {
        let asked = headers(503, &[("retry-after", value)]);
        let outcome = PollOutcome::Failed { manners: Some(&asked) };
        let next = next_due(&spec("f", "https://force.example/"), &failed, outcome, POLICY, now());
        assert_eq!((next.due, next.reason), (Some(at(due)), "retry_after"), "{value}");
    }
    // One that asks for less than the back-off changes nothing.
    check(&failed, PollOutcome::Failed { manners: Some(&headers(503, &[("retry-after", "60")])) }, 128, "throttled");
}

#[test]
fn hours_and_days_that_the_feed_wants_to_be_spared() {
    let plain = headers(200, &[]);
    let due = |skip_hours: Vec<u8>, skip_days: Vec<u8>| {
        let state = FeedState { skip_hours, skip_days, ..state("f") };
        let read = PollOutcome::Read { manners: &plain, rhythm: None };
        let next = next_due(&spec("f", "https://force.example/"), &state, read, POLICY, now());
        (next.due.unwrap().to_string().get(..13).unwrap().to_owned(), next.reason)
    };
    assert_eq!(due(vec![12, 13], vec![]), ("2024-03-01T14".to_owned(), "skip_hours"));
    assert_eq!(due(vec![], vec![4]), ("2024-03-02T00".to_owned(), "skip_days"));
    assert_eq!(due(vec![0, 1], vec![4]), ("2024-03-02T02".to_owned(), "skip_days"));
    // The user's maximum of a day ends the pause of a whole week-end.
    assert_eq!(due(vec![], vec![4, 5, 6]), ("2024-03-02T12".to_owned(), "skip_days"));
    assert_eq!(due((0..24).collect(), (0..7).collect()), ("2024-03-01T12".to_owned(), "interval"));
    assert_eq!(due(vec![3], vec![0]), ("2024-03-01T12".to_owned(), "interval"));
}

#[test]
fn a_feed_that_is_gone_is_never_due_again() {
    let spec = spec("f", "https://force.example/");
    let next = next_due(&spec, &state("f"), PollOutcome::Gone, POLICY, now());
    assert_eq!(next, NextPoll { due: None, reason: "gone" });
    let gone = FeedState { last_attempt: Some(now()), next_due: next.due, ..state("f") };
    assert_eq!(due(&[(spec, gone)], now() + SignedDuration::from_hours(1000)), []);
}

#[test]
fn due_feeds_come_in_order_and_paused_sites_not_at_all() {
    let polled = |id: &str, due: &str, reason: &str| FeedState {
        last_attempt: Some(at("2024-03-01T00:00:00Z")),
        next_due: Some(at(due)),
        due_reason: reason.to_owned(),
        ..state(id)
    };
    let feeds = [
        (spec("late", "https://a.example/"), polled("late", "2024-03-01T11:59:00Z", "interval")),
        (spec("later", "https://b.example/"), polled("later", "2024-03-01T10:00:00Z", "back_off")),
        (spec("new", "https://c.example/"), state("new")),
        (spec("waiting", "https://d.example/"), polled("waiting", "2024-03-01T12:00:01Z", "interval")),
        (FeedSpec { enabled: false, ..spec("off", "https://e.example/") }, state("off")),
        (spec("busy", "https://news.f.example/"), polled("busy", "2024-03-01T13:00:00Z", "retry_after")),
        (spec("same site", "https://blog.f.example/"), polled("same site", "2024-03-01T11:00:00Z", "interval")),
    ];
    let ids: Vec<String> = due(&feeds, now()).iter().map(ToString::to_string).collect();
    assert_eq!(ids, ["new", "later", "late"]);
    let after: Vec<String> = due(&feeds, at("2024-03-01T13:00:00Z")).iter().map(ToString::to_string).collect();
    assert_eq!(after, ["new", "later", "same site", "late", "waiting", "busy"]);
}

#[test]
fn after_a_start_many_feeds_are_spread_and_few_are_not() {
    let ids = |count: usize| (0..count).map(|n| FeedId::parse(&format!("feed-{n}")).unwrap()).collect::<Vec<_>>();
    // 200 feeds: 400 seconds.
    let mut left = ids(200);
    let mut turns = Vec::new();
    let mut time = now();
    while !left.is_empty() {
        let (turn, next) = spread(left.clone(), now(), time);
        left.retain(|id| !turn.contains(id));
        turns.extend(turn.iter().map(|_| time.duration_since(now()).as_secs() / 40));
        // What is left shrinks the spread, so the rest never waits longer than it would have.
        assert!(left.is_empty() || next.is_some_and(|n| n > time), "{} are left without a turn", left.len());
        time = next.unwrap_or(time);
    }
    assert_eq!(turns.len(), 200);
    assert!(turns.iter().all(|t| (0..10).contains(t)), "{turns:?}");
    assert!(turns.iter().filter(|t| **t == 0).count() < 60, "bunched at the start: {turns:?}");
    assert_eq!(spread(ids(20), now(), now()), (ids(20), None));
    // Hours later a due feed is due.
    let later = now() + SignedDuration::from_hours(1);
    assert_eq!(spread(ids(200), now(), later), (ids(200), None));
}

#[test]
fn the_feeds_of_one_host_stand_together_in_their_order() {
    let feeds = [
        ("a", "https://x.example/1"),
        ("b", "https://y.example/1"),
        ("c", "https://x.example/2"),
        ("d", "http://x.example/3"),
    ];
    let hosts = by_host(feeds.iter().map(|(id, url)| spec(id, url)).collect());
    let ids: Vec<String> =
        hosts.iter().map(|h| h.iter().map(|f| f.id.as_str()).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(ids, ["a c", "b", "d"]);
}

#[test]
fn the_rhythm_is_the_usual_gap() {
    let daily: Vec<Timestamp> = (0..10).map(|d| now() - SignedDuration::from_hours(24 * d)).collect();
    assert_eq!(rhythm(&daily, now()), Some(SignedDuration::from_hours(24)));
    assert_eq!(rhythm(&daily, now() + SignedDuration::from_hours(24 * 40)), Some(SignedDuration::from_hours(240)));
    assert_eq!(rhythm(daily.get(..3).unwrap(), now()), None);
    // Dates in the future say nothing yet.
    assert_eq!(rhythm(&daily, now() - SignedDuration::from_hours(24 * 8)), None);
}

#[test]
fn sites_are_registered_names() {
    for (url, expected) in [
        ("https://news.example.com/rss", "example.com"),
        ("https://www.met.police.uk/rss", "met.police.uk"),
        ("https://feeds.bbci.co.uk/news", "bbci.co.uk"),
        ("https://iopc.gov.uk/", "iopc.gov.uk"),
        ("https://localhost:443/", "localhost"),
        ("http://localhost:8080/", "localhost:8080"),
        ("http://10.0.0.1:8080/", "10.0.0.1:8080"),
        ("http://news.example.com:8080/", "example.com"),
        ("http://10.0.0.1/", "10.0.0.1"),
    ] {
        assert_eq!(site(&Url::parse(url).unwrap()), expected, "{url}");
    }
}

#[test]
fn a_feed_polled_under_a_clock_that_was_ahead_is_due() {
    let feed = |id: &str, last: &str, due: &str, reason: &str| {
        let mut s = state(id);
        (s.last_attempt, s.next_due) = (Some(at(last)), Some(at(due)));
        s.due_reason = reason.to_owned();
        (spec(id, &format!("https://{id}.example/feed")), s)
    };
    let feeds = [
        feed("ahead", "2024-03-05T12:00:00Z", "2024-03-05T12:30:00Z", "interval"),
        feed("asked-then", "2024-03-05T12:00:00Z", "2024-03-06T12:00:00Z", "retry_after"),
        feed("minutes", "2024-03-01T12:20:00Z", "2024-03-01T12:50:00Z", "interval"),
        feed("asked", "2024-03-01T11:50:00Z", "2024-03-02T12:00:00Z", "retry_after"),
        feed("rare", "2024-03-01T11:50:00Z", "2024-03-20T12:00:00Z", "interval"),
    ];
    let ids: Vec<String> = due(&feeds, now()).iter().map(ToString::to_string).collect();
    assert_eq!(ids, ["ahead", "asked-then"]);
}

#[test]
fn after_a_standstill_many_feeds_are_spread_as_after_a_start() {
    let long_ago = at("2024-02-20T12:00:00Z");
    let feeds = |count: usize, next_due: &str| -> Vec<(FeedSpec, FeedState)> {
        let one = |n: usize| {
            let id = format!("feed-{n}");
            let mut s = state(&id);
            (s.last_attempt, s.next_due) = (Some(long_ago), Some(at(next_due)));
            (spec(&id, &format!("https://{id}.example/feed")), s)
        };
        (0..count).map(one).collect()
    };
    for (count, next_due, spread) in
        [(30, "2024-02-25T12:00:00Z", true), (30, "2024-03-01T11:59:00Z", false), (5, "2024-02-25T12:00:00Z", false)]
    {
        let feeds = feeds(count, next_due);
        let ids = due(&feeds, now());
        let from = spread_from(&feeds, &ids, long_ago, now());
        assert_eq!(from == now(), spread, "{count} {next_due}");
        let (first, held_until) = super::spread(ids, from, now());
        assert_eq!(first.len() < count, spread, "{count} {next_due}");
        // What is held back keeps its place.
        let soon = now().checked_add(SignedDuration::from_secs(20)).unwrap();
        assert_eq!(spread_from(&feeds, &due(&feeds, soon), from, soon), from);
        assert_eq!(held_until.is_some(), spread);
    }
}
