//! Units of work on their way to the disk.
//!
//! Callers that come while a unit is being written wait together and are then written with one sync for all. Order:
//! archive, sync, sled's batches, flush, sync, acknowledge. While batches are applied nobody reads, so that nobody can act
//! on what is not yet safe.

use super::{
    Inner,
    engine::{Engine, io_error, is_full, store_error},
    unit::Unit,
};
use crate::{
    adapters::archive::{AppendError, Archive, Prepared},
    ports::StoreError,
};
use std::sync::{Arc, Mutex, PoisonError};

/// Builds the changes of one unit of work.
pub(super) type Apply = Box<dyn FnOnce(&mut Unit<'_>) -> Result<(), StoreError> + Send>;

/// One unit of work.
pub(super) struct Job {
    /// What goes to the archive first.
    pub(super) records: Vec<Prepared>,
    /// Then to sled.
    pub(super) apply: Apply,
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
        let slot = Arc::new(Slot::default());
        // The queue is only pushed to and taken from: a panic cannot leave it half-changed.
        self.queue.0.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { job, slot: slot.clone() });
        let answer = {
            let mut writer = self.writer.lock().map_err(|_| panicked())?;
            let before = take(&slot);
            if before.is_none() {
                let group = std::mem::take(&mut *self.queue.0.lock().unwrap_or_else(PoisonError::into_inner));
                self.write(&mut writer, group);
            }
            before
        };
        answer.or_else(|| take(&slot)).unwrap_or_else(|| Err(panicked()))
    }

    fn write(&self, writer: &mut Writer, group: Vec<Waiting>) {
        let outcome = self.try_write(writer, group);
        self.archive_bytes.store(writer.archive.bytes(), std::sync::atomic::Ordering::Relaxed);
        let (done, outcome) = outcome;
        for (slot, answer) in done {
            let answer = match (&outcome, answer) {
                (Err(error), Ok(())) => Err(error.clone()),
                (_, answer) => answer,
            };
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        }
    }

    /// Writes a group. Gives each caller's own answer, and an error that concerns all whose own answer was good.
    #[expect(clippy::type_complexity, reason = "used once")]
    fn try_write(
        &self,
        writer: &mut Writer,
        group: Vec<Waiting>,
    ) -> (Vec<(Arc<Slot>, Result<(), StoreError>)>, Result<(), StoreError>) {
        let mut done = Vec::with_capacity(group.len());
        let mut to_apply = Vec::with_capacity(group.len());
        let bytes = group.iter().flat_map(|w| &w.job.records).map(Prepared::bytes).sum::<u64>();
        if let Err(error) = self.check_open().and_then(|()| self.check_room(bytes)) {
            return (group.into_iter().map(|w| (w.slot, Ok(()))).collect(), Err(error));
        }
        for Waiting { job, slot } in group {
            match writer.archive.append(&job.records) {
                Ok(()) => to_apply.push((job.apply, slot)),
                Err(AppendError::Undone(error)) => done.push((slot, Err(self.archive_error(&error)))),
                Err(AppendError::Broken(error)) => {
                    let error = self.die(self.archive_error(&error));
                    done.push((slot, Err(error)));
                }
            }
        }
        if let Err(error) = writer.archive.sync() {
            let error = self.die(self.archive_error(&error));
            done.extend(to_apply.into_iter().map(|(_, slot)| (slot, Ok(()))));
            return (done, Err(error));
        }
        let outcome = match self.check_alive() {
            Ok(()) => self.apply(to_apply, &mut done),
            Err(error) => {
                done.extend(to_apply.into_iter().map(|(_, slot)| (slot, Ok(()))));
                Err(error)
            }
        };
        (done, outcome)
    }

    fn apply(
        &self,
        jobs: Vec<(Apply, Arc<Slot>)>,
        done: &mut Vec<(Arc<Slot>, Result<(), StoreError>)>,
    ) -> Result<(), StoreError> {
        let gate = self.gate.write().map_err(|_| panicked());
        let engine = gate.as_ref().map_err(Clone::clone).and_then(|g| g.as_ref().ok_or_else(closed));
        let engine = match engine {
            Ok(engine) => engine,
            Err(error) => {
                done.extend(jobs.into_iter().map(|(_, slot)| (slot, Ok(()))));
                return Err(error);
            }
        };
        let mut outcome = Ok(());
        let mut units = None;
        for (apply, slot) in jobs {
            let answer = if outcome.is_ok() { self.build(engine, apply) } else { Ok(None) };
            match answer {
                Ok(None) => done.push((slot, Ok(()))),
                Ok(Some((batch, number))) => {
                    units = Some(number + 1);
                    if let Err(error) = engine.tree.apply_batch(batch) {
                        // sled is at a state that nobody knows.
                        outcome = Err(self.die(store_error(&self.folder, &error)));
                    }
                    done.push((slot, Ok(())));
                }
                // This unit changed nothing; the others go on.
                Err(error) => done.push((slot, Err(error))),
            }
        }
        outcome.and_then(|()| engine.sync(&self.folder).map_err(|e| self.die(e)))?;
        units.into_iter().for_each(|units| engine.note_units(units));
        Ok(())
    }

    /// The batch of one unit of work, and the unit's number.
    fn build(&self, engine: &Engine, apply: Apply) -> Result<Option<(sled::Batch, u64)>, StoreError> {
        let mut unit = Unit::begin(engine.view(&self.folder))?;
        apply(&mut unit)?;
        let number = unit.number();
        Ok(Some((unit.into_batch()?, number)))
    }

    /// Marks the store as dead: from now on every call gets this error.
    fn die(&self, error: StoreError) -> StoreError {
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
    fn check_room(&self, bytes: u64) -> Result<(), StoreError> {
        let needed = self.options.reserve_bytes.saturating_add(bytes);
        match fs2::available_space(&self.folder) {
            Ok(room) if room < needed => Err(StoreError::Full(format!(
                "{}: {room} bytes are free and {needed} are needed; make room, it goes on by itself",
                self.folder.display()
            ))),
            // A file system that cannot tell is written to until it fails.
            _ => Ok(()),
        }
    }

    fn archive_error(&self, error: &std::io::Error) -> StoreError {
        if is_full(error.kind()) {
            return StoreError::Full(format!("archive: {error}; make room and start again"));
        }
        io_error(&self.folder, "archive", error, "check the disk, then start again")
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
