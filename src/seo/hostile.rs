//! Strings that broke somebody's sitemap, feed or JSON-LD, and more of their kind, for tests.

use proptest::prelude::*;
use proptest::test_runner::Config;

use super::xml;

/// Enough cases that a law holding for all of them was tried on ten thousand strings.
pub(super) fn many() -> Config {
    Config { cases: 10_000, failure_persistence: None, ..Config::default() }
}

const PIECES: &[&str] = &[
    "</script>",
    "</SCRIPT ",
    "<!--<script",
    "<script>alert(1)</script>",
    "-->",
    "]]>",
    "<![CDATA[",
    "<?xml version=\"1.0\"?>",
    "<?php",
    "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>",
    "&y;",
    "&amp;",
    "&amp;amp;",
    "&#0;",
    "&#x26;",
    "&nbsp;",
    "&",
    "<",
    ">",
    "\"",
    "'",
    "`",
    "\\",
    "\\u003c",
    "\\\"",
    "{{7*7}}",
    "${7*7}",
    "%3C",
    "%",
    "#",
    "?a=1&b=2",
    "javascript:alert(1)",
    "\0",
    "\u{1}",
    "\u{8}",
    "\u{B}",
    "\u{C}",
    "\u{1B}[31m",
    "\u{7F}",
    "\u{85}",
    "\u{9F}",
    "\t",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\u{A0}",
    "\u{AD}",
    "\u{200B}",
    "\u{200C}",
    "\u{200D}",
    "\u{200F}",
    "\u{2028}",
    "\u{2029}",
    "\u{202E}",
    "\u{2066}",
    "\u{FEFF}",
    "\u{FDD0}",
    "\u{FFFD}",
    "\u{FFFE}",
    "\u{FFFF}",
    "\u{1FFFF}",
    "\u{E0041}",
    "\u{10FFFF}",
    "e\u{301}",
    "Z\u{351}\u{352}\u{353}\u{33B}",
    "👩🏽‍🚒",
    "🇮🇷",
    "😀",
    "سلام دنیا",
    "می\u{200C}خواهم",
    "שלום",
    "東京",
    "Straße",
    "Tom & Jerry",
    "a",
];

/// The fixed table: each piece alone, and each pair of neighbours.
pub(super) fn table() -> Vec<String> {
    let alone = PIECES.iter().map(|piece| (*piece).to_owned());
    let pairs = PIECES.windows(2).map(<[_]>::concat);
    alone.chain(pairs).chain([String::new(), PIECES.concat()]).collect()
}

/// Random runs of pieces, of any characters, and of both.
pub(super) fn strings() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES).prop_map(str::to_owned);
    let character = any::<char>().prop_map(String::from);
    let ascii = (0_u8..128).prop_map(|byte| char::from(byte).to_string());
    prop::collection::vec(prop_oneof![4 => piece, 2 => character, 2 => ascii], 0..12)
        .prop_map(|parts| parts.concat())
}

/// What an XML document can hold of a text.
pub(super) fn without_forbidden(text: &str) -> String {
    text.chars().filter(|character| xml::is_allowed(*character)).collect()
}
