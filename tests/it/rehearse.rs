//! Other rules on what is stored: rehearsals, the past of whoever is watched since lately, and what an upgrade finds otherwise.

use crate::support::{Item, page, rss};
use crate::watch::{CHARGE, Desk, SUSPENSION, kinds};
use conductwatch::demo::server::{Answer, Asked, serve};
use conductwatch::demo::{Simulated, simulate};
use conductwatch::domain::{Alert, Digest, EntryState};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// An article about somebody whom the desk does not watch.
const OTHER: (&str, &str, &str) = (
    "other",
    "Inspector suspended",
    "Inspector Bo Fennimore of Larchester Police was suspended from duty on Wednesday, the force said.\n\nNo reason was given.",
);
const BO: &str = "\n[[person]]\nid = \"bo\"\nname = \"Bo Fennimore\"\nbodies = [\"larchester-police\"]\n\n[[body]]\nid = \"larchester-police\"\nname = \"Larchester Police\"\n";

/// Everything that was ever read here.
const EVER: [&str; 2] = ["--since", "3650d"];

fn list(value: &Value) -> Vec<(String, String)> {
    let text = |v: &Value| v.as_str().unwrap_or("").to_owned();
    value.as_array().unwrap().iter().map(|a| (text(&a["type"]), text(&a["tracked_names"][0]))).collect()
}

