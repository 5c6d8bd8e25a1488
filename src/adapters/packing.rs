//! Packing with zstd, by contexts that are kept: making one costs more than packing a few kilobytes.

use std::{cell::RefCell, io};
use zstd::{
    bulk::{Compressor, Decompressor},
    zstd_safe,
};

thread_local! {
    static PACKER: RefCell<Option<(i32, Compressor<'static>)>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// `bytes`, packed at `level`.
pub(super) fn pack(bytes: &[u8], level: i32) -> io::Result<Vec<u8>> {
    PACKER.with_borrow_mut(|kept| match kept {
        Some((of, packer)) if *of == level => packer.compress(bytes),
        _ => kept.insert((level, Compressor::new(level)?)).1.compress(bytes),
    })
}

/// What [`pack`] packed into `packed`; an error where that is damaged, or more than `most` bytes.
pub(super) fn unpack(packed: &[u8], most: u64) -> io::Result<Vec<u8>> {
    // Only what was packed in one piece says how long it is; ours always was.
    let length = zstd_safe::get_frame_content_size(packed).ok().flatten();
    let length = length.filter(|n| *n <= most).and_then(|n| usize::try_from(n).ok());
    let length =
        length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "its length is missing or too large"))?;
    UNPACKER.with_borrow_mut(|kept| match kept {
        Some(unpacker) => unpacker.decompress(packed, length),
        None => kept.insert(Decompressor::new()?).decompress(packed, length),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_and_damage_is_told() {
        let text = "the same again ".repeat(1000);
        for level in [1, 3, 1] {
            let packed = pack(text.as_bytes(), level).unwrap();
            assert_eq!(unpack(&packed, 1 << 20).unwrap(), text.as_bytes());
            assert!(unpack(&packed, 100).is_err(), "more than it may be");
            assert!(unpack(&packed[..packed.len() / 2], 1 << 20).is_err(), "cut short");
            assert!(unpack(b"no such thing", 1 << 20).is_err());
        }
        assert_eq!(unpack(&pack(b"", 1).unwrap(), 1).unwrap(), b"");
    }
}
