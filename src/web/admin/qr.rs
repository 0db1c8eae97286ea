//! A text as a QR code (ISO/IEC 18004), drawn as one path.

use fast_qr::{ECL, QRBuilder};

use crate::error::{Error, Result};

/// Light modules that have to stand around the dark ones.
const QUIET: usize = 4;

/// What an `svg` element holds.
pub struct Picture {
    /// Of the square, in modules.
    pub side: usize,
    /// The dark modules, a rectangle for each run of a row.
    pub path: String,
}

/// # Errors
/// `Internal` for a text that no QR code can hold.
pub fn picture(text: &str) -> Result<Picture> {
    use std::fmt::Write;
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(Error::internal)?;
    let mut path = String::new();
    for row in 0..code.size {
        let dark: Vec<bool> = code[row].iter().map(|module| module.value()).collect();
        let mut column = 0;
        for run in dark.chunk_by(|one, next| one == next) {
            if run[0] {
                let (x, y, width) = (column + QUIET, row + QUIET, run.len());
                write!(path, "M{x} {y}h{width}v1h-{width}z").map_err(Error::internal)?;
            }
            column += run.len();
        }
    }
    Ok(Picture { side: code.size + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_three_corners_and_room_around() {
        let picture = picture("otpauth://totp/Site:leila?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        // The upper edges of the finder patterns, on the left and on the right.
        assert!(picture.path.starts_with("M4 4h7v1h-7z"), "{}", picture.path);
        let right = picture.side - QUIET - 7;
        assert!(picture.path.contains(&format!("M{right} 4h7v1h-7z")), "{}", picture.path);
        assert!(
            picture.path.contains(&format!("M4 {}h7v1h-7z", picture.side - QUIET - 1)),
            "{}",
            picture.path
        );
        assert!(super::picture(&"x".repeat(10_000)).is_err());
    }
}
