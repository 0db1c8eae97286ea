//! `atlas landings`: the lists of hubs and the landing pages, without a running server.

use clap::{Args, Subcommand};

use crate::actions::reconcile;
use crate::cli::{open, report, say};
use crate::config::Config;

/// What to do with landing pages.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Work out anew what stands on which hub, and which landing pages there are.
    ///
    /// `atlas serve` does this by itself at a start after types or landing pages were declared
    /// otherwise; publications keep both up to date.
    Apply(Arguments),
}

#[derive(Debug, Args)]
pub struct Arguments {
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, verb: Verb) -> anyhow::Result<u8> {
    let Verb::Apply(arguments) = verb;
    let app = open(config).await?;
    let bar = indicatif::ProgressBar::new_spinner().with_message("working out lists and landing pages");
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    let done = reconcile::reconcile(&app).await?;
    bar.finish_and_clear();
    if arguments.json {
        report::json(&done)?;
    } else {
        say!(
            "{} entries; landing pages: {} made, {} changed, {} removed",
            done.entries,
            done.made,
            done.changed,
            done.removed
        );
    }
    Ok(0)
}
