//! When digests are made and what stands in them, over whole days: missed hours, first polls, keywords, `immediate`.

use crate::support::{Item, page, rss};
use conductwatch::demo::server::{Answer, Asked};
use conductwatch::demo::{Simulated, simulate};
use conductwatch::domain::{Alert, AlertKind, Digest, EntryState, Level};
use jiff::Timestamp;
use std::path::Path;

/// An article that an outlet serves from the moment it was published.
pub(crate) struct Story {
    pub(crate) outlet: &'static str,
    pub(crate) id: &'static str,
    pub(crate) at: &'static str,
    pub(crate) headline: &'static str,
    pub(crate) text: &'static [&'static str],
}

/// What follows in each article: a page of a sentence or two alone is taken for no article.
const REST: &str = "The force said that it had taken note of the matter and would not comment while it went on. It runs the \
                    stations at Aldmoor and Fennel Bridge, and has eleven hundred officers on its books.";

pub(crate) const ARREST: Story = Story {
    outlet: "echo",
    id: "arrest",
    at: "2026-03-09T06:00:00Z",
    headline: "Sergeant Ada Marrick arrested",
    text: &[
        "Sergeant Ada Marrick, 41, of Westmarch Police, was arrested on Sunday on suspicion of fraud, the force said.",
    ],
};

const CHARGE: Story = Story {
    outlet: "echo",
    id: "charge",
    at: "2026-03-11T06:00:00Z",
    headline: "Sergeant Ada Marrick charged",
    text: &["Sergeant Ada Marrick, 41, of Westmarch Police, was charged on Tuesday with fraud, prosecutors said."],
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Runs the service from `from` to `until` over the store in `dir`, on two outlets with `stories`.
pub(crate) async fn days(
    dir: &Path,
    from: &str,
    until: &str,
    stories: &'static [&'static Story],
    extra: &str,
) -> Simulated {
    let site = move |asked: &Asked, now: Timestamp| {
        let host = asked.header("host").unwrap_or("");
        let there = |outlet: &str| {
            let items: Vec<Item> = stories
                .iter()
                .filter(|s| s.outlet == outlet && at(s.at) <= now)
                .map(|s| Item {
                    id: s.id.to_owned(),
                    link: format!("http://{host}/{outlet}/{}", s.id),
                    title: s.headline.to_owned(),
                    summary: String::new(),
                    published: at(s.at),
                })
                .collect();
            rss(outlet, &items)
        };
        match asked.path.as_str() {
            "/echo" => there("echo"),
            "/post" => there("post"),
            path => stories.iter().find(|s| path == format!("/{}/{}", s.outlet, s.id)).map_or_else(
                || Answer::status(404),
                |s| page(s.outlet, s.headline, at(s.at), &[s.text, &[REST]].concat()),
            ),
        }
    };
    let folder = dir.to_path_buf();
    let extra = extra.to_owned();
    let configure = move |base: &str| {
        // What stands in `extra` about digests or polls takes the place of what stands here.
        let digest = if extra.contains("[digest]") { "" } else { "[digest]\nhours = [\"07:30\", \"17:00\"]\n" };
        format!(
            "[store]\npath = {:?}\n[control]\nsocket = {:?}\n{digest}[poll]\nallow_private = [\"127.0.0.0/8\"]\n{extra}\n\
             [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n\
             [[feed]]\nid = \"echo\"\nurl = \"{base}/echo\"\n[[feed]]\nid = \"post\"\nurl = \"{base}/post\"\n\
             [[person]]\nname = \"Ada Marrick\"\n",
            folder.join("store"),
            folder.join("control.sock"),
            folder.join("digests"),
        )
    };
    simulate(dir, at(from), at(until), site, configure, |_| {}).await.unwrap()
}

/// All digests, the oldest first.
async fn digests(done: &Simulated) -> Vec<Digest> {
    let store = &done.app.pipeline.store;
    let mut out = Vec::new();
    for (id, _) in store.digests().await.unwrap().into_iter().rev() {
        out.push(store.digest(&id).await.unwrap().unwrap());
    }
    out
}

fn types(digest: &Digest) -> Vec<&'static str> {
    digest.alerts().map(Alert::type_name).collect()
}

