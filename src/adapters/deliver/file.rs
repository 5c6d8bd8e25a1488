//! A folder that gets each digest as files.

use super::{one_line, system_time, write_whole};
use crate::domain::{ChannelId, Receipt};
use crate::ports::{Channel, DeliverError, DeliverFault, Message, Replaced};
use async_trait::async_trait;
use jiff::Timestamp;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Name of the copy of the newest digest.
const LATEST: &str = "latest.html";

/// A folder that gets each digest as `ID.html`, `ID.txt` and `ID.json`, and the newest one as `latest.html` too.
///
/// Each file is written whole beside its place, synced and moved there: a reader never sees half of one, and a digest
/// that is delivered twice is the same files. Files carry the digest's own time, so that an older digest that was
/// delivered late does not become the latest.
#[derive(Debug, Clone)]
pub struct FileChannel {
    id: ChannelId,
    folder: PathBuf,
}

impl FileChannel {
    /// The channel `id` into `folder`, which is made when the first digest comes.
    pub fn new(id: ChannelId, folder: impl Into<PathBuf>) -> Self {
        Self { id, folder: folder.into() }
    }
}

#[async_trait]
impl Channel for FileChannel {
    fn id(&self) -> &ChannelId {
        &self.id
    }

    async fn deliver(&self, message: &Message, now: Timestamp) -> Result<Receipt, DeliverError> {
        let (folder, message) = (self.folder.clone(), message.clone());
        let written = tokio::task::spawn_blocking(move || write_all(&folder, &message)).await;
        let written = written.unwrap_or_else(|e| Err(format!("writing broke off: {e}")));
        match written {
            Ok(path) => Ok(Receipt { at: now, answer: path.display().to_string(), receivers: Vec::new() }),
            // A folder can be mended and a disk emptied: both are worth another attempt.
            Err(message) => Err(DeliverError::new(DeliverFault::Local, one_line(&message))),
        }
    }

    async fn replace(&self, message: &Message) -> Result<Replaced, DeliverError> {
        let (folder, message) = (self.folder.clone(), message.clone());
        let written = tokio::task::spawn_blocking(move || replace_all(&folder, &message)).await;
        let written = written.unwrap_or_else(|e| Err(format!("writing broke off: {e}")));
        written.map_err(|message| DeliverError::new(DeliverFault::Local, one_line(&message)))
    }
}

/// Puts a digest in the place of the files of one that was delivered before.
fn replace_all(folder: &Path, message: &Message) -> Result<Replaced, String> {
    let there = |kind: &str| folder.join(format!("{}.{kind}", message.digest)).exists();
    if !["html", "txt", "json"].into_iter().any(there) {
        return Ok(Replaced::NotThere);
    }
    write_all(folder, message).map(|_| Replaced::Yes)
}

fn write_all(folder: &Path, message: &Message) -> Result<PathBuf, String> {
    let failed = |path: &Path, e: &io::Error| format!("cannot write {}: {e}", path.display());
    fs::create_dir_all(folder).map_err(|e| format!("cannot make the folder {}: {e}", folder.display()))?;
    let at = system_time(message.at);
    let place = |kind: &str| folder.join(format!("{}.{kind}", message.digest));
    // The HTML comes last: where it is, the others are.
    for (kind, body) in [("json", &message.json), ("txt", &message.text), ("html", &message.html)] {
        write_whole(&place(kind), body, Some(at)).map_err(|e| failed(&place(kind), &e))?;
    }
    let latest = folder.join(LATEST);
    // A trial is no digest that anybody looks for.
    let is_newest =
        !message.test && fs::metadata(&latest).and_then(|m| m.modified()).map_or(true, |newest| newest <= at);
    if is_newest {
        write_whole(&latest, &message.html, Some(at)).map_err(|e| failed(&latest, &e))?;
    }
    // The names are on disk when the folder is.
    File::open(folder).and_then(|f| f.sync_all()).map_err(|e| failed(folder, &e))?;
    Ok(place("html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str, at: &str, body: &str) -> Message {
        Message {
            key: format!("{id}.folder"),
            subject: "Subject".into(),
            text: format!("text {body}"),
            html: format!("<p>{body}"),
            json: format!("{{\"{body}\": 1}}"),
            ..crate::adapters::deliver::message_for_tests(id, at)
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn a_digest_becomes_files_and_the_newest_is_the_latest() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("new/digests");
        let channel = FileChannel::new(ChannelId::parse("folder").unwrap(), &folder);
        let now = "2026-01-03T08:00Z".parse().unwrap();
        let receipt = channel.deliver(&message("20260102-0730-aa", "2026-01-02T07:30Z", "second"), now).await.unwrap();
        let answer = folder.join("20260102-0730-aa.html").display().to_string();
        assert_eq!(receipt, Receipt { at: now, answer, receivers: Vec::new() });
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!((read("20260102-0730-aa.txt"), read(LATEST)), ("text second".to_owned(), "<p>second".to_owned()));

        // An older one that comes late, and the same again: neither disturbs.
        for _ in 0..2 {
            channel.deliver(&message("20260101-0730-bb", "2026-01-01T07:30Z", "first"), now).await.unwrap();
            channel.deliver(&message("20260102-0730-aa", "2026-01-02T07:30Z", "second"), now).await.unwrap();
        }
        channel.deliver(&message("20260101-0730-bb", "2026-01-01T07:30Z", "first"), now).await.unwrap();
        // Nor does a trial, however new.
        let trial = Message { test: true, ..message("20260101-0730-bb", "2026-02-01T07:30Z", "first") };
        channel.deliver(&trial, now).await.unwrap();
        assert_eq!(read(LATEST), "<p>second");
        let days = ["20260101-0730-bb", "20260102-0730-aa"];
        let mut expected: Vec<String> =
            days.iter().flat_map(|d| ["html", "json", "txt"].map(|kind| format!("{d}.{kind}"))).collect();
        expected.push(LATEST.to_owned());
        assert_eq!(names(&folder), expected);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_named_and_tried_again() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("file"), "").unwrap();
        fs::create_dir_all(home.path().join("taken/20260102-0730-aa.txt/full")).unwrap();
        for folder in ["file", "file/inside", "taken"] {
            let folder = home.path().join(folder);
            let channel = FileChannel::new(ChannelId::parse("folder").unwrap(), &folder);
            let at = "2026-01-02T07:30Z";
            let error = channel.deliver(&message("20260102-0730-aa", at, "x"), at.parse().unwrap()).await.unwrap_err();
            assert!(error.retry() && error.message.contains(&folder.display().to_string()), "{error:?}");
        }
        let left = names(&home.path().join("taken"));
        assert!(left.iter().all(|n| !n.ends_with(".part")), "{left:?}");
    }
}
