//! The law of addresses (DESIGN 1.1): whatever editors do, in whatever order, every path that ever
//! showed a page answers with that page, with one redirect to a page, or with 410. Never with two
//! hops, a loop, a 404, or another entry's page, unless an editor confirmed that another entry takes
//! the path.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use atlas::actions::schedule::schedule;
use atlas::actions::unpublish::Then;
use atlas::app::Answered;
use atlas::clock::Time;
use atlas::entry::{State, Visibility};
use atlas::error::{Error, Result};
use atlas::text::Path;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use crate::on_both;
use crate::support::random::Random;
use crate::support::site::{Making, Site, wish};

/// Landing pages at addresses that entries want too.
const LANDINGS: &str = r#"
type = "place"
by   = ["city", "business_type"]
path = "/{city.path}/{business_type}"
min  = 1
[words.en]
title       = "{business_type} in {city}"
description = "{count} {business_type} in {city}"
[value.cafe]
en = { name = "Cafés", slug = "b" }
[value.bakery]
en = { name = "Bakeries", slug = "bakeries" }
"#;

/// Others that grow thin.
const ALL: &str = r#"
type = "place"
by   = ["city"]
path = "/{city.path}/{slug}"
min  = 2
[words.en]
title       = "Places in {city}"
description = "{count} in {city}"
slug        = "all"
"#;

/// Few, so that they collide; one folds like another, two are not ASCII.
const SLUGS: [&str; 6] = ["a", "b", "B", "c", "Café", "کافه"];
const MOST_ENTRIES: usize = 45;
const BETWEEN_CHECKS: usize = 25;

on_both! {
    async fn whatever_editors_do_every_old_address_is_one_hop_away(site: Site) {
        let steps = if std::env::var_os("ATLAS_TEST_FULL").is_some() { 20_000 } else { 2_000 };
        let mut walk = Walk::begin(site, Random::seeded(20_260_301)).await;
        for step in 1..=steps {
            walk.step().await;
            if step % BETWEEN_CHECKS == 0 || step == steps {
                walk.check().await;
            }
        }
        walk.expect_that_much_happened();
    }
}

/// Whose page a path showed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Entry(i64),
    /// An editor laid a redirect or a 410 over it, on purpose.
    Editor,
}

/// What one step did, for the message of a failure.
struct Done {
    what: String,
    /// The editor confirmed that a path may be taken over.
    confirmed: bool,
    result: Result<()>,
}

struct Walk {
    site: Site,
    random: Random,
    entries: Vec<i64>,
    /// Every path that ever showed a page, by its folded form, as it was spelled then.
    seen: BTreeMap<String, (String, Owner)>,
    /// Exact redirects and 410s, where they stand.
    redirects: Vec<String>,
    rules: Vec<(String, String)>,
    /// Entries whose parent had lost its address to another entry; they may stand elsewhere since.
    displaced: BTreeSet<i64>,
    /// The landing pages there ever were.
    landings: BTreeSet<i64>,
    steps: Vec<String>,
    worked: HashMap<&'static str, usize>,
}

impl Walk {
    async fn begin(mut site: Site, random: Random) -> Walk {
        let files = [("landings/places-by-kind.toml", LANDINGS), ("landings/all.toml", ALL)];
        site.app = site.with_content(&files).await;
        let mut entries = Vec::new();
        for slug in ["x", "y"] {
            let region = site.region(&format!("Region {slug}")).slug(slug).publish().await;
            entries.push(region);
            let city = site.city("City", region).slug("a").publish().await;
            entries.push(city);
            for (slug, kind) in [("one", "cafe"), ("two", "cafe"), ("three", "bakery")] {
                let place = site.place("Place", city).slug(slug).field("business_type", json!(kind));
                entries.push(place.publish().await);
            }
        }
        let (seen, redirects, rules, displaced, landings, steps, worked) = Default::default();
        let mut walk =
            Walk { site, random, entries, seen, redirects, rules, displaced, landings, steps, worked };
        walk.observe(false).await;
        walk
    }

