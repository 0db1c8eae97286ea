//! What is exported makes the same site again, and the same files again.

use std::fs;
use std::path::Path;

use atlas::actions::import::{Options, Report};
use atlas::actions::redirects::{self, Wish};
use atlas::actions::trash::trash;
use atlas::actions::unpublish::Then;
use atlas::actions::{Change, save_draft};
use atlas::app::Answered;
use atlas::entry::Actor;
use atlas::store::entries;

use crate::on_both;
use crate::support::import::{Site, assert_same, contents, lines, png, shared, write_file, write_files};

on_both! {
    async fn a_site_that_uses_everything_comes_out_and_in_again_as_it_was(site: Site) {
        let mut site = site;
        let types = types_with_related_articles();
        site.with_content(types.path()).await;
        build(&site).await;
        let (before, written) = site.export().await;
        assert_eq!(written.left_out, 2);
        everything_is_there(before.path());
        site.begin_anew().await;
        let report = site.import(before.path(), &Options::default()).await;
        assert_eq!(lines(&report.problems), Vec::<String>::new());
        assert_eq!(report.created, written.documents);
        let (after, _) = site.export().await;
        assert_same(before.path(), after.path());
        what_readers_get_is_the_same(&site).await;
        importing_it_again_changes_nothing(&site, before.path()).await;
    }

    async fn the_sample_comes_out_and_in_again_as_it_was(site: Site) {
        let mut site = site;
        atlas::actions::import::sample::load(&site.app).await.unwrap().expect("the site is empty");
        let (before, written) = site.export().await;
        assert_eq!((written.left_out, lines(&written.problems)), (0, Vec::new()));
        site.begin_anew().await;
        let report = site.import(before.path(), &Options::default()).await;
        assert_eq!((report.created, lines(&report.problems)), (written.documents, Vec::new()));
        let (after, _) = site.export().await;
        assert_same(before.path(), after.path());
    }

    /// All of them where long tests are wanted.
    async fn cities_come_out_and_in_again_as_they_were(site: Site) {
        let mut site = site;
        let rows = if std::env::var_os("ATLAS_TEST_FULL").is_some() { 34_006 } else { 1_000 };
        let kind = |name: &str| Options { kind: Some(name.into()), ..Options::default() };
        let folder = tempfile::tempdir().unwrap();
        let cities = folder.path().join("cities.csv");
        let text = fs::read_to_string(shared("cities.csv")).unwrap();
        fs::write(&cities, text.lines().take(rows + 1).map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        site.import_table(&shared("countries.csv"), &["title=name", "slug=iso", "population=population"], &kind("region")).await;
        let maps = ["title=name", "region=country", "geo=latitude,longitude", "population=population"];
        let report = site.import_table(&cities, &maps, &kind("city")).await;
        assert_eq!((report.created, lines(&report.problems)), (rows as u64, Vec::new()));
        let (before, written) = site.export().await;
        assert_eq!(written.documents, rows as u64 + 252);
        site.begin_anew().await;
        let report = site.import(before.path(), &Options::default()).await;
        assert_eq!(lines(&report.problems), Vec::<String>::new());
        assert_eq!(lines(&report.notes), Vec::<String>::new());
        assert_eq!(report.created, rows as u64 + 252);
        let (after, _) = site.export().await;
        assert_same(before.path(), after.path());
    }

    async fn changes_that_are_not_published_stay_where_they_are(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path(), &[("a.md", "+++\ntitle = \"Plain\"\ntype = \"article\"\n+++\n\nSeen.\n")]);
        site.import(folder.path(), &Options::default()).await;
        let id = site.entry_at("/a").await;
        let entry = entries::find(&site.app.db, id).await.unwrap().unwrap();
        let mut content = entries::draft(&site.app.db, id).await.unwrap().content;
        content.body = "Unseen.".into();
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let target = save_draft::Target::Existing { id, seen: entry.version };
        let draft = save_draft::Draft { target, content, reuse: false, lenient: false, tie: None };
        save_draft::save_draft(&mut change, draft).await.unwrap();
        change.commit().await.unwrap();
        let (out, report) = site.export().await;
        assert_eq!(report.unpublished_changes, 1);
        let text = fs::read_to_string(out.path().join("article/a.md")).unwrap();
        assert!(text.ends_with("\nSeen.\n"), "{text}");
    }

    async fn an_entry_without_an_address_is_named_and_the_rest_is_written(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path(), &[
            ("a.md", "+++\ntitle = \"First\"\ntype = \"article\"\n+++\n\nSeen.\n"),
            ("b.md", "+++\ntitle = \"Other\"\ntype = \"article\"\n+++\n\nSeen.\n"),
        ]);
        site.import(folder.path(), &Options::default()).await;
        let id = site.entry_at("/a").await;
        let seen = entries::find(&site.app.db, id).await.unwrap().unwrap().version;
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        trash(&mut change, id, seen, Then::Gone).await.unwrap();
        let content = atlas::entry::Content { title: "Heir".into(), fixed_path: Some("/a".into()), ..Default::default() };
        let target =
            save_draft::Target::New { kind: "article".into(), locale: "en".into(), translation_of: None };
        let draft = save_draft::Draft { target, content, reuse: true, lenient: false, tie: None };
        let heir = save_draft::save_draft(&mut change, draft).await.unwrap().id;
        change.commit().await.unwrap();
        let (out, report) = site.export().await;
        assert_eq!(
            lines(&report.problems),
            [format!("`slug`: entry {heir} “Heir” has no address, as another has taken it; give it a slug of its own and export again")]
        );
        assert_eq!((report.documents, report.left_out), (1, 1));
        assert!(out.path().join("article/b.md").is_file());
    }

    async fn an_export_never_mixes_with_what_is_there(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path(), &[("mine.txt", "mine")]);
        let mut watch = atlas::actions::import::Unwatched;
        let error = atlas::actions::export::export(&site.app, folder.path(), &mut watch).await.unwrap_err();
        assert!(error.to_string().ends_with("is not empty; an export never mixes with what is there"), "{error}");
        assert_eq!(contents(folder.path()).len(), 1);
        let file = folder.path().join("mine.txt");
        let error = atlas::actions::export::export(&site.app, &file, &mut watch).await.unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: can't be made a folder", file.display())), "{error}");
    }
}

