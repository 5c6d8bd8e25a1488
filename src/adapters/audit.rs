//! The audit log: a file of JSON lines, each chained to the one before, in the store's folder.
//!
//! A line is on disk when it is acknowledged. The chain goes over digests of the details, so that a name in them can be
//! blacked out later while the chain still holds. A line that was cut short by a crash is cut off at open: nobody was told
//! that it is there.

use crate::domain::masking;
use crate::domain::names::NameFinder;
use crate::domain::{Act, AuditLine, AuditLog};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Stands before the first line.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The audit log, open for appending.
#[derive(Debug)]
pub struct Audit {
    path: PathBuf,
    file: File,
    /// Lines so far.
    count: u64,
    /// Hash of the last.
    last: String,
}

impl Audit {
    /// Opens the log at `path`, which is made where it is missing, and cuts off a torn last line.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file =
            OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(path).map_err(|e| at(path, &e))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|e| at(path, &e))?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        if whole < bytes.len() {
            tracing::info!("cut off the torn last line of the audit log: an act that was never acknowledged");
            file.set_len(whole as u64).and_then(|()| file.sync_all()).map_err(|e| at(path, &e))?;
            bytes.truncate(whole);
        }
        let lines = bytes.split(|b| *b == b'\n').filter(|l| !l.is_empty());
        let last = lines.clone().next_back().and_then(|l| serde_json::from_slice::<AuditLine>(l).ok());
        let count = last.as_ref().map_or(lines.count() as u64, |l| l.n);
        Ok(Self { path: path.to_owned(), file, count, last: last.map_or_else(|| NOTHING.to_owned(), |l| l.hash) })
    }

    /// Appends `act`; it is on disk when this returns.
    ///
    /// # Errors
    /// When the disk fails or is full; what was written of the line is taken back.
    pub fn append(&mut self, act: Act, now: Timestamp) -> io::Result<()> {
        let salt = hex(&random::<16>()?);
        let detail_digest = detail_digest(&salt, &act);
        let mut line = AuditLine {
            n: self.count + 1,
            at: now,
            act,
            salt: Some(salt),
            detail_digest,
            previous: self.last.clone(),
            hash: String::new(),
        };
        line.hash = hash(&line);
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        let before = self.file.metadata().map_err(|e| at(&self.path, &e))?.len();
        if let Err(error) = self.file.write_all(&text).and_then(|()| self.file.sync_all()) {
            // A torn line is cut off at the next open too; the fault to tell of is this one.
            drop(self.file.set_len(before));
            return Err(at(&self.path, &error));
        }
        self.count = line.n;
        self.last = line.hash;
        Ok(())
    }

    /// Reads the whole log and checks its chain.
    ///
    /// # Errors
    /// When it cannot be read; what is wrong with it is part of the answer.
    pub fn read(path: &Path) -> io::Result<AuditLog> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(at(path, &e)),
        };
        let mut log = AuditLog::default();
        let mut previous = NOTHING.to_owned();
        for (number, line) in (1..).zip(text.lines()) {
            let line: AuditLine = match serde_json::from_str(line) {
                Ok(line) => line,
                Err(error) => {
                    log.faults.push(format!("line {number}: no line of an audit log: {error}"));
                    continue;
                }
            };
            if line.n != number || line.previous != previous {
                log.faults.push(format!("line {number}: does not follow the line before it"));
            }
            if hash(&line) != line.hash {
                log.faults.push(format!("line {number}: was changed"));
            }
            match &line.salt {
                Some(salt) if detail_digest(salt, &line.act) != line.detail_digest => {
                    log.faults.push(format!("line {number}: its details were changed"));
                }
                Some(_) => {}
                None => log.blacked_out += 1,
            }
            previous.clone_from(&line.hash);
            log.last = Some(line.hash.clone());
            log.lines.push(line);
        }
        Ok(log)
    }

    /// Blacks out, in all details, whoever `finder` looks for, and says in how many lines. The chain still holds.
    ///
    /// # Errors
    /// When the file cannot be written anew; it is then as it was.
    pub fn black_out(&mut self, finder: &NameFinder) -> io::Result<u64> {
        let mut log = Self::read(&self.path)?;
        let mut changed = 0;
        for line in &mut log.lines {
            if masking::black_out_all(&mut line.act.detail, finder, false) > 0 {
                line.salt = None;
                changed += 1;
            }
        }
        if changed == 0 || !log.faults.is_empty() {
            return Ok(0);
        }
        let beside = self.path.with_extension("part");
        let work = || {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
            for line in &log.lines {
                serde_json::to_writer(&mut file, line)?;
                file.write_all(b"\n")?;
            }
            file.sync_all()?;
            fs::rename(&beside, &self.path)?;
            self.path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
        };
        work().map_err(|e| at(&self.path, &e))?;
        *self = Self::open(&self.path)?;
        Ok(changed)
    }
}

