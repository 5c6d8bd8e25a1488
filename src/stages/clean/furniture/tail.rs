//! What is appended to an article: headings after which nothing is the article, notes about a company or a writer.

use super::file::TailText;
use super::matching::{At, ascii, plain_marks, set};
use regex::{Regex, RegexSet};

/// What is appended to an article.
pub(in super::super) struct Tail {
    headings: RegexSet,
    notes: RegexSet,
    company: Regex,
    company_signs: Vec<String>,
    outlet: Regex,
    writer: Regex,
}

impl Tail {
    pub(super) fn parse(text: TailText) -> Result<Self, String> {
        let regex = |p: &str| Regex::new(&ascii(p)).map_err(|e| e.to_string());
        Ok(Self {
            headings: set(At::Any, &text.headings)?,
            notes: set(At::Whole, &text.notes)?,
            company: regex(&text.company)?,
            company_signs: text.company_signs,
            outlet: regex(&text.outlet)?,
            writer: regex(&text.writer)?,
        })
    }

    /// Whether nothing after a heading of this text, near the end, is the article.
    pub(in super::super) fn is_heading(&self, text: &str) -> bool {
        self.headings.is_match(&plain_marks(text.trim_end_matches([':', '.', '…', ' '])))
    }

    /// Whether a release's article has ended with `text`, wherever it stands.
    pub(in super::super) fn is_notes(&self, text: &str) -> bool {
        self.notes.is_match(&plain_marks(text))
    }

    /// Whether `text` and what follows it describe a company.
    pub(in super::super) fn is_company(&self, text: &str, rest: &str) -> bool {
        let lower = rest.to_lowercase();
        self.company.is_match(&plain_marks(text))
            && self.company_signs.iter().filter(|s| lower.contains(s.as_str())).count() >= 2
    }

    /// Whether `text` tells of the paper called `name`.
    pub(in super::super) fn is_about_outlet(&self, text: &str, name: &str) -> bool {
        let (text, name) = (plain_marks(text), plain_marks(name));
        let text = text.trim_start_matches("the ");
        let rest = text.strip_prefix(name.trim_start_matches("the ")).filter(|_| !name.is_empty());
        rest.is_some_and(|r| r.starts_with(' ') && self.outlet.is_match(r.trim_start()))
    }

    /// Whether `text` tells of the writer called `name`.
    pub(in super::super) fn is_about_writer(&self, text: &str, name: &str) -> bool {
        let rest =
            text.strip_prefix(name).or_else(|| text.strip_prefix(name.split_whitespace().next().unwrap_or(name)));
        !name.is_empty()
            && rest.is_some_and(|r| r.starts_with([' ', ',']) && self.writer.is_match(r.trim_start_matches([' ', ','])))
    }
}
