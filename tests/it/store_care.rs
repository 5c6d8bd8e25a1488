//! The care of the store from the command line: the restore drill, and what a user reads when something is wrong.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn run(config: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_conductwatch")).args(args).arg("--config").arg(config).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command that must succeed, and says what was run and what it printed.
fn step(config: &Path, args: &[&str]) -> String {
    let output = run(config, args);
    println!("$ conductwatch {}\n{}", args.join(" "), out(&output));
    assert!(output.status.success(), "{args:?}: {}", err(&output));
    out(&output)
}

fn json(config: &Path, args: &[&str]) -> Value {
    let output = run(config, &[args, &["--json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", err(&output)))
}

/// A store that the demo filled, and its configuration. The demo's site is gone, so a service on it has nothing to poll.
async fn demo(dir: &Path) -> PathBuf {
    conductwatch::demo::run(dir, |_, _| {}).await.unwrap();
    dir.join("conductwatch.toml")
}

fn store_of(config: &Path) -> PathBuf {
    conductwatch::cli::load_config(config.to_str().unwrap()).unwrap().store.path
}

/// The service, until it answers.
async fn service(config: &Path) -> tokio::process::Child {
    let mut child = tokio::process::Command::new(env!("CARGO_BIN_EXE_conductwatch"))
        .args(["run", "--config"])
        .arg(config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    for _ in 0..120 {
        assert!(tokio::time::timeout(Duration::from_millis(250), child.wait()).await.is_err(), "the service ended");
        // Until its socket is there, only the store's lock says that it runs.
        let said = run(config, &["status", "--json"]);
        if serde_json::from_slice::<Value>(&said.stdout).is_ok_and(|status| status["service"].is_object()) {
            return child;
        }
    }
    panic!("the service does not answer");
}

#[tokio::test]
async fn a_restore_drill() {
    let dir = tempfile::tempdir().unwrap();
    let config = demo(&dir.path().join("demo")).await;
    let store = store_of(&config);
    let backups = dir.path().join("backups");
    let folder = backups.to_str().unwrap();
    println!("-- the demo has filled {}; the service is started on it", store.display());
    let mut daemon = service(&config).await;
    let alerts = json(&config, &["alerts"]);
    println!("-- {} alerts; a backup while it runs", alerts["alerts"].as_array().unwrap().len());
    step(&config, &["backup", folder, "--keep", "2"]);
    println!("-- kill -9, and the disk is lost");
    daemon.kill().await.unwrap();
    std::fs::remove_dir_all(&store).unwrap();
    let backup = std::fs::read_dir(&backups).unwrap().next().unwrap().unwrap().path();
    let backup = backup.to_str().unwrap();
    step(&config, &["verify", backup]);
    step(&config, &["restore", backup]);
    step(&config, &["verify"]);
    println!("-- the service is started again");
    let mut daemon = service(&config).await;
    assert_eq!(json(&config, &["alerts"]), alerts);
    // Not well, as the demo's feeds are gone.
    println!("$ conductwatch status\n{}", out(&run(&config, &["status"])));
    let shown = step(&config, &["alerts"]);
    println!("-- the same {} alerts, line for line", alerts["alerts"].as_array().unwrap().len());
    assert!(!shown.trim().is_empty());
    step(&config, &["compact"]);
    daemon.kill().await.unwrap();
}

/// Everything that a user can list of a store: what is asked, and the answer. `from_archive` leaves out what only sled has.
fn listed(config: &Path, from_archive: bool) -> BTreeMap<String, Value> {
    let mut out = BTreeMap::new();
    let mut ask = |args: &[&str]| {
        let answer = json(config, args);
        out.insert(args.join(" "), answer.clone());
        answer
    };
    let ids = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|thing| thing["id"].as_str().unwrap().to_owned()).collect()
    };
    let alerts = ids(&ask(&["alerts"])["alerts"]);
    ask(&["alerts", "--held"]);
    for digest in ids(&ask(&["digest", "list"])["digests"]) {
        ask(&["digest", "show", &digest]);
    }
    for watched in ask(&["watch", "list"])["watched"].as_array().unwrap().iter().filter(|w| w["kind"] != "keyword") {
        ask(&["timeline", watched["id"].as_str().unwrap()]);
    }
    let mut counts = json(config, &["status"])["counts"].clone();
    let only_sleds: &[&str] = if from_archive { &["feeds", "entries", "passed_over"] } else { &[] };
    for (name, value) in counts.as_object_mut().unwrap() {
        if name == "bytes" || only_sleds.contains(&name.as_str()) {
            *value = Value::Null;
        }
    }
    out.insert("status".to_owned(), counts);
    if !from_archive {
        for args in [&["feed", "list"][..], &["passed-over"]] {
            out.insert(args.join(" "), json(config, args));
        }
        for alert in alerts {
            out.insert(format!("why {alert}"), json(config, &["why", &alert]));
        }
    }
    out
}

