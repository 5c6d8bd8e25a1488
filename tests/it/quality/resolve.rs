//! Which labelled entity the program means.

use super::align::{norm, words};
use super::cases::{list, root, strings};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const TITLES: &str = "mr mrs ms miss mx dr sir dame lord lady prof judge justice coroner cllr rev pc wpc dc wdc ps ds sgt \
    sergeant insp inspector di dci det detective ch chief supt superintendent ds/supt t/supt t/insp a/supt ci csupt acc dcc \
    cc dac ac cdr commander constable commissioner deputy assistant hm officer sgt. lt capt";

/// Whether `word` is a title or a rank before a name.
pub(crate) fn is_title(word: &str) -> bool {
    let word = word.to_lowercase();
    TITLES.split_whitespace().any(|t| t == word.trim_matches(['.', ',']))
}

/// A person's name without leading titles and ranks.
fn bare(name: &str) -> String {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    while words.len() > 1 && is_title(words[0]) {
        words.remove(0);
    }
    words.join(" ")
}

/// The names of the bodies that the program knows, by id.
static GAZETTEER: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let text = std::fs::read_to_string(root().join("config/bodies.toml")).unwrap();
    let file: toml::Table = text.parse().unwrap();
    let list = |body: &toml::Value, key: &str| body.get(key).and_then(|l| l.as_array()).cloned().unwrap_or_default();
    let bodies = file["body"].as_array().unwrap().iter().map(|body| {
        let guarded = list(body, "guarded").into_iter().map(|g| g["form"].clone());
        let forms = list(body, "forms").into_iter().chain(list(body, "acronyms")).chain(guarded);
        let names = std::iter::once(body["name"].clone()).chain(forms).filter_map(|n| n.as_str().map(str::to_owned));
        (body["id"].as_str().unwrap().to_owned(), names.collect())
    });
    bodies.collect()
});

/// Maps what the program calls an entity to its labelled id.
pub(crate) struct Resolver {
    ids: BTreeSet<String>,
    names: BTreeMap<String, String>,
}

impl Resolver {
    /// Knows the entities of `maps`, each id → {name, aliases, kind} or id → name; the first map wins.
    pub(crate) fn new<'a>(maps: impl Iterator<Item = &'a Value> + Clone) -> Self {
        let entities = || maps.clone().filter_map(Value::as_object).flatten();
        let name_of = |id: &'a String, entity: &'a Value| entity.as_str().or(entity["name"].as_str()).unwrap_or(id);
        let mut out = Self { ids: BTreeSet::new(), names: BTreeMap::new() };
        for (id, entity) in entities() {
            out.ids.insert(id.clone());
            out.call(&norm(name_of(id, entity)), id);
        }
        for (id, entity) in entities() {
            for alias in strings(&entity["aliases"]) {
                if words(&alias).len() > 1 || entity["kind"] == "body" {
                    out.call(&norm(&alias), id);
                }
            }
        }
        for (id, entity) in entities().filter(|(_, e)| e["kind"] == "person") {
            out.call(&norm(&bare(name_of(id, entity))), id);
        }
        out
    }

    fn call(&mut self, name: &str, id: &str) {
        self.names.entry(name.to_owned()).or_insert_with(|| id.to_owned());
    }

    /// The labelled id of `entity`, or `entity` itself where no label has it.
    pub(crate) fn one(&self, entity: &str) -> String {
        if self.ids.contains(entity) {
            return entity.to_owned();
        }
        let mut forms = vec![entity.to_owned()];
        forms.extend(GAZETTEER.get(entity).into_iter().flatten().cloned());
        forms.push(bare(entity));
        forms.iter().find_map(|f| self.names.get(&norm(f)).cloned()).unwrap_or_else(|| entity.to_owned())
    }

    /// The labelled ids of all of `value`, a list of ids.
    pub(crate) fn labelled(&self, value: &Value) -> BTreeSet<String> {
        list(value).iter().filter_map(Value::as_str).map(|id| self.one(id)).collect()
    }
}
