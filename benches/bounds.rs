//! Bad input, each in a process of its own: how long, how much memory, and what the answer is: `scripts/bounds`.
//!
//! Aims: an answer or a clear refusal within 2 s and 300 MB, and never an abort. `cargo bench --bench bounds -- WORDS` takes
//! only the inputs with these words in their name.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark fails by panicking, measures time and prints"
)]

#[path = "support/hostile.rs"]
mod hostile;

use conductwatch::domain::{Page, WatchedBody, WatchedPerson, Watchlist};
use conductwatch::stages::clean::clean;
use conductwatch::stages::extract::Extractor;
use std::process::{Command, ExitCode};
use std::time::Instant;

const MAX_SECONDS: f64 = 2.0;
const MAX_MEGABYTES: f64 = 300.0;

/// Set for the process that reads one input, to its name.
const ONE: &str = "CONDUCTWATCH_BOUNDS_INPUT";

fn main() -> ExitCode {
    if let Ok(name) = std::env::var(ONE) {
        read(&name);
        return ExitCode::SUCCESS;
    }
    let words = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect::<Vec<_>>().join(" ");
    println!("{:40} {:>8} {:>8}  answer", "input", "seconds", "MB");
    let mut beyond = 0;
    for (name, _) in hostile::INPUTS.iter().filter(|(name, _)| name.contains(&words)) {
        let child = Command::new(std::env::current_exe().unwrap()).env(ONE, name).output().unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        let mut parts = said.trim().splitn(3, '\t');
        let mut number = || parts.next().and_then(|part| part.parse::<f64>().ok()).unwrap_or(f64::NAN);
        let (seconds, megabytes) = (number(), number());
        let answer = parts.next().map_or_else(|| format!("ABORTED ({})", child.status), str::to_owned);
        let within = seconds <= MAX_SECONDS && megabytes <= MAX_MEGABYTES;
        beyond += u32::from(!within);
        println!("{name:40} {seconds:>8.2} {megabytes:>8.0}  {}{answer}", if within { "" } else { "BEYOND " });
    }
    println!("{beyond} beyond {MAX_SECONDS} s and {MAX_MEGABYTES} MB");
    ExitCode::from(u8::from(beyond > 0))
}

/// Cleans and extracts the input of this name; prints seconds, peak megabytes and the answer.
fn read(name: &str) {
    let Some((_, make)) = hostile::INPUTS.iter().find(|(n, _)| *n == name) else { return };
    let body = make(&|count| count);
    let person = WatchedPerson { id: "cora-vell".to_owned(), name: "Cora Vell".to_owned(), ..WatchedPerson::default() };
    let kent = WatchedBody { id: "kent-police".to_owned(), name: "Kent Police".to_owned(), ..WatchedBody::default() };
    let watchlist = Watchlist { persons: vec![person], bodies: vec![kent], ..Watchlist::default() };
    let extractor = Extractor::new(&watchlist);
    // What is built once is no part of the answer's time.
    let warm = clean(&Page { url: None, content_type: None, body: b"Police\n\nKent Police said so. <p>".to_vec() });
    extractor.extract(&warm.article);
    let start = Instant::now();
    let cleaned = clean(&Page { url: None, content_type: None, body });
    let cleaning = start.elapsed().as_secs_f64();
    let found = extractor.extract(&cleaned.article);
    let seconds = start.elapsed().as_secs_f64();
    let article = &cleaned.article;
    let mut answer = format!(
        "{} blocks, {} mentions, {} quotes, {} reports ({cleaning:.2} s of it cleaning)",
        article.blocks.len(),
        found.mentions.len(),
        found.quotes.len(),
        found.reports.len(),
    );
    let refusal = |rule: &str| matches!(rule, "text-too-long" | "page-too-large" | "paragraph-too-long");
    for said in cleaned.dropped.iter().filter(|d| refusal(&d.rule)).map(|d| &d.text).chain(found.skipped.iter()) {
        answer += &format!("; {said}");
    }
    for flag in &article.flags {
        answer += &format!("; {flag:?}");
    }
    println!("{seconds}\t{}\t{answer}", peak_megabytes());
}

/// The most memory that this process has had, by the kernel's account.
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}
