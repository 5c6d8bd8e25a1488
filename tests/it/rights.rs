//! People's rights: what is forgotten is nowhere on the disk, who must not be named is named nowhere, acts are accounted for.

use crate::support::Daemon;
use conductwatch::adapters::archive;
use conductwatch::adapters::deliver::FileChannel;
use conductwatch::adapters::sim_clock::SimClock;
use conductwatch::adapters::store::{SledStore, StoreOptions};
use conductwatch::domain::{
    ActKind, Anonymity, AnonymityReason, ChannelId, Forgettable, Page, WatchedPerson, Watchlist,
};
use conductwatch::pipeline::{ArticleFacts, Change, Forget, Pipeline, Question, Settings};
use jiff::Timestamp;
use serde_json::Value;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use url::Url;

const FOLLOWS: &str = "The force, which has its headquarters in Aldmoor and covers three rural districts, said that it could not add anything for the time being.";

/// Address, headline and text of each article.
const ARTICLES: [(&str, &str, &str); 3] = [
    (
        "https://echo.example/news/sergeant-cleo-tarrow-charged",
        "Sergeant Cleo Tarrow charged with fraud",
        "Sergeant Cleo Tarrow of Westmarch Police was charged yesterday with fraud, prosecutors said. Tarrow denies it.",
    ),
    (
        "https://echo.example/news/marrick",
        "Sergeant Ada Marrick charged with theft",
        "Sergeant Ada Marrick of Westmarch Police was charged yesterday with theft, prosecutors said. Her colleague Cleo Tarrow said that she was shocked. Ms Tarrow's lawyer said no more.",
    ),
    (
        "https://echo.example/news/osgood",
        "Inspector Bryn Osgood suspended",
        "Inspector Bryn Osgood of Westmarch Police was suspended from duty yesterday, the force said.",
    ),
];

fn person(name: &str) -> WatchedPerson {
    WatchedPerson { id: name.to_lowercase().replace(' ', "-"), name: name.to_owned(), ..WatchedPerson::default() }
}

fn pipeline(dir: &Path, anonymity: Vec<Anonymity>) -> Pipeline {
    let store =
        SledStore::open(&dir.join("store"), StoreOptions { ballast_bytes: 0, ..StoreOptions::default() }).unwrap();
    let clock = Arc::new(SimClock::new("2026-10-09T10:00:00Z".parse().unwrap()));
    let persons = ["Cleo Tarrow", "Ada Marrick", "Bryn Osgood"].map(person).to_vec();
    let mut settings = Settings::without_feeds(Watchlist { persons, ..Watchlist::default() });
    settings.anonymity = anonymity;
    let mut pipeline = Pipeline::offline(clock, Arc::new(store), settings);
    let folder = FileChannel::new(ChannelId::parse("folder").unwrap(), dir.join("digests"));
    pipeline.channels = vec![Arc::new(folder)];
    pipeline
}

async fn read(pipeline: &Pipeline, (url, headline, text): (&str, &str, &str)) {
    let published: Timestamp = "2026-10-09T08:00:00Z".parse().unwrap();
    let answer = crate::support::page("Westmarch Echo", headline, published, &[text, FOLLOWS]);
    let url = Url::parse(url).unwrap();
    let page = Page { url: Some(url.clone()), content_type: Some("text/html".into()), body: answer.body };
    let facts = ArticleFacts {
        url: Some(url.clone()),
        title: Some(headline.to_owned()),
        outlet: Some("Westmarch Echo".to_owned()),
        published: Some(published),
        modified: None,
        times_are_given: true,
    };
    pipeline.ingest(&page, &facts, url.as_str()).await.unwrap();
}

async fn full(dir: &Path) -> Pipeline {
    let pipeline = pipeline(dir, Vec::new());
    pipeline.adopt_watchlist().await.unwrap();
    for article in ARTICLES {
        read(&pipeline, article).await;
    }
    pipeline.make_digest_now().await.unwrap();
    assert_eq!(pipeline.deliver_due().await.unwrap().sent.len(), 1);
    pipeline
}

