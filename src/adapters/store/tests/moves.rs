//! Backups, restores, exports, imports, rebuilds, migrations: what moves a whole store.

use super::faults::{copy, open_error, store_article, with_damaged_logs};
use super::things::*;
use super::*;
use crate::adapters::store::keys::{Key, Kind};
use crate::domain::{Doubt, Forgettable, Recheck};
use crate::ports::{Checked, Laid, Parcel, Past, StoreCare as _, StoreRights as _};
use std::{collections::BTreeMap, fs};

const NOW: i64 = 5_000;

fn silent(_: u64, _: u64) {}

/// A store with some of everything, closed again.
async fn fill(folder: &Path, articles: usize) {
    let store = open(folder);
    store.commit_poll(poll(vec![entry("e", "https://a.example/1", 1, selected(1))])).await.unwrap();
    for number in 0..articles {
        store_article(&store, number).await;
    }
    let mut work = settled("article-0001", "article-0001");
    work.developments = vec![(development("d1", "article-0001", "jane", None, 1), vec![BlockingKey::Sketch(9)])];
    work.decisions = vec![decision(Subject::Article(article_id("article-0001")), "told", 1)];
    store.settle(vec![work]).await.unwrap();
    let told = alert("alert-0", "article-0000", 1);
    let made = digested(Some(digest("d", &[told])), &["alert-0"], vec![delivery("d", "mail", pending(1))], 100);
    store.commit_digest(made).await.unwrap();
    store.commit_delivery(delivery("d", "mail", sent(5)), tried("d")).await.unwrap();
}

/// Everything in sled, but what another opening changes.
fn contents(folder: &Path) -> Vec<(Vec<u8>, Vec<u8>)> {
    let store = open(folder);
    store
        .inner
        .with_tree(|tree| Ok(tree.tree.iter().map(|i| i.unwrap()).map(|(k, v)| (k.to_vec(), v.to_vec())).collect()))
        .unwrap()
}

