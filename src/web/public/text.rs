//! A text that is not stored yet, as its page would have it.

use super::pictures::in_text;
use super::view::{href, linked_entries};
use crate::app::App;
use crate::error::Result;
use crate::store::{links, media};
use crate::text::{SafeHtml, markdown};

/// What a page would show of a text.
pub struct Text {
    pub html: SafeHtml,
    pub words: u32,
    /// Reading time; at least 1 when there is a word.
    pub minutes: u32,
}

/// Draws a text by the rules of every page: the sanitiser, links to where entries stand now, pictures in
/// their widths.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn draw_text(app: &App, body: &str, rtl: bool) -> Result<Text> {
    let shown: Vec<String> = markdown::addresses(body).into_iter().map(|address| address.url).collect();
    let pictures = media::known(&app.db, &shown).await?;
    let sizes = media::sizes(&pictures);
    let options = markdown::Options { author: markdown::Author::Staff, rtl, images: &sizes };
    let rendered = markdown::render(body, &options);
    let led = links::would_lead(&app.db, &linked_entries(body)).await?;
    let html = rendered.html.with_links(|id| {
        let to = led.iter().find(|led| led.id == id)?;
        Some(href(&to.path))
    });
    Ok(Text { html: in_text(&html, &pictures, false), words: rendered.words, minutes: rendered.minutes })
}
