//! Whether a value conforms to a schema, for the few keywords that the schema of the intents uses.

use serde_json::{Map, Value};

/// Why a value does not conform, with the place.
pub(super) fn problem(schema: &Value, value: &Value, place: &str) -> Option<String> {
    if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
        return any_of(choices, value, place);
    }
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
        && !allowed.contains(value)
    {
        return Some(format!("{place} is none of {}", Value::Array(allowed.clone())));
    }
    let number = |name: &str| schema.get(name).and_then(Value::as_u64);
    let within = |size: u64, least: &str, most: &str| {
        number(least).is_none_or(|least| size >= least) && number(most).is_none_or(|most| size <= most)
    };
    let fits = match (schema.get("type").and_then(Value::as_str), value) {
        (Some("object"), Value::Object(fields)) => return in_object(schema, fields, place),
        (Some("array"), Value::Array(items)) => {
            let inner = schema.get("items").unwrap_or(&Value::Null);
            let wrong = items
                .iter()
                .enumerate()
                .find_map(|(at, item)| problem(inner, item, &format!("{place}[{at}]")));
            if wrong.is_some() {
                return wrong;
            }
            within(items.len() as u64, "minItems", "maxItems")
        }
        (Some("string"), Value::String(text)) => {
            within(text.chars().count() as u64, "minLength", "maxLength")
        }
        (Some("integer"), Value::Number(whole)) => {
            whole.as_u64().is_some_and(|whole| within(whole, "minimum", "maximum"))
        }
        (Some("boolean"), Value::Bool(_)) => true,
        _ => false,
    };
    (!fits).then(|| format!("{place} must be {schema}"))
}

/// The choice that has the value's `intent` tells best what is wrong.
fn any_of(choices: &[Value], value: &Value, place: &str) -> Option<String> {
    let tag = |choice: &&Value| {
        let named = choice.pointer("/properties/intent/enum/0");
        named.is_some() && named == value.get("intent")
    };
    match choices.iter().find(tag) {
        Some(choice) => problem(choice, value, place),
        None => Some(format!("{place}intent is not known: {}", value.get("intent").unwrap_or(&Value::Null))),
    }
}

fn in_object(schema: &Value, fields: &Map<String, Value>, place: &str) -> Option<String> {
    let properties = schema.get("properties").and_then(Value::as_object)?;
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    let lacks = required.filter_map(Value::as_str).find(|name| !fields.contains_key(*name));
    if let Some(name) = lacks {
        return Some(format!("{place}{name} is missing"));
    }
    fields.iter().find_map(|(name, value)| match properties.get(name) {
        Some(inner) => problem(inner, value, &format!("{place}{name}")),
        None => Some(format!("{place}{name} is not a field of this")),
    })
}
