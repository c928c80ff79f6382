//! Forms: a field or two in a window of Discord's. What a form is for stands in its id, so that a bot that was started
//! anew understands one that was opened before; pictures can't stand there, and are lost then.

use serde_json::{Value, json};
use serenity::all::{ActionRowComponent, ComponentInteraction, ModalInteraction};

use crate::{
    phrases::{Language, Phrases},
    render::CHANGE,
};

const TRYON: &str = "!t:";
/// Discord's bound for what is typed into a form; the daemon reads more.
const LETTERS: u32 = 4_000;
/// Discord's bounds for headings and for what stands in an empty field.
const HEADING: usize = 45;
const HINT: usize = 100;

/// What a form is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// What to change.
    Change {
        /// What is behind the button that opened it.
        token: String,
    },
    /// What goes with the pictures of a command.
    Tryon {
        /// The command.
        command: i64,
    },
}

impl Form {
    /// The form of an id.
    pub(super) fn read(id: &str) -> Option<Self> {
        if let Some(token) = id.strip_prefix(CHANGE) {
            return Some(Self::Change { token: token.to_owned() });
        }
        let command = id.strip_prefix(TRYON)?.parse().ok()?;
        Some(Self::Tryon { command })
    }

    /// The form that a press opens, if it opens one.
    pub(super) fn of_press(press: &ComponentInteraction) -> Option<Self> {
        Self::read(&press.data.custom_id).filter(|form| matches!(form, Self::Change { .. }))
    }

    /// As an answer to what opens it.
    pub(super) fn open(&self, language: Language) -> Value {
        let phrases = language.phrases();
        let Phrases { change_title, change_label, change_hint, .. } = phrases;
        let Phrases { tryon_title, tryon_label, tryon_hint, .. } = phrases;
        let (id, title, label, hint, least) = match self {
            Self::Change { token } => {
                (format!("{CHANGE}{token}"), change_title, change_label, change_hint, 1)
            }
            Self::Tryon { command } => (format!("{TRYON}{command}"), tryon_title, tryon_label, tryon_hint, 0),
        };
        let field = json!({
            "type": 4,
            "custom_id": "words",
            "style": 2,
            "label": cut(label, HEADING),
            "placeholder": cut(hint, HINT),
            "required": least > 0,
            "min_length": least,
            "max_length": LETTERS,
        });
        let rows = [json!({"type": 1, "components": [field]})];
        json!({"type": 9, "data": {"custom_id": id, "title": cut(title, HEADING), "components": rows}})
    }
}

fn cut(text: &str, letters: usize) -> String {
    text.chars().take(letters).collect()
}

/// What was typed.
pub(super) fn words_of(sent: &ModalInteraction) -> String {
    let fields = sent.data.components.iter().flat_map(|row| &row.components);
    let typed = fields.filter_map(|field| match field {
        ActionRowComponent::InputText(field) => field.value.as_deref(),
        _ => None,
    });
    typed.collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// The request of a try-on: the first picture shows the person, the second the garment.
pub(super) fn tryon(words: &str) -> String {
    let asked = "try on: put the clothes of the second picture on the person in the first";
    if words.is_empty() { asked.to_owned() } else { format!("{asked}. {words}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_known_by_their_ids_and_fit_into_every_language() {
        let change = Form::Change { token: "t.o".to_owned() };
        for form in [change.clone(), Form::Tryon { command: 7 }] {
            for language in Language::ALL {
                let opened = form.open(language);
                let data = &opened["data"];
                let id = data["custom_id"].as_str().unwrap();
                assert_eq!(Form::read(id), Some(form.clone()));
                let field = &data["components"][0]["components"][0];
                for (text, most) in
                    [(&data["title"], HEADING), (&field["label"], HEADING), (&field["placeholder"], HINT)]
                {
                    let letters = text.as_str().unwrap().chars().count();
                    assert!((1..most).contains(&letters), "{text} is cut in {language:?}");
                }
                assert_eq!(field["required"], json!(form == change));
            }
        }
        for other in ["t.o", "!files:x", "!t:", "!t:x", ""] {
            assert_eq!(Form::read(other), None, "{other}");
        }
    }
}
