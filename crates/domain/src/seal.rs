//! Personal fields at rest: AES-256-GCM, bound to table, column and row, with a keyed hash for search.
//!
//! The nonce comes from the caller, since this crate knows no randomness. Where the key lives is the host's affair.
//! Layout: version byte, 12 bytes nonce, ciphertext with tag.

use aes_gcm::aead::{Aead, AeadInOut, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

const VERSION: u8 = 1;
const HEAD_LEN: usize = 1 + NONCE_LEN;
const TAG_LEN: usize = 16;
/// Bytes of a nonce.
pub const NONCE_LEN: usize = 12;

/// A sealed field that does not open: another key, another row, or bytes that were changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed field does not open: wrong key, wrong row, or changed bytes")]
pub struct Unopened;

/// The key personal fields are sealed with.
#[derive(Clone)]
pub struct SealKey {
    cipher: Aes256Gcm,
    /// Begun with the search key; what is hashed goes on from there.
    search: Hmac<Sha256>,
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

impl SealKey {
    /// From 32 secret bytes; the search key is derived so that a leaked hash says nothing of the cipher's key.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*secret));
        let search: [u8; 32] = finished(keyed(secret), b"liangcang search key");
        Self { cipher, search: keyed(&search) }
    }

    /// Seals `plain` for one place (`table.column:row`).
    #[must_use]
    pub fn seal(&self, place: &str, nonce: [u8; NONCE_LEN], plain: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(HEAD_LEN + plain.len() + TAG_LEN);
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let body = &mut sealed[HEAD_LEN..];
        // Encryption fails only above 64 GiB, which no field reaches; what has no tag opens for nobody.
        let tag = self.cipher.encrypt_inout_detached(&Nonce::from(nonce), place.as_bytes(), body.into());
        match tag {
            Ok(tag) => sealed.extend_from_slice(&tag),
            Err(_) => sealed.clear(),
        }
        sealed
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// [`Unopened`] when key, place or bytes differ.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Unopened> {
        let (head, body) = sealed.split_at_checked(HEAD_LEN).ok_or(Unopened)?;
        let nonce: [u8; NONCE_LEN] = head[1..].try_into().map_err(|_| Unopened)?;
        if head[0] != VERSION {
            return Err(Unopened);
        }
        let payload = Payload { msg: body, aad: place.as_bytes() };
        self.cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| Unopened)
    }

    /// A keyed hash of a value that must be found again (a phone), equal for equal values under one key.
    #[must_use]
    pub fn search_hash(&self, value: &str) -> [u8; 32] {
        finished(self.search.clone(), value.as_bytes())
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("any key length")
}

fn finished(mut mac: Hmac<Sha256>, text: &[u8]) -> [u8; 32] {
    mac.update(text);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn a_sealed_field_opens_only_with_its_key_in_its_place_and_unchanged() {
        let key = SealKey::new(&[7; 32]);
        let sealed = key.seal("orders.receiver:1", [1; NONCE_LEN], "李小明".as_bytes());
        assert_eq!(key.open("orders.receiver:1", &sealed), Ok("李小明".as_bytes().to_vec()));
        assert_eq!(key.open("orders.receiver:2", &sealed), Err(Unopened));
        assert_eq!(SealKey::new(&[8; 32]).open("orders.receiver:1", &sealed), Err(Unopened));
        let mut changed = sealed.clone();
        *changed.last_mut().expect("not empty") ^= 1;
        assert_eq!(key.open("orders.receiver:1", &changed), Err(Unopened));
        assert_eq!(key.open("orders.receiver:1", &[]), Err(Unopened));
    }

    #[test]
    fn a_search_hash_differs_by_key_and_value() {
        let key = SealKey::new(&[7; 32]);
        assert_eq!(key.search_hash("138"), key.search_hash("138"));
        assert_ne!(key.search_hash("138"), key.search_hash("139"));
        assert_ne!(key.search_hash("138"), SealKey::new(&[8; 32]).search_hash("138"));
    }
}
