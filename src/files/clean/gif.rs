//! GIF (89a): blocks up to the trailer.

use super::Cleaned;

/// Without comments, texts and applications' data but how often it is repeated. None where it ends early.
pub(super) fn clean(bytes: &[u8]) -> Option<Cleaned> {
    let head = bytes.get(..13)?;
    let mut at = 13 + table(head[10]);
    let mut kept = bytes.get(..at)?.to_vec();
    let mut frames = 0;
    loop {
        let start = at;
        match *bytes.get(at)? {
            0x3b => {
                kept.push(0x3b);
                return Some(Cleaned { bytes: kept, frames });
            }
            0x2c => {
                frames += 1;
                at += 10 + table(*bytes.get(at + 9)?) + 1;
                at = blocks_end(bytes, at)?;
                kept.extend(&bytes[start..at]);
            }
            0x21 => {
                let label = *bytes.get(at + 1)?;
                at = blocks_end(bytes, at + 2)?;
                let data = &bytes[start..at];
                let repeats = label == 0xff
                    && data.get(3..14).is_some_and(|name| matches!(name, b"NETSCAPE2.0" | b"ANIMEXTS1.0"));
                if label == 0xf9 || repeats {
                    kept.extend(data);
                }
            }
            _ => return None,
        }
    }
}

/// Bytes of the colour table that these flags announce.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Where a row of blocks ends.
fn blocks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
