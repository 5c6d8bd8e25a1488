//! The control socket: how commands ask a running daemon, which alone owns the store.
//!
//! One JSON value a line, one answer for each request, in order. Whoever may open the socket may ask: its mode and its
//! folder decide who that is.

use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    fs, io,
    os::unix::{
        fs::{DirBuilderExt as _, FileTypeExt as _, PermissionsExt as _},
        net::UnixStream as StdUnixStream,
    },
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{UnixListener, UnixStream},
    sync::Semaphore,
    task::JoinSet,
    time::timeout,
};

/// The longest request, in bytes.
const LONGEST_REQUEST: u64 = 1 << 20;
/// The longest answer that a client takes, in bytes.
const LONGEST_ANSWER: u64 = 64 << 20;
/// Clients served at once; more wait in the socket's queue.
const CLIENTS: usize = 64;

/// After a client that could not be taken, the next is tried after this.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long either side waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The server: for a client's next request, and for it to take an answer.
    pub client: Duration,
    /// The server, at shutdown: for answers that are being made.
    pub shutdown: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { client: Duration::from_secs(30), shutdown: Duration::from_secs(5) }
    }
}

/// What a command asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The command's name.
    pub command: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Value,
}

/// What the daemon answers: `ok`, which may be null, or `error`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The command's result: what it prints with `--json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<Value>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
}

/// Why the daemon did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// A short stable name ("bad_request", "unknown_command" …).
    pub code: String,
    /// What happened, for people.
    pub message: String,
}

impl Response {
    /// The answer of a command that succeeded.
    pub const fn ok(value: Value) -> Self {
        Self { ok: Some(value), error: None }
    }

    /// The answer of a command that failed.
    pub fn error(code: &str, message: impl Into<String>) -> Self {
        Self { ok: None, error: Some(Failure { code: code.to_owned(), message: message.into() }) }
    }

    /// The value, or why there is none.
    ///
    /// # Errors
    /// When the command failed.
    pub fn into_result(self) -> Result<Value, Failure> {
        match self.error {
            Some(failure) => Err(failure),
            None => Ok(self.ok.unwrap_or(Value::Null)),
        }
    }
}

/// Why a request got no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Nobody listens: no daemon runs on this socket.
    #[error("no daemon listens on {0}")]
    NoDaemon(String),
    /// The socket may not be opened by this user.
    #[error("{0}: you may not talk to the daemon: join the socket's group, or become its owner")]
    Forbidden(String),
    /// No answer came in time.
    #[error("{path}: the daemon gave no answer within {patience:?}")]
    Timeout {
        /// The socket.
        path: String,
        /// How long it was waited for.
        patience: Duration,
    },
    /// The daemon broke off, or what it sent is no answer.
    #[error("{path}: {what}")]
    Broken {
        /// The socket.
        path: String,
        /// What happened.
        what: String,
    },
}

/// A bound control socket.
#[derive(Debug)]
pub struct Server {
    listener: UnixListener,
    path: PathBuf,
}

