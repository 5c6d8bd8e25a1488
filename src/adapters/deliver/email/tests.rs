//! Tests of mail, against a small mail server on loopback that answers as it is told.

use super::*;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A step of the conversation, by the start of the client's line, and what the server says to it instead of the usual;
/// `"drop"` closes the connection, `"silence"` says nothing. `"hello"` is the greeting, `"."` the end of the mail.
type Answers = &'static [(&'static str, &'static str)];

struct Server {
    port: u16,
    /// What clients said, mails left out.
    lines: Arc<Mutex<Vec<String>>>,
    mails: Arc<Mutex<Vec<String>>>,
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

async fn server(answers: Answers, tls: Option<TlsAcceptor>, wrapped: bool) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server { port: listener.local_addr().unwrap().port(), lines: Arc::default(), mails: Arc::default() };
    let (lines, mails) = (Arc::clone(&server.lines), Arc::clone(&server.mails));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (lines, mails, tls) = (Arc::clone(&lines), Arc::clone(&mails), tls.clone());
            tokio::spawn(async move {
                let mut stream: Box<dyn Wire> = Box::new(stream);
                if let (true, Some(acceptor)) = (wrapped, &tls) {
                    let Ok(secured) = acceptor.accept(stream).await else { return };
                    stream = Box::new(secured);
                }
                // Once with, once without STARTTLS: `talk` ends when the client asks for it.
                let offer = tls.is_some() && !wrapped;
                if let Some(plain) = talk(stream, answers, offer, false, &lines, &mails).await
                    && let Some(acceptor) = tls
                    && let Ok(secured) = acceptor.accept(plain).await
                {
                    talk(Box::new(secured), answers, false, true, &lines, &mails).await;
                }
            });
        }
    });
    server
}

async fn talk(
    stream: Box<dyn Wire>,
    answers: Answers,
    starttls: bool,
    greeted: bool,
    lines: &Mutex<Vec<String>>,
    mails: &Mutex<Vec<String>>,
) -> Option<Box<dyn Wire>> {
    let mut stream = BufReader::new(stream);
    let mut said = if greeted { None } else { Some("hello".to_owned()) };
    loop {
        let line = match said.take() {
            Some(line) => line,
            None => {
                let mut line = String::new();
                if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                    return None;
                }
                let line = line.trim_end().to_owned();
                lines.lock().unwrap().push(line.clone());
                line
            }
        };
        let command: String = line.chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_uppercase();
        let usual = match command.as_str() {
            "HELLO" => "220 mail.example ready",
            "EHLO" if starttls => "250-mail.example\r\n250-STARTTLS\r\n250 AUTH PLAIN",
            "EHLO" => "250-mail.example\r\n250 AUTH PLAIN",
            "STARTTLS" => "220 go ahead",
            "AUTH" => "235 welcome",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 2.1.0 fine",
        };
        let answer = answers.iter().find(|(start, _)| line.starts_with(start)).map_or(usual, |(_, answer)| answer);
        match answer {
            "drop" => return None,
            "silence" => continue,
            answer => stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?,
        }
        stream.flush().await.ok()?;
        if command == "STARTTLS" && answer.starts_with("220") {
            return Some(stream.into_inner());
        }
        if command == "DATA" && answer.starts_with("354") {
            let mut mail = String::new();
            while !mail.ends_with("\r\n.\r\n") {
                if stream.read_line(&mut mail).await.unwrap_or(0) == 0 {
                    return None;
                }
            }
            mail.truncate(mail.len() - 3);
            // RFC 5321, 4.5.2: a dot at the start of a line is sent twice.
            mails.lock().unwrap().push(mail.replace("\r\n..", "\r\n."));
            let answer = answers.iter().find(|(start, _)| *start == ".").map_or("250 2.0.0 queued as 1A2B", |(_, a)| a);
            if answer == "drop" {
                return None;
            }
            stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
            stream.flush().await.ok()?;
        }
        if command == "QUIT" {
            return None;
        }
    }
}

fn address(name: &str, address: &str) -> MailAddress {
    MailAddress { name: name.to_owned(), address: address.to_owned() }
}

fn settings(port: u16) -> EmailSettings {
    EmailSettings {
        host: "127.0.0.1".into(),
        port,
        security: Security::None,
        login: None,
        from: address("Conduct desk, Larchester", "desk@watch.example"),
        to: vec![address("", "one@reader.example"), address("Zoë Two", "two@reader.example")],
        ehlo_name: Some("watch.example".into()),
        timeout: Duration::from_secs(20),
        extra_roots: Vec::new(),
    }
}

