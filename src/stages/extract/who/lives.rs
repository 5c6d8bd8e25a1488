//! What the text says of a person beside the name: role and bodies.

use super::bodies::Bodies;
use super::chunks::{Found, What};
use super::lexicon::Class;
use super::titles::is_rank;
use super::view::View;
use super::watched::Life;
use std::collections::BTreeSet;

/// Words that end a role read backwards from the name.
const STOPS: &[&str] = &[
    "after", "before", "when", "while", "with", "by", "from", "that", "which", "under", "against", "about", "over",
    "told", "said", "as", "but", "than", "where",
];

/// The life that the text gives to the person with these mentions.
pub(super) fn life(view: &View<'_>, found: &[Found], mentions: &BTreeSet<usize>, bodies: &Bodies) -> Life {
    let mut life = Life::default();
    for index in mentions.iter().copied().take(12) {
        let Some(item) = found.get(index) else { continue };
        let What::Person(name) = &item.what else { continue };
        let add_body = |n: usize, life: &mut Life| {
            if let Some((id, force)) = bodies.named(n)
                && !life.bodies.iter().any(|b| b == id)
            {
                life.force |= force;
                life.bodies.push(id.to_owned());
            }
        };
        // Before: "Greater Manchester Police sergeant X", "The chief constable, X".
        let (start, end) = view.sentence_range(item.first);
        let mut at = item.first;
        let mut role_from = None;
        let mut its = false;
        let comma = at > start && view.lower(at - 1) == ",";
        if comma {
            at -= 1;
        }
        let floor = at.saturating_sub(8).max(start);
        while at > floor {
            let before = at - 1;
            if let Some(n) = found_ending(found, index, before) {
                match found.get(n).map(|f| &f.what) {
                    Some(What::Known(_) | What::Body { .. }) => {
                        add_body(n, &mut life);
                        role_from = role_from.map(|_| found.get(n).map_or(before, |f| f.first));
                    }
                    Some(What::Place | What::Area(_)) => {}
                    _ => break,
                }
                at = found.get(n).map_or(before, |f| f.first);
                continue;
            }
            let class = view.class(before);
            let word = view.lower(before);
            its |= word == "its";
            if STOPS.contains(&word) {
                break;
            }
            let role = class.has(Class::ROLE.or(Class::POLICE_ROLE).or(Class::OFFICE).or(Class::KIN));
            let linking = matches!(
                word,
                "of" | "the"
                    | "'s"
                    | "for"
                    | "in"
                    | "and"
                    | "its"
                    | "his"
                    | "her"
                    | "a"
                    | "an"
                    | "then"
                    | "acting"
                    | "former"
                    | "new"
                    | "regional"
                    | "deputy"
                    | "assistant"
                    | "chief"
                    | "shadow"
                    | "interim"
                    | "senior"
                    | "-"
            ) || class.has(Class::RANK_PART.or(Class::CIVIL))
                || word.len() > 3
                    && (role_from.is_some() || comma && at + 4 > item.first)
                    && !class.has(Class::SPEECH.or(Class::PERSON_VERB))
                    && word.chars().all(char::is_alphabetic);
            if role {
                role_from = Some(before);
            } else if !linking {
                break;
            }
            at = before;
        }
        if life.role.is_empty()
            && let Some(from) = role_from
            && from < item.first
        {
            life.role = view.text(from, item.first).trim_end_matches([',', '-']).trim().to_lowercase();
        }
        // "Its director, X": of the body named last.
        its = its && role_from.is_some() || view.lower(item.last) == "," && view.lower(item.last + 1) == "its";
        if its
            && let Some(n) = (0..index)
                .rev()
                .take(8)
                .find(|n| matches!(found.get(*n).map(|f| &f.what), Some(What::Known(_) | What::Body { .. })))
        {
            add_body(n, &mut life);
        }
        // After: ", 38, of X", ", the Y of X", ", who serves with X".
        let mut at = item.last;
        if view.lower(at) == "," || view.lower(at) == "(" {
            at += 1;
            if view.lower(at).len() == 2 && view.lower(at).chars().all(|c| c.is_ascii_digit()) {
                at += 1;
                if matches!(view.lower(at), "," | ")") {
                    at += 1;
                }
            }
        } else if view.lower(at) != "of" && view.lower(at) != "from" {
            continue;
        }
        let relative = view.lower(at) == "who" || view.lower(at) == "whose";
        let begin = at;
        let stop = (at..(at + 14).min(end))
            .find(|i| matches!(view.lower(*i), "," | "." | ";" | ")" | ":" | "“" | "”"))
            .unwrap_or((at + 14).min(end));
        if begin >= stop || begin >= end {
            continue;
        }
        // ", the police, fire and crime commissioner": the comma is part of the office.
        let stop = if view.lower(stop) == "," && view.before(stop) == "police" && view.after(stop) == "fire" {
            (stop + 1..end.min(stop + 8))
                .find(|i| matches!(view.lower(*i), "," | "." | ";" | ")" | ":"))
                .unwrap_or(stop)
        } else {
            stop
        };
        let serves = relative
            && (begin..stop.min(begin + 4)).any(|i| match view.lower(i) {
                "serves" | "served" | "joined" | "leads" | "led" | "runs" | "chairs" | "heads" => true,
                "works" | "worked" => matches!(view.lower(i + 1), "for" | "at" | "in"),
                _ => false,
            });
        let has_role = (begin..stop.min(begin + 8))
            .any(|i| view.class(i).has(Class::ROLE.or(Class::POLICE_ROLE).or(Class::CIVIL).or(Class::OFFICE)));
        let of = matches!(view.lower(begin), "of" | "for" | "from" | "at");
        let comma = begin > item.last;
        let article = comma
            && matches!(
                view.lower(begin),
                "a" | "an"
                    | "the"
                    | "its"
                    | "their"
                    | "his"
                    | "her"
                    | "head"
                    | "then"
                    | "senior"
                    | "assistant"
                    | "deputy"
                    | "area"
                    | "who"
                    | "once"
                    | "chair"
                    | "director"
            )
            || view.class(begin).has(Class::ROLE.or(Class::OFFICE)) && !view.class(begin).has(Class::TITLE);
        let told = if relative { serves } else { article };
        if has_role && told && life.role.is_empty() {
            life.role = view.text(begin, stop).to_lowercase();
        } else if !relative && has_role && article {
            life.role = format!("{} {}", life.role, view.text(begin, stop).to_lowercase());
        }
        if of || serves || !relative && has_role && article {
            for n in index + 1..found.len() {
                let Some(next) = found.get(n).filter(|f| f.first < stop) else { break };
                if matches!(next.what, What::Known(_) | What::Body { .. }) {
                    add_body(n, &mut life);
                    if of {
                        break;
                    }
                }
            }
        }
        if is_rank(&name.title) && life.role.is_empty() {
            life.role = rank_words(&name.title);
        }
    }
    if life.role.is_empty() {
        let title = mentions.iter().filter_map(|m| found.get(*m)).find_map(|f| match &f.what {
            What::Person(n) if is_rank(&n.title) => Some(rank_words(&n.title)),
            _ => None,
        });
        life.role = title.unwrap_or_default();
    }
    life
}

/// The found name, before `index`, whose last token is `token`.
fn found_ending(found: &[Found], index: usize, token: usize) -> Option<usize> {
    (0..index).rev().take(4).find(|n| found.get(*n).is_some_and(|f| f.last == token + 1))
}

/// A title without what is no rank in it ("commissioner sir").
fn rank_words(title: &str) -> String {
    let words = title.split(' ').filter(|w| !matches!(*w, "sir" | "dame" | "dr" | "lord" | "lady"));
    words.collect::<Vec<_>>().join(" ")
}
