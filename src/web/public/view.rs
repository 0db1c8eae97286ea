//! An entry with everything its page shows, read in a bounded number of queries and converted once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::naming;
use crate::actions::moves::wanted_path;
use crate::app::App;
use crate::entry::{Content, is_indexable};
use crate::error::{Error, Result};
use crate::schema::{ImageRef, LinkedEntry, RelationRef, Type, Value};
use crate::store::entries::{self, Entry, Rendered, Translation};
use crate::store::links::Led;
use crate::store::lists::{self, Above};
use crate::store::media::{self, Known};
use crate::store::relations::{self, Pointed, Relation};
use crate::store::{Db, links, live_page, namesakes, paths};
use crate::text::{Path, SafeHtml, markdown};
use crate::web::public::pictures::{in_text, picture};
use crate::web::public::structured::node_name;
use crate::web::views::{Heading, Picture};

/// What a page of an entry is drawn from; HTML and JSON-LD alike.
pub struct EntryView {
    pub entry: Entry,
    pub kind: Arc<Type>,
    pub content: Content,
    pub values: BTreeMap<String, Value>,
    pub body: SafeHtml,
    pub outline: Vec<Heading>,
    pub excerpt: String,
    pub word_count: i64,
    pub minutes: i64,
    pub pointed: Vec<Pointed>,
    pub above: Vec<Above>,
    /// The entries that its body links to, live or not.
    pub referenced: Vec<i64>,
    pub translations: Vec<Translation>,
    /// The type and the live content of each author, by id.
    pub authors: HashMap<i64, (String, Content)>,
    /// What is known of its pictures, by address.
    pub pictures: HashMap<String, Known>,
    /// The canonical path, as it is stored, and as a link has it.
    pub path: String,
    pub href: String,
    /// What tells this entry from others that would have the same title; usually nothing.
    pub tie: String,
    /// Others say the same of themselves, word for word.
    pub says_the_same: bool,
}

impl EntryView {
    /// Reads a live entry: seven queries, whatever it holds, one for its authors and one for its pictures.
    ///
    /// # Errors
    /// `NotFound` when it is not live any more.
    pub async fn load(app: &App, id: i64) -> Result<EntryView> {
        let db = &app.db;
        let found = live_page::find(db, id).await?.filter(|page| page.entry.is_live());
        let mut page = found.ok_or(Error::NotFound)?;
        let (content, rendered) = (page.content()?, page.take_rendered());
        let (entry, path) = (page.entry, paths::stored(&page.path));
        let led = links::led(db, id).await?;
        let pointed = relations::of(db, id, &entry.locale).await?;
        EntryView::of(app, Read { entry, content, rendered, path, led, pointed }).await
    }

    /// What an entry's page would be if a saved state of it were live: the body is rendered as a
    /// publication would, and nothing is stored.
    ///
    /// # Errors
    /// `NotFound` when there is no such entry.
    pub async fn as_if_live(app: &App, id: i64, content: Content) -> Result<EntryView> {
        let db = &app.db;
        let entry = entries::find(db, id).await?.ok_or(Error::NotFound)?;
        let is_live = entries::live(db, id).await?.is_some_and(|live| live.content == content);
        let entry = entry.as_if_live(&content, is_live, app.clock.now());
        let kind = type_of(app, &entry)?;
        let path = match wanted_path(app, &entry, &content).await {
            Ok(wanted) => wanted,
            // What can't be published as it is still has the address it had.
            Err(Error::Invalid(_)) => paths::canonical(db, id).await?.unwrap_or_else(|| paths::stored("/")),
            Err(error) => return Err(error),
        };
        let led = links::would_lead(db, &linked_entries(&content.body)).await?;
        let (values, _) = kind.read_stored(&content.fields);
        let pointed = relations::as_if(db, id, &targets(&content, &values), &entry.locale).await?;
        let rendered = render(app, &entry, &content).await?;
        let read = Read { entry, content, rendered: Some(rendered), path, led, pointed };
        let mut view = EntryView::of(app, read).await?;
        view.stand_among_translations();
        Ok(view)
    }

    /// What is not live yet is none of the languages that the database knows.
    fn stand_among_translations(&mut self) {
        let (id, locale) = (self.entry.id, self.entry.locale.clone());
        if self.translations.iter().all(|translation| translation.id != id) {
            let (path, indexable) = (self.path.clone(), is_indexable(&self.entry.indexable()).is_ok());
            self.translations.push(Translation { id, locale, path, indexable });
            self.translations.sort_by(|a, b| a.locale.cmp(&b.locale));
        }
    }

