//! Tests of stories.

use super::*;
use crate::domain::{Certainty, EventStage};
use crate::stages::digest::sample::{development, report};
use DevelopmentType as T;

/// A development of the body "kent" as the tables show it: day, type, to whom, about whom, rare words, article.
type Row<'a> = (&'a str, T, &'a [&'a str], &'a [&'a str], &'a [&'a str], &'a str);

fn build(n: usize, (day, kind, who, about, words, article): &Row) -> Development {
    let entity = |id: &str| EntityRef { id: id.to_owned(), name: format!("Name {id}"), watched: false };
    let mut told = report(*kind, who, Certainty::SURE);
    told.about = about.iter().map(|id| entity(id)).collect();
    told.body = vec![entity("kent")];
    let mut out = development(&n.to_string(), day, EventStage::Done, &[(article, article, told)]);
    out.first_seen = format!("{day}T12:00:00Z").parse().unwrap();
    out.reports[0].rare_words = words.iter().map(|w| w.to_string()).collect();
    out
}

fn check(rows: &[Row], expected: &[&[usize]]) {
    let mut all: Vec<Development> = rows.iter().enumerate().map(|(n, row)| build(n, row)).collect();
    let place = |id: &DevelopmentId, all: &[Development]| {
        (0..rows.len())
            .find(|n| all.iter().any(|d| d.id == *id && d.id == DevelopmentId::derive(&[&n.to_string()])))
            .unwrap()
    };
    let found = stories(&all, "kent");
    let shown: Vec<Vec<usize>> = found.iter().map(|s| s.members.iter().map(|m| place(m, &all)).collect()).collect();
    assert_eq!(shown, expected);
    all.reverse();
    assert_eq!(stories(&all, "kent"), found, "the order in which they are given does not matter");
}

#[test]
fn a_shared_person_makes_a_story_until_time_takes_it_apart() {
    check(
        &[("2024-01-09", T::Arrest, &["ann"], &[], &[], "1"), ("2024-05-14", T::Charge, &["ann"], &[], &[], "2")],
        &[&[0, 1]],
    );
    check(
        &[("2018-01-09", T::Complaint, &["ann"], &[], &[], "1"), ("2024-05-14", T::Charge, &["ann"], &[], &[], "2")],
        &[&[0], &[1]],
    );
    // The victim of a death is who its inquest and the claim are about.
    check(
        &[
            ("2024-01-09", T::DeathAfterContact, &["victim"], &[], &[], "1"),
            ("2024-02-09", T::Charge, &["ann"], &[], &[], "2"),
            ("2024-05-14", T::Inquest, &[], &["victim"], &[], "3"),
        ],
        &[&[0, 2], &[1]],
    );
    // Who only speaks ties nothing together.
    check(
        &[
            ("2024-01-09", T::Apology, &["chief"], &["victim"], &[], "1"),
            ("2024-01-10", T::Statement, &["chief"], &["ann"], &[], "2"),
        ],
        &[&[0], &[1]],
    );
}

#[test]
fn rare_words_of_place_or_case_make_a_story_of_a_body() {
    check(
        &[
            ("2024-01-09", T::InvestigationOpened, &[], &[], &["Redcar", "Coatham", "Tuesday"], "1"),
            ("2024-01-20", T::Suspension, &["ann"], &[], &["Redcar", "Coatham"], "2"),
            ("2024-01-21", T::Suspension, &["bob"], &[], &["Redcar", "Tuesday"], "3"),
            ("2026-01-20", T::Inquiry, &[], &[], &["Redcar", "Coatham"], "4"),
        ],
        &[&[0, 1], &[2], &[3]],
    );
    // Persons who have nothing to do with each other stay apart, whatever place they share.
    check(
        &[
            ("2024-01-09", T::Arrest, &["ann"], &[], &["Redcar", "Coatham"], "1"),
            ("2024-01-20", T::Arrest, &["bob"], &[], &["Redcar", "Coatham"], "1"),
        ],
        &[&[0], &[1]],
    );
    // What one article brings together.
    check(
        &[
            ("2024-01-09", T::ReportPublished, &[], &[], &[], "1"),
            ("2024-01-10", T::Recommendation, &[], &[], &[], "1"),
            ("2024-01-11", T::PolicyChange, &[], &[], &[], "2"),
        ],
        &[&[0, 1], &[2]],
    );
}

