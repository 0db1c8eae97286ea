//! Telling the WebSub hub that feeds have changed, so that it reads them and tells who waits (W3C
//! WebSub; how a hub is told is its own to say, and all of them take `hub.mode=publish`).

use url::Url;
use url::form_urlencoded::Serializer;

use super::postpone::{is_busy, postpone};
use crate::app::{App, feed_path};
use crate::egress::Egress;
use crate::error::{Error, Problem, Result};
use crate::seo::feed::Format;
use crate::store::jobs::{self, Claim};
use crate::store::paths;

/// Tells the hub of the three feeds of a page.
///
/// # Errors
/// `Invalid` when the hub refuses, `Unavailable` when it does not answer.
pub async fn ping(app: &App, claim: &Claim, page: &str, egress: &Egress) -> Result<()> {
    let Some(hub) = app.site.feeds.websub() else { return end(app, claim).await };
    let hub = Url::parse(hub).map_err(Error::internal)?;
    let message = message(app, page).into_bytes();
    let reply = egress.post(&hub, "application/x-www-form-urlencoded", message).await?;
    if is_busy(&reply) {
        return postpone(app, claim, &hub, &reply).await;
    }
    match reply.status.as_u16() {
        200..=299 => end(app, claim).await,
        500..=599 => Err(Error::Unavailable(format!("{hub} answered {}", reply.status))),
        _ => {
            Err(Problem::new(format!("{hub} refuses to be told of feeds: it answered {}", reply.status))
                .into())
        }
    }
}

fn message(app: &App, page: &str) -> String {
    let page = paths::stored(page).href();
    let mut form = Serializer::new(String::new());
    form.append_pair("hub.mode", "publish");
    for format in Format::ALL {
        form.append_pair("hub.url", &app.config.origin.url(&feed_path(&page, format)));
    }
    form.finish()
}

async fn end(app: &App, claim: &Claim) -> Result<()> {
    let tx = app.db.begin().await?;
    jobs::complete(&tx, claim).await?;
    tx.commit().await
}