/// The files under `folder` in which `word` stands, be it packed by zstd, whatever its case.
fn holding(folder: &Path, word: &str) -> Vec<String> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(holding(&path, word));
            continue;
        }
        if !path.is_file() {
            // A socket.
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let mut texts = vec![bytes.clone()];
        for at in 0..bytes.len().saturating_sub(4) {
            if bytes[at..at + 4] == [0x28, 0xB5, 0x2F, 0xFD] {
                let mut text = Vec::new();
                if let Ok(reader) = zstd::stream::read::Decoder::new(&bytes[at..]) {
                    // What follows the frame is none; what came before that counts.
                    drop(reader.single_frame().take(8 << 20).read_to_end(&mut text));
                }
                texts.push(text);
            }
        }
        let word = word.to_lowercase();
        if texts.iter().any(|t| String::from_utf8_lossy(t).to_lowercase().contains(&word)) {
            out.push(path.display().to_string());
        }
    }
    out
}

fn forget(what: &str, dry_run: bool) -> Change {
    let forget = Forget { what: what.to_owned(), aliases: Vec::new(), dry_run };
    Change::Forget { forget, by: "test".to_owned() }
}

/// What must hold once Cleo Tarrow was forgotten.
async fn check_forgotten(dir: &Path, pipeline: &Pipeline) {
    check_forgotten_in(dir, &[""], pipeline).await;
}

/// The same, in these folders of `dir` only.
async fn check_forgotten_in(dir: &Path, folders: &[&str], pipeline: &Pipeline) {
    for folder in folders {
        assert_eq!(holding(&dir.join(folder), "tarrow"), Vec::<String>::new());
    }
    let alerts = pipeline.store.alerts().await.unwrap();
    let names: Vec<&str> = alerts.iter().flat_map(|a| &a.tracked_names).map(String::as_str).collect();
    assert!(names.contains(&"Ada Marrick") && names.contains(&"Bryn Osgood"), "{names:?}");
    assert!(!holding(dir, "marrick").is_empty(), "what is not hers stays");
    let verified = archive::verify(&dir.join("store/archive")).unwrap();
    assert!(verified.faults.is_empty() && verified.erased > 0, "{verified:?}");
    let checked = pipeline.store.check().await.unwrap();
    assert!(checked.faults.is_empty(), "{checked:?}");
    let log = pipeline.store.audit_log().await.unwrap();
    assert!(log.faults.is_empty(), "{log:?}");
    assert!(log.lines.iter().any(|l| l.act.act == ActKind::ForgetDone), "{log:?}");
    // The digest is still the one that was delivered, and says that it was changed.
    let (id, _) = pipeline.store.digests().await.unwrap().into_iter().next().unwrap();
    let text = std::fs::read_to_string(dir.join(format!("digests/{id}.txt"))).unwrap();
    assert!(text.contains("Ada Marrick") && text.contains("Something was removed"), "{text}");
}

#[tokio::test]
async fn who_is_forgotten_stands_in_no_file_and_does_not_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let pipeline = full(dir.path()).await;
    let before = holding(dir.path(), "tarrow");
    for place in ["sled/db", "archive", "audit", "digests"] {
        assert!(before.iter().any(|f| f.contains(place)), "{place}: {before:?}");
    }
    let plan = pipeline.change(&forget("Cleo Tarrow", true)).await.unwrap();
    assert_eq!(holding(dir.path(), "tarrow"), before, "a dry run changes nothing");
    let done = pipeline.change(&forget("Cleo Tarrow", false)).await.unwrap();
    for key in ["removed", "blacked_out"] {
        for (kind, n) in plan[key].as_object().unwrap() {
            assert_eq!(done[key][kind], *n, "{kind}: the plan is what was done: {plan} {done}");
        }
    }
    assert_eq!((&done["removed"]["article"], &done["blacked_out"]["article"]), (&1.into(), &1.into()), "{done}");
    assert_eq!(done["digests_replaced"], 1, "{done}");
    check_forgotten(dir.path(), &pipeline).await;

    // It comes again: the same article, a later one about her, one that names her by the way.
    read(&pipeline, ARTICLES[0]).await;
    let later = (
        "https://echo.example/1",
        "Tarrow cleared",
        "Sergeant Cleo Tarrow was cleared of fraud today, the court said. Tarrow wept.",
    );
    read(&pipeline, later).await;
    let other = (
        "https://echo.example/2",
        "Inspector Osgood resigns",
        "Inspector Bryn Osgood of Westmarch Police resigned today, TARROW, CLEO, his colleague, told the Echo.",
    );
    read(&pipeline, other).await;
    assert_eq!(holding(&dir.path().join("store"), "tarrow"), Vec::<String>::new());
    let alerts = pipeline.store.alerts().await.unwrap();
    assert!(alerts.iter().any(|a| a.tracked_names == ["Bryn Osgood"] && a.type_name() == "resignation"), "{alerts:?}");
    // A second time there is nothing left to do, and it is no fault.
    let again = pipeline.change(&forget("Cleo Tarrow", false)).await.unwrap();
    assert_eq!(again["removed"], serde_json::json!({}), "{again}");
}

