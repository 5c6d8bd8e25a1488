//! Identity: which event in the world does a report tell?
//!
//! Reports of one type from two articles are compared slot by slot (`compare`): slots that conflict keep them apart,
//! slots that support join them, and where the text is silent the type's `repeat` decides. Within one article, reports
//! that the taxonomy calls one event are folded first (`fold`). An article settles against the developments that
//! share a blocking key with it, one article at a time.
//!
//! The rules are data: `config/identity.toml`.

pub mod by_hand;
pub mod copies;

mod compare;
mod fold;
mod keys;
mod memory;
mod pairs;
mod rules;
mod view;

pub use keys::{article_keys, search_keys};
pub use memory::Memory;

use crate::domain::{
    ArticleId, BlockingKey, ByHand, Decision, Development, DevelopmentId, DevelopmentReport, DevelopmentType,
    EventStage, Outcome, PartialDate, Pin, Report, Stage, Status, StoryId, Subject,
};
use compare::{Articles, Verdict};
use jiff::Timestamp;
use pairs::{Open, Pair, companions, one_to_one};
use rules::{Rules, rules};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use view::View;

/// An article that is to be settled.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// The article.
    pub id: &'a ArticleId,
    /// Where it is. An article of the same address is a version of it.
    pub url: Option<&'a str>,
    /// Publication that carries it.
    pub outlet: Option<&'a str>,
    /// Agency that supplied it.
    pub agency: Option<&'a str>,
    /// When it was published or modified, else read.
    pub at: Timestamp,
    /// Its text.
    pub text: &'a str,
    /// What it reports.
    pub reports: &'a [Report],
}

/// A settled article that shares a part of the sketch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// The article.
    pub id: ArticleId,
    /// The cluster of near copies it belongs to.
    pub copies_of: ArticleId,
    /// Where it is.
    pub url: Option<String>,
    /// Its text.
    pub text: String,
    /// Keywords that stand in it.
    pub keywords: Vec<String>,
}

/// What is known that the article may tell again: everything that shares one of its [`search_keys`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Developments, in order of id.
    pub developments: Vec<Development>,
    /// Articles, in order of id.
    pub articles: Vec<Neighbour>,
}

/// Where one report of the article belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Position among the article's reports.
    pub index: usize,
    /// The development it tells.
    pub development: DevelopmentId,
    /// Whether the development was known before.
    pub joined: bool,
    /// Why.
    pub grounds: Vec<String>,
}

/// One article, settled.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// The cluster of near copies it belongs to: the id of the cluster's first article (maybe its own).
    pub copies_of: ArticleId,
    /// Keywords that stood in other articles of the cluster before.
    pub cluster_keywords: BTreeSet<String>,
    /// One for each report, in their order.
    pub placed: Vec<Placed>,
    /// Developments that are new or changed, in order of id, each with the keys it is to be found by.
    pub developments: Vec<(Development, Vec<BlockingKey>)>,
    /// Developments that were merged into another and go: (younger, older).
    pub merged: Vec<(DevelopmentId, DevelopmentId)>,
    /// What was decided.
    pub decisions: Vec<Decision>,
}

/// The type by which an event told as `kinds` is named: the first of the taxonomy's row.
pub fn first_of_row(kinds: &BTreeSet<DevelopmentType>) -> Option<DevelopmentType> {
    rules().head(kinds)
}

/// Whether `word`, in lower case, is too common to tell which event a sentence is about: a weekday, a title, "officer".
pub fn is_common_word(word: &str) -> bool {
    rules().stopwords.contains(word) || rules().titles.contains(word)
}

