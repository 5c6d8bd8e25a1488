//! Edits of the user's own files: text in, text out, every byte outside the edit as it was.
//!
//! A table is added at the end of the file and taken out where it stands; comments, order and layout of the rest are the
//! user's. Whoever writes the text back checks it with [`load`](super::load) first.

use std::ops::Range;
use toml_edit::{Document, Item, Table, Value};

/// Why a text cannot be edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It is not TOML.
    #[error("not TOML: {0}")]
    NotToml(String),
    /// The tables stand in a form to which none can be added: a list in brackets.
    #[error("`{0}` is a list in brackets: write it as tables, each begun by [[{0}]]")]
    Inline(String),
}

/// The value of a key that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// A text.
    Text(String),
    /// A list of texts; an empty one is not written.
    List(Vec<String>),
}

impl Field {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list of texts.
    pub fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(|i| i.to_string()).collect())
    }

    /// As TOML writes it; `None` for what is not written.
    fn toml(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(quoted(text)),
            Self::List(items) if items.is_empty() => None,
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(|i| quoted(i)).collect();
                Some(format!("[{}]", items.join(", ")))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string().trim().to_owned()
}

/// A table as it is written: `[[kind]]` and its keys, each on a line of its own.
pub fn table(kind: &str, fields: &[(&str, Field)]) -> String {
    let lines = fields.iter().filter_map(|(key, field)| field.toml().map(|value| format!("{key} = {value}\n")));
    format!("[[{kind}]]\n{}", lines.collect::<String>())
}

/// `text` with a table of `kind` added at its end.
///
/// # Errors
/// When `text` is not TOML, or the tables of `kind` stand in a list in brackets.
pub fn add(text: &str, kind: &str, fields: &[(&str, Field)]) -> Result<String, EditError> {
    let document = parse(text)?;
    match document.get(kind) {
        None | Some(Item::ArrayOfTables(_)) => {}
        Some(_) => return Err(EditError::Inline(kind.to_owned())),
    }
    let newline = newline(text);
    let gap = match text {
        "" => String::new(),
        text if text.ends_with(&format!("{newline}{newline}")) => String::new(),
        text if text.ends_with('\n') => newline.to_owned(),
        _ => format!("{newline}{newline}"),
    };
    Ok(format!("{text}{gap}{}", table(kind, fields).replace('\n', newline)))
}

/// `text` without the tables of `kind` of which `unwanted` says so, and how many those were. `unwanted` is handed what
/// stands as text under a key.
///
/// # Errors
/// When `text` is not TOML.
pub fn remove(
    text: &str,
    kind: &str,
    unwanted: impl Fn(&dyn Fn(&str) -> Option<String>) -> bool,
) -> Result<(String, usize), EditError> {
    let document = parse(text)?;
    let Some(Item::ArrayOfTables(tables)) = document.get(kind) else { return Ok((text.to_owned(), 0)) };
    let mut cuts: Vec<Range<usize>> = tables
        .iter()
        .filter(|table| unwanted(&|key| table.get(key).and_then(Item::as_str).map(str::to_owned)))
        .filter_map(|table| extent(text, table))
        .collect();
    cuts.sort_by_key(|cut| cut.start);
    let mut out = text.to_owned();
    for cut in cuts.iter().rev() {
        let cut = with_gap(&out, cut.clone());
        out.replace_range(cut, "");
    }
    Ok((out, cuts.len()))
}

/// The line on which the table of `kind` begins whose `key` is `value`, counted from 1.
pub fn line_of(text: &str, kind: &str, key: &str, value: &str) -> Option<usize> {
    let document = parse(text).ok()?;
    let tables = document.get(kind)?.as_array_of_tables()?;
    let table = tables.iter().find(|t| t.get(key).and_then(Item::as_str) == Some(value))?;
    let start = table.span()?.start;
    Some(text.get(..start)?.matches('\n').count() + 1)
}

/// Whether `text` has tables of `kind`, and how many.
pub fn count(text: &str, kind: &str) -> usize {
    let Ok(document) = parse(text) else { return 0 };
    document.get(kind).and_then(Item::as_array_of_tables).map_or(0, |tables| tables.len())
}

fn parse(text: &str) -> Result<Document<&str>, EditError> {
    Document::parse(text).map_err(|e| EditError::NotToml(e.message().to_owned()))
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where a table stands: from its header's line to the end of its last value's line.
fn extent(text: &str, table: &Table) -> Option<Range<usize>> {
    let span = table.span()?;
    let mut end = span.end;
    for (_, item) in table.iter() {
        end = end.max(item.span().map_or(end, |s| s.end));
    }
    let start = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at + 1);
    Some(start..end)
}

