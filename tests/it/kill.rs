//! `kill -9` between any two steps: the real daemon against a loopback newsroom, killed again and again, with a folder, a
//! webhook and a feed of alerts to deliver to. `scripts/kills` does it 200 times.

use crate::support::{Item, page, rss};
use conductwatch::demo::server::{Answer, serve};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How often the daemon is killed, where `CONDUCTWATCH_KILLS` does not say.
const KILLS: usize = 24;

fn kills() -> usize {
    std::env::var("CONDUCTWATCH_KILLS").map_or(KILLS, |n| n.parse().unwrap())
}

/// The officers: enough for `total` stories of four each.
fn names(total: usize) -> Vec<String> {
    let first = ["Ada", "Bryn", "Cleo", "Dara", "Evan", "Fay", "Gil", "Hope"];
    let start = ["Marr", "Osg", "Tarr", "Whinn", "Yard", "Zenn", "Brack", "Dunm"];
    let end = ["ick", "ood", "ow", "ley", "stone", "or", "ett", "ore"];
    let one = |n: usize| format!("{} {}{}", first[n % 8], start[(n + n / 8) % 8], end[n / 8 % 8]);
    (0..total.div_ceil(4).max(8)).map(one).collect()
}

/// An article for each kill and two more; each tells one development of one watched officer.
fn story(n: usize, total: usize) -> (String, String) {
    let names = names(total);
    let name = &names[n % names.len()];
    let (what, text) = match n / names.len() {
        0 => (
            "arrested",
            format!(
                "Sergeant {name} of Westmarch Police was arrested yesterday on suspicion of fraud, the force said."
            ),
        ),
        1 => (
            "charged",
            format!("Sergeant {name} of Westmarch Police was charged yesterday with fraud, prosecutors said."),
        ),
        2 => (
            "suspended",
            format!("Sergeant {name} of Westmarch Police was suspended from duty yesterday, the force said."),
        ),
        _ => ("resigned", format!("Sergeant {name} of Westmarch Police resigned yesterday, the force said.")),
    };
    (format!("Sergeant {name} {what}"), text)
}

/// A cheap generator of kill moments: the same in every run.
fn next_random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

