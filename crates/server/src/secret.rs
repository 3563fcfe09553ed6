//! Tokens and one-time codes: how they are made, stored and compared.
//!
//! The store never holds one in clear, only its SHA-256: they are random, so a plain hash has nothing to guess.

use std::sync::atomic::{AtomicU64, Ordering};

use liangcang_domain::seal::NONCE_LEN;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::database::Database;

/// Characters of a one-time code: none that is taken for another when read aloud or from paper (0 O, 1 I L, 2 Z, 5 S,
/// 6 G, 8 B, U V).
const CODE_LETTERS: &[u8; 20] = b"ACDEFHJKMNPQRTWXY347";
/// How many of them make a code: 43 bits, good for a day behind a limit of tries.
pub const CODE_LEN: usize = 10;

/// The machine gave no randomness; nothing secret can be made.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes: {0}")]
pub struct NoRandomness(String);

/// Random bytes from the system.
///
/// # Errors
/// [`NoRandomness`], which no caller can mend.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|fault| NoRandomness(fault.to_string()))?;
    Ok(bytes)
}

/// A bearer token: 256 random bits as 64 hexadecimal digits.
///
/// # Errors
/// [`NoRandomness`].
pub fn token() -> Result<String, NoRandomness> {
    Ok(hex(&random::<32>()?))
}

/// A one-time code for a person to type.
///
/// # Errors
/// [`NoRandomness`].
pub fn enrolment_code() -> Result<String, NoRandomness> {
    let mut code = String::new();
    while code.len() < CODE_LEN {
        // 240 is the largest multiple of the alphabet in a byte; what lies above would favour its first letters.
        let [byte] = random::<1>()?;
        if byte < 240 {
            code.push(char::from(CODE_LETTERS[usize::from(byte) % CODE_LETTERS.len()]));
        }
    }
    Ok(code)
}

/// A code as typed: any case, with or without blanks and dashes.
#[must_use]
pub fn tidy_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// What the store keeps of a token or code.
#[must_use]
pub fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Compares two hashes in a time that says nothing of where they differ.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

/// Nonces to seal with, no two alike: they count up from a place that each process draws by lot, since asking the
/// system for each costs as much as sealing. That two processes under one key ever count through the same place is
/// less likely than that two drawn nonces are alike.
#[derive(Debug)]
pub struct Nonces {
    first: u128,
    drawn: AtomicU64,
}

impl Nonces {
    /// From a place of the system's choice.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn draw() -> Result<Self, NoRandomness> {
        Ok(Self { first: u128::from_le_bytes(random()?), drawn: AtomicU64::new(0) })
    }

    /// The next.
    #[must_use]
    pub fn next(&self) -> [u8; NONCE_LEN] {
        let nonce = self.first.wrapping_add(u128::from(self.drawn.fetch_add(1, Ordering::Relaxed)));
        let mut bytes = [0; NONCE_LEN];
        bytes.copy_from_slice(&nonce.to_le_bytes()[..NONCE_LEN]);
        bytes
    }
}

/// What an address, a phone, a buyer or a device (`kind`) is counted and found by: a keyed hash cut to a column.
/// 0 where there is no value. Two values share a key once in some 10^13 orders a pair; a key only ever leads a
/// person to look, never decides alone.
#[must_use]
pub fn key_of(database: &Database, kind: &str, value: &str) -> i64 {
    if value.is_empty() {
        return 0;
    }
    let hash = database.key().search_hash(&format!("{kind}\u{1f}{value}"));
    let first = hash.first_chunk().copied().unwrap_or_default();
    i64::from_le_bytes(first).max(i64::MIN + 1) | 1
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    #[test]
    fn a_code_has_no_look_alikes_and_may_be_typed_in_any_case_with_dashes() {
        let code = enrolment_code().unwrap();
        assert_eq!(code.len(), CODE_LEN);
        assert!(!code.chars().any(|c| "0O1IL2Z5S6G8BUV".contains(c)), "{code}");
        let typed = format!("{}-{} ", code[..5].to_lowercase(), &code[5..]);
        assert_eq!(tidy_code(&typed), code);
    }

    #[test]
    fn no_two_nonces_are_alike_also_where_the_count_runs_over() {
        let nonces = Nonces { first: u128::MAX - 1, drawn: AtomicU64::new(0) };
        let drawn: std::collections::BTreeSet<_> = (0..4).map(|_| nonces.next()).collect();
        assert_eq!(drawn.len(), 4);
        assert_ne!(Nonces::draw().unwrap().next(), Nonces::draw().unwrap().next());
    }

    #[test]
    fn the_store_keeps_a_hash_that_only_the_token_itself_gives() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert_ne!(one, other);
        assert!(same(&hash(&one), &hash(&one)));
        assert!(!same(&hash(&one), &hash(&other)));
        assert!(!hash(&one).contains(&one));
    }
}
