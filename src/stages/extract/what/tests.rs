//! Cases, one table a phenomenon. People, events and sentences are invented.

mod bindings;
mod chronicles;
mod constructions;
mod outcomes;
mod parses;
mod tellings;
mod wordings;

use super::Reader;
use crate::domain::{Article, Block, BlockKind, Report, Status, WatchedPerson, Watchlist};
use crate::stages::extract::{doc::Doc, quotes, who::Recogniser};

pub(super) fn article(text: &str) -> Article {
    let blocks = text.split('|').map(|t| Block { kind: BlockKind::Paragraph, text: t.trim().to_owned() }).collect();
    Article { blocks, published: "2024-06-06T09:00:00Z".parse().ok(), ..Article::default() }
}

/// The reports that are read out of `article`; Dara Quill is watched.
pub(super) fn reports(article: &Article) -> Vec<Report> {
    let doc = Doc::new(article);
    let watchlist = Watchlist {
        persons: vec![WatchedPerson { id: "dara-quill".into(), name: "Dara Quill".into(), ..WatchedPerson::default() }],
        ..Watchlist::default()
    };
    let named = Recogniser::new(&watchlist).recognise(&doc, article);
    let quotes = quotes::find(&doc, &named);
    Reader::new().read(&doc, article, &named, &quotes).0
}

/// To whom `report` happened: names, else the first description in brackets, else "-".
pub(super) fn who(report: &Report) -> String {
    if report.who.is_empty() {
        report.unnamed.first().map_or_else(|| "-".to_owned(), |u| format!("({})", u.text))
    } else {
        report.who.iter().map(|w| w.name.clone()).collect::<Vec<_>>().join("+")
    }
}

/// "date status" of `report`.
pub(super) fn when(report: &Report) -> String {
    let date = report.date.map_or_else(|| "-".to_owned(), |d| d.to_string());
    format!("{date} {}", if report.status == Status::New { "new" } else { "old" })
}

/// What is read out of paragraphs divided by "|", as "type who date status", one a line in the order of the text.
fn read(text: &str) -> Vec<String> {
    reports(&article(text)).iter().map(|r| format!("{} {} {}", r.kind, who(r), when(r))).collect()
}

pub(super) fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(read(text), *expected, "{text}");
    }
}

