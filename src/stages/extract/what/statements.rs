//! Statements: what a named speaker says of the police, their conduct, powers or leadership.
//!
//! One for each speaker and target. None is what a judge, counsel, coroner or panel says in its own proceeding.

mod quoted;

use super::clauses::Link;
use super::events::{self, Finding};
use super::fact::Fact;
use super::gates::{Scene, lowers};
use super::grammar::class;
use super::matter;
use super::phrases::{Phrases, phrases};
use super::standing::{self, BodyKind};
use crate::domain::DevelopmentType as T;
use crate::stages::extract::doc::Shape;
use crate::stages::extract::sieve::WordSet;
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    verbs: String,
    calls: String,
    denies: String,
    judging: String,
    failings: String,
    court: String,
    idle: String,
    verdicts: String,
    adjectives: String,
    votes: String,
    refusals: String,
    no_plans: String,
    deeds: String,
    matters: String,
    wishes: String,
    called_for: String,
}

/// The lists of `config/statements.toml`.
#[derive(Debug)]
pub(super) struct Statements {
    verbs: WordSet,
    calls: WordSet,
    denies: WordSet,
    judging: WordSet,
    failings: WordSet,
    court: WordSet,
    idle: Phrases,
    /// What is said of the police in so many words.
    verdicts: Phrases,
    /// What they are said to be.
    adjectives: WordSet,
    /// Votes that judge their leaders.
    votes: Phrases,
    /// What one refuses with "would not".
    refusals: WordSet,
    /// The same in other words.
    no_plans: Phrases,
    /// What officers did, as those who judge it name it.
    deeds: Phrases,
    /// What such articles are about, as the object of "called".
    matters: WordSet,
    /// What somebody wants done to one of the police.
    wishes: Phrases,
    /// What those who judge the police call for.
    called_for: Phrases,
}

impl Statements {
    /// The built-in lists.
    pub(super) fn new() -> Self {
        #[expect(clippy::expect_used, reason = "the file is embedded; a test reads it")]
        let file: File = toml::from_str(include_str!("../../../../config/statements.toml"))
            .expect("config/statements.toml is well formed");
        Self {
            verbs: WordSet::parse(&file.verbs),
            calls: WordSet::parse(&file.calls),
            denies: WordSet::parse(&file.denies),
            judging: WordSet::parse(&file.judging),
            failings: WordSet::parse(&file.failings),
            court: WordSet::parse(&file.court),
            idle: Phrases::parse(&file.idle),
            verdicts: Phrases::parse(&file.verdicts),
            adjectives: WordSet::parse(&file.adjectives),
            votes: Phrases::parse(&file.votes),
            refusals: WordSet::parse(&file.refusals),
            no_plans: Phrases::parse(&file.no_plans),
            deeds: Phrases::parse(&file.deeds),
            matters: WordSet::parse(&file.matters),
            wishes: Phrases::parse(&file.wishes),
            called_for: Phrases::parse(&file.called_for),
        }
    }

    /// The statements of the article, given what happened in it.
    pub(super) fn find(&self, scene: &Scene<'_>, events: &[Finding]) -> Vec<Finding> {
        let mut out: Vec<Finding> = Vec::new();
        if scene.elsewhere || !scene.conduct {
            return out;
        }
        let told = events.iter().filter(|e| e.fact == Fact::Asserted);
        let involved: BTreeSet<usize> = told.flat_map(|e| e.who.iter().chain(&e.about).copied()).collect();
        for s in 0..scene.parsed.len() {
            for id in 0..scene.parsed[s].clauses.len() {
                if let Some(f) = self.of_verb(scene, &involved, s, id) {
                    push(&mut out, f);
                }
            }
        }
        for q in 0..scene.quotes.len() {
            if let Some(f) = self.of_quote(scene, q) {
                push(&mut out, f);
            }
        }
        // Who apologises has said it.
        out.retain(|f| {
            !events.iter().any(|e| {
                let pleads = e.kind == T::Plea && e.sentence == f.sentence;
                (e.kind == T::Apology || pleads) && e.fact == Fact::Asserted && !f.who.is_empty() && e.who == f.who
            })
        });
        out
    }

    fn speaks_for_overseers(&self, scene: &Scene<'_>, who: usize) -> bool {
        scene.cast.people[who]
            .own
            .iter()
            .any(|b| matches!(scene.cast.kind(b), BodyKind::Union | BodyKind::Inspectorate))
    }

