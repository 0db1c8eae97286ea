//! Images of a folder: stored, and found again under the address they had.

use std::collections::HashMap;

use crate::actions::import::folder::Folder;
use crate::actions::import::{Batch, Options, Progress, Report};
use crate::actions::redirects::{self, Wish};
use crate::actions::store_media::store_media;
use crate::error::{Error, Problem, Result};

/// Media addresses, by file of the folder and by the address that the file had.
#[derive(Default)]
pub struct Images {
    pub by_file: HashMap<String, String>,
    pub by_address: HashMap<String, String>,
}

/// Takes every image in.
pub async fn take_in(
    batch: &mut Batch<'_>,
    folder: &Folder,
    options: &Options,
    report: &mut Report,
    progress: &mut dyn Progress,
) -> Result<Images> {
    let mut images = Images::default();
    progress.begin("images", folder.images.len() as u64);
    for (done, file) in folder.images.iter().enumerate() {
        batch.open().await?;
        let taken = take(batch, folder, file, options).await;
        match batch.close(taken).await? {
            Ok(taken) => {
                report.images += u64::from(taken.new);
                report.redirects += u64::from(taken.redirected);
                images.by_address.insert(taken.old, taken.address.clone());
                images.by_file.insert(file.clone(), taken.address);
            }
            Err(error) => report.fail(file, None, &error),
        }
        progress.step(done as u64 + 1);
    }
    Ok(images)
}

struct Taken {
    address: String,
    old: String,
    new: bool,
    redirected: bool,
}

async fn take(batch: &mut Batch<'_>, folder: &Folder, file: &str, options: &Options) -> Result<Taken> {
    let bytes = std::fs::read(folder.root.join(file))
        .map_err(|error| Problem::new(format!("can't be read: {error}")))?;
    let change = &mut batch.change;
    let new = crate::store::media::find(&change.tx, &crate::files::hash16(&bytes)).await?.is_none();
    let name = file.rsplit('/').next().unwrap_or(file);
    let media = store_media(change, name, &bytes).await?;
    let address = media.address();
    let old = folder.address_of_image(file);
    let mut redirected = false;
    if !file.starts_with("media/") {
        let href = crate::text::Path::parse(&old).map_err(|reason| Error::field("path", reason))?.href();
        let wish = Wish {
            kind: "exact".into(),
            from: href,
            to: Some(address.clone()),
            status: 301,
            reuse: options.reuse,
        };
        redirected = !redirects::add(change, &wish).await?.unchanged;
    }
    Ok(Taken { address, old, new, redirected })
}
