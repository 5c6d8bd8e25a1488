//! `conductwatch verify`, `conductwatch rebuild` and `conductwatch compact`.

use super::{ask, backup::tell_aside, share_of};
use crate::adapters::clock::SystemClock;
use crate::adapters::store::{self, StoreOptions};
use crate::cli::ask::{AskArgs, Source};
use crate::cli::files::is_folder;
use crate::cli::output::{self, CliError, count, counts, plain};
use crate::cli::tell::size;
use crate::pipeline::Care;
use crate::ports::{Checked, Clock as _, Compacted};
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct VerifyArgs {
    /// The folder of a backup, to look at that instead of the store.
    backup: Option<PathBuf>,
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `rebuild`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RebuildArgs {
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `compact`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct CompactArgs {
    #[command(flatten)]
    ask: AskArgs,
}

/// Runs `verify`.
///
/// # Errors
/// When something is wrong (65), or the store cannot be read.
pub(in crate::cli) fn verify(args: &VerifyArgs) -> Result<(), CliError> {
    let bar = output::Progress::new();
    if let Some(folder) = &args.backup {
        is_folder(folder, "the folder of a backup")?;
        let manifest = store::verify_backup(folder, &|done, total| {
            let (share, of) = share_of(done, total);
            bar.share(share, &format!("reading the backup: {of}"));
        })?;
        let faults = store::archive_faults(folder)?;
        bar.finish();
        if args.ask.json {
            output::json(&json!({ "backup": folder, "manifest": manifest, "faults": faults }));
        } else {
            let made =
                manifest.made.map_or_else(String::new, |at| format!(", made {}", at.strftime("%-d %B %Y, %H:%M UTC")));
            output::say(&format!("{}: a whole backup{made}, {}", folder.display(), count(manifest.keys, "key")));
            for fault in &faults {
                output::line(&output::wrap(
                    &format!("the archive had this fault by then: {}", plain(fault)),
                    4,
                    output::width(),
                ));
            }
        }
        return match faults.len() as u64 {
            0 => Ok(()),
            n => Err(CliError::data(format!(
                "{}: the archive had {} when it was made; an earlier backup may have it whole",
                folder.display(),
                count(n, "fault")
            ))),
        };
    }
    let config = crate::cli::load_config(&args.ask.config)?;
    bar.share(0.0, "reading everything");
    let found: Checked =
        crate::cli::small_runtime()?.block_on(async { ask(&mut Source::new(&config), &Care::Check).await })?;
    bar.finish();
    if args.ask.json {
        output::json(&json!(found));
    } else {
        tell(&found);
    }
    match found.faults.len() as u64 {
        0 => Ok(()),
        n => Err(CliError::data(format!("{}: {}", config.store.path.display(), count(n, "fault")))),
    }
}

fn tell(found: &Checked) {
    let keys: u64 = found.keys.values().sum();
    let wrap = |text: &str| output::line(&output::wrap(text, 9, output::width()));
    wrap(&format!("sled     {}: {}", count(keys, "key"), counts(&found.keys)));
    let records: u64 = found.records.values().sum();
    wrap(&format!("archive  {}: {}; {} erased", count(records, "record"), counts(&found.records), found.erased));
    output::line(&format!("chain    {}", found.chain));
    if found.faults.is_empty() {
        return output::line("all of it can be read, every index leads to something, and the chain holds");
    }
    for fault in &found.faults {
        output::line(&output::wrap(&format!("{}: {}", plain(&fault.place), plain(&fault.what)), 4, output::width()));
    }
}

/// Runs `rebuild`.
///
/// # Errors
/// When a service runs (75), or the disk fails.
pub(in crate::cli) fn rebuild(args: &RebuildArgs) -> Result<(), CliError> {
    let config = crate::cli::load_config(&args.ask.config)?;
    let folder = &config.store.path;
    let bar = output::Progress::new();
    let done = store::rebuild(folder, SystemClock.now(), &StoreOptions::default(), &|what| bar.share(0.0, what))?;
    bar.finish();
    if args.ask.json {
        output::json(&json!(done));
        return Ok(());
    }
    let wrap = |text: String| output::line(&output::wrap(&text, 4, output::width()));
    let sled = if done.sled_opened { counts(&done.from_sled) } else { "it could not be opened".to_owned() };
    wrap(format!("from the old sled: {sled}"));
    if !done.unreadable.is_empty() {
        wrap(format!("of it could not be read: {}", counts(&done.unreadable)));
    }
    wrap(format!("from the archive alone: {}", counts(&done.from_archive)));
    if done.to_settle > 0 {
        wrap(format!(
            "{} had not been settled, and will be at the next start; what was alerted is not alerted again",
            count(done.to_settle, "article")
        ));
    }
    if !done.sled_opened || !done.unreadable.is_empty() {
        wrap(
            "what only sled has cannot be made anew: states of feeds and entries (the next polls bring them again), and \
             decisions (`why` says less)"
                .to_owned(),
        );
    }
    for fault in &done.faults {
        wrap(format!("the archive has a fault: {fault}"));
    }
    tell_aside(folder, done.aside.as_deref());
    Ok(())
}

/// Runs `compact`.
///
/// # Errors
/// When the store fails.
pub(in crate::cli) fn compact(args: &CompactArgs) -> Result<(), CliError> {
    let config = crate::cli::load_config(&args.ask.config)?;
    let bar = output::Progress::new();
    bar.share(0.0, "writing sled anew");
    let done: Compacted =
        crate::cli::small_runtime()?.block_on(async { ask(&mut Source::new(&config), &Care::Compact).await })?;
    bar.finish();
    if args.ask.json {
        output::json(&json!(done));
    } else {
        let keys = count(done.keys, "key");
        output::line(&format!(
            "{keys} written anew: {} before, {} now",
            size(done.before_bytes),
            size(done.after_bytes)
        ));
    }
    Ok(())
}
