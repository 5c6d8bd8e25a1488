//! A fortnight of news: every article of the shared sets in three outlets with different furniture, read by the daemon's own loops
//! under a simulated clock, to be read as its user would read it.
//!
//! ```text
//! cargo test --test it fortnight -- --nocapture
//! ```
//!
//! leaves each digest as text, HTML and JSON in `target/fortnight/digests`, all of them one after the other in
//! `target/fortnight/digests.txt`, and in `target/fortnight/reading.txt` what was told against what the sets expect.
//! `FORTNIGHT=calendar` lets every article come out on its own date instead, over the years that the sets span.

use crate::support::{escape, shared_data};
use conductwatch::demo::server::{Answer, Asked};
use conductwatch::demo::simulate;
use conductwatch::domain::{Alert, AlertKind, Level};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The shared sets, and our own.
const SETS: [&str; 7] =
    ["seeds", "stories", "stories-officers", "stories-bodies", "stories-everyday", "quality", "quality/practice"];
const OUTLETS: [(&str, &str); 3] =
    [("argus", "The Northern Argus"), ("ledger", "Ledger Online"), ("wire", "County Wire")];
const DAYS: i64 = 14;

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn list(value: &Value) -> Vec<String> {
    value.as_array().map(|a| a.iter().filter_map(|v| v.as_str()).map(str::to_owned).collect()).unwrap_or_default()
}

fn time(text: &str) -> Timestamp {
    let text = if text.len() == 7 { format!("{text}-20") } else { text.to_owned() };
    text.parse().unwrap_or_else(|_| format!("{text}T09:00:00Z").parse().unwrap())
}

/// One version of an article.
struct Article {
    set: &'static str,
    stem: String,
    /// The stem of its first version: its place on the outlets' sites.
    place: String,
    headline: String,
    /// The date it bears.
    dated: Timestamp,
    /// When the first outlet prints it.
    arrives: Timestamp,
    /// The text as it came, furniture and all, by paragraph.
    raw: Vec<String>,
    /// The text alone.
    clean: Vec<String>,
    captions: Vec<String>,
    gold: Value,
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|p| !p.is_empty()).collect()
}

fn articles(data: &Path, start: Timestamp, calendar: bool) -> Vec<Article> {
    let mut out: Vec<Article> = Vec::new();
    for set in SETS {
        let mut set = one_set(data, set);
        // Interleaved, each set in its own order and stretched over the whole time.
        let count = i64::try_from(set.len()).unwrap();
        for (place, article) in set.iter_mut().enumerate() {
            let share = (i64::try_from(place).unwrap() * DAYS * 24 * 60 + 300) / count;
            article.arrives = if calendar { article.dated } else { start + SignedDuration::from_mins(share + 60) };
        }
        out.extend(set);
    }
    out.sort_by(|a, b| (a.arrives, &a.stem).cmp(&(b.arrives, &b.stem)));
    if !calendar {
        // One after the other: several at once that bear dates of years ago would be an archive brought again.
        let apart = DAYS * 24 * 60 / i64::try_from(out.len()).unwrap();
        for (n, article) in (0..).zip(&mut out) {
            article.arrives = start + SignedDuration::from_mins(60 + n * apart);
        }
    }
    out
}

/// The folder of a set.
fn folder(data: &Path, set: &str) -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    if set.starts_with("quality") { own.join(set) } else { data.join(set) }
}

fn one_set(data: &Path, set: &'static str) -> Vec<Article> {
    let folder = folder(data, set);
    let case = case(data, set);
    let mut out: Vec<Article> = Vec::new();
    for row in case["order"].as_array().unwrap() {
        let stem = row["article"].as_str().unwrap().to_owned();
        let gold = read(&folder.join(format!("{stem}.gold.json")));
        let raw = std::fs::read_to_string(folder.join(format!("{stem}.txt"))).unwrap();
        let before = gold["version_of"].as_str().map(str::to_owned);
        let place = before.and_then(|b| out.iter().find(|a| b.starts_with(&a.stem)).map(|a| a.place.clone()));
        out.push(Article {
            set,
            place: place.unwrap_or_else(|| stem.clone()),
            headline: gold["headline"].as_str().unwrap().to_owned(),
            dated: time(row["at"].as_str().unwrap()),
            arrives: Timestamp::UNIX_EPOCH,
            raw: paragraphs(&raw),
            clean: paragraphs(gold["clean_text"].as_str().unwrap()),
            captions: list(&gold["captions"]),
            gold,
            stem,
        });
    }
    out
}

