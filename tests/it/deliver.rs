//! Channels over real sockets and files: whole bodies, routes, what is given up and sent again, trials of a channel.

use crate::support::{Item, page, rss};
use conductwatch::adapters::deliver::{
    AtomChannel, AtomSettings, PeerSettings, SlackChannel, WebhookChannel, WebhookSettings,
};
use conductwatch::adapters::http::AllowRule;
use conductwatch::demo::server::{Answer, Asked, serve};
use conductwatch::demo::{Simulated, simulate};
use conductwatch::domain::{ChannelId, DeliveryState, Digest, DigestId};
use conductwatch::pipeline::{Change, Question, message};
use conductwatch::ports::{Channel, DeliverFault, Message};
use conductwatch::stages::digest::trial;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What was posted to a loopback server.
type Posted = Arc<Mutex<Vec<Asked>>>;

/// A peer on loopback that keeps what is posted to it; its `n`th answer, counted from 0, is what `answer` says.
async fn peer(answer: impl Fn(usize) -> Answer + Send + Sync + 'static) -> (String, Posted) {
    let posted = Posted::default();
    let kept = Arc::clone(&posted);
    let (address, serving) = serve(move |asked: &Asked| {
        let mut kept = kept.lock().unwrap();
        kept.push(asked.clone());
        answer(kept.len() - 1)
    })
    .await
    .unwrap();
    tokio::spawn(serving);
    (format!("http://{address}"), posted)
}

fn ok(_: usize) -> Answer {
    Answer::ok("text/plain", "ok")
}

fn id(name: &str) -> ChannelId {
    ChannelId::parse(name).unwrap()
}

fn settings(address: String) -> PeerSettings {
    PeerSettings {
        address,
        allow: vec![AllowRule::parse("127.0.0.0/8").unwrap()],
        timeout: Duration::from_millis(300),
        contact: None,
    }
}

fn now() -> Timestamp {
    "2024-05-15T08:12:30Z".parse().unwrap()
}

/// The sample digest as a message to `channel`; its id and times are fixed.
fn sample(channel: &str) -> Message {
    let mut digest = trial(now(), "Europe/London");
    digest.id = DigestId::parse("20240515-0730-d09940").unwrap();
    digest.subject = digest.subject.replace("Test: ", "");
    digest.notices.remove(0);
    message(&digest, format!("{}.{channel}", digest.id))
}

fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/deliver").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == found, "{} differs; UPDATE_GOLDEN=1 cargo test rewrites it. Found:\n{found}", path.display());
}

/// A request as it came, but for what names the loopback port or the program's version.
fn request(asked: &Asked) -> String {
    let mut out = format!("{} {}\n", asked.method, asked.path);
    for (name, value) in asked.headers.iter().filter(|(name, _)| !["host", "user-agent"].contains(&name.as_str())) {
        out += &format!("{name}: {value}\n");
    }
    let body: Value = serde_json::from_slice(&asked.body).unwrap();
    format!("{out}\n{}\n", serde_json::to_string_pretty(&body).unwrap())
}

#[tokio::test]
async fn the_whole_request_of_a_webhook_is_as_stored() {
    let (base, posted) = peer(ok).await;
    let secret = Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
    let settings = WebhookSettings { peer: settings(format!("{base}/hooks/digest")), secret };
    let channel = WebhookChannel::new(id("program"), settings).unwrap();
    let receipt = channel.deliver(&sample("program"), now()).await.unwrap();
    assert_eq!((receipt.answer.as_str(), receipt.receivers.len()), ("200 ok", 0));
    golden("webhook.http", &request(&posted.lock().unwrap()[0]));
}

#[tokio::test]
async fn the_whole_messages_in_slacks_form_are_as_stored() {
    for (name, path) in [("slack", "/services/T1/B1/x"), ("discord", "/api/webhooks/1/x/slack")] {
        let (base, posted) = peer(ok).await;
        let channel = SlackChannel::new(id("room"), settings(format!("{base}{path}"))).unwrap();
        let mut message = sample("room");
        for part in 0..channel.parts(&message) {
            message.part = part;
            channel.deliver(&message, now()).await.unwrap();
        }
        let posted = posted.lock().unwrap();
        golden(&format!("{name}.http"), &posted.iter().map(request).collect::<Vec<_>>().join("\n"));
    }
}

