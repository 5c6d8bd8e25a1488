use super::*;
use crate::domain::{
    AlertClass, Basis, Block, BlockKind, DevelopmentId, EntityRef, Extraction, WatchedPerson, Watchlist,
};
use crate::stages::extract::Extractor;

fn at() -> Timestamp {
    "2026-03-10T12:00:00Z".parse().unwrap()
}

fn watchlist() -> Watchlist {
    let person = |id: &str, name: &str| WatchedPerson { id: id.into(), name: name.into(), ..WatchedPerson::default() };
    Watchlist { persons: vec![person("ada-marrick", "Ada Marrick")], ..Watchlist::default() }
}

const HEADLINE: &str = "Westmarch sergeant charged with fraud";
const CHARGED: &str =
    "Sergeant Ada Marrick, 41, of Westmarch Police, was charged on Monday with fraud, prosecutors said.";
const COURT: &str = "She is due before magistrates in Aldmoor in April.";
const REST: &str = "The force has eleven hundred officers and runs the stations at Aldmoor and Fennel Bridge.";

fn article(headline: &str, paragraphs: &[&str]) -> Article {
    let block = |text: &&str| {
        let kind =
            if text.starts_with("This article was amended") { BlockKind::CorrectionNote } else { BlockKind::Paragraph };
        Block { kind, text: (*text).to_owned() }
    };
    Article {
        headline: Some(headline.to_owned()),
        published: Some(at()),
        blocks: paragraphs.iter().map(block).collect(),
        ..Article::default()
    }
}

fn read(article: &Article) -> Extraction {
    Extractor::new(&watchlist()).extract(article)
}

/// The changes between two articles, and whether they were explained.
fn changes(before: &Article, after: &Article) -> (Vec<Change>, bool) {
    let (old, mut new) = (read(before), read(after));
    carry_dates(&old, &mut new);
    compare(Version { article: before, found: &old }, Version { article: after, found: &new })
}

fn kinds(before: &Article, after: &Article) -> Vec<ChangeKind> {
    changes(before, after).0.iter().map(|c| c.kind).collect()
}

#[test]
fn what_pages_change_by_themselves_is_no_change() {
    let before = article(HEADLINE, &[CHARGED, COURT, REST, "Last updated at 08:02", "12 shares"]);
    for after in [
        article(HEADLINE, &[CHARGED, COURT, REST, "Last updated at 10:41", "1,204 shares", "14 comments"]),
        article("Westmarch Sergeant charged with fraud | Westmarch Echo", &[CHARGED, COURT, REST]),
        article(HEADLINE, &[&CHARGED.replace("Monday with", "Monday, with"), COURT, REST]),
        article(HEADLINE, &[CHARGED, COURT, REST, "Read more: Ten walks for a wet weekend"]),
    ] {
        assert!(is_same_text(&before, &after), "{after:#?}");
        assert_eq!(changes(&before, &after), (Vec::new(), false), "{after:#?}");
    }
}

#[test]
fn an_article_that_only_grows_or_goes_on_is_not_corrected() {
    let before = article(HEADLINE, &[CHARGED, COURT, REST]);
    for after in [
        // More of the same.
        article(HEADLINE, &[CHARGED, COURT, REST, "The force said that it would not comment while the case went on."]),
        // Told in other words.
        article(HEADLINE, &["Sergeant Ada Marrick of Westmarch Police was charged with fraud on Monday.", COURT, REST]),
        // Brought up to date at the same address.
        article(
            HEADLINE,
            &["Sergeant Ada Marrick, 41, of Westmarch Police, was convicted on Tuesday of fraud.", COURT, REST],
        ),
    ] {
        assert_eq!(kinds(&before, &after), [], "{:#?}", changes(&before, &after));
    }
}

#[test]
fn changes_with_meaning_are_named() {
    use ChangeKind as C;
    let before = article(HEADLINE, &[CHARGED, COURT, REST]);
    let cases: Vec<(&str, Article, Vec<ChangeKind>)> = vec![
        ("headline", article("Westmarch sergeant faces court", &[CHARGED, COURT, REST]), vec![C::Headline]),
        (
            "another name",
            article(HEADLINE, &[&CHARGED.replace("Ada Marrick", "Ida Merrow"), COURT, REST]),
            vec![C::NameChanged, C::ReportGone],
        ),
        (
            "no name",
            article(HEADLINE, &[&CHARGED.replace("Sergeant Ada Marrick, 41,", "A sergeant"), COURT, REST]),
            vec![C::NameGone, C::ReportGone],
        ),
        (
            "contrary",
            article(HEADLINE, &[&CHARGED.replace("was charged", "was not charged"), COURT, REST]),
            vec![C::ReportGone],
        ),
        (
            "date",
            article(
                HEADLINE,
                &[
                    "Sergeant Ada Marrick, 41, of Westmarch Police, was charged on 2 February 2026 with fraud.",
                    COURT,
                    REST,
                ],
            ),
            vec![C::ReportChanged],
        ),
        (
            "less than it was",
            article(
                HEADLINE,
                &[
                    &CHARGED.replace("was charged on Monday with", "was arrested on Monday on suspicion of"),
                    COURT,
                    REST,
                ],
            ),
            vec![C::ReportChanged],
        ),
        (
            "note",
            article(
                HEADLINE,
                &[CHARGED, COURT, REST, "This article was amended on 10 March 2026 to correct the sergeant's age."],
            ),
            vec![C::Note],
        ),
        (
            "withdrawn",
            article("Article removed", &["This article has been removed for legal reasons."]),
            vec![C::Withdrawn],
        ),
    ];
    for (name, after, expected) in cases {
        let (found, explained) = changes(&before, &after);
        assert_eq!(found.iter().map(|c| c.kind).collect::<Vec<_>>(), expected, "{name}: {found:#?}");
        assert_eq!(explained, matches!(name, "note" | "withdrawn"), "{name}");
    }
}

