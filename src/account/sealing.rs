//! Secrets that must be read again: encrypted with a key that the database never sees.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::error::{Error, Result};

/// Bytes of a key.
pub const KEY_LENGTH: usize = 32;

/// Encrypts, and tells whether what is decrypted is what was encrypted (ChaCha20-Poly1305, RFC 8439).
pub struct Sealing(LessSafeKey);

impl Sealing {
    /// # Errors
    /// `Internal` for a key of another length.
    pub fn new(key: &[u8]) -> Result<Sealing> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, key);
        Ok(Sealing(LessSafeKey::new(key.map_err(|_| Error::internal("the key is not of 32 bytes"))?)))
    }

    /// What is stored of a secret. `of` says whose it is: elsewhere it can't be opened.
    ///
    /// # Errors
    /// `Internal` when the system has no randomness to give.
    pub fn seal(&self, of: &str, secret: &[u8]) -> Result<String> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(Error::internal)?;
        let mut sealed = secret.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(of.as_bytes()),
                &mut sealed,
            )
            .map_err(Error::internal)?;
        Ok(super::secret::hex(&[&nonce[..], &sealed].concat()))
    }

    /// The secret again; `None` when it was sealed by another key, for another, or was changed.
    pub fn open(&self, of: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = super::secret::from_hex(sealed)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let opened = self.0.open_in_place(nonce, Aad::from(of.as_bytes()), &mut sealed).ok()?;
        Some(opened.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_by_its_key_for_its_owner_alone() {
        let sealing = Sealing::new(&[7; KEY_LENGTH]).unwrap();
        let sealed = sealing.seal("user:1", b"a secret").unwrap();
        assert_ne!(sealed, sealing.seal("user:1", b"a secret").unwrap(), "never twice alike");
        assert_eq!(sealing.open("user:1", &sealed).unwrap(), b"a secret");
        assert_eq!(sealing.open("user:2", &sealed), None);
        assert_eq!(Sealing::new(&[8; KEY_LENGTH]).unwrap().open("user:1", &sealed), None);
        let last = if sealed.ends_with('0') { '1' } else { '0' };
        for wrong in ["", "00", "x", &format!("{}{last}", &sealed[..sealed.len() - 1]), &sealed[2..]] {
            assert_eq!(sealing.open("user:1", wrong), None, "{wrong}");
        }
        assert!(Sealing::new(&[7; 31]).is_err());
    }
}
