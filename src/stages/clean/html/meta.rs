//! What a page says of itself: JSON-LD, meta elements, microdata, `<time>`.
//!
//! For each fact the first source that has it wins: JSON-LD of the article (written for machines and checked by search engines), then
//! meta elements (OpenGraph and its like), then microdata and marked-up elements, then visible text.

use super::super::byline::{self, Byline};
use super::super::dates;
use super::page::{squeeze, text};
use dom_query::{Document, NodeRef};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

/// What a page says of itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Meta {
    /// The headline by a rule for the site.
    pub(super) title: Option<String>,
    pub(super) headlines: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) standfirst: Option<String>,
    pub(super) byline: Byline,
    pub(super) published: Option<Timestamp>,
    pub(super) modified: Option<Timestamp>,
    pub(super) outlet: Option<String>,
    pub(super) canonical: Option<Url>,
    pub(super) language: Option<String>,
    /// The article's text by JSON-LD.
    pub(super) body: Option<String>,
    /// JSON-LD says the article is not free.
    pub(super) not_free: bool,
    /// JSON-LD says it is a live page.
    pub(super) live: bool,
    /// JSON-LD or OpenGraph says it is an article.
    pub(super) article: bool,
    /// OpenGraph says it is something else than an article.
    pub(super) other_type: bool,
}

/// Types of schema.org that are articles.
fn is_article_type(value: &Value) -> bool {
    match value {
        Value::String(name) => {
            name.ends_with("Article")
                || name.ends_with("BlogPosting")
                || matches!(name.as_str(), "Report" | "LiveBlogPosting" | "ReportageNewsArticle" | "OpinionNewsArticle")
        }
        Value::Array(all) => all.iter().any(is_article_type),
        _ => false,
    }
}

fn has_type(value: &Value, name: &str) -> bool {
    match value {
        Value::String(own) => own == name,
        Value::Array(all) => all.iter().any(|v| has_type(v, name)),
        _ => false,
    }
}

/// All objects of a JSON-LD value, to a bounded depth.
fn objects<'a>(value: &'a Value, depth: usize, out: &mut Vec<&'a serde_json::Map<String, Value>>) {
    if depth > 6 || out.len() > 200 {
        return;
    }
    match value {
        Value::Array(all) => all.iter().for_each(|v| objects(v, depth + 1, out)),
        Value::Object(object) => {
            out.push(object);
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement"] {
                if let Some(inner) = object.get(key) {
                    objects(inner, depth + 1, out);
                }
            }
        }
        _ => {}
    }
}

/// A string, or the name of an object.
fn name(value: &Value) -> Option<String> {
    all_names(value).into_iter().next()
}

/// Every string, or name of an object, in a list or a list of lists.
fn all_names(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => Some(plain(text)).filter(|t| !t.is_empty()).into_iter().collect(),
        Value::Object(object) => object.get("name").map(all_names).unwrap_or_default(),
        Value::Array(all) => all.iter().take(20).flat_map(all_names).collect(),
        _ => Vec::new(),
    }
}

/// `text` with character references resolved and mark-up dropped.
pub(super) fn plain(text: &str) -> String {
    if !text.contains(['&', '<']) {
        return squeeze(text);
    }
    let doc = Document::fragment(super::prescan::prescan(text).html);
    super::page::text(&doc.root())
}

fn moment(value: Option<&Value>) -> Option<Timestamp> {
    sane(dates::any(value?.as_str()?)?)
}

/// A date before the web or far in the future is a fault of the page.
fn sane(at: Timestamp) -> Option<Timestamp> {
    (631_152_000..4_102_444_800).contains(&at.as_second()).then_some(at)
}

/// Reads what `doc` says of itself; relative addresses are resolved against `url`.
pub(super) fn read(doc: &Document, url: Option<&Url>) -> Meta {
    let mut meta = Meta::default();
    let telling = Telling::of(doc);
    read_json_ld(&telling.data, url, &mut meta);
    read_elements(&telling, url, &mut meta);
    // "Business Insider" beside its writer is the outlet again.
    if let Some(outlet) = meta.outlet.as_deref().map(str::to_lowercase)
        && meta.byline.names.len() > 1
    {
        meta.byline.names.retain(|n| !outlet.contains(&n.to_lowercase()));
    }
    meta.outlet = meta.outlet.map(|o| o.trim_start_matches('@').to_owned()).filter(|o| !o.is_empty());
    if meta.modified < meta.published {
        meta.modified = None;
    }
    meta
}

/// The elements that tell something of the page, in order.
#[derive(Default)]
struct Telling<'a> {
    data: Vec<NodeRef<'a>>,
    named: Vec<NodeRef<'a>>,
    title: Option<NodeRef<'a>>,
    canonical: Option<NodeRef<'a>>,
    language: Option<String>,
    published: Vec<NodeRef<'a>>,
    modified: Vec<NodeRef<'a>>,
}

