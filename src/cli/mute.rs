//! `conductwatch mute` and `conductwatch unmute`: nothing is told of a name or story until a date.

use super::ask::{AskArgs, Source};
use super::output::{self, CliError};
use super::ruling::{development, edits, said_already, shown_only, written};
use super::watch::find_watched;
use super::write_back::{self, Edit};
use crate::adapters::clock::SystemClock;
use crate::config::Config;
use crate::config::edit::{self, Field};
use crate::domain::{Alert, StoryId};
use crate::pipeline::Question;
use crate::ports::Clock as _;
use jiff::{civil::Date, tz::TimeZone};
use serde_json::json;

/// Arguments of `mute`.
#[derive(Debug, clap::Args)]
pub(super) struct MuteArgs {
    /// Name or id of a person, body or keyword; or a story: its id, or that of one of its alerts or developments.
    what: String,
    /// The last day on which nothing is told.
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    until: Date,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `unmute`.
#[derive(Debug, clap::Args)]
pub(super) struct UnmuteArgs {
    /// What was muted, as for `mute`.
    what: String,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// A day given on the command line.
fn parse_day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("not a day: write it as 2026-12-31, not {text:?}"))
}

/// What is muted: the key of the table and its value.
async fn muted(config: &Config, source: &mut Source<'_>, what: &str) -> Result<(&'static str, String), CliError> {
    let list = &config.watchlist;
    let wanted = what.to_lowercase();
    let keyword = list.keywords.iter().find(|k| k.id == what || k.name.to_lowercase() == wanted);
    let named = match find_watched(list, what) {
        Ok(id) => return Ok(("name", id)),
        Err(error) => error,
    };
    if let Some(keyword) = keyword {
        return Ok(("name", keyword.id.clone()));
    }
    if list.rulings.mutes.iter().any(|m| m.of == crate::domain::Muted::Name(what.to_owned())) {
        return Ok(("name", what.to_owned()));
    }
    if !source.is_there() {
        return Err(named);
    }
    if let Ok(found) = development(source, what).await
        && let Some(story) = found.story
    {
        return Ok(("story", story.to_string()));
    }
    let alerts = source.ask(&Question::Alerts { held: false }).await?;
    let stories = alerts["alerts"].as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(|a| a["story"].as_str());
    let mut found: Vec<&str> = stories.filter(|s| what.len() >= 4 && s.starts_with(what)).collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [story] => Ok(("story", (*story).to_owned())),
        _ => Err(CliError::data(format!("{}; and no story, alert or development has that id", named.message))),
    }
}

/// `text` without mutes of that name or story.
fn without_mute(text: &str, key: &str, value: &str) -> Result<(String, usize), edit::EditError> {
    edit::remove(text, "mute", |get| get(key).as_deref() == Some(value))
}

/// Runs `mute`.
///
/// # Errors
/// When nobody and nothing of that name is known, or the file cannot be written.
pub(super) fn mute(args: &MuteArgs) -> Result<(), CliError> {
    if args.until < SystemClock.now().to_zoned_datetime(TimeZone::UTC).date() {
        return Err(CliError::usage(format!("--until {} is past already", args.until)));
    }
    let config = super::load_config(&args.ask.config)?;
    let (key, value, note) = super::small_runtime()?.block_on(async {
        let mut source = Source::new(&config);
        let (key, value) = muted(&config, &mut source, &args.what).await?;
        let note = if key == "story" { story_note(&mut source, &value).await } else { None };
        Ok::<_, CliError>((key, value, note))
    })?;
    let mut fields = vec![(key, Field::text(&value)), ("until", Field::text(args.until.to_string()))];
    fields.extend(note.clone().map(|note| ("note", Field::text(note))));
    let path = write_back::watchlist_file(&config)?;
    let edit = Edit::of(&path, |text| {
        let (text, _) = without_mute(text, key, &value)?;
        edit::add(&text, "mute", &fields)
    })?;
    edit.check(&args.ask.config)?;
    if args.dry_run {
        return shown_only(&[edit], args.ask.json);
    }
    if edit.before == edit.after {
        said_already(&json!({ key: value, "until": args.until }), args.ask.json);
        return Ok(());
    }
    edit.write(&args.ask.config, "mute")?;
    written(&[edit], args.ask.json, &json!({ key: value, "until": args.until }));
    if args.ask.json {
        return Ok(());
    }
    if let Some(note) = note {
        output::say(&format!("The story: {note}"));
    }
    output::line(&format!("Take it back with: conductwatch unmute {}", output::shell_word(&args.what)));
    Ok(())
}

/// Of whom a story is, and how many alerts it raised.
async fn story_note(source: &mut Source<'_>, story: &str) -> Option<String> {
    let alerts = source.ask(&Question::Alerts { held: false }).await.ok()?;
    let alerts: Vec<Alert> = serde_json::from_value(alerts["alerts"].clone()).ok()?;
    let story = StoryId::parse(story).ok()?;
    let own: Vec<&Alert> = alerts.iter().filter(|a| a.story.as_ref() == Some(&story)).collect();
    let mut names: Vec<&str> = own.iter().flat_map(|a| &a.tracked_names).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    Some(format!("{}, {} so far", names.join(", "), output::count(own.len() as u64, "alert")))
}

/// Runs `unmute`.
///
/// # Errors
/// When it is not muted, or the file cannot be written.
pub(super) fn unmute(args: &UnmuteArgs) -> Result<(), CliError> {
    let config = super::load_config(&args.ask.config)?;
    let (key, value) = super::small_runtime()?.block_on(async {
        let mut source = Source::new(&config);
        muted(&config, &mut source, &args.what).await
    })?;
    let edits = edits(&config, |text| without_mute(text, key, &value))?;
    if edits.is_empty() {
        return Err(CliError::data(format!("{} is not muted", args.what)));
    }
    if args.dry_run {
        return shown_only(&edits, args.ask.json);
    }
    for edit in &edits {
        edit.write(&args.ask.config, "unmute")?;
    }
    written(&edits, args.ask.json, &json!({ key: value }));
    Ok(())
}
