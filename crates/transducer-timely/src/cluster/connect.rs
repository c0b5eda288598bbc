//! Connects the processes of a job with each other, two connections a pair: one for timely's data, and one to watch over it.
//!
//! The process with the higher number connects, and says who it is; the other one answers whether it is wanted.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{AbsentPeer, Failure, watch::start};

/// What a connection begins with.
const MAGIC: &[u8; 8] = b"tdtimely";
/// The longest greeting, and the longest answer.
const LONGEST: usize = 1024;
/// How long one who connects may take to say who it is.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many may be about to say it; if there are more, the one that has waited longest is dropped.
const WAITING: usize = 64;
/// How long to wait before trying again.
const PAUSE: Duration = Duration::from_millis(20);

/// The two connections with a peer.
pub(super) struct Pair {
    pub(super) data: TcpStream,
    pub(super) watch: TcpStream,
}

/// What all processes must agree on, and who this one is.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) job: String,
    pub(super) process: usize,
    pub(super) threads: usize,
    pub(super) addresses: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Data,
    Watch,
}

/// Who connects, and with whom.
#[derive(Debug, PartialEq, Eq)]
struct Greeting {
    program: String,
    job: String,
    from: usize,
    to: usize,
    processes: usize,
    threads: usize,
    kind: Kind,
}

/// What has to be the same for the processes to understand each other.
fn program() -> String {
    let endian = if cfg!(target_endian = "big") { "big" } else { "little" };
    format!("{} of {} bits, {endian} endian", env!("CARGO_PKG_VERSION"), usize::BITS)
}

impl Greeting {
    fn new(identity: &Identity, to: usize, kind: Kind) -> Self {
        let Identity { job, process, threads, addresses } = identity;
        let (job, processes) = (job.clone(), addresses.len());
        Self { program: program(), job, from: *process, to, processes, threads: *threads, kind }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let Self { program, job, from, to, processes, threads, kind } = self;
        let kind = if *kind == Kind::Data { "data" } else { "watch" };
        framed(&format!("{program}\n{job}\n{from}\n{to}\n{processes}\n{threads}\n{kind}"))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let program = lines.next()?.to_owned();
        let job = lines.next()?.to_owned();
        let mut number = || lines.next()?.parse().ok();
        let (from, to, processes, threads) = (number()?, number()?, number()?, number()?);
        let kind = match lines.next()? {
            "data" => Kind::Data,
            "watch" => Kind::Watch,
            _ => return None,
        };
        lines.next().is_none().then_some(Self { program, job, from, to, processes, threads, kind })
    }
}

/// The magic number, the length, and the text.
fn framed(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("settings are checked for their length");
    [MAGIC.as_slice(), &length.to_be_bytes(), text.as_bytes()].concat()
}

/// What has been read of a frame.
#[derive(Default)]
struct Frame {
    bytes: Vec<u8>,
}

