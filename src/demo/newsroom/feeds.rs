//! The outlets' feeds: RSS 2.0, Atom and JSON Feed, each with the habits of its kind.
//!
//! Links are relative to the server, which does not know its own address; readers resolve them against the feed's.

use super::data::{Article, Outlet, Version};
use super::escape;
use jiff::Timestamp;
use serde_json::json;

/// An article in a feed.
pub(super) struct Item<'a> {
    pub(super) article: &'a Article,
    pub(super) version: Version<'a>,
    pub(super) path: String,
}

/// RSS 2.0 as blogging software writes it: teasers with markup in CDATA, a guid that is no address.
pub(super) fn rss(outlet: &Outlet, items: &[Item<'_>]) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n\
         <channel>\n<title>{}</title>\n<link>/{}/</link>\n<description>{}</description>\n<language>en-GB</language>\n",
        escape(&outlet.name),
        outlet.id,
        escape(&outlet.strapline)
    );
    for item in items {
        let Item { article, version, path } = item;
        out.push_str(&format!(
            "<item>\n<title>{}</title>\n<link>{path}?utm_source=rss&amp;utm_medium=feed</link>\n\
             <guid isPermaLink=\"false\">{}-{}</guid>\n<dc:creator><![CDATA[{}]]></dc:creator>\n\
             <pubDate>{}</pubDate>\n<category>{}</category>\n\
             <description><![CDATA[<p>{}</p> <p><a href=\"{path}\">Read more</a></p>]]></description>\n</item>\n",
            escape(version.headline),
            outlet.id,
            article.slug,
            article.byline,
            article.published.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            escape(&article.section),
            escape(version.standfirst),
        ));
    }
    out.push_str("</channel>\n</rss>\n");
    out
}

/// Atom with tag addresses for ids; an amended article has a later `updated`.
pub(super) fn atom(outlet: &Outlet, items: &[Item<'_>], changed: Option<Timestamp>) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en-GB\">\n\
         <id>tag:gazette.example,2020:news</id>\n<title>{}</title>\n<subtitle>{}</subtitle>\n\
         <link rel=\"self\" href=\"{}\"/>\n<updated>{}</updated>\n",
        escape(&outlet.name),
        escape(&outlet.strapline),
        outlet.feed,
        changed.unwrap_or(Timestamp::UNIX_EPOCH)
    );
    for item in items {
        let Item { article, version, path } = item;
        let updated = version.amended.map_or(article.published, |(at, _)| at);
        out.push_str(&format!(
            "<entry>\n<id>tag:gazette.example,2020:{}</id>\n<title type=\"html\">{}</title>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{path}\"/>\n<published>{}</published>\n\
             <updated>{updated}</updated>\n<author><name>{}</name></author>\n<summary type=\"text\">{}</summary>\n</entry>\n",
            article.slug,
            escape(&escape(version.headline)),
            article.published,
            escape(&article.byline),
            escape(version.standfirst),
        ));
    }
    out.push_str("</feed>\n");
    out
}

/// JSON Feed 1.1 with the teaser as summary.
pub(super) fn json(outlet: &Outlet, items: &[Item<'_>]) -> String {
    let items: Vec<_> = items
        .iter()
        .map(|Item { article, version, path }| {
            let mut item = json!({
                "id": format!("{}/{}", outlet.id, article.slug),
                "url": path,
                "title": version.headline,
                "summary": version.standfirst,
                "content_text": version.paragraphs.first().map_or(version.standfirst, String::as_str),
                "date_published": article.published,
                "authors": [{ "name": article.byline }],
                "tags": [article.section],
            });
            if let (Some(item), Some((at, _))) = (item.as_object_mut(), version.amended) {
                item.insert("date_modified".to_owned(), json!(at));
            }
            item
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "description": outlet.strapline,
        "home_page_url": format!("/{}/", outlet.id),
        "feed_url": outlet.feed,
        "language": "en-GB",
        "items": items,
    });
    format!("{feed:#}\n")
}
