//! `conductwatch rehearse`: what other rules would have told of what is stored. Nothing is sent or stored.

use super::ask::{AskArgs, Source};
use super::extract::read_watchlist;
use super::output::{self, CliError, Progress, count, plain, wrap};
use super::stored;
use super::tell::about;
use crate::config::{Config, parse_duration};
use crate::domain::{Alert, ArticleId, Basis, EntryRecord, EntryState, Watchlist};
use crate::ports::Clock as _;
use crate::stages::clean::of_entry;
use crate::stages::identity::copies;
use crate::stages::rehearse::{self, Comparison, Mail, Replay, Stored};
use crate::stages::select::{NOTHING_FOUND, Selector};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How long before the time asked for articles are read too: what they told first would not be told again within it.
const LEAD_IN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Entries shown whose pages would be fetched; the JSON has all.
const MOST_UNREAD: usize = 20;

/// Arguments of `rehearse`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Watchlist to try instead of the one of the configuration, with its guards, merges and mutes.
    #[arg(long, value_name = "FILE")]
    watchlist: Option<String>,
    /// How far back: 90d, 12h.
    #[arg(long, value_name = "AGE", default_value = "90d", value_parser = parse_duration)]
    since: SignedDuration,
    #[command(flatten)]
    ask: AskArgs,
}

/// What was rehearsed.
struct Rehearsed {
    from: Timestamp,
    articles: u64,
    passed_over: u64,
    would_read: u64,
    /// Of those that would be read by now, the ones whose title and summary raise nothing: only their pages can tell.
    unread: Vec<EntryRecord>,
    found: Comparison,
    /// Alerts about pages that changed, which are not replayed.
    about_changes: usize,
    /// Articles that such alerts are about.
    changed: BTreeSet<ArticleId>,
    would: Vec<Mail>,
    was: Vec<Mail>,
    held: usize,
}

/// Runs `rehearse`.
///
/// # Errors
/// When the configuration or the watchlist has a problem (78), or the store cannot be asked (66, 69, 74, 75).
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let config = super::load_config(&args.ask.config)?;
    let watchlist = match &args.watchlist {
        Some(path) => read_watchlist(path)?,
        None => config.watchlist.clone(),
    };
    let now = crate::adapters::clock::SystemClock.now();
    let from = now.checked_sub(args.since).unwrap_or(Timestamp::MIN);
    let done = super::small_runtime()?.block_on(rehearse(&config, &watchlist, from))?;
    if args.ask.json {
        show_json(args, &done);
    } else {
        Shown { config: &config, watchlist: &watchlist, width: output::width() }.all(args, &done);
    }
    Ok(())
}

async fn rehearse(config: &Config, watchlist: &Watchlist, from: Timestamp) -> Result<Rehearsed, CliError> {
    let mut source = Source::new(config);
    let lead_in = from.saturating_sub(LEAD_IN).unwrap_or(Timestamp::MIN);
    let mut replay = Replay::new(watchlist);
    let bar = Progress::new();
    let mut articles = 0;
    stored::articles(&mut source, &bar, "reading", |record| {
        if record.read < lead_in {
            return;
        }
        articles += u64::from(record.read >= from);
        replay.read(stored::for_replay(record));
    })
    .await?;
    let selector = Selector::new(watchlist);
    let (mut passed_over, mut would_read, mut unread) = (0, 0, BTreeMap::new());
    stored::passed_over(&mut source, lead_in, |record| {
        let counts = u64::from(record.entry.first_seen >= from);
        passed_over += counts;
        if let Some(stored) = would_be_read(config, &selector, &record) {
            would_read += counts;
            if counts > 0 {
                unread.insert(stored.id.clone(), record);
            }
            replay.read(stored);
        }
    })
    .await?;
    let replayed = replay.settle(&mut |done, all| {
        // A share of a whole: what the cast loses does not show.
        bar.share(done as f64 / all.max(1) as f64, &format!("settling: {}", count(done as u64, "article")));
    });
    let was = stored::alerts(&mut source).await?;
    bar.finish();
    for would in &replayed.alerts {
        unread.remove(&would.alert.article);
    }
    let mut unread: Vec<EntryRecord> = unread.into_values().collect();
    unread.sort_by_key(|record| record.entry.first_seen);
    let found = rehearse::compare(&replayed, &was, watchlist, from);
    let would: Vec<&Alert> = replayed.alerts.iter().map(|w| &w.alert).filter(|a| a.raised >= from).collect();
    let (changes, told): (Vec<&Alert>, Vec<&Alert>) =
        was.iter().filter(|a| a.raised >= from).partition(|a| a.is_correction());
    let schedule = &config.digest.schedule;
    Ok(Rehearsed {
        from,
        articles,
        passed_over,
        would_read,
        unread,
        found,
        about_changes: changes.len(),
        changed: was.iter().filter(|a| a.is_correction()).map(|a| a.article.clone()).collect(),
        would: rehearse::mails(would.iter().copied(), schedule),
        was: rehearse::mails(told.iter().copied(), schedule),
        held: rehearse::held(would.iter().copied(), config.alerts.flood),
    })
}

