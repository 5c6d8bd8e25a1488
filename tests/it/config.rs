//! Configuration: what is said of wrong ones, what comes of right ones, and that every key is documented truly.

use conductwatch::config::{self, Config, Outside, Problem};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads files of the package by paths relative to its root, whatever the working folder is.
fn load(path: &str) -> Result<Config, Vec<Problem>> {
    load_with(path, &|p| std::fs::read_to_string(root().join(p)))
}

fn load_with(path: &str, read: &dyn Fn(&Path) -> std::io::Result<String>) -> Result<Config, Vec<Problem>> {
    let env = |name: &str| (name == "HOME").then(|| "/home/reader".to_owned());
    config::load(Path::new(path), &Outside { read, env: &env }, &["metropolitan-police"])
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(|p| format!("{p}\n")).collect()
}

/// Compares `actual` with the file beside the fixture; `UPDATE_GOLDEN=1` rewrites that file.
fn golden(path: &Path, actual: &str, faults: &mut Vec<String>) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected != actual {
        faults.push(format!("{}:\n--- expected\n{expected}--- got\n{actual}", path.display()));
    }
}

#[test]
fn fixtures_say_what_stands_beside_them() {
    let mut fixtures: Vec<PathBuf> =
        std::fs::read_dir(root().join("tests/fixtures/config")).unwrap().map(|e| e.unwrap().path()).collect();
    fixtures.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    fixtures.sort();
    assert!(fixtures.len() > 15, "only {} fixtures found", fixtures.len());
    let mut faults = Vec::new();
    for fixture in fixtures {
        let name = fixture.file_stem().unwrap().to_str().unwrap();
        let relative = fixture.strip_prefix(root()).unwrap().to_str().unwrap();
        let actual = match load(relative) {
            Err(problems) if name.starts_with("bad_") => lines(&problems),
            Ok(config) if name.starts_with("good_") => format!("{config:#?}\n"),
            Ok(_) => "no problem found\n".to_owned(),
            Err(problems) => format!("problems in a good configuration:\n{}", lines(&problems)),
        };
        golden(&fixture.with_extension("expected"), &actual, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// `config/conductwatch.toml` with every key in force, and with only those that have no default.
fn documented() -> (String, String) {
    let text = std::fs::read_to_string(root().join("config/conductwatch.toml")).unwrap();
    let shows_a_key = |line: &str| {
        let line = line.trim_start_matches('#');
        line.starts_with('[')
            || line.split(" = ").next().is_some_and(|k| k.chars().all(|c| c == '_' || c.is_ascii_lowercase()))
    };
    let in_force = |line: &str| match line.strip_prefix('#') {
        Some(rest) if shows_a_key(line) && !line.starts_with("##") => rest.to_owned(),
        _ => line.to_owned(),
    };
    let full: Vec<String> = text.lines().filter(|l| !l.starts_with("include")).map(in_force).collect();
    let sparse = full.iter().filter(|l| !l.contains("# default")).cloned().collect::<Vec<_>>();
    (full.join("\n"), sparse.join("\n"))
}

#[test]
fn documented_defaults_are_the_defaults() {
    let (full, sparse) = documented();
    assert!(full.lines().filter(|l| l.contains("# default")).count() > 30);
    let read = |text: &str| {
        let text = text.to_owned();
        load_with("conductwatch.toml", &move |_| Ok(text.clone())).map_err(|p| lines(&p)).unwrap()
    };
    let (full, sparse) = (read(&full), read(&sparse));
    assert_eq!(full.warnings.len(), 1, "{:?}", full.warnings);
    // A secret remembers its line.
    let without_lines = |c: Config| {
        let text = format!("{c:#?}");
        text.lines().filter(|l| !l.trim().starts_with("line: ")).collect::<Vec<_>>().join("\n")
    };
    let (ehlo, line) = (
        "ehlo_name: Some(\n                        \"watch.example.org\",\n                    ),",
        "ehlo_name: None,",
    );
    assert_eq!(without_lines(full).replace(ehlo, line), without_lines(sparse));
}

#[test]
fn every_key_is_documented() {
    let (full, _) = documented();
    let documented = |table: &str, key: &str| {
        let mut inside = table.is_empty();
        full.lines().any(|line| {
            let line = line.trim_start_matches('#');
            if line.starts_with('[') {
                inside = line.trim_matches(['[', ']']) == table;
            }
            inside && line.starts_with(&format!("{key} = "))
        })
    };
    let mut missing = Vec::new();
    for (table, keys) in config::known_keys() {
        missing.extend(
            keys.iter().filter(|key| !table.is_empty() && !documented(table, key)).map(|key| format!("{table}.{key}")),
        );
    }
    assert!(missing.is_empty(), "not in config/conductwatch.toml: {}", missing.join(", "));
}

#[test]
fn the_first_configuration_has_no_problem() {
    let config = load("config/conductwatch.toml").map_err(|p| lines(&p)).unwrap();
    assert!(!config.feeds.is_empty() && !config.watchlist.bodies.is_empty());
}

#[test]
fn broken_files_give_problems_and_never_a_panic() {
    let (full, _) = documented();
    let read = |text: String| load_with("conductwatch.toml", &move |_| Ok(text.clone()));
    let ends = full.char_indices().map(|(at, _)| at).step_by(151);
    for end in ends {
        // Cut off, and with a stray character: whatever comes of it, it comes.
        for text in
            [full.get(..end).unwrap().to_owned(), format!("{}[{}", &full.get(..end).unwrap(), full.get(end..).unwrap())]
        {
            drop(read(text));
        }
    }
    for text in [
        "[".repeat(5_000),
        format!("a = {}", "[".repeat(5_000)),
        "a.".repeat(5_000),
        "\u{feff}[poll]\ninterval = 1".to_owned(),
    ] {
        let problems = read(text).expect_err("not a configuration");
        assert!((1..1000).contains(&problems.len()));
    }
}

/// Exit code, standard output and standard error of the program.
fn program(arguments: &[&str]) -> (i32, String, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_conductwatch"));
    let output = command.args(arguments).current_dir(root()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn check_names_every_problem_and_starts_nothing() {
    let fixture = "tests/fixtures/config/bad_mail";
    let expected = std::fs::read_to_string(root().join(format!("{fixture}.expected"))).unwrap();
    let (code, out, err) = program(&["check", "--config", &format!("{fixture}.toml")]);
    assert_eq!((code, out.as_str()), (78, ""));
    assert_eq!(err, format!("conductwatch: wrong configuration:\n{expected}"));

    let (code, out, _) = program(&["check", "--json", "--config", &format!("{fixture}.toml")]);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 78);
    assert_eq!(value["problems"].as_array().unwrap().len(), expected.lines().count());
    assert_eq!(value["problems"][0]["line"], 5);
}

#[test]
fn a_secret_that_cannot_be_read_is_a_problem_unless_only_the_service_can() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.toml");
    // (password, exit code, what is said)
    for (password, code, said) in [
        ("password_file = \"none\"", 78, "c.toml:8: channel[1].password_file: cannot read"),
        ("password_env = \"CONDUCTWATCH_NO_SUCH\"", 78, "environment variable CONDUCTWATCH_NO_SUCH is not set"),
        ("password_file = \"$CREDENTIALS_DIRECTORY/smtp\"", 0, "warning: "),
    ] {
        let channel = "[[channel]]\nid = \"desk\"\nkind = \"email\"\nhost = \"mail.example.org\"\n\
                       from = \"a@example.org\"\nto = \"b@example.org\"\nusername = \"a\"\n";
        std::fs::write(&file, format!("{channel}{password}\n")).unwrap();
        let (got, out, err) = program(&["check", "--config", file.to_str().unwrap()]);
        assert_eq!(got, code, "{password}: {out}{err}");
        assert!(format!("{out}{err}").contains(said), "{password}: {out}{err}");
    }
}

#[test]
fn every_group_of_the_pack_can_be_included_at_once() {
    let groups: Vec<PathBuf> = std::fs::read_dir(root().join("config/uk"))
        .unwrap()
        .map(|e| e.unwrap().path().strip_prefix(root()).unwrap().to_owned())
        .collect();
    let names: Vec<String> = groups.iter().map(|g| format!("{:?}", g.strip_prefix("config").unwrap())).collect();
    let all = format!("include = [{}]", names.join(", "));
    let read = |p: &Path| {
        if p == Path::new("config/all.toml") { Ok(all.clone()) } else { std::fs::read_to_string(root().join(p)) }
    };
    let config = load_with("config/all.toml", &read).map_err(|p| lines(&p)).unwrap();
    assert!(config.feeds.len() > 150, "only {} feeds in the pack", config.feeds.len());
    let offered = std::fs::read_to_string(root().join("config/feeds.toml")).unwrap();
    for group in &names {
        assert!(offered.contains(group.trim_matches('"')), "config/feeds.toml does not offer {group}");
    }
    let written = std::fs::read_to_string(root().join("src/cli/init.rs")).unwrap();
    for group in &names {
        assert!(written.contains(&format!("config/{}", group.trim_matches('"'))), "init does not write {group}");
    }
}

#[test]
fn init_writes_what_check_accepts_and_never_writes_over() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("watch");
    let (dir_text, file) = (dir.to_str().unwrap(), dir.join("conductwatch.toml"));
    let (code, out, err) = program(&["init", dir_text]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains(&format!("conductwatch check --config {}", file.display())), "{out}");
    let (code, out, err) = program(&["check", "--config", file.to_str().unwrap()]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("digests: at 07:30, 17:00"), "{out}");
    // Nothing was started, so no store was made.
    let mut names: Vec<_> =
        std::fs::read_dir(&dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["conductwatch.toml", "feeds.toml", "uk", "watchlist.toml"]);

    std::fs::write(dir.join("feeds.toml"), "mine").unwrap();
    std::fs::remove_file(&file).unwrap();
    let (code, _, err) = program(&["init", dir_text]);
    assert_eq!(code, 73);
    assert!(err.contains("feeds.toml") && err.contains("there already, and nothing was written"), "{err}");
    assert!(!file.exists());
    assert_eq!(std::fs::read_to_string(dir.join("feeds.toml")).unwrap(), "mine");
}
