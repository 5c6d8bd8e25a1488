//! Every unit of work and every question, each index followed through its changes.

use super::things::*;
use super::*;
use crate::domain::Doubt;

fn entry_names(found: &[EntryRecord]) -> Vec<&str> {
    found.iter().map(|r| r.entry.id.as_str()).collect()
}

fn article_names(found: &[ArticleRecord]) -> Vec<&str> {
    found.iter().map(|r| r.id.as_str()).collect()
}

fn alert_names(found: &[Alert]) -> Vec<&str> {
    found.iter().map(|a| a.id.as_str()).collect()
}

/// Says no to no article.
fn all() -> MayMatter {
    Arc::new(|_| true)
}

#[tokio::test]
async fn a_poll_stores_feed_and_entries_and_moves_them_between_due_and_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    assert_eq!(store.next_entry_due().await, Ok(None));
    let entries = vec![
        entry("late", "https://a.example/1", 1, selected(90)),
        entry("soon", "https://a.example/2", 2, selected(10)),
        entry("dull", "https://a.example/3", 3, passed_over("no policing word")),
        entry("dull-2", "https://a.example/4", 4, passed_over("no policing word")),
    ];
    store.commit_poll(poll(entries.clone())).await.unwrap();
    assert_eq!(store.feed_states().await.unwrap(), [feed("herald")]);
    assert_eq!(store.entries(&[entry_id("soon"), entry_id("unknown")]).await.unwrap(), entries[1..2]);
    assert_eq!(store.next_entry_due().await, Ok(Some(at(10))));
    for (now, limit, expected) in [(9, 9, &[][..]), (10, 9, &["soon"]), (90, 9, &["soon", "late"]), (90, 1, &["soon"])]
    {
        assert_eq!(entry_names(&store.due_entries(at(now), limit).await.unwrap()), expected, "{now} {limit}");
    }
    assert_eq!(entry_names(&store.passed_over(None, 9).await.unwrap()), ["dull-2", "dull"]);
    assert_eq!(entry_names(&store.passed_over(None, 1).await.unwrap()), ["dull-2"]);

    // A second poll selects what was passed over, and puts one off.
    let changed = vec![
        entry("dull", "https://a.example/3", 3, selected(5)),
        entry("soon", "https://a.example/2", 2, selected(50)),
    ];
    store.commit_poll(poll(changed)).await.unwrap();
    assert_eq!(entry_names(&store.due_entries(at(99), 9).await.unwrap()), ["dull", "soon", "late"]);
    assert_eq!(entry_names(&store.passed_over(None, 9).await.unwrap()), ["dull-2"]);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.feeds, counts.entries, counts.passed_over), (1, 4, 1));
    assert!(counts.bytes > 0);
}

#[tokio::test]
async fn an_article_moves_its_entry_waits_in_order_and_leaves_the_queue_when_settled() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.commit_poll(poll(vec![entry("e", "https://a.example/1", 1, selected(1))])).await.unwrap();
    let mut first = read(article("b", "https://a.example/1", Some(-500), 20, &[]));
    first.entry = Some((entry_id("e"), done("b")));
    first.snapshot = Some(b"<p>page</p>".to_vec());
    store.commit_article(first.clone()).await.unwrap();
    store.commit_article(read(article("undated", "https://a.example/2", None, 10, &[]))).await.unwrap();
    store.commit_article(read(article("a", "https://a.example/3", Some(-500), 30, &[]))).await.unwrap();

    assert_eq!(store.entries(&[entry_id("e")]).await.unwrap()[0].state, done("b"));
    assert_eq!(store.next_entry_due().await, Ok(None));
    assert_eq!(store.article(&article_id("b")).await.unwrap(), first.article);
    assert_eq!(store.article(&article_id("no")).await, Ok(None));
    // By publication, else reading time; then by id.
    assert_eq!(article_names(&store.unsettled(9).await.unwrap()), ["a", "b", "undated"]);
    assert_eq!(article_names(&store.unsettled(1).await.unwrap()), ["a"]);
    store.settle(vec![settled("a", "a")]).await.unwrap();
    assert_eq!(article_names(&store.unsettled(9).await.unwrap()), ["b", "undated"]);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.articles, counts.unsettled), (3, 2));

    // Read again under a new date: once in the queue, under that date.
    store.commit_article(read(article("b", "https://a.example/1", Some(500), 20, &[]))).await.unwrap();
    assert_eq!(article_names(&store.unsettled(9).await.unwrap()), ["undated", "b"]);
}

