//! `config/furniture.toml` as it is written.

use super::Sort;
use super::matching::At;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) keep: Vec<String>,
    pub(super) correction: Vec<String>,
    pub(super) sections: BTreeSet<String>,
    pub(super) events: BTreeSet<String>,
    pub(super) papers: BTreeSet<String>,
    pub(super) agencies: BTreeMap<String, String>,
    pub(super) byline: BylineWords,
    pub(super) appeal: AppealWords,
    pub(super) rule: Vec<RuleText>,
    pub(super) page: PageText,
    pub(super) tail: TailText,
    pub(super) address: AddressText,
    pub(super) apart: ApartText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApartText {
    pub(super) words: usize,
    pub(super) story: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AddressText {
    pub(super) reader: String,
    pub(super) publisher: String,
    pub(super) deictic: String,
    pub(super) reported: String,
    pub(super) orders: BTreeSet<String>,
    pub(super) strong_orders: BTreeSet<String>,
    pub(super) media: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TailText {
    pub(super) headings: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) company: String,
    pub(super) company_signs: Vec<String>,
    pub(super) outlet: String,
    pub(super) writer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BylineWords {
    pub(super) desks: BTreeSet<String>,
    pub(super) roles: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppealWords {
    pub(super) address: String,
    pub(super) words: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct PageText {
    #[serde(flatten)]
    pub(super) words: PageWords,
    pub(super) error_titles: Vec<String>,
    pub(super) consent_words: Vec<String>,
    pub(super) paywall_words: Vec<String>,
}

/// What is furniture by a page's mark-up.
#[derive(Deserialize)]
pub(in super::super) struct PageWords {
    pub(in super::super) drop_tags: Vec<String>,
    pub(in super::super) drop_roles: Vec<String>,
    pub(in super::super) drop_names: Vec<String>,
    pub(in super::super) gate_names: Vec<String>,
    pub(in super::super) caption_tags: Vec<String>,
    pub(in super::super) caption_names: Vec<String>,
    pub(in super::super) byline_names: Vec<String>,
    pub(in super::super) date_names: Vec<String>,
    pub(in super::super) standfirst_names: Vec<String>,
    pub(in super::super) keep_names: Vec<String>,
    pub(in super::super) body_names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleText {
    pub(super) name: String,
    pub(super) sort: Sort,
    pub(super) at: At,
    #[serde(default = "default_words")]
    pub(super) words: usize,
    pub(super) patterns: Vec<String>,
}

fn default_words() -> usize {
    60
}
