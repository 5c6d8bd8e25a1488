//! A walk over one TOML file that goes on after a problem.

use super::keys::Keys;
use super::problem::{Place, Problem, suggestion};
use std::cell::RefCell;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Lines of one file that are told one by one not to be TOML: behind so many it is another thing that is wrong.
const MOST_BROKEN: usize = 10;

/// What was found wrong so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    problems: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
}

impl Findings {
    pub(super) fn problem(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    pub(super) fn warning(&self, warning: Problem) {
        self.warnings.borrow_mut().push(warning);
    }

    /// Problems and warnings, in order of the files and their lines.
    pub(super) fn sorted(self, files: &[String]) -> (Vec<Problem>, Vec<Problem>) {
        let sort = |mut all: Vec<Problem>| {
            all.sort_by_key(|p| (files.iter().position(|f| *f == p.file), p.line));
            all.dedup();
            all
        };
        (sort(self.problems.into_inner()), sort(self.warnings.into_inner()))
    }
}

/// One file.
#[derive(Debug)]
pub(super) struct Source<'a> {
    file: &'a str,
    /// Byte offset of each line's start.
    lines: Vec<usize>,
    /// Lines on which the file is not TOML; what the parser made of them is not judged.
    broken: Vec<usize>,
    findings: &'a Findings,
}

/// Reads `text` as TOML; what is not TOML is reported, and the rest is read all the same.
pub(super) fn parse<'a>(file: &'a str, text: &'a str, findings: &'a Findings) -> (Source<'a>, Spanned<DeTable<'a>>) {
    // A byte-order mark is not TOML, but some editors leave one.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
    let mut source = Source { file, lines, broken: Vec::new(), findings };
    let broken = |line, message| findings.problem(Problem { file: file.to_owned(), line, key: String::new(), message });
    if let Some(other) = of_another_kind(text) {
        broken(
            1,
            format!("not TOML: this is {other}; the example that `conductwatch init` writes shows what is expected"),
        );
        return (source, DeTable::parse_recoverable("").0);
    }
    let (tree, errors) = DeTable::parse_recoverable(text);
    let mut more = Vec::new();
    for error in errors {
        let line = source.line(error.span().map_or(0, |s| s.start));
        if !source.broken.contains(&line) {
            source.broken.push(line);
            if source.broken.len() > MOST_BROKEN {
                more.push(line);
                continue;
            }
            broken(line, format!("not TOML: {}", error.message().lines().collect::<Vec<_>>().join(", ")));
        }
    }
    match more.as_slice() {
        [] => {}
        [line] => broken(*line, "not TOML either".to_owned()),
        [first, ..] => broken(*first, format!("not TOML either, nor are {} lines below", more.len() - 1)),
    }
    (source, tree)
}

/// What `text` is by its first character, where no TOML begins so.
fn of_another_kind(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    let list = || text.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(['{', ']']));
    match text.chars().next()? {
        '{' => Some("JSON"),
        '[' if list() => Some("JSON"),
        '<' => Some("XML or HTML"),
        _ => None,
    }
}

impl Source<'_> {
    fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset)
    }
}

/// One table of a file. Reading a key reports what is wrong with its value and gives what can be used.
#[derive(Debug, Clone)]
pub(super) struct Table<'a> {
    source: &'a Source<'a>,
    table: &'a DeTable<'a>,
    path: String,
    line: usize,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

impl<'a> Table<'a> {
    /// The file as a table with the `known` keys; others are reported.
    pub(super) fn root(source: &'a Source<'a>, tree: &'a Spanned<DeTable<'a>>, known: Keys) -> Self {
        Self::new(source, tree.get_ref(), String::new(), 1, known)
    }

    fn new(source: &'a Source<'a>, table: &'a DeTable<'a>, path: String, line: usize, known: Keys) -> Self {
        let this = Self { source, table, path, line };
        let mut unknown: Vec<_> = table.keys().filter(|k| !known.contains(&k.get_ref().as_ref())).collect();
        unknown.sort_by_key(|k| k.span().start);
        for key in unknown {
            let name = key.get_ref();
            let line = source.line(key.span().start);
            this.report(line, this.path.clone(), format!("unknown key `{name}`: {}", suggestion(name, known)));
        }
        this
    }

    /// Reports a problem with the table as a whole.
    pub(super) fn complain_here(&self, message: impl Into<String>) {
        self.report(self.line, self.path.clone(), message.into());
    }

