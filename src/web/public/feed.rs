//! The feed of a language: the newest entries of every type that declares `feed = true`.

use hyper::StatusCode;

use super::shell::{description, home, name};
use super::show::Drawn;
use super::view::href;
use crate::app::App;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::seo::Hreflang;
use crate::seo::feed::{Author, Feed, Item, write_atom};
use crate::store::links::{self, LedFrom};
use crate::store::lists::{self, FeedRow};
use crate::store::relations::{self, Pointed};
use crate::text::SafeHtml;
use crate::web::headers::CachePolicy;

const ENTRIES: i64 = 30;

/// Draws the Atom feed of a language (RFC 4287).
pub async fn draw(app: &App, locale: &str) -> Result<Drawn> {
    let here = app.site.locale(locale).unwrap_or_else(|| app.site.default_locale());
    let kinds: Vec<String> =
        app.types.iter().filter(|kind| kind.feed).map(|kind| kind.name.clone()).collect();
    let rows = lists::feed(&app.db, &kinds, locale, ENTRIES).await?;
    let mut tags: Vec<String> = kinds.iter().map(|kind| format!("type:{kind}")).collect();
    tags.extend(rows.iter().map(|row| format!("entry:{}", row.id)));
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let led = links::led_from(&app.db, &ids).await?;
    let pointed = relations::of_all(&app.db, &ids, locale).await?;
    tags.extend(led.iter().map(|link| format!("entry:{}", link.led.id)));
    tags.extend(pointed.iter().map(|pointed| format!("entry:{}", pointed.id)));
    let entries: Vec<Item> = rows.into_iter().map(|row| item(app, row, &led, &pointed)).collect();
    let url = app.config.origin.url(&home(app, locale));
    let self_url = app.config.origin.url(&format!("{}/feed.xml", app.site.prefix(locale)));
    let feed = Feed {
        origin: app.config.origin.as_str().to_owned(),
        id: self_url.clone(),
        title: name(app, here).to_owned(),
        subtitle: Some(description(app, here).to_owned()).filter(|text| !text.is_empty()),
        url,
        self_url,
        updated: entries.iter().map(|entry| entry.updated).max().unwrap_or(Time(0)),
        locale: Hreflang::parse(locale)?,
        author: Author { name: name(app, here).to_owned(), url: None },
        icon: None,
        entries,
    };
    let xml = write_atom(Vec::new(), &feed)?;
    Ok(Drawn {
        status: StatusCode::OK,
        content_type: "application/atom+xml; charset=utf-8",
        body: String::from_utf8(xml).map_err(Error::internal)?,
        policy: CachePolicy::PAGE,
        location: None,
        tags,
    })
}

fn item(app: &App, row: FeedRow, led: &[LedFrom], pointed: &[Pointed]) -> Item {
    let origin = &app.config.origin;
    let path_of = |id| led.iter().find(|link| link.from_id == row.id && link.led.id == id);
    let content = row.html.filter(|html| !html.is_empty()).map(|html| {
        SafeHtml::from_store(html).with_links(|id| path_of(id).map(|link| origin.url(&href(&link.led.path))))
    });
    let pointed = || pointed.iter().filter(|pointed| pointed.from_id == row.id);
    let url = origin.url(&href(&row.path));
    Item {
        id: url.clone(),
        title: row.title,
        url,
        published: row.published_at,
        updated: row.modified_at.or(row.published_at).unwrap_or(Time(0)),
        authors: pointed()
            .filter(|pointed| pointed.field == "authors")
            .map(|author| Author { name: author.title.clone(), url: Some(origin.url(&href(&author.path))) })
            .collect(),
        categories: pointed()
            .filter(|pointed| matches!(pointed.kind.as_str(), "category" | "tag"))
            .map(|pointed| pointed.title.clone())
            .collect(),
        summary: Some(row.summary).filter(|text| !text.is_empty()).or(row.excerpt),
        content,
    }
}
