//! HTML that may be printed as it is.

use std::fmt;

/// HTML that went through the sanitiser. Only `text` makes one, so a template can print it without
/// escaping and nobody can forget the check (SECURITY T1, T2).
///
/// `<` and `>` stand in it only as the edges of tags, and every attribute is quoted with `"`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// Wraps what the sanitiser has just written.
    pub(in crate::text) fn from_sanitiser(html: String) -> SafeHtml {
        SafeHtml(html)
    }

    /// Any text, escaped: a reader sees exactly `text`.
    pub fn from_text(text: &str) -> SafeHtml {
        let mut html = String::with_capacity(text.len() + text.len() / 16);
        escape_into(&mut html, text);
        SafeHtml(html)
    }

    /// HTML that was a `SafeHtml` when it was stored. The caller vouches that it comes from the
    /// column that only the sanitiser fills, at its present `markdown::SANITISER` version.
    pub fn from_store(html: String) -> SafeHtml {
        SafeHtml(html)
    }

    /// One after the other.
    pub fn concat<'a>(parts: impl IntoIterator<Item = &'a SafeHtml>) -> SafeHtml {
        SafeHtml(parts.into_iter().map(SafeHtml::as_str).collect())
    }

    /// Replaces each `href="entry:42#fragment"` by the address that `address` gives for 42, the
    /// fragment kept; where it gives none, the link loses its `href`. An address that brings a
    /// fragment of its own keeps it when the reference has none.
    #[must_use]
    pub fn with_links(&self, mut address: impl FnMut(i64) -> Option<String>) -> SafeHtml {
        let mut html = String::with_capacity(self.0.len());
        let mut rest = self.0.as_str();
        let mut in_tag = false;
        while let Some(start) = rest.find(REFERENCE) {
            let (before, value) = (&rest[..start], &rest[start + REFERENCE.len()..]);
            html.push_str(before);
            // In text and in values both brackets are escaped, so the last one tells where we are.
            if let Some(bracket) = before.rfind(['<', '>']) {
                in_tag = before.as_bytes()[bracket] == b'<';
            }
            match value.find('"') {
                Some(end) if in_tag => {
                    html.push_str(&resolved(&value[..end], &mut address));
                    rest = &value[end + 1..];
                }
                _ => {
                    html.push_str(REFERENCE);
                    rest = value;
                }
            }
        }
        html.push_str(rest);
        SafeHtml(html)
    }

    /// The addresses of the pictures in it, in order.
    pub fn pictures(&self) -> Vec<&str> {
        images(&self.0).filter_map(|(_, image)| attribute(image, "src")).collect()
    }

    pub fn is_pictured(&self) -> bool {
        images(&self.0).next().is_some()
    }

    /// Adds to each picture the attributes that `more` gives for it: they depend on what stands
    /// around the text, and on what has been made of the picture since the text was rendered.
    #[must_use]
    pub fn with_pictures(&self, mut more: impl FnMut(&Image) -> Vec<(&'static str, String)>) -> SafeHtml {
        let mut html = String::with_capacity(self.0.len() + self.0.len() / 8);
        let mut from = 0;
        for (start, tag) in images(&self.0) {
            let end = start + tag.len();
            html.push_str(&self.0[from..end]);
            for (name, value) in more(&Image { tag }) {
                html.push(' ');
                html.push_str(name);
                html.push_str("=\"");
                escape_into(&mut html, &value);
                html.push('"');
            }
            from = end;
        }
        html.push_str(&self.0[from..]);
        SafeHtml(html)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// A picture in safe HTML.
pub struct Image<'a> {
    tag: &'a str,
}

impl Image<'_> {
    /// An attribute as it is written, escaped.
    pub fn get(&self, name: &str) -> Option<&str> {
        attribute(self.tag, name)
    }
}

/// Each tag of an image without its last bracket, with its place. `<` begins a tag and `>` ends it,
/// wherever they stand: in text and in values both are escaped.
fn images(html: &str) -> impl Iterator<Item = (usize, &str)> {
    html.match_indices("<img ").filter_map(|(start, _)| {
        let end = html[start..].find('>')?;
        Some((start, &html[start..start + end]))
    })
}

/// An attribute of a tag as it is written: in values `"` is escaped.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let end = tag[start..].find('"')?;
    Some(&tag[start..start + end])
}

/// How a reference to an entry starts in a tag: the sanitiser writes every attribute so.
const REFERENCE: &str = " href=\"entry:";

