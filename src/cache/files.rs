//! Small files of the data folder in memory: their addresses name their content, so none is ever wrong.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderValue};
use moka::sync::Cache;

/// A file that is gone from the disk is gone from here after so long.
const KEEP: Duration = Duration::from_hours(1);
/// One file takes at most this part of the memory for files.
const LARGEST: u64 = 16;

/// A file as it is sent.
#[derive(Debug)]
pub struct KeptFile {
    pub etag: HeaderValue,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Files by their address.
pub(super) struct Files {
    kept: Cache<Arc<str>, Arc<KeptFile>>,
    capacity: u64,
}

impl Files {
    pub(super) fn new(capacity: u64) -> Files {
        let kept = Cache::builder()
            .max_capacity(capacity)
            .weigher(|key: &Arc<str>, file: &Arc<KeptFile>| file.weight(key))
            .time_to_live(KEEP)
            .build();
        Files { kept, capacity }
    }

    pub(super) fn get(&self, key: &str) -> Option<Arc<KeptFile>> {
        self.kept.get(key)
    }

    pub(super) fn takes(&self, bytes: u64) -> bool {
        bytes <= self.capacity / LARGEST
    }

    pub(super) fn keep(&self, key: &str, file: KeptFile) {
        if self.takes(file.body.len() as u64) {
            self.kept.insert(Arc::from(key), Arc::new(file));
        }
    }

    /// How many there are, and their bytes.
    pub(super) fn size(&self) -> (u64, u64) {
        self.kept.run_pending_tasks();
        (self.kept.entry_count(), self.kept.weighted_size())
    }
}

impl KeptFile {
    fn weight(&self, key: &str) -> u32 {
        const HEADERS: usize = 2_048;
        u32::try_from(key.len() + self.body.len() + HEADERS).unwrap_or(u32::MAX)
    }
}
