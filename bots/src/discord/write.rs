//! Messages as Discord takes them. Nobody is pinged: people's own words are in them.

use serde_json::{Value, json};

use crate::render::{Button, Message, Style};

/// Names a list; which of its lines was chosen comes with the choice.
const LIST: &str = "!list";
const EPHEMERAL: u64 = 1 << 6;
/// People's own words may hold addresses; nobody asked for a picture of them.
const SUPPRESS_EMBEDS: u64 = 1 << 2;

/// What `POST` and `PATCH` of messages take.
pub(super) fn body(message: &Message) -> Value {
    json!({
        "content": message.text,
        "components": components(message),
        "allowed_mentions": {"parse": []},
        "flags": SUPPRESS_EMBEDS,
    })
}

/// The same for one pair of eyes.
pub(super) fn alone(message: &Message) -> Value {
    let mut body = body(message);
    body["flags"] = json!(SUPPRESS_EMBEDS | EPHEMERAL);
    body
}

/// The buttons alone.
pub(super) fn buttons(message: &Message) -> Value {
    json!({"components": components(message)})
}

fn components(message: &Message) -> Vec<Value> {
    let row =
        |row: &Vec<Button>| json!({"type": 1, "components": row.iter().map(button).collect::<Vec<_>>()});
    let option = |button: &Button| json!({"label": button.label, "value": button.token});
    let list = (!message.list.is_empty()).then(|| {
        let options: Vec<_> = message.list.iter().map(option).collect();
        let list = json!({"type": 3, "custom_id": LIST, "options": options});
        json!({"type": 1, "components": [list]})
    });
    message.buttons.iter().map(row).chain(list).collect()
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
