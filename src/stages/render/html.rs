//! The digest as one HTML file: nothing remote, no script, dark and light, good on a phone and on paper.

use super::{safe, words};
use crate::domain::{Digest, DigestItem, DigestSection, Evidence, Level};
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
    corrections(&mut out, digest);
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

/// What corrects earlier digests: first of all.
fn corrections(out: &mut String, digest: &Digest) {
    if digest.corrections.is_empty() {
        return;
    }
    out.push_str("<section>\n<h2>Corrections</h2>\n");
    for item in &digest.corrections {
        out.push_str("<article>\n");
        if item.alert.is_correction() {
            correction(out, item, &digest.zone);
        } else {
            one(out, item, false, &digest.zone);
        }
        out.push_str("</article>\n");
    }
    out.push_str("</section>\n");
}

fn correction(out: &mut String, item: &DigestItem, zone: &str) {
    let names: Vec<String> = item.alert.tracked_names.iter().map(|n| safe::cut(n, words::NAME)).collect();
    let headline = escape(&words::headline(item));
    let link = item.alert.url.as_deref().and_then(safe::link);
    let headline = link.map_or_else(
        || headline.clone(),
        |l| format!("<a href=\"{}\" rel=\"noreferrer noopener\">{headline}</a>", escape(&l)),
    );
    out.push_str(&format!(
        "<h3><span class=\"kind\">{} <span>· {}</span></span>{headline}</h3>\n",
        words::kind(item),
        escape(&names.join(", "))
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
    for line in words::corrects(item, zone) {
        paragraph(out, "soft", &escape(&line));
    }
    let id = format!("<span class=\"id\">alert <code>{}</code></span>", escape(item.alert.id.as_str()));
    paragraph(out, "soft", &format!("{} {id}", escape(&words::origin(item, zone))));
}

fn one_section(out: &mut String, section: &DigestSection, zone: &str) {
    out.push_str(&format!("<section>\n<h2>{}</h2>\n", escape(&words::title(section))));
    for item in &section.items {
        let class = match (section.keyword, item.alert.level) {
            (true, _) => " class=\"hit\"",
            (false, Level::Minor) => " class=\"minor\"",
            (false, Level::Major) => "",
        };
        out.push_str(&format!("<article{class}>\n"));
        one(out, item, section.keyword, zone);
        out.push_str("</article>\n");
    }
    out.push_str("</section>\n");
}

fn one(out: &mut String, item: &DigestItem, keyword: bool, zone: &str) {
    let headline = escape(&words::headline(item));
    let link = item.alert.url.as_deref().and_then(safe::link);
    let headline = link.map_or_else(
        || headline.clone(),
        |l| format!("<a href=\"{}\" rel=\"noreferrer noopener\">{headline}</a>", escape(&l)),
    );
    let detail = words::detail(item);
    let detail = if detail.is_empty() { String::new() } else { format!(" · {}", escape(&detail)) };
    if keyword {
        out.push_str(&format!("<h3>{headline}</h3>\n"));
    } else {
        let minor = if item.alert.level == Level::Minor { "minor · " } else { "" };
        let date = words::date(item).unwrap_or_else(|| "date not given".to_owned());
        out.push_str(&format!(
            "<h3><span class=\"kind\">{} <span>· {minor}{date}{detail}</span></span>{headline}</h3>\n",
            words::kind(item)
        ));
    }
    quote(out, &item.alert.evidence);
    for caution in words::cautions(item) {
        paragraph(out, "caution", &escape(caution));
    }
    let origin: Vec<String> = [Some(words::origin(item, zone)).filter(|o| !o.is_empty()), words::sources(item)]
        .into_iter()
        .flatten()
        .collect();
    let id = format!("<span class=\"id\">alert <code>{}</code></span>", escape(item.alert.id.as_str()));
    let origin = origin.iter().map(|o| escape(o)).collect::<Vec<_>>().join(" · ");
    paragraph(out, "soft", &format!("{origin} {id}"));
    if let Some(others) = words::also_about(item) {
        paragraph(out, "soft", &format!("<b>Also about:</b> {}", escape(&others)));
    }
    for line in words::corrects(item, zone) {
        paragraph(out, "soft", &escape(&line));
    }
    if let Some(known) = words::known_before(&item.known_before) {
        paragraph(out, "soft", &format!("<b>Known before:</b> {}", escape(&known)));
    }
}

fn quote(out: &mut String, evidence: &Evidence) {
    let pieces = safe::pieces(&evidence.text, &evidence.marks, words::SENTENCE);
    if pieces.is_empty() {
        return;
    }
    out.push_str("<blockquote>");
    for piece in pieces {
        let words = escape(&piece.text);
        if piece.marked {
            out.push_str(&format!("<mark>{words}</mark>"));
        } else {
            out.push_str(&words);
        }
    }
    out.push_str("</blockquote>\n");
}

fn doubts(out: &mut String, digest: &Digest) {
    if digest.doubts.is_empty() {
        return;
    }
    out.push_str("<section>\n<h2>Could not tell</h2>\n<ul class=\"soft\">\n");
    for (headline, doubt) in digest.doubts.iter().take(words::MOST_LISTED) {
        let kind = doubt.kind.map_or_else(String::new, |k| format!("<b>{}?</b> ", k.label()));
        let reason = escape(&safe::cut(&doubt.reason, words::HEADLINE));
        out.push_str(&format!("<li>{kind}{reason}"));
        let evidence = safe::cut(&doubt.evidence, words::SENTENCE);
        if !evidence.is_empty() {
            out.push_str(&format!("<blockquote>{}</blockquote>", escape(&evidence)));
        }
        out.push_str(&format!("In “{}”</li>\n", escape(&safe::cut(headline, words::HEADLINE))));
    }
    more(out, digest.doubts.len());
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
