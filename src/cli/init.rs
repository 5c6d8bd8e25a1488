//! `conductwatch init`: a first configuration.

use super::files::cannot_make;
use super::output::{self, CliError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder for the configuration; made if absent.
    dir: PathBuf,
}

/// The main file, as it is documented.
const MAIN: &str = include_str!("../../config/conductwatch.toml");
const FILES: [(&str, &str); 9] = [
    ("watchlist.toml", include_str!("../../config/watchlist.toml")),
    ("feeds.toml", include_str!("../../config/feeds.toml")),
    ("uk/watchdogs.toml", include_str!("../../config/uk/watchdogs.toml")),
    ("uk/national-news.toml", include_str!("../../config/uk/national-news.toml")),
    ("uk/forces.toml", include_str!("../../config/uk/forces.toml")),
    ("uk/local-news-england.toml", include_str!("../../config/uk/local-news-england.toml")),
    ("uk/local-news-scotland-wales.toml", include_str!("../../config/uk/local-news-scotland-wales.toml")),
    ("uk/government-and-courts.toml", include_str!("../../config/uk/government-and-courts.toml")),
    ("uk/campaigns-and-trade.toml", include_str!("../../config/uk/campaigns-and-trade.toml")),
];
/// Files that are there already and named.
const MOST_NAMED: usize = 3;
/// The folder of configurations that belong to the whole machine.
const SYSTEM: &str = "/etc";

/// Runs `init`. Files that exist are never written over.
///
/// # Errors
/// When one of the files exists, or a file cannot be written (73).
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let dir = &args.dir;
    let absolute = std::path::absolute(dir).map_err(|e| cannot_make(dir, &e))?;
    for path in write(dir, absolute.starts_with(SYSTEM))? {
        output::line(&format!("wrote {}", path.display()));
    }
    for line in next_steps(dir) {
        output::line(&line);
    }
    Ok(())
}

/// Writes a first configuration into `dir`, for a folder of one's own or for the system's service; gives the files. Files that
/// exist are never written over.
///
/// # Errors
/// When one of the files exists, or a file cannot be written (73).
pub(super) fn write(dir: &Path, for_the_system: bool) -> Result<Vec<PathBuf>, CliError> {
    let main = main_file(for_the_system);
    let files = [("conductwatch.toml", main.as_str())].into_iter().chain(FILES);
    let files: Vec<(PathBuf, &str)> = files.map(|(name, text)| (dir.join(name), text)).collect();
    let present: Vec<String> = files
        .iter()
        .filter(|(path, _)| path.symlink_metadata().is_ok())
        .map(|(path, _)| path.display().to_string())
        .collect();
    if !present.is_empty() {
        let mut named: Vec<String> = present.iter().take(MOST_NAMED).cloned().collect();
        if let Some(more) = present.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
            named.push(format!("and {more} more"));
        }
        let (are, them) = if present.len() == 1 { ("is", "it") } else { ("are", "them") };
        return Err(CliError::cannot_make(format!(
            "{} {are} there already, and nothing was written: give another folder, or move {them} away",
            named.join(", ")
        )));
    }
    std::fs::create_dir_all(dir).map_err(|e| cannot_make(dir, &e))?;
    for (path, text) in &files {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|e| cannot_make(folder, &e))?;
        }
        let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
        file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|e| cannot_make(path, &e))?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// The main file for a folder of one's own, where everything stays in that folder, or for one under `/etc`, where
/// digests go to the service's state folder.
fn main_file(for_the_system: bool) -> String {
    if for_the_system {
        MAIN.replace("\npath = \"digests\"\n", "\npath = \"/var/lib/conductwatch/digests\"\n")
    } else {
        let (store, own) = ("#[store]\n#path = \"~/.local/state/conductwatch\"", "[store]\npath = \"state\"");
        MAIN.replace(store, own)
    }
}

fn next_steps(dir: &Path) -> Vec<String> {
    let file = dir.join("conductwatch.toml");
    let file = file.display();
    vec![
        String::new(),
        "What to do next:".to_owned(),
        format!("  1. Write in whom you follow:      {}", dir.join("watchlist.toml").display()),
        format!("  2. Choose what you follow:        {}", dir.join("feeds.toml").display()),
        format!("  3. See whether all is well:       conductwatch check --config {file}"),
        format!("     and which addresses answer:    conductwatch feed verify --config {file}"),
        format!("  4. Make one pass over all feeds:  conductwatch run --once --config {file}"),
        format!("  5. Keep watching:                 conductwatch run --config {file}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::{MAIN, main_file};

    #[test]
    fn each_place_gets_its_own_folders() {
        let (system, own) = (main_file(true), main_file(false));
        assert!(system.contains("\npath = \"/var/lib/conductwatch/digests\"\n") && system.contains("\n#[store]\n"));
        assert!(own.contains("\n[store]\npath = \"state\"") && own.contains("\npath = \"digests\"\n"));
        assert!(system.len() != MAIN.len() && own.len() != MAIN.len());
    }
}
