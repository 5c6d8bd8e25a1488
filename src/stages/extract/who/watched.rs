//! The watched persons, by their names and short forms, and whether an article's person is one of them.

use super::lexicon::{Class, lexicon};
use super::matcher::{Hit, KnownBody, Matcher, Owner, bare_name};
use super::people::Person;
use super::titles::{Sex, given_sex, is_civic, is_rank, rank_level};
use super::view::{View, normal};
use crate::domain::{WatchedPerson, Watchlist};
use foldhash::HashMap;

/// What a guard of the user weighs: more than everything that speaks for it.
const GUARDED: i32 = -100;

/// So many different words of one life elsewhere make an article one of that life.
const ELSEWHERE: usize = 6;

/// A watched person, made ready.
#[derive(Debug)]
pub(super) struct Watched {
    /// Watchlist id.
    pub(super) id: String,
    /// Name for people.
    pub(super) name: String,
    /// Ids of his or her bodies, watchlist or gazetteer.
    bodies: Vec<String>,
    roles: Vec<String>,
    excludes: Vec<String>,
    /// Words of the user's guards: in an article with one of them the name is somebody else's.
    guards: Vec<String>,
    posts: Vec<Post>,
    sex: Option<Sex>,
    given: String,
    /// Whether name or aliases bear "Sir" or "Dame".
    knight: bool,
}

/// The watched persons.
#[derive(Debug, Default)]
pub(super) struct WatchIndex {
    /// In the watchlist's order.
    pub(super) persons: Vec<Watched>,
    by_name: HashMap<String, Vec<usize>>,
    by_surname: HashMap<String, Vec<usize>>,
    by_alias: HashMap<String, Vec<usize>>,
}

/// What the text tells of a person beside the name.
#[derive(Debug, Default)]
pub(super) struct Life {
    /// Keys of the bodies that he or she belongs to.
    pub(super) bodies: Vec<String>,
    /// Whether any of them is a police force.
    pub(super) force: bool,
    /// Words of the role.
    pub(super) role: String,
}

/// A post held between dates, as a role tells ("Commissioner of the Met from 2017-04 until 2022-04").
#[derive(Debug)]
struct Post {
    level: u8,
    /// First day, or as much of a date as is given.
    from: Option<String>,
    /// Last day, likewise.
    until: Option<String>,
}

impl Post {
    fn parse(role: &str) -> Option<Self> {
        let words: Vec<String> = role.split_whitespace().map(str::to_lowercase).collect();
        let date = |marks: &[&str]| {
            let at = words.iter().position(|w| marks.contains(&w.as_str()))?;
            words.get(at + 1).filter(|w| w.starts_with(|c: char| c.is_ascii_digit())).cloned()
        };
        let (from, until) = (date(&["from", "since"]), date(&["until", "to"]));
        let title: Vec<&str> =
            words.iter().map(String::as_str).take_while(|w| !matches!(*w, "of" | "from" | "since")).collect();
        let level = rank_level(&title.join(" "))?;
        (from.is_some() || until.is_some()).then_some(Self { level, from, until })
    }

    /// Whether it is held on `day` ("2022-02-10").
    fn held_on(&self, day: &str) -> bool {
        let part = |date: &str| day.get(..date.len().min(day.len())).unwrap_or(day).to_owned();
        self.from.as_deref().is_none_or(|d| d <= part(d).as_str())
            && self.until.as_deref().is_none_or(|d| part(d).as_str() <= d)
    }
}

impl Watched {
    fn is_police(&self) -> bool {
        !self.bodies.is_empty()
            || self.roles.iter().any(|r| r.split_whitespace().any(|x| lexicon().class(x).has(Class::POLICE_ROLE)))
    }
}

impl WatchIndex {
    /// The index of `watchlist`.
    pub(super) fn new(watchlist: &Watchlist) -> Self {
        let mut index = Self::default();
        for (n, person) in watchlist.persons.iter().enumerate() {
            index.add(n, person);
        }
        for guard in &watchlist.rulings.guards {
            let words = guard.words.iter().map(|w| normal(w)).filter(|w| !w.trim().is_empty());
            if let Some(person) = index.persons.iter_mut().find(|p| p.id == guard.entity) {
                person.guards.extend(words);
            }
        }
        index
    }

