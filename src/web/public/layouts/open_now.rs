//! Whether the place of a page is open now, by the clocks of the place.

use crate::app::App;
use crate::clock::{Time, Zone};
use crate::error::Result;
use crate::schema::{Standing, Type, Value};
use crate::store::entries;
use crate::web::public::view::EntryView;
use crate::web::views::OpenNow;

/// The field in which a place, or what it lies in, names its time zone.
const TIME_ZONE: &str = "time_zone";

/// What the page says, and until when that holds; nothing where hours or time zone are not known.
pub async fn open_now(app: &App, view: &EntryView) -> Result<Option<(OpenNow, Time)>> {
    let Some(Value::Hours(hours)) = view.values.get("hours") else { return Ok(None) };
    let name = match &hours.time_zone {
        Some(own) => Some(own.clone()),
        None => time_zone(app, view).await?,
    };
    let zone = name.and_then(|name| Zone::named(&name));
    let standing = zone.and_then(|zone| Standing::at(hours, &zone, app.clock.now()));
    Ok(standing.map(|standing| (OpenNow::new(&standing, &view.entry.locale), standing.holds_until)))
}

/// The time zone that the place itself names, else the nearest of what it lies in, else the site. At
/// most one query.
async fn time_zone(app: &App, view: &EntryView) -> Result<Option<String>> {
    if let Some(own) = named(&view.kind, &view.content.fields) {
        return Ok(Some(own));
    }
    let above = view.above.iter().rev().map(|above| (above.id, above.kind.as_str()));
    let within = |field: &str| {
        view.kind.field(field).is_some_and(|field| field.schema.as_deref() == Some("containedInPlace"))
    };
    let around = view.pointed.iter().filter(|pointed| within(&pointed.field));
    let mut known: Vec<(i64, &Type)> = above
        .chain(around.map(|pointed| (pointed.id, pointed.kind.as_str())))
        .filter_map(|(id, kind)| Some((id, app.types.get(kind)?)))
        .filter(|(_, kind)| kind.field(TIME_ZONE).is_some())
        .collect();
    known.dedup_by_key(|(id, _)| *id);
    if !known.is_empty() {
        let ids: Vec<i64> = known.iter().map(|(id, _)| *id).collect();
        let contents = entries::live_of_all(&app.db, &ids).await?;
        let of = |(id, kind): &(i64, &Type)| {
            let (_, content) = contents.iter().find(|(other, _)| other == id)?;
            named(kind, &content.fields)
        };
        if let Some(found) = known.iter().find_map(of) {
            return Ok(Some(found));
        }
    }
    Ok(app.site.time_zone.as_ref().map(|zone| zone.get_ref().clone()))
}

fn named(kind: &Type, fields: &serde_json::Map<String, serde_json::Value>) -> Option<String> {
    kind.field(TIME_ZONE)?;
    let name = fields.get(TIME_ZONE)?.as_str()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}
