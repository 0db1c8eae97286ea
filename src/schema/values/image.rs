//! A reference to a picture.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::object::{Object, kind_of};
use super::web::image_address;

/// A picture with the words that belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImageRef {
    /// A path of this site (`/media/…`), an `http(s)` address, or in an import a file beside the text.
    pub src: String,
    /// What it shows, for those who don't see it; empty when it only decorates.
    pub alt: String,
    pub caption: Option<String>,
    pub credit: Option<String>,
}

impl ImageRef {
    pub fn at(src: &str) -> Result<ImageRef, String> {
        Ok(ImageRef { src: image_address(src)?, ..ImageRef::default() })
    }

    pub fn read(raw: &Json) -> Result<ImageRef, String> {
        match raw {
            Json::String(src) => ImageRef::at(src),
            Json::Object(_) => {
                let object = Object::with(raw, &["src", "alt", "caption", "credit"])?;
                Ok(ImageRef {
                    src: image_address(&object.required("src")?)?,
                    alt: object.line("alt")?.unwrap_or_default(),
                    caption: object.line("caption")?,
                    credit: object.line("credit")?,
                })
            }
            other => Err(format!("is {}; an address or a table with src and alt is right", kind_of(other))),
        }
    }
}
