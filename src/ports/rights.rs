//! What the store is asked for people's rights: forgetting, and the log of acts that must be accounted for.

use super::StoreError;
use crate::domain::{Act, AuditLog, ForgetJob, Forgettable, Forgotten, Gone};
use async_trait::async_trait;
use jiff::Timestamp;
use url::Url;

/// Forgetting, and the audit log.
///
/// Forgetting is done in this order, each part again from its start after a crash: [`begin`](StoreRights::begin_forgetting)
/// puts up the tombstones, from which moment on nothing of it is stored in clear any more; [`sweep`](StoreRights::sweep)
/// until it says that all is done; [`forget_archived`](StoreRights::forget_archived); sled written anew; files of channels;
/// [`end`](StoreRights::end_forgetting).
#[async_trait]
pub trait StoreRights: Send + Sync {
    /// What was forgotten.
    async fn forgotten(&self) -> Result<Forgotten, StoreError>;
    /// For each of `urls`, whether it was forgotten.
    async fn are_forgotten(&self, urls: &[Url]) -> Result<Vec<bool>, StoreError>;
    /// What would go, and nothing of it done.
    async fn plan_forgetting(&self, what: &Forgettable) -> Result<Gone, StoreError>;
    /// Puts up the tombstones of `what`.
    async fn begin_forgetting(&self, what: &Forgettable, now: Timestamp) -> Result<(), StoreError>;
    /// Removes and blacks out some more of what is to be forgotten. True: nothing is left.
    async fn sweep(&self) -> Result<bool, StoreError>;
    /// Erases what the archive has of it; what stays in the store with a name blacked out is archived anew.
    async fn forget_archived(&self) -> Result<(), StoreError>;
    /// Ends it, and says what went, and in which digests.
    async fn end_forgetting(&self) -> Result<Option<ForgetJob>, StoreError>;
    /// Where earlier states of the store lie in its folder, moved aside or backed up before an upgrade: forgetting does not reach them.
    async fn earlier_states(&self) -> Result<Vec<String>, StoreError>;
    /// Writes an act into the audit log; it is on disk when this returns.
    async fn audit(&self, act: Act, now: Timestamp) -> Result<(), StoreError>;
    /// The audit log, checked.
    async fn audit_log(&self) -> Result<AuditLog, StoreError>;
}

/// A digest that a channel has, as far as the channel can reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replaced {
    /// It was put in the place of the one before.
    Yes,
    /// The channel has none under that id any more.
    NotThere,
    /// It is out of reach: sent, and with others. What can be done about it, for people.
    OutOfReach(String),
}
