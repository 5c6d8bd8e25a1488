//! What polling proves of having seen everything, through the daemon.

use crate::support::{Item, rss};
use conductwatch::demo::server::{Answer, Asked};
use conductwatch::demo::{Simulated, simulate};
use conductwatch::domain::{FeedId, FeedState, Subject};
use conductwatch::pipeline::Question;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

fn start() -> Timestamp {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

fn config(base: &str, dir: &Path) -> String {
    let feeds: String = ["steady", "rushing", "silent", "moved"]
        .map(|id| format!("[[feed]]\nid = \"{id}\"\nurl = \"{base}/{id}\"\n"))
        .concat();
    format!(
        "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[poll]\ninterval = \"60m\"\nmin_interval = \"30m\"\nallow_private = [\"127.0.0.0/8\"]\n\
         [digest]\nhours = [\"07:30\", \"12:00\"]\n[[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n[[person]]\nname = \"Ada Marrick\"\n{feeds}",
        dir.join("store"),
        dir.join("control.sock"),
        dir.join("digests"),
    )
}

/// A feed with an item every `minutes` until `end`, of which it holds the newest five.
fn every(minutes: i64, end: Timestamp, now: Timestamp) -> Answer {
    every_and(minutes, end, now, Vec::new())
}

/// As [`every`], with `more` items.
fn every_and(minutes: i64, end: Timestamp, now: Timestamp, more: Vec<Item>) -> Answer {
    let until = now.min(end).as_second();
    let step = minutes * 60;
    let items: Vec<Item> = (0..5)
        .map(|n| (until / step - n) * step)
        .map(|at| Item {
            id: at.to_string(),
            link: format!("http://news.example/{at}"),
            title: format!("Flower show number {at}"),
            summary: String::new(),
            published: Timestamp::from_second(at).unwrap(),
        })
        .chain(more)
        .collect();
    rss("Echo", &items)
}

fn site(asked: &Asked, now: Timestamp) -> Answer {
    let for_ever = Timestamp::MAX;
    match asked.path.as_str() {
        "/steady" if now >= start() + SignedDuration::from_hours(97) => {
            // Something to send a digest for: the headline is all there is.
            let told = Item {
                id: "charged".to_owned(),
                link: "https://news.google.com/rss/articles/CBMiQQ".to_owned(),
                title: "Westmarch sergeant Ada Marrick charged with fraud".to_owned(),
                summary: String::new(),
                published: start() + SignedDuration::from_hours(97),
            };
            every_and(120, for_ever, now, vec![told])
        }
        "/steady" => every(120, for_ever, now),
        "/rushing" => every(3, for_ever, now),
        "/silent" => every(120, start() + SignedDuration::from_hours(24), now),
        "/moved" => Answer::status(301).with("location", "/moved-here"),
        "/moved-here" => every(120, for_ever, now),
        _ => Answer::status(404),
    }
}

async fn run(dir: &Path) -> Simulated {
    let folder = dir.to_path_buf();
    let end = start() + SignedDuration::from_hours(101);
    simulate(dir, start(), end, site, move |base| config(base, &folder), |_| {}).await.unwrap()
}

#[tokio::test]
async fn gaps_silence_and_moves_are_noticed_each_for_its_feed_alone() {
    let dir = tempfile::tempdir().unwrap();
    let done = run(dir.path()).await;
    let store = &done.app.pipeline.store;
    let states = store.feed_states().await.unwrap();
    let state = |id: &str| -> FeedState { states.iter().find(|s| s.id.as_str() == id).unwrap().clone() };
    let rules = async |id: &str| -> Vec<String> {
        let subject = Subject::Feed(FeedId::parse(id).unwrap());
        store.decisions(&subject).await.unwrap().into_iter().map(|d| d.rule).collect()
    };
    assert!(state("rushing").gaps > 0 && state("rushing").tightened > 0, "{:?}", state("rushing"));
    assert!(rules("rushing").await.contains(&"may_have_missed".to_owned()));
    assert_eq!(state("steady").gaps, 0, "{:?}", state("steady"));
    assert!(rules("steady").await.iter().all(|r| r != "silent" && r != "may_have_missed"));
    assert_eq!(rules("silent").await.iter().filter(|r| *r == "silent").count(), 1, "silence is told once");
    assert!(state("silent").silent_since.is_some());
    // Each thing is told at the foot of the digest that covers it, and counted in the status.
    let mut feet = Vec::new();
    for (id, _) in store.digests().await.unwrap() {
        let digest = store.digest(&id).await.unwrap().unwrap();
        feet.extend(digest.sources.notes.into_iter().map(|note| note.message));
    }
    let told = |words: &str| feet.iter().filter(|message| message.contains(words)).count();
    assert!(told("may have missed items") >= 1, "{feet:?}");
    assert_eq!(told("far longer than usual"), 1, "{feet:?}");
    let status = done.app.pipeline.answer(&Question::Status).await.unwrap();
    let feeds = &status["feeds"];
    assert_eq!(feeds["gaps"], state("rushing").gaps, "{feeds}");
    assert_eq!(feeds["silent"][0]["feed"], "silent", "{feeds}");
    let asked = state("moved");
    assert_eq!(asked.moved_to.as_ref().map(|u| u.path().to_owned()).as_deref(), Some("/moved-here"));
    assert!(asked.moves_seen >= 3 && asked.failures == 0, "{asked:?}");
}