    async fn of(app: &App, read: Read) -> Result<EntryView> {
        let Read { entry, content, rendered, path, led, pointed } = read;
        let (db, id) = (&app.db, entry.id);
        let kind = type_of(app, &entry)?;
        let (values, _) = kind.read(&content.fields);
        let led: HashMap<i64, String> = led.into_iter().map(|led| (led.id, href(&led.path))).collect();
        let mut referenced = Vec::new();
        let (html, outline, excerpt, word_count, minutes) = match rendered {
            Some(body) => {
                let html = SafeHtml::from_store(body.html).with_links(|id| {
                    referenced.push(id);
                    led.get(&id).cloned()
                });
                (html, outline(&body.outline), body.excerpt, body.words, body.minutes)
            }
            None => (SafeHtml::default(), Vec::new(), String::new(), 0, 0),
        };
        let above = lists::above(db, id).await?;
        let authors = authors(db, &pointed).await?;
        let portraits = authors.values().filter_map(|(_, content)| content.cover.as_ref());
        let own = images(&content, &values).into_iter().chain(portraits);
        let mut shown: Vec<String> = own.map(|image| image.src.clone()).collect();
        shown.extend(html.pictures().into_iter().map(str::to_owned));
        let pictures = media::known(db, &shown).await?;
        Ok(EntryView {
            tie: naming::tie(app, &entry, &kind, &content, &above).await?,
            says_the_same: naming::say_the_same(app, &entry, &content).await?,
            authors,
            pointed,
            above,
            referenced,
            translations: entries::translations(db, entry.translation_group).await?,
            href: path.href(),
            path: path.to_string(),
            body: in_text(&html, &pictures, content.cover.is_none()),
            pictures,
            outline,
            excerpt,
            word_count,
            minutes,
            entry,
            kind,
            content,
            values,
        })
    }

    /// The title as no other entry has it: `Springfield (IL)`.
    pub fn name(&self) -> String {
        if self.tie.is_empty() {
            return self.entry.title.clone();
        }
        format!("{} ({})", self.entry.title, self.tie)
    }

    /// What stands in search results: the editor's words, else the beginning. An entry without a word
    /// says what it is and where: `Tehran · City · Iran`. One that begins as others do says its name
    /// first.
    pub fn description(&self) -> String {
        let words = self.words();
        if !words.is_empty() {
            return if self.says_the_same { format!("{}: {words}", self.name()) } else { words.to_owned() };
        }
        let label = &self.kind.label_in(&self.entry.locale).one;
        let above = self.above.iter().rev().map(|above| &above.title);
        let name = self.name();
        let parts: Vec<&str> = [&name, label].into_iter().chain(above).map(String::as_str).collect();
        parts.join(" · ")
    }

    /// What an editor wrote of it; empty for an entry that is a title alone.
    pub fn words(&self) -> &str {
        self.content.words(&self.excerpt)
    }

    pub fn summary(&self) -> Option<String> {
        Some(self.content.summary.clone()).filter(|text| !text.is_empty())
    }

    pub fn cover(&self) -> Option<Picture> {
        self.content.cover.as_ref().map(|image| picture(image, &self.pictures))
    }

    /// What a relation field leads to, live ones only, in the editor's order.
    pub fn related<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a Pointed> {
        self.pointed.iter().filter(move |pointed| pointed.field == field)
    }

    /// The live entry that a reference means.
    pub fn find(&self, reference: &RelationRef) -> Option<&Pointed> {
        match reference {
            RelationRef::Id(id) => self.pointed.iter().find(|pointed| pointed.stored_id == *id),
            RelationRef::Key(_) => None,
        }
    }

    /// The tags of this page: itself, its translations, and all that it names.
    pub fn tags(&self) -> Vec<String> {
        let mut tags = vec![
            format!("entry:{}", self.entry.id),
            format!("to:{}", self.entry.id),
            format!("group:{}", self.entry.translation_group),
            namesakes::tag(&self.entry.locale, &self.entry.title),
        ];
        tags.extend(self.entry.words_key.map(namesakes::words_tag));
        tags.extend(self.pointed.iter().map(|pointed| format!("entry:{}", pointed.id)));
        tags.extend(self.content.authors.iter().map(|id| format!("entry:{id}")));
        tags.extend(self.above.iter().map(|above| format!("entry:{}", above.id)));
        tags.extend(self.translations.iter().map(|translation| format!("entry:{}", translation.id)));
        tags.extend(self.referenced.iter().map(|id| format!("entry:{id}")));
        tags.extend(self.pictures.keys().filter_map(|address| media::hash_of(address)).map(media::tag));
        for value in self.values.values() {
            if let Value::Relation(refs) = value {
                tags.extend(refs.iter().filter_map(|reference| match reference {
                    RelationRef::Id(id) => Some(format!("entry:{id}")),
                    RelationRef::Key(_) => None,
                }));
            }
        }
        tags.sort_unstable();
        tags.dedup();
        tags
    }

