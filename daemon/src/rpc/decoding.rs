//! Messages that can't be decoded are the caller's mistake. The library answers INTERNAL for them; this puts it
//! right.

use http::{HeaderMap, HeaderValue, Response};
use tonic::{Code, Status, body::Body};

/// How the library begins the message of such an answer.
const UNDECODABLE: &str = "failed to decode Protobuf message";

/// The answer to a unary call: what could not be decoded becomes INVALID_ARGUMENT.
pub(super) fn blame_caller(mut response: Response<Body>) -> Response<Body> {
    let status = Status::from_header_map(response.headers());
    if let Some(status) = status.filter(is_undecodable) {
        let headers: &mut HeaderMap = response.headers_mut();
        headers.insert("grpc-status", HeaderValue::from(i32::from(Code::InvalidArgument)));
        if let Ok(message) = HeaderValue::from_str(&words(status.message())) {
            headers.insert("grpc-message", message);
        }
    }
    response
}

/// The same for the messages of a stream.
pub(super) fn blame_sender(status: Status) -> Status {
    if is_undecodable(&status) { Status::invalid_argument(words(status.message())) } else { status }
}

fn is_undecodable(status: &Status) -> bool {
    status.code() == Code::Internal && status.message().starts_with(UNDECODABLE)
}

/// Says which field it is, where the library knows it: it names the innermost one first, as `Type.field`. Plain
/// ASCII without a percent sign, so that it can be a header as it is.
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
