//! How values are written: a byte for the schema version of the value, a byte for its form, then JSON, packed with zstd
//! where that pays.
//!
//! sled moves values whose page of up to 16 outgrows 128 KiB into files of their own, which it neither syncs nor ever
//! gives back. So a value longer than [`PIECE`] is cut into pieces, and no page can grow that far.

use super::keys::Key;
use crate::{adapters::packing, ports::StoreError};
use serde::{Serialize, de::DeserializeOwned};

/// The newest version of values that this program writes and reads.
pub(super) const VALUE_VERSION: u8 = 1;
/// The longest value under one key, in bytes.
pub(super) const PIECE: usize = 6 * 1024;
/// The value of a key that says everything by itself.
pub(super) const MARK: &[u8] = &[VALUE_VERSION];
/// From this length on, JSON is packed, in bytes.
const PACKED_FROM: usize = 512;
/// The most that a packed value may unpack to, in bytes: a damaged one must not fill the memory.
const LARGEST: u64 = 64 << 20;

const JSON: u8 = 0;
const ZSTD_JSON: u8 = 1;
/// Set in the form when pieces follow; their number (4 bytes, big-endian) stands behind the form.
const IN_PIECES: u8 = 0x80;

/// Why a value cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Written by a newer version of the program.
    Newer(u8),
    /// What is wrong with it.
    Bad(String),
}

/// `value` as the bytes of its key and of further pieces.
pub(super) fn encode<T: Serialize>(key: &Key, value: &T) -> Result<(Vec<u8>, Vec<Vec<u8>>), StoreError> {
    let json = serde_json::to_vec(value)
        .map_err(|e| StoreError::Corrupt(format!("{}: cannot be written: {e}", key.describe())))?;
    let packed = if json.len() >= PACKED_FROM { packing::pack(&json, 1).ok() } else { None };
    let (form, body) = match packed.filter(|p| p.len() < json.len()) {
        Some(packed) => (ZSTD_JSON, packed),
        None => (JSON, json),
    };
    if body.len() + 2 <= PIECE {
        return Ok(([&[VALUE_VERSION, form], body.as_slice()].concat(), Vec::new()));
    }
    let (first, rest) = body.split_at_checked(PIECE - 6).unwrap_or((&body, &[]));
    let pieces: Vec<Vec<u8>> = rest.chunks(PIECE).map(<[u8]>::to_vec).collect();
    let number = u32::try_from(pieces.len()).unwrap_or(u32::MAX).to_be_bytes();
    Ok(([&[VALUE_VERSION, form | IN_PIECES], number.as_slice(), first].concat(), pieces))
}

/// The number of further pieces that `value` says it has.
pub(super) fn pieces(value: &[u8]) -> u32 {
    match value {
        [VALUE_VERSION, form, rest @ ..] if form & IN_PIECES != 0 => {
            rest.first_chunk::<4>().map_or(0, |n| u32::from_be_bytes(*n))
        }
        _ => 0,
    }
}

/// Reads a value from the bytes of its key and of further pieces.
pub(super) fn decode<T: DeserializeOwned>(value: &[u8], pieces: &[Vec<u8>]) -> Result<T, Fault> {
    let (form, first) = match value {
        [VALUE_VERSION, form, rest @ ..] if form & IN_PIECES != 0 => {
            (form & !IN_PIECES, rest.get(4..).ok_or_else(|| Fault::Bad("cut short".to_owned()))?)
        }
        [VALUE_VERSION, form, rest @ ..] => (*form, rest),
        [version, ..] if *version > VALUE_VERSION => return Err(Fault::Newer(*version)),
        _ => return Err(Fault::Bad(format!("{} bytes are no value", value.len()))),
    };
    let whole;
    let body = if pieces.is_empty() {
        first
    } else {
        whole = std::iter::once(first).chain(pieces.iter().map(Vec::as_slice)).collect::<Vec<_>>().concat();
        whole.as_slice()
    };
    let unpacked;
    let json = match form {
        JSON => body,
        ZSTD_JSON => {
            unpacked = packing::unpack(body, LARGEST).map_err(|e| Fault::Bad(format!("cannot be unpacked: {e}")))?;
            unpacked.as_slice()
        }
        other => return Err(Fault::Bad(format!("unknown form {other}"))),
    };
    serde_json::from_slice(json).map_err(|e| Fault::Bad(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::keys;
    use super::*;

    fn noise(length: usize) -> String {
        // Hexadecimal digits of digests: packs to about half, never to nothing.
        (0..length / 32).flat_map(|i| keys::hash(&i.to_string())).map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn values_of_every_length_come_back() {
        let key = keys::meta("x");
        for length in [0, 32, 480, 512, 4096, 12_288, 12_320, 40_000, 1_000_000] {
            let text = noise(length);
            let (value, pieces_) = encode(&key, &text).unwrap();
            assert!(value.len() <= PIECE && pieces_.iter().all(|p| p.len() <= PIECE), "{length}");
            assert_eq!(pieces(&value) as usize, pieces_.len(), "{length}");
            assert_eq!(decode::<String>(&value, &pieces_), Ok(text), "{length}");
        }
    }

    #[test]
    fn long_json_is_packed() {
        let (value, pieces) = encode(&keys::meta("x"), &"the same again ".repeat(10_000)).unwrap();
        assert!(value.len() < 1000 && pieces.is_empty());
    }

    #[test]
    fn bad_values_are_told_apart() {
        let (value, _) = encode(&keys::meta("x"), &"fine").unwrap();
        let (packed, _) = encode(&keys::meta("x"), &"fine ".repeat(1000)).unwrap();
        assert_eq!(decode::<String>(&[VALUE_VERSION + 1, 0, 1], &[]), Err(Fault::Newer(VALUE_VERSION + 1)));
        for bad in [
            &[][..],
            &[VALUE_VERSION],
            &[VALUE_VERSION, 9, 1],
            &[VALUE_VERSION, IN_PIECES, 0],
            &value[..4],
            &packed[..20],
        ] {
            assert!(matches!(decode::<String>(bad, &[]), Err(Fault::Bad(_))), "{bad:?}");
        }
    }
}
