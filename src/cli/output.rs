//! Printing: plain when piped, JSON lines on request, no terminal control characters ever.

use crate::adapters::clock::SystemClock;
use crate::domain::Anonymity;
use crate::ports::Clock as _;
use crate::stages::anonymity::Masks;
use crate::stages::render::safe;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::sync::OnceLock;

/// A message for the user and the exit code to end with.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CliError {
    /// Exit code, by sysexits.
    pub code: u8,
    /// What is wrong, where, and how to mend it.
    pub message: String,
}

impl CliError {
    /// Wrong usage (64).
    pub fn usage(message: impl Into<String>) -> Self {
        Self { code: 64, message: message.into() }
    }

    /// Input that cannot be read as what it should be (65).
    pub fn data(message: impl Into<String>) -> Self {
        Self { code: 65, message: message.into() }
    }

    /// A file that cannot be opened (66).
    pub fn no_input(message: impl Into<String>) -> Self {
        Self { code: 66, message: message.into() }
    }

    /// Something needed is not there: the network, the daemon (69).
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self { code: 69, message: message.into() }
    }

    /// A file or folder that cannot be made (73).
    pub fn cannot_make(message: impl Into<String>) -> Self {
        Self { code: 73, message: message.into() }
    }

    /// A fault of reading or writing (74).
    pub fn io(message: impl Into<String>) -> Self {
        Self { code: 74, message: message.into() }
    }

    /// Another process owns the store; trying later may help (75).
    pub fn locked(message: impl Into<String>) -> Self {
        Self { code: 75, message: message.into() }
    }

    /// Wrong configuration (78).
    pub fn config(message: impl Into<String>) -> Self {
        Self { code: 78, message: message.into() }
    }
}

/// Prints one line; a closed pipe ends the program quietly.
pub(super) fn line(text: &str) {
    raw_line(&printable(text));
}

/// Prints a sentence: at a terminal on lines that fit it.
pub(super) fn say(text: &str) {
    line(&wrap(text, 2, width()));
}

/// Everybody whose name is masked in what this process prints.
static MASKS: OnceLock<Masks> = OnceLock::new();

/// The names of `rules` that are masked today.
pub(super) fn masks(rules: &[Anonymity]) -> Masks {
    Masks::new(rules, SystemClock.now().to_zoned_datetime(TimeZone::UTC).date())
}

/// From now on the names of `rules` are masked in everything that is printed. The first call counts.
pub(super) fn mask(rules: &[Anonymity]) {
    MASKS.get_or_init(|| masks(rules));
}

/// `text` as it may be shown.
pub(super) fn masked(text: &str) -> Cow<'_, str> {
    MASKS.get().and_then(|masks| masks.text(text)).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// `value` as it may be shown.
pub(super) fn masked_value(mut value: serde_json::Value) -> serde_json::Value {
    if let Some(masks) = MASKS.get() {
        masks.value(&mut value);
    }
    value
}

/// As [`line`], for text that the program made printable itself and coloured afterwards.
pub(super) fn raw_line(text: &str) {
    print(&masked(text));
}

/// Prints a line as it is.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").is_err() {
        std::process::exit(0);
    }
}

/// Prints `value` as one line of JSON, in which control and direction characters are escapes: the value is whole, and the
/// line may be shown anywhere.
pub(super) fn json(value: &serde_json::Value) {
    // Masked value by value: as one text, a name could seem to stand across two of them.
    print(&safe::json(&masked_value(value.clone()).to_string()));
}

/// Most characters of one text from outside in an answer for people; `--json` has all.
const MOST: usize = 2_000;

/// `text` from outside as one line that cannot be taken for several, or disturb the terminal.
pub(super) fn plain(text: &str) -> String {
    safe::cut(text, MOST)
}

/// Most characters of a headline in a list for people.
const HEADLINE: usize = 160;

