//! Logs: to standard error for people or as JSON lines, or to systemd's journal in its own fields.

use crate::config::{LogConfig, LogFormat};
use crate::masked_log::{LogMasks, MaskedStderr};
use std::fs::File;
use std::io::IsTerminal as _;
use std::os::fd::AsFd as _;
use std::os::unix::fs::MetadataExt as _;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// What stands before the names of our fields in the journal: `feed.id` becomes `CONDUCTWATCH_FEED_ID`.
const FIELD_PREFIX: &str = "CONDUCTWATCH";

/// Starts logging as configured, with names masked by those of `masks` that are in force; `RUST_LOG` overrules the level. A second
/// call changes nothing.
pub fn init(log: &LogConfig, masks: &LogMasks) {
    let level = format!("warn,conductwatch={}", log.level.as_str());
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let format = match log.format {
        LogFormat::Auto if leads_to_the_journal() => LogFormat::Journald,
        LogFormat::Auto => LogFormat::Text,
        given => given,
    };
    let stderr = MaskedStderr::new(masks.clone());
    let (format, journal) = match (format, journal()) {
        (LogFormat::Journald, Ok(journal)) => (format, Some(journal)),
        (LogFormat::Journald, Err(fault)) => return fall_back(filter, stderr, &fault),
        (format, _) => (format, None),
    };
    let registry = tracing_subscriber::registry().with(filter);
    let started = match format {
        LogFormat::Json => registry.with(to_stderr(stderr).json().flatten_event(true)).try_init(),
        _ if journal.is_some() => {
            // The journal's own fields cannot be masked; lines can, and systemd takes those to the journal too.
            let (own, lines) = (masks.clone(), masks.clone());
            let journal = journal.with_filter(dynamic_filter_fn(move |_, _| own.current().is_empty()));
            let lines = to_stderr(stderr)
                .with_ansi(colour())
                .with_filter(dynamic_filter_fn(move |_, _| !lines.current().is_empty()));
            registry.with(journal).with(lines).try_init()
        }
        _ => registry.with(to_stderr(stderr).with_ansi(colour())).try_init(),
    };
    // Only a second start fails, and the first one serves.
    drop(started);
}

/// Logs as text and says why it is not the journal.
fn fall_back(filter: EnvFilter, stderr: MaskedStderr, fault: &std::io::Error) {
    let started = tracing_subscriber::registry().with(filter).with(to_stderr(stderr).with_ansi(colour())).try_init();
    drop(started);
    tracing::warn!("the journal cannot be reached, so the log goes to standard error as text: {fault}");
}

fn to_stderr<S>(
    stderr: MaskedStderr,
) -> tracing_subscriber::fmt::Layer<
    S,
    tracing_subscriber::fmt::format::DefaultFields,
    tracing_subscriber::fmt::format::Format,
    MaskedStderr,
> {
    tracing_subscriber::fmt::layer().with_writer(stderr).with_target(false)
}

fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}

fn journal() -> std::io::Result<tracing_journald::Layer> {
    let layer = tracing_journald::layer()?;
    Ok(layer.with_field_prefix(Some(FIELD_PREFIX.to_owned())).with_syslog_identifier("conductwatch".to_owned()))
}

/// Whether standard error is a stream of systemd's journal.
///
/// Source: systemd.exec(5), `$JOURNAL_STREAM`: device and inode number of the stream, in decimal, with a colon between.
fn leads_to_the_journal() -> bool {
    let Ok(stream) = std::env::var("JOURNAL_STREAM") else { return false };
    let own = std::io::stderr().as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata());
    own.is_ok_and(|meta| stream == format!("{}:{}", meta.dev(), meta.ino()))
}
