//! `atlas bench`: what measurements are made on.

use std::time::Instant;

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::actions::import::Progress;
use crate::actions::seed::{Again, Options, seed};
use crate::app::App;
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
    /// Publish live entries again, one a commit, and say how long each took.
    ///
    /// They are chosen by chance and get other words, so this is for a site made by `atlas bench seed`.
    Publish(Publish),
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

#[derive(Debug, Args)]
pub struct Publish {
    /// How many publications.
    #[arg(long, value_name = "N", default_value_t = 200)]
    times: u32,
    /// The same number chooses the same entries.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Milliseconds from the first statement to the commit.
#[derive(Debug, Serialize)]
struct Took {
    publications: usize,
    median: f64,
    p95: f64,
    p99: f64,
    longest: f64,
}

pub async fn run(config: Config, verb: Verb) -> anyhow::Result<u8> {
    let app = open(config).await?;
    match verb {
        Verb::Seed(given) => fill(&app, &given).await,
        Verb::Publish(given) => publish(&app, &given).await,
    }
}

async fn publish(app: &App, given: &Publish) -> anyhow::Result<u8> {
    let mut bar = report::Bar::default();
    bar.begin("publications", given.times.into());
    let mut again = Again::of(app, given.seed).await?;
    let mut took = Vec::new();
    for number in 0..given.times {
        let entry = again.choose(app).await?;
        let begun = Instant::now();
        again.publish(app, &Actor::Operator, &entry).await?;
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
        bar.step(u64::from(number) + 1);
    }
    bar.end();
    took.sort_unstable_by(f64::total_cmp);
    let at =
        |part: f64| took.get((took.len() as f64 * part) as usize).or(took.last()).copied().unwrap_or(0.0);
    let took =
        Took { publications: took.len(), median: at(0.5), p95: at(0.95), p99: at(0.99), longest: at(1.0) };
    if given.json {
        report::json(&took)?;
    } else {
        let Took { publications, median, p95, p99, longest } = took;
        say!(
            "{publications} publications: median {median:.1} ms, p95 {p95:.1}, p99 {p99:.1}, longest {longest:.1}"
        );
    }
    Ok(0)
}

async fn fill(app: &App, given: &Seed) -> anyhow::Result<u8> {
    let options = Options { entries: given.entries, seed: given.seed, anyway: given.anyway };
    let mut bar = report::Bar::default();
    let made = seed(app, &Actor::Operator, options, &mut bar).await?;
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
