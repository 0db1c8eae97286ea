//! Wrong files, and what is said about them.

use crate::source::{locate, parse};

/// Every problem of every file, under the file it is about.
fn told(files: &[&str]) -> String {
    let mut all = String::new();
    for text in files {
        let problems = match parse("a.md", text) {
            Err(problems) => problems.to_string(),
            Ok(document) => match locate("a.md", &document, &["en".to_owned()]) {
                Err(problem) => problem.to_string(),
                Ok(located) => panic!("nothing is wrong with {text:?}: {located:?}"),
            },
        };
        all.push_str(&format!("{text:?}\n  {}\n", problems.replace('\n', "\n  ")));
    }
    all
}

#[test]
fn front_matter_that_cannot_be_read() {
    insta::assert_snapshot!(told(&[
        "+++\ntitle = \"A\"\nText",
        "\n\n---\ntitle: A\n\nText",
        "---",
        "+++\ntitle = \"A\n+++\n",
        "+++\ntitle = A\n+++\n",
        "+++\ntitle \"A\"\n+++\n",
        "+++\ntitle = \"A\"\ntitle = \"B\"\n+++\n",
        "+++\n[extra]\na = 1\n[extra]\nb = 2\n+++\n",
        "+++\n[a]\nb = { c = 1, c = 2 }\n+++\n",
        "+++\nx = nan\n+++\n",
        "+++\nx = 2020-13-01\n+++\n",
        "+++\nx = 99999999999999999999\n+++\n",
        "---\ntitle: A\ntitle: B\n---\n",
        "---\nfields:\n  a: 1\n  b: 2\n  a: 3\n---\n",
        "---\ntitle: \"A\n---\n",
        "---\ntitle: A: B\n---\n",
        "---\ntags: [a, b\n---\n",
        "---\n- a\n- b\n---\n",
        "---\njust text\n---\n",
        "---\ntitle: *nobody\n---\n",
        "---\n? [a, b]\n: c\n---\n",
        "---\nx: !!binary aGVsbG8\n---\n",
        "{\n\"title\": \"A\",\n}\n",
        "{\"title\": \"A\"\n",
        "{\n  \"title\": \"A\",\n  \"title\": \"B\"\n}\n",
        "{\"a\": {\"b\": 1,\n\"b\": 2}}",
        "{\"title\": A}",
        "{\"title\": \"A\"} text\n",
        "{\"x\": 1e999}",
    ]), @r#"
    "+++\ntitle = \"A\"\nText"
      a.md:1: the front matter that opens here is never closed by a line `+++`
    "\n\n---\ntitle: A\n\nText"
      a.md:3: the front matter that opens here is never closed by a line `---`
    "---"
      a.md:1: the front matter that opens here is never closed by a line `---`
    "+++\ntitle = \"A\n+++\n"
      a.md:2: the front matter is not TOML: invalid basic string, expected `"`
    "+++\ntitle = A\n+++\n"
      a.md:2: the front matter is not TOML: string values must be quoted, expected literal string
    "+++\ntitle \"A\"\n+++\n"
      a.md:2: the front matter is not TOML: key with no value, expected `=`
    "+++\ntitle = \"A\"\ntitle = \"B\"\n+++\n"
      a.md:3: `title`: the key stands here a second time
    "+++\n[extra]\na = 1\n[extra]\nb = 2\n+++\n"
      a.md:4: `extra`: the key stands here a second time
    "+++\n[a]\nb = { c = 1, c = 2 }\n+++\n"
      a.md:3: `c`: the key stands here a second time
    "+++\nx = nan\n+++\n"
      a.md:2: `x`: `nan` and `inf` can't be stored
    "+++\nx = 2020-13-01\n+++\n"
      a.md:2: the front matter is not TOML: invalid date, expected month between 01 and 12
    "+++\nx = 99999999999999999999\n+++\n"
      a.md:2: the front matter is not TOML: integer number overflowed
    "---\ntitle: A\ntitle: B\n---\n"
      a.md:3: `title`: the key stands here a second time
    "---\nfields:\n  a: 1\n  b: 2\n  a: 3\n---\n"
      a.md:5: `a`: the key stands here a second time
    "---\ntitle: \"A\n---\n"
      a.md:2: the front matter is not YAML: unclosed quote
    "---\ntitle: A: B\n---\n"
      a.md:2: the front matter is not YAML: mapping values are not allowed in this context; put a text with `: ` in quotes
    "---\ntags: [a, b\n---\n"
      a.md:2: the front matter is not YAML: unclosed bracket '['
    "---\n- a\n- b\n---\n"
      a.md:2: the front matter has to be `key: value` lines, and this is a list
    "---\njust text\n---\n"
      a.md:2: the front matter has to be `key: value` lines, and this is a text
    "---\ntitle: *nobody\n---\n"
      a.md:2: the front matter is not YAML: alias references unknown anchor
    "---\n? [a, b]\n: c\n---\n"
      a.md:2: the front matter is not YAML: a key has to be a text
    "---\nx: !!binary aGVsbG8\n---\n"
      a.md:2: the front matter is not YAML: invalid !!binary base64
    "{\n\"title\": \"A\",\n}\n"
      a.md:3: the front matter is not JSON: trailing comma
    "{\"title\": \"A\"\n"
      a.md:2: the front matter is not JSON: EOF while parsing an object
    "{\n  \"title\": \"A\",\n  \"title\": \"B\"\n}\n"
      a.md:3: `title`: the key stands here a second time
    "{\"a\": {\"b\": 1,\n\"b\": 2}}"
      a.md:2: `b`: the key stands here a second time
    "{\"title\": A}"
      a.md:1: the front matter is not JSON: expected value
    "{\"title\": \"A\"} text\n"
      a.md:1: after the closing brace of the front matter the line has to end
    "{\"x\": 1e999}"
      a.md:1: the front matter is not JSON: number out of range
    "#);
}

#[test]
fn values_of_the_wrong_kind() {
    insta::assert_snapshot!(told(&[
        "+++\ntitle = 5\n+++\n",
        "+++\n\ntitle = true\nslug = [\"a\"]\ndate = \"yesterday\"\n+++\n",
        "---\ntitle: true\n---\n",
        "---\ntitle: [A]\n---\n",
        "---\ntitle: A\ndate: 2020\n---\n",
        "---\ntitle: A\ndate: 2020-02-30\n---\n",
        "---\ntitle: A\nlastmod: 12:00\n---\n",
        "+++\ntitle = \"A\"\ndate = 12:00:00\n+++\n",
        "---\ntitle: A\ndate: \"0123456789Z1234é\"\n---\n",
        "---\ntitle: A\ndraft: maybe\n---\n",
        "---\ntitle: A\npublished: 2020-01-01\n---\n",
        "+++\ntitle = \"A\"\ntags = 5\n+++\n",
        "+++\ntitle = \"A\"\ntags = [\n  \"a\",\n  5,\n]\n+++\n",
        "---\ntitle: A\ntags:\n  - a\n  - b: c\n---\n",
        "---\ntitle: A\nauthor:\n  email: a@b.example\n---\n",
        "+++\ntitle = \"A\"\nauthors = [{ name = 5 }]\n+++\n",
        "---\ntitle: A\naliases: {a: b}\n---\n",
        "+++\ntitle = \"A\"\n[taxonomies]\ntags = true\n+++\n",
        "+++\ntitle = \"A\"\ntaxonomies = [\"a\"]\n+++\n",
        "+++\ntitle = \"A\"\nextra = 1\n+++\n",
        "+++\ntitle = \"A\"\n[cover]\nalt = \"no source\"\n+++\n",
        "---\ntitle: A\nimages:\n  - 5: 6\n---\n",
        "{\"title\": \"A\",\n\"seo\": {\n\"noindex\": \"often\"}}",
        "{\"title\": \"A\",\n\"fields\": [1]}",
        "{\"title\": 1.5}",
    ]), @r#"
    "+++\ntitle = 5\n+++\n"
      a.md:2: `title`: this has to be a text, and it is a number; put it in quotes
    "+++\n\ntitle = true\nslug = [\"a\"]\ndate = \"yesterday\"\n+++\n"
      a.md:3: `title`: this has to be a text, and it is a boolean; put it in quotes
      a.md:4: `slug`: this has to be a text, and it is a list
      a.md:5: `date`: `yesterday` is not a date; write `2026-03-01` or `2026-03-01T09:00:00Z`
    "---\ntitle: true\n---\n"
      a.md:2: `title`: this has to be a text, and it is a boolean; put it in quotes
    "---\ntitle: [A]\n---\n"
      a.md:2: `title`: this has to be a text, and it is a list
    "---\ntitle: A\ndate: 2020\n---\n"
      a.md:3: `date`: this has to be a date, and it is a number
    "---\ntitle: A\ndate: 2020-02-30\n---\n"
      a.md:3: `date`: `2020-02-30` is not a date; write `2026-03-01` or `2026-03-01T09:00:00Z`
    "---\ntitle: A\nlastmod: 12:00\n---\n"
      a.md:3: `lastmod`: `12:00` is not a date; write `2026-03-01` or `2026-03-01T09:00:00Z`
    "+++\ntitle = \"A\"\ndate = 12:00:00\n+++\n"
      a.md:3: `date`: `12:00:00` is not a date; write `2026-03-01` or `2026-03-01T09:00:00Z`
    "---\ntitle: A\ndate: \"0123456789Z1234é\"\n---\n"
      a.md:3: `date`: `0123456789Z1234é` is not a date; write `2026-03-01` or `2026-03-01T09:00:00Z`
    "---\ntitle: A\ndraft: maybe\n---\n"
      a.md:3: `draft`: this has to be `true` or `false`, and it is a text
    "---\ntitle: A\npublished: 2020-01-01\n---\n"
      a.md:3: `published`: this has to be `true` or `false`, and it is a text
    "+++\ntitle = \"A\"\ntags = 5\n+++\n"
      a.md:3: `tags`: this has to be a list of texts, and it is a number
    "+++\ntitle = \"A\"\ntags = [\n  \"a\",\n  5,\n]\n+++\n"
      a.md:5: `tags`: this has to be a text, and it is a number; put it in quotes
    "---\ntitle: A\ntags:\n  - a\n  - b: c\n---\n"
      a.md:5: `tags`: this has to be a text, and it is a table
    "---\ntitle: A\nauthor:\n  email: a@b.example\n---\n"
      a.md:4: `author`: an author who is a table needs a `name`
    "+++\ntitle = \"A\"\nauthors = [{ name = 5 }]\n+++\n"
      a.md:3: `authors.name`: this has to be a text, and it is a number; put it in quotes
    "---\ntitle: A\naliases: {a: b}\n---\n"
      a.md:3: `aliases`: this has to be a list of texts, and it is a table
    "+++\ntitle = \"A\"\n[taxonomies]\ntags = true\n+++\n"
      a.md:4: `taxonomies.tags`: this has to be a list of texts, and it is a boolean
    "+++\ntitle = \"A\"\ntaxonomies = [\"a\"]\n+++\n"
      a.md:3: `taxonomies`: this has to be a table, and it is a list
    "+++\ntitle = \"A\"\nextra = 1\n+++\n"
      a.md:3: `extra`: this has to be a table, and it is a number
    "+++\ntitle = \"A\"\n[cover]\nalt = \"no source\"\n+++\n"
      a.md:3: `cover`: an image that is a table needs a `src`
    "---\ntitle: A\nimages:\n  - 5: 6\n---\n"
      a.md:4: `images`: an image that is a table needs a `src`
    "{\"title\": \"A\",\n\"seo\": {\n\"noindex\": \"often\"}}"
      a.md:3: `seo.noindex`: this has to be `true` or `false`, and it is a text
    "{\"title\": \"A\",\n\"fields\": [1]}"
      a.md:2: `fields`: this has to be a table, and it is a list
    "{\"title\": 1.5}"
      a.md:1: `title`: this has to be a text, and it is a number; put it in quotes
    "#);
}

#[test]
fn addresses_that_cannot_be_one() {
    insta::assert_snapshot!(told(&[
        "+++\ntitle = \"A\"\npath = \"https://a.example/x\"\n+++\n",
        "---\ntitle: A\nurl: //a.example/x\n---\n",
        "---\ntitle: A\npermalink: /x?y=1\n---\n",
        "---\ntitle: A\npermalink: /:year/:title\n---\n",
        "---\ntitle: A\npermalink: /:week/:title\n---\n",
        "---\ntitle: A\npath: /a/../b\n---\n",
        "---\ntitle: A\npath: /a%2Fb\n---\n",
        "---\ntitle: A\npath: /a%FF\n---\n",
        "---\ntitle: A\npath: \"/a\\u0007b\"\n---\n",
        "---\ntitle: A\npath: /a\\b\n---\n",
        "---\ntitle: A\nslug: ..\n---\n",
        "---\ntitle: A\naliases:\n  - ../../x\n---\n",
        "---\ntitle: A\n\nredirect_from: /x#y\n---\n",
    ]), @r#"
    "+++\ntitle = \"A\"\npath = \"https://a.example/x\"\n+++\n"
      a.md:3: `path`: `https://a.example/x` is a whole URL; write a path of this site
    "---\ntitle: A\nurl: //a.example/x\n---\n"
      a.md:3: `url`: `//a.example/x` is a whole URL; write a path of this site
    "---\ntitle: A\npermalink: /x?y=1\n---\n"
      a.md:3: `permalink`: `/x?y=1` has a query or a fragment; a path can't have one
    "---\ntitle: A\npermalink: /:year/:title\n---\n"
      a.md:3: `permalink`: `:year` needs a date, and neither the front matter nor the file's name has one
    "---\ntitle: A\npermalink: /:week/:title\n---\n"
      a.md:3: `permalink`: the placeholder `:week` is not known; write the whole path
    "---\ntitle: A\npath: /a/../b\n---\n"
      a.md:3: `path`: `/a/../b` goes up or stays with `.`; write the path itself
    "---\ntitle: A\npath: /a%2Fb\n---\n"
      a.md:3: `path`: `/a%2Fb` has a character that no path may hold
    "---\ntitle: A\npath: /a%FF\n---\n"
      a.md:3: `path`: `/a%FF` is not UTF-8
    "---\ntitle: A\npath: \"/a\\u0007b\"\n---\n"
      a.md:3: `path`: `/a�b` has a character that no path may hold
    "---\ntitle: A\npath: /a\\b\n---\n"
      a.md:3: `path`: `/a\b` has a character that no path may hold
    "---\ntitle: A\nslug: ..\n---\n"
      a.md:3: `slug`: the address goes up or stays with `.`; write the path itself
    "---\ntitle: A\naliases:\n  - ../../x\n---\n"
      a.md:3: `aliases`: `../../x` leads out of the site
    "---\ntitle: A\n\nredirect_from: /x#y\n---\n"
      a.md:4: `redirect_from`: `/x#y` has a query or a fragment; a path can't have one
    "#);
}

#[test]
fn anchors_that_multiply_are_stopped() {
    let mut bomb = "---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let names = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{names}]\n"));
    }
    bomb.push_str("---\n");
    let problems = parse("a.md", &bomb).unwrap_err();
    insta::assert_snapshot!(problems, @r#"a.md:6: the front matter is larger, deeper or more often repeated than any page needs"#);
}

#[test]
fn nesting_without_end_is_stopped() {
    let deep = 100_000;
    for text in [
        format!("+++\na = {}\n+++\n", "[".repeat(deep)),
        format!("---\na: {}\n---\n", "[".repeat(deep)),
        format!("---\n{}\n---\n", "- ".repeat(deep)),
        format!("{{\"a\": {}", "[".repeat(deep)),
    ] {
        let problems = parse("a.md", &text).unwrap_err();
        assert_eq!(problems.0.len(), 1);
        assert!(problems.0[0].line.is_some(), "{problems}");
    }
}
