//! The digest as one HTML file: nothing remote, no script, dark and light, good on a phone and on paper.

use super::{safe, words};
use crate::domain::{AlertKind, Digest, DigestItem, DigestSection, Evidence, ReadingDoubt};
use crate::stages::digest::when;

const STYLE: &str = include_str!("digest.css");

/// Nothing is loaded and nothing runs, whatever a title from outside may hold: a second lock behind the escaping.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// `digest` as one HTML file. Whatever comes from outside is escaped; only `http` and `https` addresses become links.
pub fn html(digest: &Digest) -> String {
    let subject = escape(&words::subject(digest));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <title>{subject}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{subject}</h1>\n"
    );
    let range = when::range(digest.from, digest.to, &digest.zone);
    paragraph(&mut out, "soft", &escape(&format!("{range} · {}", words::counts(digest))));
    for notice in &digest.notices {
        paragraph(&mut out, "notice", &escape(&safe::cut(notice, words::SENTENCE)));
    }
    list(&mut out, "overview", digest.overview.iter().map(|line| escape(&safe::cut(line, words::HEADLINE))));
    if !digest.corrections.is_empty() {
        out.push_str(&format!("<section class=\"fix\">\n<h2>{}</h2>\n", words::corrections(digest)));
        for item in &digest.corrections {
            if item.alert.is_correction() {
                correction(&mut out, item, &digest.zone);
            } else {
                one(&mut out, item, &digest.zone, "About", None);
            }
        }
        out.push_str("</section>\n");
    }
    for section in &digest.sections {
        one_section(&mut out, section, &digest.zone);
    }
    if let Some(flood) = &digest.flood {
        out.push_str("<section>\n<h2>Held back</h2>\n");
        for line in words::flood(flood, &digest.zone) {
            paragraph(&mut out, "", &escape(&line));
        }
        out.push_str("</section>\n");
    }
    doubts(&mut out, digest);
    foot(&mut out, digest);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// `item` alone, as it stands in a digest: HTML without styles of its own.
pub(super) fn item(item: &DigestItem, zone: &str) -> String {
    let mut out = String::new();
    if item.alert.is_correction() {
        correction(&mut out, item, zone);
    } else {
        one(&mut out, item, zone, "Also about", None);
    }
    out
}

/// An article that was changed: what changed, and which alert it corrects.
fn correction(out: &mut String, item: &DigestItem, zone: &str) {
    let names: Vec<String> = item.alert.tracked_names.iter().map(|n| safe::cut(n, words::NAME)).collect();
    out.push_str(&format!(
        "<article>\n<h3><span class=\"kind\">{} <span>· {}</span></span>{}</h3>\n",
        escape(&words::kind(item)),
        escape(&names.join(", ")),
        linked(&words::headline(item), item.alert.url.as_deref())
    ));
    for change in item.alert.changes().iter().take(words::MOST_CHANGES) {
        let (what, before, after) = words::change(change);
        paragraph(out, "caution", &escape(&what));
        for (label, sentence) in [("was", before), ("now", after)] {
            if !sentence.is_empty() {
                out.push_str(&format!("<blockquote><b>{label}:</b> {}</blockquote>\n", escape(&sentence)));
            }
        }
    }
    for caution in words::cautions(item) {
        paragraph(out, "caution", &escape(caution));
    }
    for line in words::corrects(item, zone) {
        paragraph(out, "soft", &escape(&line));
    }
    let id = format!("<span class=\"id\">alert <code>{}</code></span>", escape(item.alert.id.as_str()));
    paragraph(out, "soft", &format!("{} {id}", escape(&words::origin(item, zone))));
    out.push_str("</article>\n");
}

