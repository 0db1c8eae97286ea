//! Where an entry stands: on the hubs of all it points at and of the regions, cities and areas above
//! that, and on landing pages. Kept with every publication, in the same transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::actions::Change;
use crate::clock::Time;
use crate::entry::{Content, Visibility, filled};
use crate::error::Result;
use crate::schema::{Facet, IndexValue, SortBy, Type, Value, index_value};
use crate::store::entries::{self, Entry, Worth};
use crate::store::landings::Key;
use crate::store::shelves::{self, Above, MISSING, SITE, Shelved};

/// Entries read at a time.
const BATCH: usize = 500;

/// Letters of a title by which lists are sorted.
const LONGEST_NAME: usize = 200;

/// What of a live entry decides where it stands.
pub struct Goods<'a> {
    pub kind: &'a Type,
    pub content: &'a Content,
    pub values: &'a BTreeMap<String, Value>,
    /// Words of the body.
    pub words: u32,
    pub published: Time,
}

/// Puts a live entry where it belongs now; the landing pages whose lists that changed. `above` is what
/// stands above a fresh one: it stands nowhere yet, and others are asked.
pub async fn shelve(
    change: &mut Change<'_>,
    entry: &Entry,
    goods: &Goods<'_>,
    above: Option<Vec<Above>>,
) -> Result<BTreeSet<Key>> {
    let before = if above.is_some() { Vec::new() } else { shelves::of(&change.tx, entry.id).await? };
    let after = match goods.content.visibility {
        Visibility::Public => wanted(change, entry, goods, above).await?,
        _ => Vec::new(),
    };
    replace(change, entry.id, &before, &after).await
}

/// Takes an entry that is no longer live from everywhere.
pub async fn unshelve(change: &mut Change<'_>, entry: i64) -> Result<BTreeSet<Key>> {
    let before = shelves::of(&change.tx, entry).await?;
    replace(change, entry, &before, &[]).await
}

/// Follows an entry that stands below something else now: all that stands on it moves along to the
/// hubs above.
pub async fn reshelve_below(change: &mut Change<'_>, entry: &Entry) -> Result<()> {
    let all = shelves::on_hub(&change.tx, entry.translation_group).await?;
    for found in all.chunks(BATCH) {
        let groups: HashMap<i64, i64> = entries::find_many(&change.tx, found)
            .await?
            .into_iter()
            .map(|entry| (entry.id, entry.translation_group))
            .collect();
        for &id in found {
            let before = shelves::of(&change.tx, id).await?;
            let Some(model) = before.iter().find(|shelved| follows_hubs(shelved)).cloned() else { continue };
            let above = above(change, id).await?;
            let hubs = hubs(&above, groups.get(&id).copied());
            let mut wanted: Vec<Shelved> =
                before.iter().filter(|shelved| !follows_hubs(shelved)).cloned().collect();
            wanted.extend(hubs.into_iter().map(|hub| Shelved { hub, ..model.clone() }));
            replace(change, id, &before, &wanted).await?;
        }
    }
    Ok(())
}

async fn above(change: &Change<'_>, entry: i64) -> Result<Vec<Above>> {
    shelves::above(&change.tx, entry, &change.app.types.hubs()).await
}

fn hubs(above: &[Above], own: Option<i64>) -> BTreeSet<i64> {
    above.iter().map(|above| above.hub).filter(|hub| Some(*hub) != own).collect()
}

async fn wanted(
    change: &Change<'_>,
    entry: &Entry,
    goods: &Goods<'_>,
    known: Option<Vec<Above>>,
) -> Result<Vec<Shelved>> {
    let points = !goods.content.authors.is_empty()
        || goods.values.values().any(|value| matches!(value, Value::Relation(_)));
    let above = match known {
        Some(known) => known,
        None if points => above(change, entry.id).await?,
        None => Vec::new(),
    };
    let score = filled(goods.kind, goods.content, goods.values, goods.words);
    let rank = rank(goods.kind, goods.values, score);
    let shelved = |hub: i64, shelf: String| Shelved {
        hub,
        locale: entry.locale.clone(),
        shelf,
        rank,
        at: goods.published,
        name: String::new(),
    };
    let mut rows = vec![listed(entry, goods)];
    rows.extend(
        hubs(&above, Some(entry.translation_group)).into_iter().map(|hub| shelved(hub, entry.kind.clone())),
    );
    for landing in change.app.types.landings() {
        if landing.kind != entry.kind || !landing.words.contains_key(&entry.locale) {
            continue;
        }
        let led = |field: &str| -> BTreeSet<i64> {
            above
                .iter()
                .filter(|above| above.field.as_deref() == Some(field))
                .map(|above| above.hub)
                .collect()
        };
        let facets: Vec<String> = match &landing.facet {
            Facet::None => vec![String::new()],
            Facet::Choice { field, values } => match goods.values.get(field) {
                Some(Value::Choice(choice))
                    if values.get(choice).is_some_and(|words| words.contains_key(&entry.locale)) =>
                {
                    vec![choice.clone()]
                }
                _ => Vec::new(),
            },
            Facet::Relation { field, .. } => led(field).iter().map(i64::to_string).collect(),
        };
        for hub in led(&landing.hub) {
            rows.extend(facets.iter().map(|facet| shelved(hub, landing.shelf(facet))));
        }
    }
    Ok(rows)
}

