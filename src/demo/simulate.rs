//! The real service against a loopback site, under a simulated clock: for the demo and for tests of whole days.

use super::server::{self, Answer, Asked};
use crate::adapters::sim_clock::SimClock;
use crate::adapters::store::{SledStore, StoreOptions};
use crate::app::{App, AppError, LOOPS, wiring};
use crate::config;
use crate::ports::{Clock as _, StoreError};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why a simulation did not run to its end.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// A folder, a file or the loopback server could not be used.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// The fault.
        source: std::io::Error,
    },
    /// The service could not be built, or broke off.
    #[error("{0}")]
    Service(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A loop failed.
    #[error(transparent)]
    App(#[from] AppError),
}

/// A simulation that ran to its end.
pub struct Simulated {
    /// The service, stopped; its store can still be asked.
    pub app: Arc<App>,
    /// The configuration file.
    pub config: PathBuf,
    /// Requests that the site answered.
    pub requests: u64,
}

/// Serves `site` on loopback and runs the service against it from `start` to `end`.
///
/// `configure` gives the configuration's text for the site's base address; it is written to `dir`, which is made.
/// `on_time` hears of each moment to which the clock jumps. Must run on a current-thread runtime: only there is the
/// simulated clock deterministic.
///
/// # Errors
/// When folder, server, configuration, store or service fail.
pub async fn simulate(
    dir: &Path,
    start: Timestamp,
    end: Timestamp,
    site: impl Fn(&Asked, Timestamp) -> Answer + Send + Sync + 'static,
    configure: impl FnOnce(&str) -> String,
    on_time: impl FnMut(Timestamp),
) -> Result<Simulated, SimulationError> {
    let io = |what: String| move |source| SimulationError::Io { what, source };
    let clock = Arc::new(SimClock::new(start));
    let requests = Arc::new(AtomicU64::new(0));
    let (address, serving) = {
        let (clock, requests) = (Arc::clone(&clock), Arc::clone(&requests));
        server::serve(move |asked| {
            requests.fetch_add(1, Ordering::Relaxed);
            site(asked, clock.now())
        })
        .await
        .map_err(io("loopback server".to_owned()))?
    };
    let serving = tokio::spawn(serving);

    std::fs::create_dir_all(dir).map_err(io(format!("folder {}", dir.display())))?;
    let path = dir.join("conductwatch.toml");
    std::fs::write(&path, configure(&format!("http://{address}"))).map_err(io(path.display().to_string()))?;
    let config = config::load_file(&path, &[]).map_err(|problems| {
        SimulationError::Service(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })?;
    let store = SledStore::open(&config.store.path, StoreOptions::default())?;
    let pipeline =
        wiring::pipeline(&config, Arc::clone(&clock) as _, Arc::new(store)).map_err(SimulationError::Service)?;
    let app = Arc::new(App::new(pipeline, config.poll.concurrency, config.shutdown.deadline));

    let (finished, over) = tokio::sync::oneshot::channel::<()>();
    let mut running = {
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            let shutdown = async {
                // The sender is dropped when time is up, which is the signal.
                drop(over.await);
            };
            app.run(shutdown).await
        })
    };
    let broke_off = |e| SimulationError::Service(format!("the service broke off: {e}"));
    tokio::select! {
        () = clock.drive(LOOPS, end, on_time) => {
            drop(finished);
            running.await.map_err(broke_off)??;
        }
        ended = &mut running => {
            ended.map_err(broke_off)??;
            return Err(SimulationError::Service("the service ended before its time".to_owned()));
        }
    }
    serving.abort();
    Ok(Simulated { app, config: path, requests: requests.load(Ordering::Relaxed) })
}