fn assert_same(now: &BTreeMap<String, Value>, before: &BTreeMap<String, Value>, when: &str) {
    assert_eq!(now.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "{when}");
    for (asked, answer) in before {
        assert_eq!(&now[asked], answer, "{when}: {asked}");
    }
}

#[tokio::test]
async fn all_that_can_be_listed_is_the_same_after_a_rebuild_and_after_a_restore() {
    let dir = tempfile::tempdir().unwrap();
    let config = demo(&dir.path().join("demo")).await;
    let store = store_of(&config);
    // The user has had a hand in it: two developments are one, and one of those was taken apart again.
    let developments: Vec<String> = json(&config, &["alerts"])["alerts"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|alert| alert["development"].as_str().map(str::to_owned))
        .collect();
    step(&config, &["development", "merge", &developments[0], &developments[1]]);
    step(&config, &["development", "merge", &developments[2], &developments[3]]);
    step(&config, &["development", "merge", "--undo", &developments[2], &developments[3]]);
    let (all, archived) = (listed(&config, false), listed(&config, true));
    assert!(all.len() > 30 && archived.len() > 15, "{:?}", all.keys());
    let cautions =
        |alert: &Value| alert["cautions"].as_array().is_some_and(|c| c.contains(&"active_proceedings".into()));
    assert!(all["alerts"]["alerts"].as_array().unwrap().iter().any(cautions), "{}", all["alerts"]);
    let backups = dir.path().join("backups");
    step(&config, &["backup", backups.to_str().unwrap()]);
    let backup = std::fs::read_dir(&backups).unwrap().next().unwrap().unwrap().path();

    step(&config, &["rebuild"]);
    assert_same(&listed(&config, false), &all, "a sound store, rebuilt");
    std::fs::remove_dir_all(store.join("sled")).unwrap();
    let done = json(&config, &["rebuild"]);
    assert_eq!((&done["sled_opened"], &done["to_settle"]), (&Value::from(false), &Value::from(0)), "{done}");
    assert_same(&listed(&config, true), &archived, "a store without sled, rebuilt");
    std::fs::remove_dir_all(&store).unwrap();
    step(&config, &["restore", backup.to_str().unwrap()]);
    assert_same(&listed(&config, false), &all, "restored");

    // What forgetting changed is archived anew, and stands in its old place all the same.
    step(&config, &["forget", "Rowan Tilsley", "--yes"]);
    let archived = listed(&config, true);
    std::fs::remove_dir_all(store.join("sled")).unwrap();
    step(&config, &["rebuild"]);
    assert_same(&listed(&config, true), &archived, "rebuilt after forgetting");
}

#[tokio::test]
async fn everything_goes_out_and_comes_back_as_lines() {
    let dir = tempfile::tempdir().unwrap();
    let config = demo(&dir.path().join("demo")).await;
    let file = dir.path().join("store.ndjson");
    let file = file.to_str().unwrap();
    let alerts = json(&config, &["alerts"]);
    step(&config, &["export", "--output", file]);
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    // Where there is a store, it is only moved aside when that is asked for.
    let refused = run(&config, &["import", file]);
    assert_eq!(refused.status.code(), Some(65));
    assert!(err(&refused).contains("--replace"), "{}", err(&refused));
    step(&config, &["import", "--replace", file]);
    assert_eq!(json(&config, &["alerts"]), alerts);
    assert_eq!(json(&config, &["verify"])["faults"], serde_json::json!([]));
    let table = step(&config, &["export", "alerts", "--csv"]);
    let rows: Vec<_> = csv::Reader::from_reader(table.as_bytes()).into_records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), alerts["alerts"].as_array().unwrap().len());
    assert_eq!(run(&config, &["export", "--csv"]).status.code(), Some(64));
}

