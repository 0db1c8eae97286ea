//! The house's own rules, read from the source tree: who may import whom, what the documents must
//! list, which dependencies are refused.

mod architecture;
mod commands;
mod dependencies;
mod documentation;
mod seo;
mod source;
mod templates;

use std::path::{Path, PathBuf};

/// The folder that holds `Cargo.toml`.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under a folder of the root, sorted, as paths relative to the root. An absent folder
/// holds none.
fn files_under(folder: &str) -> Vec<PathBuf> {
    let root = root();
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(root.join(folder))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(&root).unwrap().to_owned())
        .collect();
    files.sort();
    files
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Fails with one fault a line.
#[track_caller]
fn assert_none(faults: &[String], rule: &str) {
    assert!(faults.is_empty(), "{rule}:\n{}", faults.join("\n"));
}
