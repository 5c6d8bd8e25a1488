use super::*;
use crate::domain::{Certainty, DevelopmentType, EventStage, Keyword, WatchedBody, WatchedPerson};
use crate::stages::identity::{Known, Neighbour, Telling, copies, settle};

const PERSON: &str = "ida-crewe";

fn watchlist() -> Watchlist {
    Watchlist {
        persons: vec![WatchedPerson {
            id: PERSON.to_owned(),
            name: "Ida Crewe".to_owned(),
            ..WatchedPerson::default()
        }],
        bodies: vec![WatchedBody { id: "north".to_owned(), name: "North Police".to_owned(), ..WatchedBody::default() }],
        keywords: ["taser", "drone"]
            .map(|id| Keyword { id: id.to_owned(), alert: id == "taser", ..Keyword::default() })
            .to_vec(),
        ..Watchlist::default()
    }
}

fn report(kind: DevelopmentType, who: &str, date: &str, status: Status) -> Report {
    let text = format!("{who} {kind}.");
    Report {
        kind,
        who: vec![EntityRef { id: who.to_owned(), name: who.replace('-', " "), watched: false }],
        body: Vec::new(),
        about: Vec::new(),
        unnamed: Vec::new(),
        date: date.parse().ok(),
        status,
        stage: EventStage::Done,
        detail: String::new(),
        evidence: Evidence { span: Span::new(0, text.len()), text, marks: Vec::new() },
        certainty: Certainty::SURE,
        trace: Vec::new(),
    }
}

fn at() -> Timestamp {
    "2024-03-20T12:00:00Z".parse().unwrap()
}

/// Settles and judges an article called `name` with `known` before it.
fn judged(
    name: &str,
    text: &str,
    reports: &[Report],
    hits: &[KeywordHit],
    known: &Known,
) -> (Raised, Settlement, Vec<&'static str>) {
    judged_with(name, text, reports, hits, known, (false, &[]))
}

/// As [`judged`], of an article a change of which was alerted, or that is read again for somebody's past.
fn judged_with(
    name: &str,
    text: &str,
    reports: &[Report],
    hits: &[KeywordHit],
    known: &Known,
    (revised, past_of): (bool, &[String]),
) -> (Raised, Settlement, Vec<&'static str>) {
    let id = ArticleId::parse(name).unwrap();
    let telling = Telling { id: &id, url: None, outlet: None, agency: None, at: at(), text, reports };
    let mut settlement = settle(&telling, known, at());
    let told = Told {
        id: &id,
        headline: "",
        url: None,
        outlet: None,
        published: Some(at()),
        basis: Basis::Page,
        text,
        reports,
        keyword_hits: hits,
        catch_up: false,
        revised,
        past_of,
    };
    let raised = decide(&told, &mut settlement, &watchlist(), at());
    let classes = raised
        .alerts
        .iter()
        .map(|a| match a.content {
            AlertKind::Development { class: AlertClass::New, .. } => "new",
            AlertKind::Development { class: AlertClass::Late, .. } => "late",
            AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => unreachable!("settling raises none"),
            AlertKind::Keyword { .. } => "keyword",
        })
        .collect();
    (raised, settlement, classes)
}

