//! Tests of the newsroom.

use super::*;
use crate::config::{Outside, load};
use crate::stages::parse::parse_feed;
use std::path::Path;
use url::Url;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Links of the entries that the feed under `path` has at `now`.
fn entries(room: &Newsroom, path: &str, now: Timestamp) -> Vec<crate::domain::ParsedEntry> {
    let answer = room.respond(path, now).unwrap();
    let url = Url::parse(&format!("http://127.0.0.1:80{path}")).unwrap();
    let feed = parse_feed(answer.body.as_bytes(), &url, Some(&answer.content_type)).unwrap();
    assert!(feed.warnings.is_empty(), "{path}: {:?}", feed.warnings);
    feed.entries
}

#[test]
fn the_week_is_as_long_as_it_says() {
    let room = newsroom();
    assert_eq!((room.start(), room.end()), (at("2026-10-05T05:00Z"), at("2026-10-09T17:30Z")));
    let before = |t: Timestamp| room.data.article.iter().filter(|a| a.published <= t).count();
    assert_eq!(before(room.start()), 2, "what the first poll finds");
    assert_eq!(before(room.end()), room.data.article.len());
}

#[test]
fn every_article_is_in_a_feed_and_its_page_is_served() {
    let room = newsroom();
    let mut seen = 0;
    for outlet in &room.data.outlet {
        for entry in entries(&room, &outlet.feed, room.end()) {
            let (link, title) = (entry.link.unwrap(), entry.title.unwrap());
            let answer = room.respond(link.path(), room.end()).unwrap();
            let html = scraper::Html::parse_document(&answer.body);
            let h1 = scraper::Selector::parse("h1").unwrap();
            let shown: Vec<String> = html.select(&h1).map(|e| e.text().collect()).collect();
            assert_eq!(shown, [title], "{link}");
            assert!(entry.published.is_some() && entry.summary.is_some() && !entry.authors.is_empty(), "{link}");
            seen += 1;
        }
    }
    assert_eq!(seen, room.data.article.len());
}

#[test]
fn nothing_is_served_before_it_is_printed() {
    let room = newsroom();
    for article in &room.data.article {
        let path = room.path(article).unwrap();
        let before = article.published.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap();
        assert_eq!(room.respond(&path, before), None, "{path}");
        let feed = &room.outlet(article).unwrap().feed;
        let in_feed = |now| entries(&room, feed, now).iter().any(|e| e.link.as_ref().unwrap().path() == path);
        assert!(!in_feed(before) && in_feed(article.published), "{path}");
    }
    assert_eq!(room.respond("/nowhere", room.end()), None);
}

#[test]
fn validators_change_with_what_they_validate() {
    let room = newsroom();
    let answer = |path: &str, now: &str| room.respond(path, at(now)).unwrap();
    let feed = "/echo/rss.xml";
    assert_eq!(answer(feed, "2026-10-05T05:00Z"), answer(feed, "2026-10-05T08:09Z"));
    let (before, after) = (answer(feed, "2026-10-05T08:09Z"), answer(feed, "2026-10-05T08:10Z"));
    assert_ne!(before.etag, after.etag);
    assert_eq!(after.last_modified.as_deref(), Some("Mon, 05 Oct 2026 08:10:00 GMT"));
}

#[test]
fn the_amended_article_changes_on_its_page_and_in_its_feed() {
    let room = newsroom();
    let article = room.data.article.iter().find(|a| a.amended.is_some()).unwrap();
    let path = room.path(article).unwrap();
    let (before, after) = (at("2026-10-08T15:39Z"), at("2026-10-08T15:40Z"));
    let body = |now| room.respond(&path, now).unwrap().body;
    assert!(body(before).contains("dismissed without notice") && !body(before).contains("was amended"));
    assert!(body(after).contains("final written warning") && body(after).contains("was amended on 8 October"));
    let updated = |now| {
        let feed = entries(&room, "/gazette/feed.atom", now);
        let entry = feed.into_iter().find(|e| e.link.as_ref().unwrap().path() == path).unwrap();
        (entry.key, entry.updated)
    };
    assert_eq!(updated(before).0, updated(after).0, "it stays the same entry");
    assert_eq!(updated(after).1, Some(after));
}

#[test]
fn the_configuration_is_right() {
    let text = newsroom().config_toml("http://127.0.0.1:4711/", "/tmp/a \"store\"", "/tmp/out");
    let outside = Outside { read: &|_: &Path| Ok(text.clone()), env: &|_| None };
    let config = load(Path::new("/tmp/demo.toml"), &outside, &[]).unwrap();
    assert_eq!(config.warnings, []);
    assert_eq!(config.store.path, Path::new("/tmp/a \"store\""));
    let feeds: Vec<&str> = config.feeds.iter().map(|f| f.url.as_str()).collect();
    assert_eq!(
        feeds,
        [
            "http://127.0.0.1:4711/echo/rss.xml",
            "http://127.0.0.1:4711/gazette/feed.atom",
            "http://127.0.0.1:4711/post/feed.json"
        ]
    );
    assert_eq!(
        (config.watchlist.persons.len(), config.watchlist.bodies.len(), config.watchlist.keywords.len()),
        (6, 2, 1)
    );
}
