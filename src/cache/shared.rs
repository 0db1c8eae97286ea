//! What many pages say alike and is long to work out: kept under the tags it was made from, like a page.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::index::Index;
use super::page::Tag;

/// With so many, all are forgotten: a site has some dozens.
const MOST: usize = 1_024;

/// Values by name. Whoever uses one on a page gives the page the tags of the value.
#[derive(Default)]
pub struct Shared(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    values: HashMap<Arc<str>, Value>,
    index: Index,
}

struct Value {
    number: u64,
    /// The change sequence before it was worked out.
    from: i64,
    tags: Vec<Tag>,
    value: Arc<dyn Any + Send + Sync>,
}

impl Shared {
    /// The value of a name, if it is here and of this type.
    pub fn get<T: Send + Sync + 'static>(&self, name: &str) -> Option<Arc<T>> {
        let value = Arc::clone(&self.kept().values.get(name)?.value);
        value.downcast().ok()
    }

    /// Keeps a value that was worked out from change `from` on, unless one of its tags has changed since.
    pub fn keep<T: Send + Sync + 'static>(&self, name: &str, tags: &[String], from: i64, value: Arc<T>) {
        let kept = &mut *self.kept();
        if kept.values.len() >= MOST {
            kept.forget_all();
        }
        let (name, tags) = (Arc::from(name), tags.iter().map(Tag::new).collect::<Vec<_>>());
        if let Some(number) = kept.index.enter(&name, &tags, from) {
            kept.values.insert(name, Value { number, from, tags, value });
        }
    }

    /// Forgets what carries one of the tags and is older than this change.
    pub(super) fn invalidate(&self, tags: &[Tag], sequence: i64) {
        let kept = &mut *self.kept();
        for tag in tags {
            for (name, number) in kept.index.changed(tag, sequence) {
                match kept.values.get(&name) {
                    Some(value) if value.number == number && value.from < sequence => {
                        kept.values.remove(&name);
                    }
                    Some(value) if value.number == number => kept.index.restore(tag, name, number),
                    _ => {}
                }
            }
        }
    }

    /// Forgets everything, also what is being worked out.
    pub(super) fn flush(&self, sequence: i64) {
        let kept = &mut *self.kept();
        kept.index.raise(sequence);
        kept.forget_all();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn forget_all(&mut self) {
        for (name, value) in self.values.drain() {
            self.index.forget(&name, value.number, &value.tags);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn changed(shared: &Shared, tag: &str, sequence: i64) {
        shared.invalidate(&[Tag::new(tag)], sequence);
    }

    #[test]
    fn a_value_stays_until_one_of_its_tags_changes() {
        let shared = Shared::default();
        shared.keep("a", &tags(&["type:city", "type:place"]), 4, Arc::new(1_u8));
        assert_eq!(shared.get::<u8>("a").as_deref(), Some(&1));
        assert!(shared.get::<u16>("a").is_none() && shared.get::<u8>("b").is_none());
        changed(&shared, "type:person", 5);
        changed(&shared, "type:city", 4);
        assert!(shared.get::<u8>("a").is_some(), "it has seen the change");
        changed(&shared, "type:place", 6);
        assert!(shared.get::<u8>("a").is_none());
    }

    #[test]
    fn what_was_worked_out_before_a_change_is_not_kept_after_it() {
        let shared = Shared::default();
        changed(&shared, "type:city", 7);
        shared.keep("a", &tags(&["type:city"]), 6, Arc::new(1_u8));
        assert!(shared.get::<u8>("a").is_none());
        shared.keep("a", &tags(&["type:city"]), 7, Arc::new(2_u8));
        assert_eq!(shared.get::<u8>("a").as_deref(), Some(&2));
        shared.flush(9);
        assert!(shared.get::<u8>("a").is_none());
        shared.keep("a", &tags(&["type:city"]), 8, Arc::new(3_u8));
        assert!(shared.get::<u8>("a").is_none());
    }

    #[test]
    fn it_holds_no_more_than_a_site_needs() {
        let shared = Shared::default();
        for number in 0..3_000 {
            shared.keep(&format!("{number}"), &tags(&["site"]), 1, Arc::new(number));
            assert!(shared.kept().values.len() <= MOST);
        }
        assert_eq!(shared.get::<i32>("2999").as_deref(), Some(&2_999));
        let kept = shared.kept();
        assert_eq!(kept.index.sizes().0, kept.values.len());
    }
}