#[tokio::test]
async fn the_whole_feed_of_alerts_is_as_stored() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("alerts.xml");
    let address = Some("https://watch.example/alerts.xml".to_owned());
    let settings = AtomSettings { path: path.clone(), title: "Alerts".into(), address, entries: 100 };
    AtomChannel::new(id("feed"), settings).deliver(&sample("feed"), now()).await.unwrap();
    golden("atom.xml", &std::fs::read_to_string(path).unwrap());
}

#[tokio::test]
async fn a_peer_that_takes_it_and_says_nothing_gets_it_again_under_the_same_key() {
    // It takes the first, and falls silent: nobody can know that it has it.
    let (base, posted) = peer(|n| if n == 0 { Answer::status(0) } else { ok(n) }).await;
    let secret = Some("a secret of twenty-four bytes".to_owned());
    let settings = WebhookSettings { peer: settings(format!("{base}/s3cr3t-path")), secret };
    let channel = WebhookChannel::new(id("program"), settings).unwrap();
    let error = channel.deliver(&sample("program"), now()).await.unwrap_err();
    assert_eq!(error.fault, DeliverFault::Unreachable);
    assert!(
        error.retry() && error.message.contains("no answer within") && !error.message.contains("s3cr3t"),
        "{error}"
    );
    channel.deliver(&sample("program"), now() + SignedDuration::from_mins(1)).await.unwrap();
    let posted = posted.lock().unwrap();
    let [first, second] = posted.as_slice() else { panic!("{posted:#?}") };
    assert_eq!(first.body, second.body);
    for header in ["idempotency-key", "webhook-id"] {
        assert!(first.header(header).is_some() && first.header(header) == second.header(header), "{header}");
    }
    assert_ne!(first.header("webhook-timestamp"), second.header("webhook-timestamp"));
}

#[tokio::test]
async fn an_answer_says_whether_and_when_to_come_back() {
    for (answer, fault, after) in [
        (Answer::status(429).with("retry-after", "7"), DeliverFault::Deferred, Some(7)),
        (Answer::status(503), DeliverFault::Deferred, None),
        (Answer::status(410), DeliverFault::Refused, None),
        (Answer::status(302).with("location", "https://elsewhere.example/"), DeliverFault::Refused, None),
    ] {
        let status = answer.status;
        let (base, posted) = peer(move |_| answer.clone()).await;
        let channel = SlackChannel::new(id("room"), settings(format!("{base}/x"))).unwrap();
        let error = channel.deliver(&sample("room"), now()).await.unwrap_err();
        assert_eq!((error.fault, error.after.map(|a| a.as_secs())), (fault, after), "{error}");
        assert!(error.message.contains(&format!("HTTP {status}")), "{error}");
        assert_eq!(posted.lock().unwrap().len(), 1, "no redirect is followed");
    }
}

const REST: &str = "The force said that it had taken note of the matter and would not comment while it went on. It runs the \
                    stations at Aldmoor and Fennel Bridge, and has eleven hundred officers on its books.";

/// What happened, as the one outlet tells it: id, hours after the start, headline, sentence.
const STORIES: &[(&str, i64, &str, &str)] = &[
    (
        "charge",
        1,
        "Sergeant Ada Marrick charged",
        "Sergeant Ada Marrick, 41, of Westmarch Police, was charged on Monday with fraud, prosecutors said.",
    ),
    (
        "arrest",
        1,
        "Inspector Bryn Osgood arrested",
        "Inspector Bryn Osgood, of Northvale Police, was arrested on Monday on suspicion of theft, the force said.",
    ),
];
const NOT_CHARGED: &str =
    "Sergeant Ada Marrick, 41, of Westmarch Police, was not charged on Monday with fraud, prosecutors said.";

fn start() -> Timestamp {
    "2026-03-10T06:00:00Z".parse().unwrap()
}

