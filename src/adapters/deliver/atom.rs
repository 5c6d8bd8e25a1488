//! A file with an Atom feed of alerts: the newest entries, each alert once, replaced at once.
//!
//! Source: RFC 4287 (Atom), RFC 4685 (`thr:in-reply-to`, by which a correction points to what it corrects), RFC 9562
//! (UUIDs of version 8 as `urn:uuid:` identities).

use super::{one_line, write_whole};
use crate::domain::{AlertEntry, ChannelId, Receipt};
use crate::ports::{Channel, DeliverError, DeliverFault, Message, Replaced};
use async_trait::async_trait;
use fs2::FileExt as _;
use jiff::Timestamp;
use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Most bytes of a feed that is read back: more was not written here.
const LARGEST: u64 = 64_000_000;
/// What stands in a comment in front of the digest that an entry came with.
const DIGEST: &str = "digest";

/// What a feed of alerts is called, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtomSettings {
    /// The file.
    pub path: PathBuf,
    /// The feed's title.
    pub title: String,
    /// Where the file is served: the feed's identity and its link to itself. Without one its identity is made of the
    /// channel's name and the file's path.
    pub address: Option<String>,
    /// Most entries that are kept, the newest; at least one.
    pub entries: usize,
}

/// A file with an Atom feed of alerts.
#[derive(Debug, Clone)]
pub struct AtomChannel {
    id: ChannelId,
    settings: AtomSettings,
}

impl AtomChannel {
    /// The channel `id` with `settings`. The file is made when the first digest comes.
    pub const fn new(id: ChannelId, settings: AtomSettings) -> Self {
        Self { id, settings }
    }
}

#[async_trait]
impl Channel for AtomChannel {
    fn id(&self) -> &ChannelId {
        &self.id
    }

    async fn deliver(&self, message: &Message, now: Timestamp) -> Result<Receipt, DeliverError> {
        let (this, message) = (self.clone(), message.clone());
        let written = tokio::task::spawn_blocking(move || this.write(&message)).await;
        let written = written.unwrap_or_else(|e| Err(format!("writing broke off: {e}")));
        match written {
            Ok(answer) => Ok(Receipt { at: now, answer, receivers: Vec::new() }),
            // A folder can be mended and a disk emptied: both are worth another attempt.
            Err(message) => Err(DeliverError::new(DeliverFault::Local, one_line(&message))),
        }
    }

    async fn replace(&self, message: &Message) -> Result<Replaced, DeliverError> {
        let (this, message) = (self.clone(), message.clone());
        let written = tokio::task::spawn_blocking(move || this.rewrite(&message)).await;
        let written = written.unwrap_or_else(|e| Err(format!("writing broke off: {e}")));
        written.map_err(|message| DeliverError::new(DeliverFault::Local, one_line(&message)))
    }
}

impl AtomChannel {
    /// Puts the entries of `message` into the file.
    fn write(&self, message: &Message) -> Result<String, String> {
        self.change(|entries| {
            // A trial shows that entries arrive, and not all of them.
            let most = if message.test { 1 } else { usize::MAX };
            for entry in message.entries.iter().take(most) {
                let id = urn(&["alert", if message.test { "test" } else { entry.alert.as_str() }]);
                entries.insert(id.clone(), kept_of(entry, &id, message));
            }
            Some(message.at)
        })?;
        Ok(self.settings.path.display().to_string())
    }

    /// Puts the entries of `message` in the place of those that came with its digest before.
    fn rewrite(&self, message: &Message) -> Result<Replaced, String> {
        if !self.settings.path.exists() {
            return Ok(Replaced::NotThere);
        }
        let digest = message.digest.as_str();
        let mut found = false;
        self.change(|entries| {
            let before: Vec<String> =
                entries.iter().filter(|(_, kept)| kept.digest == digest).map(|(id, _)| id.clone()).collect();
            found = !before.is_empty();
            for id in &before {
                entries.remove(id);
            }
            for entry in &message.entries {
                let id = urn(&["alert", entry.alert.as_str()]);
                // What the bound on entries, or another digest, has taken since is not brought back.
                if before.contains(&id) {
                    entries.insert(id.clone(), kept_of(entry, &id, message));
                }
            }
            found.then_some(message.at)
        })?;
        Ok(if found { Replaced::Yes } else { Replaced::NotThere })
    }

