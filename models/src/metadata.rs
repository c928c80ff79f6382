//! Settings inside picture files: as EXIF user comment in JPEG, as international text in PNG.

/// Under this name settings stand in a PNG.
pub(crate) const PNG_KEYWORD: &str = "atelier:settings";

/// The character code of an EXIF user comment that holds ASCII only.
const ASCII: &[u8; 8] = b"ASCII\0\0\0";
/// EXIF segments hold 64 KiB; what is longer is cut to nothing rather than to half a text.
const MOST_BYTES: usize = 60_000;

const TAG_SOFTWARE: u16 = 0x0131;
const TAG_EXIF: u16 = 0x8769;
const TAG_USER_COMMENT: u16 = 0x9286;
const TAG_COLOUR_SPACE: u16 = 0xa001;
const TYPE_ASCII: u16 = 2;
const TYPE_SHORT: u16 = 3;
const TYPE_LONG: u16 = 4;
const TYPE_UNDEFINED: u16 = 7;

/// `json` with everything beyond ASCII escaped, so that every reader of either format shows it right.
pub(crate) fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            out.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// A TIFF block that marks the picture as sRGB and carries `settings`.
pub(crate) fn exif(settings: &str) -> Vec<u8> {
    const SOFTWARE: &[u8; 8] = b"Atelier\0";
    let settings = if settings.len() > MOST_BYTES { "" } else { settings };
    let comment_bytes = (ASCII.len() + settings.len()) as u32;
    // Offsets: header 8; first directory 2 + 2·12 + 4; software; second directory 2 + 2·12 + 4; comment.
    let software_at = 8 + 30u32;
    let second_at = software_at + SOFTWARE.len() as u32;
    let comment_at = second_at + 30;
    let mut out = b"MM\0\x2a\0\0\0\x08".to_vec();
    let entry = |out: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: u32| {
        out.extend(tag.to_be_bytes());
        out.extend(kind.to_be_bytes());
        out.extend(count.to_be_bytes());
        out.extend(value.to_be_bytes());
    };
    out.extend(2u16.to_be_bytes());
    entry(&mut out, TAG_SOFTWARE, TYPE_ASCII, SOFTWARE.len() as u32, software_at);
    entry(&mut out, TAG_EXIF, TYPE_LONG, 1, second_at);
    out.extend([0; 4]);
    out.extend(SOFTWARE);
    out.extend(2u16.to_be_bytes());
    entry(&mut out, TAG_USER_COMMENT, TYPE_UNDEFINED, comment_bytes, comment_at);
    entry(&mut out, TAG_COLOUR_SPACE, TYPE_SHORT, 1, 1 << 16);
    out.extend([0; 4]);
    out.extend(ASCII);
    out.extend(settings.as_bytes());
    out
}

/// The settings inside a JPEG or PNG of this crate; none in any other file.
#[must_use]
pub fn read_settings(bytes: &[u8]) -> Option<String> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") { from_png(bytes) } else { from_jpeg(bytes) }
}

fn from_png(bytes: &[u8]) -> Option<String> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let kind = bytes.get(at + 4..at + 8)?;
        let body = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
        if kind == b"iTXt"
            && let Some(rest) =
                body.strip_prefix(PNG_KEYWORD.as_bytes()).and_then(|rest| rest.strip_prefix(b"\0"))
        {
            // Compression flag and method, then language and translated keyword, each ended by zero.
            let mut parts = rest.strip_prefix(b"\0\0")?.splitn(3, |byte| *byte == 0);
            return String::from_utf8(parts.nth(2)?.to_vec()).ok();
        }
        if kind == b"IDAT" {
            return None;
        }
        at = (at + 12).checked_add(length)?;
    }
}

fn from_jpeg(bytes: &[u8]) -> Option<String> {
    let mut at = 2;
    while let [0xff, marker, high, low] = bytes.get(at..at + 4)? {
        if *marker == 0xda {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let body = bytes.get(at + 4..at + 2 + length)?;
        if *marker == 0xe1
            && let Some(block) = body.strip_prefix(b"Exif\0\0")
        {
            return from_exif(block);
        }
        at += 2 + length;
    }
    None
}

/// Reads only what [`exif`] writes: big-endian, the comment in the second directory.
fn from_exif(block: &[u8]) -> Option<String> {
    if !block.starts_with(b"MM\0\x2a") {
        return None;
    }
    let first = value(block, u32_at(block, 4)? as usize, TAG_EXIF)?.1;
    let (count, offset) = value(block, first as usize, TAG_USER_COMMENT)?;
    let comment = block.get(offset as usize..(offset as usize).checked_add(count as usize)?)?;
    String::from_utf8(comment.strip_prefix(ASCII)?.to_vec()).ok().filter(|text| !text.is_empty())
}

/// Count and value of the entry `tag` of the directory at `at`.
fn value(block: &[u8], at: usize, tag: u16) -> Option<(u32, u32)> {
    let count = usize::from(u16::from_be_bytes(block.get(at..at.checked_add(2)?)?.try_into().ok()?));
    (0..count).map(|entry| at + 2 + entry * 12).find_map(|entry| {
        (block.get(entry..entry + 2)? == tag.to_be_bytes())
            .then(|| Some((u32_at(block, entry + 4)?, u32_at(block, entry + 8)?)))?
    })
}

fn u32_at(block: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(block.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use crate::{OutputFormat, encode::encode};

    use super::*;

    #[test]
    fn settings_come_back_from_both_formats() {
        let settings = ascii(r#"{"title":"Brot & Fladenbrot — نان 🔥"}"#);
        let picture = image::RgbImage::new(20, 20);
        for format in [OutputFormat::Jpeg, OutputFormat::Png] {
            let (bytes, _) = encode(&picture, format, &settings).unwrap();
            assert_eq!(read_settings(&bytes).as_deref(), Some(settings.as_str()));
            image::load_from_memory(&bytes).unwrap();
            for cut in 0..bytes.len() {
                let _ = read_settings(&bytes[..cut]);
            }
        }
        let back: serde_json::Value = serde_json::from_str(&settings).unwrap();
        assert_eq!(back["title"], "Brot & Fladenbrot — نان 🔥");
    }

    #[test]
    fn other_files_have_none() {
        for bytes in [&b""[..], b"\xff\xd8", b"\xff\xd8\xff\xe1\0\0", b"\x89PNG\r\n\x1a\n", b"hello"] {
            assert_eq!(read_settings(bytes), None);
        }
    }
}
