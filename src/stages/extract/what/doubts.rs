//! What could not be told: reports of which the program is not sure, kept for the digest's foot with the reason.

use super::gates::Scene;
use crate::domain::{Doubt, Entity, PartialDate, Report, Status};

/// Days before the article within which an event that it only recalls may still be news.
const RECENT_DAYS: i32 = 14;

/// The doubts of `reports`: of each that would be news to someone who watches, if only one could be sure of it. What the same
/// article tells for sure is no doubt.
pub(super) fn of_reports(scene: &Scene<'_>, reports: &[Report]) -> Vec<Doubt> {
    let news = |r: &Report| {
        let day = PartialDate::Day(scene.day);
        r.status == Status::New || scene.dated && r.date.is_some_and(|d| d.days_apart(day) <= RECENT_DAYS)
    };
    let mut out: Vec<Doubt> = Vec::new();
    for report in reports.iter().filter(|r| !r.certainty.is_sure() && !r.kind.is_minor() && news(r)) {
        let concerns = concerned(scene, report);
        let told = reports
            .iter()
            .any(|r| r.certainty.is_sure() && r.kind == report.kind && r.entities().any(|e| concerns.contains(&e.id)));
        if concerns.is_empty() || told || out.iter().any(|d| d.kind == Some(report.kind) && d.concerns == concerns) {
            continue;
        }
        out.push(Doubt {
            kind: Some(report.kind),
            concerns,
            evidence: report.evidence.text.clone(),
            reason: reason(scene, report),
        });
    }
    out
}

/// The entities of `report` that may be several of the watched.
fn unresolved<'a>(scene: &'a Scene<'_>, report: &'a Report) -> impl Iterator<Item = &'a Entity> {
    let of = |id: &str| scene.named.entities.iter().find(|e| e.key == id);
    report.entities().filter_map(move |r| of(&r.id)).filter(|e| !e.candidates.is_empty())
}

/// The watched whom `report` concerns, or may concern.
fn concerned(scene: &Scene<'_>, report: &Report) -> Vec<String> {
    let mut out: Vec<String> = report.entities().filter(|e| e.watched).map(|e| e.id.clone()).collect();
    out.extend(unresolved(scene, report).flat_map(|e| e.candidates.iter().cloned()));
    out.sort();
    out.dedup();
    out
}

/// Why `report` is not sure, for people.
fn reason(scene: &Scene<'_>, report: &Report) -> String {
    if let Some(entity) = unresolved(scene, report).next().filter(|_| !report.certainty.attributed) {
        return format!("not sure to whom it happened: “{}” may be {}", entity.name, entity.candidates.join(" or "));
    }
    match report.certainty.unsure_of() {
        Some("that it happened") => "not sure that it happened: told only in somebody’s own words".to_owned(),
        Some("when it happened") => "not sure when it happened: the text does not tell".to_owned(),
        Some(what) => format!("not sure {what}: the text does not tell"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Article, Block, BlockKind, WatchedPerson, Watchlist};
    use crate::stages::extract::Extractor;

    /// "type concerns: reason" of each doubt. Ann Orr is watched, and two of the name Lee Hale.
    fn doubts(text: &str) -> Vec<String> {
        let person = |id: &str, name: &str, body: &str| WatchedPerson {
            id: id.into(),
            name: name.into(),
            bodies: vec![body.into()],
            ..WatchedPerson::default()
        };
        let persons = vec![
            person("ann-orr", "Ann Orr", "kent-police"),
            person("hale-kent", "Lee Hale", "kent-police"),
            person("hale-essex", "Lee Hale", "essex-police"),
        ];
        let blocks = text.split('|').map(|t| Block { kind: BlockKind::Paragraph, text: t.trim().to_owned() }).collect();
        let published = "2024-06-06T09:00:00Z".parse().ok();
        let extractor = Extractor::new(&Watchlist { persons, ..Watchlist::default() });
        let found = extractor.extract(&Article { blocks, published, ..Article::default() });
        let kind = |d: &crate::domain::Doubt| d.kind.map_or("-", |k| k.as_str());
        found.doubts.iter().map(|d| format!("{} {}: {}", kind(d), d.concerns.join("+"), d.reason)).collect()
    }

    #[test]
    fn what_could_not_be_told_is_kept_with_the_reason() {
        for (text, expected) in [
            ("PC Ann Orr, of Kent Police, was charged with fraud on Tuesday.", &[][..]),
            ("PC Ann Orr, of Kent Police, has not been charged.", &[]),
            ("PC Ann Orr, of Kent Police, could be suspended.", &["suspension ann-orr: open, or only possible"]),
            (
                "PC Lee Hale was charged with misconduct in public office on Tuesday.",
                &[
                    "charge hale-essex+hale-kent: not sure to whom it happened: “Lee Hale” may be hale-kent or hale-essex",
                ],
            ),
            ("PC Lee Hale, of Kent Police, was charged with misconduct in public office on Tuesday.", &[]),
        ] {
            assert_eq!(doubts(text), expected, "{text}");
        }
    }
}
