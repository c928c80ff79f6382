//! What stands in the menu of every message (Apps → …), and what choosing it says. Pure.

use serde_json::{Value, json};
use serenity::all::{ActionRowComponent, Attachment, Button, ButtonKind, CommandInteraction};

use crate::dialogue::{FileRef, Line, Said};

/// Makes the pictures of a message, whoever wrote it, those of a request.
pub(super) const USE: &str = "Use this picture";
/// Makes four variants of the pictures of a message of ours.
pub(super) const MORE: &str = "More like this";
/// Says how they were made, to the one who asks alone.
pub(super) const ABOUT: &str = "About this picture";

/// As Discord wants to be told of them.
pub(super) fn commands() -> [Value; 3] {
    let command = |name: &str, german: &str, spanish: &str| json!({"name": name, "type": 3, "name_localizations": {"de": german, "es-ES": spanish}});
    [
        command(USE, "Dieses Bild verwenden", "Usar esta imagen"),
        command(MORE, "Mehr davon", "Más como esta"),
        command(ABOUT, "Über dieses Bild", "Sobre esta imagen"),
    ]
}

/// What is behind a button of the daemon's under the message, whichever: the daemon knows the message by it.
pub(super) fn token(command: &CommandInteraction) -> Option<String> {
    let rows = command.data.resolved.messages.values().flat_map(|message| &message.components);
    let mut buttons = rows.flat_map(|row| &row.components).filter_map(|button| match button {
        ActionRowComponent::Button(Button { data: ButtonKind::NonLink { custom_id, .. }, .. }) => {
            Some(custom_id.as_str())
        }
        _ => None,
    });
    let token = buttons.find(|token| !token.starts_with('!'))?;
    Some(token.to_owned())
}

/// A file of a message or command.
pub(super) fn file(file: &Attachment) -> FileRef {
    FileRef { reference: file.url.clone(), name: file.filename.clone(), size_bytes: file.size.into() }
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
    Said::Words { text: String::new(), files: pictures.into_iter().map(file).collect() }
}

fn is_picture(file: &Attachment) -> bool {
    file.content_type.as_deref().is_some_and(|kind| kind.starts_with("image/"))
}
