//! sled, opened with care: an own lock, a ballast file for a full disk, a bad snapshot moved aside, and a sync that holds.

use super::{
    StoreOptions, keys,
    unit::{SCHEMA, Tally, Tree, Unit, View as _},
};
use crate::ports::StoreError;
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, FileExt as _},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::Duration,
};

/// How often, and after which pause, sled's open is tried again while sled's own lock is not yet free: it is given up a
/// moment after the last handle was dropped (spacejam/sled#1289).
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// Everything that is open. Fields are dropped in this order: the lock last.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) tree: sled::Tree,
    pub(super) db: sled::Db,
    /// Own handle to sled's file: sled's flush does not reach the disk (spacejam/sled#1452), a sync of this does.
    pub(super) file: File,
    /// Holds the number of units of work that were acknowledged, see [`Engine::note_units`].
    units: File,
    _lock: File,
}

/// Where things are in the store's folder.
pub(super) struct Places {
    pub(super) folder: PathBuf,
    pub(super) lock: PathBuf,
    pub(super) sled: PathBuf,
    pub(super) archive: PathBuf,
    pub(super) ballast: PathBuf,
    pub(super) units: PathBuf,
}

impl Places {
    pub(super) fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            lock: folder.join("lock"),
            sled: folder.join("sled"),
            archive: folder.join("archive"),
            ballast: folder.join("ballast"),
            units: folder.join("units"),
        }
    }
}

impl Engine {
    /// Takes the lock, makes what is missing and opens sled.
    pub(super) fn open(places: &Places, options: &StoreOptions) -> Result<Self, StoreError> {
        // What the store holds is about people: nobody else on the machine is to read it.
        for folder in [&places.folder, &places.sled, &places.archive] {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|e| {
                io_error(folder, "cannot make the folder", &e, "name another `store`, or mend its rights")
            })?;
        }
        let lock = lock(places)?;
        let db = match open_sled(&places.sled, options) {
            Err(StoreError::Full(_)) if give_up_ballast(&places.ballast)? => open_sled(&places.sled, options)?,
            other => other?,
        };
        let file_path = places.sled.join("db");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&file_path)
            .map_err(|e| io_error(&file_path, "cannot open", &e, "mend its rights"))?;
        let units = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&places.units)
            .map_err(|e| io_error(&places.units, "cannot open", &e, "mend its rights"))?;
        let tree = sled::Tree::clone(&db);
        let engine = Self { tree, db, file, units, _lock: lock };
        engine.check_whole(places)?;
        engine.check_schema(&places.folder)?;
        engine.note_units(engine.units_held(&places.folder)?);
        for folder in [&places.sled, &places.folder] {
            File::open(folder)
                .and_then(|f| f.sync_all())
                .map_err(|e| io_error(folder, "cannot bring it to the disk", &e, "check the disk"))?;
        }
        keep_ballast(places, options);
        Ok(engine)
    }

    pub(super) fn view<'a>(&'a self, folder: &'a Path) -> Tree<'a> {
        Tree { tree: &self.tree, folder }
    }

    /// Brings everything that was applied to the disk.
    pub(super) fn sync(&self, folder: &Path) -> Result<(), StoreError> {
        self.tree.flush().map_err(|e| store_error(folder, &e))?;
        self.file
            .sync_data()
            .map_err(|e| io_error(folder, "cannot bring it to the disk", &e, "check the disk, then start again"))
    }

    /// Notes that so many units of work were acknowledged: a bound from below, which needs no sync. sled cuts its log at the
    /// first damage without a word; by this number the loss shows at the next open.
    pub(super) fn note_units(&self, units: u64) {
        let text = format!("{units:020}");
        let line = format!("{text} {:08x}\n", crc32fast::hash(text.as_bytes()));
        if let Err(error) = self.units.write_all_at(line.as_bytes(), 0) {
            tracing::warn!(store.fault = %error, "cannot note the number of units of work");
        }
    }

    /// The number that [`Engine::note_units`] wrote; `None` where there is none that can be read.
    fn units_noted(&self) -> Option<u64> {
        let mut bytes = [0; 30];
        self.units.read_exact_at(&mut bytes, 0).ok()?;
        let (text, crc) = std::str::from_utf8(&bytes).ok()?.trim_end().split_once(' ')?;
        let crc = u32::from_str_radix(crc, 16).ok()?;
        text.parse().ok().filter(|_| crc32fast::hash(text.as_bytes()) == crc)
    }

    /// The number of units of work that sled holds.
    fn units_held(&self, folder: &Path) -> Result<u64, StoreError> {
        Ok(self.view(folder).get::<Tally>(&Tally::key())?.unwrap_or_default().units)
    }

    /// Refuses a tree from which acknowledged units of work are missing.
    fn check_whole(&self, places: &Places) -> Result<(), StoreError> {
        let held = self.units_held(&places.folder)?;
        match self.units_noted() {
            Some(noted) if noted > held => Err(StoreError::Corrupt(format!(
                "{}: sled's log is damaged: of {noted} units of work only the first {held} can be read; restore a backup, \
                 or remove {} to go on without the rest",
                places.folder.display(),
                places.units.display()
            ))),
            _ => Ok(()),
        }
    }

    /// Stamps an empty tree; refuses one of a newer version.
    fn check_schema(&self, folder: &Path) -> Result<(), StoreError> {
        let view = self.view(folder);
        let key = keys::meta("schema");
        match view.get::<u32>(&key)? {
            Some(found) if found > SCHEMA => {
                Err(StoreError::Newer { path: folder.display().to_string(), found, known: SCHEMA })
            }
            Some(_) => Ok(()),
            None if self.tree.is_empty() => {
                let mut unit = Unit::begin(view)?;
                unit.put(&key, &SCHEMA)?;
                self.tree.apply_batch(unit.into_batch()?).map_err(|e| store_error(folder, &e))?;
                self.sync(folder)
            }
            None => Err(StoreError::Corrupt(format!(
                "{}: holds data but no schema version: it is not a store of this program, or it is damaged",
                folder.display()
            ))),
        }
    }
}

