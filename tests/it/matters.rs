//! Matters told from their first step to their last by several outlets, all in one store: what is told of them, and how often.
//!
//! `cargo test --test it matters -- --nocapture` names what is missed and what is told too much.

use conductwatch::adapters::clock::SystemClock;
use conductwatch::adapters::store::{SledStore, StoreOptions};
use conductwatch::domain::{Alert, Development, Page, WatchedBody, WatchedPerson, Watchlist};
use conductwatch::pipeline::{ArticleFacts, Pipeline, Settings};
use conductwatch::ports::{ArticleCommit, Store as _};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// The most that may be missed, and told too much. Most of it is misread, not taken for the wrong event.
const MISSED: usize = 7;
const TOO_MANY: usize = 14;

/// A major alert that an article raises.
struct Expected {
    types: Vec<String>,
    /// Whom it concerns, or must not.
    who: Option<(bool, String)>,
}

struct Article {
    id: String,
    published: String,
    outlet: String,
    headline: String,
    text: String,
    expected: Vec<Expected>,
}

fn expected(line: &str) -> Vec<Expected> {
    let one = |text: &str| {
        let (types, who) = text.split_once('(').unwrap_or((text, ""));
        let who = who.trim_end_matches(')');
        let who = (!who.is_empty()).then(|| (!who.starts_with('!'), who.trim_start_matches('!').to_owned()));
        Expected { types: types.split('/').map(str::to_owned).collect(), who }
    };
    line.split(", ").filter(|text| *text != "-").map(one).collect()
}

/// A line of a watchlist.
#[derive(Clone)]
struct Watched {
    kind: String,
    name: String,
    aliases: Vec<String>,
    bodies: Vec<String>,
}

impl Watched {
    fn toml(&self, id: &str) -> String {
        let bodies = if self.kind == "person" { format!("bodies = {:?}\n", self.bodies) } else { String::new() };
        format!("[[{}]]\nid = {id:?}\nname = {:?}\naliases = {:?}\n{bodies}", self.kind, self.name, self.aliases)
    }
}

