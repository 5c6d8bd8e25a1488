//! Documents as they are met, one phenomenon each, and documents that nobody should meet.

use super::*;
use std::collections::BTreeSet;

const FEED: &str = "https://force.example/news/feed.xml";

fn url() -> Url {
    Url::parse(FEED).unwrap()
}

fn feed(bytes: &[u8]) -> ParsedFeed {
    parse_feed(bytes, &url(), None).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(bytes)))
}

/// An RSS document around `items`.
fn rss(items: &str) -> String {
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>")
}

/// An Atom document around `entries`.
fn atom(entries: &str) -> String {
    format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title>{entries}</feed>")
}

/// What is read of each entry: id, link, title, publication time; "-" for nothing.
fn check(document: &str, expected: &[&str]) {
    let found: Vec<String> = feed(document.as_bytes())
        .entries
        .iter()
        .map(|e| {
            let date = e.published.map(|p| p.to_string());
            let link = e.link.as_ref().map(Url::as_str);
            [e.document_id.as_deref(), link, e.title.as_deref(), date.as_deref()].map(|f| f.unwrap_or("-")).join(" | ")
        })
        .collect();
    assert_eq!(found, expected, "{document}");
}

#[test]
fn every_format() {
    check(
        &rss(
            "<item><guid isPermaLink=\"false\">a1</guid><link>/1</link><title>One</title><pubDate>Tue, 2 Jan 2024 09:00 GMT</pubDate></item>",
        ),
        &["a1 | https://force.example/1 | One | 2024-01-02T09:00:00Z"],
    );
    check(
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\"><channel/>\
         <item rdf:about=\"https://force.example/1\"><title>One</title><dc:date>2024-01-02</dc:date></item></rdf:RDF>",
        &["https://force.example/1 | https://force.example/1 | One | 2024-01-02T00:00:00Z"],
    );
    check(
        &atom(
            "<entry><id> tag:a1 </id><link href=\"1\"/><title>One</title><updated>2024-01-02T09:00:00Z</updated></entry>",
        ),
        &["tag:a1 | https://force.example/news/1 | One | 2024-01-02T09:00:00Z"],
    );
    check(
        "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><entry><id>a1</id><title mode=\"base64\">T25l</title>\
         <issued>2024-01-02T09:00:00Z</issued></entry></feed>",
        &["a1 | - | One | 2024-01-02T09:00:00Z"],
    );
    check(
        r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":7,"url":"/1","title":"One","date_published":"2024-01-02T09:00:00Z"}]}"#,
        &["7 | https://force.example/1 | One | 2024-01-02T09:00:00Z"],
    );
}

#[test]
fn roots_and_namespaces_of_every_kind() {
    let item = "<item><guid>a1</guid><title>One</title></item>";
    for document in [
        format!("<rss><channel>{item}</channel></rss>"),
        format!("<RSS version=\"0.93\"><CHANNEL>{item}</CHANNEL></RSS>"),
        format!("<rss version=\"2.0\"><channel><title>T</title></channel>{item}</rss>"),
        format!("<rss xmlns=\"http://www.w3.org/2005/Atom\"><channel>{item}</channel></rss>"),
        format!("<rss xmlns=\"urn:nobody\"><channel>{item}</channel></rss>"),
        format!("<channel>{item}</channel>"),
        item.to_owned(),
        format!("Warning: something in line 3<br>\n<?xml version=\"1.0\"?><rss><channel>{item}</channel></rss>"),
        "<r:rss xmlns:r=\"http://backend.userland.com/rss2\"><r:channel><r:item><r:guid>a1</r:guid><r:title>One</r:title></r:item></r:channel></r:rss>".to_owned(),
        "<feed xmlns=\"https://www.w3.org/2005/Atom/\"><entry><id>a1</id><title>One</title></entry></feed>".to_owned(),
        "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\"><a:entry><a:id>a1</a:id><a:title>One</a:title></a:entry></a:feed>".to_owned(),
        "<entry><id>a1</id><title>One</title></entry>".to_owned(),
    ] {
        check(&document, &["a1 | - | One | -"]);
    }
}

