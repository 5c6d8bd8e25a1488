//! How sentences are built: what hangs on a preposition, verbs told once, names that share a preposition, headlines without
//! a verb. People and events are invented.

use super::check;

#[test]
fn what_follows_a_preposition_that_might_have_opened_a_clause() {
    check(&[
        (
            "PC Ann Orr, of Kent Police, was found guilty after a trial at Luton Crown Court of assaulting a boy and was jailed.",
            &["conviction Ann Orr 2024-06-06 new", "sentence Ann Orr 2024-06-06 new"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, was bailed until July after being arrested on Monday.",
            &["arrest Lee Hale 2024-06-03 new"],
        ),
        (
            "Two years after that Sgt Lee Hale, of Kent Police, was acquitted of fraud at Luton Crown Court.",
            &["acquittal Lee Hale 2024-06-06 new"],
        ),
        (
            "Kent Police wrongly said that Leo Ash had been drinking before his arrest, and has since apologised to his family.",
            &["apology - 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn verbs_that_are_told_once_for_several() {
    check(&[
        (
            "PC Ann Orr was dismissed, PC Jo Pike cleared and Sgt Lee Hale given a written warning at a Kent Police misconduct hearing.",
            &[
                "dismissal Ann Orr 2024-06-06 new",
                "misconduct_cleared Jo Pike 2024-06-06 new",
                "misconduct_finding Lee Hale 2024-06-06 new",
            ],
        ),
        (
            "PC Ann Orr, of Kent Police, handed in her notice in March and now, so she says, sells boats.",
            &["resignation Ann Orr 2024-03 old"],
        ),
    ]);
}

#[test]
fn whom_a_description_and_a_preposition_mean() {
    check(&[
        (
            "The retrial of PC Ann Orr and PC Jo Pike, of Kent Police, has been fixed for 8 July at Luton.",
            &["trial Ann Orr+Jo Pike 2024-07-08 new"],
        ),
        (
            "A misconduct hearing for PC Ann Orr, of Kent Police, recently convicted of theft, will be held on 10 July.",
            &["misconduct_hearing Ann Orr 2024-07-10 new", "conviction Ann Orr - old"],
        ),
        (
            "A constable with Kent Police who sold the files of victims was jailed for a year at Luton Crown Court on Monday.",
            &["sentence (a constable) 2024-06-03 new", "incident - - old"],
        ),
        (
            "PC Lee Hale, of Kent Police, had told jurors he feared for his life, but they did not believe it and found him guilty of assault on Monday.",
            &["conviction Lee Hale 2024-06-03 new"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, said the watchdog closed its investigation into him on Monday.",
            &["investigation_closed Lee Hale 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn tenses_tell_what_is_recalled() {
    check(&[
        (
            "PC Ann Orr, of Kent Police, was jailed on Monday at Luton Crown Court, having admitted theft at an earlier hearing.",
            &["sentence Ann Orr 2024-06-03 new", "plea Ann Orr - old"],
        ),
        (
            "Kent Police has become the third force this year to be moved into special measures.",
            &["special_measures - 2024-06-06 new"],
        ),
        (
            "Already serving five years for fraud, ex-Kent Police sergeant Lee Hale was handed a further two years at Luton Crown Court on Monday.",
            &["sentence Lee Hale 2024-06-03 new", "sentence Lee Hale - old"],
        ),
        (
            "We can now confirm that PC Ann Orr, of Kent Police, was dismissed on Monday.",
            &["dismissal Ann Orr 2024-06-03 new"],
        ),
        ("Sgt Lee Hale's suspension from Kent Police was lifted on Monday.", &[]),
        (
            "Policing minister Jo Marsh has ruled out giving chief constables new powers to sack Kent Police officers.",
            &[],
        ),
    ]);
}

#[test]
fn what_courts_tribunals_and_forces_do_in_other_words() {
    check(&[
        (
            "The Police Appeals Tribunal substituted a final written warning for the dismissal of PC Ann Orr, of Kent Police, on Monday.",
            &["dismissal Ann Orr - old", "appeal Ann Orr 2024-06-03 new", "misconduct_finding Ann Orr 2024-06-03 new"],
        ),
        (
            "Kent Police is to scrap its stop and search squad from July, its chief constable said.",
            &["policy_change - 2024-07 new"],
        ),
        (
            "Ann Orr's complaint to the Independent Office for Police Conduct about Kent Police was not upheld.",
            &["complaint Ann Orr 2024-06-06 new"],
        ),
        (
            "PC Jo Pike of Kent Police will not be prosecuted over the crash, the Crown Prosecution Service has said.",
            &["investigation_closed Jo Pike 2024-06-06 new"],
        ),
        (
            "PC Jo Pike of Kent Police was told on Monday that he must face a disciplinary panel for gross misconduct.",
            &["misconduct_hearing Jo Pike 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn what_is_to_come_and_what_was_to_come() {
    check(&[
        (
            "Giles Marsh, a former chief constable who led Kent Police between 2017 and 2022, appeared at Luton Crown Court on Monday and denied fraud.",
            &["plea Giles Marsh 2024-06-03 new"],
        ),
        (
            "A former Kent Police sergeant, Lee Hale, will stand trial next year. | He appeared at Luton Crown Court on Monday and denied four counts of fraud. | Judge Jo Marsh fixed a trial for 14 January.",
            &["trial Lee Hale 2025-01-14 new", "plea Lee Hale 2024-06-03 new"],
        ),
        (
            "A misconduct hearing for PC Ann Orr, of Kent Police, which was due to open in April has been put off.",
            &["misconduct_hearing Ann Orr 2024-06-06 new"],
        ),
        (
            "HMICFRS has put Kent Police into special measures. | The force must submit a recovery plan to the inspectorate within 28 days.",
            &["special_measures - 2024-06-06 new", "recommendation - 2024-06-06 new"],
        ),
        (
            "A Kent Police constable has appeared in court charged with theft. | PC Lee Hale, 34, appeared before Luton magistrates on Monday.",
            &["charge Lee Hale 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn what_is_said_begins_with_a_noun_that_others_tell_of() {
    check(&[
        (
            "Kent Police said a constable based in Deal had been suspended on Monday.",
            &["suspension (a constable) 2024-06-03 new"],
        ),
        (
            "The watchdog said an officer of 33 had been arrested on Monday, Kent Police confirmed.",
            &["arrest (an officer) 2024-06-03 new"],
        ),
        (
            "A detention officer with Kent Police who had been due to appear before the same panel resigned in January.",
            &["resignation (a detention officer) 2024-01 old"],
        ),
        (
            "PC Ann Orr, of Kent Police, who had “lost her temper” with a colleague, was sacked on Monday.",
            &["dismissal Ann Orr 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn verbs_in_the_third_person_that_are_no_plurals() {
    check(&[
        (
            "A report by the police watchdog published on Monday says that Kent Police ignored calls.",
            &["report_published - 2024-06-03 new"],
        ),
        (
            "Officers used a stun gun on a man who was Tasered by Kent Police; the IOPC investigates deaths and has begun an investigation.",
            &["incident - - old", "investigation_opened - 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn adjectives_of_verdicts() {
    check(&[(
        "A jury at Dundee returned a not proven verdict on the charge of rape against Constable Lee Hale, of Police Scotland.",
        &["acquittal Lee Hale 2024-06-06 new"],
    )]);
}

#[test]
fn what_may_be_done_or_was_only_heard() {
    check(&[
        (
            "An accelerated misconduct hearing, which could see the officer dismissed without notice, will be held for PC Ann Orr, of Kent Police, on 10 July.",
            &["misconduct_hearing Ann Orr 2024-07-10 new"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, went on trial on Monday. | The sergeant punched a boy in the face, a court heard.",
            &["trial Lee Hale 2024-06-03 new"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, went on trial on Monday. | A court heard the sergeant had “shamed” the dead by sharing photographs of their bodies.",
            &["trial Lee Hale 2024-06-03 new"],
        ),
        (
            "PC Ann Orr, of Kent Police, told Luton Crown Court that she had reported Sgt Lee Hale for kicking a boy in the head.",
            &[],
        ),
        ("The IOPC made no recommendations to Kent Police.", &[]),
    ]);
}

#[test]
fn what_a_hearing_a_complaint_and_a_colleague_are() {
    check(&[
        (
            "The IOPC is investigating the death of Leo Ash in a Kent Police cell. | An inquest was opened on 7 May and adjourned. The full hearing will begin in Deal on 20 January.",
            &[
                "death_after_contact Leo Ash 2024-06-06 new",
                "investigation_opened - 2024-06-06 new",
                "inquest Leo Ash 2024-05-07 old",
                "inquest Leo Ash 2025-01-20 new",
            ],
        ),
        (
            "Another constable with the same force, Jo Pike, was found guilty of theft at Luton Crown Court on Monday, Kent Police said.",
            &["conviction Jo Pike 2024-06-03 new"],
        ),
        (
            "The IOPC began investigating Sgt Lee Hale, of Kent Police, in April after a complaint from a teenager's mother, Una Ash.",
            &["investigation_opened Lee Hale 2024-04 old", "complaint Una Ash - old"],
        ),
        (
            "The IOPC has criticised Kent Police over searches of children. | From 1 July, officers will have to switch on their cameras before they speak to anyone.",
            &["statement - 2024-06-06 new", "policy_change - 2024-07-01 new"],
        ),
    ]);
}

#[test]
fn what_stands_and_what_goes_on_is_no_news() {
    check(&[
        (
            "Sgt Lee Hale, of Kent Police, was charged with theft on Monday. | The sergeant has been on paid leave since the search of his home.",
            &["charge Lee Hale 2024-06-03 new", "suspension Lee Hale - old"],
        ),
        (
            "A public inquiry into undercover policing by the Metropolitan Police opened in Deal on Monday. | The inquiry heard that two officers had lied.",
            &["inquiry - 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn what_panels_appeal_judges_and_rules_bring() {
    check(&[
        (
            "Sgt Lee Hale, of Kent Police, used his rank to spare three friends a fine, a misconduct panel ruled on Monday.",
            &["misconduct_finding Lee Hale 2024-06-03 new"],
        ),
        (
            "The Court of Appeal knocked 18 months off the term of Sgt Lee Hale, of Kent Police, on Tuesday.",
            &["appeal Lee Hale 2024-06-04 new"],
        ),
        (
            "The IOPC has criticised Kent Police over searches of children. | Since 1 May only trained officers have been allowed to carry them out.",
            &["statement - 2024-06-06 new", "policy_change - 2024-05-01 old"],
        ),
        (
            "PC Jo Pike, of Kent Police, was accused of theft, but the sheriff ruled that she had no case to answer.",
            &["acquittal Jo Pike 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn asides_between_a_subject_and_its_verb() {
    check(&[
        (
            "Jo Pike has been standing in as chief constable of Kent Police since the last chief, Lee Hale, was suspended in January.",
            &["appointment Jo Pike 2024-01 old", "suspension Lee Hale 2024-01 old"],
        ),
        (
            "The rules meant to close that loophole came into force across Kent Police on Monday.",
            &["policy_change - 2024-06-03 new"],
        ),
        (
            "Restraint caused the death of Leo Ash after his arrest by Kent Police, Lord Balm found on Wednesday.",
            &["death_after_contact Leo Ash - old"],
        ),
        (
            "Members of the Kent Police and Crime Panel agreed by seven votes to four that Chief Constable Ann Orr should not be called upon to retire.",
            &[],
        ),
    ]);
}

#[test]
fn when_an_inquiry_began_and_what_came_of_it() {
    check(&[
        (
            "The Independent Office for Police Conduct has widened its inquiry into Sgt Lee Hale, of Kent Police, which began last October.",
            &["investigation_opened Lee Hale 2024-06-06 new", "investigation_opened Lee Hale 2023-10 old"],
        ),
        (
            "The Independent Office for Police Conduct, whose investigation into PC Ann Orr, of Kent Police, led to the charge last June, said that it would take no further action against her.",
            &["investigation_closed Ann Orr 2024-06-06 new", "investigation_opened Ann Orr - old"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, has resigned. | It means that an inquiry by the Independent Office for Police Conduct, which began in April, will be dropped.",
            &[
                "resignation Lee Hale 2024-06-06 new",
                "investigation_closed Lee Hale 2024-06-06 new",
                "investigation_opened Lee Hale 2024-04 old",
            ],
        ),
        (
            "Kent Police referred itself to the Independent Office for Police Conduct, which started an investigation on Wednesday.",
            &["referral - 2024-06-06 new", "investigation_opened - 2024-06-05 new"],
        ),
        (
            "His Majesty’s Inspectorate of Constabulary found that one in five calls to Kent Police went unanswered last autumn.",
            &["report_published - 2024-06-06 new"],
        ),
        (
            "Kent Police has begun to re-vet all of its 900 officers after two were found to have joined without declaring cautions.",
            &["vetting - 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn who_is_at_the_head_came_there_once() {
    check(&[
        (
            "Chief Constable Ann Orr, who has led Kent Police since 2019, was suspended on Monday.",
            &["suspension Ann Orr 2024-06-03 new", "appointment Ann Orr 2019 old"],
        ),
        (
            "Chief Constable Ann Orr, of Kent Police, was suspended on Monday. | Her deputy, Lee Hale, is now in temporary charge.",
            &["suspension Ann Orr 2024-06-03 new", "appointment Lee Hale 2024-06-06 new"],
        ),
        (
            "Jo Pike resigned on Wednesday evening as director general of the Independent Office for Police Conduct. | Ms Pike, a former diplomat who took over in 2021, had no comment.",
            &["resignation Jo Pike 2024-06-05 new", "appointment Jo Pike 2021 old"],
        ),
        // What is led is no post.
        ("Insp Ann Orr, of Kent Police, has led the inquiry into the burglaries since March.", &[]),
    ]);
}

#[test]
fn what_will_not_follow_is_an_outcome_where_those_who_decide_say_it() {
    check(&[
        (
            "Sergeant Ann Orr, of Kent Police, will face no misconduct hearing, the force said.",
            &["investigation_closed Ann Orr 2024-06-06 new"],
        ),
        ("PC Ann Orr, of Kent Police, remains on duty and faces no disciplinary action.", &[]),
        (
            "His Majesty’s Inspectorate of Constabulary found that one in five calls to Kent Police went unanswered. | Chief Constable Ann Orr has until 14 July to show how she will clear the backlog.",
            &["report_published - 2024-06-06 new", "recommendation - 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn the_dead_are_not_the_officer_of_the_lead() {
    check(&[
        (
            "A Kent Police marksman has been charged with the murder of a man who was shot in his van last year. | Leo Ash, 25, died in hospital. | The Crown Prosecution Service said it had authorised the charge against PC Lee Hale, 34.",
            &["charge Lee Hale 2024-06-06 new", "death_after_contact Leo Ash - old"],
        ),
        // But where the officer died, that is who is named.
        (
            "A Kent Police constable who was charged with assault has died. | Lee Hale, 25, was found dead at his home on Monday.",
            &["charge Lee Hale - old"],
        ),
    ]);
}

#[test]
fn what_was_to_have_been_was_not() {
    check(&[
        (
            "A disciplinary hearing for PC Ann Orr, of Kent Police, that was to have begun on October 13 will not now take place.",
            &[],
        ),
        (
            "A misconduct panel has found that PC Ann Orr, of Kent Police, lied. Allegations against PC Jo Pike were not proven.",
            &["misconduct_finding Ann Orr 2024-06-06 new", "misconduct_cleared Jo Pike 2024-06-06 new"],
        ),
        (
            "The inspectorate HMICFRS said that Kent Police had deteriorated since it was last inspected in 2022, when it was graded as good.",
            &["report_published - 2022 old"],
        ),
        (
            "PC Ann Orr had her clearance withdrawn in March and was discharged in April at what Kent Police called a gross incompetence meeting.",
            &["vetting Ann Orr 2024-03 old", "dismissal Ann Orr 2024-04 old"],
        ),
    ]);
}

#[test]
fn days_that_stand_beside() {
    check(&[
        (
            "Lee Hale, a constable with Kent Police, was charged in January with stealing a watch, two months after he was arrested.",
            &["charge Lee Hale 2024-01 old", "arrest Lee Hale 2023-11 old"],
        ),
        (
            "An inquest into the death of Leo Ash in a Kent Police cell was opened and put off in February.",
            &["death_after_contact Leo Ash - old", "inquest Leo Ash 2024-02 old"],
        ),
        (
            "Friends of Leo Ash, who died in a Kent Police cell, will march on Saturday week, 15 June.",
            &["protest - 2024-06-15 new", "death_after_contact Leo Ash - old"],
        ),
        (
            "In other news, Kent Police said that PC Ann Orr had been charged with assault and would go before magistrates on June 19.",
            &["charge Ann Orr 2024-06-06 new"],
        ),
        (
            "Sgt Lee Hale is to be prosecuted over the death of Leo Ash. | The CPS decided that there was not enough evidence to prosecute Insp Ann Orr, of Kent Police.",
            &["charge Lee Hale 2024-06-06 new", "investigation_closed Ann Orr 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn round_ups_head_their_paragraphs_with_an_area() {
    let told = super::reports(&super::article(
        "Kent. Sgt Lee Hale was dismissed on Monday for lying at a misconduct hearing. | Essex. PC Ann Orr was given a written warning at a misconduct hearing. | City of London. An inspector has been arrested.",
    ));
    let bodies: Vec<_> =
        told.iter().map(|r| r.body.iter().map(|b| b.id.as_str()).collect::<Vec<_>>().join("+")).collect();
    assert_eq!(bodies, ["kent-police", "essex-police", "city-of-london-police"]);
}

#[test]
fn what_happened_while_before_or_because_of_it() {
    check(&[
        (
            "A Kent Police sergeant caught drink-driving while off duty has been given a final written warning.",
            &["misconduct_finding (a kent police sergeant) 2024-06-06 new"],
        ),
        (
            "Former Kent Police detective Lee Hale has had his pension cut by 65 per cent after being jailed for corruption.",
            &["sentence Lee Hale - old"],
        ),
        (
            "Kent Police has launched an internal investigation after a video showed an officer kicking a man.",
            &["investigation_opened - 2024-06-06 new", "incident (an officer) - old"],
        ),
    ]);
}

#[test]
fn what_is_only_said_in_passing() {
    check(&[
        ("PC Lee Hale, of Kent Police, it is alleged, punched a boy in custody.", &[]),
        (
            "PC Lee Hale, of Kent Police, it emerged yesterday, has been suspended.",
            &["suspension Lee Hale 2024-06-05 new"],
        ),
        (
            "Kent Police would like to apologise to the family of Leo Ash, who died in a cell.",
            &["apology - 2024-06-06 new", "death_after_contact Leo Ash - old"],
        ),
        ("Kent Police would like to see PC Lee Hale dismissed.", &[]),
        (
            "Sgt Lee Hale, 45, of Kent Police, who denies the charge, and PC Ann Orr, 34, were charged with theft on Monday.",
            &["charge Lee Hale+Ann Orr 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn days_that_are_another_clauses() {
    check(&[
        (
            "Lee Hale, the Kent Police sergeant on duty when Leo Ash collapsed in a cell and died, was given a final written warning yesterday.",
            &["misconduct_finding Lee Hale 2024-06-05 new", "death_after_contact Leo Ash - old"],
        ),
        (
            "Lee Hale, the Kent Police sergeant that night, has been told that he will appear before a misconduct hearing next month.",
            &["misconduct_hearing Lee Hale 2024-07 new"],
        ),
        (
            "The IOPC has criticised Kent Police over searches of children. | Since January a strip search has had to be authorised by an inspector.",
            &["statement - 2024-06-06 new", "policy_change - 2024-01 old"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, was jailed on Monday. | PC Ann Orr will not face any misconduct proceedings, the force announced, because there was no case for her to answer.",
            &["sentence Lee Hale 2024-06-03 new", "misconduct_cleared Ann Orr 2024-06-06 new"],
        ),
        (
            "An article on 17 May said that Sgt Lee Hale, of Kent Police, was under investigation. That was wrong.",
            &["correction - 2024-06-06 new"],
        ),
    ]);
}
