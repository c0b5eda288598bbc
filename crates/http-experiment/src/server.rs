//! The server: "Hello, World!", after a while.

use std::{
    convert::Infallible,
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use anyhow::Context;
use http_body_util::Full;
use hyper::{Response, body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io,
    net::{TcpListener, TcpSocket},
    time::sleep,
};

use crate::{delay::Delay, machine, stop::stopped};

/// What every request is answered with.
pub(crate) const GREETING: &str = "Hello, World!";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// How long to wait before each answer: none, fixed:MS, uniform:MS-MS, choice:MS,MS,.. or exponential:MEAN.
    #[arg(long, default_value = "none")]
    delay: Delay,
    /// Makes the delays the same each time.
    #[arg(long)]
    seed: Option<u64>,
    /// Stops after this many seconds.
    #[arg(long, default_value_t = 24 * 3600)]
    max_seconds: u64,
    /// Stops when the standard input is closed, as it is when the process that started this one ends.
    #[arg(long)]
    until_input_closes: bool,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    machine::allow_open_files(0)?;
    let listener = listen(options.port).with_context(|| format!("cannot listen on port {}", options.port))?;
    writeln!(std::io::stdout(), "listening on {}", listener.local_addr()?)?;
    let random = options.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
    let until_input_closes = async {
        if !options.until_input_closes {
            return std::future::pending().await;
        }
        let _ = io::copy(&mut io::stdin(), &mut io::sink()).await;
    };
    tokio::select! {
        never = serve(listener, options.delay, random) => match never? {},
        stopped = stopped(options.max_seconds) => writeln!(std::io::stdout(), "{}", stopped?)?,
        () = until_input_closes => {}
    }
    Ok(())
}

fn listen(port: u16) -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    // Clients connect in bursts as large as their limit; the kernel cuts this down to its own.
    socket.listen(65_535)
}

/// Accepts and answers until it is dropped.
async fn serve(listener: TcpListener, delay: Delay, random: fastrand::Rng) -> anyhow::Result<Infallible> {
    let shared = Arc::new((delay, Mutex::new(random)));
    loop {
        let (stream, _) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of files, or a client that has gone again: the others go on, and so they do if nobody reads this.
                let _ = writeln!(std::io::stderr(), "accept: {error}");
                sleep(std::time::Duration::from_millis(10)).await;
                continue;
            }
        };
        stream.set_nodelay(true)?;
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let answer = service_fn(|_| async {
                let (delay, random) = &*shared;
                if *delay != Delay::None {
                    let delay = delay.sample(&mut random.lock().expect("no panic while it is held"));
                    sleep(delay).await;
                }
                Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(GREETING.as_bytes()))))
            });
            // A client that closes its connection half-way is the client's affair, and counted there.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}
