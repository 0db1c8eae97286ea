//! The page of a saved state, drawn and held against what search engines and readers need: what an editor
//! sees beside the form, and what the overview tells of.

use super::facts;
use super::layouts;
use super::naming::{self, Rung};
use super::show::Target;
use super::view::EntryView;
use crate::app::App;
use crate::entry::Content;
use crate::error::{Error, Result};
use crate::seo::review::{self, Finding, Page};
use crate::text::Path;

/// A page as crawlers read it, with what is wrong or missing, the worst first.
pub struct Examined {
    pub page: Page,
    pub findings: Vec<Finding>,
    /// What the title could be taken from, the nearest first.
    pub titles: Vec<Rung>,
    /// The same for the description.
    pub descriptions: Vec<Rung>,
    /// The address it would have.
    pub path: String,
}

/// Examines a saved state as if it were live.
///
/// # Errors
/// `NotFound` when there is no such entry.
pub async fn examine(app: &App, id: i64, content: Content) -> Result<Examined> {
    let view = EntryView::as_if_live(app, id, content).await?;
    let path = Path::parse_href(&view.href).map_err(Error::internal)?;
    let target = Target { path, query: Vec::new(), moved: false };
    let page = Page::read(&layouts::draw(app, &view, &target).await?.body);
    let (titles, descriptions) = (naming::titles(app, &view), naming::descriptions(app, &view));
    let mut findings = review::review(&page);
    findings.extend(facts::gather(app, &view, &page, &descriptions).await?);
    review::sort(&mut findings);
    Ok(Examined { page, findings, titles, descriptions, path: view.path })
}
