//! Sites: servers count requests, and break down, by site and not by feed.

use super::{RETRY_AFTER, THROTTLED, put_back};
use crate::domain::{FeedFailure, FeedSpec, FeedState};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use url::{Host, Url};

/// How long a site rests that complains of too many requests without saying for how long.
const THROTTLED_REST: SignedDuration = SignedDuration::from_hours(1);
/// How long a site rests that refuses one feed after the other.
const REFUSED_REST: SignedDuration = SignedDuration::from_mins(30);
/// Feeds of a site in a row that must be refused for that.
const REFUSED_FEEDS: usize = 2;

/// That a site is left in peace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// Until when.
    pub until: Timestamp,
    /// The rule: `retry_after`, `throttled`, or `site_refuses`.
    pub reason: &'static str,
    /// Whether it refused one feed after the other: once it has rested, one feed asks for all.
    pub refuses: bool,
}

/// The sites that rest at `now`, or have rested and not been asked again since.
///
/// A site rests as long as one of its feeds was asked to wait (`Retry-After`); for an hour where it complained of too many
/// requests without a time; and for half an hour when two of its feeds or more were refused, or not answered, since it last
/// answered one. Until it does answer, it is asked for one feed at a time.
pub fn rests(feeds: &[(FeedSpec, FeedState)], now: Timestamp) -> BTreeMap<String, Rest> {
    let mut by_site: BTreeMap<String, Vec<&FeedState>> = BTreeMap::new();
    for (spec, state) in feeds.iter().filter(|(spec, state)| spec.enabled && !put_back(state, now)) {
        by_site.entry(site(&spec.url)).or_default().push(state);
    }
    by_site.into_iter().filter_map(|(site, states)| Some((site, rest(&states)?))).collect()
}

fn rest(states: &[&FeedState]) -> Option<Rest> {
    let asked = |reason: &'static str, most: Option<SignedDuration>| {
        let until = |s: &&&FeedState| {
            let most = most.and_then(|most| s.last_attempt?.checked_add(most).ok());
            Some(most.map_or(s.next_due?, |most| most.min(s.next_due.unwrap_or(most))))
        };
        states.iter().filter(|s| s.due_reason == reason).filter_map(|s| until(&s)).max()
    };
    let waits = asked(RETRY_AFTER, None).map(|until| Rest { until, reason: RETRY_AFTER, refuses: false });
    let throttled =
        asked(THROTTLED, Some(THROTTLED_REST)).map(|until| Rest { until, reason: THROTTLED, refuses: false });
    let answered = states.iter().filter_map(|s| s.last_success).max();
    let refusals: Vec<Timestamp> = states
        .iter()
        .filter_map(|s| s.last_failure.as_ref())
        .filter(|f| is_refusal(f) && Some(f.at) > answered)
        .map(|f| f.at)
        .collect();
    let refused = refusals.iter().max().filter(|_| refusals.len() >= REFUSED_FEEDS).map(|last| Rest {
        until: last.checked_add(REFUSED_REST).unwrap_or(Timestamp::MAX),
        reason: "site_refuses",
        refuses: true,
    });
    let longest = [waits, throttled, refused].into_iter().flatten().max_by_key(|rest| rest.until)?;
    Some(Rest { refuses: refused.is_some(), ..longest })
}

/// Whether a failure is one of the whole site: it turns us away, is overloaded, or cannot be reached.
fn is_refusal(failure: &FeedFailure) -> bool {
    match failure.status {
        Some(status) => matches!(status, 403 | 429 | 500..=599),
        None => matches!(failure.kind.as_str(), "timeout" | "connect" | "dns" | "tls"),
    }
}

/// Second-level names under which others register theirs, beside those of two and three letters (`co.uk`, `gov.uk`).
const SHARED_NAMES: &[&str] = &["police", "parliament", "gouv", "judiciary", "asso", "gob"];

/// The site that an address belongs to: its registered name, so that servers which count by site are spared by site.
///
/// Behind an address in numbers, or on this machine, each port is a service of its own: one that fails says nothing of the others.
pub fn site(url: &Url) -> String {
    let with_port = |host: &str| url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    match url.host() {
        Some(Host::Domain(name)) if is_this_machine(name) => with_port(name),
        Some(Host::Domain(name)) => {
            let labels: Vec<&str> = name.trim_end_matches('.').rsplit('.').collect();
            let shared = matches!(labels.as_slice(), [top, second, _, ..]
                if top.len() == 2 && (second.len() <= 3 || SHARED_NAMES.contains(second)));
            let kept = if shared { 3 } else { 2 };
            labels.into_iter().take(kept).rev().collect::<Vec<_>>().join(".")
        }
        Some(ip) => with_port(&ip.to_string()),
        None => String::new(),
    }
}

