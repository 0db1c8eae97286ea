//! The smallest forms of pages, made beside requests: brotli at its highest level costs more than
//! rendering does.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::{Kept, Pages};

/// How many pages may wait; the others are asked for again.
const QUEUE: usize = 4_096;
/// After each page the thread rests as often as long as the page took: a fifth of one core at most.
const REST: u32 = 4;
/// How long a page may wait for the thread to look.
const LOOK: Duration = Duration::from_millis(50);

/// The keys of pages that were asked for a second time.
pub(super) struct Wanted {
    ask: SyncSender<Arc<str>>,
    asked: Mutex<Receiver<Arc<str>>>,
}

impl Default for Wanted {
    fn default() -> Wanted {
        let (ask, asked) = sync_channel(QUEUE);
        Wanted { ask, asked: Mutex::new(asked) }
    }
}

impl Wanted {
    /// Whether there was room for it.
    pub(super) fn push(&self, key: &str) -> bool {
        self.ask.try_send(Arc::from(key)).is_ok()
    }

    fn pop(&self) -> Option<Arc<str>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).try_recv().ok()
    }
}

impl Pages {
    /// Starts the thread that makes the smallest forms; it ends with the last owner of the pages.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn pack_in_background(self: &Arc<Pages>) -> std::io::Result<()> {
        let pages = Arc::downgrade(self);
        thread::Builder::new().name("atlas-pack".to_owned()).spawn(move || pack(&pages)).map(drop)
    }

    /// Makes the smallest forms of the next page that waits for them; `false` if none does.
    pub fn pack_next(&self) -> bool {
        let Some(key) = self.wanted.pop() else { return false };
        if let Some(kept) = self.live.get(&key) {
            let packed = Arc::new(kept.page.packed());
            self.replace(key, &kept, packed);
        }
        true
    }

    /// Puts a page in the place of itself, unless it has gone or changed meanwhile. It gets a number of
    /// its own, under which it stands in the index: moka reports the old one as removed.
    pub(super) fn replace(&self, key: Arc<str>, old: &Kept, page: Arc<super::CachedPage>) {
        let mut index = self.index();
        if self.live.get(&key).is_none_or(|now| now.number != old.number) {
            return;
        }
        if let Some(number) = index.enter(&key, &page.tags, page.rendered_from) {
            self.live.insert(key, Kept { number, page });
            self.counters.packed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    }
}

fn pack(pages: &Weak<Pages>) {
    crate::threads::let_others_go_first();
    while let Some(pages) = pages.upgrade() {
        let started = Instant::now();
        let worked = pages.pack_next();
        drop(pages);
        let rest = if worked { started.elapsed() * REST } else { LOOK };
        thread::sleep(rest);
    }
}
