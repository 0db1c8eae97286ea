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
        let mut from = 0;
        for (at, found) in json.match_indices(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            safe.push_str(&json[from..at]);
            safe.push_str(match found {
                "<" => "\\u003c",
                ">" => "\\u003e",
                "&" => "\\u0026",
                "\u{2028}" => "\\u2028",
                _ => "\\u2029",
            });
            from = at + found.len();
        }
        safe.push_str(&json[from..]);
        JsonLd(safe)
    }
}

impl fmt::Display for JsonLd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for JsonLd {}
