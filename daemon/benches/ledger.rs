//! What the ledger manages on this disk.
//!
//! `cargo bench -p atelier-daemon --bench ledger` prints: the disk's own fdatasync, durable reserve and
//! capture pairs with 64 callers, and a journal of a million transfers: its size, the time to open it and to
//! verify it, and the memory that takes. A number behind `--` sets another count of transfers.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use atelier_daemon::clock::Timestamp;
use atelier_daemon::id::{JobId, MemberId, TransferId};
use atelier_daemon::ledger::{
    Actor, Context, EndState, GrantRequest, GrantSource, Journal, LedgerError, Reference, ReserveRequest,
    capture, grant, reserve, verify,
};
use atelier_daemon::store::{Store, StoreOptions, Tx};

const CALLERS: u64 = 64;
const PAIRS_PER_CALLER: u64 = 400;
const TRANSFERS: u64 = 1_000_000;
/// Transfers of one transaction while the journal is filled; nobody waits for a single one there.
const FILL_PAIRS: u64 = 100;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [mode, folder] = arguments.as_slice() {
        ensure!(mode == "reopen", "unknown mode {mode}");
        return reopen(Path::new(folder));
    }
    let transfers = arguments.first().map_or(Ok(TRANSFERS), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    disk(folder.path())?;
    pairs(&folder.path().join("pairs"))?;
    million(&folder.path().join("million"), transfers)
}

fn disk(folder: &Path) -> Result<()> {
    let mut file = File::create(folder.join("probe"))?;
    let mut times = Vec::new();
    for _ in 0..1000 {
        file.write_all(&[7; 4096])?;
        let start = Instant::now();
        file.sync_data()?;
        times.push(start.elapsed());
    }
    print_times("fdatasync after 4 KiB", &mut times);
    Ok(())
}

fn pairs(folder: &Path) -> Result<()> {
    let store = open(folder)?;
    for caller in 0..CALLERS {
        store.transact_blocking(move |tx| fund(tx, caller))?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    let start = Instant::now();
    let mut times = runtime.block_on(async {
        let callers: Vec<_> = (0..CALLERS).map(|caller| tokio::spawn(call(store.clone(), caller))).collect();
        let mut times = Vec::new();
        for caller in callers {
            times.extend(caller.await??);
        }
        anyhow::Ok(times)
    })?;
    let elapsed = start.elapsed();
    let per_second = (CALLERS * PAIRS_PER_CALLER) as f64 / elapsed.as_secs_f64();
    println!("{:<42} {per_second:>10.0} pairs/s", format!("reserve + capture, {CALLERS} callers"));
    print_times("one durable transaction", &mut times);
    Ok(())
}

async fn call(store: Store, caller: u64) -> Result<Vec<Duration>, LedgerError> {
    let mut times = Vec::new();
    for number in 0..PAIRS_PER_CALLER {
        let start = Instant::now();
        store.transact(move |tx| begin(tx, caller, number)).await?;
        times.push(start.elapsed());
        let start = Instant::now();
        store.transact(move |tx| end(tx, caller, number)).await?;
        times.push(start.elapsed());
    }
    Ok(times)
}

fn million(folder: &Path, transfers: u64) -> Result<()> {
    let store = open(folder)?;
    let members = 1000;
    let start = Instant::now();
    for member in 0..members {
        store.transact_blocking(move |tx| fund(tx, member))?;
    }
    for chunk in 0..transfers / 2 / FILL_PAIRS {
        store.transact_blocking(move |tx| {
            for pair in chunk * FILL_PAIRS..(chunk + 1) * FILL_PAIRS {
                begin(tx, pair % members, pair)?;
                end(tx, pair % members, pair)?;
            }
            Ok::<(), LedgerError>(())
        })?;
    }
    print_value("filled with transfers in", start.elapsed().as_secs_f64(), "s");
    print_value("memory after filling", resident_mib().unwrap_or(f64::NAN), "MiB");
    drop(store);
    print_value("size of the store", size_mib(&folder.join("store"))?, "MiB");
    print_value("size of the journal file", size_mib(folder)? - size_mib(&folder.join("store"))?, "MiB");
    // A fresh process, so that the memory of filling is not counted.
    let status = Command::new(std::env::current_exe()?).arg("reopen").arg(folder).status()?;
    ensure!(status.success(), "the second process failed");
    Ok(())
}

fn reopen(folder: &Path) -> Result<()> {
    print_value("memory before opening", resident_mib().unwrap_or(f64::NAN), "MiB");
    let start = Instant::now();
    let store = open(folder)?;
    print_value("opened in", start.elapsed().as_secs_f64(), "s");
    print_value("memory after opening", resident_mib().unwrap_or(f64::NAN), "MiB");
    let start = Instant::now();
    let report = verify(&store, |_| Ok(Some(EndState::Succeeded)))?;
    ensure!(report.is_sound(), "{report:?}");
    print_value("transfers verified", report.transfers as f64, "");
    print_value("verified in", start.elapsed().as_secs_f64(), "s");
    print_value("memory after verifying", resident_mib().unwrap_or(f64::NAN), "MiB");
    Ok(())
}

fn open(folder: &Path) -> Result<Store> {
    std::fs::create_dir_all(folder)?;
    let journal = Journal::open(&folder.join("journal"))?;
    let options = StoreOptions { mirror: Some(Box::new(journal)), ..StoreOptions::default() };
    Ok(Store::open(&folder.join("store"), options)?)
}

fn now() -> Context {
    Context::new(Timestamp::from_millis(1_000), Actor::System)
}

fn member(number: u64) -> MemberId {
    MemberId::derived(&[&number.to_be_bytes()])
}

fn job(caller: u64, number: u64) -> JobId {
    JobId::derived(&[&caller.to_be_bytes(), &number.to_be_bytes()])
}

fn fund(tx: &mut Tx<'_>, number: u64) -> Result<(), LedgerError> {
    let request = GrantRequest {
        id: TransferId::derived(&[&number.to_be_bytes()]),
        member: member(number),
        amount: 1 << 40,
        source: GrantSource::Purchase,
        reference: Reference::None,
    };
    grant(tx, &request, &now()).map(drop)
}

fn begin(tx: &mut Tx<'_>, caller: u64, number: u64) -> Result<(), LedgerError> {
    let request = ReserveRequest { job: job(caller, number), member: member(caller), amount: 5 };
    reserve(tx, &request, &now()).map(drop)
}

fn end(tx: &mut Tx<'_>, caller: u64, number: u64) -> Result<(), LedgerError> {
    capture(tx, job(caller, number), 5, &now()).map(drop)
}

fn print_times(name: &str, times: &mut [Duration]) {
    times.sort();
    let at =
        |share: usize| times.get(times.len() * share / 100).map_or(f64::NAN, Duration::as_secs_f64) * 1e3;
    println!("{name:<42} {:>10.3} ms p50 {:>10.3} ms p99", at(50), at(99));
}

fn print_value(name: &str, value: f64, unit: &str) {
    println!("{name:<42} {value:>10.2} {unit}");
}

/// This process's memory, where the system says.
fn resident_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}

fn size_mib(folder: &Path) -> Result<f64> {
    let mut folders: Vec<PathBuf> = vec![folder.to_path_buf()];
    let mut bytes = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let data = entry.metadata()?;
            if data.is_dir() {
                folders.push(entry.path());
            } else {
                bytes += data.len();
            }
        }
    }
    Ok(bytes as f64 / f64::from(1 << 20))
}
