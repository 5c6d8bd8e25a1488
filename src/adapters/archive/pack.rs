//! One pack: a file of headers and its twin of payloads.

use super::{
    Position, Sha256Digest, at,
    record::{
        self, DATA_MAGIC, HEADER_FRAME, HEADER_MARK, Header, PACK_MAGIC, PAYLOAD_FRAME, PAYLOAD_MARK, PayloadFrame,
        Prepared,
    },
    sync_folder,
};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

/// Bytes of headers after which a new pack is begun, so that opening reads little.
const LONG_HEADERS: u64 = 16 << 20;

/// The last pack of an archive, open for appending.
#[derive(Debug)]
pub(super) struct Pack {
    number: u32,
    heads: Half,
    data: Half,
    /// Records in this pack.
    count: u64,
    /// Digest of the last header, of this pack or one before.
    last: Sha256Digest,
    dirty: bool,
}

#[derive(Debug)]
struct Half {
    path: PathBuf,
    file: File,
    length: u64,
}

/// A place in a pack to go back to.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    heads: u64,
    data: u64,
    count: u64,
    last: Sha256Digest,
}

/// What opening the last pack gave.
pub(super) enum Opened {
    Sound(Pack),
    /// A fault with sound records after it, which is not known to stand behind all that was acknowledged.
    Damaged {
        place: String,
        last: Sha256Digest,
    },
}

impl Position {
    /// Whether the record after the first `count` of pack `number` stands behind this place.
    const fn is_before(self, number: u32, count: u64) -> bool {
        number > self.pack || number == self.pack && count >= self.records
    }
}

impl Half {
    fn create(path: PathBuf, magic: &[u8]) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .and_then(|f| f.set_len(0).map(|()| f))
            .map_err(|e| at(&path, &e))?;
        file.write_all(magic).map_err(|e| at(&path, &e))?;
        Ok(Self { path, file, length: magic.len() as u64 })
    }

    fn open(path: PathBuf) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(|e| at(&path, &e))?;
        let length = file.metadata().map_err(|e| at(&path, &e))?.len();
        Ok(Self { path, file, length })
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).map_err(|e| at(&self.path, &e))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length).map_err(|e| at(&self.path, &e))?;
        self.length = length;
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync_data().map_err(|e| at(&self.path, &e))
    }
}

impl Pack {
    /// Begins pack `number`. What stands under its name is a creation that was cut short and holds nothing.
    pub(super) fn create(folder: &Path, number: u32, last: Sha256Digest) -> io::Result<Self> {
        let data = Half::create(data_path(folder, number), &DATA_MAGIC)?;
        let heads = Half::create(heads_path(folder, number), &PACK_MAGIC)?;
        data.sync()?;
        heads.sync()?;
        sync_folder(folder)?;
        Ok(Self { number, heads, data, count: 0, last, dirty: false })
    }