    async fn step(&mut self) {
        let verb = match self.random.below(100) {
            0..18 => "create",
            18..40 => "edit",
            40..50 => "publish",
            50..58 => "unpublish",
            58..66 => "trash",
            66..74 => "restore",
            74..82 => "redirect",
            82..87 => "remove_redirect",
            87..90 => "rule",
            90..92 => "remove_rule",
            92..96 => "schedule",
            _ => "time",
        };
        let done = match verb {
            "create" => self.create().await,
            "edit" => self.edit().await,
            "publish" => self.publish().await,
            "unpublish" => self.unpublish().await,
            "trash" => self.trash().await,
            "restore" => self.restore().await,
            "redirect" => self.redirect().await,
            "remove_redirect" => self.remove_redirect().await,
            "rule" => self.rule().await,
            "remove_rule" => self.remove_rule().await,
            "schedule" => self.schedule().await,
            _ => self.time().await,
        };
        let Some(done) = done else { return };
        let outcome = match &done.result {
            Ok(()) => "done".to_owned(),
            Err(error) => error.to_string(),
        };
        self.steps.push(format!("{}: {outcome}", done.what));
        match done.result {
            Ok(()) => *self.worked.entry(verb).or_default() += 1,
            Err(Error::Conflict(_) | Error::Invalid(_)) => {}
            Err(other) => self.fail(&format!("an editor should never meet this: {other:?}")),
        }
        self.observe(done.confirmed).await;
        self.note_displaced().await;
    }

    async fn create(&mut self) -> Option<Done> {
        if self.entries.len() >= MOST_ENTRIES {
            return None;
        }
        let (slug, confirmed, live) = (self.slug(), self.random.chance(30), self.random.chance(70));
        let kind = self.random.pick(&["article", "page", "page", "region", "city", "place", "place"]);
        let above = match kind {
            "page" if self.random.chance(60) => self.one_of("page").await,
            "city" => self.one_of("region").await,
            "place" => self.one_of("city").await,
            _ => None,
        };
        let visibility = self.visibility();
        let locale = if self.random.chance(20) { "fa" } else { "en" };
        let making = match (kind, above) {
            ("article", _) => self.site.article("Article"),
            ("region", _) => self.site.region("Region"),
            ("page", above) => self.site.page("Page").parent(above),
            ("city", Some(region)) => self.site.city("City", region),
            ("place", Some(city)) => {
                let kind = self.random.pick(&["cafe", "bakery"]);
                self.site.place("Place", city).field("business_type", json!(kind))
            }
            _ => return None,
        };
        let making = making.slug(slug).in_locale(locale, None).visibility(visibility).reuse(confirmed);
        let result = save(making, live).await;
        if let Ok(id) = result {
            self.entries.push(id);
        }
        let what = format!(
            "create {kind} {slug} ({locale}, {visibility}) below {above:?}, live: {live}, {confirmed}: {result:?}"
        );
        Some(Done { what, confirmed, result: result.map(|_| ()) })
    }

    /// Renames, moves, shows or hides; at once or as a draft.
    async fn edit(&mut self) -> Option<Done> {
        let id = self.random.maybe(&self.entries)?;
        let (confirmed, live) = (self.random.chance(30), self.random.chance(75));
        let kind = self.site.entry(id).await.kind;
        let mut what = format!("edit {kind} {id}, live: {live}, confirmed: {confirmed}");
        let (slug, visibility) = (self.slug(), self.visibility());
        let change = self.random.below(3);
        let above = match kind.as_str() {
            "page" if self.random.chance(75) => self.one_of("page").await,
            "city" => self.one_of("region").await,
            "place" => self.one_of("city").await,
            _ => None,
        };
        let making = self.site.edit(id).await.reuse(confirmed);
        let making = match (change, kind.as_str(), above) {
            (0, "page", above) => making.parent(above),
            (0, "city", Some(region)) => making.field("region", json!(region)),
            (0, "place", Some(city)) => making.field("city", json!(city)),
            (1, ..) => making.visibility(visibility),
            _ => making.slug(slug),
        };
        what.push_str(&format!(" (change {change}: slug {slug}, above {above:?}, {visibility})"));
        Some(Done { what, confirmed, result: save(making, live).await.map(|_| ()) })
    }

