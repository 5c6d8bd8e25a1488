//! Plain text as copied or archived: taken apart by the form of its lines.
//!
//! A news text has a head (prompts, headline, standfirst, byline, date, first picture), a body of sentences with pictures, prompts
//! and other stories between them, and a tail. Prose ends like a sentence; what does not end is a headline, a caption, a label or a
//! sub-heading, and position and neighbours tell which.

use super::byline::{self, Byline};
use super::dates::{self, Dates};
use super::furniture::{FURNITURE, Plain, Sort, appeal_runs, opens_with_quote};
use super::unended::{self, Unended};
use super::{Cleaned, prose};
use crate::domain::{Article, Block, BlockKind, Dropped, Flag, RelatedLink};

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Headline,
    Standfirst,
    Byline(Byline, Dates),
    Date(Dates),
    Body(BlockKind),
    Caption(String),
    Related(String),
    Dropped(String),
    Open,
}

struct Line {
    /// As it came, for gaps that separate columns.
    raw: String,
    /// White space collapsed.
    text: String,
    /// The same as the rules for furniture see it.
    plain: Plain,
    bullet: bool,
    terminated: bool,
    words: usize,
    kind: Kind,
}

/// Longest line that is looked at as a heading, caption or label of its own, in words.
const LABEL_WORDS: usize = 45;

/// Most of a text that is read, in bytes: ten times the longest article.
const MAX_BYTES: usize = 1 << 20;
/// Most lines that are read.
const MAX_LINES: usize = 5_000;

/// Cleans a plain text.
pub(super) fn clean(text: &str) -> Cleaned {
    let cut = text.char_indices().map(|(at, _)| at).find(|at| *at >= MAX_BYTES);
    let mut lines = lines(cut.and_then(|at| text.get(..at)).unwrap_or(text));
    let cut = cut.is_some() || lines.len() > MAX_LINES;
    lines.truncate(MAX_LINES);
    mark_furniture(&mut lines);
    mark_appeals(&mut lines);
    let headline = find_headline(&lines);
    if let Some(at) = headline {
        lines[at].kind = Kind::Headline;
    }
    let body = mark_head(&mut lines, headline);
    mark_body(&mut lines, body);
    let mut cleaned = gather(lines);
    if cut {
        let text = format!("only the first {MAX_BYTES} bytes and {MAX_LINES} lines are read");
        cleaned.dropped.push(Dropped { rule: "text-too-long".to_owned(), text });
    }
    cleaned
}

/// The lines of `text` that hold anything; lines broken at a fixed width are joined.
fn lines(text: &str) -> Vec<Line> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}'], "\n");
    let clean: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}') && (*c == '\n' || *c == '\t' || !c.is_control()))
        .collect();
    let joined = if is_hard_wrapped(&clean) { unwrap(&clean) } else { clean };
    joined
        .split('\n')
        .filter_map(|raw| {
            let text = raw.split_whitespace().collect::<Vec<_>>().join(" ");
            if text.is_empty() {
                return None;
            }
            let bullet = text.starts_with(['•', '·', '▪', '●', '–', '*', '‣', '◦']) || text.starts_with("- ");
            let (terminated, words) = (prose::is_terminated(&text), prose::words(&text));
            let plain = Plain::new(&text);
            Some(Line { raw: raw.trim().to_owned(), text, plain, bullet, terminated, words, kind: Kind::Open })
        })
        .collect()
}

/// Whether most lines inside paragraphs break at a fixed width and not at the end of a sentence.
fn is_hard_wrapped(text: &str) -> bool {
    let (mut inner, mut broken) = (0usize, 0usize);
    for paragraph in text.split("\n\n") {
        let lines: Vec<&str> = paragraph.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        for line in lines.iter().rev().skip(1) {
            inner += 1;
            let length = line.chars().count();
            broken += usize::from((45..=110).contains(&length) && !prose::is_terminated(line));
        }
    }
    inner >= 6 && broken * 3 > inner * 2
}

