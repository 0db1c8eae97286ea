//! The page of a region, a city or an area: what is there.

use super::around::{browse, listed_in, nearby, tags};
use super::drawn;
use super::parts::facts;
use super::works::works;
use crate::app::App;
use crate::error::Result;
use crate::web::public::entry::frame;
use crate::web::public::show::{Drawn, Target};
use crate::web::public::view::EntryView;
use crate::web::views::{Around, HubPage};

pub async fn hub(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let lists = listed_in(app, view).await?;
    let works = works(app, view, target, &lists).await?;
    let (neighbours, near) = nearby(app, view).await?;
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
        around: Around { counts: works.counts, groups: vec![browse(view, &lists), neighbours] },
    };
    let mut stale_with = works.stale_with;
    stale_with.extend(near);
    stale_with.extend(tags(&lists));
    drawn(&page, stale_with)
}
