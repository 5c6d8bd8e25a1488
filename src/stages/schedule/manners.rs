//! What an answer's headers say of how its server wants to be treated.

use crate::domain::{FeedSpec, FeedState};
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// Longest wait that a server can ask for.
pub const LONGEST_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Polls in a row that must be led to the same place by permanent redirects before a feed counts as moved.
pub const MOVES_FOR_PROOF: u32 = 3;

/// What sort of answer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A document came (2xx).
    Document,
    /// The last one still stands (304).
    NotModified,
    /// The feed is gone for good (410).
    Gone,
    /// The server wants fewer requests (429, or any refusal with a `Retry-After`).
    Throttled,
    /// Any other refusal or fault.
    Failed,
}

/// The manners that one answer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manners {
    /// What sort of answer it is.
    pub answer: Answer,
    /// Not before this time (`Retry-After`), a week from now at most.
    pub retry_after: Option<Timestamp>,
    /// How long the answer stays fresh (`Cache-Control: max-age`, else `Expires`), less its age.
    pub fresh_for: Option<SignedDuration>,
    /// `ETag`, as received.
    pub etag: Option<String>,
    /// `Last-Modified`, as received.
    pub last_modified: Option<String>,
}

/// Reads the manners from an answer's status and headers (names in lower case), received at `now`.
///
/// A week is the longest wait taken over; values that make no sense are left out.
///
/// Source: RFC 9110 sections 8.8 (validators), 10.2.3 (Retry-After), 5.6.7 (dates); RFC 9111 sections 5.1 to 5.3.
pub fn manners(status: u16, headers: &[(String, String)], now: Timestamp) -> Manners {
    let header = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty());
    let retry_after = header("retry-after").and_then(|value| retry_after(value, now));
    let answer = match status {
        200..=299 => Answer::Document,
        304 => Answer::NotModified,
        410 => Answer::Gone,
        429 => Answer::Throttled,
        _ if retry_after.is_some() => Answer::Throttled,
        _ => Answer::Failed,
    };
    let cache: Vec<String> = headers
        .iter()
        .filter(|(n, _)| n == "cache-control")
        .flat_map(|(_, v)| v.split(',').map(|d| d.trim().to_ascii_lowercase()).collect::<Vec<_>>())
        .collect();
    let seconds = |text: &str| text.trim().trim_matches('"').parse::<i64>().ok().filter(|s| *s >= 0);
    let fresh_for = if cache.iter().any(|d| d == "no-cache" || d == "no-store") {
        None
    } else if let Some(max_age) = cache.iter().find_map(|d| seconds(d.strip_prefix("max-age=")?)) {
        let age = header("age").and_then(seconds).unwrap_or(0);
        Some(SignedDuration::from_secs(max_age.saturating_sub(age)))
    } else {
        let sent = header("date").and_then(http_date).unwrap_or(now);
        header("expires").and_then(http_date).map(|expires| expires.duration_since(sent))
    };
    Manners {
        answer,
        retry_after,
        fresh_for: fresh_for.filter(SignedDuration::is_positive),
        etag: header("etag").map(str::to_owned),
        last_modified: header("last-modified").map(str::to_owned),
    }
}

/// `Retry-After` in seconds or as a date; nothing for the past.
fn retry_after(value: &str, now: Timestamp) -> Option<Timestamp> {
    let figures = value.split('.').next().unwrap_or("");
    let at = if !figures.is_empty() && figures.bytes().all(|b| b.is_ascii_digit()) {
        // More figures than a number holds ask for longer than a week, too.
        let seconds = figures.parse::<i64>().unwrap_or(i64::MAX).min(LONGEST_RETRY_AFTER.as_secs());
        now.checked_add(SignedDuration::from_secs(seconds)).ok()?
    } else {
        http_date(value)?.min(now.checked_add(LONGEST_RETRY_AFTER).ok()?)
    };
    (at > now).then_some(at)
}

/// A date of HTTP in any of its three forms.
fn http_date(value: &str) -> Option<Timestamp> {
    let parser = DateTimeParser::new().relaxed_weekday(true);
    parser.parse_timestamp(value).ok().or_else(|| {
        ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
            .iter()
            .find_map(|form| DateTime::strptime(form, value).ok())
            .and_then(|at| TimeZone::UTC.to_timestamp(at).ok())
    })
}

/// Takes over the validators of an answer that was read: both from a document, also where it has none any more, and what
/// a "not modified" renews.
///
/// Call it only when the document was a feed: the validators of a maintenance page would hide the feed behind "not modified".
pub fn take_validators(state: &mut FeedState, manners: &Manners, now: Timestamp) {
    match manners.answer {
        Answer::Document => {
            state.etag.clone_from(&manners.etag);
            state.last_modified.clone_from(&manners.last_modified);
            state.last_full = Some(now);
        }
        Answer::NotModified => {
            if manners.etag.is_some() {
                state.etag.clone_from(&manners.etag);
            }
            if manners.last_modified.is_some() {
                state.last_modified.clone_from(&manners.last_modified);
            }
        }
        Answer::Gone | Answer::Throttled | Answer::Failed => {}
    }
}