fn case(data: &Path, set: &str) -> Value {
    let files = ["expected_alerts.json", "story.json"].map(|f| folder(data, set).join(f));
    read(files.iter().find(|f| f.exists()).unwrap())
}

/// Everybody whom any set watches.
fn watchlist(data: &Path) -> String {
    #[derive(Clone)]
    struct Watched {
        kind: String,
        names: Vec<String>,
        bodies: Vec<String>,
        excludes: Vec<String>,
    }
    let mut all: BTreeMap<String, Watched> = BTreeMap::new();
    for set in SETS {
        let file = folder(data, set).join("watchlist.json");
        let rows = if file.exists() { read(&file)["watchlist"].as_array().unwrap().clone() } else { Vec::new() };
        for row in &rows {
            let one = all.entry(row["id"].as_str().unwrap().to_owned()).or_insert_with(|| Watched {
                kind: row["kind"].as_str().unwrap().to_owned(),
                names: Vec::new(),
                bodies: Vec::new(),
                excludes: Vec::new(),
            });
            one.names.push(row["name"].as_str().unwrap().to_owned());
            one.names.extend(list(&row["aliases"]));
            one.bodies.extend(list(&row["bodies"]));
            one.excludes.extend(list(&row["excludes"]));
        }
        let bodies = ["iopc", "hmicfrs", "metropolitan-police", "alliance-for-police-accountability"];
        for (id, name) in case(data, set)["tracked"].as_object().unwrap() {
            let name = name.as_str().unwrap_or(id).to_owned();
            let kind = if bodies.contains(&id.as_str()) { "body" } else { "person" }.to_owned();
            let one = all.entry(id.clone()).or_insert_with(|| Watched {
                kind,
                names: Vec::new(),
                bodies: Vec::new(),
                excludes: Vec::new(),
            });
            one.names.push(name);
        }
    }
    let mut out = String::new();
    for (id, one) in &all {
        let mut one = one.clone();
        // The longest is the full name, all others are aliases.
        one.names.sort_by_key(|n| std::cmp::Reverse(n.chars().count()));
        one.names.dedup();
        one.bodies.sort();
        one.bodies.dedup();
        let name = one.names.remove(0);
        write!(out, "[[{}]]\nid = {id:?}\nname = {name:?}\naliases = {:?}\n", one.kind, one.names).unwrap();
        if one.kind == "person" {
            let known: Vec<&String> =
                one.bodies.iter().filter(|b| all.get(*b).is_some_and(|w| w.kind == "body")).collect();
            writeln!(out, "bodies = {known:?}\nexcludes = {:?}", one.excludes).unwrap();
        }
        out.push('\n');
    }
    out
}

/// When outlet `n` prints what the first prints at `at`.
fn after(at: Timestamp, n: usize) -> Timestamp {
    at + SignedDuration::from_mins(i64::try_from(n).unwrap() * 95)
}

/// The headline as outlet `n` words it.
fn headline(article: &Article, n: usize) -> String {
    match n {
        0 => article.headline.clone(),
        1 => format!("{} – full story", article.headline),
        _ => format!("Police and courts: {}", article.headline),
    }
}

/// What outlet `n` shows at `now`: of each place the last version.
fn printed(articles: &[Article], n: usize, now: Timestamp) -> Vec<&Article> {
    let mut out: BTreeMap<&str, &Article> = BTreeMap::new();
    for article in articles.iter().filter(|a| after(a.arrives, n) <= now) {
        out.insert(&article.place, article);
    }
    let mut out: Vec<&Article> = out.into_values().collect();
    out.sort_by_key(|a| std::cmp::Reverse((a.arrives, a.stem.clone())));
    out
}

