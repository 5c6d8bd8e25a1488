//! Writing a whole file or nothing: one of the user's own anew, its rights kept, or a new one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, chown};
use std::path::{Path, PathBuf};

/// Puts `after` in the place of `before` in the file at `path`: written beside it, synced, then moved over it. Rights and
/// owner stay; a link stays a link, and what it leads to is written.
///
/// # Errors
/// When the file does not hold `before` any more (kind `Other`), or the disk or its rights do not let it; the file is then
/// as it was.
pub fn replace(path: &Path, before: &str, after: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let was = fs::metadata(&path)?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let work = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(after.as_bytes())?;
        let now = file.metadata()?;
        if (now.uid(), now.gid()) != (was.uid(), was.gid()) {
            chown(&beside, Some(was.uid()), Some(was.gid()))?;
        }
        file.set_permissions(was.permissions())?;
        file.sync_all()?;
        // Somebody may have edited it meanwhile: theirs must not be lost.
        if fs::read(&path)? != before.as_bytes() {
            return Err(io::Error::other("it was changed meanwhile; try again"));
        }
        fs::rename(&beside, &path)
    };
    let done = work();
    if done.is_err() {
        // The first fault is the one to tell of.
        drop(fs::remove_file(&beside));
        return done;
    }
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// A file that is not there under its name before it is whole. Nobody else may read it.
#[derive(Debug)]
pub struct NewFile {
    file: io::BufWriter<File>,
    beside: PathBuf,
    path: PathBuf,
}

impl NewFile {
    /// Begins the file that is to stand at `path`; what stands there stays until then.
    ///
    /// # Errors
    /// When the folder does not let it.
    pub fn create(path: &Path) -> io::Result<Self> {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let beside = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        Ok(Self { file: io::BufWriter::new(file), beside, path: path.to_owned() })
    }

    /// Brings it to the disk and gives it its name.
    ///
    /// # Errors
    /// When the disk or the folder does not let it.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        fs::rename(&self.beside, &self.path)?;
        let folder = self.path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }
}

impl io::Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // It is gone already where it got its name.
        drop(fs::remove_file(&self.beside));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_file_is_replaced_with_its_rights_and_through_links() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("watchlist.toml"), dir.path().join("link.toml"));
        fs::write(&file, "one").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace(&link, "one", "two").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let error = replace(&file, "one", "three").unwrap_err();
        assert!(error.to_string().contains("changed meanwhile"), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "nothing is left beside it");
    }
}
