//! One sentence on its way through every step, as `ARCHITECTURE.md` shows it: the program's own answers, held by a test.

use super::{Reader, fact};
use crate::domain::{Article, Block, BlockKind, EntityRef, WatchedPerson, Watchlist};
use crate::stages::extract::{Extractor, doc::Doc, quotes, who::Recogniser};

const SENTENCE: &str =
    "Sgt Ann Dalby, of Kent Police, was dismissed without notice on Monday, a misconduct panel said.";

/// The walk of [`SENTENCE`], published on Thursday 6 June 2024, Ann Dalby being watched.
fn walk() -> String {
    let block = Block { kind: BlockKind::Paragraph, text: SENTENCE.to_owned() };
    let published = "2024-06-06T09:00:00Z".parse().ok();
    let article = Article { blocks: vec![block], published, ..Article::default() };
    let person = WatchedPerson { id: "ann-dalby".into(), name: "Ann Dalby".into(), ..WatchedPerson::default() };
    let watchlist = Watchlist { persons: vec![person], ..Watchlist::default() };
    let doc = Doc::new(&article);
    let named = Recogniser::new(&watchlist).recognise(&doc, &article);
    let quotes = quotes::find(&doc, &named);
    let reader = Reader::new();
    let (mention_of, quote_of) = super::indices(&doc, &named, &quotes);
    let parsed = reader.parse(&doc, &article, &named, &quotes, &mention_of, &quote_of).remove(0);
    let mut out: Vec<String> = Vec::new();
    let mut line = |step: &str, text: String| out.push(format!("{step:<8} {text}"));
    line("zone", format!("{:?} 1, sentence 1", article.blocks[0].kind));
    line("token", parsed.words.iter().map(|w| w.lower.as_str()).collect::<Vec<_>>().join(" | "));
    for m in &named.mentions {
        line("mention", format!("“{}” → {}, by the rule “{}”", m.span.of(&doc.text), m.entity, m.rule));
    }
    for e in &named.entities {
        let belongs = if e.bodies.is_empty() { String::new() } else { format!(", of {}", e.bodies.join(", ")) };
        line("entity", format!("{}: {:?}{belongs}{}", e.key, e.kind, if e.watched { ", watched" } else { "" }));
    }
    let words = |first: usize, last: usize| {
        let lower: Vec<&str> = parsed.words[first..last].iter().map(|w| w.lower.as_str()).collect();
        lower.join(" ")
    };
    let phrases = parsed.phrases.iter().map(|p| format!("[{}]", words(p.first, p.last)));
    line("chunk", phrases.collect::<Vec<_>>().join(" "));
    for (id, clause) in parsed.clauses.iter().enumerate() {
        let Some(verb) = &clause.verb else { continue };
        let list = |phrases: &[usize]| {
            phrases
                .iter()
                .map(|&p| words(parsed.phrases[p].first, parsed.phrases[p].last))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let voice = if verb.passive { "passive" } else { "active" };
        line("clause", format!("{id} {:?}: {} ({voice}); subject: {}", clause.link, verb.lemma, list(&clause.subject)));
    }
    let found = Extractor::new(&watchlist).extract(&article);
    let [report] = &found.reports[..] else { panic!("{:?}", found.reports) };
    let trace = &report.trace[0];
    line("frame", format!("{} on “{}”", trace.rule, trace.words));
    let told = parsed.clauses.iter().position(|c| c.verb.as_ref().is_some_and(|v| v.passive)).unwrap();
    line("fact", format!("clause {told}: {:?}", fact::fold(&parsed, told, &reader.frames.fact)));
    let day = super::day(&doc, &article).0;
    for time in &parsed.times {
        let date = time.when.resolve(day, false, None).map_or_else(|| "-".to_owned(), |d| d.to_string());
        line("time", format!("{:?} before {day} → {date}", time.when));
    }
    line("status", format!("{:?}", report.status));
    let names = |refs: &[EntityRef]| refs.iter().map(|r| r.id.clone()).collect::<Vec<_>>().join(", ");
    line(
        "report",
        format!(
            "{}; who: {}; body: {}; {}; {:?}; {}",
            report.kind,
            names(&report.who),
            names(&report.body),
            report.date.map_or_else(|| "no date".to_owned(), |d| d.to_string()),
            report.stage,
            report.certainty.unsure_of().map_or_else(|| "sure".to_owned(), |what| format!("not sure {what}"))
        ),
    );
    out.join("\n")
}

#[test]
fn the_architecture_shows_what_the_program_does() {
    let walk = walk();
    let shown = include_str!("../../../../ARCHITECTURE.md");
    assert!(shown.contains(SENTENCE) && shown.contains(&walk), "ARCHITECTURE.md does not show this walk:\n{walk}");
}
