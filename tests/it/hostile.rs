//! Titles and texts that want to harm whoever reads them: safe in every form of digest, in every command and at its end.

use crate::support::{Item, page, rss};
use conductwatch::demo::server::{Answer, Asked};
use conductwatch::demo::simulate;
use jiff::{SignedDuration, Timestamp};
use std::process::Command;

const REST: &str = "The force said that it had taken note of the matter and would not comment while it went on. It runs the \
                    stations at Aldmoor and Fennel Bridge, and has eleven hundred officers on its books.";

fn born() -> Timestamp {
    "2026-03-10T08:00:00Z".parse().unwrap()
}

/// What stands behind the names in headlines and sentences. XML cannot carry most control characters; pages can.
fn evils() -> Vec<String> {
    vec![
        "</title><script>alert(1)</script><img src=x onerror=alert(2)>".to_owned(),
        "\u{202e}desrever\u{2066} \u{200f}\u{2069}\u{feff}\u{2028}next\u{2029}para\u{85} \u{61c}\u{e0041}".to_owned(),
        "line\r\nBcc: someone@else.example\r\n\r\nbody".to_owned(),
        "&#27;[2J&#155;31m bell \u{9b}31m".to_owned(),
        "x".repeat(10_000),
        "word ".repeat(2_000),
        "Z\u{335}\u{336}\u{337}\u{338}\u{334}\u{335}\u{336}algo".to_owned(),
    ]
}

/// Characters that show nothing, or change how what follows is shown: none may reach a reader as it is.
fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}')
}

fn check(what: &str, text: &str) {
    let bad = text.chars().find(|c| *c != '\n' && is_treacherous(*c));
    assert_eq!(bad, None, "{what}: {}", text.chars().take(3_000).collect::<String>());
}

#[tokio::test]
async fn hostile_text_is_safe_on_every_way_out() {
    let dir = tempfile::tempdir().unwrap();
    let headline = |n: usize| format!("Sergeant Ada Marrick charged {}", evils()[n]);
    let site = move |asked: &Asked, now: Timestamp| {
        let host = asked.header("host").unwrap_or("");
        let item = |n: usize, id: String, title: String| Item {
            link: format!("http://{host}/news/{id}"),
            id,
            title,
            summary: evils()[n].clone(),
            published: born(),
        };
        if asked.path == "/feed" {
            let mut items: Vec<Item> = (0..evils().len()).map(|n| item(n, n.to_string(), headline(n))).collect();
            // And some that selection passes over.
            items.extend((0..evils().len()).map(|n| item(n, format!("walk-{n}"), format!("Ten walks {}", evils()[n]))));
            return rss(&format!("Echo {}", evils()[1]), &items);
        }
        match asked.path.strip_prefix("/news/").and_then(|n| n.parse::<usize>().ok()) {
            // The last is changed, so that a correction carries such text as well.
            Some(n) if n < evils().len() => {
                let not = if now > born() + SignedDuration::from_hours(30) { "not " } else { "" };
                let (day, evil) = (n + 1, &evils()[n]);
                let text = format!(
                    "Sergeant Ada Marrick of Westmarch Police was {not}charged on {day} March 2026 with fraud {evil}, \
                     prosecutors said."
                );
                page("Westmarch Echo", &headline(n), born(), &[&text, REST])
            }
            _ => Answer::status(404),
        }
    };
    let folder = dir.path().to_path_buf();
    let configure = move |base: &str| {
        format!(
            "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[poll]\nallow_private = [\"127.0.0.0/8\"]\nhost_pause = \"0s\"\n\
             [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
             [[feed]]\nid = \"echo\"\nurl = \"{base}/feed\"\n\
             [[feed]]\nid = \"gone\"\nurl = \"{base}/gone\"\n\
             [[person]]\nname = \"Ada Marrick\"\n[[keyword]]\nany = [\"desrever\"]\n",
            folder.join("store"),
            folder.join("control.sock"),
            folder.join("digests"),
        )
    };
    let end = born() + SignedDuration::from_hours(24 * 4);
    let start = born() + SignedDuration::from_hours(1);
    let done = simulate(dir.path(), start, end, site, configure, |_| {}).await.unwrap();
    let alerts = done.app.pipeline.store.alerts().await.unwrap();
    assert!(alerts.len() >= 2, "{alerts:#?}");
    let (first, article) = (alerts[0].id.to_string(), alerts[0].article.to_string());
    let config = done.config.clone();
    drop(done);

    let mut digests = 0;
    for file in std::fs::read_dir(dir.path().join("digests")).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        check(&path.display().to_string(), &text);
        assert!(!text.contains("<script>alert") || path.extension().is_some_and(|e| e != "html"), "{}", path.display());
        digests += 1;
    }
    assert!(digests >= 3, "{digests} files of digests");

    // A rehearsal of an empty watchlist lists all that was told.
    let empty = dir.path().join("empty.toml").display().to_string();
    std::fs::write(&empty, "").unwrap();
    let commands: Vec<Vec<&str>> = vec![
        vec!["alerts"],
        vec!["alerts", "--held"],
        vec!["status"],
        vec!["why", &first],
        vec!["why", &article],
        vec!["passed-over"],
        vec!["digest", "list"],
        vec!["digest", "show"],
        vec!["digest", "show", "--html"],
        vec!["feed", "list"],
        vec!["reprocess", "--all"],
        vec!["rehearse", "--since", "3650d"],
        vec!["rehearse", "--since", "3650d", "--watchlist", &empty],
        vec!["timeline", "Ada Marrick"],
        vec!["watch", "test", "Ada Marrick"],
        vec!["watch", "add", "Sergeant Desrever", "--dry-run"],
        vec!["digest", "past", "Ada Marrick"],
    ];
    for command in commands {
        for json in [false, true] {
            let mut program = Command::new(env!("CARGO_BIN_EXE_conductwatch"));
            program.args(&command).arg("--config").arg(&config).args(json.then_some("--json"));
            let output = program.output().unwrap();
            let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
            let what = format!("{command:?} --json: {json}");
            // Nobody runs it: that is what `status` ends with.
            let expected = if command[0] == "status" { 69 } else { 0 };
            assert_eq!(output.status.code(), Some(expected), "{what}: {err}");
            check(&what, &out);
            check(&what, &err);
            if json {
                for line in out.lines() {
                    serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|e| panic!("{what}: {e}: {line}"));
                }
            } else if !command.contains(&"--html") {
                // No text of theirs makes a line of its own, and none is longer than a screen holds.
                assert!(!out.lines().any(|l| l.starts_with("Bcc:")), "{what}: {out}");
                assert!(out.lines().all(|l| l.chars().count() <= 2_500), "{what}");
            }
        }
    }
}
