//! A logo in the sizes that browsers and home screens ask for.

use std::io::Cursor;

use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

use super::image::{Format, probe};
use crate::error::{Error, Problem, Result};

/// The least side of a picture that all sizes are made from.
const LEAST: u32 = 512;
/// How much of a maskable icon is safe from being cut off, in percent of its side (W3C Web App
/// Manifest, "Icon masks": a circle of 80 %).
const SAFE: u32 = 80;
/// The part of an apple-touch icon that the logo fills, in percent.
const TOUCH: u32 = 88;

/// A square picture, decoded.
pub struct Logo(RgbaImage);

impl Logo {
    /// # Errors
    /// A problem when it is no PNG, not square or smaller than 512 pixels.
    pub fn read(bytes: &[u8]) -> Result<Logo> {
        let (width, height) = png_size(bytes)?;
        if width != height || width < LEAST {
            let reason = format!("has {width} × {height} pixels; a square of at least {LEAST} is right");
            return Err(Problem::new(reason).into());
        }
        let decoded = image::load_from_memory_with_format(bytes, ImageFormat::Png)
            .map_err(|error| Problem::new(format!("is a broken image: {error}")))?;
        Ok(Logo(decoded.into_rgba8()))
    }

    /// As a PNG of a size in pixels.
    ///
    /// # Errors
    /// `Internal` when encoding fails.
    pub fn png(&self, side: u32) -> Result<Vec<u8>> {
        encode(self.scaled(side))
    }

    /// As a PNG without transparency, whose corners may be cut off.
    ///
    /// # Errors
    /// As [`Logo::png`].
    pub fn maskable(&self, side: u32, background: [u8; 3]) -> Result<Vec<u8>> {
        self.on(side, SAFE, background)
    }

    /// As a PNG for home screens that show transparency as black.
    ///
    /// # Errors
    /// As [`Logo::png`].
    pub fn touch(&self, side: u32, background: [u8; 3]) -> Result<Vec<u8>> {
        self.on(side, TOUCH, background)
    }

    fn on(&self, side: u32, percent: u32, [red, green, blue]: [u8; 3]) -> Result<Vec<u8>> {
        let mut whole = RgbaImage::from_pixel(side, side, Rgba([red, green, blue, 255]));
        let inner = side * percent / 100;
        let margin = i64::from((side - inner) / 2);
        imageops::overlay(&mut whole, &self.scaled(inner), margin, margin);
        // Blending rounds: what lies on an opaque ground is opaque.
        whole.pixels_mut().for_each(|pixel| pixel.0[3] = 255);
        encode(whole)
    }

    fn scaled(&self, side: u32) -> RgbaImage {
        imageops::resize(&self.0, side, side, FilterType::Lanczos3)
    }
}

fn encode(picture: RgbaImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    DynamicImage::ImageRgba8(picture)
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .map_err(Error::internal)?;
    Ok(bytes)
}

/// Width and height of a PNG.
///
/// # Errors
/// A problem when it is none.
pub fn png_size(bytes: &[u8]) -> Result<(u32, u32)> {
    match probe(bytes)? {
        (Format::Png, Some(size)) => Ok(size),
        _ => Err(Problem::new("is no PNG").into()),
    }
}

/// An ICO file of PNGs (Windows Vista and later; every browser reads them).
///
/// # Panics
/// With more than 65,535 pictures, of which nobody has so many.
pub fn ico(pictures: &[(u32, &[u8])]) -> Vec<u8> {
    const HEADER: usize = 6;
    const ENTRY: usize = 16;
    let count = u16::try_from(pictures.len()).expect("an icon has a handful of sizes");
    let mut file = vec![0, 0, 1, 0];
    file.extend(count.to_le_bytes());
    let mut at = HEADER + ENTRY * pictures.len();
    for (side, png) in pictures {
        // 0 stands for 256; larger ones don't fit and read their size from the PNG.
        let side = u8::try_from(*side).unwrap_or(0);
        file.extend([side, side, 0, 0, 1, 0, 32, 0]);
        file.extend((png.len() as u32).to_le_bytes());
        file.extend((at as u32).to_le_bytes());
        at += png.len();
    }
    for (_, png) in pictures {
        file.extend_from_slice(png);
    }
    file
}

