//! Bytes made smaller.

use std::cell::RefCell;
use std::io::Write;

use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress, Status};

/// The level for a page that somebody waits for.
const QUICK: u32 = 2;
/// The level for what is sent again and again.
const SMALLEST: u32 = 9;
/// A window of 32 KiB (RFC 1951), as a power of two.
const WINDOW: u8 = 15;

thread_local! {
    /// A quarter of a megabyte of tables, which would take a tenth of a page's time to make anew.
    static QUICKLY: RefCell<Compress> =
        RefCell::new(Compress::new_gzip(Compression::new(QUICK), WINDOW));
}

/// Gzip for a page that somebody waits for. Its header holds no time, so equal pages give equal bytes.
pub(super) fn gzip_quickly(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() / 3 + 64);
    QUICKLY.with_borrow_mut(|compress| {
        compress.reset();
        loop {
            let taken =
                usize::try_from(compress.total_in()).expect("it has been handed no more than there is");
            let status = compress
                .compress_vec(&bytes[taken..], &mut packed, FlushCompress::Finish)
                .expect("nothing else uses it meanwhile");
            if status == Status::StreamEnd {
                break;
            }
            packed.reserve(bytes.len() / 8 + 64);
        }
    });
    packed
}

/// Gzip as small as it gets.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4 + 64), Compression::new(SMALLEST));
    encoder.write_all(bytes).expect("a vector takes all bytes");
    encoder.finish().expect("a vector takes all bytes")
}

/// Brotli at its highest level (RFC 7932).
pub(crate) fn brotli(bytes: &[u8]) -> Vec<u8> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::with_capacity(bytes.len() / 5 + 64);
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters).expect("a vector takes all bytes");
    packed
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn what_was_packed_quickly_comes_out_again_one_after_the_other() {
        // Bytes that can't be made smaller, some that can, and none.
        let noise: Vec<u8> =
            (0..100_000_u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
        let words = "all that can be said twice is said twice. ".repeat(3000).into_bytes();
        for bytes in [&noise[..], &words, b"", &noise[..1], &words] {
            let packed = gzip_quickly(bytes);
            let mut unpacked = Vec::new();
            GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
            assert!(unpacked == bytes, "{} bytes", bytes.len());
            assert_eq!(packed, gzip_quickly(bytes), "equal bytes for equal pages");
        }
    }
}
