//! Loading: the main file, what it includes, and what must hold across files.

use super::anonymity::AnonymityReader;
use super::channels::{self, RawChannel, RawRoute};
use super::sections::{self, RawDigest, RawFeed};
use super::tree::{Findings, Found, Table, parse};
use super::watchlist::WatchlistReader;
use super::{
    AlertsConfig, ChannelConfig, ChannelKind, Config, ControlConfig, DigestConfig, HeartbeatConfig, LogConfig,
    MetricsConfig, Outside, Place, PollConfig, Problem, ShutdownConfig, StoreConfig, keys,
};
use crate::domain::{ChannelId, FeedSpec, Retention, RoomAlarms, Route};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

/// Most files one configuration may have.
const MOST_FILES: usize = 100;
/// Most bytes one file may have.
const LARGEST_FILE: u64 = 16_000_000;
/// Most bytes the path of a Unix socket may have (`sun_path` holds 108 with the final zero).
const LONGEST_SOCKET: usize = 107;

/// Loads the configuration at `path` from the disk, with the environment of the process.
///
/// # Errors
/// As [`load`].
pub fn load_file(path: &Path, known_bodies: &[&str]) -> Result<Config, Vec<Problem>> {
    load(path, &Outside { read: &read_file, env: &read_env }, known_bodies)
}

impl Outside<'static> {
    /// The disk and the environment of the process.
    pub fn real() -> Self {
        Self { read: &read_file, env: &read_env }
    }
}

