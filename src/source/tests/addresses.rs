//! Where files belong, by the rules of each generator.

use proptest::prelude::*;

use crate::clock::Time;
use crate::source::{Located, locate, parse};

fn place(file: &str, text: &str) -> Located {
    let document = parse(file, text).unwrap_or_else(|problems| panic!("{problems}"));
    locate(file, &document, &["en".to_owned(), "fa".to_owned()]).unwrap_or_else(|problem| panic!("{problem}"))
}

fn paths(dialect: fn(&str) -> String, cases: &[(&str, &str, &str)]) {
    for (file, front, path) in cases {
        assert_eq!(place(file, &dialect(front)).path, *path, "{file} with {front}");
    }
}

fn toml(front: &str) -> String {
    format!("+++\ntitle = \"T\"\n{front}\n+++\n")
}

fn yaml(front: &str) -> String {
    format!("---\ntitle: T\n{front}\n---\n")
}

#[test]
fn zola_files_lie_where_zola_puts_them() {
    paths(
        toml,
        &[
            ("a.md", "", "/a"),
            ("content/blog/Hello World.md", "", "/blog/hello-world"),
            ("blog/2021-02-03-first.md", "", "/blog/first"),
            ("blog/2021-02-03_first.md", "", "/blog/first"),
            ("blog/2021-02-03T04:05:06Z-first.md", "", "/blog/first"),
            ("blog/2021-02-03.md", "", "/blog/2021-02-03"),
            ("blog/2021-02-31-no-day.md", "", "/blog/2021-02-31-no-day"),
            ("blog/post/index.md", "", "/blog/post"),
            ("blog/2021-02-03-post/index.md", "", "/blog/post"),
            ("blog/a.md", "slug = \"other\"", "/blog/other"),
            ("blog/post/index.md", "slug = \"other\"", "/blog/other"),
            ("blog/a.md", "path = \"x/y/\"", "/x/y"),
            ("blog/a.md", "path = \"/x/index.html\"", "/x"),
            ("blog/a.md", "path = \"/\"", "/"),
            ("blog/a.md", "path = \"/caf%C3%A9\"", "/café"),
            ("_index.md", "", "/"),
            ("index.md", "", "/"),
            ("blog/_index.md", "", "/blog"),
            ("Blog Posts/_index.md", "", "/Blog Posts"),
            ("چای.md", "", "/chy"),
            ("Rust-1.0@0.md", "", "/rust-1-0-0"),
            ("about.fa.md", "", "/fa/about"),
            ("about.en.md", "", "/about"),
            ("about.de.md", "", "/about-de"),
            ("blog/post/index.fa.md", "", "/fa/blog/post"),
            ("blog/_index.fa.md", "", "/fa/blog"),
            ("_index.fa.md", "", "/fa"),
            ("about.fa.md", "path = \"darbare\"", "/darbare"),
        ],
    );
}

#[test]
fn hugo_files_lie_where_hugo_puts_them() {
    paths(
        yaml,
        &[
            ("content/posts/My First.md", "", "/posts/my-first"),
            ("content/posts/v1.2_x.md", "", "/posts/v1.2_x"),
            ("content/posts/چای-خوب.md", "", "/posts/چای-خوب"),
            ("content/posts/می‌خواهم.md", "", "/posts/می‌خواهم"),
            ("content/fa/posts/a.md", "lang: fa", "/fa/posts/a"),
            ("content/posts/a.md", "lang: fa", "/fa/posts/a"),
            ("content/posts/a.md", "url: /older/a.html", "/older/a.html"),
            ("content/posts/_index.md", "", "/posts"),
            ("content/_index.md", "", "/"),
        ],
    );
}

#[test]
fn jekyll_posts_lie_where_jekyll_puts_them() {
    paths(
        yaml,
        &[
            ("_posts/2020-01-02-Hello-World.md", "", "/2020/01/02/Hello-World.html"),
            ("_posts/2020-01-02-1.0-Timeline.markdown", "", "/2020/01/02/1.0-Timeline.html"),
            ("_posts/2020-01-02-a.md", "date: 2021-03-04", "/2021/03/04/a.html"),
            (
                "_posts/2020-01-02-a.md",
                "categories: [Food, Tea Houses]",
                "/food/tea-houses/2020/01/02/a.html",
            ),
            ("_posts/2020-01-02-a.md", "slug: b", "/2020/01/02/b.html"),
            ("_posts/2020-01-02-a.md", "permalink: pretty", "/2020/01/02/a"),
            ("_posts/2020-02-02-a.md", "permalink: ordinal", "/2020/033/a.html"),
            ("_posts/2020-01-02-a.md", "permalink: none", "/a.html"),
            ("_posts/2020-01-02-a.md", "permalink: date", "/2020/01/02/a.html"),
            ("_posts/2020-01-02-A_b.md", "permalink: /:short_year/:i_month-:i_day/:slug/", "/20/1-2/a-b"),
            ("_posts/2020-01-02-a.md", "permalink: /blog/:title:output_ext", "/blog/a.html"),
            ("_posts/2020-01-02-a.md", "permalink: /about.html", "/about.html"),
            ("_posts/2020-01-02-50%.md", "permalink: /:slug/", "/50"),
            ("about.md", "permalink: /about/", "/about"),
        ],
    );
}

