//! The built-in bodies and their guards; data in `config/bodies.toml`.

use serde::Deserialize;
use std::sync::LazyLock;

/// A body that articles name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GazetteerBody {
    /// Its key in every output.
    pub(super) id: String,
    /// Its full name.
    pub(super) name: String,
    /// What nominal phrases may stand for it ("force", "watchdog").
    pub(super) kind: String,
    /// Whether the name itself counts only as a guarded form.
    #[serde(default)]
    pub(super) name_is_guarded: bool,
    /// Other names.
    #[serde(default)]
    pub(super) forms: Vec<String>,
    /// Forms in exactly these letters.
    #[serde(default)]
    pub(super) acronyms: Vec<String>,
    /// County or region that stands for it when it acts.
    #[serde(default)]
    pub(super) area: Option<String>,
    /// What its head is called, where that is not a chief constable.
    #[serde(default)]
    pub(super) chief: Option<String>,
    /// Nouns that stand for it beside those of its kind ("the corps").
    #[serde(default)]
    pub(super) nouns: Vec<String>,
    /// Words of a namesake abroad.
    #[serde(default)]
    pub(super) abroad: Vec<String>,
    /// Forms under conditions.
    #[serde(default)]
    pub(super) guarded: Vec<Guarded>,
}

/// A form that counts only under conditions; all that are given must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Guarded {
    /// The form.
    pub(super) form: String,
    /// The letters exactly as written.
    pub(super) exact: bool,
    /// The form is a verb as well: at the beginning of a sentence it needs a noun after it.
    pub(super) verb: bool,
    /// Only where the word does not begin a sentence.
    pub(super) mid: bool,
    /// One of these words in the same sentence.
    pub(super) near: Vec<String>,
    /// One of these anywhere in the article or its headline.
    pub(super) doc: Vec<String>,
    /// None of these in the same sentence.
    pub(super) not_near: Vec<String>,
    /// None of these anywhere.
    pub(super) not_doc: Vec<String>,
    /// One of these words right before.
    pub(super) prev: Vec<String>,
    /// One of these words right after.
    pub(super) next: Vec<String>,
    /// One of these phrases right after.
    pub(super) follow: Vec<String>,
    /// None of these right before.
    pub(super) not_prev: Vec<String>,
    /// None of these right after.
    pub(super) not_next: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    body: Vec<GazetteerBody>,
}

static BODIES: LazyLock<Vec<GazetteerBody>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is built in, and a test reads it")]
    let file: File = toml::from_str(include_str!("../../../../config/bodies.toml")).expect("config/bodies.toml");
    file.body
});

/// The built-in bodies, in the file's order.
pub(super) fn bodies() -> &'static [GazetteerBody] {
    &BODIES
}

/// The ids of the built-in bodies, in the file's order.
pub fn known_body_ids() -> impl Iterator<Item = &'static str> {
    bodies().iter().map(|body| body.id.as_str())
}

/// Every form of the built-in body `id`, guarded ones included; nothing for an unknown id.
pub fn known_body_forms(id: &str) -> impl Iterator<Item = &'static str> {
    bodies().iter().filter(move |body| body.id == id).flat_map(|body| {
        let guarded = body.guarded.iter().map(|g| &g.form);
        std::iter::once(&body.name).chain(&body.forms).chain(&body.acronyms).chain(guarded).map(String::as_str)
    })
}

/// The built-in body of which `name` is a form, guarded ones included: its id and name.
pub fn known_body_named(name: &str) -> Option<(&'static str, &'static str)> {
    let wanted = super::view::normal(name);
    let plain = |form: &str| super::view::normal(form.strip_prefix("the ").unwrap_or(form));
    let is = |body: &&GazetteerBody| known_body_forms(&body.id).any(|form| plain(form) == wanted || form == name);
    bodies().iter().find(is).map(|body| (body.id.as_str(), body.name.as_str()))
}

/// The name of a built-in body of which `form` counts as a form only under conditions.
pub fn guarded_form(form: &str) -> Option<&'static str> {
    let wanted = super::view::normal(form);
    let guarded = |body: &&GazetteerBody| body.guarded.iter().any(|g| super::view::normal(&g.form) == wanted);
    bodies().iter().find(guarded).map(|body| body.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_kinds_known() {
        let kinds = [
            "force",
            "watchdog",
            "inspectorate",
            "commissioner",
            "prosecutor",
            "court",
            "tribunal",
            "inquiry",
            "association",
            "council",
            "government",
            "party",
            "media",
            "campaign",
            "emergency",
            "other",
        ];
        let mut seen = BTreeSet::new();
        for body in bodies() {
            assert!(seen.insert(&body.id), "twice: {}", body.id);
            assert!(kinds.contains(&body.kind.as_str()), "{}: kind {}", body.id, body.kind);
            assert!(!body.name_is_guarded || !body.guarded.is_empty(), "{}: no form at all", body.id);
        }
        assert!(seen.len() > 200);
    }
}
