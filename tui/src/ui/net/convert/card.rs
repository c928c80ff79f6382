//! Cards and conversations.

use atelier_proto::v1;

use super::job;
use super::{
    super::super::model::{Body, Button, Card, Conversation, Entry, Said},
    clean,
    job::quote,
    moment,
};

/// A card; nothing when it is of a kind that this version does not know.
pub(in super::super) fn card(card: v1::Card) -> Option<Card> {
    use v1::card::Body as Wire;
    let body = match card.body? {
        Wire::Text(text) => Body::Text { text: clean(&text.text), buttons: buttons(text.actions) },
        Wire::Question(question) => {
            Body::Question { text: clean(&question.text), buttons: buttons(question.choices) }
        }
        Wire::Quote(card) => Body::Quote {
            summary: clean(&card.summary),
            quote: quote(&card.quote.unwrap_or_default()),
            buttons: buttons(card.actions),
        },
        Wire::Progress(card) => Body::Progress {
            job: job(card.job.unwrap_or_default()),
            summary: clean(&card.summary),
            buttons: buttons(card.actions),
        },
        Wire::Result(card) => Body::Result {
            job: job(card.job.unwrap_or_default()),
            summary: clean(&card.summary),
            notes: card.notes.iter().map(|note| clean(note)).collect(),
            buttons: buttons(card.actions),
        },
        Wire::Error(card) => Body::Error {
            text: clean(&card.text),
            advice: clean(&card.advice),
            charged: card.charged,
            buttons: buttons(card.actions),
        },
    };
    Some(Card { id: card.card_id, body })
}

fn buttons(actions: Vec<v1::Action>) -> Vec<Button> {
    actions
        .into_iter()
        .map(|action| Button {
            label: clean(&action.label),
            asks: action.act() == v1::Act::Revise,
            key: action.key.chars().next().filter(|key| key.is_alphanumeric()),
            destructive: action.destructive,
            token: action.token,
        })
        .collect()
}

/// One thing that was said; nothing when this version does not know it.
pub(in super::super) fn message(message: v1::Message) -> Option<Entry> {
    let by = match message.understood_by() {
        v1::Interpreter::Endpoint => Some("the language model elsewhere"),
        v1::Interpreter::Local => Some("the language model here"),
        v1::Interpreter::Unspecified | v1::Interpreter::Builtin => None,
    };
    let said = match message.body? {
        v1::message::Body::Person(person) => Said::Person {
            text: clean(&person.text),
            pictures: (1..=person.asset_ids.len()).map(|number| format!("picture {number}")).collect(),
            by,
        },
        v1::message::Body::Card(wire) => Said::Card(card(wire)?),
    };
    Some(Entry { said_at: moment!(message.said_at), said })
}

/// A conversation.
pub(in super::super) fn conversation(conversation: v1::Conversation) -> Conversation {
    Conversation {
        id: conversation.conversation_id,
        title: clean(&conversation.title),
        updated_at: moment!(conversation.updated_at),
    }
}
