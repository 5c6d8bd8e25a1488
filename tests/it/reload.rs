//! A changed configuration, taken by the running service: by the command and by SIGHUP; its pages for monitoring; its status.

use crate::support::{Daemon, Item, page, program, rss};
use conductwatch::adapters::clock::SystemClock;
use conductwatch::demo::server::{Answer, Asked, serve};
use conductwatch::ports::Clock as _;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// The configuration in `dir` against the site at `base`, with `more` behind it.
fn write_config(dir: &Path, base: &str, more: &str) {
    let text = format!(
        "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
         [[feed]]\nid = \"echo\"\nname = \"Echo\"\nurl = \"{base}/feed\"\nselect = \"all\"\n{more}",
        dir.join("store"),
        dir.join("control.sock"),
        dir.join("digests"),
    );
    std::fs::write(dir.join("conductwatch.toml"), text).unwrap();
}

const LOCAL: &str = "[poll]\nallow_private = [\"127.0.0.0/8\"]\nuser_agent_contact = \"desk@example.org\"\nhost_pause = \"0s\"\nbackfill = \"all\"\n";
const ADA: &str = "[[person]]\nid = \"ada-marrick\"\nname = \"Ada Marrick\"\n";
const CORA: &str = "[[person]]\nid = \"cora-vell\"\nname = \"Cora Vell\"\n";

/// A site whose feed has one article, and that counts the polls of each of its feeds.
async fn site() -> (SocketAddr, Arc<[AtomicUsize; 2]>) {
    let polls: Arc<[AtomicUsize; 2]> = Arc::default();
    let counted = Arc::clone(&polls);
    let (address, serving) = serve(move |asked: &Asked| {
        let host = asked.header("host").unwrap_or("");
        let published = "2026-03-02T07:00:00Z".parse().unwrap();
        match asked.path.as_str() {
            "/feed" | "/second" => {
                counted[usize::from(asked.path == "/second")].fetch_add(1, Ordering::Relaxed);
                let link = format!("http://{host}/news{}", asked.path);
                let (title, summary) = ("A headline".to_owned(), "A summary".to_owned());
                rss("Echo", &[Item { id: link.clone(), link, title, summary, published }])
            }
            path if path.starts_with("/news") => page("Echo", "A headline", published, &["Nothing much happened."]),
            _ => Answer::status(404),
        }
    })
    .await
    .unwrap();
    tokio::spawn(serving);
    (address, polls)
}

async fn reload(dir: &Path) -> (Option<i32>, String) {
    let output = program(&["reload"], dir).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), said)
}

