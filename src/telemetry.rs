//! Logs: to standard error, for people or as JSON lines.

use crate::config::{LogConfig, LogFormat};
use crate::masked_log::MaskedStderr;
use crate::stages::anonymity::Masks;
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Starts logging as configured, with names masked by `masks`; `RUST_LOG` overrules the level. A second call changes nothing.
pub fn init(log: &LogConfig, masks: Masks) {
    let level = format!("warn,conductwatch={}", log.level.as_str());
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(MaskedStderr::new(masks)).with_target(false);
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let started = match log.format {
        LogFormat::Text => builder.with_ansi(colour).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    // Only a second start fails, and the first one serves.
    drop(started);
}