impl Server {
    /// Binds the socket at `path` and gives it `mode` (0o660: owner and group). A socket that nobody listens on any more
    /// is removed first; so own the store's lock before binding. A missing folder is made (mode 0o750).
    ///
    /// # Errors
    /// When somebody listens there (kind `AddrInUse`), when something else than a socket is there, when the path is longer
    /// than a socket's may be (107 bytes), or when the folder does not let it.
    pub fn bind(path: &Path, mode: u32) -> io::Result<Self> {
        let at = |e: io::Error| io::Error::new(e.kind(), format!("control socket {}: {e}", path.display()));
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            fs::DirBuilder::new().recursive(true).mode(0o750).create(folder).map_err(at)?;
        }
        remove_stale(path).map_err(at)?;
        let listener = UnixListener::bind(path).map_err(at)?;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(at)?;
        Ok(Self { listener, path: path.to_owned() })
    }

    /// Answers requests with `handler` until `shutdown` is ready; answers that are being made then are finished, within
    /// `patience`. Removes the socket at the end.
    ///
    /// A handler that panics, and a client that sends nonsense, concern that request alone.
    pub async fn serve<H, F, S>(self, handler: H, shutdown: S, patience: Patience)
    where
        H: Fn(Request) -> F + Send + Sync + 'static,
        F: Future<Output = Response> + Send + 'static,
        S: Future<Output = ()> + Send,
    {
        let handler = Arc::new(handler);
        let room = Arc::new(Semaphore::new(CLIENTS));
        let (stop, stopped) = tokio::sync::watch::channel(());
        let mut clients = JoinSet::new();
        tokio::pin!(shutdown);
        loop {
            let accepted = async {
                let place = room.clone().acquire_owned().await;
                (place, self.listener.accept().await)
            };
            tokio::select! {
                () = &mut shutdown => break,
                Some(_) = clients.join_next() => {}
                (place, accepted) = accepted => match accepted {
                    Ok((stream, _)) => {
                        let handler = handler.clone();
                        let mut stopped = stopped.clone();
                        clients.spawn(async move {
                            let _place = place;
                            if let Err(error) = answer_all(stream, &*handler, &mut stopped, patience.client).await {
                                tracing::debug!(control.fault = %error, "a client of the control socket went away");
                            }
                        });
                    }
                    Err(error) => {
                        // Out of file handles, most likely: those of clients come free again in a while.
                        tracing::warn!(control.fault = %error, "cannot take a client of the control socket");
                        drop(timeout(ACCEPT_PAUSE, std::future::pending::<()>()).await);
                    }
                },
            }
        }
        drop(stopped);
        // Clients that wait for nothing are dismissed; those that wait for an answer get it.
        drop(stop);
        if timeout(patience.shutdown, async { while clients.join_next().await.is_some() {} }).await.is_err() {
            tracing::warn!(control.clients = clients.len(), "gave up on answers of the control socket");
        }
        drop(self.listener);
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::debug!(control.fault = %error, "cannot remove the control socket");
        }
    }
}

fn remove_stale(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e),
        Ok(meta) if !meta.file_type().is_socket() => {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "something else than a socket is there; move it"));
        }
        Ok(_) => {}
    }
    match StdUnixStream::connect(path) {
        Ok(_) => Err(io::Error::new(io::ErrorKind::AddrInUse, "another daemon listens there")),
        Err(e) if e.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
        Err(e) => Err(e),
    }
}

/// Serves one client until it closes, falls silent, or the server stops.
async fn answer_all<H, F>(
    stream: UnixStream,
    handler: &H,
    stopped: &mut tokio::sync::watch::Receiver<()>,
    patience: Duration,
) -> io::Result<()>
where
    H: Fn(Request) -> F + Send + Sync,
    F: Future<Output = Response> + Send,
{
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    loop {
        let line = tokio::select! {
            // The sender's end is dropped when the server stops.
            _ = stopped.changed() => return Ok(()),
            line = timeout(patience, read_line(&mut reader, LONGEST_REQUEST)) => line,
        };
        let (response, last) = match line {
            Err(_) => return Ok(()),
            Ok(Ok(None)) => return Ok(()),
            Ok(Ok(Some(line))) => (answer(&line, handler).await, false),
            Ok(Err(e)) if e.kind() == io::ErrorKind::InvalidData => (
                Response::error("too_large", format!("a request must not be longer than {LONGEST_REQUEST} bytes")),
                true,
            ),
            Ok(Err(e)) => return Err(e),
        };
        let mut bytes = serde_json::to_vec(&response)?;
        bytes.push(b'\n');
        timeout(patience, writer.write_all(&bytes)).await??;
        if last {
            return Ok(());
        }
    }
}

async fn answer<H, F>(line: &[u8], handler: &H) -> Response
where
    H: Fn(Request) -> F + Send + Sync,
    F: Future<Output = Response> + Send,
{
    let request: Request = match serde_json::from_slice(line) {
        Ok(request) => request,
        Err(e) => return Response::error("bad_request", format!("not a request: {e}")),
    };
    let command = request.command.clone();
    match AssertUnwindSafe(async { handler(request).await }).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!(control.command = %command, "a command of the control socket failed inside");
            Response::error("internal", format!("{command}: a fault inside the daemon; its log says more"))
        }
    }
}

/// One line without its end; `None` at the end of the stream.
///
/// # Errors
/// Of kind `InvalidData` when it is longer than `limit` bytes.
async fn read_line(reader: &mut (impl AsyncBufRead + Unpin), limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    reader.take(limit + 1).read_until(b'\n', &mut line).await?;
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "line too long"));
    } else if line.is_empty() {
        return Ok(None);
    }
    Ok(Some(line))
}

