//! Pages in the shapes of publishing systems, each with what is to be read out of it (`tests/fixtures/pages/README.md`), and odd input.

use conductwatch::domain::{BlockKind, Page};
use conductwatch::stages::clean::{Cleaned, clean};
use serde_json::{Value, json};
use std::collections::BTreeMap;
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

/// What the README beside the fixtures says that each of them checks.
fn what_each_checks(folder: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let row = |line: &str| {
        let (name, what) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some((name.to_owned(), what.trim_end_matches([' ', '|']).to_owned()))
    };
    text.lines().filter_map(row).collect()
}

/// The texts of a list that are not in another, and its own that are missing there.
fn leaks_and_losses(got: &Value, wanted: &Value) -> (usize, usize) {
    let not_in = |a: &Value, b: &Value| {
        let Some(other) = b.as_array() else { return 0 };
        a.as_array().into_iter().flatten().filter(|text| !other.contains(text)).count()
    };
    (not_in(got, wanted), not_in(wanted, got))
}

/// Prints a table with `--nocapture`: each page, what leaks into its text, what of it is lost, which other facts are wrong.
#[test]
fn pages_of_publishing_systems() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pages");
    let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.retain(|p| p.extension().is_some_and(|e| e == "json"));
    names.sort();
    assert!(names.len() >= 40, "only {} fixtures", names.len());
    let checks = what_each_checks(&folder);
    let mut faults = Vec::new();
    println!("{:<28} {:>6} {:>5} {:>5}  WRONG", "PAGE", "BLOCKS", "LEAKS", "LOST");
    let (mut all_leaks, mut all_lost, mut all_wrong) = (0, 0, 0);
    for path in names {
        let expected: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let cleaned = clean_page(std::fs::read(path.with_extension("html")).unwrap());
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (leaks, lost) = leaks_and_losses(&told(&cleaned, "blocks"), &expected["blocks"]);
        let mut wrong = Vec::new();
        for (key, wanted) in expected.as_object().unwrap() {
            let got = told(&cleaned, key);
            if got != *wanted {
                faults.push(format!("{name}: {key}\n  expected {wanted}\n  got      {got}"));
                wrong.push(key.as_str());
            }
        }
        wrong.retain(|key| *key != "blocks");
        all_leaks += leaks;
        all_lost += lost;
        all_wrong += wrong.len();
        let blocks = expected["blocks"].as_array().map_or(0, Vec::len);
        println!("{name:<28} {blocks:>6} {leaks:>5} {lost:>5}  {}", wrong.join(", "));
        match checks.get(&name) {
            Some(what) => println!("    {what}"),
            None => faults.push(format!("{name}: README.md does not say what it checks")),
        }
    }
    println!("{all_leaks} leaks, {all_lost} blocks lost, {all_wrong} other facts wrong");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The lines of a fixture, without its remarks.
fn lines_of(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter(|l| !l.is_empty() && !l.starts_with("# ")).map(str::to_owned).collect()
}

/// Whether `line`, put as a bare paragraph into the middle or at the end of an article, is taken for a part of it.
fn is_kept(line: &str, at_the_end: bool) -> bool {
    let mut paragraphs = vec![
        "A detective who searched a police database for the names of his lodgers has been sacked without notice.",
        "DC Piers Hallam, 38, of Brackwater Police, looked up 14 people over 26 months, a misconduct panel was told on Wednesday.",
        "None of the searches had a policing purpose, the force’s barrister, Hester Lyle, said.",
        "“He treated a police system as a tenants’ register,” she told the panel in Brackwater.",
        "Hallam, who rented out four rooms at his home in Dunmere, admitted the searches but said he had been “curious, not corrupt”.",
        "The panel chair, Assistant Chief Constable Rhoda Penney, said that the public would be “rightly dismayed”.",
    ];
    paragraphs.insert(if at_the_end { paragraphs.len() } else { 4 }, line);
    let body: String = paragraphs.iter().map(|p| format!("<p>{p}</p>")).collect();
    let title = "Detective sacked after searching police database for his lodgers";
    let html = format!(
        "<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    );
    clean_page(html.into_bytes()).article.blocks.iter().any(|block| block.text == line)
}

#[test]
fn bare_lines_of_furniture_are_told_from_lines_of_the_article() {
    for at_the_end in [false, true] {
        let lost: Vec<String> = lines_of("article_lines.txt").into_iter().filter(|l| !is_kept(l, at_the_end)).collect();
        assert!(lost.is_empty(), "lost: {lost:#?}");
        let furniture = lines_of("furniture_lines.txt");
        let leaks: Vec<&String> = furniture.iter().filter(|l| is_kept(l, at_the_end)).collect();
        println!("{} of {} lines of furniture leak: {leaks:#?}", leaks.len(), furniture.len());
        assert!(leaks.is_empty(), "leak: {leaks:#?}");
    }
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

#[test]
fn numbers_of_a_table_stay_and_a_lone_counter_goes() {
    let prose =
        "<p>The panel heard how often each of the officers had been late for duty during the year.</p>".repeat(4);
    let page = |numbers: usize| {
        let cells: String = (1..=numbers).map(|n| format!("<p>{n}</p>")).collect();
        let html = format!(
            "<html><body><article><h1>Officers late for duty all year</h1>{prose}{cells}{prose}</article></body></html>"
        );
        clean_page(html.into_bytes()).article.blocks.iter().filter(|b| b.text.parse::<u32>().is_ok()).count()
    };
    assert_eq!((page(1), page(9)), (0, 9));
}

#[test]
fn headlines_of_other_stories_after_the_article_go_whatever_they_share_with_it() {
    for line in [
        "Detective who searched police database loses appeal against sacking",
        "Brackwater Police officer charged with misusing database",
        "Tenant of sacked Dunmere detective settles claim against newspaper",
    ] {
        assert!(!is_kept(line, true), "{line}");
    }
}
