//! Making a stored picture in the widths that screens ask for.

use crate::actions::Change;
use crate::app::App;
use crate::entry::Actor;
use crate::error::{Error, Problem, Result};
use crate::files::Files;
use crate::files::variants::{self, Variant};
use crate::store::jobs::{self, Claim};
use crate::store::media;

/// Makes the variants of a picture and ends the job; pages that show it are drawn anew. Made again,
/// they are the same files.
///
/// # Errors
/// `Invalid` when the picture is broken, too large to be decoded, or its file is gone: it is served in
/// its one size then. `Unavailable` on a full disk or when the database is away.
pub async fn make_variants(app: &App, hash: &str, job: &Claim) -> Result<()> {
    let made = match media::find(&app.db, hash).await? {
        // Decoding and encoding take their time, which nobody else's requests should.
        Some(picture) => {
            let files = app.files.clone();
            let work = move || make(&files, &picture);
            tokio::task::spawn_blocking(work).await.map_err(Error::internal)??
        }
        None => Vec::new(),
    };
    let mut change = Change::begin(app, &Actor::Engine).await?;
    media::write_variants(&change.tx, hash, &made).await?;
    jobs::complete(&change.tx, job).await?;
    if !made.is_empty() {
        change.touch(media::tag(hash));
    }
    change.commit().await
}

/// Writes the files; a page names them only when their rows are there.
fn make(files: &Files, picture: &media::Media) -> Result<Vec<media::Variant>> {
    let wrong = |reason: String| Problem::new(reason).file(picture.address());
    let Some(bytes) = files.find_media(&picture.hash, &picture.name)? else {
        return Err(wrong("the file is gone from the data folder".into()).into());
    };
    let made = variants::variants(&bytes).map_err(|error| match error {
        Error::Invalid(problems) => wrong(problems.to_string()).into(),
        error => error,
    })?;
    let mut stored = Vec::with_capacity(made.len());
    for Variant { width, height, bytes } in made {
        let stem = picture.name.rsplit_once('.').map_or(picture.name.as_str(), |(stem, _)| stem);
        let name = format!("{stem}-{width}.webp");
        files.store_variant(&picture.hash, &name, &bytes)?;
        let (width, height, bytes) = (i64::from(width), i64::from(height), bytes.len() as i64);
        stored.push(media::Variant { name, format: "webp".into(), width, height, bytes });
    }
    Ok(stored)
}
