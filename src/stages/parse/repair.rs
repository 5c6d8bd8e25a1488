//! Repair of XML feeds: reads whatever is there and writes it again as the well-formed RSS 2.0 or Atom 1.0 that feed-rs
//! reads without loss.
//!
//! One pass over the tokens with a stack of what is open. An end tag closes what it names and everything in it; one that
//! names nothing open is ignored; a field that was never closed ends where the next field of its item begins. Names count
//! without regard to case, namespaces by what they mean (`config/reading.toml`), undeclared prefixes by custom. What feed-rs
//! would pass over is written where it looks: `rdf:about` and guids as ids, permalinks and `atom:link` as links, the first
//! date of the best kind that is one. What it has no use for (media, extensions) is left out. An item that the
//! document's end cut off is left out with it, so that a half-read link or id never becomes a new entry.

use super::dates;
use super::decode::warn;
use super::links::resolve;
use super::markup::{Attributes, Entities, Token, Tokens, attribute, escape_into, unescape};
use super::rules::{Ns, RULES};
use crate::domain::{PollHints, Warning};
use jiff::Timestamp;
use std::borrow::Cow;
use url::Url;

/// Deepest nesting followed; what lies deeper is taken as if it lay here.
const MAX_DEPTH: usize = 200;
/// Most bytes of a summary or content, as HTML.
const MAX_HTML: usize = 64 * 1024;
/// Most bytes of every other field.
const MAX_FIELD: usize = 8 * 1024;
/// Most entries taken from one document.
const MAX_ENTRIES: usize = 20_000;

/// Which family of formats the document belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flavour {
    Rss,
    Rdf,
    Atom,
}

/// A repaired document.
#[derive(Debug)]
pub(super) struct Repaired {
    /// Well-formed RSS 2.0 or Atom 1.0.
    pub(super) document: String,
    /// Items begun in the source.
    pub(super) begun: usize,
    /// Items written.
    pub(super) written: usize,
    /// The address of the site that the feed belongs to.
    pub(super) home: Option<Url>,
    /// What it says of polling.
    pub(super) hints: PollHints,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    FeedTitle,
    FeedLink,
    Ttl,
    Hour,
    Day,
    Period,
    Frequency,
    /// With its rank: the lowest wins.
    Title(u8),
    Link(u8),
    Id,
    Summary(u8),
    Content(u8),
    Published(u8),
    Updated(u8),
    /// `author` of RSS: a mail address, perhaps with a name.
    Author,
    /// A bare name.
    Name,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Root,
    Channel,
    Item,
    Field(Field),
    /// Atom's `author`.
    Person,
    /// A group whose children are fields of the feed: `skipHours`, `skipDays`.
    Group,
    /// Markup within a field.
    Inline,
    Ignored,
}

struct Open<'a> {
    name: &'a str,
    what: What,
    scopes: usize,
    bases: usize,
}

/// A text and whether it is HTML.
#[derive(Debug, Clone, Default)]
struct Text {
    text: String,
    html: bool,
}

#[derive(Default)]
struct Item {
    id: Option<String>,
    permalink: Option<Url>,
    about: Option<String>,
    link: Option<(u8, Url)>,
    title: Option<(u8, Text)>,
    summary: Option<(u8, Text)>,
    content: Option<(u8, Text)>,
    published: Option<(u8, Timestamp)>,
    updated: Option<(u8, Timestamp)>,
    /// Author as written, and whether it is a bare name.
    authors: Vec<(String, bool)>,
}

/// The field being read.
struct Capture {
    text: Text,
    /// Whether elements were met in it, so that what is text must stay distinct from what is markup.
    markup: bool,
    permalink: bool,
    limit: usize,
}

