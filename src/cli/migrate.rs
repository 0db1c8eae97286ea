//! `atlas migrate`: the schema, brought up to date without serving.

use clap::Args;

use crate::cli::say;
use crate::cli::{open, report};
use crate::config::Config;

/// How to migrate.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, arguments: &Arguments) -> anyhow::Result<u8> {
    let database = config.database_url.to_string();
    open(config).await?;
    if arguments.json {
        report::json(&serde_json::json!({ "database": database, "up_to_date": true }))?;
    } else {
        say!("The schema of {database} is up to date.");
    }
    Ok(0)
}
