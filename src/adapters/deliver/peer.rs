//! A peer that takes messages by HTTP: what webhooks and Slack have in common.
//!
//! Whoever has the address of such a peer can write to it, so the address is a secret: errors and receipts name its host alone.

use super::{ChannelError, one_line};
use crate::adapters::http::{AllowRule, HttpOptions, Post, PostAnswer, ReqwestHttp};
use crate::ports::{DeliverError, DeliverFault, FetchError, Http as _, HttpRequest, Pulse};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use std::time::Duration;
use url::{Host, Url};

/// Most bytes that are read of what is said to a heartbeat.
const MOST_ANSWER: usize = 64 * 1024;

/// Where a peer is, and how it is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct PeerSettings {
    /// Its address: a secret.
    pub address: String,
    /// Exceptions to the rule that only public addresses are spoken to.
    pub allow: Vec<AllowRule>,
    /// Longest time for one message, from connecting to the answer.
    pub timeout: Duration,
    /// How its people reach our user: an address of a page or a mailbox.
    pub contact: Option<String>,
}

impl fmt::Debug for PeerSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerSettings").field("address", &"<redacted>").field("timeout", &self.timeout).finish()
    }
}

/// A peer, ready to be spoken to.
#[derive(Clone)]
pub(super) struct Peer {
    http: ReqwestHttp,
    url: Url,
    /// `https://host`, for messages.
    shown: String,
}

impl Peer {
    /// The peer at the address of `settings`. Nothing is connected to yet. `channel` is named in errors.
    ///
    /// # Errors
    /// When the address is none, or leads over the open network without TLS.
    pub(super) fn new(channel: &str, settings: PeerSettings) -> Result<Self, ChannelError> {
        let wrong = |message: &str| ChannelError { channel: channel.to_owned(), message: message.to_owned() };
        let url = Url::parse(settings.address.trim()).map_err(|e| wrong(&format!("its address is none: {e}")))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(wrong("its address must begin with https"));
        }
        if url.scheme() == "http" && !is_near(&url) {
            return Err(wrong(
                "its address must begin with https: http is for this machine and private addresses alone",
            ));
        }
        let options = HttpOptions {
            contact: settings.contact,
            connect_timeout: settings.timeout.min(Duration::from_secs(10)),
            read_timeout: settings.timeout,
            total_timeout: settings.timeout,
            max_redirects: 0,
            allow: settings.allow,
            ..HttpOptions::default()
        };
        let http = ReqwestHttp::new(options).map_err(|e| wrong(&e.to_string()))?;
        let shown = url.origin().ascii_serialization();
        Ok(Self { http, url, shown })
    }

    /// Its address.
    pub(super) const fn url(&self) -> &Url {
        &self.url
    }

    /// Posts `body`, and gives what the peer said.
    ///
    /// # Errors
    /// When it did not take it; the error says whether to try again, and how long the peer asks to be left alone.
    pub(super) async fn hand_over(
        &self,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
        now: Timestamp,
    ) -> Result<String, DeliverError> {
        match self.http.post(Post { url: self.url.clone(), headers, body }).await {
            Ok(answer) => self.judge(&answer, now),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// What an answer comes to. 408, 425, 429 and 5xx say: later (RFC 9110, 8470, 6585); all else but 2xx: never.
    fn judge(&self, answer: &PostAnswer, now: Timestamp) -> Result<String, DeliverError> {
        let said = one_line(&format!("{} {}", answer.status, self.without_address(&answer.body)));
        let said: String = said.chars().take(200).collect();
        let (fault, hint) = match answer.status {
            200..=299 => return Ok(said),
            408 | 425 | 429 | 500..=599 => (DeliverFault::Deferred, ""),
            300..=399 => (DeliverFault::Refused, " (it redirects: give the address it leads to)"),
            401 | 403 | 404 | 410 => (DeliverFault::Refused, " (is its address still valid?)"),
            _ => (DeliverFault::Refused, ""),
        };
        let after = answer.retry_after.as_deref().and_then(|text| rest(text, now));
        Err(DeliverError { after, ..DeliverError::new(fault, format!("{}: HTTP {said}{hint}", self.shown)) })
    }

    fn failed(&self, error: &FetchError) -> DeliverError {
        let (fault, said) = match error {
            FetchError::Refused { reason, .. } => {
                (DeliverFault::Local, format!("it may not be spoken to: {reason} (list it in `allow_private`)"))
            }
            FetchError::Tls(_) => (DeliverFault::Tls, error.to_string()),
            _ => (DeliverFault::Unreachable, error.to_string()),
        };
        DeliverError::new(fault, one_line(&format!("{}: {}", self.shown, self.without_address(&said))))
    }

    /// `text` without the address: error pages like to repeat what they were asked for.
    fn without_address(&self, text: &str) -> String {
        let path = self.url.path();
        let query = self.url.query().unwrap_or("");
        let segments = path.split('/').chain(query.split(['&', '='])).filter(|s| s.len() >= 6);
        let mut out = text.to_owned();
        for secret in std::iter::once(path).filter(|p| p.len() > 1).chain(std::iter::once(query)).chain(segments) {
            if !secret.is_empty() {
                out = out.replace(secret, "<redacted>");
            }
        }
        out
    }
}

/// Whoever is told, by a GET of an address, that all is well.
#[derive(Clone)]
pub struct Caller {
    peer: Peer,
}

impl Caller {
    /// The one at the address of `settings`; `name` is named in errors.
    ///
    /// # Errors
    /// When the address is none, or leads over the open network without TLS.
    pub fn new(name: &str, settings: PeerSettings) -> Result<Self, ChannelError> {
        Peer::new(name, settings).map(|peer| Self { peer })
    }
}

#[async_trait]
impl Pulse for Caller {
    async fn call(&self) -> Result<(), String> {
        let request = HttpRequest {
            url: self.peer.url.clone(),
            etag: None,
            last_modified: None,
            accept: "*/*",
            max_bytes: MOST_ANSWER,
        };
        match self.peer.http.get(request).await {
            Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
            // What it says beyond its limit does not matter.
            Err(FetchError::TooLarge(_)) => Ok(()),
            Ok(answer) => Err(format!("{}: HTTP {}", self.peer.shown, answer.status)),
            Err(error) => Err(self.peer.failed(&error).message),
        }
    }
}

/// Whether `url` leads to this machine or a private network, as far as its host's name tells.
fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unique_local(),
        Some(Host::Domain(name)) => name == "localhost" || !name.contains('.') || name.ends_with(".internal"),
        None => false,
    }
}

