//! Watches over a peer: a beat tells that it is there, a word that it has done its part, or has failed.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{Shutdown, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc::Sender},
    thread,
    time::{Duration, Instant},
};

use timely::communication::allocator::zero_copy::stream::Stream;

use super::{Event, Failure, connect::Pair};

const BEAT: u8 = b'.';
const DONE: u8 = b'd';
const FAILED: u8 = b'f';
/// The longest message of a peer that has failed.
const LONGEST: usize = 4096;

/// What is known of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Working,
    /// All its workers have done their part: that its connections end is no loss.
    Done,
    /// It has done its part, and knows that all others have.
    Closed,
    /// It is lost, silent, or has failed.
    Gone,
}

/// A peer, as all threads of this process see it.
pub(super) struct Peer {
    process: usize,
    address: String,
    silence: Duration,
    state: Mutex<State>,
    changed: Condvar,
    /// Where this process writes to it.
    voice: Mutex<TcpStream>,
    events: Mutex<Sender<Event>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a thread that nobody waits for.
pub(super) fn start(name: String, run: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    thread::Builder::new().name(name).spawn(run).map(drop).map_err(Failure::io("start a thread"))
}

impl Peer {
    /// Starts to watch over it. Gives it, and its connection for timely.
    pub(super) fn watch(
        process: usize,
        address: String,
        silence: Duration,
        pair: Pair,
        events: Sender<Event>,
    ) -> Result<(Arc<Self>, Link), Failure> {
        let Pair { data, watch } = pair;
        let ears = watch.try_clone().map_err(Failure::io("share a connection"))?;
        watch.set_write_timeout(Some(silence)).map_err(Failure::io("set a time-out"))?;
        ears.set_read_timeout(Some(silence)).map_err(Failure::io("set a time-out"))?;
        let peer = Arc::new(Self {
            process,
            address,
            silence,
            state: Mutex::new(State::Working),
            changed: Condvar::new(),
            voice: Mutex::new(watch),
            events: Mutex::new(events),
        });
        let (hearing, beating) = (Arc::clone(&peer), Arc::clone(&peer));
        start(format!("hear-{process}"), move || hearing.hear(ears))?;
        start(format!("beat-{process}"), move || beating.beat())?;
        Ok((Arc::clone(&peer), Link { stream: data, peer }))
    }

    /// Tells the peer now and then that this process is there, until the connection ends.
    fn beat(&self) {
        let between = (self.silence / 5).clamp(Duration::from_millis(1), Duration::from_secs(1));
        while lock(&self.voice).write_all(&[BEAT]).is_ok() {
            thread::sleep(between);
        }
    }