    /// Changes the entries of the file; it stays as it is where `change` gives no time. Nobody else does meanwhile, neither
    /// here nor in another process.
    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Kept>) -> Option<Timestamp>) -> Result<(), String> {
        let path = &self.settings.path;
        let failed = |what: &str, e: std::io::Error| format!("cannot {what} {}: {e}", path.display());
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|e| format!("cannot make the folder {}: {e}", folder.display()))?;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let lock = File::create(path.with_file_name(format!(".{name}.lock"))).map_err(|e| failed("lock", e))?;
        lock.lock_exclusive().map_err(|e| failed("lock", e))?;
        let before = match fs::metadata(path) {
            Ok(meta) if meta.len() > LARGEST => return Err(format!("{}: over {LARGEST} bytes", path.display())),
            Ok(_) => fs::read_to_string(path).map_err(|e| failed("read", e))?,
            Err(e) if e.kind() == ErrorKind::NotFound => String::new(),
            Err(e) => return Err(failed("read", e)),
        };
        let mut entries = kept(&before)
            .map_err(|e| format!("{} is no feed that was written here ({e}): move it away", path.display()))?;
        let Some(at) = change(&mut entries) else { return Ok(()) };
        write_whole(path, &self.feed(entries, at), None).map_err(|e| failed("write", e))?;
        File::open(folder).and_then(|f| f.sync_all()).map_err(|e| failed("write", e))
    }

    /// The whole feed: the newest entries first.
    fn feed(&self, entries: BTreeMap<String, Kept>, at: Timestamp) -> String {
        let AtomSettings { path, title, address, entries: most } = &self.settings;
        let mut entries: Vec<(String, Kept)> = entries.into_iter().collect();
        entries.sort_by(|(a, x), (b, y)| y.at.cmp(&x.at).then_with(|| a.cmp(b)));
        entries.truncate((*most).max(1));
        let updated = entries.first().map_or_else(|| at.to_string(), |(_, newest)| newest.at.clone());
        let id = match address {
            Some(address) => address.clone(),
            None => urn(&["feed", self.id.as_str(), &path.display().to_string()]),
        };
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:thr=\"http://purl.org/syndication/thread/1.0\" xml:lang=\"en-GB\">\n\
             <id>{}</id>\n<title>{}</title>\n<updated>{updated}</updated>\n<author><name>conductwatch</name></author>\n\
             <generator>conductwatch</generator>\n",
            text(&id),
            text(title),
        );
        if let Some(address) = address {
            out += &format!("<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n", text(address));
        }
        for (_, entry) in &entries {
            out.push_str(&entry.xml);
            out.push('\n');
        }
        out.push_str("</feed>\n");
        out
    }
}

/// An entry as it stands in the file, its time as written there, and the digest that it came with.
struct Kept {
    at: String,
    xml: String,
    digest: String,
}

/// `entry` of `message` under `id`.
fn kept_of(entry: &AlertEntry, id: &str, message: &Message) -> Kept {
    let at = if message.test { message.at } else { entry.at };
    let digest = message.digest.to_string();
    Kept { at: at.to_string(), xml: one(entry, id, at, message), digest }
}

/// One alert as an entry.
fn one(entry: &AlertEntry, id: &str, at: Timestamp, message: &Message) -> String {
    let title = if message.test { format!("Test: {}", entry.title) } else { entry.title.clone() };
    let mut out = format!(
        "<entry>\n<!-- {DIGEST} {} -->\n<id>{id}</id>\n<title>{}</title>\n<updated>{at}</updated>\n",
        message.digest,
        text(&title)
    );
    if let Some(outlet) = &entry.outlet {
        out += &format!("<author><name>{}</name></author>\n", text(outlet));
    }
    if let Some(url) = &entry.url {
        out += &format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n", text(url));
    }
    for tag in &entry.tags {
        out += &format!("<category term=\"{}\"/>\n", text(tag));
    }
    for first in &entry.corrects {
        let first = urn(&["alert", first.as_str()]);
        out += &format!("<link rel=\"related\" href=\"{first}\"/>\n<thr:in-reply-to ref=\"{first}\"/>\n");
    }
    out += &format!("<content type=\"html\">{}</content>\n</entry>", text(&entry.html));
    out
}

/// `text` as XML text or attribute value. What XML 1.0 has no place for goes.
fn text(text: &str) -> String {
    let plain = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    escape(text.chars().filter(plain).collect::<String>()).into_owned()
}

/// The identity of the thing with these `parts`: a UUID of version 8 out of their SHA-256.
fn urn(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in std::iter::once(&"conductwatch").chain(parts) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut hex: String = hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect();
    // Version and variant.
    hex.replace_range(12..13, "8");
    hex.replace_range(16..17, "a");
    let groups: Vec<&str> =
        [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)].iter().filter_map(|(from, to)| hex.get(*from..*to)).collect();
    format!("urn:uuid:{}", groups.join("-"))
}

/// The entries of a feed that was written here, by their ids.
fn kept(feed: &str) -> Result<BTreeMap<String, Kept>, String> {
    let mut out = BTreeMap::new();
    if feed.is_empty() {
        return Ok(out);
    }
    let mut reader = Reader::from_str(feed);
    let (mut path, mut begun): (Vec<String>, usize) = (Vec::new(), 0);
    let (mut id, mut at, mut digest) = (String::new(), String::new(), String::new());
    let position = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
    loop {
        let before = position(&reader);
        match reader.read_event().map_err(|e| e.to_string())? {
            Event::Eof if path.is_empty() => return Ok(out),
            Event::Eof => return Err("it breaks off".to_owned()),
            Event::Start(tag) => {
                path.push(tag.name().as_ref().to_owned());
                match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                    ["feed", "entry"] => {
                        (begun, id, at, digest) = (before, String::new(), String::new(), String::new())
                    }
                    ["feed", ..] => {}
                    _ => return Err("it does not begin with <feed>".to_owned()),
                }
            }
            Event::Text(words) => match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                ["feed", "entry", "id"] => id.push_str(&words),
                ["feed", "entry", "updated"] => at.push_str(&words),
                _ => {}
            },
            Event::Comment(words) => {
                let named = words.trim().strip_prefix(DIGEST);
                digest = named.map_or(digest, |named| named.trim().to_owned());
            }
            Event::End(_) => {
                if path.len() == 2 && path.last().is_some_and(|name| name == "entry") {
                    let xml = feed.get(begun..position(&reader)).unwrap_or_default().trim().to_owned();
                    if id.is_empty() || at.is_empty() {
                        return Err("an entry has no id or time".to_owned());
                    }
                    out.insert(id.clone(), Kept { at: at.clone(), xml, digest: digest.clone() });
                }
                path.pop();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
