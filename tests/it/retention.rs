//! What was kept long enough goes at night, and is never news again.

use crate::digests::{ARREST, Story, days};
use conductwatch::domain::EntryState;
use conductwatch::pipeline::Question;
use jiff::tz::TimeZone;

/// Selected for its policing words, and about nobody who is watched.
const FETE: Story = Story {
    outlet: "post",
    id: "fete",
    at: "2026-03-09T06:00:00Z",
    headline: "Police sergeant opens the village fete",
    text: &[
        "Sergeant Odo Penhallow of Westmarch Police opened the fete at Aldmoor on Sunday, to the applause of some two hundred \
         villagers, and judged the marrows.",
    ],
};

#[tokio::test]
async fn an_article_without_alert_goes_at_night_and_is_never_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let kept = "[retention]\nsnapshots = \"7d\"\narticles = \"8d\"\ndecisions = \"8d\"\n";
    let stories: &'static [&'static Story] = &[&ARREST, &FETE];
    let week = days(dir.path(), "2026-03-09T05:00:00Z", "2026-03-16T12:00:00Z", stories, kept).await;
    let counts = week.app.pipeline.store.counts().await.unwrap();
    assert_eq!((counts.articles, counts.alerts), (2, 1), "both are kept for eight days");
    drop(week);
    let later = days(dir.path(), "2026-03-16T13:00:00Z", "2026-03-20T12:00:00Z", stories, kept).await;
    let store = &later.app.pipeline.store;
    let counts = store.counts().await.unwrap();
    // Its feed lists it still.
    assert_eq!((counts.articles, counts.alerts, counts.entries), (1, 1, 2));
    let entry = store.find("http://x.example/none").await.unwrap();
    assert!(entry.is_empty());
    let round = store.last_purge().await.unwrap().unwrap();
    let local = TimeZone::get("Europe/London").unwrap().to_datetime(round.at);
    assert_eq!((local.hour(), local.minute()), (3, 15), "at a quiet hour");
    let alert = store.alerts().await.unwrap().remove(0);
    assert!(store.article(&alert.article).await.unwrap().is_some(), "an alert rests on it");
    let status = later.app.pipeline.current().answer(&Question::Status).await.unwrap();
    assert!(status["kept"]["at"].is_string() && status["store"]["sled_bytes"].as_u64() > Some(0), "{status}");
    // The entry is known, without its words, and `why` says what became of it.
    let passed: Vec<_> = store.passed_over(None, 9).await.unwrap();
    assert!(passed.iter().all(|record| !matches!(record.state, EntryState::Selected { .. })));
    let feed = store.feed_states().await.unwrap();
    assert!(feed.iter().all(|f| f.last_failure.is_none()), "{feed:?}");
    assert_eq!(store.check().await.unwrap().faults, []);
}