/// A headline as one line of a list.
pub(super) fn headline(text: &str) -> String {
    safe::cut(text, HEADLINE)
}

/// `text` without control and direction characters; line breaks and tabs stay.
pub(super) fn printable(text: &str) -> String {
    let shown = |c: char| if !matches!(c, '\n' | '\t') && safe::is_treacherous(c) { '\u{fffd}' } else { c };
    text.chars().map(shown).collect()
}

/// `1 feed`, `2 feeds`.
pub(super) fn count(n: u64, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {}", several(thing)) }
}

/// Many of `thing`: `entries`, `addresses`, `pieces of a long value`.
fn several(thing: &str) -> String {
    if let Some((head, rest)) = thing.split_once(" of ") {
        return format!("{} of {rest}", several(head));
    }
    let consonant = |stem: &str| stem.ends_with(|c: char| !"aeiou".contains(c));
    match thing.strip_suffix('y') {
        Some(stem) if consonant(stem) => format!("{stem}ies"),
        _ if ["ss", "ch", "sh"].iter().any(|end| thing.ends_with(end)) => format!("{thing}es"),
        _ if thing.ends_with('s') || thing == "meta" => thing.to_owned(),
        _ => format!("{thing}s"),
    }
}

/// How many there are of each: `2 alerts, 1 entry`; `nothing`.
pub(super) fn counts(counts: &BTreeMap<String, u64>) -> String {
    let list: Vec<String> = counts.iter().map(|(thing, n)| count(*n, thing)).collect();
    if list.is_empty() { "nothing".to_owned() } else { list.join(", ") }
}

/// `text` as one word of a shell's command line.
pub(super) fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Columns of the terminal that standard output is; `None` where it is none, so that piped text keeps its lines whole.
pub(super) fn width() -> Option<usize> {
    columns(terminal_size::terminal_size_of(std::io::stdout()))
}

/// The same of standard error.
pub(super) fn error_width() -> Option<usize> {
    columns(terminal_size::terminal_size_of(std::io::stderr()))
}

fn columns(size: Option<(terminal_size::Width, terminal_size::Height)>) -> Option<usize> {
    size.map(|(terminal_size::Width(columns), _)| usize::from(columns).max(40))
}

