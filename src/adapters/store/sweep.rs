//! A sweep: what was forgotten goes out of one key after the other.

use super::{
    forget::{self, is_forgotten, row_key},
    keys::{self, Key, Kind},
    unit::{Unit, View as _},
    veil::Veil,
    write::{self, AlertRow, DevelopmentRow, DigestLine},
};
use crate::{
    domain::{
        Alert, AlertKind, Digest, DigestId, DigestItem, EntryRecord, EntryState, Gone, Recheck, Subject, masking,
    },
    ports::{ArticleRecord, StoreError},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeSet;
use url::Url;

/// A sweep over keys, in one unit of work.
pub(super) struct Sweep<'a> {
    veil: &'a Veil,
    /// What went.
    pub(super) gone: Gone,
    /// Digests that were changed.
    pub(super) digests: BTreeSet<DigestId>,
}

impl<'a> Sweep<'a> {
    pub(super) fn new(veil: &'a Veil) -> Self {
        Self { veil, gone: Gone::default(), digests: BTreeSet::new() }
    }

    fn removed(&mut self, kind: Kind) {
        *self.gone.removed.entry(kind.name().to_owned()).or_default() += 1;
    }

    fn blacked_out(&mut self, kind: Kind) {
        *self.gone.blacked_out.entry(kind.name().to_owned()).or_default() += 1;
    }

    /// `thing` with names blacked out; `None` where it has none.
    fn veiled<T: Serialize + DeserializeOwned>(&self, key: &Key, thing: &T) -> Result<Option<T>, StoreError> {
        let corrupt =
            |e: serde_json::Error| StoreError::Corrupt(format!("{}: cannot be blacked out: {e}", key.describe()));
        let mut value = serde_json::to_value(thing).map_err(corrupt)?;
        if !self.veil.black_out(&mut value) {
            return Ok(None);
        }
        serde_json::from_value(value).map(Some).map_err(corrupt)
    }

    /// Takes what was forgotten out of one key.
    pub(super) fn key(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let Some(kind) = key.kind() else { return Ok(()) };
        // It may have gone with another; and most keys say everything by themselves.
        if unit.bytes(key)?.is_none_or(|value| value.len() <= 1) || *key == row_key() {
            return Ok(());
        }
        match kind {
            Kind::Entry => self.entry(unit, key),
            Kind::Article => self.article(unit, key),
            Kind::Recheck => self.recheck(unit, key),
            Kind::Development => self.development(unit, key),
            Kind::Alert => self.alert(unit, key),
            Kind::Digest => self.digest(unit, key),
            Kind::DigestOrder => {
                let line: DigestLine = unit.expect(key)?;
                match unit.get::<Digest>(&keys::digest(&line.id))? {
                    Some(digest) if digest.subject != line.subject => {
                        unit.put(key, &DigestLine { subject: digest.subject, ..line })
                    }
                    _ => self.value(unit, key, kind),
                }
            }
            _ => self.value(unit, key, kind),
        }
    }

    /// A value of which nothing but its texts matters here.
    fn value(&mut self, unit: &mut Unit<'_>, key: &Key, kind: Kind) -> Result<(), StoreError> {
        let mut value: Value = unit.expect(key)?;
        if self.veil.black_out(&mut value) {
            unit.put(key, &value)?;
            self.blacked_out(kind);
        }
        Ok(())
    }

    fn entry(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let record: EntryRecord = unit.expect(key)?;
        if self.veil.row.entries.contains(&record.entry.id) {
            let empty = forget::blank(record.clone());
            if empty != record {
                write::entry(unit, &empty)?;
                remove_decisions(unit, &Subject::Entry(record.entry.id))?;
                self.removed(Kind::Entry);
            }
            return Ok(());
        }
        if let Some(veiled) = self.veiled(key, &record)? {
            // An address that is blacked out leads nowhere.
            let led = matches!(veiled.state, EntryState::Selected { .. });
            let state = if led && veiled.entry.parsed.link != record.entry.parsed.link {
                EntryState::PassedOver { reason: forget::REASON.to_owned() }
            } else {
                veiled.state
            };
            write::entry(unit, &EntryRecord { state, ..veiled })?;
            self.blacked_out(Kind::Entry);
        }
        Ok(())
    }

    fn article(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let record: ArticleRecord = unit.expect(key)?;
        if self.veil.row.articles.contains(&record.id) {
            write::remove_article(unit, &record)?;
            remove_decisions(unit, &Subject::Article(record.id))?;
            self.removed(Kind::Article);
        } else if let Some(veiled) = self.veiled(key, &record)? {
            write::veiled_article(unit, &record, &veiled)?;
            self.blacked_out(Kind::Article);
        }
        Ok(())
    }

    fn recheck(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let record: Recheck = unit.expect(key)?;
        if self.veiled(key, &record)?.is_some() || self.veil.row.articles.contains(&record.article) {
            // Its address names them: it cannot be looked at again.
            write::remove_recheck(unit, &record.article)?;
            self.removed(Kind::Recheck);
        }
        Ok(())
    }

