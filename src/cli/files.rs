//! Files and addresses that a command line names: read, or refused with what is wrong and how to mend it.

use super::output::CliError;
use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::path::Path;
use url::Url;

/// Reads a file (`-` is standard input).
///
/// # Errors
/// When it cannot be read (66); the message names it.
pub(super) fn read(path: &str) -> Result<Vec<u8>, CliError> {
    let bytes = if path == "-" {
        let mut buffer = Vec::new();
        io::Read::read_to_end(&mut io::stdin().lock(), &mut buffer).map(|_| buffer)
    } else {
        std::fs::read(path)
    };
    bytes.map_err(|e| cannot_read(path, &e))
}

/// Reads a text file (`-` is standard input).
///
/// # Errors
/// When it cannot be read (66), or is not UTF-8 (65); the message names it.
pub(super) fn read_text(path: &str) -> Result<String, CliError> {
    String::from_utf8(read(path)?).map_err(|_| CliError::data(format!("{path}: not UTF-8 text")))
}

/// Reads a page or plain text (`-` is standard input).
///
/// # Errors
/// When it cannot be read (66), or is neither (65); the message names it.
pub(super) fn read_page(path: &str) -> Result<Vec<u8>, CliError> {
    let bytes = read(path)?;
    let what = if bytes.iter().all(u8::is_ascii_whitespace) {
        "nothing is in it"
    } else if bytes.starts_with(b"%PDF") {
        "a PDF: give its text, as `pdftotext` makes it"
    } else if bytes.contains(&0) && ![&b"\xFF\xFE"[..], b"\xFE\xFF"].iter().any(|mark| bytes.starts_with(mark)) {
        "neither a page nor a text: it holds binary data"
    } else {
        return Ok(bytes);
    };
    Err(CliError::data(format!("{path}: {what}")))
}

/// Whether `path` is a file that can be looked into.
///
/// # Errors
/// When there is none (66), with `wanted` as what to name instead.
pub(super) fn is_file(path: &Path, wanted: &str) -> Result<(), CliError> {
    let found = std::fs::metadata(path).map_err(|e| CliError::no_input(instead(path, &in_words(&e), wanted)))?;
    if found.is_dir() { Err(CliError::no_input(instead(path, "it is a folder", wanted))) } else { Ok(()) }
}

/// Whether `path` is a folder that can be looked into.
///
/// # Errors
/// As [`is_file`].
pub(super) fn is_folder(path: &Path, wanted: &str) -> Result<(), CliError> {
    let found = std::fs::metadata(path).map_err(|e| CliError::no_input(instead(path, &in_words(&e), wanted)))?;
    if found.is_dir() { Ok(()) } else { Err(CliError::no_input(instead(path, "it is no folder", wanted))) }
}

fn instead(path: &Path, what: &str, wanted: &str) -> String {
    format!("{}: {what}: name {wanted}", path.display())
}

/// The fault of a file that cannot be read (66).
pub(super) fn cannot_read(path: impl Display, error: &io::Error) -> CliError {
    CliError::no_input(format!("{path}: cannot be read: {}", in_words(error)))
}

/// The fault of a file or folder that cannot be made (73).
pub(super) fn cannot_make(path: &Path, error: &io::Error) -> CliError {
    CliError::cannot_make(format!("{}: cannot be written: {}; name another place", path.display(), in_words(error)))
}

/// What the system says, for people.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "a part of its path is no folder".to_owned(),
        ErrorKind::AlreadyExists => "a file of that name is there".to_owned(),
        ErrorKind::PermissionDenied => "its rights do not allow it to this user".to_owned(),
        _ => error.to_string(),
    }
}

/// An address of the web, as an argument.
pub(super) fn address(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err("not an address: write it as https://news.example/feed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_addresses_of_the_web_are_taken() {
        for (text, taken) in [
            ("https://news.example/feed", true),
            ("http://127.0.0.1:80/", true),
            ("news.example", false),
            ("ftp://news.example/", false),
            ("https://", false),
            ("", false),
        ] {
            assert_eq!(address(text).is_ok(), taken, "{text:?}");
        }
    }
}
