//! What the user decides about which reports tell one event: developments merged, parted again and split.
//!
//! A decision by hand wins over every rule, and is kept with the development: reports are pinned to where they were put,
//! in every later version of their articles, and developments put apart are never joined again.

use super::rules::rules;
use super::{copies, first_of_row, keys, narrower};
use crate::domain::{
    ArticleId, BlockingKey, Development, DevelopmentId, DevelopmentReport, DevelopmentType, EventStage, MergedByHand,
    PartialDate, Pin,
};
use std::collections::BTreeSet;

/// Whether the user put the two apart.
pub(super) fn are_apart(a: &Development, b: &Development) -> bool {
    let from = |x: &Development, y: &Development| x.by_hand.apart.iter().any(|id| *id == y.id || y.merged.contains(id));
    from(a, b) || from(b, a)
}

/// The one development to which the user pinned the report that `pin` is of.
pub(super) fn pinned_to<'a>(
    developments: impl Iterator<Item = &'a Development>,
    pin: &Pin,
) -> Option<&'a DevelopmentId> {
    let mut found = developments.filter(|d| d.by_hand.pinned.iter().any(|p| p.meets(pin)));
    let first = found.next()?;
    found.next().is_none().then_some(&first.id)
}

/// Takes `gone`, the younger, into `stays`.
pub(super) fn absorb(stays: &mut Development, gone: Development) {
    stays.reports.extend(gone.reports);
    sort(&mut stays.reports);
    stays.date = narrower(stays.date, gone.date);
    stays.stage = stays.stage.max(gone.stage);
    stays.merged.push(gone.id);
    stays.merged.extend(gone.merged);
    stays.alerted.extend(gone.alerted);
    stays.alerted.sort();
    stays.alerted.dedup_by(|next, kept| next.0 == kept.0);
    if stays.story.is_none() {
        stays.story = gone.story;
    }
    stays.by_hand.apart.extend(gone.by_hand.apart);
    stays.by_hand.pinned.extend(gone.by_hand.pinned);
    stays.by_hand.merged.extend(gone.by_hand.merged);
}

/// One development of two: the older stays, and remembers how the younger was. `ruled` says that the watchlist wants it.
pub fn merge(a: Development, b: Development, ruled: bool) -> (Development, DevelopmentId) {
    let (mut old, young) = if (a.first_seen, &a.id) <= (b.first_seen, &b.id) { (a, b) } else { (b, a) };
    let was = young.clone();
    let id = young.id.clone();
    // Saying that they are one takes back that they are two.
    old.by_hand.apart.retain(|x| *x != young.id && !young.merged.contains(x));
    absorb(&mut old, young);
    let (own, merged) = (old.id.clone(), old.merged.clone());
    old.by_hand.apart.retain(|x| *x != own && !merged.contains(x));
    pin_all(&mut old);
    old.by_hand.merged.push(MergedByHand { was: Box::new(was), ruled });
    (old, id)
}

/// The two developments that [`merge`] made one of; `None` when the user did not merge `id` into `stays`. Reports that
/// came since stay where they are.
pub fn part(mut stays: Development, id: &DevelopmentId) -> Option<(Development, Development)> {
    let place = stays.by_hand.merged.iter().position(|m| m.was.id == *id)?;
    let was = *stays.by_hand.merged.remove(place).was;
    let of_it =
        |r: &DevelopmentReport| was.reports.iter().any(|w| w.article == r.article && w.report.kind == r.report.kind);
    let (moved, kept): (Vec<_>, Vec<_>) = stays.reports.drain(..).partition(of_it);
    stays.reports = kept;
    let mut own = was;
    if !moved.is_empty() {
        own.reports = moved;
    }
    stays.merged.retain(|m| *m != own.id && !own.merged.contains(m));
    stays.by_hand.pinned.retain(|pin| !own.reports.iter().any(|r| pin.meets(&Pin::of(&r.article, &r.report))));
    sum_up(&mut stays);
    sum_up(&mut own);
    Some((stays, own))
}

/// `development` without what `articles` tell, and a development of its own that they tell. For both it is as if the
/// alert had been raised: the user has seen them.
///
/// # Errors
/// When none of `articles` tells it, or all that do are among them.
pub fn split(mut development: Development, articles: &[ArticleId]) -> Result<(Development, Development), String> {
    let (moved, kept): (Vec<_>, Vec<_>) =
        development.reports.iter().cloned().partition(|r| articles.contains(&r.article));
    let Some(first) = moved.first() else {
        return Err(format!("none of these articles tells the development {}", development.id));
    };
    if kept.is_empty() {
        return Err(format!("these are all the articles that tell {}: nothing would be left of it", development.id));
    }
    let id =
        DevelopmentId::derive(&[development.id.as_str(), "split", first.article.as_str(), &first.index.to_string()]);
    let kinds: BTreeSet<DevelopmentType> = moved.iter().map(|r| r.report.kind).collect();
    let mut own = Development {
        kind: first_of_row(&kinds).unwrap_or(development.kind),
        first_seen: moved.iter().map(|r| r.at).min().unwrap_or(development.first_seen),
        reports: moved,
        merged: Vec::new(),
        id,
        ..development.clone()
    };
    own.by_hand.merged.clear();
    own.by_hand.pinned.clear();
    own.by_hand.apart.push(development.id.clone());
    development.reports = kept;
    let left: BTreeSet<DevelopmentType> = development.reports.iter().map(|r| r.report.kind).collect();
    if !left.contains(&development.kind) {
        development.kind = first_of_row(&left).unwrap_or(development.kind);
    }
    development.by_hand.apart.push(own.id.clone());
    development.by_hand.pinned.retain(|pin| !articles.contains(&pin.article));
    for one in [&mut development, &mut own] {
        pin_all(one);
        sum_up(one);
    }
    Ok((development, own))
}

/// The keys by which `development` is to be found; `text` is that of one of its articles.
pub fn keys(development: &Development, text: &str) -> Vec<BlockingKey> {
    keys::development_keys(development, || copies::sketch(text), rules())
}

fn pin_all(development: &mut Development) {
    let pins = development.reports.iter().map(|r| Pin::of(&r.article, &r.report));
    development.by_hand.pinned.extend(pins.collect::<Vec<_>>());
    development.by_hand.pinned.sort();
    development.by_hand.pinned.dedup();
}

fn sort(reports: &mut [DevelopmentReport]) {
    reports.sort_by(|x, y| (x.at, &x.article, x.index).cmp(&(y.at, &y.article, y.index)));
}

/// Date and stage anew, from the reports.
fn sum_up(development: &mut Development) {
    let dates = development.reports.iter().map(|r| r.report.date);
    development.date = dates.fold(None::<PartialDate>, narrower);
    development.stage = development.reports.iter().map(|r| r.report.stage).max().unwrap_or(EventStage::Alleged);
}
