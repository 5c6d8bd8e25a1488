//! The archive's records, byte by byte. All numbers are little-endian.

use super::Sha256Digest;
use crate::{adapters::packing, ports::RecordKind};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// Starts every file of headers: name and version of the format.
pub(super) const PACK_MAGIC: [u8; 8] = *b"CWPACK\0\x01";
/// Starts every file of payloads.
pub(super) const DATA_MAGIC: [u8; 8] = *b"CWDATA\0\x01";
/// Starts every header.
pub(super) const HEADER_MARK: [u8; 4] = *b"\xC7hd\x1E";
/// Starts every payload.
pub(super) const PAYLOAD_MARK: [u8; 4] = *b"\xC7pl\x1E";
/// Version of the header's body.
const HEADER_VERSION: u8 = 1;
/// The longest header body taken for one: fixed fields and an id of 200 bytes are far shorter.
pub(super) const LONGEST_HEADER: usize = 1024;
/// Bytes of a header's frame before its body: mark, length, CRC-32.
pub(super) const HEADER_FRAME: usize = 12;
/// Bytes of a payload's frame before its bytes: mark, number, state, length, CRC-32.
pub(super) const PAYLOAD_FRAME: usize = 21;
/// The largest payload that is unpacked: a page is far smaller, and a damaged length must not fill the memory.
pub(super) const LARGEST_PAYLOAD: u64 = 256 << 20;

/// The byte that stands for a kind.
const fn code(kind: RecordKind) -> u8 {
    match kind {
        RecordKind::PageSnapshot => 1,
        RecordKind::Article => 2,
        RecordKind::Alert => 3,
        RecordKind::Receipt => 4,
        RecordKind::Revision => 5,
        RecordKind::Digest => 6,
        RecordKind::Development => 7,
        RecordKind::Progress => 8,
    }
}

/// What the chain holds of a record: everything but the payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Digest of the header before it; zeros for the first of an archive.
    pub previous: Sha256Digest,
    /// What the record is.
    pub kind: RecordKind,
    /// When it was made.
    pub time: Timestamp,
    /// Id of the thing it is about.
    pub id: String,
    /// SHA-256 of the payload, unpacked.
    pub payload: Sha256Digest,
    /// Bytes of the payload, unpacked.
    pub unpacked_bytes: u64,
    /// Bytes of the payload as stored (a zstd frame).
    pub stored_bytes: u32,
}

impl Header {
    /// The header's body: what is digested and stored.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(100 + self.id.len());
        out.push(HEADER_VERSION);
        out.push(code(self.kind));
        out.extend_from_slice(&self.time.as_second().to_le_bytes());
        out.extend_from_slice(&self.time.subsec_nanosecond().to_le_bytes());
        out.extend_from_slice(&self.previous);
        out.extend_from_slice(&self.payload);
        out.extend_from_slice(&self.unpacked_bytes.to_le_bytes());
        out.extend_from_slice(&self.stored_bytes.to_le_bytes());
        out.extend_from_slice(self.id.as_bytes());
        out
    }

    /// Reads a header's body; `None` when it is none.
    pub(super) fn decode(body: &[u8]) -> Option<Self> {
        let mut cursor = Cursor(body);
        if cursor.take::<1>()? != [HEADER_VERSION] {
            return None;
        }
        let [byte] = cursor.take::<1>()?;
        let kind = RecordKind::ALL.into_iter().find(|kind| code(*kind) == byte)?;
        let seconds = i64::from_le_bytes(cursor.take()?);
        let nanoseconds = i32::from_le_bytes(cursor.take()?);
        Some(Self {
            kind,
            time: Timestamp::new(seconds, nanoseconds).ok()?,
            previous: cursor.take()?,
            payload: cursor.take()?,
            unpacked_bytes: u64::from_le_bytes(cursor.take()?),
            stored_bytes: u32::from_le_bytes(cursor.take()?),
            id: std::str::from_utf8(cursor.0).ok()?.to_owned(),
        })
    }

    /// The digest that the next header carries.
    pub fn digest(&self) -> Sha256Digest {
        Sha256::digest(self.encode()).into()
    }
}

/// Reads fixed-size pieces off the front of a slice.
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl Cursor<'_> {
    pub(super) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (piece, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*piece)
    }
}