/// The article that an entry makes by title and summary, if it was passed over for naming nothing and would be read now. What was
/// passed over for its age, or since its feed brought it again, would be so under any rules.
fn would_be_read(config: &Config, selector: &Selector, record: &EntryRecord) -> Option<Stored> {
    let EntryState::PassedOver { reason } = &record.state else { return None };
    let feed = config.feeds.iter().find(|f| f.id == record.entry.feed && f.enabled)?;
    let parsed = &record.entry.parsed;
    let (title, summary) = (parsed.title.as_deref().unwrap_or(""), parsed.summary.as_deref().unwrap_or(""));
    let selected = || selector.select(feed.select, title, summary, parsed.link.as_ref(), Some(&feed.id)).selected;
    if reason != NOTHING_FOUND || !selected() {
        return None;
    }
    let article = of_entry(&record.entry, Some(&feed.name), parsed.link.as_ref(), Basis::HeadlineOnly);
    Some(Stored {
        id: crate::domain::ArticleId::derive(&[record.entry.id.as_str()]),
        sketch: copies::sketch(&article.text()),
        article,
        feed: Some(record.entry.feed.clone()),
        read: record.entry.first_seen,
        catch_up: record.catch_up,
        passed_over: true,
    })
}

fn show_json(args: &Args, done: &Rehearsed) {
    output::json(&json!({
        "watchlist": args.watchlist, "since": done.from, "articles": done.articles, "passed_over": done.passed_over,
        "passed_over_would_be_read": done.would_read, "would_be_fetched": done.unread.iter().map(unread).collect::<Vec<_>>(),
        "same": done.found.same, "new": done.found.new,
        "gone": done.found.gone, "otherwise": done.found.otherwise, "alerts_about_changed_pages": done.about_changes,
        "mails": { "would_be": done.would, "were": done.was }, "held_by_flood_breaker": done.held,
    }));
}

/// An entry whose page would have to be fetched first.
fn unread(record: &EntryRecord) -> Value {
    let EntryRecord { entry, .. } = record;
    json!({
        "headline": entry.parsed.title, "address": entry.parsed.link, "feed": entry.feed, "first_seen": entry.first_seen,
    })
}

/// Prints what was rehearsed, for people.
struct Shown<'a> {
    config: &'a Config,
    /// The watchlist that was tried.
    watchlist: &'a Watchlist,
    width: Option<usize>,
}

