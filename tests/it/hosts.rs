//! Hosts that are hostile, odd or broken, each on a port of its own, polled by the real program over real sockets: what
//! is said of each, and that the others are polled all the same.

use serde_json::Value;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const RSS: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Echo</title><item><guid>1</guid>\
    <title>Flower show</title></item><item><guid>2</guid><title>Raft race</title></item></channel></rss>";

/// What a host does once it has read a request.
enum Act {
    /// Sends these bytes and hangs up.
    Send(Vec<u8>),
    /// Sends these bytes, then a little for ever, with this pause.
    Drip(Vec<u8>, Duration),
    /// Sends these bytes as fast as they are taken, for ever.
    Flood(Vec<u8>),
    /// Says nothing and keeps the line open.
    Hold,
    /// Hangs up in the middle of the connection.
    Reset,
}

fn reply(status: &str, headers: &str, body: &[u8]) -> Act {
    let mut out = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len())
        .into_bytes();
    out.extend_from_slice(body);
    Act::Send(out)
}

fn raw(text: &str) -> Act {
    Act::Send(text.as_bytes().to_vec())
}

fn packed(encoding: &str, body: &[u8]) -> Act {
    reply("200 OK", &format!("content-type: application/rss+xml\r\ncontent-encoding: {encoding}\r\n"), body)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflate(bytes: &[u8], zlib: bool) -> Vec<u8> {
    if zlib {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    } else {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }
}

type Host = fn(path: &str, asked: usize) -> Act;

/// Name, what the host does, and what is said of it: `well`, or the kind of the failure.
const HOSTS: &[(&str, Host, &str)] = &[
    ("plain", |_, _| reply("200 OK", "content-type: application/rss+xml\r\n", RSS.as_bytes()), "well"),
    ("silent-after-the-request", |_, _| Act::Hold, "timeout"),
    ("slow-headers", |_, _| Act::Drip(b"HTTP/1.1 200 OK\r\nx-a: ".to_vec(), Duration::from_millis(200)), "timeout"),
    (
        "slow-body",
        |_, _| Act::Drip(b"HTTP/1.1 200 OK\r\ncontent-length: 90000\r\n\r\n<rss>".to_vec(), Duration::from_millis(200)),
        "timeout",
    ),
    ("endless-body", |_, _| Act::Flood(b"HTTP/1.1 200 OK\r\n\r\n<rss version=\"2.0\"><channel>".to_vec()), "too_large"),
    ("announced-too-large", |_, _| raw("HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n<rss>"), "too_large"),
    ("gzip-bomb", |_, _| packed("gzip", &gzip(&vec![b' '; 20 << 20])), "too_large"),
    ("gzip-in-gzip", |_, _| packed("gzip, gzip", &gzip(&gzip(RSS.as_bytes()))), "not_a_feed"),
    ("gzip", |_, _| packed("gzip", &gzip(RSS.as_bytes())), "well"),
    ("deflate-in-zlib", |_, _| packed("deflate", &deflate(RSS.as_bytes(), true)), "well"),
    ("deflate-raw", |_, _| packed("deflate", &deflate(RSS.as_bytes(), false)), "well"),
    ("zstd", |_, _| packed("zstd", &zstd::encode_all(RSS.as_bytes(), 3).unwrap()), "well"),
    // Brotli's stored form (RFC 7932 section 9.2) of five letters: unfolded, or it would be "broken".
    ("brotli-without-a-feed-in-it", |_, _| packed("br", b"\x0b\x02\x80hello\x03"), "not_a_feed"),
    ("gzip-that-is-none", |_, _| packed("gzip", RSS.as_bytes()), "broken_answer"),
    ("unknown-encoding", |_, _| packed("snappy", RSS.as_bytes()), "well"),
    (
        "shorter-than-announced",
        |_, _| raw("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n<rss version=\"2.0\">"),
        "broken_answer",
    ),
    ("hangs-up-at-once", |_, _| Act::Reset, "broken_answer"),
    ("no-http-at-all", |_, _| raw("220 mail.example ESMTP\r\n"), "broken_answer"),
    ("cut-in-a-chunk", |_, _| raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n<rss>"), "broken_answer"),
    ("old-protocol-without-length", |_, _| Act::Send(format!("HTTP/1.0 200 OK\r\n\r\n{RSS}").into_bytes()), "well"),
    (
        "informational-first",
        |_, _| {
            Act::Send(
                format!(
                    "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{RSS}"
                )
                .into_bytes(),
            )
        },
        "well",
    ),
    (
        "odd-headers",
        |_, _| {
            Act::Send(format!("HTTP/1.1 200 OK\r\nX Bad: 1\r\nX-Folded: a\r\n b\r\nX-Latin: caf\u{e9}\r\nconnection: close\r\n\r\n{RSS}").into_bytes())
        },
        "well",
    ),
    ("a-thousand-headers", |_, _| reply("200 OK", &"x-pad: 1\r\n".repeat(1000), RSS.as_bytes()), "broken_answer"),
    ("one-endless-header", |_, _| Act::Flood(b"HTTP/1.1 200 OK\r\nx-pad: ".to_vec()), "broken_answer"),
    ("redirect-loop", |_, _| reply("302 Found", "location: /feed\r\n", b""), "redirects"),
    ("redirects-without-end", |_, asked| reply("302 Found", &format!("location: /feed{asked}\r\n"), b""), "redirects"),
    (
        "redirect-to-a-private-address",
        |_, _| reply("302 Found", "location: http://10.0.0.1/feed\r\n", b""),
        "refused_address",
    ),
    (
        "redirect-to-the-metadata-service",
        |_, _| reply("301 Moved", "location: http://[::ffff:169.254.169.254]/latest\r\n", b""),
        "refused_address",
    ),
    ("redirect-to-a-file", |_, _| reply("302 Found", "location: file:///etc/passwd\r\n", b""), "refused_address"),
    (
        "redirect-that-helps",
        |path, _| {
            if path == "/feed" {
                reply("307 Temporary", "location: /there\r\n", b"")
            } else {
                reply("200 OK", "", RSS.as_bytes())
            }
        },
        "well",
    ),
    (
        "moved-permanently",
        |path, _| {
            if path == "/feed" {
                reply("308 Permanent", "location: /there\r\n", b"")
            } else {
                reply("200 OK", "", RSS.as_bytes())
            }
        },
        "well",
    ),
    ("too-many-requests-in-seconds", |_, _| reply("429 Too Many", "retry-after: 90000\r\n", b""), "http_status"),
    (
        "too-many-requests-with-a-date",
        |_, _| reply("429 Too Many", "retry-after: Fri, 01 Jan 2100 00:00:00 GMT\r\n", b""),
        "http_status",
    ),
    ("forbidden", |_, _| reply("403 Forbidden", "", b"<html>no</html>"), "http_status"),
    ("not-found", |_, _| reply("404 Not Found", "", b"<html>no</html>"), "http_status"),
    ("gone", |_, _| reply("410 Gone", "", b""), "http_status"),
    ("server-error", |_, _| reply("500 Oops", "", RSS.as_bytes()), "http_status"),
    ("unavailable-for-long", |_, _| reply("503 Unavailable", "retry-after: 86400\r\n", b""), "http_status"),
    ("not-modified-for-ever", |_, _| raw("HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n"), "http_status"),
    ("changed-etag-same-body", |_, asked| reply("200 OK", &format!("etag: \"{asked}\"\r\n"), RSS.as_bytes()), "well"),
    (
        "charset-in-the-header-only",
        |_, _| {
            reply(
                "200 OK",
                "content-type: text/xml; charset=iso-8859-1\r\n",
                b"<rss version=\"2.0\"><channel><item><title>Caf\xe9</title></item></channel></rss>",
            )
        },
        "well",
    ),
    (
        "html-for-a-feed",
        |_, _| {
            reply("200 OK", "content-type: text/html\r\n", b"<!doctype html><html><body>Please log in</body></html>")
        },
        "not_a_feed",
    ),
    (
        "html-called-a-feed",
        |_, _| reply("200 OK", "content-type: application/rss+xml\r\n", b"<html><body>Just a moment...</body></html>"),
        "not_a_feed",
    ),
    ("empty-body", |_, _| reply("200 OK", "content-type: application/rss+xml\r\n", b""), "not_a_feed"),
    ("a-pdf-for-a-feed", |_, _| reply("200 OK", "content-type: application/pdf\r\n", b"%PDF-1.7 x"), "not_a_feed"),
    (
        "deep-nesting",
        |_, _| reply("200 OK", "", format!("<rss version=\"2.0\"><channel><item>{}", "<x>".repeat(100_000)).as_bytes()),
        "not_a_feed",
    ),
    ("cut-document", |_, _| reply("200 OK", "", &RSS.as_bytes()[..150]), "well"),
    ("null-bytes", |_, _| reply("200 OK", "", RSS.replace("Flower", "Flo\0wer").as_bytes()), "well"),
];

async fn host(act: Host) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/feed", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(speak(socket, act, Arc::clone(&asked)));
        }
    });
    address
}