#[tokio::test]
async fn forgetting_goes_on_after_a_crash_at_any_step() {
    for steps in 0..4 {
        let dir = tempfile::tempdir().unwrap();
        {
            let pipeline = full(dir.path()).await;
            let what = Forgettable::Person { name: "Cleo Tarrow".to_owned(), aliases: Vec::new() };
            let store = &pipeline.store;
            store.begin_forgetting(&what, pipeline.clock.now()).await.unwrap();
            if steps > 0 {
                while !store.sweep().await.unwrap() && steps > 1 {}
            }
            if steps > 2 {
                store.forget_archived().await.unwrap();
            }
        }
        let pipeline = pipeline(dir.path(), Vec::new());
        pipeline.adopt_watchlist().await.unwrap();
        // The watchlist of this test still has her; a user takes her out of it.
        let log = pipeline.store.audit_log().await.unwrap();
        assert!(log.lines.iter().any(|l| l.act.act == ActKind::ForgetDone), "{steps} steps: {log:?}");
        check_forgotten(dir.path(), &pipeline).await;
    }
}

#[tokio::test]
async fn an_address_is_forgotten_with_all_that_rests_on_it() {
    let dir = tempfile::tempdir().unwrap();
    let pipeline = full(dir.path()).await;
    let url = ARTICLES[2].0;
    let done = pipeline.change(&forget("https://www.echo.example/news/osgood/?utm_source=x", false)).await.unwrap();
    assert_eq!(done["removed"]["article"], 1, "{done}");
    assert_eq!(holding(&dir.path().join("digests"), "osgood"), Vec::<String>::new());
    for _ in 0..2 {
        let alerts = pipeline.store.alerts().await.unwrap();
        assert!(alerts.iter().all(|a| a.url.as_deref() != Some(url)), "{alerts:?}");
        assert!(pipeline.store.find(url).await.unwrap().is_empty());
        assert!(archive::verify(&dir.path().join("store/archive")).unwrap().faults.is_empty());
        // It comes again.
        read(&pipeline, ARTICLES[2]).await;
    }
    let articles = pipeline.store.counts().await.unwrap().articles;
    assert_eq!(articles, 2);
}

/// A configuration for the program over the data of [`full`], in which nobody is watched who is to be forgotten.
fn write_config(dir: &Path, store: &str) {
    let text = format!(
        "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
         [[feed]]\nid = \"dead\"\nname = \"Dead\"\nurl = \"http://127.0.0.1:1/feed\"\n\
         [[person]]\nname = \"Ada Marrick\"\n[[person]]\nname = \"Bryn Osgood\"\n",
        dir.join(store),
        dir.join("control.sock"),
        dir.join("digests"),
    );
    std::fs::write(dir.join("conductwatch.toml"), text).unwrap();
}

/// What the program says, which must succeed.
async fn said(dir: &Path, args: &[&str]) -> String {
    let output = crate::support::program(args, dir).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
    said
}