/// What comes first: what is dated goes by its date alone, cities by their population (whatever
/// number their type is sorted by), everything else by how filled it is.
fn rank(kind: &Type, values: &BTreeMap<String, Value>, score: i64) -> f64 {
    if kind.layout == "article" {
        return 0.0;
    }
    if let Some(sort) = kind.listing.as_ref().map(|listing| &listing.sort)
        && let SortBy::Field(name) = &sort.by
        && sort.descending
        && kind.field(name).is_some_and(|field| field.kind == crate::schema::Kind::Number)
    {
        return match values.get(name) {
            Some(Value::Number(number)) => *number,
            _ => MISSING,
        };
    }
    score as f64
}

/// Its place in the listing of its type. What lacks the value that the listing goes by comes last.
fn listed(entry: &Entry, goods: &Goods<'_>) -> Shelved {
    let sort = goods.kind.sort();
    let (dated, titled) = (goods.published, goods.content.title.clone());
    let (rank, at, name) = match &sort.by {
        SortBy::Published | SortBy::Updated => (0.0, dated, String::new()),
        SortBy::Title => (0.0, Time(0), titled),
        SortBy::Field(field) => match (goods.values.get(field).and_then(index_value), sort.descending) {
            (Some(IndexValue::Number(number)), true) => (number, dated, String::new()),
            (Some(IndexValue::Number(number)), false) => (number, Time(0), titled),
            (Some(IndexValue::Text(text)), descending) => (if descending { 1.0 } else { 0.0 }, Time(0), text),
            (None, true) => (MISSING, dated, String::new()),
            (None, false) => (-MISSING, Time(0), titled),
        },
    };
    // A key of an index is short.
    let name = name.chars().take(LONGEST_NAME).collect();
    Shelved { hub: SITE, locale: entry.locale.clone(), shelf: entry.kind.clone(), rank, at, name }
}

/// What lists of a live entry go by besides their own order.
pub fn worth(kind: &Type, content: &Content, values: &BTreeMap<String, Value>, words: u32) -> Worth {
    Worth { filled: filled(kind, content, values, words), place: place(values) }
}

fn place(values: &BTreeMap<String, Value>) -> Option<(f64, f64)> {
    values.values().find_map(|value| match value {
        Value::Geo(geo) => Some((geo.latitude, geo.longitude)),
        _ => None,
    })
}

/// Whether it stands there because of what is above: not in its type's listing, nor on a landing page.
fn follows_hubs(shelved: &Shelved) -> bool {
    shelved.hub != SITE && !shelved.shelf.contains('/')
}

/// What stands on a shelf: the type, or what declares the landing pages.
fn kind_of(shelf: &str) -> &str {
    shelf.split_once('/').map_or(shelf, |(declared, _)| declared)
}

/// The landing page that a shelf is the list of.
pub fn key_of(hub: i64, locale: &str, shelf: &str) -> Option<Key> {
    let (definition, facet) = shelf.split_once('/')?;
    Some(Key { definition: definition.to_owned(), hub, facet: facet.to_owned(), locale: locale.to_owned() })
}

async fn replace(
    change: &mut Change<'_>,
    entry: i64,
    before: &[Shelved],
    after: &[Shelved],
) -> Result<BTreeSet<Key>> {
    let mut keys = BTreeSet::new();
    let gone: Vec<&Shelved> = before.iter().filter(|row| !after.contains(row)).collect();
    let new: Vec<&Shelved> = after.iter().filter(|row| !before.contains(row)).collect();
    shelves::take(&change.tx, entry, &gone).await?;
    shelves::add(&change.tx, entry, &new).await?;
    for row in gone.into_iter().chain(new).filter(|row| row.hub != SITE) {
        change.touch(format!("shelf:{}", row.hub));
        change.touch(format!("shelves:{}", kind_of(&row.shelf)));
        keys.extend(key_of(row.hub, &row.locale, &row.shelf));
    }
    Ok(keys)
}
