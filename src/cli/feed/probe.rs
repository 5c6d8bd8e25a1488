//! `conductwatch feed test`, `find` and `verify`: try addresses before and after they are configured.

use crate::adapters::clock::SystemClock;
use crate::app::wiring;
use crate::cli::files::address;
use crate::cli::output::{self, CliError, Paint, Progress, paint};
use crate::cli::table::{Cell, Column, Table};
use crate::config::Config;
use crate::domain::{FeedKind, FeedSpec, PageSelectors};
use crate::pipeline::{Probe, Prober};
use crate::stages::parse::check_selector;
use futures_util::stream::{self, StreamExt as _};
use serde_json::{Value, json};
use std::sync::Arc;
use url::Url;

/// Arguments of `feed test`.
#[derive(Debug, clap::Args)]
pub(super) struct TestArgs {
    /// Address of a feed or a list page.
    #[arg(value_parser = address)]
    url: Url,
    /// Read it as a feed or as a list page; by default by what it is.
    #[arg(long, value_parser = ["feed", "page"])]
    kind: Option<String>,
    /// CSS selector of a list page's rows.
    #[arg(long, value_name = "CSS", value_parser = selector)]
    entry: Option<String>,
    /// CSS selector of the link in a row.
    #[arg(long, requires = "entry", value_name = "CSS", value_parser = selector)]
    link: Option<String>,
    /// CSS selector of the title in a row.
    #[arg(long, requires = "entry", value_name = "CSS", value_parser = selector)]
    title: Option<String>,
    /// CSS selector of the date in a row.
    #[arg(long, requires = "entry", value_name = "CSS", value_parser = selector)]
    date: Option<String>,
    /// Configuration file, for its contact address and limits.
    #[arg(long, short, value_name = "FILE", env = "CONDUCTWATCH_CONFIG")]
    config: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Arguments of `feed find`.
#[derive(Debug, clap::Args)]
pub(super) struct FindArgs {
    /// Address of a site or page.
    #[arg(value_parser = address)]
    url: Url,
    /// Configuration file, for its contact address and limits.
    #[arg(long, short, value_name = "FILE", env = "CONDUCTWATCH_CONFIG")]
    config: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Arguments of `feed verify`.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// Configuration file.
    #[arg(long, short, value_name = "FILE", env = "CONDUCTWATCH_CONFIG", default_value = crate::cli::DEFAULT_CONFIG)]
    config: String,
    /// Only the feeds that are on; by default those that are off are tried too.
    #[arg(long)]
    enabled: bool,
    /// Print JSON, one object a feed.
    #[arg(long)]
    json: bool,
}

fn selector(text: &str) -> Result<String, String> {
    check_selector(text).map(|()| text.to_owned()).map_err(|e| e.to_string())
}

/// The configuration at `path`, if one was named.
fn config(path: Option<&String>) -> Result<Option<Config>, CliError> {
    path.map(|p| crate::cli::load_config(p)).transpose()
}

fn prober(config: Option<&Config>) -> Result<Prober, CliError> {
    wiring::prober(config, Arc::new(SystemClock)).map_err(CliError::unavailable)
}

/// Runs `feed test`: reads one address and stores nothing.
///
/// # Errors
/// When it does not answer (69), or cannot be read (65).
pub(super) fn test(args: &TestArgs) -> Result<(), CliError> {
    let selectors = PageSelectors {
        entry: args.entry.clone(),
        link: args.link.clone(),
        title: args.title.clone(),
        date: args.date.clone(),
    };
    let kind = match args.kind.as_deref() {
        Some("feed") if args.entry.is_some() => {
            return Err(CliError::usage("--entry is for list pages: leave it out, or give --kind page"));
        }
        Some("feed") => Some(FeedKind::Feed),
        None if args.entry.is_none() => None,
        _ => Some(FeedKind::Page(selectors)),
    };
    let config = config(args.config.as_ref())?;
    let prober = prober(config.as_ref())?;
    let probe = crate::cli::small_runtime()?.block_on(prober.probe(&args.url, kind.as_ref()));
    if args.json {
        output::json(&as_json(&probe));
    }
    match &probe.read {
        Ok(_) if args.json => Ok(()),
        Ok(feed) => {
            for line in super::table(probe.url.as_str(), feed) {
                output::line(&line);
            }
            for line in block(&probe) {
                output::line(&line);
            }
            Ok(())
        }
        Err(why) if probe.final_url.is_none() => Err(CliError::unavailable(format!("{}: {why}", args.url))),
        Err(why) => {
            let hint = "\ntry `conductwatch feed find` with the address of the site, or name the rows with --entry";
            Err(CliError::data(format!("{}: {why}{hint}", args.url)))
        }
    }
}

/// The lines to put into the configuration for what was read.
fn block(probe: &Probe) -> Vec<String> {
    let moved = probe.final_url.as_ref().filter(|to| **to != probe.url);
    let mut lines =
        vec![String::new(), "to follow it, add to feeds.toml:".to_owned(), String::new(), "[[feed]]".to_owned()];
    if let Some(title) = probe.read.as_ref().ok().and_then(|f| f.title.as_deref()) {
        lines.push(format!("name = {}", toml::Value::String(title.to_owned())));
    }
    lines.push(format!("url = {}", toml::Value::String(moved.unwrap_or(&probe.url).to_string())));
    if let Some(FeedKind::Page(selectors)) = &probe.kind {
        lines.push("kind = \"page\"".to_owned());
        let given = [
            ("entry", &selectors.entry),
            ("link", &selectors.link),
            ("title", &selectors.title),
            ("date", &selectors.date),
        ];
        for (key, value) in given {
            lines.extend(value.iter().map(|v| format!("{key} = {}", toml::Value::String(v.clone()))));
        }
    }
    lines
}

/// Runs `feed find`: which feeds the site has.
///
/// # Errors
/// When the page does not answer (69), or nothing is found (65).
pub(super) fn find(args: &FindArgs) -> Result<(), CliError> {
    let config = config(args.config.as_ref())?;
    let prober = prober(config.as_ref())?;
    let found = crate::cli::small_runtime()?.block_on(prober.find(&args.url));
    let (found, tries) = found.map_err(|why| CliError::unavailable(format!("{}: {why}", args.url)))?;
    if args.json {
        output::json(
            &json!({ "url": args.url, "tried": tries, "found": found.iter().map(as_json).collect::<Vec<_>>() }),
        );
    }
    if found.is_empty() {
        let tried = if tries == 1 { "1 address".to_owned() } else { format!("{tries} addresses") };
        let hint = "give the address of a page that lists the news, and its rows with `feed test --entry`";
        return Err(CliError::data(format!("{}: no feed and no list found ({tried} tried): {hint}", args.url)));
    }
    if !args.json {
        for probe in &found {
            output::line(&describe(probe));
        }
        output::line("see what one holds: conductwatch feed test URL");
    }
    Ok(())
}

/// `https://… (feed, 20 entries, the newest of 2026-03-10): Title`
fn describe(probe: &Probe) -> String {
    let (entries, newest) = size(probe);
    let title = probe.read.as_ref().ok().and_then(|f| f.title.clone()).unwrap_or_default();
    let url = probe.final_url.as_ref().unwrap_or(&probe.url);
    format!("{url}  ({}, {entries}{newest})  {title}", word(probe.kind.as_ref()))
}

const fn word(kind: Option<&FeedKind>) -> &'static str {
    match kind {
        Some(FeedKind::Page(_)) => "list page",
        _ => "feed",
    }
}

