//! Alerting: should someone know?
//!
//! One alert for each event, in the first article that tells it as new, or that recalls it while it may be at most 14
//! days old (the taxonomy's *Alerts*); one for each keyword and cluster of near copies. Every yes and no is a decision
//! with its rule.

pub mod flood;
pub mod rulings;

use super::identity::{Settlement, first_of_row};
use crate::domain::{
    Alert, AlertClass, AlertId, AlertKind, ArticleId, Basis, Decision, Development, DevelopmentId, DevelopmentType,
    Doubt, EntityRef, Evidence, KeywordHit, Level, Outcome, PartialDate, Report, Span, Stage, Status, Subject,
    Watchlist,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::collections::{BTreeMap, BTreeSet};

/// Days before an article within which an event that it only recalls is still worth an alert.
pub const LATE_DAYS: i32 = 14;

/// An article whose reports were settled.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The article.
    pub id: &'a ArticleId,
    /// Its headline.
    pub headline: &'a str,
    /// Where it is.
    pub url: Option<&'a str>,
    /// Publication that carries it.
    pub outlet: Option<&'a str>,
    /// When it was published or modified, if it tells.
    pub published: Option<Timestamp>,
    /// What it was read from.
    pub basis: Basis,
    /// Its text.
    pub text: &'a str,
    /// What it reports.
    pub reports: &'a [Report],
    /// Keywords that stand in it.
    pub keyword_hits: &'a [KeywordHit],
    /// Whether it came with the first poll of its feed.
    pub catch_up: bool,
    /// Whether an alert about a change of the article was raised already: what a note on its page says is told by that.
    pub revised: bool,
    /// Watched ids for whose past it was read again; empty for news. Only what concerns one of them is alerted.
    pub past_of: &'a [String],
}

/// What was decided of one article.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Raised {
    /// Alerts, in the order raised: developments in the order of the text, then keywords.
    pub alerts: Vec<Alert>,
    /// One for each development that the article tells and each keyword that stands in it.
    pub decisions: Vec<Decision>,
    /// What would have been worth an alert, had the program been sure of it.
    pub doubts: Vec<Doubt>,
}

/// Decides what `told` is worth an alert, and marks the developments of `settlement` for which one is raised. `now` is
/// the moment against which "14 days ago" counts: the article's own.
pub fn decide(told: &Told, settlement: &mut Settlement, watchlist: &Watchlist, now: Timestamp) -> Raised {
    let mut out = Raised::default();
    let mut order: Vec<DevelopmentId> = Vec::new();
    let mut tells: BTreeMap<DevelopmentId, Vec<usize>> = BTreeMap::new();
    for placed in &settlement.placed {
        // A later report of the article may have merged the development into another.
        let id = settlement.merged.iter().find(|(young, _)| *young == placed.development);
        let id = id.map_or(&placed.development, |(_, old)| old).clone();
        if !order.contains(&id) {
            order.push(id.clone());
        }
        tells.entry(id).or_default().push(placed.index);
    }
    for id in order {
        let reports: Vec<&Report> = tells[&id].iter().filter_map(|index| told.reports.get(*index)).collect();
        let Some((development, _)) = settlement.developments.iter_mut().find(|(d, _)| d.id == id) else { continue };
        let mut verdict = judge(development, &reports, watchlist, now);
        if verdict.raise.is_some() && !told.past_of.is_empty() && past_of(told, &reports).is_empty() {
            let evidence = format!("read again for the past of {} alone", told.past_of.join(", "));
            verdict = Verdict { rule: "no_part_of_the_past", evidence, raise: None };
        }
        if let Some((_, report)) = verdict.raise.filter(|(_, r)| told.revised && r.kind == DevelopmentType::Correction)
        {
            let evidence = report.evidence.text.clone();
            verdict = Verdict { rule: "told_as_correction", evidence, raise: None };
            // Told is told: the same note in a copy of the article is no news.
            development.alerted.extend(tracked(&reports, watchlist).into_iter().map(|(id, _)| (id, now)));
        }
        out.decisions.push(Decision {
            subject: Subject::Development(id),
            stage: Stage::Alert,
            rule: verdict.rule.to_owned(),
            outcome: if verdict.raise.is_some() { Outcome::Passed } else { Outcome::Stopped },
            evidence: format!("{}: {}", told.id, verdict.evidence),
            at: now,
        });
        if let Some((class, report)) = verdict.raise {
            let concerned = concerned(report, &reports, watchlist);
            let tracked = tracked(&concerned, watchlist);
            development.alerted.extend(tracked.iter().map(|(id, _)| (id.clone(), now)));
            let past_of = past_of(told, &concerned);
            out.alerts.push(Alert { past_of, ..alert(told, development, class, report, &concerned, tracked, now) });
        } else if verdict.rule == "not_sure" {
            out.doubts.extend(not_sure(&reports, watchlist));
        }
    }
    for hit in told.keyword_hits.iter().filter(|_| told.past_of.is_empty()) {
        keyword(told, hit, settlement, watchlist, now, &mut out);
    }
    out
}

