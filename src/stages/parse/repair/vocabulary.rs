//! What an element is: by its name, its namespace, and where it stands.

use super::write::NEAR;
use super::{Field, Flavour, Repair, What};
use crate::stages::parse::links::resolve;
use crate::stages::parse::markup::{attribute, unescape};
use crate::stages::parse::rules::Ns;
use url::Url;

impl<'a> Repair<'a, '_> {
    /// What the first element is; `None` for one before the feed begins.
    pub(super) fn root(&mut self, prefix: &'a str, local: &str) -> Option<What> {
        if self.rooted {
            // Items one after another, without anything around them.
            return matches!(local, "item" | "entry").then_some(What::Item);
        }
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

    pub(super) fn feed_child(&mut self, ns: Ns, local: &str, attributes: &str) -> What {
        let core = self.is_core(ns);
        match local {
            "item" | "entry" if core || ns == Ns::Atom => What::Item,
            // RSS 1.1 has its items in a list.
            "channel" | "items" if core => What::Channel,
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

    pub(super) fn item_child(&mut self, ns: Ns, local: &str, attributes: &str) -> What {
        let core = self.is_core(ns);
        let atom = self.flavour == Flavour::Atom;
        let field = match (ns, local) {
            (_, "title") if core => Field::Title(0),
            (Ns::Dc, "title") => Field::Title(2),
            (Ns::Atom, "title") => Field::Title(1),
            (Ns::Media, "title") => Field::Title(3),
            (Ns::Itunes, "title") => Field::Title(4),
            (Ns::Core | Ns::Atom, "link") => return self.link(ns, attributes),
            (_, "guid") if core => Field::Id(0),
            (Ns::Core | Ns::Atom, "id") => Field::Id(1),
            (_, "description") if core && !atom => Field::Summary(0),
            (Ns::Core | Ns::Atom, "summary") => Field::Summary(if core && atom { 0 } else { 1 }),
            (_, "abstract") if core => Field::Summary(3),
            (Ns::Dc, "description") => Field::Summary(2),
            (Ns::Itunes, "summary" | "subtitle") | (Ns::Media, "description") => Field::Summary(4),
            (Ns::Content, "encoded") => Field::Content(0),
            (Ns::Core | Ns::Atom, "content") => {
                // Content that stands elsewhere is the article.
                if let Some(src) = attribute(attributes, "src").filter(|src| !src.trim().is_empty()) {
                    let url = resolve(&unescape(src, &self.entities), self.base());
                    self.keep_link(NEAR, url);
                }
                Field::Content(0)
            }
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

    /// What this start tag shows to have never been closed: from which place in the stack on, by which rule, in words.
    pub(super) fn never_closed(&self, ns: Ns, local: &str) -> Option<(usize, &'static str, &'static str)> {
        if !self.is_core(ns) {
            return None;
        }
        let what = self.what()?;
        let new_item = matches!(local, "item" | "entry");
        if what == What::Item && new_item {
            let item = self.stack.iter().rposition(|open| open.what == What::Item)?;
            return Some((item, "unclosed_item", "an item begins before the one before it ends"));
        }
        if self.capture.is_some() && self.interrupts(local) {
            let field = self.stack.iter().rposition(|open| matches!(open.what, What::Field(_)))?;
            // The author's name is the field in Atom, but the author is what was left open.
            let person = field.checked_sub(1).filter(|at| self.stack.get(*at).is_some_and(|o| o.what == What::Person));
            let at = match self.stack.iter().rposition(|open| open.what == What::Item) {
                Some(item) if new_item => item,
                _ => person.unwrap_or(field),
            };
            return Some((at, "unclosed_field", "a field begins before the one before it ends"));
        }
        if what == What::Ignored {
            let parent = self.stack.iter().rposition(|open| open.what != What::Ignored)?;
            let in_item = self.stack.iter().any(|open| open.what == What::Item);
            let closes = if new_item { !in_item } else { self.only_childless(parent + 1) && begins_field(local) };
            return closes.then_some((parent + 1, "unclosed_element", "an element without content was never closed"));
        }
        None
    }

    /// Whether all that is open from `from` on are elements that have no children by their nature.
    fn only_childless(&self, from: usize) -> bool {
        self.stack.iter().skip(from).all(|open| {
            let name = open.name.rsplit(':').next().unwrap_or("");
            ["link", "category", "enclosure", "comments", "cloud", "thumbnail"]
                .iter()
                .any(|n| name.eq_ignore_ascii_case(n))
        })
    }

    /// Whether `local` is a field that cannot stand in the open one: in a field of HTML, one that HTML does not have.
    fn interrupts(&self, local: &str) -> bool {
        let field = self.stack.iter().rev().find_map(|open| match open.what {
            What::Field(field) => Some(field),
            _ => None,
        });
        let html = matches!(field, Some(Field::Summary(_) | Field::Content(_)));
        match (self.flavour == Flavour::Atom, html) {
            (false, true) => matches!(local, "guid" | "pubdate" | "item" | "enclosure"),
            (false, false) => {
                begins_field(local) || matches!(local, "item" | "author" | "category" | "comments" | "enclosure")
            }
            (true, true) => matches!(local, "entry" | "updated" | "published"),
            (true, false) => begins_field(local) || matches!(local, "content" | "author" | "category" | "entry"),
        }
    }

    /// A link with an address in an attribute, or else in its text.
    pub(super) fn link(&mut self, ns: Ns, attributes: &str) -> What {
        let Some(href) = attribute(attributes, "href").filter(|h| !h.trim().is_empty()) else {
            return What::Field(Field::Link(0));
        };
        let rel = attribute(attributes, "rel").map(|r| r.trim().to_ascii_lowercase()).unwrap_or_default();
        let kind = attribute(attributes, "type").map(str::to_ascii_lowercase).unwrap_or_default();
        let rank = match rel.rsplit('/').next().unwrap_or("") {
            "" | "alternate" if kind.is_empty() || kind.contains("html") => 1,
            "" | "alternate" => 2,
            // The entry's own document, where it names nothing else.
            "self" => NEAR + 1,
            _ => return What::Ignored,
        };
        // An atom:link in RSS stands behind RSS's own.
        let rank = if self.flavour != Flavour::Atom && ns == Ns::Atom { rank + 2 } else { rank };
        let url = resolve(&unescape(href, &self.entities), self.base());
        self.keep_link(rank, url);
        What::Ignored
    }

    pub(super) fn keep_link(&mut self, rank: u8, url: Option<Url>) {
        if let Some(url) = url
            && self.item.link.as_ref().is_none_or(|(r, _)| rank < *r)
        {
            self.item.link = Some((rank, url));
        }
    }
}

/// Whether an element of this name is one of the fields that tell an item.
fn begins_field(local: &str) -> bool {
    matches!(local, "title" | "link" | "description" | "guid" | "pubdate" | "id" | "updated" | "published" | "summary")
}

pub(super) const HTML: &str = "an HTML page";
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
