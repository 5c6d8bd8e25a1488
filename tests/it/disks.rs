//! Disks that are full or may not be written to, made of memory in a name space of their own.

use conductwatch::adapters::control::Request;
use conductwatch::adapters::sim_clock::SimClock;
use conductwatch::adapters::store::{SledStore, StoreOptions};
use conductwatch::app::App;
use conductwatch::domain::{WatchedPerson, Watchlist};
use conductwatch::pipeline::{Pipeline, Settings};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

const PROGRAM: &str = env!("CARGO_BIN_EXE_conductwatch");

/// Runs `script` where `/disk` stands for a folder that may be mounted over; `None`, said on a line, where that is not allowed.
fn in_own_mounts(test: &str, dir: &Path, script: &str) -> Option<Output> {
    let allowed = Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "tmpfs"]).arg(dir).output();
    if !allowed.is_ok_and(|o| o.status.success()) {
        println!("{test}: skipped, no mounts of one's own are allowed here");
        return None;
    }
    let script = script.replace("/disk", dir.to_str().unwrap()).replace("conductwatch ", &format!("{PROGRAM} "));
    Some(Command::new("unshare").args(["-rm", "sh", "-c", &script]).output().unwrap())
}

fn text(output: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A configuration whose store is on `disk`, and a backup of the demo's store to fill it with.
async fn prepared(dir: &Path, disk: &Path) -> (String, String) {
    let demo = dir.join("demo");
    conductwatch::demo::run(&demo, |_, _| {}).await.unwrap();
    let backups = dir.join("backups");
    let config = demo.join("conductwatch.toml");
    let made = Command::new(PROGRAM).arg("backup").arg(&backups).arg("--config").arg(config).output().unwrap();
    assert!(made.status.success(), "{}", text(&made));
    let backup = std::fs::read_dir(&backups).unwrap().next().unwrap().unwrap().path();
    let config = dir.join("watch.toml");
    std::fs::write(
        &config,
        format!(
            "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n",
            disk.join("store"),
            dir.join("control.sock"),
            dir.join("digests")
        ),
    )
    .unwrap();
    (config.display().to_string(), backup.display().to_string())
}

#[tokio::test]
async fn on_a_full_disk_the_store_opens_by_its_ballast_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let disk = dir.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let (config, backup) = prepared(dir.path(), &disk).await;
    let script = format!(
        "set -e\n\
         mount -t tmpfs -o size=72m tmpfs /disk\n\
         conductwatch restore {backup} --config {config}\n\
         before=$(conductwatch alerts --json --config {config})\n\
         test -f /disk/store/ballast\n\
         dd if=/dev/zero of=/disk/fill bs=64k 2>/dev/null || true\n\
         echo full: $(df --output=avail /disk | tail -1)\n\
         test \"$before\" = \"$(conductwatch alerts --json --config {config})\"\n\
         conductwatch status --config {config} || echo status: $?\n\
         set +e; conductwatch run --once --config {config}; echo run: $?\n\
         conductwatch compact --config {config}; echo compact: $?\n\
         conductwatch backup /disk/backups --config {config}; echo backup: $?; set -e\n\
         test \"$before\" = \"$(conductwatch alerts --json --config {config})\"\n\
         rm /disk/fill\n\
         conductwatch verify --config {config}\n\
         test -f /disk/store/ballast && echo the ballast is back\n"
    );
    let Some(output) = in_own_mounts("full disk", &disk, &script) else { return };
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    for expected in [
        "full: 0",
        "TOO LITTLE, nothing is written below",
        "run: 74",
        "compact: 74",
        "backup: 74",
        "make room",
        "the chain holds",
        "the ballast is back",
    ] {
        assert!(said.contains(expected), "{expected} not in:\n{said}");
    }
}

#[tokio::test]
async fn a_read_only_folder_is_named_with_its_mend() {
    let dir = tempfile::tempdir().unwrap();
    let disk = dir.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let (config, backup) = prepared(dir.path(), &disk).await;
    let script = format!(
        "mount -t tmpfs tmpfs /disk && conductwatch restore {backup} --config {config} && \
         mount -o remount,ro /disk || exit 9\n\
         conductwatch run --config {config}; echo run: $?\n\
         conductwatch restore --replace {backup} --config {config}; echo restore: $?\n\
         conductwatch backup /disk/backups --config {config}; echo backup: $?\n\
         mount -o remount,rw /disk && conductwatch verify --config {config}; echo verify: $?\n"
    );
    let Some(output) = in_own_mounts("read-only folder", &disk, &script) else { return };
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    for expected in
        ["run: 74", "restore: 74", "backup: 73", "Read-only file system", "then mount it writable", "verify: 0"]
    {
        assert!(said.contains(expected), "{expected} not in:\n{said}");
    }
}

#[tokio::test]
async fn a_service_that_starts_on_a_full_disk_waits_for_room_says_so_and_ends_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("store");
    let room = StoreOptions { ballast_bytes: 0, ..StoreOptions::default() };
    drop(SledStore::open(&folder, room.clone()).unwrap());
    // No disk has as much room as must be left.
    let store = SledStore::open(&folder, StoreOptions { reserve_bytes: u64::MAX / 2, ..room }).unwrap();
    let start: Timestamp = "2026-03-10T08:00:00Z".parse().unwrap();
    let clock = Arc::new(SimClock::new(start));
    let ada = WatchedPerson { id: "ada".to_owned(), name: "Ada Marrick".to_owned(), ..WatchedPerson::default() };
    let settings = Settings::without_feeds(Watchlist { persons: vec![ada], ..Watchlist::default() });
    let pipeline = Pipeline::offline(Arc::clone(&clock) as _, Arc::new(store), settings);
    let app = Arc::new(App::new(pipeline, 1, SignedDuration::from_secs(20)));
    let (end, told) = tokio::sync::oneshot::channel::<()>();
    let running = {
        let app = Arc::clone(&app);
        tokio::spawn(async move { app.run(async { drop(told.await) }).await })
    };
    clock.drive(1, start + SignedDuration::from_mins(10), |_| {}).await;
    assert!(!running.is_finished());
    let request = Request { command: "ask".to_owned(), args: json!({ "ask": "status" }) };
    let status = format!("{:?}", app.answer(request).await);
    assert!(status.contains("the disk is full, so the settle loop waits"), "{status}");
    end.send(()).unwrap();
    running.await.unwrap().unwrap();
    app.stopped().await;
}