/// `text` as a cell of a table, `width` columns wide: shortened by `…` where it is longer, filled up where it is shorter.
pub(super) fn cell(text: &str, width: usize) -> String {
    let text = plain(text);
    let length = text.chars().count();
    if length <= width {
        return format!("{text}{}", " ".repeat(width - length));
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// `text` on lines of at most `width` columns, the further ones indented by `indent`; whole where there is no width. A
/// longer word (an address) stays whole.
pub(super) fn wrap(text: &str, indent: usize, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let lead: String = text.chars().take_while(|c| *c == ' ').collect();
    let (mut out, mut column) = (lead.clone(), lead.chars().count());
    let mut at_start = true;
    for word in text.trim_start_matches(' ').split(' ') {
        let length = word.chars().count();
        if !at_start && column + 1 + length > width {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if !at_start {
            out.push(' ');
            column += 1;
        }
        out += word;
        column += length;
        at_start = false;
    }
    out
}

/// Colours on standard output, where there is a terminal that wants them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    on: bool,
}

/// Codes of colours and weights for [`Paint`].
pub(super) mod paint {
    pub(in crate::cli) const BOLD: &str = "1";
    pub(in crate::cli) const DIM: &str = "2";
    pub(in crate::cli) const ITALIC: &str = "3";
    pub(in crate::cli) const GREEN: &str = "32";
    pub(in crate::cli) const YELLOW: &str = "33";
    pub(in crate::cli) const MAGENTA: &str = "35";
    pub(in crate::cli) const CYAN: &str = "36";
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    /// At a terminal, unless NO_COLOR is set.
    Auto,
    /// Also when piped.
    Always,
    /// Never.
    Never,
}

/// What the command line says of colours.
static COLOR: OnceLock<Color> = OnceLock::new();

/// From now on colours are used as `color` says. The first call counts.
pub(super) fn use_color(color: Color) {
    COLOR.get_or_init(|| color);
}

impl Paint {
    /// Colours as the command line says; without a word of it, if standard output is a terminal and `NO_COLOR` is not set.
    ///
    /// Source: no-color.org.
    pub(super) fn stdout() -> Self {
        let on = match COLOR.get() {
            Some(Color::Always) => true,
            Some(Color::Never) => false,
            Some(Color::Auto) | None => {
                std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
            }
        };
        Self { on }
    }

    /// No colours.
    pub(super) const fn none() -> Self {
        Self { on: false }
    }

    /// Whether there are colours.
    pub(super) const fn is_on(self) -> bool {
        self.on
    }

    /// `text`, made printable, between the escape `code` and its reset.
    pub(super) fn text(self, code: &str, text: &str) -> String {
        let text = printable(text);
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text }
    }

    /// Prints [`Paint::text`] as a line.
    pub(super) fn line(self, code: &str, text: &str) {
        raw_line(&self.text(code, text));
    }
}

/// Progress on standard error: a bar at a terminal, nothing when piped.
pub(super) struct Progress {
    bar: indicatif::ProgressBar,
}

impl Progress {
    /// A new bar.
    pub(super) fn new() -> Self {
        let bar = indicatif::ProgressBar::new(1000);
        if let Ok(style) = indicatif::ProgressStyle::with_template("{bar:30} {msg}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Says what is being done.
    pub(super) fn say(&self, message: &str) {
        let message = printable(&masked(message));
        self.bar.println(&message);
        self.bar.set_message(message);
    }

    /// Says what is being done that takes long, and that it goes on.
    pub(super) fn busy(&self, message: &str) {
        if let Ok(style) = indicatif::ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            self.bar.set_style(style);
        }
        self.bar.set_message(printable(&masked(message)));
        self.bar.enable_steady_tick(std::time::Duration::from_millis(200));
    }

    /// Shows that `share` (0 to 1) is done.
    pub(super) fn share(&self, share: f64, message: &str) {
        self.bar.set_message(printable(&masked(message)));
        // The share lies between 0 and 1, so the cast loses nothing that shows.
        self.bar.set_position((share.clamp(0.0, 1.0) * 1000.0) as u64);
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::{count, printable, shell_word, wrap};

    #[test]
    fn things_are_counted_in_plain_english() {
        for (n, thing, expected) in [
            (1, "entry", "1 entry"),
            (0, "entry", "0 entries"),
            (2, "key", "2 keys"),
            (2, "address", "2 addresses"),
            (2, "sketch", "2 sketches"),
            (2, "decisions", "2 decisions"),
            (2, "alert of an article", "2 alerts of an article"),
        ] {
            assert_eq!(count(n, thing), expected);
        }
    }

    #[test]
    fn lines_are_wrapped_at_a_terminal_only() {
        for (text, indent, width, expected) in [
            ("one two three", 2, Some(8), "one two\n  three"),
            ("  one two three", 4, Some(9), "  one two\n    three"),
            ("see https://a.example/long here", 2, Some(10), "see\n  https://a.example/long\n  here"),
            ("one two three", 2, None, "one two three"),
            ("a   b", 2, Some(40), "a   b"),
            ("", 2, Some(40), ""),
        ] {
            assert_eq!(wrap(text, indent, width), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_printed_to_be_pasted_is_quoted_where_it_must() {
        for (word, expected) in [("/etc/c.toml", "/etc/c.toml"), ("my file", "'my file'"), ("it's", "'it'\\''s'")] {
            assert_eq!(shell_word(word), expected);
        }
    }

    #[test]
    fn control_and_direction_characters_are_never_printed() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\td\ne"), "a\u{fffd}[31mb\u{fffd}c\td\ne");
    }
}
