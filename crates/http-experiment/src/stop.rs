//! When to stop: at the end of the time allowed, or when asked to.

use std::time::Duration;

use tokio::{
    signal::unix::{SignalKind, signal},
    time::sleep,
};

/// Why a run was stopped before its end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stopped {
    Interrupted,
    OutOfTime,
}

/// Waits for SIGINT or SIGTERM, or until `seconds` have passed.
pub(crate) async fn stopped(seconds: u64) -> std::io::Result<Stopped> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(tokio::select! {
        _ = interrupt.recv() => Stopped::Interrupted,
        _ = terminate.recv() => Stopped::Interrupted,
        () = sleep(Duration::from_secs(seconds)) => Stopped::OutOfTime,
    })
}

impl std::fmt::Display for Stopped {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Interrupted => "interrupted",
            Self::OutOfTime => "out of time",
        })
    }
}
