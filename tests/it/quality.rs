//! How well the program reads our own labelled articles and pages, against the floors of `tests/quality/baseline.json`.

mod align;
pub(crate) mod baseline;
pub(crate) mod cases;
mod resolve;
mod scores;
mod sentences;
mod texts;

use crate::identity;
use baseline::{Figures, Kind};
use cases::{CaseSet, Reading, read_json, root};
use conductwatch::domain::{BlockKind, Page};
use conductwatch::stages::clean::clean;
use conductwatch::stages::extract::Extractor;
use scores::share;

/// The measures of one set of labelled articles.
fn measure(set: &CaseSet) -> Figures {
    let extractor = Extractor::new(&set.watchlist);
    let readings: Vec<Reading> = set.cases.iter().map(|c| c.read(&extractor)).collect();
    let scores = scores::score(set, &readings);
    let alerts = scores::major_alerts(set, &set.alerts());
    let truth = set.cases.iter().map(|c| c.gold["clean_text"].as_str().unwrap());
    let (linked, pairs, wrong) = identity::links_of(&root().join(&set.name));
    let figures = [
        ("texts f1", texts::f1(readings.iter().map(|r| r.text.as_str()).zip(truth))),
        ("mentions named core f1", scores.named_core.f1()),
        ("mentions nominal f1", scores.nominal.f1()),
        ("events f1", scores.events.f1()),
        ("statements f1", scores.statements.f1()),
        ("status accuracy", share(scores.status_right, scores.matched, 1.0)),
        ("dates compatible", share(scores.date_right, scores.matched, 1.0)),
        ("traps avoided", share(scores.traps - scores.traps_hit, scores.traps, 1.0)),
        ("quotes f1", scores.quotes.f1()),
        ("major alerts f1", alerts.f1()),
        ("identity pairs recall", share(linked, pairs, 1.0)),
        ("identity pairs precision", share(linked, linked + wrong, 1.0)),
    ];
    figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn show(set: &str, figures: &Figures) {
    for (name, value) in figures {
        println!("{set}: {name} {value:.4}");
    }
}

#[test]
fn our_own_articles_are_read_no_worse_than_before() {
    let mut faults = Vec::new();
    for folder in baseline::folders() {
        let figures = measure(&CaseSet::read(&root().join(&folder), &folder));
        show(&folder, &figures);
        faults.extend(baseline::judge(Kind::Floor, &folder, &figures));
    }
    assert!(faults.is_empty(), "{}\n(tests/quality/README.md says how to raise or lower a bound)", faults.join("\n"));
}

#[test]
fn our_own_sentences_are_read_no_worse_than_before() {
    let mut faults = Vec::new();
    for path in sentences::files() {
        let set = format!("tests/quality/sentences/{}", path.file_name().unwrap().to_string_lossy());
        let figures = sentences::measure(&path);
        show(&set, &figures);
        faults.extend(baseline::judge(Kind::Floor, &set, &figures));
    }
    assert!(faults.is_empty(), "{}\n(tests/quality/README.md says how to raise or lower a bound)", faults.join("\n"));
}

#[test]
fn our_own_pages_are_cleaned_no_worse_than_before() {
    const SET: &str = "tests/fixtures/pages";
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut leaked = 0;
    let mut names: Vec<_> = std::fs::read_dir(root().join(SET)).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    for path in names.iter().filter(|p| p.extension().is_some_and(|e| e == "json")) {
        let expected = read_json(path);
        let Some(blocks) = expected["blocks"].as_array() else { continue };
        let truth: Vec<&str> = blocks.iter().filter_map(|b| b.as_str()).collect();
        let url = Some("https://www.saltmouth.example/news/0".parse().unwrap());
        let body = std::fs::read(path.with_extension("html")).unwrap();
        let article = clean(&Page { url, content_type: None, body }).article;
        // An embedded post is labelled with its sender; a part of a labelled block is no leak.
        let foreign = |text: &str| !truth.iter().any(|t| t.contains(text) || text.contains(t));
        for block in article.blocks.iter().filter(|b| b.kind != BlockKind::EmbeddedPost && foreign(&b.text)) {
            println!("{}: leaked: {}", path.display(), block.text);
            leaked += 1;
        }
        texts.push((article.text(), truth.join("\n\n")));
    }
    let figures = Figures::from([("f1".to_owned(), texts::f1(texts.iter().map(|(g, t)| (g.as_str(), t.as_str()))))]);
    show(SET, &figures);
    println!("{SET}: blocks of furniture in articles {leaked}");
    let mut faults = baseline::judge(Kind::Floor, SET, &figures);
    let leaks = Figures::from([("blocks of furniture in articles".to_owned(), f64::from(leaked))]);
    faults.extend(baseline::judge(Kind::Ceiling, SET, &leaks));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
