use ::image::codecs::gif::GifEncoder;
use ::image::{Frame, ImageEncoder, Rgb, RgbImage, RgbaImage};

use super::*;

/// What nobody is to find in what is kept.
const SECRET: &[u8] = b"GPS 35.6892, 51.389";

/// TIFF as a camera writes it: how it was held, and where.
fn exif(orientation: u8) -> Vec<u8> {
    let mut bytes = b"II\x2a\0\x08\0\0\0\x02\0".to_vec();
    bytes.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    bytes.extend([0x0e, 0x01, 2, 0, 20, 0, 0, 0, 38, 0, 0, 0]);
    bytes.extend([0, 0, 0, 0]);
    bytes.extend(SECRET);
    bytes.push(0);
    bytes
}

/// The left half red, the right half blue.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) })
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn jpeg(orientation: u8, profile: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.set_exif_metadata(exif(orientation)).unwrap();
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).unwrap();
    }
    encoder.encode_image(&halves(40, 20)).unwrap();
    bytes
}

fn opened(bytes: &[u8]) -> RgbImage {
    ::image::load_from_memory(bytes).unwrap().into_rgb8()
}

#[test]
fn a_photo_keeps_its_pixels_and_colours_and_tells_no_place() {
    let profile = vec![7; 200];
    let mut taken = jpeg(1, Some(profile.clone()));
    // As other programs add to it: a text of their own, and a file behind the image.
    let adobe = [&[0xff, 0xed, 0, 2 + 6], &b"secret"[..]].concat();
    taken.splice(2..2, adobe);
    taken.extend(b"<html><script>alert(1)</script>");
    assert!(holds(&taken, SECRET));
    let kept = clean(&taken).unwrap();
    for gone in [SECRET, b"Exif", b"secret", b"<script>"] {
        assert!(!holds(&kept, gone), "{}", String::from_utf8_lossy(gone));
    }
    assert!(holds(&kept, &profile), "the colours stay as they are");
    assert_eq!(opened(&kept), opened(&taken), "not one pixel is another");
    assert_eq!(clean(&kept).unwrap(), kept);
}

#[test]
fn a_photo_that_lies_on_its_side_is_turned_upright() {
    let profile = [&[7; 16][..], b"RGB ", &[7; 180]].concat();
    let kept = clean(&jpeg(6, Some(profile.clone()))).unwrap();
    assert_eq!(probe(&kept).unwrap(), (Format::Jpeg, Some((20, 40))));
    assert!(!holds(&kept, SECRET) && holds(&kept, &profile));
    let upright = opened(&kept);
    let (top, bottom) = (upright.get_pixel(10, 5), upright.get_pixel(10, 35));
    assert!(top[0] > 150 && bottom[2] > 150, "what was left is on top: {top:?} {bottom:?}");
}

#[test]
fn a_png_loses_its_texts_and_what_stands_behind_it() {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_exif_metadata(exif(1)).unwrap();
    halves(8, 4).write_with_encoder(encoder).unwrap();
    bytes.extend(b"PK\x03\x04 an archive");
    assert!(holds(&bytes, SECRET));
    let kept = clean(&bytes).unwrap();
    assert!(!holds(&kept, SECRET) && !holds(&kept, b"PK\x03\x04") && kept.ends_with(b"\xae\x42\x60\x82"));
    assert_eq!(opened(&kept), halves(8, 4));
}

#[test]
fn a_webp_loses_its_metadata_and_the_flags_that_announce_them() {
    let plain = webp_of(&halves(40, 20));
    let bytes = riff(&[
        (b"VP8X", &[EXIF_AND_XMP, 0, 0, 0, 39, 0, 0, 19, 0, 0]),
        (plain[12..16].try_into().unwrap(), &plain[20..]),
        (b"EXIF", &exif(1)),
        (b"XMP ", b"<x:xmpmeta/>"),
    ]);
    let kept = clean(&bytes).unwrap();
    assert!(!holds(&kept, SECRET) && !holds(&kept, b"xmpmeta") && !holds(&kept, b"EXIF"));
    assert_eq!(kept[20], 0, "no flag announces what is not there");
    assert_eq!(opened(&kept), opened(&plain));
}

/// A WebP file of these chunks, each padded to an even length.
fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, data) in chunks {
        body.extend(*kind);
        body.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        body.extend(*data);
        body.resize(body.len() + data.len() % 2, 0);
    }
    [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
}

const EXIF_AND_XMP: u8 = 0x0c;
const EXIF: u8 = 0x08;
const ANIMATED: u8 = 0x02;

fn webp_of(picture: &RgbImage) -> Vec<u8> {
    variants::encode_upright(&DynamicImage::ImageRgb8(picture.clone()), None).unwrap()
}