/// The attribute, leading space included, that stands for the reference `42` or `42#fragment`.
fn resolved(reference: &str, address: &mut impl FnMut(i64) -> Option<String>) -> String {
    let (id, fragment) = match reference.split_once('#') {
        Some((id, fragment)) => (id, Some(fragment)),
        None => (reference, None),
    };
    let Some(found) = id.parse().ok().and_then(address) else { return String::new() };
    let mut attribute = String::from(" href=\"");
    match fragment {
        Some(fragment) => {
            escape_into(&mut attribute, found.split('#').next().unwrap_or_default());
            attribute.push('#');
            attribute.push_str(fragment);
        }
        None => escape_into(&mut attribute, &found),
    }
    attribute.push('"');
    attribute
}

/// Writes text so that it is only text, in an element as in a quoted attribute.
pub(in crate::text) fn escape_into(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // A parser drops it or puts another character in its place.
            '\0' => html.push('\u{fffd}'),
            other => html.push(other),
        }
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for SafeHtml {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl askama::filters::HtmlSafe for SafeHtml {}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked(html: &str) -> String {
        let paths = |id| match id {
            7 => Some("/tehran/cafe?a=1&b=\"".to_owned()),
            8 => Some("/guide#start".to_owned()),
            _ => None,
        };
        SafeHtml::from_sanitiser(html.to_owned()).with_links(paths).into_string()
    }

    #[test]
    fn references_to_entries_become_their_addresses() {
        insta::assert_snapshot!(linked(concat!(
            r#"<p><a href="entry:7">a</a> <a title="t" href="entry:7#menu" rel="x">b</a> "#,
            r#"<a href="entry:8">c</a> <a href="entry:8#end">d</a> <a href="entry:9#x" title="u">e</a></p>"#,
        )), @r#"<p><a href="/tehran/cafe?a=1&amp;b=&quot;">a</a> <a title="t" href="/tehran/cafe?a=1&amp;b=&quot;#menu" rel="x">b</a> <a href="/guide#start">c</a> <a href="/guide#end">d</a> <a title="u">e</a></p>"#);
    }

    #[test]
    fn text_that_looks_like_a_reference_stays_text() {
        for html in [
            r#"<p>write href="entry:7" here</p>"#,
            r#" href="entry:7""#,
            r#"&lt;a href="entry:7"&gt;"#,
            r#"<p title=" href=&quot;entry:7&quot;">x</p>"#,
            r#"<a data-id="1">x</a> href="entry:7" <b>y</b>"#,
            r#"<p>an end without its quote: href="entry:7</p>"#,
        ] {
            assert_eq!(linked(html), html);
        }
    }

    #[test]
    fn pictures_are_found_and_get_more_attributes() {
        let html = SafeHtml::from_sanitiser(
            concat!(
                r#"<p>src="/no" &lt;img src="/no"&gt; <img alt="a &gt; &quot; src=&quot;/no&quot;" src="/a.png">"#,
                r#"<a title="<img"><img src="/b.png" loading="lazy"></a></p>"#,
            )
            .replace("\"<img\"", "\"&lt;img\""),
        );
        assert_eq!(html.pictures(), ["/a.png", "/b.png"]);
        let more = html.with_pictures(|image| match image.get("src") {
            Some("/a.png") => vec![("srcset", "/a-\"1.png 1w".to_owned()), ("sizes", "10px".to_owned())],
            _ => Vec::new(),
        });
        insta::assert_snapshot!(more.as_str(), @r#"<p>src="/no" &lt;img src="/no"&gt; <img alt="a &gt; &quot; src=&quot;/no&quot;" src="/a.png" srcset="/a-&quot;1.png 1w" sizes="10px"><a title="&lt;img"><img src="/b.png" loading="lazy"></a></p>"#);
    }

    #[test]
    fn an_impossible_number_is_no_entry() {
        assert_eq!(linked(r#"<a href="entry:99999999999999999999">x</a>"#), "<a>x</a>");
        assert_eq!(linked(r#"<a href="entry:">x</a>"#), "<a>x</a>");
    }

    #[test]
    fn text_is_escaped_whole() {
        let html = SafeHtml::from_text("<b title='x'>\"&\"\0</b>");
        assert_eq!(html.as_str(), "&lt;b title=&#39;x&#39;&gt;&quot;&amp;&quot;\u{fffd}&lt;/b&gt;");
        let twice = SafeHtml::concat([&html, &SafeHtml::from_text(" & ")]);
        assert_eq!(twice.as_str(), format!("{html} &amp; "));
    }
}
