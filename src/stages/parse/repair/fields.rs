//! Reading fields: gathering a field's text and markup, and taking it over where it ends.

use super::write::Text;
use super::{Field, Flavour, Repair, What};
use crate::stages::parse::dates;
use crate::stages::parse::links::resolve;
use crate::stages::parse::markup::{attribute, escape_into, unescape};
use crate::stages::parse::text::from_base64;

/// Most bytes of a summary or content, as HTML.
const MAX_HTML: usize = 64 * 1024;
/// Most bytes of every other field.
const MAX_FIELD: usize = 8 * 1024;

/// The field being read.
pub(super) struct Capture {
    text: Text,
    /// Whether elements were met in it, so that what is text must stay distinct from what is markup.
    markup: bool,
    permalink: bool,
    /// Atom 0.3's `mode="base64"`.
    base64: bool,
    limit: usize,
}

impl Repair<'_, '_> {
    pub(super) fn begin_field(&mut self, field: Field, attributes: &str) {
        let html = match field {
            Field::Title(_) | Field::Summary(_) | Field::Content(_) | Field::FeedTitle => {
                self.flavour != Flavour::Atom
                    || attribute(attributes, "type").is_some_and(|t| t.to_ascii_lowercase().contains("html"))
            }
            _ => false,
        };
        let permalink = matches!(field, Field::Id(_))
            && self.flavour != Flavour::Atom
            && !attribute(attributes, "isPermaLink").is_some_and(|v| v.trim().eq_ignore_ascii_case("false"));
        let limit = if matches!(field, Field::Summary(_) | Field::Content(_)) { MAX_HTML } else { MAX_FIELD };
        let base64 = attribute(attributes, "mode").is_some_and(|mode| mode.eq_ignore_ascii_case("base64"));
        self.capture =
            Some(Capture { text: Text { text: String::new(), html }, markup: false, permalink, base64, limit });
    }

    /// Markup within a field: kept where the field is HTML, else only its text counts.
    pub(super) fn inline(&mut self, local: &str, attributes: Option<&str>, empty: bool) {
        let field = self.stack.iter().rev().find_map(|open| match open.what {
            What::Field(field) => Some(field),
            _ => None,
        });
        if !matches!(field, Some(Field::Title(_) | Field::Summary(_) | Field::Content(_) | Field::FeedTitle)) {
            return;
        }
        let Some(capture) = &mut self.capture else { return };
        if !capture.markup {
            capture.markup = true;
            // Text that came before an element was text, whatever it looks like.
            let before = std::mem::take(&mut capture.text.text);
            escape_into(&mut capture.text.text, &before);
            capture.text.html = true;
        }
        if capture.text.text.len() > capture.limit {
            return;
        }
        let out = &mut capture.text.text;
        match attributes {
            Some(attributes) => {
                out.push('<');
                out.push_str(local);
                out.push_str(attributes);
                out.push_str(if empty { "/>" } else { ">" });
            }
            None => {
                out.push_str("</");
                out.push_str(local);
                out.push('>');
            }
        }
    }

    /// Programs that take RSS for HTML close `link` at once, so that its address stands behind it.
    fn stray_link(&mut self, text: &str) {
        let text = text.trim();
        if self.what() == Some(What::Item) && (text.starts_with("http://") || text.starts_with("https://")) {
            let url = resolve(&unescape(text, &self.entities), self.base());
            self.keep_link(5, url);
        }
    }

    pub(super) fn text(&mut self, text: &str, cdata: bool) {
        let Some(capture) = &mut self.capture else {
            self.stray_link(text);
            return;
        };
        let room = capture.limit.saturating_sub(capture.text.text.len());
        if room == 0 {
            return;
        }
        let text = text.get(..text.floor_char_boundary(room)).unwrap_or("");
        if cdata {
            capture.text.text.push_str(text);
        } else if capture.markup {
            escape_into(&mut capture.text.text, &unescape(text, &self.entities));
        } else {
            capture.text.text.push_str(&unescape(text, &self.entities));
        }
    }

    pub(super) fn end_field(&mut self, field: Field) {
        let Some(Capture { mut text, permalink, base64, .. }) = self.capture.take() else { return };
        if base64 {
            text = Text { text: String::from_utf8_lossy(&from_base64(&text.text)).into_owned(), html: true };
        }
        if text.text.trim().is_empty() {
            return;
        }
        match field {
            Field::FeedTitle => self.feed_title = self.feed_title.take().or(Some(text)),
            Field::FeedLink => {
                if self.home.is_none() {
                    self.home = resolve(&text.text, self.base());
                }
            }
            Field::Ttl => self.ttl = text.text.trim().parse().ok(),
            // RSS 2.0 counts hours from 0 to 23, older texts from 1 to 24.
            Field::Hour => {
                self.hints.skip_hours.extend(text.text.trim().parse::<u8>().ok().filter(|h| *h <= 24).map(|h| h % 24))
            }
            Field::Day => {
                let day = text.text.trim().to_ascii_lowercase();
                let known = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().position(|d| day.starts_with(d));
                self.hints.skip_days.extend(known.and_then(|d| u8::try_from(d).ok()));
            }
            Field::Period => {
                self.period = match text.text.trim().to_ascii_lowercase().as_str() {
                    "hourly" => Some(3600),
                    "daily" => Some(86_400),
                    "weekly" => Some(7 * 86_400),
                    "monthly" => Some(30 * 86_400),
                    "yearly" => Some(365 * 86_400),
                    _ => None,
                }
            }
            Field::Frequency => self.frequency = text.text.trim().parse().ok().filter(|f| *f > 0),
            Field::Title(rank) => better(&mut self.item.title, rank, text),
            Field::Summary(rank) => better(&mut self.item.summary, rank, text),
            Field::Content(rank) => better(&mut self.item.content, rank, text),
            Field::Link(rank) => {
                let url = resolve(address_in(&text.text), self.base());
                self.keep_link(rank, url);
            }
            Field::Id(rank) => {
                let id = text.text.trim();
                if permalink && ["http://", "https://", "/"].iter().any(|head| id.starts_with(head)) {
                    self.item.permalink = resolve(id, self.base());
                }
                better(&mut self.item.id, rank, id.to_owned());
            }
            Field::Published(rank) => {
                if let Some(at) = dates::parse(&text.text) {
                    better(&mut self.item.published, rank, at);
                }
            }
            Field::Updated(rank) => {
                if let Some(at) = dates::parse(&text.text) {
                    better(&mut self.item.updated, rank, at);
                }
            }
            Field::Author | Field::Name => {
                text.text.truncate(text.text.trim_end().len());
                self.item.authors.push((text.text.trim_start().to_owned(), field == Field::Name));
            }
        }
    }
}

/// The address in a link that is written as HTML: `<a href="https://…">`; any other as it is.
fn address_in(text: &str) -> &str {
    let tag = text.trim_start().strip_prefix("<a").filter(|tag| tag.starts_with(char::is_whitespace));
    tag.and_then(|tag| attribute(tag.split('>').next().unwrap_or(tag), "href")).unwrap_or(text)
}

/// Keeps what has the lowest rank; the first of equals.
fn better<T>(kept: &mut Option<(u8, T)>, rank: u8, value: T) {
    if kept.as_ref().is_none_or(|(r, _)| rank < *r) {
        *kept = Some((rank, value));
    }
}
