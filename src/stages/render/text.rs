//! The digest as plain text: readable in a terminal and as the text part of a mail.

use super::{safe, words};
use crate::domain::{Alert, AlertKind, Digest, DigestItem, DigestSection, ReadingDoubt};
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
    if !digest.overview.is_empty() {
        out.push('\n');
        for line in &digest.overview {
            wrap(&mut out, &safe::cut(line, words::HEADLINE), "* ", "  ");
        }
    }
    if !digest.corrections.is_empty() {
        heading(&mut out, words::corrections(digest));
        corrections(&mut out, digest);
    }
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

/// What puts right what was told: an article that was changed by what changed, all else as an item.
fn corrections(out: &mut String, digest: &Digest) {
    for (n, item) in digest.corrections.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        if item.alert.is_correction() {
            correction(out, item, &digest.zone);
        } else {
            items(out, std::slice::from_ref(item), &digest.zone, "About", &[]);
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
    for caution in words::cautions(item) {
        wrap(out, caution, "  ! ", "    ");
    }
    for line in words::corrects(item, zone) {
        wrap(out, &line, "  ", "    ");
    }
    told_by(out, item, zone);
    wrap(out, &format!("[alert {}]", item.alert.id), "  ", "  ");
}

fn body(out: &mut String, section: &DigestSection, zone: &str) {
    for (n, story) in section.stories.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        if let Some(name) = &story.name {
            wrap(out, &format!("{}:", safe::cut(name, words::NAME)), "", "");
        }
        items(out, &story.items, zone, "Also about", &words::around(story));
    }
    if section.minor.is_empty() {
        return;
    }
    if !section.stories.is_empty() {
        out.push_str("\nMinor:\n");
    }
    let shown = section.minor.get(..words::MOST_MINOR).unwrap_or(&section.minor);
    for items in words::by_article(shown) {
        for item in items {
            minor(out, item);
        }
        items.iter().take(1).for_each(|item| told_by(out, item, zone));
    }
    if let Some(more) = words::more_minor(section.minor.len()) {
        wrap(out, &more, "- ", "  ");
    }
}

/// Items one after the other; the last closes with what is to be known `around` them all.
fn items(out: &mut String, items: &[DigestItem], zone: &str, about: &str, around: &[(&str, String)]) {
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        one(out, item, zone, about, n.checked_sub(1).and_then(|before| items.get(before)));
        for (name, words) in around.iter().filter(|_| n + 1 == items.len()) {
            wrap(out, &format!("{name}: {words}."), "  ", "    ");
        }
        let (word, ids) = words::ids(item);
        wrap(out, &format!("[{word} {}]", ids.join(", ")), "  ", "  ");
    }
}

/// One item; the one `before` it may have named its article.
fn one(out: &mut String, item: &DigestItem, zone: &str, about: &str, before: Option<&DigestItem>) {
    let mut title = words::kind(item);
    let detail = words::detail(item);
    if !detail.is_empty() {
        title = format!("{title}: {detail}");
    }
    title = format!("{title} · {}", words::date(item, zone).unwrap_or_else(|| "date not given".to_owned()));
    wrap(out, &title, "- ", "  ");
    for alert in words::quoted(item) {
        let quote = sentence(alert, words::SENTENCE);
        if !quote.is_empty() {
            wrap(out, &quote, "  > ", "  > ");
        }
    }
    for caution in words::cautions(item) {
        wrap(out, caution, "  ! ", "    ");
    }
    let alike = before.is_some_and(|before| words::told_alike(before, item));
    if before.is_some_and(|before| words::same_article(before, item)) {
        wrap(out, &format!("{}.", words::in_same(item, alike)), "  ", "    ");
    } else {
        told_by(out, item, zone);
    }
    if let Some(sources) = words::sources(item).filter(|_| !alike) {
        wrap(out, &format!("{sources}."), "  ", "    ");
    }
    for (outlet, url) in words::elsewhere(item).into_iter().filter(|_| !alike) {
        wrap(out, &format!("Also in {outlet}: {url}"), "  ", "    ");
    }
    if let Some(others) = words::also_about(item) {
        wrap(out, &format!("{about}: {others}."), "  ", "    ");
    }
    for line in words::corrects(item, zone) {
        wrap(out, &line, "  ", "    ");
    }
}

/// A statement or the hit of a keyword, in few lines.
fn minor(out: &mut String, item: &DigestItem) {
    let keyword = matches!(item.alert.content, AlertKind::Keyword { .. });
    let kind = if keyword { String::new() } else { format!("{}: ", words::kind(item)) };
    let names = words::unnamed(item).map_or_else(String::new, |names| format!(" ({names})"));
    let sentence = sentence(&item.alert, words::SHORT_SENTENCE);
    let line = format!("{kind}{sentence}{names}");
    let id = format!("[alert {}]", item.alert.id);
    wrap_words(out, line.split_whitespace().chain([id.as_str()]), "- ", "  ");
    for caution in words::cautions(item) {
        wrap(out, caution, "  ! ", "    ");
    }
}

/// Who tells it, when, under which headline, and where.
fn told_by(out: &mut String, item: &DigestItem, zone: &str) {
    let origin = words::origin(item, zone);
    let origin = if origin.is_empty() { origin } else { format!("{origin}: ") };
    wrap(out, &format!("{origin}{}", words::headline(item)), "  ", "    ");
    if let Some(link) = item.alert.url.as_deref().and_then(safe::link) {
        wrap(out, &link, "  ", "  ");
    }
}

/// The sentence of evidence, the watched between asterisks.
fn sentence(alert: &Alert, most: usize) -> String {
    let pieces = safe::pieces(&alert.evidence.text, &alert.evidence.marks, most);
    pieces.iter().map(|p| if p.marked { format!("*{}*", p.text) } else { p.text.clone() }).collect()
}

fn doubts(out: &mut String, digest: &Digest) {
    if digest.doubts.is_empty() {
        return;
    }
    heading(out, "Could not tell");
    let all = words::doubts(digest);
    for (kinds, ReadingDoubt { headline, url, doubt }) in all.iter().take(words::MOST_LISTED) {
        wrap(out, &format!("{kinds} {}", safe::cut(&doubt.reason, words::HEADLINE)), "- ", "  ");
        let evidence = safe::cut(&doubt.evidence, words::SENTENCE);
        if !evidence.is_empty() {
            wrap(out, &evidence, "  > ", "  > ");
        }
        wrap(out, &format!("In: {}", safe::cut(headline, words::HEADLINE)), "  ", "    ");
        if let Some(link) = url.as_deref().and_then(safe::link) {
            wrap(out, &link, "  ", "  ");
        }
    }
    let rest = all.len().saturating_sub(words::MOST_LISTED);
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
    wrap_words(out, words.split_whitespace(), first, next);
}

/// As [`wrap`], of words that may hold spaces at which they are not to be broken.
fn wrap_words<'a>(out: &mut String, words: impl Iterator<Item = &'a str>, first: &str, next: &str) {
    let mut line = first.to_owned();
    let mut empty = true;
    for word in words {
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
