//! Rows by the page's own repetition, where the user gave no selector.

use super::row::text;
use super::{Row, Scene, links, notices, selector, words};
use crate::domain::{PageSelectors, ParsedEntry};
use ego_tree::NodeId;
use scraper::ElementRef;
use std::collections::{BTreeMap, HashMap, HashSet};
use url::Url;

/// Most titles counted for the weight of a list: a long archive is no better a list than a page of news.
const ENOUGH_ROWS: usize = 30;
/// Most words counted of one title.
const ENOUGH_WORDS: usize = 12;
/// Least weight of a list: three rows with short titles, or two with long ones.
const LEAST_WEIGHT: usize = 9;

/// A list that repeats itself: its rows look alike and each leads to a page of its own.
struct List<'a> {
    rows: Vec<(Row<'a>, Url)>,
    weight: usize,
    dated: bool,
    headed: bool,
    shape: String,
}

/// The rows of the page's list and how they were found; `None` when there is none.
pub(super) fn rows<'a>(scene: &Scene<'a>) -> Option<(Vec<Row<'a>>, String)> {
    let root = content(scene);
    let listed = best(lists(scene, root));
    let noticed = notices::rows(scene, root);
    match (listed, noticed) {
        // Links beside whole notices ("Related pages") are no list of news.
        (Some(list), Some((rows, how))) => {
            let news = list.dated || list.headed || list.rows.len() > rows.len() * 3;
            if news { Some(told(list)) } else { Some((rows, how)) }
        }
        (Some(list), None) => Some(told(list)),
        (None, noticed) => noticed,
    }
}

fn told(list: List<'_>) -> (Vec<Row<'_>>, String) {
    let how = format!("{} rows that look alike: `{}`", list.rows.len(), list.shape);
    (list.rows.into_iter().map(|(row, _)| row).collect(), how)
}

/// Where the page's content stands: its main element, else the whole body.
fn content<'a>(scene: &Scene<'a>) -> ElementRef<'a> {
    let of = |css: &str| selector(css).and_then(|s| scene.page.select(&s).max_by_key(|e| e.descendants().count()));
    of("main, [role=main]").or_else(|| of("body")).unwrap_or_else(|| scene.page.root_element())
}

/// Whether `element` stands in a part of the page that is no content: menus, headers, footers, forms.
pub(super) fn in_chrome(element: ElementRef<'_>, root: ElementRef<'_>) -> bool {
    let mut in_item = false;
    for node in element.ancestors() {
        if node.id() == root.id() {
            return false;
        }
        let Some(ancestor) = ElementRef::wrap(node) else { continue };
        let value = ancestor.value();
        match value.name() {
            "nav" | "form" | "aside" => return true,
            // A card has a header and a footer of its own.
            "header" | "footer" if !in_item => {
                let own = ancestor
                    .ancestors()
                    .filter_map(ElementRef::wrap)
                    .any(|a| matches!(a.value().name(), "article" | "li"));
                if !own {
                    return true;
                }
            }
            "article" | "li" => in_item = true,
            _ => {}
        }
        let named = [value.attr("class"), value.attr("id"), value.attr("role")];
        if named.into_iter().flatten().any(words::is_chrome) {
            return true;
        }
    }
    false
}

