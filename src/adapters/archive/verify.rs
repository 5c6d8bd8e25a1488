//! Reading an archive, and proving that nothing in it was changed.

use super::{
    Header, RecordKind, Sha256Digest,
    pack::{self, DataReader, Next},
    record::{LARGEST_PAYLOAD, PayloadFrame},
};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, io, io::Read as _, path::Path};

/// One record of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Everything but the payload.
    pub header: Header,
    /// The payload, unpacked; `None` when it was erased or is damaged.
    pub payload: Option<Vec<u8>>,
}

/// What [`verify`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// Headers, by kind.
    pub records: BTreeMap<RecordKind, u64>,
    /// Payloads that were erased, their headers kept.
    pub erased: u64,
    /// Digest of the last header: write it down elsewhere, and nobody can shorten the chain unseen.
    pub last: Sha256Digest,
    /// Faults, each with its place. A torn tail is none while the archive is not open.
    pub faults: Vec<String>,
}

/// Reads the archive in `folder`, checks every payload against its header and every header against the one before.
///
/// # Errors
/// When a file cannot be read; faults in what was read are part of the result.
pub fn verify(folder: &Path) -> io::Result<Verification> {
    let mut found = Verification::default();
    let faults = walk(folder, |place, record| {
        *found.records.entry(record.header.kind).or_default() += 1;
        if record.erased {
            found.erased += 1;
        }
        if record.header.previous != found.last {
            found.faults.push(format!("{place}: does not follow the record before it"));
        }
        found.last = record.header.digest();
    })?;
    found.faults.extend(faults);
    Ok(found)
}

/// Calls `each` for every record of the archive in `folder`, in order written. A record may come twice.
///
/// # Errors
/// When a file cannot be read.
pub fn read(folder: &Path, mut each: impl FnMut(Record)) -> io::Result<()> {
    walk(folder, |_, found| each(Record { header: found.header, payload: found.payload })).map(drop)
}

struct Walked {
    header: Header,
    payload: Option<Vec<u8>>,
    erased: bool,
}

/// Goes over headers and payloads side by side; returns the faults of files and payloads.
fn walk(folder: &Path, mut each: impl FnMut(&str, Walked)) -> io::Result<Vec<String>> {
    let mut faults = Vec::new();
    let numbers = pack::numbers(folder)?;
    for &number in &numbers {
        let heads = pack::scan_heads(&pack::heads_path(folder, number))?;
        let last = numbers.last() == Some(&number);
        faults.extend(heads.damage.clone());
        if heads.torn > 0 && !last {
            faults.push(format!("{number:06}.pack: {} bytes at the end are no header", heads.torn));
        }
        let pairs = Pairs::of(folder, number, &heads)?;
        let mut payloads = Payloads::open(folder, number)?;
        let count = heads.headers.len() as u64;
        for (header, own) in heads.headers.into_iter().zip(&pairs.own) {
            let place = format!("{number:06}.pack: record {own} ({})", header.id);
            let mut erased = false;
            let payload = match payloads.get(*own)? {
                // The end of the last pack: a torn tail, which opening cuts off.
                None if last && heads.damage.is_none() && payloads.at_end() => break,
                None => {
                    faults.push(format!("{place}: its payload is missing or damaged"));
                    None
                }
                Some((frame, _)) if frame.erased => {
                    erased = true;
                    None
                }
                Some((_, stored)) => {
                    let found = unpack_checked(&stored, &header);
                    if found.is_none() {
                        faults.push(format!("{place}: its payload is not the one that was written"));
                    }
                    found
                }
            };
            each(&place, Walked { header, payload, erased });
        }
        let left = if last || !pairs.orphans.is_empty() { None } else { payloads.get(count)?.map(|_| count) };
        if let Some(first) = pairs.orphans.first().copied().or(left) {
            let more = pairs.orphans.len().saturating_sub(1);
            let more = if more > 0 { format!(", nor have {more} others") } else { String::new() };
            faults.push(format!("{number:06}.data: payload {first} has no header{more}"));
        }
        faults.append(&mut payloads.faults);
    }
    Ok(faults)
}

/// Which payload of a pack is whose.
pub(super) struct Pairs {
    /// For each header that can be read the number of its payload.
    pub(super) own: Vec<u64>,
    /// Payloads whose headers cannot be read; only damage makes such.
    pub(super) orphans: Vec<u64>,
}

