//! The main clauses of sentences: who does what, whatever stands between. People and sentences are invented.

use super::super::clauses::Link;
use super::super::words::VerbKind;
use super::super::{Reader, indices};
use super::article;
use crate::domain::Watchlist;
use crate::stages::extract::{doc::Doc, quotes, who::Recogniser};

/// "subject / verb" of each main clause with a tensed verb; "not" before a verb that is negated.
fn mains(text: &str) -> Vec<String> {
    let article = article(text);
    let doc = Doc::new(&article);
    let named = Recogniser::new(&Watchlist::default()).recognise(&doc, &article);
    let quotes = quotes::find(&doc, &named);
    let (mention_of, quote_of) = indices(&doc, &named, &quotes);
    let reader = Reader::new();
    let parsed = reader.parse(&doc, &article, &named, &quotes, &mention_of, &quote_of).remove(0);
    let tensed = parsed.clauses.iter().filter(|c| c.link == Link::Main);
    let told = tensed.filter_map(|c| c.verb.as_ref().filter(|v| v.kind == VerbKind::Finite).map(|v| (c, v)));
    told.map(|(c, v)| {
        let subject = c.subject.first().map_or_else(String::new, |&p| {
            let np = &parsed.phrases[p];
            parsed.words[np.first..np.last].iter().map(|w| w.lower.as_str()).collect::<Vec<_>>().join(" ")
        });
        format!("{subject} / {}{}", if v.neg { "not " } else { "" }, v.lemma)
    })
    .collect()
}

fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(mains(text), *expected, "{text}");
    }
}

#[test]
fn the_verb_comes_after_an_aside() {
    check(&[
        (
            "Mr Orr, who was suspended on full pay on March 7, said in a statement and a letter: “I deny it.”",
            &["mr orr / say", "i / deny"],
        ),
        (
            "Jo Pike, who heads the special crime division, said: “We have concluded the case.”",
            &["jo pike / say", "we / conclude"],
        ),
        ("Sergeant Hale, who denies them all, had never faced a panel.", &["sergeant hale / not face"]),
        (
            "The watchdog, which announced its investigation in September, has yet to interview the sergeants.",
            &["the watchdog / yet"],
        ),
        (
            "Her mother, Ivy Ash, accused the force of having treated her badly after they arrived.",
            &["her mother / accuse"],
        ),
        ("She and PC Lee Hale, who also gave evidence, remain on duty.", &["she / remain"]),
        ("Mr Hale, whose own contract runs to 2027, has been tipped for a bigger job.", &["mr hale / tip"]),
        ("An officer who had sex with a victim while on duty has been jailed.", &["an officer / jail"]),
        ("He assaulted a woman while on duty and was dismissed.", &["he / assault", "he / dismiss"]),
        ("A sergeant caught speeding while off duty was fined.", &["a sergeant / fine"]),
        ("The officer, it is alleged, punched the boy.", &["it / allege"]),
        ("Two of the officers, the hearing was told, had been drinking.", &["the hearing / tell"]),
        ("Mr Orr, 45, from Luton, who denies the charge, and Ms Hale, 34, were remanded.", &["mr orr / remand"]),
        ("The force would like to apologise to her.", &["the force / like"]),
        ("Officers and victims of failures, as well as campaigners, are due to speak.", &["officers / due"]),
    ]);
}

#[test]
fn the_subject_comes_after_what_leads() {
    check(&[
        ("Meanwhile, a review found no evidence.", &["a review / find"]),
        ("Until now the force has used vans.", &["the force / use"]),
        ("From now on an officer who cannot hold vetting can be dismissed.", &["an officer / dismiss"]),
        (
            "And since 1 November a revised code has required an inspector to authorise it.",
            &["a revised code / require"],
        ),
        ("As deputy in Kent he led the work.", &["he / lead"]),
        ("If found guilty he could be jailed for years.", &["he / jail"]),
        ("If she is injured the job could pass to a former policeman.", &["the job / pass"]),
        ("Opening the case, Lee Hale KC said PC Orr had lost control.", &["lee hale kc / say"]),
        (
            "During one raid PC Ann Orr suffered a broken wrist when she was hit by a quad bike.",
            &["pc ann orr / suffer"],
        ),
        (
            "After the case Detective Constable Ann Orr, of Kent Police, said it was over.",
            &["detective constable ann orr / say"],
        ),
        ("In an email he told me he had been thrown overboard.", &["he / tell"]),
        ("What we know so far: Leo Ash died in May.", &["leo ash / die"]),
    ]);
}

