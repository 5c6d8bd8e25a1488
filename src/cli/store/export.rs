//! `conductwatch export` and `conductwatch import`.

use super::{backup::tell_aside, fetch, lay_ready, share_of};
use crate::adapters::clock::SystemClock;
use crate::adapters::rewrite;
use crate::adapters::store::{self, StoreOptions};
use crate::cli::ask::{AskArgs, Source};
use crate::cli::files::{cannot_make, is_file};
use crate::cli::output::{self, CliError, count};
use crate::domain::{Alert, Basis, Level};
use crate::pipeline::{Care, Question};
use crate::ports::{Clock as _, Parcel};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ExportArgs {
    /// What: `all`, which `import` reads again, or the alerts alone.
    #[arg(value_enum, default_value_t = What::All)]
    what: What,
    /// Alerts as a table for a spreadsheet (CSV).
    #[arg(long)]
    csv: bool,
    /// Write to this file instead of standard output: all of it, or nothing.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Everything as it is stored, with the names of those who must not be named: for `import`.
    #[arg(long)]
    unmasked: bool,
    /// Configuration file.
    #[arg(long, short, value_name = "FILE", env = "CONDUCTWATCH_CONFIG", default_value = crate::cli::DEFAULT_CONFIG)]
    config: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Everything the service works with, as JSON lines.
    All,
    /// One alert a line.
    Alerts,
}

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ImportArgs {
    /// A file that `export` made.
    file: PathBuf,
    /// Where there is a store already, move it aside; nothing of it is removed.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// Runs `export`.
///
/// # Errors
/// When the store cannot be read, or the file not written.
pub(in crate::cli) fn export(args: &ExportArgs) -> Result<(), CliError> {
    if args.csv && args.what != What::Alerts {
        return Err(CliError::usage("--csv is for alerts: conductwatch export alerts --csv"));
    }
    let config = crate::cli::load_config(&args.config)?;
    if args.what == What::All && !args.unmasked && !config.anonymity.is_empty() {
        return Err(CliError::usage(
            "the export would hold the names of those who must not be named ([[anonymity]]): `export alerts` masks them; \
             for `import`, give --unmasked and keep it as safe as the store",
        ));
    }
    let runtime = crate::cli::small_runtime()?;
    let mut source = Source::new(&config);
    match &args.output {
        None => runtime.block_on(write(&mut source, args, &mut std::io::stdout().lock())),
        Some(path) => {
            let at = |e: std::io::Error| CliError::io(format!("{}: {e}", path.display()));
            if path.is_dir() {
                return Err(cannot_make(path, &std::io::ErrorKind::IsADirectory.into()));
            }
            let mut file = rewrite::NewFile::create(path).map_err(|e| cannot_make(path, &e))?;
            runtime.block_on(write(&mut source, args, &mut file))?;
            file.finish().map_err(at)
        }
    }
}

async fn write(source: &mut Source<'_>, args: &ExportArgs, out: &mut impl Write) -> Result<(), CliError> {
    match (args.what, args.csv) {
        (What::All, _) => everything(source, out).await,
        (What::Alerts, false) => {
            for alert in alerts(source).await? {
                put(out, json!(alert).to_string().as_bytes())?;
                put(out, b"\n")?;
            }
            Ok(())
        }
        (What::Alerts, true) => put(out, &table(&alerts(source).await?)?),
    }
}

/// Writes; a closed pipe ends the program quietly.
fn put(out: &mut impl Write, bytes: &[u8]) -> Result<(), CliError> {
    match out.write_all(bytes) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => other.map_err(|e| CliError::io(format!("cannot write the export: {e}"))),
    }
}

async fn everything(source: &mut Source<'_>, out: &mut impl Write) -> Result<(), CliError> {
    let bar = output::Progress::new();
    bar.share(0.0, "reading the store");
    let laid = lay_ready(source, Parcel::Export).await?;
    let mut taken = Ok(());
    for file in &laid.files {
        let mut offset = 0;
        loop {
            let piece = match fetch(source, &laid.id, &file.name, offset).await {
                Ok(piece) if piece.is_empty() => break,
                Ok(piece) => piece,
                Err(error) => {
                    taken = Err(error);
                    break;
                }
            };
            if let Err(error) = put(out, &piece) {
                taken = Err(error);
                break;
            }
            offset += piece.len() as u64;
            let (share, of) = share_of(offset, file.bytes);
            bar.share(share, &format!("writing the export: {of}"));
        }
    }
    bar.finish();
    source.care(&Care::ClearAway { id: laid.id }).await?;
    taken
}