struct Repair<'a, 'w> {
    flavour: Flavour,
    rooted: bool,
    closed: bool,
    stack: Vec<Open<'a>>,
    scopes: Vec<(&'a str, Ns)>,
    bases: Vec<Url>,
    entities: Entities,
    item: Item,
    capture: Option<Capture>,
    feed_title: Option<Text>,
    home: Option<Url>,
    period: Option<u64>,
    frequency: Option<u64>,
    ttl: Option<u64>,
    hints: PollHints,
    body: String,
    begun: usize,
    written: usize,
    /// What the document is instead of a feed, by its first element.
    stranger: Option<&'static str>,
    warnings: &'w mut Vec<Warning>,
}

/// Repairs the XML `source`, which came from `url`.
///
/// # Errors
/// When no feed begins in it; the text says what it is instead.
pub(super) fn repair(source: &str, url: &Url, warnings: &mut Vec<Warning>) -> Result<Repaired, &'static str> {
    let mut repair = Repair {
        flavour: Flavour::Rss,
        rooted: false,
        closed: false,
        stack: Vec::new(),
        scopes: Vec::new(),
        bases: vec![url.clone()],
        entities: Entities::default(),
        item: Item::default(),
        capture: None,
        feed_title: None,
        home: None,
        period: None,
        frequency: None,
        ttl: None,
        hints: PollHints::default(),
        body: String::with_capacity(source.len() / 2),
        begun: 0,
        written: 0,
        stranger: None,
        warnings,
    };
    for token in Tokens::new(source) {
        repair.token(token);
        if repair.closed {
            break;
        }
    }
    repair.finish()
}

/// The prefix and the local part of a name.
fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// What the namespace at `address` is to us.
fn namespace(address: &str) -> Ns {
    let address = address.trim().to_ascii_lowercase();
    let bare = address.trim_start_matches("http://").trim_start_matches("https://").trim_end_matches(['/', '#']);
    if bare.is_empty() { Ns::Core } else { RULES.namespaces.get(bare).copied().unwrap_or(Ns::Other) }
}

