//! The watchlist as its user works with it: names added and tried, ids that change, alerts said to be wrong, developments
//! merged and split, names muted. The commands run as a user runs them, on a real store.

use conductwatch::adapters::sim_clock::SimClock;
use conductwatch::adapters::store::{SledStore, StoreOptions};
use conductwatch::config;
use conductwatch::domain::{Alert, Page};
use conductwatch::pipeline::{ArticleFacts, Pipeline, Settings};
use conductwatch::ports::Clock as _;
use jiff::Timestamp;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;

const MAIN: &str = "# Our desk.\ninclude = [\"watchlist.toml\"]\n[store]\npath = \"store\"\n[control]\nsocket = \"control.sock\"\n\
                    [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = \"digests\"\n";
const WATCHLIST: &str = "# Whom we follow.\n\n[[person]] # since May\nid = \"ada-marrick\"\nname = \"Ada Marrick\"\nbodies = [\"westmarch-police\"]\n\n\
                         # The force.\n[[body]]\nid = \"westmarch-police\"\nname = \"Westmarch Police\"\n\n# end of the list\n";

pub(crate) const CHARGE: (&str, &str, &str) = (
    "charge",
    "Westmarch sergeant charged with fraud",
    "Sergeant Ada Marrick, 41, of Westmarch Police, was charged on Monday with two counts of fraud, prosecutors said.\n\nShe \
     is due before magistrates in Aldmoor in April.",
);
const CHARGE_AGAIN: (&str, &str, &str) = (
    "charge-again",
    "Fraud charge for officer",
    "A Westmarch Police officer faces court. Ada Marrick, a sergeant, was charged with fraud on Monday.\n\nThe officer, who is 41, lives in Aldmoor.",
);
pub(crate) const SUSPENSION: (&str, &str, &str) = (
    "suspension",
    "Sergeant suspended",
    "Sergeant Ada Marrick of Westmarch Police was suspended from duty on Tuesday, the force said.\n\nThe force gave no more \
     details of the matter.",
);

/// A desk: a configuration and a store in a folder of its own.
pub(crate) struct Desk {
    pub(crate) dir: tempfile::TempDir,
    clock: Arc<SimClock>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("conductwatch.toml"), MAIN).unwrap();
        std::fs::write(dir.path().join("watchlist.toml"), WATCHLIST).unwrap();
        let clock = Arc::new(SimClock::new("2026-03-10T08:00:00Z".parse().unwrap()));
        Self { dir, clock }
    }

    fn main(&self) -> PathBuf {
        self.dir.path().join("conductwatch.toml")
    }

    fn watchlist(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("watchlist.toml")).unwrap()
    }

    pub(crate) fn write(&self, watchlist: &str) {
        std::fs::write(self.dir.path().join("watchlist.toml"), watchlist).unwrap();
    }

    /// The steps of the service, with the configuration as it is: started as the service starts.
    pub(crate) async fn service(&self) -> Pipeline {
        let known: Vec<&str> = conductwatch::stages::extract::who::known_body_ids().collect();
        let config = config::load_file(&self.main(), &known).unwrap();
        let store = SledStore::open(&config.store.path, StoreOptions::default()).unwrap();
        let clock = Arc::clone(&self.clock);
        let pipeline = Pipeline::offline(clock as _, Arc::new(store), Settings::without_feeds(config.watchlist));
        pipeline.adopt_watchlist().await.unwrap();
        pipeline
    }

    /// Reads articles, each some hours after the one before; gives the alerts that they raise.
    pub(crate) async fn read(&self, articles: &[(&str, &str, &str)]) -> Vec<Alert> {
        let service = self.service().await;
        let mut alerts = Vec::new();
        for (name, headline, text) in articles {
            let at: Timestamp = self.clock.now().checked_add(jiff::SignedDuration::from_hours(5)).unwrap();
            self.clock.set(at);
            let url: url::Url = format!("https://echo.example/{name}").parse().unwrap();
            let facts = ArticleFacts {
                url: Some(url.clone()),
                title: None,
                outlet: Some("Westmarch Echo".to_owned()),
                published: Some(at),
                modified: None,
                times_are_given: true,
            };
            let paragraphs: String = text.split("\n\n").map(|p| format!("<p>{p}</p>")).collect();
            let body = format!(
                "<!doctype html><html lang=\"en\"><head><title>{headline}</title></head><body><article><h1>{headline}</h1>{paragraphs}</article></body></html>"
            );
            let page = Page { url: Some(url), content_type: Some("text/html".to_owned()), body: body.into_bytes() };
            alerts.extend(service.ingest(&page, &facts, name).await.unwrap());
        }
        alerts
    }

    /// Exit code, standard output and standard error of a command.
    pub(crate) fn run(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_conductwatch"));
        command.args(args).arg("--config").arg(self.main()).stdin(std::process::Stdio::null());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// What a command prints that succeeds.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let (code, out, err) = self.run(args);
        assert_eq!(code, 0, "{args:?}: {out}{err}");
        out
    }

    /// The JSON of a command that succeeds.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        serde_json::from_str(&self.ok(&args)).unwrap()
    }

    /// Types of the developments on a timeline, with what the user said of each.
    fn timeline(&self, name: &str) -> Vec<(String, String)> {
        let value = self.json(&["timeline", name]);
        let rows = value["developments"].as_array().unwrap();
        let text = |v: &Value| v.as_str().unwrap_or("").to_owned();
        rows.iter().map(|row| (text(&row["type"]), text(&row["ruled"]))).collect()
    }
}

