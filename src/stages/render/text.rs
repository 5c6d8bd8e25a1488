//! The digest as plain text: readable in a terminal and as the text part of a mail.

use super::{safe, words};
use crate::domain::{Digest, DigestItem, DigestSection, Level};
use crate::stages::digest::when;

/// Most characters of a line. Only an address may be longer: a broken one would not open.
pub const WIDTH: usize = 78;

/// `digest` as plain text of lines no longer than [`WIDTH`]; mentions of the watched stand between asterisks.
pub fn text(digest: &Digest) -> String {
    let mut out = String::new();
    wrap(&mut out, &words::subject(digest), "", "");
    wrap(&mut out, &when::range(digest.from, digest.to, &digest.zone), "", "");
    wrap(&mut out, &words::counts(digest), "", "");
    for notice in &digest.notices {
        out.push('\n');
        wrap(&mut out, &safe::cut(notice, words::SENTENCE), "! ", "  ");
    }
    corrections(&mut out, digest);
    for section in &digest.sections {
        heading(&mut out, &words::title(section));
        body(&mut out, section, &digest.zone);
    }
    if let Some(flood) = &digest.flood {
        heading(&mut out, "Held back");
        for line in words::flood(flood, &digest.zone) {
            wrap(&mut out, &line, "", "");
        }
    }
    doubts(&mut out, digest);
    foot(&mut out, digest);
    out
}

/// What corrects earlier digests: first of all.
fn corrections(out: &mut String, digest: &Digest) {
    if digest.corrections.is_empty() {
        return;
    }
    heading(out, "Corrections");
    for (n, item) in digest.corrections.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        if item.alert.is_correction() {
            correction(out, item, &digest.zone);
        } else {
            one(out, item, false, &digest.zone);
        }
    }
}

fn correction(out: &mut String, item: &DigestItem, zone: &str) {
    let names: Vec<String> = item.alert.tracked_names.iter().map(|n| safe::cut(n, words::NAME)).collect();
    let about = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
    wrap(out, &format!("{}{about}", words::kind(item)), "- ", "  ");
    for change in item.alert.changes().iter().take(words::MOST_CHANGES) {
        let (what, before, after) = words::change(change);
        wrap(out, &what, "  ", "    ");
        for (label, sentence) in [("was", before), ("now", after)] {
            if !sentence.is_empty() {
                wrap(out, &format!("{label}: {sentence}"), "  > ", "  > ");
            }
        }
    }
    for line in words::corrects(item, zone) {
        wrap(out, &line, "  ", "    ");
    }
    wrap(out, &words::origin(item, zone), "  ", "    ");
    if let Some(link) = item.alert.url.as_deref().and_then(safe::link) {
        wrap(out, &link, "  ", "  ");
    }
    wrap(out, &format!("[alert {}]", item.alert.id), "  ", "  ");
}

fn body(out: &mut String, section: &DigestSection, zone: &str) {
    for (n, item) in section.items.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        one(out, item, section.keyword, zone);
    }
}

fn one(out: &mut String, item: &DigestItem, keyword: bool, zone: &str) {
    let minor = if item.alert.level == Level::Minor && !keyword { " (minor)" } else { "" };
    let mut title = if keyword { words::headline(item) } else { format!("{}{minor}", words::kind(item)) };
    let detail = words::detail(item);
    if !detail.is_empty() {
        title = format!("{title}: {detail}");
    }
    if !keyword {
        title = format!("{title} · {}", words::date(item).unwrap_or_else(|| "date not given".to_owned()));
    }
    wrap(out, &title, "- ", "  ");
    let evidence = &item.alert.evidence;
    let quote: String = safe::pieces(&evidence.text, &evidence.marks, words::SENTENCE)
        .iter()
        .map(|p| if p.marked { format!("*{}*", p.text) } else { p.text.clone() })
        .collect();
    if !quote.is_empty() {
        wrap(out, &quote, "  > ", "  > ");
    }
    for caution in words::cautions(item) {
        wrap(out, caution, "  ! ", "    ");
    }
    let origin = words::origin(item, zone);
    let from = match (keyword, origin.is_empty()) {
        (true, _) => origin,
        (false, true) => words::headline(item),
        (false, false) => format!("{origin}: {}", words::headline(item)),
    };
    wrap(out, &from, "  ", "    ");
    if let Some(sources) = words::sources(item) {
        wrap(out, &format!("{sources}."), "  ", "    ");
    }
    if let Some(others) = words::also_about(item) {
        wrap(out, &format!("Also about: {others}."), "  ", "    ");
    }
    for line in words::corrects(item, zone) {
        wrap(out, &line, "  ", "    ");
    }
    if let Some(known) = words::known_before(&item.known_before) {
        wrap(out, &format!("Known before: {known}."), "  ", "    ");
    }
    if let Some(link) = item.alert.url.as_deref().and_then(safe::link) {
        wrap(out, &link, "  ", "  ");
    }
    wrap(out, &format!("[alert {}]", item.alert.id), "  ", "  ");
}

