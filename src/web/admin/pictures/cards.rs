//! Pictures as a person looks for them: small, with what is known of each.

use std::collections::HashMap;

use serde::Serialize;

use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::store::media::{self, Known};
use crate::store::pictures::{self, Picture, Wanted};
use crate::web::admin::words::{Words, fill};

/// Pictures of one page.
const PAGE: usize = 48;
/// A card is drawn this wide at most, in dots of a screen with two a pixel.
const CARD: u32 = 320;

/// A picture in the library.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    pub hash: String,
    /// Its address.
    pub src: String,
    /// What is shown of it, smaller where there is a smaller one.
    pub thumb: String,
    pub name: String,
    /// What it shows; empty when nobody has said.
    pub alt: String,
    /// `1200 × 800`
    pub size: String,
    pub width: i64,
    pub height: i64,
    /// `340 KB`
    pub weight: String,
    /// How often it is used, in words.
    pub used: String,
}

/// Some of the library.
#[derive(Debug, Serialize)]
pub struct Cards {
    pub cards: Vec<Card>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// The newest pictures that hold these words, before a cursor that an earlier page gave.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn cards(app: &App, t: &Words, words: &str, before: Option<&str>) -> Result<Cards> {
    let before = before.and_then(cursor);
    let wanted = Wanted { words, before, limit: PAGE as i64 + 1 };
    let mut found = pictures::newest(&app.db, wanted).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| more);
    let next = last.map(|last| format!("{}-{}", last.created_at.0, last.hash));
    Ok(Cards { cards: of(app, t, found).await?, next })
}

/// When and which: `1764310000000-0123456789abcdef`.
fn cursor(text: &str) -> Option<(Time, &str)> {
    let (at, hash) = text.split_once('-')?;
    Some((Time(at.parse().ok()?), hash))
}

/// These pictures, each with what is known of it.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn of(app: &App, t: &Words, found: Vec<Picture>) -> Result<Vec<Card>> {
    let addresses: Vec<String> = found.iter().map(Picture::address).collect();
    let hashes: Vec<String> = found.iter().map(|picture| picture.hash.clone()).collect();
    let known = media::known(&app.db, &addresses).await?;
    let uses = pictures::uses(&app.db, &hashes).await?;
    let card = |(picture, src): (Picture, String)| Card {
        thumb: thumb(&known, &src),
        used: match uses.get(&picture.hash) {
            None => t.writing.picture_unused.to_owned(),
            Some(1) => t.writing.picture_used_once.to_owned(),
            Some(count) => fill(t.writing.picture_used, t.number(count)),
        },
        size: match (picture.width, picture.height) {
            (Some(width), Some(height)) => t.number(format!("{width} × {height}")),
            _ => String::new(),
        },
        width: picture.width.unwrap_or_default(),
        height: picture.height.unwrap_or_default(),
        weight: t.number(weight(picture.bytes)),
        hash: picture.hash,
        name: picture.name,
        alt: picture.alt,
        src,
    };
    Ok(found.into_iter().zip(addresses).map(card).collect())
}

/// What to show of pictures at these addresses, by address.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn thumbs(app: &App, addresses: &[String]) -> Result<HashMap<String, String>> {
    let known = media::known(&app.db, addresses).await?;
    Ok(known.keys().map(|src| (src.clone(), thumb(&known, src))).collect())
}

/// The smallest one that is wide enough, else the picture itself.
fn thumb(known: &HashMap<String, Known>, src: &str) -> String {
    let widths = known.get(src).map_or(&[][..], |known| &known.widths);
    let enough = widths.iter().find(|(_, width)| *width >= CARD).or(widths.last());
    enough.map_or_else(|| src.to_owned(), |(address, _)| address.clone())
}

fn weight(bytes: i64) -> String {
    match bytes {
        0..100_000 => format!("{:.0} KB", (bytes as f64 / 1_000.0).max(1.0)),
        100_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1_000_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_said_as_people_say_it() {
        let said = [1, 12_345, 340_100, 2_350_000].map(weight);
        assert_eq!(said, ["1 KB", "12 KB", "340 KB", "2.4 MB"]);
    }

    #[test]
    fn a_cursor_that_is_none_begins_at_the_newest() {
        assert_eq!(cursor("12-ab"), Some((Time(12), "ab")));
        assert_eq!(cursor("ab"), None);
        assert_eq!(cursor("x-ab"), None);
    }
}
