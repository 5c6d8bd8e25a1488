//! `conductwatch reprocess`: which developments the rules of this version find otherwise in the articles that are stored. It
//! never alerts.

use super::ask::Source;
use super::output::{self, CliError, count, plain, wrap};
use super::stored;
use crate::config::parse_duration;
use crate::domain::Development;
use crate::ports::{ArticleRecord, Clock as _, Store as _};
use crate::stages::extract::{EXTRACTOR_VERSION, Extractor};
use crate::stages::rehearse::Replay;
use crate::stages::reprocess::{Difference, Differences, How, differences};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeSet;

/// Articles stored in one unit of work.
const BATCH: usize = 50;

/// Arguments of `reprocess`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Configuration file.
    #[arg(long, short, value_name = "FILE", env = "CONDUCTWATCH_CONFIG", default_value = super::DEFAULT_CONFIG)]
    config: String,
    /// How far back: 90d, 12h.
    #[arg(long, value_name = "AGE", value_parser = parse_duration)]
    since: Option<SignedDuration>,
    /// List also what concerns nobody watched.
    #[arg(long)]
    all: bool,
    /// Store what is found, so that later versions of an article are compared with it. The service must not be running.
    /// Developments and alerts stay as they are.
    #[arg(long)]
    apply: bool,
    /// Print JSON, one object a development that differs, then one of totals.
    #[arg(long)]
    json: bool,
}

/// Runs `reprocess`.
///
/// # Errors
/// When the store cannot be asked, or written to with `--apply`.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let config = super::load_config(&args.config)?;
    let now = crate::adapters::clock::SystemClock.now();
    let from = args.since.and_then(|since| now.checked_sub(since).ok()).unwrap_or(Timestamp::MIN);
    super::small_runtime()?.block_on(async {
        let mut source = Source::new(&config);
        // With --apply the store is opened first, so that a service that runs is named before anything is done.
        let store = if args.apply { Some(source.open()?) } else { None };
        let extractor = Extractor::new(&config.watchlist);
        let mut replay = Replay::new(&config.watchlist);
        let bar = output::Progress::new();
        let (mut read, mut changed) = (BTreeSet::new(), Vec::<ArticleRecord>::new());
        stored::articles(&mut source, &bar, "reading again", |record| {
            if record.read < from {
                return;
            }
            read.insert(record.id.clone());
            let found = extractor.extract_from(&record.article, record.feed.as_ref());
            if args.apply && record.extraction != found {
                changed.push(ArticleRecord { extraction: found.clone(), ..record.clone() });
            }
            replay.keep(stored::for_replay(record), found);
        })
        .await?;
        let replayed = replay.settle(&mut |done, all| {
            // A share of a whole: what the cast loses does not show.
            bar.share(done as f64 / all.max(1) as f64, &format!("settling: {}", count(done as u64, "article")));
        });
        let before = stored::developments(&mut source).await?;
        let after: Vec<&Development> = replayed.developments().collect();
        let found = differences(&before, &after, &read, &config.watchlist);
        if let Some(store) = &store {
            for batch in changed.chunks(BATCH) {
                store.replace_extractions(batch.to_vec()).await.map_err(|e| super::ask::store_error(&e))?;
            }
        }
        bar.finish();
        show(args, read.len() as u64, &found);
        Ok(())
    })
}

const fn word(how: How) -> &'static str {
    match how {
        How::New => "new",
        How::Gone => "gone",
        How::Changed => "changed",
    }
}

fn show(args: &Args, read: u64, found: &Differences) {
    let shown = |d: &&Difference| args.all || d.watched;
    let unseen = found.list.iter().filter(|d| !shown(d)).count();
    let of = |how: How| found.list.iter().filter(|d| d.how == how).count() as u64;
    if args.json {
        found.list.iter().filter(shown).for_each(|difference| output::json(&json!(difference)));
        return output::json(&json!({
            "articles": read, "extractor_version": EXTRACTOR_VERSION, "applied": args.apply,
            "totals": { "same": found.same, "new": of(How::New), "gone": of(How::Gone), "changed": of(How::Changed) },
        }));
    }
    let width = output::width();
    let say = |indent: usize, text: &str| output::line(&wrap(&format!("{}{text}", " ".repeat(indent)), indent, width));
    for difference in found.list.iter().filter(shown) {
        let about =
            if difference.about.is_empty() { String::new() } else { format!(" ({})", difference.about.join(", ")) };
        let what = if difference.what.is_empty() { String::new() } else { format!(": {}", difference.what.join("; ")) };
        let line = format!("{} {}{about}{what}", word(difference.how), difference.kind.label());
        output::line(&format!("{}  {}", difference.development, plain(&line)));
        say(4, &format!("“{}”", plain(&difference.evidence)));
        let outlet = difference.outlet.as_deref().unwrap_or("source not given");
        say(4, &plain(&format!("{outlet}: {}", difference.url.as_deref().unwrap_or("no address"))));
    }
    let done = if args.apply {
        "what was found is stored, developments and alerts stay as they are"
    } else {
        "nothing was changed; --apply stores what was found"
    };
    say(0, &format!("{} read again by the rules of version {EXTRACTOR_VERSION}; {done}.", count(read, "article")));
    let (new, gone, changed) = (of(How::New), of(How::Gone), of(How::Changed));
    let same = count(found.same as u64, "development");
    say(0, &format!("{same} as before; {new} new, {gone} gone, {changed} changed. None of it is alerted."));
    if unseen > 0 {
        say(0, &format!("{unseen} of these concern nobody watched and are not listed: --all lists them."));
    }
}
