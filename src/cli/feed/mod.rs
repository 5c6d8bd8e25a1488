//! `conductwatch feed`: show how each feed stands, try addresses, read feed files and lists of feeds.

mod opml;
mod probe;

use super::output::{self, CliError};
use crate::domain::ParsedFeed;
use crate::stages::parse::parse_feed;
use serde_json::{Value, json};
use url::Url;

/// Arguments of `feed`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print what is read out of feed files.
    #[command(after_help = "Example:\n  curl -s https://news.example/police.rss | conductwatch feed parse -")]
    Parse(ParseArgs),
    /// How each feed stands: state, last success, next check and why then.
    #[command(after_help = "Example:\n  conductwatch feed list")]
    List(super::ask::AskArgs),
    /// Try one address, feed or list page, and show what would be read.
    #[command(
        after_help = "Examples:\n  conductwatch feed test https://news.example/police.rss\n  conductwatch feed test --entry li.notice https://force.example/hearings"
    )]
    Test(probe::TestArgs),
    /// Find the feeds of a site.
    #[command(after_help = "Example:\n  conductwatch feed find https://news.example/")]
    Find(probe::FindArgs),
    /// Try every feed of the configuration, also those that are off, and show which answer.
    #[command(after_help = "Example:\n  conductwatch feed verify --config /etc/conductwatch/conductwatch.toml")]
    Verify(probe::VerifyArgs),
    /// Turn an OPML file of another reader into feeds for the configuration; folders are kept.
    #[command(after_help = "Example:\n  conductwatch feed import --output feeds-imported.toml subscriptions.opml")]
    Import(opml::ImportArgs),
    /// Print the feeds of the configuration as OPML; folders are kept.
    #[command(after_help = "Example:\n  conductwatch feed export > conductwatch.opml")]
    Export(opml::ExportArgs),
}

/// Arguments of `feed parse`.
#[derive(Debug, clap::Args)]
struct ParseArgs {
    /// Print JSON, one object a file.
    #[arg(long)]
    json: bool,
    /// Address the file came from; relative links are resolved against it.
    #[arg(long, default_value = "http://feed.invalid/", value_parser = super::files::address)]
    url: Url,
    /// `Content-Type` header it came with.
    #[arg(long)]
    content_type: Option<String>,
    /// Feed files, `-` for standard input.
    #[arg(required = true)]
    files: Vec<String>,
}

/// Runs `feed`.
///
/// # Errors
/// When a file cannot be read, or is no feed.
pub(super) fn run(args: Args) -> Result<(), CliError> {
    match args.command {
        Command::Parse(args) => parse(&args),
        Command::List(args) => super::ask::feeds(&args),
        Command::Test(args) => probe::test(&args),
        Command::Find(args) => probe::find(&args),
        Command::Verify(args) => probe::verify(&args),
        Command::Import(args) => opml::import(&args),
        Command::Export(args) => opml::export(&args),
    }
}

/// Prints what is read out of each file. A file that is no feed does not keep the others from being read.
fn parse(args: &ParseArgs) -> Result<(), CliError> {
    let mut refused = Vec::new();
    for file in &args.files {
        let bytes = crate::cli::files::read(file)?;
        match (parse_feed(&bytes, &args.url, args.content_type.as_deref()), args.json) {
            (Err(e), true) => output::json(&json!({ "file": file, "error": e.to_string() })),
            (Err(e), false) => refused.push(format!("{file}: {e}")),
            (Ok(feed), true) => output::json(&feed_json(file, &feed)),
            (Ok(feed), false) => {
                for text in table(file, &feed) {
                    output::line(&text);
                }
            }
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(CliError::data(refused.join("\n"))) }
}

fn feed_json(file: &str, feed: &ParsedFeed) -> Value {
    let entries: Vec<Value> = feed
        .entries
        .iter()
        .map(|e| {
            json!({
                "id": e.document_id, "key": e.key, "link": e.link, "title": e.title, "published": e.published.or(e.updated),
                "updated": e.updated, "authors": e.authors, "summary": e.summary,
            })
        })
        .collect();
    json!({
        "file": file, "title": feed.title, "entries": entries, "warnings": feed.warnings,
        "hints": { "min_wait_secs": feed.hints.min_wait_secs, "skip_hours": feed.hints.skip_hours, "skip_days": feed.hints.skip_days },
    })
}

/// The feed as lines for people: one an entry, its link below it.
fn table(file: &str, feed: &ParsedFeed) -> Vec<String> {
    let count = feed.entries.len();
    let plural = if count == 1 { "entry" } else { "entries" };
    let mut lines = vec![format!("{}  ({file}, {count} {plural})", feed.title.as_deref().unwrap_or("untitled feed"))];
    for entry in &feed.entries {
        let date = entry
            .published
            .or(entry.updated)
            .map_or_else(|| "no date         ".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string());
        lines.push(format!("  {date}  {}", entry.title.as_deref().unwrap_or("(no title)")));
        if let Some(link) = &entry.link {
            lines.push(format!("{:20}{link}", ""));
        }
    }
    lines.extend(feed.warnings.iter().map(|w| match w.rule.as_str() {
        "list_found" => format!("  found by: {}", w.message),
        rule => format!("  mended: {} ({rule})", w.message),
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::stages::parse::parse_feed;

    #[test]
    fn the_table_shows_date_title_link_and_what_was_mended() {
        let text = b"<rss><channel><title>Force news</title><item><title>Hearing</title><link>/h/1</link>\
            <pubDate>Tue, 14 Mar 2023 08:15:30 GMT</pubDate></item><item><title>cut";
        let feed = parse_feed(text, &"https://force.example/rss".parse().unwrap(), None).unwrap();
        assert_eq!(
            table("f.xml", &feed),
            [
                "Force news  (f.xml, 1 entry)",
                "  2023-03-14 08:15  Hearing",
                "                    https://force.example/h/1",
                "  mended: the last item is not whole and was left out (incomplete_item)",
                "  mended: the document ends before its root does (cut_off)",
            ]
        );
    }
}
