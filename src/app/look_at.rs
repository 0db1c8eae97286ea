//! Looking at an entry's page from below what draws it: `web` says how when it starts.

use std::future::Future;
use std::pin::Pin;

use super::App;
use crate::config::Config;
use crate::entry::Content;
use crate::error::{Error, Problem, Problems, Result};
use crate::seo::review::{Finding, What};

/// What a look at a page gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The whole title.
    pub title: String,
    pub findings: Vec<Finding>,
}

/// Draws the page of a content and looks at it.
pub type Look = fn(App, i64, Content) -> Pin<Box<dyn Future<Output = Result<Looked>> + Send>>;

impl App {
    /// Says who draws pages; the first one stays.
    pub fn look_by(&self, look: Look) {
        let _ = self.look.set(look);
    }

    /// Looks at the page that a content of an entry would have.
    ///
    /// # Errors
    /// Those of drawing; `Internal` in a process that draws no pages.
    pub async fn look_at(&self, id: i64, content: Content) -> Result<Looked> {
        let look = self.look.get().ok_or_else(|| Error::internal("this process draws no pages"))?;
        look(self.clone(), id, content).await
    }

    /// Whether a finding keeps an entry from being published (the setting `stop_publishing`).
    pub fn is_stopped_by(&self, finding: &Finding) -> bool {
        self.config.stop_publishing.iter().any(|name| name.0 == finding.what.name())
    }

    /// What keeps a content of an entry from being published; nothing is drawn where nothing could.
    ///
    /// # Errors
    /// As [`App::look_at`].
    pub async fn stopping(&self, id: i64, content: Content) -> Result<Vec<Finding>> {
        if self.config.stop_publishing.is_empty() {
            return Ok(Vec::new());
        }
        let looked = self.look_at(id, content).await?;
        Ok(looked.findings.into_iter().filter(|finding| self.is_stopped_by(finding)).collect())
    }
}

/// # Errors
/// `Invalid` for each name in `stop_publishing` that nothing has.
pub(super) fn check_names(config: &Config) -> Result<()> {
    let known: Vec<&str> = What::ALL.iter().map(|what| what.name()).collect();
    let unknown = config.stop_publishing.iter().filter(|name| !known.contains(&name.0.as_str()));
    let problem = |name: &crate::config::Name| {
        let reason = format!("`{}` is nothing that is looked for; one of {}", name.0, known.join(", "));
        Problem::new(reason).field("stop_publishing")
    };
    let problems = Problems(unknown.map(problem).collect());
    problems.or(())
}
