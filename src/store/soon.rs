//! Waiting for what comes at once.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

/// How long a thread asks again before it sleeps. A statement of SQLite on a warm page is answered by
/// its thread within this time; to fall asleep and be woken costs as much again.
const AWAKE: Duration = Duration::from_micros(40);

/// Waits for an answer that another thread is about to give, awake for a moment before it sleeps.
/// An import asks some 700,000 statements one after another, and spent most of its time being woken.
pub async fn soon<F: Future>(answer: F) -> F::Output {
    let mut answer = pin!(answer);
    poll_fn(|context| {
        let mut since = None;
        loop {
            if let Poll::Ready(answer) = answer.as_mut().poll(context) {
                return Poll::Ready(answer);
            }
            if since.get_or_insert_with(Instant::now).elapsed() > AWAKE {
                return Poll::Pending;
            }
            // Each look takes the lock that the answer is put down under.
            for _ in 0..64 {
                std::hint::spin_loop();
            }
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_comes_late_comes_all_the_same() {
        assert_eq!(soon(async { 1 }).await, 1);
        let late = tokio::task::spawn_blocking(|| {
            std::thread::sleep(Duration::from_millis(20));
            2
        });
        assert_eq!(soon(late).await.unwrap(), 2);
    }
}