/// The files of `dir` that hold her name, but for those of backups.
fn left(dir: &Path) -> Vec<String> {
    holding(dir, "tarrow").into_iter().filter(|f| !f.contains("/backups/")).collect()
}

#[tokio::test]
async fn the_running_service_forgets_and_a_backup_of_before_brings_nobody_back() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    drop(full(dir).await);
    write_config(dir, "store");
    let daemon = Daemon::start(dir).await;
    let backups = dir.join("backups");
    let made: Value = serde_json::from_str(&said(dir, &["backup", backups.to_str().unwrap(), "--json"]).await).unwrap();
    let backup = made["backup"].as_str().unwrap().to_owned();
    assert!(!holding(&backups, "tarrow").is_empty(), "it is of before");
    let done: Value = serde_json::from_str(&said(dir, &["forget", "Cleo Tarrow", "--yes", "--json"]).await).unwrap();
    assert_eq!((&done["removed"]["article"], &done["digests_replaced"]), (&1.into(), &1.into()), "{done}");
    assert_eq!(left(dir), Vec::<String>::new(), "while it runs");
    assert!(!daemon.end().await.to_lowercase().contains("tarrow"));
    check_forgotten_in(dir, &["store", "digests"], &pipeline(dir, Vec::new())).await;

    // In its place, the tombstones beside the store hold: it is swept before the command ends.
    let told = said(dir, &["restore", &backup, "--replace"]).await;
    assert!(told.contains("forgotten again"), "{told}");
    assert_eq!(left(dir), Vec::<String>::new(), "after the restore");
    check_forgotten_in(dir, &["store", "digests"], &pipeline(dir, Vec::new())).await;
    let again = pipeline(dir, Vec::new());
    read(&again, ARTICLES[0]).await;
    assert_eq!(left(dir), Vec::<String>::new(), "fetched again");
    drop(again);
    let told = said(dir, &["verify"]).await;
    assert!(told.contains("the chain holds"), "{told}");

    // A backup of after brings the tombstones to another folder, and an older one that follows finds them there.
    let made: Value = serde_json::from_str(&said(dir, &["backup", backups.to_str().unwrap(), "--json"]).await).unwrap();
    let after = made["backup"].as_str().unwrap().to_owned();
    write_config(dir, "other");
    said(dir, &["restore", &after]).await;
    assert_eq!(left(dir), Vec::<String>::new(), "in another folder");
    said(dir, &["restore", &backup, "--replace"]).await;
    assert_eq!(left(dir), Vec::<String>::new(), "the older one after it");

    // What was moved aside holds her, and is named.
    let aside: Vec<String> = std::fs::read_dir(dir.join("other"))
        .unwrap()
        .map(|entry| entry.unwrap().path().display().to_string())
        .filter(|path| path.contains("before-restore-"))
        .collect();
    let plan = said(dir, &["forget", "Cleo Tarrow", "--dry-run", "--json"]).await;
    assert!(aside.len() == 1 && aside.iter().all(|path| plan.contains(path.as_str())), "{aside:?}: {plan}");

    // Where nothing tells of it, the command says what to do.
    write_config(dir, "third");
    let told = said(dir, &["restore", &backup]).await;
    assert!(told.contains("forget them once more"), "{told}");
    said(dir, &["forget", "Cleo Tarrow", "--yes"]).await;
    assert_eq!(left(dir), Vec::<String>::new());
}

#[tokio::test]
async fn a_digest_sent_again_is_in_the_audit_log() {
    let dir = tempfile::tempdir().unwrap();
    let pipeline = full(dir.path()).await;
    let id = pipeline.store.digests().await.unwrap()[0].0.to_string();
    let resend = |channel: Option<&str>| Change::Resend {
        digest: id.clone(),
        channel: channel.map(|c| ChannelId::parse(c).unwrap()),
    };
    // Nothing was given up, so nothing is done, and nothing is to be accounted for.
    assert!(pipeline.change(&resend(None)).await.is_err());
    pipeline.change(&resend(Some("folder"))).await.unwrap();
    let log = pipeline.store.audit_log().await.unwrap();
    let resent: Vec<_> = log.lines.iter().filter(|l| l.act.act == ActKind::Resent).collect();
    assert_eq!(resent.len(), 1, "{log:?}");
    assert_eq!((resent[0].act.by.as_str(), &resent[0].act.detail["done"]["digest"]), ("digest resend", &id.into()));
    assert_eq!(resent[0].act.detail["done"]["resent"][0]["channel"], "folder");
    assert!(log.faults.is_empty());
}

