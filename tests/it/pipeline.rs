//! One article through the whole pipeline: feed → page → article → report → development → alert → digest → file.

use crate::support::{Item, page, rss};
use conductwatch::demo::server::{Answer, Asked};
use conductwatch::demo::{Simulated, simulate};
use conductwatch::domain::{Basis, EntryState, Level, Subject};
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

const HEADLINE: &str = "Westmarch sergeant charged with fraud";
const TEXT: &str = "Sergeant Ada Marrick, 41, of Westmarch Police, was charged on Monday with two counts of fraud, \
                    prosecutors said.";

fn born() -> Timestamp {
    "2026-03-10T08:00:00Z".parse().unwrap()
}

fn config(base: &str, dir: &Path, extra: &str) -> String {
    format!(
        "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[poll]\ninterval = \"30m\"\nallow_private = [\"127.0.0.0/8\"]\n\
         [digest]\nhours = [\"07:30\", \"17:00\"]\nzone = \"Europe/London\"\n[[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
         [[feed]]\nid = \"echo\"\nname = \"Westmarch Echo\"\nurl = \"{base}/feed\"\n\
         [[person]]\nid = \"ada-marrick\"\nname = \"Ada Marrick\"\n\
         [[body]]\nid = \"westmarch-police\"\nname = \"Westmarch Police\"\n{extra}",
        dir.join("store"),
        dir.join("control.sock"),
        dir.join("digests"),
    )
}

/// One outlet with one story and one walk in the country, which nobody watches.
fn site(asked: &Asked, now: Timestamp) -> Answer {
    let host = asked.header("host").unwrap_or("");
    let item = |id: &str, title: &str, at: Timestamp| Item {
        id: id.to_owned(),
        link: format!("http://{host}/news/{id}"),
        title: title.to_owned(),
        summary: String::new(),
        published: at,
    };
    let walk = born() - SignedDuration::from_hours(30);
    match asked.path.as_str() {
        "/feed" => {
            let mut items = vec![item("walk", "Ten walks for a wet weekend", walk)];
            if now >= born() {
                items.push(item("charge", HEADLINE, born()));
            }
            rss("Westmarch Echo", &items)
        }
        "/news/charge" => {
            page("Westmarch Echo", HEADLINE, born(), &[TEXT, "She is due before magistrates in Aldmoor in April."])
        }
        "/news/walk" => page(
            "Westmarch Echo",
            "Ten walks",
            walk,
            &[
                "Bring boots, a flask and a map: the paths over Aldmoor are wet at this time of year, and there is no bus back on Sundays.",
            ],
        ),
        _ => Answer::status(404),
    }
}

async fn run(dir: &Path, site: impl Fn(&Asked, Timestamp) -> Answer + Send + Sync + 'static, extra: &str) -> Simulated {
    let folder = dir.to_path_buf();
    let extra = extra.to_owned();
    let start = born() - SignedDuration::from_hours(24);
    let end = born() + SignedDuration::from_hours(36);
    simulate(dir, start, end, site, move |base| config(base, &folder, &extra), |_| {}).await.unwrap()
}

#[tokio::test]
async fn one_article_goes_all_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let done = run(dir.path(), site, "").await;
    let store = &done.app.pipeline.store;
    let alerts = store.alerts().await.unwrap();
    assert_eq!(alerts.len(), 1, "{alerts:#?}");
    let alert = &alerts[0];
    assert_eq!((alert.type_name(), alert.level), ("charge", Level::Major));
    assert_eq!(alert.tracked, ["ada-marrick", "westmarch-police"]);
    assert_eq!(alert.evidence.text, TEXT);

    let digests = store.digests().await.unwrap();
    assert_eq!(digests.len(), 1, "{digests:?}");
    let digest = store.digest(&digests[0].0).await.unwrap().unwrap();
    assert!(digest.to >= "2026-03-10T17:00:00Z".parse().unwrap(), "the next hour chosen is 17:00: {}", digest.to);
    let text = std::fs::read_to_string(dir.path().join("digests").join(format!("{}.txt", digest.id))).unwrap();
    // Lines are wrapped, and the watched are marked.
    let flat = text.replace(['*', '>'], "").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(TEXT), "{text}");
    assert!(
        store
            .outbox()
            .await
            .unwrap()
            .iter()
            .all(|d| matches!(d.state, conductwatch::domain::DeliveryState::Sent { .. }))
    );

    // Every yes and no is there to be asked for.
    let stages: Vec<String> = trail(&done, alert.id.as_str()).await;
    for stage in ["select", "clean", "extract", "settle", "alert", "digest", "deliver"] {
        assert!(stages.iter().any(|s| s == stage), "no decision of {stage}: {stages:?}");
    }
    let passed = store.passed_over(None, 10).await.unwrap();
    assert_eq!(passed.len(), 1);
    assert!(matches!(&passed[0].state, EntryState::PassedOver { reason } if !reason.is_empty()));
    let link = passed[0].entry.parsed.link.clone().unwrap();
    assert!(matches!(store.find(link.as_str()).await.unwrap()[..], [Subject::Entry(_)]));
}