fn unwrap(text: &str) -> String {
    text.split("\n\n").map(|p| p.lines().map(str::trim).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n\n")
}

/// Marks what is furniture wherever it stands.
fn mark_furniture(lines: &mut [Line]) {
    for line in lines.iter_mut() {
        if line.words >= 5 && line.plain.is_correction() {
            line.kind = Kind::Body(BlockKind::CorrectionNote);
        } else if let Some(verdict) = line.plain.verdict() {
            // "Read more: …" with a sentence after it is a link all the same; a date is read before anything is thrown away.
            let dated = verdict.sort != Sort::Caption
                && dates::read(&line.text).is_some_and(|d| !d.time_only && prose::words(&d.rest) <= 3);
            if verdict.sort == Sort::Related && prose::is_menu(&line.text) {
                line.kind = Kind::Dropped("menu".to_owned());
            } else if !dated || verdict.rule == "icon-names" {
                line.kind = furniture_kind(verdict.sort, verdict.rule);
            }
        } else if line.words <= 40 && line.plain.addresses_reader() {
            line.kind = Kind::Dropped("speaks-to-reader".to_owned());
        } else if !line.terminated && prose::is_menu(&line.text) && dates::read(&line.text).is_none() {
            line.kind = Kind::Dropped("menu".to_owned());
        } else if prose::says_nothing(&line.text) {
            line.kind = Kind::Dropped("no-words".to_owned());
        }
    }
}

fn furniture_kind(sort: Sort, rule: &str) -> Kind {
    match sort {
        Sort::Caption => Kind::Caption(rule.to_owned()),
        Sort::Related => Kind::Related(rule.to_owned()),
        Sort::Prompt | Sort::Menu | Sort::Tool => Kind::Dropped(rule.to_owned()),
    }
}

/// A plea for money runs over several paragraphs, some of which plead only by their neighbours.
fn mark_appeals(lines: &mut [Line]) {
    let strength: Vec<usize> = lines
        .iter()
        .map(|l| match &l.kind {
            Kind::Dropped(rule) if rule == "donation-appeal" => 3,
            Kind::Open => l.plain.appeal_strength(),
            // What speaks to the reader may plead as well.
            Kind::Dropped(rule) if rule == "speaks-to-reader" => l.plain.appeal_strength(),
            _ => 0,
        })
        .collect();
    for (line, plea) in lines.iter_mut().zip(appeal_runs(&strength)) {
        if plea && line.kind == Kind::Open {
            line.kind = Kind::Dropped("donation-appeal".to_owned());
        }
    }
}

/// The first line that could be a headline: not a label, slot, date or byline, and no sentence of running text.
fn find_headline(lines: &[Line]) -> Option<usize> {
    let mut open = lines.iter().enumerate().filter(|(_, l)| l.kind == Kind::Open);
    let (mut at, mut first) = open.next()?;
    let mut under_label = false;
    loop {
        let date = dates::read(&first.text).is_some_and(|d| {
            prose::words(&d.rest) == 0 || FURNITURE.is_section_label(&d.rest) || byline::read(&d.rest, false).is_some()
        });
        let label = FURNITURE.is_section_label(&first.text) || (first.words <= 1 && !first.terminated);
        let by = first.text.to_lowercase().starts_with("by ") && byline::read(&first.raw, false).is_some();
        let next = open.next();
        // The paper's name over its article; a short headline in capitals is taken for it only where another line follows.
        let outlet = FURNITURE.is_outlet(&first.text);
        if !(date || label || by || outlet) {
            break;
        }
        under_label |= date || by;
        (at, first) = next?;
    }
    let running =
        prose::is_full_sentence(&first.text) && (first.words > 14 || under_label || opens_with_quote(&first.text));
    // A text of one paragraph is its body.
    let alone = lines.iter().filter(|l| l.kind == Kind::Open).count() == 1;
    (!running && !alone && first.words <= LABEL_WORDS).then_some(at)
}

/// Marks what stands between the headline and the first sentence of the body; gives the line where the body begins.
fn mark_head(lines: &mut [Line], headline: Option<usize>) -> usize {
    let title = headline.map(|at| lines[at].text.clone()).unwrap_or_default();
    let start = headline.map_or(0, |at| at + 1);
    for line in lines.iter_mut().take(start) {
        if line.kind == Kind::Open {
            line.kind = head_label(line).unwrap_or_else(|| Kind::Dropped("before-headline".to_owned()));
        }
    }
    if headline.is_none() {
        // No headline: bylines and dates may still open the text.
        let mut at = 0;
        while at < lines.len() && lines[at].kind != Kind::Body(BlockKind::Paragraph) {
            if lines[at].kind == Kind::Open {
                match head_label(&lines[at]) {
                    Some(kind) => lines[at].kind = kind,
                    None => break,
                }
            }
            at += 1;
        }
        return at;
    }
    let subheads = unended::subheadings(&seen(lines), start);
    let last_sentence = lines.iter().rposition(|l| l.kind == Kind::Open && l.terminated);
    let mut at = start;
    let mut seen_label = false;
    let mut since = 0;
    while at < lines.len() {
        if lines[at].kind != Kind::Open {
            at += 1;
            continue;
        }
        let line = &lines[at];
        if seen_label && subheads.contains(&at) {
            break;
        }
        if let Some(kind) = head_label(line) {
            seen_label = true;
            lines[at].kind = kind;
        } else if line.text == title {
            lines[at].kind = Kind::Dropped("headline-again".to_owned());
        } else if line.bullet && !line.terminated && since <= 3 {
            lines[at].kind = Kind::Standfirst;
        } else if line.terminated && !(since == 0 && !seen_label && label_follows(lines, at)) {
            // The first sentence after the head.
            break;
        } else if since == 0 && !seen_label {
            lines[at].kind = Kind::Standfirst;
        } else if last_sentence.is_none_or(|last| last <= at) {
            // Nothing below ends like a sentence: this is a text without full stops.
            break;
        } else {
            lines[at].kind = Kind::Caption("unended-line-in-head".to_owned());
        }
        since += 1;
        at += 1;
    }
    at
}

/// Whether a byline or date line stands within the three lines after `at`, before any running sentence.
fn label_follows(lines: &[Line], at: usize) -> bool {
    lines
        .iter()
        .skip(at + 1)
        .filter(|l| l.kind == Kind::Open)
        .take(2)
        .take_while(|l| !l.terminated || l.words <= 8)
        .any(|l| head_label(l).is_some())
}

/// A byline, a date line or a label of the head.
fn head_label(line: &Line) -> Option<Kind> {
    if let Some(found) = dates::read(&line.text) {
        if found.time_only {
            return (prose::words(&found.rest) <= 3 && !line.terminated)
                .then(|| Kind::Dropped("live-stamp".to_owned()));
        }
        let rest = found.rest.trim_matches(|c: char| !c.is_alphanumeric());
        if prose::words(rest) <= 3 && (!prose::is_full_sentence(rest) || rest.is_empty()) || rest.is_empty() {
            let by = byline::read(rest, false).filter(|b| !b.is_empty());
            return Some(match by {
                Some(by) => Kind::Byline(by, found.dates),
                None => Kind::Date(found.dates),
            });
        }
        if prose::words(rest) <= 12
            && let Some(by) = byline::read(rest, false)
        {
            return Some(Kind::Byline(by, found.dates));
        }
    }
    if FURNITURE.is_outlet(&line.text) && !line.terminated {
        return Some(Kind::Dropped("outlet".to_owned()));
    }
    if line.words <= 14
        && (!prose::is_full_sentence(&line.text) || line.words <= 6)
        && let Some(by) = byline::read(&line.raw, false)
    {
        return Some(Kind::Byline(by, Dates::default()));
    }
    if FURNITURE.is_section_label(&line.text) {
        return Some(Kind::Dropped("section-label".to_owned()));
    }
    None
}

/// Marks the body and the tail from line `start` on.
fn mark_body(lines: &mut [Line], start: usize) {
    // A text most of whose long lines do not end like sentences is not told apart by endings.
    let long: Vec<&Line> = lines.iter().skip(start).filter(|l| l.kind == Kind::Open && l.words >= 12).collect();
    let loose = long.iter().filter(|l| l.terminated).count() * 2 < long.len();
    let subheads = unended::subheadings(&seen(lines), start);
    let stems = if lines.iter().all(|l| l.terminated || l.kind != Kind::Open) {
        prose::Stems::default()
    } else {
        article_stems(lines)
    };
    let told = |l: &Line| l.kind == Kind::Open && l.terminated && l.words >= 6 && !unended::is_explainer(&l.text);
    let last = lines.iter().rposition(told);
    let mut list = false;
    let apart = lines_apart(lines);
    for (at, line) in lines.iter_mut().enumerate().skip(start) {
        if line.kind != Kind::Open {
            continue;
        }
        if apart.contains(&at) {
            line.kind = Kind::Dropped("tells-no-story".to_owned());
            continue;
        }
        if last.is_some_and(|l| at > l) && unended::is_explainer(&line.text) {
            line.kind = Kind::Related("explainer-after-body".to_owned());
            continue;
        }
        let ended = line.terminated || (loose && line.words >= 8);
        line.kind = if ended {
            list = line.text.ends_with(':');
            Kind::Body(if line.bullet { BlockKind::ListItem } else { BlockKind::Paragraph })
        } else if subheads.contains(&at) {
            Kind::Body(BlockKind::Subheading)
        } else if let Some(found) = dates::read(&line.text).filter(|d| prose::words(&d.rest) <= 2) {
            if found.time_only { Kind::Dropped("live-stamp".to_owned()) } else { Kind::Date(found.dates) }
        } else if list && line.text.starts_with(char::is_lowercase) {
            // "The panel found these proven:" and what it found, of which copying has taken the bullets.
            Kind::Body(BlockKind::ListItem)
        } else if line.bullet && (list || last.is_some_and(|l| at < l)) {
            Kind::Body(BlockKind::ListItem)
        } else if let Some(by) = byline::read(&line.raw, false).filter(|_| line.text.to_lowercase().starts_with("by "))
        {
            Kind::Byline(by, Dates::default())
        } else {
            match unended::sort(&line.text, last.is_none_or(|l| at > l), &stems) {
                Unended::CapitalLabel => Kind::Related("capital-teaser".to_owned()),
                Unended::AfterBody => Kind::Related("unended-line-after-body".to_owned()),
                Unended::OfArticle => Kind::Caption("unended-line-in-body".to_owned()),
                Unended::Strange => Kind::Related("unended-line-in-body".to_owned()),
            }
        };
    }
    cut_notes(lines);
    if !lines.iter().any(|l| matches!(l.kind, Kind::Body(_))) {
        rescue(lines);
    }
}

/// Drops what follows a release's "Ends" or "Notes to editors", but for a correction.
fn cut_notes(lines: &mut [Line]) {
    let is_told = |l: &Line| matches!(l.kind, Kind::Body(_));
    let notes = |l: &Line| matches!(l.kind, Kind::Dropped(_)) && FURNITURE.tail.is_notes(&l.text);
    let Some(at) = lines.iter().position(notes) else { return };
    if lines.iter().take(at).filter(|l| is_told(l)).count() < 2 {
        return;
    }
    for line in lines.iter_mut().skip(at) {
        if is_told(line) && line.kind != Kind::Body(BlockKind::CorrectionNote) {
            line.kind = Kind::Dropped("appended-note".to_owned());
        }
    }
}

/// The lines as the rules for unended lines see them.
fn seen(lines: &[Line]) -> Vec<unended::Line<'_>> {
    let standing = |kind: &Kind| match kind {
        Kind::Open => unended::Standing::Open,
        // A picture or a prompt may stand between a heading and its paragraph.
        Kind::Caption(_) | Kind::Dropped(_) | Kind::Related(_) => unended::Standing::Aside,
        _ => unended::Standing::Settled,
    };
    lines
        .iter()
        .map(|l| unended::Line {
            text: &l.text,
            raw: &l.raw,
            standing: standing(&l.kind),
            terminated: l.terminated,
            bullet: l.bullet,
            words: l.words,
        })
        .collect()
}

