use super::*;

fn read_page(html: &str, selectors: &PageSelectors) -> Result<Vec<String>, String> {
    let url = Url::parse("https://watchdog.example/news").unwrap();
    let feed = parse_page(html.as_bytes(), &url, Some("text/html"), selectors).map_err(|e| e.to_string())?;
    let show = |e: &crate::domain::ParsedEntry| {
        format!(
            "{} | {} | {}",
            e.published.map_or_else(|| "-".to_owned(), |p| p.strftime("%Y-%m-%d").to_string()),
            e.title.as_deref().unwrap_or("-"),
            e.link.as_ref().map_or("-", Url::as_str)
        )
    };
    Ok(feed.entries.iter().map(show).collect())
}

fn found(html: &str) -> Vec<String> {
    read_page(html, &PageSelectors::default()).unwrap()
}

const FURNITURE: &str = "<header><nav><ul><li><a href=/about>About what we do here</a><li><a href=/contact-us-today>How to contact us \
    today</a><li><a href=/jobs>Work with us on cases</a></ul></nav></header>";

fn page(main: &str) -> String {
    format!(
        "<!doctype html><html><head><title>News</title></head><body>{FURNITURE}<main><h1>Latest news</h1>{main}</main>\
         <footer><ul><li><a href=/privacy-notice-long>Privacy notice for all our users</a><li><a href=/access>Accessibility of this \
         long site</a></ul></footer></body></html>"
    )
}

#[test]
fn cards_in_a_list_are_found() {
    let html = page(
        "<ul class=news-list>\
         <li class='card first'><a href=/news/one><img alt=''></a><h3><a href=/news/one>Officer to face hearing over search</a></h3>\
           <time datetime=2026-03-02>2 March 2026</time><p>A constable will appear before a panel in the spring.</p><a href=/news/one>Read more</a>\
         <li class='card'><h3><a href=/news/two>Report on custody deaths published</a></h3><time datetime=2026-02-27>27 Feb</time>\
         <li class='card last'><h3><a href='/news/three?utm_source=list'>Chief constable responds to report</a></h3><time datetime=2026-02-20>20 Feb</time>\
         </ul><ul class=pagination><li><a href='/news?page=2'>Go to the next page</a><li><a href='/news?page=3'>Go to the last page</a></ul>",
    );
    assert_eq!(
        found(&html),
        [
            "2026-03-02 | Officer to face hearing over search | https://watchdog.example/news/one",
            "2026-02-27 | Report on custody deaths published | https://watchdog.example/news/two",
            "2026-02-20 | Chief constable responds to report | https://watchdog.example/news/three?utm_source=list",
        ]
    );
}

#[test]
fn links_with_a_date_beside_them_and_a_lead_of_another_make_are_found() {
    let html = page(
        "<div class=lead><a href=/news/2026/lead><h2>Watchdog opens inquiry into stop and search</h2></a><span class=date>4 March 2026</span></div>\
         <div class=item><span class=date>3 March 2026</span><a href=/news/2026/a>Two officers cleared after hearing</a></div>\
         <div class=item><span class=date>2 March 2026</span><a href=/news/2026/b>Sergeant dismissed without notice</a></div>\
         <div class=item><span class=date>1 March 2026</span><a href=/news/2026/c>Force accepts every recommendation</a></div>",
    );
    assert_eq!(
        found(&html),
        [
            "2026-03-03 | Two officers cleared after hearing | https://watchdog.example/news/2026/a",
            "2026-03-02 | Sergeant dismissed without notice | https://watchdog.example/news/2026/b",
            "2026-03-01 | Force accepts every recommendation | https://watchdog.example/news/2026/c",
            "2026-03-04 | Watchdog opens inquiry into stop and search | https://watchdog.example/news/2026/lead",
        ]
    );
}

const HEARINGS: &str = "<p>Hearings are held in public unless the chair decides otherwise.</p>\
    <h2>PC Orla Venn</h2><p>Date of hearing: 3 March 2026, 10am</p><p>It is alleged that on 4 May 2025 the officer used force that was \
    not necessary, reasonable or proportionate when detaining a man.</p>\
    <h2>Sergeant 2117</h2><p>Date of hearing: 9 March 2026</p><p>The allegation is that the officer breached the standards of professional \
    behaviour in respect of honesty and integrity by falsifying a record.</p>\
    <p><a href='#top'>Back to the top of the page</a></p>";

