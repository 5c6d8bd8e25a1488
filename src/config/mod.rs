//! The user's configuration: TOML in, validated types out, every problem at once.
//!
//! [`load`] walks the spanned tree of the main file and of the files it includes. It goes on after a problem, so that a
//! user mends a file in one round; a [`Config`] is given only when there was none. What remains to be said of a
//! configuration that works is in [`Config::warnings`].

mod anonymity;
mod channels;
pub mod dump;
pub mod edit;
mod keys;
mod load;
mod problem;
mod secret;
mod sections;
mod tree;
mod values;
pub mod watchlist;

pub use load::{load, load_file, load_leniently};
pub use problem::{Place, Problem, nearest};
pub use secret::{Secret, SecretFrom, SecretSource};
pub use values::{IpRange, MailAddress, duration_text, slug};

use crate::domain::{
    Anonymity, Backfill, ChannelId, DigestSchedule, FeedSpec, Retention, RoomAlarms, Route, Watchlist,
};
use base64::Engine as _;
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use url::Url;

/// How reading a configuration reaches the outside: tests hand in their own.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// Reads a file.
    pub read: &'a dyn Fn(&Path) -> std::io::Result<String>,
    /// Reads an environment variable.
    pub env: &'a dyn Fn(&str) -> Option<String>,
}

impl std::fmt::Debug for Outside<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outside")
    }
}

/// A configuration without problems. Every default is filled in and every relative path is resolved against the folder
/// of the file in which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The files it was read from: the main file, then what it includes, in order.
    pub files: Vec<PathBuf>,
    /// Where the store is.
    pub store: StoreConfig,
    /// How commands reach the daemon.
    pub control: ControlConfig,
    /// How feeds and pages are fetched.
    pub poll: PollConfig,
    /// The feeds, in order of the files.
    pub feeds: Vec<FeedSpec>,
    /// What single feeds ask of whoever fetches them.
    pub feed_access: Vec<FeedAccess>,
    /// Who and what is watched, in order of the files.
    pub watchlist: Watchlist,
    /// Who must not be named, in order of the files.
    pub anonymity: Vec<Anonymity>,
    /// How many alerts are told.
    pub alerts: AlertsConfig,
    /// When digests are made and where they go.
    pub digest: DigestConfig,
    /// Where digests can go, in order of the files; never empty.
    pub channels: Vec<ChannelConfig>,
    /// Which alerts go where, in order of the files.
    pub routes: Vec<Route>,
    /// Whom to call while all is well.
    pub heartbeat: Option<HeartbeatConfig>,
    /// How long things are kept.
    pub retention: Retention,
    /// What is logged, and how.
    pub log: LogConfig,
    /// Where metrics and health can be asked for.
    pub metrics: MetricsConfig,
    /// How the daemon ends.
    pub shutdown: ShutdownConfig,
    /// What works, but is likely not what the user wants.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// Reads the secrets of all channels, or of `only` one.
    ///
    /// # Errors
    /// Every secret that cannot be read.
    pub fn secrets(&self, only: Option<&ChannelId>, outside: &Outside<'_>) -> Result<ChannelSecrets, Vec<Problem>> {
        let (mut secrets, mut problems) = (ChannelSecrets::new(), Vec::new());
        for (channel, what, source) in self.channel_secrets().filter(|(id, ..)| only.is_none_or(|only| only == *id)) {
            match source.read(outside) {
                Ok(secret) => drop(secrets.insert((channel.clone(), what), secret)),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(secrets) } else { Err(problems) }
    }

    /// What to send with the requests for single feeds.
    ///
    /// # Errors
    /// Every secret that cannot be read, or holds no headers.
    pub fn feed_headers(&self, outside: &Outside<'_>) -> Result<Vec<FeedHeaders>, Vec<Problem>> {
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        for access in &self.feed_access {
            let mut headers = Vec::new();
            let mut read = || -> Result<(), Problem> {
                if let Some(login) = &access.login {
                    headers.push(("authorization".to_owned(), basic(login, &login.password.read(outside)?)));
                }
                if let Some(source) = &access.headers {
                    headers.extend(source.read_headers(outside)?);
                }
                Ok(())
            };
            match read() {
                Ok(()) => found.push(FeedHeaders { url: access.url.clone(), headers }),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(found) } else { Err(problems) }
    }

    /// Whether `channel` gets digests: by a route, or as one of those that get what no route takes.
    pub fn gets_digests(&self, channel: &ChannelId) -> bool {
        self.digest.channels.contains(channel) || self.routes.iter().any(|r| r.channels.contains(channel))
    }

    /// Where all secrets come from.
    pub fn secret_sources(&self) -> impl Iterator<Item = &SecretSource> {
        let of_feeds = self.feed_access.iter().flat_map(|a| a.login.iter().map(|l| &l.password).chain(&a.headers));
        let of_heartbeat = self.heartbeat.iter().filter_map(|h| h.address.source());
        self.channel_secrets().map(|(.., source)| source).chain(of_feeds).chain(of_heartbeat)
    }

    /// Where the secrets of `channel` come from.
    pub fn channel_secrets_of(&self, channel: &ChannelId) -> impl Iterator<Item = &SecretSource> {
        self.channel_secrets().filter(move |(id, ..)| *id == channel).map(|(.., source)| source)
    }

    fn channel_secrets(&self) -> impl Iterator<Item = (&ChannelId, SecretUse, &SecretSource)> {
        self.channels.iter().flat_map(|c| {
            let (password, address, signing) = match &c.kind {
                ChannelKind::Email(email) => (email.login.as_ref().map(|login| &login.password), None, None),
                ChannelKind::Webhook(webhook) => (None, webhook.peer.address.source(), webhook.secret.as_ref()),
                ChannelKind::Slack(peer) => (None, peer.address.source(), None),
                ChannelKind::File { .. } | ChannelKind::Atom(_) => (None, None, None),
            };
            let found = [(SecretUse::Password, password), (SecretUse::Address, address), (SecretUse::Signing, signing)];
            found.into_iter().filter_map(move |(what, source)| source.map(|source| (&c.id, what, source)))
        })
    }
}

/// What a channel needs a secret for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretUse {
    /// To log in.
    Password,
    /// To know where its peer is.
    Address,
    /// To sign what it sends.
    Signing,
}

