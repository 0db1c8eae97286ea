//! The page of a service, with who offers it.

use super::around::{alike, browse, by_facet, listed_in, tags};
use super::drawn;
use super::parts::{facts, faq};
use super::works::works;
use crate::app::App;
use crate::error::Result;
use crate::web::public::entry::frame;
use crate::web::public::show::{Drawn, Target};
use crate::web::public::view::EntryView;
use crate::web::views::{Around, ServicePage};

pub async fn service(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let lists = listed_in(app, view).await?;
    let works = works(app, view, target, &lists).await?;
    let by_facet = by_facet(app, view).await?;
    let (alike, near) = alike(app, view).await?;
    let mut frame = frame(app, view);
    works.tell(app, &mut frame, view);
    let pagination = works.pagination(view);
    let mut sections = works.sections;
    sections.extend(works.main);
    let page = ServicePage {
        shell: frame.shell(app)?,
        title: view.entry.title.clone(),
        kicker: view.related("category").next().map(|category| category.title.clone()),
        summary: view.summary(),
        cover: view.cover(),
        facts: facts(view, &["faq"]),
        body: view.body.clone(),
        faq: faq(view),
        sections,
        pagination,
        around: Around { counts: works.counts, groups: vec![browse(view, &lists), by_facet, alike] },
    };
    let mut stale_with = works.stale_with;
    stale_with.extend(tags(&lists));
    stale_with.extend(near);
    stale_with.push(format!("type:{}", crate::schema::LANDING));
    drawn(&page, stale_with)
}
