//! Where sitemaps lie: one folder a generation, and a link to the present one that is swapped whole,
//! so that an index never names shards of another generation.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Result;

/// The name of the index.
pub const INDEX: &str = "sitemap.xml";
const CURRENT: &str = "current";

/// The folder of the present generation, if there is one.
pub fn current(root: &Path) -> Option<PathBuf> {
    fs::canonicalize(root.join(CURRENT)).ok()
}

/// Whether a name is one that a build gives a shard: `place-fa-2.xml`.
pub fn is_shard(name: &str) -> bool {
    let stem = name.strip_suffix(".xml").unwrap_or_default();
    !stem.is_empty()
        && stem
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_')
}

/// The right to build, held until it is dropped: by one process at a time, or one would take away what
/// another is still writing. `None` while somebody else has it.
pub fn lock(root: &Path) -> Result<Option<fs::File>> {
    let file = fs::File::create(root.join(".lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

/// An empty folder for the next generation.
pub fn next(root: &Path, id: &str) -> Result<PathBuf> {
    let folder = root.join(format!("generation-{id}"));
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Makes a finished generation the present one, and takes older ones away but the last: somebody may
/// still be reading it.
pub fn swap(root: &Path, folder: &Path) -> Result<()> {
    fs::File::open(folder)?.sync_all()?;
    let before = current(root);
    let beside = root.join(".next");
    let _ = fs::remove_file(&beside);
    let name = folder.file_name().unwrap_or_default();
    #[cfg(unix)]
    std::os::unix::fs::symlink(name, &beside)?;
    fs::rename(&beside, root.join(CURRENT))?;
    fs::File::open(root)?.sync_all()?;
    for file in fs::read_dir(root)?.flatten() {
        let path = file.path();
        let is_generation = file.file_name().to_string_lossy().starts_with("generation-");
        let kept = path.file_name() == folder.file_name()
            || before.as_ref().is_some_and(|before| before.file_name() == path.file_name());
        if is_generation && !kept {
            let _ = fs::remove_dir_all(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_is_swapped_whole_and_old_ones_go() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(current(root.path()), None);
        for id in ["1", "2", "3"] {
            let folder = next(root.path(), id).unwrap();
            fs::write(folder.join("a"), id).unwrap();
            swap(root.path(), &folder).unwrap();
            assert_eq!(fs::read_to_string(current(root.path()).unwrap().join("a")).unwrap(), id);
        }
        assert!(!root.path().join("generation-1").exists());
        assert!(root.path().join("generation-2").exists());
    }

    #[test]
    fn one_builder_at_a_time() {
        let root = tempfile::tempdir().unwrap();
        let first = lock(root.path()).unwrap();
        assert!(first.is_some());
        assert!(lock(root.path()).unwrap().is_none());
        drop(first);
        assert!(lock(root.path()).unwrap().is_some());
    }

    #[test]
    fn only_names_of_ours_are_shards() {
        for name in ["place-en-1.xml", "service-category-fa-12.xml"] {
            assert!(is_shard(name), "{name}");
        }
        for name in ["", ".xml", "../a.xml", "a/b.xml", "A.xml", "a.xml.gz", "a\\b.xml", "%2e.xml"] {
            assert!(!is_shard(name), "{name}");
        }
    }
}
