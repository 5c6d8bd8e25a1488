//! Acts that must be accounted for, written into the audit log.

use super::{Change, Pipeline};
use crate::domain::{Act, ActKind, Anonymity, Watchlist};
use crate::ports::{HandCommit, StoreError};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

impl Pipeline {
    /// Writes an act into the audit log.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_act(&self, act: ActKind, by: &str, detail: Value) -> Result<(), StoreError> {
        self.store.audit(Act { act, by: by.to_owned(), detail }, self.clock.now()).await
    }

    /// Notes what of the watchlist, and of the names that are masked, is other than when it was noted last.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_watchlist(
        &self,
        watchlist: &Watchlist,
        anonymity: &[Anonymity],
        by: &str,
    ) -> Result<(), StoreError> {
        let mut memory = self.store.watch_memory().await?;
        let now = entries(watchlist, anonymity);
        let (mut added, mut removed, mut changed) = (Vec::new(), Vec::new(), Vec::new());
        for (key, (print, words)) in &now {
            match memory.seen.get(key) {
                None => added.push(words.clone()),
                Some(before) if before != print => changed.push(words.clone()),
                Some(_) => {}
            }
        }
        removed.extend(memory.seen.keys().filter(|key| !now.contains_key(*key)).cloned());
        if added.is_empty() && removed.is_empty() && changed.is_empty() {
            return Ok(());
        }
        let detail = json!({ "added": added, "removed": removed, "changed": changed });
        self.note_act(ActKind::Watchlist, by, detail).await?;
        memory.seen = now.into_iter().map(|(key, (print, _))| (key, print)).collect();
        self.store.commit_hand(HandCommit { memory: Some(memory), ..HandCommit::default() }).await
    }

    /// Notes what the user decided by hand.
    pub(super) async fn note_change(&self, change: &Change, done: &Value) -> Result<(), StoreError> {
        let (act, by) = match change {
            Change::Merge { .. } => (ActKind::Development, "development merge"),
            Change::Split { .. } => (ActKind::Development, "development split"),
            Change::Part { .. } => (ActKind::Development, "development merge --undo"),
            Change::Wrong { .. } => (ActKind::Alert, "alert wrong"),
            Change::Right { .. } => (ActKind::Alert, "alert wrong --undo"),
            // These are noted where they are done: with what the watchlist says, and with what went.
            Change::Rule { .. } | Change::Past { .. } | Change::Watchlist { .. } | Change::Forget { .. } => {
                return Ok(());
            }
            Change::Resend { .. } => (ActKind::Resent, "digest resend"),
            // A trial sends nothing that is stored.
            Change::Try { .. } => return Ok(()),
        };
        self.note_act(act, by, json!({ "asked": change, "done": done })).await
    }
}

/// Everything that is watched, ruled or masked, by a key of its own: a fingerprint of all of it, and its words. Of a name
/// that must not be named only that there is one.
fn entries(watchlist: &Watchlist, anonymity: &[Anonymity]) -> BTreeMap<String, (String, String)> {
    let mut out = BTreeMap::new();
    let mut add = |key: String, words: String, thing: &dyn Fn() -> String| drop(out.insert(key, (thing(), words)));
    for p in &watchlist.persons {
        add(format!("person {}", p.id), format!("person {}: {}", p.id, p.name), &|| print(p));
    }
    for b in &watchlist.bodies {
        add(format!("body {}", b.id), format!("body {}: {}", b.id, b.name), &|| print(b));
    }
    for k in &watchlist.keywords {
        add(format!("keyword {}", k.id), format!("keyword {}: {}", k.id, k.name), &|| print(k));
    }
    for g in &watchlist.rulings.guards {
        add(format!("guard {} {}", g.entity, print(g)), format!("guard of {}", g.entity), &|| print(g));
    }
    for m in &watchlist.rulings.merges {
        let of: Vec<&str> = m.developments.iter().map(crate::domain::DevelopmentId::as_str).collect();
        add(format!("merge {}", of.join(" ")), format!("merge of {}", of.join(", ")), &|| print(m));
    }
    for m in &watchlist.rulings.mutes {
        let until = m.until.map_or_else(|| "for good".to_owned(), |day| format!("until {day}"));
        let of = json!(m.of);
        let words =
            format!("mute of {} {}, {until}", of["what"].as_str().unwrap_or(""), of["id"].as_str().unwrap_or(""));
        add(format!("mute {}", print(m)), words, &|| print(m));
    }
    for (number, a) in (1..).zip(anonymity) {
        // Numbered, not named: the log is no place for a name that must not be named.
        let until = a.until.map_or_else(|| "for good".to_owned(), |day| format!("until {day}"));
        let words = format!("anonymity {number}: {}, shown as “{}”, {until}", a.reason.as_str(), a.mask);
        add(format!("anonymity {number} {}", a.reason.as_str()), words, &|| print(a));
    }
    out
}

/// A fingerprint of `thing`.
pub(super) fn print(thing: &impl Serialize) -> String {
    let json = serde_json::to_vec(thing).unwrap_or_default();
    Sha256::digest(json).iter().take(8).map(|b| format!("{b:02x}")).collect()
}
