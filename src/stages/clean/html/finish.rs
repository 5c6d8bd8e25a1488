//! After the main text is found: what is furniture by its words and place goes, the rest becomes the article.

use super::super::byline::{self, Byline};
use super::super::dates;
use super::super::furniture::{FURNITURE, Sort, appeal_runs};
use super::super::{Cleaned, prose};
use super::blocks::Piece;
use super::flags::flags;
use super::meta::Meta;
use super::strip::Stripped;
use super::teasers::teasers;
use crate::domain::{Article, Block, BlockKind, Dropped, Flag, RelatedLink};
use std::collections::BTreeSet;
use url::Url;

/// Words of `text` in lower case, for comparing titles.
fn key(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

/// Whether two texts have the same words in the same order.
fn same_words(a: &str, b: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.flat_map(|w| w.chars().flat_map(char::to_lowercase).chain([' ']))
    }
    letters(a).eq(letters(b))
}

/// Share of the words of the shorter that the longer has.
pub(super) fn likeness(a: &str, b: &str) -> f64 {
    let (a, b): (BTreeSet<String>, BTreeSet<String>) = (key(a).into_iter().collect(), key(b).into_iter().collect());
    let shorter = a.len().min(b.len());
    #[expect(clippy::cast_precision_loss, reason = "numbers of words")]
    let share = |n: usize| if shorter == 0 { 0.0 } else { n as f64 / shorter as f64 };
    share(a.intersection(&b).count())
}

/// `title` without the name of the site after a bar or dash.
fn without_site(title: &str, outlet: Option<&str>) -> String {
    let mut best = title.trim().to_owned();
    for mark in [" | ", " – ", " — ", " - ", " « ", " » ", " :: ", " · "] {
        if let Some((head, tail)) = best.rsplit_once(mark) {
            let site = outlet.is_some_and(|o| likeness(o, tail) >= 0.5) || prose::words(tail) <= 3;
            if site && prose::words(head) >= 3 {
                best = head.trim().to_owned();
            }
        }
    }
    best
}

/// `title` without the name of the site before a bar or dash: where the rest stands on the page as a line of its own.
fn without_site_before(title: &str, pieces: &[Piece]) -> Option<String> {
    [" | ", " – ", " — ", " - ", " :: ", ": "].iter().find_map(|mark| {
        let (site, rest) = title.split_once(mark)?;
        let line = key(rest);
        let stands = || pieces.iter().any(|p| key(&p.text) == line);
        (prose::words(site) <= 4 && line.len() >= 4 && stands()).then(|| rest.trim().to_owned())
    })
}

fn headline(meta: &Meta, stripped: &Stripped, pieces: &[Piece]) -> Option<String> {
    let told: Vec<String> = meta.headlines.iter().map(|h| without_site(h, meta.outlet.as_deref())).collect();
    let heading = stripped
        .headings
        .iter()
        .find(|h| told.iter().any(|t| likeness(h, t) >= 0.6 && prose::words(h) >= 2))
        .or_else(|| stripped.headings.iter().find(|h| prose::words(h) >= 4));
    heading.cloned().or_else(|| {
        let title = told.into_iter().find(|t| !t.is_empty())?;
        Some(without_site_before(&title, pieces).unwrap_or(title))
    })
}

/// Whether `target` leads to the same site as `url`: relative, or with the same last two parts of its host (three under
/// "co.uk" and the like).
fn same_site(target: &str, url: Option<&Url>) -> bool {
    let Some(base) = url else { return !target.contains("://") };
    let site = |u: &Url| {
        let host = u.host_str().unwrap_or("").to_owned();
        let parts: Vec<&str> = host.rsplit('.').collect();
        let short = parts.first().is_some_and(|p| p.len() == 2) && parts.get(1).is_some_and(|p| p.len() <= 3);
        parts.into_iter().take(if short { 3 } else { 2 }).map(str::to_owned).collect::<Vec<_>>()
    };
    base.join(target).is_ok_and(|u| site(&u) == site(base))
}