    /// Opens pack `number` for appending and cuts a torn tail; behind `safe` also one with holes. `before` gives the last digest of
    /// the packs before it.
    pub(super) fn open(
        folder: &Path,
        number: u32,
        safe: Option<Position>,
        before: impl FnOnce() -> io::Result<Sha256Digest>,
    ) -> io::Result<Opened> {
        let heads = scan_heads(&heads_path(folder, number))?;
        let data = scan_data(&data_path(folder, number))?;
        let last_of = |headers: &[Header]| headers.last().map(Header::digest);
        // The start of each file was synced before the first record: if one is gone, no crash did that.
        let half = match (heads.start, data.start) {
            (0, _) if !data.ends.is_empty() => Some(heads_path(folder, number)),
            (_, 0) if !heads.headers.is_empty() => Some(data_path(folder, number)),
            _ => None,
        };
        let half = half.map(|path| format!("{}: is missing", path.display()));
        // A record counts when header and payload are there: they are acknowledged only after both were synced.
        let count = heads.sound.min(data.ends.len());
        let hole = heads.start > 0 && data.start > 0 && safe.is_some_and(|safe| safe.is_before(number, count as u64));
        let damage = heads.damage.as_ref().or(data.damage.as_ref()).filter(|_| !hole);
        if let Some(place) = damage.or(half.as_ref()) {
            let last = match last_of(&heads.headers) {
                Some(last) => last,
                None => before()?,
            };
            return Ok(Opened::Damaged { place: place.clone(), last });
        }
        let headers = heads.headers.get(..count).unwrap_or_default();
        let last = match last_of(headers) {
            Some(last) => last,
            None => before()?,
        };
        if count == 0 && (heads.start == 0 || data.start == 0) {
            return Pack::create(folder, number, last).map(Opened::Sound);
        }
        let end = |ends: &[u64], start: u64| count.checked_sub(1).and_then(|i| ends.get(i)).copied().unwrap_or(start);
        let mut pack = Self {
            number,
            heads: Half::open(heads_path(folder, number))?,
            data: Half::open(data_path(folder, number))?,
            count: count as u64,
            last,
            dirty: false,
        };
        let mark = Mark {
            heads: end(&heads.ends, heads.start),
            data: end(&data.ends, data.start),
            count: count as u64,
            last: pack.last,
        };
        if mark.heads != pack.heads.length || mark.data != pack.data.length {
            tracing::info!(
                archive.pack = number,
                archive.bytes = pack.heads.length - mark.heads + pack.data.length - mark.data,
                "cut off the torn tail of the archive: a write that was never acknowledged"
            );
            pack.back_to(&mark)?;
            pack.sync()?;
        }
        Ok(Opened::Sound(pack))
    }

    /// Opens pack `number`, of which the caller knows that it is sound.
    pub(super) fn open_sound(folder: &Path, number: u32) -> io::Result<Self> {
        let before = || last_digest_before(folder, &numbers(folder)?, number);
        match Self::open(folder, number, None, before)? {
            Opened::Sound(pack) => Ok(pack),
            Opened::Damaged { place, .. } => Err(io::Error::new(io::ErrorKind::InvalidData, place)),
        }
    }

    pub(super) fn append(&mut self, record: &Prepared) -> io::Result<()> {
        let header = Header {
            previous: self.last,
            kind: record.kind,
            time: record.time,
            id: record.id.clone(),
            payload: record.digest,
            unpacked_bytes: record.unpacked_bytes,
            stored_bytes: u32::try_from(record.stored.len()).unwrap_or(u32::MAX),
        };
        self.dirty = true;
        // One write for each file: a kill between them leaves a payload without a header, which is cut off at open.
        let mut frame = PayloadFrame::new(self.count, false, &record.stored).encode().to_vec();
        frame.extend_from_slice(&record.stored);
        self.data.append(&frame)?;
        self.heads.append(&record::header_frame(&header.encode()))?;
        self.count += 1;
        self.last = header.digest();
        Ok(())
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { heads: self.heads.length, data: self.data.length, count: self.count, last: self.last }
    }

    pub(super) fn back_to(&mut self, mark: &Mark) -> io::Result<()> {
        self.dirty = true;
        self.heads.cut(mark.heads)?;
        self.data.cut(mark.data)?;
        self.count = mark.count;
        self.last = mark.last;
        Ok(())
    }

    pub(super) fn sync(&mut self) -> io::Result<()> {
        if self.dirty {
            self.data.sync()?;
            self.heads.sync()?;
            self.dirty = false;
        }
        Ok(())
    }

    pub(super) const fn number(&self) -> u32 {
        self.number
    }

    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    pub(super) const fn last_digest(&self) -> Sha256Digest {
        self.last
    }

    pub(super) const fn data_bytes(&self) -> u64 {
        self.data.length
    }

    pub(super) const fn bytes(&self) -> u64 {
        self.heads.length + self.data.length
    }

    pub(super) const fn is_long(&self) -> bool {
        self.heads.length >= LONG_HEADERS
    }
}

pub(super) fn heads_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:06}.pack"))
}

pub(super) fn data_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:06}.data"))
}

