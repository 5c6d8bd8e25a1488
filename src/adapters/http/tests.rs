//! The client against a loopback server that behaves badly.

use super::*;
use std::io::Write as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const LIMIT: usize = 64 * 1024;

/// Answers each connection with what `answer` makes of its request; `{port}` in it is the server's own.
async fn serve<F>(answer: F) -> Url
where
    F: Fn(&str) -> Vec<u8> + Send + Sync + 'static,
{
    serve_with(move |mut socket, request| {
        let bytes = answer(&request);
        async move {
            // A client that has had enough hangs up: nothing is left to tell it.
            drop(socket.write_all(&bytes).await);
        }
    })
    .await
}

async fn serve_with<F, R>(handle: F) -> Url
where
    F: Fn(TcpStream, String) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/feed", listener.local_addr().unwrap())).unwrap();
    let handle = Arc::new(handle);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let handle = Arc::clone(&handle);
            tokio::spawn(async move {
                let mut request = Vec::new();
                let mut buffer = [0u8; 2048];
                while !request.windows(4).any(|w| w == b"\r\n\r\n") {
                    match socket.read(&mut buffer).await {
                        Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
                        _ => return,
                    }
                }
                handle(socket, String::from_utf8_lossy(&request).into_owned()).await;
            });
        }
    });
    url
}

fn reply(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len())
        .into_bytes();
    out.extend_from_slice(body);
    out
}

fn options() -> HttpOptions {
    HttpOptions {
        contact: Some("https://watch.example/about".to_owned()),
        connect_timeout: Duration::from_millis(500),
        read_timeout: Duration::from_millis(150),
        total_timeout: Duration::from_millis(400),
        max_redirects: 4,
        allow: vec![AllowRule::parse("127.0.0.1").unwrap()],
        ..HttpOptions::default()
    }
}

fn request(url: &Url) -> HttpRequest {
    HttpRequest {
        url: url.clone(),
        etag: None,
        last_modified: None,
        accept: "application/rss+xml, */*;q=0.1",
        max_bytes: LIMIT,
    }
}

