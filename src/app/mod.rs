//! The life of the service: a few named loops around the pipeline's steps, and their end.
//!
//! Each loop does what is due, then sleeps until the next thing is due or another loop wakes it. They hand work on
//! through the store, never through memory: poll → read → settle → digest → deliver.

pub mod beats;
mod counters;
pub mod heartbeat;
mod live;
pub mod metrics;
pub mod reload;
mod service;
pub mod wiring;
mod work;

pub use counters::{Counters, in_words};
pub use live::Live;

use crate::adapters::control::{Request, Response};
use crate::domain::FeedSpec;
use crate::pipeline::{AskError, Care, Change, Pipeline, Question};
use crate::ports::StoreError;
use beats::Beats;
use heartbeat::Heartbeat;
use jiff::{SignedDuration, Timestamp};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The loops, in the order in which work passes through them; the last one removes what was kept long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loop {
    Poll,
    Read,
    Settle,
    Digest,
    Deliver,
    Retain,
}

impl Loop {
    const ALL: [Self; 6] = [Self::Poll, Self::Read, Self::Settle, Self::Digest, Self::Deliver, Self::Retain];

    const fn name(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Read => "read",
            Self::Settle => "settle",
            Self::Digest => "digest",
            Self::Deliver => "deliver",
            Self::Retain => "retain",
        }
    }
}

/// How many loops the service has: a simulated clock moves when all of them sleep.
pub const LOOPS: usize = Loop::ALL.len();

/// How long a loop waits before it goes on after the disk was found full.
const FULL_DISK_WAIT: SignedDuration = SignedDuration::from_mins(1);

/// Why the service ended otherwise than by being asked to.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The store failed for good.
    #[error("{name} loop: {source}")]
    Store {
        /// The loop that met it.
        name: &'static str,
        /// The fault.
        source: StoreError,
    },
    /// A loop ended by a fault of ours.
    #[error("a loop ended unexpectedly: {0}")]
    LoopEnded(String),
    /// Some loops did not end in time.
    #[error("not finished within {deadline}: {missed}")]
    Deadline {
        /// The deadline.
        deadline: String,
        /// Names of the loops that missed it.
        missed: String,
    },
}

/// The service.
pub struct App {
    /// The steps, as the configuration in use has them.
    pub pipeline: Live,
    /// What was counted since the start.
    pub counters: Counters,
    /// What was counted with a name to it.
    pub tallies: metrics::Tallies,
    /// Whether the loops run and get on.
    pub beats: Beats,
    /// Feeds polled, and pages read, at the same time.
    pub concurrency: usize,
    /// How long the loops may take to finish what they have in hand once asked to end.
    pub deadline: SignedDuration,
    /// Whom to call while all is well.
    heartbeat: Option<Heartbeat>,
    /// How a changed configuration is taken; `None` where there is no file to read again.
    reloader: Option<reload::Reloader>,
    /// Which loops wait because the disk is full.
    out_of_room: [AtomicBool; LOOPS],
    started: Timestamp,
    /// From when on feeds that are due together are spread: the start, or the end of a standstill.
    spread_from: std::sync::Mutex<Timestamp>,
    stop: CancellationToken,
    wakes: [Notify; LOOPS],
}

impl App {
    /// The service around `pipeline`.
    pub fn new(pipeline: Pipeline, concurrency: usize, deadline: SignedDuration) -> Self {
        let started = pipeline.clock.now();
        Self {
            pipeline: Live::new(pipeline),
            counters: Counters::default(),
            tallies: metrics::Tallies::default(),
            beats: Beats::new(SignedDuration::ZERO),
            concurrency: concurrency.max(1),
            deadline,
            heartbeat: None,
            reloader: None,
            out_of_room: std::array::from_fn(|_| AtomicBool::new(false)),
            started,
            spread_from: std::sync::Mutex::new(started),
            stop: CancellationToken::new(),
            wakes: std::array::from_fn(|_| Notify::new()),
        }
    }

    /// The same with a heartbeat.
    #[must_use]
    pub fn with_heartbeat(self, heartbeat: Option<Heartbeat>) -> Self {
        Self { heartbeat, ..self }
    }

    /// The same, able to take a changed configuration, and patient with work that the configuration lets take long.
    #[must_use]
    pub fn with_reloader(self, reloader: reload::Reloader) -> Self {
        let beats = Beats::new(reloader.longest_item());
        Self { reloader: Some(reloader), beats, ..self }
    }

