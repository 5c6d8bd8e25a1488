//! The steps: each one unit of work, written over the ports, driven by the loops of `app` and by tests alike.
//!
//! poll a feed → read the selected entries → settle what was read → make the digest that is due → deliver it.
//! A step takes what is due, does one thing, commits it in one unit, and says what it did. A fault of one item is that
//! item's own: it is counted, kept as a decision and passed over; only the store's faults end a step early.

mod ask;
mod audit;
mod care;
mod deliver;
mod digest;
mod forget;
mod hand;
mod ingest;
mod manners;
mod past;
mod poll;
mod probe;
mod read;
mod retain;
mod revise;
mod settle;
mod show;
mod status;
mod trail;
mod watched;

pub use ask::{AskError, Question, answer};
pub use care::{Care, care};
pub use deliver::{DeliveryPolicy, DeliveryReport, message, told_of_trial, try_channel};
pub use digest::DigestReport;
pub use forget::Forget;
pub use hand::{Change, SEEN_BY_SERVICE, Wrong};
pub use poll::PollReport;
pub use probe::{Probe, Prober};
pub use read::{ArticleFacts, ReadPolicy, ReadReport, read_page};
pub use revise::RecheckReport;
pub use settle::SettleReport;
pub use show::Viewer;
pub use status::{Polled, room_needs, status};

use crate::domain::{
    Anonymity, Backfill, ChannelId, Decision, DigestSchedule, DigestTimes, FeedId, FeedSpec, Outcome, Retention,
    RoomAlarms, Route, Stage, Subject, WatchedBody, WatchedPerson, Watchlist,
};
use crate::ports::{Channel, Clock, FetchError, Http, HttpRequest, HttpResponse, Store};
use crate::stages::{extract::Extractor, schedule::PollPolicy, select::Selector};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// What the steps need to know of the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Feeds that are polled.
    pub feeds: Vec<FeedSpec>,
    /// Who and what is watched.
    pub watchlist: Watchlist,
    /// Who must not be named.
    pub anonymity: Vec<Anonymity>,
    /// Bounds of polling.
    pub poll: PollPolicy,
    /// Most bytes of a feed or page, after decompression.
    pub max_bytes: usize,
    /// Least pause between two requests to one host.
    pub host_pause: SignedDuration,
    /// How pages are tried again.
    pub read: ReadPolicy,
    /// When digests are due.
    pub digest: DigestSchedule,
    /// Which alerts go where; what none takes goes to `default_channels`.
    pub routes: Vec<Route>,
    /// Channels of what no route takes; all where there are none.
    pub default_channels: Vec<ChannelId>,
    /// How deliveries are tried again.
    pub delivery: DeliveryPolicy,
    /// Product token of the `User-Agent`, as robots.txt files may name it.
    pub robots_agent: String,
    /// How far back the past of somebody who is watched since lately is told.
    pub past: Backfill,
    /// Alerts an hour above which the flood breaker holds the rest; 0 for no limit.
    pub flood: u32,
    /// How long things are kept.
    pub retention: Retention,
    /// When the store and its disk need a look.
    pub room: RoomAlarms,
}

impl Settings {
    /// Settings for work without feeds, network and digests.
    pub fn without_feeds(watchlist: Watchlist) -> Self {
        Self {
            feeds: Vec::new(),
            watchlist,
            anonymity: Vec::new(),
            poll: PollPolicy { min: SignedDuration::from_mins(5), max: SignedDuration::from_hours(24) },
            max_bytes: 10 * 1024 * 1024,
            host_pause: SignedDuration::ZERO,
            read: ReadPolicy::default(),
            digest: DigestSchedule {
                times: DigestTimes::Immediate,
                days: DigestSchedule::ALL_DAYS.to_vec(),
                zone: "Europe/London".to_owned(),
            },
            routes: Vec::new(),
            default_channels: Vec::new(),
            delivery: DeliveryPolicy::default(),
            robots_agent: String::new(),
            past: Backfill::Within(SignedDuration::from_hours(90 * 24)),
            flood: 0,
            retention: Retention::FOR_EVER,
            room: RoomAlarms::default(),
        }
    }
}