/// Those for whose past the article was read again whom `reports` concern.
fn past_of(told: &Told, reports: &[&Report]) -> Vec<String> {
    let concerned = |id: &&String| reports.iter().flat_map(|r| r.entities()).any(|e| e.id == **id);
    told.past_of.iter().filter(concerned).cloned().collect()
}

struct Verdict<'a> {
    rule: &'static str,
    evidence: String,
    /// The class, and the report that the alert shows.
    raise: Option<(AlertClass, &'a Report)>,
}

fn judge<'a>(development: &Development, reports: &[&'a Report], watchlist: &Watchlist, now: Timestamp) -> Verdict<'a> {
    let no = |rule, evidence: String| Verdict { rule, evidence, raise: None };
    let words = reports.first().map_or_else(String::new, |r| r.evidence.text.clone());
    if tracked(reports, watchlist).is_empty() {
        return no("not_tracked", format!("none of those it concerns is watched: {words}"));
    }
    if let Some((id, at)) = development.alerted.first() {
        return no("already_alerted", format!("for {id} on {}", at.strftime("%Y-%m-%d")));
    }
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    let new: Vec<&Report> = reports.iter().copied().filter(|r| r.status == Status::New).collect();
    let late: Vec<&Report> =
        reports.iter().copied().filter(|r| r.status == Status::Background && is_late(r.date, today)).collect();
    let sure = |list: &[&'a Report]| -> Vec<&'a Report> {
        list.iter().copied().filter(|r| r.certainty.is_sure() || r.kind.is_minor()).collect()
    };
    for (class, rule, told) in
        [(AlertClass::New, "new_development", &new), (AlertClass::Late, "late_background", &late)]
    {
        let sure = sure(told);
        let head = first_of_row(&sure.iter().map(|r| r.kind).collect());
        if let Some(report) = sure.iter().copied().find(|r| Some(r.kind) == head) {
            return Verdict { rule, evidence: report.evidence.text.clone(), raise: Some((class, report)) };
        }
    }
    if new.is_empty() && late.is_empty() {
        let date = reports.iter().find_map(|r| r.date).map_or_else(|| "no date".to_owned(), |d| d.to_string());
        return no("background", format!("only recalled, {date}: {words}"));
    }
    let unsure = reports.iter().find_map(|r| r.certainty.unsure_of()).unwrap_or_default();
    no("not_sure", format!("not sure {unsure}: {words}"))
}

/// Whether an event of `date` may have happened within the last [`LATE_DAYS`]: a month counts by its last day.
fn is_late(date: Option<PartialDate>, today: Date) -> bool {
    date.is_some_and(|date| {
        let age = date.last_day().until(today).map_or(i32::MAX, |span| span.get_days());
        age <= LATE_DAYS
    })
}

/// The reports that say whom the event of `head` concerns: who speaks of it in the same breath is not concerned by it, unless
/// nobody else is watched.
fn concerned<'a>(head: &Report, reports: &[&'a Report], watchlist: &Watchlist) -> Vec<&'a Report> {
    let of_event: Vec<&Report> =
        reports.iter().copied().filter(|r| head.kind.is_minor() || !r.kind.is_minor()).collect();
    if tracked(&of_event, watchlist).is_empty() { reports.to_vec() } else { of_event }
}