/// Runs the service over `dir` for `hours` from the start with the channels and routes of `extra`. From `edited` hours on the
/// charge is told otherwise.
async fn run(dir: &Path, hours: (i64, i64), edited: i64, extra: &str) -> Simulated {
    let at = |n: i64| start() + SignedDuration::from_hours(n);
    let site = move |asked: &Asked, now: Timestamp| {
        let host = asked.header("host").unwrap_or("");
        if asked.path == "/feed" {
            let items: Vec<Item> = STORIES
                .iter()
                .filter(|(_, hour, ..)| at(*hour) <= now)
                .map(|(id, hour, title, _)| Item {
                    id: (*id).to_owned(),
                    link: format!("http://{host}/news/{id}"),
                    title: (*title).to_owned(),
                    summary: String::new(),
                    published: at(*hour),
                })
                .collect();
            return rss("Westmarch Echo", &items);
        }
        let found = STORIES.iter().find(|(id, ..)| asked.path == format!("/news/{id}"));
        found.map_or_else(
            || Answer::status(404),
            |(id, hour, title, text)| {
                let text = if *id == "charge" && at(edited) <= now { NOT_CHARGED } else { *text };
                page("Westmarch Echo", title, at(*hour), &[text, REST])
            },
        )
    };
    let folder = dir.to_path_buf();
    let extra = extra.to_owned();
    let configure = move |base: &str| {
        format!(
            "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[poll]\nallow_private = [\"127.0.0.0/8\"]\n{extra}\n\
             [[feed]]\nid = \"echo\"\nname = \"Westmarch Echo\"\nurl = \"{base}/feed\"\n\
             [[person]]\nname = \"Ada Marrick\"\n[[person]]\nname = \"Bryn Osgood\"\n",
            folder.join("store"),
            folder.join("control.sock"),
        )
    };
    simulate(dir, at(hours.0), at(hours.1), site, configure, |_| {}).await.unwrap()
}

/// What each channel was sent: the types of the alerts, digest by digest, the oldest first.
async fn sent(done: &Simulated) -> BTreeMap<String, Vec<Vec<&'static str>>> {
    let store = &done.app.pipeline.store;
    let mut out: BTreeMap<String, Vec<Vec<&'static str>>> = BTreeMap::new();
    for (id, _) in store.digests().await.unwrap().into_iter().rev() {
        let digest: Digest = store.digest(&id).await.unwrap().unwrap();
        for delivery in store.deliveries(&id).await.unwrap() {
            assert!(matches!(delivery.state, DeliveryState::Sent { .. }), "{delivery:?}");
            let types = digest.alerts().map(|a| a.type_name()).collect();
            out.entry(delivery.channel.to_string()).or_default().push(types);
        }
    }
    out
}

#[tokio::test]
async fn each_channel_gets_what_its_routes_take_and_corrections_of_what_it_got() {
    let dir = tempfile::tempdir().unwrap();
    let folder = |name: &str| format!("[[channel]]\nid = \"{name}\"\nkind = \"file\"\npath = \"{name}\"\n");
    let feed = "[[channel]]\nid = \"feed\"\nkind = \"atom\"\npath = \"feed/alerts.xml\"\n";
    let routes = "[[route]]\nentities = [\"ada-marrick\"]\nlevel = \"major\"\nchannels = [\"desk\", \"feed\"]\n\
                  [[route]]\ntypes = [\"arrest\"]\nchannels = [\"crime\"]\n";
    let extra = [folder("desk"), folder("crime"), folder("rest"), feed.to_owned(), routes.to_owned()].concat();
    let done = run(dir.path(), (0, 30), 3, &extra).await;
    let got = sent(&done).await;
    let list = |name: &str| got.get(name).cloned().unwrap_or_default();
    // The silent edit is minor, so no route takes it; it goes to those who got the charge, and to nobody else.
    assert_eq!(list("desk"), [vec!["charge"], vec!["silent_edit"]], "{got:#?}");
    assert_eq!(list("feed"), list("desk"));
    assert_eq!(list("crime"), [vec!["arrest"]]);
    assert_eq!(list("rest"), Vec::<Vec<&str>>::new());
    let xml = std::fs::read(dir.path().join("feed/alerts.xml")).unwrap();
    let entries = feed_rs::parser::parse(xml.as_slice()).unwrap().entries;
    assert_eq!(entries.len(), 2);
    let related = |e: &feed_rs::model::Entry| {
        e.links.iter().find(|l| l.rel.as_deref() == Some("related")).map(|l| l.href.clone())
    };
    assert_eq!(related(&entries[0]), Some(entries[1].id.clone()), "the correction points to the first");
    // Why it went there is in the trail.
    let charge =
        done.app.pipeline.store.alerts().await.unwrap().into_iter().find(|a| a.type_name() == "charge").unwrap();
    let why = done.app.pipeline.answer(&Question::Why { what: charge.id.to_string() }).await.unwrap().to_string();
    assert!(why.contains("desk, feed: by route 1"), "{why}");
    let digest = std::fs::read_dir(dir.path().join("crime")).unwrap().count();
    assert_eq!(digest, 4, "three files of one digest, and the latest");
}

