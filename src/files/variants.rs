//! A picture in the widths that screens ask for: decoded within limits, turned the way it was taken,
//! its colours made sRGB, and nothing of its metadata kept (SECURITY T5 to T7).

use std::io::Cursor;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::image::{Format, lies_on_its_side, probe};
use crate::error::{Error, Problem, Result};

/// The widths that are made, in pixels, of pictures that are wider. 660 is the column of a phone with
/// two dots a pixel, 1080 that of one with three.
pub const WIDTHS: [u32; 6] = [320, 480, 660, 1080, 1440, 1920];

/// What one decoded picture may take: 40 million pixels of four bytes, and room to decode them in.
const MOST_MEMORY: u64 = 256 << 20;

/// Of lossy WebP, from 0 to 100.
const QUALITY: f32 = 67.0;
/// Of a picture that stands in the place of the one that came in.
const QUALITY_IN_PLACE: f32 = 90.0;
/// From 0, fast, to 6, small.
const EFFORT: i32 = 6;

/// A picture in one width, as WebP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

/// The variants of a picture, the narrowest first, each smaller than the picture itself; none for
/// drawings, GIFs and what moves, which are served as they are.
///
/// # Errors
/// `Invalid` with the reason when it is broken, or would take more than 256 MiB.
pub fn variants(bytes: &[u8]) -> Result<Vec<Variant>> {
    let (format, _) = probe(bytes)?;
    let format = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::WebP => ImageFormat::WebP,
        Format::Gif | Format::Svg => return Ok(Vec::new()),
    };
    if moves(bytes, format)? {
        return Ok(Vec::new());
    }
    let source = decode(bytes, format)?;
    let mut made: Vec<Variant> = Vec::new();
    let mut larger: Option<DynamicImage> = None;
    for width in widths(source.width(), format).into_iter().rev() {
        // From the next larger one: the cost of the first resize is paid once.
        let scaled = source.scaled(larger.as_ref().unwrap_or(&source.pixels), width)?;
        let (scaled, encoded) = (scaled.clone(), source.finish(scaled)?);
        larger = Some(scaled);
        if encoded.bytes.len() < bytes.len() {
            made.push(encoded);
        }
    }
    made.reverse();
    Ok(made)
}

/// Whether a stored file with this name, which ends as its bytes are, may have variants.
pub fn may_have_any(name: &str) -> bool {
    [".jpg", ".png", ".webp"].iter().any(|extension| name.ends_with(extension))
}

/// Whether it has more than one frame.
fn moves(bytes: &[u8], format: ImageFormat) -> Result<bool> {
    match format {
        ImageFormat::Png => PngDecoder::new(Cursor::new(bytes)).and_then(|png| png.is_apng()).map_err(broken),
        ImageFormat::WebP => {
            WebPDecoder::new(Cursor::new(bytes)).map(|webp| webp.has_animation()).map_err(broken)
        }
        _ => Ok(false),
    }
}

fn broken(error: ImageError) -> Error {
    let reason = match error {
        ImageError::Limits(_) => too_large(),
        error => format!("is a broken image: {error}"),
    };
    Problem::new(reason).into()
}

fn too_large() -> String {
    format!("takes more than {} MiB to decode", MOST_MEMORY >> 20)
}

/// The widths for a picture of this width. One that is nearly as wide as the picture saves nothing;
/// the picture's own width pays off where another format is smaller.
fn widths(own: u32, format: ImageFormat) -> Vec<u32> {
    let mut widths: Vec<u32> =
        WIDTHS.into_iter().filter(|width| u64::from(*width) * 10 <= u64::from(own) * 9).collect();
    let largest = WIDTHS[WIDTHS.len() - 1];
    if own <= largest && format != ImageFormat::WebP {
        widths.push(own);
    }
    widths
}

