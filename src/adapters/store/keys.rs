//! The keys of the one tree: a byte for the kind, then what the kind is sorted and found by.
//!
//! Identifiers hold no control characters, so a zero byte ends one that something follows. Numbers are big-endian, so that
//! keys sort as the numbers do.

use crate::domain::{AlertId, ArticleId, ChannelId, DevelopmentId, DigestId, EntryId, FeedId, Subject};
use crate::ports::BlockingKey;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $byte:literal, $text:literal, $counted:literal;)+) => {
        /// What a key leads to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum Kind {
            $($(#[$doc])* $name,)+
        }

        impl Kind {
            pub(super) const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The first byte of its keys.
            pub(super) const fn byte(self) -> u8 {
                match self { $(Self::$name => $byte),+ }
            }

            /// Its name in messages.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// Whether the store keeps count of its keys.
            pub(super) const fn is_counted(self) -> bool {
                match self { $(Self::$name => $counted),+ }
            }

            pub(super) fn of(byte: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|k| k.byte() == byte)
            }
        }
    };
}

kinds! {
    /// One of a kind: schema, tally, the end of the time that digests cover.
    Meta = b'm', "meta", false;
    /// Feed state by feed id.
    Feed = b'f', "feed", true;
    /// Entry record by entry id.
    Entry = b'e', "entry", true;
    /// (due time, entry id) of selected entries.
    Due = b'd', "due entry", false;
    /// (first seen, entry id) of entries passed over.
    PassedOver = b'p', "passed-over entry", true;
    /// (feed id, hash of title and summary) of entries.
    Seen = b'n', "seen entry", false;
    /// Article record by article id.
    Article = b'a', "article", true;
    /// (publication else reading time, article id) of articles that wait to be settled.
    Queue = b'q', "unsettled article", true;
    /// (reading time, article id): headline and doubts.
    ReadAt = b'r', "reading note", false;
    /// Cluster of near copies by article id, once settled.
    Cluster = b'c', "cluster", false;
    /// (sketch hash, article id) of settled articles.
    Sketch = b's', "sketch", false;
    /// (hash of an address, kind, id) of entries and articles.
    Address = b'l', "address", false;
    /// Development and its blocking keys by development id.
    Development = b'v', "development", true;
    /// Id of the older development by that of one merged into it.
    Merged = b'w', "merged development", false;
    /// (hash of a blocking key, development id).
    Blocking = b'b', "blocking key", false;
    /// (hash of an entity's id, development id).
    Entity = b'y', "entity", false;
    /// Alert and its place in the order by alert id.
    Alert = b'A', "alert", true;
    /// Alert id by its place in the order.
    AlertOrder = b'g', "alert order", false;
    /// (place in the order) of alerts that no digest has told: alert id.
    AlertWaiting = b'h', "waiting alert", true;
    /// (place in the order) of alerts held back that no digest has counted: alert id.
    AlertHeld = b'H', "held alert", true;
    /// (article id, place in the order): alert id.
    AlertOf = b'B', "alert of an article", false;
    /// (alert id, digest id) of alerts told.
    Told = b'T', "telling of an alert", false;
    /// Recheck by article id.
    Recheck = b'R', "recheck", false;
    /// (due time, article id) of articles to be looked at again.
    RecheckDue = b'k', "due recheck", true;
    /// Revision by (article id, number).
    Revision = b'V', "revision", true;
    /// (subject, number of the unit of work): decisions.
    Decisions = b'x', "decisions", false;
    /// Digest by digest id.
    Digest = b'D', "digest", true;
    /// Digest id and subject by its place in the order.
    DigestOrder = b't', "digest order", false;
    /// Delivery by (digest id, channel id).
    Delivery = b'o', "delivery", false;
    /// (digest id, channel id) of deliveries that wait.
    DeliveryPending = b'u', "pending delivery", true;
    /// (digest id, channel id) of deliveries given up.
    DeliveryDead = b'z', "dead delivery", true;
    /// A further piece of a long value, by that value's key and the piece's number.
    Piece = b'C', "piece of a long value", false;
}