#[test]
fn a_story_is_named_by_the_person_it_is_mostly_about() {
    let rows: &[Row] = &[
        ("2024-01-09", T::DeathAfterContact, &["victim"], &[], &[], "1"),
        ("2024-01-10", T::Charge, &["ann"], &["victim"], &[], "2"),
        ("2024-05-14", T::Statement, &["chief"], &["victim"], &[], "3"),
    ];
    let all: Vec<Development> = rows.iter().enumerate().map(|(n, row)| build(n, row)).collect();
    let found = stories(&all, "kent");
    assert_eq!(found.iter().map(|s| s.name.as_deref()).collect::<Vec<_>>(), [Some("victim")]);
    assert_eq!(found[0].id, StoryId::derive(&[all[0].id.as_str()]));
    assert!(stories(&[], "kent").is_empty());
}

#[test]
fn every_proceeding_names_each_type_once() {
    let all: Vec<T> = RULES.proceeding.iter().flat_map(|p| p.types.iter().copied()).collect();
    let once: BTreeSet<T> = all.iter().copied().collect();
    assert_eq!(all.len(), once.len());
    assert!(proceeding(T::Dismissal) < proceeding(T::MisconductFinding));
    assert_eq!(proceeding(T::Arrest), None);
}

#[test]
fn an_outcome_without_a_name_belongs_to_the_matter_that_the_words_tell() {
    // (earlier, later, ages of both, one matter)
    type Case<'a> = (Row<'a>, Row<'a>, [Option<u8>; 2], bool);
    let charge = |who: &'static [&'static str], words: &'static [&'static str], article: &'static str| {
        ("2024-01-09", T::Charge, who, &[][..], words, article)
    };
    let cleared = |who: &'static [&'static str], words: &'static [&'static str], article: &'static str| {
        ("2024-05-14", T::Acquittal, who, &[][..], words, article)
    };
    let cases: [Case; 8] = [
        // Two rare words, or one article that tells both.
        (charge(&[], &["Fennel", "Bridge"], "1"), cleared(&[], &["Fennel", "Bridge"], "2"), [None, None], true),
        (charge(&[], &["Fennel"], "1"), cleared(&[], &["Fennel"], "2"), [None, None], false),
        (charge(&[], &[], "2"), cleared(&[], &[], "2"), [None, None], true),
        // The name came later.
        (charge(&[], &["Fennel", "Bridge"], "1"), cleared(&["ann"], &["Fennel", "Bridge"], "2"), [None, None], true),
        // Another person, another age.
        (
            charge(&["bob"], &["Fennel", "Bridge"], "1"),
            cleared(&["ann"], &["Fennel", "Bridge"], "1"),
            [None, None],
            false,
        ),
        (
            charge(&[], &["Fennel", "Bridge"], "1"),
            cleared(&[], &["Fennel", "Bridge"], "2"),
            [Some(29), Some(41)],
            false,
        ),
        // The same age and one word.
        (charge(&[], &["Fennel"], "1"), cleared(&[], &["Fennel"], "2"), [Some(29), Some(29)], true),
        (charge(&[], &["Crown", "Court"], "1"), cleared(&[], &["Crown", "Court"], "2"), [None, None], false),
    ];
    for (n, (earlier, later, ages, expected)) in cases.iter().enumerate() {
        let mut both = [build(0, earlier), build(1, later)];
        for (development, age) in both.iter_mut().zip(ages) {
            let unnamed = age.map(|age| crate::domain::Descriptor { age: Some(age), ..Default::default() });
            development.reports[0].report.unnamed.extend(unnamed);
        }
        assert_eq!(one_matter(&both[1], &both[0]), *expected, "case {n}");
    }
    let mut elsewhere = build(0, &charge(&[], &["Fennel", "Bridge"], "1"));
    elsewhere.reports[0].report.body[0].id = "wexmoor".into();
    assert!(!one_matter(&build(1, &cleared(&[], &["Fennel", "Bridge"], "2")), &elsewhere), "another body");
}