async fn get(url: &Url) -> Result<HttpResponse, FetchError> {
    ReqwestHttp::new(options()).unwrap().get(request(url)).await
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_plain_answer_comes_whole() {
    let url = serve(|request| {
        let lower = request.to_ascii_lowercase();
        assert!(lower.contains("user-agent: conductwatch/"), "{request}");
        assert!(request.contains("+https://watch.example/about"), "{request}");
        assert!(lower.contains("accept: application/rss+xml"), "{request}");
        assert!(!lower.contains("cookie") && !lower.contains("referer"), "{request}");
        reply("200 OK", "ETag: W/\"a\u{e9}\"\r\nX-Odd : 1\r\n", b"<rss/>")
    })
    .await;
    let response = get(&url).await.unwrap();
    assert_eq!((response.status, response.body.as_slice()), (200, b"<rss/>".as_slice()));
    assert_eq!(response.final_url, url);
    assert!(!response.moved_permanently);
}

#[tokio::test]
async fn validators_go_back_as_they_came() {
    let url = serve_with(|mut socket, request| async move {
        let answer = if request.contains("if-none-match: W/\"v\u{fffd}1\"") && request.contains("if-modified-since: not even a date") {
            "HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n".as_bytes().to_vec()
        } else {
            b"HTTP/1.1 200 OK\r\nETag: W/\"v\xe91\"\r\nLast-Modified: not even a date\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec()
        };
        drop(socket.write_all(&answer).await);
    })
    .await;
    let first = get(&url).await.unwrap();
    let mut again = request(&url);
    again.etag = first.header("etag").map(str::to_owned);
    again.last_modified = first.header("last-modified").map(str::to_owned);
    assert_eq!(again.etag.as_deref(), Some("W/\"v\u{e9}1\""));
    let second = ReqwestHttp::new(options()).unwrap().get(again).await.unwrap();
    assert_eq!(second.status, 304);
}

#[tokio::test]
async fn every_compression_is_unfolded() {
    let text = b"<rss>".repeat(50);
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(&text).unwrap();
    let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    raw.write_all(&text).unwrap();
    for (coding, body) in [
        ("gzip", gzip(&text)),
        ("deflate", zlib.finish().unwrap()),
        ("deflate", raw.finish().unwrap()),
        ("zstd", zstd::encode_all(text.as_slice(), 1).unwrap()),
        ("identity", text.clone()),
    ] {
        let url = serve(move |_| reply("200 OK", &format!("content-encoding: {coding}\r\n"), &body)).await;
        assert_eq!(get(&url).await.map(|r| r.body), Ok(text.clone()), "{coding}");
    }
    // Brotli's stored form (RFC 7932 section 9.2) of five letters.
    let url = serve(|_| reply("200 OK", "content-encoding: br\r\n", b"\x0b\x02\x80hello\x03")).await;
    assert_eq!(get(&url).await.map(|r| r.body), Ok(b"hello".to_vec()));
}

#[tokio::test]
async fn bodies_are_held_to_their_limit_after_unfolding() {
    let zeros = vec![0u8; 16 * 1024 * 1024];
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(&zeros).unwrap();
    for (name, headers, body) in [
        ("gzip bomb", "content-encoding: gzip\r\n", gzip(&zeros)),
        ("zstd bomb", "content-encoding: zstd\r\n", zstd::encode_all(zeros.as_slice(), 1).unwrap()),
        ("deflate bomb", "content-encoding: deflate\r\n", zlib.finish().unwrap()),
        ("long body", "", vec![b'x'; LIMIT + 1]),
    ] {
        let url = serve(move |_| reply("200 OK", headers, &body)).await;
        assert_eq!(get(&url).await, Err(FetchError::TooLarge(LIMIT)), "{name}");
    }
    let exact = serve(|_| reply("200 OK", "", &vec![b'x'; LIMIT])).await;
    assert_eq!(get(&exact).await.unwrap().body.len(), LIMIT);
}

#[tokio::test]
async fn an_endless_body_is_cut() {
    let url = serve_with(|mut socket, _| async move {
        drop(socket.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await);
        let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
        while socket.write_all(chunk.as_bytes()).await.is_ok() {}
    })
    .await;
    assert_eq!(get(&url).await, Err(FetchError::TooLarge(LIMIT)));
}

#[tokio::test]
async fn silence_and_dripping_run_into_the_limits() {
    let silent = serve_with(|socket, _| async move {
        std::future::pending::<()>().await;
        drop(socket);
    })
    .await;
    assert_eq!(get(&silent).await, Err(FetchError::Timeout(Duration::from_millis(150))));
    let stalled = serve_with(|mut socket, _| async move {
        drop(socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc").await);
        std::future::pending::<()>().await;
    })
    .await;
    assert_eq!(get(&stalled).await, Err(FetchError::Timeout(Duration::from_millis(150))));
    let dripping = serve_with(|mut socket, _| async move {
        drop(socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n").await);
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        while socket.write_all(b"x").await.is_ok() {
            pause.tick().await;
        }
    })
    .await;
    assert_eq!(get(&dripping).await, Err(FetchError::Timeout(Duration::from_millis(400))));
}

#[tokio::test]
async fn redirects_are_followed_counted_and_judged() {
    let url = serve(|request| match request.split(' ').nth(1).unwrap_or("") {
        "/feed" => reply("301 Moved Permanently", "location: /b\r\n", b""),
        "/b" => reply("308 Permanent Redirect", "location: c?d=1\r\n", b""),
        "/t" => reply("302 Found", "location: /b\r\n", b""),
        "/loop" => reply("302 Found", "location: /loop\r\n", b""),
        "/nowhere" => reply("301 Moved Permanently", "", b"moved, but where?"),
        _ => reply("200 OK", "", b"end"),
    })
    .await;
    let to = |path: &str| url.join(path).unwrap();
    let permanent = get(&url).await.unwrap();
    assert_eq!((permanent.final_url, permanent.moved_permanently), (to("/c?d=1"), true));
    let mixed = get(&to("/t")).await.unwrap();
    assert_eq!((mixed.final_url, mixed.moved_permanently), (to("/c?d=1"), false));
    assert_eq!(get(&to("/loop")).await, Err(FetchError::TooManyRedirects(4)));
    let nowhere = get(&to("/nowhere")).await.unwrap();
    assert_eq!((nowhere.status, nowhere.moved_permanently), (301, false));
}

#[tokio::test]
async fn credentials_go_to_their_address_and_never_leave_its_origin() {
    let elsewhere =
        serve(|request| reply("200 OK", "", request.to_ascii_lowercase().contains("s3cret").to_string().as_bytes()))
            .await;
    let target = elsewhere.clone();
    let home = serve(move |request| {
        let sent = request.to_ascii_lowercase().contains("x-api-key: s3cret");
        match request.split(' ').nth(1) {
            Some("/feed") => reply("302 Found", "Location: /private\r\n", b""),
            Some("/away") => reply("302 Found", &format!("Location: {target}\r\n"), b""),
            _ => reply("200 OK", "", sent.to_string().as_bytes()),
        }
    })
    .await;
    let at = |path: &str| home.join(path).unwrap();
    let credential = |path: &str| Credential::new(at(path), &[("X-Api-Key", "s3cret")]).unwrap();
    let options = HttpOptions { credentials: vec![credential("/feed"), credential("/away")], ..options() };
    assert!(!format!("{options:?}").contains("s3cret"));
    let http = ReqwestHttp::new(options).unwrap();
    for (path, sent) in [("/feed", "true"), ("/other", "false"), ("/away", "false")] {
        let body = http.get(request(&at(path))).await.unwrap().body;
        assert_eq!(String::from_utf8_lossy(&body), sent, "{path}");
    }
    assert!(Credential::new(at("/feed"), &[("X-Key", "a\nb")]).is_err());
}

#[tokio::test]
async fn redirects_to_private_addresses_and_other_schemes_are_refused() {
    for target in [
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://0x7f.2/",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "http://localhost/",
    ] {
        let url = serve(move |_| reply("302 Found", &format!("location: {target}\r\n"), b"")).await;
        let got = get(&url).await;
        assert!(matches!(got, Err(FetchError::Refused { .. })), "{target}: {got:?}");
    }
}

#[tokio::test]
async fn loopback_is_refused_without_an_exception() {
    let url = serve(|_| reply("200 OK", "", b"secret")).await;
    let strict = ReqwestHttp::new(HttpOptions { allow: Vec::new(), ..options() }).unwrap();
    assert!(matches!(strict.get(request(&url)).await, Err(FetchError::Refused { .. })));
}

/// A resolver with one answer; none means that it never answers.
struct Fixed(Option<Vec<IpAddr>>);

#[async_trait]
impl Lookup for Fixed {
    async fn lookup(&self, _: &str) -> std::io::Result<Vec<IpAddr>> {
        match &self.0 {
            Some(ips) => Ok(ips.clone()),
            None => std::future::pending().await,
        }
    }
}

#[tokio::test]
async fn names_are_judged_by_every_address_they_resolve_to() {
    let url = serve(|_| reply("200 OK", "", b"named")).await;
    let named = Url::parse(&format!("http://news.example:{}/", url.port().unwrap())).unwrap();
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    let with = |allow: &[&str], ips: Option<Vec<IpAddr>>| {
        let allow = allow.iter().map(|r| AllowRule::parse(r).unwrap()).collect();
        ReqwestHttp::with_lookup(HttpOptions { allow, ..options() }, Arc::new(Fixed(ips))).unwrap()
    };
    for ips in [
        vec![ip("127.0.0.1")],
        vec![ip("8.8.8.8"), ip("10.0.0.1")],
        vec![ip("::ffff:192.168.0.1")],
        vec![ip("fe80::1")],
    ] {
        let got = with(&[], Some(ips.clone())).get(request(&named)).await;
        assert!(matches!(got, Err(FetchError::Refused { .. })), "{ips:?}: {got:?}");
    }
    let allowed = with(&["news.example"], Some(vec![ip("127.0.0.1")])).get(request(&named)).await.unwrap();
    assert_eq!(allowed.body, b"named");
    assert_eq!(with(&[], Some(vec![])).get(request(&named)).await, Err(FetchError::Dns("news.example".to_owned())));
    let never = with(&[], None).get(request(&named)).await;
    assert!(matches!(never, Err(FetchError::Timeout(_))), "{never:?}");
}

#[tokio::test]
async fn broken_answers_have_their_name() {
    for (name, bytes) in [
        ("cut body", b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc".to_vec()),
        ("cut chunk", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\nabc".to_vec()),
        ("cut gzip", reply("200 OK", "content-encoding: gzip\r\n", &gzip(b"hello hello hello hello")[..12])),
        ("no answer", Vec::new()),
        ("no HTTP", b"SSH-2.0-OpenSSH_9.6\r\n\r\n".to_vec()),
        ("too many headers", reply("200 OK", &"x-a: 1\r\n".repeat(300), b"")),
    ] {
        let url = serve(move |_| bytes.clone()).await;
        let got = get(&url).await;
        assert!(matches!(got, Err(FetchError::Broken(_))), "{name}: {got:?}");
    }
    // A length that is too short gives what it says; the rest is not ours to guess.
    let short = serve(|_| b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nabcdef".to_vec()).await;
    assert_eq!(get(&short).await.unwrap().body, b"abc");
}

#[tokio::test]
async fn odd_headers_do_not_lose_the_body() {
    let url = serve(|_| {
        b"HTTP/1.1 200 OK\r\nX Bad Name: 1\r\nX-Space : 2\r\nX-Folded: a\r\n b\r\nX-Latin: caf\xe9\r\nconnection: close\r\n\r\n<rss/>".to_vec()
    })
    .await;
    assert_eq!(get(&url).await.map(|r| r.body), Ok(b"<rss/>".to_vec()));
}

#[tokio::test]
async fn a_closed_port_is_a_failed_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let got = get(&url).await;
    assert!(matches!(got, Err(FetchError::Connect(_))), "{got:?}");
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_a_tls_error_and_a_trusted_one_is_not() {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let pem = made.cert.pem();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
    std::thread::spawn(move || {
        let config = Arc::new(config);
        for socket in listener.incoming().take(2).flatten() {
            let session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(session, socket);
            let mut buffer = [0u8; 4096];
            if std::io::Read::read(&mut stream, &mut buffer).is_ok() {
                drop(stream.write_all(&reply("200 OK", "", b"over TLS")));
                stream.conn.send_close_notify();
                drop(stream.flush());
            }
        }
    });
    let got = get(&url).await;
    assert!(matches!(got, Err(FetchError::Tls(_))), "{got:?}");
    let trusting = ReqwestHttp::new(HttpOptions { extra_roots: vec![pem.into_bytes()], ..options() }).unwrap();
    assert_eq!(trusting.get(request(&url)).await.map(|r| r.body), Ok(b"over TLS".to_vec()));
}
