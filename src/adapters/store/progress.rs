//! What units of work change and no article, alert or digest says by itself: archived, so that sled can be made anew as it was.
//!
//! Without it a rebuild would have to settle everything again: in another order and by today's rules, which tells developments
//! under other ids, and so a second time.

use super::{
    Inner,
    keys::{self, Key},
    unit::{Tree, Unit, View as _},
    write::{self, Cluster, DevelopmentRow, ReadingNote},
};
use crate::{
    adapters::archive::{Prepared, RecordKind},
    domain::{AlertId, ArticleId, Development, DevelopmentId, Doubt, Extraction, Recheck},
    ports::{ArticleRecord, BlockingKey, DigestCommit, HandCommit, SettleCommit, StoreError},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far a thing has come.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Progress {
    /// The version of an article that was read then is settled.
    Settled { article: ArticleId, read: Timestamp, copies_of: ArticleId, doubts: Vec<Doubt> },
    /// An article was read again for somebody's past, and is to be settled again.
    ReadAgain { record: Box<ArticleRecord> },
    /// What other rules found in the version of an article that was read then; it is not settled again.
    Reprocessed { article: ArticleId, read: Timestamp, extraction: Box<Extraction> },
    /// When an article is looked at again.
    Rechecked { recheck: Recheck },
    /// A development was merged into an older one.
    Merged { development: DevelopmentId, into: DevelopmentId },
    /// One that was merged is its own again.
    Parted { development: DevelopmentId },
    /// No digest is to tell the alert any more.
    Withdrawn { alert: AlertId },
    /// The next digest is to tell it after all.
    Waiting { alert: AlertId },
}

impl Progress {
    fn id(&self) -> &str {
        match self {
            Self::Settled { article, .. } | Self::Reprocessed { article, .. } => article.as_str(),
            Self::ReadAgain { record } => record.id.as_str(),
            Self::Rechecked { recheck } => recheck.article.as_str(),
            Self::Merged { development, .. } | Self::Parted { development } => development.as_str(),
            Self::Withdrawn { alert } | Self::Waiting { alert } => alert.as_str(),
        }
    }

    /// The key of the thing with which it may go; which developments there were is kept for good.
    pub(super) fn goes_with(&self) -> Option<Key> {
        match self {
            Self::Settled { article, .. } | Self::Reprocessed { article, .. } => Some(keys::article(article)),
            Self::ReadAgain { record } => Some(keys::article(&record.id)),
            Self::Rechecked { recheck } => Some(keys::article(&recheck.article)),
            Self::Merged { .. } | Self::Parted { .. } => None,
            Self::Withdrawn { alert } | Self::Waiting { alert } => Some(keys::alert(alert)),
        }
    }

    /// Takes the step again, in a tree that is made anew.
    pub(super) fn take(&self, unit: &mut Unit<'_>) -> Result<(), StoreError> {
        match self {
            Self::Settled { article, read, copies_of, doubts } => {
                let Some(record) = unit.get::<ArticleRecord>(&keys::article(article))? else { return Ok(()) };
                let waits = unit.bytes(&write::queue_key(&record))?.is_some();
                if waits && record.read == *read { write::settled(unit, &record, copies_of, doubts) } else { Ok(()) }
            }
            Self::ReadAgain { record } => match unit.get::<ArticleRecord>(&keys::article(&record.id))? {
                Some(stored) if stored.read == record.read => write::article_record(unit, record),
                _ => Ok(()),
            },
            Self::Reprocessed { article, read, extraction } => {
                let Some(record) = unit.get::<ArticleRecord>(&keys::article(article))? else { return Ok(()) };
                let found = ArticleRecord { extraction: (**extraction).clone(), ..record };
                if found.read == *read { write::extractions(unit, &[found]) } else { Ok(()) }
            }
            Self::Rechecked { recheck } => match unit.bytes(&keys::article(&recheck.article))? {
                Some(_) => write::recheck(unit, recheck),
                None => Ok(()),
            },
            Self::Merged { development, into } => write::merge(unit, development, into),
            Self::Parted { development } => unit.remove(&keys::merged(development)),
            // Alerts come after all steps, with whether they wait.
            Self::Withdrawn { .. } | Self::Waiting { .. } => Ok(()),
        }
    }
}

impl Inner {
    fn steps(&self, at: Timestamp, steps: impl IntoIterator<Item = Progress>) -> Result<Vec<Prepared>, StoreError> {
        steps.into_iter().map(|step| self.prepare_json(RecordKind::Progress, at, step.id(), &step)).collect()
    }

    fn development_records(
        &self,
        at: Timestamp,
        changed: &[(Development, Vec<BlockingKey>)],
    ) -> Result<Vec<Prepared>, StoreError> {
        let row = |(development, keys): &(Development, Vec<BlockingKey>)| {
            let row = DevelopmentRow { development: development.clone(), keys: keys.clone() };
            self.prepare_json(RecordKind::Development, at, development.id.as_str(), &row)
        };
        changed.iter().map(row).collect()
    }

    /// What settling an article changes; nothing where it is gone.
    pub(super) fn settle_records(&self, work: &SettleCommit) -> Result<Vec<Prepared>, StoreError> {
        let Some(record) = self.with_tree(|tree| tree.get::<ArticleRecord>(&keys::article(&work.article)))? else {
            return Ok(Vec::new());
        };
        let at = work.decisions.iter().map(|d| d.at).max().unwrap_or(record.read);
        let mut records = self.steps(at, work.merged.iter().filter(|(a, b)| a != b).map(merged))?;
        records.extend(self.development_records(at, &work.developments)?);
        let alerts = self.alert_records(&work.alerts)?;
        let recheck = work.recheck.clone().filter(|_| !alerts.is_empty());
        records.extend(alerts);
        let settled = Progress::Settled {
            article: record.id,
            read: record.read,
            copies_of: work.copies_of.clone(),
            doubts: work.doubts.clone(),
        };
        let recheck = recheck.map(|recheck| Progress::Rechecked { recheck });
        records.extend(self.steps(at, recheck.into_iter().chain([settled]))?);
        Ok(records)
    }

    /// What the user decided by hand.
    pub(super) fn hand_records(&self, work: &HandCommit) -> Result<Vec<Prepared>, StoreError> {
        let at = work.decisions.iter().map(|d| d.at).max().unwrap_or(Timestamp::UNIX_EPOCH);
        let parted = work.parted.iter().map(|id| Progress::Parted { development: id.clone() });
        let merged = work.merged.iter().filter(|(a, b)| a != b).map(merged);
        let mut records = self.steps(at, parted.chain(merged))?;
        records.extend(self.development_records(at, &work.developments)?);
        let withdrawn = work.withdrawn.iter().map(|id| Progress::Withdrawn { alert: id.clone() });
        let waiting = work.waiting.iter().map(|id| Progress::Waiting { alert: id.clone() });
        records.extend(self.steps(at, withdrawn.chain(waiting))?);
        let again = work.past.articles.iter().map(|record| Progress::ReadAgain { record: Box::new(record.clone()) });
        records.extend(self.steps(at, again)?);
        Ok(records)
    }

    /// What other rules found in stored articles.
    pub(super) fn reprocessed_records(&self, found: &[ArticleRecord]) -> Result<Vec<Prepared>, StoreError> {
        let mut records = Vec::new();
        for record in found {
            records.extend(self.steps(record.read, [reprocessed(record)])?);
        }
        Ok(records)
    }

    /// That alerts wait no more, though no digest tells them: they were muted.
    pub(super) fn untold_records(&self, work: &DigestCommit) -> Result<Vec<Prepared>, StoreError> {
        let tells = |id: &AlertId| work.digest.iter().chain(&work.also).any(|digest| digest.tells(id));
        let untold = work.alerts.iter().filter(|id| !tells(id)).map(|id| Progress::Withdrawn { alert: id.clone() });
        self.steps(work.covered_until, untold)
    }

    /// That an article is looked at again.
    pub(super) fn recheck_records(
        &self,
        at: Timestamp,
        recheck: Option<&Recheck>,
    ) -> Result<Vec<Prepared>, StoreError> {
        self.steps(at, recheck.map(|recheck| Progress::Rechecked { recheck: recheck.clone() }))
    }
}

fn reprocessed(record: &ArticleRecord) -> Progress {
    let extraction = Box::new(record.extraction.clone());
    Progress::Reprocessed { article: record.id.clone(), read: record.read, extraction }
}

fn merged((younger, older): &(DevelopmentId, DevelopmentId)) -> Progress {
    Progress::Merged { development: younger.clone(), into: older.clone() }
}

/// How far an article has come by what the tree says, as it would be archived now; each with its time.
pub(super) fn of_article(tree: &Tree<'_>, id: &ArticleId) -> Result<Vec<(Timestamp, Progress)>, StoreError> {
    let Some(record) = tree.get::<ArticleRecord>(&keys::article(id))? else { return Ok(Vec::new()) };
    // An article that stays as it is in the archive may have been reprocessed since.
    let mut out = vec![(record.read, reprocessed(&record))];
    if let Some(recheck) = tree.get::<Recheck>(&keys::recheck(id))? {
        out.push((recheck.since, Progress::Rechecked { recheck }));
    }
    if let Some(copies_of) = tree.get::<Cluster>(&keys::cluster(id))? {
        let note: Option<ReadingNote> = tree.get(&keys::read_at(record.read, id))?;
        let doubts = note.map(|note| note.doubts).unwrap_or_default();
        out.push((record.read, Progress::Settled { article: record.id, read: record.read, copies_of, doubts }));
    }
    Ok(out)
}