fn one_section(out: &mut String, section: &DigestSection, zone: &str) {
    out.push_str(&format!("<section>\n<h2>{}</h2>\n", escape(&words::title(section))));
    for story in &section.stories {
        if let Some(name) = &story.name {
            paragraph(out, "story", &escape(&safe::cut(name, words::NAME)));
        }
        for items in words::by_article(&story.items) {
            for (n, item) in items.iter().enumerate() {
                one(out, item, zone, "Also about", n.checked_sub(1).and_then(|before| items.get(before)));
            }
        }
        for (name, words) in words::around(story) {
            let class = if name == "Due next" { "due" } else { "soft" };
            paragraph(out, class, &format!("<b>{name}:</b> {}", escape(&words)));
        }
    }
    if !section.minor.is_empty() && !section.stories.is_empty() {
        paragraph(out, "story", "Minor");
    }
    let shown = section.minor.get(..words::MOST_MINOR).unwrap_or(&section.minor);
    let shown = words::by_article(shown).into_iter().map(|items| minor(items, zone));
    list(out, "minor", shown.chain(words::more_minor(section.minor.len())));
    out.push_str("</section>\n");
}

fn list(out: &mut String, class: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("<ul class=\"{class}\">\n"));
    for line in lines {
        out.push_str(&format!("<li>{line}</li>\n"));
    }
    out.push_str("</ul>\n");
}

/// `words` as a link to `url`, where that may be shown.
fn linked(words: &str, url: Option<&str>) -> String {
    let words = escape(words);
    match url.and_then(safe::link) {
        Some(url) => format!("<a href=\"{}\" rel=\"noreferrer noopener\">{words}</a>", escape(&url)),
        None => words,
    }
}

/// One item; the one `before` it may have named its article.
fn one(out: &mut String, item: &DigestItem, zone: &str, about: &str, before: Option<&DigestItem>) {
    let same_article = before.is_some_and(|before| words::same_article(before, item));
    let alike = before.is_some_and(|before| words::told_alike(before, item));
    let headline = linked(&words::headline(item), item.alert.url.as_deref());
    let detail = words::detail(item);
    let detail = if detail.is_empty() { String::new() } else { format!(" · {}", escape(&detail)) };
    let date = words::date(item, zone).unwrap_or_else(|| "date not given".to_owned());
    out.push_str(&format!(
        "<article>\n<h3><span class=\"kind\">{} <span>· {date}{detail}</span></span>{}</h3>\n",
        escape(&words::kind(item)),
        if same_article { "" } else { headline.as_str() }
    ));
    for alert in words::quoted(item) {
        let quote = sentence(&alert.evidence, words::SENTENCE);
        if !quote.is_empty() {
            out.push_str(&format!("<blockquote>{quote}</blockquote>\n"));
        }
    }
    for caution in words::cautions(item) {
        paragraph(out, "caution", &escape(caution));
    }
    let told_by = if same_article { words::in_same(item, alike).to_owned() } else { words::origin(item, zone) };
    let sources = words::sources(item).filter(|_| !alike);
    let mut origin: Vec<String> =
        [Some(told_by).filter(|o| !o.is_empty()), sources].into_iter().flatten().map(|o| escape(&o)).collect();
    let elsewhere = words::elsewhere(item).into_iter().filter(|_| !alike);
    let elsewhere: Vec<String> = elsewhere.map(|(name, url)| linked(&name, Some(&url))).collect();
    if !elsewhere.is_empty() {
        origin.push(format!("also in {}", elsewhere.join(", ")));
    }
    let (word, ids) = words::ids(item);
    let id = format!("<span class=\"id\">{word} <code>{}</code></span>", escape(&ids.join(", ")));
    paragraph(out, "soft", &format!("{} {id}", origin.join(" · ")));
    if let Some(others) = words::also_about(item) {
        paragraph(out, "soft", &format!("<b>{about}:</b> {}", escape(&others)));
    }
    for line in words::corrects(item, zone) {
        paragraph(out, "soft", &escape(&line));
    }
    out.push_str("</article>\n");
}