    fn add(&mut self, n: usize, person: &WatchedPerson) {
        let bare = bare_name(&normal(&person.name));
        let given = bare.split_whitespace().next().unwrap_or("").to_owned();
        self.persons.push(Watched {
            id: person.id.clone(),
            name: person.name.clone(),
            bodies: person.bodies.clone(),
            roles: person.roles.iter().map(|r| normal(r)).collect(),
            excludes: person.excludes.iter().map(|e| normal(e)).filter(|e| !e.is_empty()).collect(),
            guards: Vec::new(),
            posts: person.roles.iter().filter_map(|r| Post::parse(r)).collect(),
            sex: given_sex(&given),
            given,
            knight: std::iter::once(&person.name)
                .chain(&person.aliases)
                .any(|n| n.starts_with("Sir ") || n.starts_with("Dame ")),
        });
        if let Some(surname) = person.name.split_whitespace().last() {
            self.by_surname.entry(super::view::fold(surname)).or_default().push(n);
        }
        for name in std::iter::once(&person.name).chain(&person.aliases) {
            let whole = normal(name);
            let bare = bare_name(&whole);
            let names = self.by_name.entry(bare.clone()).or_default();
            if !names.contains(&n) {
                names.push(n);
            }
            if whole != bare || bare.split_whitespace().count() == 1 {
                self.by_alias.entry(whole).or_default().push(n);
            }
        }
    }

    /// Watched persons that have this very name.
    pub(super) fn by_name(&self, words: &[String]) -> &[usize] {
        let form = format!(" {} ", words.join(" ").replace('-', " "));
        self.by_name.get(&form).map_or(&[], Vec::as_slice)
    }

