//! PNG (W3C, Portable Network Graphics, third edition): chunks up to IEND.

use super::Cleaned;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What pixels, their colours and their movement are made of.
const KEPT: [&[u8; 4]; 16] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT",
    b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// Without texts, times, Exif and whatever else is none of [`KEPT`]. None where it ends early.
pub(super) fn clean(bytes: &[u8]) -> Option<Cleaned> {
    let mut kept = SIGNATURE.to_vec();
    let (mut announced, mut frames) = (1, 0);
    let mut at = bytes.starts_with(SIGNATURE).then_some(SIGNATURE.len())?;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let chunk = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        at += chunk.len();
        let kind: &[u8; 4] = chunk[4..8].try_into().ok()?;
        if kind == b"acTL" {
            announced = u32::from_be_bytes(chunk.get(8..12)?.try_into().ok()?) as usize;
        }
        // What is announced may be less than what is there.
        frames += usize::from(kind == b"fcTL");
        if KEPT.contains(&kind) {
            kept.extend(chunk);
        }
        if kind == b"IEND" {
            return Some(Cleaned { bytes: kept, frames: frames.max(announced) });
        }
    }
}
