//! The single sections, and the tables of feeds.

use super::secret::{CREDENTIALS, SecretFrom, SecretSource};
use super::tree::{Found, Table};
use super::values::{bytes, duration, duration_text, ip_range, mail_address, slug};
use super::{
    AlertsConfig, FeedAccess, LogConfig, LogFormat, LogLevel, Login, MetricsConfig, PollConfig, ShutdownConfig,
};
use crate::domain::{
    Backfill, DigestSchedule, DigestTimes, FeedId, FeedKind, FeedSpec, PageSelectors, Retention, RoomAlarms,
    SelectMode, shown_address,
};
use crate::stages::parse::check_selector;
use jiff::SignedDuration;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use url::Url;

/// A text that is not empty, without control characters, runs of white space as one space.
pub(super) fn phrase(text: &str) -> Result<String, String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    match text.chars().find(|c| c.is_control()) {
        Some(c) => Err(format!("must not contain {c:?}")),
        None => Ok(text),
    }
}

/// An identifier as text.
pub(super) fn plain_id(text: &str) -> Result<String, String> {
    FeedId::parse(text).map(|id| id.as_str().to_owned()).map_err(|e| e.to_string())
}

/// A path; a relative one is meant from `base`, `~/` from `home`.
pub(super) fn path(text: &str, base: &Path, home: Option<&str>) -> Result<PathBuf, String> {
    match (text.trim(), text.strip_prefix("~/"), home) {
        ("", ..) => Err("must not be empty".to_owned()),
        (_, Some(rest), Some(home)) => Ok(Path::new(home).join(rest)),
        (_, Some(_), None) => Err("`~` stands for the home folder, but HOME is not set".to_owned()),
        (text, None, _) => Ok(base.join(text)),
    }
}

/// One of some `known` words, with what each stands for.
pub(super) fn choice<T: Copy>(text: &str, known: &[(&str, T)]) -> Result<T, String> {
    let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
    let found = known.iter().find(|(word, _)| *word == text);
    found.map(|(_, value)| *value).ok_or_else(|| format!("{text:?} is none of {}", words.join(", ")))
}

/// A duration from `least` to `most` seconds.
pub(super) fn duration_within(least: i64, most: i64) -> impl Fn(&str) -> Result<SignedDuration, String> {
    move |text| {
        let found = duration(text)?;
        if (least..=most).contains(&found.as_secs()) {
            return Ok(found);
        }
        let show = |secs| duration_text(SignedDuration::from_secs(secs));
        Err(format!("{text:?} is out of range: from {} to {}", show(least), show(most)))
    }
}

fn backfill(text: &str) -> Result<Backfill, String> {
    match text {
        "none" => Ok(Backfill::None),
        "all" => Ok(Backfill::All),
        _ => duration(text).map(Backfill::Within).map_err(|e| format!("{e}, or none, or all")),
    }
}

impl Default for PollConfig {
    fn default() -> Self {
        Self {
            interval: SignedDuration::from_mins(30),
            min_interval: SignedDuration::from_mins(5),
            max_interval: SignedDuration::from_hours(24),
            backfill: Backfill::Within(SignedDuration::from_hours(7 * 24)),
            concurrency: 8,
            user_agent_contact: String::new(),
            host_pause: SignedDuration::from_secs(2),
            timeout: SignedDuration::from_secs(30),
            max_bytes: 10_000_000,
            allow_private: Vec::new(),
            proxy: None,
        }
    }
}

const DAY: i64 = 86_400;

/// `[poll]`
pub(super) fn poll(table: &Table<'_>) -> PollConfig {
    let default = PollConfig::default();
    let interval = |key: &str| table.text(key, duration_within(1, 31 * DAY));
    let poll = PollConfig {
        interval: interval("interval").unwrap_or(default.interval),
        min_interval: interval("min_interval").unwrap_or(default.min_interval),
        max_interval: interval("max_interval").unwrap_or(default.max_interval),
        backfill: table.text("backfill", backfill).unwrap_or(default.backfill),
        concurrency: table.number("concurrency", 1..=64).map_or(default.concurrency, |n| n as usize),
        user_agent_contact: table.text("user_agent_contact", contact).unwrap_or(default.user_agent_contact),
        host_pause: table.text("host_pause", duration_within(0, 600)).unwrap_or(default.host_pause),
        timeout: table.text("timeout", duration_within(1, 600)).unwrap_or(default.timeout),
        max_bytes: table.text("max_bytes", max_bytes).unwrap_or(default.max_bytes),
        allow_private: table.list("allow_private", ip_range).unwrap_or_default().into_iter().map(|f| f.value).collect(),
        proxy: table.text("proxy", proxy),
    };
    if poll.min_interval > poll.max_interval {
        let (min, max) = (duration_text(poll.min_interval), duration_text(poll.max_interval));
        table.complain("min_interval", format!("{min} is longer than max_interval ({max})"));
    } else if let Err(message) = within(poll.interval, &poll) {
        table.complain("interval", message);
    }
    poll
}

