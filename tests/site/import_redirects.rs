//! A table of redirects: everything that is wrong with it is said, before anything changes.

use std::fs;

use atlas::actions::import::{Options, Report};
use atlas::app::Answered;

use crate::on_both;
use crate::support::import::{Site, lines, write_files};

/// Rows with what is said of them: `!` a problem, `~` a note, nothing for a good one.
const ROWS: &[(&str, &str)] = &[
    ("exact,/a-old,/good,301", ""),
    ("exact,/chain-1,/chain-2,301", "~/chain-2 leads on to /good; /chain-1 now leads there at once"),
    ("exact,/chain-2,/good,302", ""),
    ("exact,/loop-1,/loop-2,301", "!`to`: /loop-1 → /loop-2 → /loop-1 is a loop"),
    ("exact,/loop-2,/loop-1,301", "!`to`: /loop-2 → /loop-1 → /loop-2 is a loop"),
    ("exact,/into-loop,/loop-1,301", "!`to`: /into-loop → /loop-1 → /loop-2 → /loop-1 is a loop"),
    ("exact,/back,/good,301", ""),
    ("exact,/on-1,/on-2,301", "~/on-2 leads on to /good; /on-1 now leads there at once"),
    ("exact,/on-2,/on-3,301", "~/on-3 leads on to /good; /on-2 now leads there at once"),
    ("exact,/on-3,/good,301", ""),
    ("exact,/self,/SELF/,301", "!`to`: /self → /self is a loop"),
    ("exact,/good,/about,301", "!`from`: /good is a live page; a redirect would hide it"),
    ("exact,/was,/about,301", "!/was is a former path and leads to /good by itself"),
    ("exact,/hidden,/about,301", "!/hidden is reserved by a draft"),
    ("exact,/dead,/nothing-here,301", "!`to`: nothing answers at /nothing-here"),
    ("exact,/to-draft,/hidden,301", "!`to`: nothing answers at /hidden"),
    ("exact,/to-was,/was,301", "~/was leads on to /good; /to-was now leads there at once"),
    ("exact,/A-Old,/about,301", "!`from`: /A-Old stands on line 2 already"),
    ("exact,/foreign,https://evil.example/,301", "!`to`: the host evil.example is not allowed"),
    ("exact,/slashes,//evil.example/,301", "!`to`: "),
    ("exact,/script,javascript:alert(1),301", "!`to`: `javascript:alert(1)` is no plain http or https URL"),
    ("exact,/ours,https://atlas.example/about,301", ""),
    ("exact,/status,/about,200", "!`status`: 200 is not one of 301, 302, 307, 308, 410"),
    ("exact,/word,/about,often", "!`status`: `often` is no status"),
    ("exact,,/about,301", "!`from`: is empty"),
    ("exact,/gone,,410", ""),
    ("exact,/shut,,", ""),
    ("exact,/gone-to,/about,410", "!`target`: a path that is gone (410) has no target"),
    ("exact,/nowhere,,301", "!`target`: a redirect needs a target"),
    ("exact,/to-gone,/gone,301", "!`to`: nothing is at /gone any more (410)"),
    ("exact,/admin/x,/about,301", "!`from`: /admin/x belongs to the engine"),
    ("exact,/bad%zz%,/about,301", "!`from`: "),
    ("exact,/media/0123456789abcdef/x.png,/about,301", "!`from`: "),
    ("exact,/picture,/media/0123456789abcdef/x.png,301", "!`to`: there is no file"),
    ("prefix,/wiki,/good,308", ""),
    (
        "prefix,/about,/good,301",
        "~the rule also matches 1 live page(s), such as /about; they keep answering themselves",
    ),
    ("regex,(,/about,301", "!`pattern`: "),
    ("regex,/r/(.*),/r/x/$1,301", "!`to`: the target /r/x/$1 matches the rule itself"),
    ("regex,/(\\d{4})/good,/good,301", ""),
    ("glob,/g*,/about,301", "!`kind`: `glob` is no kind of rule"),
    ("exact,/%DA%A9%D8%A7%D9%81%D9%87,/fa,301", ""),
];

