//! Mail by SMTP.

use super::{ChannelError, fingerprint, one_line, system_time};
use crate::domain::{ChannelId, Receipt};
use crate::ports::{Channel, DeliverError, DeliverFault, Message};
use async_trait::async_trait;
use jiff::Timestamp;
use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, Tls, TlsParameters, TlsParametersBuilder};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

/// How long a server may take for the farewell.
const FAREWELL: Duration = Duration::from_secs(5);
/// Ways to log in, the preferred first.
const MECHANISMS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// STARTTLS, and nothing is sent without it (usual on port 587).
    StartTls,
    /// TLS from the first byte (usual on port 465).
    Tls,
    /// Not at all: only for a server on this machine.
    None,
}

/// A user of a mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// Name.
    pub username: String,
    /// Password.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("username", &self.username).field("password", &"<redacted>").finish()
    }
}

/// A mail address with an optional name for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAddress {
    /// Name for people; may be empty.
    pub name: String,
    /// `local@domain`.
    pub address: String,
}

/// What a mail channel needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailSettings {
    /// Name or address of the mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who we are to the server; `None` when it asks nobody.
    pub login: Option<Login>,
    /// Sender.
    pub from: MailAddress,
    /// Receivers, at least one.
    pub to: Vec<MailAddress>,
    /// Name for the EHLO command; `None` for the machine's own.
    pub ehlo_name: Option<String>,
    /// Longest time for handing over one mail, from connecting to the server's answer. A server that looks for spam may
    /// well take a minute.
    pub timeout: Duration,
    /// Certificates (PEM) of authorities to trust besides the system's.
    pub extra_roots: Vec<String>,
}

/// Mail by SMTP: each digest as text and HTML in one message.
#[derive(Clone)]
pub struct EmailChannel {
    id: ChannelId,
    /// `host:port`, for messages.
    server: String,
    timeout: Duration,
    from: Mailbox,
    to: Vec<Mailbox>,
    host: String,
    port: u16,
    tls: Tls,
    hello: ClientId,
    login: Option<Credentials>,
}

impl EmailChannel {
    /// The channel `id` with `settings`. Nothing is connected to yet.
    ///
    /// # Errors
    /// When an address is none, nobody is to get the mail, a certificate cannot be read, or a server that is not on this
    /// machine is to be used without TLS.
    pub fn new(id: ChannelId, settings: EmailSettings) -> Result<Self, ChannelError> {
        let wrong = |message: String| ChannelError { channel: id.to_string(), message };
        let from = mailbox(&settings.from).map_err(&wrong)?;
        let to = settings.to.iter().map(mailbox).collect::<Result<Vec<_>, _>>().map_err(&wrong)?;
        if to.is_empty() {
            return Err(wrong("nobody is to get the mail: give at least one address in `to`".to_owned()));
        }
        let tls = match settings.security {
            Security::None if is_loopback(&settings.host) => Tls::None,
            Security::None => {
                return Err(wrong(format!(
                    "{} is not this machine: mail to it must not go without TLS (set tls to \"starttls\" or \"tls\")",
                    settings.host
                )));
            }
            Security::StartTls => Tls::Required(parameters(&settings).map_err(&wrong)?),
            Security::Tls => Tls::Wrapper(parameters(&settings).map_err(&wrong)?),
        };
        let hello = settings.ehlo_name.map_or_else(ClientId::default, ClientId::Domain);
        let login = settings.login.map(|login| Credentials::new(login.username, login.password));
        let EmailSettings { host, port, timeout, .. } = settings;
        Ok(Self { id, server: format!("{host}:{port}"), timeout, from, to, host, port, tls, hello, login })
    }

    /// Who gets `message`: all that the channel has, or those alone that the message names.
    fn receivers_of(&self, message: &Message) -> Result<Vec<Mailbox>, String> {
        if message.receivers.is_empty() {
            return Ok(self.to.clone());
        }
        let address = |text: &String| text.parse::<Address>().map_err(|e| format!("{text:?} is no mail address: {e}"));
        message.receivers.iter().map(|text| address(text).map(|email| Mailbox::new(None, email))).collect()
    }

    /// The whole mail, as it goes over the wire.
    fn mail(&self, message: &Message) -> Result<Vec<u8>, String> {
        let mut builder = lettre::Message::builder()
            .from(self.from.clone())
            .date(system_time(message.at))
            .subject(one_line(&message.subject))
            .message_id(Some(self.message_id(&message.key)));
        for to in self.receivers_of(message)? {
            builder = builder.to(to);
        }
        // RFC 3834: so that nobody's absence note answers.
        if let Ok(name) = HeaderName::new_from_ascii("Auto-Submitted".to_owned()) {
            builder = builder.raw_header(HeaderValue::new(name, "auto-generated".to_owned()));
        }
        let parts = MultiPart::alternative().boundary(boundary(message));
        let parts = parts
            .singlepart(SinglePart::plain(message.text.clone()))
            .singlepart(SinglePart::html(message.html.clone()));
        builder.multipart(parts).map(|mail| mail.formatted()).map_err(|e| e.to_string())
    }