impl Shown<'_> {
    fn all(&self, args: &Args, done: &Rehearsed) {
        let list = args.watchlist.as_deref().unwrap_or("the configuration");
        self.say(
            0,
            &format!(
                "Rehearsed {} and {} that {} passed over since {}, by the watchlist of {list}. Nothing was sent or stored.",
                count(done.articles, "stored article"),
                count(done.passed_over, "entry"),
                if done.passed_over == 1 { "was" } else { "were" },
                self.day(done.from)
            ),
        );
        if done.would_read > 0 {
            let what = "would be read by now; here they are judged by title and summary alone";
            self.say(0, &format!("{} of those passed over {what}.", done.would_read));
        }
        let found = &done.found;
        self.title(&format!("Would be told, and was not: {}", found.new.len()));
        for would in &found.new {
            self.alert(&would.alert, self.watchlist, done, &[]);
            if would.from_passed_over {
                self.say(4, "It was passed over. Its page may say more, or otherwise.");
            }
        }
        if !done.unread.is_empty() {
            self.title(&format!(
                "Would be fetched first, as title and summary alone tell nothing: {}",
                done.unread.len()
            ));
            for record in done.unread.iter().take(MOST_UNREAD) {
                let parsed = &record.entry.parsed;
                let headline = parsed.title.as_deref().unwrap_or("(without a headline)");
                self.say(2, &format!("{}  {}", self.day(record.entry.first_seen), output::headline(headline)));
                self.say(4, &plain(parsed.link.as_ref().map_or("", |link| link.as_str())));
            }
            if let Some(more) = done.unread.len().checked_sub(MOST_UNREAD).filter(|more| *more > 0) {
                self.say(2, &format!("and {more} more"));
            }
        }
        self.title(&format!("Was told, and would not be: {}", found.gone.len()));
        found.gone.iter().for_each(|alert| self.alert(alert, &self.config.watchlist, done, &[]));
        if !found.otherwise.is_empty() {
            self.title(&format!("Would be told otherwise: {}", found.otherwise.len()));
            found.otherwise.iter().for_each(|o| self.alert(&o.would.alert, self.watchlist, done, &o.what));
        }
        self.title(&format!("Told in both: {}", found.same));
        if done.about_changes > 0 {
            let what = "of pages that changed, which a rehearsal does not look at again";
            self.say(2, &format!("Beside them {} {what}.", count(done.about_changes as u64, "alert")));
        }
        let (would, was) = (count(done.would.len() as u64, "mail"), done.was.len());
        self.title(&format!("{would} in {}, by the hours of [digest]; it was {was}", self.days(done.from)));
        if let Some(most) = done.would.iter().max_by_key(|m| m.alerts) {
            self.say(
                2,
                &format!("The fullest tells {}, on {}.", count(most.alerts as u64, "alert"), self.day(most.at)),
            );
        }
        if done.held > 0 {
            let limit = self.config.alerts.flood;
            self.say(2, &format!("{} held back by the flood breaker (`[alerts] flood`, {limit} an hour).", done.held));
        }
    }

    fn alert(&self, alert: &Alert, watchlist: &Watchlist, done: &Rehearsed, what: &[String]) {
        let of = about(alert, watchlist);
        let (label, outlet) = (alert.label(), alert.outlet.as_deref().unwrap_or("source not given"));
        self.say(2, &format!("{}  {label}: {}", self.day(alert.raised), plain(&of)));
        if !what.is_empty() {
            self.say(4, &plain(&what.join("; ")));
        }
        self.say(4, &format!("“{}”", plain(&alert.evidence.text)));
        self.say(4, &format!("{}: {}", plain(outlet), plain(alert.url.as_deref().unwrap_or(&alert.headline))));
        if done.changed.contains(&alert.article) {
            self.say(4, "Its page changed since: a rehearsal reads what it says by now.");
        }
    }

    fn title(&self, text: &str) {
        output::line("");
        self.say(0, text);
    }

    fn say(&self, indent: usize, text: &str) {
        output::line(&wrap(&format!("{}{text}", " ".repeat(indent)), indent, self.width));
    }

    fn day(&self, at: Timestamp) -> String {
        let zone = self.config.digest.schedule.zone.as_str();
        at.in_tz(zone).map_or_else(|_| at.to_string(), |at| at.strftime("%Y-%m-%d").to_string())
    }

    fn days(&self, from: Timestamp) -> String {
        let now = crate::adapters::clock::SystemClock.now();
        count(now.duration_since(from).as_hours().unsigned_abs().div_ceil(24), "day")
    }
}