on_both! {
    async fn a_table_says_all_that_is_wrong_and_does_the_rest(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path(), &[
            ("good.md", "---\ntitle: Good\nurl: /good\naliases: [/was]\n---\nx\n"),
            ("about.md", "---\ntitle: About\nurl: /about\n---\nx\n"),
            ("hidden.md", "---\ntitle: Hidden\nurl: /hidden\ndraft: true\n---\nx\n"),
        ]);
        site.import(folder.path(), &Options { kind: Some("page".into()), ..Options::default() }).await;
        let file = folder.path().join("redirects.csv");
        let rows: String = ROWS.iter().map(|(row, _)| format!("{row}\n")).collect();
        fs::write(&file, format!("\u{feff}kind,from,to,status\n{rows}")).unwrap();

        let counts = site.counts().await;
        let dry = site.import_redirects(&file, true).await;
        assert_eq!(site.counts().await, counts, "the dry run wrote");
        let real = site.import_redirects(&file, false).await;
        assert_eq!(Report { dry_run: false, ..dry }, real);
        every_row_is_judged(&real);
        the_good_ones_answer(&site).await;

        let counts = site.counts().await;
        let again = site.import_redirects(&file, false).await;
        assert_eq!((again.redirects, again.unchanged), (0, real.redirects));
        assert_eq!(site.counts().await, counts);
    }

    async fn a_table_with_an_unknown_column_is_refused(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("r.csv");
        for (text, wanted) in [
            ("from,target\n/a,/b\n", "there is no column `target`; the columns are kind, from, to, status"),
            ("to,status\n/a,301\n", "the column `from` is missing"),
        ] {
            fs::write(&file, text).unwrap();
            let actor = atlas::entry::Actor::Operator;
            let error = atlas::actions::import::redirects::import(&site.app, &actor, &file, false, false).await;
            let error = error.unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }
}

fn every_row_is_judged(report: &Report) {
    let (problems, notes) = (lines(&report.problems), lines(&report.notes));
    for (at, (row, wanted)) in ROWS.iter().enumerate() {
        let place = format!("redirects.csv:{}: ", at + 2);
        let said =
            |all: &[String], wanted: &str| all.iter().any(|line| line.contains(&format!("{place}{wanted}")));
        match wanted.split_at_checked(1) {
            Some(("!", wanted)) => assert!(said(&problems, wanted), "{row}\n{problems:#?}"),
            Some((_, wanted)) => assert!(said(&notes, wanted), "{row}\n{notes:#?}"),
            None => assert!(!said(&problems, "") && !said(&notes, ""), "{row}\n{problems:#?}\n{notes:#?}"),
        }
    }
    let bad = ROWS.iter().filter(|(_, wanted)| wanted.starts_with('!')).count();
    assert_eq!((report.skipped, report.problems.len()), (bad as u64, bad));
    assert_eq!(report.redirects, (ROWS.len() - bad) as u64);
}

async fn the_good_ones_answer(site: &Site) {
    for (from, wanted, code) in [
        ("/a-old", "/good", 301),
        ("/chain-1", "/good", 301),
        ("/chain-2", "/good", 302),
        ("/to-was", "/good", 301),
        ("/ours", "/about", 301),
        ("/wiki", "/good", 308),
        ("/2015/good", "/good", 301),
        ("/کافه", "/fa", 301),
    ] {
        match site.answer(from).await {
            Answered::Redirect { status, to, .. } => {
                assert_eq!((status, to.as_str()), (code, wanted), "{from}")
            }
            other => panic!("{from} answers {other:?}"),
        }
    }
    for gone in ["/gone", "/shut"] {
        assert!(matches!(site.answer(gone).await, Answered::Gone { .. }), "{gone}");
    }
    for untouched in ["/loop-1", "/self", "/dead", "/foreign", "/hidden"] {
        assert_eq!(site.answer(untouched).await, Answered::NotFound, "{untouched}");
    }
    site.entry_at("/good").await;
    site.entry_at("/about").await;
}
