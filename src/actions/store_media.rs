//! Taking a file in.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::Semaphore;

use crate::actions::Change;
use crate::app::App;
use crate::entry::{Actor, Verb, permit};
use crate::error::{Error, Result};
use crate::files::uploads::Upload;
use crate::files::{clean, variants};
use crate::store::jobs::{self, Payload};
use crate::store::media::{self, Media};
use crate::store::pictures;

/// Pictures that are looked at at once: each is decoded, which takes memory.
static LOOKING: Semaphore = Semaphore::const_new(1);

/// Stores an image and notes it; the same bytes are the same file, under the name they came with
/// first.
///
/// # Errors
/// `Invalid` when it is no image the site serves; `Unavailable` on a full disk; `Denied`.
pub async fn store_media(change: &mut Change<'_>, name: &str, bytes: &[u8]) -> Result<Media> {
    // Whoever brings a picture in begins it.
    permit(change.actor, Verb::Draft, true)?;
    let hash = crate::files::hash16(bytes);
    if let Some(known) = media::find(&change.tx, &hash).await? {
        return Ok(known);
    }
    let stored = if change.dry_run {
        crate::files::examine(name, bytes)?
    } else {
        change.app.files.store(name, bytes)?
    };
    let media = Media {
        hash: stored.hash,
        name: stored.name,
        bytes: stored.bytes as i64,
        width: stored.size.map(|(width, _)| i64::from(width)),
        height: stored.size.map(|(_, height)| i64::from(height)),
    };
    let media = media::write(&change.tx, &media, change.now).await?;
    pictures::came_by(&change.tx, &media.hash, &change.actor.to_string()).await?;
    if variants::may_have_any(&media.name) {
        let payload = Payload::Variants { hash: media.hash.clone() };
        jobs::enqueue(&change.tx, &payload, change.now, change.now).await?;
    }
    change.audit("store_media", None, &json!({ "address": media.address() }));
    Ok(media)
}

/// Takes in what somebody uploaded, without what its metadata tell (SECURITY T7), in a change of its own.
///
/// # Errors
/// As [`store_media`], and `Invalid` for a drawing or a picture that is broken or takes too much to
/// decode.
pub async fn take_in(app: &App, actor: &Actor, name: &str, upload: Arc<Upload>) -> Result<Media> {
    permit(actor, Verb::Draft, true)?;
    let turn = LOOKING.acquire().await.map_err(Error::internal)?;
    let work = move || {
        // The turn ends with the decoding, even if whoever waits for it has gone.
        let _turn = turn;
        clean(&upload.read()?)
    };
    let bytes = tokio::task::spawn_blocking(work).await.map_err(Error::internal)??;
    let mut change = Change::begin(app, actor).await?;
    let media = store_media(&mut change, name, &bytes).await?;
    change.commit().await?;
    Ok(media)
}

/// Says what a picture shows, for everywhere it will be chosen; where it stands already, the words stay.
///
/// # Errors
/// `NotFound`; `Denied` for who did not bring it in and has not all entries; `Invalid` when the text is
/// too long.
pub async fn describe(change: &mut Change<'_>, hash: &str, alt: &str) -> Result<()> {
    let picture = pictures::find(&change.tx, hash).await?.ok_or(Error::NotFound)?;
    permit(change.actor, Verb::Draft, picture.actor == change.actor.to_string())?;
    let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
    if alt.chars().count() > LONGEST_ALT {
        return Err(Error::field("alt", format!("has more than {LONGEST_ALT} characters")));
    }
    pictures::describe(&change.tx, hash, &alt).await?;
    change.audit("describe_picture", None, &json!({ "address": picture.address(), "alt": alt }));
    Ok(())
}

/// Characters of a description; a longer one belongs into the text.
const LONGEST_ALT: usize = 500;
