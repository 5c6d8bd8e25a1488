//! Everything the service works with as JSON lines, and a store made of such lines.
//!
//! The first line says what the file is, the last one how many lines stand between them, so that a file cut short shows. Each
//! other line is one key of sled: `kind`, the key's rest (`id` where it is plain text, else `key`, hexadecimal), and the
//! `value`, which is left out where the key says everything. What a store finds things by is among them; whoever reads such a
//! file takes the kinds that they know (`article`, `alert`, `development` …).

use super::{
    StoreOptions,
    backup::NewFile,
    codec,
    compact::{self, Sum},
    engine::{self, Engine, Places, io_error, make_folder, store_error},
    keys::{self, Key, Kind},
    replace::{self, Replacement},
    restore::holds_a_store,
    unit::{SCHEMA, Tally, Tree, View as _},
};
use crate::{
    adapters::archive::{AppendError, Archive, Prepared, RecordKind},
    ports::{LaidFile, StoreError},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

/// What the first line says the file is.
const FORMAT: &str = "conductwatch export";
/// The newest form of such files that this program writes and reads.
const VERSION: u32 = 1;
/// The file's name where it lies ready.
pub(super) const FILE: &str = "export.ndjson";
/// The longest line that is read, in bytes: more than the longest value takes.
const LONGEST_LINE: u64 = 512 << 20;
/// Records of the archive that are brought to the disk together.
const SYNC_EVERY: usize = 1_000;

#[derive(Serialize, Deserialize)]
struct First {
    format: String,
    version: u32,
    schema: u32,
    program: String,
    made: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Last {
    end: bool,
    lines: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
}

/// Writes all of `tree` into a file in `folder`.
pub(super) fn write(tree: &Tree<'_>, folder: &Path, now: Timestamp, step: &dyn Fn()) -> Result<LaidFile, StoreError> {
    let mut file = NewFile::create(folder, FILE)?;
    let first = First {
        format: FORMAT.to_owned(),
        version: VERSION,
        schema: SCHEMA,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made: now,
    };
    write_line(&mut file, &first)?;
    let mut lines = 0;
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Piece) {
        for key in tree.keys(&keys::all(*kind)) {
            let key = key?;
            let rest = key.bytes().get(1..).unwrap_or_default();
            let id = std::str::from_utf8(rest).ok().filter(|text| !text.chars().any(char::is_control));
            let says_all = tree.bytes(&key)?.is_some_and(|bytes| bytes == codec::MARK);
            let line = Line {
                kind: kind.name().to_owned(),
                id: id.map(str::to_owned),
                key: id.is_none().then(|| rest.iter().map(|b| format!("{b:02x}")).collect()),
                value: if says_all { None } else { Some(tree.expect(&key)?) },
            };
            write_line(&mut file, &line)?;
            lines += 1;
            step();
        }
    }
    write_line(&mut file, &Last { end: true, lines })?;
    file.finish()
}

fn write_line(file: &mut NewFile, value: &impl Serialize) -> Result<(), StoreError> {
    let mut bytes = serde_json::to_vec(value).map_err(|e| StoreError::Corrupt(format!("cannot be exported: {e}")))?;
    bytes.push(b'\n');
    file.write(&bytes)
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// When the file was made.
    pub made: Timestamp,
    /// Lines taken: keys of sled.
    pub lines: u64,
    /// Records that were put into the new archive.
    pub archived: u64,
    /// The folder to which what was there was moved, if anything was.
    pub aside: Option<String>,
}

/// Makes the store in `folder` what the lines of the file `from` say. The whole file is read and checked before anything is
/// touched; what was there is moved aside, which `replace` must allow. The archive begins anew with the articles, revisions, alerts
/// and digests of the file. `progress` hears how many lines were read.
///
/// # Errors
/// As `restore`.
pub fn import(
    folder: &Path,
    from: &Path,
    replace: bool,
    now: Timestamp,
    options: &StoreOptions,
    progress: &dyn Fn(u64),
) -> Result<Imported, StoreError> {
    // Once for being whole, so that nothing is begun with half a file.
    let first = read(from, |_, _, _| Ok(()))?;
    let places = Places::of(folder);
    make_folder(&places.folder)?;
    let lock = engine::lock(&places)?;
    if holds_a_store(folder) && !replace {
        return Err(StoreError::Corrupt(format!(
            "{}: there is a store already; `--replace` moves it aside",
            folder.display()
        )));
    }
    let new = Replacement::begin(&places)?;
    let (sled, archive_folder) = (new.sled(), new.archive());
    make_folder(&sled)?;
    make_folder(&archive_folder)?;
    let at = |e: std::io::Error| io_error(&archive_folder, "cannot write", &e, "check the disk");
    let mut archive = Archive::open(&archive_folder, options.pack_bytes, None).map_err(at)?;
    let db = engine::open_sled(&sled, options)?;
    let (mut lines, mut archived) = (0, 0);
    read(from, |number, key, value| {
        let Some(value) = value else {
            db.insert(key.bytes(), codec::MARK).map_err(|e| store_error(folder, &e))?;
            lines += 1;
            return Ok(());
        };
        let own;
        let value = if *key == Tally::key() {
            own = of_no_archive(value);
            &own
        } else {
            value
        };
        let (first, pieces) = codec::encode(key, value)?;
        let mut batch = sled::Batch::default();
        for (number, piece) in (0..).zip(pieces) {
            batch.insert(keys::piece(key, number).into_bytes(), piece);
        }
        batch.insert(key.bytes(), first);
        db.apply_batch(batch).map_err(|e| store_error(folder, &e))?;
        if let Some(record) = record_of(key, value)? {
            archive.append(&[record]).map_err(|error| match error {
                AppendError::Undone(e) | AppendError::Broken(e) => at(e),
            })?;
            archived += 1;
            if archived % SYNC_EVERY as u64 == 0 {
                archive.sync().map_err(at)?;
            }
        }
        lines += 1;
        progress(number);
        Ok(())
    })?;
    archive.sync().map_err(at)?;
    drop(archive);
    db.flush().map_err(|e| store_error(folder, &e))?;
    let mut sum = Sum::default();
    for item in db.iter() {
        let (key, value) = item.map_err(|e| store_error(folder, &e))?;
        sum.add(&key, &value);
    }
    compact::finish(db, &sled, folder, options, &sum, &|| {})?;
    let aside = new.put_in_place(&format!("before-import-{}", now.strftime("%Y%m%dT%H%M%SZ")))?;
    drop(Engine::open_locked(&places, options, lock)?);
    replace::hand_over(&places.folder)?;
    Ok(Imported { made: first.made, lines, archived, aside })
}

/// The running figures `tally` without the place in the archive: that of the store which was exported is another.
fn of_no_archive(tally: &Value) -> Value {
    let mut own = tally.clone();
    if let Some(fields) = own.as_object_mut() {
        fields.remove("archive");
    }
    own
}

/// What the archive keeps of a thing that is imported.
fn record_of(key: &Key, value: &Value) -> Result<Option<Prepared>, StoreError> {
    let (digest, step);
    let (kind, payload, time) = match key.kind() {
        Some(Kind::Article) => (RecordKind::Article, value, &value["read"]),
        Some(Kind::Revision) => (RecordKind::Revision, value, &value["at"]),
        Some(Kind::Alert) => (RecordKind::Alert, &value["alert"], &value["alert"]["raised"]),
        Some(Kind::Digest) => {
            digest = json!({ "digest": value, "deliveries": [] });
            (RecordKind::Digest, &digest, &value["to"])
        }
        Some(Kind::Development) => (RecordKind::Development, value, &value["development"]["first_seen"]),
        Some(Kind::Merged) => {
            step = json!({ "step": "merged", "development": key.tail(0), "into": value });
            (RecordKind::Progress, &step, &Value::Null)
        }
        Some(Kind::Recheck) => {
            step = json!({ "step": "rechecked", "recheck": value });
            (RecordKind::Progress, &step, &value["since"])
        }
        Some(Kind::Delivery) if value["state"] == "sent" => (RecordKind::Receipt, value, &value["receipt"]["at"]),
        _ => return Ok(None),
    };
    let time = time.as_str().and_then(|t| t.parse().ok()).unwrap_or(Timestamp::UNIX_EPOCH);
    let id = key.tail(0).replace('\0', ".");
    let prepared = Prepared::new(kind, time, &id, payload.to_string().as_bytes());
    prepared.map(Some).map_err(|e| StoreError::Corrupt(format!("{}: {e}", key.describe())))
}

/// Gives every line of `from` to `take`: its number, its key and its value.
fn read(
    from: &Path,
    mut take: impl FnMut(u64, &Key, Option<&Value>) -> Result<(), StoreError>,
) -> Result<First, StoreError> {
    let at = |number: u64, what: &str| StoreError::Corrupt(format!("{}:{number}: {what}", from.display()));
    let file = File::open(from).map_err(|e| io_error(from, "cannot read", &e, "name a file that `export` made"))?;
    let mut input = BufReader::with_capacity(1 << 16, file);
    let mut line = Vec::new();
    let mut number = 0;
    let mut next = |line: &mut Vec<u8>| -> Result<u64, StoreError> {
        line.clear();
        let failed = |e: std::io::Error| io_error(from, "cannot read", &e, "check its disk");
        std::io::Read::take(&mut input, LONGEST_LINE).read_until(b'\n', line).map_err(failed)?;
        number += 1;
        Ok(number)
    };
    next(&mut line)?;
    let first: First = serde_json::from_slice(&line)
        .ok()
        .filter(|first: &First| first.format == FORMAT)
        .ok_or_else(|| at(1, "not the first line of a file that `export` made"))?;
    for (found, known) in [(first.version, VERSION), (first.schema, SCHEMA)] {
        if found > known {
            return Err(StoreError::Newer { path: from.display().to_string(), found, known });
        }
    }
    loop {
        let number = next(&mut line)?;
        if line.is_empty() {
            return Err(at(number, "the file was cut short: its last line is missing; export again"));
        }
        if let Ok(last) = serde_json::from_slice::<Last>(&line) {
            if last.lines + 2 != number {
                let what = format!("{} lines stand above it instead of {}; export again", number - 2, last.lines);
                return Err(at(number, &what));
            }
            return Ok(first);
        }
        let found: Line = serde_json::from_slice(&line).map_err(|e| at(number, &e.to_string()))?;
        let key = key_of(&found).ok_or_else(|| at(number, &format!("no key of a {:?}", found.kind)))?;
        take(number, &key, found.value.as_ref())?;
    }
}

/// The key of a line; `None` when there can be none such.
fn key_of(line: &Line) -> Option<Key> {
    let kind = Kind::ALL.iter().find(|kind| kind.name() == line.kind && **kind != Kind::Piece)?;
    let rest = match (&line.id, &line.key) {
        (Some(id), None) => id.as_bytes().to_vec(),
        (None, Some(hex)) => (0..hex.len())
            .step_by(2)
            .map(|i| hex.get(i..i + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
            .collect::<Option<Vec<u8>>>()?,
        _ => return None,
    };
    Some(Key::from_tree(&[&[kind.byte()], rest.as_slice()].concat()))
}
