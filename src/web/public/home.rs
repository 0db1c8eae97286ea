//! The home page: the newest stories, then a section of each type that has a listing.

use hyper::StatusCode;

use super::card::{cards, is_dated, tags};
use super::shell::{Frame, description, home, name, tagline};
use super::show::{Drawn, Target};
use crate::app::App;
use crate::error::{Error, Result};
use crate::schema::Type;
use crate::store::lists::{self, Slice};
use crate::web::views::{HomePage, Link, Room, Section, Words};

const LATEST: i64 = 7;
const A_SECTION: i64 = 6;

/// The types that the home page shows, in the owner's order; all when none is named. Stories come first
/// anyhow.
fn shown(app: &App) -> Vec<&Type> {
    let named = &app.site.look.home;
    if named.is_empty() {
        return app.types.iter().collect();
    }
    let stories = app.types.iter().find(|kind| kind.listing.is_some() && is_dated(kind));
    let named = named.iter().filter_map(|name| app.types.get(name.get_ref()));
    stories
        .into_iter()
        .chain(named.filter(|kind| Some(&kind.name) != stories.map(|first| &first.name)))
        .collect()
}

/// Draws the home page of a language.
pub async fn draw(app: &App, locale: &str, target: &Target) -> Result<Drawn> {
    if target.page()?.is_some() {
        return Err(Error::NotFound);
    }
    let home = home(app, locale);
    let mut stale_with = Vec::new();
    let mut stories = Vec::new();
    let mut stories_more = None;
    let mut sections = Vec::new();
    for kind in shown(app) {
        let Some(listing) = &kind.listing else { continue };
        stale_with.push(format!("type:{}", kind.name));
        let dated = is_dated(kind);
        let found = if dated {
            lists::newest(&app.db, kind, locale, LATEST).await?
        } else {
            lists::of_type(&app.db, kind, locale, Slice { limit: A_SECTION, offset: 0 }).await?
        };
        stale_with.extend(tags(&found));
        let more = Link::new(
            format!("{}{}", app.site.prefix(locale), listing.path),
            Words::of(locale).all(&kind.label_in(locale).many),
        );
        let found = cards(app, &found, locale, dated).await?;
        if dated && stories.is_empty() {
            stories = found;
            stories_more = Some(more);
        } else if !found.is_empty() {
            sections.push(Section {
                kind: kind.name.clone(),
                title: kind.label_in(locale).many.clone(),
                cards: found,
                room: (kind.name == "city").then_some(Room::CALLED),
                more: Some(more),
            });
        }
    }
    let here = app.site.locale(locale).unwrap_or_else(|| app.site.default_locale());
    let mut frame = Frame::new(locale, &home, name(app, here));
    let tagline = tagline(app, here).to_owned();
    let site = name(app, here);
    frame.title_tag = Some(app.site.head.home(locale).fill(|token| match token {
        "site" | "title" => site.to_owned(),
        "tagline" => tagline.clone(),
        "summary" => description(app, here).to_owned(),
        _ => String::new(),
    }));
    frame.description = description(app, here).to_owned();
    frame.translations = app
        .site
        .locales
        .iter()
        .map(|other| (other.code.clone(), super::shell::home(app, &other.code), true))
        .collect();
    let lead = (!stories.is_empty()).then(|| stories.remove(0));
    let page = HomePage {
        shell: frame.shell(app)?,
        title: if tagline.is_empty() { name(app, here).to_owned() } else { tagline },
        summary: Some(description(app, here).to_owned()).filter(|text| !text.is_empty()),
        lead,
        latest: stories,
        latest_more: stories_more,
        sections,
    };
    Drawn::page(StatusCode::OK, &page, stale_with)
}