/// Plays the host's part. A client that has had enough hangs up: nothing is left to tell it.
#[expect(clippy::disallowed_methods, reason = "the slowness of a peer is real time, which no clock of ours drives")]
async fn speak(mut socket: TcpStream, act: Host, asked: Arc<AtomicUsize>) {
    let mut request = Vec::new();
    let mut buffer = [0u8; 2048];
    while !request.windows(4).any(|w| w == b"\r\n\r\n") {
        match socket.read(&mut buffer).await {
            Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
    match act(&path, asked.fetch_add(1, Ordering::SeqCst)) {
        Act::Send(bytes) => drop(socket.write_all(&bytes).await),
        Act::Drip(bytes, pause) => {
            let mut sent = socket.write_all(&bytes).await;
            while sent.is_ok() {
                tokio::time::sleep(pause).await;
                sent = socket.write_all(b" ").await;
            }
        }
        Act::Flood(bytes) => {
            let mut sent = socket.write_all(&bytes).await;
            while sent.is_ok() {
                sent = socket.write_all(&[b'x'; 16 * 1024]).await;
            }
        }
        // Until the client hangs up.
        Act::Hold => drop(socket.read(&mut buffer).await),
        Act::Reset => {}
    }
}

/// An address that nobody listens on, and one that speaks TLS with a certificate that nobody vouches for.
async fn tls_host() -> String {
    use tokio_rustls::rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}/feed", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move { drop(acceptor.accept(socket).await) });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn every_host_gets_its_due_and_the_others_are_polled_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let mut feeds: Vec<(String, String, &str)> = Vec::new();
    for (name, act, expected) in HOSTS {
        feeds.push(((*name).to_owned(), host(*act).await, expected));
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}/feed", closed.local_addr().unwrap());
    drop(closed);
    feeds.push(("closed-port".to_owned(), nobody, "connect"));
    feeds.push(("certificate-nobody-vouches-for".to_owned(), tls_host().await, "tls"));
    let plain = host(HOSTS[0].1).await;
    feeds.push(("tls-address-that-waits-for-more".to_owned(), plain.replace("http:", "https:"), "timeout"));
    feeds.push(("name-without-an-address".to_owned(), "http://no-such-host.invalid/feed".to_owned(), "dns"));
    feeds.push(("private-address".to_owned(), "http://192.168.0.1/feed".to_owned(), "refused_address"));
    feeds.push(("private-address-in-disguise".to_owned(), "http://0x0a000001/feed".to_owned(), "refused_address"));
    feeds.push(("last-and-well".to_owned(), host(HOSTS[0].1).await, "well"));
    assert!(feeds.len() >= 35);

    let tables: String =
        feeds.iter().map(|(id, url, _)| format!("[[feed]]\nid = \"{id}\"\nurl = \"{url}\"\n")).collect();
    let config = format!(
        "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[poll]\ntimeout = \"2s\"\nmax_bytes = \"1MB\"\nconcurrency = 16\n\
         allow_private = [\"127.0.0.0/8\"]\n[[channel]]\nid = \"folder\"\nkind = \"file\"\npath = {:?}\n[[person]]\nname = \"Ada Marrick\"\n{tables}",
        dir.path().join("store"),
        dir.path().join("control.sock"),
        dir.path().join("digests"),
    );
    let file = dir.path().join("c.toml");
    std::fs::write(&file, config).unwrap();
    let run = async |args: &[&str]| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_conductwatch"));
        command.args(args).arg("--config").arg(&file);
        let output = command.output().await.unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    drop(run(&["run", "--once"]).await);
    let list: Value = serde_json::from_str(&run(&["feed", "list", "--json"]).await).unwrap();
    let rows = list["feeds"].as_array().unwrap();
    let mut faults = Vec::new();
    println!("{:<34}  {:<16}  WHAT IS SAID", "HOST", "KIND");
    for (id, url, expected) in &feeds {
        let row = rows.iter().find(|r| r["id"] == **id).unwrap_or(&Value::Null);
        let kind = row["last_failure"]["kind"].as_str().unwrap_or(if row.is_null() { "never polled" } else { "well" });
        // The ports are others each time.
        let own = url.split('/').nth(2).unwrap_or_default();
        let said = row["last_failure"]["message"].as_str().unwrap_or("").replace(own, "HOST");
        println!("{id:<34}  {kind:<16}  {}", said.chars().take(90).collect::<String>());
        if kind != *expected {
            faults.push(format!("{id}: {kind}, not {expected}: {}", row["last_failure"]["message"]));
        }
    }
    println!("{} hosts, of {} what is said is what is due", feeds.len(), feeds.len() - faults.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let row = |id: &str| rows.iter().find(|r| r["id"] == id).unwrap();
    assert!(row("gone")["next_due"].is_null(), "what is gone is not polled again");
    assert_eq!(row("too-many-requests-in-seconds")["due_reason"], "retry_after");
    assert_eq!(row("too-many-requests-with-a-date")["due_reason"], "retry_after");
    assert_eq!(row("unavailable-for-long")["due_reason"], "retry_after");
    assert_eq!(row("last-and-well")["entries_seen"], 2);
}