    /// Runs all loops until `shutdown` completes, then lets each finish the item in hand, and flushes.
    ///
    /// # Errors
    /// When the store fails, a loop ends by itself, or one misses the deadline (which the error names).
    pub async fn run(self: &Arc<Self>, shutdown: impl Future<Output = ()>) -> Result<(), AppError> {
        tokio::pin!(shutdown);
        let adopted = tokio::select! {
            biased;
            () = &mut shutdown => None,
            done = self.adopt_watchlist() => Some(done),
        };
        match adopted {
            Some(Ok(())) => {}
            Some(Err(source)) => {
                self.stop.cancel();
                return Err(AppError::Store { name: Loop::Settle.name(), source });
            }
            None => {
                self.stop.cancel();
                return self.flush().await;
            }
        }
        let mut loops = JoinSet::new();
        let mut open: Vec<(tokio::task::Id, &'static str)> = Vec::new();
        for which in Loop::ALL {
            let app = Arc::clone(self);
            let handle = loops.spawn(async move { app.turn(which).await });
            open.push((handle.id(), which.name()));
        }
        let mut first_fault = None;
        let note = |open: &mut Vec<(tokio::task::Id, &'static str)>,
                    done: Result<(tokio::task::Id, Result<(), AppError>), tokio::task::JoinError>| {
            let id = match &done {
                Ok((id, _)) => *id,
                Err(error) => error.id(),
            };
            let name = open.iter().find(|(i, _)| *i == id).map_or("?", |(_, n)| n);
            open.retain(|(i, _)| *i != id);
            match done {
                Ok((_, result)) => result.err(),
                Err(error) => Some(AppError::LoopEnded(format!("{name}: {error}"))),
            }
        };
        tokio::select! {
            () = &mut shutdown => {}
            Some(done) = loops.join_next_with_id() => {
                first_fault = Some(note(&mut open, done).unwrap_or_else(|| AppError::LoopEnded("without a fault".into())));
            }
        }
        self.stop.cancel();
        let clock = Arc::clone(&self.pipeline.clock);
        let until = clock.now().checked_add(self.deadline).unwrap_or(Timestamp::MAX);
        let deadline = clock.sleep_until(until);
        tokio::pin!(deadline);
        loop {
            tokio::select! {
                biased;
                done = loops.join_next_with_id() => match done {
                    None => break,
                    Some(done) => first_fault = first_fault.or(note(&mut open, done)),
                },
                () = &mut deadline => {
                    let missed = open.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ");
                    loops.abort_all();
                    let error = AppError::Deadline { deadline: format!("{:#}", self.deadline), missed };
                    return Err(first_fault.unwrap_or(error));
                }
            }
        }
        self.flush().await?;
        first_fault.map_or(Ok(()), Err)
    }

    async fn flush(&self) -> Result<(), AppError> {
        self.pipeline.store.flush().await.map_err(|source| AppError::Store { name: "flush", source })
    }

    /// Takes the watchlist over before the loops begin. Without room on the disk that waits, as the loops do: a service that ended
    /// would be started again a few times, and then stay down although room had returned.
    async fn adopt_watchlist(&self) -> Result<(), StoreError> {
        let mut asked = self.beats.listen();
        loop {
            match self.pipeline.current().adopt_watchlist().await {
                Err(error @ StoreError::Full(_)) => {
                    let next = self.waits_for_room(Loop::Settle, &error);
                    let due = self.pipeline.clock.sleep_until(next.unwrap_or(Timestamp::MAX));
                    tokio::pin!(due);
                    loop {
                        tokio::select! {
                            biased;
                            () = &mut due => break,
                            Ok(()) = asked.changed() => Loop::ALL.into_iter().for_each(|which| self.beats.answers(which)),
                        }
                    }
                }
                done => {
                    self.out_of_room[Loop::Settle as usize].store(false, Ordering::Relaxed);
                    return done;
                }
            }
        }
    }

    /// Notes that `which` waits because the disk is full, and says when it tries again.
    fn waits_for_room(&self, which: Loop, error: &StoreError) -> Option<Timestamp> {
        tracing::error!("{} loop waits for room: {error}", which.name());
        self.out_of_room[which as usize].store(true, Ordering::Relaxed);
        self.pipeline.clock.now().checked_add(FULL_DISK_WAIT).ok()
    }

    /// One pass over everything: polls every feed, reads what is due, settles, makes a digest of all that waits, and
    /// delivers it. Asked to end, it finishes what is in hand; what was not reached waits for the next pass.
    ///
    /// # Errors
    /// When the store fails, or what was in hand when it was asked to end misses the deadline.
    pub async fn once(&self, progress: &dyn Fn(&str)) -> Result<(), AppError> {
        let at = std::cell::Cell::new("poll");
        let deadline = async {
            self.stop.cancelled().await;
            let until = self.pipeline.clock.now().checked_add(self.deadline).unwrap_or(Timestamp::MAX);
            self.pipeline.clock.sleep_until(until).await;
        };
        tokio::select! {
            biased;
            passed = self.pass(progress, &at) => passed.map_err(|source| AppError::Store { name: at.get(), source }),
            () = deadline => Err(AppError::Deadline { deadline: format!("{:#}", self.deadline), missed: at.get().to_owned() }),
        }
    }

    /// The pass itself; `at` names the step in hand.
    async fn pass(&self, progress: &dyn Fn(&str), at: &std::cell::Cell<&'static str>) -> Result<(), StoreError> {
        self.pipeline.current().adopt_watchlist().await?;
        let feeds = &self.pipeline.current().settings.feeds;
        let feeds: Vec<FeedSpec> = feeds.iter().filter(|f| f.enabled).cloned().collect();
        progress(&format!("polling {} feeds", feeds.len()));
        self.poll(feeds).await?;
        at.set(Loop::Read.name());
        while !self.stop.is_cancelled() {
            let (mut read, mut busy_until) = self.read().await?;
            if read == 0 && busy_until.is_none() {
                (read, busy_until) = self.look_again().await?;
            }
            if read == 0 && busy_until.is_none() && self.pipeline.current().read_past().await? {
                progress("reading the past of whoever is new in the watchlist");
                continue;
            }
            if read > 0 {
                progress(&format!("read {} articles", self.counters.articles.load(Ordering::Relaxed)));
                continue;
            }
            match busy_until {
                Some(until) => {
                    tokio::select! {
                        biased;
                        () = self.stop.cancelled() => {}
                        () = self.pipeline.clock.sleep_until(until) => {}
                    }
                }
                None => break,
            }
        }
        at.set(Loop::Settle.name());
        progress("settling");
        self.settle().await?;
        if self.stop.is_cancelled() {
            return self.pipeline.store.flush().await;
        }
        at.set(Loop::Digest.name());
        progress("making and delivering the digest");
        let made = self.pipeline.current().make_digest_now().await?;
        Counters::add(&self.counters.digests, made.made.len());
        at.set(Loop::Deliver.name());
        self.deliver().await?;
        self.pipeline.store.flush().await
    }

    /// Asks every loop to end after the item in hand.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Completes once the service was asked to end.
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        self.stop.clone().cancelled_owned()
    }

    /// Answers a command that came over the control socket.
    pub async fn answer(&self, request: Request) -> Response {
        match request.command.as_str() {
            "change" => return self.change(request).await,
            "reload" => return self.reload_command().await,
            _ => {}
        }
        if request.command == "care" {
            return self.care(request).await;
        }
        if request.command != "ask" {
            let message = format!(
                "this conductwatch knows no command {:?}: is it older than the one that asks?",
                request.command
            );
            return Response::error("unknown_command", message);
        }
        let question: Question = match serde_json::from_value(request.args) {
            Ok(question) => question,
            Err(error) => return Response::error("bad_request", format!("not a question: {error}")),
        };
        match self.pipeline.answer(&question).await {
            Ok(mut value) => {
                if question == Question::Status {
                    self.add_service(&mut value);
                }
                Response::ok(value)
            }
            Err(AskError::Unknown(message)) => Response::error("unknown", message),
            Err(AskError::Store(error)) => Response::error("store", error.to_string()),
        }
    }

    /// Does what the user decided by hand.
    async fn change(&self, request: Request) -> Response {
        let change: Change = match serde_json::from_value(request.args) {
            Ok(change) => change,
            Err(error) => return Response::error("bad_request", format!("not a change: {error}")),
        };
        match self.pipeline.current().change(&change).await {
            Ok(value) => {
                // An alert that waits again may be due at once, and so may a digest; somebody's past may be asked for.
                self.wake(Loop::Digest);
                self.wake(Loop::Deliver);
                self.wake(Loop::Read);
                Response::ok(value)
            }
            Err(AskError::Unknown(message)) => Response::error("unknown", message),
            Err(AskError::Store(error)) => Response::error("store", error.to_string()),
        }
    }

    /// Does something for the store's care.
    async fn care(&self, request: Request) -> Response {
        match serde_json::from_value::<Care>(request.args) {
            Ok(care) => match self.pipeline.current().care(&care).await {
                Ok(value) => Response::ok(value),
                Err(error) => Response::error("store", error.to_string()),
            },
            Err(error) => Response::error("bad_request", format!("nothing that the store can be asked for: {error}")),
        }
    }

    fn wake(&self, which: Loop) {
        self.wakes[which as usize].notify_one();
    }

    async fn turn(&self, which: Loop) -> Result<(), AppError> {
        let mut asked = self.beats.listen();
        while !self.stop.is_cancelled() {
            self.beats.goes_on(which);
            let done = {
                let step = self.step(which);
                tokio::pin!(step);
                loop {
                    tokio::select! {
                        biased;
                        done = &mut step => break done,
                        Ok(()) = asked.changed() => self.beats.answers(which),
                    }
                }
            };
            let next = match done {
                Ok(next) => {
                    self.out_of_room[which as usize].store(false, Ordering::Relaxed);
                    next
                }
                Err(error @ StoreError::Full(_)) => self.waits_for_room(which, &error),
                Err(source) => return Err(AppError::Store { name: which.name(), source }),
            };
            self.beats.rests(which);
            let due = self.pipeline.clock.sleep_until(next.unwrap_or(Timestamp::MAX));
            tokio::pin!(due);
            loop {
                tokio::select! {
                    biased;
                    () = self.stop.cancelled() => break,
                    () = self.wakes[which as usize].notified() => break,
                    () = &mut due => break,
                    Ok(()) = asked.changed() => self.beats.answers(which),
                }
            }
        }
        Ok(())
    }
}
