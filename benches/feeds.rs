//! Reading and polling feeds, side by side with the bare libraries in one run: `cargo bench --bench feeds`.
//!
//! Aims: reading a clean feed at 0.7 of feed-rs's speed, polling unchanged feeds at 0.6 of a bare reqwest loop's rate.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark measures time and talks to bare libraries"
)]

mod support;

use conductwatch::adapters::http::{AllowRule, HttpOptions, ReqwestHttp};
use conductwatch::ports::{Http as _, HttpRequest};
use conductwatch::stages::parse::parse_feed;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::time::{Duration, Instant};
use support::{ratio, side_by_side};
use url::Url;

const ENTRIES: usize = 1000;
const ROUNDS: u32 = 20;
const POLLS: u32 = 2000;

/// A clean feed as large newsrooms publish it.
fn clean_feed() -> String {
    let mut feed = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <channel><title>News</title><link>https://news.example/</link>",
    );
    for n in 0..ENTRIES {
        feed += &format!(
            "<item><title>Officer {n} dismissed after hearing &amp; appeal</title><link>https://news.example/story/{n}?utm_source=rss</link>\
             <guid isPermaLink=\"false\">https://news.example/?p={n}</guid><pubDate>Tue, 2 Jan 2024 09:{:02}:00 +0000</pubDate>\
             <dc:creator><![CDATA[A. Reporter]]></dc:creator><category><![CDATA[Policing]]></category>\
             <description><![CDATA[<p>{}</p>]]></description></item>",
            n % 60,
            "A panel found on Tuesday that the officer breached the standards of professional behaviour. ".repeat(5),
        );
    }
    feed + "</channel></rss>"
}

fn reading() {
    let feed = clean_feed();
    let url = Url::parse("https://news.example/feed").unwrap();
    for (name, sanitize) in [("feed-rs", true), ("feed-rs without sanitising", false)] {
        let (ours, bare) = side_by_side(
            ROUNDS,
            || assert_eq!(parse_feed(feed.as_bytes(), &url, None).unwrap().entries.len(), ENTRIES),
            || {
                let parser = feed_rs::parser::Builder::new().sanitize_content(sanitize).build();
                assert_eq!(parser.parse(feed.as_bytes()).unwrap().entries.len(), ENTRIES);
            },
        );
        ratio(&format!("read 1,000 entries: against {name}"), ours, bare, 0.7);
    }
}

/// A server to which nothing is ever new.
async fn unchanged() -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/feed", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let answer = service_fn(|_| async {
                    let response =
                        hyper::Response::builder().status(304).header("etag", "\"1\"").body(Empty::<Bytes>::new());
                    Ok::<_, Infallible>(response.unwrap())
                });
                // A client that hangs up ends its connection, nothing else.
                drop(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), answer).await);
            });
        }
    });
    url
}

async fn polling() {
    let url = unchanged().await;
    let allow = vec![AllowRule::parse("127.0.0.1").unwrap()];
    let http = ReqwestHttp::new(HttpOptions { allow, ..HttpOptions::default() }).unwrap();
    let bare = reqwest::Client::builder().no_proxy().build().unwrap();
    let (mut ours_best, mut bare_best) = (Duration::MAX, Duration::MAX);
    for _ in 0..3 {
        let start = Instant::now();
        for _ in 0..POLLS {
            let request = HttpRequest {
                url: url.clone(),
                etag: Some("\"1\"".to_owned()),
                last_modified: None,
                accept: "*/*",
                max_bytes: 1 << 20,
            };
            assert_eq!(http.get(request).await.unwrap().status, 304);
        }
        ours_best = ours_best.min(start.elapsed());
        let start = Instant::now();
        for _ in 0..POLLS {
            let response = bare.get(url.clone()).header("if-none-match", "\"1\"").send().await.unwrap();
            assert_eq!(response.status().as_u16(), 304);
            assert!(response.bytes().await.unwrap().is_empty());
        }
        bare_best = bare_best.min(start.elapsed());
    }
    ratio("2,000 polls answered \"not modified\": against reqwest", ours_best, bare_best, 0.6);
}

fn main() {
    reading();
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(polling());
}
