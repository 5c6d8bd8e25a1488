//! Bad input: each kind is named in a clear message, its item is skipped and counted, everything else goes on, and
//! nothing stored before is lost.

use crate::support::{Item, page, rss};
use conductwatch::demo::server::{Answer, Asked, serve};
use conductwatch::demo::{Simulated, simulate};
use conductwatch::domain::{Basis, DeliveryState};
use conductwatch::pipeline::Question;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::time::timeout;

const HEADLINE: &str = "Inspector Cora Vell of Westmarch Police charged with fraud";
const TEXT: &str = "Inspector Cora Vell, 44, of Westmarch Police, was charged on Monday with fraud, prosecutors said.";

/// What follows in each article: a page of a sentence or two alone is taken for no article.
const REST: &str = "The force said that it had taken note of the matter and would not comment while it went on. It runs the \
                    stations at Aldmoor and Fennel Bridge, and has eleven hundred officers on its books.";

fn born() -> Timestamp {
    "2026-03-10T08:00:00Z".parse().unwrap()
}

/// The head of every configuration here, and the one good feed.
fn config(base: &str, dir: &Path, extra: &str) -> String {
    format!(
        "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[poll]\nallow_private = [\"127.0.0.0/8\"]\n\
         [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
         [[feed]]\nid = \"good\"\nname = \"Westmarch Echo\"\nurl = \"{base}/feed\"\n\
         [[person]]\nname = \"Cora Vell\"\n{extra}",
        dir.join("store"),
        dir.join("control.sock"),
        dir.join("digests"),
    )
}

fn item(asked: &Asked, id: &str, title: &str, at: Timestamp) -> Item {
    let host = asked.header("host").unwrap_or("");
    Item {
        id: id.to_owned(),
        link: format!("http://{host}/news/{id}"),
        title: title.to_owned(),
        summary: String::new(),
        published: at,
    }
}

/// The one good article and its feed.
fn good(asked: &Asked) -> Option<Answer> {
    match asked.path.as_str() {
        "/feed" => Some(rss("Westmarch Echo", &[item(asked, "charge", HEADLINE, born())])),
        "/news/charge" => Some(page("Westmarch Echo", HEADLINE, born(), &[TEXT, REST])),
        _ => None,
    }
}

async fn run(dir: &Path, site: impl Fn(&Asked) -> Answer + Send + Sync + 'static, extra: String) -> Simulated {
    let folder = dir.to_path_buf();
    let (start, end) = (born() + SignedDuration::from_hours(1), born() + SignedDuration::from_hours(30));
    let configure = move |base: &str| config(base, &folder, &extra.replace("BASE", base));
    simulate(dir, start, end, move |asked, _| site(asked), configure, |_| {}).await.unwrap()
}

async fn ask(done: &Simulated, question: Question) -> Value {
    done.app.pipeline.answer(&question).await.unwrap()
}

fn counted(done: &Simulated, name: &str) -> u64 {
    done.app.counters.snapshot().into_iter().find(|(n, _)| *n == name).unwrap().1
}

