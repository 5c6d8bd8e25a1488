//! Crashes, damage, a full disk, another process: what the store does when things go wrong.

use super::things::*;
use super::*;
use crate::adapters::archive;
use keys::{Key, Kind};
use std::fs;

pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Works on the tree behind the store's back.
fn with_tree(folder: &Path, change: impl FnOnce(&sled::Tree)) {
    // As the store opens it: a child that another test starts may hold the lock's descriptor for an instant.
    let db = engine::open_sled_once(&folder.join("sled"), &options()).unwrap();
    change(&db);
    db.flush().unwrap();
}

pub(super) fn open_error(folder: &Path) -> StoreError {
    SledStore::open(folder, options()).unwrap_err()
}

pub(super) async fn store_article(store: &SledStore, number: usize) {
    let id = format!("article-{number:04}");
    let mut work = read(article(&id, &format!("https://a.example/{number}"), None, 1, &[number as u64]));
    work.snapshot = Some(format!("<p>page {number}</p>").into_bytes());
    store.commit_article(work).await.unwrap();
    if number.is_multiple_of(2) {
        let alerts = vec![alert(&format!("alert-{number}"), &id, 1)];
        store.settle(vec![SettleCommit { alerts, ..settled(&id, &id) }]).await.unwrap();
    }
}

/// That the first `number` articles and what hangs on them are there, and all counts agree with the keys.
pub(super) async fn check_articles(folder: &Path, number: usize) {
    let store = open(folder);
    let counts = store.counts().await.unwrap();
    let (settled, waiting) = (number.div_ceil(2) as u64, (number / 2) as u64);
    assert_eq!((counts.articles, counts.unsettled, counts.alerts), (number as u64, waiting, settled));
    for i in 0..number {
        let found = store.find(&format!("https://a.example/{i}")).await.unwrap();
        assert_eq!(found, [Subject::Article(article_id(&format!("article-{i:04}")))]);
    }
    check_counts(&store);
    drop(store);
    let trail = archive::verify(&folder.join("archive")).unwrap();
    assert_eq!(trail.faults, [""; 0]);
    assert!(trail.records[&RecordKind::Article] >= number as u64);
}

/// That the running counts are those that a recount gives.
pub(super) fn check_counts(store: &SledStore) {
    store
        .inner
        .with_tree(|tree| {
            let tally: unit::Tally = tree.get(&unit::Tally::key())?.unwrap();
            for kind in Kind::ALL.iter().filter(|k| k.is_counted()) {
                assert_eq!(tally.count(*kind), tree.keys(&keys::all(*kind)).count() as u64, "{}", kind.name());
            }
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_the_process_is_killed_at_any_unit() {
    let folder = tempfile::tempdir().unwrap();
    let copies = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut taken = Vec::new();
    for number in 0..60 {
        store_article(&store, number).await;
        if number % 7 == 3 {
            // What is in the files now is what a killed process leaves.
            let to = copies.path().join(number.to_string());
            copy(folder.path(), &to);
            taken.push((to, number + 1));
        }
    }
    for (copied, number) in taken {
        check_articles(&copied, number).await;
        // And it goes on from there.
        let store = open(&copied);
        store_article(&store, number).await;
        drop(store);
        check_articles(&copied, number + 1).await;
    }
}

#[tokio::test]
async fn a_kill_between_archive_and_sled_is_mended_by_doing_the_unit_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store_article(&store, 0).await;
    let sled_before = tempfile::tempdir().unwrap();
    copy(&folder.path().join("sled"), sled_before.path());
    let units_before = fs::read(folder.path().join("units")).unwrap();
    store_article(&store, 1).await;
    drop(store);
    // The archive has the second article, sled has not.
    fs::remove_dir_all(folder.path().join("sled")).unwrap();
    copy(sled_before.path(), &folder.path().join("sled"));
    fs::write(folder.path().join("units"), units_before).unwrap();
    check_articles(folder.path(), 1).await;
    let store = open(folder.path());
    store_article(&store, 1).await;
    drop(store);
    check_articles(folder.path(), 2).await;
    let trail = archive::verify(&folder.path().join("archive")).unwrap();
    assert_eq!(trail.records[&RecordKind::Article], 3);
}

#[tokio::test]
async fn a_torn_archive_tail_costs_only_what_was_not_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for number in 0..4 {
        store_article(&store, number).await;
    }
    drop(store);
    for file in ["000001.pack", "000001.data"] {
        use std::io::Write as _;
        let path = folder.path().join("archive").join(file);
        fs::OpenOptions::new().append(true).open(path).unwrap().write_all(b"\xC7hd\x1E half of a record").unwrap();
    }
    check_articles(folder.path(), 4).await;
}

#[tokio::test]
async fn callers_that_come_together_are_all_served() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(folder.path()));
    let tasks = (0..64).map(|number| {
        let store = store.clone();
        tokio::spawn(async move { store_article(&store, number).await })
    });
    for done in futures_util::future::join_all(tasks).await {
        done.unwrap();
    }
    drop(store);
    check_articles(folder.path(), 64).await;
}

