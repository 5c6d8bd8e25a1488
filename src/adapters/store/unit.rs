//! A unit of work in the making: what it reads and what it will change, all at once.

use super::{
    codec::{self, Fault},
    keys::{self, Key, Kind},
    veil::Veil,
};
use crate::{adapters::archive::Position, domain::DevelopmentId, ports::StoreError};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

/// The newest layout of keys that this program knows.
pub(super) const SCHEMA: u32 = 1;

/// Reading values, from the tree or from a unit of work over it.
pub(super) trait View {
    /// The bytes of one key.
    fn bytes(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError>;

    /// The store's folder, for messages.
    fn folder(&self) -> &Path;

    /// The value of `key`.
    fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        let Some(value) = self.bytes(key)? else { return Ok(None) };
        let mut pieces = Vec::new();
        for number in 0..codec::pieces(&value) {
            match self.bytes(&keys::piece(key, number))? {
                Some(piece) => pieces.push(piece),
                None => return Err(corrupt(self.folder(), key, "a piece of it is missing")),
            }
        }
        codec::decode(&value, &pieces).map(Some).map_err(|fault| match fault {
            Fault::Newer(found) => StoreError::Newer {
                path: self.folder().display().to_string(),
                found: u32::from(found),
                known: u32::from(codec::VALUE_VERSION),
            },
            Fault::Bad(what) => corrupt(self.folder(), key, &what),
        })
    }

    /// The value of `key`, which an index says is there.
    fn expect<T: DeserializeOwned>(&self, key: &Key) -> Result<T, StoreError> {
        self.get(key)?.ok_or_else(|| corrupt(self.folder(), key, "an index leads to it, but it is not there"))
    }

    /// The key that a development is stored under today: its own, or that of the one it was merged into.
    fn development_key(&self, id: &DevelopmentId) -> Result<Key, StoreError> {
        let mut id = id.clone();
        // Each merge goes to an older development, so there are no circles; the limit guards against a damaged store.
        for _ in 0..1000 {
            match self.get(&keys::merged(&id))? {
                Some(older) => id = older,
                None => break,
            }
        }
        Ok(keys::development(&id))
    }
}

pub(super) fn corrupt(folder: &Path, key: &Key, what: &str) -> StoreError {
    StoreError::Corrupt(format!("{}: {}: {what}; {}", folder.display(), key.describe(), super::engine::MEND))
}

/// The store's running figures, changed with every unit of work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Keys of each counted kind, by the kind's byte.
    pub(super) counts: BTreeMap<u8, u64>,
    /// Units of work so far: the number of the next.
    pub(super) units: u64,
    /// Things put in order so far (alerts, digests): the place of the next.
    pub(super) places: u64,
    /// Where the archive stood when this unit was acknowledged; not known of stores that were made anew from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) archive: Option<Position>,
}

impl Tally {
    pub(super) fn key() -> Key {
        keys::meta("tally")
    }

    pub(super) fn count(&self, kind: Kind) -> u64 {
        self.counts.get(&kind.byte()).copied().unwrap_or(0)
    }
}

/// The tree, for reading.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) tree: &'a sled::Tree,
    pub(super) folder: &'a Path,
}

impl View for Tree<'_> {
    fn bytes(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.tree.get(key.bytes()).map_err(|e| super::engine::store_error(self.folder, &e))?;
        Ok(found.map(|v| v.to_vec()))
    }

    fn folder(&self) -> &Path {
        self.folder
    }
}

impl<'a> Tree<'a> {
    /// The keys that start with `start`, in order.
    pub(super) fn keys<'s>(
        &'s self,
        start: &Key,
    ) -> impl DoubleEndedIterator<Item = Result<Key, StoreError>> + use<'s, 'a> {
        self.tree.scan_prefix(start.bytes()).keys().map(|found| self.key(found))
    }

    /// The keys in `[from, to)`, in order.
    pub(super) fn keys_between<'s>(
        &'s self,
        from: &Key,
        to: &Key,
    ) -> impl DoubleEndedIterator<Item = Result<Key, StoreError>> + use<'s, 'a> {
        // A range that ends before it starts is a fault to sled; it is empty here.
        let from = from.min(to);
        self.tree.range(from.bytes()..to.bytes()).keys().map(|found| self.key(found))
    }

    fn key(&self, found: sled::Result<sled::IVec>) -> Result<Key, StoreError> {
        found.map(|k| Key::from_tree(&k)).map_err(|e| super::engine::store_error(self.folder, &e))
    }
}

/// Changes that become one batch.
#[derive(Debug)]
pub(super) struct Unit<'a> {
    pub(super) tree: Tree<'a>,
    changes: BTreeMap<Key, Option<Vec<u8>>>,
    tally: Tally,
    /// This unit's number.
    number: u64,
    /// What must not be written.
    pub(super) veil: Arc<Veil>,
}

impl View for Unit<'_> {
    fn bytes(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        match self.changes.get(key) {
            Some(change) => Ok(change.clone()),
            None => self.tree.bytes(key),
        }
    }

    fn folder(&self) -> &Path {
        self.tree.folder
    }
}