/// A decoded picture, as it lies in its file.
struct Source {
    pixels: DynamicImage,
    orientation: Orientation,
    /// To sRGB, where its colours are others.
    profile: Option<ColorProfile>,
    /// It came without loss: flat colours and letters may stay so, where that is smaller.
    lossless: bool,
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<Source> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    if decoder.total_bytes() > MOST_MEMORY {
        return Err(Problem::new(too_large()).into());
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    // A profile that can't be read says as little as none.
    let profile =
        decoder.icc_profile().ok().flatten().and_then(|icc| ColorProfile::new_from_slice(&icc).ok());
    let pixels = DynamicImage::from_decoder(decoder).map_err(broken)?;
    let pixels = if pixels.color().has_alpha() {
        DynamicImage::ImageRgba8(pixels.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(pixels.into_rgb8())
    };
    let lossless =
        format == ImageFormat::Png || (format == ImageFormat::WebP && bytes.get(12..16) == Some(b"VP8L"));
    let profile = profile.filter(|profile| profile.color_space == DataColorSpace::Rgb);
    Ok(Source { pixels, orientation, profile, lossless })
}

impl Source {
    /// The width in which it is seen.
    fn width(&self) -> u32 {
        if self.lies() { self.pixels.height() } else { self.pixels.width() }
    }

    /// It lies on its side in the file.
    fn lies(&self) -> bool {
        lies_on_its_side(self.orientation)
    }

    /// `from`, which is this picture or a smaller one of it, in the width in which it is seen.
    fn scaled(&self, from: &DynamicImage, seen: u32) -> Result<DynamicImage> {
        let (width, height) = (u64::from(self.pixels.width()), u64::from(self.pixels.height()));
        let side = |side: u64, of: u64| ((side * u64::from(seen) + of / 2) / of).max(1) as u32;
        let (wide, high) =
            if self.lies() { (side(width, height), seen) } else { (seen, side(height, width)) };
        if (from.width(), from.height()) == (wide, high) {
            return Ok(from.clone());
        }
        let kind = if from.color().has_alpha() { PixelType::U8x4 } else { PixelType::U8x3 };
        let given =
            ImageRef::new(from.width(), from.height(), from.as_bytes(), kind).map_err(Error::internal)?;
        let mut scaled = Image::new(wide, high, kind);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
        Resizer::new().resize(&given, &mut scaled, &options).map_err(Error::internal)?;
        of_pixels(wide, high, scaled.into_vec(), kind == PixelType::U8x4)
    }

    /// In sRGB, upright, as WebP.
    fn finish(&self, scaled: DynamicImage) -> Result<Variant> {
        let mut scaled = self.in_srgb(scaled)?;
        scaled.apply_orientation(self.orientation);
        let mut bytes = encode(&scaled, false, QUALITY)?;
        if self.lossless {
            let exact = encode(&scaled, true, QUALITY)?;
            if exact.len() < bytes.len() {
                bytes = exact;
            }
        }
        Ok(Variant { width: scaled.width(), height: scaled.height(), bytes })
    }

    fn in_srgb(&self, picture: DynamicImage) -> Result<DynamicImage> {
        let Some(profile) = &self.profile else { return Ok(picture) };
        let alpha = picture.color().has_alpha();
        let layout = if alpha { Layout::Rgba } else { Layout::Rgb };
        let options = TransformOptions::default();
        let Ok(to_srgb) = profile.create_transform_8bit(layout, &ColorProfile::new_srgb(), layout, options)
        else {
            // What can't be converted is shown as most browsers show it without a profile.
            return Ok(picture);
        };
        let mut bytes = vec![0; picture.as_bytes().len()];
        to_srgb.transform(picture.as_bytes(), &mut bytes).map_err(Error::internal)?;
        of_pixels(picture.width(), picture.height(), bytes, alpha)
    }
}

fn of_pixels(width: u32, height: u32, bytes: Vec<u8>, alpha: bool) -> Result<DynamicImage> {
    let picture = if alpha {
        RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8)
    } else {
        RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8)
    };
    picture.ok_or_else(|| Error::Internal("a resized picture has too few bytes".into()))
}

/// A picture that is upright already, of these colours, as the WebP that stands in its own place.
///
/// # Errors
/// `Internal` when it can't be encoded.
pub(super) fn encode_upright(picture: &DynamicImage, profile: Option<&[u8]>) -> Result<Vec<u8>> {
    let pixels = if picture.color().has_alpha() {
        DynamicImage::ImageRgba8(picture.to_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.to_rgb8())
    };
    let profile = profile.and_then(|icc| ColorProfile::new_from_slice(icc).ok());
    let profile = profile.filter(|profile| profile.color_space == DataColorSpace::Rgb);
    let orientation = Orientation::NoTransforms;
    let source = Source { pixels: pixels.clone(), orientation, profile, lossless: false };
    encode(&source.in_srgb(pixels)?, false, QUALITY_IN_PLACE)
}

fn encode(picture: &DynamicImage, lossless: bool, quality: f32) -> Result<Vec<u8>> {
    let (width, height) = (picture.width(), picture.height());
    let encoder = if picture.color().has_alpha() {
        webp::Encoder::from_rgba(picture.as_bytes(), width, height)
    } else {
        webp::Encoder::from_rgb(picture.as_bytes(), width, height)
    };
    let mut config =
        webp::WebPConfig::new().map_err(|()| Error::Internal("libwebp has no configuration".into()))?;
    config.lossless = i32::from(lossless);
    config.quality = quality;
    config.method = EFFORT;
    let encoded = encoder.encode_advanced(&config).map_err(|error| {
        Error::Internal(format!("a picture of {width} × {height} pixels can't be encoded: {error:?}"))
    })?;
    Ok(encoded.to_vec())
}

#[cfg(test)]
mod tests;
