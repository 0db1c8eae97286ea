//! The one sink of JSON-LD.

use std::fmt;

/// A JSON document that can stand inside `<script type="application/ld+json">` as it is: `<`, `>`,
/// `&`, U+2028 and U+2029 are written as `\uXXXX`, so no text ends the element (SECURITY T3,
/// SEO 3.27). Text is never escaped before it gets here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonLd(String);

impl JsonLd {
    pub fn new(graph: &serde_json::Value) -> JsonLd {
        let json = graph.to_string();
        let mut safe = String::with_capacity(json.len() + json.len() / 32);
        for character in json.chars() {
            match character {
                '<' => safe.push_str("\\u003c"),
                '>' => safe.push_str("\\u003e"),
                '&' => safe.push_str("\\u0026"),
                '\u{2028}' => safe.push_str("\\u2028"),
                '\u{2029}' => safe.push_str("\\u2029"),
                other => safe.push(other),
            }
        }
        JsonLd(safe)
    }
}

impl fmt::Display for JsonLd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for JsonLd {}
