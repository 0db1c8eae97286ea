//! The page of a category, a tag or a series.

use super::around::{alike, browse, by_facet, listed_in, tags};
use super::drawn;
use super::parts::facts;
use super::works::works;
use crate::app::App;
use crate::error::Result;
use crate::store::lists::{self, Slice};
use crate::web::public::entry::frame;
use crate::web::public::show::{Drawn, Target};
use crate::web::public::view::{EntryView, href};
use crate::web::views::{Around, Link, TaxonomyPage};

pub async fn taxonomy(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let lists = listed_in(app, view).await?;
    let works = works(app, view, target, &lists).await?;
    let by_facet = by_facet(app, view).await?;
    let (alike, near) = alike(app, view).await?;
    let mut frame = frame(app, view);
    works.tell(app, &mut frame, view);
    let children = lists::children(&app.db, view.entry.id, Slice { limit: 200, offset: 0 }).await?;
    let pagination = works.pagination(view);
    let numbered = view.kind.name == "series";
    let first = works.leaf.map_or(1, |leaf| leaf.slice.offset as u32 + 1);
    let page = TaxonomyPage {
        shell: frame.shell(app)?,
        title: view.entry.title.clone(),
        kicker: Some(view.kind.label_in(&view.entry.locale).one.clone()),
        summary: view.summary(),
        cover: view.cover(),
        facts: facts(view, &[]),
        body: view.body.clone(),
        children: children.iter().map(|child| Link::new(href(&child.path), child.title.clone())).collect(),
        first_number: numbered.then_some(first),
        cards: works.main.map_or_else(Vec::new, |main| main.cards),
        pagination,
        around: Around { counts: works.counts, groups: vec![browse(view, &lists), by_facet, alike] },
    };
    let mut stale_with = works.stale_with;
    stale_with.push(format!("type:{}", view.kind.name));
    stale_with.extend(tags(&lists));
    stale_with.extend(near);
    drawn(&page, stale_with)
}
