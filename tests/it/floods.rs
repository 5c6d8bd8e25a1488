//! Too much at once: the flood breaker, and feeds that bring their archive again.

use crate::support::{Item, escape, page, rss};
use conductwatch::demo::server::{Answer, Asked};
use conductwatch::demo::{Simulated, simulate};
use conductwatch::domain::{Digest, EntryState, Subject};
use conductwatch::pipeline::Question;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

const NAMES: [&str; 12] = [
    "Ada Marrick",
    "Bryn Osgood",
    "Cleo Tarrow",
    "Dara Whinn",
    "Evan Yarde",
    "Fay Zennor",
    "Gil Brack",
    "Hope Dunmore",
    "Ivo Cantley",
    "Joan Ferrel",
    "Kit Landon",
    "Lena Moxby",
];
const REST: &str = "The force said that it had taken note of the matter and would not comment while it went on. It runs the \
                    stations at Aldmoor and Fennel Bridge, and has eleven hundred officers on its books.";

fn start() -> Timestamp {
    "2026-03-09T18:00:00Z".parse().unwrap()
}

fn hours(n: i64) -> Timestamp {
    start() + SignedDuration::from_hours(n)
}

fn headline(n: usize) -> String {
    format!("Sergeant {} charged with fraud", NAMES[n])
}

/// The page of story `n`: what it says of "yesterday" counts from the date it bears.
fn story(n: usize, at: Timestamp) -> Answer {
    let text = format!("Sergeant {} of Westmarch Police was charged yesterday with fraud, prosecutors said.", NAMES[n]);
    page("Westmarch Echo", &headline(n), at, &[&text, REST])
}

fn item(asked: &Asked, id: String, n: usize, path: &str, published: Timestamp) -> Item {
    let link = format!("http://{}{path}", asked.header("host").unwrap_or(""));
    Item { id, link, title: headline(n), summary: format!("What is known of {}.", NAMES[n]), published }
}

async fn run(
    dir: &Path,
    until: Timestamp,
    site: impl Fn(&Asked, Timestamp) -> Answer + Send + Sync + 'static,
    extra: &str,
) -> Simulated {
    let (folder, extra) = (dir.to_path_buf(), extra.to_owned());
    let configure = move |base: &str| {
        let people: String = NAMES.iter().map(|n| format!("[[person]]\nname = \"{n}\"\n")).collect();
        format!(
            "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[poll]\nallow_private = [\"127.0.0.0/8\"]\nhost_pause = \"0s\"\n{extra}\n\
             [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
             [[feed]]\nid = \"echo\"\nname = \"Westmarch Echo\"\nurl = \"{base}/feed\"\n{people}",
            folder.join("store"),
            folder.join("control.sock"),
            folder.join("digests"),
        )
    };
    simulate(dir, start(), until, site, configure, |_| {}).await.unwrap()
}

async fn digests(done: &Simulated) -> Vec<Digest> {
    let store = &done.app.pipeline.store;
    let mut out = Vec::new();
    for (id, _) in store.digests().await.unwrap().into_iter().rev() {
        out.push(store.digest(&id).await.unwrap().unwrap());
    }
    out
}

/// Nine stories at once after two hours, one more after six.
fn nine_and_one(asked: &Asked, now: Timestamp) -> Answer {
    let born = |n: usize| if n < 9 { hours(2) } else { hours(6) };
    let there: Vec<usize> = (0..10).filter(|n| born(*n) <= now).collect();
    match asked.path.strip_prefix("/news/").and_then(|n| n.parse().ok()) {
        _ if asked.path == "/feed" => {
            let items: Vec<Item> =
                there.iter().map(|n| item(asked, n.to_string(), *n, &format!("/news/{n}"), born(*n))).collect();
            rss("Westmarch Echo", &items)
        }
        Some(n) => story(n, born(n)),
        None => Answer::status(404),
    }
}

