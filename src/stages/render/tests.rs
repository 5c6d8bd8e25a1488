//! Tests of rendering: a whole digest against stored files, and hostile text in every form.

use super::*;
use crate::domain::{
    AlertKind, Change, ChangeKind, Corrected, DigestItem, DigestLink, Doubt, Flood, ReadingDoubt, SourceNote,
};
use crate::stages::digest::sample::full;
use std::path::Path;

/// Holds `found` to the stored file `name`; `UPDATE_GOLDEN=1` writes it instead.
fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/digest").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == found, "{} differs; UPDATE_GOLDEN=1 cargo test rewrites it. Found:\n{found}", path.display());
}

#[test]
fn every_form_is_as_stored() {
    let parts = message(&full());
    golden("full.txt", &parts.text);
    golden("full.html", &parts.html);
    golden("full.json", &parts.json);
}

/// The first item of the first section.
fn first(digest: &mut Digest) -> &mut DigestItem {
    digest.sections.first_mut().unwrap().stories.first_mut().unwrap().items.first_mut().unwrap()
}

#[test]
fn json_counts_code_points() {
    let mut digest = full();
    let item = first(&mut digest);
    item.alert.evidence.text = "Zoë Ané said 🙂 to Bo.".into();
    let start = item.alert.evidence.text.find("Bo").unwrap();
    item.alert.evidence.marks = vec![crate::domain::Span::new(start, start + 2), crate::domain::Span::new(3, 4)];
    let value: serde_json::Value = serde_json::from_str(&json(&digest)).unwrap();
    assert_eq!(value.pointer("/sections/0/stories/0/items/0/marks").unwrap(), &serde_json::json!([[18, 20]]));
    assert_eq!(value.pointer("/version").unwrap(), VERSION);
}

/// The texts that a feed or page may hold to harm who reads them.
fn hostile() -> Vec<String> {
    vec![
        "</title><script>alert(1)</script><img src=x onerror=alert(2)>".to_owned(),
        "\"><a href='javascript:alert(3)'>x</a> &lt;b&gt; &amp;".to_owned(),
        "line\r\nBcc: someone@else.example\r\n\r\nbody".to_owned(),
        "\u{1b}[2J\u{1b}]0;owned\u{7} \u{9b}31m bell\u{0}".to_owned(),
        "\u{202e}desrever\u{2066} \u{200f}\u{2069}\u{feff}\u{2028}next\u{2029}para\u{85}".to_owned(),
        "Z\u{335}\u{336}\u{337}\u{338}\u{334}\u{335}\u{336}algo".to_owned(),
        "x".repeat(10_000),
        "word ".repeat(2_000),
        "🏴\u{e0067}\u{e0062}\u{e007f}\u{200d}ﷺ".to_owned(),
        String::new(),
        " \n ".to_owned(),
    ]
}

fn poison(item: &mut DigestItem, text: &str) {
    item.also_about = vec![text.to_owned()];
    for link in &mut item.elsewhere {
        link.outlet = Some(text.to_owned());
    }
    item.elsewhere.push(DigestLink { outlet: Some(text.to_owned()), url: format!("javascript:{text}") });
    for alert in std::iter::once(&mut item.alert).chain(&mut item.with) {
        alert.headline = text.to_owned();
        alert.outlet = Some(text.to_owned());
        alert.url = Some(format!("javascript:{text}"));
        // The marks now lie anywhere, also inside characters.
        alert.evidence.text = text.to_owned();
        if let crate::domain::AlertKind::Development { detail, .. } = &mut alert.content {
            *detail = text.to_owned();
        }
    }
}

/// A digest in which every text from outside is `text`.
fn poisoned(text: &str) -> Digest {
    let mut digest = full();
    digest.subject = text.to_owned();
    digest.notices = vec![text.to_owned()];
    digest.overview = vec![text.to_owned(); 3];
    for item in &mut digest.corrections {
        poison(item, text);
    }
    for section in &mut digest.sections {
        section.title = text.to_owned();
        for story in &mut section.stories {
            story.name = Some(text.to_owned());
            for known in story.known_before.iter_mut().chain(&mut story.due_next) {
                known.detail = text.to_owned();
            }
            story.items.iter_mut().for_each(|item| poison(item, text));
        }
        section.minor.iter_mut().for_each(|item| poison(item, text));
    }
    // A correction whose every text is the same, and a summary of what was held back.
    let mut item = first(&mut digest).clone();
    let kinds = [ChangeKind::Withdrawn, ChangeKind::Said, ChangeKind::NameGone, ChangeKind::Headline];
    let change = |kind| Change {
        kind,
        what: text.to_owned(),
        before: text.to_owned(),
        after: text.to_owned(),
        event: None,
        concerns: vec![text.to_owned()],
    };
    item.alert.content = AlertKind::SilentEdit { changes: kinds.map(change).to_vec() };
    item.alert.tracked_names = vec![text.to_owned()];
    let earlier = Corrected { headline: text.to_owned(), label: text.to_owned(), ..item.alert.corrected() };
    item.alert.corrects = vec![earlier];
    digest.corrections.push(item);
    let by = vec![(text.to_owned(), 3); 20];
    let at = digest.to;
    digest.flood = Some(Flood { alerts: Vec::new(), from: at, to: at, by_source: by.clone(), by_type: by });
    let doubt = Doubt { kind: None, concerns: vec![], evidence: text.to_owned(), reason: text.to_owned() };
    let doubt = ReadingDoubt { headline: text.to_owned(), url: Some(format!("javascript:{text}")), doubt };
    digest.doubts = vec![doubt; 20];
    digest.sources.notes = vec![SourceNote { name: text.to_owned(), message: text.to_owned() }; 20];
    digest
}

