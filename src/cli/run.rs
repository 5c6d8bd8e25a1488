//! `conductwatch run`: the service.

use super::output::{self, CliError};
use crate::adapters::clock::SystemClock;
use crate::adapters::control;
use crate::adapters::pages;
use crate::adapters::store::{SledStore, StoreOptions};
use crate::adapters::systemd;
use crate::app::reload::Reloader;
use crate::app::{App, AppError, beats, wiring};
use crate::config::Config;
use crate::masked_log::LogMasks;
use crate::ports::Clock;
use jiff::SignedDuration;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinSet;

/// Who may use the control socket: its owner and the members of its group.
const SOCKET_MODE: u32 = 0o660;

/// How often systemd's status line is brought up to date.
const STATUS_EVERY: SignedDuration = SignedDuration::from_secs(30);
/// The shortest watchdog that pings every 15 s answer safely.
const LEAST_WATCHDOG: Duration = Duration::from_secs(45);

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Configuration file.
    #[arg(long, short, value_name = "FILE", env = "CONDUCTWATCH_CONFIG", default_value = super::DEFAULT_CONFIG)]
    config: String,
    /// Make one pass over every feed, deliver the digest that results, and end.
    #[arg(long)]
    once: bool,
}

/// Runs the service until it is told to end, or makes one pass.
///
/// # Errors
/// With the message and exit code: 78 for the configuration, 75 when another conductwatch owns the store, 74 for faults
/// of disk, 70 when the loops did not end in time.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let config = super::load_config(&args.config)?;
    let masks = LogMasks::new(output::masks(&config.anonymity));
    crate::telemetry::init(&config.log, &masks);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| CliError::io(format!("cannot start the runtime: {e}")))?;
    let result = runtime.block_on(serve(config, args, masks));
    // What hangs on a thread of its own (a look-up of a host, say) must not hold the end up.
    runtime.shutdown_background();
    result
}

async fn serve(config: Config, args: &Args, masks: LogMasks) -> Result<(), CliError> {
    // Before anything takes long: unheard, this signal ends the process.
    let hangups = hangups()?;
    let clock = Arc::new(SystemClock);
    let path = config.store.path.clone();
    let opening = tokio::task::spawn_blocking(move || SledStore::open(&path, StoreOptions::default()));
    let store = with_patience(clock.as_ref(), opening).await;
    let store = store
        .map_err(|e| CliError::io(format!("opening the store failed: {e}")))?
        .map_err(|e| super::ask::store_error(&e))?;
    let pipeline = wiring::pipeline(&config, clock, Arc::new(store)).map_err(CliError::config)?;
    let reloader = Reloader::new(Path::new(&args.config), config.clone(), masks);
    let heartbeat = wiring::heartbeat(&config).map_err(CliError::config)?;
    let app = App::new(pipeline, config.poll.concurrency, config.shutdown.deadline);
    let app = app.with_reloader(reloader).with_heartbeat(heartbeat);
    let app = Arc::new(app);
    let signals = signals()?;
    if args.once {
        return make_one_pass(&app, signals, &args.config).await;
    }
    let server = control::Server::bind(&config.control.socket, SOCKET_MODE).map_err(|e| CliError::io(e.to_string()))?;
    let pages = match config.metrics.listen {
        Some(address) => Some(pages::Server::bind(address).await.map_err(|e| CliError::unavailable(e.to_string()))?),
        None => None,
    };
    let answering = {
        let stopped = app.stopped();
        let app = Arc::clone(&app);
        let handler = move |request| {
            let app = Arc::clone(&app);
            async move { app.answer(request).await }
        };
        tokio::spawn(server.serve(handler, stopped, control::Patience::default()))
    };
    let watching = app.watching();
    tracing::info!("{watching}");
    if let Some(address) = pages.as_ref().and_then(|pages| pages.address().ok()) {
        tracing::info!("metrics and health: http://{address}/metrics, /health and /ready");
    }
    systemd::ready(&watching);
    let beside = beside(&app, hangups, pages);
    let result = app
        .run(async {
            signals.await;
            tracing::info!("asked to end: finishing what is in hand");
            systemd::stopping();
        })
        .await;
    drop(beside);
    app.stop();
    // It ends with the loops, and takes its socket with it.
    if let Err(error) = answering.await {
        tracing::warn!("the control socket broke off: {error}");
    }
    result.map_err(|error| app_error(&error))
}

