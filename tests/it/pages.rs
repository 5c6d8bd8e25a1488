//! Pages in the shapes of publishing systems, each with what is to be read out of it (`tests/fixtures/pages/README.md`), and odd input.

use conductwatch::domain::{BlockKind, Page};
use conductwatch::stages::clean::{Cleaned, clean};
use serde_json::{Value, json};
use std::path::Path;
use url::Url;

fn clean_page(body: Vec<u8>) -> Cleaned {
    clean(&Page { url: Some(Url::parse("https://www.saltmouth.example/news/0").unwrap()), content_type: None, body })
}

/// What the fixtures compare, by their key.
fn told(cleaned: &Cleaned, key: &str) -> Value {
    let a = &cleaned.article;
    match key {
        "title" => json!(a.headline),
        "standfirst" => json!(a.standfirst),
        "byline" => json!(a.byline),
        "agency" => json!(a.agency),
        "published" => json!(a.published),
        "modified" => json!(a.modified),
        "outlet" => json!(a.outlet),
        "flags" => json!(a.flags),
        "captions" => json!(a.captions),
        "blocks" => json!(a.blocks.iter().map(|b| &b.text).collect::<Vec<_>>()),
        other => panic!("no such fact: {other}"),
    }
}

#[test]
fn pages_of_publishing_systems() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pages");
    let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.retain(|p| p.extension().is_some_and(|e| e == "json"));
    names.sort();
    assert!(names.len() >= 20, "only {} fixtures", names.len());
    let mut faults = Vec::new();
    for path in names {
        let expected: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let cleaned = clean_page(std::fs::read(path.with_extension("html")).unwrap());
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        for (key, wanted) in expected.as_object().unwrap() {
            let got = told(&cleaned, key);
            if got != *wanted {
                faults.push(format!("{name}: {key}\n  expected {wanted}\n  got      {got}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn odd_pages_get_an_answer() {
    let text =
        "<p>The sergeant, who served for nine years, was dismissed on Monday after a hearing, the panel said.</p>";
    let pages: Vec<(&str, String)> = vec![
        ("deep", format!("<html><body>{}{text}", "<div>".repeat(50_000))),
        ("deep formatting", format!("<html><body>{}{text}", "<b>".repeat(20_000))),
        ("only scripts", "<html><head>".to_owned() + &"<script>var a = '<p>x</p>';</script>".repeat(2_000)),
        ("nulls", format!("<html>\0<body>\0{}", text.replace('e', "\0e"))),
        ("unclosed", format!("<html><body>{}{text}", "<div><p><a href=\"<table><td><ul><select><b>".repeat(300))),
        ("comment that never ends", format!("<html><body>{}", "<!--".repeat(10_000))),
        ("deep json", format!("<html><script type=\"application/ld+json\">{}</script>{text}", "[".repeat(50_000))),
        ("nothing", String::new()),
        ("a tag", "<".to_owned()),
    ];
    for (name, page) in pages {
        let cleaned = clean_page(page.into_bytes());
        assert!(cleaned.article.blocks.len() < 100, "{name}");
    }
    for cut in 0..text.len() {
        clean_page(text.as_bytes().get(..cut).unwrap().to_vec());
    }
    clean_page((0..=255u8).collect::<Vec<u8>>().repeat(40));
}

#[test]
fn encodings_declared_and_not() {
    let body = "<html><body><h1>Le café du port ferme après la plainte</h1><p>Le café du port, fermé depuis mardi après une plainte, rouvrira demain, a dit la préfète à la presse locale.</p></body></html>";
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(body);
    for bytes in [body.as_bytes().to_vec(), latin.into_owned()] {
        assert!(clean_page(bytes).article.text().starts_with("Le café du port, fermé depuis"));
    }
}

#[test]
fn kinds_of_blocks_are_told_apart() {
    let html = "<html><body><article><h1>Harbour sergeant keeps job</h1><p>A harbour sergeant has kept her job after a hearing, the force said on Tuesday.</p><h2>What was found</h2><p>The panel found, after three days, that she had meant to log the motor.</p><ul><li>The motor was seized in June;</li><li>it was never run.</li></ul><blockquote><p>I have let down a crew that I am proud of.</p></blockquote><p>This article was amended on 3 May 2024 to correct the month of the seizure.</p></article></body></html>";
    let kinds: Vec<BlockKind> = clean_page(html.into()).article.blocks.into_iter().map(|b| b.kind).collect();
    let expected = [
        BlockKind::Paragraph,
        BlockKind::Subheading,
        BlockKind::Paragraph,
        BlockKind::ListItem,
        BlockKind::ListItem,
        BlockKind::Quotation,
        BlockKind::CorrectionNote,
    ];
    assert_eq!(kinds, expected);
}