async fn status(dir: &Path) -> Value {
    let output = program(&["status", "--json"], dir).output().await.unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Asks until `there` holds: what another process does by itself has no event to wait for here.
async fn until(dir: &Path, there: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..200 {
        let status = status(dir).await;
        if there(&status) {
            return status;
        }
        tokio::task::yield_now().await;
    }
    panic!("in vain: {}", status(dir).await);
}

#[tokio::test]
async fn a_reload_takes_what_changed_and_names_what_needs_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let (address, polls) = site().await;
    let base = format!("http://{address}");
    write_config(dir.path(), &base, &format!("{LOCAL}{ADA}"));
    let mut daemon = Daemon::start(dir.path()).await;
    until(dir.path(), |s| s["counts"]["articles"] == 1).await;
    let more = format!(
        "{LOCAL}concurrency = 3\n{CORA}[digest]\nhours = [\"06:15\"]\n[alerts]\nflood = 9\n\
         [[feed]]\nid = \"second\"\nname = \"Second\"\nurl = \"{base}/second\"\nselect = \"all\"\n"
    );
    write_config(dir.path(), &base, &more);
    let (code, said) = reload(dir.path()).await;
    assert_eq!(code, Some(0), "{said}");
    for part in [
        "feeds: added second",
        "persons: added cora-vell, gone ada-marrick",
        "[digest] changed",
        "[alerts] changed",
        "Not in force before the service is started anew:\n  poll.concurrency changed",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    daemon.hear("RELOADING=1\nMONOTONIC_USEC=").await;
    let heard = daemon.hear("READY=1").await;
    assert!(heard.contains("STATUS=watching 2 feeds for 1 name"), "{heard}");
    // The new feed is polled at once, and no poll of the old one was lost or repeated.
    let status = until(dir.path(), |s| s["counts"]["articles"] == 2).await;
    assert_eq!(polls.each_ref().map(|n| n.load(Ordering::Relaxed)), [1, 1], "{status}");
    assert_eq!(status["service"]["reload"]["ok"], true);
    assert!(status["service"]["next_digest"].as_str().unwrap().contains(":15:00"), "{status}");
    // Nothing changed since.
    let (code, said) = reload(dir.path()).await;
    assert!(code == Some(0) && said.contains("nothing changed that can change"), "{said}");
    daemon.end().await;
}

#[tokio::test]
async fn a_bad_configuration_is_refused_in_the_words_of_check_and_shows_until_it_is_mended() {
    let dir = tempfile::tempdir().unwrap();
    let (address, polls) = site().await;
    let base = format!("http://{address}");
    let good = format!("{LOCAL}{ADA}[metrics]\nlisten = \"127.0.0.1:0\"\n");
    write_config(dir.path(), &base, &good);
    let mut daemon = Daemon::start(dir.path()).await;
    until(dir.path(), |s| s["counts"]["articles"] == 1).await;
    let pages = daemon.pages().await;
    assert!(get(pages, "/ready").await.starts_with("HTTP/1.1 200 "));
    write_config(dir.path(), &base, &format!("{good}[[keyword]]\nany = []\nallert = false\n[alerts]\nflood = -1\n"));
    let check = program(&["check"], dir.path()).output().await.unwrap();
    let check = String::from_utf8_lossy(&check.stderr).into_owned();
    let problems: Vec<&str> = check.lines().skip(1).collect();
    assert!(problems.len() >= 2, "{check}");
    let (code, said) = reload(dir.path()).await;
    assert_eq!(code, Some(78), "{said}");
    assert!(problems.iter().all(|problem| said.contains(problem)), "{said} against {check}");
    daemon.hear("READY=1").await;
    let seen = status(dir.path()).await;
    assert_eq!((&seen["well"], &seen["service"]["reload"]["ok"]), (&Value::Bool(false), &Value::Bool(false)), "{seen}");
    let text = program(&["status"], dir.path()).output().await.unwrap();
    assert_eq!(text.status.code(), Some(1), "{}", String::from_utf8_lossy(&text.stderr));
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.starts_with("Needs a look: the changed configuration is wrong and not in use"), "{text}");
    assert!(problems.iter().all(|problem| text.contains(problem)), "{text}");
    let ready = get(pages, "/ready").await;
    assert!(ready.starts_with("HTTP/1.1 503 ") && ready.contains("the configuration on the disk is wrong"), "{ready}");
    assert!(get(pages, "/health").await.starts_with("HTTP/1.1 200 "), "it lives");
    assert!(get(pages, "/metrics").await.contains("conductwatch_config_last_reload_successful 0\n"));
    // By the signal, once it is mended.
    write_config(dir.path(), &base, &format!("{good}{CORA}"));
    daemon.signal("HUP").await;
    daemon.hear("RELOADING=1").await;
    daemon.hear("READY=1").await;
    let seen = status(dir.path()).await;
    assert_eq!((&seen["well"], &seen["service"]["reload"]["ok"]), (&Value::Bool(true), &Value::Bool(true)), "{seen}");
    assert!(get(pages, "/ready").await.starts_with("HTTP/1.1 200 "));
    assert_eq!(polls[0].load(Ordering::Relaxed), 1, "the feed is not polled anew");
    let said = daemon.end().await;
    assert!(said.contains("the changed configuration is wrong") && problems.iter().all(|p| said.contains(p)), "{said}");
}

