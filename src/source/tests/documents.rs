//! Files of every dialect.

use proptest::prelude::*;
use serde_json::json;

use crate::clock::Time;
use crate::source::{Cover, Dialect, Document, FrontMatter, parse};

fn read(text: &str) -> Document {
    parse("a.md", text).unwrap_or_else(|problems| panic!("{problems}"))
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn object(value: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    value.as_object().cloned().unwrap()
}

#[test]
fn a_hugo_post_in_yaml() {
    let document = read(include_str!("fixtures/hugo.yaml.md"));
    assert_eq!(document.dialect, Dialect::Yaml);
    assert_eq!(
        document.front,
        FrontMatter {
            title: "1.10".to_owned(),
            date: Time::parse("2024-03-05T08:00:00+03:30"),
            updated: Time::parse("2024-03-06"),
            slug: some("tea-houses"),
            aliases: texts(&["/old/tea", "older-tea"]),
            authors: texts(&["Leila", "Omid"]),
            categories: texts(&["Food"]),
            tags: texts(&["tea", "2024"]),
            draft: true,
            expiry: Time::parse("2030-01-01"),
            description: some("Where to sit: a “guide”."),
            cover: Some(Cover {
                src: "cover.jpg".to_owned(),
                alt: some("A glass of tea"),
                caption: some("Photographed in spring"),
                ..Cover::default()
            }),
            extra: object(json!({ "weight": 3, "menu": { "main": { "name": "Tea" } } })),
            ..FrontMatter::default()
        }
    );
    assert_eq!(document.body, "First line.\n\nSecond [one](@ref/other.md).");
    assert_eq!(
        (document.line_of("title"), document.line_of("updated"), document.line_of("menu.main")),
        (Some(2), Some(4), Some(22))
    );
    assert_eq!(document.line_of("nothing"), None);
}

#[test]
fn a_hugo_post_in_json() {
    let document = read(include_str!("fixtures/hugo.json.md"));
    assert_eq!(document.dialect, Dialect::Json);
    assert_eq!(
        document.front,
        FrontMatter {
            title: "A } in a \"text\"".to_owned(),
            date: Time::parse("2020-02-03T04:05:06Z"),
            path: some("/posts/json/"),
            tags: texts(&["a", "b"]),
            cover: Some(Cover { src: "one.png".to_owned(), ..Cover::default() }),
            extra: object(json!({ "params": { "rating": 4.5 } })),
            ..FrontMatter::default()
        }
    );
    assert_eq!(document.body, "{ not front matter }");
    assert_eq!(
        (document.line_of("title"), document.line_of("path"), document.line_of("params.rating")),
        (Some(2), Some(4), Some(8))
    );
}

#[test]
fn a_jekyll_post() {
    let document = read(include_str!("fixtures/jekyll.md"));
    assert_eq!(
        document.front,
        FrontMatter {
            title: "Hello".to_owned(),
            date: Time::parse("2015-04-24T13:30:00-08:00"),
            path: some("/:year/:title/"),
            aliases: texts(&["/old.html", "/older/", "https://old.example/x"]),
            authors: texts(&["Ana"]),
            categories: texts(&["news", "site"]),
            tags: texts(&["one two"]),
            draft: true,
            description: some("Short."),
            cover: Some(Cover { src: "/assets/a.png".to_owned(), ..Cover::default() }),
            extra: object(json!({ "layout": "post" })),
            ..FrontMatter::default()
        }
    );
    assert_eq!(document.lead.as_deref(), Some("Before the fold."));
    insta::assert_snapshot!(document.body, @r#"
    Before the fold.

    See [the other](@ref/2010-07-21-name.md) and [a file](@/_posts/x.md#top), [home](/about).

    ```rust
    fn main() { /* {{ x }} */ }
    ```

    ````c++
    ```
    ````

    `{{ code }}` and {% include box.html %} and {{ page.title }}.

        {% raw %}
    "#);
    let warnings: Vec<String> = document.warnings.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(warnings.join("\n"), @r#"
    a.md:31: the template code `include` is not run here and stays as text
    a.md:31: the template code `page.title` is not run here and stays as text
    "#);
}

#[test]
fn a_zola_post() {
    let document = read(include_str!("fixtures/zola.md"));
    assert_eq!(document.dialect, Dialect::Toml);
    assert_eq!(
        document.front,
        FrontMatter {
            title: "Zola".to_owned(),
            date: Time::parse("2021-01-02"),
            updated: Time::parse("2021-01-03T04:05:06Z"),
            authors: texts(&["Vincent"]),
            categories: texts(&["rust"]),
            tags: texts(&["web", "two words"]),
            cover: Some(Cover { src: "hero.webp".to_owned(), ..Cover::default() }),
            extra: object(json!({
                "template": "page.html",
                "taxonomies": { "series": ["S"] },
                "extra": { "team": "Us", "see": [{ "path": "/x" }] },
            })),
            ..FrontMatter::default()
        }
    );
    assert_eq!(document.body, "{{ youtube(id=\"abc\") }}\n\nText.");
    let warnings: Vec<String> = document.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, ["a.md:20: the template code `youtube` is not run here and stays as text"]);
    assert_eq!(document.line_of("taxonomies.series"), Some(10));
}

#[test]
fn an_entry_of_atlas_is_taken_as_it_is() {
    let text = "+++\ntype = \"place\"\ntitle = \"A\"\npath = \"/a\"\nlocale = \"en\"\n+++\n\n\
                <!-- more -->\r\n{{ x }}\n\n# Head\n";
    let document = read(text);
    assert_eq!(document.dialect, Dialect::Atlas);
    assert_eq!(document.body, "<!-- more -->\r\n{{ x }}\n\n# Head");
    assert!(document.warnings.is_empty() && document.lead.is_none());
}

#[test]
fn seo_cover_and_fields_are_read_by_name() {
    let document = read(
        "+++\ntitle = \"A\"\n[cover]\nsrc = \"a.png\"\ncredit = \"C\"\n[seo]\ntitle = \"T\"\nnoindex = true\nkeywords = \"k\"\n\
         [fields]\ncity = \"/tehran\"\ngeo = { latitude = 1.5, longitude = 2 }\nopened = 1998-01-01\n+++\n",
    );
    assert_eq!(document.lines_of(&["fields", "fields.geo"]), [10, 12]);
    assert_eq!(document.front.cover.unwrap().credit, some("C"));
    assert_eq!(document.front.seo.title, some("T"));
    assert!(document.front.seo.noindex && !document.front.seo.nofollow);
    let fields =
        json!({ "city": "/tehran", "geo": { "latitude": 1.5, "longitude": 2 }, "opened": "1998-01-01" });
    assert_eq!(serde_json::Value::Object(document.front.fields), fields);
    assert_eq!(serde_json::Value::Object(document.front.extra), json!({ "seo": { "keywords": "k" } }));
}

impl Document {
    fn lines_of(&self, keys: &[&str]) -> Vec<u32> {
        keys.iter().filter_map(|key| self.line_of(key)).collect()
    }
}

#[test]
fn without_a_title_the_first_heading_or_the_name_is_the_title() {
    for (name, text, title, body) in [
        ("a.md", "# The *first* `one`\n\nText\n", "The first one", "Text"),
        ("a.md", "Intro\n\nTitle\n=====\n\nText\n", "Title", "Intro\n\nText"),
        ("a.md", "```\n# no\n```\n\n# Yes #\nText", "Yes", "```\n# no\n```\n\nText"),
        ("a.md", "> # quoted\n", "A", "> # quoted"),
        ("a.md", "---\ntags: [x]\n---\n# Head\nText\n", "Head", "Text"),
        ("a.md", "#\n\nText", "A", "#\n\nText"),
        ("posts/2020-01-02-hello_big-world.md", "Text", "Hello big world", "Text"),
        ("posts/tea/index.md", "", "Tea", ""),
        ("posts/_index.md", "", "Posts", ""),
        ("_index.md", "", "_index.md", ""),
        ("چای.md", "متن", "چای", "متن"),
    ] {
        let document = parse(name, text).unwrap();
        assert_eq!((document.front.title.as_str(), document.body.as_str()), (title, body), "{name}: {text}");
    }
}

#[test]
fn byte_order_mark_carriage_returns_and_blank_lines_are_no_hindrance() {
    for text in [
        "\u{feff}---\r\ntitle: A\r\n---\r\n\r\nOne\r\n\r\nTwo\r\n",
        "\n\n---  \ntitle: A\n---\t\nOne\n\nTwo",
        "---\ntitle: A\n...\nOne\n\nTwo",
        "\u{feff}+++\r\ntitle = \"A\"\r\n+++\r\nOne\r\n\r\nTwo\r\n",
        "{\r\n\"title\": \"A\"\r\n}\r\n\r\nOne\r\n\r\nTwo\r\n",
    ] {
        let document = read(text);
        assert_eq!((document.front.title.as_str(), document.body.as_str()), ("A", "One\n\nTwo"), "{text:?}");
    }
}

#[test]
fn an_empty_value_is_none_and_an_empty_front_matter_is_one() {
    let document = read("---\ntitle: A\nslug: ''\ntags:\naliases: []\nimage: ~\nparent: \"\"\n---\n");
    assert_eq!(document.front, FrontMatter { title: "A".to_owned(), ..FrontMatter::default() });
    for text in ["---\n---\n# B", "---\n# only a comment\n---\n# B", "+++\n+++\n# B", "{}\n# B"] {
        assert_eq!(read(text).front, FrontMatter { title: "B".to_owned(), ..FrontMatter::default() });
    }
}

#[test]
fn the_first_of_several_names_counts_and_the_others_are_reported_as_unused() {
    let document = read("---\ntitle: A\nsummary: S\ndescription: D\nURL: /u\npermalink: /p\n---\n");
    assert_eq!((document.front.description, document.front.path), (some("D"), some("/u")));
    assert_eq!(serde_json::Value::Object(document.front.extra), json!({ "summary": "S", "permalink": "/p" }));
}

#[test]
fn yaml_keeps_the_spelling_of_what_it_would_call_a_number() {
    let document =
        read("---\ntitle: 1_000\nslug: 007\nparent: 2.50\ntags: [2023, 1.0, 12345678901234567890123]\n---\n");
    assert_eq!(document.front.title, "1_000");
    assert_eq!((document.front.slug, document.front.parent), (some("007"), some("2.50")));
    assert_eq!(document.front.tags, ["2023", "1.0", "12345678901234567890123"]);
}

#[test]
fn yaml_anchors_and_merges_are_followed() {
    let document =
        read("---\ntitle: &t Tea\ndescription: *t\nbase: &b { slug: s }\nfields:\n  <<: *b\n  x: 1\n---\n");
    assert_eq!(document.front.description, some("Tea"));
    assert_eq!(serde_json::Value::Object(document.front.fields), json!({ "x": 1, "slug": "s" }));
}

#[test]
fn markdown_that_only_looks_like_front_matter_is_text() {
    for text in ["{{< ref \"a\" >}}x", "{% include a %}", "----\nx\n----", "++++", "{ x }"] {
        assert_eq!(read(text).dialect, Dialect::Bare, "{text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = parse("a.md", &text);
        for fence in ["---", "+++"] {
            let _ = parse("a.md", &format!("{fence}\n{text}\n{fence}\n{text}"));
        }
        let _ = parse("a.md", &format!("{{\"{text}"));
    }

    #[test]
    fn no_front_matter_makes_it_panic(
        lines in proptest::collection::vec(
            ("(title|date|tags|cover|fields|authors|draft|aliases|extra|<<|[a-z]{1,3})", "[:=]", "[\\PC\\n]{0,40}"), 0..8),
        fence in "(---|\\+\\+\\+)",
        body in "(\\PC|\\n|\\{\\{|\\{%|%\\}|\\}\\}| highlight | endhighlight |`|<!-- more -->|# ){0,60}",
    ) {
        let front: String = lines.iter().map(|(key, sign, value)| format!("{key}{sign} {value}\n")).collect();
        let _ = parse("a.md", &format!("{fence}\n{front}{fence}\n{body}"));
    }
}
