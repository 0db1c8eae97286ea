//! Request targets: what a visitor asked for, in its one normal form.

use url::form_urlencoded;

use super::chars::is_control;
use super::{Odd, Path};

/// A longer path in a request is refused unread.
pub const MAX_TARGET: usize = 2_048;

/// The path a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub path: Path,
    /// Whether the request wrote the path as we would. When not, the answer is one redirect to
    /// [`Path::href`], which is exact.
    pub exact: bool,
}

/// Reads the path of a request, as it stands in the request line before `?`: decoded once, composed
/// (NFC), without repeated and trailing slashes, without a last `index.html`, `index.htm` or
/// `index.php`. Its case is kept: the registry looks up the folded form.
///
/// # Errors
/// The path is one that servers read differently (SECURITY 0.3, T8) or that nothing can have. The
/// answer is a 400.
pub fn read_target(raw: &str) -> Result<Asked, Odd> {
    if raw.len() > MAX_TARGET {
        return Err(Odd::TooLong);
    }
    if !raw.starts_with('/') {
        return Err(Odd::NoSlash);
    }
    let path = Path::requested(raw)?;
    let exact = raw == path.href();
    Ok(Asked { path, exact })
}

/// The parameters of a query string that a page knows: the first of each, in the order of `known`,
/// decoded as a form is (`+` is a space), control characters left out. Also whether the query
/// string is as [`write_query`] would write them; when not, one redirect leads there.
pub fn known_query(raw_query: Option<&str>, known: &[&str]) -> (Vec<(String, String)>, bool) {
    let Some(raw) = raw_query else { return (Vec::new(), true) };
    let given: Vec<_> = form_urlencoded::parse(raw.as_bytes()).collect();
    let kept: Vec<(String, String)> = known
        .iter()
        .filter_map(|key| given.iter().find(|(name, _)| name == key))
        .map(|(name, value)| (name.to_string(), value.chars().filter(|c| !is_control(*c)).collect()))
        .collect();
    let exact = !kept.is_empty() && write_query(&kept) == raw;
    (kept, exact)
}