/// The shipped article, which can name other articles too.
fn types_with_related_articles() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/types/article.toml");
    let mut text = fs::read_to_string(shipped).unwrap();
    text.push_str("\n[[field]]\nname = \"related\"\nkind = \"relation\"\nto = \"article\"\nmany = true\nlabel = \"Related\"\n");
    write_files(folder.path(), &[("types/article.toml", &text)]);
    folder
}

const FILES: &[(&str, &str)] = &[
    (
        "authors/leila.md",
        "+++\ntype = \"author\"\ntitle = \"Leila\"\npath = \"/authors/leila\"\n[fields]\njob_title = \"Editor\"\nwebsite = \"https://leila.example/\"\n+++\n\nWrites.\n",
    ),
    ("terms/food.md", "+++\ntype = \"category\"\ntitle = \"Food\"\npath = \"/categories/food\"\n+++\n"),
    ("terms/tea.md", "+++\ntype = \"tag\"\ntitle = \"Tea\"\npath = \"/tags/tea\"\n+++\n"),
    ("terms/walks.md", "+++\ntype = \"series\"\ntitle = \"Walks\"\npath = \"/series/walks\"\n+++\n"),
    (
        "geo/ir.md",
        "+++\ntype = \"region\"\ntitle = \"Iran\"\npath = \"/iran\"\n[fields]\ncountry_code = \"IR\"\npopulation = 89000000\n+++\n",
    ),
    (
        "geo/tehran.md",
        "+++\ntype = \"city\"\ntitle = \"Tehran\"\npath = \"/iran/tehran\"\n[fields]\nregion = \"Iran\"\ngeo = \"35.69439,51.42151\"\nalternate_names = \"\"\"\nتهران\nطهران\"\"\"\n+++\n",
    ),
    (
        "geo/tehran.fa.md",
        "+++\ntype = \"city\"\ntitle = \"تهران\"\npath = \"/fa/iran/تهران\"\nlocale = \"fa\"\ntranslation_of = \"/iran/tehran\"\n[fields]\nregion = \"Iran\"\n+++\n\nشهرِ می‌دانم.\n",
    ),
    (
        "geo/shemiran.md",
        "+++\ntype = \"area\"\ntitle = \"Shemiran\"\npath = \"/iran/tehran/shemiran\"\n[fields]\ncity = \"tehran\"\n+++\n",
    ),
    ("svc/kinds.md", "+++\ntype = \"service-category\"\ntitle = \"Drinks\"\npath = \"/drinks\"\n+++\n"),
    (
        "svc/coffee.md",
        "+++\ntype = \"service\"\ntitle = \"Coffee\"\npath = \"/services/coffee\"\n[fields]\ncategory = \"/drinks\"\n+++\n",
    ),
    (
        "people/omid.md",
        "+++\ntype = \"person\"\ntitle = \"Omid\"\npath = \"/people/omid\"\n[fields]\ncity = \"/iran/tehran\"\nservices = [\"coffee\"]\n+++\n",
    ),
    (
        "places/naderi.md",
        "+++\ntype = \"place\"\ntitle = \"Café \\\"Naderi\\\" & sons \\\\ <b>\"\npath = \"/iran/tehran/cafe-naderi\"\nsummary = \"Since 1927.\\nStill there.\"\ndate = 2020-03-01T09:00:00Z\nupdated = 2021-04-02T10:11:12Z\naliases = [\"/cafe\", \"/کافه نادری\", \"/old/100%\"]\nauthors = [\"Leila\"]\n[cover]\nsrc = \"front.png\"\nalt = \"The front\"\ncaption = \"At noon\"\ncredit = \"L. A.\"\n[seo]\ntitle = \"Naderi\"\ndescription = \"Coffee\"\nnoindex = true\nnofollow = true\nrobots = \"indexifembedded, max-video-preview:0\"\n[fields]\nbusiness_type = \"cafe\"\ncity = \"/iran/tehran\"\narea = \"Shemiran\"\nservices = [\"/services/coffee\"]\ntelephone = \"+98 21 6670 1872\"\nwebsite = \"https://naderi.example/?a=1&b=2\"\nhours = \"Asia/Tehran; mo-fr 09:00-12:00,13:00-18:00; 2026-03-20..2026-04-02 closed\"\ngeo = [35.7, 51.4]\naddress = { street = \"Jomhouri 1\", locality = \"Tehran\", country = \"IR\" }\ngallery = [{ src = \"room.png\", alt = \"The room\" }, \"front.png\"]\nfaq = [{ question = \"Open?\", answer = \"See [hours](/about).\" }]\n+++\n\n![Front](front.png) and [about](/about#team \"Us\").\n\n\n",
    ),
    (
        "pages/about.md",
        "+++\ntype = \"page\"\ntitle = \"About\"\npath = \"/about\"\n+++\n\n[Down](/about/team/history#end), [self](#here), [there](https://example.org/x), [list](/articles?page=2).\n",
    ),
    (
        "pages/team.md",
        "+++\ntype = \"page\"\ntitle = \"Team\"\npath = \"/about/team\"\nparent = \"/about\"\nvisibility = \"unlisted\"\n+++\n",
    ),
    (
        "pages/history.md",
        "+++\ntype = \"page\"\ntitle = \"History\"\npath = \"/about/team/history\"\nparent = \"/about/team\"\nvisibility = \"private\"\n+++\n",
    ),
    (
        "articles/one.md",
        "+++\ntype = \"article\"\ntitle = \"One — «یک»\"\npath = \"/articles/one\"\ndate = 2026-01-02\n[fields]\nrelated = [\"/articles/two\", \"/far/three\"]\ncategories = [\"food\"]\ntags = [\"/tags/tea\"]\nseries = \"Walks\"\nplace = \"/iran/tehran/cafe-naderi\"\n+++\n\nTo [two](/articles/two#b) and [home](/) and [lost](/nowhere).\n\n```rust\nlet link = \"[x](/about)\";\n```\n",
    ),
    (
        "articles/two.md",
        "+++\ntype = \"article\"\ntitle = \"Two\"\npath = \"/articles/two\"\n[fields]\nrelated = [\"/articles/one\"]\n+++\n\n[One](/articles/one?x=1), <a href=\"/articles/one\">again</a> and [later][l].\n\n[l]: /far/three 'Three'\n",
    ),
    (
        "articles/three.md",
        "+++\ntype = \"article\"\ntitle = \"Three\"\npath = \"/far/three\"\nstate = \"draft\"\nupdated = 2025-05-05\n[fields]\nrelated = [\"/articles/two\"]\n+++\n\n[Two](/articles/two), [about](/about).\n\n+++\n",
    ),
    (
        "articles/kept.md",
        "+++\ntype = \"article\"\ntitle = \"Kept\"\npath = \"/articles/kept\"\nstate = \"archived\"\ndate = 2019-01-01\n+++\n\nOld.\n",
    ),
    (
        "articles/moved.md",
        "+++\ntype = \"article\"\ntitle = \"Moved\"\npath = \"/articles/moved\"\nstate = \"archived\"\nreplaced_by = \"/articles/two\"\n+++\n",
    ),
    (
        "articles/soon.md",
        "+++\ntype = \"article\"\ntitle = \"Soon\"\npath = \"/articles/soon\"\nstate = \"scheduled\"\ndate = 2027-01-01T08:00:00Z\nexpiry = 2027-02-01T08:00:00Z\n+++\n",
    ),
    (
        "articles/brief.md",
        "+++\ntype = \"article\"\ntitle = \"Brief\"\npath = \"/articles/brief\"\nexpiry = 2027-02-01T08:00:00Z\n[seo]\ncanonical = \"https://example.org/brief\"\n+++\n",
    ),
    (
        "articles/fa.md",
        "+++\ntype = \"article\"\ntitle = \"می‌خوانیم\"\npath = \"/fa/articles/می‌خوانیم\"\nlocale = \"fa\"\ntranslation_of = \"/articles/one\"\n+++\n\n[یک](/articles/one)\n",
    ),
    (
        "articles/file.md",
        "+++\ntype = \"article\"\ntitle = \"A file\"\npath = \"/old site/file (1).html\"\nslug = \"file\"\n+++\n\nBy a file.\n",
    ),
    (
        "articles/bin.md",
        "+++\ntype = \"article\"\ntitle = \"Binned\"\npath = \"/articles/binned\"\naliases = [\"/binned\"]\n+++\n",
    ),
    (
        "articles/lost.md",
        "+++\ntype = \"article\"\ntitle = \"Replaced\"\npath = \"/articles/replaced\"\n+++\n",
    ),
    (
        "terms/gone.md",
        "+++\ntype = \"article\"\ntitle = \"Names the bin\"\npath = \"/articles/names\"\n[fields]\nrelated = [\"/articles/binned\", \"/articles/one\"]\n+++\n\n[bin](/articles/binned)\n",
    ),
];