#[tokio::test]
async fn a_rehearsal_tells_what_another_watchlist_would_have_told() {
    let desk = Desk::new();
    assert_eq!(kinds(&desk.read(&[CHARGE, SUSPENSION, OTHER]).await), ["charge", "suspension"]);
    // The same rules: the same alerts.
    let same = desk.json(&["rehearse", EVER[0], EVER[1]]);
    assert_eq!((same["same"].as_u64(), list(&same["new"]), list(&same["gone"])), (Some(2), vec![], vec![]), "{same}");
    // Another watchlist: one less, one more.
    let new = desk.dir.path().join("new.toml");
    let mute = "[[mute]]\nname = \"ada-marrick\"\n\n[[person]]\nid = \"ada-marrick\"\nname = \"Ada Marrick\"\n";
    std::fs::write(&new, format!("{mute}{BO}")).unwrap();
    let new = new.to_str().unwrap();
    let found = desk.json(&["rehearse", "--watchlist", new, EVER[0], EVER[1]]);
    let pair = |kind: &str, name: &str| (kind.to_owned(), name.to_owned());
    assert_eq!(list(&found["new"]), [pair("suspension", "Bo Fennimore")], "{found}");
    assert_eq!(list(&found["gone"]), [pair("charge", "Ada Marrick"), pair("suspension", "Ada Marrick")]);
    assert_eq!((found["same"].as_u64(), found["articles"].as_u64()), (Some(0), Some(3)));
    let mails = |which: &str| {
        let list = found["mails"][which].as_array().unwrap().clone();
        (list.len(), list.iter().filter_map(|m| m["alerts"].as_u64()).sum::<u64>())
    };
    // Read at 13:00, 18:00 and 23:00; due at 17:00, and at 07:30 of the next day.
    assert_eq!((mails("were"), mails("would_be")), ((2, 2), (1, 1)), "{found}");
    let text = desk.ok(&["rehearse", "--watchlist", new, EVER[0], EVER[1]]);
    for part in [
        "Would be told, and was not: 1",
        "Was told, and would not be: 2",
        "Suspension: Bo Fennimore",
        "1 mail in",
        "it was 2",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Nothing was stored, raised or written; and a time before which all lies holds nothing.
    assert_eq!(desk.json(&["alerts"])["alerts"].as_array().unwrap().len(), 2);
    assert_eq!(desk.json(&["rehearse", "--watchlist", new, "--since", "1h"])["articles"], 0);
    let (code, _, err) = desk.run(&["rehearse", "--watchlist", "nowhere.toml"]);
    assert_eq!(code, 66, "{err}");
}

#[tokio::test]
async fn an_upgrade_lists_differences_by_development_and_alerts_nothing() {
    let desk = Desk::new();
    desk.read(&[CHARGE, SUSPENSION]).await;
    let (code, out, err) = desk.run(&["reprocess", "--json"]);
    let last: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!((code, out.lines().count()), (0, 1), "{out}{err}");
    assert_eq!(
        (last["totals"]["same"].as_u64() >= Some(2), last["totals"]["changed"].as_u64()),
        (true, Some(0)),
        "{last}"
    );
    // What other rules would find: somebody is watched, and named otherwise, since.
    desk.write(&format!("[[person]]\nid = \"marrick\"\nname = \"Ada Marrick\"\n{BO}"));
    let (_, out, _) = desk.run(&["reprocess", "--json"]);
    let rows: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let changed: Vec<&Value> = rows.iter().filter(|r| r["how"] == "changed").collect();
    assert!(changed.iter().any(|r| r["type"] == "charge" && r["watched"] == true), "{out}");
    let text = desk.ok(&["reprocess"]);
    assert!(text.contains("None of it is alerted"), "{text}");
    assert_eq!(desk.json(&["alerts"])["alerts"].as_array().unwrap().len(), 2);
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn hours(n: i64) -> Timestamp {
    at("2026-03-10T08:00:00Z") + SignedDuration::from_hours(n)
}

/// News of an hour after the start, a title alone.
fn item(asked: &Asked, id: &str, title: &str) -> Item {
    let host = asked.header("host").unwrap_or("");
    Item {
        id: id.to_owned(),
        link: format!("http://{host}/news/{id}"),
        title: title.to_owned(),
        summary: String::new(),
        published: hours(1),
    }
}

/// News of somebody else an hour after the start: one article that names her in its headline, and one that does not.
fn site(asked: &Asked, now: Timestamp) -> Answer {
    let item = |id: &str, title: &str| item(asked, id, title);
    let suspended = "Inspector Bo Fennimore of Larchester Police was suspended from duty on Monday, the force said. Sergeant Ada \
                     Marrick of Westmarch Police was charged with fraud on Monday, prosecutors said.";
    let resigned = "Inspector Bo Fennimore of Larchester Police resigned on Tuesday, the force said in a short note.";
    match asked.path.as_str() {
        "/feed" if now < hours(1) => rss("Westmarch Echo", &[]),
        "/feed" => rss(
            "Westmarch Echo",
            &[item("both", "Marrick charged"), item("resigned", "Bo Fennimore gives up her post")],
        ),
        "/news/both" => page("Westmarch Echo", "Marrick charged", hours(1), &[suspended]),
        "/news/resigned" => page("Westmarch Echo", "Bo Fennimore gives up her post", hours(1), &[resigned]),
        _ => Answer::status(404),
    }
}

/// An outlet that stays at its address over restarts of the service.
struct Outlet {
    base: String,
    now: Arc<Mutex<Timestamp>>,
}

async fn outlet(site: fn(&Asked, Timestamp) -> Answer) -> Outlet {
    let now = Arc::new(Mutex::new(hours(0)));
    let time = Arc::clone(&now);
    let (address, serving) = serve(move |asked| site(asked, *time.lock().unwrap())).await.unwrap();
    tokio::spawn(serving);
    Outlet { base: format!("http://{address}"), now }
}

async fn run(dir: &Path, outlet: &Outlet, from: i64, until: i64, extra: &str) -> Simulated {
    let (folder, extra, base) = (dir.to_path_buf(), extra.to_owned(), outlet.base.clone());
    let configure = move |_: &str| {
        format!(
            "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[digest]\nhours = [\"07:30\", \"17:00\"]\nPAST\
             [poll]\nallow_private = [\"127.0.0.0/8\"]\nhost_pause = \"0s\"\n\
             [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
             [[feed]]\nid = \"echo\"\nname = \"Westmarch Echo\"\nselect = \"names\"\nurl = \"{base}/feed\"\n\
             [[person]]\nid = \"ada-marrick\"\nname = \"Ada Marrick\"\nWHO",
            folder.join("store"),
            folder.join("control.sock"),
            folder.join("digests"),
        )
        .replace("WHO", extra.trim_start_matches("none"))
        .replace("PAST", if extra.starts_with("none") { "past = \"none\"\n" } else { "" })
    };
    *outlet.now.lock().unwrap() = hours(from);
    let time = Arc::clone(&outlet.now);
    let nothing_else = |_: &Asked, _| Answer::status(404);
    let on_time = move |now| *time.lock().unwrap() = now;
    simulate(dir, hours(from), hours(until), nothing_else, configure, on_time).await.unwrap()
}

async fn told(done: &Simulated) -> (Vec<Alert>, Vec<Digest>) {
    let store = &done.app.pipeline.store;
    let mut digests = Vec::new();
    for (id, _) in store.digests().await.unwrap().into_iter().rev() {
        digests.push(store.digest(&id).await.unwrap().unwrap());
    }
    (store.alerts().await.unwrap(), digests)
}

#[tokio::test]
async fn a_newly_watched_name_gets_its_past_as_one_digest() {
    let dir = tempfile::tempdir().unwrap();
    let outlet = outlet(site).await;
    let first = run(dir.path(), &outlet, 0, 24, "").await;
    let (alerts, digests) = told(&first).await;
    assert_eq!((kinds(&alerts), digests.len()), (vec!["charge"], 1), "{alerts:#?}");
    let passed = first.app.pipeline.store.passed_over(None, 9).await.unwrap();
    assert!(matches!(passed[0].state, EntryState::PassedOver { .. }), "{passed:#?}");
    drop(first);
    let second = run(dir.path(), &outlet, 25, 72, BO).await;
    let (alerts, digests) = told(&second).await;
    assert_eq!(kinds(&alerts), ["charge", "suspension", "resignation"], "{alerts:#?}");
    assert_eq!(
        digests.len(),
        2,
        "one digest for all of it: {:#?}",
        digests.iter().map(|d| &d.subject).collect::<Vec<_>>()
    );
    let past = &digests[1];
    assert!(past.id.as_str().ends_with("-past") && past.subject.starts_with("Past: Bo Fennimore"), "{}", past.subject);
    assert!(past.notices.iter().any(|n| n.contains("The past of Bo Fennimore")), "{:?}", past.notices);
    assert_eq!(past.sections.iter().map(|s| s.title.as_str()).collect::<Vec<_>>(), ["Bo Fennimore"]);
    assert!(past.doubts.is_empty() && past.articles_read == 0);
    // It came at once, and stands beside the digests of the schedule.
    assert!(past.to < hours(26), "{}", past.to);
    let covered = second.app.pipeline.store.covered_until().await.unwrap().unwrap();
    assert_eq!(covered, hours(72) - SignedDuration::from_mins(30), "the last due hour");
    drop(second);
    // Told once: not again after another start, nor on demand.
    let third = run(dir.path(), &outlet, 73, 80, BO).await;
    assert_eq!((told(&third).await.0.len(), told(&third).await.1.len()), (3, 2));
}

/// News of an hour after the start that the gate of a feed with `select = "names"` passes over: one whose title tells all, one
/// whose title tells that it names her.
fn passed_over(asked: &Asked, now: Timestamp) -> Answer {
    let item = |id: &str, title: &str| item(asked, id, title);
    match asked.path.as_str() {
        "/feed" if now < hours(1) => rss("Westmarch Echo", &[]),
        "/feed" => rss(
            "Westmarch Echo",
            &[
                item("suspended", "Inspector Bo Fennimore of Larchester Police suspended from duty"),
                item("talk", "What we know about Bo Fennimore"),
                item("walks", "Ten walks for a wet weekend"),
            ],
        ),
        _ => Answer::status(404),
    }
}

#[tokio::test]
async fn a_rehearsal_judges_what_the_gate_passed_over_and_sends_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let outlet = outlet(passed_over).await;
    let done = run(dir.path(), &outlet, 0, 24, "none").await;
    let store = &done.app.pipeline.store;
    assert_eq!((store.passed_over(None, 9).await.unwrap().len(), store.alerts().await.unwrap().len()), (3, 0));
    let config = done.config.clone();
    drop(done);
    let watchlist = dir.path().join("new.toml");
    std::fs::write(&watchlist, BO).unwrap();
    let digests = || std::fs::read_dir(dir.path().join("digests")).map_or(0, Iterator::count);
    let sent = digests();
    let command = |args: &[&str]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_conductwatch"));
        let output = program.args(args).arg("--config").arg(&config).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let rehearse = ["rehearse", "--watchlist", watchlist.to_str().unwrap(), "--since", "3650d"];
    let found: Value = serde_json::from_str(&command(&[&rehearse[..], &["--json"]].concat())).unwrap();
    assert_eq!((&found["passed_over"], &found["passed_over_would_be_read"]), (&3.into(), &2.into()), "{found}");
    assert_eq!(list(&found["new"]), [("suspension".to_owned(), "Bo Fennimore".to_owned())], "{found}");
    assert_eq!(found["new"][0]["from_passed_over"], true);
    let fetched: Vec<&str> =
        found["would_be_fetched"].as_array().unwrap().iter().filter_map(|e| e["headline"].as_str()).collect();
    assert_eq!(fetched, ["What we know about Bo Fennimore"], "{found}");
    let mails = |which: &str| found["mails"][which].as_array().unwrap().len();
    assert_eq!((mails("would_be"), mails("were")), (1, 0), "{found}");
    let text = command(&rehearse);
    for part in [
        "3 entries that were passed over",
        "Would be told, and was not: 1",
        "Suspension: Bo Fennimore",
        "Its page may say more",
        "Would be fetched first, as title and summary alone tell nothing: 1",
        "What we know about Bo Fennimore",
        "1 mail in",
        "Nothing was sent or stored.",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Nothing was: no alert, no digest, no message, and no entry counts as read.
    assert_eq!(command(&["alerts"]).trim(), "no alert was raised yet");
    assert_eq!(command(&["digest", "list"]).trim(), "no digest was made yet");
    assert!(command(&["passed-over"]).starts_with("3 entries were passed over"));
    assert_eq!(digests(), sent);
}

#[tokio::test]
async fn somebodys_past_can_be_asked_for_by_hand() {
    let dir = tempfile::tempdir().unwrap();
    let outlet = outlet(site).await;
    drop(run(dir.path(), &outlet, 0, 24, "none").await);
    let who = format!("none{BO}");
    let second = run(dir.path(), &outlet, 25, 48, &who).await;
    assert_eq!(kinds(&told(&second).await.0), ["charge"], "switched off");
    let config = second.config.clone();
    drop(second);
    let command = |args: &[&str]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_conductwatch"));
        let output = program.args(args).arg("--config").arg(&config).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    // What was passed over and would be read by now is a part of a rehearsal.
    let (_, out, err) = command(&["rehearse", "--since", "3650d", "--json"]);
    let rehearsed: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}"));
    assert_eq!(rehearsed["passed_over_would_be_read"], 1, "{out}");
    assert!(list(&rehearsed["new"]).contains(&("suspension".to_owned(), "Bo Fennimore".to_owned())), "{out}");
    let (code, out, err) = command(&["digest", "past", "Bo Fennimore", "--since", "3650d"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("once the service runs"), "{out}");
    assert_eq!(command(&["digest", "past", "Nobody Here"]).0, Some(65));
    let third = run(dir.path(), &outlet, 49, 72, &who).await;
    let (alerts, digests) = told(&third).await;
    assert_eq!(kinds(&alerts), ["charge", "suspension", "resignation"], "{alerts:#?}");
    assert!(digests.last().unwrap().subject.starts_with("Past: Bo Fennimore"), "{:#?}", digests.last());
}
