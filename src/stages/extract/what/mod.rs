//! What happened: developments, not words.
//!
//! tokens → words with classes → noun phrases and verb groups → clauses and how they hang together → frames on clauses
//! (data: `config/frames/`) → factuality, a fold over the embedding clauses (data: `config/factuality.toml`) → time
//! expressions against the day of publication → whose standing (data: `config/standing.toml`) → one report an event,
//! new or background.

mod acts;
mod cast;
mod clauses;
mod context;
mod corrections;
mod doubts;
mod events;
mod fact;
mod frames;
mod gates;
mod grammar;
mod headline;
mod items;
mod matter;
mod merge;
mod narrative;
mod occasions;
mod phrases;
#[cfg(test)]
mod release_tests;
mod rules;
mod standing;
mod statements;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod turn_tests;
#[cfg(test)]
mod walk;
mod when;
mod words;
mod world;

use super::{Named, doc::Doc};
use crate::domain::{Article, BlockKind, Doubt, EntityKind, PartialDate, Quote, Report};
use cast::Cast;
use clauses::Parsed;
use events::Finding;
use gates::Scene;
use jiff::civil::Date;
use phrases::{Sought, phrases};
use std::collections::BTreeMap;

/// Most tellings of one article that are weighed against each other, which takes time by their square: many times what a list
/// of a year's outcomes has.
const MOST_FINDINGS: usize = 400;

/// Reads reports out of an article.
#[derive(Debug)]
pub struct Reader {
    grammar: grammar::Grammar,
    frames: frames::Frames,
    standing: standing::Standing,
    statements: statements::Statements,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// The reader with the built-in frames.
    pub fn new() -> Self {
        Self {
            grammar: grammar::Grammar::new(),
            frames: frames::Frames::new(),
            standing: standing::Standing::new(),
            statements: statements::Statements::new(),
        }
    }

    /// Reports of `doc`, and what could not be told.
    pub fn read(&self, doc: &Doc, article: &Article, named: &Named, quotes: &[Quote]) -> (Vec<Report>, Vec<Doubt>) {
        let (mention_of, quote_of) = indices(doc, named, quotes);
        let parsed = self.parse(doc, article, named, quotes, &mention_of, &quote_of);
        let mut cast = Cast::new(doc, article, named, &self.standing, &mention_of, &parsed);
        cast.resolve(doc, named, quotes, &self.standing, &parsed);
        let (day, dated) = day(doc, article);
        let mut scene = Scene {
            doc,
            article,
            named,
            quotes,
            parsed: &parsed,
            cast: &cast,
            standing: &self.standing,
            day,
            dated,
            protagonist: None,
            accused: Vec::new(),
            tried: Vec::new(),
            handled: Vec::new(),
            public_inquiry: false,
            victims: Vec::new(),
            hurt: Vec::new(),
            wronged: Vec::new(),
            conduct: false,
            elsewhere: false,
        };
        scene.look(self);
        scene.protagonist = protagonist(named, &cast, &scene.accused);
        let notes = corrections::correction_notes(&scene);
        let mut findings: Vec<Finding> = Vec::new();
        let mut thread = narrative::Thread::default();
        for (s, sentence) in parsed.iter().enumerate() {
            if notes.iter().any(|(n, _)| *n == s) {
                continue;
            }
            // "the following morning", "that June" count from what was told before.
            if let Some(last) = s.checked_sub(1).filter(|_| dated) {
                thread.pass(&parsed[last], doc.sentences[last].first, day);
            }
            let mut before = thread.of(sentence);
            for finding in events::of_nouns(&scene, &self.frames, s, before) {
                findings.push(finding);
            }
            findings.extend(events::of_sources(&scene, s, before));
            findings.extend(events::of_fragment(&scene, s));
            let lowers = events::frame_words(sentence);
            for id in 0..sentence.clauses.len() {
                for finding in events::of_clause(&scene, &self.frames, s, id, before, &lowers) {
                    // "the following year" is counted once, however many verbs tell what it brought.
                    if !(sentence.times.len() == 1 && events::counted(&scene, sentence.times[0].when)) {
                        before = finding.date.or(before);
                    }
                    findings.push(finding);
                }
            }
            let last = findings.last().filter(|f| f.sentence == s).and_then(|f| f.date);
            if let Some(date) = last.filter(|d| d.first_day() <= day) {
                thread.told(date);
            }
        }
        let found = context::found_by_panel(&scene, &findings);
        findings.extend(found);
        context::inquest_hearings(&scene, &mut findings);
        context::referrals(&scene, &mut findings);
        context::decisions(&scene, &mut findings);
        context::cleared(&scene, &mut findings);
        narrative::counted(&scene, &mut findings);
        narrative::carry(&scene, &mut findings);
        narrative::follow(&scene, &mut findings);
        context::hearing_dates(&scene, &mut findings);
        context::findings_of_hearings(&scene, &mut findings);
        narrative::share(&scene, &mut findings, context::news_day(&scene));
        narrative::recall(&scene, &mut findings);
        let acts = acts::acts(&scene, &self.frames, &findings);
        findings.extend(acts);
        let harms = acts::harms(&scene, &findings);
        findings.extend(harms);
        findings.extend(rules::rules(&scene));
        findings.extend(corrections::correction(&scene, &notes));
        let said = self.statements.find(&scene, &findings);
        findings.extend(said);
        occasions::told_next(&scene, &mut findings);
        occasions::said_there(&scene, &mut findings, context::news_day(&scene));
        findings.sort_by_key(|f| (f.sentence, f.clause));
        let unweighed = findings.get(MOST_FINDINGS).map(|first| first.sentence);
        findings.truncate(MOST_FINDINGS);
        let (reports, mut doubts) = merge::reports(&scene, findings);
        if let Some(sentence) = unweighed.and_then(|s| doc.sentences.get(s)) {
            doubts.push(Doubt {
                kind: None,
                concerns: Vec::new(),
                evidence: doc.slice(sentence.span).chars().take(300).collect(),
                reason: format!("the article tells more than {MOST_FINDINGS} things; from here on they are not read"),
            });
        }
        (reports, doubts)
    }

