//! Where sitemaps lie: one folder a generation, and a link to the present one that is swapped whole,
//! so that an index never names shards of another generation.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use crate::error::Result;

/// The name of the index.
pub const INDEX: &str = "sitemap.xml";
/// The name of the news sitemap, which stands apart: it changes as time goes by.
pub const NEWS: &str = "sitemap-news.xml";
const CURRENT: &str = "current";

/// The folder of the present generation, if there is one.
pub fn current(root: &Path) -> Option<PathBuf> {
    fs::canonicalize(root.join(CURRENT)).ok()
}

/// The same, for a request: no thread waits for the disk.
pub async fn served(root: &Path) -> Option<PathBuf> {
    tokio::fs::canonicalize(root.join(CURRENT)).await.ok()
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

/// Where the news sitemap lies, compressed.
pub fn news(root: &Path) -> PathBuf {
    root.join(format!("{NEWS}.gz"))
}

/// Puts the news sitemap in place at once; `id` names the file until it is whole. One that says the
/// same stays, and its date with it.
pub fn put_news(root: &Path, id: &str, gzip: &[u8]) -> Result<()> {
    if fs::read(news(root)).is_ok_and(|present| present == gzip) {
        return Ok(());
    }
    let beside = root.join(format!(".{NEWS}-{id}"));
    let mut file = fs::File::create(&beside)?;
    file.write_all(gzip)?;
    file.sync_all()?;
    fs::rename(&beside, news(root))?;
    fs::File::open(root)?.sync_all()?;
    Ok(())
}

/// Takes the news sitemap away, where there is one.
pub fn remove_news(root: &Path) -> Result<()> {
    match fs::remove_file(news(root)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Takes the file of the present generation for a new one that says the same, so that it keeps its
/// date and tag, and who has it need not read it again; whether it said the same.
pub fn keep_unchanged(root: &Path, folder: &Path, name: &str) -> Result<bool> {
    let Some(present) = current(root).map(|current| current.join(name)) else { return Ok(false) };
    let fresh = folder.join(name);
    if !is_same(&present, &fresh).unwrap_or(false) {
        return Ok(false);
    }
    let beside = folder.join(format!(".{name}"));
    // Where files can't have two names, the new one does as well.
    if fs::hard_link(&present, &beside).is_ok() {
        fs::rename(&beside, &fresh)?;
    }
    Ok(true)
}

fn is_same(one: &Path, other: &Path) -> std::io::Result<bool> {
    let (one, other) = (fs::File::open(one)?, fs::File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (BufReader::new(one), BufReader::new(other));
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let read = left.len().min(right.len());
        if left[..read] != right[..read] || (read == 0 && left.len() != right.len()) {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
        one.consume(read);
        other.consume(read);
    }
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
    fn a_file_that_says_the_same_keeps_its_date() {
        let root = tempfile::tempdir().unwrap();
        let long = "x".repeat(100_000);
        let build = |id: &str, files: &[(&str, &str)]| {
            let folder = next(root.path(), id).unwrap();
            for (name, text) in files {
                fs::write(folder.join(name), text).unwrap();
                keep_unchanged(root.path(), &folder, name).unwrap();
            }
            swap(root.path(), &folder).unwrap();
            let present = current(root.path()).unwrap();
            let date =
                |(name, _): &(&str, &str)| fs::metadata(present.join(name)).unwrap().modified().unwrap();
            files.iter().map(date).collect::<Vec<_>>()
        };
        let first = build("1", &[("a", &long), ("b", "one"), ("c", "one")]);
        std::thread::sleep(std::time::Duration::from_millis(20));
        let second = build("2", &[("a", &long), ("b", "two"), ("c", "three"), ("d", "")]);
        let kept: Vec<bool> = first.iter().zip(&second).map(|(before, after)| before == after).collect();
        assert_eq!(kept, [true, false, false]);
        assert_eq!(build("3", &[("a", &long)]), first[..1], "also when the generation it is from has gone");
    }

    #[test]
    fn news_that_say_the_same_keep_their_date() {
        let root = tempfile::tempdir().unwrap();
        let date = || fs::metadata(news(root.path())).unwrap().modified().unwrap();
        put_news(root.path(), "1", b"a").unwrap();
        let first = date();
        std::thread::sleep(std::time::Duration::from_millis(20));
        put_news(root.path(), "2", b"a").unwrap();
        assert_eq!(date(), first);
        put_news(root.path(), "3", b"b").unwrap();
        assert_ne!(date(), first);
        remove_news(root.path()).unwrap();
        remove_news(root.path()).unwrap();
        assert!(!news(root.path()).exists());
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
