//! Retention: what goes, and what is still known afterwards.

use super::things::*;
use super::*;
use crate::domain::EntryState;
use crate::ports::{Cutoffs, PurgePlace, PurgeRound, Purged, StoreCare as _};

/// Everything older than `second`.
fn all_before(second: i64) -> Cutoffs {
    let cutoff = Some(at(second));
    Cutoffs { snapshots: cutoff, articles: cutoff, decisions: cutoff, digests: cutoff, alerts: cutoff }
}

async fn purge_all(store: &SledStore, cutoffs: Cutoffs) -> Purged {
    let mut all = Purged::default();
    let mut place = Some(PurgePlace::default());
    while let Some(from) = place {
        let (purged, next) = store.purge(cutoffs, from, at(900)).await.unwrap();
        all.add(&purged);
        place = next;
    }
    all
}

/// Three articles with their entries, of which the second raised an alert; a passed-over entry; a digest.
async fn fill(store: &SledStore) {
    for (n, read_at) in [(1, 100), (2, 200), (3, 300)] {
        let (e, a, link) = (format!("e{n}"), format!("a{n}"), format!("https://a.example/{n}"));
        let mut work = poll(vec![entry(&e, &link, read_at, selected(1))]);
        work.decisions = vec![decision(Subject::Entry(entry_id(&e)), "topic", read_at)];
        store.commit_poll(work).await.unwrap();
        let mut work = read(article(&a, &link, None, read_at, &[n]));
        work.entry = Some((entry_id(&e), done(&a)));
        work.snapshot = Some(b"<p>page</p>".to_vec());
        work.decisions = vec![decision(Subject::Article(article_id(&a)), "page", read_at)];
        store.commit_article(work).await.unwrap();
        let mut work = settled(&a, &a);
        if n == 2 {
            work.alerts = vec![alert("x", &a, read_at)];
        }
        store.settle(vec![work]).await.unwrap();
    }
    store.commit_poll(poll(vec![entry("p", "https://a.example/p", 50, passed_over("dull"))])).await.unwrap();
    let told = alert("x", "a2", 200);
    store
        .commit_digest(digested(Some(digest("d", &[told])), &["x"], vec![delivery("d", "mail", pending(1))], 250))
        .await
        .unwrap();
    store.commit_delivery(delivery("d", "mail", sent(260)), tried("d")).await.unwrap();
}

#[tokio::test]
async fn what_raised_no_alert_goes_and_what_did_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    fill(&store).await;
    let cutoffs = Cutoffs { articles: Some(at(250)), decisions: Some(at(250)), ..Cutoffs::default() };
    let purged = purge_all(&store, cutoffs).await;
    assert_eq!((purged.articles, purged.entries, purged.alerts, purged.digests), (1, 2, 0, 0));
    let there = async |id: &str| store.article(&article_id(id)).await.unwrap().is_some();
    assert_eq!((there("a1").await, there("a2").await, there("a3").await), (false, true, true));
    assert_eq!(store.check().await.unwrap().faults, []);
    // `why` still says something, and says what happened.
    for subject in [Subject::Entry(entry_id("e1")), Subject::Article(article_id("a1"))] {
        let rules: Vec<String> = store.decisions(&subject).await.unwrap().into_iter().map(|d| d.rule).collect();
        assert!(!rules.is_empty() && rules.iter().all(|rule| rule == "kept_long_enough"), "{subject:?}: {rules:?}");
    }
    let kept = store.decisions(&Subject::Entry(entry_id("e2"))).await.unwrap();
    assert_eq!(kept[0].rule, "topic");
    // A second round finds nothing more.
    assert_eq!(purge_all(&store, cutoffs).await, Purged::default());
}

#[tokio::test]
async fn a_purged_entry_is_never_new_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    fill(&store).await;
    purge_all(&store, all_before(800)).await;
    let records = store.entries(&[entry_id("e1"), entry_id("p")]).await.unwrap();
    assert_eq!(records.len(), 2);
    for record in &records {
        assert_eq!((&record.entry.parsed.title, &record.entry.parsed.summary), (&None, &None));
        assert!(matches!(record.state, EntryState::PassedOver { .. }), "it is not fetched again under another title");
    }
    // Under another id: by its address, and by its words.
    let mut again = entry("other", "https://a.example/1", 1, selected(1)).entry.parsed;
    assert_eq!(store.seen_before(&feed("herald").id, &[again.clone()]).await.unwrap(), [true]);
    again.link = None;
    again.title = Some("Title of e1".to_owned());
    assert_eq!(store.seen_before(&feed("herald").id, &[again]).await.unwrap(), [true]);
}