#[tokio::test]
async fn what_no_route_takes_goes_to_the_channels_that_no_route_names() {
    let dir = tempfile::tempdir().unwrap();
    let folder = |name: &str| format!("[[channel]]\nid = \"{name}\"\nkind = \"file\"\npath = \"{name}\"\n");
    let route = "[[route]]\nentities = [\"ada-marrick\"]\nchannels = [\"desk\"]\n";
    let done = run(dir.path(), (0, 14), 99, &[folder("desk"), folder("rest"), route.to_owned()].concat()).await;
    let got = sent(&done).await;
    assert_eq!((got["desk"].clone(), got["rest"].clone()), (vec![vec!["charge"]], vec![vec!["arrest"]]));
}

#[tokio::test]
async fn what_was_given_up_shows_and_is_sent_again_under_its_key() {
    let dir = tempfile::tempdir().unwrap();
    // It refuses the first for good, then takes all.
    let (base, posted) = peer(|n| if n == 0 { Answer::status(403) } else { ok(n) }).await;
    let extra = format!(
        "[[channel]]\nid = \"program\"\nkind = \"webhook\"\nurl = \"{base}/s3cr3t-path\"\nallow_private = [\"127.0.0.0/8\"]\n\
         [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = \"digests\"\n"
    );
    let done = run(dir.path(), (0, 14), 99, &extra).await;
    let pipeline = done.app.pipeline.current();
    let status = pipeline.answer(&Question::Status).await.unwrap();
    assert_eq!(status["well"], false);
    assert_eq!(
        (&status["deliveries"][0]["state"], &status["deliveries"][0]["channel"]),
        (&"given up".into(), &"program".into())
    );
    assert!(!status.to_string().contains("s3cr3t"), "{status}");
    let resend = |channel: Option<&str>| Change::Resend { digest: "latest".into(), channel: channel.map(id) };
    let made = pipeline.change(&resend(None)).await.unwrap();
    assert_eq!((&made["resent"][0]["channel"], &made["resent"][0]["was"]), (&"program".into(), &"given_up".into()));
    assert_eq!(made["resent"].as_array().unwrap().len(), 1, "the folder has it");
    assert_eq!(pipeline.deliver_due().await.unwrap().sent.len(), 1);
    assert_eq!(pipeline.answer(&Question::Status).await.unwrap()["well"], true);
    // Nothing is left to send again, but to whom it is named.
    let error = pipeline.change(&resend(None)).await.unwrap_err().to_string();
    assert!(error.contains("--channel"), "{error}");
    let error = pipeline.change(&resend(Some("nobody"))).await.unwrap_err().to_string();
    assert!(error.contains("folder, program"), "{error}");
    pipeline.change(&resend(Some("program"))).await.unwrap();
    assert_eq!(pipeline.deliver_due().await.unwrap().sent.len(), 1);
    let posted = posted.lock().unwrap();
    let keys: Vec<&str> = posted.iter().map(|asked| asked.header("idempotency-key").unwrap()).collect();
    assert_eq!(keys.len(), 3);
    assert!(keys[0] == keys[1] && keys[1] != keys[2], "{keys:?}");
}

