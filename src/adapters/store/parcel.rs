//! Parcels: what lies ready in the store's folder to be fetched, by a command that may not read the folder itself.

use super::{
    Inner,
    backup::{self, Making},
    commit::panicked,
    compact::{bytes_of, remove_folder},
    engine::{Places, io_error, make_folder},
    export,
    unit::{SCHEMA, Tree},
};
use crate::{
    adapters::clock::SystemClock,
    ports::{Clock as _, Laid, Parcel, StoreError},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom},
    path::PathBuf,
};

/// Bytes of one piece of a file: in base64 it fits into one answer of the control socket.
const PIECE: u64 = 8 << 20;

impl Inner {
    fn parcels(&self) -> PathBuf {
        Places::of(&self.folder).parcel
    }

    /// The folder of the parcel `id`, a name that this store gave.
    fn parcel(&self, id: &str) -> Result<PathBuf, StoreError> {
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(StoreError::Io(format!("no parcel has the name {id:?}")));
        }
        Ok(self.parcels().join(id))
    }

    pub(super) fn lay_ready(&self, what: Parcel, now: Timestamp) -> Result<Laid, StoreError> {
        let _care = self.care.lock().map_err(|_| panicked())?;
        self.check_alive()?;
        let places = Places::of(&self.folder);
        remove_folder(&self.parcels())?;
        let archive = match what {
            Parcel::Backup => bytes_of(&places.archive),
            Parcel::Export => 0,
        };
        // An export is longer than what it is made from, about as much as packing saves.
        let sled = bytes_of(&places.sled).saturating_mul(if what == Parcel::Export { 4 } else { 1 });
        self.check_room(sled.saturating_add(archive))?;
        let id = now.strftime("%Y%m%dT%H%M%S%f").to_string();
        let folder = self.parcel(&id)?;
        make_folder(&folder)?;
        let step = || self.step();
        let (made, paused) = match what {
            Parcel::Export => {
                let (made, paused) = self.paused(|tree| export::write(tree, &folder, now, &step))?;
                (made.map(|file| vec![file]), paused)
            }
            Parcel::Backup => {
                let (begun, paused) =
                    self.paused(|tree| Making::begin(tree, &places.archive, &folder, SCHEMA, &step))?;
                (begun.and_then(|making| making.finish(&places.archive, Some(now), &step)), paused)
            }
        };
        let files = made.inspect_err(|_| drop(remove_folder(&self.parcels())))?;
        let paused_ms = u64::try_from(paused.as_millis()).unwrap_or(0);
        tracing::info!(store.paused_ms = paused_ms, "units of work waited while sled was read");
        Ok(Laid { id, files, paused_ms })
    }

    /// Reads sled while units of work wait, and says for how long they had to.
    fn paused<T>(
        &self,
        read: impl FnOnce(&Tree<'_>) -> Result<T, StoreError>,
    ) -> Result<(Result<T, StoreError>, SignedDuration), StoreError> {
        let _writer = self.writer.lock().map_err(|_| panicked())?;
        let from = SystemClock.now();
        let done = self.with_tree(read);
        Ok((done, SystemClock.now().duration_since(from)))
    }

    pub(super) fn fetch(&self, id: &str, name: &str, offset: u64) -> Result<Vec<u8>, StoreError> {
        let folder = self.parcel(id)?;
        let name = if name == export::FILE { name } else { backup::safe_name(&folder, name)? };
        let path = folder.join(name);
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(offset))?;
            let mut piece = Vec::new();
            file.take(PIECE).read_to_end(&mut piece)?;
            Ok(piece)
        };
        read()
            .map_err(|e| io_error(&path, "cannot read", &e, "another backup or export was begun meanwhile: try again"))
    }

    pub(super) fn clear_away(&self, id: &str) -> Result<(), StoreError> {
        remove_folder(&self.parcel(id)?)?;
        // It stays where another parcel lies in it.
        drop(fs::remove_dir(self.parcels()));
        Ok(())
    }
}
