//! What is known to have happened to one person or body, in order, and how they stand by it.

use crate::domain::{
    Alert, AlertId, AlertKind, ArticleId, Development, DevelopmentId, DevelopmentType, EventStage, PartialDate,
    Rulings, StoryId,
};
use crate::stages::digest::when;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// One development on the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The development.
    pub development: DevelopmentId,
    /// The matter it belongs to.
    pub story: Option<StoryId>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: DevelopmentType,
    /// The most precise date known.
    pub date: Option<PartialDate>,
    /// What is special to it.
    pub detail: String,
    /// How far it has come.
    pub stage: EventStage,
    /// Whether any report of it is sure in everything.
    pub sure: bool,
    /// Whether it happened to them: the person is who it happened to; of a body, no person is.
    pub own: bool,
    /// The articles that tell it, the first first.
    pub sources: Vec<Source>,
    /// How many of them are independent of each other.
    pub independent_sources: usize,
    /// When it was first told to this program.
    pub first_seen: Timestamp,
    /// The alert raised for it, if one was.
    pub alert: Option<AlertId>,
    /// What the user decided: `not_them` or `not_happened`.
    pub ruled: Option<String>,
}

/// An article that tells a development.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The article.
    pub article: ArticleId,
    /// Publication that carries it.
    pub outlet: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// When it was published or modified.
    pub at: Timestamp,
    /// The sentence that tells it.
    pub evidence: String,
}

/// The timeline of whoever has one of `ids`, out of the `developments` that concern them; in order of date, those without
/// one where they were first told. Of one day what has no date comes first, as that is often told of before; of one article, what it
/// tells first.
pub fn lines(ids: &[String], developments: &[Development], alerts: &[Alert], rulings: &Rulings) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut developments: Vec<&Development> = developments.iter().collect();
    developments.sort_by(|a, b| (place(a), &a.id).cmp(&(place(b), &b.id)));
    for development in developments {
        if out.iter().any(|l| l.development == development.id) {
            continue;
        }
        let concerns = |r: &&crate::domain::DevelopmentReport| r.report.entities().any(|e| ids.contains(&e.id));
        let Some(best) =
            development.reports.iter().filter(concerns).max_by_key(|r| {
                (r.report.certainty.is_sure(), r.report.kind == development.kind, std::cmp::Reverse(r.at))
            })
        else {
            continue;
        };
        let mut sources: Vec<Source> = Vec::new();
        for told in &development.reports {
            if !sources.iter().any(|s| s.article == told.article) {
                sources.push(Source {
                    article: told.article.clone(),
                    outlet: told.outlet.clone(),
                    url: told.url.clone(),
                    at: told.at,
                    evidence: told.report.evidence.text.clone(),
                });
            }
        }
        sources.sort_by(|a, b| (a.at, &a.article).cmp(&(b.at, &b.article)));
        let own = |a: &&Alert| match &a.content {
            AlertKind::Development { development: id, .. } => *id == development.id || development.merged.contains(id),
            AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => false,
        };
        let reports = || development.reports.iter().map(|r| &r.report);
        let who = reports().any(|r| r.who.iter().any(|e| ids.contains(&e.id)));
        let nobody = reports().all(|r| r.who.is_empty() && r.unnamed.is_empty());
        let ruled = if rulings.is_denied(&development.id) {
            Some("not_happened".to_owned())
        } else {
            ids.iter().find_map(|id| rulings.guard(id, &development.id)).map(|_| "not_them".to_owned())
        };
        out.push(Line {
            development: development.id.clone(),
            story: development.story.clone(),
            kind: development.kind,
            date: development.date,
            detail: best.report.detail.clone(),
            stage: development.stage,
            sure: best.report.certainty.is_sure(),
            own: who || nobody,
            sources,
            independent_sources: development.independent_sources(),
            first_seen: development.first_seen,
            alert: alerts.iter().find(own).map(|a| a.id.clone()),
            ruled,
        });
    }
    out
}

/// Where a development stands in a timeline.
fn place(development: &Development) -> (Date, bool, Timestamp, Option<usize>) {
    let told = || TimeZone::UTC.to_datetime(development.first_seen).date();
    let day = development.date.map_or_else(told, |date| date.first_day());
    (day, development.date.is_some(), development.first_seen, development.reports.first().map(|report| report.index))
}

/// Types that supersede one another: of each row the last counts, in the order in which they are told.
const TRACKS: &[&[DevelopmentType]] = {
    use DevelopmentType as T;
    &[
        &[T::Appointment, T::Suspension, T::Vetting, T::Dismissal, T::Resignation],
        &[T::Complaint, T::Referral, T::InvestigationOpened, T::InvestigationClosed],
        &[T::MisconductHearing, T::MisconductFinding, T::MisconductCleared],
        &[T::Arrest, T::Charge, T::Plea, T::Trial, T::Conviction, T::Acquittal, T::Sentence, T::Appeal],
        &[T::SpecialMeasures],
        &[T::Inquest],
        &[T::Inquiry],
    ]
};

