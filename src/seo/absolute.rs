//! Makes the links of sanitised HTML absolute, for readers that have no page to resolve them against.

/// Attributes that hold one URL.
const ONE: &[&str] = &["href", "src", "poster", "cite"];

/// Rewrites `/path` to the site's origin and `#fragment` to the page's own URL; all else stays. The
/// HTML is the sanitiser's: attributes in double quotes, their quotes escaped.
pub(super) fn absolute(html: &str, origin: &str, page: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (text, tag) = rest.split_at(open);
        out.push_str(text);
        let (tag, after) = tag.split_at(end_of_tag(tag));
        rewrite_tag(&mut out, tag, origin, page);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where the tag that begins here ends; a `>` inside a quoted value doesn't end it.
fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    tag.len()
}

fn rewrite_tag(out: &mut String, tag: &str, origin: &str, page: &str) {
    let mut rest = tag;
    while let Some((before, value_on)) = rest.split_once("=\"") {
        let (value, after) = value_on.split_once('"').unwrap_or((value_on, ""));
        let name = before.rsplit([' ', '\n', '\t', '/']).next().unwrap_or_default();
        out.push_str(before);
        out.push_str("=\"");
        if ONE.contains(&name) {
            out.push_str(&base(value, origin, page));
            out.push_str(value);
        } else if name == "srcset" {
            push_candidates(out, value, origin, page);
        } else {
            out.push_str(value);
        }
        if value_on.len() > value.len() {
            out.push('"');
        }
        rest = after;
    }
    out.push_str(rest);
}

/// What goes before a URL to make it absolute.
fn base(url: &str, origin: &str, page: &str) -> String {
    if url.starts_with('#') {
        attribute(page)
    } else if url.starts_with('/') && !url.starts_with("//") {
        attribute(origin)
    } else {
        String::new()
    }
}

/// `srcset`: candidates parted by commas. A URL goes on to the next white space, so that a comma in it
/// parts nothing (HTML, "Srcset attributes").
fn push_candidates(out: &mut String, candidates: &str, origin: &str, page: &str) {
    let mut rest = candidates;
    while !rest.is_empty() {
        let url = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        out.push_str(&rest[..rest.len() - url.len()]);
        if url.is_empty() {
            return;
        }
        out.push_str(&base(url, origin, page));
        let end = url.find(|c: char| c.is_ascii_whitespace()).unwrap_or(url.len());
        let end = if url[..end].ends_with(',') {
            end
        } else {
            url[end..].find(',').map_or(url.len(), |at| end + at)
        };
        out.push_str(&url[..end]);
        rest = &url[end..];
    }
}

fn attribute(url: &str) -> String {
    url.replace('&', "&amp;").replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seo::hostile;

    fn at_home(html: &str) -> String {
        absolute(html, "https://example.org", "https://example.org/a?b=1&c=2")
    }

    #[test]
    fn links_and_images_get_the_origin() {
        insta::assert_snapshot!(
            at_home("<p>See <a href=\"/tehran?a=1&amp;b=2\" rel=\"ugc\">Tehran</a><img alt=\"a > b\" src=\"/media/x.jpg\" \
                     srcset=\"/media/x-1.jpg 400w, https://cdn.test/x.jpg 800w,\n /media/x-3.jpg 2x\"></p>"),
            @r#"
        <p>See <a href="https://example.org/tehran?a=1&amp;b=2" rel="ugc">Tehran</a><img alt="a > b" src="https://example.org/media/x.jpg" srcset="https://example.org/media/x-1.jpg 400w, https://cdn.test/x.jpg 800w,
         https://example.org/media/x-3.jpg 2x"></p>
        "#
        );
    }

    #[test]
    fn a_footnote_leads_to_the_page() {
        insta::assert_snapshot!(at_home("<sup><a href=\"#fn1\">1</a></sup>"), @r#"
        <sup><a href="https://example.org/a?b=1&amp;c=2#fn1">1</a></sup>
        "#);
    }

    #[test]
    fn what_is_absolute_or_no_link_stays() {
        for html in [
            "",
            "plain text",
            "<a href=\"https://other.test/x\">x</a>",
            "<a href=\"//cdn.test/x\">x</a>",
            "<a href=\"mailto:a@example.org\">x</a>",
            "<code>&lt;a href=\"/x\"&gt;</code>",
            "<img alt=\"src=/x > /y\" src=\"https://cdn.test/x\">",
            "<p title=\"/x\" data-href=\"/x\">x</p>",
            "<a href=\"/unfinished",
        ] {
            let expected =
                if html.ends_with("unfinished") { "<a href=\"https://example.org/unfinished" } else { html };
            assert_eq!(at_home(html), expected);
        }
    }

    #[test]
    fn every_candidate_of_a_set_is_read_as_browsers_read_it() {
        for (set, expected) in [
            ("/a,b.jpg", "https://example.org/a,b.jpg"),
            ("/a.jpg 1x,/b.jpg 2x", "https://example.org/a.jpg 1x,https://example.org/b.jpg 2x"),
            ("/a.jpg, /b.jpg 2x", "https://example.org/a.jpg, https://example.org/b.jpg 2x"),
            (" , /a.jpg 100w 50h ,", " , https://example.org/a.jpg 100w 50h ,"),
            ("", ""),
        ] {
            assert_eq!(at_home(&format!("<img srcset=\"{set}\">")), format!("<img srcset=\"{expected}\">"));
        }
    }

    proptest! {
        #![proptest_config(hostile::many())]
        #[test]
        fn nothing_else_changes(html in hostile::strings()) {
            let tagged = format!("{html}<a href=\"/x\">{html}<img srcset=\"{html}, /x 1x\">");
            let quoted = absolute(&tagged, "", "");
            prop_assert_eq!(quoted, tagged, "with nothing to put in front, nothing is changed");
        }
    }
}
