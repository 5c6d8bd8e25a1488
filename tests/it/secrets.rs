//! Secrets planted in every place that may hold one, and looked for in everything that comes out.

use crate::support::{Daemon, program};
use base64::Engine as _;
use conductwatch::demo::server::{Answer, Asked, serve};
use std::path::Path;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const PASSWORD: &str = "planted-mail-password-91";
const FEED_PASSWORD: &str = "planted-feed-password-92";
const HEADER: &str = "planted-header-value-93";
const TOKEN: &str = "planted-token-94";
const RANDOM: &str = "9f8e7d6c5b4a39281706f5e4";
const CREDENTIAL: &str = "planted-credential-95";
const PLANTED: [&str; 6] = [PASSWORD, FEED_PASSWORD, HEADER, TOKEN, RANDOM, CREDENTIAL];

fn plant(dir: &Path, base: &str) {
    let file = |name: &str, text: &str| {
        let path = dir.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let (smtp, headers) = (file("smtp", PASSWORD), file("headers", &format!("X-Api-Key: {HEADER}\n")));
    std::fs::create_dir(dir.join("credentials")).unwrap();
    file("credentials/desk", CREDENTIAL);
    let mail = |id: &str, password: &str| {
        format!(
            "[[channel]]\nid = {id:?}\nkind = \"email\"\nhost = \"127.0.0.1\"\nport = 1\nusername = \"watch\"\n\
             password_file = {password:?}\nfrom = \"w@example.org\"\nto = [\"d@example.org\"]\n"
        )
    };
    let text = format!(
        "[store]\npath = {:?}\n[control]\nsocket = {:?}\n[log]\nlevel = \"trace\"\n[metrics]\nlisten = \"127.0.0.1:0\"\n\
         [poll]\nallow_private = [\"127.0.0.0/8\"]\n[digest]\nhours = [\"immediate\"]\n{}{}\
         [[feed]]\nid = \"login\"\nurl = \"{base}/login\"\nusername = \"reader\"\npassword_env = \"FEED_PASSWORD\"\nselect = \"all\"\n\
         [[feed]]\nid = \"headers\"\nurl = \"{base}/headers\"\nheaders_file = {headers:?}\n\
         [[feed]]\nurl = \"{base}/token?api_key={TOKEN}\"\n\
         [[feed]]\nurl = \"{base}/refused/{RANDOM}\"\n\
         [[person]]\nname = \"Ada Marrick\"\n",
        dir.join("store"),
        dir.join("control.sock"),
        mail("desk", smtp.to_str().unwrap()),
        mail("second", "$CREDENTIALS_DIRECTORY/desk"),
    );
    std::fs::write(dir.join("conductwatch.toml"), text).unwrap();
}

/// A site that asks for the secrets, and answers each feed with a fault of its own.
async fn site() -> (String, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
    let seen: std::sync::Arc<std::sync::Mutex<Vec<String>>> = std::sync::Arc::default();
    let noted = std::sync::Arc::clone(&seen);
    let (address, serving) = serve(move |asked: &Asked| {
        let given = [asked.header("authorization"), asked.header("x-api-key"), Some(asked.path.as_str())];
        noted.lock().unwrap().extend(given.into_iter().flatten().map(str::to_owned));
        match asked.path.split(['?', '/']).nth(1) {
            Some("login") => {
                Answer::ok("application/rss+xml", "<rss version=\"2.0\"><channel><title>x</title></channel></rss>")
            }
            Some("headers") => Answer::status(403),
            Some("token") => Answer::status(301).with("location", &format!("/token2?api_key={TOKEN}")),
            // To an address that is refused: the message names it.
            Some("refused") => {
                Answer::status(302).with("location", &format!("http://10.0.0.1/x?token={TOKEN}&r={RANDOM}"))
            }
            Some("token2") => Answer::status(500),
            _ => Answer::status(404),
        }
    })
    .await
    .unwrap();
    tokio::spawn(serving);
    (format!("http://{address}"), seen)
}

#[tokio::test]
async fn planted_secrets_come_out_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let (base, seen) = site().await;
    plant(dir.path(), &base);
    let run = async |args: &[&str]| {
        let mut command = program(args, dir.path());
        command.env("FEED_PASSWORD", FEED_PASSWORD).env("CREDENTIALS_DIRECTORY", dir.path().join("credentials"));
        let output = command.output().await.unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    let mut outputs: Vec<(String, String)> = Vec::new();
    for args in
        [&["check"][..], &["check", "--json"], &["config", "dump"], &["config", "dump", "--json"], &["run", "--once"]]
    {
        outputs.push((args.join(" "), run(args).await));
    }
    // The secrets were used: only so does it mean something that they are not found.
    let used = seen.lock().unwrap().join("\n");
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("reader:{FEED_PASSWORD}"));
    for part in [HEADER, TOKEN, RANDOM, &basic] {
        assert!(used.contains(part), "{part} was not sent: {used}");
    }
    let daemon = Daemon::start_with(
        dir.path(),
        &[("FEED_PASSWORD", FEED_PASSWORD.into()), ("CREDENTIALS_DIRECTORY", dir.path().join("credentials").into())],
    )
    .await;
    for args in [
        &["status"][..],
        &["status", "--json"],
        &["feed", "list"],
        &["feed", "list", "--json"],
        &["why", "headers"],
        &["why", "login", "--json"],
        &["alerts", "--json"],
        &["digest", "list", "--json"],
        &["passed-over", "--json"],
        &["watch", "list", "--json"],
        &["reload"],
        &["reload", "--json"],
    ] {
        outputs.push((args.join(" "), run(args).await));
    }
    let pages = daemon.pages().await;
    for path in ["/metrics", "/health", "/ready"] {
        let mut stream = tokio::net::TcpStream::connect(pages).await.unwrap();
        stream
            .write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        outputs.push((path.to_owned(), answer));
    }
    outputs.push(("log".to_owned(), daemon.end().await));
    // Secrets that cannot be used are complained of without being shown.
    std::fs::write(dir.path().join("headers"), format!("{HEADER} without a colon")).unwrap();
    outputs.push(("check, wrong headers".to_owned(), run(&["check"]).await));
    outputs.push(("run, wrong headers".to_owned(), run(&["run", "--once"]).await));
    for (what, said) in &outputs {
        assert!(!said.trim().is_empty(), "{what} says nothing");
        for secret in PLANTED.iter().copied().chain([basic.as_str()]) {
            assert!(!said.contains(secret), "{what} tells {secret}:\n{said}");
        }
    }
    // What a backup would hold: every file of the store. Text is packed there, so the store is asked for all it has as well.
    let mut files = vec![dir.path().join("store")];
    let mut read = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(path.read_dir().unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        read += 1;
        for secret in [PASSWORD, FEED_PASSWORD, HEADER, CREDENTIAL, basic.as_str()] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds {secret}", path.display());
        }
    }
    assert!(read > 2, "the store has files");
}