/// Makes the article.
pub(super) fn finish(meta: Meta, stripped: Stripped, pieces: Vec<Piece>, visible: &str, url: Option<&Url>) -> Cleaned {
    let title = meta.title.clone().or_else(|| headline(&meta, &stripped, &pieces));
    let mut out =
        Sieve { dropped: stripped.dropped, captions: stripped.captions, related: stripped.related, ..Sieve::default() };
    // Another form of the headline goes by the same name in what the page tells machines.
    let title_again = |s: &String| title.as_deref().is_some_and(|t| likeness(s, t) >= 0.7);
    let told = meta.standfirst.clone().filter(|s| prose::words(s) >= 4 && !title_again(s));
    let standfirst = stripped.standfirst.clone().or(told);
    out.live = meta.live;
    out.sift(pieces, title.as_deref().unwrap_or(""), standfirst.as_deref(), url);
    let mut by = meta.byline.clone();
    let mut seen = stripped.byline;
    seen.merge(std::mem::take(&mut out.byline));
    seen.names.retain(|name| meta.outlet.as_ref().is_none_or(|outlet| !outlet.eq_ignore_ascii_case(name)));
    // A page shows writers that it does not tell machines of; what it tells them alone is as good as what it shows.
    let shown = |name: &String| seen.names.iter().any(|s| s.eq_ignore_ascii_case(name));
    if by.names.iter().all(shown) {
        by.names = seen.names;
    }
    by.agency = by.agency.or(seen.agency);
    out.drop_names(&by.names);
    if by.names.is_empty() && by.agency.is_none() {
        by.names.extend(out.take_signature());
    }
    out.cut_tail(&by.names, meta.outlet.as_deref().unwrap_or_default());
    let standfirst = standfirst
        .or(out.standfirst.take())
        .or_else(|| shown_description(&meta, title.as_deref(), &out.blocks, visible));
    for note in stripped.corrections {
        if !out.blocks.iter().any(|b| b.text.contains(&note)) {
            out.blocks.push(Block { kind: BlockKind::CorrectionNote, text: note });
        }
    }
    let published = meta.published.or(stripped.published).or(out.dates.published);
    let modified =
        meta.modified.or(stripped.modified).or(out.dates.modified).filter(|m| published.is_none_or(|p| *m >= p));
    let article = Article {
        canonical: meta.canonical.clone(),
        headline: title,
        standfirst,
        byline: by.names,
        agency: by.agency,
        outlet: meta.outlet.clone(),
        published,
        modified,
        zone: Some("Europe/London".to_owned()),
        language: meta.language.clone(),
        blocks: out.blocks,
        captions: out.captions,
        related: out.related,
        ..Article::default()
    };
    let mut cleaned = Cleaned { article, dropped: out.dropped };
    cleaned.article.flags = flags(&meta, &cleaned.article, visible, stripped.stamps, url);
    // What such a page says is no news; the entry's own summary serves instead.
    for (flag, rule) in [(Flag::ConsentWall, "consent-wall"), (Flag::ErrorPage, "error-page")] {
        if cleaned.article.flags.contains(&flag) {
            for block in std::mem::take(&mut cleaned.article.blocks) {
                cleaned.dropped.push(Dropped { rule: rule.to_owned(), text: block.text.chars().take(300).collect() });
            }
        }
    }
    cleaned
}

/// The page's description, where it stands on the page and not in the article: its standfirst.
fn shown_description(meta: &Meta, title: Option<&str>, blocks: &[Block], visible: &str) -> Option<String> {
    let line = meta.description.as_deref()?;
    let title = title.unwrap_or_default();
    let own = (4..=45).contains(&prose::words(line)) && line != title && !FURNITURE.is_error_title(title);
    let after = visible.split_once(title).map_or("", |(_, after)| after);
    let above = blocks.first().and_then(|first| after.split_once(first.text.as_str())).map_or("", |(above, _)| above);
    (own && above.contains(line) && !blocks.iter().any(|b| b.text.contains(line))).then(|| line.to_owned())
}

/// Most numbers alone that an article's page has beside its text; more are a table.
const MOST_COUNTERS: usize = 3;

/// Most lines without an end that may each be a quotation pulled out.
const MOST_BARE: usize = 6;

#[derive(Default)]
struct Sieve {
    blocks: Vec<Block>,
    captions: Vec<String>,
    related: Vec<RelatedLink>,
    dropped: Vec<Dropped>,
    byline: Byline,
    dates: dates::Dates,
    standfirst: Option<String>,
    /// How much had been dropped when the last heading came.
    dropped_at_heading: usize,
    /// Whether it is a live page.
    live: bool,
    /// Whether short numbers alone are counters of the page: many of them are a table.
    counters: bool,
    /// How many links to other stories have followed the last block, and nothing else.
    links_under_label: usize,
    /// Whether the label of another story was passed last: what follows is its headline.
    under_label: bool,
    /// How many blocks stood before a heading of notes to editors.
    before_notes: Option<usize>,
}

