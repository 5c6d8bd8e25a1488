//! Who is meant: the officers of a lead, those who only speak or sit over a case, and how the words hang together.

use super::check;

#[test]
fn the_officer_of_a_lead_is_named_next() {
    check(&[
        (
            "Kent Police's chief constable has been sacked without notice. | Lee Hale wore a medal that he had never earned.",
            &["dismissal Lee Hale 2024-06-06 new"],
        ),
        (
            "A Kent Police marksman has been cleared of murder. | Lee Hale, 40, fired a single shot. | Jurors took an hour to find the firearms officer not guilty.",
            &["acquittal Lee Hale 2024-06-06 new"],
        ),
        (
            "A Kent Police constable wept as he was cleared of theft at Luton Crown Court; Lee Hale had denied the charge.",
            &["acquittal Lee Hale 2024-06-06 new", "plea Lee Hale - old"],
        ),
        // Not who tells of it, who sits over it, or whom the police met.
        (
            "A Kent Police constable has been sacked. | Detective Superintendent Ann Orr said: \"He let us down.\"",
            &["dismissal (a kent police constable) 2024-06-06 new"],
        ),
        (
            "A Kent Police constable accused of racism during a traffic stop has been cleared of misconduct by a panel. | Sam Tully was pulled over by two officers in May. | PC Lee Hale did not breach standards, the panel found.",
            &["misconduct_cleared Lee Hale 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn officers_of_a_lead_are_those_named_together() {
    check(&[
        (
            "Two Kent Police officers have been sacked. | PC Ann Orr and PC Lee Hale lied to a panel. | Both men will lose their pay.",
            &["dismissal Ann Orr+Lee Hale 2024-06-06 new"],
        ),
        (
            "Two serving Kent Police officers and one former officer are to be charged with fraud. | PC Ann Orr, PC Lee Hale and former PC Jo Dent will appear in court in July.",
            &["charge Ann Orr+Lee Hale+Jo Dent 2024-06-06 new"],
        ),
        (
            "Two retired Kent Police officers have been acquitted of perverting the course of justice. | Former Ch Supt Lee Hale, 80, and former Det Insp Jo Dent, 74, had denied it.",
            &["acquittal Lee Hale+Jo Dent 2024-06-06 new"],
        ),
        (
            "Kent Police has paid damages to two women arrested at a vigil. | Ivy Lomas and Una Tully were held for nine hours.",
            &["settlement Ivy Lomas+Una Tully 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn ranks_in_short() {
    check(&[
        ("Det Con Ann Orr was sacked on Monday.", &["dismissal Ann Orr 2024-06-03 new"]),
        ("Trainee Det Con Ann Orr was sacked on Monday.", &["dismissal Ann Orr 2024-06-03 new"]),
        ("T/DC Lee Hale was jailed for a year on Monday.", &["sentence Lee Hale 2024-06-03 new"]),
        ("A/Sgt Lee Hale was arrested on Monday.", &["arrest Lee Hale 2024-06-03 new"]),
        ("Ch Con Ann Orr retired on Monday.", &["resignation Ann Orr 2024-06-03 new"]),
        (
            "Ann Orr and Lee Hale, both constables in Kent, were acquitted of theft by a jury on Monday.",
            &["acquittal Ann Orr+Lee Hale 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn who_only_speaks_or_presides_is_not_in_the_matter() {
    check(&[
        (
            "Ivy Lomas won her case against Kent Police for false imprisonment on Monday. | Assistant Commissioner Una Tully said the Met noted the ruling. | In January she had sued the force.",
            &["legal_action Ivy Lomas 2024-06-03 new", "legal_action Ivy Lomas 2024-01 old"],
        ),
        (
            "An accelerated misconduct hearing took place on Wednesday 29 May 2024 in relation to former Police Constable Lee Hale, of Kent Police. | The hearing was chaired by Chief Constable Una Tully. | The former officer was convicted of drink-driving at Luton Magistrates' Court on 2 February 2024.",
            &["misconduct_hearing Lee Hale 2024-05-29 new", "conviction Lee Hale 2024-02-02 old"],
        ),
        (
            "PC Lee Hale, of Kent Police, was sacked on Monday. | In March Sgt Jo Dent was dismissed for theft. | The woman, referred to as Miss A, said she felt used. | The case had been referred to the IOPC.",
            &["dismissal Lee Hale 2024-06-03 new", "dismissal Jo Dent 2024-03 old", "referral Lee Hale - old"],
        ),
        // The dead officer is not the one who fired.
        (
            "PC Lee Hale, of Kent Police, was shot dead in training in 2008. | The officer who fired the shot was told in 2011 that he would not be prosecuted.",
            &["investigation_closed (the officer) 2011 old"],
        ),
    ]);
}

#[test]
fn posts_and_those_who_oversee_the_police() {
    check(&[
        (
            "Ann Orr was appointed chief constable of Kent Police in 2018 following the resignation of Lee Hale, who quit amid bullying claims.",
            &["resignation Lee Hale - old", "appointment Ann Orr 2018 old"],
        ),
        (
            "Lee Hale, director general of the Independent Office for Police Conduct, was charged with rape in June 2023.",
            &["charge Lee Hale 2023-06 old"],
        ),
        (
            "Lee Hale, director general of the Independent Office for Police Conduct since 2018, stepped down on Friday after the home secretary gave him an ultimatum to quit or be suspended.",
            &["resignation Lee Hale 2024-05-31 new"],
        ),
    ]);
}

#[test]
fn clauses_that_hang_on_a_noun() {
    check(&[
        (
            "A Kent Police constable who had an affair with a woman he met on duty was sacked on Monday.",
            &["dismissal (a kent police constable) 2024-06-03 new"],
        ),
        (
            "Two Kent Police constables who stopped Sam Tully and Ivy Lomas have been sacked.",
            &["dismissal (two kent police constables) 2024-06-06 new"],
        ),
        (
            "A Kent Police constable who sent racist and misogynistic messages in a group has been sacked.",
            &["dismissal (a kent police constable) 2024-06-06 new"],
        ),
        (
            "The family of Sam Tully, who died in a Kent Police cell, have called for the officers involved to be suspended.",
            &["death_after_contact Sam Tully - old"],
        ),
        (
            "PC Ann Orr, of Kent Police, pleaded guilty to theft and fraud in March, and on Monday she was jailed for a year.",
            &["plea Ann Orr 2024-03 old", "sentence Ann Orr 2024-06-03 new"],
        ),
        (
            "PC Ann Orr, of Kent Police, was due to take charge but pulled out. | Chief Constable Lee Hale was suspended on Monday.",
            &["suspension Lee Hale 2024-06-03 new"],
        ),
        (
            "PC Ann Orr, of Kent Police, was convicted of manslaughter on Monday. | It is the first time in 30 years that a serving officer has been convicted of manslaughter.",
            &["conviction Ann Orr 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn days_of_occasions_weeks_and_years() {
    check(&[
        (
            "PC Ann Orr, of Kent Police, was sacked for gross misconduct over the search of a girl, in Luton, on 3 December 2020.",
            &["dismissal Ann Orr 2024-06-06 new"],
        ),
        ("PC Ann Orr, of Kent Police, was convicted of assault in March.", &["conviction Ann Orr 2024-03 old"]),
        ("PC Ann Orr, of Kent Police, was sacked on Thursday of last week.", &["dismissal Ann Orr 2024-05-30 new"]),
        ("Sgt Ann Orr, of Kent Police, was arrested in March of this year.", &["arrest Ann Orr 2024-03 old"]),
        (
            "Sgt Ann Orr, of Kent Police, left the force in March, having handed in her resignation the month before.",
            &["resignation Ann Orr 2024-03 old"],
        ),
        (
            "The resignation of Sgt Ann Orr, of Kent Police, was announced today. It comes a week after the IOPC published a report on Kent Police.",
            &["resignation Ann Orr 2024-06-06 new", "report_published - 2024-05-30 new"],
        ),
        (
            "A PSNI officer has been dismissed. | Constable Lee Hale was banned from driving in January. | The PSNI confirmed that a 34-year-old male officer had been dismissed following a hearing on 21 May.",
            &["dismissal Lee Hale 2024-05-21 new", "sentence Lee Hale 2024-01 old"],
        ),
    ]);
}

#[test]
fn what_is_none_of_the_police() {
    check(&[
        // A term of a sentence, a figure, a doer who is none of them.
        (
            "PC Lee Hale, of Kent Police, was sentenced to 10 months, suspended for 18 months, at Luton Crown Court on Monday.",
            &["sentence Lee Hale 2024-06-03 new"],
        ),
        (
            "A superintendent told the police board that 41 officers of Kent Police were currently suspended, up from 27 a year ago.",
            &[],
        ),
        (
            "A report by the Police Ombudsman is challenged. | Six men were shot dead by the UVF in a bar in June 1994.",
            &[],
        ),
        (
            "The misconduct hearing of five Kent Police officers collapsed on Wednesday over the death of Sam Tully in custody.",
            &["death_after_contact Sam Tully - old", "misconduct_cleared (five kent police officers) 2024-06-05 new"],
        ),
        // A walk for charity is no matter of conduct, though he retired.
        (
            "A retired police sergeant has walked the wall to raise money for a hospice. | Lee Hale, who retired from Kent Police in 2009, finished on Sunday.",
            &[],
        ),
    ]);
}

#[test]
fn doers_and_bodies_that_words_imply() {
    use crate::domain::Report;
    let told = |r: &Report| {
        let names =
            |list: &[crate::domain::EntityRef]| list.iter().map(|e| e.name.clone()).collect::<Vec<_>>().join("+");
        format!("{} {} / {} / {}", r.kind, super::who(r), names(&r.body), names(&r.about))
    };
    for (text, expected) in [
        (
            "Garda Lee Hale was charged with assault at Dundalk District Court on Monday.",
            "charge Lee Hale / An Garda Síochána+Dundalk District Court / ",
        ),
        (
            "In a report released today, the Police Investigations and Review Commissioner, Ann Orr, found that officers of Police Scotland had failed.",
            "report_published - / Police Investigations and Review Commissioner+Police Scotland / ",
        ),
        (
            "The IOPC has criticised Kent Police since the murder of Ivy Lomas by serving Kent Police officer Lee Hale.",
            "incident Lee Hale / Kent Police / Ivy Lomas",
        ),
    ] {
        let reports = super::reports(&super::article(text));
        let got: Vec<String> = reports.iter().map(told).collect();
        assert!(got.iter().any(|t| t == expected), "{text}: {got:?}");
    }
}

#[test]
fn lists_of_outcomes_have_an_entry_a_person() {
    check(&[
        (
            "Kent Police has published the outcomes of misconduct hearings held last month. | PC Ann Orr: found to have breached standards of honesty and integrity. Dismissed without notice. | Former Sgt Jo Dent: failed to attend. Gross misconduct proven. Would have been dismissed. | PC Lee Hale: allegation that he used excessive force not proven. Case dismissed. | DC Una Tully: final written warning, three years.",
            &[
                "misconduct_finding Ann Orr 2024-05 new",
                "dismissal Ann Orr 2024-05 new",
                "misconduct_finding Jo Dent 2024-05 new",
                "dismissal Jo Dent 2024-05 new",
                "misconduct_cleared Lee Hale 2024-05 new",
                "misconduct_finding Una Tully 2024-05 new",
            ],
        ),
        (
            "A misconduct hearing for PC Ann Orr, of Kent Police, due to start on 20 May, has been adjourned until September.",
            &["misconduct_hearing Ann Orr 2024-09 new"],
        ),
        (
            "A civilian worker in a police control room has been jailed for three years. | Ann Orr, 24, was employed by Kent Police.",
            &["sentence Ann Orr 2024-06-06 new"],
        ),
        (
            "PC Ann Orr, of Kent Police, is on trial at Luton Crown Court. | Orr denies assaulting a man while she was off duty in July 2021.",
            &["trial Ann Orr 2024-06-06 new", "plea Ann Orr - old"],
        ),
    ]);
}

#[test]
fn who_only_seems_to_be_of_the_police() {
    check(&[
        (
            "A burglar who conned pensioners by claiming to be a plain-clothes officer was jailed for five years at Luton Crown Court on Monday. | Lee Hale, of Luton, had admitted three counts of burglary. | Kent Police appealed for other victims of the conman.",
            &[],
        ),
        (
            "Lee Hale, a former inspector with Luton buses, was jailed for 14 days for contempt at Luton Crown Court on Monday. | Kent Police are investigating misconduct elsewhere.",
            &[],
        ),
        (
            "Inspector Lee Hale, of Kent Police, was jailed on Monday. | The sergeant who stood trial with Hale, and who was acquitted of fraud, is back at work.",
            &["sentence Lee Hale 2024-06-03 new", "acquittal (the sergeant) - old"],
        ),
        (
            "Inspector Lee Hale, of Kent Police, was jailed on Monday. | A misconduct meeting concerning a serving constable has been adjourned until 30 June.",
            &["sentence Lee Hale 2024-06-03 new", "misconduct_hearing (a serving constable) 2024-06-30 new"],
        ),
        // A day without a year that follows a day closely is of that year.
        (
            "Sam Tully was restrained by Kent Police officers on 13 August 2022. | He died on 16 August.",
            &["death_after_contact Sam Tully 2022-08-16 old"],
        ),
    ]);
}

#[test]
fn near_misses_of_outcomes() {
    check(&[
        (
            "The IOPC found no indication that a Kent Police sergeant may have breached professional standards.",
            &[
                "misconduct_cleared (a kent police sergeant) 2024-06-06 new",
                "investigation_closed (a kent police sergeant) 2024-06-06 new",
            ],
        ),
        (
            "Five Kent Police officers have kept their jobs after a misconduct panel threw out the charges against them.",
            &["misconduct_cleared (five kent police officers) 2024-06-06 new"],
        ),
        (
            "An accelerated misconduct hearing for PC Ann Orr took place on Wednesday 29 May at Kent Police headquarters.",
            &["misconduct_hearing Ann Orr 2024-05-29 new"],
        ),
        (
            "Sam Tully died in a Kent Police cell in 2019. | INQUEST, the charity which helped his family, said nothing had been learned.",
            &["death_after_contact Sam Tully 2019 old"],
        ),
    ]);
}

#[test]
fn who_says_of_himself() {
    check(&[
        (
            "PC Ryan Orr, of Kent Police, resigned on Monday. | Commissioner Sir Mark Hale said he was \"deeply sorry\" for the failings.",
            &["resignation Ryan Orr 2024-06-03 new", "apology Mark Hale 2024-06-06 new"],
        ),
        (
            "PC Ryan Orr, of Kent Police, resigned in May. | A High Court judge has quashed a decision to clear three officers of gross misconduct.",
            &[
                "resignation Ryan Orr 2024-05 new",
                "appeal (three officers) 2024-06-06 new",
                "misconduct_cleared (three officers) 2024-06-06 new",
            ],
        ),
        (
            "A Kent Police special constable has been arrested on suspicion of theft. | Leo Ash was wrongly arrested by the force in 2021.",
            &["arrest (a kent police special constable) 2024-06-06 new", "incident Leo Ash 2021 old"],
        ),
    ]);
}

#[test]
fn posts_that_are_none_of_policing() {
    check(&[
        (
            "Sgt Lee Hale, of Kent Police, was suspended on Monday. | Inspector Ann Orr, who was appointed to lead the rural crime team in spring, told farmers to lock up.",
            &["suspension Lee Hale 2024-06-03 new"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, was suspended on Monday. | Tom Ash, 19, has been promoted from the academy and will start on Friday.",
            &["suspension Lee Hale 2024-06-03 new"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, was suspended on Monday. | Ann Orr has been promoted to superintendent.",
            &["suspension Lee Hale 2024-06-03 new", "appointment Ann Orr 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn each_item_of_a_round_up_has_a_force_of_its_own() {
    check(&[(
        "Charge over death | PC Lee Hale, of Kent Police, has been charged over the death of Leo Ash. | Hearing fixed | Two detectives of Essex Police face a misconduct hearing. A third officer will face no further action. | Out of special measures | Surrey Police left special measures on Monday. The force apologised to Ivy Ash.",
        &[
            "charge Lee Hale 2024-06-06 new",
            "misconduct_hearing (two detectives) 2024-06-06 new",
            "investigation_closed (a third officer) 2024-06-06 new",
            "special_measures - 2024-06-03 new",
            "apology - 2024-06-06 new",
        ],
    )]);
    let text = "Charge over death | PC Lee Hale, of Kent Police, has been charged over the death of Leo Ash. | Hearing fixed | Two detectives of Essex Police face a misconduct hearing. A third officer will face no further action. | Out of special measures | Surrey Police left special measures on Monday.";
    let told = super::reports(&super::article(text));
    let closed = told.iter().find(|r| r.kind == crate::domain::DevelopmentType::InvestigationClosed);
    let closed = closed.expect("the third officer's case is told");
    let bodies: Vec<&str> = closed.body.iter().map(|b| b.id.as_str()).collect();
    assert_eq!(bodies, ["essex-police"]);
    assert!(closed.about.is_empty(), "{:?}", closed.about);
}

#[test]
fn a_surname_that_is_a_town() {
    check(&[(
        "Kent Police constable Lee Garforth was jailed on Monday. | Garforth was arrested in August 2019.",
        &["sentence Lee Garforth 2024-06-03 new", "arrest Lee Garforth 2019-08 old"],
    )]);
}

#[test]
fn whoever_finds_is_not_found() {
    let text = "A constable of Kent Police was dismissed on Monday. | The former constable did not turn up for the hearing, at which Assistant Chief Constable Ann Orr took an hour to find that his behaviour amounted to gross misconduct.";
    let told = super::reports(&super::article(text));
    let found: Vec<&str> = told.iter().flat_map(|r| &r.who).map(|w| w.name.as_str()).collect();
    assert!(!told.is_empty() && found.is_empty(), "{found:?}");
}
