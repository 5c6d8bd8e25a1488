//! What the integration tests share.

use conductwatch::demo::server::Answer;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::net::UnixDatagram;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long the tests wait for a daemon.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program with `args` and the configuration of `dir`.
pub(crate) fn program(args: &[&str], dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conductwatch"));
    command.args(args).arg("--config").arg(dir.join("conductwatch.toml"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// The real service, with what it says to systemd and into its log.
pub(crate) struct Daemon {
    child: Child,
    systemd: UnixDatagram,
    log: PathBuf,
}

impl Daemon {
    /// The service of the configuration in `dir`, once it is ready.
    pub(crate) async fn start(dir: &Path) -> Self {
        Self::start_with(dir, &[]).await
    }

    /// The same with these variables in its environment.
    pub(crate) async fn start_with(dir: &Path, environment: &[(&str, std::ffi::OsString)]) -> Self {
        let (socket, log) = (dir.join("notify.sock"), dir.join("daemon.log"));
        let systemd = UnixDatagram::bind(&socket).unwrap();
        let stderr = std::fs::File::create(&log).unwrap();
        let mut command = program(&["run"], dir);
        command
            .env("NOTIFY_SOCKET", &socket)
            .env("WATCHDOG_USEC", "60000000")
            .env_remove("WATCHDOG_PID")
            .stderr(stderr);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        let mut daemon = Self { child: command.spawn().unwrap(), systemd, log };
        daemon.hear("READY=1").await;
        daemon
    }

    /// The next message to systemd with `word` in it; those before are passed over.
    pub(crate) async fn hear(&mut self, word: &str) -> String {
        let mut buffer = vec![0; 4096];
        loop {
            let heard = timeout(PATIENCE, self.systemd.recv(&mut buffer)).await;
            let heard = heard.unwrap_or_else(|_| panic!("no {word}; the log: {}", self.log())).unwrap();
            let message = String::from_utf8_lossy(&buffer[..heard]).into_owned();
            if message.contains(word) {
                return message;
            }
        }
    }

    /// What it logged so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Where its pages for monitoring are.
    pub(crate) async fn pages(&self) -> SocketAddr {
        let log = self.log();
        let (_, rest) = log.split_once("metrics and health: http://").unwrap_or_else(|| panic!("no pages: {log}"));
        rest.split('/').next().unwrap().parse().unwrap()
    }

    /// Sends it a signal, such as `HUP`.
    pub(crate) async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().await.unwrap().success());
    }

    /// Ends it as systemd does, and gives its log.
    pub(crate) async fn end(mut self) -> String {
        self.signal("TERM").await;
        self.hear("STOPPING=1").await;
        let ended = timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap();
        assert_eq!(ended.code(), Some(0), "{}", self.log());
        self.log()
    }
}

/// The folder of the shared data, or `None`, said on a line, when it is absent (which fails under `CI`).
pub(crate) fn shared_data(test: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "{test}: ../shared/data is absent");
    println!("{test}: skipped, ../shared/data is absent");
    None
}

/// An item of a feed that the tests serve.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) link: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) published: Timestamp,
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An RSS document of `items`.
pub(crate) fn rss(title: &str, items: &[Item]) -> Answer {
    let mut body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel><title>{}</title>",
        escape(title)
    );
    for item in items {
        body += &format!(
            "<item><guid isPermaLink=\"false\">{}</guid><link>{}</link><title>{}</title><description>{}</description><pubDate>{}</pubDate></item>",
            escape(&item.id),
            escape(&item.link),
            escape(&item.title),
            escape(&item.summary),
            item.published.strftime("%a, %d %b %Y %H:%M:%S GMT")
        );
    }
    body += "</channel></rss>";
    Answer::ok("application/rss+xml", body)
}

/// A news page: navigation, headline, byline, paragraphs, a related link, a footer.
pub(crate) fn page(outlet: &str, headline: &str, published: Timestamp, paragraphs: &[&str]) -> Answer {
    let text: String = paragraphs.iter().map(|p| format!("<p>{}</p>\n", escape(p))).collect();
    Answer::ok(
        "text/html; charset=utf-8",
        format!(
            "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>{headline} | {outlet}</title>\
             <meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" content=\"{headline}\">\
             <meta property=\"article:published_time\" content=\"{published}\"></head><body>\
             <nav><a href=\"/\">Home</a> <a href=\"/sport\">Sport</a> <a href=\"/weather\">Weather</a></nav>\
             <main><article><h1>{headline}</h1><div class=\"article-body\">{text}</div></article>\
             <aside class=\"related\"><h2>Related</h2><a href=\"/other\">Ten walks for a wet weekend</a></aside></main>\
             <footer><p>© {outlet}. All rights reserved.</p></footer></body></html>",
            headline = escape(headline),
            outlet = escape(outlet),
        ),
    )
}
