//! The digest as JSON, for programs.

use super::safe::link;
use crate::domain::{AlertClass, AlertKind, Basis, Digest, DigestItem, Level, Span};
use serde::Serialize;
use serde_json::{Value, json};

/// Version of the form: a field that changes its meaning or goes raises it, one that is added does not.
pub const VERSION: u32 = 1;

/// `digest` as JSON: `{"format": "conductwatch.digest", "version": 1, …}`.
///
/// Text stands as it was found, whole; control and direction characters in it are written as `\u` escapes, so that the
/// file may be shown anywhere. Spans (`marks`) count Unicode code points of the `evidence` beside them, half-open.
pub fn json(digest: &Digest) -> String {
    let value = json!({
        "format": "conductwatch.digest",
        "version": VERSION,
        "id": digest.id,
        "subject": digest.subject,
        "from": digest.from,
        "to": digest.to,
        "zone": digest.zone,
        "notices": digest.notices,
        "articles_read": digest.articles_read,
        "corrections": digest.corrections.iter().map(item).collect::<Vec<_>>(),
        "held_back": digest.flood,
        "sections": digest.sections.iter().map(|section| json!({
            "id": section.id,
            "title": section.title,
            "keyword": section.keyword,
            "items": section.items.iter().map(item).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "doubts": digest.doubts.iter().map(|(headline, doubt)| json!({
            "headline": headline,
            "type": doubt.kind,
            "concerns": doubt.concerns,
            "evidence": doubt.evidence,
            "reason": doubt.reason,
        })).collect::<Vec<_>>(),
        "sources": digest.sources,
    });
    let mut out = super::safe::json(&pretty(&value));
    out.push('\n');
    out
}

fn pretty(value: &Value) -> String {
    // A `Value` has string keys and finite numbers only: writing it to memory cannot fail.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The part of an item that its kind decides.
#[derive(Serialize)]
struct What<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    class: Option<AlertClass>,
    date: Option<String>,
    detail: &'a str,
    development: Option<&'a str>,
}

fn item(item: &DigestItem) -> Value {
    let alert = &item.alert;
    let what = match &alert.content {
        AlertKind::Development { development, event, class, date, detail, .. } => What {
            kind: event.as_str(),
            class: Some(*class),
            date: date.map(|d| d.to_string()),
            detail,
            development: Some(development.as_str()),
        },
        AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => {
            What { kind: alert.type_name(), class: None, date: None, detail: "", development: None }
        }
    };
    json!({
        "alert": alert.id,
        "type": what.kind,
        "level": match alert.level { Level::Major => "major", Level::Minor => "minor" },
        "class": what.class,
        "date": what.date,
        "detail": what.detail,
        "development": what.development,
        "story": alert.story,
        "who": match &alert.content {
            AlertKind::Development { who, .. } => json!(who),
            AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => json!([]),
        },
        "tracked": alert.tracked,
        "also_about": item.also_about,
        "headline": alert.headline,
        "url": alert.url.as_deref().and_then(link),
        "outlet": alert.outlet,
        "published": alert.published,
        "headline_only": alert.basis == Basis::HeadlineOnly,
        "evidence": alert.evidence.text,
        "marks": alert.evidence.marks.iter().filter_map(|m| points(&alert.evidence.text, *m)).collect::<Vec<_>>(),
        "articles": item.articles,
        "independent_sources": item.independent_sources,
        "known_before": item.known_before,
        "raised": alert.raised,
        "catch_up": alert.catch_up,
        "corrects": alert.corrects,
        "changes": alert.changes(),
    })
}

/// `span` in code points of `text`; `None` where it does not lie on its characters.
fn points(text: &str, span: Span) -> Option<[usize; 2]> {
    let start = text.get(..span.start)?.chars().count();
    let length = text.get(span.start..span.end)?.chars().count();
    Some([start, start + length])
}
