//! Names that must not be shown, masked: the one place, applied once to what is about to be shown, whatever its form.

use crate::domain::masking::{self, Masked};
use crate::domain::names::NameFinder;
use crate::domain::{Anonymity, Digest, Span};
use jiff::civil::Date;
use serde_json::Value;

/// Titles that go with a masked name: "Ms a woman" reads wrong.
const TITLES: &[&str] = &["mr", "mrs", "ms", "miss", "mx", "dr"];

/// Everybody who must not be named on some day.
#[derive(Debug, Clone, Default)]
pub struct Masks {
    rules: Vec<Anonymity>,
    finder: NameFinder,
}

impl Masks {
    /// Masks by those of `rules` that hold on `today`.
    pub fn new(rules: &[Anonymity], today: Date) -> Self {
        let rules: Vec<Anonymity> = rules.iter().filter(|r| r.holds_on(today)).cloned().collect();
        // The hashes leave the memory nowhere, so the key is no secret.
        let finder = NameFinder::of_names([0; 32], rules.iter().map(|r| (r.name.as_str(), r.aliases.as_slice())));
        Self { rules, finder }
    }

    /// Whether nobody is masked.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// `text` with masks in the place of names; `None` where it has none. An address with a name in it is cut to its outlet.
    pub fn text(&self, text: &str) -> Option<String> {
        self.masked(text).map(|m| m.text)
    }

    fn masked(&self, text: &str) -> Option<Masked> {
        let found = self.finder.find(text, true);
        if found.is_empty() {
            return None;
        }
        let with = found.iter().filter_map(|f| {
            let rule = self.rules.get(f.who)?;
            masking::bare_address(text, f.span.start).or_else(|| {
                let span = with_title(text, f.span);
                let starts =
                    starts_sentence(text, span.start) && text.get(f.span.start..)?.starts_with(char::is_uppercase);
                Some((span, if starts { capitalised(&rule.mask) } else { rule.mask.clone() }))
            })
        });
        Some(masking::replace(text, with))
    }

    /// Masks every text of `value`.
    pub fn value(&self, value: &mut Value) {
        if !self.is_empty() {
            masking::walk(value, &[], &mut |text| self.masked(text));
        }
    }

    /// `digest` with masks in the place of names: every form of it is rendered from what this gives.
    pub fn digest(&self, digest: &Digest) -> Digest {
        if self.is_empty() {
            return digest.clone();
        }
        let masked = serde_json::to_value(digest).and_then(|mut value| {
            self.value(&mut value);
            serde_json::from_value(value)
        });
        // A digest is made of texts, and no mask is a text that a digest may not hold. Should it fail all the same, then
        // nothing is told rather than too much.
        masked.unwrap_or_else(|_| Digest {
            subject: "A digest that cannot be shown with its names masked".to_owned(),
            notices: vec![
                "It could not be shown with its names masked: `conductwatch digest show` has the ids.".to_owned(),
            ],
            overview: Vec::new(),
            corrections: Vec::new(),
            flood: None,
            sections: Vec::new(),
            doubts: Vec::new(),
            ..digest.clone()
        })
    }
}

/// `span` with the title in front of it.
fn with_title(text: &str, span: Span) -> Span {
    let before = text.get(..span.start).unwrap_or("");
    let trimmed = before.trim_end_matches([' ', '.', '\u{a0}']);
    if trimmed.len() == before.len() {
        return span;
    }
    let start = trimmed
        .rfind(|c: char| !c.is_alphabetic())
        .map_or(0, |i| i + trimmed.get(i..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8));
    let title = trimmed.get(start..).unwrap_or("").to_lowercase();
    if TITLES.contains(&title.as_str()) { Span::new(start, span.end) } else { span }
}

fn starts_sentence(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("").trim_end_matches([' ', '"', '\'', '“', '‘', '(', '*', '>']);
    before.is_empty() || before.ends_with(['.', '!', '?', '\n'])
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AnonymityReason;
    use serde_json::json;

    fn masks() -> Masks {
        let rule = |name: &str, mask: &str, until: Option<&str>| Anonymity {
            name: name.to_owned(),
            aliases: vec![],
            reason: AnonymityReason::SexualOffenceVictim,
            until: until.map(|d| d.parse().unwrap()),
            mask: mask.to_owned(),
        };
        let rules = [
            rule("Orla Brackenridge", "a woman", None),
            rule("Kit Sallow", "a 15-year-old", Some("2026-10-01")),
            rule("Tess Arden", "a girl", Some("2026-09-30")),
        ];
        Masks::new(&rules, "2026-10-01".parse().unwrap())
    }

    #[test]
    fn names_give_way_to_masks_in_every_form() {
        for (text, expected) in [
            ("PC Bell raped Orla Brackenridge.", Some("PC Bell raped a woman.")),
            ("Orla Brackenridge's statement; Ms Brackenridge wept.", Some("A woman's statement; a woman wept.")),
            ("Brackenridge said so. “Brackenridge lied,” he said", Some("A woman said so. “A woman lied,” he said")),
            ("ORLA BRACKENRIDGE and kit-sallow", Some("A woman and a 15-year-old")),
            ("at https://news.example/2026/orla-brackenridge-speaks today", Some("at https://news.example/ today")),
            ("*Orla\n  Brackenridge* of <b>Orla Brackenridge</b>", Some("*A woman* of <b>a woman</b>")),
            ("Tess Arden, whose order has ended", None),
            ("nobody", None),
        ] {
            assert_eq!(masks().text(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn json_is_masked_whole_and_its_marks_stay_on_their_words() {
        let mut value = json!({
            "tracked": ["orla-brackenridge"],
            "evidence": { "text": "Sgt Bell met Orla Brackenridge and Sgt Bell left", "marks": [{ "start": 35, "end": 43 }] },
        });
        masks().value(&mut value);
        assert_eq!(value["tracked"][0], "a woman");
        let text = value["evidence"]["text"].as_str().unwrap();
        let mark: Span = serde_json::from_value(value["evidence"]["marks"][0].clone()).unwrap();
        assert_eq!((text, mark.of(text)), ("Sgt Bell met a woman and Sgt Bell left", "Sgt Bell"));
    }
}