    /// Watched persons of this surname with another form of the given name, or with middle names more or less.
    pub(super) fn by_variant(&self, words: &[String]) -> Vec<usize> {
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return Vec::new() };
        let options = self.by_surname.get(last).map_or(&[][..], Vec::as_slice);
        options
            .iter()
            .copied()
            .filter(|o| self.persons.get(*o).is_some_and(|p| lexicon().same_given(first, &p.given)))
            .collect()
    }

    /// Watched persons that a title and one word may name.
    pub(super) fn by_short_form(&self, title: &str, word: &str, sex: Option<Sex>) -> Vec<usize> {
        if let Some(exact) = self.by_alias.get(&short_key(title, word)) {
            return exact.clone();
        }
        // "Sir Mark": a watched person whose own name bears the title.
        if title.split(' ').any(|w| matches!(w, "sir" | "dame")) {
            let knights = self
                .persons
                .iter()
                .enumerate()
                .filter(|(_, p)| p.knight && p.given == word && (sex.is_none() || p.sex.is_none() || p.sex == sex));
            return knights.map(|(n, _)| n).collect();
        }
        let options = self.by_surname.get(word).map_or(&[][..], Vec::as_slice);
        options
            .iter()
            .copied()
            .filter(|o| self.persons.get(*o).is_some_and(|p| p.sex.is_none() || sex.is_none() || p.sex == sex))
            .collect()
    }

    /// Whether the user gave this very short form as an alias.
    pub(super) fn is_alias(&self, title: &str, words: &[String], person: usize) -> bool {
        let words = words.join(" ");
        let forms = [short_key(title, &words), short_key("", &words)];
        forms.iter().any(|f| self.by_alias.get(f).is_some_and(|p| p.contains(&person)))
    }

    /// Posts that watched persons of bodies that the article names hold at its date: level of the rank, person.
    pub(super) fn posts(&self, at: Option<jiff::Timestamp>, scene: &Scene<'_>) -> Vec<(u8, usize)> {
        let Some(day) = at.map(|at| at.to_string()).and_then(|t| t.get(..10).map(str::to_owned)) else {
            return Vec::new();
        };
        let held = |(n, person): (usize, &Watched)| {
            let guarded = person.guards.iter().any(|g| scene.anywhere(g));
            let named = !guarded && person.posts.iter().any(|p| p.held_on(&day)) && scene.names_any(&person.bodies);
            person.posts.iter().find(|p| named && p.held_on(&day)).map(|p| (p.level, n))
        };
        self.persons.iter().enumerate().filter_map(held).collect()
    }

    /// Whether the body `key` is one of the watched person's.
    pub(super) fn belongs(&self, person: usize, key: &str, matcher: &Matcher) -> bool {
        let gazetteer = matcher.body(key).and_then(|b| b.gazetteer.as_deref());
        self.persons.get(person).is_some_and(|p| p.bodies.iter().any(|b| b == key || Some(b.as_str()) == gazetteer))
    }

    /// Whether a watched person is said to belong to policing.
    pub(super) fn is_police(&self, person: usize) -> bool {
        self.persons.get(person).is_some_and(Watched::is_police)
    }

    /// How well the article's person fits the watched one: above zero for him or her, below for a namesake.
    pub(super) fn weigh(&self, watched: usize, person: &Person, life: &Life, scene: &Scene<'_>) -> i32 {
        let mut score = 0;
        self.weigh_by(watched, person, life, scene, &mut |points, _| score += points);
        score
    }

    /// As [`WatchIndex::weigh`], each part of the weight with the name of its rule.
    pub(super) fn weigh_by(
        &self,
        watched: usize,
        person: &Person,
        life: &Life,
        scene: &Scene<'_>,
        add: &mut dyn FnMut(i32, &'static str),
    ) {
        let Some(w) = self.persons.get(watched) else { return add(-10, "unknown") };
        if w.guards.iter().any(|g| scene.anywhere(g)) {
            return add(GUARDED, "guard");
        }
        add(1, "name");
        // The user's words that tell of a namesake.
        for exclude in &w.excludes {
            if scene.near(person, exclude) {
                add(-4, "exclude_near");
            } else if scene.anywhere(exclude) {
                add(if scene.names_any(&w.bodies) { -1 } else { -2 }, "exclude_in_article");
            }
        }
        let mine = |key: &String| w.bodies.contains(key) || scene.ids_of(key).iter().any(|id| w.bodies.contains(id));
        let police = w.is_police();
        let ranked = person.titles.iter().any(|t| is_rank(t));
        if police {
            if ranked || life.role.split(' ').any(|r| lexicon().class(r).has(Class::POLICE_ROLE)) {
                add(3, "rank");
            }
            if life.bodies.iter().any(mine) {
                add(3, "own_body");
            } else if life.force && !w.bodies.is_empty() && !scene.names_any(&w.bodies) {
                add(-6, "other_force");
            } else if scene.names_any(&w.bodies) {
                add(1, "own_body_in_article");
            }
            if person.titles.iter().any(|t| is_civic(t)) {
                add(-5, "councillor");
            }
            let civil = life.role.split(' ').filter(|r| lexicon().class(r).has(Class::CIVIL)).count();
            let said = w.roles.iter().any(|r| r.split_whitespace().any(|x| lexicon().class(x).has(Class::CIVIL)));
            if civil > 0 && !said {
                add(-3, "other_occupation");
            }
            if scene.sport && !ranked {
                add(-4, "report_of_a_game");
            }
            // A player, a writer, a shopkeeper of an article that says nothing of his or her post.
            let posted = ranked
                || life.bodies.iter().any(mine)
                || life.role.split(' ').any(|r| lexicon().class(r).has(Class::POLICE_ROLE));
            let elsewhere = scene.elsewhere(scene.names_any(&w.bodies));
            if elsewhere && !posted && !w.bodies.is_empty() {
                add(-4, "life_elsewhere");
            }
            // "Orr missed the match after a late tackle": of another world wherever he or she is named.
            if !elsewhere && !posted && !w.bodies.is_empty() && scene.lives_elsewhere(person) {
                add(-4, "named_in_another_world");
            }
            // "A Dorset Police constable has been charged … PC Orr": of that force, where the article names no other.
            if ranked
                && life.bodies.is_empty()
                && !w.bodies.is_empty()
                && scene.is_introduced_by_another_force(person, &w.bodies)
            {
                add(-6, "officer_of_another_force");
            }
            // An article about other forces that gives no rank or post.
            if !posted && !w.bodies.is_empty() && scene.names_other_force(&w.bodies) {
                add(-2, "other_force_in_article");
            }
            if !said && !posted && civil == 0 && scene.has_other_trade(person) {
                add(-3, "other_trade");
            }
        }
        if scene.is_told_apart(person) {
            add(-8, "told_apart");
        }
        for role in &w.roles {
            if !role.trim().is_empty() && format!(" {} ", life.role).contains(role.as_str()) {
                add(3, "role");
            }
        }
    }
}

