//! The power goes, at any moment: what was acknowledged is there, and nothing is sent twice under two keys.
//!
//! `scripts/powercut` builds `tests/powercut/record.c`, lets [`workload`] run under it, and then [`cuts`] over the trace. The
//! model: only `fsync` and `fdatasync` make bytes safe, only a sync of its folder a name; of what was not made safe each write is
//! there, not there, or torn at a sector, at random, and of the names some first ones. That is harsher than most disks.

use conductwatch::adapters::archive;
use conductwatch::adapters::store::{SledStore, StoreOptions};
use conductwatch::domain::{
    Alert, AlertId, AlertKind, Article, ArticleId, Basis, Block, BlockKind, ChannelId, Decision, Delivery,
    DeliveryState, Digest, DigestId, DigestItem, DigestSection, Entry, EntryId, EntryRecord, EntryState, Evidence,
    Extraction, FeedId, FeedState, Level, Outcome, ParsedEntry, Receipt, SourcesSummary, Span, Stage, Subject,
};
use conductwatch::ports::{
    ArticleCommit, ArticleRecord, DigestCommit, PollCommit, RecordKind, SettleCommit, Store as _, StoreCare as _,
};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Small, so that packs change and a run is quick.
fn options() -> StoreOptions {
    StoreOptions { cache_bytes: 8 << 20, ballast_bytes: 1 << 12, reserve_bytes: 1 << 20, pack_bytes: 1 << 14 }
}

fn at(round: u64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + round as i64).unwrap()
}

fn article_id(round: u64) -> ArticleId {
    ArticleId::parse(&format!("article-{round:05}")).unwrap()
}

fn alert_id(round: u64) -> AlertId {
    AlertId::parse(&format!("alert-{round:05}")).unwrap()
}

fn entry(round: u64, state: EntryState) -> EntryRecord {
    let id = EntryId::parse(&format!("entry-{round:05}")).unwrap();
    let link = format!("https://echo.example/{round}").parse().ok();
    let parsed =
        ParsedEntry { key: id.to_string(), link, title: Some(format!("Title {round}")), ..ParsedEntry::default() };
    let feed = FeedId::parse("echo").unwrap();
    EntryRecord {
        entry: Entry { id, feed, parsed, first_seen: at(round) },
        state,
        catch_up: false,
        past_of: Vec::new(),
    }
}

fn article(round: u64) -> ArticleRecord {
    let text = format!("Inspector {round} of Westmarch Police was suspended on Monday, the force said. ").repeat(20);
    ArticleRecord {
        id: article_id(round),
        article: Article {
            id: Some(article_id(round)),
            url: format!("https://echo.example/{round}").parse().ok(),
            headline: Some(format!("Inspector {round} suspended")),
            blocks: vec![Block { kind: BlockKind::Paragraph, text }],
            ..Article::default()
        },
        extraction: Extraction::default(),
        feed: Some(FeedId::parse("echo").unwrap()),
        read: at(round),
        sketch: (0..16).map(|n| round * 100 + n).collect(),
        catch_up: false,
        past_of: Vec::new(),
    }
}

fn alert(round: u64) -> Alert {
    Alert {
        id: alert_id(round),
        content: AlertKind::Keyword { keyword: "suspended".to_owned() },
        level: Level::Minor,
        tracked: Vec::new(),
        tracked_names: Vec::new(),
        story: None,
        article: article_id(round),
        headline: format!("Inspector {round} suspended"),
        url: None,
        outlet: None,
        published: None,
        basis: Basis::Page,
        evidence: Evidence { text: "suspended".to_owned(), span: Span::new(0, 9), marks: Vec::new() },
        raised: at(round),
        catch_up: false,
        corrects: Vec::new(),
        held: false,
        cautions: Vec::new(),
        past_of: Vec::new(),
    }
}