#[tokio::test]
async fn one_unit_that_fails_changes_nothing_and_harms_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(folder.path()));
    let tasks = (0..20).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            if number % 2 == 0 {
                return store
                    .commit_article(read(article(&format!("a{number}"), "https://a.example/", None, 1, &[])))
                    .await;
            }
            // Of an entry that is not there.
            let mut work = read(article(&format!("b{number}"), "https://a.example/", None, 1, &[]));
            work.entry = Some((entry_id("unknown"), selected(1)));
            store.commit_article(work).await
        })
    });
    for (number, done) in futures_util::future::join_all(tasks).await.into_iter().enumerate() {
        assert_eq!(done.unwrap().is_ok(), number % 2 == 0, "{number}");
    }
    assert_eq!(store.counts().await.unwrap().articles, 10);
    check_counts(&store);
}

#[tokio::test]
async fn only_one_handle_at_a_time_and_the_next_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..10 {
        let store = open(folder.path());
        match open_error(folder.path()) {
            StoreError::Locked { path, lock } => {
                assert_eq!(path, folder.path().display().to_string());
                assert!(Path::new(&lock).exists());
            }
            other => panic!("{other:?}"),
        }
        store_article(&store, number).await;
    }
    check_articles(folder.path(), 10).await;
}

#[tokio::test]
async fn a_bad_snapshot_of_sled_is_moved_aside() {
    for damage in [&b""[..], b"nonsense", &[0xFF; 4096]] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        for number in 0..10 {
            store_article(&store, number).await;
        }
        drop(store);
        // A snapshot is written at open.
        check_articles(folder.path(), 10).await;
        let sled = folder.path().join("sled");
        let snapshots = || {
            let names = fs::read_dir(&sled).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<String> = names.filter(|n| n.contains("snap")).collect();
            names.sort();
            names
        };
        let before = snapshots();
        assert!(!before.is_empty());
        for name in &before {
            fs::write(sled.join(name), damage).unwrap();
        }
        check_articles(folder.path(), 10).await;
        assert!(snapshots().iter().any(|n| n.starts_with("damaged-")), "{:?}", snapshots());
    }
}

/// Copies of a store of 40 articles, sled's log of each damaged in another place.
pub(super) async fn with_damaged_logs() -> Vec<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for number in 0..40 {
        store_article(&store, number).await;
    }
    drop(store);
    let length = fs::metadata(folder.path().join("sled/db")).unwrap().len() as usize;
    let damage = |(start, count): (usize, usize)| {
        let copied = tempfile::tempdir().unwrap();
        copy(folder.path(), copied.path());
        let path = copied.path().join("sled").join("db");
        let mut damaged = fs::read(&path).unwrap();
        damaged.iter_mut().skip(start).take(count).for_each(|b| *b = 0xA5);
        fs::write(&path, damaged).unwrap();
        copied
    };
    [(0, 64), (0, length), (20, 400), (length / 4, 4096), (length / 2, 10)].map(damage).into()
}