#[tokio::test]
async fn a_feed_that_is_no_feed_is_named_and_the_others_go_on() {
    // (id, answer, kind of the failure, what the message says)
    let cases: Vec<(&str, Answer, &str, &str)> = vec![
        ("html", page("A page", "News", born(), &["No feed here."]), "not_a_feed", "feed"),
        ("json", Answer::ok("application/json", "{\"error\": \"no such user\"}"), "not_a_feed", "feed"),
        ("empty", Answer::ok("application/rss+xml", ""), "not_a_feed", "empty"),
        (
            "binary",
            Answer::ok("application/rss+xml", vec![0x89, b'P', b'N', b'G', 0, 0xff, 0xfe, 1]),
            "not_a_feed",
            "feed",
        ),
        ("text", Answer::ok("text/plain", "Too many requests, come back later"), "not_a_feed", "feed"),
        ("missing", Answer::status(404), "http_status", "404"),
        ("huge", Answer::ok("application/rss+xml", vec![b' '; 20_000_000]), "too_large", "10000000"),
        ("loop", Answer::status(302).with("location", "/bad/loop"), "redirects", "more than"),
    ];
    let dir = tempfile::tempdir().unwrap();
    let answers: Vec<(String, Answer)> = cases.iter().map(|(id, a, ..)| (format!("/bad/{id}"), a.clone())).collect();
    let site = move |asked: &Asked| {
        let bad = answers.iter().find(|(path, _)| *path == asked.path).map(|(_, answer)| answer.clone());
        good(asked).or(bad).unwrap_or_else(|| Answer::status(404))
    };
    let feeds: String =
        cases.iter().map(|(id, ..)| format!("[[feed]]\nid = \"{id}\"\nurl = \"BASE/bad/{id}\"\n")).collect();
    let done = run(dir.path(), site, feeds).await;
    let states = done.app.pipeline.store.feed_states().await.unwrap();
    for (id, _, kind, says) in &cases {
        let state = states.iter().find(|s| s.id.as_str() == *id).unwrap();
        let failure = state.last_failure.as_ref().unwrap_or_else(|| panic!("{id}: no failure: {state:?}"));
        assert_eq!(failure.kind, *kind, "{id}: {failure:?}");
        assert!(failure.message.to_lowercase().contains(says), "{id}: {failure:?}");
        assert!(failure.message.chars().all(|c| !c.is_control()), "{id}: {failure:?}");
        assert!(state.failures >= 2, "{id} is tried again: {state:?}");
        let why = ask(&done, Question::Why { what: (*id).to_owned() }).await;
        let decisions = why["trail"][0]["decisions"].as_array().unwrap();
        assert!(decisions.iter().any(|d| d["rule"] == *kind), "{id}: {why}");
    }
    assert!(counted(&done, "polls_failed") >= 2 * cases.len() as u64);
    assert_eq!(counted(&done, "faults"), 0);
    assert_eq!(done.app.pipeline.store.alerts().await.unwrap().len(), 1);
    let status = ask(&done, Question::Status).await;
    assert_eq!(status["feeds"]["failing"].as_array().unwrap().len(), cases.len());
}

#[tokio::test]
async fn a_page_that_is_no_article_is_named_and_its_headline_has_to_do() {
    let link = |n: usize| format!("<li><a href=\"/news/{n}\">Ten walks for a wet weekend, part {n}</a></li>");
    let front = format!("<html><body><ul>{}</ul></body></html>", (0..40).map(link).collect::<String>());
    // (id, answer, what the trail says)
    let cases: Vec<(&str, Answer, &str)> = vec![
        ("pdf", Answer::ok("application/pdf", "%PDF-1.7 ..."), "a PDF"),
        ("image", Answer::ok("image/png", vec![0x89, b'P', b'N', b'G', 0]), "image/png"),
        ("empty", Answer::ok("text/html", ""), "no text"),
        ("front", Answer::ok("text/html", front), "no article"),
        ("gone", Answer::status(410), "status 410"),
        ("broken", Answer::status(500), "status 500"),
    ];
    let dir = tempfile::tempdir().unwrap();
    let answers: Vec<(String, Answer)> = cases.iter().map(|(id, a, _)| (format!("/news/{id}"), a.clone())).collect();
    let ids: Vec<&str> = cases.iter().map(|(id, ..)| *id).collect();
    let site = move |asked: &Asked| {
        if asked.path == "/bad/feed" {
            let title = |id: &str| format!("Police constable in court over {id}");
            return rss("Bad", &ids.iter().map(|id| item(asked, id, &title(id), born())).collect::<Vec<_>>());
        }
        let bad = answers.iter().find(|(path, _)| *path == asked.path).map(|(_, answer)| answer.clone());
        good(asked).or(bad).unwrap_or_else(|| Answer::status(404))
    };
    let done = run(dir.path(), site, "[[feed]]\nid = \"bad\"\nurl = \"BASE/bad/feed\"\n".to_owned()).await;
    let store = &done.app.pipeline.store;
    assert_eq!(store.alerts().await.unwrap().len(), 1, "the good article's alert");
    let alert = store.alerts().await.unwrap().remove(0);
    let base = alert.url.clone().unwrap().replace("/news/charge", "");
    for (id, _, says) in &cases {
        let why = ask(&done, Question::Why { what: format!("{base}/news/{id}") }).await;
        let trail = why["trail"].as_array().unwrap();
        let decisions: Vec<&Value> = trail.iter().flat_map(|s| s["decisions"].as_array().unwrap()).collect();
        let failed = decisions.iter().find(|d| d["rule"] == "page_not_had");
        let evidence = failed.unwrap_or_else(|| panic!("{id}: {why}"))["evidence"].as_str().unwrap();
        assert!(evidence.contains(says) && evidence.contains(&format!("/news/{id}")), "{id}: {evidence}");
        let article = trail.iter().find(|s| s["subject"]["kind"] == "article").unwrap_or_else(|| panic!("{id}: {why}"));
        let article = article["subject"]["id"].as_str().unwrap();
        let article = store.article(&conductwatch::domain::ArticleId::parse(article).unwrap()).await.unwrap().unwrap();
        assert_eq!(article.article.basis, Basis::HeadlineOnly, "{id}");
    }
    assert!(counted(&done, "pages_failed") >= cases.len() as u64);
}