#[tokio::test]
async fn a_name_of_one_word_is_not_forgotten_and_nonsense_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let pipeline = pipeline(dir.path(), Vec::new());
    for what in ["Tarrow", "", "http://"] {
        assert!(pipeline.change(&forget(what, true)).await.is_err(), "{what:?}");
    }
}

fn anonymity() -> Vec<Anonymity> {
    vec![Anonymity {
        name: "Ada Marrick".to_owned(),
        aliases: vec![],
        reason: AnonymityReason::CourtOrder,
        until: None,
        mask: "an officer".to_owned(),
    }]
}

#[tokio::test]
async fn who_must_not_be_named_is_named_in_no_channel_and_by_no_command() {
    let dir = tempfile::tempdir().unwrap();
    {
        let pipeline = pipeline(dir.path(), anonymity());
        pipeline.adopt_watchlist().await.unwrap();
        for article in ARTICLES {
            read(&pipeline, article).await;
        }
        pipeline.make_digest_now().await.unwrap();
        assert_eq!(pipeline.deliver_due().await.unwrap().sent.len(), 1);
        assert!(!holding(&dir.path().join("store"), "marrick").is_empty(), "kept, not shown");
        assert_eq!(holding(&dir.path().join("digests"), "marrick"), Vec::<String>::new());
        let digest = pipeline.answer(&Question::Digest { id: "latest".to_owned() }).await.unwrap();
        assert!(digest["text"].as_str().unwrap().contains("an officer"), "{digest}");
        assert!(!digest.to_string().to_lowercase().contains("marrick"), "{digest}");
    }
    let config = dir.path().join("conductwatch.toml");
    let text = format!(
        "[store]\npath = {:?}\n[[person]]\nname = \"Ada Marrick\"\n[[person]]\nname = \"Cleo Tarrow\"\n\
         [[anonymity]]\nperson = \"ada-marrick\"\nreason = \"court-order\"\nmask = \"an officer\"\n",
        dir.path().join("store")
    );
    std::fs::write(&config, text).unwrap();
    let run = |args: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_conductwatch")).args(args).arg("--config").arg(&config).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(!said.to_lowercase().contains("marrick"), "{args:?}: {said}");
        assert!(!said.is_empty(), "{args:?}");
        said
    };
    let alerts: Value = serde_json::from_str(&run(&["alerts", "--json"])).unwrap();
    let alerts = alerts["alerts"].as_array().unwrap().clone();
    let masked = alerts.iter().find(|a| a["tracked_names"][0] == "An officer").unwrap();
    assert_eq!(masked["cautions"], serde_json::json!(["active_proceedings"]));
    let id = masked["id"].as_str().unwrap();
    for args in [
        &["alerts"][..],
        &["digest", "show"],
        &["digest", "show", "--html"],
        &["digest", "show", "--json"],
        &["digest", "list"],
        &["why", id],
        &["why", id, "--json"],
        &["timeline", "Ada Marrick"],
        &["timeline", "ada-marrick", "--json"],
        &["watch", "list"],
        &["watch", "list", "--json"],
        &["export"],
        &["export", "alerts"],
        &["export", "alerts", "--csv"],
        &["audit"],
        &["audit", "--json"],
        &["check"],
        &["timeline", "Nobody Atall"],
    ] {
        run(args);
    }
}

