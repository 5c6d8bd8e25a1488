//! A backup: a folder with sled in one file, the archive's packs, and a manifest with a checksum of each.
//!
//! The manifest is written last: a folder without one was not finished. `SHA256SUMS` says the same for `sha256sum -c`.
//! Nothing of the configuration is in it, and so no secret.

use super::{
    dump::{self, DumpError},
    engine::{MEND, io_error, make_folder},
    unit::{SCHEMA, Tally, Tree, View as _},
};
use crate::{
    adapters::archive::{self, sha256_hex},
    ports::{LaidFile, StoreError},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{
    fs::{self, File},
    io::{self, Read as _, Write},
    path::{Path, PathBuf},
};

/// What a manifest says it is.
const FORMAT: &str = "conductwatch backup";
/// The newest form of backups that this program writes and reads.
const VERSION: u32 = 1;
/// Names of files of a backup.
pub(super) const SLED: &str = "sled.dump.zst";
/// The folder of the archive's packs.
pub(super) const ARCHIVE: &str = "archive";
/// Makes a backup whole.
pub(super) const MANIFEST: &str = "manifest.json";
/// The checksums again, as `sha256sum` has them.
pub(super) const SUMS: &str = "SHA256SUMS";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    version: u32,
    /// Version of the program that made it.
    pub program: String,
    /// Schema of the store.
    pub schema: u32,
    /// When it was made.
    pub made: Option<Timestamp>,
    /// Units of work in it.
    pub units: u64,
    /// Keys of sled.
    pub keys: u64,
    /// Files, and what makes sure of them.
    pub files: Vec<LaidFile>,
}

/// Writes what passes through, and digests it.
struct Digesting<W> {
    out: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.out.write(buffer)?;
        self.hasher.update(buffer.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A file that is written, digested, and brought to the disk.
pub(super) struct NewFile {
    name: String,
    path: PathBuf,
    out: Digesting<io::BufWriter<File>>,
}

impl NewFile {
    /// Makes the file `name` in `folder`.
    pub(super) fn create(folder: &Path, name: &str) -> Result<Self, StoreError> {
        let path = folder.join(name);
        let file =
            File::create(&path).map_err(|e| io_error(&path, "cannot make it", &e, "mend the folder's rights"))?;
        let out = io::BufWriter::with_capacity(1 << 16, file);
        Ok(Self { name: name.to_owned(), path, out: Digesting { out, hasher: Sha256::new(), bytes: 0 } })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn out(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Writes `bytes`.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.out.write_all(bytes).map_err(|e| io_error(&self.path, "cannot write", &e, "check the disk"))
    }

    /// Brings it to the disk.
    pub(super) fn finish(self) -> Result<LaidFile, StoreError> {
        let Self { name, path, out: Digesting { out, hasher, bytes } } = self;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error);
        file.and_then(|f| f.sync_all()).map_err(|e| io_error(&path, "cannot write", &e, "check the disk"))?;
        Ok(LaidFile { name, bytes, sha256: sha256_hex(&hasher.finalize().into()) })
    }
}

/// A backup that is being made in a folder: sled first, while nothing is written to the store; then the archive, of which only
/// what stood then is taken.
pub(super) struct Making {
    folder: PathBuf,
    schema: u32,
    units: u64,
    keys: u64,
    files: Vec<LaidFile>,
    /// Names and lengths of the archive's files when sled was written.
    archive: Vec<(String, u64)>,
}

impl Making {
    /// Writes sled into `folder`, which is made. Nobody may write to the store meanwhile.
    pub(super) fn begin(
        tree: &Tree<'_>,
        archive: &Path,
        folder: &Path,
        schema: u32,
        step: &dyn Fn(),
    ) -> Result<Self, StoreError> {
        make_folder(&folder.join(ARCHIVE))?;
        let units = tree.get::<Tally>(&Tally::key())?.unwrap_or_default().units;
        let mut file = NewFile::create(folder, SLED)?;
        let place = file.path().to_owned();
        let sum = dump::write(tree.tree, tree.folder, file.out(), &place, step)?;
        let files = vec![file.finish()?];
        let archive = archive::files(archive).map_err(|e| io_error(archive, "cannot read the archive", &e, MEND))?;
        Ok(Self { folder: folder.to_owned(), schema, units, keys: sum.keys, files, archive })
    }

    /// Copies the archive from `from` and writes the manifest. Nobody may erase from the archive meanwhile.
    pub(super) fn finish(
        mut self,
        from: &Path,
        made: Option<Timestamp>,
        step: &dyn Fn(),
    ) -> Result<Vec<LaidFile>, StoreError> {
        for (name, length) in &self.archive {
            let source = from.join(name);
            let failed = |e: io::Error| io_error(&source, "cannot read", &e, "check the disk");
            let mut input = File::open(&source).map_err(failed)?.take(*length);
            let mut file = NewFile::create(&self.folder, &format!("{ARCHIVE}/{name}"))?;
            let mut buffer = vec![0; 1 << 16];
            loop {
                let read = input.read(&mut buffer).map_err(failed)?;
                if read == 0 {
                    break;
                }
                file.write(buffer.get(..read).unwrap_or_default())?;
                step();
            }
            self.files.push(file.finish()?);
        }
        let sums: String = self.files.iter().map(|f| format!("{}  {}\n", f.sha256, f.name)).collect();
        let mut file = NewFile::create(&self.folder, SUMS)?;
        file.write(sums.as_bytes())?;
        self.files.push(file.finish()?);
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            version: VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            schema: self.schema,
            made,
            units: self.units,
            keys: self.keys,
            files: self.files.clone(),
        };
        let json = serde_json::to_vec_pretty(&manifest).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        let mut file = NewFile::create(&self.folder, MANIFEST)?;
        file.write(&json)?;
        self.files.push(file.finish()?);
        super::compact::sync_all(&self.folder)?;
        Ok(self.files)
    }
}

/// Reads the manifest of the backup in `folder`.
///
/// # Errors
/// When it is no backup, was not finished, or is of a newer version.
pub(super) fn manifest(folder: &Path) -> Result<Manifest, StoreError> {
    let bad = |what: &str| StoreError::Corrupt(format!("{}: {what}", folder.display()));
    let path = folder.join(MANIFEST);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound && folder.is_dir() => {
            return Err(bad("no manifest.json: this is no backup, or it was never finished; take another one"));
        }
        Err(e) => return Err(io_error(&path, "cannot read the backup", &e, "name the folder of a backup")),
    };
    // Another version may have other fields: first only what it is.
    #[derive(Deserialize)]
    struct Kind {
        format: String,
        version: u32,
        schema: u32,
    }
    let unreadable = |e: serde_json::Error| bad(&format!("manifest.json cannot be read ({e}); take another backup"));
    let kind: Kind = serde_json::from_slice(&bytes).map_err(unreadable)?;
    if kind.format != FORMAT {
        return Err(bad("manifest.json is not that of a backup of this program"));
    }
    let newer = |found, known| StoreError::Newer { path: folder.display().to_string(), found, known };
    if kind.version > VERSION {
        return Err(newer(kind.version, VERSION));
    }
    if kind.schema > SCHEMA {
        return Err(newer(kind.schema, SCHEMA));
    }
    serde_json::from_slice(&bytes).map_err(unreadable)
}