/// A key of the tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(Vec<u8>);

impl Key {
    fn new(kind: Kind, parts: &[&[u8]]) -> Self {
        let mut bytes = vec![kind.byte()];
        for part in parts {
            bytes.extend_from_slice(part);
        }
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// A key read from the tree.
    pub(super) fn from_tree(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        self.0.first().and_then(|b| Kind::of(*b))
    }

    /// The key for messages: the kind and what is readable of the rest.
    pub(super) fn describe(&self) -> String {
        let rest: String = String::from_utf8_lossy(self.0.get(1..).unwrap_or_default())
            .chars()
            .map(|c| if c.is_control() || c == '\u{FFFD}' { '.' } else { c })
            .collect();
        format!("{} {rest}", self.kind().map_or("unknown kind", Kind::name))
    }

    /// What follows the kind and `skip` further bytes, as text.
    pub(super) fn tail(&self, skip: usize) -> &str {
        self.0.get(1 + skip..).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
    }
}

/// Length of [`time`].
pub(super) const TIME: usize = 12;
/// Length of [`hash`].
pub(super) const HASH: usize = 16;

/// `t` as 12 bytes that sort as the times do.
pub(super) fn time(t: Timestamp) -> [u8; TIME] {
    let nanoseconds = t.as_nanosecond();
    // Timestamps span 20,000 years: the seconds fit into 40 bits.
    let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).unwrap_or(i64::MAX);
    let rest = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).unwrap_or(0);
    let mut out = [0; TIME];
    // Flipping the sign bit makes negative numbers sort first.
    let seconds = (seconds.cast_unsigned() ^ (1 << 63)).to_be_bytes();
    for (to, from) in out.iter_mut().zip(seconds.into_iter().chain(rest.to_be_bytes())) {
        *to = from;
    }
    out
}

/// The time that [`time`] wrote into `key` behind its kind.
pub(super) fn time_of(key: &Key) -> Option<Timestamp> {
    let bytes = key.bytes().get(1..)?;
    let (seconds, rest) = bytes.split_first_chunk::<8>()?;
    let (nanoseconds, _) = rest.split_first_chunk::<4>()?;
    let seconds = (u64::from_be_bytes(*seconds) ^ (1 << 63)).cast_signed();
    let whole = i128::from(seconds) * 1_000_000_000 + i128::from(u32::from_be_bytes(*nanoseconds));
    Timestamp::from_nanosecond(whole).ok()
}

/// 16 bytes of SHA-256: for things of any length that are looked up whole.
pub(super) fn hash(text: &str) -> [u8; HASH] {
    let whole: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    whole.first_chunk::<HASH>().copied().unwrap_or_default()
}

/// All keys of `kind`.
pub(super) fn all(kind: Kind) -> Key {
    Key::new(kind, &[])
}

/// The least key behind `key`.
pub(super) fn just_behind(key: &Key) -> Key {
    let mut bytes = key.0.clone();
    bytes.push(0);
    Key(bytes)
}

/// The least key behind all of `kind`.
pub(super) fn end_of(kind: Kind) -> Key {
    Key(vec![kind.byte().saturating_add(1)])
}

/// All keys of `kind` whose identifier starts with `start`.
pub(super) fn starting(kind: Kind, start: &str) -> Key {
    Key::new(kind, &[start.as_bytes()])
}

pub(super) fn meta(name: &str) -> Key {
    Key::new(Kind::Meta, &[name.as_bytes()])
}

pub(super) fn feed(id: &FeedId) -> Key {
    Key::new(Kind::Feed, &[id.as_str().as_bytes()])
}

pub(super) fn entry(id: &EntryId) -> Key {
    Key::new(Kind::Entry, &[id.as_str().as_bytes()])
}

pub(super) fn due(at: Timestamp, id: &EntryId) -> Key {
    Key::new(Kind::Due, &[&time(at), id.as_str().as_bytes()])
}

/// The least key of entries due at `at`.
pub(super) fn due_from(at: Timestamp) -> Key {
    Key::new(Kind::Due, &[&time(at)])
}

