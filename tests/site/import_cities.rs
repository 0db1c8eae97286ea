//! Tables: the countries of the world as regions, and the cities in them.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use atlas::actions::import::{Options, Report};
use atlas::store::{entries, paths, relations};
use atlas::text::{Script, Slug};

use crate::on_both;
use crate::support::import::{Site, assert_same, lines, shared};

const MAPS: [&str; 3] = ["title=name", "region=country", "geo=latitude,longitude"];

fn kind(name: &str) -> Options {
    Options { kind: Some(name.into()), ..Options::default() }
}

/// The rows a test reads: all of them where long tests are wanted.
fn rows() -> usize {
    if std::env::var_os("ATLAS_TEST_FULL").is_some() { 34_006 } else { 2_000 }
}

/// The first rows of the cities, in a file that can be changed.
struct Cities {
    folder: tempfile::TempDir,
    rows: usize,
}

impl Cities {
    fn take(rows: usize) -> Cities {
        let folder = tempfile::tempdir().unwrap();
        let text = fs::read_to_string(shared("cities.csv")).unwrap();
        let lines: String = text.lines().take(rows + 1).map(|line| format!("{line}\n")).collect();
        fs::write(folder.path().join("cities.csv"), lines).unwrap();
        Cities { folder, rows }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("cities.csv")
    }

    /// Name and country of each row.
    fn names(&self) -> Vec<(String, String)> {
        let mut reader = csv::Reader::from_path(self.file()).unwrap();
        reader.records().map(|row| row.unwrap()).map(|row| (row[1].to_owned(), row[4].to_owned())).collect()
    }
}

async fn countries(site: &Site, maps: &[&str]) {
    let report = site.import_table(&shared("countries.csv"), maps, &kind("region")).await;
    assert_eq!((report.created, lines(&report.problems)), (252, Vec::new()));
}

async fn import(site: &Site, file: &Path, options: &Options) -> Report {
    site.import_table(file, &MAPS, options).await
}