/// Writes parameters as browsers write those of a form, without `?`: empty for none, and then the
/// address ends before the `?`.
pub fn write_query(parameters: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_spelling_of_a_path_is_one_redirect_from_it() {
        for (raw, path, exact) in [
            ("/", "/", true),
            ("//", "/", false),
            ("/index.html", "/", false),
            ("/INDEX.HTM", "/", false),
            ("/a/index.php", "/a", false),
            ("/a/index.php/index.html/", "/a", false),
            ("/a/%69ndex.html", "/a", false),
            ("/a/b", "/a/b", true),
            ("/a/b/", "/a/b", false),
            ("//a///b", "/a/b", false),
            ("/A/b", "/A/b", true),
            ("/%61", "/a", false),
            ("/a%20b", "/a b", true),
            ("/a b", "/a b", false),
            ("/a+b", "/a+b", true),
            ("/caf%C3%A9", "/café", true),
            ("/caf%c3%a9", "/café", false),
            ("/caf%C3%a9", "/café", false),
            ("/cafe%CC%81", "/café", false),
            ("/café", "/café", false),
            ("/a%7Cb", "/a|b", true),
            ("/a|b", "/a|b", false),
            ("/a%252Fb", "/a%2Fb", true),
            ("/a%25252Fb", "/a%252Fb", true),
            ("/%252e%252e/x", "/%2e%2e/x", true),
        ] {
            let asked = read_target(raw).unwrap();
            assert_eq!((asked.path.as_str(), asked.exact), (path, exact), "{raw}");
        }
    }

    #[test]
    fn targets_that_servers_read_differently_are_refused() {
        for (raw, odd) in [
            ("", Odd::NoSlash),
            ("*", Odd::NoSlash),
            ("http://evil.example/", Odd::NoSlash),
            ("/blog/..%2fadmin/x", Odd::EncodedSlash),
            ("/%2F", Odd::EncodedSlash),
            ("/..%5c..%5cwindows", Odd::Backslash),
            ("/%5Cevil.example", Odd::Backslash),
            ("/\\evil.example", Odd::Backslash),
            ("/../etc/passwd", Odd::DotSegment),
            ("/a/..", Odd::DotSegment),
            ("/./a", Odd::DotSegment),
            ("/%2e%2E/%2E%2e/etc/passwd", Odd::DotSegment),
            ("/.%2e/", Odd::DotSegment),
            ("/%2E", Odd::DotSegment),
            ("/%E2%80%8C.%2E", Odd::DotSegment),
            ("/%c0%ae%c0%ae/etc/passwd", Odd::NotUtf8),
            ("/%FF", Odd::NotUtf8),
            ("/%F0%9F%A6", Odd::NotUtf8),
            ("/a%00", Odd::Control),
            ("/%0d%0aX:1", Odd::Control),
            ("/%7F", Odd::Control),
            ("/%C2%85", Odd::Control),
            ("/\u{9b}31m", Odd::Control),
            ("/a%E2%80%AEgpj.exe", Odd::BidiControl),
            ("/%D8%9C", Odd::BidiControl),
            ("/100%", Odd::BadEscape),
            ("/%u0041", Odd::BadEscape),
            ("/%G1", Odd::BadEscape),
            ("/a%é1", Odd::BadEscape),
            ("/a%3Fb", Odd::Delimiter),
            ("/c%23", Odd::Delimiter),
            ("/%EF%BF%BF", Odd::Unassigned),
            ("/a/%20/b", Odd::Blank),
        ] {
            assert_eq!(read_target(raw), Err(odd), "{raw}");
        }
        let long = format!("/{}", "a/".repeat(MAX_TARGET));
        assert_eq!(read_target(&long), Err(Odd::TooLong));
        assert_eq!(read_target(&"/".repeat(MAX_TARGET)).unwrap().path, Path::root());
        assert_eq!(read_target(&"/".repeat(MAX_TARGET + 1)), Err(Odd::TooLong));
    }

    #[test]
    fn a_query_keeps_what_the_page_knows() {
        let known = ["q", "page"];
        for (raw, written, exact) in [
            (None, "", true),
            (Some(""), "", false),
            (Some("page=2"), "page=2", true),
            (Some("q=a+b&page=2"), "q=a+b&page=2", true),
            (Some("page=2&q=a+b"), "q=a+b&page=2", false),
            (Some("q=a%20b"), "q=a+b", false),
            (Some("q=caf%C3%A9"), "q=caf%C3%A9", true),
            (Some("q=caf%c3%a9"), "q=caf%C3%A9", false),
            (Some("page=2&utm_source=x"), "page=2", false),
            (Some("utm_source=x"), "", false),
            (Some("page=2&page=3"), "page=2", false),
            (Some("page=2&"), "page=2", false),
            (Some("page"), "page=", false),
            (Some("page="), "page=", true),
            (Some("Page=2"), "", false),
            (Some("%70age=2"), "page=2", false),
            (Some("q=a%00b%0D%0A"), "q=ab", false),
            (Some("q=%FF"), "q=%EF%BF%BD", false),
            (Some("q=%26page%3D9"), "q=%26page%3D9", true),
        ] {
            let (kept, is_exact) = known_query(raw, &known);
            assert_eq!((write_query(&kept).as_str(), is_exact), (written, exact), "{raw:?}");
        }
        assert_eq!(known_query(Some("q=a+b%2B"), &known).0, [("q".to_string(), "a b+".to_string())]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn one_hop_is_enough(raw in any_target()) {
            if let Ok(asked) = read_target(&raw) {
                let again = read_target(&asked.path.href());
                prop_assert_eq!(again, Ok(Asked { path: asked.path.clone(), exact: true }));
                prop_assert_eq!(Path::parse(asked.path.as_str()), Ok(asked.path));
            }
        }

        #[test]
        fn no_target_panics(raw in "\\PC*|(?s).*") {
            let _ = read_target(&raw);
            let _ = read_target(&format!("/{raw}"));
        }

        #[test]
        fn a_written_query_is_exact(raw in "([a-c%&=+;?/#é\u{0}-\u{20}]|%[0-9A-Fa-f]{2})*") {
            let (kept, _) = known_query(Some(&raw), &["a", "b", "ab", ""]);
            if !kept.is_empty() {
                let (again, exact) = known_query(Some(&write_query(&kept)), &["a", "b", "ab", ""]);
                prop_assert_eq!(again, kept);
                prop_assert!(exact);
            }
        }
    }

    fn any_target() -> impl Strategy<Value = String> {
        let parts = [
            "/",
            "/",
            "/",
            "a",
            "B",
            ".",
            "%2e",
            "%2F",
            "%5c",
            "é",
            "%C3%A9",
            "%c3%a9",
            "e%CC%81",
            "%CC%81",
            "%25",
            "%252e",
            "%",
            "%20",
            " ",
            "index.html",
            "%69ndex.php",
            "INDEX.htm",
            "%00",
            "%E2%80%8C",
            "%D9%80",
            "%D9%8A",
            "|",
            "%7C",
            "~",
            "%7E",
            "سلام",
            "%F0%9F%A6%84",
            "+",
            ":",
            "@",
        ];
        let part = prop_oneof![
            9 => prop::sample::select(parts.to_vec()).prop_map(String::from),
            1 => any::<char>().prop_map(String::from),
            1 => any::<u8>().prop_map(|byte| format!("%{byte:02x}")),
        ];
        prop::collection::vec(part, 0..12).prop_map(|parts| format!("/{}", parts.concat()))
    }
}
