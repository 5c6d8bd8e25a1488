//! An invented digest's ingredients, for the tests of composing and rendering.

use super::{Input, Slot, Told};
use crate::domain::*;
use jiff::Timestamp;
use std::collections::BTreeMap;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn watchlist() -> Watchlist {
    let person = |id: &str, name: &str| WatchedPerson { id: id.into(), name: name.into(), ..Default::default() };
    let body = |id: &str, name: &str, alias: &str| WatchedBody {
        id: id.into(),
        name: name.into(),
        aliases: vec![alias.to_owned()],
        ..Default::default()
    };
    let keyword =
        |id: &str, name: &str| Keyword { id: id.into(), name: name.into(), alert: true, ..Default::default() };
    Watchlist {
        persons: vec![person("ellery", "Daniel Ellery"), person("corran", "Miriam Corran")],
        bodies: vec![
            body("westmarch", "Westmarch Police", "the force"),
            body("ndcp", "North Downs Constabulary Professional Standards", "NDCP"),
        ],
        keywords: vec![keyword("custody-death", "custody death"), keyword("spit-hood", "spit hood")],
        ..Watchlist::default()
    }
}

/// The article `n` with `headline`, and what it tells of `tracked`; the mention stands between square brackets in `evidence`.
pub(crate) struct Case<'a> {
    pub(crate) n: u32,
    pub(crate) event: Option<DevelopmentType>,
    pub(crate) tracked: &'a [&'a str],
    pub(crate) headline: &'a str,
    pub(crate) detail: &'a str,
    pub(crate) date: &'a str,
    pub(crate) evidence: &'a str,
}

impl Case<'_> {
    pub(crate) fn alert(&self) -> Alert {
        let id = self.n.to_string();
        let mut text = String::new();
        let mut marks = Vec::new();
        for (i, part) in self.evidence.split(['[', ']']).enumerate() {
            if i % 2 == 1 {
                marks.push(Span::new(text.len(), text.len() + part.len()));
            }
            text.push_str(part);
        }
        let names = watchlist();
        let keyword = self.tracked.first().unwrap_or(&"").to_string();
        Alert {
            id: AlertId::derive(&[&id]),
            content: match self.event {
                Some(event) => AlertKind::Development {
                    development: DevelopmentId::derive(&[&id]),
                    event,
                    class: AlertClass::New,
                    date: self.date.parse().ok(),
                    detail: self.detail.into(),
                    who: Vec::new(),
                },
                None => AlertKind::Keyword { keyword },
            },
            level: match self.event {
                None | Some(DevelopmentType::Statement | DevelopmentType::Correction) => Level::Minor,
                Some(_) => Level::Major,
            },
            tracked: self.event.iter().flat_map(|_| self.tracked).map(|t| t.to_string()).collect(),
            tracked_names: self
                .event
                .iter()
                .flat_map(|_| self.tracked)
                .map(|t| super::name_of(t, &names).unwrap_or_else(|| "Somebody Else".to_owned()))
                .collect(),
            story: None,
            article: ArticleId::derive(&[&id]),
            headline: self.headline.into(),
            url: Some(format!("https://echo.example/news/{id}")),
            outlet: Some("Larchester Echo".into()),
            published: Some(at("2024-05-14T17:02Z")),
            basis: Basis::Page,
            evidence: Evidence { span: Span::new(0, text.len()), text, marks },
            raised: at("2024-05-14T17:20Z"),
            catch_up: false,
            corrects: Vec::new(),
            held: false,
            cautions: Vec::new(),
            past_of: Vec::new(),
        }
    }

    pub(crate) fn told(&self, happened_to: &[&str]) -> Told {
        let watchlist = watchlist();
        let named = |id: &&str| EntityRef {
            id: id.to_string(),
            name: super::name_of(id, &watchlist).unwrap_or_else(|| id.to_string()),
            watched: true,
        };
        let alert = self.alert();
        let development = match &alert.content {
            AlertKind::Development { development, .. } => Some(development.clone()),
            AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => None,
        };
        let happened_to = happened_to.iter().map(named).collect();
        Told { happened_to, development, ..Told::new(alert, None) }
    }
}

