//! The second factor: codes of six digits by the clock (TOTP, RFC 6238), and recovery codes (SECURITY T13).

use ring::hmac;

use crate::clock::Time;
use crate::error::{Error, Result};

/// How long a code counts, in milliseconds.
const STEP: i64 = 30_000;
/// Steps before and after the present one whose codes are taken: clocks are never quite right.
const DRIFT: i64 = 1;
/// What codes are shortened to: six digits.
const CODES: u32 = 1_000_000;
/// Bytes of a seed, as RFC 4226 recommends.
const LENGTH: usize = 20;
/// RFC 4648: letters and digits that are hard to mistake.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Recovery codes that are made at a time.
const RECOVERY_CODES: usize = 10;
/// Bytes of one: 80 bits, so that its hash can't be undone.
const RECOVERY_LENGTH: usize = 10;

/// What codes are made of. It has no `Debug`, so that no log holds it by accident.
pub struct Seed([u8; LENGTH]);

impl Seed {
    /// # Errors
    /// `Internal` when the system has no randomness to give.
    pub fn new() -> Result<Seed> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).map_err(Error::internal)?;
        Ok(Seed(bytes))
    }

    /// A seed as it was kept; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Seed> {
        bytes.try_into().ok().map(Seed)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As apps take it by hand: base32 without padding.
    pub fn text(&self) -> String {
        base32(&self.0)
    }

    /// As apps take it from a picture.
    pub fn uri(&self, site: &str, account: &str) -> String {
        use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        // A colon parts the two, so the site's name can't have one.
        let site = encoded(&site.replace(':', " "));
        format!("otpauth://totp/{site}:{}?secret={}&issuer={site}", encoded(account), self.text())
    }

    /// The code of a step (RFC 4226, 5.3).
    pub fn code(&self, step: i64) -> u32 {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let at = usize::from(tag[tag.len() - 1] & 0xf);
        let number = u32::from_be_bytes([tag[at], tag[at + 1], tag[at + 2], tag[at + 3]]);
        (number & 0x7fff_ffff) % CODES
    }

    /// The step whose code this is: one near the instant, and later than the last that was taken.
    pub fn step_of(&self, code: u32, now: Time, last: i64) -> Option<i64> {
        let present = step_at(now);
        (present - DRIFT..=present + DRIFT).find(|step| *step > last && self.code(*step) == code)
    }
}

/// The step of an instant.
pub fn step_at(now: Time) -> i64 {
    now.0.div_euclid(STEP)
}

/// What somebody typed as their second factor.
#[derive(PartialEq, Eq)]
pub enum Typed {
    /// A code of the app.
    Code(u32),
    /// The digest of what may be a recovery code.
    Recovery(String),
}

impl Typed {
    /// Reads what was typed, with spaces and hyphens anywhere.
    pub fn read(text: &str) -> Typed {
        let plain: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
        match plain.parse() {
            Ok(code) if plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit()) => {
                Typed::Code(code)
            }
            _ => Typed::Recovery(recovery_digest(&plain)),
        }
    }
}

/// Recovery codes in groups of four letters: shown once, of which [`recovery_digest`] is kept.
///
/// # Errors
/// `Internal` when the system has no randomness to give.
pub fn recovery_codes() -> Result<Vec<String>> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let mut bytes = [0; RECOVERY_LENGTH];
            getrandom::fill(&mut bytes).map_err(Error::internal)?;
            Ok(in_groups(&base32(&bytes).to_lowercase(), "-"))
        })
        .collect()
}

/// What is kept of a recovery code, however it is written.
pub fn recovery_digest(code: &str) -> String {
    super::digest(&code.replace('-', "").to_lowercase())
}

/// A text in groups of four, for people to type.
pub fn in_groups(text: &str, between: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups = letters.chunks(4).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(between)
}

/// Base32 without padding, of a multiple of five bytes (RFC 4648, 6).
fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5);
    for part in bytes.chunks_exact(5) {
        let bits = part.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        text.extend((0..8).rev().map(|at| char::from(ALPHABET[(bits >> (at * 5) & 31) as usize])));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six digits of each.
        let seed = Seed(*b"12345678901234567890");
        for (second, code) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ] {
            assert_eq!(seed.code(step_at(Time(second * 1000))), code, "{second}");
        }
        assert_eq!(seed.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            seed.uri("The: Site", "leila@example.org"),
            "otpauth://totp/The%20%20Site:leila%40example%2Eorg?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=The%20%20Site"
        );
    }

    #[test]
    fn a_code_counts_a_step_early_and_late_and_never_twice() {
        let seed = Seed(*b"12345678901234567890");
        let now = Time(1_795_000_000_000);
        let step = step_at(now);
        for (off, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let found = seed.step_of(seed.code(step + off), now, 0);
            assert_eq!(found, taken.then_some(step + off), "{off}");
        }
        assert_eq!(seed.step_of(seed.code(step), now, step), None, "it was taken");
        assert_eq!(seed.step_of(seed.code(step - 1), now, step), None, "a later one was taken");
        assert_eq!(seed.step_of(seed.code(step + 1), now, step), Some(step + 1));
    }

    #[test]
    fn recovery_codes_are_read_however_they_are_typed() {
        let codes = recovery_codes().unwrap();
        assert_eq!(codes.len(), 10);
        let (code, digest) = (&codes[0], recovery_digest(&codes[0]));
        assert_eq!(code.len(), 19);
        for typed in [code.clone(), code.to_uppercase(), code.replace('-', " "), format!(" {code}\n")] {
            assert!(Typed::read(&typed) == Typed::Recovery(digest.clone()), "{typed}");
        }
        assert!(Typed::read("123 456") == Typed::Code(123_456));
        assert!(Typed::read("+12345") != Typed::Code(12_345));
        assert!(Typed::read("1234567") != Typed::Code(1_234_567));
    }
}