fn read_file(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(LARGEST_FILE + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST_FILE {
        return Err(std::io::Error::other(format!("over {LARGEST_FILE} bytes")));
    }
    Ok(text)
}

fn read_env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Loads the configuration at `path`. `known_bodies` are the ids of the gazetteer: a person's body that is neither
/// among them nor watched gives a warning (none is checked when the list is empty).
///
/// # Errors
/// Every problem of every file, in order of files and lines.
pub fn load(path: &Path, outside: &Outside<'_>, known_bodies: &[&str]) -> Result<Config, Vec<Problem>> {
    let findings = Findings::default();
    let mut draft = Draft { home: (outside.env)("HOME"), ..Draft::default() };
    draft.file(path, None, &mut Vec::new(), outside, &findings);
    let config = draft.finish(path, outside, known_bodies, &findings);
    let files: Vec<String> = config.files.iter().map(|f| f.display().to_string()).collect();
    let (problems, warnings) = findings.sorted(&files);
    if problems.is_empty() { Ok(Config { warnings, ..config }) } else { Err(problems) }
}

/// What can be understood of the configuration at `path`, and its problems: for commands that ask a running service, which must
/// be reached also while the file is being mended.
pub fn load_leniently(path: &Path) -> (Config, Vec<Problem>) {
    let outside = Outside::real();
    let findings = Findings::default();
    let mut draft = Draft { home: (outside.env)("HOME"), ..Draft::default() };
    draft.file(path, None, &mut Vec::new(), &outside, &findings);
    let config = draft.finish(path, &outside, &[], &findings);
    let files: Vec<String> = config.files.iter().map(|f| f.display().to_string()).collect();
    let (problems, _) = findings.sorted(&files);
    (config, problems)
}

/// What was read so far.
#[derive(Debug, Default)]
struct Draft {
    home: Option<String>,
    files: Vec<PathBuf>,
    /// Where each single section stands.
    sections: BTreeMap<String, Place>,
    store: Option<PathBuf>,
    alarms: RoomAlarms,
    socket: Option<(PathBuf, Place)>,
    poll: PollConfig,
    alerts: AlertsConfig,
    digest: RawDigest,
    heartbeat: Option<HeartbeatConfig>,
    retention: Retention,
    log: LogConfig,
    metrics: MetricsConfig,
    shutdown: ShutdownConfig,
    feeds: Vec<RawFeed>,
    channels: Vec<RawChannel>,
    routes: Vec<RawRoute>,
    watchlist: WatchlistReader,
    anonymity: AnonymityReader,
}

impl Draft {
    /// Reads one file and what it includes. `from` is where it was included, `chain` the files that led here.
    fn file(
        &mut self,
        path: &Path,
        from: Option<&Place>,
        chain: &mut Vec<PathBuf>,
        outside: &Outside<'_>,
        findings: &Findings,
    ) {
        let path = tidy(path);
        let name = path.display().to_string();
        let complain = |message: String| match from {
            Some(place) => findings.problem(place.problem(message)),
            None => findings.problem(Problem { file: name.clone(), line: 0, key: String::new(), message }),
        };
        if let Some(at) = chain.iter().position(|p| *p == path) {
            let round: Vec<String> = chain.iter().skip(at).map(|p| p.display().to_string()).collect();
            return complain(format!("files include each other: {} includes {name} again", round.join(" includes ")));
        }
        if self.files.contains(&path) {
            return complain(format!("{name} is included already"));
        }
        if self.files.len() >= MOST_FILES {
            return complain(format!("more than {MOST_FILES} files"));
        }
        self.files.push(path.clone());
        let text = match (outside.read)(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::InvalidData => {
                return complain(format!("{name} is not UTF-8 text"));
            }
            Err(e) if from.is_none() => {
                let what = match e.kind() {
                    std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
                    std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
                    std::io::ErrorKind::PermissionDenied => {
                        return complain(
                            "its rights do not let this user read it: change them, or run it as another user"
                                .to_owned(),
                        );
                    }
                    _ => format!("cannot be read: {e}"),
                };
                return complain(format!("{what}: name one with --config, or write one with `conductwatch init`"));
            }
            Err(e) => return complain(format!("cannot read {name}: {e}")),
        };
        let base = path.parent().unwrap_or(Path::new("")).to_owned();
        let (source, tree) = parse(&name, &text, findings);
        let root = Table::root(&source, &tree, keys::TOP);
        self.sections(&root, &base);
        for table in root.tables("feed", keys::FEED) {
            self.feeds.extend(sections::feed(&table, &base, self.home.as_deref()));
        }
        for table in root.tables("channel", keys::CHANNEL) {
            self.channels.extend(channels::channel(&table, &base, self.home.as_deref()));
        }
        self.routes.extend(root.tables("route", keys::ROUTE).iter().map(channels::route));
        self.watchlist.read(&root);
        self.anonymity.read(&root);
        let home = self.home.clone();
        let includes = root.list("include", |t| sections::path(t, &base, home.as_deref())).unwrap_or_default();
        chain.push(path);
        for Found { value, place } in includes {
            self.file(&value, Some(&place), chain, outside, findings);
        }
        chain.pop();
    }

    fn sections(&mut self, root: &Table<'_>, base: &Path) {
        let home = self.home.clone();
        let path = |text: &str| sections::path(text, base, home.as_deref());
        if let Some(table) = self.section(root, "store", keys::STORE) {
            self.store = table.text("path", path);
            self.alarms = sections::alarms(&table);
        }
        if let Some(table) = self.section(root, "control", keys::CONTROL) {
            self.socket = table.text("socket", path).map(|socket| (socket, table.place("socket")));
        }
        if let Some(table) = self.section(root, "poll", keys::POLL) {
            self.poll = sections::poll(&table);
        }
        if let Some(table) = self.section(root, "alerts", keys::ALERTS) {
            self.alerts = sections::alerts(&table);
        }
        if let Some(table) = self.section(root, "digest", keys::DIGEST) {
            self.digest = sections::digest(&table);
        }
        if let Some(table) = self.section(root, "retention", keys::RETENTION) {
            self.retention = sections::retention(&table);
        }
        if let Some(table) = self.section(root, "heartbeat", keys::HEARTBEAT) {
            self.heartbeat = channels::heartbeat(&table, base, home.as_deref());
        }
        if let Some(table) = self.section(root, "log", keys::LOG) {
            self.log = sections::log(&table);
        }
        if let Some(table) = self.section(root, "metrics", keys::METRICS) {
            self.metrics = sections::metrics(&table);
        }
        if let Some(table) = self.section(root, "shutdown", keys::SHUTDOWN) {
            self.shutdown = sections::shutdown(&table);
        }
    }

    /// The section `key`, reported when another file has it too.
    fn section<'a>(&mut self, root: &Table<'a>, key: &str, known: keys::Keys) -> Option<Table<'a>> {
        let table = root.table(key, known)?;
        if let Some(first) = self.sections.get(key) {
            root.complain(key, format!("stands in {}:{} already: keep one of the two", first.file, first.line));
        } else {
            self.sections.insert(key.to_owned(), root.place(key));
        }
        Some(table)
    }

    /// Fills in defaults and checks what must hold across files.
    fn finish(self, main: &Path, outside: &Outside<'_>, known_bodies: &[&str], findings: &Findings) -> Config {
        let store = self.store.unwrap_or_else(|| default_store(main, outside));
        let socket_place = self.socket.as_ref().map(|(_, place)| place.clone());
        let socket = self.socket.map_or_else(|| default_socket(main, &store, outside), |(path, _)| path);
        if socket.as_os_str().len() > LONGEST_SOCKET {
            let message = format!("{} is over {LONGEST_SOCKET} bytes long: give a shorter path", socket.display());
            let whole = Place { file: tidy(main).display().to_string(), line: 0, key: "control.socket".to_owned() };
            findings.problem(socket_place.unwrap_or(whole).problem(message));
        }
        let feed_access = self.feeds.iter().filter_map(|f| f.access.clone()).collect();
        let feeds = finish_feeds(self.feeds, &self.poll, findings);
        let feed_ids: BTreeSet<String> = feeds.iter().map(|f| f.id.as_str().to_owned()).collect();
        self.watchlist.check_references(&feed_ids, known_bodies, findings);
        self.watchlist.check_ids(findings);
        let watchlist = self.watchlist.watchlist;
        let anonymity = self.anonymity.finish(&watchlist, findings);
        let no_channel_given = self.channels.is_empty();
        let (channels, channel_ids) = finish_channels(self.channels, &store, findings);
        let routes: Vec<Route> =
            self.routes.into_iter().map(|route| route.finish(&watchlist, &channel_ids, findings)).collect();
        let digest_channels = match self.digest.channels {
            // What no route takes goes to the channels that no route names, where there are such.
            None => {
                let routed = |id: &ChannelId| routes.iter().any(|r| r.channels.contains(id));
                let unrouted: Vec<ChannelId> = channel_ids.iter().filter(|id| !routed(id)).cloned().collect();
                if unrouted.is_empty() { channel_ids } else { unrouted }
            }
            Some(wanted) => {
                let known: Vec<&str> = channel_ids.iter().map(ChannelId::as_str).collect();
                for channel in wanted.iter().filter(|c| !known.contains(&c.value.as_str())) {
                    findings.problem(channel.place.problem(channels::no_such_channel(&channel.value, &known)));
                }
                if wanted.is_empty() {
                    let place = self.sections.get("digest").cloned();
                    let message = "`channels` must not be empty: leave it out for all channels";
                    place.into_iter().for_each(|p| findings.problem(p.problem(message)));
                }
                channel_ids.into_iter().filter(|id| wanted.iter().any(|w| w.value == id.as_str())).collect()
            }
        };
        let whole = |message: &str| {
            let file = tidy(main).display().to_string();
            findings.warning(Problem { file, line: 0, key: String::new(), message: message.to_owned() });
        };
        if !feeds.iter().any(|f| f.enabled) {
            whole("no feed is polled: add a [[feed]] with its `url`");
        }
        if watchlist.persons.is_empty() && watchlist.bodies.is_empty() && watchlist.keywords.is_empty() {
            whole("nobody and nothing is watched: add a [[person]], [[body]] or [[keyword]]");
        }
        if no_channel_given {
            whole("no [[channel]] is given: digests go to the folder `digests` in the store's folder");
        }
        if self.poll.user_agent_contact.is_empty() {
            whole("poll.user_agent_contact is not set: give an address at which outlets can reach you");
        }
        Config {
            files: self.files,
            store: StoreConfig { path: store, alarms: self.alarms },
            control: ControlConfig { socket },
            poll: self.poll,
            feeds,
            feed_access,
            watchlist,
            anonymity,
            alerts: self.alerts,
            digest: DigestConfig { schedule: self.digest.schedule, channels: digest_channels, past: self.digest.past },
            channels,
            routes,
            heartbeat: self.heartbeat,
            retention: self.retention,
            log: self.log,
            metrics: self.metrics,
            shutdown: self.shutdown,
            warnings: Vec::new(),
        }
    }
}