/// Whether a post of the police or "the same name" follows token `from` closely.
fn post_or_name(view: &View<'_>, from: usize) -> bool {
    (from..from + 9)
        .any(|k| view.class(k).has(Class::POLICE_ROLE) || view.lower(k) == "same" && view.after(k) == "name")
}

/// Whether the name at token `first` is said to be another's ("She is not the Ann Orr who paints").
pub(super) fn is_other_bearer(view: &View<'_>, first: usize) -> bool {
    first > 1 && view.same_sentence(first - 2, first) && view.before(first) == "the" && view.lower(first - 2) == "not"
}

/// A short form of a name in matching form.
fn short_key(title: &str, words: &str) -> String {
    let gap = if title.is_empty() { "" } else { " " };
    format!("{gap}{title} {} ", words.replace('-', " "))
}

/// The article around a person, for weighing.
pub(super) struct Scene<'a> {
    view: &'a View<'a>,
    bodies: &'a [KnownBody],
    /// Indexes of the bodies that the article names.
    named: Vec<usize>,
    /// Indexes of the forces of whose county or region it speaks.
    counties: Vec<usize>,
    /// Bodies of which the article says that an officer is one of theirs ("a Kent Police constable"), with the sentence.
    staffed: Vec<(usize, usize)>,
    /// Whether it is a report of a game.
    sport: bool,
    /// How many different words it has of games, arts or business, whichever has most, and how many of policing.
    lives: (usize, usize),
    found: &'a [super::chunks::Found],
}

impl<'a> Scene<'a> {
    /// The scene of a text in which `hits` were found.
    pub(super) fn new(
        view: &'a View<'a>,
        hits: &[Hit],
        bodies: &'a [KnownBody],
        found: &'a [super::chunks::Found],
    ) -> Self {
        let mut named: Vec<usize> = hits
            .iter()
            .filter_map(|h| match h.owner {
                Owner::Body(b) if !h.area => Some(b),
                _ => None,
            })
            .collect();
        named.sort_unstable();
        named.dedup();
        // "A Kent Police constable has been charged": one of theirs, where "Kent Police officers" may have come to arrest him.
        let one_of_theirs = |h: &&Hit| {
            let role = view.lower(h.last);
            view.class(h.last).has(Class::POLICE_ROLE)
                && !role.ends_with('s')
                && (h.first.saturating_sub(2)..h.first).any(|i| matches!(view.lower(i), "a" | "an"))
        };
        let staffed = hits.iter().filter(one_of_theirs).filter_map(|h| match h.owner {
            Owner::Body(b) => view.sentence.get(h.first).map(|&s| (b, s)),
            _ => None,
        });
        let staffed = staffed.collect();
        let county = |h: &Hit| match h.owner {
            Owner::Body(b) if h.area => Some(b),
            _ => None,
        };
        let counties = hits.iter().filter_map(county).collect();
        let mut sport: Vec<&str> =
            (0..view.doc.tokens.len()).filter(|i| view.class(*i).has(Class::SPORT)).map(|i| view.lower(i)).collect();
        sport.sort_unstable();
        sport.dedup();
        let distinct = |class: Class| {
            let mut words: Vec<&str> =
                (0..view.doc.tokens.len()).filter(|i| view.class(*i).has(class)).map(|i| view.lower(i)).collect();
            words.sort_unstable();
            words.dedup();
            words.len()
        };
        let life = [Class::GAMES, Class::ARTS, Class::BUSINESS].into_iter().map(distinct).max().unwrap_or(0);
        let lives = (life, distinct(Class::POLICE.or(Class::POLICE_ROLE)));
        Self { view, bodies, named, counties, staffed, sport: sport.len() >= 4, lives, found }
    }

