//! `atlas search`: what the site's search finds, written anew.

use clap::{Args, Subcommand};

use crate::actions::reindex::rebuild;
use crate::cli::{open, report, say};
use crate::config::Config;

/// What to do with search.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Write the words of every entry anew.
    ///
    /// Every publication writes them for its own entry, and a running server does the rest by itself.
    /// Visitors go on searching meanwhile.
    Rebuild(Arguments),
}

#[derive(Debug, Args)]
pub struct Arguments {
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, verb: Verb) -> anyhow::Result<u8> {
    let Verb::Rebuild(arguments) = verb;
    let app = open(config).await?;
    let mut bar = report::Bar::default();
    let rebuilt = rebuild(&app, &mut bar).await?;
    bar.end();
    if arguments.json {
        report::json(&rebuilt)?;
    } else {
        say!("{} of {} entries can be found", rebuilt.found, rebuilt.entries);
    }
    Ok(0)
}