#[test]
fn what_was_never_closed_ends_where_the_next_begins() {
    let two = &["a1 | - | One | -", "a2 | - | Two | -"];
    let second = "<item><guid>a2</guid><title>Two</title></item>";
    for first in [
        "<item><title>One<guid>a1</guid></item>",
        "<item><guid>a1</guid><title>One</titel></item>",
        "<item><guid>a1</guid><title>One</title>",
        "<item><guid>a1</guid><title><![CDATA[One</title></item>",
        "<item><guid>a1</guid><enclosure url=\"x\"><title>One</title></item>",
        "<item><guid>a1</guid><category>news<title>One</title></item>",
        "<image><url>x</image2><item><guid>a1</guid><title>One</title></item>",
        "<!-- <item><guid>a1</guid><title>One</title></item>",
        "<item><guid>a1</guid><title>One</title><description><p>a<b>c<br></description></item>",
        "<item><guid>a1</guid><title>One</title><description>x</item>",
        "<item><guid isPermaLink=\"false>a1</guid><title>One</title></item>",
        "<item><guid>a1</guid<title>One</title></item>",
    ] {
        check(&rss(&format!("{first}{second}")), two);
    }
}

#[test]
fn an_item_that_is_cut_off_is_left_out() {
    let whole = "<item><guid>a1</guid><title>One</title></item>";
    for tail in
        ["<item><guid>a2</guid><link>https://force.exa", "<item><title>Tw", "<item><guid>a2</guid><", "<it", "<item>"]
    {
        let text = format!("<rss><channel>{whole}{tail}");
        check(&text, &["a1 | - | One | -"]);
        assert!(!feed(text.as_bytes()).warnings.is_empty(), "{text}");
    }
    // Only the closing tags are missing: nothing of the item is.
    check(
        &format!("<rss><channel>{whole}<item><guid>a2</guid><title>Two</title>"),
        &["a1 | - | One | -", "a2 | - | Two | -"],
    );
}

#[test]
fn links_from_everywhere() {
    for (item, link) in [
        ("<link>../a?b=1&c=2</link>", "https://force.example/a?b=1&c=2"),
        ("<link/>https://force.example/a", "https://force.example/a"),
        ("<link href=\"/a\"/>", "https://force.example/a"),
        ("<atom:link rel=\"self\" href=\"/s\"/><atom:link href=\"/a\"/>", "https://force.example/a"),
        ("<guid>https://force.example/a</guid>", "https://force.example/a"),
        ("<guid isPermaLink=\"false\">https://force.example/a</guid>", "-"),
        ("<guid>https://force.example/g</guid><link>https://force.example/a</link>", "https://force.example/a"),
        ("<link xml:base=\"https://other.example/x/\">a</link>", "https://other.example/x/a"),
        ("<link>javascript:alert(1)</link>", "-"),
        ("<image><link>https://force.example/logo</link></image>", "-"),
    ] {
        let found = feed(rss(&format!("<item><title>t</title>{item}</item>")).as_bytes());
        assert_eq!(found.entries[0].link.as_ref().map_or("-", Url::as_str), link, "{item}");
    }
    check(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"/a/\"><entry xml:base=\"b/\"><link rel=\"enclosure\" href=\"x.mp3\"/>\
         <link type=\"application/json\" href=\"j\"/><link xml:base=\"c/\" type=\"text/html\" href=\"d\"/></entry></feed>",
        &["- | https://force.example/a/b/c/d | - | -"],
    );
}