fn lock(places: &Places) -> Result<File, StoreError> {
    let file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(&places.lock)
        .map_err(|e| io_error(&places.lock, "cannot open the lock file", &e, "mend the folder's rights"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked {
            path: places.folder.display().to_string(),
            lock: places.lock.display().to_string(),
        }),
        Err(TryLockError::Error(e)) => {
            Err(io_error(&places.lock, "cannot lock", &e, "put the store on a local file system"))
        }
    }
}

/// Opens sled; when its snapshot is damaged, moves that aside, so that sled reads its log from the start.
fn open_sled(folder: &Path, options: &StoreOptions) -> Result<sled::Db, StoreError> {
    match open_sled_once(folder, options) {
        Err(first @ StoreError::Corrupt(_)) => {
            if !move_snapshots_aside(folder)? {
                return Err(first);
            }
            tracing::warn!(store.fault = %first, "moved sled's damaged snapshot aside; its log is read from the start");
            open_sled_once(folder, options)
        }
        other => other,
    }
}

fn open_sled_once(folder: &Path, options: &StoreOptions) -> Result<sled::Db, StoreError> {
    let config = sled::Config::new()
        .path(folder)
        .cache_capacity(options.cache_bytes)
        // Every unit of work is flushed before it is acknowledged; a thread that flushes now and then adds nothing.
        .flush_every_ms(None);
    for _ in 0..LOCK_TRIES {
        // sled panics on some damage to its log (spacejam/sled#1387).
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Ok(db)) => return Ok(db),
            // sled says that its lock is taken by text alone (spacejam/sled#1517). Ours is taken, so nobody else has it.
            Ok(Err(sled::Error::Io(e))) if e.to_string().contains("could not acquire lock") => pause(),
            Ok(Err(error)) => return Err(store_error(folder, &error)),
            Err(_) => {
                return Err(StoreError::Corrupt(format!(
                    "{}: sled cannot read its log; restore a backup",
                    folder.display()
                )));
            }
        }
    }
    Err(StoreError::Io(format!("{}: sled's lock is held by another program; end that", folder.display())))
}