fn digest(round: u64, alerts: &[Alert]) -> Digest {
    let item = |alert: &Alert| DigestItem {
        alert: alert.clone(),
        articles: 1,
        independent_sources: 1,
        with: Vec::new(),
        amended_since: false,
        elsewhere: Vec::new(),
        also_about: Vec::new(),
    };
    Digest {
        id: DigestId::parse(&format!("digest-{round:05}")).unwrap(),
        subject: format!("Digest {round}"),
        from: at(0),
        to: at(round),
        zone: "Europe/London".to_owned(),
        notices: Vec::new(),
        overview: Vec::new(),
        corrections: Vec::new(),
        flood: None,
        sections: vec![DigestSection {
            id: "suspended".to_owned(),
            title: "Suspended".to_owned(),
            keyword: true,
            stories: Vec::new(),
            minor: alerts.iter().map(item).collect(),
        }],
        doubts: Vec::new(),
        articles_read: 1,
        sources: SourcesSummary::default(),
    }
}

fn delivery(digest: &Digest, state: DeliveryState) -> Delivery {
    let channel = ChannelId::parse("desk").unwrap();
    Delivery { attempts: 1, state, ..Delivery::new(digest.id.clone(), channel, digest.to) }
}

fn decision(subject: Subject, at: Timestamp) -> Decision {
    let (rule, evidence) = ("test".to_owned(), String::new());
    Decision { subject, stage: Stage::Deliver, rule, outcome: Outcome::Passed, evidence, at }
}

/// What the service does, round after round, each step noted once it is acknowledged. Run by `scripts/powercut`.
#[tokio::test]
#[ignore = "scripts/powercut runs it under its recorder"]
async fn workload() {
    let (Some(dir), Some(rounds)) = (std::env::var_os("POWERCUT_DIR"), std::env::var("POWERCUT_ROUNDS").ok()) else {
        panic!("scripts/powercut says where and how long");
    };
    let dir = PathBuf::from(dir);
    let mut notes = std::fs::File::create(dir.join("notes")).unwrap();
    // One write each: a note stands in the trace at the moment at which the caller knew.
    let mut note = |text: String| notes.write_all(text.as_bytes()).unwrap();
    let store = SledStore::open(&dir.join("store"), options()).unwrap();
    let mut waiting = Vec::new();
    for round in 0..rounds.parse::<u64>().unwrap() {
        let selected = EntryState::Selected { due: at(round), attempts: 0, headline_only: false };
        let feed = FeedState::new(FeedId::parse("echo").unwrap());
        store
            .commit_poll(PollCommit { feed, entries: vec![entry(round, selected)], decisions: Vec::new() })
            .await
            .unwrap();
        note(format!("entry {round}"));
        let work = ArticleCommit {
            entry: Some((
                entry(round, EntryState::PassedOver { reason: String::new() }).entry.id,
                EntryState::Done { article: article_id(round) },
            )),
            article: Some(article(round)),
            snapshot: Some(format!("<p>page {round}</p>").repeat(50).into_bytes()),
            decisions: Vec::new(),
        };
        store.commit_article(work).await.unwrap();
        note(format!("article {round}"));
        let work = SettleCommit {
            article: article_id(round),
            copies_of: article_id(round),
            developments: Vec::new(),
            merged: Vec::new(),
            alerts: vec![alert(round)],
            recheck: None,
            doubts: Vec::new(),
            decisions: Vec::new(),
        };
        store.settle(vec![work]).await.unwrap();
        note(format!("alert {round}"));
        waiting.push(alert(round));
        if round % 4 == 3 {
            let made = digest(round, &waiting);
            let pending = delivery(&made, DeliveryState::Pending { due: at(round) });
            let work = DigestCommit {
                digest: Some(made.clone()),
                also: Vec::new(),
                alerts: waiting.drain(..).map(|a| a.id).collect(),
                deliveries: vec![pending],
                covered_until: at(round),
                decisions: Vec::new(),
            };
            store.commit_digest(work).await.unwrap();
            note(format!("digest {round}"));
            // The receiver has it from here on, whatever becomes of us.
            note(format!("sent {round}"));
            let receipt = Receipt { at: at(round), answer: "250 taken".to_owned(), receivers: Vec::new() };
            let subject = Subject::Digest(made.id.clone());
            store
                .commit_delivery(delivery(&made, DeliveryState::Sent { receipt }), decision(subject, at(round)))
                .await
                .unwrap();
            note(format!("receipt {round}"));
        }
        if round % 16 == 9 {
            store.compact().await.unwrap();
            note(format!("compacted {round}"));
        }
        if round % 16 == 13 {
            let limit = article_id(round.saturating_sub(8));
            let old = move |r: conductwatch::ports::Archived<'_>| {
                r.kind == RecordKind::PageSnapshot && *r.id < *limit.as_str()
            };
            store.erase_archived(Box::new(old)).await.unwrap();
            note(format!("erased {round}"));
        }
    }
}