/// Whether a feed may be polled every `interval`.
fn within(interval: SignedDuration, poll: &PollConfig) -> Result<(), String> {
    let show = duration_text;
    if interval < poll.min_interval {
        return Err(format!("{} is shorter than poll.min_interval ({})", show(interval), show(poll.min_interval)));
    }
    if interval > poll.max_interval {
        return Err(format!("{} is longer than poll.max_interval ({})", show(interval), show(poll.max_interval)));
    }
    Ok(())
}

fn max_bytes(text: &str) -> Result<usize, String> {
    let found = bytes(text)?;
    let range = 10_000..=200_000_000;
    if range.contains(&found) { Ok(found) } else { Err(format!("{text:?} is out of range: from 10kB to 200MB")) }
}

/// A mail address or an address on the web; empty for none.
fn contact(text: &str) -> Result<String, String> {
    let text = text.trim();
    let web = Url::parse(text).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    let mail = mail_address(text.strip_prefix("mailto:").unwrap_or(text)).is_ok_and(|m| m.name.is_empty());
    if !text.is_ascii() || !(text.is_empty() || web || mail) {
        return Err(format!("{text:?} is neither a mail address nor an address like https://example.org/contact"));
    }
    Ok(text.to_owned())
}

impl Default for AlertsConfig {
    fn default() -> Self {
        Self { flood: 40 }
    }
}

/// `[alerts]`
pub(super) fn alerts(table: &Table<'_>) -> AlertsConfig {
    let default = AlertsConfig::default();
    let flood = table.number("flood", 0..=100_000);
    AlertsConfig { flood: flood.unwrap_or(default.flood) }
}

/// A feed whose defaults are not filled in yet.
#[derive(Debug)]
pub(super) struct RawFeed {
    pub(super) access: Option<FeedAccess>,
    pub(super) id: Found<FeedId>,
    pub(super) url: Found<Url>,
    name: String,
    folder: Option<String>,
    kind: FeedKind,
    select: SelectMode,
    interval: Option<Found<SignedDuration>>,
    backfill: Option<Backfill>,
    enabled: bool,
}

impl RawFeed {
    /// The feed with the defaults of `poll`.
    ///
    /// # Errors
    /// When its interval is outside the limits of `poll`.
    pub(super) fn finish(self, poll: &PollConfig) -> Result<FeedSpec, super::Problem> {
        if let Some(own) = &self.interval {
            within(own.value, poll).map_err(|message| own.place.problem(message))?;
        }
        Ok(FeedSpec {
            id: self.id.value,
            name: self.name,
            folder: self.folder,
            url: self.url.value,
            kind: self.kind,
            select: self.select,
            interval: self.interval.map_or(poll.interval, |own| own.value),
            backfill: self.backfill.unwrap_or(poll.backfill),
            enabled: self.enabled,
        })
    }
}