#[tokio::test]
async fn the_parts_of_a_digest_are_each_taken_once_over_failures() {
    let dir = tempfile::tempdir().unwrap();
    // The second message is put off twice; the digest of the two alerts fits in no single message of so little room.
    let (base, posted) =
        peer(|n| if n == 1 || n == 2 { Answer::status(429).with("retry-after", "90") } else { ok(n) }).await;
    let extra = "[[channel]]\nid = \"room\"\nkind = \"slack\"\nurl_file = \"room-address\"\nallow_private = [\"127.0.0.0/8\"]\n";
    std::fs::write(dir.path().join("room-address"), format!("{base}/api/s3cr3t-path/slack\n")).unwrap();
    let done = run(dir.path(), (0, 1), 99, extra).await;
    // A digest of real size, put in the store as one that was made.
    let pipeline = done.app.pipeline.current();
    let now = pipeline.clock.now();
    let digest = trial(now, "Europe/London");
    let work = conductwatch::ports::DigestCommit {
        deliveries: vec![conductwatch::domain::Delivery::new(digest.id.clone(), id("room"), now)],
        digest: Some(digest.clone()),
        also: Vec::new(),
        alerts: Vec::new(),
        covered_until: now,
        decisions: Vec::new(),
    };
    pipeline.store.commit_digest(work).await.unwrap();
    let mut rounds = 0;
    while !matches!(pipeline.store.deliveries(&digest.id).await.unwrap()[0].state, DeliveryState::Sent { .. }) {
        let mut delivery = pipeline.store.deliveries(&digest.id).await.unwrap().remove(0);
        if let DeliveryState::Pending { due } = &mut delivery.state {
            if delivery.last_failure.is_some() {
                assert!(due.duration_since(now) >= SignedDuration::from_secs(90), "at least as long as the peer asks");
            }
            // The clock stands; what is due later is made due now.
            *due = now;
        }
        let decision = conductwatch::domain::Decision {
            subject: conductwatch::domain::Subject::Digest(digest.id.clone()),
            stage: conductwatch::domain::Stage::Deliver,
            rule: "test".into(),
            outcome: conductwatch::domain::Outcome::Deferred,
            evidence: String::new(),
            at: now,
        };
        pipeline.store.commit_delivery(delivery, decision).await.unwrap();
        pipeline.deliver_due().await.unwrap();
        rounds += 1;
        assert!(rounds < 30);
    }
    let posted = posted.lock().unwrap();
    let texts: Vec<String> = posted
        .iter()
        .map(|asked| serde_json::from_slice::<Value>(&asked.body).unwrap()["text"].as_str().unwrap().to_owned())
        .collect();
    assert!(texts.len() >= 4, "{} messages", texts.len());
    assert!(
        texts[1] == texts[2] && texts[2] == texts[3] && texts[0] != texts[1],
        "the second is tried again, the first is not"
    );
    let mut once = texts.clone();
    once.dedup();
    assert_eq!(once.len() + 2, texts.len());
    assert!(once.concat().contains("Daniel Ellery") && once.last().unwrap().contains(digest.id.as_str()));
}

