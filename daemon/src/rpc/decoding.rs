//! Messages that can't be decoded are the caller's mistake. The library answers INTERNAL for them; this puts it
//! right.

use http::{HeaderMap, HeaderValue, Response};
use tonic::{Code, Status, body::Body};

/// How the library begins the message of such an answer.
const UNDECODABLE: &str = "failed to decode Protobuf message";
const WORDS: &str = "the message can't be read: texts must be UTF-8, and the fields as in the schema";

/// The answer to a unary call: what could not be decoded becomes INVALID_ARGUMENT.
pub(super) fn blame_caller(mut response: Response<Body>) -> Response<Body> {
    let status = Status::from_header_map(response.headers());
    if let Some(status) = status.filter(is_undecodable) {
        let headers: &mut HeaderMap = response.headers_mut();
        headers.insert("grpc-status", HeaderValue::from(i32::from(Code::InvalidArgument)));
        let detail = status.message().trim_start_matches(UNDECODABLE).trim_start_matches(':').trim();
        let message = percent_encoded(&format!("{WORDS} ({detail})"));
        if let Ok(message) = HeaderValue::from_str(&message) {
            headers.insert("grpc-message", message);
        }
    }
    response
}

/// The same for the messages of a stream.
pub(super) fn blame_sender(status: Status) -> Status {
    if is_undecodable(&status) { Status::invalid_argument(WORDS) } else { status }
}

fn is_undecodable(status: &Status) -> bool {
    status.code() == Code::Internal && status.message().starts_with(UNDECODABLE)
}

/// Anything but plain ASCII is written as %XX, as the protocol asks for `grpc-message`.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if (b' '..=b'~').contains(&byte) && byte != b'%' {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
