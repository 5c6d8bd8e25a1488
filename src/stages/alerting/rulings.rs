//! What the user decided by hand, applied to what was decided by rule: guards and mutes.

use super::Raised;
use crate::domain::{
    Alert, AlertKind, Decision, DevelopmentId, Mute, Muted, Outcome, Rulings, Stage, Subject, Watchlist,
};
use crate::stages::identity::Settlement;
use jiff::{Timestamp, tz::TimeZone};

/// What the rulings make of an alert.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ruled {
    /// Those of whom it is told: ids and names.
    pub kept: Vec<(String, String)>,
    /// What speaks against telling it of the others, or at all: rule and words.
    pub against: Vec<(&'static str, String)>,
    /// Whether it is not told at all.
    pub silent: bool,
}

/// What `rulings` make of `alert` on the day of `now`. `also` are developments that were merged into its own.
pub fn judge(alert: &Alert, also: &[DevelopmentId], rulings: &Rulings, now: Timestamp) -> Ruled {
    let day = TimeZone::UTC.to_datetime(now).date();
    let told = || alert.tracked.iter().cloned().zip(alert.tracked_names.iter().cloned());
    let own = match &alert.content {
        AlertKind::Keyword { keyword } => {
            let against: Vec<_> = rulings.mute_of_name(keyword, day).map(|m| muted(keyword, m)).into_iter().collect();
            let silent = !against.is_empty();
            return Ruled { kept: told().collect(), against, silent };
        }
        AlertKind::Development { development, .. } => development,
        // Whoever was told the first is told what corrects it, muted or not.
        AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => {
            return Ruled { kept: told().collect(), ..Ruled::default() };
        }
    };
    let ids: Vec<&DevelopmentId> = std::iter::once(own).chain(also).collect();
    if let Some(mute) = ids.iter().find_map(|id| rulings.mute_of(id, alert.story.as_ref(), day)) {
        let what = if matches!(mute.of, Muted::Story(_)) { "its story" } else { "it" };
        return Ruled { kept: Vec::new(), against: vec![muted(what, mute)], silent: true };
    }
    let mut out = Ruled::default();
    for (id, name) in told() {
        let guarded = ids.iter().any(|d| rulings.guard(&id, d).is_some());
        if guarded {
            out.against.push(("guarded", format!("not {name}, by your guard")));
        } else if let Some(mute) = rulings.mute_of_name(&id, day) {
            out.against.push(muted(&name, mute));
        } else {
            out.kept.push((id, name));
        }
    }
    out.silent = out.kept.is_empty() && !out.against.is_empty();
    out
}

fn muted(what: &str, mute: &Mute) -> (&'static str, String) {
    let until = mute.until.map_or_else(|| "for good".to_owned(), |until| format!("until {until}"));
    ("muted", format!("you muted {what} {until}"))
}