/// The network of a pipeline that must not use one.
struct NoNetwork;

#[async_trait]
impl Http for NoNetwork {
    async fn get(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        Err(FetchError::Refused { url: request.url.to_string(), reason: "this command uses no network".to_owned() })
    }
}

/// The steps and what they work with.
pub struct Pipeline {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The network.
    pub http: Arc<dyn Http>,
    /// Everything that lasts.
    pub store: Arc<dyn Store>,
    /// Where digests go.
    pub channels: Vec<Arc<dyn Channel>>,
    /// Channels that get no digests (any more), but corrections of what they were sent.
    pub former: Vec<Arc<dyn Channel>>,
    /// The configuration.
    pub settings: Settings,
    selector: Selector,
    extractor: Arc<Extractor>,
    manners: Arc<manners::Manners>,
    /// Held while it is decided which reports tell which development: by the settling step, and by changes by hand.
    deciding: Arc<tokio::sync::Mutex<()>>,
    /// Held while digests are handed over, and while those that were are put right. Taken after `deciding`.
    delivering: Arc<tokio::sync::Mutex<()>>,
    retaining: Arc<tokio::sync::Mutex<retain::Retaining>>,
}

impl Pipeline {
    /// The pipeline over these ports.
    pub fn new(
        clock: Arc<dyn Clock>,
        http: Arc<dyn Http>,
        store: Arc<dyn Store>,
        channels: Vec<Arc<dyn Channel>>,
        settings: Settings,
    ) -> Self {
        let selector = Selector::new(&settings.watchlist);
        let extractor = Arc::new(Extractor::new(&settings.watchlist));
        Self {
            clock,
            http,
            store,
            channels,
            former: Vec::new(),
            settings,
            selector,
            extractor,
            manners: Arc::default(),
            deciding: Arc::default(),
            delivering: Arc::default(),
            retaining: Arc::default(),
        }
    }

    /// The pipeline for another configuration of the same service, to take the place of this one: it knows what this one knows of
    /// hosts, and the two never decide at the same time.
    #[must_use]
    pub fn renewed(
        &self,
        http: Arc<dyn Http>,
        channels: Vec<Arc<dyn Channel>>,
        former: Vec<Arc<dyn Channel>>,
        settings: Settings,
    ) -> Self {
        let fresh = Self::new(Arc::clone(&self.clock), http, Arc::clone(&self.store), channels, settings);
        let (manners, deciding) = (Arc::clone(&self.manners), Arc::clone(&self.deciding));
        let (delivering, retaining) = (Arc::clone(&self.delivering), Arc::clone(&self.retaining));
        Self { former, manners, deciding, delivering, retaining, ..fresh }
    }

    /// A pipeline without network and channels.
    pub fn offline(clock: Arc<dyn Clock>, store: Arc<dyn Store>, settings: Settings) -> Self {
        Self::new(clock, Arc::new(NoNetwork), store, Vec::new(), settings)
    }

    /// The configured feed with `id`.
    pub fn feed(&self, id: &FeedId) -> Option<&FeedSpec> {
        self.settings.feeds.iter().find(|f| f.id == *id)
    }

    /// The name that `entity` has on the watchlist, else `entity` itself.
    pub fn watched_name(&self, entity: &str) -> String {
        let list = &self.settings.watchlist;
        let persons = list.persons.iter().map(|WatchedPerson { id, name, .. }| (id, name));
        let bodies = list.bodies.iter().map(|WatchedBody { id, name, .. }| (id, name));
        let keywords = list.keywords.iter().map(|k| (&k.id, &k.name));
        persons
            .chain(bodies)
            .chain(keywords)
            .find(|(id, _)| *id == entity)
            .map_or_else(|| entity.to_owned(), |(_, name)| name.clone())
    }
}

/// A decision about `subject`.
fn decision(
    subject: Subject,
    stage: Stage,
    rule: &str,
    outcome: Outcome,
    evidence: impl Into<String>,
    at: Timestamp,
) -> Decision {
    Decision { subject, stage, rule: rule.to_owned(), outcome, evidence: evidence.into(), at }
}
