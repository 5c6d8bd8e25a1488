//! What is counted, in the OpenMetrics text format.
//!
//! The registry is made anew for each scrape out of a snapshot: the counts live where the work is done, and nothing is counted
//! twice.
//!
//! Source: OpenMetrics 1.0, <https://prometheus.io/docs/specs/om/open_metrics_spec/>.

use super::Counters;
use crate::ports::{StoreCounts, StoreSizes};
use jiff::Timestamp;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The media type of [`render`]'s text.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the histogram of delays, in seconds: 1 min, 5 min, 15 min, 30 min, 1 h, 2 h, 4 h, 8 h, 1 d, 2 d, 7 d.
const DELAYS: [f64; 11] =
    [60.0, 300.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 28_800.0, 86_400.0, 172_800.0, 604_800.0];

/// What is counted with a name to it, since the start.
#[derive(Debug)]
pub struct Tallies {
    /// Failed polls by reason.
    failures: Mutex<BTreeMap<String, u64>>,
    /// Attempts at deliveries by channel and outcome.
    deliveries: Mutex<BTreeMap<(String, &'static str), u64>>,
    /// From publication to alert, in seconds.
    delays: Histogram,
}

impl Default for Tallies {
    fn default() -> Self {
        Self { failures: Mutex::default(), deliveries: Mutex::default(), delays: Histogram::new(DELAYS) }
    }
}

impl Tallies {
    /// A poll failed for `reason`, a short stable name.
    pub(super) fn poll_failed(&self, reason: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        *failures.entry(reason.to_owned()).or_default() += 1;
    }

    /// An attempt at a delivery to `channel` came out as `outcome` (`sent`, `failed`).
    pub(super) fn delivery(&self, channel: &str, outcome: &'static str) {
        let mut deliveries = self.deliveries.lock().unwrap_or_else(PoisonError::into_inner);
        *deliveries.entry((channel.to_owned(), outcome)).or_default() += 1;
    }

    /// An alert was raised at `raised` about an article published at `published`. An article dated in the future has no delay.
    pub(super) fn alerted(&self, published: Timestamp, raised: Timestamp) {
        self.delays.observe(raised.duration_since(published).as_secs_f64().max(0.0));
    }
}

/// How the feeds stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedCounts {
    /// Polled, and the last poll read it.
    pub healthy: u64,
    /// The last poll failed.
    pub failing: u64,
    /// Silent against its own rhythm.
    pub silent: u64,
    /// Not polled yet.
    pub new: u64,
    /// Gaps of coverage proved so far.
    pub gaps: u64,
    /// The last poll of any feed that read it.
    pub last_success: Option<Timestamp>,
}

/// Everything that one scrape tells beside the counters.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// How much is stored.
    pub store: StoreCounts,
    /// How much room that takes, and how much is left.
    pub sizes: StoreSizes,
    /// How the feeds stand.
    pub feeds: FeedCounts,
    /// Entries whose pages are due to be read, counted up to a limit.
    pub pages_due: u64,
    /// When the service started.
    pub started: Timestamp,
    /// When the last reload that was tried succeeded or failed, and which of the two.
    pub reload: Option<(Timestamp, bool)>,
    /// For each loop, seconds since its last beat.
    pub beats: Vec<(&'static str, u64)>,
    /// Until when digests were made.
    pub digests_until: Option<Timestamp>,
}

