//! Threads of their own for long work, which leave the processor to those that answer requests.

use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::threads::let_others_go_first;

/// Does something in a thread of its own; one that is `modest` runs when nobody else wants to. What it
/// answers comes when it is done; an error, when it has died.
///
/// # Errors
/// `Internal` when the system gives no more threads.
pub fn run<T: Send + 'static>(
    modest: bool,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<oneshot::Receiver<T>> {
    let (done, answer) = oneshot::channel();
    let thread = std::thread::Builder::new().name("sitemaps".into());
    let begun = thread.spawn(move || {
        if modest {
            let_others_go_first();
        }
        let _ = done.send(work());
    });
    begun.map(|_| answer).map_err(Error::internal)
}
