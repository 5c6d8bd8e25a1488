//! A changed configuration, taken by the running service: checked first, and only then put in the place of the old one.

use super::{App, Loop, wiring};
use crate::adapters::control::Response;
use crate::adapters::systemd;
use crate::config::{self, Config, Outside, Problem, SecretFrom};
use crate::domain::FeedSpec;
use crate::masked_log::LogMasks;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What a reload came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// When it was tried.
    pub at: Timestamp,
    /// What is wrong with the new configuration; the one before stays in use unless this is empty.
    pub problems: Vec<String>,
    /// What works but is likely not what the user wants.
    pub warnings: Vec<String>,
    /// What changed and is in force now.
    pub applied: Vec<String>,
    /// What changed and counts from the next start on.
    pub restart: Vec<String>,
}

impl Outcome {
    /// As commands and `status` show it.
    pub fn as_json(&self) -> Value {
        json!({
            "at": self.at, "ok": self.problems.is_empty(), "problems": self.problems, "warnings": self.warnings,
            "applied": self.applied, "needs_restart": self.restart,
        })
    }
}

/// Reads the configuration again, and knows what the service was started with.
pub struct Reloader {
    path: PathBuf,
    /// The configuration of the start: what needs a restart is measured against it.
    started: Config,
    /// The files of secrets as they were at the start.
    secrets: BTreeMap<PathBuf, String>,
    /// The names that are masked in the log.
    log_masks: LogMasks,
    /// The configuration in use, and the last reload that was tried.
    state: Mutex<(Config, Option<Outcome>)>,
    /// Held by a reload: one at a time.
    alone: tokio::sync::Mutex<()>,
}

impl Reloader {
    /// For the configuration `config`, read from `path`, by which `log_masks` stand.
    pub fn new(path: &Path, config: Config, log_masks: LogMasks) -> Self {
        let outside = Outside::real();
        let files = config.secret_sources().filter_map(|source| match &source.from {
            SecretFrom::File(path) => Some((path.clone(), (outside.read)(path).ok()?)),
            // Neither can change while the process runs.
            SecretFrom::Credential(_) | SecretFrom::Env(_) => None,
        });
        let secrets = files.collect();
        let state = Mutex::new((config.clone(), None));
        Self { path: path.to_owned(), started: config, secrets, log_masks, state, alone: tokio::sync::Mutex::default() }
    }

    /// How long one item of the loops' work may take: a page and its robots.txt, with the pauses of their host.
    pub(super) fn longest_item(&self) -> SignedDuration {
        let poll = &self.started.poll;
        poll.timeout.saturating_add(poll.host_pause).saturating_mul(3)
    }

    /// The last reload that was tried.
    pub fn last(&self) -> Option<Outcome> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    fn in_use(&self) -> Config {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// The new configuration and what it comes to, or everything that is wrong with it.
    fn read(&self) -> Result<(Config, Vec<Problem>), Vec<Problem>> {
        wiring::load_checked(&self.path, &Outside::real())
    }

    /// Secrets of files that changed since the start: those of the start stay in use.
    fn changed_secrets(&self, config: &Config) -> Vec<String> {
        let outside = Outside::real();
        let changed = config.secret_sources().filter_map(|source| {
            let SecretFrom::File(path) = &source.from else { return None };
            let before = self.secrets.get(path)?;
            let now = (outside.read)(path).ok()?;
            (now != *before).then(|| format!("{}: the secret in {} changed", source.place.key, path.display()))
        });
        changed.collect()
    }
}

/// The pipeline for `config`, to take the place of the one in use; with the secrets of the start where they are known.
fn build(app: &App, reloader: &Reloader, config: &Config) -> Result<crate::pipeline::Pipeline, String> {
    let outside = Outside::real();
    let read = |path: &Path| match reloader.secrets.get(path) {
        Some(text) => Ok(text.clone()),
        None => (outside.read)(path),
    };
    wiring::renewed(&app.pipeline.current(), config, &Outside { read: &read, env: outside.env })
}

impl App {
    /// Takes the configuration as it now stands on the disk. A bad one is logged and kept for `status`, and the one in use stays.
    /// Nothing in hand is lost: what was begun ends with the old settings, what begins has the new.
    ///
    /// `None` where the service has no file to read again.
    pub async fn reload(&self) -> Option<Outcome> {
        let reloader = self.reloader.as_ref()?;
        let _alone = reloader.alone.lock().await;
        systemd::reloading();
        let now = self.pipeline.clock.now();
        let before = reloader.in_use();
        let taken = match reloader.read() {
            Ok((config, warnings)) => match self.take(reloader, &config).await {
                Ok(()) => Ok((config, warnings)),
                Err(problem) => Err(vec![problem]),
            },
            Err(problems) => Err(problems.iter().map(ToString::to_string).collect()),
        };
        let outcome = match taken {
            Err(problems) => {
                let lines = problems.join("\n");
                tracing::error!(
                    problems = problems.len(),
                    "the changed configuration is wrong; the one before stays in use:\n{lines}"
                );
                Outcome { at: now, problems, warnings: Vec::new(), applied: Vec::new(), restart: Vec::new() }
            }
            Ok((config, warnings)) => {
                let applied = applied(&before, &config);
                let mut restart = needs_restart(&reloader.started, &config);
                restart.extend(reloader.changed_secrets(&config));
                let warnings = warnings.iter().map(ToString::to_string).collect();
                log(&applied, &restart);
                reloader.state.lock().unwrap_or_else(PoisonError::into_inner).0 = config;
                Loop::ALL.into_iter().for_each(|which| self.wake(which));
                Outcome { at: now, problems: Vec::new(), warnings, applied, restart }
            }
        };
        reloader.state.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(outcome.clone());
        systemd::ready(&self.status_line());
        Some(outcome)
    }

