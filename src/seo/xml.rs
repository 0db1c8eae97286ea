//! A small writer of well-formed XML 1.0 (W3C Recommendation, fifth edition) with namespaces.
//!
//! Names are literals of the program, every value is escaped here and nowhere else, and an element
//! is closed by the call that opened it: what comes out is well-formed whatever the text was
//! (SEO 3.19, SECURITY T2).

use std::io::{self, Write};

/// An attribute's name and its value, not yet escaped.
pub type Attribute<'a> = (&'static str, &'a str);

/// Writes elements one after another, each ending its line.
#[derive(Debug)]
pub struct Xml<W: Write> {
    out: W,
}

impl<W: Write> Xml<W> {
    /// A run of elements without the XML declaration.
    pub fn fragment(out: W) -> Xml<W> {
        Xml { out }
    }

    /// An element that holds elements.
    ///
    /// # Errors
    /// Those of the writer, as for every function here.
    pub fn element(
        &mut self,
        name: &'static str,
        attributes: &[Attribute],
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.start(name, attributes, ">\n")?;
        content(self)?;
        self.end(name)
    }

    /// An element that holds text.
    pub fn text(&mut self, name: &'static str, attributes: &[Attribute], text: &str) -> io::Result<()> {
        self.start(name, attributes, ">")?;
        escape(&mut self.out, text, Place::Text)?;
        self.end(name)
    }

    /// An element that holds nothing.
    pub fn empty(&mut self, name: &'static str, attributes: &[Attribute]) -> io::Result<()> {
        self.start(name, attributes, "/>\n")
    }

    /// Elements that were written apart, as when their size had to be known first.
    pub fn append(&mut self, fragment: &Xml<Vec<u8>>) -> io::Result<()> {
        self.out.write_all(&fragment.out)
    }

    fn start(&mut self, name: &'static str, attributes: &[Attribute], end: &str) -> io::Result<()> {
        self.out.write_all(b"<")?;
        self.out.write_all(name.as_bytes())?;
        for (attribute, value) in attributes {
            self.out.write_all(b" ")?;
            self.out.write_all(attribute.as_bytes())?;
            self.out.write_all(b"=\"")?;
            escape(&mut self.out, value, Place::Attribute)?;
            self.out.write_all(b"\"")?;
        }
        self.out.write_all(end.as_bytes())
    }

    fn end(&mut self, name: &'static str) -> io::Result<()> {
        self.out.write_all(b"</")?;
        self.out.write_all(name.as_bytes())?;
        self.out.write_all(b">\n")
    }
}

impl Xml<Vec<u8>> {
    /// How many bytes the fragment has.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Forgets what was written and keeps the room for it.
    pub fn clear(&mut self) {
        self.out.clear();
    }
}

/// A document whose root stays open while its children are streamed.
#[derive(Debug)]
#[must_use = "a document that isn't closed is not well-formed"]
pub struct Document<W: Write> {
    xml: Xml<W>,
    root: &'static str,
}

impl<W: Write> Document<W> {
    /// Writes the declaration and opens the root.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn open(out: W, root: &'static str, attributes: &[Attribute]) -> io::Result<Document<W>> {
        let mut xml = Xml { out };
        xml.out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        xml.start(root, attributes, ">\n")?;
        Ok(Document { xml, root })
    }

    /// The writer inside the root.
    pub fn xml(&mut self) -> &mut Xml<W> {
        &mut self.xml
    }

    pub(super) fn out(&self) -> &W {
        &self.xml.out
    }

    /// Closes the root and gives the writer back.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn close(mut self) -> io::Result<W> {
        self.xml.end(self.root)?;
        self.xml.out.flush()?;
        Ok(self.xml.out)
    }
}

/// How many bytes closing this root takes.
pub(super) const fn closing_len(root: &'static str) -> u64 {
    root.len() as u64 + "</>\n".len() as u64
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Text,
    Attribute,
}

