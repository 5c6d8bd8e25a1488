//! The demo: a small invented newsroom on loopback, read by the real service over real HTTP while days pass in seconds.

pub mod newsroom;
pub mod server;
mod simulate;

pub use simulate::{Simulated, SimulationError, simulate};

use crate::stages::render;
use jiff::Timestamp;
use server::{Answer, Asked};
use std::path::{Path, PathBuf};

/// What the demo left behind.
#[derive(Debug)]
pub struct DemoReport {
    /// The digests as text, in the order in which they were sent.
    pub digests: Vec<String>,
    /// The configuration, with which `why` and the other commands look behind them.
    pub config: PathBuf,
    /// The newest digest as HTML.
    pub html: Option<PathBuf>,
    /// Requests that the newsroom answered.
    pub requests: u64,
    /// What the service counted.
    pub counts: Vec<(&'static str, u64)>,
    /// Simulated time that passed.
    pub days: f64,
}

/// Runs the demo in `dir`, which is made; `on_time` hears of each moment to which the clock jumps, and of the share done.
///
/// Must run on a current-thread runtime: only there is the simulated clock deterministic.
///
/// # Errors
/// When folder, server, store or service fail.
pub async fn run(dir: &Path, mut on_time: impl FnMut(Timestamp, f64)) -> Result<DemoReport, SimulationError> {
    let newsroom = newsroom::newsroom();
    let (start, end) = (newsroom.start(), newsroom.end());
    let span = end.duration_since(start).as_secs_f64().max(1.0);
    let (store, digests) = (dir.join("store"), dir.join("digests"));
    let configure = {
        let (store, digests) = (store.display().to_string(), digests.display().to_string());
        let newsroom = newsroom.clone();
        move |base: &str| newsroom.config_toml(base, &store, &digests)
    };
    let site = move |asked: &Asked, now| match newsroom.respond(&asked.path, now) {
        None => Answer::status(404),
        Some(page) => {
            let mut answer = Answer::ok(&page.content_type, page.body);
            if let Some(etag) = &page.etag {
                answer = answer.with("etag", etag);
            }
            if let Some(changed) = &page.last_modified {
                answer = answer.with("last-modified", changed);
            }
            answer
        }
    };
    let done = simulate(dir, start, end, site, configure, |now| {
        on_time(now, now.duration_since(start).as_secs_f64() / span);
    })
    .await?;

    let stored = &done.app.pipeline.store;
    let mut texts = Vec::new();
    let mut newest = None;
    for (id, _) in stored.digests().await?.into_iter().rev() {
        if let Some(digest) = stored.digest(&id).await? {
            texts.push(render::text(&digest));
            newest = Some(digests.join(format!("{id}.html")));
        }
    }
    Ok(DemoReport {
        digests: texts,
        config: done.config,
        html: newest,
        requests: done.requests,
        counts: done.app.counters.snapshot(),
        days: span / 86_400.0,
    })
}
