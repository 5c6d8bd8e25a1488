//! Settling 100,000 invented articles in the real store: `cargo bench --bench settle` (`-- 20000` for fewer).
//!
//! Aim: at the end at 0.7 of the rate at 10,000. The store lies in the temp folder (`TMPDIR`), and each batch settled is on disk
//! before the next: so the rate is the disk's as well as ours.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark fails by panicking, measures time and prints"
)]

mod support;

use conductwatch::adapters::clock::SystemClock;
use conductwatch::adapters::store::{SledStore, StoreOptions};
use conductwatch::domain::{
    Article, ArticleId, Block, BlockKind, Certainty, DevelopmentType, EntityRef, EventStage, Evidence, Extraction,
    Report, Span, Status, WatchedBody, WatchedPerson, Watchlist,
};
use conductwatch::pipeline::{Pipeline, Settings};
use conductwatch::ports::{ArticleCommit, ArticleRecord, Store as _};
use conductwatch::stages::identity::copies;
use futures_util::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::{row, verdict};

/// Articles that are read and then settled together.
const BATCH: usize = 500;
/// Where the rate is first taken, and over how many articles before.
const EARLY: usize = 10_000;
const SPAN: usize = 5_000;

const TYPES: [DevelopmentType; 8] = [
    DevelopmentType::Arrest,
    DevelopmentType::Charge,
    DevelopmentType::Suspension,
    DevelopmentType::Dismissal,
    DevelopmentType::InvestigationOpened,
    DevelopmentType::Conviction,
    DevelopmentType::Resignation,
    DevelopmentType::Appointment,
];

/// Numbers that look random and are the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
}

/// A pronounceable word for each number below 8,000.
fn word(number: usize) -> String {
    const SOUNDS: [&str; 20] = [
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qui", "ro", "su", "ta", "ve", "wi",
        "yo", "zu",
    ];
    [number / 400 % 20, number / 20 % 20, number % 20].map(|at| SOUNDS[at]).concat()
}

fn person(number: usize) -> EntityRef {
    let name = format!("{} {}", capital(&word(number % 7_919)), capital(&word(number / 3 % 7_907)));
    // Every tenth is watched.
    EntityRef { id: format!("p{number}"), name, watched: number.is_multiple_of(10) }
}

