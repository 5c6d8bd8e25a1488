//! The store's care: compaction, erasure, sizes, the ballast, and that nothing is begun anew over what is there.

use super::faults::{check_articles, check_counts, copy, open_error, store_article};
use super::things::*;
use super::*;
use crate::ports::StoreCare as _;
use std::fs;

/// How often `word` stands in the files of `folder`.
fn copies(folder: &Path, word: &str) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries
        .map(|path| {
            if path.is_dir() {
                return copies(&path, word);
            }
            let bytes = fs::read(path).unwrap();
            bytes.windows(word.len()).filter(|w| *w == word.as_bytes()).count()
        })
        .sum()
}

#[tokio::test]
async fn compaction_leaves_nothing_of_what_was_removed_and_all_of_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for number in 0..30 {
        store_article(&store, number).await;
    }
    // An entry's title, written many times over and then gone.
    let named = |title: String| {
        let mut record = entry("e", "https://a.example/e", 1, passed_over("dull"));
        record.entry.parsed.title = Some(title);
        poll(vec![record])
    };
    for round in 0..40 {
        store.commit_poll(named(format!("Quenby Thrale {round}"))).await.unwrap();
    }
    store.commit_poll(named("nobody".to_owned())).await.unwrap();
    assert!(copies(folder.path(), "Quenby Thrale") > 20, "removing is not erasing");
    let done = store.compact().await.unwrap();
    assert_eq!(copies(folder.path(), "Quenby Thrale"), 0);
    assert!(done.keys > 100 && done.after_bytes > 0 && done.before_bytes > 0, "{done:?}");
    // It goes on, in the same handle and after the next open.
    store_article(&store, 30).await;
    check_counts(&store);
    drop(store);
    check_articles(folder.path(), 31).await;
    assert!(!folder.path().join("sled.new").exists() && !folder.path().join("sled.old").exists());
}

#[tokio::test]
async fn units_of_work_and_questions_wait_for_a_compaction_and_none_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(folder.path()));
    let tasks = (0..24).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            if number % 8 == 5 {
                store.compact().await.unwrap();
            }
            store_article(&store, number).await;
            let id = article_id(&format!("article-{number:04}"));
            assert!(store.article(&id).await.unwrap().is_some());
        })
    });
    for done in futures_util::future::join_all(tasks).await {
        done.unwrap();
    }
    drop(store);
    check_articles(folder.path(), 24).await;
}

#[tokio::test]
async fn a_compaction_cut_short_anywhere_is_ended_at_the_next_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for number in 0..6 {
        store_article(&store, number).await;
    }
    drop(store);
    let sled = |base: &Path, name: &str| base.join(name);
    // What a crash leaves: (copy half made), (old one aside), (new one in place, old one still there).
    for (step, expected) in [("half a copy", 6), ("between the renames", 6), ("before the removal", 6)] {
        let left = tempfile::tempdir().unwrap();
        copy(folder.path(), left.path());
        match step {
            "half a copy" => {
                fs::create_dir(sled(left.path(), "sled.new")).unwrap();
                fs::write(left.path().join("sled.new/db"), b"half").unwrap();
            }
            "between the renames" => {
                copy(&sled(left.path(), "sled"), &sled(left.path(), "sled.new"));
                fs::rename(sled(left.path(), "sled"), sled(left.path(), "sled.old")).unwrap();
            }
            _ => copy(&sled(left.path(), "sled"), &sled(left.path(), "sled.old")),
        }
        check_articles(left.path(), expected).await;
        for name in ["sled.new", "sled.old"] {
            assert!(!sled(left.path(), name).exists(), "{step}: {name}");
        }
    }
}

#[tokio::test]
async fn what_is_erased_from_the_archive_stays_in_sled_until_it_is_removed_there() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for number in 0..4 {
        store_article(&store, number).await;
    }
    let before = store.sizes().await.unwrap();
    let erased =
        store.erase_archived(Box::new(|r| r.kind == RecordKind::PageSnapshot || r.id == "article-0002")).await.unwrap();
    // Four pages; an article, and that it was settled.
    assert_eq!(erased.records, 6);
    let after = store.sizes().await.unwrap();
    assert_eq!(after.archive_bytes, before.archive_bytes - erased.freed_bytes);
    assert!(after.sled_bytes > 0 && after.ballast_bytes == options().ballast_bytes && after.free_bytes.is_some());
    store_article(&store, 4).await;
    drop(store);
    check_articles(folder.path(), 5).await;
    assert_eq!(crate::adapters::archive::verify(&folder.path().join("archive")).unwrap().erased, 6);
}

#[tokio::test]
async fn a_store_whose_sled_is_gone_is_never_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store_article(&store, 0).await;
    drop(store);
    for (lost, with_units) in [("sled", true), ("sled", false), ("sled/db", true), ("sled/db", false)] {
        let left = tempfile::tempdir().unwrap();
        copy(folder.path(), left.path());
        let path = left.path().join(lost);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap()
        } else {
            fs::remove_file(&path).unwrap()
        }
        if !with_units {
            fs::remove_file(left.path().join("units")).unwrap();
        }
        for _ in 0..2 {
            let error = open_error(left.path());
            let named = |text: &str| text.contains("nothing is begun anew") && text.contains("conductwatch restore");
            assert!(matches!(&error, StoreError::Corrupt(text) if named(text)), "{lost}: {error:?}");
        }
    }
}

#[tokio::test]
async fn the_ballast_is_made_again_when_room_returns() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let ballast = folder.path().join("ballast");
    fs::remove_file(&ballast).unwrap();
    store.inner.ballast.store(false, Ordering::Relaxed);
    store_article(&store, 0).await;
    assert_eq!(fs::metadata(&ballast).unwrap().len(), options().ballast_bytes);
    assert_eq!(store.sizes().await.unwrap().ballast_bytes, options().ballast_bytes);
}

#[tokio::test]
async fn an_entry_put_off_under_a_clock_that_was_ahead_is_due() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let hours = |n: i64| n * 3600;
    let entries = vec![
        entry("now", "https://a.example/1", 1, selected(0)),
        entry("soon", "https://a.example/2", 1, selected(hours(5))),
        entry("ahead", "https://a.example/3", 1, selected(hours(24 * 5))),
    ];
    store.commit_poll(poll(entries)).await.unwrap();
    let due = store.due_entries(at(0), 9).await.unwrap();
    let names: Vec<&str> = due.iter().map(|r| r.entry.id.as_str()).collect();
    assert_eq!(names, ["now", "ahead"]);
}

#[tokio::test]
async fn a_torn_file_of_sleds_settings_is_made_again() {
    for damage in [&b""[..], b"half of the sett", &[0; 62]] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        for number in 0..4 {
            store_article(&store, number).await;
        }
        drop(store);
        let conf = folder.path().join("sled/conf");
        assert!(conf.exists());
        fs::write(&conf, damage).unwrap();
        check_articles(folder.path(), 4).await;
    }
}