#[test]
fn a_gif_keeps_moving_and_says_nothing_else() {
    let mut bytes = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut bytes);
        encoder.set_repeat(::image::codecs::gif::Repeat::Infinite).unwrap();
        for shade in [0, 100, 200] {
            let frame = RgbaImage::from_pixel(4, 4, ::image::Rgba([shade, 0, 0, 255]));
            encoder.encode_frame(Frame::new(frame)).unwrap();
        }
    }
    let trailer = bytes.len() - 1;
    let comment = [&[0x21, 0xfe, SECRET.len() as u8], SECRET, &[0]].concat();
    bytes.splice(trailer..trailer, comment);
    bytes.extend(b"behind");
    let kept = clean(&bytes).unwrap();
    assert!(!holds(&kept, SECRET) && !holds(&kept, b"behind") && holds(&kept, b"NETSCAPE2.0"));
    assert_eq!(gif::clean(&kept).unwrap().frames, 3);
}

/// The bytes of a JPEG with segments put in at its beginning.
fn with_segments(segments: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = jpeg(1, None);
    let added = segments.iter().flat_map(|(marker, data)| {
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        [&[0xff, *marker], &length[..], data].concat()
    });
    bytes.splice(2..2, added.collect::<Vec<u8>>());
    bytes
}

#[test]
fn a_photo_keeps_no_thumbnail_and_no_segment_that_is_not_of_the_image() {
    let thumbnail = [&b"JFIF\0\x01\x02\0\0\x01\0\x01\x02\x01"[..], b"secret"].concat();
    let bytes = with_segments(&[(0xe0, &thumbnail), (0xf0, b"secret"), (0x02, b"secret")]);
    assert!(holds(&bytes, b"secret"));
    let kept = clean(&bytes).unwrap();
    assert!(!holds(&kept, b"secret"));
    assert_eq!(kept[2..20], *b"\xff\xe0\0\x10JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
    assert_eq!(opened(&kept), opened(&bytes));
}

#[test]
fn frames_are_counted_where_they_are_and_not_where_they_are_announced() {
    let mut bytes = Vec::new();
    halves(8, 4).write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], kind, data, &[0; 4]].concat()
    };
    let head = 8 + 25;
    let frames = (0..300_u32).flat_map(|_| chunk(b"fcTL", &[0; 26])).collect::<Vec<u8>>();
    bytes.splice(head..head, [chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]), frames].concat());
    assert_eq!(png::clean(&bytes).unwrap().frames, 300);
}

#[test]
fn colours_of_another_kind_are_not_taken_over() {
    let profile = |space: &[u8; 4]| [&[0; 16][..], space, &[0; 108]].concat();
    for (space, fitting) in [(b"RGB ", true), (b"CMYK", false), (b"GRAY", false)] {
        let kept = clean(&jpeg(6, Some(profile(space)))).unwrap();
        assert_eq!(holds(&kept, &profile(space)), fitting, "{}", String::from_utf8_lossy(space));
    }
}

#[test]
fn what_moves_and_lies_on_its_side_is_not_made_to_stand_still() {
    let plain = webp_of(&halves(40, 20));
    let frame = [&[0, 0, 0, 0, 0, 0, 39, 0, 0, 19, 0, 0, 100, 0, 0, 0], &plain[12..]].concat();
    let bytes = riff(&[
        (b"VP8X", &[EXIF | ANIMATED, 0, 0, 0, 39, 0, 0, 19, 0, 0]),
        (b"ANIM", &[0; 6]),
        (b"ANMF", &frame),
        (b"ANMF", &frame),
        (b"EXIF", &exif(6)),
    ]);
    let said = clean(&bytes).unwrap_err().to_string();
    assert!(said.contains("moves and lies on its side"), "{said}");
}

#[test]
fn what_is_no_picture_or_too_much_of_one_is_refused_in_words() {
    let reason = |bytes: &[u8]| clean(bytes).unwrap_err().to_string();
    assert!(reason(b"<html>").contains("is no PNG"));
    assert!(reason(b"<svg xmlns='http://www.w3.org/2000/svg'/>").contains("is a drawing (SVG)"));
    let whole = jpeg(1, None);
    assert!(reason(&whole[..whole.len() / 3]).contains("broken"));
    let mut frames = Vec::new();
    {
        let mut encoder = GifEncoder::new_with_speed(&mut frames, 30);
        for _ in 0..201 {
            encoder.encode_frame(Frame::new(RgbaImage::new(1, 1))).unwrap();
        }
    }
    assert!(reason(&frames).contains("201 frames"));
}

/// Whatever is cut off or put into a file, cleaning ends with a picture or a reason.
#[test]
fn no_broken_file_breaks_the_cleaning() {
    let mut gifs = Vec::new();
    GifEncoder::new(&mut gifs).encode_frame(Frame::new(RgbaImage::new(3, 3))).unwrap();
    let mut pngs = Vec::new();
    halves(8, 4).write_with_encoder(PngEncoder::new(&mut pngs)).unwrap();
    for whole in [jpeg(6, None), pngs, webp_of(&halves(16, 16)), gifs] {
        for cut in 0..whole.len() {
            let _ = clean(&whole[..cut]);
        }
        for at in 0..whole.len() {
            let mut hurt = whole.clone();
            hurt[at] ^= 0xff;
            let _ = clean(&hurt);
        }
    }
}