fn feed(outlet: usize, items: &[&Article], host: &str) -> Answer {
    let entries: String = items
        .iter()
        .take(25)
        .map(|a| {
            format!(
                "<entry><id>tag:{},2026:{}</id><title>{}</title><link href=\"http://{host}/{}/{}\"/><updated>{}</updated></entry>",
                OUTLETS[outlet].0,
                a.place,
                escape(&headline(a, outlet)),
                OUTLETS[outlet].0,
                a.place,
                after(a.dated, outlet),
            )
        })
        .collect();
    let name = OUTLETS[outlet].1;
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>tag:{name}</id>\
         <title>{name}</title><updated>2026-01-01T00:00:00Z</updated>{entries}</feed>"
    );
    Answer::ok("application/atom+xml", body)
}

/// The page of `article` in the furniture of `outlet`; `others` are the headlines it advertises.
fn page(article: &Article, outlet: usize, others: &[&Article]) -> Answer {
    let title = escape(&headline(article, outlet));
    let name = OUTLETS[outlet].1;
    let dated = after(article.dated, outlet);
    let text = |list: &[String]| list.iter().map(|p| format!("<p>{}</p>\n", escape(p))).collect::<String>();
    let more: String = others
        .iter()
        .filter(|o| o.place != article.place)
        .take(5)
        .map(|o| {
            format!("<li><a href=\"/{}/{}\">{}</a></li>", OUTLETS[outlet].0, o.place, escape(&headline(o, outlet)))
        })
        .collect();
    let head = format!(
        "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>{title} | {name}</title>\
         <meta property=\"og:type\" content=\"article\"><meta property=\"og:site_name\" content=\"{name}\">\
         <meta property=\"og:title\" content=\"{title}\">"
    );
    let body = match outlet {
        // A newspaper: the text as it came, with what stood between its paragraphs.
        0 => format!(
            "{head}<meta property=\"article:published_time\" content=\"{dated}\"></head><body>\
             <nav><a href=\"/\">Home</a><a href=\"/sport\">Sport</a><a href=\"/jobs\">Jobs</a></nav>\
             <main><article><h1>{title}</h1><div class=\"article-body\">{}</div></article>\
             <aside class=\"related\"><h2>More from the {name}</h2><ul>{more}</ul></aside></main>\
             <footer><p>© {name}. Registered office: 1 Foundry Lane.</p></footer></body></html>",
            text(&article.raw)
        ),
        // A site of a chain: a list of other stories in the middle of the text, and a box to subscribe; the last paragraph is cut.
        1 => {
            let shown = article.clean.len().saturating_sub(usize::from(article.clean.len() > 5));
            let (first, rest) = article.clean[..shown].split_at(shown.min(2));
            format!(
                "{head}</head><body><header class=\"site-header\"><p>Subscribe from £1 a week</p></header>\
                 <div id=\"content\"><h1 class=\"headline\">{title}</h1><p class=\"byline\">By Staff Reporter</p>\
                 <time datetime=\"{dated}\">{dated}</time>{}<div class=\"read-more\"><h3>Read more</h3><ul>{more}</ul></div>{}\
                 <div class=\"newsletter\"><p>Sign up for our morning newsletter</p><form><input type=\"email\"></form></div></div>\
                 <div class=\"most-read\"><h2>Most read</h2><ol>{more}</ol></div></body></html>",
                text(first),
                text(rest)
            )
        }
        // A wire's site: structured data, captions under pictures, contact lines.
        _ => {
            let captions: String = article
                .captions
                .iter()
                .map(|c| {
                    format!("<figure><img src=\"/p.jpg\" alt=\"\"><figcaption>{}</figcaption></figure>", escape(c))
                })
                .collect();
            let data = serde_json::json!({
                "@context": "https://schema.org", "@type": "NewsArticle", "headline": headline(article, outlet),
                "datePublished": dated, "publisher": { "@type": "Organization", "name": name },
            });
            format!(
                "{head}<script type=\"application/ld+json\">{}</script></head><body><div class=\"cookie-banner\"><p>We use \
                 cookies. <button>Accept</button></p></div><main><article class=\"story\"><header><h1>{title}</h1></header>{captions}\
                 <section class=\"story__body\">{}</section><p class=\"contact\">Contact the newsdesk: desk@wire.example</p></article>\
                 <section class=\"also\"><h2>Also on the wire</h2><ul>{more}</ul></section></main></body></html>",
                data.to_string().replace('<', "\\u003c"),
                text(&article.clean)
            )
        }
    };
    Answer::ok("text/html; charset=utf-8", body)
}