pub(crate) fn kinds(alerts: &[Alert]) -> Vec<&str> {
    alerts.iter().map(Alert::type_name).collect()
}

#[tokio::test]
async fn a_name_is_added_with_its_aliases_and_nothing_else_changes() {
    let desk = Desk::new();
    let other = (
        "other",
        "Teacher fined",
        "Rhys Tolland, a teacher from Aldmoor, was fined on Monday for speeding.\n\nHe paid.",
    );
    let own = (
        "own",
        "Inspector praised",
        "Inspector Nicholas Tolland of Westmarch Police was praised on Monday. Insp Tolland said he was glad.\n\nThe force agreed.",
    );
    desk.read(&[other, own]).await;
    let args = ["watch", "add", "Nicholas Tolland", "--role", "inspector", "--body", "Westmarch Police"];
    // Without a terminal it asks for a word; a dry run shows and writes nothing.
    let (code, out, err) = desk.run(&args);
    assert_eq!(code, 64, "{out}{err}");
    assert!(err.contains("--yes") && out.contains("Insp Tolland"), "{out}{err}");
    let dry = desk.ok(&[&args[..], &["--dry-run"]].concat());
    assert!(
        dry.contains("+name = \"Nicholas Tolland\"")
            && dry.contains("may mean others who are stored: Rhys Tolland (1)"),
        "{dry}"
    );
    assert_eq!(desk.watchlist(), WATCHLIST);

    let said = desk.json(&[&args[..], &["--alias", "Nick the Inspector", "--yes"]].concat());
    assert_eq!(
        (said["id"].as_str(), said["written"].as_bool(), said["hit"].as_u64()),
        (Some("nicholas-tolland"), Some(true), Some(1))
    );
    let proposal =
        |form: &str| said["proposals"].as_array().unwrap().iter().find(|p| p["form"] == form).unwrap().clone();
    let rank = proposal("Insp Tolland");
    assert!(
        rank["taken"] == 1
            && rank["chosen"] == false
            && rank["samples"][0]["sentence"].as_str().unwrap().contains("glad"),
        "{rank}"
    );
    let after = desk.watchlist();
    assert!(after.starts_with(WATCHLIST), "{after}");
    let added = after.strip_prefix(WATCHLIST).unwrap();
    assert_eq!(
        added,
        "\n[[person]]\nid = \"nicholas-tolland\"\nname = \"Nicholas Tolland\"\naliases = [\"Nick the Inspector\"]\nbodies = [\"westmarch-police\"]\nroles = [\"inspector\"]\n"
    );
    desk.ok(&["check"]);

    // Again: they are watched. A body that nobody knows, and a built-in one.
    let (code, _, err) = desk.run(&["watch", "add", "nicholas  tolland", "--yes"]);
    assert!(code == 65 && err.contains("watched already"), "{err}");
    let (code, _, err) = desk.run(&["watch", "add", "Ida Crewe", "--body", "metropolitan-polise", "--yes"]);
    assert!(code == 65 && err.contains("did you mean `metropolitan-police`"), "{err}");
    let body = desk.json(&["watch", "add", "Independent Office for Police Conduct", "--dry-run"]);
    assert_eq!(
        (body["kind"].as_str(), body["id"].as_str(), body["aliases"].clone()),
        (Some("body"), Some("iopc"), Value::Array(Vec::new()))
    );
    assert!(body["inherited"].as_array().unwrap().iter().any(|f| f == "IOPC"), "{body}");
    let body = desk.json(&["watch", "add", "Wexmoor Office for Police Standards", "--dry-run"]);
    assert_eq!(body["aliases"][0], "WOPS");
}