/// What happened, as `tests/powercut/record.c` writes it.
#[derive(Debug)]
enum Event {
    Open(String),
    Write(String, u64, Vec<u8>),
    Size(String, u64),
    Sync(String),
    Rename(String, String),
    Remove(String),
    Folder(String),
}

fn read_trace(bytes: &[u8]) -> Vec<Event> {
    fn number(rest: &mut &[u8]) -> u64 {
        let (head, tail) = rest.split_first_chunk::<8>().unwrap();
        *rest = tail;
        u64::from_le_bytes(*head)
    }
    fn piece<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
        let length = number(rest) as usize;
        let (head, tail) = rest.split_at(length);
        *rest = tail;
        head
    }
    fn text(rest: &mut &[u8]) -> String {
        String::from_utf8(piece(rest).to_vec()).unwrap()
    }
    let mut rest = bytes;
    let mut events = Vec::new();
    while let Some((what, tail)) = rest.split_first() {
        rest = tail;
        let path = text(&mut rest);
        events.push(match what {
            b'O' => Event::Open(path),
            b'W' => {
                let at = number(&mut rest);
                Event::Write(path, at, piece(&mut rest).to_vec())
            }
            b'T' => Event::Size(path, number(&mut rest)),
            b'S' => Event::Sync(path),
            b'R' => Event::Rename(path, text(&mut rest)),
            b'U' => Event::Remove(path),
            b'M' => Event::Folder(path),
            other => panic!("no event begins with {other}"),
        });
    }
    events
}

/// A change to a file's bytes.
#[derive(Debug, Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Size(u64),
}

impl Change {
    fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Self::Size(size) => to.resize(*size as usize, 0),
            Self::Write(at, bytes) => {
                let end = *at as usize + bytes.len();
                to.resize(to.len().max(end), 0);
                to[*at as usize..end].copy_from_slice(bytes);
            }
        }
    }
}

/// A file: what is safe of it, and what is not yet.
#[derive(Debug, Clone, Default)]
struct File {
    safe: Vec<u8>,
    unsafe_yet: Vec<Change>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    File(usize),
    Folder,
}

type Names = BTreeMap<String, Node>;

/// A change of names.
#[derive(Debug, Clone)]
enum Naming {
    Set(String, Node),
    Move(String, String),
    Remove(String),
}

impl Naming {
    fn apply(&self, names: &mut Names) {
        match self {
            Self::Set(path, node) => drop(names.insert(path.clone(), *node)),
            Self::Remove(path) => drop(names.remove(path)),
            Self::Move(from, to) => {
                let inside = format!("{from}/");
                let moved: Vec<String> =
                    names.keys().filter(|n| *n == from || n.starts_with(&inside)).cloned().collect();
                for name in moved {
                    let node = names.remove(&name).unwrap();
                    names.insert(format!("{to}{}", &name[from.len()..]), node);
                }
            }
        }
    }
}

/// The disk: what is on it for sure, and what may be.
#[derive(Debug, Clone, Default)]
struct Disk {
    files: Vec<File>,
    /// As the program sees them.
    names: Names,
    /// As they are for sure.
    safe_names: Names,
    unsafe_names: Vec<Naming>,
}