fn escape(out: &mut impl Write, text: &str, place: Place) -> io::Result<()> {
    // Addresses and dates, which are nearly all there is, need nothing.
    if text.bytes().all(is_plain) {
        return out.write_all(text.as_bytes());
    }
    let mut done = 0;
    for (at, character) in text.char_indices() {
        if let Some(instead) = instead_of(character, place) {
            out.write_all(&text.as_bytes()[done..at])?;
            out.write_all(instead.as_bytes())?;
            done = at + character.len_utf8();
        }
    }
    out.write_all(&text.as_bytes()[done..])
}

/// Printable ASCII that `instead_of` leaves as it is.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')
}

/// What is written for a character that can't stand as it is. All five predefined entities, since
/// the sitemap protocol asks for them; white space that a parser would normalise (2.11, 3.3.3) as
/// references; nothing for a character that XML has no way to write.
fn instead_of(character: char, place: Place) -> Option<&'static str> {
    match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&apos;"),
        '\r' => Some("&#13;"),
        '\n' if place == Place::Attribute => Some("&#10;"),
        '\t' if place == Place::Attribute => Some("&#9;"),
        other if !is_allowed(other) => Some(""),
        _ => None,
    }
}

/// The `Char` production (2.2). Surrogates can't occur in a `char`.
pub(super) fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        other => other >= ' ',
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seo::hostile;

    fn note(text: &str) -> String {
        let mut document = Document::open(Vec::new(), "notes", &[("about", text)]).expect("memory takes it");
        let xml = document.xml();
        xml.element("note", &[("by", text)], |xml| {
            xml.text("body", &[], text)?;
            xml.empty("end", &[("mark", text), ("sure", "yes")])
        })
        .expect("memory takes it");
        String::from_utf8(document.close().expect("memory takes it")).expect("UTF-8")
    }

    #[test]
    fn a_document_is_one_element_a_line() {
        insta::assert_snapshot!(note("Tom & Jerry's \"<b>\"\r\n\u{0}\u{B}end\u{FFFF}"), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <notes about="Tom &amp; Jerry&apos;s &quot;&lt;b&gt;&quot;&#13;&#10;end">
        <note by="Tom &amp; Jerry&apos;s &quot;&lt;b&gt;&quot;&#13;&#10;end">
        <body>Tom &amp; Jerry&apos;s &quot;&lt;b&gt;&quot;&#13;
        end</body>
        <end mark="Tom &amp; Jerry&apos;s &quot;&lt;b&gt;&quot;&#13;&#10;end" sure="yes"/>
        </note>
        </notes>
        "#);
    }

    #[test]
    fn every_character_is_read_back_or_has_no_place_in_xml() {
        for character in '\0'..=char::MAX {
            let expected = if is_allowed(character) { format!("a{character}b") } else { "ab".into() };
            let mut out = Vec::new();
            escape(&mut out, &format!("a{character}b"), Place::Text).expect("memory takes it");
            let plain = out == expected.as_bytes();
            let special = matches!(character, '&' | '<' | '>' | '"' | '\'' | '\r');
            assert!(plain != special, "{character:?}");
        }
    }

    #[track_caller]
    fn reads_back(text: &str) {
        let expected = hostile::without_forbidden(text);
        let written = note(text);
        let read = roxmltree::Document::parse(&written).expect("well-formed");
        let root = read.root_element();
        let note = root.first_element_child().expect("a note");
        let body = note.first_element_child().expect("a body");
        assert_eq!(root.attribute("about"), Some(expected.as_str()));
        assert_eq!(note.attribute("by"), Some(expected.as_str()));
        assert_eq!(body.text().unwrap_or_default(), expected);
        assert_eq!(note.last_element_child().and_then(|end| end.attribute("sure")), Some("yes"));
        assert_eq!(root.descendants().filter(roxmltree::Node::is_element).count(), 4);
    }

    #[test]
    fn the_known_hostile_strings_are_read_back() {
        hostile::table().iter().for_each(|text| reads_back(text));
    }

    proptest! {
        #![proptest_config(hostile::many())]
        #[test]
        fn any_string_is_read_back(text in hostile::strings()) {
            reads_back(&text);
        }
    }

    #[test]
    fn a_writer_that_fails_is_an_error() {
        #[derive(Debug)]
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let error = Document::open(Full, "notes", &[]).expect_err("the disk is full");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
