//! Printing: plain when piped, JSON lines on request, no terminal control characters ever.

use std::io::Write as _;

/// A message for the user and the exit code to end with.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CliError {
    /// Exit code, by sysexits.
    pub code: u8,
    /// What is wrong, where, and how to mend it.
    pub message: String,
}

impl CliError {
    /// Wrong usage (64).
    pub fn usage(message: impl Into<String>) -> Self {
        Self { code: 64, message: message.into() }
    }

    /// Input that cannot be read as what it should be (65).
    pub fn data(message: impl Into<String>) -> Self {
        Self { code: 65, message: message.into() }
    }

    /// A file that cannot be opened (66).
    pub fn no_input(message: impl Into<String>) -> Self {
        Self { code: 66, message: message.into() }
    }

    /// Something needed is not there: the network, the daemon (69).
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self { code: 69, message: message.into() }
    }

    /// A fault of reading or writing (74).
    pub fn io(message: impl Into<String>) -> Self {
        Self { code: 74, message: message.into() }
    }

    /// Another process owns the store; trying later may help (75).
    pub fn locked(message: impl Into<String>) -> Self {
        Self { code: 75, message: message.into() }
    }

    /// Wrong configuration (78).
    pub fn config(message: impl Into<String>) -> Self {
        Self { code: 78, message: message.into() }
    }
}

/// Prints one line; a closed pipe ends the program quietly.
pub(super) fn line(text: &str) {
    raw_line(&printable(text));
}

/// As [`line`], for text that the program made printable itself and coloured afterwards.
pub(super) fn raw_line(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").is_err() {
        std::process::exit(0);
    }
}

/// Prints `value` as one line of JSON. JSON escapes control characters by itself.
pub(super) fn json(value: &serde_json::Value) {
    line(&value.to_string());
}

/// `text` without control and bidirectional-override characters; line breaks and tabs stay.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Reads a file of the command line (`-` is standard input).
///
/// # Errors
/// When it cannot be read; the message names it.
pub(super) fn read_file(path: &str) -> Result<Vec<u8>, CliError> {
    let bytes = if path == "-" {
        let mut buffer = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut buffer).map(|_| buffer)
    } else {
        std::fs::read(path)
    };
    bytes.map_err(|e| CliError::no_input(format!("{path}: {e}")))
}

/// Reads a text file of the command line (`-` is standard input).
///
/// # Errors
/// When it cannot be read, or is not UTF-8; the message names it.
pub fn read_text(path: &str) -> Result<String, CliError> {
    String::from_utf8(read_file(path)?).map_err(|_| CliError::data(format!("{path}: not UTF-8")))
}

/// Progress on standard error: a bar at a terminal, nothing when piped.
pub struct Progress {
    bar: indicatif::ProgressBar,
}

impl Progress {
    /// A new bar.
    pub fn new() -> Self {
        let bar = indicatif::ProgressBar::new(1000);
        if let Ok(style) = indicatif::ProgressStyle::with_template("{bar:30} {msg}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Says what is being done.
    pub fn say(&self, message: &str) {
        self.bar.println(printable(message));
        self.bar.set_message(printable(message));
    }

    /// Shows that `share` (0 to 1) is done.
    pub fn share(&self, share: f64, message: &str) {
        self.bar.set_message(printable(message));
        // The share lies between 0 and 1, so the cast loses nothing that shows.
        self.bar.set_position((share.clamp(0.0, 1.0) * 1000.0) as u64);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn control_and_direction_characters_are_never_printed() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\td\ne"), "a\u{fffd}[31mb\u{fffd}c\td\ne");
    }
}
