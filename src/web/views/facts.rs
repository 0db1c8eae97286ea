//! What is known about a thing, as labels and values.

use crate::text::SafeHtml;
use crate::web::views::{Link, Picture, When};

/// One thing known, under its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub label: String,
    pub value: FactValue,
}

impl Fact {
    pub fn new(label: impl Into<String>, value: FactValue) -> Fact {
        Fact { label: label.into(), value }
    }

    pub fn text(label: impl Into<String>, text: impl Into<String>) -> Fact {
        Fact::new(label, FactValue::Text(text.into()))
    }
}

/// The ways in which a value is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactValue {
    Text(String),
    /// A day or an instant: `2026-03-01` and `1 March 2026`.
    Time {
        machine: String,
        text: String,
    },
    /// `rel` is empty or the whole attribute: `nofollow`, `external noopener`.
    Link {
        href: String,
        text: String,
        rel: String,
    },
    Links(Vec<Link>),
    /// Lines of one value: an address.
    Lines(Vec<String>),
    Hours(Hours),
    Html(SafeHtml),
    Images(Vec<Picture>),
    Video(Video),
    /// Questions with their answers.
    Questions(Vec<(String, SafeHtml)>),
}

/// A video: its page, and what is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Video {
    pub href: String,
    /// As in [`FactValue::Link`].
    pub rel: String,
    pub title: String,
    /// `4:13`.
    pub duration: Option<String>,
    pub uploaded: Option<When>,
    pub description: Option<String>,
}

/// When a place is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hours {
    /// (days, times): `Saturday – Thursday`, `09:00–13:00, 16:00–21:00`.
    pub rows: Vec<(String, String)>,
    /// The place's own time zone, as its readers call it.
    pub time_zone: Option<String>,
}

/// A point on the earth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Geo {
    /// Coordinates for people: `35.69640° N, 51.42310° E`.
    pub label: String,
    /// Where a map shows it.
    pub map_href: String,
}

impl Geo {
    /// The point on OpenStreetMap; degrees, north and east positive.
    pub fn new(latitude: f64, longitude: f64) -> Geo {
        let side = |value: f64, plus, minus| if value < 0.0 { minus } else { plus };
        let label = format!(
            "{:.5}° {}, {:.5}° {}",
            latitude.abs(),
            side(latitude, "N", "S"),
            longitude.abs(),
            side(longitude, "E", "W"),
        );
        let map_href = format!(
            "https://www.openstreetmap.org/?mlat={latitude:.5}&mlon={longitude:.5}#map=17/{latitude:.5}/{longitude:.5}"
        );
        Geo { label, map_href }
    }
}
