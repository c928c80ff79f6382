//! What Telegram's refusals mean, without the token: errors of the network carry the address, and the address carries
//! the token, so nothing of them is ever printed.

use teloxide_core::{ApiError, RequestError};

use crate::platform::Refusal;

/// The message shows it already.
pub(super) const NOT_MODIFIED: &str = "not modified";

pub(super) fn refusal(error: RequestError) -> Refusal {
    match error {
        RequestError::RetryAfter(seconds) => Refusal::Slow(seconds.duration()),
        RequestError::Api(ApiError::MessageNotModified) => Refusal::Refused(NOT_MODIFIED.to_owned()),
        RequestError::Api(
            ApiError::MessageToEditNotFound
            | ApiError::MessageToDeleteNotFound
            | ApiError::MessageIdInvalid
            | ApiError::MessageCantBeEdited,
        ) => Refusal::Gone,
        RequestError::Api(ApiError::InvalidToken) => {
            Refusal::Refused("Telegram does not know this token; ask @BotFather for the right one".to_owned())
        }
        RequestError::Api(error) => Refusal::Refused(error.to_string()),
        RequestError::MigrateToChatId(_) => Refusal::Refused("the group became a supergroup".to_owned()),
        RequestError::Network(error) => {
            let kind = match () {
                () if error.is_timeout() => "no answer in time",
                () if error.is_connect() => "no connection",
                () => "the connection broke",
            };
            Refusal::Unreachable(kind.to_owned())
        }
        RequestError::InvalidJson { .. } => Refusal::Unreachable("an answer that is none".to_owned()),
        RequestError::Io(error) => Refusal::Unreachable(format!("reading a file: {:?}", error.kind())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_is_not_there_is_gone() {
        for error in [ApiError::MessageToEditNotFound, ApiError::MessageToDeleteNotFound] {
            assert_eq!(refusal(RequestError::Api(error)), Refusal::Gone);
        }
    }

    #[tokio::test]
    async fn the_token_is_in_no_refusal() {
        const TOKEN: &str = "123456:secret-secret-secret";
        // Nobody listens on port 1 of this machine.
        let nowhere = url::Url::parse("http://127.0.0.1:1").unwrap();
        let bot = super::super::Telegram::new(TOKEN, Some(nowhere));
        let refused = bot.who().await.unwrap_err();
        let told = format!("{refused} {refused:?}");
        assert!(matches!(refused, Refusal::Unreachable(_)), "{told}");
        assert!(!told.contains("secret") && !told.contains("123456"), "{told}");
    }
}
