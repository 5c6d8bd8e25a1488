//! The digest as blocks of text in the marks of Slack, which Mattermost and Discord read too.
//!
//! Source: Slack, "Formatting text for app surfaces": `&`, `<` and `>` are escaped, `*bold*`, `>` before a quotation,
//! `<address|words>` for a link. Nothing else can be escaped there; a stray asterisk does no harm.

use super::{safe, words};
use crate::domain::{Alert, AlertKind, Digest, DigestItem, DigestSection, ReadingDoubt};
use crate::stages::digest::when;

/// Most characters of a block, escapes included: a whole message of the strictest reader (Discord: 2,000) has room for one.
pub const BLOCK: usize = 1_900;

/// `digest` as blocks of at most [`BLOCK`] characters, in the order in which they are read.
pub fn slack(digest: &Digest) -> Vec<String> {
    let mut blocks = Blocks::default();
    blocks.begin();
    blocks.line(&bold(&words::subject(digest)));
    let range = when::range(digest.from, digest.to, &digest.zone);
    blocks.line(&escape(&format!("{range} · {}", words::counts(digest))));
    for notice in &digest.notices {
        blocks.line(&format!(":warning: {}", escape(&safe::cut(notice, words::SENTENCE))));
    }
    for line in &digest.overview {
        blocks.line(&format!("• {}", escape(&safe::cut(line, words::HEADLINE))));
    }
    if !digest.corrections.is_empty() {
        blocks.begin();
        blocks.line(&bold(&words::corrections(digest).to_uppercase()));
        for item in &digest.corrections {
            if item.alert.is_correction() {
                correction(&mut blocks, item, &digest.zone);
            } else {
                one(&mut blocks, item, &digest.zone, "About");
            }
        }
    }
    for section in &digest.sections {
        one_section(&mut blocks, section, &digest.zone);
    }
    if let Some(flood) = &digest.flood {
        blocks.begin();
        blocks.line(&bold("HELD BACK"));
        words::flood(flood, &digest.zone).iter().for_each(|line| blocks.line(&escape(line)));
    }
    doubts(&mut blocks, digest);
    foot(&mut blocks, digest);
    blocks.out
}

/// Lines gathered into blocks.
#[derive(Default)]
struct Blocks {
    out: Vec<String>,
}

impl Blocks {
    /// Begins a new block with the next line.
    fn begin(&mut self) {
        if self.out.last().is_none_or(|block| !block.is_empty()) {
            self.out.push(String::new());
        }
    }

    /// Adds an escaped line to the block, or to a new one where it has no room left.
    fn line(&mut self, line: &str) {
        let line = fit(line);
        let length = line.chars().count();
        match self.out.last_mut() {
            Some(block) if block.is_empty() => *block = line,
            Some(block) if block.chars().count() + 1 + length <= BLOCK => {
                block.push('\n');
                block.push_str(&line);
            }
            _ => self.out.push(line),
        }
    }
}

/// `line` cut to the length of a block: not inside an escape or a link.
fn fit(line: &str) -> String {
    if line.chars().count() <= BLOCK {
        return line.to_owned();
    }
    let kept: String = line.chars().take(BLOCK - 1).collect();
    let open = |from: char, to: char| match (kept.rfind(from), kept.rfind(to)) {
        (Some(begun), Some(ended)) => begun > ended,
        (begun, None) => begun.is_some(),
        (None, _) => false,
    };
    let at = match (open('<', '>'), open('&', ';')) {
        (true, _) => kept.rfind('<'),
        (_, true) => kept.rfind('&'),
        _ => None,
    };
    format!("{}…", at.and_then(|at| kept.get(..at)).unwrap_or(&kept))
}

fn one_section(blocks: &mut Blocks, section: &DigestSection, zone: &str) {
    blocks.begin();
    blocks.line(&bold(&words::title(section).to_uppercase()));
    for story in &section.stories {
        if let Some(name) = &story.name {
            blocks.line(&bold(&safe::cut(name, words::NAME)));
        }
        for item in &story.items {
            one(blocks, item, zone, "Also about");
        }
        for (name, words) in words::around(story) {
            blocks.line(&format!("{}: {}.", escape(name), escape(&words)));
        }
    }
    let shown = section.minor.get(..words::MOST_MINOR).unwrap_or(&section.minor);
    for item in shown {
        minor(blocks, item, zone);
    }
    if let Some(more) = words::more_minor(section.minor.len()) {
        blocks.line(&escape(&more));
    }
}

