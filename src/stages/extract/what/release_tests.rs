//! Cases of what institutions do and what is said of them, one table a phenomenon. People, events and sentences are
//! invented.

use super::tests::reports;
use crate::domain::{Article, Block, BlockKind};

/// The types of what is read out of paragraphs divided by "|", in the order of the alphabet.
fn types(text: &str) -> Vec<String> {
    let blocks = text.split('|').map(|t| Block { kind: BlockKind::Paragraph, text: t.trim().to_owned() }).collect();
    let article = Article { blocks, published: "2024-06-06T09:00:00Z".parse().ok(), ..Article::default() };
    let mut out: Vec<String> = reports(&article).iter().map(|r| r.kind.to_string()).collect();
    out.sort();
    out
}

pub(super) fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(types(text), *expected, "{text}");
    }
}

#[test]
fn watchdogs_publish_and_recommend() {
    check(&[
        (
            "The Police Investigations and Review Commissioner has today laid its report into an arrest by Police Scotland before ministers.",
            &["report_published"],
        ),
        (
            "Our report on Kent Police is published today, the Independent Office for Police Conduct said.",
            &["report_published"],
        ),
        ("The Police Ombudsman for Northern Ireland found that PSNI officers missed chances.", &["report_published"]),
        ("A report from HMICFRS lists 14 failings at Kent Police.", &["report_published"]),
        ("We have made five recommendations to Kent Police, the IOPC said.", &["recommendation"]),
        ("Seven recommendations for Kent Police are set out by the police watchdog, the IOPC.", &["recommendation"]),
        ("Kent Police has been told by the inspectorate, HMICFRS, to improve its custody suites.", &["recommendation"]),
        ("Kent Police has published figures on burglary.", &[]),
    ]);
}

#[test]
fn who_oversees_opens_an_investigation() {
    check(&[
        ("The IOPC is looking into the actions of Kent Police officers.", &["investigation_opened"]),
        ("The IOPC will investigate how Kent Police handled the matter.", &["investigation_opened"]),
        (
            "The IOPC has begun an independent inquiry into how Kent Police handled the matter.",
            &["investigation_opened"],
        ),
        (
            "The Crown Office has instructed the PIRC to investigate the arrest of a man by Police Scotland officers.",
            &["investigation_opened"],
        ),
        ("The matter was referred to us by Kent Police, the IOPC said.", &["referral"]),
        ("Kent Police informed the IOPC of the crash on Monday.", &["referral"]),
        ("Police Scotland has launched an inquiry after a man was stabbed in Dundee.", &[]),
        ("Kent Police is considering the findings of the IOPC.", &[]),
    ]);
}

#[test]
fn prosecutors_rule_out_proceedings_against_officers() {
    check(&[
        (
            "Crown counsel instructed in April that there should be no proceedings against two Police Scotland officers.",
            &["investigation_closed"],
        ),
        (
            "The Crown Prosecution Service has decided that no Kent Police officer will be charged over the arrest.",
            &["investigation_closed"],
        ),
        (
            "The PPS said the test for prosecution was not met in the case of two PSNI officers.",
            &["investigation_closed"],
        ),
        ("The CPS decided that no charges would be brought against a man accused of theft, Kent Police said.", &[]),
    ]);
}

#[test]
fn deaths_at_the_hands_of_the_police_are_a_matter_of_conduct() {
    check(&[
        (
            "Jo Poll died in hospital on Sunday after he stopped breathing in the back of a Kent Police van.",
            &["death_after_contact"],
        ),
        ("Armed officers from Kent Police fatally shot a man in Dover on Monday.", &["death_after_contact"]),
        (
            "The IOPC is investigating the death of a man in Kent Police custody.",
            &["death_after_contact", "investigation_opened"],
        ),
        (
            "Jo Poll died after he was restrained by Police Scotland officers.|A fatal accident inquiry into his death will begin on 1 July.",
            &["death_after_contact", "inquest"],
        ),
        ("A man has died after being stabbed in Dover. Kent Police have arrested a teenager.", &[]),
        ("A man died in a crash on the A2. Kent Police officers attended and appeal for witnesses.", &[]),
    ]);
}

#[test]
fn two_frames_of_one_verb_tell_one_event() {
    check(&[(
        "The Crown Prosecution Service, which was sent a file on PC Ann Orr, of Kent Police, decided last month that she should not be charged.",
        &["investigation_closed"],
    )]);
}

#[test]
fn what_is_said_of_the_police() {
    let lead = "Kent Police is being investigated by the IOPC.";
    for (said, yes) in [
        ("Jordan Kell, an MP, said the chief constable should resign.", true),
        ("Jordan Kell, an MP, said that the search by Kent Police was unlawful.", true),
        ("The Police Federation has passed a vote of no confidence in the chief constable of Kent Police.", true),
        ("Kent Police has serious questions to answer, the Police Federation has said.", true),
        ("The Police Federation described the delay as unfair.", true),
        ("The Police Federation declined to comment.", false),
        ("Jordan Kell, an MP, said he welcomed the news.", false),
    ] {
        let told = types(&format!("{lead}|{said}"));
        assert_eq!(told.contains(&"statement".to_owned()), yes, "{said} {told:?}");
    }
}

#[test]
fn forces_pay_apologise_and_change_their_rules() {
    check(&[
        (
            "A woman who was strip-searched by Kent Police officers has received an apology from the force.",
            &["apology", "incident"],
        ),
        ("A nurse has been given £20,000 damages by Kent Police for her unlawful arrest.", &["settlement"]),
        (
            "Every Kent Police van is to be fitted with a camera, the force announced after a death in custody.",
            &["policy_change"],
        ),
    ]);
}