    async fn publish(&mut self) -> Option<Done> {
        let id = self.random.maybe(&self.entries)?;
        let confirmed = self.random.chance(30);
        let result = self.site.publish(id, confirmed).await.map(|_| ());
        Some(Done { what: format!("publish {id}, confirmed: {confirmed}"), confirmed, result })
    }

    async fn unpublish(&mut self) -> Option<Done> {
        let id = self.random.maybe(&self.entries)?;
        let (archive, then) = (self.random.chance(40), self.then());
        let result = self.site.unpublish(id, archive, then).await.map(|_| ());
        Some(Done { what: format!("unpublish {id}, archive: {archive}, {then:?}"), confirmed: false, result })
    }

    async fn trash(&mut self) -> Option<Done> {
        let (id, then) = (self.random.maybe(&self.entries)?, self.then());
        let result = self.site.trash(id, then).await.map(|_| ());
        Some(Done { what: format!("trash {id}, {then:?}"), confirmed: false, result })
    }

    async fn restore(&mut self) -> Option<Done> {
        let id = self.random.maybe(&self.entries)?;
        let result = self.site.restore(id).await.map(|_| ());
        Some(Done { what: format!("restore {id}"), confirmed: false, result })
    }

    async fn redirect(&mut self) -> Option<Done> {
        let from = self.some_path();
        let to = match self.random.below(5) {
            0 => String::new(),
            1 => self.random.pick(&["/articles", "/", "/fa", "/feed.xml"]).to_owned(),
            _ => self.some_path(),
        };
        let status = if to.is_empty() { 410 } else { self.random.pick(&[301, 302, 307, 308]) };
        let confirmed = self.random.chance(40);
        let mut wish = wish("exact", &href(&from), &href(&to), status);
        wish.reuse = confirmed;
        let result = self.site.redirect(&wish).await.map(|_| ());
        if result.is_ok() {
            let folded = folded(&from);
            if let Some((_, owner)) = self.seen.get_mut(&folded) {
                if *owner != Owner::Editor && !confirmed {
                    self.fail(&format!("{from} was taken by a redirect without being asked for"));
                }
                *owner = Owner::Editor;
            }
            self.redirects.push(from.clone());
        }
        let what = format!("redirect {from} to {to} ({status}), confirmed: {confirmed}");
        Some(Done { what, confirmed, result })
    }

    async fn remove_redirect(&mut self) -> Option<Done> {
        let from = self.random.maybe(&self.redirects)?;
        let result = match self.site.remove_redirect("exact", &href(&from)).await {
            // An entry has taken its place meanwhile.
            Err(Error::NotFound) => Ok(()),
            other => other,
        };
        if result.is_ok() {
            self.redirects.retain(|path| folded(path) != folded(&from));
        }
        Some(Done { what: format!("remove the redirect {from}"), confirmed: false, result })
    }

    async fn rule(&mut self) -> Option<Done> {
        let (kind, from, to) = self.random.pick(&[
            ("prefix", "/a", "/x"),
            ("prefix", "/old", "/x/a"),
            ("prefix", "/fa/old", "/articles"),
            ("prefix", "/b/c", ""),
            ("regex", "/(old|c)/(.+)", "/x/$2"),
            ("regex", "/fa/(.+)", "/$1"),
        ]);
        let status = if to.is_empty() { 410 } else { 301 };
        let result = self.site.redirect(&wish(kind, from, to, status)).await.map(|_| ());
        if result.is_ok() {
            self.rules.push((kind.to_owned(), from.to_owned()));
        }
        Some(Done { what: format!("{kind} rule {from} to {to}"), confirmed: false, result })
    }

    async fn remove_rule(&mut self) -> Option<Done> {
        let (kind, from) = self.random.maybe(&self.rules)?;
        self.rules.retain(|rule| *rule != (kind.clone(), from.clone()));
        let result = self.site.remove_redirect(&kind, &from).await;
        Some(Done { what: format!("remove the {kind} rule {from}"), confirmed: false, result })
    }