/// An alert that a set expects.
struct Expected {
    set: &'static str,
    event: String,
    types: Vec<String>,
    tracked: Vec<String>,
    articles: Vec<String>,
    major: bool,
    reason: String,
}

fn expected(data: &Path) -> Vec<Expected> {
    let mut out = Vec::new();
    for set in SETS {
        let case = case(data, set);
        for row in case["expected_alerts"].as_array().unwrap() {
            let event = row["event"].as_str().unwrap_or("").to_owned();
            let told = case["same_events"].as_array().into_iter().flatten().filter(|e| e["event"] == row["event"]);
            let told =
                told.flat_map(|e| e["told_in"].as_array().unwrap()).map(|t| t["article"].as_str().unwrap().to_owned());
            let mut types = list(&row["types"]);
            types.push(row["type"].as_str().unwrap().to_owned());
            out.push(Expected {
                set,
                event,
                types,
                tracked: list(&row["tracked"]),
                articles: told.chain([row["article"].as_str().unwrap().to_owned()]).collect(),
                major: row["level"] != "minor",
                reason: row["reason"].as_str().unwrap_or("").to_owned(),
            });
        }
    }
    out
}

/// What a reader says of one alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Expected,
    /// True of somebody whom another set watches: the set of its article has no opinion.
    TrueElsewhere,
    Again,
    Cut,
}

fn judge(alert: &Alert, articles: &[Article], expected: &[Expected], met: &mut BTreeSet<usize>) -> (Verdict, String) {
    let place = alert.url.as_deref().and_then(|u| u.rsplit('/').next()).unwrap_or("");
    let versions: Vec<&Article> = articles.iter().filter(|a| a.place == place).collect();
    let kind = alert.type_name().to_owned();
    let fits = |e: &Expected| {
        e.types.contains(&kind)
            && e.articles.iter().any(|s| versions.iter().any(|a| a.stem == *s))
            && e.tracked.iter().any(|t| alert.tracked.contains(t))
    };
    // What was changed is told to whoever was told the first, whomever the publisher's note is about.
    if alert.is_correction() && versions.len() > 1 {
        let note = |e: &Expected| {
            e.types.iter().any(|t| t == "correction")
                && e.articles.iter().any(|s| versions.iter().any(|a| a.stem == *s))
        };
        return match (0..expected.len()).find(|n| note(&expected[*n]) && met.insert(*n)) {
            Some(n) => (Verdict::Expected, expected[n].event.clone()),
            None => (Verdict::TrueElsewhere, "a later version".to_owned()),
        };
    }
    let found: Vec<usize> = (0..expected.len()).filter(|n| fits(&expected[*n])).collect();
    if let Some(n) = found.iter().find(|n| !met.contains(n)) {
        met.insert(*n);
        return (Verdict::Expected, expected[*n].event.clone());
    }
    let told = |d: &Value| {
        let ids = ["who", "body", "about"].iter().flat_map(|k| list(&d[*k])).collect::<Vec<_>>();
        d["type"] == kind.as_str() && d["status"] == "new" && ids.iter().any(|id| alert.tracked.contains(id))
    };
    let set = versions.first().map_or("", |a| a.set);
    let own = expected.iter().filter(|e| e.set == set).flat_map(|e| &e.tracked).collect::<BTreeSet<_>>();
    let gold = versions.iter().flat_map(|a| a.gold["developments"].as_array().into_iter().flatten()).find(|d| told(d));
    match gold {
        Some(d) if alert.tracked.iter().all(|t| !own.contains(t)) => (Verdict::TrueElsewhere, d["event"].to_string()),
        _ if !found.is_empty() => (Verdict::Again, expected[found[0]].event.clone()),
        Some(d) => (Verdict::TrueElsewhere, d["event"].to_string()),
        None => (Verdict::Cut, String::new()),
    }
}

