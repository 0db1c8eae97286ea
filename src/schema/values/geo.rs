//! A point on Earth.

use std::fmt;

use serde_json::Value as Json;

use super::object::{Object, kind_of};
use super::text::ascii_digits;

/// A point in degrees (WGS 84), kept to five decimals: about a metre, and what Google asks of a
/// business's place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geo {
    /// -90 to 90, north positive.
    pub latitude: f64,
    /// -180 to 180, east positive.
    pub longitude: f64,
}

impl Geo {
    pub fn new(latitude: f64, longitude: f64) -> Result<Geo, String> {
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(format!("has the latitude {latitude}; -90 to 90 is right"));
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err(format!("has the longitude {longitude}; -180 to 180 is right"));
        }
        Ok(Geo { latitude: five_decimals(latitude), longitude: five_decimals(longitude) })
    }

    /// `35.7,51.4`: latitude first.
    pub fn parse(text: &str) -> Result<Geo, String> {
        let ascii = ascii_digits(text);
        let numbers: Vec<Option<f64>> =
            ascii.split([',', ';']).map(|part| part.trim().parse().ok()).collect();
        match numbers[..] {
            [Some(latitude), Some(longitude)] => Geo::new(latitude, longitude),
            _ => Err(format!("is {text:?}; `LATITUDE,LONGITUDE` such as `35.7,51.4` is right")),
        }
    }

    pub fn read(raw: &Json) -> Result<Geo, String> {
        match raw {
            Json::String(text) => Geo::parse(text),
            Json::Array(pair) => match pair.iter().map(degrees).collect::<Option<Vec<f64>>>().as_deref() {
                Some([latitude, longitude]) => Geo::new(*latitude, *longitude),
                _ => Err("is a list; two numbers, latitude and longitude, are right".to_owned()),
            },
            Json::Object(_) => {
                let object = Object::with(raw, &["latitude", "longitude"])?;
                let get = |key: &str| {
                    let value = object.get(key).ok_or_else(|| format!("lacks `{key}`"))?;
                    degrees(value).ok_or_else(|| format!("`{key}` is {}; degrees are right", kind_of(value)))
                };
                Geo::new(get("latitude")?, get("longitude")?)
            }
            other => Err(format!("is {}; `35.7,51.4` is right", kind_of(other))),
        }
    }
}

impl fmt::Display for Geo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.5},{:.5}", self.latitude, self.longitude)
    }
}

fn degrees(value: &Json) -> Option<f64> {
    match value {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => ascii_digits(text).trim().parse().ok(),
        _ => None,
    }
}

/// Rounds, and makes -0 plain 0.
fn five_decimals(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5 + 0.0
}
