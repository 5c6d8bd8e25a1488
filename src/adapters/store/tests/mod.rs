//! The store's behaviour, through its port.

mod care;
mod faults;
mod indexes;
mod moves;
mod purging;
mod things;

use super::*;
use std::path::Path;

/// Small, so that tests are quick.
fn options() -> StoreOptions {
    StoreOptions { cache_bytes: 8 << 20, ballast_bytes: 1 << 16, reserve_bytes: 1 << 20, pack_bytes: 1 << 20 }
}

fn open(folder: &Path) -> SledStore {
    SledStore::open(folder, options()).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}
