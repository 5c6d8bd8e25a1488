//! `conductwatch documents`: what a package ships beside the program: man pages and completions of shells, made from the
//! definition of the command line, and the first configuration.

use super::output::{self, CliError};
use clap::CommandFactory as _;
use clap_complete::Shell;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Arguments of `documents`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder for them; made if absent.
    dir: PathBuf,
}

const NAME: &str = "conductwatch";
const MAIN: &str = include_str!("../../config/conductwatch.toml");

/// Where each shell looks for its completions, below `/usr/share`, as Debian lays it out.
const SHELLS: [(Shell, &str); 3] = [
    (Shell::Bash, "bash-completion/completions/conductwatch"),
    (Shell::Zsh, "zsh/vendor-completions/_conductwatch"),
    (Shell::Fish, "fish/vendor_completions.d/conductwatch.fish"),
];

/// Runs `documents`: writes `man/man1`, `man/man5`, `etc/conductwatch` and the folders of the shells below the folder given.
///
/// # Errors
/// When a file cannot be written (74).
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let commands = args.dir.join("man/man1");
    std::fs::create_dir_all(&commands).map_err(|e| fault(&commands, &e))?;
    clap_mangen::generate_to(super::Cli::command(), &commands).map_err(|e| fault(&commands, &e))?;
    write(&args.dir.join("man/man5/conductwatch.toml.5"), configuration().as_bytes())?;
    for (shell, place) in SHELLS {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut super::Cli::command(), NAME, &mut text);
        write(&args.dir.join(place), &text)?;
    }
    super::init::write(&args.dir.join("etc").join(NAME), true)?;
    output::line(&format!("wrote man pages, completions and configuration below {}", args.dir.display()));
    Ok(())
}

/// The page of the configuration file: the documented example, whole.
fn configuration() -> String {
    let mut page = format!(
        ".TH conductwatch.toml 5 \"\" \"conductwatch {}\" \"File formats\"\n.SH NAME\nconductwatch.toml \\- configuration of \
         conductwatch(1)\n.SH SYNOPSIS\n/etc/conductwatch/conductwatch.toml\n.SH DESCRIPTION\nThe configuration is TOML. What \
         follows is the example that\n.B conductwatch init\nwrites: every key there is, with its default and meaning.\n.PP\n\
         .B conductwatch check\nnames everything that is wrong with a configuration,\n.B conductwatch config dump\nprints it as \
         it is understood, and\n.B conductwatch reload\nmakes the running service take it.\n.SH KEYS\n.nf\n",
        env!("CARGO_PKG_VERSION")
    );
    for line in MAIN.lines() {
        page.push_str(&escaped(line));
        page.push('\n');
    }
    page.push_str(".fi\n.SH SEE ALSO\nconductwatch(1), conductwatch\\-check(1), conductwatch\\-config\\-dump(1), conductwatch\\-reload(1)\n");
    page
}

/// `line` as roff that shows it as it is.
fn escaped(line: &str) -> String {
    let text = line.replace('\\', "\\(rs").replace('-', "\\-").replace('\'', "\\(aq");
    if text.starts_with('.') { format!("\\&{text}") } else { text }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| fault(folder, &e))?;
    }
    let file = std::fs::File::create(path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(|e| fault(path, &e))
}

fn fault(path: &Path, error: &std::io::Error) -> CliError {
    CliError::io(format!("cannot write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_and_every_shell_its_completions() {
        let dir = tempfile::tempdir().unwrap();
        run(&Args { dir: dir.path().to_owned() }).unwrap();
        let read =
            |place: &str| std::fs::read_to_string(dir.path().join(place)).unwrap_or_else(|e| panic!("{place}: {e}"));
        let main = read("man/man1/conductwatch.1");
        let command = super::super::Cli::command();
        for below in command.get_subcommands().filter(|c| !c.is_hide_set()) {
            let name = below.get_name();
            assert!(read(&format!("man/man1/conductwatch-{name}.1")).contains(".SH SYNOPSIS"), "{name}");
            let word = name.replace('-', "\\-");
            assert!(main.contains(&format!("conductwatch\\-{word}(1)")), "{name} in {main}");
            for (_, place) in SHELLS {
                assert!(read(place).contains(name), "{name} in {place}");
            }
        }
        assert!(read("man/man1/conductwatch-digest-show.1").contains("conductwatch digest show"));
        assert!(!dir.path().join("man/man1/conductwatch-documents.1").exists());
        assert!(read("etc/conductwatch/conductwatch.toml").contains("\npath = \"/var/lib/conductwatch/digests\"\n"));
        let keys = read("man/man5/conductwatch.toml.5");
        assert_eq!(keys.matches("\n#").count(), MAIN.lines().filter(|l| l.starts_with('#')).count());
    }

    #[test]
    fn no_line_of_the_example_is_taken_for_roff() {
        assert_eq!(escaped(".x"), "\\&.x");
        assert_eq!(escaped("'x' a\\b -"), "\\(aqx\\(aq a\\(rsb \\-");
    }
}
