//! What leads on from an entry's page: its landing pages, its neighbours, and the lists it stands on.

use crate::app::App;
use crate::error::Result;
use crate::schema::Facet;
use crate::store::landings::{self, Key, Linked};
use crate::store::shelves::{self, Near, SITE};
use crate::web::public::view::{EntryView, href};
use crate::web::views::{CountedLink, Link, LinkGroup, Words};

/// Neighbours that are named.
const NEIGHBOURS: i64 = 8;
/// With fewer neighbours on the map, others of the same hub join them.
const FEW: usize = 4;
/// The same list in other places.
const ELSEWHERE: i64 = 12;

/// The landing pages below an entry, when its type has any.
pub async fn listed_in(app: &App, view: &EntryView) -> Result<Vec<Linked>> {
    if !app.types.landings().any(|family| family.hub_kind == view.kind.name) {
        return Ok(Vec::new());
    }
    landings::on_hub(&app.db, view.entry.translation_group, &view.entry.locale).await
}

/// All landing pages below a hub: this page is the way to them, so none is left out.
pub fn browse(view: &EntryView, lists: &[Linked]) -> LinkGroup {
    let words = Words::of(&view.entry.locale);
    LinkGroup { title: words.browse(&view.entry.title), links: counted(lists, words) }
}

/// The landing pages that an entry is the second relation of: a service in each city.
pub async fn by_facet(app: &App, view: &EntryView) -> Result<LinkGroup> {
    let words = Words::of(&view.entry.locale);
    let mut links = Vec::new();
    for family in app.types.landings() {
        if !matches!(&family.facet, Facet::Relation { to, .. } if *to == view.kind.name) {
            continue;
        }
        let key = Key {
            definition: family.name.clone(),
            // Of every hub: no translation group has this number.
            hub: 0,
            facet: view.entry.translation_group.to_string(),
            locale: view.entry.locale.clone(),
        };
        links.extend(counted(&landings::elsewhere(&app.db, &key, ELSEWHERE).await?, words));
    }
    Ok(LinkGroup { title: words.found_in.to_owned(), links })
}

/// The lists that an entry stands on.
pub async fn stands_on(app: &App, view: &EntryView) -> Result<(LinkGroup, Vec<String>)> {
    let words = Words::of(&view.entry.locale);
    if !app.types.landings().any(|family| family.kind == view.kind.name) {
        return Ok((LinkGroup::default(), Vec::new()));
    }
    let lists = landings::with_entry(&app.db, view.entry.id).await?;
    Ok((LinkGroup { title: words.found_in.to_owned(), links: counted(&lists, words) }, tags(&lists)))
}

/// The other lists below the same hub, and the same list below others.
pub async fn beside(
    app: &App,
    view: &EntryView,
    key: &Key,
    hub: &str,
) -> Result<(Vec<LinkGroup>, Vec<String>)> {
    let words = Words::of(&view.entry.locale);
    let mut here = landings::on_hub(&app.db, key.hub, &key.locale).await?;
    here.retain(|list| list.id != view.entry.id);
    let elsewhere = landings::elsewhere(&app.db, key, ELSEWHERE).await?;
    let mut stale_with = tags(&here);
    stale_with.extend(tags(&elsewhere));
    stale_with.push(format!("landing:{}/{}", key.definition, key.facet));
    let groups = vec![
        LinkGroup { title: words.more_in(hub), links: counted(&here, words) },
        LinkGroup { title: words.other_hubs.to_owned(), links: counted(&elsewhere, words) },
    ];
    Ok((groups, stale_with))
}

fn counted(lists: &[Linked], words: &Words) -> Vec<CountedLink> {
    lists
        .iter()
        .map(|list| CountedLink {
            link: Link::new(href(&list.path), list.title.clone()),
            count: Some(words.number(u32::try_from(list.entries).unwrap_or(u32::MAX))),
        })
        .collect()
}

/// The tags of links to landing pages.
pub fn tags(lists: &[Linked]) -> Vec<String> {
    lists.iter().map(|list| format!("entry:{}", list.id)).collect()
}

/// Hubs beside a hub: those nearest on the map, and where the map knows few, those of the same hub
/// above with the most in them.
pub async fn nearby(app: &App, view: &EntryView) -> Result<(LinkGroup, Vec<String>)> {
    let this = (view.entry.id, view.kind.name.as_str(), view.entry.locale.as_str());
    let place = view.values.values().find_map(|value| match value {
        crate::schema::Value::Geo(geo) => Some((geo.latitude, geo.longitude)),
        _ => None,
    });
    let mut found: Vec<Near> = match place {
        Some(place) => shelves::near(&app.db, this, place, NEIGHBOURS).await?,
        None => Vec::new(),
    };
    let mut stale_with = Vec::new();
    if found.len() < FEW
        && let Some(above) = hub_above(app, view)
    {
        stale_with.push(format!("shelf:{above}"));
        for other in shelves::siblings(&app.db, above, this, NEIGHBOURS).await? {
            if !found.iter().any(|near| near.id == other.id) {
                found.push(other);
            }
        }
    }
    found.truncate(NEIGHBOURS as usize);
    stale_with.extend(found.iter().map(|near| format!("entry:{}", near.id)));
    let title = Words::of(&view.entry.locale).nearby.to_owned();
    Ok((LinkGroup { title, links: found.iter().map(link_to).collect() }, stale_with))
}

/// Others of the type of a service or a category: those below the same one, or where it stands below none,
/// of all, with the most in them.
pub async fn alike(app: &App, view: &EntryView) -> Result<(LinkGroup, Vec<String>)> {
    let words = Words::of(&view.entry.locale);
    let this = (view.entry.id, view.kind.name.as_str(), view.entry.locale.as_str());
    let above = view.pointed.iter().find(|pointed| {
        app.types
            .get(&pointed.kind)
            .is_some_and(|kind| matches!(kind.layout.as_str(), "taxonomy" | "service"))
    });
    let (hub, title, stale) = match above {
        Some(above) => (above.group, words.more_in(&above.title), format!("shelf:{}", above.group)),
        None => (SITE, words.search.similar.to_owned(), format!("type:{}", view.kind.name)),
    };
    let found = shelves::siblings(&app.db, hub, this, NEIGHBOURS).await?;
    let mut stale_with = vec![stale];
    stale_with.extend(found.iter().map(|near| format!("entry:{}", near.id)));
    Ok((LinkGroup { title, links: found.iter().map(link_to).collect() }, stale_with))
}

fn link_to(near: &Near) -> CountedLink {
    CountedLink { link: Link::new(href(&near.path), near.title.clone()), count: None }
}

/// The translation group of the hub right above a hub.
fn hub_above(app: &App, view: &EntryView) -> Option<i64> {
    let is_hub = |kind: &str| app.types.get(kind).is_some_and(|kind| kind.layout == "hub");
    view.pointed.iter().find(|pointed| is_hub(&pointed.kind)).map(|above| above.group)
}