fn program(args: &[&str], config: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conductwatch"));
    command.args(args).arg("--config").arg(config);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

/// A configuration in `dir` whose feed answers nothing.
fn write_config(dir: &Path, extra: &str) -> PathBuf {
    let path = dir.join("conductwatch.toml");
    std::fs::write(&path, config("http://127.0.0.1:1", dir, extra)).unwrap();
    path
}

#[tokio::test]
async fn two_equal_ids_are_both_named_and_nothing_is_started() {
    let dir = tempfile::tempdir().unwrap();
    let twice = "[[person]]\nid = \"cora-vell\"\nname = \"Another Cora Vell\"\n[[body]]\nname = \"Cora Vell\"\n";
    let path = write_config(dir.path(), twice);
    for command in [&["check"][..], &["run", "--once"], &["status"]] {
        let output = program(command, &path).output().await.unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(78), "{command:?}: {said}");
        for part in
            ["conductwatch.toml:18", "person[2].id", "`cora-vell`", "person[1]", "conductwatch.toml:15", "body[1]"]
        {
            assert!(said.contains(part), "{command:?} does not say {part}: {said}");
        }
    }
    assert!(!dir.path().join("store").exists());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named() {
    // Tests may run as root, who may write anywhere: so a file stands where the folder should be.
    let dir = tempfile::tempdir().unwrap();
    let wall = dir.path().join("wall");
    std::fs::write(&wall, "kept").unwrap();
    let base = config("http://127.0.0.1:1", dir.path(), "");
    for (line, with, args, code, says) in [
        (dir.path().join("store"), wall.join("store"), &["run", "--once"][..], 74, "wall/store"),
        (dir.path().join("control.sock"), wall.join("control.sock"), &["run"], 74, "wall/control.sock"),
    ] {
        let path = dir.path().join("changed.toml");
        std::fs::write(&path, base.replace(&format!("{line:?}"), &format!("{with:?}"))).unwrap();
        let output = timeout(Duration::from_secs(60), program(args, &path).output()).await.unwrap().unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(says), "{said}");
    }
    let mut init = Command::new(env!("CARGO_BIN_EXE_conductwatch"));
    let output = init.arg("init").arg(wall.join("new")).output().await.unwrap();
    assert_eq!(output.status.code(), Some(73), "{}", said(&output));
    assert!(said(&output).contains("wall/new"), "{}", said(&output));
    assert_eq!(std::fs::read_to_string(&wall).unwrap(), "kept");
}