impl<'a> Repair<'a, '_> {
    fn token(&mut self, token: Token<'a>) {
        match token {
            Token::Start { name, attributes, empty } => self.start(name, attributes, empty),
            Token::End { name } => self.end(name),
            Token::Text(text) => self.text(text, false),
            Token::CData(text) => self.text(text, true),
            Token::Doctype(doctype) => {
                if doctype.contains("<!ENTITY") {
                    self.entities = Entities::of_doctype(doctype);
                }
                if !self.rooted
                    && self.stranger.is_none()
                    && doctype.to_ascii_lowercase().starts_with("<!doctype html>")
                {
                    self.stranger = Some(HTML);
                }
            }
            Token::Other => {}
            Token::Cut { end_tag } => {
                warn(self.warnings, "cut_off", "the document ends within a tag");
                // An end tag without its angle still says that what it ends is whole.
                if !end_tag && let Some(open) = self.stack.iter().position(|o| o.what == What::Item) {
                    self.drop_item(open);
                }
            }
        }
    }

    fn resolve_prefix(&self, prefix: &str) -> Ns {
        if let Some((_, ns)) = self.scopes.iter().rev().find(|(p, _)| *p == prefix) {
            return *ns;
        }
        if prefix.is_empty() {
            return Ns::Core;
        }
        RULES.prefixes.get(&*lower(prefix)).copied().unwrap_or(Ns::Other)
    }

    /// Whether `ns` is that of the feed's own vocabulary.
    fn is_core(&self, ns: Ns) -> bool {
        ns == Ns::Core || (self.flavour == Flavour::Atom && ns == Ns::Atom)
    }

    fn base(&self) -> &Url {
        // The feed's address is never popped: every element's mark is at least 1.
        self.bases.last().unwrap_or_else(|| unreachable!("the feed's own address is at the bottom"))
    }

    fn what(&self) -> Option<What> {
        self.stack.last().map(|open| open.what)
    }

    fn push(&mut self, name: &'a str, what: What, scopes: usize, bases: usize) {
        self.stack.push(Open { name, what, scopes, bases });
    }

    /// Takes in the namespaces and base that `attributes` declare.
    fn declare(&mut self, attributes: &'a str) {
        if attributes.contains("xmlns") {
            for (name, value) in Attributes(attributes) {
                if name == "xmlns" {
                    self.scopes.push(("", namespace(value)));
                } else if let Some(prefix) = name.strip_prefix("xmlns:") {
                    self.scopes.push((prefix, namespace(value)));
                }
            }
        }
        if attributes.contains("xml:base")
            && let Some(value) = attribute(attributes, "xml:base")
            && let Some(base) = resolve(&unescape(value, &self.entities), self.base())
        {
            self.bases.push(base);
        }
    }

    fn start(&mut self, name: &'a str, attributes: &'a str, empty: bool) {
        let (scopes, bases) = (self.scopes.len(), self.bases.len());
        if !attributes.is_empty() {
            self.declare(attributes);
        }
        let (prefix, local) = split(name);
        let local = lower(local);
        let ns = self.resolve_prefix(prefix);
        if self.interrupts(ns, &local) {
            self.close_field();
        }
        let what = match self.what() {
            None => match self.root(prefix, &local) {
                Some(what) => what,
                None => {
                    self.scopes.truncate(scopes);
                    self.bases.truncate(bases);
                    return;
                }
            },
            Some(What::Root | What::Channel) => self.feed_child(ns, &local, attributes),
            Some(What::Group) => match &*local {
                "hour" => What::Field(Field::Hour),
                "day" => What::Field(Field::Day),
                _ => What::Ignored,
            },
            Some(What::Item) => self.item_child(ns, &local, attributes),
            Some(What::Person) if local == "name" => What::Field(Field::Name),
            Some(What::Field(_) | What::Inline) => What::Inline,
            Some(What::Person | What::Ignored) => What::Ignored,
        };
        match what {
            What::Field(field) => self.begin_field(field, attributes),
            What::Inline => self.inline(split(name).1, Some(attributes), empty),
            What::Item => {
                self.begun += 1;
                self.item = Item::default();
                if let Some(about) = attribute(attributes, "rdf:about").or_else(|| attribute(attributes, "about")) {
                    let about = unescape(about, &self.entities).trim().to_owned();
                    self.item.about = Some(about).filter(|a| !a.is_empty());
                }
            }
            _ => {}
        }
        let flat = what == What::Inline && RULES.void.contains(&*local);
        let deep = self.stack.len() >= MAX_DEPTH && matches!(what, What::Inline | What::Ignored);
        if deep {
            warn(self.warnings, "too_deep", format!("nested deeper than {MAX_DEPTH} elements"));
        }
        if flat || deep {
            self.scopes.truncate(scopes);
            self.bases.truncate(bases);
            return;
        }
        self.push(name, what, scopes, bases);
        if empty {
            self.pop();
        }
    }

    /// Whether this start tag shows that the open field was never closed: a field of the item that HTML does not have.
    fn interrupts(&self, ns: Ns, local: &str) -> bool {
        if self.capture.is_none() || !self.is_core(ns) {
            return false;
        }
        let field = self.stack.iter().rev().find_map(|open| match open.what {
            What::Field(field) => Some(field),
            _ => None,
        });
        let html = matches!(field, Some(Field::Summary(_) | Field::Content(_)));
        match (self.flavour == Flavour::Atom, html) {
            (false, true) => matches!(local, "guid" | "pubdate" | "item" | "enclosure"),
            (false, false) => matches!(
                local,
                "title"
                    | "link"
                    | "description"
                    | "guid"
                    | "pubdate"
                    | "item"
                    | "author"
                    | "category"
                    | "comments"
                    | "enclosure"
            ),
            (true, true) => matches!(local, "entry" | "updated" | "published"),
            (true, false) => matches!(
                local,
                "title"
                    | "link"
                    | "id"
                    | "updated"
                    | "published"
                    | "summary"
                    | "content"
                    | "author"
                    | "category"
                    | "entry"
            ),
        }
    }

    /// What the first element is; `None` for one before the feed begins.
    fn root(&mut self, prefix: &'a str, local: &str) -> Option<What> {
        let (flavour, what) = match local {
            "rss" => (Flavour::Rss, What::Root),
            "rdf" => (Flavour::Rdf, What::Root),
            "feed" => (Flavour::Atom, What::Root),
            // Without a root, or with an unknown one around it.
            "channel" if self.stranger.is_none_or(|s| s == OTHER) => (Flavour::Rss, What::Channel),
            "item" if self.stranger.is_none() => (Flavour::Rss, What::Item),
            "entry" if self.stranger.is_none() => (Flavour::Atom, What::Item),
            _ => {
                // What a server prints before the document when something is wrong with it.
                let junk =
                    matches!(local, "b" | "br" | "p" | "div" | "pre" | "font" | "i" | "strong" | "hr" | "script");
                if self.stranger.is_none() && !junk {
                    self.stranger = Some(stranger(local));
                }
                return None;
            }
        };
        if self.rooted {
            return None;
        }
        self.flavour = flavour;
        self.rooted = true;
        // Whatever namespace the root has, its children of the same name space are the feed's vocabulary.
        if let Some(own) = self.scopes.iter_mut().rev().find(|(p, _)| *p == prefix)
            && flavour != Flavour::Rdf
        {
            own.1 = Ns::Core;
        }
        if flavour == Flavour::Rdf
            && let Some(own) = self.scopes.iter_mut().rev().find(|(p, ns)| p.is_empty() && *ns == Ns::Other)
        {
            own.1 = Ns::Core;
        }
        Some(what)
    }

    fn feed_child(&mut self, ns: Ns, local: &str, attributes: &str) -> What {
        let core = self.is_core(ns);
        match local {
            "item" | "entry" if core || ns == Ns::Atom => What::Item,
            "item" | "entry" => {
                self.begun += 1;
                What::Ignored
            }
            "channel" if core => What::Channel,
            "title" if core || (ns == Ns::Dc && self.feed_title.is_none()) => What::Field(Field::FeedTitle),
            "link" if core => {
                if let Some(href) = attribute(attributes, "href") {
                    let rel = attribute(attributes, "rel").unwrap_or("alternate");
                    if rel.eq_ignore_ascii_case("alternate") && self.home.is_none() {
                        self.home = resolve(&unescape(href, &self.entities), self.base());
                    }
                    return What::Ignored;
                }
                What::Field(Field::FeedLink)
            }
            "ttl" if core => What::Field(Field::Ttl),
            "skiphours" | "skipdays" if core => What::Group,
            "updateperiod" if ns == Ns::Syndication => What::Field(Field::Period),
            "updatefrequency" if ns == Ns::Syndication => What::Field(Field::Frequency),
            _ => What::Ignored,
        }
    }

    fn item_child(&mut self, ns: Ns, local: &str, attributes: &str) -> What {
        let core = self.is_core(ns);
        if core && matches!(local, "item" | "entry") {
            // The one before was never closed.
            warn(self.warnings, "unclosed_item", "an item begins before the one before it ends");
            if let Some(at) = self.stack.iter().rposition(|open| open.what == What::Item) {
                self.pop_to(at);
            }
            return match self.what() {
                None | Some(What::Root | What::Channel) => What::Item,
                _ => What::Ignored,
            };
        }
        let atom = self.flavour == Flavour::Atom;
        let field = match (ns, local) {
            (_, "title") if core => Field::Title(0),
            (Ns::Dc, "title") => Field::Title(2),
            (Ns::Atom, "title") => Field::Title(1),
            (Ns::Media, "title") => Field::Title(3),
            (Ns::Itunes, "title") => Field::Title(4),
            (Ns::Core | Ns::Atom, "link") => return self.link(ns, attributes),
            (_, "guid") if core => Field::Id,
            (Ns::Core | Ns::Atom, "id") => Field::Id,
            (_, "description") if core && !atom => Field::Summary(0),
            (Ns::Core | Ns::Atom, "summary") => Field::Summary(if core && atom { 0 } else { 1 }),
            (_, "abstract") if core => Field::Summary(3),
            (Ns::Dc, "description") => Field::Summary(2),
            (Ns::Itunes, "summary" | "subtitle") | (Ns::Media, "description") => Field::Summary(4),
            (Ns::Content, "encoded") => Field::Content(0),
            (Ns::Core | Ns::Atom, "content") => Field::Content(0),
            (Ns::Xhtml, "body" | "div") => Field::Content(1),
            (_, "fullitem") => Field::Content(2),
            (_, "pubdate") if core || ns == Ns::Atom => Field::Published(if atom { 2 } else { 0 }),
            (Ns::Core | Ns::Atom, "published") => Field::Published(if atom { 0 } else { 1 }),
            (Ns::Core | Ns::Atom | Ns::DcTerms, "issued") => Field::Published(2),
            (Ns::Dc | Ns::DcTerms, "date") => Field::Published(3),
            (Ns::Core | Ns::Atom | Ns::DcTerms, "created") => Field::Published(4),
            (Ns::Core, "date") => Field::Published(5),
            (Ns::Core | Ns::Atom, "updated") => Field::Updated(0),
            (Ns::Core | Ns::Atom | Ns::DcTerms, "modified") => Field::Updated(1),
            (Ns::Core, "lastbuilddate") => Field::Updated(2),
            (Ns::Core | Ns::Atom, "author") if atom || ns == Ns::Atom => return What::Person,
            (Ns::Core, "author") => Field::Author,
            (Ns::Dc, "creator") => Field::Name,
            (Ns::Itunes, "author") => Field::Name,
            _ => return What::Ignored,
        };
        What::Field(field)
    }

    /// A link with an address in an attribute, or else in its text.
    fn link(&mut self, ns: Ns, attributes: &str) -> What {
        let Some(href) = attribute(attributes, "href").filter(|h| !h.trim().is_empty()) else {
            return What::Field(Field::Link(0));
        };
        let rel = attribute(attributes, "rel").map(|r| r.trim().to_ascii_lowercase()).unwrap_or_default();
        let kind = attribute(attributes, "type").map(str::to_ascii_lowercase).unwrap_or_default();
        let rank = match rel.rsplit('/').next().unwrap_or("") {
            "" | "alternate" if kind.is_empty() || kind.contains("html") => 1,
            "" | "alternate" => 2,
            _ => return What::Ignored,
        };
        // An atom:link in RSS stands behind RSS's own.
        let rank = if self.flavour != Flavour::Atom && ns == Ns::Atom { rank + 2 } else { rank };
        let url = resolve(&unescape(href, &self.entities), self.base());
        self.keep_link(rank, url);
        What::Ignored
    }

    fn keep_link(&mut self, rank: u8, url: Option<Url>) {
        if let Some(url) = url
            && self.item.link.as_ref().is_none_or(|(r, _)| rank < *r)
        {
            self.item.link = Some((rank, url));
        }
    }

    fn begin_field(&mut self, field: Field, attributes: &str) {
        let html = match field {
            Field::Title(_) | Field::Summary(_) | Field::Content(_) | Field::FeedTitle => {
                self.flavour != Flavour::Atom
                    || attribute(attributes, "type").is_some_and(|t| t.to_ascii_lowercase().contains("html"))
            }
            _ => false,
        };
        let permalink = field == Field::Id
            && self.flavour != Flavour::Atom
            && !attribute(attributes, "isPermaLink").is_some_and(|v| v.trim().eq_ignore_ascii_case("false"));
        let limit = if matches!(field, Field::Summary(_) | Field::Content(_)) { MAX_HTML } else { MAX_FIELD };
        self.capture = Some(Capture { text: Text { text: String::new(), html }, markup: false, permalink, limit });
    }

    /// Markup within a field: kept where the field is HTML, else only its text counts.
    fn inline(&mut self, local: &str, attributes: Option<&str>, empty: bool) {
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

    fn text(&mut self, text: &str, cdata: bool) {
        let Some(capture) = &mut self.capture else { return };
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

    fn end(&mut self, name: &str) {
        let found = self.stack.iter().rposition(|open| open.name.eq_ignore_ascii_case(name)).or_else(|| {
            // The prefix may have been forgotten on one side, but only on what a feed is made of.
            let local = split(name).1;
            self.stack.iter().rposition(|open| {
                matches!(open.what, What::Item | What::Channel | What::Root)
                    && split(open.name).1.eq_ignore_ascii_case(local)
            })
        });
        if let Some(at) = found {
            self.pop_to(at);
        }
    }

    /// Closes everything down to and with the element at `at`.
    fn pop_to(&mut self, at: usize) {
        while self.stack.len() > at {
            self.pop();
        }
    }

    fn close_field(&mut self) {
        warn(self.warnings, "unclosed_field", "a field begins before the one before it ends");
        if let Some(at) = self.stack.iter().rposition(|open| matches!(open.what, What::Field(_))) {
            self.pop_to(at);
        }
        if self.what() == Some(What::Person) {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        match open.what {
            What::Field(field) => self.end_field(field),
            What::Inline => self.inline(split(open.name).1, None, false),
            What::Item => self.end_item(),
            What::Root => self.closed = true,
            _ => {}
        }
        self.scopes.truncate(open.scopes);
        self.bases.truncate(open.bases);
    }

    fn end_field(&mut self, field: Field) {
        let Some(Capture { mut text, permalink, .. }) = self.capture.take() else { return };
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
                let url = resolve(&text.text, self.base());
                self.keep_link(rank, url);
            }
            Field::Id => {
                let id = text.text.trim();
                if permalink && (id.starts_with("http://") || id.starts_with("https://")) {
                    self.item.permalink = resolve(id, self.base());
                }
                if self.item.id.is_none() {
                    self.item.id = Some(id.to_owned());
                }
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

    /// Forgets the open item, which is not whole.
    fn drop_item(&mut self, at: usize) {
        warn(self.warnings, "incomplete_item", "the last item is not whole and was left out");
        self.capture = None;
        self.stack.truncate(at);
        self.item = Item::default();
    }

    fn end_item(&mut self) {
        let item = std::mem::take(&mut self.item);
        if self.written >= MAX_ENTRIES {
            warn(self.warnings, "too_many_entries", format!("entries after the first {MAX_ENTRIES} were left out"));
            return;
        }
        self.written += 1;
        let about_link = || item.about.as_ref().filter(|a| a.starts_with("http")).and_then(|a| Url::parse(a).ok());
        let link = item.link.map(|(_, url)| url).or(item.permalink).or_else(about_link);
        let id = item.id.or(item.about);
        let atom = self.flavour == Flavour::Atom;
        let out = &mut self.body;
        out.push_str(if atom { "<entry>" } else { "<item>" });
        if let Some(id) = id {
            element(out, if atom { "id" } else { "guid" }, &id);
        }
        if let Some(link) = link {
            if atom {
                out.push_str("<link href=\"");
                escape_into(out, &link.as_str().replace('"', "%22"));
                out.push_str("\"/>");
            } else {
                element(out, "link", link.as_str());
            }
        }
        for (name, text) in [
            ("title", item.title),
            (if atom { "summary" } else { "description" }, item.summary),
            (if atom { "content" } else { "content:encoded" }, item.content),
        ] {
            if let Some((_, text)) = text {
                if atom && text.html {
                    typed(out, name, &text.text);
                } else {
                    element(out, name, &text.text);
                }
            }
        }
        if let Some((_, at)) = item.published {
            element(out, if atom { "published" } else { "pubDate" }, &at.to_string());
        }
        if let Some((_, at)) = item.updated {
            element(out, if atom { "updated" } else { "atom:updated" }, &at.to_string());
        }
        for (author, bare) in item.authors {
            if atom {
                out.push_str("<author>");
                element(out, "name", &author);
                out.push_str("</author>");
            } else {
                element(out, if bare { "dc:creator" } else { "author" }, &author);
            }
        }
        out.push_str(if atom { "</entry>" } else { "</item>" });
    }

    fn finish(mut self) -> Result<Repaired, &'static str> {
        if !self.rooted {
            return Err(self.stranger.unwrap_or("a text without an element of a feed"));
        }
        if let Some(at) = self.stack.iter().position(|open| open.what == What::Item) {
            // Its end is missing. What is in a half-read field is not whole; the rest is, if it can be told from others.
            let whole =
                self.capture.is_none() && (self.item.id.is_some() || self.written == 0 && self.item.link.is_some());
            if whole {
                warn(self.warnings, "cut_off", "the document ends within an item");
                self.pop_to(at);
            } else {
                self.drop_item(at);
            }
        }
        if self.closed || self.stack.is_empty() {
        } else {
            warn(self.warnings, "cut_off", "the document ends before its root does");
        }
        let period = self.period.or(self.frequency.map(|_| 86_400)).map(|p| p / self.frequency.unwrap_or(1).max(1));
        self.hints.min_wait_secs = self.ttl.and_then(|t| t.checked_mul(60)).max(period).filter(|wait| *wait > 0);
        self.hints.skip_hours.sort_unstable();
        self.hints.skip_hours.dedup();
        self.hints.skip_days.sort_unstable();
        self.hints.skip_days.dedup();
        let mut document = String::with_capacity(self.body.len() + 512);
        let title = self.feed_title.unwrap_or_default();
        if self.flavour == Flavour::Atom {
            document.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\">");
            if title.html {
                typed(&mut document, "title", &title.text);
            } else if !title.text.is_empty() {
                element(&mut document, "title", &title.text);
            }
            document.push_str(&self.body);
            document.push_str("</feed>");
        } else {
            document.push_str(
                "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
                 xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>",
            );
            element(&mut document, "title", &title.text);
            document.push_str(&self.body);
            document.push_str("</channel></rss>");
        }
        Ok(Repaired { document, begun: self.begun, written: self.written, home: self.home, hints: self.hints })
    }
}

/// Keeps what has the lowest rank; the first of equals.
fn better<T>(kept: &mut Option<(u8, T)>, rank: u8, value: T) {
    if kept.as_ref().is_none_or(|(r, _)| rank < *r) {
        *kept = Some((rank, value));
    }
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    escape_into(out, text);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn typed(out: &mut String, name: &str, html: &str) {
    out.push('<');
    out.push_str(name);
    out.push_str(" type=\"html\">");
    escape_into(out, html);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

const HTML: &str = "an HTML page";
const OTHER: &str = "XML of another kind";

/// What a document is whose first element is `local`.
fn stranger(local: &str) -> &'static str {
    match local {
        "opml" => "an OPML list of feeds",
        "urlset" | "sitemapindex" => "a site map",
        "html" | "head" | "body" | "title" | "meta" => HTML,
        "svg" => "an SVG image",
        "error" => "an XML error message",
        _ => OTHER,
    }
}
