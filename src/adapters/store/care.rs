//! The store's own care, as [`StoreCare`] has it.

use super::{
    Inner, SledStore,
    commit::{Writer, panicked},
    compact::bytes_of,
    engine::Places,
    keys,
    unit::View as _,
};
use crate::{
    adapters::archive::Archive,
    ports::{
        Checked, Compacted, Cutoffs, Erased, Laid, Parcel, PurgePlace, PurgeRound, Purged, Selection, StoreCare,
        StoreError, StoreSizes,
    },
};
use async_trait::async_trait;
use jiff::Timestamp;
use std::{fs, sync::atomic::Ordering};

impl Inner {
    /// Notes that long work got on by one step.
    pub(super) fn step(&self) {
        self.worked.fetch_add(1, Ordering::Relaxed);
    }

    fn sizes(&self) -> Result<StoreSizes, StoreError> {
        self.check_alive()?;
        let places = Places::of(&self.folder);
        Ok(StoreSizes {
            sled_bytes: bytes_of(&places.sled),
            archive_bytes: self.archive_bytes.load(Ordering::Relaxed),
            ballast_bytes: fs::metadata(&places.ballast).map_or(0, |m| m.len()),
            free_bytes: fs2::available_space(&self.folder).ok(),
            reserve_bytes: self.options.reserve_bytes,
        })
    }

    pub(super) fn erase_archived(&self, mut select: Selection) -> Result<Erased, StoreError> {
        let _care = self.care.lock().map_err(|_| panicked())?;
        let mut writer = self.writer.lock().map_err(|_| panicked())?;
        self.check_alive()?;
        // The largest pack is written anew beside the old one.
        self.check_room(self.options.pack_bytes)?;
        let done = writer.archive.erase(|record| {
            self.step();
            select(record)
        });
        self.after_erasing(&mut writer, done)
    }

    /// Brings the writer in line with what an erasure left, also when it broke off.
    pub(super) fn after_erasing<T>(&self, writer: &mut Writer, done: std::io::Result<T>) -> Result<T, StoreError> {
        if let Err(error) = &done {
            // What it has open may not be what is in the folder any more.
            let folder = Places::of(&self.folder).archive;
            let again = Archive::open(&folder, self.options.pack_bytes, None);
            writer.archive = again.map_err(|e| self.die(self.archive_error(&e)))?;
            tracing::warn!(store.fault = %error, "an erasure in the archive broke off");
        }
        self.archive_bytes.store(writer.archive.bytes(), Ordering::Relaxed);
        done.map_err(|e| self.archive_error(&e))
    }
}

#[async_trait]
impl StoreCare for SledStore {
    fn worked(&self) -> u64 {
        self.inner.worked.load(Ordering::Relaxed)
    }

    async fn sizes(&self) -> Result<StoreSizes, StoreError> {
        self.blocking(Inner::sizes).await
    }

    async fn compact(&self) -> Result<Compacted, StoreError> {
        self.blocking(Inner::compact).await
    }

    async fn lay_ready(&self, what: Parcel, now: Timestamp) -> Result<Laid, StoreError> {
        self.blocking(move |inner| inner.lay_ready(what, now)).await
    }

    async fn fetch(&self, id: &str, name: &str, offset: u64) -> Result<Vec<u8>, StoreError> {
        let (id, name) = (id.to_owned(), name.to_owned());
        self.blocking(move |inner| inner.fetch(&id, &name, offset)).await
    }

    async fn clear_away(&self, id: &str) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.blocking(move |inner| inner.clear_away(&id)).await
    }

    async fn purge(
        &self,
        cutoffs: Cutoffs,
        place: PurgePlace,
        now: Timestamp,
    ) -> Result<(Purged, Option<PurgePlace>), StoreError> {
        self.blocking(move |inner| inner.purge(cutoffs, place, now)).await
    }

    async fn end_purge(&self, round: PurgeRound) -> Result<(), StoreError> {
        self.write(round, |_, _| Ok(Vec::new()), |unit, round| unit.put(&keys::meta("purge"), round)).await
    }

    async fn last_purge(&self) -> Result<Option<PurgeRound>, StoreError> {
        self.read(|tree| tree.get(&keys::meta("purge"))).await
    }

    async fn check(&self) -> Result<Checked, StoreError> {
        self.blocking(Inner::check).await
    }

    async fn erase_archived(&self, select: Selection) -> Result<Erased, StoreError> {
        self.blocking(move |inner| inner.erase_archived(select)).await
    }
}
