//! What stands in the menu of every message (Apps → …), and what choosing it says. Pure.

use serde_json::{Value, json};
use serenity::all::{Attachment, CommandInteraction};

use crate::dialogue::{FileRef, Line, Said};

/// Makes the pictures of a message, whoever wrote it, those of a request.
pub(super) const USE: &str = "Use this picture";

/// As Discord wants to be told of it.
pub(super) fn command() -> Value {
    json!({
        "name": USE,
        "type": 3,
        "name_localizations": {"de": "Dieses Bild verwenden", "es-ES": "Usar esta imagen"},
    })
}

/// What it says that [`USE`] was chosen. Discord brings the message along, so its content needs no intent.
pub(super) fn use_pictures(command: &CommandInteraction) -> Said {
    let messages = command.data.resolved.messages.values();
    let (pictures, others): (Vec<_>, Vec<_>) =
        messages.flat_map(|message| &message.attachments).partition(|file| is_picture(file));
    if pictures.is_empty() {
        let kind = others.first().map_or("text", |file| file.content_type.as_deref().unwrap_or("?"));
        return Said::Only(Line::NotAPicture { kind: Some(kind.to_owned()) });
    }
    let file = |file: &Attachment| FileRef {
        reference: file.url.clone(),
        name: file.filename.clone(),
        size_bytes: file.size.into(),
    };
    Said::Words { text: String::new(), files: pictures.into_iter().map(file).collect() }
}

fn is_picture(file: &Attachment) -> bool {
    file.content_type.as_deref().is_some_and(|kind| kind.starts_with("image/"))
}