/// `[[feed]]`
pub(super) fn feed(table: &Table<'_>, base: &Path, home: Option<&str>) -> Option<RawFeed> {
    const MODES: &[(&str, SelectMode)] =
        &[("all", SelectMode::All), ("topic", SelectMode::Topic), ("names", SelectMode::Names)];
    drop(table.text("note", |text| Ok(text.to_owned())));
    let name = table.text("name", phrase);
    let select = table.text("select", |t| choice(t, MODES)).unwrap_or_default();
    let interval = table.text("interval", duration_within(1, 31 * DAY));
    let backfill = table.text("backfill", backfill);
    let enabled = table.flag("enabled", true);
    let kind = feed_kind(table);
    let folder = table.text("folder", phrase);
    let id = table.text("id", |t| FeedId::parse(t).map_err(|e| e.to_string()));
    let secrets = ["username", "password_file", "password_env", "headers_file", "headers_env"];
    let asked = secrets.iter().find(|key| table.has(key));
    let (login, headers) = (login(table, base, home), secret(table, "headers", base, home));
    let url = table.required("url", feed_url)?;
    if let Some(key) = asked.filter(|_| url.scheme() == "http" && !url.host_str().is_some_and(is_loopback)) {
        table.complain(key, "would go over the network in the clear: the feed's address must begin with https");
    }
    let access = (login.is_some() || headers.is_some()).then(|| FeedAccess { url: url.clone(), login, headers });
    let id = match id {
        Some(id) => id,
        None if table.has("id") => return None,
        None => derived_id(&url),
    };
    let host = url.host_str().unwrap_or_default();
    Some(RawFeed {
        access,
        id: Found { value: id, place: table.place("id") },
        name: name.unwrap_or_else(|| host.strip_prefix("www.").unwrap_or(host).to_owned()),
        url: Found { value: url, place: table.place("url") },
        folder,
        kind,
        select,
        interval: interval.map(|value| Found { value, place: table.place("interval") }),
        backfill,
        enabled,
    })
}

/// What stands at a feed's address, and for a list page where in it.
fn feed_kind(table: &Table<'_>) -> FeedKind {
    const SELECTORS: [&str; 4] = ["entry", "link", "title", "date"];
    let page = table.text("kind", |t| choice(t, &[("feed", false), ("page", true)])).unwrap_or(false);
    let css = |key: &str| table.text(key, |t| check_selector(t).map(|()| t.to_owned()).map_err(|e| e.to_string()));
    let [entry, link, title, date] = SELECTORS.map(css);
    if !page {
        for key in SELECTORS.iter().filter(|key| table.has(key)) {
            table.complain(key, format!("a feed has no `{key}`: it is for `kind = \"page\"`"));
        }
        return FeedKind::Feed;
    }
    if entry.is_none() {
        for key in SELECTORS.iter().skip(1).filter(|key| table.has(key)) {
            table.complain(key, format!("`{key}` counts inside each `entry`: give `entry` too"));
        }
    }
    FeedKind::Page(PageSelectors { entry, link, title, date })
}

fn feed_url(text: &str) -> Result<Url, String> {
    match Url::parse(text.trim()) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") || !url.has_host() => {
            Err("not an absolute http(s) URL".to_owned())
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            Err("must not contain a user name or password: addresses stand in logs and digests".to_owned())
        }
        Ok(url) => Ok(url),
        Err(_) => Err("not an absolute http(s) URL".to_owned()),
    }
}

/// The id of a feed that was given none: its address as a slug, so that it stays the same when the name changes. What gives
/// access is left out: ids stand in logs and digests.
fn derived_id(url: &Url) -> FeedId {
    const LONGEST: usize = 60;
    let shown = shown_address(url);
    let address = shown.split_once("://").map_or(shown.as_str(), |(_, rest)| rest);
    let slug = slug(address.strip_prefix("www.").unwrap_or(address));
    let hash = FeedId::derive(&[url.as_str()]);
    if slug.is_empty() {
        return hash;
    }
    let short: String = slug.chars().take(LONGEST).collect();
    // With something left out, or cut off, others may have the same slug.
    let whole = short == slug && !shown.contains('…');
    let id = if whole { slug } else { format!("{}-{hash}", short.trim_end_matches('-')) };
    FeedId::parse(&id).unwrap_or(hash)
}

/// What `[digest]` says; channels are checked once all are known.
#[derive(Debug)]
pub(super) struct RawDigest {
    pub(super) schedule: DigestSchedule,
    pub(super) channels: Option<Vec<Found<String>>>,
    pub(super) past: Backfill,
}

impl Default for RawDigest {
    fn default() -> Self {
        Self {
            schedule: DigestSchedule {
                times: DigestTimes::At(vec![Time::constant(7, 30, 0, 0), Time::constant(17, 0, 0, 0)]),
                days: DigestSchedule::ALL_DAYS.to_vec(),
                zone: "Europe/London".to_owned(),
            },
            channels: None,
            past: Backfill::Within(SignedDuration::from_hours(90 * 24)),
        }
    }
}

