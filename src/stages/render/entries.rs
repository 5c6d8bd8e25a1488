//! The alerts of a digest, each as an entry of a feed.

use super::{html, safe, words};
use crate::domain::{AlertEntry, Digest, DigestItem, Level};

/// The alerts that `digest` tells, each once, as entries of a feed of alerts. An item of several alerts is one entry, under
/// the one that names it.
pub fn entries(digest: &Digest) -> Vec<AlertEntry> {
    let mut out: Vec<AlertEntry> = Vec::new();
    for item in digest.items() {
        if !out.iter().any(|entry| entry.alert == item.alert.id) {
            out.push(entry(item, &digest.zone));
        }
    }
    out
}

fn entry(item: &DigestItem, zone: &str) -> AlertEntry {
    let alert = &item.alert;
    let names: Vec<String> = alert.tracked_names.iter().map(|n| safe::cut(n, words::NAME)).collect();
    let about = if names.is_empty() { words::headline(item) } else { names.join(", ") };
    let level = match alert.level {
        Level::Major => "major",
        Level::Minor => "minor",
    };
    let mut tags = vec![alert.type_name().to_owned(), level.to_owned()];
    tags.extend(names);
    AlertEntry {
        alert: alert.id.clone(),
        title: safe::cut(&format!("{}: {about}", words::kind(item)), words::HEADLINE),
        html: html::item(item, zone),
        at: alert.raised,
        url: alert.url.as_deref().and_then(safe::link),
        outlet: alert.outlet.as_deref().map(|o| safe::cut(o, words::NAME)).filter(|o| !o.is_empty()),
        tags,
        corrects: item.alerts().flat_map(|a| &a.corrects).map(|c| c.alert.clone()).collect(),
    }
}
