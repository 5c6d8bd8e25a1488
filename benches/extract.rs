//! Extraction: articles a second, by step, and with few and many watched names: `cargo bench --bench extract`.
//!
//! Aims: 1,000 articles a second on one core from text to settled reports, and 3,000 watched names at 0.7 of the speed of 30.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod support;

use conductwatch::domain::{
    Article, ArticleId, BlockingKey, Development, DevelopmentId, Extraction, Page, WatchedBody, WatchedPerson,
    Watchlist,
};
use conductwatch::stages::clean::clean;
use conductwatch::stages::extract::doc::Doc;
use conductwatch::stages::extract::keywords::KeywordMatcher;
use conductwatch::stages::extract::{Extractor, quotes, what, who};
use conductwatch::stages::identity::{self, Known, Telling};
use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::Duration;
use support::{best, least_processor_time, row, side_by_side, texts, verdict};

const ROUNDS: u32 = 7;

/// `count` invented persons of forces in turn, a body for every ten of them.
fn watchlist(count: usize) -> Watchlist {
    const FIRST: [&str; 20] = [
        "Ada", "Bram", "Cora", "Dov", "Edda", "Finn", "Greta", "Hal", "Ina", "Joss", "Kit", "Lena", "Max", "Nora",
        "Ola", "Pia", "Rex", "Sam", "Tess", "Una",
    ];
    const HEAD: [&str; 15] = [
        "Ash", "Bell", "Cold", "Dray", "Ell", "Fern", "Gold", "Hart", "Ing", "Kell", "Lang", "Mar", "North", "Oak",
        "Pem",
    ];
    const TAIL: [&str; 10] = ["combe", "field", "gate", "ham", "ley", "more", "ridge", "stone", "ton", "wick"];
    const FORCES: [&str; 5] = ["Kent Police", "Essex Police", "Metropolitan Police", "Sussex Police", "Gwent Police"];
    let persons = (0..count).map(|n| {
        let name = format!(
            "{} {}{}",
            FIRST[n % FIRST.len()],
            HEAD[n / FIRST.len() % HEAD.len()],
            TAIL[n / (FIRST.len() * HEAD.len()) % TAIL.len()]
        );
        WatchedPerson { id: format!("p{n}"), name, roles: vec!["constable".to_owned()], ..WatchedPerson::default() }
    });
    let bodies = FORCES.iter().take(count / 6).map(|name| WatchedBody {
        id: name.to_lowercase().replace(' ', "-"),
        name: (*name).to_owned(),
        ..WatchedBody::default()
    });
    Watchlist { persons: persons.collect(), bodies: bodies.collect(), ..Watchlist::default() }
}

/// What was settled so far, in memory: the store is measured by the benchmark `settle`.
#[derive(Default)]
struct Memory {
    developments: BTreeMap<DevelopmentId, Development>,
    by_key: BTreeMap<BlockingKey, BTreeSet<DevelopmentId>>,
}

impl Memory {
    fn settle(&mut self, id: &ArticleId, article: &Article, found: &Extraction) {
        let at = article.at().unwrap_or_default();
        let text = article.text();
        black_box(identity::copies::sketch(&text));
        let telling = Telling { id, url: None, outlet: None, agency: None, at, text: &text, reports: &found.reports };
        let keys = identity::search_keys(&telling);
        let ids: BTreeSet<&DevelopmentId> = keys.iter().filter_map(|key| self.by_key.get(key)).flatten().collect();
        let developments = ids.into_iter().filter_map(|id| self.developments.get(id)).cloned().collect();
        let settled = identity::settle(&telling, &Known { developments, articles: Vec::new() }, at);
        for (young, _) in &settled.merged {
            self.developments.remove(young);
        }
        for (development, keys) in settled.developments {
            for key in keys {
                self.by_key.entry(key).or_default().insert(development.id.clone());
            }
            self.developments.insert(development.id.clone(), development);
        }
    }
}

fn ids(count: usize) -> Vec<ArticleId> {
    (0..count).map(|n| ArticleId::parse(&format!("a{n}")).unwrap()).collect()
}

