//! Rules told by what they allow or ask: "since April no child may be searched without the consent of a superintendent".

use super::clauses::{Clause, Link, Parsed};
use super::events::Finding;
use super::gates::Scene;
use super::grammar::class;
use super::standing::BodyKind;
use super::when::TimeExpr;
use super::words::VerbGroup;
use crate::domain::DevelopmentType as T;

/// Most words between "from May" and the verb that it dates.
const AHEAD: usize = 24;
/// The same where the verb's clause begins before it.
const BEHIND: usize = 16;

/// The changes of policy that `scene` tells so.
pub(super) fn rules(scene: &Scene<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    if scene.cast.main_force.is_none() || !scene.conduct || scene.elsewhere || !scene.dated {
        return out;
    }
    for (s, parsed) in scene.parsed.iter().enumerate() {
        let Some(start) = Start::of(scene, s, parsed) else { continue };
        let rule = parsed.clauses.iter().position(|clause| {
            let near = |verb: &VerbGroup| {
                verb.first > start.lead && verb.first - start.lead < AHEAD
                    || clause.first <= start.lead && start.lead < verb.first + BEHIND
            };
            clause.quote.is_none()
                && clause.verb.as_ref().is_some_and(near)
                && Rule { scene, s, parsed, clause, from: start.from }.holds_for_all()
        });
        if let Some(id) = rule {
            let mut f = Finding::blank(T::PolicyChange, s, id);
            f.body = authors(scene, s, parsed, &parsed.clauses[id]);
            f.date = start.time.when.resolve(scene.day, start.from, None);
            f.vote = if start.from { 3 } else { -4 };
            f.rule = "policy.every".to_owned();
            out.push(f);
        }
    }
    out
}

/// From when a sentence says that something holds.
struct Start<'a> {
    time: &'a TimeExpr,
    /// "from", not "since".
    from: bool,
    /// The word "from" or "since".
    lead: usize,
}

impl<'a> Start<'a> {
    fn of(scene: &Scene<'_>, s: usize, parsed: &'a Parsed) -> Option<Self> {
        let base = scene.doc.sentences[s].first;
        parsed.times.iter().find_map(|time| {
            let lead = time.first.checked_sub(base)?.checked_sub(1)?;
            let word = parsed.words.get(lead)?.lower.as_str();
            matches!(word, "since" | "from").then_some(Self { time, from: word == "from", lead })
        })
    }
}

/// A clause that may tell a rule.
struct Rule<'a> {
    scene: &'a Scene<'a>,
    s: usize,
    parsed: &'a Parsed,
    clause: &'a Clause,
    from: bool,
}

