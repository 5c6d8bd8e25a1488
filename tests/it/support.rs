//! What the integration tests share.

use conductwatch::demo::server::Answer;
use jiff::Timestamp;
use std::path::PathBuf;

/// The folder of the shared data, or `None`, said on a line, when it is absent (which fails under `CI`).
pub(crate) fn shared_data(test: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "{test}: ../shared/data is absent");
    println!("{test}: skipped, ../shared/data is absent");
    None
}

/// An item of a feed that the tests serve.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) link: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) published: Timestamp,
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An RSS document of `items`.
pub(crate) fn rss(title: &str, items: &[Item]) -> Answer {
    let mut body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel><title>{}</title>",
        escape(title)
    );
    for item in items {
        body += &format!(
            "<item><guid isPermaLink=\"false\">{}</guid><link>{}</link><title>{}</title><description>{}</description><pubDate>{}</pubDate></item>",
            escape(&item.id),
            escape(&item.link),
            escape(&item.title),
            escape(&item.summary),
            item.published.strftime("%a, %d %b %Y %H:%M:%S GMT")
        );
    }
    body += "</channel></rss>";
    Answer::ok("application/rss+xml", body)
}

/// A news page: navigation, headline, byline, paragraphs, a related link, a footer.
pub(crate) fn page(outlet: &str, headline: &str, published: Timestamp, paragraphs: &[&str]) -> Answer {
    let text: String = paragraphs.iter().map(|p| format!("<p>{}</p>\n", escape(p))).collect();
    Answer::ok(
        "text/html; charset=utf-8",
        format!(
            "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>{headline} | {outlet}</title>\
             <meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" content=\"{headline}\">\
             <meta property=\"article:published_time\" content=\"{published}\"></head><body>\
             <nav><a href=\"/\">Home</a> <a href=\"/sport\">Sport</a> <a href=\"/weather\">Weather</a></nav>\
             <main><article><h1>{headline}</h1><div class=\"article-body\">{text}</div></article>\
             <aside class=\"related\"><h2>Related</h2><a href=\"/other\">Ten walks for a wet weekend</a></aside></main>\
             <footer><p>© {outlet}. All rights reserved.</p></footer></body></html>",
            headline = escape(headline),
            outlet = escape(outlet),
        ),
    )
}
