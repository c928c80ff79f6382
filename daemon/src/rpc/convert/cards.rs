//! Cards and messages.

use std::collections::HashMap;

use atelier_proto::v1 as wire;

use super::{jobs, time};
use crate::{
    conversations::{Act, Action, Body, Card, Conversation, Message, Reason, Said, interpreter::Source},
    id::JobId,
    jobs::Ahead,
};

pub(in crate::rpc) fn conversation(conversation: &Conversation) -> wire::Conversation {
    wire::Conversation {
        conversation_id: conversation.id.to_string(),
        title: conversation.title.clone(),
        created_at: Some(time(conversation.created_at)),
        updated_at: Some(time(conversation.updated_at)),
        message_count: conversation.messages,
    }
}

pub(in crate::rpc) fn message(
    number: u32,
    message: &Message,
    card: Option<Card>,
    ahead: &HashMap<JobId, Ahead>,
) -> wire::Message {
    let body = match (&message.said, card) {
        (Said::Person { text, pictures, .. }, _) => Some(wire::message::Body::Person(wire::PersonMessage {
            text: text.clone(),
            asset_ids: pictures.iter().map(ToString::to_string).collect(),
        })),
        (_, Some(drawn)) => Some(wire::message::Body::Card(self::card(drawn, ahead))),
        (_, None) => None,
    };
    let by = match (&message.said, message.understood_by) {
        (Said::Person { .. }, Source::Builtin) => wire::Interpreter::Builtin,
        (Said::Person { .. }, Source::Endpoint) => wire::Interpreter::Endpoint,
        (Said::Person { .. }, Source::Local) => wire::Interpreter::Local,
        _ => wire::Interpreter::Unspecified,
    };
    wire::Message { number, said_at: Some(time(message.at)), body, understood_by: by.into() }
}

fn action(action: Action) -> wire::Action {
    wire::Action {
        label: action.label,
        token: action.token,
        key: action.key.to_owned(),
        destructive: action.destructive,
        act: act(action.act).into(),
    }
}

fn act(act: Act) -> wire::Act {
    match act {
        Act::Confirm => wire::Act::Confirm,
        Act::Dismiss => wire::Act::Dismiss,
        Act::Choose(_) => wire::Act::Choose,
        Act::Cancel => wire::Act::Cancel,
        Act::Again => wire::Act::Again,
        Act::Vary => wire::Act::Vary,
        Act::Retry => wire::Act::Retry,
        Act::Revise => wire::Act::Revise,
        Act::Delete => wire::Act::Delete,
        Act::DeleteSurely => wire::Act::DeleteSurely,
        Act::Keep => wire::Act::Keep,
    }
}

pub(in crate::rpc) fn card(card: Card, ahead: &HashMap<JobId, Ahead>) -> wire::Card {
    use wire::card::Body as Wire;
    let actions = card.actions.into_iter().map(action).collect();
    let body = match card.body {
        Body::Text { text, refusal } => Wire::Text(wire::TextCard { text, actions, refusal }),
        Body::Question(text) => Wire::Question(wire::QuestionCard { text, choices: actions }),
        Body::Quote { summary, quote, price_credits } => {
            // A quote that is history keeps its price alone.
            let past = wire::Quote { price_credits, ..wire::Quote::default() };
            let quote = quote.map_or(past, |quote| jobs::quote(&quote));
            Wire::Quote(wire::QuoteCard { summary, quote: Some(quote), actions })
        }
        Body::Progress { job, summary, ahead: jobs_ahead } => {
            let mut job = jobs::job(&job, ahead);
            job.queue_ahead = jobs_ahead;
            Wire::Progress(wire::ProgressCard { job: Some(job), summary, actions })
        }
        Body::Result { job, summary, notes } => {
            let job = Some(jobs::job(&job, ahead));
            Wire::Result(wire::ResultCard { job, summary, notes, actions })
        }
        Body::Error { text, advice, reason } => {
            let reason = match reason {
                Reason::Other => wire::ErrorReason::Unspecified,
                Reason::Credits => wire::ErrorReason::Credits,
                Reason::Limit => wire::ErrorReason::Limit,
                Reason::Failed => wire::ErrorReason::Failed,
            };
            Wire::Error(wire::ErrorCard { text, advice, charged: false, actions, reason: reason.into() })
        }
    };
    let (card_id, deleted, only_buttons) = (card.message.to_string(), card.deleted, card.only_buttons);
    wire::Card { card_id, body: Some(body), deleted, only_buttons }
}