fn one(blocks: &mut Blocks, item: &DigestItem, zone: &str, about: &str) {
    let mut title = format!("• {}", bold(&words::kind(item)));
    let detail = words::detail(item);
    if !detail.is_empty() {
        title += &format!(": {}", escape(&detail));
    }
    let date = words::date(item, zone).unwrap_or_else(|| "date not given".to_owned());
    blocks.line(&format!("{title} · {}", escape(&date)));
    for alert in words::quoted(item) {
        quote(blocks, &sentence(alert, words::SENTENCE));
    }
    words::cautions(item).iter().for_each(|caution| blocks.line(&escape(caution)));
    told_by(blocks, item, zone);
    if let Some(sources) = words::sources(item) {
        blocks.line(&format!("{}.", escape(&sources)));
    }
    let elsewhere: Vec<String> = words::elsewhere(item).iter().map(|(name, url)| linked(name, Some(url))).collect();
    if !elsewhere.is_empty() {
        blocks.line(&format!("Also in {}", elsewhere.join(", ")));
    }
    if let Some(others) = words::also_about(item) {
        blocks.line(&format!("{about}: {}.", escape(&others)));
    }
    words::corrects(item, zone).iter().for_each(|line| blocks.line(&escape(line)));
    let (word, ids) = words::ids(item);
    blocks.line(&escape(&format!("[{word} {}]", ids.join(", "))));
}

