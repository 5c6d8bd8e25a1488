//! Articles behind alerts are looked at again, and whoever was told what is taken back or changed is told that too.

use crate::support::{Item, page, rss};
use conductwatch::demo::server::{Answer, Asked, serve};
use conductwatch::demo::{Simulated, simulate};
use conductwatch::domain::{Alert, AlertKind, Article, ChangeKind, Delivery, DeliveryState, Digest, Level, Subject};
use conductwatch::pipeline::Question;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use std::sync::{Arc, Mutex};

const HEADLINE: &str = "Westmarch sergeant charged with fraud";
const CHARGED: &str =
    "Sergeant Ada Marrick, 41, of Westmarch Police, was charged on Monday with fraud, prosecutors said.";
const NOT_CHARGED: &str =
    "Sergeant Ada Marrick, 41, of Westmarch Police, was not charged on Monday with fraud, prosecutors said.";
const REST: &str = "The force said that it had taken note of the matter and would not comment while it went on. It runs the \
                    stations at Aldmoor and Fennel Bridge, and has eleven hundred officers on its books.";
const NOTE: &str = "This article was amended on 10 March 2026. An earlier version said that Sergeant Ada Marrick had been \
                    charged; she has not been.";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// When the one article is published: a Tuesday.
fn born() -> Timestamp {
    at("2026-03-10T08:00:00Z")
}

fn hours(n: i64) -> Timestamp {
    born() + SignedDuration::from_hours(n)
}

fn charge_page() -> Answer {
    page("Westmarch Echo", HEADLINE, born(), &[CHARGED, REST])
}

fn item(asked: &Asked, id: &str, title: &str, published: Timestamp) -> Item {
    let host = asked.header("host").unwrap_or("");
    let link = format!("http://{host}/news/{id}");
    Item { id: id.to_owned(), link, title: title.to_owned(), summary: String::new(), published }
}

fn feed(asked: &Asked, now: Timestamp) -> Answer {
    let items = if now >= born() { vec![item(asked, "charge", HEADLINE, born())] } else { Vec::new() };
    rss("Westmarch Echo", &items)
}

/// An outlet that stays at its address over restarts of the service.
struct Outlet {
    base: String,
    now: Arc<Mutex<Timestamp>>,
}

/// Serves `site` for as long as the test runs.
async fn outlet(site: impl Fn(&Asked, Timestamp) -> Answer + Send + Sync + 'static) -> Outlet {
    let now = Arc::new(Mutex::new(hours(-24)));
    let time = Arc::clone(&now);
    let (address, serving) = serve(move |asked| site(asked, *time.lock().unwrap())).await.unwrap();
    tokio::spawn(serving);
    Outlet { base: format!("http://{address}"), now }
}

/// Runs the service over the store in `dir` between two times, against one outlet of its own.
async fn run(
    dir: &Path,
    span: (Timestamp, Timestamp),
    site: impl Fn(&Asked, Timestamp) -> Answer + Send + Sync + 'static,
    extra: &str,
) -> Simulated {
    run_at(dir, span, &outlet(site).await, extra).await
}

async fn run_at(dir: &Path, (from, until): (Timestamp, Timestamp), outlet: &Outlet, extra: &str) -> Simulated {
    let (folder, extra, base) = (dir.to_path_buf(), extra.to_owned(), outlet.base.clone());
    let configure = move |_: &str| {
        let digest = if extra.contains("[digest]") { "" } else { "[digest]\nhours = [\"07:30\", \"17:00\"]\n" };
        format!(
            "[store]\npath = {:?}\n[control]\nsocket = {:?}\n{digest}[poll]\nallow_private = [\"127.0.0.0/8\"]\n{extra}\n\
             [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
             [[feed]]\nid = \"echo\"\nname = \"Westmarch Echo\"\nurl = \"{base}/feed\"\n\
             [[person]]\nname = \"Ada Marrick\"\n",
            folder.join("store"),
            folder.join("control.sock"),
            folder.join("digests"),
        )
    };
    *outlet.now.lock().unwrap() = from;
    let time = Arc::clone(&outlet.now);
    let nothing_else = |_: &Asked, _| Answer::status(404);
    simulate(dir, from, until, nothing_else, configure, move |now| *time.lock().unwrap() = now).await.unwrap()
}

