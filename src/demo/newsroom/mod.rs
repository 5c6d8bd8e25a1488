//! The demo's newsroom: what three invented outlets serve at any moment of an invented week.
//!
//! Pure data: the same path at the same time gives the same bytes. What is printed stands in `articles.toml`, who is
//! watched in `watchlist.toml`.

mod data;
mod feeds;
mod pages;

use data::{Article, Data, Format, Outlet};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// Most articles in a feed.
const FEED_LENGTH: usize = 20;

/// Three outlets and their week.
#[derive(Debug, Clone)]
pub struct Newsroom {
    data: Arc<Data>,
}

/// What the newsroom serves under one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsroomResponse {
    /// `Content-Type`.
    pub content_type: String,
    /// Body.
    pub body: String,
    /// `ETag`: changes with the body, and only with it.
    pub etag: Option<String>,
    /// `Last-Modified`: when the newest of what the body tells was printed or changed.
    pub last_modified: Option<String>,
}

/// The newsroom.
pub fn newsroom() -> Newsroom {
    #[expect(clippy::expect_used, reason = "the text is built in, and a test reads it")]
    let mut data: Data = toml::from_str(include_str!("articles.toml")).expect("articles.toml is well-formed");
    data.article.sort_by(|a, b| (a.published, &a.slug).cmp(&(b.published, &b.slug)));
    Newsroom { data: Arc::new(data) }
}

impl Newsroom {
    /// When the week begins: Monday 5 October 2026, 06:00 in London, before the first article of the week.
    pub fn start(&self) -> Timestamp {
        Timestamp::constant(1_791_176_400, 0)
    }

    /// When it ends: Friday 9 October 2026, 18:30 in London, after that day's digest.
    pub fn end(&self) -> Timestamp {
        Timestamp::constant(1_791_567_000, 0)
    }

    /// What is served under `path` at `now`; `None` where nothing is, or not yet.
    pub fn respond(&self, path: &str, now: Timestamp) -> Option<NewsroomResponse> {
        let path = path.split(['?', '#']).next().unwrap_or("");
        if path == "/robots.txt" {
            let body = "User-agent: *\nDisallow: /account/\n".to_owned();
            return Some(response("text/plain; charset=utf-8", body, None));
        }
        if let Some(outlet) = self.data.outlet.iter().find(|o| o.feed == path) {
            return Some(self.feed(outlet, now));
        }
        let article = self.data.article.iter().find(|a| a.published <= now && self.path(a).as_deref() == Some(path))?;
        let outlet = self.outlet(article)?;
        let others: Vec<(String, String)> = self
            .printed(outlet, now)
            .into_iter()
            .filter(|other| other.slug != article.slug)
            .filter_map(|other| Some((other.at(now).headline.to_owned(), self.path(other)?)))
            .take(4)
            .collect();
        let page = pages::Page { outlet, article, version: article.at(now), path, others: &others };
        Some(response("text/html; charset=utf-8", page.html(), Some(article.changed(now))))
    }

    /// The configuration of a service that reads this newsroom at `base_url`, keeps its store in `store_dir` and puts its
    /// digests into `out_dir`.
    pub fn config_toml(&self, base_url: &str, store_dir: &str, out_dir: &str) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let mut out = format!(
            "# The demo's configuration: an invented newsroom on this machine.\n\n\
             [store]\npath = {}\n\n\
             [poll]\ninterval = \"30m\"\nuser_agent_contact = \"demo@newsroom.example\"\nallow_private = [\"127.0.0.0/8\"] # the newsroom is on this machine\n\n\
             [digest]\nhours = [\"18:00\"]\nzone = \"Europe/London\"\n\n\
             [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {}\n",
            quoted(store_dir),
            quoted(out_dir)
        );
        let base = base_url.trim_end_matches('/');
        for outlet in &self.data.outlet {
            let url = format!("{base}{}", outlet.feed);
            out.push_str(&format!(
                "\n[[feed]]\nid = {}\nname = {}\nurl = {}\n",
                quoted(&outlet.id),
                quoted(&outlet.name),
                quoted(&url)
            ));
        }
        out.push('\n');
        out.push_str(include_str!("watchlist.toml"));
        out
    }

    fn outlet(&self, article: &Article) -> Option<&Outlet> {
        self.data.outlet.iter().find(|o| o.id == article.outlet)
    }

    /// What `outlet` has printed by `now`, the newest first.
    fn printed(&self, outlet: &Outlet, now: Timestamp) -> Vec<&Article> {
        self.data.article.iter().rev().filter(|a| a.outlet == outlet.id && a.published <= now).collect()
    }

    /// Where the article stands: each outlet builds its addresses in its own way.
    fn path(&self, article: &Article) -> Option<String> {
        let (section, slug) = (&article.section, &article.slug);
        Some(match self.outlet(article)?.format {
            Format::Rss => format!("/echo/{section}/{}/{slug}/", article.published.strftime("%Y/%m/%d")),
            Format::Atom => format!("/gazette/{section}/{slug}-{}.html", number(slug)),
            Format::Json => format!("/post/{section}/{slug}"),
        })
    }

    fn feed(&self, outlet: &Outlet, now: Timestamp) -> NewsroomResponse {
        let printed = self.printed(outlet, now);
        let items: Vec<feeds::Item<'_>> = printed
            .iter()
            .take(FEED_LENGTH)
            .filter_map(|article| Some(feeds::Item { article, version: article.at(now), path: self.path(article)? }))
            .collect();
        let changed = printed.iter().map(|a| a.changed(now)).max();
        let (content_type, body) = match outlet.format {
            Format::Rss => ("application/rss+xml; charset=utf-8", feeds::rss(outlet, &items)),
            Format::Atom => ("application/atom+xml; charset=utf-8", feeds::atom(outlet, &items, changed)),
            Format::Json => ("application/feed+json; charset=utf-8", feeds::json(outlet, &items)),
        };
        response(content_type, body, changed)
    }
}

/// The number in the Gazette's addresses: eight digits made of the slug.
fn number(slug: &str) -> u32 {
    let hash = slug.bytes().fold(17_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
    10_000_000 + hash % 90_000_000
}

fn response(content_type: &str, body: String, changed: Option<Timestamp>) -> NewsroomResponse {
    let hash: String = Sha256::digest(body.as_bytes()).iter().take(8).map(|b| format!("{b:02x}")).collect();
    NewsroomResponse {
        content_type: content_type.to_owned(),
        body,
        etag: Some(format!("\"{hash}\"")),
        last_modified: changed.map(|at| at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()),
    }
}

/// `text` for the inside of an element or attribute, in HTML and XML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
