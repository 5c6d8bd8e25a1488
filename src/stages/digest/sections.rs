//! Where a digest tells what: sections, stories, and items of several developments.

use super::background::{self, Matter};
use super::{Told, event, name_of, place, told_under, tracked_name};
use crate::domain::{
    Alert, Development, DevelopmentId, DevelopmentType, DigestItem, DigestSection, DigestStory, Level, StoryId,
    Watchlist,
};
use crate::stages::story::{self, Story};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// One section, still with what the subject needs to know of its alerts.
pub(super) struct Section {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) keyword: bool,
    /// Items of its stories; each item holds the alerts of one proceeding, the one that names it first.
    pub(super) stories: Vec<(Option<Story>, Vec<Vec<Told>>)>,
    pub(super) minor: Vec<Told>,
}

impl Section {
    /// The alerts that name its items, the major ones first.
    pub(super) fn leads(&self) -> impl Iterator<Item = &Told> {
        self.stories.iter().flat_map(|(_, items)| items).filter_map(|item| item.first()).chain(&self.minor)
    }

    fn has_major(&self) -> bool {
        !self.stories.is_empty()
    }
}

/// `told` in sections: persons and bodies in the watchlist's order, those with major developments first, then keywords. In
/// each, major developments story by story, then minor ones by date.
pub(super) fn sections(
    told: Vec<Told>,
    watchlist: &Watchlist,
    developments: &BTreeMap<String, Vec<Development>>,
) -> Vec<Section> {
    let mut homes: BTreeMap<(bool, usize, String), Vec<Told>> = BTreeMap::new();
    for one in told {
        let home = told_under(&one.alert, watchlist).unwrap_or("").to_owned();
        let keyword = event(&one.alert).is_none();
        let position = if keyword {
            watchlist.keywords.iter().position(|k| k.id == home).unwrap_or(usize::MAX)
        } else {
            place(&home, watchlist)
        };
        homes.entry((keyword, position, home)).or_default().push(one);
    }
    let mut out: Vec<Section> = homes
        .into_iter()
        .map(|((keyword, _, id), mut told)| {
            told.sort_by(|a, b| order(&a.alert).cmp(&order(&b.alert)));
            let title = if keyword {
                watchlist.keywords.iter().find(|k| k.id == id && !k.name.is_empty()).map(|k| k.name.clone())
            } else {
                name_of(&id, watchlist).or_else(|| told.iter().find_map(|t| tracked_name(&t.alert, &id)))
            };
            let (major, minor): (Vec<Told>, Vec<Told>) =
                told.into_iter().partition(|t| !keyword && t.alert.level == Level::Major);
            let stories = by_story(major, developments.get(&id).map_or(&[][..], Vec::as_slice), &id);
            Section { title: title.unwrap_or_else(|| id.clone()), id, keyword, stories, minor }
        })
        .collect();
    // Stable: the watchlist's order stays within each kind.
    out.sort_by_key(|s| (s.keyword, !s.has_major()));
    out
}

/// `told`, which is in order, by story: the story whose first item comes first stands first.
fn by_story(told: Vec<Told>, developments: &[Development], home: &str) -> Vec<(Option<Story>, Vec<Vec<Told>>)> {
    let stories = story::stories(developments, home);
    let mut out: Vec<(Option<Story>, Vec<Vec<Told>>)> = Vec::new();
    for one in told {
        let own = one.development.as_ref().and_then(|id| stories.iter().find(|s| s.members.contains(id)).cloned());
        let joins = |items: &[Vec<Told>]| items.iter().flatten().any(|t| one_proceeding(t, &one));
        let place = out.iter().position(|(story, items)| own.is_some() && *story == own || joins(items));
        let place = place.unwrap_or_else(|| {
            out.push((own, Vec::new()));
            out.len() - 1
        });
        let items = &mut out[place].1;
        match items.iter_mut().find(|item| item.iter().any(|t| one_proceeding(t, &one))) {
            Some(item) => item.push(one),
            None => items.push(vec![one]),
        }
    }
    for item in out.iter_mut().flat_map(|(_, items)| items) {
        item.sort_by_key(|t| event(&t.alert).and_then(story::proceeding).map_or(usize::MAX, |(_, rank)| rank));
    }
    out
}