pub(super) fn passed_over(seen: Timestamp, id: &EntryId) -> Key {
    Key::new(Kind::PassedOver, &[&time(seen), id.as_str().as_bytes()])
}

pub(super) fn seen(feed: &FeedId, content: &str) -> Key {
    Key::new(Kind::Seen, &[feed.as_str().as_bytes(), &[0], &hash(content)])
}

pub(super) fn article(id: &ArticleId) -> Key {
    Key::new(Kind::Article, &[id.as_str().as_bytes()])
}

pub(super) fn queue(at: Timestamp, id: &ArticleId) -> Key {
    Key::new(Kind::Queue, &[&time(at), id.as_str().as_bytes()])
}

pub(super) fn read_at(at: Timestamp, id: &ArticleId) -> Key {
    Key::new(Kind::ReadAt, &[&time(at), id.as_str().as_bytes()])
}

/// The least key of articles read at `at`.
pub(super) fn read_from(at: Timestamp) -> Key {
    Key::new(Kind::ReadAt, &[&time(at)])
}

pub(super) fn cluster(id: &ArticleId) -> Key {
    Key::new(Kind::Cluster, &[id.as_str().as_bytes()])
}

pub(super) fn sketch(hash: u64, id: &ArticleId) -> Key {
    Key::new(Kind::Sketch, &[&hash.to_be_bytes(), id.as_str().as_bytes()])
}

/// The hash in a [`sketch`] key.
pub(super) fn sketch_hash(key: &Key) -> Option<u64> {
    key.bytes().get(1..)?.first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes))
}

pub(super) fn sketch_all(hash: u64) -> Key {
    Key::new(Kind::Sketch, &[&hash.to_be_bytes()])
}

/// `address` is one that `address::plain` gave; `subject` an entry or article.
pub(super) fn address(address: &str, subject: &Subject) -> Key {
    let (kind, id) = subject_parts(subject);
    Key::new(Kind::Address, &[&hash(address), &[kind.byte()], id.as_bytes()])
}

pub(super) fn address_all(address: &str) -> Key {
    Key::new(Kind::Address, &[&hash(address)])
}

/// All keys of the same address as an [`address`] key's.
pub(super) fn address_place(key: &Key) -> Key {
    Key(key.bytes().get(..=HASH).unwrap_or_default().to_vec())
}

/// The subject at the end of an [`address`] key.
pub(super) fn address_subject(key: &Key) -> Option<Subject> {
    let kind = key.bytes().get(1 + HASH).and_then(|b| Kind::of(*b))?;
    subject(kind, key.tail(HASH + 1))
}

pub(super) fn development(id: &DevelopmentId) -> Key {
    Key::new(Kind::Development, &[id.as_str().as_bytes()])
}

pub(super) fn merged(id: &DevelopmentId) -> Key {
    Key::new(Kind::Merged, &[id.as_str().as_bytes()])
}

/// The text whose hash a blocking key is found by.
fn blocking_text(key: &BlockingKey) -> String {
    match key {
        BlockingKey::Person(family, who) => format!("p\0{family}\0{who}"),
        BlockingKey::Body(family, body, month) => {
            format!("b\0{family}\0{body}\0{}", month.map(|m| m.to_string()).unwrap_or_default())
        }
        BlockingKey::Sketch(hash) => format!("s\0{hash:016x}"),
    }
}

pub(super) fn blocking(key: &BlockingKey, id: &DevelopmentId) -> Key {
    Key::new(Kind::Blocking, &[&hash(&blocking_text(key)), id.as_str().as_bytes()])
}

pub(super) fn blocking_all(key: &BlockingKey) -> Key {
    Key::new(Kind::Blocking, &[&hash(&blocking_text(key))])
}

pub(super) fn entity(entity: &str, id: &DevelopmentId) -> Key {
    Key::new(Kind::Entity, &[&hash(entity), id.as_str().as_bytes()])
}

pub(super) fn entity_all(entity: &str) -> Key {
    Key::new(Kind::Entity, &[&hash(entity)])
}

