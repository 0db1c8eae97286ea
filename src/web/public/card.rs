//! Entries as cards of a list.

use std::collections::HashMap;

use crate::app::App;
use crate::error::Result;
use crate::schema::{Field, ImageRef, Kind, Type};
use crate::store::lists::Listed;
use crate::store::{media, relations};
use crate::web::public::pictures::picture;
use crate::web::public::structured::node_name;
use crate::web::public::view::href;
use crate::web::views::{Card, Words};

/// Cards of these entries; one query for all their pictures.
pub async fn cards(app: &App, entries: &[Listed], locale: &str, dated: bool) -> Result<Vec<Card>> {
    let covers: Vec<Option<ImageRef>> = entries.iter().map(cover).collect();
    let addresses: Vec<String> = covers.iter().flatten().map(|cover| cover.src.clone()).collect();
    let known = media::known(&app.db, &addresses).await?;
    let words = Words::of(locale);
    let kinds = kinds_of_places(app, entries, locale).await?;
    let card = |(entry, cover): (&Listed, &Option<ImageRef>)| Card {
        href: href(&entry.path),
        title: entry.title.clone(),
        summary: Some(entry.summary.clone())
            .filter(|text| !text.is_empty())
            .or_else(|| entry.excerpt.clone().filter(|text| !text.is_empty())),
        kicker: kinds.get(&entry.id).cloned(),
        date: entry.published_at.filter(|_| dated).map(|at| words.when(at)),
        image: cover.as_ref().map(|cover| picture(cover, &known)),
        schema: app.types.get(&entry.kind).map_or_else(String::new, |kind| node_name(kind).0.to_owned()),
        lang: (entry.locale != locale).then(|| entry.locale.clone()),
    };
    Ok(entries.iter().zip(&covers).map(card).collect())
}

/// What each place is, in the language of the page: `Café`. One query, and none where there are no
/// places; a choice is known to lists only where they can be narrowed by it.
async fn kinds_of_places(app: &App, entries: &[Listed], locale: &str) -> Result<HashMap<i64, String>> {
    let field_of = |entry: &Listed| {
        let kind = app.types.get(&entry.kind).filter(|kind| kind.layout == "place")?;
        kind_of_place(kind).filter(|field| field.filter)
    };
    let places: HashMap<i64, &Field> =
        entries.iter().filter_map(|entry| Some((entry.id, field_of(entry)?))).collect();
    if places.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = places.keys().copied().collect();
    let said = |(id, name, value): (i64, String, String)| {
        let field = places.get(&id).filter(|field| field.name == name)?;
        Some((id, field.choice(&value)?.label_in(locale).to_owned()))
    };
    Ok(relations::indexed_texts(&app.db, &ids).await?.into_iter().filter_map(said).collect())
}

/// The choice that says what a place of this type is.
pub fn kind_of_place(kind: &Type) -> Option<&Field> {
    kind.fields.iter().find(|field| field.kind == Kind::Choice)
}

/// Whether the date of an entry of this type says something to a reader.
pub fn is_dated(kind: &Type) -> bool {
    kind.layout == "article"
}

fn cover(entry: &Listed) -> Option<ImageRef> {
    serde_json::from_str(entry.cover.as_deref()?).ok()
}

/// The tags of a list of entries and their pictures.
pub fn tags(entries: &[Listed]) -> impl Iterator<Item = String> + '_ {
    entries.iter().flat_map(|entry| {
        let picture = cover(entry).and_then(|cover| media::hash_of(&cover.src).map(media::tag));
        [Some(format!("entry:{}", entry.id)), picture].into_iter().flatten()
    })
}
