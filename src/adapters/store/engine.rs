//! sled, opened with care: an own lock, a ballast file for a full disk, a bad snapshot moved aside, and a sync that holds.

use super::{
    StoreOptions, ballast, compact, keys, migrate, replace,
    unit::{SCHEMA, Tally, Tree, Unit, View as _},
};
use crate::{
    adapters::archive::{self, Position},
    ports::StoreError,
};
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt as _, FileExt as _},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::Duration,
};

/// How often, and after which pause, sled's open is tried again while sled's own lock is not yet free: it is given up a
/// moment after the last handle was dropped (spacejam/sled#1289).
pub(super) const LOCK_TRIES: u32 = 100;
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
    lock: File,
}

/// Where things are in the store's folder.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub(super) folder: PathBuf,
    pub(super) lock: PathBuf,
    pub(super) sled: PathBuf,
    /// sled, written anew and not yet in its place.
    pub(super) sled_new: PathBuf,
    /// sled, replaced and not yet removed.
    pub(super) sled_old: PathBuf,
    pub(super) archive: PathBuf,
    pub(super) ballast: PathBuf,
    /// What lies ready to be fetched.
    pub(super) parcel: PathBuf,
    pub(super) units: PathBuf,
}

impl Places {
    pub(super) fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            lock: folder.join("lock"),
            sled: folder.join("sled"),
            sled_new: folder.join("sled.new"),
            sled_old: folder.join("sled.old"),
            archive: folder.join("archive"),
            ballast: folder.join("ballast"),
            parcel: folder.join("parcel"),
            units: folder.join("units"),
        }
    }
}

/// What is opened in the folder, but the lock.
struct Parts {
    tree: sled::Tree,
    db: sled::Db,
    file: File,
    units: File,
}

impl Parts {
    fn open(places: &Places, options: &StoreOptions) -> Result<Self, StoreError> {
        let db = open_sled(&places.sled, options)?;
        let file = open_for_sync(&places.sled)?;
        let units = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&places.units)
            .map_err(|e| io_error(&places.units, "cannot open", &e, "mend its rights"))?;
        Ok(Self { tree: sled::Tree::clone(&db), db, file, units })
    }
}

impl Engine {
    /// Takes the lock, makes what is missing and opens sled.
    pub(super) fn open(places: &Places, options: &StoreOptions) -> Result<Self, StoreError> {
        make_folder(&places.folder)?;
        let lock = lock(places)?;
        Self::open_locked(places, options, lock)
    }

    /// As [`Engine::open`], by whoever holds the lock already.
    pub(super) fn open_locked(places: &Places, options: &StoreOptions, lock: File) -> Result<Self, StoreError> {
        let lock = match Self::open_once(places, options, lock) {
            Err((StoreError::Full(_), lock)) if ballast::give_up(&places.ballast)? => lock,
            other => return other.map_err(|(error, _)| error),
        };
        Self::open_once(places, options, lock).map_err(|(error, _)| error)
    }

    /// One attempt; the lock comes back with the error.
    fn open_once(places: &Places, options: &StoreOptions, lock: File) -> Result<Self, (StoreError, File)> {
        let opened = replace::settle(places)
            .and_then(|()| compact::settle_leftovers(places))
            .and_then(|()| never_empty_over_data(places))
            .and_then(|()| [&places.sled, &places.archive].into_iter().try_for_each(|folder| make_folder(folder)))
            .and_then(|()| Parts::open(places, options));
        let Parts { tree, db, file, units } = match opened {
            Ok(parts) => parts,
            Err(error) => return Err((error, lock)),
        };
        let engine = Self { tree, db, file, units, lock };
        match engine.make_ready(places) {
            Ok(()) => Ok(engine),
            Err(error) => Err((error, engine.close())),
        }
    }

    /// Checks what was opened, and brings the names of its files to the disk.
    fn make_ready(&self, places: &Places) -> Result<(), StoreError> {
        self.check_whole(places)?;
        self.check_schema(places, migrate::STEPS)?;
        self.note_units(self.units_held(&places.folder)?);
        // Also sled's file of settings: a power cut may leave half of it, and sled then refuses its log.
        compact::sync_all(&places.sled)?;
        sync_folder(&places.folder)
    }

