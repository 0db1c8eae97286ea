//! What an uploaded image really is, from its bytes alone.

use std::io::Cursor;
use std::sync::LazyLock;

use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat, ImageReader};
use regex::Regex;

use crate::error::{Problem, Result};

/// At most this many pixels on a side, and in all: larger ones are bombs or mistakes (SECURITY T6).
const WIDEST: u32 = 12_000;
const MOST_PIXELS: u64 = 40_000_000;

/// The kinds of image the site serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Png,
    Jpeg,
    Gif,
    WebP,
    /// Served as an image only: sandboxed, and as a download when opened by itself (SECURITY T5).
    Svg,
}

impl Format {
    pub fn extension(self) -> &'static str {
        match self {
            Format::Png => "png",
            Format::Jpeg => "jpg",
            Format::Gif => "gif",
            Format::WebP => "webp",
            Format::Svg => "svg",
        }
    }
}

/// Reads the format and the size in pixels, as a browser shows it, from the header; nothing is decoded.
///
/// # Errors
/// `Error::Invalid` when it is no such image, or has too many pixels.
pub fn probe(bytes: &[u8]) -> Result<(Format, Option<(u32, u32)>)> {
    if is_svg(bytes) {
        return Ok((Format::Svg, svg_size(bytes)));
    }
    let unknown = || Problem::new("is no PNG, JPEG, GIF, WebP or SVG image");
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let format = match reader.format() {
        Some(ImageFormat::Png) => Format::Png,
        Some(ImageFormat::Jpeg) => Format::Jpeg,
        Some(ImageFormat::Gif) => Format::Gif,
        Some(ImageFormat::WebP) => Format::WebP,
        _ => return Err(unknown().into()),
    };
    let broken = |error| Problem::new(format!("is a broken image: {error}"));
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    if width > WIDEST || height > WIDEST || u64::from(width) * u64::from(height) > MOST_PIXELS {
        let reason = format!("has {width} × {height} pixels; at most {WIDEST} a side and 40 million in all");
        return Err(Problem::new(reason).into());
    }
    let lies = decoder.orientation().is_ok_and(lies_on_its_side);
    Ok((format, Some(if lies { (height, width) } else { (width, height) })))
}

/// Whether a browser shows width as height.
pub(super) fn lies_on_its_side(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate90FlipH | Rotate270 | Rotate270FlipH)
}

fn is_svg(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let start = start.trim_start_matches('\u{feff}').trim_start();
    (start.starts_with("<?xml")
        || start.starts_with("<svg")
        || start.starts_with("<!--")
        || start.starts_with("<!DOCTYPE svg"))
        && start.contains("<svg")
}

fn svg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<svg\b[^>]*>").expect("written here"));
    static SIDE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"\s(width|height)\s*=\s*["'](\d+(?:\.\d+)?)(?:px|pt)?["']"#).expect("written here")
    });
    static BOX: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"\sviewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)"#)
            .expect("written here")
    });
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(8192)]);
    let tag = TAG.find(&text)?.as_str();
    let whole =
        |number: &str| number.parse::<f64>().ok().map(|side| side.round() as u32).filter(|side| *side > 0);
    let side = |name: &str| {
        SIDE.captures_iter(tag).find(|found| &found[1] == name).and_then(|found| whole(&found[2]))
    };
    if let (Some(width), Some(height)) = (side("width"), side("height")) {
        return Some((width, height));
    }
    let sides = BOX.captures(tag)?;
    Some((whole(&sides[1])?, whole(&sides[2])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_decide_not_the_name() {
        let mut png = Vec::new();
        image::RgbImage::new(3, 2).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        assert_eq!(probe(&png).unwrap(), (Format::Png, Some((3, 2))));
        let svg = br#"<?xml version="1.0"?><svg xmlns="x" width="10" height="20.4px"></svg>"#;
        assert_eq!(probe(svg).unwrap(), (Format::Svg, Some((10, 20))));
        let boxed = br#"<svg viewBox="0 0 640 480"></svg>"#;
        assert_eq!(probe(boxed).unwrap(), (Format::Svg, Some((640, 480))));
        for wrong in [&b"<html><script>alert(1)</script>"[..], b"", b"%PDF-1.4", b"MZ"] {
            assert!(probe(wrong).unwrap_err().to_string().contains("is no PNG"));
        }
    }

    #[test]
    fn a_pixel_flood_is_refused_by_its_header() {
        let mut png = Vec::new();
        image::RgbImage::new(1, 1).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        png[16..20].copy_from_slice(&50_000u32.to_be_bytes());
        png[20..24].copy_from_slice(&50_000u32.to_be_bytes());
        let crc = crc(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        assert!(probe(&png).unwrap_err().to_string().contains("50000 × 50000 pixels"));
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, byte| {
            (0..8).fold(
                crc ^ u32::from(*byte),
                |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
            )
        })
    }
}
