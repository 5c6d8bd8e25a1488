//! Trying addresses without storing anything: what one would read as a feed, and which feeds a site has.

use super::manners::Manners;
use super::poll::{accept, parse_apart};
use crate::domain::{FeedKind, PageSelectors, ParsedFeed};
use crate::ports::{Clock, Http, HttpRequest, HttpResponse};
use crate::stages::parse::{discover, is_html};
use jiff::SignedDuration;
use std::sync::Arc;
use url::Url;

/// Most addresses that one search for feeds tries, the page itself included.
const MOST_TRIES: usize = 12;

/// Tries addresses with the manners of the service.
pub struct Prober {
    clock: Arc<dyn Clock>,
    http: Arc<dyn Http>,
    max_bytes: usize,
    host_pause: SignedDuration,
    agent: String,
    manners: Manners,
}

/// What an address gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The address that was asked.
    pub url: Url,
    /// Where it led, when it answered.
    pub final_url: Option<Url>,
    /// How it was read, when it could be.
    pub kind: Option<FeedKind>,
    /// What was read, or why not.
    pub read: Result<ParsedFeed, String>,
    /// Whether the server gives validators, so that an unchanged feed costs next to nothing.
    pub conditional: bool,
    /// Size of the answer in bytes.
    pub bytes: usize,
}

impl Prober {
    /// A prober over these ports; `agent` is our product token, `host_pause` the pause between two requests to one host.
    pub fn new(
        clock: Arc<dyn Clock>,
        http: Arc<dyn Http>,
        max_bytes: usize,
        host_pause: SignedDuration,
        agent: &str,
    ) -> Self {
        Self { clock, http, max_bytes, host_pause, agent: agent.to_owned(), manners: Manners::default() }
    }

    /// Reads `url` as a feed of `kind`; of `None`: as a feed, or as a list page where it is HTML.
    pub async fn probe(&self, url: &Url, kind: Option<&FeedKind>) -> Probe {
        let failed = |why: String| Probe {
            url: url.clone(),
            final_url: None,
            kind: None,
            read: Err(why),
            conditional: false,
            bytes: 0,
        };
        if matches!(kind, Some(FeedKind::Page(_))) && !self.allowed(url).await {
            return failed("robots.txt forbids the page, or could not be had".to_owned());
        }
        let answer = match self.get(url, kind.unwrap_or(&FeedKind::Feed)).await {
            Ok(answer) => answer,
            Err(why) => return failed(why),
        };
        let kind = match kind {
            Some(kind) => kind.clone(),
            None if is_html(&answer.body, answer.header("content-type")) => FeedKind::Page(PageSelectors::default()),
            None => FeedKind::Feed,
        };
        let read = parse_apart(&kind, answer.body.clone(), &answer).await;
        Probe {
            url: url.clone(),
            final_url: Some(answer.final_url.clone()),
            kind: Some(kind),
            read,
            conditional: answer.header("etag").or_else(|| answer.header("last-modified")).is_some(),
            bytes: answer.body.len(),
        }
    }

    /// The feeds of the site at `url`: those that its HTML names, then the usual places; only what can be read, and with
    /// how many addresses were tried. A list page is offered where there is no feed.
    ///
    /// # Errors
    /// When the page at `url` cannot be had.
    pub async fn find(&self, url: &Url) -> Result<(Vec<Probe>, usize), String> {
        let answer = self.get(url, &FeedKind::Page(PageSelectors::default())).await?;
        if !is_html(&answer.body, answer.header("content-type")) {
            let probe = self.probe(url, Some(&FeedKind::Feed)).await;
            return Ok((Some(probe).filter(|p| p.read.is_ok()).into_iter().collect(), 1));
        }
        let named = discover(&answer.body, &answer.final_url, answer.header("content-type"));
        let (mut found, mut tries) = (Vec::<Probe>::new(), 1);
        for candidate in named {
            // The usual places are guesses: not worth a request once the page has named a feed that can be read.
            if tries >= MOST_TRIES || (candidate.guessed && !found.is_empty()) {
                break;
            }
            tries += 1;
            let probe = self.probe(&candidate.url, Some(&FeedKind::Feed)).await;
            if probe.read.is_ok() && found.iter().all(|p| p.final_url != probe.final_url) {
                found.push(probe);
            }
        }
        if found.is_empty() {
            let kind = FeedKind::Page(PageSelectors::default());
            if let Ok(read) = parse_apart(&kind, answer.body.clone(), &answer).await {
                let conditional = answer.header("etag").or_else(|| answer.header("last-modified")).is_some();
                let bytes = answer.body.len();
                let final_url = Some(answer.final_url.clone());
                found.push(Probe { url: url.clone(), final_url, kind: Some(kind), read: Ok(read), conditional, bytes });
            }
        }
        Ok((found, tries))
    }

    async fn allowed(&self, url: &Url) -> bool {
        self.manners.robots_allow(self.http.as_ref(), &self.agent, url, self.clock.now()).await
    }

    async fn get(&self, url: &Url, kind: &FeedKind) -> Result<HttpResponse, String> {
        while let Some(free) = self.manners.take_host(url, self.host_pause, self.clock.now()) {
            self.clock.sleep_until(free).await;
        }
        let request = HttpRequest {
            url: url.clone(),
            etag: None,
            last_modified: None,
            accept: accept(kind),
            max_bytes: self.max_bytes,
        };
        let answer = self.http.get(request).await.map_err(|e| e.to_string())?;
        if (200..300).contains(&answer.status) { Ok(answer) } else { Err(format!("status {}", answer.status)) }
    }
}
