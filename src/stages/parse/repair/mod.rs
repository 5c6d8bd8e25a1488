//! Repair of XML feeds: reads whatever is there and writes it again as the well-formed RSS 2.0 or Atom 1.0 that feed-rs
//! reads without loss.
//!
//! One pass over the tokens with a stack of what is open. An end tag closes what it names and everything in it; one that
//! names nothing open is ignored; a field that was never closed ends where the next field of its item begins. Names count
//! without regard to case, namespaces by what they mean (`config/reading.toml`), undeclared prefixes by custom. What feed-rs
//! would pass over is written where it looks: `rdf:about` and guids as ids, permalinks and `atom:link` as links, the first
//! date of the best kind that is one. What it has no use for (media, extensions) is left out. An item that the
//! document's end cut off is left out with it, so that a half-read link or id never becomes a new entry.

mod fields;
mod vocabulary;
mod write;

use super::decode::warn;
use super::links::resolve;
use super::markup::{Attributes, Entities, Token, Tokens, attribute, unescape};
use super::rules::{Ns, RULES};
use crate::domain::{PollHints, Warning};
use fields::Capture;
use std::borrow::Cow;
use url::Url;
use vocabulary::HTML;
use write::{Item, Text};

/// Deepest nesting followed; what lies deeper is taken as if it lay here.
const MAX_DEPTH: usize = 200;
/// Most namespace declarations that count at one place.
const MAX_SCOPES: usize = 500;
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
    Id(u8),
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

struct Repair<'a, 'w> {
    flavour: Flavour,
    rooted: bool,
    closed: bool,
    stack: Vec<Open<'a>>,
    scopes: Vec<(&'a str, Ns)>,
    /// The feed's own address, and the bases that open elements declare.
    url: Url,
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
    /// Elements called items in places where no feed has them.
    elsewhere: usize,
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
        url: url.clone(),
        bases: Vec::new(),
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
        elsewhere: 0,
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
        self.bases.last().unwrap_or(&self.url)
    }

    fn what(&self) -> Option<What> {
        self.stack.last().map(|open| open.what)
    }

    fn scope(&mut self, prefix: &'a str, ns: Ns) {
        if self.scopes.len() < MAX_SCOPES {
            self.scopes.push((prefix, ns));
        }
    }

    /// Takes in the namespaces and base that `attributes` declare.
    fn declare(&mut self, attributes: &'a str) {
        if attributes.is_empty() {
            return;
        }
        if attributes.contains("xmlns") {
            for (name, value) in Attributes(attributes) {
                if name == "xmlns" {
                    self.scope("", namespace(value));
                } else if let Some(prefix) = name.strip_prefix("xmlns:") {
                    self.scope(prefix, namespace(value));
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
        let (prefix, local) = split(name);
        let local = lower(local);
        let (mut scopes, mut bases) = (self.scopes.len(), self.bases.len());
        self.declare(attributes);
        let mut ns = self.resolve_prefix(prefix);
        if let Some((at, rule, message)) = self.never_closed(ns, &local) {
            warn(self.warnings, rule, message);
            self.scopes.truncate(scopes);
            self.bases.truncate(bases);
            self.pop_to(at);
            (scopes, bases) = (self.scopes.len(), self.bases.len());
            self.declare(attributes);
            ns = self.resolve_prefix(prefix);
        }
        let deep = self.stack.len() >= MAX_DEPTH;
        let what = match self.what() {
            None => self.root(prefix, &local),
            Some(What::Field(_) | What::Inline) => Some(What::Inline),
            Some(_) if deep => Some(What::Ignored),
            Some(What::Root | What::Channel) => Some(self.feed_child(ns, &local, attributes)),
            Some(What::Group) => Some(match &*local {
                "hour" => What::Field(Field::Hour),
                "day" => What::Field(Field::Day),
                _ => What::Ignored,
            }),
            Some(What::Item) => Some(self.item_child(ns, &local, attributes)),
            Some(What::Person) if local == "name" => Some(What::Field(Field::Name)),
            Some(What::Person | What::Ignored) => Some(What::Ignored),
        };
        match what {
            Some(What::Field(field)) => self.begin_field(field, attributes),
            Some(What::Inline) => self.inline(split(name).1, Some(attributes), empty),
            Some(What::Item) => self.begin_item(attributes),
            Some(What::Ignored) if matches!(&*local, "item" | "entry") => self.elsewhere += 1,
            _ => {}
        }
        let flat = what == Some(What::Inline) && RULES.void.contains(&*local);
        if deep {
            warn(self.warnings, "too_deep", format!("nested deeper than {MAX_DEPTH} elements"));
        }
        match what {
            Some(what) if !flat && !deep => {
                self.stack.push(Open { name, what, scopes, bases });
                if empty {
                    self.pop();
                }
            }
            _ => {
                self.scopes.truncate(scopes);
                self.bases.truncate(bases);
            }
        }
    }

    fn begin_item(&mut self, attributes: &str) {
        self.begun += 1;
        self.item = Item::default();
        // Whatever prefix the document gives RDF.
        let is_about = |name: &str| name.rsplit(':').next().is_some_and(|local| local.eq_ignore_ascii_case("about"));
        if let Some((_, about)) = Attributes(attributes).find(|(name, _)| is_about(name)) {
            let about = unescape(about, &self.entities).trim().to_owned();
            self.item.about = Some(about).filter(|a| !a.is_empty());
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
        item.write(self.flavour, &mut self.body);
    }

    fn finish(mut self) -> Result<Repaired, &'static str> {
        if !self.rooted {
            return Err(self.stranger.unwrap_or("a text without an element of a feed"));
        }
        if let Some(at) = self.stack.iter().position(|open| open.what == What::Item) {
            // Its end is missing. What is in a half-read field is not whole; the rest is, if it can be told from others.
            let whole = self.capture.is_none() && self.item.id.is_some();
            if whole {
                warn(self.warnings, "cut_off", "the document ends within an item");
                self.pop_to(at);
            } else {
                self.drop_item(at);
            }
        }
        // A page may hold a feed, or only an element that is called like one.
        if self.stranger == Some(HTML) && self.written == 0 {
            return Err(HTML);
        }
        if !self.stack.is_empty() {
            warn(self.warnings, "cut_off", "the document ends before its root does");
        }
        let period = self.period.or(self.frequency.map(|_| 86_400)).map(|p| p / self.frequency.unwrap_or(1).max(1));
        self.hints.min_wait_secs = self.ttl.and_then(|t| t.checked_mul(60)).max(period).filter(|wait| *wait > 0);
        self.hints.skip_hours.sort_unstable();
        self.hints.skip_hours.dedup();
        self.hints.skip_days.sort_unstable();
        self.hints.skip_days.dedup();
        let document = write::document(self.flavour, &self.feed_title.unwrap_or_default(), &self.body);
        let begun = if self.written == 0 { self.begun + self.elsewhere } else { self.begun };
        Ok(Repaired { document, begun, written: self.written, home: self.home, hints: self.hints })
    }
}
