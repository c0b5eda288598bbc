//! One worker, threads and processes give the same; and whatever goes wrong with one process, each of the others ends, with
//! an error that says what it was and an exit code of its own.
//!
//! The processes are this test program, started again for the test `program` alone.

use std::{
    env, fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use timely::dataflow::{
    StreamVec,
    operators::{Inspect, Probe},
};
use transducer::prelude::*;
use transducer_timely::{Cluster, Failure, Stop, Transduce, WhenEnded, source, source_at_times};

/// How long a test waits for what should happen at once.
const PATIENCE: Duration = Duration::from_secs(30);

// --- The program ---

/// What the program is told, each in a variable of its own.
struct Settings {
    program: String,
    cluster: Cluster,
    process: usize,
    folder: PathBuf,
}

impl Settings {
    fn read() -> Option<Self> {
        let text = |name: &str| env::var(format!("TIMELY_TEST_{name}")).ok();
        let number = |name: &str| text(name).map(|value| value.parse::<u64>().unwrap());
        let process = number("PROCESS")? as usize;
        let addresses = text("ADDRESSES")?;
        let cluster = Cluster::processes(process, addresses.split(','))
            .with_threads(number("THREADS")? as usize)
            .with_job(text("JOB")?)
            .connect_within(Duration::from_millis(number("WITHIN")?))
            .silent_for(Duration::from_millis(number("SILENCE")?));
        Some(Self { program: text("PROGRAM")?, cluster, process, folder: text("FOLDER")?.into() })
    }
}

/// No test, but the program that the tests start; on its own it does nothing.
#[test]
fn program() {
    let Some(Settings { program, cluster, process, folder }) = Settings::read() else { return };
    let result = match &*program {
        "sums" => cluster.run(sums).map(|outputs| {
            let lines: Vec<_> = outputs.into_iter().flat_map(|lines| lines.lock().unwrap().clone()).collect();
            fs::write(folder.join(format!("out-{process}")), lines.join("\n")).unwrap();
        }),
        "much" => cluster.run(much).map(|counts| {
            fs::write(folder.join(format!("out-{process}")), counts[0].lock().unwrap().join("\n")).unwrap();
        }),
        "endless" => cluster.run(move |worker| endless(worker, &folder, None)).map(drop),
        "panics" => cluster.run(move |worker| endless(worker, &folder, Some(1))).map(drop),
        other => panic!("no program {other}"),
    };
    let code = match result {
        Ok(()) => 0,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit_code()
        }
    };
    std::process::exit(code.into());
}

/// Calls `f` with each output and its timestamp.
fn look<D: std::fmt::Debug + 'static>(stream: StreamVec<'_, u64, D>, f: impl Fn(u64, String) + 'static) {
    stream.inspect_core(move |event| {
        if let Ok((stamp, items)) = event {
            items.iter().for_each(|item| f(*stamp.expect_singleton(), format!("{item:?}")));
        }
    });
}

/// A pipeline of each kind, over numbers that are spread over the workers. Gives a line an output.
fn sums(worker: &mut timely::worker::Worker) -> std::sync::Arc<Mutex<Vec<String>>> {
    let lines = std::sync::Arc::new(Mutex::new(vec![]));
    let (index, peers) = (worker.index() as u64, worker.peers() as u64);
    let keep = |name: &'static str| {
        let lines = std::sync::Arc::clone(&lines);
        move |time: u64, output: String| lines.lock().unwrap().push(format!("{name} at {time}: {output}"))
    };
    let (squares, keyed, sums, all, timed) = (keep("squares"), keep("keyed"), keep("sums"), keep("all"), keep("timed"));
    worker.dataflow::<u64, _, _>(move |scope| {
        let mine = (0..5_000_u64).filter(move |x| x % peers == index).map(|x| (x / 10, x));
        let items = source_at_times(scope, mine, &Stop::new());
        let square = compose((filtering(|x: &u64| x % 1_000 < 3), mapping(|x: u64| x * x)));
        look(items.clone().transduce(square), squares);
        // The greatest of a timestamp, which does not depend on the order of its items.
        let greatest =
            compose((by_key(|x: &u64| x / 10, reducing(maximum())), mapping(|(_, most)| most), skipping(70)));
        look(items.clone().transduce_by_key(|x| x % 7, greatest), keyed);
        let reducer = (summing::<u64>(), counting(), minimum());
        look(items.clone().combine_by_key(|x| (x % 3, (x % 2).to_string()), reducer), sums);
        look(items.clone().combine((summing::<u64>(), top(3))), all);
        let late = compose((batching_within(1_000, Duration::from_nanos(100)), mapping(|batch: Vec<u64>| batch.len())));
        let keyed = items.exchange_by_key(|x| x % 5);
        look(keyed.transduce_timed(by_key(|x: &u64| x % 5, late), 1_000), timed);
    });
    lines
}

