//! Sitemaps follow changes a shard at a time, and say what a build from nothing says.

use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::fs::MetadataExt;

use atlas::actions::unpublish::Then;
use atlas::app::App;
use atlas::entry::Visibility;
use atlas::error::{Error, Result};
use atlas::files::sitemaps::current;
use atlas::jobs::sitemaps::{self, Built};
use atlas::schema::ImageRef;
use atlas::seo::sitemap::Limits;
use atlas::store::shards::SPAN;
use serde_json::json;

use crate::on_both;
use crate::support::database::Engine;
use crate::support::random::Random;
use crate::support::site::{Making, Site};

/// Landing pages come and go with what stands on them.
const LANDINGS: &str = r#"
type = "place"
by   = ["city", "business_type"]
path = "/{city.path}/{business_type}"
min  = 2
[words.en]
title       = "{business_type} in {city}"
description = "{count} {business_type} in {city}"
[value.cafe]
en = { name = "Cafés", slug = "cafes" }
[value.bakery]
en = { name = "Bakeries", slug = "bakeries" }
"#;

/// So few that shards are halved.
const FEW: Limits = Limits { urls: 5, bytes: 52_428_800 };

on_both! {
    async fn one_edit_rewrites_one_shard_and_the_index(site: Site) {
        let region = site.region("North").publish().await;
        site.article("One").publish().await;
        site.region("شمال").in_locale("fa", Some(region)).publish().await;
        site.region("South").publish().await;
        sitemaps::refresh(&site.app).await.unwrap();
        let before = inodes(&site.app);
        site.clock.advance(60_000);

        site.edit(region).await.field("population", json!(2)).title("The north").publish().await;
        assert_eq!(sitemaps::refresh(&site.app).await.unwrap().written, 1);
        assert_eq!(changed(&before, &inodes(&site.app)), ["region-en-1.xml.gz", "sitemap.xml.gz"]);

        let before = inodes(&site.app);
        site.edit(region).await.noindex(true).publish().await;
        assert_eq!(sitemaps::refresh(&site.app).await.unwrap().written, 2, "its translation named it");
        assert_eq!(changed(&before, &inodes(&site.app)), ["region-en-1.xml.gz", "region-fa-1.xml.gz", "sitemap.xml.gz"]);

        let before = inodes(&site.app);
        site.edit(region).await.publish().await;
        site.article("A draft").draft().await;
        assert_eq!(sitemaps::refresh(&site.app).await.unwrap().written, 0);
        assert_eq!(changed(&before, &inodes(&site.app)), Vec::<String>::new(), "nothing that a reader sees");
    }

    async fn neighbours_in_another_range_stay(site: Site) {
        site.article("First").publish().await;
        jump(&site, SPAN - 1).await;
        let last = site.article("Last of its range").publish().await;
        let next = site.article("First of the next").publish().await;
        assert_eq!((last, next), (SPAN - 1, SPAN));
        assert_eq!(sitemaps::refresh(&site.app).await.unwrap().shards, 1 + 2);
        site.clock.advance(1_000);
        site.edit(next).await.title("Another").publish().await;
        let before = inodes(&site.app);
        assert_eq!(sitemaps::refresh(&site.app).await.unwrap().written, 1);
        assert_eq!(changed(&before, &inodes(&site.app)), ["article-en-2.xml.gz", "sitemap.xml.gz"]);
        site.unpublish(next, false, Then::Gone).await.unwrap();
        let built = sitemaps::refresh(&site.app).await.unwrap();
        assert_eq!((built.shards, built.written), (2, 0), "a shard without pages is none");
    }

    async fn a_restart_goes_on_and_another_site_begins_anew(site: Site) {
        let id = site.article("One").publish().await;
        site.page("Two").publish().await;
        sitemaps::refresh(&site.app).await.unwrap();
        let again = site.another_node().await;
        site.clock.advance(1_000);
        site.edit(id).await.title("Changed").publish().await;
        let before = inodes(&site.app);
        sitemaps::refresh(&again).await.unwrap();
        assert_eq!(changed(&before, &inodes(&site.app)), ["article-en-1.xml.gz", "sitemap.xml.gz"]);

        // A copy that was restored from an older state knows fewer changes than what is served.
        site.tamper("UPDATE sitemap_shards SET sequence = 0").await.unwrap();
        site.tamper("UPDATE entries SET noindex = true").await.unwrap();
        assert_eq!(sitemaps::refresh(&site.app).await.unwrap().shards, 1, "all of it was read again");
        site.tamper("UPDATE entries SET noindex = false").await.unwrap();
        assert_eq!(sitemaps::refresh(&site.app).await.unwrap().shards, 1, "nothing says that it changed");
        site.tamper("UPDATE marks SET value = 'another' WHERE name = 'database'").await.unwrap();
        assert_eq!(sitemaps::refresh(&site.app).await.unwrap().shards, 3, "it is another database");
        std::fs::write(current(&site.app.files.sitemaps()).unwrap().join("about.json"), "{").unwrap();
        site.tamper("UPDATE entries SET noindex = true").await.unwrap();
        assert_eq!(sitemaps::refresh(&site.app).await.unwrap().shards, 1, "what can't be read is no help");
        site.tamper("UPDATE entries SET noindex = false").await.unwrap();
        sitemaps::build(&site.app).await.unwrap();
        let folder = current(&site.app.files.sitemaps()).unwrap();
        std::fs::remove_file(folder.join("article-en-1.xml.gz")).unwrap();
        assert_eq!(sitemaps::refresh(&site.app).await.unwrap().shards, 3, "a file went away, and comes back");
        assert_eq!(files(&site.app).len(), 3 + 1);
    }

    async fn whatever_editors_do_a_refresh_says_what_a_build_from_nothing_says(site: Site) {
        let steps = if std::env::var_os("ATLAS_TEST_FULL").is_some() { 4_000 } else { 400 };
        let mut walk = Walk::begin(site, Random::seeded(20_261_127)).await;
        for step in 1..=steps {
            walk.step().await;
            if walk.random.chance(15) || step == steps {
                walk.check().await;
            }
        }
        assert!(walk.done > steps / 4, "only {} steps did anything", walk.done);
        assert!(walk.halved, "no shard was ever too large");
    }
}

