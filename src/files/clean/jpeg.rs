//! JPEG (ITU-T T.81): segments up to the end of the image.

use super::Cleaned;

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
/// Application data of JFIF.
const FRAME: u8 = 0xe0;

/// Without comments and application data but the frame (JFIF), the colours (ICC, Adobe), and without what
/// stands behind the image. None where it ends early.
pub(super) fn clean(bytes: &[u8]) -> Option<Cleaned> {
    let mut kept = vec![0xff, START];
    let mut at = bytes.starts_with(&kept).then_some(2)?;
    loop {
        let (marker, after) = marker(bytes, at)?;
        at = after;
        match marker {
            END => {
                kept.extend([0xff, END]);
                return Some(Cleaned { bytes: kept, frames: 1 });
            }
            // Nothing follows these: restarts, and one that stands alone.
            0xd0..=0xd7 | 0x01 => kept.extend([0xff, marker]),
            _ => {
                let length = usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
                let segment = bytes.get(at..at + length)?;
                at += length;
                let data = segment.get(2..)?;
                if marker == FRAME {
                    kept.extend(frame(data).into_iter().flatten());
                } else if is_kept(marker, data) {
                    kept.extend([0xff, marker]);
                    kept.extend(segment);
                }
                if marker == SCAN {
                    let end = scan_end(bytes, at);
                    kept.extend(&bytes[at..end]);
                    if end == bytes.len() {
                        // Some cameras forget the end; browsers show these pictures all the same.
                        kept.extend([0xff, END]);
                        return Some(Cleaned { bytes: kept, frames: 1 });
                    }
                    at = end;
                }
            }
        }
    }
}

/// The next marker, fill bytes passed over, and where it ends.
fn marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    (*bytes.get(at)? == 0xff).then_some(())?;
    while *bytes.get(at)? == 0xff {
        at += 1;
    }
    Some((bytes[at], at + 1))
}

/// Where the entropy-coded data ends: at a marker that is neither a stuffed byte nor a restart.
fn scan_end(bytes: &[u8], from: usize) -> usize {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff | 0xd0..=0xd7);
    bytes[from..].windows(2).position(ends).map_or(bytes.len(), |found| from + found)
}

/// The segment of JFIF without the thumbnail in it, which may be of another picture.
fn frame(data: &[u8]) -> Option<Vec<u8>> {
    let told = data.get(..12).filter(|told| told.starts_with(b"JFIF\0"))?;
    Some([&[0xff, FRAME, 0, 16], told, &[0, 0]].concat())
}

/// Whether a segment is part of the image: tables, frames and scans, and what its colours are.
fn is_kept(marker: u8, data: &[u8]) -> bool {
    match marker {
        0xc0..=0xcf | 0xda..=0xdf => true,
        0xe2 => data.starts_with(b"ICC_PROFILE\0"),
        0xee => data.starts_with(b"Adobe"),
        // Other application data, comments, and what no standard knows.
        _ => false,
    }
}