impl Pairs {
    /// Pairs the headers of pack `number` with its payloads. Behind a header that cannot be read nobody knows how many are gone, so
    /// from there on a header's payload is the next one that its digest fits.
    pub(super) fn of(folder: &Path, number: u32, heads: &pack::Heads) -> io::Result<Self> {
        let count = heads.headers.len() as u64;
        // What is torn at the end of the last pack is a write that was never acknowledged.
        let is_whole = || Ok::<_, io::Error>(heads.torn == 0 || pack::numbers(folder)?.last() == Some(&number));
        if heads.damage.is_none() && heads.start > 0 && is_whole()? {
            return Ok(Self { own: (0..count).collect(), orphans: Vec::new() });
        }
        let (mut digests, mut payloads) = (Vec::new(), Payloads::open(folder, number)?);
        while let Some((frame, stored)) = payloads.next()? {
            let unpacked = unpack(&stored, LARGEST_PAYLOAD).map(|bytes| Sha256Digest::from(Sha256::digest(&bytes)));
            digests.push((frame.number, unpacked.filter(|_| !frame.erased)));
        }
        let (mut own, mut next) = (Vec::new(), 0);
        for (index, header) in heads.headers.iter().enumerate() {
            let fits = |(n, digest): &&(u64, Option<Sha256Digest>)| *n >= next && *digest == Some(header.payload);
            let found = if index < heads.sound { None } else { digests.iter().find(fits) };
            let found = found.map_or(next, |(n, _)| *n);
            own.push(found);
            next = found + 1;
        }
        let orphans = digests.iter().map(|(n, _)| *n).filter(|n| own.binary_search(n).is_err()).collect();
        Ok(Self { own, orphans })
    }
}

/// The payloads of one pack, asked for in order.
pub(super) struct Payloads {
    /// `None` at the end of what can be read.
    reader: Option<DataReader>,
    waiting: Option<(PayloadFrame, Vec<u8>)>,
    faults: Vec<String>,
    name: String,
}

impl Payloads {
    pub(super) fn open(folder: &Path, number: u32) -> io::Result<Self> {
        let name = format!("{number:06}.data");
        let reader = DataReader::open(&pack::data_path(folder, number))?;
        let bad_start = reader.as_ref().is_none_or(|r| r.bad_start);
        let faults = bad_start.then(|| format!("{name}: missing, or does not start as a pack of this version does"));
        Ok(Self { reader: reader.filter(|_| !bad_start), waiting: None, faults: faults.into_iter().collect(), name })
    }

    /// Whether there is a file of payloads that this version can read.
    pub(super) fn are_there(&self) -> bool {
        self.reader.is_some()
    }

    fn at_end(&self) -> bool {
        self.reader.is_none() && self.waiting.is_none() && self.faults.is_empty()
    }

    pub(super) fn get(&mut self, number: u64) -> io::Result<Option<(PayloadFrame, Vec<u8>)>> {
        self.fill(number)?;
        Ok(self.waiting.take_if(|(frame, _)| frame.number == number))
    }

    /// The next payload, whatever its number.
    fn next(&mut self) -> io::Result<Option<(PayloadFrame, Vec<u8>)>> {
        self.fill(0)?;
        Ok(self.waiting.take())
    }

    /// Reads on to the first payload from `number` on.
    fn fill(&mut self, number: u64) -> io::Result<()> {
        while let Some(reader) = self.reader.as_mut().filter(|_| self.waiting.is_none()) {
            match reader.next()? {
                Next::Payload { frame, bytes, .. } if frame.number >= number => self.waiting = Some((frame, bytes)),
                Next::Payload { .. } => {}
                Next::Fault { offset, mut rest } => match pack::next_sound_payload(&rest) {
                    Some(next) => {
                        self.faults.push(format!("{}: byte {offset}: no sound payload", self.name));
                        reader.resume(rest.split_off(next), offset + next as u64);
                    }
                    None => self.reader = None,
                },
                Next::End => self.reader = None,
            }
        }
        Ok(())
    }
}

/// The payload of `header` out of what is stored; `None` when it is not the one that was written.
pub(super) fn unpack_checked(stored: &[u8], header: &Header) -> Option<Vec<u8>> {
    let bytes = unpack(stored, header.unpacked_bytes).filter(|b| b.len() as u64 == header.unpacked_bytes)?;
    (Sha256Digest::from(Sha256::digest(&bytes)) == header.payload).then_some(bytes)
}

/// What is stored, unpacked, where it is no longer than `most`.
pub(super) fn unpack(stored: &[u8], most: u64) -> Option<Vec<u8>> {
    if most > LARGEST_PAYLOAD {
        return None;
    }
    let mut out = Vec::new();
    zstd::stream::read::Decoder::new(stored).ok()?.take(most + 1).read_to_end(&mut out).ok()?;
    (out.len() as u64 <= most).then_some(out)
}