#[test]
fn hostile_text_is_safe_in_every_form() {
    for evil in hostile() {
        let digest = poisoned(&evil);
        let parts = message(&digest);
        let shown = evil.chars().take(60).collect::<String>();

        assert!(!parts.subject.chars().any(char::is_control) && parts.subject.chars().count() <= 160, "{shown:?}");
        for (form, body) in [("text", &parts.text), ("html", &parts.html), ("json", &parts.json)] {
            let bad = body.chars().find(|c| *c != '\n' && safe::is_treacherous(*c));
            assert_eq!(bad, None, "{form} of {shown:?}");
        }
        assert!(parts.html.len() < 100_000 && parts.text.len() < 60_000, "cut: {shown:?} {}", parts.html.len());
        for line in parts.text.lines() {
            assert!(line.chars().count() <= WIDTH, "{shown:?}: {line}");
        }

        // What a browser makes of it: only our own elements and attributes, no address but web addresses.
        let html = scraper::Html::parse_document(&parts.html);
        for node in html.root_element().descendants() {
            let Some(element) = node.value().as_element() else { continue };
            let known = [
                "html",
                "head",
                "meta",
                "title",
                "style",
                "body",
                "main",
                "h1",
                "h2",
                "h3",
                "p",
                "section",
                "article",
                "blockquote",
                "mark",
                "span",
                "a",
                "b",
                "code",
                "ul",
                "li",
                "footer",
            ];
            assert!(known.contains(&element.name()), "{shown:?}: <{}>", element.name());
            for (name, value) in element.attrs() {
                assert!(!name.starts_with("on") && name != "src", "{shown:?}: {name}={value}");
                assert!(name != "href" || value.starts_with("http"), "{shown:?}: {name}={value}");
            }
        }

        let value: serde_json::Value = serde_json::from_str(&parts.json).unwrap();
        assert_eq!(value.pointer("/sections/0/stories/0/items/0/headline").unwrap(), evil.as_str(), "whole in JSON");
        assert!(value.pointer("/sections/0/stories/0/items/0/url").unwrap().is_null());
    }
}