impl<'a> Telling<'a> {
    fn of(doc: &'a Document) -> Self {
        let mut out = Self::default();
        for node in doc.tree.root().descendants_it() {
            let Some(element) = node.element_ref() else { continue };
            let attr = |name: &str| element.attrs.iter().find(|a| &a.name.local == name).map(|a| a.value.as_ref());
            match element.name.local.as_ref() {
                "script" if out.data.len() < 40 && attr("type").is_some_and(|t| t.contains("ld+json")) => {
                    out.data.push(node);
                }
                "meta" if out.named.len() < 400 && attr("content").is_some() => out.named.push(node),
                "title" if out.title.is_none() && node.parent().is_some_and(|p| p.has_name("head")) => {
                    out.title = Some(node);
                }
                "link" if out.canonical.is_none() && attr("rel") == Some("canonical") && attr("href").is_some() => {
                    out.canonical = Some(node);
                }
                "html" if out.language.is_none() => out.language = attr("lang").map(str::to_owned),
                _ => {}
            }
            for prop in attr("itemprop").into_iter().flat_map(str::split_whitespace) {
                match prop {
                    "datePublished" if out.published.len() < 5 => out.published.push(node),
                    "dateModified" if out.modified.len() < 5 => out.modified.push(node),
                    _ => {}
                }
            }
        }
        out
    }
}

fn read_json_ld(scripts: &[NodeRef<'_>], url: Option<&Url>, meta: &mut Meta) {
    let values: Vec<Value> = scripts
        .iter()
        .filter_map(|node| {
            let raw: String = node.text().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let raw = raw.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>").trim().trim_end_matches(';');
            serde_json::from_str(raw).ok()
        })
        .collect();
    let mut all = Vec::new();
    values.iter().for_each(|v| objects(v, 0, &mut all));
    let articles: Vec<_> = all.iter().filter(|o| o.get("@type").is_some_and(is_article_type)).collect();
    // A page that is called a page only has its dates all the same.
    if articles.is_empty()
        && let Some(own) = all.iter().find(|o| o.get("@type").is_some_and(|t| has_type(t, "WebPage")))
    {
        meta.published = moment(own.get("datePublished"));
        meta.modified = moment(own.get("dateModified"));
    }
    // Of several articles the one with this page's address, else the one that says most.
    let Some(article) = articles.iter().max_by_key(|o| {
        let own = url.is_some_and(|u| {
            ["url", "@id", "mainEntityOfPage"]
                .iter()
                .filter_map(|k| o.get(*k))
                .any(|v| link(v).is_some_and(|l| same_page(&l, u)))
        });
        let facts =
            ["headline", "datePublished", "author", "articleBody"].iter().filter(|k| o.contains_key(**k)).count();
        (own, facts)
    }) else {
        return;
    };
    // Graphs name an author or publisher by the id of another object.
    let resolve = |value: &Value| -> Value {
        let known = |v: &Value| {
            let id = v.as_object().filter(|o| !o.contains_key("name"))?.get("@id")?;
            all.iter().find(|o| o.get("@id") == Some(id) && o.contains_key("name")).map(|o| Value::Object((*o).clone()))
        };
        match value {
            Value::Array(many) => {
                Value::Array(many.iter().take(20).map(|v| known(v).unwrap_or_else(|| v.clone())).collect())
            }
            one => known(one).unwrap_or_else(|| one.clone()),
        }
    };
    meta.article = true;
    meta.live = article.get("@type").is_some_and(|t| has_type(t, "LiveBlogPosting"));
    meta.headlines.extend(article.get("headline").or_else(|| article.get("name")).and_then(name));
    meta.description = article.get("description").and_then(name);
    meta.standfirst = ["alternativeHeadline", "abstract"].iter().find_map(|k| article.get(*k).and_then(name));
    meta.published = moment(article.get("datePublished")).or_else(|| moment(article.get("dateCreated")));
    meta.modified = moment(article.get("dateModified"));
    meta.outlet = article.get("publisher").and_then(|p| name(&resolve(p)));
    meta.body = article.get("articleBody").and_then(Value::as_str).map(str::to_owned);
    meta.language = article.get("inLanguage").and_then(name);
    meta.not_free = article.get("isAccessibleForFree").is_some_and(|v| match v {
        Value::Bool(free) => !free,
        Value::String(free) => free.eq_ignore_ascii_case("false"),
        _ => false,
    });
    for key in ["author", "creator"] {
        for writer in article.get(key).map(|v| all_names(&resolve(v))).unwrap_or_default() {
            add_author(meta, &writer);
        }
        if !meta.byline.is_empty() {
            break;
        }
    }
}

fn add_author(meta: &mut Meta, text: &str) {
    let address = text.contains("://") || text.starts_with('@') || text.contains("www.");
    let outlet = meta.outlet.as_deref().is_some_and(|o| o.eq_ignore_ascii_case(text));
    if !address
        && !outlet
        && let Some(found) = byline::read(text, true)
    {
        meta.byline.merge(found);
    }
}

fn link(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) => object.get("@id").or_else(|| object.get("url")).and_then(link),
        _ => None,
    }
}

