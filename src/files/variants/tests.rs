use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ImageEncoder, Rgb, Rgba};

use super::*;

/// Left red, right blue, with some grain: nothing that compresses to nothing.
fn photograph(width: u32, height: u32) -> RgbImage {
    let mut grain = 1_u32;
    RgbImage::from_fn(width, height, |x, _| {
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = (grain >> 28) as u8;
        if x < width / 2 { Rgb([190 + noise, noise, noise]) } else { Rgb([noise, noise, 190 + noise]) }
    })
}

fn jpeg(width: u32, height: u32, exif: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 92);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).unwrap();
    }
    encoder.encode_image(&photograph(width, height)).unwrap();
    bytes
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

/// TIFF as a camera writes it: how it was held, and where.
fn exif(orientation: u8) -> Vec<u8> {
    let mut bytes = b"II\x2a\0\x08\0\0\0\x02\0".to_vec();
    bytes.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    bytes.extend([0x0e, 0x01, 2, 0, 20, 0, 0, 0, 38, 0, 0, 0]);
    bytes.extend([0, 0, 0, 0]);
    bytes.extend(b"GPS 35.6892, 51.389\0");
    bytes
}

fn sizes(variants: &[Variant]) -> Vec<(u32, u32)> {
    variants.iter().map(|variant| (variant.width, variant.height)).collect()
}

fn opened(variant: &Variant) -> RgbaImage {
    assert_eq!(probe(&variant.bytes).unwrap(), (Format::WebP, Some((variant.width, variant.height))));
    image::load_from_memory_with_format(&variant.bytes, ImageFormat::WebP).unwrap().into_rgba8()
}

fn is_near(pixel: &Rgba<u8>, wanted: [u8; 4]) -> bool {
    pixel.0.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 24)
}

fn refusal(bytes: &[u8]) -> String {
    variants(bytes).unwrap_err().to_string()
}

#[test]
fn a_photograph_comes_in_every_width_up_to_its_own_and_each_is_smaller() {
    let original = jpeg(1500, 1000, None);
    let made = variants(&original).unwrap();
    assert_eq!(sizes(&made), [(320, 213), (480, 320), (660, 440), (1080, 720), (1500, 1000)]);
    for pair in made.windows(2) {
        assert!(pair[0].bytes.len() < pair[1].bytes.len());
    }
    for variant in &made {
        assert!(variant.bytes.len() < original.len(), "{}", variant.width);
        let picture = opened(variant);
        let middle = variant.height / 2;
        assert!(is_near(picture.get_pixel(variant.width / 4, middle), [198, 8, 8, 255]));
        assert!(is_near(picture.get_pixel(variant.width * 3 / 4, middle), [8, 8, 198, 255]));
    }
}

#[test]
fn no_variant_is_wider_than_the_widest_screens_ask_for_or_than_the_picture() {
    let widest = |own, format| widths(own, format);
    assert_eq!(widest(4000, ImageFormat::Jpeg), WIDTHS);
    assert_eq!(widest(1920, ImageFormat::WebP), [320, 480, 660, 1080, 1440]);
    assert_eq!(widest(1500, ImageFormat::Png), [320, 480, 660, 1080, 1500], "1440 would save nothing");
    assert_eq!(widest(1200, ImageFormat::WebP), [320, 480, 660, 1080]);
    assert_eq!(widest(300, ImageFormat::Jpeg), [300]);
    assert_eq!(widest(300, ImageFormat::WebP), [0_u32; 0]);
}

#[test]
fn the_way_it_was_held_is_applied_and_nothing_else_is_kept_of_its_metadata() {
    let original = jpeg(800, 400, Some(exif(6)));
    assert!(original.windows(4).any(|bytes| bytes == b"GPS "), "the test's own picture has no position");
    assert_eq!(probe(&original).unwrap().1, Some((400, 800)), "a page keeps the place that is needed");
    let made = variants(&original).unwrap();
    assert_eq!(sizes(&made), [(320, 640), (400, 800)]);
    for variant in &made {
        // Turned clockwise, its left side lies on top.
        let picture = opened(variant);
        assert!(is_near(picture.get_pixel(variant.width / 2, 20), [198, 8, 8, 255]));
        assert!(is_near(picture.get_pixel(variant.width / 2, variant.height - 20), [8, 8, 198, 255]));
        for word in [&b"GPS"[..], b"Exif", b"EXIF", b"XMP", b"ICCP"] {
            assert!(!variant.bytes.windows(word.len()).any(|bytes| bytes == word), "{word:?}");
        }
    }
}

#[test]
fn colours_of_another_space_become_srgb() {
    let pure = DynamicImage::ImageRgb8(RgbImage::from_pixel(400, 400, Rgb([0, 255, 0])));
    let mut tagged = Vec::new();
    let mut encoder = PngEncoder::new(&mut tagged);
    encoder.set_icc_profile(ColorProfile::new_adobe_rgb().encode().unwrap()).unwrap();
    encoder.write_image(pure.as_bytes(), 400, 400, image::ExtendedColorType::Rgb8).unwrap();
    let source = decode(&tagged, ImageFormat::Png).unwrap();
    let [red, ..] = source.in_srgb(source.pixels.clone()).unwrap().into_rgb8().get_pixel(9, 9).0;
    assert_eq!(red, 0, "the purest green of a wider space is the purest of sRGB");
    let half = DynamicImage::ImageRgb8(RgbImage::from_pixel(4, 4, Rgb([200, 100, 100])));
    let [red, green, _] = source.in_srgb(half).unwrap().into_rgb8().get_pixel(1, 1).0;
    assert!(red > 210 && green < 105, "{red}, {green}: the same numbers mean a stronger red there");
}

