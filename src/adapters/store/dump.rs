//! All of sled in one file: what a backup holds, and what it is made from again.
//!
//! A zstd stream. Behind the magic come the keys in order, each as length of key and of value (4 bytes each, little-endian),
//! key, value; then a mark (both lengths all ones) with the number of keys (8 bytes) and a CRC-32 over keys and values. A file
//! that ends before its mark was cut short.

use super::{
    compact::Sum,
    engine::{io_error, store_error},
};
use crate::ports::StoreError;
use std::{
    io::{self, Read, Write},
    path::Path,
};

const MAGIC: [u8; 8] = *b"CWDUMP\0\x01";
/// Stands for the lengths behind the last key.
const END: u32 = u32::MAX;
/// The longest key or value that is taken for one: a damaged length must not fill the memory.
const LONGEST: u32 = 64 << 20;
/// sled's values are packed for the most part.
const LEVEL: i32 = 1;

/// Why a dump cannot be read.
#[derive(Debug)]
pub(super) enum DumpError {
    /// The file ends too early, or is not what was written.
    Bad(String),
    /// Whoever takes the keys failed.
    Store(StoreError),
}

/// Writes all keys of `tree` to `out`; `step` hears of each.
pub(super) fn write(
    tree: &sled::Tree,
    folder: &Path,
    out: impl Write,
    place: &Path,
    step: &dyn Fn(),
) -> Result<Sum, StoreError> {
    let failed = |e: io::Error| io_error(place, "cannot write", &e, "check the disk");
    let mut out = zstd::stream::write::Encoder::new(out, LEVEL).map_err(failed)?;
    let mut sum = Sum::default();
    out.write_all(&MAGIC).map_err(failed)?;
    for item in tree.iter() {
        let (key, value) = item.map_err(|e| store_error(folder, &e))?;
        sum.add(&key, &value);
        step();
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(END).to_le_bytes();
        for part in [&length(&key)[..], &length(&value), &key, &value] {
            out.write_all(part).map_err(failed)?;
        }
    }
    for part in [&END.to_le_bytes()[..], &END.to_le_bytes(), &sum.keys.to_le_bytes(), &sum.crc().to_le_bytes()] {
        out.write_all(part).map_err(failed)?;
    }
    out.finish().and_then(|mut out| out.flush()).map_err(failed)?;
    Ok(sum)
}

/// Gives every key and value of the dump `input` to `take`, in order; the sum of all when it is whole.
pub(super) fn read(
    input: impl Read,
    mut take: impl FnMut(Vec<u8>, Vec<u8>) -> Result<(), StoreError>,
) -> Result<Sum, DumpError> {
    let bad = |e: io::Error| match e.kind() {
        io::ErrorKind::UnexpectedEof => DumpError::Bad("it was cut short".to_owned()),
        _ => DumpError::Bad(format!("it cannot be unpacked: {e}")),
    };
    let mut input = zstd::stream::read::Decoder::new(input).map_err(bad)?;
    let mut magic = [0; MAGIC.len()];
    input.read_exact(&mut magic).map_err(bad)?;
    if magic != MAGIC {
        return Err(DumpError::Bad("it does not start as a dump of this version does".to_owned()));
    }
    let mut sum = Sum::default();
    loop {
        let (key, value) = (number(&mut input).map_err(bad)?, number(&mut input).map_err(bad)?);
        if (key, value) == (END, END) {
            break;
        }
        if key > LONGEST || value > LONGEST {
            return Err(DumpError::Bad(format!("behind key {} it is damaged", sum.keys)));
        }
        let key = bytes(&mut input, key).map_err(bad)?;
        let value = bytes(&mut input, value).map_err(bad)?;
        sum.add(&key, &value);
        take(key, value).map_err(DumpError::Store)?;
    }
    let mut keys = [0; 8];
    input.read_exact(&mut keys).map_err(bad)?;
    let crc = number(&mut input).map_err(bad)?;
    if u64::from_le_bytes(keys) != sum.keys || crc != sum.crc() {
        return Err(DumpError::Bad("its checksum is not that of what it holds".to_owned()));
    }
    Ok(sum)
}

fn number(input: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn bytes(input: &mut impl Read, length: u32) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    input.take(u64::from(length)).read_to_end(&mut out)?;
    if out.len() == length as usize { Ok(out) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