/// A report of `who`, without date or evidence.
pub(crate) fn report(kind: DevelopmentType, who: &[&str], certainty: Certainty) -> Report {
    let who = who.iter().map(|id| EntityRef { id: id.to_string(), name: id.to_string(), watched: true }).collect();
    Report {
        kind,
        who,
        body: Vec::new(),
        about: Vec::new(),
        unnamed: Vec::new(),
        date: None,
        status: Status::New,
        stage: EventStage::Done,
        detail: "detail".into(),
        evidence: Evidence { text: String::new(), span: Span::new(0, 0), marks: Vec::new() },
        certainty,
        trace: Vec::new(),
    }
}

/// A development first told at 10:00 on 14 May 2024 by `reports`: article, cluster of copies, report.
pub(crate) fn development(id: &str, date: &str, stage: EventStage, reports: &[(&str, &str, Report)]) -> Development {
    Development {
        id: DevelopmentId::derive(&[id]),
        story: None,
        kind: reports.first().map_or(DevelopmentType::Arrest, |(.., r)| r.kind),
        stage,
        date: date.parse().ok(),
        reports: reports
            .iter()
            .map(|(article, cluster, report)| DevelopmentReport {
                article: ArticleId::derive(&[article]),
                index: 0,
                report: Report { stage, ..report.clone() },
                at: at("2024-05-14T10:00Z"),
                outlet: None,
                agency: None,
                url: None,
                copies_of: ArticleId::derive(&[cluster]),
                rare_words: Vec::new(),
                grounds: Vec::new(),
            })
            .collect(),
        merged: Vec::new(),
        alerted: Vec::new(),
        first_seen: at("2024-05-14T10:00Z"),
        by_hand: ByHand::default(),
    }
}

pub(crate) fn slot() -> Slot {
    let at_end = at("2024-05-15T06:30Z");
    Slot { at: at_end, from: at("2024-05-14T06:30Z"), to: at_end, missed: false }
}

pub(crate) fn input(watchlist: &Watchlist, told: Vec<Told>) -> Input<'_> {
    Input {
        slot: slot(),
        zone: "Europe/London",
        watchlist,
        told,
        developments: BTreeMap::new(),
        doubts: Vec::new(),
        known_doubts: Vec::new(),
        articles_read: 214,
        sources: SourcesSummary { total: 61, healthy: 61, notes: Vec::new() },
        notices: Vec::new(),
        flood: None,
    }
}