#[tokio::test]
async fn who_must_not_be_named_since_lately_is_masked_in_what_channels_have() {
    let dir = tempfile::tempdir().unwrap();
    drop(full(dir.path()).await);
    let digests = dir.path().join("digests");
    assert!(!holding(&digests, "marrick").is_empty());
    let masked = pipeline(dir.path(), anonymity());
    masked.adopt_watchlist().await.unwrap();
    assert_eq!(holding(&digests, "marrick"), Vec::<String>::new());
    assert!(!holding(&digests, "an officer").is_empty() && !holding(&digests, "tarrow").is_empty());
    assert!(!holding(&dir.path().join("store"), "marrick").is_empty(), "kept, not shown");
    // Done once: what a hand put there since stays as it is.
    let (id, _) = masked.store.digests().await.unwrap().into_iter().next().unwrap();
    std::fs::write(digests.join(format!("{id}.txt")), "mine").unwrap();
    masked.adopt_watchlist().await.unwrap();
    assert_eq!(std::fs::read_to_string(digests.join(format!("{id}.txt"))).unwrap(), "mine");
}

#[tokio::test]
async fn active_proceedings_are_marked_in_every_form_of_a_digest() {
    let dir = tempfile::tempdir().unwrap();
    let pipeline = full(dir.path()).await;
    let digest = pipeline.answer(&Question::Digest { id: "latest".to_owned() }).await.unwrap();
    let words = "Proceedings are active: Contempt of Court Act 1981.";
    // Two were charged, and one of them spoke; the third was suspended only.
    for form in ["text", "html"] {
        assert_eq!(digest[form].as_str().unwrap().matches(words).count(), 3, "{digest}");
    }
    let (id, _) = pipeline.store.digests().await.unwrap().into_iter().next().unwrap();
    let json = std::fs::read_to_string(dir.path().join(format!("digests/{id}.json"))).unwrap();
    assert_eq!(json.matches("active_proceedings").count(), 3, "{json}");
    // Sentenced: they are over.
    read(
        &pipeline,
        (
            "https://echo.example/3",
            "Sergeant Ada Marrick jailed",
            "Sergeant Ada Marrick of Westmarch Police was jailed for two years yesterday for theft, the court said.",
        ),
    )
    .await;
    let alerts = pipeline.answer(&Question::Alerts { held: false }).await.unwrap();
    let of = |name: &str| {
        let own = alerts["alerts"].as_array().unwrap().iter().filter(|a| a["tracked_names"][0] == name);
        own.map(|a| a["cautions"].clone()).collect::<Vec<_>>()
    };
    assert!(of("Ada Marrick").iter().all(Value::is_null), "{alerts}");
    assert!(of("Cleo Tarrow").iter().all(|c| *c == serde_json::json!(["active_proceedings"])), "{alerts}");
}

#[tokio::test]
async fn what_is_watched_and_decided_is_in_the_audit_log() {
    let dir = tempfile::tempdir().unwrap();
    let pipeline = full(dir.path()).await;
    pipeline.adopt_watchlist().await.unwrap();
    let watchlist = Watchlist { persons: vec![person("Bryn Osgood")], ..Watchlist::default() };
    pipeline
        .change(&Change::Watchlist { by: "watch".to_owned(), watchlist: Box::new(watchlist), anonymity: anonymity() })
        .await
        .unwrap();
    let alert = pipeline.store.alerts().await.unwrap()[0].id.clone();
    pipeline.change(&Change::Right { alert }).await.unwrap();
    let log = pipeline.store.audit_log().await.unwrap();
    let acts: Vec<(ActKind, &str)> = log.lines.iter().map(|l| (l.act.act, l.act.by.as_str())).collect();
    // Seen again unchanged, the watchlist makes no line.
    let expected = [
        (ActKind::Watchlist, "seen by the service"),
        (ActKind::Watchlist, "watch"),
        (ActKind::Alert, "alert wrong --undo"),
    ];
    assert_eq!(acts, expected);
    let change = &log.lines[1].act.detail;
    assert_eq!(change["removed"], serde_json::json!(["person ada-marrick", "person cleo-tarrow"]));
    let added = change["added"].to_string();
    assert!(added.contains("court-order") && !added.contains("Marrick"), "{added}");
    assert!(log.faults.is_empty());
}