    fn parse(
        &self,
        doc: &Doc,
        article: &Article,
        named: &Named,
        quotes: &[Quote],
        mention_of: &[Option<usize>],
        quote_of: &[Option<usize>],
    ) -> Vec<Parsed> {
        (0..doc.sentences.len())
            .map(|s| {
                let (mut words, times) = words::words(doc, s, named, &self.grammar, mention_of, quote_of);
                if headline::is_headline(doc, article, s) {
                    headline::restore(&mut words, &self.grammar);
                }
                clauses::parse(words, times, &self.grammar, &|q| quotes.get(q).is_some_and(|q| !q.partial))
            })
            .collect()
    }
}

/// For each token, the mention and the outermost quote it stands in.
fn indices(doc: &Doc, named: &Named, quotes: &[Quote]) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let mut mention_of = vec![None; doc.tokens.len()];
    for (m, mention) in named.mentions.iter().enumerate() {
        let from = doc.tokens.partition_point(|t| t.span.end <= mention.span.start);
        for (i, token) in doc.tokens.iter().enumerate().skip(from) {
            if token.span.start >= mention.span.end {
                break;
            }
            mention_of[i] = Some(m);
        }
    }
    let mut quote_of = vec![None; doc.tokens.len()];
    let mut covered = 0;
    for (q, quote) in quotes.iter().enumerate() {
        let from = doc.tokens.partition_point(|t| t.span.end <= quote.span.start.max(covered));
        for (i, token) in doc.tokens.iter().enumerate().skip(from) {
            if token.span.start >= quote.span.end {
                break;
            }
            quote_of[i] = Some(q);
        }
        covered = covered.max(quote.span.end);
    }
    (mention_of, quote_of)
}

/// The day relative dates count from, and whether the article tells it.
fn day(doc: &Doc, article: &Article) -> (Date, bool) {
    // An article amended later keeps the words of its first day.
    let amended = article.blocks.iter().any(|b| b.kind == BlockKind::CorrectionNote)
        || doc.text.contains("was amended on")
        || doc.text.contains("has been amended");
    let zone = article.zone.as_deref().unwrap_or("Europe/London");
    let at =
        if amended && !told_anew(doc, article, zone) { article.published.or(article.modified) } else { article.at() };
    match at {
        Some(at) => {
            let zoned = at.in_tz(zone).or_else(|_| at.in_tz("Europe/London"));
            match zoned {
                Ok(zoned) => (zoned.date(), true),
                Err(_) => (jiff::tz::TimeZone::UTC.to_datetime(at).date(), true),
            }
        }
        None => (Date::constant(1970, 1, 1), false),
    }
}