fn channel(settings: EmailSettings) -> EmailChannel {
    EmailChannel::new(ChannelId::parse("mail").unwrap(), settings).unwrap()
}

fn message() -> Message {
    Message {
        key: "20240515-0730-d09940.mail".into(),
        subject: "Daniel Ellery arrested; Westmarch Police: “report”; 2 more".into(),
        text: "Daniel Ellery arrested\n\n> *Sergeant Daniel Ellery*, 41, was arrested · Tuesday\n.\n".into(),
        html: "<!doctype html>\n<p><mark>Sergeant Daniel Ellery</mark>, 41, “was arrested”\n".into(),
        json: "{}".into(),
        ..crate::adapters::deliver::message_for_tests("20240515-0730-d09940", "2024-05-15T06:30Z")
    }
}

fn now() -> Timestamp {
    "2024-05-15T06:31Z".parse().unwrap()
}

#[test]
fn the_whole_mail_is_as_stored() {
    let mail = String::from_utf8(channel(settings(25)).mail(&message()).unwrap()).unwrap().replace("\r\n", "\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/digest/mail.eml");
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1") {
        std::fs::write(&path, &mail).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == mail, "{} differs; UPDATE_GOLDEN=1 cargo test rewrites it. Found:\n{mail}", path.display());
}

#[tokio::test]
async fn a_mail_is_handed_over_whole() {
    let server = server(&[], None, false).await;
    let channel = channel(settings(server.port));
    let receipt = channel.deliver(&message(), now()).await.unwrap();
    let receivers = vec!["one@reader.example".to_owned(), "two@reader.example".to_owned()];
    assert_eq!(receipt, Receipt { at: now(), answer: "250 2.0.0 queued as 1A2B".into(), receivers });
    let sent = channel.mail(&message()).unwrap();
    let got: Vec<String> = server.mails.lock().unwrap().iter().map(|m| m.trim_end().to_owned()).collect();
    assert_eq!(got, [String::from_utf8(sent).unwrap().trim_end()]);
    let lines = server.lines.lock().unwrap().clone();
    assert_eq!(
        lines.get(..4).unwrap(),
        [
            "EHLO watch.example",
            "MAIL FROM:<desk@watch.example>",
            "RCPT TO:<one@reader.example>",
            "RCPT TO:<two@reader.example>"
        ]
    );
}

#[tokio::test]
async fn what_the_server_says_decides_whether_to_try_again() {
    // (what the server says, whether to try again, words of the error)
    for (answers, retry, words) in [
        (&[("hello", "421 4.3.2 too busy")] as Answers, true, "too busy"),
        (&[("MAIL", "451 4.7.1 greylisted, come back")], true, "greylisted"),
        (&[("RCPT", "550 5.1.1 no such user here")], false, "no such user here"),
        (&[("DATA", "554-5.7.1 looks like spam\r\n554 5.7.1 go away")], false, "go away"),
        (&[(".", "552 5.2.2 mailbox full")], true, "mailbox full"),
        (&[(".", "drop")], true, "closed the connection"),
        (&[("EHLO", "drop")], true, "closed the connection"),
        (&[("hello", "silence")], true, "not done within 100ms"),
        (&[("MAIL", "550 \u{1b}[31mred")], false, "[31mred"),
    ] {
        let server = server(answers, None, false).await;
        let timeout = if words.contains("100ms") { Duration::from_millis(100) } else { Duration::from_secs(20) };
        let mut settings = EmailSettings { timeout, ..settings(server.port) };
        settings.to.truncate(1);
        let result = channel(settings).deliver(&message(), now()).await;
        let error = result.unwrap_err();
        assert_eq!(error.retry(), retry, "{answers:?}: {error}");
        assert!(error.message.contains(words), "{answers:?}: {error}");
        assert!(error.message.starts_with(&format!("mail server 127.0.0.1:{}: ", server.port)), "{error}");
        assert!(!error.message.chars().any(char::is_control), "{error:?}");
    }
}

