//! The page of a person, with what they did.

use super::around::stands_on;
use super::drawn;
use super::parts::{facts, line};
use super::related::related;
use super::works::works;
use crate::app::App;
use crate::error::Result;
use crate::store::related::By;
use crate::web::public::entry::frame;
use crate::web::public::show::{Drawn, Target};
use crate::web::public::view::EntryView;
use crate::web::views::{Around, ProfilePage};

pub async fn profile(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let works = works(app, view, target, &[]).await?;
    let (lists, on) = stands_on(app, view).await?;
    let mut frame = frame(app, view);
    works.tell(app, &mut frame, view);
    let entries_title = works.main.as_ref().map_or_else(String::new, |main| main.title.clone());
    let mut similar = related(app, view, By::Relations).await?;
    let pagination = works.pagination(view);
    let (mut sections, mut stale_with) = (works.sections, works.stale_with);
    stale_with.extend(on);
    stale_with.append(&mut similar.stale_with);
    sections.extend(similar.section(view));
    let page = ProfilePage {
        shell: frame.shell(app)?,
        title: view.entry.title.clone(),
        job: line(view, "job_title"),
        summary: view.summary(),
        portrait: view.cover(),
        facts: facts(view, &["job_title"]),
        body: view.body.clone(),
        entries_title,
        pagination,
        entries: works.main.map_or_else(Vec::new, |main| main.cards),
        sections,
        around: Around { counts: Vec::new(), groups: vec![lists] },
    };
    drawn(&page, stale_with)
}
