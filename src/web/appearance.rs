//! How the page of a saved state stands in results and previews: drawn by the code that draws the site,
//! for the back office to show and for a job to look at.

use std::future::Future;
use std::pin::Pin;

use super::public;
use crate::app::{App, Looked};
use crate::entry::Content;
use crate::error::Result;

pub use super::public::{Examined, Rung, TakenFrom};

/// Examines a saved state of an entry as if it were live.
///
/// # Errors
/// `NotFound` when there is no such entry.
pub async fn examine(app: &App, id: i64, content: Content) -> Result<Examined> {
    public::examine(app, id, content).await
}

/// As [`examine`], for jobs, which stand below what draws.
pub fn look(app: App, id: i64, content: Content) -> Pin<Box<dyn Future<Output = Result<Looked>> + Send>> {
    Box::pin(async move {
        let examined = public::examine(&app, id, content).await?;
        Ok(Looked { title: examined.page.title, findings: examined.findings })
    })
}
