//! What Discord's refusals mean, without addresses: those of interactions hold tokens.

use serenity::{Error, http::HttpError};

use crate::platform::Refusal;

const UNKNOWN_MESSAGE: isize = 10_008;

#[expect(clippy::needless_pass_by_value, reason = "used as the end of a call")]
pub(super) fn refusal(error: Error) -> Refusal {
    match &error {
        Error::Http(HttpError::UnsuccessfulRequest(answer)) => {
            let status = answer.status_code.as_u16();
            match (status, answer.error.code) {
                (_, UNKNOWN_MESSAGE) => Refusal::Gone,
                (429, _) => Refusal::Slow(std::time::Duration::from_secs(1)),
                (500.., _) => Refusal::Unreachable(format!("it answers {status}")),
                (401, 0) => Refusal::Refused("Discord does not know this token".to_owned()),
                (_, code) => Refusal::Refused(format!("{status}, {code}: {}", answer.error.message)),
            }
        }
        Error::Http(HttpError::Request(error)) => {
            let kind = match () {
                () if error.is_timeout() => "no answer in time",
                () if error.is_connect() => "no connection",
                () => "the connection broke",
            };
            Refusal::Unreachable(kind.to_owned())
        }
        Error::Json(_) | Error::Decode(..) => Refusal::Unreachable("an answer that is none".to_owned()),
        // The gateway is told the token in a message; neither its address nor these errors have it.
        Error::Gateway(error) => Refusal::Unreachable(format!("the gateway: {error}")),
        Error::Tungstenite(error) => Refusal::Unreachable(format!("the gateway's connection: {error}")),
        _ => Refusal::Refused("Discord's library refuses it".to_owned()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "used as the end of a call")]
pub(super) fn of_network(error: reqwest::Error) -> Refusal {
    if error.is_status() { Refusal::Gone } else { Refusal::Unreachable("the file can't be read".to_owned()) }
}
