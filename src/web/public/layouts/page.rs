//! A page of its own, with what stands below it.

use super::parts::facts;
use super::{drawn, single};
use crate::app::App;
use crate::error::Result;
use crate::store::lists::{self, Slice};
use crate::web::public::card::{cards, tags};
use crate::web::public::entry::frame;
use crate::web::public::show::{Drawn, Target};
use crate::web::public::view::EntryView;
use crate::web::views::{PageLayout, Section, Words};

pub async fn page(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    single(target)?;
    let children = lists::children(&app.db, view.entry.id, Slice { limit: 200, offset: 0 }).await?;
    let mut stale_with: Vec<String> = tags(&children).collect();
    stale_with.push(format!("type:{}", view.kind.name));
    let children = cards(app, &children, &view.entry.locale, false).await?;
    let sections = Section {
        kind: view.kind.name.clone(),
        title: view.kind.label_in(&view.entry.locale).many.clone(),
        cards: children,
        ..Section::default()
    };
    let page = PageLayout {
        shell: frame(app, view).shell(app)?,
        title: view.entry.title.clone(),
        summary: view.summary(),
        updated: view.entry.modified_at.map(|at| Words::of(&view.entry.locale).when(at)),
        cover: view.cover(),
        outline: view.outline.clone(),
        body: view.body.clone(),
        facts: facts(view, &["purpose"]),
        sections: if sections.cards.is_empty() { Vec::new() } else { vec![sections] },
    };
    drawn(&page, stale_with)
}
