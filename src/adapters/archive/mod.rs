//! The archive: an append-only trail of pages as fetched, articles, alerts and receipts.
//!
//! # On disk
//!
//! A pack is two files. `NNNNNN.pack` holds headers, `NNNNNN.data` the payloads in the same order, each payload under its
//! number in the pack. Every header has the digest of the header before it, across packs, so that nothing can be changed,
//! left out or put in unseen ([`verify`] tells); a payload is bound to its header by its own digest alone. So a payload
//! can be erased (its data file is rewritten with an empty, erased frame in its place) and the chain still holds.
//!
//! A write that was cut short by a crash leaves a torn tail, which [`Archive::open`] cuts off: it was never acknowledged. A power
//! cut can leave a hole in that tail, with sound records after it; so whoever opens the archive says where it stood when it was
//! last acknowledged ([`Position`]), and from the first fault behind that everything is cut off. A fault before is damage: nothing
//! is cut, a new pack is begun, and [`verify`] names it. So it is where the position is not known.
//! A record may be there twice after a crash (same id, same payload digest); that is harmless.

mod erase;
mod pack;
mod record;
mod verify;

pub use crate::ports::RecordKind;
pub use record::{Header, Prepared};
pub use verify::{Record, Verification, read, verify};

use pack::Pack;
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// SHA-256.
pub type Sha256Digest = [u8; 32];

/// A place in an archive: so many records of a pack, and all packs before it. Erasing changes no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Number of the pack.
    pub pack: u32,
    /// Records of it.
    pub records: u64,
}

/// An archive, open for appending. One process at a time: the store's lock guards it.
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    pack: Pack,
    /// Bytes of payloads after which a new pack is begun.
    pack_bytes: u64,
    /// Bytes in the packs before the open one.
    older_bytes: u64,
    /// Where the open pack stood after the last unit of records.
    mark: pack::Mark,
}

impl Archive {
    /// Opens the archive in `folder`, which must exist, and mends a torn tail. `pack_bytes` is the size of the payloads
    /// of one pack, in bytes, after which the next is begun. All that stands before `safe` was acknowledged; what stands behind
    /// was not.
    ///
    /// # Errors
    /// When files cannot be read or written.
    pub fn open(folder: &Path, pack_bytes: u64, safe: Option<Position>) -> io::Result<Self> {
        erase::remove_leftovers(folder)?;
        let numbers = pack::numbers(folder)?;
        let mut older_bytes = 0;
        for number in numbers.iter().rev().skip(1) {
            older_bytes += pack::size(folder, *number)?;
        }
        let pack = match numbers.last() {
            None => Pack::create(folder, 1, [0; 32])?,
            Some(&number) => {
                match Pack::open(folder, number, safe, || pack::last_digest_before(folder, &numbers, number))? {
                    pack::Opened::Sound(pack) => pack,
                    pack::Opened::Damaged { place, last } => {
                        tracing::warn!(
                            archive.place = %place,
                            "the archive is damaged here; it stays as it is and a new pack is begun (`verify` tells more)"
                        );
                        older_bytes += pack::size(folder, number)?;
                        Pack::create(folder, number + 1, last)?
                    }
                }
            }
        };
        let mark = pack.mark();
        Ok(Self { folder: folder.to_owned(), pack, pack_bytes, older_bytes, mark })
    }

    /// Appends the records of one unit of work: all, or after an error none of them. They are on disk after
    /// [`Archive::sync`].
    ///
    /// # Errors
    /// [`AppendError::Undone`] when nothing was written, [`AppendError::Broken`] when a part of the unit could not be
    /// taken back: the archive must then be opened anew.
    pub fn append(&mut self, unit: &[Prepared]) -> Result<(), AppendError> {
        let written = unit.iter().try_for_each(|record| self.pack.append(record));
        match written {
            Ok(()) => {
                self.mark = self.pack.mark();
                Ok(())
            }
            Err(error) => match self.pack.back_to(&self.mark) {
                Ok(()) => Err(AppendError::Undone(error)),
                Err(second) => Err(AppendError::Broken(second)),
            },
        }
    }

    /// Brings everything appended to the disk. After an error the archive must not be used any more: what the disk holds
    /// is unknown, and a second attempt may claim success for lost bytes.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn sync(&mut self) -> io::Result<()> {
        self.pack.sync()?;
        if self.pack.data_bytes() >= self.pack_bytes || self.pack.is_long() {
            self.older_bytes += self.pack.bytes();
            self.pack = Pack::create(&self.folder, self.pack.number() + 1, self.pack.last_digest())?;
            self.mark = self.pack.mark();
        }
        Ok(())
    }

    /// Where it stands: to be noted with what is acknowledged, after [`Archive::sync`].
    pub const fn position(&self) -> Position {
        Position { pack: self.pack.number(), records: self.pack.count() }
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.older_bytes + self.pack.bytes()
    }
}

/// Whether the archive in `folder` holds anything.
///
/// # Errors
/// When it is not there, or cannot be read.
pub fn holds_records(folder: &Path) -> io::Result<bool> {
    for number in pack::numbers(folder)? {
        if pack::holds_records(folder, number)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Names and lengths of the archive's files in `folder`, pack by pack.
///
/// # Errors
/// When they cannot be read.
pub fn files(folder: &Path) -> io::Result<Vec<(String, u64)>> {
    let mut found = Vec::new();
    for number in pack::numbers(folder)? {
        for path in [pack::heads_path(folder, number), pack::data_path(folder, number)] {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            match fs::metadata(&path) {
                Ok(meta) => found.push((name, meta.len())),
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(at(&path, &e)),
            }
        }
    }
    Ok(found)
}

/// `digest` in hexadecimal.
pub fn sha256_hex(digest: &Sha256Digest) -> String {
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

/// Why a unit of records was not appended.
#[derive(Debug)]
pub enum AppendError {
    /// Nothing of it was written.
    Undone(io::Error),
    /// A part of it was written and could not be taken back.
    Broken(io::Error),
}

/// `error` with the place it happened at, its kind kept.
fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Brings the names in `folder` to the disk: a new file is not safe before its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder).and_then(|f| f.sync_all()).map_err(|e| at(folder, &e))
}

#[cfg(test)]
mod tests;