#[test]
fn a_date_counts_from_the_day_it_was_written() {
    let before = article(HEADLINE, &[CHARGED, COURT, REST]);
    let mut after = article(HEADLINE, &[CHARGED, COURT, REST, "Her lawyer said that she would contest the charge."]);
    after.modified = Some("2026-03-26T12:00:00Z".parse().unwrap());
    let (old, mut new) = (read(&before), read(&after));
    let date = |found: &Extraction| {
        let told = found.reports.iter().find(|r| r.evidence.text == CHARGED);
        told.and_then(|r| r.date).map(|d| d.to_string())
    };
    carry_dates(&old, &mut new);
    assert_eq!((date(&old), date(&new)), (Some("2026-03-09".to_owned()), Some("2026-03-09".to_owned())));
}

fn charge() -> Alert {
    Alert {
        id: AlertId::parse("charge").unwrap(),
        content: AlertKind::Development {
            development: DevelopmentId::parse("d").unwrap(),
            event: DevelopmentType::Charge,
            class: AlertClass::New,
            date: None,
            detail: String::new(),
            who: vec![EntityRef { id: "ada-marrick".into(), name: "Ada Marrick".into(), watched: true }],
        },
        level: Level::Major,
        tracked: vec!["ada-marrick".into()],
        tracked_names: vec!["Ada Marrick".into()],
        story: None,
        article: ArticleId::parse("a").unwrap(),
        headline: HEADLINE.into(),
        url: None,
        outlet: None,
        published: Some(at()),
        basis: Basis::Page,
        evidence: Evidence { text: CHARGED.into(), span: Span::new(0, CHARGED.len()), marks: Vec::new() },
        raised: at(),
        catch_up: false,
        corrects: Vec::new(),
        held: false,
        cautions: Vec::new(),
        past_of: Vec::new(),
    }
}

#[test]
fn only_what_touches_an_alert_is_told_and_silence_is_a_kind_of_its_own() {
    let before = article(HEADLINE, &[CHARGED, COURT, REST]);
    let contrary = CHARGED.replace("was charged", "was not charged");
    let note = "This article was amended on 10 March 2026 because it said that a sergeant had been charged.";
    for (after, expected, level) in [
        (article(HEADLINE, &[&contrary, COURT, REST]), Some("silent_edit"), Level::Major),
        (article(HEADLINE, &[&contrary, COURT, REST, note]), Some("correction"), Level::Major),
        (article("Sergeant before the court", &[CHARGED, COURT, REST]), Some("silent_edit"), Level::Minor),
        (article("Removed", &["This article has been withdrawn."]), Some("correction"), Level::Major),
        (article(HEADLINE, &[CHARGED, COURT, REST, "The mayor, Tom Elder, called for calm."]), None, Level::Major),
    ] {
        let (changes, explained) = changes(&before, &after);
        let revision = Revision { article: ArticleId::parse("a").unwrap(), number: 1, at: at(), changes, explained };
        let raised = alert(&revision, &after, &[charge()]);
        assert_eq!(raised.as_ref().map(Alert::type_name), expected, "{revision:#?}");
        if let Some(raised) = raised {
            assert_eq!(raised.level, level);
            assert_eq!(raised.tracked, ["ada-marrick"]);
            assert_eq!(raised.corrects.iter().map(|c| c.alert.as_str()).collect::<Vec<_>>(), ["charge"]);
            // A change of a version that is itself a correction corrects the first, not the correction.
            assert!(alert(&revision, &after, &[raised]).is_none());
        }
        assert!(alert(&revision, &after, &[]).is_none(), "no alert rests on it");
    }
}

#[test]
fn the_users_word_is_a_correction_once() {
    let (once, twice) = (said_wrong(&charge(), "another Ada Marrick", at()), said_wrong(&charge(), "again", at()));
    let once = once.unwrap();
    assert_eq!(once.id, twice.unwrap().id);
    assert_eq!((once.type_name(), once.level), ("correction", Level::Major));
    assert_eq!(once.changes().first().map(|c| c.what.as_str()), Some("another Ada Marrick"));
}

#[test]
fn outcomes_correct_what_went_before() {
    use DevelopmentType as T;
    for (later, sentence, earlier, expected) in [
        (T::Acquittal, "She was found not guilty.", T::Charge, true),
        (T::MisconductCleared, "The panel found nothing proven.", T::Suspension, true),
        (T::InvestigationClosed, "He will face no further action.", T::Arrest, true),
        (T::Appeal, "The Court of Appeal quashed her conviction.", T::Conviction, true),
        (T::Appeal, "The tribunal reinstated her.", T::Dismissal, true),
        (T::Appeal, "He lodged an appeal against his conviction.", T::Conviction, false),
        (T::Charge, "The charge against her was dropped.", T::Charge, true),
        (T::Charge, "She was charged with fraud.", T::Arrest, false),
        (T::Conviction, "She was convicted.", T::Charge, false),
    ] {
        assert_eq!(outcome_of(later, sentence).contains(&earlier), expected, "{later} {sentence}");
    }
}

#[test]
fn some_events_end_a_matter_by_themselves() {
    use DevelopmentType as T;
    for (kind, expected) in [
        (T::Acquittal, true),
        (T::MisconductCleared, true),
        (T::InvestigationClosed, true),
        (T::Charge, false),
        (T::Trial, false),
        (T::Arrest, false),
    ] {
        assert_eq!(is_ending(kind), expected, "{kind}");
    }
}
