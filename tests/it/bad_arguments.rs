//! What a command is given wrongly by hand: each gets a message that names the thing and what to give instead, and an exit code that
//! is documented.

use std::path::Path;
use std::process::{Command, Output};

const WATCHLIST: &str = "[[person]]\nid = \"ada-marrick\"\nname = \"Ada Marrick\"\n[[keyword]]\nid = \"tasers\"\nname = \"Tasers\"\nany = [\"taser\"]\n";

/// A folder with a configuration and with files of every wrong kind.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(dir.path().join(name), bytes).unwrap();
    write(
        "conductwatch.toml",
        format!("include = [\"w.toml\"]\n[store]\npath = {:?}\n", dir.path().join("store")).as_bytes(),
    );
    write("w.toml", WATCHLIST.as_bytes());
    write("empty", b"");
    write("text", b"neither this nor that");
    write("binary", &(0..=255).cycle().take(3000).collect::<Vec<u8>>());
    write("no-page.jsonl", b"{\"file\": \"nowhere.html\"}\n");
    std::fs::create_dir(dir.path().join("folder")).unwrap();
    // A store, so that whatever asks it gets that far.
    let made = run(dir.path(), &["ingest", "--store", "store", "--watchlist", "w.toml", "--manifest", "empty"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    dir
}

fn run(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conductwatch"));
    command.args(args).current_dir(dir).env("CONDUCTWATCH_CONFIG", dir.join("conductwatch.toml"));
    command.stdin(std::process::Stdio::null()).output().unwrap()
}

/// That `args` end with `code` and a message that has all of `says`.
fn check(dir: &Path, args: &[&str], code: i32, says: &[&str]) {
    let output = run(dir, args);
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {err}{}", String::from_utf8_lossy(&output.stdout));
    for part in says {
        assert!(err.contains(part), "{args:?}: no {part:?}: {err}");
    }
    // What the system calls it is no answer to a user.
    assert!(!err.contains("os error"), "{args:?}: {err}");
}

#[test]
fn a_file_that_is_missing_empty_binary_or_a_folder_is_named_with_what_is_wanted() {
    let dir = folder();
    // What is to be read, and the codes for a file that is empty, one of text that is neither, and a binary one; 0: no fault.
    let readers: &[(&[&str], [i32; 3])] = &[
        (&["clean"], [65, 0, 65]),
        (&["extract", "--watchlist", "w.toml"], [65, 0, 65]),
        (&["feed", "parse"], [65, 65, 65]),
        (&["feed", "import"], [65, 65, 65]),
        (&["select", "--watchlist", "w.toml"], [0, 65, 65]),
        (&["settle", "--watchlist", "w.toml"], [0, 65, 65]),
        (&["ingest", "--store", "store", "--watchlist", "w.toml", "--manifest"], [0, 65, 65]),
        (&["import", "--replace"], [65, 65, 65]),
        (&["restore", "--replace"], [66, 66, 66]),
        (&["verify"], [66, 66, 66]),
        (&["rehearse", "--watchlist"], [0, 78, 78]),
        (&["check", "--config"], [0, 78, 78]),
        (&["status", "--config"], [0, 78, 78]),
    ];
    for (reader, [empty, text, binary]) in readers {
        let configured = reader.last() == Some(&"--config");
        let unread = if configured { 78 } else { 66 };
        let of_folder = if ["restore", "verify"].contains(&reader[0]) { 65 } else { unread };
        let files =
            [("missing", unread), ("folder", of_folder), ("empty", *empty), ("text", *text), ("binary", *binary)];
        for (file, code) in files.into_iter().filter(|(_, code)| *code != 0) {
            check(dir.path(), &[*reader, &[file]].concat(), code, &[file]);
        }
    }
    check(dir.path(), &["check", "--config", "missing"], 78, &["conductwatch init"]);
    check(dir.path(), &["extract", "--watchlist", "missing", "text"], 66, &["missing: cannot be read"]);
    let manifest = ["ingest", "--store", "store", "--watchlist", "w.toml", "--manifest", "no-page.jsonl"];
    check(dir.path(), &manifest, 66, &["nowhere.html"]);
    check(dir.path(), &["restore", "--replace", "missing"], 66, &["name the folder of a backup"]);
    check(dir.path(), &["import", "--replace", "missing"], 66, &["`conductwatch export` made"]);
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let dir = folder();
    for (args, code, says) in [
        (&["init", "."][..], 73, "there already, and nothing was written"),
        (&["init", "text"], 73, "text"),
        (&["demo", "--dir", "text"], 73, "name another --dir"),
        (&["export", "--output", "folder"], 73, "it is a folder"),
        (&["export", "--output", "nowhere/file"], 73, "nowhere/file"),
        (&["backup", "text"], 73, "name a folder for backups"),
        (&["feed", "import", "--output", "text", "w.toml"], 65, "w.toml"),
    ] {
        check(dir.path(), args, code, &[says]);
    }
    assert_eq!(std::fs::read(dir.path().join("text")).unwrap(), b"neither this nor that");
}

#[test]
fn a_name_id_time_or_address_that_is_none_is_named_with_what_is_wanted() {
    let dir = folder();
    for (args, code, says) in [
        (&["why", "zzzz"][..], 65, "nothing is stored about \"zzzz\""),
        (&["why", "https://nowhere.example/x"], 65, "an article that no feed listed was never seen"),
        (&["alert", "wrong", "zzzz", "--not-new"], 65, "\"zzzz\""),
        (&["alert", "wrong", "zzzz"], 64, "--not-them"),
        (&["development", "merge", "aaaa", "bbbb"], 65, "\"aaaa\""),
        (&["development", "split", "aaaa", "x"], 65, "\"aaaa\""),
        (&["mute", "Nobody", "--until", "2999-01-01"], 65, "`conductwatch watch list` shows who is"),
        (&["mute", "tasers", "--until", "tomorrow"], 64, "write it as 2026-12-31"),
        (&["mute", "tasers", "--until", "2020-01-01"], 64, "is past already"),
        (&["unmute", "tasers"], 65, "is not muted"),
        (&["timeline", "Nobody At All"], 65, "nothing is known of \"Nobody At All\""),
        (&["timeline", "tasers"], 65, "is a keyword"),
        (&["watch", "test", "Nobody"], 65, "`conductwatch watch list` shows who is"),
        (&["digest", "show", "nope"], 65, "`conductwatch digest list` shows all"),
        (&["digest", "resend", "nope"], 65, "`conductwatch digest list` shows all"),
        (&["digest", "past", "Nobody"], 65, "`conductwatch watch list` shows who is"),
        (&["notify", "test", "nope"], 78, "there are: folder"),
        (&["forget", "Nobody", "--dry-run"], 65, "give the whole name"),
        (&["forget", "https://", "--dry-run"], 65, "is no address"),
        (&["feed", "test", "news.example"], 64, "write it as https://news.example/feed"),
        (&["feed", "find", "ftp://news.example/"], 64, "write it as https://news.example/feed"),
        (&["rehearse", "--since", "lately"], 64, "write it as 30s, 5m, 1h, 7d"),
        (&["extract", "--watchlist", "w.toml", "--published", "yesterday", "text"], 64, "like 2022-02-10"),
        (&["export", "--csv"], 64, "conductwatch export alerts --csv"),
        (&["reload"], 69, "no service runs"),
    ] {
        check(dir.path(), args, code, &[says]);
    }
}
