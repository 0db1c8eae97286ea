//! The binary: reads the command line and runs the command.

use std::process::ExitCode;

use atlas::cli::{Line, run};
use atlas::store::readers;
use clap::Parser;
use mimalloc::MiMalloc;

/// SQLite allocates through it too (the feature `override`): half of its work is small allocations, and
/// what one thread has freed another can use.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // One that reads SQLite waits for the disk itself; one thread is left to all else.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(readers() + 1)
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