fn same_page(link: &str, url: &Url) -> bool {
    url.join(link).is_ok_and(|l| {
        l.host_str() == url.host_str() && l.path().trim_end_matches('/') == url.path().trim_end_matches('/')
    })
}

fn read_elements(telling: &Telling<'_>, url: Option<&Url>, meta: &mut Meta) {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for node in &telling.named {
        let key = ["property", "name", "itemprop"].iter().find_map(|a| node.attr(a));
        if let (Some(key), Some(content)) = (key, node.attr("content")) {
            let value = plain(&content);
            if !value.is_empty() {
                named.entry(key.to_lowercase()).or_default().push(value);
            }
        }
    }
    let first = |keys: &[&str]| keys.iter().find_map(|k| named.get(*k).and_then(|v| v.first()).cloned());
    meta.headlines.extend(
        ["og:title", "twitter:title", "dc.title", "parsely-title", "headline", "title"]
            .iter()
            .filter_map(|k| first(&[k])),
    );
    if let Some(title) = &telling.title {
        meta.headlines.push(text(title));
    }
    meta.description =
        meta.description.take().or_else(|| first(&["og:description", "description", "twitter:description"]));
    let date = |keys: &[&str]| keys.iter().filter_map(|k| named.get(*k)).flatten().find_map(|t| sane(dates::any(t)?));
    meta.published = meta.published.or_else(|| {
        date(&[
            "article:published_time",
            "article:published",
            "og:article:published_time",
            "og:published_time",
            "parsely-pub-date",
            "datepublished",
            "dc.date.issued",
            "dcterms.issued",
            "dcterms.created",
            "dc.date",
            "dc.date.created",
            "sailthru.date",
            "pubdate",
            "publishdate",
            "publish-date",
            "publish_date",
            "publication_date",
            "article.published",
            "cxenseparse:recs:publishtime",
            "date",
            "datecreated",
            "rnews:datepublished",
        ])
    });
    meta.modified = meta.modified.or_else(|| {
        date(&[
            "article:modified_time",
            "og:updated_time",
            "article:modified",
            "datemodified",
            "dcterms.modified",
            "dc.date.modified",
            "last-modified",
            "lastmod",
            "rnews:datemodified",
            "article.updated",
        ])
    });
    meta.outlet = meta.outlet.take().or_else(|| {
        first(&["og:site_name", "application-name", "dc.publisher", "publisher", "apple-mobile-web-app-title", "cre"])
    });
    if meta.byline.is_empty() {
        for key in [
            "author",
            "article:author",
            "parsely-author",
            "dc.creator",
            "dcterms.creator",
            "byl",
            "sailthru.author",
            "cxenseparse:author",
        ] {
            for value in named.get(key).into_iter().flatten() {
                add_author(meta, value);
            }
            if !meta.byline.is_empty() {
                break;
            }
        }
    }
    let kind = first(&["og:type"]).unwrap_or_default().to_lowercase();
    meta.article |= kind.contains("article") || named.contains_key("article:published_time");
    meta.other_type = !kind.is_empty() && !kind.contains("article") && !kind.contains("blog");
    let resolve = |text: &str| {
        url.map_or_else(|| Url::parse(text).ok(), |base| base.join(text).ok())
            .filter(|u| matches!(u.scheme(), "http" | "https"))
    };
    meta.canonical = telling
        .canonical
        .and_then(|n| n.attr("href"))
        .and_then(|h| resolve(h.trim()))
        .or_else(|| first(&["og:url"]).and_then(|u| resolve(&u)));
    meta.language = telling
        .language
        .clone()
        .or_else(|| first(&["og:locale", "language", "content-language", "dc.language"]))
        .or_else(|| meta.language.take())
        .map(|l| l.trim().chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase())
        .filter(|l| l.len() == 2);
    for (slot, nodes) in [(&mut meta.published, &telling.published), (&mut meta.modified, &telling.modified)] {
        if slot.is_none() {
            *slot = nodes.iter().find_map(|n| {
                let raw = n.attr("datetime").or_else(|| n.attr("content")).map_or_else(|| text(n), |a| a.to_string());
                sane(dates::any(&raw)?)
            });
        }
    }
}
