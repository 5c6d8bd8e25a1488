//! From a configuration to a service: builds the adapters and the pipeline over them.

use super::heartbeat::Heartbeat;
use crate::adapters::deliver::{
    AtomChannel, AtomSettings, Caller, EmailChannel, EmailSettings, FileChannel, Login, MailAddress, PeerSettings,
    Security, SlackChannel, WebhookChannel, WebhookSettings,
};
use crate::adapters::http::{AllowRule, Credential, HttpOptions, ReqwestHttp};
use crate::config::{
    self, Address, AtomConfig, ChannelConfig, ChannelKind, ChannelSecrets, Config, EmailConfig, Outside, PeerConfig,
    Problem, Secret, SecretUse, TlsMode,
};
use crate::pipeline::{DeliveryPolicy, Pipeline, Prober, ReadPolicy, Settings};
use crate::ports::{Channel, Clock, Store};
use crate::stages::schedule::PollPolicy;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Product token of the `User-Agent`, as robots.txt files may name it.
pub const USER_AGENT_TOKEN: &str = "conductwatch";

/// How long a mail server may take for one mail.
const MAIL_TIMEOUT: Duration = Duration::from_secs(120);
/// How long whoever is told that all is well may take to answer.
const HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(10);

/// The pipeline that `config` describes, over the real network and channels, with the clock and store handed in.
///
/// # Errors
/// When a secret cannot be read, or the HTTP client or a channel cannot be built.
pub fn pipeline(config: &Config, clock: Arc<dyn Clock>, store: Arc<dyn Store>) -> Result<Pipeline, String> {
    let outside = Outside::real();
    let http = ReqwestHttp::new(http_options(config, &outside)?).map_err(|e| e.to_string())?;
    let (channels, former) = channels(config, &outside)?;
    let mut pipeline = Pipeline::new(clock, Arc::new(http), store, channels, settings(config));
    pipeline.former = former;
    Ok(pipeline)
}

/// The pipeline that `config` describes, to take the place of `before` in the same service; secrets come from `outside`.
///
/// # Errors
/// As [`pipeline`].
pub fn renewed(before: &Pipeline, config: &Config, outside: &Outside<'_>) -> Result<Pipeline, String> {
    let http = ReqwestHttp::new(http_options(config, outside)?).map_err(|e| e.to_string())?;
    let (channels, former) = channels(config, outside)?;
    Ok(before.renewed(Arc::new(http), channels, former, settings(config)))
}

/// The configuration at `path` with all warnings, or all problems, those with secrets included: what `check` says, and what a
/// reload demands.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_checked(path: &Path, outside: &Outside<'_>) -> Result<(Config, Vec<Problem>), Vec<Problem>> {
    let known: Vec<&str> = crate::stages::extract::who::known_body_ids().collect();
    let config = config::load(path, outside, &known)?;
    let mut warnings = config.warnings.clone();
    let mut problems = Vec::new();
    for source in config.secret_sources() {
        match source.read(outside) {
            Ok(_) => {}
            Err(problem) if source.only_inside_service(outside) => warnings.push(problem),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        problems.extend(channel_problems(&config, outside));
    }
    if problems.is_empty() { Ok((config, warnings)) } else { Err(problems) }
}

/// What keeps channels from being built, those aside whose secrets only the service can read.
fn channel_problems(config: &Config, outside: &Outside<'_>) -> Vec<Problem> {
    let file = config.files.first().map(|f| f.display().to_string()).unwrap_or_default();
    let problem = |message: String| Problem { file: file.clone(), line: 0, key: "channel".to_owned(), message };
    let mut problems = Vec::new();
    for own in &config.channels {
        let Ok(secrets) = config.secrets(Some(&own.id), outside) else { continue };
        problems.extend(channel(config, own, &secrets).err().map(problem));
    }
    problems
}

/// What the steps need to know of `config`.
fn settings(config: &Config) -> Settings {
    Settings {
        feeds: config.feeds.clone(),
        watchlist: config.watchlist.clone(),
        anonymity: config.anonymity.clone(),
        poll: PollPolicy { min: config.poll.min_interval, max: config.poll.max_interval },
        max_bytes: config.poll.max_bytes,
        host_pause: config.poll.host_pause,
        read: ReadPolicy::default(),
        digest: config.digest.schedule.clone(),
        routes: config.routes.clone(),
        default_channels: config.digest.channels.clone(),
        delivery: DeliveryPolicy::default(),
        robots_agent: USER_AGENT_TOKEN.to_owned(),
        flood: config.alerts.flood,
        retention: config.retention,
        room: config.store.alarms,
        past: config.digest.past,
    }
}

/// Tries addresses over the real network, with the manners that `config` gives; without one, with the default manners.
///
/// # Errors
/// When the HTTP client cannot be built.
pub fn prober(config: Option<&Config>, clock: Arc<dyn Clock>) -> Result<Prober, String> {
    let defaults = config::PollConfig::default();
    let poll = config.map_or(&defaults, |c| &c.poll);
    let options = config.map(|c| http_options(c, &Outside::real())).transpose()?.unwrap_or_default();
    let http = ReqwestHttp::new(options).map_err(|e| e.to_string())?;
    Ok(Prober::new(clock, Arc::new(http), poll.max_bytes, poll.host_pause, USER_AGENT_TOKEN))
}

