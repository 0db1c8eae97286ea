//! Taking a file in.

use serde_json::json;

use crate::actions::Change;
use crate::entry::Verb;
use crate::error::Result;
use crate::files::variants;
use crate::store::jobs::{self, Payload};
use crate::store::media::{self, Media};

/// Stores an image and notes it; the same bytes are the same file, under the name they came with
/// first.
///
/// # Errors
/// `Invalid` when it is no image the site serves; `Unavailable` on a full disk; `Denied`.
pub async fn store_media(change: &mut Change<'_>, name: &str, bytes: &[u8]) -> Result<Media> {
    change.permit(Verb::Draft)?;
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
    if variants::may_have_any(&media.name) {
        let payload = Payload::Variants { hash: media.hash.clone() };
        jobs::enqueue(&change.tx, &payload, change.now, change.now).await?;
    }
    change.audit("store_media", None, &json!({ "address": media.address() }));
    Ok(media)
}