impl Disk {
    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.unsafe_names.push(naming);
    }

    fn file(&mut self, path: &str) -> &mut File {
        let Some(Node::File(index)) = self.names.get(path) else { panic!("{path}: not open") };
        &mut self.files[*index]
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Open(path) => {
                if !self.names.contains_key(path) {
                    self.files.push(File::default());
                    self.name(Naming::Set(path.clone(), Node::File(self.files.len() - 1)));
                }
            }
            Event::Folder(path) => self.name(Naming::Set(path.clone(), Node::Folder)),
            Event::Write(path, at, bytes) => self.file(path).unsafe_yet.push(Change::Write(*at, bytes.clone())),
            Event::Size(path, size) => self.file(path).unsafe_yet.push(Change::Size(*size)),
            Event::Rename(from, to) => self.name(Naming::Move(from.clone(), to.clone())),
            Event::Remove(path) => self.name(Naming::Remove(path.clone())),
            Event::Sync(path) => match self.names.get(path) {
                Some(Node::File(index)) => {
                    let file = &mut self.files[*index];
                    for change in std::mem::take(&mut file.unsafe_yet) {
                        change.apply(&mut file.safe);
                    }
                }
                // A journal takes names to the disk in their order, so all until now.
                _ => {
                    self.safe_names = self.names.clone();
                    self.unsafe_names.clear();
                }
            },
        }
    }

    /// Writes to `to` what the disk may hold after the power went: `dice` says what of it.
    fn after_cut(&self, root: &str, to: &Path, dice: &mut Dice) {
        let mut names = self.safe_names.clone();
        let kept = match dice.below(3) {
            0 => 0,
            1 => self.unsafe_names.len(),
            _ => dice.below(self.unsafe_names.len() as u64 + 1) as usize,
        };
        self.unsafe_names.iter().take(kept).for_each(|naming| naming.apply(&mut names));
        let how = dice.below(3);
        for (name, node) in &names {
            let path = to.join(name.strip_prefix(root).unwrap().trim_start_matches('/'));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let Node::File(index) = node else {
                std::fs::create_dir_all(&path).unwrap();
                continue;
            };
            let file = &self.files[*index];
            let mut bytes = file.safe.clone();
            for change in &file.unsafe_yet {
                match (how, change) {
                    (0, _) => {}
                    (1, change) => change.apply(&mut bytes),
                    (_, Change::Size(_)) if dice.below(2) == 0 => change.apply(&mut bytes),
                    (_, Change::Size(_)) => {}
                    (_, Change::Write(at, data)) => match dice.below(4) {
                        0 => {}
                        1 => change.apply(&mut bytes),
                        // Torn at a sector: its beginning is there, or its end.
                        side => {
                            let sectors = (data.len() as u64).div_ceil(512);
                            let cut = (dice.below(sectors + 1) * 512).min(data.len() as u64) as usize;
                            let part = if side == 2 {
                                Change::Write(*at, data[..cut].to_vec())
                            } else {
                                Change::Write(*at + cut as u64, data[cut..].to_vec())
                            };
                            part.apply(&mut bytes);
                        }
                    },
                }
            }
            std::fs::write(path, bytes).unwrap();
        }
    }
}

/// The same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }
}

/// What all cuts together came to.
#[derive(Debug, Default)]
struct Tally {
    cuts: u64,
    acknowledged: u64,
    lost: Vec<String>,
    sent: u64,
    repeated: u64,
    faults: Vec<String>,
}

/// Whether all that was noted before the cut is in the store.
async fn look(folder: &Path, notes: &[String], tally: &mut Tally, cut: usize) {
    let store = match SledStore::open(folder, options()) {
        Ok(store) => store,
        Err(error) => {
            tally.faults.push(format!("cut {cut}: {error}"));
            if !notes.is_empty() {
                tally.acknowledged += notes.len() as u64;
                tally.lost.push(format!("cut {cut}: everything ({} acknowledged)", notes.len()));
            }
            return;
        }
    };
    for note in notes {
        let (what, round) = note.split_once(' ').unwrap();
        let round: u64 = round.parse().unwrap();
        let id = DigestId::parse(&format!("digest-{round:05}")).unwrap();
        let deliveries = store.deliveries(&id).await.unwrap();
        let is_sent = deliveries.iter().any(|d| matches!(d.state, DeliveryState::Sent { .. }));
        let there = match what {
            "entry" => {
                let id = EntryId::parse(&format!("entry-{round:05}")).unwrap();
                store.entries(&[id]).await.unwrap().len() == 1
            }
            "article" => store.article(&article_id(round)).await.unwrap().is_some_and(|a| a == article(round)),
            "alert" => store.alert(&alert_id(round)).await.unwrap().is_some_and(|a| a == alert(round)),
            "digest" => store.digest(&id).await.unwrap().is_some() && deliveries.len() == 1,
            "receipt" => is_sent,
            "sent" => {
                tally.sent += 1;
                // The outbox has it still: it goes out once more, under the same key, by which the receiver knows it.
                tally.repeated += u64::from(!is_sent);
                deliveries.len() == 1
            }
            _ => true,
        };
        tally.acknowledged += 1;
        if !there {
            tally.lost.push(format!("cut {cut}: {note}"));
        }
    }
    let checked = store.check().await.unwrap();
    tally.faults.extend(checked.faults.iter().map(|f| format!("cut {cut}: {}: {}", f.place, f.what)));
    // Of the archive only what was not acknowledged may be cut off.
    let mut sound = std::collections::BTreeSet::new();
    archive::read(&folder.join("archive"), |record| {
        if record.header.kind == RecordKind::Article && record.payload.is_some() {
            sound.insert(record.header.id);
        }
    })
    .unwrap();
    for note in notes.iter().filter_map(|note| note.strip_prefix("article ")) {
        let id = article_id(note.parse().unwrap());
        if !sound.contains(id.as_str()) {
            tally.lost.push(format!("cut {cut}: {id} in the archive"));
        }
    }
    // And the service goes on.
    let selected = EntryState::Selected { due: at(0), attempts: 0, headline_only: false };
    let feed = FeedState::new(FeedId::parse("echo").unwrap());
    store
        .commit_poll(PollCommit { feed, entries: vec![entry(99_999, selected)], decisions: Vec::new() })
        .await
        .unwrap();
    tally.cuts += 1;
}

