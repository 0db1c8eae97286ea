//! The Rust blog, 377 posts as Zola has them, moves in with every address it ever had.

use std::fs;

use atlas::actions::import::{Options, Report};
use atlas::app::Answered;
use atlas::source;
use atlas::store::entries;
use atlas::text::{Path, markdown};

use crate::on_both;
use crate::support::import::{Site, assert_same, lines, shared};

const POSTS: u64 = 377;

fn options() -> Options {
    Options { kind: Some("article".into()), ..Options::default() }
}

/// Most posts link to each other by whole URLs of the site they were written for.
fn known_to_have_been_elsewhere() -> Options {
    Options { old_site: Some("https://blog.rust-lang.org/".parse().unwrap()), ..options() }
}

async fn references(site: &Site) -> usize {
    let mut references = 0;
    for post in posts() {
        let id = site.entry_at(&post.path).await;
        let body = entries::draft(&site.app.db, id).await.unwrap().content.body;
        references += markdown::addresses(&body).iter().filter(|link| link.url.starts_with("entry:")).count();
    }
    references
}

/// A post as its file says it: its address, its former ones, its day.
struct Post {
    file: String,
    path: String,
    aliases: Vec<String>,
    date: atlas::clock::Time,
}

fn posts() -> Vec<Post> {
    let dir = shared("rust-blog/content");
    let documents = source::walk(&dir).unwrap().documents;
    let mut posts = Vec::new();
    let dated = regex::Regex::new(r"(\d{4})/(\d{2})/(\d{2})/").unwrap();
    for file in documents.into_iter().filter(|file| !file.ends_with("_index.md")) {
        let text = fs::read_to_string(dir.join(&file)).unwrap();
        // Read here by hand, so that what the importer believes is not taken for granted.
        let Some(path) = text.lines().find_map(|line| line.strip_prefix("path = \"")?.strip_suffix('"'))
        else {
            continue;
        };
        let day = dated.captures(path).map(|day| format!("{}-{}-{}", &day[1], &day[2], &day[3])).unwrap();
        let front = text.split("+++").nth(1).unwrap();
        let aliases = front.split_once("aliases = [").map_or("", |(_, rest)| rest.split(']').next().unwrap());
        posts.push(Post {
            file,
            path: format!("/{path}"),
            aliases: aliases.split('"').skip(1).step_by(2).map(|alias| format!("/{alias}")).collect(),
            date: atlas::clock::Time::parse(&day).unwrap(),
        });
    }
    assert_eq!(posts.len() as u64, POSTS);
    posts
}

async fn import(site: &Site) -> Report {
    site.import(&shared("rust-blog/content"), &options()).await
}

on_both! {
    async fn every_post_moves_in_with_every_address_it_ever_had(site: Site) {
        let mut site = site;
        let report = import(&site).await;
        assert_only_what_is_broken_is_a_problem(&report);
        every_post_has_its_address_its_former_ones_and_its_day(&site).await;
        every_image_is_served_and_its_old_address_leads_there(&site).await;
        every_internal_link_leads_to_an_entry_or_is_reported(&site, &report).await;
        a_second_run_changes_nothing(&site, &report).await;
        it_comes_out_and_in_again_as_it_was(&mut site).await;
    }

    async fn a_dry_run_tells_the_truth_and_a_stopped_import_goes_on(site: Site) {
        let mut site = site;
        let (counts, files) = (site.counts().await, site.files());
        let dry = Options { dry_run: true, ..known_to_have_been_elsewhere() };
        let dry = site.import(&shared("rust-blog/content"), &dry).await;
        assert_eq!(site.counts().await, counts, "the dry run wrote");
        assert_eq!(site.files(), files, "the dry run wrote files");
        let real = site.import(&shared("rust-blog/content"), &known_to_have_been_elsewhere()).await;
        assert_eq!(Report { dry_run: false, ..dry }, real);
        assert!(references(&site).await > 300, "links to the old site's own address are links of ours");

        let (whole, _) = site.export().await;
        let counts = site.counts().await;
        site.begin_anew().await;
        for steps in [350, 600] {
            stop_after(&site, steps).await;
        }
        let rest = site.import(&shared("rust-blog/content"), &known_to_have_been_elsewhere()).await;
        assert!(rest.created < POSTS, "nothing was kept of the stopped runs");
        let (resumed, _) = site.export().await;
        assert_same(whole.path(), resumed.path());
        for table in ["entries", "paths", "media", "sources", "relations", "links", "rendered"] {
            assert_eq!(site.counts().await[table], counts[table], "{table}");
        }
    }
}

async fn every_post_has_its_address_its_former_ones_and_its_day(site: &Site) {
    for post in posts() {
        let id = site.entry_at(&post.path).await;
        let entry = entries::find(&site.app.db, id).await.unwrap().unwrap();
        assert_eq!(entry.kind, "article", "{}", post.file);
        assert_eq!(entry.published_at, Some(post.date), "{}", post.file);
        assert_eq!(entry.modified_at, Some(post.date), "{}", post.file);
        for alias in &post.aliases {
            assert_eq!(site.redirect_at(alias).await, post.path, "{alias}");
        }
    }
}

