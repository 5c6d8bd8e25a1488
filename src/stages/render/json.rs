//! The digest as JSON, for programs.

use super::safe::link;
use crate::domain::{Alert, AlertClass, AlertKind, Basis, Digest, DigestItem, Level, Span};
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
        "overview": digest.overview,
        "articles_read": digest.articles_read,
        "corrections": digest.corrections.iter().map(item).collect::<Vec<_>>(),
        "held_back": digest.flood,
        "sections": digest.sections.iter().map(|section| json!({
            "id": section.id,
            "title": section.title,
            "keyword": section.keyword,
            "stories": section.stories.iter().map(|story| json!({
                "id": story.id,
                "name": story.name,
                "items": story.items.iter().map(item).collect::<Vec<_>>(),
                "known_before": story.known_before,
                "due_next": story.due_next,
            })).collect::<Vec<_>>(),
            "minor": section.minor.iter().map(item).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "doubts": digest.doubts.iter().map(|d| json!({
            "headline": d.headline,
            "url": d.url.as_deref().and_then(link),
            "type": d.doubt.kind,
            "concerns": d.doubt.concerns,
            "evidence": d.doubt.evidence,
            "reason": d.doubt.reason,
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

/// An item: its own alert's fields, those of further alerts of the same hearing under `with`.
fn item(item: &DigestItem) -> Value {
    let mut out = alert(&item.alert);
    if let Some(fields) = out.as_object_mut() {
        fields.insert("with".to_owned(), item.with.iter().map(alert).collect());
        fields.insert("also_about".to_owned(), json!(item.also_about));
        fields.insert("amended_since".to_owned(), json!(item.amended_since));
        fields.insert("articles".to_owned(), json!(item.articles));
        fields.insert("independent_sources".to_owned(), json!(item.independent_sources));
        let elsewhere = item.elsewhere.iter().map(|l| json!({ "outlet": l.outlet, "url": link(&l.url) }));
        fields.insert("elsewhere".to_owned(), elsewhere.collect());
    }
    out
}

fn alert(alert: &Alert) -> Value {
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
        "who": match &alert.content {
            AlertKind::Development { who, .. } => json!(who),
            AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => json!([]),
        },
        "story": alert.story,
        "tracked": alert.tracked,
        "headline": alert.headline,
        "url": alert.url.as_deref().and_then(link),
        "outlet": alert.outlet,
        "published": alert.published,
        "headline_only": alert.basis == Basis::HeadlineOnly,
        "evidence": alert.evidence.text,
        "marks": alert.evidence.marks.iter().filter_map(|m| points(&alert.evidence.text, *m)).collect::<Vec<_>>(),
        "raised": alert.raised,
        "catch_up": alert.catch_up,
        "cautions": alert.cautions,
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
