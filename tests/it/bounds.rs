//! Input that no newsroom would write is answered, whatever it is. How fast and in how much memory, `scripts/bounds` measures.

#[path = "../../benches/support/hostile.rs"]
mod hostile;

use conductwatch::domain::{Article, Extraction, Page, WatchedBody, WatchedPerson, Watchlist};
use conductwatch::stages::clean::{Cleaned, clean};
use conductwatch::stages::extract::Extractor;

fn extractor() -> Extractor {
    let person = WatchedPerson { id: "cora-vell".to_owned(), name: "Cora Vell".to_owned(), ..WatchedPerson::default() };
    let kent = WatchedBody { id: "kent-police".to_owned(), name: "Kent Police".to_owned(), ..WatchedBody::default() };
    Extractor::new(&Watchlist { persons: vec![person], bodies: vec![kent], ..Watchlist::default() })
}

fn read(extractor: &Extractor, body: Vec<u8>) -> (Cleaned, Extraction) {
    let cleaned = clean(&Page { url: None, content_type: None, body });
    let found = extractor.extract(&cleaned.article);
    (cleaned, found)
}

/// What points into the text points at whole characters of it.
fn check(name: &str, article: &Article, found: &Extraction) {
    let text = article.text();
    let spans = found.mentions.iter().map(|m| m.span).chain(found.quotes.iter().map(|q| q.span));
    for span in spans {
        assert!(text.get(span.start..span.end).is_some_and(|words| !words.is_empty()), "{name}: {span:?}");
    }
    for block in &article.blocks {
        assert!(!block.text.contains(|c: char| c.is_control()), "{name}: {block:?}");
    }
}

#[test]
fn every_hostile_input_is_answered() {
    let extractor = extractor();
    for (name, make) in hostile::INPUTS {
        // A hundredth of it serves for what it is, and even so a debug build takes seconds.
        let (cleaned, found) = read(&extractor, make(&|count| (count / 100).max(1)));
        check(name, &cleaned.article, &found);
    }
}

#[test]
fn a_text_cut_anywhere_is_answered() {
    let extractor = extractor();
    let text = "Café row: Pc Vell charged\n\nPc Cora Vell, 44, of Kent Police, was charged on 29 February 2024, prosecutors \
                said.\n\n“I’m ‘sorry’,” she told the court on Monday – “deeply”. The IOPC’s £1.2m inquiry goes on.";
    for cut in 0..text.len() {
        let (cleaned, found) = read(&extractor, text.as_bytes()[..cut].to_vec());
        check(&cut.to_string(), &cleaned.article, &found);
    }
}

#[test]
fn what_is_too_long_is_read_in_part_and_says_so() {
    let body =
        "Constable charged\n\n".to_owned() + &"Police said on Monday that it was so, and no more.\n\n".repeat(6_000);
    let cleaned = clean(&Page { url: None, content_type: None, body: body.into_bytes() });
    assert!(cleaned.dropped.iter().any(|d| d.rule == "text-too-long"), "{:?}", cleaned.dropped);
}

#[test]
fn other_languages_are_detected_kept_and_not_extracted() {
    let extractor = extractor();
    for (name, language) in [("right-to-left text", "ar"), ("another language", "de")] {
        let (_, make) = hostile::INPUTS.iter().find(|(n, _)| *n == name).unwrap();
        let (cleaned, found) = read(&extractor, make(&|count| count));
        assert_eq!(cleaned.article.language.as_deref(), Some(language), "{name}");
        assert!(!cleaned.article.blocks.is_empty() && found.mentions.is_empty(), "{name}");
        assert!(found.skipped.is_some_and(|why| why.contains("not in English")), "{name}");
    }
}
