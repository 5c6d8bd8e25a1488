//! Where a verb group belongs: the clause it heads, and how that clause hangs on the rest.

use super::*;

/// Verbs whose participle keeps an object of its own in the passive: "was given a warning".
const TWO_OBJECTS: &[&str] =
    &["give", "hand", "award", "offer", "deny", "refuse", "grant", "fine", "ban", "issue", "spare", "tell", "find"];

/// Words in the names of those who rule: "…, Lord Hale found in May".
const JUDGES: &[&str] = &["lord", "lady", "judge", "justice", "sheriff", "coroner", "sir", "dame", "chair"];

impl Parser<'_> {
    /// Places the verb group. False if it is no verb after all.
    pub(super) fn verb(&mut self, group: VerbGroup, i: usize) -> bool {
        if matches!(group.kind, VerbKind::Finite | VerbKind::Bare) && group.past && self.leave_question() {
            return self.finite(VerbGroup { kind: VerbKind::Finite, ..group }, i);
        }
        match group.kind {
            VerbKind::Infinitive => self.infinitive(group, i),
            VerbKind::Ing => self.ing(group, i),
            VerbKind::Bare => self.bare(group, i),
            VerbKind::Finite => self.finite(group, i),
        }
    }

    /// "jurors were sworn in and the inquest into how he died got under way": leaves the clause that a preposition leads, where the
    /// phrase before the preposition is the subject of the next verb.
    fn leave_question(&mut self) -> bool {
        let Some(&top) = self.stack.last().filter(|_| self.stack.len() > 1 && !self.comma && !self.conj) else {
            return false;
        };
        let clause = self.clause(top);
        let asks = matches!(&clause.link, Link::Adverbial(w) if matches!(w.as_str(), "how" | "why" | "whether"))
            && clause.verb.is_some();
        let Some(lead) = clause.first.checked_sub(1).filter(|_| asks) else { return false };
        let begun = self.out.words[lead].class & class::PREP != 0
            && clause.parent.is_some_and(|up| {
                let last = self.clause(up).object.last();
                self.has_verb(up)
                    && last.is_some_and(|&p| {
                        let np = &self.out.phrases[p];
                        np.last == lead && np.joined
                    })
            });
        if begun {
            self.stack.pop();
        }
        begun
    }

    /// Whether "before" at word `i` leads the court or panel that somebody appears before, and no clause: "came before a court ruled".
    pub(super) fn before_a_court(&self, i: usize) -> bool {
        const COURTS: &[&str] = &[
            "magistrates",
            "magistrate",
            "judge",
            "court",
            "sheriff",
            "panel",
            "bench",
            "tribunal",
            "jury",
            "committee",
        ];
        let appears = self.stack.last().and_then(|&t| self.clause(t).verb.as_ref()).is_some_and(|v| {
            matches!(v.lemma.as_ref(), "appear" | "go" | "come")
                || v.passive && matches!(v.lemma.as_ref(), "bring" | "haul" | "put")
        });
        let near = (i + 1..i + 6).take_while(|&k| self.out.words.get(k).is_some_and(|w| w.verb.is_none()));
        let court = near.filter(|&k| COURTS.contains(&self.word(k))).last();
        let acts = |k: usize| {
            verb_group(&self.out.words, k + 1, true)
                .is_some_and(|v| v.kind != VerbKind::Ing && !matches!(v.lemma.as_ref(), "accuse" | "charge"))
        };
        appears && court.is_some_and(|k| !acts(k))
    }

    /// Whether clause `id` is an aside between commas: "was convicted, after a first jury had been discharged, and sacked".
    fn set_off(&self, id: usize) -> bool {
        let clause = self.clause(id);
        matches!(&clause.link, Link::Adverbial(w) if matches!(w.as_str(), "after" | "before" | "when" | "while" | "although" | "though"))
            && clause.first.checked_sub(1).is_some_and(|k| self.word(k) == ",")
    }

    pub(super) fn attach(&mut self, id: usize, group: VerbGroup) {
        let last = group.last;
        // "nor is she under investigation"
        let nor = std::mem::take(&mut self.nor) && matches!(group.kind, VerbKind::Finite | VerbKind::Bare);
        let group = VerbGroup { neg: group.neg || nor, ..group };
        let clause = &mut self.out.clauses[id];
        if clause.subject.is_empty()
            && let Some(antecedent) = clause.antecedent
        {
            clause.subject.push(antecedent);
        }
        clause.verb = Some(group);
        clause.last = clause.last.max(last);
        self.conj = false;
        self.comma = false;
        self.broken = false;
        self.prep = None;
    }

    /// A past form without helper: the verb of a clause, a participle after a noun, or one of a list.
    pub(super) fn bare(&mut self, group: VerbGroup, i: usize) -> bool {
        let top = self.top(i);
        let forms = self.out.words[group.main].verb.as_ref().map_or(0, |v| v.forms);
        if self.prep.is_some() {
            return false;
        }
        let next = group.last;
        // "found guilty last month", "sent home": no object follows.
        let told = matches!(
            (group.lemma.as_ref(), self.word(next)),
            ("find", "guilty" | "not" | "dead" | "unconscious" | "unresponsive" | "collapsed") | ("send", "home")
        );
        // "A sergeant caught speeding was fined"
        let acting = matches!(group.lemma.as_ref(), "catch" | "find" | "film" | "see" | "hear" | "leave")
            && self.word(next).ends_with("ing")
            && self.another_verb_follows(next);
        let object_next = !told
            && !acting
            && self.out.words.get(self.past_aside(next)).is_some_and(|w| {
                w.mention.is_some() && w.shape != Shape::Punctuation
                    || noun_phrase(&self.out.words, self.past_aside(next)).is_some() && w.class & (class::SUB) == 0
                    // "jailed that May" tells when.
                    || w.lower == "that" && !w.time
            });
        // "has been in a process called Engage": what it is called.
        let naming = matches!(group.lemma.as_ref(), "call" | "dub" | "entitle" | "nickname")
            && self.has_verb(top)
            && !self.conj
            && !self.comma
            && self.clause(top).verb.as_ref().is_some_and(|v| !self.grammar.complement(&v.lemma))
            && (self.waiting().is_none() || self.another_verb_follows(group.last))
            && group.first == group.main;
        let named = self.last_phrase.filter(|&p| naming && self.out.phrases[p].last == i && !self.personal(p));
        if let Some(p) = named {
            let id = self.push(Link::Participle, Some(top), i);
            self.out.clauses[id].subject = vec![p];
            self.out.clauses[id].antecedent = Some(p);
            self.out.clauses[id].inherited = true;
            self.attach(id, VerbGroup { passive: true, past: false, ..group });
            return true;
        }
        let clause_top = self.clause(top);
        let adverbial_bare = matches!(clause_top.link, Link::Adverbial(_))
            && clause_top.verb.is_none()
            && clause_top.subject.is_empty()
            && clause_top.before.is_empty();
        if adverbial_bare {
            // "if convicted", "when arrested"
            let subject = clause_top.parent.map(|p| self.clause(p).subject.clone()).unwrap_or_default();
            self.out.clauses[top].subject = subject;
            self.out.clauses[top].inherited = true;
            self.attach(top, VerbGroup { passive: true, past: false, ..group });
            return true;
        }
        // "In a report released today, the commissioner, Laura Paton, found": the clause that the aside leads has its subject.
        let led = self.clause(top).link == Link::Participle
            && !self.conj
            && forms & form::PAST != 0
            && self.clause(top).object.last().is_some_and(|&p| {
                let np = &self.out.phrases[p];
                np.fresh && (np.first..np.last).any(|k| self.out.words[k].mention.is_some())
            })
            && self.clause(top).parent.is_some_and(|up| {
                !self.has_verb(up) && self.clause(up).subject.is_empty() && self.clause(up).link == Link::Main
            });
        if led && !self.another_verb_follows(next) {
            return self.finite(VerbGroup { kind: VerbKind::Finite, ..group }, i);
        }
        let intransitive = self.grammar.intransitive(&group.lemma);
        let complement = self.grammar.complement(&group.lemma);
        let waits = self.stack.iter().rev().any(|&c| {
            !self.has_verb(c)
                && !matches!(self.clause(c).link, Link::Adverbial(_))
                && !self.clause(c).subject.is_empty()
        });
        let top_waits =
            !self.has_verb(top) && (!self.clause(top).subject.is_empty() || self.clause(top).antecedent.is_some());
        // A bare form after a comma or conjunction carries on a passive or perfect: "was arrested and charged",
        // "was placed on the register and given a community order".
        let two_objects = TWO_OBJECTS.contains(&group.lemma.as_ref());
        if (self.conj || self.comma) && self.has_verb(top) {
            let mut back = top;
            while let Some(verb) = self.clause(back).verb.as_ref() {
                if verb.kind == VerbKind::Finite && (verb.passive || verb.perfect)
                    || self.clause(back).link == Link::Participle && verb.passive
                {
                    break;
                }
                match self.clause(back).parent {
                    Some(up) if self.has_verb(up) => back = up,
                    _ => break,
                }
            }
            // "…, for which he was never charged, and taken to": after the comma the outer clause goes on.
            if self.conj
                && self.comma_before_conj(i)
                && (self.clause(back).link == Link::Relative || self.set_off(back))
                && let Some(up) = self.clause(back).parent
                && self.clause(up).verb.as_ref().is_some_and(|v| v.kind == VerbKind::Finite && v.passive)
            {
                back = up;
            }
            let verb = self.clause(back).verb.clone();
            // "found that he had lied, and ruled that": who found, ruled.
            let goes_on = complement
                && self.clause(back).link == Link::That
                && verb.as_ref().is_some_and(|v| v.pluperfect)
                && self.comma_before_conj(i);
            if self.conj && forms & form::PAST != 0 && (goes_on || self.told_of_by_teller(back, next)) {
                return self.finite(VerbGroup { kind: VerbKind::Finite, ..group }, i);
            }
            if let Some(verb) = verb
                && forms & form::PART != 0
                && (verb.passive && (!object_next || two_objects) && !intransitive
                    || verb.perfect && !verb.passive && self.conj)
                && (self.conj || self.list_goes_on(next) && !self.told_by_waiting(&group))
            {
                let model = self.clause(back).clone();
                let id = self.push(model.link, model.parent, i);
                self.out.clauses[id].subject = model.subject;
                self.out.clauses[id].antecedent = model.antecedent;
                self.out.clauses[id].inherited = true;
                let neg = verb.neg;
                self.attach(
                    id,
                    VerbGroup {
                        passive: verb.passive,
                        perfect: verb.perfect,
                        pluperfect: verb.pluperfect,
                        past: verb.past,
                        modal: verb.modal.clone(),
                        neg: neg || group.neg,
                        kind: if verb.kind == VerbKind::Bare { VerbKind::Bare } else { VerbKind::Finite },
                        ..group
                    },
                );
                return true;
            }
        }
        // "PC Karl Wiggins: dismissed without notice" in a list of outcomes.
        let entry = i.checked_sub(1).is_some_and(|k| self.word(k) == ":");
        if entry && !object_next && !intransitive && !self.has_verb(top) && !self.clause(top).subject.is_empty() {
            self.attach(top, VerbGroup { passive: true, kind: VerbKind::Finite, ..group });
            return true;
        }
        let pronoun = self.last_phrase.is_some_and(|p| {
            let p = &self.out.phrases[p];
            p.last == i
                && p.last == p.first + 1
                && self.out.words[p.first].class & class::PRONOUN != 0
                && self.out.words[p.first].mention.is_none()
        });
        // "In a letter made public yesterday": the clause has no subject yet.
        let bare_prep = !self.has_verb(top)
            && self.clause(top).subject.is_empty()
            && self.clause(top).antecedent.is_none()
            && self.last_phrase.is_some_and(|p| self.out.phrases[p].last == i && self.out.phrases[p].prep.is_some());
        // "brought in by the force"
        let particle =
            matches!(self.word(next), "in" | "up" | "out" | "down" | "off" | "over" | "away" | "forward" | "on");
        let by = next + usize::from(particle);
        let by_next = self.word(by) == "by" && !self.no_doer(&group.lemma, by + 1) || bare_prep;
        let only_participle = forms & form::PAST == 0;
        let adjacent = self.last_phrase.is_some_and(|p| self.out.phrases[p].last == i);
        // "…, but a judge overturned the verdict": nothing is left out.
        if adjacent && (!object_next || two_objects) && self.gapped(top, &group, forms) {
            return true;
        }
        // "Opened and adjourned yesterday, the inquest heard": told in front of its subject.
        let fronted = i == 0
            && matches!(group.lemma.as_ref(), "open" | "adjourn" | "begin" | "start" | "resume")
            && !object_next
            && (next..self.out.words.len()).find(|&k| self.word(k) == ",").is_some_and(|comma| {
                (comma..self.out.words.len())
                    .any(|k| verb_group(&self.out.words, k, true).is_some_and(|v| v.kind != VerbKind::Ing))
            });
        // "…, a court heard", "…, an inquest found on Monday": who tells it.
        let tag = adjacent
            && self.has_verb(top)
            && matches!(
                group.lemma.as_ref(),
                "hear" | "find" | "rule" | "conclude" | "decide" | "determine" | "report"
            )
            && self.last_phrase.is_some_and(|p| {
                let np = &self.out.phrases[p];
                let comma = np.first.checked_sub(1).is_some_and(|k| self.word(k) == ",");
                let judge = (np.first..np.last).any(|k| JUDGES.contains(&self.word(k)));
                comma && np.prep.is_none() && (judge || !self.personal(p))
            })
            && self.out.words.get(next).is_none_or(|w| w.time || matches!(w.lower.as_str(), "." | "on" | "in"));
        if tag {
            return self.finite(VerbGroup { kind: VerbKind::Finite, ..group }, i);
        }
        let reduced = if only_participle || fronted {
            true
        } else if forms & form::PART == 0 {
            // "went", "gave": tensed, whatever follows.
            false
        } else if pronoun
            || self.clause(top).antecedent.is_some()
                && !self.has_verb(top)
                && self.clause(top).link == Link::Relative
                && !(self.comma
                    && !self.clause(top).subject.is_empty()
                    && self.waiting().is_none()
                    && self.another_verb_follows(next))
        {
            false
        } else if by_next {
            true
        } else if top_waits
            && matches!(group.lemma.as_ref(), "mean" | "design" | "intend")
            && self.word(next) == "to"
            && !self.last_phrase.is_some_and(|p| self.personal(p))
        {
            // "The rules meant to close it came into force"
            true
        } else if object_next && !(self.comma && group.lemma.as_ref() == "accuse" && self.another_verb_follows(next)) {
            false
        } else if self.comma && top_waits && self.another_verb_follows(next) {
            // "Mr Hale, voted in in May, wants": an aside between commas.
            true
        } else if intransitive
            || complement
                && !matches!(
                    group.lemma.as_ref(),
                    "hold" | "tell" | "hear" | "report" | "find" | "believe" | "think" | "expect" | "order" | "see"
                )
        {
            // "under new rules announced today": who says so does not follow "under".
            let governed = complement
                && adjacent
                && self.last_phrase.is_some_and(|p| self.out.phrases[p].prep.is_some_and(|k| self.word(k) == "under"));
            // "said yesterday", "resigned in May"
            self.has_verb(top) && adjacent && !self.conj && !self.comma && (!complement || governed) && !intransitive
        } else if top_waits || waits {
            // "the constable arrested with him … was told" against "the panel sat"; a later verb decides.
            self.another_verb_follows(next)
        } else {
            !self.conj
        };
        if !reduced {
            return self.finite(VerbGroup { kind: VerbKind::Finite, ..group }, i);
        }
        let subject = if self.comma && self.has_verb(top) && !adjacent {
            self.clause(top).subject.clone()
        } else {
            match self.last_phrase {
                Some(p) if !self.has_verb(top) || adjacent || self.comma => vec![self.head_of(
                    p,
                    top,
                    matches!(group.lemma.as_ref(), "charge" | "accuse" | "suspect" | "convict"),
                )],
                _ => Vec::new(),
            }
        };
        // "she found herself barred": herself is she.
        let itself = |p: &usize| {
            let word = self.word(self.out.phrases[*p].first);
            word.ends_with("self") || word.ends_with("selves")
        };
        let subject = match subject.first() {
            Some(p) if itself(p) && self.has_verb(top) => self.clause(top).subject.clone(),
            _ => subject,
        };
        let antecedent = subject.first().copied();
        let id = self.push(Link::Participle, Some(top), i);
        self.out.clauses[id].subject = subject;
        self.out.clauses[id].antecedent = antecedent;
        self.out.clauses[id].inherited = true;
        self.attach(id, VerbGroup { passive: true, past: false, kind: VerbKind::Bare, ..group });
        true
    }

    /// Whether "by" before word `k` names nobody who does what the verb tells: "recommended by seven votes to four", "left by a side
    /// door", "stood by her".
    fn no_doer(&self, lemma: &str, k: usize) -> bool {
        const STAYS: &[&str] =
            &["stand", "die", "go", "come", "resign", "retire", "sit", "speak", "fall", "arrive", "live", "walk"];
        let means = |at: usize| {
            matches!(
                self.word(at),
                "vote" | "votes" | "majority" | "margin" | "door" | "exit" | "entrance" | "gate" | "email" | "letter"
            )
        };
        STAYS.contains(&lemma) || (k..k + 4).any(means)
    }

    /// Past "on Friday", "in May" at word `k`, where something else follows: "dismissed on Friday the challenge".
    fn past_aside(&self, k: usize) -> usize {
        let lead = usize::from(matches!(self.word(k), "on" | "in" | "at"));
        let timed = |k: usize| self.out.words.get(k).is_some_and(|w| w.time);
        let mut at = k + lead;
        if !timed(at) {
            return k;
        }
        while timed(at) {
            at += 1;
        }
        // "revealed on Thursday that she is investigating"
        let opens = self
            .out
            .words
            .get(at)
            .is_some_and(|w| w.class & (class::DET | class::POSSESSIVE) != 0 || w.lower == "that");
        if lead == 1 && opens { at } else { k }
    }

    /// "Hale was dismissed, Orr cleared and Pike given a warning": the helper is told once. Whether the bare form is such a one.
    fn gapped(&mut self, top: usize, group: &VerbGroup, forms: u8) -> bool {
        let Some(p) = self.last_phrase else { return false };
        let np = &self.out.phrases[p];
        let model = self.clause(top);
        let first = np.first;
        let fits = forms & form::PART != 0
            && np.fresh
            && np.prep.is_none()
            && self.personal(p)
            && model.object.last() == Some(&p)
            && matches!(model.link, Link::Main | Link::That)
            && model.verb.as_ref().is_some_and(|v| v.passive && v.kind == VerbKind::Finite)
            && !model.subject.contains(&p)
            && !self.another_verb_follows(group.last);
        if !fits {
            return false;
        }
        let model = self.clause(top).clone();
        let Some(verb) = model.verb else { return false };
        self.out.clauses[top].object.pop();
        self.stack.pop();
        let id = self.push(model.link, model.parent, first);
        self.out.clauses[id].subject = vec![p];
        self.attach(
            id,
            VerbGroup {
                first: group.first,
                last: group.last,
                main: group.main,
                lemma: group.lemma.clone(),
                neg: group.neg,
                ..verb
            },
        );
        true
    }

    /// "Ellery, 38, of Kent Police, arrested in May": the participle belongs to the head, not to the last phrase.
    pub(super) fn head_of(&self, phrase: usize, top: usize, personal: bool) -> usize {
        let clause = self.clause(top);
        if self.has_verb(top)
            && personal
            && self.out.phrases[phrase].prep.is_some()
            && !self.personal(phrase)
            && (self.out.words[self.out.phrases[phrase].last - 1].mention.is_none()
                || (self.out.phrases[phrase].first..self.out.phrases[phrase].last).any(|k| {
                    matches!(self.word(k), "court" | "magistrates" | "bailey" | "tribunal" | "courts" | "station")
                }))
        {
            // "appeared in court charged with": not the court is charged.
            return clause.subject.first().copied().unwrap_or(phrase);
        }
        // "a hearing for PC Orr, recently convicted": nobody convicts a hearing.
        let subject = clause.subject.first().copied();
        // "PC Orr, of Kent Police, recently convicted"
        let own = |p: usize| {
            let lead = self.out.phrases[p].prep.filter(|&k| matches!(self.word(k), "of" | "with" | "from"))?;
            let before = p.checked_sub(1)?;
            let end = self.out.phrases[before].last;
            (end == lead || end + 1 == lead && self.word(end) == ",").then_some(before)
        };
        let meant = if self.personal(phrase) { Some(phrase) } else { own(phrase).filter(|&p| self.personal(p)) };
        if let Some(meant) = meant.filter(|_| personal)
            && subject.is_some_and(|s| s != meant && !self.personal(s))
        {
            return meant;
        }
        if self.comma && self.out.phrases[phrase].prep.is_some() && !self.has_verb(top) {
            return clause.subject.first().copied().unwrap_or(phrase);
        }
        if self.comma && !self.has_verb(top) && clause.subject.last() == Some(&phrase) {
            return clause.subject.first().copied().unwrap_or(phrase);
        }
        phrase
    }

    /// "Mr Orr, who was suspended in May, said in a statement": the verb of saying is that of the clause that waits.
    fn told_by_waiting(&self, group: &VerbGroup) -> bool {
        matches!(group.lemma.as_ref(), "say" | "add" | "tell" | "insist" | "claim" | "warn" | "argue" | "describe")
            && self.waiting().is_some()
            && !self.another_verb_follows(group.last)
    }

    /// Whether a list of participles goes on or ends after `next`: "arrested, charged and jailed".
    pub(super) fn list_goes_on(&self, next: usize) -> bool {
        (next..self.out.words.len().min(next + 12)).any(|k| matches!(self.word(k), "and" | "or"))
    }

    /// Whether a finite verb follows after `next` that has no subject of its own.
    pub(super) fn another_verb_follows(&self, next: usize) -> bool {
        let end = self.out.words.len().min(next + 60);
        let mut k = next;
        let mut fresh_subject = false;
        let mut in_prep = false;
        let mut after_break = false;
        let mut shut = 0_usize;
        while k < end {
            let word = &self.out.words[k];
            let lower = word.lower.as_str();
            if matches!(lower, ";" | ":" | "." | "“" | "‘" | "\"") {
                return false;
            }
            if lower == "," {
                shut = 0;
                // A phrase between two commas is an aside; one that runs up to the verb is its subject.
                fresh_subject = false;
                in_prep = false;
                after_break = true;
                k += 1;
                continue;
            }
            if word.class & class::CONJ != 0 {
                let adverb = self.out.words.get(k + 1).is_some_and(|w| {
                    matches!(w.lower.as_str(), "now" | "then" | "later" | "today" | "since" | "instead" | "still")
                });
                // "arrested with him but never charged, has been": a participle joined to this one.
                match verb_group(&self.out.words, k + 1 + usize::from(adverb), false) {
                    // "handed in his notice and now, so he says, sells": the second verb of one subject.
                    None if adverb => return false,
                    Some(v) if v.kind == VerbKind::Bare => {
                        k = v.last;
                        continue;
                    }
                    // "in a stop and search": two nouns after one preposition.
                    None if in_prep && self.out.words.get(k + 1).is_some_and(|w| w.class & class::PRONOUN == 0) => {
                        k += 2;
                        continue;
                    }
                    _ => return false,
                }
            }
            // "while on duty" is no clause.
            let aside = matches!(lower, "while" | "whilst" | "when" | "though" | "although" | "if")
                && self.out.words.get(k + 1).is_some_and(|w| w.class & class::PREP != 0 || w.lower == "off");
            if (word.class & (class::SUB | class::RELATIVE) != 0 || lower == "that") && !aside {
                shut = 1;
            }
            let after_comma = k > 0 && self.word(k - 1) == ",";
            let group = verb_group(&self.out.words, k, after_comma);
            // "an ultimatum to quit": no tense.
            // "of having treated her": nor here.
            let having = word.lower == "having" || word.lower == "being";
            if let Some(v) = group.as_ref().filter(|v| v.kind == VerbKind::Infinitive || having) {
                k = v.last.max(k + 1);
                continue;
            }
            if let Some(v) = group
                && matches!(v.kind, VerbKind::Finite | VerbKind::Bare)
            {
                let finite = v.kind == VerbKind::Finite
                    || self.word(v.last) != "by"
                        && self.out.words[v.main].verb.as_ref().is_some_and(|f| f.forms & form::PAST != 0 && f.known);
                // "told me he had been thrown out": it has its own subject.
                let own = k > 0 && matches!(self.word(k - 1), "he" | "she" | "they" | "we" | "i" | "it" | "there");
                if finite && shut == 0 && !fresh_subject && !(own && k > next) {
                    return true;
                }
                if finite && shut == 1 {
                    shut = 0;
                }
                k = v.last;
                continue;
            }
            if word.class & class::PREP != 0 {
                in_prep = true;
            } else if after_break
                && !in_prep
                && !word.time
                && word.shape != Shape::Punctuation
                && word.class & class::ADV == 0
            {
                fresh_subject = true;
            }
            k += 1;
        }
        false
    }

    /// Back from `i` over times, prepositions and adverbs to the break before them.
    pub(super) fn back_to_break(&self, i: usize) -> usize {
        let mut k = i;
        while let Some(word) = k.checked_sub(1).and_then(|b| self.out.words.get(b)) {
            if !(word.time || word.class & (class::PREP | class::ADV) != 0 && word.verb.is_none()) {
                break;
            }
            k -= 1;
        }
        k
    }

    /// The nearest clause with a tensed verb, from `id` outwards.
    pub(super) fn finite_base(&self, id: usize) -> usize {
        let mut at = id;
        loop {
            let clause = self.clause(at);
            let tensed = clause.verb.as_ref().is_some_and(|v| v.kind == VerbKind::Finite);
            if tensed && clause.link != Link::Participle {
                return at;
            }
            match clause.parent {
                Some(up) if self.has_verb(up) => at = up,
                _ => return id,
            }
        }
    }

    pub(super) fn comma_at(&self, i: usize) -> bool {
        (i.saturating_sub(3)..i).any(|k| matches!(self.word(k), "," | "–" | "—"))
    }

    pub(super) fn comma_before_conj(&self, i: usize) -> bool {
        (i.saturating_sub(4)..i).any(|k| {
            matches!(self.word(k), ",") && self.out.words.get(k + 1).is_some_and(|w| w.class & class::CONJ != 0)
        })
    }
}