/// `[digest]`
pub(super) fn digest(table: &Table<'_>) -> RawDigest {
    let default = RawDigest::default().schedule;
    let times = table.list("hours", hour).map(|found| {
        let mut at: Vec<Time> = found.iter().filter_map(|f| f.value).collect();
        at.sort_unstable();
        at.dedup();
        match (at.is_empty(), found.len()) {
            (true, 1) => DigestTimes::Immediate,
            (false, n) if found.iter().all(|f| f.value.is_some()) || n == 0 => DigestTimes::At(at),
            (true, 0) => {
                table.complain("hours", "must not be empty: give times such as \"07:30\", or \"immediate\"");
                default.times.clone()
            }
            _ => {
                table.complain("hours", "either times of the day or \"immediate\", not both");
                default.times.clone()
            }
        }
    });
    let days = table.list("days", weekday).map(|found| {
        if found.is_empty() {
            table.complain("days", "must not be empty: leave it out for every day");
        }
        DigestSchedule::ALL_DAYS.into_iter().filter(|day| found.iter().any(|f| f.value == *day)).collect()
    });
    let zone = table.text("zone", zone);
    RawDigest {
        schedule: DigestSchedule {
            times: times.unwrap_or(default.times),
            days: days.unwrap_or(default.days),
            zone: zone.unwrap_or(default.zone),
        },
        channels: table.list("channels", plain_id),
        past: table.text("past", backfill).unwrap_or(RawDigest::default().past),
    }
}

/// A time of the day (`07:30`), or `None` for `immediate`.
fn hour(text: &str) -> Result<Option<Time>, String> {
    if text == "immediate" {
        return Ok(None);
    }
    let wrong = || format!("{text:?} is not a time of the day: write it as 07:30, or immediate");
    // TOML's own local times may carry seconds.
    let text = text.strip_suffix(":00").filter(|t| t.contains(':')).unwrap_or(text);
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let digits = |t: &str| !t.is_empty() && t.len() <= 2 && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || minute.len() != 2 || !digits(minute) {
        return Err(wrong());
    }
    let (hour, minute) = (hour.parse().map_err(|_| wrong())?, minute.parse().map_err(|_| wrong())?);
    Time::new(hour, minute, 0, 0).map(Some).map_err(|_| wrong())
}

fn weekday(text: &str) -> Result<Weekday, String> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let day = text.to_lowercase();
    let names = NAMES.iter().zip(DigestSchedule::ALL_DAYS);
    let found = names.into_iter().find(|(name, _)| **name == day || name.get(..3) == Some(day.as_str()));
    found.map(|(_, day)| day).ok_or_else(|| format!("{text:?} is no weekday: write it as mon or monday"))
}

/// The name of a time zone as the database spells it.
fn zone(text: &str) -> Result<String, String> {
    if let Ok(zone) = TimeZone::get(text)
        && let Some(name) = zone.iana_name()
    {
        return Ok(name.to_owned());
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
    let lower: Vec<String> = names.iter().map(|n| n.to_lowercase()).collect();
    let near = super::problem::nearest(text, lower.iter().map(String::as_str));
    let near = near.and_then(|near| lower.iter().position(|n| n == near)).and_then(|at| names.get(at));
    let hint = near.map_or("write it as Europe/London".to_owned(), |near| format!("did you mean `{near}`?"));
    Err(format!("{text:?} is no time zone of the IANA database: {hint}"))
}

/// `[log]`
pub(super) fn log(table: &Table<'_>) -> LogConfig {
    const FORMATS: &[(&str, LogFormat)] = &[
        ("auto", LogFormat::Auto),
        ("text", LogFormat::Text),
        ("json", LogFormat::Json),
        ("journald", LogFormat::Journald),
    ];
    let levels = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug, LogLevel::Trace];
    let levels = levels.map(|level| (level.as_str(), level));
    let default = LogConfig::default();
    LogConfig {
        level: table.text("level", |t| choice(t, &levels)).unwrap_or(default.level),
        format: table.text("format", |t| choice(t, FORMATS)).unwrap_or(default.format),
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: LogLevel::Info, format: LogFormat::Auto }
    }
}