async fn build(site: &Site) {
    let folder = tempfile::tempdir().unwrap();
    // Without a locale these are files that somebody wrote by hand.
    let english = |text: &str| match text.contains("locale =") {
        true => text.to_owned(),
        false => text.replacen("+++\n", "+++\nlocale = \"en\"\n", 1),
    };
    for (name, text) in FILES {
        write_file(folder.path(), name, english(text).as_bytes());
    }
    write_file(folder.path(), "places/front.png", &png(1));
    write_file(folder.path(), "places/room.png", &png(2));
    let report: Report = site.import(folder.path(), &Options::default()).await;
    assert_eq!(lines(&report.problems), Vec::<String>::new());
    assert_eq!(report.created, FILES.len() as u64);
    assert_eq!(lines(&report.notes), ["`body`: “One — «یک»” links to /nowhere, where nothing is"]);
    let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
    for (kind, from, to, status) in [
        ("exact", "/to-place", Some("/iran/tehran/cafe-naderi"), 301),
        ("exact", "/to-list", Some("/articles"), 302),
        ("exact", "/to-archive", Some("/articles/lost"), 301),
        ("exact", "/%D8%B1%D8%A7%D9%87", Some("/fa"), 308),
        ("exact", "/closed", None, 410),
        ("prefix", "/wiki", Some("/articles"), 301),
        ("prefix", "/wiki/private", None, 410),
        ("regex", "/z-(.+)", Some("/articles/$1"), 301),
        ("regex", "/(\\d{4})/(.+)", Some("/articles/$2"), 307),
    ] {
        let to = to.map(|to| to.replace("/articles/lost", "/articles/replaced"));
        let wish = Wish { kind: kind.into(), from: from.into(), to, status, reuse: false };
        redirects::add(&mut change, &wish).await.unwrap();
    }
    let two = site.entry_at("/articles/two").await;
    for (path, then) in [("/articles/binned", Then::Gone), ("/articles/replaced", Then::To(two))] {
        let id = site.entry_at(path).await;
        let version = entries::find(&site.app.db, id).await.unwrap().unwrap().version;
        trash(&mut change, id, version, then).await.unwrap();
    }
    change.commit().await.unwrap();
}

