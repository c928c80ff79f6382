//! Conversations: words in, cards out.
//!
//! The [`interpreter`] turns what was said into one intent, `request` turns intents into work, `answer` decides what
//! to say, and [`Conversations`] keeps what was said and streams the cards. A job's card is kept as the job alone
//! and drawn when somebody looks, so a conversation is right after any restart.

mod amend;
mod answer;
mod button;
mod card;
mod draw;
mod hand_over;
pub mod interpreter;
mod picture;
mod records;
mod request;
mod service;
mod speak;
mod wording;

pub use self::{
    button::Act,
    card::{Action, Body, Card},
    records::{Conversation, Message, Reason, Said},
    service::{ConversationError, Conversations, ConversationsParts, Speaker, starters},
    speak::Pressed,
};