/// The first of `reports` that is not sure, as a doubt.
fn not_sure(reports: &[&Report], watchlist: &Watchlist) -> Option<Doubt> {
    let (report, what) = reports.iter().find_map(|r| Some((r, r.certainty.unsure_of()?)))?;
    let concerns = tracked(reports, watchlist).into_iter().map(|(id, _)| id).collect();
    let (evidence, reason) = (report.evidence.text.clone(), format!("not sure {what}"));
    Some(Doubt { kind: Some(report.kind), concerns, evidence, reason })
}

/// Ids and names of the watched among those whom `reports` concern, in watchlist order.
fn tracked(reports: &[&Report], watchlist: &Watchlist) -> Vec<(String, String)> {
    let concerned: BTreeSet<&str> = reports.iter().flat_map(|r| r.entities()).map(|e| e.id.as_str()).collect();
    let persons = watchlist.persons.iter().map(|p| (&p.id, &p.name));
    let bodies = watchlist.bodies.iter().map(|b| (&b.id, &b.name));
    persons
        .chain(bodies)
        .filter(|(id, _)| concerned.contains(id.as_str()))
        .map(|(id, name)| (id.clone(), name.clone()))
        .collect()
}

fn alert(
    told: &Told,
    development: &Development,
    class: AlertClass,
    report: &Report,
    reports: &[&Report],
    tracked: Vec<(String, String)>,
    now: Timestamp,
) -> Alert {
    let mut who: Vec<EntityRef> = Vec::new();
    for entity in reports.iter().flat_map(|r| r.entities()) {
        if !who.iter().any(|e| e.id == entity.id) {
            who.push(entity.clone());
        }
    }
    let (tracked, tracked_names) = tracked.into_iter().unzip();
    let id = AlertId::derive(&["development", development.id.as_str()]);
    let content = AlertKind::Development {
        development: development.id.clone(),
        event: report.kind,
        class,
        date: report.date,
        detail: report.detail.clone(),
        who,
    };
    Alert {
        level: if report.kind.is_minor() { Level::Minor } else { Level::Major },
        tracked,
        tracked_names,
        story: development.story.clone(),
        ..of_article(told, id, content, report.evidence.clone(), now)
    }
}

/// An alert that an article raises: minor, and about nobody watched.
fn of_article(told: &Told, id: AlertId, content: AlertKind, evidence: Evidence, now: Timestamp) -> Alert {
    Alert {
        id,
        content,
        level: Level::Minor,
        tracked: Vec::new(),
        tracked_names: Vec::new(),
        story: None,
        article: told.id.clone(),
        headline: told.headline.to_owned(),
        url: told.url.map(str::to_owned),
        outlet: told.outlet.map(str::to_owned),
        published: told.published,
        basis: told.basis,
        evidence,
        raised: now,
        catch_up: told.catch_up,
        corrects: Vec::new(),
        held: false,
        cautions: Vec::new(),
        past_of: Vec::new(),
    }
}

fn keyword(
    told: &Told,
    hit: &KeywordHit,
    settlement: &Settlement,
    watchlist: &Watchlist,
    now: Timestamp,
    out: &mut Raised,
) {
    let Some(keyword) = watchlist.keywords.iter().find(|k| k.id == hit.keyword) else { return };
    let rule = if !keyword.alert {
        "keyword_selects_only"
    } else if settlement.cluster_keywords.contains(&hit.keyword) {
        "keyword_copy"
    } else {
        "keyword_new"
    };
    let raise = rule == "keyword_new";
    out.decisions.push(Decision {
        subject: Subject::Article(told.id.clone()),
        stage: Stage::Alert,
        rule: rule.to_owned(),
        outcome: if raise { Outcome::Passed } else { Outcome::Stopped },
        evidence: format!("{}: {}", hit.keyword, hit.sentence),
        at: now,
    });
    if !raise {
        return;
    }
    let start = told.text.find(&hit.sentence).unwrap_or(0);
    let evidence = Evidence {
        text: hit.sentence.clone(),
        span: Span::new(start, start + hit.sentence.len()),
        marks: hit.marks.clone(),
    };
    let id = AlertId::derive(&["keyword", &hit.keyword, settlement.copies_of.as_str()]);
    out.alerts.push(of_article(told, id, AlertKind::Keyword { keyword: hit.keyword.clone() }, evidence, now));
}

#[cfg(test)]
mod tests;
