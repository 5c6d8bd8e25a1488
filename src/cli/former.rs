//! Ids that went out of the watchlist while a like name came: what is known under them would be lost from sight.

use super::ask::Source;
use crate::config::{Config, Problem, edit};
use crate::pipeline::Question;
use serde_json::Value;
use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;

/// Letters of difference up to which a long name counts as alike.
const ALIKE: usize = 2;

/// A warning for each id that the service watched, that is not in the watchlist of `config` any more, and whose name
/// somebody there has or nearly has. Where the store cannot be asked there are none.
pub(super) async fn warnings(config: &Config) -> Vec<Problem> {
    let mut source = Source::new(config);
    // Opening a store as another user would leave files that the service cannot write.
    let own = |path: &str| std::fs::metadata(path).map(|m| m.uid()).ok();
    let path = config.store.path.to_string_lossy().into_owned();
    let daemon = config.control.socket.exists();
    if !source.is_there() || !daemon && own(&path) != own("/proc/self") {
        return Vec::new();
    }
    let Ok(names) = known(&mut source).await else { return Vec::new() };
    let gone: Vec<(String, String)> = names.into_iter().filter(|(id, _)| !is_known(config, id)).collect();
    if gone.is_empty() {
        return Vec::new();
    }
    let entries = gone.iter().map(|(id, _)| vec![id.clone()]).collect();
    let Ok(told) = source.ask(&Question::Watched { entries }).await else { return Vec::new() };
    let number = |n: usize, key: &str| told["watched"][n][key].as_u64().unwrap_or(0);
    let mut out = Vec::new();
    for (n, (id, name)) in gone.iter().enumerate() {
        let (alerts, developments) = (number(n, "alerts"), number(n, "developments"));
        if alerts + developments == 0 {
            continue;
        }
        let Some(like) = alike(config, name) else { continue };
        let (developments, alerts) =
            (super::output::count(developments, "development"), super::output::count(alerts, "alert"));
        let line = match like.former {
            [] => format!("former_ids = [{id:?}]"),
            more => format!("former_ids = {:?}", more.iter().chain([id]).collect::<Vec<_>>()),
        };
        let message = format!(
            "{name} was watched as `{id}`, which is gone from the watchlist; {developments} and {alerts} are kept under \
             it. If {} (`{}`) is the same, add to this entry:  {line}",
            like.name, like.id
        );
        let (file, at) = place(config, like.table, like.id, like.name);
        out.push(Problem { file, line: at, key: like.table.to_owned(), message });
    }
    out
}

/// Everybody who was ever watched: what the service remembers, and whom alerts were about.
async fn known(source: &mut Source<'_>) -> Result<BTreeMap<String, String>, super::CliError> {
    let memory = source.ask(&Question::WatchMemory).await?;
    let mut names: BTreeMap<String, String> = serde_json::from_value(memory["names"].clone()).unwrap_or_default();
    let alerts = source.ask(&Question::Alerts { held: false }).await?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    for alert in alerts["alerts"].as_array().map_or(&[][..], Vec::as_slice) {
        let list = |key: &str| alert[key].as_array().cloned().unwrap_or_default();
        for (id, name) in list("tracked").iter().zip(list("tracked_names").iter()) {
            if let (Some(id), Some(name)) = (text(id), text(name)) {
                names.entry(id).or_insert(name);
            }
        }
    }
    Ok(names)
}

fn is_known(config: &Config, id: &str) -> bool {
    let list = &config.watchlist;
    list.current_id(id) != id || list.persons.iter().any(|p| p.id == id) || list.bodies.iter().any(|b| b.id == id)
}

/// An entry of the watchlist that may be the same as one that went.
struct Like<'a> {
    table: &'static str,
    id: &'a str,
    name: &'a str,
    former: &'a [String],
}

fn alike<'a>(config: &'a Config, name: &str) -> Option<Like<'a>> {
    let list = &config.watchlist;
    let persons = list.persons.iter().map(|p| ("person", &p.id, &p.name, &p.aliases, &p.former_ids));
    let bodies = list.bodies.iter().map(|b| ("body", &b.id, &b.name, &b.aliases, &b.former_ids));
    persons
        .chain(bodies)
        .filter_map(|(table, own, called, aliases, former)| {
            let forms = std::iter::once(called).chain(aliases);
            let distance = forms.map(|form| difference(form, name)).min().unwrap_or(usize::MAX);
            (distance <= ALIKE).then_some((distance, Like { table, id: own, name: called, former }))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, like)| like)
}

/// By how many letters two names differ, capitals and order of the words aside; far off where a short one differs.
fn difference(a: &str, b: &str) -> usize {
    let words = |text: &str| {
        let mut words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
        words.sort();
        words.join(" ")
    };
    let (a, b) = (words(a), words(b));
    match strsim::osa_distance(&a, &b) {
        0 => 0,
        n if a.chars().count().min(b.chars().count()) >= 8 => n,
        _ => usize::MAX,
    }
}

/// File and line of an entry.
fn place(config: &Config, table: &str, id: &str, name: &str) -> (String, usize) {
    for path in &config.files {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let line = edit::line_of(&text, table, "id", id).or_else(|| edit::line_of(&text, table, "name", name));
        if let Some(line) = line {
            return (path.display().to_string(), line);
        }
    }
    (config.files.first().map(|f| f.display().to_string()).unwrap_or_default(), 0)
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn like_names_are_near() {
        for (a, b, alike) in [
            ("Orla Brackenridge", "orla brackenridge", true),
            ("Brackenridge Orla", "Orla Brackenridge", true),
            ("Orla Brackenrige", "Orla Brackenridge", true),
            ("Orla Fenn", "Sable Fenn", false),
            ("Al Fox", "Al Fex", false),
        ] {
            assert_eq!(difference(a, b) <= super::ALIKE, alike, "{a}, {b}");
        }
    }
}
