//! The commands, as Discord wants to be told of them.

use serde_json::{Value, json};

use super::message_menu;
use crate::phrases::Language;

/// What is answered to one pair of eyes only.
pub(super) const PRIVATE: [&str; 9] =
    ["balance", "queue", "help", "link", "unlink", "privacy", "forget", "new", message_menu::ABOUT];

/// The command that takes two pictures and opens a form.
pub(super) const TRYON: &str = "tryon";

/// Commands that take words and a photo.
pub(super) const REQUESTS: [(&str, &str); 2] =
    [("thumbnail", "A thumbnail: say what it is about"), ("image", "A picture: say what it shows")];

pub(super) fn commands() -> Value {
    let option = |kind: u8, name: &str, says: &str, required: bool| json!({"type": kind, "name": name, "description": says, "required": required});
    let mut commands: Vec<Value> = REQUESTS
        .iter()
        .map(|(name, says)| {
            let options = [
                option(3, "about", "In your own words", true),
                option(11, "photo", "A photo to put into it", false),
            ];
            json!({"name": name, "description": says, "options": options})
        })
        .collect();
    let options = [
        option(11, "person", "A photo of the person", true),
        option(11, "garment", "A picture of the clothes", true),
    ];
    commands.push(
        json!({"name": TRYON, "description": "Clothes of one picture on a person", "options": options}),
    );
    let english = Language::English.phrases();
    for (number, (name, says)) in english.commands.menu().into_iter().enumerate() {
        let translated: serde_json::Map<_, _> = [(Language::German, "de"), (Language::Spanish, "es-ES")]
            .into_iter()
            .map(|(language, code)| (code.to_owned(), json!(language.phrases().commands.menu()[number].1)))
            .collect();
        let mut command = json!({"name": name, "description": says, "description_localizations": translated});
        if name == "link" {
            command["options"] = json!([option(3, "code", "The code that `atelier link` shows", false)]);
        }
        commands.push(command);
    }
    commands.push(json!({"name": "unlink", "description": "Separate this chat from my account"}));
    commands.extend(message_menu::commands());
    Value::Array(commands)
}
