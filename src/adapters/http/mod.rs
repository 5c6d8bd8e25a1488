//! The network behind [`Http`]: reqwest with every limit that a hostile or broken server calls for.
//!
//! Each hop of a redirect chain is its own request here, so that its address is checked, its permanence known and its
//! count held. Names resolve through [`Lookup`], and only addresses that were checked are handed to the connector.

mod address;
mod decode;
mod post;

pub use address::{AllowRule, AllowRuleError};
pub use post::{Post, PostAnswer};

use crate::domain::shown_address;
use crate::ports::{FetchError, Http, HttpRequest, HttpResponse};
use address::Guard;
use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, redirect};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Limits and manners of the client.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// How the people whose servers are polled reach the user: an address of a page or a mailbox, sent with every request.
    pub contact: Option<String>,
    /// Longest wait for a connection, TLS included.
    pub connect_timeout: Duration,
    /// Longest silence while an answer is awaited or read.
    pub read_timeout: Duration,
    /// Longest time for everything, redirects included.
    pub total_timeout: Duration,
    /// Most redirects followed.
    pub max_redirects: usize,
    /// Most headers in an answer.
    pub max_headers: usize,
    /// Exceptions to the rule that only public addresses are fetched.
    pub allow: Vec<AllowRule>,
    /// Proxy for every request. None is taken from the environment. Names are then resolved by the proxy.
    pub proxy: Option<Url>,
    /// Certificates, in PEM, to trust beside those of the system.
    pub extra_roots: Vec<Vec<u8>>,
    /// What single addresses ask of whoever fetches them.
    pub credentials: Vec<Credential>,
}

/// Headers that go with requests for one address. They follow redirects within its origin and never leave it.
#[derive(Debug, Clone)]
pub struct Credential {
    url: Url,
    headers: HeaderMap,
}

impl Credential {
    /// The headers `(name, value)` for `url`. Their values are marked sensitive, so no log of the client shows them.
    ///
    /// # Errors
    /// When one is no header; the error names it and not its value.
    pub fn new(url: Url, headers: &[(&str, &str)]) -> Result<Self, HttpSetupError> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let wrong = || HttpSetupError(format!("the header {name:?} for {} cannot be sent", shown_address(&url)));
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            let mut value = HeaderValue::from_str(value).map_err(|_| wrong())?;
            value.set_sensitive(true);
            map.append(key, value);
        }
        Ok(Self { url, headers: map })
    }
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            contact: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(20),
            total_timeout: Duration::from_secs(60),
            max_redirects: 8,
            max_headers: 200,
            allow: Vec::new(),
            proxy: None,
            extra_roots: Vec::new(),
            credentials: Vec::new(),
        }
    }
}

/// Why there is no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot set up the network client: {0}")]
pub struct HttpSetupError(String);

/// Resolution of host names.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// The addresses of `host`.
    ///
    /// # Errors
    /// When it has none, or nobody answers.
    async fn lookup(&self, host: &str) -> std::io::Result<Vec<IpAddr>>;
}

/// The system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn lookup(&self, host: &str) -> std::io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// [`Http`] by reqwest.
#[derive(Clone)]
pub struct ReqwestHttp {
    client: Client,
    guard: Arc<Guard>,
    options: Arc<HttpOptions>,
}

impl ReqwestHttp {
    /// A client with the system's resolver.
    ///
    /// # Errors
    /// When a certificate or the proxy cannot be used, or the system has no certificates.
    pub fn new(options: HttpOptions) -> Result<Self, HttpSetupError> {
        Self::with_lookup(options, Arc::new(SystemLookup))
    }