/// Checks every file of the backup in `folder` against its manifest, and sled's dump for being whole.
/// `progress` hears how many bytes of how many are read.
///
/// # Errors
/// With the first file that is missing or not the one that was written.
pub fn verify(folder: &Path, progress: &dyn Fn(u64, u64)) -> Result<Manifest, StoreError> {
    let manifest = manifest(folder)?;
    let (mut done, total) = (0, manifest.files.iter().map(|f| f.bytes).sum());
    for file in &manifest.files {
        let path = folder.join(safe_name(folder, &file.name)?);
        let found = digest_of(&path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => {
                StoreError::Corrupt(format!("{}: missing from the backup; take another one", path.display()))
            }
            _ => io_error(&path, "cannot read the backup", &e, "check its disk"),
        })?;
        if (found.0, found.1.as_str()) != (file.bytes, file.sha256.as_str()) {
            let how = if found.0 == file.bytes {
                "its checksum is another".to_owned()
            } else {
                format!("{} bytes instead of {}", found.0, file.bytes)
            };
            let what = "not the file that the backup was made with";
            return Err(StoreError::Corrupt(format!("{}: {what}: {how}; take another backup", path.display())));
        }
        done += file.bytes;
        progress(done, total);
    }
    let path = folder.join(SLED);
    let input = File::open(&path).map_err(|e| io_error(&path, "cannot read the backup", &e, "check its disk"))?;
    match dump::read(io::BufReader::new(input), |_, _| Ok(())) {
        Ok(sum) if sum.keys == manifest.keys => Ok(manifest),
        Ok(_) => Err(StoreError::Corrupt(format!("{}: not as many keys as the manifest says", path.display()))),
        Err(DumpError::Bad(what)) => {
            Err(StoreError::Corrupt(format!("{}: {what}; take another backup", path.display())))
        }
        Err(DumpError::Store(error)) => Err(error),
    }
}

/// Faults of the archive in the backup in `folder`: they were the store's when it was made.
///
/// # Errors
/// When it cannot be read.
pub fn archive_faults(folder: &Path) -> Result<Vec<String>, StoreError> {
    let folder = folder.join(ARCHIVE);
    let found =
        archive::verify(&folder).map_err(|e| io_error(&folder, "cannot read the backup", &e, "check its disk"))?;
    Ok(found.faults)
}

/// `name` when it is one that a backup has: a manifest from elsewhere must not lead out of its folder.
pub(super) fn safe_name<'a>(folder: &Path, name: &'a str) -> Result<&'a str, StoreError> {
    let pack = |rest: &str| {
        rest.split_once('.').is_some_and(|(n, end)| {
            n.bytes().all(|b| b.is_ascii_digit()) && !n.is_empty() && matches!(end, "pack" | "data")
        })
    };
    let known = matches!(name, SLED | SUMS | MANIFEST) || name.strip_prefix("archive/").is_some_and(pack);
    if known {
        Ok(name)
    } else {
        Err(StoreError::Corrupt(format!("{}: the manifest names {name:?}, which no backup has", folder.display())))
    }
}

/// Bytes and SHA-256 of a file.
fn digest_of(path: &Path) -> io::Result<(u64, String)> {
    let mut out = Digesting { out: io::sink(), hasher: Sha256::new(), bytes: 0 };
    io::copy(&mut File::open(path)?, &mut out)?;
    Ok((out.bytes, sha256_hex(&out.hasher.finalize().into())))
}