/// The articles of one matter, and whom it watches by id.
fn matter(path: &Path) -> (Vec<Article>, BTreeMap<String, Watched>) {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.file_stem().unwrap().to_str().unwrap();
    let mut parts = text.split("## ");
    let mut watched = BTreeMap::new();
    for line in parts.next().unwrap().lines() {
        let (kind, rest) = line.strip_prefix("watch ").unwrap().split_once(' ').unwrap();
        let (id, rest) = rest.split_once(' ').unwrap();
        let (rest, body) = rest.split_once(" @ ").unwrap_or((rest, ""));
        let (name, aliases) = rest.split_once(" | ").unwrap_or((rest, ""));
        let list = |text: &str| text.split(", ").filter(|t| !t.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let one = Watched { kind: kind.to_owned(), name: name.to_owned(), aliases: list(aliases), bodies: list(body) };
        watched.insert(id.to_owned(), one);
    }
    let article = |(n, part): (usize, &str)| {
        let (head, rest) = part.split_once('\n').unwrap();
        let (expect, text) = rest.split_once('\n').unwrap();
        let head: Vec<&str> = head.splitn(3, " | ").collect();
        Article {
            id: format!("{name}-{}", n + 1),
            published: format!("{}:00Z", head[0]),
            outlet: head[1].to_owned(),
            headline: head[2].to_owned(),
            text: text.trim().to_owned(),
            expected: expected(expect.strip_prefix("expect ").unwrap()),
        }
    };
    (parts.enumerate().map(article).collect(), watched)
}

/// All matters in order of publication, and everybody whom they watch.
fn matters() -> (Vec<Article>, BTreeMap<String, Watched>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/matters");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    files.sort();
    let (mut articles, mut watched) = (Vec::new(), BTreeMap::new());
    for (told, watch) in files.iter().map(|path| matter(path)) {
        articles.extend(told);
        watched.extend(watch);
    }
    articles.sort_by(|a, b| a.published.cmp(&b.published));
    (articles, watched)
}

#[test]
fn each_step_of_a_matter_is_told_once() {
    let (articles, watched) = matters();
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("w.toml"), watched.iter().map(|(id, one)| one.toml(id)).collect::<Vec<_>>().join("\n"))
        .unwrap();
    let mut manifest = String::new();
    for a in &articles {
        let file = path(&format!("{}.txt", a.id));
        std::fs::write(&file, format!("{}\n\n{}\n", a.headline, a.text)).unwrap();
        let url = format!("https://{}.example/{}", a.outlet.to_lowercase().replace(' ', "-"), a.id);
        writeln!(manifest, "{}", json!({"file": file, "published": a.published, "url": url, "outlet": a.outlet}))
            .unwrap();
    }
    std::fs::write(path("m.jsonl"), manifest).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_conductwatch"));
    command.args(["ingest", "--json", "--store", &path("store"), "--watchlist", &path("w.toml")]);
    let output = command.args(["--manifest", &path("m.jsonl")]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let alerts: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let (mut found, mut missed, mut too_many) = (0, 0, 0);
    for article in &articles {
        let mut own: Vec<&Value> =
            alerts.iter().filter(|a| a["article"] == article.id.as_str() && a["level"] == "major").collect();
        for e in &article.expected {
            let concerns = |a: &Value, id: &str| a["tracked"].as_array().unwrap().iter().any(|t| t == id);
            let fits = |a: &&Value| {
                e.types.iter().any(|t| a["type"] == t.as_str())
                    && e.who.as_ref().is_none_or(|(meant, id)| concerns(a, id) == *meant)
            };
            if let Some(place) = own.iter().position(fits) {
                own.remove(place);
                found += 1;
            } else {
                missed += 1;
                println!("missed in {}: {}", article.id, e.types.join("/"));
            }
        }
        too_many += own.len();
        for a in own {
            println!("too much in {}: {} {}: {}", article.id, a["type"], a["tracked"], a["evidence"]);
        }
    }
    println!("{found} told, {missed} missed, {too_many} too many");
    assert!(missed <= MISSED && too_many <= TOO_MANY, "{missed} missed, {too_many} too many");
}

/// What a store holds after settling: developments with their reports, and alerts with those that they follow up.
async fn told(store: &SledStore) -> (BTreeSet<String>, BTreeSet<String>) {
    let developments = store.developments_behind(None, 10_000).await.unwrap();
    let reports =
        |d: &Development| d.reports.iter().map(|r| format!("{}#{}", r.article, r.index)).collect::<BTreeSet<_>>();
    let alerts = store.alerts().await.unwrap();
    let alert = |a: &Alert| {
        let corrects: Vec<_> = a.corrects.iter().map(|c| c.alert.to_string()).collect();
        format!("{} {} {:?} {corrects:?} {}", a.id, a.article, a.tracked, a.held)
    };
    let developments = developments.iter().map(|d| format!("{} {:?} {:?} {:?}", d.id, reports(d), d.merged, d.story));
    (developments.collect(), alerts.iter().map(alert).collect())
}

#[tokio::test]
async fn articles_settled_together_are_settled_as_one_after_the_other() {
    let (articles, watched) = matters();
    let mut watchlist = Watchlist::default();
    for (id, one) in watched {
        let Watched { kind, name, aliases, bodies } = one;
        match kind.as_str() {
            "person" => watchlist.persons.push(WatchedPerson { id, name, aliases, bodies, ..WatchedPerson::default() }),
            _ => watchlist.bodies.push(WatchedBody { id, name, aliases, ..WatchedBody::default() }),
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let open = |name: &str| {
        let store = Arc::new(SledStore::open(&dir.path().join(name), StoreOptions::default()).unwrap());
        let settings = Settings::without_feeds(watchlist.clone());
        (Pipeline::offline(Arc::new(SystemClock), store.clone(), settings), store)
    };
    let (one_by_one, first) = open("one");
    for article in &articles {
        let url: url::Url = format!("https://{}.example/", article.id).parse().unwrap();
        let facts = ArticleFacts {
            url: Some(url.clone()),
            title: None,
            outlet: Some(article.outlet.clone()),
            published: Some(article.published.parse().unwrap()),
            modified: None,
            times_are_given: true,
        };
        let body = format!("{}\n\n{}\n", article.headline, article.text).into_bytes();
        one_by_one.ingest(&Page { url: Some(url), content_type: None, body }, &facts, &article.id).await.unwrap();
    }
    let (together, second) = open("all");
    for record in first.articles_behind(None, 10_000).await.unwrap() {
        let work = ArticleCommit { entry: None, article: Some(record), snapshot: None, decisions: Vec::new() };
        second.commit_article(work).await.unwrap();
    }
    assert_eq!(together.settle_batch().await.unwrap().articles, articles.len(), "in one batch");
    assert_eq!(told(&second).await, told(&first).await);
}
