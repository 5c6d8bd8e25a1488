//! Commands that ask the store: `why`, `alerts`, `passed-over`, `feed list`; and whom all commands ask.
//!
//! A running daemon owns the store, so it is asked over its socket; without one the store is opened here.

use super::output::{self, CliError};
use super::tell::Teller;
use crate::adapters::clock::SystemClock;
use crate::adapters::control::{self, CallError, Request};
use crate::adapters::store::{self, SledStore, StoreOptions};
use crate::app::wiring;
use crate::config::{Config, Outside};
use crate::domain::{FeedId, FeedSpec, FeedState};
use crate::pipeline::{AskError, Care, Change, Pipeline, Question, Settings, Viewer, answer};
use crate::ports::{Clock as _, StoreError};
use crate::stages::schedule;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long the daemon may take to answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take over something that goes through all of the store.
const CARE_PATIENCE: Duration = Duration::from_secs(6 * 3600);

/// Arguments of every command that asks.
#[derive(Debug, clap::Args)]
pub(super) struct AskArgs {
    /// Configuration file.
    #[arg(long, short, value_name = "FILE", env = "CONDUCTWATCH_CONFIG", default_value = super::DEFAULT_CONFIG)]
    pub(super) config: String,
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// Arguments of `alerts`.
#[derive(Debug, clap::Args)]
pub(super) struct AlertsArgs {
    /// Only those that the flood breaker held back.
    #[arg(long)]
    held: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `why`.
#[derive(Debug, clap::Args)]
pub(super) struct WhyArgs {
    /// Address of an article, or the id of an alert, development, article, digest or feed; of an id its beginning is
    /// enough, from four characters on.
    what: String,
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `passed-over`.
#[derive(Debug, clap::Args)]
pub(super) struct PassedOverArgs {
    /// At most so many, the newest first.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    ask: AskArgs,
}

/// Runs `why`.
///
/// # Errors
/// When nothing of that name is stored, or the store cannot be asked.
pub(super) fn why(args: &WhyArgs) -> Result<(), CliError> {
    answer_with(&args.ask, &Question::Why { what: args.what.clone() }, |teller, value| teller.why(value))
}

/// Runs `alerts`.
///
/// # Errors
/// When the store cannot be asked.
pub(super) fn alerts(args: &AlertsArgs) -> Result<(), CliError> {
    answer_with(&args.ask, &Question::Alerts { held: args.held }, |teller, value| teller.alerts(value))
}

/// Runs `passed-over`.
///
/// # Errors
/// When the store cannot be asked.
pub(super) fn passed_over(args: &PassedOverArgs) -> Result<(), CliError> {
    let question = Question::PassedOver { limit: args.limit };
    answer_with(&args.ask, &question, |teller, value| teller.passed_over(value))
}

/// Runs `feed list`.
///
/// # Errors
/// When the store cannot be asked.
pub(super) fn feeds(args: &AskArgs) -> Result<(), CliError> {
    let config = super::load_config(&args.config)?;
    let mut value = super::small_runtime()?.block_on(ask_config(&config, &Question::Feeds))?;
    add_rests(&config, &mut value);
    print(args, &config, &value, |teller, value| teller.feeds(value));
    Ok(())
}

/// Asks the daemon, or the store itself where no daemon runs, and prints the answer.
pub(super) fn answer_with(
    args: &AskArgs,
    question: &Question,
    tell: impl Fn(&Teller<'_>, &Value) -> String,
) -> Result<(), CliError> {
    let config = super::load_config(&args.config)?;
    let value = super::small_runtime()?.block_on(ask_config(&config, question))?;
    print(args, &config, &value, tell);
    Ok(())
}

/// Prints an answer: as JSON, or as `tell` says it.
pub(super) fn print(args: &AskArgs, config: &Config, value: &Value, tell: impl Fn(&Teller<'_>, &Value) -> String) {
    if args.json {
        output::json(value);
    } else {
        output::line(&tell(&Teller { config, width: output::width() }, value));
    }
}

/// Adds to each feed of `value` whether its site rests: which feeds share a site, the configuration knows.
fn add_rests(config: &Config, value: &mut Value) {
    let Some(rows) = value["feeds"].as_array_mut() else { return };
    let state = |id: &FeedId| {
        let row = rows.iter().find(|row| row["id"].as_str() == Some(id.as_str()))?;
        serde_json::from_value::<FeedState>(row.clone()).ok()
    };
    let feeds: Vec<(FeedSpec, FeedState)> =
        config.feeds.iter().filter_map(|spec| Some((spec.clone(), state(&spec.id)?))).collect();
    let now = SystemClock.now();
    let rests = schedule::rests(&feeds, now);
    for row in rows.iter_mut() {
        let spec = config.feeds.iter().find(|f| row["id"].as_str() == Some(f.id.as_str()));
        let rest = spec.and_then(|f| rests.get(&schedule::site(&f.url))).filter(|rest| rest.until > now);
        row["site_rests"] = rest.map_or(Value::Null, |r| json!({ "until": r.until, "reason": r.reason }));
    }
}

/// The answer to one question.
///
/// # Errors
/// As [`Source::ask`].
pub(super) async fn ask_config(config: &Config, question: &Question) -> Result<Value, CliError> {
    Source::new(config).ask(question).await
}

/// Whom questions are put to: the running daemon, or the store where none runs, opened at the first question.
pub(super) struct Source<'a> {
    config: &'a Config,
    own: Option<Arc<SledStore>>,
}

impl<'a> Source<'a> {
    /// The daemon or store of `config`.
    pub(super) const fn new(config: &'a Config) -> Self {
        Self { config, own: None }
    }

    /// The answer to `question`.
    ///
    /// # Errors
    /// When there is no store yet (66), another process owns it (75), it fails (65, 74), the daemon cannot be asked (69),
    /// or nothing of that name is stored (65).
    pub(super) async fn ask(&mut self, question: &Question) -> Result<Value, CliError> {
        if self.own.is_none()
            && let Some(value) = self.call("ask", question, PATIENCE).await?
        {
            return Ok(value);
        }
        let store = self.open()?;
        let now = SystemClock.now();
        let masks = output::masks(&self.config.anonymity);
        let viewer = Viewer { masks: &masks, watchlist: &self.config.watchlist, now };
        answer(store.as_ref(), viewer, question).await.map_err(|e| ask_error(&e))
    }

    /// Does `change`, and gives what it came to.
    ///
    /// # Errors
    /// As [`Source::ask`].
    pub(super) async fn change(&mut self, change: &Change) -> Result<Value, CliError> {
        self.change_within(change, PATIENCE).await
    }

    /// As [`Source::change`]; the daemon may take `patience`.
    ///
    /// # Errors
    /// As [`Source::ask`].
    pub(super) async fn change_within(&mut self, change: &Change, patience: Duration) -> Result<Value, CliError> {
        if self.own.is_none()
            && let Some(value) = self.call("change", change, patience).await?
        {
            return Ok(value);
        }
        let mut pipeline = self.pipeline()?;
        if matches!(change, Change::Forget { .. }) {
            self.connect(&mut pipeline)?;
        }
        pipeline.change(change).await.map_err(|e| ask_error(&e))
    }

    /// The steps over the store itself, without feeds, network and channels.
    fn pipeline(&mut self) -> Result<Pipeline, CliError> {
        let mut settings = Settings::without_feeds(self.config.watchlist.clone());
        settings.anonymity.clone_from(&self.config.anonymity);
        Ok(Pipeline::offline(Arc::new(SystemClock), self.open()?, settings))
    }

    /// Gives `pipeline` the channels, so that digests that were delivered can be put right in them.
    fn connect(&self, pipeline: &mut Pipeline) -> Result<(), CliError> {
        (pipeline.channels, pipeline.former) =
            wiring::channels(self.config, &Outside::real()).map_err(CliError::config)?;
        Ok(())
    }

    /// Goes on with forgetting that is not finished: what came back with a backup, say. False: there is none.
    ///
    /// # Errors
    /// When a channel is wrong (78), or the store fails (65, 74).
    pub(super) async fn finish_forgetting(&mut self) -> Result<bool, CliError> {
        let mut pipeline = self.pipeline()?;
        if pipeline.store.forgotten().await.map_err(|e| store_error(&e))?.job.is_none() {
            return Ok(false);
        }
        self.connect(&mut pipeline)?;
        pipeline.resume_forgetting().await.map_err(|e| store_error(&e))?;
        Ok(true)
    }

    /// Has the daemon do `change`, which may take `patience`; `None` where none runs.
    ///
    /// # Errors
    /// When it cannot be asked (69), or refuses.
    pub(super) async fn change_by_daemon(
        &self,
        change: &Change,
        patience: Duration,
    ) -> Result<Option<Value>, CliError> {
        if self.own.is_some() { Ok(None) } else { self.call("change", change, patience).await }
    }

    /// Does something for the store's care, and gives what it came to.
    ///
    /// # Errors
    /// As [`Source::ask`].
    pub(super) async fn care(&mut self, care: &Care) -> Result<Value, CliError> {
        if self.own.is_none()
            && let Some(value) = self.call("care", care, CARE_PATIENCE).await?
        {
            return Ok(value);
        }
        let store = self.open()?;
        crate::pipeline::care(store.as_ref(), &SystemClock, care).await.map_err(|e| store_error(&e))
    }

    /// Whether there is anything to ask: a daemon, or a store.
    pub(super) fn is_there(&self) -> bool {
        self.own.is_some() || self.config.store.path.exists()
    }

    /// The daemon's answer; `None` where none runs.
    ///
    /// # Errors
    /// As [`Source::ask`].
    pub(super) async fn call(
        &self,
        command: &str,
        args: &impl serde::Serialize,
        patience: Duration,
    ) -> Result<Option<Value>, CliError> {
        call_daemon(&self.config.control.socket, command, args, patience).await
    }

    /// The store itself, which no service may have open.
    ///
    /// # Errors
    /// When there is none yet (66), another process owns it (75), or it fails (65, 74).
    pub(super) fn open(&mut self) -> Result<Arc<SledStore>, CliError> {
        if let Some(store) = &self.own {
            return Ok(Arc::clone(store));
        }
        let path = &self.config.store.path;
        if !path.exists() {
            return Err(CliError::no_input(format!("{}: no store yet: `conductwatch run` makes it", path.display())));
        }
        let store = Arc::new(SledStore::open(path, StoreOptions::default()).map_err(|e| store_error(&e))?);
        self.own = Some(Arc::clone(&store));
        Ok(store)
    }
}

impl Drop for Source<'_> {
    fn drop(&mut self) {
        let Some(store) = self.own.take() else { return };
        // Whoever else still has it (work that was cut short) keeps its files open.
        let Some(store) = Arc::into_inner(store) else { return };
        drop(store);
        if let Err(error) = store::hand_over(&self.config.store.path) {
            tracing::warn!("{error}");
        }
    }
}

/// The answer to `command` of the daemon that listens on `socket`; `None` where none does.
///
/// # Errors
/// When the daemon cannot be asked (69), refuses (65, 69), or its store fails (74).
pub(super) async fn call_daemon(
    socket: &Path,
    command: &str,
    args: &impl serde::Serialize,
    patience: Duration,
) -> Result<Option<Value>, CliError> {
    let args = serde_json::to_value(args).map_err(|e| CliError::io(e.to_string()))?;
    let request = Request { command: command.to_owned(), args };
    match control::call(socket, &request, patience).await {
        Ok(response) => response.into_result().map(Some).map_err(|failure| match failure.code.as_str() {
            "unknown" => CliError::data(failure.message),
            "store" => CliError::io(failure.message),
            _ => CliError::unavailable(failure.message),
        }),
        Err(CallError::NoDaemon(_)) => Ok(None),
        Err(error) => Err(CliError::unavailable(error.to_string())),
    }
}

/// The exit code and message for a store's fault.
pub(super) fn store_error(error: &StoreError) -> CliError {
    match error {
        StoreError::Locked { .. } => CliError::locked(error.to_string()),
        StoreError::Newer { .. } | StoreError::Corrupt(_) => CliError::data(error.to_string()),
        StoreError::Full(_) | StoreError::Io(_) => CliError::io(error.to_string()),
    }
}

/// The exit code and message for a question without an answer.
pub(super) fn ask_error(error: &AskError) -> CliError {
    match error {
        AskError::Unknown(message) => CliError::data(message.clone()),
        AskError::Store(error) => store_error(error),
    }
}
