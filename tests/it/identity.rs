//! The set of developments, and of alerted ones, does not depend on the order in which articles arrive.

use conductwatch::domain::{
    AlertKind, ArticleId, Basis, BlockingKey, Certainty, Development, EntityRef, EventStage, Evidence, Report, Span,
    Watchlist,
};
use conductwatch::stages::alerting::{self, Told};
use conductwatch::stages::identity::{self, Known, Neighbour, Telling, copies};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// An article with its labelled reports.
struct Labelled {
    id: ArticleId,
    url: Option<String>,
    at: Timestamp,
    text: String,
    reports: Vec<Report>,
    /// The labelled event of each report.
    events: Vec<String>,
}

/// The folder of shared data; `None`, said once, where it is absent.
fn shared() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if root.exists() {
        return Some(root);
    }
    assert!(std::env::var_os("CI").is_none(), "../shared is absent, but CI is set");
    println!("skipped: ../shared is absent");
    None
}

fn time(text: &str) -> Timestamp {
    let text = if text.len() == 7 { format!("{text}-20") } else { text.to_owned() };
    text.parse().unwrap_or_else(|_| format!("{text}T00:00:00Z").parse().unwrap())
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn report(gold: &Value, entities: &Value) -> Report {
    let refs = |key: &str| -> Vec<EntityRef> {
        let ids = gold[key].as_array().unwrap().iter().map(|id| id.as_str().unwrap());
        ids.map(|id| EntityRef {
            id: id.to_owned(),
            name: entities[id]["name"].as_str().unwrap().to_owned(),
            watched: false,
        })
        .collect()
    };
    let text = gold["evidence"].as_str().unwrap().to_owned();
    Report {
        kind: gold["type"].as_str().unwrap().parse().unwrap(),
        who: refs("who"),
        body: refs("body"),
        about: refs("about"),
        unnamed: Vec::new(),
        date: gold["date"].as_str().map(|d| d.parse().unwrap()),
        status: serde_json::from_value(gold["status"].clone()).unwrap(),
        stage: EventStage::Done,
        detail: gold["detail"].as_str().unwrap_or_default().to_owned(),
        evidence: Evidence { span: Span::new(0, text.len()), text, marks: Vec::new() },
        certainty: Certainty::SURE,
        trace: Vec::new(),
    }
}

/// The articles of one set in order of arrival, and who is watched.
fn set(folder: &Path) -> (Vec<Labelled>, Watchlist) {
    let case = ["expected_alerts.json", "story.json"].iter().map(|f| folder.join(f)).find(|f| f.exists()).unwrap();
    let case = read(&case);
    let articles = case["order"].as_array().unwrap().iter().map(|entry| {
        let name = entry["article"].as_str().unwrap();
        let gold = read(&folder.join(format!("{name}.gold.json")));
        let text = gold["clean_text"].as_str().unwrap().to_owned();
        let told = gold["developments"].as_array().unwrap();
        let reports = told.iter().map(|d| {
            let mut report = report(d, &gold["entities"]);
            let start = text.find(&report.evidence.text).unwrap();
            report.evidence.span = Span::new(start, start + report.evidence.text.len());
            report
        });
        Labelled {
            id: ArticleId::parse(name).unwrap(),
            url: gold["url"].as_str().map(str::to_owned),
            at: time([&gold["modified"], &gold["published"], &entry["at"]].iter().find_map(|t| t.as_str()).unwrap()),
            reports: reports.collect(),
            events: told.iter().map(|d| d["event"].as_str().unwrap().to_owned()).collect(),
            text,
        }
    });
    let mut watchlist = Watchlist::default();
    for (id, name) in case["tracked"].as_object().unwrap() {
        let name = name.as_str().unwrap_or(id).to_owned();
        watchlist.persons.push(conductwatch::domain::WatchedPerson { id: id.clone(), name, ..Default::default() });
    }
    (articles.collect(), watchlist)
}

/// Reports by article and position.
type Reports = BTreeSet<(String, usize)>;

/// Settles `articles` in their order: the reports of each development, and of each alerted one.
fn settle(articles: &[&Labelled], watchlist: &Watchlist) -> (BTreeSet<Reports>, BTreeSet<Reports>) {
    let mut developments: Vec<(Development, Vec<BlockingKey>)> = Vec::new();
    let mut neighbours: Vec<(Neighbour, Vec<BlockingKey>)> = Vec::new();
    let mut alerted = BTreeSet::new();
    for article in articles {
        let telling = Telling {
            id: &article.id,
            url: article.url.as_deref(),
            outlet: None,
            agency: None,
            at: article.at,
            text: &article.text,
            reports: &article.reports,
        };
        let keys: BTreeSet<BlockingKey> = identity::search_keys(&telling).into_iter().collect();
        let near = |own: &[BlockingKey]| own.iter().any(|k| keys.contains(k));
        let mut known = Known {
            developments: developments.iter().filter(|(_, k)| near(k)).map(|(d, _)| d.clone()).collect(),
            articles: neighbours.iter().filter(|(_, k)| near(k)).map(|(a, _)| a.clone()).collect(),
        };
        known.developments.sort_by(|a, b| a.id.cmp(&b.id));
        known.articles.sort_by(|a, b| a.id.cmp(&b.id));
        let mut settlement = identity::settle(&telling, &known, article.at);
        let told = Told {
            id: &article.id,
            headline: "",
            url: None,
            outlet: None,
            published: Some(article.at),
            basis: Basis::Page,
            text: &article.text,
            reports: &article.reports,
            keyword_hits: &[],
            catch_up: false,
            revised: false,
            past_of: &[],
        };
        for alert in alerting::decide(&told, &mut settlement, watchlist, article.at).alerts {
            if let AlertKind::Development { development, .. } = alert.content {
                alerted.insert(development);
            }
        }
        developments.retain(|(d, _)| settlement.merged.iter().all(|(young, _)| *young != d.id));
        for (changed, keys) in settlement.developments {
            developments.retain(|(d, _)| d.id != changed.id);
            developments.push((changed, keys));
        }
        let neighbour = Neighbour {
            id: article.id.clone(),
            copies_of: settlement.copies_of,
            url: article.url.clone(),
            text: article.text.clone(),
            keywords: Vec::new(),
        };
        neighbours.push((neighbour, identity::article_keys(&copies::sketch(&article.text))));
    }
    let reports =
        |d: &Development| -> Reports { d.reports.iter().map(|r| (r.article.as_str().to_owned(), r.index)).collect() };
    let is_alerted = |d: &Development| alerted.contains(&d.id) || d.merged.iter().any(|m| alerted.contains(m));
    (
        developments.iter().map(|(d, _)| reports(d)).collect(),
        developments.iter().filter(|(d, _)| is_alerted(d)).map(|(d, _)| reports(d)).collect(),
    )
}

/// A fixed sequence of numbers that looks like chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

/// Orders of arrival that are tried of each set.
const ORDERS: usize = 24;

#[test]
fn developments_and_alerts_do_not_depend_on_the_order_of_arrival() {
    let Some(root) = shared() else { return };
    let mut faults = Vec::new();
    let mut folders: Vec<PathBuf> =
        ["seeds", "stories", "stories-officers", "stories-bodies", "stories-everyday"].map(|n| root.join(n)).to_vec();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/quality");
    folders.extend([own.join("practice"), own]);
    for folder in &folders {
        let name = folder.file_name().unwrap().to_string_lossy();
        let (articles, watchlist) = set(folder);
        let mut order: Vec<&Labelled> = articles.iter().collect();
        let (developments, alerted) = settle(&order, &watchlist);
        let mut changed = (0, 0);
        let mut dice = Dice(7);
        for _ in 0..ORDERS {
            for i in (1..order.len()).rev() {
                order.swap(i, dice.below(i + 1));
            }
            let (d, a) = settle(&order, &watchlist);
            changed.0 += usize::from(d != developments);
            changed.1 += usize::from(a != alerted);
            for odd in d.difference(&developments).take(2) {
                let event: BTreeSet<&str> = odd
                    .iter()
                    .filter_map(|(id, n)| articles.iter().find(|a| a.id.as_str() == id).map(|a| a.events[*n].as_str()))
                    .collect();
                println!("{name}: {event:?} {odd:?}");
            }
        }
        let figures = format!(
            "{name}: {} articles in {ORDERS} orders: developments differ in {}, alerted ones in {}",
            articles.len(),
            changed.0,
            changed.1
        );
        println!("{figures}");
        if changed != (0, 0) {
            faults.push(figures);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Number of pairs of equal names.
fn pairs_of(names: &[&str]) -> usize {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        *sizes.entry(name).or_insert(0) += 1;
    }
    sizes.values().map(|n| n * (n - 1) / 2).sum()
}

/// Links of one run over `articles`: right ones, pairs there are, wrong ones.
fn links(articles: &[&Labelled], watchlist: &Watchlist) -> (usize, usize, usize) {
    let (developments, _) = settle(articles, watchlist);
    let mut events: BTreeMap<(String, usize), &str> = BTreeMap::new();
    for article in articles {
        for (n, event) in article.events.iter().enumerate() {
            events.insert((article.id.as_str().to_owned(), n), event);
        }
    }
    let (mut linked, mut wrong) = (0, 0);
    for development in &developments {
        let told: Vec<&str> = development.iter().map(|r| events[r]).collect();
        let right = pairs_of(&told);
        linked += right;
        if told.len() * (told.len() - 1) / 2 > right {
            wrong += told.len() * (told.len() - 1) / 2 - right;
            println!("wrong: {:?}", development.iter().zip(&told).collect::<Vec<_>>());
        }
    }
    (linked, pairs_of(&events.values().copied().collect::<Vec<_>>()), wrong)
}

/// [`links`] of the labelled articles in `folder` alone.
pub(crate) fn links_of(folder: &Path) -> (usize, usize, usize) {
    let (articles, watchlist) = set(folder);
    links(&articles.iter().collect::<Vec<_>>(), &watchlist)
}

/// Labelled reports in, pairs of reports of one event out: each set alone, and all matters in one store.
#[test]
fn labelled_reports_of_one_event_are_linked() {
    let Some(root) = shared() else { return };
    let names = ["seeds", "stories", "stories-officers", "stories-bodies", "stories-everyday"];
    let sets: Vec<(Vec<Labelled>, Watchlist)> = names.iter().map(|name| set(&root.join(name))).collect();
    let mut all: Vec<&Labelled> = sets.iter().flat_map(|(articles, _)| articles).collect();
    all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let mut runs: Vec<(usize, usize, usize)> = vec![links(&all, &Watchlist::default())];
    let alone = sets.iter().map(|(articles, watchlist)| links(&articles.iter().collect::<Vec<_>>(), watchlist));
    runs.push(alone.fold((0, 0, 0), |sum, run| (sum.0 + run.0, sum.1 + run.1, sum.2 + run.2)));
    for (linked, pairs, wrong) in runs {
        println!("linked {linked} of {pairs}, wrong {wrong}");
        assert!(linked * 100 >= pairs * 95, "linked {linked} of {pairs}");
        assert!(wrong * 100 <= linked, "wrong links: {wrong}, right ones: {linked}");
    }
}
