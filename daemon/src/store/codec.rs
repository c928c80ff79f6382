//! How keys and values become bytes.
//!
//! Keys keep their order when compared as bytes: numbers are fixed-width and big-endian, strings are
//! escaped and terminated, tuples follow each other. Values are MessagePack maps with named fields, so a
//! new field with a serde default needs no migration.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// A key whose encoding sorts like the value itself.
///
/// No encoding is a prefix of another one of the same type, so keys can follow each other in a tuple.
pub trait Key: Sized {
    /// Appends the encoding.
    fn encode(&self, out: &mut Vec<u8>);

    /// Takes one key off the front of `bytes`.
    fn take(bytes: &mut &[u8]) -> Option<Self>;

    /// Reads a key that fills `bytes` completely.
    fn decode(mut bytes: &[u8]) -> Option<Self> {
        let key = Self::take(&mut bytes)?;
        bytes.is_empty().then_some(key)
    }
}

/// The leading part of a tuple key `K`.
pub trait KeyPrefix<K> {
    /// Appends the encoding of the leading part.
    fn encode_prefix(&self, out: &mut Vec<u8>);
}

fn take_array<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = bytes.split_first_chunk::<N>()?;
    *bytes = tail;
    Some(*head)
}

macro_rules! unsigned_key {
    ($($number:ty),*) => {$(
        impl Key for $number {
            fn encode(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_be_bytes());
            }

            fn take(bytes: &mut &[u8]) -> Option<Self> {
                take_array(bytes).map(Self::from_be_bytes)
            }
        }
    )*};
}

unsigned_key!(u8, u16, u32, u64, u128);

impl Key for i64 {
    fn encode(&self, out: &mut Vec<u8>) {
        // With the sign bit flipped, negative numbers sort before positive ones.
        (self.cast_unsigned() ^ (1 << 63)).encode(out);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        u64::take(bytes).map(|number| (number ^ (1 << 63)).cast_signed())
    }
}

impl<const N: usize> Key for [u8; N] {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        take_array(bytes)
    }
}

impl Key for Uuid {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        take_array(bytes).map(Uuid::from_bytes)
    }
}

impl Key for () {
    fn encode(&self, _out: &mut Vec<u8>) {}

    fn take(_bytes: &mut &[u8]) -> Option<Self> {
        Some(())
    }
}

/// Ends a string; sorts below every continuation.
const END: [u8; 2] = [0, 0];
/// Stands for a zero byte inside a string.
const ZERO: [u8; 2] = [0, u8::MAX];

impl Key for String {
    fn encode(&self, out: &mut Vec<u8>) {
        for byte in self.bytes() {
            if byte == 0 {
                out.extend_from_slice(&ZERO);
            } else {
                out.push(byte);
            }
        }
        out.extend_from_slice(&END);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let mut text = Vec::new();
        loop {
            let (&byte, rest) = bytes.split_first()?;
            *bytes = rest;
            if byte != 0 {
                text.push(byte);
                continue;
            }
            let (&mark, rest) = bytes.split_first()?;
            *bytes = rest;
            match mark {
                0 => return String::from_utf8(text).ok(),
                u8::MAX => text.push(0),
                _ => return None,
            }
        }
    }
}

macro_rules! tuple_key {
    ($($part:ident $index:tt),+) => {
        impl<$($part: Key),+> Key for ($($part,)+) {
            fn encode(&self, out: &mut Vec<u8>) {
                $(self.$index.encode(out);)+
            }

            fn take(bytes: &mut &[u8]) -> Option<Self> {
                Some(($($part::take(bytes)?,)+))
            }
        }
    };
}

tuple_key!(A 0, B 1);
tuple_key!(A 0, B 1, C 2);
tuple_key!(A 0, B 1, C 2, D 3);

impl<A: Key, B: Key> KeyPrefix<(A, B)> for A {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        self.encode(out);
    }
}

impl<A: Key, B: Key, C: Key> KeyPrefix<(A, B, C)> for A {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        self.encode(out);
    }
}

impl<A: Key, B: Key, C: Key> KeyPrefix<(A, B, C)> for (A, B) {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        self.encode(out);
    }
}

impl<A: Key, B: Key, C: Key, D: Key> KeyPrefix<(A, B, C, D)> for A {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        self.encode(out);
    }
}

impl<A: Key, B: Key, C: Key, D: Key> KeyPrefix<(A, B, C, D)> for (A, B) {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        self.encode(out);
    }
}

impl<A: Key, B: Key, C: Key, D: Key> KeyPrefix<(A, B, C, D)> for (A, B, C) {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        self.encode(out);
    }
}

/// Makes a closed enum a one-byte key. The numbers are stored: never reuse one.
///
/// `enum_key!(Kind { Usage = 1, Purchase = 2 })`
#[macro_export]
macro_rules! enum_key {
    ($name:ident { $($variant:ident = $number:literal),+ $(,)? }) => {
        impl $crate::store::Key for $name {
            fn encode(&self, out: &mut Vec<u8>) {
                out.push(match self { $($name::$variant => $number),+ });
            }

            fn take(bytes: &mut &[u8]) -> Option<Self> {
                match <u8 as $crate::store::Key>::take(bytes)? {
                    $($number => Some($name::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

/// A value as a MessagePack map with named fields.
pub(super) fn encode_value<V: Serialize>(value: &V) -> Result<Vec<u8>, String> {
    rmp_serde::to_vec_named(value).map_err(|error| error.to_string())
}

/// Reads a value that fills `bytes` completely.
pub(super) fn decode_value<V: DeserializeOwned>(bytes: &[u8]) -> Result<V, String> {
    let mut rest = bytes;
    let value =
        V::deserialize(&mut rmp_serde::Deserializer::new(&mut rest)).map_err(|error| error.to_string())?;
    if rest.is_empty() { Ok(value) } else { Err("bytes are left over".to_owned()) }
}
