//! What import must read and export must give back.

mod addresses;
mod blog;
mod documents;
mod links;
mod tables;
mod walks;
mod writing;
mod wrong;

use std::path::PathBuf;

/// A file of the shared content, or none where it is not present; then the test says so.
fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ATLAS_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")), PathBuf::from);
    let path = root.join("data").join(path);
    if !path.exists() {
        println!("skipped: {} is not here (ATLAS_SHARED names the folder that holds data/)", path.display());
        return None;
    }
    Some(path)
}