#[tokio::test]
async fn a_fortnight_of_news_is_told_without_old_or_quiet_news() {
    let Some(data) = shared_data("fortnight") else { return };
    let calendar = std::env::var_os("FORTNIGHT").is_some_and(|v| v == "calendar");
    let start: Timestamp = if calendar { "2022-01-31T05:00:00Z" } else { "2026-03-02T05:00:00Z" }.parse().unwrap();
    let articles = std::sync::Arc::new(articles(&data, start, calendar));
    let last = articles.iter().map(|a| a.arrives).max().unwrap();
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fortnight");
    if out.exists() {
        std::fs::remove_dir_all(&out).unwrap();
    }
    std::fs::create_dir_all(&out).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let watched = watchlist(&data);
    let site = {
        let articles = std::sync::Arc::clone(&articles);
        move |asked: &Asked, now: Timestamp| {
            let mut parts = asked.path.trim_start_matches('/').splitn(2, '/');
            let (first, rest) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            let Some(outlet) = OUTLETS.iter().position(|(id, _)| *id == first) else { return Answer::status(404) };
            let printed = printed(&articles, outlet, now);
            if rest == "feed" {
                return feed(outlet, &printed, asked.header("host").unwrap_or(""));
            }
            let found = printed.iter().find(|a| a.place == rest);
            found.map_or(Answer::status(404), |a| page(a, outlet, &printed))
        }
    };
    let configure = {
        let (store, digests) = (dir.path().join("store"), out.join("digests"));
        let interval = if calendar { "6h" } else { "30m" };
        move |base: &str| {
            let feeds: String = OUTLETS
                .iter()
                .map(|(id, name)| format!("[[feed]]\nid = {id:?}\nname = {name:?}\nurl = \"{base}/{id}/feed\"\n\n"))
                .collect();
            format!(
                "[store]\npath = {store:?}\n[poll]\ninterval = {interval:?}\nallow_private = [\"127.0.0.0/8\"]\n\
                 [digest]\nhours = [\"07:30\"]\nzone = \"Europe/London\"\n\
                 [[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {digests:?}\n\n{feeds}{watched}"
            )
        }
    };
    let end = last + SignedDuration::from_hours(48);
    let done = simulate(dir.path(), start, end, site, configure, |_| {}).await.unwrap();
    let store = &done.app.pipeline.store;

    let expected = expected(&data);
    let mut met = BTreeSet::new();
    let mut verdicts: BTreeMap<String, (Verdict, String)> = BTreeMap::new();
    let alerts = store.alerts().await.unwrap();
    for alert in &alerts {
        verdicts.insert(alert.id.to_string(), judge(alert, &articles, &expected, &mut met));
    }
    let mut reading = String::new();
    let (mut all_texts, mut items) = (String::new(), 0);
    for (id, subject) in store.digests().await.unwrap().into_iter().rev() {
        let digest = store.digest(&id).await.unwrap().unwrap();
        all_texts += &conductwatch::stages::render::text(&digest);
        all_texts += "\n\n";
        writeln!(reading, "{id}  {subject}").unwrap();
        items += digest.items().count();
        for alert in digest.alerts() {
            let (verdict, event) = &verdicts[alert.id.as_str()];
            let level = if alert.level == Level::Major { "major" } else { "minor" };
            let date = match &alert.content {
                AlertKind::Development { date: Some(date), .. } => date.to_string(),
                _ => String::new(),
            };
            let what = format!("{} {} {date} {event}", alert.type_name(), alert.tracked.join("+"));
            writeln!(reading, "    {verdict:?} {level} {what}").unwrap();
            if *verdict != Verdict::Expected {
                let place = alert.url.as_deref().and_then(|u| u.rsplit('/').next()).unwrap_or("");
                writeln!(reading, "        {place}: {}", alert.evidence.text).unwrap();
            }
        }
    }
    let count = |verdict: Verdict, level: Level| {
        alerts.iter().filter(|a| a.level == level && verdicts[a.id.as_str()].0 == verdict).count()
    };
    writeln!(reading, "\nMissed:").unwrap();
    for (n, e) in expected.iter().enumerate().filter(|(n, _)| !met.contains(n)) {
        let level = if e.major { "major" } else { "minor" };
        writeln!(
            reading,
            "    {level} {} {} {} ({n}, {}: {})",
            e.types.join("/"),
            e.tracked.join("+"),
            e.event,
            e.set,
            e.reason
        )
        .unwrap();
    }
    let missed =
        |major: bool| expected.iter().enumerate().filter(|(n, e)| e.major == major && !met.contains(n)).count();
    let mut figures = format!(
        "{} digests, {items} items, {} alerts\n",
        std::fs::read_dir(out.join("digests"))
            .unwrap()
            .filter(|e| e.as_ref().unwrap().path().extension().is_some_and(|x| x == "txt"))
            .count(),
        alerts.len()
    );
    for (level, name) in [(Level::Major, "major"), (Level::Minor, "minor")] {
        writeln!(
            figures,
            "{name}: {} as expected, {} true of whom another set watches, {} told again, {} to cut, {} missed of {}",
            count(Verdict::Expected, level),
            count(Verdict::TrueElsewhere, level),
            count(Verdict::Again, level),
            count(Verdict::Cut, level),
            missed(level == Level::Major),
            expected.iter().filter(|e| e.major == (level == Level::Major)).count(),
        )
        .unwrap();
    }
    // Quiet articles: those of which their set says that they raise nothing.
    let quiet: BTreeSet<String> = SETS.iter().flat_map(|s| list(&case(&data, s)["articles_without_alerts"])).collect();
    let of_quiet = |a: &&Alert| {
        let place = a.url.as_deref().and_then(|u| u.rsplit('/').next()).unwrap_or("");
        a.level == Level::Major && quiet.contains(place) && verdicts[a.id.as_str()].0 != Verdict::Expected
    };
    let loud: Vec<&Alert> = alerts.iter().filter(of_quiet).collect();
    writeln!(figures, "major alerts of {} quiet articles: {}", quiet.len(), loud.len()).unwrap();
    writeln!(reading, "\n{figures}").unwrap();
    std::fs::write(out.join("digests.txt"), all_texts).unwrap();
    std::fs::write(out.join("reading.txt"), &reading).unwrap();
    println!("{figures}target/fortnight/reading.txt has the whole");
    // One is true, and news of the article before it: in a fortnight's time that one comes with others that are weeks old, and is
    // passed over as an archive brought again, so that its copy tells it first. With `FORTNIGHT=calendar` there is none.
    let (true_elsewhere, wrong): (Vec<&Alert>, Vec<&Alert>) =
        loud.into_iter().partition(|a| verdicts[a.id.as_str()].0 == Verdict::TrueElsewhere);
    assert!(wrong.is_empty(), "major alerts of quiet articles: {wrong:#?}");
    assert!(true_elsewhere.len() <= 1, "told by a quiet article, though true: {true_elsewhere:#?}");
    // Our own sets hold articles that the rules cannot read yet; what they bring is in the figures.
    let shared = |alert: &&Alert| {
        let place = alert.url.as_deref().and_then(|u| u.rsplit('/').next()).unwrap_or("");
        articles.iter().any(|a| a.place == place && !a.set.starts_with("quality"))
    };
    let again = alerts.iter().filter(shared).filter(|a| a.level == Level::Major);
    let again: Vec<&Alert> = again.filter(|a| verdicts[a.id.as_str()].0 == Verdict::Again).collect();
    assert!(again.is_empty(), "major developments told twice: {again:#?}");
    assert!(!met.is_empty(), "nothing was told");
}
