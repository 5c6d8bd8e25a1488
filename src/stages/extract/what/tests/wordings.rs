//! The many words in which reporters tell one thing: cases, one table a phenomenon. People and events are invented.

use super::check;

#[test]
fn reporters_tell_the_criminal_process_in_many_ways() {
    check(&[
        ("PC Ann Orr, of Kent Police, was hit with a fraud charge on Monday.", &["charge Ann Orr 2024-06-03 new"]),
        (
            "A criminal charge has been brought against Sgt Lee Hale, of Kent Police.",
            &["charge Lee Hale 2024-06-06 new"],
        ),
        ("Sgt Lee Hale, of Kent Police, stands accused of six counts of theft.", &["charge Lee Hale 2024-06-06 new"]),
        ("The CPS has decided to charge PC Ann Orr, of Kent Police, with assault.", &["charge Ann Orr 2024-06-06 new"]),
        (
            "A Kent Police officer is to be charged with dangerous driving, prosecutors announced on Wednesday.",
            &["charge (a kent police officer) 2024-06-05 new"],
        ),
        (
            "A jury returned guilty verdicts against former Kent Police officer Lee Hale on Monday.",
            &["conviction Lee Hale 2024-06-03 new"],
        ),
        (
            "PC Ann Orr, of Kent Police, had the case against her thrown out by magistrates on Monday.",
            &["acquittal Ann Orr 2024-06-03 new"],
        ),
        (
            "Former Kent Police officer Lee Hale was given 14 months at Luton Crown Court on Monday.",
            &["sentence Lee Hale 2024-06-03 new"],
        ),
        (
            "Former Kent Police officer Lee Hale will spend at least 10 years behind bars.",
            &["sentence Lee Hale 2024-06-06 new"],
        ),
        (
            "PC Iain Rae, of Police Scotland, was placed on the sex offenders register and given a community payback order on Monday.",
            &["sentence Iain Rae 2024-06-03 new"],
        ),
        (
            "Former Kent Police officer Lee Hale had his sentence cut to four years on appeal.",
            &["appeal Lee Hale 2024-06-06 new"],
        ),
        (
            "A trial date of 7 October was set for former Kent Police officer Lee Hale.",
            &["trial Lee Hale 2024-10-07 new"],
        ),
    ]);
}