#[tokio::test]
async fn every_attempt_has_the_same_message_id() {
    let server = server(&[(".", "drop")], None, false).await;
    let channel = channel(settings(server.port));
    for _ in 0..2 {
        assert!(channel.deliver(&message(), now()).await.unwrap_err().retry());
    }
    let mails = server.mails.lock().unwrap().clone();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails.first(), mails.last());
    let other = Message { key: "20240515-0730-d09940 mail".into(), ..message() };
    assert_ne!(channel.message_id(&other.key), channel.message_id(&message().key));
}

#[tokio::test]
async fn a_message_for_some_goes_to_those_alone() {
    let server = server(&[], None, false).await;
    let message = Message { receivers: vec!["former@reader.example".into()], ..message() };
    let receipt = channel(settings(server.port)).deliver(&message, now()).await.unwrap();
    assert_eq!(receipt.receivers, ["former@reader.example"]);
    let lines = server.lines.lock().unwrap().clone();
    let to: Vec<&String> = lines.iter().filter(|l| l.starts_with("RCPT")).collect();
    assert_eq!(to, ["RCPT TO:<former@reader.example>"]);
    let mail = server.mails.lock().unwrap().first().unwrap().clone();
    assert!(mail.contains("To: former@reader.example") && !mail.contains("one@reader.example"), "{mail}");
    let odd = Message { receivers: vec!["a@b\r\nBcc: c@d".into()], ..message };
    assert!(!channel(settings(server.port)).deliver(&odd, now()).await.unwrap_err().retry());
}

