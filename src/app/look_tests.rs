//! `[look]`: what is refused and what comes of it.

use std::path::Path;

use super::assets::{Assets, SPECULATION};
use super::site::Site;
use crate::config::Config;
use crate::error::Result;

const SITE: &str = "name = \"A\"\n[[locale]]\ncode = \"en\"\nlabel = \"English\"\n";

/// What is wrong with these lines of `[look]`, which begin on line 5; empty when nothing is.
fn fault(look: &str) -> String {
    Site::parse("site.toml", &format!("{SITE}{look}"))
        .map_or_else(|error| error.to_string(), |_| String::new())
}

/// The assets of a content folder with this look.
fn assets(folder: Option<&Path>, look: &str) -> Result<Assets> {
    let text = format!("{SITE}{look}");
    let site = Site::parse("site.toml", &text)?;
    let mut config = Config::load(&[], [], None).expect("the defaults are right");
    config.content = folder.map(Path::to_owned);
    Assets::open(&config, &site)
}

fn sheet(assets: &Assets) -> String {
    let (_, sheet) = assets.iter().find(|(name, _)| *name == "site.css").unwrap();
    String::from_utf8(sheet.body.to_vec()).unwrap()
}

/// What the look adds to the shipped style sheet.
fn added(folder: Option<&Path>, look: &str) -> String {
    let shipped = sheet(&assets(None, "").unwrap());
    let with = sheet(&assets(folder, look).unwrap());
    with.strip_prefix(&shipped).expect("the shipped rules come first").to_owned()
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_what_would_do() {
    for (look, expected) in [
        (
            "[look.light]\naccent = \"tomato\"\n",
            "site.toml:6: `look.light.accent`: `tomato` is no colour such as `#b01030`",
        ),
        (
            "[look.light]\naccent = \"#ffcc00\"\n",
            "site.toml:6: `look.light.accent`: accent #ffcc00 on the paper #fdfdfe has a contrast of 1.5, \
             text needs 4.5; #856a00 would do",
        ),
        (
            "[look.dark]\npaper = \"#ffffff\"\n",
            "site.toml:6: `look.dark.paper`: ink #e8ebfc on the paper #ffffff has a contrast of 1.2, text \
             needs 4.5; #72737b would do\n\
             site.toml:6: `look.dark.paper`: accent #ff9a86 on the paper #ffffff has a contrast of 2.1, text \
             needs 4.5; #a46356 would do",
        ),
        (
            "[look]\ntext = \"Garamond\"\n",
            "site.toml:6: `look.text`: `Garamond` is none of `shipped`, `system-serif`, `system-sans`, and no \
             [[look.face]] has this family",
        ),
        (
            "[[look.face]]\nfamily = \"A\\\"}\"\nfile = \"a.woff2\"\nweight = \"bold\"\n",
            "site.toml:6: `look.face.family`: the family is letters, digits, spaces and hyphens\n\
             site.toml:8: `look.face.weight`: a weight is a number such as `700`, or two such as `400 800`",
        ),
        (
            "[[look.footer]]\ntext = \"T\"\nlocale = \"de\"\n",
            "site.toml:7: `look.footer.locale`: the site has no language `de`",
        ),
        (
            "[[look.social]]\nlabel = \"X\"\nhref = \"javascript:alert(1)\"\n",
            "site.toml:7: `look.social.href`: `javascript:alert(1)` is no address that begins with https://",
        ),
        ("[look]\ncolour = \"red\"\n", "site.toml:6: unknown field `colour`"),
    ] {
        let fault = fault(look);
        if expected.ends_with("`colour`") {
            assert!(fault.starts_with(expected), "{fault}");
        } else {
            assert_eq!(fault, expected);
        }
    }
}

#[test]
fn a_missing_or_foreign_file_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("logo.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
    std::fs::write(folder.path().join("a.woff2"), "wOFF").unwrap();
    let fault = |look: &str| assets(Some(folder.path()), look).unwrap_err().to_string();
    assert_eq!(
        fault("[look]\nlogo = \"look/mark.svg\"\n"),
        "site.toml:6: `look.logo`: the content folder has no file `look/mark.svg`"
    );
    assert_eq!(
        fault("[look]\nlogo = \"../logo.svg\"\n"),
        "site.toml:6: `look.logo`: `../logo.svg` is no path below the content folder, such as `look/logo.svg`"
    );
    assert_eq!(
        fault("[look]\nlogo = \"logo.svg\"\n"),
        "site.toml:6: `look.logo`: says no width and height; an SVG needs both, or a viewBox"
    );
    assert_eq!(
        fault("[look]\nlogo = \"a.woff2\"\n"),
        "site.toml:6: `look.logo`: is no PNG, JPEG, GIF, WebP or SVG image"
    );
    assert_eq!(
        fault("[[look.face]]\nfamily = \"A\"\nfile = \"a.woff2\"\n"),
        "site.toml:7: `look.face.file`: is no WOFF2 file"
    );
    assert_eq!(
        assets(None, "[look]\nlogo = \"logo.svg\"\n").unwrap_err().to_string(),
        "site.toml:6: `look.logo`: files stand in a content folder; set `content` to yours"
    );
}

#[test]
fn a_look_is_laid_over_the_shipped_one() {
    assert_eq!(added(None, ""), "");
    insta::assert_snapshot!(added(
        None,
        "[look]\ntext = \"system-sans\"\nheadings = \"shipped\"\n[look.light]\naccent = \"#0a6b3d\"\n"
    ));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("own.woff2"), "wOF2 and so on").unwrap();
    insta::assert_snapshot!(added(
        Some(folder.path()),
        "[look]\ntext = \"Own Face\"\n[look.light]\nink = \"#222222\"\npaper = \"#ffffff\"\n\
         [look.dark]\nink = \"#eeeeee\"\npaper = \"#111111\"\naccent = \"#ffcc00\"\n\
         [[look.face]]\nfamily = \"Own Face\"\nfile = \"own.woff2\"\nweight = \"300 700\"\n"
    ));
}