#[test]
fn short_verbs_behind_pronouns() {
    check(&[
        ("They’re investigating the sergeant.", &["they / investigate"]),
        ("He's been charged with fraud and she'd been warned.", &["he / charge", "she / warn"]),
        ("It’s a grave matter, and we'll publish the report.", &["it / be", "we / publish"]),
        ("I'd say that she's resigned.", &["i / say"]),
    ]);
}

#[test]
fn verbs_that_look_like_something_else() {
    check(&[
        ("Dame Ivy Hale hopes to report on the force before the summer.", &["dame ivy hale / hope"]),
        ("PC Orr left by a side door and did not speak to reporters.", &["pc orr / leave", "pc orr / not speak"]),
        ("The commissioner, Ivy Hale, stood by her.", &["the commissioner / stand"]),
        ("Jo Pike, the ombudsman, revealed on Thursday that she is investigating two officers.", &["jo pike / reveal"]),
        ("Members of the panel agreed by seven votes to four that he should stay.", &["members / agree"]),
        ("The rules meant to close that loophole came into force.", &["the rules / come"]),
        (
            "An inspector has lost his clearance because of undeclared debts and faces losing his job.",
            &["an inspector / lose", "an inspector / face"],
        ),
        ("Nobody else has been charged.", &["nobody else / charge"]),
        ("The vetting of about 9,000 officers and staff has been reviewed.", &["the vetting / review"]),
    ]);
}

#[test]
fn what_stands_between_the_helper_and_its_verb() {
    check(&[
        ("Ms Hale was herself reprimanded in 2021.", &["ms hale / reprimand"]),
        ("The inspectorate is going to examine every search.", &["the inspectorate / examine"]),
        ("Hilary Orr, police staff, was suspended in May.", &["hilary orr / suspend"]),
        ("Lee Hale, chair of the board, accuses the force.", &["lee hale / accuse"]),
    ]);
}

#[test]
fn clauses_that_go_on_after_others() {
    check(&[
        (
            "The force made a referral on Wednesday, and by midday the watchdog had begun an inquiry.",
            &["the force / make", "the watchdog / begin"],
        ),
        (
            "Leo Ash died in a cell, and the officer who should have looked in on him was warned.",
            &["leo ash / die", "the officer / warn"],
        ),
        (
            "The panel gave a constable, Jo Orr, a final written warning and cleared her colleague.",
            &["the panel / give", "the panel / clear"],
        ),
        (
            "The panel found that PC Hale had lied, and ruled that he would have been dismissed.",
            &["the panel / find", "the panel / rule"],
        ),
        (
            "Sgt Hale was told that his vetting had been withdrawn, and was suspended.",
            &["sgt hale / tell", "sgt hale / suspend"],
        ),
        ("A constable who fell asleep while a pensioner waited for help has been warned.", &["a constable / warn"]),
        ("About fifty friends of Leo Ash walked to the gates.", &["fifty friends / walk"]),
        ("For the first time Kent Police has said sorry.", &["kent police / say"]),
    ]);
}

#[test]
fn asides_end_where_the_clause_goes_on() {
    check(&[
        ("PC Hale attacked a woman, who had reported a violent partner, in Luton in 2018.", &["pc hale / attack"]),
        (
            "Jo Pike, of a charity, said checks were “the least the public could expect” and called for an inquiry.",
            &["jo pike / say", "jo pike / call"],
        ),
        (
            "The commissioner suspended the chief the same day and Ann Orr, her deputy, stepped up.",
            &["the commissioner / suspend", "ann orr / step"],
        ),
        (
            "A complaint from his family about how they were told of his death was not upheld.",
            &["a complaint / not uphold"],
        ),
        (
            "Jurors were sworn in and the inquest into how he died got under way.",
            &["jurors / swear", "the inquest / get"],
        ),
        ("Up to 200 people marched from the harbour.", &["200 people / march"]),
        ("The chief will resign and apologise to the boy.", &["the chief / resign", "the chief / apologise"]),
        // A noun, where no object follows.
        ("The force will review training and discipline in June.", &["the force / review"]),
        ("All 212 recruits who had been cleared since 2022 were vetted again.", &["all 212 recruits / vet"]),
        ("The inquest was brought in January, days before a jury found neglect.", &["the inquest / bring"]),
        ("The force has been in a process called Engage since May.", &["the force / be"]),
        (
            "The chief retired in March, and a review by Sir Alan Orr found that she was one of 41.",
            &["the chief / retire", "a review / find"],
        ),
    ]);
}
