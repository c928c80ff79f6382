//! The one JSON schema of the intents, for interpreters that answer in JSON, and the one check that every answer passes.
//!
//! The schema keeps to what language servers can turn into grammars: `anyOf` of flat objects with closed values. What
//! a schema can't say (whether a picture exists, whether there is a request to change) is in [`validate`].

mod conform;
#[cfg(test)]
mod tests;
mod validate;

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

pub use validate::{Invalid, validate};

/// Longest free text, in characters: more than the rules ever read of a conversation.
const TEXT_CHARS: usize = 8_000;
/// Longest look, colour or field name.
const ITEM_CHARS: usize = 200;
/// Most looks, colours or pictures.
const ITEMS: usize = 64;
/// Longest video, in seconds. What an algorithm can do is checked with the request.
const SECONDS: u32 = 216_000;

/// The schema of all intents.
pub fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Value {
    let thumbnail = [text("subject"), text("title"), aspect(), list("style"), list("palette"), count()]
        .into_iter()
        .chain([index("subject_image"), index("logo_image"), text("template")]);
    let image = [text("prompt"), aspect(), list("style"), count(), index("init_image"), text("negative")];
    let tryon = [mode(TRYON_MODES), index("person_image"), index("top_image"), index("bottom_image")]
        .into_iter()
        .chain([index("dress_image"), count()]);
    let portrait = [text("prompt"), indexes("identity_images"), count(), list("style")];
    let video = [mode(VIDEO_MODES), text("prompt"), seconds(), aspect(), resolution(), format()]
        .into_iter()
        .chain([flag("narration"), flag("captions"), index("image"), index("document")]);
    let changes =
        [text("subject"), text("prompt"), ("title", json!({"type": "string", "maxLength": TEXT_CHARS}))]
            .into_iter()
            .chain([aspect(), list("style"), list("palette"), count(), text("negative"), text("template")])
            .chain([mode(&[TRYON_MODES, VIDEO_MODES].concat()), seconds(), resolution(), format()])
            .chain([flag("narration"), flag("captions"), index("subject_image"), index("logo_image")])
            .chain([index("init_image"), index("person_image"), index("top_image"), index("bottom_image")])
            .chain([index("dress_image"), indexes("identity_images"), index("image"), index("document")]);
    json!({"anyOf": [
        intent("thumbnail", &["subject"], thumbnail),
        intent("image", &["prompt"], image),
        intent("tryon", &["mode", "person_image"], tryon),
        intent("portrait", &["prompt", "identity_images"], portrait),
        intent("video", &["mode"], video),
        intent("revise", &[], changes),
        intent("again", &[], [count()]),
        intent("upscale", &[], [whole("which", 1, 255)]),
        intent("buy", &[], [whole("credits", 1, u32::MAX)]),
        intent("clarify", &["for", "missing"], [
            choice("for", &["thumbnail", "image", "tryon", "portrait", "video"]),
            ("missing", json!({"type": "array", "minItems": 1, "maxItems": MISSING.len(),
                               "items": {"type": "string", "enum": MISSING}})),
        ]),
        intent("refuse", &["reason"], [choice("reason", REASONS)]),
        intent("cancel", &[], []),
        intent("status", &[], []),
        intent("balance", &[], []),
        intent("history", &[], []),
        intent("help", &[], []),
        intent("link_account", &[], []),
        intent("smalltalk", &[], []),
    ]})
}

const TRYON_MODES: &[&str] = &["top", "bottom", "full", "dress"];
const VIDEO_MODES: &[&str] = &["text", "image", "story", "study", "orbit"];
const REASONS: &[&str] = &["sexual", "minor", "violence", "hate", "real_person_deception"];
/// What can be asked for.
const MISSING: &[&str] = &[
    "subject",
    "prompt",
    "person_image",
    "top_image",
    "bottom_image",
    "dress_image",
    "identity_images",
    "image",
];

type Field = (&'static str, Value);

fn intent(name: &str, required: &[&str], fields: impl IntoIterator<Item = Field>) -> Value {
    let mut properties = Map::from_iter([("intent".to_owned(), json!({"type": "string", "enum": [name]}))]);
    properties.extend(fields.into_iter().map(|(name, schema)| (name.to_owned(), schema)));
    let required: Vec<&str> = std::iter::once("intent").chain(required.iter().copied()).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn text(name: &'static str) -> Field {
    (name, json!({"type": "string", "minLength": 1, "maxLength": TEXT_CHARS}))
}

fn list(name: &'static str) -> Field {
    let items = json!({"type": "string", "minLength": 1, "maxLength": ITEM_CHARS});
    (name, json!({"type": "array", "maxItems": ITEMS, "items": items}))
}

fn whole(name: &'static str, least: u32, most: u32) -> Field {
    (name, json!({"type": "integer", "minimum": least, "maximum": most}))
}

fn choice(name: &'static str, values: &[&str]) -> Field {
    (name, json!({"type": "string", "enum": values}))
}

fn flag(name: &'static str) -> Field {
    (name, json!({"type": "boolean"}))
}

fn index(name: &'static str) -> Field {
    whole(name, 0, 100_000)
}

fn indexes(name: &'static str) -> Field {
    let items = json!({"type": "integer", "minimum": 0, "maximum": 100_000});
    (name, json!({"type": "array", "minItems": 1, "maxItems": ITEMS, "items": items}))
}

fn aspect() -> Field {
    choice("aspect", &["16:9", "9:16", "1:1", "4:5"])
}

fn count() -> Field {
    whole("count", 1, 8)
}

fn seconds() -> Field {
    whole("seconds", 1, SECONDS)
}

fn resolution() -> Field {
    choice("resolution", &["720p", "1080p", "4k"])
}

fn format() -> Field {
    choice("format", &["mp4", "webm", "gif"])
}

fn mode(values: &[&str]) -> Field {
    choice("mode", values)
}