#[tokio::test]
async fn damage_to_sleds_log_is_told_and_never_begun_anew_over() {
    for copied in with_damaged_logs().await {
        for _ in 0..2 {
            let error = open_error(copied.path());
            assert!(
                matches!(&error, StoreError::Corrupt(text) if text.contains("`conductwatch rebuild`")),
                "{error:?}"
            );
        }
        assert!(archive::verify(&copied.path().join("archive")).unwrap().records[&RecordKind::Article] >= 40);
    }
}

#[test]
fn a_store_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let newer = |found| StoreError::Newer { path: folder.path().display().to_string(), found, known: unit::SCHEMA };
    let key = keys::meta("schema");
    let (value, _) = codec::encode(&key, &(unit::SCHEMA + 1)).unwrap();
    with_tree(folder.path(), |tree| drop(tree.insert(key.bytes(), value).unwrap()));
    assert_eq!(open_error(folder.path()), newer(unit::SCHEMA + 1));
    with_tree(folder.path(), |tree| drop(tree.insert(key.bytes(), &[codec::VALUE_VERSION + 1, 0, 1]).unwrap()));
    assert_eq!(open_error(folder.path()), newer(u32::from(codec::VALUE_VERSION) + 1));
}

#[test]
fn data_of_another_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path()).unwrap();
    with_tree(folder.path(), |tree| drop(tree.insert(b"theirs", b"data").unwrap()));
    assert!(matches!(open_error(folder.path()), StoreError::Corrupt(_)));
}

#[tokio::test]
async fn a_damaged_value_is_named_by_its_kind() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store_article(&store, 0).await;
    store_article(&store, 1).await;
    store.commit_poll(poll(vec![entry("e", "https://a.example/1", 1, selected(1))])).await.unwrap();
    drop(store);
    let cut = |key: Key| {
        with_tree(folder.path(), |tree| {
            let value = tree.get(key.bytes()).unwrap().unwrap();
            drop(tree.insert(key.bytes(), &value[..value.len() - 5]).unwrap());
        });
    };
    cut(keys::article(&article_id("article-0000")));
    cut(keys::entry(&entry_id("e")));
    cut(keys::alert(&AlertId::parse("alert-0").unwrap()));
    with_tree(folder.path(), |tree| {
        drop(tree.remove(keys::article(&article_id("article-0001")).bytes()).unwrap());
    });
    let store = open(folder.path());
    let texts = [
        store.article(&article_id("article-0000")).await.unwrap_err().to_string(),
        store.due_entries(at(9), 9).await.unwrap_err().to_string(),
        store.alerts().await.unwrap_err().to_string(),
        store.unsettled(9).await.unwrap_err().to_string(),
    ];
    let expected = ["article article-0000", "entry e", "alert alert-0", "article article-0001"];
    for (text, expected) in texts.iter().zip(expected) {
        assert!(text.contains(&format!("{}: {expected}: ", folder.path().display())), "{text}");
    }
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = |name: &str| {
        let store = folder.path().join("store");
        drop(fs::remove_dir_all(&store));
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if name.ends_with("lock") || name.ends_with("pack") {
            fs::create_dir_all(&path).unwrap();
        } else {
            fs::write(&path, "in the way").unwrap();
        }
        let error = open_error(&store);
        assert!(matches!(&error, StoreError::Io(text) if text.contains(path.to_str().unwrap())), "{error:?}");
        if path.is_file() {
            fs::remove_file(&path).unwrap();
        }
    };
    for name in ["store", "store/sled", "store/archive", "store/lock", "store/archive/000001.pack"] {
        blocked(name);
    }
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_written_and_all_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store_article(&store, 0).await;
    drop(store);
    let full = SledStore::open(folder.path(), StoreOptions { reserve_bytes: u64::MAX, ..options() }).unwrap();
    let before = full.counts().await.unwrap();
    for _ in 0..2 {
        let refused = full.commit_article(read(article("x", "https://a.example/x", None, 1, &[]))).await;
        assert!(matches!(&refused, Err(StoreError::Full(text)) if text.contains("make room")), "{refused:?}");
    }
    assert_eq!(full.counts().await.unwrap(), before);
    assert!(full.article(&article_id("article-0000")).await.unwrap().is_some());
    full.flush().await.unwrap();
    drop(full);
    check_articles(folder.path(), 1).await;
}