    /// A client that resolves names with `lookup`.
    ///
    /// # Errors
    /// As [`ReqwestHttp::new`].
    #[expect(clippy::disallowed_methods, reason = "this is the one place that builds a client, with every limit set")]
    pub fn with_lookup(options: HttpOptions, lookup: Arc<dyn Lookup>) -> Result<Self, HttpSetupError> {
        // An error means that another part of the process has installed a provider already, which serves as well.
        drop(rustls::crypto::ring::default_provider().install_default());
        let guard = Arc::new(Guard::new(options.allow.clone()));
        let fail = |e: reqwest::Error| HttpSetupError(describe(&e));
        let mut builder = Client::builder()
            .user_agent(user_agent(options.contact.as_deref()))
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(options.connect_timeout)
            .read_timeout(options.read_timeout)
            .pool_idle_timeout(Duration::from_secs(90))
            .pool_max_idle_per_host(2)
            .http1_max_headers(options.max_headers)
            .http2_max_header_list_size(64 * 1024)
            // Odd headers must not lose the body.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            // What servers call deflate is raw or in a zlib frame: `decode` tells them apart.
            .no_deflate()
            .dns_resolver(CheckedResolver { lookup, guard: Arc::clone(&guard) });
        if let Some(proxy) = &options.proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy.clone()).map_err(fail)?);
        }
        let mut roots = Vec::new();
        for pem in &options.extra_roots {
            roots.extend(reqwest::Certificate::from_pem_bundle(pem).map_err(fail)?);
        }
        if !roots.is_empty() {
            builder = builder.tls_certs_merge(roots);
        }
        Ok(Self { client: builder.build().map_err(fail)?, guard, options: Arc::new(options) })
    }

    fn refuse(url: &Url, reason: String) -> FetchError {
        FetchError::Refused { url: shown_address(url), reason }
    }

    /// One request without its redirects.
    async fn hop(&self, url: &Url, request: &HttpRequest) -> Result<Response, FetchError> {
        self.guard.check_url(url).map_err(|reason| Self::refuse(url, reason))?;
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(request.accept));
        for (name, value) in
            [(header::IF_NONE_MATCH, &request.etag), (header::IF_MODIFIED_SINCE, &request.last_modified)]
        {
            if let Some(value) = value.as_deref().and_then(to_header) {
                headers.insert(name, value);
            }
        }
        let credentials = self.options.credentials.iter();
        for credential in credentials.filter(|c| c.url == request.url && c.url.origin() == url.origin()) {
            headers.extend(credential.headers.clone());
        }
        let response =
            self.client.get(url.clone()).headers(headers).send().await.map_err(|e| self.translate(url, &e))?;
        self.check_peer(url, &response)?;
        Ok(response)
    }

    /// Checks whom an answer came from.
    fn check_peer(&self, url: &Url, response: &Response) -> Result<(), FetchError> {
        if self.options.proxy.is_none()
            && let Some(peer) = response.remote_addr()
            && let Err(reason) = self.guard.check_ip(peer.ip(), Some(peer.port()))
        {
            // A host that is allowed by name has been let through by the resolver already.
            let named = url.domain().is_some_and(|name| self.guard.check_resolved(name, &[peer.ip()]).is_ok());
            if !named {
                return Err(Self::refuse(url, reason));
            }
        }
        Ok(())
    }

    async fn follow(&self, request: &HttpRequest) -> Result<HttpResponse, FetchError> {
        let mut url = request.url.clone();
        let mut hops = 0;
        let mut all_permanent = true;
        loop {
            let response = self.hop(&url, request).await?;
            let status = response.status().as_u16();
            let target = match status {
                301 | 302 | 303 | 307 | 308 => response.headers().get(header::LOCATION).and_then(|location| {
                    let text = from_header(location);
                    url.join(text.trim()).ok()
                }),
                _ => None,
            };
            let Some(mut target) = target else {
                return self.answer(response, url, request, hops > 0 && all_permanent).await;
            };
            hops += 1;
            if hops > self.options.max_redirects {
                return Err(FetchError::TooManyRedirects(self.options.max_redirects));
            }
            all_permanent &= matches!(status, 301 | 308);
            // A fragment of the address asked for outlives a redirect that has none (RFC 9110 section 10.2.2).
            if target.fragment().is_none() {
                target.set_fragment(url.fragment());
            }
            url = target;
        }
    }

    /// Reads the body within its limit.
    async fn answer(
        &self,
        mut response: Response,
        final_url: Url,
        request: &HttpRequest,
        moved_permanently: bool,
    ) -> Result<HttpResponse, FetchError> {
        let status = response.status().as_u16();
        let headers: Vec<(String, String)> =
            response.headers().iter().map(|(n, v): (&HeaderName, _)| (n.as_str().to_owned(), from_header(v))).collect();
        if headers.len() > self.options.max_headers {
            return Err(FetchError::Broken(format!("over {} headers", self.options.max_headers)));
        }
        let limit = request.max_bytes;
        let deflated = response
            .headers()
            .get(header::CONTENT_ENCODING)
            .is_some_and(|v| v.as_bytes().trim_ascii().eq_ignore_ascii_case(b"deflate"));
        if response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(FetchError::TooLarge(limit));
        }
        let mut body = decode::Body::new(limit, deflated);
        while let Some(chunk) = response.chunk().await.map_err(|e| self.translate(&final_url, &e))? {
            body.push(&chunk)?;
        }
        Ok(HttpResponse { status, final_url, headers, body: body.finish()?, moved_permanently })
    }

    /// reqwest's error as ours.
    fn translate(&self, url: &Url, error: &reqwest::Error) -> FetchError {
        let host = url.host_str().unwrap_or("").to_owned();
        if let Some(refused) = find::<Refusal>(error) {
            return Self::refuse(url, refused.0.clone());
        }
        if find::<Unresolved>(error).is_some() {
            return FetchError::Dns(host);
        }
        if error.is_timeout() {
            let connecting = error.is_connect();
            return FetchError::Timeout(if connecting {
                self.options.connect_timeout
            } else {
                self.options.read_timeout
            });
        }
        if let Some(tls) = find::<rustls::Error>(error) {
            return FetchError::Tls(tls.to_string());
        }
        if error.is_connect() { FetchError::Connect(describe(error)) } else { FetchError::Broken(describe(error)) }
    }
}

