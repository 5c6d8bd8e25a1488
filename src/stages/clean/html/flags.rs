//! What a page is besides an article, or instead of one.

use super::super::furniture::FURNITURE;
use super::super::prose;
use super::meta::Meta;
use crate::domain::{Article, Block, Flag};
use std::collections::BTreeSet;
use url::Url;

/// The flags of `article`; `visible` is all that its page shows, `stamps` how many times of day stand alone on it.
pub(super) fn flags(meta: &Meta, article: &Article, visible: &str, stamps: usize, url: Option<&Url>) -> Vec<Flag> {
    let mut out = BTreeSet::new();
    let words: usize = article.blocks.iter().map(|b| prose::words(&b.text)).sum();
    let title = article.headline.clone().unwrap_or_default();
    let title_words = title.split(|c: char| !c.is_alphanumeric()).any(|w| w == "LIVE" || w == "Live");
    if meta.live
        || (stamps >= 3
            && (title_words || url.is_some_and(|u| u.path().contains("/live/") || u.path().contains("-live-"))))
    {
        out.insert(Flag::LiveBlog);
    }
    if words < 120 && FURNITURE.is_error_title(&title) {
        out.insert(Flag::ErrorPage);
    }
    // A page that asks for consent above its article shows sentences of another matter.
    let asks = |text: &str| FURNITURE.consent_words(text) > 0;
    let tells = |b: &&Block| prose::is_full_sentence(&b.text) && prose::words(&b.text) >= 8 && !asks(&b.text);
    let told = || article.blocks.iter().filter(tells).count();
    if words < 120
        && !meta.article
        && FURNITURE.consent_words(visible) >= 5
        && told() < 3
        && prose::words(visible) < 700
    {
        out.insert(Flag::ConsentWall);
    }
    // Many a paper says that all it has is not free, and shows it: only a short text without a word of its gate is a teaser.
    if words > 0 && ((words < 300 && FURNITURE.is_gated(visible)) || (meta.not_free && words < 100)) {
        out.insert(Flag::Paywalled);
    }
    // A brief of one sentence is an article where the page says that it is one.
    let brief =
        meta.article && article.blocks.iter().any(|b| prose::words(&b.text) >= 6 && prose::is_full_sentence(&b.text));
    if out.is_empty() && (words < 25 && !brief || (meta.other_type && !meta.article && words < 80)) {
        out.insert(Flag::NotAnArticle);
    }
    out.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::{Flag, Page};
    use crate::stages::clean::clean;

    #[test]
    fn a_brief_of_one_sentence_is_an_article_where_the_page_says_so() {
        let og = r#"<meta property="og:type" content="article">"#;
        let ld =
            r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"Sergeant suspended"}</script>"#;
        let site = r#"<meta property="og:type" content="website">"#;
        let whole = "A Kent Police sergeant has been suspended from duty, the force said on Monday.";
        for (head, text, expected) in [
            (og, whole, true),
            (ld, whole, true),
            (site, whole, false),
            ("", whole, false),
            (og, "More news from Kent and beyond", false),
            (og, "Read on.", false),
        ] {
            let html = format!(
                "<html><head><title>Sergeant suspended</title>{head}</head><body><article><h1>Sergeant suspended</h1>\
                 <p>{text}</p></article></body></html>"
            );
            let page =
                Page { url: None, content_type: Some("text/html; charset=utf-8".to_owned()), body: html.into_bytes() };
            let article = clean(&page).article;
            assert_eq!(!article.flags.contains(&Flag::NotAnArticle), expected, "{head} {text} {:?}", article.blocks);
        }
    }
}
