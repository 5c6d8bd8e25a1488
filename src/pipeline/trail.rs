//! What `why` tells of an article and a development beside the decisions: what was read in the one, who tells the other,
//! and on which grounds.

use crate::domain::{Development, Report};
use crate::ports::{ArticleRecord, Store, StoreError};
use crate::stages::identity;
use crate::stages::settling::Settling;
use serde_json::{Value, json};
use std::sync::Arc;

/// The developments that the article of `record` tells.
pub(super) async fn told_by(store: &dyn Store, record: &ArticleRecord) -> Result<Vec<Development>, StoreError> {
    if record.extraction.reports.is_empty() {
        return Ok(Vec::new());
    }
    let settling = Settling::new(&record.id, &record.article, &record.extraction, record.read);
    let keys = identity::search_keys(&settling.telling());
    let mut found = store.candidates(&keys, Arc::new(|_| false)).await?.developments;
    found.retain(|d| d.reports.iter().any(|r| r.article == record.id));
    Ok(found)
}

/// What was read in an article: its reports and doubts, each with the rules behind it.
pub(super) fn read_in(record: &ArticleRecord) -> Value {
    let reports: Vec<Value> = record.extraction.reports.iter().map(report).collect();
    json!({ "reports": reports, "doubts": record.extraction.doubts })
}

fn report(report: &Report) -> Value {
    let names: Vec<&str> = report.entities().map(|e| e.name.as_str()).collect();
    let doubt = match report.certainty {
        c if !c.asserted => Some("not sure that it happened"),
        c if !c.dated => Some("not sure when it happened"),
        c if !c.attributed => Some("not sure to whom it happened"),
        _ => None,
    };
    let rules: Vec<String> = report.trace.iter().map(|t| format!("{} ({})", t.rule, t.words)).collect();
    json!({
        "type": report.kind, "label": report.kind.label(), "about": names, "status": report.status, "stage": report.stage,
        "date": report.date, "doubt": doubt, "evidence": report.evidence.text, "rules": rules,
    })
}

/// Who tells a development, in order of settling, and on which grounds each was taken for it.
pub(super) fn told_of(development: &Development) -> Value {
    let told = development.reports.iter().map(|r| {
        json!({
            "article": r.article, "outlet": r.outlet, "url": r.url, "at": r.at, "label": r.report.kind.label(),
            "status": r.report.status, "grounds": r.grounds,
        })
    });
    told.collect()
}