#[tokio::test]
async fn articles_are_counted_by_reading_time_and_keep_their_doubts() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for (id, read_at) in [("a", 10), ("b", 20), ("c", 30)] {
        let mut record = article(id, "https://a.example/1", None, read_at, &[]);
        record.extraction.doubts.push(Doubt {
            kind: None,
            concerns: Vec::new(),
            evidence: format!("sentence of {id}"),
            reason: "no year".to_owned(),
        });
        store.commit_article(read(record)).await.unwrap();
    }
    for (from, to, expected) in [
        (10, 30, &["Headline of a: sentence of a", "Headline of b: sentence of b"][..]),
        (11, 30, &["Headline of b: sentence of b"]),
        (31, 99, &[]),
        (30, 10, &[]),
    ] {
        let (count, doubts) = store.read_between(at(from), at(to)).await.unwrap();
        let doubts: Vec<String> = doubts.iter().map(|d| format!("{}: {}", d.headline, d.doubt.evidence)).collect();
        assert_eq!(doubts, expected, "{from} {to}");
        assert_eq!(count as usize, expected.len(), "{from} {to}");
    }
}

#[tokio::test]
async fn candidates_share_a_key_and_keys_change_with_their_development() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let person = |who: &str| BlockingKey::Person("court".to_owned(), who.to_owned());
    let month = BlockingKey::Body("court".to_owned(), "kent".to_owned(), Some(24_000));
    for (id, sketch) in [("a", &[1, 2, 3][..]), ("b", &[3, 4]), ("c", &[9])] {
        store.commit_article(read(article(id, "https://a.example/1", None, 1, sketch))).await.unwrap();
    }
    let mut work = settled("a", "a");
    work.developments = vec![
        (development("d2", "a", "jane", None, 1), vec![person("jane"), month.clone()]),
        (development("d1", "a", "joe", None, 1), vec![person("joe"), month.clone()]),
    ];
    store.settle(vec![work]).await.unwrap();
    store.settle(vec![settled("b", "a")]).await.unwrap();
    let names = |found: &Candidates| {
        let developments: Vec<String> = found.developments.iter().map(|d| d.id.to_string()).collect();
        let articles: Vec<String> = found.articles.iter().map(|(a, c)| format!("{}<{c}", a.id)).collect();
        [developments, articles].concat().join(" ")
    };
    for (keys, expected) in [
        (vec![], ""),
        (vec![person("jane")], "d2"),
        (vec![person("jane"), month.clone(), month.clone()], "d1 d2"),
        (vec![person("nobody"), BlockingKey::Body("court".to_owned(), "kent".to_owned(), None)], ""),
        (vec![BlockingKey::Sketch(3)], "a<a b<a"),
        (vec![BlockingKey::Sketch(2), BlockingKey::Sketch(1)], "a<a"),
        // Article c is not settled yet.
        (vec![BlockingKey::Sketch(9)], ""),
    ] {
        assert_eq!(names(&store.candidates(&keys, all()).await.unwrap()), expected, "{keys:?}");
    }

    let mut work = settled("c", "c");
    work.developments = vec![(development("d2", "a", "janet", None, 1), vec![person("janet")])];
    store.settle(vec![work]).await.unwrap();
    for (keys, expected) in [
        (vec![person("jane")], ""),
        (vec![person("janet")], "d2"),
        (vec![month], "d1"),
        (vec![BlockingKey::Sketch(9)], "c<c"),
    ] {
        assert_eq!(names(&store.candidates(&keys, all()).await.unwrap()), expected, "{keys:?}");
    }
    assert_eq!(store.developments_of("jane").await, Ok(vec![]));

    // A new revision with another sketch waits again, and its old sketch leads nowhere.
    store.commit_article(read(article("c", "https://a.example/1", None, 1, &[10]))).await.unwrap();
    assert_eq!(names(&store.candidates(&[BlockingKey::Sketch(9), BlockingKey::Sketch(10)], all()).await.unwrap()), "");
}

