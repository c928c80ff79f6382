//! A single file and the folder that it was made from are the same model.

use super::*;

#[test]
fn both_layouts_hold_the_same_parameters_byte_for_byte() {
    for name in ["sd1", "sd2", "sdxl"] {
        let folder = Checkpoint::open(&fixture(name)).unwrap();
        let single = Checkpoint::open(&fixture(&format!("{name}.safetensors"))).unwrap();
        for ((part, _, from_folder), (_, _, from_single)) in
            networks(&folder).into_iter().zip(networks(&single))
        {
            let only = |one: &Contents, other: &Contents| {
                one.keys().filter(|name| !other.contains_key(*name)).cloned().collect::<Vec<_>>()
            };
            assert_eq!(only(&from_folder, &from_single), [""; 0], "{name} {part}: missing from the file");
            assert_eq!(only(&from_single, &from_folder), [""; 0], "{name} {part}: missing from the folder");
            for (tensor, held) in from_folder {
                assert!(held == from_single[&tensor], "{name} {part} {tensor} differs");
            }
        }
        assert_eq!(folder.size(), single.size(), "{name}");
    }
}

#[test]
fn configurations_are_read_off_the_tensors() {
    // Fields that say nothing about the network, or say today's default in another way.
    const OTHERWISE: &[&str] =
        &["_class_name", "bos_token_id", "eos_token_id", "mid_block_type", "architectures", "projection_dim"];
    for name in ["sd1", "sd2", "sdxl"] {
        let folder = Checkpoint::open(&fixture(name)).unwrap();
        let single = Checkpoint::open(&fixture(&format!("{name}.safetensors"))).unwrap();
        assert_eq!(folder.family(), single.family(), "{name}");
        assert_eq!(folder.is_inpaint(), single.is_inpaint(), "{name}");
        assert_eq!(folder.zeros_for_empty_prompt(), single.zeros_for_empty_prompt(), "{name}");
        for ((part, written, _), (_, derived, _)) in networks(&folder).into_iter().zip(networks(&single)) {
            for (key, value) in derived.as_object().unwrap() {
                let expected = &written[key];
                let same =
                    expected == value || number(expected).is_some() && number(expected) == number(value);
                assert!(
                    same || OTHERWISE.contains(&key.as_str()),
                    "{name} {part} {key}: {value}, {expected} written"
                );
            }
        }
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64()
}

#[test]
fn families_and_their_rules() {
    for (name, family, inpaint, prediction, encoders) in [
        ("sd1.safetensors", Family::Sd1, false, Prediction::Epsilon, 1),
        // Nine channels: the inpainting release predicts noise. (The folder was written to say otherwise.)
        ("sd2.safetensors", Family::Sd2, true, Prediction::Epsilon, 1),
        ("sd2", Family::Sd2, true, Prediction::Velocity, 1),
        ("sdxl.safetensors", Family::Sdxl, false, Prediction::Epsilon, 2),
        ("sdxl", Family::Sdxl, false, Prediction::Epsilon, 2),
    ] {
        let checkpoint = Checkpoint::open(&fixture(name)).unwrap();
        assert_eq!(checkpoint.family(), family, "{name}");
        assert_eq!(checkpoint.is_inpaint(), inpaint, "{name}");
        assert_eq!(checkpoint.prediction(), prediction, "{name}");
        assert_eq!(checkpoint.text_encoders(), encoders, "{name}");
        assert_eq!(checkpoint.tokenizer(0).is_some(), !name.ends_with(".safetensors"), "{name}");
    }
}

#[test]
fn a_sidecar_overrides_what_shapes_cannot_say() {
    let (_kept, path) = copy("sd1.safetensors");
    let sidecar = path.with_extension("config.json");
    fs::write(
        &sidecar,
        r#"{"scheduler": {"prediction_type": "v_prediction"}, "unet": {"attention_head_dim": 4}}"#,
    )
    .unwrap();
    let checkpoint = Checkpoint::open(&path).unwrap();
    assert_eq!(checkpoint.prediction(), Prediction::Velocity);
    let (config, _) = checkpoint.unet(&Placement::cpu()).unwrap();
    let config: Value = serde_json::from_str(config).unwrap();
    assert_eq!(config["attention_head_dim"], 4);
    assert_eq!(config["norm_num_groups"], 32, "the original's number, because the sidecar names none");
    assert_eq!(checkpoint.files(), [path, sidecar]);
}

#[test]
fn the_whole_of_a_file_is_accounted_for() {
    let single = Checkpoint::open(&fixture("sd1.safetensors")).unwrap();
    let mut heard = Vec::new();
    single.check(|done| heard.push(done)).unwrap();
    assert_eq!(heard.last(), Some(&single.size()));
    assert!(heard.is_sorted());
}

#[test]
fn without_a_sidecar_the_original_releases_are_followed() {
    for (name, heads, groups, side) in
        [("sd1", serde_json::json!(8), 32, 64), ("sdxl", serde_json::json!([1, 1]), 32, 128)]
    {
        let (_kept, path) = copy(&format!("{name}.safetensors"));
        fs::remove_file(path.with_extension("config.json")).unwrap();
        let checkpoint = Checkpoint::open(&path).unwrap();
        let (_, unet, _) = networks(&checkpoint).swap_remove(0);
        assert_eq!(unet["attention_head_dim"], heads, "{name}");
        assert_eq!(unet["norm_num_groups"], groups, "{name}");
        assert_eq!(unet["sample_size"], side, "{name}");
        assert_eq!(checkpoint.files(), [path], "{name}");
    }
}
