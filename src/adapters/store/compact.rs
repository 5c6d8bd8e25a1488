//! sled written anew: what was removed from it leaves copies on the disk, and it never gives room back, until everything
//! that is left is copied into a new one (spacejam/sled#1374, #1484).
//!
//! # Crashes
//!
//! The copy is made beside (`sled.new`), brought to the disk, and checked. Then two renames put it in its place; the old one
//! (`sled.old`) is removed last. [`settle_leftovers`] ends at the next open what a crash cut short.

use super::{
    Inner, StoreOptions,
    commit::{closed, panicked},
    engine::{self, Engine, Places, io_error, store_error, sync_folder},
};
use crate::ports::{Compacted, StoreError};
use std::{
    fs::{self, File, TryLockError},
    io,
    path::Path,
};

/// Keys and bytes of one batch of the copy: each is held in memory whole.
const BATCH_KEYS: usize = 2_000;
const BATCH_BYTES: usize = 4 << 20;

impl Inner {
    /// Writes sled anew. Units of work wait for all of it, questions only for the exchange at its end.
    pub(super) fn compact(&self) -> Result<Compacted, StoreError> {
        let _care = self.care.lock().map_err(|_| panicked())?;
        let _writer = self.writer.lock().map_err(|_| panicked())?;
        self.check_alive()?;
        let places = Places::of(&self.folder);
        let before_bytes = bytes_of(&places.sled);
        self.check_room(before_bytes)?;
        let keys = {
            let gate = self.gate.read().map_err(|_| panicked())?;
            let engine = gate.as_ref().ok_or_else(closed)?;
            remove_folder(&places.sled_new)?;
            copy(&engine.tree, &self.folder, &places.sled_new, &self.options, &|| self.step()).inspect_err(|_| {
                // It is removed at the next open otherwise.
                drop(fs::remove_dir_all(&places.sled_new));
            })?
        };
        let mut gate = self.gate.write().map_err(|_| panicked())?;
        let lock = gate.take().ok_or_else(closed)?.close();
        // From here on the store is closed: without success it cannot be used any more.
        let opened = exchange(&places).and_then(|()| Engine::open_locked(&places, &self.options, lock));
        *gate = Some(opened.map_err(|e| self.die(e))?);
        drop(gate);
        let after_bytes = bytes_of(&places.sled);
        tracing::info!(store.before_bytes = before_bytes, store.after_bytes = after_bytes, "sled was written anew");
        Ok(Compacted { keys, before_bytes, after_bytes })
    }
}

/// Copies all keys of `tree` into a new sled in `folder`, brings it to the disk and reads it back. Says how many there are.
fn copy(
    tree: &sled::Tree,
    store: &Path,
    folder: &Path,
    options: &StoreOptions,
    step: &dyn Fn(),
) -> Result<u64, StoreError> {
    let mut filler = Filler::new(store, folder, options)?;
    for item in tree.iter() {
        let (key, value) = item.map_err(|e| store_error(store, &e))?;
        filler.add(&key, &value)?;
        step();
    }
    filler.finish(step)
}

/// A new sled that is being filled.
pub(super) struct Filler<'a> {
    db: sled::Db,
    store: &'a Path,
    folder: &'a Path,
    options: &'a StoreOptions,
    batch: sled::Batch,
    keys: usize,
    bytes: usize,
    sum: Sum,
}

impl<'a> Filler<'a> {
    /// A new sled in `folder`, a part of `store`.
    pub(super) fn new(store: &'a Path, folder: &'a Path, options: &'a StoreOptions) -> Result<Self, StoreError> {
        engine::make_folder(folder)?;
        let db = engine::open_sled(folder, options)?;
        let (batch, sum) = (sled::Batch::default(), Sum::default());
        Ok(Self { db, store, folder, options, batch, keys: 0, bytes: 0, sum })
    }

    /// Adds a key. They must come in order.
    pub(super) fn add(&mut self, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.sum.add(key, value);
        self.batch.insert(key, value);
        (self.keys, self.bytes) = (self.keys + 1, self.bytes + key.len() + value.len());
        if self.keys >= BATCH_KEYS || self.bytes >= BATCH_BYTES {
            self.apply()?;
        }
        Ok(())
    }

    fn apply(&mut self) -> Result<(), StoreError> {
        (self.keys, self.bytes) = (0, 0);
        self.db.apply_batch(std::mem::take(&mut self.batch)).map_err(|e| store_error(self.store, &e))
    }

    /// Brings it to the disk, closes it, and reads it back; `step` hears of each key. Says how many there are.
    pub(super) fn finish(mut self, step: &dyn Fn()) -> Result<u64, StoreError> {
        self.apply()?;
        let Self { db, store, folder, options, sum, .. } = self;
        finish(db, folder, store, options, &sum, step)?;
        Ok(sum.keys)
    }
}

