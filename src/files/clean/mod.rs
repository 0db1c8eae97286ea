//! A picture without what nobody is to learn from it: where and when it was taken, by which camera, with
//! what thumbnail (SECURITY T7), and without anything that only looks like a picture (T5).
//!
//! What its pixels are made of stays byte for byte, with the colour profile: parts that are known are
//! taken over, everything else is left out. Only a picture that lies on its side is encoded anew, for
//! what says so is metadata too.

mod gif;
mod jpeg;
mod png;
mod webp;

use std::io::Cursor;

use ::image::codecs::jpeg::JpegEncoder;
use ::image::codecs::png::PngEncoder;
use ::image::metadata::Orientation;
use ::image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits};

use super::image::{Format, probe};
use super::variants;
use crate::error::{Error, Problem, Result};

/// What one decoded picture may take: 40 million pixels of four bytes, and room to decode them in.
const MOST_MEMORY: u64 = 256 << 20;
/// Frames of a picture that moves.
const MOST_FRAMES: usize = 200;
/// Of a JPEG that had to be turned, from 1 to 100: a second loss that nobody sees.
const QUALITY: u8 = 92;

/// The picture as it may be shown to everybody.
///
/// # Errors
/// `Invalid` when it is no raster picture the site serves, is broken, or would take too much to decode.
pub fn clean(bytes: &[u8]) -> Result<Vec<u8>> {
    let (format, _) = probe(bytes)?;
    let (format, whole) = match format {
        Format::Jpeg => (ImageFormat::Jpeg, jpeg::clean(bytes)),
        Format::Png => (ImageFormat::Png, png::clean(bytes)),
        Format::Gif => (ImageFormat::Gif, gif::clean(bytes)),
        Format::WebP => (ImageFormat::WebP, webp::clean(bytes)),
        Format::Svg => {
            return Err(Problem::new("is a drawing (SVG); a PNG, JPEG, GIF or WebP picture is right").into());
        }
    };
    let Cleaned { bytes: kept, frames } =
        whole.ok_or_else(|| Problem::new("is a broken image: it ends early"))?;
    if frames > MOST_FRAMES {
        return Err(Problem::new(format!("moves in {frames} frames; at most {MOST_FRAMES} are right")).into());
    }
    let (orientation, profile, pixels) = decode(bytes, format)?;
    if orientation == Orientation::NoTransforms {
        // What is left must still be a picture.
        probe(&kept)?;
        return Ok(kept);
    }
    if frames > 1 {
        return Err(Problem::new("moves and lies on its side; turn it upright before bringing it in").into());
    }
    let profile = profile.filter(|profile| fits(profile, &pixels));
    turned(pixels, orientation, profile, format)
}

/// Whether a colour profile (ICC.1:2022, 7.2.6: its data colour space) is one of such pixels: those of
/// CMYK, for one, are decoded to RGB.
fn fits(profile: &[u8], pixels: &DynamicImage) -> bool {
    let wanted: &[u8] = if pixels.color().has_color() { b"RGB " } else { b"GRAY" };
    profile.get(16..20) == Some(wanted)
}

/// What is kept of a file.
struct Cleaned {
    bytes: Vec<u8>,
    /// Of a picture that moves; 1 of any other.
    frames: usize,
}

/// Decodes the picture, or its first frame: what no browser could show is refused.
fn decode(bytes: &[u8], format: ImageFormat) -> Result<(Orientation, Option<Vec<u8>>, DynamicImage)> {
    let broken = |error: ::image::ImageError| match error {
        ::image::ImageError::Limits(_) => Problem::new(too_large()),
        error => Problem::new(format!("is a broken image: {error}")),
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    if decoder.total_bytes() > MOST_MEMORY {
        return Err(Problem::new(too_large()).into());
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let pixels = DynamicImage::from_decoder(decoder).map_err(broken)?;
    Ok((orientation, profile, pixels))
}

fn too_large() -> String {
    format!("takes more than {} MiB to decode", MOST_MEMORY >> 20)
}

/// The picture upright, in its own format and colours.
fn turned(
    mut pixels: DynamicImage,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
    format: ImageFormat,
) -> Result<Vec<u8>> {
    pixels.apply_orientation(orientation);
    if format == ImageFormat::WebP {
        return variants::encode_upright(&pixels, profile.as_deref());
    }
    let mut bytes = Vec::new();
    let written = if format == ImageFormat::Png {
        with_profile(PngEncoder::new(&mut bytes), pixels, profile)
    } else {
        let pixels = match pixels {
            // JPEG knows no others.
            DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => pixels,
            other => DynamicImage::ImageRgb8(other.into_rgb8()),
        };
        with_profile(JpegEncoder::new_with_quality(&mut bytes, QUALITY), pixels, profile)
    };
    written.map_err(Error::internal)?;
    Ok(bytes)
}

fn with_profile(
    mut encoder: impl ImageEncoder,
    pixels: DynamicImage,
    profile: Option<Vec<u8>>,
) -> ::image::ImageResult<()> {
    if let Some(profile) = profile {
        // An encoder that takes none leaves the colours as most browsers show them without.
        let _ = encoder.set_icc_profile(profile);
    }
    pixels.write_with_encoder(encoder)
}

#[cfg(test)]
mod tests;