/// Whether an article that was amended within the next days was written anew: its first sentences tell what was said "on Wednesday",
/// the day of the amendment, and with the day of publication that would be almost a week before.
fn told_anew(doc: &Doc, article: &Article, zone: &str) -> bool {
    let date = |at: Option<jiff::Timestamp>| at.and_then(|at| at.in_tz(zone).ok()).map(|z| z.date());
    let (Some(first), Some(last)) = (date(article.published), date(article.modified)) else { return false };
    let days = PartialDate::Day(last).days_apart(PartialDate::Day(first));
    if last <= first || days > 4 {
        return false;
    }
    let name = last.strftime("%A").to_string().to_lowercase();
    doc.sentences.iter().take(6).any(|sentence| {
        let words: Vec<&str> = doc.tokens[sentence.first..sentence.last].iter().map(|t| t.lower.as_str()).collect();
        let to_come = words.iter().any(|w| matches!(*w, "will" | "due" | "to" | "would" | "next" | "until"));
        let told = words.windows(2).any(|w| w[0] == "on" && w[1] == name);
        let said = words.iter().any(|w| matches!(*w, "said" | "announced" | "confirmed" | "told"));
        told && (said || !to_come)
    })
}

/// The person of the police who is named most.
fn protagonist(named: &Named, cast: &Cast, accused: &[usize]) -> Option<usize> {
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for mention in &named.mentions {
        if let Some(who) = cast.person(&mention.entity).filter(|w| accused.contains(w)) {
            let entry = counts.entry(who).or_insert((0, mention.span.start));
            entry.0 += 1;
        }
    }
    counts.iter().max_by_key(|(_, (n, at))| (*n, std::cmp::Reverse(*at))).map(|(k, _)| *k)
}