/// Sends many items of some size to and fro.
fn much(worker: &mut timely::worker::Worker) -> std::sync::Arc<Mutex<Vec<String>>> {
    let lines = std::sync::Arc::new(Mutex::new(vec![]));
    let (index, kept) = (worker.index(), std::sync::Arc::clone(&lines));
    worker.dataflow::<u64, _, _>(move |scope| {
        let items = (0..200_000_u64).map(move |x| (x, vec![x; 20]));
        let items = source(scope, items, &Stop::new()).exchange_by_key(move |(x, _)| (*x, index));
        let sum = mapping(|(_, many): (u64, Vec<u64>)| many.into_iter().sum::<u64>()).apply(summing::<u64>());
        look(items.combine((counting(), sum)), move |_, output| kept.lock().unwrap().push(output));
    });
    lines
}

/// Sends numbers to and fro until it is ended from outside, or by a panic of this worker.
fn endless(worker: &mut timely::worker::Worker, folder: &Path, panics: Option<usize>) {
    let index = worker.index();
    let mark = folder.join(format!("ready-{index}"));
    worker.dataflow::<u64, _, _>(move |scope| {
        let numbers = (0_u64..).inspect(|_| thread::sleep(Duration::from_micros(50)));
        source(scope, numbers, &Stop::new()).exchange_by_key(|x| *x).transduce(counting_off(move |count| {
            if count == 100 {
                fs::write(&mark, "").unwrap();
            }
            assert!(count < 1_000 || Some(index) != panics, "worker {index} has had enough");
        }));
    });
}

