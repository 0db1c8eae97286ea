//! `atlas serve`: the site, until it is asked to end.

use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::actions::import::sample;
use crate::actions::{accounts, audit};
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
    let beside = Beside::new()?;
    let tally = beside.spawn(jobs::tally::run(app.clone(), stopping.clone()));
    let worker = app.config.workers.then(|| beside.spawn(jobs::run(app.clone(), stopping)));
    let follower = beside.spawn(app.clone().follow());
    beside.spawn(warn_of_robots(app.clone()));
    welcome(&app, loaded).await?;
    audit::log_head(&app).await?;
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
    let _ = tally.await;
    if let Some(worker) = worker {
        let _ = worker.await;
    }
    app.db.close().await;
    if rest.cut > 0 {
        tracing::warn!(cut = rest.cut, "requests outlasted the time to drain");
    }
    Ok(0)
}

/// What works by the clock, on a runtime of its own: its long statements keep no request waiting.
struct Beside(Option<Runtime>);

impl Beside {
    /// With one thread for a job, and one for its lease and all else.
    fn new() -> std::io::Result<Beside> {
        let builder = &mut Builder::new_multi_thread();
        Ok(Beside(Some(builder.worker_threads(2).thread_name("beside").enable_all().build()?)))
    }

    fn spawn<F: Future<Output: Send + 'static> + Send + 'static>(&self, work: F) -> JoinHandle<F::Output> {
        self.0.as_ref().expect("it is there until it is dropped").spawn(work)
    }
}

impl Drop for Beside {
    /// A runtime that ends within another one must not wait for its threads.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
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