/// The numbers of all packs in `folder`, in order.
pub(super) fn numbers(folder: &Path) -> io::Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| at(folder, &e))? {
        let path = entry.map_err(|e| at(folder, &e))?.path();
        let ours = path.extension().is_some_and(|e| e == "pack" || e == "data");
        found.extend(path.file_stem().and_then(|s| s.to_str()).filter(|_| ours).and_then(|s| s.parse::<u32>().ok()));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Whether pack `number` has anything behind the magic of its files.
pub(super) fn holds_records(folder: &Path, number: u32) -> io::Result<bool> {
    let halves = [(heads_path(folder, number), PACK_MAGIC.len()), (data_path(folder, number), DATA_MAGIC.len())];
    for (path, magic) in halves {
        match fs::metadata(&path) {
            Ok(meta) if meta.is_file() && meta.len() > magic as u64 => return Ok(true),
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(at(&path, &e)),
            _ => {}
        }
    }
    Ok(false)
}

/// Bytes of pack `number`.
pub(super) fn size(folder: &Path, number: u32) -> io::Result<u64> {
    let mut bytes = 0;
    for path in [heads_path(folder, number), data_path(folder, number)] {
        match fs::metadata(&path) {
            Ok(meta) => bytes += meta.len(),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(at(&path, &e)),
        }
    }
    Ok(bytes)
}

/// The digest of the last readable header in the packs before `number`; zeros when there is none.
pub(super) fn last_digest_before(folder: &Path, numbers: &[u32], number: u32) -> io::Result<Sha256Digest> {
    for earlier in numbers.iter().rev().filter(|n| **n < number) {
        if let Some(header) = scan_heads(&heads_path(folder, *earlier))?.headers.last() {
            return Ok(header.digest());
        }
    }
    Ok([0; 32])
}

/// What a file of headers holds.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// Bytes of the file's magic; 0 when even that is missing.
    pub(super) start: u64,
    /// Sound headers, in order; after damage, those that could be found again.
    pub(super) headers: Vec<Header>,
    /// For each header the offset of its end.
    pub(super) ends: Vec<u64>,
    /// How many of them stand before the first fault.
    pub(super) sound: usize,
    /// Where a fault stands that has sound headers after it.
    pub(super) damage: Option<String>,
    /// Bytes after the last sound header.
    pub(super) torn: u64,
}

pub(super) fn scan_heads(path: &Path) -> io::Result<Heads> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Heads::default()),
        Err(e) => return Err(at(path, &e)),
    };
    let mut found = Heads::default();
    let mut offset = PACK_MAGIC.len();
    if bytes.get(..offset) == Some(&PACK_MAGIC) {
        found.start = offset as u64;
    } else if bytes.len() > offset {
        found.damage = Some(format!("{}: does not start as a pack of this version does", path.display()));
    } else {
        return Ok(found);
    }
    while let Some(rest) = bytes.get(offset..).filter(|r| !r.is_empty()) {
        match record::header_body(rest).and_then(|body| Some((Header::decode(body)?, body.len()))) {
            Some((header, length)) => {
                offset += HEADER_FRAME + length;
                found.headers.push(header);
                found.sound += usize::from(found.damage.is_none());
                found.ends.push(offset as u64);
            }
            None => {
                // Is there anything sound behind the fault?
                let next = (1..rest.len()).find(|i| {
                    rest.get(*i..).is_some_and(|r| r.starts_with(&HEADER_MARK) && record::header_body(r).is_some())
                });
                let Some(next) = next else {
                    found.torn = rest.len() as u64;
                    break;
                };
                found.damage.get_or_insert_with(|| format!("{}: byte {offset}: no sound header", path.display()));
                offset += next;
            }
        }
    }
    Ok(found)
}

/// What a file of payloads holds, without the payloads.
#[derive(Debug, Default)]
pub(super) struct Data {
    /// Bytes of the file's magic; 0 when even that is missing.
    pub(super) start: u64,
    /// For each sound payload, from number 0 on without a gap, the offset of its end.
    pub(super) ends: Vec<u64>,
    /// Where a fault stands that has sound payloads after it.
    pub(super) damage: Option<String>,
}

