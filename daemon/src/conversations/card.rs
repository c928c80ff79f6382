//! Cards: what Atelier says, the same for every face.

use std::collections::HashMap;

use super::{
    button::{Act, Button},
    records::{Message, QuoteOutcome, Reason, Said},
    wording,
};
use crate::{
    accounts::KeyRing,
    id::{ConversationId, JobId},
    jobs::{
        Ahead, Quote,
        job::{Job, State},
    },
};

/// A card.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The message that it shows; a later card of the same message takes its place.
    pub message: u32,
    /// What it shows.
    pub body: Body,
    /// What may be pressed.
    pub actions: Vec<Action>,
    /// Whether what it showed was deleted.
    pub deleted: bool,
    /// Whether it differs in its buttons alone from the message whose button was pressed.
    pub only_buttons: bool,
}

/// What a card shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Plain words.
    Text {
        /// The words.
        text: String,
        /// Whether they turn a request away.
        refusal: bool,
    },
    /// A question.
    Question(String),
    /// A price.
    Quote {
        /// What will be made.
        summary: String,
        /// The price; none where it is history.
        quote: Option<Box<Quote>>,
        /// The price as it was told.
        price_credits: u64,
    },
    /// A job under way.
    Progress {
        /// The job.
        job: Box<Job>,
        /// What it makes.
        summary: String,
        /// Jobs ahead of it.
        ahead: u32,
    },
    /// A finished job.
    Result {
        /// The job.
        job: Box<Job>,
        /// What it made.
        summary: String,
        /// What a person should know.
        notes: Vec<String>,
    },
    /// Something went wrong; nothing was charged.
    Error {
        /// What.
        text: String,
        /// What to do.
        advice: String,
        /// Why, for programs.
        reason: Reason,
    },
}

/// Something that may be pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What stands on it.
    pub label: String,
    /// Its token.
    pub token: String,
    /// Its key; empty for none.
    pub key: &'static str,
    /// Whether it takes something away.
    pub destructive: bool,
    /// What it does.
    pub act: Act,
}

/// What drawing a card needs besides the message.
pub(super) struct Surroundings<'a> {
    /// Signs buttons.
    pub(super) keys: &'a KeyRing,
    /// The conversation.
    pub(super) conversation: ConversationId,
    /// The job that the message is about, if it is there still.
    pub(super) job: Option<Job>,
    /// Jobs ahead of each waiting one.
    pub(super) ahead: &'a HashMap<JobId, Ahead>,
    /// Whether a finished job's card asks if it shall be deleted. Kept nowhere: looked at again, it asks no more.
    pub(super) deleting: bool,
}

/// The card of a message of Atelier's; none for a person's.
#[must_use]
pub(super) fn draw(number: u32, message: &Message, around: &Surroundings<'_>) -> Option<Card> {
    let button = |label: &str, key: &'static str, act: Act| Action {
        label: label.to_owned(),
        token: Button { conversation: around.conversation, message: number, act }.sign(around.keys),
        key,
        destructive: matches!(act, Act::Cancel | Act::Dismiss | Act::Delete | Act::DeleteSurely),
        act,
    };
    let choices = |answers: &[String]| -> Vec<Action> {
        let numbered = (0_u8..).zip(answers);
        numbered.map(|(place, answer)| button(answer, "", Act::Choose(place))).collect()
    };
    let deleted = matches!(message.said, Said::Job { .. }) && around.job.is_none();
    let (body, actions) = match &message.said {
        Said::Person { .. } => return None,
        Said::Text { text, suggestions, refusal } => {
            (Body::Text { text: text.clone(), refusal: *refusal }, choices(suggestions))
        }
        Said::Question { text } => (Body::Question(text.clone()), Vec::new()),
        Said::Quote { work, price_credits, outcome, .. } => {
            let actions = match outcome {
                QuoteOutcome::Open => {
                    vec![
                        button("Make it", "enter", Act::Confirm),
                        button("Not now", "", Act::Dismiss),
                        button("Change …", "c", Act::Revise),
                    ]
                }
                QuoteOutcome::Taken | QuoteOutcome::Dismissed => Vec::new(),
            };
            let summary = match outcome {
                QuoteOutcome::Dismissed => format!("{} (not made)", work.summary()),
                QuoteOutcome::Open | QuoteOutcome::Taken => work.summary(),
            };
            (Body::Quote { summary, quote: None, price_credits: *price_credits }, actions)
        }
        Said::Job { summary, notes, .. } => match &around.job {
            None => (plain(format!("{summary} (deleted)")), Vec::new()),
            Some(job) => of_job(job, summary, notes, around, &button),
        },
        Said::Error { text, advice, reason } => {
            (Body::Error { text: text.clone(), advice: advice.clone(), reason: *reason }, Vec::new())
        }
    };
    Some(Card { message: number, body, actions, deleted, only_buttons: false })
}

fn plain(text: String) -> Body {
    Body::Text { text, refusal: false }
}

fn of_job(
    job: &Job,
    summary: &str,
    notes: &[String],
    around: &Surroundings<'_>,
    button: &dyn Fn(&str, &'static str, Act) -> Action,
) -> (Body, Vec<Action>) {
    match &job.state {
        State::Queued { .. } | State::Running => {
            let ahead = around.ahead.get(&job.id).map_or(0, |ahead| ahead.jobs);
            let body = Body::Progress { job: Box::new(job.clone()), summary: summary.to_owned(), ahead };
            (body, vec![button("Cancel", "x", Act::Cancel)])
        }
        State::Succeeded => {
            let settings = job.pictures.first().map_or("", |picture| picture.settings.as_str());
            let notes = notes.iter().cloned().chain(wording::notes_of(settings)).collect();
            let (job, summary) = (Box::new(job.clone()), summary.to_owned());
            let actions = if around.deleting {
                vec![button("Delete for good", "", Act::DeleteSurely), button("Keep it", "", Act::Keep)]
            } else {
                vec![
                    button("Again", "r", Act::Again),
                    button("4 variants", "v", Act::Vary),
                    button("Change …", "c", Act::Revise),
                    button("Delete", "", Act::Delete),
                ]
            };
            (Body::Result { job, summary, notes }, actions)
        }
        State::Failed { message, .. } => {
            let body = Body::Error {
                text: format!("{summary}: {message}"),
                advice: "No credits were taken. Try again, or say it differently.".to_owned(),
                reason: Reason::Failed,
            };
            (body, vec![button("Try again", "r", Act::Retry)])
        }
        State::Cancelled { .. } => {
            let body = plain(format!("{summary}: cancelled. No credits were taken."));
            (body, vec![button("Start it again", "r", Act::Retry)])
        }
    }
}