    /// The same at every attempt, so that a receiver who got the mail twice can tell.
    fn message_id(&self, key: &str) -> String {
        let domain = self.from.email.domain();
        let plain: String =
            key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '-' }).collect();
        let plain = plain.trim_matches('.').replace("..", "-");
        // The fingerprint keeps keys apart that differ in what was replaced.
        format!("<{plain}.{}@{domain}>", fingerprint(&[key], 6))
    }

    /// The whole conversation about one mail. The mail server may take it for some receivers alone.
    async fn send(&self, to: &[Address], mail: &[u8]) -> Result<Handed, Fault> {
        // The connection's own limit holds for connecting only.
        match tokio::time::timeout(self.timeout, self.converse(to, mail)).await {
            Ok(Ok((handed, mut connection))) => {
                // It has been taken: what becomes of the farewell does not matter.
                drop(tokio::time::timeout(FAREWELL, connection.quit()).await);
                Ok(handed)
            }
            Ok(Err(fault)) => Err(fault),
            Err(_) => Err(Fault::of_words(DeliverFault::Unreachable, format!("not done within {:?}", self.timeout))),
        }
    }

    async fn converse(&self, to: &[Address], mail: &[u8]) -> Result<(Handed, AsyncSmtpConnection), Fault> {
        let mut connection = self.connect().await?;
        let mut parameters = Vec::new();
        let info = connection.server_info();
        if to.iter().chain([&self.from.email]).any(|a| !a.to_string().is_ascii()) {
            if !info.supports_feature(Extension::SmtpUtfEight) {
                let words = "it takes no address with other letters than those of ASCII (SMTPUTF8)";
                return Err(Fault::of_words(DeliverFault::Refused, words));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !mail.is_ascii() && info.supports_feature(Extension::EightBitMime) {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let from = Mail::new(Some(self.from.email.clone()), parameters);
        connection.command(from).await.map_err(|e| Fault::of(&e, Phase::Sender))?;
        let mut handed = Handed::default();
        for to in to {
            match connection.command(Rcpt::new(to.clone(), Vec::new())).await {
                Ok(_) => handed.taken.push(to.to_string()),
                Err(error) if error.status().is_none() => return Err(Fault::of(&error, Phase::Receiver)),
                Err(error) => handed.left.push((to.to_string(), Fault::of(&error, Phase::Receiver))),
            }
        }
        if handed.taken.is_empty() {
            return Ok((handed, connection));
        }
        connection.command(Data).await.map_err(|e| Fault::of(&e, Phase::Content))?;
        let response = connection.message(mail).await.map_err(|e| Fault::of(&e, Phase::Content))?;
        let words = response.message().collect::<Vec<_>>().join(" ");
        handed.answer = one_line(&format!("{} {words}", response.code()));
        Ok((handed, connection))
    }

    /// A connection on which mail may be handed over: protected and logged in as the settings ask.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Fault> {
        let (wrapped, upgrade) = match &self.tls {
            Tls::Wrapper(parameters) => (Some(parameters.clone()), None),
            Tls::Required(parameters) | Tls::Opportunistic(parameters) => (None, Some(parameters.clone())),
            _ => (None, None),
        };
        let (host, port) = (self.host.as_str(), self.port);
        let opened = AsyncSmtpConnection::connect_tokio1((host, port), Some(self.timeout), &self.hello, wrapped, None);
        let mut connection = opened.await.map_err(|e| Fault::of(&e, Phase::Greeting))?;
        if let Some(parameters) = upgrade {
            connection.starttls(parameters, &self.hello).await.map_err(|e| Fault::of(&e, Phase::Tls))?;
        }
        if let Some(login) = &self.login {
            let login = connection.auth(MECHANISMS, login).await;
            login.map_err(|e| Fault::of(&e, Phase::Login))?;
        }
        Ok(connection)
    }

    fn error(&self, fault: &Fault) -> DeliverError {
        DeliverError::new(fault.fault, format!("mail server {}: {}", self.server, one_line(&fault.words)))
    }
}

#[async_trait]
impl Channel for EmailChannel {
    fn id(&self) -> &ChannelId {
        &self.id
    }

    fn receivers(&self) -> Vec<String> {
        self.to.iter().map(|t| t.email.to_string()).collect()
    }

    async fn deliver(&self, message: &Message, now: Timestamp) -> Result<Receipt, DeliverError> {
        let unwritten = |e| DeliverError::new(DeliverFault::Impossible, format!("the mail cannot be written: {e}"));
        let mut to = self.receivers_of(message).map_err(unwritten)?;
        let mail = self.mail(message).map_err(unwritten)?;
        to.retain(|to| !message.taken.contains(&to.email.to_string()));
        let addresses: Vec<Address> = to.into_iter().map(|to| to.email).collect();
        if addresses.is_empty() {
            let answer = "everybody has it already".to_owned();
            return Ok(Receipt { at: now, answer, receivers: message.taken.clone() });
        }
        let Handed { answer, taken, left } = self.send(&addresses, &mail).await.map_err(|fault| self.error(&fault))?;
        if left.is_empty() {
            let receivers = message.taken.iter().cloned().chain(taken).collect();
            return Ok(Receipt { at: now, answer, receivers });
        }
        // Those who were put off are tried again; those who were refused are so for good.
        let later = left.iter().find(|(_, fault)| fault.fault != DeliverFault::Refused);
        let fault = later.map_or(DeliverFault::Refused, |(_, fault)| fault.fault);
        let left: Vec<String> = left.iter().map(|(to, fault)| format!("{to}: {}", fault.words)).collect();
        let words = match taken.as_slice() {
            [] => left.join("; "),
            taken => format!("taken for {}, but not for {}", taken.join(", "), left.join("; ")),
        };
        Err(DeliverError { taken, ..self.error(&Fault::of_words(fault, words)) })
    }
}

/// What a mail server did with one mail.
#[derive(Default)]
struct Handed {
    /// Its last word; empty where it took the mail for nobody.
    answer: String,
    /// For whom it took it.
    taken: Vec<String>,
    /// For whom it did not, and why.
    left: Vec<(String, Fault)>,
}

/// Where in the conversation something happened: the same code says different things there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Connecting, the greeting and EHLO: about the server and us, not about this mail.
    Greeting,
    /// STARTTLS.
    Tls,
    /// AUTH.
    Login,
    /// MAIL.
    Sender,
    /// RCPT.
    Receiver,
    /// DATA and what follows.
    Content,
}

