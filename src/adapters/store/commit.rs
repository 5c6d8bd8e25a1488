//! Units of work on their way to the disk.
//!
//! Callers that come while a unit is being written wait together and are then written with one sync for all. Order:
//! archive, sync, sled's batches, flush, sync, acknowledge. While batches are applied nobody reads, so that nobody can act
//! on what is not yet safe.

use super::{
    Inner, ballast,
    engine::{Engine, Places, io_error, store_error},
    keys::{self, Kind},
    unit::Unit,
};
use crate::{
    adapters::archive::{AppendError, Archive, Position, Prepared},
    ports::StoreError,
};
use std::sync::{Arc, Mutex, PoisonError, atomic::Ordering};

/// Builds the changes of one unit of work.
pub(super) type Apply = Box<dyn FnOnce(&mut Unit<'_>) -> Result<(), StoreError> + Send>;

/// One unit of work.
pub(super) struct Job {
    /// What goes to the archive first.
    pub(super) records: Vec<Prepared>,
    /// Then to sled.
    pub(super) apply: Apply,
    /// Whether it rests on the one before it, and is not done without that.
    pub(super) rests: bool,
}

impl Job {
    pub(super) fn new(records: Vec<Prepared>, apply: Apply) -> Self {
        Self { records, apply, rests: false }
    }
}

struct Waiting {
    job: Job,
    slot: Arc<Slot>,
}

/// Where a waiting caller finds its answer.
type Slot = Mutex<Option<Result<(), StoreError>>>;

/// Units of work that wait.
#[derive(Default)]
pub(super) struct Queue(Mutex<Vec<Waiting>>);

/// What only the caller that writes may touch.
pub(super) struct Writer {
    pub(super) archive: Archive,
}

impl Inner {
    /// Does one unit of work; it is on disk when this returns `Ok`.
    pub(super) fn commit(&self, job: Job) -> Result<(), StoreError> {
        self.commit_all(vec![job])
    }

    /// Does units of work in their order; all are on disk when this returns `Ok`. A crash leaves the first of them done.
    pub(super) fn commit_all(&self, jobs: Vec<Job>) -> Result<(), StoreError> {
        let slots: Vec<Arc<Slot>> = jobs.iter().map(|_| Arc::default()).collect();
        let Some(last) = slots.last() else { return Ok(()) };
        let waiting = jobs.into_iter().zip(slots.iter().cloned()).map(|(job, slot)| Waiting { job, slot });
        // The queue is only pushed to and taken from: a panic cannot leave it half-changed.
        self.queue.0.lock().unwrap_or_else(PoisonError::into_inner).extend(waiting);
        // Whoever gets the writer writes for all that wait; the others find their answer when their turn comes.
        let mut writer = self.writer.lock().map_err(|_| panicked())?;
        let answered = last.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if !answered {
            let group = std::mem::take(&mut *self.queue.0.lock().unwrap_or_else(PoisonError::into_inner));
            self.write(&mut writer, group);
        }
        // These units were in the queue, so they were in one group.
        slots.iter().try_for_each(|slot| take(slot).unwrap_or_else(|| Err(panicked())))
    }

    fn write(&self, writer: &mut Writer, group: Vec<Waiting>) {
        let (jobs, slots): (Vec<Job>, Vec<Arc<Slot>>) = group.into_iter().map(|w| (w.job, w.slot)).unzip();
        let mut failed = vec![None; jobs.len()];
        let outcome = self.write_all(writer, jobs, &mut failed);
        self.archive_bytes.store(writer.archive.bytes(), Ordering::Relaxed);
        for (slot, own) in slots.into_iter().zip(failed) {
            let answer = own.map_or_else(|| outcome.clone(), Err);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        }
    }

    /// Writes a group. What concerns one unit of work alone goes into `failed`, and the others go on.
    fn write_all(
        &self,
        writer: &mut Writer,
        jobs: Vec<Job>,
        failed: &mut [Option<StoreError>],
    ) -> Result<(), StoreError> {
        self.check_open()?;
        self.check_room(jobs.iter().flat_map(|job| &job.records).map(Prepared::bytes).sum())?;
        let mut to_apply = Vec::with_capacity(jobs.len());
        for (place, job) in jobs.into_iter().enumerate() {
            if let Some(error) = kept_from(failed, place, job.rests) {
                note(failed, place, error);
            } else {
                match writer.archive.append(&job.records) {
                    Ok(()) => {}
                    Err(AppendError::Undone(error)) => note(failed, place, self.archive_error(&error)),
                    Err(AppendError::Broken(error)) => return Err(self.die(self.archive_error(&error))),
                }
            }
            to_apply.push((job.apply, job.rests));
        }
        writer.archive.sync().map_err(|e| self.die(self.archive_error(&e)))?;
        let archived = writer.archive.position();
        let gate = self.gate.write().map_err(|_| panicked())?;
        let engine = gate.as_ref().ok_or_else(closed)?;
        let mut units = None;
        for (place, (apply, rests)) in to_apply.into_iter().enumerate() {
            let built = match kept_from(failed, place, rests) {
                Some(error) => Err(error),
                None => self.build(engine, apply, archived),
            };
            match built {
                Ok((batch, number)) => {
                    // After a failure here sled is in a state that nobody knows.
                    engine.tree.apply_batch(batch).map_err(|e| self.die(store_error(&self.folder, &e)))?;
                    units = Some(number + 1);
                }
                Err(error) => note(failed, place, error),
            }
        }
        if let Some(units) = units {
            engine.sync(&self.folder).map_err(|e| self.die(e))?;
            engine.note_units(units);
        }
        Ok(())
    }

    /// The batch of one unit of work, and the unit's number.
    fn build(&self, engine: &Engine, apply: Apply, archived: Position) -> Result<(sled::Batch, u64), StoreError> {
        let mut unit = Unit::begin(engine.view(&self.folder))?.under(&self.veil()?);
        apply(&mut unit)?;
        // The gate is held for writing: nobody asks for candidates before the batch is applied.
        let mut glimpses = self.glimpses.lock().unwrap_or_else(PoisonError::into_inner);
        unit.changed(Kind::Article).for_each(|key| glimpses.forget(key));
        drop(glimpses);
        let mut hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        unit.changed(Kind::Sketch).filter_map(keys::sketch_hash).for_each(|hash| hashes.add(hash));
        drop(hashes);
        unit.archived_until(archived);
        let number = unit.number();
        Ok((unit.into_batch()?, number))
    }

    /// Marks the store as dead: from now on every call gets this error.
    pub(super) fn die(&self, error: StoreError) -> StoreError {
        tracing::error!(store.fault = %error, "the store cannot be used any more");
        self.dead.get_or_init(|| error).clone()
    }

    fn check_open(&self) -> Result<(), StoreError> {
        self.with_tree(|_| Ok(()))
    }

    pub(super) fn check_alive(&self) -> Result<(), StoreError> {
        self.dead.get().map_or(Ok(()), |error| Err(error.clone()))
    }

    /// Refuses before anything is touched: sled does not recover from a disk that fills up under it.
    pub(super) fn check_room(&self, bytes: u64) -> Result<(), StoreError> {
        let needed = self.options.reserve_bytes.saturating_add(bytes);
        match fs2::available_space(&self.folder) {
            Ok(room) if room < needed => Err(StoreError::Full(format!(
                "{}: {} MB are free and {} MB are needed; make room: a daemon that runs goes on by itself",
                self.folder.display(),
                room / 1_000_000,
                needed.div_ceil(1_000_000)
            ))),
            Ok(room) => {
                // Room has returned since the ballast was given up.
                if !self.ballast.load(Ordering::Relaxed) && room >= needed.saturating_add(self.options.ballast_bytes) {
                    let path = Places::of(&self.folder).ballast;
                    self.ballast.store(ballast::keep(&self.folder, &path, &self.options), Ordering::Relaxed);
                }
                Ok(())
            }
            // A file system that cannot tell is written to until it fails.
            Err(_) => Ok(()),
        }
    }

    pub(super) fn archive_error(&self, error: &std::io::Error) -> StoreError {
        io_error(&self.folder.join("archive"), "cannot write", error, "check the disk, then start again")
    }
}

/// What failed that keeps the unit of work at `place` from being done: itself, or the one that it `rests` on.
fn kept_from(failed: &[Option<StoreError>], place: usize, rests: bool) -> Option<StoreError> {
    let before = place.checked_sub(1).filter(|_| rests);
    [Some(place), before].into_iter().flatten().find_map(|at| failed.get(at).cloned().flatten())
}

fn note(failed: &mut [Option<StoreError>], place: usize, error: StoreError) {
    if let Some(own) = failed.get_mut(place) {
        *own = Some(error);
    }
}

fn take(slot: &Slot) -> Option<Result<(), StoreError>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

pub(super) fn closed() -> StoreError {
    StoreError::Io("closed".to_owned())
}

pub(super) fn panicked() -> StoreError {
    StoreError::Io("a fault inside the store ended a unit of work half-way; start again".to_owned())
}