/// Longest time that "not modified" is believed: some servers say it for ever.
const LONGEST_UNCHANGED: SignedDuration = SignedDuration::from_hours(3 * 24);

/// How a feed is asked for its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Only if it has changed.
    IfChanged,
    /// For all of it: it was never read.
    First,
    /// For all of it: the server gave no validators (`ETag`, `Last-Modified`).
    NoValidators,
    /// For all of it: "not modified" was the only answer for so long that it is not believed any more.
    UnchangedTooLong,
}

impl Asked {
    /// Its name, as `feed list --json` and the log have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IfChanged => "if_changed",
            Self::First => "first",
            Self::NoValidators => "no_validators",
            Self::UnchangedTooLong => "unchanged_too_long",
        }
    }
}

/// How the feed is asked at `at`: for all of it now and then, so that a server that says "not modified" for ever is found out.
pub fn asked(state: &FeedState, at: Timestamp) -> Asked {
    match state.last_full {
        None => Asked::First,
        Some(_) if state.etag.is_none() && state.last_modified.is_none() => Asked::NoValidators,
        Some(full) if at.duration_since(full) >= LONGEST_UNCHANGED => Asked::UnchangedTooLong,
        Some(_) => Asked::IfChanged,
    }
}

/// The validators (`ETag`, `Last-Modified`) to send with a poll at `at`, as [`asked`] says.
pub fn validators(state: &FeedState, at: Timestamp) -> (Option<String>, Option<String>) {
    match asked(state, at) {
        Asked::IfChanged => (state.etag.clone(), state.last_modified.clone()),
        Asked::First | Asked::NoValidators | Asked::UnchangedTooLong => (None, None),
    }
}

/// Failures in a row at the address a feed moved to after which the configured one is asked again.
const FAILURES_OF_A_MOVE: u32 = 3;

/// Where `spec`'s feed is polled: at the configured address, or at the one that it was proved to have moved to, as long as
/// that answers and the user has not changed the address.
pub fn address<'a>(spec: &'a FeedSpec, state: &'a FeedState) -> &'a Url {
    let proved = state.moves_seen >= MOVES_FOR_PROOF && state.moved_from.as_ref() == Some(&spec.url);
    match &state.moved_to {
        Some(to) if proved && state.failures < FAILURES_OF_A_MOVE => to,
        _ => &spec.url,
    }
}

