//! `conductwatch reprocess`: what the rules of this version find in the articles that are stored. It never alerts.

use super::ask::Source;
use super::output::{self, CliError, count, plain};
use crate::config::parse_duration;
use crate::domain::ArticleId;
use crate::pipeline::Question;
use crate::ports::{ArticleRecord, Clock as _, Store as _};
use crate::stages::extract::{EXTRACTOR_VERSION, Extractor};
use crate::stages::reprocess::{Difference, How, differences};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeMap;

/// Articles of one question.
const PAGE: usize = 50;

/// Arguments of `reprocess`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Configuration file.
    #[arg(long, short, env = "CONDUCTWATCH_CONFIG", default_value = super::DEFAULT_CONFIG)]
    config: String,
    /// Only articles read within this time: 90d, 12h.
    #[arg(long, value_parser = parse_duration)]
    since: Option<SignedDuration>,
    /// Store what is found, so that later versions of an article are compared with it. The service must not be running.
    /// Developments and alerts stay as they are.
    #[arg(long)]
    apply: bool,
    /// Print one JSON object an article that differs, then one of totals.
    #[arg(long)]
    json: bool,
}

/// Runs `reprocess`.
///
/// # Errors
/// When the store cannot be asked, or written to with `--apply`.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let config = super::load_config(&args.config)?;
    let extractor = Extractor::new(&config.watchlist);
    let now = crate::adapters::clock::SystemClock.now();
    let from = args.since.and_then(|since| now.checked_sub(since).ok()).unwrap_or(Timestamp::MIN);
    super::small_runtime()?.block_on(async {
        let mut source = Source::new(&config);
        // With --apply the store is opened first, so that a service that runs is named before anything is done.
        let store = if args.apply { Some(source.open()?) } else { None };
        let bar = output::Progress::new();
        let (mut read, mut of, mut totals) = (0_u64, 0_u64, BTreeMap::<(String, How), u64>::new());
        let total = source.ask(&Question::Status).await?["counts"]["articles"].as_u64().unwrap_or(0).max(1);
        let mut after: Option<ArticleId> = None;
        loop {
            let page = source.ask(&Question::Records { after: after.take(), limit: PAGE }).await?;
            let records: Vec<ArticleRecord> = serde_json::from_value(page["records"].clone()).map_err(|e| {
                CliError::data(format!("the daemon's answer cannot be read: {e}: is it another version?"))
            })?;
            let Some(last) = records.last() else { break };
            after = Some(last.id.clone());
            let mut changed = Vec::new();
            for mut record in records {
                of += 1;
                if record.read < from {
                    continue;
                }
                read += 1;
                let found = extractor.extract_from(&record.article, record.feed.as_ref());
                let list = differences(&record.extraction, &found);
                for difference in &list {
                    *totals.entry((difference.kind.to_string(), difference.how)).or_default() += 1;
                }
                if !list.is_empty() {
                    show(&record, &list, args.json);
                }
                if record.extraction != found {
                    record.extraction = found;
                    changed.push(record);
                }
            }
            if let Some(store) = &store {
                store.replace_extractions(changed).await.map_err(|e| super::ask::store_error(&e))?;
            }
            // A share of a whole: what the cast loses does not show.
            bar.share(of as f64 / total as f64, "reading again");
        }
        bar.finish();
        finish(args, read, &totals);
        Ok(())
    })
}

fn word(how: How) -> &'static str {
    match how {
        How::Found => "found",
        How::Lost => "lost",
        How::Changed => "changed",
    }
}

fn show(record: &ArticleRecord, list: &[Difference], as_json: bool) {
    let url = record.article.url.as_ref().map(ToString::to_string);
    if as_json {
        return output::json(&json!({
            "article": record.id, "url": url, "headline": record.article.headline,
            "was_read_by": record.extraction.extractor_version, "differences": list,
        }));
    }
    output::line(&format!("{}  {}", record.id, plain(record.article.headline.as_deref().unwrap_or("(no headline)"))));
    for difference in list {
        let who = if difference.who.is_empty() { String::new() } else { format!(" ({})", difference.who.join(", ")) };
        let what = if difference.what.is_empty() { String::new() } else { format!(": {}", difference.what) };
        let line = format!("{} {}{who}{what}", word(difference.how), difference.kind.label());
        output::line(&format!("    {}", plain(&line)));
        output::line(&format!("        {}", plain(&difference.evidence)));
    }
}

fn finish(args: &Args, read: u64, totals: &BTreeMap<(String, How), u64>) {
    if args.json {
        let list: Vec<_> =
            totals.iter().map(|((kind, how), n)| json!({ "type": kind, "how": how, "times": n })).collect();
        return output::json(&json!({
            "articles": read, "extractor_version": EXTRACTOR_VERSION, "applied": args.apply, "totals": list,
        }));
    }
    let done = if args.apply { "what differs is stored" } else { "nothing was changed; --apply stores what differs" };
    output::line(&format!("{} read again by the rules of version {EXTRACTOR_VERSION}; {done}", count(read, "article")));
    for ((kind, how), n) in totals {
        output::line(&format!("    {kind}: {n} {}", word(*how)));
    }
}