#[tokio::test]
async fn bad_input_gets_a_clear_message_and_nothing_is_made_worse() {
    let dir = tempfile::tempdir().unwrap();
    let config = demo(&dir.path().join("demo")).await;
    let store = store_of(&config);
    let alerts = json(&config, &["alerts"]);
    let waiting = json(&config, &["status"])["counts"]["alerts_waiting"].clone();
    let backups = dir.path().join("backups");
    step(&config, &["backup", backups.to_str().unwrap()]);
    let backup = std::fs::read_dir(&backups).unwrap().next().unwrap().unwrap().path();

    // A half-written backup.
    let half = dir.path().join("half");
    std::fs::create_dir_all(&half).unwrap();
    std::fs::copy(backup.join("sled.dump.zst"), half.join("sled.dump.zst")).unwrap();
    let refused = run(&config, &["restore", "--replace", half.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(65));
    assert!(err(&refused).contains("never finished; take another one"), "{}", err(&refused));
    assert_eq!(json(&config, &["alerts"]), alerts);

    // While the service runs, what would take the store away from under it is refused.
    let mut daemon = service(&config).await;
    for args in [&["restore", "--replace", backup.to_str().unwrap()][..], &["rebuild"]] {
        let refused = run(&config, args);
        assert_eq!(refused.status.code(), Some(75), "{args:?}: {}", err(&refused));
        assert!(err(&refused).contains("another conductwatch is running"), "{}", err(&refused));
    }
    daemon.kill().await.unwrap();

    // A corrupt pack.
    let pack = store.join("archive/000001.data");
    let sound = std::fs::read(&pack).unwrap();
    let mut damaged = sound.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xFF;
    std::fs::write(&pack, damaged).unwrap();
    let found = run(&config, &["verify"]);
    assert_eq!(found.status.code(), Some(65));
    assert!(out(&found).contains("archive/000001"), "{}", out(&found));
    assert!(out(&found).contains("a backup made earlier has it whole"), "{}", out(&found));
    assert_eq!(json(&config, &["alerts"]), alerts);
    // Backed up all the same, and it is told; the backup of before stays, whatever is to be kept.
    let told = run(&config, &["backup", "--keep", "1", backups.to_str().unwrap()]);
    assert_eq!(told.status.code(), Some(65), "{}", err(&told));
    assert!(err(&told).contains("no older backup was removed") && out(&told).contains("as damaged"), "{}", err(&told));
    let newest = std::fs::read_dir(&backups).unwrap().map(|e| e.unwrap().path()).max().unwrap();
    let told = run(&config, &["verify", newest.to_str().unwrap()]);
    assert_eq!((backup.exists(), told.status.code()), (true, Some(65)), "{}", err(&told));
    std::fs::remove_dir_all(newest).unwrap();
    std::fs::write(&pack, sound).unwrap();

    // A damaged log of sled: told, with both mends, and the second of them works.
    let log = store.join("sled/db");
    let length = std::fs::metadata(&log).unwrap().len();
    std::fs::write(&log, vec![0xA5; length as usize]).unwrap();
    for entry in std::fs::read_dir(store.join("sled")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("snap") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let refused = run(&config, &["alerts"]);
    assert_eq!(refused.status.code(), Some(65), "{}", err(&refused));
    assert!(err(&refused).contains("conductwatch restore") && err(&refused).contains("conductwatch rebuild"));
    step(&config, &["rebuild"]);
    let rebuilt = json(&config, &["alerts"]);
    assert_eq!(rebuilt, alerts);
    assert_eq!(json(&config, &["status"])["counts"]["alerts_waiting"], waiting, "nothing is told a second time");

    // And from the backup everything is as it was.
    step(&config, &["restore", "--replace", backup.to_str().unwrap()]);
    assert_eq!(json(&config, &["alerts"]), alerts);

    // A folder that cannot be made anything in.
    let blocked = dir.path().join("blocked");
    std::fs::write(&blocked, "a file").unwrap();
    let refused = run(&config, &["backup", blocked.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(73));
    assert!(err(&refused).contains("blocked"), "{}", err(&refused));
}
