//! Mail by SMTP.

use super::{ChannelError, one_line, system_time};
use crate::domain::{ChannelId, Receipt};
use crate::ports::{Channel, DeliverError, Message};
use async_trait::async_trait;
use jiff::Timestamp;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters, TlsParametersBuilder};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error as SmtpError, response::Response};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use sha2::{Digest as _, Sha256};
use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

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
    transport: AsyncSmtpTransport<Tokio1Executor>,
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
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.clone())
            .port(settings.port)
            .tls(tls)
            .timeout(Some(settings.timeout));
        if let Some(name) = settings.ehlo_name {
            builder = builder.hello_name(ClientId::Domain(name));
        }
        if let Some(login) = settings.login {
            builder = builder.credentials(Credentials::new(login.username, login.password));
        }
        let server = format!("{}:{}", settings.host, settings.port);
        Ok(Self { server, timeout: settings.timeout, from, to, transport: builder.build(), id })
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

    async fn send(&self, to: Vec<Address>, mail: &[u8]) -> Result<Response, Fault> {
        let envelope = Envelope::new(Some(self.from.email.clone()), to).map_err(|e| Fault {
            words: e.to_string(),
            retry: false,
            permanent: false,
        })?;
        // The transport's own limit holds for connecting only.
        match tokio::time::timeout(self.timeout, self.transport.send_raw(&envelope, mail)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(e)) => Err(Fault::of(&e)),
            Err(_) => {
                Err(Fault { words: format!("not done within {:?}", self.timeout), retry: true, permanent: false })
            }
        }
    }

    /// Sends to each receiver alone, after the server refused all for the sake of one.
    async fn send_apart(&self, to: &[Mailbox], mail: &[u8], first: Fault) -> DeliverError {
        let mut taken = Vec::new();
        let mut refused = Vec::new();
        for to in to {
            match self.send(vec![to.email.clone()], mail).await {
                Ok(_) => taken.push(to.email.to_string()),
                Err(fault) => refused.push(format!("{}: {}", to.email, fault.words)),
            }
        }
        if taken.is_empty() || refused.is_empty() {
            return self.error(first);
        }
        // Another attempt would send it again to those who have it.
        let words = format!("taken for {}, but not for {}", taken.join(", "), refused.join("; "));
        self.error(Fault { words, retry: false, permanent: true })
    }

    fn error(&self, fault: Fault) -> DeliverError {
        DeliverError { message: format!("mail server {}: {}", self.server, one_line(&fault.words)), retry: fault.retry }
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
        let unwritten = |e| DeliverError { message: format!("the mail cannot be written: {e}"), retry: false };
        let to = self.receivers_of(message).map_err(unwritten)?;
        let mail = self.mail(message).map_err(unwritten)?;
        match self.send(to.iter().map(|t| t.email.clone()).collect(), &mail).await {
            Ok(response) => {
                let words = response.message().collect::<Vec<_>>().join(" ");
                let answer = one_line(&format!("{} {words}", response.code()));
                Ok(Receipt { at: now, answer, receivers: to.iter().map(|t| t.email.to_string()).collect() })
            }
            Err(fault) if fault.permanent && !fault.retry && to.len() > 1 => {
                Err(self.send_apart(&to, &mail, fault).await)
            }
            Err(fault) => Err(self.error(fault)),
        }
    }
}

/// Why a mail was not taken.
struct Fault {
    words: String,
    retry: bool,
    /// Whether the server refused for good.
    permanent: bool,
}

impl Fault {
    fn of(error: &SmtpError) -> Self {
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
        let status = error.status().map(|code| code.to_string());
        // A wrong password (RFC 4954: 530, 534, 535, 538) is mended in the configuration, a full mailbox (552) by its
        // owner: what waits shall go out then. Any other 5xx says that this mail will never be taken.
        let mendable = status.as_deref().is_some_and(|s| ["530", "534", "535", "538", "552"].contains(&s));
        let permanent = error.is_permanent();
        Self { words, retry: !permanent || mendable, permanent }
    }
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

/// The first `bytes` of a SHA-256 over `parts`, in hexadecimal.
fn fingerprint(parts: &[&str], bytes: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(bytes).map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests;