/// `[metrics]`
pub(super) fn metrics(table: &Table<'_>) -> MetricsConfig {
    let allow_remote = table.flag("allow_remote", false);
    let listen = table.text("listen", |text| {
        let wrong = |_| format!("{text:?} is no address with a port: write it as 127.0.0.1:9464 or [::1]:9464");
        text.trim().parse::<SocketAddr>().map_err(wrong)
    });
    if let Some(address) = listen.filter(|a| !a.ip().is_loopback() && !allow_remote) {
        let message = format!(
            "{address} can be reached from other machines, and whoever reaches it can read it: listen on 127.0.0.1, or say \
             `allow_remote = true`"
        );
        table.complain("listen", message);
    }
    MetricsConfig { listen, allow_remote }
}

/// What of `[store]` says when it needs a look.
pub(super) fn alarms(table: &Table<'_>) -> RoomAlarms {
    let default = RoomAlarms::default();
    let size = |text: &str| bytes(text).map(|n| n as u64);
    RoomAlarms {
        least_free: table.text("alarm_free", size).unwrap_or(default.least_free),
        most_used: table.text("alarm_size", size).unwrap_or(default.most_used),
    }
}

/// `[retention]`
pub(super) fn retention(table: &Table<'_>) -> Retention {
    let default = Retention::default();
    let kept = |key: &str, default| table.text(key, kept_for).unwrap_or(default);
    Retention {
        snapshots: kept("snapshots", default.snapshots),
        articles: kept("articles", default.articles),
        decisions: kept("decisions", default.decisions),
        digests: kept("digests", default.digests),
        alerts: kept("alerts", default.alerts),
    }
}

/// A duration of at least a week, or `forever`. What is younger than that may still be looked at again, folded with its copies,
/// or told in a digest.
fn kept_for(text: &str) -> Result<Option<SignedDuration>, String> {
    if text == "forever" {
        return Ok(None);
    }
    duration_within(7 * DAY, 36_500 * DAY)(text).map(Some).map_err(|e| format!("{e}, or forever"))
}

/// `[shutdown]`
pub(super) fn shutdown(table: &Table<'_>) -> ShutdownConfig {
    let deadline = table.text("deadline", duration_within(1, 600));
    deadline.map_or_else(ShutdownConfig::default, |deadline| ShutdownConfig { deadline })
}

impl Default for ShutdownConfig {
    fn default() -> Self {
        Self { deadline: SignedDuration::from_secs(20) }
    }
}

pub(super) fn login(table: &Table<'_>, base: &Path, home: Option<&str>) -> Option<Login> {
    let username = table.text("username", phrase);
    let password = secret(table, "password", base, home);
    let has = |key: &str| table.has(key);
    match (has("username"), has("password_file"), has("password_env")) {
        (true, false, false) => table.complain("username", "needs a `password_file` or `password_env`"),
        (false, true, _) => table.complain("password_file", "needs a `username`"),
        (false, _, true) => table.complain("password_env", "needs a `username`"),
        _ => {}
    }
    Some(Login { username: username?, password: password? })
}

/// The secret that `NAME_file` or `NAME_env` names.
pub(super) fn secret(table: &Table<'_>, name: &str, base: &Path, home: Option<&str>) -> Option<SecretSource> {
    let credential = format!("${CREDENTIALS}/");
    let file = |text: &str| match text.strip_prefix(&credential) {
        Some("") => Err(format!("{credential} must be followed by the credential's name")),
        Some(name) if name.contains('/') => Err(format!("{name:?} is no name of a credential")),
        Some(name) => Ok(SecretFrom::Credential(name.to_owned())),
        None => path(text, base, home).map(SecretFrom::File),
    };
    let (file_key, env_key) = (format!("{name}_file"), format!("{name}_env"));
    let from_file = table.text(&file_key, file);
    let from_env = table.text(&env_key, |t| phrase(t).map(SecretFrom::Env));
    if table.has(&file_key) && table.has(&env_key) {
        table.complain(&env_key, format!("give either `{file_key}` or `{env_key}`, not both"));
    }
    let key = if table.has(&file_key) { &file_key } else { &env_key };
    Some(SecretSource { from: from_file.or(from_env)?, place: table.place(key) })
}

/// The address of a proxy.
fn proxy(text: &str) -> Result<Url, String> {
    match Url::parse(text.trim()) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            Err("must not contain a user name or password".to_owned())
        }
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err(format!("{text:?} is no proxy: write it as http://proxy.example:3128")),
    }
}

pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|a| a.is_loopback())
}