    fn development(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let DevelopmentRow { mut development, keys } = unit.expect(key)?;
        let before = development.reports.len();
        development.reports.retain(|told| {
            let theirs = told.report.who.iter().any(|e| self.veil.names(&e.name) || self.veil.names(&e.id));
            !theirs && !self.veil.row.articles.contains(&told.article)
        });
        development.by_hand.merged.retain(|m| {
            !m.was.reports.iter().any(|told| {
                told.report.who.iter().any(|e| self.veil.names(&e.name) || self.veil.names(&e.id))
                    || self.veil.row.articles.contains(&told.article)
            })
        });
        if development.reports.is_empty() && before > 0 {
            let id = development.id.clone();
            write::remove_development(unit, &id)?;
            remove_decisions(unit, &Subject::Development(id))?;
            self.removed(Kind::Development);
            return Ok(());
        }
        let fewer = development.reports.len() < before;
        let row = DevelopmentRow { development, keys };
        let veiled = self.veiled(key, &row)?;
        if fewer || veiled.is_some() {
            write::put_development(unit, &veiled.unwrap_or(row))?;
            self.blacked_out(Kind::Development);
        }
        Ok(())
    }

    /// Whether an alert is about nothing that is left.
    fn goes(&self, unit: &Unit<'_>, alert: &Alert) -> Result<bool, StoreError> {
        let theirs = |(id, name): (&String, &String)| self.veil.names(name) || self.veil.names(id);
        let all_theirs = !alert.tracked.is_empty() && alert.tracked.iter().zip(&alert.tracked_names).all(theirs);
        if all_theirs || self.veil.row.articles.contains(&alert.article) {
            return Ok(true);
        }
        match &alert.content {
            AlertKind::Development { development, .. } => {
                Ok(unit.bytes(&unit.development_key(development)?)?.is_none())
            }
            AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => Ok(false),
        }
    }

    fn alert(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let row: AlertRow = unit.expect(key)?;
        if self.goes(unit, &row.alert)? {
            write::remove_alert(unit, &row)?;
            remove_decisions(unit, &Subject::Alert(row.alert.id))?;
            self.removed(Kind::Alert);
        } else if let Some(veiled) = self.veiled(key, &row)? {
            unit.put(key, &veiled)?;
            self.blacked_out(Kind::Alert);
        }
        Ok(())
    }

    fn digest(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let mut digest: Digest = unit.expect(key)?;
        let items = digest.alerts().count();
        let before = digest.clone();
        let mut kept = Vec::new();
        for item in std::mem::take(&mut digest.corrections) {
            kept.extend(self.item(unit, item)?);
        }
        digest.corrections = kept;
        for section in &mut digest.sections {
            for story in &mut section.stories {
                let mut kept = Vec::new();
                for item in std::mem::take(&mut story.items) {
                    kept.extend(self.item(unit, item)?);
                }
                story.items = kept;
                for standings in [&mut story.known_before, &mut story.due_next] {
                    let mut kept = Vec::new();
                    for standing in std::mem::take(standings) {
                        if unit.bytes(&unit.development_key(&standing.development)?)?.is_some() {
                            kept.push(standing);
                        }
                    }
                    *standings = kept;
                }
            }
            section.stories.retain(|story| !story.items.is_empty());
            let mut kept = Vec::new();
            for item in std::mem::take(&mut section.minor) {
                kept.extend(self.item(unit, item)?);
            }
            section.minor = kept;
        }
        digest.sections.retain(|section| section.items().next().is_some());
        digest.overview.retain(|line| !self.veil.names(line));
        digest.doubts.retain(|doubt| {
            let forgotten =
                doubt.url.as_deref().and_then(|u| Url::parse(u).ok()).is_some_and(|u| is_forgotten(&self.veil.row, &u));
            !forgotten && !serde_json::to_value(doubt).is_ok_and(|v| masking::any_text(&v, &|t| self.veil.names(t)))
        });
        let fewer = digest.alerts().count() < items;
        if fewer {
            // Its lines are about whoever had items.
            digest.overview.clear();
        }
        if fewer || self.veil.names(&digest.subject) {
            digest.subject = "A digest, from which something was removed".to_owned();
            if !digest.notices.iter().any(|n| n == NOTICE) {
                digest.notices.push(NOTICE.to_owned());
            }
        }
        if let Some(veiled) = self.veiled(key, &digest)? {
            digest = veiled;
        }
        if digest != before {
            unit.put(key, &digest)?;
            self.digests.insert(digest.id);
            self.blacked_out(Kind::Digest);
        }
        Ok(())
    }

    /// What is left of an item.
    fn item(&self, unit: &Unit<'_>, mut item: DigestItem) -> Result<Option<DigestItem>, StoreError> {
        let mut with = Vec::new();
        for alert in std::mem::take(&mut item.with) {
            if !self.goes(unit, &alert)? {
                with.push(alert);
            }
        }
        if self.goes(unit, &item.alert)? {
            if with.is_empty() {
                return Ok(None);
            }
            item.alert = with.remove(0);
        }
        item.with = with;
        item.elsewhere.retain(|link| !Url::parse(&link.url).is_ok_and(|u| is_forgotten(&self.veil.row, &u)));
        Ok(Some(item))
    }
}

/// What a digest says of what is not in it any more.
const NOTICE: &str = "Something was removed from this digest after it was made, because it was to be forgotten.";

fn remove_decisions(unit: &mut Unit<'_>, subject: &Subject) -> Result<(), StoreError> {
    let keys = unit.tree.keys(&keys::decisions_all(subject)).collect::<Result<Vec<_>, _>>()?;
    keys.iter().try_for_each(|key| unit.remove(key))
}
