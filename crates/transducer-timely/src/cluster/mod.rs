//! Runs a dataflow on threads, processes and machines, and sees to it that no failure goes unnoticed.

mod connect;
mod failure;
mod watch;

use std::{
    any::Any,
    fs,
    mem::ManuallyDrop,
    net::TcpListener,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};

use timely::{
    WorkerConfig,
    communication::{
        Allocator, AllocatorBuilder, Hooks,
        allocator::{ProcessBuilder, thread::ThreadBuilder, zero_copy::initialize::initialize_networking_from_sockets},
        initialize_from,
    },
    worker::Worker,
};

pub use self::failure::{AbsentPeer, Failure};
use self::{
    connect::Identity,
    watch::{Peer, start},
};

/// What the threads of a process tell the one that waits for them.
enum Event {
    /// The worker of this number is done, or has panicked.
    Worker(usize, Result<(), String>),
    /// All workers of a peer are done.
    Done,
    Failed(Failure),
}

/// The workers of a job: threads of this process, and of others, which run the same program.
///
/// Each process says which of the addresses is its own. It connects with the others, runs its workers, and answers when all
/// workers of all processes are done.
///
/// What can go wrong is a [`Failure`], in each process, and soon:
///
/// | what happens | what `run` gives, in each other process | after |
/// | --- | --- | --- |
/// | a process doesn't start | `Absent` | [`connect_within`](Self::connect_within) |
/// | a process ends, is killed, or its connection breaks | `Lost`, or `Elsewhere` if it could still say why | at once |
/// | a process stands still, or the network does | `Silent` | [`silent_for`](Self::silent_for) |
/// | a worker panics | `Panicked`; in other processes `Elsewhere` | at once |
/// | a stranger connects | nothing; it is refused, and nobody waits for it | |
/// | a process of another job, or with other settings | nothing; that process gets `Refused` | |
///
/// **End the program after a failure.** The threads of the other workers can't be stopped from outside; they end with the
/// process:
///
/// ```
/// use std::process::ExitCode;
/// use timely::dataflow::operators::{Inspect, ToStream};
/// use transducer_timely::Cluster;
///
/// fn main() -> ExitCode {
///     let job = Cluster::threads(2).run(|worker| {
///         worker.dataflow::<u64, _, _>(|scope| {
///             (0..3).to_stream(scope).container::<Vec<_>>().inspect(|x| println!("{x}"));
///         })
///     });
///     match job {
///         Ok(_) => ExitCode::SUCCESS,
///         Err(failure) => {
///             eprintln!("error: {failure}");
///             ExitCode::from(failure.exit_code())
///         }
///     }
/// }
/// ```
///
/// The connections are neither encrypted nor is anybody asked for a password: who can connect and knows the protocol and the
/// name of the [job](Self::with_job) can take part. Keep them in a network of your own.
///
/// All processes must be of one program, compiled for the same number of bits and byte order.
#[derive(Debug)]
#[must_use = "it does nothing until it is run"]
pub struct Cluster {
    threads: usize,
    process: usize,
    addresses: Vec<String>,
    job: String,
    within: Duration,
    silence: Duration,
    listener: Option<TcpListener>,
}

impl Cluster {
    /// So many workers in this process.
    pub fn threads(threads: usize) -> Self {
        Self::processes(0, [""]).with_threads(threads)
    }

    /// A worker in each of several processes, of which this is number `process`. `addresses` has the address of each,
    /// `host:port`, in the same order in each process.
    ///
    /// A process listens at its own address, if there is one with a higher number, and connects with those that have a
    /// lower one.
    pub fn processes<S: Into<String>>(process: usize, addresses: impl IntoIterator<Item = S>) -> Self {
        Self {
            threads: 1,
            process,
            addresses: addresses.into_iter().map(Into::into).collect(),
            job: String::new(),
            within: Duration::from_secs(30),
            silence: Duration::from_secs(10),
            listener: None,
        }
    }