/// Waits for the store, and asks systemd for more time as long as it is being opened: after a hard stop of a large one that takes
/// minutes. After an hour systemd may decide.
async fn with_patience<T>(clock: &dyn Clock, opening: tokio::task::JoinHandle<T>) -> Result<T, tokio::task::JoinError> {
    const MORE: u32 = 60;
    const EVERY: SignedDuration = SignedDuration::from_secs(20);
    const MOST: SignedDuration = SignedDuration::from_hours(1);
    tokio::pin!(opening);
    let mut waited = SignedDuration::ZERO;
    loop {
        if waited < MOST {
            let seconds = waited.as_secs();
            let said = if seconds == 0 {
                "opening the store".to_owned()
            } else {
                format!("opening the store, for {seconds} s so far")
            };
            systemd::extend_timeout(MORE, &said);
        }
        tokio::select! {
            biased;
            opened = &mut opening => return opened,
            () = clock.pause(EVERY) => waited = waited.saturating_add(EVERY),
        }
    }
}

/// What runs beside the loops as long as they do: the watchdog, systemd's status line, reloads by signal, the pages. Dropping it
/// ends all of them.
fn beside(app: &Arc<App>, mut hangups: Signal, pages: Option<pages::Server>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    if let Some(patience) = systemd::watchdog().filter(|p| *p < LEAST_WATCHDOG) {
        tracing::warn!(
            watchdog_ms = patience.as_millis() as u64,
            "WatchdogSec= is too short: pings come every 15 s, give 60 s"
        );
    }
    let own = Arc::clone(app);
    let waits = systemd::watchdog().is_some();
    tasks.spawn(async move {
        let worked = || own.pipeline.store.worked();
        beats::watch(own.pipeline.clock.as_ref(), &own.beats, worked, || {
            if waits {
                systemd::ping()
            }
        })
        .await;
    });
    let own = Arc::clone(app);
    tasks.spawn(async move {
        loop {
            own.pipeline.clock.pause(STATUS_EVERY).await;
            systemd::status(&own.status_line());
        }
    });
    let own = Arc::clone(app);
    tasks.spawn(async move { own.keep_beating().await });
    let own = Arc::clone(app);
    tasks.spawn(async move {
        while hangups.recv().await.is_some() {
            tracing::info!("asked to take the changed configuration");
            own.reload().await;
        }
    });
    if let Some(server) = pages {
        let own = Arc::clone(app);
        let page = move |path: String| {
            let app = Arc::clone(&own);
            async move { app.page(&path).await }
        };
        tasks.spawn(server.serve(page, std::future::pending()));
    }
    tasks
}

/// The message and exit code of a service that ended otherwise than by being asked to.
fn app_error(error: &AppError) -> CliError {
    match error {
        AppError::Store { source, .. } => CliError { message: error.to_string(), ..super::ask::store_error(source) },
        AppError::Deadline { .. } => {
            let message = format!("{error}; what it had in hand is done again after the next start");
            CliError { code: 70, message }
        }
        AppError::LoopEnded(_) => CliError { code: 70, message: error.to_string() },
    }
}

async fn make_one_pass(
    app: &Arc<App>,
    signals: impl Future<Output = ()> + Send + 'static,
    config: &str,
) -> Result<(), CliError> {
    let stopper = {
        let app = Arc::clone(app);
        tokio::spawn(async move {
            signals.await;
            app.stop();
        })
    };
    let store = &app.pipeline.store;
    let before = store.digests().await.map_err(|e| super::ask::store_error(&e))?;
    let bar = output::Progress::new();
    let passed = app.once(&|message| bar.say(message)).await;
    bar.finish();
    stopper.abort();
    passed.map_err(|e| app_error(&e))?;
    let question = crate::pipeline::Question::Status;
    let status = app.pipeline.answer(&question).await.map_err(|e| super::ask::ask_error(&e))?;
    let made = store.digests().await.map_err(|e| super::ask::store_error(&e))?;
    output::line(&format!("one pass: {}", app.counters.in_words()));
    let made: Vec<_> = made.iter().filter(|digest| !before.contains(digest)).collect();
    for (id, subject) in &made {
        output::line(&format!("digest {id}: {subject}"));
    }
    let config = output::shell_word(config);
    if made.is_empty() {
        output::line("nothing new to tell, so no digest was made");
    } else {
        output::line(&format!("read it with: conductwatch digest show --config {config}"));
    }
    if status["well"] != serde_json::Value::Bool(true) {
        output::line(&format!("not all is well: see conductwatch status --config {config}"));
    }
    Ok(())
}

/// Completes at the first SIGTERM or SIGINT.
fn signals() -> Result<impl Future<Output = ()> + Send + 'static, CliError> {
    let mut term = signal(SignalKind::terminate()).map_err(deaf)?;
    let mut int = signal(SignalKind::interrupt()).map_err(deaf)?;
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    })
}

/// SIGHUP, which asks for a reload.
fn hangups() -> Result<Signal, CliError> {
    signal(SignalKind::hangup()).map_err(deaf)
}

fn deaf(error: std::io::Error) -> CliError {
    CliError::io(format!("cannot listen for signals: {error}"))
}