/// The secrets of channels.
pub type ChannelSecrets = BTreeMap<(ChannelId, SecretUse), Secret>;

/// Basic authentication (RFC 7617).
fn basic(login: &Login, password: &Secret) -> Secret {
    let pair = format!("{}:{}", login.username, password.reveal());
    Secret::new(format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair)))
}

/// What to send with the requests for one feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedHeaders {
    /// The feed's address.
    pub url: Url,
    /// Names and values.
    pub headers: Vec<(String, Secret)>,
}

/// What one feed asks of whoever fetches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedAccess {
    /// The feed's address.
    pub url: Url,
    /// User name and password for basic authentication.
    pub login: Option<Login>,
    /// Headers, a line each.
    pub headers: Option<SecretSource>,
}

/// `[store]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// Folder of the store.
    pub path: PathBuf,
    /// When it needs a look.
    pub alarms: RoomAlarms,
}

/// `[control]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlConfig {
    /// Unix socket on which a running daemon answers commands; at most 107 bytes long.
    pub socket: PathBuf,
}

/// `[poll]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollConfig {
    /// How long to wait between polls of a feed that says nothing else; within `min_interval` and `max_interval`.
    pub interval: SignedDuration,
    /// Never poll a feed more often than this.
    pub min_interval: SignedDuration,
    /// Poll a feed at least this often, whatever it asks for.
    pub max_interval: SignedDuration,
    /// How far back the first poll of a feed reaches.
    pub backfill: Backfill,
    /// Feeds and pages fetched at the same time, 1 to 64.
    pub concurrency: usize,
    /// Address of the user for the User-Agent header, so that an outlet can complain; may be empty.
    pub user_agent_contact: String,
    /// Longest time for one answer.
    pub timeout: SignedDuration,
    /// Least pause between two requests for article pages to one host.
    pub host_pause: SignedDuration,
    /// Most bytes of one answer, after decompression.
    pub max_bytes: usize,
    /// Private address ranges that may be fetched all the same.
    pub allow_private: Vec<IpRange>,
    /// Proxy for every request; none is taken from the environment.
    pub proxy: Option<Url>,
}

/// `[alerts]`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertsConfig {
    /// Alerts an hour above which the rest is held back and told as one summary; 0 for no limit.
    pub flood: u32,
}

/// `[digest]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestConfig {
    /// When digests are due.
    pub schedule: DigestSchedule,
    /// Channels that get what no route takes; never empty, each one is configured.
    pub channels: Vec<ChannelId>,
    /// How far back the past of somebody who is watched since lately is told.
    pub past: Backfill,
}

/// `[[channel]]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelConfig {
    /// Its name.
    pub id: ChannelId,
    /// What it is.
    pub kind: ChannelKind,
}