/// Takes the alerts out of `raised` that the watchlist's guards and mutes do not let through on the day of `now`, with a
/// decision for each; for those whom they silence, the development counts as not alerted.
pub fn apply(raised: &mut Raised, settlement: &mut Settlement, watchlist: &Watchlist, now: Timestamp) {
    let rulings = &watchlist.rulings;
    if rulings.is_empty() {
        return;
    }
    let mut decisions = Vec::new();
    raised.alerts.retain_mut(|alert| {
        let own = match &alert.content {
            AlertKind::Development { development, .. } => Some(development.clone()),
            AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => None,
        };
        let found = settlement.developments.iter_mut().map(|(d, _)| d).find(|d| Some(&d.id) == own.as_ref());
        let ruled = judge(alert, found.as_ref().map_or(&[], |d| d.merged.as_slice()), rulings, now);
        if ruled.against.is_empty() {
            return true;
        }
        if let Some(development) = found {
            let kept = |id: &String| ruled.kept.iter().any(|(k, _)| k == id);
            development.alerted.retain(|(id, _)| kept(id) || !alert.tracked.contains(id));
        }
        let subject = own.map_or_else(|| Subject::Article(alert.article.clone()), Subject::Development);
        decisions.extend(ruled.against.into_iter().map(|(rule, evidence)| Decision {
            subject: subject.clone(),
            stage: Stage::Alert,
            rule: rule.to_owned(),
            outcome: Outcome::Stopped,
            evidence: format!("{}: {evidence}", alert.article),
            at: now,
        }));
        (alert.tracked, alert.tracked_names) = ruled.kept.into_iter().unzip();
        !ruled.silent
    });
    raised.decisions.extend(decisions);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AlertClass, AlertId, ArticleId, Basis, DevelopmentType, Evidence, Guard, Level, Mute, Span, StoryId,
    };

    fn id(name: &str) -> DevelopmentId {
        DevelopmentId::parse(name).unwrap()
    }

    fn alert(tracked: &[&str], keyword: Option<&str>) -> Alert {
        let development = AlertKind::Development {
            development: id("dev"),
            event: DevelopmentType::Charge,
            class: AlertClass::New,
            date: None,
            detail: String::new(),
            who: Vec::new(),
        };
        let names = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect();
        let at: Timestamp = "2026-03-10T23:30:00Z".parse().unwrap();
        let fields = serde_json::json!({
            "id": AlertId::derive(&["a"]), "level": Level::Major, "tracked": tracked, "tracked_names": tracked,
            "story": StoryId::parse("story").unwrap(), "article": ArticleId::parse("art").unwrap(), "headline": "",
            "url": null, "outlet": null, "published": null, "basis": Basis::Page,
            "evidence": Evidence { text: String::new(), span: Span::new(0, 0), marks: Vec::new() },
            "raised": at, "catch_up": false, "kind": "keyword", "keyword": "k",
        });
        let mut alert: Alert = serde_json::from_value(fields).unwrap();
        (alert.tracked, alert.tracked_names) = (names(tracked), names(tracked));
        alert.content = keyword.map_or(development, |k| AlertKind::Keyword { keyword: k.to_owned() });
        alert
    }

    #[test]
    fn guards_take_one_out_and_mutes_silence() {
        let guard = |entity: &str, development: &str| Rulings {
            guards: vec![Guard {
                entity: entity.to_owned(),
                developments: vec![id(development)],
                words: Vec::new(),
                alert: None,
            }],
            ..Rulings::default()
        };
        let mute = |of: Muted, until: Option<&str>| Rulings {
            mutes: vec![Mute { of, until: until.map(|d| d.parse().unwrap()), alert: None }],
            ..Rulings::default()
        };
        let name = |n: &str| Muted::Name(n.to_owned());
        let story = || Muted::Story(StoryId::parse("story").unwrap());
        let both: &[&str] = &["ada", "force"];
        for (rulings, expected, rule) in [
            (Rulings::default(), both, ""),
            (guard("ada", "dev"), &["force"][..], "guarded"),
            (guard("ada", "older"), &["force"], "guarded"),
            (guard("ada", "other"), both, ""),
            (mute(name("ada"), Some("2026-03-10")), &["force"], "muted"),
            (mute(name("ada"), Some("2026-03-09")), both, ""),
            (mute(name("nobody"), None), both, ""),
            (mute(story(), Some("2026-12-31")), &[], "muted"),
            (mute(Muted::Development(id("older")), None), &[], "muted"),
        ] {
            let now = "2026-03-10T23:30:00Z".parse().unwrap();
            let ruled = judge(&alert(both, None), &[id("older")], &rulings, now);
            let kept: Vec<&str> = ruled.kept.iter().map(|(id, _)| id.as_str()).collect();
            assert_eq!((kept.as_slice(), ruled.silent), (expected, expected.is_empty()), "{rulings:?}");
            assert_eq!(ruled.against.first().map_or("", |(rule, _)| *rule), rule, "{rulings:?}");
        }
        let now = "2026-03-10T23:30:00Z".parse().unwrap();
        assert!(judge(&alert(&[], Some("taser")), &[], &mute(name("taser"), None), now).silent);
        assert!(!judge(&alert(&[], Some("drone")), &[], &mute(name("taser"), None), now).silent);
    }
}
