//! Tests of the feed of alerts, read back by parsers that are not ours.

use super::*;
use crate::adapters::deliver::message_for_tests;
use crate::domain::AlertId;

fn channel(folder: &Path, entries: usize) -> AtomChannel {
    let settings = AtomSettings {
        path: folder.join("feeds/alerts.xml"),
        title: "Alerts & more".into(),
        address: Some("https://watch.example/alerts.xml?a=b&c=d".into()),
        entries,
    };
    AtomChannel::new(ChannelId::parse("feed").unwrap(), settings)
}

fn entry(n: u32, corrects: &[u32]) -> AlertEntry {
    let id = |n: u32| AlertId::parse(&format!("alert-{n:03}")).unwrap();
    AlertEntry {
        alert: id(n),
        title: format!("Charge: Ada <Marrick> & others {n}\u{b}\u{fffe}"),
        html: format!("<p>Charged &amp; bailed, {n}</p>"),
        at: format!("2024-05-{:02}T06:00:00Z", 1 + n % 28).parse().unwrap(),
        url: Some(format!("https://echo.example/{n}?a=b&c=d")),
        outlet: Some("Larchester Echo".into()),
        tags: vec!["charge".into(), "major".into(), "Ada \"Marrick\"".into()],
        corrects: corrects.iter().map(|n| id(*n)).collect(),
    }
}

async fn deliver(channel: &AtomChannel, entries: &[AlertEntry]) -> String {
    let message = Message { entries: entries.to_vec(), ..message_for_tests("20240601-0730-aa", "2024-06-01T06:30Z") };
    channel.deliver(&message, message.at).await.unwrap();
    fs::read_to_string(&channel.settings.path).unwrap()
}

#[tokio::test]
async fn other_peoples_parsers_find_each_alert_once_the_newest_first() {
    let home = tempfile::tempdir().unwrap();
    let channel = channel(home.path(), 3);
    let first = deliver(&channel, &[entry(2, &[]), entry(1, &[])]).await;
    // The same again, and again beside a new one: the feed says each once.
    assert_eq!(deliver(&channel, &[entry(1, &[])]).await, first);
    let second = deliver(&channel, &[entry(3, &[1]), entry(2, &[])]).await;
    let feed = feed_rs::parser::parse(second.as_bytes()).unwrap();
    assert_eq!(feed.feed_type, feed_rs::model::FeedType::Atom);
    assert_eq!(feed.title.unwrap().content, "Alerts & more");
    assert_eq!(feed.id, "https://watch.example/alerts.xml?a=b&c=d");
    assert_eq!(feed.updated.unwrap().to_rfc3339(), "2024-05-04T06:00:00+00:00");
    let titles: Vec<String> = feed.entries.iter().map(|e| e.title.clone().unwrap().content).collect();
    assert_eq!(titles, [3, 2, 1].map(|n| format!("Charge: Ada <Marrick> & others {n}")));
    let ids: Vec<&str> = feed.entries.iter().map(|e| e.id.as_str()).collect();
    assert!(ids.iter().all(|id| id.starts_with("urn:uuid:") && id.len() == 45), "{ids:?}");
    let newest = feed.entries.first().unwrap();
    let links: Vec<(&str, &str)> =
        newest.links.iter().map(|l| (l.rel.as_deref().unwrap_or(""), l.href.as_str())).collect();
    assert_eq!(links, [("alternate", "https://echo.example/3?a=b&c=d"), ("related", ids[2])]);
    assert_eq!(newest.content.as_ref().unwrap().body.as_deref(), Some("<p>Charged &amp; bailed, 3</p>"));
    assert_eq!(
        newest.categories.iter().map(|c| c.term.as_str()).collect::<Vec<_>>(),
        ["charge", "major", "Ada \"Marrick\""]
    );
    // Only so many are kept, the newest.
    let third = deliver(&channel, &[entry(4, &[]), entry(0, &[])]).await;
    let kept = feed_rs::parser::parse(third.as_bytes()).unwrap();
    let titles: Vec<String> = kept.entries.iter().map(|e| e.title.clone().unwrap().content).collect();
    assert_eq!(titles, [4, 3, 2].map(|n| format!("Charge: Ada <Marrick> & others {n}")));
}

