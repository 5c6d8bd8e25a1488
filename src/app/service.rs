//! How the running service stands: for `status`, for systemd's status line, and for the pages `/metrics`, `/health` and `/ready`.

use super::metrics::{self, FeedCounts, Snapshot};
use super::{App, Loop};
use crate::adapters::pages::Page;
use crate::pipeline::{Question, room_needs};
use crate::ports::StoreError;
use futures_util::FutureExt as _;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use std::sync::atomic::Ordering;

/// How long the store may take to answer before the service is not ready.
const STORE_PATIENCE: SignedDuration = SignedDuration::from_secs(10);
/// Pages counted among those that wait.
const MOST_PAGES: usize = 1_000;

const JSON: &str = "application/json";

impl App {
    /// Adds to the store's answer to `status` what only the running service knows.
    pub(super) fn add_service(&self, status: &mut Value) {
        let mut needs = self.needs();
        needs.extend(status["needs"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
        let counts = self.counters.snapshot().into_iter();
        let counts: Map<String, Value> = counts.map(|(name, n)| (name.to_owned(), n.into())).collect();
        let now = self.pipeline.clock.now();
        status["well"] = json!(needs.is_empty());
        status["needs"] = json!(needs);
        status["since_start"] = counts.into();
        status["service"] = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "started": self.started,
            "uptime_seconds": now.duration_since(self.started).as_secs(),
            "loops": self.beats.report(),
            "next_digest": self.pipeline.current().settings.digest.next_after(now),
            "reload": self.last_reload().map(|outcome| outcome.as_json()),
        });
        status["heartbeat"] = self.heartbeat.as_ref().map(|heartbeat| heartbeat.status()).into();
    }

    /// What of the service itself needs a look, the worst first.
    fn needs(&self) -> Vec<String> {
        let mut needs = Vec::new();
        let late = self.beats.late();
        if !late.is_empty() {
            needs.push(format!("no beat of the {} loop for 2 minutes", late.join(" and the ")));
        }
        let waiting = self.out_of_room();
        if !waiting.is_empty() {
            needs.push(format!("the disk is full, so the {} loop waits", waiting.join(" and the ")));
        }
        if self.last_reload().is_some_and(|outcome| !outcome.problems.is_empty()) {
            needs.push("the changed configuration is wrong and not in use".to_owned());
        }
        needs
    }

