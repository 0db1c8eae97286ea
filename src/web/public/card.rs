//! Entries as cards of a list.

use crate::app::App;
use crate::error::Result;
use crate::schema::{ImageRef, Type};
use crate::store::lists::Listed;
use crate::store::media;
use crate::web::public::structured::node_name;
use crate::web::public::view::{href, picture};
use crate::web::views::{Card, Words};

/// Cards of these entries; one query for the sizes of all their pictures.
pub async fn cards(app: &App, entries: &[Listed], locale: &str, dated: bool) -> Result<Vec<Card>> {
    let covers: Vec<Option<ImageRef>> =
        entries.iter().map(|entry| serde_json::from_str(entry.cover.as_deref()?).ok()).collect();
    let addresses: Vec<String> = covers.iter().flatten().map(|cover| cover.src.clone()).collect();
    let sizes = media::sizes(&app.db, &addresses).await?;
    let words = Words::of(locale);
    let card = |(entry, cover): (&Listed, &Option<ImageRef>)| Card {
        href: href(&entry.path),
        title: entry.title.clone(),
        summary: Some(entry.summary.clone())
            .filter(|text| !text.is_empty())
            .or_else(|| entry.excerpt.clone().filter(|text| !text.is_empty())),
        kicker: None,
        date: entry.published_at.filter(|_| dated).map(|at| words.when(at)),
        image: cover.as_ref().map(|cover| picture(cover, &sizes)),
        schema: app.types.get(&entry.kind).map_or_else(String::new, |kind| node_name(kind).0.to_owned()),
        lang: (entry.locale != locale).then(|| entry.locale.clone()),
    };
    Ok(entries.iter().zip(&covers).map(card).collect())
}

/// Whether the date of an entry of this type says something to a reader.
pub fn is_dated(kind: &Type) -> bool {
    kind.layout == "article"
}

/// The tags of a list of entries.
pub fn tags(entries: &[Listed]) -> impl Iterator<Item = String> + '_ {
    entries.iter().map(|entry| format!("entry:{}", entry.id))
}
