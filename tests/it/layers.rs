//! Holds the layers: which module may use which, as ARCHITECTURE.md draws it.

use std::path::{Path, PathBuf};

/// For each part of `src`, the parts of the crate it may name after `crate::`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("stages", &["domain", "stages"]),
    ("ports.rs", &["domain"]),
    ("ports", &["domain"]),
    ("config", &["domain", "config", "stages"]),
    ("adapters", &["domain", "ports", "adapters"]),
    ("pipeline", &["domain", "stages", "ports", "pipeline"]),
];

/// Words that a part must not contain, with the reason.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("domain", &["std::fs", "std::net", "std::env", "tokio", "reqwest", "sled", "async "]),
    ("stages", &["std::fs", "std::net", "std::env", "tokio", "reqwest", "sled::", "async ", "rand::"]),
    ("pipeline", &["std::fs", "reqwest", "sled::", "lettre"]),
    ("config", &["reqwest", "sled::", "lettre"]),
];

/// Names that only one file may use.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("reqwest::", &["src/adapters/http.rs", "src/adapters/http/"]),
    ("sled::", &["src/adapters/store/"]),
    ("lettre::", &["src/adapters/deliver/"]),
    ("Timestamp::now()", &["src/adapters/clock.rs"]),
];

/// The source files under `folder`, without modules of unit tests: those may read and write files.
fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    let owner = std::fs::read_to_string(folder.join("mod.rs")).unwrap_or_default();
    for path in entries {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if owner.contains(&format!("#[cfg(test)]\nmod {name};")) {
            continue;
        }
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The code of a file without comments and without its unit tests, line by line.
fn code(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let body = text.split("#[cfg(test)]\nmod tests").next().unwrap_or("");
    body.lines().map(|l| l.split("//").next().unwrap_or("").to_owned()).collect()
}

#[test]
fn nothing_points_back_up() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    rust_files(&root.join("src"), &mut files);
    assert!(files.len() > 20, "the walk over src found only {} files", files.len());
    let mut faults = Vec::new();
    for path in &files {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let part = name.trim_start_matches("src/").split('/').next().unwrap_or("").to_owned();
        for (number, line) in code(path).iter().enumerate() {
            let place = format!("{name}:{}", number + 1);
            if let Some((_, allowed)) = ALLOWED.iter().find(|(p, _)| *p == part) {
                for used in line.split("crate::").skip(1) {
                    let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    if !used.is_empty() && !allowed.contains(&used.as_str()) {
                        faults.push(format!("{place}: {part} may not use crate::{used}"));
                    }
                }
            }
            if let Some((_, words)) = FORBIDDEN.iter().find(|(p, _)| *p == part) {
                faults.extend(
                    words.iter().filter(|w| line.contains(**w)).map(|w| format!("{place}: {part} may not use {w}")),
                );
            }
            for (word, homes) in ONLY_IN {
                if line.contains(word) && !homes.iter().any(|home| name.starts_with(home)) {
                    faults.push(format!("{place}: {word} belongs in {}", homes.join(" or ")));
                }
            }
        }
    }
    assert!(faults.is_empty(), "layers broken:\n{}", faults.join("\n"));
}

#[test]
fn the_fuzz_targets_have_every_crate_that_the_pure_layers_take_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = |manifest: &str| -> toml::Table {
        let text = std::fs::read_to_string(root.join(manifest)).unwrap();
        text.parse::<toml::Table>().unwrap()["dependencies"].as_table().unwrap().clone()
    };
    let (ours, theirs) = (table("Cargo.toml"), table("fuzz/Cargo.toml"));
    let mut files = Vec::new();
    for layer in ["src/domain", "src/stages"] {
        rust_files(&root.join(layer), &mut files);
    }
    let lines: Vec<String> = files.iter().flat_map(|file| code(file)).collect();
    for name in ours.keys() {
        let path = format!("{}::", name.replace('-', "_"));
        let named = |line: &&String| {
            line.match_indices(&path).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        };
        let used = lines.iter().find(named);
        assert!(used.is_none() || theirs.contains_key(name), "fuzz/Cargo.toml lacks {name}: {used:?}");
    }
}