#[tokio::test]
async fn an_article_is_found_by_the_lowest_hashes_of_its_sketch() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let sketch: Vec<u64> = (0..32).rev().collect();
    let record = article("a", "https://a.example/1", None, 1, &sketch);
    store.commit_article(read(record.clone())).await.unwrap();
    store.settle(vec![settled("a", "a")]).await.unwrap();
    for (hash, found) in [(0, true), (15, true), (16, false), (31, false)] {
        let candidates = store.candidates(&[BlockingKey::Sketch(hash)], all()).await.unwrap();
        assert_eq!(candidates.articles.first(), Some(&(record.clone(), article_id("a"))).filter(|_| found), "{hash}");
    }
}

#[tokio::test]
async fn articles_are_found_from_the_first_question_on_however_many_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    // More hashes than are read in one go.
    for i in 0..80_u64 {
        let sketch: Vec<u64> = (0..16).map(|n| i * 16 + n).collect();
        store.commit_article(read(article(&format!("a{i}"), "https://a.example/1", None, 1, &sketch))).await.unwrap();
        store.settle(vec![settled(&format!("a{i}"), "a0")]).await.unwrap();
    }
    drop(store);
    let store = open(folder.path());
    let found = async |hash| {
        let found = store.candidates(&[BlockingKey::Sketch(hash)], all()).await.unwrap().articles;
        found.iter().map(|(a, _)| a.id.to_string()).collect::<Vec<_>>().join(" ")
    };
    for _ in 0..3 {
        for hash in [1279, 0, 640, 999, 1000] {
            assert_eq!(found(hash).await, format!("a{}", hash / 16), "{hash}");
        }
        assert_eq!(found(1280).await, "");
    }
    store.commit_article(read(article("new", "https://a.example/1", None, 1, &[1280]))).await.unwrap();
    store.settle(vec![settled("new", "new")]).await.unwrap();
    assert_eq!(found(1280).await, "new");
}

#[tokio::test]
async fn too_many_copies_are_cut_to_those_that_share_most() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for i in 0..210 {
        let id = format!("a{i:03}");
        let sketch = if i == 205 { vec![1, 2] } else { vec![1] };
        store.commit_article(read(article(&id, "https://a.example/1", None, 1, &sketch))).await.unwrap();
        store.settle(vec![settled(&id, &id)]).await.unwrap();
    }
    let found = store.candidates(&[BlockingKey::Sketch(1), BlockingKey::Sketch(2)], all()).await.unwrap().articles;
    assert_eq!(found.len(), 200);
    assert!(found.iter().any(|(a, _)| a.id == article_id("a205")));
    assert!(found.is_sorted_by_key(|(a, _)| a.id.clone()));
}

#[tokio::test]
async fn articles_that_cannot_matter_are_left_out_by_what_they_are_now() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let found_at = async |url: &'static str| {
        let may_matter: MayMatter = Arc::new(move |glimpse| glimpse.url.as_deref() == Some(url));
        let found = store.candidates(&[BlockingKey::Sketch(1)], may_matter).await.unwrap().articles;
        found.iter().map(|(a, _)| a.id.to_string()).collect::<Vec<_>>().join(" ")
    };
    let (first, second) = ("https://a.example/1", "https://a.example/2");
    for (id, url) in [("a", first), ("b", second)] {
        store.commit_article(read(article(id, url, None, 1, &[1]))).await.unwrap();
        store.settle(vec![settled(id, "a")]).await.unwrap();
    }
    // Read for the first time, and known from then on.
    for _ in 0..2 {
        assert_eq!(found_at(first).await, "a");
        assert_eq!(found_at(second).await, "b");
    }
    // Stored again, as another, it is known as that.
    store.commit_article(read(article("a", second, None, 2, &[1]))).await.unwrap();
    store.settle(vec![settled("a", "a")]).await.unwrap();
    assert_eq!((found_at(first).await.as_str(), found_at(second).await.as_str()), ("", "a b"));
}