/// A mail server that says `answer` to MAIL FROM for the first `times` mails, and takes the others; it counts attempts
/// and keeps the Message-IDs of what it took.
async fn mail_server(answer: &'static str, times: u64) -> (u16, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let attempts = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&attempts);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(mail_talk(stream, answer, times, Arc::clone(&count)));
        }
    });
    (port, attempts)
}

async fn mail_talk(mut stream: TcpStream, refusal: &str, times: u64, count: Arc<AtomicU64>) -> Option<()> {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.example ready\r\n").await.ok()?;
    let mut in_mail = false;
    while let Some(line) = lines.next_line().await.ok()? {
        let answer = match line.get(..4).unwrap_or(&line) {
            "." if in_mail => "250 queued",
            _ if in_mail => continue,
            "MAIL" if count.fetch_add(1, Ordering::Relaxed) < times => refusal,
            "DATA" => "354 go on",
            _ => "250 fine",
        };
        in_mail = answer.starts_with("354");
        write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}

#[tokio::test]
async fn a_mail_server_that_refuses_is_named_and_holds_nobody_up() {
    // (answer, mails refused, attempts in all, state in the end)
    for (answer, times, attempts, sent) in
        [("451 4.7.1 greylisted, come back", 3, 4, true), ("554 5.7.1 we know you not", 1000, 1, false)]
    {
        let (port, count) = mail_server(answer, times).await;
        let dir = tempfile::tempdir().unwrap();
        let mail = format!(
            "[[channel]]\nid = \"desk\"\nkind = \"email\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n\
             from = \"watch@watch.example\"\nto = [\"desk@reader.example\"]\nehlo_name = \"watch.example\"\n"
        );
        let done = run(dir.path(), |asked| good(asked).unwrap_or_else(|| Answer::status(404)), mail).await;
        let store = &done.app.pipeline.store;
        assert_eq!(count.load(Ordering::Relaxed), attempts, "{answer}");
        // What was handed over has left the outbox.
        let outbox = store.outbox().await.unwrap();
        assert!(outbox.iter().all(|d| d.channel.as_str() == "desk"), "{answer}: {outbox:?}");
        assert_eq!(outbox.is_empty(), sent, "{answer}: {outbox:?}");
        assert!(outbox.iter().all(|d| matches!(d.state, DeliveryState::Dead { .. })), "{answer}: {outbox:?}");
        let id = store.digests().await.unwrap().remove(0).0;
        assert!(dir.path().join(format!("digests/{id}.html")).exists(), "{answer}");
        // The trail of the digest has each refusal, with the server and its words.
        let why = ask(&done, Question::Why { what: id.to_string() }).await;
        let refusals = why["trail"][0]["decisions"].as_array().unwrap().iter();
        let refusals: Vec<&Value> = refusals.filter(|d| d["rule"] == "not_taken" || d["rule"] == "given_up").collect();
        assert_eq!(refusals.len() as u64, attempts - u64::from(sent), "{answer}: {why}");
        let words = answer.split_once(' ').unwrap().1.split_once(' ').unwrap().1;
        for refusal in refusals {
            let evidence = refusal["evidence"].as_str().unwrap();
            assert!(evidence.contains(&format!("127.0.0.1:{port}")) && evidence.contains(words), "{evidence}");
        }
        let status = ask(&done, Question::Status).await;
        assert_eq!(status["well"], sent, "{answer}: {status}");
        if !sent {
            assert!(status["deliveries"][0]["last_failure"].as_str().unwrap().contains("we know you not"), "{status}");
        }
        assert_eq!(counted(&done, "deliveries_failed"), attempts - u64::from(sent), "{answer}");
        assert_eq!(store.digests().await.unwrap().len(), 1);
    }
}

/// The steps of the test of a full disk, in a mount namespace of its own, so that nothing is left behind.
const FULL_DISK: &str = r#"
set -e
mount -t tmpfs -o size=80m none "$DISK"
mkdir "$DISK/cw"
run() { set +e; "$PROGRAM" "$@" --config "$CONFIG"; echo "EXIT $?"; set -e; }
run run --once
head -c 200m /dev/zero > "$DISK/fill" 2>/dev/null || true
echo FULL
run run --once
run alerts --json
rm "$DISK/fill"
echo ROOM
run run --once
run alerts --json
ls "$DISK/cw/digests"
"#;

#[tokio::test]
async fn a_full_disk_is_named_and_nothing_stored_before_is_lost() {
    let disk = tempfile::tempdir().unwrap();
    let able = Command::new("unshare")
        .args(["-rm", "mount", "-t", "tmpfs", "none"])
        .arg(disk.path())
        .stderr(Stdio::null())
        .status()
        .await;
    if !able.is_ok_and(|status| status.success()) {
        println!("a_full_disk: skipped, this machine lets nobody mount in a namespace of his own");
        return;
    }
    // The feed has one article at the first poll and two later.
    let polls = AtomicU64::new(0);
    let now: Timestamp = conductwatch::ports::Clock::now(&conductwatch::adapters::clock::SystemClock);
    let site = move |asked: &Asked| {
        let second = "Constable Cora Vell of Westmarch Police dismissed";
        match asked.path.as_str() {
            "/feed" => {
                let mut items = vec![item(asked, "charge", HEADLINE, now)];
                if polls.fetch_add(1, Ordering::Relaxed) > 0 {
                    items.push(item(asked, "dismissal", second, now));
                }
                rss("Westmarch Echo", &items)
            }
            "/news/charge" => page("Westmarch Echo", HEADLINE, now, &[TEXT, REST]),
            "/news/dismissal" => {
                let text = "Inspector Cora Vell was dismissed from Westmarch Police yesterday, the force said.";
                page("Westmarch Echo", second, now, &[text, REST])
            }
            _ => Answer::status(404),
        }
    };
    let (address, serving) = serve(site).await.unwrap();
    let serving = tokio::spawn(serving);
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("conductwatch.toml");
    std::fs::write(&path, config(&format!("http://{address}"), &disk.path().join("cw"), "")).unwrap();
    let mut child = Command::new("unshare")
        .args(["-rm", "sh", "-c", FULL_DISK])
        .env("DISK", disk.path())
        .env("PROGRAM", env!("CARGO_BIN_EXE_conductwatch"))
        .env("CONFIG", &path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let (mut out, mut err) = (String::new(), String::new());
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let both = async { tokio::join!(stdout.read_to_string(&mut out), stderr.read_to_string(&mut err)) };
    timeout(Duration::from_secs(120), both).await.unwrap().0.unwrap();
    serving.abort();
    let (before, rest) = out.split_once("FULL\n").unwrap_or_else(|| panic!("{out}\n{err}"));
    let (full, after) = rest.split_once("ROOM\n").unwrap_or_else(|| panic!("{out}\n{err}"));
    assert!(before.contains("1 alert raised") && before.contains("EXIT 0"), "{before}\n{err}");
    assert!(full.contains("EXIT 74"), "{full}\n{err}");
    assert!(err.contains("no room left on the disk") && err.contains(disk.path().to_str().unwrap()), "{err}");
    let alerts = |text: &str| {
        let line = text.lines().find(|l| l.starts_with("{\"alerts\"")).unwrap_or_else(|| panic!("{text}\n{err}"));
        serde_json::from_str::<Value>(line).unwrap()["alerts"].as_array().unwrap().clone()
    };
    let kept = alerts(full);
    assert_eq!(kept.len(), 1, "{full}");
    let later = alerts(after);
    assert_eq!(later.len(), 2, "{after}\n{err}");
    assert!(later.contains(&kept[0]), "what was stored before is as it was");
    assert_eq!(after.lines().filter(|l| l.ends_with(".html") && !l.starts_with("latest")).count(), 2, "{after}");
}
