//! Conversations and their cards.

use jiff::Timestamp;

use super::{Job, Quote};

/// A conversation in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conversation {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) title: String,
    /// When something was last said.
    pub(crate) updated_at: Option<Timestamp>,
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// When; unknown for cards that are just arriving.
    pub(crate) said_at: Option<Timestamp>,
    /// By whom.
    pub(crate) said: Said,
}

/// Who said what.
#[expect(clippy::large_enum_variant, reason = "most of what is said are cards")]
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    /// A person.
    Person {
        /// The words.
        text: String,
        /// Names of the pictures that went with them.
        pictures: Vec<String>,
        /// The language model that understood them, where it was not the built-in rules.
        by: Option<&'static str>,
    },
    /// Atelier.
    Card(Card),
}

/// What the daemon says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Card {
    /// A later card with the same id takes this one's place.
    pub(crate) id: String,
    /// What kind it is.
    pub(crate) body: Body,
}

/// Something that can be pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Button {
    /// What stands on it.
    pub(crate) label: String,
    /// What to send.
    pub(crate) token: String,
    /// The key for it.
    pub(crate) key: Option<char>,
    /// Whether it takes something away.
    pub(crate) destructive: bool,
    /// Whether it asks what to change.
    pub(crate) asks: bool,
}

/// Kinds of cards.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    /// Plain words.
    Text {
        /// The words.
        text: String,
        /// What may be pressed next.
        buttons: Vec<Button>,
    },
    /// A question.
    Question {
        /// The question.
        text: String,
        /// Answers to choose from.
        buttons: Vec<Button>,
    },
    /// A price, waiting for yes or no.
    Quote {
        /// What will be made.
        summary: String,
        /// The price and the wait.
        quote: Quote,
        /// Confirm and cancel.
        buttons: Vec<Button>,
    },
    /// A job under way.
    Progress {
        /// The job.
        job: Job,
        /// What is being made.
        summary: String,
        /// Cancel.
        buttons: Vec<Button>,
    },
    /// Finished pictures.
    Result {
        /// The job with its pictures.
        job: Job,
        /// What was made and by what.
        summary: String,
        /// What a person should see.
        notes: Vec<String>,
        /// Again, vary, and so on.
        buttons: Vec<Button>,
    },
    /// Something went wrong.
    Error {
        /// What happened.
        text: String,
        /// What to do now.
        advice: String,
        /// Whether credits were taken.
        charged: bool,
        /// Ways on.
        buttons: Vec<Button>,
    },
}

impl Card {
    /// What can be pressed.
    pub(crate) fn buttons(&self) -> &[Button] {
        match &self.body {
            Body::Text { buttons, .. }
            | Body::Question { buttons, .. }
            | Body::Quote { buttons, .. }
            | Body::Progress { buttons, .. }
            | Body::Result { buttons, .. }
            | Body::Error { buttons, .. } => buttons,
        }
    }

    /// The job it is about.
    pub(crate) fn job(&self) -> Option<&Job> {
        match &self.body {
            Body::Progress { job, .. } | Body::Result { job, .. } => Some(job),
            _ => None,
        }
    }

    /// Its words, for copying.
    pub(crate) fn words(&self) -> String {
        match &self.body {
            Body::Text { text, .. } | Body::Question { text, .. } => text.clone(),
            Body::Quote { summary, .. } => summary.clone(),
            Body::Progress { job, .. } | Body::Result { job, .. } => job.id.clone(),
            Body::Error { text, advice, .. } => format!("{text} {advice}"),
        }
    }
}
