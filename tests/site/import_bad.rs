//! What is wrong is said with its place and left out; all else comes in.

use std::fs;

use atlas::actions::import::Options;

use crate::on_both;
use crate::support::import::{Site, lines, png, write_file, write_files};

fn kind(name: &str) -> Options {
    Options { kind: Some(name.into()), ..Options::default() }
}

/// A name, its bytes, and what is said of it.
type Bad = (&'static str, &'static [u8], &'static str);

const BAD: &[Bad] = &[
    ("bytes.md", b"+++\ntitle = \"x\"\n+++\n\n\xff\n", "bytes.md:5: is not UTF-8"),
    (
        "open.md",
        b"+++\ntitle = \"x\"\n\ntext\n",
        "open.md:1: the front matter that opens here is never closed",
    ),
    ("toml.md", b"+++\ntitle = \"x\"\ndate = \n+++\nx\n", "toml.md:3: "),
    ("twice.md", b"+++\ntitle = \"x\"\ntitle = \"y\"\n+++\nx\n", "twice.md:3: "),
    ("yaml.md", b"---\ntitle: [a\n---\nx\n", "yaml.md:"),
    ("json.md", b"{ \"title\": }\nx\n", "json.md:1: "),
    ("number.md", b"+++\ntitle = 5\n+++\nx\n", "number.md:2: `title`: this has to be a text"),
    ("date.md", b"---\ntitle: x\ndate: yesterday\n---\nx\n", "date.md:3: `date`: `yesterday` is not a date"),
    (
        "year.md",
        b"---\ntitle: x\ndate: 99999-01-01\n---\nx\n",
        "year.md:3: `date`: `99999-01-01` is not a date",
    ),
    (
        "kind.md",
        b"+++\ntype = \"nothing\"\ntitle = \"x\"\npath = \"/x\"\nlocale = \"en\"\n+++\n",
        "kind.md: `type`: there is no type `nothing`",
    ),
    (
        "language.md",
        b"+++\ntitle = \"x\"\nlocale = \"xx\"\n+++\nx\n",
        "language.md:3: `locale`: the site has no language `xx`",
    ),
    ("up.md", b"+++\ntitle = \"x\"\npath = \"../x\"\n+++\nx\n", "up.md:3: `path`: `../x` goes up"),
    ("query.md", b"+++\ntitle = \"x\"\npath = \"/a?b\"\n+++\nx\n", "query.md:3: `path`: `/a?b` has a query"),
    ("host.md", b"+++\ntitle = \"x\"\npath = \"https://e.example/a\"\n+++\nx\n", "host.md:3: `path`: "),
    (
        "engine.md",
        b"+++\ntitle = \"x\"\npath = \"/admin/x\"\n+++\nx\n",
        "the path /admin/x belongs to the engine",
    ),
    (
        "list.md",
        b"+++\ntitle = \"x\"\npath = \"/articles\"\n+++\nx\n",
        "the path /articles belongs to the listing of Articles",
    ),
    ("home.md", b"+++\ntitle = \"x\"\npath = \"/\"\n+++\nx\n", "the path / belongs to a home page"),
    ("taken.md", b"+++\ntitle = \"x\"\npath = \"/GOOD\"\n+++\nx\n", "taken.md: the path /good is taken by"),
    ("bidi.md", b"+++\ntitle = \"x\"\npath = \"/a\\u202eb\"\n+++\nx\n", "bidi.md:3: `path`: "),
    ("empty.md", b"", "empty.md: has neither a title nor any text"),
    ("region.md", b"+++\ntype = \"city\"\ntitle = \"x\"\n+++\nx\n", "region.md: `region`: "),
    (
        "atlantis.md",
        b"+++\ntype = \"city\"\ntitle = \"x\"\n[fields]\nregion = \"Atlantis\"\n+++\nx\n",
        "atlantis.md:5: `region`: there is no region “Atlantis”",
    ),
    (
        "geo.md",
        b"+++\ntype = \"region\"\ntitle = \"x\"\n[fields]\ngeo = \"95,10\"\n+++\nx\n",
        "geo.md:5: `geo`: has the latitude 95",
    ),
    (
        "field.md",
        b"+++\ntype = \"region\"\ntitle = \"x\"\n[fields]\npopulashun = 5\n+++\nx\n",
        "field.md:5: `populashun`: ",
    ),
    (
        "many.md",
        b"+++\ntype = \"region\"\ntitle = \"x\"\n[fields]\npopulation = \"many\"\n+++\nx\n",
        "many.md:5: `population`: is \"many\"; a number",
    ),
    (
        "code.md",
        b"+++\ntype = \"region\"\ntitle = \"x\"\n[fields]\ncountry_code = \"IRN\"\n+++\nx\n",
        "code.md:5: `country_code`: ",
    ),
    (
        "website.md",
        b"+++\ntype = \"author\"\ntitle = \"x\"\n[fields]\nwebsite = \"javascript:alert(1)\"\n+++\nx\n",
        "website.md:5: `website`: ",
    ),
    (
        "state.md",
        b"+++\ntitle = \"x\"\nstate = \"live\"\n+++\nx\n",
        "state.md:3: `state`: `live` is no state",
    ),
    (
        "trash.md",
        b"+++\ntitle = \"x\"\nstate = \"trashed\"\n+++\nx\n",
        "trash.md:3: `state`: an import brings nothing into the trash",
    ),
    (
        "seen.md",
        b"+++\ntitle = \"x\"\nvisibility = \"everybody\"\n+++\nx\n",
        "seen.md:3: `visibility`: `everybody` is no visibility",
    ),
    (
        "soon.md",
        b"+++\ntitle = \"x\"\nstate = \"scheduled\"\n+++\nx\n",
        "soon.md: `date`: a scheduled entry needs the date",
    ),
    (
        "canonical.md",
        b"+++\ntitle = \"x\"\n[seo]\ncanonical = \"there\"\n+++\nx\n",
        "canonical.md:4: `seo.canonical`: `there` is no absolute",
    ),
    (
        "robots.md",
        b"+++\ntitle = \"x\"\n[seo]\nrobots = \"max-snippet:9, noidex\"\n+++\nx\n",
        "robots.md:4: `seo.robots`: `noidex` is no directive; known are: noindex, nofollow, none,",
    ),
    (
        "embedded.md",
        b"+++\ntitle = \"x\"\n[seo]\nrobots = \"indexifembedded\"\n+++\nx\n",
        "embedded.md:4: `seo.robots`: `indexifembedded` means something together with `noindex` only",
    ),
    ("control.md", b"+++\ntitle = \"a\\u0007b\"\n+++\nx\n", "control.md:2: `title`: has a control character"),
    (
        "null.md",
        b"+++\ntype = \"author\"\ntitle = \"x\"\n[fields]\njob_title = \"a\\u0000b\"\n+++\nx\n",
        "null.md:5: `job_title`: ",
    ),
    ("again.md", b"+++\ntitle = \"x\"\ntranslation_of = \"/good\"\n+++\nx\n", "is there in `en` already"),
    ("picture.png", b"<html>no picture</html>", "picture.png: "),
    ("cut.jpg", b"\xff\xd8\xff\xe0\x00\x10JF", "cut.jpg: "),
];

on_both! {
    async fn wrong_files_are_named_and_the_good_ones_come_in(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes, _) in BAD {
            write_file(folder.path(), name, bytes);
        }
        let long = format!("+++\ntitle = \"{}\"\n+++\nx\n", "x".repeat(301));
        let heavy = format!("+++\ntitle = \"heavy\"\n+++\n{}\n", "word ".repeat(500_000));
        let deep = format!("---\ntitle: x\nextra: {}{}\n---\nx\n", "[".repeat(5_000), "]".repeat(5_000));
        write_files(folder.path(), &[
            ("long.md", &long),
            ("heavy.md", &heavy),
            ("deep.md", &deep),
            ("aaa.md", "+++\ntitle = \"Good\"\npath = \"/good\"\ndescription = \"a\\u0000b\"\n+++\n\n[to itself](/good) [none](none.md)\n"),
            ("windows.md", "\u{feff}---\r\ntitle: Windows\r\n---\r\n\r\nLines.\r\n"),
            ("own-parent.md", "+++\ntype = \"page\"\ntitle = \"Own\"\npath = \"/own\"\nparent = \"/own\"\n+++\nx\n"),
            ("fields.md", "+++\ntitle = \"Half\"\nauthors = [\"Zed\"]\naliases = [\"/good\", \"/admin\"]\n[fields]\ncategories = [\"nowhere\"]\n+++\nx\n"),
        ]);
        write_file(folder.path(), "fine.png", &png(9));
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link.md")).unwrap();
        let dry = site.import(folder.path(), &Options { dry_run: true, ..kind("article") }).await;
        let report = site.import(folder.path(), &kind("article")).await;
        assert_eq!(lines(&dry.problems), lines(&report.problems));
        let said = lines(&report.problems);
        for (name, _, wanted) in BAD {
            let about: Vec<&String> = said.iter().filter(|line| line.starts_with(name)).collect();
            assert!(about.iter().any(|line| line.contains(wanted)), "{name}: {wanted}\n{about:#?}");
        }
        for wanted in ["long.md:2: `title`: is longer than 300", "heavy.md: `body`: is longer than 2 MiB", "deep.md:"] {
            assert!(said.iter().any(|line| line.starts_with(wanted)), "{wanted}\n{said:#?}");
        }
        assert_eq!(report.skipped, BAD.len() as u64 + 3);
        // Four documents and the author that one of them names.
        assert_eq!(report.created, 5);
        for path in ["/good", "/windows", "/own", "/fields"] {
            site.entry_at(path).await;
        }
        let notes = lines(&report.notes).join("\n");
        for wanted in [
            "none.md: the folder has no such document",
            "there is no category “nowhere”",
            "the path /good already belongs to “Good”",
            "the path /admin belongs to the engine",
            "nothing can stand below itself",
        ] {
            assert!(notes.contains(wanted), "{wanted}\n{notes}");
        }
        #[cfg(unix)]
        assert!(notes.contains("link.md: a symbolic link is not followed"), "{notes}");
    }

    async fn wrong_rows_are_named_and_the_good_ones_come_in(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cities.csv");
        let countries = folder.path().join("countries.csv");
        fs::write(&countries, "iso,name\nIR,Iran\n").unwrap();
        site.import_table(&countries, &["title=name", "slug=iso"], &kind("region")).await;
        let rows: &[(&[u8], &str)] = &[
            (b"1,Good,good,IR,1,1,5,,,,en", ""),
            (b"2,Short,short,IR", ":3: the row has 4 cells where the header has 11"),
            (b"3,By\xfftes,bytes,IR,1,1,5,,,,en", ":4: `name`: the cell is not UTF-8"),
            (b",No key,nokey,IR,1,1,5,,,,en", ":5: `id`: the cell that tells this row from others is empty"),
            (b"1,Again,again,IR,1,1,5,,,,en", ":6: `id`: `1` stands already in the row of line 2"),
            (b"6,Many,many,IR,1,1,lots,,,,en", ":7: `population`: is \"lots\"; a number"),
            (b"7,Less,less,IR,1,1,-5,,,,en", ":8: `population`: is -5; at least 0"),
            (b"8,Far,far,IR,91,1,5,,,,en", ":9: `geo`: has the latitude 91"),
            (b"9,Half,half,IR,1,,5,,,,en", ":10: `geo`: "),
            (b"10,Nowhere,nowhere,XX,1,1,5,,,,en", ":11: `region`: there is no region “XX”"),
            (b"11,None,none,,1,1,5,,,,en", ":12: `region`: "),
            (b"12,,untitled,IR,1,1,5,,,,en", ":13: `title`: is required"),
            (b"13,!!!,,IR,1,1,5,,,,en", ":14: `slug`: can't be made from this title"),
            (b"14,Day,day,IR,1,1,5,someday,,,en", ":15: `date`: `someday` is no date"),
            (b"15,State,state,IR,1,1,5,,gone,,en", ":16: `state`: `gone` is not one of"),
            (b"16,Tongue,tongue,IR,1,1,5,,,,xx", ":17: `locale`: the site has no language `xx`"),
            (b"17,Slash,a/b,IR,1,1,5,,,,en", ":18: `slug`: "),
            (b"18,Taken,good,IR,1,1,5,,,,en", ":19: the path /IR/good is taken by"),
            (b"1\x009,Null,null,IR,1,1,5,,,,en", ":20: `id`: the cell has a control character"),
            (b"20,Con\x07trol,control,IR,1,1,5,,,,en", ":21: `title`: has a control character"),
            (b"21,Null too,null,IR,1,1,5,,,/a\x00b,en", ""),
            (b"22,Last,last,IR,1,1,5,2020-01-01,draft,,en", ""),
        ];
        let mut bytes = b"id,name,slug,country,lat,lon,people,day,state,was,lang\n".to_vec();
        for (row, _) in rows {
            bytes.extend_from_slice(row);
            bytes.push(b'\n');
        }
        fs::write(&file, bytes).unwrap();
        let maps = [
            "title=name", "slug=slug", "region=country", "geo=lat,lon", "population=people", "date=day",
            "state=state", "aliases=was", "locale=lang",
        ];
        let dry = Options { dry_run: true, ..kind("city") };
        let dry = site.try_import_table(&file, &maps, Some("id"), &dry).await.unwrap();
        let report = site.try_import_table(&file, &maps, Some("id"), &kind("city")).await.unwrap();
        assert_eq!(lines(&dry.problems), lines(&report.problems));
        let said = lines(&report.problems);
        for (_, wanted) in rows.iter().filter(|(_, wanted)| !wanted.is_empty()) {
            assert!(said.iter().any(|line| line.contains(&format!("cities.csv{wanted}"))), "{wanted}\n{said:#?}");
        }
        assert_eq!((report.created, report.skipped), (3, 19));
        site.entry_at("/IR/good").await;
        site.entry_at("/IR/null").await;
        let again = site.try_import_table(&file, &maps, Some("id"), &kind("city")).await.unwrap();
        assert_eq!((again.created, again.changed), (0, 0));
    }

    async fn a_table_or_mapping_that_is_wrong_as_a_whole_is_refused(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.csv");
        for (text, maps, type_name, wanted) in [
            ("id,name\n1,a\n", &["title=name"][..], "citty", "`--type`: there is no type `citty`"),
            ("id,name\n1,a\n", &["title=nam"], "city", "there is no column `nam` (did you mean `name`?)"),
            ("id,name\n1,a\n", &["titel=name"], "city", "has no field `titel`; did you mean `title`?"),
            ("id,name\n1,a\n", &["slug=name"], "city", "say which column is the title"),
            ("id,name\n1,a\n", &["title"], "city", "write FIELD=COLUMN"),
            ("id,name\n1,a\n", &["title=name", "title=id"], "city", "the field `title` is filled twice"),
            ("id,id\n1,a\n", &["title=id"], "city", "the header has this column twice"),
            ("", &["title=id"], "city", "the file has no header"),
            ("name,id\na,1\na,2\n", &["title=name"], "city", "choose one that does: `id`"),
        ] {
            fs::write(&file, text).unwrap();
            let error = site.try_import_table(&file, maps, None, &kind(type_name)).await.unwrap_err().to_string();
            assert!(error.contains(wanted), "{wanted}\n{error}");
        }
        let missing = site.try_import_table(&folder.path().join("no.csv"), &["title=a"], None, &kind("city")).await;
        assert!(missing.unwrap_err().to_string().contains("it can't be read"));
        let error = site.try_import(&folder.path().join("none"), &kind("article")).await.unwrap_err();
        assert!(error.to_string().contains("this is not a folder that can be read"), "{error}");
        assert_eq!(site.counts().await["entries"], 0);
    }
}
