//! `atlas bench`: what measurements are made on.

use clap::{Args, Subcommand};

use crate::actions::seed::{Options, seed};
use crate::cli::{open, report, say};
use crate::config::Config;
use crate::entry::Actor;

/// What to prepare.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Fill an empty site with made-up entries, to see what it takes at that size.
    ///
    /// Regions, cities and areas, a directory of places and people, and a magazine, in proportions and
    /// lengths as real sites have them and in four scripts. They are saved and published as an import
    /// does it, 500 a commit. A site that holds entries is refused.
    Seed(Seed),
}

#[derive(Debug, Args)]
pub struct Seed {
    /// How many entries to make; landing pages follow and are not counted.
    #[arg(long, value_name = "N")]
    entries: u64,
    /// The same number makes the same entries.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Fill a site that holds entries as well.
    #[arg(long)]
    anyway: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, verb: Verb) -> anyhow::Result<u8> {
    let Verb::Seed(given) = verb;
    let app = open(config).await?;
    let options = Options { entries: given.entries, seed: given.seed, anyway: given.anyway };
    let mut bar = report::Bar::default();
    let made = seed(&app, &Actor::Operator, options, &mut bar).await?;
    bar.end();
    if given.json {
        report::json(&made)?;
        return Ok(0);
    }
    for (kind, count) in &made.types {
        say!("{count:>9}  {kind}");
    }
    say!("{} entries were made, and {} landing pages of them", made.entries, made.landings);
    Ok(0)
}
