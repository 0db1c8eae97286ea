//! `atlas worker`: the work beside requests, in a process of its own.

use tokio::sync::watch;

use crate::cli::{open, say};
use crate::config::Config;
use crate::jobs;
use crate::web::server;

pub async fn run(config: Config) -> anyhow::Result<u8> {
    let app = open(config).await?;
    let (stop, stopping) = watch::channel(false);
    let asked = server::asked_to_end()?;
    let follower = tokio::spawn(app.clone().follow());
    let mut work = tokio::spawn(jobs::run(app.clone(), stopping));
    say!(
        "A worker of {} ({}); Ctrl-C or SIGTERM ends it after the job at hand.",
        app.site.name,
        app.config.database_url
    );
    tokio::select! {
        () = asked => {
            let _ = stop.send(true);
            work.await?;
        }
        // Only a fault ends it before: whoever supervises the process has to know.
        ended = &mut work => ended?,
    }
    follower.abort();
    app.db.close().await;
    Ok(0)
}
