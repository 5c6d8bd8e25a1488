//! What has to be known before anything is shown to people: whose names are masked, and where proceedings are active.

use super::Pipeline;
use crate::domain::{Alert, AlertKind, Caution, Development, Watchlist};
use crate::ports::{Store, StoreError};
use crate::stages::anonymity::Masks;
use crate::stages::{caution, timeline};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// Most developments of one person or body that are looked through for proceedings, the latest kept: a force has hundreds.
const MOST: usize = 400;

/// Whoever asks, and when.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    /// Names that are masked.
    pub masks: &'a Masks,
    /// The watchlist, with what the user decided by hand.
    pub watchlist: &'a Watchlist,
    /// Now.
    pub now: Timestamp,
}

/// The day at `now`, in UTC.
pub(super) fn day(now: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(now).date()
}

impl Pipeline {
    /// The names that are masked now.
    pub fn masks(&self) -> Masks {
        Masks::new(&self.settings.anonymity, day(self.clock.now()))
    }
}

impl Viewer<'_> {
    /// Marks `alert` where proceedings in its matter are active now.
    pub(super) async fn mark_proceedings(&self, store: &dyn Store, alert: &mut Alert) -> Result<(), StoreError> {
        alert.cautions.retain(|c| *c != Caution::ActiveProceedings);
        if self.proceedings_are_active(store, alert).await? {
            alert.cautions.push(Caution::ActiveProceedings);
        }
        Ok(())
    }

    async fn proceedings_are_active(&self, store: &dyn Store, alert: &Alert) -> Result<bool, StoreError> {
        let Some(own) = own_development(store, alert).await? else { return Ok(false) };
        // Whom it happened to, by whatever id; where that is nobody named, the developments of its story.
        let persons: BTreeSet<&str> = own.reports.iter().flat_map(|r| &r.report.who).map(|e| e.id.as_str()).collect();
        let others = own.reports.iter().flat_map(|r| &r.report.body).map(|e| e.id.as_str());
        let story = alert.story.as_ref().or(own.story.as_ref());
        let everybody: BTreeSet<&str> = persons.iter().copied().chain(others).collect();
        let mut lines = Vec::new();
        for id in everybody {
            let ids = self.watchlist.all_ids(self.watchlist.current_id(id));
            let mut known = Vec::new();
            for id in ids.iter().map(String::as_str).chain((!ids.iter().any(|i| i == id)).then_some(id)) {
                known.extend(store.developments_of(id).await?);
            }
            known.drain(..known.len().saturating_sub(MOST));
            for mut line in timeline::lines(&ids, &known, &[], &self.watchlist.rulings) {
                let same_story = story.is_some() && line.story.as_ref() == story || line.development == own.id;
                let theirs = persons.contains(id) && line.own;
                // An officer without a name is in no line of his force's; the story tells that it is his.
                line.own = theirs || same_story;
                if line.own && !lines.iter().any(|l: &timeline::Line| l.development == line.development) {
                    lines.push(line);
                }
            }
        }
        lines.sort_by_key(|l| (l.date.map(|d| d.first_day()), l.first_seen));
        Ok(caution::proceedings_are_active(&lines, story, day(self.now)))
    }
}

/// The development that `alert` tells, or whose alert it corrects.
async fn own_development(store: &dyn Store, alert: &Alert) -> Result<Option<Development>, StoreError> {
    if let AlertKind::Development { development, .. } = &alert.content {
        return store.development(development).await;
    }
    for earlier in &alert.corrects {
        if let Some(Alert { content: AlertKind::Development { development, .. }, .. }) =
            store.alert(&earlier.alert).await?
        {
            return store.development(&development).await;
        }
    }
    Ok(None)
}