/// Asks the daemon that listens on `path`, and waits at most `patience` for its answer.
///
/// # Errors
/// When nobody listens, the socket may not be opened, or no whole answer came. That the daemon refuses is an answer.
pub async fn call(path: &Path, request: &Request, patience: Duration) -> Result<Response, CallError> {
    let name = path.display().to_string();
    match timeout(patience, call_now(path, &name, request)).await {
        Ok(answer) => answer,
        Err(_) => Err(CallError::Timeout { path: name, patience }),
    }
}

async fn call_now(path: &Path, name: &str, request: &Request) -> Result<Response, CallError> {
    let broken = |what: String| CallError::Broken { path: name.to_owned(), what };
    let stream = UnixStream::connect(path).await.map_err(|e| match e.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => CallError::NoDaemon(name.to_owned()),
        io::ErrorKind::PermissionDenied => CallError::Forbidden(name.to_owned()),
        _ => broken(format!("cannot connect: {e}")),
    })?;
    let (reader, mut writer) = stream.into_split();
    let mut bytes = serde_json::to_vec(request).map_err(|e| broken(e.to_string()))?;
    if bytes.len() as u64 > LONGEST_REQUEST {
        return Err(broken(format!("a request must not be longer than {LONGEST_REQUEST} bytes")));
    }
    bytes.push(b'\n');
    writer.write_all(&bytes).await.map_err(|e| broken(format!("the daemon broke off: {e}")))?;
    match read_line(&mut BufReader::new(reader), LONGEST_ANSWER).await {
        Ok(Some(line)) => serde_json::from_slice(&line).map_err(|e| broken(format!("no answer of a daemon: {e}"))),
        Ok(None) => Err(broken("the daemon broke off before it answered".to_owned())),
        Err(e) => Err(broken(format!("the daemon broke off: {e}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::os::unix::fs::MetadataExt as _;
    use tokio::sync::oneshot;

    const PATIENCE: Duration = Duration::from_secs(20);

    /// A served socket; dropping `stop` ends it.
    struct Running {
        path: PathBuf,
        stop: oneshot::Sender<()>,
        task: tokio::task::JoinHandle<()>,
    }

    async fn handle(request: Request) -> Response {
        match request.command.as_str() {
            "echo" => Response::ok(request.args),
            "slow" => {
                for _ in 0..1000 {
                    tokio::task::yield_now().await;
                }
                Response::ok(json!("done"))
            }
            "panic" => panic!("as asked"),
            other => Response::error("unknown_command", format!("no command {other:?}")),
        }
    }

    fn start(folder: &Path, patience: Patience) -> Running {
        let path = folder.join("run").join("control.sock");
        let server = Server::bind(&path, 0o660).unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(server.serve(handle, async move { drop(stopped.await) }, patience));
        Running { path, stop, task }
    }

    async fn ask(path: &Path, command: &str, args: Value) -> Result<Response, CallError> {
        call(path, &Request { command: command.to_owned(), args }, PATIENCE).await
    }

    #[tokio::test]
    async fn requests_are_answered_and_one_bad_one_harms_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let running = start(folder.path(), Patience::default());
        assert_eq!(fs::metadata(&running.path).unwrap().mode() & 0o777, 0o660);
        for (command, args, expected) in [
            ("echo", json!({"a": [1, "ü\n"]}), Ok(json!({"a": [1, "ü\n"]}))),
            ("echo", Value::Null, Ok(Value::Null)),
            ("dance", Value::Null, Err("unknown_command")),
            ("panic", Value::Null, Err("internal")),
            ("echo", json!(1), Ok(json!(1))),
        ] {
            let answer = ask(&running.path, command, args).await.unwrap().into_result();
            assert_eq!(answer.map_err(|f| f.code), expected.map_err(str::to_owned), "{command}");
        }
        // One connection, several requests, nonsense among them.
        let stream = UnixStream::connect(&running.path).await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut reader = BufReader::new(reader);
        writer.write_all(b"{\"command\":\"echo\",\"args\":1}\nnonsense\n{}\n{\"command\":\"echo\"}").await.unwrap();
        writer.shutdown().await.unwrap();
        let mut answers = Vec::new();
        while let Some(line) = read_line(&mut reader, 10_000).await.unwrap() {
            let answer: Response = serde_json::from_slice(&line).unwrap();
            answers.push(answer.into_result().map_err(|f| f.code));
        }
        let bad = || Err("bad_request".to_owned());
        assert_eq!(answers, [Ok(json!(1)), bad(), bad(), Ok(Value::Null)]);
    }

    #[tokio::test]
    async fn a_request_that_is_too_long_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let running = start(folder.path(), Patience::default());
        let long = json!("x".repeat(LONGEST_REQUEST as usize));
        assert!(matches!(ask(&running.path, "echo", long).await, Err(CallError::Broken { .. })));
        let (reader, mut writer) = UnixStream::connect(&running.path).await.unwrap().into_split();
        let sender = tokio::spawn(async move {
            // The server answers and closes before it has read all of this.
            drop(writer.write_all(&vec![b'x'; 3 << 20]).await);
            writer
        });
        let line = read_line(&mut BufReader::new(reader), 10_000).await.unwrap().unwrap();
        let answer: Response = serde_json::from_slice(&line).unwrap();
        assert_eq!(answer.into_result().unwrap_err().code, "too_large");
        drop(sender.await);
        assert!(ask(&running.path, "echo", json!(1)).await.is_ok());
    }

    #[tokio::test]
    async fn many_clients_are_served_and_silent_ones_are_dismissed() {
        let folder = tempfile::tempdir().unwrap();
        let patience = Patience { client: Duration::from_millis(300), ..Patience::default() };
        let running = start(folder.path(), patience);
        let mut silent = Vec::new();
        for _ in 0..CLIENTS {
            silent.push(UnixStream::connect(&running.path).await.unwrap());
        }
        let path = running.path.clone();
        let asked = (0..200).map(|i| {
            let path = path.clone();
            tokio::spawn(async move { ask(&path, "echo", json!(i)).await.map(Response::into_result) })
        });
        for (i, answer) in futures_util::future::join_all(asked).await.into_iter().enumerate() {
            assert_eq!(answer.unwrap(), Ok(Ok(json!(i))));
        }
    }

    #[tokio::test]
    async fn no_daemon_and_a_daemon_that_refuses_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("control.sock");
        let name = path.display().to_string();
        assert_eq!(ask(&path, "echo", json!(1)).await, Err(CallError::NoDaemon(name.clone())));
        // A socket whose daemon was killed.
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        assert_eq!(ask(&path, "echo", json!(1)).await, Err(CallError::NoDaemon(name)));
        let server = Server::bind(&path, 0o600).unwrap();
        let task = tokio::spawn(server.serve(handle, std::future::pending(), Patience::default()));
        let refused = ask(&path, "dance", json!(1)).await.unwrap().into_result().unwrap_err();
        assert_eq!(refused.message, "no command \"dance\"");
        // A second daemon on the same socket.
        assert_eq!(Server::bind(&path, 0o600).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        task.abort();
    }

    #[tokio::test]
    async fn what_is_no_socket_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        fs::write(&path, "mine").unwrap();
        assert_eq!(Server::bind(&path, 0o660).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        let long = folder.path().join("x".repeat(200));
        assert_eq!(Server::bind(&long, 0o660).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }

    #[tokio::test]
    async fn shutdown_finishes_answers_under_way_and_removes_the_socket() {
        let folder = tempfile::tempdir().unwrap();
        let running = start(folder.path(), Patience::default());
        let idle = UnixStream::connect(&running.path).await.unwrap();
        let (reader, mut writer) = UnixStream::connect(&running.path).await.unwrap().into_split();
        writer.write_all(b"{\"command\":\"echo\",\"args\":1}\n{\"command\":\"slow\"}\n").await.unwrap();
        let mut reader = BufReader::new(reader);
        // The first answer is there, so the second request is being answered or next.
        assert!(read_line(&mut reader, 10_000).await.unwrap().is_some());
        tokio::task::yield_now().await;
        drop(running.stop);
        let answer: Response = serde_json::from_slice(&read_line(&mut reader, 10_000).await.unwrap().unwrap()).unwrap();
        assert_eq!(answer, Response::ok(json!("done")));
        running.task.await.unwrap();
        assert!(!running.path.exists());
        drop(idle);
        assert!(matches!(ask(&running.path, "echo", json!(1)).await, Err(CallError::NoDaemon(_))));
    }
}
