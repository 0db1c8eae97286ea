//! Folders as Zola, Hugo and Jekyll keep them.

use std::path::Path;

use atlas::actions::Change;
use atlas::actions::import::Options;
use atlas::actions::publish::{Manner, publish};
use atlas::actions::save_draft::{Draft, Target, save_draft};
use atlas::app::Answered;
use atlas::clock::Time;
use atlas::entry::{Actor, State};
use atlas::store::entries::{self, Entry};
use atlas::store::relations;

use crate::on_both;
use crate::support::import::{Site, lines, png, write_file, write_files};

fn articles() -> Options {
    Options { kind: Some("article".into()), ..Options::default() }
}

on_both! {
    async fn a_file_that_becomes_a_draft_leaves_the_site_and_comes_back(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        let text = |draft: &str| format!("+++\ntitle = \"Shy\"\n{draft}+++\n\nText.\n");
        for (draft, answered) in [("", "entry"), ("draft = true\n", "gone"), ("", "entry")] {
            write_file(folder.path(), "shy.md", text(draft).as_bytes());
            let report = site.import(folder.path(), &articles()).await;
            assert_eq!((report.created + report.changed, report.skipped), (1, 0));
            let answer = site.app.answer(&atlas::text::Path::parse("/shy").unwrap()).await.unwrap();
            match answered {
                "entry" => assert!(matches!(answer, atlas::app::Answered::Entry { .. }), "{answer:?}"),
                _ => assert!(matches!(answer, atlas::app::Answered::Gone { .. }), "{answer:?}"),
            }
        }
    }

    async fn a_zola_folder_moves_in(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path(), &[
            ("_index.md", "+++\ntitle = \"Home\"\nsort_by = \"date\"\n+++\n"),
            ("blog/2024-02-03-first-steps.md", "+++\ntitle = \"First steps\"\nauthors = [\"Ada\", \"Bo\"]\n\
                [taxonomies]\ntags = [\"rust\", \"web\"]\ncategories = [\"News\"]\n[extra]\nimage = \"/img/top.png\"\n+++\n\n\
                Intro.\n\n<!-- more -->\n\nSee [the trip](@/blog/trip/index.md#day-2) and ![top](/img/top.png).\n"),
            ("blog/trip/index.md", "+++\ntitle = \"The trip\"\ndate = 2024-05-06T07:08:09Z\nupdated = 2024-06-01\n\
                description = \"Far away.\"\naliases = [\"old/trip.html\"]\n[taxonomies]\ntags = [\"web\"]\n+++\n\n\
                ![boat](boat.png) back to [first](../2024-02-03-first-steps.md)\n\n## Day 2\n"),
            ("blog/hidden.md", "+++\ntitle = \"Hidden\"\ndraft = true\n+++\n\n[trip](@/blog/trip/index.md)\n"),
        ]);
        write_file(folder.path(), "blog/trip/boat.png", &png(3));
        write_file(folder.path(), "static/img/top.png", &png(4));
        let report = site.import(folder.path(), &articles()).await;
        assert_eq!(lines(&report.problems), Vec::<String>::new());
        assert_eq!(lines(&report.notes), ["_index.md: is the index of a folder; the site makes its own listings"]);
        assert_eq!(report.created, 3 + 2 + 2 + 1);
        let first = live(&site, "/blog/first-steps").await;
        assert_eq!(first.published_at, Time::parse("2024-02-03"));
        assert_eq!(first.summary, "Intro.");
        assert!(first.cover.unwrap().contains("/top.png"));
        let trip = live(&site, "/blog/trip").await;
        assert_eq!(trip.published_at, Time::parse("2024-05-06T07:08:09Z"));
        assert_eq!(trip.modified_at, Time::parse("2024-06-01"));
        assert_eq!(trip.summary, "Far away.");
        assert_eq!(site.redirect_at("/old/trip.html").await, "/blog/trip");
        names(&site, first.id, &["/authors/ada", "/authors/bo", "/categories/news", "/tags/rust", "/tags/web"]).await;
        for (old, colour) in [("/blog/trip/boat.png", 3), ("/img/top.png", 4)] {
            same_picture(&site, old, colour).await;
        }
        assert_eq!(site.answer("/blog/hidden").await, Answered::NotFound);
        links_follow_a_move(&site, first.id, trip.id).await;
        the_draft_names_the_trip(&site, trip.id).await;
        nothing_changes(&site, folder.path(), &articles()).await;
    }

    async fn a_hugo_folder_moves_in(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path(), &[
            ("content/posts/alpha.md", "---\ntitle: Alpha\ndate: 2023-01-02T10:00:00+03:30\nlastmod: 2023-02-03\n\
                author: Cyrus\ncategories:\n  - Food\ntags: [tea, cake]\naliases:\n  - /a\n  - alt\n---\n\n\
                [beta]({{< ref \"beta.md\" >}}) and [gamma]({{< relref \"/posts/gamma\" >}}).\n"),
            ("content/posts/beta.md", "{\n  \"title\": \"Beta\",\n  \"date\": \"2023-03-04\",\n  \"slug\": \"second\",\n\
                \"tags\": [\"tea\"],\n  \"draft\": false\n}\n\nJSON in front. [up](alpha.md)\n"),
            ("content/posts/gamma/index.md", "---\ntitle: Gamma\nurl: /g/\nimages: [pic.png]\ndescription: Third\n---\n\n![p](pic.png)\n"),
            ("content/posts/later.md", "---\ntitle: Later\ndate: 2027-01-01\n---\n\nSoon.\n"),
            ("content/posts/over.md", "---\ntitle: Over\ndate: 2020-01-01\nexpiryDate: 2021-01-01\n---\n\nPast.\n"),
            ("content/posts/alpha.fa.md", "---\ntitle: آلفا\n---\n\nسلام\n"),
        ]);
        write_file(folder.path(), "content/posts/gamma/pic.png", &png(5));
        let report = site.import(folder.path(), &articles()).await;
        assert_eq!(lines(&report.problems), Vec::<String>::new());
        assert_eq!(report.created, 6 + 1 + 1 + 2);
        let alpha = live(&site, "/posts/alpha").await;
        assert_eq!(alpha.published_at, Time::parse("2023-01-02T06:30:00Z"));
        assert_eq!(alpha.modified_at, Time::parse("2023-02-03"));
        for old in ["/a", "/posts/alt"] {
            assert_eq!(site.redirect_at(old).await, "/posts/alpha", "{old}");
        }
        names(&site, alpha.id, &["/authors/cyrus", "/categories/food", "/tags/tea", "/tags/cake"]).await;
        let beta = live(&site, "/posts/second").await;
        let gamma = live(&site, "/g").await;
        assert!(gamma.cover.is_some());
        same_picture(&site, "/g/pic.png", 5).await;
        let body = body(&site, alpha.id).await;
        assert_eq!(body, format!("[beta](entry:{}) and [gamma](entry:{}).", beta.id, gamma.id));
        assert_eq!(live(&site, "/fa/posts/alpha").await.title, "آلفا");
        assert_eq!(state(&site, "Later").await, State::Scheduled);
        assert_eq!(state(&site, "Over").await, State::Draft);
        links_follow_a_move(&site, beta.id, alpha.id).await;
        nothing_changes(&site, folder.path(), &articles()).await;
    }

    async fn a_jekyll_folder_moves_in(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path(), &[
            ("_posts/2019-08-07-hello-world.md", "---\nlayout: post\ntitle: \"Hello: world\"\ncategories: news site\n\
                tags: one\nredirect_from:\n  - /hi/\n---\n\nTo [second]({% post_url 2019-09-01-second %}) and ![i](/assets/i.png).\n"),
            ("_posts/2019-09-01-second.markdown", "---\ntitle: Second\ndate: 2019-09-01 12:30:00 +0200\npublished: true\n\
                permalink: /:year/:title/\n---\n\n<a href=\"/news/site/2019/08/07/hello-world.html\">first</a>\n"),
            ("_posts/2019-10-01-not-yet.md", "---\ntitle: Not yet\npublished: false\n---\n\nNo.\n"),
            ("about.md", "---\ntitle: About\npermalink: /about/\nlayout: page\n---\n\nWe.\n"),
        ]);
        write_file(folder.path(), "assets/i.png", &png(6));
        let report = site.import(folder.path(), &articles()).await;
        assert_eq!(lines(&report.problems), Vec::<String>::new());
        assert_eq!(report.created, 4 + 2 + 1);
        let hello = live(&site, "/news/site/2019/08/07/hello-world.html").await;
        assert_eq!(hello.published_at, Time::parse("2019-08-07"));
        names(&site, hello.id, &["/categories/news", "/categories/site", "/tags/one"]).await;
        assert_eq!(site.redirect_at("/hi").await, "/news/site/2019/08/07/hello-world.html");
        let second = live(&site, "/2019/second").await;
        assert_eq!(second.published_at, Time::parse("2019-09-01T10:30:00Z"));
        live(&site, "/about").await;
        assert_eq!(state(&site, "Not yet").await, State::Draft);
        same_picture(&site, "/assets/i.png", 6).await;
        let body = body(&site, hello.id).await;
        assert!(body.starts_with(&format!("To [second](entry:{})", second.id)), "{body}");
        links_follow_a_move(&site, second.id, hello.id).await;
        nothing_changes(&site, folder.path(), &articles()).await;
    }

    async fn addresses_of_the_old_site_are_ours_and_own_paths_are_given_when_asked(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path(), &[
            ("a.md", "---\ntitle: A\ndate: 2020-01-01\n---\n\n[b](https://old.example/b/) [c](https://other.example/b/)\n"),
            ("b.md", "---\ntitle: B\n---\n\nb\n"),
        ]);
        let old_site = Some("https://old.example/".parse().unwrap());
        let options = Options { old_site, own_paths: true, ..articles() };
        let report = site.import(folder.path(), &options).await;
        assert_eq!((report.created, lines(&report.problems)), (2, Vec::new()));
        let (a, b) = (live(&site, "/articles/a").await, live(&site, "/articles/b").await);
        assert_eq!(site.redirect_at("/a").await, "/articles/a");
        assert_eq!(body(&site, a.id).await, format!("[b](entry:{}) [c](https://other.example/b/)", b.id));
        nothing_changes(&site, folder.path(), &options).await;
    }

    async fn only_the_alias_changes_and_it_is_added(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path(), &[("a.md", "---\ntitle: A\n---\n\na\n")]);
        site.import(folder.path(), &articles()).await;
        write_files(folder.path(), &[("a.md", "---\ntitle: A\naliases: [/was]\n---\n\na\n")]);
        let report = site.import(folder.path(), &articles()).await;
        assert_eq!((report.created, report.changed), (0, 1));
        assert_eq!(site.redirect_at("/was").await, "/a");
        assert_eq!(site.counts().await["revisions"], 1, "the text is the same");
    }
}