/// Lets the next entry have this id.
async fn jump(site: &Site, to: i64) {
    let below = to - 1;
    let sql = match site.database.engine {
        Engine::Postgres => format!("SELECT setval(pg_get_serial_sequence('entries', 'id'), {below})"),
        Engine::Sqlite => format!(
            "INSERT INTO entries (id, type, locale, translation_group, slug, title, summary, state, visibility,
                                  noindex, created_at, version)
             VALUES ({below}, 'article', 'en', {below}, 'x', 'x', '', 'archived', 'private', 0, 0, 1)"
        ),
    };
    site.tamper(&sql).await.unwrap();
}

/// Every file of the present generation, and which one it is on the disk.
fn inodes(app: &App) -> BTreeMap<String, u64> {
    let folder = current(&app.files.sitemaps()).unwrap();
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    let files = files.filter(|file| file.file_name() != "about.json");
    files.map(|file| (file.file_name().into_string().unwrap(), file.metadata().unwrap().ino())).collect()
}

fn changed(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) -> Vec<String> {
    after
        .iter()
        .filter(|(name, inode)| before.get(*name) != Some(inode))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Every file of the present generation as its readers get it.
fn files(app: &App) -> BTreeMap<String, String> {
    let folder = current(&app.files.sitemaps()).unwrap();
    let named = inodes(app).into_keys();
    named
        .map(|name| {
            let mut text = String::new();
            let file = std::fs::File::open(folder.join(&name)).unwrap();
            flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
            (name, text)
        })
        .collect()
}

/// An editor who does anything, in any order.
struct Walk {
    site: Site,
    /// Another node, which builds from nothing each time.
    other: App,
    random: Random,
    entries: Vec<i64>,
    steps: Vec<String>,
    done: usize,
    halved: bool,
    next_jump: i64,
}

impl Walk {
    async fn begin(mut site: Site, random: Random) -> Walk {
        site.app = site.with_content(&[("landings/places-by-kind.toml", LANDINGS)]).await;
        let other = site.elsewhere(&site.app).await;
        let mut entries = Vec::new();
        for title in ["North", "South"] {
            let region = site.region(title).publish().await;
            entries.push(region);
            let city = site.city("City", region).publish().await;
            entries.push(city);
            for kind in ["cafe", "cafe", "bakery"] {
                entries.push(site.place("Place", city).field("business_type", json!(kind)).publish().await);
            }
        }
        let steps = Vec::new();
        Walk { site, other, random, entries, steps, done: 0, halved: false, next_jump: SPAN - 2 }
    }

    async fn step(&mut self) {
        self.site.clock.advance(1_000);
        let (what, result) = match self.random.below(100) {
            0..22 => self.create().await,
            22..62 => self.edit().await,
            62..68 => self.on_any("publish", async |site, id, reuse| site.publish(id, reuse).await).await,
            68..78 => {
                self.on_any("unpublish", async |site, id, archive| {
                    site.unpublish(id, archive, Then::Gone).await
                })
                .await
            }
            78..84 => self.on_any("trash", async |site, id, _| site.trash(id, Then::Gone).await).await,
            84..98 => self.on_any("restore", async |site, id, _| site.restore(id).await).await,
            _ => {
                jump(&self.site, self.next_jump).await;
                self.next_jump += SPAN;
                ("jump".to_owned(), Ok(0))
            }
        };
        self.steps.push(format!("{what}: {result:?}"));
        match result {
            Ok(_) => self.done += 1,
            Err(Error::Conflict(_) | Error::Invalid(_)) => {}
            Err(other) => self.fail(&format!("an editor should never meet this: {other:?}")),
        }
    }

    async fn on_any(
        &mut self,
        verb: &str,
        act: impl AsyncFnOnce(&Site, i64, bool) -> Result<i64>,
    ) -> (String, Result<i64>) {
        let (id, flag) = (self.random.pick(&self.entries), self.random.chance(40));
        (format!("{verb} {id}, {flag}"), act(&self.site, id, flag).await)
    }

    async fn create(&mut self) -> (String, Result<i64>) {
        let kind = self.random.pick(&["article", "article", "page", "region", "city", "place", "place"]);
        let of = self.random.chance(40);
        let of = if of { self.one_of(kind).await } else { None };
        let locale = if of.is_some() || self.random.chance(10) { "fa" } else { "en" };
        let (region, city) = (self.one_of("region").await, self.one_of("city").await);
        let making = match (kind, region, city) {
            ("city", Some(region), _) => self.site.city("City", region),
            ("place", _, Some(city)) => self.site.place("Place", city).field("business_type", json!("cafe")),
            (kind, ..) => self.site.make(kind, "Words"),
        };
        let making = making.slug(self.random.pick(&["a", "b", "c", "d", "e"])).in_locale(locale, of);
        let result = if self.random.chance(80) {
            making.reuse(true).try_publish().await
        } else {
            making.try_draft().await.map(|saved| saved.id)
        };
        self.entries.extend(result.as_ref().ok());
        (format!("create {kind} in {locale} of {of:?}"), result)
    }

    async fn edit(&mut self) -> (String, Result<i64>) {
        let id = self.random.pick(&self.entries);
        let kind = self.site.entry(id).await.kind;
        let (region, city) = (self.one_of("region").await, self.one_of("city").await);
        let (what, flag) = (self.random.below(9), self.random.chance(50));
        let slug = self.random.pick(&["a", "b", "c", "d", "e"]);
        let visibility = self.random.pick(&[
            Visibility::Public,
            Visibility::Public,
            Visibility::Unlisted,
            Visibility::Private,
        ]);
        let picture = format!("/media/0123456789abcdef/{slug}.jpg");
        let making: Making<'_> = self.site.edit(id).await.reuse(true);
        let making = match (what, kind.as_str(), region, city) {
            (0, ..) => making.title(&format!("Title {slug}")),
            (1, ..) => making.slug(slug),
            (2, "city", Some(region), _) => making.field("region", json!(region)),
            (2, "place", _, Some(city)) => making.field("city", json!(city)),
            (3, ..) => making.noindex(flag),
            (4, ..) => making.canonical(flag.then_some("https://elsewhere.example/")),
            (5, ..) => making.visibility(visibility),
            (6, ..) => making.cover(flag.then(|| ImageRef { src: picture, ..ImageRef::default() })),
            (7, ..) => making.body(&format!("![x]({picture})")),
            (8, "place", ..) => making.field("business_type", json!(if flag { "cafe" } else { "bakery" })),
            _ => making,
        };
        let result = if self.random.chance(85) {
            making.try_publish().await
        } else {
            making.try_draft().await.map(|saved| saved.id)
        };
        (format!("edit {kind} {id}: {what} {flag} {slug} {visibility}"), result)
    }

    async fn one_of(&mut self, kind: &str) -> Option<i64> {
        let mut found = Vec::new();
        for id in &self.entries {
            if self.site.entry(*id).await.kind == kind {
                found.push(*id);
            }
        }
        self.random.maybe(&found)
    }

    /// The node that follows changes and the one that reads everything serve the same bytes.
    async fn check(&mut self) {
        let followed = sitemaps::refresh_within(&self.site.app, FEW).await.unwrap();
        let built = sitemaps::build_within(&self.other, FEW).await.unwrap();
        let (followed_files, built_files) = (files(&self.site.app), files(&self.other));
        for (name, text) in &built_files {
            if followed_files.get(name) != Some(text) {
                let other = followed_files.get(name).map_or("nothing", String::as_str);
                self.fail(&format!("{name} is\n{other}\nand should be\n{text}"));
            }
        }
        if followed_files.len() != built_files.len() {
            self.fail(&format!("{:?} is more than {:?}", followed_files.keys(), built_files.keys()));
        }
        assert_eq!(Built { written: 0, ..followed }, Built { written: 0, ..built });
        self.halved |= built_files.keys().any(|name| name.contains('_'));
    }

    fn fail(&self, why: &str) -> ! {
        let from = self.steps.len().saturating_sub(30);
        panic!("seed {}: {why}\nafter {}", self.random.seed, self.steps[from..].join("\n"));
    }
}
