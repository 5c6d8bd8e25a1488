//! Lists whose rows hold the whole notice and link to no page of their own: blocks that look alike, or headings with
//! what follows them.

use super::found::{in_chrome, name, word_count};
use super::row::text;
use super::{Row, Scene, selector, words};
use scraper::ElementRef;
use std::collections::BTreeMap;

/// Least words of a notice.
const LEAST_WORDS: usize = 20;

/// The page's notices and how they were found.
pub(super) fn rows<'a>(scene: &Scene<'a>, root: ElementRef<'a>) -> Option<(Vec<Row<'a>>, String)> {
    let blocks = blocks(scene, root);
    let sections = sections(scene, root);
    let weight = |found: &Option<(Vec<Row<'a>>, String)>| found.as_ref().map_or(0, |(rows, _)| rows.len());
    if weight(&blocks) >= weight(&sections) { blocks.or(sections) } else { sections }
}

/// Whether a row leads to a page of its own; links to files, mails and places in the page do not count.
fn leads_away(scene: &Scene<'_>, row: &Row<'_>) -> bool {
    super::row::link(scene, row, None)
        .is_some_and(|(a, _)| !words::is_generic(&text(a)) && a.value().attr("download").is_none())
}

/// Siblings of one make, each with a text of its own.
fn blocks<'a>(scene: &Scene<'a>, root: ElementRef<'a>) -> Option<(Vec<Row<'a>>, String)> {
    let css = selector("article, section, li, div, tr, details, dl")?;
    let mut groups: BTreeMap<(usize, String), Vec<ElementRef<'a>>> = BTreeMap::new();
    let mut order = std::collections::HashMap::new();
    for element in root.select(&css) {
        if word_count(element) < LEAST_WORDS || in_chrome(element, root) {
            continue;
        }
        let Some(parent) = element.parent() else { continue };
        let next = order.len();
        let parent = *order.entry(parent.id()).or_insert(next);
        groups.entry((parent, name(element, true))).or_default().push(element);
    }
    let notices = |elements: &Vec<ElementRef<'a>>| {
        let rows: Vec<Row<'a>> = elements.iter().copied().map(Row::of).collect();
        let alone = rows.iter().filter(|row| !leads_away(scene, row)).count();
        let told = rows.iter().filter(|row| words::is_notice(&row.paragraphs().join(" "))).count();
        (rows.len() >= 2 && alone * 2 > rows.len() && told * 2 > rows.len()).then_some(rows)
    };
    let found = groups.iter().filter_map(|((_, make), elements)| Some((notices(elements)?, make)));
    let (rows, make) = found.max_by_key(|(rows, _)| rows.len())?;
    let how = format!("{} notices that look alike: `{make}`", rows.len());
    Some((rows, how))
}

/// Headings of one level, each with what follows it up to the next.
fn sections<'a>(scene: &Scene<'a>, root: ElementRef<'a>) -> Option<(Vec<Row<'a>>, String)> {
    ["h2", "h3", "h4"].iter().find_map(|level| {
        let css = selector(level)?;
        let rows: Vec<Row<'a>> = root
            .select(&css)
            .filter(|heading| !in_chrome(*heading, root))
            .map(|heading| {
                let mut parts = vec![heading];
                let after = heading.next_siblings().filter_map(ElementRef::wrap);
                parts.extend(after.take_while(|e| {
                    let name = e.value().name();
                    !(name.len() == 2 && name.starts_with('h') && name <= *level)
                }));
                Row { parts }
            })
            .filter(|row| {
                let all = row.paragraphs().join(" ");
                all.split(' ').count() >= LEAST_WORDS && words::is_notice(&all) && !leads_away(scene, row)
            })
            .collect();
        let how = format!("{} notices under headings `{level}`", rows.len());
        (!rows.is_empty()).then_some((rows, how))
    })
}
