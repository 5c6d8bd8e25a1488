//! Headlines, invented.

use crate::domain::{Article, Basis, Block, BlockKind, Report};
use crate::stages::extract::doc::Doc;
use crate::stages::extract::what::tests::{reports, when, who};

/// What is read out of an entry whose page could not be had, paragraphs divided by "|".
fn read(text: &str) -> Vec<String> {
    let blocks = text.split('|').map(|t| Block { kind: BlockKind::Paragraph, text: t.trim().to_owned() }).collect();
    let article = Article {
        headline: text.split('|').next().map(|t| t.trim().to_owned()),
        blocks,
        published: "2024-06-06T09:00:00Z".parse().ok(),
        basis: Basis::HeadlineOnly,
        ..Article::default()
    };
    let tell = |r: &Report| {
        let body = r.body.iter().map(|b| b.name.clone()).collect::<Vec<_>>().join("+");
        format!("{} {} [{body}] {}", r.kind, who(r), when(r))
    };
    reports(&article).iter().map(tell).collect()
}

fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(read(text), *expected, "{text}");
    }
}

#[test]
fn a_participle_without_object_is_what_has_befallen_the_subject() {
    check(&[
        ("Sergeant Ada Marrick arrested", &["arrest Ada Marrick [] 2024-06-06 new"]),
        ("Dara Quill charged with fraud", &["charge Dara Quill [] 2024-06-06 new"]),
        (
            "Met officer jailed for three years over rape",
            &["sentence (met officer) [Metropolitan Police Service] 2024-06-06 new"],
        ),
        ("PC sacked for lying", &["dismissal (pc) [] 2024-06-06 new"]),
        ("Two officers cleared of assault", &["acquittal (two officers) [] 2024-06-06 new"]),
        (
            "Met officer accused of rape cleared",
            &["acquittal (met officer) [Metropolitan Police Service] 2024-06-06 new"],
        ),
        ("Kent Police PC held on suspicion of theft", &["arrest (kent police pc) [Kent Police] 2024-06-06 new"]),
        (
            "Kent Police officer suspended over messages",
            &["suspension (kent police officer) [Kent Police] 2024-06-06 new"],
        ),
        ("Inspector Lee Hale dismissed for gross misconduct", &["dismissal Lee Hale [] 2024-06-06 new"]),
        (
            "Kent Police detective barred from policing after misconduct hearing",
            &["dismissal (kent police detective) [Kent Police] 2024-06-06 new"],
        ),
        ("Kent Police referred to watchdog over chase death", &["referral - [Kent Police] 2024-06-06 new"]),
        (
            "Sgt Lee Hale arrested and charged with fraud",
            &["arrest Lee Hale [] 2024-06-06 new", "charge Lee Hale [] 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn some_participles_keep_an_object() {
    check(&[
        ("PC Ann Orr handed suspended sentence over data breach", &["sentence Ann Orr [] 2024-06-06 new"]),
        (
            "Ex-Met officer Lee Hale found guilty of rape",
            &["conviction Lee Hale [Metropolitan Police Service] 2024-06-06 new"],
        ),
        ("PC Ann Orr given final written warning over tweets", &["misconduct_finding Ann Orr [] 2024-06-06 new"]),
        (
            "Dara Quill appointed chief constable of Kent Police",
            &["appointment Dara Quill [Kent Police] 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn the_present_tells_what_has_just_happened() {
    check(&[
        ("Police chief quits", &["resignation (police chief) [] 2024-06-06 new"]),
        (
            "IOPC launches probe into Taser death",
            &["investigation_opened - [Independent Office for Police Conduct] 2024-06-06 new"],
        ),
        ("Kent Police apologises to family", &["apology - [Kent Police] 2024-06-06 new"]),
        (
            "Force apologises to family|Kent Police has said sorry for its failings.",
            &["apology - [Kent Police] 2024-06-06 new"],
        ),
        (
            "Met chief quits over 'culture of fear'",
            &["resignation (met chief) [Metropolitan Police Service] 2024-06-06 new"],
        ),
        ("PC Ann Orr faces trial over assault", &["trial Ann Orr [] 2024-06-06 new"]),
        (
            "Kent Police officers face misconduct hearing over chase",
            &["misconduct_hearing (kent police officers) [Kent Police] 2024-06-06 new"],
        ),
        ("Suspended Met officer resigns", &["resignation (met officer) [Metropolitan Police Service] 2024-06-06 new"]),
        ("Sgt Lee Hale admits assault at Luton Crown Court", &["plea Lee Hale [Luton Crown Court] 2024-06-06 new"]),
        ("Kent Police pays damages to wrongly arrested man", &["settlement (man) [Kent Police] 2024-06-06 new"]),
    ]);
}

#[test]
fn to_and_a_verb_is_announced() {
    check(&[
        ("Chief constable to retire", &["resignation (chief constable) [] 2024-06-06 new"]),
        ("Kent Police chief Jo Marsh to step down", &["resignation Jo Marsh [Kent Police] 2024-06-06 new"]),
        (
            "Watchdog to investigate Kent Police over custody death",
            &["investigation_opened - [Kent Police] 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn capitals_hide_no_verb() {
    check(&[
        (
            "Kent Police Officer Jailed For Three Years Over Rape",
            &["sentence (kent police officer) [Kent Police] 2024-06-06 new"],
        ),
        (
            "KENT POLICE OFFICER SACKED FOR LYING TO BOSSES",
            &["dismissal (kent police officer) [Kent Police] 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn what_is_denied_asked_or_only_claimed_stays_so() {
    check(&[
        ("Kent Police officer denies rape", &[]),
        ("Kent Police officer not charged over crash", &[]),
        ("Kent Police officer refuses to resign", &[]),
        ("Kent Police chief denies plan to quit", &[]),
        ("Should the Met chief resign?", &[]),
        ("Will Met officer be sacked?", &[]),
        ("Why Kent Police officer was not sacked", &[]),
        ("Met chief could face misconduct hearing", &[]),
        ("Kent Police officer may be sacked over tweets", &[]),
        ("Kent Police chief urged to resign", &[]),
        ("MP calls for Met chief to quit", &[]),
        ("Family demand Met officer is sacked", &[]),
        ("Met chief under pressure to quit", &[]),
        ("'Kent Police officer was sacked for speaking out', says union", &[]),
        ("Met chief 'set to quit', say sources", &[]),
        ("Kent Police officer 'jailed' by fake court", &[]),
        ("\u{2018}Met chief sacked officer for speaking out\u{2019}, says union", &[]),
    ]);
}

#[test]
fn everyday_crime_and_other_trades_give_nothing() {
    check(&[
        ("Ada Marrick charged with fraud", &[]),
        ("Man jailed for attacking Kent Police officer", &[]),
        ("Teenager charged with murder, Kent Police say", &[]),
        ("Kent Police arrest three men over burglary", &[]),
        ("Fraudster jailed after Kent Police probe", &[]),
        ("Police launch murder probe after body found", &[]),
        ("Four arrested as Kent Police officers injured in clashes", &[]),
        ("Prison officer jailed for affair with inmate", &[]),
        ("Bus driver sacked for shouting at officer", &[]),
        ("Watchdog to investigate water firm", &[]),
        ("Kent Police to hold open day", &[]),
        ("Kent Police apologises for late trains", &[]),
        ("Police dog retires", &[]),
        ("Fire chief quits", &[]),
        ("Two officers cleared snow from road", &[]),
        ("PC sales fall as computer firm quits", &[]),
        ("Striker suspended for three matches", &[]),
    ]);
}

#[test]
fn the_same_words_on_a_page_of_prose_are_no_headline() {
    let mut article = Article {
        blocks: vec![Block { kind: BlockKind::Paragraph, text: "Chief constable to retire".to_owned() }],
        ..Article::default()
    };
    let headline = |article: &Article| super::is_headline(&Doc::new(article), article, 0);
    assert!(!headline(&article));
    article.basis = Basis::HeadlineOnly;
    assert!(headline(&article));
}