#[tokio::test]
async fn adding_a_name_tells_of_its_past() {
    let desk = Desk::new();
    let main = std::fs::read_to_string(desk.main()).unwrap();
    std::fs::write(desk.main(), format!("{main}[digest]\npast = \"all\"\n")).unwrap();
    let past = (
        "past",
        "Inspector suspended",
        "Inspector Bo Fennimore of Larchester Police was suspended from duty on Wednesday, the force said.\n\nNo reason was given.",
    );
    desk.read(&[CHARGE, past]).await;
    let args = ["watch", "add", "Bo Fennimore", "--dry-run"];
    let said = desk.json(&args);
    let told: Vec<&str> =
        said["past"]["alerts"].as_array().unwrap().iter().filter_map(|a| a["type"].as_str()).collect();
    assert_eq!(told, ["suspension"], "{said}");
    let text = desk.ok(&args);
    assert!(text.contains("1 development in what is stored, told as one digest"), "{text}");
    std::fs::write(desk.main(), format!("{main}[digest]\npast = \"none\"\n")).unwrap();
    let text = desk.ok(&args);
    assert!(text.contains("`conductwatch digest past 'Bo Fennimore' --since 3650d`"), "{text}");
}

#[test]
fn a_file_that_would_not_load_is_not_written() {
    let desk = Desk::new();
    desk.write(&format!("{WATCHLIST}\n[[person]]\nname = \"Ida\"\nfoo = 1\n"));
    let before = desk.watchlist();
    let (code, _, err) = desk.run(&["watch", "add", "Ida Crewe", "--yes"]);
    assert!(code == 78 && err.contains("watchlist.toml") && err.contains("unknown key `foo`"), "{err}");
    desk.write(&WATCHLIST.replace("[[body]]\nid = \"westmarch-police\"\nname = \"Westmarch Police\"\n", "body = []\n"));
    let (code, _, err) = desk.run(&["watch", "add", "Ida Crewe Federation", "--yes"]);
    assert_eq!(code, 78, "{err}");
    desk.write(&before);
    assert_eq!(desk.watchlist(), before);
    assert!(!desk.dir.path().join("store").exists(), "nothing was started");
}

#[tokio::test]
async fn a_name_is_tried_on_what_is_stored() {
    let desk = Desk::new();
    let like = (
        "like",
        "Baker wins",
        "Mary Marrick, a baker from Aldmoor, won a prize on Monday.\n\nAda Marick of Aldmoor came second.",
    );
    let namesake = (
        "namesake",
        "Councillor speaks",
        "Cllr Ada Marrick told the meeting on Monday that the bus would stay.\n\nCllr Marrick is a councillor in Aldmoor.",
    );
    desk.read(&[CHARGE, like, namesake]).await;
    let found = desk.json(&["watch", "test", "ada marrick"]);
    let rehearsal = &found["rehearsal"];
    assert_eq!(
        (found["id"].as_str(), rehearsal["articles"].as_u64(), rehearsal["hit"].as_u64()),
        (Some("ada-marrick"), Some(3), Some(1)),
        "{found:#}"
    );
    let near: Vec<(&str, &str)> = rehearsal["near"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| (n["kind"].as_str().unwrap(), n["form"].as_str().unwrap()))
        .collect();
    assert!(
        near.contains(&("other_given_name", "Mary Marrick")) && near.contains(&("spelled_nearly_so", "Ada Marick")),
        "{near:?}"
    );
    assert!(near.iter().any(|(kind, _)| *kind == "namesake"), "{near:?}");
    let said = desk.ok(&["watch", "test", "ada-marrick"]);
    assert!(said.contains("Hits, by form and rule") && said.contains("councillor (-5)"), "{said}");
    let (code, _, err) = desk.run(&["watch", "test", "Ada Marick"]);
    assert!(code == 65 && err.contains("did you mean Ada Marrick"), "{err}");

    let list = desk.json(&["watch", "list"]);
    let ada = &list["watched"][0];
    assert_eq!((ada["alerts"].as_u64(), ada["last_development"]["type"].as_str()), (Some(1), Some("charge")), "{list}");
    assert!(desk.ok(&["watch", "list"]).lines().any(|l| l.starts_with("ada-marrick ") && l.ends_with(" Charge")));
}