    async fn schedule(&mut self) -> Option<Done> {
        let id = self.random.maybe(&self.entries)?;
        let now = self.site.clock.now().0;
        let publish_at = self.random.chance(70).then_some(Time(now + 1_000));
        let unpublish_at = self.random.chance(40).then_some(Time(now + 2_000));
        let seen = self.site.version(id).await;
        let result =
            self.site.act(async |change| schedule(change, id, seen, publish_at, unpublish_at).await).await;
        Some(Done { what: format!("schedule {id}"), confirmed: false, result: result.map(|_| ()) })
    }

    async fn time(&mut self) -> Option<Done> {
        self.site.clock.advance(1_500);
        let result = atlas::jobs::worker::work_off(&self.site.app).await.map(|_| ());
        Some(Done { what: "carry out the schedules".to_owned(), confirmed: false, result })
    }

    /// Notes the addresses of the pages that are or were shown, and refuses one that was another
    /// entry's.
    async fn observe(&mut self, confirmed: bool) {
        let present: Vec<(String, String, i64)> = self
            .site
            .rows(
                "SELECT folded, path, entry_id FROM paths
                 WHERE kind = 'canonical' AND public_at IS NOT NULL",
            )
            .await;
        for (folded, path, id) in present {
            let before = self.seen.insert(folded, (path.clone(), Owner::Entry(id)));
            if let Some((_, owner)) = before
                && owner != Owner::Entry(id)
                && !confirmed
            {
                self.fail(&format!("{path} of {owner:?} was silently given to entry {id}"));
            }
        }
    }

    async fn note_displaced(&mut self) {
        let displaced: Vec<(i64,)> = self
            .site
            .rows(
                "SELECT e.id FROM entries e
                 WHERE e.path_parent_id IS NOT NULL AND NOT EXISTS (
                     SELECT 1 FROM paths p WHERE p.entry_id = e.path_parent_id AND p.kind = 'canonical'
                 )",
            )
            .await;
        self.displaced.extend(displaced.into_iter().map(|(id,)| id));
    }

    async fn note_landings(&mut self) {
        let made: Vec<(i64,)> = self.site.rows("SELECT entry_id FROM landings").await;
        self.landings.extend(made.into_iter().map(|(id,)| id));
    }

    /// Asks the site for every path that ever showed a page.
    async fn check(&mut self) {
        self.note_landings().await;
        self.check_entries().await;
        for (path, owner) in self.seen.values().cloned().collect::<Vec<_>>() {
            let answer = self.site.answer(&path).await;
            self.check_answer(&path, owner, &answer).await;
            let other = self.spelled_otherwise(&path);
            let again = self.site.answer(&other).await;
            if again != answer {
                self.fail(&format!("{path} answers {answer:?}, but {other} answers {again:?}"));
            }
        }
        for path in self.redirects.clone() {
            let answer = self.site.answer(&path).await;
            if answer == Answered::NotFound {
                self.fail(&format!("the redirect {path} leads nowhere"));
            }
            self.check_hop(&path, &answer).await;
        }
        for path in ["/a/b", "/old/a", "/old", "/fa/old/x", "/b/c/d", "/fa/c", "/c/a", "/never/was"] {
            let answer = self.site.answer(path).await;
            self.check_hop(path, &answer).await;
        }
    }

    /// Every live entry answers at its own address, and stands below what it is said to stand below.
    async fn check_entries(&self) {
        for &id in self.entries.iter().chain(&self.landings) {
            let entry = self.site.entry(id).await;
            let address = self.site.address(id).await;
            if entry.is_live() {
                let Some(path) = &address else { self.fail(&format!("live entry {id} has no address")) };
                let answer = self.site.answer(path).await;
                if answer != (Answered::Entry { id, path: path.clone() }) {
                    self.fail(&format!("entry {id} has the address {path}, which answers {answer:?}"));
                }
            }
            if let (Some(above), Some(path)) = (entry.path_parent_id, &address)
                && entry.state() == State::Published
                && !self.displaced.contains(&id)
                && let Some(above) = self.site.address(above).await
            {
                let inner = path.strip_prefix("/fa").unwrap_or(path);
                let above = above.strip_prefix("/fa").unwrap_or(&above);
                if !inner.starts_with(&format!("{above}/")) {
                    self.fail(&format!("entry {id} at {path} should stand below {above}"));
                }
            }
        }
    }

