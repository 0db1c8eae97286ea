//! The page of a place: facts first.

use super::around::stands_on;
use super::open_now::open_now;
use super::parts::{facts, faq, gallery, hours_of, link, links, shown};
use super::related::related;
use super::works::sections;
use super::{drawn, single};
use crate::app::App;
use crate::error::Result;
use crate::schema::{Shown, Value};
use crate::store::related::By;
use crate::web::public::card::kind_of_place;
use crate::web::public::entry::frame;
use crate::web::public::show::{Drawn, Target};
use crate::web::public::view::EntryView;
use crate::web::views::{Around, Geo, PlacePage, Words};

pub async fn place(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    single(target)?;
    let (mut sections, mut stale_with) = sections(app, view).await?;
    let (lists, on) = stands_on(app, view).await?;
    stale_with.extend(on);
    let shown = |field: &str| shown(view, field);
    let kicker = match kind_of_place(&view.kind) {
        Some(field) => match shown(&field.name) {
            Some(Shown::Line(label)) => Some(label),
            _ => None,
        },
        None => None,
    };
    let known =
        ["business_type", "address", "telephone", "hours", "website", "geo", "services", "gallery", "faq"];
    let mut similar = related(app, view, By::RelationsAndWords).await?;
    stale_with.append(&mut similar.stale_with);
    sections.extend(similar.section(view));
    let (open_now, holds_until) = open_now(app, view).await?.unzip();
    let page = PlacePage {
        shell: frame(app, view).shell(app)?,
        title: view.entry.title.clone(),
        kicker,
        summary: view.summary(),
        address: match shown("address") {
            Some(Shown::Lines(lines)) => lines,
            _ => Vec::new(),
        },
        telephone: link(shown("telephone")),
        open_now,
        hours: match shown("hours") {
            Some(Shown::Hours(hours)) => Some(hours_of(&hours, Words::of(&view.entry.locale).comma)),
            _ => None,
        },
        website: link(shown("website")),
        geo: match view.values.get("geo") {
            Some(Value::Geo(geo)) => Some(Geo::new(geo.latitude, geo.longitude)),
            _ => None,
        },
        facts: facts(view, &known),
        services: links(view, "services"),
        cover: view.cover(),
        body: view.body.clone(),
        gallery: gallery(view),
        faq: faq(view),
        sections,
        around: Around { counts: Vec::new(), groups: vec![lists] },
    };
    Ok(drawn(&page, stale_with)?.until(holds_until))
}
