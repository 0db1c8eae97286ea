//! WebP (RFC 9649): chunks of a RIFF file.

use super::Cleaned;

const EXIF: u8 = 0x08;
const XMP: u8 = 0x04;

/// Without Exif, XMP and whatever else is not made of pixels, colours or movement. None where it ends
/// early.
pub(super) fn clean(bytes: &[u8]) -> Option<Cleaned> {
    let length = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?) as usize;
    let body = bytes.get(8..length.checked_add(8)?)?;
    let mut kept = b"RIFF\0\0\0\0WEBP".to_vec();
    let mut frames = 0;
    let mut at = 4;
    while at < body.len() {
        let size = u32::from_le_bytes(body.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let end = at.checked_add(8)?.checked_add(size)?;
        let chunk = body.get(at..end)?;
        match &chunk[..4] {
            b"VP8X" => {
                let flags = kept.len() + 8;
                kept.extend(chunk);
                *kept.get_mut(flags)? &= !(EXIF | XMP);
            }
            kind @ (b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP") => {
                frames += usize::from(kind == b"ANMF");
                kept.extend(chunk);
            }
            _ => {
                at = end + size % 2;
                continue;
            }
        }
        // Chunks are padded to an even length.
        kept.resize(kept.len() + size % 2, 0);
        at = end + size % 2;
    }
    let length = u32::try_from(kept.len() - 8).ok()?;
    kept[4..8].copy_from_slice(&length.to_le_bytes());
    Some(Cleaned { bytes: kept, frames: frames.max(1) })
}
