//! Tests of composing.

use super::sample::{Case, at, development, full, input, report, slot, watchlist};
use super::*;
use crate::domain::{Certainty, DigestItem, DigestStory, Doubt};

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
        (Some(T::Statement), &["ellery"], &[]),
        (Some(T::Charge), &["ndcp"], &[]),
    ])
    .unwrap();
    let shown: Vec<String> = digest
        .sections
        .iter()
        .map(|s| {
            let items: Vec<String> = s
                .items()
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
            "Miriam Corran: charge +Westmarch Police +North Downs Constabulary Professional Standards",
            "Westmarch Police: inquest, statement",
            "North Downs Constabulary Professional Standards: charge",
            "Somebody Else: apology",
            // What has only minor developments comes behind what has major ones.
            "Daniel Ellery: statement",
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
    // What one hearing brought is one item, named by its outcome; what else there is stands beside it.
    check(
        &[
            (Some(T::MisconductFinding), &["corran"], &["corran"]),
            (Some(T::Dismissal), &["corran"], &["corran"]),
            (Some(T::Apology), &["corran"], &[]),
            (Some(T::Correction), &["ellery"], &[]),
        ],
        "Miriam Corran dismissed (also: apology); 1 correction",
    );
    check(&[(Some(T::Correction), &["ellery"], &[])], "Correction: Headline");
    // Under a body: who it was, where the sentence itself names them.
    for (evidence, expected) in [
        ("[Sgt Corran] was charged.", "Westmarch Police: Miriam Corran charged"),
        ("A police officer was charged.", "Westmarch Police: charge"),
    ] {
        let told = Case { evidence, ..case(1, Some(T::Charge), &["westmarch"]) }.told(&["corran"]);
        assert_eq!(compose(input(&watchlist(), vec![told])).unwrap().subject, expected);
    }
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
    let doubt = |headline: &str, evidence: &str| ReadingDoubt {
        headline: headline.into(),
        url: None,
        doubt: Doubt { kind: None, concerns: Vec::new(), evidence: evidence.into(), reason: "open".into() },
    };
    let mut twice = input(&list, vec![case(1, Some(DevelopmentType::Arrest), &["ellery"]).told(&[])]);
    twice.doubts =
        vec![doubt("h", "A."), doubt("copy", "“A”"), doubt("h", "B"), doubt("h", "C."), doubt("h", "It happened.")];
    twice.known_doubts = vec![doubt("yesterday", "b.")];
    let doubts = compose(twice).unwrap().doubts;
    assert_eq!(doubts.iter().map(|d| d.doubt.evidence.as_str()).collect::<Vec<_>>(), ["A.", "C."]);
}

#[test]
fn ids_of_digests_sort_by_time_and_keep_the_doubled_hour_apart() {
    let id = |t: &str| digest_id(at(t), "Europe/London").to_string();
    assert!(id("2024-05-15T06:30Z").starts_with("20240515-0730-"), "{}", id("2024-05-15T06:30Z"));
    assert_ne!(id("2024-10-27T00:30Z"), id("2024-10-27T01:30Z"));
    assert_eq!(id("2024-10-27T00:30Z"), id("2024-10-27T00:30Z"));
    assert_eq!(full().id, digest_id(slot().at, "Europe/London"));
}

#[test]
fn a_development_counts_its_articles_and_knows_whom_it_happened_to() {
    let unsure = Certainty { attributed: false, ..Certainty::SURE };
    let alert = case(1, Some(DevelopmentType::Arrest), &["ellery"]).alert();
    let told = |stage, certainty| {
        let r = report(DevelopmentType::Arrest, &["ellery"], certainty);
        let reports = [("1", "1", r.clone()), ("2", "1", r.clone()), ("2", "1", r.clone()), ("3", "3", r)];
        let mut development = development("d", "2024-05-14", stage, &reports);
        for (n, told) in development.reports.iter_mut().enumerate() {
            told.url = Some(format!("https://echo.example/{n}"));
        }
        Told::new(alert.clone(), Some(&development))
    };
    let sure = told(EventStage::Done, Certainty::SURE);
    assert_eq!((sure.articles, sure.independent_sources), (3, 2));
    assert_eq!(sure.happened_to.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["ellery"]);
    // Independent sources, not the copies; the alert's own article is not elsewhere.
    let links: Vec<&str> = sure.elsewhere.iter().map(|l| l.url.as_str()).collect();
    assert_eq!(links, ["https://echo.example/3"]);
    assert!(told(EventStage::Done, unsure).happened_to.is_empty());
    assert!(told(EventStage::Announced, Certainty::SURE).happened_to.is_empty());
    let alone = Told::new(alert.clone(), None);
    assert_eq!((alone.articles, alone.independent_sources), (1, 1));
}

/// The one story of a digest that tells `told` of `home`, about which `known` is stored.
fn one_story(told: Vec<Told>, home: &str, known: Vec<Development>) -> DigestStory {
    let list = watchlist();
    let mut input = input(&list, told);
    input.developments = BTreeMap::from([(home.to_owned(), known)]);
    let mut digest = compose(input).unwrap();
    digest.sections.remove(0).stories.remove(0)
}

#[test]
fn what_was_known_before_is_sure_earlier_and_of_the_same_person() {
    use DevelopmentType as T;
    let charge = || case(1, Some(T::Charge), &["westmarch", "ellery"]).told(&["ellery"]);
    let one = |id: &str, kind, date: &str, who: &[&str], stage, certainty| {
        development(id, date, stage, &[("1", "1", report(kind, who, certainty))])
    };
    let (done, sure) = (EventStage::Done, Certainty::SURE);
    let own = one("1", T::Charge, "2024-05-14", &["ellery"], done, sure);
    let all = vec![
        one("suspended", T::Suspension, "2024-01-10", &["ellery"], done, sure),
        one("arrested", T::Arrest, "2024-01-09", &["ellery"], done, sure),
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
            by_hand: crate::domain::ByHand::default(),
            ..one("later", T::Apology, "2024-05-14", &["ellery"], done, sure)
        },
        one("words", T::Statement, "2024-01-11", &["ellery"], done, sure),
        own,
    ];
    let kinds = |list: &[crate::domain::Standing]| list.iter().map(|s| s.kind).collect::<Vec<_>>();
    let story = one_story(vec![charge()], "ellery", all);
    assert_eq!(kinds(&story.known_before), [T::Arrest, T::Suspension, T::Referral]);
    // A body's other matters are not its story.
    let apology = case(1, Some(T::Apology), &["westmarch"]).told(&[]);
    let apart = vec![
        development("1", "2024-05-14", done, &[("1", "1", report(T::Apology, &[], sure))]),
        development("of 1", "2024-01-10", done, &[("9", "9", report(T::ReportPublished, &[], sure))]),
    ];
    assert!(one_story(vec![apology], "westmarch", apart).known_before.is_empty());
    // What the same digest tells is not known before.
    let told = vec![charge(), case(2, Some(T::Arrest), &["ellery"]).told(&["ellery"])];
    let known = vec![
        development("1", "2024-05-14", done, &[("1", "1", report(T::Charge, &["ellery"], sure))]),
        development("2", "2024-05-13", done, &[("2", "2", report(T::Arrest, &["ellery"], sure))]),
    ];
    assert!(one_story(told, "ellery", known).known_before.is_empty());
}

