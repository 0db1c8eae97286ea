//! `atlas jobs`: deferred work, as a person sees it.

use clap::{Args, Subcommand};

use crate::actions::{Change, jobs as actions};
use crate::app::App;
use crate::cli::{look, open, report, say};
use crate::config::Config;
use crate::entry::Actor;
use crate::error::Error;
use crate::jobs::worker;
use crate::store::jobs;

/// What to do with jobs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Print what waits, what runs, and what failed for good with the reason.
    List(Json),
    /// Let jobs that failed for good try again: one, or all.
    Retry(Retry),
    /// Forget a job that failed for good.
    Forget(Forget),
    /// Do everything that is due now, one job after the other, and end.
    Drain(Json),
}

#[derive(Debug, Args)]
pub struct Json {
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Retry {
    /// The job's number, from `atlas jobs list`; all when left out.
    id: Option<i64>,
    #[command(flatten)]
    json: Json,
}

#[derive(Debug, Args)]
pub struct Forget {
    /// The job's number, from `atlas jobs list`.
    id: i64,
}

pub async fn run(config: Config, verb: Verb) -> anyhow::Result<u8> {
    let app = if matches!(verb, Verb::List(_)) { look(config).await? } else { open(config).await? };
    match verb {
        Verb::List(Json { json }) => list(&app, json).await?,
        Verb::Retry(retry) => {
            let mut change = Change::begin(&app, &Actor::Operator).await?;
            let retried =
                actions::retry(&mut change, retry.id).await.map_err(|error| named(error, retry.id))?;
            change.commit().await?;
            if retry.json.json {
                report::json(&serde_json::json!({ "retried": retried }))?;
            } else {
                say!("{retried} jobs wait again");
            }
        }
        Verb::Forget(Forget { id }) => {
            let mut change = Change::begin(&app, &Actor::Operator).await?;
            actions::forget(&mut change, id).await.map_err(|error| named(error, Some(id)))?;
            change.commit().await?;
            say!("Job {id} is forgotten.");
        }
        Verb::Drain(Json { json }) => {
            let done = worker::work_off(&app).await?;
            if json {
                report::json(&serde_json::json!({ "done": done }))?;
            } else {
                say!("{done} jobs done");
            }
        }
    }
    app.db.close().await;
    Ok(0)
}

async fn list(app: &App, json: bool) -> anyhow::Result<()> {
    let all = jobs::list(&app.db).await?;
    if json {
        return report::json(&all);
    }
    for job in &all {
        let about = if job.key.is_empty() { job.kind.clone() } else { format!("{} {}", job.kind, job.key) };
        let problem = job.problem.as_deref().map_or(String::new(), |problem| format!(": {problem}"));
        say!(
            "{:>6}  {:<7}  {}  {about}, attempt {}{problem}",
            job.id,
            job.state,
            job.run_at.rfc3339(),
            job.attempt
        );
    }
    let counts = jobs::counts(&app.db).await?;
    let of = |state: &str| counts.iter().find(|(name, _)| name == state).map_or(0, |(_, count)| *count);
    say!("{} waiting, {} running, {} failed for good", of("waiting"), of("running"), of("dead"));
    Ok(())
}

fn named(error: Error, id: Option<i64>) -> anyhow::Error {
    match (error, id) {
        (Error::NotFound, Some(id)) => {
            anyhow::anyhow!("no job {id} has failed for good; see `atlas jobs list`")
        }
        (error, _) => error.into(),
    }
}