/// Whether the two are parts of one hearing, ruling or publication: types that one proceeding tells, the same day, and a person
/// or an article in common.
fn one_proceeding(a: &Told, b: &Told) -> bool {
    let proceeding = |t: &Told| event(&t.alert).and_then(story::proceeding).map(|(n, _)| n);
    // An amended version does not add to what it takes back.
    if a.amended_since != b.amended_since {
        return false;
    }
    let same_article = a.alert.article == b.alert.article || a.told_in.iter().any(|id| b.told_in.contains(id));
    let same_day = match (background::date(&a.alert), background::date(&b.alert)) {
        (Some(x), Some(y)) => x == y,
        _ => same_article,
    };
    let same_person = a.happened_to.iter().any(|p| b.happened_to.iter().any(|q| p.id == q.id));
    proceeding(a).is_some() && proceeding(a) == proceeding(b) && same_day && (same_person || same_article)
}

/// What an alert's order within a section goes by.
type Order<'a> = (Option<Date>, Option<Timestamp>, &'a str, Option<DevelopmentType>, usize, &'a str);

pub(super) fn order(alert: &Alert) -> Order<'_> {
    let told = alert.published.map(|at| jiff::tz::Offset::UTC.to_datetime(at).date());
    let date = background::date(alert).map(|d| d.first_day()).or(told.filter(|_| event(alert).is_some()));
    // The taxonomy's order, an arrest before a charge, is the likeliest for what one article tells of one day; then the
    // order of the text.
    let (article, place) = (alert.article.as_str(), alert.evidence.span.start);
    (date, alert.published, article, event(alert), place, alert.id.as_str())
}

/// A section as the digest has it. `told` are the developments that the digest tells, `today` is its day.
pub(super) fn finish(
    section: Section,
    watchlist: &Watchlist,
    developments: &[Development],
    told: &BTreeSet<DevelopmentId>,
    today: Date,
) -> DigestSection {
    let Section { id, title, keyword, stories, minor } = section;
    let several = stories.len() > 1;
    let of_body = watchlist.bodies.iter().any(|b| b.id == id);
    let stories = stories
        .into_iter()
        .map(|(story, items)| {
            let members: BTreeSet<DevelopmentId> = story.iter().flat_map(|s| s.members.iter().cloned()).collect();
            // Where several matters of a person are told, each has its own past.
            let of_person = !several && watchlist.persons.iter().any(|p| p.id == id);
            let matter = Matter { home: &id, of_person, members: &members, told };
            let news: Vec<&Alert> = items.iter().flatten().map(|t| &t.alert).collect();
            let first = news.first().map_or("", |a| a.id.as_str());
            DigestStory {
                id: story.as_ref().map_or_else(|| StoryId::derive(&[first]), |s| s.id.clone()),
                known_before: background::known_before(matter, &news, developments),
                due_next: background::due_next(matter, developments, today),
                name: story.and_then(|s| s.name).filter(|_| of_body && several && items.len() > 1),
                items: items.into_iter().filter_map(|told| item(told, &id, watchlist)).collect(),
            }
        })
        .collect();
    let minor = minor.into_iter().filter_map(|told| item(vec![told], &id, watchlist)).collect();
    DigestSection { id, title, keyword, stories, minor }
}

/// One item of the alerts of one proceeding; `home` is told in the section's title.
pub(super) fn item(told: Vec<Told>, home: &str, watchlist: &Watchlist) -> Option<DigestItem> {
    let mut also: Vec<(usize, String, String)> = Vec::new();
    for alert in told.iter().map(|t| &t.alert) {
        for id in alert.tracked.iter().filter(|id| *id != home) {
            let name = name_of(id, watchlist).or_else(|| tracked_name(alert, id)).unwrap_or_else(|| id.clone());
            also.push((place(id, watchlist), id.clone(), name));
        }
    }
    also.sort();
    also.dedup();
    let mut told = told.into_iter();
    let first = told.next()?;
    let mut out = DigestItem {
        amended_since: first.amended_since,
        articles: first.articles,
        independent_sources: first.independent_sources,
        elsewhere: first.elsewhere,
        also_about: also.into_iter().map(|(.., name)| name).collect(),
        with: Vec::new(),
        alert: first.alert,
    };
    for further in told {
        out.articles = out.articles.max(further.articles);
        out.independent_sources = out.independent_sources.max(further.independent_sources);
        for link in further.elsewhere {
            let known = out.alert.url.as_ref() == Some(&link.url) || out.elsewhere.iter().any(|l| l.url == link.url);
            if !known && out.elsewhere.len() < super::MAX_ELSEWHERE {
                out.elsewhere.push(link);
            }
        }
        out.with.push(further.alert);
    }
    Some(out)
}