pub(super) fn alert(id: &AlertId) -> Key {
    Key::new(Kind::Alert, &[id.as_str().as_bytes()])
}

pub(super) fn alert_order(place: u64) -> Key {
    Key::new(Kind::AlertOrder, &[&place.to_be_bytes()])
}

/// The place in the order at the end of an order's key.
pub(super) fn place_of(key: &Key) -> Option<u64> {
    key.bytes().get(1..)?.first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes))
}

pub(super) fn alert_waiting(place: u64) -> Key {
    Key::new(Kind::AlertWaiting, &[&place.to_be_bytes()])
}

pub(super) fn alert_held(place: u64) -> Key {
    Key::new(Kind::AlertHeld, &[&place.to_be_bytes()])
}

pub(super) fn alert_of(article: &ArticleId, place: u64) -> Key {
    Key::new(Kind::AlertOf, &[article.as_str().as_bytes(), &[0], &place.to_be_bytes()])
}

pub(super) fn alert_of_all(article: &ArticleId) -> Key {
    Key::new(Kind::AlertOf, &[article.as_str().as_bytes(), &[0]])
}

pub(super) fn told(alert: &AlertId, digest: &DigestId) -> Key {
    Key::new(Kind::Told, &[alert.as_str().as_bytes(), &[0], digest.as_str().as_bytes()])
}

pub(super) fn told_all(alert: &AlertId) -> Key {
    Key::new(Kind::Told, &[alert.as_str().as_bytes(), &[0]])
}

pub(super) fn recheck(article: &ArticleId) -> Key {
    Key::new(Kind::Recheck, &[article.as_str().as_bytes()])
}

pub(super) fn recheck_due(at: Timestamp, article: &ArticleId) -> Key {
    Key::new(Kind::RecheckDue, &[&time(at), article.as_str().as_bytes()])
}

pub(super) fn revision(article: &ArticleId, number: u32) -> Key {
    Key::new(Kind::Revision, &[article.as_str().as_bytes(), &[0], &number.to_be_bytes()])
}

pub(super) fn revision_all(article: &ArticleId) -> Key {
    Key::new(Kind::Revision, &[article.as_str().as_bytes(), &[0]])
}

pub(super) fn deliveries_all(digest: &DigestId) -> Key {
    Key::new(Kind::Delivery, &[digest.as_str().as_bytes(), &[0]])
}

pub(super) fn decisions(subject: &Subject, unit: u64) -> Key {
    let (kind, id) = subject_parts(subject);
    Key::new(Kind::Decisions, &[&[kind.byte()], id.as_bytes(), &[0], &unit.to_be_bytes()])
}

pub(super) fn decisions_all(subject: &Subject) -> Key {
    let (kind, id) = subject_parts(subject);
    Key::new(Kind::Decisions, &[&[kind.byte()], id.as_bytes(), &[0]])
}

pub(super) fn digest(id: &DigestId) -> Key {
    Key::new(Kind::Digest, &[id.as_str().as_bytes()])
}

pub(super) fn digest_order(place: u64) -> Key {
    Key::new(Kind::DigestOrder, &[&place.to_be_bytes()])
}

/// `kind` is `Delivery`, `DeliveryPending` or `DeliveryDead`.
pub(super) fn delivery(kind: Kind, digest: &DigestId, channel: &ChannelId) -> Key {
    Key::new(kind, &[digest.as_str().as_bytes(), &[0], channel.as_str().as_bytes()])
}

/// The same identifiers as `key` has, under another kind.
pub(super) fn with_kind(kind: Kind, key: &Key) -> Key {
    Key::new(kind, &[key.bytes().get(1..).unwrap_or_default()])
}

pub(super) fn piece(of: &Key, number: u32) -> Key {
    // Sorted length first, then bytes: no key's pieces can be mistaken for another's.
    let length = u16::try_from(of.bytes().len()).unwrap_or(u16::MAX);
    Key::new(Kind::Piece, &[&length.to_be_bytes(), of.bytes(), &number.to_be_bytes()])
}

