//! The binary: reads the command line and runs the command.

use std::process::ExitCode;

use atlas::cli::{Line, run};
use clap::Parser;
use mimalloc::MiMalloc;

/// SQLite allocates through it too (the feature `override`): half of its work is small allocations, and
/// what one thread has freed another can use.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Line::parse()).await {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("atlas: {error:#}");
            ExitCode::from(2)
        }
    }
}
