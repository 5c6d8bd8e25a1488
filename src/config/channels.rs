//! Where things go: the tables of channels and routes, and the address of the heartbeat.

use super::keys;
use super::problem::suggestion;
use super::sections::{choice, duration_within, is_loopback, login, path, phrase, plain_id, secret};
use super::tree::{Findings, Found, Table};
use super::values::{ip_range, mail_address};
use super::{
    Address, AtomConfig, ChannelKind, EmailConfig, HeartbeatConfig, IpRange, PeerConfig, Secret, TlsMode, WebhookConfig,
};
use crate::domain::{ChannelId, DevelopmentType, Level, Route, Watchlist};
use jiff::SignedDuration;
use std::path::Path;
use url::Url;

/// Each kind of channel, what it is called in a sentence, and its keys.
const KINDS: &[(&str, &str, keys::Keys)] = &[
    ("file", "a file", &["path"]),
    (
        "email",
        "an email",
        &["host", "port", "tls", "username", "password_file", "password_env", "from", "to", "ehlo_name"],
    ),
    ("webhook", "a webhook", &["url", "url_file", "url_env", "secret_file", "secret_env", "allow_private", "timeout"]),
    ("slack", "a slack", &["url_file", "url_env", "allow_private", "timeout"]),
    ("atom", "an atom", &["path", "title", "address", "entries"]),
];

/// Types that a route may name beside those of developments.
const OTHER_TYPES: [&str; 2] = ["keyword", "silent_edit"];

/// Most entries of a feed of alerts.
const MOST_ENTRIES: u32 = 10_000;

/// A channel that was read: its id always, the rest only when nothing is wrong with it.
#[derive(Debug)]
pub(super) struct RawChannel {
    pub(super) id: Found<ChannelId>,
    pub(super) kind: Option<ChannelKind>,
}

/// `[[channel]]`
pub(super) fn channel(table: &Table<'_>, base: &Path, home: Option<&str>) -> Option<RawChannel> {
    let id = table.required("id", |t| ChannelId::parse(t).map_err(|e| e.to_string()));
    let names: Vec<(&str, &str)> = KINDS.iter().map(|(kind, ..)| (*kind, *kind)).collect();
    let kind = table.required("kind", |t| choice(t, &names));
    let kind = KINDS.iter().find(|(name, ..)| kind == Some(name)).and_then(|(kind, name, own)| {
        let strangers = keys::CHANNEL.iter().filter(|key| !["id", "kind"].contains(key) && !own.contains(key));
        for key in strangers.filter(|key| table.has(key)) {
            let hint = if (*kind, *key) == ("slack", "url") {
                ": its address is a secret, which belongs in `url_file` or `url_env`"
            } else {
                ""
            };
            table.complain(key, format!("{name} channel has no `{key}`{hint}"));
        }
        match *kind {
            "file" => table.required("path", |t| path(t, base, home)).map(|path| ChannelKind::File { path }),
            "email" => email_channel(table, base, home).map(|email| ChannelKind::Email(Box::new(email))),
            "webhook" => webhook_channel(table, base, home).map(|webhook| ChannelKind::Webhook(Box::new(webhook))),
            "slack" => peer(table, base, home).map(|peer| ChannelKind::Slack(Box::new(peer))),
            _ => atom_channel(table, base, home).map(ChannelKind::Atom),
        }
    });
    id.map(|value| RawChannel { id: Found { value, place: table.place("id") }, kind })
}

fn webhook_channel(table: &Table<'_>, base: &Path, home: Option<&str>) -> Option<WebhookConfig> {
    let secret = secret(table, "secret", base, home);
    peer(table, base, home).map(|peer| WebhookConfig { peer, secret })
}

/// Where a peer is, and how it is reached.
fn peer(table: &Table<'_>, base: &Path, home: Option<&str>) -> Option<PeerConfig> {
    let timeout = table.text("timeout", duration_within(1, 600)).unwrap_or(SignedDuration::from_secs(30));
    let allow_private = allow_private(table);
    Some(PeerConfig { address: address(table, base, home)?, allow_private, timeout })
}