#[test]
fn nothing_is_remote() {
    let html = html(&full());
    for word in ["<script", "<link", "<img", "@import", "url(", "src="] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn long_addresses_stay_whole_in_text() {
    let mut digest = full();
    let address = format!("https://echo.example/{}", "a-long-path/".repeat(20));
    first(&mut digest).alert.url = Some(address.clone());
    assert!(text(&digest).lines().any(|l| l.trim() == address));
}

/// A digest of `n` items under ten names, as a day of a great scandal may bring.
fn many(n: u32) -> Digest {
    use crate::domain::DevelopmentType as T;
    use crate::stages::digest::{compose, sample};
    let mut list = sample::watchlist();
    for i in 0..10 {
        let (id, name) = (format!("person-{i}"), format!("Person Number{i}"));
        list.persons.push(crate::domain::WatchedPerson { id, name, ..Default::default() });
    }
    let kinds = [T::Arrest, T::Charge, T::Suspension, T::Dismissal, T::Sentence, T::Statement, T::ReportPublished];
    let told = (0..n).map(|i| {
        let tracked = if i % 3 == 0 { "westmarch".to_owned() } else { format!("person-{}", i % 10) };
        let date = format!("2024-05-{:02}", 1 + i % 14);
        let event = kinds.get(i as usize % kinds.len()).copied();
        let case = sample::Case {
            n: i + 100,
            event,
            tracked: &[&tracked],
            headline: &format!("Headline number {i} about what happened to an officer of the county’s police force"),
            detail: "over messages that were found on a telephone",
            date: &date,
            evidence: "[The officer], who is 41 and has served for twelve years, was told on Tuesday, a spokeswoman said.",
        };
        case.told(&[&tracked])
    });
    compose(sample::input(&list, told.collect())).unwrap()
}

#[test]
fn a_digest_of_many_items_starts_with_all_of_them_in_short() {
    let digest = many(60);
    assert_eq!(digest.alerts().count(), 60);
    assert_eq!(digest.overview.len(), digest.sections.iter().filter(|s| !s.stories.is_empty()).count());
    let parts = message(&digest);
    assert!(parts.subject.chars().count() <= crate::stages::digest::MAX_SUBJECT && parts.subject.ends_with(" more"));
    assert!(parts.text.len() < 60_000 && parts.html.len() < 120_000, "{} {}", parts.text.len(), parts.html.len());
    assert_eq!(message(&many(60)), parts, "the same bytes again");
    if let Some(folder) = std::env::var_os("DIGEST_SAMPLES") {
        for (name, digest) in [("two", many(2)), ("full", full()), ("sixty", digest)] {
            std::fs::write(Path::new(&folder).join(format!("{name}.html")), html(&digest)).unwrap();
            std::fs::write(Path::new(&folder).join(format!("{name}.txt")), text(&digest)).unwrap();
        }
    }
}

#[test]
fn words_cut_out_of_a_sentence_end_where_they_make_sense() {
    for (detail, expected) in [
        ("arrested at Bradford police station and", "arrested at Bradford police station"),
        ("suspended on full pay in December, and", "suspended on full pay in December"),
        ("apologised to a file,”", "apologised to a file"),
        ("apologised “to every community", "apologised to every community"),
        ("charged with “conduct” and theft", "charged with “conduct” and theft"),
        ("for the", ""),
    ] {
        let mut digest = full();
        let item = first(&mut digest);
        item.with.clear();
        if let AlertKind::Development { detail: own, date, .. } = &mut item.alert.content {
            (*own, *date) = (detail.to_owned(), None);
        }
        assert_eq!(words::detail(item), expected, "{detail}");
    }
}

#[test]
fn what_a_sentence_denies_is_not_told_as_if_it_were_so() {
    for (evidence, expected) in [
        ("The judge would let him appeal out of time.", "let him appeal out of time"),
        ("The judge would not let him appeal out of time.", ""),
        ("The judge wouldn’t let him appeal out of time.", ""),
    ] {
        let mut digest = full();
        let item = first(&mut digest);
        item.with.clear();
        item.alert.evidence.text = evidence.to_owned();
        if let AlertKind::Development { detail, date, .. } = &mut item.alert.content {
            (*detail, *date) = ("let him appeal out of time".to_owned(), None);
        }
        assert_eq!(words::detail(item), expected, "{evidence}");
    }
}

#[test]
fn what_several_items_of_one_article_share_is_said_once() {
    let mut digest = full();
    let mut item = first(&mut digest).clone();
    (item.articles, item.independent_sources) = (3, 1);
    item.elsewhere = vec![DigestLink { outlet: Some("Aldmoor Star".into()), url: "https://star.example/1".into() }];
    let mut second = item.clone();
    second.alert.id = crate::domain::AlertId::derive(&["second"]);
    let section = digest.sections.first_mut().unwrap();
    section.stories.truncate(1);
    section.stories[0].items = vec![item, second.clone()];
    digest.sections.truncate(1);
    for form in [text(&digest), html(&digest)] {
        assert_eq!(form.matches("https://star.example/1").count(), 1, "{form}");
        assert!(form.contains("In the same articles"), "{form}");
    }
    // Told elsewhere too: that is said.
    second.elsewhere[0].url = "https://star.example/2".into();
    digest.sections[0].stories[0].items[1] = second;
    assert!(text(&digest).contains("https://star.example/2"));
}

#[test]
fn one_sentence_in_doubt_stands_once_with_all_that_it_may_be() {
    use crate::domain::DevelopmentType as T;
    let doubt = |kind| ReadingDoubt {
        headline: "Hearing".into(),
        url: None,
        doubt: Doubt {
            kind: Some(kind),
            concerns: vec![],
            evidence: "He could be dismissed.".into(),
            reason: "only possible".into(),
        },
    };
    let mut digest = full();
    digest.doubts = vec![
        doubt(T::MisconductFinding),
        doubt(T::Dismissal),
        ReadingDoubt { headline: "Other".into(), ..doubt(T::Charge) },
    ];
    digest.doubts[2].doubt.evidence = "Another sentence.".into();
    let shown = text(&digest);
    assert!(
        shown.contains("Misconduct finding, dismissal? only possible") && shown.contains("Charge? only possible"),
        "{shown}"
    );
    assert_eq!(shown.matches("He could be dismissed.").count(), 1);
    assert!(html(&digest).contains("<b>Misconduct finding, dismissal?</b>"));
}

#[test]
fn several_alerts_that_one_article_raised_are_corrected_in_one_line() {
    let mut digest = full();
    let mut item = first(&mut digest).clone();
    let one = item.alert.corrected();
    let other =
        Corrected { label: "Statement".into(), alert: crate::domain::AlertId::derive(&["other"]), ..one.clone() };
    let apart = Corrected { headline: "Another headline".into(), ..other.clone() };
    item.with.clear();
    item.alert.corrects = vec![one, other, apart];
    let lines = words::corrects(&item, "Europe/London");
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains(", Statement, “") && lines[0].contains("[alerts "), "{lines:?}");
}