/// Exit code, standard output and standard error of the program.
async fn program(args: &[&str]) -> (i32, String, String) {
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_conductwatch")).args(args).output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn a_trial_says_in_one_line_what_the_peer_says() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("c.toml");
    let (base, posted) = peer(ok).await;
    let (refusing, _) = peer(|_| Answer::status(404)).await;
    let loopback = "allow_private = [\"127.0.0.0/8\"]";
    std::fs::write(dir.path().join("address"), format!("{base}/s3cr3t-path\n")).unwrap();
    let text = format!(
        "[store]\npath = \"store\"\n\
         [[channel]]\nid = \"room\"\nkind = \"slack\"\nurl_file = \"address\"\n{loopback}\n\
         [[channel]]\nid = \"program\"\nkind = \"webhook\"\nurl = \"{refusing}/s3cr3t-path\"\n{loopback}\n\
         [[channel]]\nid = \"closed\"\nkind = \"webhook\"\nurl = \"http://127.0.0.1:1/s3cr3t-path\"\n{loopback}\n\
         [[channel]]\nid = \"guarded\"\nkind = \"webhook\"\nurl = \"{base}/s3cr3t-path\"\n\
         [[channel]]\nid = \"unread\"\nkind = \"slack\"\nurl_file = \"no-such-file\"\n\
         [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = \"digests\"\n\
         [[channel]]\nid = \"feed\"\nkind = \"atom\"\npath = \"feed.xml\"\n"
    );
    std::fs::write(&config, text).unwrap();
    for (channel, code, said) in [
        ("room", 0, "room: taken: 200 ok"),
        ("folder", 0, "folder: taken: "),
        ("feed", 0, "feed.xml"),
        ("program", 69, "program: not taken (refused): http://127.0.0.1:"),
        ("closed", 69, "closed: not taken (unreachable): http://127.0.0.1:1: cannot connect"),
        ("guarded", 78, "guarded: not taken (local): "),
        ("unread", 78, "channel[5].url_file: cannot read"),
        ("rom", 78, "no channel has the id `rom`: did you mean `room`?"),
    ] {
        let (got, out, err) = program(&["notify", "test", channel, "--config", config.to_str().unwrap()]).await;
        assert_eq!(got, code, "{channel}: {out}{err}");
        assert!(format!("{out}{err}").contains(said), "{channel}: {out}{err}");
        assert!(!format!("{out}{err}").contains("s3cr3t"), "{channel}: {out}{err}");
        assert!(format!("{out}{err}").trim_end().lines().count() <= 2, "{out}{err}");
    }
    let first = posted.lock().unwrap()[0].clone();
    let body: Value = serde_json::from_slice(&first.body).unwrap();
    assert!(body["text"].as_str().unwrap().contains("*Test: "), "{body}");
    assert!(!dir.path().join("digests/latest.html").exists() && !dir.path().join("store").exists());
    let (code, out, _) = program(&["notify", "test", "program", "--json", "--config", config.to_str().unwrap()]).await;
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &told["taken"], &told["fault"]), (69, &false.into(), &"refused".into()));
    // What is checked and shown of a configuration holds no address either.
    let (_, out, err) = program(&["check", "--config", config.to_str().unwrap()]).await;
    assert!(!format!("{out}{err}").contains("s3cr3t"), "{out}{err}");
}

#[tokio::test]
async fn the_running_service_calls_its_heartbeat_and_says_when_that_fails() {
    for (status, said) in [(200, ""), (500, "HTTP 500")] {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("c.toml");
        let (base, called) = peer(move |_| Answer::status(status)).await;
        std::fs::write(dir.path().join("beat"), format!("{base}/ping/s3cr3t-path\n")).unwrap();
        let text = "[store]\npath = \"store\"\n[heartbeat]\nurl_file = \"beat\"\nallow_private = [\"127.0.0.0/8\"]\n";
        std::fs::write(&config, text).unwrap();
        let mut daemon = tokio::process::Command::new(env!("CARGO_BIN_EXE_conductwatch"))
            .args(["run", "--config"])
            .arg(&config)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut heartbeat = Value::Null;
        for _ in 0..200 {
            let waited = tokio::time::timeout(Duration::from_millis(100), daemon.wait()).await;
            assert!(waited.is_err(), "the daemon ended by itself: {waited:?}");
            if called.lock().unwrap().is_empty() {
                continue;
            }
            let (_, out, _) = program(&["status", "--json", "--config", config.to_str().unwrap()]).await;
            heartbeat = serde_json::from_str::<Value>(&out).unwrap()["heartbeat"].clone();
            if heartbeat["last_call"].is_string() || heartbeat["failure"].is_string() {
                break;
            }
        }
        assert_eq!(heartbeat["last_call"].is_string(), status == 200, "{heartbeat}");
        assert!(heartbeat["failure"].as_str().unwrap_or("").contains(said), "{heartbeat}");
        assert!(!heartbeat.to_string().contains("s3cr3t"), "{heartbeat}");
        let called = called.lock().unwrap();
        assert_eq!((called[0].method.as_str(), called[0].path.as_str()), ("GET", "/ping/s3cr3t-path"));
    }
}
