//! Questions about those who are watched: the articles stored, who was told how often, and timelines.

use super::AskError;
use crate::domain::{AlertId, ArticleId, Delivery, DeliveryState, Development, DevelopmentId, Rulings, Subject};
use crate::ports::{Store, StoreError};
use crate::stages::timeline;
use serde_json::{Value, json};

/// Most things of one answer: the socket's answers have a limit.
pub(super) const MOST: usize = 200;

/// Most bytes of one answer, unless the first thing alone is longer.
const MOST_BYTES: usize = 8 << 20;

/// Articles with what was found in them, in order of id, those behind `after`.
pub(super) async fn records(store: &dyn Store, after: Option<&ArticleId>, limit: usize) -> Result<Value, AskError> {
    let records = store.articles_behind(after, limit.clamp(1, MOST)).await?;
    Ok(json!({ "records": as_many_as_fit(&records) }))
}

/// Developments in order of id, those behind `after`.
pub(super) async fn all_developments(
    store: &dyn Store,
    after: Option<&DevelopmentId>,
    limit: usize,
) -> Result<Value, AskError> {
    let developments = store.developments_behind(after, limit.clamp(1, MOST)).await?;
    Ok(json!({ "developments": as_many_as_fit(&developments) }))
}

/// `things` as JSON, as many as fit into an answer; one at least, however long it is, so that the next question gets further.
fn as_many_as_fit(things: &[impl serde::Serialize]) -> Vec<Value> {
    let (mut out, mut bytes) = (Vec::new(), 0);
    for thing in things {
        let value = json!(thing);
        bytes += value.to_string().len();
        if !out.is_empty() && bytes > MOST_BYTES {
            break;
        }
        out.push(value);
    }
    out
}

/// How many alerts each of `entries` (an id with those it had before) raised, and what happened last.
pub(super) async fn watched(store: &dyn Store, entries: &[Vec<String>]) -> Result<Value, AskError> {
    let alerts = store.alerts().await?;
    let mut rows = Vec::new();
    for ids in entries {
        let told = alerts.iter().filter(|a| match &a.content {
            crate::domain::AlertKind::Keyword { keyword } => ids.contains(keyword),
            _ => a.tracked.iter().any(|t| ids.contains(t)),
        });
        let told: Vec<_> = told.collect();
        let lines = timeline::lines(ids, &developments(store, ids).await?, &alerts, &Rulings::default());
        let last = lines
            .last()
            .map(|l| json!({ "id": l.development, "type": l.kind, "label": l.kind.label(), "date": l.date }));
        rows.push(json!({
            "id": ids.first(), "alerts": told.len(), "last_alert": told.last().map(|a| a.raised),
            "developments": lines.len(), "last_development": last,
        }));
    }
    Ok(json!({ "watched": rows }))
}

async fn developments(store: &dyn Store, ids: &[String]) -> Result<Vec<Development>, StoreError> {
    let mut out = Vec::new();
    for id in ids {
        out.extend(store.developments_of(id).await?);
    }
    Ok(out)
}

/// The timeline of whoever has one of `ids`.
pub(super) async fn timeline(store: &dyn Store, ids: &[String], rulings: &Rulings) -> Result<Value, AskError> {
    let alerts = store.alerts().await?;
    let lines = timeline::lines(ids, &developments(store, ids).await?, &alerts, rulings);
    let standing = timeline::standing(&lines);
    let mut rows = Vec::new();
    for line in lines {
        let sent = match &line.alert {
            Some(alert) => sent(store, alert).await?,
            None => Value::Null,
        };
        let alert = line.alert.as_ref().and_then(|id| alerts.iter().find(|a| a.id == *id));
        let mut row = json!(line);
        row["label"] = json!(line.kind.label());
        row["alert"] = alert.map_or(Value::Null, |a| json!({ "id": a.id, "raised": a.raised, "sent": sent }));
        rows.push(row);
    }
    Ok(json!({ "ids": ids, "standing": standing, "developments": rows }))
}

/// When the first channel took the digest that tells `alert`, and which digest that is; null while none did.
async fn sent(store: &dyn Store, alert: &AlertId) -> Result<Value, StoreError> {
    let Some(digest) = super::ask::told_in(store, alert).await? else { return Ok(Value::Null) };
    let taken = |delivery: Delivery| match delivery.state {
        DeliveryState::Sent { receipt } => Some(receipt.at),
        DeliveryState::Pending { .. } | DeliveryState::Dead { .. } => None,
    };
    let at = store.deliveries(&digest).await?.into_iter().filter_map(taken).min();
    Ok(json!({ "digest": digest, "at": at }))
}

/// What is stored under an id, whole.
pub(super) async fn show(store: &dyn Store, what: &str) -> Result<Value, AskError> {
    let found = store.find(what).await?;
    let found: Vec<&Subject> =
        found.iter().filter(|s| matches!(s, Subject::Alert(_) | Subject::Development(_))).collect();
    let gone = |id: &str| StoreError::Corrupt(format!("{id} is found but gone"));
    match found.as_slice() {
        [Subject::Alert(id)] => {
            let alert = store.alert(id).await?.ok_or_else(|| gone(id.as_str()))?;
            let development = match &alert.content {
                crate::domain::AlertKind::Development { development, .. } => store.development(development).await?,
                _ => None,
            };
            let article = store.article(&alert.article).await?;
            let told = told_of(store, id).await?;
            Ok(json!({ "alert": alert, "development": development, "article": article, "told_in": told }))
        }
        [Subject::Development(id)] => {
            let development = store.development(id).await?.ok_or_else(|| gone(id.as_str()))?;
            Ok(json!({ "development": development }))
        }
        [] => Err(AskError::Unknown(format!(
            "no alert and no development has the id {what:?}, or one that begins so with four characters at least"
        ))),
        _ => Err(AskError::Unknown(format!("{what:?} begins several ids: give more of it"))),
    }
}

async fn told_of(store: &dyn Store, alert: &AlertId) -> Result<Value, StoreError> {
    Ok(super::ask::told_in(store, alert).await?.map_or(Value::Null, |id| json!(id)))
}
