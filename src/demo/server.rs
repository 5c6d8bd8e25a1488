//! A small HTTP server on loopback, for the demo and the tests.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Most bytes of a request's body.
const MOST_BODY: usize = 10 << 20;

/// What a site answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Status code; 0 where it takes the request and never answers.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A 200 with `body`.
    pub fn ok(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status: 200, headers, body: body.into() }
    }

    /// A plain answer of `status`.
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A request as a site sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Asked {
    /// The first header of that name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Binds a free port on loopback and serves `site` on it until the future is dropped.
///
/// A GET whose `If-None-Match` equals the answer's `ETag` gets a 304.
///
/// # Errors
/// When no port can be bound.
pub async fn serve(
    site: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
) -> std::io::Result<(SocketAddr, impl Future<Output = ()> + Send)> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let site = Arc::new(site);
    let serving = async move {
        let mut connections = tokio::task::JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    let Ok((stream, _)) = accepted else { continue };
                    let site = Arc::clone(&site);
                    connections.spawn(async move {
                        let service = service_fn(move |request: Request<Incoming>| {
                            let site = Arc::clone(&site);
                            async move { Ok::<_, Infallible>(respond(site.as_ref(), request).await) }
                        });
                        // A client that breaks off is no fault of the server's.
                        drop(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
                    });
                }
                Some(_) = connections.join_next() => {}
            }
        }
    };
    Ok((address, serving))
}

async fn respond(site: &(impl Fn(&Asked) -> Answer + ?Sized), request: Request<Incoming>) -> Response<Full<Bytes>> {
    let headers = request
        .headers()
        .iter()
        .map(|(n, v)| (n.as_str().to_owned(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
        .collect();
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
    let method = request.method().to_string();
    // A body that breaks off or is too long counts as none.
    let body = Limited::new(request.into_body(), MOST_BODY).collect().await;
    let body = body.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    let asked = Asked { method, path, headers, body };
    let mut answer = site(&asked);
    if answer.status == 0 {
        std::future::pending::<()>().await;
    }
    let etag = answer.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case("etag")).map(|(_, v)| v.clone());
    if etag.is_some() && etag.as_deref() == asked.header("if-none-match") {
        answer.status = 304;
        answer.body.clear();
    }
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (
            hyper::header::HeaderName::from_bytes(name.as_bytes()),
            hyper::header::HeaderValue::from_bytes(value.as_bytes()),
        ) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
