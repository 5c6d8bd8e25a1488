//! Plain texts by rule; people and events are invented.

use super::*;

fn cleaned(text: &str) -> Cleaned {
    clean(text)
}

fn body(text: &str) -> Vec<String> {
    cleaned(text).article.blocks.into_iter().map(|b| b.text).collect()
}

/// A text with `line` between two paragraphs of its body.
fn with_line(line: &str) -> String {
    format!(
        "Constable who lost case files is fined\n\nBy Orla Finch\n\n3 May 2024\n\nA constable who left case files on a tram has been fined £300 by magistrates.\n\n{line}\n\nThe files told of 14 burglaries in the harbour, the court was told. They were never found.\n"
    )
}

const LEAD: &str = "A constable who left case files on a tram has been fined £300 by magistrates.";
const SECOND: &str = "The files told of 14 burglaries in the harbour, the court was told. They were never found.";

#[test]
fn lines_between_paragraphs_go() {
    for line in [
        "READ MORE: Harbour inspector keeps his rank",
        "Harbour inspector keeps rank after hearing",
        "The number 9 tram, on which the files were left",
        "The number 9 tram. Picture: Nell Farrow",
        "Sign up to our weekly newsletter. Something went wrong, please try again later.",
        "Want more from the Harbour Post? Download our app.",
        "ADVERTISEMENT",
        "Related: Tram routes to change",
        "SHAMED Tram sergeant demoted over tickets",
        "Orla Finch on the harbour burglaries",
    ] {
        assert_eq!(body(&with_line(line)), [LEAD, SECOND], "{line}");
    }
}

#[test]
fn lines_of_the_article_stay() {
    for line in [
        "Magistrates were told that:",
        "“I will not ride a tram again,” she said.",
        "Anyone with information can call the force on 101.",
        "This article was amended on 4 May 2024 to correct the number of the tram.",
        "She was told to log in and change her password.",
        "• the files were on paper;",
        "What happens next?",
        "Lost burglaries",
    ] {
        assert_eq!(body(&with_line(line)), [LEAD, line, SECOND], "{line}");
    }
}

#[test]
fn the_head_is_taken_apart() {
    let text = "Skip to content\n\nNews | Sport | Jobs\n\nInspector cleared over lost dog\n\nHarbour dog was never hers, panel hears\n\nORLA FINCH, PA\n\nTuesday 7 May 2024, 10.20am. Updated 5.45pm\n\nInsp Gail Farrow with the dog\n\nAn inspector accused of keeping a lost dog has been cleared by a panel.\n";
    let got = cleaned(text);
    let a = &got.article;
    assert_eq!(a.headline.as_deref(), Some("Inspector cleared over lost dog"));
    assert_eq!(a.standfirst.as_deref(), Some("Harbour dog was never hers, panel hears"));
    assert_eq!((a.byline.clone(), a.agency.as_deref()), (vec!["Orla Finch".to_owned()], Some("PA")));
    assert_eq!(a.published.map(|t| t.to_string()).as_deref(), Some("2024-05-07T09:20:00Z"));
    assert_eq!(a.modified.map(|t| t.to_string()).as_deref(), Some("2024-05-07T16:45:00Z"));
    assert_eq!(a.captions, ["Insp Gail Farrow with the dog"]);
    assert_eq!(a.text(), "An inspector accused of keeping a lost dog has been cleared by a panel.");
    assert!(got.dropped.iter().any(|d| d.rule == "menu"), "{:?}", got.dropped);
}

#[test]
fn the_paper_over_the_article_is_no_headline() {
    let a = cleaned("Harbour Evening Post\n\nBy Orla Finch\n\n3 May 2024\n\nA constable who left case files on a tram has been fined £300.\n").article;
    assert_eq!((a.headline, a.outlet.as_deref()), (None, Some("Harbour Evening Post")));
    let a = cleaned("Harbour Evening Post\n\nConstable who lost files is fined\n\nA constable who left case files on a tram has been fined £300.\n").article;
    assert_eq!(
        (a.headline.as_deref(), a.outlet.as_deref()),
        (Some("Constable who lost files is fined"), Some("Harbour Evening Post"))
    );
}

