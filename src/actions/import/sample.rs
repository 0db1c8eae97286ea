//! The sample site that a new Atlas shows.

use crate::actions::import::{Options, Report, Unwatched, markdown};
use crate::app::App;
use crate::entry::Actor;
use crate::error::Result;
use crate::store::entries;

/// Loads the sample into a site that has nothing in it; none where there is something.
pub async fn load(app: &App) -> Result<Option<Report>> {
    if entries::any(&app.db).await? {
        return Ok(None);
    }
    let folder = app.config.data.join("sample");
    for (name, bytes) in App::sample_files() {
        let file = folder.join(name);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(file, bytes)?;
    }
    let options = Options { source: Some("sample".into()), ..Options::default() };
    let loaded = markdown::import(app, &Actor::Engine, &folder, &options, &mut Unwatched).await;
    let _ = std::fs::remove_dir_all(&folder);
    loaded.map(Some)
}