async fn fetched(store: &SledStore, laid: &Laid, to: &Path) {
    for file in &laid.files {
        let mut bytes = Vec::new();
        loop {
            let piece = store.fetch(&laid.id, &file.name, bytes.len() as u64).await.unwrap();
            if piece.is_empty() {
                break;
            }
            bytes.extend(piece);
        }
        assert_eq!(bytes.len() as u64, file.bytes);
        let path = to.join(&file.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

async fn backed_up(folder: &Path, to: &Path) {
    let store = open(folder);
    let laid = store.lay_ready(Parcel::Backup, at(NOW)).await.unwrap();
    fetched(&store, &laid, to).await;
    store.clear_away(&laid.id).await.unwrap();
    assert!(store.fetch(&laid.id, "manifest.json", 0).await.is_err());
}

fn restored(folder: &Path, backup: &Path, replace: bool) -> Result<Restored, StoreError> {
    restore(folder, backup, replace, at(NOW), &options(), &silent)
}

async fn faults_of(folder: &Path) -> Checked {
    open(folder).check().await.unwrap()
}

#[tokio::test]
async fn a_backup_taken_under_way_is_restored_as_it_was() {
    let (folder, backup, other) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(folder.path(), 10).await;
    let store = Arc::new(open(folder.path()));
    // Units of work go on while it is taken: it holds a beginning of them, whole.
    let writing = {
        let store = store.clone();
        tokio::spawn(async move {
            for number in 10..40 {
                store_article(&store, number).await;
            }
        })
    };
    let laid = store.lay_ready(Parcel::Backup, at(NOW)).await.unwrap();
    fetched(&store, &laid, backup.path()).await;
    writing.await.unwrap();
    drop(store);
    let manifest = verify_backup(backup.path(), &silent).unwrap();
    assert_eq!(manifest.made, Some(at(NOW)));
    let done = restored(other.path(), backup.path(), false).unwrap();
    assert_eq!((done.aside, done.faults), (None, vec![]));
    assert_eq!(faults_of(other.path()).await.faults, []);
    let counts = open(other.path()).counts().await.unwrap();
    assert!((10..=40).contains(&counts.articles), "{counts:?}");
    assert_eq!(counts.digests, 1);
}

#[tokio::test]
async fn a_restore_gives_every_key_back_and_moves_aside_what_was_there() {
    let (folder, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(folder.path(), 6).await;
    backed_up(folder.path(), backup.path()).await;
    let before = contents(folder.path());
    let store = open(folder.path());
    store_article(&store, 6).await;
    // While it is open, nothing is done.
    assert!(matches!(restored(folder.path(), backup.path(), true), Err(StoreError::Locked { .. })));
    drop(store);
    let refused = restored(folder.path(), backup.path(), false).unwrap_err();
    assert!(matches!(&refused, StoreError::Corrupt(text) if text.contains("--replace")), "{refused:?}");
    check_articles_of(folder.path(), 7).await;
    let done = restored(folder.path(), backup.path(), true).unwrap();
    assert_eq!(contents(folder.path()), before);
    let aside = folder.path().join(done.aside.unwrap());
    check_articles_of(&aside, 7).await;
    // A second time in the same second has a place of its own.
    let again = restored(folder.path(), backup.path(), true).unwrap();
    assert!(again.aside.unwrap().ends_with("-2"));
}

async fn check_articles_of(folder: &Path, number: usize) {
    let store = open(folder);
    assert_eq!(store.counts().await.unwrap().articles, number as u64);
}

#[tokio::test]
async fn a_half_written_or_changed_backup_is_refused_before_anything_is_touched() {
    let (folder, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(folder.path(), 6).await;
    backed_up(folder.path(), backup.path()).await;
    let before = contents(folder.path());
    type Damage<'a> = (&'a str, &'a dyn Fn(&Path), &'a str);
    let damages: [Damage<'_>; 6] = [
        ("no manifest", &|b| fs::remove_file(b.join("manifest.json")).unwrap(), "never finished"),
        ("half a manifest", &|b| cut(&b.join("manifest.json")), "manifest.json cannot be read"),
        ("half a dump", &|b| cut(&b.join("sled.dump.zst")), "not the file that the backup was made with"),
        ("a lost pack", &|b| fs::remove_file(b.join("archive/000001.data")).unwrap(), "missing from the backup"),
        ("another byte", &|b| flip(&b.join("archive/000001.data")), "its checksum is another"),
        ("another dump", &|b| flip(&b.join("sled.dump.zst")), "its checksum is another"),
    ];
    for (what, damage, expected) in damages {
        let damaged = tempfile::tempdir().unwrap();
        copy(backup.path(), damaged.path());
        damage(damaged.path());
        let error = restored(folder.path(), damaged.path(), true).unwrap_err();
        assert!(matches!(&error, StoreError::Corrupt(text) if text.contains(expected)), "{what}: {error:?}");
    }
    assert!(restored(folder.path(), &backup.path().join("none"), true).is_err());
    assert_eq!(contents(folder.path()), before);
    assert!(
        !fs::read_dir(folder.path()).unwrap().any(|e| e.unwrap().file_name().to_string_lossy().starts_with("before"))
    );
}

fn cut(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_backup_of_a_newer_version_is_refused() {
    let (folder, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(folder.path(), 2).await;
    backed_up(folder.path(), backup.path()).await;
    let path = backup.path().join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    for (from, to) in [("\"version\": 1", "\"version\": 9"), ("\"schema\": 1", "\"schema\": 9")] {
        fs::write(&path, text.replace(from, to)).unwrap();
        let other = tempfile::tempdir().unwrap();
        let error = restored(other.path(), backup.path(), false).unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 9, .. }), "{error:?}");
    }
    // A name that leads out of the folder.
    fs::write(&path, text.replace("archive/000001.data", "../000001.data")).unwrap();
    let error = restored(tempfile::tempdir().unwrap().path(), backup.path(), false).unwrap_err();
    assert!(matches!(&error, StoreError::Corrupt(text) if text.contains("which no backup has")), "{error:?}");
}

#[tokio::test]
async fn an_exchange_cut_short_anywhere_is_ended_at_the_next_open() {
    let (folder, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(folder.path(), 4).await;
    fill(new.path(), 6).await;
    for step in 0..6 {
        let left = tempfile::tempdir().unwrap();
        copy(folder.path(), left.path());
        let (base, part) = (left.path(), left.path().join("replacement"));
        for name in ["archive", "sled"] {
            copy(&new.path().join(name), &part.join(name));
        }
        let aside = base.join("before-restore-x");
        let exchange = |name: &str, half: bool| {
            fs::create_dir_all(&aside).unwrap();
            fs::rename(base.join(name), aside.join(name)).unwrap();
            if !half {
                fs::rename(part.join(name), base.join(name)).unwrap();
            }
        };
        if step > 0 {
            fs::write(part.join("complete"), "before-restore-x").unwrap();
        }
        match step {
            2 => exchange("archive", true),
            3 => exchange("archive", false),
            4 => {
                exchange("archive", false);
                exchange("sled", true);
            }
            5 => {
                exchange("archive", false);
                exchange("sled", false);
            }
            _ => {}
        }
        // Without the mark that it is whole, it never was there.
        let expected = if step == 0 { 4 } else { 6 };
        check_articles_of(base, expected).await;
        assert_eq!(faults_of(base).await.faults, [], "step {step}");
        assert_eq!((part.exists(), aside.exists()), (false, step > 0), "step {step}");
        if step > 0 {
            check_articles_of(&aside, 4).await;
        }
    }
}

#[tokio::test]
async fn an_export_is_imported_key_by_key_and_begins_an_archive() {
    let (folder, out, other) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(folder.path(), 6).await;
    let store = open(folder.path());
    let laid = store.lay_ready(Parcel::Export, at(NOW)).await.unwrap();
    fetched(&store, &laid, out.path()).await;
    drop(store);
    let file = out.path().join("export.ndjson");
    let done = import(other.path(), &file, false, at(NOW), &options(), &|_| {}).unwrap();
    assert_eq!((done.made, done.aside), (at(NOW), None));
    let values = |folder: &Path| {
        let store = open(folder);
        let keys = store.inner.with_tree(|tree| {
            let mut found = Vec::new();
            for kind in keys::Kind::ALL.iter().filter(|k| **k != keys::Kind::Piece) {
                for key in tree.keys(&keys::all(*kind)) {
                    let key = key?;
                    let marked = tree.bytes(&key)?.is_some_and(|v| v == codec::MARK);
                    let mut value: serde_json::Value =
                        if marked { serde_json::Value::Null } else { tree.expect(&key)? };
                    if key == unit::Tally::key() {
                        // The archive begins anew, and what was written elsewhere does not say where this one stands.
                        value.as_object_mut().unwrap().remove("archive");
                    }
                    found.push((key, value));
                }
            }
            Ok(found)
        });
        keys.unwrap()
    };
    assert_eq!(values(other.path()), values(folder.path()));
    let checked = faults_of(other.path()).await;
    assert_eq!(checked.faults, []);
    assert_eq!((checked.records["article"], checked.records["alert"], checked.records["digest"]), (6, 3, 1));
    // Nothing is begun with half a file.
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.len() - 1;
    let joined = |lines: &[&str]| lines.join("\n") + "\n";
    for (bad, expected) in [
        (joined(&lines[..last]), "cut short"),
        (text.get(..text.len() / 2).unwrap().to_owned(), ""),
        (joined(&[&lines[..3], &lines[4..]].concat()), "stand above it"),
        (joined(&lines[1..]), "not the first line"),
        (text.replacen("\"kind\":\"feed\"", "\"kind\":\"food\"", 1), "no key of a \"food\""),
    ] {
        let path = out.path().join("bad.ndjson");
        fs::write(&path, bad).unwrap();
        let fresh = tempfile::tempdir().unwrap();
        let error = import(fresh.path(), &path, false, at(NOW), &options(), &|_| {}).unwrap_err();
        assert!(matches!(&error, StoreError::Corrupt(text) if text.contains(expected)), "{expected}: {error:?}");
        assert_eq!(fs::read_dir(fresh.path()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_rebuild_without_sled_has_what_the_archive_has_and_tells_nothing_again() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 6).await;
    fs::remove_dir_all(folder.path().join("sled")).unwrap();
    assert!(matches!(open_error(folder.path()), StoreError::Corrupt(_)));
    let done = rebuild(folder.path(), at(NOW), &options(), &|_| {}).unwrap();
    // Only the two that were not settled before wait to be.
    assert!(!done.sled_opened && done.to_settle == 2 && done.faults.is_empty(), "{done:?}");
    let store = open(folder.path());
    assert_eq!(store.check().await.unwrap().faults, []);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.articles, counts.alerts, counts.digests, counts.deliveries_waiting), (6, 3, 1, 0));
    // The alert that the digest tells is told; the two that none does wait as they did.
    let waiting: Vec<String> = store.waiting_alerts().await.unwrap().iter().map(|a| a.id.to_string()).collect();
    assert_eq!(waiting, ["alert-2", "alert-4"]);
    assert_eq!(store.told_in(&AlertId::parse("alert-0").unwrap()).await.unwrap().len(), 1);
    assert_eq!(store.covered_until().await.unwrap(), Some(at(100)));
    // Settled again, an article raises no alert that is there.
    let again =
        SettleCommit { alerts: vec![alert("alert-2", "article-0002", 1)], ..settled("article-0002", "article-0002") };
    store.settle(vec![again]).await.unwrap();
    assert_eq!(store.counts().await.unwrap().alerts, 3);
}

/// What settling and the user's hand leave behind, and no record of an article or alert says.
async fn go_on(folder: &Path) {
    let store = open(folder);
    let keys = |n: u64| vec![BlockingKey::Sketch(n)];
    let told = |id: &str, number: usize| development(id, &format!("article-{number:04}"), "jane", None, 2);
    let settle = |number: usize| settled(&format!("article-{number:04}"), "article-0001");
    // One that is merged, one that was and is its own again.
    let developments = vec![(told("d2", 3), keys(7)), (told("d3", 3), keys(8))];
    let (evidence, reason) = ("Who?".to_owned(), "not sure".to_owned());
    let doubts = vec![Doubt { kind: None, concerns: vec!["jane".to_owned()], evidence, reason }];
    let url: url::Url = "https://a.example/3".parse().unwrap();
    let recheck = crate::stages::revision::first(&article_id("article-0003"), &url, at(2));
    let alerts = vec![alert("alert-3", "article-0003", 2)];
    let work = SettleCommit { developments, doubts, alerts, recheck: Some(recheck.clone()), ..settle(3) };
    store.settle(vec![work]).await.unwrap();
    let merged = ["d2", "d3"].map(|d| (development_id(d), development_id("d1"))).to_vec();
    store.commit_hand(HandCommit { merged, ..HandCommit::default() }).await.unwrap();
    let parted = HandCommit {
        parted: vec![development_id("d3")],
        developments: vec![(told("d3", 3), keys(9))],
        withdrawn: vec![AlertId::parse("alert-2").unwrap(), AlertId::parse("alert-4").unwrap()],
        ..HandCommit::default()
    };
    store.commit_hand(parted).await.unwrap();
    let waiting = vec![AlertId::parse("alert-4").unwrap()];
    store.commit_hand(HandCommit { waiting, ..HandCommit::default() }).await.unwrap();
    // Muted: no digest tells it, and none is to.
    store.commit_digest(digested(None, &["alert-3"], Vec::new(), 200)).await.unwrap();
    // Looked at again, and read again for somebody's past, which waits to be settled.
    let looked = Recheck { looks: 1, ..recheck };
    let read = ArticleCommit { entry: None, article: None, snapshot: None, decisions: Vec::new() };
    let again = RevisionCommit { read, recheck: Some(looked), revision: None, alerts: Vec::new() };
    store.commit_revision(again).await.unwrap();
    let mut past = store.article(&article_id("article-0001")).await.unwrap().unwrap();
    past.past_of = vec!["jane".to_owned()];
    let past = Past { articles: vec![past], entries: Vec::new() };
    store.commit_hand(HandCommit { past, ..HandCommit::default() }).await.unwrap();
    // Other rules find more: in one that was read again, one that is settled, and one that waits.
    for id in ["article-0001", "article-0003", "article-0005"] {
        let mut found = store.article(&article_id(id)).await.unwrap().unwrap();
        found.extraction.reports = told("d9", 1).reports.into_iter().map(|told| told.report).collect();
        store.replace_extractions(vec![found]).await.unwrap();
    }
}

/// Alerts, those of them that wait, and digests, in order.
async fn told(folder: &Path) -> (Vec<Alert>, Vec<Alert>, Vec<(DigestId, String)>) {
    let store = open(folder);
    (store.alerts().await.unwrap(), store.waiting_alerts().await.unwrap(), store.digests().await.unwrap())
}

#[tokio::test]
async fn a_rebuild_without_sled_knows_how_far_everything_had_come() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 6).await;
    go_on(folder.path()).await;
    // All but what only sled has, the running figures, and what holds places in the order of alerts and digests.
    let others = [
        &[Kind::Meta, Kind::Feed, Kind::Entry, Kind::Due, Kind::Seen, Kind::Address, Kind::Decisions][..],
        &[Kind::Alert, Kind::AlertOrder, Kind::AlertOf, Kind::AlertWaiting, Kind::AlertHeld, Kind::DigestOrder],
    ]
    .concat();
    let kept = |folder: &Path| {
        let mut all = contents(folder);
        all.retain(|(key, _)| Key::from_tree(key).kind().is_some_and(|kind| !others.contains(&kind)));
        all
    };
    let (before, told) = (kept(folder.path()), told(folder.path()).await);
    assert_eq!(told.1.iter().map(|a| a.id.as_str()).collect::<Vec<_>>(), ["alert-4"]);
    for sound in [true, false] {
        if !sound {
            fs::remove_dir_all(folder.path().join("sled")).unwrap();
        }
        let done = rebuild(folder.path(), at(NOW), &options(), &|_| {}).unwrap();
        let from_archive = [("alert", 4), ("article", 6), ("development", 2), ("digest", 1), ("receipt", 1)];
        let expected = if sound { BTreeMap::new() } else { from_archive.map(|(k, n)| (k.to_owned(), n)).into() };
        assert_eq!((done.from_archive, done.to_settle), (expected, 2), "sound: {sound}");
        for ((key, value), (expected_key, expected)) in kept(folder.path()).iter().zip(&before) {
            let name = Key::from_tree(key).describe();
            assert_eq!((key, value), (expected_key, expected), "sound: {sound}: {name}");
        }
        assert_eq!(kept(folder.path()).len(), before.len());
        assert_eq!(self::told(folder.path()).await, told);
        assert_eq!(faults_of(folder.path()).await.faults, []);
    }
}

#[tokio::test]
async fn what_reprocessing_found_outlasts_forgetting_and_a_rebuild() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 3).await;
    let store = open(folder.path());
    let id = article_id("article-0001");
    let mut found = store.article(&id).await.unwrap().unwrap();
    let told = |who: &str| development("d9", "article-0001", who, None, 3).reports.remove(0).report;
    found.extraction.reports = vec![told("jane"), told("Cleo Tarrow")];
    store.replace_extractions(vec![found]).await.unwrap();
    let what = Forgettable::Person { name: "Cleo Tarrow".to_owned(), aliases: Vec::new() };
    store.begin_forgetting(&what, at(NOW)).await.unwrap();
    while !store.sweep().await.unwrap() {}
    store.forget_archived().await.unwrap();
    store.end_forgetting().await.unwrap();
    let kept = store.article(&id).await.unwrap().unwrap();
    let names: Vec<&str> = kept.extraction.reports.iter().map(|r| r.who[0].name.as_str()).collect();
    assert_eq!(names, ["jane", "___________"]);
    drop(store);
    fs::remove_dir_all(folder.path().join("sled")).unwrap();
    rebuild(folder.path(), at(NOW), &options(), &|_| {}).unwrap();
    assert_eq!(open(folder.path()).article(&id).await.unwrap().unwrap(), kept);
}

