//! What answers requests that memory does not, as the site's settings have it now. When they change, it is
//! made anew and replaced whole; a request keeps to the one that it began with.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;

use super::errors::DrawError;
use super::headers::Security;
use super::statics::Statics;

/// One moment of it.
#[derive(Clone)]
pub struct Face {
    /// Asked for everything that is not in memory; a `RequestInfo` stands in the extensions.
    pub router: Router,
    pub draw_error: Option<DrawError>,
    pub security: Security,
    /// The files below `/static/`, which are answered like pages in memory.
    pub statics: Arc<Statics>,
}

/// The present one.
pub type Facing = Arc<dyn Fn() -> Arc<Face> + Send + Sync>;

/// One that stays.
pub fn fixed(face: Face) -> Facing {
    let face = Arc::new(face);
    Arc::new(move || Arc::clone(&face))
}

/// One that is made anew when its edition is another: `edition` says which is the present one, `make` makes
/// it from the one before.
pub fn renewed(
    edition: impl Fn() -> u64 + Send + Sync + 'static,
    make: impl Fn(Option<&Face>) -> (u64, Face) + Send + Sync + 'static,
) -> Facing {
    let (made, face) = make(None);
    let kept = RwLock::new((made, Arc::new(face)));
    Arc::new(move || {
        let wanted = edition();
        let present = kept.read().unwrap_or_else(PoisonError::into_inner);
        if present.0 == wanted {
            return Arc::clone(&present.1);
        }
        drop(present);
        let mut kept = kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != wanted {
            let (made, face) = make(Some(&kept.1));
            *kept = (made, Arc::new(face));
        }
        Arc::clone(&kept.1)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn it_is_made_once_an_edition() {
        let (edition, made) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let facing = renewed(
            {
                let edition = Arc::clone(&edition);
                move || edition.load(Ordering::SeqCst)
            },
            {
                let (edition, made) = (Arc::clone(&edition), Arc::clone(&made));
                move |before| {
                    assert_eq!(before.is_some(), made.fetch_add(1, Ordering::SeqCst) > 0);
                    let face = Face {
                        router: Router::new(),
                        draw_error: None,
                        security: Security::new(false, None),
                        statics: Arc::default(),
                    };
                    (edition.load(Ordering::SeqCst), face)
                }
            },
        );
        let first = facing();
        assert!(Arc::ptr_eq(&first, &facing()));
        edition.store(1, Ordering::SeqCst);
        assert!(!Arc::ptr_eq(&first, &facing()));
        assert!(Arc::ptr_eq(&facing(), &facing()));
        assert_eq!(made.load(Ordering::SeqCst), 2);
    }
}