    /// Whether it tells of games, arts or business more than of policing: far more, where it names the force in question.
    fn elsewhere(&self, named: bool) -> bool {
        let (life, police) = self.lives;
        life >= ELSEWHERE && if named { life > 3 * police } else { life > police }
    }

    /// Whether the sentences that name the person tell of games, arts or business, and none of them of policing.
    fn lives_elsewhere(&self, person: &Person) -> bool {
        const TOLD: usize = 3;
        let view = self.view;
        let mut sentences: Vec<(usize, usize)> = person
            .mentions
            .iter()
            .take(8)
            .filter_map(|m| self.found.get(*m))
            .map(|f| view.sentence_range(f.first))
            .collect();
        sentences.dedup();
        let words = |class: Class| {
            let all = sentences.iter().flat_map(|&(from, end)| from..end).filter(|i| view.class(*i).has(class));
            let mut words: Vec<&str> = all.map(|i| view.lower(i)).collect();
            words.sort_unstable();
            words.dedup();
            words.len()
        };
        let life = [Class::GAMES, Class::ARTS, Class::BUSINESS].into_iter().map(words).max().unwrap_or(0);
        life >= TOLD && words(Class::POLICE.or(Class::POLICE_ROLE)) == 0
    }

    /// Whether the article itself says that he or she is not the officer: "no relation to the detective of that name", "People
    /// ask me if I'm the copper. I'm not."
    fn is_told_apart(&self, person: &Person) -> bool {
        let view = self.view;
        let officer = |mut range: std::ops::Range<usize>| range.any(|i| view.class(i).has(Class::POLICE_ROLE));
        person.mentions.iter().take(8).filter_map(|m| self.found.get(*m)).any(|f| {
            let (_, end) = view.sentence_range(f.first);
            let last = end.min(f.last + 24);
            let denial = (f.last..last.min(f.last + 8)).find(|i| {
                view.lower(*i) == "no" && matches!(view.after(*i), "relation" | "connection")
                    || view.lower(*i) == "not"
                        && (view.after(*i) == "related" || view.lower(i + 2) == "be" && view.lower(i + 3) == "confused")
            });
            denial.is_some_and(|at| officer(at..last))
                || matches!(view.before(f.first), "wrong" | "another" | "different")
                    && view.same_sentence(f.first - 1, f.first)
                || self.disowns(f.last)
                || is_other_bearer(view, f.first)
        })
    }

    /// Whether, in the block of token `from` and after it, somebody disowns a post ("I'm not the copper", "not the officer of
    /// that name").
    fn disowns(&self, from: usize) -> bool {
        let view = self.view;
        let block = |i: usize| view.sentence.get(i).and_then(|s| view.doc.sentences.get(*s)).map(|s| s.block);
        let own = block(from.saturating_sub(1));
        let mut window = (from..from + 60).take_while(|i| block(*i) == own && own.is_some());
        window.any(|i| {
            let post = || (i + 1..i + 5).any(|k| view.class(k).has(Class::POLICE_ROLE));
            // "he is no kin of the policeman of the same name"
            let kin = matches!(view.lower(i), "no" | "not")
                && matches!(view.after(i), "kin" | "relation" | "relative" | "related" | "connected")
                && post_or_name(view, i + 1);
            kin || view.lower(i) == "not"
                && view.after(i) == "the"
                && matches!(view.before(i), "'m" | "am" | "'s" | "is")
                && post()
        })
    }

