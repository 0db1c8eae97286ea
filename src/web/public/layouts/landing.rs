//! The page of a landing page: what shares a hub and something else, the best filled first.

use super::around::beside;
use super::drawn;
use super::works::{Told, tell};
use crate::app::App;
use crate::error::{Error, Result};
use crate::schema::{Facet, Landing as Family, fill_in};
use crate::store::landings::{self, Key, Landing};
use crate::store::shelves::{self, Asked};
use crate::web::public::card::{cards, is_dated, tags};
use crate::web::public::entry::frame;
use crate::web::public::listing::Leaf;
use crate::web::public::show::{Drawn, Target};
use crate::web::public::view::EntryView;
use crate::web::views::{Around, Card, LandingPage, Words};

const PER_PAGE: i64 = 24;

pub async fn landing(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let Landing { key, entries, .. } = landings::at(&app.db, view.entry.id).await?.ok_or(Error::NotFound)?;
    let family = app.types.landing(&key.definition).ok_or(Error::NotFound)?;
    let kind = app.types.get(&family.kind).ok_or(Error::NotFound)?;
    let leaf = Leaf::of(target, entries, PER_PAGE)?;
    let shelf = family.shelf(&key.facet);
    let asked = Asked { hub: key.hub, locale: &key.locale, shelf: &shelf, reversed: false };
    let found = shelves::slice(&app.db, asked, leaf.slice).await?;
    let mut drawn_cards = cards(app, &found, &key.locale, is_dated(kind)).await?;
    // Where all are of one kind, the title of the page says so.
    if drawn_cards.windows(2).all(|pair| pair[0].kicker == pair[1].kicker) {
        drawn_cards.iter_mut().for_each(|card| card.kicker = None);
    }
    let hub = view.above.last().map_or("", |above| above.title.as_str());
    let words = Words::of(&key.locale);
    let said = Said::of(app, family, &key, hub, entries, &drawn_cards).await?;
    let mut frame = frame(app, view);
    frame.description = said.description;
    tell(app, &mut frame, view, &Told { leaf: &leaf, cards: &drawn_cards, siblings: None });
    let (groups, mut stale_with) = beside(app, view, &key, hub).await?;
    stale_with.extend(tags(&found));
    stale_with.push(format!("shelf:{}", key.hub));
    let label = kind.label_in(&key.locale);
    let page = LandingPage {
        shell: frame.shell(app)?,
        title: view.entry.title.clone(),
        summary: said.intro,
        cards: drawn_cards,
        pagination: leaf.pagination(&view.href, &key.locale),
        around: Around { counts: vec![words.counted(entries, &label.one, &label.many)], groups },
    };
    drawn(&page, stale_with)
}

/// The texts of the file, filled in.
struct Said {
    description: String,
    intro: Option<String>,
}

impl Said {
    async fn of(
        app: &App,
        family: &Family,
        key: &Key,
        hub: &str,
        entries: i64,
        cards: &[Card],
    ) -> Result<Said> {
        let words = Words::of(&key.locale);
        let facet = match &family.facet {
            Facet::None => String::new(),
            Facet::Choice { values, .. } => values
                .get(&key.facet)
                .and_then(|words| words.get(&key.locale))
                .map_or_else(String::new, |words| words.name.clone()),
            Facet::Relation { .. } => match key.facet.parse() {
                Ok(group) => landings::subject(&app.db, group, &key.locale)
                    .await?
                    .map_or_else(String::new, |found| found.title),
                Err(_) => String::new(),
            },
        };
        let count = words.number(u32::try_from(entries).unwrap_or(u32::MAX));
        let names: Vec<&str> = cards.iter().take(3).map(|card| card.title.as_str()).collect();
        let names = names.join(words.comma);
        let with = [
            (family.hub.as_str(), hub),
            (family.facet_field().unwrap_or(""), facet.as_str()),
            ("count", &count),
            ("names", &names),
        ];
        let texts = family.words.get(&key.locale).ok_or(Error::NotFound)?;
        Ok(Said {
            description: fill_in(&texts.description, &with),
            intro: texts.intro.as_ref().map(|intro| fill_in(intro, &with)),
        })
    }
}
