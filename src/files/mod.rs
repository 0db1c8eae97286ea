//! Stored files: media by content, and what is prepared for readers. Written beside their place and
//! renamed into it, so that a reader or a crash never sees half of one.

mod clean;
pub mod icons;
mod image;
pub mod sitemaps;
pub mod uploads;
pub mod variants;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use clean::clean;
pub use image::{Format, probe};

use crate::error::{Error, Problem, Result};

/// The largest file that is taken in, in bytes.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// The data folder.
#[derive(Debug, Clone)]
pub struct Files {
    root: PathBuf,
}

/// A file as it is stored: what its address is made of, and its size if it is an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub hash: String,
    pub name: String,
    pub bytes: u64,
    pub size: Option<(u32, u32)>,
}

impl Files {
    /// Opens the folder; makes it when missing.
    pub fn open(root: &Path) -> Result<Files> {
        fs::create_dir_all(root.join("media"))?;
        fs::create_dir_all(root.join("sitemaps"))?;
        let files = Files { root: root.to_owned() };
        uploads::forget_old(&files.uploads());
        Ok(files)
    }

    pub fn media(&self) -> PathBuf {
        self.root.join("media")
    }

    pub fn sitemaps(&self) -> PathBuf {
        self.root.join("sitemaps")
    }

    /// The secret key of this name, `length` random bytes that nobody else may read: made when it is first
    /// asked for, and the same for ever after.
    ///
    /// # Errors
    /// `Internal` when the file is not one of ours; `Unavailable` on a full disk.
    pub fn key(&self, name: &str, length: usize) -> Result<Vec<u8>> {
        let file = self.root.join("keys").join(name);
        if !file.exists() {
            make_key(&file, length)?;
        }
        let key = fs::read(&file)?;
        if key.len() != length {
            return Err(Error::Internal(format!("{} does not hold {length} bytes", file.display())));
        }
        Ok(key)
    }

    /// Where files are while they come in.
    pub fn uploads(&self) -> PathBuf {
        self.root.join("uploads")
    }

    /// Stores an image under a name made from `name`; the same bytes are stored once.
    ///
    /// # Errors
    /// As [`examine`]; `Unavailable` on a full disk.
    pub fn store(&self, name: &str, bytes: &[u8]) -> Result<Stored> {
        let stored = examine(name, bytes)?;
        let folder = self.media().join(&stored.hash);
        let file = folder.join(&stored.name);
        if !file.exists() {
            fs::create_dir_all(&folder)?;
            write_atomically(&file, bytes)?;
        }
        Ok(stored)
    }

    /// Stores a picture made from the image with this hash, beside it.
    ///
    /// # Errors
    /// `Unavailable` on a full disk.
    pub fn store_variant(&self, hash: &str, name: &str, bytes: &[u8]) -> Result<()> {
        let folder = self.media().join(hash);
        fs::create_dir_all(&folder)?;
        write_atomically(&folder.join(name), bytes)
    }

    /// A stored file; none when it isn't there any more.
    pub fn find_media(&self, hash: &str, name: &str) -> Result<Option<Vec<u8>>> {
        match fs::read(self.media().join(hash).join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub fn read_media(&self, hash: &str, name: &str) -> Result<Vec<u8>> {
        Ok(fs::read(self.media().join(hash).join(name))?)
    }
}

/// Writes a key beside its place and links it there: of two processes that make it at once, both get what
/// the first has made.
fn make_key(file: &Path, length: usize) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut key = vec![0; length];
    getrandom::fill(&mut key).map_err(Error::internal)?;
    let beside = folder.join(format!(".{}.part", uuid::Uuid::now_v7()));
    let made = (|| -> std::io::Result<()> {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut open = options.open(&beside)?;
        open.write_all(&key)?;
        open.sync_all()?;
        match fs::hard_link(&beside, file) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        }?;
        File::open(folder)?.sync_all()
    })();
    let _ = fs::remove_file(&beside);
    Ok(made?)
}

/// What an image would be stored as; nothing is written.
///
/// # Errors
/// `Error::Invalid` when it is no image we serve, or too large.
pub fn examine(name: &str, bytes: &[u8]) -> Result<Stored> {
    if bytes.len() > LARGEST {
        return Err(Problem::new(format!("is larger than {} MiB", LARGEST / 1024 / 1024)).into());
    }
    let (format, size) = probe(bytes)?;
    let (hash, name) = (hash16(bytes), clean_name(name, format.extension()));
    Ok(Stored { hash, name, bytes: bytes.len() as u64, size })
}

/// The first 16 hexadecimal digits of the SHA-256.
pub fn hash16(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A name of plain letters, digits and hyphens with our own extension: nothing in it can be a path,
/// a type or a surprise.
fn clean_name(name: &str, extension: &str) -> String {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let mut clean = String::new();
    for character in deunicode::deunicode(stem).to_lowercase().chars() {
        if character.is_ascii_alphanumeric() {
            clean.push(character);
        } else if !clean.ends_with('-') && !clean.is_empty() {
            clean.push('-');
        }
    }
    clean.truncate(60);
    let clean = clean.trim_matches('-');
    format!("{}.{extension}", if clean.is_empty() { "image" } else { clean })
}

/// Writes beside the place, synchronises, renames: the old content stays until the new is whole.
pub fn write_atomically(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let beside = folder.join(format!(".{}.part", uuid::Uuid::now_v7()));
    let written = (|| -> std::io::Result<()> {
        let mut open = File::create(&beside)?;
        open.write_all(bytes)?;
        open.sync_all()?;
        fs::rename(&beside, file)?;
        File::open(folder)?.sync_all()
    })();
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    Ok(written?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let keys: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| files.key("a", 32).unwrap())).collect();
            asked.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| key == &keys[0] && key.iter().any(|byte| *byte != 0)));
        assert_eq!(fs::read_dir(folder.path().join("keys")).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join("keys/a")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(folder.path().join("keys/a"), "short").unwrap();
        assert!(files.key("a", 32).is_err(), "never replaced: what it sealed would be lost");
    }

    #[test]
    fn names_are_made_harmless() {
        for (given, clean) in [
            ("Photo 1.JPG", "photo-1.png"),
            ("../../etc/passwd", "passwd.png"),
            ("a.html.png", "a-html.png"),
            ("کافه.png", "khfh.png"),
            ("\u{202e}gnp.exe", "gnp.png"),
            ("...", "image.png"),
            ("", "image.png"),
        ] {
            assert_eq!(clean_name(given, "png"), clean, "{given}");
        }
    }
}
