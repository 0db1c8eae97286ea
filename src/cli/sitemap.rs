//! `atlas sitemap`: sitemaps without a running server.

use clap::{Args, Subcommand};

use crate::cli::say;
use crate::cli::{open, report};
use crate::config::Config;
use crate::jobs::{news, sitemaps};

/// What to do with sitemaps.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Build all sitemaps anew.
    ///
    /// A running server serves the old ones until the new are whole. `atlas serve` does this by itself
    /// after every change.
    Build(Arguments),
}

#[derive(Debug, Args)]
pub struct Arguments {
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, verb: Verb) -> anyhow::Result<u8> {
    let Verb::Build(arguments) = verb;
    let app = open(config).await?;
    let bar = indicatif::ProgressBar::new_spinner().with_message("building sitemaps");
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    news::build(&app).await?;
    let built = sitemaps::build(&app).await?;
    bar.finish_and_clear();
    if arguments.json {
        report::json(&built)?;
    } else {
        say!("{} URLs in {} sitemaps", built.urls, built.shards);
        if built.images_left_out > 0 {
            say!("{} pictures left out: a page names at most 1,000", built.images_left_out);
        }
    }
    Ok(0)
}