async fn a_second_run_changes_nothing(site: &Site, first: &Report) {
    let (counts, files) = (site.counts().await, site.files());
    site.clock.advance(86_400_000);
    let second = import(site).await;
    assert_eq!((second.created, second.changed, second.images, second.redirects), (0, 0, 0, 0));
    assert_eq!(second.unchanged, POSTS);
    assert_eq!(lines(&second.problems), lines(&first.problems));
    assert_eq!(site.counts().await, counts);
    assert_eq!(site.files(), files);
}

async fn it_comes_out_and_in_again_as_it_was(site: &mut Site) {
    let (before, written) = site.export().await;
    site.begin_anew().await;
    let report = site.import(before.path(), &Options::default()).await;
    assert_eq!(lines(&report.problems), Vec::<String>::new());
    assert_eq!(report.created, written.documents);
    let (after, _) = site.export().await;
    assert_same(before.path(), after.path());
}

/// Lets an import run for some steps and then drops it.
async fn stop_after(site: &Site, steps: u64) {
    use atlas::actions::import::{Progress, markdown};
    use atlas::entry::Actor;

    struct Stop {
        left: u64,
        signal: Option<tokio::sync::oneshot::Sender<()>>,
    }
    impl Progress for Stop {
        fn begin(&mut self, _: &str, _: u64) {}
        fn step(&mut self, _: u64) {
            self.left = self.left.saturating_sub(1);
            if self.left == 0 {
                self.signal.take().map(|signal| signal.send(()));
            }
        }
    }
    let (send, stopped) = tokio::sync::oneshot::channel();
    let mut progress = Stop { left: steps, signal: Some(send) };
    let (dir, options) = (shared("rust-blog/content"), known_to_have_been_elsewhere());
    tokio::select! {
        biased;
        _ = stopped => {}
        done = markdown::import(&site.app, &Actor::Operator, &dir, &options, &mut progress) => {
            panic!("the import ended before it could be stopped: {done:?}");
        }
    }
}

fn assert_only_what_is_broken_is_a_problem(report: &Report) {
    assert_eq!(
        lines(&report.problems),
        ["releases/latest.md: has neither a title nor any text, so there is nothing to show",]
    );
    let indexes = lines(&report.notes);
    for file in ["_index.md", "releases/_index.md"] {
        let note = format!("{file}: is the index of a folder; the site makes its own listings");
        assert!(indexes.contains(&note), "{indexes:?}");
    }
}

async fn every_image_is_served_and_its_old_address_leads_there(site: &Site) {
    let dir = shared("rust-blog/content");
    let images = source::walk(&dir).unwrap().images;
    assert!(images.len() > 350);
    let posts = posts();
    for image in images {
        let folder = image.rsplit_once('/').map_or("", |(folder, _)| folder);
        let name = &image[folder.len()..];
        let page = posts.iter().find(|post| post.file == format!("{folder}/index.md"));
        let old = page.map_or_else(|| format!("/{image}"), |post| format!("{}{name}", post.path));
        let to = site.redirect_at(&old).await;
        let (hash, name) = to.strip_prefix("/media/").unwrap().split_once('/').unwrap();
        assert_eq!(site.app.files.read_media(hash, name).unwrap(), fs::read(dir.join(&image)).unwrap());
    }
}

async fn every_internal_link_leads_to_an_entry_or_is_reported(site: &Site, report: &Report) {
    let notes = lines(&report.notes);
    let reported = |address: &str| notes.iter().any(|note| note.contains(address));
    let (mut references, mut told) = (0, 0);
    for post in posts() {
        let id = site.entry_at(&post.path).await;
        let body = entries::draft(&site.app.db, id).await.unwrap().content.body;
        for found in markdown::addresses(&body) {
            let url = found.url.split(['#', '?']).next().unwrap();
            if url.ends_with(".js") {
                // Scripts leave with their elements; nothing links to them.
                continue;
            }
            if let Some(target) = url.strip_prefix("entry:") {
                let target: i64 = target.parse().unwrap();
                assert!(entries::find(&site.app.db, target).await.unwrap().unwrap().is_live());
                references += 1;
            } else if url.starts_with("/media/") {
                assert!(!url.ends_with('/'));
            } else if url.starts_with('/') {
                let path = Path::parse_href(url).unwrap();
                let answers = matches!(
                    site.app.answer(&path).await.unwrap(),
                    Answered::Home { .. } | Answered::Listing { .. } | Answered::Feed { .. }
                );
                assert!(answers || reported(&path.folded()), "{}: {url} is lost unsaid", post.file);
                told += u32::from(!answers);
            } else if !url.contains(':') && !url.is_empty() {
                assert!(reported(url), "{}: {url} is lost unsaid", post.file);
                told += 1;
            }
        }
    }
    assert_eq!((references, told), (5, 21));
}