/// A text with no sentence in it is kept whole but for its headline.
fn rescue(lines: &mut [Line]) {
    for line in lines.iter_mut() {
        let unsure = match &line.kind {
            Kind::Related(rule) | Kind::Caption(rule) => rule.starts_with("unended-line") || rule == "capital-teaser",
            Kind::Standfirst => true,
            Kind::Dropped(rule) => rule == "before-headline",
            _ => false,
        };
        if unsure {
            line.kind = Kind::Body(BlockKind::Paragraph);
        }
    }
    if !lines.iter().any(|l| matches!(l.kind, Kind::Body(_)))
        && let [only] = lines
        && only.kind == Kind::Headline
    {
        only.kind = Kind::Body(BlockKind::Paragraph);
    }
}

/// The words of the article, as stems: its headline and all that ends like a sentence.
fn article_stems(lines: &[Line]) -> prose::Stems {
    let ours = |l: &&Line| (l.kind == Kind::Open && l.terminated) || matches!(l.kind, Kind::Body(_) | Kind::Headline);
    prose::Stems::of_all(lines.iter().filter(ours).map(|l| l.text.as_str()))
}

/// Short sentences that tell nothing of the article: no sign of a story and no word in common with the rest.
fn lines_apart(lines: &[Line]) -> std::collections::BTreeSet<usize> {
    let suspects: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].kind == Kind::Open && lines[*at].terminated && lines[*at].plain.tells_no_story())
        .collect();
    if suspects.is_empty() {
        return std::collections::BTreeSet::new();
    }
    let told = |l: &Line| (l.kind == Kind::Open && l.terminated) || matches!(l.kind, Kind::Body(_) | Kind::Headline);
    let ours = lines.iter().enumerate().filter(|(at, l)| told(l) && !suspects.contains(at));
    let article = prose::Stems::of_all(ours.map(|(_, l)| l.text.as_str()));
    // Too short a text shares few words with anything.
    if article.len() < 30 {
        return std::collections::BTreeSet::new();
    }
    suspects.iter().copied().filter(|at| prose::stems(&lines[*at].text).is_disjoint(&article)).collect()
}

