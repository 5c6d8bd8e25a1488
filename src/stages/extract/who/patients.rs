//! Those to whom something happened, as an article describes before and after it names them: "A 44-year-old man",
//! "the boy"; and the officer of the lead: "A police officer … PC Ann Orr".

use super::Referent;
use super::chunks::{Found, What};
use super::lexicon::{Class, lexicon};
use super::people::Person;
use super::titles::{Sex, rank_level};
use super::view::View;
use super::watched::Life;

/// Persons outside the police to whom something happened, in the order in which they are named.
pub(super) fn patients(
    view: &View<'_>,
    found: &[Found],
    referents: &[Option<Referent>],
    people: &[Person],
    lives: &[Life],
) -> Vec<usize> {
    let lists = &lexicon().patients;
    let mut out: Vec<usize> = Vec::new();
    for (n, item) in found.iter().enumerate() {
        let Some(Some(Referent::Person(p))) = referents.get(n) else { continue };
        if out.contains(p) || !public(people, lives, *p) {
            continue;
        }
        let (first, last) = view.sentence_range(item.first);
        // Nobody else stands in between.
        let fence = |from: usize, to: usize| {
            !found.iter().any(|f| {
                f.first >= from
                    && f.last <= to
                    && f.first != item.first
                    && matches!(f.what, What::Person(_) | What::Bare(_))
            })
        };
        let before = (first..item.first)
            .rev()
            .take(4)
            .take_while(|&k| !matches!(view.lower(k), "," | "by" | "said" | "that"))
            .any(|k| lists.done_to.contains(view.lower(k)) && fence(k, item.first));
        let told = (first..item.first).rev().take(7).any(|k| {
            matches!(view.lower(k), "named" | "identified")
                && fence(k, item.first)
                && (k + 1..item.first).any(|j| matches!(view.lower(j), "as"))
        });
        let after =
            (item.last..last).take(14).take_while(|&k| !matches!(view.lower(k), "said" | "told" | "whose")).any(|k| {
                lists.befell.contains(view.lower(k)) && fence(item.last, k) && view.lower(k.saturating_sub(1)) != "not"
            });
        // "Child K", "Girl X"
        let masked = matches!(view.lower(item.first), "child" | "girl" | "boy") && item.last == item.first + 2;
        if before || told || after || masked {
            out.push(*p);
        }
    }
    out
}

/// Whether a person is neither of the police nor of a court, as far as the article tells.
fn public(people: &[Person], lives: &[Life], p: usize) -> bool {
    let (Some(person), Some(life)) = (people.get(p), lives.get(p)) else { return false };
    let office = |w: &str| {
        lexicon().class(w).has(Class::POLICE_ROLE)
            || matches!(w, "judge" | "sheriff" | "coroner" | "justice" | "chief" | "commissioner" | "minister" | "mp")
    };
    person.rank.is_empty()
        && !person.coded
        && !person.police_watched
        && !person.titles.iter().any(|t| matches!(t.as_str(), "judge" | "sheriff" | "lord" | "justice"))
        && !life.role.split(' ').any(office)
}

/// The sex that a noun tells.
fn sex(noun: &str) -> Option<Sex> {
    match noun {
        "man" | "boy" | "dad" | "father" | "grandfather" | "schoolboy" => Some(Sex::Male),
        "woman" | "girl" | "mum" | "mother" | "grandmother" | "schoolgirl" => Some(Sex::Female),
        _ => None,
    }
}

/// Whether `noun` describes a member of the public.
pub(super) fn describes(noun: &str) -> bool {
    lexicon().patients.public.contains(noun)
}

/// The one of `patients` whom a description with `noun` introduces, where he or she is the next one named, in the sentence
/// of the description or the two after it.
pub(super) fn named_next(
    view: &View<'_>,
    patients: &[usize],
    people: &[Person],
    found: &[Found],
    referents: &[Option<Referent>],
    noun: &str,
    index: usize,
) -> Option<usize> {
    let wanted = sex(noun);
    let sentence = view.sentence.get(index)?;
    let (n, p) =
        found.iter().enumerate().filter(|(_, f)| f.first > index).find_map(|(n, _)| match referents.get(n) {
            Some(Some(Referent::Person(p))) => Some((n, *p)),
            _ => None,
        })?;
    let person = people.get(p)?;
    let near = view.sentence.get(found.get(n)?.first)? <= &(sentence + 2);
    let agrees = wanted.is_none() || person.sex.is_none() || person.sex == wanted;
    (near && agrees && person.mentions.first() == Some(&n) && patients.contains(&p)).then_some(p)
}

/// The one of `patients` whom a description with `noun` at token `index` means: `named` are those named before.
pub(super) fn described(
    patients: &[usize],
    people: &[Person],
    found: &[Found],
    noun: &str,
    index: usize,
    introduces: bool,
) -> Option<usize> {
    let wanted = sex(noun);
    let fits = |p: &usize| {
        people.get(*p).is_some_and(|person| {
            let agrees = wanted.is_none() || person.sex.is_none() || person.sex == wanted;
            let named = person.mentions.iter().any(|m| found.get(*m).is_some_and(|f| f.first < index));
            agrees && !(introduces && named)
        })
    };
    let fitting: Vec<usize> = patients.iter().copied().filter(fits).collect();
    let known = |p: &usize| wanted.is_some() && people.get(*p).is_some_and(|person| person.sex == wanted);
    let sure: Vec<usize> = fitting.iter().copied().filter(known).collect();
    // Of two who fit, the words do not tell which.
    match (&sure[..], &fitting[..]) {
        ([one], _) | ([], [one]) => Some(*one),
        _ => None,
    }
}

/// The officer whom the lead's description means: the first one of fitting rank named after token `index`, unless he
/// or she only speaks.
pub(super) fn officer(
    view: &View<'_>,
    found: &[Found],
    referents: &[Option<Referent>],
    people: &[Person],
    lives: &[Life],
    phrase: &str,
    index: usize,
) -> Option<usize> {
    if phrase.split(' ').any(|w| matches!(w, "private" | "store" | "retired")) {
        return None;
    }
    let level = rank_level(phrase);
    for (n, item) in found.iter().enumerate().filter(|(_, f)| f.first > index) {
        let Some(Some(Referent::Person(p))) = referents.get(n) else { continue };
        let (Some(person), Some(life)) = (people.get(*p), lives.get(*p)) else { continue };
        let role = rank_level(&life.role).or_else(|| rank_level(&person.rank));
        let police =
            !person.rank.is_empty() || life.role.split(' ').any(|w| lexicon().class(w).has(Class::POLICE_ROLE));
        if !police {
            continue;
        }
        let sentence = view.sentence.get(item.first).copied().unwrap_or(0);
        if sentence > view.sentence.get(index).copied().unwrap_or(0) + 8 {
            return None;
        }
        let speaks = (item.last..item.last + 2).any(|k| view.class(k).has(Class::SPEECH))
            || item.first > 0 && view.class(item.first - 1).has(Class::SPEECH);
        let senior = level.is_none() && role.is_some_and(|r| r >= 6);
        if speaks || senior {
            continue;
        }
        // Named before: somebody else is introduced.
        if person.mentions.iter().any(|m| found.get(*m).is_some_and(|f| f.first < index)) {
            return None;
        }
        return (level.is_none() || role.is_none() || role == level).then_some(*p);
    }
    None
}
