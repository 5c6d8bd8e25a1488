//! A store out of a backup.

use super::{
    StoreOptions,
    backup::{self, ARCHIVE, Manifest, SLED},
    compact::Filler,
    dump::{self, DumpError},
    engine::{self, Engine, Places, io_error, make_folder},
    replace::{self, Replacement},
};
use crate::{adapters::archive, ports::StoreError};
use jiff::Timestamp;
use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// The folder to which what was there was moved, if anything was.
    pub aside: Option<String>,
    /// Faults of the archive in the backup: they were there when it was made.
    pub faults: Vec<String>,
}

/// Whether the folder of a store holds one.
pub(super) fn holds_a_store(folder: &Path) -> bool {
    let places = Places::of(folder);
    places.sled.exists() || places.sled_old.exists() || archive::holds_records(&places.archive).unwrap_or(false)
}

/// Makes the store in `folder` what `backup` holds. Everything is checked before anything is touched; what was there is moved
/// aside, which `replace` must allow. `progress` hears how many bytes of how many are done.
///
/// # Errors
/// [`StoreError::Locked`] while a service runs; [`StoreError::Newer`] for a backup of a newer version;
/// [`StoreError::Corrupt`] for one that is not whole, and when there is a store and `replace` is false.
pub fn restore(
    folder: &Path,
    from: &Path,
    replace: bool,
    now: Timestamp,
    options: &StoreOptions,
    progress: &dyn Fn(u64, u64),
) -> Result<Restored, StoreError> {
    let manifest = backup::verify(from, progress)?;
    let places = Places::of(folder);
    make_folder(&places.folder)?;
    let lock = engine::lock(&places)?;
    let was_there = holds_a_store(folder);
    if was_there && !replace {
        return Err(StoreError::Corrupt(format!(
            "{}: there is a store already; `--replace` moves it aside",
            folder.display()
        )));
    }
    let new = Replacement::begin(&places)?;
    let sled = new.sled();
    let mut filler = Filler::new(folder, &sled, options)?;
    let path = from.join(SLED);
    let input = File::open(&path).map_err(|e| io_error(&path, "cannot read the backup", &e, "check its disk"))?;
    dump::read(io::BufReader::new(input), |key, value| filler.add(&key, &value)).map_err(|e| match e {
        DumpError::Bad(what) => StoreError::Corrupt(format!("{}: {what}; take another backup", path.display())),
        DumpError::Store(error) => error,
    })?;
    filler.finish(&|| {})?;
    let archive = new.archive();
    make_folder(&archive)?;
    for file in &manifest.files {
        let Some(name) = backup::safe_name(from, &file.name)?.strip_prefix(&format!("{ARCHIVE}/")) else { continue };
        let (source, target) = (from.join(&file.name), archive.join(name));
        fs::copy(&source, &target).map_err(|e| io_error(&target, "cannot write", &e, "check the disk"))?;
    }
    let checked =
        archive::verify(&archive).map_err(|e| io_error(&archive, "cannot read the archive", &e, "check the disk"))?;
    let aside = format!("before-restore-{}", now.strftime("%Y%m%dT%H%M%SZ"));
    let aside = new.put_in_place(&aside)?;
    // A store of an older version is brought up to date by the open.
    drop(Engine::open_locked(&places, options, lock)?);
    replace::hand_over(&places.folder)?;
    Ok(Restored { manifest, aside, faults: checked.faults })
}
