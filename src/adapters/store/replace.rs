//! Putting other contents in the place of what the store's folder holds: after a restore, an import, a rebuild.
//!
//! The new is made in `replacement/` and brought to the disk. Then `replacement/complete` is written: from that moment the
//! exchange is done, and if a crash cuts it short, [`settle`] ends it at the next open. What was there before is moved aside,
//! into a folder of its own, and never removed.

use super::{
    compact::{remove_folder, rename, sync_all, wait_until_closed},
    engine::{Places, io_error, make_folder, sync_folder},
};
use crate::ports::StoreError;
use std::{
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, lchown},
    path::{Path, PathBuf},
};

/// Says that the new is whole; holds the name of the folder for the old, or nothing.
const COMPLETE: &str = "complete";
/// What can be replaced.
const NAMES: [&str; 2] = ["archive", "sled"];

/// New contents in the making.
#[derive(Debug)]
pub(super) struct Replacement<'a> {
    places: &'a Places,
}

fn folder_of(places: &Places) -> PathBuf {
    places.folder.join("replacement")
}

impl<'a> Replacement<'a> {
    /// An empty one. One that was whole is put in place first, one that was not finished goes.
    pub(super) fn begin(places: &'a Places) -> Result<Self, StoreError> {
        settle(places)?;
        make_folder(&folder_of(places))?;
        Ok(Self { places })
    }

    /// Where the new sled is to be made.
    pub(super) fn sled(&self) -> PathBuf {
        folder_of(self.places).join("sled")
    }

    /// Where the new archive is to be made, if there is to be one.
    pub(super) fn archive(&self) -> PathBuf {
        folder_of(self.places).join("archive")
    }

    /// Exchanges. The old goes into the folder `aside`, or one named after it; says which, if there was anything old.
    pub(super) fn put_in_place(self, aside: &str) -> Result<Option<String>, StoreError> {
        let folder = folder_of(self.places);
        sync_all(&folder)?;
        // One that was moved aside in the same second is not written over.
        let mut name = aside.to_owned();
        let mut number = 1;
        while self.places.folder.join(&name).exists() {
            number += 1;
            name = format!("{aside}-{number}");
        }
        let path = folder.join(COMPLETE);
        let written = File::create(&path).and_then(|mut file| {
            file.write_all(name.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|e| io_error(&path, "cannot write", &e, "check the disk"))?;
        sync_folder(&folder)?;
        settle(self.places)?;
        Ok(self.places.folder.join(&name).exists().then_some(name))
    }
}

/// Ends an exchange that was begun; removes a replacement that was never whole.
pub(super) fn settle(places: &Places) -> Result<(), StoreError> {
    let folder = folder_of(places);
    let name = match fs::read_to_string(folder.join(COMPLETE)) {
        Ok(name) => name,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return remove_folder(&folder),
        Err(e) => return Err(io_error(&folder, "cannot read", &e, "mend its rights")),
    };
    let aside = places.folder.join(&name);
    make_folder(&aside)?;
    for name in NAMES {
        let (new, place) = (folder.join(name), places.folder.join(name));
        if new.exists() {
            move_aside(&place, &aside.join(name))?;
            rename(&new, &place)?;
            sync_folder(&places.folder)?;
        }
    }
    // It counts the units of work of the old one.
    move_aside(&places.units, &aside.join("units"))?;
    sync_folder(&aside)?;
    if fs::read_dir(&aside).is_ok_and(|mut entries| entries.next().is_none()) {
        remove_folder(&aside)?;
    }
    remove_folder(&folder)?;
    sync_folder(&places.folder)
}

/// Gives everything in the store's folder to the folder's owner, once sled has let go of its files: what root does to a store
/// must leave it to the service, which runs as another user.
///
/// # Errors
/// When another has the store open, or a file cannot be given.
pub fn hand_over(folder: &Path) -> Result<(), StoreError> {
    let failed = |e: io::Error| io_error(folder, "cannot give its files to the folder's owner", &e, "do so by chown");
    wait_until_closed(&Places::of(folder).sled)?;
    let owner = fs::metadata(folder).map_err(failed)?;
    give(folder, owner.uid(), owner.gid()).map_err(failed)
}

fn give(folder: &Path, uid: u32, gid: u32) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        if (meta.uid(), meta.gid()) != (uid, gid) {
            lchown(entry.path(), Some(uid), Some(gid))?;
        }
        if meta.is_dir() {
            give(&entry.path(), uid, gid)?;
        }
    }
    Ok(())
}

/// Earlier states of the store in `folder`: what was moved aside, and backups of before an upgrade.
pub(super) fn earlier_states(folder: &Path) -> Vec<String> {
    let moved = ["before-restore-", "before-import-", "damaged-sled-"];
    let found = |folder: PathBuf, starts: &[&str]| -> Vec<String> {
        let names = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let names = names.filter_map(|name| name.into_string().ok());
        let own = names.filter(|name| starts.iter().any(|start| name.starts_with(start)));
        own.map(|name| folder.join(name).display().to_string()).collect()
    };
    let mut all = [found(folder.to_owned(), &moved), found(folder.join("backups"), &["before-schema-"])].concat();
    all.sort();
    all
}

fn move_aside(from: &Path, to: &Path) -> Result<(), StoreError> {
    if from.exists() && !to.exists() { rename(from, to) } else { Ok(()) }
}
