//! Putting something else in the place of names, in texts and in everything that is made of texts.

use super::Span;
use super::names::{FoundName, NameFinder, address_at};
use serde_json::Value;

/// A text in which names gave way to something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The text.
    pub text: String,
    /// What was replaced: where it stood, and how many bytes stand there now.
    pub edits: Vec<(Span, usize)>,
}

impl Masked {
    /// `span` of the text before, in the text now; one that cuts into a name takes the whole of what stands there.
    pub fn moved(&self, span: Span) -> Span {
        let shift = |at: usize, end: bool| {
            let mut shift = 0isize;
            for (old, new) in &self.edits {
                let (old_length, new_length) = ((old.end - old.start) as isize, *new as isize);
                if old.end <= at {
                    shift += new_length - old_length;
                } else if old.start < at {
                    let inside = if end { old.start as isize + new_length } else { old.start as isize };
                    return (inside + shift).max(0).cast_unsigned();
                }
            }
            (at as isize + shift).max(0).cast_unsigned()
        };
        Span::new(shift(span.start, false), shift(span.end, true))
    }
}

/// `text` with something else in the place of each of `found` (in order, apart from each other).
pub fn replace(text: &str, found: impl IntoIterator<Item = (Span, String)>) -> Masked {
    let (mut out, mut edits, mut at) = (String::with_capacity(text.len()), Vec::new(), 0);
    for (span, with) in found {
        if span.start < at {
            continue;
        }
        out.push_str(text.get(at..span.start).unwrap_or(""));
        out.push_str(&with);
        edits.push((span, with.len()));
        at = span.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    Masked { text: out, edits }
}

/// `text` with the `found` names blacked out: a line as long as the name in bytes, so that every span of the text holds.
pub fn black_out(text: &str, found: &[FoundName]) -> String {
    replace(text, found.iter().map(|f| (f.span, "_".repeat(f.span.end - f.span.start)))).text
}

/// The address that `found` lies in, without its path: who follows it gets to the outlet, and it names nobody.
pub fn bare_address(text: &str, at: usize) -> Option<(Span, String)> {
    let span = address_at(text, at)?;
    let address = span.of(text);
    let path = address.find("://").and_then(|i| address.get(i + 3..)?.find(['/', '?', '#']).map(|n| i + 3 + n));
    // A name in the host's own name leaves nothing to show.
    let Some(path) = path.filter(|path| span.start + path <= at) else { return Some((span, "…".to_owned())) };
    Some((span, format!("{}/", address.get(..path)?)))
}

/// Puts every text of `value` through `change`, names of fields included, except what stands under one of the keys `keep`.
/// Marks beside a sentence (`{"text": …, "marks": [{"start", "end"}]}`) keep their places. Says how many texts changed.
pub fn walk(value: &mut Value, keep: &[&str], change: &mut dyn FnMut(&str) -> Option<Masked>) -> usize {
    match value {
        Value::String(text) => match change(text) {
            Some(masked) if masked.text != *text => {
                *text = masked.text;
                1
            }
            _ => 0,
        },
        Value::Array(items) => items.iter_mut().map(|item| walk(item, keep, change)).sum(),
        Value::Object(fields) => {
            if let (Some(text), Some(Value::Array(marks))) =
                (fields.get("text").and_then(Value::as_str).map(str::to_owned), fields.get_mut("marks"))
                && let Some(masked) = change(&text)
            {
                marks.iter_mut().for_each(|mark| move_mark(mark, &masked));
            }
            let mut changed = 0;
            let old = std::mem::take(fields);
            for (key, mut item) in old {
                if !keep.contains(&key.as_str()) {
                    changed += walk(&mut item, keep, change);
                }
                let name = match change(&key) {
                    Some(masked) if masked.text != key => {
                        changed += 1;
                        masked.text
                    }
                    _ => key,
                };
                fields.insert(name, item);
            }
            changed
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

fn move_mark(mark: &mut Value, masked: &Masked) {
    let place = |key: &str| mark.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    if let (Some(start), Some(end)) = (place("start"), place("end")) {
        let moved = masked.moved(Span::new(start, end));
        mark["start"] = moved.start.into();
        mark["end"] = moved.end.into();
    }
}

/// Whether any text of `value` satisfies `test`, names of fields included.
pub fn any_text(value: &Value, test: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => test(text),
        Value::Array(items) => items.iter().any(|item| any_text(item, test)),
        Value::Object(fields) => fields.iter().any(|(key, item)| test(key) || any_text(item, test)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Blacks out, in all of `value`, whoever `finder` looks for; family names alone where a whole name stands in it too, or
/// `families` says so. Says how many texts changed.
pub fn black_out_all(value: &mut Value, finder: &NameFinder, families: bool) -> usize {
    if finder.is_empty() {
        return 0;
    }
    let families = families || any_text(value, &|text| finder.names_in(text));
    if !families {
        return 0;
    }
    walk(value, KEPT, &mut |text| {
        let found = finder.find(text, true);
        (!found.is_empty()).then(|| Masked { text: black_out(text, &found), edits: Vec::new() })
    })
}

/// Fields that hold ids of the user's own configuration, by which things are found again.
pub const KEPT: &[&str] = &["feed", "channel"];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn spans_move_with_the_text() {
        let masked = replace(
            "Sgt Orla Bell met Orla Bell.",
            [(Span::new(4, 13), "a woman".to_owned()), (Span::new(18, 27), "a woman".to_owned())],
        );
        assert_eq!(masked.text, "Sgt a woman met a woman.");
        for (before, after) in [
            ((0, 3), "Sgt"),
            ((0, 13), "Sgt a woman"),
            ((4, 13), "a woman"),
            ((9, 13), "a woman"),
            ((14, 17), "met"),
            ((18, 28), "a woman."),
        ] {
            assert_eq!(masked.moved(Span::new(before.0, before.1)).of(&masked.text), after, "{before:?}");
        }
    }

    #[test]
    fn blacking_out_keeps_every_span_and_takes_family_names_where_the_whole_one_stands() {
        let finder = NameFinder::of_names([1; 32], [("Orla Brackenridge", &[][..])]);
        let mut value = json!({
            "evidence": { "text": "Brackenridge was charged", "marks": [{ "start": 0, "end": 12 }] },
            "who": [{ "id": "orla-brackenridge", "name": "Orla Brackenridge" }],
            "names": { "orla-brackenridge": 1 }, "feed": "orla-brackenridge", "url": "https://a.example/orla-brackenridge/1",
        });
        assert_eq!(black_out_all(&mut value, &finder, false), 5);
        assert_eq!(value["evidence"]["text"], "____________ was charged");
        assert_eq!(value["evidence"]["marks"][0]["end"], 12);
        assert_eq!(value["names"]["_________________"], 1);
        assert_eq!(value["url"], "https://a.example/_________________/1");
        assert_eq!(value["feed"], "orla-brackenridge", "an id of the configuration");
        let mut other = json!("Brackenridge is a village");
        assert_eq!(black_out_all(&mut other, &finder, false), 0);
    }

    #[test]
    fn an_address_that_names_somebody_is_cut_to_its_outlet() {
        let text = "see https://a.example/2026/orla-bell?x now";
        let (span, bare) = bare_address(text, 30).unwrap();
        assert_eq!((span.of(text), bare.as_str()), ("https://a.example/2026/orla-bell?x", "https://a.example/"));
    }
}