    /// Puts `config` into use.
    async fn take(&self, reloader: &Reloader, config: &Config) -> Result<(), String> {
        let pipeline = build(self, reloader, config)?;
        // Taking it on may log names already. Should it fail, the log is as it was.
        let before = reloader.log_masks.current();
        reloader.log_masks.replace(Arc::new(pipeline.masks()));
        if let Err(error) = pipeline.adopt_watchlist().await {
            reloader.log_masks.replace(before);
            return Err(error.to_string());
        }
        self.pipeline.replace(pipeline);
        Ok(())
    }

    /// The command `reload`.
    pub(super) async fn reload_command(&self) -> Response {
        match self.reload().await {
            Some(outcome) => Response::ok(outcome.as_json()),
            None => Response::error("no_configuration", "this service was started without a configuration file"),
        }
    }

    /// The last reload that was tried.
    pub(super) fn last_reload(&self) -> Option<Outcome> {
        self.reloader.as_ref()?.last()
    }
}

fn log(applied: &[String], restart: &[String]) {
    let said = if applied.is_empty() { "nothing changed that could".to_owned() } else { applied.join("; ") };
    tracing::info!("configuration reloaded: {said}");
    for one in restart {
        tracing::warn!("not in force before the next start: {one}");
    }
}

/// What changed and is in force once `new` is taken in the place of `old`.
fn applied(old: &Config, new: &Config) -> Vec<String> {
    let mut out = Vec::new();
    let feeds =
        |c: &Config| -> BTreeMap<String, FeedSpec> { c.feeds.iter().map(|f| (f.id.to_string(), f.clone())).collect() };
    out.extend(difference("feeds", &feeds(old), &feeds(new)));
    out.extend(difference(
        "persons",
        &keyed(&old.watchlist.persons, |p| &p.id),
        &keyed(&new.watchlist.persons, |p| &p.id),
    ));
    out.extend(difference(
        "bodies",
        &keyed(&old.watchlist.bodies, |b| &b.id),
        &keyed(&new.watchlist.bodies, |b| &b.id),
    ));
    out.extend(difference(
        "keywords",
        &keyed(&old.watchlist.keywords, |k| &k.id),
        &keyed(&new.watchlist.keywords, |k| &k.id),
    ));
    let channels = |c: &Config| -> BTreeMap<String, config::ChannelConfig> {
        c.channels.iter().map(|c| (c.id.to_string(), c.clone())).collect()
    };
    out.extend(difference("channels", &channels(old), &channels(new)));
    let mut poll = new.poll.clone();
    poll.concurrency = old.poll.concurrency;
    for (what, changed) in [
        ("guards, merges and mutes", old.watchlist.rulings != new.watchlist.rulings),
        ("[poll]", old.poll != poll),
        ("[digest]", old.digest != new.digest),
        ("[[route]]", old.routes != new.routes),
        ("[alerts]", old.alerts != new.alerts),
        ("[retention]", old.retention != new.retention),
        ("alarms of [store]", old.store.alarms != new.store.alarms),
        ("who must not be named", old.anonymity != new.anonymity),
        ("what feeds ask of whoever fetches them", old.feed_access != new.feed_access),
    ] {
        if changed {
            out.push(format!("{what} changed"));
        }
    }
    out
}

fn keyed<T: Clone>(list: &[T], id: impl Fn(&T) -> &String) -> BTreeMap<String, T> {
    list.iter().map(|one| (id(one).clone(), one.clone())).collect()
}

/// `feeds: added a, b; gone c; changed d`, or nothing.
fn difference<T: PartialEq>(name: &str, old: &BTreeMap<String, T>, new: &BTreeMap<String, T>) -> Option<String> {
    let added: Vec<&str> = new.keys().filter(|k| !old.contains_key(*k)).map(String::as_str).collect();
    let gone: Vec<&str> = old.keys().filter(|k| !new.contains_key(*k)).map(String::as_str).collect();
    let changed = new.iter().filter(|(k, v)| old.get(*k).is_some_and(|before| before != *v));
    let changed: Vec<&str> = changed.map(|(k, _)| k.as_str()).collect();
    let parts: Vec<String> = [("added", added), ("gone", gone), ("changed", changed)]
        .into_iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(what, ids)| format!("{what} {}", few(&ids)))
        .collect();
    (!parts.is_empty()).then(|| format!("{name}: {}", parts.join(", ")))
}

/// A few names, and how many more there are.
fn few(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(" ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// What of `new` counts from the next start on, against the configuration of the start.
fn needs_restart(started: &Config, new: &Config) -> Vec<String> {
    [
        ("store.path", started.store.path != new.store.path),
        ("control.socket", started.control != new.control),
        ("poll.concurrency", started.poll.concurrency != new.poll.concurrency),
        ("[heartbeat]", started.heartbeat != new.heartbeat),
        ("[log]", started.log != new.log),
        ("[metrics]", started.metrics != new.metrics),
        ("[shutdown]", started.shutdown != new.shutdown),
    ]
    .into_iter()
    .filter(|(_, changed)| *changed)
    .map(|(what, _)| format!("{what} changed"))
    .collect()
}