#[tokio::test]
async fn a_changed_secret_needs_a_restart_and_it_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("smtp");
    std::fs::write(&secret, "old-hunter2\n").unwrap();
    let more = format!(
        "{LOCAL}{ADA}[[channel]]\nid = \"desk\"\nkind = \"email\"\nhost = \"127.0.0.1\"\nport = 1\nusername = \"watch\"\n\
         password_file = {secret:?}\nfrom = \"w@example.org\"\nto = [\"d@example.org\"]\n"
    );
    let (address, _) = site().await;
    write_config(dir.path(), &format!("http://{address}"), &more);
    let daemon = Daemon::start(dir.path()).await;
    std::fs::write(&secret, "new-hunter2\n").unwrap();
    let (code, said) = reload(dir.path()).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Not in force before") && said.contains("channel[2].password_file: the secret in"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    assert_eq!(status(dir.path()).await["service"]["reload"]["needs_restart"].as_array().unwrap().len(), 1);
    // One that cannot be read any more is refused.
    std::fs::remove_file(&secret).unwrap();
    let (code, said) = reload(dir.path()).await;
    assert!(code == Some(78) && said.contains("cannot read"), "{said}");
    assert!(!daemon.end().await.contains("hunter2"));
}

#[tokio::test]
async fn the_pages_for_monitoring_say_what_the_service_does() {
    let dir = tempfile::tempdir().unwrap();
    let (address, _) = site().await;
    let more = format!(
        "{LOCAL}{ADA}[metrics]\nlisten = \"127.0.0.1:0\"\n[[feed]]\nid = \"dead\"\nurl = \"http://127.0.0.1:1/\"\n"
    );
    write_config(dir.path(), &format!("http://{address}"), &more);
    let daemon = Daemon::start(dir.path()).await;
    until(dir.path(), |s| s["counts"]["articles"] == 1 && s["since_start"]["polls_failed"] == 1).await;
    let pages = daemon.pages().await;
    let metrics = get(pages, "/metrics").await;
    assert!(
        metrics.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"),
        "{metrics}"
    );
    assert!(metrics.ends_with("# EOF\n"));
    for line in [
        "conductwatch_polls_total 1",
        "conductwatch_poll_failures_total{reason=\"connect\"} 1",
        // Its page holds no article, so the entry is what there is.
        "conductwatch_pages_failed_total 1",
        "conductwatch_feeds{state=\"healthy\"} 1",
        "conductwatch_feeds{state=\"failing\"} 1",
        "conductwatch_stored_items{kind=\"articles\"} 1",
        "conductwatch_config_last_reload_successful 1",
    ] {
        assert!(metrics.contains(&format!("\n{line}\n")), "{line} in {metrics}");
    }
    let health = get(pages, "/health").await;
    assert!(health.starts_with("HTTP/1.1 200 ") && health.contains("\"loop\":\"poll\""), "{health}");
    assert!(health.contains("\"warnings\":[]"), "{health}");
    // Sizes that the store and its disk cannot but be beyond.
    let store = format!("path = {:?}\n", dir.path().join("store"));
    let tight = format!("{store}alarm_free = \"1000000GB\"\nalarm_size = \"1kB\"\n");
    let text = std::fs::read_to_string(dir.path().join("conductwatch.toml")).unwrap();
    std::fs::write(dir.path().join("conductwatch.toml"), text.replace(&store, &tight)).unwrap();
    let (code, said) = reload(dir.path()).await;
    assert!(code == Some(0) && said.contains("alarms of [store] changed"), "{said}");
    let health = get(pages, "/health").await;
    assert!(health.starts_with("HTTP/1.1 200 "), "no reason to start it anew: {health}");
    for alarm in ["of room left on the disk", "the store takes"] {
        assert!(health.contains(alarm), "{health}");
        assert!(status(dir.path()).await["needs"].to_string().contains(alarm));
    }
    daemon.end().await;
}

