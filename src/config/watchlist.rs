//! Watchlists in TOML.

use crate::domain::{WatchedBody, WatchedPerson, Watchlist};

/// Reads `[[person]]`, `[[body]]` and `[[keyword]]` tables.
///
/// # Errors
/// Every problem, each with its place.
pub fn parse_watchlist(file: &str, text: &str) -> Result<Watchlist, String> {
    let tree: toml::Table = toml::from_str(text).map_err(|e| format!("{file}: {e}"))?;
    let mut out = Watchlist::default();
    let strings = |t: &toml::Table, k: &str| -> Vec<String> {
        t.get(k)
            .and_then(|v| v.as_array())
            .into_iter()
            .flatten()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect()
    };
    let string = |t: &toml::Table, k: &str| t.get(k).and_then(|v| v.as_str()).unwrap_or("").to_owned();
    let tables = |k: &str| tree.get(k).and_then(|v| v.as_array()).into_iter().flatten().filter_map(|v| v.as_table());
    for t in tables("person") {
        out.persons.push(WatchedPerson {
            id: string(t, "id"),
            name: string(t, "name"),
            aliases: strings(t, "aliases"),
            bodies: strings(t, "bodies"),
            roles: strings(t, "roles"),
            excludes: strings(t, "excludes"),
        });
    }
    for t in tables("body") {
        out.bodies.push(WatchedBody { id: string(t, "id"), name: string(t, "name"), aliases: strings(t, "aliases") });
    }
    Ok(out)
}