    /// Where `key` stands, or would stand.
    pub(super) fn place(&self, key: &str) -> Place {
        let line = self.table.get_key_value(key).map_or(self.line, |(k, _)| self.source.line(k.span().start));
        Place { file: self.source.file.to_owned(), line, key: self.join(key) }
    }

    /// Reports a problem with `key`.
    pub(super) fn complain(&self, key: &str, message: impl Into<String>) {
        let place = self.place(key);
        self.report(place.line, place.key, message.into());
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn report(&self, line: usize, key: String, message: String) {
        if !self.source.broken.contains(&line) {
            let file = self.source.file.to_owned();
            self.source.findings.problem(Problem { file, line, key, message });
        }
    }

    fn join(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'a>>, expected: &str) {
        let line = self.source.line(value.span().start);
        self.report(line, self.join(key), format!("expected {expected}, found {}", kind_of(value.get_ref())));
    }

    /// The text under `key`, read by `read`.
    pub(super) fn text<T>(&self, key: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let value = self.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, value, "a text in quotes");
            return None;
        };
        read(text).map_err(|message| self.complain(key, message)).ok()
    }

    /// The text under `key`, which must be there.
    pub(super) fn required<T>(&self, key: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        if !self.has(key) && self.source.broken.is_empty() {
            self.report(self.line, self.path.clone(), format!("`{key}` is missing"));
        }
        self.text(key, read)
    }

    /// `true` or `false` under `key`.
    pub(super) fn flag(&self, key: &str, default: bool) -> bool {
        let Some(value) = self.get(key) else { return default };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(key, value, "true or false");
            default
        })
    }

    /// A whole number under `key`, within `range`.
    pub(super) fn number(&self, key: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.get(key)?;
        let Some(number) = value.get_ref().as_integer() else {
            self.wrong_type(key, value, "a whole number");
            return None;
        };
        let number = u32::from_str_radix(number.as_str(), number.radix()).ok().filter(|n| range.contains(n));
        if number.is_none() {
            self.complain(key, format!("must be a whole number from {} to {}", range.start(), range.end()));
        }
        number
    }

    /// The texts under `key`, each read by `read`; a single text is a list of one. `None` when the key is not there.
    pub(super) fn list<T>(&self, key: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<Vec<Found<T>>> {
        let value = self.get(key)?;
        let file = self.source.file;
        let one = |item: &Spanned<DeValue<'a>>, key: String| {
            let line = self.source.line(item.span().start);
            let Some(text) = text_of(item.get_ref()) else {
                self.report(line, key, format!("expected a text in quotes, found {}", kind_of(item.get_ref())));
                return None;
            };
            match read(&text) {
                Ok(value) => Some(Found { value, place: Place { file: file.to_owned(), line, key } }),
                Err(message) => {
                    self.report(line, key, message);
                    None
                }
            }
        };
        match value.get_ref() {
            DeValue::Array(items) => {
                let key = self.join(key);
                Some(items.iter().enumerate().filter_map(|(n, i)| one(i, format!("{key}[{}]", n + 1))).collect())
            }
            DeValue::String(_) => Some(one(value, self.join(key)).into_iter().collect()),
            _ => {
                self.wrong_type(key, value, "a list of texts");
                None
            }
        }
    }

    /// The table under `key`.
    pub(super) fn table(&self, key: &str, known: Keys) -> Option<Table<'a>> {
        let (name, value) = self.table.get_key_value(key)?;
        let line = self.source.line(name.span().start);
        match value.get_ref() {
            DeValue::Table(table) => Some(Table::new(self.source, table, self.join(key), line, known)),
            _ => {
                self.wrong_type(key, value, &format!("a table: begin it with [{key}]"));
                None
            }
        }
    }

    /// The tables under `key`, each begun by `[[key]]`.
    pub(super) fn tables(&self, key: &str, known: Keys) -> Vec<Table<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, &format!("a list of tables: begin each with [[{key}]]"));
            return Vec::new();
        };
        let mut out = Vec::new();
        for (n, item) in items.iter().enumerate() {
            let path = format!("{}[{}]", self.join(key), n + 1);
            let line = self.source.line(item.span().start);
            match item.get_ref() {
                DeValue::Table(table) => out.push(Table::new(self.source, table, path, line, known)),
                other => {
                    let found = kind_of(other);
                    self.report(line, path, format!("expected a table: begin it with [[{key}]], found {found}"));
                }
            }
        }
        out
    }
}

/// A text, or a local time (`07:30` without quotes) as text.
fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Datetime(time) if time.date.is_none() => Some(time.to_string()),
        _ => None,
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