#[tokio::test]
async fn merged_developments_are_found_under_the_older_id() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.commit_article(read(article("a", "https://a.example/1", None, 1, &[]))).await.unwrap();
    let key = |who: &str| vec![BlockingKey::Person("court".to_owned(), who.to_owned())];
    let mut work = settled("a", "a");
    work.developments = ["first", "second", "third"]
        .iter()
        .zip(0..)
        .map(|(id, seen)| (development(id, "a", "jane", None, seen), key(id)))
        .collect();
    store.settle(vec![work]).await.unwrap();
    for (younger, older) in [("third", "second"), ("second", "first")] {
        let mut work = settled("a", "a");
        work.merged = vec![(development_id(younger), development_id(older))];
        store.settle(vec![work]).await.unwrap();
    }
    for id in ["first", "second", "third"] {
        let found = store.development(&development_id(id)).await.unwrap().unwrap();
        assert_eq!(found.id, development_id("first"), "{id}");
        assert_eq!(store.find(id).await.unwrap(), [Subject::Development(development_id("first"))], "{id}");
    }
    assert_eq!(store.development(&development_id("fourth")).await, Ok(None));
    assert_eq!(store.developments_of("jane").await.unwrap().len(), 1);
    assert!(store.candidates(&key("third"), all()).await.unwrap().developments.is_empty());
    assert_eq!(store.counts().await.unwrap().developments, 1);
}

#[tokio::test]
async fn developments_of_an_entity_come_by_date() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.commit_article(read(article("a", "https://a.example/1", None, 1, &[]))).await.unwrap();
    let mut work = settled("a", "a");
    // `at(0)` is in November 2023.
    work.developments = [
        ("undated", None, 0),
        ("day", Some("2023-05-02"), 3),
        ("month", Some("2023-05"), 2),
        ("later", Some("2024"), 1),
    ]
    .map(|(id, date, seen)| (development(id, "a", "jane", date, seen), Vec::new()))
    .to_vec();
    store.settle(vec![work]).await.unwrap();
    let found = store.developments_of("jane").await.unwrap();
    let names: Vec<&str> = found.iter().map(|d| d.id.as_str()).collect();
    assert_eq!(names, ["month", "day", "undated", "later"]);
    assert!(store.developments_of("jan").await.unwrap().is_empty());
}

#[tokio::test]
async fn alerts_are_stored_once_in_order_and_wait_until_a_digest_tells_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.commit_article(read(article("a", "https://a.example/1", None, 1, &[]))).await.unwrap();
    let mut work = settled("a", "a");
    work.alerts = vec![alert("z", "a", 5), alert("b", "a", 5), alert("z", "a", 6)];
    store.settle(vec![work]).await.unwrap();
    let mut again = settled("a", "a");
    again.alerts = vec![alert("b", "a", 9), alert("c", "a", 2)];
    store.settle(vec![again]).await.unwrap();
    assert_eq!(alert_names(&store.waiting_alerts().await.unwrap()), ["z", "b", "c"]);
    assert_eq!(store.alert(&AlertId::parse("b").unwrap()).await.unwrap(), Some(alert("b", "a", 5)));

    let made = digest("d1", &[alert("z", "a", 5), alert("c", "a", 2)]);
    let deliveries = vec![delivery("d1", "mail", pending(1)), delivery("d1", "folder", pending(1))];
    store.commit_digest(digested(Some(made.clone()), &["z", "c"], deliveries, 100)).await.unwrap();
    assert_eq!(alert_names(&store.waiting_alerts().await.unwrap()), ["b"]);
    assert_eq!(alert_names(&store.alerts().await.unwrap()), ["z", "b", "c"]);
    assert_eq!(store.digest(&made.id).await.unwrap(), Some(made));
    assert_eq!(store.covered_until().await, Ok(Some(at(100))));
    // Told once, an alert does not wait again.
    let mut again = settled("a", "a");
    again.alerts = vec![alert("z", "a", 9)];
    store.settle(vec![again]).await.unwrap();
    assert_eq!(alert_names(&store.waiting_alerts().await.unwrap()), ["b"]);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.alerts, counts.alerts_waiting, counts.digests), (3, 1, 1));
}