#[tokio::test]
async fn a_digest_missed_while_the_service_was_down_goes_out_on_start_once_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    // Down at 07:15 with an arrest read and not yet told; up again at 09:00.
    let first = days(dir.path(), "2026-03-08T20:00:00Z", "2026-03-09T07:15:00Z", &[&ARREST], "").await;
    assert_eq!((digests(&first).await.len(), first.app.pipeline.store.alerts().await.unwrap().len()), (0, 1));
    drop(first);
    let second = days(dir.path(), "2026-03-09T09:00:00Z", "2026-03-09T12:00:00Z", &[&ARREST], "").await;
    let made = digests(&second).await;
    assert_eq!(made.len(), 1, "{made:#?}");
    assert_eq!(types(&made[0]), ["arrest"]);
    assert_eq!(made[0].to, at("2026-03-09T09:00:00Z"), "on start, not at the next hour");
    let notice = made[0].notices.join(" ");
    assert!(notice.contains("07:30") && notice.contains("09:00"), "{notice}");
    let text = std::fs::read_to_string(dir.path().join(format!("digests/{}.txt", made[0].id))).unwrap();
    assert!(text.contains("07:30"), "{text}");
    drop(second);
    // Started again, and again over the evening's hour: nothing is told twice.
    let third = days(dir.path(), "2026-03-09T12:30:00Z", "2026-03-09T18:00:00Z", &[&ARREST], "").await;
    assert_eq!(digests(&third).await.len(), 1);
}

#[tokio::test]
async fn nothing_to_say_means_no_digest_after_a_missed_hour_too() {
    let dir = tempfile::tempdir().unwrap();
    drop(days(dir.path(), "2026-03-08T20:00:00Z", "2026-03-09T05:00:00Z", &[], "").await);
    let second = days(dir.path(), "2026-03-10T09:00:00Z", "2026-03-11T18:00:00Z", &[&CHARGE], "").await;
    let made = digests(&second).await;
    assert_eq!(made.len(), 1, "{made:#?}");
    assert_eq!((types(&made[0]), made[0].to), (vec!["charge"], at("2026-03-11T07:30:00Z")));
    assert_eq!(made[0].notices, Vec::<String>::new());
}

const OLD: Story = Story {
    outlet: "echo",
    id: "suspension",
    at: "2026-02-10T06:00:00Z",
    headline: "Sergeant Ada Marrick suspended",
    text: &["Sergeant Ada Marrick, 41, of Westmarch Police, was suspended from duty on Monday, the force said."],
};

#[tokio::test]
async fn the_first_poll_gives_one_catch_up_digest_as_far_back_as_asked() {
    // (backfill, types in the catch-up digest)
    for (backfill, expected) in [
        ("", vec!["arrest"]),
        ("backfill = \"7d\"", vec!["arrest"]),
        ("backfill = \"all\"", vec!["arrest", "suspension"]),
        ("backfill = \"none\"", vec![]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let stories = &[&OLD, &ARREST, &CHARGE];
        let done = days(dir.path(), "2026-03-09T10:00:00Z", "2026-03-11T18:00:00Z", stories, backfill).await;
        let made = digests(&done).await;
        let (catch_up, later): (Vec<&Digest>, Vec<&Digest>) =
            made.iter().partition(|d| d.to < at("2026-03-09T17:00:00Z"));
        let mut told: Vec<&str> = catch_up.iter().flat_map(|d| types(d)).collect();
        told.sort_unstable();
        assert_eq!(told, expected, "{backfill}");
        assert_eq!(catch_up.len(), usize::from(!expected.is_empty()), "{backfill}: one catch-up digest, or none");
        assert!(catch_up.iter().all(|d| d.notices.iter().any(|n| n.contains("Catch-up"))), "{backfill}");
        // What comes afterwards is told in its turn, and is no catch-up.
        assert_eq!(later.len(), 1, "{backfill}: {later:#?}");
        assert_eq!((types(later[0]), later[0].notices.len()), (vec!["charge"], 0), "{backfill}");
        if expected.len() < 2 {
            let passed = done.app.pipeline.store.passed_over(None, 10).await.unwrap();
            let old = passed.iter().find(|r| r.entry.parsed.title.as_deref() == Some(OLD.headline)).unwrap();
            assert!(matches!(&old.state, EntryState::PassedOver { reason } if reason == "before_backfill"), "{old:?}");
        }
    }
}

#[tokio::test]
async fn immediate_digests_go_out_as_soon_as_there_is_something_to_tell() {
    let dir = tempfile::tempdir().unwrap();
    let extra = "[digest]\nhours = \"immediate\"\n";
    let stories = &[&ARREST, &CHARGE];
    let done = days(dir.path(), "2026-03-08T20:00:00Z", "2026-03-11T18:00:00Z", stories, extra).await;
    let made = digests(&done).await;
    assert_eq!(made.iter().map(types).collect::<Vec<_>>(), [["arrest"], ["charge"]]);
    for (digest, story) in made.iter().zip(stories) {
        let wait = digest.to.duration_since(at(story.at));
        // A poll's interval, its drift, and the reading: well under the next hour of the schedule.
        assert!(wait < jiff::SignedDuration::from_mins(75), "{}: {wait:#}", story.id);
    }
}

const HOODS: &[&str] = &[
    "Officers used spit hoods on children eleven times in Westmarch last year, figures released to councillors show.",
    "Campaigners said that the devices frighten the young and asked the force to stop. The force said that it keeps its \
     guidance under review and records each use, and that a panel of residents looks at the records twice a year.",
    "The figures were read out at a meeting of the council in Aldmoor, at which a motion to ask for a ban was put off \
     until the summer.",
];

const FIRST: Story = Story {
    outlet: "echo",
    id: "hoods",
    at: "2026-03-10T06:00:00Z",
    headline: "Spit hoods used on children, figures show",
    text: HOODS,
};

const COPY: Story = Story {
    outlet: "post",
    id: "hoods-copy",
    at: "2026-03-10T09:00:00Z",
    headline: "Spit hoods used on children in Westmarch, figures show",
    text: HOODS,
};

#[tokio::test]
async fn a_keyword_alerts_once_for_near_copies_in_a_section_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let extra = "[[keyword]]\nname = \"spit hoods\"\nany = [\"spit hood*\"]\n";
    let stories = &[&FIRST, &COPY];
    let done = days(dir.path(), "2026-03-09T20:00:00Z", "2026-03-10T18:00:00Z", stories, extra).await;
    let alerts = done.app.pipeline.store.alerts().await.unwrap();
    assert_eq!(alerts.len(), 1, "{alerts:#?}");
    assert!(matches!(alerts[0].content, AlertKind::Keyword { .. }));
    assert_eq!(alerts[0].level, Level::Minor);
    let made = digests(&done).await;
    assert_eq!(made.len(), 1, "{made:#?}");
    let sections: Vec<(&str, bool, usize)> =
        made[0].sections.iter().map(|s| (s.title.as_str(), s.keyword, s.items().count())).collect();
    assert_eq!(sections, [("spit hoods", true, 1)]);
}