on_both! {
    async fn every_city_has_a_page_of_its_own_below_its_country(site: Site) {
        let cities = Cities::take(rows());
        countries(&site, &["title=name", "slug=iso"]).await;
        let dry = import(&site, &cities.file(), &Options { dry_run: true, ..kind("city") }).await;
        let begun = std::time::Instant::now();
        let report = import(&site, &cities.file(), &kind("city")).await;
        println!("{} cities in {:.1} s", cities.rows, begun.elapsed().as_secs_f64());
        assert_eq!((report.created, lines(&report.problems)), (cities.rows as u64, Vec::new()));
        assert_eq!(Report { dry_run: false, ..dry }, report);
        every_page_is_its_own(&site, &cities).await;
        a_second_run_changes_nothing(&site, &cities).await;
        a_changed_row_changes_just_one(&site, &cities).await;
    }

    async fn a_country_is_found_by_slug_by_title_and_by_the_key_of_its_own_import(site: Site) {
        let mut site = site;
        let cities = Cities::take(300);
        for maps in [&["title=iso"][..], &["title=name", "slug=iso"], &["title=name"]] {
            site.begin_anew().await;
            countries(&site, maps).await;
            let report = import(&site, &cities.file(), &kind("city")).await;
            assert_eq!((report.created, lines(&report.problems)), (300, Vec::new()), "{maps:?}");
            assert_eq!(site.counts().await["relations"], 300, "{maps:?}");
        }
        // The last had no slug: the address is made of the country's name.
        site.entry_at("/iran/lavāsān").await;
    }

    async fn a_country_that_is_missing_is_said_or_created_when_asked(site: Site) {
        let cities = Cities::take(50);
        let report = import(&site, &cities.file(), &kind("city")).await;
        assert_eq!((report.created, report.skipped), (0, 50));
        let first = lines(&report.problems)[0].clone();
        assert!(first.ends_with(":2: `region`: there is no region “IR”; --create-missing creates it"), "{first}");
        assert_eq!(site.counts().await["entries"], 0);
        let report = import(&site, &cities.file(), &Options { create_missing: true, ..kind("city") }).await;
        let countries: HashSet<String> = cities.names().into_iter().map(|(_, country)| country).collect();
        assert_eq!(report.created, 50 + countries.len() as u64);
        assert_eq!(lines(&report.problems), Vec::<String>::new());
        site.entry_at("/ir").await;
    }

    async fn namesakes_get_addresses_that_can_be_read(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("towns.csv");
        let table = "id,name,country,state\n1,Springfield,US,IL\n2,Springfield,US,MO\n3,Springfield,US,MO\n\
                     4,Springfield,CA,ON\n5,شیراز,IR,7\n6,شیراز,IR,8\n";
        fs::write(&file, table).unwrap();
        countries(&site, &["title=name", "slug=iso"]).await;
        let maps = ["title=name", "region=country", "tie=state"];
        let report = site.import_table(&file, &maps, &kind("city")).await;
        assert_eq!((report.created, lines(&report.problems)), (6, Vec::new()));
        for path in [
            "/US/springfield", "/US/springfield-mo", "/US/springfield-mo-2", "/CA/springfield",
            "/IR/شیراز", "/IR/شیراز-8",
        ] {
            site.entry_at(path).await;
        }
        // Turning the rows round later moves nobody.
        let turned: Vec<&str> = table.lines().skip(1).collect();
        let turned: String = turned.iter().rev().map(|line| format!("{line}\n")).collect();
        fs::write(&file, format!("id,name,country,state\n{turned}")).unwrap();
        let again = site.import_table(&file, &maps, &kind("city")).await;
        assert_eq!((again.created, again.changed, again.unchanged), (0, 0, 6));
    }

    async fn a_path_of_a_row_is_taken_as_it_is_or_refused(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pages.csv");
        fs::write(&file, "id,name,at\n1,One,/same\n2,Two,/same\n3,Three,/admin/x\n4,Four,/four\n").unwrap();
        let report = site.import_table(&file, &["title=name", "path=at"], &kind("page")).await;
        assert_eq!((report.created, report.skipped), (2, 2));
        let said = lines(&report.problems);
        assert!(said[0].contains(":3: the path /same is taken by “One”"), "{said:?}");
        assert!(said[1].contains(":4: `slug`: the path /admin/x belongs to the engine"), "{said:?}");
    }

    async fn a_stopped_import_of_a_table_goes_on(site: Site) {
        let mut site = site;
        let cities = Cities::take(1_200);
        countries(&site, &["title=name", "slug=iso"]).await;
        import(&site, &cities.file(), &kind("city")).await;
        let (whole, _) = site.export().await;
        site.begin_anew().await;
        countries(&site, &["title=name", "slug=iso"]).await;
        stop_after(&site, &cities.file(), 700).await;
        let kept = site.counts().await["entries"] - 252;
        assert_eq!(kept, 500, "what was committed is kept, the rest is not half there");
        let report = import(&site, &cities.file(), &kind("city")).await;
        assert_eq!((report.created, report.unchanged, report.changed), (700, 500, 0));
        let (resumed, _) = site.export().await;
        assert_same(whole.path(), resumed.path());
    }
}