    /// Whether the article names a force, and none of `ids` nor its county.
    fn names_other_force(&self, ids: &[String]) -> bool {
        let own = |b: &KnownBody| ids.contains(&b.id) || b.gazetteer.as_ref().is_some_and(|g| ids.contains(g));
        let county = self.counties.iter().filter_map(|n| self.bodies.get(*n)).any(own);
        !county
            && !self.names_any(ids)
            && self.named.iter().filter_map(|n| self.bodies.get(*n)).any(|b| b.kind == "force")
    }

    /// Whether the sentence before the first that names the person, or that one, speaks of an officer of another force, and
    /// the article names none of `ids` nor its county.
    fn is_introduced_by_another_force(&self, person: &Person, ids: &[String]) -> bool {
        let first = person.mentions.first().and_then(|m| self.found.get(*m));
        let Some(&at) = first.and_then(|f| self.view.sentence.get(f.first)) else { return false };
        self.names_other_force(ids)
            && self
                .staffed
                .iter()
                .filter(|(_, s)| *s == at || s + 1 == at)
                .any(|(b, _)| self.bodies.get(*b).is_some_and(|b| b.kind == "force"))
    }

    /// Whether the words after one of the names tell of another trade ("who owns the chip shop", ", 26 and a joiner,").
    fn has_other_trade(&self, person: &Person) -> bool {
        let view = self.view;
        person.mentions.iter().take(8).filter_map(|m| self.found.get(*m)).any(|f| {
            let (_, end) = view.sentence_range(f.first);
            if !matches!(view.lower(f.last), "," | "(") || f.last >= end {
                return false;
            }
            let aside = f.last + 1..end.min(f.last + 9);
            let owns = aside.clone().take(3).any(|i| {
                view.lower(i) == "who"
                    && matches!(
                        view.after(i),
                        "owns"
                            | "farms"
                            | "coaches"
                            | "plays"
                            | "teaches"
                            | "breeds"
                            | "bakes"
                            | "sings"
                            | "paints"
                            | "sells"
                            | "keeps"
                    )
            });
            let trade = aside.clone().any(|i| {
                matches!(view.lower(i), "a" | "an")
                    && view.class(i + 1).has(Class::CIVIL)
                    && view.same_sentence(i, i + 1)
            });
            owns || trade
        })
    }

    /// Whether it is a report of a game.
    pub(super) fn is_sport(&self) -> bool {
        self.sport
    }

    fn ids_of(&self, key: &str) -> Vec<String> {
        self.bodies
            .iter()
            .filter(|b| b.id == key)
            .flat_map(|b| std::iter::once(b.id.clone()).chain(b.gazetteer.clone()))
            .collect()
    }

    fn names_any(&self, ids: &[String]) -> bool {
        self.named
            .iter()
            .filter_map(|n| self.bodies.get(*n))
            .any(|b| ids.contains(&b.id) || b.gazetteer.as_ref().is_some_and(|g| ids.contains(g)))
    }

    /// Whether the article names a body of the watched person.
    pub(super) fn names_body_of(&self, watched: &WatchIndex, person: usize) -> bool {
        watched.persons.get(person).is_some_and(|p| self.names_any(&p.bodies))
    }

    fn anywhere(&self, form: &str) -> bool {
        self.view.norm.contains(form) || self.view.head.contains(form)
    }

    /// Whether the words stand in a sentence that names the person.
    fn near(&self, person: &Person, form: &str) -> bool {
        person.mentions.iter().take(8).filter_map(|m| self.found.get(*m)).any(|f| {
            let (first, last) = self.view.sentence_range(f.first);
            let (first, last) = (first.max(f.first.saturating_sub(60)), last.min(f.first + 60));
            let text: String = (first..last).map(|i| format!(" {}", self.view.lower(i))).collect::<String>() + " ";
            text.contains(form)
        })
    }
}