fn http_options(config: &Config, outside: &Outside<'_>) -> Result<HttpOptions, String> {
    let secrets = config.feed_headers(outside).map_err(|problems| lines(&problems))?;
    let credential = |config::FeedHeaders { url, headers }: config::FeedHeaders| {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (n.as_str(), v.reveal())).collect();
        Credential::new(url, &headers).map_err(|e| e.to_string())
    };
    let credentials = secrets.into_iter().map(credential).collect::<Result<_, _>>()?;
    Ok(HttpOptions {
        contact: contact(config),
        proxy: config.poll.proxy.clone(),
        credentials,
        total_timeout: config.poll.timeout.unsigned_abs(),
        allow: config.poll.allow_private.iter().map(allow).collect(),
        ..HttpOptions::default()
    })
}

/// Channels, in the order of the configuration.
pub type Channels = Vec<Arc<dyn Channel>>;

/// The channels that get digests, and those that get none but may have been sent what is to be corrected.
///
/// # Errors
/// When a secret cannot be read, or a channel cannot be built.
pub fn channels(config: &Config, outside: &Outside<'_>) -> Result<(Channels, Channels), String> {
    let secrets = config.secrets(None, outside).map_err(|problems| lines(&problems))?;
    let (wanted, others): (Vec<&ChannelConfig>, Vec<&ChannelConfig>) =
        config.channels.iter().partition(|c| config.gets_digests(&c.id));
    let build = |list: Vec<&ChannelConfig>| -> Result<Channels, String> {
        list.into_iter().map(|c| channel(config, c, &secrets)).collect()
    };
    Ok((build(wanted)?, build(others)?))
}

/// The channel that `own` describes, with its `secrets`. Nothing is connected to yet.
///
/// # Errors
/// When it cannot work as it is configured, which no message shows a secret of.
pub fn channel(config: &Config, own: &ChannelConfig, secrets: &ChannelSecrets) -> Result<Arc<dyn Channel>, String> {
    let id = || own.id.clone();
    let secret = |what| secrets.get(&(own.id.clone(), what));
    let peer = |peer: &PeerConfig| -> Result<PeerSettings, String> {
        let address = match &peer.address {
            Address::Given(url) => Some(url),
            Address::From(_) => secret(SecretUse::Address),
        };
        let address = address.ok_or_else(|| format!("channel {:?}: its address was not read", own.id.as_str()))?;
        Ok(PeerSettings {
            address: address.reveal().to_owned(),
            allow: peer.allow_private.iter().map(allow).collect(),
            timeout: peer.timeout.unsigned_abs(),
            contact: contact(config),
        })
    };
    Ok(match &own.kind {
        ChannelKind::File { path } => Arc::new(FileChannel::new(id(), path)),
        ChannelKind::Email(email) => {
            let settings = email_settings(email, secret(SecretUse::Password));
            Arc::new(EmailChannel::new(id(), settings).map_err(|e| e.to_string())?)
        }
        ChannelKind::Webhook(webhook) => {
            let secret = secret(SecretUse::Signing).map(|s| s.reveal().to_owned());
            let settings = WebhookSettings { peer: peer(&webhook.peer)?, secret };
            Arc::new(WebhookChannel::new(id(), settings).map_err(|e| e.to_string())?)
        }
        ChannelKind::Slack(slack) => Arc::new(SlackChannel::new(id(), peer(slack)?).map_err(|e| e.to_string())?),
        ChannelKind::Atom(AtomConfig { path, title, address, entries }) => {
            let (path, title, address) = (path.clone(), title.clone(), address.clone());
            Arc::new(AtomChannel::new(id(), AtomSettings { path, title, address, entries: *entries }))
        }
    })
}

/// The heartbeat that `config` asks for.
///
/// # Errors
/// When its address cannot be read or is none, which no message shows.
pub fn heartbeat(config: &Config) -> Result<Option<Heartbeat>, String> {
    let Some(own) = &config.heartbeat else { return Ok(None) };
    let address = own.read_address(&Outside::real()).map_err(|problem| problem.to_string())?;
    let settings = PeerSettings {
        address: address.reveal().to_owned(),
        allow: own.allow_private.iter().map(allow).collect(),
        timeout: HEARTBEAT_TIMEOUT,
        contact: contact(config),
    };
    let caller = Caller::new("heartbeat", settings).map_err(|e| e.message)?;
    Ok(Some(Heartbeat::new(Arc::new(caller), own.every)))
}

fn allow(range: &config::IpRange) -> AllowRule {
    AllowRule::Network { ip: range.address, length: range.prefix, port: None }
}

fn contact(config: &Config) -> Option<String> {
    Some(config.poll.user_agent_contact.trim().to_owned()).filter(|c| !c.is_empty())
}

fn email_settings(email: &EmailConfig, secret: Option<&Secret>) -> EmailSettings {
    let address = |a: &config::MailAddress| MailAddress { name: a.name.clone(), address: a.address.clone() };
    EmailSettings {
        host: email.host.clone(),
        port: email.port,
        security: match email.tls {
            TlsMode::StartTls => Security::StartTls,
            TlsMode::Tls => Security::Tls,
            TlsMode::None => Security::None,
        },
        login: email
            .login
            .as_ref()
            .zip(secret)
            .map(|(login, secret)| Login { username: login.username.clone(), password: secret.reveal().to_owned() }),
        from: address(&email.from),
        to: email.to.iter().map(address).collect(),
        ehlo_name: email.ehlo_name.clone(),
        timeout: MAIL_TIMEOUT,
        extra_roots: Vec::new(),
    }
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