#[test]
fn an_officer_in_the_criminal_process() {
    check(&[
        ("PC Ann Orr, of Kent Police, was arrested on Monday.", &["arrest Ann Orr 2024-06-03 new"]),
        ("PC Ann Orr, of Kent Police, was charged with fraud on Tuesday.", &["charge Ann Orr 2024-06-04 new"]),
        (
            "PC Ann Orr, of Kent Police, pleaded guilty to theft at Luton Crown Court on Monday.",
            &["plea Ann Orr 2024-06-03 new"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, went on trial at Luton Crown Court on Monday.",
            &["trial Lee Hale 2024-06-03 new"],
        ),
        (
            "A jury at Luton Crown Court found PC Ann Orr guilty of assault on Monday.",
            &["conviction Ann Orr 2024-06-03 new"],
        ),
        (
            "PC Ann Orr was acquitted of assault by a jury at Luton Crown Court on Monday.",
            &["acquittal Ann Orr 2024-06-03 new"],
        ),
        ("PC Ann Orr was jailed for two years at Luton Crown Court on Monday.", &["sentence Ann Orr 2024-06-03 new"]),
        (
            "PC Ann Orr lodged an appeal against her conviction on Monday.",
            &["conviction Ann Orr - old", "appeal Ann Orr 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn discipline_and_employment() {
    check(&[
        ("PC Ann Orr was suspended from duty on Monday, Kent Police said.", &["suspension Ann Orr 2024-06-03 new"]),
        (
            "PC Ann Orr will face a misconduct hearing on 1 July, Kent Police said.",
            &["misconduct_hearing Ann Orr 2024-07-01 new"],
        ),
        (
            "PC Ann Orr was given a final written warning by a misconduct panel on Monday.",
            &["misconduct_finding Ann Orr 2024-06-03 new"],
        ),
        (
            "PC Ann Orr was cleared of gross misconduct by a panel on Monday.",
            &["misconduct_cleared Ann Orr 2024-06-03 new"],
        ),
        ("PC Ann Orr was dismissed without notice by Kent Police on Monday.", &["dismissal Ann Orr 2024-06-03 new"]),
        (
            "The panel ruled on Monday that PC Ann Orr would have been dismissed had she not resigned.",
            &["dismissal Ann Orr 2024-06-03 new", "resignation Ann Orr - old"],
        ),
        ("Chief Constable Jo Marsh, of Kent Police, resigned on Monday.", &["resignation Jo Marsh 2024-06-03 new"]),
        ("Jo Marsh was appointed chief constable of Kent Police on Monday.", &["appointment Jo Marsh 2024-06-03 new"]),
        ("Sgt Lee Hale had his vetting withdrawn by Kent Police in March.", &["vetting Lee Hale 2024-03 old"]),
    ]);
}

#[test]
fn scotland_and_northern_ireland_have_words_of_their_own() {
    check(&[
        (
            "PC Iain Rae, of Police Scotland, made no plea when he appeared on petition at Falkirk Sheriff Court on Monday.",
            &["charge Iain Rae 2024-06-03 new"],
        ),
        (
            "Charges against PC Iain Rae, of Police Scotland, were heard by a jury. He was found not proven on Monday at the High Court.",
            &["acquittal Iain Rae 2024-06-03 new"],
        ),
        (
            "The Police Ombudsman for Northern Ireland has begun an investigation into the PSNI.",
            &["investigation_opened - 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn what_did_not_happen_is_not_told() {
    check(&[
        ("PC Ann Orr, of Kent Police, has not been charged.", &[]),
        ("PC Ann Orr, of Kent Police, was never arrested.", &[]),
        ("No officer from Kent Police was dismissed.", &[]),
        ("Neither PC Ann Orr nor her colleague was suspended.", &[]),
        ("PC Ann Orr could be dismissed if she is convicted.", &[]),
        ("PC Ann Orr, of Kent Police, is expected to resign.", &[]),
        ("PC Ann Orr has failed to resign, Kent Police said.", &[]),
        ("PC Ann Orr remains suspended, Kent Police said.", &[]),
        ("PC Ann Orr was accused of lying to be promoted, Kent Police said.", &[]),
        ("Had PC Ann Orr been charged, she would have been suspended.", &[]),
        (
            "The panel ruled on Monday that PC Ann Orr would not have been dismissed had she not resigned.",
            &["resignation Ann Orr - old"],
        ),
    ]);
}

#[test]
fn two_people_in_one_sentence_each_have_their_own() {
    check(&[
        (
            "PC Ann Orr was jailed at Luton Crown Court on Monday while PC Lee Hale was cleared by the jury.",
            &["sentence Ann Orr 2024-06-03 new", "acquittal Lee Hale 2024-06-03 new"],
        ),
        (
            "PC Ann Orr was dismissed by a misconduct panel on Monday but PC Lee Hale, who had been suspended in 2022, was cleared.",
            &[
                "dismissal Ann Orr 2024-06-03 new",
                "suspension Lee Hale 2022 old",
                "misconduct_cleared Lee Hale 2024-06-03 new",
            ],
        ),
    ]);
}

#[test]
fn everyday_crime_gives_nothing() {
    check(&[
        ("A man has been charged with burglary, Kent Police said. Det Sgt Ann Orr said: “He robbed a widow.”", &[]),
        ("Karl Budd, 30, was jailed for spitting at PC Ann Orr, of Kent Police, on Monday.", &[]),
        ("Kent Police are appealing for witnesses. Two women were arrested on Monday and remain in custody.", &[]),
        ("The striker was suspended for two games and has lodged an appeal.", &[]),
        ("PC Ann Orr, of Kent Police, was given a bravery award at the annual awards on Monday.", &[]),
    ]);
}

#[test]
fn lead_and_detail_are_one_event() {
    check(&[
        (
            "A police sergeant has been arrested over stolen files.|Sgt Lee Hale, 40, of Kent Police, was held on suspicion of theft on Sunday.",
            &["arrest Lee Hale 2024-06-02 new"],
        ),
        (
            "Three Kent Police officers have been sacked.|Sgt Lee Hale and PCs Ann Orr and Bob Tye were dismissed by a misconduct panel on Monday.",
            &["dismissal Lee Hale+Ann Orr+Bob Tye 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn oversight_bodies_act() {
    check(&[
        (
            "Kent Police referred itself to the Independent Office for Police Conduct on Monday.",
            &["referral - 2024-06-03 new"],
        ),
        ("The IOPC has launched an investigation into Kent Police.", &["investigation_opened - 2024-06-06 new"]),
        ("Kent Police was moved into special measures by HMICFRS on Monday.", &["special_measures - 2024-06-03 new"]),
        ("HMICFRS published a report on Kent Police on Monday.", &["report_published - 2024-06-03 new"]),
        (
            "PC Ann Orr, of Kent Police, will face no further action, the IOPC said.",
            &["investigation_closed Ann Orr 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn a_report_is_told_as_the_source_of_what_it_found() {
    check(&[
        (
            "The failings of Kent Police officers exposed in an IOPC report yesterday are common, a campaigner said.",
            &["report_published - 2024-06-05 new"],
        ),
        (
            "The failings of Kent Police officers exposed in a newspaper report yesterday are common, a lawyer said.",
            &[],
        ),
        ("The body of a woman was found in a park by Kent Police officers yesterday, a report said.", &[]),
    ]);
}

#[test]
fn nouns_tell_events_of_their_owner() {
    check(&[
        (
            "PC Ann Orr, of Kent Police, faces a hearing. She has been at home since her suspension in May 2023.",
            &["suspension Ann Orr 2023-05 old"],
        ),
        (
            "The decision to charge Sgt Lee Hale, of Kent Police, was announced on Monday.",
            &["charge Lee Hale 2024-06-03 new"],
        ),
        (
            "PC Ann Orr, of Kent Police, was suspended on Monday. Campaigners called for her dismissal.",
            &["suspension Ann Orr 2024-06-03 new"],
        ),
        (
            "PC Ann Orr, of Kent Police, was suspended on Monday. She could face dismissal.",
            &["suspension Ann Orr 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn the_leading_aside_is_not_the_sentence() {
    check(&[
        (
            "In a decision handed down on Monday a misconduct panel dismissed PC Ann Orr, of Kent Police.",
            &["dismissal Ann Orr 2024-06-03 new"],
        ),
        (
            "The fraud squad is where Sgt Lee Hale, 47, a Kent Police officer, was arrested on Monday.",
            &["arrest Lee Hale 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn what_would_have_been_but_for_what_was() {
    check(&[(
        "Former PC Ann Orr, of Kent Police, would have been dismissed had she not retired in March.",
        &["dismissal Ann Orr 2024-06-06 new", "resignation Ann Orr 2024-03 old"],
    )]);
}

#[test]
fn any_text_is_read_without_a_panic() {
    let long = format!("He said that {}he left.", "she said that ".repeat(3_000));
    let list = format!("PC Ann Orr was arrested{}.", ", charged and jailed".repeat(1_000));
    let nested = format!("{}no{}", "“‘".repeat(500), "’”".repeat(500));
    let mixed =
        "PC Ann Orr, 29, “was, who that which: ; – arrested after before if unless by by of of in 31 February 0000-99";
    for text in [
        long.as_str(),
        list.as_str(),
        nested.as_str(),
        mixed,
        "",
        "\u{ad}\u{200b}’s",
        "was",
        "To be. Had. Who? Which that!",
    ] {
        read(text);
    }
    for (cut, _) in mixed.char_indices() {
        read(mixed.get(..cut).unwrap_or(""));
    }
}

/// Tellings are weighed pair by pair, so their number is bounded, and what is left unread is said.
#[test]
fn of_endless_lists_only_a_part_is_weighed_and_the_reader_says_so() {
    let surname =
        |n: usize| ["Ashby", "Birch", "Colley", "Drew", "Elm", "Frith", "Gale", "Holt", "Ives", "Judd"][n % 10];
    let read = |count: usize| {
        let line = |n: usize| {
            format!("Pc {}-{} {}, of Kent Police, was suspended.", surname(n), surname(n / 10), surname(n / 100))
        };
        let article = article(&(0..count).map(line).collect::<Vec<_>>().join(" "));
        let doc = Doc::new(&article);
        let named = Recogniser::new(&Watchlist::default()).recognise(&doc, &article);
        let quotes = quotes::find(&doc, &named);
        Reader::new().read(&doc, &article, &named, &quotes)
    };
    let said = |doubts: &[crate::domain::Doubt]| doubts.iter().any(|d| d.reason.contains("not read"));
    let (few, doubts) = read(20);
    assert!(few.len() > 10 && !said(&doubts), "{} {doubts:?}", few.len());
    let (many, doubts) = read(super::MOST_FINDINGS + 100);
    assert!(many.len() <= super::MOST_FINDINGS && said(&doubts), "{} {doubts:?}", many.len());
}
