//! Manners towards the hosts of article pages: one request at a time with a pause between, and robots.txt.

use super::Pipeline;
use crate::ports::{FetchError, Http, HttpRequest};
use crate::stages::schedule::host_key;
use jiff::{SignedDuration, Timestamp};
use robotxt::{AccessResult, Robots};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use url::Url;

/// How long a robots.txt is believed (RFC 9309 section 2.4: at most 24 hours).
const ROBOTS_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// How soon a robots.txt that a failing server did not give is asked for again.
const ROBOTS_RETRY: SignedDuration = SignedDuration::from_mins(30);

/// What is known of hosts, in memory only: lost at a restart, learnt again.
#[derive(Default)]
pub(super) struct Manners {
    next_free: Mutex<BTreeMap<String, Timestamp>>,
    robots: Mutex<BTreeMap<String, (Timestamp, Robots)>>,
}

impl Pipeline {
    /// When `url`'s host may be asked again: `None` for now, in which case the place is taken.
    pub fn take_host(&self, url: &Url, now: Timestamp) -> Option<Timestamp> {
        self.manners.take_host(url, self.settings.host_pause, now)
    }

    /// Whether the host's robots.txt lets us fetch `url`.
    pub(super) async fn robots_allow(&self, url: &Url, now: Timestamp) -> bool {
        self.manners.robots_allow(self.http.as_ref(), &self.settings.robots_agent, url, now).await
    }
}

impl Manners {
    /// As [`Pipeline::take_host`], with `pause` between two requests to one host.
    pub(super) fn take_host(&self, url: &Url, pause: SignedDuration, now: Timestamp) -> Option<Timestamp> {
        let mut hosts = self.next_free.lock().unwrap_or_else(PoisonError::into_inner);
        let host = host_key(url);
        match hosts.get(&host) {
            // More than the pause ahead is a time of a clock that has been put back since.
            Some(free) if *free > now && free.duration_since(now) <= pause => Some(*free),
            _ => {
                hosts.retain(|_, free| *free > now);
                if let Ok(free) = now.checked_add(pause) {
                    hosts.insert(host, free);
                }
                None
            }
        }
    }

    /// Whether the robots.txt of `url`'s host lets `agent` fetch it.
    pub(super) async fn robots_allow(&self, http: &dyn Http, agent: &str, url: &Url, now: Timestamp) -> bool {
        let key = host_key(url);
        let known = {
            let robots = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
            robots
                .get(&key)
                .filter(|(until, _)| now < *until && until.duration_since(now) <= ROBOTS_LIFE)
                .map(|(_, rules)| rules.is_url_allowed(url))
        };
        if let Some(allowed) = known {
            return allowed;
        }
        let (life, rules) = fetch_robots(http, agent, url).await;
        let allowed = rules.is_url_allowed(url);
        let mut robots = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        robots.retain(|_, (until, _)| now < *until);
        if let Ok(until) = now.checked_add(life) {
            robots.insert(key, (until, rules));
        }
        allowed
    }
}

async fn fetch_robots(http: &dyn Http, agent: &str, url: &Url) -> (SignedDuration, Robots) {
    let mut robots_url = url.clone();
    robots_url.set_path("/robots.txt");
    robots_url.set_query(None);
    robots_url.set_fragment(None);
    let answer = http
        .get(HttpRequest {
            url: robots_url,
            etag: None,
            last_modified: None,
            accept: "text/plain, */*;q=0.1",
            max_bytes: robotxt::BYTE_LIMIT,
        })
        .await;
    let access = match &answer {
        Ok(answer) if answer.status < 300 => AccessResult::Successful(&answer.body),
        Ok(answer) if answer.status < 500 => AccessResult::Unavailable,
        Err(FetchError::TooManyRedirects(_)) => AccessResult::TooManyRedirects,
        // A file over the limit is a page in its place: no rules.
        Err(FetchError::TooLarge(_)) => AccessResult::Unavailable,
        Ok(_) | Err(_) => AccessResult::Unreachable,
    };
    let life = if matches!(access, AccessResult::Unreachable) { ROBOTS_RETRY } else { ROBOTS_LIFE };
    (life, Robots::from_access(access, agent))
}
