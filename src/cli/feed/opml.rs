//! `conductwatch feed import` and `export`: OPML of other readers.

use crate::cli::output::{self, CliError};
use crate::domain::{FeedKind, FeedSpec};
use crate::stages::parse::{Outline, parse_opml, write_opml};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Arguments of `feed import`.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// OPML file, `-` for standard input.
    file: String,
    /// Write the feeds to this new file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Configuration whose feeds are left out, as they are followed already.
    #[arg(long, short, value_name = "FILE", env = "CONDUCTWATCH_CONFIG")]
    config: Option<String>,
}

/// Arguments of `feed export`.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// Configuration file.
    #[arg(long, short, value_name = "FILE", env = "CONDUCTWATCH_CONFIG", default_value = crate::cli::DEFAULT_CONFIG)]
    config: String,
    /// Feeds that are off as well.
    #[arg(long)]
    all: bool,
}

/// Runs `feed import`.
///
/// # Errors
/// When the file is no OPML (65), the output exists (73), or a file cannot be read or written.
pub(super) fn import(args: &ImportArgs) -> Result<(), CliError> {
    let read = parse_opml(&crate::cli::files::read(&args.file)?)
        .map_err(|why| CliError::data(format!("{}: {why}", args.file)))?;
    let followed = match &args.config {
        Some(path) => crate::cli::load_config(path)?.feeds,
        None => Vec::new(),
    };
    let total = read.feeds.len();
    let mut taken: Vec<Outline> = Vec::new();
    for feed in read.feeds {
        if followed.iter().all(|f| f.url != feed.url) && taken.iter().all(|f| f.url != feed.url) {
            taken.push(feed);
        }
    }
    let text = toml(&taken);
    match &args.output {
        Some(path) => write_new(path, &text)?,
        None => output::line(text.trim_end()),
    }
    let mut said = format!("{} of {total} taken", output::count(taken.len() as u64, "feed"));
    if taken.len() < total {
        write!(said, "; {} followed already or given twice", total - taken.len()).unwrap_or_default();
    }
    complain(&said);
    for what in &read.left_out {
        complain(&format!("left out: {what}"));
    }
    if let Some(path) = &args.output {
        complain(&format!("to follow them, add {:?} to `include` in the configuration", path.display().to_string()));
    }
    Ok(())
}

/// A remark for people, apart from what may be piped on.
fn complain(text: &str) {
    // Nothing is left to tell when standard error itself is closed.
    drop(writeln!(std::io::stderr(), "{}", output::printable(text)));
}

fn write_new(path: &Path, text: &str) -> Result<(), CliError> {
    if path.symlink_metadata().is_ok() {
        return Err(CliError { code: 73, message: format!("{} exists already and is left as it is", path.display()) });
    }
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut f| f.write_all(text.as_bytes()))
        .map_err(|e| CliError::io(format!("cannot write {}: {e}", path.display())))
}

/// `feeds` as the configuration has them.
fn toml(feeds: &[Outline]) -> String {
    let mut out = String::new();
    for feed in feeds {
        out.push_str("[[feed]]\n");
        let mut line = |key: &str, value: &str| {
            // A text as TOML is one line; writing to a string cannot fail.
            writeln!(out, "{key} = {}", toml::Value::String(value.to_owned())).unwrap_or_default();
        };
        if let Some(title) = &feed.title {
            line("name", title);
        }
        line("url", feed.url.as_str());
        if feed.page {
            line("kind", "page");
        }
        if let Some(folder) = &feed.folder {
            line("folder", folder);
        }
        out.push('\n');
    }
    out
}

/// Runs `feed export`.
///
/// # Errors
/// When the configuration is wrong (78).
pub(super) fn export(args: &ExportArgs) -> Result<(), CliError> {
    let config = crate::cli::load_config(&args.config)?;
    let outline = |f: &FeedSpec| Outline {
        url: f.url.clone(),
        title: Some(f.name.clone()),
        folder: f.folder.clone(),
        page: matches!(f.kind, FeedKind::Page(_)),
    };
    let feeds: Vec<Outline> = config.feeds.iter().filter(|f| f.enabled || args.all).map(outline).collect();
    let text = write_opml("Feeds of conductwatch", &feeds).map_err(CliError::io)?;
    output::line(text.trim_end());
    Ok(())
}