#[tokio::test]
async fn a_keyword_without_alerts_only_selects() {
    let dir = tempfile::tempdir().unwrap();
    // Without the keyword the entry is passed over: nothing in its headline is of policing or watched.
    const WEIR: Story = Story {
        outlet: "echo",
        id: "weir",
        at: "2026-03-10T06:00:00Z",
        headline: "Row over the weir at Fennel Bridge",
        text: &[
            "Anglers said that the weir at Fennel Bridge should go. Sergeant Ada Marrick of Westmarch Police, who \
                 lives beside it, was arrested on Monday on suspicion of damaging it, the force said.",
        ],
    };
    for (extra, articles, alerts) in
        [("", 0, 0), ("[[keyword]]\nname = \"the weir\"\nany = [\"weir*\"]\nalert = false\n", 1, 1)]
    {
        let dir = dir.path().join(articles.to_string());
        let done = days(&dir, "2026-03-09T20:00:00Z", "2026-03-10T18:00:00Z", &[&WEIR], extra).await;
        let store = &done.app.pipeline.store;
        assert_eq!(store.counts().await.unwrap().articles, articles, "{extra}");
        let raised = store.alerts().await.unwrap();
        assert_eq!(raised.len(), alerts, "{extra}: {raised:#?}");
        assert!(raised.iter().all(|a| matches!(a.content, AlertKind::Development { .. })), "{raised:#?}");
    }
}

/// How often each type was told, over all digests.
fn told(digests: &[Digest]) -> Vec<&'static str> {
    let mut all: Vec<&str> = digests.iter().flat_map(types).collect();
    all.sort_unstable();
    all
}

#[tokio::test]
async fn a_clock_put_back_by_days_repeats_no_digest_loses_none_and_storms_nobody() {
    let dir = tempfile::tempdir().unwrap();
    // Five days ahead, over a digest's hour: the arrest is told.
    let ahead = days(dir.path(), "2026-03-14T05:00:00Z", "2026-03-14T09:00:00Z", &[&ARREST], "").await;
    let first = digests(&ahead).await;
    assert_eq!(told(&first), ["arrest"]);
    drop(ahead);
    // Put right. The charge comes two days later, and must not wait for the 14th.
    let right = days(dir.path(), "2026-03-09T09:00:00Z", "2026-03-11T18:00:00Z", &[&ARREST, &CHARGE], "").await;
    assert_eq!(told(&digests(&right).await), ["arrest", "charge"]);
    // Two feeds for 57 hours, every half an hour at most, and two pages with their robots.txt.
    assert!((40..300).contains(&right.requests), "{} requests", right.requests);
}

#[tokio::test]
async fn a_clock_put_forward_by_days_repeats_no_digest_loses_none_and_storms_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let first = days(dir.path(), "2026-03-09T05:30:00Z", "2026-03-09T09:00:00Z", &[&ARREST], "").await;
    assert_eq!(told(&digests(&first).await), ["arrest"]);
    drop(first);
    let later = days(dir.path(), "2026-03-16T09:00:00Z", "2026-03-16T18:00:00Z", &[&ARREST, &CHARGE], "").await;
    assert_eq!(told(&digests(&later).await), ["arrest", "charge"]);
    assert!(later.requests < 60, "{} requests in nine hours", later.requests);
}
