//! The page of a service, with who offers it.

use super::drawn;
use super::parts::{facts, faq};
use super::works::works;
use crate::app::App;
use crate::error::Result;
use crate::web::public::entry::frame;
use crate::web::public::show::{Drawn, Target};
use crate::web::public::view::EntryView;
use crate::web::views::ServicePage;

pub async fn service(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let works = works(app, view, target).await?;
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
    };
    drawn(&page, works.stale_with)
}
