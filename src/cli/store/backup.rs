//! `conductwatch backup` and `conductwatch restore`.

use super::{fetch, lay_ready, share_of};
use crate::adapters::clock::SystemClock;
use crate::adapters::store::{self, Manifest, Receiving, StoreOptions};
use crate::cli::ask::{AskArgs, Source};
use crate::cli::files::is_folder;
use crate::cli::output::{self, CliError, count};
use crate::cli::tell::size;
use crate::pipeline::Care;
use crate::ports::{Clock as _, Laid, Parcel};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Arguments of `backup`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct BackupArgs {
    /// Folder in which the backup gets a folder of its own; it may be another disk's.
    folder: PathBuf,
    /// Then remove all but the newest N backups of the folder.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `restore`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RestoreArgs {
    /// The folder of the backup.
    backup: PathBuf,
    /// Where there is a store already, move it aside; nothing of it is removed.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// Runs `backup`.
///
/// # Errors
/// When the store cannot be read, or the folder not written to; when what was backed up is damaged (65).
pub(in crate::cli) fn backup(args: &BackupArgs) -> Result<(), CliError> {
    let config = crate::cli::load_config(&args.ask.config)?;
    if args.folder.exists() && !args.folder.is_dir() {
        let message = format!("{}: it is no folder: name a folder for backups", args.folder.display());
        return Err(CliError::cannot_make(message));
    }
    let bar = output::Progress::new();
    let (path, laid) = crate::cli::small_runtime()?.block_on(async {
        let mut source = Source::new(&config);
        let receiving =
            Receiving::begin(&args.folder, SystemClock.now()).map_err(|e| CliError::cannot_make(e.to_string()))?;
        bar.share(0.0, "reading the store");
        let laid = match lay_ready(&mut source, Parcel::Backup).await {
            Ok(laid) => laid,
            Err(error) => {
                receiving.give_up();
                return Err(error);
            }
        };
        let taken = take_all(&mut source, &receiving, &laid, &bar).await;
        let cleared = source.care(&Care::ClearAway { id: laid.id.clone() }).await;
        if let Err(error) = taken {
            receiving.give_up();
            return Err(error);
        }
        cleared?;
        Ok((receiving.finish()?, laid))
    })?;
    // Read back from where it is now: a backup that was never read is a hope.
    let manifest = store::verify_backup(&path, &|done, total| {
        let (share, of) = share_of(done, total);
        bar.share(share, &format!("reading it back: {of}"));
    })?;
    let faults = store::archive_faults(&path)?;
    let removed = match args.keep {
        // An older backup may have whole what is damaged by now.
        Some(most) if faults.is_empty() => store::keep(&args.folder, most as usize)?.removed,
        _ => Vec::new(),
    };
    bar.finish();
    let bytes = laid.files.iter().map(|f| f.bytes).sum();
    if args.ask.json {
        output::json(&json!({
            "backup": path, "bytes": bytes, "files": laid.files.len(), "units": manifest.units, "keys": manifest.keys,
            "made": manifest.made, "removed": removed, "paused_ms": laid.paused_ms, "faults": faults,
        }));
    } else {
        let files = count(laid.files.len() as u64, "file");
        let whole = if faults.is_empty() { "read back and whole" } else { "read back, and as damaged as the store" };
        output::say(&format!("{}: {files}, {}, {whole}", path.display(), size(bytes)));
        output::line(&format!("while sled was read, writing waited for {} ms", laid.paused_ms));
        for path in removed {
            output::line(&format!("removed {}", path.display()));
        }
    }
    let Some(first) = faults.first() else { return Ok(()) };
    Err(CliError::data(format!(
        "the archive that was backed up has {}: {first}; no older backup was removed, as it may have whole what is damaged now: \
         `conductwatch verify` names each with its mend",
        count(faults.len() as u64, "fault"),
    )))
}

async fn take_all(
    source: &mut Source<'_>,
    receiving: &Receiving,
    laid: &Laid,
    bar: &output::Progress,
) -> Result<(), CliError> {
    let (mut done, total) = (0, laid.files.iter().map(|f| f.bytes).sum());
    for file in &laid.files {
        let mut arriving = receiving.open(file)?;
        let mut offset = 0;
        loop {
            let piece = fetch(source, &laid.id, &file.name, offset).await?;
            if piece.is_empty() {
                break;
            }
            arriving.write(&piece)?;
            (offset, done) = (offset + piece.len() as u64, done + piece.len() as u64);
            let (share, of) = share_of(done, total);
            bar.share(share, &format!("writing the backup: {of}"));
        }
        arriving.finish()?;
    }
    Ok(())
}

/// Runs `restore`.
///
/// # Errors
/// When a service runs (75), the backup is not whole or of a newer version, or there is a store already (65).
pub(in crate::cli) fn restore(args: &RestoreArgs) -> Result<(), CliError> {
    let config = crate::cli::load_config(&args.ask.config)?;
    is_folder(&args.backup, "the folder of a backup")?;
    let bar = output::Progress::new();
    let progress = |done, total| {
        let (share, of) = share_of(done, total);
        bar.share(share, &format!("checking the backup: {of}"));
    };
    let (folder, options) = (&config.store.path, StoreOptions::default());
    let restored = store::restore(folder, &args.backup, args.replace, SystemClock.now(), &options, &progress)?;
    bar.finish();
    let detail = json!({ "from": args.backup, "made": restored.manifest.made });
    let forgotten_again = crate::cli::rights::after_replacing(&config, "restore", detail)?;
    let Manifest { made, units, keys, program, .. } = &restored.manifest;
    if args.ask.json {
        output::json(&json!({
            "store": folder, "backup": args.backup, "made": made, "units": units, "keys": keys, "program": program,
            "aside": restored.aside, "faults": restored.faults, "forgotten_again": forgotten_again,
        }));
        return Ok(());
    }
    let when = made.map_or_else(String::new, |at| format!(" of {}", at.strftime("%-d %B %Y, %H:%M:%S UTC")));
    output::say(&format!("{}: restored from the backup{when}", folder.display()));
    tell_aside(folder, restored.aside.as_deref());
    crate::cli::rights::tell_forgotten(forgotten_again, made.filter(|_| restored.aside.is_none()));
    for fault in &restored.faults {
        output::say(&format!("the archive had this fault when the backup was made: {fault}"));
    }
    output::say("what was fetched since is fetched again by the next polls, as far as the feeds still list it");
    Ok(())
}

/// Says where what was there before is now.
pub(super) fn tell_aside(folder: &Path, aside: Option<&str>) {
    if let Some(aside) = aside {
        let path = folder.join(aside);
        output::say(&format!("what was there before is in {}; remove it once all is well", path.display()));
    }
}
