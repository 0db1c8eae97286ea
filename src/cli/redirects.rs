//! `atlas redirects`: addresses that lead elsewhere.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::actions::import::redirects as table;
use crate::actions::redirects::{self, Wish};
use crate::actions::{Change, export};
use crate::app::App;
use crate::cli::say;
use crate::cli::{open, report};
use crate::config::Config;
use crate::entry::Actor;

/// What to do with redirects.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Print all redirects and rules, those of entries' former addresses apart.
    List(Json),
    /// Add a redirect or a rule; what would hide a page, lead in circles or lead nowhere is refused.
    ///
    /// The target is followed to its end, so that a visitor is redirected once.
    Add(Add),
    /// Take a redirect, a gone mark or a rule away.
    Remove(Remove),
    /// Read a CSV table with the columns kind, from, to, status.
    ///
    /// Only `from` is needed: `kind` is exact and `status` is 301 where they are not given, or 410
    /// where `to` is empty. Chains in the table are shortened and loops are left out, with the line.
    Import(Import),
    /// Write all redirects and rules as such a table to standard output.
    Export,
}

#[derive(Debug, Args)]
pub struct Json {
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Add {
    /// The path, the beginning of paths, or the expression, as --kind says.
    from: String,
    /// A path of the site, or a URL of a host that `site.toml` allows; none when it is gone.
    to: Option<String>,
    /// `exact` for one path, `prefix` for it and all below it, `regex` for whole paths that match.
    #[arg(long, default_value = "exact")]
    kind: String,
    /// 301, 302, 307, 308 or 410 [default: 301, or 410 without a target].
    #[arg(long)]
    status: Option<u16>,
    /// Take over a path that an entry had which is gone.
    #[arg(long)]
    reuse: bool,
    /// Say what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    json: Json,
}

#[derive(Debug, Args)]
pub struct Remove {
    /// The path or expression, as it was added.
    from: String,
    /// The kind it was added with: `exact`, `prefix` or `regex`.
    #[arg(long, default_value = "exact")]
    kind: String,
}

#[derive(Debug, Args)]
pub struct Import {
    /// The table to read.
    file: PathBuf,
    /// Report loops, chains, hidden pages and dead targets, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take over paths that entries had which are gone.
    #[arg(long)]
    reuse: bool,
    #[command(flatten)]
    json: Json,
}

pub async fn run(config: Config, verb: Verb) -> anyhow::Result<u8> {
    let app = open(config).await?;
    match verb {
        Verb::List(Json { json }) => list(&app, json).await,
        Verb::Add(given) => add(&app, given).await,
        Verb::Remove(given) => {
            let mut change = Change::begin(&app, &Actor::Operator).await?;
            redirects::remove(&mut change, &given.kind, &given.from).await?;
            change.commit().await?;
            say!("{} {} is taken away", given.kind, given.from);
            Ok(0)
        }
        Verb::Import(given) => {
            let done = table::import(&app, &Actor::Operator, &given.file, given.dry_run, given.reuse).await?;
            report::import(&done, given.json.json)
        }
        Verb::Export => {
            print!("{}", export::table(&redirects::list(&app.db).await?)?);
            Ok(0)
        }
    }
}

async fn list(app: &App, json: bool) -> anyhow::Result<u8> {
    let all = redirects::list(&app.db).await?;
    if json {
        report::json(&all)?;
        return Ok(0);
    }
    for redirect in &all {
        let to = redirect.to.as_deref().unwrap_or("gone");
        say!("{} {} {} → {to}", redirect.status, redirect.kind, redirect.from);
    }
    say!("{} redirects and rules", all.len());
    Ok(0)
}

async fn add(app: &App, given: Add) -> anyhow::Result<u8> {
    let status = given.status.unwrap_or(if given.to.is_some() { 301 } else { 410 });
    let wish = Wish { kind: given.kind, from: given.from, to: given.to, status, reuse: given.reuse };
    let mut change = Change::begin(app, &Actor::Operator).await?;
    let added = redirects::add(&mut change, &wish).await?;
    if given.dry_run {
        change.tx.roll_back().await?;
    } else {
        change.commit().await?;
    }
    if given.json.json {
        report::json(&added)?;
        return Ok(0);
    }
    for note in &added.notes {
        say!("worth a look: {note}");
    }
    let what = match (given.dry_run, added.unchanged) {
        (_, true) => "is there already",
        (true, false) => "would be added",
        (false, false) => "is added",
    };
    say!("{} {} {what}", wish.kind, wish.from);
    Ok(0)
}