/// Tells `f` how many items have come.
fn counting_off(f: impl Fn(usize) + 'static) -> impl Transducer<u64, Out = u64> + 'static {
    compose((enumerating(), inspecting(move |(count, _): &(usize, u64)| f(*count)), mapping(|(_, x)| x)))
}

// --- Starting and watching it ---

/// A folder of one test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Addresses on the loopback that are free; some other program could only be quicker by chance.
fn addresses(processes: usize) -> Vec<String> {
    let listeners: Vec<_> = (0..processes).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    listeners.iter().map(|listener| listener.local_addr().unwrap().to_string()).collect()
}

#[derive(Clone)]
struct Job {
    program: &'static str,
    name: &'static str,
    folder: PathBuf,
    addresses: Vec<String>,
    threads: usize,
    within: Duration,
    silence: Duration,
}

impl Job {
    fn new(program: &'static str, name: &'static str, processes: usize) -> Self {
        let (folder, addresses) = (folder(name), addresses(processes));
        Self { program, name, folder, addresses, threads: 1, within: PATIENCE, silence: PATIENCE * 2 }
    }

    fn start(&self, process: usize) -> Process {
        let millis = |duration: Duration| duration.as_millis().to_string();
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["program", "--exact", "--nocapture", "--test-threads=1"]);
        let settings = [
            ("PROGRAM", self.program.to_owned()),
            ("PROCESS", process.to_string()),
            ("ADDRESSES", self.addresses.join(",")),
            ("THREADS", self.threads.to_string()),
            ("JOB", self.name.to_owned()),
            ("WITHIN", millis(self.within)),
            ("SILENCE", millis(self.silence)),
            ("FOLDER", self.folder.display().to_string()),
        ];
        command.envs(settings.map(|(name, value)| (format!("TIMELY_TEST_{name}"), value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Process(command.spawn().unwrap())
    }

    fn start_all(&self) -> Vec<Process> {
        (0..self.addresses.len()).map(|process| self.start(process)).collect()
    }

    /// Waits until each worker has had some items.
    fn is_busy(&self) {
        for worker in 0..self.addresses.len() * self.threads {
            wait_until(|| self.folder.join(format!("ready-{worker}")).exists().then_some(()), "the workers are busy");
        }
    }

    /// All lines of all processes, in order.
    fn output(&self) -> Vec<String> {
        let mut lines = vec![];
        for process in 0..self.addresses.len() {
            let text = fs::read_to_string(self.folder.join(format!("out-{process}"))).unwrap();
            lines.extend(text.lines().map(str::to_owned));
        }
        lines.sort();
        lines
    }
}

fn wait_until<T>(mut what: impl FnMut() -> Option<T>, name: &str) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = what() {
            return value;
        }
        assert!(start.elapsed() < PATIENCE, "waited too long until {name}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A process that doesn't outlive its test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
    }

    /// Its exit code, and what it wrote to standard error.
    fn ended(&mut self) -> (Option<i32>, String) {
        let status = wait_until(|| self.0.try_wait().unwrap(), "the process has ended");
        let mut errors = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        (status.code(), errors)
    }
}

fn assert_contains(text: &str, part: &str) {
    assert!(text.contains(part), "`{part}` is not in:\n{text}");
}

// --- The tests ---

/// What one worker gives.
fn expected() -> Vec<String> {
    let outputs = Cluster::threads(1).run(sums).unwrap();
    let mut lines: Vec<_> = outputs.iter().flat_map(|lines| lines.lock().unwrap().clone()).collect();
    lines.sort();
    assert_eq!(lines.iter().filter(|line| line.starts_with("squares")).count(), 15);
    assert!(lines.len() > 40, "{lines:?}");
    lines
}

#[test]
fn threads_give_what_one_worker_gives() {
    let expected = expected();
    for threads in [2, 3, 5] {
        let outputs = Cluster::threads(threads).run(sums).unwrap();
        assert_eq!(outputs.len(), threads);
        let mut lines: Vec<_> = outputs.iter().flat_map(|lines| lines.lock().unwrap().clone()).collect();
        lines.sort();
        assert_eq!(lines, expected);
    }
}

#[test]
fn processes_give_what_one_worker_gives() {
    let expected = expected();
    for (name, processes, threads) in [("two", 2, 1), ("three", 3, 1), ("two by two", 2, 2)] {
        let job = Job { threads, ..Job::new("sums", name, processes) };
        for mut process in job.start_all() {
            let (code, errors) = process.ended();
            assert_eq!((code, &*errors), (Some(0), ""));
        }
        assert_eq!(job.output(), expected);
    }
}

#[test]
fn much_data_is_no_silence() {
    let job = Job { silence: Duration::from_secs(3), ..Job::new("much", "much", 2) };
    for mut process in job.start_all() {
        assert_eq!(process.ended(), (Some(0), String::new()));
    }
    // Twice the sum of 20 of each number below 200,000.
    assert_eq!(job.output(), ["(400000, 799996000000)"]);
}

#[test]
fn processes_may_start_in_any_order() {
    let job = Job::new("sums", "any order", 3);
    let mut processes = vec![job.start(2)];
    thread::sleep(Duration::from_millis(200));
    processes.push(job.start(0));
    thread::sleep(Duration::from_millis(200));
    processes.push(job.start(1));
    for mut process in processes {
        assert_eq!(process.ended().0, Some(0));
    }
    assert_eq!(job.output(), expected());
}

#[test]
fn an_absent_peer_is_an_error() {
    let job = Job { within: Duration::from_millis(500), ..Job::new("sums", "absent", 3) };
    // One that waits for it, and one that tries to connect with it.
    for (process, absent) in [(0, [1, 2]), (2, [0, 1])] {
        let mut process = job.start(process);
        let (code, errors) = process.ended();
        assert_eq!(code, Some(69), "{errors}");
        assert_contains(&errors, "error: after 500ms there is no connection with process");
        for absent in absent {
            assert_contains(&errors, &format!("process {absent} at {}", job.addresses[absent]));
        }
        let mut output = String::new();
        process.0.stdout.take().unwrap().read_to_string(&mut output).unwrap();
        // What the harness says of its own.
        assert_eq!(output.trim(), "running 1 test\ntest program ...");
    }
}

#[test]
fn a_killed_process_ends_the_others() {
    let job = Job::new("endless", "killed", 3);
    let mut processes = job.start_all();
    job.is_busy();
    processes[1].signal(Signal::KILL);
    let start = Instant::now();
    for other in [0, 2] {
        let (code, errors) = processes[other].ended();
        println!("process {other} ended {:?} after the kill, {code:?}: {errors}", start.elapsed());
        // Whichever comes first: that it is gone, or that another process says so.
        assert!(matches!(code, Some(73 | 74)), "{code:?}: {errors}");
        assert_contains(&errors, &format!("process 1 at {} is lost", job.addresses[1]));
        assert!(!errors.contains("panicked"), "{errors}");
    }
}

#[test]
fn a_process_that_stands_still_ends_the_others_and_then_itself() {
    let job = Job { silence: Duration::from_secs(2), ..Job::new("endless", "stopped", 3) };
    let mut processes = job.start_all();
    job.is_busy();
    processes[2].signal(Signal::STOP);
    let start = Instant::now();
    for other in [0, 1] {
        let (code, errors) = processes[other].ended();
        println!("process {other} ended {:?} after the stop, {code:?}: {errors}", start.elapsed());
        assert!(matches!(code, Some(73 | 75)), "{code:?}: {errors}");
        assert_contains(&errors, &format!("process 2 at {} has been silent for 2s", job.addresses[2]));
    }
    processes[2].signal(Signal::CONT);
    let (code, errors) = processes[2].ended();
    assert!(matches!(code, Some(73 | 74)), "{code:?}: {errors}");
}

#[test]
fn a_panic_ends_all_processes() {
    let job = Job { threads: 2, ..Job::new("panics", "panics", 2) };
    let mut processes = job.start_all();
    let (code, errors) = processes[0].ended();
    assert_eq!(code, Some(70), "{errors}");
    assert_contains(&errors, "error: worker 1 panicked: worker 1 has had enough");
    let (code, errors) = processes[1].ended();
    assert_eq!(code, Some(73), "{errors}");
    let from = format!("error: process 0 at {} failed: worker 1 panicked: worker 1 has had enough", job.addresses[0]);
    assert_contains(&errors, &from);
}

#[test]
fn a_panic_ends_the_threads_of_one_process() {
    let folder = folder("threads panic");
    let failure = Cluster::threads(3).run(move |worker| endless(worker, &folder, Some(2))).unwrap_err();
    assert_eq!(failure.to_string(), "worker 2 panicked: worker 2 has had enough");
    assert_eq!(failure.exit_code(), 70);
}

#[test]
fn strangers_are_refused_and_block_nobody() {
    let job = Job::new("sums", "strangers", 2);
    let mut first = job.start(0);
    let connect = || wait_until(|| TcpStream::connect(&job.addresses[0]).ok(), "it listens");
    // One who says nothing, some more of that kind, one who speaks of something else, one who speaks of a process that
    // can't be, one of another job.
    let silent: Vec<_> = (0..100).map(|_| connect()).collect();
    let mut web = connect();
    web.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert!(matches!(web.read(&mut [0; 100]), Ok(0) | Err(_)), "it is given no answer");
    let greet = |text: &str| {
        let mut stream = connect();
        let length = (text.len() as u16).to_be_bytes();
        stream.write_all(&[b"tdtimely", &length[..], text.as_bytes()].concat()).unwrap();
        let mut answer = String::new();
        stream.take(300).read_to_string(&mut answer).unwrap();
        answer.get(10..).unwrap_or_default().to_owned()
    };
    let version = format!(
        "{} of {} bits, {} endian",
        env!("CARGO_PKG_VERSION"),
        usize::BITS,
        if cfg!(target_endian = "big") { "big" } else { "little" }
    );
    let huge = usize::MAX;
    let answers = [
        (format!("{version}\nstrangers\n{huge}\n0\n2\n1\ndata"), format!("no: process {huge} doesn't connect with it")),
        (format!("{version}\nstrangers\n0\n0\n2\n1\ndata"), "no: process 0 doesn't connect with it".to_owned()),
        (format!("{version}\nother\n1\n0\n2\n1\ndata"), "no: it belongs to another job".to_owned()),
        ("0\nstrangers\n1\n0\n2\n1\ndata".to_owned(), format!("no: the version is {version} there and 0 here")),
        (
            format!("{version}\nstrangers\n1\n0\n2\n7\ndata"),
            "no: the number of threads is 1 there and 7 here".to_owned(),
        ),
        ("?".to_owned(), "no: it speaks another version of this protocol".to_owned()),
    ];
    for (greeting, answer) in answers {
        assert_eq!(greet(&greeting), answer);
    }
    // One who says nothing is sent away.
    silent[0].set_read_timeout(Some(PATIENCE)).unwrap();
    let kept = |error: &std::io::Error| error.kind() == std::io::ErrorKind::WouldBlock;
    assert!(!(&silent[0]).read(&mut [0]).is_err_and(|error| kept(&error)));
    let mut second = job.start(1);
    assert_eq!(first.ended(), (Some(0), String::new()));
    assert_eq!(second.ended(), (Some(0), String::new()));
    assert_eq!(job.output(), expected());
    drop(silent);
}

#[test]
fn a_process_of_another_job_is_told_so() {
    let job = Job::new("sums", "one job", 2);
    let other = Job { addresses: job.addresses.clone(), ..Job::new("sums", "another job", 2) };
    let mut first = job.start(0);
    let (code, errors) = other.start(1).ended();
    assert_eq!(code, Some(76), "{errors}");
    assert_contains(&errors, "refused this process: it belongs to another job");
    assert_eq!(job.start(1).ended().0, Some(0));
    assert_eq!(first.ended().0, Some(0));
    assert_eq!(job.output(), expected());
}

#[test]
fn settings_that_make_no_cluster_are_refused() {
    let of = |cluster: Cluster| match cluster.run(|_| ()) {
        Err(Failure::Invalid(reason)) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(of(Cluster::threads(0)), "the number of threads must be at least 1");
    assert_eq!(of(Cluster::processes(2, ["a:1", "b:1"])), "there is no process 2: there are addresses of 2, from 0 on");
    assert_eq!(
        of(Cluster::threads(1).with_job("a\nb")),
        "the name of the job must have one line and at most 256 bytes"
    );
    assert_eq!(
        of(Cluster::threads(1).silent_for(Duration::ZERO)),
        "`connect_within` and `silent_for` must be longer than 0"
    );
}

#[test]
fn a_host_file_has_an_address_a_line() {
    let file = folder("hostfile").join("hosts");
    fs::write(&file, "# two machines\n\n 10.0.0.1:2101 \n10.0.0.2:2101\n").unwrap();
    let hosts = Cluster::hostfile(1, &file).unwrap();
    assert_contains(&format!("{hosts:?}"), r#"addresses: ["10.0.0.1:2101", "10.0.0.2:2101"]"#);
    let missing = Cluster::hostfile(0, file.with_extension("no")).unwrap_err();
    assert_eq!(missing.exit_code(), 71);
    assert_contains(&missing.to_string(), "can't read ");
}

#[test]
fn results_come_in_the_order_of_the_workers() {
    let indices = Cluster::threads(4).run(|worker| {
        let stop = Stop::new();
        let probe = worker
            .dataflow::<u64, _, _>(|scope| source(scope, 0.., &stop).when_ended(&stop).transduce(taking(10)).probe().0);
        while !probe.done() {
            worker.step();
        }
        worker.index()
    });
    assert_eq!(indices.unwrap(), [0, 1, 2, 3]);
}
