//! What the machine says: memory, CPU time, and how many files may be open.

use std::{fs, time::Duration};

use rustix::{
    process::{Resource, Rlimit, getrlimit, setrlimit},
    time::{ClockId, clock_gettime},
};

/// The most memory that this process has had in RAM, in bytes, as Linux counts it (`VmHWM`).
pub(crate) fn peak_memory() -> Option<u64> {
    status("VmHWM:")
}

/// The memory that this process has in RAM now, in bytes (`VmRSS`).
pub(crate) fn memory() -> Option<u64> {
    status("VmRSS:")
}

fn status(field: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix(field))?.trim().strip_suffix("kB")?.trim();
    Some(kib.parse::<u64>().ok()? * 1024)
}

/// The CPU time that all threads of this process have used.
pub(crate) fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// Allows as many open files as the hard limit does, and checks that `needed` are.
pub(crate) fn allow_open_files(needed: usize) -> anyhow::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?;
    let most = limit.maximum.unwrap_or(u64::MAX);
    let needed = needed as u64 + 64; // the standard streams, the executor's own, a margin
    anyhow::ensure!(needed <= most, "{needed} open files are needed, but the hard limit is {most} (`ulimit -Hn`)");
    Ok(())
}

/// The processor, its cores, the memory, the kernel.
pub(crate) fn description() -> String {
    let field = |file, name: &str| {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_string())
    };
    let cpu = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "an unknown processor".into());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_else(|| "unknown".into());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{cpu}, {cores} cores, memory {memory}, Linux {}", kernel.trim())
}
