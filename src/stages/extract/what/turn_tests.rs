//! Cases of the ways in which reporters tell one turn of a matter, one table a cause. People, events and sentences are
//! invented.

use super::release_tests::check;

#[test]
fn a_force_stands_trial_itself() {
    check(&[
        (
            "Kent Police has been charged with a breach of health and safety law over the death of a cyclist.",
            &["charge"],
        ),
        (
            "Kent Police pleaded guilty at Maidstone Crown Court to a breach of health and safety law over the death of a cyclist.",
            &["plea"],
        ),
        (
            "Kent Police was fined £95,000 at Maidstone Crown Court on Monday over the death of a cyclist.",
            &["sentence"],
        ),
        ("Kent Police charged a man with theft. He was fined £200 at Maidstone Crown Court on Monday.", &[]),
    ]);
}

#[test]
fn juries_that_do_not_decide_and_judges_who_decide_for_them() {
    check(&[
        (
            "A jury was discharged on Monday after failing to agree whether PC Tom Brade of Kent Police had lied on oath.",
            &["trial"],
        ),
        (
            "Jurors were sent home on Monday, unable to decide whether PC Tom Brade of Kent Police had assaulted a boy.",
            &["trial"],
        ),
        ("The judge ordered the jury to acquit PC Tom Brade of Kent Police of assault on Monday.", &["acquittal"]),
        ("Jurors were sent home until Monday in the case of a man accused of robbing a shop.", &[]),
    ]);
}

#[test]
fn a_post_by_what_someone_is_made_or_given() {
    check(&[
        (
            "Chief Superintendent Ola Renn of Kent Police was made temporary assistant chief constable on Monday.",
            &["appointment"],
        ),
        (
            "Deputy Chief Constable Ola Renn was given the top job at Kent Police on a permanent basis last month.",
            &["appointment"],
        ),
        ("Chief Superintendent Ola Renn of Kent Police was made welcome at a school on Monday.", &[]),
    ]);
}

#[test]
fn findings_told_by_what_was_found() {
    check(&[
        (
            "A panel found gross misconduct in the case of Sergeant Tom Brade of Kent Police on Monday.",
            &["misconduct_finding"],
        ),
        ("A panel found no gross misconduct in the case of Sergeant Tom Brade of Kent Police on Monday.", &[]),
    ]);
}