/// A `Retry-After`: seconds, or a date.
///
/// Source: RFC 9110 section 10.2.3.
fn rest(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let found = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
            let wait: SignedDuration = until.duration_since(now);
            Duration::try_from(wait).unwrap_or_default()
        }
    };
    Some(found.min(DeliverError::LONGEST_REST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> Result<Peer, ChannelError> {
        let settings =
            PeerSettings { address: address.into(), allow: Vec::new(), timeout: Duration::from_secs(1), contact: None };
        Peer::new("desk", settings)
    }

    #[test]
    fn the_status_decides_whether_to_try_again_and_when() {
        let now = "2026-03-10T08:00:00Z".parse().unwrap();
        let peer = peer("https://hooks.example/services/T1/s3cr3t?key=0th3rs3cr3t").unwrap();
        for (status, retry_after, fault, after) in [
            (408, None, DeliverFault::Deferred, None),
            (425, None, DeliverFault::Deferred, None),
            (429, Some("30"), DeliverFault::Deferred, Some(30)),
            (503, Some("Tue, 10 Mar 2026 08:02:00 GMT"), DeliverFault::Deferred, Some(120)),
            (503, Some("Tue, 10 Mar 2026 07:02:00 GMT"), DeliverFault::Deferred, Some(0)),
            (503, Some("99999999999"), DeliverFault::Deferred, Some(DeliverError::LONGEST_REST.as_secs())),
            (500, Some("soon"), DeliverFault::Deferred, None),
            (400, None, DeliverFault::Refused, None),
            (404, None, DeliverFault::Refused, None),
            (308, None, DeliverFault::Refused, None),
        ] {
            let body = "Cannot POST /services/T1/s3cr3t?key=0th3rs3cr3t\n<b>s3cr3t</b>".to_owned();
            let answer = PostAnswer { status, retry_after: retry_after.map(str::to_owned), body };
            let error = peer.judge(&answer, now).unwrap_err();
            assert_eq!((error.fault, error.after.map(|a| a.as_secs())), (fault, after), "{status}");
            assert!(error.message.starts_with(&format!("https://hooks.example: HTTP {status} ")), "{error}");
            assert!(!error.message.contains("s3cr3t") && !error.message.contains('\n'), "{error}");
        }
        let taken = PostAnswer { status: 200, retry_after: None, body: "ok".into() };
        assert_eq!(peer.judge(&taken, now).unwrap(), "200 ok");
    }

    #[test]
    fn addresses_that_would_leak_are_refused_without_being_shown() {
        for (address, said) in [
            ("http://hooks.example/s3cr3t", "must begin with https"),
            ("ftp://hooks.example/s3cr3t", "must begin with https"),
            ("s3cr3t", "its address is none"),
        ] {
            let error = peer(address).err().unwrap().to_string();
            assert!(error.contains(said) && !error.contains("s3cr3t"), "{error}");
        }
        for near in
            ["http://127.0.0.1:1/x", "http://localhost/x", "http://10.1.2.3/x", "http://[::1]/x", "http://chat/x"]
        {
            assert!(peer(near).is_ok(), "{near}");
        }
        let shown = format!(
            "{:?}",
            PeerSettings { address: "s3cr3t".into(), allow: vec![], timeout: Duration::ZERO, contact: None }
        );
        assert!(!shown.contains("s3cr3t"), "{shown}");
    }

    #[tokio::test]
    async fn a_private_address_is_not_spoken_to_unless_allowed() {
        let now = "2026-03-10T08:00:00Z".parse().unwrap();
        let error =
            peer("http://127.0.0.1:9/s3cr3t").unwrap().hand_over(Vec::new(), Vec::new(), now).await.unwrap_err();
        assert_eq!(error.fault, DeliverFault::Local);
        assert!(error.message.contains("allow_private") && !error.message.contains("s3cr3t"), "{error}");
    }
}