#[tokio::test]
async fn an_id_that_changes_keeps_its_timeline() {
    let desk = Desk::new();
    assert_eq!(kinds(&desk.read(&[CHARGE]).await), ["charge"]);
    let renamed = WATCHLIST.replace("id = \"ada-marrick\"", "id = \"marrick\"");
    desk.write(&renamed);
    let checked = desk.json(&["check"]);
    let warning =
        checked["warnings"].as_array().unwrap().iter().find(|w| w["message"].as_str().unwrap().contains("ada-marrick"));
    let warning = warning.unwrap_or_else(|| panic!("{checked}"));
    assert_eq!(warning["line"], 3, "{warning}");
    let line = warning["message"].as_str().unwrap().split("add to this entry:").nth(1).unwrap().trim();
    assert_eq!(line, "former_ids = [\"ada-marrick\"]");
    // Under the new id alone nothing is known: that is an answer for somebody watched, and a question about anybody else.
    assert!(desk.timeline("Ada Marrick").is_empty());
    assert!(desk.ok(&["timeline", "Ada Marrick"]).contains("Ada Marrick: no development"));
    assert_eq!(desk.run(&["timeline", "Nobody At All"]).0, 65);

    desk.write(&renamed.replace("id = \"marrick\"\n", &format!("id = \"marrick\"\n{line}\n")));
    assert!(
        desk.json(&["check"])["warnings"]
            .as_array()
            .unwrap()
            .iter()
            .all(|w| !w["message"].as_str().unwrap().contains("marrick"))
    );
    // The same event is not told again, and what is new follows on what was known.
    assert_eq!(kinds(&desk.read(&[CHARGE_AGAIN, SUSPENSION]).await), ["suspension"]);
    let kinds: Vec<String> = desk.timeline("Ada Marrick").into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["charge", "suspension"]);
    assert_eq!(desk.json(&["watch", "list"])["watched"][0]["alerts"], 2);
    let service = desk.service().await;
    service.make_digest_now().await.unwrap();
    let (id, _) = service.store.digests().await.unwrap().remove(0);
    let digest = service.store.digest(&id).await.unwrap().unwrap();
    assert!(digest.sections.iter().all(|s| s.id != "ada-marrick"), "{digest:#?}");
}

#[tokio::test]
async fn a_timeline_tells_standing_sources_and_alerts() {
    let desk = Desk::new();
    let alerts = desk.read(&[CHARGE, CHARGE_AGAIN, SUSPENSION]).await;
    desk.service().await.make_digest_now().await.unwrap();
    let value = desk.json(&["timeline", "Ada Marrick"]);
    assert_eq!(value["standing"], "suspended since 10 March 2026; charged 9 March 2026");
    let charge = &value["developments"][0];
    assert_eq!((charge["type"].as_str(), charge["date"].as_str()), (Some("charge"), Some("2026-03-09")));
    assert_eq!(charge["sources"].as_array().unwrap().len(), 2);
    assert_eq!(charge["alert"]["id"], alerts[0].id.as_str());
    assert!(charge["alert"]["sent"]["digest"].is_string() && charge["alert"]["sent"]["at"].is_null(), "{charge}");
    let text = desk.ok(&["timeline", "ada-marrick"]);
    assert!(
        text.contains("last known standing: suspended since 10 March 2026") && text.contains("not sent yet"),
        "{text}"
    );
    assert!(desk.ok(&["timeline", "Westmarch Police"]).contains("Charge"));
    let (code, _, err) = desk.run(&["timeline", "Nobody Known"]);
    assert!(code == 65 && err.contains("nothing is known"), "{err}");
}