impl<'a> Unit<'a> {
    pub(super) fn begin(tree: Tree<'a>) -> Result<Self, StoreError> {
        let mut tally: Tally = tree.get(&Tally::key())?.unwrap_or_default();
        let number = tally.units;
        tally.units += 1;
        Ok(Self { tree, changes: BTreeMap::new(), tally, number, veil: Arc::default() })
    }

    /// The unit under a veil: names that were forgotten are blacked out in everything that it writes.
    pub(super) fn under(mut self, veil: &Arc<Veil>) -> Self {
        self.veil = Arc::clone(veil);
        self
    }

    /// This unit's number: it grows from unit to unit.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// The next place in the order of alerts and digests.
    pub(super) const fn next_place(&mut self) -> u64 {
        let place = self.tally.places;
        self.tally.places += 1;
        place
    }

    /// Gives no more places up to `place`, which is taken.
    pub(super) fn place_is_taken(&mut self, place: u64) {
        self.tally.places = self.tally.places.max(place + 1);
    }

    /// Goes on with the numbers and places behind those that `earlier` has given.
    pub(super) fn go_on_from(&mut self, earlier: &Tally) {
        self.tally.units = self.tally.units.max(earlier.units);
        self.tally.places = self.tally.places.max(earlier.places);
    }

    /// Notes that the archive stands at `position`, all of it on the disk.
    pub(super) const fn archived_until(&mut self, position: Position) {
        self.tally.archive = Some(position);
    }

    /// Writes `value` under `key`.
    pub(super) fn put<T: Serialize>(&mut self, key: &Key, value: &T) -> Result<(), StoreError> {
        let (value, pieces) = if self.veil.is_clear() {
            codec::encode(key, value)?
        } else {
            let mut value = serde_json::to_value(value)
                .map_err(|e| StoreError::Corrupt(format!("{}: cannot be written: {e}", key.describe())))?;
            self.veil.black_out(&mut value);
            codec::encode(key, &value)?
        };
        self.set(key, value, pieces)
    }

    /// Writes a key that says everything by itself.
    pub(super) fn mark(&mut self, key: &Key) -> Result<(), StoreError> {
        // It has no pieces that would have to go: only where keys are counted it must be known whether it was there.
        if key.kind().is_none_or(Kind::is_counted) {
            return self.set(key, codec::MARK.to_vec(), Vec::new());
        }
        self.changes.insert(key.clone(), Some(codec::MARK.to_vec()));
        Ok(())
    }

    /// Removes `key`, if it is there.
    pub(super) fn remove(&mut self, key: &Key) -> Result<(), StoreError> {
        if let Some(old) = self.bytes(key)? {
            self.remove_pieces(key, &old, 0);
            self.changes.insert(key.clone(), None);
            self.counted(key, false);
        }
        Ok(())
    }

    /// Writes the keys of `now` that are not in `before`, and removes those of `before` that are not in `now`.
    pub(super) fn replace_marks(&mut self, before: &BTreeSet<Key>, now: &BTreeSet<Key>) -> Result<(), StoreError> {
        before.difference(now).try_for_each(|key| self.remove(key))?;
        now.difference(before).try_for_each(|key| self.mark(key))
    }

    fn set(&mut self, key: &Key, value: Vec<u8>, pieces: Vec<Vec<u8>>) -> Result<(), StoreError> {
        match self.bytes(key)? {
            Some(old) => self.remove_pieces(key, &old, u32::try_from(pieces.len()).unwrap_or(u32::MAX)),
            None => self.counted(key, true),
        }
        for (number, piece) in (0..).zip(pieces) {
            self.changes.insert(keys::piece(key, number), Some(piece));
        }
        self.changes.insert(key.clone(), Some(value));
        Ok(())
    }

    fn remove_pieces(&mut self, key: &Key, old: &[u8], from: u32) {
        for number in from..codec::pieces(old) {
            self.changes.insert(keys::piece(key, number), None);
        }
    }

    fn counted(&mut self, key: &Key, more: bool) {
        if let Some(kind) = key.kind().filter(|k| k.is_counted()) {
            let count = self.tally.counts.entry(kind.byte()).or_default();
            *count = if more { *count + 1 } else { count.saturating_sub(1) };
        }
    }

    /// The keys of `kind` that it changes.
    pub(super) fn changed(&self, kind: Kind) -> impl Iterator<Item = &Key> {
        self.changes.range(keys::all(kind)..keys::end_of(kind)).map(|(key, _)| key)
    }

    /// Everything as one batch.
    pub(super) fn into_batch(mut self) -> Result<sled::Batch, StoreError> {
        let tally = self.tally.clone();
        self.put(&Tally::key(), &tally)?;
        let mut batch = sled::Batch::default();
        for (key, change) in self.changes {
            match change {
                Some(value) => batch.insert(key.into_bytes(), value),
                None => batch.remove(key.into_bytes()),
            }
        }
        Ok(batch)
    }
}
