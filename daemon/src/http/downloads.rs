//! Files by signed link.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::range::{Part, part};
use super::{HttpState, words};
use crate::assets::{Asset, AssetError, LinkError};
use crate::id::AssetId;

/// How long a browser may show its copy without asking, so that a deleted file is not seen for long.
const FRESH: Duration = Duration::from_secs(300);

pub(super) async fn give(
    State(state): State<HttpState>,
    Path((asset, expires_s, kid, signature)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let now = state.clock.now();
    let (id, ends_at) = match state.links.check(&asset, &expires_s, &kid, &signature, now) {
        Ok(checked) => checked,
        Err(error @ LinkError::Expired) => return words(StatusCode::GONE, error.to_string()),
        Err(error @ LinkError::Forged) => return words(StatusCode::NOT_FOUND, error.to_string()),
    };
    match answer(&state, id, ends_at.since(now), &headers).await {
        Ok(response) => response,
        Err(error) => {
            let status = match &error {
                AssetError::NotFound => StatusCode::NOT_FOUND,
                AssetError::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            words(status, error.to_string())
        }
    }
}

async fn answer(
    state: &HttpState,
    id: AssetId,
    left: Duration,
    headers: &HeaderMap,
) -> Result<Response, AssetError> {
    let asset = state.assets.read_any(id)?;
    // The bytes of a file never change, so its id says all, and unlike their hash tells nothing.
    let tag = format!("\"{id}\"");
    let common = common_headers(&asset, &tag, left);
    if text(headers, header::IF_NONE_MATCH).is_some_and(|tags| names(tags, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let size = asset.size_bytes;
    // A part is only of use to the one who has the other parts of the same file.
    let same = text(headers, header::IF_RANGE).is_none_or(|held| held == tag);
    let wanted = text(headers, header::RANGE).filter(|_| same).map_or(Part::Whole, |range| part(range, size));
    let (status, bytes, content_range) = match wanted {
        Part::Whole => (StatusCode::OK, 0..size, None),
        Part::Bytes(bytes) => {
            let content_range = format!("bytes {}-{}/{size}", bytes.start, bytes.end - 1);
            (StatusCode::PARTIAL_CONTENT, bytes, Some(content_range))
        }
        Part::Unsatisfiable => {
            let headers = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            let text = "the file ends before the part that was asked for";
            return Ok((headers, words(StatusCode::RANGE_NOT_SATISFIABLE, text)).into_response());
        }
    };
    let own = [(header::CONTENT_LENGTH, (bytes.end - bytes.start).to_string())];
    let content_range = content_range.map(|range| [(header::CONTENT_RANGE, range)]);
    let body = Body::from_stream(state.assets.open_range(&asset, bytes).await?);
    let mut response = (status, common, own, body).into_response();
    for (name, value) in content_range.into_iter().flatten() {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether a list of tags names this one; a weak tag will do for reading.
fn names(tags: &str, tag: &str) -> bool {
    tags.split(',').map(str::trim).any(|held| held == "*" || held.strip_prefix("W/").unwrap_or(held) == tag)
}

fn common_headers(asset: &Asset, tag: &str, left: Duration) -> [(HeaderName, String); 7] {
    let fresh_s = left.min(FRESH).as_secs();
    [
        (header::CONTENT_TYPE, asset.media_type.as_str().to_owned()),
        (header::CONTENT_DISPOSITION, disposition(asset)),
        (header::ETAG, tag.to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CACHE_CONTROL, format!("private, max-age={fresh_s}")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        // Should a browser ever take a picture for a page, that page can do nothing.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ]
}

/// Shown in place, and saved under a name whose ending is that of the content.
fn disposition(asset: &Asset) -> String {
    let is_ending = |text: &str| text.len() <= 4 && text.chars().all(|char| char.is_ascii_alphanumeric());
    let stem = match asset.file_name.rsplit_once('.') {
        Some((stem, ending)) if is_ending(ending) => stem,
        _ => asset.file_name.as_str(),
    };
    let extension = asset.media_type.extension();
    let stem = if stem.trim().is_empty() { "atelier" } else { stem };
    let plain: String =
        stem.chars().map(|char| if is_plain(char) || char == ' ' { char } else { '_' }).collect();
    format!("inline; filename=\"{plain}.{extension}\"; filename*=UTF-8''{}.{extension}", encoded(stem))
}

fn is_plain(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.')
}

/// The text as the value of an extended header parameter (RFC 8187).
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if is_plain(char::from(byte)) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::{BlobHash, MediaType, Origin};
    use crate::clock::Timestamp;
    use crate::id::MemberId;

    fn named(file_name: &str) -> Asset {
        let now = Timestamp::from_millis(0);
        Asset {
            id: AssetId::new(now),
            owner: MemberId::new(now),
            blob: BlobHash::of(b"x"),
            media_type: MediaType::Jpeg,
            size_bytes: 1,
            width_px: 1,
            height_px: 1,
            origin: Origin::Upload,
            created_at: now,
            file_name: file_name.to_owned(),
        }
    }

    #[test]
    fn names_are_harmless_and_end_like_the_content() {
        let table = [
            ("cat.png", "inline; filename=\"cat.jpg\"; filename*=UTF-8''cat.jpg"),
            ("", "inline; filename=\"atelier.jpg\"; filename*=UTF-8''atelier.jpg"),
            ("a\"; x=\"b", "inline; filename=\"a__ x__b.jpg\"; filename*=UTF-8''a%22%3B%20x%3D%22b.jpg"),
            ("Żółw.jpeg", "inline; filename=\"___w.jpg\"; filename*=UTF-8''%C5%BB%C3%B3%C5%82w.jpg"),
        ];
        for (name, expected) in table {
            assert_eq!(disposition(&named(name)), expected, "{name}");
        }
    }

    #[test]
    fn tags_are_found_in_lists() {
        for (tags, found) in
            [("\"a\"", true), ("W/\"a\"", true), ("\"b\", \"a\"", true), ("*", true), ("\"b\"", false)]
        {
            assert_eq!(names(tags, "\"a\""), found, "{tags}");
        }
    }
}