impl Sieve {
    fn drop(&mut self, rule: &str, text: &str) {
        self.dropped.push(Dropped { rule: rule.to_owned(), text: text.chars().take(300).collect() });
    }

    fn sift(&mut self, pieces: Vec<Piece>, title: &str, standfirst: Option<&str>, url: Option<&Url>) {
        let count = pieces.len();
        self.counters = pieces.iter().filter(|p| prose::says_nothing(&p.text)).count() <= MOST_COUNTERS;
        let strength: Vec<usize> = pieces
            .iter()
            .map(|p| match p.plain().verdict() {
                Some(verdict) if verdict.rule == "donation-appeal" => 3,
                Some(_) => 0,
                None => p.plain().appeal_strength(),
            })
            .collect();
        let pleas = appeal_runs(&strength);
        let apart = pieces_apart(&pieces);
        let told: Vec<&str> = std::iter::once(title).chain(standfirst).collect();
        let teasers = teasers(&pieces, &told);
        let first_prose =
            pieces.iter().position(|p| prose::is_terminated(&p.text) && prose::words(&p.text) >= 12).unwrap_or(0);
        for (at, piece) in pieces.into_iter().enumerate() {
            if pleas[at] {
                self.drop("donation-appeal", &piece.text);
                continue;
            }
            if apart.contains(&at) {
                self.drop("tells-no-story", &piece.text);
                continue;
            }
            if let Some(rule) = teasers.get(&at) {
                self.drop(rule, &piece.text);
                if prose::words(&piece.text) >= 4 {
                    self.related.push(RelatedLink { text: piece.text, url: piece.target });
                }
                self.drop_heading_of_links();
                continue;
            }
            let place = if at <= first_prose {
                Place::Head
            } else if at + 3 >= count {
                Place::Tail
            } else {
                Place::Body
            };
            self.take(piece, place, title, standfirst, url);
        }
        self.drop_repeated_quotations();
        while self.blocks.last().is_some_and(|b| b.kind == BlockKind::Subheading) {
            if let Some(block) = self.blocks.pop() {
                self.drop("heading-without-text", &block.text);
            }
        }
    }

