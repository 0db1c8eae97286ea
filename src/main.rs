//! The binary: reads the command line and runs the command.

use std::process::ExitCode;

use atlas::cli::{Line, run};
use clap::Parser;

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
