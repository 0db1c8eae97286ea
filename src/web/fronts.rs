//! The threads that answer connections: one a core, each with a runtime of its own, so that an answer
//! from memory never waits for a page that is being rendered, nor for another thread.

use std::io;
use std::sync::mpsc;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// Threads that read files for one front, at most.
const MOST_READERS: usize = 32;

/// The running threads; none where connections are answered by the runtime they were accepted on.
#[derive(Default)]
pub(super) struct Fronts {
    threads: Vec<Front>,
    next: usize,
}

struct Front {
    handle: Handle,
    stop: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Fronts {
    /// # Errors
    /// When the system gives no thread or no descriptor.
    pub(super) fn start(count: usize) -> io::Result<Fronts> {
        let threads = (0..count).map(|_| Front::start()).collect::<io::Result<_>>()?;
        Ok(Fronts { threads, next: 0 })
    }

    /// Where the next connection is answered: each thread in turn, since connections of a proxy last.
    pub(super) fn next(&mut self) -> Handle {
        self.next = self.next.wrapping_add(1);
        match self.threads.len() {
            0 => Handle::current(),
            count => self.threads[self.next % count].handle.clone(),
        }
    }

    /// Ends the threads, whose connections have ended.
    pub(super) fn end(self) {
        for front in self.threads {
            let _ = front.stop.send(());
            if front.thread.join().is_err() {
                tracing::error!("a thread that answers connections has failed");
            }
        }
    }
}

impl Front {
    fn start() -> io::Result<Front> {
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = mpsc::channel();
        // The runtime is made and ends in its own thread: nowhere else may it be dropped.
        let thread = thread::Builder::new().name("atlas-front".to_owned()).spawn(move || {
            let built = Builder::new_current_thread()
                .enable_all()
                .thread_name("atlas-front")
                .max_blocking_threads(MOST_READERS)
                .build();
            let runtime = match built {
                Ok(runtime) => runtime,
                Err(error) => return drop(tell.send(Err(error))),
            };
            let _ = tell.send(Ok(runtime.handle().clone()));
            let _ = runtime.block_on(stopped);
            // A file that is being read holds nobody up.
            runtime.shutdown_background();
        })?;
        let handle = told.recv().map_err(io::Error::other)??;
        Ok(Front { handle, stop, thread })
    }
}