fn allow_private(table: &Table<'_>) -> Vec<IpRange> {
    table.list("allow_private", ip_range).unwrap_or_default().into_iter().map(|f| f.value).collect()
}

/// The address that `url` gives, or that `url_file` or `url_env` leads to.
fn address(table: &Table<'_>, base: &Path, home: Option<&str>) -> Option<Address> {
    let given = table.text("url", web_address);
    let from = secret(table, "url", base, home);
    let secrets = ["url_file", "url_env"];
    match (table.has("url"), secrets.iter().find(|key| table.has(key))) {
        (true, Some(key)) => table.complain(key, format!("give either `url` or `{key}`, not both")),
        (false, None) => table.complain_here("`url_file` or `url_env` is missing"),
        _ => {}
    }
    given.map(|url| Address::Given(Secret::new(url))).or(from.map(Address::From))
}

/// An address on the web. What is wrong is said without showing it.
fn web_address(text: &str) -> Result<String, String> {
    match Url::parse(text.trim()) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url.to_string()),
        _ => Err("not an absolute http(s) URL".to_owned()),
    }
}

fn atom_channel(table: &Table<'_>, base: &Path, home: Option<&str>) -> Option<AtomConfig> {
    let entries = table.number("entries", 1..=MOST_ENTRIES).unwrap_or(100) as usize;
    let title = table.text("title", phrase).unwrap_or_else(|| "Alerts of conductwatch".to_owned());
    let address = table.text("address", web_address);
    let path = table.required("path", |t| path(t, base, home))?;
    if path.file_name().is_none() {
        table.complain("path", "must name a file");
    }
    Some(AtomConfig { path, title, address, entries })
}

/// `[heartbeat]`
pub(super) fn heartbeat(table: &Table<'_>, base: &Path, home: Option<&str>) -> Option<HeartbeatConfig> {
    let every = table.text("every", duration_within(10, 86_400)).unwrap_or(SignedDuration::from_mins(5));
    let allow_private = allow_private(table);
    Some(HeartbeatConfig { address: address(table, base, home)?, every, allow_private })
}

/// `[[route]]` as it was read; what it names is checked once all is known.
#[derive(Debug)]
pub(super) struct RawRoute {
    entities: Vec<Found<String>>,
    keywords: Vec<Found<String>>,
    types: Vec<String>,
    level: Option<Level>,
    channels: Vec<Found<String>>,
}

/// `[[route]]`
pub(super) fn route(table: &Table<'_>) -> RawRoute {
    drop(table.text("note", |text| Ok(text.to_owned())));
    let known: Vec<&str> = DevelopmentType::ALL.iter().map(|t| t.as_str()).chain(OTHER_TYPES).collect();
    let kind = |text: &str| {
        let known_one = known.contains(&text).then(|| text.to_owned());
        known_one.ok_or_else(|| format!("no type is called `{text}`: {}", suggestion(text, &known)))
    };
    let channels = table.list("channels", plain_id);
    match &channels {
        None if !table.has("channels") => table.complain_here("`channels` is missing"),
        Some(list) if list.is_empty() => table.complain("channels", "must name at least one channel"),
        _ => {}
    }
    // A list that is there and empty would take everything, which nobody means by it.
    for key in ["entities", "keywords", "types"] {
        if table.list(key, |t| Ok(t.to_owned())).is_some_and(|list| list.is_empty()) {
            table.complain(key, "must not be empty: leave it out to ask for nothing");
        }
    }
    RawRoute {
        entities: table.list("entities", plain_id).unwrap_or_default(),
        keywords: table.list("keywords", plain_id).unwrap_or_default(),
        types: table.list("types", kind).unwrap_or_default().into_iter().map(|f| f.value).collect(),
        level: table.text("level", |t| choice(t, &[("major", Level::Major), ("minor", Level::Minor)])),
        channels: channels.unwrap_or_default(),
    }
}