/// Whether `name` is this machine's own (RFC 6761 section 6.3).
fn is_this_machine(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FeedId;
    use crate::stages::schedule::due;
    use crate::stages::schedule::tests::spec;

    fn at(clock: &str) -> Timestamp {
        format!("2024-03-01T{clock}:00Z").parse().unwrap()
    }

    /// A feed of the site, due at noon, and how its last poll ended: `well`, a status, or a kind of failure.
    fn feed(id: &str, polled: &str, ended: &str) -> (FeedSpec, FeedState) {
        let mut state = FeedState::new(FeedId::parse(id).unwrap());
        (state.last_attempt, state.next_due) = (Some(at(polled)), Some(at("12:00")));
        if ended == "well" {
            state.last_success = Some(at(polled));
        } else {
            let status = ended.parse().ok();
            let kind = if status.is_some() { "http_status" } else { ended };
            let message = ended.to_owned();
            state.last_failure = Some(FeedFailure { at: at(polled), status, kind: kind.to_owned(), message });
        }
        (spec(id, &format!("https://{id}.force.example/rss")), state)
    }

    fn due_at(feeds: &[(FeedSpec, FeedState)], clock: &str) -> Vec<String> {
        due(feeds, at(clock)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_site_that_refuses_one_feed_after_the_other_rests_and_is_asked_for_one() {
        for (first, second, third, rests) in [
            ("503", "403", "well", true),
            ("timeout", "dns", "well", true),
            // A feed that is not there, or holds no feed, says nothing of the site.
            ("404", "404", "well", false),
            ("503", "not_a_feed", "well", false),
            ("503", "well", "well", false),
        ] {
            let mut feeds = vec![feed("a", "11:50", first), feed("b", "11:55", second), feed("c", "11:30", third)];
            let expected: &[&str] = if rests { &[] } else { &["a", "b", "c"] };
            assert_eq!(due_at(&feeds, "12:00"), expected, "{first} {second}");
            let expected: &[&str] = if rests { &["a"] } else { &["a", "b", "c"] };
            assert_eq!(due_at(&feeds, "12:25"), expected, "{first} {second}");
            // It answers again: the others are free.
            feeds[0] = feed("a", "12:26", "well");
            feeds[0].1.next_due = Some(at("12:56"));
            assert_eq!(due_at(&feeds, "12:26"), ["b", "c"], "{first} {second}");
        }
    }

    #[test]
    fn services_on_ports_of_one_address_are_sites_of_their_own() {
        for (first, second, both_rest) in [
            ("http://10.0.0.7:8080", "http://10.0.0.7:8080", true),
            ("http://10.0.0.7:8080", "http://10.0.0.7:9090", false),
            ("http://localhost:8080", "http://localhost:9090", false),
            ("http://[fd00::7]:8080", "http://[fd00::7]:9090", false),
            ("http://news.force.example:8080", "http://news.force.example:9090", true),
        ] {
            let mut feeds = [feed("a", "11:50", "503"), feed("b", "11:55", "503")];
            for (feed, url) in feeds.iter_mut().zip([first, second]) {
                feed.0.url = format!("{url}/rss").parse().unwrap();
            }
            let expected: &[&str] = if both_rest { &[] } else { &["a", "b"] };
            assert_eq!(due_at(&feeds, "12:00"), expected, "{first} {second}");
        }
    }

    #[test]
    fn refusals_before_the_last_answer_are_forgotten() {
        let feeds = [feed("a", "11:40", "503"), feed("b", "11:45", "503"), feed("c", "11:50", "well")];
        assert_eq!(due_at(&feeds, "12:00"), ["a", "b", "c"]);
    }

    #[test]
    fn too_many_requests_of_one_feed_are_too_many_of_its_site() {
        let mut feeds = [feed("a", "11:55", "429"), feed("b", "11:30", "well")];
        feeds[0].1.due_reason = THROTTLED.to_owned();
        feeds[0].1.next_due = Some(at("20:00"));
        assert_eq!(due_at(&feeds, "12:00"), [""; 0]);
        let rest = rests(&feeds, at("12:00"))["force.example"];
        assert_eq!((rest.until, rest.reason), (at("12:55"), "throttled"));
        assert_eq!(due_at(&feeds, "12:55"), ["b"]);
    }
}