#[async_trait]
impl Http for ReqwestHttp {
    async fn get(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        let total = self.options.total_timeout;
        tokio::time::timeout(total, self.follow(&request)).await.unwrap_or(Err(FetchError::Timeout(total)))
    }
}

/// A resolver's answer held back: the address may not be fetched.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refusal(String);

/// A name without an address.
#[derive(Debug, thiserror::Error)]
#[error("no address: {0}")]
struct Unresolved(String);

struct CheckedResolver {
    lookup: Arc<dyn Lookup>,
    guard: Arc<Guard>,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, guard) = (Arc::clone(&self.lookup), Arc::clone(&self.guard));
        Box::pin(async move {
            let ips = lookup.lookup(name.as_str()).await.map_err(|e| Unresolved(e.to_string()))?;
            if ips.is_empty() {
                return Err(Unresolved("the answer is empty".to_owned()).into());
            }
            guard.check_resolved(name.as_str(), &ips).map_err(Refusal)?;
            // Port 0 is replaced by the address's own.
            let addresses: Addrs = Box::new(ips.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}

/// The name this program goes by, with the way to reach its user. Characters that no header may hold are left out.
fn user_agent(contact: Option<&str>) -> String {
    let name = concat!("conductwatch/", env!("CARGO_PKG_VERSION"));
    let contact: String =
        contact.unwrap_or("").chars().filter(|c| (' '..='~').contains(c) && !"()".contains(*c)).collect();
    match contact.trim() {
        "" => name.to_owned(),
        contact => format!("{name} (feed reader; +{contact})"),
    }
}

/// A header's bytes as text, each byte a character, so that it can be sent back as it was received.
fn from_header(value: &HeaderValue) -> String {
    match value.to_str() {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().map(|b| char::from(*b)).collect(),
    }
}

/// The opposite of [`from_header`]; nothing when it cannot be a header.
fn to_header(text: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}

/// The first error of type `T` in the chain of causes.
fn find<'a, T: std::error::Error + 'static>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        // An io::Error's source is that of the error it carries, so the carried one is looked at here.
        if let Some(carried) = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref)
            && let Some(found) = find::<T>(carried)
        {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The chain of causes in one line, without the address (it may hold a password).
fn describe(error: &reqwest::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(cause) = next {
        let text = cause.to_string();
        if parts.last() != Some(&text) {
            parts.push(text);
        }
        next = cause.source();
    }
    if parts.is_empty() {
        // Only reqwest's own words are left; they end with the address.
        parts.push(error.to_string().split(" for url ").next().unwrap_or("").to_owned());
    }
    parts.join(": ")
}

#[cfg(test)]
mod tests;
