//! Lists of feeds as other readers write and read them: OPML 2.0, folders kept.

use super::decode;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use url::Url;

/// One feed of an OPML document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Its address.
    pub url: Url,
    /// Its title.
    pub title: Option<String>,
    /// The folders it stands in, the outermost first, joined by ` / `.
    pub folder: Option<String>,
    /// Whether it is a page, not a feed.
    pub page: bool,
}

/// What an OPML document holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opml {
    /// Its feeds, in order.
    pub feeds: Vec<Outline>,
    /// What could not be taken, for people.
    pub left_out: Vec<String>,
}

/// Deepest nesting of folders that is read.
const MAX_DEPTH: usize = 50;
/// Most feeds that are read.
const MAX_FEEDS: usize = 20_000;

/// Reads `bytes` as OPML. What is whole before a fault is taken, and the fault named.
///
/// # Errors
/// When it holds no outline at all: then it is no OPML, and the message says so.
pub fn parse_opml(bytes: &[u8]) -> Result<Opml, String> {
    let mut warnings = Vec::new();
    let text = decode::decode(bytes, None, &mut warnings);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let (mut found, mut folders, mut outlines) = (Opml::default(), Vec::<Option<String>>::new(), 0usize);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(tag)) if is_outline(&tag) => {
                outlines += 1;
                let folder = outline(&tag, &folders, &mut found);
                if folders.len() >= MAX_DEPTH {
                    found.left_out.push(format!("folders nested deeper than {MAX_DEPTH}"));
                    break;
                }
                folders.push(folder);
            }
            Ok(Event::Empty(tag)) if is_outline(&tag) => {
                outlines += 1;
                outline(&tag, &folders, &mut found);
            }
            Ok(Event::End(tag)) if tag.name().as_ref().eq_ignore_ascii_case("outline") => {
                folders.pop();
            }
            Ok(_) => {}
            Err(error) => {
                found.left_out.push(format!("what follows a fault at byte {}: {error}", reader.error_position()));
                break;
            }
        }
        if found.feeds.len() >= MAX_FEEDS {
            found.left_out.push(format!("feeds after the first {MAX_FEEDS}"));
            break;
        }
    }
    if outlines == 0 {
        return Err(found.left_out.pop().map_or_else(
            || "no OPML: it has no <outline>".to_owned(),
            |fault| format!("no OPML that can be read: {fault}"),
        ));
    }
    Ok(found)
}

fn is_outline(tag: &BytesStart<'_>) -> bool {
    tag.name().as_ref().eq_ignore_ascii_case("outline")
}

/// Takes the feed of one outline, or gives the name of the folder that it is.
fn outline(tag: &BytesStart<'_>, folders: &[Option<String>], found: &mut Opml) -> Option<String> {
    let attribute = |name: &str| {
        tag.attributes().with_checks(false).flatten().find_map(|a| {
            let same = a.key.as_ref().eq_ignore_ascii_case(name);
            let value = same.then(|| a.value.as_ref().to_owned())?;
            let value =
                quick_xml::escape::unescape(&value).map_or_else(|_| value.clone(), std::borrow::Cow::into_owned);
            Some(super::text::collapse(&value)).filter(|v| !v.is_empty())
        })
    };
    let title = attribute("title").or_else(|| attribute("text"));
    let page = attribute("type").is_some_and(|t| t.eq_ignore_ascii_case("link"));
    let address = if page { attribute("url").or_else(|| attribute("xmlUrl")) } else { attribute("xmlUrl") };
    let Some(address) = address else { return title };
    let name = || title.clone().unwrap_or_else(|| address.clone());
    match Url::parse(&address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            let folder = folders.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" / ");
            found.feeds.push(Outline { url, title, folder: Some(folder).filter(|f| !f.is_empty()), page });
        }
        Ok(_) | Err(_) => found.left_out.push(format!("{}: not an absolute http(s) URL: {address}", name())),
    }
    None
}

