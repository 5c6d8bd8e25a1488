//! Where a tensed verb belongs: the clause that waits for one, one that goes on, or one that it begins.

use super::*;

/// Verbs of saying whose object is whom it is said to.
const TO_SOMEBODY: &[&str] =
    &["tell", "ask", "order", "urge", "warn", "call", "force", "allow", "require", "persuade", "invite", "advise"];

impl Parser<'_> {
    pub(super) fn finite(&mut self, group: VerbGroup, i: usize) -> bool {
        let mut top = self.top(i);
        if self.prep.is_some() {
            self.prep = None;
        }
        // "The appointment of Jo Orr as chief constable was confirmed": no other verb, so "as" opens no clause.
        if !self.has_verb(top)
            && matches!(&self.clause(top).link, Link::Adverbial(word) if word == "as")
            && !self.clause(top).subject.is_empty()
            && let Some(up) = self.clause(top).parent
            && !self.has_verb(up)
            && !self.clause(up).subject.is_empty()
            && !self.another_verb_follows(group.last)
        {
            self.give_back(top);
            top = self.top(i);
        }
        // "An officer who was to appear before the panel resigned": the verb is that of the clause that waits, and "before" opens none.
        if !self.has_verb(top)
            && matches!(&self.clause(top).link, Link::Adverbial(word) if matches!(word.as_str(), "before" | "after" | "since" | "until"))
            && self.clause(top).subject.len() == 1
            && self.clause(top).before.is_empty()
            && let Some(up) = self.waiting().filter(|&up| self.clause(top).parent != Some(up))
            && !self.another_verb_follows(group.last)
        {
            self.give_back(top);
            while self.stack.last().is_some_and(|&t| t != up) {
                self.stack.pop();
            }
            self.attach(up, group);
            return true;
        }
        // "An officer who had sex while on duty has been jailed": no clause, and the verb is that of the clause that waits.
        if !self.has_verb(top)
            && matches!(&self.clause(top).link, Link::Adverbial(word) if matches!(word.as_str(), "while" | "whilst" | "when" | "though" | "although" | "if"))
            && self.clause(top).subject.is_empty()
            && !self.clause(top).before.is_empty()
            && let Some(up) = self.waiting().filter(|&up| self.clause(top).parent != Some(up))
        {
            self.give_back(top);
            while self.stack.last().is_some_and(|&t| t != up) {
                self.stack.pop();
            }
            self.attach(up, group);
            return true;
        }
        // "about the way Kent Police spoke to them": a clause hangs on the noun.
        if let Some(subject) =
            self.last_phrase.filter(|&p| self.out.phrases[p].last == i && self.out.phrases[p].prep.is_none())
            && let Some(noun) = subject.checked_sub(1)
            && self.out.phrases[noun].last == self.out.phrases[subject].first
            && self.word(self.out.phrases[noun].last - 1) == "way"
            && (self.clause(top).subject.last() == Some(&subject) || self.clause(top).object.last() == Some(&subject))
        {
            self.out.clauses[top].subject.retain(|&p| p != subject);
            self.out.clauses[top].object.retain(|&p| p != subject);
            let id = self.push(Link::Relative, Some(top), self.out.phrases[subject].first);
            self.out.clauses[id].subject = vec![subject];
            self.out.clauses[id].antecedent = Some(noun);
            self.attach(id, group);
            return true;
        }
        if !self.has_verb(top) {
            self.contact(top, i);
            let top = self.top(i);
            if self.has_verb(top) {
                return self.finite(group, i);
            }
            self.attach(top, group);
            return true;
        }
        // "told to quit or be suspended": the infinitive goes on.
        if self.conj && self.clause(top).link == Link::To && self.word(group.first) == "be" {
            let model = self.clause(top).clone();
            let id = self.push(Link::To, model.parent, i);
            self.out.clauses[id].subject = model.subject;
            self.out.clauses[id].inherited = true;
            self.attach(id, VerbGroup { kind: VerbKind::Infinitive, ..group });
            // The noun that makes the first what it is makes the second too.
            self.out.clauses[id].first = model.first;
            return true;
        }
        // "had sex with a woman he met on duty": a clause hangs on the noun before the pronoun.
        if let Some(subject) = self.subject_pronoun(i)
            && self.clause(top).object.last() == Some(&subject)
            && self.clause(top).verb.as_ref().is_some_and(|v| !self.grammar.complement(&v.lemma))
            && let Some(noun) =
                subject.checked_sub(1).filter(|&p| self.out.phrases[p].last + 1 == self.out.phrases[p + 1].last)
        {
            self.out.clauses[top].object.pop();
            let id = self.push(Link::Relative, Some(top), self.out.phrases[subject].first);
            self.out.clauses[id].subject = vec![subject];
            self.out.clauses[id].antecedent = Some(noun);
            self.attach(id, group);
            return true;
        }
        // Phrases without preposition after the verb, since the last break: a subject in waiting.
        let object = self.clause(top).object.clone();
        let mut fresh_from = object.iter().rposition(|&p| self.out.phrases[p].fresh);
        // "who held him, two constables and a sergeant learned": both, where a comma stands before the first.
        if let Some(k) = fresh_from.and_then(|k| k.checked_sub(1))
            && let (before, last) = (&self.out.phrases[object[k]], &self.out.phrases[object[k + 1]])
            && last.joined
            && before.fresh
            && !before.joined
            && before.last + 1 == last.first
            && before.first.checked_sub(1).is_some_and(|c| self.word(c) == ",")
            && self.personal(object[k])
            && self.personal(object[k + 1])
        {
            fresh_from = Some(k);
        }
        // "…, and Ms Hale, 34, were": the age belongs to the name before it.
        if let Some(k) = fresh_from.filter(|&k| k > 0 && k + 1 == object.len() && self.is_age(object[k]))
            && let np = &self.out.phrases[object[k - 1]]
            && np.joined
            && self.personal(object[k - 1])
            && np.last + 1 == self.out.phrases[object[k]].first
        {
            fresh_from = Some(k - 1);
        }
        // "suspended the chief and Jo Orr, her deputy, stepped up": what stands between the commas tells who Jo Orr is.
        if let Some(k) = fresh_from.filter(|&k| k > 0 && k + 1 == object.len())
            && let (np, told) = (&self.out.phrases[object[k - 1]], &self.out.phrases[object[k]])
            && np.joined
            && np.last + 1 == told.first
            && self.word(np.last) == ","
            && self.personal(object[k - 1])
            && self.out.words[told.first].class & (class::POSSESSIVE | class::DET) != 0
            && (told.last..i).any(|w| self.word(w) == ",")
        {
            fresh_from = Some(k - 1);
        }
        let fresh: Vec<usize> = fresh_from.map(|k| object[k..].to_vec()).unwrap_or_default();
        // "gave the officer, Jo Orr, a warning and cleared her colleague": the conjunction stands before the verb alone.
        let after_conj = i.checked_sub(1).is_some_and(|k| self.out.words[k].class & class::CONJ != 0);
        let gives = self.clause(top).verb.as_ref().is_some_and(|v| {
            !v.passive
                && matches!(v.lemma.as_ref(), "give" | "hand" | "award" | "offer" | "issue" | "grant" | "fine" | "send")
        });
        let fresh = if after_conj && gives && object.len() > fresh.len() { Vec::new() } else { fresh };
        // "found him, a sergeant, not guilty but could not agree": a verdict is no subject.
        let verdict = |p: &usize| {
            let np = &self.out.phrases[*p];
            np.last == np.first + 1
                && matches!(self.word(np.first), "guilty" | "innocent" | "liable" | "unlawful" | "dead")
        };
        // "the dismissal of PC Orr, 34, of Kent Police, and replaced it": nor is an age.
        let none = fresh.iter().all(verdict) || fresh.iter().all(|&p| self.is_age(p));
        let fresh: Vec<usize> = if none { Vec::new() } else { fresh };
        // "pleaded guilty to theft and fraud in June, and on Friday he was jailed": the pronoun alone is the subject.
        let alone = |p: &usize| {
            let np = &self.out.phrases[*p];
            np.last == np.first + 1 && matches!(self.word(np.first), "he" | "she" | "they" | "i" | "we" | "it")
        };
        let fresh = match fresh.last() {
            Some(last) if fresh.len() > 1 && alone(last) => vec![*last],
            _ => fresh,
        };
        let verb = self.clause(top).verb.clone();
        let complement = verb.as_ref().is_some_and(|v| self.grammar.complement(&v.lemma));
        // "heard PC Orr, 40, had lied": the age begins no clause.
        let (object, fresh) = match (fresh.as_slice(), object.len().checked_sub(2)) {
            (&[p], Some(before)) if complement && self.comma && self.is_age(p) => {
                let kept = object[..=before].to_vec();
                self.out.clauses[top].object.pop();
                (kept, Vec::new())
            }
            _ => (object, fresh),
        };
        let joined = fresh.first().is_some_and(|&p| self.out.phrases[p].joined);
        // "said three officers and a member of staff had been told": both are the subject of what is said.
        if joined
            && complement
            && verb.as_ref().is_some_and(|v| !v.passive && !TO_SOMEBODY.contains(&v.lemma.as_ref()))
            && let (&[second], Some(k)) = (fresh.as_slice(), object.len().checked_sub(2))
            && let Some(&first) = object.get(k)
            && self.out.phrases[first].last + 1 == self.out.phrases[second].first
            && self.personal(first)
            && self.personal(second)
        {
            self.out.clauses[top].object.truncate(k);
            return self.what_is_said(top, vec![first, second], group);
        }
        // "said Sir Alan Orr, a retired judge, would lead it": who he is stands between.
        if !joined
            && complement
            && !self.conj
            && verb.as_ref().is_some_and(|v| !v.passive && !TO_SOMEBODY.contains(&v.lemma.as_ref()))
            && let (&[told], Some(k)) = (fresh.as_slice(), object.len().checked_sub(2))
            && let Some(&named) = object.get(k)
            && self.personal(named)
            && self.out.phrases[named].last + 1 == self.out.phrases[told].first
            && self.out.words[self.out.phrases[told].first].class & (class::DET | class::POSSESSIVE) != 0
            && (self.out.phrases[told].last..i).any(|w| self.word(w) == ",")
        {
            self.out.clauses[top].object.truncate(k);
            return self.what_is_said(top, vec![named, told], group);
        }
        let waiting = self.waiting();
        if fresh.is_empty()
            && !self.conj
            && (waiting.is_none() || self.another_verb_follows(group.last))
            && let Some((up, subject)) = self.said(top, i)
        {
            self.out.clauses[up].object.pop();
            while self.stack.last().is_some_and(|&t| t != up) {
                self.stack.pop();
            }
            return self.what_is_said(up, vec![subject], group);
        }
        // "In a letter made public yesterday the chief apologised": the phrase after the time is the subject.
        if waiting.is_none()
            && !self.conj
            && self.clause(top).link == Link::Participle
            && let Some(up) = self.clause(top).parent
            && !self.has_verb(up)
            && self.clause(up).subject.is_empty()
            && let Some(&subject) = object.last()
            && self.last_phrase.is_some_and(|p| p == subject || self.out.phrases[p].prep.is_none())
        {
            // "Jailing Orr for two years, the judge said": what the participle governs stands before the comma.
            let governs = self.clause(top).verb.as_ref().is_some_and(|v| v.kind == VerbKind::Ing);
            let named = object.iter().position(|&p| self.out.words[self.out.phrases[p].first].mention.is_some());
            let keep = if governs { fresh_from.or(named) } else { named }.unwrap_or(object.len() - 1);
            let moved = self.out.clauses[top].object.split_off(keep);
            self.out.clauses[up].subject = moved;
            while self.stack.last() != Some(&up) && self.stack.len() > 1 {
                self.stack.pop();
            }
            self.attach(up, group);
            return true;
        }
        // "A was dismissed but B, who had been suspended, was cleared": B begins a clause.
        // "died in a cell, and the officer who should have looked in on him was warned": so without a comma.
        if waiting.is_none()
            && fresh.is_empty()
            && (self.comma || !self.conj)
            && self.clause(top).link == Link::Relative
            && let (Some(up), Some(antecedent)) = (self.clause(top).parent, self.clause(top).antecedent)
            && self.has_verb(up)
            && self.clause(up).object.last() == Some(&antecedent)
            && (self.out.phrases[antecedent].fresh || self.out.phrases[antecedent].joined)
        {
            self.out.clauses[up].object.pop();
            self.stack.clear();
            let id = self.push(Link::Main, None, i);
            self.out.clauses[id].subject = vec![antecedent];
            self.attach(id, group);
            return true;
        }
        // "If found guilty he could", "If he is injured the job could pass": the clause that the condition leads.
        let condition = matches!(&self.clause(top).link, Link::Adverbial(word) if matches!(word.as_str(), "if" | "when" | "once" | "unless"));
        if condition && !self.conj && self.led_by_aside(top, &object, &group) {
            return true;
        }
        // "found misconduct, ruled that …": the next verb of a list; "the jurors trying him have been sent home".
        let listed = self.comma && group.first == group.main && group.past;
        let aside = waiting.is_some()
            && self.clause(top).link == Link::Participle
            && verb.as_ref().is_some_and(|v| {
                matches!(
                    v.lemma.as_ref(),
                    "try" | "hear" | "hold" | "watch" | "see" | "find" | "show" | "need" | "want" | "seek"
                )
            });
        if fresh.is_empty() && complement && !object.is_empty() && !self.conj && !listed && !aside {
            // "said he was": the last phrase is the subject of what was said.
            let last = object.last().copied();
            // "concluded PC Orr, of Kent Police, had lied": what stands between two commas tells more of the subject.
            let aside = self.comma
                && last.is_some_and(|p| {
                    self.out.words.get(self.out.phrases[p].last).is_some_and(|w| w.lower == ",")
                        && (p + 1..self.out.phrases.len()).all(|n| self.out.phrases[n].prep.is_some() || self.is_age(n))
                });
            // "who denies them all, had never faced a panel": of the clause that waits.
            let parted = last.is_some_and(|p| (self.out.phrases[p].last..i).any(|k| self.word(k) == ","));
            // "who cannot hold vetting can be dismissed"
            let holds = verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "hold" | "see" | "know" | "find"));
            // "a WhatsApp group called The Nick were dismissed": its name is no subject.
            let names = self.clause(top).link == Link::Participle
                && verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "call" | "dub" | "entitle" | "nickname"));
            let waits = (parted || holds || names) && waiting.is_some() && !self.another_verb_follows(group.last);
            let adjacent = !waits && (self.last_phrase == last || aside);
            if adjacent && let Some(subject) = last {
                self.out.clauses[top].object.pop();
                return self.what_is_said(top, vec![subject], group);
            }
        }
        // "who stopped A and B have been sacked": B is no subject, for no other verb is left for the clause that waits.
        let list_ends = joined
            && fresh.len() == 1
            && !self.conj
            && (fresh[0] + 1..self.out.phrases.len()).all(|p| self.out.phrases[p].prep.is_some());
        if let Some(up) = waiting.filter(|_| list_ends)
            && !self.comma_at(self.out.phrases[fresh[0]].first)
            && !self.another_verb_follows(group.last)
        {
            while self.stack.last() != Some(&up) {
                self.stack.pop();
            }
            self.attach(up, group);
            return true;
        }
        // "Mr Orr, 45, who denies it, and Ms Hale, 34, were remanded": both were.
        let both = joined
            && fresh.first().is_some_and(|&p| self.personal(p) && self.comma_at(self.out.phrases[p].first))
            && matches!(self.word(group.first), "were" | "are" | "have")
            && self.clause(top).link == Link::Relative;
        if let Some(up) = waiting.filter(|_| !self.conj || self.comma_before_conj(i)).filter(|_| !joined || both) {
            while self.stack.last() != Some(&up) {
                self.stack.pop();
            }
            if !fresh.is_empty() {
                let keep = object.len() - fresh.len();
                self.out.clauses[top].object.truncate(keep);
                self.out.clauses[up].subject.extend(fresh);
            }
            self.attach(up, group);
            return true;
        }
        if !fresh.is_empty() {
            let keep = object.len() - fresh.len();
            self.out.clauses[top].object.truncate(keep);
            let subject_at = self.out.phrases[fresh[0]].first;
            let first = self.back_to_break(subject_at);
            // "A said X, and the force said Y" starts anew; "that A had lied and B had not" goes on.
            let anew = !joined || self.comma_at(subject_at);
            let (link, parent) = if anew {
                (Link::Main, None)
            } else {
                let base = self.finite_base(top);
                (self.clause(base).link.clone(), self.clause(base).parent)
            };
            // "In May, since he could not work, it dismissed him": the clause that the aside leads.
            let led = self.stack.iter().copied().find(|&c| {
                let clause = self.clause(c);
                clause.link == Link::Main
                    && clause.verb.is_none()
                    && clause.subject.is_empty()
                    && clause.antecedent.is_none()
            });
            if anew && let Some(led) = led.filter(|&c| self.clause(c).first < subject_at) {
                while self.stack.last().is_some_and(|&t| t != led) {
                    self.stack.pop();
                }
                self.out.clauses[led].subject = fresh;
                self.attach(led, group);
                return true;
            }
            if anew {
                self.stack.truncate(0);
            }
            let link = if link == Link::Relative { Link::Main } else { link };
            let parent = if link == Link::Main { None } else { parent };
            let of_subject = self.after_from(top, fresh[0]);
            let id = self.push(link, parent, first);
            self.out.clauses[id].subject = fresh;
            self.out.clauses[id].before = of_subject;
            self.attach(id, group);
            return true;
        }
        if let Some(subject) = self.told_in_passing(top, &group) {
            self.out.clauses[top].subject.remove(0);
            let id = self.push(Link::That, Some(top), i);
            self.out.clauses[id].subject = vec![subject];
            self.attach(id, group);
            return true;
        }
        if self.conj || self.comma || self.broken {
            // Another verb of the same subject.
            let mut base = self.finite_base(top);
            if self.conj && self.comma_before_conj(i) {
                // After a comma the outermost clause goes on.
                let mut k = base;
                while let Some(up) = self.clause(k).parent {
                    if self.clause(k).link == Link::Relative || matches!(self.clause(k).link, Link::Adverbial(_)) {
                        base = up;
                    }
                    k = up;
                }
                // "said she had been drinking before her arrest, and has since apologised": not what was said.
                let now = group.perfect && !group.pluperfect && group.modal.is_none();
                // "was told that his clearance had been withdrawn, and was suspended": the tense is that of the telling.
                let same = |up: usize| {
                    let voice = |v: &VerbGroup| v.past && !v.perfect && v.passive == group.passive;
                    group.past
                        && !group.perfect
                        && (group.passive || self.grammar.complement(&group.lemma))
                        && self.clause(up).verb.as_ref().is_some_and(voice)
                        && self.clause(base).verb.as_ref().is_some_and(|v| v.pluperfect)
                };
                if self.clause(base).link == Link::That
                    && self.clause(base).verb.as_ref().is_some_and(|v| v.past || v.pluperfect)
                    && let Some(up) = self.clause(base).parent.filter(|&up| self.has_verb(up) && (now || same(up)))
                {
                    base = up;
                }
            }
            // "Jo Orr said checks were long overdue and called for an inquiry": checks call for nothing.
            let voice = !group.passive
                && group.past
                && !group.perfect
                && (self.grammar.complement(&group.lemma)
                    || matches!(group.lemma.as_ref(), "call" | "accuse" | "praise" | "thank" | "criticise" | "reject"));
            let named = |c: usize| self.clause(c).subject.first().is_some_and(|&p| self.personal(p) || self.pointed(p));
            if voice
                && self.clause(base).link == Link::That
                && !named(base)
                && let Some(up) = self.clause(base).parent.filter(|&up| named(up))
                && self.clause(up).verb.as_ref().is_some_and(|v| v.past && self.grammar.complement(&v.lemma))
            {
                base = up;
            }
            // "The panel found that he had lied and dismissed him": nobody dismisses himself.
            if group.past
                && !group.perfect
                && !group.passive
                && self.told_of_by_teller(base, group.last)
                && let Some(up) = self.clause(base).parent.filter(|&up| self.has_verb(up))
            {
                base = up;
            }
            // "He fell ill as four officers held him and was pronounced dead": one person was.
            if matches!(self.clause(base).link, Link::Adverbial(_))
                && matches!(self.word(group.first), "was" | "is" | "has")
                && self.several(base)
                && let Some(up) = self.clause(base).parent.filter(|&up| self.has_verb(up) && !self.several(up))
            {
                base = up;
            }
            let model = self.clause(base).clone();
            let id = self.push(model.link, model.parent, i);
            self.out.clauses[id].subject = model.subject;
            self.out.clauses[id].antecedent = model.antecedent;
            self.out.clauses[id].inherited = true;
            self.attach(id, group);
            return true;
        }
        if self.clause(top).link == Link::Participle && self.led_by_aside(top, &object, &group) {
            return true;
        }
        // "made a referral on Wednesday, and by midday the watchdog had begun an inquiry": a phrase leads the next main clause.
        if let Some(subject) = object.last().copied().filter(|p| Some(*p) == self.last_phrase)
            && let Some(lead) = subject.checked_sub(1)
            && let Some(prep) =
                self.out.phrases[lead].prep.filter(|_| self.out.phrases[lead].last == self.out.phrases[subject].first)
            && prep.checked_sub(1).is_some_and(|k| self.out.words[k].class & class::CONJ != 0)
            && prep.checked_sub(2).is_some_and(|k| self.word(k) == ",")
        {
            self.out.clauses[top].object.pop();
            for clause in &mut self.out.clauses {
                clause.after.retain(|&p| p != lead);
            }
            self.stack.clear();
            let id = self.push(Link::Main, None, prep);
            self.out.clauses[id].subject = vec![subject];
            self.out.clauses[id].before = vec![lead];
            self.attach(id, group);
            return true;
        }
        if let Some(subject) = object.last().copied().filter(|p| Some(*p) == self.last_phrase) {
            // A clause right after a noun: "the allegations he made".
            self.out.clauses[top].object.pop();
            let first = self.out.phrases[subject].first;
            let before = subject.checked_sub(1).filter(|&p| self.out.phrases[p].last == first);
            let id = self.push(Link::Relative, Some(top), first);
            self.out.clauses[id].subject = vec![subject];
            self.out.clauses[id].antecedent = before;
            self.attach(id, group);
            return true;
        }
        let id = self.push(Link::Main, None, i);
        self.out.clauses[id].subject = self.last_phrase.into_iter().collect();
        self.attach(id, group);
        true
    }

    /// Opens the clause of `subject` that tells what clause `up` says, with what stands between its subject and verb: "said a
    /// hearing for Jo Orr will take place".
    fn what_is_said(&mut self, up: usize, subject: Vec<usize>, group: VerbGroup) -> bool {
        let Some(&head) = subject.first() else { return false };
        let before = self.after_from(up, head);
        let id = self.push(Link::That, Some(up), self.out.phrases[head].first);
        self.out.clauses[id].subject = subject;
        self.out.clauses[id].before = before;
        self.attach(id, group);
        true
    }

    /// Takes what follows phrase `subject` from the end of clause `id`: "and a review by Jo Orr found".
    fn after_from(&mut self, id: usize, subject: usize) -> Vec<usize> {
        let after = &mut self.out.clauses[id].after;
        let keep = after.iter().position(|&p| p > subject).unwrap_or(after.len());
        after.split_off(keep)
    }

    /// "The officer, it is alleged, punched the boy", "Kent Police, it emerged yesterday, has": the subject of what the clause `top`
    /// only says in passing.
    fn told_in_passing(&self, top: usize, group: &VerbGroup) -> Option<usize> {
        const TELLS: &[&str] = &[
            "emerge",
            "allege",
            "say",
            "tell",
            "hear",
            "understand",
            "believe",
            "claim",
            "report",
            "reveal",
            "confirm",
            "announce",
            "argue",
            "find",
            "rule",
            "think",
            "insist",
        ];
        let clause = self.clause(top);
        let &[subject, teller, ..] = clause.subject.as_slice() else { return None };
        let np = &self.out.phrases[teller];
        let told = clause.verb.as_ref().is_some_and(|v| TELLS.contains(&v.lemma.as_ref()) && v.last < group.first);
        let passing = np.fresh && !np.joined && !self.is_age(teller) && clause.object.is_empty();
        (!self.conj && self.comma && clause.link == Link::Main && told && passing).then_some(subject)
    }

    /// "In a decision handed down last week the tribunal set": the last phrase of the aside `top` begins the clause that the aside
    /// leads, which gets the verb. False where it does not.
    fn led_by_aside(&mut self, top: usize, object: &[usize], group: &VerbGroup) -> bool {
        let Some(subject) = object.last().copied().filter(|p| Some(*p) == self.last_phrase) else { return false };
        let Some(up) = self.clause(top).parent else { return false };
        let open = !self.has_verb(up) && self.clause(up).subject.is_empty() && self.clause(up).link == Link::Main;
        if !open || self.another_verb_follows(group.last) {
            return false;
        }
        self.out.clauses[top].object.pop();
        while self.stack.last().is_some_and(|&t| t != up) {
            self.stack.pop();
        }
        self.out.clauses[up].subject.push(subject);
        self.attach(up, group.clone());
        true
    }

    /// The clause further out that has a subject and waits for its verb.
    pub(super) fn waiting(&self) -> Option<usize> {
        self.stack
            .iter()
            .rev()
            .skip(1)
            .copied()
            .find(|&c| !self.has_verb(c) && (!self.clause(c).subject.is_empty() || self.clause(c).antecedent.is_some()))
    }

    /// "said film from a doorbell left her in no doubt", "said a constable based in Omagh had been suspended": the clause of
    /// the saying, and its object, which is the subject of the verb at word `i`.
    fn said(&self, top: usize, i: usize) -> Option<(usize, usize)> {
        let told = self.clause(top).link == Link::Participle;
        let up = if told { self.clause(top).parent? } else { top };
        let verb = self.clause(up).verb.as_ref()?;
        let subject = *self.clause(up).object.last()?;
        let says = !verb.passive && self.grammar.complement(&verb.lemma) && !TO_SOMEBODY.contains(&verb.lemma.as_ref());
        let belongs = if told {
            self.clause(top).subject.first() == Some(&subject)
        } else {
            subject + 1 < self.out.phrases.len()
                && (subject + 1..self.out.phrases.len()).all(|n| self.out.phrases[n].prep.is_some())
        };
        let whole = (self.out.phrases[subject].last..i).all(|k| !matches!(self.word(k), "," | ";" | "–" | "—" | ":"));
        (says && belongs && whole && !self.out.phrases[subject].joined).then_some((up, subject))
    }

    /// Whether the subject of clause `id` is plainly more than one: "four officers", "they".
    fn several(&self, id: usize) -> bool {
        let subject = &self.clause(id).subject;
        subject.first().is_some_and(|&p| {
            let np = &self.out.phrases[p];
            let head = self.word(np.last.saturating_sub(1));
            let counted = crate::stages::extract::what::when::small_number(self.word(np.first)).is_some_and(|n| n > 1);
            head == "they"
                || (counted || self.word(np.first) == "the" || np.last == np.first + 1)
                    && matches!(head, "officers" | "constables" | "detectives" | "policemen" | "sergeants" | "police")
        })
    }

    /// The phrase right before word `i`, adverbs apart, if it is a pronoun that can only be a subject, without a break
    /// before it.
    fn subject_pronoun(&self, i: usize) -> Option<usize> {
        let p = self.last_phrase?;
        let np = &self.out.phrases[p];
        let pronoun = np.last == np.first + 1 && matches!(self.word(np.first), "he" | "she" | "they" | "i" | "we");
        let near = (np.last..i).all(|k| self.out.words[k].class & class::ADV != 0);
        (pronoun && near && !np.fresh && !np.joined && np.prep.is_none()).then_some(p)
    }

    /// Whether phrase `p` is a pronoun, or names somebody or a body.
    pub(super) fn pointed(&self, p: usize) -> bool {
        let np = &self.out.phrases[p];
        self.out.words[np.first].class & class::PRONOUN != 0
            || (np.first..np.last).any(|k| self.out.words[k].mention.is_some())
    }

    /// Whether the phrase is no more than a number between commas.
    fn is_age(&self, p: usize) -> bool {
        let phrase = &self.out.phrases[p];
        phrase.fresh
            && (phrase.first..phrase.last).all(|k| self.out.words[k].shape == Shape::Number)
            && self.out.words.get(phrase.last).is_some_and(|w| w.lower == ",")
    }
}
