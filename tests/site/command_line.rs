//! The binary as a person at a terminal meets it.

use std::process::{Command, Stdio};

#[test]
fn a_reader_who_has_seen_enough_is_no_fault() {
    let data = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_atlas"))
        .args(["check", "--json", "--data"])
        .arg(data.path())
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("panicked"), "{}\n{said}", output.status);
}

/// What the binary says to a line of words on a site of its own, and its exit code.
fn said(data: &std::path::Path, words: &str) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_atlas"))
        .args(words.split(' '))
        .arg("--data")
        .arg(data)
        .args(["--origin", "https://site.test"])
        .env_clear()
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).trim_end().to_owned())
}

#[test]
fn the_life_of_an_entry_is_led_from_a_terminal() {
    let data = tempfile::tempdir().unwrap();
    let table = data.path().join("regions.csv");
    std::fs::write(&table, "name\nFars\nYazd\n").unwrap();
    let import = format!("import csv {} --type region --map title=name", table.display());
    assert_eq!(said(data.path(), &import).0, Some(0));
    for (words, code, expected) in [
        (
            "entries list",
            0,
            "     1  region en published  /fars  “Fars”\n     2  region en published  /yazd  “Yazd”\n2 entries",
        ),
        (
            "entries list --limit 1",
            0,
            "     1  region en published  /fars  “Fars”\nThere are more: --after 1",
        ),
        (
            "entries list --after 1 --state published",
            0,
            "     2  region en published  /yazd  “Yazd”\n1 entry",
        ),
        (
            "entries list --state lost",
            2,
            "there is no state `lost`; draft, scheduled, published, archived, trashed are right",
        ),
        ("entries list --type lost", 2, "there is no type `lost`"),
        (
            "entries move /fars --slug pars --dry-run",
            0,
            "1 “Fars” would be published, at https://site.test/pars",
        ),
        ("entries move /pars --slug x", 2, "no entry has or had the address /pars"),
        ("entries move /fars --slug pars", 0, "1 “Fars” is published, at https://site.test/pars"),
        // By its former address.
        ("entries move /fars --path /own", 0, "1 “Fars” is published, at https://site.test/own"),
        ("entries move 1", 2, "says nothing; give --slug, --parent or --path"),
        ("entries move 1 --path none", 0, "1 “Fars” is published, at https://site.test/pars"),
        ("entries unpublish 1", 2, "--to <ENTRY>|--gone"),
        ("entries unpublish 1 --gone --to 2", 2, "cannot be used with"),
        (
            "entries unpublish 1 --to 2",
            0,
            "1 “Fars” is draft, at https://site.test/pars; its addresses lead to https://site.test/yazd",
        ),
        ("entries unpublish 1 --gone", 2, "“Fars” is not published"),
        ("entries schedule 1 --publish-at soon", 2, "`soon` is no time"),
        ("entries schedule 1 --publish-at 2001-01-01", 2, "has passed"),
        ("entries schedule 1 --publish-at 2999-01-01", 0, "1 “Fars” is scheduled"),
        ("entries schedule 1", 0, "1 “Fars” is draft"),
        ("entries trash 1 --gone", 0, "1 “Fars” is trashed"),
        ("entries publish 1", 2, "restore it first"),
        ("entries restore 1", 0, "1 “Fars” is draft, at https://site.test/pars"),
        ("entries publish 1 --dry-run", 0, "1 “Fars” would be published, at https://site.test/pars"),
        ("entries list --state draft", 0, "     1  region en draft  /pars  “Fars”\n1 entry"),
        ("entries publish https://site.test/Pars/", 0, "1 “Fars” is published, at https://site.test/pars"),
        ("entries show 3", 2, "there is no entry 3"),
        ("audit verify", 0, " lines, and each fits the one before\nhead  "),
        ("audit verify --head 1:00", 2, "64 hexadecimal digits are right"),
        (
            "audit verify --head 1:0000000000000000000000000000000000000000000000000000000000000000",
            1,
            "line 1 is not the one that the given head names: the log was written anew",
        ),
        ("entries show mailto:x", 2, "`mailto:x` is neither a number nor an address"),
    ] {
        let (given, text) = said(data.path(), words);
        assert!(text.contains(expected) && given == Some(code), "{words}: {given:?}\n{text}");
    }
    let (_, shown) = said(data.path(), "entries show /fars --json");
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let told = ["id", "type", "state", "canonical", "unpublished_changes", "indexable"]
        .map(|key| shown[key].clone());
    let expected = serde_json::json!([1, "region", "published", "https://site.test/pars", false, true]);
    assert_eq!(serde_json::Value::from(told.to_vec()), expected, "{shown}");
    let former = shown["former"].as_array().unwrap();
    assert!(former.contains(&"/fars".into()) && former.contains(&"/own".into()), "{shown}");
    let (_, listed) = said(data.path(), "entries list --limit 1 --json");
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((&listed["more_after"], &listed["entries"][0]["path"]), (&1.into(), &"/pars".into()));
}
