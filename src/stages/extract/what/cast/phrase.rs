//! What a noun phrase or pronoun stands for, given who was spoken of before.

use super::*;

impl Cast {
    #[expect(clippy::too_many_arguments, reason = "the pass over the text hands in what it knows")]
    pub(super) fn phrase(
        &self,
        doc: &Doc,
        named: &Named,
        quotes: &[Quote],
        standing: &Standing,
        sentence: &Parsed,
        s: usize,
        p: usize,
        state: &State,
        subject: bool,
    ) -> (Party, Party) {
        let np = &sentence.phrases[p];
        let words = &sentence.words[np.first..np.last];
        let mut party = Party::default();
        let mut owner = Party::default();
        let speaker = words.first().and_then(|w| w.quote).and_then(|q| quotes.get(q)).and_then(|q| q.speaker.clone());
        let speaker_person = speaker.as_ref().and_then(|k| self.person(k));
        let speaker_body = speaker.filter(|k| self.kinds.contains_key(k));
        // Mentions: the last one not followed by "'s" heads the phrase; those before it tell of it or own it.
        let mut k = 0;
        let mut last_owner_end = 0;
        while k < words.len() {
            let Some(m) = words[k].mention else {
                k += 1;
                continue;
            };
            let mut end = k + 1;
            while end < words.len() && words[end].mention == Some(m) {
                end += 1;
            }
            let Some(mention) = named.mentions.get(m) else {
                k = end;
                continue;
            };
            let mut one = Party::default();
            match mention.kind {
                EntityKind::Person => one.people.extend(self.person(&mention.entity)),
                EntityKind::Body => one.bodies.push(mention.entity.clone()),
                EntityKind::Place => {}
            }
            let owns = words.get(end).is_some_and(|w| matches!(w.lower.as_str(), "'s" | "'"))
                || words.get(end - 1).is_some_and(|w| w.lower == "'s" && end < words.len());
            if owns
                && end < words.len()
                && words.len() > end + usize::from(words.get(end).is_some_and(|w| w.lower == "'s"))
            {
                owner.join(one);
                last_owner_end = end;
            } else if end == words.len() || mention.kind == EntityKind::Person {
                party.join(one);
            } else if mention.kind == EntityKind::Body {
                owner.join(one);
            }
            k = end;
        }
        let lowers: Vec<&str> = words.iter().map(|w| w.lower.as_str()).collect();
        if let Some(body) = speaker_body.as_ref()
            && matches!(lowers[..], ["we" | "us" | "our"])
        {
            party.bodies.push(body.clone());
            return (party, owner);
        }
        let first = lowers.first().copied().unwrap_or("");
        // A possessive pronoun owns.
        if owner.is_empty() && (words.first().is_some_and(|w| w.class & class::POSSESSIVE != 0)) && lowers.len() > 1 {
            // "since her suspension": she may be the subject herself.
            let word = if first == "her" { "hers" } else { first };
            owner = self.pronoun(word, state, speaker_person, subject, s);
        }
        if !party.people.is_empty() {
            // "Kent Police constable Jo Orr": the force tells of the person, it does not act.
            return (party, owner);
        }
        if !party.bodies.is_empty() {
            return (party, owner);
        }
        // "Two were dismissed": of those spoken of.
        let number = lowers.len() == 1
            && words[0].mention.is_none()
            && matches!(first, "two" | "three" | "four" | "five" | "six" | "several" | "some" | "many");
        if number && let Some(group) = state.group.as_ref().or(state.any_group.as_ref()) {
            party.unnamed = Some(Unnamed {
                plural: true,
                descriptor: Descriptor {
                    text: first.to_owned(),
                    count: super::super::when::small_number(first).and_then(|n| u32::try_from(n).ok()),
                    ..Descriptor::default()
                },
                ..group.clone()
            });
            return (party, owner);
        }
        // "All three were suspended", "the men were charged": the officers spoken of.
        let all = matches!(lowers[..], ["all", "two" | "three" | "four" | "five" | "six"])
            || matches!(
                lowers[..],
                [
                    "the",
                    "men" | "women" | "officers" | "constables" | "trio" | "three" | "four" | "five" | "six" | "group"
                ]
            )
            || matches!(
                lowers[..],
                [
                    "the" | "these" | "those",
                    "three" | "four" | "five" | "six",
                    "men" | "women" | "officers" | "constables"
                ]
            );
        if all && state.group.is_none() && state.pair.len() > 1 {
            let asked = lowers.iter().find_map(|w| super::super::when::small_number(w));
            let trio = lowers.contains(&"trio").then_some(3);
            let police = state.pair.iter().all(|&w| self.people[w].police);
            if police && asked.or(trio).is_none_or(|n| usize::try_from(n).is_ok_and(|n| n == state.pair.len())) {
                party.people.clone_from(&state.pair);
                return (party, owner);
            }
        }
        if all && let Some(group) = state.group.as_ref() {
            party.unnamed = Some(Unnamed {
                plural: true,
                definite: true,
                descriptor: Descriptor { text: lowers.join(" "), ..group.descriptor.clone() },
                ..group.clone()
            });
            return (party, owner);
        }
        // "a third was cleared", "a fourth, Jo Orr, resigned", not "a third accused"
        let counted = matches!(lowers[..], ["a", "third" | "fourth" | "fifth"])
            && sentence
                .words
                .get(np.last)
                .is_some_and(|w| w.lower == "," || w.class & (class::BE | class::HAVE | class::MODAL) != 0);
        if counted || matches!(lowers[..], ["the", "other" | "others"] | ["a", "second"]) {
            return (self.pronoun("another", state, speaker_person, subject, s), owner);
        }
        // "one of its patrolmen": of those named next, not of those spoken of.
        let of_next = sentence
            .phrases
            .get(p + 1)
            .is_some_and(|of| of.prep == Some(np.last) && sentence.words.get(np.last).is_some_and(|w| w.lower == "of"));
        if first == "one" && lowers.len() == 1 && of_next {
            return (party, owner);
        }
        if lowers.len() == 1 && words[0].class & (class::PRONOUN | class::NEG_SUBJECT | class::DET) != 0 {
            // "the tribunal ruled that it had broken the law": not the tribunal had.
            let ruled_on = first == "it" && subject && {
                let clause = sentence.clauses.iter().find(|c| c.subject.first() == Some(&p));
                clause.filter(|c| c.link == super::super::clauses::Link::That).and_then(|c| c.parent).is_some_and(
                    |up| {
                        sentence.clauses[up].verb.as_ref().is_some_and(|v| {
                            matches!(v.lemma.as_ref(), "rule" | "find" | "hold" | "decide" | "declare" | "conclude")
                        })
                    },
                )
            };
            if ruled_on && state.bodies.last().is_some_and(|b| self.kind(b) == BodyKind::Court) {
                party.bodies.extend(state.body(self, &[BodyKind::Force]));
                return (party, owner);
            }
            return (self.pronoun(first, state, speaker_person, subject, s), owner);
        }
        let head = lowers.last().copied().unwrap_or("");
        let own_words = &lowers[last_owner_end.min(lowers.len())..];
        // Bodies without their name.
        let definite = matches!(
            first,
            "the" | "its" | "his" | "her" | "their" | "our" | "this" | "that" | "both" | "these" | "those"
        ) || last_owner_end > 0
            || words.first().is_some_and(|w| w.headline && lowers.len() == 1);
        if definite || first == "police" || head == "police" || lowers == ["inspectors"] {
            match head {
                // The public inquiry that the text has named.
                "inquiry" if lowers.len() == 2 => {
                    let named = state.bodies.iter().rev().find(|b| b.to_lowercase().ends_with("inquiry"));
                    if let Some(body) = named {
                        party.bodies.push(body.clone());
                        return (party, owner);
                    }
                }
                "force" | "constabulary" | "service" | "police" if !lowers.contains(&"task") && first != "a" => {
                    if let Some(body) = state.body(self, &[BodyKind::Force]).or_else(|| self.force_of_matter(doc, s)) {
                        party.bodies.push(body);
                        return (party, owner);
                    }
                }
                "department" if state.body(self, &[BodyKind::Force]).is_some() => {
                    party.bodies.extend(state.body(self, &[BodyKind::Force]));
                    return (party, owner);
                }
                "watchdog" | "regulator" | "ombudsman" => {
                    if let Some(body) = state.body(self, &[BodyKind::Watchdog, BodyKind::Inspectorate]) {
                        party.bodies.push(body);
                        return (party, owner);
                    }
                }
                "inspectorate" | "inspectors" => {
                    if let Some(body) = state.body(self, &[BodyKind::Inspectorate]) {
                        party.bodies.push(body);
                        return (party, owner);
                    }
                }
                "tribunal" | "court" => {
                    if let Some(body) = state.body(self, &[BodyKind::Court]) {
                        party.bodies.push(body);
                        return (party, owner);
                    }
                }
                "pair" | "two" | "duo" | "both" => {
                    party.people = state.pair.clone();
                    return (party, owner);
                }
                _ => {}
            }
        }
        // "Both defendants", "the two officers", "neither officer": the pair, or those spoken of together.
        let both = matches!(first, "both" | "neither") || first == "the" && lowers.get(1) == Some(&"two");
        let one =
            matches!(head, "officer" | "man" | "woman" | "constable" | "pc" | "sergeant" | "detective" | "defendant");
        let members = one && first == "neither"
            || matches!(
                head,
                "defendants"
                    | "officers"
                    | "men"
                    | "women"
                    | "constables"
                    | "pcs"
                    | "sergeants"
                    | "detectives"
                    | "policemen"
            );
        if both && members && state.pair.len() == 2 && state.group.is_none() {
            party.people = state.pair.clone();
            return (party, owner);
        }
        // "Met chief quits": of the force before it.
        let boss = words.first().is_some_and(|w| w.headline)
            && matches!(head, "chief" | "boss")
            && owner.bodies.iter().any(|b| self.kind(b) == BodyKind::Force);
        // "four of their colleagues": of officers spoken of.
        let colleagues = head == "colleagues"
            && (state.any_group.is_some() || state.recent.iter().rev().take(3).any(|(w, _)| self.people[*w].police));
        // "two members of Kent Police", "a Kent Police dog handler"
        let follows = sentence.words.get(np.last..sentence.words.len().min(np.last + 5)).unwrap_or(&[]);
        let of_force = matches!(head, "member" | "members" | "employee" | "employees" | "worker" | "workers" | "staff")
            && follows
                .first()
                .is_some_and(|w| matches!(w.lower.as_str(), "of" | "at" | "with" | "from" | "in" | "for"))
            && (follows.get(1).is_some_and(|w| w.lower == "staff") && self.main_force.is_some()
                || follows.iter().any(|w| {
                    w.mention
                        .and_then(|m| named.mentions.get(m))
                        .is_some_and(|m| m.kind == EntityKind::Body && self.kind(&m.entity) == BodyKind::Force)
                })
                || matches!(follows.get(1).map(|w| w.lower.as_str()), Some("police"))
                || follows.get(1).is_some_and(|w| matches!(w.lower.as_str(), "a" | "the"))
                    && follows.get(2).is_some_and(|w| w.lower == "police")
                || follows.get(1).is_some_and(|w| w.lower == "the")
                    && follows.get(2).is_some_and(|w| matches!(w.lower.as_str(), "force" | "police" | "constabulary")));
        let staff = matches!(
            head,
            "handler"
                | "handlers"
                | "trainer"
                | "employee"
                | "worker"
                | "volunteer"
                | "analyst"
                | "investigator"
                | "dispatcher"
                | "jailer"
                | "member"
                | "members"
                | "staff"
        ) && (owner.bodies.iter().any(|b| self.kind(b) == BodyKind::Force) || lowers.contains(&"police"));
        // "cleared her colleague Jo Orr": of an officer.
        let colleagues = colleagues
            || head == "colleague" && !owner.people.is_empty() && owner.people.iter().all(|&w| self.people[w].police);
        // "A civilian manager was suspended": of the force, where the article has one.
        let civilian = first != "the"
            && lowers.contains(&"civilian")
            && matches!(
                head,
                "manager" | "worker" | "employee" | "employees" | "staff" | "member" | "workers" | "managers"
            )
            && self.main_force.is_some();
        let police = boss
            || civilian
            || colleagues
            || of_force
            || staff
            || standing.officer(own_words) && {
                let rest = sentence.words.get(np.last..sentence.words.len().min(np.last + 6)).unwrap_or(&[]);
                let rest = rest.iter().map(|w| w.lower.as_str()).take_while(|w| *w != ",");
                let with: Vec<&str> = own_words.iter().copied().chain(rest).collect();
                standing.officer(&with)
            }
            || matches!(head, "special" | "specials") && lowers.len() > 1;
        let public = own_words.iter().any(|w| standing.public(w.trim_end_matches('s')) || standing.public(w));
        let relation = matches!(
            head,
            "mother"
                | "father"
                | "sister"
                | "brother"
                | "family"
                | "parents"
                | "widow"
                | "partner"
                | "son"
                | "daughter"
                | "husband"
                | "wife"
                | "successor"
                | "predecessor"
                | "minister"
                | "worker"
                | "colleague"
                | "commissioner"
                | "tsar"
                | "chief"
                | "boss"
                | "person"
                | "people"
                | "mum-of-three"
                | "dad-of-two"
                | "dad"
                | "teenager"
                | "leader"
                | "mp"
                | "mayor"
                | "judge"
                | "coroner"
                | "commander"
                | "accused"
                | "defendant"
        );
        // "suspended the chief": the chief constable spoken of last.
        if matches!(lowers[..], ["the", "chief"])
            && let Some(chief) =
                state.recent.iter().rev().map(|(w, _)| *w).find(|&w| self.people[w].ranks.contains("chief"))
        {
            party.people.push(chief);
            return (party, owner);
        }
        if matches!(lowers[..], ["the", "accused" | "defendant"]) {
            let found = state.recent.iter().rev().map(|(w, _)| *w).find(|&w| self.people[w].police);
            party.people.extend(found);
            return (party, owner);
        }
        let aged = head.ends_with("-year-old") && lowers.len() == 2 && first == "the";
        if !police && !public && !relation && !aged {
            return (party, owner);
        }
        let plural = head.ends_with('s') && !matches!(head, "boss" | "police")
            || lowers.iter().any(|w| {
                matches!(
                    *w,
                    "two"
                        | "three"
                        | "four"
                        | "five"
                        | "six"
                        | "seven"
                        | "several"
                        | "men"
                        | "women"
                        | "people"
                        | "policemen"
                )
            });
        let ranks = ranks_of(own_words);
        let rank = ranks.iter().find(|r| **r != "detective").copied();
        let sex = sex_of(own_words);
        let possessed = lowers.iter().any(|w| matches!(*w, "'s" | "'"));
        if definite
            && !plural
            && !colleagues
            && (last_owner_end == 0 || !possessed)
            && matches!(first, "the" | "this" | "that")
        {
            let generic = rank.is_none() && !ranks.contains("detective");
            let fits = |who: usize| {
                let person = &self.people[who];
                let by_rank = if police {
                    person.police
                        && !not_meant(person, generic)
                        && (last_owner_end == 0
                            || owner.bodies.iter().all(|b| person.own.is_empty() || person.own.contains(b)))
                        && (generic
                            || rank.is_some_and(|r| person.ranks.contains(r))
                            || rank.is_some()
                                && person.ranks.is_empty()
                                && state.subjects.last().is_some_and(|(w, _)| *w == who)
                            || ranks.contains("detective") && person.ranks.contains("detective") && rank.is_none())
                } else {
                    own_words.iter().skip(1).any(|w| w.len() > 3 && person.words.contains(*w))
                        || standing.official(own_words) && person.official
                };
                by_rank && (sex.is_none() || person.sex.is_none() || sex == person.sex)
            };
            if let Some(who) = state.recent.iter().rev().map(|(w, _)| *w).find(|w| fits(*w)) {
                party.people.push(who);
                return (party, owner);
            }
            if head.starts_with("mum") || head.starts_with("dad") || head.ends_with("-year-old") {
                // "the mum-of-three": the one the article is about.
                let whom =
                    state.first.filter(|&w| sex.is_none() || self.people[w].sex.is_none() || sex == self.people[w].sex);
                let whom = whom.or_else(|| {
                    state.recent.iter().rev().map(|(w, _)| *w).find(|&w| {
                        let person = &self.people[w];
                        (person.police || person.watched) && sex.is_some() && person.sex == sex
                    })
                });
                if let Some(who) = whom {
                    party.people.push(who);
                    return (party, owner);
                }
            }
        }
        let descriptor = describe(sentence, np.last, &lowers);
        if police && owner.bodies.is_empty() {
            // "one of its officers", "a Kent Police constable": the force is the owner or stands inside.
        }
        party.unnamed = Some(Unnamed {
            descriptor: Descriptor { rank: rank.map(str::to_owned), sex: sex.map(|c| c.to_string()), ..descriptor },
            police,
            definite,
            plural,
            rank,
        });
        (party, owner)
    }

