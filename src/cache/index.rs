//! Which pages carry a tag, and which changes each tag has seen.

use std::collections::HashMap;
use std::sync::Arc;

use super::page::Tag;

/// How many tags' last changes are remembered one by one. Beyond, all are forgotten at the cost of
/// not keeping the pages that are being rendered at that moment.
const REMEMBERED: usize = 65_536;

#[derive(Default)]
pub(super) struct Index {
    keys: HashMap<Tag, HashMap<Arc<str>, u64>>,
    /// The last change applied to a tag.
    last: HashMap<Tag, i64>,
    /// No page rendered before this is kept.
    floor: i64,
    next: u64,
}

impl Index {
    /// Enters a page under its tags and numbers it; `None` if it is outdated already.
    pub(super) fn enter(&mut self, key: &Arc<str>, tags: &[Tag], rendered_from: i64) -> Option<u64> {
        let changed = tags.iter().filter_map(|tag| self.last.get(tag)).max();
        if rendered_from < self.floor.max(changed.copied().unwrap_or(self.floor)) {
            return None;
        }
        self.next += 1;
        for tag in tags {
            self.keys.entry(tag.clone()).or_default().insert(Arc::clone(key), self.next);
        }
        Some(self.next)
    }

    /// Takes a page out, unless a later one of the same key has taken its place.
    pub(super) fn forget(&mut self, key: &Arc<str>, number: u64, tags: &[Tag]) {
        for tag in tags {
            let Some(keys) = self.keys.get_mut(tag) else { continue };
            if keys.get(key) == Some(&number) {
                keys.remove(key);
            }
            if keys.is_empty() {
                self.keys.remove(tag);
            }
        }
    }

    /// Notes a change and gives up the pages that carry the tag.
    pub(super) fn changed(&mut self, tag: &Tag, sequence: i64) -> HashMap<Arc<str>, u64> {
        if self.last.len() >= REMEMBERED && !self.last.contains_key(tag) {
            let highest = self.last.values().copied().max().unwrap_or(self.floor);
            self.floor = self.floor.max(highest);
            self.last.clear();
        }
        let last = self.last.entry(tag.clone()).or_insert(sequence);
        *last = sequence.max(*last);
        self.keys.remove(tag).unwrap_or_default()
    }

    /// Puts back a page that has seen the change already.
    pub(super) fn restore(&mut self, tag: &Tag, key: Arc<str>, number: u64) {
        self.keys.entry(tag.clone()).or_default().insert(key, number);
    }

    pub(super) fn raise(&mut self, floor: i64) {
        self.floor = self.floor.max(floor);
        self.last.retain(|_, last| *last > floor);
    }

    #[cfg(test)]
    pub(super) fn sizes(&self) -> (usize, usize) {
        (self.keys.values().map(HashMap::len).sum(), self.last.len())
    }
}
