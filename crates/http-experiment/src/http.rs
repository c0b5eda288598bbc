//! One request at a time over connections that are kept.

use std::{
    net::SocketAddr,
    sync::Mutex,
    time::{Duration, Instant},
};

use http_body_util::{BodyExt, Empty};
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
    Connecting(std::io::Error),
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

/// The kind of an error, without what differs from one to the next.
fn cause(error: &hyper::Error) -> String {
    match std::error::Error::source(error).and_then(|source| source.downcast_ref::<std::io::Error>()) {
        Some(source) => source.kind().to_string(),
        None => error.to_string(),
    }
}

/// A client that keeps its connections.
pub(crate) struct Client {
    address: SocketAddr,
    timeout: Option<Duration>,
    idle: Mutex<Vec<SendRequest<Empty<Bytes>>>>,
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
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        connection.ready().await.map_err(|error| Failure::http("the connection was closed", error))?;
        let response = connection.send_request(request).await.map_err(|error| Failure::http("sending", error))?;
        if response.status() != StatusCode::OK {
            return Err(Failure::Status(response.status()));
        }
        let body = response.into_body().collect().await.map_err(|error| Failure::http("reading", error))?;
        if body.to_bytes() != GREETING.as_bytes() {
            return Err(Failure::Answer);
        }
        // Only a connection whose answer has been read to its end serves again.
        self.idle.lock().expect("no panic while it is held").push(connection);
        Ok(())
    }

    async fn connect(&self) -> Result<SendRequest<Empty<Bytes>>, Failure> {
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