#[test]
fn titles_are_plain_text() {
    for (title, expected) in [
        ("Chief &amp; deputy", "Chief & deputy"),
        ("Chief & deputy", "Chief & deputy"),
        ("Chief &amp;amp; <b>deputy</b>", "Chief &amp; deputy"),
        ("<![CDATA[Chief &amp; <i>deputy</i>]]>", "Chief & deputy"),
        ("a < b &lt; c", "a < b < c"),
        ("caf&eacute; &#8220;x&#8221; &#146;", "café “x” ’"),
        ("  two\n  lines ", "two lines"),
    ] {
        let found = feed(rss(&format!("<item><title>{title}</title></item>")).as_bytes());
        assert_eq!(found.entries[0].title.as_deref(), Some(expected), "{title}");
    }
    for (title, expected) in [
        ("<title>The &lt;b&gt; tag</title>", "The <b> tag"),
        ("<title type=\"html\">The &lt;b&gt;bold&lt;/b&gt; tag</title>", "The bold tag"),
        (
            "<title type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">The &lt;b&gt; <b>tag</b></div></title>",
            "The <b> tag",
        ),
        ("<source><title>Other</title></source><title>Own</title>", "Own"),
    ] {
        let found = feed(atom(&format!("<entry><id>a</id>{title}</entry>")).as_bytes());
        assert_eq!(found.entries[0].title.as_deref(), Some(expected), "{title}");
    }
}

#[test]
fn the_best_date_that_is_one_counts() {
    for (dates, published, updated) in [
        ("<pubDate>soon</pubDate><dc:date>2024-01-02</dc:date>", Some("2024-01-02T00:00:00Z"), None),
        ("<dc:date>2024-01-01</dc:date><pubdate>2 Jan 2024 09:00 BST</pubdate>", Some("2024-01-02T08:00:00Z"), None),
        ("<dcterms:modified>2024-01-03</dcterms:modified>", Some("2024-01-03T00:00:00Z"), Some("2024-01-03T00:00:00Z")),
        (
            "<pubDate>2024-01-02</pubDate><atom:updated>2024-01-03</atom:updated>",
            Some("2024-01-02T00:00:00Z"),
            Some("2024-01-03T00:00:00Z"),
        ),
        ("<pubDate/>", None, None),
    ] {
        let found = feed(rss(&format!("<item><title>t</title>{dates}</item>")).as_bytes());
        let entry = &found.entries[0];
        assert_eq!(entry.published.map(|t| t.to_string()).as_deref(), published, "{dates}");
        assert_eq!(entry.updated.map(|t| t.to_string()).as_deref(), updated, "{dates}");
    }
}

#[test]
fn summaries_and_authors() {
    let found = feed(
        rss("<item><author>desk@force.example (News Desk)</author><dc:creator>R. Writer</dc:creator><dc:creator>R. Writer</dc:creator>\
             <content:encoded>&lt;p&gt;Long&lt;/p&gt;</content:encoded><description>&lt;p&gt;Short&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</description></item>")
        .as_bytes(),
    );
    assert_eq!(found.entries[0].summary.as_deref(), Some("Short"));
    assert_eq!(found.entries[0].authors, ["News Desk", "R. Writer"]);
    let found = feed(
        atom("<entry><author><name>A</name></author><content type=\"html\">&lt;p&gt;Long&lt;/p&gt;</content></entry>")
            .as_bytes(),
    );
    assert_eq!(found.entries[0].summary.as_deref(), Some("Long"));
    assert_eq!(found.entries[0].authors, ["A"]);
}

#[test]
fn what_the_feed_says_of_polling() {
    let hints = |text: &str| feed(rss(text).as_bytes()).hints;
    assert_eq!(hints("<ttl>90</ttl>").min_wait_secs, Some(5400));
    assert_eq!(
        hints("<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>").min_wait_secs,
        Some(21_600)
    );
    assert_eq!(hints("<ttl>x</ttl><sy:updateFrequency>0</sy:updateFrequency>").min_wait_secs, None);
    let spare = hints(
        "<skipHours><hour>24</hour><hour>3</hour><hour>99</hour></skipHours><skipDays><day>Sunday</day><day>Monday</day></skipDays>",
    );
    assert_eq!((spare.skip_hours, spare.skip_days), (vec![0, 3], vec![0, 6]));
}