fn everything(pages: &[Page], extractor: &Extractor, ids: &[ArticleId]) -> usize {
    let mut memory = Memory::default();
    let mut mentions = 0;
    for (page, id) in pages.iter().zip(ids) {
        let article = clean(page).article;
        let found = extractor.extract(&article);
        memory.settle(id, &article, &found);
        mentions += found.mentions.len();
    }
    mentions
}

fn by_step(pages: &[Page], ids: &[ArticleId], watchlist: &Watchlist) {
    let total = |time: Duration| format!("{:.0} µs", time.as_secs_f64() * 1e6 / pages.len() as f64);
    let articles: Vec<Article> = pages.iter().map(|p| clean(p).article).collect();
    row("  clean", &total(best(ROUNDS, || pages.iter().for_each(|p| drop(black_box(clean(p)))))));
    let docs: Vec<Doc> = articles.iter().map(Doc::new).collect();
    row(
        "  blocks, sentences, tokens",
        &total(best(ROUNDS, || articles.iter().for_each(|a| drop(black_box(Doc::new(a)))))),
    );
    let recogniser = who::Recogniser::new(watchlist);
    let read = || docs.iter().zip(&articles).map(|(doc, article)| recogniser.recognise(doc, article));
    let named: Vec<_> = read().collect();
    row("  who", &total(best(ROUNDS, || read().for_each(|named| drop(black_box(named))))));
    let find = || docs.iter().zip(&named).map(|(doc, named)| quotes::find(doc, named));
    let quotes: Vec<_> = find().collect();
    row("  quotes", &total(best(ROUNDS, || find().for_each(|quotes| drop(black_box(quotes))))));
    let reader = what::Reader::new();
    let what = best(ROUNDS, || {
        for (((doc, article), named), quotes) in docs.iter().zip(&articles).zip(&named).zip(&quotes) {
            black_box(reader.read(doc, article, named, quotes));
        }
    });
    row("  what", &total(what));
    let matcher = KeywordMatcher::new(&watchlist.keywords);
    row("  keywords", &total(best(ROUNDS, || docs.iter().for_each(|d| drop(black_box(matcher.hits(d, None)))))));
    let extractor = Extractor::new(watchlist);
    let extract = || articles.iter().map(|a| extractor.extract(a));
    let found: Vec<Extraction> = extract().collect();
    row("  extract in all", &total(best(ROUNDS, || extract().for_each(|found| drop(black_box(found))))));
    let settle = best(ROUNDS, || {
        let mut memory = Memory::default();
        ids.iter().zip(&articles).zip(&found).for_each(|((id, a), f)| memory.settle(id, a, f));
    });
    row("  settle, without the store", &total(settle));
}

fn main() {
    let pages = texts();
    let ids = ids(pages.len());
    let (few, many) = (watchlist(30), watchlist(3_000));
    let (small, large) = (Extractor::new(&few), Extractor::new(&many));
    let mut mentions = (0, 0);
    let (with_few, with_many) = side_by_side(
        ROUNDS,
        || mentions.0 = everything(&pages, &small, &ids),
        || mentions.1 = everything(&pages, &large, &ids),
    );
    let rate = |count: usize, time: Duration| count as f64 / time.as_secs_f64();
    let bytes: usize = pages.iter().map(|p| p.body.len()).sum();
    row("articles", &pages.len().to_string());
    row("bytes an article", &(bytes / pages.len().max(1)).to_string());
    verdict(
        "articles a second, one core, text to settled reports",
        rate(pages.len(), with_few),
        1_000.0,
        "30 watched names",
    );
    if let Some(time) = least_processor_time(ROUNDS, || mentions.0 = everything(&pages, &small, &ids)) {
        row("the same by processor time, where others use the machine", &format!("{:.0}", rate(pages.len(), time)));
    }
    row("articles a second with 3,000 watched names", &format!("{:.0}", rate(pages.len(), with_many)));
    row("mentions a second with 30 watched names", &format!("{:.0}", rate(mentions.0, with_few)));
    row("mentions a second with 3,000 watched names", &format!("{:.0}", rate(mentions.1, with_many)));
    verdict("3,000 watched names against 30", with_few.as_secs_f64() / with_many.as_secs_f64(), 0.7, "");
    row("by step, an article:", "");
    by_step(&pages, &ids, &few);
}
