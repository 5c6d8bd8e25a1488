//! The five real articles of the shared seeds, served as pages of several outlets and polled by the daemon's own loops.

use crate::support::{Item, page, rss, shared_data};
use conductwatch::demo::server::Answer;
use conductwatch::demo::simulate;
use conductwatch::domain::Alert;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

struct Article {
    stem: String,
    outlet: usize,
    title: String,
    at: Timestamp,
    paragraphs: Vec<String>,
}

const OUTLETS: [&str; 3] = ["North Herald", "Capital Wire", "The Broadcaster"];

fn articles(folder: &std::path::Path) -> Vec<Article> {
    let story: Value = serde_json::from_slice(&std::fs::read(folder.join("story.json")).unwrap()).unwrap();
    let order = story["order"].as_array().unwrap();
    let one = |(n, row): (usize, &Value)| {
        let stem = row["article"].as_str().unwrap().to_owned();
        let gold: Value =
            serde_json::from_slice(&std::fs::read(folder.join(format!("{stem}.gold.json"))).unwrap()).unwrap();
        let at = row["at"].as_str().unwrap();
        let day = if at.len() == 7 { format!("{at}-20") } else { at.to_owned() };
        let at = day.parse().unwrap_or_else(|_| format!("{}T09:00:00Z", &day[..10]).parse().unwrap());
        // The raw text, furniture and all, as paragraphs: the page adds its own furniture around it.
        let text = std::fs::read_to_string(folder.join(format!("{stem}.txt"))).unwrap();
        let paragraphs = text.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        Article {
            stem,
            outlet: n % OUTLETS.len(),
            title: gold["headline"].as_str().unwrap().to_owned(),
            at,
            paragraphs,
        }
    };
    order.iter().enumerate().map(one).collect()
}

fn watchlist(story: &Value) -> String {
    let names = [
        ("iopc", "Independent Office for Police Conduct"),
        ("hmicfrs", "His Majesty's Inspectorate of Constabulary and Fire & Rescue Services"),
    ];
    let bodies = ["iopc", "hmicfrs", "metropolitan-police", "alliance-for-police-accountability"];
    let mut out = String::new();
    for (id, name) in story["tracked"].as_object().unwrap() {
        let name = name.as_str().unwrap();
        let kind = if bodies.contains(&id.as_str()) { "body" } else { "person" };
        let full = names.iter().find(|(i, _)| i == id).map_or(name, |(_, full)| full);
        let aliases = if full == name { String::new() } else { format!("aliases = [{name:?}]\n") };
        out += &format!("[[{kind}]]\nid = {id:?}\nname = {full:?}\n{aliases}\n");
    }
    out
}

#[tokio::test]
async fn the_seed_articles_raise_the_alerts_they_should_and_no_old_news() {
    let Some(data) = shared_data("seeds") else { return };
    let folder = data.join("seeds");
    let articles = articles(&folder);
    let story: Value = serde_json::from_slice(&std::fs::read(folder.join("story.json")).unwrap()).unwrap();
    let start = articles[0].at - SignedDuration::from_hours(24);
    let end = articles[4].at + SignedDuration::from_hours(72);
    let dir = tempfile::tempdir().unwrap();
    let (store, digests) = (dir.path().join("store"), dir.path().join("digests"));
    let watched = watchlist(&story);
    let stems: Vec<(String, String)> = articles.iter().map(|a| (a.stem.clone(), a.title.clone())).collect();
    let site = move |asked: &conductwatch::demo::server::Asked, now: Timestamp| {
        if let Some(n) = asked.path.strip_prefix("/feed/").and_then(|n| n.parse::<usize>().ok()) {
            let items: Vec<Item> = articles
                .iter()
                .filter(|a| a.outlet == n && a.at <= now)
                .map(|a| Item {
                    id: a.stem.clone(),
                    link: format!("http://{}/news/{}", asked.header("host").unwrap_or(""), a.stem),
                    title: a.title.clone(),
                    summary: a.title.clone(),
                    published: a.at,
                })
                .collect();
            return rss(OUTLETS[n], &items);
        }
        let found = articles.iter().find(|a| asked.path == format!("/news/{}", a.stem));
        found.map_or(Answer::status(404), |a| {
            let paragraphs: Vec<&str> = a.paragraphs.iter().map(String::as_str).collect();
            page(OUTLETS[a.outlet], &a.title, a.at, &paragraphs)
        })
    };
    let configure = move |base: &str| {
        let feeds: String = OUTLETS
            .iter()
            .enumerate()
            .map(|(n, name)| format!("[[feed]]\nid = \"o{n}\"\nname = {name:?}\nurl = \"{base}/feed/{n}\"\n\n"))
            .collect();
        format!(
            "[store]\npath = {store:?}\n[poll]\ninterval = \"24h\"\nallow_private = [\"127.0.0.0/8\"]\n\
             [digest]\nhours = [\"07:30\"]\nzone = \"Europe/London\"\n\
             [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {digests:?}\n\n{feeds}{watched}"
        )
    };
    let done = simulate(dir.path(), start, end, site, configure, |_| {}).await.unwrap();
    let alerts = done.app.pipeline.store.alerts().await.unwrap();
    let got: Vec<String> = alerts.iter().map(|a| format!("{} {:?} {}", a.type_name(), a.tracked, a.headline)).collect();
    let raised = |kind: &str, who: &str, month: &str| {
        alerts.iter().any(|a: &Alert| {
            a.type_name() == kind
                && a.tracked.iter().any(|t| t == who)
                && a.published.is_some_and(|p| p.to_string().starts_with(month))
        })
    };
    for (kind, who, month) in [
        ("report_published", "iopc", "2022-02"),
        ("resignation", "cressida-dick", "2022-02"),
        ("special_measures", "metropolitan-police", "2022-06"),
        ("launch", "alliance-for-police-accountability", ""),
    ] {
        assert!(raised(kind, who, month), "no {kind} alert for {who}; articles {stems:?}; raised:\n{}", got.join("\n"));
    }
    let old_news = |who: &str| alerts.iter().any(|a| a.type_name() == "sentence" && a.tracked.iter().any(|t| t == who));
    assert!(
        !old_news("deniz-jaffer") && !old_news("jamie-lewis"),
        "the sentences of December 2021 are old news:\n{}",
        got.join("\n")
    );
    let files = std::fs::read_dir(dir.path().join("digests")).unwrap().count();
    assert!(files > 0, "no digest was delivered");
}
