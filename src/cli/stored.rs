//! Everything that is stored, asked for page by page: of the running service, or of the store.

use super::ask::Source;
use super::output::{CliError, Progress, count};
use crate::domain::{Alert, ArticleId, Development, DevelopmentId, EntryId, EntryRecord};
use crate::pipeline::Question;
use crate::ports::ArticleRecord;
use crate::stages::rehearse::Stored;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Things of one question.
const PAGE: usize = 100;

/// What the answer holds under `key`.
fn read<T: DeserializeOwned>(answer: &Value, key: &str) -> Result<T, CliError> {
    serde_json::from_value(answer[key].clone())
        .map_err(|e| CliError::data(format!("the answer cannot be read: {e}: is the service of another version?")))
}

/// How many articles are stored, at least one.
async fn all_articles(source: &mut Source<'_>) -> Result<u64, CliError> {
    Ok(source.ask(&Question::Status).await?["counts"]["articles"].as_u64().unwrap_or(0).max(1))
}

/// Gives every stored article to `each`, in order of id; `bar` shows how far it is, and that it is `doing`.
pub(super) async fn articles(
    source: &mut Source<'_>,
    bar: &Progress,
    doing: &str,
    mut each: impl FnMut(ArticleRecord),
) -> Result<(), CliError> {
    let all = all_articles(source).await?;
    let (mut done, mut after) = (0_u64, None::<ArticleId>);
    loop {
        let answer = source.ask(&Question::Records { after: after.take(), limit: PAGE }).await?;
        let records: Vec<ArticleRecord> = read(&answer, "records")?;
        let Some(last) = records.last() else { return Ok(()) };
        after = Some(last.id.clone());
        done += records.len() as u64;
        records.into_iter().for_each(&mut each);
        // A share of a whole: what the cast loses does not show.
        bar.share(done as f64 / all as f64, &format!("{doing}: {}", count(done, "article")));
    }
}

/// `record` as a replay takes it.
pub(super) fn for_replay(record: ArticleRecord) -> Stored {
    Stored {
        id: record.id,
        article: record.article,
        feed: record.feed,
        read: record.read,
        sketch: record.sketch,
        catch_up: record.catch_up,
        passed_over: false,
    }
}

/// The entries that selection passed over and that were seen at `from` or later, the newest first.
pub(super) async fn passed_over(
    source: &mut Source<'_>,
    from: Timestamp,
    mut each: impl FnMut(EntryRecord),
) -> Result<(), CliError> {
    let mut after = None::<(Timestamp, EntryId)>;
    loop {
        let answer = source.ask(&Question::PassedOverRecords { after: after.take(), limit: PAGE }).await?;
        let records: Vec<EntryRecord> = read(&answer, "records")?;
        let Some(last) = records.last() else { return Ok(()) };
        after = Some((last.entry.first_seen, last.entry.id.clone()));
        let ended = last.entry.first_seen < from;
        records.into_iter().filter(|r| r.entry.first_seen >= from).for_each(&mut each);
        if ended {
            return Ok(());
        }
    }
}

/// Every stored development, in order of id.
pub(super) async fn developments(source: &mut Source<'_>) -> Result<Vec<Development>, CliError> {
    let (mut out, mut after) = (Vec::new(), None::<DevelopmentId>);
    loop {
        let answer = source.ask(&Question::Developments { after: after.take(), limit: PAGE }).await?;
        let page: Vec<Development> = read(&answer, "developments")?;
        let Some(last) = page.last() else { return Ok(out) };
        after = Some(last.id.clone());
        out.extend(page);
    }
}

/// Every alert, in the order raised.
pub(super) async fn alerts(source: &mut Source<'_>) -> Result<Vec<Alert>, CliError> {
    read(&source.ask(&Question::Alerts { held: false }).await?, "alerts")
}