/// A record ready to be appended: digested and packed, which takes time and needs no lock.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(super) kind: RecordKind,
    pub(super) time: Timestamp,
    pub(super) id: String,
    pub(super) digest: Sha256Digest,
    pub(super) unpacked_bytes: u64,
    pub(super) stored: Vec<u8>,
}

impl Prepared {
    /// Packs `payload`. `id` is cut at 200 bytes, as long as any identifier may be.
    ///
    /// # Errors
    /// When the payload is larger than 256 MiB.
    pub fn new(kind: RecordKind, time: Timestamp, id: &str, payload: &[u8]) -> std::io::Result<Self> {
        if payload.len() as u64 > LARGEST_PAYLOAD {
            return Err(std::io::Error::new(
                std::io::ErrorKind::InvalidInput,
                format!("{id}: {} bytes are more than the archive takes", payload.len()),
            ));
        }
        let stored = packing::pack(payload, 3)?;
        let end = (0..=id.len().min(200)).rev().find(|i| id.is_char_boundary(*i)).unwrap_or(0);
        Ok(Self {
            kind,
            time,
            id: id.get(..end).unwrap_or("").to_owned(),
            digest: Sha256::digest(payload).into(),
            unpacked_bytes: payload.len() as u64,
            stored,
        })
    }

    /// Bytes it takes on disk, about.
    pub fn bytes(&self) -> u64 {
        (self.stored.len() + self.id.len() + 128) as u64
    }
}

/// A header in its frame.
pub(super) fn header_frame(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER_FRAME + body.len());
    out.extend_from_slice(&HEADER_MARK);
    // A body is at most a few hundred bytes.
    out.extend_from_slice(&u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&crc32fast::hash(body).to_le_bytes());
    out.extend_from_slice(body);
    out
}

/// The body of the header frame at the front of `bytes`; `None` when there is no sound one.
pub(super) fn header_body(bytes: &[u8]) -> Option<&[u8]> {
    let mut cursor = Cursor(bytes);
    if cursor.take::<4>()? != HEADER_MARK {
        return None;
    }
    let length = usize::try_from(u32::from_le_bytes(cursor.take()?)).ok()?;
    let crc = u32::from_le_bytes(cursor.take()?);
    if length > LONGEST_HEADER {
        return None;
    }
    let body = cursor.0.get(..length)?;
    (crc32fast::hash(body) == crc).then_some(body)
}

/// The start of a payload's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PayloadFrame {
    /// Its number in the pack, from 0: that of its header.
    pub(super) number: u64,
    /// Whether the payload was erased; it has no bytes then.
    pub(super) erased: bool,
    /// Bytes that follow.
    pub(super) length: u32,
    /// CRC-32 of number, state and bytes.
    pub(super) crc: u32,
}

impl PayloadFrame {
    pub(super) fn new(number: u64, erased: bool, bytes: &[u8]) -> Self {
        // Payloads are at most 256 MiB.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Self { number, erased, length, crc: Self::crc_of(number, erased, bytes) }
    }

    pub(super) fn crc_of(number: u64, erased: bool, bytes: &[u8]) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&number.to_le_bytes());
        hasher.update(&[u8::from(erased)]);
        hasher.update(bytes);
        hasher.finalize()
    }

    pub(super) fn encode(&self) -> [u8; PAYLOAD_FRAME] {
        let mut out = [0; PAYLOAD_FRAME];
        let parts: [&[u8]; 5] = [
            &PAYLOAD_MARK,
            &self.number.to_le_bytes(),
            &[u8::from(self.erased)],
            &self.length.to_le_bytes(),
            &self.crc.to_le_bytes(),
        ];
        for (to, from) in out.iter_mut().zip(parts.concat()) {
            *to = from;
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut cursor = Cursor(bytes);
        if cursor.take::<4>()? != PAYLOAD_MARK {
            return None;
        }
        let number = u64::from_le_bytes(cursor.take()?);
        let [state] = cursor.take::<1>()?;
        let frame = Self {
            number,
            erased: state == 1,
            length: u32::from_le_bytes(cursor.take()?),
            crc: u32::from_le_bytes(cursor.take()?),
        };
        (state <= 1 && u64::from(frame.length) <= LARGEST_PAYLOAD).then_some(frame)
    }
}
