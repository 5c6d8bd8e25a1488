//! What a reader must beware of before publishing: who may have a right not to be named, and proceedings that are active.
//!
//! The program guesses nothing silently: it says what it saw, and what that may mean. The words are data,
//! `config/cautions.toml`.

use crate::domain::{Article, Caution, DevelopmentType, EntityKind, EventStage, Extraction, Mention, StoryId};
use crate::stages::timeline::Line;
use jiff::{ToSpan as _, civil::Date};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Years without a further word after which a matter without an outcome is taken to be over.
const STALE_YEARS: i64 = 5;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    complainant: Complainant,
    young: Words,
    appeal: Appeal,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Complainant {
    offences: Vec<String>,
    before: Vec<String>,
    after: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Appeal {
    over: Vec<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the program, and a test loads it")]
static RULES: LazyLock<Rules> =
    LazyLock::new(|| toml::from_str(include_str!("../../config/cautions.toml")).expect("config/cautions.toml loads"));

/// What the reader of `article` must beware of.
pub fn of_article(article: &Article, found: &Extraction) -> Vec<Caution> {
    let text = article.text();
    let head = [article.headline.as_deref(), article.standfirst.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    let all = flat(&[head.as_slice(), &[text.as_str()]].concat().join("\n"));
    let has = |words: &[String]| words.iter().any(|w| has_words(&all, w));
    let mut out = Vec::new();
    if has(&RULES.complainant.offences) && found.mentions.iter().any(|m| is_complainant(&text, m)) {
        out.push(Caution::NamesComplainant);
    }
    if has(&RULES.young.words) {
        out.push(Caution::YouthCourt);
    }
    out
}

/// Whether the words around a name make whoever bears it a complainant.
fn is_complainant(text: &str, mention: &Mention) -> bool {
    if mention.kind != EntityKind::Person || mention.nominal {
        return false;
    }
    let (before, after) = (text.get(..mention.span.start).unwrap_or(""), text.get(mention.span.end..).unwrap_or(""));
    let before: String = before.chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
    let after: String = after.chars().take(120).collect();
    let (before, after) = (flat(&before), flat(&after));
    let before = before.trim_end_matches([' ', '“', '"', ',', ':']);
    // "…, 34, …" and "…, aged 34, …".
    let mut after = after.trim_start_matches(['’', '\'']).trim_start_matches([' ', ',']);
    for skipped in ["aged ", "now "] {
        after = after.strip_prefix(skipped).unwrap_or(after);
    }
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches([' ', ',', '(', ')']);
    let ends =
        |words: &String| before.strip_suffix(words.as_str()).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric));
    let begins = |words: &String| {
        after.strip_prefix(words.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    RULES.complainant.before.iter().any(ends) || RULES.complainant.after.iter().any(begins)
}

/// In lower case, white space as one space, plain apostrophes.
fn flat(text: &str) -> String {
    let lower = text.to_lowercase().replace('’', "'");
    let mut out = String::with_capacity(lower.len());
    for c in lower.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// Whether `words` stand in `text` as whole words.
fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        edge(text.get(..at).and_then(|t| t.chars().next_back()))
            && edge(text.get(at + words.len()..).and_then(|t| t.chars().next()))
    })
}

/// What a development does to criminal proceedings.
enum Step {
    Opens,
    Closes,
}

/// Whether criminal proceedings are active on `today` in the matter `story`, by the `lines` of whoever they are against
/// (in order of date, as [`timeline::lines`](crate::stages::timeline::lines) gives them).
///
/// An arrest, a charge and every step before a court make them active; an acquittal, a sentence and the end of the case
/// without either close them; an appeal makes them active again until it is decided. A story that only tells the end
/// of what another told closes that too. What the user said to be wrong does not count.
///
/// Source: Contempt of Court Act 1981, Schedule 1. An arrest is followed by release without charge more often than the news
/// tell: after five years without a further word the matter is taken to be over.
pub fn proceedings_are_active(lines: &[Line], story: Option<&StoryId>, today: Date) -> bool {
    let steps: Vec<(&Line, Step)> =
        lines.iter().filter(|l| l.ruled.is_none()).filter_map(|l| Some((l, step(l)?))).collect();
    let opened: BTreeSet<Option<&StoryId>> =
        steps.iter().filter(|(_, s)| matches!(s, Step::Opens)).map(|(l, _)| l.story.as_ref()).collect();
    let concerns =
        |line: &Line| story.is_none() || line.story.as_ref() == story || !opened.contains(&line.story.as_ref());
    let last = steps.iter().rfind(|(line, _)| concerns(line));
    let fresh = |line: &Line| {
        let day =
            line.date.map_or_else(|| jiff::tz::TimeZone::UTC.to_datetime(line.first_seen).date(), |d| d.last_day());
        day.checked_add(STALE_YEARS.years()).is_ok_and(|end| today <= end)
    };
    matches!(last, Some((line, Step::Opens)) if fresh(line))
}

fn step(line: &Line) -> Option<Step> {
    use DevelopmentType as T;
    let withdrawn = line.stage == EventStage::Withdrawn;
    if line.stage == EventStage::Alleged || !line.own {
        return None;
    }
    match line.kind {
        T::Arrest | T::Charge | T::Plea | T::Trial if withdrawn => Some(Step::Closes),
        T::Arrest | T::Charge | T::Plea | T::Trial | T::Conviction => Some(Step::Opens),
        // One that is fixed for a day to come has not ended anything yet.
        T::Acquittal | T::Sentence | T::InvestigationClosed if line.stage == EventStage::Announced => Some(Step::Opens),
        T::Acquittal | T::Sentence | T::InvestigationClosed => Some(Step::Closes),
        T::Appeal => {
            let detail = flat(&line.detail);
            let over = withdrawn || RULES.appeal.over.iter().any(|w| has_words(&detail, w));
            Some(if over { Step::Closes } else { Step::Opens })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Block, BlockKind, Span};

    fn line(kind: DevelopmentType, date: &str, stage: EventStage, story: &str, detail: &str) -> Line {
        let line = crate::stages::timeline::tests::line(kind, date, stage);
        Line { story: StoryId::parse(story).ok(), detail: detail.to_owned(), ..line }
    }

    #[test]
    fn proceedings_are_active_from_the_first_step_to_the_outcome() {
        use DevelopmentType as T;
        use EventStage as S;
        let done = |kind, date| line(kind, date, S::Done, "a", "");
        let arrest = || done(T::Arrest, "2026-03-01");
        let charge = || done(T::Charge, "2026-04-01");
        let sentence = || done(T::Sentence, "2026-08-01");
        let appeal = |detail| line(T::Appeal, "2026-09-01", S::Done, "a", detail);
        for (lines, expected) in [
            (vec![], false),
            (vec![done(T::Suspension, "2026-03-01")], false),
            (vec![arrest()], true),
            (vec![arrest(), charge()], true),
            (vec![charge(), done(T::Conviction, "2026-07-01")], true),
            (vec![charge(), sentence()], false),
            (vec![charge(), line(T::Sentence, "2026-11-01", S::Announced, "a", "")], true),
            (vec![charge(), done(T::Acquittal, "2026-07-01")], false),
            (vec![arrest(), done(T::InvestigationClosed, "2026-05-01")], false),
            (vec![charge(), line(T::Charge, "2026-05-01", S::Withdrawn, "a", "")], false),
            (vec![charge(), sentence(), appeal("lodged an appeal against conviction")], true),
            (vec![charge(), sentence(), appeal("appeal dismissed by the Court of Appeal")], false),
            (vec![line(T::Charge, "2026-04-01", S::Alleged, "a", "")], false),
            (vec![Line { own: false, ..charge() }], false),
            (vec![Line { ruled: Some("not_happened".to_owned()), ..charge() }], false),
            (vec![done(T::Arrest, "2019-03-01")], false),
            // Another matter of theirs, and its end; and an end that was told as a story of its own.
            (
                vec![
                    line(T::Charge, "2026-01-01", S::Done, "b", ""),
                    charge(),
                    line(T::Sentence, "2026-08-01", S::Done, "b", ""),
                ],
                true,
            ),
            (vec![charge(), line(T::Sentence, "2026-08-01", S::Done, "c", "")], false),
        ] {
            let today = "2026-10-09".parse().unwrap();
            let active = proceedings_are_active(&lines, StoryId::parse("a").ok().as_ref(), today);
            assert_eq!(active, expected, "{lines:#?}");
        }
    }

    #[test]
    fn complainants_and_youth_courts_are_seen() {
        use Caution as C;
        for (text, expected) in [
            ("PC Bell raped Orla Brackenridge in 2021, the court heard.", vec![C::NamesComplainant]),
            ("PC Bell denies rape. Orla Brackenridge, 34, who was raped, told the jury so.", vec![C::NamesComplainant]),
            ("Bell was convicted of the rape of Orla Brackenridge.", vec![C::NamesComplainant]),
            ("Orla Brackenridge waived her right to anonymity after the sexual assault.", vec![C::NamesComplainant]),
            ("Sexual assault victim Orla Brackenridge spoke.", vec![C::NamesComplainant]),
            ("She was raped by Orla Brackenridge.", vec![]),
            ("Orla Brackenridge, defending, said that he denied rape.", vec![]),
            ("Burglary victim Orla Brackenridge spoke.", vec![]),
            ("The boy appeared at Larchester Youth Court.", vec![C::YouthCourt]),
            ("The officer, who cannot be named for legal reasons, was charged.", vec![C::YouthCourt]),
            ("The youth courted trouble.", vec![]),
        ] {
            let name = "Orla Brackenridge";
            let mentions = text
                .find(name)
                .map(|at| Mention {
                    span: Span::new(at, at + name.len()),
                    kind: EntityKind::Person,
                    entity: name.to_owned(),
                    nominal: false,
                    rule: String::new(),
                })
                .into_iter()
                .collect();
            let block = Block { kind: BlockKind::Paragraph, text: text.to_owned() };
            let article = Article { blocks: vec![block], ..Article::default() };
            let found = Extraction { mentions, ..Extraction::default() };
            assert_eq!(of_article(&article, &found), expected, "{text}");
        }
    }
}
