//! The page of a person, with what they did.

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
use crate::web::views::ProfilePage;

pub async fn profile(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let works = works(app, view, target).await?;
    let mut frame = frame(app, view);
    works.tell(app, &mut frame, view);
    let entries_title = works.main.as_ref().map_or_else(String::new, |main| main.title.clone());
    let similar = related(app, view, By::Relations).await?;
    let mut stale_with = works.stale_with.clone();
    stale_with.extend(similar.stale_with);
    let page = ProfilePage {
        shell: frame.shell(app)?,
        title: view.entry.title.clone(),
        job: line(view, "job_title"),
        summary: view.summary(),
        portrait: view.cover(),
        facts: facts(view, &["job_title"]),
        body: view.body.clone(),
        entries_title,
        pagination: works.pagination(view),
        entries: works.main.map_or_else(Vec::new, |main| main.cards),
        similar: similar.cards,
    };
    drawn(&page, stale_with)
}