    async fn check_answer(&self, path: &str, owner: Owner, answer: &Answered) {
        let live = match owner {
            Owner::Entry(id) => self.site.entry(id).await.is_live().then_some(id),
            Owner::Editor => None,
        };
        match answer {
            Answered::Entry { id, path: shown } => {
                if live != Some(*id) || folded(shown) != folded(path) {
                    self.fail(&format!("{path} of {owner:?} shows entry {id} at {shown}"));
                }
            }
            Answered::Redirect { to, .. } => {
                let end = self.check_hop(path, answer).await;
                if let Some(id) = live
                    && end != Some(id)
                {
                    self.fail(&format!("{path} of the live entry {id} leads to {to}"));
                }
            }
            Answered::Gone { .. } if live.is_none() => {}
            other => self.fail(&format!("{path} of {owner:?} answers {other:?}")),
        }
    }

    /// A redirect leads to a page, at the page's own spelling; the entry there, if it is one.
    async fn check_hop(&self, from: &str, answer: &Answered) -> Option<i64> {
        let Answered::Redirect { to, status, .. } = answer else { return None };
        if !matches!(status, 301 | 302 | 307 | 308) {
            self.fail(&format!("{from} answers {status}"));
        }
        match self.site.answer(to).await {
            Answered::Entry { id, path } if path == *to => Some(id),
            Answered::Home { .. } | Answered::Listing { .. } | Answered::Feed { .. } => None,
            other => self.fail(&format!("{from} leads to {to}, which answers {other:?}")),
        }
    }

    /// Each verb worked often enough that the walk says something.
    fn expect_that_much_happened(&self) {
        for verb in
            ["create", "edit", "publish", "unpublish", "trash", "restore", "redirect", "remove_redirect"]
        {
            let worked = self.worked.get(verb).copied().unwrap_or_default();
            assert!(worked >= 20, "{verb} worked {worked} times: {:?}", self.worked);
        }
        assert!(self.seen.len() >= 60, "only {} paths were ever public", self.seen.len());
        assert!(self.landings.len() >= 3, "only {} landing pages were ever made", self.landings.len());
    }

    fn slug(&mut self) -> &'static str {
        self.random.pick(&SLUGS)
    }

    fn visibility(&mut self) -> Visibility {
        self.random.pick(&[Visibility::Public, Visibility::Public, Visibility::Unlisted, Visibility::Private])
    }

    fn then(&mut self) -> Then {
        match self.random.maybe(&self.entries) {
            Some(id) if self.random.chance(60) => Then::To(id),
            _ => Then::Gone,
        }
    }

    async fn one_of(&mut self, kind: &str) -> Option<i64> {
        let mut found = Vec::new();
        for &id in &self.entries {
            if self.site.entry(id).await.kind == kind {
                found.push(id);
            }
        }
        self.random.maybe(&found)
    }

    /// A path that was public, or one that never was.
    fn some_path(&mut self) -> String {
        if self.random.chance(70) && !self.seen.is_empty() {
            let at = self.random.below(self.seen.len());
            return self.seen.values().nth(at).expect("it is below the length").0.clone();
        }
        format!("/{}/{}", self.random.pick(&["old", "a", "x"]), self.slug())
    }

    fn spelled_otherwise(&mut self, path: &str) -> String {
        match self.random.below(3) {
            0 => path.to_uppercase(),
            1 => path.nfd().collect(),
            _ => path.replace('ی', "ي").replace('ک', "ك").to_lowercase(),
        }
    }

    fn fail(&self, reason: &str) -> ! {
        let last = self.steps.len().saturating_sub(400);
        panic!(
            "{reason}\nafter {} steps of the seed {} (set ATLAS_TEST_SEED to repeat it); the last ones:\n{}",
            self.steps.len(),
            self.random.seed,
            self.steps[last..].join("\n")
        )
    }
}

async fn save(making: Making<'_>, live: bool) -> Result<i64> {
    if live { making.try_publish().await } else { Ok(making.try_draft().await?.id) }
}

fn folded(path: &str) -> String {
    Path::parse(path).unwrap().folded()
}

fn href(path: &str) -> String {
    if path.is_empty() { String::new() } else { Path::parse(path).unwrap().href() }
}