/// From a day before the article until `n` hours after it.
fn span(n: i64) -> (Timestamp, Timestamp) {
    (hours(-24), hours(n))
}

async fn alerts(done: &Simulated) -> Vec<Alert> {
    done.app.pipeline.store.alerts().await.unwrap()
}

fn types(alerts: &[Alert]) -> Vec<&'static str> {
    alerts.iter().map(Alert::type_name).collect()
}

/// All digests, the oldest first.
async fn digests(done: &Simulated) -> Vec<Digest> {
    let store = &done.app.pipeline.store;
    let mut out = Vec::new();
    for (id, _) in store.digests().await.unwrap().into_iter().rev() {
        out.push(store.digest(&id).await.unwrap().unwrap());
    }
    out
}

#[tokio::test]
async fn an_article_behind_an_alert_is_looked_at_again_on_schedule_and_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let asked_at = Arc::new(Mutex::new(Vec::new()));
    let site = {
        let asked_at = Arc::clone(&asked_at);
        move |asked: &Asked, now: Timestamp| match asked.path.as_str() {
            "/feed" => feed(asked, now),
            "/news/charge" => {
                asked_at.lock().unwrap().push(now);
                let unchanged = asked.header("if-none-match") == Some("\"v1\"");
                if unchanged { Answer::status(304) } else { charge_page().with("etag", "\"v1\"") }
            }
            _ => Answer::status(404),
        }
    };
    let outlet = outlet(site).await;
    let first = run_at(dir.path(), span(30), &outlet, "").await;
    let raised = alerts(&first).await.remove(0).raised;
    drop(first);
    let done = run_at(dir.path(), (hours(40), hours(24 * 40)), &outlet, "").await;
    let looks: Vec<i64> =
        asked_at.lock().unwrap().iter().skip(1).map(|at| at.duration_since(raised).as_hours()).collect();
    assert_eq!(looks, [1, 6, 24, 72, 168, 720]);
    assert_eq!(types(&alerts(&done).await), ["charge"], "an article that stays as it is raises nothing more");
    let store = &done.app.pipeline.store;
    let recheck = store.recheck(&alerts(&done).await[0].article).await.unwrap().unwrap();
    assert_eq!((recheck.due, recheck.looks, recheck.last.as_str()), (None, 6, "not modified"));
    assert!(store.revisions(&recheck.article).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_silent_edit_is_an_alert_of_its_own_kind_linked_to_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let site = |asked: &Asked, now: Timestamp| match asked.path.as_str() {
        "/feed" => feed(asked, now),
        "/news/charge" if now < hours(2) => charge_page(),
        "/news/charge" => page("Westmarch Echo", HEADLINE, born(), &[NOT_CHARGED, REST]),
        _ => Answer::status(404),
    };
    let done = run(dir.path(), span(24 * 8), site, "").await;
    let alerts = alerts(&done).await;
    assert_eq!(types(&alerts), ["charge", "silent_edit"], "{alerts:#?}");
    let (charge, edit) = (&alerts[0], &alerts[1]);
    assert_eq!(edit.corrects.iter().map(|c| &c.alert).collect::<Vec<_>>(), [&charge.id]);
    assert_eq!((edit.level, edit.tracked.clone()), (Level::Major, vec!["ada-marrick".to_owned()]));
    let change = &edit.changes()[0];
    assert_eq!(
        (change.kind, change.before.as_str(), change.after.as_str()),
        (ChangeKind::ReportGone, CHARGED, NOT_CHARGED)
    );
    // On top of the digest that follows, and readable there.
    let made = digests(&done).await;
    let told = made.iter().find(|d| d.corrections.iter().any(|i| i.alert.id == edit.id)).unwrap();
    assert!(told.subject.starts_with("Silent edit: Ada Marrick"), "{}", told.subject);
    let text = std::fs::read_to_string(dir.path().join(format!("digests/{}.txt", told.id))).unwrap();
    let flat = text.split_whitespace().filter(|w| *w != ">").collect::<Vec<_>>().join(" ");
    for part in ["CORRECTION", CHARGED, NOT_CHARGED, "Corrects: Charge", charge.id.as_str(), edit.id.as_str()] {
        assert!(flat.contains(part), "{part}: {text}");
    }
    let html = std::fs::read_to_string(dir.path().join(format!("digests/{}.html", told.id))).unwrap();
    assert!(html.contains("<h2>Correction</h2>") && html.contains("was not charged"), "{html}");
    // Both versions are kept, and `why` knows of the change from either alert.
    let store = &done.app.pipeline.store;
    let revisions = store.revisions(&charge.article).await.unwrap();
    assert_eq!(revisions.len(), 1, "{revisions:#?}");
    let article: Article = store.article(&charge.article).await.unwrap().unwrap().article;
    assert!(article.text().contains("was not charged"));
    for id in [&charge.id, &edit.id] {
        let why = done.app.pipeline.answer(&Question::Why { what: id.to_string() }).await.unwrap();
        let said = why.to_string();
        for part in ["\"corrected\"", "\"corrects\"", "looked_at_again", "not charged"] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}

#[tokio::test]
async fn what_the_publisher_corrects_is_a_correction_told_once() {
    let dir = tempfile::tempdir().unwrap();
    let site = |asked: &Asked, now: Timestamp| match asked.path.as_str() {
        "/feed" => feed(asked, now),
        "/news/charge" if now < hours(2) => charge_page(),
        "/news/charge" => page("Westmarch Echo", HEADLINE, born(), &[NOT_CHARGED, REST, NOTE]),
        _ => Answer::status(404),
    };
    let done = run(dir.path(), span(24 * 8), site, "").await;
    let alerts = alerts(&done).await;
    assert_eq!(types(&alerts), ["charge", "correction"], "{alerts:#?}");
    assert!(matches!(&alerts[1].content, AlertKind::Correction { changes } if changes[0].kind == ChangeKind::Note));
}

#[tokio::test]
async fn gone_twice_is_withdrawn_and_once_is_not() {
    // (what the page answers from two hours on, kinds of all alerts, whether it is looked at again)
    type Case = (&'static str, fn(Timestamp) -> Answer, Vec<&'static str>, bool);
    let cases: Vec<Case> = vec![
        ("gone for good", |_| Answer::status(410), vec!["charge", "correction"], false),
        ("not found", |_| Answer::status(404), vec!["charge", "correction"], false),
        ("a bad hour", |now| if now < hours(7) { Answer::status(404) } else { charge_page() }, vec!["charge"], true),
        ("a bad server", |_| Answer::status(503), vec!["charge"], true),
        (
            "a notice",
            |_| page("Westmarch Echo", "Article removed", born(), &["This article has been removed from our website."]),
            vec!["charge", "correction"],
            false,
        ),
        (
            "not found, it says, and that all is well",
            |_| page("Westmarch Echo", "404 Page not found", born(), &["Sorry, we could not find that page."]),
            vec!["charge", "correction"],
            false,
        ),
        (
            "a consent wall",
            |_| page("Westmarch Echo", "Your privacy", born(), &["We and our 842 partners value your privacy."]),
            vec!["charge"],
            true,
        ),
    ];
    for (name, answer, expected, again) in cases {
        let dir = tempfile::tempdir().unwrap();
        let site = move |asked: &Asked, now: Timestamp| match asked.path.as_str() {
            "/feed" => feed(asked, now),
            "/news/charge" if now < hours(2) => charge_page(),
            "/news/charge" => answer(now),
            _ => Answer::status(404),
        };
        let done = run(dir.path(), span(24 * 2), site, "").await;
        let alerts = alerts(&done).await;
        assert_eq!(types(&alerts), expected, "{name}: {alerts:#?}");
        let recheck = done.app.pipeline.store.recheck(&alerts[0].article).await.unwrap().unwrap();
        assert_eq!(recheck.due.is_some(), again, "{name}: {recheck:?}");
        if let Some(correction) = alerts.get(1) {
            assert_eq!(correction.changes()[0].kind, ChangeKind::Withdrawn, "{name}");
        }
    }
}

#[tokio::test]
async fn an_entry_whose_title_changes_is_read_again_and_compared() {
    let dir = tempfile::tempdir().unwrap();
    const RETITLED: &str = "Westmarch sergeant before the court";
    let site = |asked: &Asked, now: Timestamp| {
        // Changed before the first look is due.
        let title = if now < born() + SignedDuration::from_mins(40) { HEADLINE } else { RETITLED };
        match asked.path.as_str() {
            "/feed" if now >= born() => rss("Westmarch Echo", &[item(asked, "charge", title, born())]),
            "/feed" => rss("Westmarch Echo", &[]),
            "/news/charge" => page("Westmarch Echo", title, born(), &[CHARGED, REST]),
            _ => Answer::status(404),
        }
    };
    let done = run(dir.path(), span(24), site, "").await;
    let alerts = alerts(&done).await;
    assert_eq!(types(&alerts), ["charge", "silent_edit"], "{alerts:#?}");
    assert_eq!((alerts[1].changes()[0].kind, alerts[1].level), (ChangeKind::Headline, Level::Minor));
    assert_eq!(alerts[1].headline, RETITLED);
}

#[tokio::test]
async fn how_a_matter_ended_follows_up_what_was_told_of_it() {
    let dir = tempfile::tempdir().unwrap();
    const ACQUITTED: &str = "Sergeant Ada Marrick, 41, of Westmarch Police, was found not guilty of fraud on Monday by a jury \
                             at Aldmoor Crown Court.";
    let later = hours(24 * 60);
    let site = move |asked: &Asked, now: Timestamp| match asked.path.as_str() {
        "/feed" => {
            let mut items = vec![item(asked, "charge", HEADLINE, born())];
            if now >= later {
                items.push(item(asked, "acquittal", "Sergeant cleared of fraud", later));
            }
            rss("Westmarch Echo", if now >= born() { &items } else { &[] })
        }
        "/news/charge" => charge_page(),
        "/news/acquittal" => page("Westmarch Echo", "Sergeant cleared of fraud", later, &[ACQUITTED, REST]),
        _ => Answer::status(404),
    };
    let done = run(dir.path(), span(24 * 62), site, "").await;
    let alerts = alerts(&done).await;
    assert_eq!(types(&alerts), ["charge", "acquittal"], "{alerts:#?}");
    assert_eq!(alerts[1].corrects.iter().map(|c| &c.alert).collect::<Vec<_>>(), [&alerts[0].id]);
    let trail = done.app.pipeline.store.decisions(&Subject::Alert(alerts[0].id.clone())).await.unwrap();
    assert!(trail.iter().any(|d| d.rule == "followed_up"), "{trail:#?}");
    let digest = digests(&done).await.pop().unwrap();
    let text = std::fs::read_to_string(dir.path().join(format!("digests/{}.txt", digest.id))).unwrap();
    assert!(text.contains("Follows up: Charge"), "{text}");
}

async fn sent(done: &Simulated, digest: &Digest) -> Vec<Delivery> {
    done.app.pipeline.store.deliveries(&digest.id).await.unwrap()
}

#[tokio::test]
async fn whoever_was_sent_the_first_is_sent_the_second_whatever_the_configuration_says_by_then() {
    let dir = tempfile::tempdir().unwrap();
    let second = dir.path().join("second");
    let both = format!("[[channel]]\nid = \"second\"\nkind = \"file\"\npath = {second:?}\n");
    let site = |asked: &Asked, now: Timestamp| match asked.path.as_str() {
        "/feed" if now < hours(60) => feed(asked, now),
        "/feed" => {
            let other = item(asked, "resigns", "Sergeant resigns", hours(60));
            rss("Westmarch Echo", &[item(asked, "charge", HEADLINE, born()), other])
        }
        "/news/charge" if now < hours(30) => charge_page(),
        "/news/charge" => page("Westmarch Echo", HEADLINE, born(), &[NOT_CHARGED, REST]),
        "/news/resigns" => page(
            "Westmarch Echo",
            "Sergeant resigns",
            hours(60),
            &["Sergeant Ada Marrick of Westmarch Police resigned on Thursday, the force said.", REST],
        ),
        _ => Answer::status(404),
    };
    let outlet = outlet(site).await;
    let first = run_at(dir.path(), span(27), &outlet, &both).await;
    assert_eq!(sent(&first, &digests(&first).await[0]).await.len(), 2, "both channels got the first");
    drop(first);
    // From now on one channel alone gets digests.
    let extra = format!("[digest]\nchannels = [\"folder\"]\n{both}");
    let done = run_at(dir.path(), (hours(28), hours(24 * 5)), &outlet, &extra).await;
    let alerts = alerts(&done).await;
    assert!(types(&alerts).contains(&"silent_edit") && types(&alerts).contains(&"resignation"), "{alerts:#?}");
    let mut to_second = Vec::new();
    for digest in digests(&done).await {
        for delivery in sent(&done, &digest).await.into_iter().filter(|d| d.channel.as_str() == "second") {
            assert!(matches!(delivery.state, DeliveryState::Sent { .. }), "{delivery:?}");
            to_second.push(digest.items().map(|i| i.alert.type_name()).collect::<Vec<_>>());
        }
    }
    assert_eq!(
        to_second,
        [vec!["charge"], vec!["silent_edit"]],
        "the second channel gets the correction and nothing else"
    );
    let told = done.app.pipeline.store.told_in(&alerts.iter().find(|a| a.is_correction()).unwrap().id).await.unwrap();
    assert_eq!(told.len(), 2, "once for those who get digests, once for those who got the first");
}

#[tokio::test]
async fn the_users_word_goes_to_everyone_who_was_told_and_is_told_once() {
    let dir = tempfile::tempdir().unwrap();
    let site = |asked: &Asked, now: Timestamp| match asked.path.as_str() {
        "/feed" => feed(asked, now),
        "/news/charge" => charge_page(),
        _ => Answer::status(404),
    };
    let first = run(dir.path(), span(27), site, "").await;
    let charge = alerts(&first).await.remove(0);
    let pipeline = first.app.pipeline.current();
    let once = pipeline.correct_alert(&charge.id, "another Ada Marrick").await.unwrap().unwrap();
    let twice = pipeline.correct_alert(&charge.id, "another Ada Marrick").await.unwrap().unwrap();
    assert_eq!(once, twice);
    let unknown = conductwatch::domain::AlertId::parse("unknown").unwrap();
    assert_eq!(pipeline.correct_alert(&unknown, "?").await.unwrap(), None);
    drop((first, pipeline));
    let done = run(dir.path(), (hours(28), hours(24 * 3)), site, "").await;
    assert_eq!(types(&alerts(&done).await), ["charge", "correction"]);
    let made = digests(&done).await;
    assert_eq!(made.iter().filter(|d| !d.corrections.is_empty()).count(), 1);
    let told = made.iter().find(|d| !d.corrections.is_empty()).unwrap();
    let text = std::fs::read_to_string(dir.path().join(format!("digests/{}.txt", told.id))).unwrap();
    assert!(text.contains("another Ada Marrick") && text.contains(charge.id.as_str()), "{text}");
}

/// A feed whose one entry says it all in its summary, and whose page is refused until `n` hours after.
fn refused_until(n: i64, told: &'static str) -> impl Fn(&Asked, Timestamp) -> Answer {
    move |asked, now| match asked.path.as_str() {
        "/feed" if now >= born() => {
            let summary = CHARGED.to_owned();
            rss(
                "Westmarch Echo",
                &[Item { summary, ..item(asked, "charge", "Sergeant Ada Marrick charged with fraud", born()) }],
            )
        }
        "/feed" => rss("Westmarch Echo", &[]),
        "/news/charge" if now < hours(n) => Answer::status(403),
        "/news/charge" => page("Westmarch Echo", HEADLINE, born(), &[told, REST]),
        _ => Answer::status(404),
    }
}

#[tokio::test]
async fn an_alert_on_a_headline_alone_is_looked_at_again_until_its_page_is_had() {
    // After two hours the entry itself is still tried; after ten only the looks at what is behind alerts are left.
    for until in [2, 10] {
        let dir = tempfile::tempdir().unwrap();
        let done = run(dir.path(), span(24 * 5), refused_until(until, CHARGED), "").await;
        let alerts = alerts(&done).await;
        assert_eq!(types(&alerts), ["charge"], "the page says the same: {alerts:#?}");
        assert_eq!(alerts[0].basis, conductwatch::domain::Basis::HeadlineOnly);
        let store = &done.app.pipeline.store;
        let article = store.article(&alerts[0].article).await.unwrap().unwrap().article;
        assert_eq!(article.basis, conductwatch::domain::Basis::Page, "had after {until} hours");
        assert!(article.text().contains("eleven hundred officers"));
        assert!(store.revisions(&alerts[0].article).await.unwrap().is_empty(), "no change of the publisher's");
        let recheck = store.recheck(&alerts[0].article).await.unwrap().unwrap();
        assert!(recheck.looks > 0, "and looked at from then on: {recheck:?}");
    }
    // The page names somebody else: whoever was told is told that.
    let dir = tempfile::tempdir().unwrap();
    let other = "Sergeant Ida Merrow, 41, of Westmarch Police, was charged on Monday with fraud, prosecutors said.";
    let done = run(dir.path(), span(24 * 5), refused_until(10, other), "").await;
    let alerts = alerts(&done).await;
    assert_eq!(types(&alerts), ["charge", "correction"], "{alerts:#?}");
    assert_eq!(alerts[1].corrects[0].alert, alerts[0].id);
    assert!(alerts[1].changes()[0].what.contains("not to be had before"), "{:?}", alerts[1].changes());
}

#[tokio::test]
async fn how_the_matter_of_an_officer_without_a_name_ended_reaches_whoever_was_told_of_it() {
    let first = "A constable with Westmarch Police was charged on Monday with assaulting a man at Fennel Bridge, prosecutors said.";
    let last = "A constable with Westmarch Police was found not guilty on Friday of assaulting a man at Fennel Bridge.";
    let another = "A Westmarch Police sergeant has been charged with stealing from a shop in Aldmoor.";
    let site = move |asked: &Asked, now: Timestamp| {
        let all = [
            ("charge", "Constable charged with assault", first, hours(0)),
            ("theft", "Sergeant charged with theft", another, hours(60)),
            ("cleared", "Constable cleared of assault", last, hours(96)),
        ];
        match asked.path.as_str() {
            "/feed" => {
                let out = all.iter().filter(|(.., at)| *at <= now);
                rss("Westmarch Echo", &out.map(|(id, title, _, at)| item(asked, id, title, *at)).collect::<Vec<_>>())
            }
            path => match all.iter().find(|(id, ..)| path == format!("/news/{id}")) {
                Some((_, title, text, at)) => page("Westmarch Echo", title, *at, &[text, REST]),
                None => Answer::status(404),
            },
        }
    };
    let dir = tempfile::tempdir().unwrap();
    let body = "[[body]]\nid = \"westmarch-police\"\nname = \"Westmarch Police\"\n";
    let done = run(dir.path(), span(24 * 5), site, body).await;
    let alerts = alerts(&done).await;
    assert_eq!(types(&alerts), ["charge", "charge", "acquittal"], "{alerts:#?}");
    let charge = alerts.iter().find(|a| a.evidence.text.contains("Fennel")).unwrap();
    let linked: Vec<_> = alerts[2].corrects.iter().map(|c| &c.alert).collect();
    assert_eq!(linked, [&charge.id], "that charge, and not the other");
    let made = digests(&done).await;
    assert!(made.iter().any(|d| d.corrections.iter().any(|i| i.alert.id == alerts[2].id)), "on top of its digest");
}

#[tokio::test]
async fn a_name_put_right_is_told_as_that_and_not_as_another_event() {
    let site = |asked: &Asked, now: Timestamp| {
        let name = if now < hours(12) { "Daniel Ferris" } else { "Denis Ferriby-Hall" };
        let told =
            format!("Sgt {name}, of Westmarch Police, was suspended on Monday over missing cash, the force said.");
        match asked.path.as_str() {
            "/feed" => rss("Westmarch Echo", &[item(asked, "cash", "Sergeant suspended over cash", hours(0))]),
            "/news/cash" => page("Westmarch Echo", "Sergeant suspended over cash", hours(0), &[&told, REST]),
            _ => Answer::status(404),
        }
    };
    let dir = tempfile::tempdir().unwrap();
    let body = "[[body]]\nid = \"westmarch-police\"\nname = \"Westmarch Police\"\n";
    let done = run(dir.path(), span(24 * 3), site, body).await;
    let alerts = alerts(&done).await;
    assert_eq!(types(&alerts), ["suspension", "silent_edit"], "{alerts:#?}");
    assert_eq!(alerts[1].corrects.iter().map(|c| &c.alert).collect::<Vec<_>>(), [&alerts[0].id]);
    let known = done.app.pipeline.store.developments_of("westmarch-police").await.unwrap();
    let names: Vec<&str> =
        known.iter().flat_map(|d| &d.reports).flat_map(|r| &r.report.who).map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["Denis Ferriby-Hall"], "the timeline has it once, under the right name");
}
