//! What links lead to.

use proptest::prelude::*;
use url::Url;

use crate::source::Target::{self, External, File, Fragment, Named, Odd, SitePath};
use crate::source::links::{From, find};
use crate::source::resolve;

fn from_post(link: &str) -> Target {
    let old = Url::parse("https://blog.example/base/").unwrap();
    resolve(From { file: "posts/tea/index.md", path: "/2020/tea", old_site: Some(&old) }, link)
}

fn file(path: &str) -> Target {
    File { path: path.to_owned(), fragment: None }
}

fn site(path: &str) -> Target {
    SitePath { path: path.to_owned(), query: None, fragment: None }
}

#[test]
fn links_lead_to_files_addresses_or_outside() {
    for (link, target) in [
        ("@/posts/other.md", file("posts/other.md")),
        (
            "@/posts/other.md#top",
            File { path: "posts/other.md".to_owned(), fragment: Some("top".to_owned()) },
        ),
        ("./other.md", file("posts/tea/other.md")),
        ("other.md", file("posts/tea/other.md")),
        ("../x/index.md", file("posts/x/index.md")),
        ("images/a.png", file("posts/tea/images/a.png")),
        ("a%20b.PNG?raw=true", file("posts/tea/a b.PNG")),
        ("%DA%86%D8%A7%DB%8C.jpg", file("posts/tea/چای.jpg")),
        ("files/list.txt", file("posts/tea/files/list.txt")),
        ("@ref/other.md", Named { name: "other.md".to_owned(), fragment: None }),
        ("@ref/posts/other#a", Named { name: "posts/other".to_owned(), fragment: Some("a".to_owned()) }),
        ("/2015/02/13/Final-1.0-timeline.html", site("/2015/02/13/Final-1.0-timeline.html")),
        ("/2015/02/13/foo/", site("/2015/02/13/foo")),
        ("/foo/index.html", site("/foo")),
        ("/", site("/")),
        ("/a/../b", site("/b")),
        ("/caf%C3%A9", site("/café")),
        ("/cafe\u{301}", site("/café")),
        (
            "/a?x=1&y#z%20z",
            SitePath {
                path: "/a".to_owned(),
                query: Some("x=1&y".to_owned()),
                fragment: Some("z z".to_owned()),
            },
        ),
        (
            "?page=2",
            SitePath { path: "/2020/tea".to_owned(), query: Some("page=2".to_owned()), fragment: None },
        ),
        ("../coffee/", site("/2020/coffee")),
        ("../Rust-1.25", site("/2020/Rust-1.25")),
        ("more.html", site("/2020/tea/more.html")),
        (
            "https://blog.example/base/a/#b",
            SitePath { path: "/a".to_owned(), query: None, fragment: Some("b".to_owned()) },
        ),
        ("http://BLOG.example/base", site("/")),
        ("//blog.example/base/x", site("/x")),
        ("https://blog.example/based", External),
        ("https://blog.example:8443/base/a", External),
        ("https://user@blog.example/base/a", External),
        ("https://other.example/", External),
        ("mailto:a@b.example", External),
        ("tel:+98", External),
        ("help@blog.example", External),
        ("logo@2x.png", file("posts/tea/logo@2x.png")),
        ("data:image/png;base64,AAAA", External),
        ("https://", External),
        ("#top", Fragment("top".to_owned())),
        ("#%DB%8C", Fragment("ی".to_owned())),
        ("", Odd("the link is empty")),
        ("../../../x.md", Odd("the link leads out of the folder")),
        ("@/../x.md", Odd("the link leads out of the folder")),
        ("../../../x", Odd("the link leads above the site's root")),
        ("/../x", Odd("the link leads above the site's root")),
        ("C:\\Users\\me\\a.png", Odd("the link names a drive of a computer")),
        ("images\\a.png", Odd("the link has a backslash")),
        ("a%FFb", Odd("the link is not UTF-8 when decoded")),
        ("a\u{7}b", Odd("the link has a control character")),
        ("entry:42", Odd("an `entry:` link only means something inside one site")),
    ] {
        assert_eq!(from_post(link), target, "{link}");
    }
}

#[test]
fn a_page_that_is_a_file_has_its_neighbours_beside_it() {
    let from = From { file: "a.md", path: "/2020/a.html", old_site: None };
    assert_eq!(resolve(from, "b"), site("/2020/b"));
    assert_eq!(resolve(from, "https://blog.example/x"), External);
}

#[test]
fn a_name_is_looked_up_beside_the_file_from_the_root_and_anywhere() {
    let files =
        ["a.md", "posts/a.md", "posts/b.md", "news/c/index.md", "x/d.md", "y/d.md"].map(str::to_owned);
    for (name, found) in [
        ("a.md", Some("posts/a.md")),
        ("a", Some("posts/a.md")),
        ("/a.md", Some("a.md")),
        ("b.md", Some("posts/b.md")),
        ("posts/b", Some("posts/b.md")),
        ("c", Some("news/c/index.md")),
        ("news/c", Some("news/c/index.md")),
        ("../x/d.md", Some("x/d.md")),
        ("y/d", Some("y/d.md")),
        ("d.md", None),
        ("e.md", None),
        ("", None),
    ] {
        assert_eq!(find(&files, "posts/now.md", name), found, "{name}");
    }
}

proptest! {
    #[test]
    fn every_link_leads_somewhere_inside_or_is_odd(link in "(\\.\\./|/|%2e|%2F|[\\PC]){0,20}") {
        match from_post(&link) {
            File { path, .. } => prop_assert!(!path.starts_with('/') && !path.split('/').any(|part| part == ".."), "{path}"),
            SitePath { path, .. } => prop_assert!(path.starts_with('/') && !path.split('/').any(|part| part == ".."), "{path}"),
            _ => {}
        }
    }
}
