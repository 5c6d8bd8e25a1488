//! What a paper takes back: notes that an article was amended, and the correction they make.

use super::events::Finding;
use super::gates::{Scene, lowers};
use super::phrases::phrases;
use super::standing::{self, BodyKind};
use super::when::When;
use crate::domain::{BlockKind, DevelopmentType as T, PartialDate};

/// Sentences that withdraw or amend what had been printed, and whether what they withdraw was wrong.
pub(super) fn correction_notes(scene: &Scene<'_>) -> Vec<(usize, bool)> {
    let note = phrases!(
        "article was amended|article was corrected|article has been amended|article has been corrected|story has been corrected|story was amended|story has been amended|article was updated|article has been updated|earlier version|previous version|original version|a correction|we are happy to|clarification",
    );
    let wrong = phrases!(
        "originally said|originally stated|initially said|originally reported|earlier version said|earlier version stated|earlier version wrongly|earlier version incorrectly|earlier version of this article said|earlier version of this story said|earlier version of this article wrongly|earlier version of this article incorrectly|earlier version of this article stated|version incorrectly|version wrongly|wrongly|incorrectly|in error|mistakenly|erroneously|inaccurately|previous version said|we are happy to make clear|misidentified|misstated|putting it right|put it right|we said|we reported|we stated|we wrote|we named|we wrongly|our mistake|our report said|our story said|our report named|setting the record straight",
    );
    let puts_right = phrases!(
        "putting it right|put it right|putting things right|setting the record straight|for the record|we got it wrong|our mistake|errata|erratum|apology",
    );
    let said_here = phrases!(
        "an article on|an article in|an article published|a story on|a story in|we said|we reported|we stated|we wrote|we described|we named|we published|we wrongly|we incorrectly|our report said|our story said|our article said|our report stated|our report named",
    );
    let mut out: Vec<(usize, bool)> = Vec::new();
    for (s, parsed) in scene.parsed.iter().enumerate() {
        let block = &scene.doc.blocks[scene.doc.sentences[s].block];
        let words = lowers(parsed);
        let continues = out
            .last()
            .is_some_and(|(b, _)| *b + 1 == s && scene.doc.sentences[*b].block == scene.doc.sentences[s].block);
        let heading: Vec<&str> = words.iter().take_while(|w| !matches!(**w, ":" | "–" | "-")).copied().collect();
        let headed = heading.len() < words.len().min(5)
            && (matches!(heading[..], ["correction" | "clarification" | "corrections"])
                || standing::any(&heading, puts_right));
        // "In last week's issue we said that …": the paper speaks of itself, and says that it was not so.
        let own = standing::any(&words, said_here)
            && words.iter().any(|w| {
                matches!(
                    *w,
                    "issue"
                        | "edition"
                        | "report"
                        | "reported"
                        | "article"
                        | "story"
                        | "newsletter"
                        | "bulletin"
                        | "website"
                )
            })
            && takes_back(scene, s);
        let headed = headed || own;
        if headed
            || block.kind == BlockKind::CorrectionNote
            || standing::any(&words, note)
                && (words.contains(&"article") || words.contains(&"version") || words.contains(&"story"))
            || continues
        {
            // What is said to have been printed, and is taken back, was wrong.
            let is_wrong = own
                || standing::any(&words, wrong)
                    && (headed || standing::any(&words, note) || block.kind == BlockKind::CorrectionNote || continues);
            out.push((s, is_wrong));
        }
    }
    out
}

/// Whether what sentence `s` says was printed is taken back in it or right after it: "He did not.", "In fact she …".
fn takes_back(scene: &Scene<'_>, s: usize) -> bool {
    let back = phrases!(
        "that was wrong|this was wrong|was untrue|is untrue|did not|was not|were not|had not|has not|is not|in fact|should have|wrongly|incorrectly|in error|mistakenly|not the case|never|we apologise|apologise for|sorry for|happy to make clear|our mistake",
    );
    (s..scene.parsed.len().min(s + 3))
        .filter(|&k| scene.doc.sentences[k].block == scene.doc.sentences[s].block)
        .any(|k| standing::any(&lowers(&scene.parsed[k]), back))
}

/// The correction that the notes make, if they withdraw something wrong about somebody.
pub(super) fn correction(scene: &Scene<'_>, notes: &[(usize, bool)]) -> Option<Finding> {
    let (s, _) = *notes.iter().find(|(_, wrong)| *wrong)?;
    let span = scene.doc.sentences[s].span;
    let mut f = Finding::blank(T::Correction, s, 0);
    for mention in scene.named.mentions.iter().filter(|m| span.contains(&m.span)) {
        if let Some(who) = scene.cast.person(&mention.entity) {
            if !f.about.contains(&who) {
                f.about.push(who);
            }
        } else if scene.cast.kind(&mention.entity) != BodyKind::Other && !f.about_bodies.contains(&mention.entity) {
            f.about_bodies.push(mention.entity.clone());
        }
    }
    if !f.about.is_empty() {
        f.about_bodies.clear();
    }
    let world = scene.conduct || f.about.iter().any(|&w| scene.cast.people[w].police || scene.cast.people[w].watched);
    if !world || f.about.is_empty() && f.about_bodies.is_empty() {
        return None;
    }
    let dated = notes
        .iter()
        .filter(|(n, _)| lowers(&scene.parsed[*n]).iter().any(|w| matches!(*w, "amended" | "corrected" | "updated")))
        .flat_map(|(n, _)| scene.parsed[*n].times.iter())
        .find(|t| matches!(t.when, When::DayMonth(..)));
    let at = scene.article.at().map(|t| jiff::tz::TimeZone::UTC.to_datetime(t).date());
    f.date = dated.and_then(|t| t.when.resolve(at.unwrap_or(scene.day), false, None)).or(at.map(PartialDate::Day));
    f.vote = 5;
    f.rule = "correction.note".to_owned();
    Some(f)
}
