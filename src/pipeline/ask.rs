//! Questions to the store: the same answers whether the running daemon gives them or a command that opened the store.

use super::{Pipeline, Viewer, status, trail, watched};
use crate::domain::{
    AlertId, ArticleId, Decision, Delivery, Development, DevelopmentId, DigestId, EntryId, EntryState, FeedState,
    Rulings, Subject,
};
use crate::ports::{Store, StoreError};
use crate::stages::{render, schedule};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A question that can be asked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub enum Question {
    /// Is it well?
    Status,
    /// The trail of decisions behind an address, or behind an alert or anything else by its id.
    Why {
        /// An address, or an id (or a unique beginning of one).
        what: String,
    },
    /// All alerts.
    Alerts {
        /// Only those that the flood breaker held back.
        #[serde(default)]
        held: bool,
    },
    /// All digests.
    Digests,
    /// One digest in all its forms.
    Digest {
        /// Its id, or `latest`.
        id: String,
    },
    /// What selection passed over, the newest first.
    PassedOver {
        /// At most so many.
        limit: usize,
    },
    /// How each feed stands.
    Feeds,
    /// Articles with what was found in them, in order of id.
    Records {
        /// Those behind this one.
        after: Option<ArticleId>,
        /// At most so many; never more than 200.
        limit: usize,
    },
    /// Entries that selection passed over, whole, the newest first.
    PassedOverRecords {
        /// Those behind this one: when it was seen, and its id.
        after: Option<(Timestamp, EntryId)>,
        /// At most so many; never more than 200.
        limit: usize,
    },
    /// Developments, whole, in order of id.
    Developments {
        /// Those behind this one.
        after: Option<DevelopmentId>,
        /// At most so many; never more than 200.
        limit: usize,
    },
    /// How many alerts each of these raised, and what happened last.
    Watched {
        /// Ids, each with those it had before.
        entries: Vec<Vec<String>>,
    },
    /// What happened to somebody, in order.
    Timeline {
        /// The id, and those it had before.
        ids: Vec<String>,
        /// What the user decided by hand.
        rulings: Rulings,
    },
    /// What is remembered of the watchlists that the service ran with.
    WatchMemory,
    /// The audit log, checked.
    Audit,
    /// What is stored under an id or its beginning, whole: an alert, with its development and article; a development.
    Show {
        /// The id, or a unique beginning of one.
        what: String,
    },
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nothing of that name is stored.
    #[error("{0}")]
    Unknown(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Answers `question` out of `store`.
///
/// # Errors
/// When nothing of that name is stored, or the store fails.
pub async fn answer(store: &dyn Store, viewer: Viewer<'_>, question: &Question) -> Result<Value, AskError> {
    match question {
        Question::Status => status::status(store, None).await,
        Question::Why { what } => why(store, what).await,
        Question::Alerts { held } => {
            let waiting: BTreeSet<AlertId> = store.waiting_alerts().await?.into_iter().map(|alert| alert.id).collect();
            let mut alerts = Vec::new();
            for mut alert in store.alerts().await?.into_iter().filter(|a| !held || a.held) {
                viewer.mark_proceedings(store, &mut alert).await?;
                let mut row = json!(alert);
                row["told_in"] = json!(told_in(store, &alert.id).await?);
                row["waits"] = json!(waiting.contains(&alert.id));
                alerts.push(row);
            }
            Ok(json!({ "alerts": alerts, "held": held }))
        }
        Question::Digests => {
            let mut digests = Vec::new();
            for (id, subject) in store.digests().await? {
                let deliveries = deliveries(store, &id).await?;
                digests.push(json!({ "id": id, "subject": subject, "deliveries": deliveries }));
            }
            Ok(json!({ "digests": digests, "outbox": store.outbox().await? }))
        }
        Question::Digest { id } => digest(store, viewer, id).await,
        Question::PassedOver { limit } => {
            let records = store.passed_over(None, *limit).await?;
            let rows: Vec<Value> = records
                .iter()
                .map(|r| {
                    let reason = if let EntryState::PassedOver { reason } = &r.state { reason.as_str() } else { "" };
                    json!({
                        "headline": r.entry.parsed.title, "address": r.entry.parsed.link, "reason": reason,
                        "feed": r.entry.feed, "first_seen": r.entry.first_seen,
                    })
                })
                .collect();
            let total = store.counts().await?.passed_over;
            Ok(json!({ "passed_over": rows, "total": total }))
        }
        Question::Records { after, limit } => watched::records(store, after.as_ref(), *limit).await,
        Question::PassedOverRecords { after, limit } => {
            let records = store.passed_over(after.clone(), (*limit).clamp(1, watched::MOST)).await?;
            Ok(json!({ "records": records }))
        }
        Question::Developments { after, limit } => watched::all_developments(store, after.as_ref(), *limit).await,
        Question::Watched { entries } => watched::watched(store, entries).await,
        Question::Timeline { ids, rulings } => watched::timeline(store, ids, rulings).await,
        Question::Audit => Ok(json!(store.audit_log().await?)),
        Question::WatchMemory => Ok(json!(store.watch_memory().await?)),
        Question::Show { what } => watched::show(store, what).await,
        Question::Feeds => Ok(json!({ "feeds": store.feed_states().await?.iter().map(feed_row).collect::<Vec<_>>() })),
    }
}

/// How a feed stands, and how its next check will ask for it.
fn feed_row(state: &FeedState) -> Value {
    let mut row = json!(state);
    row["next_asks"] = json!(state.next_due.map(|due| schedule::asked(state, due).name()));
    row
}

async fn digest(store: &dyn Store, viewer: Viewer<'_>, id: &str) -> Result<Value, AskError> {
    let id = find_digest(store, id).await?;
    let digest =
        store.digest(&id).await?.ok_or_else(|| StoreError::Corrupt(format!("digest {id} is listed but gone")))?;
    let digest = viewer.masks.digest(&digest);
    Ok(json!({
        "id": id, "text": render::text(&digest), "html": render::html(&digest), "digest": digest,
        "deliveries": deliveries(store, &id).await?,
    }))
}

/// The digest with that id or with the beginning of it; of several with one beginning the newest, but the whole id before all.
pub(super) async fn find_digest(store: &dyn Store, id: &str) -> Result<DigestId, AskError> {
    let all = store.digests().await?;
    let whole = all.iter().find(|(d, _)| d.as_str() == id);
    let found = whole.or_else(|| all.iter().find(|(d, _)| id == "latest" || d.as_str().starts_with(id)));
    let unknown = || AskError::Unknown(format!("no digest {id:?}: `conductwatch digest list` shows all"));
    found.map(|(id, _)| id.clone()).ok_or_else(unknown)
}

/// How the deliveries of a digest stand, each with its key.
async fn deliveries(store: &dyn Store, id: &DigestId) -> Result<Vec<Value>, StoreError> {
    let with_key = |delivery: Delivery| {
        let key = delivery.key();
        let mut value = json!(delivery);
        value["key"] = json!(key);
        value
    };
    Ok(store.deliveries(id).await?.into_iter().map(with_key).collect())
}

/// What a step of a trail is about, for people.
#[derive(Default)]
struct Title {
    title: String,
    address: Option<String>,
    feed: Option<FeedState>,
    /// How looking again at an article stands, and what changed in it.
    again: Option<Value>,
    /// What was read in an article.
    read: Option<Value>,
    /// Who tells a development.
    told: Option<Value>,
}

impl From<String> for Title {
    fn from(title: String) -> Self {
        Self { title, ..Self::default() }
    }
}

/// A step of a trail: what it is about, and what was decided about it.
fn step(subject: &Subject, about: Title, decisions: &[Decision]) -> Value {
    let Title { title, address, feed, read, told, again } = about;
    let mut step = json!({ "subject": subject, "title": title, "address": address, "decisions": decisions });
    if let Some(feed) = feed {
        step["feed"] = json!(feed);
    }
    for (key, value) in [("read", read), ("told_by", told), ("looked_at_again", again)] {
        if let Some(value) = value {
            step[key] = value;
        }
    }
    step
}

async fn why(store: &dyn Store, what: &str) -> Result<Value, AskError> {
    let mut queue = store.find(what).await?;
    if queue.is_empty() {
        return Err(AskError::Unknown(format!(
            "nothing is stored about {what:?}: no feed, entry, article, development, alert or digest has that address or \
             id, or an id that begins so with four characters at least; an article that no feed listed was never seen"
        )));
    }
    // Asked of an article, all that it tells is of interest; asked of one alert or development, only that.
    let asks_of_article = queue.iter().any(|s| matches!(s, Subject::Article(_) | Subject::Entry(_)));
    let mut seen: Vec<Subject> = Vec::new();
    let mut trail: Vec<(u8, Value)> = Vec::new();
    while let Some(subject) = queue.pop() {
        if seen.contains(&subject) {
            continue;
        }
        seen.push(subject.clone());
        let decisions = store.decisions(&subject).await?;
        // What led here, and what came of it.
        let (rank, title) = match &subject {
            Subject::Feed(id) => {
                let feed = store.feed_states().await?.into_iter().find(|f| f.id == *id);
                let title = feed.as_ref().and_then(|f| f.title.clone()).unwrap_or_default();
                (0, Title { title, feed, ..Title::default() })
            }
            Subject::Entry(id) => {
                let record = store.entries(std::slice::from_ref(id)).await?.into_iter().next();
                let parsed = record.as_ref().map(|r| &r.entry.parsed);
                let title = parsed.and_then(|p| p.title.clone()).unwrap_or_default();
                let address = parsed.and_then(|p| p.link.as_ref()).map(ToString::to_string);
                if let Some(EntryState::Done { article } | EntryState::GaveUp { article, .. }) =
                    record.as_ref().map(|r| &r.state)
                {
                    queue.push(Subject::Article(article.clone()));
                }
                (1, Title { title, address, ..Title::default() })
            }
            Subject::Article(id) => {
                let record = store.article(id).await?;
                if let Some(url) = record.as_ref().and_then(|r| r.article.url.as_ref()) {
                    queue
                        .extend(store.find(url.as_str()).await?.into_iter().filter(|s| matches!(s, Subject::Entry(_))));
                }
                for alert in store.alerts_of(id).await? {
                    queue.push(Subject::Alert(alert.id));
                }
                if let Some(record) = record.as_ref().filter(|_| asks_of_article) {
                    let told = trail::told_by(store, record).await?;
                    queue.extend(told.into_iter().map(|d| Subject::Development(d.id)));
                }
                let read = record.as_ref().map(trail::read_in);
                let address = record.as_ref().and_then(|r| r.article.url.as_ref()).map(ToString::to_string);
                let title = record.and_then(|r| r.article.headline).unwrap_or_default();
                let again = store.recheck(id).await?.map(|r| (r, store.revisions(id)));
                let again = match again {
                    Some((recheck, revisions)) => Some(json!({ "recheck": recheck, "revisions": revisions.await? })),
                    None => None,
                };
                (2, Title { title, address, read, again, ..Title::default() })
            }
            Subject::Development(id) => {
                let development = store.development(id).await?;
                let title = development.as_ref().map_or_else(String::new, |d| {
                    let reports = d.reports.len();
                    format!("{}, told by {reports} report{}", d.kind.label(), if reports == 1 { "" } else { "s" })
                });
                let alert = alert_of(store, development.as_ref()).await?;
                let title = alert.map_or_else(|| title.clone(), |alert| format!("{title}; alert {alert}"));
                let title = match &development {
                    Some(whole) if whole.id != *id => format!("a part of {} now: {title}", whole.id),
                    _ => title,
                };
                (3, Title { title, told: development.as_ref().map(trail::told_of), ..Title::default() })
            }
            Subject::Alert(id) => {
                let alert = store.alert(id).await?;
                if let Some(alert) = &alert {
                    queue.push(Subject::Article(alert.article.clone()));
                    if let crate::domain::AlertKind::Development { development, .. } = &alert.content {
                        queue.push(Subject::Development(development.clone()));
                    }
                    queue.extend(alert.corrects.iter().map(|c| Subject::Alert(c.alert.clone())));
                    queue.extend(store.told_in(id).await?.into_iter().map(Subject::Digest));
                }
                let title = alert.map_or_else(String::new, |a| {
                    format!("{} ({}): {}", a.type_name(), a.tracked_names.join(", "), a.evidence.text)
                });
                (4, title.into())
            }
            Subject::Digest(id) => (5, store.digest(id).await?.map(|d| d.subject).unwrap_or_default().into()),
        };
        trail.push((rank, step(&subject, title, &decisions)));
    }
    trail.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.to_string().cmp(&y.to_string())));
    Ok(json!({ "about": what, "trail": trail.into_iter().map(|(_, v)| v).collect::<Vec<_>>() }))
}

