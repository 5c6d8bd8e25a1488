//! The log without the names of those who must not be named.

use crate::stages::anonymity::Masks;
use std::io::{self, Write};
use std::sync::{Arc, PoisonError, RwLock};
use tracing_subscriber::fmt::MakeWriter;

/// The masks that the log is under; a reload puts others in their place.
#[derive(Debug, Clone, Default)]
pub struct LogMasks(Arc<RwLock<Arc<Masks>>>);

impl LogMasks {
    /// `masks` in force.
    pub fn new(masks: Masks) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(masks))))
    }

    /// Those in force.
    pub fn current(&self) -> Arc<Masks> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts `masks` into force: every line from now on is under them.
    pub fn replace(&self, masks: Arc<Masks>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = masks;
    }
}

/// Standard error, in whose lines names are masked.
#[derive(Debug, Clone)]
pub struct MaskedStderr(LogMasks);

impl MaskedStderr {
    /// Standard error under the masks that are in force when a line is written.
    pub const fn new(masks: LogMasks) -> Self {
        Self(masks)
    }
}

impl<'a> MakeWriter<'a> for MaskedStderr {
    type Writer = MaskedLine;

    fn make_writer(&'a self) -> MaskedLine {
        MaskedLine(self.0.current())
    }
}

/// One line on its way; the log hands each over whole.
#[derive(Debug)]
pub struct MaskedLine(Arc<Masks>);

impl Write for MaskedLine {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return io::stderr().write(line);
        }
        io::stderr().write_all(masked(&self.0, line).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// `line` with names masked. What looks like JSON is masked text by text, so that it stays JSON.
fn masked(masks: &Masks, line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(mut value) if value.is_object() => {
            masks.value(&mut value);
            format!("{value}\n")
        }
        _ => masks.text(&text).unwrap_or_else(|| text.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Anonymity, AnonymityReason};

    #[test]
    fn lines_for_people_and_for_machines_are_masked() {
        let rule = Anonymity {
            name: "Orla Brackenridge".to_owned(),
            aliases: vec![],
            reason: AnonymityReason::CourtOrder,
            until: None,
            mask: "a woman".to_owned(),
        };
        let masks = Masks::new(&[rule], "2026-10-01".parse().unwrap());
        for (line, expected) in [
            ("INFO alert: charge (orla-brackenridge) alert.id=1a2b\n", "INFO alert: charge (a woman) alert.id=1a2b\n"),
            ("{\"message\":\"read Orla Brackenridge\",\"n\":1}\n", "{\"message\":\"read a woman\",\"n\":1}\n"),
            ("INFO nobody\n", "INFO nobody\n"),
        ] {
            assert_eq!(masked(&masks, line.as_bytes()), expected);
        }
    }
}