#[test]
fn a_drawing_with_transparency_keeps_it_and_its_edges() {
    let disc = RgbaImage::from_fn(900, 900, |x, y| {
        let (x, y) = (x as i32 - 450, y as i32 - 450);
        if x * x + y * y < 400 * 400 { Rgba([200, 0, 0, 255]) } else { Rgba([0, 255, 0, 0]) }
    });
    let made = variants(&png(&DynamicImage::ImageRgba8(disc))).unwrap();
    assert!(made.iter().any(|variant| variant.width == 660), "{:?}", sizes(&made));
    for variant in &made {
        let picture = opened(variant);
        assert_eq!(picture.get_pixel(2, 2).0[3], 0);
        assert!(is_near(picture.get_pixel(variant.width / 2, variant.height / 2), [200, 0, 0, 255]));
        let fringe = picture.pixels().filter(|pixel| pixel.0[3] > 128 && pixel.0[1] > 60).count();
        assert_eq!(fringe, 0, "the colour of what can't be seen shows through");
    }
}

#[test]
fn what_moves_and_what_is_drawn_by_lines_is_left_alone() {
    let mut gif = Vec::new();
    DynamicImage::new_rgb8(700, 700).write_to(&mut Cursor::new(&mut gif), ImageFormat::Gif).unwrap();
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"></svg>"#;
    let mut apng = png(&DynamicImage::ImageRgb8(photograph(700, 700)));
    // `acTL` before the first `IDAT` makes a PNG move (PNG, third edition, 11.3.6).
    let mut control = vec![0, 0, 0, 8];
    control.extend(b"acTL\0\0\0\x02\0\0\0\0");
    control.extend(crc32(&control[4..]).to_be_bytes());
    apng.splice(33..33, control);
    for (name, bytes) in [("gif", &gif[..]), ("svg", svg), ("apng", &apng), ("webp", &moving_webp())] {
        assert_eq!(variants(bytes).unwrap(), [], "{name}");
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

fn moving_webp() -> Vec<u8> {
    let frames = [vec![0_u8; 700 * 500 * 3], vec![255; 700 * 500 * 3]];
    let config = webp::WebPConfig::new().unwrap();
    let mut encoder = webp::AnimEncoder::new(700, 500, &config);
    for (at, frame) in frames.iter().enumerate() {
        encoder.add_frame(webp::AnimFrame::from_rgb(frame, 700, 500, at as i32 * 100));
    }
    encoder.encode().to_vec()
}

#[test]
fn what_would_take_too_much_is_refused_before_it_is_decoded() {
    // 40 million pixels of eight bytes: 305 MiB, from a file of a few hundred.
    let mut flood = png(&DynamicImage::new_rgba16(1, 1));
    flood[16..20].copy_from_slice(&8000_u32.to_be_bytes());
    flood[20..24].copy_from_slice(&5000_u32.to_be_bytes());
    let crc = crc32(&flood[12..29]);
    flood[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(refusal(&flood), "takes more than 256 MiB to decode");
    flood[16..20].copy_from_slice(&9000_u32.to_be_bytes());
    let crc = crc32(&flood[12..29]);
    flood[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(refusal(&flood), "has 9000 × 5000 pixels; at most 12000 a side and 40 million in all");
}

#[test]
fn a_broken_picture_is_refused_with_the_reason() {
    let whole = png(&DynamicImage::ImageRgb8(photograph(700, 700)));
    let reason = refusal(&whole[..whole.len() / 2]);
    assert!(reason.starts_with("is a broken image: "), "{reason}");
    let drawing = variants(&jpeg(700, 700, None)).unwrap().remove(0).bytes;
    let reason = refusal(&drawing[..drawing.len() / 2]);
    assert!(reason.starts_with("is a broken image: "), "{reason}");
    assert_eq!(refusal(b"text"), "is no PNG, JPEG, GIF, WebP or SVG image");
}

#[test]
fn flat_colours_stay_exact_where_that_is_smaller() {
    let chart = RgbImage::from_fn(800, 600, |x, y| {
        if (x / 40 + y / 40) % 2 == 0 { Rgb([17, 24, 79]) } else { Rgb([255; 3]) }
    });
    let made = variants(&png(&DynamicImage::ImageRgb8(chart.clone()))).unwrap();
    let whole = made.iter().find(|variant| variant.width == 800);
    if let Some(whole) = whole {
        assert_eq!(DynamicImage::ImageRgba8(opened(whole)).into_rgb8(), chart);
    }
    assert!(whole.is_some(), "{:?}", sizes(&made));
}