#[test]
fn a_date_comes_from_the_front_matter_then_the_name_then_the_path_then_the_folder() {
    for (file, front, date) in [
        ("2020-01-02-a.md", "date: 2019-01-01", "2019-01-01"),
        ("2020-01-02-a.md", "path: /2018/01/01/a", "2020-01-02"),
        ("a.md", "path: /inside/2018/3/1/a", "2018-03-01"),
        ("a.md", "path: 2018/03/01", "2018-03-01"),
        ("news/2017/04/05/a.md", "path: /a", "2017-04-05"),
        ("news/2017/04/05/a.md", "", "2017-04-05"),
    ] {
        assert_eq!(place(file, &yaml(front)).date, Time::parse(date), "{file} with {front}");
    }
    for file in ["a.md", "2020/13/01/a.md", "12020/12/01/a.md", "2020/12/a.md"] {
        assert_eq!(place(file, &yaml("")).date, None, "{file}");
    }
}

#[test]
fn a_locale_comes_from_the_front_matter_or_the_name() {
    assert_eq!(place("a.fa.md", &yaml("")).locale.as_deref(), Some("fa"));
    assert_eq!(place("a.fa.md", &yaml("lang: en")).locale.as_deref(), Some("en"));
    assert_eq!(place("node.js.md", &yaml("")).locale, None);
}

#[test]
fn slugs_and_sections_are_told() {
    assert_eq!(place("x/a.md", &toml("slug = \"B\"")).slug.as_deref(), Some("B"));
    assert_eq!(place("x/a.md", &toml("path = \"/p/q\"")).slug.as_deref(), Some("q"));
    assert_eq!(place("_index.md", &toml("")).slug, None);
    assert!(place("x/_index.md", &toml("")).section && !place("x/index.md", &toml("")).section);
}

#[test]
fn former_addresses_are_counted_from_where_their_generator_counts() {
    let aliases = "aliases = [\"a.html\", \"/b/\", \"c/index.html\", \"../d\"]";
    assert_eq!(place("x/y/z.md", &toml(aliases)).aliases, ["/a.html", "/b", "/c", "/x/d"]);
    let aliases = "aliases: [a, /b/, ../c, ./d]\nredirect_from: e/";
    assert_eq!(place("x/y/z.md", &yaml(aliases)).aliases, ["/x/y/a", "/b", "/x/c", "/x/y/d", "/e"]);
}

#[test]
fn what_export_wrote_is_taken_letter_by_letter() {
    let text = "+++\ntype = \"page\"\ntitle = \"T\"\npath = \"/50%25/:a\"\nlocale = \"fa\"\naliases = [\"/a%41?\"]\n+++\n";
    let error = locate("a.md", &parse("a.md", text).unwrap(), &[]).unwrap_err();
    assert_eq!(error.to_string(), "a.md:4: `path`: the placeholder `:a` is not known; write the whole path");
}

proptest! {
    #[test]
    fn every_file_gets_a_path_or_a_problem(
        file in "(content/|_posts/|\\./)?([\\PC/]{0,20}/)?(2020-01-02-)?\\PC{0,20}(\\.fa)?\\.md",
        path in "\\PC{0,30}", alias in "[\\PC.]{0,20}", slug in "\\PC{0,10}",
    ) {
        let mut document = parse(&file, "Text").unwrap();
        let locales = ["en".to_owned(), "fa".to_owned()];
        let without = locate(&file, &document, &locales);
        document.front.slug = Some(slug);
        document.front.aliases = vec![alias];
        let with_slug = locate(&file, &document, &locales);
        document.front.path = Some(path);
        for located in [without, with_slug, locate(&file, &document, &locales)].into_iter().flatten() {
            for path in located.aliases.iter().chain([&located.path]) {
                prop_assert!(path == "/" || path.starts_with('/') && !path.ends_with('/'), "{path}");
                prop_assert!(!path.contains("//") && !path.split('/').any(|part| part == ".." || part == "."), "{path}");
            }
        }
    }
}
