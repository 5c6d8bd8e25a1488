//! `conductwatch demo`: everything at work, without network and set-up.

use super::output::{self, CliError};
use crate::demo;
use std::path::PathBuf;

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder for the demo's configuration, store and digests; a new one in the system's temporary folder by default.
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// Runs `demo`.
///
/// # Errors
/// When the folder or the loopback server cannot be used.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let dir = match &args.dir {
        Some(dir) if dir.join("store").exists() => {
            let message = format!("{}: a demo ran there before: name another --dir, or remove it", dir.display());
            return Err(CliError::usage(message));
        }
        Some(dir) if dir.exists() && !dir.is_dir() => {
            return Err(CliError::cannot_make(format!("{}: a file, and no folder: name another --dir", dir.display())));
        }
        // The configuration names folders from its own place.
        Some(dir) => std::path::absolute(dir).map_err(|e| CliError::io(format!("{}: {e}", dir.display())))?,
        None => std::env::temp_dir().join(format!("conductwatch-demo-{}", std::process::id())),
    };
    let progress = output::Progress::new();
    progress.say("an invented newsroom of three outlets, on loopback; the clock is simulated, all else is real");
    let runtime = super::small_runtime()?;
    let report = runtime
        .block_on(demo::run(&dir, |now, share| {
            progress.share(share, &now.strftime("%a %-d %b, %H:%M UTC").to_string())
        }))
        .map_err(|e| CliError::io(format!("demo: {e}")))?;
    progress.finish();
    for digest in &report.digests {
        output::line(digest);
    }
    output::line(&format!(
        "{:.0} simulated days, {} answered: {}",
        report.days,
        output::count(report.requests, "request"),
        crate::app::in_words(&report.counts)
    ));
    if let Some(html) = &report.html {
        output::line(&format!("the last digest as HTML:  {}", html.display()));
    }
    let config = output::shell_word(&report.config.display().to_string());
    output::line(&format!("all alerts:               conductwatch alerts --config {config}"));
    output::line(&format!("why one was raised:       conductwatch why ALERT --config {config}"));
    output::line(&format!("what was passed over:     conductwatch passed-over --config {config}"));
    Ok(())
}
