//! Buttons: small signed tokens that say which act of which message they stand for.
//!
//! A token names the message, never the content, so it fits where chat platforms allow 64 bytes, and it works for
//! ever: the keys that sign buttons are never dropped, and the state is in the daemon.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::{
    accounts::{KeyRing, Purpose},
    id::ConversationId,
};

/// Bytes of the signature that are kept: a forger has one try in 2^96.
const MAC_BYTES: usize = 12;
/// Act, argument, conversation, message number.
const BODY_BYTES: usize = 1 + 1 + 16 + 4;

/// What a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Take a quote.
    Confirm,
    /// Turn a quote down.
    Dismiss,
    /// Give this of the message's answers or suggestions, from 0.
    Choose(u8),
    /// End the message's job.
    Cancel,
    /// The same job once more with a new seed.
    Again,
    /// Four variants of it.
    Vary,
    /// Exactly the same again, after it failed.
    Retry,
    /// The message's request with a change, which is said with the press.
    Revise,
    /// Ask whether the job's pictures shall be deleted.
    Delete,
    /// Delete them.
    DeleteSurely,
    /// Don't.
    Keep,
}

impl Act {
    fn encode(self) -> (u8, u8) {
        match self {
            Self::Confirm => (1, 0),
            Self::Dismiss => (2, 0),
            Self::Choose(answer) => (3, answer),
            Self::Cancel => (4, 0),
            Self::Again => (5, 0),
            Self::Vary => (6, 0),
            Self::Retry => (7, 0),
            Self::Revise => (8, 0),
            Self::Delete => (9, 0),
            Self::DeleteSurely => (10, 0),
            Self::Keep => (11, 0),
        }
    }

    fn decode(act: u8, argument: u8) -> Option<Self> {
        Some(match act {
            1 => Self::Confirm,
            2 => Self::Dismiss,
            3 => Self::Choose(argument),
            4 => Self::Cancel,
            5 => Self::Again,
            6 => Self::Vary,
            7 => Self::Retry,
            8 => Self::Revise,
            9 => Self::Delete,
            10 => Self::DeleteSurely,
            11 => Self::Keep,
            _ => return None,
        })
    }
}

/// A button of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Button {
    /// The conversation.
    pub(super) conversation: ConversationId,
    /// The message.
    pub(super) message: u32,
    /// What it does.
    pub(super) act: Act,
}

impl Button {
    /// The token to put behind the button.
    #[must_use]
    pub(super) fn sign(&self, keys: &KeyRing) -> String {
        let (act, argument) = self.act.encode();
        let mut bytes = vec![act, argument];
        bytes.extend_from_slice(self.conversation.as_bytes());
        bytes.extend_from_slice(&self.message.to_be_bytes());
        let key = keys.current(Purpose::Buttons);
        let mac = key.sign(&[&bytes]);
        bytes.extend_from_slice(&mac[..MAC_BYTES]);
        format!("{}.{}", key.kid(), URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The button of a token; none when it was not signed here.
    #[must_use]
    pub(super) fn verify(token: &str, keys: &KeyRing) -> Option<Self> {
        let (kid, body) = token.split_once('.')?;
        let bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
        let (body, mac) = bytes.split_at_checked(BODY_BYTES)?;
        let key = keys.find(Purpose::Buttons, kid)?;
        if mac.len() != MAC_BYTES
            || !bool::from(subtle::ConstantTimeEq::ct_eq(&key.sign(&[body])[..MAC_BYTES], mac))
        {
            return None;
        }
        let conversation = Uuid::from_slice(&body[2..18]).ok()?;
        Some(Self {
            conversation: ConversationId::from_uuid(conversation),
            message: u32::from_be_bytes(body[18..22].try_into().ok()?),
            act: Act::decode(body[0], body[1])?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn tokens_are_short_survive_and_cannot_be_changed() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::from_millis(1_000);
        let keys = KeyRing::open(folder.path(), now).unwrap();
        let acts = [
            Act::Confirm,
            Act::Dismiss,
            Act::Choose(7),
            Act::Cancel,
            Act::Again,
            Act::Vary,
            Act::Retry,
            Act::Revise,
            Act::Delete,
            Act::DeleteSurely,
            Act::Keep,
        ];
        for act in acts {
            let button = Button { conversation: ConversationId::new(now), message: 70_000, act };
            let token = button.sign(&keys);
            // Bots put up to three letters before some.
            assert!(token.len() + 3 <= 64, "{} bytes are too many for a chat button", token.len());
            assert_eq!(Button::verify(&token, &keys), Some(button));
            for place in 0..token.len() {
                let mut forged = token.clone().into_bytes();
                forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
                let forged = String::from_utf8(forged).unwrap();
                if let Some(other) = Button::verify(&forged, &keys) {
                    // The last character holds spare bits that decode to the same bytes.
                    assert_eq!(other, button, "{forged}");
                }
            }
        }
        for nonsense in ["", ".", "a.b", "🦀.🦀"] {
            assert_eq!(Button::verify(nonsense, &keys), None);
        }
    }

    #[test]
    fn tokens_outlive_a_new_key() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::from_millis(1_000);
        let keys = KeyRing::open(folder.path(), now).unwrap();
        let button = Button { conversation: ConversationId::new(now), message: 1, act: Act::Again };
        let token = button.sign(&keys);
        keys.rotate(Purpose::Buttons, now).unwrap();
        keys.maintain(Timestamp::from_millis(i64::MAX / 2)).unwrap();
        assert_eq!(Button::verify(&token, &keys), Some(button));
    }
}
