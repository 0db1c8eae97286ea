//! What a folder holds: documents, images, and what import leaves alone.

use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use crate::error::{Error, Problem, Result};

/// Files by their path in the folder, with `/` between names, each list in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    pub documents: Vec<String>,
    pub images: Vec<String>,
    /// What is not read, and why.
    pub ignored: Vec<Problem>,
}

const IMAGES: [&str; 7] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg"];

/// Lists a folder. Symbolic links are not followed, so nothing outside it is ever read; hidden
/// files and folders are passed over.
///
/// # Errors
/// `Invalid` when `dir` is not a folder that can be read.
pub fn walk(dir: &Path) -> Result<Folder> {
    match std::fs::read_dir(dir) {
        Ok(_) => {}
        Err(error) => {
            let reason = format!("this is not a folder that can be read: {}", plain(&error));
            return Err(Error::from(Problem::new(reason).file(dir.display().to_string())));
        }
    }
    let mut folder = Folder::default();
    let entries = WalkDir::new(dir).min_depth(1).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry)) {
        match entry {
            Ok(entry) => folder.add(dir, &entry),
            Err(error) => {
                let file = error.path().map_or_else(String::new, |path| relative(dir, path).0);
                let reason = error.io_error().map_or_else(|| error.to_string(), plain);
                folder.ignore(file, format!("it can't be read: {reason}"));
            }
        }
    }
    folder.documents.sort_unstable();
    folder.images.sort_unstable();
    folder.ignored.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(folder)
}

impl Folder {
    fn add(&mut self, dir: &Path, entry: &DirEntry) {
        if entry.file_type().is_dir() {
            return;
        }
        let (file, utf8) = relative(dir, entry.path());
        if entry.file_type().is_symlink() {
            return self.ignore(file, "a symbolic link is not followed");
        }
        if !entry.file_type().is_file() {
            return self.ignore(file, "this is not a plain file");
        }
        if !utf8 {
            return self.ignore(file, "the name is not UTF-8");
        }
        match extension(&file).as_deref() {
            Some("md" | "markdown") => self.documents.push(file),
            Some(name) if IMAGES.contains(&name) => self.images.push(file),
            Some(_) => self.ignore(file, "neither Markdown nor an image"),
            None => self.ignore(file, "neither Markdown nor an image: the name has no ending"),
        }
    }

    fn ignore(&mut self, file: String, reason: impl Into<String>) {
        self.ignored.push(Problem::new(reason).file(file));
    }
}

/// The ending of a file name, in lower case.
pub(super) fn extension(file: &str) -> Option<String> {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, ending)| ending.to_ascii_lowercase())
}

/// Whether a name is one of those [`Folder::images`] takes.
pub fn is_image(file: &str) -> bool {
    extension(file).is_some_and(|ending| IMAGES.contains(&ending.as_str()))
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// The path inside `dir`, and whether it is UTF-8.
fn relative(dir: &Path, path: &Path) -> (String, bool) {
    let inside = path.strip_prefix(dir).unwrap_or(path);
    let names: Vec<_> = inside.iter().map(|name| name.to_string_lossy()).collect();
    (names.join("/"), inside.to_str().is_some())
}

/// The message without the number of the operating system.
pub(super) fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
