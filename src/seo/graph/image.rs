//! A picture as an `ImageObject` with whose it is (Google Search Central, "Image metadata").

use serde_json::{Value, json};

use super::node::Node;
use crate::seo::meta::Image;

/// A picture of a page, as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    /// Absolute.
    pub url: String,
    /// Pixels.
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub alt: String,
    pub caption: Option<String>,
    /// Whom to name beside it.
    pub credit: Option<String>,
    /// The person who made it.
    pub creator: Option<String>,
    pub copyright: Option<String>,
    /// Absolute: the licence.
    pub license: Option<String>,
    /// Absolute: where one gets that licence.
    pub license_page: Option<String>,
}

impl From<&Image> for Picture {
    fn from(image: &Image) -> Picture {
        Picture {
            url: image.url.clone(),
            width: image.width,
            height: image.height,
            alt: image.alt.clone(),
            ..Picture::default()
        }
    }
}

impl Picture {
    pub(super) fn node(&self, id: &str) -> Node {
        let mut node = Node::new("ImageObject", id);
        node.set("url", &*self.url);
        node.set("contentUrl", &*self.url);
        node.set("width", self.width);
        node.set("height", self.height);
        node.set("description", &*self.alt);
        node.set("caption", self.caption.clone());
        node.set("creditText", self.credit.clone());
        node.set(
            "creator",
            self.creator.as_ref().map_or(Value::Null, |name| json!({ "@type": "Person", "name": name })),
        );
        node.set("copyrightNotice", self.copyright.clone());
        node.set("license", self.license.clone());
        node.set("acquireLicensePage", self.license_page.clone());
        node
    }
}