#[tokio::test]
async fn why_tells_what_an_article_joined_and_on_which_grounds() {
    let desk = Desk::new();
    let alerts = desk.read(&[CHARGE, CHARGE_AGAIN]).await;
    assert_eq!(alerts.len(), 1);
    // The second article raised no alert: what it tells, which development it joined, why, and which rule stopped it.
    let value = desk.json(&["why", "https://echo.example/charge-again"]);
    let step = |kind: &str| {
        let steps = value["trail"].as_array().unwrap();
        steps.iter().find(|s| s["subject"]["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {value:#}")).clone()
    };
    let read = &step("article")["read"]["reports"][0];
    assert!(read["type"] == "charge" && !read["rules"].as_array().unwrap().is_empty(), "{read}");
    let development = step("development");
    assert_eq!(development["told_by"].as_array().unwrap().len(), 2);
    assert!(!development["told_by"][1]["grounds"].as_array().unwrap().is_empty());
    assert!(
        development["decisions"]
            .as_array()
            .unwrap()
            .iter()
            .any(|d| d["rule"] == "already_alerted" && d["outcome"] == "stopped")
    );
    assert!(development["title"].as_str().unwrap().contains(alerts[0].id.as_str()));
    let text = desk.ok(&["why", alerts[0].id.as_str()]);
    assert!(text.contains("told by Westmarch Echo") && text.contains("reports Charge (Ada Marrick"), "{text}");
}

#[tokio::test]
async fn not_them_writes_a_guard_that_holds_and_can_be_taken_back() {
    let desk = Desk::new();
    let alert = desk.read(&[CHARGE]).await.remove(0);
    let id = alert.id.as_str();
    let dry = desk.ok(&["alert", "wrong", id, "--not-them", "--dry-run"]);
    assert!(dry.contains("+[[guard]]") && desk.watchlist() == WATCHLIST, "{dry}");
    let said = desk.ok(&["alert", "wrong", id, "--not-them", "--words", "beekeeper"]);
    assert!(said.contains("none will") && said.contains("--undo"), "{said}");
    let written = desk.watchlist();
    assert!(
        written.starts_with(WATCHLIST)
            && written.contains("entity = \"ada-marrick\"")
            && written.contains("[\"beekeeper\"]"),
        "{written}"
    );
    assert_eq!(desk.timeline("Ada Marrick"), [("charge".to_owned(), "not_them".to_owned())]);
    assert!(desk.json(&["timeline", "Ada Marrick"])["standing"].is_null());
    // The alert waits no more; more of the same raises none for her; an article with the word is not about her.
    let bees = (
        "bees",
        "Beekeeper suspended",
        "Sergeant Ada Marrick of Westmarch Police, the beekeeper, was suspended on Tuesday, the force said.\n\nNo more is known of it.",
    );
    let alerts = desk.read(&[CHARGE_AGAIN, bees]).await;
    assert!(alerts.iter().all(|a| !a.tracked.contains(&"ada-marrick".to_owned())), "{alerts:#?}");
    let service = desk.service().await;
    assert!(service.store.waiting_alerts().await.unwrap().iter().all(|a| a.id != alert.id));
    drop(service);
    let trail = desk.ok(&["why", id]);
    assert!(trail.contains("said not them"), "{trail}");

    desk.ok(&["alert", "wrong", id, "--undo"]);
    assert_eq!(desk.watchlist(), WATCHLIST);
    let service = desk.service().await;
    assert!(service.store.waiting_alerts().await.unwrap().iter().any(|a| a.id == alert.id), "it waits again");
    drop(service);
    let (code, _, err) = desk.run(&["alert", "wrong", id, "--undo"]);
    assert!(code == 65 && err.contains("nothing to take back"), "{err}");
    for (args, code, says) in [
        (vec!["alert", "wrong", id], 64, "--not-them"),
        (vec!["alert", "wrong", "ffff0000", "--not-new"], 65, "no alert"),
        (vec!["alert", "wrong", id, "--not-them", "--who", "Rhys Tolland"], 65, "nobody watched"),
        (vec!["alert", "wrong", id, "--not-new"], 65, "--same-as"),
    ] {
        let (got, _, err) = desk.run(&args);
        assert!(got == code && err.contains(says), "{args:?}: {got} {err}");
    }
}