/// Why a mail was not taken.
#[derive(Debug)]
struct Fault {
    words: String,
    fault: DeliverFault,
}

impl Fault {
    fn of_words(fault: DeliverFault, words: impl Into<String>) -> Self {
        Self { words: words.into(), fault }
    }

    /// What `error` comes to in `phase`. 4xx: later. 5xx: never, but for what is mended elsewhere than in the mail: a server
    /// that serves nobody (RFC 5321, 3.1), a wrong login (RFC 4954: 530, 534, 535, 538), a full mailbox (552).
    fn of(error: &SmtpError, phase: Phase) -> Self {
        let mut words = error.to_string();
        // The cause of a cause has the reason: "invalid peer certificate: UnknownIssuer".
        let mut cause = error.source();
        while let Some(e) = cause {
            let text = e.to_string();
            if !words.contains(&text) {
                words = format!("{words}: {text}");
            }
            cause = e.source();
        }
        if words.contains("incomplete response") {
            words.push_str(" (it closed the connection without an answer)");
        }
        if words.contains("UnknownIssuer") {
            words.push_str(" (its certificate is signed by nobody this machine trusts)");
        }
        let code = error.status().map(u16::from);
        let fault = match (phase, code) {
            (_, Some(400..=499)) | (Phase::Greeting | Phase::Tls, Some(_)) | (_, Some(552)) => DeliverFault::Deferred,
            (Phase::Login, _) | (_, Some(530 | 534 | 535 | 538)) if !is_broken(error) => DeliverFault::Auth,
            (_, Some(_)) => DeliverFault::Refused,
            (Phase::Tls, None) => DeliverFault::Tls,
            _ if error.is_tls() || words.contains("certificate") => DeliverFault::Tls,
            _ => DeliverFault::Unreachable,
        };
        Self { words, fault }
    }
}

/// Whether the connection broke, so that nothing was said.
fn is_broken(error: &SmtpError) -> bool {
    error.status().is_none() && !error.is_client()
}

fn mailbox(address: &MailAddress) -> Result<Mailbox, String> {
    let email: Address =
        address.address.parse().map_err(|e| format!("{:?} is not a mail address: {e}", address.address))?;
    let name = one_line(&address.name);
    Ok(Mailbox::new((!name.is_empty()).then_some(name), email))
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn parameters(settings: &EmailSettings) -> Result<TlsParameters, String> {
    let mut builder: TlsParametersBuilder = TlsParameters::builder(settings.host.clone());
    for pem in &settings.extra_roots {
        let certificate =
            Certificate::from_pem(pem.as_bytes()).map_err(|e| format!("a certificate cannot be read: {e}"))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|e| format!("TLS cannot be set up: {e}"))
}

/// The line between the parts. It depends on all that stands between, so that no headline can hold it and end a part.
fn boundary(message: &Message) -> String {
    format!("conductwatch-{}", fingerprint(&[&message.key, &message.text, &message.html], 16))
}

#[cfg(test)]
mod tests;