#[tokio::test]
async fn a_rebuild_of_a_sound_store_changes_nothing_that_can_be_asked() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 6).await;
    let before = open(folder.path()).counts().await.unwrap();
    let done = rebuild(folder.path(), at(NOW), &options(), &|_| {}).unwrap();
    assert!(done.sled_opened && done.unreadable.is_empty() && done.from_archive.is_empty(), "{done:?}");
    let store = open(folder.path());
    assert_eq!(StoreCounts { bytes: 0, ..store.counts().await.unwrap() }, StoreCounts { bytes: 0, ..before });
    assert_eq!(store.check().await.unwrap().faults, []);
    assert_eq!(store.decisions(&Subject::Article(article_id("article-0001"))).await.unwrap().len(), 1);
    assert_eq!(store.development(&development_id("d1")).await.unwrap().unwrap().reports.len(), 1);
    assert_eq!(store.due_entries(at(99), 9).await.unwrap().len(), 1);
    drop(store);
    // The old one is aside, whole.
    assert!(folder.path().join(done.aside.unwrap()).join("sled/db").exists());
    check_articles_of(folder.path(), 6).await;
}

#[tokio::test]
async fn damage_to_sleds_log_is_mended_by_a_rebuild_without_loss_of_what_the_archive_has() {
    for copied in with_damaged_logs().await {
        let error = open_error(copied.path());
        assert!(matches!(&error, StoreError::Corrupt(text) if text.contains("`conductwatch rebuild`")), "{error:?}");
        rebuild(copied.path(), at(NOW), &options(), &|_| {}).unwrap();
        let store = open(copied.path());
        let counts = store.counts().await.unwrap();
        assert_eq!((counts.articles, counts.alerts), (40, 20));
        assert_eq!(store.check().await.unwrap().faults, []);
    }
}

