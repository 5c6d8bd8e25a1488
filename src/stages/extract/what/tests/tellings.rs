//! Whole families of words in which reporters tell one thing, and near misses that tell nothing. People and events are
//! invented.

use super::{article, check, reports};

#[test]
fn who_is_put_out_of_a_force_and_who_goes() {
    check(&[
        ("Kent Police threw out PC Ann Orr on Monday for inventing overtime.", &["dismissal Ann Orr 2024-06-03 new"]),
        (
            "Sgt Lee Hale, of Kent Police, was drummed out of the force on Monday.",
            &["dismissal Lee Hale 2024-06-03 new"],
        ),
        ("Kent Police has given PC Ann Orr her marching orders.", &["dismissal Ann Orr 2024-06-06 new"]),
        (
            "PC Ann Orr, of Kent Police, was shown the door by a misconduct panel on Monday.",
            &["dismissal Ann Orr 2024-06-03 new"],
        ),
        ("Lee Hale was fired by Kent Police in 2019.", &["dismissal Lee Hale 2019 old"]),
        (
            "PC Ann Orr of Kent Police is out of a job after a misconduct panel met on Monday.",
            &["dismissal Ann Orr 2024-06-03 new"],
        ),
        ("Kent Police has dispensed with the services of Sgt Lee Hale.", &["dismissal Lee Hale 2024-06-06 new"]),
        (
            "Lee Hale has been barred from policing for life after a Kent Police panel met on Monday.",
            &["dismissal Lee Hale 2024-06-03 new"],
        ),
        (
            "Jo Marsh has landed the job of Police Ombudsman for Northern Ireland.",
            &["appointment Jo Marsh 2024-06-06 new"],
        ),
        ("Jo Marsh is to quit as chief constable of Kent Police in September.", &["resignation Jo Marsh 2024-09 new"]),
        (
            "The chief constable of Kent Police, Jo Marsh, will not seek a second term.",
            &["resignation Jo Marsh 2024-06-06 new"],
        ),
        ("PC Ann Orr of Kent Police handed in her warrant card on Monday.", &["resignation Ann Orr 2024-06-03 new"]),
        (
            "Jo Marsh is giving up the post of deputy chief constable of Kent Police.",
            &["resignation Jo Marsh 2024-06-06 new"],
        ),
        ("Jo Marsh will run Kent Police from August.", &["appointment Jo Marsh 2024-08 new"]),
        (
            "Kent Police is to have a new chief constable: Jo Marsh.",
            &["appointment (a new chief constable) 2024-06-06 new"],
        ),
        ("Kent Police threw out a claim by PC Ann Orr that she had been underpaid.", &[]),
        ("Kent Police kicked out the holders of the cup on Saturday.", &[]),
        ("PC Ann Orr of Kent Police will run the London Marathon in April.", &[]),
    ]);
}

#[test]
fn forces_are_let_out_of_special_measures() {
    check(&[
        ("Kent Police has been let out of special measures.", &["special_measures - 2024-06-06 new"]),
        ("HMICFRS freed Kent Police from enhanced monitoring on Monday.", &["special_measures - 2024-06-03 new"]),
        ("Kent Police slid into special measures on Monday.", &["special_measures - 2024-06-03 new"]),
        ("Inspectors have moved Kent Police into the “Engage” phase.", &["special_measures - 2024-06-06 new"]),
        ("Kent Police has come off the inspectorate's watch list.", &["special_measures - 2024-06-06 new"]),
        ("The hospital trust was let out of special measures on Monday, Kent Police were told.", &[]),
        ("Kent Police officers engage with schools every week.", &[]),
    ]);
}

#[test]
fn complaints_are_lodged_and_end() {
    check(&[
        (
            "Leo Ash, a baker, has made a formal complaint to Kent Police about being held for nine hours.",
            &["complaint Leo Ash 2024-06-06 new"],
        ),
        (
            "A complaint lodged by Leo Ash against two Kent Police constables was dismissed on Monday.",
            &["complaint Leo Ash 2024-06-03 new"],
        ),
        (
            "The IOPC has upheld Leo Ash's complaint that a Kent Police sergeant mocked him.",
            &["complaint Leo Ash 2024-06-06 new"],
        ),
        (
            "Leo Ash has written to the IOPC to complain that a Kent Police constable called him a tramp.",
            &["complaint Leo Ash 2024-06-06 new"],
        ),
        ("Leo Ash complained to Kent Police about the noise of his neighbours.", &[]),
    ]);
}