    /// The profiles elsewhere that an author's page shows.
    pub fn profiles_of(&self, app: &App, author: i64) -> Vec<String> {
        let Some((kind, content)) = self.authors.get(&author) else { return Vec::new() };
        let Some(kind) = app.types.get(kind) else { return Vec::new() };
        let (values, _) = kind.read(&content.fields);
        let shown = kind.fields.iter().filter(|field| field.schema.as_deref() == Some("sameAs"));
        shown
            .flat_map(|field| match values.get(&field.name) {
                Some(Value::Url(address)) => vec![address.clone()],
                Some(Value::Text(lines)) => lines.lines().map(str::to_owned).collect(),
                _ => Vec::new(),
            })
            .filter(|address| address.starts_with("http"))
            .collect()
    }

    /// Another entry as a node of the graph.
    pub fn linked(&self, app: &App, pointed: &Pointed) -> LinkedEntry {
        let url = app.config.origin.url(&href(&pointed.path));
        let (schema, fragment) = app.types.get(&pointed.kind).map_or(("Thing", "entity"), node_name);
        let (schema, id) = (schema.to_owned(), format!("{url}#{fragment}"));
        LinkedEntry { schema, id, name: pointed.title.clone(), url }
    }
}

/// What is read of an entry before it is put together.
struct Read {
    entry: Entry,
    content: Content,
    rendered: Option<Rendered>,
    path: Path,
    /// Where its links lead.
    led: Vec<Led>,
    pointed: Vec<Pointed>,
}

fn type_of(app: &App, entry: &Entry) -> Result<Arc<Type>> {
    app.types.shared(&entry.kind).ok_or_else(|| {
        Error::Internal(format!("entry {} is of the type {}, which is not declared", entry.id, entry.kind))
    })
}

/// What a content points at, by field, as a publication would write it.
fn targets(content: &Content, values: &BTreeMap<String, Value>) -> Vec<Relation> {
    let authors = content.authors.iter().map(|id| Relation { field: "authors".into(), to: *id });
    let mut targets: Vec<Relation> = authors.collect();
    for (name, value) in values {
        if let Value::Relation(refs) = value {
            let ids = refs.iter().filter_map(RelationRef::id);
            targets.extend(ids.map(|to| Relation { field: name.clone(), to }));
        }
    }
    targets
}

/// A body as a publication would keep it.
async fn render(app: &App, entry: &Entry, content: &Content) -> Result<Rendered> {
    let shown: Vec<String> =
        markdown::addresses(&content.body).into_iter().map(|address| address.url).collect();
    let sizes = media::sizes(&media::known(&app.db, &shown).await?);
    let rtl = app.site.locale(&entry.locale).is_some_and(|locale| locale.rtl);
    let options = markdown::Options { author: markdown::Author::Staff, rtl, images: &sizes };
    let rendered = markdown::render(&content.body, &options);
    let heading = |heading: &markdown::OutlineItem| serde_json::json!({ "level": heading.level, "id": heading.id, "title": heading.title });
    let outline: Vec<_> = rendered.outline.iter().map(heading).collect();
    Ok(Rendered {
        html: rendered.html.to_string(),
        outline: serde_json::Value::Array(outline).to_string(),
        plain: rendered.plain,
        excerpt: rendered.excerpt,
        words: i64::from(rendered.words),
        minutes: i64::from(rendered.minutes),
    })
}

/// One query, and none for an entry without authors.
async fn authors(db: &Db, pointed: &[Pointed]) -> Result<HashMap<i64, (String, Content)>> {
    let authors: Vec<&Pointed> = pointed.iter().filter(|pointed| pointed.field == "authors").collect();
    if authors.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = authors.iter().map(|author| author.id).collect();
    let contents = entries::live_of_all(db, &ids).await?;
    let with_type = |(id, content)| {
        let author = authors.iter().find(|author| author.id == id)?;
        Some((id, (author.kind.clone(), content)))
    };
    Ok(contents.into_iter().filter_map(with_type).collect())
}

/// The entries that a text links to.
pub fn linked_entries(body: &str) -> Vec<i64> {
    let number = |url: &str| url.strip_prefix("entry:")?.split('#').next()?.parse().ok();
    markdown::addresses(body).iter().filter_map(|address| number(&address.url)).collect()
}

/// A stored path as a link has it.
pub fn href(path: &str) -> String {
    paths::stored(path).href()
}

/// Every picture of an entry outside its body.
fn images<'a>(content: &'a Content, values: &'a BTreeMap<String, Value>) -> Vec<&'a ImageRef> {
    let mut images: Vec<&ImageRef> = content.cover.iter().collect();
    for value in values.values() {
        match value {
            Value::Image(image) => images.push(image),
            Value::Gallery(gallery) => images.extend(gallery),
            _ => {}
        }
    }
    images
}

fn outline(json: &str) -> Vec<Heading> {
    #[derive(serde::Deserialize)]
    struct Stored {
        level: u8,
        id: String,
        title: String,
    }
    let stored: Vec<Stored> = serde_json::from_str(json).unwrap_or_default();
    stored
        .into_iter()
        .map(|heading| Heading { id: heading.id, text: heading.title, level: heading.level })
        .collect()
}
