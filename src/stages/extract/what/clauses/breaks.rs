//! What punctuation and the ends of quoted fragments do to the clauses that are open.

use super::*;

impl Parser<'_> {
    /// Handles the punctuation mark at word `i`.
    pub(super) fn punctuation(&mut self, i: usize, lower: &str) {
        match lower {
            "," | "–" | "—" | "-" | "…" => {
                self.comma = true;
                self.broken = true;
                self.prep = None;
                // "held before midnight on suspicion of theft, and was bailed": what hung on the preposition ends too.
                let verbless = self.stack.iter().rposition(|&c| {
                    let clause = self.clause(c);
                    matches!(clause.link, Link::Adverbial(_)) && clause.verb.is_none() && !clause.subject.is_empty()
                });
                if let Some(at) = verbless.filter(|at| *at > 0 && *at + 1 < self.stack.len()) {
                    self.stack.truncate(at + 1);
                }
                // A subordinator with only a noun phrase was a preposition: "before the hearing,".
                if let Some(&top) = self.stack.last() {
                    let clause = self.clause(top);
                    // "where Jo Orr, 47, a roofer, died": an apposition, not the end.
                    let name = matches!(&clause.link, Link::Adverbial(word) if matches!(word.as_str(), "where" | "when" | "while" | "whilst" | "because" | "although" | "though" | "if" | "unless" | "whether"))
                        || self.out.words.get(i + 1).is_some_and(|w| w.shape == Shape::Number)
                            && self.word(i + 2) == ","
                        || self.aside_before_verb(i)
                        || self.aside_ended(clause.first, i);
                    let waits = name && !clause.subject.is_empty();
                    if matches!(clause.link, Link::Adverbial(_))
                        && clause.verb.is_none()
                        && self.stack.len() > 1
                        && !waits
                    {
                        self.give_back(top);
                    } else if matches!(clause.link, Link::To | Link::Participle)
                        && clause.verb.is_some()
                        && clause.parent.is_some_and(|p| {
                            self.has_verb(p) && self.stack.len() > 1 && self.stack[self.stack.len() - 2] == p
                        })
                        && clause.first.checked_sub(1).is_some_and(|k| {
                            // ", often described as special measures,"
                            let adverb = self.out.words[k].class & class::ADV != 0;
                            self.word(k - usize::from(adverb && k > 0)) == ","
                        })
                        && !self.out.words.get(i + 1).is_some_and(|w| w.verb.is_some() || w.class & class::CONJ != 0)
                    {
                        // ", to last three years,": an aside, closed by its second comma.
                        self.stack.pop();
                    }
                }
                if self.ends_relative(i) {
                    self.stack.pop();
                }
            }
            ";" | "." | "!" | "?" => {
                self.stack.clear();
                self.broken = true;
                self.comma = false;
                self.conj = false;
                self.prep = None;
            }
            // "at 07:10": a time of day.
            ":" if [i.checked_sub(1), Some(i + 1)]
                .iter()
                .all(|k| k.and_then(|k| self.out.words.get(k)).is_some_and(|w| w.shape == Shape::Number)) => {}
            ":" => {
                // "Belfast Magistrates' Court: Inspector Jo Orr was charged": a heading, not the subject.
                let heading = i <= 8
                    && self.out.clauses.len() == 1
                    && !self.has_verb(0)
                    && (0..i).any(|k| self.out.words[k].mention.is_some())
                    && !(0..i).any(|k| self.out.words[k].person)
                    && self.another_verb_follows(i + 1);
                if heading {
                    self.stack.clear();
                }
                // "What we know so far: …"
                if self.stack.iter().any(|&m| self.has_verb(m) && self.clause(m).link != Link::Relative) {
                    self.stack.clear();
                }
                self.broken = true;
                self.comma = false;
                self.prep = None;
            }
            _ => {}
        }
    }

    /// A relative clause that began within a quoted fragment ends with it: "“the least the public could expect” and called for".
    pub(super) fn leave_fragment(&mut self, i: usize) {
        let Some(left) = i.checked_sub(1).and_then(|k| self.out.words[k].quote) else { return };
        if self.out.words[i].quote == Some(left) {
            return;
        }
        while self.stack.len() > 1
            && self.stack.last().is_some_and(|&t| {
                let clause = self.clause(t);
                clause.link == Link::Relative && clause.quote == Some(left) && clause.verb.is_some()
            })
        {
            self.stack.pop();
        }
    }

    /// Whether the comma at word `i` ends the aside that the relative clause on top is, with a preposition of the clause that it
    /// interrupts after it: "attacked a woman, who had called for help, in Luton in 2018".
    fn ends_relative(&self, i: usize) -> bool {
        let Some(&top) = self.stack.last().filter(|_| self.stack.len() > 1) else { return false };
        let clause = self.clause(top);
        // "called for Jo Orr, who retired in 2010, to be prosecuted"
        let asks = clause.parent.and_then(|up| self.clause(up).verb.as_ref()).is_some_and(|v| {
            !v.passive
                && matches!(v.lemma.as_ref(), "call" | "ask" | "order" | "urge" | "want" | "tell" | "press" | "allow")
        });
        let led = matches!(self.word(i + 1), "in" | "at" | "on" | "for" | "during" | "near" | "outside" | "over")
            || asks && self.word(i + 1) == "to";
        led && clause.link == Link::Relative
            && clause.verb.is_some()
            && self.word(clause.first) != "whose"
            && clause.first.checked_sub(1).is_some_and(|k| self.word(k) == ",")
            && clause.parent.is_some_and(|up| self.has_verb(up) && self.stack[self.stack.len() - 2] == up)
            && !(clause.first..i).any(|k| self.word(k) == ",")
    }

    /// Whether the comma at `i` opens an aside after which the verb comes: "after the case, one of neglect, was dropped".
    fn aside_before_verb(&self, i: usize) -> bool {
        let Some(close) = (i + 2..self.out.words.len().min(i + 14)).find(|&k| self.word(k) == ",") else {
            return false;
        };
        !(i + 1..close).any(|k| self.tensed(k)) && self.tensed(close + 1)
    }

    /// Whether the comma at `i` ends an aside that began after word `from`, and the verb comes right after it.
    fn aside_ended(&self, from: usize, i: usize) -> bool {
        let near = (from + 1).max(i.saturating_sub(14));
        self.tensed(i + 1)
            && (near..i).rev().any(|k| self.word(k) == "," && !(k + 1..i).any(|between| self.tensed(between)))
    }

    /// Whether a verb with "be", "have" or a modal begins at word `k`.
    pub(super) fn tensed(&self, k: usize) -> bool {
        self.out.words.get(k).is_some_and(|w| w.class & (class::BE | class::HAVE | class::MODAL) != 0)
            && verb_group(&self.out.words, k, false).is_some_and(|v| v.kind == VerbKind::Finite && v.last > v.first)
    }
}
