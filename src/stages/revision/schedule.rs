//! When an article behind an alert is looked at again.

use super::rules::rules;
use crate::domain::{ArticleId, Recheck};
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// What one look at a page gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look<'a> {
    /// The page, or word that it is the same as before.
    Had {
        /// What came of it, for people.
        what: &'a str,
    },
    /// The server says that it is gone (404 or 410).
    Gone {
        /// The status.
        status: u16,
    },
    /// It could not be had, which says nothing about the article.
    Failed {
        /// Why.
        why: &'a str,
    },
}

/// The first look at `article`, behind an alert that was raised at `since`.
pub fn first(article: &ArticleId, url: &Url, since: Timestamp) -> Recheck {
    Recheck {
        article: article.clone(),
        url: url.clone(),
        since,
        due: regular(since, since),
        looks: 0,
        gone: 0,
        failures: 0,
        etag: None,
        last_modified: None,
        last: "not looked at again yet".to_owned(),
    }
}

/// The next regular look after `now` at what an alert of `since` rests on; those that were missed count as one.
fn regular(since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    rules()
        .look_again_hours
        .iter()
        .filter_map(|h| since.checked_add(SignedDuration::from_hours(*h)).ok())
        .find(|at| *at > now)
}

/// `recheck` after a look at `now`, and whether it shows that the article was withdrawn: the page must be gone several times
/// in a row, since a server in trouble also says 404. A page that could not be had is asked for again soon, a few times.
pub fn after(recheck: &Recheck, look: Look<'_>, now: Timestamp) -> (Recheck, bool) {
    let rules = rules();
    let mut next = recheck.clone();
    let regular = regular(recheck.since, now);
    let soon = now.checked_add(SignedDuration::from_mins(rules.ask_again_minutes)).ok();
    // The last regular look, too, is followed by the few that settle a doubt.
    let sooner = regular.map_or(soon, |r| soon.map(|s| s.min(r)));
    match look {
        Look::Had { what } => {
            (next.looks, next.gone, next.failures, next.due) = (recheck.looks + 1, 0, 0, regular);
            what.clone_into(&mut next.last);
        }
        Look::Gone { status } => {
            next.gone += 1;
            next.failures = 0;
            next.last = format!("status {status}, {} in a row", next.gone);
            if next.gone >= rules.gone {
                next.due = None;
                return (next, true);
            }
            next.due = sooner;
        }
        Look::Failed { why } => {
            next.failures += 1;
            next.last = format!("not had: {why}");
            next.due = if next.failures < rules.failures { sooner } else { regular };
        }
    }
    (next, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn recheck() -> Recheck {
        first(
            &ArticleId::parse("a").unwrap(),
            &Url::parse("https://echo.example/1").unwrap(),
            at("2026-03-10T08:00:00Z"),
        )
    }

    #[test]
    fn looks_follow_the_hours_of_the_data() {
        let mut recheck = recheck();
        let mut hours = Vec::new();
        while let Some(due) = recheck.due {
            hours.push(due.duration_since(recheck.since).as_hours());
            recheck = after(&recheck, Look::Had { what: "the same" }, due).0;
        }
        assert_eq!(hours, [1, 6, 24, 72, 168, 720]);
        assert_eq!(recheck.looks, 6);
    }

    #[test]
    fn looks_missed_while_the_service_was_down_count_as_one() {
        let (next, withdrawn) = after(&recheck(), Look::Had { what: "the same" }, at("2026-03-11T09:00:00Z"));
        assert_eq!((next.due, withdrawn), (Some(at("2026-03-13T08:00:00Z")), false));
    }

    #[test]
    fn gone_counts_only_in_a_row_and_failures_say_nothing() {
        let now = at("2026-03-10T09:00:00Z");
        let gone = |r: &Recheck| after(r, Look::Gone { status: 404 }, now);
        let failed = |r: &Recheck| after(r, Look::Failed { why: "no answer" }, now).0;
        let (once, withdrawn) = gone(&recheck());
        assert!(!withdrawn && once.due == Some(at("2026-03-10T10:00:00Z")), "{once:?}");
        let (twice, withdrawn) = gone(&once);
        assert!(withdrawn && twice.due.is_none(), "{twice:?}");
        let back = after(&once, Look::Had { what: "the same" }, now).0;
        assert!(!gone(&back).1);
        assert!(gone(&failed(&once)).1, "a failure between does not make it there again");
        let mut tired = recheck();
        for due in ["2026-03-10T10:00:00Z", "2026-03-10T10:00:00Z", "2026-03-10T14:00:00Z"] {
            tired = failed(&tired);
            assert_eq!(tired.due, Some(at(due)), "{tired:?}");
        }
    }

    #[test]
    fn the_last_look_ends_it_but_not_in_doubt() {
        let late = at("2026-04-09T08:00:00Z");
        assert_eq!(after(&recheck(), Look::Had { what: "the same" }, late).0.due, None);
        assert!(after(&recheck(), Look::Gone { status: 410 }, late).0.due.is_some());
    }
}