#[test]
fn the_ballast_is_there_from_the_start_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let ballast = folder.path().join("ballast");
    for _ in 0..2 {
        drop(open(folder.path()));
        assert_eq!(fs::metadata(&ballast).unwrap().len(), options().ballast_bytes);
        fs::remove_file(&ballast).unwrap();
    }
    // Without room for it, it is not made.
    drop(SledStore::open(folder.path(), StoreOptions { reserve_bytes: u64::MAX, ..options() }).unwrap());
    assert!(!ballast.exists());
}

#[tokio::test]
async fn a_sync_that_fails_is_final() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store_article(&store, 0).await;
    // A file that cannot be synced.
    store.inner.gate.write().unwrap().as_mut().unwrap().file = fs::File::open("/dev/null").unwrap();
    let failed = store.commit_poll(poll(vec![])).await.unwrap_err();
    assert!(matches!(&failed, StoreError::Io(_)), "{failed:?}");
    store.inner.gate.write().unwrap().as_mut().unwrap().file = fs::File::open(folder.path().join("sled/db")).unwrap();
    assert_eq!(store.commit_poll(poll(vec![])).await.unwrap_err(), failed);
    assert_eq!(store.feed_states().await.unwrap_err(), failed);
    assert_eq!(store.flush().await.unwrap_err(), failed);
    drop(store);
    check_articles(folder.path(), 1).await;
}

#[tokio::test]
async fn long_values_are_kept_in_pieces_that_go_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    // Text that hardly packs.
    let noise: String = (0..20_000_u64).map(|i| format!("{:x} ", i.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    let mut long = article("long", "https://a.example/long", None, 1, &[]);
    long.article.blocks[0].text = noise;
    let pieces = |store: &SledStore| store.inner.with_tree(|t| Ok(t.keys(&keys::all(Kind::Piece)).count())).unwrap();
    for number in 0..3 {
        long.read = at(number);
        store.commit_article(read(long.clone())).await.unwrap();
        assert!(pieces(&store) > 20);
        assert_eq!(store.article(&long.id).await.unwrap().as_ref(), Some(&long));
    }
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.article(&long.id).await.unwrap(), Some(long));
    assert_eq!(fs::read_dir(folder.path().join("sled/blobs")).unwrap().count(), 0);
    store.commit_article(read(article("long", "https://a.example/long", None, 1, &[]))).await.unwrap();
    assert_eq!(pieces(&store), 0);
}

#[tokio::test]
async fn of_a_feed_the_latest_decisions_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let subject = Subject::Feed(feed("herald").id);
    let other = Subject::Entry(entry_id("e"));
    {
        // Without a sync for each.
        let gate = store.inner.gate.read().unwrap();
        let engine = gate.as_ref().unwrap();
        for number in 0..1005 {
            let mut unit = Unit::begin(engine.view(folder.path())).unwrap();
            let mut work = poll(vec![]);
            work.decisions = [&subject, &other].map(|s| decision(s.clone(), &number.to_string(), 1)).to_vec();
            write::poll(&mut unit, &work).unwrap();
            engine.tree.apply_batch(unit.into_batch().unwrap()).unwrap();
        }
    }
    let kept = store.decisions(&subject).await.unwrap();
    assert_eq!((kept.len(), kept[0].rule.as_str(), kept[999].rule.as_str()), (1000, "5", "1004"));
    assert_eq!(store.decisions(&other).await.unwrap().len(), 1005);
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let inner = store.inner.clone();
    drop(store);
    let again = open(folder.path());
    assert_eq!(inner.with_tree(|_| Ok(())), Err(closed()));
    let job = Job::new(vec![], Box::new(|_| Ok(())));
    assert_eq!(inner.commit(job), Err(closed()));
    store_article(&again, 0).await;
}
