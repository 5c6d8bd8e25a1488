//! Tables of dates.

use super::parse;

fn check(text: &str, expected: Option<&str>) {
    assert_eq!(parse(text).map(|t| t.to_string()).as_deref(), expected, "{text:?}");
}

#[test]
fn standards() {
    check("Tue, 14 Mar 2023 08:15:30 +0000", Some("2023-03-14T08:15:30Z"));
    check("14 Mar 23 08:15 GMT", Some("2023-03-14T08:15:00Z"));
    check("2023-03-14T08:15:30Z", Some("2023-03-14T08:15:30Z"));
    check("2023-03-14T08:15:30.25-05:30", Some("2023-03-14T13:45:30Z"));
    check("20230314T081530+0100", Some("2023-03-14T07:15:30Z"));
    check("Tue Mar 14 08:15:30 2023", Some("2023-03-14T08:15:30Z"));
    check("2023-03", Some("2023-03-01T00:00:00Z"));
    check("2023", Some("2023-01-01T00:00:00Z"));
    check("20230314", Some("2023-03-14T00:00:00Z"));
    check("1678781730", Some("2023-03-14T08:15:30Z"));
    check("1678781730000", Some("2023-03-14T08:15:30Z"));
}

#[test]
fn zones() {
    check("14 Jul 2023 08:15 BST", Some("2023-07-14T07:15:00Z"));
    check("14 Jul 2023 08:15 +0100 (BST)", Some("2023-07-14T07:15:00Z"));
    check("14 Jul 2023 08:15 ET", Some("2023-07-14T12:15:00Z"));
    check("14 Jan 2023 08:15 ET", Some("2023-01-14T13:15:00Z"));
    check("14 Jul 2023 08:15 Europe/London", Some("2023-07-14T07:15:00Z"));
    check("14 Jan 2023 08:15 GMT+2", Some("2023-01-14T06:15:00Z"));
    check("14 Jan 2023 08:15 UTC-05:00", Some("2023-01-14T13:15:00Z"));
    check("14 Jan 2023 08:15 UTC -0500", Some("2023-01-14T13:15:00Z"));
    check("2023-01-14T08:15:00+98:00", None);
}

#[test]
fn times_of_day() {
    check("14 March 2023 12:05 AM", Some("2023-03-14T00:05:00Z"));
    check("14 March 2023 12:05pm", Some("2023-03-14T12:05:00Z"));
    check("3/14/2023 1:05:06 PM", Some("2023-03-14T13:05:06Z"));
    check("14 Mar 2023 24:00:00 GMT", Some("2023-03-15T00:00:00Z"));
    check("14 Mar 2023 23:59:60 GMT", Some("2023-03-14T23:59:59Z"));
    check("14 Mar 2023 25:00:00 GMT", None);
}

#[test]
fn other_tongues() {
    check("mar., 14 mars 2023 08:15:00 +0100", Some("2023-03-14T07:15:00Z"));
    check("Di, 14 Mär 2023 08:15:00 +0100", Some("2023-03-14T07:15:00Z"));
    check("Dienstag, 14. März 2023, 08:15 Uhr", Some("2023-03-14T08:15:00Z"));
    check("mar, 14 mar 2023 08:15:00 +0100", Some("2023-03-14T07:15:00Z"));
    check("14 de março de 2023 08:15", Some("2023-03-14T08:15:00Z"));
    check("Вт, 14 мар 2023 08:15:00 +0300", Some("2023-03-14T05:15:00Z"));
    check("2023年3月14日 08:15", Some("2023-03-14T08:15:00Z"));
}

#[test]
fn numbers_in_any_order() {
    check("14/03/2023 08:15", Some("2023-03-14T08:15:00Z"));
    check("04/03/2023", Some("2023-03-04T00:00:00Z"));
    check("14.03.2023 08:15", Some("2023-03-14T08:15:00Z"));
    check("2023/03/14", Some("2023-03-14T00:00:00Z"));
    check("14-Mar-2023 08:15:00", Some("2023-03-14T08:15:00Z"));
    check("March 14th, 2023", Some("2023-03-14T00:00:00Z"));
}

#[test]
fn rare_spellings() {
    check("Monday, May 1, 2023 - 3:04pm", Some("2023-05-01T15:04:00Z"));
    check("2023-05-01T15:04:05,250Z", Some("2023-05-01T15:04:05Z"));
    check("1672671845.75", Some("2023-01-02T15:04:05Z"));
    check("lundi 1 mai 2023 15h04", Some("2023-05-01T15:04:00Z"));
    check("2023年5月1日 15時04分05秒", Some("2023-05-01T15:04:05Z"));
    check("2023년 5월 1일 오후 3:04", Some("2023-05-01T15:04:00Z"));
    check("2023-121", Some("2023-05-01T00:00:00Z"));
    check("1. maj 2023 kl. 15.04", Some("2023-05-01T15:04:00Z"));
    check("2023-05-01Z", Some("2023-05-01T00:00:00Z"));
    check("2023-05-01+02:00", Some("2023-04-30T22:00:00Z"));
    check("2023-366", None);
}

#[test]
fn no_dates() {
    for text in [
        "",
        "yesterday",
        "30 Feb 2023",
        "0000-00-00",
        "-0001-11-30T00:00:00Z",
        "Tue, 14 foo 2023 08:15",
        "08:15",
        "14 Mar",
        "2023-13-01",
        "999999999999999999999",
        "1.2.3.4.5",
        "Mon, Mar x 2023 10:00 GMT",
    ] {
        check(text, None);
    }
}

#[test]
fn cut_anywhere_it_never_panics() {
    for text in ["Tue, 14 März 2023 08:15:30.5 +01:00 (CET)", "2023年3月14日 오후 08:15", "3/14/2023 1:05:06 PM"]
    {
        for (at, _) in text.char_indices() {
            let (head, tail) = text.split_at(at);
            assert!(parse(head).is_none() || parse(tail).is_none() || at > 0);
        }
    }
}