#[test]
fn each_report_alone_is_judged_by_one_rule() {
    use DevelopmentType::{Charge, Statement};
    use Status::{Background, New};
    let unsure = |kind| Report {
        certainty: Certainty { attributed: false, ..Certainty::SURE },
        ..report(kind, PERSON, "2024-03-19", New)
    };
    for (told, rule, level) in [
        (report(Charge, PERSON, "2024-03-19", New), "new_development", Some(Level::Major)),
        (report(Charge, PERSON, "2019", New), "new_development", Some(Level::Major)),
        (report(Statement, PERSON, "2024-03-19", New), "new_development", Some(Level::Minor)),
        (report(Charge, PERSON, "2024-03-06", Background), "late_background", Some(Level::Major)),
        (report(Charge, PERSON, "2024-03", Background), "late_background", Some(Level::Major)),
        (report(Charge, PERSON, "2024-03-05", Background), "background", None),
        (report(Charge, PERSON, "2024-02", Background), "background", None),
        (report(Charge, PERSON, "", Background), "background", None),
        (report(Charge, "tom-blythe", "2024-03-19", New), "not_tracked", None),
        (unsure(Charge), "not_sure", None),
        (unsure(Statement), "new_development", Some(Level::Minor)),
    ] {
        let (raised, ..) = judged("a", "", std::slice::from_ref(&told), &[], &Known::default());
        assert_eq!(raised.decisions.len(), 1);
        assert_eq!(raised.decisions[0].rule, rule, "{told:?}");
        assert_eq!(raised.alerts.first().map(|a| a.level), level, "{told:?}");
        // What was not told for want of certainty, and nothing else, is left to the reader as a doubt.
        let doubts: Vec<_> = raised.doubts.iter().map(|d| (d.kind, d.concerns.clone(), d.reason.as_str())).collect();
        let expected = (Some(told.kind), vec![PERSON.to_owned()], "not sure to whom it happened");
        assert_eq!(doubts, if rule == "not_sure" { vec![expected] } else { Vec::new() });
    }
}

#[test]
fn who_only_speaks_of_an_event_is_not_concerned_by_it() {
    use DevelopmentType::{ReportPublished, Statement};
    let north = || EntityRef { id: "north".to_owned(), name: "North Police".to_owned(), watched: true };
    let mut published = report(ReportPublished, "the-watchdog", "2024-03-19", Status::New);
    let mut statement = report(Statement, "the-watchdog", "2024-03-19", Status::New);
    statement.about = vec![EntityRef { id: PERSON.to_owned(), name: "Ida Crewe".to_owned(), watched: true }];
    let tracked = |reports: &[Report]| {
        let (raised, ..) = judged("a", "", reports, &[], &Known::default());
        raised.alerts.iter().map(|a| (a.type_name(), a.tracked.join(" "))).collect::<Vec<_>>()
    };
    // Nobody else is watched: the statement tells whom it concerns.
    assert_eq!(tracked(&[published.clone(), statement.clone()]), [("report_published", PERSON.to_owned())]);
    published.body = vec![north()];
    assert_eq!(tracked(&[published, statement]), [("report_published", "north".to_owned())]);
}

#[test]
fn one_event_under_two_types_is_one_alert_with_all_it_concerns() {
    use DevelopmentType::{Dismissal, MisconductFinding};
    let mut finding = report(MisconductFinding, PERSON, "2024-03-19", Status::New);
    finding.body = vec![EntityRef { id: "north".to_owned(), name: "North Police".to_owned(), watched: true }];
    let dismissal = report(Dismissal, PERSON, "2024-03-19", Status::New);
    let (raised, ..) = judged("a", "", &[finding, dismissal], &[], &Known::default());
    assert_eq!(raised.alerts.len(), 1);
    assert_eq!(raised.alerts[0].type_name(), "dismissal");
    assert_eq!(raised.alerts[0].tracked, [PERSON, "north"]);
}

#[test]
fn an_event_is_alerted_once() {
    use DevelopmentType::Charge;
    let new = report(Charge, PERSON, "2024-03-19", Status::New);
    let (_, first, classes) = judged("a", "", std::slice::from_ref(&new), &[], &Known::default());
    assert_eq!(classes, ["new"]);
    let known = Known { developments: first.developments.into_iter().map(|(d, _)| d).collect(), articles: Vec::new() };
    let (raised, ..) = judged("b", "", &[new], &[], &known);
    assert!(raised.alerts.is_empty());
    assert_eq!(raised.decisions[0].rule, "already_alerted");
}

