//! From a configuration to a service: builds the adapters and the pipeline over them.

use crate::adapters::deliver::{EmailChannel, EmailSettings, FileChannel, Login, MailAddress, Security};
use crate::adapters::http::{AllowRule, Credential, HttpOptions, ReqwestHttp};
use crate::config::{self, ChannelConfig, ChannelKind, Config, EmailConfig, Outside, Problem, Secret, TlsMode};
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
    if problems.is_empty() { Ok((config, warnings)) } else { Err(problems) }
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
        delivery: DeliveryPolicy::default(),
        robots_agent: USER_AGENT_TOKEN.to_owned(),
        flood: config.alerts.flood,
        retention: config.retention,
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
    let contact = config.poll.user_agent_contact.trim();
    let allow = |range: &config::IpRange| AllowRule::Network { ip: range.address, length: range.prefix, port: None };
    Ok(HttpOptions {
        contact: Some(contact.to_owned()).filter(|c| !c.is_empty()),
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
    let secrets = config.secrets(outside).map_err(|problems| lines(&problems))?;
    let (wanted, others): (Vec<&ChannelConfig>, Vec<&ChannelConfig>) =
        config.channels.iter().partition(|c| config.digest.channels.contains(&c.id));
    let build = |list: Vec<&ChannelConfig>| -> Result<Channels, String> {
        list.into_iter().map(|c| channel(c, secrets.get(&c.id))).collect()
    };
    Ok((build(wanted)?, build(others)?))
}

fn channel(config: &ChannelConfig, secret: Option<&Secret>) -> Result<Arc<dyn Channel>, String> {
    match &config.kind {
        ChannelKind::File { path } => Ok(Arc::new(FileChannel::new(config.id.clone(), path))),
        ChannelKind::Email(email) => {
            let channel =
                EmailChannel::new(config.id.clone(), email_settings(email, secret)).map_err(|e| e.to_string())?;
            Ok(Arc::new(channel))
        }
    }
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
