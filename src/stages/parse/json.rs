//! Repair of JSON Feed (<https://www.jsonfeed.org/version/1.1/>): the same document with the types that feed-rs insists on.

use super::dates;
use super::decode::warn;
use super::links::resolve;
use super::repair::Repaired;
use crate::domain::{PollHints, Warning};
use serde_json::{Map, Value, json};
use url::Url;

/// Repairs the JSON `source`, which came from `url`.
///
/// # Errors
/// When it is no feed; the text says what it is instead.
pub(super) fn repair(source: &str, url: &Url, warnings: &mut Vec<Warning>) -> Result<Repaired, &'static str> {
    let parsed = serde_json::from_str::<Value>(source).or_else(|_| {
        // A line break in a text is the commonest fault, and between texts it says nothing.
        serde_json::from_str(&source.replace(|c: char| c.is_control(), " "))
    });
    let (feed, items) = match parsed {
        Ok(Value::Object(mut feed)) => match feed.remove("items") {
            Some(Value::Array(items)) => (feed, items),
            Some(Value::Null) | None if named(&feed).is_some_and(|named| named) => (feed, Vec::new()),
            _ => return Err("JSON without items"),
        },
        Ok(_) => return Err("JSON of another kind"),
        Err(error) => {
            let Some(items) = whole_items(source) else { return Err("broken JSON") };
            warn(warnings, "json_broken", format!("broken JSON ({error}): only whole items were read"));
            (Map::new(), items)
        }
    };
    let text = |name: &str| feed.get(name).and_then(Value::as_str);
    // Other services answer in JSON with items too.
    if !named(&feed).unwrap_or_else(|| source.contains("jsonfeed") || text("title").or(text("home_page_url")).is_some())
    {
        return Err("JSON of another kind");
    }
    let begun = items.len();
    let items: Vec<Value> = items.iter().filter_map(|item| repair_item(item.as_object()?, url)).collect();
    let written = items.len();
    let document = json!({
        "version": "https://jsonfeed.org/version/1.1", "title": text("title").unwrap_or(""), "items": items,
        "authors": authors(&feed),
    });
    Ok(Repaired {
        document: document.to_string(),
        begun,
        written,
        home: text("home_page_url").and_then(|home| resolve(home, url)),
        hints: PollHints::default(),
    })
}

/// Whether the document's version is one of JSON Feed; `None` when it gives none.
fn named(feed: &Map<String, Value>) -> Option<bool> {
    let version = feed.get("version").and_then(Value::as_str)?;
    Some(version.to_ascii_lowercase().contains("jsonfeed"))
}

/// The whole objects of the list of items, up to where the document breaks; `None` when there is no list.
fn whole_items(source: &str) -> Option<Vec<Value>> {
    let after = source.get(source.find("\"items\"")? + "\"items\"".len()..)?;
    let mut rest = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('[')?;
    let mut items = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        match values.next() {
            Some(Ok(item @ Value::Object(_))) => items.push(item),
            _ => return Some(items),
        }
        let read = values.byte_offset();
        rest = rest.get(read..)?;
    }
}

fn repair_item(item: &Map<String, Value>, url: &Url) -> Option<Value> {
    let text = |name: &str| match item.get(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let link = text("url").or_else(|| text("external_url")).and_then(|link| resolve(&link, url));
    let date = |name: &str| text(name).and_then(|date| dates::parse(&date)).map(|date| date.to_string());
    let mut out = json!({
        "id": text("id"), "url": link, "title": text("title"), "summary": text("summary"),
        "content_html": text("content_html"), "content_text": text("content_text"),
        "date_published": date("date_published"), "date_modified": date("date_modified"), "authors": authors(item),
    });
    let object = out.as_object_mut()?;
    object.retain(|_, value| !value.is_null());
    Some(out)
}

/// The authors of a feed or an item: `authors` of version 1.1, `author` of 1.0.
fn authors(of: &Map<String, Value>) -> Option<Value> {
    let names: Vec<Value> = of
        .get("authors")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .chain(of.get("author"))
        .filter_map(|author| author.get("name").or(Some(author)).and_then(Value::as_str))
        .map(|name| json!({ "name": name }))
        .collect();
    (!names.is_empty()).then_some(Value::Array(names))
}