/// The key whose value a [`piece`] belongs to.
pub(super) fn piece_owner(key: &Key) -> Option<Key> {
    let (length, rest) = key.bytes().get(1..)?.split_first_chunk::<2>()?;
    rest.get(..usize::from(u16::from_be_bytes(*length))).map(Key::from_tree)
}

/// The subject of a [`decisions`] key.
pub(super) fn decisions_subject(key: &Key) -> Option<Subject> {
    let kind = key.bytes().get(1).and_then(|b| Kind::of(*b))?;
    let rest = key.bytes().get(2..)?;
    let end = rest.len().checked_sub(9)?;
    subject(kind, std::str::from_utf8(rest.get(..end)?).ok()?)
}

fn subject_parts(subject: &Subject) -> (Kind, &str) {
    match subject {
        Subject::Feed(id) => (Kind::Feed, id.as_str()),
        Subject::Entry(id) => (Kind::Entry, id.as_str()),
        Subject::Article(id) => (Kind::Article, id.as_str()),
        Subject::Development(id) => (Kind::Development, id.as_str()),
        Subject::Alert(id) => (Kind::Alert, id.as_str()),
        Subject::Digest(id) => (Kind::Digest, id.as_str()),
    }
}

/// The subject of `kind` with that identifier.
pub(super) fn subject(kind: Kind, id: &str) -> Option<Subject> {
    Some(match kind {
        Kind::Feed => Subject::Feed(FeedId::parse(id).ok()?),
        Kind::Entry => Subject::Entry(EntryId::parse(id).ok()?),
        Kind::Article => Subject::Article(ArticleId::parse(id).ok()?),
        Kind::Development => Subject::Development(DevelopmentId::parse(id).ok()?),
        Kind::Alert => Subject::Alert(AlertId::parse(id).ok()?),
        Kind::Digest => Subject::Digest(DigestId::parse(id).ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_byte_of_its_own() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.byte()), Some(*kind), "{kind:?}");
        }
    }

    #[test]
    fn times_sort_and_come_back() {
        let times = [
            Timestamp::MIN,
            Timestamp::new(-5, -7).unwrap(),
            Timestamp::new(-5, 0).unwrap(),
            Timestamp::UNIX_EPOCH,
            Timestamp::new(0, 1).unwrap(),
            Timestamp::new(1_700_000_000, 999_999_999).unwrap(),
            Timestamp::MAX,
        ];
        let id = EntryId::parse("x").unwrap();
        for pair in times.windows(2) {
            assert!(time(pair[0]) < time(pair[1]), "{pair:?}");
        }
        for t in times {
            assert_eq!(time_of(&due(t, &id)), Some(t));
        }
    }

    #[test]
    fn subjects_come_back_and_do_not_run_into_each_other() {
        let a = Subject::Article(ArticleId::parse("a").unwrap());
        let ab = Subject::Article(ArticleId::parse("ab").unwrap());
        assert!(!decisions(&ab, 1).bytes().starts_with(decisions_all(&a).bytes()));
        assert_eq!(address_subject(&address("x", &ab)), Some(ab));
    }

    #[test]
    fn the_subject_of_decisions_comes_back() {
        for unit in [0, 7, u64::MAX] {
            let subject = Subject::Alert(AlertId::parse("a0b1").unwrap());
            assert_eq!(decisions_subject(&decisions(&subject, unit)), Some(subject));
        }
    }

    #[test]
    fn blocking_keys_keep_their_parts_apart() {
        let keys = [
            BlockingKey::Person("a".into(), "b".into()),
            BlockingKey::Body("a".into(), "b".into(), None),
            BlockingKey::Body("a".into(), "b".into(), Some(0)),
            BlockingKey::Person("a\u{0}b".into(), "".into()),
            BlockingKey::Sketch(7),
        ];
        for (i, a) in keys.iter().enumerate() {
            for b in keys.iter().skip(i + 1) {
                assert_ne!(blocking_all(a), blocking_all(b), "{a:?} {b:?}");
            }
        }
    }
}
