//! `conductwatch run`: the service.

use super::output::{self, CliError};
use crate::adapters::clock::SystemClock;
use crate::adapters::control;
use crate::adapters::store::{SledStore, StoreOptions};
use crate::adapters::systemd;
use crate::app::{App, AppError, wiring};
use crate::config::Config;
use std::sync::Arc;

/// Who may use the control socket: its owner and the members of its group.
const SOCKET_MODE: u32 = 0o660;

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Configuration file.
    #[arg(long, short, env = "CONDUCTWATCH_CONFIG", default_value = super::DEFAULT_CONFIG)]
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
    crate::telemetry::init(&config.log);
    systemd::extend_timeout(600);
    systemd::status("opening the store");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| CliError::io(format!("cannot start the runtime: {e}")))?;
    let result = runtime.block_on(serve(config, args));
    // What hangs on a thread of its own (a look-up of a host, say) must not hold the end up.
    runtime.shutdown_background();
    result
}

async fn serve(config: Config, args: &Args) -> Result<(), CliError> {
    let path = config.store.path.clone();
    let opened = tokio::task::spawn_blocking(move || SledStore::open(&path, StoreOptions::default())).await;
    let store = opened
        .map_err(|e| CliError::io(format!("opening the store failed: {e}")))?
        .map_err(|e| super::ask::store_error(&e))?;
    let clock = Arc::new(SystemClock);
    let pipeline = wiring::pipeline(&config, clock, Arc::new(store)).map_err(CliError::config)?;
    let heartbeat = wiring::heartbeat(&config).map_err(CliError::config)?;
    let app = App::new(pipeline, config.poll.concurrency, config.shutdown.deadline).with_heartbeat(heartbeat);
    let app = Arc::new(app);
    let signals = signals()?;
    if args.once {
        return make_one_pass(&app, signals, &args.config).await;
    }
    let server = control::Server::bind(&config.control.socket, SOCKET_MODE).map_err(|e| CliError::io(e.to_string()))?;
    let answering = {
        let stopped = app.stopped();
        let app = Arc::clone(&app);
        let handler = move |request| {
            let app = Arc::clone(&app);
            async move { app.answer(request).await }
        };
        tokio::spawn(server.serve(handler, stopped, control::Patience::default()))
    };
    let watched = config.watchlist.persons.len() + config.watchlist.bodies.len();
    let summary = format!(
        "watching {} for {} and {}",
        output::count(config.feeds.iter().filter(|f| f.enabled).count() as u64, "feed"),
        output::count(watched as u64, "name"),
        output::count(config.watchlist.keywords.len() as u64, "keyword")
    );
    tracing::info!("{summary}");
    systemd::ready(&summary);
    let reporting = tokio::spawn(app_status(Arc::clone(&app), summary));
    let beating = {
        let app = Arc::clone(&app);
        tokio::spawn(async move { app.keep_beating().await })
    };
    let result = app
        .run(async {
            signals.await;
            tracing::info!("asked to end: finishing what is in hand");
            systemd::stopping();
        })
        .await;
    reporting.abort();
    beating.abort();
    // It ends with the loops, and takes its socket with it.
    if let Err(error) = answering.await {
        tracing::warn!("the control socket broke off: {error}");
    }
    result.map_err(|error| app_error(&error))
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

/// Keeps the status line of `systemctl status` up to date.
async fn app_status(app: Arc<App>, summary: String) {
    loop {
        let now = app.pipeline.clock.now();
        let next = now.checked_add(jiff::SignedDuration::from_secs(30)).unwrap_or(now);
        app.pipeline.clock.sleep_until(next).await;
        systemd::status(&format!("{summary}; {}", output::counts(&app.counters.snapshot())));
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
    output::line(&format!("one pass: {}", output::counts(&app.counters.snapshot())));
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
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |e: std::io::Error| CliError::io(format!("cannot listen for signals: {e}"));
    let mut term = signal(SignalKind::terminate()).map_err(failed)?;
    let mut int = signal(SignalKind::interrupt()).map_err(failed)?;
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    })
}
