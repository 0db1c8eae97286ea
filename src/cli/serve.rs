//! `atlas serve`: the site, until it is asked to end.

use tokio::sync::watch;

use crate::actions::accounts;
use crate::actions::import::sample;
use crate::app::App;
use crate::cli::open;
use crate::cli::say;
use crate::config::{Config, Environment};
use crate::jobs;
use crate::store::entries;
use crate::web::{self, metrics, self_check, server};

pub async fn run(config: Config) -> anyhow::Result<u8> {
    let fresh = config.sample;
    let app = open(config).await?;
    let loaded = if fresh { sample::load(&app).await? } else { None };
    for problem in loaded.iter().flat_map(|report| report.problems.iter().chain(&report.notes)) {
        tracing::warn!(%problem, "sample");
    }
    let loaded = loaded.map_or(0, |report| report.created);
    let listener = server::listen(app.config.listen).await?;
    let (stop_jobs, stopping) = watch::channel(false);
    let worker = app.config.workers.then(|| tokio::spawn(jobs::run(app.clone(), stopping)));
    let follower = tokio::spawn(app.clone().follow());
    tokio::spawn(warn_of_robots(app.clone()));
    welcome(&app, loaded).await?;
    let site = web::site(&app);
    let checker =
        tokio::spawn(self_check::watch(app.clone(), listener.local_addr()?, site.readiness.clone()));
    app.pages.pack_in_background()?;
    let watched = match app.config.metrics {
        Some(address) => {
            let listener = metrics::listen(address).await?;
            Some(tokio::spawn(metrics::serve(listener, app.clone(), site.metrics.clone())))
        }
        None => None,
    };
    let rest = site.serve(listener, server::asked_to_end()?).await;
    checker.abort();
    if let Some(watched) = watched {
        watched.abort();
    }
    follower.abort();
    let _ = stop_jobs.send(true);
    if let Some(worker) = worker {
        let _ = worker.await;
    }
    app.db.close().await;
    if rest.cut > 0 {
        tracing::warn!(cut = rest.cut, "requests outlasted the time to drain");
    }
    Ok(0)
}

/// Says which rules of `robots.txt` contradict the pages; nobody waits for it.
async fn warn_of_robots(app: App) {
    match app.lint_robots().await {
        Ok(problems) => problems.iter().for_each(|problem| tracing::warn!(%problem, "robots.txt")),
        Err(error) => tracing::warn!(%error, "robots.txt could not be compared with the pages"),
    }
}

/// Where the site is, and what to do next.
async fn welcome(app: &App, loaded: u64) -> anyhow::Result<()> {
    let filled = entries::any(&app.db).await?;
    say!("Atlas serves {} at {}", app.site.name, app.config.origin);
    say!("  listening on  {}", app.config.listen);
    say!("  stored in     {} ({})", app.config.data.display(), app.config.database_url);
    if loaded > 0 {
        say!("  a sample of {loaded} entries was loaded; ATLAS_SAMPLE=false starts empty");
    }
    if let Some(secret) = accounts::owner_link(app).await? {
        say!("Nobody can write here yet. Whoever opens this link first owns the site:");
        say!("  {}", accounts::link_url(app, &secret));
        say!("  it opens once and for three days; the next start prints another one");
    }
    say!("Next:");
    if !filled {
        say!("  atlas import markdown DIR --type article   take a blog in");
        say!("  atlas import csv FILE --type city --map title=name …   take a table in");
    } else {
        say!("  open {} in a browser", app.config.origin);
    }
    say!("  atlas explain /some/path   what happens to an address, and why");
    say!("  atlas --help               everything else");
    if app.config.environment != Environment::Production {
        say!("This is a {} site: it is kept out of search engines.", app.config.environment.as_str());
    }
    Ok(())
}