impl RawRoute {
    /// The route, checked against what there is.
    pub(super) fn finish(self, watchlist: &Watchlist, channels: &[ChannelId], findings: &Findings) -> Route {
        let people = watchlist.persons.iter().map(|p| p.id.as_str());
        let entities: Vec<&str> = people.chain(watchlist.bodies.iter().map(|b| b.id.as_str())).collect();
        let keywords: Vec<&str> = watchlist.keywords.iter().map(|k| k.id.as_str()).collect();
        let names: Vec<&str> = channels.iter().map(ChannelId::as_str).collect();
        let check = |list: &[Found<String>], known: &[&str], say: &dyn Fn(&str) -> String| {
            for found in list.iter().filter(|f| !known.contains(&f.value.as_str())) {
                findings.problem(found.place.problem(say(&found.value)));
            }
        };
        check(&self.entities, &entities, &|id| format!("nobody watched has the id `{id}`: {}", hint(id, &entities)));
        check(&self.keywords, &keywords, &|id| format!("no keyword has the id `{id}`: {}", hint(id, &keywords)));
        check(&self.channels, &names, &|id| no_such_channel(id, &names));
        let plain = |list: Vec<Found<String>>| list.into_iter().map(|f| f.value).collect::<Vec<_>>();
        let wanted = plain(self.channels);
        Route {
            entities: plain(self.entities),
            keywords: plain(self.keywords),
            types: self.types,
            level: self.level,
            channels: channels.iter().filter(|id| wanted.iter().any(|w| w == id.as_str())).cloned().collect(),
        }
    }
}

/// Which of `known` may be meant; not all of them, where they are many.
fn hint(id: &str, known: &[&str]) -> String {
    const MOST: usize = 8;
    match (super::problem::nearest(id, known.iter().copied()), known.len()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, 0) => "none is watched".to_owned(),
        (None, 1..=MOST) => suggestion(id, known),
        (None, n) => format!("it is none of the {n} that there are"),
    }
}

fn email_channel(table: &Table<'_>, base: &Path, home: Option<&str>) -> Option<EmailConfig> {
    const MODES: &[(&str, TlsMode)] =
        &[("starttls", TlsMode::StartTls), ("tls", TlsMode::Tls), ("none", TlsMode::None)];
    let host = table.required("host", host);
    let tls = table.text("tls", |t| choice(t, MODES)).unwrap_or(TlsMode::StartTls);
    let usual = match tls {
        TlsMode::StartTls => 587,
        TlsMode::Tls => 465,
        TlsMode::None => 25,
    };
    let port = table.number("port", 1..=65_535).and_then(|n| u16::try_from(n).ok()).unwrap_or(usual);
    let from = table.required("from", mail_address);
    let to = table.list("to", mail_address);
    match &to {
        None if !table.has("to") => table.complain_here("`to` is missing"),
        Some(list) if list.is_empty() => table.complain("to", "must name at least one address"),
        _ => {}
    }
    let ehlo_name = table.text("ehlo_name", self::host);
    if tls == TlsMode::None && host.as_deref().is_some_and(|host| !is_loopback(host)) {
        table.complain("tls", "\"none\" would send mail and password in the clear: only for a server on this machine");
    }
    let login = login(table, base, home);
    Some(EmailConfig {
        host: host?,
        port,
        tls,
        login,
        from: from?,
        to: to?.into_iter().map(|f| f.value).collect(),
        ehlo_name,
    })
}

/// A host's name or IP address.
fn host(text: &str) -> Result<String, String> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<std::net::IpAddr>().is_ok() {
        return Ok(bare.to_owned());
    }
    let label = |l: &str| !l.is_empty() && l.len() <= 63 && l.chars().all(|c| c.is_alphanumeric() || c == '-');
    if text.len() <= 253 && text.split('.').all(label) {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} is not a host's name: write it as mail.example.org, without a scheme or port"))
}

/// `channels` that names no channel.
pub(super) fn no_such_channel(wanted: &str, known: &[&str]) -> String {
    let hint = if known.is_empty() { "none is configured".to_owned() } else { suggestion(wanted, known) };
    format!("no channel has the id `{wanted}`: {hint}")
}
