//! Acts that whoever answers for the service must be able to account for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What kind of act it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// Somebody or an address is being forgotten.
    ForgetBegun,
    /// It was forgotten: what went.
    ForgetDone,
    /// The watchlist or the names that are masked changed.
    Watchlist,
    /// Developments were merged, split or parted by hand.
    Development,
    /// The user said that an alert is wrong, or that it is not.
    Alert,
    /// The store was restored from a backup, or imported into.
    Restored,
    /// A digest was sent again by hand.
    Resent,
}

impl ActKind {
    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ForgetBegun => "forgetting began",
            Self::ForgetDone => "forgotten",
            Self::Watchlist => "watchlist changed",
            Self::Development => "developments changed by hand",
            Self::Alert => "alert judged by hand",
            Self::Restored => "store restored or imported into",
            Self::Resent => "digest sent again",
        }
    }
}

/// An act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// What kind.
    pub act: ActKind,
    /// By what command, or by what else.
    pub by: String,
    /// What was done.
    pub detail: Value,
}

/// A line of the audit log: an act, chained to the line before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Its number, from 1.
    pub n: u64,
    /// When.
    pub at: Timestamp,
    /// The act.
    #[serde(flatten)]
    pub act: Act,
    /// With it the detail's digest is made, so that a guess of a forgotten name cannot be tried on it; gone once a name in
    /// the detail was blacked out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// SHA-256 of salt and detail, in hexadecimal digits: the chain holds it, not the detail, so that a name can go.
    pub detail_digest: String,
    /// `hash` of the line before; zeros for the first.
    pub previous: String,
    /// SHA-256 of everything but salt and detail.
    pub hash: String,
}

/// The audit log, and whether it can be relied on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AuditLog {
    /// Its lines, in order.
    pub lines: Vec<AuditLine>,
    /// Lines in whose details a name was blacked out: the chain holds them, but not what they say.
    pub blacked_out: u64,
    /// What is wrong with the chain; empty where it holds.
    pub faults: Vec<String>,
    /// Hash of the last line: write it down elsewhere, and nobody can shorten the log unseen.
    pub last: Option<String>,
}