/// `cut` with the blank line in front of it, where one stands behind it too or nothing does.
fn with_gap(text: &str, cut: Range<usize>) -> Range<usize> {
    let (before, after) = (text.get(..cut.start).unwrap_or(""), text.get(cut.end..).unwrap_or(""));
    let open = after.is_empty() || after.starts_with('\n') || after.starts_with("\r\n");
    for newline in ["\r\n", "\n"] {
        if open && before.ends_with(&format!("{newline}{newline}")) {
            return cut.start - newline.len()..cut.end;
        }
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Who we follow.\n\n[[person]]   # first\nname = \"Orla Brackenridge\" # she\naliases = [\n  \"O B\", # short\n]\n\n\
                        # The force.\n[[body]]\nname='Wexmoor Police'\n\n# end\n";

    fn fields() -> Vec<(&'static str, Field)> {
        vec![
            ("name", Field::text("Sable \"S\" Ince")),
            ("aliases", Field::list(["S. Ince", "Ince\\"])),
            ("roles", Field::List(Vec::new())),
        ]
    }

    #[test]
    fn a_table_is_added_and_nothing_else_changes() {
        let table = "[[person]]\nname = 'Sable \"S\" Ince'\naliases = [\"S. Ince\", 'Ince\\']\n";
        for (text, expected) in [
            (FILE.to_owned(), format!("{FILE}\n{table}")),
            (String::new(), table.to_owned()),
            ("a = 1".to_owned(), format!("a = 1\n\n{table}")),
            ("a = 1\n\n".to_owned(), format!("a = 1\n\n{table}")),
            ("a = 1\r\n".to_owned(), format!("a = 1\r\n\r\n{}", table.replace('\n', "\r\n"))),
        ] {
            assert_eq!(add(&text, "person", &fields()).unwrap(), expected, "{text:?}");
        }
    }

    #[test]
    fn what_was_added_goes_without_a_trace() {
        for text in [FILE, "a = 1\n", "a = 1\r\n", "", "[x]\ny = 1\n# last\n"] {
            let added = add(text, "mute", &[("name", Field::text("ada"))]).unwrap();
            let (removed, n) = remove(&added, "mute", |get| get("name").as_deref() == Some("ada")).unwrap();
            assert_eq!((removed.as_str(), n), (text, 1));
        }
    }

    #[test]
    fn a_table_is_taken_out_of_the_middle_with_its_own_lines_alone() {
        let text = "# one\n[[mute]]\nname = \"a\" # why\n\n# two\n[[mute]] # b\nname = \"b\"\nuntil = \"2026-01-01\"\n\n# three\n[[mute]]\nname = \"c\"\n";
        for (gone, expected) in [
            (
                "a",
                "# one\n\n# two\n[[mute]] # b\nname = \"b\"\nuntil = \"2026-01-01\"\n\n# three\n[[mute]]\nname = \"c\"\n",
            ),
            ("b", "# one\n[[mute]]\nname = \"a\" # why\n\n# two\n\n# three\n[[mute]]\nname = \"c\"\n"),
            (
                "c",
                "# one\n[[mute]]\nname = \"a\" # why\n\n# two\n[[mute]] # b\nname = \"b\"\nuntil = \"2026-01-01\"\n\n# three\n",
            ),
            ("d", text),
        ] {
            assert_eq!(remove(text, "mute", |get| get("name").as_deref() == Some(gone)).unwrap().0, expected, "{gone}");
        }
        let (all, n) = remove(text, "mute", |_| true).unwrap();
        assert_eq!((all.as_str(), n), ("# one\n\n# two\n\n# three\n", 3));
    }

    #[test]
    fn a_byte_order_mark_stays_and_shifts_nothing() {
        let text = "\u{feff}# one\n[[mute]]\nname = \"a\"\n\n[[mute]]\nname = \"b\"\n";
        let added = add(text, "mute", &[("name", Field::text("c"))]).unwrap();
        assert_eq!(added, format!("{text}\n[[mute]]\nname = \"c\"\n"));
        assert_eq!(remove(&added, "mute", |get| get("name").as_deref() == Some("c")).unwrap().0, text);
        let without = remove(text, "mute", |get| get("name").as_deref() == Some("a")).unwrap().0;
        assert_eq!(without, "\u{feff}# one\n\n[[mute]]\nname = \"b\"\n");
    }

    #[test]
    fn what_cannot_be_edited_is_said() {
        assert!(matches!(add("= 1", "mute", &[]), Err(EditError::NotToml(_))));
        assert_eq!(add("mute = [{ name = \"a\" }]\n", "mute", &[]), Err(EditError::Inline("mute".to_owned())));
        assert_eq!(line_of(FILE, "body", "name", "Wexmoor Police"), Some(10));
        assert_eq!((line_of(FILE, "body", "name", "x"), count(FILE, "person")), (None, 1));
    }
}