/// Everything that a digest can hold, once.
pub(crate) fn full() -> Digest {
    use DevelopmentType as T;
    let watchlist = watchlist();
    let case = |n, event, tracked, headline, detail, date, evidence| Case {
        n,
        event,
        tracked,
        headline,
        detail,
        date,
        evidence,
    };
    let mut arrest = case(
        1,
        Some(T::Arrest),
        &["westmarch", "ellery"],
        "Officer arrested over leaked custody footage",
        "on suspicion of misconduct in public office",
        "2024-05-14",
        "[Sergeant Daniel Ellery], 41, of Westmarch Police, was arrested on Tuesday on suspicion of misconduct in public \
         office, the watchdog said.",
    )
    .told(&["ellery"]);
    arrest.articles = 9;
    arrest.independent_sources = 2;
    arrest.elsewhere = vec![
        DigestLink { outlet: Some("Westmarch Gazette".into()), url: "https://gazette.example/ellery-arrested".into() },
        DigestLink { outlet: None, url: "https://www.watchdog.example/statements/17".into() },
    ];
    let mut suspension =
        case(2, Some(T::Suspension), &["ellery"], "Ellery suspended", "", "", "[Ellery] has been suspended.")
            .told(&["ellery"]);
    suspension.alert.basis = Basis::HeadlineOnly;
    let mut late = case(
        3,
        Some(T::ReportPublished),
        &["westmarch"],
        "What the inspectors found at Westmarch",
        "custody inspection",
        "2024-05-03",
        "Inspectors found that [the force] had “no grip” on how long people were held.",
    )
    .told(&[]);
    if let AlertKind::Development { class, .. } = &mut late.alert.content {
        *class = AlertClass::Late;
    }
    late.articles = 2;
    late.independent_sources = 2;
    let statement = case(
        4,
        Some(T::Statement),
        &["westmarch"],
        "Federation calls report “unfair”",
        "",
        "2024-05-14",
        "The Federation branch said the report on [Westmarch Police] was unfair.",
    )
    .told(&[]);
    let hit = case(
        5,
        None,
        &["custody-death"],
        "Coroner adjourns Aldmoor inquest",
        "",
        "",
        "The inquest into a [custody death] in Aldmoor was put off until June.",
    )
    .told(&[]);
    let of_hearing = |n, event, evidence| {
        let detail = if n == 6 { "without notice" } else { "gross misconduct" };
        case(n, Some(event), &["corran", "westmarch"], "Corran sacked over messages", detail, "2024-05-14", evidence)
    };
    let dismissal = of_hearing(
        6,
        T::Dismissal,
        "[Miriam Corran] was dismissed without notice on Tuesday and will be put on the list of barred officers.",
    )
    .told(&["corran"]);
    let finding = of_hearing(
        7,
        T::MisconductFinding,
        "The panel found that [the sergeant] had sent 31 messages and that this was gross misconduct.",
    )
    .told(&["corran"]);
    let correction = case(
        8,
        Some(T::Correction),
        &["ndcp"],
        "Professional Standards did not close the case",
        "",
        "2024-05-14",
        "An earlier version of this article said that [NDCP] had closed the case; it has not.",
    )
    .told(&[]);
    let told = vec![hit, statement, late, finding, dismissal, correction, suspension, arrest];
    let mut input = input(&watchlist, told);
    let of = |n: &str, kind, date: &str, detail: &str, stage, who: &str| {
        let report = Report { detail: detail.into(), ..report(kind, &[who], Certainty::SURE) };
        development(n, date, stage, &[("old", "old", report)])
    };
    let (done, announced) = (EventStage::Done, EventStage::Announced);
    input.developments = BTreeMap::from([
        (
            "ellery".to_owned(),
            vec![
                of("a", T::Complaint, "2023-11", "", done, "ellery"),
                of("b", T::Referral, "2024-01-10", "to the watchdog", done, "ellery"),
                of("c", T::MisconductHearing, "2024-07-02", "a hearing in public", announced, "ellery"),
                of("d", T::Trial, "2024-05-01", "put off since", announced, "ellery"),
                of("1", T::Arrest, "2024-05-14", "", done, "ellery"),
                of("2", T::Suspension, "", "", done, "ellery"),
            ],
        ),
        (
            "corran".to_owned(),
            vec![
                of("e", T::Suspension, "2023-10-02", "from all duties", done, "corran"),
                of("6", T::Dismissal, "2024-05-14", "", done, "corran"),
                of("7", T::MisconductFinding, "2024-05-14", "", done, "corran"),
            ],
        ),
    ]);
    input.slot.missed = true;
    input.slot.to = at("2024-05-15T08:12Z");
    input.doubts = vec![ReadingDoubt {
        headline: "Corran given 12 weeks".to_owned(),
        url: Some("https://echo.example/news/hexley-court".to_owned()),
        doubt: Doubt {
            kind: Some(T::Sentence),
            concerns: vec!["corran".to_owned()],
            evidence: "Corran was given 12 weeks by magistrates in Hexley.".to_owned(),
            reason: "another Corran? The page names no force and no first name.".to_owned(),
        },
    }];
    input.sources = SourcesSummary {
        total: 61,
        healthy: 59,
        notes: vec![
            SourceNote { name: "Aldmoor Star".into(), message: "nothing new for 4 days".into() },
            SourceNote { name: "Inspectorate".into(), message: "refuses its pages (HTTP 403)".into() },
        ],
    };
    super::compose(input).unwrap()
}