#[tokio::test]
async fn alerts_and_digests_go_at_their_own_time_and_it_stays_known_who_was_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    fill(&store).await;
    let x = AlertId::parse("x").unwrap();
    // A digest whose delivery waits is needed.
    store.commit_delivery(delivery("d", "mail", pending(1)), tried("d")).await.unwrap();
    assert_eq!(purge_all(&store, Cutoffs { digests: Some(at(800)), ..Cutoffs::default() }).await.digests, 0);
    store.commit_delivery(delivery("d", "mail", sent(260)), tried("d")).await.unwrap();
    let purged = purge_all(&store, all_before(800)).await;
    assert_eq!((purged.alerts, purged.digests, purged.articles), (1, 1, 3));
    assert_eq!(store.alerts().await.unwrap(), []);
    assert_eq!(store.digests().await.unwrap(), []);
    let told = store.told_in(&x).await.unwrap();
    assert_eq!(store.deliveries(&told[0]).await.unwrap().len(), 1);
    assert!(!store.decisions(&Subject::Alert(x)).await.unwrap().is_empty());
    assert!(!store.decisions(&Subject::Digest(told[0].clone())).await.unwrap().is_empty());
    assert_eq!(store.check().await.unwrap().faults, []);
    // An alert that waits is never removed.
    let mut work = settled("a9", "a9");
    store.commit_article(read(article("a9", "https://a.example/9", None, 300, &[]))).await.unwrap();
    work.alerts = vec![alert("y", "a9", 300)];
    store.settle(vec![work]).await.unwrap();
    assert_eq!(purge_all(&store, all_before(800)).await.alerts, 0);
}

#[tokio::test]
async fn the_archive_forgets_a_pack_once_all_of_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path(), StoreOptions { pack_bytes: 1, ..options() }).unwrap();
    fill(&store).await;
    let archive = folder.path().join("archive");
    let kinds = || {
        let mut found = Vec::new();
        crate::adapters::archive::read(&archive, |record| {
            found.extend(record.payload.map(|_| (record.header.kind, record.header.id)));
        })
        .unwrap();
        found
    };
    purge_all(&store, Cutoffs { snapshots: Some(at(150)), ..Cutoffs::default() }).await;
    assert!(!kinds().contains(&(RecordKind::PageSnapshot, "a1".to_owned())));
    assert!(kinds().contains(&(RecordKind::PageSnapshot, "a2".to_owned())));
    assert!(kinds().contains(&(RecordKind::Article, "a1".to_owned())));
    // What sled has stays in the archive too.
    purge_all(&store, Cutoffs { articles: Some(at(800)), ..Cutoffs::default() }).await;
    assert!(!kinds().contains(&(RecordKind::Article, "a1".to_owned())));
    assert!(kinds().contains(&(RecordKind::Article, "a2".to_owned())), "an alert rests on it");
    assert_eq!(crate::adapters::archive::verify(&archive).unwrap().faults, [""; 0]);
}

#[tokio::test]
async fn a_round_is_many_small_steps_and_its_end_is_noted() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let entries =
        (0..450).map(|n| entry(&format!("p{n:04}"), &format!("https://a.example/{n}"), 1, passed_over("dull")));
    store.commit_poll(poll(entries.collect())).await.unwrap();
    let (mut steps, mut place, mut all) = (0, Some(PurgePlace::default()), Purged::default());
    while let Some(from) = place {
        let (purged, next) = store.purge(all_before(100), from, at(900)).await.unwrap();
        assert!(purged.entries <= 200);
        all.add(&purged);
        (steps, place) = (steps + 1, next);
    }
    assert!(all.entries == 450 && steps >= 8, "{steps} {all:?}");
    assert_eq!(store.last_purge().await.unwrap(), None);
    let round = PurgeRound { at: at(900), removed: all };
    store.end_purge(round.clone()).await.unwrap();
    drop(store);
    assert_eq!(open(folder.path()).last_purge().await.unwrap(), Some(round));
}
