//! The binary: reads the command line and runs the command.

use std::process::ExitCode;

use atlas::cli::{Line, run};
use clap::Parser;
use mimalloc::MiMalloc;

/// SQLite allocates through it too (the feature `override`): half of its work is small allocations, and
/// what one thread has freed another can use.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Threads that draw pages and do jobs, at least. One that reads the database waits for the disk itself,
/// so that on a machine of one core too there are others.
const THREADS: usize = 4;

fn main() -> ExitCode {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores.max(THREADS))
        .enable_all()
        .build()
        .expect("the system gives a process its first threads");
    match runtime.block_on(run(Line::parse())) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("atlas: {error:#}");
            ExitCode::from(2)
        }
    }
}