    fn barred(&self, scene: &Scene<'_>, who: usize) -> bool {
        let person = &scene.cast.people[who];
        // "Ivy Tull, chair of the Kent Police Federation", "director of the Centre for Justice": such words tell of no proceeding.
        const CAMPAIGNS: [&str; 9] =
            ["centre", "campaign", "campaigner", "charity", "group", "network", "project", "families", "coalition"];
        let campaigns = CAMPAIGNS.iter().any(|w| person.words.contains(*w));
        let elsewhere = |w: &str| {
            campaigns && matches!(w, "chair" | "justice")
                || person.own.iter().any(|b| match scene.cast.kind(b) {
                    BodyKind::Union if w == "chair" => true,
                    BodyKind::Court | BodyKind::Prosecutor => false,
                    _ => b.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|part| part == w),
                })
        };
        person.words.iter().any(|w| self.court.contains(w) && !elsewhere(w))
            || person.own.iter().any(|b| matches!(scene.cast.kind(b), BodyKind::Prosecutor | BodyKind::Court))
    }

    /// "Ms Sallow accused the Met of …", "X called on the force to …".
    fn of_verb(&self, scene: &Scene<'_>, involved: &BTreeSet<usize>, s: usize, id: usize) -> Option<Finding> {
        let parsed = &scene.parsed[s];
        let clause = &parsed.clauses[id];
        let verb = clause.verb.as_ref()?;
        let lemma = verb.lemma.as_ref();
        let strong = self.verbs.contains(lemma);
        let calls = self.calls.contains(lemma);
        let denies = self.denies.contains(lemma);
        // "said that she should have gone": what somebody ought to do.
        let ought = matches!(lemma, "say" | "tell" | "add" | "argue" | "repeat")
            && parsed.clauses.iter().any(|c| {
                c.parent == Some(id)
                    && c.link == Link::That
                    && c.verb.as_ref().is_some_and(|v| {
                        matches!(v.modal.as_deref(), Some("should" | "ought" | "must"))
                            || !v.passive && self.failings.contains(v.lemma.as_ref())
                    })
                    && c.subject.iter().any(|&p| {
                        let party = scene.cast.party(s, p);
                        party.people.iter().any(|&w| self.concerns(scene, w))
                            || party.unnamed.is_some_and(|u| u.police)
                            || scene.cast.owner(s, p).bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Force)
                            || party.bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Force)
                    })
            });
        let words = lowers(parsed);
        let rest = words.get(verb.last..).unwrap_or(&[]);
        // "told the jury that they should wait": what counsel says.
        let ought = ought && !rest.iter().take(3).any(|w| matches!(*w, "jury" | "jurors"));
        let called_for = lemma == "call" && rest.first() == Some(&"for") && verb.last == verb.first + 1;
        let above = clause.parent.map(|up| &parsed.clauses[up]);
        // "said the review was late and called for an inquiry", "said officers had been let down, and called for …": who says the
        // one does the other.
        let goes_on = clause.link == Link::That
            && clause.inherited
            && (strong && !verb.passive || called_for)
            && verb.first.checked_sub(1).is_some_and(|k| matches!(words[k], "and" | "but"))
            && above.is_some_and(|c| c.quote.is_none() && c.verb.as_ref().is_some_and(|v| !v.passive))
            && clause.subject.iter().all(|&p| scene.cast.party(s, p).people.is_empty());
        // "Jo Marsh, a solicitor, called for the officer to be prosecuted and said …": read as a participle.
        let misread = called_for && clause.link == Link::Participle && above.is_some_and(|c| c.verb.is_none());
        let verdict = !ought && self.verdict(scene, s, id);
        // "passed a vote of no confidence in the chief constable"
        let votes = matches!(lemma, "pass" | "carry" | "back" | "hold") && standing::any(rest, &self.votes);
        let stands = match lemma {
            "stand" => rest.first() == Some(&"by"),
            "hit" | "lash" => rest.first() == Some(&"out"),
            "take" => rest.first() == Some(&"aim"),
            _ => false,
        };
        // "declined to comment": nothing is said.
        if denies && standing::any(rest.get(..3).unwrap_or(rest), phrases!("comment|discuss|elaborate")) {
            return None;
        }
        // "has written to the commissioner, asking him to resign"
        let writes = lemma == "write"
            && rest.iter().any(|w| matches!(*w, "asking" | "urging" | "demanding" | "calling" | "accusing"));
        // "wants the four officers sent home until the facts are known"
        let wants = lemma == "want"
            && !clause.object.is_empty()
            && (standing::any(rest, &self.wishes)
                || standing::any(
                    rest,
                    phrases!(
                        "an inquiry|a public inquiry|an investigation|a review|an apology|a prosecution|a new inquiry|a fresh investigation|a new inquest|a full inquiry"
                    ),
                ));
        // "told the force to rip up its rulebook"
        let orders = lemma == "tell"
            && rest.iter().take(6).any(|w| *w == "to")
            && clause
                .object
                .first()
                .is_some_and(|&p| scene.cast.party(s, p).bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Force))
            && clause.subject.iter().any(|&p| {
                let people = scene.cast.party(s, p).people;
                people.iter().any(|&w| !scene.cast.people[w].police && !self.speaks_for_overseers(scene, w))
            });
        // "ruled out a second inquiry"
        let refuses = lemma == "rule"
            && rest.first() == Some(&"out")
            && clause.subject.iter().any(|&p| !scene.cast.party(s, p).people.is_empty());
        if !(strong || calls || denies || ought || verdict || votes || writes || stands || wants || refuses || orders)
            || verb.neg
            || (verb.passive || verb.modal.is_some()) && !goes_on && !misread
            || clause.quote.is_some()
        {
            return None;
        }
        // "The hearing was told that he denied it": said in the proceeding.
        let told = words.windows(3).any(|w| {
            matches!(w[0], "hearing" | "panel" | "court" | "jury" | "inquest" | "tribunal")
                && (w[1] == "heard" || w[1] == "was" && matches!(w[2], "told" | "shown"))
        });
        if told {
            return None;
        }
        let judges = matches!(rest.first(), Some(&"for" | &"on"))
            || lemma == "describe" && rest.contains(&"as")
            || rest.iter().any(|w| matches!(*w, "“" | "‘" | "\"" | "'"));
        if calls && !judges {
            return None;
        }
        // "…, accusing the force of a cover-up": who acts in the clause before the comma says it.
        let aside = clause.link == Link::Participle
            && (strong || calls)
            && clause.first.checked_sub(1).is_some_and(|k| words.get(k) == Some(&","))
            && clause.parent.is_some_and(|up| {
                parsed.clauses[up].verb.as_ref().is_some_and(|v| !v.passive && !v.pluperfect)
                    && matches!(parsed.clauses[up].link, Link::Main | Link::That)
            });
        let subject = match clause.parent.filter(|_| aside || goes_on || misread) {
            Some(up) => &parsed.clauses[up].subject,
            None => &clause.subject,
        };
        let mut speakers: Vec<_> = subject.iter().map(|&p| scene.cast.party(s, p)).collect();
        // "members of the force's branch of the Police Federation": whose they are.
        if votes && let Some(&first) = subject.first() {
            let of = (first + 1..parsed.phrases.len()).take_while(|&p| parsed.phrases[p].first < verb.first);
            speakers.extend(
                of.map(|p| scene.cast.party(s, p))
                    .filter(|p| p.bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Union)),
            );
        }
        let who = speakers.iter().flat_map(|p| p.people.iter().copied()).next();
        let speaking: Vec<String> =
            speakers.iter().flat_map(|p| p.bodies.iter().cloned()).filter(|_| who.is_none()).take(1).collect();
        // A body denies and rejects in the way of business; what it demands is a statement.
        let business = matches!(lemma, "defend" | "welcome" | "back" | "dismiss" | "warn" | "brand");
        let union = !speaking.is_empty() && speaking.iter().all(|b| scene.cast.kind(b) == BodyKind::Union);
        // "The force rejected the watchdog's findings."
        let answers = matches!(lemma, "reject" | "dispute")
            && clause.object.iter().any(|&p| {
                let mut bodies = scene.cast.party(s, p).bodies;
                bodies.extend(scene.cast.owner(s, p).bodies);
                bodies.iter().any(|b| {
                    matches!(scene.cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate) && !speaking.contains(b)
                })
            });
        if who.is_none() && (denies || business) && !union && !answers {
            return None;
        }
        let own = !goes_on && !misread;
        if own
            && (verb.pluperfect
                || !aside && matches!(clause.link, Link::Relative | Link::Participle | Link::Adverbial(_)))
        {
            return None;
        }
        // What a force or a court finds of itself or others in so many words is its business, no statement.
        let outside = |b: &String| matches!(scene.cast.kind(b), BodyKind::Other | BodyKind::Union | BodyKind::Watchdog);
        if verdict && who.is_none() && !speaking.iter().all(outside) {
            return None;
        }
        if who.is_none() && speaking.is_empty() || who.is_some_and(|w| self.barred(scene, w)) {
            return None;
        }
        // A detective may warn thieves; what an officer says counts where it is of the police.
        let mut targets = Vec::new();
        let mut bodies = speaking;
        let end = events::tail(parsed, id);
        for (p, np) in parsed.phrases.iter().enumerate() {
            if np.first < verb.last || np.first >= end {
                continue;
            }
            let mut whom = scene.cast.party(s, p);
            whom.join(scene.cast.owner(s, p));
            // Its own objects, and the subjects of what is said of them: "said that the sergeant should go".
            let near = clause.object.contains(&p)
                || clause.after.contains(&p)
                || parsed.clauses.iter().any(|c| {
                    c.parent == Some(id)
                        && (c.subject.contains(&p)
                            || matches!(c.link, Link::That | Link::Ing(_)) && c.object.contains(&p))
                });
            if near {
                targets.extend(whom.people.into_iter().filter(|&w| Some(w) != who && self.concerns(scene, w)));
            }
            bodies.extend(whom.bodies);
        }
        // "called the review “a lottery”", "described Mr Hale as “the last one they wanted”": what or whom the article is about.
        let of_matter = super::world::opens(scene)
            && clause.object.first().is_some_and(|&p| {
                let np = &parsed.phrases[p];
                let head = np.last.checked_sub(1).map_or("", |k| words[k]);
                let people = scene.cast.party(s, p).people;
                targets.extend(people.iter().copied().filter(|w| Some(*w) != who && involved.contains(w)));
                people.iter().any(|w| involved.contains(w))
                    || matches!(words[np.first], "the" | "its" | "his" | "her" | "their") && self.matters.contains(head)
            });
        let police = bodies.iter().any(|b| scene.cast.kind(b) != BodyKind::Other)
            || !targets.is_empty()
            || standing::any(
                rest,
                phrases!(
                    "police|officers|cameras|force|ministers|inspectorate|watchdog|chief constables|chief constable|constables|vetting|clearance|misconduct"
                ),
            )
            || (strong || calls) && who.is_some_and(|w| self.speaks_for_overseers(scene, w))
            || calls && of_matter
            || denies && who.is_some_and(|w| scene.cast.people[w].police)
            || calls && standing::any(rest, &self.deeds)
            || called_for && standing::any(rest, &self.called_for)
            || ought
            || verdict
            || votes;
        if !police {
            return None;
        }
        let mut f = self.finding(scene, s, id, who, bodies, targets);
        let date = events::date_of(scene, s, id, false, None);
        f.date = date.map(|d| d.0);
        f.fresh = date.is_some_and(|d| d.1);
        // "It is a disappointment that Sir Mark refuses to accept it, she said": another's words, recalled in hers.
        let recalled = clause.link == Link::That
            && own
            && clause.parent.and_then(|up| parsed.clauses[up].subject.first()).is_some_and(|&p| {
                let speaker = scene.cast.party(s, p);
                who.is_some() && !speaker.people.is_empty() && !speaker.people.iter().any(|w| Some(*w) == who)
                    || who.is_some() && parsed.words[parsed.phrases[p].first].lower == "it"
            });
        let aside = recalled || own && (verb.pluperfect || matches!(clause.link, Link::Relative | Link::Participle));
        f.vote = if aside { -3 } else { 3 };
        f.aside = !matches!(clause.link, Link::Main | Link::That);
        f.rule = format!("statement.{lemma}");
        f.words = words.get(verb.first..end.min(verb.first + 12)).unwrap_or(&[]).join(" ");
        Some(f)
    }

    /// Whether sentence `s` speaks of the police, or of who leads or oversees them, beside its speaker.
    fn near_police(&self, scene: &Scene<'_>, s: usize, speaker: Option<usize>) -> bool {
        (0..scene.parsed[s].phrases.len()).any(|p| {
            let party = scene.cast.party(s, p);
            party.people.iter().any(|&w| Some(w) != speaker && self.concerns(scene, w))
                || party.unnamed.is_some_and(|u| u.police)
                || party.bodies.iter().any(|b| {
                    matches!(scene.cast.kind(b), BodyKind::Force | BodyKind::Watchdog | BodyKind::Inspectorate)
                })
        })
    }

    /// "said the search was unlawful", "said she had lost confidence in the chief": a judgement of the police in what
    /// is said.
    fn verdict(&self, scene: &Scene<'_>, s: usize, id: usize) -> bool {
        let parsed = &scene.parsed[s];
        let lemma = parsed.clauses[id].verb.as_ref().map_or("", |v| v.lemma.as_ref());
        if !matches!(lemma, "say" | "tell" | "add" | "argue" | "write" | "insist" | "claim" | "believe") {
            return false;
        }
        let words = lowers(parsed);
        let from = parsed.clauses[id].subject.first().map_or(0, |&p| parsed.phrases[p].first);
        let ends = parsed.clauses[id].link == Link::Main
            && parsed.clauses[id].quote.is_none()
            && (1..=2).any(|n| from.checked_sub(n).is_some_and(|k| words.get(k) == Some(&",")));
        parsed.clauses.iter().enumerate().any(|(k, c)| {
            // "…, the federation said": what comes before the comma is said as well.
            let said = c.parent == Some(id) && c.link == Link::That
                || k < id && c.link == Link::Main && c.quote.is_none() && ends;
            let Some(verb) = c.verb.as_ref().filter(|_| said) else { return false };
            let told = words.get(c.first..events::tail(parsed, k).max(c.first)).unwrap_or(&[]);
            let after = words.get(verb.last..).unwrap_or(&[]);
            let judged = verb.lemma.as_ref() == "be" && after.iter().take(4).any(|w| self.adjectives.contains(w))
                || words.get(verb.main).is_some_and(|w| {
                    // "it was wrong to judge them"
                    self.adjectives.contains(w)
                        && verb.main.checked_sub(1).is_some_and(|k| matches!(words[k], "is" | "was" | "are" | "were"))
                });
            let of_police = || {
                parsed.phrases.iter().enumerate().any(|(p, np)| {
                    np.first >= c.first && np.last <= c.first + told.len() && {
                        let party = scene.cast.party(s, p);
                        party.people.iter().any(|&w| scene.police(w) || scene.cast.people[w].official)
                            || party.unnamed.is_some_and(|u| u.police)
                            || party.bodies.iter().any(|b| {
                                matches!(
                                    scene.cast.kind(b),
                                    BodyKind::Force | BodyKind::Watchdog | BodyKind::Inspectorate
                                )
                            })
                    }
                })
            };
            // "said he would not stand down", "said it had no plans to": a refusal by who may.
            let speaks_for = || {
                parsed.clauses[id].subject.iter().any(|&p| {
                    let party = scene.cast.party(s, p);
                    party.people.iter().any(|&w| self.concerns(scene, w))
                        || party.bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Watchdog)
                })
            };
            let refuses = verb.neg
                && matches!(verb.modal.as_deref(), Some("would" | "will"))
                && self.refusals.contains(verb.lemma.as_ref())
                || standing::any(told, &self.no_plans);
            // Who speaks for a staff association says of officers what it wants heard.
            let union = || {
                let said = parsed.clauses[id].subject.iter().flat_map(|&p| scene.cast.party(s, p).people);
                said.take(1).any(|w| scene.cast.people[w].own.iter().any(|b| scene.cast.kind(b) == BodyKind::Union))
                    && c.subject.iter().any(|&p| {
                        let np = &parsed.phrases[p];
                        scene.standing.officer(&words[np.first..np.last])
                    })
            };
            let policing = || standing::any(told, phrases!("policing|the police|officers|the force"));
            (judged || standing::any(told, &self.verdicts)) && (of_police() || policing())
                || union()
                || refuses && speaks_for()
        })
    }

    fn concerns(&self, scene: &Scene<'_>, who: usize) -> bool {
        let p = &scene.cast.people[who];
        p.police || p.official || p.watched || scene.victims.contains(&who)
    }

    fn finding(
        &self,
        scene: &Scene<'_>,
        s: usize,
        id: usize,
        who: Option<usize>,
        bodies: Vec<String>,
        targets: Vec<usize>,
    ) -> Finding {
        let mut f = Finding::blank(T::Statement, s, id);
        f.who = who.into_iter().collect();
        f.body = bodies;
        for own in who.map(|w| matter::spoken_for(scene, w)).unwrap_or_default() {
            if !f.body.contains(&own) {
                f.body.push(own);
            }
        }
        f.body.dedup();
        f.about = targets;
        f.about.dedup();
        f
    }
}

/// Keeps one statement for each speaker: a second only with another target.
fn push(out: &mut Vec<Finding>, f: Finding) {
    let same = out.iter_mut().find(|o| {
        o.who == f.who
            && (o.who.is_empty() == f.who.is_empty())
            && (!o.who.is_empty() || o.body.first() == f.body.first())
    });
    match same {
        Some(o)
            if !f.rule.starts_with("statement.quote") && o.date != f.date && f.date.is_some() && o.date.is_some() =>
        {
            out.push(f)
        }
        Some(o) => {
            if o.date.is_none() {
                o.date = f.date;
                o.fresh |= f.fresh;
            }
            for b in f.body {
                if !o.body.contains(&b) {
                    o.body.push(b);
                }
            }
            for a in f.about {
                if !o.about.contains(&a) {
                    o.about.push(a);
                }
            }
        }
        None => out.push(f),
    }
}