fn detail_digest(salt: &str, act: &Act) -> String {
    // Keys of a `Value` are sorted, so that the same detail has one text.
    hex(&Sha256::new().chain_update(salt).chain_update(act.detail.to_string()).finalize())
}

fn hash(line: &AuditLine) -> String {
    let kind = serde_json::to_string(&line.act.act).unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [
        line.n.to_string().as_str(),
        line.at.to_string().as_str(),
        &kind,
        &line.act.by,
        &line.detail_digest,
        &line.previous,
    ] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Bytes that nobody can guess.
///
/// # Errors
/// When the system gives none.
pub fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    let path = Path::new("/dev/urandom");
    File::open(path).and_then(|mut f| f.read_exact(&mut bytes)).map_err(|e| at(path, &e))?;
    Ok(bytes)
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ActKind;
    use serde_json::json;

    fn act(name: &str) -> Act {
        Act { act: ActKind::Watchlist, by: "test".to_owned(), detail: json!({ "added": [name] }) }
    }

    #[test]
    fn lines_are_chained_and_a_name_can_go_while_the_chain_holds() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit");
        let now = "2026-10-09T10:00:00Z".parse().unwrap();
        let mut audit = Audit::open(&path).unwrap();
        for name in ["Orla Brackenridge", "Ada Bell"] {
            audit.append(act(name), now).unwrap();
        }
        // A torn line, as a crash leaves it.
        drop(audit);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"n\":3,").unwrap();
        let mut audit = Audit::open(&path).unwrap();
        audit.append(act("Cleo Tarrow"), now).unwrap();
        let log = Audit::read(&path).unwrap();
        assert_eq!((log.lines.len(), log.faults.clone(), log.blacked_out), (3, vec![], 0));

        let finder = NameFinder::of_names([3; 32], [("Orla Brackenridge", &[][..])]);
        assert_eq!(audit.black_out(&finder).unwrap(), 1);
        audit.append(act("Dara Whinn"), now).unwrap();
        let log = Audit::read(&path).unwrap();
        assert_eq!((log.lines.len(), log.faults.clone(), log.blacked_out), (4, vec![], 1));
        assert!(!fs::read_to_string(&path).unwrap().contains("Brackenridge"));
        assert_eq!(log.lines[0].act.detail, json!({ "added": ["_________________"] }));

        // Whatever is changed, taken out or put in shows.
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (changed, fault) in [
            (text.replace("Ada Bell", "Ada Ball"), "line 2: its details were changed"),
            (text.replace("\"by\":\"test\"", "\"by\":\"toast\""), "line 1: was changed"),
            ([lines[0], lines[2], lines[3]].join("\n"), "line 2: does not follow the line before it"),
            ([lines[1], lines[0]].join("\n"), "line 1: does not follow the line before it"),
        ] {
            fs::write(&path, changed).unwrap();
            let faults = Audit::read(&path).unwrap().faults;
            assert_eq!(faults.first().map(String::as_str), Some(fault));
        }
    }
}