#[test]
fn what_is_due_next_is_fixed_for_a_day_to_come() {
    use DevelopmentType as T;
    let charge = case(1, Some(T::Charge), &["ellery"]).told(&["ellery"]);
    let one = |id: &str, date: &str, stage, certainty| {
        development(id, date, stage, &[("9", "9", report(T::MisconductHearing, &["ellery"], certainty))])
    };
    let (announced, sure) = (EventStage::Announced, Certainty::SURE);
    let known = vec![
        one("later", "2024-09-01", announced, sure),
        one("next", "2024-06-03", announced, sure),
        // Two articles, not joined, of one day.
        one("again", "2024-06-03", announced, sure),
        one("today", "2024-05-15", announced, sure),
        one("past", "2024-05-13", announced, sure),
        one("began", "2024-06-04", EventStage::Begun, sure),
        one("unsure", "2024-06-05", announced, Certainty { dated: false, ..sure }),
        one("some year", "2024", announced, sure),
        one("no day", "", announced, sure),
    ];
    let story = one_story(vec![charge], "ellery", known);
    let days: Vec<String> = story.due_next.iter().filter_map(|s| s.date).map(|d| d.to_string()).collect();
    assert_eq!(days, ["2024-05-15", "2024-06-03", "2024-09-01"]);
}

#[test]
fn what_an_amended_article_no_longer_says_is_not_told_as_fact() {
    use DevelopmentType as T;
    let mut dismissal = case(1, Some(T::Dismissal), &["ellery"]).told(&["ellery"]);
    let mut finding = case(2, Some(T::MisconductFinding), &["ellery"]).told(&["ellery"]);
    dismissal.alert.url = finding.alert.url.clone();
    finding.alert.published = Some(at("2024-05-14T19:00Z"));
    let list = watchlist();
    let digest = compose(input(&list, vec![finding, dismissal])).unwrap();
    assert_eq!(digest.subject, "Daniel Ellery: dismissal (since amended), misconduct finding");
    let marked: Vec<_> = digest.items().map(|i| (i.alert.type_name(), i.with.len(), i.amended_since)).collect();
    assert_eq!(marked, [("dismissal", 0, true), ("misconduct_finding", 0, false)]);
}

