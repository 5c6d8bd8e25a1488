//! Tests of composing.

use super::sample::{Case, at, full, input, slot, watchlist};
use super::*;
use crate::domain::{ArticleId, Certainty, DevelopmentReport, EntityRef, Evidence, Report, Span, Status};

fn case<'a>(n: u32, event: Option<DevelopmentType>, tracked: &'a [&'a str]) -> Case<'a> {
    Case { n, event, tracked, headline: "Headline", detail: "", date: "2024-05-14", evidence: "It happened." }
}

/// One told alert, as shown in the tables below: type, watched ids, and to whom it happened.
type Row<'a> = (Option<DevelopmentType>, &'a [&'a str], &'a [&'a str]);

fn compose_rows(rows: &[Row]) -> Option<Digest> {
    let told = rows
        .iter()
        .zip(1..)
        .map(|((event, tracked, happened_to), n)| case(n, *event, tracked).told(happened_to))
        .collect();
    compose(input(&watchlist(), told))
}

#[test]
fn nothing_to_say_is_no_digest() {
    let list = watchlist();
    let mut quiet = input(&list, Vec::new());
    quiet.slot.missed = true;
    quiet.notices = vec!["noted".to_owned()];
    assert_eq!(compose(quiet), None);
}

#[test]
fn sections_are_in_watchlist_order_and_each_development_is_told_once() {
    use DevelopmentType as T;
    let digest = compose_rows(&[
        (None, &["spit-hood"], &[]),
        (None, &["custody-death"], &[]),
        (Some(T::Apology), &["gone"], &[]),
        (Some(T::Statement), &["westmarch"], &[]),
        (Some(T::Inquest), &["westmarch"], &[]),
        (Some(T::Charge), &["ndcp", "westmarch", "corran"], &["corran"]),
        (Some(T::Arrest), &["ellery"], &["ellery"]),
    ])
    .unwrap();
    let shown: Vec<String> = digest
        .sections
        .iter()
        .map(|s| {
            let items: Vec<String> = s
                .items
                .iter()
                .map(|i| {
                    format!(
                        "{}{}",
                        i.alert.type_name(),
                        i.also_about.iter().map(|n| format!(" +{n}")).collect::<String>()
                    )
                })
                .collect();
            format!("{}: {}", s.title, items.join(", "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "Daniel Ellery: arrest",
            "Miriam Corran: charge +Westmarch Police +North Downs Constabulary Professional Standards",
            "Westmarch Police: inquest, statement",
            "Somebody Else: apology",
            "custody death: keyword",
            "spit hood: keyword",
        ]
    );
}

#[test]
fn the_order_of_alerts_does_not_matter() {
    let list = watchlist();
    let rows: Vec<Told> = (1..6).map(|n| case(n, Some(DevelopmentType::Arrest), &["ellery"]).told(&[])).collect();
    let forward = compose(input(&list, rows.clone()));
    assert_eq!(forward, compose(input(&list, rows.into_iter().rev().collect())));
}

#[test]
fn subjects_say_what_happened() {
    use DevelopmentType as T;
    let check = |rows: &[Row], expected: &str| {
        assert_eq!(compose_rows(rows).unwrap().subject, expected);
    };
    check(&[(Some(T::Arrest), &["ellery"], &["ellery"])], "Daniel Ellery arrested");
    // Nobody is said to be arrested who only stands in the sentence.
    check(&[(Some(T::Arrest), &["ellery"], &[])], "Daniel Ellery: arrest");
    check(&[(Some(T::Arrest), &["ellery", "corran"], &["corran"])], "Daniel Ellery: arrest");
    check(
        &[
            (Some(T::Arrest), &["ellery"], &["ellery"]),
            (Some(T::Suspension), &["ellery"], &["ellery"]),
            (Some(T::MisconductHearing), &["ndcp"], &[]),
            (Some(T::Statement), &["ndcp"], &[]),
            (None, &["spit-hood"], &[]),
        ],
        "Daniel Ellery arrested and suspended; NDCP: misconduct hearing; 2 more",
    );
    check(
        &[
            (Some(T::Statement), &["westmarch"], &[]),
            (Some(T::Statement), &["westmarch"], &[]),
            (None, &["spit-hood"], &[]),
        ],
        "Westmarch Police: statement (2); “spit hood” in 1 article",
    );
    check(&[(None, &["custody-death"], &[]), (None, &["custody-death"], &[])], "“custody death” in 2 articles");
}

#[test]
fn subjects_fit_one_line_and_count_what_they_leave_out() {
    let mut list = watchlist();
    list.persons.iter_mut().for_each(|p| p.name = format!("{} {}", p.name, "Featherstonehaugh\n".repeat(40)));
    let rows: &[(u32, DevelopmentType, &[&str])] = &[
        (1, DevelopmentType::InvestigationOpened, &["ellery"]),
        (2, DevelopmentType::DeathAfterContact, &["corran"]),
        (3, DevelopmentType::DeathAfterContact, &["westmarch"]),
        (4, DevelopmentType::Settlement, &["westmarch"]),
    ];
    let told = rows.iter().map(|(n, event, tracked)| case(*n, Some(*event), tracked).told(&[])).collect();
    let subject = compose(input(&list, told)).unwrap().subject;
    assert!(subject.chars().count() <= MAX_SUBJECT, "{subject}");
    assert!(subject.starts_with("Daniel Ellery Featherstonehaugh") && subject.ends_with("; 3 more"), "{subject}");
    assert!(!subject.contains('\n'));
}

#[test]
fn notices_tell_of_a_missed_hour_and_of_a_first_poll() {
    let digest = full();
    assert_eq!(
        digest.notices,
        ["Due on Wednesday 15 May 2024, 07:30, made at 09:12: the service was not running when it was due. It covers \
          everything since the last one."]
    );
    let list = watchlist();
    let arrest = || case(1, Some(DevelopmentType::Arrest), &["ellery"]).told(&["ellery"]);
    let mut first = arrest();
    first.alert.catch_up = true;
    let digest = compose(input(&list, vec![first.clone()])).unwrap();
    assert_eq!(digest.subject, "Catch-up: Daniel Ellery arrested");
    assert!(digest.notices.iter().any(|n| n.starts_with("Catch-up:")), "{:?}", digest.notices);
    let second = case(2, Some(DevelopmentType::Charge), &["corran"]).told(&["corran"]);
    let mixed = compose(input(&list, vec![first, second])).unwrap();
    assert_eq!(mixed.subject, "Daniel Ellery arrested; Miriam Corran charged");
    assert!(mixed.notices.iter().any(|n| n.contains("1 item comes from feeds")), "{:?}", mixed.notices);
}

#[test]
fn doubts_are_told_once() {
    let list = watchlist();
    let doubt = |reason: &str| Doubt { kind: None, concerns: Vec::new(), evidence: "A.".into(), reason: reason.into() };
    let mut twice = input(&list, vec![case(1, Some(DevelopmentType::Arrest), &["ellery"]).told(&[])]);
    twice.doubts = vec![("h".into(), doubt("x")), ("copy".into(), doubt("x")), ("h".into(), doubt("y"))];
    assert_eq!(compose(twice).unwrap().doubts.len(), 2);
}

#[test]
fn what_an_alert_of_the_digest_tells_is_in_doubt_no_more() {
    let list = watchlist();
    for (kind, concerns, kept) in [
        (Some(DevelopmentType::Arrest), &["ellery"][..], 0),
        (Some(DevelopmentType::Charge), &["ellery"], 1),
        (Some(DevelopmentType::Arrest), &["ellery", "other"], 1),
        (Some(DevelopmentType::Arrest), &[], 1),
        (None, &["ellery"], 1),
    ] {
        let concerns: Vec<String> = concerns.iter().map(|id| (*id).to_owned()).collect();
        let doubt = Doubt { kind, concerns, evidence: "A.".into(), reason: "x".into() };
        let mut case = input(&list, vec![case(1, Some(DevelopmentType::Arrest), &["ellery"]).told(&[])]);
        case.doubts = vec![("h".into(), doubt.clone())];
        assert_eq!(compose(case).unwrap().doubts.len(), kept, "{doubt:?}");
    }
}

#[test]
fn ids_of_digests_sort_by_time_and_keep_the_doubled_hour_apart() {
    let id = |t: &str| digest_id(at(t), "Europe/London").to_string();
    assert!(id("2024-05-15T06:30Z").starts_with("20240515-0730-"), "{}", id("2024-05-15T06:30Z"));
    assert_ne!(id("2024-10-27T00:30Z"), id("2024-10-27T01:30Z"));
    assert_eq!(id("2024-10-27T00:30Z"), id("2024-10-27T00:30Z"));
    assert_eq!(full().id, digest_id(slot().at, "Europe/London"));
}

fn report(kind: DevelopmentType, who: &[&str], certainty: Certainty) -> Report {
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

fn development(id: &str, date: &str, stage: EventStage, reports: &[(&str, &str, Report)]) -> Development {
    Development {
        id: DevelopmentId::derive(&[id]),
        kind: reports.first().map_or(DevelopmentType::Arrest, |(.., r)| r.kind),
        story: None,
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
    }
}

use crate::domain::DevelopmentId;

#[test]
fn a_development_counts_its_articles_and_knows_whom_it_happened_to() {
    let unsure = Certainty { attributed: false, ..Certainty::SURE };
    let alert = case(1, Some(DevelopmentType::Arrest), &["ellery"]).alert();
    let told = |stage, certainty| {
        let r = report(DevelopmentType::Arrest, &["ellery"], certainty);
        let reports = [("1", "1", r.clone()), ("2", "1", r.clone()), ("2", "1", r.clone()), ("3", "3", r)];
        Told::new(alert.clone(), Some(&development("d", "2024-05-14", stage, &reports)), Vec::new())
    };
    let sure = told(EventStage::Done, Certainty::SURE);
    assert_eq!((sure.articles, sure.independent_sources), (3, 2));
    assert_eq!(sure.happened_to, ["ellery"]);
    assert!(told(EventStage::Done, unsure).happened_to.is_empty());
    assert!(told(EventStage::Announced, Certainty::SURE).happened_to.is_empty());
    let alone = Told::new(alert.clone(), None, Vec::new());
    assert_eq!((alone.articles, alone.independent_sources), (1, 1));
}

#[test]
fn what_was_known_before_is_sure_earlier_and_of_the_same_person() {
    use DevelopmentType as T;
    let alert = case(1, Some(T::Charge), &["westmarch", "ellery"]).alert();
    let one = |id: &str, kind, date: &str, who: &[&str], stage, certainty| {
        development(id, date, stage, &[("1", "1", report(kind, who, certainty))])
    };
    let (done, sure) = (EventStage::Done, Certainty::SURE);
    let own =
        Development { id: DevelopmentId::derive(&["1"]), ..one("x", T::Charge, "2024-05-14", &["ellery"], done, sure) };
    let all = [
        one("suspended", T::Suspension, "2024-01-10", &["ellery"], done, sure),
        one("arrested", T::Arrest, "2024-01-09", &["ellery"], done, sure),
        one("of another", T::Arrest, "2024-01-08", &["corran"], done, sure),
        one("to come", T::Trial, "2024-06-03", &["ellery"], done, sure),
        one("only said", T::Complaint, "2024-01-03", &["ellery"], EventStage::Alleged, sure),
        one("unsure", T::Complaint, "2024-01-03", &["ellery"], done, Certainty { asserted: false, ..sure }),
        // Of the alert's own article ("1"), and not earlier.
        one("beside it", T::Apology, "2024-05-14", &["ellery"], done, sure),
        one("undated beside it", T::Incident, "", &["ellery"], done, sure),
        // Of another article of the same day.
        development("same day", "2024-05-14", done, &[("2", "2", report(T::Referral, &["ellery"], sure))]),
        // Told later on the same day, in an article that the digest tells as well.
        Development {
            first_seen: at("2024-05-14T20:00Z"),
            ..one("later", T::Apology, "2024-05-14", &["ellery"], done, sure)
        },
        one("words", T::Statement, "2024-01-11", &["ellery"], done, sure),
        own,
    ];
    let known: Vec<_> = known_before(&alert, &all, &watchlist()).iter().map(|s| s.kind).collect();
    assert_eq!(known, [T::Arrest, T::Suspension, T::Referral]);
    // A body's other matters are not its story.
    let of_body = case(1, Some(T::Apology), &["westmarch"]).alert();
    let apart = [one("report", T::ReportPublished, "2024-01-10", &["westmarch"], done, sure)];
    assert!(known_before(&of_body, &apart, &watchlist()).is_empty());
}
