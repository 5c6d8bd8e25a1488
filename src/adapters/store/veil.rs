//! The veil over everything that is written: what was forgotten comes in no more.

use super::forget::is_forgotten;
use crate::{
    domain::{EntryRecord, ForgetJob, Forgotten, masking, names::NameFinder},
    ports::{ArticleRecord, RecordKind},
};
use serde_json::Value;

/// What was forgotten, ready for looking.
#[derive(Debug, Default)]
pub(super) struct Veil {
    pub(super) row: Forgotten,
    pub(super) finder: NameFinder,
}

impl Veil {
    pub(super) fn new(row: Forgotten) -> Self {
        Self { finder: row.finder(), row }
    }

    /// Whether there is nobody whose name was forgotten.
    pub(super) fn is_clear(&self) -> bool {
        self.finder.is_empty()
    }

    /// Whether `text` names somebody who was forgotten.
    pub(super) fn names(&self, text: &str) -> bool {
        self.finder.names_in(text)
    }

    /// Blacks out names in `value`; false where it has none.
    pub(super) fn black_out(&self, value: &mut Value) -> bool {
        masking::black_out_all(value, &self.finder, self.rests_on_touched(value)) > 0
    }

    /// Whether `value` rests on an article that named them in full, while they are being forgotten.
    fn rests_on_touched(&self, value: &Value) -> bool {
        let Some(job) = &self.row.job else { return false };
        !job.touched.is_empty()
            && masking::any_text(value, &|text| {
                crate::domain::ArticleId::parse(text).is_ok_and(|id| job.touched.contains(&id))
            })
    }

    /// Whether an article stands at an address that was forgotten, or went whole.
    pub(super) fn hides_article(&self, record: &ArticleRecord) -> bool {
        self.row.articles.contains(&record.id)
            || record.article.url.iter().chain(&record.article.canonical).any(|url| is_forgotten(&self.row, url))
    }

    /// Whether an entry leads to an address that was forgotten, or by its address names somebody who was.
    pub(super) fn hides_entry(&self, record: &EntryRecord) -> bool {
        self.row.entries.contains(&record.entry.id)
            || record
                .entry
                .parsed
                .link
                .as_ref()
                .is_some_and(|url| is_forgotten(&self.row, url) || self.names(url.as_str()))
    }

    /// Whether a record of the archive is about what was forgotten.
    pub(super) fn hides(&self, kind: RecordKind, id: &str, payload: Option<&[u8]>) -> bool {
        let gone =
            self.row.articles.iter().any(|a| a.as_str() == id) || self.row.entries.iter().any(|e| e.as_str() == id);
        if gone {
            return true;
        }
        let Some(payload) = payload else { return false };
        if kind == RecordKind::PageSnapshot {
            // A page says a name in whatever mark-up or encoding: what was read of it counts too.
            let touched = |job: &ForgetJob| job.touched.iter().any(|a| a.as_str() == id);
            return self.row.job.as_ref().is_some_and(touched) || self.finder.names_in_page(payload);
        }
        match serde_json::from_slice::<Value>(payload) {
            Ok(mut value) => {
                let about = masking::any_text(&value, &|text| self.row.articles.iter().any(|a| a.as_str() == text));
                about || self.black_out(&mut value)
            }
            Err(_) => self.finder.names_in_page(payload),
        }
    }
}