    pub(super) fn pronoun(&self, word: &str, state: &State, speaker: Option<usize>, subject: bool, s: usize) -> Party {
        let mut party = Party::default();
        let sex = match word {
            "he" | "him" | "his" | "himself" => Some('m'),
            "she" | "her" | "herself" | "hers" => Some('f'),
            _ => None,
        };
        match word {
            "i" | "me" | "my" | "myself" => party.people.extend(speaker),
            "we" | "us" | "our" => match speaker {
                Some(who) => party.bodies.extend(self.people[who].own.first().cloned()),
                None => party.bodies.extend(
                    self.publisher
                        .clone()
                        .or_else(|| state.body(self, &[BodyKind::Watchdog, BodyKind::Inspectorate]))
                        .or_else(|| self.kinds.iter().find(|(_, k)| **k == BodyKind::Watchdog).map(|(b, _)| b.clone())),
                ),
            },
            "it" | "its" | "itself" => party.bodies.extend(state.bodies.last().cloned()),
            "they" | "them" | "their" | "both" | "neither" | "none" => match state.group.as_ref() {
                Some(group) => party.unnamed = Some(group.clone()),
                None if state.pair.len() > 1 => party.people = state.pair.clone(),
                None => {}
            },
            "one" | "another" | "others" => {
                party.unnamed = state.group.as_ref().map(|g| Unnamed {
                    plural: word == "others",
                    descriptor: Descriptor {
                        // "41 officers … another was demoted": one more, not the 41.
                        text: if g.descriptor.count.is_some_and(|n| n > 6) {
                            word.to_owned()
                        } else {
                            g.descriptor.text.clone()
                        },
                        rank: g.descriptor.rank.clone(),
                        count: (word != "others").then_some(1),
                        ..Descriptor::default()
                    },
                    ..g.clone()
                });
            }
            _ => {
                let Some(sex) = sex else { return party };
                let fits = |who: usize| {
                    let person = &self.people[who];
                    person.sex.is_none_or(|x| x == sex) && Some(who) != speaker
                };
                let object = !subject && matches!(word, "him" | "her");
                // Judges and counsel act in a case; it is seldom they of whom the next sentence speaks.
                let aside = |who: usize| COURT.iter().any(|w| self.people[who].words.contains(*w));
                let doer = state
                    .subjects
                    .last()
                    .filter(|(w, at)| {
                        *at == s && object && !state.apart && state.recent.last().is_some_and(|(r, _)| r == w)
                    })
                    .map(|(w, _)| *w);
                let fits = |who: usize| fits(who) && Some(who) != doer;
                let mut candidates = state.recent.iter().rev().filter(|(w, at)| fits(*w) && s.saturating_sub(*at) <= 6);
                if let Some((unnamed, at)) = state.someone.as_ref()
                    && s.saturating_sub(*at) <= 1
                    && unnamed.descriptor.sex.as_deref().is_none_or(|x| x.starts_with(sex))
                    && !object
                {
                    party.unnamed = Some(unnamed.clone());
                    return party;
                }
                // "Commander Ball said … In January she was awarded damages": not who only spoke for the force, where
                // another stands in the matter.
                let spoke = |who: usize| subject && !state.says && state.speakers.contains(&who);
                let near = |far: usize| state.subjects.iter().rev().filter(move |(_, at)| s.saturating_sub(*at) <= far);
                let matter = state.recent.iter().rev().filter(|(_, at)| s.saturating_sub(*at) <= 6);
                let matter = matter.clone().find(|(w, _)| fits(*w) && !aside(*w) && !state.speakers.contains(w));
                let last = near(2).find(|(w, _)| fits(*w) && !aside(*w));
                let found = match (last, matter) {
                    // "Commander Ball said he was sorry": in the sentence that tells what he says, he is meant.
                    (Some((w, at)), Some((other, _))) if spoke(*w) && *at != s => Some(*other),
                    (last, _) => last.map(|(w, _)| *w),
                };
                let found = found
                    .or_else(|| {
                        state
                            .recent
                            .iter()
                            .rev()
                            .find(|(w, at)| fits(*w) && !aside(*w) && s.saturating_sub(*at) <= 6)
                            .map(|(w, _)| *w)
                    })
                    .or_else(|| candidates.next().map(|(w, _)| *w));
                party.people.extend(found);
            }
        }
        party
    }
}