/// Brings a new sled to the disk, closes it, and reads it back from there: it must hold what `expected` sums up.
pub(super) fn finish(
    target: sled::Db,
    folder: &Path,
    store: &Path,
    options: &StoreOptions,
    expected: &Sum,
    step: &dyn Fn(),
) -> Result<(), StoreError> {
    target.flush().map_err(|e| store_error(store, &e))?;
    close(target, folder)?;
    let again = engine::open_sled(folder, options)?;
    let mut found = Sum::default();
    for item in again.iter() {
        let (key, value) = item.map_err(|e| store_error(store, &e))?;
        found.add(&key, &value);
        step();
    }
    close(again, folder)?;
    if found != *expected {
        return Err(StoreError::Io(format!(
            "{}: of {} keys written {} were read back, or some were not the same; check the disk",
            folder.display(),
            expected.keys,
            found.keys
        )));
    }
    sync_all(folder)
}

/// Closes `db` and waits until sled has let go of its files: it does so a moment after the last handle was dropped, and
/// writes its snapshot until then.
pub(super) fn close(db: sled::Db, folder: &Path) -> Result<(), StoreError> {
    drop(db);
    wait_until_closed(folder)
}

pub(super) fn wait_until_closed(folder: &Path) -> Result<(), StoreError> {
    let file = match File::open(folder.join("db")) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(io_error(folder, "cannot open sled's file", &e, "mend its rights")),
    };
    for _ in 0..engine::LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => engine::pause(),
            Err(TryLockError::Error(e)) => return Err(io_error(folder, "cannot lock", &e, "check the disk")),
        }
    }
    Err(StoreError::Io(format!("{}: sled does not let go of its files; start again", folder.display())))
}

/// Puts `sled.new` in the place of `sled`, and removes the old one.
fn exchange(places: &Places) -> Result<(), StoreError> {
    wait_until_closed(&places.sled)?;
    rename(&places.sled, &places.sled_old)?;
    rename(&places.sled_new, &places.sled)?;
    sync_folder(&places.folder)?;
    remove_folder(&places.sled_old)
}

/// Ends what a crash cut short: a copy that was not finished goes, one that was to be put in place is. Nobody will fetch any
/// more what lay ready.
pub(super) fn settle_leftovers(places: &Places) -> Result<(), StoreError> {
    remove_folder(&places.parcel)?;
    // The old one goes out of its place only when the new one is whole and on the disk.
    if !places.sled.exists() && places.sled_old.exists() {
        let whole = if places.sled_new.exists() { &places.sled_new } else { &places.sled_old };
        rename(whole, &places.sled)?;
        sync_folder(&places.folder)?;
    }
    if places.sled.exists() {
        remove_folder(&places.sled_new)?;
        remove_folder(&places.sled_old)?;
    }
    Ok(())
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(|e| io_error(from, "cannot rename it", &e, "mend the folder's rights"))
}

/// Removes a folder with all that is in it, if it is there.
pub(super) fn remove_folder(folder: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            Err(io_error(folder, "cannot remove it", &e, "mend the folder's rights"))
        }
        _ => Ok(()),
    }
}

/// Brings all files of `folder`, and its folders' names, to the disk.
pub(super) fn sync_all(folder: &Path) -> Result<(), StoreError> {
    let failed = |e: &io::Error| io_error(folder, "cannot bring it to the disk", e, "check the disk");
    for entry in fs::read_dir(folder).map_err(|e| failed(&e))? {
        let path = entry.map_err(|e| failed(&e))?.path();
        if path.is_dir() {
            sync_all(&path)?;
        } else {
            File::open(&path).and_then(|f| f.sync_all()).map_err(|e| failed(&e))?;
        }
    }
    sync_folder(folder)
}

/// Bytes of all files in `folder`; what cannot be read counts nothing.
pub(super) fn bytes_of(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let bytes = |entry: fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => bytes_of(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    };
    entries.map(bytes).sum()
}

/// What a copy is compared by: the number of its keys, and a checksum over keys and values in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Sum {
    pub(super) keys: u64,
    crc: crc32fast::Hasher,
}

impl Sum {
    pub(super) fn add(&mut self, key: &[u8], value: &[u8]) {
        self.keys += 1;
        self.crc.update(&(key.len() as u64).to_le_bytes());
        self.crc.update(key);
        self.crc.update(&(value.len() as u64).to_le_bytes());
        self.crc.update(value);
    }

    /// CRC-32 of all that was added.
    pub(super) fn crc(&self) -> u32 {
        self.crc.clone().finalize()
    }
}

impl PartialEq for Sum {
    fn eq(&self, other: &Self) -> bool {
        self.keys == other.keys && self.crc() == other.crc()
    }
}
