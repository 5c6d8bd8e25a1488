//! Selection: recall first, and yet most everyday news is passed over.

use conductwatch::domain::{FeedId, Keyword, SelectMode, WatchedBody, WatchedPerson, Watchlist};
use conductwatch::stages::select::Selector;
use std::path::Path;
use url::Url;

/// Headline, summary and address of each line of a fixture.
fn entries(name: &str) -> Vec<(String, String, Option<Url>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/select").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .filter(|l| !l.starts_with('#'))
        .map(|line| {
            let mut parts = line.split('|').map(|p| p.trim().to_owned());
            let mut next = || parts.next().unwrap_or_default();
            (next(), next(), Url::parse(&next()).ok())
        })
        .collect()
}

#[test]
fn everyday_news_is_passed_over_and_news_of_the_police_is_not() {
    let selector = Selector::new(&Watchlist::default());
    // (fixture, least share passing in per cent, most share passing in per cent)
    for (name, least, most) in [("everyday.txt", 0, 10), ("policing.txt", 97, 100)] {
        let entries = entries(name);
        let mut passed = Vec::new();
        let mut passed_over = Vec::new();
        for (title, summary, url) in &entries {
            let got = selector.select(SelectMode::Topic, title, summary, url.as_ref(), None);
            let line = format!("{title}: {} {}", got.reason, got.evidence);
            if got.selected { passed.push(line) } else { passed_over.push(line) }
        }
        let share = 100 * passed.len() / entries.len();
        assert!(
            (least..=most).contains(&share),
            "{name}: {share} % pass\npassed:\n{}\npassed over:\n{}",
            passed.join("\n"),
            passed_over.join("\n")
        );
    }
}

fn watchlist() -> Watchlist {
    let strings = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
    Watchlist {
        persons: vec![WatchedPerson {
            id: "orla-dunmore-ashe".to_owned(),
            name: "Orla Dunmore-Ashe QPM".to_owned(),
            aliases: strings(&["Orla Dunmore"]),
            ..WatchedPerson::default()
        }],
        bodies: vec![WatchedBody {
            id: "wexmoor-alliance".to_owned(),
            name: "The Wexmoor Alliance".to_owned(),
            aliases: strings(&["WA", "the Wex"]),
            ..WatchedBody::default()
        }],
        keywords: vec![Keyword {
            id: "e-scooters".to_owned(),
            name: "E-scooters".to_owned(),
            any: strings(&["e-scooter*"]),
            feeds: strings(&["gazette"]),
            ..Keyword::default()
        }],
        ..Watchlist::default()
    }
}

#[test]
fn a_watched_body_that_is_built_in_is_found_by_its_other_names() {
    let body = WatchedBody { id: "iopc".to_owned(), name: "The complaints body".to_owned(), ..WatchedBody::default() };
    let selector = Selector::new(&Watchlist { bodies: vec![body], ..Watchlist::default() });
    for (title, expected) in [("IOPC drops probe", true), ("PIRC drops probe", false)] {
        let got = selector.select(SelectMode::Names, title, "", None, None);
        assert_eq!(got.selected, expected, "{title}: {}", got.evidence);
    }
}

#[test]
fn rules_by_mode() {
    use SelectMode::{All, Names, Topic};
    let selector = Selector::new(&watchlist());
    let gazette = FeedId::parse("gazette").unwrap();
    let courier = FeedId::parse("courier").unwrap();
    // (mode, title, summary, address, feed, rule, evidence)
    for (mode, title, summary, address, feed, rule, evidence) in [
        (All, "Leek soup", "", "", &courier, "all", ""),
        (Topic, "Leek soup", "", "", &courier, "nothing_found", ""),
        (Topic, "", "", "", &courier, "nothing_found", ""),
        (
            Names,
            "Orla Dunmore-Ashe’s farewell",
            "",
            "",
            &courier,
            "watched_name",
            "orla-dunmore-ashe: Orla Dunmore Ashe",
        ),
        (Names, "Farewell", "Ms Dunmore-Ashe spoke", "", &courier, "watched_name", "orla-dunmore-ashe: Dunmore Ashe"),
        (Names, "dunmore-ashe is a fine wood", "", "", &courier, "nothing_found", ""),
        (Names, "DUNMORE-ASHE GOES", "", "", &courier, "watched_name", "orla-dunmore-ashe: DUNMORE ASHE"),
        (
            Names,
            "She goes",
            "",
            "https://x.example/news/orla-dunmore-goes",
            &courier,
            "watched_name",
            "orla-dunmore-ashe: orla dunmore",
        ),
        (Names, "A plan by Wexmoor Alliance", "", "", &courier, "watched_name", "wexmoor-alliance: Wexmoor Alliance"),
        (Names, "WA has a plan", "", "", &courier, "watched_name", "wexmoor-alliance: WA"),
        (Names, "Wa has a plan", "", "", &courier, "nothing_found", ""),
        (Names, "E-scooters banned", "", "", &gazette, "keyword", "e-scooters: E-scooters"),
        (Names, "E-scooters banned", "", "", &courier, "nothing_found", ""),
        (Names, "Police officer jailed", "", "", &courier, "nothing_found", ""),
        (Topic, "Police officer jailed", "", "", &courier, "topic_word", "police: Police"),
        (
            Topic,
            "A long night",
            "",
            "https://x.example/uk-news/policing/a-long-night",
            &courier,
            "topic_address",
            "section: policing",
        ),
        (
            Topic,
            "Chief steps down before hearing",
            "",
            "",
            &courier,
            "topic_words_together",
            "people: Chief; leaves office: steps down",
        ),
        (Topic, "Striker suspended", "", "", &courier, "nothing_found", ""),
        (Topic, "Met Office warns of snow", "", "", &courier, "nothing_found", ""),
        (Topic, "Met warns of crowds", "", "", &courier, "topic_word", "police: Met"),
    ] {
        let got = selector.select(mode, title, summary, Url::parse(address).ok().as_ref(), Some(feed));
        assert_eq!((got.reason.as_str(), got.evidence.as_str()), (rule, evidence), "{mode:?} {title:?} {address}");
        assert_eq!(got.selected, rule != "nothing_found");
    }
}