/// The kinds of channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelKind {
    /// A folder that gets each digest as files.
    File {
        /// The folder.
        path: PathBuf,
    },
    /// Mail by SMTP.
    Email(Box<EmailConfig>),
    /// A program that takes each digest as JSON by POST.
    Webhook(Box<WebhookConfig>),
    /// An incoming webhook in Slack's form.
    Slack(Box<PeerConfig>),
    /// A file with an Atom feed of alerts.
    Atom(AtomConfig),
}

/// An address that is spoken to. Whoever has it can do so too: it is shown nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// Given in the configuration.
    Given(Secret),
    /// To be read when it is needed.
    From(SecretSource),
}

impl Address {
    /// Where it is to be read; `None` where it is given.
    pub const fn source(&self) -> Option<&SecretSource> {
        match self {
            Self::Given(_) => None,
            Self::From(source) => Some(source),
        }
    }

    /// Where it leads, as far as may be shown: the host, or the place that names it.
    pub fn shown(&self) -> String {
        match self {
            Self::Given(url) => {
                let host = Url::parse(url.reveal()).ok().map(|url| url.origin().ascii_serialization());
                host.unwrap_or_else(|| "its address".to_owned())
            }
            Self::From(source) => match &source.from {
                SecretFrom::File(path) => format!("the address in {}", path.display()),
                SecretFrom::Credential(name) => format!("the address in the credential {name}"),
                SecretFrom::Env(name) => format!("the address in ${name}"),
            },
        }
    }
}

/// A peer that is spoken to over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerConfig {
    /// Where it is.
    pub address: Address,
    /// Private address ranges in which it may be.
    pub allow_private: Vec<IpRange>,
    /// Longest time for one message.
    pub timeout: SignedDuration,
}

/// A webhook channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookConfig {
    /// Where it posts to.
    pub peer: PeerConfig,
    /// Where the secret comes from that signs; `None`: nothing is signed.
    pub secret: Option<SecretSource>,
}

/// A channel into a feed of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtomConfig {
    /// The file.
    pub path: PathBuf,
    /// The feed's title.
    pub title: String,
    /// Where the file is served.
    pub address: Option<String>,
    /// Most entries that are kept.
    pub entries: usize,
}

/// `[heartbeat]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeartbeatConfig {
    /// Whom to call.
    pub address: Address,
    /// How often.
    pub every: SignedDuration,
    /// Private address ranges in which it may be.
    pub allow_private: Vec<IpRange>,
}

impl HeartbeatConfig {
    /// The address to call.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_address(&self, outside: &Outside<'_>) -> Result<Secret, Problem> {
        match &self.address {
            Address::Given(url) => Ok(url.clone()),
            Address::From(source) => source.read(outside),
        }
    }
}

/// A mail channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailConfig {
    /// Name or address of the mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: TlsMode,
    /// Who we are to the server; `None` when it asks nobody.
    pub login: Option<Login>,
    /// Sender.
    pub from: MailAddress,
    /// Receivers; never empty.
    pub to: Vec<MailAddress>,
    /// Name for the EHLO command; `None` for the machine's own.
    pub ehlo_name: Option<String>,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// STARTTLS, never without (usual on port 587).
    StartTls,
    /// TLS from the first byte (usual on port 465).
    Tls,
    /// Not at all: only for a server on this machine.
    None,
}

/// A user of a mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Name.
    pub username: String,
    /// Where the password comes from.
    pub password: SecretSource,
}

/// `[log]`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogConfig {
    /// The least level that is logged.
    pub level: LogLevel,
    /// How a line looks.
    pub format: LogFormat,
}

/// Levels of logging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// What a person should act on.
    Error,
    /// What may need a look.
    Warn,
    /// What happens.
    Info,
    /// How it happens.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// Its name in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// Forms of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
    /// Native fields of systemd's journal.
    Journald,
    /// The journal where standard error leads there, else text.
    Auto,
}

impl LogFormat {
    /// Its name in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Journald => "journald",
            Self::Auto => "auto",
        }
    }
}

/// `[metrics]`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MetricsConfig {
    /// Address and port of the pages `/metrics`, `/health` and `/ready`; `None` for none.
    pub listen: Option<std::net::SocketAddr>,
    /// Whether that may be another address than one of this machine alone.
    pub allow_remote: bool,
}

/// `[shutdown]`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShutdownConfig {
    /// How long the work in hand may take once the daemon was told to end.
    pub deadline: SignedDuration,
}

/// Reads a duration as the configuration has them: `30s`, `7d`, `1h30m`.
///
/// # Errors
/// With what is wrong.
pub fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    values::duration(text)
}

/// Every table of a configuration and its known keys; the keys of the file itself stand under the empty name.
pub fn known_keys() -> &'static [(&'static str, &'static [&'static str])] {
    keys::ALL
}