/// `feeds` as an OPML 2.0 document called `title`, grouped by folder in order of first appearance.
///
/// # Errors
/// Never for text that is sound XML; the writer's own fault otherwise.
pub fn write_opml(title: &str, feeds: &[Outline]) -> Result<String, String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let mut write = |event: Event<'_>| writer.write_event(event).map_err(|e| e.to_string());
    write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut opml = BytesStart::new("opml");
    opml.push_attribute(("version", "2.0"));
    write(Event::Start(opml))?;
    write(Event::Start(BytesStart::new("head")))?;
    write(Event::Start(BytesStart::new("title")))?;
    write(Event::Text(BytesText::new(title)))?;
    write(Event::End(BytesEnd::new("title")))?;
    write(Event::End(BytesEnd::new("head")))?;
    write(Event::Start(BytesStart::new("body")))?;
    let mut folders: Vec<Option<&str>> = Vec::new();
    for feed in feeds {
        let folder = feed.folder.as_deref();
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    for folder in folders {
        let names: Vec<&str> = folder.map(|f| f.split(" / ").collect()).unwrap_or_default();
        for name in &names {
            let mut open = BytesStart::new("outline");
            open.push_attribute(("text", *name));
            write(Event::Start(open))?;
        }
        for feed in feeds.iter().filter(|f| f.folder.as_deref() == folder) {
            let title = feed.title.as_deref().unwrap_or(feed.url.as_str());
            let mut line = BytesStart::new("outline");
            line.push_attribute(("type", if feed.page { "link" } else { "rss" }));
            line.push_attribute(("text", title));
            line.push_attribute(("title", title));
            line.push_attribute((if feed.page { "url" } else { "xmlUrl" }, feed.url.as_str()));
            write(Event::Empty(line))?;
        }
        for _ in names {
            write(Event::End(BytesEnd::new("outline")))?;
        }
    }
    write(Event::End(BytesEnd::new("body")))?;
    write(Event::End(BytesEnd::new("opml")))?;
    let mut text = String::from_utf8(writer.into_inner()).map_err(|e| e.to_string())?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_titles_and_odd_spellings_are_read() {
        let text = r#"<?xml version="1.0"?><opml version="1.0"><body>
            <outline text="Local &amp; regional"><outline text="Kent">
              <outline type="rss" text="Kent News" xmlUrl="https://kent.example/rss?a=1&amp;b=2"/></outline></outline>
            <OUTLINE title="Top" text="ignored" xmlurl=" https://top.example/feed "/>
            <outline type="link" text="Hearings" url="https://force.example/hearings"/>
            <outline text="Bad" xmlUrl="feed.xml"/><outline text="Empty folder"></outline></body></opml>"#;
        let read = parse_opml(text.as_bytes()).unwrap();
        let shown: Vec<String> = read
            .feeds
            .iter()
            .map(|f| {
                format!(
                    "{} | {} | {} | {}",
                    f.folder.as_deref().unwrap_or("-"),
                    f.title.as_deref().unwrap_or("-"),
                    f.url,
                    f.page
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "Local & regional / Kent | Kent News | https://kent.example/rss?a=1&b=2 | false",
                "- | Top | https://top.example/feed | false",
                "- | Hearings | https://force.example/hearings | true",
            ]
        );
        assert_eq!(read.left_out, ["Bad: not an absolute http(s) URL: feed.xml"]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let feed = |url: &str, folder: Option<&str>, page| Outline {
            url: Url::parse(url).unwrap(),
            title: Some("A \"B\" & <C>".to_owned()),
            folder: folder.map(str::to_owned),
            page,
        };
        let feeds = vec![
            feed("https://a.example/rss?x=1&y=2", Some("One / Two"), false),
            feed("https://c.example/rss", Some("One / Two"), false),
            feed("https://b.example/list", None, true),
        ];
        let text = write_opml("Feeds", &feeds).unwrap();
        assert_eq!(parse_opml(text.as_bytes()).unwrap(), Opml { feeds, left_out: Vec::new() });
    }

    #[test]
    fn broken_and_hostile_documents_get_an_answer() {
        let cut = "<opml><body><outline xmlUrl='https://a.example/1'/><outline xmlUrl='https://a.exa";
        let read = parse_opml(cut.as_bytes()).unwrap();
        assert_eq!((read.feeds.len(), read.left_out.len()), (1, 1), "{read:?}");
        for text in ["", "hello", "<html><body></body></html>", "<opml><body></body></opml>"] {
            assert!(parse_opml(text.as_bytes()).is_err(), "{text}");
        }
        let deep = "<outline text='x'>".repeat(10_000);
        assert!(parse_opml(deep.as_bytes()).unwrap().left_out[0].contains("nested deeper"));
    }
}