/// Pulls the plug at `POWERCUT_CUTS` moments of the trace. Run by `scripts/powercut`.
#[tokio::test]
#[ignore = "scripts/powercut runs it over a trace"]
async fn cuts() {
    let trace = std::env::var_os("POWERCUT_TRACE").expect("scripts/powercut names the trace");
    let root = std::env::var("POWERCUT_DIR").expect("scripts/powercut names the folder");
    let wanted: u64 = std::env::var("POWERCUT_CUTS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let events = read_trace(&std::fs::read(trace).unwrap());
    let notes_path = format!("{root}/notes");
    let store_root = format!("{root}/store");
    let mut dice = Dice(20_260_310);
    let mut moments: Vec<usize> = (0..wanted).map(|_| dice.below(events.len() as u64) as usize).collect();
    moments.sort_unstable();
    let (mut disk, mut notes, mut tally) = (Disk::default(), Vec::new(), Tally::default());
    let mut next = moments.iter().copied().peekable();
    let scratch = tempfile::tempdir().unwrap();
    for (number, event) in events.iter().enumerate() {
        while next.next_if(|moment| *moment == number).is_some() {
            let to = scratch.path().join("store");
            if to.exists() {
                std::fs::remove_dir_all(&to).unwrap();
            }
            std::fs::create_dir_all(&to).unwrap();
            disk.after_cut(&store_root, &to, &mut dice);
            look(&to, &notes, &mut tally, number).await;
        }
        match event {
            Event::Write(path, _, bytes) if *path == notes_path => {
                notes.push(String::from_utf8(bytes.clone()).unwrap())
            }
            Event::Open(path) | Event::Size(path, _) if *path == notes_path => {}
            Event::Folder(path) if *path == store_root => disk.safe_names.extend([(path.clone(), Node::Folder)]),
            event => disk.happen(event),
        }
    }
    let kinds = |name: &str| notes.iter().filter(|n| n.starts_with(name)).count();
    println!("power cuts: {} of {} events of the trace", tally.cuts, events.len());
    println!(
        "in the run: {} articles, {} alerts, {} digests, {} compactions, {} erasures",
        kinds("article "),
        kinds("alert "),
        kinds("digest "),
        kinds("compacted "),
        kinds("erased ")
    );
    println!("acknowledged before a cut, summed over all cuts: {}", tally.acknowledged);
    println!("lost:     {}", tally.lost.len());
    println!("sent before a cut, summed over all cuts: {}", tally.sent);
    println!("repeated: {} (cut between sending and noting it; under the same key), 0 under another", tally.repeated);
    println!("faults:   {}", tally.faults.len());
    assert!(tally.lost.is_empty() && tally.faults.is_empty(), "{:#?}\n{:#?}", tally.lost, tally.faults);
    assert_eq!(tally.cuts, wanted);
}
