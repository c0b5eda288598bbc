//! One request at a time over connections that are kept.

use std::{
    error::Error,
    io::{self, ErrorKind},
    net::SocketAddr,
    sync::Mutex,
    time::{Duration, Instant},
};

use http_body_util::{BodyExt, Collected, Empty, Limited};
use hyper::{
    Request, StatusCode,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use crate::server::GREETING;

/// A request, and when it was due.
pub(crate) struct Planned {
    pub(crate) request: Request<Empty<Bytes>>,
    /// `None` if it is due when it is sent.
    pub(crate) due: Option<Instant>,
}

/// What became of a request.
pub(crate) struct Outcome {
    /// From when the request was due to when the whole answer was there, or the failure.
    pub(crate) latency: Duration,
    pub(crate) result: Result<(), Failure>,
}

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("connecting failed: {}", .0.kind())]
    Connecting(io::Error),
    #[error("{at}: {}", cause(error))]
    Http { at: &'static str, error: hyper::Error },
    #[error("status {0}")]
    Status(StatusCode),
    #[error("another answer than «{GREETING}»")]
    Answer,
    #[error("no answer in time")]
    Timeout,
    #[error("the task panicked or was cancelled")]
    Task,
}

impl Failure {
    fn http(at: &'static str, error: hyper::Error) -> Self {
        Self::Http { at, error }
    }
}

/// Where an exchange can fail before there is any answer.
const CLOSED: &str = "the connection was closed";
const SENDING: &str = "sending";

/// Whether the server has closed the connection.
fn is_closed(error: &hyper::Error) -> bool {
    error.is_closed()
        || error.is_canceled()
        || error.is_incomplete_message()
        || matches!(
            io_kind(error),
            Some(ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
        )
}

/// The kind of an error, without what differs from one to the next.
fn cause(error: &hyper::Error) -> String {
    io_kind(error).map_or_else(|| error.to_string(), |kind| kind.to_string())
}

fn io_kind(error: &hyper::Error) -> Option<ErrorKind> {
    Some(error.source()?.downcast_ref::<io::Error>()?.kind())
}

type Connection = SendRequest<Empty<Bytes>>;

/// A client that keeps its connections.
pub(crate) struct Client {
    address: SocketAddr,
    timeout: Option<Duration>,
    idle: Mutex<Vec<Connection>>,
}

impl Client {
    pub(crate) fn new(address: SocketAddr, timeout: Option<Duration>) -> Self {
        Self { address, timeout, idle: Mutex::new(Vec::new()) }
    }

    pub(crate) fn plan(&self, due: Option<Instant>) -> Planned {
        let request = Request::get("/").header("host", "localhost").body(Empty::new());
        Planned { request: request.expect("it is well-formed"), due }
    }

    /// Sends the request and reads the whole answer.
    pub(crate) async fn send(&self, planned: Planned) -> Outcome {
        let Planned { request, due } = planned;
        let due = due.unwrap_or_else(Instant::now);
        let result = match self.timeout {
            None => self.exchange(request).await,
            Some(most) => timeout(most, self.exchange(request)).await.unwrap_or(Err(Failure::Timeout)),
        };
        Outcome { latency: due.elapsed(), result }
    }

    async fn exchange(&self, request: Request<Empty<Bytes>>) -> Result<(), Failure> {
        let idle = self.idle.lock().expect("no panic while it is held").pop();
        let Some(connection) = idle else { return self.exchange_over(self.connect().await?, request).await };
        match self.exchange_over(connection, request).await {
            // A server may close an idle connection at any time, also while a request is under way to it. All
            // requests are alike, and may be made twice.
            Err(Failure::Http { at: CLOSED | SENDING, error }) if is_closed(&error) => {
                self.exchange_over(self.connect().await?, self.plan(None).request).await
            }
            result => result,
        }
    }

    async fn exchange_over(&self, mut connection: Connection, request: Request<Empty<Bytes>>) -> Result<(), Failure> {
        connection.ready().await.map_err(|error| Failure::http(CLOSED, error))?;
        let response = connection.send_request(request).await.map_err(|error| Failure::http(SENDING, error))?;
        if response.status() != StatusCode::OK {
            return Err(Failure::Status(response.status()));
        }
        // No more is read than the answer may have, and one that has more is another one.
        match Limited::new(response.into_body(), GREETING.len()).collect().await.map(Collected::to_bytes) {
            Ok(body) if body == GREETING => {}
            Err(error) => match error.downcast() {
                Ok(error) => return Err(Failure::http("reading", *error)),
                Err(_) => return Err(Failure::Answer),
            },
            Ok(_) => return Err(Failure::Answer),
        }
        // Only a connection whose answer has been read to its end serves again.
        self.idle.lock().expect("no panic while it is held").push(connection);
        Ok(())
    }

    async fn connect(&self) -> Result<Connection, Failure> {
        let stream = TcpStream::connect(self.address).await.map_err(Failure::Connecting)?;
        stream.set_nodelay(true).map_err(Failure::Connecting)?;
        let (sender, connection) =
            handshake(TokioIo::new(stream)).await.map_err(|error| Failure::http("the handshake", error))?;
        // What goes wrong here comes out at the sender.
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(sender)
    }
}
