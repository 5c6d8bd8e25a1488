//! The extractor's version is raised whenever what it finds changes.

use crate::quality::baseline;
use crate::quality::cases::{CaseSet, root};
use conductwatch::stages::extract::{EXTRACTOR_VERSION, Extractor};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The version, and under it the fingerprint of what it finds in each of our own labelled articles.
const PIN: &str = "tests/quality/extractor.txt";

/// What is found in each of our own labelled articles, as a hash.
fn fingerprints() -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for folder in baseline::folders() {
        let set = CaseSet::read(&root().join(&folder), &folder);
        let extractor = Extractor::new(&set.watchlist);
        for case in &set.cases {
            let mut found = case.read(&extractor).found;
            found.extractor_version = 0;
            let hash = Sha256::digest(serde_json::to_vec(&found).unwrap());
            out.insert(case.name.clone(), hash.iter().take(6).map(|b| format!("{b:02x}")).collect());
        }
    }
    out
}

#[test]
fn the_version_is_raised_when_what_is_found_changes() {
    let pinned = std::fs::read_to_string(root().join(PIN)).unwrap_or_default();
    let mut lines = pinned.lines().filter_map(|l| l.split_once(' ')).map(|(k, v)| (k.to_owned(), v.to_owned()));
    let version = lines.next().and_then(|(_, v)| v.parse::<u32>().ok()).unwrap_or(0);
    let (before, now): (BTreeMap<String, String>, _) = (lines.collect(), fingerprints());
    let changed: Vec<&String> = before.keys().filter(|k| now.get(*k).is_some_and(|n| *n != before[*k])).collect();
    assert!(
        changed.is_empty() || EXTRACTOR_VERSION > version,
        "what is found in {changed:?} changed: raise EXTRACTOR_VERSION (src/stages/extract/mod.rs) over {version}, the version \
         of {PIN}, then run this test with UPDATE_BASELINE=1"
    );
    if std::env::var_os("UPDATE_BASELINE").is_some_and(|v| v == "1") {
        let rows: String = now.iter().map(|(name, hash)| format!("{name} {hash}\n")).collect();
        std::fs::write(root().join(PIN), format!("version {EXTRACTOR_VERSION}\n{rows}")).unwrap();
        return;
    }
    let pin = "UPDATE_BASELINE=1 cargo test --test it version";
    assert_eq!(version, EXTRACTOR_VERSION, "the version of {PIN} is another: {pin}");
    assert_eq!(before, now, "articles were added or removed: {pin}");
}
