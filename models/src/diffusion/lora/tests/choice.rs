//! `FILE:WEIGHT` as people write it.

use std::path::Path;

use crate::{Error, diffusion::lora::Lora};

#[test]
fn a_weight_follows_the_last_colon() {
    for (text, path, weight) in [
        ("style.safetensors", "style.safetensors", 1.0),
        ("style.safetensors:0.7", "style.safetensors", 0.7),
        ("style.safetensors:-0.3", "style.safetensors", -0.3),
        ("a:b/style.safetensors", "a:b/style.safetensors", 1.0),
        ("a:b/style.safetensors:4", "a:b/style.safetensors", 4.0),
        ("C:\\loras\\style.safetensors", "C:\\loras\\style.safetensors", 1.0),
        ("style:2", "style", 2.0),
        ("style:2:1", "style:2", 1.0),
        ("style:nan", "style:nan", 1.0),
    ] {
        let lora: Lora = text.parse().unwrap();
        assert_eq!((lora.path(), lora.weight()), (Path::new(path), weight), "{text}");
    }
}

#[test]
fn what_is_no_weight_is_told() {
    for (text, problem) in [
        (
            "style.safetensors:much",
            "lora: has the weight \"much\", which is no number; write style.safetensors:0.8",
        ),
        ("style.safetensors:", "lora: has the weight \"\", which is no number; write style.safetensors:0.8"),
        (
            "style.safetensors:nan",
            "lora: has the weight \"nan\", which is no number; write style.safetensors:0.8",
        ),
        ("style.safetensors:4.1", "lora: has the weight 4.1, ask for -4 to 4"),
        ("style.safetensors:1e99", "lora: has the weight inf, ask for -4 to 4"),
        ("", "lora: names no file; write FILE or FILE:WEIGHT"),
        (":1", "lora: names no file; write FILE or FILE:WEIGHT"),
    ] {
        assert_eq!(text.parse::<Lora>().unwrap_err().to_string(), problem, "{text}");
    }
    assert!(matches!(Lora::new("style", f32::NAN), Err(Error::Invalid { field: "lora", .. })));
}

#[test]
fn it_is_stored_checked() {
    let lora = Lora::new("style.safetensors", 0.5).unwrap();
    let text = serde_json::to_string(&lora).unwrap();
    assert_eq!(text, r#"{"path":"style.safetensors","weight":0.5}"#);
    assert_eq!(serde_json::from_str::<Lora>(&text).unwrap(), lora);
    assert_eq!(serde_json::from_str::<Lora>(r#"{"path":"a"}"#).unwrap().weight(), 1.0);
    assert!(serde_json::from_str::<Lora>(r#"{"path":"a","weight":5}"#).is_err());
}
