//! What search finds of an entry, written with every publication.

use std::collections::BTreeMap;

use crate::entry::{Content, Indexable, State, is_indexable};
use crate::error::Result;
use crate::schema::{Type, Value, search_text};
use crate::store::Tx;
use crate::store::entries::Entry;
use crate::store::search::{self, CITY, Found, Topic};

/// An entry with the content that is live, or becomes so in the same change.
pub struct Live<'a> {
    pub entry: &'a Entry,
    pub kind: &'a Type,
    pub content: &'a Content,
    pub values: &'a BTreeMap<String, Value>,
    /// The body as plain text.
    pub plain: &'a str,
}

/// Writes the row of an entry, or takes it away where the entry may not be indexed. `topics` is what a
/// fresh one points at: it has no row yet, and others are asked.
pub async fn write(tx: &Tx, live: &Live<'_>, topics: Option<Vec<Topic>>) -> Result<()> {
    let content = live.content;
    let indexable = is_indexable(&Indexable {
        state: State::Published,
        visibility: content.visibility,
        noindex: content.seo.noindex,
        canonical: content.seo.canonical.as_deref(),
    });
    if indexable.is_err() {
        return if topics.is_some() { Ok(()) } else { search::remove(tx, live.entry.id).await };
    }
    let topics = match topics {
        Some(topics) => topics,
        None => search::topics(tx, live.entry.id, &live.entry.locale).await?,
    };
    search::write(
        tx,
        &Found {
            entry: live.entry.id,
            kind: &live.entry.kind,
            locale: &live.entry.locale,
            city: city(live.entry, &topics),
            title: &content.title,
            summary: &content.summary,
            plain: live.plain,
            facts: &facts(live, &topics),
        },
    )
    .await
}

/// The city that the entry is, or the first one it points at.
fn city(entry: &Entry, topics: &[Topic]) -> Option<i64> {
    if entry.kind == CITY {
        return Some(entry.translation_group);
    }
    topics.iter().find(|topic| topic.kind == CITY).map(|topic| topic.translation_group)
}

/// The words of its fields, and the titles of what it points at: a café in Tehran is found by `tehran`.
fn facts(live: &Live<'_>, topics: &[Topic]) -> String {
    let said = live
        .kind
        .fields
        .iter()
        .filter_map(|field| Some(search_text(field, live.values.get(&field.name)?)))
        .chain(topics.iter().map(|topic| topic.title.clone()))
        .map(|text| text.replace('\0', ""))
        .filter(|text| !text.is_empty());
    said.collect::<Vec<_>>().join(" · ")
}