#[tokio::test]
async fn a_digest_is_never_made_twice_and_a_sent_delivery_stays_sent() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.commit_article(read(article("a", "https://a.example/1", None, 1, &[]))).await.unwrap();
    let mut work = settled("a", "a");
    work.alerts = vec![alert("x", "a", 1), alert("y", "a", 2)];
    store.settle(vec![work]).await.unwrap();
    let first = digest("d1", &[alert("x", "a", 1)]);
    let mail = || vec![delivery("d1", "mail", pending(1))];
    store.commit_digest(digested(Some(first.clone()), &["x"], mail(), 100)).await.unwrap();
    store.commit_delivery(delivery("d1", "mail", sent(7)), tried("d")).await.unwrap();
    let second = digest("d1", &[alert("x", "a", 1), alert("y", "a", 2)]);
    store.commit_digest(digested(Some(second), &["x", "y"], mail(), 100)).await.unwrap();
    assert_eq!(store.digest(&first.id).await.unwrap(), Some(first));
    assert_eq!(store.outbox().await, Ok(vec![]));
    // The stored digest does not tell y: it still waits.
    assert_eq!(alert_names(&store.waiting_alerts().await.unwrap()), ["y"]);
    store.commit_digest(digested(None, &[], vec![], 200)).await.unwrap();
    assert_eq!(store.covered_until().await, Ok(Some(at(200))));
    store.commit_digest(digested(Some(digest("d0", &[])), &[], vec![], 300)).await.unwrap();
    let listed = store.digests().await.unwrap();
    let subjects: Vec<&str> = listed.iter().map(|(_, subject)| subject.as_str()).collect();
    assert_eq!(subjects, ["Subject of d0", "Subject of d1"]);
}

#[tokio::test]
async fn the_outbox_holds_what_waits_or_was_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let deliveries = ["mail", "folder", "other"].map(|c| delivery("d", c, pending(1))).to_vec();
    store.commit_digest(digested(Some(digest("d", &[])), &[], deliveries, 1)).await.unwrap();
    let dead = delivery("d", "mail", DeliveryState::Dead { message: "550 no such user".to_owned(), at: at(9) });
    let mut later = delivery("d", "other", pending(60));
    later.attempts = 1;
    later.last_failure = Some("421 later".to_owned());
    for item in [&dead, &later, &delivery("d", "folder", sent(2))] {
        store.commit_delivery(item.clone(), tried("d")).await.unwrap();
    }
    assert_eq!(store.outbox().await.unwrap(), [dead, later]);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.deliveries_waiting, counts.deliveries_dead), (1, 1));
    // One that was given up can be tried again.
    store.commit_delivery(delivery("d", "mail", pending(99)), tried("d")).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.deliveries_waiting, counts.deliveries_dead), (2, 0));
}

#[tokio::test]
async fn decisions_come_in_the_order_made_whatever_their_times() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let subject = Subject::Entry(entry_id("e"));
    let other = Subject::Entry(entry_id("e2"));
    let mut work = poll(vec![entry("e", "https://a.example/1", 1, selected(1))]);
    work.decisions = vec![
        decision(subject.clone(), "topic", 9),
        decision(other.clone(), "names", 9),
        decision(subject.clone(), "due", 9),
    ];
    store.commit_poll(work).await.unwrap();
    let mut work = read(article("a", "https://a.example/1", None, 1, &[]));
    work.decisions = vec![decision(subject.clone(), "page", 2)];
    store.commit_article(work).await.unwrap();
    let rules = |made: Vec<Decision>| made.into_iter().map(|d| d.rule).collect::<Vec<_>>();
    assert_eq!(rules(store.decisions(&subject).await.unwrap()), ["topic", "due", "page"]);
    assert_eq!(rules(store.decisions(&other).await.unwrap()), ["names"]);
    assert!(store.decisions(&Subject::Article(article_id("e"))).await.unwrap().is_empty());
}