    fn take(&mut self, piece: Piece, place: Place, title: &str, standfirst: Option<&str>, url: Option<&Url>) {
        let plain = piece.plain().clone();
        let Piece { mut kind, text, linked, level, target, strong, slanted, parts, .. } = piece;
        let head = place == Place::Head;
        let words = prose::words(&text);
        if words >= 5 && plain.is_correction() {
            self.blocks.push(Block { kind: BlockKind::CorrectionNote, text });
            return;
        }
        // "Home News Sergeant keeps job": the way to the page, and its headline.
        let way = head && prose::words(title) >= 4 && text.ends_with(title) && words <= prose::words(title) + 5;
        if level == 1 || way || (!title.is_empty() && same_words(&text, title)) {
            self.drop("headline-again", &text);
            return;
        }
        if kind == BlockKind::EmbeddedPost {
            self.blocks.push(Block { kind, text });
            return;
        }
        if head && kind == BlockKind::Subheading && words >= 8 && self.blocks.is_empty() && self.standfirst.is_none() {
            self.drop("standfirst", &text);
            self.standfirst = Some(text);
            return;
        }
        if head && kind == BlockKind::ListItem && self.blocks.is_empty() && !prose::is_terminated(&text) && linked < 0.5
        {
            self.drop("standfirst", &text);
            let before = self.standfirst.take().map(|s| s + "\n").unwrap_or_default();
            self.standfirst = Some(before + &text);
            return;
        }
        let signed = head && strong && self.blocks.is_empty() && byline::is_signed(&text);
        if kind == BlockKind::Paragraph && strong && words <= 10 && !prose::is_terminated(&text) && !signed {
            kind = BlockKind::Subheading;
        }
        if std::mem::take(&mut self.under_label) && is_headline_under_label(&text, kind, linked, strong) {
            self.under_label = kind == BlockKind::ListItem;
            self.drop("headline-under-label", &text);
            self.related.push(RelatedLink { text, url: target });
            return;
        }
        let bare = kind == BlockKind::Paragraph && words <= 3 && !prose::is_terminated(&text);
        if (head || bare) && FURNITURE.is_section_label(&text) {
            self.drop("section-label", &text);
            return;
        }
        let writer = || byline::is_signed(&text) || byline::agency(&text).is_some();
        if head && self.blocks.is_empty() && FURNITURE.is_outlet(&text) && !writer() {
            self.drop("outlet", &text);
            return;
        }
        if standfirst.is_some_and(|s| s == text) {
            self.drop("standfirst", &text);
            return;
        }
        if words <= 5 && FURNITURE.tail.is_notes(&text) {
            self.before_notes = self.before_notes.or(Some(self.blocks.len()));
            self.drop("end-of-release", &text);
            return;
        }
        let long = |sort: Sort| sort == Sort::Caption && words > 40 && prose::is_terminated(&text);
        if let Some(verdict) = plain.verdict_at(place == Place::Tail).filter(|v| !long(v.sort)) {
            let rule = verdict.rule.to_owned();
            self.drop(&rule, &text);
            self.under_label = verdict.sort == Sort::Related && words <= 4;
            match verdict.sort {
                Sort::Caption => self.captions.push(text),
                Sort::Related => self.related.push(RelatedLink { text, url: target }),
                _ => {}
            }
            return;
        }
        // A note in italics speaks for the paper at any length.
        let note = slanted && words <= 60 && (plain.addresses_reader() || plain.appeal_strength() >= 2);
        if (words <= 25 && kind != BlockKind::Subheading && plain.addresses_reader()) || note {
            self.drop("speaks-to-reader", &text);
            return;
        }
        if words == 0 || (self.counters && prose::says_nothing(&text)) {
            self.drop("no-words", &text);
            return;
        }
        let open = !prose::is_terminated(&text);
        let signs_post = self.live && parts.len() >= 2 && words <= 12 && byline::is_name(&parts[0]);
        if open && signs_post {
            self.drop("byline", &text);
            return;
        }
        if open && kind == BlockKind::Paragraph && are_controls(&parts) {
            self.drop("controls", &text);
            return;
        }
        if kind != BlockKind::Subheading {
            let spare = if !open {
                0
            } else if head {
                6
            } else {
                1
            };
            // A date in a list of the article's is one of its facts.
            let fact = |b: &Block| {
                (kind == BlockKind::ListItem && b.kind == kind)
                    || (dates::label(&b.text).is_some()
                        && dates::label(&text).is_some_and(|label| !dates::names_page_date(label)))
            };
            let listed = self.blocks.last().is_some_and(fact);
            if let Some(found) =
                dates::read(&text).filter(|d| !listed && prose::words(&d.rest) <= spare && !d.is_of_event())
            {
                self.dates.published = self.dates.published.or(found.dates.published);
                self.dates.modified = self.dates.modified.or(found.dates.modified);
                if let Some(by) = byline::read(&found.rest, false) {
                    self.byline.merge(by);
                }
                self.drop(if found.time_only { "live-stamp" } else { "date-line" }, &text);
                return;
            }
            if open && kind == BlockKind::Paragraph && words <= 8 && byline::is_signed(&text) {
                self.byline.merge(byline::read(&text, false).unwrap_or_default());
                self.drop("byline", &text);
                return;
            }
            if open
                && (head || text.to_lowercase().starts_with("by "))
                && words <= 14
                && kind != BlockKind::ListItem
                && (self.blocks.is_empty() || text.to_lowercase().starts_with("by "))
                && let Some(by) = byline::read(&text, false)
            {
                self.byline.merge(by);
                self.drop("byline", &text);
                return;
            }
            if open && prose::is_menu(&text) {
                self.drop("menu", &text);
                return;
            }
        }
        let inside = target.as_deref().is_none_or(|t| same_site(t, url));
        if linked > 0.9 && inside && (kind != BlockKind::ListItem || words >= 4) && words <= 40 {
            self.drop("link-alone", &text);
            self.related.push(RelatedLink { text, url: target });
            self.drop_heading_of_links();
            return;
        }
        // "Minister under fire over police pay REACTION": a link with its label.
        let label = text
            .split_whitespace()
            .next_back()
            .is_some_and(|w| w.chars().count() >= 4 && w.chars().all(|c| c.is_uppercase() || "[]():!".contains(c)));
        // "TRENDING: The street where nobody can park": a label before its link.
        let shouted = |l: &str| prose::words(l) <= 3 && l.len() >= 4 && !l.chars().any(char::is_lowercase);
        let label = label || text.split_once(": ").is_some_and(|(l, _)| shouted(l));
        if open && label && linked > 0.5 && inside {
            self.drop("labelled-link", &text);
            self.related.push(RelatedLink { text, url: target });
            return;
        }
        if kind == BlockKind::Subheading {
            self.drop_empty_heading();
            self.dropped_at_heading = self.dropped.len();
        }
        self.links_under_label = 0;
        self.blocks.push(Block { kind, text });
    }

