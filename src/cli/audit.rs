//! `atlas audit`: whether the log of what was done is still what was written.

use clap::{Args, Subcommand};

use crate::actions::audit::{self, Head};
use crate::cli::{look, report, say};
use crate::config::Config;

/// What to do with the log of what was done.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Check that no line was changed, taken out, put in or moved, and print where the log ends.
    ///
    /// Each line carries the hash of its content and of the line before. Ends with 1 and names the
    /// first line that does not fit.
    Verify(Arguments),
}

#[derive(Debug, Args)]
pub struct Arguments {
    /// An end that the log had before, as a server's log or this command has printed it: it must still be
    /// there.
    #[arg(long)]
    head: Option<Head>,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, verb: Verb) -> anyhow::Result<u8> {
    let Verb::Verify(arguments) = verb;
    let app = look(config).await?;
    let verdict = audit::verify(&app, arguments.head.as_ref()).await?;
    app.db.close().await;
    if arguments.json {
        report::json(&verdict)?;
    } else {
        match &verdict.fault {
            Some(fault) => say!("{fault}"),
            None => say!("{} lines, and each fits the one before", verdict.lines),
        }
        if let Some(head) = &verdict.head {
            say!("head  {head}");
        }
    }
    Ok(u8::from(verdict.fault.is_some()))
}
