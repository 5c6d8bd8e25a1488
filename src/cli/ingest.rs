//! `conductwatch ingest`: read files into a store as the daemon would, in the order given, and print the alerts.

use super::extract::{parse_time, read_watchlist};
use super::output::{self, CliError};
use crate::adapters::sim_clock::SimClock;
use crate::adapters::store::{SledStore, StoreOptions};
use crate::domain::{Alert, AlertKind, Page};
use crate::pipeline::{ArticleFacts, Pipeline, Settings};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// Arguments of `ingest`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON, one object an alert.
    #[arg(long)]
    json: bool,
    /// Folder of the store; made if absent.
    #[arg(long, value_name = "DIR")]
    store: PathBuf,
    /// Watchlist file.
    #[arg(long, value_name = "FILE")]
    watchlist: String,
    /// Manifest: one JSON object a line, {"file", and where known "published", "modified", "url", "outlet"}, in order of
    /// arrival; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    manifest: String,
}

#[derive(Debug, Deserialize)]
struct Line {
    file: PathBuf,
    published: Option<String>,
    modified: Option<String>,
    url: Option<Url>,
    outlet: Option<String>,
}

/// Runs `ingest`.
///
/// # Errors
/// When a file cannot be read, a line of the manifest is no such object, or the store fails; what was settled before
/// stays settled.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let watchlist = read_watchlist(&args.watchlist)?;
    let manifest = super::files::read_text(&args.manifest)?;
    let base = Path::new(&args.manifest).parent().map(Path::to_path_buf).unwrap_or_default();
    let runtime = super::small_runtime()?;
    runtime.block_on(async {
        let store = SledStore::open(&args.store, StoreOptions::default()).map_err(|e| super::ask::store_error(&e))?;
        let clock = Arc::new(SimClock::new(Timestamp::UNIX_EPOCH));
        let settings = Settings::without_feeds(watchlist);
        let pipeline = Pipeline::offline(Arc::clone(&clock) as _, Arc::new(store), settings);
        for (number, text) in manifest.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            let place = format!("{}:{}", args.manifest, number + 1);
            let line: Line = serde_json::from_str(text)
                .map_err(|e| CliError::data(format!("{place}: not a line of a manifest: {e}")))?;
            let time = |text: &Option<String>| {
                text.as_deref().map(parse_time).transpose().map_err(|e| CliError::data(format!("{place}: {e}")))
            };
            let path = base.join(&line.file);
            let stem = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
            let body = super::files::read(&path.to_string_lossy())?;
            let facts = ArticleFacts {
                url: line.url.clone(),
                title: None,
                outlet: line.outlet.clone(),
                published: time(&line.published)?,
                modified: time(&line.modified)?,
                times_are_given: line.published.is_some() || line.modified.is_some(),
            };
            let page = Page { url: line.url, content_type: None, body };
            if let Some(at) = facts.modified.or(facts.published) {
                clock.set(at);
            }
            let alerts = pipeline.ingest(&page, &facts, &stem).await.map_err(|e| super::ask::store_error(&e))?;
            for alert in alerts {
                print(&stem, &alert, args.json);
            }
        }
        pipeline.store.flush().await.map_err(|e| super::ask::store_error(&e))
    })
}

fn print(stem: &str, alert: &Alert, as_json: bool) {
    let date = match &alert.content {
        AlertKind::Development { date, .. } => date.map(|d| d.to_string()),
        AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => None,
    };
    if as_json {
        output::json(&json!({
            "article": stem, "type": alert.type_name(), "tracked": alert.tracked, "level": alert.level, "id": alert.id,
            "date": date, "headline": alert.headline, "evidence": alert.evidence.text, "url": alert.url,
        }));
    } else {
        let who = if alert.tracked_names.is_empty() { "-".to_owned() } else { alert.tracked_names.join(", ") };
        output::line(&format!(
            "{stem}: {} ({who}){}\n    {}",
            alert.type_name(),
            date.map(|d| format!(", {d}")).unwrap_or_default(),
            alert.evidence.text
        ));
    }
}
