//! A digest to try a channel with: real in form and size, invented in all it tells.

use super::when;
use crate::domain::{Digest, DigestId};
use jiff::{SignedDuration, Timestamp};

/// Made of the tests' own sample, which holds everything that a digest can hold; a test compares the two.
const SAMPLE: &str = include_str!("../../../config/sample_digest.json");

/// The digest that `conductwatch notify test` sends at `now`. It says in subject and text that it is none.
#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
pub fn trial(now: Timestamp, zone: &str) -> Digest {
    let sample: Digest = serde_json::from_str(SAMPLE).expect("the sample digest");
    let stamp = now.to_zoned_datetime(when::zone(zone)).strftime("test-%Y%m%d-%H%M%S").to_string();
    let mut notices = vec![
        "This only tries the channel: everybody and everything in it is invented, and nothing is stored.".to_owned(),
    ];
    notices.extend(sample.notices);
    Digest {
        id: DigestId::parse(&stamp).unwrap_or(sample.id),
        subject: format!("Test: {}", sample.subject),
        from: now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(now),
        to: now,
        zone: zone.to_owned(),
        notices,
        ..sample
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_sample_is_the_tests_own_and_says_that_it_is_a_test() {
        let full = crate::stages::digest::sample::full();
        let found = serde_json::to_string_pretty(&full).unwrap() + "\n";
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/sample_digest.json");
        if std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1") {
            std::fs::write(&path, &found).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap();
        assert!(stored == found, "{} differs; UPDATE_GOLDEN=1 cargo test rewrites it", path.display());
        let now = "2026-07-01T12:30:05Z".parse().unwrap();
        let trial = trial(now, "Europe/London");
        assert_eq!((trial.id.as_str(), trial.to), ("test-20260701-133005", now));
        assert!(trial.subject.starts_with("Test: ") && trial.notices[0].contains("invented"), "{trial:?}");
        assert_eq!(trial.alerts().count(), full.alerts().count());
    }
}
