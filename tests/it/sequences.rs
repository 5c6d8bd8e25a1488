//! What one matter alerts while it goes its way, told again days later by others: invented, and read by the command
//! `ingest` as it is used from outside.

use serde_json::{Value, json};
use std::process::Command;

const WATCHLIST: &str = "[[person]]\nid = \"ormerod\"\nname = \"Colin Ormerod\"\nbodies = [\"kent-police\"]\n\
                         [[person]]\nid = \"tansley\"\nname = \"Judith Tansley\"\n\
                         [[body]]\nid = \"kent-police\"\nname = \"Kent Police\"\n\
                         [[body]]\nid = \"sussex-police\"\nname = \"Sussex Police\"\n";

/// Day, headline, text, and the types of the major alerts that it raises.
type Told = (&'static str, &'static str, &'static str, &'static [&'static str]);

fn check(articles: &[Told]) {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("w.toml"), WATCHLIST).unwrap();
    let mut manifest = String::new();
    for (n, (day, headline, text, _)) in articles.iter().enumerate() {
        let file = path(&format!("{n}.txt"));
        std::fs::write(&file, format!("{headline}\n\n{text}\n")).unwrap();
        let outlet = format!("Outlet {n}");
        let url = format!("https://o{n}.example/{n}");
        let line =
            json!({"file": file, "published": format!("{day}T18:00:00Z"), "url": url, "outlet": outlet}).to_string();
        manifest.push_str(&line);
        manifest.push('\n');
    }
    std::fs::write(path("m.jsonl"), manifest).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_conductwatch"));
    command.args(["ingest", "--json", "--store", &path("store"), "--watchlist", &path("w.toml")]);
    let output = command.args(["--manifest", &path("m.jsonl")]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let alerts: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    for (n, (day, headline, _, expected)) in articles.iter().enumerate() {
        let name = n.to_string();
        let own = alerts.iter().filter(|a| a["article"] == name.as_str() && a["level"] == "major");
        let mut found: Vec<&str> = own.filter_map(|a| a["type"].as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, *expected, "{day} {headline}");
    }
}

#[test]
fn a_case_is_told_once_at_each_of_its_steps() {
    check(&[
        (
            "2024-02-05",
            "Kent officer charged with assault",
            "PC Colin Ormerod, 34, of Kent Police, was charged with assault on Monday, prosecutors said.\n\nHe will appear before magistrates on 4 March.",
            &["charge"],
        ),
        (
            "2024-02-09",
            "Policeman faces assault charge",
            "PC Colin Ormerod of Kent Police was charged with assault on Monday over the arrest of a teenager in Ashford.\n\nThe 34-year-old is due before magistrates next month.",
            &[],
        ),
        (
            "2024-03-04",
            "Officer in court",
            "PC Colin Ormerod, of Kent Police, appeared at Medway Magistrates' Court on Monday charged with assault.\n\nHe pleaded not guilty.\n\nHe was charged in February.",
            &["plea"],
        ),
        (
            "2024-03-07",
            "Kent officer denies assaulting teenager",
            "A Kent Police officer has denied assaulting a teenager.\n\nPC Colin Ormerod pleaded not guilty at Medway Magistrates' Court on Monday.",
            &[],
        ),
        (
            "2024-09-16",
            "Trial of Kent officer opens",
            "The trial of a Kent Police officer accused of assaulting a teenager opened on Monday.\n\nPC Colin Ormerod, who denies assault, kicked the boy as he lay on the ground, Maidstone Crown Court heard.",
            &["trial"],
        ),
        (
            "2024-09-18",
            "Kent officer tells jury he feared for his safety",
            "PC Colin Ormerod told jurors on Wednesday that he feared for his safety.\n\nThe Kent Police officer is on trial at Maidstone Crown Court and denies assault.",
            &[],
        ),
        (
            "2024-09-23",
            "Kent officer guilty of assault",
            "PC Colin Ormerod, of Kent Police, was found guilty of assault at Maidstone Crown Court on Monday.\n\nHe will be sentenced on 21 October.",
            &["conviction"],
        ),
        (
            "2024-09-27",
            "Ashford: officer convicted",
            "A Kent Police officer who kicked a teenager was convicted of assault this week.\n\nPC Colin Ormerod was found guilty by a jury on Monday.\n\nSentencing is on 21 October.",
            &[],
        ),
        (
            "2024-10-21",
            "Kent officer jailed",
            "PC Colin Ormerod was jailed for nine months at Maidstone Crown Court on Monday for assaulting a teenager.\n\nThe Kent Police officer was convicted in September.",
            &["sentence"],
        ),
        (
            "2024-10-25",
            "Officer behind bars",
            "Colin Ormerod, the Kent Police constable who kicked a teenager in Ashford, was jailed for nine months on Monday.",
            &[],
        ),
        (
            "2025-03-10",
            "Trust survey published",
            "Confidence in Kent Police has fallen, a survey found.\n\nPC Colin Ormerod was jailed last year for assaulting a teenager.",
            &[],
        ),
    ]);
}

#[test]
fn two_unnamed_officers_a_week_apart_are_two() {
    check(&[
        (
            "2024-02-05",
            "Officer charged",
            "A Kent Police officer has been charged with assault, the force said on Monday.\n\nThe constable, who is based in Ashford, will appear in court in March.",
            &["charge"],
        ),
        (
            "2024-02-06",
            "Kent constable charged with assault",
            "A constable of Kent Police was charged with assault on Monday.\n\nThe officer, based in Ashford, is due in court in March.",
            &[],
        ),
        (
            "2024-02-13",
            "Officer charged with theft",
            "A Kent Police officer was charged on Monday with theft, the force said.\n\nThe sergeant, who is based in Dover, will appear in court in April.",
            &["charge"],
        ),
    ]);
}

#[test]
fn one_officer_charged_with_something_else_is_told_again() {
    check(&[
        (
            "2024-02-05",
            "Officer charged",
            "PC Colin Ormerod, of Kent Police, was charged with assault on Monday.",
            &["charge"],
        ),
        (
            "2024-06-10",
            "Officer charged with fraud",
            "PC Colin Ormerod, of Kent Police, was charged with fraud on Monday.\n\nHe was charged with assault in February.",
            &["charge"],
        ),
        (
            "2024-06-14",
            "Kent officer faces fraud charge",
            "PC Colin Ormerod, of Kent Police, was charged with fraud on Monday.",
            &[],
        ),
    ]);
}

#[test]
fn a_hearing_is_told_as_it_opens_and_as_it_ends() {
    check(&[
        (
            "2024-05-13",
            "Misconduct hearing opens",
            "A misconduct hearing for PC Colin Ormerod of Kent Police opened on Monday.\n\nHe is accused of using excessive force on a teenager.",
            &["misconduct_hearing"],
        ),
        (
            "2024-05-14",
            "Officer ‘lost his temper’, hearing told",
            "PC Colin Ormerod lost his temper, a misconduct hearing was told on Tuesday.\n\nThe Kent Police officer denies gross misconduct.",
            &[],
        ),
        (
            "2024-05-17",
            "Officer sacked",
            "PC Colin Ormerod, of Kent Police, has been dismissed without notice after a misconduct hearing found he had used excessive force on a teenager.\n\nThe panel ruled on Friday that his actions amounted to gross misconduct.",
            &["dismissal"],
        ),
        (
            "2024-05-22",
            "Sacked",
            "A Kent Police officer has lost his job.\n\nPC Colin Ormerod was dismissed without notice on Friday after a panel found gross misconduct.",
            &[],
        ),
    ]);
}

#[test]
fn suspended_reinstated_and_dismissed_are_three() {
    check(&[
        (
            "2024-01-08",
            "Sergeant suspended",
            "Sergeant Judith Tansley of Sussex Police has been suspended, the force said on Monday.",
            &["suspension"],
        ),
        (
            "2024-01-12",
            "Sussex sergeant suspended",
            "Sussex Police has suspended Sergeant Judith Tansley.\n\nThe force confirmed on Monday that she had been suspended.",
            &[],
        ),
        (
            "2024-04-15",
            "Sergeant back at work",
            "Sergeant Judith Tansley has been reinstated by Sussex Police.\n\nShe was suspended in January.",
            &["appeal"],
        ),
        (
            "2024-09-09",
            "Sergeant dismissed",
            "Sergeant Judith Tansley was dismissed by Sussex Police on Monday after a panel found gross misconduct.\n\nShe was suspended in January.",
            &["dismissal"],
        ),
    ]);
}

#[test]
fn special_measures_of_two_forces_are_two_and_leaving_them_is_a_third() {
    check(&[
        (
            "2024-01-08",
            "Kent Police in special measures",
            "Kent Police has been placed in special measures by the inspectorate, it was announced on Monday.",
            &["special_measures"],
        ),
        (
            "2024-01-11",
            "Sussex Police put into special measures",
            "Sussex Police was put into special measures on Thursday.\n\nKent Police was placed in special measures earlier this week.",
            &["special_measures"],
        ),
        (
            "2024-01-15",
            "Two forces in special measures",
            "Kent Police was placed in special measures last Monday, and Sussex Police on Thursday.",
            &[],
        ),
        (
            "2025-01-20",
            "Kent Police leaves special measures",
            "Kent Police was taken out of special measures on Monday.\n\nIt was placed in special measures a year ago.",
            &["special_measures"],
        ),
    ]);
}

#[test]
fn a_retirement_announced_is_told_once() {
    check(&[
        (
            "2024-03-04",
            "Chief constable to retire",
            "Kent Police chief constable Judith Tansley has announced that she will retire in September.",
            &["resignation"],
        ),
        (
            "2024-03-08",
            "Tansley to step down",
            "Judith Tansley, the chief constable of Kent Police, announced on Monday that she will retire in September.",
            &[],
        ),
    ]);
}