fn start_daemon(config: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_conductwatch"))
        .args(["run", "--config"])
        .arg(config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

async fn ask(config: &Path, command: &[&str]) -> Value {
    try_ask(config, command).await.unwrap_or_else(|said| panic!("{command:?}: {said}"))
}

/// The answer to a command, or what it said instead.
async fn try_ask(config: &Path, command: &[&str]) -> Result<Value, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_conductwatch"))
        .args(command)
        .args(["--json", "--config"])
        .arg(config)
        .output()
        .await
        .unwrap();
    serde_json::from_slice(&output.stdout).map_err(|e| format!("{e}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// What the webhook's peer was handed: for each key the bodies, in order.
type Handed = Arc<Mutex<BTreeMap<String, Vec<Vec<u8>>>>>;

#[tokio::test]
async fn every_alert_is_stored_once_and_delivered_once_per_key_over_kills() {
    let dir = tempfile::tempdir().unwrap();
    let told = Arc::new(AtomicUsize::new(1));
    let wanted = kills();
    let total = wanted + 2;
    // One alert for each, and the silent edit of the first.
    let expected = total + 1;
    let born: Timestamp = conductwatch::ports::Clock::now(&conductwatch::adapters::clock::SystemClock);
    let handed = Handed::default();
    let site = {
        let (told, handed) = (Arc::clone(&told), Arc::clone(&handed));
        // Half-way through, the first article is made to say the contrary.
        let edited = {
            let told = Arc::clone(&told);
            move |n: usize| n == 0 && told.load(Ordering::SeqCst) > wanted / 2
        };
        move |asked: &conductwatch::demo::server::Asked| {
            let host = asked.header("host").unwrap_or("").to_owned();
            if asked.method == "POST" {
                let key = asked.header("idempotency-key").unwrap().to_owned();
                handed.lock().unwrap().entry(key).or_default().push(asked.body.clone());
                return Answer::status(204);
            }
            let at = |n: usize| born - SignedDuration::from_mins((total - n) as i64);
            if asked.path == "/feed" {
                let items: Vec<Item> = (0..told.load(Ordering::SeqCst).min(total))
                    .map(|n| Item {
                        id: format!("item-{n}"),
                        link: format!("http://{host}/news/{n}"),
                        title: story(n, total).0 + if edited(n) { ", says nobody" } else { "" },
                        summary: String::new(),
                        published: at(n),
                    })
                    .collect();
                return rss("Westmarch Echo", &items);
            }
            match asked.path.strip_prefix("/news/").and_then(|n| n.parse::<usize>().ok()) {
                Some(n) if n < total => {
                    let (headline, mut text) = story(n, total);
                    if edited(n) {
                        text = text.replace(" was ", " was not ");
                    }
                    page(
                        "Westmarch Echo",
                        &headline,
                        at(n),
                        &[
                            &text,
                            "The force, which has its headquarters in Aldmoor and covers three rural districts, said that it could not add anything for the time being.",
                        ],
                    )
                }
                _ => Answer::status(404),
            }
        }
    };
    let (address, serving) = serve(site).await.unwrap();
    let serving = tokio::spawn(serving);
    let mut watchlist = String::new();
    for name in &names(total) {
        watchlist += &format!("[[person]]\nid = \"{}\"\nname = \"{name}\"\n", name.to_lowercase().replace(' ', "-"));
    }
    let config = dir.path().join("conductwatch.toml");
    let text = format!(
        "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[poll]\ninterval = \"1s\"\nmin_interval = \"1s\"\nhost_pause = \"0s\"\n\
         allow_private = [\"127.0.0.0/8\"]\n[digest]\nhours = \"immediate\"\n[[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
         [[channel]]\nid = \"program\"\nkind = \"webhook\"\nurl = \"http://{address}/hook\"\nallow_private = [\"127.0.0.0/8\"]\n\
         [[channel]]\nid = \"feed\"\nkind = \"atom\"\npath = {:?}\nentries = 10000\n\
         [alerts]\nflood = 0\n\
         [[feed]]\nid = \"echo\"\nname = \"Westmarch Echo\"\nurl = \"http://{address}/feed\"\n{watchlist}",
        dir.path().join("store"),
        dir.path().join("control.sock"),
        dir.path().join("digests"),
        dir.path().join("alerts.xml"),
    );
    std::fs::write(&config, text).unwrap();

    let mut seed = 20_260_310;
    let mut kills = 0;
    while kills < wanted {
        let mut daemon = start_daemon(&config);
        let wait = Duration::from_millis(200 + next_random(&mut seed) % 2_000);
        match timeout(wait, daemon.wait()).await {
            Err(_) => {
                daemon.kill().await.unwrap();
                kills += 1;
                told.fetch_add(1, Ordering::SeqCst);
            }
            Ok(status) => panic!("the daemon ended by itself: {status:?}"),
        }
    }
    told.store(total, Ordering::SeqCst);
    // Now it may run until everything is told; asked over its socket, as a user would.
    let mut daemon = start_daemon(&config);
    let mut delivered = false;
    for _ in 0..120 + wanted {
        if timeout(Duration::from_millis(500), daemon.wait()).await.is_ok() {
            panic!("the daemon ended by itself");
        }
        // While it opens its store there is no answer yet.
        let Ok(status) = try_ask(&config, &["status"]).await else { continue };
        let counts = &status["counts"];
        if counts["alerts"].as_u64() >= Some(expected as u64)
            && counts["alerts_waiting"] == 0
            && counts["deliveries_waiting"] == 0
        {
            delivered = true;
            break;
        }
    }
    let alerts = ask(&config, &["alerts"]).await;
    let second =
        Command::new(env!("CARGO_BIN_EXE_conductwatch")).args(["run", "--config"]).arg(&config).output().await.unwrap();
    daemon.kill().await.unwrap();
    serving.abort();

    let mut by_development: BTreeMap<String, usize> = BTreeMap::new();
    for alert in alerts["alerts"].as_array().unwrap() {
        *by_development.entry(format!("{} {} {}", alert["kind"], alert["type"], alert["tracked"][0])).or_default() += 1;
    }
    assert!(delivered, "not everything was told: {by_development:#?}");
    assert_eq!(by_development.len(), expected, "{by_development:#?}");
    assert!(by_development.values().all(|n| *n == 1), "an alert was stored twice: {by_development:#?}");
    // Each alert in exactly one delivered digest, each digest under exactly one key.
    let mut told_in: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut digests = 0;
    for file in std::fs::read_dir(dir.path().join("digests")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".json") && !name.starts_with("latest") {
            digests += 1;
            let digest: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            collect_alert_ids(&digest, &name, &mut told_in);
        }
    }
    assert_eq!(told_in.len(), expected, "alerts in delivered digests");
    assert!(told_in.values().all(|files| files.len() == 1), "an alert was delivered twice: {told_in:#?}");
    // The same of the webhook: a repeat has the key and the body of the first, so that the other side can tell.
    let handed = handed.lock().unwrap();
    let mut by_key: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, bodies) in handed.iter() {
        assert!(bodies.iter().all(|body| body == &bodies[0]), "{key}: a repeat differs");
        let body: Value = serde_json::from_slice(&bodies[0]).unwrap();
        collect_alert_ids(&body["data"], key, &mut by_key);
    }
    assert_eq!(by_key.len(), expected, "alerts taken by the webhook");
    assert!(by_key.values().all(|keys| keys.len() == 1), "an alert was delivered under two keys: {by_key:#?}");
    assert_eq!(by_key.keys().collect::<Vec<_>>(), told_in.keys().collect::<Vec<_>>());
    // And of the feed, read by a parser that is not ours.
    let feed = feed_rs::parser::parse(std::fs::read(dir.path().join("alerts.xml")).unwrap().as_slice()).unwrap();
    let mut entries: Vec<&str> = feed.entries.iter().map(|e| e.id.as_str()).collect();
    entries.sort_unstable();
    entries.dedup();
    assert_eq!((entries.len(), feed.entries.len()), (expected, expected), "entries of the feed");
    let repeats: usize = handed.values().map(|bodies| bodies.len() - 1).sum();
    // A second service on the same store is told so.
    assert_eq!(second.status.code(), Some(75), "{}", String::from_utf8_lossy(&second.stderr));
    println!("kill test: {kills} kills, {expected} alerts expected, {expected} stored once, in {digests} digests");
    println!("  channel   alerts lost   twice under two keys   repeats under one key");
    println!("  file      0             0                      - (the same files)");
    println!("  webhook   0             0                      {repeats}");
    println!("  atom      0             0                      - (the same entries)");
}

fn collect_alert_ids(digest: &Value, file: &str, out: &mut BTreeMap<String, Vec<String>>) {
    let list = |value: &Value| value.as_array().unwrap().clone();
    let of_section = |section: &Value| {
        let stories = list(&section["stories"]);
        stories.iter().flat_map(|story| list(&story["items"])).chain(list(&section["minor"])).collect::<Vec<_>>()
    };
    let items = list(&digest["sections"]).iter().flat_map(of_section).collect::<Vec<_>>();
    for item in items.into_iter().chain(list(&digest["corrections"])) {
        for alert in [&item].into_iter().chain(item["with"].as_array().unwrap()) {
            out.entry(alert["alert"].as_str().unwrap().to_owned()).or_default().push(file.to_owned());
        }
    }
}