    /// As [`processes`](Self::processes), with the addresses from a file, one a line. Empty lines and those that begin with
    /// `#` don't count.
    ///
    /// - **Errors**: `Io` if it can't be read.
    pub fn hostfile(process: usize, path: impl AsRef<Path>) -> Result<Self, Failure> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(Failure::io(format!("read {}", path.display())))?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Ok(Self::processes(process, lines))
    }

    /// Sets the number of workers in each process, 1 otherwise. It must be the same in all.
    pub fn with_threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// Sets the name of the job, empty otherwise. Processes of other jobs are refused.
    pub fn with_job(self, job: impl Into<String>) -> Self {
        Self { job: job.into(), ..self }
    }

    /// Sets how long to wait until all processes are connected: 30 seconds otherwise.
    pub fn connect_within(self, within: Duration) -> Self {
        Self { within, ..self }
    }

    /// Sets for how long a peer may be silent before it counts as standing still: 10 seconds otherwise.
    ///
    /// Each process says five times in this while that it is there, at least once a second, by a thread of its own, however
    /// busy its workers are.
    pub fn silent_for(self, silence: Duration) -> Self {
        Self { silence, ..self }
    }

    /// Listens by this listener instead of at the process's own address, which may be another one behind a translation of
    /// addresses.
    pub fn listening(self, listener: TcpListener) -> Self {
        Self { listener: Some(listener), ..self }
    }

    fn check(&self) -> Result<(), Failure> {
        let Self { threads, process, addresses, job, within, silence, .. } = self;
        let invalid = |reason: &str| Err(Failure::Invalid(reason.to_owned()));
        if *threads == 0 {
            return invalid("the number of threads must be at least 1");
        }
        if *process >= addresses.len() {
            let processes = addresses.len();
            return invalid(&format!("there is no process {process}: there are addresses of {processes}, from 0 on"));
        }
        if job.contains('\n') || job.len() > 256 {
            return invalid("the name of the job must have one line and at most 256 bytes");
        }
        if within.is_zero() || silence.is_zero() {
            return invalid("`connect_within` and `silent_for` must be longer than 0");
        }
        Ok(())
    }

    /// Runs `build` on each worker, and the dataflows that it builds until they are done. Gives what it returned on the
    /// workers of this process, in their order.
    ///
    /// Waits for the workers of all processes.
    ///
    /// - **Errors**: as the table above says. The failure is known to the peers by then.
    pub fn run<T, F>(self, build: F) -> Result<Vec<T>, Failure>
    where
        T: Send + 'static,
        F: Fn(&mut Worker) -> T + Send + Sync + 'static,
    {
        self.check()?;
        let Self { threads, process, addresses, job, within, silence, listener } = self;
        let (events, happened) = channel();
        let mut peers = Vec::new();
        let (builders, network): (Vec<_>, Option<Box<dyn Any + Send>>) = if addresses.len() > 1 {
            let identity = Identity { job, process, threads, addresses };
            let pairs = connect::connect(&identity, listener, within)?;
            let mut links = Vec::new();
            for (number, (pair, address)) in pairs.into_iter().zip(identity.addresses).enumerate() {
                let Some(pair) = pair else {
                    links.push(None);
                    continue;
                };
                let (peer, link) = Peer::watch(number, address, silence, pair, events.clone())
                    .map_err(|failure| told(&peers, failure))?;
                peers.push(peer);
                links.push(Some(link));
            }
            let hooks = Hooks::default();
            let inner = ProcessBuilder::new_typed_vector(threads, hooks.refill.clone(), None);
            let (builders, guard) = initialize_networking_from_sockets(inner, links, process, threads, hooks)
                .map_err(|source| told(&peers, Failure::io("start the threads for the network")(source)))?;
            (builders.into_iter().map(AllocatorBuilder::Tcp).collect(), Some(Box::new(guard)))
        } else if threads > 1 {
            let inner = ProcessBuilder::new_typed_vector(threads, Hooks::default().refill, None);
            (inner.into_iter().map(AllocatorBuilder::Process).collect(), None)
        } else {
            (vec![AllocatorBuilder::Thread(ThreadBuilder)], None)
        };
        // Dropped, it would wait for threads that a failure leaves where they are.
        let network = ManuallyDrop::new(network);

        let results = Arc::new(Mutex::new((0..threads).map(|_| None).collect::<Vec<Option<T>>>()));
        let (kept, events) = (Arc::clone(&results), Mutex::new(events));
        let workers = initialize_from(builders, Box::new(()), move |allocator| {
            let number = allocator.index();
            let result = work(allocator, &build);
            let result = result.map(|result| lock(&kept)[number - process * threads] = Some(result));
            // Nobody listens any more after a failure.
            let _ = lock(&events).send(Event::Worker(number, result));
        });
        let workers = workers.map_err(|error| {
            let source = std::io::Error::other(error);
            told(&peers, Failure::Io { doing: "start the workers".to_owned(), source })
        })?;
        // Dropped, they would be waited for, and a failure leaves them where they are.
        let workers = ManuallyDrop::new(workers);

        let fail = |failure| told(&peers, failure);
        let (mut working, mut waiting) = (threads, peers.len());
        while working > 0 || waiting > 0 {
            let event = happened.recv().unwrap_or_else(|_| {
                Event::Failed(Failure::Io {
                    doing: "hear of the workers".to_owned(),
                    source: std::io::Error::other("their threads have ended"),
                })
            });
            match event {
                Event::Worker(_, Ok(())) => {
                    working -= 1;
                    if working == 0 {
                        peers.iter().for_each(|peer| peer.say_done());
                    }
                }
                Event::Worker(worker, Err(message)) => return Err(fail(Failure::Panicked { worker, message })),
                Event::Done => waiting -= 1,
                Event::Failed(failure) => return Err(fail(failure)),
            }
        }
        if let Some(network) = ManuallyDrop::into_inner(network) {
            let (ended, end) = channel();
            start("network".to_owned(), move || {
                drop(network);
                let _ = ended.send(());
            })
            .map_err(fail)?;
            leave(&end, silence).map_err(fail)?;
        }
        peers.iter().for_each(|peer| peer.close());
        peers.iter().for_each(|peer| peer.wait_closed());
        drop(ManuallyDrop::into_inner(workers));
        let mut results = lock(&results);
        Ok(results.drain(..).map(|result| result.expect("every worker is done")).collect())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The failure, which the peers have been told of.
fn told(peers: &[Arc<Peer>], failure: Failure) -> Failure {
    peers.iter().for_each(|peer| peer.say_failed(&failure));
    failure
}

/// Waits for the last bytes to be sent.
fn leave(end: &std::sync::mpsc::Receiver<()>, silence: Duration) -> Result<(), Failure> {
    match end.recv_timeout(silence) {
        Ok(()) => Ok(()),
        Err(error) => {
            let reason = match error {
                RecvTimeoutError::Timeout => "a peer doesn't take the last of the data",
                RecvTimeoutError::Disconnected => "a thread for the network panicked",
            };
            Err(Failure::Io { doing: "end the connections".to_owned(), source: std::io::Error::other(reason) })
        }
    }
}

/// Runs one worker to the end of its dataflows.
fn work<T>(allocator: Allocator, build: &impl Fn(&mut Worker) -> T) -> Result<T, String> {
    let run = || {
        // After a panic it is left as it is: its drop would tell the peers of a clean end.
        let mut worker = ManuallyDrop::new(Worker::new(WorkerConfig::default(), allocator, Some(Instant::now())));
        let result = build(&mut worker);
        while worker.has_dataflows() {
            worker.step_or_park(None);
        }
        drop(ManuallyDrop::into_inner(worker));
        result
    };
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
    })
}