async fn every_page_is_its_own(site: &Site, cities: &Cities) {
    let ids = all_cities(site).await;
    let titles: HashMap<i64, entries::Entry> = find_all(site, &ids).await;
    let addresses = paths::canonicals(&site.app.db, &ids).await.unwrap();
    assert_eq!(addresses.len(), cities.rows);
    let mut wanted: HashMap<(String, String), usize> = HashMap::new();
    for (name, country) in cities.names() {
        *wanted.entry((name, country)).or_default() += 1;
    }
    for (id, path) in &addresses {
        let title = &titles[id].title;
        let (country, slug) = path[1..].split_once('/').unwrap();
        let base = Slug::from_title(title, Script::Keep).unwrap();
        let rest = slug.strip_prefix(base.as_str()).unwrap_or_else(|| panic!("{path} is {title}"));
        let number = rest.strip_prefix('-').map(str::parse::<u32>);
        assert!(rest.is_empty() || matches!(number, Some(Ok(2..))), "{path} is {title}");
        let left = wanted.get_mut(&(title.clone(), country.to_owned())).unwrap();
        *left -= 1;
    }
    assert!(wanted.values().all(|left| *left == 0));
    for (id, path) in addresses.iter().take(200) {
        let region = relations::targets(&site.app.db, *id).await.unwrap();
        let country = paths::canonical(&site.app.db, region[0]).await.unwrap().unwrap();
        assert!(path.starts_with(&format!("{country}/")), "{path} is not below {country}");
        let geo = &entries::draft(&site.app.db, *id).await.unwrap().content.fields["geo"];
        assert!(geo["latitude"].is_number() && geo["longitude"].is_number(), "{path}: {geo}");
    }
}

async fn all_cities(site: &Site) -> Vec<i64> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let ids = entries::ids_after(&site.app.db, after, 5_000).await.unwrap();
        let Some(last) = ids.last() else { return all };
        after = *last;
        let found = entries::find_many(&site.app.db, &ids).await.unwrap();
        all.extend(found.iter().filter(|entry| entry.kind == "city").map(|entry| entry.id));
    }
}

async fn find_all(site: &Site, ids: &[i64]) -> HashMap<i64, entries::Entry> {
    let found = entries::find_many(&site.app.db, ids).await.unwrap();
    found.into_iter().map(|entry| (entry.id, entry)).collect()
}

async fn a_second_run_changes_nothing(site: &Site, cities: &Cities) {
    let counts = site.counts().await;
    site.clock.advance(3_600_000);
    let again = import(site, &cities.file(), &kind("city")).await;
    assert_eq!((again.created, again.changed, again.unchanged), (0, 0, cities.rows as u64));
    assert_eq!(site.counts().await, counts);
}

async fn a_changed_row_changes_just_one(site: &Site, cities: &Cities) {
    let before = site.counts().await;
    let text = fs::read_to_string(cities.file()).unwrap();
    assert!(text.contains("490,Lavāsān,"));
    fs::write(cities.file(), text.replace("490,Lavāsān,35.82159,", "490,Lavasan by the dam,35.5,")).unwrap();
    let report = import(site, &cities.file(), &kind("city")).await;
    assert_eq!((report.created, report.changed, report.unchanged), (0, 1, cities.rows as u64 - 1));
    let after = site.counts().await;
    assert_eq!(after["revisions"], before["revisions"] + 1);
    assert_eq!((after["entries"], after["paths"]), (before["entries"], before["paths"]), "no page moved");
    let id = site.entry_at("/IR/lavāsān").await;
    let entry = entries::find(&site.app.db, id).await.unwrap().unwrap();
    assert_eq!(entry.title, "Lavasan by the dam");
}

async fn stop_after(site: &Site, file: &Path, rows: u64) {
    use atlas::actions::import::{Progress, table};
    use atlas::entry::Actor;

    struct Stop(u64, Option<tokio::sync::oneshot::Sender<()>>);
    impl Progress for Stop {
        fn begin(&mut self, _: &str, _: u64) {}
        fn step(&mut self, _: u64) {
            self.0 = self.0.saturating_sub(1);
            if self.0 == 0 {
                self.1.take().map(|signal| signal.send(()));
            }
        }
    }
    let (send, stopped) = tokio::sync::oneshot::channel();
    let mut progress = Stop(rows, Some(send));
    let maps = MAPS.map(str::to_owned);
    let (options, read) = (kind("city"), atlas::source::csv::Options::default());
    tokio::select! {
        biased;
        _ = stopped => {}
        done = table::import(&site.app, &Actor::Operator, file, &maps, &read, &options, &mut progress) => {
            panic!("the import ended before it could be stopped: {done:?}");
        }
    }
}