#[tokio::test]
async fn who_must_not_be_named_any_more_is_named_nowhere_after_a_reload() {
    let dir = tempfile::tempdir().unwrap();
    let published = SystemClock.now() - jiff::SignedDuration::from_hours(2);
    let (address, serving) = serve(move |asked: &Asked| {
        let host = asked.header("host").unwrap_or("");
        let (title, text) = if asked.path.ends_with("second") {
            let text = "Sergeant Ada Marrick has resigned from Westmarch Police, the force announced on its website.";
            ("Officer Ada Marrick resigns", text)
        } else {
            let text = "Sergeant Ada Marrick of Westmarch Police was charged yesterday with theft, prosecutors said.";
            ("Sergeant Ada Marrick charged with theft", text)
        };
        if asked.path.starts_with("/news") {
            return page("Echo", title, published, &[text, "There was nothing that anybody could add."]);
        }
        let link = format!("http://{host}/news{}", asked.path);
        rss(
            "Echo",
            &[Item { id: link.clone(), link, title: title.to_owned(), summary: "A summary".to_owned(), published }],
        )
    })
    .await
    .unwrap();
    tokio::spawn(serving);
    let base = format!("http://{address}");
    write_config(dir.path(), &base, &format!("{LOCAL}{ADA}"));
    let daemon = Daemon::start(dir.path()).await;
    until(dir.path(), |s| s["counts"]["alerts"] == 1).await;
    let before = daemon.log();
    assert!(before.contains("ada-marrick"), "named until somebody says that she must not be: {before}");
    let more = format!(
        "{LOCAL}{ADA}[[anonymity]]\nperson = \"ada-marrick\"\nreason = \"court-order\"\nmask = \"an officer\"\n\
         [[feed]]\nid = \"second\"\nname = \"Second\"\nurl = \"{base}/second\"\nselect = \"all\"\n"
    );
    write_config(dir.path(), &base, &more);
    let (code, said) = reload(dir.path()).await;
    assert!(code == Some(0) && said.contains("who must not be named changed"), "{said}");
    assert!(!said.contains("Not in force"), "{said}");
    let status = until(dir.path(), |s| s["counts"]["alerts"] == 2).await;
    let named = |text: &str| text.to_lowercase().contains("marrick");
    assert!(!named(&status.to_string()), "{status}");
    for args in [&["alerts", "--json"][..], &["export", "alerts", "--csv"], &["digest", "show", "latest"]] {
        let output = program(args, dir.path()).output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(!named(&said), "{args:?}: {said}");
    }
    let log = daemon.end().await;
    // The first digest may be made between the look at the log and the reload.
    let (_, after) = log.split_once("who must not be named changed").unwrap();
    assert!(after.contains("alert: resignation") && after.contains("an officer") && !named(after), "{after}");
    // And back: what was stored was never changed.
    write_config(dir.path(), &base, &format!("{LOCAL}{ADA}"));
    let output = program(&["alerts", "--json"], dir.path()).output().await.unwrap();
    assert!(named(&String::from_utf8_lossy(&output.stdout)));
}

#[tokio::test]
async fn without_a_service_reload_and_status_say_so() {
    let dir = tempfile::tempdir().unwrap();
    write_config(dir.path(), "http://127.0.0.1:1", ADA);
    for command in ["reload", "status"] {
        let output = program(&[command], dir.path()).output().await.unwrap();
        assert_eq!(output.status.code(), Some(69), "{command}");
    }
    let once = program(&["run", "--once"], dir.path()).output().await.unwrap();
    assert_eq!(once.status.code(), Some(0));
    let output = program(&["status"], dir.path()).output().await.unwrap();
    assert_eq!(output.status.code(), Some(69));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("Not running; and"), "{output:?}");
}

/// The whole answer to a GET.
async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
