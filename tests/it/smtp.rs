//! Mail against a mail server that is not ours: aiosmtpd, put into `target/smtp` by `scripts/smtp`.

use conductwatch::adapters::deliver::{EmailChannel, EmailSettings, Login, MailAddress, Security};
use conductwatch::domain::{ChannelId, DigestId};
use conductwatch::pipeline::message;
use conductwatch::ports::{Channel as _, DeliverError, DeliverFault, Message};
use conductwatch::stages::digest::trial;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(30);

/// The interpreter that has the server; `None`, said on a line, where `scripts/smtp` could not get it.
fn python(test: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/smtp/bin/python");
    if found.exists() {
        return Some(found);
    }
    println!("{test}: skipped, there is no aiosmtpd: scripts/smtp gets it from the Python index");
    None
}

struct Server {
    port: u16,
    certificate: String,
    said: Lines<BufReader<ChildStdout>>,
    _child: Child,
    _dir: tempfile::TempDir,
}

impl Server {
    /// The server with these verdicts.
    async fn start(python: &Path, script: &Value) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let (certificate, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/smtp/server.py");
        let mut child = Command::new(python)
            .arg(server)
            .args([&certificate, &key])
            .arg(script.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = timeout(PATIENCE, said.next_line()).await.unwrap().unwrap().unwrap();
        Self { port: port.trim().parse().unwrap(), certificate: made.cert.pem(), said, _child: child, _dir: dir }
    }

    /// The next mail that it was given.
    async fn mail(&mut self) -> Value {
        let line = timeout(PATIENCE, self.said.next_line()).await.unwrap().unwrap().unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn channel(&self, password: &str, trusts: bool) -> EmailChannel {
        let address = |address: &str| MailAddress { name: String::new(), address: address.to_owned() };
        let settings = EmailSettings {
            host: "localhost".into(),
            port: self.port,
            security: Security::StartTls,
            login: Some(Login { username: "desk".into(), password: password.into() }),
            from: address("watch@watch.example"),
            to: vec![address("one@reader.example"), address("two@reader.example")],
            ehlo_name: Some("watch.example".into()),
            timeout: Duration::from_secs(20),
            extra_roots: if trusts { vec![self.certificate.clone()] } else { Vec::new() },
        };
        EmailChannel::new(ChannelId::parse("desk").unwrap(), settings).unwrap()
    }
}

fn sample() -> Message {
    let mut digest = trial("2024-05-15T08:12:30Z".parse().unwrap(), "Europe/London");
    digest.id = DigestId::parse("20240515-0730-d09940").unwrap();
    message(&digest, format!("{}.desk", digest.id))
}

async fn send(channel: &EmailChannel, message: &Message) -> Result<Vec<String>, DeliverError> {
    channel.deliver(message, message.at).await.map(|receipt| receipt.receivers)
}

fn message_id(mail: &Value) -> String {
    let content = mail["content"].as_str().unwrap();
    content.lines().find_map(|l| l.strip_prefix("Message-ID: ")).unwrap().to_owned()
}

#[tokio::test]
async fn a_real_server_takes_the_mail_over_starttls_with_a_login() {
    let Some(python) = python("a_real_server_takes_the_mail") else { return };
    let mut server = Server::start(&python, &json!({})).await;
    let taken = send(&server.channel("s3cret", true), &sample()).await.unwrap();
    assert_eq!(taken, ["one@reader.example", "two@reader.example"]);
    let mail = server.mail().await;
    assert_eq!((&mail["tls"], &mail["login"]), (&true.into(), &true.into()));
    assert_eq!(mail["to"], json!(["one@reader.example", "two@reader.example"]));
    let content = mail["content"].as_str().unwrap();
    assert!(
        content.contains("Auto-Submitted: auto-generated") && content.contains("multipart/alternative"),
        "{content}"
    );
    // Neither a certificate that nobody signed nor a wrong password gets any further.
    let error = send(&server.channel("s3cret", false), &sample()).await.unwrap_err();
    assert_eq!(error.fault, DeliverFault::Tls, "{error}");
    let error = send(&server.channel("wr0ng", true), &sample()).await.unwrap_err();
    assert_eq!(error.fault, DeliverFault::Auth, "{error}");
    assert!(error.retry() && !error.message.contains("wr0ng"), "{error}");
}

#[tokio::test]
async fn a_real_servers_verdict_decides_whether_to_try_again() {
    let Some(python) = python("a_real_servers_verdict") else { return };
    for (script, fault, taken) in [
        (json!({ "rcpt": ["451 4.7.1 later", "ok"] }), DeliverFault::Deferred, &["two@reader.example"][..]),
        (json!({ "rcpt": ["ok", "550 5.1.1 unknown"] }), DeliverFault::Refused, &["one@reader.example"]),
        (json!({ "rcpt": ["550 5.1.1 unknown", "550 5.1.1 unknown"] }), DeliverFault::Refused, &[]),
        (json!({ "data": ["452 4.3.1 no room"] }), DeliverFault::Deferred, &[]),
        (json!({ "data": ["554 5.7.1 spam"] }), DeliverFault::Refused, &[]),
    ] {
        let server = Server::start(&python, &script).await;
        let error = send(&server.channel("s3cret", true), &sample()).await.unwrap_err();
        assert_eq!(
            (error.fault, error.taken.as_slice()),
            (fault, taken.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>().as_slice()),
            "{script}: {error}"
        );
    }
}

#[tokio::test]
async fn a_drop_after_the_data_is_sent_again_with_the_same_message_id() {
    let Some(python) = python("a_drop_after_the_data") else { return };
    let mut server = Server::start(&python, &json!({ "data": ["drop"] })).await;
    let channel = server.channel("s3cret", true);
    let error = send(&channel, &sample()).await.unwrap_err();
    assert!(error.retry() && error.taken.is_empty(), "{error:?}");
    let first = server.mail().await;
    send(&channel, &sample()).await.unwrap();
    let second = server.mail().await;
    assert_eq!(message_id(&first), message_id(&second));
    assert_eq!(first["content"], second["content"], "byte for byte");
}

#[tokio::test]
async fn the_program_itself_tries_a_mail_channel() {
    let Some(python) = python("the_program_itself") else { return };
    let dir = tempfile::tempdir().unwrap();
    let mut server = Server::start(&python, &json!({})).await;
    let (config, trusted) = (dir.path().join("c.toml"), dir.path().join("trusted.pem"));
    std::fs::write(&trusted, &server.certificate).unwrap();
    let text = format!(
        "[[channel]]\nid = \"desk\"\nkind = \"email\"\nhost = \"localhost\"\nport = {}\nfrom = \"watch@watch.example\"\n\
         to = [\"one@reader.example\"]\nusername = \"desk\"\npassword_env = \"CONDUCTWATCH_TEST_PASSWORD\"\n",
        server.port
    );
    std::fs::write(&config, text).unwrap();
    for (password, roots, code, said) in [
        ("s3cret", Some(&trusted), 0, "desk: taken: 250 2.0.0 queued"),
        ("wr0ng", Some(&trusted), 78, "desk: not taken (auth): mail server localhost:"),
        ("s3cret", None, 69, "desk: not taken (tls): mail server localhost:"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conductwatch"));
        command.args(["notify", "test", "desk", "--config"]).arg(&config).env("CONDUCTWATCH_TEST_PASSWORD", password);
        if let Some(roots) = roots {
            command.env("SSL_CERT_FILE", roots);
        }
        let output = command.output().await.unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(told.contains(said) && !told.contains(password), "{told}");
    }
    let mail = server.mail().await;
    assert!(mail["content"].as_str().unwrap().contains("Subject: Test: "), "{mail}");
}
