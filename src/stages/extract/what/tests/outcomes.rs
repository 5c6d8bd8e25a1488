//! Outcomes told by nouns, by entries without a verb, and in the words of lists, releases and columns: each text tells at least
//! what stands beside it. People and events are invented.

use super::read;

/// Each text tells at least the reports beside it.
fn tells(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        let told = read(text);
        for report in *expected {
            assert!(told.iter().any(|t| t == report), "{text}\n  expected {report}, read {told:?}");
        }
    }
}

/// No text tells an event.
fn tells_nothing(texts: &[&str]) {
    for text in texts {
        let told: Vec<String> = read(text).into_iter().filter(|t| !t.starts_with("statement ")).collect();
        assert!(told.is_empty(), "{text}\n  read {told:?}");
    }
}

#[test]
fn nouns_tell_what_befell_whom_they_belong_to() {
    tells(&[
        (
            "Ann Orr, a former Kent Police sergeant, lost her appeal on Tuesday. | Her own sacking followed in July last year, at a hearing that lasted 25 minutes.",
            &["dismissal Ann Orr 2023-07 old"],
        ),
        (
            "Gemma Tull, a community support officer with Kent Police, whose sacking over the use of a fuel card was decided on Monday at a private meeting, has left.",
            &["dismissal Gemma Tull 2024-06-03 new"],
        ),
        (
            "Lee Hale, whose appointment as the next chief constable of Kent Police was announced last week by the commissioner, said nothing.",
            &["appointment Lee Hale 2024-05 old"],
        ),
        (
            "An appeal by Ann Orr, a sergeant sacked by Kent Police for lying, was rejected by the Police Appeals Tribunal on Monday.",
            &["appeal Ann Orr 2024-06-03 new"],
        ),
        (
            "Sergeant Ann Orr, of Kent Police, was jailed on Tuesday. | It was her plea, entered in January, that spared her a longer term, the judge said.",
            &["plea Ann Orr 2024-01 old"],
        ),
        (
            "Detectives investigating a leak have made a third arrest: Sergeant Ann Orr, of Kent Police.",
            &["arrest Ann Orr 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn entries_of_lists_leave_the_verb_out() {
    tells(&[
        (
            "Sergeant Ann Orr, of Kent Police, has learnt her fate. | Eight months for Orr, suspended for two years, plus 200 hours of unpaid work.",
            &["sentence Ann Orr 2024-06-06 new"],
        ),
        (
            "Court list. | Ann Orr, 41, a constable with Kent Police. Admitted unauthorised access to computer records. Eight months, suspended for two years. Magistrates, Tuesday.",
            &["plea Ann Orr 2024-06-04 new", "sentence Ann Orr 2024-06-04 new"],
        ),
        (
            "Lee Hale, 57, a retired Kent Police inspector, pleaded not guilty to perjury at Maidstone Crown Court on Tuesday. Trial fixed for Monday, October 7.",
            &["trial Lee Hale 2024-10-07 new"],
        ),
    ]);
}

#[test]
fn outcomes_come_in_many_words() {
    tells(&[
        (
            "Two members of Kent Police were suspended from duty on Tuesday following the death of a man who fell ill in a cell at Dover police station.",
            &["suspension (two members) 2024-06-04 new"],
        ),
        (
            "The Independent Office for Police Conduct said the matter had been referred to it on Monday by Kent Police.",
            &["referral - 2024-06-03 new"],
        ),
        (
            "The Independent Office for Police Conduct, to which the shooting by a Kent Police officer was referred on the day it happened, closed its investigation in February this year.",
            &["referral - - old", "investigation_closed - 2024-02 old"],
        ),
        (
            "The Police Appeals Tribunal ruled on Monday that no reasonable panel could have decided that Sergeant Ann Orr, of Kent Police, was dishonest.",
            &["appeal Ann Orr 2024-06-03 new"],
        ),
        (
            "PC Tom Bray, of Kent Police, gave up his job before a disciplinary hearing could take place.",
            &["resignation Tom Bray 2024-06-06 new"],
        ),
        (
            "A policeman who pestered a burglary victim would have been thrown out of Kent Police had he not handed in his notice first, a misconduct hearing found.",
            &["dismissal (a policeman) 2024-06-06 new"],
        ),
        (
            "Prosecutors told the family in March 2022 that nobody at Kent Police would be prosecuted over the death in custody of Roy Lamb.",
            &["investigation_closed - 2022-03 old"],
        ),
        (
            "The IOPC’s investigation into the contact that Kent Police had with Mia Lamb before she was killed ended last week without any indication that an officer had breached standards.",
            &["investigation_closed - 2024-05 new"],
        ),
        (
            "A system by which calls are linked to an address was introduced by Kent Police in August last year after a watchdog criticised how officers handled complaints.",
            &["policy_change - 2023-08 old"],
        ),
        (
            "Under an instruction that took effect at Kent Police in April, no officer may search a child without the consent of an inspector.",
            &["policy_change - 2024-04 old"],
        ),
        (
            "Regulations barring officers who fail vetting from the police were laid before Parliament by the Home Office on Tuesday.",
            &["policy_change - 2024-06-04 new"],
        ),
        (
            "On 17 May a jury at Maidstone Coroner’s Court concluded that missed opportunities by Kent Police had contributed to the death of Mia Lamb.",
            &["inquest Mia Lamb 2024-05-17 old"],
        ),
        (
            "The senior coroner for Kent gives the warning in a prevention of future deaths report made public on Tuesday and addressed to Kent Police, after Mia Lamb died following police contact.",
            &["recommendation (the senior coroner) 2024-06-06 new"],
        ),
        (
            "In last week’s issue we said that Lee Hale, the former deputy chief constable of Kent Police, had received a written warning. He did not. We apologise to him.",
            &["correction - 2024-06-06 new"],
        ),
        (
            "Putting it right: in a report on May 7 we said that PC Ann Orr had resigned from Kent Police before her appeal was heard. She did not resign.",
            &["correction - 2024-06-06 new"],
        ),
        (
            "The Crown Office has told the Police Investigations and Review Commissioner to open a fresh investigation into two former Kent Police officers.",
            &["investigation_opened - 2024-06-06 new"],
        ),
        (
            "Last November inspectors from HMICFRS called the way in which Kent Police looks after its custody suites inadequate.",
            &["report_published - 2023-11 old"],
        ),
        (
            "On Monday the Information Commissioner’s Office published its findings on how Kent Police lost the home addresses of 212 staff, together with a fine of £92,000.",
            &["report_published - 2024-06-03 new"],
        ),
        (
            "A Kent Police constable in his twenties was charged at a sitting on Wednesday with assaulting his former partner.",
            &["charge (a kent police constable) 2024-06-05 new"],
        ),
        (
            "The Court of Appeal on Tuesday refused Ann Orr, once a Kent Police detective sergeant, leave to appeal against the three years that she got last June for theft.",
            &["appeal Ann Orr 2024-06-04 new", "sentence Ann Orr 2023-06 old"],
        ),
        (
            "Roy Lamb, 41, was discovered lifeless at Dover police station at 07:10 on 9 January, nine hours after his arrest for shoplifting by Kent Police officers.",
            &["death_after_contact Roy Lamb 2024-01-09 old"],
        ),
        (
            "Mia Lamb, then a 16-year-old cadet, was crushed against a wall by a Kent Police Land Rover during a display in August 2021. | Kent Police was fined over the accident on Tuesday.",
            &["incident Mia Lamb 2021-08 old"],
        ),
        (
            "A seven-year-old boy who was bitten by a Kent Police dog at a fete in 2023 has been paid £65,000 by the force.",
            &["incident (a seven-year-old boy) 2023 old"],
        ),
        (
            "Ann Orr, a Kent Police sergeant jailed on Tuesday for theft, took £58,400 from the property store in Dover between 2018 and 2020.",
            &["incident Ann Orr - old"],
        ),
        (
            "Sergeant Ann Orr, of Kent Police, admitted misconduct in public office on Tuesday. | Over the summer of 2022 she had looked up two women 46 times on a police computer.",
            &["incident Ann Orr 2022 old"],
        ),
        (
            "A former Kent Police constable did not attend Tuesday’s accelerated hearing, at which the chief constable took an hour to find that his behaviour amounted to gross misconduct.",
            &["misconduct_finding (a former kent police constable) 2024-06-04 new"],
        ),
        (
            "Merlin Coe, a Kent Police dog handler, sued on Monday. | He was found guilty of misconduct in February and has a written warning on his file.",
            &["misconduct_finding Merlin Coe 2024-02 old"],
        ),
        (
            "Two former Kent Police constables, Ann Orr and Tom Bray, have been told by letter that they are to be prosecuted for perjury.",
            &["charge Ann Orr+Tom Bray 2024-06-06 new"],
        ),
        (
            "Kent Police is out of special measures, the inspectorate announced on Thursday.",
            &["special_measures - 2024-06-06 new"],
        ),
        (
            "A High Court judge on Tuesday quashed the IOPC’s direction that Sergeant Ann Orr, of Kent Police, face a misconduct hearing.",
            &["legal_action - 2024-06-04 new"],
        ),
        (
            "The parents of a boy bitten by a police dog are to receive £65,000 from Kent Police, it agreed on Monday.",
            &["settlement (the parents) 2024-06-06 new"],
        ),
        (
            "None of the allegations against Sergeant Ann Orr, of Kent Police, was made out, the misconduct panel held on Tuesday.",
            &["misconduct_cleared Ann Orr 2024-06-04 new"],
        ),
        (
            "Jurors took less than an hour to find Sergeant Ann Orr, of Kent Police, guilty of perverting the course of justice at Maidstone Crown Court on Tuesday.",
            &["conviction Ann Orr 2024-06-04 new"],
        ),
        (
            "Guilty verdicts on all four counts were returned against Sergeant Ann Orr, of Kent Police, at Maidstone Crown Court on Tuesday.",
            &["conviction Ann Orr 2024-06-04 new"],
        ),
        (
            "A jail term of three years was imposed on Tuesday on Sergeant Ann Orr, of Kent Police, for stealing from a safe.",
            &["sentence Ann Orr 2024-06-04 new"],
        ),
        (
            "Charges of assault have been brought against Sergeant Ann Orr, of Kent Police, the Crown Prosecution Service announced on Tuesday.",
            &["charge Ann Orr 2024-06-04 new"],
        ),
    ]);
}

#[test]
fn what_is_denied_refused_or_another_persons_is_no_event() {
    tells_nothing(&[
        "The tribunal declined to send the case of PC Ann Orr, of Kent Police, back to a fresh panel.",
        "The chief constable of Kent Police denied the charge that she had starved villages of officers.",
        "The force published the names. | DEAN HARKIN, 33, of Ashford: pleaded guilty to spitting at a Kent Police constable. Jailed for 16 weeks. | IVY COLE, 67, of Hythe: cleared of failing to stop after an accident.",
    ]);
}
