//! One render a key at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use super::page::CachedPage;

/// What a render came to, for all who waited for it.
pub(super) enum Done {
    Page(Arc<CachedPage>),
    /// The database is away, and why.
    Away(String),
}

type Cell = Arc<OnceCell<Done>>;

/// The renders under way.
#[derive(Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<Arc<str>, Cell>>>);

impl Flights {
    pub(super) fn join(&self, key: &str) -> Seat {
        let mut flights = lock(&self.0);
        let (key, cell) = match flights.get_key_value(key) {
            Some((key, cell)) => (Arc::clone(key), Arc::clone(cell)),
            None => {
                let key = Arc::<str>::from(key);
                let cell = Cell::default();
                flights.insert(Arc::clone(&key), Arc::clone(&cell));
                (key, cell)
            }
        };
        Seat { flights: Arc::clone(&self.0), key, cell: Some(cell) }
    }

    /// Whoever comes from now on starts anew.
    pub(super) fn land(&self, key: &str) {
        lock(&self.0).remove(key);
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        lock(&self.0).len()
    }
}

/// A part in a render: that of who renders, or of one who waits. Dropping it gives the part up.
pub(super) struct Seat {
    pub(super) key: Arc<str>,
    flights: Arc<Mutex<HashMap<Arc<str>, Cell>>>,
    cell: Option<Cell>,
}

impl Seat {
    pub(super) fn cell(&self) -> &OnceCell<Done> {
        self.cell.as_ref().expect("a seat keeps its cell until it is dropped")
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut flights = lock(&self.flights);
        let Some(cell) = self.cell.take() else { return };
        let same = flights.get(&self.key).is_some_and(|other| Arc::ptr_eq(other, &cell));
        // The map's and this one: nobody else is left.
        if same && Arc::strong_count(&cell) == 2 {
            flights.remove(&self.key);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