#[tokio::test]
async fn things_are_found_by_address_id_and_start_of_id() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let link = "https://www.herald.example/police/officer-charged?utm_source=rss";
    store
        .commit_poll(poll(vec![
            entry("3f2a9c00aa", link, 1, selected(1)),
            entry("3f2a9d00bb", "https://herald.example/story?id=7", 1, selected(1)),
            entry("77777777", "https://herald.example/story?id=8", 1, selected(1)),
        ]))
        .await
        .unwrap();
    // The page redirected: the article has an address of its own.
    let mut work = read(article("aaaa1111", "https://herald.example/moved/officer-charged", None, 1, &[]));
    work.entry = Some((entry_id("3f2a9c00aa"), done("aaaa1111")));
    store.commit_article(work).await.unwrap();
    store
        .settle(vec![SettleCommit {
            alerts: vec![alert("bbbb2222", "aaaa1111", 1)],
            ..settled("aaaa1111", "aaaa1111")
        }])
        .await
        .unwrap();
    store.commit_digest(digested(Some(digest("cccc3333", &[])), &[], vec![], 1)).await.unwrap();

    let e = |id: &str| Subject::Entry(entry_id(id));
    let a = || Subject::Article(article_id("aaaa1111"));
    for (query, expected) in [
        ("http://herald.example/police/officer-charged/", vec![e("3f2a9c00aa"), a()]),
        ("herald.example/moved/officer-charged#top", vec![a()]),
        ("https://herald.example/story?id=7&fbclid=x", vec![e("3f2a9d00bb")]),
        ("https://herald.example/story?id=9", vec![]),
        ("https://herald.example/story", vec![e("3f2a9d00bb"), e("77777777")]),
        ("https://herald.example/", vec![]),
        ("3f2a9c00aa", vec![e("3f2a9c00aa")]),
        ("3f2a9c", vec![e("3f2a9c00aa")]),
        ("3f2a9", vec![e("3f2a9c00aa"), e("3f2a9d00bb")]),
        ("3f2", vec![]),
        (" aaaa ", vec![a()]),
        ("bbbb2222", vec![Subject::Alert(AlertId::parse("bbbb2222").unwrap())]),
        ("cccc", vec![Subject::Digest(DigestId::parse("cccc3333").unwrap())]),
        ("herald", vec![Subject::Feed(feed("herald").id)]),
        ("", vec![]),
    ] {
        assert_eq!(store.find(query).await.unwrap(), expected, "{query:?}");
    }
}

#[tokio::test]
async fn everything_is_there_after_reopening_and_the_archive_holds_the_trail() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.commit_poll(poll(vec![entry("e", "https://a.example/1", 1, selected(1))])).await.unwrap();
    let mut work = read(article("a", "https://a.example/1", Some(1), 2, &[5]));
    work.entry = Some((entry_id("e"), done("a")));
    work.snapshot = Some(b"<p>page</p>".to_vec());
    let stored = work.article.clone().unwrap();
    store.commit_article(work).await.unwrap();
    store.settle(vec![SettleCommit { alerts: vec![alert("x", "a", 3)], ..settled("a", "a") }]).await.unwrap();
    store
        .commit_digest(digested(Some(digest("d", &[])), &["x"], vec![delivery("d", "mail", pending(1))], 4))
        .await
        .unwrap();
    store.commit_delivery(delivery("d", "mail", sent(5)), tried("d")).await.unwrap();
    store.flush().await.unwrap();
    let counts = store.counts().await.unwrap();
    drop(store);

    let store = open(folder.path());
    assert_eq!(StoreCounts { bytes: 0, ..store.counts().await.unwrap() }, StoreCounts { bytes: 0, ..counts });
    assert_eq!(store.article(&stored.id).await.unwrap(), Some(stored.clone()));
    assert_eq!(
        store.candidates(&[BlockingKey::Sketch(5)], all()).await.unwrap().articles,
        [(stored.clone(), article_id("a"))]
    );
    drop(store);

    let archive = folder.path().join("archive");
    let mut trail = Vec::new();
    crate::adapters::archive::read(&archive, |record| {
        trail.push((record.header.kind, record.header.id.clone(), record.payload.unwrap()));
    })
    .unwrap();
    let kinds: Vec<(RecordKind, &str)> = trail.iter().map(|(kind, id, _)| (*kind, id.as_str())).collect();
    assert_eq!(
        kinds,
        [
            (RecordKind::PageSnapshot, "a"),
            (RecordKind::Article, "a"),
            (RecordKind::Alert, "x"),
            (RecordKind::Progress, "a"),
            (RecordKind::Digest, "d"),
            (RecordKind::Progress, "x"),
            (RecordKind::Receipt, "d.mail")
        ]
    );
    assert_eq!(trail[0].2, b"<p>page</p>");
    assert_eq!(serde_json::from_slice::<ArticleRecord>(&trail[1].2).unwrap(), stored);
    assert!(crate::adapters::archive::verify(&archive).unwrap().faults.is_empty());
}