#[tokio::test]
async fn every_element_is_sound_and_a_correction_points_to_the_first() {
    let home = tempfile::tempdir().unwrap();
    let feed = deliver(&channel(home.path(), 9), &[entry(1, &[]), entry(2, &[1])]).await;
    let mut reader = quick_xml::NsReader::from_str(&feed);
    reader.config_mut().enable_all_checks(true);
    let (mut replies, mut elements) = (Vec::new(), 0);
    loop {
        let (namespace, event) = reader.read_resolved_event().unwrap();
        let name = format!("{namespace:?}");
        match event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => {
                elements += 1;
                let attributes: Vec<(String, String)> = tag
                    .attributes()
                    .map(|a| a.unwrap())
                    .map(|a| (a.key.as_ref().to_owned(), a.value.as_ref().to_owned()))
                    .collect();
                if tag.local_name().as_ref() == "in-reply-to" {
                    assert!(name.contains("http://purl.org/syndication/thread/1.0"), "{name}");
                    replies.extend(attributes);
                } else {
                    assert!(name.contains("http://www.w3.org/2005/Atom"), "{name}");
                }
            }
            _ => {}
        }
    }
    assert!(elements > 20);
    assert_eq!(replies, [("ref".to_owned(), urn(&["alert", "alert-001"]))]);
    assert!(feed.contains(&format!("<id>{}</id>", urn(&["alert", "alert-001"]))));
}

#[tokio::test]
async fn a_trial_is_one_entry_however_often() {
    let home = tempfile::tempdir().unwrap();
    let channel = channel(home.path(), 9);
    deliver(&channel, &[entry(1, &[])]).await;
    for at in ["2024-06-02T06:30Z", "2024-06-03T06:30Z"] {
        let message = Message {
            entries: vec![entry(7, &[]), entry(8, &[])],
            test: true,
            ..message_for_tests("test-20240602-073000", at)
        };
        channel.deliver(&message, message.at).await.unwrap();
    }
    let feed = fs::read_to_string(&channel.settings.path).unwrap();
    assert_eq!((feed.matches("<entry>").count(), feed.matches("<title>Test: Charge").count()), (2, 1), "{feed}");
}

#[tokio::test]
async fn a_file_that_is_no_such_feed_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let channel = channel(home.path(), 9);
    let path = channel.settings.path.clone();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    for (text, said) in [
        ("<html><body>mine</body></html>", "does not begin with <feed>"),
        ("<feed><entry><id>x</id>", "breaks off"),
        ("<feed><entry></entry></feed>", "no id or time"),
        ("<feed><a></b></feed>", "move it away"),
    ] {
        fs::write(&path, text).unwrap();
        let message =
            Message { entries: vec![entry(1, &[])], ..message_for_tests("20240601-0730-aa", "2024-06-01T06:30Z") };
        let error = channel.deliver(&message, message.at).await.unwrap_err();
        assert!(error.retry() && error.message.contains(said) && error.message.contains("move it away"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[tokio::test]
async fn what_is_put_right_takes_the_place_of_what_came_with_its_digest() {
    let home = tempfile::tempdir().unwrap();
    let channel = channel(home.path(), 9);
    let of = |digest: &str, entries: &[AlertEntry]| Message {
        entries: entries.to_vec(),
        ..message_for_tests(digest, "2024-06-01T06:30Z")
    };
    assert_eq!(channel.replace(&of("20240601-0730-aa", &[])).await.unwrap(), Replaced::NotThere);
    let first = of("20240601-0730-aa", &[entry(1, &[]), entry(2, &[])]);
    channel.deliver(&first, first.at).await.unwrap();
    let second = of("20240602-0730-bb", &[entry(3, &[])]);
    channel.deliver(&second, second.at).await.unwrap();
    // Of the first digest one alert is gone and one is changed; a new one is no business of this.
    let changed = AlertEntry { title: "Charge: somebody".into(), ..entry(2, &[]) };
    let mended = of("20240601-0730-aa", &[changed, entry(9, &[])]);
    assert_eq!(channel.replace(&mended).await.unwrap(), Replaced::Yes);
    let feed = fs::read_to_string(&channel.settings.path).unwrap();
    let read = feed_rs::parser::parse(feed.as_bytes()).unwrap();
    let titles: Vec<String> = read.entries.iter().map(|e| e.title.clone().unwrap().content).collect();
    assert_eq!(titles, ["Charge: Ada <Marrick> & others 3", "Charge: somebody"]);
    assert_eq!(channel.replace(&of("20240603-0730-cc", &[entry(3, &[])])).await.unwrap(), Replaced::NotThere);
    assert_eq!(fs::read_to_string(&channel.settings.path).unwrap(), feed);
}