/// What the words `lowers` of a phrase that ends before word `last` tell of somebody without a name.
fn describe(sentence: &Parsed, last: usize, lowers: &[&str]) -> Descriptor {
    let count = lowers.iter().find_map(|w| match *w {
        "two" | "both" => Some(2),
        "three" => Some(3),
        "four" => Some(4),
        "five" => Some(5),
        "six" => Some(6),
        "a" | "an" | "one" => Some(1),
        w => w.parse::<u32>().ok().filter(|n| *n < 1000),
    });
    let mut age = lowers.iter().find_map(|w| w.strip_suffix("-year-old").and_then(|n| n.parse::<u8>().ok()));
    if age.is_none() && sentence.words.get(last).is_some_and(|w| w.lower == ",") {
        age = sentence.words.get(last + 1).and_then(|w| w.lower.parse::<u8>().ok()).filter(|n| (10..100).contains(n));
    }
    // "no officer": who it would be.
    let named = if lowers.len() > 1 && lowers.first() == Some(&"no") { &lowers[1..] } else { lowers };
    let text = named.join(" ");
    Descriptor { text, age, count, ..Descriptor::default() }
}

/// Whether a person of the police is not who "the officer" or "the sergeant" is: who oversees or sits over the case, and the
/// dead, of whom a `generic` word tells no more.
fn not_meant(person: &Person, generic: bool) -> bool {
    let is = |word: &str| person.words.contains(word);
    is("ombudsman") || is("chair") || generic && is("dead")
}