#[test]
fn what_was_only_recalled_is_alerted_when_it_is_told_as_new() {
    use DevelopmentType::Charge;
    let old = report(Charge, PERSON, "2024-02", Status::Background);
    let (_, first, classes) = judged("a", "", &[old], &[], &Known::default());
    assert!(classes.is_empty());
    let known = Known { developments: first.developments.into_iter().map(|(d, _)| d).collect(), articles: Vec::new() };
    let (_, settled, classes) = judged("b", "", &[report(Charge, PERSON, "2024-02-10", Status::New)], &[], &known);
    assert_eq!(classes, ["new"]);
    assert_eq!(settled.developments[0].0.alerted.len(), 1);
}

#[test]
fn a_keyword_alerts_once_for_each_cluster_of_copies() {
    let text = "The force is to give every one of its drivers a taser and two days of training before the summer, the \
                board heard on Monday from the officer who runs the fleet.";
    let hit = |id: &str| KeywordHit { keyword: id.to_owned(), sentence: "a taser".to_owned(), marks: Vec::new() };
    let (first, settlement, _) = judged("a", text, &[], &[hit("taser"), hit("drone"), hit("gone")], &Known::default());
    let rules: Vec<&str> = first.decisions.iter().map(|d| d.rule.as_str()).collect();
    assert_eq!(rules, ["keyword_new", "keyword_selects_only"]);
    assert_eq!(first.alerts.len(), 1);
    let neighbour = |keywords: &[&str]| Neighbour {
        id: ArticleId::parse("a").unwrap(),
        copies_of: settlement.copies_of.clone(),
        url: None,
        text: text.to_owned(),
        keywords: keywords.iter().map(|k| (*k).to_owned()).collect(),
    };
    assert!(!copies::sketch(text).is_empty());
    for (before, classes) in [(&["taser"][..], &[][..]), (&[], &["keyword"])] {
        let known = Known { developments: Vec::new(), articles: vec![neighbour(before)] };
        let (raised, _, got) = judged("b", &format!("Update. {text}"), &[], &[hit("taser")], &known);
        assert_eq!(got, classes);
        // The same alert of the same cluster has the same id, whichever article raises it.
        assert!(raised.alerts.iter().all(|a| a.id == first.alerts[0].id));
    }
}

#[test]
fn a_note_that_a_correction_told_is_no_news_in_a_copy_either() {
    let note = report(DevelopmentType::Correction, PERSON, "2024-03-20", Status::New);
    let text = "An earlier version of this article said otherwise of Ida Crewe, and a good deal more of the same.";
    let reports = std::slice::from_ref(&note);
    let (raised, settlement, classes) = judged_with("a", text, reports, &[], &Known::default(), (true, &[]));
    assert_eq!((classes.len(), raised.decisions[0].rule.as_str()), (0, "told_as_correction"));
    let neighbour = Neighbour {
        id: ArticleId::parse("a").unwrap(),
        copies_of: settlement.copies_of.clone(),
        url: None,
        text: text.to_owned(),
        keywords: Vec::new(),
    };
    let developments = settlement.developments.into_iter().map(|(d, _)| d).collect();
    let known = Known { developments, articles: vec![neighbour] };
    let (raised, _, classes) = judged("b", text, reports, &[], &known);
    assert_eq!((classes.len(), raised.decisions[0].rule.as_str()), (0, "already_alerted"), "{raised:#?}");
}

#[test]
fn what_is_read_again_for_somebodys_past_raises_only_that() {
    let ida = report(DevelopmentType::Charge, PERSON, "2024-03-19", Status::New);
    let hit = KeywordHit { keyword: "taser".to_owned(), sentence: String::new(), marks: Vec::new() };
    for (past, expected, rule) in [("north", &[][..], "no_part_of_the_past"), (PERSON, &["new"][..], "new_development")]
    {
        let past_of = [past.to_owned()];
        let hits = std::slice::from_ref(&hit);
        let (raised, _, classes) =
            judged_with("a", "", std::slice::from_ref(&ida), hits, &Known::default(), (false, &past_of));
        assert_eq!((classes.as_slice(), raised.decisions[0].rule.as_str()), (expected, rule), "{past}");
        assert!(raised.alerts.iter().all(|a| a.past_of == past_of), "{past}");
    }
}