async fn alerts(source: &mut Source<'_>) -> Result<Vec<Alert>, CliError> {
    let answer = source.ask(&Question::Alerts { held: false }).await?;
    serde_json::from_value(output::masked_value(answer["alerts"].clone()))
        .map_err(|e| CliError::data(format!("the daemon's answer cannot be read: {e}: is it another version?")))
}

/// Alerts as CSV (RFC 4180), times in UTC.
fn table(alerts: &[Alert]) -> Result<Vec<u8>, CliError> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let failed = |e: csv::Error| CliError::io(format!("cannot write the table: {e}"));
    let head = [
        "alert",
        "raised",
        "level",
        "type",
        "about",
        "headline",
        "outlet",
        "address",
        "published",
        "sentence",
        "headline_only",
        "held",
        "corrects",
    ];
    out.write_record(head).map_err(failed)?;
    let yes_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    for alert in alerts {
        let level = if alert.level == Level::Major { "major" } else { "minor" };
        let corrects: Vec<&str> = alert.corrects.iter().map(|c| c.alert.as_str()).collect();
        let cells = [
            alert.id.to_string(),
            alert.raised.to_string(),
            level.to_owned(),
            alert.label().to_owned(),
            alert.tracked_names.join("; "),
            alert.headline.clone(),
            alert.outlet.clone().unwrap_or_default(),
            alert.url.clone().unwrap_or_default(),
            alert.published.map(|at| at.to_string()).unwrap_or_default(),
            alert.evidence.text.clone(),
            yes_no(alert.basis == Basis::HeadlineOnly),
            yes_no(alert.held),
            corrects.join(" "),
        ];
        out.write_record(cells.iter().map(|cell| harmless(cell))).map_err(failed)?;
    }
    out.into_inner().map_err(|e| CliError::io(format!("cannot write the table: {e}")))
}

/// `cell` so that no spreadsheet takes it for a formula: what comes from the net may begin like one.
///
/// Source: OWASP, CSV Injection.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        return format!("'{cell}");
    }
    cell.to_owned()
}

/// Runs `import`.
///
/// # Errors
/// When a service runs (75), the file is not whole or of a newer version, or there is a store already (65).
pub(in crate::cli) fn import(args: &ImportArgs) -> Result<(), CliError> {
    let config = crate::cli::load_config(&args.ask.config)?;
    is_file(&args.file, "a file that `conductwatch export` made")?;
    let bar = output::Progress::new();
    let progress = |lines| {
        if lines % 1000 == 0 {
            bar.share(0.0, &count(lines, "line"));
        }
    };
    let (folder, options) = (&config.store.path, StoreOptions::default());
    let done = store::import(folder, &args.file, args.replace, SystemClock.now(), &options, &progress)?;
    bar.finish();
    let detail = json!({ "from": args.file, "lines": done.lines });
    let forgotten_again = crate::cli::rights::after_replacing(&config, "import", detail)?;
    if args.ask.json {
        output::json(&json!({
            "store": folder, "lines": done.lines, "archived": done.archived, "made": done.made, "aside": done.aside,
            "forgotten_again": forgotten_again,
        }));
        return Ok(());
    }
    output::line(&format!(
        "{}: {} taken; the archive begins anew with {}",
        folder.display(),
        count(done.lines, "line"),
        count(done.archived, "record")
    ));
    tell_aside(folder, done.aside.as_deref());
    crate::cli::rights::tell_forgotten(forgotten_again, Some(done.made).filter(|_| done.aside.is_none()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, expected) in [
            ("=HYPERLINK(\"http://evil.example\")", "'=HYPERLINK(\"http://evil.example\")"),
            ("+44 20 7946 0000", "'+44 20 7946 0000"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("Officer charged", "Officer charged"),
            ("a=1", "a=1"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell), expected);
        }
    }

    #[test]
    fn a_table_keeps_quotes_commas_and_lines_in_their_cells() {
        let case = crate::stages::digest::sample::Case {
            n: 1,
            event: None,
            tracked: &["tasers"],
            headline: "",
            detail: "",
            date: "",
            evidence: "",
        };
        let mut alert = case.alert();
        alert.headline = "=cmd|'/c calc'!A1, \"quoted\"\nand a line".to_owned();
        let bytes = table(std::slice::from_ref(&alert)).unwrap();
        let mut rows = csv::Reader::from_reader(bytes.as_slice());
        let headline = rows.headers().unwrap().iter().position(|h| h == "headline").unwrap();
        let row = rows.records().next().unwrap().unwrap();
        assert_eq!(&row[headline], format!("'{}", alert.headline));
        assert_eq!(&row[0], alert.id.as_str());
    }
}