    /// Drops the writers' names where they stand alone: over a post of a live page, or beside a picture of the writer.
    fn drop_names(&mut self, writers: &[String]) {
        for block in std::mem::take(&mut self.blocks) {
            if writers.iter().any(|w| w.eq_ignore_ascii_case(&block.text)) {
                self.drop("byline", &block.text);
            } else {
                self.blocks.push(block);
            }
        }
    }

    /// The writer's name, where it stands alone under the article.
    fn take_signature(&mut self) -> Option<String> {
        let signs = |b: &Block| {
            b.kind != BlockKind::ListItem
                && prose::words(&b.text) <= 3
                && byline::is_name(&b.text)
                && !FURNITURE.is_outlet(&b.text)
        };
        let block = self.blocks.pop_if(|b| signs(b)).filter(|_| !self.blocks.is_empty())?;
        self.drop("byline", &block.text);
        Some(block.text)
    }

    /// Drops quotations that stand in a paragraph of the article as well: pulled out for the eye.
    fn drop_repeated_quotations(&mut self) {
        if !self.blocks.iter().any(|b| is_set_off(b) || is_bare(b)) {
            return;
        }
        let keys: Vec<Vec<String>> = self.blocks.iter().map(|b| key(&b.text)).collect();
        // Many lines without an end are a list.
        let is_list = self.blocks.iter().filter(|b| is_bare(b)).count() > MOST_BARE;
        let quoted_again =
            |b: &Block| !is_list && is_bare(b) && self.blocks.iter().any(|other| quotes(&other.text, &b.text));
        let repeats = |at: usize| {
            let own = keys.get(at).filter(|k| k.len() >= 4)?;
            let again =
                |(other, k): (usize, &Vec<String>)| other != at && k.len() > own.len() && is_pulled_out_of(own, k);
            keys.iter().enumerate().any(again).then_some(())
        };
        let pulled: Vec<bool> = (0..keys.len())
            .map(|at| {
                let block = self.blocks.get(at);
                block.is_some_and(|b| (is_set_off(b) && repeats(at).is_some()) || quoted_again(b))
            })
            .collect();
        let mut signed = false;
        for (block, pulled) in std::mem::take(&mut self.blocks).into_iter().zip(pulled) {
            // Who said it may stand under it.
            let under = std::mem::replace(&mut signed, pulled && is_bare(&block))
                && is_bare(&block)
                && prose::words(&block.text) <= 8;
            if pulled || under {
                self.drop("quotation-again", &block.text);
            } else {
                self.blocks.push(block);
            }
        }
    }

    /// Takes the heading off under which everything was dropped; two headings in a row with nothing between are one.
    fn drop_empty_heading(&mut self) {
        let empty = self.blocks.last().is_some_and(|b| b.kind == BlockKind::Subheading);
        if empty
            && self.dropped.len() > self.dropped_at_heading
            && let Some(block) = self.blocks.pop()
        {
            self.drop("heading-without-text", &block.text);
        }
    }

    /// Takes the heading or label off that stands over a list of links.
    fn drop_heading_of_links(&mut self) {
        let is_label =
            |b: &Block| b.kind == BlockKind::Paragraph && prose::words(&b.text) <= 4 && !prose::is_terminated(&b.text);
        self.links_under_label += 1;
        if self.links_under_label == 2
            && self.blocks.last().is_some_and(|b| b.kind == BlockKind::Subheading || is_label(b))
            && let Some(block) = self.blocks.pop()
        {
            self.drop("heading-of-links", &block.text);
        }
    }

