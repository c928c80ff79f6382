//! Messages as Discord takes them. Nobody is pinged: people's own words are in them.

use serde_json::{Value, json};

use crate::render::{Button, Message, Style};

const EPHEMERAL: u64 = 1 << 6;
/// People's own words may hold addresses; nobody asked for a picture of them.
const SUPPRESS_EMBEDS: u64 = 1 << 2;

/// What `POST` and `PATCH` of messages take.
pub(super) fn body(message: &Message) -> Value {
    let row =
        |row: &Vec<Button>| json!({"type": 1, "components": row.iter().map(button).collect::<Vec<_>>()});
    json!({
        "content": message.text,
        "components": message.buttons.iter().map(row).collect::<Vec<_>>(),
        "allowed_mentions": {"parse": []},
        "flags": SUPPRESS_EMBEDS,
    })
}

/// For one pair of eyes.
pub(super) fn private(words: &str) -> Value {
    json!({"content": words, "allowed_mentions": {"parse": []}, "flags": EPHEMERAL})
}

/// Makes it an answer to a message, which somebody may have deleted.
pub(super) fn answering(body: &mut Value, message: i64) {
    body["message_reference"] = json!({"message_id": message.to_string(), "fail_if_not_exists": false});
}

fn button(button: &Button) -> Value {
    let style = match button.style {
        Style::Primary => 1,
        Style::Secondary => 2,
        Style::Danger => 4,
    };
    json!({"type": 2, "style": style, "label": button.label, "custom_id": button.token})
}

/// "Is thinking …", for everybody or for one pair of eyes.
pub(super) fn promise(private: bool) -> Value {
    json!({"type": 5, "data": {"flags": if private { EPHEMERAL } else { 0 }}})
}

/// A press was noticed.
pub(super) fn noticed() -> Value {
    json!({"type": 6})
}