fn finish_feeds(raw: Vec<RawFeed>, poll: &PollConfig, findings: &Findings) -> Vec<FeedSpec> {
    let (mut ids, mut urls) = (BTreeMap::new(), BTreeMap::new());
    let mut feeds = Vec::new();
    for feed in raw {
        let taken = |first: &Place| format!("{} ({}:{})", owner(&first.key), first.file, first.line);
        if let Some(first) = ids.insert(feed.id.value.clone(), feed.id.place.clone()) {
            let id = &feed.id.value;
            findings.problem(feed.id.place.problem(format!("`{id}` is used already by {}", taken(&first))));
        } else if let Some(first) = urls.insert(feed.url.value.clone(), feed.url.place.clone()) {
            findings.problem(feed.url.place.problem(format!("is polled already by {}", taken(&first))));
        }
        match feed.finish(poll) {
            Ok(feed) => feeds.push(feed),
            Err(problem) => findings.problem(problem),
        }
    }
    feeds
}

/// The channels that can be used, and the ids of all.
fn finish_channels(raw: Vec<RawChannel>, store: &Path, findings: &Findings) -> (Vec<ChannelConfig>, Vec<ChannelId>) {
    let mut places: BTreeMap<ChannelId, Place> = BTreeMap::new();
    let (mut channels, mut ids) = (Vec::new(), Vec::new());
    for RawChannel { id: Found { value: id, place }, kind } in raw {
        if let Some(first) = places.get(&id) {
            let taken = format!("{} ({}:{})", owner(&first.key), first.file, first.line);
            findings.problem(place.problem(format!("`{id}` is used already by {taken}")));
            continue;
        }
        ids.push(id.clone());
        channels.extend(kind.map(|kind| ChannelConfig { id: id.clone(), kind }));
        places.insert(id, place);
    }
    // "folder" is a valid id, so the default is always made.
    if ids.is_empty()
        && let Ok(id) = ChannelId::parse("folder")
    {
        ids.push(id.clone());
        channels.push(ChannelConfig { id, kind: ChannelKind::File { path: store.join("digests") } });
    }
    (channels, ids)
}

