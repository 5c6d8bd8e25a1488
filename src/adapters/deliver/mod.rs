//! Channels: where digests go.

mod email;
mod file;

pub use email::{EmailChannel, EmailSettings, Login, MailAddress, Security};
pub use file::FileChannel;

use jiff::Timestamp;
use std::time::{Duration, SystemTime};

/// A channel that cannot work as it is configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("channel {channel:?}: {message}")]
pub struct ChannelError {
    /// The channel's name.
    pub channel: String,
    /// What is wrong with it, and how to mend it.
    pub message: String,
}

/// `at` as the system counts time; the first of 1970 for anything earlier.
fn system_time(at: Timestamp) -> SystemTime {
    let since = Duration::try_from(at.duration_since(Timestamp::UNIX_EPOCH)).unwrap_or_default();
    SystemTime::UNIX_EPOCH + since
}

/// What a peer said, as one line of at most 500 characters without control characters.
fn one_line(text: &str) -> String {
    let mut out = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    match out.char_indices().nth(500) {
        Some((at, _)) => format!("{}…", out.get(..at).unwrap_or("")),
        None => out,
    }
}
