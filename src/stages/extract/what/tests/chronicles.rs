//! Days that the words around an event tell, and sentences whose main verb stands far from its subject. People and events are
//! invented.

use super::check;

#[test]
fn a_later_sentence_names_the_event_again_with_its_day() {
    check(&[
        (
            "Kent Police has agreed to pay £70,000 to Leo Ash, who was locked up for filming a search. | The settlement, signed on Wednesday, ends a claim.",
            &["settlement Leo Ash 2024-06-05 new"],
        ),
        (
            "Ivy Ash has made a formal complaint about Kent Police after her son was handcuffed. | He was 14. | She handed in her complaint on Monday.",
            &["complaint Ivy Ash 2024-06-03 new"],
        ),
        (
            "Ivy Ash has started a civil action against Kent Police. | Her solicitors lodged papers in London on Tuesday.",
            &["legal_action Ivy Ash 2024-06-04 new"],
        ),
        // The day of something else.
        (
            "Ivy Ash has started a civil action against Kent Police. | Her solicitors met reporters in London on Tuesday.",
            &["legal_action Ivy Ash 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn days_counted_from_other_days() {
    check(&[
        (
            "PC Lee Hale, of Kent Police, was found guilty of theft in March last year and jailed that May for 30 months.",
            &["conviction Lee Hale 2023-03 old", "sentence Lee Hale 2023-05 old"],
        ),
        (
            "PC Lee Hale was found guilty of assault. | He was found guilty of theft in March 2021 and jailed in June.",
            &["conviction Lee Hale 2024-06-06 new", "conviction Lee Hale 2021-03 old", "sentence Lee Hale 2021-06 old"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, was told on 31 May that his vetting had been withdrawn, and was suspended the same afternoon.",
            &["vetting Lee Hale 2024-05-31 new", "suspension Lee Hale 2024-05-31 new"],
        ),
    ]);
}

#[test]
fn wordings_of_oversight() {
    check(&[
        (
            "Custody staff of Kent Police missed nine chances to save Leo Ash, who died in a cell, an inquest jury decided this afternoon.",
            &["death_after_contact Leo Ash - old", "inquest Leo Ash 2024-06-06 new"],
        ),
        (
            "A constable of Kent Police who fell asleep while a pensioner waited for help has been given a final written warning.",
            &["misconduct_finding (a constable) 2024-06-06 new"],
        ),
        (
            "For the first time Kent Police has said sorry to the family of Leo Ash, who died in one of its vans 20 years ago tomorrow.",
            &["apology - 2024-06-06 new", "death_after_contact Leo Ash 2004-06-07 old"],
        ),
        (
            "PC Lee Hale and PC Ann Orr, of Kent Police, were reprimanded in December.",
            &["misconduct_finding Lee Hale+Ann Orr 2023-12 old"],
        ),
    ]);
}

#[test]
fn reviews_demands_and_refusals() {
    check(&[
        (
            "Ivy Ash complained to Kent Police in May and was turned down in March. | In April the Independent Office for Police Conduct ruled in her favour on review.",
            &["complaint Ivy Ash 2024-05 new", "complaint Ivy Ash 2024-03 old", "complaint - 2024-04 old"],
        ),
        (
            "PC Lee Hale, of Kent Police, was sacked. | A file on him went to the Crown Prosecution Service, but he was told last week that it would go no further.",
            &["dismissal Lee Hale 2024-06-06 new", "investigation_closed Lee Hale 2024-05 new"],
        ),
        (
            "A not guilty plea was entered at Luton Crown Court on Wednesday by PC Lee Hale, of Kent Police.",
            &["plea Lee Hale 2024-06-05 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was reprimanded after a hearing. | Ann Orr was herself reprimanded by Kent Police in 2021, when she was a sergeant.",
            &["misconduct_finding Lee Hale 2024-06-06 new", "misconduct_finding Ann Orr 2021 old"],
        ),
        (
            "An independent inquiry will be held into the PSNI’s search for Leo Ash, the justice minister announced.",
            &["inquiry - 2024-06-06 new"],
        ),
        (
            "Leo Ash died in a Kent Police van. | Ivy Orr, a councillor, wants the four officers sent home until the facts are known.",
            &["death_after_contact Leo Ash 2024-06-06 new", "statement Ivy Orr 2024-06-06 new"],
        ),
        // What the defence says belongs to the trial.
        (
            "PC Lee Hale, of Kent Police, was jailed. | Ivy Orr, defending, said that he had “lost his home, his marriage and his friends”.",
            &["sentence Lee Hale 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn one_subject_denies_once() {
    check(&[
        (
            "No officer of Kent Police was found to have a case to answer, the IOPC said.",
            &["misconduct_cleared (officer) 2024-06-06 new"],
        ),
        (
            "PC Lee Hale and PC Ann Orr, of Kent Police, were cleared by a misconduct panel. | Neither officer was found to have committed gross misconduct.",
            &["misconduct_cleared Lee Hale+Ann Orr 2024-06-06 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was found to have committed gross misconduct.",
            &["misconduct_finding Lee Hale 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn whom_a_force_arrested_is_he() {
    check(&[(
        "Marian Orr, the Kent police and crime commissioner, apologised to Leo Ash on Monday. | British Transport Police have arrested a man of 44 over a theft. He has been suspended from his job in a shop.",
        &["apology Marian Orr 2024-06-03 new"],
    )]);
}

#[test]
fn rules_reports_and_posts() {
    check(&[
        (
            "Police Scotland officers will have to get a sheriff’s permission before strip-searching a child, the force said today.",
            &["policy_change - 2024-06-06 new"],
        ),
        (
            "Police officers must be taught to tell low blood sugar from drink, under new rules drawn up by the College of Policing.",
            &["policy_change - 2024-06-06 new"],
        ),
        ("New rules for Kent Police officers came in on Monday.", &["policy_change - 2024-06-03 new"]),
        ("The findings of the IOPC on Kent Police have gone online.", &["report_published - 2024-06-06 new"]),
        (
            "Ann Orr, the deputy chief constable of Cumbria Constabulary, is to run Lincolnshire Police.",
            &["appointment Ann Orr 2024-06-06 new"],
        ),
        (
            "Last July Lord Hale was asked to lead the inquiry into the PSNI’s search for Leo Ash.",
            &["inquiry - 2023-07 old"],
        ),
        (
            "Leo Ash died in a Kent Police cell. | About 150 people are standing in the rain outside the force’s headquarters.",
            &["death_after_contact Leo Ash 2024-06-06 new", "protest - 2024-06-06 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, will be hauled before a gross misconduct panel in September.",
            &["misconduct_hearing Lee Hale 2024-09 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was sacked. | He was told in July that no charges would follow.",
            &["dismissal Lee Hale 2024-06-06 new", "investigation_closed Lee Hale 2023-07 old"],
        ),
    ]);
}

#[test]
fn days_counted_from_what_befell_before() {
    check(&[
        (
            "Leo Ash died in a Kent Police cell on 3 August 2021. | The IOPC began an investigation two days after his death.",
            &["death_after_contact Leo Ash 2021-08-03 old", "investigation_opened - 2021-08-05 old"],
        ),
        (
            "PC Lee Hale, of Kent Police, was jailed. He was arrested on 2 May 2022. | He was suspended a day after the arrest.",
            &[
                "sentence Lee Hale 2024-06-06 new",
                "arrest Lee Hale 2022-05-02 old",
                "suspension Lee Hale 2022-05-03 old",
            ],
        ),
        // Of whose day nothing is known.
        (
            "Leo Ash died after he was restrained by Kent Police officers. | The IOPC began an investigation two days after the death.",
            &["death_after_contact Leo Ash 2024-06-06 new", "investigation_opened - - old"],
        ),
        (
            "PC Lee Hale, of Kent Police, has been sacked. | The IOPC ruled in September last year that he had a case to answer, and it announced a misconduct hearing.",
            &[
                "dismissal Lee Hale 2024-06-06 new",
                "misconduct_finding Lee Hale 2023-09 old",
                "misconduct_hearing Lee Hale 2023-09 old",
            ],
        ),
        (
            "Jo Marsh, chief constable of Kent Police, resigned on Wednesday. | In March a jury found that failings by the force contributed to the death of Ivy Ash. Ms Marsh apologised to the family the same day.",
            &["resignation Jo Marsh 2024-06-05 new", "inquest Ivy Ash 2024-03 old", "apology Jo Marsh 2024-03 old"],
        ),
        (
            "Three constables of Kent Police were sacked last November; at the same hearing a fourth, Ann Orr, was cleared.",
            &["dismissal (three constables) 2023-11 old", "misconduct_cleared Ann Orr 2023-11 old"],
        ),
        (
            "PC Lee Hale, of Kent Police, was convicted in 2021. | The Court of Appeal refused him permission to appeal against his conviction the following year.",
            &["conviction Lee Hale 2021 old", "appeal Lee Hale 2022 old"],
        ),
    ]);
}

#[test]
fn what_is_only_said_or_thought_of() {
    check(&[
        (
            "Leo Ash died in a Kent Police cell. | Jo Pike, of a charity, said checks were “the least the public could expect” and called for a public inquiry into how Kent Police handled complaints.",
            &["death_after_contact Leo Ash 2024-06-06 new", "statement Jo Pike 2024-06-06 new"],
        ),
        ("Chief Constable Jo Marsh, of Kent Police, said the thought of stepping down had “not crossed my mind”.", &[]),
        (
            "PC Lee Hale, of Kent Police, was sacked. | The IOPC said it had referred none of his colleagues to prosecutors.",
            &["dismissal Lee Hale 2024-06-06 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was sacked. | He was given a 20-week sentence, suspended for a year, and must do unpaid work.",
            &["dismissal Lee Hale 2024-06-06 new", "sentence Lee Hale - old"],
        ),
    ]);
}

#[test]
fn payments_inquiries_and_rules() {
    check(&[
        (
            "The Met has agreed to pay £165,000 to Ivy Ash, an activist who was deceived into a two-year relationship by an undercover officer.",
            &["settlement Ivy Ash 2024-06-06 new"],
        ),
        (
            "Ivy Ash sued the Met. | The force paid her £27,500 last November.",
            &["legal_action Ivy Ash 2024-06-06 new", "settlement Ivy Ash 2023-11 old"],
        ),
        (
            "Ivy Ash, to whom the Metropolitan Police paid £210,000 in May over an undercover officer, will speak tonight.",
            &["settlement Ivy Ash 2024-05 old"],
        ),
        (
            "Leo Ash died in a Kent Police cell. | Lawyers for Kent Police signed an agreement on Monday to pay the family of Leo Ash £210,000.",
            &["death_after_contact Leo Ash 2024-06-06 new", "settlement (the family) 2024-06-03 new"],
        ),
        (
            "The Police Ombudsman has had Alan Orr, a superintendent of the PSNI, under investigation since March.",
            &["investigation_opened Alan Orr 2024-03 old"],
        ),
        (
            "PC Lee Hale, of Kent Police, was jailed for rape. | The Home Office announced on Thursday that all forces will have to check every officer against the national database.",
            &["sentence Lee Hale 2024-06-06 new", "policy_change - 2024-06-06 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was jailed for rape. | From 2 December forces must record every search of a child, under a rule agreed by the National Police Chiefs’ Council.",
            &["sentence Lee Hale 2024-06-06 new", "policy_change - 2024-12-02 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was sacked. | The decision follows a report from the IOPC and an apology from Jo Marsh, the chief constable.",
            &["dismissal Lee Hale 2024-06-06 new", "report_published - - old", "apology Jo Marsh - old"],
        ),
        (
            "Roy Hale, who succeeded Ann Orr as chief constable of Kent Police in 2023, resigned on Monday.",
            &["resignation Roy Hale 2024-06-03 new", "appointment Roy Hale 2023 old"],
        ),
    ]);
}

#[test]
fn the_story_goes_on_in_its_own_year() {
    check(&[
        (
            "Kent Police rejected Ivy Ash’s complaint in April last year. The IOPC upheld her request for a review in August and began an investigation the month after.",
            &["complaint Ivy Ash 2023-04 old", "complaint - 2023-08 old", "investigation_opened - 2023-09 old"],
        ),
        (
            "PC Lee Hale, of Kent Police, was charged in May 2022. He was suspended in September.",
            &["charge Lee Hale 2022-05 old", "suspension Lee Hale 2022-09 old"],
        ),
        // Another story.
        (
            "PC Lee Hale, of Kent Police, was charged in May 2022. PC Ann Orr was suspended this January.",
            &["charge Lee Hale 2022-05 old", "suspension Ann Orr 2024-01 old"],
        ),
        (
            "Ann Orr, who was chief constable of Kent Police, retired at Christmas 2022.",
            &["resignation Ann Orr 2022-12 old"],
        ),
        (
            "PC Lee Hale, of Kent Police, was found guilty. He was arrested in June 2023. | He has been suspended since his arrest.",
            &["conviction Lee Hale 2024-06-06 new", "arrest Lee Hale 2023-06 old", "suspension Lee Hale 2023-06 old"],
        ),
        (
            "The IOPC told Mr Ash on Tuesday that it had closed its investigation of Lee Hale, a Kent Police detective.",
            &["investigation_closed Lee Hale 2024-06-04 new"],
        ),
    ]);
}

#[test]
fn hopes_calls_and_duties_are_no_events() {
    check(&[
        ("The Police Ombudsman for Northern Ireland hopes to publish a report on the PSNI’s informers.", &[]),
        (
            "PC Lee Hale, of Kent Police, was sacked. | The IOPC says that the force should apologise to Leo Ash.",
            &["dismissal Lee Hale 2024-06-06 new", "statement - 2024-06-06 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was sacked. | The CPS decided that Sgt Orr was too ill to be put on trial.",
            &["dismissal Lee Hale 2024-06-06 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was sacked. | His solicitor called for Mr Orr, who retired in 2010, to be prosecuted.",
            &["dismissal Lee Hale 2024-06-06 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was jailed for misconduct in public office. | Piers Ash was cleared of bribing him.",
            &["sentence Lee Hale 2024-06-06 new"],
        ),
        (
            "The Police Appeals Tribunal has dismissed an appeal by Lee Hale, a Kent Police constable.",
            &["appeal Lee Hale 2024-06-06 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was sacked. | Met officers must ask an inspector before a child is strip-searched.",
            &["dismissal Lee Hale 2024-06-06 new"],
        ),
        (
            "Kent Police left special measures on Monday. | A force leaves Engage when the inspectorate is satisfied.",
            &["special_measures - 2024-06-03 new"],
        ),
        (
            "Kent Police was put in special measures on Monday. | Deputy Chief Constable Ann Orr will take charge of the count.",
            &["special_measures - 2024-06-03 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was jailed. | ‘Nine years’ | His mother wept.",
            &["sentence Lee Hale 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn the_story_goes_on_with_who_acts() {
    check(&[
        (
            "DCI Lee Hale, of Kent Police, warned Piers Ash, who owned a vault. | He was arrested in June 2023, convicted of misconduct in public office in November last year, after a first jury had been discharged, and sacked the month after.",
            &[
                "incident Lee Hale - old",
                "arrest Lee Hale 2023-06 old",
                "conviction Lee Hale 2023-11 old",
                "trial Lee Hale - old",
                "dismissal Lee Hale 2023-12 old",
            ],
        ),
        (
            "Ivy Ash sued the PSNI. | In June 2021 the Investigatory Powers Tribunal ruled that it had broken the law.",
            &["legal_action Ivy Ash 2024-06-06 new", "legal_action - 2021-06 old"],
        ),
        (
            "Jo Marsh is to be chief constable of Kent Police. Ann Orr, who became commissioner in May, announced it on Monday.",
            &["appointment Jo Marsh 2024-06-03 new", "appointment Ann Orr 2024-05 old"],
        ),
        (
            "PC Lee Hale, of Kent Police, has been charged with assault. | The Crown Prosecution Service announced the decision on Wednesday.",
            &["charge Lee Hale 2024-06-05 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was dismissed last month at a hearing chaired by Mr Orr, who found that he had committed gross misconduct.",
            &["dismissal Lee Hale 2024-05 new", "misconduct_finding Lee Hale 2024-05 new"],
        ),
    ]);
}

#[test]
fn a_day_put_off_lies_ahead() {
    check(&[
        (
            "PC Lee Hale, of Kent Police, is accused of lying. | The misconduct hearing has been put back to 19 August.",
            &["misconduct_hearing Lee Hale 2024-08-19 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, is accused of lying. | The misconduct hearing was put back from 1 July to 19 August.",
            &["misconduct_hearing Lee Hale 2024-08-19 new"],
        ),
        (
            "The trial of PC Lee Hale, of Kent Police, has been put back from July to 19 January.",
            &["trial Lee Hale 2025-01-19 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, will attend a hearing from 1 July.",
            &["misconduct_hearing Lee Hale 2024-07-01 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was charged with assault in January this year.",
            &["charge Lee Hale 2024-01 old"],
        ),
    ]);
}

#[test]
fn a_court_list_names_the_court_and_tells_of_who_follows() {
    check(&[(
        "Dover Magistrates' Court: Inspector Jo Orr, of Kent Police, was charged with assault.",
        &["charge Jo Orr 2024-06-06 new"],
    )]);
}

#[test]
fn days_that_belong_to_something_else() {
    check(&[
        (
            "Leo Ash died in a Kent Police cell on 6 February 2022. | The IOPC began an investigation on the day of the death.",
            &["death_after_contact Leo Ash 2022-02-06 old", "investigation_opened - 2022-02-06 old"],
        ),
        (
            "Ann Orr, the former chief constable of Kent Police, has lodged an appeal against January's ruling.",
            &["appeal Ann Orr 2024-06-06 new"],
        ),
        (
            "Sgt Ann Orr, of Kent Police, was found to have committed gross misconduct, a panel has ruled. | PC Lee Hale was dismissed after an accelerated hearing on 27 May.",
            &["misconduct_finding Ann Orr 2024-06-06 new", "dismissal Lee Hale 2024-05-27 new"],
        ),
        (
            "The IOPC has directed Kent Police to bring gross misconduct proceedings against Sgt Lee Hale. The force was told on Tuesday.",
            &["misconduct_hearing Lee Hale 2024-06-04 new"],
        ),
    ]);
}
