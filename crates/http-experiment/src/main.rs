//! The experiment: many HTTP requests over the loopback, and what it takes to have so many of them at a time.
//!
//! `http-experiment compare` does it all: it starts the server, runs each client in a process of its own, prints
//! the results as a table beside the known figures, and draws memory against the number of requests.

mod chart;
mod client;
mod compare;
mod delay;
mod http;
mod machine;
mod record;
mod server;
mod stop;
mod tasks;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about, version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers each request with "Hello, World!", after a random delay if one is given.
    Server(server::Options),
    /// Makes requests and reports rate, latencies, memory and CPU time.
    Client(client::Options),
    /// Runs the whole comparison: the server, and each client in a process of its own.
    Compare(compare::Options),
    /// Measures tasks that do next to nothing: the overhead of what runs them.
    Tasks(tasks::Options),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough of it, as `head` has.
        Err(error)
            if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            // If nobody reads this either, the exit code still tells.
            let _ = writeln!(io::stderr(), "Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let command = match Cli::try_parse() {
        Ok(Cli { command }) => command,
        Err(error) if error.use_stderr() => error.exit(),
        Err(help) => return Ok(help.print()?),
    };
    // One thread a process: the comparison is of what a task costs, not of how many cores there are.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        match command {
            Command::Server(options) => server::run(options).await,
            Command::Client(options) => client::run(options).await,
            Command::Compare(options) => compare::run(options).await,
            Command::Tasks(options) => tasks::run(options).await,
        }
    });
    // The thread that reads the standard input may still wait for it.
    runtime.shutdown_background();
    result
}