/// The sides of the PNGs in an ICO file.
///
/// # Errors
/// A problem when it is none.
pub fn ico_sides(bytes: &[u8]) -> Result<Vec<u32>> {
    let wrong = || Error::from(Problem::new("is no ICO file"));
    if !bytes.starts_with(&[0, 0, 1, 0]) {
        return Err(wrong());
    }
    let count =
        usize::from(u16::from_le_bytes([*bytes.get(4).ok_or_else(wrong)?, *bytes.get(5).ok_or_else(wrong)?]));
    let mut sides = Vec::new();
    for at in (0..count).map(|number| 6 + 16 * number) {
        let entry: &[u8] = bytes.get(at..at + 16).ok_or_else(wrong)?;
        let number = |from: usize| {
            u32::from_le_bytes([entry[from], entry[from + 1], entry[from + 2], entry[from + 3]])
        };
        let (length, start) = (number(8) as usize, number(12) as usize);
        if start.checked_add(length).is_none_or(|end| end > bytes.len()) {
            return Err(wrong());
        }
        sides.push(if entry[0] == 0 { 256 } else { u32::from(entry[0]) });
    }
    if sides.is_empty() { Err(wrong()) } else { Ok(sides) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logo(side: u32) -> Vec<u8> {
        let red = Rgba([200, 0, 0, 255]);
        encode(RgbaImage::from_fn(side, side, |x, _| if x < side / 2 { red } else { Rgba([0; 4]) })).unwrap()
    }

    #[test]
    fn every_size_is_made_from_one_square() {
        let logo = Logo::read(&logo(600)).unwrap();
        assert_eq!(png_size(&logo.png(192).unwrap()).unwrap(), (192, 192));
        let masked = logo.maskable(512, [0, 85, 102]).unwrap();
        let masked = image::load_from_memory(&masked).unwrap().into_rgba8();
        assert_eq!(masked.get_pixel(0, 0).0, [0, 85, 102, 255], "the margin is background");
        assert_eq!(masked.get_pixel(100, 256).0, [200, 0, 0, 255], "the logo lies in the middle");
        assert_eq!(masked.get_pixel(400, 256).0, [0, 85, 102, 255], "transparent parts too");
        assert!(masked.pixels().all(|pixel| pixel.0[3] == 255));
    }

    #[test]
    fn a_logo_that_is_small_or_not_square_or_no_png_is_refused() {
        let wide = encode(RgbaImage::new(600, 512)).unwrap();
        for (bytes, reason) in [
            (logo(511), "has 511 × 511 pixels; a square of at least 512 is right"),
            (wide, "has 600 × 512 pixels; a square of at least 512 is right"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "is no PNG"),
            (b"text".to_vec(), "is no PNG, JPEG, GIF, WebP or SVG image"),
        ] {
            assert_eq!(Logo::read(&bytes).err().unwrap().to_string(), reason);
        }
    }

    #[test]
    fn an_ico_holds_its_pngs_and_a_torn_one_is_refused() {
        let logo = Logo::read(&logo(512)).unwrap();
        let (small, large) = (logo.png(16).unwrap(), logo.png(48).unwrap());
        let file = ico(&[(16, &small), (48, &large)]);
        assert_eq!(ico_sides(&file).unwrap(), [16, 48]);
        assert!(file.ends_with(&large));
        assert_eq!(png_size(&file[6 + 32..6 + 32 + small.len()]).unwrap(), (16, 16));
        for torn in
            [&file[..file.len() - 1], &file[..20], &file[..5], &[], b"\0\0\x01\0\0\0", b"\0\0\x02\0\x01\0"]
        {
            assert!(ico_sides(torn).is_err(), "{} bytes", torn.len());
        }
    }
}
