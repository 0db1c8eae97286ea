//! A reference to a picture.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::object::{Object, kind_of};
use super::web::{image_address, web_address};

/// A picture with the words that belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImageRef {
    /// A path of this site (`/media/…`), an `http(s)` address, or in an import a file beside the text.
    pub src: String,
    /// What it shows, for those who don't see it; empty when it only decorates.
    pub alt: String,
    pub caption: Option<String>,
    pub credit: Option<String>,
    #[serde(flatten)]
    pub rights: ImageRights,
}

/// Whose a picture is and what others may do with it (Google Search Central, "Image metadata").
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImageRights {
    /// The person who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<String>,
    /// `© 2026 Leila Farahmand`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copyright: Option<String>,
    /// The web address of the licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Where one gets that licence: an address of the web or of this site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_page: Option<String>,
}

/// Every key of a picture.
pub const IMAGE_KEYS: [&str; 8] =
    ["src", "alt", "caption", "credit", "creator", "copyright", "license", "license_page"];

impl ImageRef {
    pub fn at(src: &str) -> Result<ImageRef, String> {
        Ok(ImageRef { src: image_address(src)?, ..ImageRef::default() })
    }

    pub fn read(raw: &Json) -> Result<ImageRef, String> {
        match raw {
            Json::String(src) => ImageRef::at(src),
            Json::Object(_) => {
                let object = Object::with(raw, &IMAGE_KEYS)?;
                Ok(ImageRef {
                    src: image_address(&object.required("src")?)?,
                    alt: object.line("alt")?.unwrap_or_default(),
                    caption: object.line("caption")?,
                    credit: object.line("credit")?,
                    rights: ImageRights::of(
                        object.line("creator")?,
                        object.line("copyright")?,
                        object.line("license")?,
                        object.line("license_page")?,
                    )?,
                })
            }
            other => Err(format!("is {}; an address or a table with src and alt is right", kind_of(other))),
        }
    }
}

impl ImageRights {
    /// # Errors
    /// When `license` or `license_page` is no address.
    pub fn of(
        creator: Option<String>,
        copyright: Option<String>,
        license: Option<String>,
        license_page: Option<String>,
    ) -> Result<ImageRights, String> {
        let address = |key: &str, raw: Option<String>| {
            raw.map(|raw| web_address(&raw).map_err(|fault| format!("`{key}` {fault}"))).transpose()
        };
        Ok(ImageRights {
            creator,
            copyright,
            license: address("license", license)?,
            license_page: address("license_page", license_page)?,
        })
    }

    /// The name of the licence, as people write it: `CC BY-SA 4.0`. `None` for one that isn't of
    /// Creative Commons.
    pub fn license_name(&self) -> Option<String> {
        let address = self.license.as_deref()?;
        let path = address
            .split_once("://creativecommons.org/")
            .or_else(|| address.split_once("://www.creativecommons.org/"))?
            .1;
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts[..] {
            ["publicdomain", "zero", version, ..] => Some(format!("CC0 {version}")),
            ["publicdomain", "mark", version, ..] => Some(format!("Public Domain Mark {version}")),
            ["licenses", terms, version, ..] => Some(format!("CC {} {version}", terms.to_ascii_uppercase())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_of_creative_commons_has_a_name() {
        for (license, name) in [
            ("https://creativecommons.org/licenses/by-sa/4.0/", Some("CC BY-SA 4.0")),
            ("http://www.creativecommons.org/licenses/by/2.5/deed.fa", Some("CC BY 2.5")),
            ("https://creativecommons.org/publicdomain/zero/1.0/", Some("CC0 1.0")),
            ("https://creativecommons.org/publicdomain/mark/1.0/", Some("Public Domain Mark 1.0")),
            ("https://creativecommons.org/about/", None),
            ("https://example.org/licenses/by/4.0/", None),
        ] {
            let rights = ImageRights { license: Some(license.into()), ..ImageRights::default() };
            assert_eq!(rights.license_name().as_deref(), name, "{license}");
        }
        assert_eq!(ImageRights::default().license_name(), None);
    }

    #[test]
    fn a_picture_stored_without_rights_is_read_and_written_as_before() {
        let stored = r#"{"src":"/media/a.jpg","alt":"A cup","caption":null,"credit":null}"#;
        let image: ImageRef = serde_json::from_str(stored).unwrap();
        assert_eq!(image.rights, ImageRights::default());
        assert_eq!(serde_json::to_string(&image).unwrap(), stored);
    }
}