/// Notes where a poll that ended in a feed was led to by permanent redirects alone (`None`: it was not), and says whether
/// the move is proved now. A single 301, or one that ends in no feed, may be a slip or a captive portal.
pub fn note_move(state: &mut FeedState, moved_to: Option<&Url>) -> bool {
    if moved_to.is_none() {
        state.moved_to = None;
        state.moves_seen = 0;
    } else if state.moved_to.as_ref() == moved_to {
        state.moves_seen = state.moves_seen.saturating_add(1);
    } else {
        state.moved_to = moved_to.cloned();
        state.moves_seen = 1;
    }
    state.moves_seen == MOVES_FOR_PROOF
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FeedId;

    fn now() -> Timestamp {
        "2024-03-01T12:00:00Z".parse().unwrap()
    }

    fn read(status: u16, headers: &[(&str, &str)]) -> Manners {
        let headers: Vec<(String, String)> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        manners(status, &headers, now())
    }

    #[test]
    fn retry_after_in_every_form() {
        for (value, expected) in [
            ("120", Some("2024-03-01T12:02:00Z")),
            (" 0 ", None),
            ("120.5", Some("2024-03-01T12:02:00Z")),
            ("-5", None),
            ("Fri, 01 Mar 2024 13:00:00 GMT", Some("2024-03-01T13:00:00Z")),
            ("Friday, 01-Mar-24 13:00:00 GMT", Some("2024-03-01T13:00:00Z")),
            ("Fri Mar  1 13:00:00 2024", Some("2024-03-01T13:00:00Z")),
            ("Mon, 01 Mar 2024 13:00:00 GMT", Some("2024-03-01T13:00:00Z")),
            ("Fri, 01 Mar 2024 11:00:00 GMT", None),
            ("99999999999999999999", Some("2024-03-08T12:00:00Z")),
            ("Sat, 01 Mar 2036 13:00:00 GMT", Some("2024-03-08T12:00:00Z")),
            ("soon", None),
        ] {
            let found = read(503, &[("retry-after", value)]).retry_after.map(|t| t.to_string());
            assert_eq!(found.as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn freshness() {
        for (headers, expected) in [
            (&[("cache-control", "public, max-age=600")][..], Some(600)),
            (&[("cache-control", "Max-Age=600"), ("age", "100")], Some(500)),
            (&[("cache-control", "max-age=600, no-cache")], None),
            (&[("cache-control", "max-age=-1")], None),
            (&[("cache-control", "public"), ("cache-control", "max-age=\"60\"")], Some(60)),
            (&[("expires", "Fri, 01 Mar 2024 12:10:00 GMT")], Some(600)),
            (&[("expires", "Fri, 01 Mar 2024 12:10:00 GMT"), ("date", "Fri, 01 Mar 2024 12:05:00 GMT")], Some(300)),
            (&[("expires", "0")], None),
            (&[], None),
        ] {
            assert_eq!(read(200, headers).fresh_for.map(|d| d.as_secs()), expected, "{headers:?}");
        }
    }

    #[test]
    fn answers_by_status() {
        for (status, headers, expected) in [
            (200, &[][..], Answer::Document),
            (304, &[], Answer::NotModified),
            (410, &[], Answer::Gone),
            (429, &[], Answer::Throttled),
            (403, &[("retry-after", "60")], Answer::Throttled),
            (403, &[], Answer::Failed),
            (503, &[], Answer::Failed),
        ] {
            assert_eq!(read(status, headers).answer, expected, "{status} {headers:?}");
        }
    }

    #[test]
    fn both_validators_are_renewed_by_every_answer() {
        let mut state = FeedState::new(FeedId::parse("f").unwrap());
        take_validators(&mut state, &read(200, &[("etag", "\"1\""), ("last-modified", "whenever")]), now());
        assert_eq!(validators(&state, now()), (Some("\"1\"".to_owned()), Some("whenever".to_owned())));
        take_validators(&mut state, &read(304, &[("etag", "\"2\"")]), now());
        assert_eq!(validators(&state, now()), (Some("\"2\"".to_owned()), Some("whenever".to_owned())));
        take_validators(&mut state, &read(503, &[("etag", "\"3\"")]), now());
        assert_eq!(state.etag.as_deref(), Some("\"2\""));
        take_validators(&mut state, &read(200, &[]), now());
        assert_eq!(validators(&state, now()), (None, None));
    }

    #[test]
    fn not_modified_is_not_believed_for_ever() {
        let mut state = FeedState::new(FeedId::parse("f").unwrap());
        take_validators(&mut state, &read(200, &[("etag", "\"1\"")]), now());
        let later = now() + SignedDuration::from_hours(73);
        assert_eq!(validators(&state, later), (None, None));
        assert_eq!(asked(&state, later), Asked::UnchangedTooLong);
        assert_eq!(asked(&state, now()), Asked::IfChanged);
        take_validators(&mut state, &read(200, &[]), now());
        assert_eq!(asked(&state, now()), Asked::NoValidators);
        assert_eq!(asked(&FeedState::new(FeedId::parse("f").unwrap()), now()), Asked::First);
    }

    #[test]
    fn a_proved_move_is_followed_while_it_answers() {
        let (from, to) = ("https://force.example/feed", "https://force.example/new");
        let spec =
            |url: &str| FeedSpec { url: Url::parse(url).unwrap(), ..crate::stages::schedule::tests::spec("f", from) };
        let moved = FeedState {
            moved_to: Some(Url::parse(to).unwrap()),
            moved_from: Some(Url::parse(from).unwrap()),
            moves_seen: MOVES_FOR_PROOF,
            ..FeedState::new(FeedId::parse("f").unwrap())
        };
        for (configured, state, expected) in [
            (from, moved.clone(), to),
            (from, FeedState { moves_seen: 2, ..moved.clone() }, from),
            (from, FeedState { failures: FAILURES_OF_A_MOVE, ..moved.clone() }, from),
            ("https://force.example/changed", moved, "https://force.example/changed"),
        ] {
            assert_eq!(address(&spec(configured), &state).as_str(), expected, "{configured} {state:?}");
        }
    }

    #[test]
    fn a_move_needs_repeated_proof() {
        let mut state = FeedState::new(FeedId::parse("f").unwrap());
        let there = Url::parse("https://force.example/new").unwrap();
        let elsewhere = Url::parse("https://force.example/other").unwrap();
        let seen = [
            Some(&there),
            Some(&there),
            None,
            Some(&there),
            Some(&elsewhere),
            Some(&there),
            Some(&there),
            Some(&there),
        ];
        let proved: Vec<bool> = seen.into_iter().map(|to| note_move(&mut state, to)).collect();
        assert_eq!(proved, [false, false, false, false, false, false, false, true]);
    }
}