#[expect(clippy::disallowed_methods, reason = "opening is not async, and the pause is no part of any behaviour")]
fn pause() {
    std::thread::sleep(LOCK_PAUSE);
}

/// Renames `snap.*` to names that sled does not take for snapshots; `false` when there is none.
fn move_snapshots_aside(folder: &Path) -> Result<bool, StoreError> {
    let mend =
        |e: &io::Error| io_error(folder, "cannot move sled's damaged snapshot aside", e, "mend the folder's rights");
    let mut moved = false;
    for entry in fs::read_dir(folder).map_err(|e| mend(&e))? {
        let path = entry.map_err(|e| mend(&e))?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("").to_owned();
        if name.starts_with("snap.") {
            fs::rename(&path, folder.join(format!("damaged-{name}"))).map_err(|e| mend(&e))?;
            moved = true;
        }
    }
    Ok(moved)
}

/// Removes the ballast file; `false` when there is none.
fn give_up_ballast(path: &Path) -> Result<bool, StoreError> {
    match fs::remove_file(path) {
        Ok(()) => {
            tracing::warn!(store.path = %path.display(), "the disk is full: gave up the ballast file to open the store");
            Ok(true)
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(io_error(path, "cannot remove the ballast file", &e, "make room on the disk")),
    }
}

/// Makes the ballast file where it is missing and there is room for it.
fn keep_ballast(places: &Places, options: &StoreOptions) {
    let there = fs::metadata(&places.ballast).is_ok_and(|m| m.len() >= options.ballast_bytes);
    let room = fs2::available_space(&places.folder).unwrap_or(0);
    if there || room < options.ballast_bytes.saturating_add(options.reserve_bytes) {
        return;
    }
    if let Err(error) = write_ballast(&places.ballast, options.ballast_bytes) {
        tracing::warn!(
            store.path = %places.ballast.display(),
            store.fault = %error,
            "cannot make the ballast file, by which the store could be opened on a full disk"
        );
        // A part of it is of no use.
        drop(fs::remove_file(&places.ballast));
    }
}

fn write_ballast(path: &Path, bytes: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    // Bytes that a compressing file system cannot make small.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut left = bytes;
    while left > 0 {
        let mut block = Vec::with_capacity(1 << 16);
        while block.len() < 1 << 16 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            block.extend_from_slice(&state.to_le_bytes());
        }
        let take = usize::try_from(left.min(1 << 16)).unwrap_or(1 << 16);
        file.write_all(block.get(..take).unwrap_or_default())?;
        left -= take as u64;
    }
    file.sync_all()
}

/// Whether the disk has no room, or no more is allowed to this user or process.
fn is_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

pub(super) fn io_error(path: &Path, what: &str, error: &io::Error, mend: &str) -> StoreError {
    if is_full(error.kind()) {
        StoreError::Full(format!("{}; make room and start again", path.display()))
    } else {
        StoreError::Io(format!("{}: {what}: {error}; {mend}", path.display()))
    }
}

pub(super) fn store_error(folder: &Path, error: &sled::Error) -> StoreError {
    let at = folder.display();
    match error {
        sled::Error::Io(e) if e.kind() == io::ErrorKind::InvalidData || e.kind() == io::ErrorKind::UnexpectedEof => {
            StoreError::Corrupt(format!("{at}: {e}; restore a backup"))
        }
        sled::Error::Io(e) => io_error(folder, "sled", e, "check the disk, then start again"),
        sled::Error::Corruption { .. } => StoreError::Corrupt(format!("{at}: {error}; restore a backup")),
        other => StoreError::Io(format!("{at}: {other}")),
    }
}