#[tokio::test]
async fn a_check_names_place_and_mend() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 4).await;
    assert_eq!(faults_of(folder.path()).await.faults, []);
    let store = open(folder.path());
    store
        .inner
        .with_tree(|tree| {
            let gone = keys::article(&article_id("article-0001"));
            let bad = keys::alert(&AlertId::parse("alert-0").unwrap());
            tree.tree.remove(gone.bytes()).unwrap();
            tree.tree.insert(bad.bytes(), &[codec::VALUE_VERSION, 0, b'{'][..]).unwrap();
            Ok(())
        })
        .unwrap();
    drop(store);
    flip(&folder.path().join("archive/000001.data"));
    let checked = faults_of(folder.path()).await;
    let text = checked.faults.iter().map(|f| format!("{}: {}\n", f.place, f.what)).collect::<String>();
    for expected in [
        "sled: alert alert-0: ",
        "leads to article article-0001, which is not there; restore a backup",
        "4 are counted, and 3 are there; `conductwatch rebuild` counts anew",
        "archive/",
        "a backup made earlier has it whole",
    ] {
        assert!(text.contains(expected), "{expected} not in:\n{text}");
    }
}

#[tokio::test]
async fn a_migration_backs_up_first_and_can_be_gone_back_from() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 4).await;
    let before = contents(folder.path());
    let places = Places::of(folder.path());
    let step: migrate::Step = |tree| {
        tree.tree.insert(b"m-new", &[codec::VALUE_VERSION, 0, b'1'][..]).unwrap();
        Ok(())
    };
    let failing: migrate::Step = |_| Err(StoreError::Io("as asked".to_owned()));
    let engine = Engine::open(&places, &options()).unwrap();
    // One that fails leaves the backup, and a second attempt makes no other.
    assert!(migrate::run(&engine, &places, 1, &[failing]).is_err());
    let backup = folder.path().join("backups/before-schema-2");
    let made = fs::metadata(backup.join("manifest.json")).unwrap().modified().unwrap();
    migrate::run(&engine, &places, 1, &[step]).unwrap();
    assert_eq!(fs::metadata(backup.join("manifest.json")).unwrap().modified().unwrap(), made);
    drop(engine);
    assert_eq!(
        open_error(folder.path()),
        StoreError::Newer { path: folder.path().display().to_string(), found: 2, known: 1 }
    );
    restored(folder.path(), &backup, true).unwrap();
    assert_eq!(contents(folder.path()), before);
    assert_eq!(migrate::STEPS.len() + 1, unit::SCHEMA as usize);
}

