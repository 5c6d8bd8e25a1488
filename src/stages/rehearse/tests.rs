//! Tests of replays.

use super::*;
use crate::domain::{
    Article, ArticleId, Block, BlockKind, DevelopmentType as T, DigestSchedule, DigestTimes, Keyword, Merge, Rulings,
    WatchedPerson, Watchlist,
};
use crate::stages::digest::sample::Case;
use crate::stages::identity::copies;
use jiff::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn stored(name: &str, read: &str, text: &str) -> Stored {
    let block = Block { kind: BlockKind::Paragraph, text: text.to_owned() };
    let id = ArticleId::parse(name).unwrap();
    let article =
        Article { id: Some(id.clone()), published: Some(at(read)), blocks: vec![block], ..Article::default() };
    let sketch = copies::sketch(text);
    Stored { id, article, feed: None, read: at(read), sketch, catch_up: false, passed_over: false }
}

fn ada() -> Watchlist {
    let person = WatchedPerson { id: "ada".into(), name: "Ada Marrick".into(), ..WatchedPerson::default() };
    Watchlist { persons: vec![person], ..Watchlist::default() }
}

const CHARGED: &str = "Sergeant Ada Marrick of Westmarch Police was charged on Monday with fraud, prosecutors said.";
const SUSPENDED: &str = "Sergeant Ada Marrick of Westmarch Police was suspended from duty on Tuesday, the force said.";

fn replay(watchlist: &Watchlist, articles: &[Stored]) -> Replayed {
    let mut replay = Replay::new(watchlist);
    articles.iter().cloned().for_each(|a| replay.read(a));
    let mut heard = Vec::new();
    let out = replay.settle(&mut |done, all| heard.push((done, all)));
    assert!(
        heard.windows(2).all(|w| w[0].0 < w[1].0) && heard.last().is_none_or(|(done, all)| done == all),
        "{heard:?}"
    );
    out
}

fn ids(list: &[Would]) -> Vec<(&str, &str)> {
    list.iter().map(|w| (w.alert.type_name(), w.alert.article.as_str())).collect()
}

#[test]
fn a_replay_raises_what_the_service_would_have_raised_in_any_order_of_reading() {
    let articles = [
        stored("b", "2026-03-10T12:00:00Z", &format!("It is known that {CHARGED}")),
        stored("c", "2026-03-11T08:00:00Z", SUSPENDED),
        stored("a", "2026-03-10T08:00:00Z", CHARGED),
    ];
    let first = replay(&ada(), &articles);
    assert_eq!(ids(&first.alerts), [("charge", "a"), ("suspension", "c")]);
    assert_eq!(first.alerts[0].told_in.iter().map(ArticleId::as_str).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(first.alerts[0].alert.raised, at("2026-03-10T08:00:00Z"));
    assert_eq!(replay(&ada(), &[]).alerts, []);
    // Against itself nothing differs; against nothing all is new; against more, the rest is gone.
    let was: Vec<_> = first.alerts.iter().map(|w| w.alert.clone()).collect();
    let against = |was: &[crate::domain::Alert]| compare(&first, was, &ada(), Timestamp::MIN);
    assert_eq!((against(&was).same, against(&was).new.len(), against(&was).gone.len()), (2, 0, 0));
    assert_eq!((against(&[]).same, against(&[]).new.len()), (0, 2));
    // The same development, told first by another article, is the same.
    let mut other = was.clone();
    (other[0].id, other[0].article) = (crate::domain::AlertId::derive(&["x"]), ArticleId::parse("b").unwrap());
    assert_eq!((against(&other).same, against(&other).gone.len()), (2, 0));
    let mut whose = was.clone();
    whose[0].tracked.push("westmarch-police".into());
    assert_eq!((against(&whose).same, against(&whose).otherwise.len()), (1, 1));
    let since = compare(&first, &was, &ada(), at("2026-03-11T00:00:00Z"));
    assert_eq!((since.same, since.new.len(), since.gone.len()), (1, 0, 0));
}

#[test]
fn the_watchlists_rulings_count_in_a_replay() {
    let articles = [stored("a", "2026-03-10T08:00:00Z", CHARGED), stored("c", "2026-03-11T08:00:00Z", SUSPENDED)];
    let first = replay(&ada(), &articles);
    let developments = first.developments().map(|d| d.id.clone()).collect();
    let rulings = Rulings { merges: vec![Merge { developments, alert: None }], ..Rulings::default() };
    let merged = replay(&Watchlist { rulings, ..ada() }, &articles);
    assert_eq!(ids(&merged.alerts), [("charge", "a")], "the user said that they are one event");
}

#[test]
fn a_keyword_is_told_once_for_near_copies() {
    let keyword = Keyword { id: "fraud".into(), any: vec!["fraud".into()], alert: true, ..Keyword::default() };
    let watchlist = Watchlist { keywords: vec![keyword], ..Watchlist::default() };
    let text =
        format!("{CHARGED} {}", "The hearing was told of invoices, of a boat and of a second set of books. ".repeat(6));
    let articles = [stored("a", "2026-03-10T08:00:00Z", &text), stored("b", "2026-03-10T09:00:00Z", &text)];
    let found = replay(&watchlist, &articles);
    assert_eq!(ids(&found.alerts), [("keyword", "a")]);
    let mut was = found.alerts[0].alert.clone();
    (was.id, was.article) = (crate::domain::AlertId::derive(&["old"]), ArticleId::parse("b").unwrap());
    assert_eq!(compare(&found, &[was], &watchlist, Timestamp::MIN).same, 1);
}

#[test]
fn mails_follow_the_hours_and_the_breaker_holds_the_rest() {
    let schedule = |times: &[&str]| DigestSchedule {
        times: match times {
            [] => DigestTimes::Immediate,
            times => DigestTimes::At(times.iter().map(|t| t.parse().unwrap()).collect()),
        },
        days: DigestSchedule::ALL_DAYS.to_vec(),
        zone: "Europe/London".to_owned(),
    };
    let alerts: Vec<_> =
        ["2026-03-10T08:00:00Z", "2026-03-10T08:00:30Z", "2026-03-10T17:00:00Z", "2026-03-11T06:00:00Z"]
            .iter()
            .enumerate()
            .map(|(n, raised)| {
                let n = u32::try_from(n).unwrap();
                let case = Case {
                    n,
                    event: Some(T::Arrest),
                    tracked: &["ellery"],
                    headline: "",
                    detail: "",
                    date: "",
                    evidence: "[x]",
                };
                let mut alert = case.alert();
                alert.raised = at(raised);
                alert
            })
            .collect();
    let made = |schedule: &DigestSchedule| mails(alerts.iter(), schedule).iter().map(|m| m.alerts).collect::<Vec<_>>();
    // What is raised at the very hour belongs to the next.
    assert_eq!(made(&schedule(&["07:30", "17:00"])), [2, 2]);
    assert_eq!(made(&schedule(&[])), [2, 1, 1]);
    assert_eq!([0, 1, 2].map(|limit| held(alerts.iter(), limit)), [0, 1, 0]);
    let mut first = alerts.clone();
    first.iter_mut().for_each(|a| a.catch_up = true);
    assert_eq!(mails(first.iter(), &schedule(&["07:30"])).len(), 2, "one a day for what first polls brought");
    assert_eq!(held(first.iter(), 1), 0);
}
