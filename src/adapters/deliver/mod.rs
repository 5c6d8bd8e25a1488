//! Channels: where digests go. One file each, and its tests in a folder of that name.

mod atom;
mod email;
mod file;
mod peer;
mod slack;
mod webhook;

pub use atom::{AtomChannel, AtomSettings};
pub use email::{EmailChannel, EmailSettings, Login, MailAddress, Security};
pub use file::FileChannel;
pub use peer::{Caller, PeerSettings};
pub use slack::SlackChannel;
pub use webhook::{VERSION, WebhookChannel, WebhookSettings};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
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

/// `key` as an identifier that every protocol has room for: letters, digits and hyphens alone.
fn stable_id(key: &str) -> String {
    let plain: String = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    // The fingerprint keeps keys apart that differ in what was replaced.
    format!("{plain}-{}", fingerprint(&[key], 6))
}

/// The first `bytes` of a SHA-256 over `parts`, in hexadecimal.
fn fingerprint(parts: &[&str], bytes: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(bytes).map(|b| format!("{b:02x}")).collect()
}

/// Writes `body` to `path` at once: beside it first, under a hidden name, synced, then moved. The file's time is `at`, else
/// that of the writing.
fn write_whole(path: &Path, body: &str, at: Option<SystemTime>) -> io::Result<()> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.part"));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(body.as_bytes())?;
        at.map_or(Ok(()), |at| file.set_modified(at))?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&beside, path));
    if moved.is_err() && beside.exists() {
        // On a full disk the half-written file would keep its room; the fault to tell of is the first one.
        drop(fs::remove_file(&beside));
    }
    moved
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

/// A message of the digest `id`, made `at`, with nothing in it.
#[cfg(test)]
fn message_for_tests(id: &str, at: &str) -> crate::ports::Message {
    crate::ports::Message {
        digest: crate::domain::DigestId::parse(id).unwrap(),
        key: format!("{id}.desk"),
        subject: "Subject".into(),
        text: "text\n".into(),
        html: "<p>html".into(),
        json: "{}\n".into(),
        at: at.parse().unwrap(),
        blocks: Vec::new(),
        entries: Vec::new(),
        receivers: Vec::new(),
        taken: Vec::new(),
        part: 0,
        test: false,
    }
}