type Labels = Vec<(&'static str, String)>;

/// A gauge for each of `rows`.
fn gauges(rows: impl IntoIterator<Item = (Labels, i64)>) -> Family<Labels, Gauge> {
    let family = Family::<Labels, Gauge>::default();
    for (labels, value) in rows {
        family.get_or_create(&labels).set(value);
    }
    family
}

/// A counter for each of `rows`.
fn counters(rows: impl IntoIterator<Item = (Labels, u64)>) -> Family<Labels, Counter> {
    let family = Family::<Labels, Counter>::default();
    for (labels, value) in rows {
        family.get_or_create(&labels).inc_by(value);
    }
    family
}

/// The exposition.
///
/// # Errors
/// Never in practice: writing to a string does not fail.
pub fn render(counts: &Counters, tallies: &Tallies, now: &Snapshot) -> Result<String, std::fmt::Error> {
    let mut root = Registry::with_prefix("conductwatch");
    let version = vec![("version", env!("CARGO_PKG_VERSION").to_owned())];
    root.register("build", "Which conductwatch this is", Info::new(version));
    counted(&mut root, counts, tallies);
    stored(&mut root, now);
    service(&mut root, now);
    let mut text = String::new();
    encode(&mut text, &root)?;
    Ok(text)
}

/// What happened since the start.
fn counted(root: &mut Registry, counts: &Counters, tallies: &Tallies) {
    for (name, value) in counts.snapshot() {
        let help = match name {
            "polls" => "Polls of feeds that read them",
            "polls_failed" => "Polls of feeds that failed",
            "articles_read" => "Articles read from their pages or entries",
            "pages_failed" => "Pages that could not be had and were read from their entry alone",
            "articles_rechecked" => "Articles behind alerts that were looked at again",
            "alerts_raised" => "Alerts raised",
            "digests_made" => "Digests made",
            "delivered" => "Deliveries that were taken",
            "deliveries_failed" => "Attempts at deliveries that failed",
            "faults" => "Items given up because of a fault of the program",
            other => other,
        };
        root.register(name, help, ConstCounter::new(value));
    }
    let failures = tallies.failures.lock().unwrap_or_else(PoisonError::into_inner);
    let rows = failures.iter().map(|(reason, n)| (vec![("reason", reason.clone())], *n));
    root.register("poll_failures", "Failed polls by reason", counters(rows));
    let deliveries = tallies.deliveries.lock().unwrap_or_else(PoisonError::into_inner);
    let rows = deliveries
        .iter()
        .map(|((channel, outcome), n)| (vec![("channel", channel.clone()), ("outcome", (*outcome).to_owned())], *n));
    root.register("deliveries", "Attempts at deliveries by channel and outcome", counters(rows));
    root.register_with_unit(
        "publication_to_alert",
        "From an article's publication to the alert about it; first polls of feeds are left out",
        Unit::Seconds,
        tallies.delays.clone(),
    );
}

/// What there is, and what waits.
fn stored(root: &mut Registry, now: &Snapshot) {
    let store = &now.store;
    let queues = [
        ("pages", now.pages_due),
        ("unsettled_articles", store.unsettled),
        ("alerts", store.alerts_waiting),
        ("alerts_held", store.alerts_held),
        ("rechecks", store.rechecks),
        ("deliveries", store.deliveries_waiting),
        ("dead_deliveries", store.deliveries_dead),
    ];
    let rows = queues.map(|(queue, n)| (vec![("queue", queue.to_owned())], signed(n)));
    root.register("queue_items", "What waits, by queue (pages are counted up to 1000)", gauges(rows));
    let things = [
        ("feeds", store.feeds),
        ("entries", store.entries),
        ("articles", store.articles),
        ("developments", store.developments),
        ("alerts", store.alerts),
        ("digests", store.digests),
    ];
    let rows = things.map(|(kind, n)| (vec![("kind", kind.to_owned())], signed(n)));
    root.register("stored_items", "What is stored, by kind", gauges(rows));
    let places = [("store", now.sizes.sled_bytes), ("archive", now.sizes.archive_bytes)];
    let rows = places.map(|(part, n)| (vec![("part", part.to_owned())], signed(n)));
    root.register_with_unit("stored", "Size on disk, by part", Unit::Bytes, gauges(rows));
    if let Some(room) = now.sizes.free_bytes {
        root.register_with_unit("room", "Free room on the disk of the store", Unit::Bytes, gauge(signed(room)));
    }
    let feeds = &now.feeds;
    let states = [("healthy", feeds.healthy), ("failing", feeds.failing), ("silent", feeds.silent), ("new", feeds.new)];
    let rows = states.map(|(state, n)| (vec![("state", state.to_owned())], signed(n)));
    root.register("feeds", "Feeds that are polled, by how they stand", gauges(rows));
    root.register(
        "coverage_gaps",
        "Times in which items may have been missed, of all feeds",
        gauge(signed(feeds.gaps)),
    );
    moment(root, "last_successful_poll_timestamp", "The last poll that read its feed", feeds.last_success);
    moment(root, "digests_until_timestamp", "Until when digests were made", now.digests_until);
}

/// How the service itself stands.
fn service(root: &mut Registry, now: &Snapshot) {
    moment(root, "start_timestamp", "When the service started", Some(now.started));
    let fine = now.reload.is_none_or(|(_, fine)| fine);
    root.register("config_last_reload_successful", "1, or 0 after a reload that failed", gauge(i64::from(fine)));
    moment(root, "config_last_reload_timestamp", "The last reload that was tried", now.reload.map(|(at, _)| at));
    let rows = now.beats.iter().map(|(name, seconds)| (vec![("loop", (*name).to_owned())], signed(*seconds)));
    root.register_with_unit("loop_beat_age", "Since the last beat of each loop", Unit::Seconds, gauges(rows));
}

fn gauge(value: i64) -> ConstGauge<i64> {
    ConstGauge::new(value)
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A time in seconds since 1970; left out while there is none.
fn moment(root: &mut Registry, name: &str, help: &str, at: Option<Timestamp>) {
    if let Some(at) = at {
        root.register_with_unit(name, help, Unit::Seconds, gauge(at.as_second()));
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Checks `text` against the grammar of the OpenMetrics text format and its rules for families, units and suffixes, and gives
    /// the samples. Written after sections 4 and 5 of the specification.
    pub(crate) fn strict(text: &str) -> BTreeMap<String, f64> {
        let body = text.strip_suffix("# EOF\n").expect("ends with # EOF");
        let mut samples = BTreeMap::new();
        let (mut families, mut current) = (BTreeSet::new(), None::<(String, String)>);
        let mut described = BTreeSet::new();
        for line in body.lines() {
            assert!(!line.is_empty() && line.trim() == line, "{line:?}");
            if let Some(rest) = line.strip_prefix("# ") {
                let mut words = rest.splitn(3, ' ');
                let (what, name, said) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap_or(""));
                assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{line}");
                assert!(described.insert((what.to_owned(), name.to_owned())), "described twice: {line}");
                match what {
                    "HELP" => {}
                    "TYPE" => {
                        assert!(["counter", "gauge", "histogram", "info"].contains(&said), "{line}");
                        assert!(!(said == "counter" && name.ends_with("_total")), "{line}");
                        assert!(families.insert(name.to_owned()), "a family stands in two places: {line}");
                        current = Some((name.to_owned(), said.to_owned()));
                    }
                    "UNIT" => {
                        assert!(["seconds", "bytes"].contains(&said) && name.ends_with(&format!("_{said}")), "{line}");
                    }
                    _ => panic!("no metadata: {line}"),
                }
                continue;
            }
            let (family, kind) = current.as_ref().expect("a sample before its TYPE");
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let value: f64 = value.parse().unwrap_or_else(|_| panic!("no number: {line}"));
            let (name, labels) =
                series.split_once('{').map_or((series, ""), |(n, l)| (n, l.strip_suffix('}').unwrap()));
            let suffix = name.strip_prefix(family.as_str()).unwrap_or_else(|| panic!("{line} under {family}"));
            let suffixes: &[&str] = match kind.as_str() {
                "counter" => &["_total", "_created"],
                "histogram" => &["_bucket", "_sum", "_count", "_created"],
                "info" => &["_info"],
                _ => &[""],
            };
            assert!(suffixes.contains(&suffix), "{line}: {kind} has no {suffix:?}");
            assert!(kind != "counter" || value >= 0.0, "{line}");
            let label = regex::Regex::new(r#"^[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"(,|$)"#).unwrap();
            let mut rest = labels;
            while !rest.is_empty() {
                rest = &rest[label.find(rest).unwrap_or_else(|| panic!("labels: {line}")).end()..];
            }
            assert!(samples.insert(series.to_owned(), value).is_none(), "twice: {series}");
        }
        samples
    }

    fn snapshot() -> Snapshot {
        let at = |s: &str| s.parse::<Timestamp>().unwrap();
        Snapshot {
            store: StoreCounts { unsettled: 3, alerts: 9, ..StoreCounts::default() },
            sizes: StoreSizes { sled_bytes: 1_000, archive_bytes: 500, free_bytes: Some(9), ..StoreSizes::default() },
            feeds: FeedCounts { healthy: 60, silent: 1, gaps: 2, ..FeedCounts::default() },
            pages_due: 7,
            started: at("2026-03-01T06:00:00Z"),
            reload: Some((at("2026-03-01T07:00:00Z"), false)),
            beats: vec![("poll", 0), ("read", 15)],
            digests_until: None,
        }
    }

    #[test]
    fn the_exposition_is_valid_and_says_what_was_counted() {
        let (counts, tallies) = (Counters::default(), Tallies::default());
        Counters::add(&counts.polls, 5);
        tallies.poll_failed("timeout");
        tallies.poll_failed("timeout");
        tallies.delivery("the \"desk\"\\\n", "sent");
        let at = |s: &str| s.parse::<Timestamp>().unwrap();
        tallies.alerted(at("2026-03-01T06:00:00Z"), at("2026-03-01T06:20:00Z"));
        tallies.alerted(at("2026-03-01T07:00:00Z"), at("2026-03-01T06:20:00Z"));
        let text = render(&counts, &tallies, &snapshot()).unwrap();
        let samples = strict(&text);
        for (series, value) in [
            ("conductwatch_polls_total", 5.0),
            ("conductwatch_poll_failures_total{reason=\"timeout\"}", 2.0),
            ("conductwatch_deliveries_total{channel=\"the \\\"desk\\\"\\\\\\n\",outcome=\"sent\"}", 1.0),
            ("conductwatch_publication_to_alert_seconds_bucket{le=\"900.0\"}", 1.0),
            ("conductwatch_publication_to_alert_seconds_bucket{le=\"1800.0\"}", 2.0),
            ("conductwatch_publication_to_alert_seconds_bucket{le=\"+Inf\"}", 2.0),
            ("conductwatch_publication_to_alert_seconds_count", 2.0),
            ("conductwatch_publication_to_alert_seconds_sum", 1_200.0),
            ("conductwatch_queue_items{queue=\"unsettled_articles\"}", 3.0),
            ("conductwatch_stored_bytes{part=\"archive\"}", 500.0),
            ("conductwatch_stored_bytes{part=\"store\"}", 1_000.0),
            ("conductwatch_feeds{state=\"silent\"}", 1.0),
            ("conductwatch_coverage_gaps", 2.0),
            ("conductwatch_config_last_reload_successful", 0.0),
            ("conductwatch_loop_beat_age_seconds{loop=\"read\"}", 15.0),
        ] {
            assert_eq!(samples.get(series), Some(&value), "{series} in\n{text}");
        }
        let version = format!("conductwatch_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
        assert_eq!(samples.get(&version), Some(&1.0));
        assert!(!text.contains("last_successful_poll"), "no poll succeeded yet: {text}");
    }

    #[test]
    fn a_service_that_did_nothing_yet_is_valid_too() {
        let empty = Snapshot { reload: None, beats: Vec::new(), ..snapshot() };
        let samples = strict(&render(&Counters::default(), &Tallies::default(), &empty).unwrap());
        assert_eq!(samples["conductwatch_config_last_reload_successful"], 1.0);
    }
}