impl Scene<'_> {
    /// Looks over the whole article: its world, and whom it mourns.
    fn look(&mut self, reader: &Reader) {
        let all: Vec<Sought<'_>> = self.doc.tokens.iter().map(|t| Sought::new(&t.lower)).collect();
        self.conduct = standing::any(&all, &reader.standing.conduct)
            || (0..self.parsed.len()).any(|s| self.tells(s, &reader.standing.conduct))
            || self.parsed.iter().any(|p| headline::conduct(p, &reader.standing.headline_conduct));
        let fiction = reader.standing.fiction.count_in(&all);
        let awards = standing::any(&all, &reader.standing.awards);
        // History told for its own sake: long past, and in the past tense.
        let old = self.dated
            && self.parsed.first().is_some_and(|p| {
                let long_ago = p.times.iter().any(|t| {
                    t.when
                        .resolve(self.day, false, None)
                        .is_some_and(|d| d.last_day().year() < self.day.year().saturating_sub(25))
                });
                let now = p.clauses.iter().any(|c| {
                    c.verb.as_ref().is_some_and(|v| v.kind == words::VerbKind::Finite && (!v.past || v.modal.is_some()))
                });
                long_ago && !now
            });
        self.elsewhere = fiction >= 2 || awards || old;
        self.public_inquiry = standing::any(&all, phrases!("public inquiry|statutory inquiry"))
            || self.named.entities.iter().any(|e| e.kind == EntityKind::Body && e.name.ends_with("Inquiry"));
        const BEFALLS: &[&str] = &[
            "arrest",
            "charge",
            "suspend",
            "accuse",
            "dismiss",
            "sack",
            "investigate",
            "find",
            "jail",
            "sentence",
            "convict",
            "clear",
            "detain",
            "hold",
            "tell",
            "give",
            "bail",
            "cite",
            "acquit",
            "question",
            "refer",
            "serve",
            "place",
            "hear",
            "reinstate",
            "fine",
            "allege",
        ];
        const DOES: &[&str] =
            &["resign", "admit", "deny", "plead", "face", "appear", "quit", "retire", "apologise", "avoid", "walk"];
        let mut befell = self.conduct;
        for (s, parsed) in self.parsed.iter().enumerate() {
            for clause in &parsed.clauses {
                let Some(verb) = clause.verb.as_ref() else { continue };
                let lemma = verb.lemma.as_ref();
                if !(verb.passive && BEFALLS.contains(&lemma) || !verb.passive && DOES.contains(&lemma)) {
                    continue;
                }
                // "I apologise on behalf of the force": who speaks for it is accused of nothing.
                if lemma == "apologise" && (clause.quote.is_some() || parsed.words.iter().any(|w| w.lower == "behalf"))
                {
                    continue;
                }
                for who in clause.subject.iter().flat_map(|&p| self.cast.party(s, p).people) {
                    let person = &self.cast.people[who];
                    if person.police || person.watched {
                        // Careers end in every life.
                        befell |= !matches!(lemma, "retire" | "resign" | "quit" | "appear" | "walk" | "serve");
                        if !self.accused.contains(&who) {
                            self.accused.push(who);
                        }
                        let court = matches!(
                            lemma,
                            "charge" | "jail" | "sentence" | "convict" | "acquit" | "cite" | "bail" | "plead"
                        );
                        if court && !verb.neg && person.police && !self.tried.contains(&who) {
                            self.tried.push(who);
                        }
                    }
                }
            }
        }
        self.conduct |= !self.accused.is_empty()
            || self.named.entities.iter().any(|e| {
                matches!(self.cast.kind(&e.key), standing::BodyKind::Watchdog | standing::BodyKind::Inspectorate)
            });
        let told = world::conduct(self);
        self.conduct |= told;
        self.elsewhere |= !(befell || told) && standing::any(&all, &reader.standing.praise);
        if !self.conduct {
            return;
        }
        for (s, parsed) in self.parsed.iter().enumerate() {
            for clause in &parsed.clauses {
                let Some(verb) = clause.verb.as_ref() else { continue };
                let whom: Vec<usize> = match (verb.lemma.as_ref(), verb.passive) {
                    ("sue" | "complain", false) => clause.subject.clone(),
                    ("pay" | "compensate", true) => clause.subject.clone(),
                    ("pay" | "compensate", false) => clause.object.clone(),
                    // "has won a £22,000 payout"
                    ("win" | "receive" | "accept" | "get" | "secure", false) | ("award", true)
                        if clause.object.iter().any(|&p| {
                            let np = &parsed.phrases[p];
                            parsed.words[np.first..np.last].iter().any(|w| {
                                matches!(
                                    w.lower.as_str(),
                                    "payout" | "pay-out" | "damages" | "compensation" | "settlement"
                                )
                            })
                        }) =>
                    {
                        clause.subject.clone()
                    }
                    ("apologise", false) => clause.after.clone(),
                    ("quash", true) => {
                        for &p in &clause.subject {
                            let owner = self.cast.owner(s, p).people;
                            self.wronged.extend(owner.into_iter().filter(|&w| !self.cast.people[w].police));
                        }
                        continue;
                    }
                    _ => continue,
                };
                for w in whom.into_iter().flat_map(|p| self.cast.party(s, p).people) {
                    let person = &self.cast.people[w];
                    if !person.police && !person.official && !self.wronged.contains(&w) {
                        self.wronged.push(w);
                    }
                }
            }
        }
        for (s, parsed) in self.parsed.iter().enumerate() {
            for clause in &parsed.clauses {
                let handled = clause.verb.as_ref().is_some_and(|v| {
                    v.passive
                        && !v.neg
                        && matches!(
                            v.lemma.as_ref(),
                            "arrest"
                                | "detain"
                                | "restrain"
                                | "hold"
                                | "taser"
                                | "stop"
                                | "pursue"
                                | "chase"
                                | "handcuff"
                        )
                });
                if handled {
                    for who in clause.subject.iter().flat_map(|&p| self.cast.party(s, p).people) {
                        if !self.cast.people[who].police && !self.handled.contains(&who) {
                            self.handled.push(who);
                        }
                    }
                }
            }
        }
        for (s, parsed) in self.parsed.iter().enumerate() {
            for clause in &parsed.clauses {
                let Some(verb) = clause.verb.as_ref() else { continue };
                let dead = matches!(
                    verb.lemma.as_ref(),
                    "die" | "drown" | "murder" | "kill" | "stab" | "restrain" | "knock" | "strike" | "shoot"
                );
                let found = verb.lemma.as_ref() == "find"
                    && verb.passive
                    && parsed.words.get(verb.last).is_some_and(|w| w.lower == "dead");
                let dead = dead || found;
                let befalls = verb.passive || matches!(verb.lemma.as_ref(), "die" | "drown");
                if dead && befalls && !verb.neg {
                    let mut hurt: Vec<usize> =
                        clause.subject.iter().flat_map(|&p| self.cast.party(s, p).people).collect();
                    if verb.passive {
                        hurt.extend(clause.object.iter().flat_map(|&p| self.cast.party(s, p).people));
                    }
                    for w in hurt {
                        if !self.cast.people[w].police && !self.victims.contains(&w) && self.victims.len() < 8 {
                            self.victims.push(w);
                        }
                    }
                }
            }
            for (p, np) in parsed.phrases.iter().enumerate() {
                let after_of = np.prep.is_some_and(|k| parsed.words[k].lower == "of");
                let noun = np
                    .prep
                    .and_then(|k| k.checked_sub(1))
                    .and_then(|k| parsed.words.get(k))
                    .map_or("", |w| w.lower.as_str());
                if after_of && matches!(noun, "death" | "murder" | "murders" | "killing" | "deaths" | "killings") {
                    for w in self.cast.party(s, p).people {
                        if !self.cast.people[w].police && !self.victims.contains(&w) && self.victims.len() < 8 {
                            self.victims.push(w);
                        }
                    }
                }
            }
        }
        self.hurt = matter::hurt(self);
    }
}