#[test]
fn reporters_tell_discipline_and_employment_in_many_ways() {
    check(&[
        ("PC Lee Hale, of Kent Police, was stood down from duty on Monday.", &["suspension Lee Hale 2024-06-03 new"]),
        (
            "PC Lee Hale, of Kent Police, will be put in front of a misconduct panel on 1 July.",
            &["misconduct_hearing Lee Hale 2024-07-01 new"],
        ),
        (
            "An accelerated hearing into the conduct of PC Lee Hale, of Kent Police, is to be held on 1 July.",
            &["misconduct_hearing Lee Hale 2024-07-01 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, was guilty of gross misconduct, a panel has ruled.",
            &["misconduct_finding Lee Hale 2024-06-06 new"],
        ),
        (
            "A final written warning was imposed on PC Lee Hale, of Kent Police, on Monday.",
            &["misconduct_finding Lee Hale 2024-06-03 new"],
        ),
        (
            "The panel concluded PC Lee Hale, of Kent Police, had breached standards of honesty.",
            &["misconduct_finding Lee Hale 2024-06-06 new"],
        ),
        (
            "PC Lee Hale, of Kent Police, did not commit gross misconduct, a panel has found.",
            &["misconduct_cleared Lee Hale 2024-06-06 new"],
        ),
        (
            "A panel found no case to answer against PC Lee Hale, of Kent Police.",
            &["misconduct_cleared Lee Hale 2024-06-06 new"],
        ),
        ("A panel decided on Monday to dismiss PC Lee Hale, of Kent Police.", &["dismissal Lee Hale 2024-06-03 new"]),
        (
            "The services of PC Lee Hale, of Kent Police, were dispensed with on Monday.",
            &["dismissal Lee Hale 2024-06-03 new"],
        ),
        ("Chief Constable Jo Marsh, of Kent Police, has called it a day.", &["resignation Jo Marsh 2024-06-06 new"]),
        ("PC Lee Hale, of Kent Police, had his vetting taken away in March.", &["vetting Lee Hale 2024-03 old"]),
    ]);
}

#[test]
fn watchdogs_and_prosecutors_act_in_many_words() {
    check(&[
        (
            "Two Kent Police officers have been served with gross misconduct notices by the IOPC.",
            &["investigation_opened (two kent police officers) 2024-06-06 new"],
        ),
        (
            "The Crown Office has instructed Pirc to investigate Police Scotland officers.",
            &["investigation_opened (police scotland officers) 2024-06-06 new"],
        ),
        ("The IOPC said Kent Police had made a voluntary referral.", &["referral - 2024-06-06 new"]),
        (
            "The CPS has discontinued the prosecution of PC Lee Hale, of Kent Police.",
            &["investigation_closed Lee Hale 2024-06-06 new"],
        ),
        (
            "The Crown Office ruled out proceedings against the Police Scotland officers in April.",
            &["investigation_closed (the police scotland officers) 2024-04 old"],
        ),
        (
            "Kent Police is no longer in special measures, inspectors from HMICFRS announced on Monday.",
            &["special_measures - 2024-06-03 new"],
        ),
        ("Kent Police has accepted all 12 recommendations made by HMICFRS.", &["recommendation - 2024-06-06 new"]),
    ]);
}

#[test]
fn what_neither_and_nor_deny_is_not_told() {
    check(&[
        ("Neither PC Ann Orr nor PC Lee Hale, of Kent Police, has been charged.", &[]),
        ("Neither officer from Kent Police has been suspended.", &[]),
        ("PC Ann Orr, of Kent Police, has not, so far, lost her job.", &[]),
        ("PC Ann Orr, of Kent Police, was not suspended, nor is she under investigation by the IOPC.", &[]),
        ("Not one person from Kent Police has been sent home, a campaigner said.", &[]),
    ]);
}

#[test]
fn times_count_from_what_was_told_before() {
    check(&[
        (
            "Sgt Lee Hale, of Kent Police, was arrested in March 2022.|He was charged that June.",
            &["arrest Lee Hale 2022-03 old", "charge Lee Hale 2022-06 old"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, was arrested on 3 March 2022 and charged two days later.",
            &["arrest Lee Hale 2022-03-03 old", "charge Lee Hale 2022-03-05 old"],
        ),
        (
            "Hale, a Kent Police sergeant since 2016, was suspended on Monday.",
            &["suspension (a kent police sergeant) 2024-06-03 new"],
        ),
        (
            "Chief Constable Jo Marsh, of Kent Police, will leave in August, it emerged yesterday.",
            &["resignation Jo Marsh 2024-06-05 new"],
        ),
        (
            "The IOPC launched an investigation into Kent Police after the death of a man on 7 March.",
            &["investigation_opened (a man) 2024-06-06 new"],
        ),
        (
            "Chief Constable Jo Marsh, of Kent Police, resigned on Monday, hours after PC Lee Hale was charged.",
            &["resignation Jo Marsh 2024-06-03 new", "charge Lee Hale 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn sentences_for_life_have_names_of_their_own() {
    check(&[
        (
            "Sgt Lee Hale of Kent Police raped a woman in 2019. | Hale was given a whole-life order in March for murdering Ivy Lomas.",
            &["incident Lee Hale 2019 old", "sentence Lee Hale 2024-03 old"],
        ),
        ("Ada Wistow called for Sgt Lee Hale of Kent Police to be given a whole-life order.", &[]),
    ]);
}

#[test]
fn inquiries_inquests_and_the_watch_over_a_force() {
    check(&[
        (
            "Lady Grange's inquiry, which is already examining Kent Police, was widened in 2022 to take in PC Lee Hale.",
            &["inquiry - 2022 old"],
        ),
        (
            "Sir Ted Grange's public inquiry into the death of Leo Ash labelled Kent Police institutionally racist in 1999.",
            &["inquiry - 1999 old"],
        ),
        (
            "Leo Ash died in a Kent Police cell in 2014. | In April 2016 fresh inquests concluded that he was unlawfully killed.",
            &["death_after_contact Leo Ash 2014 old", "inquest Leo Ash 2016-04 old"],
        ),
        ("Kent Police has been in a form of special measures since last June.", &["special_measures - 2023-06 old"]),
        ("Kent Police settled claims by seven women in March.", &["settlement (seven women) 2024-03 old"]),
        (
            "Deputy Chief Constable Jo Marsh has been put in charge of Kent Police until a successor is found.",
            &["appointment Jo Marsh 2024-06-06 new"],
        ),
        ("Detective Inspector Jo Marsh of Kent Police has been put in charge of the investigation.", &[]),
    ]);
}

#[test]
fn protests_follow_and_fill_the_pavement() {
    check(&[
        (
            "Hundreds of people protested outside the Old Bailey on Monday after a Kent Police marksman was cleared of murdering Leo Ash.",
            &["protest - 2024-06-03 new", "acquittal (a kent police marksman) 2024-06-06 new"],
        ),
        (
            "The death of Leo Ash in a Kent Police cell was followed by protests outside Luton police station.",
            &["death_after_contact Leo Ash - old", "protest - 2024-06-06 new"],
        ),
        ("Dozens of residents protested outside the town hall on Monday over a bypass, watched by Kent Police.", &[]),
    ]);
}

#[test]
fn reviews_reports_and_rules_of_a_force() {
    check(&[
        (
            "Kent Police has apologised to victims of rape. | Tom Orr, the commissioner, said Sir Alan Hale, a retired judge, would lead an independent review.",
            &["apology - 2024-06-06 new", "inquiry - 2024-06-06 new"],
        ),
        (
            "Kent Police has apologised to victims of rape. | An internal report, seen by a newspaper, says that an alarm sounded for hours.",
            &["apology - 2024-06-06 new", "report_published - 2024-06-06 new"],
        ),
        (
            "Kent Police has apologised to victims of rape. | A civilian manager was suspended on Friday.",
            &["apology - 2024-06-06 new", "suspension (a civilian manager) 2024-05-31 new"],
        ),
        // Cases of the public.
        (
            "Kent Police has apologised to victims of rape. | The Crown Prosecution Service said charges had been dropped in two cases.",
            &["apology - 2024-06-06 new"],
        ),
        (
            "Leo Ash died after he was followed by a Kent Police van. | In November the force issued new guidance to its drivers.",
            &["death_after_contact Leo Ash 2024-06-06 new", "policy_change - 2023-11 old"],
        ),
        (
            "PC Lee Hale, of Kent Police, was sacked. | From 1 July the Met will record the ethnicity of every driver it stops.",
            &["dismissal Lee Hale 2024-06-06 new", "policy_change - 2024-07-01 new"],
        ),
        (
            "PC Lee Hale and PC Ann Orr, of Kent Police, were each given a final written warning at a misconduct hearing.",
            &["misconduct_finding Lee Hale+Ann Orr 2024-06-06 new"],
        ),
        (
            "Ann Orr is to leave Kent Police to become chief executive of the College of Policing.",
            &["appointment Ann Orr 2024-06-06 new"],
        ),
        (
            "Sgt Ann Orr, of Kent Police, sued the force. | She complained to the force about her sergeant in May 2021. In June that year she was suspended, and she resigned the following March.",
            &[
                "legal_action Ann Orr 2024-06-06 new",
                "complaint Ann Orr 2021-05 old",
                "suspension Ann Orr 2021-06 old",
                "resignation Ann Orr 2022-03 old",
            ],
        ),
        (
            "A boy of 15 has died after a Kent Police van followed him. | Leo Ash hit a lorry on Friday and died in hospital on Saturday night.",
            &["death_after_contact Leo Ash 2024-06-01 new"],
        ),
        (
            "Leo Ash died after he was followed by a Kent Police van. | A second march will leave the park at noon on Saturday.",
            &["death_after_contact Leo Ash 2024-06-06 new", "protest - 2024-06-08 new"],
        ),
        (
            "Leo Ash died after he was followed by a Kent Police van. | About 50 of his friends have ridden here behind a banner.",
            &["death_after_contact Leo Ash 2024-06-06 new", "protest - 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn what_only_looks_like_a_matter_of_the_police() {
    check(&[
        ("Police have launched an appeal after a teenager was robbed in Croydon, the Met said.", &[]),
        ("Protesters were arrested by the Met after blocking a road during a climate march.", &[]),
        (
            "Two Kent Police officers are being investigated over their contact with a man who later killed his partner, the IOPC said.",
            &["investigation_opened (two kent police officers) 2024-06-06 new"],
        ),
        (
            "A Kent Police officer who shot a man with a Taser has been cleared of grievous bodily harm.",
            &["acquittal (a kent police officer) 2024-06-06 new"],
        ),
        // What is one.
        ("Leo Ash was shot dead by Kent Police officers in Luton.", &["death_after_contact Leo Ash 2024-06-06 new"]),
        (
            "The case against two Met officers collapsed after the prosecution offered no evidence.",
            &["acquittal (two met officers) 2024-06-06 new"],
        ),
        (
            "PC Adam Hale’s actions amounted to gross misconduct and he was dismissed without notice, Kent Police said.",
            &["misconduct_finding Adam Hale 2024-06-06 new", "dismissal Adam Hale 2024-06-06 new"],
        ),
        (
            "The IOPC investigated a fatal pursuit by Kent Police. | The officers will face no disciplinary action.",
            &["investigation_opened - 2024-06-06 new", "investigation_closed (the officers) 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn forces_by_name_in_what_tells_of_contact() {
    check(&[
        (
            "The inquest into the death of Leo Ash, who was shot by Kent Police, was opened and adjourned on Tuesday.",
            &["death_after_contact Leo Ash - old", "inquest Leo Ash 2024-06-04 new"],
        ),
        (
            "The IOPC is investigating the death of a man who fell from a walkway after a Taser was fired by a Kent Police officer. | Leo Ash, 29, was hurt on Sunday. He died in hospital on Tuesday afternoon.",
            &["death_after_contact Leo Ash 2024-06-04 new", "investigation_opened - 2024-06-06 new"],
        ),
        // Nothing says that the police had to do with it.
        ("The inquest into the death of Leo Ash, a roofer, was opened and adjourned on Tuesday.", &[]),
    ]);
}

#[test]
fn wordings_of_appeals_notices_and_posts() {
    check(&[
        (
            "PC Lee Hale, of Kent Police, has lost his bid to have his conviction overturned at the Court of Appeal.",
            &["appeal Lee Hale 2024-06-06 new"],
        ),
        (
            "Former Kent Police inspector Ann Orr has failed in her attempt to clear her name at the Court of Appeal.",
            &["appeal Ann Orr 2024-06-06 new"],
        ),
        (
            "The IOPC served a notice of gross misconduct on Sgt Lee Hale of Kent Police over the stop.",
            &["investigation_opened Lee Hale 2024-06-06 new"],
        ),
        ("The head of the IOPC, Martin Rees, has resigned.", &["resignation Martin Rees 2024-06-06 new"]),
        (
            "Sgt Ann Orr has become the fifth Kent Police officer this year to be kicked out of the force.",
            &["dismissal Ann Orr 2024-06-06 new"],
        ),
        (
            "Sgt Lee Hale, of Kent Police, will appear before Dover magistrates next month accused of stalking.",
            &["charge Lee Hale 2024-06-06 new"],
        ),
        (
            "Kent Police said a misconduct hearing for Sgt Lee Hale will take place on 24 June at its headquarters.",
            &["misconduct_hearing Lee Hale 2024-06-24 new"],
        ),
        (
            "A panel found Sgt Lee Hale had committed gross misconduct and dismissed him without notice from Kent Police.",
            &["misconduct_finding Lee Hale 2024-06-06 new", "dismissal Lee Hale 2024-06-06 new"],
        ),
        (
            "Two Kent Police constables who traded jokes in a WhatsApp group called The Nick were dismissed without notice on Wednesday.",
            &["dismissal (two kent police constables) 2024-06-05 new"],
        ),
        (
            "Ann Orr sued Kent Police in 2012 and accepted £290,000 four years later.",
            &["legal_action Ann Orr 2012 old", "settlement Ann Orr 2016 old"],
        ),
        // What only looks like it.
        (
            "The vetting officer, Ann Orr of Kent Police, told the hearing that she was frightened of losing her job.",
            &[],
        ),
        (
            "The chief constable of Kent Police has been suspended over claims that she let an applicant who had failed vetting join.",
            &["suspension (the chief constable) 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn wordings_of_fatal_accident_inquiries() {
    check(&[
        (
            "Leo Ash died in a Police Scotland cell. | Another fatal accident inquiry found in January that nothing could have been done to save him.",
            &["death_after_contact Leo Ash 2024-06-06 new", "inquest Leo Ash 2024-01 old"],
        ),
        (
            "In a determination published on Monday, Sheriff Ann Orr identified two precautions by which the death of Leo Ash in a Police Scotland cell might have been avoided.",
            &["inquest Leo Ash 2024-06-03 new"],
        ),
    ]);
}

#[test]
fn bare_verbs_go_on_with_an_infinitive_or_a_modal() {
    check(&[
        (
            "Kent Police has agreed to pay £20,000 to Ann Orr and apologise to her.",
            &["settlement Ann Orr 2024-06-06 new", "apology - 2024-06-06 new"],
        ),
        (
            "Chief Constable Lee Hale of Kent Police will retire in September and join the College of Policing.",
            &["resignation Lee Hale 2024-09 new"],
        ),
        // Asked for, not done.
        ("Ann Orr urged the chief constable of Kent Police to resign and say sorry to her family.", &[]),
        ("“I want Kent Police to look my boys in the eye and say sorry,” said Ann Orr.", &[]),
        // A murder is no death after contact.
        (
            "Ann Orr said that the Met had allowed a serving officer to rape and kill a young woman.",
            &["incident (a serving officer) 2024-06-06 new"],
        ),
    ]);
}

#[test]
fn the_subject_behind_and_what_makes_a_matter_of_conduct() {
    check(&[
        ("Among those charged is PC Lee Hale, 31, of Kent Police.", &["charge Lee Hale 2024-06-06 new"]),
        (
            "PC Lee Hale, of Kent Police, has been not only suspended but arrested.",
            &["suspension Lee Hale 2024-06-06 new", "arrest Lee Hale 2024-06-06 new"],
        ),
        (
            "A criminal investigation into Chief Constable Ann Orr of Kent Police was launched on Monday; she denies wrongdoing.",
            &["investigation_opened Ann Orr 2024-06-03 new", "statement Ann Orr 2024-06-06 new"],
        ),
        ("Ivy Ash’s complaint against Kent Police was upheld on Monday.", &["complaint Ivy Ash 2024-06-03 new"]),
        (
            "Chief Constable Lee Hale of Kent Police told staff on Monday that he was leaving.",
            &["resignation Lee Hale 2024-06-03 new"],
        ),
        (
            "Kent Police’s next chief constable will be Ann Orr, it was announced on Monday.",
            &["appointment Ann Orr 2024-06-03 new"],
        ),
        (
            "Ann Orr will replace Lee Hale at the head of Kent Police in September.",
            &["appointment Ann Orr 2024-09 new"],
        ),
        (
            "Proceedings for gross misconduct will be brought against PC Lee Hale of Kent Police.",
            &["misconduct_hearing Lee Hale 2024-06-06 new"],
        ),
        // Nobody of the police is looked into.
        ("A criminal investigation into a builder of Luton was launched by Kent Police on Monday.", &[]),
    ]);
}