#[test]
fn prompts_are_known_by_how_they_speak() {
    for line in
        ["Swipe for more pictures.", "Want to share your view? Write to the editor.", "This survey takes two minutes."]
    {
        assert_eq!(body(&with_line(line)), [LEAD, SECOND], "{line}");
    }
}

#[test]
fn a_live_page_is_flagged_and_loses_its_stamps() {
    let text = "Harbour inquest LIVE: jury out\n\n16:40, 2 FEB 2024\n\n16:31\n\nThe jury has gone out, the coroner says.\n\n16:02\n\nThe coroner has told the jury to take its time.\n\n15:40\n\nGood afternoon from the harbour court.\n";
    let got = cleaned(text);
    assert_eq!(got.article.flags, [Flag::LiveBlog]);
    assert_eq!(got.article.blocks.len(), 3);
}

#[test]
fn appeals_go_with_the_paragraphs_between() {
    let text = "Sergeant sues over boots\n\nOrla Finch\n\n7 May 2024\n\nYour support helps us to keep reporting\n\nFrom council chambers to crown courts, we are there when it counts, and our reporters ask the questions.\n\nWe believe good journalism should be open to everyone, and your donation pays for it.\n\nA sergeant whose boots fell apart on a murder inquiry is suing his force.\n";
    assert_eq!(body(text), ["A sergeant whose boots fell apart on a murder inquiry is suing his force."]);
}

#[test]
fn odd_texts_get_an_answer() {
    for (text, expected) in [
        ("", vec![]),
        ("Hello", vec!["Hello"]),
        (
            "One sentence of an article, and no more than that.",
            vec!["One sentence of an article, and no more than that."],
        ),
        ("\u{feff}\n\n \t\n", vec![]),
    ] {
        assert_eq!(body(text), expected, "{text:?}");
    }
    let wrapped = "Sergeant sues over boots\n\nA sergeant whose boots fell apart on a murder inquiry\nis suing his force for the price of a new pair and for\nthe cold that he caught when he had to walk home to\nthe harbour in his socks.\n\nThe force said that boots were issued once a year and\nthat nobody else had complained of them so far, but it\nwould have a look at the soles of every pair before\nthe winter came.\n";
    assert_eq!(body(wrapped).len(), 2);
}

#[test]
fn a_list_without_its_bullets_stays_below_its_opening() {
    let text = "Sergeant barred over boots\n\nOrla Finch\n\n7 May 2024\n\nA sergeant who sold the force’s boots has been barred.\n\nThe panel found these breaches proven:\n\nhonesty and integrity\n\norders and instructions\n\nHe had served for nine years, the panel said.\n";
    assert!(body(text).contains(&"orders and instructions".to_owned()), "{:?}", body(text));
}

#[test]
fn a_heading_in_quotation_marks_stays() {
    let text = "Sergeant sues over boots\n\nOrla Finch\n\n7 May 2024\n\nA sergeant whose boots fell apart on a murder inquiry is suing his force.\n\n'Nobody answered'\n\nThe force said that boots were issued once a year and that it had heard no complaint.\n";
    assert!(body(text).contains(&"'Nobody answered'".to_owned()), "{:?}", body(text));
}

#[test]
fn notes_to_editors_go_with_all_that_follows() {
    let text = "Sergeant barred over boots\n\n7 May 2024\n\nA sergeant who sold the force’s boots has been barred by a panel.\n\nHe had served for nine years, the panel said.\n\nNotes to editors\n\nThe commission was set up in 2001 and is independent of the police.\n\nThis release was amended on 9 May 2024 to correct his rank.\n";
    let got = body(text);
    assert_eq!(got.len(), 3, "{got:?}");
    assert!(got.iter().any(|line| line.starts_with("This release was amended")), "{got:?}");
}
