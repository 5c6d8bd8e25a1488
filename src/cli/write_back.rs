//! Changes to the user's configuration files: shown as a difference, checked by the loader, then written.

use super::output::{CliError, Paint, paint};
use crate::adapters::rewrite;
use crate::config::{self, Config, Outside};
use std::path::{Path, PathBuf};

/// Lines shown around a change.
const AROUND: usize = 3;

/// One file, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// The file.
    pub(super) path: PathBuf,
    /// What it holds.
    pub(super) before: String,
    /// What it is to hold.
    pub(super) after: String,
}

impl Edit {
    /// An edit of `path` by `change`.
    ///
    /// # Errors
    /// When the file cannot be read (66) or edited (78).
    pub(super) fn of(
        path: &Path,
        change: impl FnOnce(&str) -> Result<String, config::edit::EditError>,
    ) -> Result<Self, CliError> {
        let before = super::files::read_text(&path.to_string_lossy())?;
        let after = change(&before).map_err(|e| CliError::config(format!("{}: {e}", path.display())))?;
        Ok(Self { path: path.to_owned(), before, after })
    }

    /// The lines that go and come, with a few around them.
    pub(super) fn diff(&self) -> Vec<String> {
        let (old, new): (Vec<&str>, Vec<&str>) = (self.before.lines().collect(), self.after.lines().collect());
        let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let rest = old.len().min(new.len()) - same;
        let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
        let from = same.saturating_sub(AROUND);
        let name = self.path.display();
        let mut out = vec![format!("--- {name}"), format!("+++ {name}")];
        let (old_end, new_end) = (old.len() - tail, new.len() - tail);
        let until = (old_end + AROUND).min(old.len());
        out.push(format!(
            "@@ -{},{} +{},{} @@",
            from + 1,
            until - from,
            from + 1,
            (new_end + AROUND).min(new.len()) - from
        ));
        let mut lines = |sign: char, list: &[&str]| out.extend(list.iter().map(|l| format!("{sign}{l}")));
        lines(' ', old.get(from..same).unwrap_or(&[]));
        lines('-', old.get(same..old_end).unwrap_or(&[]));
        lines('+', new.get(same..new_end).unwrap_or(&[]));
        lines(' ', old.get(old_end..until).unwrap_or(&[]));
        out
    }

    /// Prints [`Edit::diff`].
    pub(super) fn show(&self) {
        let paint = Paint::stdout();
        for line in self.diff() {
            let code = match line.chars().next() {
                Some('+') => paint::GREEN,
                Some('-') => paint::MAGENTA,
                _ => paint::DIM,
            };
            paint.line(code, &line);
        }
    }

    /// The configuration at `main` as it would be with this edit.
    ///
    /// # Errors
    /// Every problem that it would have (78).
    pub(super) fn check(&self, main: &str) -> Result<Config, CliError> {
        let real = Outside::real();
        let same = |path: &Path| path == self.path;
        let read = |path: &Path| if same(path) { Ok(self.after.clone()) } else { (real.read)(path) };
        let outside = Outside { read: &read, env: real.env };
        config::load(Path::new(main), &outside, &super::known_bodies()).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            CliError::config(format!("nothing was written, because it would be wrong then:\n{}", lines.join("\n")))
        })
    }

    /// Checks the edit and writes it, on account of the command `by`; gives the configuration as it is then.
    ///
    /// # Errors
    /// When it would be wrong (78) or cannot be written (74); the file is then as it was.
    pub(super) fn write(&self, main: &str, by: &str) -> Result<Config, CliError> {
        let config = self.check(main)?;
        rewrite::replace(&self.path, &self.before, &self.after)
            .map_err(|e| CliError::io(format!("cannot write {}: {e}", self.path.display())))?;
        super::rights::note_watchlist(&config, by);
        Ok(config)
    }
}

/// The file of `config` to which tables of the watchlist are added: the last that has any, else the one that is named so,
/// else the main file.
pub(super) fn watchlist_file(config: &Config) -> Result<PathBuf, CliError> {
    let mut best = None;
    for path in &config.files {
        let text = super::files::read_text(&path.to_string_lossy())?;
        let has = ["person", "body", "keyword"].iter().any(|kind| config::edit::count(&text, kind) > 0);
        let named = path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("watchlist"));
        if has || named && best.is_none() {
            best = Some(path.clone());
        }
    }
    best.or_else(|| config.files.first().cloned()).ok_or_else(|| CliError::config("the configuration has no file"))
}

/// What is said after a file was written.
pub(super) const WHEN_IT_COUNTS: &str = "It counts once the service has taken it: where one runs, tell it so (conductwatch reload); else from its next start on.";

#[cfg(test)]
mod tests {
    use super::Edit;

    #[test]
    fn differences_show_what_goes_and_comes() {
        let edit =
            |before: &str, after: &str| Edit { path: "w.toml".into(), before: before.into(), after: after.into() };
        for (before, after, expected) in [
            ("a\nb\nc\nd\n", "a\nb\nc\nd\n\ne\n", "@@ -2,3 +2,5 @@\n b\n c\n d\n+\n+e"),
            ("a\nb\nc\n", "a\nc\n", "@@ -1,3 +1,2 @@\n a\n-b\n c"),
            ("", "x\n", "@@ -1,0 +1,1 @@\n+x"),
            ("a\na\n", "a\na\na\n", "@@ -1,2 +1,3 @@\n a\n a\n+a"),
        ] {
            let diff = edit(before, after).diff().join("\n");
            assert_eq!(diff, format!("--- w.toml\n+++ w.toml\n{expected}"), "{before:?}");
        }
    }
}