#[test]
fn juries_coroners_and_sheriffs_find() {
    check(&[
        (
            "Jurors at an inquest in Luton ruled on Monday that neglect by Kent Police custody staff contributed to the death of Leo Ash.",
            &["inquest Leo Ash 2024-06-03 new", "death_after_contact Leo Ash - old"],
        ),
        (
            "An inquest jury returned an open verdict on Monday on Leo Ash, who died in a Kent Police cell.",
            &["inquest Leo Ash 2024-06-03 new", "death_after_contact Leo Ash - old"],
        ),
        (
            "A sheriff ruled on Monday that the death of Leo Ash in a Police Scotland cell could have been prevented.",
            &["inquest Leo Ash 2024-06-03 new"],
        ),
        (
            "A fatal accident inquiry into the death of Leo Ash in police custody will begin on 12 August.",
            &["inquest Leo Ash 2024-08-12 new"],
        ),
        (
            "An inquest into the death of a cyclist, Leo Ash, opened on Monday, and Kent Police is looking for a lorry.",
            &[],
        ),
    ]);
}

#[test]
fn claims_are_brought_and_paid() {
    check(&[
        ("Kent Police has paid a five-figure sum to Leo Ash.", &["settlement Leo Ash 2024-06-06 new"]),
        ("Kent Police has handed a six-figure payout to Leo Ash.", &["settlement Leo Ash 2024-06-06 new"]),
        ("Kent Police has settled out of court with Leo Ash.", &["settlement Leo Ash 2024-06-06 new"]),
        (
            "Leo Ash, a farmer, has lodged claims against Kent Police over the loss of his gun.",
            &["legal_action Leo Ash 2024-06-06 new"],
        ),
        (
            "Leo Ash has lost his High Court challenge to Kent Police’s use of facial recognition.",
            &["legal_action Leo Ash 2024-06-06 new"],
        ),
        ("PC Ann Orr took Kent Police to an employment tribunal on Monday.", &["legal_action Ann Orr 2024-06-03 new"]),
        (
            "Kent Police unlawfully detained Leo Ash, a High Court judge ruled on Monday.",
            &["legal_action - 2024-06-03 new"],
        ),
        (
            "A judge ruled on Monday that Kent Police broke the law by keeping photographs of protesters.",
            &["legal_action - 2024-06-03 new"],
        ),
        (
            "Lawyers for Leo Ash, a farmer, went to the High Court on Monday to seek leave for a judicial review of a decision by Kent Police.",
            &["legal_action Leo Ash 2024-06-03 new"],
        ),
        ("Kent Police has paid £2m for forty new cars.", &[]),
        ("A Kent Police officer handed a cheque for £500 to a hospice on Monday.", &[]),
        ("Leo Ash has threatened to sue Kent Police.", &[]),
    ]);
}

#[test]
fn forces_say_sorry_in_other_words() {
    check(&[
        ("Kent Police has said sorry to the parents of Leo Ash.", &["apology - 2024-06-06 new"]),
        ("Kent Police has written to a widow to apologise for losing her file.", &["apology - 2024-06-06 new"]),
        ("Leo Ash has had a letter of apology from Kent Police.", &["apology - 2024-06-06 new"]),
        ("Kent Police has said sorry for the smell of its stables.", &[]),
        ("Kent Police apologised for delays on the A2.", &[]),
    ]);
}

