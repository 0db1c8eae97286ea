//! Building the news sitemap: stories of the last two days by the clock.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::app::{App, News};
use crate::clock::Time;
use crate::error::Result;
use crate::files::sitemaps::{put_news, remove_news};
use crate::seo::Hreflang;
use crate::seo::news::{MAX_STORIES, Story, WINDOW, language, write_news};
use crate::store::discovery::{self, NewsSource};
use crate::store::paths;

/// Builds it anew, and says when it will be outdated even if nothing changes: when its oldest story is
/// news no more, or one with a date to come is. A site without news has no file.
///
/// # Errors
/// `Unavailable` when the database is away or the disk is full.
pub async fn build(app: &App) -> Result<Time> {
    let root = app.files.sitemaps();
    let news = sources(app);
    if news.is_empty() {
        remove_news(&root)?;
        return Ok(Time(i64::MAX));
    }
    let now = app.clock.now();
    let since = Time(now.0 - WINDOW);
    let locales: Vec<String> = app.site.locales.iter().map(|locale| locale.code.clone()).collect();
    let found = discovery::news(&app.db, &news, &locales, (since, now), MAX_STORIES as i64).await?;
    let ages_out = found.last().map(|oldest| Time(oldest.published_at.0 + WINDOW));
    let comes_in = discovery::next_news(&app.db, &news, &locales, now).await?;
    let stories = found.into_iter().map(|row| story(app, row)).collect::<Result<Vec<Story>>>()?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::new(6));
    gzip.write_all(&write_news(Vec::new(), &stories)?)?;
    put_news(&root, &app.clock.uuid().to_string(), &gzip.finish()?)?;
    Ok(ages_out.into_iter().chain(comes_in).min().unwrap_or(Time(i64::MAX)))
}

/// Where news are to be looked for.
fn sources(app: &App) -> Vec<NewsSource> {
    let mut sources = Vec::new();
    for (kind, news) in app.news_types() {
        let source = |only: Option<(&str, &str)>| NewsSource {
            kind: kind.to_owned(),
            only: only.map(|(field, choice)| (field.to_owned(), choice.to_owned())),
        };
        match news {
            News::All => sources.push(source(None)),
            News::Some { field, choices } => {
                sources.extend(choices.into_iter().map(|choice| source(Some((field, choice)))));
            }
        }
    }
    sources
}

fn story(app: &App, row: discovery::Story) -> Result<Story> {
    let locale = app.site.locale(&row.locale).unwrap_or_else(|| app.site.default_locale());
    let own = locale.name.as_ref().unwrap_or(&app.site.name);
    Ok(Story {
        loc: app.config.origin.url(&paths::stored(&row.path).href()),
        publication: app.site.news.name.as_ref().unwrap_or(own).clone(),
        language: language(&Hreflang::parse(&row.locale)?),
        published: row.published_at,
        title: row.title,
    })
}