/// The alert raised for `development`, or for one that was merged into it.
async fn alert_of(store: &dyn Store, development: Option<&Development>) -> Result<Option<AlertId>, StoreError> {
    let Some(development) = development else { return Ok(None) };
    let mut ids = vec![&development.id];
    ids.extend(&development.merged);
    for id in ids {
        if let Some(alert) = store.alert(&AlertId::derive(&["development", id.as_str()])).await? {
            return Ok(Some(alert.id));
        }
    }
    Ok(None)
}

/// The first digest that tells `alert`, if one does.
pub(super) async fn told_in(store: &dyn Store, alert: &AlertId) -> Result<Option<DigestId>, StoreError> {
    Ok(store.told_in(alert).await?.into_iter().next())
}

impl Pipeline {
    /// Answers `question` out of the pipeline's store.
    ///
    /// # Errors
    /// As [`answer`].
    pub async fn answer(&self, question: &Question) -> Result<Value, AskError> {
        if *question == Question::Status {
            let polled = self.settings.feeds.iter().filter(|f| f.enabled).map(|f| f.id.clone()).collect();
            let polled = status::Polled { feeds: polled, now: self.clock.now(), room: self.settings.room };
            let mut value = status::status(self.store.as_ref(), Some(&polled)).await?;
            // It has the last digest's subject.
            self.masks().value(&mut value);
            return Ok(value);
        }
        let masks = self.masks();
        let viewer = Viewer { masks: &masks, watchlist: &self.settings.watchlist, now: self.clock.now() };
        answer(self.store.as_ref(), viewer, question).await
    }
}
