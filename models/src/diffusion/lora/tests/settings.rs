//! Where a layer's scale comes from.

use crate::diffusion::lora::{
    Part,
    settings::{Settings, from_config, from_note},
};

#[test]
fn scale_is_alpha_over_rank() {
    let plain = Settings::default();
    assert_eq!(plain.scale("conv_in", 4, None), Ok(1.0));
    assert_eq!(plain.scale("conv_in", 4, Some(2.0)), Ok(0.5));
    let set = from_config(
        r#"{"r": 4, "lora_alpha": 8, "alpha_pattern": {"mid_block.attentions.0.proj_in": 1, "fc1": 2.0}, "bias": "none"}"#,
    )
    .unwrap();
    for (layer, alpha, scale) in [
        ("conv_in", None, 2.0),
        ("conv_in", Some(1.0), 0.25),
        ("mid_block.attentions.0.proj_in", None, 0.25),
        ("text_model.encoder.layers.0.mlp.fc1", None, 0.5),
        ("text_model.encoder.layers.0.mlp.not_fc1", None, 2.0),
    ] {
        assert_eq!(set.scale(layer, 4, alpha), Ok(scale), "{layer}");
    }
    let by_root = from_config(r#"{"lora_alpha": 8, "use_rslora": true}"#).unwrap();
    assert_eq!(by_root.scale("conv_in", 16, None), Ok(2.0));
}

#[test]
fn an_absurd_alpha_is_refused() {
    for alpha in [0.0, -1.0, f64::NAN, f64::INFINITY, 4_001.0] {
        assert!(Settings::default().scale("conv_in", 4, Some(alpha)).is_err(), "{alpha}");
    }
}

#[test]
fn a_note_has_settings_for_each_network() {
    let note =
        r#"{"unet.lora_alpha": 2, "text_encoder.lora_alpha": 8, "text_encoder_2.alpha_pattern": {"fc1": 1}}"#;
    let settings = from_note(note).unwrap();
    for (part, scale) in [(Part::Unet, 0.5), (Part::TextEncoder, 2.0), (Part::SecondTextEncoder, 0.25)] {
        assert_eq!(settings[&part].scale("encoder.layers.0.mlp.fc1", 4, None), Ok(scale), "{part}");
    }
}

#[test]
fn settings_that_mean_something_else_are_refused() {
    for (text, problem) in [
        ("[]", "invalid type"),
        (r#"{"lora_alpha": "much"}"#, "invalid type"),
        (r#"{"use_dora": true}"#, "DoRA"),
        (r#"{"alpha_pattern": {"(up|down)_blocks.0": 1}}"#, "only names of layers"),
    ] {
        let error = from_config(text).unwrap_err();
        assert!(error.contains(problem), "{text}: {error}");
    }
    assert!(from_note("{").is_err());
    assert!(from_note(r#"{"unet.use_dora": true}"#).unwrap_err().contains("DoRA"));
}