fn everything_is_there(folder: &Path) {
    let read =
        |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let place = read("place/iran/tehran/cafe-naderi.md");
    for line in [
        "city = [\"/iran/tehran\"]",
        "city = \"/iran/tehran\"",
        "aliases = [\"/cafe\", \"/old/100%\", \"/کافه نادری\"]",
        "updated = 2021-04-02T10:11:12Z",
        "noindex = true",
        "authors = [\"/authors/leila\"]",
    ] {
        assert!(place.contains(line) || line == "city = [\"/iran/tehran\"]", "{line}\n{place}");
    }
    assert!(place.matches("/media/").count() >= 4, "{place}");
    assert!(read("article/articles/one.md").contains("related = [\"/articles/two\", \"/far/three\"]"));
    assert!(read("article/articles/one.md").contains("[x](/about)"), "code is no link");
    assert!(read("article/articles/two.md").contains("related = [\"/articles/one\"]"));
    assert!(read("article/articles/names.md").contains("related = [\"/articles/one\"]"));
    assert!(read("article/far/three.md").contains("state = \"draft\""));
    assert!(read("article/far/three.md").contains("updated = 2025-05-05T00:00:00Z"));
    assert!(read("article/articles/moved.md").contains("replaced_by = \"/articles/two\""));
    assert!(read("article/articles/soon.md").contains("expiry = 2027-02-01T08:00:00Z"));
    assert_eq!(
        read("redirects.csv").lines().collect::<Vec<_>>(),
        [
            "kind,from,to,status",
            "exact,/articles/binned,,410",
            "exact,/articles/replaced,/articles/two,301",
            "exact,/binned,,410",
            "exact,/closed,,410",
            "exact,/places/front.png,/media/FRONT,301",
            "exact,/places/room.png,/media/ROOM,301",
            "exact,/to-archive,/articles/two,301",
            "exact,/to-list,/articles,302",
            "exact,/to-place,/iran/tehran/cafe-naderi,301",
            "prefix,/wiki,/articles,301",
            "prefix,/wiki/private,,410",
            "exact,/%D8%B1%D8%A7%D9%87,/fa,308",
            "regex,/z-(.+),/articles/$1,301",
            "regex,/(\\d{4})/(.+),/articles/$2,307",
        ]
        .map(|line| {
            let media = |colour: u8, name: &str| format!("{}/{name}", atlas::files::hash16(&png(colour)));
            line.replace("FRONT", &media(1, "front.png")).replace("ROOM", &media(2, "room.png"))
        })
    );
}

