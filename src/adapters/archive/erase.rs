//! Erasing payloads: the chain goes over headers alone, so a pack's payloads can be written anew without some of them.

use super::{
    Archive, Header, at,
    pack::{self, Pack},
    record::{DATA_MAGIC, LARGEST_PAYLOAD, PayloadFrame},
    sync_folder,
    verify::{Pairs, Payloads},
};
use crate::ports::{Archived, Erased, RecordKind};
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

/// Ends the name of a file of payloads that is being written anew.
const UNFINISHED: &str = "data.new";

/// What a record's payload is, for erasing.
enum Fate {
    Keep,
    Erase,
}

impl Archive {
    /// Erases the payloads of all records that `select` says yes to; headers stay, and the chain holds. Packs are taken one
    /// after the other: a crash leaves those before it erased, those behind it whole. A payload that is damaged in a pack that
    /// is written anew goes too, as nobody can say what it holds.
    ///
    /// # Errors
    /// When a file cannot be read or written. What was erased until then stays erased; [`Archive::open`] must then be called
    /// again.
    pub fn erase(&mut self, mut select: impl FnMut(Archived<'_>) -> bool) -> io::Result<Erased> {
        let mut done = Erased::default();
        for number in pack::numbers(&self.folder)? {
            self.erase_in(number, &mut select, &mut done)?;
        }
        Ok(done)
    }

    /// As [`Archive::erase`], in pack `number` alone.
    ///
    /// # Errors
    /// As there.
    pub fn erase_in(
        &mut self,
        number: u32,
        select: &mut impl FnMut(Archived<'_>) -> bool,
        done: &mut Erased,
    ) -> io::Result<()> {
        self.pack.sync()?;
        let before = pack::size(&self.folder, number)?;
        let records = erase_in_pack(&self.folder, number, select)?;
        if records == 0 {
            return Ok(());
        }
        let freed = before.saturating_sub(pack::size(&self.folder, number)?);
        done.records += records;
        done.packs += 1;
        done.freed_bytes += freed;
        if number == self.pack.number() {
            self.pack = Pack::open_sound(&self.folder, number)?;
            self.mark = self.pack.mark();
        } else {
            self.older_bytes = self.older_bytes.saturating_sub(freed);
        }
        Ok(())
    }

    /// The next pack behind `number` to which nothing is appended any more, and the time of its newest record.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn next_closed(&self, number: u32) -> io::Result<Option<(u32, Timestamp)>> {
        let Some(next) = pack::numbers(&self.folder)?.into_iter().find(|n| *n > number && *n != self.pack.number())
        else {
            return Ok(None);
        };
        let heads = pack::scan_heads(&pack::heads_path(&self.folder, next))?;
        let newest = heads.headers.iter().map(|h| h.time).max();
        Ok(Some((next, newest.unwrap_or(Timestamp::MAX))))
    }
}

/// Erases in one pack, and says how many payloads.
fn erase_in_pack(folder: &Path, number: u32, select: &mut impl FnMut(Archived<'_>) -> bool) -> io::Result<u64> {
    let heads = pack::scan_heads(&pack::heads_path(folder, number))?;
    let pairs = Pairs::of(folder, number, &heads)?;
    let mut headers: BTreeMap<u64, Option<&Header>> =
        pairs.own.iter().copied().zip(heads.headers.iter().map(Some)).collect();
    headers.extend(pairs.orphans.iter().map(|n| (*n, None)));
    let mut fates = Vec::with_capacity(headers.len());
    let mut payloads = Payloads::open(folder, number)?;
    if !payloads.are_there() {
        return Ok(0);
    }
    let mut chosen = 0;
    for (place, header) in headers {
        let (gone, payload) = match payloads.get(place)? {
            Some((frame, _)) if frame.erased => (true, None),
            Some((_, stored)) => (
                false,
                match header {
                    Some(header) => super::verify::unpack_checked(&stored, header),
                    None => super::verify::unpack(&stored, LARGEST_PAYLOAD),
                },
            ),
            None => (false, None),
        };
        // Of what has no header only the bytes say anything: it is as good as a page, of which nobody knows when it was had.
        let unknown =
            Archived { kind: RecordKind::PageSnapshot, id: "", time: Timestamp::MAX, payload: payload.as_deref() };
        let erase = !gone && select(header.map_or(unknown, |header| archived(header, payload.as_deref())));
        chosen += u64::from(erase);
        fates.push((place, if erase || gone { Fate::Erase } else { Fate::Keep }));
    }
    if chosen > 0 {
        write_anew(folder, number, &fates)?;
    }
    Ok(chosen)
}

fn archived<'a>(header: &'a Header, payload: Option<&'a [u8]>) -> Archived<'a> {
    Archived { kind: header.kind, id: &header.id, time: header.time, payload }
}

/// Writes the payloads of pack `number` anew, beside the old file, then in its place.
fn write_anew(folder: &Path, number: u32, fates: &[(u64, Fate)]) -> io::Result<()> {
    let path = pack::data_path(folder, number);
    let beside = unfinished_path(folder, number);
    let mut payloads = Payloads::open(folder, number)?;
    let mut write = || -> io::Result<()> {
        let mut file = BufWriter::with_capacity(1 << 16, File::create(&beside)?);
        file.write_all(&DATA_MAGIC)?;
        for (place, fate) in fates {
            let kept = payloads.get(*place)?.filter(|_| matches!(fate, Fate::Keep));
            let (erased, bytes) = kept.map_or((true, Vec::new()), |(_, bytes)| (false, bytes));
            file.write_all(&PayloadFrame::new(*place, erased, &bytes).encode())?;
            file.write_all(&bytes)?;
        }
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    };
    if let Err(error) = write() {
        drop(fs::remove_file(&beside));
        return Err(at(&beside, &error));
    }
    fs::rename(&beside, &path).map_err(|e| at(&path, &e))?;
    sync_folder(folder)
}

fn unfinished_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:06}.{UNFINISHED}"))
}

/// Removes what an erasure that was cut short left behind: the old file is still in its place.
pub(super) fn remove_leftovers(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder).map_err(|e| at(folder, &e))? {
        let path = entry.map_err(|e| at(folder, &e))?.path();
        if path.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.ends_with(UNFINISHED)) {
            fs::remove_file(&path).map_err(|e| at(&path, &e))?;
        }
    }
    Ok(())
}