#[test]
fn what_is_no_feed_says_what_it_is() {
    for (document, expected) in [
        ("", "not a feed: an empty document"),
        (" \n ", "not a feed: an empty document"),
        ("<!DOCTYPE html><html><head><title>x</title></head></html>", "not a feed: an HTML page"),
        ("<html><body><item>shop</item></body></html>", "not a feed: an HTML page"),
        ("<opml version=\"2.0\"><body/></opml>", "not a feed: an OPML list of feeds"),
        ("<note><to>me</to></note>", "not a feed: XML of another kind"),
        ("{\"items\":[{\"name\":\"x\"}]}", "not a feed: JSON of another kind"),
        ("[]", "not a feed: JSON of another kind"),
        ("{\"a\":", "not a feed: broken JSON"),
        ("just words", "not a feed: plain text"),
        ("%PDF-1.7", "not a feed: a PDF file"),
    ] {
        let error = parse_feed(document.as_bytes(), &url(), None).map(|f| f.entries.len());
        assert_eq!(error.map_err(|e| e.to_string()), Err(expected.to_owned()), "{document}");
    }
}

#[test]
fn no_entries_are_not_no_items() {
    assert_eq!(feed(rss("").as_bytes()).entries, []);
    for document in [rss("<item><title>cut"), rss("<x:item xmlns:x=\"urn:x\"><x:title>t</x:title></x:item>")] {
        let cut = document.trim_end_matches("</channel></rss>");
        let error = parse_feed(cut.as_bytes(), &url(), None).unwrap_err();
        assert_eq!(error.kind(), "nothing_readable", "{document}: {error}");
    }
}

#[test]
fn entities_of_the_document_are_read_and_bombs_are_not() {
    check(
        "<!DOCTYPE rss [<!ENTITY force \"Force\">]><rss><channel><item><title>&force; news</title></item></channel></rss>",
        &["- | - | Force news | -"],
    );
    let bomb = "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>\
                <rss><channel><item><guid>a1</guid><title>&c;&c;&c;</title></item></channel></rss>";
    assert!(feed(bomb.as_bytes()).entries[0].title.as_ref().is_none_or(|t| t.len() < 100));
}

/// A document with every kind of field, for cutting.
fn rich() -> String {
    let mut items = String::new();
    for n in 0..4 {
        items += &format!(
            "<item><title><![CDATA[Déjà & <b>vu</b> {n}]]></title><link>https://force.example/{n}?a=1&amp;b=2</link>\
             <guid isPermaLink=\"false\">id-{n}</guid><pubDate>Tue, 2 Jan 2024 09:0{n}:00 GMT</pubDate><!-- c -->\
             <description>&lt;p&gt;“Text”&lt;/p&gt;</description><media:group xmlns:media=\"urn:m\"><media:x a='>'/></media:group></item>"
        );
    }
    rss(&items)
}

#[test]
fn cut_anywhere_no_new_key_appears() {
    let text = rich();
    let whole: BTreeSet<String> = feed(text.as_bytes()).entries.into_iter().map(|e| e.key).collect();
    assert_eq!(whole.len(), 4);
    for end in 0..text.len() {
        let part = text.as_bytes().get(..end).unwrap();
        if let Ok(found) = read(part, &url(), None) {
            for entry in found.entries {
                assert!(whole.contains(&entry.key), "cut at {end}: {:?} is new", entry.key);
            }
        }
    }
}

#[test]
fn hostile_documents_take_time_in_proportion_to_their_length() {
    // Only that it comes back: a step that looks ahead to the end each time would take many minutes.
    for (many, piece) in [
        (100_000, "<!--"),
        (100_000, "<![CDATA["),
        (100_000, "<?x "),
        (100_000, "<!DOCTYPE ["),
        (100_000, "</a"),
        (100_000, "<a "),
        (100_000, "<a b=\""),
        (100_000, "&"),
        (20_000, "<x:a>"),
        (20_000, "<channel>"),
        (20_000, "<item>"),
        (20_000, "<x xmlns:a='b'>"),
        (20_000, "<item><title>"),
        (20_000, "<item><description><b>"),
        (20_000, "<item><title>&lt;b&gt;</title></item>"),
    ] {
        let document = format!("<rss><channel>{}", piece.repeat(many));
        drop(read(document.as_bytes(), &url(), None));
    }
}
