//! The binary: reads the command line and runs the command.

use std::process::ExitCode;

use atlas::cli::{Line, run};
use clap::Parser;

fn main() -> ExitCode {
    keep_few_arenas();
    begin()
}

#[tokio::main]
async fn begin() -> ExitCode {
    match run(Line::parse()).await {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("atlas: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// glibc gives threads up to eight arenas a core, and what one has freed no other can use: a quarter of
/// a busy process's memory lay there.
fn keep_few_arenas() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let arenas = i32::try_from(cores).unwrap_or(i32::MAX).saturating_add(1);
        // SAFETY: takes two numbers, before any other thread is there.
        unsafe {
            libc::mallopt(libc::M_ARENA_MAX, arenas);
        }
    }
}
