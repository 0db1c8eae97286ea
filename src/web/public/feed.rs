//! Feeds: of the site, of the listing of a type, and of what points at a category, a tag, a series or
//! an author; each in three formats.

use hyper::StatusCode;

use super::errors;
use super::shell::{description, home, name};
use super::show::{Drawn, Target};
use super::view::href;
use crate::app::{App, feed_path};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::seo::Hreflang;
use crate::seo::feed::{Author, Feed, Format, Item};
use crate::store::discovery::{self, FeedRow, picture_address};
use crate::store::links::{self, LedFrom};
use crate::store::relations::{self, Pointed};
use crate::store::{entries, paths, shelf_parts};
use crate::text::SafeHtml;

const ENTRIES: i64 = 30;

/// The layout whose entries stand on shelves by their date (`rank` in `src/actions/shelve.rs`).
const DATED: &str = "article";

/// What a feed says of itself.
struct Channel<'a> {
    locale: &'a str,
    /// The address, without the origin, of the page that it is a feed of.
    page: String,
    /// Outlives a change of address; the feed's first address when absent.
    id: Option<String>,
    title: String,
    subtitle: String,
}

/// Draws the feed of the site in a language, or of the listing of a type. A feed without entries is
/// one as well: somebody may wait for the first.
pub async fn draw(
    app: &App,
    locale: &str,
    kind: Option<&str>,
    format: Format,
    target: &Target,
) -> Result<Drawn> {
    single(target)?;
    let here = app.site.locale(locale).unwrap_or_else(|| app.site.default_locale());
    let site = name(app, here);
    let (kinds, channel) = match kind {
        None => {
            let (title, subtitle) = (site.to_owned(), description(app, here).to_owned());
            (app.feed_types(), Channel { locale, page: home(app, locale), id: None, title, subtitle })
        }
        Some(kind) => {
            let kind = app.types.get(kind).ok_or(Error::NotFound)?;
            let listing = kind.listing.as_ref().ok_or(Error::NotFound)?;
            let page = href(&format!("{}{}", app.site.prefix(locale), listing.path));
            let title = format!("{} – {site}", kind.label_in(locale).many);
            (vec![kind.name.clone()], Channel { locale, page, id: None, title, subtitle: String::new() })
        }
    };
    let rows = discovery::feed(&app.db, &kinds, locale, ENTRIES).await?;
    let tags = kinds.iter().map(|kind| format!("type:{kind}")).collect();
    write(app, channel, rows, format, tags).await
}

/// Draws the feed of what points at an entry; 404 while nothing does.
pub async fn draw_entry(app: &App, id: i64, format: Format, target: &Target) -> Result<Drawn> {
    single(target)?;
    let entry = entries::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let path = paths::canonical(&app.db, id).await?.ok_or(Error::NotFound)?;
    let (group, locale) = (entry.translation_group, entry.locale.as_str());
    let mut tags = vec![format!("entry:{id}"), format!("group:{group}")];
    let members = entries::translations(&app.db, group).await?;
    tags.extend(members.iter().map(|member| format!("to:{}", member.id)));
    let kinds = app.feed_types();
    // As the page decides whether to name its feed.
    let listed = shelf_parts::types(&app.db, &[group], locale).await?;
    if !listed.iter().any(|shelf| kinds.contains(&shelf.shelf)) {
        let mut none = errors::draw(app, StatusCode::NOT_FOUND, target).await?;
        none.tags.extend(tags);
        return Ok(none);
    }
    let here = app.site.locale(locale).unwrap_or_else(|| app.site.default_locale());
    let channel = Channel {
        locale,
        page: path.href(),
        id: Some(format!("{}/feed", permanent(app, id, entry.created_at))),
        title: format!("{} – {}", entry.title, name(app, here)),
        subtitle: entry.summary.clone(),
    };
    let is_dated = |kind: &String| app.types.get(kind).is_some_and(|kind| kind.layout == DATED);
    let (dated, others): (Vec<String>, Vec<String>) = kinds.into_iter().partition(is_dated);
    let rows = discovery::feed_pointing_at(&app.db, group, &dated, &others, locale, ENTRIES).await?;
    write(app, channel, rows, format, tags).await
}

/// A feed has no second page.
fn single(target: &Target) -> Result<()> {
    if target.page()?.is_some() { Err(Error::NotFound) } else { Ok(()) }
}

/// The name of an entry for good, whatever its address becomes (RFC 4151).
fn permanent(app: &App, id: i64, created: Time) -> String {
    format!("tag:{},{}:entry/{id}", app.config.origin.host(), created.date())
}

async fn write(
    app: &App,
    channel: Channel<'_>,
    rows: Vec<FeedRow>,
    format: Format,
    mut tags: Vec<String>,
) -> Result<Drawn> {
    tags.extend(rows.iter().map(|row| format!("entry:{}", row.id)));
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let led = links::led_from(&app.db, &ids).await?;
    let pointed = relations::of_all(&app.db, &ids, channel.locale).await?;
    tags.extend(led.iter().map(|link| format!("entry:{}", link.led.id)));
    tags.extend(pointed.iter().map(|pointed| format!("entry:{}", pointed.id)));
    let items: Vec<Item> = rows.into_iter().map(|row| item(app, row, &led, &pointed)).collect();
    let feed = feed(app, channel, items, format)?;
    let link =
        feed.hub.as_ref().map(|hub| format!("<{hub}>; rel=\"hub\", <{}>; rel=\"self\"", feed.self_url));
    let text = format.write(&feed)?;
    Ok(Drawn {
        content_type: format.content_type(),
        body: String::from_utf8(text).map_err(Error::internal)?,
        link,
        ..Drawn::empty(StatusCode::OK, tags)
    })
}

fn feed(app: &App, channel: Channel<'_>, entries: Vec<Item>, format: Format) -> Result<Feed> {
    let origin = &app.config.origin;
    let here = app.site.locale(channel.locale).unwrap_or_else(|| app.site.default_locale());
    let at = |format| origin.url(&feed_path(&channel.page, format));
    Ok(Feed {
        origin: origin.as_str().to_owned(),
        id: channel.id.unwrap_or_else(|| at(Format::Atom)),
        title: channel.title,
        subtitle: Some(channel.subtitle).filter(|text| !text.is_empty()),
        url: origin.url(&channel.page),
        self_url: at(format),
        hub: app.site.feeds.websub().map(str::to_owned),
        updated: entries.iter().map(|entry| entry.updated).max().unwrap_or(Time(0)),
        locale: Hreflang::parse(channel.locale)?,
        author: Author { name: name(app, here).to_owned(), url: None },
        icon: None,
        entries,
    })
}

fn item(app: &App, row: FeedRow, led: &[LedFrom], pointed: &[Pointed]) -> Item {
    let origin = &app.config.origin;
    let path_of = |id| led.iter().find(|link| link.from_id == row.id && link.led.id == id);
    let content = row.html.filter(|html| !html.is_empty()).map(|html| {
        SafeHtml::from_store(html).with_links(|id| path_of(id).map(|link| origin.url(&href(&link.led.path))))
    });
    let pointed = || pointed.iter().filter(|pointed| pointed.from_id == row.id);
    let whole = |src: String| if src.starts_with('/') { origin.url(&src) } else { src };
    Item {
        id: permanent(app, row.id, row.created_at),
        title: row.title,
        url: origin.url(&href(&row.path)),
        published: row.published_at,
        updated: row.modified_at.or(row.published_at).unwrap_or(row.created_at),
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
        image: row.cover.as_deref().and_then(picture_address).map(whole),
    }
}
