//! Files while they come in: written to disk as they arrive, looked at when they are whole, gone when
//! nobody keeps them.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::LARGEST;
use crate::error::{Problem, Result};

/// A process that dies leaves its files behind; no upload takes so long.
const OLD: Duration = Duration::from_hours(24);

/// A file that comes in. Dropped, it is gone.
#[derive(Debug)]
pub struct Upload {
    path: PathBuf,
    file: File,
    bytes: usize,
}

impl Upload {
    /// Begins one in this folder, which is made when missing.
    ///
    /// # Errors
    /// `Unavailable` on a full disk.
    pub fn begin(folder: &Path) -> Result<Upload> {
        fs::create_dir_all(folder)?;
        let path = folder.join(format!("{}.part", uuid::Uuid::now_v7()));
        Ok(Upload { file: File::create_new(&path)?, path, bytes: 0 })
    }

    /// Takes in what has arrived.
    ///
    /// # Errors
    /// `Invalid` when it gets larger than any file may be; `Unavailable` on a full disk.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len();
        if self.bytes > LARGEST {
            return Err(Problem::new(format!("is larger than {} MiB", LARGEST >> 20)).into());
        }
        Ok(self.file.write_all(bytes)?)
    }

    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// All of it.
    pub fn read(&self) -> Result<Vec<u8>> {
        Ok(fs::read(&self.path)?)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Removes what processes left behind that are no more.
pub fn forget_old(folder: &Path) {
    let Ok(files) = fs::read_dir(folder) else { return };
    for file in files.flatten() {
        let changed = file.metadata().and_then(|known| known.modified());
        let age = changed.ok().and_then(|changed| SystemTime::now().duration_since(changed).ok());
        if age.is_some_and(|age| age > OLD) {
            let _ = fs::remove_file(file.path());
        }
    }
}