#[test]
fn what_one_hearing_brought_is_one_item() {
    use DevelopmentType as T;
    /// Type, day, to whom it happened.
    type Event<'a> = (T, &'a str, &'a str);
    let check = |events: &[Event], expected: &[&str]| {
        let told = events.iter().zip(1..).map(|((kind, date, who), n)| {
            let one = Case { date, ..case(n, Some(*kind), &["westmarch"]) };
            one.told(&[who])
        });
        let known = events.iter().zip(1..).map(|((kind, date, who), n): (_, u32)| {
            let n = n.to_string();
            development(&n, date, EventStage::Done, &[(n.as_str(), n.as_str(), report(*kind, &[who], Certainty::SURE))])
        });
        let list = watchlist();
        let mut input = input(&list, told.collect());
        input.developments = BTreeMap::from([("westmarch".to_owned(), known.collect())]);
        let digest = compose(input).unwrap();
        let items = digest.sections.iter().flat_map(|s| &s.stories).map(|story| {
            let kinds = |i: &DigestItem| i.alerts().map(Alert::type_name).collect::<Vec<_>>().join("+");
            story.items.iter().map(kinds).collect::<Vec<_>>().join(", ")
        });
        assert_eq!(items.collect::<Vec<_>>(), expected);
    };
    let (day, next) = ("2024-05-13", "2024-05-14");
    check(&[(T::MisconductFinding, day, "x"), (T::Dismissal, day, "x")], &["dismissal+misconduct_finding"]);
    check(&[(T::Conviction, day, "x"), (T::Sentence, next, "x")], &["conviction, sentence"]);
    check(&[(T::Arrest, day, "x"), (T::Suspension, day, "x")], &["arrest, suspension"]);
    // Two officers of two cases: two stories.
    check(&[(T::Dismissal, day, "x"), (T::Dismissal, day, "y")], &["dismissal", "dismissal"]);
    // Told by story, the one that comes first first.
    check(
        &[(T::Arrest, day, "x"), (T::Charge, next, "y"), (T::Suspension, next, "x")],
        &["arrest, suspension", "charge"],
    );
}

#[test]
fn what_was_known_before_stands_once_in_a_digest() {
    let standing = |n: &str| crate::domain::Standing {
        development: DevelopmentId::derive(&[n]),
        kind: DevelopmentType::Arrest,
        date: None,
        detail: n.to_owned(),
    };
    let story = |known: &[&str], due: &[&str]| DigestStory {
        id: crate::domain::StoryId::derive(&["s"]),
        name: None,
        items: Vec::new(),
        known_before: known.iter().map(|n| standing(n)).collect(),
        due_next: due.iter().map(|n| standing(n)).collect(),
    };
    let section =
        |stories| DigestSection { id: "x".into(), title: "X".into(), keyword: false, stories, minor: Vec::new() };
    let shown: Vec<(usize, usize)> = said_once(vec![
        section(vec![story(&["a", "b"], &["d"]), story(&["b", "c"], &[])]),
        section(vec![story(&["a", "c"], &["d", "a"])]),
    ])
    .iter()
    .flat_map(|s| &s.stories)
    .map(|s| (s.known_before.len(), s.due_next.len()))
    .collect();
    assert_eq!(shown, [(2, 1), (1, 0), (0, 1)]);
}

#[test]
fn somebodys_past_is_a_digest_of_its_own_under_the_new_name() {
    use DevelopmentType as T;
    let list = watchlist();
    let told = |past: bool| -> Vec<Told> {
        [case(1, Some(T::Charge), &["corran", "westmarch"]), case(2, Some(T::Arrest), &["westmarch"])]
            .iter()
            .map(|c| {
                let mut told = c.told(&[]);
                told.alert.past_of.extend(past.then(|| "westmarch".to_owned()));
                told
            })
            .collect()
    };
    let past = compose(input(&list, told(true))).unwrap();
    let plain = compose(input(&list, told(false))).unwrap();
    assert_eq!(past.id.as_str(), format!("{}-past", plain.id));
    assert!(past.subject.starts_with("Past: Westmarch Police"), "{}", past.subject);
    assert_eq!(past.sections.len(), 1, "under the name that is new, though another one comes first in the list");
    assert!(past.notices[0].starts_with("The past of Westmarch Police, watched since lately"), "{:?}", past.notices);
    assert!(!plain.subject.contains("Past") && plain.notices.is_empty(), "{:?}", plain.notices);
}
