//! In which world a sentence stands: a court, a panel; and whom the matter told around it is about.

use super::super::phrases::Phrases;
use super::*;

const COURT: &[&str] = &[
    "court",
    "magistrates",
    "jury",
    "jurors",
    "judge",
    "trial",
    "crown",
    "plea",
    "pleaded",
    "dock",
    "sheriff",
    "convicted",
    "magistrate",
    "bailey",
    "prosecutor",
    "fined",
];
const DISCIPLINE: &[&str] = &[
    "misconduct",
    "panel",
    "disciplinary",
    "hearing",
    "iopc",
    "watchdog",
    "standards",
    "discreditable",
    "professional",
    "breach",
    "breaches",
    "warning",
    "ombudsman",
    "pirc",
];

impl Scene<'_> {
    /// Whether sentence `s` holds one of `phrases`, as it stands or with "police" for each force by name: "shot by Kent Police" is
    /// "shot by police".
    pub(in crate::stages::extract::what) fn tells(&self, s: usize, phrases: &Phrases) -> bool {
        let words = lowers(&self.parsed[s]);
        standing::any(&words, phrases) || self.as_police(s).is_some_and(|words| standing::any(&words, phrases))
    }

    /// The words of sentence `s` with "police" for each force that it names, if it names one.
    fn as_police(&self, s: usize) -> Option<Vec<&str>> {
        let words = &self.parsed[s].words;
        let force = |m: usize| {
            let mention = self.named.mentions.get(m)?;
            (!mention.nominal && mention.kind == EntityKind::Body).then(|| self.cast.kind(&mention.entity))
        };
        let named: Vec<Option<usize>> =
            words.iter().map(|w| w.mention.filter(|m| force(*m) == Some(BodyKind::Force))).collect();
        named.iter().any(Option::is_some).then(|| {
            let mut out = Vec::with_capacity(words.len());
            for (k, word) in words.iter().enumerate() {
                match named[k] {
                    None => out.push(word.lower.as_str()),
                    Some(m) if k == 0 || named[k - 1] != Some(m) => out.push("police"),
                    Some(_) => {}
                }
            }
            out
        })
    }

    /// Whether sentence `s` is a paragraph of its own, as broadcasters and tabloids write them.
    pub(in crate::stages::extract::what) fn alone(&self, s: usize) -> bool {
        let block = |s: usize| self.doc.sentences.get(s).map(|s| s.block);
        block(s) != block(s + 1) && s.checked_sub(1).is_none_or(|last| block(last) != block(s))
    }

    /// Whether the story goes on from the sentence before `s` to it: in one paragraph, or by a pronoun after a paragraph of one
    /// sentence.
    pub(in crate::stages::extract::what) fn flows(&self, s: usize) -> bool {
        let Some(last) = s.checked_sub(1) else { return false };
        let (here, there) = (self.doc.sentences[s].block, self.doc.sentences[last].block);
        let pronoun = self.parsed[s].words.first().is_some_and(|w| {
            matches!(w.lower.as_str(), "he" | "she" | "they" | "it" | "his" | "her" | "their" | "its")
        });
        here == there || here == there + 1 && pronoun && self.alone(last)
    }

    /// Whose entry of a list sentence `s` stands in: the first person of its paragraph, or of the heading above it.
    pub(in crate::stages::extract::what) fn entry(&self, s: usize) -> Option<usize> {
        let block = self.doc.sentences[s].block;
        // The entry opens with its person: who is named further in is another.
        let first_of = |k: usize| {
            let opens =
                (0..self.parsed[k].phrases.len()).map(|p| self.cast.party(k, p)).find(|party| !party.is_empty());
            opens.and_then(|party| party.people.first().copied())
        };
        let start = (0..s).rev().take_while(|&k| self.doc.sentences[k].block == block).last().unwrap_or(s);
        let heading = |k: &usize| self.parsed[*k].words.len() < 16;
        let above = start.checked_sub(1).filter(|_| start == s).filter(heading);
        if start < s { first_of(start) } else { above.and_then(first_of) }
    }

    /// Whose entry in a list of outcomes sentence `s` stands in: "PC Jo Orr: found to have lied. Dismissed."
    pub(in crate::stages::extract::what) fn listed(&self, s: usize) -> Option<usize> {
        let block = self.doc.sentences[s].block;
        let start = (0..=s).rev().take_while(|&k| self.doc.sentences[k].block == block).last()?;
        let parsed = &self.parsed[start];
        let (p, np) =
            parsed.phrases.iter().enumerate().take(2).find(|(p, _)| !self.cast.party(start, *p).is_empty())?;
        let colon = parsed.words.get(np.last).is_some_and(|w| matches!(w.lower.as_str(), ":" | "–" | "-"));
        let [who] = self.cast.party(start, p).people[..] else { return None };
        (colon && self.police(who)).then_some(who)
    }

    /// The persons whom the matter told around sentence `s` is about.
    pub(in crate::stages::extract::what) fn topic(&self, s: usize) -> Party {
        let mut party = Party::default();
        if let Some(who) = self.listed(s) {
            party.people.push(who);
            return party;
        }
        for back in (s.saturating_sub(5)..=s).rev() {
            let Some(parsed) = self.parsed.get(back) else { continue };
            if !self.cast.items.together(self.doc.sentences[back].block, self.doc.sentences[s].block) {
                break;
            }
            // A list of cases: the entry's own person first.
            for clause in parsed.clauses.iter().filter(|c| !c.inherited) {
                if !party.people.is_empty() {
                    break;
                }
                let subject = clause.subject.iter().enumerate();
                let list = subject.take_while(|(k, p)| *k == 0 || parsed.phrases[**p].joined).map(|(_, &p)| p);
                let people = list.flat_map(|p| self.cast.party(back, p).people);
                party.people.extend(people.filter(|w| self.accused.contains(w)));
            }
            // Of somebody whom one paragraph names beside the matter the next does not go on to speak.
            let passing = |w: usize| {
                let (here, there) = (self.doc.sentences[s].block, self.doc.sentences[back].block);
                here != there && self.only_in(w, there) && (there > 2 || self.protagonist.is_some_and(|p| p != w))
            };
            if let [who] = party.people[..]
                && passing(who)
            {
                party.people.clear();
            }
            if !party.people.is_empty() {
                return party;
            }
            // A member of the public is in the dock: the matter told is not the officer's.
            let public = parsed.clauses.iter().any(|c| {
                c.verb.as_ref().is_some_and(|v| {
                    matches!(v.lemma.as_ref(), "admit" | "plead" | "deny")
                        || v.passive
                            && matches!(v.lemma.as_ref(), "jail" | "sentence" | "convict" | "charge" | "fine" | "ban")
                }) && c.subject.first().is_some_and(|&p| {
                    let people = self.cast.party(back, p).people;
                    !people.is_empty()
                        && people.iter().all(|&w| {
                            let person = &self.cast.people[w];
                            !person.police && !person.official && !person.watched
                        })
                })
            });
            if public {
                return party;
            }
            if back < s && self.doc.sentences[back].block + 3 < self.doc.sentences[s].block {
                break;
            }
        }
        let here = self.doc.sentences[s].block;
        if self.cast.items.item(here).is_some() {
            return party;
        }
        let passing = |w: usize| (3..self.doc.blocks.len()).any(|b| b != here && self.only_in(w, b));
        party.people.extend(self.protagonist.filter(|w| !passing(*w)));
        party
    }

    /// Whether the nearest words of the story before sentence `s` that tell are those of a panel, not of a court.
    pub(in crate::stages::extract::what) fn before_a_panel(&self, s: usize) -> bool {
        const PANEL: &[&str] = &["misconduct", "panel", "disciplinary", "chair"];
        const COURT: &[&str] = &["court", "jury", "jurors", "trial", "judge", "guilty", "magistrates", "sheriff"];
        let near = (s.saturating_sub(3)..=s).rev().find_map(|k| {
            let words = lowers(&self.parsed[k]);
            let (panel, court) = (has_any(&words, PANEL), has_any(&words, COURT));
            (panel != court).then_some(panel)
        });
        near.unwrap_or(false)
    }

    /// Whether only paragraph `block` names the person.
    fn only_in(&self, who: usize, block: usize) -> bool {
        let key = &self.cast.people[who].key;
        let mut mentions = self.named.mentions.iter().filter(|m| m.entity == *key && !m.nominal);
        mentions.all(|m| self.doc.sentence_at(m.span.start).is_some_and(|s| self.doc.sentences[s].block == block))
    }

    /// Whether sentence `s` names a body of `kind`.
    pub(in crate::stages::extract::what) fn kind_in(&self, s: usize, kind: BodyKind) -> bool {
        let span = self.doc.sentences[s].span;
        self.named
            .mentions
            .iter()
            .any(|m| m.kind == EntityKind::Body && span.contains(&m.span) && self.cast.kind(&m.entity) == kind)
    }

    /// Words of the paragraph of sentence `s`, and of the sentence before it.
    pub(super) fn around(&self, s: usize) -> Vec<&str> {
        let block = self.doc.sentences[s].block;
        (s.saturating_sub(4)..self.parsed.len().min(s + 3))
            .filter(|&k| self.doc.sentences[k].block == block || k + 1 == s || k == s)
            .flat_map(|k| lowers(&self.parsed[k]))
            .collect()
    }

    pub(in crate::stages::extract::what) fn police(&self, who: usize) -> bool {
        let p = &self.cast.people[who];
        p.police || p.watched
    }

    /// Whether sentence `s` or the article speaks of criminal courts rather than of discipline.
    pub(in crate::stages::extract::what) fn court(&self, s: usize) -> bool {
        let here = lowers(&self.parsed[s]);
        let disc = has_any(&here, &["misconduct", "panel", "disciplinary"])
            && !standing::any(&here, phrases!("misconduct in public office"));
        if has_any(&here, COURT) && !disc {
            return true;
        }
        if disc {
            return false;
        }
        let around = self.around(s);
        let misconduct_around =
            has_any(&around, &["panel", "disciplinary"]) || standing::any(&around, phrases!("gross misconduct"));
        if misconduct_around {
            return false;
        }
        if has_any(&around, COURT) {
            return true;
        }
        self.parsed.iter().take(4).any(|p| {
            let words = lowers(p);
            has_any(&words, &["court", "jury", "magistrates", "trial"])
        }) && !self.parsed.iter().take(4).any(|p| has_any(&lowers(p), &["panel", "disciplinary"]))
    }

    pub(super) fn discipline(&self, s: usize) -> bool {
        let here = lowers(&self.parsed[s]);
        if has_any(&here, &["jury", "jurors", "court", "inquest", "magistrates", "coroner"])
            && !has_any(&here, &["misconduct", "panel"])
        {
            return false;
        }
        has_any(&here, DISCIPLINE)
            || has_any(&self.around(s), DISCIPLINE)
            || {
                let head = self.doc.headline.to_lowercase();
                head.contains("misconduct") || head.contains("hearing")
            }
            || !has_any(&here, &["employment", "tribunal"]) && self.before_a_panel(s)
    }
}