/// How they stand by what is known: `suspended since 1 October 2026; charged 5 October 2026`. Only what surely happened
/// to them counts, and nothing that the user said to be wrong; `None` when there is nothing of that kind.
pub fn standing(lines: &[Line]) -> Option<String> {
    let told =
        |l: &&Line| l.sure && l.own && l.ruled.is_none() && matches!(l.stage, EventStage::Done | EventStage::Begun);
    let said: Vec<String> = TRACKS
        .iter()
        .filter_map(|track| lines.iter().filter(told).rfind(|l| track.contains(&l.kind)))
        .map(|line| {
            let (words, lasts) = words(line.kind, line.stage);
            let on = line.date.map(when::date);
            match on {
                Some(date) if lasts => format!("{words} since {date}"),
                Some(date) => format!("{words} {date}"),
                None => words.to_owned(),
            }
        })
        .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// A type as a word of standing, and whether it lasts from its day on.
const fn words(kind: DevelopmentType, stage: EventStage) -> (&'static str, bool) {
    use DevelopmentType as T;
    let begun = matches!(stage, EventStage::Begun);
    match kind {
        T::Suspension => ("suspended", true),
        T::InvestigationOpened => ("under investigation", true),
        T::Trial if begun => ("on trial", true),
        T::MisconductHearing if begun => ("before a misconduct hearing", true),
        T::Inquest if begun => ("inquest", true),
        T::Inquiry if begun => ("inquiry", true),
        T::Appointment => ("appointed", false),
        T::Vetting => ("vetting decided", false),
        T::Dismissal => ("dismissed", false),
        T::Resignation => ("resigned or retired", false),
        T::Complaint => ("complaint", false),
        T::Referral => ("referred to a watchdog", false),
        T::InvestigationClosed => ("investigation closed", false),
        T::MisconductHearing => ("misconduct hearing", false),
        T::MisconductFinding => ("misconduct found", false),
        T::MisconductCleared => ("cleared of misconduct", false),
        T::Arrest => ("arrested", false),
        T::Charge => ("charged", false),
        T::Plea => ("plea entered", false),
        T::Conviction => ("convicted", false),
        T::Acquittal => ("acquitted", false),
        T::Sentence => ("sentenced", false),
        T::Appeal => ("appeal", false),
        other => (other.label(), false),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::{ByHand, Certainty, DevelopmentReport, EntityRef, Evidence, Report, Span, Status};

    /// A line of somebody's own.
    pub(crate) fn line(kind: DevelopmentType, date: &str, stage: EventStage) -> Line {
        Line {
            development: DevelopmentId::derive(&[kind.as_str(), date]),
            story: None,
            kind,
            date: date.parse().ok(),
            detail: String::new(),
            stage,
            sure: true,
            own: true,
            sources: Vec::new(),
            independent_sources: 1,
            first_seen: "2026-10-09T10:00:00Z".parse().unwrap(),
            alert: None,
            ruled: None,
        }
    }

    #[test]
    fn of_one_day_what_has_no_date_comes_first_and_of_one_article_what_it_tells_first() {
        let development = |id: &str, date: Option<&str>, index: usize| {
            let entity = EntityRef { id: "ada".to_owned(), name: "Ada".to_owned(), watched: true };
            let report = Report {
                kind: DevelopmentType::Charge,
                who: vec![entity],
                body: Vec::new(),
                about: Vec::new(),
                unnamed: Vec::new(),
                date: date.map(|d| d.parse().unwrap()),
                status: Status::New,
                stage: EventStage::Done,
                detail: String::new(),
                evidence: Evidence { text: String::new(), span: Span::new(0, 0), marks: Vec::new() },
                certainty: Certainty::SURE,
                trace: Vec::new(),
            };
            Development {
                id: DevelopmentId::parse(id).unwrap(),
                kind: DevelopmentType::Charge,
                story: None,
                stage: EventStage::Done,
                date: report.date,
                reports: vec![DevelopmentReport {
                    article: ArticleId::parse("a").unwrap(),
                    index,
                    report,
                    at: "2026-10-09T10:00:00Z".parse().unwrap(),
                    outlet: None,
                    agency: None,
                    url: None,
                    copies_of: ArticleId::parse("a").unwrap(),
                    grounds: Vec::new(),
                    rare_words: Vec::new(),
                }],
                merged: Vec::new(),
                alerted: Vec::new(),
                first_seen: "2026-10-09T10:00:00Z".parse().unwrap(),
                by_hand: ByHand::default(),
            }
        };
        let known = [
            development("d1", Some("2026-10-09"), 2),
            development("d2", Some("2026-10-09"), 0),
            development("d3", None, 5),
            development("d4", Some("2026-10-08"), 7),
        ];
        let ids: Vec<String> = lines(&["ada".to_owned()], &known, &[], &Rulings::default())
            .into_iter()
            .map(|line| line.development.to_string())
            .collect();
        assert_eq!(ids, ["d4", "d3", "d2", "d1"]);
    }

    #[test]
    fn the_last_of_each_kind_of_standing_counts() {
        use DevelopmentType as T;
        use EventStage as S;
        let suspended = line(T::Suspension, "2026-10-01", S::Done);
        let charged = line(T::Charge, "2026-10-05", S::Done);
        let wrong = Line { ruled: Some("not_happened".to_owned()), ..line(T::Conviction, "2026-10-06", S::Done) };
        let unsure = Line { sure: false, ..line(T::Dismissal, "2026-10", S::Done) };
        for (lines, expected) in [
            (vec![], None),
            (vec![suspended.clone()], Some("suspended since 1 October 2026")),
            (
                vec![suspended.clone(), line(T::Arrest, "2026-10-02", S::Done), charged.clone(), wrong, unsure],
                Some("suspended since 1 October 2026; charged 5 October 2026"),
            ),
            (vec![suspended, line(T::Dismissal, "2026-11", S::Done)], Some("dismissed November 2026")),
            (vec![line(T::Trial, "2026", S::Announced)], None),
            (vec![line(T::Trial, "2026", S::Begun)], Some("on trial since 2026")),
        ] {
            assert_eq!(standing(&lines).as_deref(), expected);
        }
    }
}
