//! Telling search engines which addresses have changed (indexnow.org): what is there, what has moved,
//! what has gone. Nothing is sent again for the same content, however often it is saved (SEO 3.36).

use serde::Serialize;
use url::Url;

use super::postpone::{is_busy, postpone};
use crate::app::App;
use crate::clock::Time;
use crate::egress::{Egress, Reply};
use crate::error::{Error, Problem, Result};
use crate::store::announcements::{self, Announcement};
use crate::store::jobs::{self, Claim, Payload};
use crate::store::paths;

/// Addresses in one message; the protocol takes no more.
const MOST: i64 = 10_000;

/// How long an address is left alone after engines were told of it, in milliseconds.
const PAUSE: i64 = 600_000;

/// The message (indexnow.org, "Submitting set of URLs"). All addresses are of one host: the site's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    host: &'a str,
    key: &'a str,
    key_location: String,
    url_list: Vec<String>,
}

/// Tells what is to be told, and asks for the next time where anything is left.
///
/// # Errors
/// `Invalid` when the engine refuses the key or the addresses: a person has to look. `Unavailable` when
/// it does not answer.
pub async fn submit(app: &App, claim: &Claim, egress: &Egress) -> Result<()> {
    let now = app.database_now().await?;
    let due = announcements::due(&app.db, Time(now.0 - PAUSE), MOST).await?;
    let Some(key) = app.site.indexnow.key() else {
        // The key was taken out of the settings meanwhile: the site has nobody to speak for it.
        return end(app, claim, &[], now).await;
    };
    if due.is_empty() {
        return end(app, claim, &[], now).await;
    }
    let endpoint = Url::parse(app.site.indexnow.endpoint()).map_err(Error::internal)?;
    let message = message(app, key, &due)?;
    let reply = egress.post(&endpoint, "application/json; charset=utf-8", message).await?;
    if is_busy(&reply) {
        return postpone(app, claim, &endpoint, &reply).await;
    }
    match reply.status.as_u16() {
        200 | 202 => {
            tracing::info!(addresses = due.len(), "search engines were told of changes");
            end(app, claim, &due, now).await
        }
        500..=599 => Err(Error::Unavailable(format!("{endpoint} answered {}", reply.status))),
        status => Err(refused(app, &endpoint, status, &reply)),
    }
}

fn message(app: &App, key: &str, due: &[Announcement]) -> Result<Vec<u8>> {
    let origin = &app.config.origin;
    let message = Message {
        host: origin.host(),
        key,
        key_location: origin.url(&format!("/{key}.txt")),
        url_list: due.iter().map(|one| origin.url(&paths::stored(&one.path).href())).collect(),
    };
    serde_json::to_vec(&message).map_err(Error::internal)
}

/// Ends the job with what it has told, and asks for the next where something is left.
async fn end(app: &App, claim: &Claim, told: &[Announcement], now: Time) -> Result<()> {
    let tx = app.db.begin_in_turn().await?;
    if !told.is_empty() {
        announcements::told(&tx, told, now).await?;
    }
    jobs::complete(&tx, claim).await?;
    // After a full message there is more; only the last one has to look when.
    let next = if told.len() as i64 == MOST {
        Some(now)
    } else {
        announcements::earliest(&tx).await?.map(|last| Time((last.0 + PAUSE).max(now.0)))
    };
    if let Some(next) = next.filter(|_| app.site.indexnow.key().is_some()) {
        jobs::request(&tx, &Payload::IndexNow, next, now).await?;
    }
    tx.commit().await
}

/// What a refusal means, for whoever reads `atlas jobs list`.
fn refused(app: &App, endpoint: &Url, status: u16, reply: &Reply) -> Error {
    let origin = &app.config.origin;
    let why = match status {
        400 => "can't read the message".to_owned(),
        403 => format!(
            "does not accept the key: {} must show it to everybody",
            origin.url(&app.site.indexnow.path().unwrap_or_default())
        ),
        422 => format!("does not take the key for {}: the addresses are not of that host", origin.host()),
        _ => format!("answered {status}"),
    };
    let words: String = reply.text.chars().filter(|char| !char.is_control()).take(200).collect();
    let said = if words.is_empty() { String::new() } else { format!(" ({words})") };
    Problem::new(format!("{endpoint} {why}{said}")).into()
}
