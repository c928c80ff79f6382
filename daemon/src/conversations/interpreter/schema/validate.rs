//! The one check of every interpreter's answer.

use serde_json::Value;

use super::{conform, schema};
use crate::conversations::interpreter::{Conversation, Intent};

/// Why an answer is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// It does not conform to the schema.
    #[error("{0}")]
    Form(String),
    /// It speaks of a picture that was not sent.
    #[error("{field} is picture {index}, but {sent} were sent")]
    NoPicture {
        /// The field.
        field: String,
        /// What it says.
        index: u64,
        /// How many there are.
        sent: usize,
    },
}

/// Takes an answer as JSON. A field that is `null` or an empty list counts as not there; what a `clarify` has understood
/// so far is for the built-in interpreter's own use and not looked at.
///
/// # Errors
/// The first thing that is wrong.
pub fn validate(mut answer: Value, conversation: &Conversation) -> Result<Intent, Invalid> {
    if let Some(fields) = answer.as_object_mut() {
        fields.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()));
    }
    let partial = answer.as_object_mut().and_then(|fields| fields.remove("partial"));
    if let Some(problem) = conform::problem(schema(), &answer, "") {
        return Err(Invalid::Form(problem));
    }
    let sent: usize = conversation.turns.iter().map(|turn| turn.images.len()).sum();
    for (field, value) in answer.as_object().into_iter().flatten() {
        // Fields of pictures end so; the schema says that they are numbers.
        if field.ends_with("image") || field.ends_with("images") || field == "document" {
            let indexes = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for index in indexes.iter().filter_map(Value::as_u64) {
                if index >= sent as u64 {
                    return Err(Invalid::NoPicture { field: field.clone(), index, sent });
                }
            }
        }
    }
    if let (Some(partial), Some(fields)) = (partial, answer.as_object_mut()) {
        fields.insert("partial".to_owned(), partial);
    }
    serde_json::from_value(answer).map_err(|error| Invalid::Form(error.to_string()))
}