#[test]
fn whole_notices_without_links_are_found_and_told_apart_by_their_text() {
    let entries = |html: &str| {
        let url = Url::parse("https://force.example/hearings").unwrap();
        parse_page(html.as_bytes(), &url, None, &PageSelectors::default()).unwrap().entries
    };
    let first = entries(&page(HEARINGS));
    assert_eq!(
        first.iter().map(|e| e.title.as_deref().unwrap()).collect::<Vec<_>>(),
        ["PC Orla Venn", "Sergeant 2117"]
    );
    assert!(first.iter().all(|e| e.link.is_none() && e.notice.as_deref().is_some_and(|n| n.contains("<h2>"))));
    assert!(first[0].summary.as_deref().unwrap().contains("not necessary, reasonable or proportionate"));
    // The same notice in other mark-up and with another date of the page around it is the same entry.
    let again = entries(&page(&HEARINGS.replace("<p>Date of hearing: 3", "<p class=when>Date of hearing:  3")));
    assert_eq!(first[0].key, again[0].key);
    let edited = entries(&page(&HEARINGS.replace("4 May 2025", "5 May 2025")));
    assert_ne!(first[0].key, edited[0].key);
    assert_eq!(first[1].key, edited[1].key);
}

#[test]
fn blocks_and_rows_of_tables_are_notices() {
    let notice = |name: &str| {
        format!(
            "<div class=accordion-item><button>Open</button><h3>{name}</h3><div>A misconduct hearing for {name} will start at ten in the \
             morning at headquarters. The allegation concerns the use of a force computer.</div></div>"
        )
    };
    let html = page(&format!("{}{}{}", notice("PC Ada Wick"), notice("PC Bea Holt"), notice("Insp Cal Moor")));
    assert_eq!(found(&html), ["- | PC Ada Wick | -", "- | PC Bea Holt | -", "- | Insp Cal Moor | -"]);
    let row = |name: &str| {
        format!(
            "<tr><td>{name}</td><td>12 March 2026</td><td>Alleged that the officer pursued a relationship with a member of the public whom \
             he had met on duty, a breach of the standards.</td></tr>"
        )
    };
    let html = page(&format!(
        "<table><tr><th>Who</th><th>When</th></tr>{}{}</table>",
        row("PC Dan Fell"),
        row("PC Eve Garth")
    ));
    assert_eq!(found(&html).len(), 2);
}

#[test]
fn selectors_win() {
    let html = page(
        "<div class=x><b class=t>First of the notices</b><i class=d>1 March 2026</i><a class=l href=/files/1.pdf>PDF</a><a href=/other>Another page</a></div>\
         <div class=x><b class=t>Second of the notices</b><i class=d>2 March 2026</i><a class=l href=/files/2.pdf>PDF</a></div>",
    );
    let some = |s: &str| Some(s.to_owned());
    let selectors = PageSelectors { entry: some("div.x"), link: some("a.l"), title: some(".t"), date: some(".d") };
    assert_eq!(
        read_page(&html, &selectors).unwrap(),
        [
            "2026-03-01 | First of the notices | https://watchdog.example/files/1.pdf",
            "2026-03-02 | Second of the notices | https://watchdog.example/files/2.pdf",
        ]
    );
}

#[test]
fn what_cannot_be_read_is_an_error_that_says_why() {
    for (html, entry, expected) in [
        ("plain words", None, "no HTML, where a list page was expected"),
        (
            "<html><body><p>Just a moment...</p></body></html>",
            None,
            "no list found in the page: name its rows with `entry`",
        ),
        ("<html><body><p>Hello</p></body></html>", Some("li.news"), "matches nothing in the page"),
        ("", None, "an empty document"),
    ] {
        let selectors = PageSelectors { entry: entry.map(str::to_owned), ..PageSelectors::default() };
        let error = read_page(html, &selectors).unwrap_err();
        assert!(error.contains(expected), "{html}: {error}");
    }
    assert_eq!(found("<html><body><main><p>There are currently no hearings listed.</p></main></body></html>"), [""; 0]);
}

#[test]
fn links_are_resolved_against_the_base() {
    let html = "<html><head><base href='https://cdn.example/site/'></head><body><article><h2><a href=a1>One long headline here</a></h2></article>\
        <article><h2><a href=a2>Two long headlines here</a></h2></article></body></html>";
    assert_eq!(found(html)[0], "- | One long headline here | https://cdn.example/site/a1");
}

#[test]
fn hostile_pages_get_an_answer() {
    let deep = format!("<html><body>{}<a href=/x>x</a>", "<div>".repeat(50_000));
    let many = format!("<html><body>{}", "<li><a href=/x/1>One two three four</a>".repeat(20_000));
    for html in [deep, many, "<html><body><a href='javascript:alert(1)'>One two three</a>".to_owned()] {
        drop(read_page(&html, &PageSelectors::default()));
    }
}
