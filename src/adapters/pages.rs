//! The small HTTP server for metrics and health: GET and HEAD of a few pages, for monitoring on the same machine.

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Clients served at once; more wait in the socket's queue.
const CLIENTS: usize = 16;
/// How long a client may take for its request.
const REQUEST_TIME: Duration = Duration::from_secs(10);
/// How long one connection may last: a scraper asks anew each time.
const CONNECTION_TIME: Duration = Duration::from_secs(60);
/// After a client that could not be taken, the next is tried after this.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// One page, as it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Status code.
    pub status: u16,
    /// Media type.
    pub content_type: &'static str,
    /// Body.
    pub body: String,
}

/// A bound port.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
}

impl Server {
    /// Listens on `address`.
    ///
    /// # Errors
    /// When the address is taken or not this machine's; the error names it.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|e| io::Error::new(e.kind(), format!("metrics.listen {address}: {e}")))?;
        Ok(Self { listener })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not know.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers with the page that `page` gives for a path, 404 where it gives none, until `shutdown` is ready.
    pub async fn serve<H, F>(self, page: H, shutdown: impl Future<Output = ()> + Send)
    where
        H: Fn(String) -> F + Send + Sync + 'static,
        F: Future<Output = Option<Page>> + Send + 'static,
    {
        let page = Arc::new(page);
        let room = Arc::new(Semaphore::new(CLIENTS));
        let mut clients = JoinSet::new();
        tokio::pin!(shutdown);
        loop {
            let accepted = async {
                let place = Arc::clone(&room).acquire_owned().await;
                (place, self.listener.accept().await)
            };
            tokio::select! {
                () = &mut shutdown => return,
                Some(_) = clients.join_next() => {}
                (place, accepted) = accepted => match accepted {
                    Ok((stream, _)) => {
                        let page = Arc::clone(&page);
                        clients.spawn(async move {
                            let _place = place;
                            answer(stream, page).await;
                        });
                    }
                    Err(error) => {
                        tracing::warn!(metrics.fault = %error, "cannot take a client of the metrics' port");
                        drop(timeout(ACCEPT_PAUSE, std::future::pending::<()>()).await);
                    }
                },
            }
        }
    }
}

async fn answer<H, F>(stream: TcpStream, page: Arc<H>)
where
    H: Fn(String) -> F + Send + Sync + 'static,
    F: Future<Output = Option<Page>> + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let page = Arc::clone(&page);
        async move { Ok::<_, Infallible>(respond(&request, &*page).await) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(REQUEST_TIME).max_buf_size(16 * 1024);
    let serving = http.serve_connection(TokioIo::new(stream), service);
    // A client that breaks off, or dawdles, is no fault of ours.
    drop(timeout(CONNECTION_TIME, serving).await);
}

async fn respond<H, F>(request: &Request<Incoming>, page: &H) -> Response<Full<Bytes>>
where
    H: Fn(String) -> F,
    F: Future<Output = Option<Page>>,
{
    let plain =
        |status: u16, body: &str| Page { status, content_type: "text/plain; charset=utf-8", body: body.to_owned() };
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    let found = if readable { page(request.uri().path().to_owned()).await } else { None };
    let found = match (readable, found) {
        (false, _) => plain(405, "only GET and HEAD\n"),
        (true, None) => plain(404, "/metrics, /health and /ready are here\n"),
        (true, Some(page)) => page,
    };
    let mut response = Response::new(Full::new(Bytes::from(found.body)));
    *response.status_mut() = StatusCode::from_u16(found.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(found.content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !readable {
        headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn ask(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(Duration::from_secs(20), stream.read_to_string(&mut answer)).await.unwrap().unwrap();
        answer
    }

    #[tokio::test]
    async fn pages_are_answered_and_all_else_is_refused() {
        let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = server.address().unwrap();
        assert_eq!(Server::bind(address).await.unwrap_err().kind(), io::ErrorKind::AddrInUse);
        let page = |path: String| async move {
            (path == "/ready").then(|| Page { status: 503, content_type: "application/json", body: "{}".to_owned() })
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(server.serve(page, async move { drop(stopped.await) }));
        for (request, begins, holds) in [
            ("GET /ready?x=1", "HTTP/1.1 503 ", "{}"),
            ("HEAD /ready", "HTTP/1.1 503 ", "content-length: 2"),
            ("GET /", "HTTP/1.1 404 ", "/metrics"),
            ("POST /ready", "HTTP/1.1 405 ", "allow: GET, HEAD"),
        ] {
            let answer = ask(address, &format!("{request} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await;
            assert!(answer.starts_with(begins) && answer.contains(holds), "{request}: {answer}");
        }
        let nonsense = ask(address, "\0\0\r\n\r\n").await;
        assert!(nonsense.starts_with("HTTP/1.1 400 "), "{nonsense}");
        drop(stop);
        serving.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}