#[test]
fn backups_are_kept_by_number_and_nothing_else_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let name = |second: i64| format!("conductwatch-{}", at(second).strftime("%Y%m%dT%H%M%SZ"));
    for second in 0..5 {
        fs::create_dir(folder.path().join(name(second))).unwrap();
        fs::write(folder.path().join(name(second)).join("manifest.json"), "{}").unwrap();
    }
    for other in ["notes", "conductwatch-mine", &name(9), &format!("{}.part", name(3))] {
        fs::create_dir(folder.path().join(other)).unwrap();
    }
    let kept = keep(folder.path(), 2).unwrap();
    let names = |paths: &[PathBuf]| {
        paths.iter().map(|p| p.file_name().unwrap().to_string_lossy().into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&kept.kept), [name(4), name(3)]);
    let mut removed = names(&kept.removed);
    removed.sort();
    assert_eq!(removed, [name(0), name(1), name(2), format!("{}.part", name(3))]);
    for there in ["notes", "conductwatch-mine", &name(9), &name(4)] {
        assert!(folder.path().join(there).exists(), "{there}");
    }
}

#[test]
fn backups_of_one_second_stand_beside_each_other_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let taken = || Receiving::begin(folder.path(), at(NOW)).and_then(Receiving::finish);
    let made: Vec<PathBuf> = (0..60).map(|_| taken().unwrap()).collect();
    assert!(made.is_sorted() && made.iter().all(|path| path.exists()));
    for path in &made {
        fs::write(path.join("manifest.json"), "{}").unwrap();
    }
    assert!(taken().unwrap_err().to_string().contains("try again in a minute"));
    assert_eq!(keep(folder.path(), 1).unwrap().kept, made[59..]);
}

#[tokio::test]
async fn parcels_have_names_that_lead_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let laid = store.lay_ready(Parcel::Backup, at(NOW)).await.unwrap();
    for (id, name) in
        [("..", "manifest.json"), ("", "manifest.json"), (&laid.id, "../../lock"), (&laid.id, "/etc/passwd")]
    {
        assert!(store.fetch(id, name, 0).await.is_err(), "{id} {name}");
    }
    // The next one takes its place.
    let next = store.lay_ready(Parcel::Export, at(NOW + 1)).await.unwrap();
    assert!(store.fetch(&laid.id, "manifest.json", 0).await.is_err());
    assert!(!store.fetch(&next.id, "export.ndjson", 0).await.unwrap().is_empty());
}
