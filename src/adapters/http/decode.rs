//! Bodies: held to their limit after every decompression, with the two things that servers call deflate told apart.

use crate::ports::FetchError;
use flate2::write::{DeflateDecoder, ZlibDecoder};
use std::io::{self, Write};

/// A body as far as it has come.
pub(super) enum Body {
    Plain(Capped),
    /// Deflate whose first two bytes have not come yet.
    Unknown {
        limit: usize,
        head: Vec<u8>,
    },
    Zlib(ZlibDecoder<Capped>),
    Raw(DeflateDecoder<Capped>),
}

/// A sink that takes so many bytes and no more.
pub(super) struct Capped {
    bytes: Vec<u8>,
    limit: usize,
    full: bool,
}

impl Write for Capped {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + chunk.len() > self.limit {
            self.full = true;
            return Err(io::Error::other("over the limit"));
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Body {
    pub(super) fn new(limit: usize, deflated: bool) -> Self {
        if deflated { Self::Unknown { limit, head: Vec::new() } } else { Self::Plain(Capped::new(limit)) }
    }

    /// Takes a chunk as it came.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Result<(), FetchError> {
        let result = match self {
            Self::Plain(sink) => sink.write_all(chunk),
            Self::Zlib(decoder) => decoder.write_all(chunk),
            Self::Raw(decoder) => decoder.write_all(chunk),
            Self::Unknown { limit, head } => {
                head.extend_from_slice(chunk);
                let [first, second, ..] = *head.as_slice() else { return Ok(()) };
                let (limit, start) = (*limit, std::mem::take(head));
                // RFC 1950 section 2.2: method 8, and the two bytes a multiple of 31.
                let zlib = first & 0x0f == 8 && u16::from_be_bytes([first, second]).is_multiple_of(31);
                *self = if zlib {
                    Self::Zlib(ZlibDecoder::new(Capped::new(limit)))
                } else {
                    Self::Raw(DeflateDecoder::new(Capped::new(limit)))
                };
                return self.push(&start);
            }
        };
        result.map_err(|e| self.fault(&e))
    }

    /// The whole body.
    pub(super) fn finish(self) -> Result<Vec<u8>, FetchError> {
        let broken = |e: io::Error| FetchError::Broken(format!("deflate: {e}"));
        match self {
            Self::Plain(sink) => Ok(sink.bytes),
            Self::Unknown { head, .. } => Ok(head),
            Self::Zlib(decoder) => Ok(decoder.finish().map_err(broken)?.bytes),
            Self::Raw(decoder) => Ok(decoder.finish().map_err(broken)?.bytes),
        }
    }

    fn fault(&self, error: &io::Error) -> FetchError {
        let sink = match self {
            Self::Plain(sink) => sink,
            Self::Zlib(decoder) => decoder.get_ref(),
            Self::Raw(decoder) => decoder.get_ref(),
            Self::Unknown { limit, .. } => return FetchError::TooLarge(*limit),
        };
        if sink.full { FetchError::TooLarge(sink.limit) } else { FetchError::Broken(format!("deflate: {error}")) }
    }
}

impl Capped {
    fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit, full: false }
    }
}
