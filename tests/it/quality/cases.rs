//! Labelled articles, and what the program makes of them in process.

use conductwatch::adapters::sim_clock::SimClock;
use conductwatch::adapters::store::{SledStore, StoreOptions};
use conductwatch::domain::{Alert, Extraction, Page, WatchedBody, WatchedPerson, Watchlist};
use conductwatch::pipeline::{ArticleFacts, Pipeline, Settings};
use conductwatch::stages::clean::clean;
use conductwatch::stages::extract::Extractor;
use jiff::Timestamp;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A labelled article.
pub(crate) struct Case {
    pub(crate) name: String,
    /// The text as copied from a page.
    pub(crate) raw: String,
    pub(crate) gold: Value,
    pub(crate) published: Option<Timestamp>,
    pub(crate) modified: Option<Timestamp>,
}

/// A folder of labelled articles, in order of arrival.
pub(crate) struct CaseSet {
    /// The folder's path from the repository's root.
    pub(crate) name: String,
    pub(crate) cases: Vec<Case>,
    /// `expected_alerts.json`, or `story.json`.
    pub(crate) expected: Value,
    pub(crate) watchlist: Watchlist,
}

/// What the program makes of one article.
pub(crate) struct Reading {
    pub(crate) text: String,
    pub(crate) found: Extraction,
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read_json(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A list of strings; empty where `value` is none.
pub(crate) fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

/// The elements of a list; none where `value` is no list.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// RFC 3339, a date (its midnight in London), or a month (its twentieth).
fn time(text: &str) -> Timestamp {
    let text = if text.len() == 7 { format!("{text}-20") } else { text.to_owned() };
    let day = || text.parse::<jiff::civil::Date>().unwrap().in_tz("Europe/London").unwrap().timestamp();
    text.parse().unwrap_or_else(|_| day())
}

fn watchlist(folder: &Path, expected: &Value) -> Watchlist {
    let mut out = Watchlist::default();
    let mut add = |id: &str, name: &str, aliases: Vec<String>, kind: &str, row: &Value| {
        let (id, name) = (id.to_owned(), name.to_owned());
        if kind == "body" {
            out.bodies.push(WatchedBody { id, name, aliases, ..WatchedBody::default() });
        } else {
            let (bodies, excludes) = (strings(&row["bodies"]), strings(&row["excludes"]));
            out.persons.push(WatchedPerson { id, name, aliases, bodies, excludes, ..WatchedPerson::default() });
        }
    };
    let file = folder.join("watchlist.json");
    if file.exists() {
        for row in list(&read_json(&file)["watchlist"]) {
            let text = |key: &str| row[key].as_str().unwrap();
            add(text("id"), text("name"), strings(&row["aliases"]), text("kind"), row);
        }
        return out;
    }
    // The seeds tell only names; two bodies go by their initials there.
    let full = [
        ("iopc", "Independent Office for Police Conduct"),
        ("hmicfrs", "His Majesty's Inspectorate of Constabulary and Fire & Rescue Services"),
    ];
    let bodies = ["iopc", "hmicfrs", "metropolitan-police", "alliance-for-police-accountability"];
    for (id, name) in expected["tracked"].as_object().unwrap() {
        let name = name.as_str().unwrap();
        let kind = if bodies.contains(&id.as_str()) { "body" } else { "person" };
        match full.iter().find(|(i, _)| i == id) {
            Some((_, full)) => add(id, full, vec![name.to_owned()], kind, &Value::Null),
            None => add(id, name, Vec::new(), kind, &Value::Null),
        }
    }
    out
}

impl CaseSet {
    /// The set in `folder`, to be called `name`.
    pub(crate) fn read(folder: &Path, name: &str) -> Self {
        let files = ["expected_alerts.json", "story.json"].map(|f| folder.join(f));
        let expected = read_json(
            files
                .iter()
                .find(|f| f.exists())
                .unwrap_or_else(|| panic!("{}: neither expected_alerts.json nor story.json", folder.display())),
        );
        let cases = list(&expected["order"]).iter().map(|entry| {
            let name = entry["article"].as_str().unwrap().to_owned();
            let gold = read_json(&folder.join(format!("{name}.gold.json")));
            let published = gold["published"].as_str().or(entry["at"].as_str()).map(time);
            let modified = gold["modified"].as_str().map(time);
            let raw = std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap();
            Case { name, raw, gold, published, modified }
        });
        let cases = cases.collect();
        Self { name: name.to_owned(), cases, watchlist: watchlist(folder, &expected), expected }
    }

    /// The alerts of the set, each with the name of its article, from an empty store.
    pub(crate) fn alerts(&self) -> Vec<(String, Alert)> {
        let dir = tempfile::tempdir().unwrap();
        let store = SledStore::open(dir.path(), StoreOptions::default()).unwrap();
        let clock = Arc::new(SimClock::new(Timestamp::UNIX_EPOCH));
        let settings = Settings::without_feeds(self.watchlist.clone());
        let pipeline = Pipeline::offline(Arc::clone(&clock) as _, Arc::new(store), settings);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut out = Vec::new();
            for case in &self.cases {
                if let Some(at) = case.modified.or(case.published) {
                    clock.set(at);
                }
                let facts = ArticleFacts {
                    url: case.gold["url"].as_str().and_then(|u| u.parse().ok()),
                    title: None,
                    outlet: case.gold["outlet"].as_str().map(str::to_owned),
                    published: case.published,
                    modified: case.modified,
                    times_are_given: true,
                };
                let page = Page { url: facts.url.clone(), content_type: None, body: case.raw.clone().into_bytes() };
                let raised = pipeline.ingest(&page, &facts, &case.name).await.unwrap();
                out.extend(raised.into_iter().map(|alert| (case.name.clone(), alert)));
            }
            out
        })
    }
}

/// What `extractor` makes of `raw`, published and modified as given.
pub(crate) fn read(
    extractor: &Extractor,
    raw: &str,
    published: Option<Timestamp>,
    modified: Option<Timestamp>,
) -> Reading {
    let mut article = clean(&Page { url: None, content_type: None, body: raw.as_bytes().to_vec() }).article;
    article.published = published.or(article.published);
    article.modified = modified.or(article.modified);
    let found = extractor.extract(&article);
    Reading { text: article.text(), found }
}

impl Case {
    /// What `extractor` makes of it.
    pub(crate) fn read(&self, extractor: &Extractor) -> Reading {
        read(extractor, &self.raw, self.published, self.modified)
    }
}
