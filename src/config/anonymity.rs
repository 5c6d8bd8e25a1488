//! `[[anonymity]]`: who must not be named.

use super::keys;
use super::sections::{phrase, plain_id};
use super::tree::{Findings, Found, Table};
use crate::domain::{Anonymity, AnonymityReason, Watchlist};
use jiff::civil::Date;

/// Gathers the tables over several files.
#[derive(Debug, Default)]
pub(super) struct AnonymityReader {
    rules: Vec<Anonymity>,
    /// What `person` names, and the position of the rule.
    persons: Vec<(Found<String>, usize)>,
}

impl AnonymityReader {
    /// Reads the tables of one file.
    pub(super) fn read(&mut self, file: &Table<'_>) {
        for table in file.tables("anonymity", keys::ANONYMITY) {
            drop(table.text("note", |text| Ok(text.to_owned())));
            let (name, person) = (table.text("name", phrase), table.text("person", plain_id));
            let aliases = table.list("aliases", phrase).unwrap_or_default().into_iter().map(|f| f.value).collect();
            let reason = table.required("reason", reason);
            let until = table.text("until", day);
            let mask = table.text("mask", phrase);
            if table.has("name") == table.has("person") {
                table.complain_here("give one of `name` and `person` (the id of somebody on the watchlist)");
                continue;
            }
            let Some(reason) = reason else { continue };
            if until.is_some() && reason.is_lifelong() {
                let why = "must not be given: the anonymity of a victim of a sexual offence is for life";
                table.complain("until", why);
                continue;
            }
            if let Some(person) = person {
                self.persons.push((Found { value: person, place: table.place("person") }, self.rules.len()));
            } else if name.is_none() {
                continue;
            }
            let mask = mask.unwrap_or_else(|| reason.mask().to_owned());
            self.rules.push(Anonymity { name: name.unwrap_or_default(), aliases, reason, until, mask });
        }
    }

    /// The rules, those about watched people with their names.
    pub(super) fn finish(mut self, watchlist: &Watchlist, findings: &Findings) -> Vec<Anonymity> {
        for (found, position) in &self.persons {
            let Some(rule) = self.rules.get_mut(*position) else { continue };
            match watchlist.persons.iter().find(|p| p.id == found.value) {
                Some(person) => {
                    rule.name.clone_from(&person.name);
                    rule.aliases.extend(person.aliases.iter().cloned());
                }
                None => {
                    let known: Vec<&str> = watchlist.persons.iter().map(|p| p.id.as_str()).collect();
                    let hint = match super::problem::nearest(&found.value, known) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "give the `name` instead".to_owned(),
                    };
                    findings.problem(found.place.problem(format!("no person has the id `{}`: {hint}", found.value)));
                }
            }
        }
        self.rules.retain(|rule| !rule.name.is_empty());
        self.rules
    }
}

fn reason(text: &str) -> Result<AnonymityReason, String> {
    let known = AnonymityReason::ALL.map(AnonymityReason::as_str);
    AnonymityReason::ALL
        .into_iter()
        .find(|r| r.as_str() == text)
        .ok_or_else(|| format!("{text:?} is no reason: give one of {}", known.join(", ")))
}

fn day(text: &str) -> Result<Date, String> {
    text.trim().parse().map_err(|_| format!("{text:?} is not a day: write it as 2026-12-31"))
}