    /// Listens until the peer has done its part, or is lost.
    fn hear(&self, mut ears: TcpStream) {
        let mut message = None::<Vec<u8>>;
        let mut byte = [0];
        let mut heard = Instant::now();
        loop {
            match ears.read(&mut byte) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    // Time in which this process stood still itself doesn't count.
                    if heard.elapsed() > 2 * self.silence {
                        heard = Instant::now();
                        continue;
                    }
                    return self.gone(Failure::Silent {
                        process: self.process,
                        address: self.address.clone(),
                        silence: self.silence,
                    });
                }
                Err(error) => return self.lost(error.to_string()),
            }
            heard = Instant::now();
            match (&mut message, byte[0]) {
                (Some(message), byte) if byte != b'\n' && message.len() < LONGEST => message.push(byte),
                (Some(_), _) => break,
                (None, BEAT) => {}
                (None, DONE) => {
                    self.is_now(State::Done);
                    self.report(Event::Done);
                    return self.hear_out(ears);
                }
                (None, FAILED) => message = Some(Vec::new()),
                (None, _) => return self.lost("what it sends is no part of the protocol".to_owned()),
            }
        }
        match message {
            None => self.lost("it has ended, or closed the connection".to_owned()),
            Some(message) => self.gone(Failure::Elsewhere {
                process: self.process,
                address: self.address.clone(),
                message: String::from_utf8_lossy(&message).into_owned(),
            }),
        }
    }

    /// Listens to a peer that has done its part until it closes the connection. What isn't read when this process closes its
    /// end would have the system break the connection, and the last word of this process might not be heard.
    fn hear_out(&self, mut ears: TcpStream) {
        let mut beats = [0; 64];
        loop {
            match ears.read(&mut beats) {
                Ok(read) if read > 0 => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                _ => return self.is_now(State::Closed),
            }
        }
    }

    fn is_now(&self, state: State) {
        *lock(&self.state) = state;
        self.changed.notify_all();
    }

    fn lost(&self, reason: String) {
        self.gone(Failure::Lost { process: self.process, address: self.address.clone(), reason });
    }

    fn gone(&self, failure: Failure) {
        self.is_now(State::Gone);
        self.report(Event::Failed(failure));
    }

    fn report(&self, event: Event) {
        // Nobody listens any more once the job has ended.
        let _ = lock(&self.events).send(event);
    }

    /// Tells the peer that this process has done its part.
    pub(super) fn say_done(&self) {
        // If that fails, whoever listens says so.
        let _ = lock(&self.voice).write_all(&[DONE]);
    }

    /// Tells the peer that this process has failed.
    pub(super) fn say_failed(&self, failure: &Failure) {
        let message = failure.to_string().replace('\n', " ");
        let message = message.get(..LONGEST).unwrap_or(&message);
        let voice = lock(&self.voice);
        let mut voice = &*voice;
        // The program is about to end: a peer that doesn't listen isn't waited for.
        let _ = voice.set_write_timeout(Some(Duration::from_millis(100)));
        let _ = voice.write_all(&[&[FAILED], message.as_bytes(), b"\n"].concat());
    }

    /// Says that this process has heard that all are done, and says no more.
    pub(super) fn close(&self) {
        let _ = lock(&self.voice).shutdown(Shutdown::Write);
    }

    /// Waits until the peer has heard that all are done, too, or for a while.
    pub(super) fn wait_closed(&self) {
        let _ = self.wait_while(State::Done);
    }

    /// Waits as long as it is in this state, but only for a while. Gives the state that it is in then.
    fn wait_while(&self, state: State) -> State {
        let waited = self.changed.wait_timeout_while(lock(&self.state), self.silence, |now| *now == state);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *state
    }

    /// The connection for data has ended. If the peer has done its part, that is as it should be; otherwise this thread has
    /// nothing more to do: the process is about to end, and timely would make a panic of it.
    fn ended(&self, reason: impl FnOnce() -> String) {
        match self.wait_while(State::Working) {
            State::Done | State::Closed => return,
            State::Working => self.lost(reason()),
            State::Gone => {}
        }
        loop {
            thread::park();
        }
    }
}

/// The connection with a peer that timely sends its data by.
pub(super) struct Link {
    stream: TcpStream,
    peer: Arc<Peer>,
}

impl Read for Link {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.stream.read(buffer) {
                Ok(read) if read > 0 || buffer.is_empty() => return Ok(read),
                Ok(_) => self.peer.ended(|| "it closed the connection for data".to_owned()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => self.peer.ended(|| error.to_string()),
            }
            return Ok(0);
        }
    }
}

impl Write for Link {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self.stream.write(buffer) {
            Err(error) if error.kind() != ErrorKind::Interrupted => {
                self.peer.ended(|| error.to_string());
                // It has done its part, so it needs none of this.
                Ok(buffer.len())
            }
            result => result,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stream for Link {
    fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { stream: self.stream.try_clone()?, peer: Arc::clone(&self.peer) })
    }

    fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {
        self.stream.set_nonblocking(nonblocking)
    }

    fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        // One that is gone has shut it down itself.
        let _ = self.stream.shutdown(how);
        Ok(())
    }
}