fn body(number: usize) -> EntityRef {
    EntityRef {
        id: format!("b{number}"),
        name: format!("{} Police", capital(&word(number * 37))),
        watched: number < 10,
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Invented news in order of publication, one article every ten minutes. Each event is told by one to six articles within a
/// few hours of each other, half of them copies of the first; people are in the news for a while and then no more.
struct Newsroom {
    numbers: Numbers,
    start: Timestamp,
    written: usize,
    events: usize,
    /// The events of the last hours: what is told, and the text of its first article.
    open: Vec<(Report, String)>,
}

impl Newsroom {
    fn new() -> Self {
        let start = "2020-01-01T00:00:00Z".parse().unwrap();
        Self { numbers: Numbers(1), start, written: 0, events: 0, open: Vec::new() }
    }

    fn article(&mut self) -> ArticleRecord {
        let published = self.start + SignedDuration::from_mins(10 * self.written as i64);
        let again = self.open.len() > 20 && self.numbers.below(5) < 3;
        let (report, text) = if again {
            let at = self.numbers.below(self.open.len());
            let (report, first) = self.open[at].clone();
            let copy = self.numbers.below(2) == 0;
            (report, if copy { format!("{first} {}", self.words(12)) } else { self.words(160) })
        } else {
            let told = self.event(published);
            self.open.push(told.clone());
            if self.open.len() > 40 {
                self.open.remove(0);
            }
            told
        };
        let id = ArticleId::parse(&format!("a{}", self.written)).unwrap();
        self.written += 1;
        let article = Article {
            id: Some(id.clone()),
            url: format!("https://echo{}.example/news/{}", self.written % 50, self.written).parse().ok(),
            headline: Some(report.evidence.text.clone()),
            outlet: Some(format!("Echo {}", self.written % 50)),
            published: Some(published),
            blocks: [&report.evidence.text, &text]
                .map(|text| Block { kind: BlockKind::Paragraph, text: text.clone() })
                .to_vec(),
            ..Article::default()
        };
        let sketch = copies::sketch(&article.text());
        let extraction = Extraction { reports: vec![report], ..Extraction::default() };
        ArticleRecord {
            id,
            article,
            extraction,
            feed: None,
            read: published,
            sketch,
            catch_up: false,
            past_of: Vec::new(),
        }
    }

    fn event(&mut self, published: Timestamp) -> (Report, String) {
        self.events += 1;
        let who = person(self.events / 4 + self.numbers.below(60));
        let body = body(self.numbers.below(200));
        let kind = TYPES[self.numbers.below(TYPES.len())];
        let detail = self.words(4);
        let evidence = format!("{} of {} met with {detail}.", who.name, body.name);
        let date = published.to_string().split('T').next().and_then(|day| day.parse().ok());
        let report = Report {
            kind,
            who: vec![who],
            body: vec![body],
            about: Vec::new(),
            unnamed: Vec::new(),
            date,
            status: Status::New,
            stage: EventStage::Done,
            detail,
            evidence: Evidence { span: Span::new(0, evidence.len()), text: evidence, marks: Vec::new() },
            certainty: Certainty::SURE,
            trace: Vec::new(),
        };
        (report, self.words(160))
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| word(self.numbers.below(8_000))).collect::<Vec<_>>().join(" ")
    }
}

/// Everyone watched in the first `count` articles' news.
fn watchlist(count: usize) -> Watchlist {
    let persons = (0..count / 4).map(person).filter(|p| p.watched);
    let bodies = (0..200).map(body).filter(|b| b.watched);
    Watchlist {
        persons: persons.map(|p| WatchedPerson { id: p.id, name: p.name, ..WatchedPerson::default() }).collect(),
        bodies: bodies.map(|b| WatchedBody { id: b.id, name: b.name, ..WatchedBody::default() }).collect(),
        ..Watchlist::default()
    }
}

async fn run(count: usize) {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(SledStore::open(dir.path(), StoreOptions::default()).unwrap());
    let pipeline = Pipeline::offline(Arc::new(SystemClock), store.clone(), Settings::without_feeds(watchlist(count)));
    let mut newsroom = Newsroom::new();
    let (mut settled, mut alerts, mut spent, mut rates) = (0, 0, Duration::ZERO, Vec::new());
    while settled < count {
        let batch = (0..BATCH.min(count - settled)).map(|_| {
            let article = Some(newsroom.article());
            store.commit_article(ArticleCommit { entry: None, article, snapshot: None, decisions: Vec::new() })
        });
        try_join_all(batch).await.unwrap();
        let start = Instant::now();
        loop {
            let report = pipeline.settle_batch().await.unwrap();
            if report.articles == 0 {
                break;
            }
            settled += report.articles;
            alerts += report.alerts.len();
        }
        spent += start.elapsed();
        rates.push((settled, spent));
        if settled % 10_000 == 0 {
            println!("  {settled} settled, {:.0} a second so far", settled as f64 / spent.as_secs_f64());
        }
    }
    let until = |n: usize| rates.iter().find(|(settled, _)| *settled >= n).map_or(Duration::ZERO, |(_, spent)| *spent);
    let rate = |n: usize| SPAN as f64 / (until(n) - until(n - SPAN)).as_secs_f64();
    let counts = store.counts().await.unwrap();
    row("articles settled", &settled.to_string());
    row("developments", &counts.developments.to_string());
    row("alerts", &alerts.to_string());
    row("articles a second, all on disk", &format!("{:.0}", settled as f64 / spent.as_secs_f64()));
    verdict(&format!("rate at {count} against the rate at {EARLY}"), rate(count) / rate(EARLY), 0.7, "");
}

fn main() {
    let count = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(100_000).max(EARLY);
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    // A thread for each article of a batch would have the allocator keep gigabytes that the service never needs.
    runtime.worker_threads(2).max_blocking_threads(16).enable_all();
    runtime.build().unwrap().block_on(run(count));
}
