//! The outlets' pages, each built as sites of its kind are: the article among everything that is not the article.

use super::data::{Article, Format, Outlet, Version};
use super::escape;
use serde_json::{Value, json};

/// A page to be built.
pub(super) struct Page<'a> {
    pub(super) outlet: &'a Outlet,
    pub(super) article: &'a Article,
    pub(super) version: Version<'a>,
    /// Its own address.
    pub(super) path: &'a str,
    /// Headlines and addresses of other articles of the outlet, the newest first.
    pub(super) others: &'a [(String, String)],
}

impl Page<'_> {
    /// The page as HTML.
    pub(super) fn html(&self) -> String {
        match self.outlet.format {
            Format::Rss => self.blog(),
            Format::Atom => self.newspaper(),
            Format::Json => self.application(),
        }
    }

    /// As blogging software builds it: breadcrumbs, share bar, a link to another story between the paragraphs, a prompt
    /// for the newsletter, tags, comments, a list of the most read.
    fn blog(&self) -> String {
        let (name, headline) = (escape(&self.outlet.name), escape(self.version.headline));
        let mut body = self.paragraphs("p");
        if let Some((other, path)) = self.others.first() {
            let link = format!("<p><strong>READ MORE: <a href=\"{path}\">{}</a></strong></p>\n", escape(other));
            body.insert(body.len().min(3), link);
        }
        let prompt = "<div class=\"newsletter-promo\"><h4>The Echo in your inbox</h4><p>Get the day's headlines every \
                      morning. You can unsubscribe at any time.</p><form action=\"/account/newsletter\" method=\"post\">\
                      <input type=\"email\" name=\"email\" placeholder=\"Your email address\"><button>Sign me up</button>\
                      </form></div>\n";
        body.insert(body.len().min(2), prompt.to_owned());
        format!(
            "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n{head}{data}\n<script>window.dataLayer = window.dataLayer || [];\
             </script>\n<style>.wp-block {{ margin: 0 }}</style>\n</head>\n<body class=\"single single-post\">\n\
             <div id=\"cookie-notice\" role=\"dialog\"><p>We and our 214 partners use cookies to store and read data on your \
             device. You can change your mind at any time.</p><button>Accept all</button><button>Manage options</button></div>\n\
             <header class=\"site-header\"><a class=\"logo\" href=\"/echo/\">{name}</a><p>{strapline}</p>\
             <nav><ul><li><a href=\"/echo/news/\">News</a></li><li><a href=\"/echo/sport/\">Sport</a></li>\
             <li><a href=\"/echo/politics/\">Politics</a></li><li><a href=\"/echo/announcements/\">Family notices</a></li>\
             <li><a href=\"/account/\">Sign in</a></li></ul></nav></header>\n\
             <div class=\"breadcrumbs\"><a href=\"/echo/\">Home</a> &raquo; <a href=\"/echo/{section}/\">{section}</a></div>\n\
             <main id=\"main\"><article class=\"post hentry\">\n<header class=\"entry-header\">\n\
             <h1 class=\"entry-title\">{headline}</h1>\n<p class=\"standfirst\">{standfirst}</p>\n\
             <div class=\"entry-meta\">By <span class=\"author vcard\">{byline}</span> <time class=\"entry-date published\" \
             datetime=\"{published}\">{shown}</time></div>\n\
             <ul class=\"share-bar\"><li><a href=\"#share\">Share</a></li><li><a href=\"#post\">Post</a></li>\
             <li><a href=\"#email\">Email</a></li><li><a href=\"#comments\">12 comments</a></li></ul>\n</header>\n\
             <figure class=\"wp-block-image\"><img src=\"/echo/img/{slug}.jpg\" alt=\"\"><figcaption>{caption} \
             <span class=\"credit\">(Image: {credit})</span></figcaption></figure>\n\
             <div class=\"entry-content\">\n{body}{note}</div>\n\
             <footer class=\"entry-footer\"><span class=\"tags\">Tags: <a href=\"/echo/tag/larchester/\">Larchester</a>, \
             <a href=\"/echo/tag/{section}/\">{section}</a></span></footer>\n</article>\n\
             <section id=\"comments\"><h3>Comments are closed on this article</h3><p>Our rules for comments are here.</p>\
             </section>\n</main>\n\
             <aside class=\"sidebar\"><h3>Most read</h3><ol>{others}<li><a href=\"/echo/life/pumpkins/\">Nine pumpkin patches \
             within an hour of Larchester</a></li></ol><div class=\"ad-slot\">Advertisement</div></aside>\n\
             <footer class=\"site-footer\"><p>&copy; 2026 {name}. Registered office: 4 Corn Street, Larchester.</p>\
             <ul><li><a href=\"/echo/contact/\">Contact us</a></li><li><a href=\"/echo/privacy/\">Privacy</a></li>\
             <li><a href=\"/echo/corrections/\">Corrections</a></li></ul></footer>\n</body>\n</html>\n",
            head = self.head(),
            data = self.linked_data(false),
            strapline = escape(&self.outlet.strapline),
            section = escape(&self.article.section),
            standfirst = escape(self.version.standfirst),
            byline = escape(&self.article.byline),
            published = self.article.published,
            shown = self.article.published.strftime("%-d %B %Y"),
            slug = self.article.slug,
            caption = escape(&self.article.caption),
            credit = escape(&self.article.credit),
            body = body.concat(),
            note = self.note("<p class=\"correction\"><em>", "</em></p>\n"),
            others = self.list(),
        )
    }

    /// As a county paper builds it: no linked data but microdata, a box of related stories in the text, a plea for money,
    /// the reporter's box, the paper's code of conduct.
    fn newspaper(&self) -> String {
        let (name, headline) = (escape(&self.outlet.name), escape(self.version.headline));
        let mut body = self.paragraphs("p");
        let related =
            format!("<aside class=\"related-box\"><h3>Related articles</h3><ul>{}</ul></aside>\n", self.list());
        body.insert(body.len().min(2), related);
        let updated = self.version.amended.map_or_else(String::new, |(at, _)| {
            format!(
                "<time itemprop=\"dateModified\" datetime=\"{at}\">Updated: {}</time>",
                at.strftime("%-d %B %Y %H:%M")
            )
        });
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n{head}</head>\n<body>\n\
             <a class=\"skip\" href=\"#content\">Skip to main content</a>\n\
             <div class=\"masthead\"><a href=\"/gazette/\">{name}</a><span class=\"weather\">Larchester 13&deg;C, showers</span>\
             </div>\n<ul class=\"menu\"><li><a href=\"/gazette/crime/\">Crime</a></li><li><a href=\"/gazette/travel/\">Travel</a>\
             </li><li><a href=\"/gazette/whats-on/\">What's on</a></li><li><a href=\"/gazette/jobs/\">Jobs</a></li></ul>\n\
             <div class=\"breaking\">Breaking: <a href=\"/gazette/travel/\">Long queues on the coast road</a></div>\n\
             <div id=\"content\" itemscope itemtype=\"https://schema.org/NewsArticle\">\n\
             <h1 itemprop=\"headline\">{headline}</h1>\n<h2 itemprop=\"description\" class=\"sub\">{standfirst}</h2>\n\
             <p class=\"byline\">By <a rel=\"author\" href=\"/gazette/authors/\" itemprop=\"author\">{byline}</a></p>\n\
             <time itemprop=\"datePublished\" datetime=\"{published}\">Published: {shown}</time> {updated}\n\
             <div class=\"social\"><a href=\"#f\">Share on social media</a> <a href=\"#c\">Copy link</a> \
             <a href=\"#p\">Print</a></div>\n\
             <div class=\"picture\"><img src=\"/gazette/pictures/{slug}.jpg\" alt=\"{caption}\"><p class=\"caption\">{caption} \
             &middot; Picture: {credit}</p></div>\n\
             <div itemprop=\"articleBody\" class=\"text\">\n{body}{note}</div>\n</div>\n\
             <div class=\"support\"><h3>Support local journalism</h3><p>Good reporting costs money. Join our members from \
             £2 a month and read with fewer advertisements.</p><a href=\"/account/join\">Become a member</a></div>\n\
             <div class=\"author-box\"><h4>{byline}</h4><p>Has a story? Email the newsdesk at news@gazette.example</p></div>\n\
             <div class=\"promoted\"><h4>Promoted stories</h4><ul><li><a href=\"/gazette/ad/1\">The one trick that gardeners \
             in Westmarch do not tell you</a></li><li><a href=\"/gazette/ad/2\">Stairlifts: what they cost now</a></li></ul></div>\n\
             <div class=\"foot\"><p>This newspaper keeps to the code of the Press Panel of the Marches. If you have a complaint \
             about what we printed, write to the editor.</p><p>&copy; {name} 2026</p></div>\n</body>\n</html>\n",
            head = self.head(),
            standfirst = escape(self.version.standfirst),
            byline = escape(&self.article.byline),
            published = self.article.published,
            shown = self.article.published.strftime("%-d %B %Y %H:%M"),
            slug = self.article.slug,
            caption = escape(&self.article.caption),
            credit = escape(&self.article.credit),
            body = body.concat(),
            note = self.note("<p class=\"amendment-note\">", "</p>\n"),
        )
    }

    /// As an application of scripts renders it: nested boxes without meaning, metadata in a graph, a ticker, a consent box.
    fn application(&self) -> String {
        let (name, headline) = (escape(&self.outlet.name), escape(self.version.headline));
        let mut body = self.paragraphs("div");
        let follow = "<div class=\"css-promo\">Follow The Border Post on WhatsApp for local alerts</div>\n";
        body.insert(body.len().min(3), follow.to_owned());
        format!(
            "<!DOCTYPE html><html lang=\"en-GB\"><head>\n{head}{data}\n</head><body><div id=\"__app\">\n\
             <div class=\"css-consent\"><h2>Your privacy</h2><div>We value your privacy. We ask for your consent to measure \
             our audience.</div><button>I agree</button><button>Reject all</button></div>\n\
             <div class=\"css-top\"><a href=\"/post/\"><span>{name}</span></a><div>{strapline}</div>\
             <div><a href=\"/post/local/\">Local</a><a href=\"/post/sport/\">Sport</a><a href=\"/post/opinion/\">Opinion</a>\
             <a href=\"/account/login\">Log in</a></div></div>\n\
             <div class=\"css-ticker\"><span>Trending</span><a href=\"/post/local/fair/\">Apple fair draws 4,000</a>\
             <a href=\"/post/sport/\">Town win again</a></div>\n\
             <div class=\"css-grid\"><div class=\"css-main\"><div role=\"article\">\n\
             <h1 class=\"css-1h\">{headline}</h1><div class=\"css-dek\">{standfirst}</div>\n\
             <div class=\"css-by\"><span>{byline}</span> <time datetime=\"{published}\">{shown}</time> <span>3 min read</span></div>\n\
             <figure><picture><img src=\"/post/media/{slug}.webp\" alt=\"{caption}\"></picture><figcaption><span>{caption}</span>\
             <span>Photo: {credit}</span></figcaption></figure>\n\
             <div class=\"css-body\">\n{body}{note}</div>\n\
             <div class=\"css-share\"><button>Share</button><button>Save</button><button>Give us feedback</button></div>\n\
             </div></div>\n<div class=\"css-rail\"><h3>More from {name}</h3><ul>{others}</ul>\
             <h3>Puzzles</h3><a href=\"/post/puzzles/\">Today's crossword</a></div></div>\n\
             <div class=\"css-foot\"><span>&copy; The Border Post Co-operative 2026</span><a href=\"/post/about/\">About</a>\
             <a href=\"/post/terms/\">Terms</a></div>\n</div><script>window.__STATE__={{\"route\":\"{path}\"}}</script>\
             </body></html>\n",
            head = self.head(),
            data = self.linked_data(true),
            strapline = escape(&self.outlet.strapline),
            standfirst = escape(self.version.standfirst),
            byline = escape(&self.article.byline),
            published = self.article.published,
            shown = self.article.published.strftime("%-d %b %Y"),
            slug = self.article.slug,
            caption = escape(&self.article.caption),
            credit = escape(&self.article.credit),
            body = body.concat(),
            note = self.note("<div class=\"css-note\">", "</div>\n"),
            others = self.list(),
            path = self.path,
        )
    }

    /// The paragraphs, each an element; headings and block quotations as what they are.
    fn paragraphs(&self, element: &str) -> Vec<String> {
        let one = |text: &String| match (text.strip_prefix("## "), text.strip_prefix("> ")) {
            (Some(heading), _) => format!("<h2>{}</h2>\n", escape(heading)),
            (_, Some(quotation)) => format!("<blockquote><p>{}</p></blockquote>\n", escape(quotation)),
            _ => format!("<{element}>{}</{element}>\n", escape(text)),
        };
        self.version.paragraphs.iter().map(one).collect()
    }

    fn note(&self, before: &str, after: &str) -> String {
        self.version.amended.map_or_else(String::new, |(_, note)| format!("{before}{}{after}", escape(note)))
    }

    fn list(&self) -> String {
        self.others
            .iter()
            .map(|(headline, path)| format!("<li><a href=\"{path}\">{}</a></li>", escape(headline)))
            .collect()
    }

    /// Title, address and Open Graph.
    fn head(&self) -> String {
        let (headline, standfirst) = (escape(self.version.headline), escape(self.version.standfirst));
        let name = escape(&self.outlet.name);
        let modified = self.version.amended.map_or_else(String::new, |(at, _)| {
            format!("<meta property=\"article:modified_time\" content=\"{at}\">\n")
        });
        format!(
            "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>{headline} | {name}</title>\n<link rel=\"canonical\" href=\"{path}\">\n\
             <meta name=\"description\" content=\"{standfirst}\">\n<meta property=\"og:type\" content=\"article\">\n\
             <meta property=\"og:site_name\" content=\"{name}\">\n<meta property=\"og:title\" content=\"{headline}\">\n\
             <meta property=\"og:description\" content=\"{standfirst}\">\n\
             <meta property=\"article:published_time\" content=\"{published}\">\n{modified}",
            path = self.path,
            published = self.article.published,
        )
    }

    /// schema.org data, alone or as a graph with the outlet.
    fn linked_data(&self, graph: bool) -> String {
        let modified = self.version.amended.map_or(self.article.published, |(at, _)| at);
        let author = match &self.article.agency {
            Some(agency) => json!({ "@type": "Organization", "name": agency }),
            None => json!({ "@type": "Person", "name": self.article.byline }),
        };
        let article = json!({
            "@type": "NewsArticle",
            "headline": self.version.headline,
            "description": self.version.standfirst,
            "datePublished": self.article.published,
            "dateModified": modified,
            "author": [author],
            "publisher": { "@type": "NewsMediaOrganization", "name": self.outlet.name },
        });
        let mut data = if graph {
            json!({ "@graph": [{ "@type": "WebSite", "name": self.outlet.name }, article] })
        } else {
            article
        };
        if let Some(data) = data.as_object_mut() {
            data.insert("@context".to_owned(), Value::from("https://schema.org"));
        }
        // In a script element only an end tag could end the data.
        format!("<script type=\"application/ld+json\">{}</script>", data.to_string().replace("</", "<\\/"))
    }
}
