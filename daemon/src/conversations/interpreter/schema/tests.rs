//! The schema against the types, against labels, and against answers that are wrong in one way each.

use serde_json::{Value, json};

use super::*;
use crate::conversations::interpreter::{Conversation, Intent, Turn, understand};

const LABELLED: [&str; 4] = [
    include_str!("../../../../testdata/conversations.jsonl"),
    include_str!("../../../../testdata/conversations_more.jsonl"),
    include_str!("../../../../testdata/conversations_tuned.jsonl"),
    include_str!("../../../../testdata/conversations_blind.jsonl"),
];

fn records() -> impl Iterator<Item = (Conversation, Value)> {
    LABELLED.iter().flat_map(|lines| lines.lines()).map(|line| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        let label = record["expect"].take();
        (serde_json::from_value(record).unwrap(), label)
    })
}

#[test]
fn every_answer_of_the_built_in_one_passes() {
    for (conversation, _) in records() {
        let intent = understand(&conversation);
        let value = serde_json::to_value(&intent).unwrap();
        assert_eq!(validate(value.clone(), &conversation), Ok(intent), "{value}");
    }
}

#[test]
fn every_field_of_the_schema_is_one_of_the_types() {
    let sample = |schema: &Value| match schema["type"].as_str().unwrap() {
        "string" => schema.get("enum").map_or(json!("x"), |values| values[0].clone()),
        "integer" => json!(1),
        "boolean" => json!(true),
        "array" if schema["items"]["type"] == "integer" => json!([1]),
        "array" => json!([schema["items"].get("enum").map_or(json!("x"), |values| values[0].clone())]),
        other => panic!("{other}"),
    };
    for choice in schema()["anyOf"].as_array().unwrap() {
        let fields = choice["properties"].as_object().unwrap();
        let full: serde_json::Map<String, Value> =
            fields.iter().map(|(name, schema)| (name.clone(), sample(schema))).collect();
        let full = Value::Object(full);
        let intent: Intent = serde_json::from_value(full.clone()).unwrap();
        assert_eq!(serde_json::to_value(intent).unwrap(), full, "nothing is lost");
    }
}

#[test]
fn labels_conform_as_far_as_they_go() {
    for (conversation, mut label) in records() {
        let fields = label.as_object_mut().unwrap();
        fields.remove("absent");
        // Labels name the fields that matter, not all that are required.
        for (name, value) in [("subject", json!("x")), ("prompt", json!("x")), ("mode", json!("text"))] {
            let schema = schema()["anyOf"]
                .as_array()
                .unwrap()
                .iter()
                .find(|choice| choice["properties"]["intent"]["enum"][0] == fields["intent"]);
            let required = schema.unwrap()["required"].as_array().unwrap();
            if required.contains(&json!(name)) && !fields.contains_key(name) {
                fields.insert(name.to_owned(), value);
            }
        }
        let answer = validate(label.clone(), &conversation);
        assert!(answer.is_ok(), "{label} {answer:?}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let conversation = Conversation { turns: vec![Turn::user("hi")], ..Conversation::default() };
    let cases = [
        (json!(7), "intent is not known"),
        (json!({"intent": "dance"}), "intent is not known: \"dance\""),
        (json!({"intent": "thumbnail"}), "subject is missing"),
        (json!({"intent": "thumbnail", "subject": ""}), "subject must be"),
        (json!({"intent": "thumbnail", "subject": "x", "count": 9}), "count must be"),
        (json!({"intent": "thumbnail", "subject": "x", "count": "3"}), "count must be"),
        (json!({"intent": "thumbnail", "subject": "x", "aspect": "3:2"}), "aspect is none of"),
        (json!({"intent": "thumbnail", "subject": "x", "price": 1}), "price is not a field"),
        (json!({"intent": "thumbnail", "subject": "x", "style": ["a", 1]}), "style[1] must be"),
        (json!({"intent": "thumbnail", "subject": "x".repeat(9000)}), "subject must be"),
        (json!({"intent": "thumbnail", "subject": "x", "subject_image": 0}), "but 0 were sent"),
        (json!({"intent": "portrait", "prompt": "x", "identity_images": [4]}), "is picture 4"),
        (json!({"intent": "clarify", "for": "video", "missing": ["money"]}), "missing[0] is none of"),
        (json!({"intent": "help", "subject": "x"}), "subject is not a field"),
    ];
    for (answer, problem) in cases {
        let error = validate(answer.clone(), &conversation).unwrap_err().to_string();
        assert!(error.contains(problem), "{answer}: {error}");
    }
    let lax = json!({"intent": "thumbnail", "subject": "x", "title": null, "style": []});
    assert!(validate(lax, &conversation).is_ok());
}