#[test]
fn arrests_charges_and_pleas_in_other_words() {
    check(&[
        (
            "Sgt Lee Hale, of Kent Police, was being questioned on Monday on suspicion of theft.",
            &["arrest Lee Hale 2024-06-03 new"],
        ),
        (
            "Detectives were questioning PC Ann Orr of Kent Police on Monday over missing cash.",
            &["arrest Ann Orr 2024-06-03 new"],
        ),
        (
            "The Crown Office has served an indictment on PC Iain Rae of Police Scotland.",
            &["charge Iain Rae 2024-06-06 new"],
        ),
        ("Charges have been authorised against PC Ann Orr of Kent Police.", &["charge Ann Orr 2024-06-06 new"]),
        (
            "Prosecutors have decided not to charge PC Ann Orr of Kent Police over a crash.",
            &["investigation_closed Ann Orr 2024-06-06 new"],
        ),
        (
            "PC Ann Orr, of Kent Police, owned up in court on Monday to taking a gun home.",
            &["plea Ann Orr 2024-06-03 new"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, changed his plea to guilty at Luton Crown Court on Monday.",
            &["plea Lee Hale 2024-06-03 new"],
        ),
        (
            "Jurors were sworn in at Luton Crown Court on Monday in the case of PC Ann Orr, a Kent Police officer.",
            &["trial Ann Orr 2024-06-03 new"],
        ),
        ("A jury was sworn in on Monday to try a man accused of stabbing a Kent Police officer.", &[]),
        ("Kent Police is questioning a man over a burglary in Deal.", &[]),
    ]);
}

#[test]
fn verdicts_sentences_and_appeals_in_other_words() {
    check(&[
        (
            "Guilty: the Kent Police sergeant, Lee Hale, who drugged a colleague.",
            &["conviction Lee Hale 2024-06-06 new", "incident Lee Hale - old"],
        ),
        (
            "Sgt Lee Hale of Kent Police walked out of Luton Crown Court on Monday with a 14-month suspended sentence.",
            &["sentence Lee Hale 2024-06-03 new"],
        ),
        (
            "A sheriff ordered PC Iain Rae, of Police Scotland, to carry out 200 hours of unpaid work.",
            &["sentence Iain Rae 2024-06-06 new"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, was given a nine-year term at Luton Crown Court on Monday.",
            &["sentence Lee Hale 2024-06-03 new"],
        ),
        ("A judge sent PC Ann Orr of Kent Police to prison on Monday.", &["sentence Ann Orr 2024-06-03 new"]),
        (
            "Former PC Ann Orr of Kent Police has been granted permission to challenge her conviction for theft.",
            &["appeal Ann Orr 2024-06-06 new", "conviction Ann Orr - old"],
        ),
        (
            "Three judges have thrown out an attempt by former PC Ann Orr of Kent Police to have her conviction overturned.",
            &["appeal Ann Orr 2024-06-06 new"],
        ),
        ("A tribunal has ordered Kent Police to take back PC Ann Orr.", &["appeal Ann Orr 2024-06-06 new"]),
        (
            "The Court of Appeal has refused to cut the sentence of former Kent Police officer Lee Hale.",
            &["appeal Lee Hale 2024-06-06 new"],
        ),
        (
            "PC Ann Orr, of Kent Police, walked free on Monday after a jury took an hour to clear her of assault.",
            &["acquittal Ann Orr 2024-06-03 new"],
        ),
        ("The magistrates ordered the man who kicked PC Ann Orr to do unpaid work.", &[]),
    ]);
}

#[test]
fn hearings_and_their_outcomes_in_other_words() {
    check(&[
        (
            "A four-day hearing into claims that Sgt Lee Hale of Kent Police falsified forms will open on 24 June.",
            &["misconduct_hearing Lee Hale 2024-06-24 new"],
        ),
        (
            "Disciplinary proceedings against Sgt Lee Hale of Kent Police resumed on Monday.",
            &["misconduct_hearing Lee Hale 2024-06-03 new"],
        ),
        (
            "Sgt Lee Hale of Kent Police breached the standards of honesty, a panel in Luton ruled on Monday.",
            &["misconduct_finding Lee Hale 2024-06-03 new"],
        ),
        (
            "A misconduct panel has rejected every one of the claims that Sgt Lee Hale of Kent Police bullied junior staff.",
            &["misconduct_cleared Lee Hale 2024-06-06 new"],
        ),
        (
            "There was no case for PC Ann Orr of Kent Police to answer, the chair said on Monday.",
            &["misconduct_cleared Ann Orr 2024-06-03 new"],
        ),
        ("Sgt Lee Hale of Kent Police is on enforced leave.", &["suspension Lee Hale 2024-06-06 new"]),
        (
            "Kent Police has taken PC Ann Orr off duty while it examines her phone.",
            &["suspension Ann Orr 2024-06-06 new"],
        ),
        (
            "PC Ann Orr, of Kent Police, was told on Monday not to report for duty.",
            &["suspension Ann Orr 2024-06-03 new"],
        ),
        (
            "The panel heard that Sgt Lee Hale of Kent Police had breached the standards of honesty.",
            &["misconduct_hearing Lee Hale 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn inquiries_open_and_watchdogs_are_called_in() {
    check(&[
        (
            "Dame Ivy Lomas will chair the public inquiry into undercover policing by Kent Police.",
            &["inquiry - 2024-06-06 new"],
        ),
        (
            "The home secretary bowed to pressure and ordered a public inquiry into strip-searching by Kent Police.",
            &["inquiry - 2024-06-06 new"],
        ),
        ("A public inquiry into Kent Police heard its first evidence on Monday.", &["inquiry - 2024-06-03 new"]),
        ("Kent Police has called in the IOPC over the loss of a gun.", &["referral - 2024-06-06 new"]),
        ("Kent Police brought the death to the attention of the IOPC on Monday.", &["referral - 2024-06-03 new"]),
        ("A public inquiry into a housing estate opened on Monday.", &[]),
    ]);
}

#[test]
fn rules_change_campaigns_begin_and_people_march() {
    check(&[
        ("Kent Police officers will no longer use spit hoods on children.", &["policy_change - 2024-06-06 new"]),
        ("Kent Police officers will have to wear cameras from 1 July.", &["policy_change - 2024-07-01 new"]),
        ("Kent Police is to end stop and search from 1 July.", &["policy_change - 2024-07-01 new"]),
        (
            "The Police Federation has launched an app on which officers can report bullying.",
            &["launch - 2024-06-06 new"],
        ),
        (
            "A helpline for women abused by police officers was launched on Monday by Refuge.",
            &["launch - 2024-06-03 new"],
        ),
        (
            "A vigil for Leo Ash, who died in a Kent Police cell, was attended by 400 people on Sunday.",
            &["protest - 2024-06-02 new", "death_after_contact Leo Ash - old"],
        ),
        (
            "Some 40 women picketed the headquarters of Kent Police on Monday over its record on rape.",
            &["protest - 2024-06-03 new"],
        ),
        (
            "Hundreds marched through Luton on Saturday to demand justice for Leo Ash, who died in a Kent Police cell.",
            &["protest - 2024-06-01 new", "death_after_contact Leo Ash - old"],
        ),
        ("Kent Police has launched an app on which shopkeepers can report theft.", &[]),
        ("Hundreds marched through Luton on Saturday for the carnival, watched by Kent Police officers.", &[]),
        ("Kent Police warned drivers that it will no longer put up with speeding.", &[]),
    ]);
}

#[test]
fn acts_are_shown_and_told() {
    check(&[
        (
            "PC Ann Orr of Kent Police was filmed on Saturday kicking a man in the head.",
            &["incident Ann Orr 2024-06-01 new"],
        ),
        ("Sgt Lee Hale of Kent Police strangled his girlfriend in 2012.", &["incident Lee Hale 2012 old"]),
        ("A Kent Police van knocked down a boy in Luton.", &["incident (a boy) 2024-06-06 new"]),
        ("PC Ann Orr of Kent Police kicked down a door on Saturday to save a pensioner.", &[]),
        ("Prosecutors say that PC Ann Orr of Kent Police kicked a man in the head.", &[]),
        ("A police dog bit a burglar in Deal on Sunday.", &[]),
    ]);
}

#[test]
fn findings_are_named_as_a_source() {
    check(&[
        (
            "Kent Police takes too long to answer calls, says a report by HMICFRS.",
            &["report_published - 2024-06-06 new"],
        ),
        (
            "Victims are let down by Kent Police, according to findings released on Monday by HMICFRS.",
            &["report_published - 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn lines_that_no_full_stop_ends_are_headlines() {
    check(&[
        (
            "Trainee officer sacked for cheating in exam at Kent Police college",
            &["dismissal (trainee officer) 2024-06-06 new"],
        ),
        (
            "Watchdog clears Kent Police sergeant of misconduct over siege",
            &["misconduct_cleared (kent police sergeant) 2024-06-06 new"],
        ),
        ("Man jailed for nine years over attack on Kent Police officer", &[]),
    ]);
}

#[test]
fn whoever_speaks_for_others_is_no_part_of_a_proceeding() {
    check(&[
        (
            "Chief Constable Lee Hale of Kent Police resigned on Monday. | Ivy Tull, chair of the Kent Police Federation, said officers on the ground had warned for years that they were overwhelmed.",
            &["resignation Lee Hale 2024-06-03 new", "statement Ivy Tull 2024-06-06 new"],
        ),
        (
            "PC Ann Orr of Kent Police was jailed for two years on Monday. | Ivy Tull, chair of the Kent Police Federation, said it was wrong to judge officers by one of them.",
            &["sentence Ann Orr 2024-06-03 new", "statement Ivy Tull 2024-06-06 new"],
        ),
        (
            "PC Ann Orr of Kent Police was jailed for two years on Monday. | Ada Wistow, director of the Women's Law Centre, said the case exposed institutional sexism at the top of policing.",
            &["sentence Ann Orr 2024-06-03 new", "statement Ada Wistow 2024-06-06 new"],
        ),
        (
            "PC Ann Orr of Kent Police was jailed for two years on Monday. | Ada Wistow, chair of the panel, urged Orr to reflect.",
            &["sentence Ann Orr 2024-06-03 new"],
        ),
        (
            "PC Ann Orr of Kent Police was jailed for two years on Monday. | Ada Wistow, of the fire brigade, said the smoke was dangerous.",
            &["sentence Ann Orr 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn who_said_one_thing_called_for_another() {
    check(&[
        (
            "PC Ann Orr of Kent Police was suspended on Saturday. | Ada Wistow, a solicitor for the family, called for the officer to be prosecuted and said her client had a broken rib.",
            &["suspension Ann Orr 2024-06-01 new", "statement Ada Wistow 2024-06-06 new"],
        ),
        (
            "PC Ann Orr of Kent Police was filmed on Saturday kicking a man. | Ada Wistow told a meeting that people should not rush to judgment and called for the IOPC to be quick.",
            &["incident Ann Orr 2024-06-01 new", "statement Ada Wistow 2024-06-06 new"],
        ),
        (
            "Chief Constable Lee Hale of Kent Police resigned on Monday. | Ada Wistow said that trust would be hard to win and demanded that Kent Police get the basics right.",
            &["resignation Lee Hale 2024-06-03 new", "statement Ada Wistow 2024-06-06 new"],
        ),
        (
            "Chief Constable Lee Hale of Kent Police resigned on Monday. | Ada Wistow described the failings as \"outstandingly bad\".",
            &["resignation Lee Hale 2024-06-03 new", "statement Ada Wistow 2024-06-06 new"],
        ),
        (
            "PC Ann Orr of Kent Police was jailed for two years on Monday. | Ada Wistow called for a new bus stop and said the road was dangerous.",
            &["sentence Ann Orr 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn an_article_written_anew_the_next_day_has_that_day() {
    use crate::domain::{Block, BlockKind};
    let mut told = article(
        "The IOPC has opened an investigation into Kent Police. | Jo Orr, of the IOPC, said on Friday that it had begun.",
    );
    told.published = "2024-06-06T09:00:00Z".parse().ok();
    told.modified = "2024-06-07T09:00:00Z".parse().ok();
    told.blocks.push(Block {
        kind: BlockKind::CorrectionNote,
        text: "This article was amended on 7 June 2024 to say who began it.".to_owned(),
    });
    let date = |a: &crate::domain::Article| {
        let all = reports(a);
        let opened = all.iter().find(|r| r.kind == crate::domain::DevelopmentType::InvestigationOpened);
        opened.and_then(|r| r.date).map(|d| d.to_string())
    };
    assert_eq!(date(&told).as_deref(), Some("2024-06-07"));
    // Amended in a detail, it keeps the words of its first day.
    told.blocks[1].text = "Jo Orr, of the IOPC, said on Thursday that it had begun.".to_owned();
    assert_eq!(date(&told).as_deref(), Some("2024-06-06"));
}