/// `20 entries` and `, the newest of 2026-03-10`.
fn size(probe: &Probe) -> (String, String) {
    let Ok(feed) = &probe.read else { return (String::new(), String::new()) };
    let count = feed.entries.len();
    let newest = feed.entries.iter().filter_map(|e| e.published).max();
    let newest = newest.map_or_else(String::new, |n| format!(", the newest of {}", n.strftime("%Y-%m-%d")));
    (format!("{count} {}", if count == 1 { "entry" } else { "entries" }), newest)
}

fn as_json(probe: &Probe) -> Value {
    let newest = probe.read.as_ref().ok().and_then(|f| f.entries.iter().filter_map(|e| e.published).max());
    json!({
        "url": probe.url,
        "final_url": probe.final_url,
        "kind": probe.kind.as_ref().map(|k| if matches!(k, FeedKind::Page(_)) { "page" } else { "feed" }),
        "error": probe.read.as_ref().err(),
        "title": probe.read.as_ref().ok().and_then(|f| f.title.clone()),
        "count": probe.read.as_ref().ok().map(|f| f.entries.len()),
        "newest": newest,
        "conditional": probe.conditional,
        "bytes": probe.bytes,
        "feed": probe.read.as_ref().ok().map(|f| super::feed_json(probe.url.as_str(), f)),
    })
}