async fn live(site: &Site, path: &str) -> Entry {
    let id = site.entry_at(path).await;
    entries::find(&site.app.db, id).await.unwrap().unwrap()
}

async fn body(site: &Site, id: i64) -> String {
    entries::draft(&site.app.db, id).await.unwrap().content.body
}

async fn state(site: &Site, title: &str) -> State {
    let ids = entries::ids_after(&site.app.db, 0, 1_000).await.unwrap();
    let all = entries::find_many(&site.app.db, &ids).await.unwrap();
    all.iter().find(|entry| entry.title == title).unwrap_or_else(|| panic!("no {title}")).state()
}

/// The entry points at exactly these.
async fn names(site: &Site, id: i64, wanted: &[&str]) {
    let ids = relations::targets(&site.app.db, id).await.unwrap();
    let found = atlas::store::paths::canonicals(&site.app.db, &ids).await.unwrap();
    let mut found: Vec<&str> = found.values().map(String::as_str).collect();
    let mut wanted = wanted.to_vec();
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

async fn same_picture(site: &Site, old: &str, colour: u8) {
    let to = site.redirect_at(old).await;
    let (hash, name) = to.strip_prefix("/media/").unwrap().split_once('/').unwrap();
    assert_eq!(site.app.files.read_media(hash, name).unwrap(), png(colour), "{old}");
}

/// Moves the target, and the page still leads there.
async fn links_follow_a_move(site: &Site, from: i64, to: i64) {
    assert!(body(site, from).await.contains(&format!("entry:{to}")), "{}", body(site, from).await);
    let entry = entries::find(&site.app.db, to).await.unwrap().unwrap();
    let mut content = entries::draft(&site.app.db, to).await.unwrap().content;
    content.fixed_path = Some("/moved/away".into());
    let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
    let target = Target::Existing { id: to, seen: entry.version };
    let draft = Draft { target, content, reuse: false, lenient: false, tie: None };
    let saved = save_draft(&mut change, draft).await.unwrap();
    publish(&mut change, to, saved.version, Manner::default()).await.unwrap();
    change.commit().await.unwrap();
    let led = atlas::store::links::led(&site.app.db, from).await.unwrap();
    assert!(led.iter().any(|link| link.id == to && link.path == "/moved/away"), "{led:?}");
}

async fn the_draft_names_the_trip(site: &Site, trip: i64) {
    let ids = entries::ids_after(&site.app.db, 0, 1_000).await.unwrap();
    let all = entries::find_many(&site.app.db, &ids).await.unwrap();
    let hidden = all.iter().find(|entry| entry.title == "Hidden").unwrap();
    assert_eq!(body(site, hidden.id).await, format!("[trip](entry:{trip})"));
}

async fn nothing_changes(site: &Site, folder: &Path, options: &Options) {
    let counts = site.counts().await;
    let again = site.import(folder, options).await;
    assert_eq!((again.created, again.changed, again.images, again.redirects), (0, 0, 0, 0));
    assert_eq!(site.counts().await, counts);
}