/// The table that a key belongs to.
fn owner(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(table, _)| table)
}

/// `path` without `.` and with `..` taken off, so that one file has one name.
fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

const NAME: &str = "conductwatch";

/// systemd's state folder inside the service; the same for commands run beside a service whose configuration lies
/// under `/etc`; else the user's own state folder.
///
/// Source: systemd.exec(5), `StateDirectory=`; the XDG base directory specification, `XDG_STATE_HOME`.
fn default_store(main: &Path, outside: &Outside<'_>) -> PathBuf {
    let env = outside.env;
    if let Some(state) = first_folder(env("STATE_DIRECTORY")) {
        return state;
    }
    if is_of_the_system(main) {
        return Path::new("/var/lib").join(NAME);
    }
    let xdg = env("XDG_STATE_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    match (xdg, env("HOME")) {
        (Some(xdg), _) => xdg.join(NAME),
        (None, Some(home)) => Path::new(&home).join(".local/state").join(NAME),
        (None, None) => main.parent().unwrap_or(Path::new("")).join("state"),
    }
}

/// In systemd's runtime folder, or in the store's: one socket for one store.
fn default_socket(main: &Path, store: &Path, outside: &Outside<'_>) -> PathBuf {
    let folder = match first_folder((outside.env)("RUNTIME_DIRECTORY")) {
        Some(runtime) => runtime,
        None if is_of_the_system(main) => Path::new("/run").join(NAME),
        None => store.to_owned(),
    };
    folder.join("control.sock")
}

/// Whether the configuration lies under `/etc`.
fn is_of_the_system(main: &Path) -> bool {
    std::path::absolute(main).is_ok_and(|main| main.starts_with("/etc"))
}

/// systemd joins several folders by colons.
fn first_folder(value: Option<String>) -> Option<PathBuf> {
    value?.split(':').next().filter(|p| !p.is_empty()).map(PathBuf::from)
}
