//! Pairs of reports of two articles: which belong together when several could.

use super::rules::Repeat;
use super::view::{self, View};
use crate::domain::{ArticleId, DevelopmentId, DevelopmentReport};
use std::collections::BTreeSet;

/// Two reports that may tell one event.
pub(super) struct Pair<'a> {
    pub(super) mine: usize,
    pub(super) development: &'a DevelopmentId,
    pub(super) told: &'a DevelopmentReport,
    pub(super) score: f64,
    pub(super) grounds: Vec<String>,
}

/// Two reports of which too little is known, and what they share (see [`super::rules::Rules::need`]).
pub(super) struct Open<'a> {
    pub(super) pair: Pair<'a>,
    pub(super) anchor: usize,
}

/// Of one other article, each report is the same as at most one of mine, and each of mine as at most one of it: the
/// best pairs, the best first.
pub(super) fn one_to_one(mut pairs: Vec<Pair>) -> Vec<Pair> {
    pairs.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| (a.mine, &a.told.article, a.told.index).cmp(&(b.mine, &b.told.article, b.told.index)))
    });
    let mut mine: BTreeSet<(usize, &ArticleId)> = BTreeSet::new();
    let mut theirs: BTreeSet<(&ArticleId, usize)> = BTreeSet::new();
    pairs.retain(|pair| {
        let (m, t) = ((pair.mine, &pair.told.article), (&pair.told.article, pair.told.index));
        let free = !mine.contains(&m) && !theirs.contains(&t);
        if free {
            mine.insert(m);
            theirs.insert(t);
        }
        free
    });
    pairs
}

/// Pairs of which too little is known, but whose articles tell another event of the same doer: the act behind a
/// hearing, the constable held at the same time. Only where no other pair of the type is left between the articles.
pub(super) fn companions<'a>(views: &[View], pairs: &[Pair<'a>], open: Vec<Open<'a>>) -> Vec<Pair<'a>> {
    let left: Vec<Open> = open
        .into_iter()
        .filter(|o| {
            let taken = |p: &Pair| {
                p.told.article == o.pair.told.article && (p.mine == o.pair.mine || p.told.index == o.pair.told.index)
            };
            views[o.pair.mine].repeat != Repeat::Often && !pairs.iter().any(taken)
        })
        .collect();
    let mut out = Vec::new();
    for o in &left {
        let same_type =
            |p: &Pair| p.told.article == o.pair.told.article && p.told.report.kind == o.pair.told.report.kind;
        if left.iter().filter(|other| same_type(&other.pair)).count() > 1 {
            continue;
        }
        let own = &views[o.pair.mine];
        // Where only a body is shared, the other event must be one of the same type.
        let companion = pairs.iter().any(|p| {
            let view = &views[p.mine];
            p.told.article == o.pair.told.article
                && if o.anchor >= 2 { view::share(view.who(), own.who()) } else { view.kind == own.kind }
        });
        if companion && o.anchor > 0 {
            let mut grounds = o.pair.grounds.clone();
            grounds.push("the articles tell another event of the matter".to_owned());
            out.push(Pair { grounds, ..o.pair });
        }
    }
    out
}