/// A statement or the hit of a keyword, in few lines.
fn minor(blocks: &mut Blocks, item: &DigestItem, zone: &str) {
    let kind = match item.alert.content {
        AlertKind::Keyword { .. } => String::new(),
        AlertKind::Development { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => {
            format!("{}: ", bold(&words::kind(item)))
        }
    };
    let names = words::unnamed(item).map_or_else(String::new, |names| format!(" ({})", escape(&names)));
    let sentence = sentence(&item.alert, words::SHORT_SENTENCE);
    blocks.line(&format!("• {kind}{sentence}{names} {}", escape(&format!("[alert {}]", item.alert.id))));
    words::cautions(item).iter().for_each(|caution| blocks.line(&escape(caution)));
    told_by(blocks, item, zone);
}

/// An article that was changed: what changed, and which alert it corrects.
fn correction(blocks: &mut Blocks, item: &DigestItem, zone: &str) {
    let names: Vec<String> = item.alert.tracked_names.iter().map(|n| safe::cut(n, words::NAME)).collect();
    let about = if names.is_empty() { String::new() } else { format!(": {}", escape(&names.join(", "))) };
    blocks.line(&format!("• {}{about}", bold(&words::kind(item))));
    for change in item.alert.changes().iter().take(words::MOST_CHANGES) {
        let (what, before, after) = words::change(change);
        blocks.line(&escape(&what));
        for (label, sentence) in [("was", before), ("now", after)] {
            if !sentence.is_empty() {
                quote(blocks, &escape(&format!("{label}: {sentence}")));
            }
        }
    }
    words::cautions(item).iter().for_each(|caution| blocks.line(&escape(caution)));
    words::corrects(item, zone).iter().for_each(|line| blocks.line(&escape(line)));
    told_by(blocks, item, zone);
    blocks.line(&escape(&format!("[alert {}]", item.alert.id)));
}

/// Who tells it, when, and the headline as a link.
fn told_by(blocks: &mut Blocks, item: &DigestItem, zone: &str) {
    let origin = words::origin(item, zone);
    let origin = if origin.is_empty() { origin } else { format!("{}: ", escape(&origin)) };
    blocks.line(&format!("{origin}{}", linked(&words::headline(item), item.alert.url.as_deref())));
}

fn doubts(blocks: &mut Blocks, digest: &Digest) {
    if digest.doubts.is_empty() {
        return;
    }
    blocks.begin();
    blocks.line(&bold("COULD NOT TELL"));
    let all = words::doubts(digest);
    for (kinds, ReadingDoubt { headline, url, doubt }) in all.iter().take(words::MOST_LISTED) {
        let reason = safe::cut(&doubt.reason, words::HEADLINE);
        blocks.line(&escape(&format!("• {}", format!("{kinds} {reason}").trim())));
        quote(blocks, &escape(&safe::cut(&doubt.evidence, words::SENTENCE)));
        blocks.line(&format!("In {}", linked(&safe::cut(headline, words::HEADLINE), url.as_deref())));
    }
    more(blocks, all.len());
}

fn foot(blocks: &mut Blocks, digest: &Digest) {
    blocks.begin();
    if let Some(state) = words::sources_state(digest) {
        blocks.line(&escape(&state));
    }
    for note in digest.sources.notes.iter().take(words::MOST_LISTED) {
        let (name, message) = (safe::cut(&note.name, words::NAME), safe::cut(&note.message, words::HEADLINE));
        blocks.line(&escape(&format!("• {name}: {message}")));
    }
    more(blocks, digest.sources.notes.len());
    blocks.line(&escape(&format!("conductwatch · digest {}", digest.id)));
}

fn more(blocks: &mut Blocks, all: usize) {
    let rest = all.saturating_sub(words::MOST_LISTED);
    if rest > 0 {
        blocks.line(&format!("• {rest} more"));
    }
}

fn quote(blocks: &mut Blocks, escaped: &str) {
    if !escaped.is_empty() {
        blocks.line(&format!("> {escaped}"));
    }
}

/// The sentence of evidence, escaped, the watched in bold.
fn sentence(alert: &Alert, most: usize) -> String {
    let pieces = safe::pieces(&alert.evidence.text, &alert.evidence.marks, most);
    let one = |p: &safe::Piece| match (p.marked, p.text.trim()) {
        (true, words) if !words.is_empty() => {
            let space = |end: bool| if end { " " } else { "" };
            format!("{}{}{}", space(p.text.starts_with(' ')), bold(words), space(p.text.ends_with(' ')))
        }
        _ => escape(&p.text),
    };
    pieces.iter().map(one).collect()
}

fn bold(words: &str) -> String {
    // An asterisk inside would end it.
    format!("*{}*", escape(&words.replace('*', "∗")))
}

/// `words` as a link to `url`, where that may be shown.
fn linked(words: &str, url: Option<&str>) -> String {
    match url.and_then(safe::link) {
        // Only these three of the characters that an address may hold mean something inside a link.
        Some(url) => format!("<{}|{}>", url.replace('|', "%7C").replace('&', "&amp;"), escape(words).replace('|', "¦")),
        None => escape(words),
    }
}

/// `text` as a safe line, the three special characters escaped. An `@` that would call everybody in the room does not: Slack
/// asks for brackets around it, Mattermost and Discord do not.
fn escape(text: &str) -> String {
    const CALLS: [&str; 4] = ["everyone", "here", "channel", "all"];
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => {
                out.push('@');
                let rest = text.get(at + 1..).unwrap_or("");
                let calls = |word: &&str| rest.get(..word.len()).is_some_and(|r| r.eq_ignore_ascii_case(word));
                if CALLS.iter().any(calls) {
                    // A space without width, which parts the word from its mark.
                    out.push('\u{200b}');
                }
            }
            c if safe::is_treacherous(c) => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_a_mark_or_calls_anybody() {
        for (text, expected) in [
            ("a <!channel> & <@U1> b", "a &lt;!channel&gt; &amp; &lt;@U1&gt; b"),
            ("@everyone @Here x@ally.example", "@\u{200b}everyone @\u{200b}Here x@\u{200b}ally.example"),
            ("@ada \u{202e}x", "@ada x"),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
        assert_eq!(
            linked("a|b>", Some("https://e.example/?a=b&c=d|e")),
            "<https://e.example/?a=b&amp;c=d%7Ce|a¦b&gt;>"
        );
        assert_eq!(linked("x", Some("javascript:alert(1)")), "x");
        assert_eq!(bold("a * b"), "*a ∗ b*");
    }

    #[test]
    fn blocks_are_never_too_long_and_break_at_lines() {
        let mut blocks = Blocks::default();
        blocks.line(&"a".repeat(1_000));
        blocks.line(&"b".repeat(899));
        blocks.line("c");
        blocks.line(&format!("{}&amp;{}", "d".repeat(BLOCK - 4), "e".repeat(9)));
        blocks.line(&format!("{}<https://e.example/{}|x>", "f".repeat(1_000), "g".repeat(2_000)));
        let lengths: Vec<usize> = blocks.out.iter().map(|b| b.chars().count()).collect();
        assert_eq!(lengths, [1_900, BLOCK - 1, 1_001]);
        assert!(blocks.out.iter().all(|b| !b.contains("&a") && !b.contains("<h")), "{:?}", blocks.out);
    }
}
