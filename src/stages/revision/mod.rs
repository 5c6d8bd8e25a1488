//! Revision: what changed in an article after it was read, and whom that must be told to.
//!
//! Two versions are compared sentence by sentence, in a form without case, punctuation and marks; what pages change by
//! themselves (times, counts, links to other stories) is passed over. What is told of someone counts as unchanged as long
//! as the sentence that tells it stands, whatever the rest says. The rules are data: `config/corrections.toml`.

mod compare;
mod rules;
mod schedule;

pub use compare::{Version, carry_dates, compare, is_same_text, withdrawn};
pub use schedule::{Look, after, first};

use crate::domain::{
    Alert, AlertId, AlertKind, Article, ArticleId, Caution, Change, ChangeKind, Corrected, DevelopmentType, Evidence,
    Level, Revision, Span,
};
use jiff::Timestamp;
use rules::rules;

/// Whether `text` says that an article was taken back.
pub fn is_notice(text: &str) -> bool {
    rules().is_withdrawal(text)
}

/// Whether `change` touches what `alert` told.
fn touches(change: &Change, alert: &Alert) -> bool {
    if alert.is_correction() {
        return false;
    }
    let AlertKind::Development { event, who, .. } = &alert.content else {
        // A keyword is no name and no allegation: only what is about the whole article touches it.
        return change.concerns.is_empty() && change.kind != ChangeKind::Headline;
    };
    let about = change.concerns.iter().any(|id| alert.tracked.contains(id) || who.iter().any(|w| w.id == *id));
    match change.kind {
        ChangeKind::Headline | ChangeKind::Note | ChangeKind::Withdrawn | ChangeKind::Said => true,
        ChangeKind::NameChanged | ChangeKind::NameGone => about,
        ChangeKind::ReportChanged | ChangeKind::ReportGone => change.event == Some(*event) && about,
        // A name that is only new takes nothing back; what is told of it is settled like all that is told.
        ChangeKind::NameAdded => false,
    }
}

/// The alert that `revision` of the article is worth, if it touches what one of `alerts` (those that rest on the article)
/// told: a correction where the publisher says so, else a silent edit. `article` is the version after it.
pub fn alert(revision: &Revision, article: &Article, alerts: &[Alert]) -> Option<Alert> {
    let touched: Vec<&Alert> =
        alerts.iter().filter(|a| revision.changes.iter().any(|change| touches(change, a))).collect();
    let changes: Vec<Change> =
        revision.changes.iter().filter(|change| touched.iter().any(|a| touches(change, a))).cloned().collect();
    let number = revision.number.to_string();
    let id = AlertId::derive(&["revision", revision.article.as_str(), &number]);
    let withdrawn = changes.iter().any(|c| c.kind == ChangeKind::Withdrawn);
    let content = if revision.explained || withdrawn {
        AlertKind::Correction { changes }
    } else {
        AlertKind::SilentEdit { changes }
    };
    about(id, content, &touched, &revision.article, Some(article), revision.at)
}

/// The id of the correction of `alert` that its user asks for: there is one at most.
pub fn word_of_user(alert: &AlertId) -> AlertId {
    AlertId::derive(&["wrong", alert.as_str()])
}

/// The correction of `alert` that its user asks for, `reason` in the user's words.
pub fn said_wrong(alert: &Alert, reason: &str, now: Timestamp) -> Option<Alert> {
    let change = Change {
        kind: ChangeKind::Said,
        what: reason.to_owned(),
        before: alert.evidence.text.clone(),
        after: String::new(),
        event: None,
        concerns: Vec::new(),
    };
    let id = word_of_user(&alert.id);
    about(id, AlertKind::Correction { changes: vec![change] }, &[alert], &alert.article, None, now)
}

/// An alert about the alerts `touched`; `None` where there is none.
fn about(
    id: AlertId,
    content: AlertKind,
    touched: &[&Alert],
    article: &ArticleId,
    after: Option<&Article>,
    now: Timestamp,
) -> Option<Alert> {
    let first = touched.first()?;
    let changes = match &content {
        AlertKind::Correction { changes } | AlertKind::SilentEdit { changes } => changes.as_slice(),
        _ => &[],
    };
    let main = changes.first()?;
    let (mut tracked, mut tracked_names) = (Vec::new(), Vec::new());
    for (id, name) in touched.iter().flat_map(|a| a.tracked.iter().zip(&a.tracked_names)) {
        if !tracked.contains(id) {
            tracked.push(id.clone());
            tracked_names.push(name.clone());
        }
    }
    let mut cautions: Vec<Caution> = touched.iter().flat_map(|a| a.cautions.iter().copied()).collect();
    cautions.sort_unstable();
    cautions.dedup();
    // Another headline alone takes nothing back.
    let only_headline = changes.iter().all(|c| c.kind == ChangeKind::Headline);
    let level = touched.iter().map(|a| a.level).min().unwrap_or(Level::Minor);
    let level = if only_headline { Level::Minor } else { level };
    let words = if main.after.is_empty() { &main.before } else { &main.after };
    let evidence = Evidence { text: words.clone(), span: Span::new(0, 0), marks: Vec::new() };
    Some(Alert {
        id,
        level,
        tracked,
        tracked_names,
        story: first.story.clone(),
        article: article.clone(),
        headline: after.and_then(|a| a.headline.clone()).unwrap_or_else(|| first.headline.clone()),
        url: first.url.clone(),
        outlet: first.outlet.clone(),
        published: after.and_then(Article::at).or(first.published),
        basis: first.basis,
        evidence,
        raised: now,
        catch_up: false,
        corrects: touched.iter().map(|a| a.corrected()).collect(),
        held: false,
        cautions,
        past_of: Vec::new(),
        content,
    })
}

/// The types of earlier events that an event of `later`, told in `sentence`, corrects.
pub fn outcome_of(later: DevelopmentType, sentence: &str) -> Vec<DevelopmentType> {
    let words = format!(" {} ", compare::normal(sentence));
    let has = |list: &[String]| list.is_empty() || list.iter().any(|w| words.contains(&format!(" {w} ")));
    rules()
        .outcomes
        .iter()
        .filter(|o| o.later == later && has(&o.has))
        .flat_map(|o| o.earlier.iter().copied())
        .collect()
}

/// Whether an event of `kind` ends a matter by itself, whatever else its sentence says: an acquittal, not a charge.
pub fn is_ending(kind: DevelopmentType) -> bool {
    rules().outcomes.iter().any(|o| o.later == kind && o.has.is_empty())
}

/// Adds to `alert`, which tells how a matter ended, the earlier alerts that it corrects, in order raised.
pub fn link_outcome(alert: &mut Alert, earlier: &[Alert]) {
    let mut links: Vec<Corrected> = earlier.iter().filter(|e| e.id != alert.id).map(Alert::corrected).collect();
    links.sort_by(|a, b| (a.raised, &a.alert).cmp(&(b.raised, &b.alert)));
    links.dedup();
    alert.corrects = links;
}

#[cfg(test)]
mod tests;