#[tokio::test]
async fn a_flood_becomes_one_summary_and_nothing_is_lost() {
    // (when digests are made, alerts told by each digest and held back by it)
    for (extra, expected) in [
        ("[alerts]\nflood = 4\n[digest]\nhours = [\"23:00\"]\n", vec![(4, 5), (1, 0)]),
        ("[alerts]\nflood = 4\n[digest]\nhours = \"immediate\"\n", vec![(4, 0), (0, 5), (1, 0)]),
        ("[alerts]\nflood = 0\n[digest]\nhours = [\"23:00\"]\n", vec![(9, 0), (1, 0)]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let done = run(dir.path(), hours(30), nine_and_one, extra).await;
        let made = digests(&done).await;
        let counts = |d: &Digest| (d.items().count(), d.flood.as_ref().map_or(0, |f| f.alerts.len()));
        // Immediate digests may tell the four one by one: together they tell as many.
        let mut told: Vec<(usize, usize)> = Vec::new();
        for (items, held) in made.iter().map(counts) {
            match told.last_mut() {
                Some(last) if held == 0 && last.1 == 0 && last.0 < 4 && extra.contains("immediate") => last.0 += items,
                _ => told.push((items, held)),
            }
        }
        assert_eq!(told, expected, "{extra}: {made:#?}");
        let store = &done.app.pipeline.store;
        let (alerts, counts) = (store.alerts().await.unwrap(), store.counts().await.unwrap());
        assert_eq!((alerts.len(), counts.alerts_waiting, counts.alerts_held), (10, 0, 0), "{extra}");
        let held = done.app.pipeline.answer(&Question::Alerts { held: true }).await.unwrap();
        let behind: usize = expected.iter().map(|(_, held)| held).sum();
        assert_eq!(held["alerts"].as_array().unwrap().len(), behind, "{extra}");
        if let Some(digest) = made.iter().find(|d| d.flood.is_some()) {
            let text = std::fs::read_to_string(dir.path().join(format!("digests/{}.txt", digest.id))).unwrap();
            for part in ["5 further alerts", "Westmarch Echo 5", "Charge 5", "alerts --held"] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(digest.subject.contains("5 more held back"), "{}", digest.subject);
        }
    }
}

#[tokio::test]
async fn a_feed_that_brings_its_archive_again_gets_one_warning_and_no_alert() {
    // How each story comes again after 40 hours: its id, its address, the date it bears.
    type Again = (&'static str, fn(usize) -> (String, String, Timestamp));
    let cases: [Again; 5] = [
        ("other ids", |n| (format!("new-{n}"), format!("/news/{n}"), hours(40))),
        ("other addresses too", |n| (format!("new-{n}"), format!("/archive/2026/{n}"), hours(40))),
        ("dates alone", |n| (n.to_string(), format!("/news/{n}"), hours(40))),
        ("an archive never seen", |n| (format!("old-{n}"), format!("/news/{}", n + 6), hours(-24 * 90))),
        ("the archive, by its old dates", |n| (format!("old-{n}"), format!("/news/{n}"), hours(-24 * 90))),
    ];
    for (name, again) in cases {
        let dir = tempfile::tempdir().unwrap();
        let site = move |asked: &Asked, now: Timestamp| {
            let late = now >= hours(40);
            if asked.path == "/feed" {
                let first = |n: usize| item(asked, n.to_string(), n, &format!("/news/{n}"), hours(2));
                let other = |n: usize| {
                    let (id, path, at) = again(n);
                    let which = if name == "an archive never seen" { n + 6 } else { n };
                    item(asked, id, which, &path, at)
                };
                let items: Vec<Item> = match (now >= hours(2), late) {
                    (false, _) => Vec::new(),
                    (_, false) => (0..6).map(first).collect(),
                    (_, true) if name == "an archive never seen" => {
                        (0..6).map(first).chain((0..6).map(other)).collect()
                    }
                    (_, true) => (0..6).map(other).collect(),
                };
                return rss("Westmarch Echo", &items);
            }
            let n: Option<usize> = asked.path.rsplit('/').next().and_then(|n| n.parse().ok());
            n.map_or_else(|| Answer::status(404), |n| story(n, if late { hours(40) } else { hours(2) }))
        };
        let done = run(dir.path(), hours(72), site, "").await;
        let store = &done.app.pipeline.store;
        let alerts = store.alerts().await.unwrap();
        assert_eq!(alerts.len(), 6, "{name}: {:#?}", alerts.iter().map(|a| &a.headline).collect::<Vec<_>>());
        let state = store.feed_states().await.unwrap().remove(0);
        // An RSS date that changes alone says nothing: the entry is known.
        let expected = name != "dates alone";
        assert_eq!(state.storm.is_some(), expected, "{name}: {state:?}");
        assert!(state.storm.as_ref().is_none_or(|s| s.entries == 6), "{name}: {state:?}");
        // The archive under other ids looks as if entries were missed: it is told once, as a storm.
        assert_eq!((state.gaps, state.last_gap), (0, None), "{name}: {state:?}");
        let warned = store.decisions(&Subject::Feed(state.id.clone())).await.unwrap();
        assert_eq!(warned.iter().filter(|d| d.rule == "storm").count(), usize::from(expected), "{name}");
        let passed = store.passed_over(None, 20).await.unwrap();
        let kept = passed.iter().filter(|r| {
            matches!(&r.state, EntryState::PassedOver { reason } if reason == "republished" || reason == "old_when_it_came")
        });
        assert_eq!(kept.count(), if expected { 6 } else { 0 }, "{name}");
        let status = done.app.pipeline.answer(&Question::Status).await.unwrap();
        assert_eq!(status["feeds"]["storms"].as_array().unwrap().len(), usize::from(expected), "{name}");
        assert_eq!(status["well"], true, "{name}: a warning, no fault");
    }
}

#[tokio::test]
async fn update_times_that_all_move_are_not_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let asked_for = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&asked_for);
    let site = move |asked: &Asked, now: Timestamp| {
        if asked.path == "/feed" {
            let host = asked.header("host").unwrap_or("");
            // Every poll stamps every entry with the hour.
            let stamp = start() + SignedDuration::from_hours(now.duration_since(start()).as_hours());
            let entry = |n: usize| {
                format!(
                    "<entry><id>urn:{n}</id><title>{}</title><link href=\"http://{host}/news/{n}\"/><published>{}</published>\
                     <updated>{stamp}</updated></entry>",
                    escape(&headline(n)),
                    hours(2)
                )
            };
            let entries: String = if now >= hours(2) { (0..12).map(entry).collect() } else { String::new() };
            let feed = format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Echo</title>{entries}</feed>");
            return Answer::ok("application/atom+xml", feed);
        }
        match asked.path.strip_prefix("/news/").and_then(|n| n.parse().ok()) {
            Some(n) => {
                count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                story(n, hours(2))
            }
            None => Answer::status(404),
        }
    };
    let done = run(dir.path(), hours(60), site, "").await;
    let store = &done.app.pipeline.store;
    assert_eq!(store.alerts().await.unwrap().len(), 12);
    let storm = store.feed_states().await.unwrap().remove(0).storm.unwrap();
    let subject = Subject::Feed(store.feed_states().await.unwrap().remove(0).id);
    let warned = store.decisions(&subject).await.unwrap();
    assert_eq!(warned.iter().filter(|d| d.rule == "storm").count(), 1, "one warning for all of it");
    assert!(storm.entries > 100 && storm.last > storm.at, "{storm:?}");
    // Each was read once, and looked at again after 1, 6 and 24 hours, as an article behind an alert is.
    let reads = asked_for.load(std::sync::atomic::Ordering::Relaxed);
    assert!(reads <= 12 * 4, "{reads} requests for 12 pages");
    let told = digests(&done).await.into_iter().filter(|d| !d.sources.notes.is_empty()).count();
    assert_eq!(told, 1, "at the foot of one digest");
}
