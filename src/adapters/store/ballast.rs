//! A file that takes up room for nothing, so that it can be given up when the disk is full: a full disk keeps even a store
//! that only wants to be read from opening.

use super::{StoreOptions, engine::io_error};
use crate::ports::StoreError;
use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

/// Removes the ballast file; `false` when there is none.
pub(super) fn give_up(path: &Path) -> Result<bool, StoreError> {
    match fs::remove_file(path) {
        Ok(()) => {
            tracing::warn!(store.path = %path.display(), "the disk is full: gave up the ballast file to open the store");
            Ok(true)
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(io_error(path, "cannot remove the ballast file", &e, "make room on the disk")),
    }
}

/// Makes the ballast file where it is missing and there is room for it, and says whether it is there.
pub(super) fn keep(folder: &Path, path: &Path, options: &StoreOptions) -> bool {
    if fs::metadata(path).is_ok_and(|m| m.len() >= options.ballast_bytes) {
        return true;
    }
    let room = fs2::available_space(folder).unwrap_or(0);
    if room < options.ballast_bytes.saturating_add(options.reserve_bytes) {
        return false;
    }
    if let Err(error) = write(path, options.ballast_bytes) {
        tracing::warn!(
            store.path = %path.display(),
            store.fault = %error,
            "cannot make the ballast file, by which the store could be opened on a full disk"
        );
        // A part of it is of no use.
        drop(fs::remove_file(path));
        return false;
    }
    true
}

fn write(path: &Path, bytes: u64) -> io::Result<()> {
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
