//! The key ring.

use std::fs;

use super::*;

fn start() -> Timestamp {
    Timestamp::from_millis(0)
}

#[test]
fn keys_are_kept_and_each_purpose_has_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let ring = KeyRing::open(folder.path(), start()).unwrap();
    let again = KeyRing::open(folder.path(), start()).unwrap();
    for purpose in Purpose::ALL {
        let key = ring.current(purpose);
        let signature = key.sign(&[b"a message"]);
        let same = again.find(purpose, key.kid()).unwrap();
        assert!(same.verifies(&[b"a message"], &signature));
        assert!(!same.verifies(&[b"a ", b"message"], &signature), "parts do not run together");
        assert!(!same.verifies(&[b"another"], &signature));
        assert!(!same.verifies(&[b"a message"], &signature[..31]));
        for other in Purpose::ALL {
            assert_eq!(ring.find(other, key.kid()).is_some(), other == purpose);
        }
    }
    assert!(ring.find(Purpose::Links, "").is_none());
}

#[test]
fn older_keys_verify_until_what_they_signed_has_expired_and_those_of_buttons_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let ring = KeyRing::open(folder.path(), start()).unwrap();
    let first = Purpose::ALL.map(|purpose| ring.current(purpose).kid().to_owned());
    let known = |ring: &KeyRing| {
        let known =
            Purpose::ALL.into_iter().zip(&first).map(|(purpose, kid)| ring.find(purpose, kid).is_some());
        known.collect::<Vec<_>>()
    };
    ring.maintain(start().plus(89 * DAY)).unwrap();
    assert_eq!(ring.current(Purpose::Access).kid(), first[0], "it signs for 90 days");
    let rotated = start().plus(90 * DAY);
    ring.maintain(rotated).unwrap();
    assert_ne!(ring.current(Purpose::Access).kid(), first[0]);
    assert_eq!(known(&ring), [true; 4]);
    for (later, expected) in [
        (DAY, [false, true, true, true]),
        (30 * DAY, [false, true, false, true]),
        (900 * DAY, [false, false, false, true]),
    ] {
        ring.maintain(rotated.plus(later)).unwrap();
        assert_eq!(known(&ring), expected, "{later:?}");
        assert_eq!(known(&KeyRing::open(folder.path(), start()).unwrap()), expected, "as written");
    }
}

#[test]
fn a_damaged_file_is_refused_and_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    drop(KeyRing::open(folder.path(), start()).unwrap());
    let file = folder.path().join("signing.json");
    fs::write(&file, "[{\"purpose\": \"links\"").unwrap();
    assert!(matches!(KeyRing::open(folder.path(), start()), Err(KeyRingError::Damaged { .. })));
    let short = "[{\"purpose\": \"links\", \"kid\": \"1\", \"created_at\": 0, \"secret\": \"AAAA\"}]";
    fs::write(&file, short).unwrap();
    assert!(matches!(KeyRing::open(folder.path(), start()), Err(KeyRingError::Damaged { .. })));
    assert_eq!(fs::read_to_string(&file).unwrap(), short);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_keys() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    drop(KeyRing::open(&keys, start()).unwrap());
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let file = keys.join("signing.json");
    assert_eq!((mode(&keys), mode(&file)), (0o700, 0o600));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let Err(error) = KeyRing::open(&keys, start()) else { panic!("it was read") };
    assert!(error.to_string().contains("chmod 600"), "{error}");
}