impl Frame {
    /// Reads on. Gives the text once it is whole, and `None` if the connection has no more for now.
    fn read(&mut self, stream: &mut impl Read) -> io::Result<Option<String>> {
        loop {
            let wanted = match self.bytes.get(MAGIC.len()..MAGIC.len() + 2) {
                Some(length) => MAGIC.len() + 2 + usize::from(u16::from_be_bytes([length[0], length[1]])),
                None => MAGIC.len() + 2,
            };
            if wanted > LONGEST || !MAGIC.starts_with(&self.bytes[..self.bytes.len().min(MAGIC.len())]) {
                return Err(io::Error::new(ErrorKind::InvalidData, "it is no process of a job"));
            }
            if self.bytes.len() == wanted && wanted > MAGIC.len() + 2 {
                return String::from_utf8(self.bytes.split_off(MAGIC.len() + 2))
                    .map(Some)
                    .map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is no process of a job"));
            }
            let mut buffer = [0; LONGEST];
            match stream.read(&mut buffer[..wanted - self.bytes.len()]) {
                Ok(0) => return Err(io::Error::new(ErrorKind::UnexpectedEof, "it closed the connection")),
                Ok(read) => self.bytes.extend(&buffer[..read]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }
}

/// The connections there are with each process.
type Found = Vec<(Option<TcpStream>, Option<TcpStream>)>;

fn place(found: &mut Found, process: usize, kind: Kind) -> &mut Option<TcpStream> {
    let (data, watch) = &mut found[process];
    if kind == Kind::Data { data } else { watch }
}

/// Connects this process with all others, or says which of them aren't there after `within`.
pub(super) fn connect(
    identity: &Identity,
    listener: Option<TcpListener>,
    within: Duration,
) -> Result<Vec<Option<Pair>>, Failure> {
    let deadline = Instant::now() + within;
    let processes = identity.addresses.len();
    let stop = Arc::new(AtomicBool::new(false));
    // Why each of those that this process connects with isn't there yet.
    let reasons = Arc::new(Mutex::new(vec![None; processes]));
    let (sender, connected) = std::sync::mpsc::channel();
    for process in 0..identity.process {
        for kind in [Kind::Data, Kind::Watch] {
            let (identity, sender, stop) = (identity.clone(), sender.clone(), Arc::clone(&stop));
            let reasons = Arc::clone(&reasons);
            start(format!("connect-{process}"), move || {
                let note = |reason: String| lock(&reasons)[process] = Some(reason);
                let stream = reach(&identity, process, kind, deadline, &stop, note);
                let _ = sender.send((process, kind, stream));
            })?;
        }
    }
    let mut found: Found = (0..processes).map(|_| (None, None)).collect();
    let mut door = Door { identity, listener: None, waiting: Vec::new() };
    if identity.process + 1 < processes {
        door.listener = Some(match listener {
            Some(listener) => listener,
            None => listen(&identity.addresses[identity.process], deadline)?,
        });
        let listening = door.listener.as_ref().map_or(Ok(()), |listener| listener.set_nonblocking(true));
        listening.map_err(Failure::io("accept connections"))?;
    }
    loop {
        while let Ok((process, kind, stream)) = connected.try_recv() {
            match stream {
                Ok(stream) => *place(&mut found, process, kind) = stream,
                Err(failure) => {
                    stop.store(true, Ordering::Relaxed);
                    return Err(failure);
                }
            }
        }
        door.look(&mut found);
        let is_there = |process: usize| matches!(found[process], (Some(_), Some(_)));
        let others = || (0..processes).filter(|process| *process != identity.process);
        if others().all(is_there) {
            break;
        }
        if Instant::now() >= deadline {
            stop.store(true, Ordering::Relaxed);
            let absent = others().filter(|process| !is_there(*process)).map(|process| AbsentPeer {
                process,
                address: identity.addresses[process].clone(),
                reason: lock(&reasons)[process].clone(),
            });
            return Err(Failure::Absent { peers: absent.collect(), waited: within });
        }
        thread::sleep(Duration::from_millis(2));
    }
    let pairs = found.into_iter().map(|pair| match pair {
        (Some(data), Some(watch)) => Some(Pair { data, watch }),
        _ => None,
    });
    Ok(pairs.collect())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Listens at the address of this process. Tries for a while, because the one that was there before may still be going.
fn listen(address: &str, deadline: Instant) -> Result<TcpListener, Failure> {
    let last = deadline.min(Instant::now() + Duration::from_secs(1));
    loop {
        match TcpListener::bind(address) {
            Err(error) if error.kind() == ErrorKind::AddrInUse && Instant::now() < last => thread::sleep(PAUSE),
            result => return result.map_err(Failure::io(format!("listen at {address}"))),
        }
    }
}

/// Connects with `process`, however often it takes. `None` if it is too late.
fn reach(
    identity: &Identity,
    process: usize,
    kind: Kind,
    deadline: Instant,
    stop: &AtomicBool,
    note: impl Fn(String),
) -> Result<Option<TcpStream>, Failure> {
    let address = &identity.addresses[process];
    let greeting = Greeting::new(identity, process, kind);
    while Instant::now() < deadline && !stop.load(Ordering::Relaxed) {
        match try_reach(address, &greeting, deadline) {
            Ok((stream, None)) => return Ok(Some(stream)),
            Ok((_, Some(reason))) => return Err(Failure::Refused { process, address: address.clone(), reason }),
            Err(error) => note(error.to_string()),
        }
        thread::sleep(PAUSE);
    }
    Ok(None)
}

/// Connects once, with the first of its addresses that answers. Gives the connection, and why the peer refuses it, if it does.
fn try_reach(address: &str, greeting: &Greeting, deadline: Instant) -> io::Result<(TcpStream, Option<String>)> {
    let mut last = io::Error::new(ErrorKind::NotFound, "the name has no address");
    for address in address.to_socket_addrs()? {
        match greet(address, greeting, deadline) {
            Err(error) => last = error,
            answered => return answered,
        }
    }
    Err(last)
}

fn greet(address: SocketAddr, greeting: &Greeting, deadline: Instant) -> io::Result<(TcpStream, Option<String>)> {
    let left = || deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    let mut stream = TcpStream::connect_timeout(&address, left().min(Duration::from_secs(5)))?;
    // On the loopback, one who connects with a port that nobody listens at may meet itself.
    if stream.local_addr()? == stream.peer_addr()? {
        return Err(io::Error::new(ErrorKind::ConnectionRefused, "nobody listens"));
    }
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(left()))?;
    stream.set_read_timeout(Some(left()))?;
    stream.write_all(&greeting.to_bytes())?;
    let answer = Frame::default()
        .read(&mut stream)?
        .ok_or_else(|| io::Error::new(ErrorKind::TimedOut, "it doesn't answer as a process of a job does"))?;
    stream.set_write_timeout(None)?;
    stream.set_read_timeout(None)?;
    Ok((stream, answer.strip_prefix("no: ").map(str::to_owned)))
}

/// Where those knock that connect with this process.
struct Door<'a> {
    identity: &'a Identity,
    listener: Option<TcpListener>,
    /// Those that haven't said yet who they are, the one that came first in front.
    waiting: Vec<(TcpStream, Frame, Instant)>,
}

impl Door<'_> {
    /// Looks who has come, and who has said who it is. Waits for nobody.
    fn look(&mut self, found: &mut Found) {
        let Some(listener) = &self.listener else { return };
        // An error here is that of one who has gone already, or a shortage that may pass.
        for _ in 0..WAITING {
            let Ok((stream, _)) = listener.accept() else { break };
            if stream.set_nonblocking(true).is_err() {
                continue;
            }
            if self.waiting.len() == WAITING {
                self.waiting.remove(0);
            }
            self.waiting.push((stream, Frame::default(), Instant::now()));
        }
        for (mut stream, mut frame, since) in std::mem::take(&mut self.waiting) {
            match frame.read(&mut stream) {
                Ok(None) if since.elapsed() < PATIENCE => self.waiting.push((stream, frame, since)),
                Ok(Some(text)) => {
                    // One who has gone is none that anybody waits for; it is dropped.
                    let _ = self.admit(found, stream, &text);
                }
                Ok(None) | Err(_) => {}
            }
        }
    }

    /// Answers one who has said who it is.
    fn admit(&self, found: &mut Found, mut stream: TcpStream, text: &str) -> io::Result<()> {
        stream.set_nonblocking(false)?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        match self.check(found, text) {
            Ok(greeting) => {
                stream.write_all(&framed("yes"))?;
                stream.set_write_timeout(None)?;
                *place(found, greeting.from, greeting.kind) = Some(stream);
                Ok(())
            }
            Err(reason) => stream.write_all(&framed(&format!("no: {reason}"))),
        }
    }

    fn check(&self, found: &mut Found, text: &str) -> Result<Greeting, String> {
        let greeting = Greeting::parse(text).ok_or("it speaks another version of this protocol")?;
        let expected = Greeting::new(self.identity, greeting.from, greeting.kind);
        let differs = |what: &str, mine: &dyn std::fmt::Display, yours: &dyn std::fmt::Display| {
            Err(format!("{what} is {mine} there and {yours} here"))
        };
        if greeting.job != expected.job {
            return Err("it belongs to another job".to_owned());
        }
        if greeting.program != expected.program {
            return differs("the version", &expected.program, &greeting.program);
        }
        if greeting.processes != expected.processes {
            return differs("the number of processes", &expected.processes, &greeting.processes);
        }
        if greeting.threads != expected.threads {
            return differs("the number of threads", &expected.threads, &greeting.threads);
        }
        if greeting.to != self.identity.process {
            return differs("the number of the process", &self.identity.process, &greeting.to);
        }
        if greeting.from <= self.identity.process || greeting.from >= expected.processes {
            return Err(format!("process {} doesn't connect with it", greeting.from));
        }
        if place(found, greeting.from, greeting.kind).is_some() {
            return Err(format!("there is a process {} already", greeting.from));
        }
        Ok(greeting)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// Gives its bytes in pieces, and in between nothing.
    struct Pieces {
        pieces: std::vec::IntoIter<Vec<u8>>,
        wait: bool,
    }

    impl Read for Pieces {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.wait = !self.wait;
            if self.wait {
                return Err(ErrorKind::WouldBlock.into());
            }
            let Some(mut piece) = self.pieces.next() else { return Ok(0) };
            let rest = piece.split_off(piece.len().min(buffer.len()));
            buffer[..piece.len()].copy_from_slice(&piece);
            let left = Some(rest).filter(|rest| !rest.is_empty()).into_iter().chain(self.pieces.by_ref());
            self.pieces = left.collect::<Vec<_>>().into_iter();
            Ok(piece.len())
        }
    }

    /// What a frame makes of the bytes.
    fn read(pieces: Vec<Vec<u8>>) -> Result<String, String> {
        let pieces: Vec<_> = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
        let (mut frame, mut stream) = (Frame::default(), Pieces { pieces: pieces.into_iter(), wait: false });
        loop {
            if let Some(text) = frame.read(&mut stream).map_err(|error| error.to_string())? {
                return Ok(text);
            }
        }
    }

    proptest! {
        #[test]
        fn a_greeting_is_read_in_whatever_pieces_it_comes(
            job in "[^\n]{0,40}", from: usize, to: usize, threads: usize, cut in 0..80_usize,
        ) {
            let identity = Identity { job, process: from, threads, addresses: vec![String::new(); 3] };
            let greeting = Greeting::new(&identity, to, Kind::Watch);
            let mut bytes = greeting.to_bytes();
            let rest = bytes.split_off(cut.min(bytes.len()));
            let text = read(vec![bytes, rest]);
            prop_assert_eq!(text.ok().and_then(|text| Greeting::parse(&text)), Some(greeting));
        }

        #[test]
        fn nothing_that_a_stranger_sends_does_harm(mut pieces in vec(vec(any::<u8>(), 0..20), 0..200), magic: bool) {
            if magic {
                pieces.insert(0, MAGIC.to_vec());
            }
            if let Ok(text) = read(pieces) {
                prop_assert!(text.len() <= LONGEST);
                let _ = Greeting::parse(&text);
            }
        }
    }
}
