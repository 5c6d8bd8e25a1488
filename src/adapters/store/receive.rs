//! Where a backup arrives: a folder of its own beside the earlier ones, whole or not there at all.

use super::{
    backup::{self, MANIFEST, NewFile},
    compact::{remove_folder, rename, sync_all},
    engine::{io_error, make_folder, sync_folder},
};
use crate::ports::{LaidFile, StoreError};
use jiff::{SignedDuration, Timestamp};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Starts the name of every backup.
const NAME: &str = "conductwatch-";
/// Ends the name of one that is not whole yet.
const PART: &str = ".part";
/// Seconds from which the name of a backup may be taken.
const SPARE: i64 = 60;

/// A backup that is arriving in a folder.
#[derive(Debug)]
pub struct Receiving {
    folder: PathBuf,
    part: PathBuf,
    whole: PathBuf,
}

impl Receiving {
    /// Begins a backup in `folder`, which is made where it is missing, named after `now`, or where there is one of that second
    /// after the next that has none: two backups in a row both come to be, and their names sort as they were made.
    ///
    /// # Errors
    /// When the folder cannot be used, or there is a backup of every second of the next minute.
    pub fn begin(folder: &Path, now: Timestamp) -> Result<Self, StoreError> {
        let named = |second: Timestamp| format!("{NAME}{}", second.strftime("%Y%m%dT%H%M%SZ"));
        let free = (0..SPARE)
            .filter_map(|later| now.checked_add(SignedDuration::from_secs(later)).ok())
            .map(named)
            .find(|name| !folder.join(name).exists());
        let Some(name) = free else {
            let first = folder.join(named(now));
            return Err(StoreError::Io(format!("{}: there already; try again in a minute", first.display())));
        };
        let (whole, part) = (folder.join(&name), folder.join(format!("{name}{PART}")));
        if part.exists() {
            remove_folder(&part)?;
        }
        make_folder(&part.join(backup::ARCHIVE))?;
        Ok(Self { folder: folder.to_owned(), part, whole })
    }

    /// Begins to take one file.
    ///
    /// # Errors
    /// When no backup has such a file, or it cannot be made.
    pub fn open(&self, file: &LaidFile) -> Result<Arriving, StoreError> {
        let out = NewFile::create(&self.part, backup::safe_name(&self.part, &file.name)?)?;
        Ok(Arriving { out, expected: file.clone() })
    }

    /// Gives the backup its name, once all files are there, and says where it is.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish(self) -> Result<PathBuf, StoreError> {
        sync_all(&self.part)?;
        rename(&self.part, &self.whole)?;
        sync_folder(&self.folder)?;
        Ok(self.whole)
    }

    /// Takes away what arrived.
    pub fn give_up(self) {
        drop(fs::remove_dir_all(&self.part));
    }
}

/// A file of a backup that is arriving.
pub struct Arriving {
    out: NewFile,
    expected: LaidFile,
}

impl Arriving {
    /// Takes the next piece.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), StoreError> {
        self.out.write(piece)
    }

    /// Brings it to the disk.
    ///
    /// # Errors
    /// When the disk fails, or what arrived is not what was laid ready.
    pub fn finish(self) -> Result<(), StoreError> {
        let path = self.out.path().to_owned();
        let found = self.out.finish()?;
        if found == self.expected {
            return Ok(());
        }
        let (came, of) = (found.bytes, self.expected.bytes);
        Err(StoreError::Io(format!("{}: {came} bytes of {of} arrived, or not the same; try again", path.display())))
    }
}

/// What is left of the backups in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Backups kept, the newest first.
    pub kept: Vec<PathBuf>,
    /// Backups removed.
    pub removed: Vec<PathBuf>,
}

/// Removes all but the newest `most` backups of `folder`, and what never became one. Nothing else in it is touched.
///
/// # Errors
/// When the folder cannot be read, or one of them cannot be removed.
pub fn keep(folder: &Path, most: usize) -> Result<Kept, StoreError> {
    let failed = |e: std::io::Error| io_error(folder, "cannot read", &e, "mend its rights");
    let mut found = Kept::default();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_prefix(NAME)).unwrap_or("");
        let is_time = |text: &str| text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit() || b"TZ".contains(&b));
        match name.strip_suffix(PART) {
            Some(rest) if is_time(rest) => {
                remove_folder(&path)?;
                found.removed.push(path);
            }
            None if is_time(name) && path.join(MANIFEST).exists() => found.kept.push(path),
            _ => {}
        }
    }
    // Their names sort as their times do.
    found.kept.sort_by(|a, b| b.cmp(a));
    for path in found.kept.split_off(most.min(found.kept.len())) {
        remove_folder(&path)?;
        found.removed.push(path);
    }
    Ok(found)
}
