//! Links: what opens, and what does not.

use std::time::Duration;

use super::*;
use crate::accounts::{KeyRing, Purpose};

fn keys() -> KeyRing {
    let folder = tempfile::tempdir().unwrap();
    KeyRing::open(folder.path(), Timestamp::from_millis(1_000)).unwrap()
}

fn links(keys: &KeyRing) -> Links {
    Links::new(keys.clone(), "https://studio.example/files", Duration::from_secs(3600)).unwrap()
}

/// The four parts of a link.
fn parts(link: &SignedLink) -> [String; 4] {
    let path = link.url.strip_prefix("https://studio.example/files/d/").unwrap();
    path.split('/').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap()
}

fn check(
    links: &Links,
    [asset, ends, kid, signature]: &[String; 4],
    now: Timestamp,
) -> Result<AssetId, LinkError> {
    links.check(asset, ends, kid, signature, now).map(|(id, _)| id)
}

#[test]
fn a_link_opens_its_file_until_it_expires() {
    let now = Timestamp::from_millis(1_000_000_500);
    let (links, id) = (links(&keys()), AssetId::new(now));
    let link = links.sign(id, Some(Duration::from_secs(60)), now);
    assert_eq!(link.expires_at, Timestamp::from_millis(1_000_060_000));
    let before = link.expires_at.minus(Duration::from_millis(1));
    assert_eq!(check(&links, &parts(&link), before), Ok(id));
    assert_eq!(check(&links, &parts(&link), link.expires_at), Err(LinkError::Expired));
    // Nothing said, or too much: the longest time.
    for valid in [None, Some(Duration::ZERO), Some(Duration::MAX)] {
        let ends = links.sign(id, valid, now).expires_at;
        assert_eq!(ends, Timestamp::from_millis(1_003_600_000));
    }
}

#[test]
fn a_changed_link_opens_nothing() {
    let now = Timestamp::from_millis(1_000_000_000);
    let keys = keys();
    let links = links(&keys);
    let button_key = keys.current(Purpose::Buttons).kid().to_owned();
    let honest = parts(&links.sign(AssetId::new(now), None, now));
    let later = (honest[1].parse::<i64>().unwrap() + 1).to_string();
    let table = [
        ("other file", 0, AssetId::new(now).to_string()),
        ("no file", 0, "cat".to_owned()),
        ("later", 1, later),
        ("never", 1, i64::MAX.to_string()),
        ("no time", 1, "soon".to_owned()),
        ("key for something else", 2, button_key),
        ("unknown key", 2, "c".to_owned()),
        ("cut signature", 3, honest[3][..20].to_owned()),
        ("no signature", 3, String::new()),
        ("other signature", 3, format!("A{}", &honest[3][1..])),
        ("no base64", 3, "é".to_owned()),
    ];
    for (name, part, value) in table {
        let mut forged = honest.clone();
        // A signature that happens to begin with A is changed to one that does not.
        forged[part] = if value == forged[part] { format!("B{}", &value[1..]) } else { value };
        assert_eq!(check(&links, &forged, now), Err(LinkError::Forged), "{name}");
        let after = now.plus(Duration::from_secs(1_000_000));
        assert_eq!(check(&links, &forged, after), Err(LinkError::Forged), "{name}, after its end");
    }
}

#[test]
fn keys_can_be_rotated() {
    let now = Timestamp::from_millis(1_000_000_000);
    let folder = tempfile::tempdir().unwrap();
    let keys = KeyRing::open(folder.path(), now).unwrap();
    let (links, id) = (links(&keys), AssetId::new(now));
    let old = parts(&links.sign(id, None, now));
    keys.rotate(Purpose::Links, now).unwrap();
    let new = parts(&links.sign(id, None, now));
    assert_ne!(new[2], old[2]);
    assert_eq!((check(&links, &old, now), check(&links, &new, now)), (Ok(id), Ok(id)));
}

#[test]
fn links_need_an_address() {
    let keys = keys();
    for url in ["", "a.example", "ftp://a.example", "https://a.example/?x=1", "https://a.example/#x"] {
        let refused = Links::new(keys.clone(), url, Duration::from_secs(3600)).map(drop);
        assert_eq!(refused, Err(LinksError::PublicUrl(url.to_owned())));
    }
}