#[tokio::test]
async fn not_new_merges_and_not_happened_silences_and_both_can_be_taken_back() {
    let desk = Desk::new();
    let charges = || desk.timeline("Ada Marrick").iter().filter(|(kind, _)| kind == "charge").count();
    // A charge told again months later as if it were new.
    let first = desk.read(&[CHARGE]).await.remove(0);
    desk.clock.set("2026-07-10T08:00:00Z".parse().unwrap());
    let late = (
        "late",
        "Sergeant charged",
        "Sergeant Ada Marrick of Westmarch Police was charged with perverting the course of justice on Thursday.\n\nShe denies it.",
    );
    let second = desk.read(&[late]).await.into_iter().find(|a| a.type_name() == "charge").unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(charges(), 2);
    let said = desk.json(&["alert", "wrong", second.id.as_str(), "--not-new"]);
    assert_eq!(said["kind"], "merge");
    assert_eq!(charges(), 1, "it holds at once");
    // It holds after a start, whatever comes.
    let again = desk.read(&[("late-2", "Officer charged", late.2), late]).await;
    assert!(again.iter().all(|a| a.type_name() != "charge"), "{again:#?}");
    assert_eq!(charges(), 1);
    desk.ok(&["alert", "wrong", second.id.as_str(), "--undo"]);
    assert_eq!(desk.watchlist(), WATCHLIST);
    assert_eq!(charges(), 2);
    // A merge written by hand is done at the next start, and undone when it goes.
    let ids: Vec<String> = desk.json(&["timeline", "Ada Marrick"])["developments"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["type"] == "charge")
        .map(|d| d["development"].as_str().unwrap().to_owned())
        .collect();
    desk.write(&format!("{WATCHLIST}\n[[merge]]\ndevelopments = {ids:?}\n"));
    drop(desk.service().await);
    assert_eq!(charges(), 1);
    desk.write(WATCHLIST);
    drop(desk.service().await);
    assert_eq!(charges(), 2);

    desk.ok(&["alert", "wrong", second.id.as_str(), "--not-happened"]);
    assert!(desk.timeline("Ada Marrick").contains(&("charge".to_owned(), "not_happened".to_owned())));
    assert_eq!(desk.json(&["timeline", "Ada Marrick"])["standing"], "charged 9 March 2026");
    desk.ok(&["alert", "wrong", second.id.as_str(), "--undo"]);
    assert_eq!(desk.watchlist(), WATCHLIST);
}

#[tokio::test]
async fn developments_are_merged_and_split_by_hand() {
    let desk = Desk::new();
    let alerts = desk.read(&[CHARGE, CHARGE_AGAIN, SUSPENSION]).await;
    let development = |n: usize| {
        desk.json(&["timeline", "Ada Marrick"])["developments"][n]["development"].as_str().unwrap().to_owned()
    };
    let charge = development(0);
    let said = desk.ok(&["development", "split", alerts[0].id.as_str(), "https://echo.example/charge-again"]);
    assert!(said.contains("development of its own"), "{said}");
    assert_eq!(desk.timeline("Ada Marrick").len(), 3);
    // It stays so when the article is read again.
    assert!(desk.read(&[CHARGE_AGAIN]).await.is_empty());
    assert_eq!(desk.timeline("Ada Marrick").len(), 3);
    let (code, _, err) = desk.run(&["development", "split", &charge, "https://echo.example/suspension"]);
    assert!(code == 65 && err.contains("these do"), "{err}");
    let other = [0, 1].map(development).into_iter().find(|d| *d != charge).unwrap();
    desk.ok(&["development", "merge", &charge, &other]);
    assert_eq!(desk.timeline("Ada Marrick").len(), 2);
    desk.ok(&["development", "merge", &charge, &other, "--undo"]);
    assert_eq!(desk.timeline("Ada Marrick").len(), 3);
    assert_eq!(desk.watchlist(), WATCHLIST, "these are kept in the store");
}