    /// Closes sled and keeps the lock.
    pub(super) fn close(self) -> File {
        let Self { tree, db, file, units, lock } = self;
        drop((tree, db, file, units));
        lock
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
    pub(super) fn units_noted(&self) -> Option<u64> {
        let mut bytes = [0; 30];
        self.units.read_exact_at(&mut bytes, 0).ok()?;
        let (text, crc) = std::str::from_utf8(&bytes).ok()?.trim_end().split_once(' ')?;
        let crc = u32::from_str_radix(crc, 16).ok()?;
        text.parse().ok().filter(|_| crc32fast::hash(text.as_bytes()) == crc)
    }

    /// The number of units of work that sled holds.
    pub(super) fn units_held(&self, folder: &Path) -> Result<u64, StoreError> {
        Ok(self.view(folder).get::<Tally>(&Tally::key())?.unwrap_or_default().units)
    }

    /// Where the archive stood when the last unit of work was acknowledged, where that is known.
    pub(super) fn archived_until(&self, folder: &Path) -> Result<Option<Position>, StoreError> {
        Ok(self.view(folder).get::<Tally>(&Tally::key())?.and_then(|tally| tally.archive))
    }

    /// Refuses a tree from which acknowledged units of work are missing.
    fn check_whole(&self, places: &Places) -> Result<(), StoreError> {
        let held = self.units_held(&places.folder)?;
        match self.units_noted() {
            Some(noted) if noted > held => Err(StoreError::Corrupt(format!(
                "{}: sled's log is damaged: of {noted} units of work only the first {held} can be read; {MEND}",
                places.folder.display()
            ))),
            _ => Ok(()),
        }
    }

    /// Stamps an empty tree, refuses one of a newer version, and brings one of an older up to date.
    pub(super) fn check_schema(&self, places: &Places, steps: &[migrate::Step]) -> Result<(), StoreError> {
        let folder = places.folder.as_path();
        let view = self.view(folder);
        let key = keys::meta("schema");
        match view.get::<u32>(&key)? {
            Some(found) => migrate::run(self, places, found, steps),
            None if self.tree.is_empty() => {
                if archive::holds_records(&places.archive)
                    .map_err(|e| io_error(&places.archive, "cannot read the archive", &e, "mend its rights"))?
                {
                    return Err(StoreError::Corrupt(format!(
                        "{}: sled is empty, but the archive holds records: what sled held is lost; {MEND}",
                        folder.display()
                    )));
                }
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

/// What to do about a damaged sled.
pub(super) const MEND: &str = "restore a backup (`conductwatch restore`), or make sled anew from what can still be read and \
                               the archive (`conductwatch rebuild`)";

/// What the store holds is about people: nobody else on the machine is to read it.
pub(super) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|e| io_error(folder, "cannot make the folder", &e, "name another folder, or mend its rights"))
}

pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder)
        .and_then(|f| f.sync_all())
        .map_err(|e| io_error(folder, "cannot bring it to the disk", &e, "check the disk"))
}

/// An own handle to the file of the sled in `folder`, to bring it to the disk.
pub(super) fn open_for_sync(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("db");
    let opened = OpenOptions::new().read(true).write(true).open(&path);
    opened.map_err(|e| io_error(&path, "cannot open", &e, "mend its rights"))
}

/// Refuses a store whose sled is gone while other things of it are there: a new one would hide the loss.
fn never_empty_over_data(places: &Places) -> Result<(), StoreError> {
    if places.sled.join("db").exists() {
        return Ok(());
    }
    let archive = match archive::holds_records(&places.archive) {
        Ok(there) => there,
        Err(e) if e.kind() == io::ErrorKind::NotFound => false,
        Err(e) => return Err(io_error(&places.archive, "cannot read the archive", &e, "mend its rights")),
    };
    if archive || places.units.exists() {
        return Err(StoreError::Corrupt(format!(
            "{}: sled is missing, but the rest of the store is there: nothing is begun anew over it; {MEND}",
            places.sled.display()
        )));
    }
    Ok(())
}

/// Takes the store's own lock.
pub(super) fn lock(places: &Places) -> Result<File, StoreError> {
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
pub(super) fn open_sled(folder: &Path, options: &StoreOptions) -> Result<sled::Db, StoreError> {
    match open_sled_once(folder, options) {
        Err(first @ StoreError::Corrupt(_)) => {
            for (start, what) in ASIDE {
                if !move_aside(folder, start)? {
                    continue;
                }
                tracing::warn!(store.fault = %first, "moved sled's damaged {what} aside; it makes another");
                match open_sled_once(folder, options) {
                    Err(StoreError::Corrupt(_)) => {}
                    other => return other,
                }
            }
            Err(first)
        }
        other => other,
    }
}

/// What sled can do without, by the start of its name: its snapshot, without which it reads its log from the start, and the file
/// of its settings, which are always ours, and which sled itself never brings to the disk.
const ASIDE: [(&str, &str); 2] = [("snap.", "snapshot"), ("conf", "settings")];

/// Opens sled as it lies, and waits while a lock just given up is still being given back.
pub(super) fn open_sled_once(folder: &Path, options: &StoreOptions) -> Result<sled::Db, StoreError> {
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
                return Err(StoreError::Corrupt(format!("{}: sled cannot read its log; {MEND}", folder.display())));
            }
        }
    }
    Err(StoreError::Io(format!("{}: sled's lock is held by another program; end that", folder.display())))
}

#[expect(clippy::disallowed_methods, reason = "opening is not async, and the pause is no part of any behaviour")]
pub(super) fn pause() {
    std::thread::sleep(LOCK_PAUSE);
}

/// Renames files whose names begin with `start` to names that sled does not know; `false` when there is none.
fn move_aside(folder: &Path, start: &str) -> Result<bool, StoreError> {
    let mend = |e: &io::Error| io_error(folder, "cannot move a damaged file aside", e, "mend the folder's rights");
    let mut moved = false;
    for entry in fs::read_dir(folder).map_err(|e| mend(&e))? {
        let path = entry.map_err(|e| mend(&e))?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("").to_owned();
        if name.starts_with(start) {
            fs::rename(&path, folder.join(format!("damaged-{name}"))).map_err(|e| mend(&e))?;
            moved = true;
        }
    }
    Ok(moved)
}

/// Whether the disk has no room, or no more is allowed to this user or process.
fn is_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

pub(super) fn io_error(path: &Path, what: &str, error: &io::Error, mend: &str) -> StoreError {
    let mend = if error.kind() == io::ErrorKind::ReadOnlyFilesystem {
        "its file system is read-only, as after a fault of the disk: check it (`dmesg`), then mount it writable"
    } else {
        mend
    };
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
            StoreError::Corrupt(format!("{at}: {e}; {MEND}"))
        }
        sled::Error::Io(e) => io_error(folder, "sled", e, "check the disk, then start again"),
        sled::Error::Corruption { .. } => StoreError::Corrupt(format!("{at}: {error}; {MEND}")),
        other => StoreError::Io(format!("{at}: {other}")),
    }
}