/// Settles `article` against what is `known`. `now` only dates the decisions.
pub fn settle(article: &Telling, known: &Known, now: Timestamp) -> Settlement {
    let rules = rules();
    let copies = Copies::new(article, known);
    let views: Vec<View> = article.reports.iter().map(|r| View::new(r, article.at, rules)).collect();
    let mut work = Work {
        article,
        rules,
        copies: &copies,
        developments: known.developments.iter().map(|d| (d.id.clone(), Cow::Borrowed(d))).collect(),
        changed: BTreeSet::new(),
        merged: Vec::new(),
        decisions: Vec::new(),
        now,
    };
    if copies.cluster != *article.id {
        work.decide(Subject::Article(article.id.clone()), "copy_of", copies.ground.clone());
    }
    let groups = fold::fold(&views, rules);
    let mut placed = Vec::new();
    for (members, links) in work.links(&views, &groups) {
        placed.extend(work.place(&views, &members, &links));
    }
    placed.sort_by_key(|p| p.index);
    work.name_stories(&placed);
    let changed = std::mem::take(&mut work.changed);
    let changed = changed.iter().filter_map(|id| work.developments.remove(id)).map(Cow::into_owned);
    let developments = changed
        .map(|d| {
            let keys = keys::development_keys(&d, || copies::sketch(article.text), rules);
            (d, keys)
        })
        .collect();
    Settlement {
        copies_of: copies.cluster.clone(),
        cluster_keywords: copies.keywords.clone(),
        placed,
        developments,
        merged: work.merged,
        decisions: work.decisions,
    }
}

/// How the article stands to those it may be a copy of.
struct Copies {
    /// Shares of text in common, by article.
    containment: BTreeMap<ArticleId, f64>,
    cluster: ArticleId,
    ground: String,
    keywords: BTreeSet<String>,
}

impl Copies {
    fn new(article: &Telling, known: &Known) -> Self {
        let runs = if known.articles.is_empty() { Vec::new() } else { copies::runs(article.text) };
        let mut containment = BTreeMap::new();
        // The likest, of equals the one with the lowest id.
        let mut best: Option<(f64, &Neighbour)> = None;
        for other in &known.articles {
            let version = other.id == *article.id || article.url.is_some() && other.url.as_deref() == article.url;
            let share = if version { 1.0 } else { copies::containment(&runs, &copies::runs(&other.text)) };
            containment.insert(other.id.clone(), share);
            if share >= copies::COPY && best.is_none_or(|(most, _)| share > most) {
                best = Some((share, other));
            }
        }
        let cluster = best.map_or_else(|| article.id.clone(), |(_, other)| other.copies_of.clone());
        let ground = best.map_or_else(String::new, |(share, other)| {
            format!("{:.0} % of the shorter text also stands in {}", share * 100.0, other.id)
        });
        let keywords = known
            .articles
            .iter()
            .filter(|other| other.copies_of == cluster)
            .flat_map(|other| other.keywords.iter().cloned())
            .collect();
        Self { containment, cluster, ground, keywords }
    }

    fn with(&self, article: &Telling, told: &DevelopmentReport) -> Articles {
        let version = told.article == *article.id || article.url.is_some() && told.url.as_deref() == article.url;
        let containment = if version { 1.0 } else { self.containment.get(&told.article).copied().unwrap_or(0.0) };
        Articles { containment }
    }
}

/// A development that a group of reports may tell.
#[derive(Debug, Clone)]
struct Link {
    development: DevelopmentId,
    score: f64,
    /// Reports of the development that support it, less those that conflict.
    balance: i32,
    grounds: Vec<String>,
}

/// Share of the words of a sentence that stay where only a name in it was changed.
const SAME_SENTENCE: f64 = 0.6;

struct Work<'a> {
    article: &'a Telling<'a>,
    rules: &'a Rules,
    copies: &'a Copies,
    /// Those known, and those opened; copied only when they change.
    developments: BTreeMap<DevelopmentId, Cow<'a, Development>>,
    changed: BTreeSet<DevelopmentId>,
    merged: Vec<(DevelopmentId, DevelopmentId)>,
    decisions: Vec<Decision>,
    now: Timestamp,
}

