//! The page of a region, a city or an area: what is there.

use super::drawn;
use super::parts::facts;
use super::works::works;
use crate::app::App;
use crate::error::Result;
use crate::web::public::entry::frame;
use crate::web::public::show::{Drawn, Target};
use crate::web::public::view::EntryView;
use crate::web::views::HubPage;

pub async fn hub(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let works = works(app, view, target).await?;
    let mut frame = frame(app, view);
    works.tell(app, &mut frame, view);
    let pagination = works.pagination(view);
    let mut sections = works.sections;
    sections.extend(works.main);
    let page = HubPage {
        shell: frame.shell(app)?,
        title: view.entry.title.clone(),
        summary: view.summary(),
        cover: view.cover(),
        facts: facts(view, &[]),
        body: view.body.clone(),
        sections,
        pagination,
    };
    drawn(&page, works.stale_with)
}
