//! What the README shows is what the program does.

use clap::CommandFactory as _;
use conductwatch::cli::Cli;
use std::path::Path;

const BEGIN: &str = "<!-- digest: made by `conductwatch demo`, held by a test -->\n\n```text\n";
const END: &str = "```\n";

fn readme() -> (std::path::PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

/// `text` without what differs between two runs of the demo: the port of the loopback site and the ids that derive
/// from addresses.
fn steady(text: &str) -> String {
    let port = regex::Regex::new(r"127\.0\.0\.1:\d+").unwrap();
    let alert = regex::Regex::new(r"\[alert [0-9a-f]{16}\]").unwrap();
    alert.replace_all(&port.replace_all(text, "127.0.0.1:PORT"), "[alert ID]").into_owned()
}

#[tokio::test]
async fn the_digest_shown_is_the_demos_own() {
    let dir = tempfile::tempdir().unwrap();
    let report = conductwatch::demo::run(dir.path(), |_, _| {}).await.unwrap();
    let shown = report.digests.iter().find(|d| d.starts_with("Callum Drewitt arrested")).expect("the arrest is told");
    let shown = steady(shown);
    let (path, text) = readme();
    let start = text.find(BEGIN).expect("the README shows a digest") + BEGIN.len();
    let end = start + text[start..].find(END).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, format!("{}{}{}", &text[..start], shown.trim_end().to_owned() + "\n", &text[end..]))
            .unwrap();
        return;
    }
    assert_eq!(text[start..end].trim_end(), shown.trim_end(), "UPDATE_GOLDEN=1 renews it");
}

#[test]
fn every_command_shown_exists_with_its_options() {
    let (_, text) = readme();
    let command = Cli::command();
    let mut shown = 0;
    for line in text.lines() {
        let Some((_, call)) = line.split_once("conductwatch ").filter(|_| !line.contains("<!--")) else { continue };
        let words: Vec<&str> =
            call.split(['`', '#', '|']).next().unwrap_or("").split_whitespace().take_while(|w| w.is_ascii()).collect();
        let Some(first) = words.first().filter(|w| w.chars().all(|c| c.is_ascii_lowercase() || c == '-')) else {
            continue;
        };
        let Some(found) = command.find_subcommand(first) else {
            // A sentence about the program, not a call of it.
            assert!(!line.starts_with("conductwatch") || !line.contains("--"), "no command {first:?}: {line}");
            continue;
        };
        shown += 1;
        let inner = words.get(1).and_then(|w| found.find_subcommand(w)).unwrap_or(found);
        for option in words.iter().filter_map(|w| w.strip_prefix("--")) {
            assert!(inner.get_arguments().any(|a| a.get_long() == Some(option)), "no option --{option}: {line}");
        }
    }
    assert!(shown >= 3, "only {shown} commands are shown");
    for one in command.get_subcommands() {
        let name = one.get_name();
        let told =
            [format!("`{name}`"), format!("`{name} "), format!("`{name},")].iter().any(|form| text.contains(form));
        assert!(told, "the README says nothing of `{name}`");
    }
}
