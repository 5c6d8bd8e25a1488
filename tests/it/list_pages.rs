//! List pages through the daemon: polled like feeds, their rows read like entries.

use crate::support::page;
use conductwatch::demo::server::{Answer, Asked};
use conductwatch::demo::{Simulated, simulate};
use conductwatch::domain::{Basis, EntryState};
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

fn start() -> Timestamp {
    "2026-03-09T08:00:00Z".parse().unwrap()
}

fn config(base: &str, dir: &Path) -> String {
    format!(
        "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[poll]\ninterval = \"30m\"\nallow_private = [\"127.0.0.0/8\"]\n\
         [digest]\nhours = [\"07:30\"]\nzone = \"Europe/London\"\n[[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
         [[feed]]\nid = \"hearings\"\nname = \"Westmarch Police\"\nkind = \"page\"\nselect = \"all\"\nurl = \"{base}/hearings\"\n\
         [[feed]]\nid = \"news\"\nname = \"The watchdog\"\nkind = \"page\"\nselect = \"all\"\nurl = \"{base}/news\"\n\
         [[feed]]\nid = \"closed\"\nkind = \"page\"\nurl = \"{base}/closed\"\n\
         [[feed]]\nid = \"redesigned\"\nkind = \"page\"\nentry = \"li.news\"\nurl = \"{base}/redesigned\"\n\
         [[person]]\nid = \"ada-marrick\"\nname = \"Ada Marrick\"\n[[person]]\nid = \"bo-sallow\"\nname = \"Bo Sallow\"\n",
        dir.join("store"),
        dir.join("control.sock"),
        dir.join("digests"),
    )
}

fn html(body: &str) -> Answer {
    Answer::ok("text/html; charset=utf-8", format!("<!doctype html><html><body><main>{body}</main></body></html>"))
}

const FIRST: &str = "<h2>Constable Dee Orrin</h2><p>A misconduct hearing for Constable Dee Orrin of Westmarch Police will begin on 2 April \
    2026. It is alleged that the officer falsified a record of a search.</p>";
const SECOND: &str = "<h2>Sergeant Ada Marrick</h2><p>Sergeant Ada Marrick of Westmarch Police will face a gross misconduct hearing on 14 \
    April 2026. It is alleged that she made a false claim for overtime.</p>";

fn site(asked: &Asked, now: Timestamp) -> Answer {
    let later = now >= start() + SignedDuration::from_hours(6);
    let host = asked.header("host").unwrap_or("");
    match asked.path.as_str() {
        "/robots.txt" => Answer::ok("text/plain", "User-agent: *\nDisallow: /closed\n".to_owned()),
        "/hearings" => html(&if later { format!("{SECOND}{FIRST}") } else { FIRST.to_owned() }),
        "/news" => html(&format!(
            "<ul><li><a href='/news/one'>Watchdog to look at search policy</a> <time>8 March 2026</time>\
             <li><a href='http://{host}/news/two'>Chief inspector charged with fraud</a> <time>9 March 2026</time>\
             <li><a href='/files/notice.pdf'>Inspector Bo Sallow dismissed for lying</a> <time>9 March 2026</time></ul>"
        )),
        "/news/one" | "/news/two" => page(
            "The watchdog",
            "Policy on searches",
            start(),
            &[
                "A review of the search policy has begun, the watchdog said, and it will report in the summer of next year.",
            ],
        ),
        "/files/notice.pdf" => Answer::ok("application/pdf", "%PDF-1.4 notice".to_owned()),
        "/redesigned" => html(
            "<ul><li class=card><a href=/a>A story of four words</a><li class=card><a href=/b>Another of four words</a></ul>",
        ),
        _ => Answer::status(404),
    }
}

async fn run(dir: &Path) -> Simulated {
    let folder = dir.to_path_buf();
    let end = start() + SignedDuration::from_hours(30);
    simulate(dir, start(), end, site, move |base| config(base, &folder), |_| {}).await.unwrap()
}

#[tokio::test]
async fn whole_notices_and_linked_rows_become_articles_and_alerts() {
    let dir = tempfile::tempdir().unwrap();
    let done = run(dir.path()).await;
    let store = &done.app.pipeline.store;
    let alerts = store.alerts().await.unwrap();
    let subjects: Vec<&str> = alerts.iter().flat_map(|a| &a.tracked).map(String::as_str).collect();
    assert!(subjects.contains(&"ada-marrick"), "the notice that was added raised no alert: {alerts:#?}");
    assert!(subjects.contains(&"bo-sallow"), "the title of the PDF raised no alert: {alerts:#?}");
    let states = store.feed_states().await.unwrap();
    let state = |id: &str| states.iter().find(|s| s.id.as_str() == id).unwrap();
    assert_eq!(state("hearings").entries_seen, 2, "the notice that stayed is no new entry");
    assert_eq!(state("news").entries_seen, 3);
    let ada = alerts.iter().find(|a| a.tracked.iter().any(|e| e == "ada-marrick")).unwrap();
    let article = store.article(&ada.article).await.unwrap().unwrap();
    assert_eq!(article.article.basis, Basis::Entry);
    assert!(article.article.url.as_ref().is_some_and(|u| u.path() == "/hearings"), "{:?}", article.article.url);
    let kind = |id: &str| state(id).last_failure.as_ref().map(|f| f.kind.clone()).unwrap_or_default();
    assert_eq!(kind("closed"), "refused_address");
    assert!(state("closed").last_failure.as_ref().unwrap().message.contains("robots.txt"));
    assert!(state("redesigned").last_failure.as_ref().unwrap().message.contains("matches nothing in the page"));
    let passed = store.passed_over(None, 10).await.unwrap();
    assert!(passed.iter().all(|r| matches!(r.state, EntryState::PassedOver { .. })));
}
