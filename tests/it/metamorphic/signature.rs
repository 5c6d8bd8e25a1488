//! What was read out of a text, in lines that can be compared over a change of the text.

use crate::quality::cases::Reading;
use conductwatch::domain::EntityRef;

/// Everything that a change of the text's dress must leave alone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Signature(pub(crate) Vec<String>);

/// Quotation marks and apostrophes of one kind, spaces of one kind.
pub(crate) fn plain(text: &str) -> String {
    text.replace(['“', '”', '"', '‘', '’'], "'").replace('\u{a0}', " ")
}

fn ids(refs: &[EntityRef], change: impl Fn(&str) -> String) -> String {
    let mut ids: Vec<String> = refs.iter().map(|r| change(&r.id)).collect();
    ids.sort_unstable();
    ids.join(", ")
}

impl Signature {
    /// The signature of `reading`, every line as `change` makes it.
    pub(crate) fn of(reading: &Reading, change: impl Fn(&str) -> String) -> Self {
        let mut lines: Vec<String> = reading.text.split("\n\n").map(|block| format!("text: {block}")).collect();
        let found = &reading.found;
        lines.extend(found.mentions.iter().map(|m| {
            format!("mention: {} = {}{}", m.span.of(&reading.text), m.entity, if m.nominal { " (nominal)" } else { "" })
        }));
        lines.extend(
            found
                .quotes
                .iter()
                .filter(|q| !q.partial)
                .map(|q| format!("quote: {}: {}", q.speaker.as_deref().unwrap_or("nobody"), q.text)),
        );
        lines.extend(found.reports.iter().map(|r| {
            format!(
                "report: {} who [{}] body [{}] about [{}] {} {:?} {:?}: {}",
                r.kind,
                ids(&r.who, &change),
                ids(&r.body, &change),
                ids(&r.about, &change),
                r.date.map_or_else(|| "no date".to_owned(), |d| d.to_string()),
                r.status,
                r.stage,
                r.evidence.text
            )
        }));
        lines.extend(found.doubts.iter().map(|d| format!("doubt: {:?} {}: {}", d.kind, d.reason, d.evidence)));
        for line in &mut lines {
            *line = plain(&change(line));
        }
        lines.sort();
        Self(lines)
    }

    /// The lines of `self` that `other` has not (−), and those that only `other` has (+).
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let missing = |from: &Self, of: &Self, sign: char| -> Vec<String> {
            let mut rest = from.0.clone();
            let mut out = Vec::new();
            for line in &of.0 {
                match rest.iter().position(|l| l == line) {
                    Some(at) => drop(rest.swap_remove(at)),
                    None => out.push(format!("{sign} {line}")),
                }
            }
            out
        };
        let mut out = missing(other, self, '−');
        out.extend(missing(self, other, '+'));
        out
    }
}