/// How many addresses are tried at the same time; each host only one after the other.
const AT_ONCE: usize = 8;

/// Runs `feed verify`: tries every feed of the configuration and shows what answers.
///
/// # Errors
/// When the configuration is wrong (78); a feed that fails is a row of the table, and 65 the end, when it is on.
pub(super) fn verify(args: &VerifyArgs) -> Result<(), CliError> {
    let config = crate::cli::load_config(&args.config)?;
    let prober = prober(Some(&config))?;
    let feeds: Vec<&FeedSpec> = config.feeds.iter().filter(|f| f.enabled || !args.enabled).collect();
    if feeds.is_empty() {
        return Err(CliError::config("no feed is configured"));
    }
    let progress = Progress::new();
    let runtime = crate::cli::small_runtime()?;
    let mut rows: Vec<(usize, Probe)> = runtime.block_on(async {
        let prober = &prober;
        let tries = feeds
            .iter()
            .enumerate()
            .map(|(at, spec)| async move { (at, prober.probe(&spec.url, Some(&spec.kind)).await) });
        let mut rows = Vec::new();
        let mut tries = stream::iter(tries).buffer_unordered(AT_ONCE);
        while let Some((at, probe)) = tries.next().await {
            rows.push((at, probe));
            // A few hundred feeds: the share is exact enough.
            let share = rows.len() as f64 / feeds.len() as f64;
            let name = feeds.get(at).map_or("", |f| f.id.as_str());
            progress.share(share, &format!("{} of {}: {name}", rows.len(), feeds.len()));
        }
        rows
    });
    progress.finish();
    rows.sort_by_key(|(at, _)| *at);
    let (mut well, mut broken) = (0, 0);
    let mut table =
        Table::new(vec![Column::Cut("FEED"), Column::Whole("ON"), Column::Whole("ANSWER"), Column::Rest("WHAT")]);
    for (at, probe) in &rows {
        let Some(spec) = feeds.get(*at) else { continue };
        well += usize::from(probe.read.is_ok());
        broken += usize::from(probe.read.is_err() && spec.enabled);
        if args.json {
            let mut value = as_json(probe);
            value["id"] = json!(spec.id);
            value["enabled"] = json!(spec.enabled);
            value["feed"] = Value::Null;
            output::json(&value);
            continue;
        }
        let on = if spec.enabled { "on" } else { "off" };
        let (answer, code, what) = match &probe.read {
            Ok(_) => {
                let (entries, newest) = size(probe);
                let moved = probe.final_url.as_ref().filter(|to| **to != spec.url);
                let moved = moved.map_or_else(String::new, |to| format!("; led to {to}"));
                ("well", paint::GREEN, format!("{}, {entries}{newest}{moved}", word(probe.kind.as_ref())))
            }
            Err(why) => ("fails", paint::YELLOW, why.clone()),
        };
        table.row(vec![spec.id.as_str().into(), on.into(), Cell::painted(answer, code), what.into()]);
    }
    if !args.json {
        table.lines(output::width(), Paint::stdout()).iter().for_each(|line| output::raw_line(line));
        output::line(&format!("{well} of {} answer; {broken} of those that are on do not", rows.len()));
    }
    if broken > 0 {
        return Err(CliError::data(format!(
            "{} that should be polled cannot be read",
            output::count(broken as u64, "feed")
        )));
    }
    Ok(())
}
