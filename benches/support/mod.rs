//! What the benchmarks share: texts, clocks, rows.
//!
//! Each row is a ratio of two things measured in one run, taken in turns and best of several rounds, so that another
//! machine or another day gives about the same. Rates alone are printed where there is nothing to compare with.

#![allow(dead_code, reason = "each benchmark uses a part")]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark measures time and prints"
)]

use conductwatch::domain::Page;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The time of one call of `work`.
pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The processor time of this thread so far, by the kernel's account: on a machine that others use as well, it tells what a
/// core of its own would have needed. `None` where the kernel does not say.
pub(crate) fn processor_time() -> Option<Duration> {
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    account.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// The least processor time of `work` over `rounds` rounds.
pub(crate) fn least_processor_time(rounds: u32, mut work: impl FnMut()) -> Option<Duration> {
    let mut once = || {
        let start = processor_time()?;
        work();
        processor_time()?.checked_sub(start)
    };
    (0..rounds).filter_map(|_| once()).min()
}

/// The best times of two works over `rounds` rounds, done in turns: best is least disturbed, and what slows the machine
/// down for a while slows both.
pub(crate) fn side_by_side(rounds: u32, mut ours: impl FnMut(), mut other: impl FnMut()) -> (Duration, Duration) {
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..rounds {
        best.0 = best.0.min(time(&mut ours));
        best.1 = best.1.min(time(&mut other));
    }
    best
}

/// The best time of `work` over `rounds` rounds.
pub(crate) fn best(rounds: u32, mut work: impl FnMut()) -> Duration {
    (0..rounds).map(|_| time(&mut work)).min().unwrap_or_default()
}

/// Prints a ratio against its aim: how fast `ours` is where `bare` is 1.
pub(crate) fn ratio(name: &str, ours: Duration, bare: Duration, aim: f64) {
    verdict(name, bare.as_secs_f64() / ours.as_secs_f64(), aim, &format!("ours {ours:.2?}, bare {bare:.2?}"));
}

/// Prints a number against its aim.
pub(crate) fn verdict(name: &str, value: f64, aim: f64, note: &str) {
    let met = if value >= aim { "met" } else { "MISSED" };
    let digits = if aim >= 10.0 { 0 } else { 2 };
    println!("{name:56} {value:>9.digits$}   aim {aim:>7.digits$}  {met:6}  {note}");
}

/// Prints a number that has no aim.
pub(crate) fn row(name: &str, value: &str) {
    println!("{name:56} {value:>9}");
}

/// The texts of the shared data where it lies beside the repository, and the repository's own, in order of path.
pub(crate) fn texts() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["../shared/data", "tests/quality"] {
        gather(&root.join(folder), "txt", &mut paths);
    }
    paths.retain(|path| path.file_stem().is_some_and(|name| name != "order" && name != "blind-score"));
    paths.sort();
    paths.iter().map(|path| page(std::fs::read(path).unwrap())).collect()
}

/// The files under `folder` whose name ends in `extension`.
pub(crate) fn gather(folder: &Path, extension: &str, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            gather(&path, extension, out);
        } else if path.extension().is_some_and(|e| e == extension) {
            out.push(path);
        }
    }
}

/// A page of which only the body is known.
pub(crate) fn page(body: Vec<u8>) -> Page {
    Page { url: None, content_type: None, body }
}
