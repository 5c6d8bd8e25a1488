//! One voice: every command says what it does, shows an example, has `--json` where a script wants it, and names its options
//! as all others do.

use clap::{Arg, Command, CommandFactory as _};
use conductwatch::cli::Cli;
use std::collections::BTreeMap;

/// Commands without `--json`, and why.
const NO_JSON: &[(&str, &str)] = &[
    ("init", "writes files, and says what to do next"),
    ("run", "the service; its log is the answer, and is JSON where the configuration says so"),
    ("demo", "a show for people"),
    ("feed export", "its answer is OPML"),
    ("export", "its answer is JSON lines or CSV already"),
    ("completions", "its answer is a shell's script"),
    ("man", "its answer is manual pages"),
    ("feed import", "its answer is a file, and how many feeds it has"),
];

/// Options that must say the same wherever they stand.
const SAME: &[&str] = &["dry-run", "yes", "color", "limit", "since"];
/// Options that begin to say the same wherever they stand.
const ALIKE: &[(&str, &str)] = &[("config", "Configuration"), ("json", "Print JSON")];

fn leaves<'a>(command: &'a Command, path: &str, out: &mut Vec<(String, &'a Command)>) {
    let subcommands: Vec<&Command> =
        command.get_subcommands().filter(|c| c.get_name() != "help" && !c.is_hide_set()).collect();
    if subcommands.is_empty() || !command.is_subcommand_required_set() && !path.is_empty() {
        out.push((path.to_owned(), command));
    }
    for subcommand in subcommands {
        leaves(subcommand, format!("{path} {}", subcommand.get_name()).trim(), out);
    }
}

/// The program itself, its groups of commands, and its commands.
fn all<'a>(command: &'a Command, path: &str, out: &mut Vec<(String, &'a Command)>) {
    out.push((path.to_owned(), command));
    for subcommand in command.get_subcommands().filter(|c| c.get_name() != "help" && !c.is_hide_set()) {
        all(subcommand, format!("{path} {}", subcommand.get_name()).trim(), out);
    }
}

fn longs(command: &Command) -> Vec<&Arg> {
    command.get_arguments().filter(|a| a.get_long().is_some() && !a.is_hide_set()).collect()
}

#[test]
fn every_command_speaks_in_one_voice() {
    let mut root = Cli::command();
    root.build();
    let mut commands = Vec::new();
    leaves(&root, "", &mut commands);
    assert!(commands.len() > 30, "the walk found only {} commands", commands.len());
    let mut faults = Vec::new();
    let mut said: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for (path, command) in &commands {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        if about.len() < 10 || about.len() > 120 || !about.starts_with(|c: char| c.is_uppercase()) {
            faults.push(format!("{path}: says what it does in no good sentence: {about:?}"));
        }
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        if !after.contains("Example") || !after.contains(&format!("conductwatch {path}")) {
            faults.push(format!("{path}: shows no example of itself"));
        }
        let has_json = longs(command).iter().any(|a| a.get_long() == Some("json"));
        let exception = NO_JSON.iter().find(|(p, _)| p == path);
        if has_json == exception.is_some() {
            faults.push(format!(
                "{path}: `--json` is {}",
                if has_json { "there, and listed as missing" } else { "missing" }
            ));
        }
        for arg in command.get_arguments().filter(|a| !a.is_hide_set()) {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            if help.is_empty() {
                faults.push(format!("{path}: {} says nothing of itself", arg.get_id()));
            }
            if let Some(long) = arg.get_long() {
                if long.contains('_') || long.to_lowercase() != long {
                    faults.push(format!("{path}: --{long} is not written in small letters and hyphens"));
                }
                if let Some((_, start)) = ALIKE.iter().find(|(l, s)| *l == long && !help.starts_with(s)) {
                    faults.push(format!("{path}: --{long} does not begin with {start:?}: {help:?}"));
                }
                if SAME.contains(&long) {
                    said.entry(long.to_owned()).or_default().entry(help).or_default().push(path.clone());
                }
            }
        }
    }
    for (long, texts) in said.iter().filter(|(_, texts)| texts.len() > 1) {
        faults.push(format!("--{long} is said in several ways: {texts:#?}"));
    }
    for (path, _) in NO_JSON {
        // Some commands may not be there yet in every build; a listed one that is there must be without.
        let known = commands.iter().any(|(p, _)| p == path);
        let planned = ["completions", "man"].contains(path);
        if !known && !planned {
            faults.push(format!("{path}: listed, but there is no such command"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn help_fits_eighty_columns_and_exit_codes_are_known() {
    // By sysexits; 1 is that of a `status` that is not well.
    const CODES: &[&str] = &["0", "1", "64", "65", "66", "69", "70", "73", "74", "75", "77", "78"];
    let mut root = Cli::command().term_width(80);
    root.build();
    let mut commands = Vec::new();
    all(&root, "", &mut commands);
    let mut faults = Vec::new();
    for (path, command) in commands {
        let mut own = command.clone().term_width(80);
        // Examples are there to be copied: a line of them that wraps is no command any more.
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        if !after.contains(&format!("  conductwatch {path}")) && !after.contains(&format!("| conductwatch {path}")) {
            faults.push(format!("{path}: shows no example"));
        }
        let examples = after.lines().filter(|line| line.starts_with("  ")).map(str::to_owned);
        let shown: Vec<String> =
            own.render_long_help().to_string().lines().map(str::to_owned).chain(examples).collect();
        for line in shown {
            if line.chars().count() > 80 {
                faults.push(format!("{path}: {} columns: {line}", line.chars().count()));
            }
        }
        for line in after.lines().filter(|l| l.starts_with("Exit codes")) {
            let numbers = line.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
            faults
                .extend(numbers.filter(|n| !CODES.contains(n)).map(|n| format!("{path}: {n} is no exit code of ours")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