async fn trail(done: &Simulated, what: &str) -> Vec<String> {
    let question = conductwatch::pipeline::Question::Why { what: what.to_owned() };
    let answer = done.app.pipeline.answer(&question).await.unwrap();
    answer["trail"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|step| step["decisions"].as_array().unwrap().clone())
        .map(|d| d["stage"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_page_that_cannot_be_had_is_read_from_its_headline_and_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let late = born() + SignedDuration::from_hours(2);
    let shy = move |asked: &Asked, now: Timestamp| match asked.path.as_str() {
        "/news/charge" if now < late => Answer::status(403),
        _ => site(asked, now),
    };
    let done = run(dir.path(), shy, "").await;
    let link = format!("{}/news/charge", base(&done).await);
    let store = &done.app.pipeline.store;
    let subject = store.find(&link).await.unwrap().into_iter().find(|s| matches!(s, Subject::Entry(_))).unwrap();
    let decisions = store.decisions(&subject).await.unwrap();
    let failures = decisions.iter().filter(|d| d.rule == "page_not_had").count();
    assert!(failures >= 2, "tried again with back-off: {decisions:#?}");
    assert!(decisions.iter().any(|d| d.rule == "article"), "had in the end: {decisions:#?}");
    let alerts = store.alerts().await.unwrap();
    assert_eq!(alerts.iter().filter(|a| a.type_name() == "charge").count(), 1, "{alerts:#?}");
}

#[tokio::test]
async fn an_aggregators_own_page_is_never_the_article() {
    let dir = tempfile::tempdir().unwrap();
    let alerts_feed = move |asked: &Asked, now: Timestamp| {
        let host = asked.header("host").unwrap_or("");
        let told = format!("https://www.google.com/url?rct=j&url=http://{host}/news/charge&ct=ga");
        let opaque = "https://news.google.com/rss/articles/CBMiWkFVX3lxTE5vdEFuQWRkcmVzcw?oc=5".to_owned();
        let item = |id: &str, link: String| Item {
            id: id.to_owned(),
            link,
            title: HEADLINE.to_owned(),
            summary: String::new(),
            published: born(),
        };
        match asked.path.as_str() {
            "/feed" if now >= born() => rss("Alerts", &[item("told", told), item("opaque", opaque)]),
            "/feed" => rss("Alerts", &[]),
            _ => site(asked, now),
        }
    };
    let done = run(dir.path(), alerts_feed, "").await;
    let store = &done.app.pipeline.store;
    let articles = store.articles_behind(None, 10).await.unwrap();
    let mut read: Vec<(String, Basis)> = articles
        .iter()
        .map(|a| (a.article.url.as_ref().map(|u| u.path().to_owned()).unwrap_or_default(), a.article.basis))
        .collect();
    read.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(read[0], ("/news/charge".to_owned(), Basis::Page), "{read:?}");
    assert!(read[1].0.starts_with("/rss/articles/") && read[1].1 == Basis::HeadlineOnly, "{read:?}");
    let opaque = articles.iter().find(|a| a.article.basis == Basis::HeadlineOnly).unwrap();
    let subject = store.find(opaque.article.url.as_ref().unwrap().as_str()).await.unwrap();
    let entry = subject.into_iter().find(|s| matches!(s, Subject::Entry(_))).unwrap();
    let decisions = store.decisions(&entry).await.unwrap();
    let tried = decisions.iter().filter(|d| d.rule == "page_not_had").collect::<Vec<_>>();
    assert!(matches!(tried[..], [only] if only.evidence.contains("aggregator")), "{decisions:#?}");
}

/// The site's base address, from the stored entries.
async fn base(done: &Simulated) -> String {
    let entry = done.app.pipeline.store.passed_over(None, 1).await.unwrap().remove(0);
    let link = entry.entry.parsed.link.unwrap();
    format!("http://{}:{}", link.host_str().unwrap(), link.port().unwrap())
}

#[tokio::test]
async fn one_bad_feed_and_one_dead_channel_stop_nobody() {
    let dir = tempfile::tempdir().unwrap();
    // A channel whose folder is a file.
    std::fs::write(dir.path().join("in-the-way"), "").unwrap();
    let folder = dir.path().join("in-the-way/digests");
    let extra = format!(
        "[[channel]]\nid = \"broken\"\nkind = \"file\"\npath = {folder:?}\n\
         [[feed]]\nid = \"html\"\nname = \"A page\"\nurl = \"http://127.0.0.1:1/feed\"\n"
    );
    let done = run(dir.path(), site, &extra).await;
    let store = &done.app.pipeline.store;
    assert_eq!(store.alerts().await.unwrap().len(), 1);
    let feeds = store.feed_states().await.unwrap();
    let bad = feeds.iter().find(|f| f.id.as_str() == "html").unwrap();
    assert!(bad.failures > 3 && bad.last_failure.is_some(), "{bad:?}");
    let outbox = store.outbox().await.unwrap();
    let broken = outbox.iter().find(|d| d.channel.as_str() == "broken").unwrap();
    assert!(
        broken.attempts > 1 && broken.last_failure.as_deref().is_some_and(|m| m.contains("in-the-way")),
        "{broken:?}"
    );
    assert!(dir.path().join("digests").read_dir().unwrap().count() > 0, "the good channel got its digest");
    let status = done.app.pipeline.answer(&conductwatch::pipeline::Question::Status).await.unwrap();
    assert_eq!(status["well"], false);
}

#[tokio::test]
async fn a_second_run_over_the_same_days_is_byte_for_byte_the_same() {
    let mut texts = Vec::new();
    for _ in 0..2 {
        let dir = tempfile::tempdir().unwrap();
        let done = run(dir.path(), site, "").await;
        let base = base(&done).await;
        let id = done.app.pipeline.store.digests().await.unwrap().remove(0).0;
        let html = std::fs::read_to_string(dir.path().join("digests").join(format!("{id}.html"))).unwrap();
        // Only the port of the loopback site differs between two runs, and with it the ids that derive from addresses.
        let alert = done.app.pipeline.store.alerts().await.unwrap().remove(0).id;
        texts.push((id, html.replace(&base, "BASE").replace(alert.as_str(), "ALERT")));
    }
    assert_eq!(texts[0], texts[1]);
}