#[tokio::test]
async fn a_name_or_story_is_muted_until_a_date() {
    let desk = Desk::new();
    let (code, _, err) = desk.run(&["mute", "Ada Marrick", "--until", "2020-01-01"]);
    assert!(code == 64 && err.contains("past"), "{err}");
    desk.ok(&["mute", "Ada Marrick", "--until", "2099-12-31"]);
    desk.ok(&["mute", "westmarch-police", "--until", "2099-12-31"]);
    assert!(desk.read(&[CHARGE]).await.is_empty());
    assert!(desk.ok(&["why", "https://echo.example/charge"]).contains("you muted Ada Marrick until 2099-12-31"));
    desk.ok(&["unmute", "Westmarch Police"]);
    // Muted for one of the two, it is told for the other.
    let alerts = desk.read(&[SUSPENSION]).await;
    assert_eq!(alerts[0].tracked, ["westmarch-police"]);
    let said = desk.ok(&["mute", alerts[0].id.as_str(), "--until", "2099-12-31"]);
    assert!(said.contains("+story = "), "{said}");
    let service = desk.service().await;
    service.make_digest_now().await.unwrap();
    assert!(service.store.digests().await.unwrap().is_empty(), "what was muted since is not told");
    drop(service);
    desk.ok(&["unmute", alerts[0].id.as_str()]);
    desk.ok(&["unmute", "Ada Marrick"]);
    assert_eq!(desk.watchlist(), WATCHLIST);
    let (code, _, err) = desk.run(&["unmute", "Ada Marrick"]);
    assert!(code == 65 && err.contains("is not muted"), "{err}");
    // A mute of the past silences nobody.
    desk.write(&format!("{WATCHLIST}\n[[mute]]\nname = \"ada-marrick\"\nuntil = \"2026-03-01\"\n"));
    desk.clock.set("2026-06-02T08:00:00Z".parse().unwrap());
    let later = (
        "later",
        "Sergeant resigns",
        "Sergeant Ada Marrick of Westmarch Police resigned on Monday, the force said.\n\nIt gave no reason for it.",
    );
    assert!(!desk.read(&[later]).await.is_empty());
}

#[tokio::test]
async fn a_running_service_answers_and_does_it() {
    let desk = Desk::new();
    let alert = desk.read(&[CHARGE, CHARGE_AGAIN]).await.remove(0);
    let socket = desk.dir.path().join("notify.sock");
    let notify = tokio::net::UnixDatagram::bind(&socket).unwrap();
    let mut daemon = tokio::process::Command::new(env!("CARGO_BIN_EXE_conductwatch"))
        .args(["run", "--config"])
        .arg(desk.main())
        .env("NOTIFY_SOCKET", &socket)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut heard = String::new();
    while !heard.contains("READY=1") {
        let mut buffer = vec![0; 4096];
        let wait = tokio::time::timeout(std::time::Duration::from_secs(30), notify.recv(&mut buffer));
        let n = wait.await.expect("the service does not start").unwrap();
        heard.push_str(&String::from_utf8_lossy(&buffer[..n]));
    }
    // The store is the daemon's: whatever is answered comes from it.
    assert!(SledStore::open(&desk.dir.path().join("store"), StoreOptions::default()).is_err());
    let said = desk.json(&["status"]);
    assert!(said["since_start"].is_object());
    assert_eq!(desk.json(&["watch", "test", "Ada Marrick"])["rehearsal"]["hit"], 2);
    assert_eq!(desk.json(&["watch", "list"])["watched"][0]["alerts"], 1);
    assert!(
        desk.json(&["development", "split", alert.id.as_str(), "https://echo.example/charge-again"])["split"]
            .is_string()
    );
    assert_eq!(desk.timeline("Ada Marrick").len(), 2);
    assert_eq!(desk.json(&["alert", "wrong", alert.id.as_str(), "--not-happened"])["done"]["alert"], alert.id.as_str());
    desk.ok(&["alert", "wrong", alert.id.as_str(), "--undo"]);
    assert_eq!(desk.watchlist(), WATCHLIST);
    daemon.kill().await.unwrap();
}