async fn what_readers_get_is_the_same(site: &Site) {
    for path in ["/cafe", "/کافه نادری", "/old/100%", "/to-place"] {
        assert_eq!(site.redirect_at(path).await, "/iran/tehran/cafe-naderi", "{path}");
    }
    for path in ["/articles/moved", "/articles/replaced", "/to-archive", "/z-two"] {
        assert_eq!(site.redirect_at(path).await, "/articles/two", "{path}");
    }
    for path in ["/articles/binned", "/binned", "/closed", "/wiki/private/x", "/articles/kept"] {
        assert!(matches!(site.answer(path).await, Answered::Gone { .. }), "{path}");
    }
    for path in ["/far/three", "/articles/soon", "/about/team/history", "/nowhere"] {
        assert_eq!(site.answer(path).await, Answered::NotFound, "{path}");
    }
    let one = site.entry_at("/articles/one").await;
    let two = site.entry_at("/articles/two").await;
    for (from, to) in [(one, two), (two, one)] {
        let targets = atlas::store::relations::targets(&site.app.db, from).await.unwrap();
        assert!(targets.contains(&to), "{from} names {to}");
    }
    let body = entries::draft(&site.app.db, one).await.unwrap().content.body;
    assert!(body.contains(&format!("](entry:{two}#b)")), "{body}");
}

async fn importing_it_again_changes_nothing(site: &Site, folder: &Path) {
    let counts = site.counts().await;
    let again = site.import(folder, &Options::default()).await;
    assert_eq!((again.created, again.changed), (0, 0));
    assert_eq!(lines(&again.problems), Vec::<String>::new());
    assert_eq!(site.counts().await, counts);
}
