//! Statements that stand in a quotation.

use super::*;

impl Statements {
    /// A quotation that judges.
    pub(super) fn of_quote(&self, scene: &Scene<'_>, q: usize) -> Option<Finding> {
        let quote = scene.quotes.get(q)?;
        let key = quote.speaker.as_ref()?;
        let s = scene.doc.sentence_at(quote.span.start)?;
        let words: Vec<String> = quote
            .text
            .to_lowercase()
            .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '’' || c == '\''))
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect();
        // In a matter of an officer or of one who was hurt, whoever outside the case is quoted speaks of it.
        let whom = scene.cast.person(key);
        let accused = scene.accused.iter().any(|&w| scene.cast.people[w].police || scene.cast.people[w].official);
        let matter = accused || !scene.victims.is_empty() || !scene.wronged.is_empty();
        let outside = whom.is_some_and(|w| !scene.accused.contains(&w));
        // A fragment quoted in an article on the police or their watchdogs is kept for what it says of them.
        let matter = matter || quote.partial && super::super::world::opens(scene) && self.near_police(scene, s, whom);
        let pointing = ["he", "she", "him", "her", "they", "them", "their", "police", "officer", "officers", "force"];
        let names = scene.named.mentions.iter().any(|m| {
            quote.span.contains(&m.span)
                && matches!(scene.cast.kind(&m.entity), BodyKind::Force | BodyKind::Watchdog | BodyKind::Inspectorate)
        });
        // Who was wronged speaks of it, in whatever words; whoever names the accused speaks of him or her.
        let wronged = whom.is_some_and(|w| scene.wronged.contains(&w) || scene.hurt.contains(&w));
        let accused = scene.named.mentions.iter().any(|m| {
            quote.span.contains(&m.span)
                && scene.cast.person(&m.entity).is_some_and(|w| Some(w) != whom && scene.accused.contains(&w))
        });
        let points = wronged
            || accused && !words.iter().any(|w| w == "we")
            || (names || words.iter().any(|w| pointing.contains(&w.as_str())))
                && !words.iter().any(|w| matches!(w.as_str(), "i" | "we"))
                && whom.is_some_and(|w| !scene.cast.people[w].police);
        let here = lowers(&scene.parsed[s]);
        // INQUEST is a charity.
        let inquest = scene.parsed[s]
            .words
            .iter()
            .any(|w| w.lower == "inquest" && (w.mention.is_none() || w.shape == Shape::Lower));
        let proceeding = (inquest
            || here.iter().any(|w| matches!(*w, "court" | "jurors" | "jury" | "hearing" | "panel")))
            && !here.iter().any(|w| matches!(*w, "outside" | "after" | "steps"));
        // Who speaks for inspectors or a staff association speaks of the police; a watchdog often says only what it will do.
        let voice = whom.is_some_and(|w| self.speaks_for_overseers(scene, w)) && super::super::world::opens(scene);
        let told = matter
            && outside
            && !proceeding
            && if quote.partial { words.len() >= 3 } else { points && words.len() >= 5 }
            || voice && outside && !proceeding && !quote.partial && words.len() >= 8;
        // Counsel, wherever the article says so of him or her.
        let counsel = scene.named.mentions.iter().filter(|m| m.entity == *key && !m.nominal).any(|m| {
            scene.doc.sentence_at(m.span.start).is_some_and(|k| {
                lowers(&scene.parsed[k])
                    .iter()
                    .any(|w| matches!(*w, "prosecuting" | "defending" | "mitigating" | "representing"))
            })
        });
        // What the defence or the prosecution says belongs to the trial.
        let pleads = here.windows(2).any(|w| w[0] == "," && matches!(w[1], "defending" | "prosecuting" | "mitigating"));
        if pleads && counsel {
            return None;
        }
        let judged = !quote.partial && !counsel && words.iter().any(|w| self.judging.contains(w));
        if !(judged || told) || standing::any(&words, &self.idle) {
            return None;
        }
        // What a body's unnamed voice says asserts seldom anything of its own.
        let who = Some(scene.cast.person(key)?);
        let police = scene.cast.main_force.is_some()
            || scene
                .named
                .entities
                .iter()
                .any(|e| matches!(scene.cast.kind(&e.key), BodyKind::Watchdog | BodyKind::Inspectorate));
        if !police {
            return None;
        }
        if who.is_some_and(|w| self.barred(scene, w)) {
            return None;
        }
        // An officer speaks of the police when he leads it, is in the matter, or the words do.
        let mut targets = Vec::new();
        let mut bodies: Vec<String> = if who.is_none() { vec![key.clone()] } else { Vec::new() };
        for mention in scene.named.mentions.iter().filter(|m| quote.span.contains(&m.span)) {
            match scene.cast.person(&mention.entity) {
                Some(w) if Some(w) != who && self.concerns(scene, w) => targets.push(w),
                Some(_) => {}
                None if scene.cast.kind(&mention.entity) != BodyKind::Other && !bodies.contains(&mention.entity) => {
                    bodies.push(mention.entity.clone());
                }
                None => {}
            }
        }
        // "said Mr Orr had acted “properly”", "“I want it done to the sergeant”": those the words around it or in it describe.
        let span = if quote.partial { scene.doc.sentences[s].span } else { quote.span };
        let to = scene.doc.sentence_at(quote.span.end.saturating_sub(1)).unwrap_or(s);
        for t in s..=to {
            let parsed = &scene.parsed[t];
            let base = scene.doc.sentences[t].first;
            for (p, np) in parsed.phrases.iter().enumerate() {
                let inside = scene.doc.tokens.get(base + np.first).is_some_and(|k| span.contains(&k.span));
                let pronoun = parsed.words[np.first].class & (class::PRONOUN | class::POSSESSIVE) != 0;
                if !inside || pronoun && !quote.partial || np.prep.is_some() && np.first == 0 {
                    continue;
                }
                let party = scene.cast.party(t, p);
                let new: Vec<usize> = party.people.into_iter().filter(|w| !targets.contains(w)).collect();
                targets.extend(new.into_iter().filter(|&w| Some(w) != who && self.concerns(scene, w)));
                if quote.partial {
                    let acts = party.bodies.into_iter().filter(|b| scene.cast.kind(b) != BodyKind::Other);
                    let new: Vec<String> = acts.filter(|b| !bodies.contains(b)).collect();
                    bodies.extend(new);
                }
            }
        }
        if targets.is_empty() && bodies.len() <= usize::from(who.is_none()) {
            // "He sold other people's secrets": the officer, unless there is somebody hurt of whom it may be said.
            let of_one = words.iter().any(|w| matches!(w.as_str(), "he" | "she" | "him" | "her" | "his"));
            if of_one && scene.victims.is_empty() && scene.hurt.is_empty() {
                let topic = scene.topic(s).people;
                targets.extend(topic.into_iter().filter(|w| Some(*w) != who));
            }
            // Who is spoken of is the officer; where it is none, the force.
            if targets.is_empty() {
                bodies.extend(matter::force_at(scene, s));
            }
        }
        let mut f = self.finding(scene, s, 0, who, bodies, targets);
        // "…," she said last night: beside the beginning of the quotation, or its end.
        let date = [s, to].into_iter().find_map(|s| {
            let id = scene.parsed[s].clauses.iter().position(|c| {
                c.quote.is_none()
                    && c.link == Link::Main
                    && c.verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "say" | "tell" | "add" | "write"))
            })?;
            events::date_of(scene, s, id, false, None)
        });
        f.date = date.map(|d| d.0);
        f.fresh = date.is_some_and(|d| d.1);
        f.vote = 3;
        f.quoted = true;
        f.rule = "statement.quote".to_owned();
        f.words = quote.text.chars().take(60).collect();
        Some(f)
    }
}
