//! Messages that can't be decoded are the caller's mistake. The library answers INTERNAL or OUT_OF_RANGE for them,
//! in its own words; this puts it right.

use http::{HeaderMap, HeaderValue, Response};
use tonic::{Code, Status, body::Body};

/// How the library begins its message about bytes that are none of ours.
const UNDECODABLE: &str = "failed to decode Protobuf message";
/// How it begins the one about too many bytes.
const TOO_LONG: &str = "Error, decoded message length too large";

/// The answer to a unary call: what could not be decoded becomes INVALID_ARGUMENT.
pub(super) fn blame_caller(mut response: Response<Body>) -> Response<Body> {
    let status = Status::from_header_map(response.headers());
    if let Some(words) = status.as_ref().and_then(mistake) {
        let headers: &mut HeaderMap = response.headers_mut();
        headers.insert("grpc-status", HeaderValue::from(i32::from(Code::InvalidArgument)));
        if let Ok(message) = HeaderValue::from_str(&words) {
            headers.insert("grpc-message", message);
        }
    }
    response
}

/// The same for the messages of a stream.
pub(super) fn blame_sender(status: Status) -> Status {
    mistake(&status).map_or(status, Status::invalid_argument)
}

/// What is wrong with a message that could not be decoded; none for every other status. Plain ASCII without a
/// percent sign, so that it can be a header as it is.
fn mistake(status: &Status) -> Option<String> {
    let message = status.message();
    match status.code() {
        Code::Internal if message.starts_with(UNDECODABLE) => Some(words(message)),
        Code::OutOfRange if message.starts_with(TOO_LONG) => {
            Some("the message is too long: it has at most 1 MiB, and files come in pieces".to_owned())
        }
        _ => None,
    }
}

/// Says which field it is, where the library knows it: it names the innermost one first, as `Type.field`.
fn words(message: &str) -> String {
    let detail = message.trim_start_matches(UNDECODABLE).trim_start_matches(':').trim();
    let innermost = detail.split(':').next().and_then(|place| place.split_once('.'));
    let is_name =
        |field: &str| field.bytes().all(|byte| byte.is_ascii_lowercase() || b"_0123456789".contains(&byte));
    match innermost {
        Some((_, field)) if is_name(field) => {
            format!("{field}: can't be read; texts must be UTF-8, and the fields as in the schema")
        }
        _ => "the message can't be read; texts must be UTF-8, and the fields as in the schema".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_field_is_named() {
        for (message, begins) in [
            (
                "failed to decode Protobuf message: A.subject: B.request: invalid string value",
                "subject: can't",
            ),
            ("failed to decode Protobuf message: invalid wire type: Varint", "the message can't"),
            ("failed to decode Protobuf message: buffer underflow", "the message can't"),
        ] {
            assert!(words(message).starts_with(begins), "{message}");
        }
    }
}