/// Statements or hits of keywords that one article brings, as one item of a list.
fn minor(items: &[DigestItem], zone: &str) -> String {
    let mut out = String::new();
    for item in items {
        let quote = sentence(&item.alert.evidence, words::SHORT_SENTENCE);
        let kind = match item.alert.content {
            AlertKind::Keyword { .. } => String::new(),
            AlertKind::Development { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => {
                format!("<b>{}:</b> ", escape(&words::kind(item)))
            }
        };
        let names = words::unnamed(item).map_or_else(String::new, |names| format!(" ({})", escape(&names)));
        let id = escape(item.alert.id.as_str());
        let id = format!(" <span class=\"id\">alert <code>{id}</code></span>");
        paragraph(&mut out, "", &format!("{kind}{quote}{names}{id}"));
        for caution in words::cautions(item) {
            paragraph(&mut out, "caution", &escape(caution));
        }
    }
    if let Some(item) = items.first() {
        let origin = words::origin(item, zone);
        let origin = if origin.is_empty() { origin } else { format!("{}: ", escape(&origin)) };
        let headline = linked(&words::headline(item), item.alert.url.as_deref());
        paragraph(&mut out, "soft", &format!("{origin}{headline}"));
    }
    out
}

/// The sentence of evidence as HTML, the watched marked.
fn sentence(evidence: &Evidence, most: usize) -> String {
    let pieces = safe::pieces(&evidence.text, &evidence.marks, most);
    pieces
        .iter()
        .map(|p| if p.marked { format!("<mark>{}</mark>", escape(&p.text)) } else { escape(&p.text) })
        .collect()
}

fn doubts(out: &mut String, digest: &Digest) {
    if digest.doubts.is_empty() {
        return;
    }
    out.push_str("<section>\n<h2>Could not tell</h2>\n<ul class=\"soft\">\n");
    let all = words::doubts(digest);
    for (kinds, ReadingDoubt { headline, url, doubt }) in all.iter().take(words::MOST_LISTED) {
        let kind = if kinds.is_empty() { String::new() } else { format!("<b>{kinds}</b> ") };
        let reason = escape(&safe::cut(&doubt.reason, words::HEADLINE));
        out.push_str(&format!("<li>{kind}{reason}"));
        let evidence = safe::cut(&doubt.evidence, words::SENTENCE);
        if !evidence.is_empty() {
            out.push_str(&format!("<blockquote>{}</blockquote>", escape(&evidence)));
        }
        out.push_str(&format!("In “{}”</li>\n", linked(&safe::cut(headline, words::HEADLINE), url.as_deref())));
    }
    more(out, all.len());
    out.push_str("</ul>\n</section>\n");
}

fn foot(out: &mut String, digest: &Digest) {
    out.push_str("<footer>\n");
    if let Some(state) = words::sources_state(digest) {
        paragraph(out, "", &escape(&state));
    }
    if !digest.sources.notes.is_empty() {
        out.push_str("<ul>\n");
        for note in digest.sources.notes.iter().take(words::MOST_LISTED) {
            let (name, message) = (safe::cut(&note.name, words::NAME), safe::cut(&note.message, words::HEADLINE));
            out.push_str(&format!("<li>{}: {}</li>\n", escape(&name), escape(&message)));
        }
        more(out, digest.sources.notes.len());
        out.push_str("</ul>\n");
    }
    paragraph(
        out,
        "",
        "Why was I told this, and why not that? <code>conductwatch why ALERT</code>, or <code>why ADDRESS</code>",
    );
    paragraph(out, "id", &format!("conductwatch · digest {}", escape(digest.id.as_str())));
    out.push_str("</footer>\n");
}

fn more(out: &mut String, all: usize) {
    let rest = all.saturating_sub(words::MOST_LISTED);
    if rest > 0 {
        out.push_str(&format!("<li>{rest} more</li>\n"));
    }
}

/// Writes a paragraph around `inner`, which is HTML already.
fn paragraph(out: &mut String, class: &str, inner: &str) {
    if class.is_empty() {
        out.push_str(&format!("<p>{inner}</p>\n"));
    } else {
        out.push_str(&format!("<p class=\"{class}\">{inner}</p>\n"));
    }
}

/// `text` as HTML text or attribute value: a safe line with the five special characters escaped.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !safe::is_treacherous(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