#[tokio::test]
async fn one_refused_receiver_does_not_cost_the_others_their_mail() {
    let server = server(&[("RCPT TO:<one@", "550 5.1.1 unknown")], None, false).await;
    let error = channel(settings(server.port)).deliver(&message(), now()).await.unwrap_err();
    assert!(!error.retry());
    assert!(error.message.contains("taken for two@reader.example, but not for one@reader.example"), "{error}");
    assert_eq!(error.taken, ["two@reader.example"]);
    assert_eq!(server.mails.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_receiver_who_was_put_off_is_tried_again_and_nobody_gets_it_twice() {
    let server = server(&[("RCPT TO:<one@", "451 4.7.1 greylisted")], None, false).await;
    let error = channel(settings(server.port)).deliver(&message(), now()).await.unwrap_err();
    assert!(error.retry() && error.taken == ["two@reader.example"], "{error:?}");
    let again = Message { taken: error.taken, ..message() };
    let error = channel(settings(server.port)).deliver(&again, now()).await.unwrap_err();
    assert!(error.retry() && error.taken.is_empty(), "{error:?}");
    assert_eq!(server.mails.lock().unwrap().len(), 1, "who has it is left out");
    let server = self::server(&[], None, false).await;
    let receipt = channel(settings(server.port)).deliver(&again, now()).await.unwrap();
    assert_eq!(receipt.receivers, ["two@reader.example", "one@reader.example"]);
    let lines = server.lines.lock().unwrap().clone();
    assert_eq!(lines.iter().filter(|l| l.starts_with("RCPT")).collect::<Vec<_>>(), ["RCPT TO:<one@reader.example>"]);
    // Whoever has it all: nothing is sent.
    let both = Message { taken: receipt.receivers.clone(), ..message() };
    assert_eq!(channel(settings(1)).deliver(&both, now()).await.unwrap().receivers, receipt.receivers);
}

#[tokio::test]
async fn the_same_code_says_different_things_at_different_places() {
    for (answers, fault) in [
        (&[("hello", "554 5.3.2 no service here")] as Answers, DeliverFault::Deferred),
        (&[("EHLO", "550 5.7.1 go away")], DeliverFault::Deferred),
        (&[("MAIL", "530 5.7.0 authentication required")], DeliverFault::Auth),
        (&[("MAIL", "553 5.1.8 no such sender")], DeliverFault::Refused),
        (&[("RCPT", "450 4.2.0 mailbox busy")], DeliverFault::Deferred),
        (&[("DATA", "451 4.3.0 later")], DeliverFault::Deferred),
        (&[(".", "550 5.7.1 spam")], DeliverFault::Refused),
        (&[(".", "452 4.3.1 no room")], DeliverFault::Deferred),
    ] {
        let server = server(answers, None, false).await;
        let error = channel(settings(server.port)).deliver(&message(), now()).await.unwrap_err();
        assert_eq!(error.fault, fault, "{answers:?}: {error}");
    }
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = channel(settings(port)).deliver(&message(), now()).await.unwrap_err();
    assert!(error.retry() && error.message.contains("refused"), "{error}");
}

/// A certificate for `localhost` and what a server needs to show it.
fn certificate() -> (String, TlsAcceptor) {
    use tokio_rustls::rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (made.cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

fn login() -> Option<Login> {
    Some(Login { username: "desk".into(), password: "s3cret".into() })
}

#[tokio::test]
async fn mail_goes_over_tls_with_a_login() {
    for security in [Security::StartTls, Security::Tls] {
        let (pem, acceptor) = certificate();
        let server = server(&[], Some(acceptor), security == Security::Tls).await;
        let settings = EmailSettings {
            host: "localhost".into(),
            security,
            login: login(),
            extra_roots: vec![pem],
            ..settings(server.port)
        };
        channel(settings).deliver(&message(), now()).await.unwrap();
        assert_eq!(server.mails.lock().unwrap().len(), 1, "{security:?}");
        let lines = server.lines.lock().unwrap().clone();
        let place = |start: &str| lines.iter().position(|l| l.starts_with(start));
        assert!(place("AUTH PLAIN").is_some(), "{lines:?}");
        assert!(security == Security::Tls || place("STARTTLS") < place("AUTH"), "{lines:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_where_tls_fails() {
    // A certificate nobody trusts; and a server that offers no STARTTLS.
    let (_, acceptor) = certificate();
    for (tls, words) in [(Some(acceptor), "UnknownIssuer"), (None, "STARTTLS is not supported")] {
        let server = server(&[], tls, false).await;
        let settings = EmailSettings {
            host: "localhost".into(),
            security: Security::StartTls,
            login: login(),
            ..settings(server.port)
        };
        let error = channel(settings).deliver(&message(), now()).await.unwrap_err();
        assert!(error.message.contains(words) && error.retry(), "{error}");
        let lines = server.lines.lock().unwrap().clone();
        assert!(!lines.iter().any(|l| l.starts_with("AUTH") || l.starts_with("MAIL")), "{lines:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_said_without_the_password_and_tried_again() {
    let (pem, acceptor) = certificate();
    let server = server(&[("AUTH", "535 5.7.8 bad credentials")], Some(acceptor), false).await;
    let settings = EmailSettings {
        host: "localhost".into(),
        security: Security::StartTls,
        login: login(),
        extra_roots: vec![pem],
        ..settings(server.port)
    };
    let shown = format!("{settings:?}");
    let error = channel(settings).deliver(&message(), now()).await.unwrap_err();
    assert!(error.retry() && error.message.contains("bad credentials"), "{error}");
    assert!(!error.message.contains("s3cret") && !shown.contains("s3cret"));
}

#[test]
fn wrong_settings_are_named() {
    let check = |settings: EmailSettings, words: &str| {
        let error = EmailChannel::new(ChannelId::parse("mail").unwrap(), settings).err().unwrap().to_string();
        assert!(error.contains(words) && error.starts_with("channel \"mail\": "), "{error}");
    };
    check(EmailSettings { host: "smtp.example".into(), ..settings(25) }, "must not go without TLS");
    check(EmailSettings { to: Vec::new(), ..settings(25) }, "nobody is to get the mail");
    check(EmailSettings { from: address("", "desk"), ..settings(25) }, "\"desk\" is not a mail address");
    let bad = EmailSettings {
        security: Security::Tls,
        extra_roots: vec!["-----BEGIN CERTIFICATE-----\n!\n".into()],
        ..settings(25)
    };
    check(bad, "certificate");
}

#[test]
fn a_headline_can_neither_add_a_header_nor_end_a_part() {
    let mail = |text: &str| {
        let message = Message { subject: "a\r\nBcc: else@evil.example".into(), text: text.to_owned(), ..message() };
        String::from_utf8(channel(settings(25)).mail(&message).unwrap()).unwrap()
    };
    let first = mail("x");
    assert!(!first.lines().any(|l| l.starts_with("Bcc")), "{first}");
    let boundary = first.lines().find(|l| l.starts_with("--conductwatch-")).unwrap();
    // What was the border of one mail is none of the mail that quotes it.
    let second = mail(&format!("{boundary}\r\nContent-Type: text/html\r\n\r\nowned"));
    assert_eq!(second.lines().filter(|l| l.starts_with(boundary)).count(), 1, "{second}");
    assert!(second.lines().filter(|l| l.starts_with("--conductwatch-")).count() > 3, "{second}");
}
