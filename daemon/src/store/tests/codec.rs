//! Keys sort like their values and come back unchanged.

use std::fmt::Debug;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::store::Key;
use crate::store::codec::{decode_value, encode_value};

fn encoded(key: &impl Key) -> Vec<u8> {
    let mut bytes = Vec::new();
    key.encode(&mut bytes);
    bytes
}

fn check<K: Key + Ord + Debug>(a: &K, b: &K) {
    assert_eq!(a.cmp(b), encoded(a).cmp(&encoded(b)), "{a:?} and {b:?}");
    assert_eq!(K::decode(&encoded(a)).as_ref(), Some(a));
    let mut longer = encoded(a);
    longer.push(0);
    assert_eq!(K::decode(&longer), None);
    assert_eq!(K::decode(&encoded(a)[..encoded(a).len() - 1]), None);
}

proptest! {
    #[test]
    fn numbers(a: (u8, u16, u32, u64), b: (u8, u16, u32, u64)) {
        check(&a, &b);
    }

    #[test]
    fn signed_numbers(a: (i64, u128), b: (i64, u128)) {
        check(&a, &b);
    }

    #[test]
    fn strings(a in "[\0\u{1}a-c\u{ff}\u{10ffff}]{0,6}", b in "[\0\u{1}a-c\u{ff}\u{10ffff}]{0,6}", n: i64, m: i64) {
        check(&a, &b);
        check(&(a.clone(), n), &(b, m));
        check(&(a.clone(), n), &(a, m));
    }

    #[test]
    fn any_bytes_are_refused_or_read(bytes: Vec<u8>) {
        let read = <(String, i64, u8)>::decode(&bytes);
        prop_assert!(read.is_none_or(|key| encoded(&key) == bytes));
        let _refused_or_read = decode_value::<New>(&bytes);
    }
}

#[derive(Serialize)]
struct Old {
    name: String,
    dropped: u8,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct New {
    #[serde(default)]
    added: Option<u64>,
    name: String,
}

#[test]
fn a_new_field_needs_no_migration() {
    let bytes = encode_value(&Old { name: "a".to_owned(), dropped: 1 }).unwrap();
    assert_eq!(decode_value(&bytes), Ok(New { added: None, name: "a".to_owned() }));
    assert!(decode_value::<New>(&[bytes.as_slice(), &[0]].concat()).is_err());
    assert!(decode_value::<New>(&bytes[..bytes.len() - 1]).is_err());
}