#[test]
fn files_of_the_owner_replace_those_built_in() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("static/site")).unwrap();
    std::fs::write(folder.path().join("static/site/print.css"), "/* ours */").unwrap();
    std::fs::write(folder.path().join("static/extra.txt"), "more").unwrap();
    std::fs::write(folder.path().join("logo.svg"), "<svg viewBox=\"0 0 64 32\"></svg>").unwrap();
    let with = assets(Some(folder.path()), "[look]\nlogo = \"logo.svg\"\n").unwrap();
    let without = assets(None, "").unwrap();
    assert!(sheet(&with).ends_with("/* ours */"));
    assert_ne!(with.address("site.css"), without.address("site.css"));
    assert_eq!(with.address("site/base.css"), without.address("site/base.css"));
    assert!(with.address("extra.txt").unwrap().ends_with("/extra.txt"));
    let logo = with.logo.unwrap();
    assert_eq!((logo.width, logo.height), (64, 32));
    assert!(logo.address.ends_with("/look/logo.svg"), "{}", logo.address);

    std::fs::write(folder.path().join("static/a b.txt"), "").unwrap();
    let fault = assets(Some(folder.path()), "").unwrap_err().to_string();
    assert!(
        fault.ends_with("a b.txt: a file of static/ is named with Latin letters, digits, `-`, `_` and `.`")
    );
    std::fs::remove_file(folder.path().join("static/a b.txt")).unwrap();

    std::fs::write(folder.path().join("static").join(SPECULATION), "{\n  oops\n}").unwrap();
    let fault = assets(Some(folder.path()), "").unwrap_err().to_string();
    assert!(fault.contains("speculation.json:2: is no JSON: "), "{fault}");
}

#[test]
fn the_style_sheet_names_faces_by_their_hashed_addresses() {
    let assets = assets(None, "").unwrap();
    let sheet = sheet(&assets);
    let named: Vec<&str> =
        sheet.split("url(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let faces: Vec<&str> = assets
        .iter()
        .filter(|(name, _)| name.ends_with(".woff2"))
        .map(|(_, asset)| asset.address.as_str())
        .collect();
    assert_eq!(named.len(), faces.len());
    assert!(named.iter().all(|address| faces.contains(address)), "{named:?}");
}
