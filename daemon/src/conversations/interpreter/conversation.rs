//! What the interpreter is given: who said what, in order, with which pictures.

use serde::{Deserialize, Serialize};

use super::Intent;

/// A conversation up to the words that ask for an answer now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Everything said, oldest first.
    pub turns: Vec<Turn>,
    /// Whether the labels of the pictures may be used. Without it only their number and order may.
    #[serde(default)]
    pub labels_visible: bool,
    /// The latest complete request of the conversation, whether queued, running or done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_request: Option<Intent>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// Who said it.
    pub from: Speaker,
    /// The words as typed; empty for a picture alone.
    #[serde(default)]
    pub text: String,
    /// What each attached picture shows (`face`, `garment_top`, …), in order of arrival.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
}

/// The two sides of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The person.
    User,
    /// The studio.
    Atelier,
}

impl Turn {
    /// A message of the person, without pictures.
    pub fn user(text: impl Into<String>) -> Self {
        Self { from: Speaker::User, text: text.into(), images: Vec::new() }
    }

    /// A message of the studio.
    pub fn atelier(text: impl Into<String>) -> Self {
        Self { from: Speaker::Atelier, text: text.into(), images: Vec::new() }
    }
}
