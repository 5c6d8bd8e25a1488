//! Watchlists in TOML: `[[person]]`, `[[body]]` and `[[keyword]]`, and the user's rulings, `[[guard]]`, `[[merge]]` and
//! `[[mute]]`.

use super::keys;
use super::problem::{Place, suggestion};
use super::sections::{phrase, plain_id};
use super::tree::{Findings, Found, Table, parse};
use super::values::slug;
use crate::domain::{
    AlertId, DevelopmentId, Guard, IdError, Keyword, Merge, Mute, Muted, StoryId, WatchedBody, WatchedPerson, Watchlist,
};
use crate::stages::extract::keywords;
use jiff::civil::Date;
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
    reader.check_ids(&findings);
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
    /// What `former_ids` give: the id, and whose it was.
    former_ids: Vec<(Found<String>, String)>,
    /// Names that rulings are about: whether a keyword may be meant, and the name.
    ruled: Vec<(bool, Found<String>)>,
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
                let former_ids = self.former(&table, &id);
                let bodies = body_ids;
                let person = WatchedPerson { id, name, aliases, bodies, roles, excludes, former_ids };
                self.watchlist.persons.push(person);
            }
            self.body_references.extend(bodies);
        }
        for table in file.tables("body", keys::BODY) {
            note(&table);
            let aliases = phrases(&table, "aliases");
            if let Some((id, name)) = named(&table, &mut self.ids) {
                let former_ids = self.former(&table, &id);
                self.watchlist.bodies.push(WatchedBody { id, name, aliases, former_ids });
            }
        }
        for table in file.tables("keyword", keys::KEYWORD) {
            self.read_keyword(&table);
        }
        self.read_rulings(file);
    }

    fn read_rulings(&mut self, file: &Table<'_>) {
        for table in file.tables("guard", keys::GUARD) {
            note(&table);
            let entity = table.required("entity", plain_id);
            let developments = table.list("developments", id::<DevelopmentId>).unwrap_or_default();
            let (words, alert) = (phrases(&table, "words"), table.text("alert", id::<AlertId>));
            if !table.has("developments") && !table.has("words") {
                table.complain_here("guards nothing: give `developments` or `words`");
            }
            if let Some(entity) = entity {
                self.ruled.push((false, Found { value: entity.clone(), place: table.place("entity") }));
                let guard = Guard { entity, developments: values(developments), words, alert };
                self.watchlist.rulings.guards.push(guard);
            }
        }
        for table in file.tables("merge", keys::MERGE) {
            note(&table);
            let developments = values(table.list("developments", id::<DevelopmentId>).unwrap_or_default());
            let different: BTreeSet<&DevelopmentId> = developments.iter().collect();
            if different.len() < 2 {
                table.complain("developments", "must name two different developments at least");
            }
            let alert = table.text("alert", id::<AlertId>);
            self.watchlist.rulings.merges.push(Merge { developments, alert });
        }
        for table in file.tables("mute", keys::MUTE) {
            note(&table);
            let name = table.text("name", plain_id);
            let story = table.text("story", id::<StoryId>).map(Muted::Story);
            let development = table.text("development", id::<DevelopmentId>).map(Muted::Development);
            let until = table.text("until", day);
            let alert = table.text("alert", id::<AlertId>);
            if ["name", "story", "development"].iter().filter(|key| table.has(key)).count() != 1 {
                table.complain_here("give one of `name`, `story` and `development`");
                continue;
            }
            if let Some(name) = &name {
                self.ruled.push((true, Found { value: name.clone(), place: table.place("name") }));
            }
            if let Some(of) = name.map(Muted::Name).or(story).or(development) {
                self.watchlist.rulings.mutes.push(Mute { of, until, alert });
            }
        }
    }

    /// The `former_ids` of the person or body `id`.
    fn former(&mut self, table: &Table<'_>, id: &str) -> Vec<String> {
        let found = table.list("former_ids", plain_id).unwrap_or_default();
        self.former_ids.extend(found.iter().map(|f| (f.clone(), id.to_owned())));
        values(found)
    }

    /// Reports former ids that are in use or were somebody else's too, and rulings about nobody who is watched.
    pub(super) fn check_ids(&self, findings: &Findings) {
        let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
        for (found, owner) in &self.former_ids {
            let (id, place) = (found.value.as_str(), &found.place);
            let taken = |by: &Place, how: &str| {
                let whose = by.key.split_once('.').map_or(by.key.as_str(), |(table, _)| table);
                findings.problem(place.problem(format!("`{id}` {how} {whose} ({}:{})", by.file, by.line)));
            };
            if id == owner {
                findings.problem(place.problem(format!("`{id}` is the id it has still: leave it out")));
            } else if let Some(by) = self.ids.get(id) {
                taken(by, "is in use: it is the id of");
            } else if let Some(by) = seen.insert(id, place) {
                taken(by, "stands twice: it is given already by");
            }
        }
        for (keyword_too, found) in &self.ruled {
            let id = &found.value;
            if !(self.ids.contains_key(id) || *keyword_too && self.keyword_ids.contains_key(id)) {
                let keywords = self.keyword_ids.keys().filter(|_| *keyword_too);
                let known: Vec<&str> = self.ids.keys().chain(keywords).map(String::as_str).collect();
                let hint = match super::problem::nearest(id, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "give the id of a watched one, or take the table away".to_owned(),
                };
                findings.warning(found.place.problem(format!("nobody watched has the id `{id}`: {hint}")));
            }
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

/// An identifier as this program prints them.
fn id<T: TryFrom<String, Error = IdError>>(text: &str) -> Result<T, String> {
    T::try_from(text.to_owned()).map_err(|e| e.to_string())
}

/// A day.
fn day(text: &str) -> Result<Date, String> {
    text.trim().parse().map_err(|_| format!("{text:?} is not a day: write it as 2026-12-31"))
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