fn doubts(out: &mut String, digest: &Digest) {
    if digest.doubts.is_empty() {
        return;
    }
    heading(out, "Could not tell");
    for (headline, doubt) in digest.doubts.iter().take(words::MOST_LISTED) {
        let kind = doubt.kind.map_or_else(String::new, |k| format!("{}? ", k.label()));
        wrap(out, &format!("{kind}{}", safe::cut(&doubt.reason, words::HEADLINE)), "- ", "  ");
        let evidence = safe::cut(&doubt.evidence, words::SENTENCE);
        if !evidence.is_empty() {
            wrap(out, &evidence, "  > ", "  > ");
        }
        wrap(out, &format!("In: {}", safe::cut(headline, words::HEADLINE)), "  ", "    ");
    }
    let rest = digest.doubts.len().saturating_sub(words::MOST_LISTED);
    if rest > 0 {
        wrap(out, &format!("{rest} more"), "- ", "  ");
    }
}

fn foot(out: &mut String, digest: &Digest) {
    out.push_str(&format!("\n{}\n", "-".repeat(WIDTH)));
    if let Some(state) = words::sources_state(digest) {
        wrap(out, &state, "", "");
    }
    for note in digest.sources.notes.iter().take(words::MOST_LISTED) {
        let (name, message) = (safe::cut(&note.name, words::NAME), safe::cut(&note.message, words::HEADLINE));
        wrap(out, &format!("{name}: {message}"), "- ", "  ");
    }
    let rest = digest.sources.notes.len().saturating_sub(words::MOST_LISTED);
    if rest > 0 {
        wrap(out, &format!("{rest} more"), "- ", "  ");
    }
    wrap(out, "Why was I told this, and why not that? conductwatch why ALERT, or why ADDRESS", "", "");
    wrap(out, &format!("conductwatch · digest {}", digest.id), "", "");
}

fn heading(out: &mut String, title: &str) {
    out.push('\n');
    let start = out.len();
    wrap(out, &title.to_uppercase(), "", "");
    let longest = out.get(start..).map_or(0, |t| t.lines().map(|l| l.chars().count()).max().unwrap_or(0));
    out.push_str(&format!("{}\n", "=".repeat(longest)));
}

/// Writes `words` in lines of at most [`WIDTH`] characters. A word longer than a line is broken, unless it is an address.
fn wrap(out: &mut String, words: &str, first: &str, next: &str) {
    let mut line = first.to_owned();
    let mut empty = true;
    for word in words.split_whitespace() {
        let mut word = word.to_owned();
        loop {
            let room = WIDTH.saturating_sub(line.chars().count() + usize::from(!empty));
            if word.chars().count() <= room {
                break;
            }
            if !empty {
                out.push_str(&format!("{}\n", line.trim_end()));
                next.clone_into(&mut line);
                empty = true;
                continue;
            }
            if word.starts_with("http://") || word.starts_with("https://") {
                break;
            }
            let (head, tail): (String, String) = (word.chars().take(room).collect(), word.chars().skip(room).collect());
            out.push_str(&format!("{line}{head}\n"));
            next.clone_into(&mut line);
            word = tail;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(&word);
        empty = false;
    }
    if !empty {
        out.push_str(&format!("{line}\n"));
    }
}
