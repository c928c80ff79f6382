//! High-entropy secrets: how they are drawn, shown, recognised and compared.
//!
//! What is kept of them is SHA-256: they are drawn at random with at least 80 bits, so nobody can search for one
//! and a slow hash would only cost time. Passwords, which people choose, are another matter (`password.rs`).

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Lower-case letters and digits without those that are mistaken for each other.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// A one-time code has this many letters of five bits.
const CODE_LETTERS: usize = 16;
/// A code that works for minutes, and only so often.
const SHORT_LETTERS: usize = 8;
/// Letters of a code that are shown together.
const CODE_GROUP: usize = 4;

/// What the store keeps of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Hashed([u8; 32]);

impl Hashed {
    pub(super) fn of(secret: &[u8]) -> Hashed {
        Hashed(Sha256::digest(secret).into())
    }

    /// Compares in constant time.
    pub(super) fn matches(&self, secret: &[u8]) -> bool {
        self.same(&Hashed::of(secret))
    }

    /// Compares in constant time.
    pub(super) fn same(&self, other: &Hashed) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    pub(super) fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    pub(super) fn from_hex(text: &str) -> Option<Hashed> {
        hex::decode(text).ok()?.try_into().ok().map(Hashed)
    }

    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Random letters of five bits each.
pub(super) fn letters<const N: usize>() -> String {
    let random: [u8; N] = rand::random();
    random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// A new one-time code, in groups that can be read out, and its hash.
pub(super) fn new_code() -> (SecretString, Hashed) {
    grouped(&letters::<CODE_LETTERS>())
}

/// A new code for a few minutes and few guesses: half as long.
pub(super) fn new_short_code() -> (SecretString, Hashed) {
    grouped(&letters::<SHORT_LETTERS>())
}

fn grouped(code: &str) -> (SecretString, Hashed) {
    let hash = Hashed::of(code.as_bytes());
    let shown = code.to_uppercase();
    let groups: Vec<&str> =
        (0..shown.len()).step_by(CODE_GROUP).map(|at| &shown[at..at + CODE_GROUP]).collect();
    (SecretString::from(groups.join("-")), hash)
}

/// The hash of a code however it was typed, if it can be one at all.
pub(super) fn code_hash(typed: &SecretString) -> Option<Hashed> {
    hash_of(typed, CODE_LETTERS)
}

/// The same for a short code.
pub(super) fn short_code_hash(typed: &SecretString) -> Option<Hashed> {
    hash_of(typed, SHORT_LETTERS)
}

fn hash_of(typed: &SecretString, letters: usize) -> Option<Hashed> {
    let typed = typed.expose_secret();
    if typed.len() > 64 {
        return None;
    }
    let code: Option<Vec<u8>> = typed
        .chars()
        .filter(|letter| *letter != '-' && !letter.is_whitespace())
        .map(|letter| {
            let letter = match letter.to_ascii_lowercase() {
                'o' => '0',
                'i' | 'l' => '1',
                letter => letter,
            };
            u8::try_from(letter).ok().filter(|letter| ALPHABET.contains(letter))
        })
        .collect();
    code.filter(|code| code.len() == letters).map(|code| Hashed::of(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_recognised_however_they_are_typed() {
        let (code, hash) = new_code();
        let shown = code.expose_secret().to_owned();
        assert_eq!((shown.len(), shown.matches('-').count()), (19, 3));
        assert_eq!(code_hash(&code), Some(hash));
        for typed in
            [shown.to_lowercase(), shown.replace('-', " "), shown.replace('-', ""), shown.replace('0', "o")]
        {
            assert_eq!(code_hash(&typed.into()), Some(hash));
        }
        for wrong in
            ["", "correct horse battery", "ABCD-EFGH", &shown[1..], &format!("{shown}A"), "ééééééééé"]
        {
            assert_eq!(code_hash(&SecretString::from(wrong)), None, "{wrong}");
        }
        assert_ne!(new_code().1, hash);
    }

    #[test]
    fn hashes_compare_by_content() {
        let hash = Hashed::of(b"secret");
        assert!(hash.matches(b"secret") && !hash.matches(b"Secret"));
        assert_ne!(hash.as_bytes(), b"secret".repeat(6).first_chunk::<32>().unwrap());
    }
}
