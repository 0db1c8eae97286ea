//! A generation of sitemaps, as it describes itself: which files it has, and what it was made of.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::write::{file_of, finish, open};
use super::{Stale, Work};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::files::hex;
use crate::files::sitemaps::{INDEX, current, keep_unchanged};
use crate::seo::sitemap::{Child, Limits, write_index};
use crate::store::shelves;

/// The file in which a generation describes itself.
const ABOUT: &str = "about.json";

/// Raised when what is written changes in code.
const EDITION: u32 = 1;

/// The name under which a database is given a name of its own.
const DATABASE: &str = "database";

/// Shards of one type and language. The first section is that of the site's own pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub kind: String,
    pub locale: String,
    /// What the names of its files begin with: `place-fa`.
    pub stem: String,
}

/// The sections of this site, in the order of the index.
pub fn sections(app: &App) -> Vec<Section> {
    let mut sections = vec![Section { kind: String::new(), locale: String::new(), stem: "pages".to_owned() }];
    let mut taken = HashSet::new();
    for kind in app.types.iter().filter(|kind| kind.sitemap) {
        for locale in &app.site.locales {
            let mut stem = format!("{}-{}", kind.name, locale.code.to_lowercase());
            // `a-b` in `fa` and `a` in `b-fa` would have one name; no type and no language has a `_`.
            if !taken.insert(stem.clone()) {
                stem = format!("{}_{}", kind.name, locale.code.to_lowercase());
            }
            sections.push(Section { kind: kind.name.clone(), locale: locale.code.clone(), stem });
        }
    }
    sections
}

/// What sitemaps follow from besides the entries. A generation that was made of something else is of
/// no use for the next one.
pub async fn made_of(app: &App, limits: Limits) -> Result<String> {
    let listings: Vec<_> = app
        .types
        .iter()
        .map(|kind| (&kind.name, kind.listing.as_ref().map(|listing| &listing.path)))
        .collect();
    let prefixes: Vec<_> = app.site.locales.iter().map(|locale| app.site.prefix(&locale.code)).collect();
    let all = format!(
        "{EDITION} {} {} {limits:?} {:?} {listings:?} {prefixes:?} {}",
        database(app).await?,
        app.config.origin.as_str(),
        sections(app),
        app.site.x_default(),
    );
    Ok(hex(&Sha256::digest(all)))
}

/// The name of this database, given once: another one with the same numbers is not the same.
async fn database(app: &App) -> Result<String> {
    if let Some(name) = shelves::mark(&app.db, DATABASE).await? {
        return Ok(name);
    }
    let tx = app.db.begin_in_turn().await?;
    if let Some(name) = shelves::mark(&tx, DATABASE).await? {
        return Ok(name);
    }
    let name = app.clock.uuid().to_string();
    shelves::set_mark(&tx, DATABASE, &name).await?;
    tx.commit().await?;
    Ok(name)
}

/// All files of a generation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Generation {
    pub made_of: String,
    /// The number of the last change that it shows for certain.
    pub sequence: i64,
    pub parts: Vec<Part>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub kind: String,
    pub locale: String,
    pub bucket: i64,
    /// The first id that may be in it.
    pub from: i64,
    pub name: String,
    pub urls: u64,
    pub images_left_out: u64,
    /// The newest date in it.
    pub newest: Option<Time>,
}

impl Generation {
    pub fn new(made_of: String, sequence: i64) -> Generation {
        Generation { made_of, sequence, parts: Vec::new() }
    }

    /// The one that is served, if it can be read.
    pub fn present(root: &Path) -> Option<Generation> {
        let about = fs::read(current(root)?.join(ABOUT)).ok()?;
        serde_json::from_slice(&about).ok()
    }

    /// The files that still say what is so.
    pub fn kept(self, sections: &[Section], stale: &Stale) -> Vec<Part> {
        let at: HashMap<(&str, &str), usize> = sections
            .iter()
            .enumerate()
            .map(|(at, section)| ((section.kind.as_str(), section.locale.as_str()), at))
            .collect();
        let is_kept = |part: &Part| {
            let section = at.get(&(part.kind.as_str(), part.locale.as_str()));
            let is_stale = |section| stale.get(&part.bucket).is_some_and(|stale| stale.contains(section));
            !part.kind.is_empty() && section.is_some_and(|section| !is_stale(section))
        };
        self.parts.into_iter().filter(is_kept).collect()
    }

    /// Takes its files over from the generation before.
    pub fn link(&self, from: &Path, folder: &Path) -> Result<()> {
        for part in &self.parts {
            let file = file_of(&part.name);
            let (old, new) = (from.join(&file), folder.join(&file));
            // Where files can't have two names, a copy does as well.
            if fs::hard_link(&old, &new).is_err() {
                fs::copy(&old, &new)?;
            }
        }
        Ok(())
    }

    /// Writes the index, and what this generation is made of.
    pub fn finish(&mut self, work: &Work, folder: &Path) -> Result<()> {
        let order: BTreeMap<(&str, &str), usize> = work
            .sections
            .iter()
            .enumerate()
            .map(|(at, section)| ((section.kind.as_str(), section.locale.as_str()), at))
            .collect();
        let place = |part: &Part| order.get(&(part.kind.as_str(), part.locale.as_str())).copied();
        self.parts.sort_by_key(|part| (place(part), part.from));
        let dates: HashMap<(&str, &str, i64), Time> = work
            .changed
            .iter()
            .map(|shard| ((shard.kind.as_str(), shard.locale.as_str(), shard.bucket), shard.changed_at))
            .collect();
        let children = self.parts.iter().map(|part| Child {
            loc: work.app.config.origin.url(&format!("/sitemaps/{}", part.name)),
            lastmod: dates
                .get(&(part.kind.as_str(), part.locale.as_str(), part.bucket))
                .copied()
                .or(part.newest),
        });
        finish(write_index(open(folder, INDEX)?, children)?)?;
        keep_unchanged(&work.app.files.sitemaps(), folder, &file_of(INDEX))?;
        let about = serde_json::to_vec(self).map_err(Error::internal)?;
        let mut file = File::create(folder.join(ABOUT))?;
        file.write_all(&about)?;
        file.sync_all()?;
        Ok(())
    }
}