/// Every list of the page.
fn lists<'a>(scene: &Scene<'a>, root: ElementRef<'a>) -> Vec<List<'a>> {
    let Some(anchors) = selector("a[href]") else { return Vec::new() };
    let linked: Vec<(ElementRef<'a>, Url, String)> = root
        .select(&anchors)
        .filter(|a| !in_chrome(*a, root))
        .filter_map(|a| {
            let url = scene.resolve(a.value().attr("href")?)?;
            let form = links::normal_form(&url);
            (!scene.is_here(&url) && url.path().len() > 1).then_some((a, url, form))
        })
        .collect();
    // The one page that all links inside an element lead to; `None` where they lead to several.
    let mut leads: HashMap<NodeId, Option<&str>> = HashMap::new();
    for (a, _, form) in &linked {
        for node in std::iter::once(a.id()).chain(a.ancestors().map(|n| n.id())) {
            let one = leads.entry(node).or_insert(Some(form));
            if one.is_some_and(|o| o != form) {
                *one = None;
            }
        }
    }
    let mut seen: HashSet<NodeId> = HashSet::new();
    let mut groups: BTreeMap<String, Vec<(ElementRef<'a>, Url)>> = BTreeMap::new();
    for (a, url, form) in &linked {
        let row = grow(*a, root, |node| leads.get(&node) == Some(&Some(form.as_str())));
        if seen.insert(row.id()) {
            groups.entry(shape(row, root)).or_default().push((row, url.clone()));
        }
    }
    groups.into_iter().filter_map(|(shape, rows)| weigh(scene, shape, rows)).collect()
}

/// The largest element around `anchor` that leads nowhere else, inside `root`.
fn grow<'a>(anchor: ElementRef<'a>, root: ElementRef<'a>, same: impl Fn(NodeId) -> bool) -> ElementRef<'a> {
    let mut row = anchor;
    for node in anchor.ancestors() {
        if node.id() == root.id() || !same(node.id()) {
            break;
        }
        let Some(element) = ElementRef::wrap(node) else { break };
        if matches!(element.value().name(), "body" | "html" | "main" | "ul" | "ol" | "table" | "tbody" | "dl") {
            break;
        }
        row = element;
    }
    row
}

/// What rows of one list share: their element with its classes, and the elements around it.
fn shape(row: ElementRef<'_>, root: ElementRef<'_>) -> String {
    let mut parts = vec![name(row, true)];
    let around = row.ancestors().take_while(|n| n.id() != root.id()).filter_map(ElementRef::wrap);
    parts.extend(around.take(2).map(|e| name(e, false)));
    parts.reverse();
    parts.join(" > ")
}

/// An element as a selector: its name and, where asked for, the classes that are no state, number or position of it.
pub(super) fn name(element: ElementRef<'_>, with_classes: bool) -> String {
    const STATES: [&str; 8] = ["first", "last", "odd", "even", "active", "featured", "selected", "current"];
    let value = element.value();
    let mut out = value.name().to_owned();
    if with_classes {
        let mut classes: Vec<&str> = value
            .classes()
            .filter(|c| !c.chars().any(|c| c.is_ascii_digit()) && !STATES.iter().any(|s| c.contains(s)))
            .collect();
        classes.sort_unstable();
        for class in classes.into_iter().take(3) {
            out.push('.');
            out.push_str(class);
        }
    }
    out
}

fn weigh<'a>(scene: &Scene<'a>, shape: String, rows: Vec<(ElementRef<'a>, Url)>) -> Option<List<'a>> {
    let mut targets = HashSet::new();
    let rows: Vec<(Row<'a>, Url)> = rows
        .into_iter()
        .filter(|(_, url)| targets.insert(links::normal_form(url)))
        .map(|(e, url)| (Row::of(e), url))
        .collect();
    let entries: Vec<ParsedEntry> = rows
        .iter()
        .take(ENOUGH_ROWS)
        .filter_map(|(r, _)| super::row::entry(scene, r, &PageSelectors::default()))
        .collect();
    let words = |e: &ParsedEntry| e.title.as_deref().map_or(0, |t| t.split(' ').count().min(ENOUGH_WORDS));
    let titles: usize = entries.iter().map(words).sum();
    // Menus and tags have titles of one or two words.
    if titles < entries.len() * 3 {
        return None;
    }
    let dated = entries.iter().filter(|e| e.published.is_some()).count() * 2 >= entries.len();
    let share = |found: usize| found * 2 >= rows.len();
    let heading = selector("h1, h2, h3, h4, h5, h6")?;
    let headed = share(rows.iter().filter(|(row, _)| row.select(&heading).next().is_some()).count());
    let here = [scene.url.host_str(), scene.base.host_str()];
    let at_home = share(rows.iter().filter(|(_, url)| here.contains(&url.host_str())).count());
    let weight = titles * (1 + 2 * usize::from(dated) + usize::from(headed)) / (1 + 2 * usize::from(!at_home));
    // A single row is no list; it may be the lead of one.
    (weight >= LEAST_WEIGHT || rows.len() == 1).then_some(List { rows, weight, dated, headed, shape })
}

/// The weightiest list, together with those of the same make: the lead story stands in a shape of its own.
fn best(mut lists: Vec<List<'_>>) -> Option<List<'_>> {
    let at = lists
        .iter()
        .enumerate()
        .filter(|(_, l)| l.rows.len() > 1)
        .max_by_key(|(i, l)| (l.weight, std::cmp::Reverse(*i)))
        .map(|(i, _)| i)?;
    let mut best = lists.swap_remove(at);
    let folder = |url: &Url| {
        let path = url.path().trim_end_matches('/');
        format!("{}{}", url.host_str().unwrap_or(""), path.rsplit_once('/').map_or("", |(folder, _)| folder))
    };
    let home: HashSet<String> = best.rows.iter().map(|(_, url)| folder(url)).collect();
    let mut known: HashSet<String> = best.rows.iter().map(|(_, url)| links::normal_form(url)).collect();
    for list in lists.into_iter().filter(|l| l.dated == best.dated) {
        for (row, url) in list.rows {
            if home.contains(&folder(&url)) && known.insert(links::normal_form(&url)) {
                best.rows.push((row, url));
            }
        }
    }
    Some(best)
}

/// Words of an element's text.
pub(super) fn word_count(element: ElementRef<'_>) -> usize {
    text(element).split(' ').filter(|w| !w.is_empty()).count()
}