    /// Drops what is appended to the article: notes about its writer or the company, and what stands under a heading that says so.
    fn cut_tail(&mut self, writers: &[String], outlet: &str) {
        let count = self.blocks.len();
        let late = count - count.div_ceil(3).min(count);
        let cut = (late.max(1)..count).find(|&at| {
            let block = &self.blocks[at];
            let heading = block.kind == BlockKind::Subheading
                || (prose::words(&block.text) <= 7 && !prose::is_full_sentence(&block.text));
            if heading && FURNITURE.tail.is_heading(&block.text) {
                return true;
            }
            let rest: Vec<&str> = self.blocks[at..].iter().map(|b| b.text.as_str()).collect();
            (count - at <= 4 && FURNITURE.tail.is_company(&block.text, &rest.join(" ")))
                || (count - at <= 2 && FURNITURE.tail.is_about_outlet(&block.text, outlet))
                || (count - at <= 2 && writers.iter().any(|w| FURNITURE.tail.is_about_writer(&block.text, w)))
        });
        let notes = self.before_notes.filter(|at| *at >= 2 && *at < count);
        let Some(cut) = cut.into_iter().chain(notes).min() else { return };
        for block in self.blocks.split_off(cut) {
            if block.kind == BlockKind::CorrectionNote {
                self.blocks.push(block);
            } else {
                self.drop("appended-note", &block.text);
            }
        }
    }
}

/// Whether a block is set off like a quotation pulled out of the text: by its mark-up, or by marks and capitals.
fn is_set_off(block: &Block) -> bool {
    let text = block.text.as_str();
    let in_marks = text.starts_with(['“', '"', '‘']) && text.ends_with(['”', '"', '’']);
    block.kind == BlockKind::Quotation
        || (block.kind == BlockKind::Paragraph && in_marks && !text.chars().any(char::is_lowercase))
}

/// Whether a block is a line without an end.
fn is_bare(block: &Block) -> bool {
    block.kind == BlockKind::Paragraph && !prose::is_terminated(&block.text)
}

/// Whether a longer sentence, `text`, quotes `line` in so many words.
fn quotes(text: &str, line: &str) -> bool {
    let line = line.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.len() > line.len() + 8
        && prose::words(&line) >= 4
        && prose::is_terminated(text)
        && text.to_lowercase().split(['“', '"', '‘', '\'']).skip(1).any(|quoted| quoted.starts_with(line.as_str()))
}

/// Whether the words of `quotation` stand in `paragraph` in their order, with hardly anything between them: who said it.
fn is_pulled_out_of(quotation: &[String], paragraph: &[String]) -> bool {
    let most = quotation.len() + 14;
    (0..paragraph.len()).any(|start| {
        let mut rest = paragraph.iter().skip(start).take(most);
        paragraph.get(start) == quotation.first() && quotation.iter().all(|word| rest.any(|w| w == word))
    })
}

/// Whether `parts`, which only a style sets apart, work the page: one of them says so, the others are as short.
fn are_controls(parts: &[String]) -> bool {
    let works = |part: &String| {
        prose::says_nothing(part)
            || FURNITURE.is_section_label(part)
            || FURNITURE.verdict(part).is_some()
            || dates::read(part).is_some_and(|d| d.time_only && prose::words(&d.rest) == 0)
    };
    parts.len() >= 2 && parts.iter().all(|p| prose::words(p) <= 4) && parts.iter().any(works)
}

/// Whether `text` under the label of another story ("Video of the day") is that story's headline.
fn is_headline_under_label(text: &str, kind: BlockKind, linked: f64, strong: bool) -> bool {
    let plain = matches!(kind, BlockKind::Paragraph | BlockKind::ListItem) && (!strong || linked > 0.5);
    plain && (3..=16).contains(&prose::words(text)) && (!prose::is_terminated(text) || text.ends_with('?'))
}

/// Short paragraphs that tell nothing of the article: no sign of a story and no word in common with the rest.
fn pieces_apart(pieces: &[Piece]) -> BTreeSet<usize> {
    let suspect =
        |p: &Piece| p.kind == BlockKind::Paragraph && prose::is_full_sentence(&p.text) && p.plain().tells_no_story();
    let suspects: BTreeSet<usize> = pieces.iter().enumerate().filter_map(|(at, p)| suspect(p).then_some(at)).collect();
    if suspects.is_empty() {
        return suspects;
    }
    let others = pieces.iter().enumerate().filter(|(at, p)| !suspects.contains(at) && !p.plain().is_correction());
    let article = prose::Stems::of_all(others.map(|(_, p)| p.text.as_str()));
    // Too short a text shares few words with anything.
    if article.len() < 30 {
        return BTreeSet::new();
    }
    let apart = |at: &usize| pieces.get(*at).is_some_and(|p| prose::stems(&p.text).is_disjoint(&article));
    suspects.into_iter().filter(apart).collect()
}

/// Where a block stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    Body,
    Tail,
}