fn scan_data(path: &Path) -> io::Result<Data> {
    let mut found = Data::default();
    let mut reader = match DataReader::open(path) {
        Ok(Some(reader)) => reader,
        Ok(None) => return Ok(found),
        Err(e) => return Err(e),
    };
    if reader.bad_start {
        found.damage = Some(format!("{}: does not start as a pack of this version does", path.display()));
        return Ok(found);
    }
    found.start = DATA_MAGIC.len() as u64;
    loop {
        match reader.next()? {
            Next::Payload { frame, end, .. } if frame.number == found.ends.len() as u64 => found.ends.push(end),
            Next::Payload { .. } => {
                found.damage = Some(format!("{}: payload {} is missing", path.display(), found.ends.len()));
                return Ok(found);
            }
            Next::Fault { offset, rest } => {
                if next_sound_payload(&rest).is_some() {
                    found.damage = Some(format!("{}: byte {offset}: no sound payload", path.display()));
                }
                return Ok(found);
            }
            Next::End => return Ok(found),
        }
    }
}

/// Where in `rest`, behind its first byte, a sound payload stands.
pub(super) fn next_sound_payload(rest: &[u8]) -> Option<usize> {
    let sound = |bytes: &[u8]| {
        bytes.starts_with(&PAYLOAD_MARK)
            && PayloadFrame::decode(bytes).is_some_and(|f| {
                bytes
                    .get(PAYLOAD_FRAME..PAYLOAD_FRAME + f.length as usize)
                    .is_some_and(|b| PayloadFrame::crc_of(f.number, f.erased, b) == f.crc)
            })
    };
    (1..rest.len()).find(|i| rest.get(*i..).is_some_and(sound))
}

/// Reads a file of payloads from front to back.
pub(super) struct DataReader {
    path: PathBuf,
    file: Box<dyn io::Read>,
    offset: u64,
    pub(super) bad_start: bool,
}

pub(super) enum Next {
    Payload {
        frame: PayloadFrame,
        bytes: Vec<u8>,
        end: u64,
    },
    /// No sound payload at `offset`; `rest` is everything from there on.
    Fault {
        offset: u64,
        rest: Vec<u8>,
    },
    End,
}

impl DataReader {
    /// `None` when the file is missing or shorter than its magic.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(at(path, &e)),
        };
        let mut file = io::BufReader::with_capacity(1 << 16, file);
        let mut magic = [0; DATA_MAGIC.len()];
        match file.read_exact(&mut magic) {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(e) => return Err(at(path, &e)),
        }
        let bad_start = magic != DATA_MAGIC;
        Ok(Some(Self { path: path.to_owned(), file: Box::new(file), offset: magic.len() as u64, bad_start }))
    }

    /// Goes on with `rest`, which stands at `offset` of the file.
    pub(super) fn resume(&mut self, rest: Vec<u8>, offset: u64) {
        self.file = Box::new(io::Cursor::new(rest));
        self.offset = offset;
    }

    pub(super) fn next(&mut self) -> io::Result<Next> {
        let mut start = Vec::with_capacity(PAYLOAD_FRAME);
        self.read(PAYLOAD_FRAME as u64, &mut start)?;
        if start.is_empty() {
            return Ok(Next::End);
        }
        let mut seen = start.clone();
        if let Some(frame) = PayloadFrame::decode(&start) {
            let mut bytes = Vec::new();
            self.read(u64::from(frame.length), &mut bytes)?;
            if bytes.len() == frame.length as usize
                && PayloadFrame::crc_of(frame.number, frame.erased, &bytes) == frame.crc
            {
                self.offset += (PAYLOAD_FRAME + bytes.len()) as u64;
                return Ok(Next::Payload { frame, bytes, end: self.offset });
            }
            seen.append(&mut bytes);
        }
        // A pack is of bounded size, so its rest fits into memory.
        self.read(u64::MAX, &mut seen)?;
        Ok(Next::Fault { offset: self.offset, rest: seen })
    }

    fn read(&mut self, bytes: u64, into: &mut Vec<u8>) -> io::Result<()> {
        self.file.by_ref().take(bytes).read_to_end(into).map(drop).map_err(|e| at(&self.path, &e))
    }
}