    fn out_of_room(&self) -> Vec<&'static str> {
        let each = Loop::ALL.iter().zip(&self.out_of_room);
        each.filter(|(_, full)| full.load(Ordering::Relaxed)).map(|(which, _)| which.name()).collect()
    }

    /// What is watched and what was done, in one line.
    pub fn status_line(&self) -> String {
        format!("{}; {}", self.watching(), self.counters.in_words())
    }

    /// `watching 61 feeds for 12 names and 3 keywords`
    pub fn watching(&self) -> String {
        let pipeline = self.pipeline.current();
        let list = &pipeline.settings.watchlist;
        let count = |n: usize, thing: &str| super::counters::count(n as u64, thing);
        format!(
            "watching {} for {} and {}",
            count(pipeline.settings.feeds.iter().filter(|f| f.enabled).count(), "feed"),
            count(list.persons.len() + list.bodies.len(), "name"),
            count(list.keywords.len(), "keyword")
        )
    }

    /// The page at `path`, if there is one.
    pub async fn page(&self, path: &str) -> Option<Page> {
        Some(match path {
            "/metrics" => self.metrics_page().await,
            "/health" => {
                let (reasons, mut more) = self.health();
                more["warnings"] = json!(self.room_needs().await);
                verdict((reasons, more))
            }
            "/ready" => verdict(self.readiness().await),
            _ => return None,
        })
    }

    /// Whether the service lives: every loop beats. A process that does not should be started anew.
    fn health(&self) -> (Vec<String>, Value) {
        let late = self.beats.late();
        let reasons = late.iter().map(|name| format!("no beat of the {name} loop for 2 minutes")).collect();
        (reasons, json!({ "loops": self.beats.report() }))
    }

    /// What of the store's room needs a look: no reason to start the service anew. A store that does not answer says nothing here.
    async fn room_needs(&self) -> Vec<String> {
        let pipeline = self.pipeline.current();
        let patience = pipeline.clock.pause(STORE_PATIENCE);
        let sizes = tokio::select! {
            biased;
            sizes = pipeline.store.sizes() => sizes.ok(),
            () = patience => None,
        };
        sizes.map(|sizes| room_needs(&sizes, pipeline.settings.room)).unwrap_or_default()
    }

    /// Whether the service does what it should: it lives, is not about to end, the store answers and has room, and the
    /// configuration on the disk is the one in use.
    pub(super) async fn readiness(&self) -> (Vec<String>, Value) {
        let (mut reasons, _) = self.health();
        if self.stop.is_cancelled() {
            reasons.push("the service is about to end".to_owned());
        }
        let patience = self.pipeline.clock.pause(STORE_PATIENCE);
        let counted = tokio::select! {
            biased;
            counted = self.pipeline.store.counts() => counted.map(drop),
            () = patience => Err(StoreError::Io(format!("no answer within {} s", STORE_PATIENCE.as_secs()))),
        };
        if let Err(error) = counted {
            reasons.push(error.to_string());
        }
        let waiting = self.out_of_room();
        if !waiting.is_empty() {
            reasons.push(format!("the disk is full: waiting for room: {}", waiting.join(", ")));
        }
        let reload = self.last_reload();
        if let Some(outcome) = reload.as_ref().filter(|o| !o.problems.is_empty()) {
            reasons.push(format!(
                "the configuration on the disk is wrong, the one before it is in use: {}",
                outcome.problems.first().map_or("", String::as_str)
            ));
        }
        (reasons, json!({ "last_reload": reload.map(|o| o.at) }))
    }

    async fn metrics_page(&self) -> Page {
        match self.snapshot().await {
            Ok(snapshot) => match metrics::render(&self.counters, &self.tallies, &snapshot) {
                Ok(body) => Page { status: 200, content_type: metrics::CONTENT_TYPE, body },
                Err(error) => verdict((vec![error.to_string()], json!({}))),
            },
            Err(error) => verdict((vec![error], json!({}))),
        }
    }

    async fn snapshot(&self) -> Result<Snapshot, String> {
        let pipeline = self.pipeline.current();
        // The counts come out of the same answer that `status` shows.
        let status = pipeline.answer(&Question::Status).boxed().await.map_err(|e| e.to_string())?;
        let number = |value: &Value| value.as_u64().unwrap_or(0);
        let feeds = &status["feeds"];
        let listed = |key: &str| feeds[key].as_array().map_or(0, Vec::len) as u64;
        let beats = self.beats.report();
        let beats = beats.as_array().into_iter().flatten().map(|row| number(&row["seconds_since_beat"]));
        Ok(Snapshot {
            store: pipeline.store.counts().await.map_err(|e| e.to_string())?,
            sizes: pipeline.store.sizes().await.map_err(|e| e.to_string())?,
            feeds: FeedCounts {
                healthy: number(&feeds["healthy"]).saturating_sub(listed("silent")),
                failing: listed("failing"),
                silent: listed("silent"),
                new: number(&feeds["new"]),
                gaps: number(&feeds["gaps"]),
                last_success: feeds["last_success"].as_str().and_then(|t| t.parse().ok()),
            },
            pages_due: number(&status["pages_due"]).min(MOST_PAGES as u64),
            started: self.started,
            reload: self.last_reload().map(|o| (o.at, o.problems.is_empty())),
            beats: Loop::ALL.iter().map(|which| which.name()).zip(beats).collect(),
            digests_until: status["digests_made_until"].as_str().and_then(|t| t.parse().ok()),
        })
    }
}

/// 200 without a reason against it, else 503 with them.
fn verdict((reasons, mut more): (Vec<String>, Value)) -> Page {
    more["ok"] = json!(reasons.is_empty());
    more["reasons"] = json!(reasons);
    Page { status: if reasons.is_empty() { 200 } else { 503 }, content_type: JSON, body: format!("{more}\n") }
}
