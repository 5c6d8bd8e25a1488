//! Watchlists in TOML: `[[person]]`, `[[body]]` and `[[keyword]]`.

use super::keys;
use super::problem::{Place, suggestion};
use super::sections::{phrase, plain_id};
use super::tree::{Findings, Found, Table, parse};
use super::values::slug;
use crate::domain::{Keyword, WatchedBody, WatchedPerson, Watchlist};
use crate::stages::extract::keywords;
use std::collections::{BTreeMap, BTreeSet};

/// Reads a file that holds a watchlist alone.
///
/// # Errors
/// Every problem, each on a line of its own with file, line and key.
pub fn parse_watchlist(file: &str, text: &str) -> Result<Watchlist, String> {
    let findings = Findings::default();
    let mut reader = WatchlistReader::default();
    let (source, tree) = parse(file, text, &findings);
    reader.read(&Table::root(&source, &tree, keys::WATCHLIST));
    let (problems, _) = findings.sorted(&[file.to_owned()]);
    if problems.is_empty() {
        Ok(reader.watchlist)
    } else {
        Err(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }
}

/// Gathers the watchlist over several files.
#[derive(Debug, Default)]
pub(super) struct WatchlistReader {
    pub(super) watchlist: Watchlist,
    /// Ids of persons and bodies, and where they were given.
    ids: BTreeMap<String, Place>,
    keyword_ids: BTreeMap<String, Place>,
    /// What `bodies` of persons name.
    body_references: Vec<Found<String>>,
    /// What `feeds` of keywords name.
    feed_references: Vec<Found<String>>,
}

impl WatchlistReader {
    /// Reads the watchlist tables of one file.
    pub(super) fn read(&mut self, file: &Table<'_>) {
        for table in file.tables("person", keys::PERSON) {
            note(&table);
            let bodies = table.list("bodies", plain_id).unwrap_or_default();
            let (aliases, roles) = (phrases(&table, "aliases"), phrases(&table, "roles"));
            let excludes = phrases(&table, "excludes");
            if let Some((id, name)) = named(&table, &mut self.ids) {
                let body_ids = bodies.iter().map(|b| b.value.clone()).collect();
                self.watchlist.persons.push(WatchedPerson { id, name, aliases, bodies: body_ids, roles, excludes });
            }
            self.body_references.extend(bodies);
        }
        for table in file.tables("body", keys::BODY) {
            note(&table);
            let aliases = phrases(&table, "aliases");
            if let Some((id, name)) = named(&table, &mut self.ids) {
                self.watchlist.bodies.push(WatchedBody { id, name, aliases });
            }
        }
        for table in file.tables("keyword", keys::KEYWORD) {
            self.read_keyword(&table);
        }
    }

    fn read_keyword(&mut self, table: &Table<'_>) {
        note(table);
        let patterns = |key: &str| values(table.list(key, pattern).unwrap_or_default());
        let (any, all, none) = (patterns("any"), patterns("all"), patterns("none"));
        let regex = values(table.list("regex", regular_expression).unwrap_or_default());
        let feeds = table.list("feeds", plain_id).unwrap_or_default();
        if !["any", "all", "regex"].iter().any(|key| table.has(key)) {
            table.complain_here("nothing to look for: give at least one of `any`, `all` and `regex`");
        }
        // Without a name the first thing it looks for is the name.
        let first = any.iter().chain(&all).chain(&regex).next().cloned();
        let name = table.text("name", phrase).or_else(|| if table.has("name") { None } else { first });
        if let Some(name) = name
            && let Some(id) = identifier(table, &name, &mut self.keyword_ids)
        {
            self.watchlist.keywords.push(Keyword {
                id,
                name,
                any,
                all,
                none,
                regex,
                case_sensitive: table.flag("case_sensitive", false),
                inside_words: table.flag("inside_words", false),
                feeds: feeds.iter().map(|f| f.value.clone()).collect(),
                alert: table.flag("alert", true),
            });
        }
        self.feed_references.extend(feeds);
    }

    /// Reports references that lead nowhere: feeds that are not configured are problems, bodies that are neither watched
    /// nor among `known_bodies` are warnings (unless that list is empty).
    pub(super) fn check_references(&self, feeds: &BTreeSet<String>, known_bodies: &[&str], findings: &Findings) {
        let feed_ids: Vec<&str> = feeds.iter().map(String::as_str).collect();
        for feed in self.feed_references.iter().filter(|f| !feeds.contains(&f.value)) {
            let hint =
                if feed_ids.is_empty() { "none is configured".into() } else { suggestion(&feed.value, &feed_ids) };
            findings.problem(feed.place.problem(format!("no feed has the id `{}`: {hint}", feed.value)));
        }
        let watched = self.watchlist.bodies.iter().map(|b| b.id.as_str());
        let bodies: Vec<&str> = watched.chain(known_bodies.iter().copied()).collect();
        for body in self.body_references.iter().filter(|b| !bodies.contains(&b.value.as_str())) {
            if !known_bodies.is_empty() {
                let hint = match super::problem::nearest(&body.value, bodies.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "add a [[body]] for it, or leave it out".to_owned(),
                };
                findings.warning(body.place.problem(format!("no body is known by the id `{}`: {hint}", body.value)));
            }
        }
    }
}

/// `note` is the user's own: anything that is a text.
fn note(table: &Table<'_>) {
    drop(table.text("note", |text| Ok(text.to_owned())));
}

/// Id and name of a person or body.
fn named(table: &Table<'_>, taken: &mut BTreeMap<String, Place>) -> Option<(String, String)> {
    let name = table.required("name", phrase)?;
    Some((identifier(table, &name, taken)?, name))
}

/// The `id` of a table, or one made of `name`; reported when it is taken.
fn identifier(table: &Table<'_>, name: &str, taken: &mut BTreeMap<String, Place>) -> Option<String> {
    let id = if table.has("id") { table.text("id", plain_id)? } else { slug(name) };
    let place = table.place("id");
    if id.is_empty() {
        table.complain("id", format!("no id can be made of {name:?}: give one"));
        return None;
    }
    if let Some(first) = taken.get(&id) {
        let (key, file, line) = (&first.key, &first.file, first.line);
        table.complain("id", format!("`{id}` is used already by {} ({file}:{line})", key.trim_end_matches(".id")));
        return None;
    }
    taken.insert(id.clone(), place);
    Some(id)
}

fn values<T>(found: Vec<Found<T>>) -> Vec<T> {
    found.into_iter().map(|f| f.value).collect()
}

fn phrases(table: &Table<'_>, key: &str) -> Vec<String> {
    values(table.list(key, phrase).unwrap_or_default())
}

/// Words with `*` at the end of a word at most.
fn pattern(text: &str) -> Result<String, String> {
    let text = phrase(text)?;
    keywords::check(&Keyword { any: vec![text.clone()], ..Keyword::default() }).map_err(|e| without_key(&e, "any"))?;
    Ok(text)
}

fn regular_expression(text: &str) -> Result<String, String> {
    let keyword = Keyword { regex: vec![text.to_owned()], ..Keyword::default() };
    keywords::check(&keyword).map_err(|e| without_key(&e, "regex"))?;
    if regex::Regex::new(text).is_ok_and(|r| r.is_match("")) {
        return Err(format!("{text:?} matches the empty text, so it would match everywhere"));
    }
    Ok(text.to_owned())
}

/// The message of [`keywords::check`] without the key, which our own place names already.
fn without_key(message: &str, key: &str) -> String {
    message.strip_prefix(&format!("{key}: ")).unwrap_or(message).to_owned()
}