impl Work<'_> {
    fn decide(&mut self, subject: Subject, rule: &str, evidence: String) {
        let decision = Decision {
            subject,
            stage: Stage::Settle,
            rule: rule.to_owned(),
            outcome: Outcome::Passed,
            evidence,
            at: self.now,
        };
        self.decisions.push(decision);
    }

    /// The groups of the article's reports, less what is only recalled in them, each with the developments it may tell,
    /// the best first.
    fn links(&self, views: &[View], groups: &[Vec<usize>]) -> Vec<(Vec<usize>, Vec<Link>)> {
        let mut pairs: Vec<Pair> = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let mut conflicts: BTreeMap<(usize, &DevelopmentId), i32> = BTreeMap::new();
        let mut otherwise: Vec<(usize, DevelopmentId)> = Vec::new();
        for development in self.developments.values() {
            for told in &development.reports {
                // The view of a report is built only if one of the article's may be the same.
                let mut view = None;
                otherwise.extend(self.told_otherwise(views, told).map(|mine| (mine, development.id.clone())));
                for (mine, own) in views.iter().enumerate().filter(|(_, v)| v.kind == told.report.kind) {
                    let alone = |partner: DevelopmentType| {
                        let group = groups.iter().find(|g| g.contains(&mine));
                        !group.is_some_and(|g| g.iter().any(|m| views[*m].kind == partner))
                    };
                    if self.tells_apart(development, told, alone, own.status) {
                        *conflicts.entry((mine, &development.id)).or_default() += 1;
                        continue;
                    }
                    let most = own.slack_days.max(compare::PUBLISHED_LATE_DAYS);
                    let far = matches!((own.date, told.report.date), (Some(x), Some(y)) if x.days_apart(y) > most);
                    if far || !view::may_share(own, &told.report) {
                        *conflicts.entry((mine, &development.id)).or_default() += 1;
                        continue;
                    }
                    let view = view.get_or_insert_with(|| View::new(&told.report, told.at, self.rules));
                    match compare::compare(own, view, self.copies.with(self.article, told), self.rules) {
                        Verdict::Same { score, grounds } => {
                            pairs.push(Pair { mine, development: &development.id, told, score, grounds });
                        }
                        Verdict::Different { .. } => {
                            *conflicts.entry((mine, &development.id)).or_default() += 1;
                        }
                        Verdict::Open { score, lacks, anchor, grounds } if lacks <= self.rules.weight.companion => {
                            let pair = Pair { mine, development: &development.id, told, score, grounds };
                            open.push(Open { pair, anchor });
                        }
                        Verdict::Open { .. } => {}
                    }
                }
            }
        }
        let mut pairs = one_to_one(pairs);
        let companions: Vec<Pair> = companions(views, &pairs, open);
        pairs.extend(companions);
        let mut links: BTreeMap<usize, BTreeMap<&DevelopmentId, Link>> = BTreeMap::new();
        for pair in one_to_one(pairs) {
            // What was merged by hand has reports that the rules would keep apart.
            let by_hand = self.developments.get(pair.development).is_some_and(|d| !d.by_hand.merged.is_empty());
            let conflict =
                if by_hand { 0 } else { conflicts.get(&(pair.mine, pair.development)).copied().unwrap_or(0) };
            let link = links.entry(pair.mine).or_default().entry(pair.development).or_insert_with(|| Link {
                development: pair.development.clone(),
                score: pair.score,
                balance: -conflict,
                grounds: pair.grounds,
            });
            link.balance += 1;
        }
        let groups = self.part_recalled(views, groups, &links);
        let place = |members: Vec<usize>| {
            let links = self.pinned(&members).unwrap_or_else(|| self.group_links(&members, &links));
            (members, links)
        };
        let mut out: Vec<(Vec<usize>, Vec<Link>)> = groups.into_iter().map(place).collect();
        for (mine, development) in otherwise {
            let taken = out.iter().any(|(_, links)| links.iter().any(|l| l.development == development));
            let group = out.iter_mut().find(|(members, links)| members.contains(&mine) && links.is_empty());
            if let Some((_, links)) = group.filter(|_| !taken) {
                let grounds = vec!["an earlier version of the article told it otherwise".to_owned()];
                links.push(Link { development, score: 0.0, balance: 1, grounds });
            }
        }
        out
    }

    /// The reports that say otherwise what `told`, of an earlier version of the article, said in almost the same sentence: with
    /// another name. That is the same event, told rightly or wrongly.
    fn told_otherwise(&self, views: &[View], told: &DevelopmentReport) -> impl Iterator<Item = usize> {
        let own = told.article == *self.article.id;
        let before = own.then(|| View::new(&told.report, told.at, self.rules));
        let same = |view: &View| {
            before.as_ref().is_some_and(|b| {
                b.kind == view.kind
                    && b.date == view.date
                    && view::overlap(&b.words().sentence, &view.words().sentence, 4) >= SAME_SENTENCE
            })
        };
        let found: Vec<usize> = views.iter().enumerate().filter(|(_, v)| own && same(v)).map(|(n, _)| n).collect();
        found.into_iter()
    }

    /// Takes out of each group what is only recalled in it and is known as an event of its own: a plea of spring, told
    /// beside the trial that opens in autumn, must not draw the trial into what was told in spring.
    fn part_recalled(
        &self,
        views: &[View],
        groups: &[Vec<usize>],
        links: &BTreeMap<usize, BTreeMap<&DevelopmentId, Link>>,
    ) -> Vec<Vec<usize>> {
        let mut out = Vec::new();
        for members in groups {
            let told_before = |m: &usize| {
                let firsts: BTreeSet<DevelopmentType> =
                    members.iter().flat_map(|f| self.rules.recalls(&views[*f], &views[*m])).collect();
                let known = links.get(m).into_iter().flat_map(|links| links.keys());
                let mut known = known.filter_map(|id| self.developments.get(*id)).peekable();
                !firsts.is_empty()
                    && known.peek().is_some()
                    && known.all(|d| !d.reports.iter().any(|r| firsts.contains(&r.report.kind)))
            };
            let (alone, rest): (Vec<usize>, Vec<usize>) = members.iter().partition(|m| told_before(m));
            out.push(rest);
            out.extend(alone.into_iter().map(|m| vec![m]));
        }
        out
    }

    /// The development to which the user pinned one of the reports of a group, as the only one that it may tell.
    fn pinned(&self, members: &[usize]) -> Option<Vec<Link>> {
        let place = |m: &usize| {
            let pin = Pin::of(self.article.id, self.article.reports.get(*m)?);
            by_hand::pinned_to(self.developments.values().map(Cow::as_ref), &pin)
        };
        let development = members.iter().find_map(place)?.clone();
        Some(vec![Link { development, score: f64::MAX, balance: 1, grounds: vec!["decided by hand".to_owned()] }])
    }

    /// Whether one of two reports of a type stands beside the type that it is a part of, and the other, told as new,
    /// does not: a referral told before the investigation that it leads to is an event of its own. `alone` tells of the
    /// other report whether it lacks a partner.
    fn tells_apart(
        &self,
        development: &Development,
        told: &DevelopmentReport,
        alone: impl Fn(DevelopmentType) -> bool,
        status: Status,
    ) -> bool {
        self.rules.partners(told.report.kind).any(|partner| {
            let told_alone = !development.reports.iter().any(|r| r.article == told.article && r.report.kind == partner);
            let own_alone = alone(partner);
            own_alone != told_alone && if own_alone { status == Status::New } else { told.report.status == Status::New }
        })
    }

    /// The developments that the reports of one group may tell, the best first.
    fn group_links(&self, members: &[usize], links: &BTreeMap<usize, BTreeMap<&DevelopmentId, Link>>) -> Vec<Link> {
        let mut out: Vec<Link> = Vec::new();
        let all = members.iter().filter_map(|m| links.get(m)).flat_map(|links| links.values());
        for link in all.filter(|l| l.balance >= 0) {
            match out.iter_mut().find(|l| l.development == link.development) {
                Some(l) if l.score >= link.score => {}
                Some(l) => *l = link.clone(),
                None => out.push(link.clone()),
            }
        }
        out.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.development.cmp(&b.development)));
        out
    }

    /// Puts the reports of one group into the development that `links` names first, or into a new one.
    fn place(&mut self, views: &[View], members: &[usize], links: &[Link]) -> Vec<Placed> {
        // An earlier group of this article may have merged a development away, or joined it with this type.
        let mut links = links.iter().filter_map(|l| {
            let id = self.merged.iter().find(|(younger, _)| *younger == l.development).map_or(&l.development, |m| &m.1);
            let told_here = self.developments.get(id).is_some_and(|d| {
                d.reports.iter().any(|r| {
                    self.changed.contains(id)
                        && r.article == *self.article.id
                        && members.iter().any(|m| views[*m].kind == r.report.kind && *m != r.index)
                })
            });
            (!told_here).then(|| Link { development: id.clone(), ..l.clone() })
        });
        let target = links.next();
        let others: Vec<Link> = links.collect();
        let (id, joined, grounds) = match target {
            Some(link) => (link.development, true, link.grounds),
            None => (self.open(views, members), false, vec!["nothing known is the same".to_owned()]),
        };
        if joined {
            self.decide(Subject::Development(id.clone()), "joined", grounds.join("; "));
        } else {
            let evidence = self.article.reports[members[0]].evidence.text.clone();
            self.decide(Subject::Development(id.clone()), "opened", evidence);
        }
        for member in members {
            self.add(&id, *member, &grounds);
        }
        let mut id = id;
        for other in others.into_iter().filter(|l| l.development != id).collect::<Vec<_>>() {
            id = self.merge(id, other);
        }
        members
            .iter()
            .map(|index| Placed { index: *index, development: id.clone(), joined, grounds: grounds.clone() })
            .collect()
    }

    /// A new development, still without reports.
    fn open(&mut self, views: &[View], members: &[usize]) -> DevelopmentId {
        let kinds: BTreeSet<DevelopmentType> = members.iter().map(|m| views[*m].kind).collect();
        let first = members[0];
        let kind = self.rules.head(&kinds).unwrap_or(views[first].kind);
        let head = members.iter().copied().find(|m| views[*m].kind == kind).unwrap_or(first);
        let ordinal = views[..head].iter().filter(|v| v.kind == kind).count();
        // The moment keeps a changed version of the article, which may tell something else in the same place, apart.
        let (at, ordinal) = (self.article.at.to_string(), ordinal.to_string());
        let mut id = DevelopmentId::derive(&[self.article.id.as_str(), kind.as_str(), &ordinal, &at]);
        while self.developments.contains_key(&id) {
            id = DevelopmentId::derive(&[id.as_str()]);
        }
        let development = Development {
            id: id.clone(),
            kind,
            story: None,
            stage: EventStage::Alleged,
            date: None,
            reports: Vec::new(),
            merged: Vec::new(),
            alerted: Vec::new(),
            first_seen: self.article.at,
            by_hand: ByHand::default(),
        };
        self.developments.insert(id.clone(), Cow::Owned(development));
        id
    }

    fn add(&mut self, id: &DevelopmentId, index: usize, grounds: &[String]) {
        let (article, copies) = (self.article, self.copies);
        let Some(development) = self.developments.get_mut(id).map(Cow::to_mut) else { return };
        let report = &article.reports[index];
        development.date = narrower(development.date, report.date);
        development.stage = development.stage.max(report.stage);
        // What an earlier version of the same article told of this event, it now tells anew.
        let replaced = !self.changed.contains(id);
        if replaced {
            development.reports.retain(|r| r.article != *article.id);
        }
        development.reports.push(DevelopmentReport {
            article: article.id.clone(),
            index,
            report: report.clone(),
            at: article.at,
            outlet: article.outlet.map(str::to_owned),
            agency: article.agency.map(str::to_owned),
            url: article.url.map(str::to_owned),
            copies_of: copies.cluster.clone(),
            rare_words: view::rare_words(report),
            grounds: grounds.to_vec(),
        });
        self.changed.insert(id.clone());
    }

    /// Merges the development of `link` and `id` unless something speaks against it; gives the id that stays.
    fn merge(&mut self, id: DevelopmentId, link: Link) -> DevelopmentId {
        let (Some(a), Some(b)) = (self.developments.get(&id), self.developments.get(&link.development)) else {
            return id;
        };
        if let Some(conflict) = self.clash(a, b) {
            self.decide(Subject::Development(link.development), "kept_apart", format!("from {id}: {conflict}"));
            return id;
        }
        // The older stays. A development that this article opened has the latest time of all.
        let (old, young) = if (a.first_seen, &a.id) <= (b.first_seen, &b.id) { (a, b) } else { (b, a) };
        let (old, young) = (old.id.clone(), young.id.clone());
        let (Some(gone), Some(stays)) = (self.developments.remove(&young), self.developments.get_mut(&old)) else {
            return id;
        };
        by_hand::absorb(stays.to_mut(), gone.into_owned());
        self.changed.remove(&young);
        self.changed.insert(old.clone());
        for (_, into) in self.merged.iter_mut().filter(|(_, into)| *into == young) {
            *into = old.clone();
        }
        self.merged.push((young.clone(), old.clone()));
        self.decide(Subject::Development(old.clone()), "merged", format!("{young}: {}", link.grounds.join("; ")));
        old
    }

    /// What keeps two developments apart that one report could tell.
    fn clash(&self, a: &Development, b: &Development) -> Option<String> {
        if by_hand::are_apart(a, b) {
            return Some("put apart by hand".to_owned());
        }
        for x in &a.reports {
            for y in b.reports.iter().filter(|y| y.report.kind == x.report.kind) {
                if x.article == y.article {
                    return Some(format!("{} tells both", x.article));
                }
                let alone = |partner: DevelopmentType| {
                    !a.reports.iter().any(|r| r.article == x.article && r.report.kind == partner)
                };
                if self.tells_apart(b, y, alone, x.report.status) {
                    return Some(format!("{} tells it as an event of its own", x.report.kind.label()));
                }
                let views = [x, y].map(|r| View::new(&r.report, r.at, self.rules));
                if let Some(conflict) = compare::conflict(&views[0], &views[1]) {
                    return Some(conflict);
                }
            }
        }
        None
    }

    /// Gives each new development the story of one it shares a person with, else one of its own. For display only.
    fn name_stories(&mut self, placed: &[Placed]) {
        let persons = |d: &Development| -> BTreeSet<String> {
            let reports = d.reports.iter().map(|r| &r.report);
            reports.flat_map(|r| r.who.iter().chain(&r.about)).map(|e| e.id.clone()).collect()
        };
        let mut touched: Vec<DevelopmentId> = placed.iter().map(|p| p.development.clone()).collect();
        touched.sort();
        touched.dedup();
        // Developments known before give their stories first.
        touched.sort_by_key(|id| self.developments.get(id).is_none_or(|d| d.story.is_none()));
        for id in &touched {
            let Some(development) = self.developments.get(id).filter(|d| d.story.is_none()) else { continue };
            let own = persons(development);
            let of = |d: &Development| d.story.clone().filter(|_| !own.is_disjoint(&persons(d)));
            let near = touched.iter().filter_map(|t| self.developments.get(t)).find_map(|d| of(d));
            let story = near.or_else(|| self.developments.values().find_map(|d| of(d)));
            let story = story.unwrap_or_else(|| StoryId::derive(&[id.as_str()]));
            if let Some(development) = self.developments.get_mut(id).map(Cow::to_mut) {
                development.story = Some(story);
            }
        }
    }
}

/// The narrower of two dates, if both may be one; else the first.
fn narrower(a: Option<PartialDate>, b: Option<PartialDate>) -> Option<PartialDate> {
    let width = |d: PartialDate| match d {
        PartialDate::Day(_) => 0,
        PartialDate::Month(..) => 1,
        PartialDate::Year(_) => 2,
    };
    match (a, b) {
        (Some(x), Some(y)) if x.compatible(y) && width(y) < width(x) => Some(y),
        (Some(x), _) => Some(x),
        (None, y) => y,
    }
}

#[cfg(test)]
mod tests;
