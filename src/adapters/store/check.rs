//! A look at everything: whether every value can be read, every index leads to something, the counts are right, and the
//! archive is whole. What can be told is a place and a mend.

use super::{
    Inner,
    commit::panicked,
    engine::{MEND, Places, io_error},
    keys::{self, HASH, Key, Kind, TIME},
    unit::{Tally, Tree, View as _},
    write::{AlertRow, Cluster, DevelopmentRow, DigestLine, ReadingNote},
};
use crate::{
    adapters::archive::{self, sha256_hex},
    domain::{AlertId, Decision, Delivery, DevelopmentId, Digest, DigestId, EntryRecord, FeedState, Recheck, Revision},
    ports::{ArticleRecord, Checked, Fault, StoreError},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;

/// Keys that are looked at in one go: units of work are let through in between.
const AT_ONCE: usize = 2_000;
/// The most faults that are named.
const MOST_FAULTS: usize = 200;

impl Inner {
    pub(super) fn check(&self) -> Result<Checked, StoreError> {
        let _care = self.care.lock().map_err(|_| panicked())?;
        let mut found = Checked::default();
        for kind in Kind::ALL {
            let mut from = keys::all(*kind);
            loop {
                self.step();
                let (seen, last) = self.with_tree(|tree| Ok(look_at(tree, *kind, &from, &mut found.faults)))?;
                *found.keys.entry(kind.name().to_owned()).or_default() += seen;
                match last {
                    Some(last) if found.faults.len() < MOST_FAULTS => from = keys::just_behind(&last),
                    _ => break,
                }
            }
        }
        self.with_tree(|tree| {
            check_counts(tree, &mut found.faults);
            Ok(())
        })?;
        self.check_archive(&mut found)?;
        found.keys.retain(|_, count| *count > 0);
        Ok(found)
    }

    fn check_archive(&self, found: &mut Checked) -> Result<(), StoreError> {
        self.check_alive()?;
        let folder = Places::of(&self.folder).archive;
        let checked =
            archive::verify(&folder).map_err(|e| io_error(&folder, "cannot read the archive", &e, "check the disk"))?;
        found.records = checked.records.iter().map(|(kind, count)| (kind.label().to_owned(), *count)).collect();
        found.erased = checked.erased;
        found.chain = sha256_hex(&checked.last);
        let mend = "the records before and behind it are sound; a backup made earlier has it whole";
        found.faults.extend(checked.faults.into_iter().map(|fault| {
            let (place, what) = fault.split_once(": ").unwrap_or(("archive", &fault));
            Fault { place: format!("archive/{place}"), what: format!("{what}; {mend}") }
        }));
        Ok(())
    }
}

/// Looks at up to [`AT_ONCE`] keys of `kind` from `from` on. Says how many, and the last of them; `None` at the end.
fn look_at(tree: &Tree<'_>, kind: Kind, from: &Key, faults: &mut Vec<Fault>) -> (u64, Option<Key>) {
    let mut seen = 0;
    let mut last = None;
    for key in tree.keys_between(from, &keys::end_of(kind)).take(AT_ONCE) {
        match key {
            Ok(key) => {
                if let Err(error) = look_at_one(tree, kind, &key) {
                    faults.push(Fault { place: format!("sled: {}", key.describe()), what: error });
                }
                seen += 1;
                last = Some(key);
            }
            Err(error) => {
                // Nothing can be found behind a page that cannot be read.
                faults.push(Fault { place: format!("sled: {}", kind.name()), what: error.to_string() });
                return (seen, None);
            }
        }
    }
    (seen, last.filter(|_| seen == AT_ONCE as u64))
}

fn look_at_one(tree: &Tree<'_>, kind: Kind, key: &Key) -> Result<(), String> {
    let leads_to = |target: Key| match tree.bytes(&target) {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(format!("it leads to {}, which is not there; {MEND}", target.describe())),
        Err(error) => Err(error.to_string()),
    };
    match kind {
        Kind::Meta => read::<Value>(tree, key).map(drop),
        Kind::Feed => read::<FeedState>(tree, key).map(drop),
        Kind::Entry => read::<EntryRecord>(tree, key).map(drop),
        Kind::Article => read::<ArticleRecord>(tree, key).map(drop),
        Kind::Due | Kind::PassedOver => leads_to(keys::starting(Kind::Entry, key.tail(TIME))),
        Kind::Queue => leads_to(keys::starting(Kind::Article, key.tail(TIME))),
        Kind::ReadAt => {
            read::<ReadingNote>(tree, key)?;
            leads_to(keys::starting(Kind::Article, key.tail(TIME)))
        }
        Kind::Cluster => {
            read::<Cluster>(tree, key)?;
            leads_to(keys::with_kind(Kind::Article, key))
        }
        Kind::Sketch => leads_to(keys::starting(Kind::Article, key.tail(8))),
        Kind::Address => read::<BTreeSet<String>>(tree, key).map(drop),
        Kind::Development => read::<DevelopmentRow>(tree, key).map(drop),
        Kind::Merged => read::<DevelopmentId>(tree, key).map(drop),
        Kind::Blocking | Kind::Entity => leads_to(keys::starting(Kind::Development, key.tail(HASH))),
        Kind::Alert => read::<AlertRow>(tree, key).map(drop),
        Kind::AlertOrder | Kind::AlertWaiting | Kind::AlertHeld | Kind::AlertOf => {
            leads_to(keys::alert(&read::<AlertId>(tree, key)?))
        }
        Kind::Recheck => read::<Recheck>(tree, key).map(drop),
        Kind::RecheckDue => leads_to(keys::starting(Kind::Recheck, key.tail(TIME))),
        Kind::Revision => read::<Revision>(tree, key).map(drop),
        Kind::Decisions => read::<Vec<Decision>>(tree, key).map(drop),
        Kind::Digest => read::<Digest>(tree, key).map(drop),
        Kind::DigestOrder => {
            let id: DigestId = read::<DigestLine>(tree, key)?.id;
            leads_to(keys::digest(&id))
        }
        Kind::Delivery => read::<Delivery>(tree, key).map(drop),
        Kind::DeliveryPending | Kind::DeliveryDead => leads_to(keys::with_kind(Kind::Delivery, key)),
        Kind::Piece => match keys::piece_owner(key) {
            Some(owner) => leads_to(owner),
            None => Err(format!("it belongs to no value; {MEND}")),
        },
        // Their keys say everything.
        _ => Ok(()),
    }
}

fn read<T: DeserializeOwned>(tree: &Tree<'_>, key: &Key) -> Result<T, String> {
    match tree.expect(key) {
        Ok(value) => Ok(value),
        Err(StoreError::Corrupt(text)) => {
            // The place is told already.
            let told = format!("{}: {}: ", tree.folder.display(), key.describe());
            Err(text.strip_prefix(&told).map_or_else(|| text.clone(), str::to_owned))
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Whether the running counts are those that a recount gives.
fn check_counts(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    let Ok(tally) = tree.get::<Tally>(&Tally::key()) else { return };
    let tally = tally.unwrap_or_default();
    for kind in Kind::ALL.iter().filter(|kind| kind.is_counted()) {
        let (told, there) = (tally.count(*kind), tree.keys(&keys::all(*kind)).count() as u64);
        if told != there {
            let what = format!("{told} are counted, and {there} are there; `conductwatch rebuild` counts anew");
            faults.push(Fault { place: format!("sled: {}", kind.name()), what });
        }
    }
}