impl Rule<'_> {
    /// Whether the clause tells what everybody, or every officer, may or must do.
    fn holds_for_all(&self) -> bool {
        let Some(verb) = &self.clause.verb else { return false };
        let modal = |word: &str| verb.modal.as_deref() == Some(word);
        // "From 1 April officers will have to switch on their cameras"
        let to = (verb.last + 1).min(self.parsed.words.len());
        let has_to = self.parsed.words.get(verb.first..to).is_some_and(|w| {
            w.windows(2).any(|w| {
                matches!(w[0].lower.as_str(), "have" | "has" | "had" | "need" | "required") && w[1].lower == "to"
            })
        });
        // "Since 1 June only trained drivers have been allowed to pursue mopeds"
        let ruled = verb.passive
            && matches!(verb.lemma.as_ref(), "allow" | "require" | "permit" | "ban" | "bar" | "forbid" | "oblige");
        let says = has_to || ruled || ["may", "must", "can", "will", "would"].into_iter().any(modal);
        // "From 2 December forces must record every use"
        let must = self.from && modal("must") && (self.of_forces() || self.announced());
        let all = self.of_every()
            || must
            || self.force_will(verb)
            || has_to && (self.of_forces() || self.of_anybody() && !self.from)
            || ruled && self.of_anybody() && verb.perfect
            || self.duty(verb);
        says && all
    }

    /// The head and first word of the subject.
    fn subject(&self) -> Option<(&str, &str)> {
        let np = &self.parsed.phrases[*self.clause.subject.first()?];
        Some((&self.parsed.words[np.last - 1].lower, &self.parsed.words[np.first].lower))
    }

    /// "no child", "every officer".
    fn of_every(&self) -> bool {
        self.clause.subject.first().is_some_and(|&p| self.parsed.phrases[p].neg)
            || self.subject().is_some_and(|(_, first)| matches!(first, "any" | "every" | "each" | "all"))
    }

    fn of_forces(&self) -> bool {
        self.subject().is_some_and(|(head, _)| {
            matches!(
                head,
                "forces"
                    | "force"
                    | "officers"
                    | "constables"
                    | "constabularies"
                    | "staff"
                    | "inspectors"
                    | "sergeants"
            )
        })
    }

    /// "Since October two people have had to approve each": nobody in particular.
    fn of_anybody(&self) -> bool {
        self.clause.subject.first().is_some_and(|&p| {
            let first = &self.parsed.words[self.parsed.phrases[p].first];
            self.scene.cast.party(self.s, p).people.is_empty() && first.class & class::PRONOUN == 0
        })
    }

    /// "From 1 April the Met will record the ethnicity of every driver".
    fn force_will(&self, verb: &VerbGroup) -> bool {
        let cast = self.scene.cast;
        self.from
            && verb.modal.as_deref() == Some("will")
            && !verb.passive
            && self
                .clause
                .subject
                .first()
                .is_some_and(|&p| cast.party(self.s, p).bodies.iter().any(|b| cast.kind(b) == BodyKind::Force))
            && self.parsed.words.iter().any(|w| matches!(w.lower.as_str(), "every" | "all" | "each" | "any" | "no"))
    }

    /// "The College confirmed that from September two people must be present at every check".
    fn announced(&self) -> bool {
        let Some(up) = self.clause.parent.filter(|_| self.clause.link == Link::That) else { return false };
        let parent = &self.parsed.clauses[up];
        let says = parent
            .verb
            .as_ref()
            .is_some_and(|v| matches!(v.lemma.as_ref(), "announce" | "confirm" | "say" | "decide" | "rule" | "agree"));
        says && parent.subject.first().is_some_and(|&p| !self.scene.cast.party(self.s, p).bodies.is_empty())
    }

    /// "From 1 July officers will have to give a reason".
    fn duty(&self, verb: &VerbGroup) -> bool {
        let does = matches!(
            verb.lemma.as_ref(),
            "have"
                | "need"
                | "wear"
                | "carry"
                | "record"
                | "give"
                | "require"
                | "sit"
                | "review"
                | "check"
                | "sign"
                | "approve"
                | "oversee"
                | "supervise"
        );
        does && self.clause.subject.first().is_some_and(|&p| {
            self.scene.cast.party(self.s, p).unnamed.is_some_and(|u| u.police && (u.plural || self.from))
        })
    }
}

/// Who brings the rule that `clause` tells: who announces it, else whose agreement it is, else the force of the matter.
fn authors(scene: &Scene<'_>, s: usize, parsed: &Parsed, clause: &Clause) -> Vec<String> {
    // "The College announced that every force must"
    let announcer =
        clause.parent.filter(|_| clause.link == Link::That).and_then(|up| parsed.clauses[up].subject.first());
    let announcers = announcer.map(|&p| scene.cast.party(s, p).bodies).unwrap_or_default();
    if !announcers.is_empty() {
        return announcers;
    }
    // "under a rule agreed by the National Police Chiefs' Council"
    let agreed = parsed.clauses.iter().filter(|c| {
        c.link == Link::Participle
            && c.verb.as_ref().is_some_and(|v| {
                matches!(v.lemma.as_ref(), "agree" | "adopt" | "draw" | "issue" | "set" | "approve" | "bring")
            })
    });
    let by = |p: &&usize| parsed.phrases[**p].prep.is_some_and(|k| parsed.words[k].lower == "by");
    let agreed: Vec<String> =
        agreed.flat_map(|c| &c.after).filter(by).flat_map(|&p| scene.cast.party(s, p).bodies).collect();
    if agreed.is_empty() { scene.cast.force_of_matter(scene.doc, s).into_iter().collect() } else { agreed }
}