/// The article and what was dropped, from marked lines.
fn gather(lines: Vec<Line>) -> Cleaned {
    let mut article = Article { zone: Some("Europe/London".to_owned()), ..Article::default() };
    let mut dropped = Vec::new();
    let mut by = Byline::default();
    let mut standfirst: Vec<String> = Vec::new();
    let mut stamps = 0usize;
    for line in lines {
        let mut drop = |rule: &str, text: &str| {
            dropped.push(Dropped { rule: rule.to_owned(), text: text.chars().take(300).collect() })
        };
        match line.kind {
            Kind::Headline => article.headline = Some(line.text),
            Kind::Standfirst => {
                drop("standfirst", &line.text);
                standfirst.push(line.text.trim_start_matches(['•', '·', '▪', '●', '*', '-', ' ']).to_owned());
            }
            Kind::Byline(found, dates) => {
                drop("byline", &line.text);
                by.merge(found);
                take_dates(&mut article, dates);
            }
            Kind::Date(dates) => {
                drop("date-line", &line.text);
                take_dates(&mut article, dates);
            }
            Kind::Body(kind) => article.blocks.push(Block { kind, text: line.text }),
            Kind::Caption(rule) => {
                drop(&rule, &line.text);
                if !article.captions.contains(&line.text) {
                    article.captions.push(line.text);
                }
            }
            Kind::Related(rule) => {
                drop(&rule, &line.text);
                article.related.push(RelatedLink { text: line.text, url: None });
            }
            Kind::Dropped(rule) => {
                stamps += usize::from(rule == "live-stamp");
                if rule == "outlet" && article.outlet.is_none() {
                    article.outlet = Some(line.text.clone());
                }
                if rule == "icon-names"
                    && let Some(found) = dates::read(&line.text)
                {
                    take_dates(&mut article, found.dates);
                }
                drop(&rule, &line.text);
            }
            Kind::Open => drop("unplaced", &line.text),
        }
    }
    if article.modified.is_none() {
        article.modified = corrected_on(&article);
    }
    article.byline = by.names;
    article.agency = by.agency;
    article.standfirst = (!standfirst.is_empty()).then(|| standfirst.join("\n"));
    let live = article
        .headline
        .as_deref()
        .is_some_and(|h| h.split(|c: char| !c.is_alphanumeric()).any(|w| w == "LIVE" || w == "Live"));
    if stamps >= 3 || (live && stamps >= 1) {
        article.flags.push(Flag::LiveBlog);
    }
    Cleaned { article, dropped }
}

/// The day that the correction note gives, where it is later than the article's own.
fn corrected_on(article: &Article) -> Option<jiff::Timestamp> {
    let published = article.published?;
    let year = published.to_zoned_datetime(jiff::tz::TimeZone::UTC).year();
    let notes = article.blocks.iter().filter(|b| b.kind == BlockKind::CorrectionNote);
    notes.filter_map(|b| dates::first_day(&b.text, year)).filter(|at| *at > published).max()
}

fn take_dates(article: &mut Article, dates: Dates) {
    article.published = article.published.or(dates.published);
    article.modified = match (article.modified, dates.modified) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    };
}

#[cfg(test)]
#[path = "plain_tests.rs"]
mod tests;
