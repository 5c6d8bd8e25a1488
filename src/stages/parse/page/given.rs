//! Rows by the user's selectors.

use super::{ParseError, Row, Scene};
use scraper::Selector;

/// Why a CSS selector cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no CSS selector: write it as `li.news-item` or `main article`")]
pub struct SelectorError(String);

/// Whether `css` is a CSS selector.
///
/// # Errors
/// When it is none.
pub fn check_selector(css: &str) -> Result<(), SelectorError> {
    Selector::parse(css).map(|_| ()).map_err(|_| SelectorError(css.to_owned()))
}

/// The elements that `entry` matches, without those inside another match, and how they were found.
pub(super) fn rows<'a>(scene: &Scene<'a>, entry: &str) -> Result<(Vec<Row<'a>>, String), ParseError> {
    let nothing = |reason: String| ParseError::NothingReadable { begun: 0, reason };
    let css = Selector::parse(entry).map_err(|_| nothing(SelectorError(entry.to_owned()).to_string()))?;
    let matched: Vec<_> = scene.page.select(&css).collect();
    let ids: std::collections::HashSet<_> = matched.iter().map(|e| e.id()).collect();
    let rows: Vec<Row<'a>> = matched
        .into_iter()
        .filter(|element| !element.ancestors().any(|a| ids.contains(&a.id())))
        .map(Row::of)
        .collect();
    if rows.is_empty() {
        let text = super::row::text(scene.page.root_element());
        if super::words::says_nothing_to_list(&text) {
            return Ok((rows, "the page says that there is nothing to list".to_owned()));
        }
        return Err(nothing(format!("`entry` {entry:?} matches nothing in the page: has it been redesigned?")));
    }
    let count = rows.len();
    Ok((rows, format!("{count} rows by `entry` {entry:?}")))
}
